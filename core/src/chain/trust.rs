//! What a verifier trusts.

use crate::chain::authority::{Authorities, Authority, TrustAnchors};
use crate::crypto::{SignatureAlgorithm, compressed, negated, sha256, uncompressed};
use crate::x509::certificate::Certificate;
use crate::x509::public_key::PublicKeyInfo;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use der::asn1::{AnyRef, BitStringRef};
use der::{Decode, Encode, Tag};

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
        prepare(&mut anchors, &mut intermediates, &distrusted);
        Self { anchors, intermediates, distrusted, accepted_algorithms }
    }
}

/// Numbers the keys of authorities that belong together, and notes who of them is distrusted.
pub(crate) fn prepare(anchors: &mut Authorities, intermediates: &mut Authorities, distrusted: &Distrusted) {
    let mut keys: Vec<[u8; 32]> =
        anchors.iter().chain(intermediates.iter()).map(|authority| authority.key_sha256).collect();
    keys.sort_unstable();
    for authority in anchors.iter_mut().chain(intermediates.iter_mut()) {
        authority.is_distrusted = distrusted.has(&authority.certificate());
        let position = keys.partition_point(|key| *key < authority.key_sha256);
        authority.key_number = u32::try_from(position.saturating_add(1)).unwrap_or(0);
    }
}

/// The certificates and keys that no path may use, by the SHA-256 of either.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distrusted(BTreeSet<[u8; 32]>);

impl Distrusted {
    pub(crate) fn insert(&mut self, sha256: [u8; 32]) {
        self.0.insert(sha256);
    }

    /// Whether a certificate or its key is distrusted, in any spelling.
    pub(crate) fn has(&self, certificate: &Certificate<'_>) -> bool {
        self.has_as_spelt(certificate) || self.has_uncompressed(certificate)
    }

    /// Whether a key is distrusted, in any encoding of its point.
    #[cfg(feature = "sigstore")]
    pub(crate) fn has_key(&self, key: &PublicKeyInfo<'_>) -> bool {
        self.has_key_as_spelt(key) || self.has_key_uncompressed(key)
    }

    /// Whether the certificate's key is compressed, and distrusted by the digest of its uncompressed spelling. It is the one
    /// spelling that takes arithmetic: only certified keys may cost as much.
    pub(crate) fn has_uncompressed(&self, certificate: &Certificate<'_>) -> bool {
        self.has_key_uncompressed(&certificate.public_key)
    }

    fn has_key_uncompressed(&self, key: &PublicKeyInfo<'_>) -> bool {
        !self.0.is_empty() && uncompressed(key).is_some_and(|key| self.0.contains(&sha256(&key)))
    }

    /// Whether a certificate or its key is distrusted, in any spelling but [that one](Self::has_uncompressed).
    pub(crate) fn has_as_spelt(&self, certificate: &Certificate<'_>) -> bool {
        !self.0.is_empty()
            && (self.0.contains(&sha256(certificate.der))
                || self.has_key_as_spelt(&certificate.public_key)
                || self.has_respelt(certificate))
    }

    fn has_key_as_spelt(&self, key: &PublicKeyInfo<'_>) -> bool {
        !self.0.is_empty()
            && (self.0.contains(&sha256(key.der))
                || compressed(key).is_some_and(|key| self.0.contains(&sha256(&key))))
    }

    /// Whether the certificate is a distrusted one with another spelling of its signature, which anybody can
    /// make without a key, and which has another SHA-256.
    fn has_respelt(&self, certificate: &Certificate<'_>) -> bool {
        respelt(certificate).any(|der| self.0.contains(&sha256(&der)))
    }
}

/// The certificates that anybody can make of this one: the same signed part, and a signature that verifies wherever
/// this one does, (r, n − s) for (r, s).
fn respelt<'a>(certificate: &Certificate<'a>) -> impl Iterator<Item = Vec<u8>> + use<'a> {
    let Certificate { der, signed_part, signature, .. } = *certificate;
    negated(signature).filter_map(move |other| respell(der, signed_part, signature, &other))
}

/// A certificate's DER with another signature in it.
fn respell(der: &[u8], signed_part: &[u8], signature: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    let bits = |signature: &[u8]| BitStringRef::from_bytes(signature).and_then(|bits| bits.to_der()).ok();
    let content = AnyRef::from_der(der).ok()?.value();
    let algorithm_ends = content.len().checked_sub(bits(signature)?.len())?;
    let algorithm = content.get(signed_part.len()..algorithm_ends)?;
    let content = [signed_part, algorithm, &bits(other)?].concat();
    AnyRef::new(Tag::Sequence, &content).ok()?.to_der().ok()
}
