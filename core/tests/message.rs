//! Signatures over messages: the rules that concern the signer, under that part of a policy alone.

mod common;

use common::certificates::*;
use countermark::{Claim, Code, Message, MessageSignature, SignerPolicy};

const MESSAGE: &[u8] = b"DSSEv1 28 application/vnd.in-toto+json 2 {}";

fn signer() -> SignerPolicy {
    SignerPolicy::new(ISSUER).unwrap().require(Claim::SourceRepositoryRef, "refs/tags/v1").unwrap()
}

fn code(scene: &Scene, signature: &[u8], signer: &SignerPolicy) -> Code {
    let certificates = scene.certificates();
    let signature = MessageSignature::new(signature, certificates.as_slice(), scene.timestamp).unwrap();
    let message = Message::new(MESSAGE).unwrap();
    let verifier = scene.verifier();
    match verifier.verify_message(&message, &signature, signer.any_signer_of_issuer()) {
        Ok(verified) => {
            assert!(verified.entry().is_none() && verified.entry_index().is_none());
            Code::Verified
        }
        Err(rejection) => rejection.code(),
    }
}

#[test]
fn every_rule_about_the_signer_is_made() {
    let good = scene();
    let signature = good.leaf_key.sign_sha256(MESSAGE);
    assert_eq!(code(&good, &signature, &signer()), Code::Verified);
    assert_eq!(code(&good, &signature[1..], &signer()), Code::CorruptedSignature);
    assert_eq!(code(&good, &good.leaf_key.sign_sha256(b"other"), &signer()), Code::InvalidSignature);

    let mut scene = scene();
    scene.leaf = scene.leaf.without("2.5.29.37");
    assert_eq!(code(&scene, &signature, &signer()), Code::BadCertificate);
    scene.leaf = Certificate::leaf(&Key::p384(2), "root");
    assert_eq!(code(&scene, &signature, &signer()), Code::InvalidKeyType);
    let elsewhere = common::certificates::scene().issued_by("elsewhere", &Key::p256(9));
    assert_eq!(code(&elsewhere, &signature, &signer()), Code::UnknownCa);
    let mut long = common::certificates::scene();
    long.leaf.not_after += 1;
    assert_eq!(code(&long, &signature, &signer()), Code::LifetimeTooLong);
    let late = Scene { timestamp: at(301), ..common::certificates::scene() };
    assert_eq!(code(&late, &signature, &signer()), Code::TimeMismatch);

    let other_ref = SignerPolicy::new(ISSUER).unwrap().require(Claim::SourceRepositoryRef, "x").unwrap();
    assert_eq!(code(&good, &signature, &other_ref), Code::ClaimsMismatch);
    assert_eq!(
        code(&good, &signature, &SignerPolicy::new("https://gitlab.com").unwrap()),
        Code::ClaimsMismatch
    );
    let mut no_issuer = common::certificates::scene();
    no_issuer.leaf = no_issuer.leaf.without(&format!("{ARC}.8"));
    assert_eq!(code(&no_issuer, &signature, &signer()), Code::ClaimsMismatch);
}

#[test]
fn a_policy_that_lets_everybody_sign_must_say_so() {
    let everybody = SignerPolicy::new(ISSUER).unwrap();
    let refused = everybody.for_messages().unwrap_err();
    assert_eq!(refused.code(), Code::MalformedPolicy);
    assert!(refused.to_string().contains("any_signer_of_issuer"));
    assert!(signer().for_messages().is_ok());

    let scene = scene();
    let certificates = scene.certificates();
    let signature = scene.leaf_key.sign_sha256(MESSAGE);
    let signature = MessageSignature::new(&signature, certificates.as_slice(), scene.timestamp).unwrap();
    let verifier = scene.verifier();
    let message = Message::new(MESSAGE).unwrap();
    let verified = verifier.verify_message(&message, &signature, everybody.any_signer_of_issuer()).unwrap();
    assert_eq!(verified.warnings().len(), 1);
    assert!(verified.to_string().starts_with("verified: the message\n"));
}

#[test]
fn a_message_is_given_whole_or_as_its_digest() {
    use sha2::{Digest, Sha256};
    assert_eq!(Message::new(MESSAGE).unwrap(), Message::from_sha256(Sha256::digest(MESSAGE).into()));
    assert!(Message::new(b"").is_ok());
}

#[test]
fn an_artifact_name_is_no_message() {
    assert_eq!(Message::new(NAME.as_bytes()).unwrap_err().code(), Code::MalformedMessage);
    let upper = NAME.to_uppercase();
    assert!(Message::new(upper.as_bytes()).is_ok());
}

#[test]
fn the_callers_time_is_obeyed() {
    let scene = scene();
    let certificates = scene.certificates();
    let signature = scene.leaf_key.sign_sha256(MESSAGE);
    let signature = MessageSignature::new(&signature, certificates.as_slice(), scene.timestamp).unwrap();
    let (verifier, message, signer) = (scene.verifier(), Message::new(MESSAGE).unwrap(), signer());
    let at_time = |now| verifier.at(now).verify_message(&message, &signature, signer.for_messages().unwrap());
    assert!(at_time(scene.timestamp).is_ok());
    assert_eq!(at_time(at(7)).unwrap_err().code(), Code::TimeMismatch);
}
