//! What a verifier trusts, and under what one verification runs.

use crate::authority::{Authorities, Authority, TrustAnchors};
use crate::certificate::Certificate;
use crate::crypto::{SignatureAlgorithm, sha256};
use crate::timestamp::Timestamp;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// What a verifier trusts, prepared once.
#[derive(Debug)]
pub(crate) struct Trust {
    pub(crate) anchors: Authorities,
    pub(crate) intermediates: Authorities,
    pub(crate) distrusted: Distrusted,
    pub(crate) accepted_algorithms: Vec<SignatureAlgorithm>,
}

impl Trust {
    pub(crate) fn new(
        anchors: TrustAnchors,
        intermediates: Vec<Authority>,
        distrusted: Distrusted,
        accepted_algorithms: Vec<SignatureAlgorithm>,
    ) -> Self {
        let mut anchors = anchors.authorities;
        let mut intermediates = Authorities::new(intermediates);
        let mut key_numbers = BTreeMap::new();
        for authority in anchors.iter_mut().chain(intermediates.iter_mut()) {
            authority.is_distrusted = distrusted.has_authority(authority);
            let next = u32::try_from(key_numbers.len()).unwrap_or(u32::MAX).saturating_add(1);
            authority.key_number = *key_numbers.entry(authority.key_sha256).or_insert(next);
        }
        Self { anchors, intermediates, distrusted, accepted_algorithms }
    }
}

/// The certificates and keys that no path may use, by the SHA-256 of either.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distrusted(BTreeSet<[u8; 32]>);

impl Distrusted {
    pub(crate) fn insert(&mut self, sha256: [u8; 32]) {
        self.0.insert(sha256);
    }

    /// Whether a certificate or its key is distrusted.
    pub(crate) fn has(&self, certificate: &Certificate<'_>) -> bool {
        !self.0.is_empty()
            && (self.0.contains(&sha256(certificate.der))
                || self.0.contains(&sha256(certificate.public_key.der))
                || self.has_respelt(certificate))
    }

    fn has_authority(&self, authority: &Authority) -> bool {
        !self.0.is_empty()
            && (self.0.contains(&authority.certificate_sha256)
                || self.0.contains(&authority.key_sha256)
                || self.has_respelt(&authority.certificate()))
    }

    /// Whether the certificate is a distrusted one with another spelling of its signature, which anybody can
    /// make without a key, and which has another SHA-256.
    fn has_respelt(&self, certificate: &Certificate<'_>) -> bool {
        certificate.respelt().any(|der| self.0.contains(&sha256(&der)))
    }
}

/// What a verification runs under: the trust, and the caller's time if it was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'v> {
    pub(crate) trust: &'v Trust,
    pub(crate) now: Option<Timestamp>,
}
