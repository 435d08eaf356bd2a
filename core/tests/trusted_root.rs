//! Trusted roots: what is read, what refuses, and what is said of it.
#![cfg(feature = "sigstore")]

mod common;

use base64ct::{Base64, Encoding};
use common::bundle_folders;
use common::certificates::*;
use countermark::limits::*;
use countermark::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fs;

const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

fn chain(certificates: &[Vec<u8>]) -> Value {
    let certificates: Vec<Value> = certificates.iter().map(|der| json!({"rawBytes": base64(der)})).collect();
    json!({"certificates": certificates})
}

fn authority_certificate() -> Vec<u8> {
    Certificate::authority("root", &Key::p256(1), "root").sign(&Key::p256(1))
}

fn leaf() -> Vec<u8> {
    Certificate::leaf(&Key::p256(2), "root").sign(&Key::p256(1))
}

/// The certificate of a signer of timestamps, by an extended key usage.
fn signer(critical: bool, purposes: &[&str]) -> Vec<u8> {
    let purposes: Vec<Vec<u8>> = purposes.iter().map(|purpose| oid(purpose)).collect();
    let usage = extension("2.5.29.37", critical, sequence(&purposes));
    Certificate::leaf(&Key::p256(3), "root").without("2.5.29.37").with(usage).sign(&Key::p256(1))
}

fn authority(certificates: &[Vec<u8>]) -> Value {
    json!({
        "subject": {"organization": "o", "commonName": "c"},
        "uri": "https://ca.example",
        "certChain": chain(certificates),
        "validFor": {"start": "2024-01-01T00:00:00Z", "end": "2025-01-01T00:00:00.5Z"},
        "operator": "example",
    })
}

fn log_with(details: &str, key: &[u8], id: &[u8]) -> Value {
    json!({
        "baseUrl": "https://log.example:8443/path",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": base64(key),
            "keyDetails": details,
            "validFor": {"start": "2024-01-01T00:00:00Z"},
        },
        "logId": {"keyId": base64(id)},
    })
}

fn log(key: &Key) -> Value {
    let key = key.public_key_info();
    log_with("PKIX_ECDSA_P256_SHA_256", &key, &Sha256::digest(&key))
}

fn root() -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.trustedroot.v0.2+json",
        "tlogs": [log(&Key::p256(4))],
        "certificateAuthorities": [authority(&[authority_certificate()])],
        "ctlogs": [log(&Key::p256(5))],
        "timestampAuthorities": [authority(&[signer(true, &[TIME_STAMPING]), authority_certificate()])],
    })
}

fn read(root: &Value) -> Result<TrustedRoot, MalformedInput> {
    TrustedRoot::from_json(root.to_string())
}

#[track_caller]
fn assert_malformed(root: &Value, told: &str) {
    let fault = read(root).map(|root| root.to_string()).unwrap_err();
    assert_eq!(fault.code(), Code::MalformedTrustedRoot);
    assert!(fault.detail().contains(told), "{fault}, not {told}");
}

fn set(mut root: Value, pointer: &str, value: Value) -> Value {
    *root.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    root
}

fn without(mut root: Value, pointer: &str) -> Value {
    let (outer, name) = pointer.rsplit_once('/').unwrap();
    root.pointer_mut(outer).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    root
}

#[test]
fn a_root_tells_what_is_in_it() {
    let read = read(&root()).unwrap();
    let told = "1 certificate authority, 1 timestamp authority, 1 log (https://log.example:8443/path), \
                1 certificate log (https://log.example:8443/path)";
    assert_eq!(read.to_string(), told);
    assert_eq!(format!("{read:?}"), format!("TrustedRoot({told})"));
    let counts = [
        read.certificate_authority_count(),
        read.timestamp_authority_count(),
        read.log_count(),
        read.certificate_log_count(),
    ];
    assert_eq!(counts, [1; 4]);
}

