//! Bundles as JSON, and the other forms in which they come: what is read, what refuses, and what is said of it.
#![cfg(feature = "sigstore")]

mod common;

use common::bundle_folders;
use countermark::limits::*;
use countermark::*;
use serde_json::{Value, json};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

/// Cases that are disputed, which the rules here refuse: one entry twice, and a timestamp authority without its signer.
const DISPUTED: [&str; 2] = ["mutation/pep740-two-entries", "mutation/v2-root-tsa-leaf-missing"];

/// A case of a manifest beside the checkout.
struct Case {
    folder: PathBuf,
    case: Value,
}

impl Case {
    fn id(&self) -> &str {
        self.case["id"].as_str().unwrap()
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.case[member].as_str()
    }

    fn file(&self, name: &str) -> Vec<u8> {
        let path = self.folder.join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn bundle(&self) -> Option<Vec<u8>> {
        self.text("bundle").map(|name| self.file(name))
    }
}

fn cases() -> Vec<Case> {
    let mut cases = vec![];
    for folder in bundle_folders() {
        let manifest: Vec<Value> =
            serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        cases.extend(manifest.into_iter().map(|case| Case { folder: folder.clone(), case }));
    }
    cases
}

fn codes() -> Value {
    serde_json::from_str(&common::read("sigstore/codes.json")).unwrap()
}

fn fault<T: std::fmt::Debug>(result: Result<T, MalformedInput>) -> String {
    let fault = result.unwrap_err();
    assert_eq!(fault.code(), Code::MalformedBundle);
    fault.detail().to_owned()
}

#[test]
fn every_case_is_read_or_refused_as_it_must_be() {
    let codes = codes();
    let (mut read, mut refused, mut roots) = (0, 0, 0);
    for case in cases() {
        let code = codes[case.id()].as_str();
        let root = TrustedRoot::from_json(case.file(case.text("trusted_root").unwrap()));
        match (code, root) {
            (None, Err(fault)) if DISPUTED.contains(&case.id()) => println!("{}: {fault}", case.id()),
            (Some("malformed_trusted_root"), Err(fault)) => {
                println!("{}: {fault}", case.id());
                assert_eq!(fault.code(), Code::MalformedTrustedRoot);
                assert!(fault.detail().contains(['`', '"']), "{}: {fault}", case.id());
                roots += 1;
            }
            (_, Err(fault)) if case.text("expect") == Some("accept") || code.is_some() => {
                panic!("{}: {fault}", case.id())
            }
            (Some("malformed_trusted_root"), Ok(root)) => panic!("{}: {root}", case.id()),
            (_, root) => drop(root),
        }
        let bundle = match (case.bundle(), case.text("kind")) {
            (Some(bundle), kind) if kind != Some("pep740") => Bundle::from_json(bundle),
            _ => {
                let name = case.case["pep740"]["attestation"].as_str().unwrap();
                let json = case.file(name);
                if name.ends_with(".provenance") {
                    bundles_from_pypi_provenance(&json).map(|mut all| all.remove(0).bundles.remove(0))
                } else {
                    Bundle::from_pep740(&json)
                }
            }
        };
        match (code, bundle) {
            (Some("malformed_bundle"), Err(fault)) => {
                println!("{}: {fault}", case.id());
                assert_eq!(fault.code(), Code::MalformedBundle);
                refused += 1;
            }
            (Some("malformed_bundle"), Ok(_)) => panic!("{} is read", case.id()),
            (None, Err(fault)) if DISPUTED.contains(&case.id()) => println!("{}: {fault}", case.id()),
            (_, Ok(_)) => read += 1,
            (_, Err(fault)) => panic!("{}: {fault}", case.id()),
        }
    }
    println!("{read} bundles read, {refused} refused, {roots} trusted roots refused");
    assert!(read > 110 && refused > 25 && roots >= 2, "{read}, {refused}, {roots}");
}

/// The bundle that another reader made of an attestation is the same, but for what it left out.
#[test]
fn an_attestation_of_pypi_is_the_bundle_that_others_make_of_it() {
    let mut compared = 0;
    for case in cases().iter().filter(|case| case.text("kind") == Some("pep740")) {
        let (Some(bundle), Some(name)) = (case.bundle(), case.case["pep740"]["attestation"].as_str()) else {
            continue;
        };
        let theirs = Bundle::from_json(&bundle).unwrap();
        let json = case.file(name);
        if DISPUTED.contains(&case.id()) {
            assert!(fault(bundles_from(&json)).contains("the same entry"));
        } else {
            assert!(bundles_from(&json).unwrap().contains(&theirs), "{}", case.id());
        }
        compared += 1;
    }
    println!("{compared} attestations compared");
    assert!(compared > 15);
}

#[test]
fn the_answers_of_the_npm_registry_are_read_with_both_attestations() {
    let folder = bundle_folders().into_iter().map(|folder| folder.join("npm")).find(|folder| folder.is_dir());
    let Some(folder) = folder else { return };
    let (mut read, mut refused) = (0, 0);
    for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let json = fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        match bundles_from_npm(&json) {
            Ok(attestations) => {
                assert_eq!(attestations.len(), 2, "{name}");
                let types: Vec<&str> =
                    attestations.iter().map(|attestation| attestation.predicate_type.as_str()).collect();
                assert!(types.iter().any(|name| name.contains("specs/publish")), "{types:?}");
                assert!(types.iter().any(|name| name.contains("slsa.dev")), "{types:?}");
                assert_eq!(bundles_from(&json).unwrap().len(), 2);
                read += 1;
            }
            Err(fault) => {
                println!("{name}: {fault}");
                assert_eq!(fault.code(), Code::MalformedBundle);
                assert!(bundles_from(&json).is_err());
                refused += 1;
            }
        }
    }
    println!("{read} answers read, {refused} refused");
    assert!(read > 10 && refused > 3);
}

