//! How much work hostile input makes, counted in signature checks and not by the clock.

mod common;

use common::certificates::*;
use common::tokens::authority;
use countermark::limits::*;
use countermark::path_validation::signature_checks;
use countermark::{
    Artifact, Bundle, BundlePolicy, Code, Digest, Entry, Evidence, HashAlgorithm, Match, Policy,
    TrustAnchors, TrustedRoot, Verifier, entries_from_json,
};

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

/// Authorities of the anchor's name, each certified by the next, and none by the anchor.
fn ladder(serial: i64) -> Scene {
    ladder_of(serial, &(0..16).map(|index| Key::p256(150 + index)).collect::<Vec<_>>())
}

fn ladder_of(serial: i64, keys: &[Key]) -> Scene {
    let mut scene = scene().issued_by("root", &keys[0]);
    scene.leaf.not_before -= serial % 100;
    for pair in keys.windows(2) {
        scene.others.push(small_authority(&pair[0], serial).sign(&pair[1]));
    }
    scene.timestamp = at(100);
    scene
}

/// A ladder of no name below a key that the anchor certified, so that each signature is tried with every key that is
/// certified already.
fn ladder_below_a_certified_key(serial: i64, form: &[Extension]) -> Scene {
    let certified = Key::p256(149);
    let keys: Vec<Key> = (0..10).map(|index| Key::p256(150 + index)).collect();
    let authority = |key: &Key, issuer: Vec<u8>| Certificate {
        issuer,
        subject: name(""),
        extensions: form.to_vec(),
        ..small_authority(key, serial)
    };
    let mut scene = scene().issued_by("", &Key::p256(99));
    scene.leaf.not_before -= serial % 100;
    let mut issuer = &certified;
    for key in &keys {
        scene.others.push(authority(key, name("")).sign(issuer));
        issuer = key;
    }
    scene.others.push(authority(&certified, name("root")).sign(&scene.root_key));
    scene.timestamp = at(100);
    scene
}

/// A signer keeps the key that an authority certified for a leaf.
fn ladder_of_a_signer(serial: i64) -> Scene {
    ladder_below_a_certified_key(serial, &[])
}

/// Somebody holds the key of an authority below the anchor: the worst that is known for its size.
fn ladder_of_an_authority(serial: i64) -> Scene {
    ladder_below_a_certified_key(serial, &[basic_constraints(true, None), key_usage(KEY_CERT_SIGN)])
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
        assert_eq!(judge(&verifier, &[scene.entry()]), (Code::UnknownCa, 1));
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
    assert_eq!(checks(&[&good, &bad, &good]), (vec![true, false, true], 3 + 1 + 2), "by its exact bytes");
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
    let root = Key::p256(1);
    let names: Vec<String> = (0..16).map(|index| format!("ca {index}")).collect();
    let bringing = |others: Vec<Vec<u8>>, issuer: &str| {
        judge_scene(&scene().issued_by(issuer, &keys[0]).bringing(others))
    };

    // Whatever leads to no anchor by its names costs nothing: many authorities of one name,
    let same_name = keys.iter().map(|key| authority("ca", key, "ca").sign(&keys[14])).collect();
    assert_eq!(bringing(same_name, "ca"), (Code::UnknownCa, 0));
    // one key in many certificates,
    let same_key = (0..15)
        .map(|serial| {
            let ca = authority("ca", &keys[0], "ca");
            Certificate { not_after: ca.not_after + serial, ..ca }.sign(&keys[1])
        })
        .collect();
    assert_eq!(bringing(same_key, "ca"), (Code::UnknownCa, 0));
    // a long chain,
    let long = (0..15).map(|at| authority(&names[at], &keys[at], &names[at + 1]).sign(&keys[(at + 1) % 15]));
    assert_eq!(bringing(long.collect(), &names[0]), (Code::UnknownCa, 0));
    // a circle,
    let circle = (0..15).map(|at| {
        let next = (at + 1) % 15;
        authority(&names[at % 3], &keys[at % 3], &names[next % 3]).sign(&keys[next % 3])
    });
    assert_eq!(bringing(circle.collect(), &names[0]), (Code::UnknownCa, 0));
    // and a mesh, every one of four authorities cross-signed by every one.
    let mesh: Vec<Vec<u8>> = keys[..4]
        .iter()
        .flat_map(|key| keys[..4].iter().map(|by| authority("ca", key, "ca").sign(by)))
        .collect();
    assert_eq!(bringing(mesh[1..].to_vec(), "ca"), (Code::UnknownCa, 0));

    // What names the anchor is checked under its key, once.
    assert_eq!(judge_scene(&ladder(0)), (Code::UnknownCa, MAX_CERTIFICATES));
    // A chain that is longer than allowed: all of its signatures, from the anchor downwards.
    let long = |count: usize| {
        let mut issuers: Vec<(&str, &Key)> = vec![("root", &root)];
        issuers.extend(names.iter().map(String::as_str).zip(&keys).take(count));
        let certify = |pair: &[(&str, &Key)]| authority(pair[1].0, pair[1].1, pair[0].0).sign(pair[0].1);
        let others: Vec<Vec<u8>> = issuers.windows(2).map(certify).collect();
        let (name, key) = issuers.last().unwrap();
        judge_scene(&scene().issued_by(name, key).bringing(others))
    };
    assert_eq!(long(MAX_PATH_AUTHORITIES), (Code::Verified, MAX_PATH_AUTHORITIES + 2));
    assert_eq!(long(MAX_PATH_AUTHORITIES + 1), (Code::PathTooComplex, MAX_PATH_AUTHORITIES + 2));

    // With a key that is certified there is more to try: little, if it is no authority's.
    let of_a_signer = judge_scene(&ladder_of_a_signer(0));
    assert_eq!(of_a_signer, (Code::PathTooComplex, 1 + MAX_UNFIT_SIGNATURE_CHECKS));
    let (code, checks) = judge_scene(&ladder_of_an_authority(0));
    assert!(code != Code::Verified && (50..=MAX_SIGNATURE_CHECKS).contains(&checks), "{code} {checks}");
}

