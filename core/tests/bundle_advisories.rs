//! What other verifiers of bundles got wrong, as their advisories and audits tell it: each with the test that it would not
//! have passed.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use common::certificates::{ISSUER, Key, NOT_BEFORE, at, tlv};
use common::tokens::{
    self, ECDSA_WITH_SHA256, ECDSA_WITH_SHA384, MESSAGE_DIGEST, SHA384, SIGNING_CERTIFICATE_V2, attribute,
    octets,
};
use countermark::limits::{
    MAX_BUNDLES, MAX_LOG_ENTRIES, MAX_STATEMENT_SUBJECTS, MAX_SUBJECT_DIGESTS, MAX_TIMESTAMPS,
};
use countermark::{
    Artifact, Bundle, BundlePolicy, KeyPolicy, MalformedInput, Period, PublicKey, TrustedRoot,
    VerifierBuilder,
};
use instance::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};

const OTHER: &[u8] = b"another artifact";
const TOKEN: &str = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";

fn with(draft: Draft, change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = draft;
    change(&mut draft);
    draft
}

fn entries(bundle: &mut Value) -> &mut Vec<Value> {
    bundle["verificationMaterial"]["tlogEntries"].as_array_mut().unwrap()
}

fn judge(it: &Instance, bundle: &Value) -> &'static str {
    code_of_json(&it.verifier(), bundle, &policy())
}

/// The entry and its promise of one bundle, in another.
fn with_entry_of(it: &Instance, draft: &Draft, other: &Draft) -> &'static str {
    let (mut bundle, mut other) = (draft.json(it), other.json(it));
    *entries(&mut bundle) = entries(&mut other).clone();
    judge(it, &bundle)
}

/// A token for the bundle's signature, in place of its own.
fn with_token(it: &Instance, change: impl FnOnce(&Tsa, &[u8]) -> Vec<u8>) -> &'static str {
    let mut bundle = Draft::envelope(it).json(it);
    let signature = unb64(&bundle["dsseEnvelope"]["signatures"][0]["sig"]);
    let token = change(&it.timestamp_authorities[0], &signature);
    *bundle.pointer_mut(TOKEN).unwrap() = json!(b64(&token));
    judge(it, &bundle)
}

#[test]
fn cve_2022_23649_cve_2026_22703_an_entry_of_another_signature_does_not_count() {
    let it = Instance::new(0);
    let draft = Draft::message(&it);
    assert_eq!(with_entry_of(&it, &draft, &draft), "verified");
    let by_other_key = draft.clone().with_key(AnyKey::p256(12));
    assert_eq!(with_entry_of(&it, &draft, &by_other_key), "log_entry_mismatch");
    let of_other = with(draft.clone(), |draft| {
        draft.content = Content::Message { bytes: OTHER.to_vec(), digest: None };
    });
    assert_eq!(with_entry_of(&it, &draft, &of_other), "log_entry_mismatch");
}

#[test]
fn cve_2022_35929_cve_2022_35930_cve_2025_25204_a_predicate_type_that_nothing_has_is_no_pass() {
    let it = Instance::new(0);
    let wanted = policy().with_predicate_type("https://example.com/vulnerabilities/v1").unwrap();
    let bundles = [Draft::envelope(&it).bundle(&it), Draft::message(&it).bundle(&it)];
    for bundle in &bundles {
        assert_eq!(code(&it.verifier(), bundle, &wanted), "predicate_mismatch");
    }
    let verifier = it.verifier();
    let artifact = Artifact::from_bytes(ARTIFACT);
    let code_of_all =
        |bundles: &[Bundle]| verifier.verify_bundles(&artifact, bundles, &wanted).unwrap_err().code();
    assert_eq!(code_of_all(&bundles).name(), "predicate_mismatch");
    assert_eq!(code_of_all(&[]).name(), "no_signature");
    // A policy that asks for nothing of the signer is none.
    for empty in ["{}", r#"{"certificate_oidc_issuer":"https://example.com"}"#] {
        assert!(matches!(BundlePolicy::from_json(empty), Err(MalformedInput::Policy { .. })), "{empty}");
    }
}

