//! For every code a test that produces it and one that just misses it. Those of bundles are in `bundle_rules.rs`.

mod common;

use common::certificates::*;
use countermark::{
    ArtifactName, Claim, Code, Entry, Match, Message, Policy, Reason, RevocationScope, SignatureAlgorithm,
    Timestamp, TrustAnchors, Verifier,
};

#[test]
fn the_table_is_complete_and_stable() {
    let stated = [
        (1, "verified"),
        (10, "no_signature"),
        (20, "blocklisted"),
        (30, "revoked_signature"),
        (40, "bad_certificate"),
        (41, "invalid_key_type"),
        (50, "unknown_ca"),
        (51, "path_too_complex"),
        (52, "no_certificate_timestamp"),
        (60, "lifetime_too_long"),
        (61, "time_mismatch"),
        (62, "unvouched_time"),
        (64, "not_logged"),
        (65, "untrusted_log"),
        (66, "invalid_log_proof"),
        (67, "log_entry_mismatch"),
        (70, "corrupted_signature"),
        (71, "invalid_signature"),
        (72, "artifact_mismatch"),
        (80, "provenance_mismatch"),
        (90, "claims_mismatch"),
        (91, "predicate_mismatch"),
        (100, "malformed_trust_anchor"),
        (101, "malformed_policy"),
        (102, "malformed_entry"),
        (103, "malformed_name"),
        (104, "malformed_message"),
        (105, "malformed_bundle"),
        (106, "malformed_trusted_root"),
        (110, "invalid_argument"),
        (111, "internal"),
    ];
    let table: Vec<(u8, &str)> = Code::ALL.iter().map(|code| (code.number(), code.name())).collect();
    assert_eq!(table, stated);
    for code in Code::ALL {
        assert_eq!(Code::from_number(code.number()), Some(*code));
        assert_eq!(Code::from_name(code.name()), Some(*code));
        for sentence in [code.cause(), code.remedy()] {
            assert!(sentence.starts_with(|first: char| first.is_lowercase()), "{sentence}");
            assert!(!sentence.ends_with('.'), "{sentence}");
        }
    }
    assert_eq!(Code::from_number(0), None);
}

#[test]
fn no_signature() {
    let scene = scene();
    let verifier = scene.verifier();
    assert_eq!(code(&verifier, &[], &policy()), "no_signature");
    assert_eq!(code(&verifier, &[scene.entry()], &Policy::new("other-ns", ISSUER).unwrap()), "no_signature");
    let issuer = Policy::new(NAMESPACE, "https://gitlab.com").unwrap();
    assert_eq!(code(&verifier, &[scene.entry()], &issuer), "no_signature");
    let other_name =
        Entry::new(NAMESPACE, NAME.replace("image", "imag"), [], scene.certificates(), at(8), false);
    assert_eq!(code(&verifier, &[other_name.unwrap()], &policy()), "no_signature");
    let upper = Entry::new(NAMESPACE, NAME.to_uppercase(), [], scene.certificates(), at(8), false).unwrap();
    assert_eq!(code(&verifier, &[upper], &policy()), "no_signature");
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
}

#[test]
fn a_leaf_without_issuer_does_not_match_and_an_unreadable_one_does() {
    let mut without = scene();
    without.leaf = without.leaf.without(&format!("{ARC}.8"));
    assert_eq!(without.code(), "no_signature");

    let mut raw_issuer = scene();
    raw_issuer.leaf = raw_issuer.leaf.without(&format!("{ARC}.8")).with(claim(1, ISSUER));
    assert_eq!(raw_issuer.code(), "verified");

    let unreadable = Entry::new(NAMESPACE, NAME, [], vec![b"junk".to_vec()], at(8), false).unwrap();
    let verifier = scene().verifier();
    assert_eq!(code(&verifier, std::slice::from_ref(&unreadable), &policy()), "bad_certificate");
    assert_eq!(code(&verifier, &[unreadable, scene().entry()], &policy()), "verified");
}

#[test]
fn blocklisted() {
    let scene = scene();
    let verifier = scene.verifier();
    let digest = &NAME[NAME.len() - 64..];
    for item in [NAME.to_string(), format!("sha256:{digest}")] {
        let blocking = policy().block(&item).unwrap();
        assert_eq!(code(&verifier, &[scene.entry()], &blocking), "blocklisted");
        assert_eq!(code(&verifier, &[], &blocking), "no_signature", "a match comes first");
    }
    for item in [NAME.replace("image", "imag"), format!("sha256:{}", digest.replace('c', "d"))] {
        assert_eq!(code(&verifier, &[scene.entry()], &policy().block(&item).unwrap()), "verified");
    }
    let flagged = scene.entry().with_blocklisted(true);
    assert_eq!(code(&verifier, &[flagged.clone(), scene.entry()], &policy()), "blocklisted");
    let of_another_tenant =
        Entry::new("other-ns", NAME, [], scene.certificates(), at(8), false).unwrap().with_blocklisted(true);
    assert_eq!(code(&verifier, &[of_another_tenant, scene.entry()], &policy()), "verified");
}

fn revoked(scene: &Scene) -> Entry {
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    Entry::new(NAMESPACE, NAME, signature, scene.certificates(), scene.timestamp, true).unwrap()
}

