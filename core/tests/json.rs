//! JSON as it is read and written: entries, policies, logs; nothing is taken that says something else than
//! its author believes.

mod common;

use common::certificates::*;
use countermark::{Claim, Code, Entry, Policy, entries_from_json, read_entries};
use serde_json::{Value, json};

fn entry_json() -> Value {
    serde_json::to_value(scene().entry()).unwrap()
}

fn entry_with(member: &str, value: Value) -> Result<Entry, countermark::MalformedInput> {
    let mut json = entry_json();
    json[member] = value;
    Entry::from_json(json.to_string())
}

/// The JSON with some text in front of its first member.
fn with_raw(json: &Value, raw: &str) -> String {
    format!("{{{raw}, {}", json.to_string().strip_prefix('{').unwrap())
}

#[test]
fn an_entry_is_read_as_it_is_written() {
    let evidence = json!([{"kind": "x", "n": 1.5, "deep": [{"a": null}], "big": 18446744073709551615_u64}]);
    let mut json = entry_json();
    json["provenance"] = json!({"source_repository_ref": "refs/tags/v1", "z": "ü\n"});
    json["blocklisted"] = json!(true);
    json["evidence"] = evidence.clone();
    json["timestamp"] = json!("2024-03-22T11:25:48.983761494Z");
    let entry = Entry::from_json(json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&entry).unwrap(), json);
    assert_eq!(Entry::from_json(serde_json::to_string(&entry).unwrap()).unwrap(), entry);
    assert_eq!(entry.evidence()[0].kind(), "x");
    assert_eq!(entry.evidence()[0].json(), evidence[0].to_string());
    assert!(entry.blocklisted() && !entry.revoked());
}

#[test]
fn every_member_of_an_entry_has_its_type() {
    let members = [
        "namespace",
        "artifact_name",
        "signature",
        "certificate",
        "timestamp",
        "provenance",
        "revoked",
        "blocklisted",
        "evidence",
    ];
    let values = [
        json!(null),
        json!(0),
        json!(1),
        json!("true"),
        json!(""),
        json!([]),
        json!({}),
        json!(true),
        json!(["x"]),
    ];
    for member in members {
        for value in &values {
            let fits = match member {
                "namespace" | "artifact_name" => value.is_string(),
                "signature" => value == "" || value == "true",
                "revoked" | "blocklisted" => value.is_boolean(),
                "provenance" => value == &json!({}),
                "evidence" => value == &json!([]),
                _ => false,
            };
            let result = entry_with(member, value.clone());
            assert_eq!(result.is_ok(), fits, "{member} {value}");
            if let Err(malformed) = result {
                assert_eq!(malformed.code(), Code::MalformedEntry);
                assert!(malformed.to_string().contains(member), "{malformed} does not name {member}");
            }
        }
    }
    for value in [json!({"a": 1}), json!({"a": null}), json!({"a": ["b"]})] {
        assert!(entry_with("provenance", value).is_err());
    }
    for value in [json!([{}]), json!([{"kind": 1}]), json!([{"kind": null}]), json!([null]), json!(["kind"])]
    {
        assert!(entry_with("evidence", value).is_err());
    }
    assert!(entry_with("evidence", json!([{"kind": "unheard of", "x": {"y": [null]}}])).is_ok());
}

#[test]
fn every_required_member_of_an_entry_is_there() {
    for member in ["namespace", "artifact_name", "signature", "certificate", "timestamp", "revoked"] {
        let mut json = entry_json();
        json.as_object_mut().unwrap().remove(member);
        let malformed = Entry::from_json(json.to_string()).unwrap_err();
        assert!(malformed.to_string().contains(&format!("`{member}` is missing")), "{malformed}");
    }
}

