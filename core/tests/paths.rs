//! Rule 4: path building over unordered, partly irrelevant certificates, and what each authority must be.

mod common;

use common::certificates::*;
use countermark::{Code, Entry, SignatureAlgorithm, TrustAnchors, Verifier};

/// The code for a leaf under one intermediate under the root.
fn with_intermediate(change: impl FnOnce(Certificate) -> Certificate) -> &'static str {
    let scene = scene();
    let key = Key::p256(3);
    let intermediate = change(Certificate::authority("intermediate", &key, "root")).sign(&scene.root_key);
    scene.issued_by("intermediate", &key).bringing([intermediate]).code()
}

/// A leaf below `count` intermediates, and these, the lowest first.
fn chain(count: u8) -> Scene {
    let mut scene = scene();
    let mut issuer = ("root".to_string(), scene.root_key.clone());
    for index in 0..count {
        let (subject, key) = (format!("intermediate {index}"), Key::p256(100 + index));
        let certificate = Certificate::authority(&subject, &key, &issuer.0).sign(&issuer.1);
        scene.others.insert(0, certificate);
        issuer = (subject, key);
    }
    scene.issued_by(&issuer.0, &issuer.1)
}

#[test]
fn a_leaf_directly_below_the_root_or_below_an_intermediate() {
    assert_eq!(scene().code(), "verified");
    assert_eq!(with_intermediate(|intermediate| intermediate), "verified");
}

#[test]
fn the_order_of_certificates_does_not_matter() {
    for rotation in 0..5 {
        let mut scene = chain(5);
        scene.others.rotate_left(rotation);
        assert_eq!(scene.code(), "verified");
        scene.others.reverse();
        assert_eq!(scene.code(), "verified");
    }
}

#[test]
fn unreadable_and_irrelevant_certificates_are_ignored() {
    let other = Certificate::authority("unrelated", &Key::p256(9), "unrelated").sign(&Key::p256(9));
    let mut scene = chain(2).bringing([b"junk".to_vec(), other.clone()]);
    scene.others.insert(0, other[..40].to_vec());
    scene.others.insert(0, other);
    assert_eq!(scene.code(), "verified");
}

#[test]
fn an_anchor_may_be_an_intermediate() {
    let scene = chain(2);
    let anchor = &scene.others[1];
    let verifier = Verifier::new(TrustAnchors::from_der([anchor]).unwrap());
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
}

#[test]
fn an_authority_with_the_same_name_and_another_key_does_not_confuse() {
    let mut scene = chain(1);
    for seed in 50..60 {
        let key = Key::p256(seed);
        scene.others.insert(0, Certificate::authority("intermediate 0", &key, "root").sign(&Key::p256(1)));
        scene.others.push(Certificate::authority("intermediate 0", &key, "intermediate 0").sign(&key));
        if scene.others.len() > 14 {
            break;
        }
    }
    assert_eq!(scene.code(), "verified");
    // Nor does an anchor of the root's name with another key, before or after the right one.
    let impostor = Certificate::authority("root", &Key::p256(77), "root").sign(&Key::p256(77));
    let root = scene.root.sign(&scene.root_key);
    for anchors in [[impostor.clone(), root.clone()], [root, impostor.clone()]] {
        let verifier = Verifier::new(TrustAnchors::from_der(anchors).unwrap());
        assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
    }
    let verifier = Verifier::new(TrustAnchors::from_der([impostor]).unwrap());
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
}

#[test]
fn a_renewed_intermediate_serves_whichever_copy_comes_first() {
    let key = Key::p256(3);
    let expired =
        Certificate { not_after: NOT_BEFORE - 10, ..Certificate::authority("intermediate", &key, "root") };
    let renewed = Certificate::authority("intermediate", &key, "root");
    let make = |order: &[&Certificate]| {
        let scene = scene();
        let certificates: Vec<_> =
            order.iter().map(|certificate| certificate.sign(&scene.root_key)).collect();
        scene.issued_by("intermediate", &key).bringing(certificates).code()
    };
    assert_eq!(make(&[&expired, &renewed]), "verified");
    assert_eq!(make(&[&renewed, &expired]), "verified");
    assert_eq!(make(&[&expired]), "time_mismatch");
}

#[test]
fn a_cross_signed_authority_leads_to_the_anchor_that_is_trusted() {
    let (old_root, new_root) = (Key::p256(20), Key::p256(21));
    let old = Certificate::authority("old root", &old_root, "old root").sign(&old_root);
    let new = Certificate::authority("new root", &new_root, "new root").sign(&new_root);
    let cross = Certificate::authority("new root", &new_root, "old root").sign(&old_root);
    let scene = scene().issued_by("new root", &new_root).bringing([new.clone(), cross]);
    for anchor in [old, new] {
        let verifier = Verifier::new(TrustAnchors::from_der([anchor]).unwrap());
        assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
    }
}

#[test]
fn an_expired_anchor_does_not_hide_the_way_to_another() {
    let (old_root, new_root) = (Key::p256(20), Key::p256(21));
    let expired =
        Certificate { not_after: NOT_BEFORE, ..Certificate::authority("new root", &new_root, "new root") };
    let old = Certificate::authority("old root", &old_root, "old root").sign(&old_root);
    let cross = Certificate::authority("new root", &new_root, "old root").sign(&old_root);
    let scene = scene().issued_by("new root", &new_root);
    let anchors = [expired.sign(&new_root), old];
    let verifier = Verifier::new(TrustAnchors::from_der(anchors).unwrap());
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "time_mismatch");
    let scene = scene.bringing([cross]);
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
}

