//! Anything at all in an entry, a policy, a PEM file or a certificate ends in a code.

mod common;

use base64ct::{Base64, Encoding};
use common::certificates::*;
use countermark::{
    ArtifactName, Claim, Code, EndorLabs, Entry, EntryRef, Message, Policy, Timestamp, TrustAnchors,
    Verifier, read_entries,
};
use std::slice::from_ref;

/// A small generator of numbers, so that a failure repeats.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    /// The bytes with one to four of them changed, left out, doubled or cut off.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                break;
            }
            let at = self.below(bytes.len());
            match self.below(8) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, bytes[at]),
                2 => bytes.truncate(at),
                3 => bytes[at] = [0, 0x7F, 0x80, 0xFF, 0x30, 0x82][self.below(6)],
                4 => bytes[at] = bytes[at].wrapping_add(1),
                _ => bytes[at] ^= 1 << self.below(8),
            }
        }
        bytes
    }
}

#[test]
fn mutated_certificates_never_verify_and_never_panic() {
    let (mut numbers, key) = (Numbers(7), Key::p256(3));
    let scene = scene();
    let names = [general_name(6, b"https://github.com/x")];
    let intermediate = Certificate::authority("intermediate", &key, "root")
        .with(name_constraints(
            &[general_name(6, b"github.com"), tlv(0xA4, &name("x"))],
            &[general_name(7, &[0; 8])],
        ))
        .with(extended_key_usage(&[CODE_SIGNING]))
        .sign(&scene.root_key);
    let mut scene = scene.issued_by("intermediate", &key);
    scene.leaf = scene.leaf.with(subject_names(&names));
    let (verifier, policy) = (scene.verifier(), policy());
    let leaf = scene.leaf.sign(&key);
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    let judge = |leaf: &[u8], other: &[u8]| {
        let certificates = vec![leaf.to_vec(), other.to_vec()];
        let entry = Entry::new(NAMESPACE, NAME, signature.clone(), certificates, at(8), false).unwrap();
        code(&verifier, &[entry], &policy)
    };
    assert_eq!(judge(&leaf, &intermediate), "verified");
    for _ in 0..3_000 {
        let mutated = numbers.mutate(&leaf);
        assert!(mutated == leaf || judge(&mutated, &intermediate) != "verified");
        let mutated = numbers.mutate(&intermediate);
        assert!(mutated == intermediate || judge(&leaf, &mutated) != "verified");
    }
}

/// Mutants signed again by the authority: what a hostile intermediate could issue.
#[test]
fn resigned_mutants_never_panic() {
    let mut numbers = Numbers(11);
    let scene = scene();
    let (verifier, policy) = (scene.verifier(), policy());
    let leaf = scene
        .leaf
        .clone()
        .with(subject_names(&[general_name(1, b"a@example.com")]))
        .with(basic_constraints(false, None))
        .with(claim(1, ISSUER))
        .sign(&scene.root_key);
    let content = &leaf[4..];
    let length = 4 + usize::from(content[2]) * 256 + usize::from(content[3]);
    let signed_part = &content[..length];
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..5_000 {
        let mutated = numbers.mutate(signed_part);
        let algorithm = sequence(&[oid("1.2.840.10045.4.3.2")]);
        let bits = [&[0][..], &scene.root_key.sign_sha256(&mutated)].concat();
        let der = sequence(&[mutated, algorithm, tlv(3, &bits)]);
        let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, vec![der], at(8), false).unwrap();
        seen.insert(code(&verifier, &[entry], &policy));
    }
    for expected in ["verified", "bad_certificate", "no_signature", "invalid_key_type", "time_mismatch"] {
        assert!(seen.contains(expected), "no mutant gave {expected}: {seen:?}");
    }
}

#[test]
fn mutated_documents_never_panic() {
    let mut numbers = Numbers(13);
    let entry = serde_json::to_string(&scene().entry().with_provenance([("build_trigger", "push")]).unwrap())
        .unwrap();
    let vector = common::Vector::named("accept-nine-claims");
    let documents: [&[u8]; 4] = [
        entry.as_bytes(),
        vector.json("policy").as_bytes(),
        vector.json("entries").as_bytes(),
        b"{\"list\": {\"objects\": [{}], \"response\": {}}}",
    ];
    for document in documents {
        for _ in 0..3_000 {
            let mutated = numbers.mutate(document);
            if let Err(malformed) = Entry::from_json(&mutated) {
                assert_eq!(malformed.code(), Code::MalformedEntry);
            }
            if let Err(malformed) = Policy::from_json(&mutated) {
                assert_eq!(malformed.code(), Code::MalformedPolicy);
            }
            assert!(read_entries(&mutated).count() < 100);
            drop(EndorLabs::new().entries_from_json(&mutated));
            drop(Message::new(&mutated));
        }
    }
    let pem = vector.get::<String>("trust_anchors").unwrap();
    for _ in 0..3_000 {
        let mutated = String::from_utf8_lossy(&numbers.mutate(pem.as_bytes())).into_owned();
        if let Err(malformed) = TrustAnchors::from_pem(&mutated) {
            assert_eq!(malformed.code(), Code::MalformedTrustAnchor);
        }
        drop(Entry::certificates_from_pem(&mutated));
    }
    for text in [NAME, "2024-03-22T11:25:48.983761494+01:00", "1.3.6.1.4.1.57264.1.14"] {
        for _ in 0..3_000 {
            let mutated = String::from_utf8_lossy(&numbers.mutate(text.as_bytes())).into_owned();
            if let Ok(name) = mutated.parse::<ArtifactName>() {
                assert_eq!(name.as_str(), mutated);
            }
            if let Ok(timestamp) = mutated.parse::<Timestamp>() {
                assert_eq!(timestamp.to_string().parse(), Ok(timestamp));
            }
            if let Ok(claim) = mutated.parse::<Claim>() {
                assert_eq!(claim.to_string(), mutated);
            }
        }
    }
}

