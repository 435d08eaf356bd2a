//! The one seam to the cryptography: what the rules ask of a back end.
//!
//! An authority's key is fixed and a leaf's is fresh, so the two are types of their own: work on an
//! authority's key is done once, when the [`AuthorityKey`] is made. Bundles have signers with keys of more kinds than the
//! leaves of records: `SignerKey`.
//!
//! There are two back ends, with the same answers: `rust_crypto`, the default, and `aws_lc`, which the
//! feature `aws-lc-rs` puts in its place. Each has a `LeafKey` with its `LeafSignature`, and a `PublicKey`.

mod algorithm;
mod authority_key;
#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
mod backend;
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

use crate::x509::public_key::PublicKeyInfo;
use algorithm::{COMPRESSED_EVEN, COMPRESSED_ODD, UNCOMPRESSED};
use alloc::vec::Vec;
use sha2::{Digest as _, Sha256};

pub(crate) use algorithm::KeyKind;
pub use algorithm::SignatureAlgorithm;
pub(crate) use authority_key::AuthorityKey;
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
