//! The one seam to the cryptography: what the rules ask of a back end.
//!
//! An authority's key is fixed and a leaf's is fresh, so the two are types of their own: work on an
//! authority's key is done once, when the [`AuthorityKey`] is made. Bundles have signers with keys of more kinds than the
//! leaves of records: `SignerKey`.
//!
//! There are two back ends, with the same answers: `rust_crypto`, the default, and `aws_lc`, which the
//! feature `aws-lc-rs` puts in its place. Each has a `LeafKey` with its `LeafSignature`, and a `PublicKey`.

mod algorithm;
#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(feature = "path-validation")]
mod count;
mod description;
#[cfg(all(test, feature = "aws-lc-rs"))]
mod differential;
mod digest;
mod ecdsa_signature;
#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
mod ed25519;
#[cfg(feature = "sigstore")]
mod key_details;
#[cfg(any(test, not(feature = "aws-lc-rs")))]
mod rust_crypto;
#[cfg(feature = "sigstore")]
mod signer_key;
#[cfg(test)]
mod wycheproof;

use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use algorithm::{COMPRESSED_EVEN, COMPRESSED_ODD, UNCOMPRESSED};
use alloc::vec::Vec;
#[cfg(feature = "aws-lc-rs")]
use aws_lc as backend;
#[cfg(not(feature = "aws-lc-rs"))]
use rust_crypto as backend;
use sha2::{Digest as _, Sha256};

pub(crate) use algorithm::KeyKind;
pub use algorithm::SignatureAlgorithm;
#[cfg(feature = "path-validation")]
pub use count::signature_checks;
#[cfg(feature = "sigstore")]
pub(crate) use description::of_signer_key as describe_signer_key;
pub(crate) use description::{
    Unaccepted, check_accepted, of_key as describe_key, of_signature as describe_signature,
    of_unusable_key as describe_unusable_key,
};
#[cfg(feature = "sigstore")]
pub(crate) use digest::Hasher;
pub use digest::{Digest, HashAlgorithm};
pub(crate) use ecdsa_signature::negated;
#[cfg(feature = "sigstore")]
pub(crate) use key_details::KeyDetails;
#[cfg(feature = "sigstore")]
pub(crate) use signer_key::{SignatureFault, SignerKey, SignerKeyFault};

pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// Why a leaf's key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LeafKeyFault {
    /// It is not an ECDSA key on P-256.
    WrongType,
    /// It is no point on the curve.
    OffCurve,
}

/// The fresh key of a leaf: ECDSA on P-256.
#[derive(Debug)]
pub(crate) struct LeafKey(backend::LeafKey);

impl LeafKey {
    pub(crate) fn new(key: &PublicKeyInfo<'_>) -> Result<Self, LeafKeyFault> {
        if KeyKind::of(key) != Some(KeyKind::P256) {
            return Err(LeafKeyFault::WrongType);
        }
        let key = KeyKind::P256.is_well_formed(key).then(|| backend::LeafKey::from_sec1(key.key));
        key.flatten().map(Self).ok_or(LeafKeyFault::OffCurve)
    }

    /// Whether the key signed the message with this SHA-256.
    pub(crate) fn verifies(&self, message_sha256: &[u8; 32], signature: &LeafSignature<'_>) -> bool {
        #[cfg(feature = "path-validation")]
        count::count_signature_check();
        self.0.verifies(message_sha256, &signature.0)
    }
}

/// An `ECDSA-Sig-Value` for P-256 that is strict DER with r and s in [1, n−1].
#[derive(Debug)]
pub(crate) struct LeafSignature<'a>(backend::LeafSignature<'a>);

impl<'a> LeafSignature<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Option<Self> {
        backend::LeafSignature::from_der(der).map(Self)
    }
}

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
        count::count_signature_check();
        self.key.verifies(algorithm, message, signature)
    }
}

/// A public key in a form that every encoding of one key shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyIdentity<'a> {
    /// The curve, the x coordinate of a point on it, and whether y is odd. It needs no arithmetic, and means nothing
    /// for a point that is off the curve.
    Point(KeyKind, &'a [u8], bool),
    /// The DER of any other key, which has one encoding.
    Other(&'a [u8]),
}

impl<'a> KeyIdentity<'a> {
    pub(crate) fn of(key: &PublicKeyInfo<'a>) -> Self {
        Self::of_point(key).unwrap_or(Self::Other(key.der))
    }

    fn of_point(key: &PublicKeyInfo<'a>) -> Option<Self> {
        let kind = KeyKind::of(key).filter(|kind| kind.is_well_formed(key))?;
        let coordinate_bytes = kind.coordinate_bytes()?;
        let (format, coordinates) = key.key.split_first()?;
        let (x, y) = coordinates.split_at_checked(coordinate_bytes)?;
        let y_is_odd = y.last().unwrap_or(format) & 1 == 1;
        Some(Self::Point(kind, x, y_is_odd))
    }
}

/// The `SubjectPublicKeyInfo` of the same key with its point compressed, if it is an EC key with an uncompressed one.
pub(crate) fn compressed(key: &PublicKeyInfo<'_>) -> Option<Vec<u8>> {
    match KeyIdentity::of_point(key)? {
        KeyIdentity::Point(_, x, y_is_odd) if key.key.first() == Some(&UNCOMPRESSED) => {
            let format = if y_is_odd { COMPRESSED_ODD } else { COMPRESSED_EVEN };
            key.with_key(&[&[format], x].concat())
        }
        _ => None,
    }
}

/// The `SubjectPublicKeyInfo` of the same key with its point uncompressed, if it is an EC key with a compressed one
/// that is on its curve. It takes as long as a good part of a signature check.
pub(crate) fn uncompressed(key: &PublicKeyInfo<'_>) -> Option<Vec<u8>> {
    let kind = KeyKind::of(key).filter(|kind| kind.is_well_formed(key))?;
    if key.key.first() == Some(&UNCOMPRESSED) {
        return None;
    }
    let point = backend::uncompressed(kind, key.key)?;
    key.with_key(&point)
}
