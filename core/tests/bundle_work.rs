//! How much work hostile bundles make, counted in signature checks and not by the clock.

#![cfg(all(feature = "sigstore", feature = "path-validation"))]

mod common;
#[path = "common/instance.rs"]
mod instance;

use common::certificates::{
    Certificate, Key, basic_constraints, key_usage, respelt_signature, signature_der,
};
use countermark::limits::*;
use countermark::path_validation::signature_checks;
use countermark::{
    AnyBundlePolicy, Artifact, Bundle, Code, KeyPolicy, PublicKey, TrustedRoot, Verifier, VerifierBuilder,
};
use instance::*;
use p256::elliptic_curve::ops::Reduce;
use p256::elliptic_curve::point::AffineCoordinates;
use serde_json::{Value, json};

/// The code for the bundle, and how many signatures were checked on the way.
fn judge<'p>(verifier: &Verifier, bundle: &Bundle, policy: impl Into<AnyBundlePolicy<'p>>) -> (Code, usize) {
    let before = signature_checks();
    let result = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), bundle, policy);
    let code = result.map_or_else(|rejection| rejection.code(), |_| Code::Verified);
    (code, signature_checks() - before)
}

/// The most checks for one bundle under one root, as `limits` states it; with a log's own operator against us, more.
const MOST: usize = MAX_SIGNATURE_CHECKS
    + MAX_LOG_ENTRIES
    + MAX_TIMESTAMPS
    + 2 * MAX_CERTIFICATE_TIMESTAMPS
    + 2 * MAX_LOG_ENTRIES
    + 2;
const MOST_OF_A_LOG: usize = MOST + 62 * MAX_LOG_ENTRIES;

#[test]
fn the_bounds_are_as_stated() {
    const { assert!(MOST <= 290 && MOST_OF_A_LOG <= 2_300) };
}

/// A signature by this nonce: a signer can make as many of one digest as there are nonces.
fn sign_with(key: &p256::ecdsa::SigningKey, nonce: u8, digest: &[u8]) -> Vec<u8> {
    let scalar = |bytes: &[u8]| {
        let repr = p256::FieldBytes::try_from(bytes).unwrap();
        <p256::Scalar as Reduce<p256::FieldBytes>>::reduce(&repr)
    };
    let nonce = p256::Scalar::from(u64::from(nonce));
    let r = scalar(&(p256::ProjectivePoint::GENERATOR * nonce).to_affine().x());
    let secret = *key.as_nonzero_scalar().as_ref();
    let s = nonce.invert().unwrap() * (scalar(digest) + r * secret);
    signature_der(&p256::ecdsa::Signature::from_scalars(r, s).unwrap().to_bytes())
}

fn entries_of(bundle: &mut Value) -> &mut Vec<Value> {
    bundle["verificationMaterial"]["tlogEntries"].as_array_mut().unwrap()
}

#[test]
fn an_honest_bundle_costs_one_check_for_each_signature_in_it() {
    let it = Instance::new(0);
    // Leaf, SCT, promise, checkpoint, artifact; and once in the verifier's life, that the root signed the intermediate.
    let verifier = it.verifier();
    let message = Draft::message(&it).bundle(&it);
    assert_eq!(judge(&verifier, &message, &policy()), (Code::Verified, 6));
    assert_eq!(judge(&verifier, &message, &policy()), (Code::Verified, 5));
    // A token in place of the promise; and once that the authority's root signed its signer.
    let envelope = Draft::envelope(&it).bundle(&it);
    assert_eq!(judge(&verifier, &envelope, &policy()), (Code::Verified, 6));
    assert_eq!(judge(&verifier, &envelope, &policy()), (Code::Verified, 5));
    // To examine it costs four times as much at most.
    let before = signature_checks();
    let report = verifier.examine_bundle(&Artifact::from_bytes(ARTIFACT), &envelope, &policy());
    assert_eq!(report.verdict(), Code::Verified);
    assert!(signature_checks() - before <= 4 * 5, "{}", signature_checks() - before);
}

