//! Rule 0: which entries are about an artifact, and which can only refuse it.

mod common;

use common::certificates::*;
use countermark::{
    ArtifactName, Code, Entry, EntryRef, Policy, Rejection, Request, RevocationScope, Verifier,
};

/// A leaf below an intermediate.
fn chained() -> Scene {
    let ca = Key::p256(3);
    let scene = scene();
    let certificate = Certificate::authority("ca", &ca, "root").sign(&scene.root_key);
    scene.issued_by("ca", &ca).bringing([certificate])
}

/// The same by another key, so that it is a signature of its own.
fn another() -> Scene {
    let key = Key::p256(33);
    let scene = chained();
    Scene { leaf: Certificate { public_key: key.public_key_info(), ..scene.leaf }, leaf_key: key, ..scene }
}

fn stored(signature: &[u8], certificates: Vec<Vec<u8>>) -> Entry {
    Entry::new(NAMESPACE, NAME, signature, certificates, at(8), false).unwrap()
}

fn flagged(entry: &Entry, revoked: bool) -> Entry {
    let certificates = entry.certificates().to_vec();
    let entry = Entry::new(
        entry.namespace(),
        entry.artifact_name(),
        entry.signature(),
        certificates,
        entry.timestamp(),
        revoked,
    );
    entry.unwrap().with_blocklisted(!revoked)
}

/// The signature of a scene in records whose first certificate can be read and names no issuer.
fn without_issuer_first() -> Vec<(&'static str, Entry)> {
    let scene = chained();
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    let [leaf, ca] = scene.certificates().try_into().unwrap();
    let root = scene.root.sign(&scene.root_key);
    let foreign = Certificate::authority("foreign", &Key::p384(9), "foreign").sign(&Key::p384(9));
    let no_issuer = scene.leaf.clone().without(&format!("{ARC}.8"));
    let signed = |leaf: &Certificate| leaf.sign(&scene.leaf_issuer);
    let chains = [
        ("the intermediate first", vec![ca.clone(), leaf.clone()]),
        ("the root first", vec![root.clone(), ca.clone(), leaf.clone()]),
        ("the leaf in the middle", vec![ca.clone(), leaf.clone(), root]),
        ("a foreign authority in front", vec![foreign, leaf, ca.clone()]),
        ("no leaf at all", vec![ca.clone()]),
        ("a leaf without issuer", vec![signed(&no_issuer), ca.clone()]),
        ("a leaf with an empty issuer", vec![signed(&scene.leaf.clone().with(claim(8, ""))), ca.clone()]),
        ("a leaf with an empty raw issuer", vec![signed(&no_issuer.with(claim(1, ""))), ca]),
    ];
    chains.map(|(how, certificates)| (how, stored(&signature, certificates))).into()
}

fn scoped(scope: RevocationScope) -> Policy {
    policy().with_revocation_scope(scope)
}

/// What every way to ask says.
fn verdict(verifier: &Verifier, entries: &[Entry], policy: &Policy) -> Code {
    let found = code(verifier, entries, policy);
    let name: ArtifactName = NAME.parse().unwrap();
    let borrowed: Vec<EntryRef<'_>> = entries.iter().map(EntryRef::from).collect();
    for result in [
        verifier.verify_many(&[Request::new(&name, entries, policy)]).remove(0),
        verifier.verify_many(&[Request::new(&name, &borrowed, policy)]).remove(0),
        verifier.at(at(20)).verify(&name, entries, policy),
    ] {
        assert_eq!(result.map_or_else(|rejection| rejection.code(), |_| Code::Verified).name(), found);
    }
    Code::from_name(found).unwrap()
}

fn refusal(entries: &[Entry], policy: &Policy) -> Rejection {
    chained().verifier().verify(&NAME.parse().unwrap(), entries, policy).unwrap_err()
}

