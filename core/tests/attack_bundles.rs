//! Attacks on bundles: what somebody gets who chooses every byte, or a trusted root, or a policy.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use base64ct::{Base64, Encoding};
use common::certificates::{self, Key, integer, name, sequence};
use countermark::{Artifact, Bundle, Code, KeyPolicy, PublicKey, TrustAnchors, TrustedRoot, Verifier};
use instance::*;
use serde_json::{Value, json};
use std::time::Instant;

/// Every place of a text in the JSON.
fn texts(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(path.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                texts(item, &format!("{path}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                texts(item, &format!("{path}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// An envelope's signature, of which Rekor's second version knows no more than the digest of what was signed, is one over the
/// file that its encoding is.
#[test]
fn an_envelope_is_no_artifact() {
    let it = Instance::new(0);
    let draft = Draft::envelope(&it);
    let mut bundle = draft.json(&it);
    let envelope = bundle.as_object_mut().unwrap().remove("dsseEnvelope").unwrap();
    bundle["messageSignature"] = json!({"signature": envelope["signatures"][0]["sig"]});
    let encoding = draft.signed();
    let code = code_of(&it.verifier(), &Artifact::from_bytes(&encoding), &read(&bundle), &policy());
    assert_eq!(code, "artifact_mismatch", "the attestation passes for a signed file");
}

/// The other way round nobody can tell: who signs a file that is an envelope's encoding, whoever wrote it, attests what it
/// says, and a log of Rekor's second version knows no more than a digest. Such a file does not verify as one, so that a
/// pipeline that looks at what it signed sees it (see the threat model).
#[test]
fn a_file_that_is_an_encoding_is_an_envelope_and_no_file() {
    let it = Instance::new(0);
    let payload = statement().to_string();
    let encoding = pre_authentication_encoding(IN_TOTO, payload.as_bytes());
    let mut draft = Draft::envelope(&it);
    draft.content = Content::Message { bytes: encoding.clone(), digest: None };
    let mut bundle = draft.json(&it);
    let as_file = code_of(&it.verifier(), &Artifact::from_bytes(&encoding), &read(&bundle), &policy());
    assert_eq!(as_file, "artifact_mismatch");
    let message = bundle.as_object_mut().unwrap().remove("messageSignature").unwrap();
    bundle["dsseEnvelope"] = json!({
        "payload": b64(payload.as_bytes()), "payloadType": IN_TOTO, "signatures": [{"sig": message["signature"]}],
    });
    assert_eq!(code(&it.verifier(), &read(&bundle), &policy()), "verified");
}

/// `verify_message` refuses a message that is an artifact name, so that the signature over a name is none over a file.
#[test]
fn a_name_is_no_artifact() {
    let it = Instance::new(0);
    let text = format!("registry/image@sha256:{}", hex(&sha256(b"image")));
    let mut draft = Draft::message(&it);
    draft.content = Content::Message { bytes: text.clone().into_bytes(), digest: None };
    let code = code_of(&it.verifier(), &Artifact::from_bytes(text.as_bytes()), &draft.bundle(&it), &policy());
    assert_eq!(code, "artifact_mismatch", "a record's signature passes for one over a file");
}

/// One entry, brought twice, is the same entry: nothing but the signed entry timestamp vouches for the outer index.
#[test]
fn the_same_entry_under_another_outer_index_is_the_same() {
    let it = Instance::new(0);
    let mut draft = Draft::message(&it);
    draft.entries[0].has_promise = false;
    draft.timestamps.push((0, 9));
    let mut bundle = draft.json(&it);
    let mut again = bundle["verificationMaterial"]["tlogEntries"][0].clone();
    again["logIndex"] = json!("7");
    bundle["verificationMaterial"]["tlogEntries"].as_array_mut().unwrap().push(again);
    assert_eq!(code_of_json(&it.verifier(), &bundle, &policy()), "malformed_bundle");
}

/// A key that a root lists in two encodings is one key, and one log.
#[test]
fn one_key_in_two_encodings_is_one() {
    let it = Instance::new(0);
    let mut root = it.json();
    let mut again = root["tlogs"][REKOR_1].clone();
    let info = unb64(&again["publicKey"]["rawBytes"]);
    let point = &info[info.len() - 65..];
    assert_eq!(point[0], 4);
    let compressed = [&[2 + (point[64] & 1)][..], &point[1..33]].concat();
    let algorithm = &info[2..info.len() - 68];
    let other_info =
        sequence(&[algorithm.to_vec(), certificates::tlv(0x03, &[&[0][..], &compressed].concat())]);
    again["publicKey"]["rawBytes"] = json!(b64(&other_info));
    again["logId"]["keyId"] = json!(b64(&sha256(&other_info)));
    root["tlogs"].as_array_mut().unwrap().push(again);
    let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(root.to_string()).unwrap());

    let mut draft = Draft::message(&it);
    draft.entries[0].has_promise = false;
    draft.timestamps.push((0, 9));
    let mut bundle = draft.json(&it);
    let mut again = bundle["verificationMaterial"]["tlogEntries"][0].clone();
    again["logId"]["keyId"] = json!(b64(&sha256(&other_info)));
    let note = again["inclusionProof"]["checkpoint"]["envelope"].as_str().unwrap().to_owned();
    let (start, line) = note.trim_end().rsplit_once(' ').unwrap();
    let mut signature = unb64(&json!(line));
    signature[..4].copy_from_slice(&sha256(&other_info)[..4]);
    again["inclusionProof"]["checkpoint"]["envelope"] = json!(format!("{start} {}\n", b64(&signature)));
    bundle["verificationMaterial"]["tlogEntries"].as_array_mut().unwrap().push(again);
    assert_eq!(code_of_json(&verifier, &bundle, &policy()), "verified");
    assert_eq!(
        code_of_json(&verifier, &bundle, &asking(2, 1, 1)),
        "not_logged",
        "one log's entry counts twice"
    );
}

/// The same key does not count twice because one of two places in the root names who operates it.
#[test]
fn one_key_is_independent_of_itself_under_no_name() {
    let it = Instance::new(0);
    let mut root = it.json();
    let mut again = root["timestampAuthorities"][0].clone();
    again["operator"] = json!("somebody");
    again["validFor"] = Times::between(100, 5_000).json();
    root["timestampAuthorities"][0]["validFor"] = Times::between(-5_000, 99).json();
    root["timestampAuthorities"].as_array_mut().unwrap().push(again);
    let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(root.to_string()).unwrap());
    let mut draft = Draft::envelope(&it);
    draft.timestamps = vec![(0, 9), (0, 101)];
    let bundle = draft.json(&it);
    assert_eq!(code_of_json(&verifier, &bundle, &policy()), "verified");
    assert_eq!(
        code_of_json(&verifier, &bundle, &asking(1, 2, 1)),
        "unvouched_time",
        "one authority counts twice"
    );
}

/// An instance that is replaced must not judge on.
#[test]
fn a_name_is_of_one_instance() {
    let (one, other) = (Instance::new(0), Instance::new(1));
    let added = Verifier::builder(
        TrustAnchors::from_der([one.authorities[0].root.sign(&one.authorities[0].root_key)]).unwrap(),
    )
    .trusted_root("public", &one.root())
    .and_then(|builder| builder.trusted_root("public", &other.root()));
    assert!(added.is_err(), "two roots are the instance \"public\"");
}

/// A token names its signer as it likes; a line of a log must stay a line.
#[test]
fn nobody_writes_lines_of_their_own() {
    let it = Instance::new(0);
    let forged = "x\n  forged   passed\nverified: \u{202e}everything";
    let signature = unb64(&Draft::envelope(&it).json(&it)["dsseEnvelope"]["signatures"][0]["sig"]);
    let mut token = it.timestamp_authorities[0].draft(&signature, 9);
    token.signer_id = sequence(&[name(forged), integer(&[0x2A])]);
    let token = token.sign(&Key::p256(99));
    let mut bundle = Draft::envelope(&it).json(&it);
    bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
        json!([{"signedTimestamp": b64(&token)}]);
    let bundles = [
        bundle,
        {
            let mut draft = Draft::envelope(&it);
            draft.content = Draft::enveloped(&{
                let mut statement = statement();
                statement["predicateType"] = json!(forged);
                statement["subject"][0]["name"] = json!(forged);
                statement
            });
            draft.json(&it)
        },
        {
            let mut bundle = Draft::envelope(&it).json(&it);
            bundle["verificationMaterial"]["tlogEntries"][0]["kindVersion"]["kind"] = json!(forged);
            bundle
        },
        {
            let mut draft = Draft::envelope(&it);
            let Content::Envelope { payload_type, .. } = &mut draft.content else { unreachable!() };
            *payload_type = forged.into();
            draft.json(&it)
        },
        {
            let mut bundle = Draft::envelope(&it).json(&it);
            let note = &mut bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]["checkpoint"]
                ["envelope"];
            *note = json!(note.as_str().unwrap().replace("log2025", "\u{202e}log\u{2028}x"));
            bundle
        },
        {
            let mut draft = Draft::envelope(&it);
            draft.leaf().subject = name(forged);
            draft.leaf().issuer = name(forged);
            draft.json(&it)
        },
    ];
    let (verifier, artifact) = (it.verifier(), Artifact::from_bytes(ARTIFACT));
    for (index, bundle) in bundles.iter().enumerate() {
        let bundle = read(bundle);
        let told = match verifier.verify_bundle(&artifact, &bundle, &policy()) {
            Ok(verified) => verified.to_string(),
            Err(rejection) => {
                let one = rejection.to_string();
                assert!(!one.contains('\n'), "{index}: {one}");
                format!("{one} {} {}", rejection.detail(), rejection.remedy())
            }
        };
        let report = verifier.examine_bundle(&artifact, &bundle, &policy()).to_string();
        for told in [told, report] {
            println!("{index}: {told}\n");
            assert!(
                !told.contains("\n  forged") && !told.contains('\u{202e}') && !told.contains('\u{2028}'),
                "{index}: {told}"
            );
        }
    }
}

/// Whoever hands in one bundle does not make 256 times the work by the policy's keys: the times are not theirs.
#[test]
fn the_work_of_a_bundle_does_not_grow_with_the_keys() {
    let it = Instance::new(0);
    let signature = unb64(&Draft::envelope(&it).json(&it)["dsseEnvelope"]["signatures"][0]["sig"]);
    let tokens: Vec<Value> = (0..32)
        .map(|seconds| json!({"signedTimestamp": b64(&it.timestamp_authorities[0].token(&signature, seconds))}))
        .collect();
    let mut bundle = Draft::envelope(&it).by_key("any").json(&it);
    bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] = json!(tokens);
    let bundle = read(&bundle);
    let verifier = it.verifier();
    let took = |keys: u8| {
        let keys =
            (0..keys).map(|seed| PublicKey::from_der(AnyKey::p256(100 + seed).public_key_info()).unwrap());
        let policy = KeyPolicy::new(keys).unwrap();
        let start = Instant::now();
        let result = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy);
        assert_eq!(result.unwrap_err().code(), Code::InvalidSignature);
        start.elapsed()
    };
    took(1);
    let (one, many) = (took(1), took(100));
    println!("{one:?} with 1 key, {many:?} with 100");
    assert!(many < one * 10, "{one:?} with 1 key, {many:?} with 100");
}

