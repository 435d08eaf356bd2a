//! The back end that this build verifies by.

#[cfg(feature = "aws-lc-rs")]
pub(super) use super::aws_lc::{LeafKey, LeafSignature, PublicKey, uncompressed};
#[cfg(not(feature = "aws-lc-rs"))]
pub(super) use super::rust_crypto::{LeafKey, LeafSignature, PublicKey, uncompressed};