#[test]
fn revoked_signature() {
    let scene = scene();
    let verifier = scene.verifier();
    let by_entry = policy().with_revocation_scope(RevocationScope::Entry);
    assert_eq!(code(&verifier, &[revoked(&scene)], &policy()), "revoked_signature");
    assert_eq!(code(&verifier, &[revoked(&scene)], &by_entry), "revoked_signature");

    let key = Key::p256(33);
    let another =
        Scene { leaf: Certificate::leaf(&key, "root"), leaf_key: key, ..common::certificates::scene() };
    let both = [revoked(&scene), another.entry()];
    assert_eq!(code(&verifier, &both, &policy()), "revoked_signature");
    assert_eq!(code(&verifier, &both, &by_entry), "verified");

    // A copy with the flag cleared, and a new certificate for the same key in either encoding, are no new
    // signatures.
    let mut renewed = common::certificates::scene();
    renewed.leaf.not_after -= 1;
    let mut compressed = common::certificates::scene();
    let Key::P256(key) = &compressed.leaf_key else { unreachable!() };
    let point = key.verifying_key().to_sec1_point(true);
    compressed.leaf.public_key = ec_public_key_info("1.2.840.10045.3.1.7", point.as_bytes());
    assert_eq!(compressed.code(), "verified");
    for copy in [scene.entry(), renewed.entry(), compressed.entry()] {
        assert_eq!(code(&verifier, &[revoked(&scene), copy], &by_entry), "revoked_signature");
    }
}

#[test]
fn a_revoked_key_of_any_kind_does_not_count() {
    let by_entry = policy().with_revocation_scope(RevocationScope::Entry);
    let ed25519 = sequence(&[sequence(&[oid("1.3.101.112")]), tlv(3, &[0; 33])]);
    let short = ec_public_key_info("1.2.840.10045.3.1.7", &[4; 33]);
    for public_key in [Key::p384(2).public_key_info(), ed25519, short] {
        let mut scene = scene();
        scene.leaf.public_key = public_key;
        let both = [revoked(&scene), scene.entry()];
        assert_eq!(code(&scene.verifier(), &both, &by_entry), "revoked_signature");
        let with_another = [revoked(&common::certificates::scene()), scene.entry()];
        assert_ne!(code(&scene.verifier(), &with_another, &by_entry), "revoked_signature");
    }
}

#[test]
fn a_long_recorded_name_does_not_hide_the_rest_of_the_log() {
    let scene = scene();
    let long =
        Entry::new("x".repeat(2_000), "x".repeat(2_000), [], scene.certificates(), at(8), false).unwrap();
    assert_eq!(code(&scene.verifier(), &[long, scene.entry()], &policy()), "verified");
}

#[test]
fn revocations_of_others_do_not_matter() {
    let scene = scene();
    let of_another_tenant = Entry::new("other-ns", NAME, [], scene.certificates(), at(8), true).unwrap();
    let mut of_another_issuer = common::certificates::scene();
    of_another_issuer.leaf = of_another_issuer.leaf.with(claim(8, "https://gitlab.com"));
    let entries = [of_another_tenant, revoked(&of_another_issuer), scene.entry()];
    assert_eq!(code(&scene.verifier(), &entries, &policy()), "verified");
    // But one whose certificate cannot be read may be anybody's.
    let unreadable = Entry::new(NAMESPACE, NAME, [], vec![b"junk".to_vec()], at(8), true).unwrap();
    assert_eq!(code(&scene.verifier(), &[unreadable, scene.entry()], &policy()), "revoked_signature");
}