/// Base64 of something.
const BYTES: &str = "AQID";

fn entry(index: u64) -> Value {
    json!({
        "logIndex": index.to_string(),
        "logId": {"keyId": BYTES},
        "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
        "integratedTime": "1700000000",
        "inclusionPromise": {"signedEntryTimestamp": BYTES},
        "inclusionProof": {
            "logIndex": index.to_string(),
            "rootHash": BYTES,
            "treeSize": "9",
            "hashes": [BYTES, BYTES],
            "checkpoint": {"envelope": "origin"},
        },
        "canonicalizedBody": BYTES,
    })
}

/// A bundle with every member that there is, but for those that exclude these.
fn message() -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": {"rawBytes": BYTES},
            "tlogEntries": [entry(1), entry(2)],
            "timestampVerificationData": {"rfc3161Timestamps": [{"signedTimestamp": BYTES}]},
        },
        "messageSignature": {
            "messageDigest": {"algorithm": "SHA2_256", "digest": "A".repeat(43)},
            "signature": BYTES,
        },
    })
}

fn envelope() -> Value {
    json!({
        "payload": BYTES,
        "payloadType": "text/plain",
        "signatures": [{"sig": BYTES, "keyid": "k"}],
    })
}

fn with_envelope() -> Value {
    let mut bundle = message();
    bundle.as_object_mut().unwrap().remove("messageSignature");
    bundle["dsseEnvelope"] = envelope();
    bundle
}

/// A bundle of version 0.1 or 0.2 with a chain.
fn with_chain(version: &str) -> Value {
    let mut bundle = message();
    bundle["mediaType"] = json!(format!("application/vnd.dev.sigstore.bundle+json;version={version}"));
    bundle["verificationMaterial"].as_object_mut().unwrap().remove("certificate");
    bundle["verificationMaterial"]["x509CertificateChain"] =
        json!({"certificates": [{"rawBytes": BYTES}, {"rawBytes": BYTES}]});
    bundle
}

/// A bundle whose envelope a key signed.
fn with_key() -> Value {
    let mut bundle = with_envelope();
    bundle["verificationMaterial"].as_object_mut().unwrap().remove("certificate");
    bundle["verificationMaterial"]["publicKey"] = json!({"hint": "k"});
    bundle
}

fn all_kinds() -> [Value; 5] {
    [message(), with_envelope(), with_chain("0.1"), with_chain("0.2"), with_key()]
}

fn read(bundle: &Value) -> Result<Bundle, MalformedInput> {
    Bundle::from_json(bundle.to_string())
}

/// The value at the pointer is another.
fn set(mut bundle: Value, pointer: &str, value: Value) -> Value {
    *bundle.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    bundle
}

/// The member at the pointer is taken out.
fn without(mut bundle: Value, pointer: &str) -> Value {
    let (outer, name) = pointer.rsplit_once('/').unwrap();
    bundle.pointer_mut(outer).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    bundle
}

/// A pointer to every value.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => vec![],
    };
    for (name, value) in inner {
        found.extend(pointers(value).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

/// `/a/0/b` as messages have it: `a[0].b`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => path += &format!("[{index}]"),
            Err(_) if path.is_empty() => path += step,
            Err(_) => path += &format!(".{step}"),
        }
    }
    path
}

const MAY_BE_ABSENT: &[&str] = &[
    "logIndex",
    "integratedTime",
    "inclusionPromise",
    "inclusionProof",
    "rootHash",
    "treeSize",
    "hashes",
    "checkpoint",
    "envelope",
    "tlogEntries",
    "timestampVerificationData",
    "rfc3161Timestamps",
    "messageDigest",
    "algorithm",
    "payload",
    "keyid",
    "hint",
    "sig",
    "signature",
    "rawBytes",
    "payloadType",
    "signedEntryTimestamp",
    "signedTimestamp",
];

#[test]
fn every_member_that_is_renamed_removed_nulled_doubled_or_of_another_type_is_told() {
    let mut tried = 0;
    for bundle in all_kinds() {
        assert!(read(&bundle).is_ok(), "{bundle}: {:?}", read(&bundle));
        for pointer in pointers(&bundle) {
            let value = bundle.pointer(&pointer).unwrap();
            let path = path(&pointer);
            let mut refuse = |altered: Value, told: &str| {
                let fault = fault(read(&altered));
                assert!(fault.contains(told), "{pointer}: {fault}, not {told}");
                tried += 1;
            };
            for other in [
                json!(true),
                json!(-1),
                json!(1.5),
                json!([1]),
                json!({"x": 1}),
                json!(["x"]),
                if value.is_string() { json!(false) } else { json!("x") },
            ] {
                refuse(set(bundle.clone(), &pointer, other), if path.is_empty() { "" } else { &path });
            }
            if value.is_object() {
                let mut altered = bundle.clone();
                altered
                    .pointer_mut(&pointer)
                    .unwrap()
                    .as_object_mut()
                    .unwrap()
                    .insert("extra".into(), json!(1));
                refuse(altered, "unknown member \"extra\"");
            }
            let Some((outer, name)) = pointer.rsplit_once('/') else { continue };
            if name.parse::<usize>().is_ok() {
                refuse(set(bundle.clone(), &pointer, Value::Null), &path);
                continue;
            }
            let mut renamed = without(bundle.clone(), &pointer);
            let snake_case: String = name
                .chars()
                .flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] })
                .collect();
            let other_name = if snake_case == name { name.to_uppercase() } else { snake_case };
            let outer_value = renamed.pointer_mut(outer).unwrap().as_object_mut().unwrap();
            outer_value.insert(other_name.clone(), value.clone());
            refuse(renamed, &format!("unknown member \"{other_name}\""));
            for doubled in [Value::Null, value.clone()] {
                let marked = set(bundle.clone(), &pointer, json!("MARK"));
                let twice = marked.to_string().replace("\"MARK\"", &format!("{value},\"{name}\":{doubled}"));
                let fault = fault(Bundle::from_json(twice));
                assert_eq!(fault, format!("the member `{path}` is there twice"));
            }
            let removed = read(&without(bundle.clone(), &pointer));
            let nulled = read(&set(bundle.clone(), &pointer, Value::Null));
            assert_eq!(removed, nulled, "{pointer}");
            if MAY_BE_ABSENT.contains(&name) {
                assert!(removed.is_ok() || name == "hint", "{pointer}: {removed:?}");
            } else {
                let fault = fault(removed);
                assert!(fault.contains(name) || name == "certificate", "{pointer}: {fault}");
            }
        }
    }
    println!("{tried} alterations");
    assert!(tried > 1_000);
}

