# `make test` builds and tests every part. `make check` is that and every other check there is. They need a Rust
# toolchain, C and C++ compilers, openssl, Python with venv, and for the C face what bindings-c/Makefile names, and Node
# with npm. What Python needs beyond that goes into target/, and so do cargo-deny, cargo-cyclonedx and cargo-fuzz; what
# Node needs goes into bindings-node/node_modules/. Nothing else is installed, but for the oldest Rust, by rustup.

CARGO ?= cargo
PYTHON ?= python3
VENV := $(CURDIR)/target/venv

.PHONY: test
test: rust no-std quickstart keyless test-c python node

.PHONY: check
check: test style doc aws-lc-rs published python-types python-oracles fuzz deny sbom minimal-versions oldest-rust

.PHONY: style
style: fmt clippy check-bench

# Measures everything beside its peers, and writes docs/performance.md: see benches/run.
.PHONY: bench
bench:
	benches/run

# The crate sigstore-verify and this library on the same bundles: every difference is known, and told with its reason.
.PHONY: bench-peers
bench-peers:
	$(CARGO) run --release --locked --manifest-path benches/Cargo.toml --bin sigstore_verify --features peers -- \
		--cases testdata/sigstore

# That the benchmarks build, without the peers, and that the document is what its data make.
.PHONY: check-bench
check-bench:
	$(CARGO) fmt --manifest-path benches/Cargo.toml --check
	$(CARGO) clippy --locked --manifest-path benches/Cargo.toml --all-targets -- -D warnings
	$(CARGO) test --locked --manifest-path benches/Cargo.toml
	$(CARGO) run --locked --manifest-path benches/Cargo.toml --bin report -- --check docs

.PHONY: fmt
fmt:
	$(CARGO) fmt --all --check

.PHONY: clippy
clippy:
	$(CARGO) clippy --locked --workspace --all-targets --features countermark/path-validation -- -D warnings
	$(CARGO) clippy --locked -p countermark --no-default-features -- -D warnings
	$(CARGO) clippy --locked -p countermark --no-default-features --features sigstore -- -D warnings
	$(CARGO) clippy --locked -p countermark --no-default-features --features aws-lc-rs -- -D warnings
	$(CARGO) clippy --locked -p countermark --all-targets --features aws-lc-rs,path-validation -- -D warnings

.PHONY: doc
doc:
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --workspace --no-deps

# The core by itself, since the faces would switch its other back end on.
.PHONY: rust
rust: $(VENV)/ready
	$(CARGO) test --locked -p countermark --features path-validation
	COUNTERMARK_PYTHON=$(VENV)/bin/python $(CARGO) test --locked --workspace --exclude countermark

# The crate as it is published, by itself: what its tests need comes with it.
PUBLISHED = $(abspath $(or $(CARGO_TARGET_DIR),target))/published

.PHONY: published
published:
	rm -rf "$(PUBLISHED)"
	$(CARGO) package --quiet --package countermark --no-verify --allow-dirty --target-dir "$(PUBLISHED)"
	tar -xzf "$(PUBLISHED)"/package/countermark-*.crate -C "$(PUBLISHED)" --strip-components=1 --one-top-level=source
	printf '\n[workspace]\n' >> "$(PUBLISHED)/source/Cargo.toml"
	cd "$(PUBLISHED)/source" && $(CARGO) test --quiet --target-dir "$(dir $(PUBLISHED))" \
		--config 'profile.dev.package."*".opt-level=2'

# An independent reader of certificates, for the tests of what is signed.
$(VENV)/ready:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check cryptography==48.0.0
	touch $@

# The other back end: the same tests of the core, both back ends on the same inputs, and what it alone can do.
.PHONY: aws-lc-rs
aws-lc-rs:
	$(CARGO) test --locked -p countermark --features aws-lc-rs,path-validation

# Without `std`: no dependency has it on, and the rules are the same.
.PHONY: no-std
no-std:
	! $(CARGO) tree --locked -p countermark --no-default-features --features sigstore -e features,normal | grep '"std"'
	$(CARGO) test --locked -p countermark --no-default-features --test vectors --test codes
	$(CARGO) test --locked -p countermark --no-default-features --features sigstore --test bundles

.PHONY: quickstart
quickstart:
	$(CARGO) run --locked --release --example quickstart

.PHONY: keyless
keyless:
	$(CARGO) run --locked --release -p countermark-signing --example keyless

# The crates with the lowest versions of what they name, in a copy with a lock file of its own. The option is not stable.
MINIMAL = $(abspath $(or $(CARGO_TARGET_DIR),target))/minimal

.PHONY: minimal-versions
minimal-versions:
	rm -rf "$(MINIMAL)"
	mkdir -p "$(MINIMAL)"
	git archive HEAD | tar -x -C "$(MINIMAL)"
	sed -i 's/^members = .*/members = ["core", "signing"]/' "$(MINIMAL)/Cargo.toml"
	cd "$(MINIMAL)" && RUSTC_BOOTSTRAP=1 $(CARGO) update --quiet -Z direct-minimal-versions
	cd "$(MINIMAL)" && $(CARGO) check --quiet --locked -p countermark -p countermark-signing --target-dir "$(dir $(MINIMAL))"
	cd "$(MINIMAL)" && $(CARGO) check --quiet --locked -p countermark --features aws-lc-rs --target-dir "$(dir $(MINIMAL))"
	rm -rf "$(MINIMAL)"

