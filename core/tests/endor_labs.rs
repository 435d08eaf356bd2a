//! The records of the Endor Labs API.

mod common;

use common::certificates::*;
use countermark::{Code, EndorLabs, Entry};
use serde_json::{Value, json};

/// A record as the API returns it, for the scene's entry.
fn record() -> Value {
    let entry = serde_json::to_value(scene().entry()).unwrap();
    json!({
        "uuid": "65fd6b1c0a8a3c2f5b1d2e3f",
        "meta": {"create_time": "2024-03-22T11:25:49Z", "kind": "ArtifactSignature", "name": NAME, "version": "v1", "tags": null},
        "tenant_meta": {"namespace": NAMESPACE},
        "spec": {
            "artifact_digest": NAME.split_once('@').unwrap().1,
            "artifact_name": NAME,
            "artifact_type": "ARTIFACT_TYPE_CONTAINER_IMAGE",
            "certificate": entry["certificate"],
            "signature": entry["signature"],
            "timestamp": entry["timestamp"],
            "source_repository_ref": "refs/tags/v1",
            "provenance": {
                "certificate_oidc_issuer": ISSUER,
                "source_repository_ref": "refs/tags/v1",
                "source_repository": "",
            },
            "revoked": false,
            "something_new": {"ignored": [null]},
        },
    })
}

fn list(records: &[Value]) -> Value {
    json!({"list": {"objects": records, "response": {"next_page_token": 0, "next_page_id": ""}}})
}

fn read(json: &Value) -> Result<Vec<Entry>, Code> {
    EndorLabs::new().entries_from_json(json.to_string()).map_err(|malformed| malformed.code())
}

fn with(change: impl FnOnce(&mut Value)) -> Result<Vec<Entry>, Code> {
    let mut record = record();
    change(&mut record);
    let one = read(&record);
    assert_eq!(read(&list(&[record])), one, "in a list as alone");
    one
}

#[test]
fn one_record_and_a_list_are_read_and_verify() {
    let scene = scene();
    let one = read(&record()).unwrap();
    assert_eq!(code(&scene.verifier(), &one, &policy()), "verified");
    assert_eq!(one[0].provenance().len(), 2, "an empty text counts as absent");
    assert_eq!(read(&list(&[record(), record()])).unwrap(), [one[0].clone(), one[0].clone()]);
    for empty in [json!({"list": {}}), json!({"list": {"objects": []}}), list(&[])] {
        assert_eq!(read(&empty), Ok(vec![]));
    }
    let revoked = with(|record| record["spec"]["revoked"] = json!(true)).unwrap();
    assert_eq!(code(&scene.verifier(), &revoked, &policy()), "revoked_signature");
}

const MALFORMED: Result<Vec<Entry>, Code> = Err(Code::MalformedEntry);

#[test]
fn a_response_with_a_next_page_is_refused() {
    for response in [
        json!({"next_page_token": 50}),
        json!({"next_page_token": "50"}),
        json!({"next_page_id": "633dd8"}),
        json!({"next_page_token": 0, "next_page_id": "x"}),
        json!({"next_page_token": -1}),
        json!({"next_page_token": true}),
        json!({"nextPageToken": 50}),
        json!({"next_page_token": {}}),
        json!([]),
        json!("x"),
    ] {
        let mut list = list(&[record()]);
        list["list"]["response"] = response.clone();
        assert_eq!(read(&list), MALFORMED, "{response}");
    }
    for response in [json!({}), json!({"next_page_token": null}), json!({"next_page_token": "0", "total": 5})]
    {
        let mut list = list(&[record()]);
        list["list"]["response"] = response.clone();
        assert!(read(&list).is_ok(), "{response}");
    }
}

