//! Nothing: this package is its tests, which judge certificate chains and signatures by countermark and by an
//! independent implementation, rustls-webpki.
//!
//! They stand apart from the core's own tests because of what they depend on: rustls-webpki brings aws-lc, which
//! needs a C compiler, and the core is built and tested with a Rust toolchain alone.
