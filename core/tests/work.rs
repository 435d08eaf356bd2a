//! How much work hostile input makes, counted in signature checks and not by the clock.

mod common;

use common::certificates::*;
use countermark::limits::*;
use countermark::path_validation::signature_checks;
use countermark::{Code, Entry, Match, Policy, TrustAnchors, Verifier, entries_from_json};

/// The code for the entries, and how many signatures were checked on the way.
fn judge(verifier: &Verifier, entries: &[Entry]) -> (Code, usize) {
    judge_under(verifier, entries, &policy())
}

fn judge_under(verifier: &Verifier, entries: &[Entry], policy: &Policy) -> (Code, usize) {
    let name = NAME.parse().unwrap();
    let before = signature_checks();
    let result = verifier.verify(&name, entries, policy);
    let checks = signature_checks() - before;
    let code = result.map_or_else(|rejection| rejection.code(), |_| Code::Verified);
    (code, checks)
}

fn judge_scene(scene: &Scene) -> (Code, usize) {
    judge(&scene.verifier(), &[scene.entry()])
}

/// An authority that makes no demands, so that its certificate is small.
fn small_authority(key: &Key, serial: i64) -> Certificate {
    let authority = Certificate::authority("root", key, "root");
    Certificate { extensions: vec![], not_after: NOT_BEFORE + 1_000_000 + serial, ..authority }
}

/// The worst entry for its size that is known: authorities of the anchor's name, each certified by the next, so
/// that each signature is tried with every key that is left.
fn ladder(serial: i64) -> Scene {
    let keys: Vec<Key> = (0..11).map(|index| Key::p256(150 + index)).collect();
    let mut scene = scene().issued_by("root", &keys[0]);
    scene.leaf.not_before -= serial % 100;
    for pair in keys.windows(2) {
        scene.others.push(small_authority(&pair[0], serial).sign(&pair[1]));
    }
    scene.timestamp = at(100);
    scene
}

#[test]
fn an_honest_entry_costs_one_check_for_each_certificate_and_one_for_the_signature() {
    assert_eq!(judge_scene(&scene()), (Code::Verified, 2));
    let key = Key::p256(3);
    let ca = Certificate::authority("ca", &key, "root").sign(&Key::p256(1));
    let root = scene().root.sign(&Key::p256(1));
    let scene = scene().issued_by("ca", &key).bringing([root, ca]);
    assert_eq!(judge_scene(&scene), (Code::Verified, 3));
}

#[test]
fn a_known_intermediates_own_signature_is_checked_once_per_verifier() {
    let key = Key::p256(3);
    let ca = Certificate::authority("ca", &key, "root");
    let scene = scene().issued_by("ca", &key);
    let known =
        |ca: Vec<u8>| Verifier::builder(scene.anchors()).intermediates_from_der([ca]).unwrap().build();
    let verifier = known(ca.sign(&scene.root_key));
    assert_eq!(judge(&verifier, &[scene.entry()]), (Code::Verified, 3));
    assert_eq!(judge(&verifier, &[scene.entry()]), (Code::Verified, 2));
    // Also where the entry brings the same certificate.
    let bringing = Scene { others: vec![ca.sign(&scene.root_key)], ..self::scene().issued_by("ca", &key) };
    assert_eq!(judge(&verifier, &[bringing.entry()]), (Code::Verified, 2));
    // Its time is judged for every entry nevertheless.
    let expired = Certificate { not_after: NOT_BEFORE + 10, ..ca.clone() };
    let verifier = known(expired.sign(&scene.root_key));
    assert_eq!(judge(&verifier, &[scene.entry()]), (Code::Verified, 3));
    let late = Scene { timestamp: at(20), ..self::scene().issued_by("ca", &key) };
    assert_eq!(judge(&verifier, &[late.entry()]), (Code::TimeMismatch, 1));
    // Another anchor of the root's name costs a check, but only until it is known which of them signed.
    let others =
        [Key::p256(30), Key::p256(31)].map(|key| Certificate::authority("root", &key, "root").sign(&key));
    let anchors = [others.to_vec(), vec![scene.root.sign(&scene.root_key)]].concat();
    let builder = Verifier::builder(TrustAnchors::from_der(anchors).unwrap());
    let verifier = builder.intermediates_from_der([ca.sign(&scene.root_key)]).unwrap().build();
    assert_eq!(judge(&verifier, &[scene.entry()]), (Code::Verified, 5));
    assert_eq!(judge(&verifier, &[scene.entry()]), (Code::Verified, 2));
    // A signature that fails is never remembered as anything.
    let verifier = known(ca.sign(&Key::p256(9)));
    for _ in 0..3 {
        assert_eq!(judge(&verifier, &[scene.entry()]), (Code::UnknownCa, 2));
    }
}