#[test]
fn cve_2022_36056_the_bundle_is_bound_to_the_signature_and_the_identity_is_checked() {
    let it = Instance::new(0);
    let draft = Draft::message(&it);
    let others = with(draft.clone().with_key(AnyKey::p256(12)), |draft| {
        draft.content = Content::Message { bytes: OTHER.to_vec(), digest: None };
    });
    assert_eq!(with_entry_of(&it, &draft, &others), "log_entry_mismatch");
    let someone = BundlePolicy::for_sigstore("someone@example.com", ISSUER).unwrap();
    assert_eq!(draft.code_under(&it, &someone), "claims_mismatch");
    // What is bad is not ignored, whatever else there is.
    let mut bad = with(draft, |draft| draft.timestamps = vec![(0, 9)]).json(&it);
    entries(&mut bad)[0]["inclusionPromise"]["signedEntryTimestamp"] = json!("AAAA");
    assert_eq!(judge(&it, &bad), "untrusted_log");
}

#[test]
fn cve_2023_46737_cve_2024_29902_cve_2024_29903_cve_2024_45395_everything_has_a_limit() {
    let it = Instance::new(0);
    let log_entries = |count: usize| {
        let draft = with(Draft::envelope(&it), |draft| {
            let first = Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1");
            draft.entries =
                std::iter::successors(Some(first), |entry| Some(entry.again())).take(count).collect();
        });
        judge(&it, &draft.json(&it))
    };
    assert_eq!(
        (log_entries(MAX_LOG_ENTRIES), log_entries(MAX_LOG_ENTRIES + 1)),
        ("verified", "malformed_bundle")
    );
    let timestamps = |count: usize| {
        let times = 0..i64::try_from(count).unwrap();
        judge(
            &it,
            &with(Draft::envelope(&it), |draft| draft.timestamps = times.map(|at| (0, at)).collect())
                .json(&it),
        )
    };
    assert_eq!(
        (timestamps(MAX_TIMESTAMPS), timestamps(MAX_TIMESTAMPS + 1)),
        ("verified", "malformed_bundle")
    );
    let subjects = |count: usize| {
        let mut said = statement();
        let first = said["subject"][0].clone();
        said["subject"] = json!(vec![first; count]);
        Draft::envelope(&it).of_statement(&said).code(&it)
    };
    assert_eq!(
        (subjects(MAX_STATEMENT_SUBJECTS), subjects(MAX_STATEMENT_SUBJECTS + 1)),
        ("verified", "artifact_mismatch")
    );
    let digests = |count: usize| {
        let mut said = statement();
        for number in 1..count {
            said["subject"][0]["digest"][format!("x{number}")] = json!("00");
        }
        Draft::envelope(&it).of_statement(&said).code(&it)
    };
    assert_eq!(
        (digests(MAX_SUBJECT_DIGESTS), digests(MAX_SUBJECT_DIGESTS + 1)),
        ("verified", "artifact_mismatch")
    );
    // And an endless source of bundles has one.
    let bad = Draft::message(&it).by_key("k").bundle(&it);
    let (verifier, policy) = (it.verifier(), policy());
    let endless = std::iter::repeat(&bad);
    let rejection = verifier.verify_bundles(&Artifact::from_bytes(ARTIFACT), endless, &policy).unwrap_err();
    assert!(rejection.detail().contains(&MAX_BUNDLES.to_string()), "{}", rejection.detail());
}

#[test]
fn cve_2023_47122_a_log_that_the_root_does_not_have_is_not_believed() {
    let it = Instance::new(0);
    let stamped = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]);
    let without = Instance { logs: vec![], ..Instance::new(0) };
    assert_eq!(code(&without.verifier(), &stamped.bundle(&it), &policy()), "untrusted_log");
    assert_eq!(stamped.code(&it), "verified");
}