#[test]
fn media_types_are_exact() {
    for (bundle, version) in all_kinds().iter().zip(["0.3", "0.3", "0.1", "0.2", "0.3"]) {
        assert_eq!(read(bundle).unwrap().version(), version);
    }
    let old_spelling = json!("application/vnd.dev.sigstore.bundle+json;version=0.3");
    assert_eq!(read(&set(message(), "/mediaType", old_spelling)).unwrap().version(), "0.3");
    for media_type in [
        "",
        "application/vnd.dev.sigstore.bundle+json",
        "application/vnd.dev.sigstore.bundle.v0.3.1+json",
        "application/vnd.dev.sigstore.bundle.v0.2+json",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.4",
        "application/vnd.dev.sigstore.bundle+json; version=0.3",
        "application/vnd.dev.sigstore.bundle.v0.3+json ",
        "Application/vnd.dev.sigstore.bundle.v0.3+json",
    ] {
        let fault = fault(read(&set(message(), "/mediaType", json!(media_type))));
        assert!(fault.starts_with("`mediaType` is ") && fault.contains("0.1, 0.2 and 0.3"), "{fault}");
    }
    let root =
        set(message(), "/mediaType", json!("application/vnd.dev.sigstore.trustedroot+json;version=0.1"));
    assert!(fault(read(&root)).contains("a trusted root's"));
}

#[test]
fn a_version_has_its_own_key_material_or_a_hint() {
    let certificate = json!({"rawBytes": BYTES});
    for version in ["0.1", "0.2"] {
        let chain = read(&with_chain(version)).unwrap();
        assert_eq!((chain.certificates().len(), chain.certificate()), (2, Some(&[1, 2, 3][..])));
        let mut other = without(with_chain(version), "/verificationMaterial/x509CertificateChain");
        other["verificationMaterial"]["certificate"] = certificate.clone();
        assert!(
            fault(read(&other)).starts_with("`verificationMaterial.certificate` is a member of version 0.3")
        );
        let empty =
            set(with_chain(version), "/verificationMaterial/x509CertificateChain/certificates", json!([]));
        assert_eq!(
            fault(read(&empty)),
            "`verificationMaterial.x509CertificateChain.certificates` has no certificate"
        );
        let key = set(
            with_key(),
            "/mediaType",
            json!(format!("application/vnd.dev.sigstore.bundle+json;version={version}")),
        );
        assert_eq!(read(&key).unwrap().key_hint(), Some("k"));
    }
    let mut chain = without(message(), "/verificationMaterial/certificate");
    chain["verificationMaterial"]["x509CertificateChain"] = json!({"certificates": [certificate]});
    assert!(fault(read(&chain)).contains("before 0.3"));
    let nothing = fault(read(&without(message(), "/verificationMaterial/certificate")));
    assert_eq!(
        nothing,
        "`verificationMaterial` has neither `certificate` nor `publicKey`; one must be there"
    );
}

#[test]
fn two_that_exclude_each_other_refuse_and_null_is_none() {
    let mut both = message();
    both["dsseEnvelope"] = Value::Null;
    assert!(read(&both).is_ok());
    both["dsseEnvelope"] = envelope();
    assert!(fault(read(&both)).starts_with("both `messageSignature` and `dsseEnvelope`"));
    let neither = fault(read(&set(message(), "/messageSignature", Value::Null)));
    assert!(neither.starts_with("neither `messageSignature` nor `dsseEnvelope`"), "{neither}");
    let values = [
        ("x509CertificateChain", json!({"certificates": [{"rawBytes": BYTES}]})),
        ("certificate", json!({"rawBytes": BYTES})),
        ("publicKey", json!({"hint": "k"})),
    ];
    for (one, value) in &values {
        for (other, other_value) in values.iter().filter(|(other, _)| other != one) {
            let mut two = without(message(), "/verificationMaterial/certificate");
            two["verificationMaterial"][one] = value.clone();
            two["verificationMaterial"][other] = other_value.clone();
            assert!(fault(read(&two)).contains("one may be"));
            two["verificationMaterial"][other] = Value::Null;
            assert!(!read(&two).is_err_and(|fault| fault.detail().contains("one may be")));
        }
    }
}

