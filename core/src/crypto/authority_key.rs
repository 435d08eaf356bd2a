//! The fixed key of an authority.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::backend;
#[cfg(feature = "path-validation")]
use super::count::count_signature_check;
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::vec::Vec;

/// The fixed key of an authority: of one that certifies, of a log, or of one that signs timestamps.
#[derive(Debug)]
pub(crate) struct AuthorityKey {
    kind: KeyKind,
    key: backend::PublicKey,
}

impl AuthorityKey {
    /// The key, if it is of a kind that this build knows, and sound: a point on its curve, say.
    pub(crate) fn new(key: &PublicKeyInfo<'_>) -> Option<Self> {
        let kind = KeyKind::of(key).filter(|kind| kind.is_well_formed(key))?;
        let all = SignatureAlgorithm::ALL.iter().copied();
        let algorithms: Vec<_> = all.filter(|algorithm| algorithm.key_kind() == kind).collect();
        Some(Self { kind, key: backend::PublicKey::new(&algorithms, key.key)? })
    }

    /// The same for whoever vouches by something else than certificates: an RSA key has up to 4,096 bits, not 8,192.
    #[cfg(feature = "sigstore")]
    pub(crate) fn for_evidence(key: &PublicKeyInfo<'_>) -> Option<Self> {
        let is_short_enough = KeyKind::of(key)?.is_short_enough_for_bundles(key);
        is_short_enough.then(|| Self::new(key)).flatten()
    }

    pub(crate) const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Whether signatures that name this algorithm are accepted from the key.
    pub(crate) fn accepts(&self, algorithm: Algorithm<'_>, accepted: &[SignatureAlgorithm]) -> bool {
        SignatureAlgorithm::of(algorithm, self.kind).is_some_and(|found| accepted.contains(&found))
    }

    /// Whether a signature by one of these algorithms can be verified with the key.
    pub(crate) fn is_for_any(&self, algorithms: &[SignatureAlgorithm]) -> bool {
        algorithms.iter().any(|algorithm| algorithm.key_kind() == self.kind)
    }

    /// Whether the key signed the message, by an algorithm that is accepted.
    pub(crate) fn verifies(
        &self,
        message: &[u8],
        algorithm: Algorithm<'_>,
        signature: &[u8],
        accepted: &[SignatureAlgorithm],
    ) -> bool {
        SignatureAlgorithm::of(algorithm, self.kind)
            .is_some_and(|algorithm| self.verifies_by(algorithm, message, signature, accepted))
    }

    /// Whether the key signed the message by this algorithm, which is accepted and goes with the key.
    pub(crate) fn verifies_by(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
        accepted: &[SignatureAlgorithm],
    ) -> bool {
        if algorithm.key_kind() != self.kind || !accepted.contains(&algorithm) {
            return false;
        }
        #[cfg(feature = "path-validation")]
        count_signature_check();
        self.key.verifies(algorithm, message, signature)
    }
}