#[test]
fn unknown_and_repeated_members_are_malformed() {
    let entry = entry_json();
    assert!(Entry::from_json(entry.to_string()).is_ok());
    for raw in [
        r#""revokd": false"#,
        r#""Revoked": false"#,
        r#""": 1"#,
        r#""revoked": true"#,
        r#""revoked": false"#,
        r#""namespace": "example-ns""#,
        r#""\u0072evoked": true"#,
        r#""uuid": "x""#,
        r#""provenance": {"a": "1", "a": "1"}"#,
        r#""provenance": {"a": "1", "\u0061": "2"}"#,
        r#""evidence": [{"kind": "x", "kind": "x"}]"#,
        r#""evidence": [{"kind": "x", "y": {"z": 1, "z": 2}}]"#,
    ] {
        let malformed = Entry::from_json(with_raw(&entry, raw)).unwrap_err();
        assert_eq!(malformed.code(), Code::MalformedEntry, "{raw}");
    }
    let policy = json!({"namespace": "n", "certificate_oidc_issuer": "i"});
    assert!(Policy::from_json(policy.to_string()).is_ok());
    for raw in [
        r#""claim": {}"#,
        r#""now": "2024-03-22T11:25:48Z""#,
        r#""namespace": "n""#,
        r#""any_signer_of_issuer": true"#,
        r#""claims": {"build_trigger": "a", "build_trigger": "a"}"#,
        r#""claims": {}, "claims": {}"#,
        r#""claims": {"build_trigger": {"glob": "a", "glob": "b"}}"#,
        r#""claims": {"build_trigger": {"glob": "a", "any_of": ["b"]}}"#,
        r#""claims": {"build_trigger": {}}"#,
        r#""claims": {"build_trigger": {"regex": ".*"}}"#,
    ] {
        let malformed = Policy::from_json(with_raw(&policy, raw)).unwrap_err();
        assert_eq!(malformed.code(), Code::MalformedPolicy, "{raw}");
    }
}

#[test]
fn an_object_is_an_object() {
    // What derived readers would also take: the members' values in an array.
    let values: Vec<Value> = entry_json().as_object().unwrap().values().cloned().collect();
    assert!(Entry::from_json(json!(values).to_string()).is_err());
    assert!(Policy::from_json(r#"["n", "i"]"#).is_err());
    for text in ["", "null", "1", "\"x\"", "[]", "{}", "{", "{}{}", "\u{feff}{}"] {
        assert_eq!(Entry::from_json(text).unwrap_err().code(), Code::MalformedEntry, "{text}");
        assert_eq!(Policy::from_json(text).unwrap_err().code(), Code::MalformedPolicy, "{text}");
    }
    assert!(Entry::from_json(format!("{} x", entry_json())).is_err());
    assert!(Entry::from_json(format!(" {}\n", entry_json())).is_ok());
    assert!(Entry::from_json(b"{\"namespace\": \"\xFF\"}").is_err());
}

#[test]
fn signatures_are_canonical_padded_standard_base64() {
    for good in ["", "AA==", "AAA=", "AAAA", "+/+/"] {
        assert!(entry_with("signature", json!(good)).is_ok(), "{good}");
    }
    for bad in [
        "A", "AA", "AA=", "AAA", "AAAA=", "AB==", "AAB=", "-_-_", "AA==\n", " AA==", "AA\n==", "AA==AA==",
        "====", "AÄ==",
    ] {
        assert!(entry_with("signature", json!(bad)).is_err(), "{bad}");
    }
}

#[test]
fn a_policy_is_read_as_it_is_written() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let json = json!({
        "namespace": "example-ns",
        "certificate_oidc_issuer": ISSUER,
        "claims": {
            "1.3.6.1.4.1.55555.1": "tenant",
            "build_trigger": {"any_of": ["push", "release"]},
            "certificate_identity": "x",
            "source_repository_ref": {"glob": "refs/tags/v*"},
        },
        "max_certificate_lifetime_seconds": 600,
        "revocation_scope": "entry",
        "blocklist": [NAME, digest],
    });
    let policy = Policy::from_json(json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&policy).unwrap(), json);
    assert_eq!(Policy::from_json(serde_json::to_string(&policy).unwrap()).unwrap(), policy);

    let plain = json!({"namespace": "n", "certificate_oidc_issuer": "i"});
    let defaults = json!({
        "namespace": "n", "certificate_oidc_issuer": "i", "claims": {}, "max_certificate_lifetime_seconds": 300,
        "revocation_scope": "artifact", "blocklist": [],
    });
    let plain_policy = Policy::from_json(plain.to_string()).unwrap();
    assert_eq!(plain_policy, Policy::from_json(defaults.to_string()).unwrap());
    assert_eq!(plain_policy, Policy::new("n", "i").unwrap());
    assert_eq!(serde_json::to_value(&plain_policy).unwrap(), plain);
}