#[test]
fn a_record_that_disagrees_with_itself_is_refused() {
    let hex = NAME.rsplit(':').next().unwrap();
    for digest in ["sha256:0", &hex.replace('c', "d"), &hex.to_uppercase(), "sha512:x", "sha256:"] {
        assert_eq!(with(|record| record["spec"]["artifact_digest"] = json!(digest)), MALFORMED, "{digest}");
    }
    for digest in ["", hex] {
        assert!(with(|record| record["spec"]["artifact_digest"] = json!(digest)).is_ok(), "{digest}");
    }
    assert_eq!(with(|record| record["spec"]["source_repository_ref"] = json!("refs/tags/v2")), MALFORMED);
    assert_eq!(
        with(|record| record["spec"]["provenance"]["source_repository_ref"] = json!("refs/tags/v2")),
        MALFORMED
    );
    // Both edited alike still disagree with the certificate.
    let both = with(|record| {
        record["spec"]["source_repository_ref"] = json!("refs/tags/v2");
        record["spec"]["provenance"]["source_repository_ref"] = json!("refs/tags/v2");
    });
    assert_eq!(both, MALFORMED);
    assert!(with(|record| record["spec"]["source_repository_ref"] = json!("")).is_ok());
    // What the provenance alone says wrongly is for the verifier to find.
    let edited = with(|record| {
        record["spec"].as_object_mut().unwrap().remove("source_repository_ref");
        record["spec"]["provenance"]["source_repository_ref"] = json!("refs/tags/v2");
    });
    assert_eq!(code(&scene().verifier(), &edited.unwrap(), &policy()), "provenance_mismatch");
}

#[test]
fn absent_revoked_means_false_only_if_the_caller_says_so() {
    let mut record = record();
    record["spec"].as_object_mut().unwrap().remove("revoked");
    assert_eq!(read(&record), MALFORMED);
    let lenient = EndorLabs::new().absent_revoked_means_false();
    assert!(!lenient.entries_from_json(record.to_string()).unwrap()[0].revoked());
    for value in [json!(null), json!("false"), json!(0)] {
        record["spec"]["revoked"] = value;
        assert!(lenient.entries_from_json(record.to_string()).is_err());
    }
}

#[test]
fn members_that_are_needed_are_there_and_have_their_type() {
    for member in ["artifact_name", "signature", "certificate", "timestamp"] {
        for value in [json!(null), json!(1), json!({}), json!([])] {
            assert_eq!(with(|record| record["spec"][member] = value.clone()), MALFORMED, "{member} {value}");
        }
        assert_eq!(
            with(|record| drop(record["spec"].as_object_mut().unwrap().remove(member))),
            MALFORMED,
            "{member}"
        );
    }
    for member in ["spec", "tenant_meta"] {
        for value in [json!(null), json!("x"), json!([]), json!({})] {
            assert_eq!(with(|record| record[member] = value.clone()), MALFORMED, "{member} {value}");
        }
    }
    for value in [json!(null), json!([]), json!({"build_trigger": 1}), json!({"build_trigger": null})] {
        assert_eq!(with(|record| record["spec"]["provenance"] = value.clone()), MALFORMED, "{value}");
    }
    for json in [
        json!([]),
        json!([record()]),
        json!("x"),
        json!({}),
        json!({"list": null}),
        json!({"list": {"objects": {}}}),
    ] {
        assert_eq!(read(&json), MALFORMED, "{json}");
    }
}

#[test]
fn repeated_members_are_malformed() {
    let json = record().to_string();
    let twice = json.replacen("\"revoked\":false", "\"revoked\":true,\"revoked\":false", 1);
    assert_ne!(json, twice);
    assert!(EndorLabs::new().entries_from_json(twice).is_err());
}

#[test]
fn one_bad_record_does_not_hide_the_others() {
    let mut bad = record();
    bad["spec"]["timestamp"] = json!("yesterday");
    let json = list(&[record(), bad, json!(1), record()]).to_string();
    let results = EndorLabs::new().read_entries(json.as_bytes()).unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false, true]);
    assert!(results[1].as_ref().unwrap_err().to_string().contains("record 1"));
}