#[test]
fn cve_2023_30551_cve_2023_33199_273p_m2cw_6833_bodies_of_any_bytes_are_refused_quietly() {
    let it = Instance::new(0);
    let forms = [
        ("hashedrekord", "0.0.1", REKOR_1),
        ("hashedrekord", "0.0.2", REKOR_2),
        ("dsse", "0.0.1", REKOR_1),
        ("intoto", "0.0.2", REKOR_1),
    ];
    // Nothing of the log is asked, so that the body alone decides.
    let judge = |draft: &Draft, kind: &'static str, version: &'static str, body: &[u8]| {
        let unknown = Log::new(
            if kind == "hashedrekord" && version == "0.0.2" { Version::Rekor2 } else { Version::Rekor1 },
            "unknown.example",
            AnyKey::p256(250),
        );
        let mut bundle = draft.json(&it);
        *entries(&mut bundle) = vec![Entry::new(&unknown, kind, version).of_body(body)];
        code_of_json(&it.verifier(), &bundle, &asking(0, 1, 1))
    };
    for (kind, version, _) in forms {
        let draft = match (kind, version) {
            ("hashedrekord", "0.0.1") => with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]),
            _ => Draft::envelope(&it),
        };
        let bundle = draft.json(&it);
        let signature = match draft.content {
            Content::Message { .. } => unb64(&bundle["messageSignature"]["signature"]),
            Content::Envelope { .. } => unb64(&bundle["dsseEnvelope"]["signatures"][0]["sig"]),
        };
        let body = draft.body(kind, version, &signature, &draft.leaf_der(&it)).to_string();
        assert_eq!(judge(&draft, kind, version, body.as_bytes()), "verified", "{kind} {version}");
        let odd: Vec<Vec<u8>> = [
            &b"null"[..],
            b"[]",
            b"0",
            b"\"\"",
            b"{}",
            b"\xFF",
            b"{\"spec\":null}",
            br#"{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{},"signature":{}}}"#,
            br#"{"apiVersion":"0.0.1","kind":"cose","spec":{"message":"","data":{}}}"#,
        ]
        .map(<[u8]>::to_vec)
        .into_iter()
        .chain([vec![b'['; 100_000]])
        .chain((1..body.len()).step_by(61).map(|length| body.as_bytes()[..length].to_vec()))
        .collect();
        for body in &odd {
            assert_eq!(judge(&draft, kind, version, body), "log_entry_mismatch", "{kind} {version}");
        }
    }
}

#[test]
fn cve_2024_51746_an_entry_of_the_same_artifact_by_another_signer_does_not_count() {
    let it = Instance::new(0);
    let draft = Draft::message(&it);
    let by_another = draft.clone().with_key(AnyKey::p256(12));
    assert_eq!(with_entry_of(&it, &draft, &by_another), "log_entry_mismatch");
    // Nor does it beside the right one.
    let (mut bundle, mut other) = (draft.json(&it), by_another.json(&it));
    let added = entries(&mut other)[0].clone();
    entries(&mut bundle).push(added);
    assert_eq!(judge(&it, &bundle), "log_entry_mismatch");
}

#[test]
fn cve_2024_53267_an_entry_is_bound_to_artifact_signature_and_key() {
    let it = Instance::new(0);
    for draft in [Draft::message(&it), Draft::envelope(&it)] {
        let mut said = statement();
        said["predicate"] = json!({"other": 1});
        let other = match draft.content {
            Content::Message { .. } => with(draft.clone(), |draft| {
                draft.content = Content::Message { bytes: OTHER.to_vec(), digest: None };
            }),
            Content::Envelope { .. } => draft.clone().of_statement(&said),
        };
        assert_eq!(with_entry_of(&it, &draft, &other), "log_entry_mismatch");
    }
}

#[test]
fn cve_2024_54140_the_checkpoints_signature_is_verified() {
    let it = Instance::new(0);
    for draft in [Draft::message(&it), Draft::envelope(&it)] {
        let mut bundle = draft.json(&it);
        let note = &mut entries(&mut bundle)[0]["inclusionProof"]["checkpoint"]["envelope"];
        let (start, line) = note.as_str().unwrap().trim_end().rsplit_once(' ').unwrap();
        let mut signature = unb64(&json!(line));
        *signature.last_mut().unwrap() ^= 1;
        *note = json!(format!("{start} {}\n", b64(&signature)));
        assert_eq!(judge(&it, &bundle), "untrusted_log");
    }
}

#[test]
fn cve_2024_55655_the_integrated_time_is_inside_the_certificates_validity() {
    let it = Instance::new(0);
    let late = with(Draft::message(&it), |draft| draft.entries[0].integrated = 301);
    assert_eq!(late.code(&it), "time_mismatch");
}

#[test]
fn cve_2025_52556_the_signature_of_a_token_is_verified() {
    let it = Instance::new(0);
    assert_eq!(with_token(&it, |tsa, signature| tsa.token(signature, 9)), "verified");
    let by_another = |tsa: &Tsa, signature: &[u8]| tsa.draft(signature, 9).sign(&Key::p256(99));
    assert_eq!(with_token(&it, by_another), "unvouched_time");
    let flipped = |tsa: &Tsa, signature: &[u8]| {
        let mut token = tsa.token(signature, 9);
        *token.last_mut().unwrap() ^= 1;
        token
    };
    assert_eq!(with_token(&it, flipped), "unvouched_time");
    // Another digit of its time.
    let later = |tsa: &Tsa, signature: &[u8]| {
        let (token, time) = (tsa.token(signature, 9), tokens::time_text(9));
        let start = token.windows(time.len()).position(|bytes| bytes == time.as_bytes()).unwrap();
        let mut token = token;
        token[start + time.len() - 2] += 1;
        token
    };
    assert_eq!(with_token(&it, later), "unvouched_time");
}