#[test]
fn bad_certificate() {
    let critical = |c: Certificate, oid: &str| c.with(extension(oid, true, vec![5, 0]));
    let uri = |text: &str| general_name(6, text.as_bytes());
    type Change = Box<dyn Fn(Certificate) -> Certificate>;
    let bad: Vec<(&str, Change)> = vec![
        ("version 1", Box::new(|c| Certificate { version: None, ..c })),
        ("version 2", Box::new(|c| Certificate { version: Some(1), ..c })),
        ("no key usage", Box::new(|c| c.without("2.5.29.15"))),
        ("another key usage", Box::new(|c| c.with(key_usage(0x40)))),
        (
            "key usage with trailing zeros",
            Box::new(|c| c.with(extension("2.5.29.15", true, vec![3, 2, 0, 0x80]))),
        ),
        (
            "key usage with unused bits set",
            Box::new(|c| c.with(extension("2.5.29.15", true, vec![3, 2, 7, 0xFF]))),
        ),
        ("no extended key usage", Box::new(|c| c.without("2.5.29.37"))),
        ("another purpose", Box::new(|c| c.with(extended_key_usage(&["1.3.6.1.5.5.7.3.1"])))),
        ("any purpose is not this one", Box::new(|c| c.with(extended_key_usage(&["2.5.29.37.0"])))),
        ("no purpose", Box::new(|c| c.with(extended_key_usage(&[])))),
        ("an authority", Box::new(|c| c.with(basic_constraints(true, None)))),
        ("a written default", Box::new(|c| c.with(extension("2.5.29.19", true, vec![0x30, 3, 1, 1, 0])))),
        ("an unknown critical extension", Box::new(move |c| critical(c, "1.2.3.4"))),
        (
            "critical name constraints",
            Box::new(|c| c.with(name_constraints(&[general_name(6, b"x.com")], &[]))),
        ),
        (
            "a claim twice",
            Box::new(|mut c| {
                c.extensions.push(claim(14, "refs/tags/v1"));
                c
            }),
        ),
        (
            "a raw claim as DER",
            Box::new(|c| c.with(extension(&format!("{ARC}.2"), false, vec![0x0C, 1, 0xFF]))),
        ),
        (
            "a DER claim raw",
            Box::new(|c| c.with(extension(&format!("{ARC}.14"), false, b"refs/tags/v1".to_vec()))),
        ),
        (
            "a claim as another string",
            Box::new(|c| c.with(extension(&format!("{ARC}.20"), false, tlv(0x13, b"push")))),
        ),
        (
            "a claim with something after it",
            Box::new(|c| c.with(extension(&format!("{ARC}.9"), false, vec![0x0C, 0, 0]))),
        ),
        (
            "a claim that is not UTF-8",
            Box::new(|c| c.with(extension(&format!("{ARC}.24"), false, vec![0x0C, 1, 0x80]))),
        ),
        ("two issuers", Box::new(|c| c.with(claim(1, "https://gitlab.com")))),
        ("two names", Box::new(move |c| c.with(subject_names(&[uri("a:b"), uri("a:c")])))),
        ("a DNS name", Box::new(|c| c.with(subject_names(&[general_name(2, b"example.com")])))),
        ("an address", Box::new(|c| c.with(subject_names(&[general_name(7, &[127, 0, 0, 1])])))),
        ("a directory name", Box::new(|c| c.with(subject_names(&[tlv(0xA4, &name("x"))])))),
        (
            "another otherName",
            Box::new(|c| {
                c.with(subject_names(&[tlv(0xA0, &[oid("1.2.3.4"), tlv(0xA0, &utf8("x"))].concat())]))
            }),
        ),
        ("no name", Box::new(|c| c.with(subject_names(&[])))),
        ("a URI that is not ASCII", Box::new(move |c| c.with(subject_names(&[uri("a:ö")])))),
        (
            "inner and outer algorithm differ",
            Box::new(|c| Certificate { inner_algorithm: Some(sequence(&[oid("1.2.840.10045.4.3.3")])), ..c }),
        ),
        (
            "a key that is no point",
            Box::new(|c| Certificate {
                public_key: ec_public_key_info("1.2.840.10045.3.1.7", &[4; 65]),
                ..c
            }),
        ),
        (
            "a point in SEC 1's compact form",
            Box::new(|c| {
                let compact = [&[5][..], &c.public_key[27..59]].concat();
                Certificate { public_key: ec_public_key_info("1.2.840.10045.3.1.7", &compact), ..c }
            }),
        ),
        (
            "a point in the hybrid form",
            Box::new(|c| {
                let hybrid = [&[6 | (c.public_key[90] & 1)][..], &c.public_key[27..]].concat();
                Certificate { public_key: ec_public_key_info("1.2.840.10045.3.1.7", &hybrid), ..c }
            }),
        ),
        (
            "the point at infinity",
            Box::new(|c| Certificate { public_key: ec_public_key_info("1.2.840.10045.3.1.7", &[0]), ..c }),
        ),
        (
            "a key that is too short",
            Box::new(|c| Certificate {
                public_key: ec_public_key_info("1.2.840.10045.3.1.7", &[4; 33]),
                ..c
            }),
        ),
        (
            "names not in order",
            Box::new(|c| Certificate {
                subject: sequence(&[tlv(
                    0x31,
                    &[sequence(&[oid("2.5.4.10"), utf8("x")]), sequence(&[oid("2.5.4.3"), utf8("x")])]
                        .concat(),
                )]),
                ..c
            }),
        ),
    ];
    for (why, change) in bad {
        let mut scene = scene();
        scene.leaf = change(scene.leaf);
        assert_eq!(scene.code(), "bad_certificate", "{why}");
    }
    let good: Vec<(&str, Change)> = vec![
        ("more key usages", Box::new(|c| c.with(key_usage(0xC0)))),
        (
            "code signing among others",
            Box::new(|c| c.with(extended_key_usage(&["1.3.6.1.5.5.7.3.1", CODE_SIGNING]))),
        ),
        ("said to be no authority", Box::new(|c| c.with(basic_constraints(false, None)))),
        (
            "an unknown extension",
            Box::new(|c| c.with(extension("1.2.3.4", false, b"\xFF\xFFanything".to_vec()))),
        ),
        (
            "an extension with a long OID",
            Box::new(|c| {
                c.with(extension(
                    "2.39.4294967295.4294967295.4294967295.4294967295.4294967295",
                    false,
                    vec![],
                ))
            }),
        ),
        ("both issuers the same", Box::new(|c| c.with(claim(1, ISSUER)))),
        ("a URI", Box::new(move |c| c.with(subject_names(&[uri("repo:a/b:ref:refs/tags/v1")])))),
        ("an e-mail address", Box::new(|c| c.with(subject_names(&[general_name(1, b"a@example.com")])))),
        (
            "an otherName",
            Box::new(|c| {
                c.with(subject_names(&[tlv(
                    0xA0,
                    &[oid(&format!("{ARC}.7")), tlv(0xA0, &utf8("x"))].concat(),
                )]))
            }),
        ),
        (
            "a malformed extension .7, which is no claim",
            Box::new(|c| c.with(extension(&format!("{ARC}.7"), false, vec![1]))),
        ),
        (
            "a critical claim",
            Box::new(|c| c.with(extension(&format!("{ARC}.14"), true, utf8("refs/tags/v1")))),
        ),
        ("a subject", Box::new(|c| Certificate { subject: name("signer"), ..c })),
    ];
    for (why, change) in good {
        let mut scene = scene();
        scene.leaf = change(scene.leaf);
        assert_eq!(scene.code(), "verified", "{why}");
    }
}