#[test]
fn an_envelope_has_one_signature_whose_key_id_is_the_hint() {
    let signature = json!({"sig": BYTES, "keyid": ""});
    for (signatures, told) in [
        (json!([]), "`dsseEnvelope.signatures` has 0 signatures"),
        (json!([signature, signature]), "`dsseEnvelope.signatures` has 2 signatures"),
    ] {
        let fault = fault(read(&set(with_key(), "/dsseEnvelope/signatures", signatures)));
        assert!(fault.starts_with(told), "{fault}");
    }
    let with_key_id = |bundle, key_id| read(&set(bundle, "/dsseEnvelope/signatures/0/keyid", json!(key_id)));
    assert!(with_key_id(with_key(), "k").is_ok() && with_key_id(with_key(), "").is_ok());
    assert_eq!(
        fault(with_key_id(with_key(), "other")),
        "`dsseEnvelope.signatures[0].keyid` is \"other\", and not the hint of the bundle's key"
    );
    // With a certificate it means nothing.
    assert!(with_key_id(with_envelope(), "other").is_ok());
    // An empty hint is none that a key ID could be.
    let no_hint = set(with_key(), "/verificationMaterial/publicKey/hint", json!(""));
    assert!(with_key_id(no_hint.clone(), "").is_ok() && with_key_id(no_hint, "k").is_err());
}

#[test]
fn a_message_digest_is_of_a_known_name_and_length() {
    let digest = |algorithm: &str, digest: &str| {
        let value = json!({"algorithm": algorithm, "digest": digest});
        read(&set(message(), "/messageSignature/messageDigest", value))
    };
    for (algorithm, characters) in [("SHA2_256", 43), ("SHA2_384", 64), ("SHA2_512", 86)] {
        assert!(digest(algorithm, &"A".repeat(characters)).is_ok());
        let fault = fault(digest(algorithm, &"A".repeat(characters - 1 - (characters % 4) / 3 * 3)));
        assert!(fault.starts_with("`messageSignature.messageDigest.digest` "), "{fault}");
    }
    // Names of protobuf that are not verified here: the digest is kept as unknown, and matches nothing.
    for algorithm in ["SHA3_256", "SHA3_384", "HASH_ALGORITHM_UNSPECIFIED"] {
        assert!(digest(algorithm, BYTES).is_ok());
    }
    for algorithm in ["SHA2_257", "sha256", "sha2_256", "", "1"] {
        assert!(fault(digest(algorithm, &"A".repeat(43))).contains("names no hash algorithm"));
    }
    let number = set(message(), "/messageSignature/messageDigest/algorithm", json!(1));
    assert_eq!(fault(read(&number)), "`messageSignature.messageDigest.algorithm` is no text");
    assert!(read(&without(message(), "/messageSignature/messageDigest")).is_ok());
}

#[test]
fn the_same_entry_or_timestamp_twice_refuses() {
    let entries =
        |entries: Vec<Value>| read(&set(message(), "/verificationMaterial/tlogEntries", json!(entries)));
    assert!(entries(vec![entry(1), entry(2)]).is_ok());
    let twice = "`verificationMaterial.tlogEntries[2]` is the same entry as [0]";
    assert_eq!(fault(entries(vec![entry(1), entry(2), entry(1)])), twice);
    // What may be altered does not make it another: a copy in the proof, the promise, and how base64 is written.
    for (pointer, value) in [
        ("/inclusionProof/rootHash", json!("AAAA")),
        ("/inclusionPromise/signedEntryTimestamp", json!("AAAA")),
        ("/integratedTime", json!("5")),
        ("/kindVersion/version", json!("0.0.2")),
    ] {
        assert_eq!(fault(entries(vec![entry(1), entry(2), set(entry(1), pointer, value)])), twice);
    }
    for (pointer, value) in [("/logId/keyId", json!("AAAA")), ("/canonicalizedBody", json!("AAAA"))] {
        assert!(entries(vec![entry(1), set(entry(1), pointer, value)]).is_ok());
    }
    let tokens = |tokens: &[&str]| {
        let tokens: Vec<Value> = tokens.iter().map(|token| json!({"signedTimestamp": token})).collect();
        let pointer = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
        read(&set(message(), pointer, json!(tokens)))
    };
    assert!(tokens(&["AQID", "AQIE"]).is_ok());
    for again in ["AQI=", "AQI"] {
        assert_eq!(
            fault(tokens(&["AQI=", "AQID", again])),
            "`verificationMaterial.timestampVerificationData.rfc3161Timestamps[2]` is the same timestamp as [0]"
        );
    }
}

#[test]
fn every_limit_holds_at_its_value_and_not_past_it() {
    let entries = |count: u64| {
        let entries: Vec<Value> = (0..count).map(entry).collect();
        read(&set(message(), "/verificationMaterial/tlogEntries", json!(entries)))
    };
    assert_eq!(entries(MAX_LOG_ENTRIES as u64).unwrap().log_entry_count(), 32);
    assert!(fault(entries(MAX_LOG_ENTRIES as u64 + 1)).contains("more than 32 items"));
    let timestamps = |count: usize| {
        let tokens: Vec<Value> =
            (0..count).map(|index| json!({"signedTimestamp": format!("AA{index:02}")})).collect();
        let pointer = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps";
        read(&set(message(), pointer, json!(tokens)))
    };
    assert_eq!(timestamps(MAX_TIMESTAMPS).unwrap().timestamp_count(), 32);
    assert!(fault(timestamps(MAX_TIMESTAMPS + 1)).contains("more than 32 items"));
    let chain = |count: usize| {
        let pointer = "/verificationMaterial/x509CertificateChain/certificates";
        read(&set(with_chain("0.1"), pointer, json!(vec![json!({"rawBytes": BYTES}); count])))
    };
    assert_eq!(chain(MAX_BUNDLE_CERTIFICATES).unwrap().certificates().len(), 16);
    assert!(fault(chain(MAX_BUNDLE_CERTIFICATES + 1)).contains("more than 16 items"));
    // More hashes than any proof has are no fault of form.
    let hashes = vec![json!(BYTES); 10 * MAX_PROOF_HASHES];
    let pointer = "/verificationMaterial/tlogEntries/0/inclusionProof/hashes";
    assert!(read(&set(message(), pointer, json!(hashes))).is_ok());
    let mut bad = hashes;
    *bad.last_mut().unwrap() = json!("!");
    let fault_of_last = fault(read(&set(message(), pointer, json!(bad))));
    assert!(fault_of_last.contains("hashes[629]` is not base64"), "{fault_of_last}");
    let padded = |bytes: usize| {
        let json = message().to_string();
        let white_space = " ".repeat(bytes - json.len());
        Bundle::from_json(json + &white_space)
    };
    assert!(padded(MAX_BUNDLE_JSON_BYTES).is_ok());
    assert!(fault(padded(MAX_BUNDLE_JSON_BYTES + 1)).contains("longer than 16777216 bytes"));
    for depth in [MAX_JSON_DEPTH, 100_000] {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let json = message().to_string().replace(BYTES, "MARK").replace("\"MARK\"", &nested);
        assert!(Bundle::from_json(json).is_err());
    }
}