#[test]
fn every_member_of_a_policy_has_its_type_and_range() {
    let with = |member: &str, value: Value| {
        let mut json = json!({"namespace": "n", "certificate_oidc_issuer": "i"});
        json[member] = value;
        Policy::from_json(json.to_string())
    };
    let digest = "0".repeat(64);
    for (member, values) in [
        ("namespace", vec![json!(""), json!(null), json!(1), json!(["n"])]),
        ("certificate_oidc_issuer", vec![json!(""), json!(null), json!({"any_of": ["i"]})]),
        (
            "claims",
            vec![
                json!(null),
                json!([]),
                json!("x"),
                json!({"x": "y"}),
                json!({"build_trigger": null}),
                json!({"build_trigger": 1}),
                json!({"build_trigger": ["push"]}),
                json!({"build_trigger": {"any_of": []}}),
                json!({"build_trigger": {"any_of": "push"}}),
                json!({"build_trigger": {"any_of": [1]}}),
                json!({"build_trigger": {"glob": 1}}),
                json!({"build_trigger": {"glob": "**/x"}}),
                json!({"certificate_oidc_issuer": "i"}),
                json!({"1.3.6.1.4.1.57264.1.8": "i"}),
                json!({"1.3.6.1.4.1.57264.1.1": "i"}),
                json!({"1.3.6.1.4.1.57264.1.14": "r"}),
                json!({"2.5.29.17": "x"}),
                json!({"1.3.6.1.5.5.7.1.1": "x"}),
                json!({"1.3.6.1.4.1.55555.01": "x"}),
            ],
        ),
        (
            "max_certificate_lifetime_seconds",
            vec![
                json!(0),
                json!(86_401),
                json!(-1),
                json!(300.0),
                json!(300.5),
                json!("300"),
                json!(null),
                json!(true),
                json!(4_294_967_596_u64),
            ],
        ),
        (
            "revocation_scope",
            vec![json!("Artifact"), json!("all"), json!(""), json!(null), json!(0), json!({"entry": null})],
        ),
        (
            "blocklist",
            vec![
                json!(null),
                json!({}),
                json!([1]),
                json!([null]),
                json!(digest),
                json!([digest]),
                json!(["sha256:"]),
                json!([format!("sha256:{}", digest.replace('0', "A"))]),
                json!(["image:latest"]),
                json!([""]),
                json!([format!("sha512:{digest}")]),
                json!([format!("sha256:{digest}0")]),
            ],
        ),
    ] {
        for value in values {
            let malformed = with(member, value.clone()).unwrap_err();
            assert_eq!(malformed.code(), Code::MalformedPolicy, "{member} {value}");
        }
    }
    assert!(
        Policy::from_json(
            r#"{"namespace": "n", "certificate_oidc_issuer": "i", "max_certificate_lifetime_seconds": 3e2}"#
        )
        .is_err()
    );
    for seconds in [1, 86_400] {
        assert!(with("max_certificate_lifetime_seconds", json!(seconds)).is_ok());
    }
    for claims in [
        json!({"1.3.6.1.4.1.57264.1.2": "x"}),
        json!({"1.3.6.1.4.1.57264.1.7": "x"}),
        json!({"1.3.6.1.4.1.57264.1.25": "x"}),
    ] {
        assert!(with("claims", claims).is_ok());
    }
    for missing in ["namespace", "certificate_oidc_issuer"] {
        let json = json!({"namespace": "n", "certificate_oidc_issuer": "i"});
        let mut json = json.as_object().unwrap().clone();
        json.remove(missing);
        assert!(Policy::from_json(json!(json).to_string()).is_err());
    }
}