#[test]
fn a_withdrawn_record_whose_first_certificate_names_no_issuer_refuses() {
    let verifier = chained().verifier();
    let (copy, another) = (chained().entry(), another().entry());
    for scope in RevocationScope::ALL {
        let policy = scoped(*scope);
        assert_eq!(verdict(&verifier, &[copy.clone(), another.clone()], &policy), Code::Verified);
        for (how, record) in without_issuer_first() {
            for (revoked, expected) in [(true, Code::RevokedSignature), (false, Code::Blocklisted)] {
                let withdrawn = flagged(&record, revoked);
                for entries in [
                    vec![withdrawn.clone()],
                    vec![withdrawn.clone(), copy.clone()],
                    vec![copy.clone(), withdrawn.clone()],
                ] {
                    assert_eq!(verdict(&verifier, &entries, &policy), expected, "{how}, {scope:?}");
                }
                // Another key's signature counts where revocation is of a signature.
                let beside_another = verdict(&verifier, &[withdrawn.clone(), another.clone()], &policy);
                let counts = revoked && *scope == RevocationScope::Entry;
                assert_eq!(
                    beside_another,
                    if counts { Code::Verified } else { expected },
                    "{how}, {scope:?}"
                );
                let elsewhere = Policy::new("other-ns", ISSUER).unwrap().with_revocation_scope(*scope);
                assert_eq!(verdict(&verifier, &[withdrawn], &elsewhere), Code::NoSignature);
            }
            // Not withdrawn it neither helps nor harms.
            assert_eq!(verdict(&verifier, &[record.clone(), copy.clone()], &policy), Code::Verified, "{how}");
            assert_eq!(
                verdict(&verifier, std::slice::from_ref(&record), &policy),
                Code::NoSignature,
                "{how}"
            );
            let blocking = policy.clone().block(NAME).unwrap();
            assert_eq!(verdict(&verifier, &[record], &blocking), Code::Blocklisted, "{how}");
        }
    }
}

#[test]
fn a_withdrawn_record_of_another_issuer_does_not_matter() {
    let verifier = chained().verifier();
    let mut gitlab = chained();
    gitlab.leaf = gitlab.leaf.with(claim(8, "https://gitlab.com"));
    for scope in [RevocationScope::Artifact, RevocationScope::Entry] {
        for revoked in [true, false] {
            let entries = [flagged(&gitlab.entry(), revoked), chained().entry()];
            assert_eq!(verdict(&verifier, &entries, &scoped(scope)), Code::Verified);
        }
    }
}

#[test]
fn the_refusal_names_the_record_that_refuses() {
    let (_, record) = without_issuer_first().remove(0);
    let entries = [chained().entry(), flagged(&record, true), flagged(&chained().entry(), true)];
    let rejection = refusal(&entries, &policy());
    assert_eq!((rejection.code(), rejection.entry()), (Code::RevokedSignature, Some(1)));
    let report = chained().verifier().examine(&NAME.parse().unwrap(), &entries, &policy());
    assert_eq!(report.reason(), Some(rejection.reason()));
    assert_eq!(report.entry(), Some(0), "the checks are those of a candidate");
}

#[test]
fn under_scope_entry_a_copy_of_a_revoked_signature_does_not_count() {
    let (scene, policy) = (chained(), scoped(RevocationScope::Entry));
    let verifier = scene.verifier();
    let [leaf, ca] = scene.certificates().try_into().unwrap();
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    let respelt = stored(&respelt_signature(&signature), vec![leaf.clone(), ca.clone()]);
    assert_eq!(verdict(&verifier, std::slice::from_ref(&respelt), &policy), Code::Verified);
    let damaged = [&leaf[..], &[0]].concat();
    let [others_leaf, _] = another().certificates().try_into().unwrap();
    let mut chains: Vec<(&str, Vec<Vec<u8>>)> = vec![
        ("as it should be", vec![leaf.clone(), ca.clone()]),
        ("a damaged leaf", vec![damaged, ca.clone()]),
        ("junk", vec![b"junk".to_vec()]),
        ("junk in front", vec![b"junk".to_vec(), leaf.clone()]),
        ("another leaf in front", vec![others_leaf, leaf.clone(), ca]),
    ];
    let records = without_issuer_first();
    chains.extend(records.iter().map(|(how, record)| (*how, record.certificates().to_vec())));
    for (how, chain) in chains {
        let revoked = flagged(&stored(&signature, chain), true);
        for copy in [scene.entry(), respelt.clone()] {
            let refused = verdict(&verifier, &[revoked.clone(), copy], &policy);
            assert_eq!(refused, Code::RevokedSignature, "{how}");
        }
    }
    // A signature of the same key that is not the revoked one, where the key can be told.
    let renewed = flagged(&stored(b"another signature", vec![leaf]), true);
    assert_eq!(verdict(&verifier, &[renewed, scene.entry()], &policy), Code::RevokedSignature);
    let untold = flagged(&stored(b"another signature", vec![b"junk".to_vec()]), true);
    assert_eq!(verdict(&verifier, &[untold, scene.entry()], &policy), Code::Verified);
    // No signature is not a signature that two entries share.
    let unsigned = stored(b"", scene.certificates());
    let revoked = flagged(&stored(b"", vec![b"junk".to_vec()]), true);
    assert_eq!(verdict(&verifier, &[revoked, unsigned], &policy), Code::CorruptedSignature);
}

