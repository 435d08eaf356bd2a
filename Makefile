# Every check there is. Needs a Rust toolchain, C and C++ compilers, openssl, Python with venv, and for the C face
# what bindings-c/Makefile names. What Python needs beyond that goes into target/; nothing else is installed.

CARGO ?= cargo
PYTHON ?= python3
VENV := $(CURDIR)/target/venv

.PHONY: test
test: test-rust test-c

.PHONY: test-rust
test-rust: fmt clippy doc rust no-std quickstart keyless

.PHONY: fmt
fmt:
	$(CARGO) fmt --all --check

.PHONY: clippy
clippy:
	$(CARGO) clippy --locked --workspace --all-targets --features countermark/path-validation -- -D warnings
	$(CARGO) clippy --locked -p countermark --no-default-features -- -D warnings

.PHONY: doc
doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

.PHONY: rust
rust: $(VENV)/ready
	COUNTERMARK_PYTHON=$(VENV)/bin/python $(CARGO) test --locked --workspace --features countermark/path-validation

# An independent reader of certificates, for the tests of what is signed.
$(VENV)/ready:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check cryptography==48.0.0
	touch $@

# Without `std`: no dependency has it on, and the rules are the same.
.PHONY: no-std
no-std:
	! $(CARGO) tree --locked -p countermark --no-default-features -e features,normal | grep '"std"'
	$(CARGO) test --locked -p countermark --no-default-features --test vectors --test codes

.PHONY: quickstart
quickstart:
	$(CARGO) run --locked --release --example quickstart

.PHONY: keyless
keyless:
	$(CARGO) run --locked --release -p countermark-signing --example keyless

# The C face, its examples in C and Go, and their tests.
.PHONY: test-c
test-c:
	$(MAKE) -C bindings-c test

# Installs the C library; honours DESTDIR, PREFIX and LIBDIR.
.PHONY: install-c
install-c:
	$(MAKE) -C bindings-c install-c
