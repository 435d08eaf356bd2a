//! Wycheproof's cases of ECDSA, Ed25519 and RSA PKCS #1 v1.5, through the code that verifies entries, certificates and
//! bundles.

use super::algorithm::{ECDSA_WITH_SHA256, ECDSA_WITH_SHA384};
use super::{AuthorityKey, LeafKey, LeafSignature, SignatureAlgorithm, sha256};
#[cfg(feature = "sigstore")]
use super::{Digest, HashAlgorithm, SignerKey};
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::vec::Vec;
use wycheproof::TestResult;
use wycheproof::ecdsa::TestName;

/// Runs `verifies(key info, message, signature)` on every case of a set, and returns how many there were.
macro_rules! run {
    ($sets:ident, $name:expr, $verifies:expr) => {{
        let set = wycheproof::$sets::TestSet::load($name).unwrap();
        let mut failures = Vec::new();
        for group in &set.test_groups {
            let key = PublicKeyInfo::from_der(&group.der).unwrap();
            for case in &group.tests {
                let verifies = $verifies(&key, case.msg.as_slice(), case.sig.as_slice());
                // What is "acceptable" is not accepted: in RSA signatures, the DER of a digest without its NULL.
                if verifies != matches!(case.result, TestResult::Valid) {
                    failures.push((case.tc_id, case.comment.clone()));
                }
            }
        }
        assert!(failures.is_empty(), "{failures:?}");
        let count: usize = set.test_groups.iter().map(|group| group.tests.len()).sum();
        assert_eq!(count, set.number_of_tests);
        count
    }};
}

fn by_authority(oid: &'static [u8]) -> impl Fn(&PublicKeyInfo<'_>, &[u8], &[u8]) -> bool {
    move |key, message, signature| {
        let algorithm = Algorithm { oid, parameters: None };
        AuthorityKey::new(key).unwrap().verifies(message, algorithm, signature, SignatureAlgorithm::DEFAULT)
    }
}

#[test]
fn p256_as_a_leafs_key_and_as_an_authoritys() {
    let by_leaf = |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
        let key = LeafKey::new(key).unwrap();
        LeafSignature::from_der(signature).is_some_and(|signature| key.verifies(&sha256(message), &signature))
    };
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp256r1Sha256, by_leaf), 484);
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp256r1Sha256, by_authority(ECDSA_WITH_SHA256)), 484);
}

#[test]
fn p384_as_an_authoritys_key() {
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp384r1Sha256, by_authority(ECDSA_WITH_SHA256)), 472);
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp384r1Sha384, by_authority(ECDSA_WITH_SHA384)), 504);
}

#[cfg(feature = "sigstore")]
fn by_signer(hash: HashAlgorithm) -> impl Fn(&PublicKeyInfo<'_>, &[u8], &[u8]) -> bool {
    move |key, message, signature| {
        let key = SignerKey::new(key, SignatureAlgorithm::ALL).unwrap();
        let by_digest = key.verify_digest(&Digest::of(hash, message), signature);
        let by_message = key.verify_message(message, signature);
        assert_eq!(by_digest, by_message, "what this key signed, it signed by this hash");
        by_digest.is_ok()
    }
}

#[cfg(feature = "sigstore")]
#[test]
fn p256_and_p384_as_a_signers_key() {
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp256r1Sha256, by_signer(HashAlgorithm::Sha256)), 484);
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp384r1Sha256, by_signer(HashAlgorithm::Sha256)), 472);
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp384r1Sha384, by_signer(HashAlgorithm::Sha384)), 504);
}

#[cfg(all(feature = "sigstore", feature = "aws-lc-rs"))]
#[test]
fn p521_as_a_signers_key_and_as_an_authoritys() {
    let as_authority = |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
        let algorithm = SignatureAlgorithm::EcdsaP521Sha512;
        AuthorityKey::new(key).unwrap().verifies_by(algorithm, message, signature, &[algorithm])
    };
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp521r1Sha512, by_signer(HashAlgorithm::Sha512)), 542);
    assert_eq!(run!(ecdsa, TestName::EcdsaSecp521r1Sha512, as_authority), 542);
}

#[cfg(any(feature = "sigstore", feature = "aws-lc-rs"))]
#[test]
fn ed25519_as_an_authoritys_key() {
    let as_authority = |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
        let algorithm = SignatureAlgorithm::Ed25519;
        AuthorityKey::new(key).unwrap().verifies_by(algorithm, message, signature, &[algorithm])
    };
    assert_eq!(run!(eddsa, wycheproof::eddsa::TestName::Ed25519, as_authority), 151);
}

#[cfg(feature = "sigstore")]
#[test]
fn ed25519_as_a_signers_key() {
    let as_signer = |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
        let key = SignerKey::new(key, &[SignatureAlgorithm::Ed25519]).unwrap();
        assert!(key.verify_digest(&Digest::of(HashAlgorithm::Sha512, message), signature).is_err());
        key.verify_message(message, signature).is_ok()
    };
    assert_eq!(run!(eddsa, wycheproof::eddsa::TestName::Ed25519, as_signer), 151);
}

#[cfg(all(feature = "sigstore", feature = "aws-lc-rs"))]
#[test]
fn rsa_as_a_signers_key_and_as_an_authoritys() {
    use wycheproof::rsa_pkcs1_verify::TestName as Rsa;
    let by = |algorithm: SignatureAlgorithm| {
        move |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
            AuthorityKey::for_evidence(key).unwrap().verifies_by(algorithm, message, signature, &[algorithm])
        }
    };
    for (name, count) in [(Rsa::Rsa2048Sha256, 259), (Rsa::Rsa3072Sha256, 259), (Rsa::Rsa4096Sha256, 258)] {
        assert_eq!(run!(rsa_pkcs1_verify, name, by_signer(HashAlgorithm::Sha256)), count);
        assert_eq!(run!(rsa_pkcs1_verify, name, by(SignatureAlgorithm::RsaPkcs1Sha256)), count);
    }
    let of_authorities = [
        (Rsa::Rsa2048Sha384, SignatureAlgorithm::RsaPkcs1Sha384, 258),
        (Rsa::Rsa2048Sha512, SignatureAlgorithm::RsaPkcs1Sha512, 259),
    ];
    for (name, algorithm, count) in of_authorities {
        assert_eq!(run!(rsa_pkcs1_verify, name, by(algorithm)), count);
    }
}
