//! Wycheproof's ECDSA cases, through the code that verifies entries and certificates.

use super::algorithm::{ECDSA_WITH_SHA256, ECDSA_WITH_SHA384};
use super::{AuthorityKey, LeafKey, LeafSignature, SignatureAlgorithm, sha256};
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Runs `verifies(key info, message, signature)` on every case of a file, and returns how many there were.
fn run(json: &str, verifies: impl Fn(&PublicKeyInfo<'_>, &[u8], &[u8]) -> bool) -> usize {
    let file: Value = serde_json::from_str(json).unwrap();
    let mut failures = Vec::new();
    let mut count = 0;
    for group in file["testGroups"].as_array().unwrap() {
        let key = hex(&group["publicKeyDer"]);
        let key = PublicKeyInfo::from_der(&key).unwrap();
        for case in group["tests"].as_array().unwrap() {
            let expected = match case["result"].as_str().unwrap() {
                "valid" => true,
                "invalid" => false,
                other => panic!("unknown result {other}"),
            };
            if verifies(&key, &hex(&case["msg"]), &hex(&case["sig"])) != expected {
                failures.push((case["tcId"].clone(), String::from(case["comment"].as_str().unwrap())));
            }
            count += 1;
        }
    }
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(count, file["numberOfTests"].as_u64().unwrap());
    usize::try_from(count).unwrap()
}

fn by_authority(oid: &'static [u8]) -> impl Fn(&PublicKeyInfo<'_>, &[u8], &[u8]) -> bool {
    move |key, message, signature| {
        let algorithm = Algorithm { oid, parameters: None };
        AuthorityKey::new(key).unwrap().verifies(message, algorithm, signature, SignatureAlgorithm::DEFAULT)
    }
}

#[test]
fn p256_as_a_leafs_key_and_as_an_authoritys() {
    let json = include_str!("../../testdata/wycheproof/ecdsa_secp256r1_sha256_test.json");
    let by_leaf = |key: &PublicKeyInfo<'_>, message: &[u8], signature: &[u8]| {
        let key = LeafKey::new(key).unwrap();
        LeafSignature::from_der(signature).is_some_and(|signature| key.verifies(&sha256(message), &signature))
    };
    assert_eq!(run(json, by_leaf), 484);
    assert_eq!(run(json, by_authority(ECDSA_WITH_SHA256)), 484);
}

#[test]
fn p384_as_an_authoritys_key() {
    let json = include_str!("../../testdata/wycheproof/ecdsa_secp384r1_sha384_test.json");
    assert_eq!(run(json, by_authority(ECDSA_WITH_SHA384)), 504);
}