#[test]
fn circles_end() {
    let (a, b) = (Key::p256(30), Key::p256(31));
    let scene = scene().issued_by("a", &a).bringing([
        Certificate::authority("a", &a, "b").sign(&b),
        Certificate::authority("b", &b, "a").sign(&a),
        Certificate::authority("a", &a, "a").sign(&a),
    ]);
    assert_eq!(scene.code(), "unknown_ca");
    let way_out = Certificate::authority("b", &b, "root").sign(&scene.root_key);
    assert_eq!(scene.bringing([way_out]).code(), "verified");
}

#[test]
fn what_every_authority_must_be() {
    for (why, change) in [
        ("no basic constraints", (|c: Certificate| c.without("2.5.29.19")) as fn(Certificate) -> Certificate),
        ("no authority", |c| c.with(basic_constraints(false, None))),
        ("no key usage", |c| c.without("2.5.29.15")),
        ("another key usage", |c| c.with(key_usage(0x02))),
        ("another purpose", |c| c.with(extended_key_usage(&["1.3.6.1.5.5.7.3.1"]))),
        ("an unknown critical extension", |c| c.with(extension("1.2.3.4", true, vec![5, 0]))),
        ("malformed basic constraints", |c| c.with(extension("2.5.29.19", true, vec![0x30, 3, 1, 1, 1]))),
        ("malformed key usage", |c| c.with(extension("2.5.29.15", true, vec![3, 2, 0, 4]))),
        ("malformed name constraints", |c| c.with(extension("2.5.29.30", true, sequence(&[])))),
        // Whether or not a constraint above asks for them.
        ("malformed names", |c| {
            let names = sequence(&[general_name(6, b"https://ca.example")]);
            c.with(extension("2.5.29.17", false, [names, vec![0x18]].concat()))
        }),
    ] {
        assert_eq!(with_intermediate(change), "bad_certificate", "{why}");
        // The same of the anchor, unless that makes it none.
        let mut scene = scene();
        scene.root = change(scene.root);
        let root = scene.root.sign(&scene.root_key);
        if TrustAnchors::from_der([root]).is_ok() {
            assert_eq!(scene.code(), "bad_certificate", "{why}, of the anchor");
        } else {
            assert!(why.contains("authority") || why.contains("basic constraints"), "{why}");
        }
    }
    for (why, change) in [
        (
            "code signing",
            (|c: Certificate| c.with(extended_key_usage(&[CODE_SIGNING]))) as fn(Certificate) -> Certificate,
        ),
        ("any purpose", |c| c.with(extended_key_usage(&["2.5.29.37.0"]))),
        ("code signing among others", |c| c.with(extended_key_usage(&["1.3.6.1.5.5.7.3.1", CODE_SIGNING]))),
        ("an unknown extension that is not critical", |c| c.with(extension("1.2.3.4", false, vec![5, 0]))),
        ("more key usages", |c| c.with(key_usage(0x86))),
        ("names", |c| {
            c.with(subject_names(&[general_name(6, b"https://ca.example"), general_name(8, &[42])]))
        }),
    ] {
        assert_eq!(with_intermediate(change), "verified", "{why}");
    }
}

#[test]
fn an_authority_with_another_signature_algorithm_does_not_count() {
    let null_parameters = sequence(&[oid("1.2.840.10045.4.3.2"), vec![5, 0]]);
    let rsa = sequence(&[oid("1.2.840.113549.1.1.11"), vec![5, 0]]);
    let sha512 = sequence(&[oid("1.2.840.10045.4.3.4")]);
    for algorithm in [null_parameters, rsa, sha512] {
        let with = |c: Certificate| Certificate {
            inner_algorithm: Some(algorithm.clone()),
            outer_algorithm: Some(algorithm.clone()),
            ..c
        };
        assert_eq!(with_intermediate(with), "unknown_ca");
    }
    let inner_differs =
        |c: Certificate| Certificate { inner_algorithm: Some(sequence(&[oid("1.2.840.10045.4.3.3")])), ..c };
    assert_eq!(with_intermediate(inner_differs), "unknown_ca");
}

#[test]
fn both_curves_sign_with_both_digests() {
    for root_key in [Key::p256(40), Key::p384(40)] {
        for sha384 in [false, true] {
            let mut scene = scene().issued_by("root", &root_key);
            scene.root = Certificate::authority("root", &root_key, "root");
            scene.root_key = root_key.clone();
            scene.leaf.sha384 = sha384;
            assert_eq!(scene.code(), "verified");
        }
    }
}

#[test]
fn accepted_algorithms_are_the_verifiers_own_setting() {
    let scene = scene();
    for (accepted, expected) in [
        (vec![SignatureAlgorithm::EcdsaP256Sha256], "verified"),
        (vec![SignatureAlgorithm::EcdsaP256Sha384], "unknown_ca"),
        (vec![], "unknown_ca"),
    ] {
        let verifier = Verifier::builder(scene.anchors()).accept_algorithms(&accepted).build();
        assert_eq!(code(&verifier, &[scene.entry()], &policy()), expected);
    }
}

#[test]
fn path_lengths_count_the_intermediates_below_but_self_issued_ones() {
    let root = |path_length| {
        let mut scene = chain(2);
        scene.root = scene.root.with(basic_constraints(true, Some(path_length)));
        scene
    };
    assert_eq!(root(2).code(), "verified");
    assert_eq!(root(1).code(), "bad_certificate");

    // An authority renews its key: the self-issued link does not count.
    let (old, new) = (Key::p256(60), Key::p256(61));
    let mut scene = scene();
    scene.root = scene.root.with(basic_constraints(true, Some(1)));
    let scene = scene.issued_by("ca", &new);
    let ca = Certificate::authority("ca", &old, "root")
        .with(basic_constraints(true, Some(0)))
        .sign(&scene.root_key);
    let link = Certificate::authority("ca", &new, "ca").sign(&old);
    assert_eq!(scene.bringing([ca, link]).code(), "verified");
}