#[test]
fn a_supplied_intermediates_own_signature_is_checked_once_per_call() {
    let key = Key::p256(3);
    let ca = Certificate::authority("ca", &key, "root");
    let bringing = |ca: Vec<u8>| scene().issued_by("ca", &key).bringing([ca]).entry();
    let (good, bad) = (bringing(ca.sign(&Key::p256(1))), bringing(ca.sign(&Key::p256(9))));
    let (verifier, name, policy) = (scene().verifier(), NAME.parse().unwrap(), policy());
    // Few enough for one thread, which is the one that counts.
    let checks = |entries: &[&Entry]| {
        let requests: Vec<_> = entries
            .iter()
            .map(|entry| countermark::Request::new(&name, std::slice::from_ref(entry), &policy))
            .collect();
        let before = signature_checks();
        let codes: Vec<bool> = verifier.verify_many(&requests).iter().map(Result::is_ok).collect();
        (codes, signature_checks() - before)
    };
    assert_eq!(checks(&[&good; 10]), (vec![true; 10], 3 + 9 * 2));
    assert_eq!(checks(&[&good]), (vec![true], 3), "not beyond the call");
    assert_eq!(checks(&[&good, &bad, &good]), (vec![true, false, true], 3 + 2 + 2), "by its exact bytes");
}

#[test]
fn what_another_rule_refuses_costs_nothing() {
    let entry = scene().entry();
    let verifier = scene().verifier();
    let elsewhere = Policy::new("elsewhere", ISSUER).unwrap();
    assert_eq!(judge_under(&verifier, std::slice::from_ref(&entry), &elsewhere), (Code::NoSignature, 0));
    let other_issuer = Policy::new(NAMESPACE, "https://gitlab.com").unwrap();
    assert_eq!(judge_under(&verifier, std::slice::from_ref(&entry), &other_issuer), (Code::NoSignature, 0));
    let flagged = entry.with_blocklisted(true);
    assert_eq!(judge(&verifier, &[flagged]), (Code::Blocklisted, 0));
}

