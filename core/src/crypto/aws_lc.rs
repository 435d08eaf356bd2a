//! The faster back end: AWS-LC, through the crate `aws-lc-rs`. It also knows more kinds of authorities' keys.

use super::algorithm::{KeyKind, SignatureAlgorithm, UNCOMPRESSED};
use super::ecdsa_signature::{self, P256_ORDER, scalar_bytes};
use crate::x509::public_key::PublicKeyInfo;
use alloc::vec::Vec;
use aws_lc_rs::digest::{self, Digest};
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
        Digest::import_less_safe(digest, &digest::SHA256)
            .is_ok_and(|digest| self.0.verify_digest_sig(&digest, signature.0).is_ok())
    }
}

/// The DER, which has the right form.
#[derive(Debug)]
pub(super) struct LeafSignature<'a>(&'a [u8]);

impl<'a> LeafSignature<'a> {
    pub(super) fn from_der(der: &'a [u8]) -> Option<Self> {
        let (r, s) = ecdsa_signature::read(der)?;
        let is_in_range = |scalar: &[u8]| {
            scalar_bytes::<32>(scalar).is_some_and(|scalar| scalar != [0; 32] && scalar < P256_ORDER)
        };
        (is_in_range(r) && is_in_range(s)).then_some(Self(der))
    }
}

/// The point, uncompressed; `None` if it is off the curve.
pub(super) fn uncompressed(kind: KeyKind, point: &[u8]) -> Option<Vec<u8>> {
    let (_, key) = AuthorityKey::new(kind, point)?.0.pop()?;
    let info = key.as_der().ok()?;
    let info = PublicKeyInfo::from_der(info.as_ref()).ok()?;
    (info.key.first() == Some(&UNCOMPRESSED)).then(|| info.key.to_vec())
}

/// The key, made ready for each algorithm that goes with it.
#[derive(Debug)]
pub(super) struct AuthorityKey(Vec<(SignatureAlgorithm, ParsedPublicKey)>);

impl AuthorityKey {
    /// The key in the encoding that certificates use; `None` if it is off its curve or an RSA key of another
    /// length than this library takes.
    pub(super) fn new(kind: KeyKind, key: &[u8]) -> Option<Self> {
        if kind == KeyKind::Rsa && !RSA_BITS.contains(&RsaParameters::public_modulus_len(key).ok()?) {
            return None;
        }
        SignatureAlgorithm::ALL
            .iter()
            .filter(|algorithm| algorithm.key_kind() == kind)
            .map(|algorithm| Some((*algorithm, ParsedPublicKey::new(verification(*algorithm), key).ok()?)))
            .collect::<Option<_>>()
            .map(Self)
    }

    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        let is_ecdsa = matches!(algorithm.key_kind(), KeyKind::P256 | KeyKind::P384 | KeyKind::P521);
        if is_ecdsa && ecdsa_signature::read(signature).is_none() {
            return false;
        }
        let prepared = self.0.iter().find(|(prepared, _)| *prepared == algorithm);
        prepared.is_some_and(|(_, key)| key.verify_sig(message, signature).is_ok())
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
