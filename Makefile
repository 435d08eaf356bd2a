# Every check there is. Needs a Rust toolchain, and for the C face what bindings-c/Makefile names; installs nothing.

CARGO ?= cargo

.PHONY: test
test: test-rust test-c

.PHONY: test-rust
test-rust: fmt clippy doc rust no-std quickstart

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

# The C face, its examples in C and Go, and their tests.
.PHONY: test-c
test-c:
	$(MAKE) -C bindings-c test

# Installs the C library; honours DESTDIR, PREFIX and LIBDIR.
.PHONY: install-c
install-c:
	$(MAKE) -C bindings-c install-c