# The oldest Rust that the crates promise to build with.
OLDEST = $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

.PHONY: oldest-rust
oldest-rust:
	@if rustup toolchain install $(OLDEST) --profile minimal --no-self-update; then \
		set -x; $(CARGO) +$(OLDEST) check --locked -p countermark -p countermark-signing && \
		$(CARGO) +$(OLDEST) check --locked -p countermark --no-default-features && \
		$(CARGO) +$(OLDEST) check --locked -p countermark --no-default-features --features sigstore; \
	else echo "NOT CHECKED: Rust $(OLDEST), which cannot be had here" >&2; fi

# Every fuzz target for some seconds: SECONDS=10 each, unless it says otherwise.
.PHONY: fuzz
fuzz:
	$(MAKE) -C fuzz

# The C face, its examples in C and Go, and their tests.
.PHONY: test-c
test-c:
	$(MAKE) -C bindings-c test

# Installs the C library; honours DESTDIR, PREFIX and LIBDIR.
.PHONY: install-c
install-c:
	$(MAKE) -C bindings-c install-c

# The Python face: the wheel is built, installed into a fresh environment, and tested there.
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

# Its types: the stubs are those of the module, and examples and tests keep to them.
.PHONY: python-types
python-types: python
	cd bindings-python && "$(PYTHON_BIN)/python" -m mypy.stubtest countermark
	cd bindings-python && "$(PYTHON_BIN)/python" -m mypy examples tests
	cd bindings-python && "$(PYTHON_BIN)/python" -m pyright --pythonpath "$(PYTHON_BIN)/python"

# Other verifiers on the same bundles: Python's `sigstore`, and pyca/cryptography for certificate timestamps.
.PHONY: python-oracles
python-oracles: python
	$(PYTHON) -m venv --clear "$(PYTHON_TARGET)/oracles"
	"$(PYTHON_TARGET)/oracles/bin/pip" install --quiet --disable-pip-version-check sigstore==4.5.1
	"$(PYTHON_TARGET)/oracles/bin/pip" install --quiet --no-deps --no-index "$(PYTHON_TARGET)"/wheels/countermark-*.whl
	"$(PYTHON_TARGET)/oracles/bin/python" bindings-python/tests/oracles.py

# What comes with a build: licences, bans, sources and duplicates (deny.toml), and the bill of materials.
TOOLS = $(abspath $(or $(CARGO_TARGET_DIR),target))/tools
CARGO_DENY = $(TOOLS)/cargo-deny-0.18.9/bin/cargo-deny
CARGO_CYCLONEDX = $(TOOLS)/cargo-cyclonedx-0.5.9/bin/cargo-cyclonedx

# In the debug profile, because building them takes longer than running them.
$(CARGO_DENY) $(CARGO_CYCLONEDX): INSTALL = $(CARGO) install --quiet --locked --debug --target-dir $(TOOLS)/target

$(CARGO_DENY):
	$(INSTALL) --root $(TOOLS)/cargo-deny-0.18.9 cargo-deny@0.18.9
	rm -rf $(TOOLS)/target

$(CARGO_CYCLONEDX):
	$(INSTALL) --root $(TOOLS)/cargo-cyclonedx-0.5.9 cargo-cyclonedx@0.5.9
	rm -rf $(TOOLS)/target

.PHONY: deny
deny: $(CARGO_DENY)
	$(CARGO_DENY) check licenses bans sources
	@if $(CARGO_DENY) fetch db; then $(CARGO_DENY) check --disable-fetch advisories; else \
		echo "NOT CHECKED: known advisories, because their database cannot be reached from here" >&2; fi

# Writes the CycloneDX bill of materials of the crate as it is published.
.PHONY: sbom
sbom: $(CARGO_CYCLONEDX)
	.ci/sbom $(CARGO_CYCLONEDX) $(dir $(TOOLS))sbom

# The Node face: what is generated is as committed, and the package is tested as it is packed. `npm ci` would refuse a
# lock file without the tools' packages for other platforms, which not every registry has.
NODE_TARGET = $(abspath $(or $(CARGO_TARGET_DIR),target))/node

.PHONY: node
node:
	rm -rf "$(NODE_TARGET)"
	mkdir -p "$(NODE_TARGET)"
	cp -r bindings-node/native.js bindings-node/native.d.ts bindings-node/types "$(NODE_TARGET)"
	cd bindings-node && npm install --no-save --no-audit --no-fund
	cd bindings-node && npm run build
	for generated in native.js native.d.ts types; do \
		diff -r --exclude internal "$(NODE_TARGET)/$$generated" "bindings-node/$$generated" || exit 1; done
	cd bindings-node && npm test