#[test]
fn nothing_stands_around_a_document() {
    let json = message().to_string();
    assert!(Bundle::from_json(format!(" \n{json}\r\n\t")).is_ok());
    for json in [
        format!("\u{FEFF}{json}"),
        format!("{json}{{}}"),
        format!("{json}\n{json}"),
        format!("{json}\0"),
        format!("{json},"),
        format!("[{json}]"),
        format!("{json}\u{c}"),
        String::new(),
        "null".into(),
        json[..json.len() - 1].into(),
    ] {
        assert!(Bundle::from_json(&json).is_err(), "{json}");
    }
    let utf16: Vec<u8> = json.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(fault(Bundle::from_json(utf16)).contains("UTF-16"));
    let mut latin = json.into_bytes();
    let hint = latin.iter().position(|byte| *byte == b'h').unwrap();
    latin[hint] = 0xE9;
    assert!(Bundle::from_json(latin).is_err());
}

#[test]
fn numbers_of_64_bits_are_texts_or_numbers() {
    for number in [json!("7"), json!(7), json!(0), json!("9223372036854775807"), json!(i64::MAX)] {
        for name in ["logIndex", "integratedTime", "inclusionProof/logIndex", "inclusionProof/treeSize"] {
            let pointer = format!("/verificationMaterial/tlogEntries/0/{name}");
            assert!(read(&set(message(), &pointer, number.clone())).is_ok());
        }
    }
    for number in
        ["\"9223372036854775808\"", "9223372036854775808", "\"07\"", "\"7.0\"", "7.0", "7e0", "-7", "\"\""]
    {
        let marked = set(message(), "/verificationMaterial/tlogEntries/0/logIndex", json!("MARK"));
        let json = marked.to_string().replace("\"MARK\"", number);
        let fault = fault(Bundle::from_json(json));
        assert!(fault.starts_with("`verificationMaterial.tlogEntries[0].logIndex` is "), "{fault}");
    }
}

#[test]
fn lines_are_read_one_by_one_and_strictly() {
    let (one, other) = (message().to_string(), with_key().to_string());
    let lines = format!("\n{one}\r\n \n{other}");
    assert_eq!(bundles_from_json_lines(&lines).unwrap().len(), 2);
    assert_eq!(bundles_from(&lines).unwrap().len(), 2);
    let bad = format!("{one}\n{{}}\n{other}\n");
    let results: Vec<_> = read_bundles(bad.as_bytes()).collect();
    assert!(results.len() == 3 && results[0].is_ok() && results[2].is_ok());
    assert_eq!(
        results[1].as_ref().unwrap_err().to_string(),
        "malformed bundle: record 1: `mediaType` is missing"
    );
    assert_eq!(bundles_from_json_lines(&bad).unwrap_err(), results[1].clone().unwrap_err());
    assert!(bundles_from_json_lines(format!("\u{FEFF}{one}")).is_err());
    assert_eq!(read_bundles(b" \n").count(), 0);
    let faults = "{}\n".repeat(MAX_RECORD_FAULTS);
    assert_eq!(read_bundles(format!("{faults}{one}").as_bytes()).count(), MAX_RECORD_FAULTS + 1);
    let results: Vec<_> = read_bundles(format!("{faults}{{}}\n{one}").as_bytes()).collect();
    assert_eq!(results.len(), MAX_RECORD_FAULTS + 1);
    assert!(results.last().unwrap().as_ref().unwrap_err().to_string().contains("reading stopped here"));
}

fn pep740() -> Value {
    json!({
        "version": 1,
        "verification_material": {"certificate": BYTES, "transparency_entries": [entry(1)]},
        "envelope": {"statement": BYTES, "signature": BYTES},
    })
}

