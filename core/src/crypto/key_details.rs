//! Keys as trusted roots and logs' entries name them: `PublicKeyDetails` of Sigstore's `sigstore_common.proto`.

use super::AuthorityKey;
use super::algorithm::{KeyKind, SignatureAlgorithm};
use crate::x509::public_key::PublicKeyInfo;
use alloc::borrow::Cow;
use der::asn1::{AnyRef, BitStringRef};
use der::{Encode, Tag};

/// The `AlgorithmIdentifier` of RSA keys (RFC 3279, section 2.3.1).
const RSA: &[u8] =
    &[0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00];

/// What a name says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyDetails {
    is_pkcs1: bool,
    /// By what the key signs; `None` if this build does not verify it.
    algorithm: Option<SignatureAlgorithm>,
    modulus_bits: Option<usize>,
}

impl KeyDetails {
    /// What the name says. A name that is not known is one of keys that verify nothing.
    pub(crate) fn from_name(name: &str) -> Self {
        use SignatureAlgorithm as A;
        let (algorithm, modulus_bits) = match name {
            "PKIX_ECDSA_P256_SHA_256" | "PKIX_ECDSA_P256_HMAC_SHA_256" => (Some(A::EcdsaP256Sha256), None),
            "PKIX_ECDSA_P384_SHA_384" => (Some(A::EcdsaP384Sha384), None),
            "PKIX_ECDSA_P384_SHA_256" => (Some(A::EcdsaP384Sha256), None),
            "PKIX_ED25519" => (Some(A::Ed25519), None),
            #[cfg(feature = "aws-lc-rs")]
            "PKIX_ECDSA_P521_SHA_512" => (Some(A::EcdsaP521Sha512), None),
            #[cfg(feature = "aws-lc-rs")]
            "PKIX_ECDSA_P521_SHA_256" => (Some(A::EcdsaP521Sha256), None),
            #[cfg(feature = "aws-lc-rs")]
            "PKCS1_RSA_PKCS1V5" | "PKIX_RSA_PKCS1V5" => (Some(A::RsaPkcs1Sha256), None),
            #[cfg(feature = "aws-lc-rs")]
            "PKIX_RSA_PKCS1V15_2048_SHA256" => (Some(A::RsaPkcs1Sha256), Some(2_048)),
            #[cfg(feature = "aws-lc-rs")]
            "PKIX_RSA_PKCS1V15_3072_SHA256" => (Some(A::RsaPkcs1Sha256), Some(3_072)),
            #[cfg(feature = "aws-lc-rs")]
            "PKIX_RSA_PKCS1V15_4096_SHA256" => (Some(A::RsaPkcs1Sha256), Some(4_096)),
            _ => (None, None),
        };
        Self { is_pkcs1: name.starts_with("PKCS1_RSA_"), algorithm, modulus_bits }
    }

    /// By what the key signs; `None` if this build does not verify it.
    pub(crate) const fn algorithm(&self) -> Option<SignatureAlgorithm> {
        self.algorithm
    }

    /// The DER of the key's `SubjectPublicKeyInfo`, of which logs' identifiers are made: the bytes as they are, but for
    /// those that are an `RSAPublicKey`. `None` for such bytes of 2^28 or more.
    pub(crate) fn public_key_info<'a>(&self, raw_bytes: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        if !self.is_pkcs1 {
            return Some(Cow::Borrowed(raw_bytes));
        }
        let key = BitStringRef::from_bytes(raw_bytes).ok()?.to_der().ok()?;
        let info = AnyRef::new(Tag::Sequence, &[RSA, &key].concat()).ok()?.to_der().ok()?;
        Some(Cow::Owned(info))
    }

    /// The key, if this build verifies by it, and it is sound and what the name says. Another verifies nothing.
    pub(crate) fn key(&self, raw_bytes: &[u8]) -> Option<AuthorityKey> {
        let info = self.public_key_info(raw_bytes)?;
        let info = PublicKeyInfo::from_der(&info).ok()?;
        let kind = self.algorithm?.key_kind();
        let has_length = self.modulus_bits.is_none() || self.modulus_bits == kind.modulus_bits(&info);
        let is_as_named = KeyKind::of(&info) == Some(kind) && has_length;
        is_as_named.then(|| AuthorityKey::for_evidence(&info)).flatten()
    }
}
