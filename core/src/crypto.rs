//! The one seam to the cryptography: what the rules ask of a back end.
//!
//! An authority's key is fixed and a leaf's is fresh, so the two are types of their own: work on an
//! authority's key is done once, when the [`AuthorityKey`] is made.

mod rust_crypto;
#[cfg(test)]
mod wycheproof;

use crate::certificate::{Algorithm, PublicKeyInfo};
use rust_crypto as backend;

pub(crate) use backend::{sha256, sha384};
pub(crate) use rust_crypto::negated;

/// 1.2.840.10045.2.1, `id-ecPublicKey`.
const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
/// 1.2.840.10045.3.1.7, `secp256r1`, as a DER OBJECT IDENTIFIER.
const P256: &[u8] = &[0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
/// 1.3.132.0.34, `secp384r1`, as a DER OBJECT IDENTIFIER.
const P384: &[u8] = &[0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
/// 1.2.840.10045.4.3.2, `ecdsa-with-SHA256`.
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
/// 1.2.840.10045.4.3.3, `ecdsa-with-SHA384`.
const ECDSA_WITH_SHA384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];

/// A signature algorithm by which an authority may have signed a certificate.
///
/// Which ones a verifier accepts is its own setting
/// ([`VerifierBuilder::accept_algorithms`](crate::VerifierBuilder::accept_algorithms)), never a matter of
/// which cargo features are on. (An artifact's signature is always ECDSA on P-256 with SHA-256.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
    /// ECDSA on P-256 with SHA-384.
    EcdsaP256Sha384,
    /// ECDSA on P-384 with SHA-256.
    EcdsaP384Sha256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384Sha384,
}

impl SignatureAlgorithm {
    /// The algorithms that a verifier accepts unless it is told otherwise.
    pub const DEFAULT: &'static [Self] =
        &[Self::EcdsaP256Sha256, Self::EcdsaP256Sha384, Self::EcdsaP384Sha256, Self::EcdsaP384Sha384];

