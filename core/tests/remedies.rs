//! What a person is told to do fits the reason, not only the code.

mod common;

use common::certificates::*;
use countermark::{Claim, Code, Entry, Policy, Rejection, RevocationScope, Verifier};
use std::time::Duration;

fn refused(verifier: &Verifier, entries: &[Entry], policy: &Policy) -> Rejection {
    let rejection = verifier.verify(&NAME.parse().unwrap(), entries, policy).unwrap_err();
    // The report and the JSON say the same.
    let report = verifier.examine(&NAME.parse().unwrap(), entries, policy);
    assert!(report.to_string().ends_with(&format!("remedy: {}", rejection.remedy())), "{report}");
    let json = serde_json::to_string(&rejection).unwrap();
    assert!(json.contains(rejection.remedy()) && rejection.to_string().contains(rejection.remedy()));
    rejection
}

fn refusal(scene: &Scene) -> Rejection {
    refused(&scene.verifier(), &[scene.entry()], &policy())
}

fn below(change: impl FnOnce(Certificate) -> Certificate) -> Scene {
    let ca = Key::p256(3);
    let scene = scene();
    let certificate = change(Certificate::authority("ca", &ca, "root")).sign(&scene.root_key);
    scene.issued_by("ca", &ca).bringing([certificate])
}

#[test]
fn a_time_that_does_not_fit_is_whose_it_is() {
    let expired = refusal(&below(|ca| Certificate { not_after: NOT_BEFORE, ..ca }));
    assert_eq!(expired.code(), Code::TimeMismatch);
    assert!(expired.detail().contains("the authority CN=ca is valid"), "{expired}");
    assert!(expired.remedy().starts_with("the authority had expired"), "{expired}");
    let early = refusal(&below(|ca| Certificate { not_before: NOT_BEFORE + 9, ..ca }));
    assert!(early.remedy().starts_with("the authority was not valid yet"), "{early}");
    for authority in [&expired, &early] {
        assert!(!authority.remedy().contains("clock"), "{authority}");
    }
    let mut root = scene();
    root.root.not_after = NOT_BEFORE;
    assert_eq!(refusal(&root).remedy(), expired.remedy());

    let leaf = refusal(&Scene { timestamp: at(301), ..scene() });
    assert_eq!((leaf.code(), leaf.remedy()), (Code::TimeMismatch, Code::TimeMismatch.remedy()));
    let mut backwards = scene();
    backwards.leaf.not_after = NOT_BEFORE - 1;
    assert!(refusal(&backwards).remedy().starts_with("the certificate's validity ends before"));
}

#[test]
fn a_record_from_the_future_is_a_matter_of_two_clocks() {
    let (scene, name) = (scene(), NAME.parse().unwrap());
    let verifier = scene.verifier();
    let entries = [scene.entry()];
    let plain = verifier.at(at(7)).verify(&name, &entries, &policy()).unwrap_err();
    assert!(plain.remedy().ends_with("verify with a leeway"), "{plain}");
    let within = verifier.at(at(6)).with_leeway(Duration::from_secs(1));
    let leeway = within.verify(&name, &entries, &policy()).unwrap_err();
    assert!(leeway.detail().ends_with("and its leeway of 1s"), "{leeway}");
    assert!(leeway.remedy().ends_with("by more than the leeway"), "{leeway}");
}