#[test]
fn trailing_and_missing_bytes_make_a_certificate_unreadable() {
    let scene = scene();
    let leaf = scene.leaf.sign(&scene.leaf_issuer);
    let trailing = [leaf.clone(), vec![0]].concat();
    for der in (0..leaf.len()).map(|length| leaf[..length].to_vec()).chain([trailing]) {
        let entry = Entry::new(NAMESPACE, NAME, [], vec![der], at(8), false).unwrap();
        assert_eq!(code(&scene.verifier(), &[entry], &policy()), "bad_certificate");
    }
}

#[test]
fn invalid_key_type() {
    let ed25519 = sequence(&[sequence(&[oid("1.3.101.112")]), tlv(3, &[0; 33])]);
    let p521 = ec_public_key_info("1.3.132.0.35", &[4; 133]);
    let secp256k1 = ec_public_key_info("1.3.132.0.10", &[4; 65]);
    let no_curve = sequence(&[sequence(&[oid("1.2.840.10045.2.1")]), tlv(3, &[0, 4])]);
    let ecdh = sequence(&[sequence(&[oid("1.3.132.1.12"), oid("1.2.840.10045.3.1.7")]), tlv(3, &[0, 4])]);
    for public_key in [Key::p384(2).public_key_info(), ed25519, p521, secp256k1, no_curve, ecdh] {
        let mut scene = scene();
        scene.leaf.public_key = public_key;
        assert_eq!(scene.code(), "invalid_key_type");
        scene.leaf = scene.leaf.without("2.5.29.15");
        assert_eq!(scene.code(), "bad_certificate", "the certificate's form comes first");
    }
}

#[test]
fn unknown_ca() {
    let mut by_another = scene();
    by_another.leaf_issuer = Key::p256(9);
    assert_eq!(by_another.code(), "unknown_ca");
    let named_otherwise = scene().issued_by("Root", &Key::p256(1));
    assert_eq!(named_otherwise.code(), "unknown_ca", "names are compared byte for byte");
    // path_too_complex is produced, and just missed, in paths.rs.
}

#[test]
fn lifetime_too_long() {
    for (lifetime, allowed, expected) in [
        (300, 300, "verified"),
        (301, 300, "lifetime_too_long"),
        (301, 301, "verified"),
        (10, 10, "verified"),
        (11, 10, "lifetime_too_long"),
        (86_400, 86_400, "verified"),
    ] {
        let mut scene = scene();
        scene.leaf.not_after = NOT_BEFORE + lifetime;
        let policy = policy().with_max_certificate_lifetime_seconds(allowed).unwrap();
        assert_eq!(code(&scene.verifier(), &[scene.entry()], &policy), expected);
    }
}

#[test]
fn time_mismatch() {
    let stamped = |seconds, nanoseconds| {
        let timestamp = Timestamp::from_unix(NOT_BEFORE + seconds, nanoseconds).unwrap();
        Scene { timestamp, ..scene() }.code()
    };
    assert_eq!(stamped(-1, 999_999_999), "time_mismatch");
    assert_eq!(stamped(0, 0), "verified");
    assert_eq!(stamped(300, 0), "verified");
    assert_eq!(stamped(300, 1), "time_mismatch");
    let mut backwards = scene();
    backwards.leaf.not_after = NOT_BEFORE - 1;
    assert_eq!(backwards.code(), "time_mismatch");
}

#[test]
fn an_entry_from_the_future_of_the_caller() {
    let scene = scene();
    let (verifier, entry, name) = (scene.verifier(), scene.entry(), NAME.parse().unwrap());
    let code_at = |now| verifier.at(now).verify(&name, [&entry], &policy()).map(drop).map_err(|r| r.code());
    assert_eq!(code_at(at(8)), Ok(()));
    assert_eq!(code_at(at(7)), Err(Code::TimeMismatch));
    assert_eq!(code_at(at(1_000_000_000)), Ok(()), "a later now changes nothing");
    assert_eq!(verifier.at(at(7)).examine(&name, [&entry], &policy()).verdict(), Code::TimeMismatch);
}