    /// The algorithm that a certificate's `signatureAlgorithm` means with a key of this kind. The parameters
    /// must be absent (RFC 5758, section 3.2).
    fn of(algorithm: Algorithm<'_>, kind: KeyKind) -> Option<Self> {
        if algorithm.parameters.is_some() {
            return None;
        }
        match (kind, algorithm.oid) {
            (KeyKind::P256, ECDSA_WITH_SHA256) => Some(Self::EcdsaP256Sha256),
            (KeyKind::P256, ECDSA_WITH_SHA384) => Some(Self::EcdsaP256Sha384),
            (KeyKind::P384, ECDSA_WITH_SHA256) => Some(Self::EcdsaP384Sha256),
            (KeyKind::P384, ECDSA_WITH_SHA384) => Some(Self::EcdsaP384Sha384),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyKind {
    P256,
    P384,
}

impl KeyKind {
    /// The kind of an EC key with a named curve (RFC 5480, section 2.1.1).
    fn of(key: &PublicKeyInfo<'_>) -> Option<Self> {
        if key.algorithm.oid != EC_PUBLIC_KEY {
            return None;
        }
        match key.algorithm.parameters? {
            P256 => Some(Self::P256),
            P384 => Some(Self::P384),
            _ => None,
        }
    }
}

fn p256_key(key: &PublicKeyInfo<'_>) -> Option<backend::P256Key> {
    is_point_of_certificate(key.key, 32).then(|| backend::P256Key::from_sec1(key.key)).flatten()
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
pub(crate) struct LeafKey(backend::P256Key);

impl LeafKey {
    pub(crate) fn new(key: &PublicKeyInfo<'_>) -> Result<Self, LeafKeyFault> {
        match KeyKind::of(key) {
            Some(KeyKind::P256) => p256_key(key).map(Self).ok_or(LeafKeyFault::OffCurve),
            _ => Err(LeafKeyFault::WrongType),
        }
    }

    /// Whether the key signed the message with this SHA-256.
    pub(crate) fn verifies(&self, message_sha256: &[u8; 32], signature: &LeafSignature) -> bool {
        #[cfg(feature = "path-validation")]
        crate::path_validation::count_signature_check();
        self.0.verifies(message_sha256, &signature.0)
    }
}

/// An `ECDSA-Sig-Value` for P-256 that is strict DER with r and s in [1, n−1].
#[derive(Debug)]
pub(crate) struct LeafSignature(backend::P256Signature);

impl LeafSignature {
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        backend::P256Signature::from_der(der).map(Self)
    }
}

/// The fixed key of an authority.
#[derive(Debug)]
pub(crate) enum AuthorityKey {
    P256(backend::P256Key),
    P384(backend::P384Key),
}

impl AuthorityKey {
    /// The key, if it is of a kind that can be used and a point on its curve.
    pub(crate) fn new(key: &PublicKeyInfo<'_>) -> Option<Self> {
        match KeyKind::of(key)? {
            KeyKind::P256 => p256_key(key).map(Self::P256),
            KeyKind::P384 => is_point_of_certificate(key.key, 48)
                .then(|| backend::P384Key::from_sec1(key.key))
                .flatten()
                .map(Self::P384),
        }
    }

    /// Whether the key signed the message, by an algorithm that is accepted.
    pub(crate) fn verifies(
        &self,
        message: &[u8],
        algorithm: Algorithm<'_>,
        signature: &[u8],
        accepted: &[SignatureAlgorithm],
    ) -> bool {
        let kind = match self {
            Self::P256(_) => KeyKind::P256,
            Self::P384(_) => KeyKind::P384,
        };
        let Some(algorithm) =
            SignatureAlgorithm::of(algorithm, kind).filter(|found| accepted.contains(found))
        else {
            return false;
        };
        #[cfg(feature = "path-validation")]
        crate::path_validation::count_signature_check();
        let sha256 = || sha256(message);
        let sha384 = || sha384(message);
        match (self, algorithm) {
            (Self::P256(key), SignatureAlgorithm::EcdsaP256Sha256) => key.verifies_der(&sha256(), signature),
            (Self::P256(key), SignatureAlgorithm::EcdsaP256Sha384) => key.verifies_der(&sha384(), signature),
            (Self::P384(key), SignatureAlgorithm::EcdsaP384Sha256) => key.verifies_der(&sha256(), signature),
            (Self::P384(key), SignatureAlgorithm::EcdsaP384Sha384) => key.verifies_der(&sha384(), signature),
            _ => false,
        }
    }
}

/// A leaf's public key in a form that every encoding of one key shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyIdentity<'a> {
    /// The x coordinate of a point on P-256, and whether y is odd. It needs no arithmetic, and means nothing
    /// for a point that is off the curve.
    P256(&'a [u8], bool),
    /// The DER of any other key.
    Other(&'a [u8]),
}

impl<'a> KeyIdentity<'a> {
    pub(crate) fn of(key: &PublicKeyInfo<'a>) -> Self {
        Self::of_p256(key).unwrap_or(Self::Other(key.der))
    }

    fn of_p256(key: &PublicKeyInfo<'a>) -> Option<Self> {
        if KeyKind::of(key) != Some(KeyKind::P256) {
            return None;
        }
        let (format, coordinates) = key.key.split_first()?;
        let (x, y) = coordinates.split_at_checked(32)?;
        match (format, y) {
            (0x02, []) => Some(Self::P256(x, false)),
            (0x03, []) => Some(Self::P256(x, true)),
            (0x04, [.., last]) if y.len() == 32 => Some(Self::P256(x, last & 1 == 1)),
            _ => None,
        }
    }
}

/// Whether an EC point has one of the encodings that certificates may use (RFC 5480, section 2.2):
/// uncompressed or compressed, and not what else SEC 1 and its readers know.
fn is_point_of_certificate(point: &[u8], coordinate_bytes: usize) -> bool {
    match point.split_first() {
        Some((0x02 | 0x03, coordinates)) => coordinates.len() == coordinate_bytes,
        Some((0x04, coordinates)) => coordinates.len() == coordinate_bytes.saturating_mul(2),
        _ => false,
    }
}