#[test]
fn cve_2026_33753_cve_2026_39984_certificates_in_a_token_are_not_looked_at() {
    let it = Instance::new(0);
    let mut forger = Tsa::new("i0", 240);
    // Its names are those of the authority, its keys are not.
    forger.authority.root = it.timestamp_authorities[0].authority.root.clone();
    let good = it.timestamp_authorities[0].authority.chain();
    let own = [forger.authority.signer.sign(&forger.authority.root_key), forger.authority.chain().remove(1)];
    for bag in
        [own.concat(), [good[0].clone(), own.concat()].concat(), [own.concat(), good.concat()].concat()]
    {
        let forged = |_: &Tsa, signature: &[u8]| {
            let mut token = forger.draft(signature, 9);
            token.embedded = tlv(0xA0, &bag);
            token.sign(&forger.authority.key)
        };
        assert_eq!(with_token(&it, forged), "unvouched_time");
        // And whatever is there does no harm to a token that is good.
        let honest = |tsa: &Tsa, signature: &[u8]| {
            let mut token = tsa.draft(signature, 9);
            token.embedded = tlv(0xA0, &bag);
            token.sign(&tsa.authority.key)
        };
        assert_eq!(with_token(&it, honest), "verified");
    }
}

#[test]
fn cve_2026_24122_an_expired_intermediate_refuses_also_where_the_log_is_waived() {
    let mut it = Instance::new(0);
    it.authorities[0].intermediate.not_after = NOT_BEFORE + 8;
    assert_eq!(Draft::message(&it).code(&it), "verified", "signed at that very second");
    it.authorities[0].intermediate.not_after = NOT_BEFORE + 7;
    assert_eq!(Draft::message(&it).code(&it), "time_mismatch");
    let unlogged = with(Draft::message(&it), |draft| draft.entries = vec![]).bundle(&it);
    let (verifier, waiving) = (it.verifier(), asking(0, 0, 0));
    let judge = |seconds| {
        let verified =
            verifier.at(at(seconds)).verify_bundle(&Artifact::from_bytes(ARTIFACT), &unlogged, &waiving);
        verified.map_or_else(|rejection| rejection.code().name(), |_| "verified")
    };
    assert_eq!((judge(7), judge(8)), ("verified", "time_mismatch"));
}

#[test]
fn cve_2026_39395_a_malformed_payload_or_another_predicate_type_is_no_pass() {
    let it = Instance::new(0);
    for payload in [&b""[..], b"not JSON", b"{}", b"[]", b"{\"_type\":\"https://in-toto.io/Statement/v1\"}"] {
        let draft = with(Draft::envelope(&it), |draft| {
            draft.content =
                Content::Envelope { payload_type: IN_TOTO.into(), payload: payload.to_vec(), key_id: None };
        });
        assert_eq!(draft.code(&it), "artifact_mismatch");
    }
    let wanted = policy().with_predicate_type("https://spdx.dev/Document").unwrap();
    assert_eq!(Draft::envelope(&it).code_under(&it, &wanted), "predicate_mismatch");
}

#[test]
fn cve_2026_31830_a_statement_about_another_artifact_is_no_pass() {
    let it = Instance::new(0);
    let mut said = statement();
    said["subject"][0]["digest"]["sha256"] = json!(hex(&sha256(OTHER)));
    assert_eq!(Draft::envelope(&it).of_statement(&said).code(&it), "artifact_mismatch");
    let bundle = Draft::envelope(&it).bundle(&it);
    assert_eq!(
        code_of(&it.verifier(), &Artifact::from_bytes(OTHER), &bundle, &policy()),
        "artifact_mismatch"
    );
}