#[test]
fn a_leeway_for_the_callers_time() {
    use std::time::Duration;
    let (name, policy) = (NAME.parse().unwrap(), policy());
    let stamped = |nanoseconds: i64| {
        let seconds = NOT_BEFORE + nanoseconds.div_euclid(1_000_000_000);
        let nanoseconds = u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap();
        Scene { timestamp: Timestamp::from_unix(seconds, nanoseconds).unwrap(), ..scene() }.entry()
    };
    let verifier = scene().verifier();
    let judge = |entry: &Entry, verifier: countermark::VerifierAt<'_>| {
        let code = verifier.verify(&name, [entry], &policy).map(drop).map_err(|rejection| rejection.code());
        let verdict = verifier.examine(&name, [entry], &policy).verdict();
        assert_eq!(verdict, code.err().unwrap_or(Code::Verified));
        let message = Message::new(b"message").unwrap();
        let signature = scene().leaf_key.sign_sha256(b"message");
        let certificates = scene().certificates();
        let signature =
            countermark::MessageSignature::new(&signature, certificates.as_slice(), entry.timestamp())
                .unwrap();
        let of_message =
            verifier.verify_message(&message, &signature, policy.signer().any_signer_of_issuer());
        assert_eq!(of_message.map(drop).map_err(|rejection| rejection.code()), code);
        code
    };
    let late = Err(Code::TimeMismatch);
    const SECOND: i64 = 1_000_000_000;
    let entry = stamped(8 * SECOND);
    for (now, leeway, expected) in [
        (at(8), Duration::ZERO, Ok(())),
        (at(7), Duration::ZERO, late),
        (at(7), Duration::from_secs(1), Ok(())),
        (at(7), Duration::new(0, 999_999_999), late),
        (at(6), Duration::from_secs(2), Ok(())),
        (at(6), Duration::new(1, 999_999_999), late),
        (at(9), Duration::ZERO, Ok(())),
        (at(1_000), Duration::from_secs(5), Ok(())),
        // More than a day counts as a day: a slip in the unit does not switch the caller's time off.
        (at(8 - 86_400), Duration::from_secs(86_400), Ok(())),
        (at(8 - 86_400), Duration::MAX, Ok(())),
        (at(7 - 86_400), Duration::MAX, late),
        (Timestamp::from_unix(-62_135_596_800, 0).unwrap(), Duration::MAX, late),
        (Timestamp::from_unix(-62_135_596_800, 0).unwrap(), Duration::from_secs(60), late),
        (Timestamp::from_unix(253_402_300_799, 999_999_999).unwrap(), Duration::MAX, Ok(())),
        (Timestamp::from_unix(253_402_300_799, 999_999_999).unwrap(), Duration::ZERO, Ok(())),
    ] {
        assert_eq!(judge(&entry, verifier.at(now).with_leeway(leeway)), expected, "{now} {leeway:?}");
    }
    // A nanosecond past it, wherever the seconds break.
    for (stamp, leeway, expected) in [
        (8 * SECOND + 1, Duration::new(1, 1), Ok(())),
        (8 * SECOND + 2, Duration::new(1, 1), late),
        (8 * SECOND - 1, Duration::new(0, 999_999_999), Ok(())),
        (8 * SECOND, Duration::new(0, 999_999_999), late),
        (7 * SECOND + 1, Duration::ZERO, late),
        (7 * SECOND, Duration::ZERO, Ok(())),
        (7 * SECOND + 1, Duration::from_nanos(1), Ok(())),
    ] {
        assert_eq!(
            judge(&stamped(stamp), verifier.at(at(7)).with_leeway(leeway)),
            expected,
            "{stamp} {leeway:?}"
        );
    }
    // Without the caller's time there is nothing for it to do, and it widens no certificate's validity.
    assert_eq!(judge(&entry, verifier.at_any_time().with_leeway(Duration::ZERO)), Ok(()));
    assert_eq!(judge(&entry, verifier.at_any_time().with_leeway(Duration::MAX)), Ok(()));
    for outside in [-1, 300 * SECOND + 1] {
        let entry = stamped(outside);
        assert_eq!(judge(&entry, verifier.at_any_time().with_leeway(Duration::MAX)), late);
        assert_eq!(judge(&entry, verifier.at(at(1_000)).with_leeway(Duration::MAX)), late);
    }
}

fn with_signature(signature: Vec<u8>) -> &'static str {
    let scene = scene();
    let entry = Entry::new(NAMESPACE, NAME, signature, scene.certificates(), at(8), false).unwrap();
    code(&scene.verifier(), &[entry], &policy())
}

const ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
    0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];

#[test]
fn corrupted_signature() {
    let mut below_order = ORDER;
    below_order[31] -= 1;
    let good = scene().leaf_key.sign_sha256(NAME.as_bytes());
    for signature in [
        vec![],
        good[..good.len() - 1].to_vec(),
        [good.clone(), vec![0]].concat(),
        [vec![0x30, 0x81], good[1..].to_vec()].concat(),
        sequence(&[integer(&[1])]),
        sequence(&[integer(&[1]), integer(&[1]), integer(&[1])]),
        sequence(&[integer(&[0]), integer(&[1])]),
        sequence(&[integer(&[1]), integer(&[0])]),
        sequence(&[integer(&ORDER), integer(&[1])]),
        sequence(&[integer(&[1]), integer(&ORDER)]),
        sequence(&[tlv(2, &[0x81]), integer(&[1])]),
        sequence(&[tlv(2, &[0, 1]), integer(&[1])]),
        sequence(&[integer(&[1; 33]), integer(&[1])]),
    ] {
        assert_eq!(with_signature(signature.clone()), "corrupted_signature", "{signature:?}");
    }
    // In range, if not genuine.
    for signature in
        [sequence(&[integer(&[1]), integer(&[1])]), sequence(&[integer(&below_order), integer(&below_order)])]
    {
        assert_eq!(with_signature(signature), "invalid_signature");
    }
}

#[test]
fn invalid_signature() {
    let scene = scene();
    assert_eq!(with_signature(scene.leaf_key.sign_sha256(NAME.as_bytes())), "verified");
    assert_eq!(with_signature(Key::p256(9).sign_sha256(NAME.as_bytes())), "invalid_signature");
    assert_eq!(with_signature(scene.leaf_key.sign_sha256(&NAME.as_bytes()[1..])), "invalid_signature");
    assert_eq!(with_signature(scene.leaf_key.sign_sha384(NAME.as_bytes())), "invalid_signature");
}