/// A line that a note has again costs no second verification.
#[test]
fn the_work_of_a_note_does_not_grow_with_copies_of_a_line() {
    let it = Instance::new(0);
    let mut draft = Draft::message(&it);
    draft.entries[0].has_promise = false;
    draft.timestamps.push((0, 9));
    let took = |copies: usize| {
        let mut bundle = draft.json(&it);
        let note =
            &mut bundle["verificationMaterial"]["tlogEntries"][0]["inclusionProof"]["checkpoint"]["envelope"];
        let text = note.as_str().unwrap().to_owned();
        let line = &text[text.find("\n\n").unwrap() + 2..];
        *note = json!(format!("{text}{}", line.repeat(copies - 1)));
        let bundle = read(&bundle);
        let verifier = it.verifier();
        let start = Instant::now();
        for _ in 0..5 {
            assert!(verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy()).is_ok());
        }
        start.elapsed()
    };
    took(1);
    let (one, many) = (took(1), took(64));
    println!("{one:?} with 1 line, {many:?} with 64");
    assert!(many < one * 4, "{one:?} with 1 line, {many:?} with 64");
}

/// An authority whose period in the root is over does not go on under another's of the same anchor (GitHub's six have one
/// root) because the bundle brings its intermediate.
#[test]
fn an_authority_s_period_holds_for_its_intermediate_wherever_it_comes_from() {
    let mut it = Instance::new(0);
    let old = it.authorities[0].clone();
    let mut new = old.clone();
    new.key = Key::p256(77);
    new.intermediate = certificates::Certificate::authority("new intermediate", &new.key, "i0 root");
    it.authorities[0].times = Times::between(-5_000, -100);
    it.authorities.push(new);
    let mut draft = Draft::message(&it);
    draft.media_type = V0_2;
    assert_eq!(draft.code(&it), "time_mismatch");
    let Material::Leaf { others, .. } = &mut draft.material else { unreachable!() };
    others.push(old.intermediate.sign(&old.root_key));
    assert_eq!(draft.code(&it), "time_mismatch");
    it.authorities[0].times = Times::default();
    assert_eq!(draft.code(&it), "verified");
}