#[test]
fn every_root_of_the_cases_is_read_but_for_those_that_are_malformed() {
    let (mut read, mut refused) = (0, vec![]);
    for folder in bundle_folders() {
        for file in fs::read_dir(folder.join("roots")).unwrap().map(|file| file.unwrap().path()) {
            match TrustedRoot::from_json(fs::read(&file).unwrap()) {
                Ok(root) => {
                    println!("{}: {root}", file.display());
                    read += 1;
                }
                Err(fault) => {
                    println!("{}: {fault}", file.display());
                    refused.push(file.file_name().unwrap().to_str().unwrap()[9..].to_owned());
                }
            }
        }
    }
    refused.sort();
    println!("{read} trusted roots read, {} refused", refused.len());
    const MALFORMED: &[&str] = &[
        "msg-root-ca-no-window.trusted_root.json",
        "msg-root-media-type-other.trusted_root.json",
        "msg-root-unknown-member.trusted_root.json",
        "trust-root-tlog-missing-validity-start_fail.json",
        "v2-root-tsa-leaf-missing.trusted_root.json",
    ];
    assert!(read > 15);
    assert!(refused.iter().all(|root| MALFORMED.contains(&root.as_str())), "{refused:?}");
    assert!(refused.len() >= 3, "{refused:?}");
}

#[test]
fn media_types_are_exact() {
    for media_type in [
        "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "application/vnd.dev.sigstore.trustedroot.v0.1+json",
        "application/vnd.dev.sigstore.trustedroot.v0.2+json",
    ] {
        assert!(read(&set(root(), "/mediaType", json!(media_type))).is_ok());
    }
    for media_type in [
        "",
        "text/plain",
        "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
        "application/vnd.dev.sigstore.trustedroot.v0.3+json",
        "application/vnd.dev.sigstore.trustedroot.v0.2+json ",
    ] {
        assert_malformed(&set(root(), "/mediaType", json!(media_type)), "the versions that are read");
    }
    let bundle = json!("application/vnd.dev.sigstore.bundle.v0.3+json");
    assert_malformed(&set(root(), "/mediaType", bundle), "`mediaType` is a bundle's");
    assert_malformed(&without(root(), "/mediaType"), "`mediaType` is missing");
}

#[test]
fn every_unknown_doubled_and_missing_member_is_told() {
    for pointer in [
        "",
        "/tlogs/0",
        "/tlogs/0/publicKey",
        "/tlogs/0/publicKey/validFor",
        "/tlogs/0/logId",
        "/certificateAuthorities/0",
        "/certificateAuthorities/0/subject",
        "/certificateAuthorities/0/certChain",
        "/certificateAuthorities/0/certChain/certificates/0",
        "/certificateAuthorities/0/validFor",
        "/timestampAuthorities/0",
    ] {
        let mut unknown = root();
        unknown.pointer_mut(pointer).unwrap()["extra"] = json!(null);
        assert_malformed(&unknown, "unknown member \"extra\"");
        let doubled: Value = root();
        let first = doubled.pointer(pointer).unwrap().as_object().unwrap().keys().next().unwrap().clone();
        let marked = set(root(), &format!("{pointer}/{first}"), json!("MARK")).to_string();
        let twice = marked.replace("\"MARK\"", &format!("null,\"{first}\":null"));
        let fault = TrustedRoot::from_json(twice).unwrap_err();
        assert!(fault.detail().ends_with("is there twice"), "{fault}");
    }
    for (pointer, told) in [
        ("/tlogs/0/baseUrl", "`tlogs[0].baseUrl` is missing"),
        ("/tlogs/0/publicKey", "`tlogs[0].publicKey` is missing"),
        ("/tlogs/0/publicKey/rawBytes", "`tlogs[0].publicKey.rawBytes` is missing"),
        ("/tlogs/0/publicKey/validFor", "`tlogs[0].publicKey.validFor` is missing"),
        ("/tlogs/0/publicKey/validFor/start", "`tlogs[0].publicKey.validFor.start` is missing"),
        ("/ctlogs/0/publicKey/validFor/start", "`ctlogs[0].publicKey.validFor.start` is missing"),
        ("/tlogs/0/logId", "`tlogs[0].logId` is missing"),
        ("/tlogs/0/logId/keyId", "`tlogs[0].logId.keyId` is missing"),
        ("/certificateAuthorities/0/certChain", "`certificateAuthorities[0].certChain` is missing"),
        ("/certificateAuthorities/0/validFor", "`certificateAuthorities[0].validFor` is missing"),
        ("/certificateAuthorities/0/validFor/start", "`certificateAuthorities[0].validFor.start` is missing"),
        ("/timestampAuthorities/0/validFor/start", "`timestampAuthorities[0].validFor.start` is missing"),
    ] {
        assert_malformed(&without(root(), pointer), told);
        assert_malformed(&set(root(), pointer, Value::Null), told);
    }
    for pointer in [
        "/certificateAuthorities/0/subject",
        "/certificateAuthorities/0/uri",
        "/certificateAuthorities/0/operator",
        "/certificateAuthorities/0/validFor/end",
        "/tlogs",
        "/ctlogs",
        "/timestampAuthorities",
        "/certificateAuthorities",
    ] {
        assert!(read(&without(root(), pointer)).is_ok());
        assert!(read(&set(root(), pointer, Value::Null)).is_ok());
        assert_malformed(&set(root(), pointer, json!(1)), &pointer[pointer.rfind('/').unwrap() + 1..]);
    }
    for pointer in
        ["/certificateAuthorities/0/subject/organization", "/certificateAuthorities/0/subject/commonName"]
    {
        assert_malformed(&set(root(), pointer, json!(1)), "is no text");
    }
    for time in ["2024-01-01", "2024-13-01T00:00:00Z", "", "2024-01-01T00:00:00", "1704067200"] {
        assert_malformed(
            &set(root(), "/tlogs/0/publicKey/validFor/start", json!(time)),
            "`tlogs[0].publicKey.validFor.start` is ",
        );
    }
}