#[test]
fn attestations_of_pypi_are_open_and_of_version_1() {
    let read = |value: &Value| Bundle::from_pep740(value.to_string());
    let bundle = read(&pep740()).unwrap();
    assert_eq!((bundle.version(), bundle.has_envelope(), bundle.log_entry_count()), ("0.3", true, 1));
    for pointer in ["", "/verification_material", "/envelope"] {
        let mut open = pep740();
        open.pointer_mut(pointer).unwrap()["unknown"] = json!({"x": [1, null]});
        assert_eq!(read(&open).unwrap(), bundle);
        let twice = open.to_string().replace("\"x\":", "\"x\":1,\"x\":");
        assert!(fault(Bundle::from_pep740(twice)).contains("twice"));
    }
    for pointer in ["/verification_material/certificate", "/envelope/statement", "/envelope/signature"] {
        assert_eq!(read(&set(pep740(), pointer, json!("AQ\nID\n"))).unwrap(), bundle);
        assert!(read(&set(pep740(), pointer, json!("AQ ID"))).is_err());
        let name = path(pointer);
        assert_eq!(fault(read(&set(pep740(), pointer, json!("")))), format!("`{name}` is empty"));
        assert_eq!(fault(read(&without(pep740(), pointer))), format!("`{name}` is missing"));
    }
    // The entries are Sigstore's.
    let pointer = "/verification_material/transparency_entries/0/canonicalizedBody";
    assert!(read(&set(pep740(), pointer, json!("AQ\nID"))).is_err());
    let mut unknown = pep740();
    unknown["verification_material"]["transparency_entries"][0]["unknown"] = json!(1);
    assert!(fault(read(&unknown)).contains("unknown member"));
    for version in [json!(2), json!(0), json!("1"), json!(1.0), Value::Null, json!(true)] {
        let fault = fault(read(&set(pep740(), "/version", version)));
        assert!(fault.starts_with("`version` is "), "{fault}");
    }
    let none = set(pep740(), "/verification_material/transparency_entries", json!([]));
    assert!(fault(read(&none)).contains("has no entry"));
}

#[test]
fn a_provenance_of_pypi_keeps_its_publisher_as_a_claim() {
    let publisher = json!({"kind": "GitHub", "repository": "o/r"});
    let provenance = json!({
        "version": 1,
        "attestation_bundles": [
            {"publisher": publisher, "attestations": [pep740(), pep740()]},
            {"publisher": null, "attestations": []},
        ],
    });
    let read = bundles_from_pypi_provenance(provenance.to_string()).unwrap();
    assert_eq!((read.len(), read[0].bundles.len(), read[1].bundles.len()), (2, 2, 0));
    assert_eq!(read[0].unverified_publisher, publisher.to_string());
    let bad = set(provenance.clone(), "/attestation_bundles/0/attestations/1/version", json!(3));
    let fault_of_bad = fault(bundles_from_pypi_provenance(bad.to_string()));
    assert!(fault_of_bad.starts_with("`attestation_bundles[0].attestations[1].version` is not 1"));
    let other = set(provenance, "/version", json!(2));
    assert!(fault(bundles_from_pypi_provenance(other.to_string())).starts_with("`version` is not 1"));
}

fn base64(bytes: &[u8]) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(bytes)
}

/// An attestation of npm whose statement names this predicate type.
fn npm(outer: &str, stated: &str) -> Value {
    let statement = json!({"predicateType": stated}).to_string();
    let mut bundle = with_key();
    bundle["dsseEnvelope"]["payload"] = json!(base64(statement.as_bytes()));
    bundle["dsseEnvelope"]["payloadType"] = json!("application/vnd.in-toto+json");
    json!({"attestations": [{"predicateType": outer, "bundle": bundle}]})
}

#[test]
fn the_predicate_type_that_npm_names_is_the_statement_s() {
    let read = |value: &Value| bundles_from_npm(value.to_string());
    assert_eq!(read(&npm("a", "a")).unwrap()[0].predicate_type, "a");
    assert_eq!(
        fault(read(&npm("a", "b"))),
        "`attestations[0].predicateType` is \"a\", and that of the statement is \"b\""
    );
    let bundle = "/attestations/0/bundle";
    let envelope = format!("{bundle}/dsseEnvelope");
    for (altered, told) in [
        (set(npm("a", "a"), bundle, message()), "without a statement"),
        (set(npm("a", "a"), &format!("{envelope}/payloadType"), json!("text/plain")), "another payload type"),
        (set(npm("a", "a"), &format!("{envelope}/payload"), json!(BYTES)), "cannot be read"),
        (
            set(
                npm("a", "a"),
                &format!("{envelope}/payload"),
                json!(base64(br#"{"predicateType":"a","predicateType":"a"}"#)),
            ),
            "cannot be read",
        ),
        (
            without(npm("a", "a"), "/attestations/0/predicateType"),
            "`attestations[0].predicateType` is missing",
        ),
        (without(npm("a", "a"), bundle), "`attestations[0].bundle` is missing"),
        (
            set(npm("a", "a"), &format!("{bundle}/mediaType"), json!("x")),
            "`attestations[0].bundle.mediaType`",
        ),
        (json!({}), "`attestations` is missing"),
    ] {
        let fault = fault(read(&altered));
        assert!(fault.contains(told), "{fault}");
    }
    assert_eq!(read(&json!({"attestations": []})).unwrap().len(), 0);
}

const PEM: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
const KEY_PEM: &str = "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n";

fn rekor_bundle() -> Value {
    let body = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {}}).to_string();
    json!({
        "SignedEntryTimestamp": BYTES,
        "Payload": {
            "body": base64(body.as_bytes()),
            "integratedTime": 1_700_000_000,
            "logIndex": 7,
            "logID": "00ff",
        },
    })
}

fn cosign_file() -> Value {
    json!({"base64Signature": BYTES, "cert": base64(PEM.as_bytes()), "rekorBundle": rekor_bundle()})
}