#[test]
fn ghsa_9vcr_p3rj_q5q6_and_sigstore_js_1702_one_log_twice_is_not_two() {
    let it = Instance::new(0);
    let draft = with(Draft::message(&it), |draft| {
        let again = draft.entries[0].again();
        draft.entries.push(again);
        draft.certificate_timestamps.push((it.certificate_logs[0].clone(), 2, 0));
        draft.timestamps = vec![(0, 9), (0, 10)];
    });
    assert_eq!(draft.code(&it), "verified");
    assert_eq!(draft.code_under(&it, &asking(2, 1, 1)), "not_logged");
    assert_eq!(draft.code_under(&it, &asking(1, 3, 1)), "unvouched_time");
    assert_eq!(draft.code_under(&it, &asking(1, 1, 2)), "no_certificate_timestamp");
    let mut twice = Draft::message(&it).json(&it);
    let entry = entries(&mut twice)[0].clone();
    entries(&mut twice).push(entry);
    assert_eq!(judge(&it, &twice), "malformed_bundle");
}

#[test]
fn ghsa_wqqc_jjcq_vfxm_a_bare_keys_period_holds_the_signing_time() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).by_key("k").bundle(&it);
    let judge = |end| {
        let key = PublicKey::from_der(AnyKey::p256(11).public_key_info()).unwrap();
        let key = key.with_period(Period::new(at(-100), Some(at(end)))).unwrap();
        code(&it.verifier(), &bundle, &KeyPolicy::new([key]).unwrap())
    };
    assert_eq!((judge(8), judge(7)), ("verified", "time_mismatch"));
}

#[test]
fn sigstore_go_225_and_tob_9_an_envelope_has_one_signature() {
    let it = Instance::new(0);
    let mut bundle = Draft::envelope(&it).json(&it);
    let signature = bundle["dsseEnvelope"]["signatures"][0].clone();
    bundle["dsseEnvelope"]["signatures"] = json!([signature, signature]);
    assert_eq!(judge(&it, &bundle), "malformed_bundle");
    bundle["dsseEnvelope"]["signatures"] = json!([]);
    assert_eq!(judge(&it, &bundle), "malformed_bundle");
}

#[test]
fn sigstore_go_600_and_sigstore_rust_116_a_stated_digest_is_compared() {
    let it = Instance::new(0);
    let stating = |digest: &[u8]| {
        with(Draft::message(&it), |draft| {
            let digest = Some(json!({"algorithm": "SHA2_256", "digest": b64(digest)}));
            draft.content = Content::Message { bytes: ARTIFACT.to_vec(), digest };
        })
        .code(&it)
    };
    assert_eq!((stating(&sha256(ARTIFACT)), stating(&sha256(OTHER))), ("verified", "artifact_mismatch"));
}

#[test]
fn sigstore_js_checkpoint_names_are_no_patterns_and_sizes_are_digits() {
    let it = Instance::new(0);
    let named = |name: &str| {
        let mut bundle = Draft::message(&it).json(&it);
        let note = &mut entries(&mut bundle)[0]["inclusionProof"]["checkpoint"]["envelope"];
        let text = note.as_str().unwrap().rsplit_once("\n\n").unwrap().0.to_string() + "\n";
        *note = json!(it.logs[REKOR_1].note_as(name, &text));
        judge(&it, &bundle)
    };
    assert_eq!(named("rekor.i0.example"), "verified");
    for name in [".*", "rekor.i0.exampl", "rekor", "rekor.i0.example.evil", "e", "REKOR.i0.example"] {
        assert_eq!(named(name), "untrusted_log", "{name}");
    }
    let texts: [fn(String) -> String; 5] = [
        |text| text.replace("\n64\n", "\nabc\n"),
        |text| text.replace("\n64\n", "\n\n"),
        |text| text.replace("\n64\n", "\n1e3\n"),
        |text| text.replace("\n64\n", "\n0x40\n"),
        |text| text.replace("\n64\n", "\n99999999999999999999\n"),
    ];
    for text in texts {
        let draft = with(Draft::envelope(&it), |draft| draft.entries[0].checkpoint = text);
        assert_eq!(draft.code(&it), "invalid_log_proof");
    }
}