#[test]
fn a_bad_certificate_is_the_signers_or_an_authoritys() {
    let sign_again = "have the artifact signed again";
    let mut leaf = scene();
    leaf.leaf = leaf.leaf.without("2.5.29.37");
    assert!(refusal(&leaf).remedy().starts_with(sign_again));
    let junk = Entry::new(NAMESPACE, NAME, [], vec![b"junk".to_vec()], at(8), false).unwrap();
    let unreadable = refused(&scene().verifier(), &[junk], &policy());
    assert!(unreadable.remedy().starts_with("check that the record was stored"), "{unreadable}");
    let mut authority = scene();
    authority.leaf = authority.leaf.with(basic_constraints(true, None));
    assert!(refusal(&authority).remedy().contains("stands first in the record"));

    let constrained = below(|ca| ca.with(name_constraints(&[], &[tlv(0xA4, &sequence(&[]))])));
    let constrained = Scene { leaf: Certificate { subject: name("x"), ..constrained.leaf }, ..constrained };
    assert!(refusal(&constrained).remedy().starts_with("the authority may not certify this name"));
    for bad in [
        below(|ca| ca.without("2.5.29.15")),
        below(|ca| ca.with(extended_key_usage(&["1.3.6.1.5.5.7.3.1"]))),
        below(|ca| ca.with(extension("1.2.3.4", true, vec![]))),
        below(|ca| ca.with(basic_constraints(false, None))),
    ] {
        let refusal = refusal(&bad);
        assert_eq!(refusal.code(), Code::BadCertificate);
        assert!(refusal.remedy().starts_with("correct the authority's own certificate"), "{refusal}");
        assert!(!refusal.remedy().contains(sign_again), "{refusal}");
    }
}

#[test]
fn what_is_withdrawn_is_withdrawn_by_somebody() {
    let scene = scene();
    let verifier = scene.verifier();
    let entry = |revoked: bool, blocklisted: bool| {
        let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, scene.certificates(), at(8), revoked);
        entry.unwrap().with_blocklisted(blocklisted)
    };
    let in_log = refused(&verifier, &[entry(false, true)], &policy());
    assert!(in_log.remedy().contains("flag taken off the log's entry"), "{in_log}");
    for item in [NAME, &NAME[NAME.len() - 71..]] {
        let listed = refused(&verifier, &[entry(false, false)], &policy().block(item).unwrap());
        assert!(listed.remedy().contains("take it off the policy's blocklist"), "{listed}");
    }
    let of_artifact = refused(&verifier, &[entry(true, false)], &policy());
    assert!(of_artifact.remedy().contains("revocation_scope to entry"), "{of_artifact}");
    let by_entry = policy().with_revocation_scope(RevocationScope::Entry);
    let of_entry = refused(&verifier, &[entry(true, false)], &by_entry);
    assert!(!of_entry.remedy().contains("revocation_scope"), "{of_entry}");
}

#[test]
fn a_lifetime_that_no_policy_may_allow() {
    let of = |lifetime| {
        let mut scene = scene();
        scene.leaf.not_after = NOT_BEFORE + lifetime;
        refusal(&scene)
    };
    assert!(of(86_400).remedy().contains("max_certificate_lifetime_seconds"));
    assert!(of(86_401).remedy().contains("no policy may allow more than a day"));
}

#[test]
fn a_provenance_of_no_claim_is_the_writers_fault() {
    let scene = scene();
    let recorded = |name: &str, value: &str| {
        let entry = scene.entry().with_provenance([(name, value)]).unwrap();
        refused(&scene.verifier(), &[entry], &policy())
    };
    assert!(recorded("source_repositry", "x").remedy().starts_with("correct what wrote the record"));
    assert_eq!(recorded("source_repository_ref", "x").remedy(), Code::ProvenanceMismatch.remedy());
    let wanting = policy().require(Claim::SourceRepository, "a/b").unwrap();
    let unmet = refused(&scene.verifier(), &[scene.entry()], &wanting);
    assert_eq!(unmet.remedy(), Code::ClaimsMismatch.remedy());
}

#[test]
fn distrust_is_told() {
    let scene = scene();
    let key = <sha2::Sha256 as sha2::Digest>::digest(scene.root_key.public_key_info());
    let verifier = Verifier::builder(scene.anchors()).distrust(key.into()).build();
    let distrusted = refused(&verifier, &[scene.entry()], &policy());
    assert!(distrusted.remedy().starts_with("if the distrust is meant"), "{distrusted}");
    let unknown = refusal(&common::certificates::scene().issued_by("elsewhere", &Key::p256(9)));
    assert_eq!(unknown.code(), Code::UnknownCa);
    assert!(!unknown.remedy().contains("distrust"), "{unknown}");
}