#[test]
fn a_policy_that_is_built_obeys_the_same_rules() {
    assert!(policy().require(Claim::CertificateOidcIssuer, ISSUER).is_err());
    assert!(policy().require(Claim::BuildTrigger, "a").unwrap().require(Claim::BuildTrigger, "b").is_err());
    assert!(policy().block("image:latest").is_err());
    assert!(policy().with_max_certificate_lifetime_seconds(0).is_err());
    assert!(Policy::new("n", "").is_err());
}

#[test]
fn a_log_is_an_array_or_json_lines() {
    let entry = scene().entry();
    let json = serde_json::to_string(&entry).unwrap();
    let pretty = serde_json::to_string_pretty(&entry).unwrap();
    for text in [
        format!("[{json},{json}]"),
        format!(" [ {pretty} ,\n{pretty}\t] \n"),
        format!("{json}\n{json}"),
        format!("\n{json}\r\n\n  {json}  \n\n"),
    ] {
        assert_eq!(entries_from_json(&text).unwrap(), [entry.clone(), entry.clone()], "{text}");
    }
    for text in ["", " \n", "[]", " [ ] "] {
        assert_eq!(entries_from_json(text).unwrap(), []);
    }
    for text in [
        format!("[{json},]"),
        format!("[{json}"),
        format!("[,{json}]"),
        format!("[{json} {json}]"),
        format!("[{json}]x"),
        format!("[{json}][]"),
        format!("{json}{json}"),
        format!("{json},"),
        "[".into(),
        "]".into(),
        "x".into(),
        format!("[[{json}]]"),
    ] {
        assert_eq!(entries_from_json(&text).unwrap_err().code(), Code::MalformedEntry, "{text}");
    }
}

#[test]
fn one_bad_record_does_not_hide_the_others() {
    let good = serde_json::to_string(&scene().entry()).unwrap();
    let bad = good.replace("\"revoked\":false", "\"revoked\":null");
    let check = |text: &str, expected: &[bool]| {
        let results: Vec<_> = read_entries(text.as_bytes()).collect();
        assert_eq!(results.iter().map(Result::is_ok).collect::<Vec<_>>(), expected, "{text}");
        for (index, result) in results.iter().enumerate() {
            if let Err(malformed) = result {
                assert!(malformed.to_string().contains(&format!("record {index}")), "{malformed}");
            }
        }
    };
    check(&format!("[{good},{bad},{good}]"), &[true, false, true]);
    check(&format!("[1,\"]\",{good},[],{{}},null]"), &[false, false, true, false, false, false]);
    check(&format!("{good}\n{bad}\n{{\n{good}\n"), &[true, false, false, true]);
    // An array that is no JSON any further ends there.
    check(&format!("[{good},{{\"a\" 1}},{good}]"), &[true, false]);
    assert!(entries_from_json(format!("[{good},{bad}]")).unwrap_err().to_string().contains("record 1"));
}

#[test]
fn a_message_about_bad_input_is_short_and_names_it() {
    let malformed = Entry::from_json(format!("{{\"{}\": 1}}", "x".repeat(100_000))).unwrap_err();
    assert!(malformed.to_string().len() < 1_000);
    let malformed = entry_with("timestamp", json!("2024-03-22T24:00:00Z")).unwrap_err();
    assert!(
        malformed.to_string().contains("`timestamp`") && malformed.to_string().contains("hour"),
        "{malformed}"
    );
}

#[test]
fn a_report_and_a_result_serialise() {
    let scene = scene();
    let (verifier, name) = (scene.verifier(), NAME.parse().unwrap());
    let entry = scene.entry();
    let json = serde_json::to_value(verifier.verify(&name, [&entry], &policy()).unwrap()).unwrap();
    assert_eq!(json["verdict"], "verified");
    assert_eq!(json["number"], 1);
    assert_eq!(json["claims"]["source_repository_ref"], "refs/tags/v1");
    assert_eq!(json["time_voucher"], "recorded");
    assert_eq!(json["path"][0]["subject"], "CN=root");
    assert_eq!(json["path"][0]["origin"], "trust_anchor");

    let report = verifier.examine(&name, [&entry], &policy().block(NAME).unwrap());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verdict"], "blocklisted");
    assert_eq!(json["checks"].as_array().unwrap().len(), 10);
    assert_eq!(json["checks"][1]["outcome"], "failed");
    assert_eq!(json["checks"][1]["code"], "blocklisted");
    assert_eq!(json["checks"][7], json!({"check": "signature", "outcome": "passed"}));
    let report = verifier.examine(&name, std::iter::empty::<&Entry>(), &policy());
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["checks"][9], json!({"check": "claims", "outcome": "not_judged"}));
    assert!(report.to_string().contains("selection    FAILED  no_signature: no entries were given"));
}