#[test]
fn ghsa_r2xv_vpr2_42m9_a_publish_attestation_by_a_registrys_key_is_verified() {
    let it = Instance::new(0);
    let key = |number| {
        let key = PublicKey::from_der(AnyKey::p256(number).public_key_info()).unwrap();
        KeyPolicy::new([key.with_name("SHA256:k").unwrap()]).unwrap()
    };
    let draft = with(Draft::envelope(&it).by_key("SHA256:k"), |draft| {
        draft.entries = vec![Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1")];
    });
    let mut bundle = draft.json(&it);
    assert_eq!(code(&it.verifier(), &read(&bundle), &key(11)), "verified");
    assert_eq!(code(&it.verifier(), &read(&bundle), &key(12)), "invalid_signature");
    bundle["dsseEnvelope"]["payload"] =
        json!(b64(statement().to_string().replace("slsa", "evil").as_bytes()));
    assert_eq!(code(&it.verifier(), &read(&bundle), &key(11)), "invalid_signature");
}

#[test]
fn cve_2025_69420_an_attribute_of_another_type_is_refused() {
    let it = Instance::new(0);
    for value in [octets(b"x"), vec![5, 0], tlv(0x30, &[]), tlv(0x0C, b"x"), tlv(0x30, &tlv(0x0C, b"x"))] {
        let odd = |tsa: &Tsa, signature: &[u8]| {
            let token = tsa.draft(signature, 9).with_attributes(move |attributes| {
                attributes.pop();
                attributes.push(attribute(SIGNING_CERTIFICATE_V2, std::slice::from_ref(&value)));
            });
            token.sign(&tsa.authority.key)
        };
        assert_eq!(with_token(&it, odd), "unvouched_time");
    }
}

#[test]
fn tob_2_and_3_a_time_without_promise_is_none() {
    let it = Instance::new(0);
    let mut bundle = Draft::message(&it).json(&it);
    entries(&mut bundle)[0].as_object_mut().unwrap().remove("inclusionPromise");
    assert_eq!(judge(&it, &bundle), "unvouched_time");
    entries(&mut bundle)[0]["integratedTime"] = json!((NOT_BEFORE + 100).to_string());
    assert_eq!(judge(&it, &bundle), "unvouched_time");
    // A promise without its time is none either.
    let mut bundle = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]).json(&it);
    entries(&mut bundle)[0].as_object_mut().unwrap().remove("integratedTime");
    assert_eq!(judge(&it, &bundle), "untrusted_log");
}

#[test]
fn tob_4_every_time_counts_and_not_only_the_earliest() {
    let it = Instance::new(0);
    let times = |integrated: i64, stamped: i64| {
        with(Draft::message(&it), |draft| {
            draft.entries[0].integrated = integrated;
            draft.timestamps = vec![(0, stamped)];
        })
        .code(&it)
    };
    assert_eq!(times(8, 9), "verified");
    for (integrated, stamped) in [(301, 9), (-1, 9), (8, 301), (8, -1)] {
        assert_eq!(times(integrated, stamped), "time_mismatch", "{integrated}, {stamped}");
    }
}

#[test]
fn tob_5_a_trusted_root_is_held_to_its_form() {
    let good = Instance::new(0).json();
    assert!(TrustedRoot::from_json(good.to_string()).is_ok());
    let leaf = b64(&Draft::message(&Instance::new(0)).leaf_der(&Instance::new(0)));
    let spoilt: [(&str, Value); 6] = [
        ("/tlogs/0/logId/keyId", json!(b64(&[0; 32]))),
        ("/tlogs/0/publicKey/validFor", json!({})),
        ("/tlogs/0/publicKey/rawBytes", json!(b64(&[0; 91]))),
        ("/certificateAuthorities/0/validFor", json!(null)),
        ("/certificateAuthorities/0/certChain/certificates/0/rawBytes", json!(leaf)),
        ("/timestampAuthorities/0/certChain/certificates/0/rawBytes", json!(leaf)),
    ];
    for (place, value) in spoilt {
        let mut root = good.clone();
        *root.pointer_mut(place).unwrap() = value;
        assert!(TrustedRoot::from_json(root.to_string()).is_err(), "{place}");
    }
}

#[test]
fn tob_6_the_key_decides_the_algorithm() {
    let it = Instance::new(0);
    let draft = with(Draft::message(&it), |draft| {
        let digest = countermark::Digest::of(countermark::HashAlgorithm::Sha384, ARTIFACT);
        let digest = Some(json!({"algorithm": "SHA2_384", "digest": b64(digest.as_bytes())}));
        draft.content = Content::Message { bytes: ARTIFACT.to_vec(), digest };
    });
    assert_eq!(draft.code(&it), "artifact_mismatch");
    // Nor does what the entry says the key is.
    let mut entry = Entry::new(&it.logs[REKOR_2], "hashedrekord", "0.0.2");
    entry.body = |body| {
        body["spec"]["hashedRekordV002"]["signature"]["verifier"]["keyDetails"] = json!("PKIX_ED25519");
    };
    assert_eq!(
        with(Draft::envelope(&it), |draft| draft.entries = vec![entry]).code(&it),
        "log_entry_mismatch"
    );
}