#[test]
fn what_is_of_nobody_known_costs_nothing() {
    let (it, other) = (Instance::new(0), Instance::new(1));
    let draft = Draft { timestamps: vec![(0, 9)], ..Draft::message(&other) };
    assert_eq!(judge(&it.verifier(), &draft.bundle(&other), &policy()), (Code::UnvouchedTime, 0));
    let without_token = Draft::message(&other).bundle(&other);
    assert_eq!(judge(&it.verifier(), &without_token, &policy()), (Code::UnvouchedTime, 0));
    let blocking = policy().block(&format!("sha256:{}", hex(&sha256(ARTIFACT)))).unwrap();
    assert_eq!(judge(&it.verifier(), &Draft::message(&it).bundle(&it), &blocking), (Code::Blocklisted, 0));
}

/// Nothing is verified under the leaf's key, nor under one that came along, unless a trusted key certified it.
#[test]
fn no_key_that_nobody_trusted_certified_is_used() {
    let it = Instance::new(0);
    let mut forger = Instance::new(0);
    // The forger has the names of the authority, and none of its keys.
    forger.authorities[0].key = Key::p256(230);
    let draft = Draft {
        media_type: V0_2,
        material: match Draft::message(&forger).material {
            Material::Leaf { certificate, .. } => {
                let others = (0..14).map(|serial| {
                    let mut ca = Certificate::authority("", &forger.authorities[0].key, "");
                    ca.subject = it.authorities[0].intermediate.subject.clone();
                    ca.issuer = ca.subject.clone();
                    ca.not_after += serial;
                    ca.sign(&forger.authorities[0].key)
                });
                Material::Leaf { certificate, others: others.collect() }
            }
            material => material,
        },
        ..Draft::message(&forger)
    };
    let (code, checks) = judge(&it.verifier(), &draft.bundle(&forger), &policy());
    assert_eq!(code, Code::UnknownCa);
    // The promise; the leaf and each that names the known intermediate, under that one's key; and the intermediate itself.
    assert!(checks <= 1 + 15 + 1, "{checks}");
}

/// As many of everything as a bundle may have, all of it by those who are trusted, so that everything is checked.
fn full(it: &Instance) -> Value {
    let mut draft = Draft::envelope(it);
    draft.certificate_timestamps = (0..32).map(|at| (it.certificate_logs[0].clone(), at, 0)).collect();
    draft.timestamps = (0..32).map(|at| (0, at)).collect();
    let first = Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1");
    draft.entries = std::iter::successors(Some(first), |entry| Some(entry.again())).take(32).collect();
    draft.json(it)
}

#[test]
fn a_bundle_that_is_full_costs_what_is_in_it() {
    let it = Instance::new(0);
    let full = full(&it);
    let verifier = it.verifier();
    let bundle = read(&full);
    let (code, checks) = judge(&verifier, &bundle, &policy());
    assert_eq!(code, Code::Verified);
    // 32 each of tokens, promises, certificate timestamps and checkpoints, the leaf, the envelope, and what is told once.
    assert_eq!(checks, 4 * 32 + 2 + 2);
    assert!(checks <= MOST);

    // Where each of them is bad, no more.
    let mut bad = full;
    for entry in entries_of(&mut bad) {
        let set = &mut entry["inclusionPromise"]["signedEntryTimestamp"];
        let mut bytes = unb64(set);
        *bytes.last_mut().unwrap() ^= 1;
        *set = json!(b64(&bytes));
    }
    let (code, checks) = judge(&verifier, &read(&bad), &policy());
    assert_eq!(code, Code::UntrustedLog);
    assert!(checks <= 4 * 32 + 2, "{checks}");
}

#[test]
fn the_same_line_of_a_checkpoint_again_costs_nothing() {
    let it = Instance::new(0);
    let mut bundle = Draft::message(&it).json(&it);
    let note = &mut entries_of(&mut bundle)[0]["inclusionProof"]["checkpoint"]["envelope"];
    let (text, line) = note.as_str().unwrap().rsplit_once("\n\n").unwrap();
    *note = json!(format!("{text}\n\n{}", line.repeat(64)));
    let verifier = it.verifier();
    assert_eq!(judge(&verifier, &read(&bundle), &policy()), (Code::Verified, 6));
}