/// Six kilobytes with which the first release kept a verifier busy for 64 checks on P-384.
#[test]
fn nobody_makes_work_with_keys_that_no_trusted_key_has_certified() {
    let keys: Vec<Key> = (0..16).map(|index| Key::p384(1 + index)).collect();
    let size = |scene: &Scene| serde_json::to_string(&scene.entry()).unwrap().len();
    let by_its_name = ladder_of(0, &keys);
    assert!((6_000..9_000).contains(&size(&by_its_name)), "{}", size(&by_its_name));
    // Each once, under the anchor's key.
    assert_eq!(judge_scene(&by_its_name), (Code::UnknownCa, MAX_CERTIFICATES));
    // Under another name not even that, whether or not one of them leads on to the anchor by its name.
    for (of_last, expected) in [("elsewhere", 0), ("root", 1)] {
        let mut scene = scene().issued_by("elsewhere", &keys[0]);
        for pair in keys.windows(2) {
            scene.others.push(Certificate::authority("elsewhere", &pair[0], "elsewhere").sign(&pair[1]));
        }
        *scene.others.last_mut().unwrap() =
            Certificate::authority("elsewhere", &keys[14], of_last).sign(&keys[15]);
        assert_eq!(judge_scene(&scene), (Code::UnknownCa, expected), "{of_last}");
    }
}

/// `examine` makes every check that still makes sense: also that of the artifact's signature, under a key that nobody
/// certified. It is one for each candidate.
#[test]
fn a_report_costs_one_check_more_for_a_chain_that_leads_nowhere() {
    let elsewhere = scene().issued_by("elsewhere", &Key::p256(9));
    let before = signature_checks();
    let name = NAME.parse().unwrap();
    let report = elsewhere.verifier().examine(&name, [&elsewhere.entry(), &elsewhere.entry()], &policy());
    assert_eq!((report.verdict(), signature_checks() - before), (Code::UnknownCa, 2));
    assert_eq!(judge_scene(&elsewhere), (Code::UnknownCa, 0));
}

/// A key by a number that may be large.
fn numbered_key(number: u16) -> Key {
    let mut scalar = [3; 32];
    scalar[30..].copy_from_slice(&number.to_be_bytes());
    Key::P256(p256::ecdsa::SigningKey::from_slice(&scalar).unwrap())
}