#[test]
fn cosign_s_file_is_a_bundle_of_version_0_1() {
    let read = |value: &Value| Bundle::from_cosign(value.to_string());
    let bundle = read(&cosign_file()).unwrap();
    let counts = (bundle.version(), bundle.certificates().len(), bundle.log_entry_count());
    assert_eq!((counts, bundle.has_envelope()), (("0.1", 1, 1), false));
    // The same as a bundle.
    let mut same = with_chain("0.1");
    same["verificationMaterial"] = json!({
        "x509CertificateChain": {"certificates": [{"rawBytes": BYTES}]},
        "tlogEntries": [{
            "logIndex": 7,
            "logId": {"keyId": base64(&[0, 0xFF])},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.1"},
            "integratedTime": 1_700_000_000,
            "inclusionPromise": {"signedEntryTimestamp": BYTES},
            "canonicalizedBody": rekor_bundle()["Payload"]["body"],
        }],
    });
    same["messageSignature"].as_object_mut().unwrap().remove("messageDigest");
    assert_eq!(self::read(&same).unwrap(), bundle);
    assert_eq!(read(&set(cosign_file(), "/cert", json!(PEM))).unwrap(), bundle);
    for key in [json!(KEY_PEM), json!(base64(KEY_PEM.as_bytes())), json!(""), Value::Null] {
        assert_eq!(read(&set(cosign_file(), "/cert", key)).unwrap().key_hint(), Some(""));
    }
    assert_eq!(read(&set(cosign_file(), "/rekorBundle", Value::Null)).unwrap().log_entry_count(), 0);
    let attested = set(cosign_file(), "/base64Signature", json!(base64(envelope().to_string().as_bytes())));
    assert!(read(&attested).unwrap().has_envelope());
    let payload = "/rekorBundle/Payload";
    for (altered, told) in [
        (set(cosign_file(), "/cert", json!("AQID")), "`cert` cannot be read"),
        (set(cosign_file(), "/cert", json!(base64(&[0xFF]))), "`cert` is no PEM"),
        (set(cosign_file(), "/base64Signature", json!("")), "`base64Signature` is empty"),
        (set(cosign_file(), "/base64Signature", json!(base64(b"{}"))), "`base64Signature`, an envelope"),
        (set(cosign_file(), &format!("{payload}/body"), json!(BYTES)), "`rekorBundle.Payload.body` is not"),
        (set(cosign_file(), &format!("{payload}/logID"), json!("0G")), "`rekorBundle.Payload.logID` is not"),
        (set(cosign_file(), &format!("{payload}/logID"), json!("0")), "`rekorBundle.Payload.logID` is not"),
        (set(cosign_file(), &format!("{payload}/logIndex"), json!(-1)), "`rekorBundle.Payload.logIndex` is"),
        (without(cosign_file(), payload), "`rekorBundle.Payload` is missing"),
        (
            without(cosign_file(), "/rekorBundle/SignedEntryTimestamp"),
            "`rekorBundle.SignedEntryTimestamp` is missing",
        ),
    ] {
        let fault = fault(read(&altered));
        assert!(fault.contains(told), "{fault}");
    }
    let mut unknown = cosign_file();
    unknown["rekorBundle"]["Payload"]["x"] = json!(1);
    assert!(fault(read(&unknown)).contains("unknown member \"x\" in `rekorBundle.Payload`"));
}

#[test]
fn cosign_s_parts_and_what_it_downloads_are_read_alike() {
    let (entry, signature) = (rekor_bundle().to_string(), BYTES.to_owned());
    let timestamp = json!({"SignedRFC3161Timestamp": BYTES}).to_string();
    let parts = CosignParts {
        content: CosignContent::Signature(&signature),
        certificate: Some(PEM),
        chain: Some(PEM),
        rekor_bundle: Some(&entry),
        timestamp: Some(&timestamp),
    };
    let bundle = Bundle::from_cosign_parts(&parts).unwrap();
    let counts = (bundle.certificates().len(), bundle.log_entry_count(), bundle.timestamp_count());
    assert_eq!(counts, (2, 1, 1));
    let line = json!({
        "Base64Signature": BYTES,
        "Payload": BYTES,
        "Cert": {"Raw": BYTES, "Version": 3, "PublicKey": {"X": 1}},
        "Chain": [{"Raw": BYTES}],
        "Bundle": rekor_bundle(),
        "RFC3161Timestamp": {"SignedRFC3161Timestamp": BYTES},
    });
    assert_eq!(Bundle::from_cosign(line.to_string()).unwrap(), bundle);
    let by_key = set(set(line.clone(), "/Cert", Value::Null), "/Chain", Value::Null);
    assert_eq!(Bundle::from_cosign(by_key.to_string()).unwrap().key_hint(), Some(""));
    assert!(
        fault(Bundle::from_cosign(set(line, "/Cert", Value::Null).to_string())).contains("`Cert` is missing")
    );

    let envelope = envelope().to_string();
    let attested = CosignParts { content: CosignContent::Envelope(envelope.as_bytes()), ..parts };
    assert!(Bundle::from_cosign_parts(&attested).unwrap().has_envelope());
    for (bad, told) in [
        (CosignParts { certificate: None, ..parts }, "there is a chain, and no certificate"),
        (CosignParts { certificate: Some(KEY_PEM), ..parts }, "a public key in place of a certificate"),
        (CosignParts { certificate: Some("x"), ..parts }, "the certificate or chain: "),
        (CosignParts { chain: Some("x"), ..parts }, "the certificate or chain: "),
        (CosignParts { rekor_bundle: Some("{}"), ..parts }, "the log's entry: `Payload` is missing"),
        (CosignParts { timestamp: Some("{}"), ..parts }, "the signed timestamp: `SignedRFC3161Timestamp`"),
        (CosignParts { content: CosignContent::Signature(""), ..parts }, "the signature is empty"),
        (CosignParts { content: CosignContent::Signature("!"), ..parts }, "the signature is not base64"),
        (
            CosignParts { content: CosignContent::Envelope(b"{}"), ..parts },
            "the envelope: `signatures` has 0",
        ),
    ] {
        let fault = fault(Bundle::from_cosign_parts(&bad));
        assert!(fault.starts_with(told) || fault.contains(told), "{fault}");
    }
    let many = PEM.repeat(MAX_BUNDLE_CERTIFICATES - 1);
    assert!(Bundle::from_cosign_parts(&CosignParts { chain: Some(&many), ..parts }).is_ok());
    let more = PEM.repeat(MAX_BUNDLE_CERTIFICATES);
    assert!(Bundle::from_cosign_parts(&CosignParts { chain: Some(&more), ..parts }).is_err());
}