fn refusal(it: &Instance, draft: &Draft) -> String {
    let (verifier, bundle) = (it.verifier(), draft.bundle(it));
    verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy()).unwrap_err().to_string()
}

/// What a root calls its logs, and a caller its keys, cannot write lines either.
#[test]
fn a_root_writes_no_lines_of_its_own() {
    let mut it = Instance::new(0);
    it.logs[REKOR_1].host = "rekor\n  forged".into();
    it.logs[REKOR_1].times = Times::between(-5_000, -100);
    let draft = Draft::message(&it);
    let told = refusal(&it, &draft);
    assert!(!told.contains('\n'), "{told}");
    let mut draft = Draft::message(&it);
    draft.timestamps.push((0, 9));
    draft.entries[0].has_promise = false;
    let told = refusal(&it, &draft);
    assert!(!told.contains('\n'), "{told}");
}

/// What is told of a bundle does not grow with it.
#[test]
fn a_long_predicate_type_does_not_flood_a_log() {
    let it = Instance::new(0);
    let mut long = statement();
    long["predicateType"] = json!("x".repeat(1 << 20));
    let bundle = Draft::envelope(&it).of_statement(&long).bundle(&it);
    let policy = policy().with_predicate_type(PREDICATE_TYPE).unwrap();
    let rejection =
        it.verifier().verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy).unwrap_err();
    assert!(rejection.to_string().len() < 4_000);
    assert!(serde_json::to_string(&rejection).unwrap().len() < 4_000);
    assert!(
        format!("{rejection:?}").len() < 4_000,
        "the rejection keeps {} bytes",
        format!("{rejection:?}").len()
    );
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound.max(1)
    }

    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let length = self.below(40).min(bytes.len() - at);
            match self.below(6) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 if at < bytes.len() => {
                    bytes[at] = [0, 1, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF, b'"', b'\n'][self.below(10)];
                }
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let copy = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, copy);
                }
                4 => bytes.truncate(at),
                _ => bytes.insert(at, u8::try_from(self.below(256)).unwrap()),
            }
        }
        bytes
    }
}