/// A verifier that knows a thousand authorities of one name, and an entry that brings fourteen of it and, last, the one
/// that issued its leaf.
#[test]
fn an_honest_chain_is_found_beside_very_many_authorities_of_its_name() {
    const KNOWN: u16 = 1_000;
    let (honest, root) = (Key::p256(3), Key::p256(1));
    let keys: Vec<Key> = (0..KNOWN).map(numbered_key).collect();
    let unsigned = Key::Other(vec![]);
    let known = |issuer: &str, by: &Key| -> Vec<Vec<u8>> {
        keys.iter().map(|key| Certificate::authority("ca", key, issuer).sign(by)).collect()
    };
    for (what, known, issuer_of_junk) in [
        ("that lead nowhere", known("elsewhere", &unsigned), "ca"),
        ("of a circle", known("ca", &unsigned), "ca"),
        ("that the root did not sign", known("root", &unsigned), "ca"),
        ("that the root signed", known("root", &root), "ca"),
        ("and junk that names the root", known("ca", &unsigned), "root"),
    ] {
        let scene = scene().issued_by("ca", &honest);
        let junk = (0..14).map(|index| {
            Certificate::authority("ca", &Key::p256(200 + index), issuer_of_junk).sign(&unsigned)
        });
        let last = Certificate::authority("ca", &honest, "root").sign(&root);
        let verifier = Verifier::builder(scene.anchors()).intermediates_from_der(known).unwrap().build();
        let entry = scene.bringing(junk.chain([last])).entry();
        for _ in 0..2 {
            let (code, checks) = judge(&verifier, std::slice::from_ref(&entry));
            assert_eq!(code, Code::Verified, "{what}");
            assert!(checks <= 2 * MAX_SIGNATURE_CHECKS, "{what}: {checks}");
        }
        let (_, checks) = judge(&verifier, std::slice::from_ref(&entry));
        assert!(checks <= MAX_SIGNATURE_CHECKS + 1, "{what}: {checks}");
    }
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
    // A record of so many authorities, where no two authorities of the verifier have one name: without a key that is
    // certified each certificate is checked once, and the artifact's signature once more; with one that is no
    // authority's, a few more; with an authority's, each pair.
    let per_mib = |checks: &dyn Fn(usize) -> usize| {
        let of = |authorities| {
            MIB / (512 + 200 * authorities) * (checks(authorities).min(MAX_SIGNATURE_CHECKS) + 1)
        };
        (0..MAX_CERTIFICATES).map(of).max().unwrap()
    };
    assert!(per_mib(&|authorities| authorities + 1) < 5_300);
    let pairs = |authorities: usize| (authorities + 1) * (authorities + 1);
    let of_a_signer = |authorities: usize| authorities + 1 + MAX_UNFIT_SIGNATURE_CHECKS;
    assert!(per_mib(&|authorities| pairs(authorities).min(of_a_signer(authorities))) < 18_000);
    assert!(per_mib(&pairs) < 36_000);

    // The worst that are known, on a sixteenth of a MiB.
    let verifier = scene().verifier();
    for (scene_of, expected) in [
        (ladder as fn(i64) -> Scene, 1_500..3_500),
        (ladder_of_a_signer, 2_500..4_500),
        (ladder_of_an_authority, 8_000..13_000),
    ] {
        let mut json = String::new();
        for serial in 0.. {
            let line = serde_json::to_string(&scene_of(serial).entry()).unwrap() + "\n";
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
        assert!(expected.contains(&(checks * 16)), "{checks}");
    }
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

#[test]
fn a_signed_timestamp_costs_one_check_and_one_of_no_trusted_signer_none() {
    let (scene, tsa) = (scene(), authority());
    let builder = Verifier::builder(scene.anchors());
    let verifier = builder.timestamp_authority(tsa.trusted()).unwrap().build();
    let plain = judge(&verifier, &[scene.entry()]).1;
    let more = |tokens: Vec<Vec<u8>>| {
        let evidence = tokens.iter().map(|token| Evidence::rfc3161(token)).collect();
        let (code, checks) = judge(&verifier, &[scene.entry().with_evidence(evidence).unwrap()]);
        assert_eq!(code, Code::Verified);
        checks - plain
    };
    let token = || tsa.token(scene.entry().signature());
    let good = token().sign(&tsa.key);
    assert_eq!(more(vec![good.clone()]), 2, "the signer's certificate, once in the verifier's life");
    assert_eq!(more(vec![good.clone()]), 1);
    assert_eq!(more(vec![good; MAX_EVIDENCE]), 1, "the same again");

    let forged = |number: u8| token().sign_by(|_| vec![0x30, 0x06, 0x02, 0x01, number + 1, 0x02, 0x01, 0x01]);
    let smallest = serde_json::to_string(&Evidence::rfc3161(&forged(0))).unwrap().len();
    assert!(smallest > 400, "{smallest}");
    let all = || (0..64).map(forged).collect::<Vec<_>>();
    assert_eq!(more(all()), 64);

    let of_another = (0..64).map(|number| tsa.token(&[number]).sign(&tsa.key)).collect();
    assert_eq!(more(of_another), 0, "over something else");
    let unknown = (0..64).map(|number| {
        let mut token = token();
        token.signer_id = sequence(&[name("tsa root"), integer(&[number, 1])]);
        token.sign(&tsa.key)
    });
    assert_eq!(more(unknown.collect()), 0, "of nobody");
    let outside = (0..64).map(|number| {
        let mut token = token();
        token.time = common::tokens::time_text(501 + number);
        token.sign(&tsa.key)
    });
    assert_eq!(more(outside.collect()), 0, "outside the period");
}

/// The signature checks that a published bundle of the project's test data costs a verifier that has seen one before.
fn checks_of_bundle(name: &str, root: &str, sha256: &str, counts: [u32; 3]) -> usize {
    let root = common::read(&format!("sigstore/roots/{root}.json"));
    let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(root).unwrap());
    let bundle = common::read(&format!("sigstore/bundles/{name}.sigstore.json"));
    let bundle = Bundle::from_json(bundle).unwrap();
    let artifact = Artifact::from(Digest::from_hex(HashAlgorithm::Sha256, sha256).unwrap());
    let claims = countermark::Claims::of_certificate(bundle.certificate().unwrap()).unwrap();
    let policy = match claims.get(&countermark::Claim::CertificateOidcIssuer) {
        Some(issuer) => BundlePolicy::any_signer_of_issuer(issuer).unwrap(),
        None => BundlePolicy::any_signer_without_issuer(),
    };
    let [log_entries, times, certificate_timestamps] = counts;
    let policy = policy
        .with_max_certificate_lifetime_seconds(366 * 86_400)
        .and_then(|policy| policy.with_log_entries(log_entries)?.with_signed_times(times))
        .and_then(|policy| policy.with_certificate_timestamps(certificate_timestamps))
        .unwrap();
    assert!(verifier.verify_bundle(&artifact, &bundle, &policy).is_ok());
    let before = signature_checks();
    assert!(verifier.verify_bundle(&artifact, &bundle, &policy).is_ok());
    signature_checks() - before
}

#[test]
fn a_bundle_costs_one_check_for_each_that_signed() {
    let message = "5e6ae9de58c1177bea615b4fcbfb2fd688e8c4b51c2e56b6a38e817833ec24a2";
    let checks = checks_of_bundle("sigstore-bundle/v0.3-staging", "81f5af77-staging", message, [1; 3]);
    assert_eq!(checks, 5, "the leaf, its certificate's log, the message, the promise and the checkpoint");
    let package = "54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f";
    let checks = checks_of_bundle("sigstore-verify/conda-dsse", "6494e21e-public-good", package, [1; 3]);
    assert_eq!(checks, 5, "the same for an envelope");
    let message = "15f67246115921bb7c1de0e7e9e9275c8016dc254a0c009888944b7ed3644aaa";
    let checks = checks_of_bundle("sigstore-verify/python-rekor-v2", "81f5af77-staging", message, [1; 3]);
    assert_eq!(checks, 5, "a timestamp authority in place of the promise");
    // Its six authorities have one name, and only one of them is of the time.
    let release = "76f1fe8593bf227cca2c089e3c16dc95014a8d3e89c5dd220530469ca043c428";
    let checks = checks_of_bundle("sigstore-verify/github-release", "484cdfe1-github", release, [0, 1, 0]);
    assert_eq!(checks, 3, "the leaf, the envelope and the timestamp authority");
}