#[test]
fn tob_11_a_token_counts_in_its_own_authoritys_period_alone() {
    let mut it = Instance::new(0);
    it.timestamp_authorities.push(Tsa::new("second", 240));
    it.timestamp_authorities[0].times = Times::between(-5_000, 8);
    assert_eq!(
        Draft::envelope(&it).code(&it),
        "unvouched_time",
        "the second's period does not help the first"
    );
    let by_second = with(Draft::envelope(&it), |draft| draft.timestamps = vec![(1, 9)]);
    assert_eq!(by_second.code(&it), "verified");
}

#[test]
fn tob_12_an_intoto_entry_is_bound_in_every_member() {
    let it = Instance::new(0);
    let logged = |it: &Instance| {
        with(Draft::envelope(it), |draft| {
            draft.entries = vec![Entry::new(&it.logs[REKOR_1], "intoto", "0.0.2")];
        })
    };
    assert_eq!(logged(&it).code(&it), "verified");
    let mut said = statement();
    said["predicate"] = json!({"other": 1});
    let of_another = logged(&it).of_statement(&said);
    assert_eq!(with_entry_of(&it, &logged(&it), &of_another), "log_entry_mismatch");
    let by_another = logged(&it).with_key(AnyKey::p256(12));
    assert_eq!(with_entry_of(&it, &logged(&it), &by_another), "log_entry_mismatch");
    let members: [fn(&mut Value); 4] = [
        |content| content["payloadHash"]["value"] = json!(hex(&sha256(OTHER))),
        |content| content["envelope"]["payloadType"] = json!("text/plain"),
        |content| content["envelope"]["signatures"][0]["sig"] = json!(b64(b64(b"signature").as_bytes())),
        |content| content["envelope"]["payload"] = json!(b64(b64(OTHER).as_bytes())),
    ];
    for (position, change) in members.into_iter().enumerate() {
        let mut bundle = logged(&it).json(&it);
        let entry = Entry::new(&it.logs[REKOR_1], "intoto", "0.0.2");
        let mut body: Value =
            serde_json::from_slice(&unb64(&entries(&mut bundle)[0]["canonicalizedBody"])).unwrap();
        change(&mut body["spec"]["content"]);
        *entries(&mut bundle) = vec![entry.of_body(body.to_string().as_bytes())];
        assert_eq!(judge(&it, &bundle), "log_entry_mismatch", "{position}");
    }
}

#[test]
fn sigstore_rust_160_where_the_log_is_waived_an_entry_is_bound_all_the_same() {
    let it = Instance::new(0);
    let draft = Draft::message(&it);
    let by_another = draft.clone().with_key(AnyKey::p256(12));
    let (mut bundle, mut other) = (draft.json(&it), by_another.json(&it));
    *entries(&mut bundle) = entries(&mut other).clone();
    // Its promise would supply the time.
    assert_eq!(code_of_json(&it.verifier(), &bundle, &asking(0, 1, 1)), "log_entry_mismatch");
}

#[test]
fn sigstore_rust_77_indices_and_sizes_do_not_overflow() {
    let it = Instance::new(0);
    for number in ["9223372036854775807", "9223372036854775806", "0"] {
        let mut bundle = Draft::message(&it).json(&it);
        entries(&mut bundle)[0]["inclusionProof"]["logIndex"] = json!(number);
        assert_eq!(judge(&it, &bundle), "invalid_log_proof", "{number}");
        entries(&mut bundle)[0]["inclusionProof"]["treeSize"] = json!(number);
        assert_eq!(judge(&it, &bundle), "invalid_log_proof", "{number}");
        let mut bundle = Draft::envelope(&it).json(&it);
        entries(&mut bundle)[0]["logIndex"] = json!(number);
        assert_eq!(judge(&it, &bundle), "invalid_log_proof", "{number}");
    }
    for number in ["9223372036854775808", "18446744073709551616", "-1", "02", "2.0"] {
        let mut bundle = Draft::message(&it).json(&it);
        entries(&mut bundle)[0]["inclusionProof"]["logIndex"] = json!(number);
        assert_eq!(judge(&it, &bundle), "malformed_bundle", "{number}");
    }
}