#[test]
fn simple_signing_names_one_image() {
    let payload = json!({
        "critical": {
            "identity": {"docker-reference": "registry/image"},
            "image": {"docker-manifest-digest": format!("sha256:{}", "0a".repeat(32))},
            "type": "cosign container image signature",
        },
        "optional": {"creator": "x"},
    });
    let read = |value: &Value| SimpleSigning::from_json(value.to_string());
    let signed = read(&payload).unwrap();
    assert_eq!(signed.image_digest().as_bytes(), [0x0A; 32]);
    assert_eq!(signed.docker_reference(), "registry/image");
    assert!(read(&set(payload.clone(), "/optional", Value::Null)).is_ok());
    let digest = "/critical/image/docker-manifest-digest";
    for (altered, told) in [
        (set(payload.clone(), "/critical/type", json!("atomic container signature")), "`critical.type` is"),
        (set(payload.clone(), digest, json!("0a".repeat(32))), "64 lowercase hex digits"),
        (
            set(payload.clone(), digest, json!(format!("sha256:{}", "0A".repeat(32)))),
            "64 lowercase hex digits",
        ),
        (
            set(payload.clone(), digest, json!(format!("sha256:{}", "0a".repeat(31)))),
            "64 lowercase hex digits",
        ),
        (
            set(payload.clone(), digest, json!(format!("sha512:{}", "0a".repeat(64)))),
            "64 lowercase hex digits",
        ),
        (without(payload.clone(), digest), "is missing"),
        (without(payload.clone(), "/critical/identity"), "`critical.identity` is missing"),
        (json!({}), "`critical` is missing"),
    ] {
        let fault = fault(read(&altered));
        assert!(fault.contains(told), "{fault}");
    }
    for place in ["", "/critical", "/critical/image", "/critical/identity"] {
        let mut unknown = payload.clone();
        unknown.pointer_mut(place).unwrap()["x"] = json!(1);
        assert!(fault(read(&unknown)).contains("unknown member"));
    }
    let twice = payload.to_string().replace("\"creator\":", "\"creator\":1,\"creator\":");
    assert!(fault(SimpleSigning::from_json(twice)).contains("twice"));
}

#[test]
fn forms_are_told_apart_by_their_members() {
    let provenance =
        json!({"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": [pep740()]}]});
    for (form, count) in
        [(message(), 1), (pep740(), 1), (provenance.clone(), 1), (npm("a", "a"), 1), (cosign_file(), 1)]
    {
        for json in [form.to_string(), serde_json::to_string_pretty(&form).unwrap()] {
            assert_eq!(bundles_from(&json).unwrap().len(), count, "{json}");
        }
    }
    assert!(fault(bundles_from("{}")).starts_with("it is neither"));
    assert!(fault(bundles_from("[]")).starts_with("it is neither"));
    for (one, other) in [(pep740(), provenance), (message(), npm("a", "a")), (cosign_file(), pep740())] {
        let mut both = one;
        both.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        assert!(fault(bundles_from(both.to_string())).contains("several forms"));
    }
    assert!(fault(bundles_from(format!("\u{FEFF}{}", message()))).contains("byte order mark"));
    // What is on the lines must be bundles.
    assert!(bundles_from(format!("{}\n{{}}", message())).is_err());
}

/// Random alterations of good inputs end in a bundle or in a fault, and never otherwise.
#[test]
fn no_alteration_panics() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap() % below
    };
    let mut inputs: Vec<Vec<u8>> = all_kinds().iter().map(|bundle| bundle.to_string().into_bytes()).collect();
    inputs.extend([pep740(), npm("a", "a"), cosign_file()].map(|form| form.to_string().into_bytes()));
    {
        inputs.extend(cases().iter().take(3).filter_map(Case::bundle));
    }
    const PIECES: &[&str] =
        &["\"", "{", "}", "[", "]", ",", ":", "\\", "\\ud800", "null", "0", "-", "\u{0}", "é", "=", "e9"];
    for input in &inputs {
        for _ in 0..if input.len() < 4_000 { 400 } else { 100 } {
            let mut altered = input.clone();
            for _ in 0..=random(3) {
                let at = random(altered.len());
                match random(4) {
                    0 => altered[at] = u8::try_from(random(256)).unwrap(),
                    1 => drop(altered.remove(at)),
                    2 => {
                        let piece = PIECES[random(PIECES.len())].bytes();
                        drop(altered.splice(at..at, piece));
                    }
                    _ => {
                        let end = (at + random(40)).min(altered.len());
                        drop(altered.drain(at..end));
                    }
                }
                if altered.is_empty() {
                    break;
                }
            }
            let read = catch_unwind(AssertUnwindSafe(|| {
                drop(bundles_from(&altered));
                drop(Bundle::from_json(&altered));
                drop(TrustedRoot::from_json(&altered));
                drop(SimpleSigning::from_json(&altered));
            }));
            assert!(read.is_ok(), "{}", String::from_utf8_lossy(&altered));
        }
    }
}