#[test]
fn a_root_of_nothing_is_none() {
    let media_type = root()["mediaType"].clone();
    assert_malformed(&json!({"mediaType": media_type}), "neither an authority nor a log");
    assert_malformed(
        &json!({"mediaType": media_type, "tlogs": [], "ctlogs": [], "certificateAuthorities": [], "timestampAuthorities": []}),
        "neither an authority nor a log",
    );
    for list in ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"] {
        assert!(read(&json!({"mediaType": media_type, list: root()[list]})).is_ok());
    }
}

#[test]
fn an_authority_is_one_by_every_certificate() {
    let with = |certificates: &[Vec<u8>]| set(root(), "/certificateAuthorities/0", authority(certificates));
    let first = "`certificateAuthorities[0].certChain.certificates[0].rawBytes`";
    assert_malformed(&with(&[]), "`certificateAuthorities[0].certChain.certificates` has no certificate");
    assert_malformed(&with(&[leaf()]), &format!("{first}, "));
    assert_malformed(&with(&[leaf(), authority_certificate()]), "is no certificate authority");
    assert_malformed(&with(&[authority_certificate(), leaf()]), "certificates[1].rawBytes`, ");
    assert_malformed(&with(&[vec![1, 2, 3]]), first);
    assert_malformed(&with(&[vec![]]), first);
    assert_malformed(&with(&[[authority_certificate(), vec![0]].concat()]), first);
    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        base64(&authority_certificate())
    );
    assert_malformed(&with(&[pem.clone().into_bytes()]), first);
    // An anchor need not be self-signed, and a key of an unknown algorithm stays.
    let intermediate = Certificate::authority("other", &Key::p256(6), "root");
    assert!(read(&with(&[intermediate.sign(&Key::p256(1))])).is_ok());
    let unknown_key = sequence(&[sequence(&[oid("1.2.3")]), tlv(3, &[0, 1])]);
    let unknown = Certificate { public_key: unknown_key, ..intermediate }.sign(&Key::p256(1));
    assert!(read(&with(&[unknown])).is_ok());
    assert!(read(&with(&vec![authority_certificate(); MAX_CERTIFICATES])).is_ok());
    assert_malformed(&with(&vec![authority_certificate(); MAX_CERTIFICATES + 1]), "more than 16 items");
    let of_timestamps =
        set(root(), "/timestampAuthorities/0", authority(&[pem.into_bytes(), authority_certificate()]));
    assert_malformed(&of_timestamps, "`timestampAuthorities[0].certChain`: a certificate is PEM");
}