#[test]
fn a_first_certificate_that_names_no_issuer_disagrees_with_no_ref() {
    // The chain is stored root-first, and the record is revoked: that must count.
    let scene = scene();
    let pem = |certificates: Vec<Vec<u8>>| {
        let entry = Entry::new("", "", [], certificates, at(0), false).unwrap();
        serde_json::to_value(entry).unwrap()["certificate"].clone()
    };
    let (root, leaf) = (scene.root.sign(&scene.root_key), scene.leaf.sign(&scene.root_key));
    let revoked = with(|record| {
        record["spec"]["certificate"] = pem(vec![root, leaf.clone()]);
        record["spec"]["revoked"] = json!(true);
    })
    .unwrap();
    let both = [read(&record()).unwrap(), revoked].concat();
    assert_eq!(code(&scene.verifier(), &both, &policy()), "revoked_signature");
    // An empty issuer is none, and the ref beside it is not looked at.
    for number in [1, 8] {
        let nameless = scene.leaf.clone().without(&format!("{ARC}.8")).with(claim(number, ""));
        for leaf in [nameless.clone().with(claim(14, "refs/tags/v2")), nameless.without(&format!("{ARC}.14"))]
        {
            let nameless = pem(vec![leaf.sign(&scene.root_key)]);
            let revoked = with(|record| {
                record["spec"]["certificate"] = nameless;
                record["spec"]["revoked"] = json!(true);
            })
            .unwrap();
            let both = [read(&record()).unwrap(), revoked].concat();
            assert_eq!(code(&scene.verifier(), &both, &policy()), "revoked_signature", "{number}");
        }
    }
    // One that names its issuer and another ref, or none, does.
    for other in
        [scene.leaf.clone().with(claim(14, "refs/tags/v2")), scene.leaf.clone().without(&format!("{ARC}.14"))]
    {
        let other = pem(vec![other.sign(&scene.root_key)]);
        assert_eq!(with(|record| record["spec"]["certificate"] = other), MALFORMED);
    }
}

#[test]
fn an_error_response_is_named_and_quoted() {
    let refused = |json: Value| EndorLabs::new().entries_from_json(json.to_string()).unwrap_err().to_string();
    let text = refused(json!({"code": 16, "message": "token \"x\" has\nexpired", "details": []}));
    assert!(text.contains("error response") && text.contains("code 16"), "{text}");
    assert!(text.contains(r#""token \"x\" has\nexpired""#), "{text}");
    assert!(refused(json!({"message": "m".repeat(100_000)})).len() < 600);
    assert!(refused(json!({"message": 1})).contains("is missing"));
    let json = "<html>";
    assert!(EndorLabs::new().entries_from_json(json).unwrap_err().to_string().contains("HTML"));
    assert!(EndorLabs::new().entries_from_json("").unwrap_err().to_string().contains("it is empty"));
    let marked = format!("\u{feff}{}", record());
    assert_eq!(EndorLabs::new().entries_from_json(marked).unwrap().len(), 1);
}

#[test]
fn what_is_ignored_is_strict_json_all_the_same() {
    let (good, list) = (record(), list(&[record(), record()]).to_string());
    let repeated = r#""x": [{"a": {"b": 1, "b": 2}}]"#;
    let inside = |json: &str, before: &str| json.replacen(before, &format!("{repeated}, {before}"), 1);
    for json in [
        inside(&good.to_string(), "\"spec\":{"),
        inside(&good.to_string(), "\"revoked\""),
        inside(&list, "\"list\":{"),
        inside(&list, "\"objects\":["),
    ] {
        assert!(json.contains(repeated));
        assert!(EndorLabs::new().entries_from_json(&json).is_err(), "{json}");
    }
    // In one record it is that record's fault.
    let results = EndorLabs::new().read_entries(inside(&list, "\"revoked\"").as_bytes()).unwrap();
    assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    let nested = |depth: usize| {
        let deep = format!("\"x\": {}1{}, \"revoked\"", "[".repeat(depth), "]".repeat(depth));
        EndorLabs::new().read_entries(list.replacen("\"revoked\"", &deep, 1).as_bytes()).unwrap()[0].is_ok()
    };
    // The response, the list, the array, the record and its `spec` are around it.
    assert!(
        nested(countermark::limits::MAX_JSON_DEPTH - 5) && !nested(countermark::limits::MAX_JSON_DEPTH - 4)
    );
}
