//! Signed timestamps (RFC 3161) of entries: which of them count, which do not and why, and what follows from a good one.

mod common;

use common::certificates::{
    CODE_SIGNING, Certificate, Key, NAME, NAMESPACE, NOT_BEFORE, Scene, at, basic_constraints, code,
    extended_key_usage, extension, integer, name, oid, policy, scene, sequence, tlv,
};
use common::tokens::{
    Authority, CONTENT_TYPE, EC_PUBLIC_KEY, ECDSA_WITH_SHA384, MESSAGE_DIGEST, SHA1, SHA256, SHA384, SHA512,
    SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2, TIME_STAMPING, TST_INFO, Token, algorithm,
    algorithm_with_null, attribute, authority, critical_usage, issuer_serial, octets, signing_certificate_v2,
    time_text,
};
use countermark::{
    Entry, Evidence, OwnedVerified, Period, Policy, Report, TimeVoucher, TimestampAuthority, Verifier,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

fn demanding() -> Policy {
    policy().with_time_voucher(TimeVoucher::TimestampAuthority)
}

fn verifier(scene: &Scene, authorities: impl IntoIterator<Item = TimestampAuthority>) -> Verifier {
    let builder = Verifier::builder(scene.anchors());
    authorities
        .into_iter()
        .fold(builder, |builder, authority| builder.timestamp_authority(authority).unwrap())
        .build()
}

fn entry(scene: &Scene, tokens: impl IntoIterator<Item = Vec<u8>>) -> Entry {
    let evidence = tokens.into_iter().map(|token| Evidence::rfc3161(&token)).collect();
    scene.entry().with_evidence(evidence).unwrap()
}

fn examine(verifier: &Verifier, entry: &Entry) -> Report {
    verifier.examine(&NAME.parse().unwrap(), [entry], &policy())
}

/// Why a token of an authority does not count, or "counts".
fn told_of(authority: &Authority, token: Vec<u8>) -> String {
    let scene = scene();
    let entry = entry(&scene, [token]);
    let verifier = verifier(&scene, [authority.trusted()]);
    let report = examine(&verifier, &entry);
    assert_eq!(
        code(&verifier, core::slice::from_ref(&entry), &policy()),
        "verified",
        "a bad one adds nothing"
    );
    let [timestamp] = report.timestamps() else { panic!("{report}") };
    let verdict = code(&verifier, &[entry], &demanding());
    match timestamp.fault() {
        None => {
            assert_eq!(verdict, "verified");
            "counts".into()
        }
        Some(fault) => {
            assert_eq!(verdict, "unvouched_time", "{fault}");
            fault.into()
        }
    }
}

/// The same of the usual authority's token after a change, signed anew.
fn told(change: impl FnOnce(&mut Token)) -> String {
    let authority = authority();
    let mut token = authority.token(scene().entry().signature());
    change(&mut token);
    told_of(&authority, token.sign(&authority.key))
}

fn told_with_attributes(change: impl Fn(&mut Vec<Vec<u8>>) + 'static) -> String {
    let authority = authority();
    let token = authority.token(scene().entry().signature()).with_attributes(change);
    told_of(&authority, token.sign(&authority.key))
}

#[track_caller]
fn assert_told(told: &str, wanted: &str) {
    assert!(told.contains(wanted), "{told:?} does not say {wanted:?}");
}

#[test]
fn a_good_one_raises_the_voucher() {
    let (scene, authority) = (scene(), authority());
    let signature = scene.entry().signature().to_vec();
    let verifier = verifier(&scene, [authority.trusted()]);
    let entry = entry(&scene, [authority.token(&signature).sign(&authority.key)]);

    let verified = verifier.verify(&NAME.parse().unwrap(), [&entry], &demanding()).unwrap();
    assert_eq!(verified.time_voucher(), TimeVoucher::TimestampAuthority);
    assert_eq!(verified.timestamp(), at(8));
    let [time] = verified.times() else { panic!("{verified}") };
    assert_eq!((time.time(), time.voucher()), (at(9), TimeVoucher::TimestampAuthority));
    assert_eq!(time.authority(), "CN=tsa");
    let json = serde_json::to_value(&verified).unwrap();
    assert_eq!(json["time_voucher"], "timestamp_authority");
    assert_eq!(json["times"][0]["time"], at(9).to_string());
    assert!(verified.to_string().contains("signed timestamp: 2024-03-22T11:25:49Z by CN=tsa"), "{verified}");
    assert_eq!(OwnedVerified::from(&verified).verified().times(), verified.times());

    let report = examine(&verifier, &entry);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["time_voucher"], "timestamp_authority");
    assert_eq!(json["timestamps"][0]["authority"], "CN=tsa");
    assert_eq!(json["timestamps"][0]["counts"], true);

    let read = Entry::from_json(serde_json::to_vec(&entry).unwrap()).unwrap();
    assert_eq!(read, entry);
    assert_eq!(code(&verifier, &[read], &demanding()), "verified");
}

#[test]
fn without_a_good_one_the_time_is_recorded_and_a_policy_may_refuse_it() {
    let (scene, authority) = (scene(), authority());
    let verifier = verifier(&scene, [authority.trusted()]);
    let entry = entry(&scene, []);
    let verified = verifier.verify(&NAME.parse().unwrap(), [&entry], &policy()).unwrap();
    assert_eq!(verified.time_voucher(), TimeVoucher::Recorded);
    assert!(verified.times().is_empty());
    assert_eq!(code(&verifier, &[entry], &demanding()), "unvouched_time");
}

