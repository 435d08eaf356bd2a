# Every check there is. Needs a Rust toolchain, a C compiler and Python 3.11 or later; installs nothing outside the
# target directory.

CARGO ?= cargo

.PHONY: test
test: fmt clippy doc rust no-std quickstart python

.PHONY: fmt
fmt:
	$(CARGO) fmt --all --check

.PHONY: clippy
clippy:
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked -p countermark --no-default-features -- -D warnings

.PHONY: doc
doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

.PHONY: rust
rust:
	$(CARGO) test --locked --workspace

# Without `std`: no dependency has it on, and the rules are the same.
.PHONY: no-std
no-std:
	! $(CARGO) tree --locked -p countermark --no-default-features -e features,normal | grep '"std"'
	$(CARGO) test --locked -p countermark --no-default-features --test vectors --test codes

.PHONY: quickstart
quickstart:
	$(CARGO) run --locked --release --example quickstart

# The Python face: the wheel is built, installed into a fresh environment, and tested there.
PYTHON ?= python3
PYTHON_TARGET = $(abspath $(or $(CARGO_TARGET_DIR),target))/python
PYTHON_BIN = $(PYTHON_TARGET)/venv/bin

.PHONY: python
python:
	rm -rf "$(PYTHON_TARGET)/wheels"
	$(PYTHON) -m venv --clear "$(PYTHON_TARGET)/venv"
	"$(PYTHON_BIN)/pip" install --quiet --disable-pip-version-check --requirement bindings-python/requirements.txt
	cd bindings-python && "$(PYTHON_BIN)/maturin" build --release --locked --interpreter "$(PYTHON_BIN)/python" \
		--out "$(PYTHON_TARGET)/wheels"
	"$(PYTHON_BIN)/pip" install --quiet --no-deps --no-index "$(PYTHON_TARGET)"/wheels/countermark-*.whl
	cd bindings-python && "$(PYTHON_BIN)/python" -m pytest --quiet
	cd bindings-python && "$(PYTHON_BIN)/python" -m mypy.stubtest countermark
	cd bindings-python && "$(PYTHON_BIN)/python" -m mypy examples tests
	cd bindings-python && "$(PYTHON_BIN)/python" -m pyright --pythonpath "$(PYTHON_BIN)/python"
