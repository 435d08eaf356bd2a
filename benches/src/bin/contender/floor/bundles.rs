//! The least that the verification of a bundle costs: as many signature checks of the same algorithms over messages that are as
//! long, and as much else hashed. The keys are made here: those of the bundle's signers are nobody's to sign with.

use super::backend;
use countermark_benches::material::Material;
use countermark_benches::serve::{Case, case};
use p256::elliptic_curve::Generate;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashSigner;

/// A signature check that gives its answer.
type Check = Box<dyn Fn() -> bool>;

/// The calls for a bundle.
pub(crate) fn of_bundle(material: &Material) -> Case {
    let plan: Value = serde_json::from_str(&material.text("checks.json")).expect("JSON");
    let length = |value: &Value| usize::try_from(value.as_u64().expect("a length")).expect("a length");
    let mut rng = ChaCha20Rng::from_seed([9; 32]);
    let signatures = plan["signatures"].as_array().expect("signatures").iter();
    let checks: Vec<Check> = signatures
        .map(|signature| check(signature[0].as_str().expect("a name"), length(&signature[1]), &mut rng))
        .collect();
    let hashes = plan["hashes"].as_array().expect("hashes").iter();
    let hashed: Vec<Vec<u8>> = hashes.map(|hash| vec![0x5A; length(hash)]).collect();
    case(move || {
        for check in &checks {
            assert!(check());
        }
        hashed.iter().map(|message| backend::sha256(message)[0]).fold(0, u8::wrapping_add)
    })
}

fn check(algorithm: &str, length: usize, rng: &mut ChaCha20Rng) -> Check {
    let message = vec![0xA5; length];
    match algorithm {
        "leaf" | "leaf-digest" | "p256-sha256" => {
            let key = p256::ecdsa::SigningKey::generate_from_rng(rng);
            let signature: p256::ecdsa::Signature =
                key.sign_prehash(&Sha256::digest(&message)).expect("it signs");
            let signature = signature.to_der().as_bytes().to_vec();
            let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            match algorithm {
                "leaf" => Box::new(move || backend::leaf_verifies(&point, &message, &signature)),
                "leaf-digest" => {
                    let digest = backend::sha256(&message);
                    Box::new(move || backend::leaf_verifies_digest(&point, &digest, &signature))
                }
                _ => of_authority(&point, message, signature, false),
            }
        }
        "p384-sha384" | "p384-sha256" => {
            let key = p384::ecdsa::SigningKey::generate_from_rng(rng);
            let by_sha256 = algorithm == "p384-sha256";
            let digest =
                if by_sha256 { Sha256::digest(&message).to_vec() } else { Sha384::digest(&message).to_vec() };
            let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).expect("it signs");
            let point = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
            of_authority(&point, message, signature.to_der().as_bytes().to_vec(), by_sha256)
        }
        "ed25519" => {
            let key = ed25519_dalek::SigningKey::generate(rng);
            let signature = ed25519_dalek::Signer::sign(&key, &message).to_bytes();
            let key = backend::Ed25519Key::new(key.verifying_key().as_bytes());
            Box::new(move || key.verifies(&message, &signature))
        }
        other => panic!("there is no check {other}"),
    }
}

fn of_authority(point: &[u8], message: Vec<u8>, signature: Vec<u8>, by_sha256: bool) -> Check {
    if by_sha256 && point.len() == 97 {
        let key = backend::P384Sha256Key::new(point);
        return Box::new(move || key.verifies(&message, &signature));
    }
    let key = backend::AuthorityKey::new(point);
    Box::new(move || key.verifies(&message, &signature))
}