#[test]
fn an_empty_object_identifier_is_no_panic() {
    // Some readers of object identifiers assert that there is a first byte.
    let scene = scene();
    for broken in [vec![0x06, 0x00], vec![0x06, 0x01, 0x80], vec![0x06, 0x02, 0x80, 0x01]] {
        let algorithm = sequence(from_ref(&broken));
        let certificates = [
            Certificate {
                inner_algorithm: Some(algorithm.clone()),
                outer_algorithm: Some(algorithm),
                ..scene.leaf.clone()
            },
            Certificate {
                public_key: sequence(&[sequence(from_ref(&broken)), tlv(3, &[0])]),
                ..scene.leaf.clone()
            },
            Certificate {
                subject: sequence(&[tlv(0x31, &sequence(&[broken.clone(), utf8("x")]))]),
                ..scene.leaf.clone()
            },
            scene.leaf.clone().with(extension("2.5.29.37", false, sequence(from_ref(&broken)))),
            scene.leaf.clone().with(subject_names(&[tlv(0xA0, &[broken, tlv(0xA0, &utf8("x"))].concat())])),
        ];
        for certificate in certificates {
            let entry =
                Entry::new(NAMESPACE, NAME, [], vec![certificate.sign(&scene.root_key)], at(8), false)
                    .unwrap();
            assert_eq!(code(&scene.verifier(), &[entry], &policy()), "bad_certificate");
        }
    }
}

#[test]
fn a_rejection_does_not_flood_a_log() {
    let scene = scene();
    let (verifier, policy, name) = (scene.verifier(), policy(), NAME.parse().unwrap());
    let long_oid = tlv(0x06, &[0x2A].repeat(30_000));
    let leaf = scene.leaf.sign(&scene.root_key);
    // Put in by hand, for the tests' own encoder of object identifiers takes none of this length.
    let with_extensions = |extensions: &[Vec<u8>]| {
        let placeholder = scene.leaf.clone().with(extension("1.2.3.4", true, vec![])).sign(&scene.root_key);
        assert_ne!(placeholder, leaf);
        let tbs = split_tlv(split_tlv(&placeholder).0).0;
        let mut rest = tbs;
        for _ in 0..7 {
            rest = split_tlv(rest).1;
        }
        let before = &tbs[..tbs.len() - rest.len()];
        let signed_part = sequence(&[before.to_vec(), tlv(0xA3, &sequence(extensions))]);
        let after = split_tlv(split_tlv(&placeholder).0).1;
        sequence(&[signed_part, after.to_vec()])
    };
    let critical = sequence(&[long_oid.clone(), vec![0x01, 0x01, 0xFF], tlv(0x04, &[])]);
    let of_leaf: Vec<Vec<u8>> =
        [key_usage(DIGITAL_SIGNATURE), extended_key_usage(&[CODE_SIGNING]), claim(8, ISSUER)]
            .into_iter()
            .map(|(dotted, _, value)| sequence(&[oid(&dotted), tlv(0x04, &value)]))
            .collect();
    let unknown = with_extensions(&[of_leaf, vec![critical.clone()]].concat());
    let plain = sequence(&[tlv(0x06, &[0x2A].repeat(10_000)), tlv(0x04, &[])]);
    let doubled = with_extensions(&[plain.clone(), plain]);
    for (der, expected) in [(unknown, "critical"), (doubled, "twice")] {
        let entry = Entry::new(NAMESPACE, NAME, [], vec![der], at(8), false).unwrap();
        let rejection = verifier.verify(&name, [&entry], &policy).unwrap_err();
        assert!(rejection.to_string().contains(expected), "{rejection}");
        assert!(rejection.to_string().len() < 2_000, "{} bytes", rejection.to_string().len());
    }
}

