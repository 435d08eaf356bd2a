//! Wycheproof's ECDSA cases, through the code that verifies entries and certificates.

use super::algorithm::{ECDSA_WITH_SHA256, ECDSA_WITH_SHA384};
use super::{AuthorityKey, LeafKey, LeafSignature, SignatureAlgorithm, sha256};
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::vec::Vec;
use wycheproof::TestResult;
use wycheproof::ecdsa::{TestName, TestSet};

/// Runs `verifies(key info, message, signature)` on every case of a set, and returns how many there were.
fn run(name: TestName, verifies: impl Fn(&PublicKeyInfo<'_>, &[u8], &[u8]) -> bool) -> usize {
    let set = TestSet::load(name).unwrap();
    let mut failures = Vec::new();
    for group in &set.test_groups {
        let key = PublicKeyInfo::from_der(&group.der).unwrap();
        for case in &group.tests {
            let expected = match case.result {
                TestResult::Valid => true,
                TestResult::Invalid => false,
                TestResult::Acceptable => panic!("case {} may go either way", case.tc_id),
            };
            if verifies(&key, &case.msg, &case.sig) != expected {
                failures.push((case.tc_id, case.comment.clone()));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
    let count = set.test_groups.iter().map(|group| group.tests.len()).sum();
    assert_eq!(count, set.number_of_tests);
    count
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
    assert_eq!(run(TestName::EcdsaSecp256r1Sha256, by_leaf), 484);
    assert_eq!(run(TestName::EcdsaSecp256r1Sha256, by_authority(ECDSA_WITH_SHA256)), 484);
}

#[test]
fn p384_as_an_authoritys_key() {
    assert_eq!(run(TestName::EcdsaSecp384r1Sha256, by_authority(ECDSA_WITH_SHA256)), 472);
    assert_eq!(run(TestName::EcdsaSecp384r1Sha384, by_authority(ECDSA_WITH_SHA384)), 504);
}