#[test]
fn no_chain_of_one_entry_costs_more_than_its_budget() {
    let keys: Vec<Key> = (0..15).map(|index| Key::p256(150 + index)).collect();
    let authority = |subject: &str, key: &Key, issuer: &str| Certificate::authority(subject, key, issuer);
    let names: Vec<String> = (0..16).map(|index| format!("ca {index}")).collect();
    let bringing = |others: Vec<Vec<u8>>, issuer: &str| {
        judge_scene(&scene().issued_by(issuer, &keys[0]).bringing(others))
    };

    // Many authorities of one name.
    let same_name = keys.iter().map(|key| authority("ca", key, "ca").sign(&keys[14])).collect();
    let (code, checks) = bringing(same_name, "ca");
    assert!(code == Code::UnknownCa && checks <= MAX_SIGNATURE_CHECKS, "{code} {checks}");

    // One key in many certificates: every signature is checked once with every key.
    let same_key = (0..15)
        .map(|serial| {
            let ca = authority("ca", &keys[0], "ca");
            Certificate { not_after: ca.not_after + serial, ..ca }.sign(&keys[1])
        })
        .collect();
    assert_eq!(bringing(same_key, "ca"), (Code::UnknownCa, 1));

    // A chain that is longer than allowed.
    let long = (0..15).map(|at| authority(&names[at], &keys[at], &names[at + 1]).sign(&keys[(at + 1) % 15]));
    assert_eq!(bringing(long.collect(), &names[0]), (Code::PathTooComplex, MAX_PATH_AUTHORITIES + 1));

    // A circle.
    let circle = (0..15).map(|at| {
        let next = (at + 1) % 15;
        authority(&names[at % 3], &keys[at % 3], &names[next % 3]).sign(&keys[next % 3])
    });
    let (code, checks) = bringing(circle.collect(), &names[0]);
    assert!(code == Code::UnknownCa && checks <= 16, "{code} {checks}");

    // Cross-signed: every one of four authorities by every one.
    let mesh =
        keys[..4].iter().flat_map(|key| keys[..4].iter().map(|by| authority("ca", key, "ca").sign(by)));
    let (code, checks) = bringing(mesh.take(15).collect(), "ca");
    assert!(matches!(code, Code::UnknownCa | Code::PathTooComplex), "{code}");
    assert!(checks <= MAX_SIGNATURE_CHECKS, "{checks}");

    let (code, checks) = judge_scene(&ladder(0));
    assert!(code != Code::Verified && (60..=MAX_SIGNATURE_CHECKS).contains(&checks), "{code} {checks}");
}

/// The numbers that `limits` states.
#[test]
fn one_mib_of_records_costs_a_bounded_number_of_checks() {
    const MIB: usize = 1 << 20;
    // The smallest leaf that reaches rule 4: a compressed key, a raw issuer of one byte, the smallest signature.
    let point = |key: &Key| match key {
        Key::P256(key) => key.verifying_key().to_sec1_point(true).as_bytes().to_vec(),
        _ => unreachable!(),
    };
    let small = |extensions: Vec<Extension>| {
        let key = Key::p256(9);
        let certificate = Certificate {
            issuer: name(""),
            subject: name(""),
            public_key: ec_public_key_info("1.2.840.10045.3.1.7", &point(&key)),
            extensions,
            ..Certificate::leaf(&key, "")
        };
        // A key that cannot sign: then the smallest that is a signature in its form, r = s = 1.
        let der = certificate.sign(&Key::Other(vec![]));
        der.len() - 2 + sequence(&[integer(&[1]), integer(&[1])]).len()
    };
    let usages = vec![key_usage(DIGITAL_SIGNATURE), extended_key_usage(&[CODE_SIGNING]), claim(1, "i")];
    let pem_boundaries = "-----BEGIN CERTIFICATE-----\\n\\n-----END CERTIFICATE-----\\n".len();
    let in_json = |der: usize| der.div_ceil(3) * 4 + pem_boundaries;
    let around = r#"{"namespace":"n","artifact_name":"","signature":"","certificate":"","timestamp":"2024-03-22T11:25:48Z","revoked":false}"#;
    let name = "n@sha256:".len() + 64;
    let smallest_record = around.len() + name + in_json(small(usages));
    let smallest_authority = in_json(small(vec![]));
    assert!(smallest_record > 512 && smallest_authority > 200, "{smallest_record} {smallest_authority}");

    let checks_of_candidate = MAX_SIGNATURE_CHECKS + 1;
    assert!(MIB / 512 * checks_of_candidate <= 133_120);
    // A record of so many authorities, and one authority of each name that the verifier has.
    let checks_per_mib = |authorities: usize| {
        let pairs = (authorities + 1) * (authorities + 1);
        MIB / (512 + 200 * authorities) * (pairs.min(MAX_SIGNATURE_CHECKS) + 1)
    };
    assert!((0..MAX_CERTIFICATES).map(checks_per_mib).all(|checks| checks < 36_000));

    // The worst that is known, on a sixteenth of a MiB.
    let verifier = scene().verifier();
    let mut json = String::new();
    for serial in 0.. {
        let line = serde_json::to_string(&ladder(serial).entry()).unwrap() + "\n";
        if json.len() + line.len() > MIB / 16 {
            break;
        }
        json.push_str(&line);
    }
    let entries = entries_from_json(&json).unwrap();
    let (code, checks) = judge(&verifier, &entries);
    assert_ne!(code, Code::Verified);
    println!("{} records, {checks} checks, {} for each MiB", entries.len(), checks * 16);
    assert!(checks <= entries.len() * checks_of_candidate);
    assert!((10_000..13_000).contains(&(checks * 16)), "{checks}");
}

