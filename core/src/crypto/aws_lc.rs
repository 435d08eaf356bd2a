//! The faster back end: AWS-LC, through the crate `aws-lc-rs`. It also knows more kinds of authorities' keys.

use super::algorithm::{KeyKind, SignatureAlgorithm, UNCOMPRESSED};
#[cfg(feature = "sigstore")]
use super::digest::{Digest, HashAlgorithm};
use super::{ecdsa_signature, ed25519};
use crate::x509::public_key::PublicKeyInfo;
use alloc::vec::Vec;
use aws_lc_rs::digest::{self, Digest as ImportedDigest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{self as algorithms, ParsedPublicKey, RsaParameters, VerificationAlgorithm};

/// RSA keys that are long enough, and not so long that one check takes forever.
const RSA_BITS: core::ops::RangeInclusive<u32> = 2_048..=8_192;

#[derive(Debug)]
pub(super) struct LeafKey(ParsedPublicKey);

impl LeafKey {
    /// A point in the encoding of SEC 1, section 2.3.3, compressed or not; `None` if it is off the curve.
    pub(super) fn from_sec1(point: &[u8]) -> Option<Self> {
        ParsedPublicKey::new(&algorithms::ECDSA_P256_SHA256_ASN1, point).ok().map(Self)
    }

    pub(super) fn verifies(&self, digest: &[u8; 32], signature: &LeafSignature<'_>) -> bool {
        ImportedDigest::import_less_safe(digest, &digest::SHA256)
            .is_ok_and(|digest| self.0.verify_digest_sig(&digest, signature.0).is_ok())
    }
}

/// The DER, which has the right form.
#[derive(Debug)]
pub(super) struct LeafSignature<'a>(&'a [u8]);

impl<'a> LeafSignature<'a> {
    pub(super) fn from_der(der: &'a [u8]) -> Option<Self> {
        ecdsa_signature::is_well_formed(KeyKind::P256, der).then_some(Self(der))
    }
}

/// The point, uncompressed; `None` if it is off the curve.
pub(super) fn uncompressed(kind: KeyKind, point: &[u8]) -> Option<Vec<u8>> {
    let algorithm = SignatureAlgorithm::ALL.iter().find(|algorithm| algorithm.key_kind() == kind)?;
    let (_, key) = PublicKey::new(&[*algorithm], point)?.0.pop()?;
    let info = key.as_der().ok()?;
    let info = PublicKeyInfo::from_der(info.as_ref()).ok()?;
    (info.key.first() == Some(&UNCOMPRESSED)).then(|| info.key.to_vec())
}

/// A key, made ready for each algorithm by which it may have signed.
#[derive(Debug)]
pub(super) struct PublicKey(Vec<(SignatureAlgorithm, ParsedPublicKey)>);

impl PublicKey {
    /// The key in the encoding that certificates use, for algorithms that all go with its kind; `None` if it is off its
    /// curve or an RSA key of another length than this library takes.
    pub(super) fn new(algorithms: &[SignatureAlgorithm], key: &[u8]) -> Option<Self> {
        let is_usable = match algorithms.first()?.key_kind() {
            KeyKind::Rsa => RSA_BITS.contains(&RsaParameters::public_modulus_len(key).ok()?),
            // AWS-LC looks at the point with the first signature, and then says no to that alone.
            #[cfg(feature = "sigstore")]
            KeyKind::Ed25519 => ed25519::point(key).is_some(),
            _ => true,
        };
        if !is_usable {
            return None;
        }
        algorithms
            .iter()
            .map(|algorithm| Some((*algorithm, ParsedPublicKey::new(verification(*algorithm), key).ok()?)))
            .collect::<Option<_>>()
            .map(Self)
    }

    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        is_strict(algorithm, signature)
            && self.prepared(algorithm).is_some_and(|key| key.verify_sig(message, signature).is_ok())
    }

    /// Whether the key signed what has this digest.
    #[cfg(feature = "sigstore")]
    pub(super) fn verifies_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &Digest,
        signature: &[u8],
    ) -> bool {
        let imported = match digest.algorithm() {
            HashAlgorithm::Sha256 => &digest::SHA256,
            HashAlgorithm::Sha384 => &digest::SHA384,
            HashAlgorithm::Sha512 => &digest::SHA512,
        };
        let Ok(digest) = ImportedDigest::import_less_safe(digest.as_bytes(), imported) else { return false };
        is_strict(algorithm, signature)
            && self.prepared(algorithm).is_some_and(|key| key.verify_digest_sig(&digest, signature).is_ok())
    }

    fn prepared(&self, algorithm: SignatureAlgorithm) -> Option<&ParsedPublicKey> {
        self.0.iter().find(|(prepared, _)| *prepared == algorithm).map(|(_, key)| key)
    }
}

/// Whether a signature has the form that AWS-LC does not insist on.
fn is_strict(algorithm: SignatureAlgorithm, signature: &[u8]) -> bool {
    match algorithm.key_kind() {
        KeyKind::P256 | KeyKind::P384 | KeyKind::P521 => ecdsa_signature::read(signature).is_some(),
        KeyKind::Ed25519 => ed25519::has_strict_point(signature),
        KeyKind::Rsa => true,
    }
}

fn verification(algorithm: SignatureAlgorithm) -> &'static dyn VerificationAlgorithm {
    match algorithm {
        SignatureAlgorithm::EcdsaP256Sha256 => &algorithms::ECDSA_P256_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP256Sha384 => &algorithms::ECDSA_P256_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP384Sha256 => &algorithms::ECDSA_P384_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP384Sha384 => &algorithms::ECDSA_P384_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP521Sha256 => &algorithms::ECDSA_P521_SHA256_ASN1,
        SignatureAlgorithm::EcdsaP521Sha384 => &algorithms::ECDSA_P521_SHA384_ASN1,
        SignatureAlgorithm::EcdsaP521Sha512 => &algorithms::ECDSA_P521_SHA512_ASN1,
        SignatureAlgorithm::Ed25519 => &algorithms::ED25519,
        SignatureAlgorithm::RsaPkcs1Sha256 => &algorithms::RSA_PKCS1_2048_8192_SHA256,
        SignatureAlgorithm::RsaPkcs1Sha384 => &algorithms::RSA_PKCS1_2048_8192_SHA384,
        SignatureAlgorithm::RsaPkcs1Sha512 => &algorithms::RSA_PKCS1_2048_8192_SHA512,
        SignatureAlgorithm::RsaPssSha256 => &algorithms::RSA_PSS_2048_8192_SHA256,
        SignatureAlgorithm::RsaPssSha384 => &algorithms::RSA_PSS_2048_8192_SHA384,
        SignatureAlgorithm::RsaPssSha512 => &algorithms::RSA_PSS_2048_8192_SHA512,
    }
}
