//! What a verifier trusts, and under what one verification runs.

use crate::authority::{Authority, TrustAnchors};
use crate::crypto::SignatureAlgorithm;
use crate::timestamp::Timestamp;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// What a verifier trusts, prepared once.
#[derive(Debug)]
pub(crate) struct Trust {
    pub(crate) anchors: TrustAnchors,
    pub(crate) intermediates: Vec<Authority>,
    /// SHA-256 of certificates and of public keys.
    pub(crate) distrusted: BTreeSet<[u8; 32]>,
    pub(crate) accepted_algorithms: Vec<SignatureAlgorithm>,
}

/// What a verification runs under: the trust, and the caller's time if it was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'v> {
    pub(crate) trust: &'v Trust,
    pub(crate) now: Option<Timestamp>,
}