/// Neither what is broken in whatever way panics, nor is it verified.
#[test]
fn broken_parts_neither_panic_nor_pass() {
    let rounds: usize = std::env::var("ATTACKS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
    let it = Instance::new(0);
    let mut intoto = Draft::envelope(&it);
    intoto.entries = vec![Entry::new(&it.logs[REKOR_1], "intoto", "0.0.2")];
    let mut dsse = Draft::envelope(&it);
    dsse.entries = vec![Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1")];
    let bundles: Vec<Value> = [Draft::message(&it), Draft::envelope(&it), intoto, dsse]
        .iter()
        .map(|draft| draft.json(&it))
        .collect();
    let verifier = it.verifier();
    let artifact = Artifact::from_bytes(ARTIFACT);
    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ rounds as u64);
    for round in 0..rounds {
        let mut bundle = bundles[random.below(bundles.len())].clone();
        let mut places = Vec::new();
        texts(&bundle, "", &mut places);
        let place = places[random.below(places.len())].clone();
        let value = bundle.pointer_mut(&place).unwrap();
        let text = value.as_str().unwrap().to_owned();
        *value = match Base64::decode_vec(&text) {
            Ok(bytes) if bytes.len() > 8 && !place.ends_with("Type") => json!(b64(&random.mutated(&bytes))),
            _ => json!(String::from_utf8_lossy(&random.mutated(text.as_bytes()))),
        };
        let Ok(read) = Bundle::from_json(bundle.to_string()) else { continue };
        let report = verifier.examine_bundle(&artifact, &read, &policy());
        let _ = (report.to_string(), serde_json::to_string(&report).unwrap(), read.statement().is_ok());
        let _ = verifier.verify_envelope(&read, &policy()).is_ok();
        if report.verdict() == Code::Verified && *bundle.pointer(&place).unwrap() != json!(text) {
            let is_free =
                ["rootHash", "treeSize", "inclusionProof/logIndex"].iter().any(|end| place.ends_with(end));
            assert!(is_free, "{round}: {place}: {} for {text}", bundle.pointer(&place).unwrap());
        }
    }
}

/// The same for roots.
#[test]
fn broken_roots_do_not_panic() {
    let rounds: usize = std::env::var("ATTACKS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(300);
    let it = Instance::new(0);
    let (root, bundle) = (it.json(), Draft::envelope(&it).bundle(&it));
    let artifact = Artifact::from_bytes(ARTIFACT);
    let mut random = Random(0xD1B5_4A32_D192_ED03 ^ rounds as u64);
    for _ in 0..rounds {
        let mut root = root.clone();
        let mut places = Vec::new();
        texts(&root, "", &mut places);
        let value = root.pointer_mut(&places[random.below(places.len())]).unwrap();
        let text = value.as_str().unwrap().to_owned();
        *value = match Base64::decode_vec(&text) {
            Ok(bytes) if bytes.len() > 8 => json!(b64(&random.mutated(&bytes))),
            _ => json!(String::from_utf8_lossy(&random.mutated(text.as_bytes()))),
        };
        let Ok(root) = TrustedRoot::from_json(root.to_string()) else { continue };
        let _ = (
            root.to_string(),
            Verifier::from_trusted_root(&root).examine_bundle(&artifact, &bundle, &policy()).to_string(),
        );
    }
}