#[test]
fn eight_authorities_below_the_anchor_and_no_more() {
    assert_eq!(chain(8).code(), "verified");
    assert_eq!(chain(9).code(), "path_too_complex");
    // Self-issued ones count here.
    let mut scene = chain(7);
    let mut key = Key::p256(106);
    for seed in 70..72 {
        let next = Key::p256(seed);
        scene.others.push(Certificate::authority("intermediate 6", &next, "intermediate 6").sign(&key));
        key = next;
        scene = scene.issued_by("intermediate 6", &key);
        assert_eq!(scene.code(), if seed == 70 { "verified" } else { "path_too_complex" });
    }
}

/// A verifier that knows so many other authorities of the issuer's name.
fn with_impostors(scene: &Scene, count: u8) -> Verifier {
    let impostors: Vec<Vec<u8>> = (0..count)
        .map(|index| Certificate::authority("ca", &Key::p384(index + 1), "root").sign(&scene.root_key))
        .collect();
    let pem: String = impostors.iter().map(|der| pem(der)).collect();
    Verifier::builder(scene.anchors()).intermediates_from_pem(&pem).unwrap().build()
}

#[test]
fn a_known_intermediate_in_der_is_one_in_pem() {
    let key = Key::p256(80);
    let scene = scene().issued_by("ca", &key);
    let ca = Certificate::authority("ca", &key, "root").sign(&scene.root_key);
    let builder = || Verifier::builder(scene.anchors());
    let in_pem = builder().intermediates_from_pem(&pem(&ca)).unwrap().build();
    let in_der = builder().intermediates_from_der([&ca]).unwrap().build();
    let with_rubbish = builder().intermediates_from_der([&[0x30][..], &ca, &[]]).unwrap().build();
    for verifier in [in_pem, in_der, with_rubbish] {
        assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
    }
    let many = |count| builder().intermediates_from_der(std::iter::repeat_n(&ca, count)).is_ok();
    assert!(many(countermark::limits::MAX_AUTHORITIES));
    assert!(!many(countermark::limits::MAX_AUTHORITIES + 1));
}

fn pem(der: &[u8]) -> String {
    let entry = Entry::new("", "", [], vec![der.to_vec()], at(0), false).unwrap();
    let json: serde_json::Value = serde_json::to_value(&entry).unwrap();
    json["certificate"].as_str().unwrap().to_string()
}

#[test]
fn sixty_four_signature_checks_and_no_more() {
    let key = Key::p256(80);
    let scene = scene().issued_by("ca", &key);
    assert_eq!(code(&with_impostors(&scene, 64), &[scene.entry()], &policy()), "unknown_ca");
    assert_eq!(code(&with_impostors(&scene, 65), &[scene.entry()], &policy()), "path_too_complex");
    // What the entry brings comes first, so that known impostors do not use the budget up.
    let ca = Certificate::authority("ca", &key, "root").sign(&scene.root_key);
    let scene = scene.bringing([ca]);
    assert_eq!(code(&with_impostors(&scene, 200), &[scene.entry()], &policy()), "verified");
}

#[test]
fn each_candidate_has_its_own_budget() {
    let key = Key::p256(80);
    let newer = Scene { timestamp: at(20), ..scene().issued_by("ca", &key) };
    let older = Scene { timestamp: at(10), ..scene() };
    let verifier = with_impostors(&newer, 100);
    assert_eq!(code(&verifier, &[newer.entry()], &policy()), "path_too_complex");
    assert_eq!(code(&verifier, &[newer.entry(), older.entry()], &policy()), "verified");
}

#[test]
fn a_mesh_of_authorities_ends() {
    // Fourteen authorities of one name, each certified by each: few signatures, very many paths.
    let keys: Vec<Key> = (0..14).map(|index| Key::p256(150 + index)).collect();
    let mut scene = scene().issued_by("mesh", &keys[0]);
    for key in &keys {
        scene.others.push(Certificate::authority("mesh", key, "mesh").sign(&keys[0]));
    }
    assert_eq!(scene.code(), "unknown_ca");
    let pem: String = keys
        .iter()
        .flat_map(|subject| {
            keys.iter().map(move |issuer| Certificate::authority("mesh", subject, "mesh").sign(issuer))
        })
        .map(|der| pem(&der))
        .collect();
    let known = |anchors| Verifier::builder(anchors).intermediates_from_pem(&pem).unwrap().build();
    // None of its names leads to an anchor, which takes no check and few steps to see.
    assert_eq!(code(&known(scene.anchors()), &[scene.entry()], &policy()), "unknown_ca");
    // All of them do.
    let other = Key::p256(9);
    let anchor = Certificate::authority("mesh", &other, "mesh").sign(&other);
    let anchors = TrustAnchors::from_der([anchor]).unwrap();
    assert_eq!(code(&known(anchors), &[scene.entry()], &policy()), "path_too_complex");
}