/// A log's own operator can sign one text again and again; everybody else has two spellings of one signature.
#[test]
fn a_log_can_make_as_many_checks_as_lines_and_others_two() {
    let it = Instance::new(0);
    let log = &it.logs[REKOR_1];
    let AnyKey::Ec(Key::P256(key)) = &log.key else { unreachable!() };
    let full = full(&it);
    let with_lines = |lines: &dyn Fn(&str) -> Vec<String>| {
        let mut bundle = full.clone();
        for entry in entries_of(&mut bundle).iter_mut().take(4) {
            let note = &mut entry["inclusionProof"]["checkpoint"]["envelope"];
            let text = note.as_str().unwrap().rsplit_once("\n\n").unwrap().0.to_string() + "\n";
            *note = json!(format!("{text}\n{}", lines(&text).concat()));
        }
        let (code, checks) = judge(&it.verifier(), &read(&bundle), &policy());
        assert_eq!(code, Code::Verified);
        checks
    };
    let line_of = |text: &str, change: &dyn Fn(&[u8]) -> Vec<u8>| {
        let line = log.note_line(&log.host, text);
        let (start, base64) = line.trim_end().rsplit_once(' ').unwrap();
        let bytes = unb64(&json!(base64));
        format!("{start} {}\n", b64(&[&bytes[..4], &change(&bytes[4..])].concat()))
    };
    let by_others = with_lines(&|text| {
        let (own, respelt) = (line_of(text, &|own| own.to_vec()), line_of(text, &respelt_signature));
        std::iter::repeat_n([own, respelt], 32).flatten().collect()
    });
    assert_eq!(by_others, 4 * 32 + 4 + 4, "one more for each of four entries");
    let by_itself = with_lines(&|text| {
        let digest = sha256(text.as_bytes());
        (1..65).map(|nonce| line_of(text, &|_| sign_with(key, nonce, &digest))).collect()
    });
    assert_eq!(by_itself, 4 * 32 + 4 + 4 * 63, "63 more for each");
}

#[test]
fn many_authorities_of_one_instance_have_one_limit_together() {
    // As many as a root may list, all of one name, each with the intermediates' names that the bundle brings.
    let mut it = Instance::new(0);
    let first = it.authorities[0].clone();
    let others = (0..40_u8).map(|number| {
        let mut authority = first.clone();
        authority.root_key = Key::p256(number + 1);
        authority.root.public_key = authority.root_key.public_key_info();
        authority.key = Key::p256(number + 101);
        authority.intermediate.public_key = authority.key.public_key_info();
        authority
    });
    it.authorities = others.collect();
    let mut root = it.json();
    let listed = root["certificateAuthorities"].as_array().unwrap().clone();
    // Again and again with another period, up to the limit.
    let all: Vec<Value> = (0..MAX_TRUSTED_ROOT_ITEMS)
        .map(|position| {
            let mut authority = listed[position % listed.len()].clone();
            authority["validFor"]["end"] =
                json!(format!("2030-01-01T00:{:02}:{:02}Z", position / 60, position % 60));
            authority
        })
        .collect();
    root["certificateAuthorities"] = json!(all);
    let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(root.to_string()).unwrap());

    // A leaf of that name by none of them, with 15 authorities of that name.
    let mut forger = Instance::new(0);
    forger.authorities[0].key = Key::p256(230);
    let draft = Draft { media_type: V0_2, ..Draft::message(&forger) };
    let Material::Leaf { certificate, .. } = draft.material.clone() else { unreachable!() };
    let others = (0..15).map(|serial| {
        let mut ca = Certificate::authority("", &Key::p256(231 + serial), "");
        ca.subject = first.intermediate.subject.clone();
        ca.issuer = first.root.subject.clone();
        ca.extensions = vec![basic_constraints(true, None), key_usage(4)];
        ca.sign(&Key::p256(230))
    });
    let draft = Draft { material: Material::Leaf { certificate, others: others.collect() }, ..draft };
    let bundle = draft.bundle(&forger);
    let (code, checks) = judge(&verifier, &bundle, &policy());
    assert_eq!(code, Code::PathTooComplex);
    // The promise; beside the limit, each listed intermediate's own signature once in the verifier's life.
    assert!(checks <= 1 + MAX_SIGNATURE_CHECKS + MAX_TRUSTED_ROOT_ITEMS, "{checks}");
    let (_, checks) = judge(&verifier, &bundle, &policy());
    assert!(checks <= 1 + MAX_SIGNATURE_CHECKS, "{checks}");
}