#[test]
fn a_timestamp_authority_has_a_signer_for_that_alone_and_an_authority() {
    let with = |certificates: &[Vec<u8>]| set(root(), "/timestampAuthorities/0", authority(certificates));
    let (good, ca) = (signer(true, &[TIME_STAMPING]), authority_certificate());
    assert!(read(&with(&[good.clone(), ca.clone()])).is_ok());
    for bad in [
        vec![good.clone()],
        vec![ca.clone()],
        vec![ca.clone(), ca.clone()],
        vec![good.clone(), leaf()],
        vec![good.clone(), ca.clone(), leaf()],
        vec![leaf(), ca.clone()],
        vec![signer(true, &[TIME_STAMPING, CODE_SIGNING]), ca.clone()],
        vec![signer(false, &[TIME_STAMPING, CODE_SIGNING]), ca.clone()],
        vec![signer(false, &[CODE_SIGNING]), ca.clone()],
        vec![signer(true, &[]), ca.clone()],
        vec![signer(false, &[TIME_STAMPING])],
        vec![signer(false, &[TIME_STAMPING]), leaf()],
        vec![vec![1], ca.clone()],
        vec![good, vec![1]],
    ] {
        assert_malformed(&with(&bad), "`timestampAuthorities[0].certChain`");
    }
    // GitHub's of 2023 has the usage without its being critical. It verifies nothing, and is no reason to refuse the root.
    assert!(read(&with(&[signer(false, &[TIME_STAMPING]), ca])).is_ok());
}

#[test]
fn the_id_of_a_log_is_its_key_s() {
    let key = Key::p256(4).public_key_info();
    let ids = ["/tlogs/0", "/ctlogs/0"];
    for pointer in ids {
        let other = log_with("PKIX_ECDSA_P256_SHA_256", &key, &Sha256::digest(b"other"));
        assert_malformed(&set(root(), pointer, other), "the ID of the log is not the one of its key");
        let short = log_with("PKIX_ECDSA_P256_SHA_256", &key, &Sha256::digest(&key)[..4]);
        assert_malformed(&set(root(), pointer, short), "the ID of the log has 4 bytes");
    }
    // Rekor's second version: the whole hash of the note key, under the host's name.
    let ed25519 = [
        &[0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00][..],
        &[
            0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A,
            0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
        ],
    ]
    .concat();
    let note_id = |host: &str| Sha256::digest([host.as_bytes(), b"\n\x01", &ed25519[12..]].concat());
    let with = |id: &[u8]| set(root(), "/tlogs/0", log_with("PKIX_ED25519", &ed25519, id));
    assert!(read(&with(&note_id("log.example"))).is_ok());
    assert!(read(&with(&Sha256::digest(&ed25519))).is_ok());
    assert_malformed(&with(&note_id("log.example:8443")), "the ID of the log");
    assert_malformed(&with(&note_id("other.example")), "the ID of the log");
    // A certificate log has no notes.
    let certificate_log =
        set(root(), "/ctlogs/0", log_with("PKIX_ED25519", &ed25519, &note_id("log.example")));
    assert_malformed(&certificate_log, "`ctlogs[0]`: the ID of the log");
    let mut with_checkpoint_key = with(&note_id("log.example"));
    with_checkpoint_key["tlogs"][0]["checkpointKeyId"] =
        json!({"keyId": base64(&note_id("log.example")[..4])});
    assert!(read(&with_checkpoint_key).is_ok());
    let other = set(with_checkpoint_key, "/tlogs/0/checkpointKeyId/keyId", json!("AAAAAA=="));
    assert_malformed(&other, "`tlogs[0]`: the ID of the log's key in checkpoints");
}