fn named(artifact_name: &str, entry: &Entry) -> Entry {
    let certificates = entry.certificates().to_vec();
    Entry::new(NAMESPACE, artifact_name, entry.signature(), certificates, entry.timestamp(), false).unwrap()
}

#[test]
fn under_scope_digest_what_is_withdrawn_under_any_name_refuses() {
    let (verifier, good) = (chained().verifier(), chained().entry());
    let digest = NAME.rsplit_once(':').unwrap().1;
    let mut gitlab = chained();
    gitlab.leaf = gitlab.leaf.with(claim(8, "https://gitlab.com"));
    let records = [
        ("a mirror", named(&NAME.replace("registry", "mirror"), &good)),
        ("another issuer's", named(&NAME.replace("registry", "mirror"), &gitlab.entry())),
        ("another issuer's of the name", gitlab.entry()),
        ("unreadable", stored(b"", vec![b"junk".to_vec()])),
        ("unreadable of a mirror", named(&NAME.replace("image", "x"), &stored(b"", vec![b"junk".to_vec()]))),
        ("in capitals", named(&NAME.to_uppercase(), &good)),
        ("a tag beside the digest", named(&NAME.replace('@', ":1@"), &good)),
        ("the digest alone", named(&format!("sha256:{digest}"), &good)),
        ("something after the digest", named(&format!("{NAME} "), &good)),
        ("another digest after it", named(&format!("{NAME}@sha512:00"), &good)),
        ("the chain in another order", without_issuer_first().remove(0).1),
    ];
    for (what, record) in &records {
        for (revoked, expected) in [(true, Code::RevokedSignature), (false, Code::Blocklisted)] {
            let withdrawn = flagged(record, revoked);
            let policy = scoped(RevocationScope::Digest);
            for entries in [vec![withdrawn.clone()], vec![good.clone(), withdrawn.clone()]] {
                assert_eq!(verdict(&verifier, &entries, &policy), expected, "{what}");
            }
        }
        let unflagged = [record.clone(), good.clone()];
        assert_eq!(
            verdict(&verifier, &unflagged, &scoped(RevocationScope::Digest)),
            Code::Verified,
            "{what}"
        );
    }
    let mirrored = [flagged(&records[0].1, true), good.clone()];
    assert_eq!(verdict(&verifier, &mirrored, &policy()), Code::Verified, "the default is the name's");
    let rejection = refusal(&mirrored, &scoped(RevocationScope::Digest));
    assert_eq!(rejection.entry(), Some(0));
    assert!(rejection.detail().contains("under the name \"mirror/image@sha256:"), "{rejection}");
    let rejection = refusal(&[flagged(&records[0].1, false)], &scoped(RevocationScope::Digest));
    assert!(rejection.detail().contains("under the name \"mirror/image@sha256:"), "{rejection}");
}

#[test]
fn under_scope_digest_other_digests_and_tenants_do_not_matter() {
    let (verifier, good) = (chained().verifier(), chained().entry());
    let other_tenant = |name: &str| {
        Entry::new("other-ns", name, good.signature(), good.certificates().to_vec(), at(8), true).unwrap()
    };
    let digest = NAME.rsplit_once(':').unwrap().1;
    let others = [
        flagged(&named(&NAME.replace("cec83", "cec84"), &good), true),
        flagged(&named(&format!("{NAME}0"), &good), true),
        flagged(&named(&format!("image@sha512:{digest}"), &good), true),
        flagged(&named(&format!("sha256-{digest}.sig@sha256:{}", "0".repeat(64)), &good), true),
        flagged(&named("", &good), false),
        other_tenant(NAME),
        other_tenant(&NAME.replace("registry", "mirror")),
        named(&NAME.replace("registry", "mirror"), &good),
    ];
    let policy = scoped(RevocationScope::Digest);
    for other in &others {
        let beside = [other.clone(), good.clone()];
        assert_eq!(verdict(&verifier, &beside, &policy), Code::Verified, "{}", other.artifact_name());
        assert_eq!(verdict(&verifier, std::slice::from_ref(other), &policy), Code::NoSignature);
    }
}