#[test]
fn provenance_mismatch() {
    let custom = "1.3.6.1.4.1.55555.1";
    let mut scene = scene();
    scene.leaf =
        scene.leaf.with(extension(custom, false, utf8("tenant"))).with(claim(4, "")).with(claim(2, "push"));
    let recorded = |claims: &[(&str, &str)]| {
        let entry = scene.entry().with_provenance(claims.iter().copied()).unwrap();
        code(&scene.verifier(), &[entry], &policy())
    };
    assert_eq!(recorded(&[]), "verified");
    assert_eq!(
        recorded(&[("source_repository_ref", "refs/tags/v1"), ("certificate_oidc_issuer", ISSUER)]),
        "verified"
    );
    assert_eq!(recorded(&[(custom, "tenant")]), "verified");
    assert_eq!(recorded(&[("build_config_name", "")]), "verified");
    assert_eq!(recorded(&[("1.3.6.1.4.1.57264.1.2", "push")]), "verified");
    for claims in [
        [("source_repository_ref", "refs/tags/v2")],
        [("source_repository_ref", "refs/tags/v1 ")],
        [("source_repository_ref", "")],
        [("source_repository", "a/b")],
        [("source_repository", "")],
        [("no_such_claim", "x")],
        [("", "")],
        // An OID that has a name is not another name for it.
        [("1.3.6.1.4.1.57264.1.14", "refs/tags/v1")],
        [("2.5.29.15", "x")],
        [(custom, "another")],
        [("1.3.6.1.4.1.55555.2", "tenant")],
    ] {
        assert_eq!(recorded(&claims), "provenance_mismatch", "{claims:?}");
    }
}

#[test]
fn claims_mismatch() {
    let mut scene = scene();
    scene.leaf = scene
        .leaf
        .with(extension("1.3.6.1.4.1.55555.1", false, utf8("tenant")))
        .with(extension("1.3.6.1.4.1.55555.2", false, vec![0x0C, 0x7F]))
        .with(extension("1.3.6.1.4.1.55555.3", false, b"raw".to_vec()))
        .with(claim(5, "owner/repo"));
    let required = |name: &str, wanted: Match| {
        let policy = policy().require(name.parse().unwrap(), wanted).unwrap();
        code(&scene.verifier(), &[scene.entry()], &policy)
    };
    for (name, wanted) in [
        ("source_repository_ref", Match::from("refs/tags/v1")),
        ("source_repository_ref", Match::glob("refs/tags/*").unwrap()),
        ("source_repository_ref", Match::any_of(["x", "refs/tags/v1"]).unwrap()),
        ("1.3.6.1.4.1.55555.1", Match::from("tenant")),
        ("1.3.6.1.4.1.57264.1.5", Match::from("owner/repo")),
    ] {
        assert_eq!(required(name, wanted), "verified", "{name}");
    }
    for (name, wanted) in [
        ("source_repository_ref", Match::from("refs/tags/v")),
        ("source_repository_ref", Match::from("REFS/TAGS/V1")),
        ("source_repository_ref", Match::glob("refs/*").unwrap()),
        ("source_repository", Match::glob("**").unwrap()),
        ("certificate_identity", Match::from("")),
        ("1.3.6.1.4.1.55555.1", Match::from("other")),
        // Not a UTF8String: absent.
        ("1.3.6.1.4.1.55555.2", Match::glob("**").unwrap()),
        ("1.3.6.1.4.1.55555.3", Match::from("raw")),
        ("1.3.6.1.4.1.55555.4", Match::from("")),
    ] {
        assert_eq!(required(name, wanted), "claims_mismatch", "{name}");
    }
}

#[test]
fn the_first_rule_that_fails_gives_the_code() {
    // Everything is wrong at once, and is put right from the first rule to the last.
    let bad_key = Key::p256(66);
    let mut scene = scene();
    scene.leaf = scene.leaf.without("2.5.29.15");
    scene.leaf.not_after += 1;
    scene.leaf_issuer = Key::p256(67);
    scene.timestamp = at(-5);
    let wanting = policy().require(Claim::SourceRepository, "a/b").unwrap();
    let entry = |scene: &Scene, signature: Vec<u8>, revoked, blocklisted| {
        Entry::new(NAMESPACE, NAME, signature, scene.certificates(), scene.timestamp, revoked)
            .unwrap()
            .with_provenance([("source_repository_ref", "refs/tags/v2")])
            .unwrap()
            .with_blocklisted(blocklisted)
    };
    let verifier = scene.verifier();
    let judge = |entry: Entry| code(&verifier, &[entry], &wanting);
    assert_eq!(judge(entry(&scene, vec![], true, true)), "blocklisted");
    assert_eq!(judge(entry(&scene, vec![], true, false)), "revoked_signature");
    assert_eq!(judge(entry(&scene, vec![], false, false)), "bad_certificate");
    scene.leaf = scene.leaf.with(key_usage(DIGITAL_SIGNATURE));
    assert_eq!(judge(entry(&scene, vec![], false, false)), "unknown_ca");
    scene.leaf_issuer = scene.root_key.clone();
    assert_eq!(judge(entry(&scene, vec![], false, false)), "lifetime_too_long");
    scene.leaf.not_after -= 1;
    assert_eq!(judge(entry(&scene, vec![], false, false)), "time_mismatch");
    scene.timestamp = at(5);
    assert_eq!(judge(entry(&scene, vec![], false, false)), "corrupted_signature");
    assert_eq!(judge(entry(&scene, bad_key.sign_sha256(NAME.as_bytes()), false, false)), "invalid_signature");
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    assert_eq!(judge(entry(&scene, signature.clone(), false, false)), "provenance_mismatch");
    let agreeing =
        entry(&scene, signature, false, false).with_provenance([("source_repository_ref", "refs/tags/v1")]);
    assert_eq!(judge(agreeing.clone().unwrap()), "claims_mismatch");
    assert_eq!(code(&verifier, &[agreeing.unwrap()], &policy()), "verified");
}