#[test]
fn a_signature_is_read_from_canonical_base64_alone() {
    assert_eq!(Entry::signature_from_base64("MEU=").unwrap(), [0x30, 0x45]);
    for text in ["MEU", "MEV=", "ME U=", "MEU=\n", "MEU==", "-_8=", "é"] {
        let refused = Entry::signature_from_base64(text).unwrap_err();
        assert_eq!(refused.code(), Code::MalformedEntry, "{text:?}");
    }
}

#[test]
fn evidence_is_kept_as_it_was_read_but_for_white_space() {
    let written = |evidence: &str| {
        let entry = Entry::from_json(with_raw(&entry_json(), &format!("\"evidence\": {evidence}")))?;
        Ok::<_, countermark::MalformedInput>(serde_json::to_string(entry.evidence()).unwrap())
    };
    for evidence in [
        r#"[{"z":1.50,"kind":"x","a":[-0,1E2,18446744073709551616,"\u00fc\/"],"b":{}}]"#,
        r#"[{"k\u0069nd":"\u0022\ud83d\ude00"}]"#,
        r#"[{"kind":"a b","\n":" \t "}]"#,
    ] {
        assert_eq!(written(evidence).unwrap(), evidence);
        let spread = evidence.replace(',', " ,\n\t").replace(":", " : ").replace("[{", "[ {\r\n");
        assert_eq!(written(&spread).unwrap(), evidence, "a record stays on one line");
    }
    let entry = |kind: &str| {
        Entry::from_json(with_raw(&entry_json(), &format!("\"evidence\": [{{\"kind\": \"{kind}\"}}]")))
            .unwrap()
    };
    assert_eq!(entry(r"\u0022\ud83d\ude00\n").evidence()[0].kind(), "\"\u{1f600}\n");
    for bad in [
        r#"[{"kind":"x","a":1e999}]"#,
        r#"[{"kind":"x","a":"\ud83d"}]"#,
        r#"[{"kind":"x","a":"\ude00\ud83d"}]"#,
        r#"[{"kind":"x","\ud83d":1}]"#,
        r#"[{"kind":"x","a":1,"\u0061":1}]"#,
        r#"[{"kind":"x","a":[{"b":1},{"b":1,"c":{"b":1},"b":1}]}]"#,
        r#"[{"kind":"x","":1,"":1}]"#,
        r#"[{"kind":"x","k\u0069nd":"y"}]"#,
        r#"[{"kind":"x","a":01}]"#,
    ] {
        assert!(written(bad).is_err(), "{bad}");
    }
    for good in [
        r#"[{"kind":"x","a":[{"b":1},{"b":1,"c":{"b":1}}]}]"#,
        r#"[{"kind":"x","ab":1,"a":1,"abc":1}]"#,
        r#"[{"kind":"x","a":["kind","kind",{"kind":1}]}]"#,
        r#"[{"kind":"x","a\"":1,"a":1,"a\\":1}]"#,
    ] {
        assert_eq!(written(good).unwrap(), good);
    }
}