#[test]
fn the_most_telling_reason_is_given() {
    let key = Key::p256(3);
    let good = || Certificate::authority("intermediate", &key, "root");
    let bad = good().with(key_usage(0x02));
    let expired = Certificate { not_after: NOT_BEFORE, ..good() };
    let bad_and_expired = Certificate { not_after: NOT_BEFORE, ..bad.clone() };
    let code_of = |certificates: &[Vec<u8>]| {
        scene().issued_by("intermediate", &key).bringing(certificates.to_vec()).code()
    };
    let root = Key::p256(1);
    let signed = |certificate: &Certificate| certificate.sign(&root);
    assert_eq!(code_of(&[]), "unknown_ca");
    assert_eq!(code_of(&[signed(&bad)]), "bad_certificate");
    assert_eq!(code_of(&[signed(&expired)]), "time_mismatch");
    assert_eq!(code_of(&[signed(&bad_and_expired)]), "bad_certificate", "form is judged before time");
    assert_eq!(code_of(&[signed(&bad), signed(&expired)]), "time_mismatch");
    assert_eq!(code_of(&[signed(&expired), signed(&bad)]), "time_mismatch");
    assert_eq!(code_of(&[signed(&expired), signed(&bad), signed(&good())]), "verified");
    // Faults count only on paths whose signatures reach an anchor.
    let elsewhere = |certificate: &Certificate| certificate.sign(&Key::p256(99));
    assert_eq!(code_of(&[elsewhere(&bad), elsewhere(&expired)]), "unknown_ca");
}

#[test]
fn distrusted_authorities_are_not_used() {
    use sha2::{Digest, Sha256};
    let scene = chain(1);
    let certificate: [u8; 32] = Sha256::digest(&scene.others[0]).into();
    let key: [u8; 32] = Sha256::digest(Key::p256(100).public_key_info()).into();
    let root: [u8; 32] = Sha256::digest(scene.root.sign(&scene.root_key)).into();
    let root_key: [u8; 32] = Sha256::digest(scene.root_key.public_key_info()).into();
    let leaf: [u8; 32] = Sha256::digest(&scene.certificates()[0]).into();
    for digest in [certificate, key, root, root_key, leaf] {
        let verifier = Verifier::builder(scene.anchors()).distrust(digest).build();
        assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
    }
    let verifier = Verifier::builder(scene.anchors()).distrust([0; 32]).build();
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
    // Another certificate of the authority, for another key, still leads to the root.
    let verifier = Verifier::builder(scene.anchors()).distrust(certificate).build();
    let again = Certificate {
        not_after: NOT_BEFORE + 5_000,
        ..Certificate::authority("intermediate 0", &Key::p256(100), "root")
    };
    let scene = scene.bringing([again.sign(&Key::p256(1))]);
    assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
}

/// Anybody can make (r, n − s) of an authority's signature (r, s) without its key. It verifies, and the
/// certificate has another SHA-256.
#[test]
fn another_spelling_of_a_signature_does_not_evade_distrust() {
    use sha2::{Digest, Sha256};
    for root_key in [Key::p256(40), Key::p384(40)] {
        let mut scene = scene();
        scene.root = Certificate::authority("root", &root_key, "root");
        scene.root_key = root_key.clone();
        let key = Key::p256(100);
        let ca = Certificate::authority("ca", &key, "root").sign(&root_key);
        let other = respelt(&ca);
        assert_ne!(ca, other);
        assert_eq!(respelt(&other), ca);
        let mut scene = scene.issued_by("ca", &key);
        for (given, distrusted) in [(&ca, &other), (&other, &ca), (&ca, &ca), (&other, &other)] {
            let digest: [u8; 32] = Sha256::digest(distrusted).into();
            scene.others = vec![given.clone()];
            assert_eq!(scene.code(), "verified");
            let verifier = Verifier::builder(scene.anchors()).distrust(digest).build();
            assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
            scene.others.clear();
            let known = Verifier::builder(scene.anchors()).intermediates_from_der([given]).unwrap();
            let verifier = known.build();
            assert_eq!(code(&verifier, &[scene.entry()], &policy()), "verified");
            let known = Verifier::builder(scene.anchors()).intermediates_from_der([given]).unwrap();
            let verifier = known.distrust(digest).build();
            assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
            let verifier =
                Verifier::builder(TrustAnchors::from_der([given]).unwrap()).distrust(digest).build();
            assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
        }
        // The leaf likewise.
        scene.others = vec![ca];
        let mut certificates = scene.certificates();
        let digest: [u8; 32] = Sha256::digest(&certificates[0]).into();
        certificates[0] = respelt(&certificates[0]);
        let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, certificates, at(8), false).unwrap();
        assert_eq!(code(&scene.verifier(), std::slice::from_ref(&entry), &policy()), "verified");
        let verifier = Verifier::builder(scene.anchors()).distrust(digest).build();
        assert_eq!(code(&verifier, &[entry], &policy()), "unknown_ca");
    }
}