#[test]
fn candidates_are_judged_newest_first_and_the_others_are_kept() {
    let scene = scene();
    let bad = |timestamp, signature: &[u8]| {
        Entry::new(NAMESPACE, NAME, signature, scene.certificates(), timestamp, false).unwrap()
    };
    let wrong = Key::p256(9).sign_sha256(NAME.as_bytes());
    let (older, newer) = (bad(at(10), &wrong), bad(at(20), b"corrupted"));
    let name: ArtifactName = NAME.parse().unwrap();
    let verifier = scene.verifier();
    for entries in [[older.clone(), newer.clone()], [newer.clone(), older.clone()]] {
        let rejection = verifier.verify(&name, &entries, &policy()).unwrap_err();
        assert_eq!(rejection.code(), Code::CorruptedSignature);
        assert_eq!(rejection.entry().map(|index| entries[index].timestamp()), Some(at(20)));
        let others: Vec<Code> = rejection.others().iter().map(countermark::Rejection::code).collect();
        assert_eq!(others, [Code::InvalidSignature]);
    }
    // Equal ones in the order given.
    let tied = bad(at(20), &wrong);
    let rejection = verifier.verify(&name, [&tied, &newer], &policy()).unwrap_err();
    assert_eq!((rejection.code(), rejection.entry()), (Code::InvalidSignature, Some(0)));
    // A good one, however old, is the answer.
    let good = scene.entry();
    let verified = verifier.verify(&name, [&older, &newer, &good], &policy()).unwrap();
    assert_eq!(verified.entry_index(), Some(2));
    assert_eq!(verified.timestamp(), at(8));
}

#[test]
fn malformed_input_has_codes_of_its_own() {
    assert_eq!(TrustAnchors::from_pem("no PEM").unwrap_err().code(), Code::MalformedTrustAnchor);
    let root = [scene().root.sign(&Key::p256(1))];
    let p256 = &[SignatureAlgorithm::EcdsaP256Sha256];
    assert!(TrustAnchors::from_der_accepting(&root, p256).is_ok());
    let refused = TrustAnchors::from_der_accepting(&root, &[]).unwrap_err();
    assert_eq!(refused.code(), Code::MalformedTrustAnchor);
    assert!(refused.to_string().contains("name at least one"), "{refused}");
    assert_eq!(Policy::new("", ISSUER).unwrap_err().code(), Code::MalformedPolicy);
    assert_eq!(Entry::from_json("{}").unwrap_err().code(), Code::MalformedEntry);
    assert_eq!("image:latest".parse::<ArtifactName>().unwrap_err().code(), Code::MalformedName);
    assert_eq!(Message::new(NAME.as_bytes()).unwrap_err().code(), Code::MalformedMessage);
    assert!(Message::new(&NAME.as_bytes()[..NAME.len() - 1]).is_ok());
    assert!(Message::new(format!("{NAME}\n").as_bytes()).is_ok());
}

#[test]
fn a_rejection_prints_cause_and_remedy() {
    let scene = scene();
    let rejection =
        scene.verifier().verify(&NAME.parse().unwrap(), [&revoked(&scene)], &policy()).unwrap_err();
    let text = rejection.to_string();
    assert!(text.starts_with("revoked_signature: an entry of the artifact is revoked; do not use"), "{text}");
    let json = serde_json::to_value(&rejection).unwrap();
    assert_eq!(json["code"], "revoked_signature");
    assert_eq!(json["number"], 30);
    assert_eq!(json["check"], "revocation");
    assert_eq!(json["entry"], 0);
    let reason = Reason::ArtifactRevoked;
    assert_eq!(
        (rejection.reason(), json["detail"].as_str().unwrap()),
        (&reason, reason.to_string().as_str())
    );
}