/// PEM that is given as bytes, where DER is meant.
#[test]
fn pem_is_told_by_its_beginning() {
    let key = Key::p256(3);
    let scene = scene();
    let ca = Certificate::authority("ca", &key, "root").sign(&scene.root_key);
    let scene = scene.issued_by("ca", &key);
    let leaf = scene.leaf.sign(&key);
    let root = scene.root.sign(&scene.root_key);
    let pem = |certificates: &[&Vec<u8>]| {
        let certificates = certificates.iter().map(|der| (*der).clone()).collect();
        let entry = Entry::new("", "", [], certificates, at(0), false).unwrap();
        serde_json::to_value(entry).unwrap()["certificate"].as_str().unwrap().as_bytes().to_vec()
    };
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    let entry = |certificates: Vec<Vec<u8>>| {
        Entry::new(NAMESPACE, NAME, signature.clone(), certificates, at(8), false)
    };
    let plain = entry(vec![leaf.clone(), ca.clone()]).unwrap();
    let verifier = Verifier::new(TrustAnchors::from_der([pem(&[&root])]).unwrap());
    let known = Verifier::builder(TrustAnchors::from_der([&root]).unwrap())
        .intermediates_from_der([pem(&[&ca])])
        .unwrap()
        .build();
    for prefix in [&b""[..], b"\n ", b"\xEF\xBB\xBF", b"\xEF\xBB\xBF\r\n"] {
        let prefixed = |pem: Vec<u8>| [prefix, &pem].concat();
        for certificates in [
            vec![prefixed(pem(&[&leaf, &ca]))],
            vec![prefixed(pem(&[&leaf])), ca.clone()],
            vec![leaf.clone(), prefixed(pem(&[&ca]))],
        ] {
            assert_eq!(entry(certificates.clone()).unwrap(), plain);
            // Borrowed bytes cannot become others.
            let borrowed: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
            let refused =
                EntryRef::new(NAMESPACE, NAME, &signature, &borrowed[..], at(8), false).unwrap_err();
            assert_eq!(refused.code(), Code::MalformedEntry);
            assert!(refused.to_string().contains("is PEM, where DER is meant"), "{refused}");
        }
        assert_eq!(TrustAnchors::from_der([prefixed(pem(&[&root, &ca]))]).unwrap().len(), 2);
    }
    assert_eq!(code(&verifier, &[plain], &policy()), "verified");
    assert_eq!(code(&known, &[entry(vec![leaf.clone()]).unwrap()], &policy()), "verified");

    // Once, and not within PEM.
    let nested = [pem(&[&leaf]), pem(&[&ca])].map(|pem| Base64::encode_string(&pem));
    let nested =
        nested.map(|base64| format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n"));
    assert!(entry(vec![nested.concat().into_bytes()]).is_err());
    assert!(
        Entry::certificates_from_pem(&nested[0]).unwrap_err().to_string().contains("PEM in base64 once more")
    );

    // The limits and faults of PEM.
    let many = pem(&[&root]).repeat(17);
    assert!(entry(vec![many.clone()]).is_err() && TrustAnchors::from_der([&many]).is_ok());
    let broken = [pem(&[&root]), b"-----BEGIN".to_vec()].concat();
    assert!(entry(vec![broken.clone()]).is_err());
    assert!(TrustAnchors::from_der([&broken]).is_err());
    assert!(
        Verifier::builder(TrustAnchors::from_der([&root]).unwrap()).intermediates_from_der([broken]).is_err()
    );
    for (bytes, what) in
        [(&b"\xFF\xFE-\0-\0"[..], "UTF-16"), (b"MIIBbz", "base64"), (b"LS0tLS1C", "base64"), (b"", "empty")]
    {
        let refused = TrustAnchors::from_der([bytes]).unwrap_err().to_string();
        assert!(refused.contains("certificate 0") && refused.contains(what), "{refused}");
    }
    assert!(TrustAnchors::from_der([b"-----BEGI"]).unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn what_is_no_pem_is_named() {
    let pem = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
    assert!(Entry::certificates_from_pem(&format!("\u{feff}{pem}")).is_ok());
    let utf16: String = pem.chars().flat_map(|character| [character, '\0']).collect();
    for (text, what) in [
        ("", "it is empty"),
        ("MIIBbzCC\nARWg", "base64 without the boundary lines"),
        ("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", "PEM in base64 once more"),
        ("0\u{fffd}\u{1}o0", "DER read as text"),
        (&utf16, "UTF-16 or DER"),
        ("<html>", "HTML"),
        ("{}", "JSON"),
    ] {
        for refused in
            [Entry::certificates_from_pem(text).unwrap_err(), TrustAnchors::from_pem(text).unwrap_err()]
        {
            let refused = refused.to_string();
            assert!(
                refused.contains("there is no PEM certificate in it; ") && refused.contains(what),
                "{refused}"
            );
        }
    }
}
