//! The older forms in which cosign keeps what a bundle holds.