#[test]
fn newer_junk_does_not_starve_an_older_good_entry() {
    let verifier = scene().verifier();
    let good = Scene { timestamp: at(1), ..scene() };
    let mut entries: Vec<Entry> = (0..20).map(|serial| ladder(serial).entry()).collect();
    let (refused, of_junk) = judge(&verifier, &entries);
    assert_ne!(refused, Code::Verified);
    entries.push(good.entry());
    assert_eq!(judge(&verifier, &entries), (Code::Verified, of_junk + 2));
    // Nor does junk of other kinds: unreadable leaves, bad signatures, other tenants.
    let mut scene = Scene { timestamp: at(200), ..scene() };
    scene.leaf_issuer = Key::p256(99);
    let unreadable = Entry::new(NAMESPACE, NAME, [], vec![b"junk".to_vec()], at(299), false).unwrap();
    let elsewhere = Entry::new("elsewhere", NAME, [], vec![b"junk".to_vec()], at(299), true).unwrap();
    let mut entries = vec![unreadable; 10_000];
    entries.extend(vec![elsewhere; 10_000]);
    entries.extend(vec![scene.entry(); 100]);
    entries.push(good.entry());
    let (code, checks) = judge(&verifier, &entries);
    assert_eq!(code, Code::Verified);
    assert!(checks <= 102, "{checks}");
}

/// Were the work exponential in the number of stars, or quadratic in long texts by much, this would not end.
#[test]
fn globs_are_matched_without_backtracking() {
    let value = "a".repeat(40_000);
    let stars = "*a".repeat(MAX_CLAIM_VALUE_BYTES / 2 - 1);
    assert!(Match::glob(stars.clone()).unwrap().matches(&value));
    assert!(!Match::glob(format!("{stars}*b")).unwrap().matches(&value));
    let segments = "*/".repeat(4_000);
    assert!(!Match::glob(format!("{segments}b")).unwrap().matches(&"a/".repeat(4_000)));
    assert!(Match::glob(format!("{segments}**")).unwrap().matches(&"a/".repeat(20_000)));
}

#[test]
fn bundles_end_at_their_limits() {
    let block = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
    let refused = |pem: &str| Entry::certificates_from_pem(pem).unwrap_err().to_string();
    assert!(refused(&block.repeat(1_000)).contains("more than 16 certificates"));
    let text = "x\n".repeat(30_000);
    assert_eq!(Entry::certificates_from_pem(&format!("{text}{block}")).unwrap().len(), 1);
    assert!(refused(&format!("{block}{}", text.repeat(1_000))).contains("longer than"));
    assert!(refused(&format!("-----BEGIN CERTIFICATE-----\n{text}")).contains("has no"));
    assert!(refused(&"-----BEGIN CERTIFICATE-----\n".repeat(2_000)).contains("has no"));
    let anchors = |pem: &str| TrustAnchors::from_pem(pem).unwrap_err().code();
    assert_eq!(anchors(&"-----BEGIN CERTIFICATE-----\n".repeat(500_000)), Code::MalformedTrustAnchor);
    assert_eq!(anchors(&block.repeat(200_000)), Code::MalformedTrustAnchor);
    assert_eq!(anchors(&"x\n".repeat(8_000_000)), Code::MalformedTrustAnchor);
}
