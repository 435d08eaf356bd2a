//! A result that is kept tells what it told before.

mod common;

use common::{Vector, certificates::*, testdata};
use countermark::{Message, MessageSignature, OwnedVerified, SignerPolicy, Verified};

fn told(verified: &Verified<'_>) -> (String, String, String) {
    (verified.to_string(), serde_json::to_string(verified).unwrap(), format!("{verified:?}"))
}

#[test]
fn of_every_accepted_vector() {
    let mut accepted = 0;
    for file in std::fs::read_dir(testdata("vectors")).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let vector = Vector::read(&file);
        if vector.expected() != "verified" {
            continue;
        }
        let input = vector.build().unwrap();
        let verify = || input.verifier.verify(&input.name, &input.entries, &input.policy).unwrap();
        let (before, kept) = (told(&verify()), OwnedVerified::from(&verify()));
        assert_eq!(kept, OwnedVerified::from(&kept.verified()));
        drop(input);
        assert_eq!(told(&kept.verified()), before, "{}", file.display());
        accepted += 1;
    }
    assert!(accepted > 20, "{accepted}");
}

#[test]
fn of_a_message() {
    let scene = scene();
    let signature = scene.leaf_key.sign_sha256(b"a message");
    let certificates = scene.certificates();
    let signature = MessageSignature::new(&signature, certificates.as_slice(), scene.timestamp).unwrap();
    let (verifier, message) = (scene.verifier(), Message::new(b"a message").unwrap());
    let signer = SignerPolicy::new(ISSUER).unwrap();
    let verified = verifier.verify_message(&message, &signature, signer.any_signer_of_issuer()).unwrap();
    let (before, kept) = (told(&verified), OwnedVerified::from(&verified));
    drop((verifier, certificates));
    assert_eq!(told(&kept.verified()), before);
    assert!(kept.verified().entry().is_none());
}