#[test]
fn a_log_of_an_algorithm_that_is_not_known_stays_and_verifies_nothing() {
    let key = Key::p256(4).public_key_info();
    let id = Sha256::digest(&key);
    let told = |log: Value| read(&set(root(), "/tlogs/0", log)).unwrap().to_string();
    let unusable = "1 log (https://log.example:8443/path, which verifies nothing here)";
    for details in ["PKIX_OF_TOMORROW", "LMS_SHA256", ""] {
        assert!(told(log_with(details, &key, &id)).contains(unusable));
    }
    let other_hash = set(log_with("PKIX_ECDSA_P256_SHA_256", &key, &id), "/hashAlgorithm", json!("SHA3_256"));
    assert!(told(other_hash).contains(unusable));
    // A known one that is not the key's is a fault.
    assert_malformed(
        &set(root(), "/tlogs/0", log_with("PKIX_ED25519", &key, &id)),
        "`tlogs[0]`: the key is not",
    );
    assert_malformed(
        &set(root(), "/tlogs/0", log_with("PKIX_ECDSA_P256_SHA_256", &key[1..], &id)),
        "`tlogs[0]`: the key is not",
    );
    for pointer in ["/tlogs/0/publicKey/keyDetails", "/tlogs/0/hashAlgorithm"] {
        assert_malformed(&set(root(), pointer, json!(5)), "is no text");
    }
}

#[test]
fn a_log_that_is_listed_again_is_one_log() {
    let again = set(log(&Key::p256(4)), "/publicKey/validFor/start", json!("2030-01-01T00:00:00Z"));
    let two = |again: Value| set(root(), "/tlogs", json!([log(&Key::p256(4)), again]));
    assert_eq!(read(&two(again.clone())).unwrap().log_count(), 1);
    assert_eq!(read(&two(log(&Key::p256(6)))).unwrap().log_count(), 2);
    let operated = |operator: &str| {
        let mut log = again.clone();
        log["operator"] = json!(operator);
        log
    };
    assert!(read(&two(operated("one"))).is_ok());
    assert_malformed(
        &set(root(), "/tlogs", json!([operated("one"), operated("other")])),
        "`tlogs[1]`: the log is listed before with another operator",
    );
}

#[test]
fn every_limit_holds_at_its_value_and_not_past_it() {
    let padded = |bytes: usize| {
        let json = root().to_string();
        let white_space = " ".repeat(bytes - json.len());
        TrustedRoot::from_json(json + &white_space)
    };
    assert!(padded(MAX_TRUSTED_ROOT_JSON_BYTES).is_ok());
    assert!(padded(MAX_TRUSTED_ROOT_JSON_BYTES + 1).unwrap_err().detail().contains("longer than"));
    for list in ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"] {
        let item = root()[list][0].clone();
        let many = |count| set(root(), &format!("/{list}"), json!(vec![item.clone(); count]));
        assert!(read(&many(MAX_TRUSTED_ROOT_ITEMS)).is_ok());
        assert_malformed(&many(MAX_TRUSTED_ROOT_ITEMS + 1), &format!("`{list}` has more than 256 items"));
    }
    let line = root().to_string() + "\n";
    assert_eq!(trusted_roots_from_json_lines(line.repeat(MAX_TRUSTED_ROOTS)).unwrap().len(), 64);
    assert!(trusted_roots_from_json_lines(line.repeat(MAX_TRUSTED_ROOTS + 1)).is_err());
}

#[test]
fn each_line_is_a_root_of_its_own() {
    let line = root().to_string();
    let mut other = root();
    other["certificateAuthorities"] = json!([]);
    let roots = trusted_roots_from_json_lines(format!("{line}\r\n\n{other}")).unwrap();
    let counts: Vec<usize> = roots.iter().map(TrustedRoot::certificate_authority_count).collect();
    assert_eq!(counts, [1, 0]);
    for (json, told) in [
        (String::new(), "there is no root in it"),
        (" \n".into(), "there is no root in it"),
        (format!("{line}\n{{}}"), "root 1: `mediaType` is missing"),
        (format!("\u{FEFF}{line}"), "root 0: there is a byte order mark"),
        (format!("{line} {line}"), "root 0: trailing characters"),
    ] {
        let fault = trusted_roots_from_json_lines(json).map(|roots| roots.len()).unwrap_err();
        assert_eq!(fault.code(), Code::MalformedTrustedRoot);
        assert!(fault.detail().contains(told), "{fault}");
    }
    assert!(TrustedRoot::from_json(format!("{line}\n{line}")).is_err());
}