#[test]
fn an_object_of_very_many_members_is_quickly_checked() {
    let start = std::time::Instant::now();
    let members: Vec<String> = (0..100_000).rev().map(|index| format!("\"{index}\":0")).collect();
    let with = |last: &str| {
        let evidence = format!("\"evidence\": [{{\"kind\": \"x\", {}{last}}}]", members.join(","));
        Entry::from_json(with_raw(&entry_json(), &evidence))
    };
    assert!(with("").is_ok());
    let twice = with(",\"7777\":0").unwrap_err();
    assert!(twice.to_string().contains("\"7777\" is there twice"), "{twice}");
    // By comparing each with each it would take many minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn one_long_name_among_very_many_short_ones_is_quickly_checked() {
    let start = std::time::Instant::now();
    let (half, long) = (30_000, "x".repeat(400_000));
    let members =
        |range: std::ops::Range<u32>| range.map(|index| format!("\"{index}\":0")).collect::<Vec<_>>();
    // In the middle, at the beginning, at the end: wherever a sort may take what it compares all others with.
    for first in [0, half, 2 * half] {
        let (before, after) = (members(0..first), members(first..2 * half));
        let all = [before, vec![format!("\"{long}\":0")], after].concat().join(",");
        let evidence = format!("\"evidence\": [{{\"kind\": \"x\", {all}}}]");
        assert!(Entry::from_json(with_raw(&entry_json(), &evidence)).is_ok());
    }
    // By reading the long one for every comparison it would take a minute.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn what_is_around_the_records_is_named_or_does_not_matter() {
    let entry = scene().entry();
    let (json, pretty) =
        (serde_json::to_string(&entry).unwrap(), serde_json::to_string_pretty(&entry).unwrap());
    let policy = json!({"namespace": "n", "certificate_oidc_issuer": "i"}).to_string();
    let utf16 =
        |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let bom = |text: &str| format!("\u{feff}{text}");

    assert_eq!(entries_from_json(bom(&format!("[{json}]"))).unwrap(), std::slice::from_ref(&entry));
    assert_eq!(entries_from_json(bom(&format!("\n{json}\n{json}"))).unwrap().len(), 2);
    assert_eq!(Entry::from_json(bom(&json)).unwrap(), entry);
    assert!(Policy::from_json(bom(&policy)).is_ok());

    let refused = |text: &[u8], why: &str| {
        let of_log = entries_from_json(text).unwrap_err().to_string();
        assert!(of_log.contains(why), "{of_log}");
        of_log
    };
    for text in [bom(&bom(&json)), format!("{json}\n{}", bom(&json))] {
        refused(text.as_bytes(), "byte order mark (BOM)");
    }
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        for text in [json.clone(), format!("[{json}]"), bom(&json), bom(&format!("[{json}]"))] {
            refused(&utf16(&text, bytes), "record 0: it is UTF-16");
            assert!(Entry::from_json(utf16(&text, bytes)).unwrap_err().to_string().contains("UTF-16"));
        }
        assert!(Policy::from_json(utf16(&bom(&policy), bytes)).unwrap_err().to_string().contains("UTF-16"));
    }
    for text in
        [pretty.clone(), format!("{pretty}\n{pretty}"), format!("{json}\n{pretty}"), json[..300].into()]
    {
        refused(text.as_bytes(), "not on one line");
    }
    // Each line of it is one that cannot be judged, and the record after it is read.
    let results: Vec<_> = read_entries(format!("{pretty}\n{json}").as_bytes()).collect();
    let last = results.len() - 1;
    assert!(results[last].is_ok() && results[..last].iter().all(Result::is_err));
    assert!(results[1].as_ref().unwrap_err().to_string().contains("not on one line"));

    for (text, why) in [
        (format!("[{json},{json}"), "record 2: the array has no end: it is cut off after record 1"),
        (format!("[{json},"), "record 1: the array has no end: it is cut off after record 0"),
        (
            format!("[{json},{}", &json[..200]),
            "record 1: the array has no end: it is cut off within this record",
        ),
        ("[".into(), "record 0: the array has no end: it is cut off before its first record"),
        ("<html><body>502 Bad Gateway</body></html>".into(), "HTML"),
        ("-----BEGIN CERTIFICATE-----\n".into(), "it is no JSON but PEM"),
        (r#"{"list": {"objects": []}}"#.into(), "Endor Labs"),
    ] {
        refused(text.as_bytes(), why);
    }
    for text in ["", " \n", "\u{feff}"] {
        assert!(Entry::from_json(text).unwrap_err().to_string().contains("it is empty"), "{text:?}");
        assert!(Policy::from_json(text).unwrap_err().to_string().contains("it is empty"), "{text:?}");
    }
}

