//! A log in memory: append-only, and revocation marks and never deletes.

mod common;

use common::certificates::*;
use countermark::{Code, Entry, Log, LogError};

fn entry_for_ref(reference: Option<&str>, seed: u8) -> Entry {
    let mut scene = scene();
    scene.leaf_key = Key::p256(seed);
    scene.leaf = Certificate::leaf(&scene.leaf_key, "root");
    scene.leaf = match reference {
        Some(reference) => scene.leaf.with(claim(14, reference)),
        None => scene.leaf.without(&format!("{ARC}.14")),
    };
    scene.entry()
}

fn revoked(log: &Log) -> Vec<bool> {
    log.iter().map(Entry::revoked).collect()
}

#[test]
fn what_is_appended_is_found_in_its_order() {
    let mut log = Log::new(NAMESPACE);
    assert!(log.is_empty());
    let (first, second) = (entry_for_ref(Some("a"), 2), entry_for_ref(Some("b"), 3));
    log.append(first.clone()).unwrap();
    log.append(second.clone()).unwrap();
    assert_eq!(log.find(NAME).collect::<Vec<_>>(), [&first, &second]);
    assert_eq!(log.find(NAME.replace("image", "imag")).count(), 0);
    assert_eq!((log.len(), log.namespace()), (2, NAMESPACE));
}

#[test]
fn an_entry_of_another_namespace_is_refused() {
    let mut log = Log::new("other-ns");
    let refused = log.append(entry_for_ref(Some("a"), 2)).unwrap_err();
    assert!(matches!(refused, LogError::WrongNamespace { .. }));
    assert!(log.is_empty());
}

#[test]
fn revocation_goes_by_the_certificates_ref() {
    let mut log = Log::new(NAMESPACE);
    log.append(entry_for_ref(Some("a"), 2)).unwrap();
    log.append(entry_for_ref(Some("b"), 3)).unwrap();
    log.append(entry_for_ref(Some("a"), 4)).unwrap();
    log.append(entry_for_ref(None, 5)).unwrap();
    // What the record says of itself does not matter.
    log.append(entry_for_ref(Some("b"), 6).with_provenance([("source_repository_ref", "a")]).unwrap())
        .unwrap();
    let before: Vec<Entry> = log.iter().cloned().collect();

    assert_eq!(log.revoke_signature(NAME, "a"), Ok(2));
    assert_eq!(revoked(&log), [true, false, true, false, false]);
    assert_eq!(log.revoke_signature(NAME, "b"), Ok(2));
    assert_eq!(revoked(&log), [true, true, true, false, true]);
    for (before, after) in before.iter().zip(log.iter()) {
        assert_eq!(
            (before.signature(), before.certificates(), before.timestamp(), before.provenance()),
            (after.signature(), after.certificates(), after.timestamp(), after.provenance())
        );
    }
    let other_name = NAME.replace("image", "imag");
    for (name, reference) in [(NAME, "c"), (NAME, ""), (other_name.as_str(), "a")] {
        let refused = log.revoke_signature(name, reference).unwrap_err();
        assert_eq!(refused.code(), Code::NoSignature);
    }
}

#[test]
fn an_unreadable_certificate_matches_every_ref() {
    let mut log = Log::new(NAMESPACE);
    log.append(Entry::new(NAMESPACE, NAME, [], vec![b"junk".to_vec()], at(8), false).unwrap()).unwrap();
    log.append(entry_for_ref(Some("a"), 2)).unwrap();
    assert_eq!(log.revoke_signature(NAME, "whatever"), Ok(1));
    assert_eq!(revoked(&log), [true, false]);
}

#[test]
fn a_first_certificate_that_names_no_issuer_matches_every_ref() {
    let signed = entry_for_ref(Some("a"), 2);
    let leaf = signed.certificates()[0].clone();
    let root = scene().root.sign(&scene().root_key);
    let mut without = scene();
    without.leaf = without.leaf.without(&format!("{ARC}.8"));
    let mut empty = scene();
    empty.leaf = empty.leaf.with(claim(8, ""));
    let mut of_another = scene();
    of_another.leaf = of_another.leaf.with(claim(8, "https://gitlab.com"));
    let mut log = Log::new(NAMESPACE);
    for certificates in [
        vec![root.clone(), leaf.clone()],
        without.certificates(),
        empty.certificates(),
        vec![leaf, root],
        of_another.certificates(),
    ] {
        log.append(Entry::new(NAMESPACE, NAME, signed.signature(), certificates, at(8), false).unwrap())
            .unwrap();
    }
    assert_eq!(log.revoke_signature(NAME, "whatever"), Ok(3));
    assert_eq!(revoked(&log), [true, true, true, false, false]);
    // And then no copy of it counts, whatever the scope.
    let (verifier, name) = (scene().verifier(), NAME.parse().unwrap());
    for scope in countermark::RevocationScope::ALL {
        let policy = policy().with_revocation_scope(*scope);
        let refused = verifier.verify(&name, log.find(&name), &policy).unwrap_err();
        assert_eq!(refused.code(), Code::RevokedSignature, "{scope:?}");
    }
}

#[test]
fn what_is_wrong_is_told_in_a_line() {
    let long = "x".repeat(10_000);
    let mut log = Log::new(&long);
    let refused = log.append(entry_for_ref(None, 2)).unwrap_err().to_string();
    assert!(refused.len() < 1_000 && refused.ends_with("append it to its own log"), "{refused}");
    let refused = log.revoke_signature("a\nb\u{202e}", &long).unwrap_err().to_string();
    assert!(refused.starts_with(r#"no entry of "a\nb\u{202e}" has"#) && refused.len() < 1_000, "{refused}");
}

#[test]
fn after_revocation_the_artifact_is_refused() {
    let mut log = Log::new(NAMESPACE);
    log.append(entry_for_ref(Some("a"), 2)).unwrap();
    let (verifier, policy, name) = (scene().verifier(), policy(), NAME.parse().unwrap());
    assert!(verifier.verify(&name, log.find(&name), &policy).is_ok());
    log.revoke_signature(&name, "a").unwrap();
    assert_eq!(verifier.verify(&name, log.find(&name), &policy).unwrap_err().code(), Code::RevokedSignature);
}
