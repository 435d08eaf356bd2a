//! In-toto statements, as the payloads of envelopes: what is read says what another reader of JSON says.

#![no_main]

use base64ct::{Base64, Encoding};
use countermark::{Bundle, HashAlgorithm, limits};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fn bundle(payload: &[u8]) -> Bundle {
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "" } },
        "dsseEnvelope": {
            "payload": Base64::encode_string(payload),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{ "sig": "AA==" }],
        },
    });
    Bundle::from_json(bundle.to_string()).unwrap()
}

fuzz_target!(|payload: &[u8]| {
    // An envelope without a payload is none.
    if payload.is_empty() {
        return;
    }
    let statement = match bundle(payload).statement() {
        Ok(statement) => statement.expect("the payload's type says so"),
        Err(malformed) => return assert!(!malformed.to_string().is_empty()),
    };
    let statement = statement.unverified();
    let value: Value = serde_json::from_slice(payload).unwrap();
    assert!(
        ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"]
            .contains(&value["_type"].as_str().unwrap())
    );
    assert_eq!(value["predicateType"], statement.predicate_type());
    let predicate = statement.predicate_json().map(|json| serde_json::from_str::<Value>(json).unwrap());
    assert_eq!(predicate.as_ref().unwrap_or(&Value::Null), &value["predicate"]);
    let subjects = value["subject"].as_array().unwrap();
    assert_eq!(statement.subjects().len(), subjects.len());
    assert!((1..=limits::MAX_STATEMENT_SUBJECTS).contains(&subjects.len()));
    for (subject, value) in statement.subjects().iter().zip(subjects) {
        assert_eq!((subject.name(), subject.uri()), (value["name"].as_str(), value["uri"].as_str()));
        let digests: Vec<_> = subject.digests().collect();
        let told = value["digest"].as_object();
        assert_eq!(digests.len(), told.map_or(0, serde_json::Map::len));
        assert!(digests.iter().all(|(algorithm, digest)| value["digest"][algorithm] == *digest));
        for algorithm in HashAlgorithm::ALL {
            let told = value["digest"][algorithm.name()].as_str();
            if let Some(digest) = subject.digest(*algorithm) {
                assert_eq!(told.map(str::to_lowercase).as_deref(), digest.to_string().split(':').nth(1));
            } else if let Some(told) = told {
                let is_hex = told.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(!is_hex || told.len() != 2 * algorithm.digest_bytes());
            }
        }
    }
});
