//! Keys as trusted roots and logs' entries name them: `PublicKeyDetails` of Sigstore's `sigstore_common.proto`.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::authority_key::AuthorityKey;
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

#[cfg(test)]
mod tests {
    use super::*;
    use SignatureAlgorithm as A;
    use alloc::vec::Vec;
    use der::asn1::ObjectIdentifier;

    fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
        AnyRef::new(tag, content).unwrap().to_der().unwrap()
    }

    fn oid(dotted: &str) -> Vec<u8> {
        ObjectIdentifier::new_unwrap(dotted).to_der().unwrap()
    }

    fn info(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
        let bits = BitStringRef::from_bytes(key).unwrap().to_der().unwrap();
        tlv(Tag::Sequence, &[tlv(Tag::Sequence, &algorithm.concat()), bits].concat())
    }

    fn p256() -> Vec<u8> {
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let point = key.verifying_key().to_sec1_point(false);
        info(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")], point.as_bytes())
    }

    fn p384() -> Vec<u8> {
        let key = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
        let point = key.verifying_key().to_sec1_point(false);
        info(&[oid("1.2.840.10045.2.1"), oid("1.3.132.0.34")], point.as_bytes())
    }

    fn ed25519() -> Vec<u8> {
        let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]).verifying_key();
        info(&[oid("1.3.101.112")], key.as_bytes())
    }

    /// The `RSAPublicKey` of a modulus of so many bits, which is nobody's.
    fn rsa(bits: usize) -> Vec<u8> {
        let modulus = [[0].as_slice(), &[0xFF].repeat(bits / 8)].concat();
        let numbers = [tlv(Tag::Integer, &modulus), tlv(Tag::Integer, &[1, 0, 1])];
        tlv(Tag::Sequence, &numbers.concat())
    }

    #[test]
    fn a_key_is_what_its_name_says_or_none() {
        let named = [
            ("PKIX_ECDSA_P256_SHA_256", p256()),
            ("PKIX_ECDSA_P256_HMAC_SHA_256", p256()),
            ("PKIX_ECDSA_P384_SHA_384", p384()),
            ("PKIX_ECDSA_P384_SHA_256", p384()),
            ("PKIX_ED25519", ed25519()),
        ];
        for (name, key) in &named {
            let details = KeyDetails::from_name(name);
            for (_, other) in &named {
                assert_eq!(details.key(other).is_some(), key == other, "{name}");
            }
            assert_eq!(details.key(key).map(|key| key.kind()), details.algorithm().map(A::key_kind));
            assert!(details.key(&[key.as_slice(), &[0]].concat()).is_none(), "{name}: trailing bytes");
        }
    }

    #[test]
    fn keys_of_unknown_names_verify_nothing() {
        for name in [
            "",
            "PKIX_ECDSA_P256",
            "pkix_ecdsa_p256_sha_256",
            "PKIX_ED25519_PH",
            "PKIX_RSA_PSS_2048_SHA256",
            "LMS_SHA256",
            "ML_DSA_65",
            "PUBLIC_KEY_DETAILS_UNSPECIFIED",
        ] {
            let details = KeyDetails::from_name(name);
            assert_eq!(details.algorithm(), None, "{name}");
            for key in [p256(), p384(), ed25519(), rsa(2_048)] {
                assert!(details.key(&key).is_none(), "{name}");
                assert_eq!(details.public_key_info(&key).as_deref(), Some(key.as_slice()));
            }
        }
    }

    /// The identifier of a log is of the `SubjectPublicKeyInfo`, whatever the root holds and the build knows.
    #[test]
    fn an_rsa_key_by_itself_is_put_where_it_belongs() {
        let key = rsa(2_048);
        let expected = info(&[oid("1.2.840.113549.1.1.1"), [5, 0].to_vec()], &key);
        for name in ["PKCS1_RSA_PKCS1V5", "PKCS1_RSA_PSS"] {
            let made = KeyDetails::from_name(name).public_key_info(&key).unwrap().into_owned();
            assert_eq!(made, expected);
        }
    }

    #[cfg(feature = "aws-lc-rs")]
    #[test]
    fn rsa_keys_have_the_length_that_the_name_says() {
        let spki = |bits| info(&[oid("1.2.840.113549.1.1.1"), [5, 0].to_vec()], &rsa(bits));
        let lengths = [2_048, 3_072, 4_096, 8_192];
        let usable = |name: &str, key: &dyn Fn(usize) -> Vec<u8>| -> Vec<usize> {
            let details = KeyDetails::from_name(name);
            lengths.into_iter().filter(|bits| details.key(&key(*bits)).is_some()).collect()
        };
        assert_eq!(usable("PKIX_RSA_PKCS1V15_2048_SHA256", &spki), [2_048]);
        assert_eq!(usable("PKIX_RSA_PKCS1V15_3072_SHA256", &spki), [3_072]);
        assert_eq!(usable("PKIX_RSA_PKCS1V15_4096_SHA256", &spki), [4_096]);
        assert_eq!(usable("PKIX_RSA_PKCS1V5", &spki), [2_048, 3_072, 4_096]);
        assert_eq!(usable("PKCS1_RSA_PKCS1V5", &rsa), [2_048, 3_072, 4_096]);
        assert_eq!(usable("PKCS1_RSA_PKCS1V5", &spki), [0; 0]);
        assert_eq!(usable("PKIX_RSA_PKCS1V5", &rsa), [0; 0]);
    }
}