/// A key is one key with its point compressed or not: a digest of either encoding names it in both.
#[test]
fn another_encoding_of_a_key_does_not_evade_distrust() {
    use sha2::{Digest, Sha256};
    let digest = |der: &[u8]| -> [u8; 32] { Sha256::digest(der).into() };
    for (key, other) in [(Key::p256(100), Key::p256(101)), (Key::p384(100), Key::p384(101))] {
        let spellings = [key.public_key_info(), compressed_key_info(&key)];
        for public_key in &spellings {
            let ca = Certificate::authority("ca", &Key::Other(public_key.clone()), "root");
            let scene = scene().issued_by("ca", &key);
            let der = ca.sign(&scene.root_key);
            let bringing = || scene_with(&scene, vec![der.clone()]);
            let anchor = TrustAnchors::from_der([&der]).unwrap();
            assert_eq!(code(&Verifier::new(anchor), &[scene.entry()], &policy()), "verified");
            assert_eq!(bringing().code(), "verified");
            for distrusted in &spellings {
                let distrusted = digest(distrusted);
                let supplied = Verifier::builder(scene.anchors()).distrust(distrusted).build();
                assert_eq!(code(&supplied, &[bringing().entry()], &policy()), "unknown_ca");
                let known = Verifier::builder(scene.anchors()).intermediates_from_der([&der]).unwrap();
                let known = known.distrust(distrusted).build();
                assert_eq!(code(&known, &[scene.entry()], &policy()), "unknown_ca");
                let anchor = TrustAnchors::from_der([&der]).unwrap();
                let anchor = Verifier::builder(anchor).distrust(distrusted).build();
                assert_eq!(code(&anchor, &[scene.entry()], &policy()), "unknown_ca");
            }
            // The key with the other y is another key, and so is another one.
            let mut other_y = compressed_key_info(&key);
            let format = other_y.len() - if matches!(key, Key::P256(_)) { 33 } else { 49 };
            other_y[format] ^= 1;
            for distrusted in [other_y, other.public_key_info(), compressed_key_info(&other)] {
                let verifier = Verifier::builder(scene.anchors()).distrust(digest(&distrusted)).build();
                assert_eq!(code(&verifier, &[bringing().entry()], &policy()), "verified");
            }
        }
    }
    // A leaf's key likewise.
    let leaf_key = Key::p256(2);
    let spellings = [leaf_key.public_key_info(), compressed_key_info(&leaf_key)];
    for public_key in &spellings {
        let mut scene = scene();
        scene.leaf.public_key = public_key.clone();
        assert_eq!(scene.code(), "verified");
        for distrusted in &spellings {
            let verifier = Verifier::builder(scene.anchors()).distrust(digest(distrusted)).build();
            assert_eq!(code(&verifier, &[scene.entry()], &policy()), "unknown_ca");
        }
    }
}

fn scene_with(scene: &Scene, others: Vec<Vec<u8>>) -> Scene {
    Scene {
        root_key: scene.root_key.clone(),
        root: scene.root.clone(),
        leaf_key: scene.leaf_key.clone(),
        leaf: scene.leaf.clone(),
        leaf_issuer: scene.leaf_issuer.clone(),
        others,
        timestamp: scene.timestamp,
    }
}