#[test]
fn a_policy_says_in_json_what_must_vouch_for_the_time() {
    let json = |voucher: &str| {
        format!(r#"{{"namespace":"n","certificate_oidc_issuer":"i","time_voucher":{voucher}}}"#)
    };
    let read = |voucher: &str| Policy::from_json(json(voucher));
    let demanding = read(r#""timestamp_authority""#).unwrap();
    assert_eq!(demanding.record().time_voucher(), TimeVoucher::TimestampAuthority);
    assert_eq!(Policy::from_json(serde_json::to_vec(&demanding).unwrap()).unwrap(), demanding);
    assert_eq!(read(r#""recorded""#).unwrap(), Policy::new("n", "i").unwrap());
    for voucher in ["\"log\"", "\"Recorded\"", "\"\"", "null", "true", "[]"] {
        assert!(read(voucher).is_err(), "{voucher}");
    }
}

/// The threat model's "backdate": whoever kept a leaf's key signs when the certificate has ended, and writes a record with
/// a time inside its validity.
#[test]
fn a_kept_key_cannot_be_used_later_where_a_timestamp_is_demanded() {
    let (scene, authority) = (scene(), authority());
    let signature = scene.entry().signature().to_vec();
    let verifier = verifier(&scene, [authority.trusted()]);
    let at_time = |seconds| {
        let mut token = authority.token(&signature);
        token.time = time_text(seconds);
        entry(&scene, [token.sign(&authority.key)])
    };
    for policy in [policy(), demanding()] {
        assert_eq!(code(&verifier, &[at_time(300)], &policy), "verified", "at notAfter");
        assert_eq!(code(&verifier, &[at_time(301)], &policy), "time_mismatch");
        assert_eq!(code(&verifier, &[at_time(0)], &policy), "verified", "at notBefore");
        assert_eq!(code(&verifier, &[at_time(-1)], &policy), "time_mismatch");
    }
    // Left away, the timestamp is missed; the record's own time tells nothing.
    assert_eq!(code(&verifier, &[entry(&scene, [])], &demanding()), "unvouched_time");
}

#[test]
fn of_several_good_ones_each_must_fit() {
    let (scene, authority) = (scene(), authority());
    let signature = scene.entry().signature().to_vec();
    let verifier = verifier(&scene, [authority.trusted()]);
    let token = |seconds| {
        let mut token = authority.token(&signature);
        token.time = time_text(seconds);
        token.sign(&authority.key)
    };
    let both = entry(&scene, [token(9), token(20)]);
    let verified = verifier.verify(&NAME.parse().unwrap(), [&both], &demanding()).unwrap();
    assert_eq!(
        verified.times().iter().map(countermark::SignedTime::time).collect::<Vec<_>>(),
        [at(9), at(20)]
    );
    assert_eq!(code(&verifier, &[entry(&scene, [token(9), token(301)])], &demanding()), "time_mismatch");
    assert_eq!(code(&verifier, &[entry(&scene, [token(301), token(9)])], &demanding()), "time_mismatch");
    // The same one again counts once.
    let report = examine(&verifier, &entry(&scene, [token(9), token(9)]));
    assert_eq!(report.timestamps().len(), 1);
}

#[test]
fn the_chain_must_be_valid_at_the_signed_time_too() {
    let authority = authority();
    let with_root_until = |seconds| {
        let mut scene = scene();
        scene.root.not_after = NOT_BEFORE + seconds;
        let token = authority.token(scene.entry().signature()).sign(&authority.key);
        code(&verifier(&scene, [authority.trusted()]), &[entry(&scene, [token])], &policy())
    };
    assert_eq!(with_root_until(9), "verified");
    assert_eq!(with_root_until(8), "time_mismatch", "good at the recorded time, ended at the signed one");
}

#[test]
fn a_signed_time_after_the_callers_is_refused() {
    let (scene, authority) = (scene(), authority());
    let verifier = verifier(&scene, [authority.trusted()]);
    let entry = entry(&scene, [authority.token(scene.entry().signature()).sign(&authority.key)]);
    let name = NAME.parse().unwrap();
    assert!(verifier.at(at(9)).verify(&name, [&entry], &policy()).is_ok());
    let rejection = verifier.at(at(8)).verify(&name, [&entry], &policy()).unwrap_err();
    assert_eq!(rejection.code().name(), "time_mismatch");
    let leeway = std::time::Duration::from_secs(1);
    assert!(verifier.at(at(8)).with_leeway(leeway).verify(&name, [&entry], &policy()).is_ok());
}

#[test]
fn the_status_must_be_granted() {
    assert_eq!(told(|token| token.status = Some(vec![0])), "counts");
    assert_eq!(told(|token| token.status = Some(vec![1])), "counts");
    assert_eq!(told(|token| token.status = None), "counts");
    assert_told(&told(|token| token.status = Some(vec![2])), "its status is 2: it was not granted");
    assert_told(&told(|token| token.status = Some(vec![0xFF])), "its status is unknown");
    assert_told(&told(|token| token.status = Some(vec![1, 0])), "its status is unknown");
    assert_told(&told(|token| token.status = Some(vec![0, 0])), "strict DER");
}

#[test]
fn a_response_without_token_is_told() {
    let authority = authority();
    let granted = sequence(&[sequence(&[integer(&[0])])]);
    assert_told(&told_of(&authority, granted), "there is no token in it");
}

#[test]
fn the_imprint_must_be_of_the_signature() {
    let signature = scene().entry().signature().to_vec();
    let imprint = |algorithm: Vec<u8>, digest: &[u8]| sequence(&[algorithm, octets(digest)]);
    for (dotted, digest) in [
        (SHA256, Sha256::digest(&signature).to_vec()),
        (SHA384, Sha384::digest(&signature).to_vec()),
        (SHA512, Sha512::digest(&signature).to_vec()),
    ] {
        assert_eq!(told(|token| token.imprint = imprint(algorithm(dotted), &digest)), "counts");
        assert_eq!(told(|token| token.imprint = imprint(algorithm_with_null(dotted), &digest)), "counts");
        let other = sequence(&[oid(dotted), sequence(&[])]);
        assert_told(
            &told(|token| token.imprint = imprint(other, &digest)),
            "message imprint is not by SHA-256",
        );
        let short = digest[1..].to_vec();
        assert_told(&told(|token| token.imprint = imprint(algorithm(dotted), &short)), "not the length");
    }
    let sha1 = imprint(algorithm_with_null(SHA1), &[7; 20]);
    assert_told(&told(|token| token.imprint = sha1), "message imprint is not by SHA-256");
    let of_another = imprint(algorithm(SHA256), &Sha256::digest(b"another"));
    assert_told(&told(|token| token.imprint = of_another), "over something else than this signature");
    // Over the artifact's name, say, or over the base64.
    let of_name = imprint(algorithm(SHA256), &Sha256::digest(NAME));
    assert_told(&told(|token| token.imprint = of_name), "over something else than this signature");
}

#[test]
fn the_content_must_be_a_timestamps() {
    assert_told(
        &told(|token| token.content_type = oid("1.2.840.113549.1.7.1")),
        "its content is no timestamp",
    );
    assert_told(&told(|token| token.info_version = 2), "the version of its content is not 1");
    assert_told(&told(|token| token.signed_data_version = 1), "the version of its signed data");
    assert_eq!(told(|token| token.signed_data_version = 5), "counts");
    assert_told(&told(|token| token.signed_data_version = 6), "the version of its signed data");
    assert_told(&told(|token| token.digest_algorithms = vec![algorithm(SHA384)]), "lack the signer's");
    assert_told(&told(|token| token.digest_algorithms = vec![]), "lack the signer's");
    let both = vec![algorithm(SHA384), algorithm_with_null(SHA256)];
    assert_eq!(told(|token| token.digest_algorithms = both), "counts");
}

#[test]
fn the_time_is_exact() {
    let with = |time: &str| told(|token| token.time = time.into());
    assert_eq!(with("20240322112549Z"), "counts");
    assert_eq!(with("20240322112549.5Z"), "counts");
    assert_eq!(with("20240322112549.000000001Z"), "counts");
    for wrong in [
        "20240322112549",
        "20240322112549.50Z",
        "20240322112549.0Z",
        "20240322112549.Z",
        "20240322112549+0000",
        "20240322112549.5+0000",
        "202403221125Z",
        "20240322112549,5Z",
        "20240322112549z",
        "2024032211254९Z",
        "20240332112549Z",
        "20240322112560Z",
        "20240322112549.1234567891Z",
        "0240322112549Z",
        "020240322112549Z",
        "",
    ] {
        assert_told(&with(wrong), "its time is");
    }
}

#[test]
fn what_may_follow_the_time_is_in_order() {
    let accuracy = sequence(&[integer(&[1]), tlv(0x80, &[5]), tlv(0x81, &[5])]);
    let ordering = vec![0x01, 0x01, 0xFF];
    let nonce = integer(&[0x99, 0x88]);
    let tsa = tlv(0xA0, &tlv(0xA4, &name("tsa")));
    let extensions = tlv(0xA1, &sequence(&[oid("1.2.3.4"), octets(&[5, 0])]));
    let all = vec![accuracy.clone(), ordering.clone(), nonce.clone(), tsa.clone(), extensions.clone()];
    assert_eq!(told(|token| token.after_time = all.clone()), "counts");
    for left_out in 0..all.len() {
        let mut some = all.clone();
        some.remove(left_out);
        assert_eq!(told(|token| token.after_time = some), "counts");
    }
    for swapped in 0..all.len() - 1 {
        let mut wrong = all.clone();
        wrong.swap(swapped, swapped + 1);
        assert_told(&told(|token| token.after_time = wrong), "cannot be read");
    }
    let explicit_default = vec![vec![0x01, 0x01, 0x00]];
    assert_told(&told(|token| token.after_time = explicit_default), "default value");
    let critical = tlv(0xA1, &sequence(&[oid("1.2.3.4"), vec![0x01, 0x01, 0xFF], octets(&[5, 0])]));
    assert_told(&told(|token| token.after_time = vec![critical]), "unknown critical extension 1.2.3.4");
    let twice = tlv(
        0xA1,
        &[sequence(&[oid("1.2.3.4"), octets(&[])]), sequence(&[oid("1.2.3.4"), octets(&[])])].concat(),
    );
    assert_told(&told(|token| token.after_time = vec![twice]), "twice");
    assert_told(&told(|token| token.after_time = vec![tlv(0xA1, &[])]), "is empty");
    assert_told(&told(|token| token.after_time = vec![vec![0x05, 0x00]]), "cannot be read");
}

#[test]
fn there_is_one_signer() {
    assert_told(&told(|token| token.signer_count = 2), "its one signer cannot be read");
    assert_told(&told(|token| token.signer_count = 0), "its one signer cannot be read");
}

#[test]
fn the_signer_is_named_by_issuer_and_serial_or_by_key_id() {
    assert_told(&told(|token| token.signer_version = 3), "does not go with how the signer is named");
    let other_serial = sequence(&[name("tsa root"), integer(&[0x2B])]);
    assert_told(
        &told(|token| token.signer_id = other_serial),
        "is none of the verifier's timestamp authorities",
    );
    let other_issuer = sequence(&[name("other root"), integer(&[0x2A])]);
    assert_told(
        &told(|token| token.signer_id = other_issuer),
        "is none of the verifier's timestamp authorities",
    );

    let mut authority = authority();
    authority.signer = authority.signer.with(extension("2.5.29.14", false, octets(&[1, 2, 3])));
    let by_key_id = |version, id: &[u8]| {
        let mut token = authority.token(scene().entry().signature());
        (token.signer_version, token.signer_id) = (version, tlv(0x80, id));
        told_of(&authority, token.sign(&authority.key))
    };
    assert_eq!(by_key_id(3, &[1, 2, 3]), "counts");
    assert_told(&by_key_id(1, &[1, 2, 3]), "does not go with how the signer is named");
    assert_told(&by_key_id(3, &[1, 2, 4]), "the key 010204, is none of the verifier's timestamp authorities");
    assert_told(&by_key_id(3, &[]), "is none of the verifier's timestamp authorities");
}

#[test]
fn the_attributes_are_signed_in_order_and_each_is_there_once() {
    assert_told(&told(|token| token.has_attributes = false), "there are no signed attributes");
    let authority = authority();
    let mut token = authority.token(scene().entry().signature()).with_attributes(|attributes| {
        attributes.sort();
        attributes.reverse();
    });
    token.is_sorted = false;
    assert_told(&told_of(&authority, token.sign(&authority.key)), "not in order");

    let twice = told_with_attributes(|attributes| attributes.push(attributes[0].clone()));
    assert_told(&twice, "1.2.840.113549.1.9.3 is there twice");
    let other_twice =
        told_with_attributes(|attributes| attributes.push(attribute(MESSAGE_DIGEST, &[octets(&[7; 32])])));
    assert_told(&other_twice, "1.2.840.113549.1.9.4 is there twice");
    let two_values = told_with_attributes(|attributes| {
        attributes[0] = attribute(CONTENT_TYPE, &[oid(TST_INFO), oid(TST_INFO)]);
    });
    assert_told(&two_values, "cannot be read");
    let no_value = told_with_attributes(|attributes| attributes[1] = attribute(MESSAGE_DIGEST, &[]));
    assert_told(&no_value, "cannot be read");
    let unknown = told_with_attributes(|attributes| attributes.push(attribute("1.2.3.4", &[octets(&[1])])));
    assert_eq!(unknown, "counts");
    let unknown_without_value = told_with_attributes(|attributes| attributes.push(attribute("1.2.3.4", &[])));
    assert_told(&unknown_without_value, "1.2.3.4 has no value");
    let signing_time = told_with_attributes(|attributes| {
        attributes.push(attribute("1.2.840.113549.1.9.5", &[tlv(0x17, b"240322112549Z")]));
    });
    assert_eq!(signing_time, "counts");
}

#[test]
fn so_many_attributes_there_may_be() {
    let with = |count: usize| {
        told_with_attributes(move |attributes| {
            for number in attributes.len()..count {
                attributes.push(attribute(&format!("1.2.3.{number}"), &[octets(&[1])]));
            }
        })
    };
    assert_eq!(with(countermark::limits::MAX_SIGNED_ATTRIBUTES), "counts");
    assert_told(&with(countermark::limits::MAX_SIGNED_ATTRIBUTES + 1), "more than 32 signed attributes");
}

#[test]
fn the_attributes_are_about_the_content() {
    assert_told(&told_with_attributes(|attributes| drop(attributes.remove(0))), "contentType is missing");
    assert_told(&told_with_attributes(|attributes| drop(attributes.remove(1))), "messageDigest is missing");
    let other_type = told_with_attributes(|attributes| {
        attributes[0] = attribute(CONTENT_TYPE, &[oid("1.2.840.113549.1.7.1")]);
    });
    assert_told(&other_type, "the signed content type is no timestamp's");
    let other_digest = told_with_attributes(|attributes| {
        attributes[1] = attribute(MESSAGE_DIGEST, &[octets(&Sha256::digest(b"another"))]);
    });
    assert_told(&other_digest, "another digest than its content");
}

#[test]
fn the_digest_is_by_the_signers_algorithm() {
    let authority = authority();
    let by_sha384 = |signature_algorithm: Vec<u8>| {
        let mut token = authority.token(scene().entry().signature());
        let certificate = authority.chain().remove(0);
        token.digest_algorithms = vec![algorithm(SHA384)];
        token.digest_algorithm = algorithm_with_null(SHA384);
        token.signature_algorithm = signature_algorithm;
        token.attributes = Box::new(move |content| {
            vec![
                attribute(CONTENT_TYPE, &[oid(TST_INFO)]),
                attribute(MESSAGE_DIGEST, &[octets(&Sha384::digest(content))]),
                signing_certificate_v2(&certificate),
            ]
        });
        token
    };
    let sign = |token: Token| told_of(&authority, token.sign_by(|part| authority.key.sign_sha384(part)));
    assert_eq!(sign(by_sha384(algorithm(ECDSA_WITH_SHA384))), "counts");
    assert_eq!(sign(by_sha384(algorithm(EC_PUBLIC_KEY))), "counts");
    // The signature's hash is another than the digest's.
    let mixed = by_sha384(algorithm("1.2.840.10045.4.3.2"));
    assert_told(&told_of(&authority, mixed.sign(&authority.key)), "an algorithm that is not accepted");
    assert_told(
        &told(|token| token.digest_algorithm = algorithm(SHA1)),
        "digest algorithm is not by SHA-256",
    );
    assert_told(&told(|token| token.signature_algorithm = algorithm("1.2.840.10045.4.1")), "not accepted");
    let rsa = algorithm_with_null("1.2.840.113549.1.1.1");
    assert_told(&told(|token| token.signature_algorithm = rsa), "not accepted");
}

#[test]
fn the_signers_certificate_is_the_one_that_is_signed_for() {
    let certificate = authority().chain().remove(0);
    let other = authority().chain().remove(1);
    let with = |attribute: Option<Vec<u8>>| {
        told_with_attributes(move |attributes| {
            attributes.pop();
            attributes.extend(attribute.clone());
        })
    };
    let v2 =
        |id: &[Vec<u8>]| Some(attribute(SIGNING_CERTIFICATE_V2, &[sequence(&[sequence(&[sequence(id)])])]));
    let v1 = |id: &[Vec<u8>]| Some(attribute(SIGNING_CERTIFICATE, &[sequence(&[sequence(&[sequence(id)])])]));
    let sha256 = octets(&Sha256::digest(&certificate));
    assert_eq!(with(None), "counts");
    assert_eq!(with(v2(&[sha256.clone(), issuer_serial("tsa root")])), "counts");
    assert_told(&with(v2(&[sha256.clone(), issuer_serial("other")])), "names another certificate");
    assert_told(&with(Some(signing_certificate_v2(&other))), "names another certificate");
    // The digest of the same certificate as it was signed another time.
    assert_eq!(with(v2(&[octets(&[7; 32]), issuer_serial("tsa root")])), "counts");
    let sha512 = octets(&Sha512::digest(&certificate));
    assert_eq!(with(v2(&[algorithm(SHA512), sha512.clone()])), "counts");
    assert_told(&with(v2(&[algorithm(SHA512), sha256.clone()])), "not the length");
    assert_told(&with(v2(&[algorithm(SHA1), octets(&[7; 20])])), "is not by SHA-256");
    assert_told(&with(v2(&[octets(&[7; 20])])), "not the length");
    // Of SHA-1 only the name beside it counts.
    assert_eq!(with(v1(&[octets(&[7; 20])])), "counts");
    assert_eq!(with(v1(&[octets(&[7; 20]), issuer_serial("tsa root")])), "counts");
    assert_told(&with(v1(&[octets(&[7; 20]), issuer_serial("other")])), "names another certificate");
    assert_told(&with(v1(&[octets(&[7; 32])])), "no SHA-1");
    // Another ASN.1 type (CVE-2025-69420).
    let null = vec![0x05, 0x00];
    for wrong in [null, octets(&[1]), sequence(&[]), sequence(&[sequence(&[])]), sequence(&[octets(&[1])])] {
        for kind in [SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2] {
            assert_told(&with(Some(attribute(kind, core::slice::from_ref(&wrong)))), "cannot be read");
        }
    }
    // The first is the signer's; others may follow.
    let ids = |first: &[u8], second: &[u8]| {
        let id = |certificate| sequence(&[octets(&Sha256::digest(certificate))]);
        Some(attribute(SIGNING_CERTIFICATE_V2, &[sequence(&[sequence(&[id(first), id(second)])])]))
    };
    assert_eq!(with(ids(&certificate, &other)), "counts");
    assert_told(&with(ids(&other, &certificate)), "names another certificate");
}

#[test]
fn what_is_embedded_is_not_trusted() {
    // A signer and its root of the attacker's own, and a trusted one first (CVE-2026-33753, CVE-2026-39984).
    let trusted = authority();
    let mut other = authority();
    (other.key, other.root_key) = (Key::p256(31), Key::p256(32));
    other.signer.public_key = other.key.public_key_info();
    other.root.public_key = other.root_key.public_key_info();
    let mut token = other.token(scene().entry().signature());
    token.embedded = tlv(0xA0, &[trusted.chain().concat(), other.chain().concat()].concat());
    assert_told(&told_of(&trusted, token.sign(&other.key)), "names another certificate");
    let token = token.with_attributes(|attributes| drop(attributes.pop()));
    assert_told(&told_of(&trusted, token.sign(&other.key)), "its signature does not verify");

    let embedded = |bytes: Vec<u8>| told(|token| token.embedded = bytes);
    assert_eq!(embedded(tlv(0xA0, &trusted.chain().concat())), "counts");
    assert_eq!(embedded([tlv(0xA0, &[]), tlv(0xA1, &sequence(&[]))].concat()), "counts");
    assert_told(&embedded(tlv(0xA0, trusted.chain()[0].split_last().unwrap().1)), "cannot be read");
    assert_told(&embedded([tlv(0xA1, &[]), tlv(0xA0, &[])].concat()), "cannot be read");
    assert_eq!(told(|token| token.unsigned = tlv(0xA1, &attribute("1.2.3", &[octets(&[])]))), "counts");
    assert_told(&told(|token| token.unsigned = tlv(0xA2, &[])), "cannot be read");
    let nested = (0..40).fold(Vec::new(), |inner, _| sequence(&[inner]));
    assert_told(&embedded(tlv(0xA0, &nested)), "nested too deeply");
}

#[test]
fn every_bit_matters_and_nothing_may_follow() {
    let (scene, authority) = (scene(), authority());
    let signature = scene.entry().signature().to_vec();
    let token = authority.token(&signature).sign(&authority.key);
    assert_told(&told_of(&authority, [token.clone(), vec![0]].concat()), "cannot be read");
    assert_told(&told_of(&authority, token[..token.len() - 1].to_vec()), "cannot be read");
    assert_told(&told_of(&authority, Vec::new()), "cannot be read");

    let verifier = verifier(&scene, [authority.trusted()]);
    let mut harmless = Vec::new();
    for bit in 0..token.len() * 8 {
        let mut changed = token.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let unreadable = vec![vec![0x30]];
        let entry = Entry::new(NAMESPACE, NAME, signature.as_slice(), unreadable, at(8), false).unwrap();
        let entry = entry.with_evidence(vec![Evidence::rfc3161(&changed)]).unwrap();
        if examine(&verifier, &entry).timestamps()[0].fault().is_none() {
            harmless.push(bit / 8);
        }
    }
    // The status: 0 and 1 are both granted.
    const STATUS: usize = 8;
    assert_eq!(token[STATUS - 2..=STATUS], [0x02, 0x01, 0x00]);
    assert_eq!(harmless, [STATUS], "bytes with bits that change nothing");
}

#[test]
fn indefinite_lengths_are_refused() {
    let authority = authority();
    let token = authority.token(scene().entry().signature()).sign(&authority.key);
    let (content, _) = common::certificates::split_tlv(&token);
    let indefinite = [&[0x30, 0x80][..], content, &[0, 0]].concat();
    assert_told(&told_of(&authority, indefinite), "strict DER");
}

#[test]
fn an_authority_is_a_signer_for_time_stamping_alone_and_those_above_it() {
    let period = Period::new(at(0), None);
    let refused = |change: &dyn Fn(&mut Authority)| {
        let mut authority = authority();
        change(&mut authority);
        TimestampAuthority::new(authority.chain(), period).map_err(|fault| fault.to_string())
    };
    assert!(refused(&|_| {}).is_ok());
    let with = |new: common::certificates::Extension| {
        let new = &new;
        refused(&|authority: &mut Authority| authority.signer = authority.signer.clone().with(new.clone()))
    };
    for wrong in [
        extended_key_usage(&[TIME_STAMPING]),
        critical_usage(&[TIME_STAMPING, CODE_SIGNING]),
        critical_usage(&[CODE_SIGNING, TIME_STAMPING]),
        critical_usage(&[TIME_STAMPING, "1.2.3.4"]),
        critical_usage(&[TIME_STAMPING, TIME_STAMPING]),
        critical_usage(&[CODE_SIGNING]),
        critical_usage(&["2.5.29.37.0"]),
    ] {
        assert_told(&with(wrong).unwrap_err(), "is not for timestamping alone");
    }
    assert_told(
        &with(critical_usage(&[])).unwrap_err(),
        "certificate 0, CN=tsa, has a malformed extendedKeyUsage",
    );
    assert_told(&with(basic_constraints(true, None)).unwrap_err(), "is a certificate authority");
    assert!(with(basic_constraints(false, None)).is_ok());
    assert!(with(common::certificates::key_usage(0x40)).is_ok(), "contentCommitment");
    assert_told(&with(common::certificates::key_usage(0x20)).unwrap_err(), "key usage digitalSignature");
    assert_told(&with(extension("1.2.3.4", true, vec![5, 0])).unwrap_err(), "unknown critical extension");
    let without = refused(&|authority: &mut Authority| {
        authority.signer = authority.signer.clone().without("2.5.29.37");
    });
    assert_told(&without.unwrap_err(), "is not for timestamping alone");
    let no_authority =
        refused(&|authority: &mut Authority| authority.root = authority.root.clone().without("2.5.29.19"));
    assert_told(&no_authority.unwrap_err(), "certificate 1");

    let chain = authority().chain();
    let told = |chain: Vec<Vec<u8>>| TimestampAuthority::new(chain, period).unwrap_err().to_string();
    assert_told(&told(vec![]), "give the certificate of its signer");
    assert_told(&told(chain[..1].to_vec()), "give the certificate of its signer");
    assert_told(&told(chain.iter().rev().cloned().collect()), "certificate 0");
    assert_told(&told(vec![chain[0].clone(), vec![0x30]]), "certificate 1 cannot be read");
    let many = [vec![chain[0].clone()], vec![chain[1].clone(); 16]].concat();
    assert_told(&told(many.clone()), "more than 16 certificates");
    assert!(TimestampAuthority::new(&many[..16], period).is_ok());
}

#[test]
fn authorities_may_be_given_as_pem() {
    let pem: String = authority()
        .chain()
        .iter()
        .map(|der| {
            use base64ct::{Base64, Encoding};
            let base64 = Base64::encode_string(der);
            let lines: Vec<&str> =
                base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
        })
        .collect();
    let period = Period::new(at(0), None);
    let read = TimestampAuthority::new([pem], period).unwrap();
    assert_eq!(read, TimestampAuthority::new(authority().chain(), period).unwrap());
    assert_eq!(read.certificates(), authority().chain());
}

/// What comes of the usual token under an authority that is trusted for a period.
fn told_in(authority: &Authority, trusted: TimestampAuthority) -> String {
    let scene = scene();
    let token = authority.token(scene.entry().signature()).sign(&authority.key);
    let report = examine(&verifier(&scene, [trusted]), &entry(&scene, [token]));
    report.timestamps()[0].fault().unwrap_or("counts").into()
}

#[test]
fn the_time_lies_in_the_authoritys_period_and_in_the_validity_of_its_certificates() {
    let trusted =
        |from, to| TimestampAuthority::new(authority().chain(), Period::new(at(from), Some(at(to)))).unwrap();
    assert_eq!(told_in(&authority(), trusted(9, 9)), "counts");
    assert_told(&told_in(&authority(), trusted(10, 100)), "outside the timestamp authority's period");
    assert_told(&told_in(&authority(), trusted(0, 8)), "outside the timestamp authority's period");
    assert_told(&told_in(&authority(), trusted(10, 8)), "outside the timestamp authority's period");

    let with = |change: &dyn Fn(&mut Certificate, &mut Certificate)| {
        let mut authority = authority();
        change(&mut authority.signer, &mut authority.root);
        told_in(&authority, authority.trusted())
    };
    assert_eq!(with(&|signer, _| signer.not_after = NOT_BEFORE + 9), "counts");
    assert_told(&with(&|signer, _| signer.not_after = NOT_BEFORE + 8), "CN=tsa is valid from");
    assert_eq!(with(&|signer, _| signer.not_before = NOT_BEFORE + 9), "counts");
    assert_told(&with(&|signer, _| signer.not_before = NOT_BEFORE + 10), "CN=tsa is valid from");
    assert_eq!(with(&|_, root| root.not_after = NOT_BEFORE + 9), "counts");
    assert_told(&with(&|_, root| root.not_after = NOT_BEFORE + 8), "CN=tsa root is valid from");
    assert_told(&with(&|_, root| root.not_before = NOT_BEFORE + 10), "CN=tsa root is valid from");
}

#[test]
fn the_signers_path_is_that_of_rule_4_for_time_stamping() {
    let with = |change: &dyn Fn(&mut Authority)| {
        let mut authority = authority();
        change(&mut authority);
        told_in(&authority, authority.trusted())
    };
    let root_usage = |purposes: &'static [&'static str]| {
        with(&|authority| authority.root = authority.root.clone().with(extended_key_usage(purposes)))
    };
    assert_eq!(root_usage(&[TIME_STAMPING]), "counts");
    assert_eq!(root_usage(&["2.5.29.37.0"]), "counts");
    assert_told(&root_usage(&[CODE_SIGNING]), "its signer is not trusted");
    assert_told(
        &with(&|authority| authority.root = authority.root.clone().without("2.5.29.15")),
        "lacks the key usage keyCertSign",
    );
    assert_told(&with(&|authority| authority.root.subject = name("another")), "its signer is not trusted");
    // Signed by another key than the root's.
    let authority_of_another_key = {
        let mut authority = authority();
        authority.root.public_key = Key::p256(40).public_key_info();
        authority
    };
    let told = told_in(&authority_of_another_key, authority_of_another_key.trusted());
    assert_told(&told, "its signer is not trusted");
}

#[test]
fn an_intermediate_may_stand_between_and_be_the_anchor() {
    let mut authority = authority();
    let (intermediate_key, root) = (Key::p384(41), authority.chain().remove(1));
    let intermediate = Certificate::authority("tsa intermediate", &intermediate_key, "tsa root");
    authority.signer.issuer = name("tsa intermediate");
    authority.signer.sha384 = true;
    let intermediate = intermediate.sign(&authority.root_key);
    let signer = authority.signer.sign(&intermediate_key);
    let period = Period::new(at(0), None);
    let scene = scene();
    let token = authority
        .token(scene.entry().signature())
        .with_attributes(|attributes| drop(attributes.pop()))
        .sign(&authority.key);
    for chain in [vec![signer.clone(), intermediate.clone(), root], vec![signer, intermediate]] {
        let trusted = TimestampAuthority::new(chain, period).unwrap();
        let verifier = verifier(&scene, [trusted]);
        // Twice: that its issuer signed it is known the second time.
        for _ in 0..2 {
            let report = examine(&verifier, &entry(&scene, [token.clone()]));
            assert_eq!(report.timestamps()[0].fault(), None);
        }
    }
}

/// Finding TOB-11: the time of one authority must not count in another's period.
#[test]
fn each_authority_counts_with_its_own_certificates_and_period() {
    let (scene, authority) = (scene(), authority());
    let mut other = common::tokens::authority();
    (other.root_key, other.key) = (Key::p256(51), Key::p256(52));
    other.root = Certificate::authority("other root", &other.root_key, "other root");
    other.signer.issuer = name("other root");
    other.signer.public_key = other.key.public_key_info();
    let trusted = |authority: &Authority, from, to| {
        TimestampAuthority::new(authority.chain(), Period::new(at(from), Some(at(to)))).unwrap()
    };
    let token = authority.token(scene.entry().signature()).sign(&authority.key);
    let told = |authorities: Vec<TimestampAuthority>| {
        let report = examine(&verifier(&scene, authorities), &entry(&scene, [token.clone()]));
        report.timestamps()[0].fault().unwrap_or("counts").to_string()
    };
    assert_told(&told(vec![trusted(&authority, 100, 200), trusted(&other, 0, 50)]), "outside the timestamp");
    // One signer in two periods: either will do.
    assert_eq!(told(vec![trusted(&authority, 100, 200), trusted(&authority, 0, 50)]), "counts");
    assert_eq!(told(vec![trusted(&authority, 0, 50), trusted(&authority, 100, 200)]), "counts");
    assert_told(&told(vec![trusted(&other, 0, 50)]), "is none of the verifier's timestamp authorities");
    assert_told(&told(vec![]), "is none of the verifier's timestamp authorities");
}

#[test]
fn what_is_distrusted_vouches_for_nothing() {
    let (scene, authority) = (scene(), authority());
    let token = authority.token(scene.entry().signature()).sign(&authority.key);
    let sha256 = |bytes: &[u8]| <[u8; 32]>::from(Sha256::digest(bytes));
    let [signer, root] = authority.chain().try_into().unwrap();
    for digest in [
        sha256(&signer),
        sha256(&authority.key.public_key_info()),
        sha256(&common::certificates::compressed_key_info(&authority.key)),
        sha256(&common::certificates::respelt(&signer)),
        sha256(&root),
        sha256(&authority.root_key.public_key_info()),
    ] {
        let verifier = Verifier::builder(scene.anchors())
            .timestamp_authority(authority.trusted())
            .unwrap()
            .distrust(digest)
            .build();
        let report = examine(&verifier, &entry(&scene, [token.clone()]));
        assert_told(report.timestamps()[0].fault().unwrap(), "its signer is not trusted");
    }
}

#[test]
fn a_key_of_an_unknown_kind_is_no_fault_and_verifies_nothing() {
    let mut authority = authority();
    let rsa = sequence(&[algorithm_with_null("1.2.840.113549.1.1.1"), tlv(0x03, &[0, 0x30, 0])]);
    authority.signer.public_key = rsa;
    assert_told(&told_in(&authority, authority.trusted()), "an algorithm that is not accepted");
}

#[test]
fn the_signature_is_the_signers() {
    let authority = authority();
    let token = authority.token(scene().entry().signature());
    assert_told(&told_of(&authority, token.sign(&Key::p256(60))), "its signature does not verify");
    // Over the attributes under the tag where they stand, and over the content alone.
    let wrong_tag = token.sign_by(|part| authority.key.sign_sha256(&[&[0xA0], &part[1..]].concat()));
    assert_told(&told_of(&authority, wrong_tag), "its signature does not verify");
    let content = token.content();
    let of_content = token.sign_by(|_| authority.key.sign_sha256(&content));
    assert_told(&told_of(&authority, of_content), "its signature does not verify");
}

#[test]
fn malformed_evidence_adds_nothing_and_is_told() {
    let (scene, authority) = (scene(), authority());
    let verifier = verifier(&scene, [authority.trusted()]);
    let token = authority.token(scene.entry().signature()).sign(&authority.key);
    let good = serde_json::to_value(entry(&scene, [token])).unwrap();
    let with = |evidence: &str| {
        let mut record = good.clone();
        record["evidence"] = serde_json::from_str(&format!("[{evidence}]")).unwrap();
        let entry = Entry::from_json(record.to_string()).unwrap();
        assert_eq!(code(&verifier, core::slice::from_ref(&entry), &policy()), "verified");
        assert_eq!(
            code(&verifier, core::slice::from_ref(&entry), &demanding()),
            "unvouched_time",
            "{evidence}"
        );
        examine(&verifier, &entry).timestamps().first().map(|told| told.fault().unwrap().to_string())
    };
    let of = good["evidence"][0]["token"].as_str().unwrap().to_string();
    let token = |token: &str| with(&format!(r#"{{"kind":"rfc3161","token":{token}}}"#)).unwrap();
    assert_told(&with(r#"{"kind":"rfc3161"}"#).unwrap(), "the member `token` is missing");
    assert_told(&token("null"), "`token` is no text");
    assert_told(&token("7"), "`token` is no text");
    assert_told(&token(r#""""#), "cannot be read");
    assert_told(&token(&format!("\"{of}=\"")), "`token` is not padded standard base64");
    assert_told(
        &token(&format!("\"{}\\n{}\"", &of[..64], &of[64..])),
        "`token` is not padded standard base64",
    );
    let more = format!(r#"{{"kind":"rfc3161","token":"{of}","note":1}}"#);
    assert_told(&with(&more).unwrap(), "another member");
    assert_eq!(with(&format!(r#"{{"kind":"RFC3161","token":"{of}"}}"#)), None, "of another kind");
    // Beside a good one it changes nothing.
    let mut record = good.clone();
    record["evidence"] = serde_json::json!([{"kind": "rfc3161", "token": "!"}, good["evidence"][0]]);
    let entry = Entry::from_json(record.to_string()).unwrap();
    assert_eq!(code(&verifier, &[entry], &demanding()), "verified");
}

#[test]
fn a_token_may_be_so_long() {
    use countermark::limits::MAX_SIGNED_TIMESTAMP_BYTES;
    let with = |bytes: usize| {
        let authority = authority();
        let mut token = authority.token(scene().entry().signature());
        // All lengths are written with as many bytes as in the end.
        token.embedded = long(60_000);
        let padding = 60_000 + bytes - token.sign(&authority.key).len();
        token.embedded = long(padding);
        let der = token.sign(&authority.key);
        (der.len(), told_of(&authority, der))
    };
    assert_eq!(with(MAX_SIGNED_TIMESTAMP_BYTES), (MAX_SIGNED_TIMESTAMP_BYTES, "counts".into()));
    let (length, told) = with(MAX_SIGNED_TIMESTAMP_BYTES + 1);
    assert_eq!(length, MAX_SIGNED_TIMESTAMP_BYTES + 1);
    assert_told(&told, "is of more than 65536 bytes");
}

/// A bag of certificates with one value of so many octets.
fn long(octets: usize) -> Vec<u8> {
    tlv(0xA0, &tlv(0x04, &vec![7; octets]))
}

#[test]
fn anothers_timestamp_does_not_help() {
    let (scene, authority) = (scene(), authority());
    let verifier = verifier(&scene, [authority.trusted()]);
    let token = authority.token(scene.entry().signature()).sign(&authority.key);
    // The same leaf, and the other spelling of the signature, which verifies as well: the token is over the first.
    let other = common::certificates::respelt_signature(scene.entry().signature());
    let respelt = Entry::new(NAMESPACE, NAME, other, scene.certificates(), at(8), false).unwrap();
    let respelt = respelt.with_evidence(vec![Evidence::rfc3161(&token)]).unwrap();
    assert_eq!(code(&verifier, core::slice::from_ref(&respelt), &policy()), "verified");
    assert_eq!(code(&verifier, &[respelt], &demanding()), "unvouched_time");
}

/// Bundles of real instances: each of their timestamps is good under the authorities of its instance, over the signature
/// that it is beside, and over no other.
#[test]
fn those_of_real_bundles() {
    let read = |path: &std::path::Path| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let bytes = |value: &serde_json::Value| {
        use base64ct::{Base64, Encoding};
        value.as_str().and_then(|text| Base64::decode_vec(text).ok())
    };
    let (mut good, mut others) = (0, 0);
    for folder in common::bundle_folders() {
        let manifest = read(&folder.join("manifest.json"));
        for case in manifest["cases"].as_array().or(manifest.as_array()).unwrap() {
            let (Some(bundle), Some(root)) = (case["bundle"].as_str(), case["trusted_root"].as_str()) else {
                continue;
            };
            let Ok(bundle) =
                serde_json::from_slice::<serde_json::Value>(&std::fs::read(folder.join(bundle)).unwrap())
            else {
                continue;
            };
            let Ok(root) =
                serde_json::from_slice::<serde_json::Value>(&std::fs::read(folder.join(root)).unwrap())
            else {
                continue;
            };
            let signature = bytes(&bundle["messageSignature"]["signature"])
                .or_else(|| bytes(&bundle["dsseEnvelope"]["signatures"][0]["sig"]));
            let tokens = &bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"];
            let (Some(signature), Some(tokens)) = (signature, tokens.as_array()) else { continue };
            let authorities = root["timestampAuthorities"].as_array().cloned().unwrap_or_default();
            let authorities: Option<Vec<TimestampAuthority>> = authorities
                .iter()
                .map(|authority| {
                    let certificates = authority["certChain"]["certificates"].as_array()?;
                    let chain: Option<Vec<Vec<u8>>> =
                        certificates.iter().map(|certificate| bytes(&certificate["rawBytes"])).collect();
                    let time = |end: &str| authority["validFor"][end].as_str()?.parse().ok();
                    TimestampAuthority::new(chain?, Period::new(time("start")?, time("end"))).ok()
                })
                .collect();
            let Some(authorities) = authorities else { continue };
            let verifier = verifier(&scene(), authorities);
            for token in tokens.iter().filter_map(|token| bytes(&token["signedTimestamp"])) {
                let told = |signature: &[u8]| {
                    let unreadable = vec![vec![0x30]];
                    let entry = Entry::new(NAMESPACE, NAME, signature, unreadable, at(8), false).unwrap();
                    let entry = entry.with_evidence(vec![Evidence::rfc3161(&token)]).unwrap();
                    examine(&verifier, &entry).timestamps()[0].fault().map(str::to_string)
                };
                match told(&signature) {
                    None => {
                        good += 1;
                        assert_told(&told(b"another").unwrap(), "over something else");
                    }
                    Some(fault) if case["expect"] == "accept" => {
                        others += 1;
                        println!("{}: {fault}", case["id"]);
                    }
                    Some(_) => others += 1,
                }
            }
        }
    }
    println!("timestamps of real bundles: {good} count, {others} do not");
}