#[test]
fn an_honest_bundle_of_the_last_of_many_authorities_is_verified() {
    // Half as many of one name as the limit allows, the right one last: a leaf costs one check under each.
    let mut it = Instance::new(0);
    let right = it.authorities[0].clone();
    it.authorities = (0..31)
        .map(|number| {
            let mut authority = right.clone();
            authority.key = Key::p256(number + 101);
            authority.intermediate.public_key = authority.key.public_key_info();
            authority
        })
        .chain([right.clone()])
        .collect();
    let verifier = it.verifier();
    let maker = Instance { authorities: vec![right], ..Instance::new(0) };
    let bundle = Draft::message(&maker).bundle(&maker);
    assert_eq!(judge(&verifier, &bundle, &policy()).0, Code::Verified);
    assert_eq!(judge(&verifier, &bundle, &policy()).0, Code::Verified);
}

#[test]
fn many_keys_of_a_policy_and_many_roots_cost_a_check_each() {
    let it = Instance::new(0);
    let mut draft = Draft::message(&it).by_key("hint");
    draft.timestamps = (0..32).map(|at| (0, at)).collect();
    let bundle = draft.bundle(&it);
    let keys = (100..200).map(|number| PublicKey::from_der(AnyKey::p256(number).public_key_info()).unwrap());
    let others = KeyPolicy::new(keys).unwrap();
    let verifier = it.verifier();
    let _ = judge(&verifier, &bundle, &others);
    // The tokens and the promise are verified once, whichever key signed.
    assert_eq!(judge(&verifier, &bundle, &others), (Code::InvalidSignature, 32 + 1 + 100));
    let mut builder = VerifierBuilder::without_anchors();
    for number in 0..8 {
        builder = builder.trusted_root(&format!("root {number}"), &it.root()).unwrap();
    }
    let verifier = builder.build();
    let _ = judge(&verifier, &bundle, &others);
    assert_eq!(judge(&verifier, &bundle, &others), (Code::InvalidSignature, 8 * (32 + 1 + 100)));
}

/// The worst that is known in a mebibyte: everything that bundles may have, and a ladder of authorities below a key that an
/// authority certified, in the order in which most of them are tried in vain.
#[test]
fn no_bundle_of_a_mebibyte_costs_more_than_the_stated_bound() {
    let it = Instance::new(0);
    let ca = &it.authorities[0];
    // Whoever holds the key of the intermediate certifies authorities of its own name.
    let keys: Vec<Key> = [ca.key.clone()].into_iter().chain((200..215).map(Key::p256)).collect();
    let mut others: Vec<Vec<u8>> = keys
        .windows(2)
        .map(|pair| {
            let mut step = Certificate::authority("", &pair[1], "");
            (step.subject, step.issuer) = (ca.intermediate.subject.clone(), ca.intermediate.subject.clone());
            step.sign(&pair[0])
        })
        .collect();
    others.reverse();
    let mut worst = 0;
    for rung in [0, 3, 6, 7, 14] {
        let mut maker = Instance::new(0);
        maker.authorities[0].key = keys[rung].clone();
        let mut bundle = full(&maker);
        let leaf = bundle["verificationMaterial"].as_object_mut().unwrap().remove("certificate").unwrap();
        let chain = others.iter().map(|der| json!({"rawBytes": b64(der)}));
        let chain: Vec<Value> = [leaf].into_iter().chain(chain).collect();
        bundle["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": chain});
        bundle["mediaType"] = json!(V0_2);
        assert!(bundle.to_string().len() <= 1_024 * 1_024);
        let (code, checks) = judge(&it.verifier(), &read(&bundle), &policy());
        let is_told = matches!(code, Code::Verified | Code::PathTooComplex | Code::UnknownCa);
        assert!(is_told, "{rung}: {code}");
        worst = worst.max(checks);
    }
    println!("bundle work: {worst} checks");
    assert!(worst <= MOST, "{worst}");
}