#[test]
fn white_space_is_what_it_is_to_json() {
    let json = serde_json::to_string(&scene().entry()).unwrap();
    let wrap = |space: &str| {
        [
            format!("{space}{json}"),
            format!("{json}{space}"),
            format!("{json}\n{space}\n{json}"),
            format!("{space}[{json}]"),
            format!("[{json}]{space}"),
            format!("[{json}{space},{json}]"),
            format!("[{space}{json}]"),
        ]
    };
    for space in [" ", "\t", "\r", " \t\r"] {
        for text in wrap(space) {
            assert!(entries_from_json(&text).is_ok(), "{text:?}");
        }
    }
    for space in ["\u{c}", "\u{b}", "\u{85}", "\u{a0}", "\u{2028}", "\0"] {
        for text in wrap(space) {
            assert!(entries_from_json(&text).is_err(), "{text:?}");
        }
    }
    let refused = entries_from_json(format!("{json}\n\u{c}{json}")).unwrap_err();
    assert!(refused.to_string().contains("form feed"), "{refused}");
}

#[test]
fn what_is_wrong_with_a_signature_s_base64_is_said() {
    for (text, why) in [
        ("MEU=\n", "white space"),
        ("ME\r\nU=", "white space"),
        ("MEU", "no multiple of four"),
        ("-_8=", "base64url"),
        ("-_8", "base64url"),
        ("MEV=", "bits that must be zero"),
        ("ME*=", "another character"),
        ("-----BEGIN SIGNATURE-----\nMEU=", "PEM"),
    ] {
        let refused = Entry::signature_from_base64(text).unwrap_err().to_string();
        assert!(
            refused.contains("`signature` is not padded standard base64") && refused.contains(why),
            "{refused}"
        );
    }
}

/// The reason stands where it is not cut off, however long the input is that it is about.
#[test]
fn a_reason_is_never_cut_off() {
    let long = "\u{7f}\"".repeat(20_000);
    let json = |name: &str, value: Value| json!({name: value}).to_string();
    let policy = |member: &str, value: Value| {
        let mut json = json!({"namespace": "n", "certificate_oidc_issuer": "i"});
        json[member] = value;
        Policy::from_json(json.to_string()).unwrap_err()
    };
    for (refused, why) in [
        (Entry::from_json(json(&long, json!(1))).unwrap_err(), "is it misspelt? at line 1"),
        (Entry::from_json(json("revoked", json!(long))).unwrap_err(), "expected a boolean at line 1"),
        (
            Entry::from_json(json("provenance", json!({long.clone(): 1}))).unwrap_err(),
            "expected a string at line 1",
        ),
        (Entry::from_json(json("provenance", json!(long))).unwrap_err(), "expected an object at line 1"),
        (
            Entry::from_json(json("evidence", json!(long))).unwrap_err(),
            "expected an array of objects at line 1",
        ),
        (
            Entry::from_json(json!(long).to_string()).unwrap_err(),
            "expected an object with a record's members",
        ),
        (policy(&long, json!(1)), "is it misspelt? at line 1"),
        (policy("blocklist", json!([long])), "neither an artifact name nor sha256:"),
        (policy("revocation_scope", json!(long)), "is none of \"artifact\""),
        (policy("max_certificate_lifetime_seconds", json!(long)), "expected a positive integer"),
        (policy("claims", json!({"build_trigger": {"glob": format!("**{long}")}})), "`*` within a segment"),
        (policy("claims", json!({"build_trigger": {long.clone(): 1}})), "is it misspelt?"),
        (policy("claims", json!({&long[..250]: "x"})), "dotted OID"),
        (countermark::Match::glob(format!("**{long}")).unwrap_err(), "`*` within a segment"),
        (
            countermark::Verifier::builder(scene().anchors()).distrust_hex(&long).unwrap_err(),
            "named by the 64 hex digits",
        ),
        (Entry::certificates_from_pem(&format!("-----BEGIN {long}")).unwrap_err(), "expected \"-----BEGIN"),
    ] {
        let text = refused.to_string();
        assert!(text.contains(why), "{text}");
        assert!(text.chars().count() < 560, "{text}");
    }
}