#[test]
fn sigstore_rust_83_a_token_by_sha384_is_read_by_sha384() {
    let mut it = Instance::new(0);
    let key = Key::p384(7);
    it.timestamp_authorities[0].authority.signer.public_key = key.public_key_info();
    let by_sha384 = |algorithm: &'static str| {
        let key = key.clone();
        move |tsa: &Tsa, signature: &[u8]| {
            let mut token = tsa.draft(signature, 9);
            token.digest_algorithms = vec![tokens::algorithm(SHA384)];
            token.digest_algorithm = tokens::algorithm(SHA384);
            token.signature_algorithm = tokens::algorithm(algorithm);
            let token = token.with_attributes(|attributes| {
                attributes.remove(1);
            });
            let content = token.content();
            let token = token.with_attributes(move |attributes| {
                attributes.push(attribute(MESSAGE_DIGEST, &[octets(&Sha384::digest(&content))]));
            });
            token.sign_by(|signed| key.sign_sha384(signed))
        }
    };
    assert_eq!(with_token(&it, by_sha384(ECDSA_WITH_SHA384)), "verified");
    assert_eq!(with_token(&it, by_sha384(ECDSA_WITH_SHA256)), "unvouched_time");
}

#[test]
fn sigstore_rust_154_of_two_authorities_of_one_name_the_one_that_signed_is_found() {
    let mut it = Instance::new(0);
    let right = it.authorities[0].clone();
    let mut namesake = right.clone();
    namesake.key = Key::p256(230);
    namesake.intermediate.public_key = namesake.key.public_key_info();
    let maker = Instance { authorities: vec![right.clone()], ..Instance::new(0) };
    let bundle = Draft::message(&maker).bundle(&maker);
    for authorities in [vec![namesake.clone(), right.clone()], vec![right.clone(), namesake.clone()]] {
        it.authorities = authorities;
        // Its key is also the one that the certificate log had.
        assert_eq!(code(&it.verifier(), &bundle, &policy()), "verified");
    }
    it.authorities = vec![namesake];
    assert_eq!(code(&it.verifier(), &bundle, &policy()), "unknown_ca");
}

/// Somebody keeps a leaf's key after its minutes are over.
#[test]
fn a_kept_key_signs_nothing_later() {
    let it = Instance::new(0);
    let later = with(Draft::message(&it), |draft| {
        draft.entries[0].integrated = 1_000;
        draft.timestamps = vec![(0, 1_000)];
    });
    assert_eq!(later.code(&it), "time_mismatch");
    // An old token is over another signature, and an old entry's promise too.
    let mut bundle = with(Draft::like_github(&it), |draft| {
        draft.certificate_timestamps = vec![(it.certificate_logs[0].clone(), 1, 0)];
        draft.timestamps = vec![];
    })
    .json(&it);
    let old = it.timestamp_authorities[0].token(b"an old signature", 9);
    bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
        json!([{"signedTimestamp": b64(&old)}]);
    assert_eq!(code_of_json(&it.verifier(), &bundle, &asking(0, 1, 1)), "unvouched_time");
}

/// A policy that is misspelt refuses, and is told so where it can be.
#[test]
fn a_misspelt_policy_lets_nothing_in() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).bundle(&it);
    let spelt = format!(
        r#"{{"certificate_oidc_issuer":"{ISSUER}","claims":{{"certificate_identity":"{IDENTITY}"}}}}"#
    );
    let read = |json: &str| BundlePolicy::from_json(json);
    assert_eq!(code(&it.verifier(), &bundle, &read(&spelt).unwrap()), "verified");
    for (right, wrong) in [
        ("claims", "claim"),
        ("certificate_identity", "certificate_identity "),
        ("certificate_oidc_issuer", "issuer"),
        ("{\"certificate_oidc", "{\"log_entrys\":2,\"certificate_oidc"),
        ("{\"certificate_oidc", "{\"log_entries\":33,\"certificate_oidc"),
        ("{\"certificate_oidc", "{\"log_entries\":\"0\",\"certificate_oidc"),
        ("{\"certificate_oidc", "{\"instance\":\"\",\"certificate_oidc"),
    ] {
        let misspelt = spelt.replacen(right, wrong, 1);
        let is_refused = match read(&misspelt) {
            Err(_) => true,
            Ok(policy) => code(&it.verifier(), &bundle, &policy) != "verified",
        };
        assert!(is_refused, "{misspelt}");
    }
    let named = spelt.replacen('{', r#"{"instance":"Trusted_root","#, 1);
    assert_eq!(code(&it.verifier(), &bundle, &read(&named).unwrap()), "invalid_argument");
    let builder = VerifierBuilder::without_anchors().trusted_root("own", &it.root());
    assert!(builder.is_err(), "a root cannot pass for the verifier's own");
}
