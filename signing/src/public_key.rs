//! The public keys that this crate deals with: ECDSA on P-256 and on P-384.

use crate::encoding_error::EncodingError;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ID_EC_PUBLIC_KEY, SECP_256_R_1, SECP_384_R_1,
};
use der::asn1::ObjectIdentifier as CurveOid;
use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashVerifier;
use spki::{
    AlgorithmIdentifierOwned, Document, DynSignatureAlgorithmIdentifier, EncodePublicKey,
    SubjectPublicKeyInfoOwned,
};

/// A point on its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// The key, if it is of a kind that this crate deals with (RFC 5480, section 2.1.1), and its point is
    /// uncompressed or compressed (section 2.2): SEC 1 has other forms, which no other reader may take for this
    /// key.
    pub(crate) fn from_spki(spki: &SubjectPublicKeyInfoOwned) -> Option<Self> {
        if spki.algorithm.oid != ID_EC_PUBLIC_KEY {
            return None;
        }
        let curve: CurveOid = spki.algorithm.parameters.as_ref()?.decode_as().ok()?;
        let point = spki.subject_public_key.as_bytes()?;
        match curve {
            SECP_256_R_1 if has_accepted_form(point, 32) => {
                p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P256)
            }
            SECP_384_R_1 if has_accepted_form(point, 48) => {
                p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self::P384)
            }
            _ => None,
        }
    }

    /// The key with its point uncompressed, so that one key has one encoding in certificates.
    pub(crate) fn to_spki(&self) -> Result<SubjectPublicKeyInfoOwned, EncodingError> {
        Ok(self.to_public_key_der()?.decode_msg()?)
    }

    /// The algorithm that an authority with this key signs by: the hash is as strong as the curve.
    const fn algorithm(&self) -> ObjectIdentifier {
        match self {
            Self::P256(_) => ECDSA_WITH_SHA_256,
            Self::P384(_) => ECDSA_WITH_SHA_384,
        }
    }

    /// Whether the key made a signature (the DER of an `ECDSA-Sig-Value`) of a message by an algorithm, ECDSA
    /// with SHA-256 or SHA-384 (RFC 5758, section 3.2).
    pub(crate) fn verifies(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        if algorithm.parameters.is_some() {
            return false;
        }
        match algorithm.oid {
            ECDSA_WITH_SHA_256 => self.verifies_digest(&Sha256::digest(message), signature),
            ECDSA_WITH_SHA_384 => self.verifies_digest(&Sha384::digest(message), signature),
            _ => false,
        }
    }

    fn verifies_digest(&self, digest: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
        }
    }
}

/// Whether a point is written as its two coordinates, or as the first and the sign of the second.
fn has_accepted_form(point: &[u8], coordinate_bytes: usize) -> bool {
    match point.split_first() {
        Some((0x02 | 0x03, rest)) => rest.len() == coordinate_bytes,
        Some((0x04, rest)) => rest.len() == coordinate_bytes.saturating_mul(2),
        _ => false,
    }
}

impl EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<Document> {
        match self {
            Self::P256(key) => key.to_public_key_der(),
            Self::P384(key) => key.to_public_key_der(),
        }
    }
}

impl DynSignatureAlgorithmIdentifier for PublicKey {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(AlgorithmIdentifierOwned { oid: self.algorithm(), parameters: None })
    }
}

/// The certificate builders know whom they build for by this trait.
impl signature::Keypair for PublicKey {
    type VerifyingKey = Self;

    fn verifying_key(&self) -> Self {
        self.clone()
    }
}