#[test]
fn no_claim_can_look_like_another_line() {
    let verified_line = "verified: something/else@sha256:00";
    let forged = format!("x{}{verified_line}", " ".repeat(60));
    let hidden = "a\u{61c}\u{ad}\u{206a}\u{fff9}\u{e0041}\u{202e}b";
    let long = format!("start{}end", "x".repeat(5_000));
    let mut scene = scene();
    for (number, value) in [
        (12, forged.as_str()),
        (13, "line\nverified: x"),
        (15, hidden),
        (17, &long),
        (16, "Acme Inc"),
        (20, ""),
    ] {
        scene.leaf = scene.leaf.with(claim(number, value));
    }
    let entry = scene.entry();
    let text = scene.verifier().verify(&NAME.parse().unwrap(), [&entry], &policy()).unwrap().to_string();
    assert!(text.starts_with(&format!("verified: {NAME}\n")), "{text}");
    let line = |label: &str| text.lines().find(|line| line.trim_start().starts_with(label)).unwrap();
    assert!(line("source repository ref").ends_with("    refs/tags/v1"), "{text}");
    assert!(line("source repository owner ").ends_with(r#" "Acme Inc""#), "{text}");
    assert!(line("build trigger").ends_with(r#" """#), "{text}");
    assert!(line("source repository digest").ends_with(r#" "line\nverified: x""#), "{text}");
    let escaped = r#" "a\u{61c}\u{ad}\u{206a}\u{fff9}\u{e0041}\u{202e}b""#;
    assert!(line("source repository identifier").ends_with(escaped), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("verified:")).count(), 1);
    for line in text.lines() {
        assert!(line.chars().count() < 400 || line.starts_with("  source repository  "), "{line}");
        let columns = line.trim_start().split_once("  ").map_or("", |(_, value)| value.trim_start());
        assert!(!columns.contains("  "), "{line}");
    }
    assert!(text.contains("\"start") && text.contains("end\" (5008 bytes)"), "{text}");

    // And a name is shown with its digest, however long.
    let name = format!("{}@sha256:{}", "x".repeat(900), &NAME[NAME.len() - 64..]);
    let mut scene = common::certificates::scene();
    scene.leaf = scene.leaf.with(claim(12, "a/b"));
    let signature = scene.leaf_key.sign_sha256(name.as_bytes());
    let entry = Entry::new(NAMESPACE, name.clone(), signature, scene.certificates(), at(8), false).unwrap();
    let (verifier, name) = (scene.verifier(), name.parse().unwrap());
    let shown = verifier.verify(&name, [&entry], &policy()).unwrap().to_string();
    let report = verifier.examine(&name, [&entry], &policy()).to_string();
    for text in [shown, report] {
        let first = text.lines().next().unwrap();
        assert!(first.len() < 300 && first.contains(&NAME[NAME.len() - 71..]), "{first}");
    }
}

#[test]
fn an_unconstrained_signer_is_warned_of() {
    let scene = scene();
    let (verifier, entry, name) = (scene.verifier(), scene.entry(), NAME.parse().unwrap());
    let verified = verifier.verify(&name, [&entry], &policy()).unwrap();
    assert_eq!(
        verified.warnings().iter().map(|warning| warning.name()).collect::<Vec<_>>(),
        ["signer_unconstrained"]
    );
    assert!(verified.to_string().contains("warning: signer_unconstrained"));
    let report = verifier.examine(&name, [&entry], &policy());
    assert_eq!(serde_json::to_value(&report).unwrap()["warnings"][0], "signer_unconstrained");
    for (pattern, warnings) in [("**", 1), ("*/**", 1), ("*/*/*", 1), ("*/*/v*", 0), ("refs/**", 0)] {
        let wanting = policy().require(Claim::SourceRepositoryRef, Match::glob(pattern).unwrap()).unwrap();
        let verified = verifier.verify(&name, [&entry], &wanting).unwrap();
        assert_eq!(verified.warnings().len(), warnings, "{pattern}");
    }
    // Without a letter or digit no glob says who signed.
    for pattern in
        ["*-*", "*.*/**", ":*", "*://**", "*@*", "_*_", "* *", "*\u{2014}*", "*🙂*", "-/*", "*.*.*"]
    {
        let wanting = policy().require(Claim::SourceRepository, Match::glob(pattern).unwrap()).unwrap();
        assert!(wanting.signer().is_unconstrained(), "{pattern}");
        assert!(wanting.signer().for_messages().is_err(), "{pattern}");
        let and_more = wanting.require(Claim::SourceRepositoryRef, "refs/tags/v1").unwrap();
        assert!(!and_more.signer().is_unconstrained() && and_more.signer().for_messages().is_ok());
    }
    for said in ["a*", "*1", "*ü*", "*-x-*", "*中*", "-", "://", "🙂"] {
        let wanting = policy().require(Claim::SourceRepository, Match::glob(said).unwrap()).unwrap();
        assert!(!wanting.signer().is_unconstrained(), "{said}");
        assert!(wanting.signer().for_messages().is_ok(), "{said}");
    }
    let wanting = policy().require(Claim::SourceRepositoryRef, "refs/tags/v1").unwrap();
    assert!(verifier.verify(&name, [&entry], &wanting).unwrap().warnings().is_empty());
    let nothing = policy().require(Claim::SourceRepositoryRef, Match::glob("").unwrap()).unwrap();
    assert!(!nothing.signer().is_unconstrained(), "an empty value is asked for");
}

#[test]
fn many_requests_are_answered_in_their_order() {
    let scene = scene();
    let name: ArtifactName = NAME.parse().unwrap();
    let (good, bad, policy) = (scene.entry(), revoked(&scene), policy());
    let request = |index| {
        let entry = if index % 3 == 0 { &bad } else { &good };
        countermark::Request::new(&name, std::slice::from_ref(entry), &policy)
    };
    let requests: Vec<countermark::Request<'_>> = (0..200).map(request).collect();
    let verifier: Verifier = scene.verifier();
    let results = verifier.verify_many(&requests);
    assert_eq!(results.len(), 200);
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result.is_err(), index % 3 == 0, "{index}");
    }
    assert!(verifier.verify_many::<Entry>(&[]).is_empty());
    let done = std::sync::atomic::AtomicUsize::new(0);
    let done_one = || {
        done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    assert_eq!(verifier.at_any_time().verify_many_telling(&requests, &done_one).len(), 200);
    assert_eq!(done.into_inner(), 200);
}