#[test]
fn no_signature_tells_what_is_there_instead() {
    let good = chained().entry();
    let of_issuer = |issuer: &str| {
        let mut scene = chained();
        scene.leaf = scene.leaf.with(claim(8, issuer));
        scene.entry()
    };
    let told = |entries: &[Entry]| {
        let rejection = refusal(entries, &policy());
        assert_eq!(rejection.code(), Code::NoSignature);
        (rejection.detail(), rejection.remedy())
    };
    let (detail, remedy) = told(&[]);
    assert_eq!(detail, "no entries were given");
    assert!(remedy.starts_with("give the entries"), "{remedy}");

    let (detail, remedy) = told(&[of_issuer(&format!("{ISSUER}/")), of_issuer("https://a\n\u{202e}")]);
    let issuers = r#"the policy wants the issuer "https://token.actions.githubusercontent.com", those found are for "https://token.actions.githubusercontent.com/", "https://a\n\u{202e}""#;
    assert!(detail.ends_with(issuers), "{detail}");
    assert!(remedy.contains("a slash at its end"), "{remedy}");
    let many: Vec<Entry> = (0..9).map(|number| of_issuer(&format!("https://{number}"))).collect();
    let (detail, _) = told(&[many.clone(), many].concat());
    assert!(detail.ends_with(r#"for "https://0", "https://1", "https://2""#), "{detail}");
    let (detail, _) = told(&[of_issuer(&"x".repeat(10_000))]);
    assert!(detail.len() < 800 && detail.contains("xxx"), "{detail}");

    for (how, record) in without_issuer_first() {
        let (detail, remedy) = told(&[record]);
        assert!(detail.contains("first certificate names no issuer: 1"), "{how}: {detail}");
        assert_eq!(detail.contains("is an authority's"), !how.contains("a leaf"), "{how}: {detail}");
        assert!(remedy.contains("first in the record") || remedy.contains("certificate first"), "{remedy}");
        assert!(!remedy.contains("was not signed"), "{remedy}");
    }

    let (detail, remedy) =
        told(&[named(&NAME.replace("cec83", "cec84"), &good), named(&NAME.replace("image", "x"), &good)]);
    assert!(detail.contains("same name with another digest: 1; of the same digest with another name: 1"));
    assert!(remedy.starts_with("ask for the digest"), "{remedy}");
    let (detail, remedy) = told(&[named(&NAME.replace("registry", "mirror"), &good)]);
    assert!(detail.ends_with("; of the same digest with another name: 1"), "{detail}");
    assert!(remedy.starts_with("ask for the name"), "{remedy}");
    let (detail, remedy) = told(&[named("something/else", &good)]);
    assert!(detail.ends_with("issuer: 0)"), "{detail}");
    assert!(remedy.starts_with("check the artifact's digest"), "{remedy}");

    let elsewhere = Policy::new("exmaple-ns", ISSUER).unwrap();
    let rejection = refusal(&[good], &elsewhere);
    assert!(rejection.detail().ends_with("found in the namespace \"example-ns\""), "{rejection}");
    assert!(rejection.remedy().starts_with("check the policy's namespace"), "{rejection}");
}

#[test]
fn a_policys_json_has_every_scope() {
    for (scope, name) in RevocationScope::ALL.iter().zip(["artifact", "entry", "digest"]) {
        assert_eq!((scope.name(), RevocationScope::from_name(name)), (name, Some(*scope)));
        let policy = scoped(*scope);
        let json = serde_json::to_string(&policy).unwrap();
        let is_written = json.contains(&format!(r#""revocation_scope":"{name}""#));
        assert_eq!(is_written, *scope != RevocationScope::default(), "{json}");
        assert_eq!(Policy::from_json(json).unwrap(), policy);
    }
    for other in ["Digest", "digests", "", "name"] {
        assert_eq!(RevocationScope::from_name(other), None);
        let json =
            format!(r#"{{"namespace": "n", "certificate_oidc_issuer": "i", "revocation_scope": "{other}"}}"#);
        let refused = Policy::from_json(json).unwrap_err();
        assert_eq!(refused.code(), Code::MalformedPolicy);
        assert!(refused.to_string().contains(r#""artifact", "entry" and "digest""#), "{refused}");
    }
}

#[test]
fn a_long_item_or_glob_keeps_its_reason() {
    let long = "x".repeat(5_000);
    let refused = policy().block(&long).unwrap_err().to_string();
    assert!(refused.contains("is neither an artifact name") && refused.len() < 500, "{refused}");
    let refused = countermark::Match::glob(format!("{long}/**/x")).unwrap_err().to_string();
    assert!(refused.contains("use `*` within a segment") && refused.len() < 500, "{refused}");
}