/// What other encodings there are of a key or a certificate, beside a point's compression and a signature's (r, n − s),
/// are refused, so that a digest names all that count.
#[test]
fn no_other_spelling_of_a_key_or_a_certificate_is_taken() {
    let key = Key::p256(3);
    let info = key.public_key_info();
    let point = info[info.len() - 65..].to_vec();
    let parity = 6 | (point[64] & 1);
    let hybrid = [&[parity], &point[1..]].concat();
    let null_after = sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"), vec![5, 0]]);
    let bits = |unused: u8, bytes: &[u8]| tlv(0x03, &[&[unused], bytes].concat());
    let algorithm = || sequence(&[oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")]);
    for public_key in [
        ec_public_key_info("1.2.840.10045.3.1.7", &hybrid),
        ec_public_key_info("1.2.840.10045.3.1.7", &[&point[..], &[0]].concat()),
        sequence(&[null_after, bits(0, &point)]),
        sequence(&[algorithm(), bits(1, &point)]),
        sequence(&[algorithm(), bits(0, &point), vec![5, 0]]),
        // Explicit parameters are no name of a curve.
        sequence(&[sequence(&[oid("1.2.840.10045.2.1"), sequence(&[integer(&[1])])]), bits(0, &point)]),
    ] {
        assert_eq!(
            with_intermediate(|ca| Certificate { public_key: public_key.clone(), ..ca }),
            "unknown_ca"
        );
    }
    assert_eq!(with_intermediate(|ca| ca), "verified");

    let scene = scene().issued_by("intermediate", &key);
    let der = Certificate::authority("intermediate", &key, "root").sign(&scene.root_key);
    let content = split_tlv(&der).0;
    let (signed_part, rest) = content.split_at(content.len() - split_tlv(split_tlv(content).1).1.len());
    let signature = &split_tlv(rest).0[1..];
    let with_signature = |bits: Vec<u8>| sequence(&[signed_part.to_vec(), bits]);
    assert_eq!(with_signature(bits(0, signature)), der);
    let inner = split_tlv(signature).0;
    let (r, s) = (split_tlv(inner).0, split_tlv(split_tlv(inner).1).0);
    let padded = sequence(&[tlv(0x02, &[&[0], r].concat()), tlv(0x02, s)]);
    let long_length = [&[0x30, 0x81, inner.len() as u8], inner].concat();
    for other in [
        with_signature(bits(0, &[signature, &[0]].concat())),
        with_signature(bits(1, signature)),
        with_signature(bits(0, &padded)),
        with_signature(bits(0, &long_length)),
        with_signature([bits(0, signature), vec![5, 0]].concat()),
        [der.clone(), vec![0]].concat(),
    ] {
        assert_eq!(scene_with(&scene, vec![other]).code(), "unknown_ca");
    }
}

/// What the detail of `unknown_ca` says.
fn why_unknown(verifier: &Verifier, scene: &Scene) -> (String, &'static str) {
    let rejection = verifier.verify(&NAME.parse().unwrap(), [&scene.entry()], &policy()).unwrap_err();
    assert_eq!(rejection.code(), Code::UnknownCa);
    (rejection.detail(), rejection.remedy())
}

#[test]
fn unknown_ca_says_which_key_or_algorithm_is_not_accepted() {
    let rsa = sequence(&[
        sequence(&[oid("1.2.840.113549.1.1.1"), vec![5, 0]]),
        tlv(0x03, &[&[0][..], &sequence(&[integer(&[0xA7; 256]), integer(&[1, 0, 1])])].concat()),
    ]);
    let p521 = ec_public_key_info("1.3.132.0.35", &[4; 133]);
    for (public_key, kind) in [(rsa, "RSA"), (p521, "ECDSA on P-521")] {
        let scene = scene().issued_by("ca", &Key::p256(3));
        let ca = Certificate::authority("ca", &Key::Other(public_key), "root").sign(&scene.root_key);
        let scene = scene.bringing([ca]);
        let (detail, remedy) = why_unknown(&scene.verifier(), &scene);
        assert!(detail.contains("CN=ca") && detail.contains(&format!("its key, {kind},")), "{detail}");
        assert!(remedy.contains("accepted_algorithms"), "{remedy}");
    }
    // An algorithm that was left out when others were named.
    let scene = scene();
    let only = |algorithm| Verifier::builder(scene.anchors()).accept_algorithms(&[algorithm]).build();
    let (detail, remedy) = why_unknown(&only(SignatureAlgorithm::EcdsaP256Sha384), &scene);
    assert!(
        detail.contains("the signer's certificate is signed by") && detail.contains("ECDSA with SHA-256"),
        "{detail}"
    );
    assert!(remedy.contains("accepted_algorithms"), "{remedy}");
    let (detail, _) = why_unknown(&only(SignatureAlgorithm::EcdsaP384Sha384), &scene);
    assert!(detail.contains("CN=root, but its key, ECDSA on P-256,"), "{detail}");
    // Where the algorithm is accepted, and only the key is another, there is nothing to tell.
    let elsewhere = self::scene().issued_by("root", &Key::p256(9));
    let (detail, remedy) = why_unknown(&scene.verifier(), &elsewhere);
    assert!(detail.ends_with("to a trust anchor"), "{detail}");
    assert_eq!(remedy, Code::UnknownCa.remedy());
}

#[test]
fn unknown_ca_says_where_a_name_differs_only_in_its_spelling() {
    let spelt =
        |tag: u8, text: &str| sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.3"), tlv(tag, text.as_bytes())]))]);
    for issuer in [spelt(0x13, "root"), spelt(0x0C, "ROOT"), spelt(0x0C, " root ")] {
        let mut scene = scene();
        scene.leaf.issuer = issuer;
        let (detail, remedy) = why_unknown(&scene.verifier(), &scene);
        assert!(detail.contains("byte for byte, but CN=root differs from it only in"), "{detail}");
        assert!(remedy.contains("PrintableString"), "{remedy}");
    }
    for issuer in [spelt(0x13, "roots"), sequence(&[]), [spelt(0x0C, "root")].concat()] {
        let mut scene = scene();
        let is_roots_own = issuer == name("root");
        scene.leaf.issuer = issuer;
        scene.leaf_issuer = Key::p256(9);
        let (detail, _) = why_unknown(&scene.verifier(), &scene);
        assert!(!detail.contains("differs from it"), "{is_roots_own} {detail}");
    }
}

#[test]
fn names_are_not_compared_without_end_to_say_why_a_ca_is_unknown() {
    let set = |first: usize| {
        let attribute =
            |index: usize| sequence(&[oid("2.5.4.3"), utf8(&format!("{:04}", first * 100 + index))]);
        sequence(&[tlv(0x31, &(0..32).map(attribute).collect::<Vec<_>>().concat())])
    };
    // Fifteen authorities of the name that the leaf wants, each issued under a name that nobody has.
    let key = Key::p256(9);
    let authority = |index: usize| {
        let certificate = Certificate::authority("x", &key, "x");
        Certificate { subject: set(1), issuer: set(index), ..certificate }.sign(&key)
    };
    let mut scene = scene().bringing((2..17).map(authority));
    scene.leaf.issuer = set(1);
    scene.leaf_issuer = Key::p256(9);
    let verifier = scene.verifier();
    let entries = vec![scene.entry(); 200];
    let start = std::time::Instant::now();
    assert_eq!(code(&verifier, &entries, &policy()), "unknown_ca");
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn an_anchor_whose_algorithm_is_not_accepted_is_told_how_to_accept_it() {
    let key = Key::p256(1);
    let of = |public_key: Vec<u8>| {
        let root = Certificate { public_key, ..Certificate::authority("root", &key, "root") };
        TrustAnchors::from_der([root.sign(&key)]).unwrap_err().to_string()
    };
    let rsa = sequence(&[
        sequence(&[oid("1.2.840.113549.1.1.1"), vec![5, 0]]),
        tlv(0x03, &[&[0][..], &sequence(&[integer(&[0xA7; 256]), integer(&[1, 0, 1])])].concat()),
    ]);
    let refused = of(rsa);
    assert!(
        refused.contains("CN=root") && refused.contains("RSA") && refused.contains("accepted_algorithms"),
        "{refused}"
    );
    assert_eq!(refused.contains("aws-lc-rs"), !cfg!(feature = "aws-lc-rs"), "{refused}");
    let off_curve = of(ec_public_key_info("1.2.840.10045.3.1.7", &[4; 65]));
    assert!(
        off_curve.contains("no point on its curve") && !off_curve.contains("accepted_algorithms"),
        "{off_curve}"
    );
}

const ANY_POLICY: &str = "2.5.29.32.0";

fn policies(critical: bool, policies: &[&str]) -> Extension {
    let policies: Vec<Vec<u8>> = policies.iter().map(|policy| sequence(&[oid(policy)])).collect();
    extension("2.5.29.32", critical, sequence(&policies))
}

fn policy_constraints(critical: bool, parts: &[(u8, u8)]) -> Extension {
    let parts: Vec<Vec<u8>> = parts.iter().map(|(tag, skip)| tlv(0x80 | tag, &[*skip])).collect();
    extension("2.5.29.36", critical, sequence(&parts))
}

/// The detail for a chain whose intermediate, anchor or leaf has an extension, if it is refused.
fn with_policy_extension(extension: &Extension) -> [Option<String>; 3] {
    let key = Key::p256(3);
    let detail = |at: usize| {
        let mut scene = scene();
        let mut ca = Certificate::authority("intermediate", &key, "root");
        let changed = [&mut ca, &mut scene.root, &mut scene.leaf].into_iter().nth(at).unwrap();
        *changed = changed.clone().with(extension.clone());
        let ca = ca.sign(&scene.root_key);
        let scene = scene.issued_by("intermediate", &key).bringing([ca]);
        let entry = scene.entry();
        let result = scene.verifier().verify(&NAME.parse().unwrap(), [&entry], &policy()).map(drop);
        result.err().map(|rejection| {
            assert_eq!(rejection.code(), Code::BadCertificate);
            rejection.detail()
        })
    };
    [detail(0), detail(1), detail(2)]
}

#[test]
fn critical_policies_are_processed_for_a_verifier_that_demands_none() {
    let qualified = sequence(&[sequence(&[
        oid("1.2.3.4"),
        sequence(&[sequence(&[oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, b"https://example.com/cps")])]),
    ])]);
    for extension in [
        policies(true, &[ANY_POLICY]),
        policies(true, &["1.2.3.4", "1.2.3.5"]),
        extension("2.5.29.32", true, qualified),
        extension("2.5.29.33", true, sequence(&[sequence(&[oid("1.2.3.4"), oid("1.2.3.5")])])),
        policy_constraints(true, &[(1, 0)]),
        policy_constraints(false, &[(1, 0)]),
        extension("2.5.29.54", true, integer(&[0])),
        extension("2.5.29.54", true, integer(&[1, 0])),
        // What is not critical need not be read.
        extension("2.5.29.32", false, vec![0]),
    ] {
        assert_eq!(with_policy_extension(&extension), [None, None, None], "{extension:?}");
    }
}

#[test]
fn a_chain_that_requires_an_explicit_policy_is_refused_by_name() {
    for extension in [
        policy_constraints(true, &[(0, 0)]),
        policy_constraints(true, &[(0, 5)]),
        policy_constraints(true, &[(0, 0), (1, 0)]),
        policy_constraints(false, &[(0, 0)]),
    ] {
        for detail in with_policy_extension(&extension) {
            let detail = detail.expect("refused");
            assert!(detail.contains("requireExplicitPolicy"), "{detail}");
        }
    }
}

#[test]
fn malformed_policies_are_refused_by_name() {
    let policy = || sequence(&[oid("1.2.3.4")]);
    let many = |count: u8| -> Vec<Vec<u8>> {
        (0..count).map(|index| sequence(&[oid(&format!("1.2.3.{index}"))])).collect()
    };
    let mapping = |from: &str, to: &str| sequence(&[sequence(&[oid(from), oid(to)])]);
    for (name, oid_of_it, value) in [
        ("certificatePolicies", "2.5.29.32", sequence(&[])),
        ("certificatePolicies", "2.5.29.32", sequence(&[policy(), policy()])),
        ("certificatePolicies", "2.5.29.32", [sequence(&[policy()]), vec![5, 0]].concat()),
        ("certificatePolicies", "2.5.29.32", sequence(&[sequence(&[oid("1.2.3.4"), sequence(&[])])])),
        ("certificatePolicies", "2.5.29.32", sequence(&many(65))),
        ("policyMappings", "2.5.29.33", sequence(&[])),
        ("policyMappings", "2.5.29.33", sequence(&[policy()])),
        ("policyMappings", "2.5.29.33", mapping(ANY_POLICY, "1.2.3")),
        ("policyMappings", "2.5.29.33", mapping("1.2.3", ANY_POLICY)),
        ("policyConstraints", "2.5.29.36", sequence(&[])),
        ("policyConstraints", "2.5.29.36", sequence(&[tlv(0x81, &[0]), tlv(0x80, &[0])])),
        ("policyConstraints", "2.5.29.36", sequence(&[tlv(0x81, &[0x80])])),
        ("policyConstraints", "2.5.29.36", sequence(&[tlv(0x80, &[0, 1])])),
        ("policyConstraints", "2.5.29.36", sequence(&[tlv(0x82, &[0])])),
        ("inhibitAnyPolicy", "2.5.29.54", integer(&[])[..1].to_vec()),
        ("inhibitAnyPolicy", "2.5.29.54", tlv(0x02, &[0xFF])),
        ("inhibitAnyPolicy", "2.5.29.54", sequence(&[])),
    ] {
        for detail in with_policy_extension(&extension(oid_of_it, true, value.clone())) {
            let detail = detail.unwrap_or_else(|| panic!("{name} {value:02x?}"));
            assert!(detail.contains(&format!("malformed {name}")), "{detail}");
        }
    }
    let most = extension("2.5.29.32", true, sequence(&many(64)));
    assert_eq!(with_policy_extension(&most), [None, None, None]);
}

#[test]
fn an_unknown_critical_extension_of_a_standard_has_a_name() {
    let [detail, ..] = with_policy_extension(&extension("2.5.29.31", true, sequence(&[])));
    assert!(detail.unwrap().ends_with("the unknown critical extension 2.5.29.31 (cRLDistributionPoints)"));
    let [detail, ..] = with_policy_extension(&extension("1.2.3.4", true, sequence(&[])));
    assert!(detail.unwrap().ends_with("the unknown critical extension 1.2.3.4"));
}

#[test]
fn a_known_intermediate_is_not_trusted_for_being_known() {
    let scene = chain(1);
    let mut leaf_only = chain(1);
    leaf_only.others.clear();
    assert_eq!(leaf_only.code(), "unknown_ca");
    let known =
        |der: &[u8]| Verifier::builder(scene.anchors()).intermediates_from_pem(&pem(der)).unwrap().build();
    assert_eq!(code(&known(&scene.others[0]), &[leaf_only.entry()], &policy()), "verified");
    let by_another = Certificate::authority("intermediate 0", &Key::p256(100), "root").sign(&Key::p256(9));
    assert_eq!(code(&known(&by_another), &[leaf_only.entry()], &policy()), "unknown_ca");
}

#[test]
fn an_authority_is_valid_at_both_ends_of_its_validity() {
    for (seconds, nanoseconds, expected) in [
        (100, 0, "verified"),
        (100, 1, "time_mismatch"),
        (50, 0, "verified"),
        (49, 999_999_999, "time_mismatch"),
    ] {
        let mut scene = scene();
        scene.root.not_before = NOT_BEFORE + 50;
        scene.root.not_after = NOT_BEFORE + 100;
        scene.timestamp = countermark::Timestamp::from_unix(NOT_BEFORE + seconds, nanoseconds).unwrap();
        assert_eq!(scene.code(), expected);
    }
}

/// The code for a leaf with these names below an authority with these constraints.
fn constrained(constraints: Extension, names: &[Vec<u8>]) -> &'static str {
    let mut scene = scene();
    let key = Key::p256(3);
    if !names.is_empty() {
        scene.leaf = scene.leaf.with(subject_names(names));
    }
    let intermediate =
        Certificate::authority("intermediate", &key, "root").with(constraints).sign(&scene.root_key);
    scene.issued_by("intermediate", &key).bringing([intermediate]).code()
}

#[test]
fn name_constraints_apply_to_names_of_their_form() {
    let uri = |text: &str| general_name(6, text.as_bytes());
    let email = |text: &str| general_name(1, text.as_bytes());
    let github = uri("https://github.com/x");
    for (expected, constraints, leaf_name) in [
        ("verified", name_constraints(&[uri("github.com")], &[]), Some(&github)),
        ("bad_certificate", name_constraints(&[uri("example.com")], &[]), Some(&github)),
        ("verified", name_constraints(&[uri("example.com"), uri("github.com")], &[]), Some(&github)),
        ("bad_certificate", name_constraints(&[uri("github.com")], &[uri("github.com")]), Some(&github)),
        ("verified", name_constraints(&[], &[uri("example.com")]), Some(&github)),
        ("verified", name_constraints(&[email("example.com")], &[]), Some(&github)),
        ("verified", name_constraints(&[uri("example.com")], &[]), None),
        ("bad_certificate", name_constraints(&[uri("github.com")], &[]), Some(&uri("repo:a/b:ref:c"))),
        ("bad_certificate", name_constraints(&[], &[uri("github.com")]), Some(&uri("repo:a/b:ref:c"))),
        ("verified", name_constraints(&[email("example.com")], &[]), Some(&email("a@example.com"))),
        ("bad_certificate", name_constraints(&[], &[email("example.com")]), Some(&email("a@example.com"))),
    ] {
        assert_eq!(constrained(constraints, leaf_name.cloned().as_slice()), expected);
    }
}

#[test]
fn name_constraints_apply_to_subjects_and_to_intermediates() {
    let directory = |common_name: &str| tlv(0xA4, &name(common_name));
    // The intermediate's own subject is what its issuer constrains.
    let (upper, lower) = (Key::p256(3), Key::p256(4));
    let code_of = |constraints: Extension, lower_name: &str| {
        let scene = scene();
        let upper_ca =
            Certificate::authority("upper", &upper, "root").with(constraints).sign(&scene.root_key);
        let lower_ca = Certificate::authority(lower_name, &lower, "upper").sign(&upper);
        scene.issued_by(lower_name, &lower).bringing([upper_ca, lower_ca]).code()
    };
    assert_eq!(code_of(name_constraints(&[directory("lower")], &[]), "lower"), "verified");
    assert_eq!(code_of(name_constraints(&[directory("LOWER")], &[]), "lower"), "verified");
    assert_eq!(code_of(name_constraints(&[directory("other")], &[]), "lower"), "bad_certificate");
    assert_eq!(code_of(name_constraints(&[], &[directory("  Lower ")]), "lower"), "bad_certificate");
    assert_eq!(
        code_of(name_constraints(&[], &[directory("öther")]), "lower"),
        "bad_certificate",
        "not surely another"
    );
    assert_eq!(code_of(name_constraints(&[], &[directory("other")]), "lower"), "verified");
}

#[test]
fn an_unusable_anchor_is_malformed() {
    let key = Key::p256(1);
    let authority = || Certificate::authority("root", &key, "root");
    let malformed = |der: Vec<u8>| TrustAnchors::from_der([der]).unwrap_err().code();
    assert!(TrustAnchors::from_der([authority().sign(&key)]).is_ok());
    for certificate in [
        authority().without("2.5.29.19"),
        authority().with(basic_constraints(false, None)),
        Certificate { version: None, extensions: vec![], ..authority() },
        Certificate { public_key: ec_public_key_info("1.3.132.0.35", &[4; 133]), ..authority() },
        Certificate { public_key: ec_public_key_info("1.2.840.10045.3.1.7", &[4; 65]), ..authority() },
        Certificate {
            public_key: sequence(&[sequence(&[oid("1.3.101.112")]), tlv(3, &[0; 33])]),
            ..authority()
        },
    ] {
        assert_eq!(malformed(certificate.sign(&key)), Code::MalformedTrustAnchor);
    }
    assert_eq!(malformed(vec![]), Code::MalformedTrustAnchor);
    assert_eq!(TrustAnchors::from_der::<Vec<u8>>([]).unwrap_err().code(), Code::MalformedTrustAnchor);
    assert_eq!(TrustAnchors::from_pem("").unwrap_err().code(), Code::MalformedTrustAnchor);
}
