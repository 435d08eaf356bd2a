# Every check there is. Needs a Rust toolchain; installs nothing.

CARGO ?= cargo

.PHONY: test
test: fmt clippy doc rust no-std quickstart

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
rust:
	$(CARGO) test --locked --workspace --features countermark/path-validation

# Without `std`: no dependency has it on, and the rules are the same.
.PHONY: no-std
no-std:
	! $(CARGO) tree --locked -p countermark --no-default-features -e features,normal | grep '"std"'
	$(CARGO) test --locked -p countermark --no-default-features --test vectors --test codes

.PHONY: quickstart
quickstart:
	$(CARGO) run --locked --release --example quickstart
