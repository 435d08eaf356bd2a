//! For every rule of bundles a case that fails there, and one that just misses it.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use common::certificates::{
    ARC, CODE_SIGNING, Certificate, DIGITAL_SIGNATURE, ISSUER, KEY_CERT_SIGN, Key, NOT_BEFORE, at,
    basic_constraints, extended_key_usage, extension, key_usage, name, respelt_signature,
};
use countermark::limits::MAX_LEEWAY_SECONDS;
use countermark::{
    Artifact, ArtifactName, BundlePolicy, Claim, Code, Digest, HashAlgorithm, KeyPolicy, Period, PublicKey,
    SignatureAlgorithm, TrustAnchors, TrustedRoot, Verifier, VerifierBuilder,
};
use instance::*;
use serde_json::{Value, json};
use std::time::Duration;

/// A draft after a change.
fn with(draft: Draft, change: impl FnOnce(&mut Draft)) -> Draft {
    let mut draft = draft;
    change(&mut draft);
    draft
}

/// The code of a message's bundle that was changed as JSON.
fn changed(it: &Instance, change: impl FnOnce(&mut Value)) -> &'static str {
    changed_of(it, &Draft::message(it), change)
}

fn changed_of(it: &Instance, draft: &Draft, change: impl FnOnce(&mut Value)) -> &'static str {
    let mut bundle = draft.json(it);
    change(&mut bundle);
    code(&it.verifier(), &read(&bundle), &policy())
}

fn entry_of(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]["tlogEntries"][0]
}

/// The other value of the same length.
fn flipped(text: &Value) -> Value {
    let mut bytes = unb64(text);
    *bytes.last_mut().unwrap() ^= 1;
    json!(b64(&bytes))
}

#[test]
fn honest_bundles_of_every_form_are_verified() {
    let it = Instance::new(0);
    assert_eq!(Draft::message(&it).code(&it), "verified");
    assert_eq!(Draft::envelope(&it).code(&it), "verified");
    let own = Instance::like_github(0);
    assert_eq!(Draft::like_github(&own).code_under(&own, &asking(0, 1, 0)), "verified");
    for (kind, version) in [("dsse", "0.0.1"), ("intoto", "0.0.2")] {
        let mut draft = Draft::envelope(&it);
        draft.entries = vec![Entry::new(&it.logs[REKOR_1], kind, version)];
        assert_eq!(draft.code(&it), "verified", "{kind}");
    }
    let mut draft = Draft::message(&it);
    draft.entries = vec![Entry::new(&it.logs[REKOR_2], "hashedrekord", "0.0.2")];
    draft.timestamps = vec![(0, 9)];
    assert_eq!(draft.code(&it), "verified");
}

#[test]
fn b1_blocklisted() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).bundle(&it);
    let verifier = it.verifier();
    for algorithm in HashAlgorithm::ALL {
        let digest = Digest::of(*algorithm, ARTIFACT).to_string();
        let blocking = policy().block(&digest).unwrap();
        assert_eq!(code(&verifier, &bundle, &blocking), "blocklisted", "{digest}");
        let last = digest.chars().last().unwrap();
        let other = digest[..digest.len() - 1].to_string() + if last == '0' { "1" } else { "0" };
        assert_eq!(code(&verifier, &bundle, &policy().block(&other).unwrap()), "verified");
        // It comes first, whatever else is wrong.
        let of_key = Draft::message(&it).by_key("k").bundle(&it);
        assert_eq!(code(&verifier, &of_key, &blocking), "blocklisted");
    }
    let sha256 = Digest::of(HashAlgorithm::Sha256, ARTIFACT);
    let named = |name: &str| -> ArtifactName { format!("{name}@{sha256}").parse().unwrap() };
    let blocking = policy().block(named("image").as_str()).unwrap();
    let judge = |name: &str| code_of(&verifier, &Artifact::from_name(&named(name)), &bundle, &blocking);
    assert_eq!((judge("image"), judge("imag")), ("blocklisted", "verified"));
}

#[test]
fn b1_a_blocklist_that_cannot_be_asked_is_no_pass() {
    use HashAlgorithm::{Sha256, Sha512};
    let it = Instance::new(0);
    let bundle = Draft::message(&it).bundle(&it);
    let blocking = policy().block(&Digest::of(Sha512, b"another").to_string()).unwrap();
    let by = |algorithms: &[HashAlgorithm]| {
        Artifact::from_digests(algorithms.iter().map(|algorithm| Digest::of(*algorithm, ARTIFACT))).unwrap()
    };
    assert_eq!(code_of(&it.verifier(), &by(&[Sha256]), &bundle, &blocking), "invalid_argument");
    assert_eq!(code_of(&it.verifier(), &by(&[Sha256, Sha512]), &bundle, &blocking), "verified");
    assert_eq!(code_of(&it.verifier(), &by(&[Sha256]), &bundle, &policy()), "verified");
}

#[test]
fn b2_the_bundle_and_the_policy_are_of_one_kind() {
    let it = Instance::new(0);
    let keys = KeyPolicy::new([PublicKey::from_der(AnyKey::p256(11).public_key_info()).unwrap()]).unwrap();
    let (of_leaf, of_key) = (Draft::message(&it).bundle(&it), Draft::message(&it).by_key("k").bundle(&it));
    let verifier = it.verifier();
    assert_eq!(code(&verifier, &of_leaf, &keys), "no_signature");
    assert_eq!(code(&verifier, &of_key, &policy()), "no_signature");
    assert_eq!(code(&verifier, &of_leaf, &policy()), "verified");
    assert_eq!(code(&verifier, &of_key, &keys), "verified");
}

#[test]
fn b2_bad_certificate() {
    let it = Instance::new(0);
    let leaf =
        |change: fn(&mut Certificate)| with(Draft::message(&it), |draft| change(draft.leaf())).code(&it);
    assert_eq!(leaf(|_| {}), "verified");
    let faults: [fn(&mut Certificate); 4] = [
        |leaf| *leaf = leaf.clone().without("2.5.29.37"),
        |leaf| *leaf = leaf.clone().with(basic_constraints(true, None)),
        |leaf| *leaf = leaf.clone().with(key_usage(KEY_CERT_SIGN)),
        |leaf| *leaf = leaf.clone().with(extension("1.2.3.4", true, vec![5, 0])),
    ];
    for fault in faults {
        assert_eq!(leaf(fault), "bad_certificate");
    }
    assert_eq!(leaf(|leaf| *leaf = leaf.clone().with(extension("1.2.3.4", false, vec![5, 0]))), "verified");

    let beside = |others: Vec<Vec<u8>>| {
        with(Draft::message(&it), |draft| {
            draft.media_type = V0_2;
            let Material::Leaf { others: of_draft, .. } = &mut draft.material else { unreachable!() };
            *of_draft = others;
        })
        .code(&it)
    };
    assert_eq!(beside(vec![]), "verified");
    assert_eq!(beside(it.authorities[0].chain()), "verified", "a root there does no harm");
    assert_eq!(beside(vec![b"junk".to_vec()]), "bad_certificate");
}

#[test]
fn b2_invalid_key_type() {
    let it = Instance::new(0);
    // A log of Rekor's first version takes Ed25519 keys for envelopes.
    let draft = with(Draft::envelope(&it).with_key(AnyKey::ed25519(9)), |draft| {
        draft.entries = vec![Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1")];
    });
    assert_eq!(draft.code(&it), "invalid_key_type");
    let accepting = [SignatureAlgorithm::DEFAULT, &[SignatureAlgorithm::Ed25519]].concat();
    let builder = VerifierBuilder::without_anchors().accept_algorithms(&accepting);
    let verifier = builder.trusted_root("it", &it.root()).unwrap().build();
    assert_eq!(code(&verifier, &draft.bundle(&it), &policy()), "verified");
    // A message too, over its bytes, not a digest; but no log can tell which.
    let message =
        with(Draft::message(&it).with_key(AnyKey::ed25519(9)), |draft| draft.timestamps = vec![(0, 9)]);
    assert_eq!(code(&verifier, &message.bundle(&it), &policy()), "log_entry_mismatch");
    let message = with(message, |draft| draft.entries = vec![]);
    let judge = |artifact| code_of(&verifier, &artifact, &message.bundle(&it), &asking(0, 1, 1));
    assert_eq!(judge(Artifact::from_bytes(ARTIFACT)), "verified");
    assert_eq!(judge(Artifact::from_bytes(b"another")), "invalid_signature");
    assert_eq!(judge(Artifact::from(Digest::of(HashAlgorithm::Sha512, ARTIFACT))), "artifact_mismatch");
}

#[test]
fn signers_on_p384_sign_by_sha384_and_as_old_clients_by_sha256() {
    let it = Instance::new(0);
    for draft in [Draft::message(&it), Draft::envelope(&it)] {
        let draft = draft.with_key(AnyKey::p384(9));
        assert_eq!(draft.code(&it), "verified");
        let old = with(draft, |draft| draft.signs_by_sha256 = true);
        assert_eq!(old.code(&it), "verified");
    }
    let message = Draft::message(&it).with_key(AnyKey::p384(9)).bundle(&it);
    let judge = |algorithm| {
        let artifact = Artifact::from(Digest::of(algorithm, ARTIFACT));
        code_of(&it.verifier(), &artifact, &message, &policy())
    };
    assert_eq!(judge(HashAlgorithm::Sha384), "verified");
    assert_eq!(judge(HashAlgorithm::Sha512), "artifact_mismatch");
    // A digest beside it does not let another hash in: P-256 signs by SHA-256 alone.
    let by_384 = with(Draft::message(&it), |draft| {
        let digest = b64(Digest::of(HashAlgorithm::Sha384, ARTIFACT).as_bytes());
        let Content::Message { digest: stated, .. } = &mut draft.content else { unreachable!() };
        *stated = Some(json!({"algorithm": "SHA2_384", "digest": digest}));
    });
    assert_eq!(by_384.code(&it), "artifact_mismatch");
}

#[test]
fn b3_unvouched_time() {
    let it = Instance::new(0);
    let rekor_2 = || Entry::new(&it.logs[REKOR_2], "hashedrekord", "0.0.2");
    // Rekor's second version promises no time, and a time without a promise is none.
    let no_token = with(Draft::envelope(&it), |draft| draft.timestamps = vec![]);
    assert_eq!(no_token.code(&it), "unvouched_time");
    let no_promise = with(Draft::message(&it), |draft| draft.entries[0].has_promise = false);
    assert_eq!(no_promise.code(&it), "unvouched_time");
    assert_eq!(with(no_promise, |draft| draft.timestamps = vec![(0, 9)]).code(&it), "verified");
    assert_eq!(with(Draft::message(&it), |draft| draft.entries[0] = rekor_2()).code(&it), "unvouched_time");
    // Also where somebody writes a time beside an entry of the second version.
    let told = changed_of(&it, &with(Draft::envelope(&it), |draft| draft.timestamps = vec![]), |bundle| {
        entry_of(bundle)["integratedTime"] = json!((NOT_BEFORE + 8).to_string());
    });
    assert_eq!(told, "unvouched_time");
}

#[test]
fn b3_a_promise_counts_in_the_closed_period_of_the_logs_key() {
    let judge = |start, end, integrated| {
        let mut it = Instance::new(0);
        it.logs[REKOR_1].times = Times::between(start, end);
        with(Draft::message(&it), |draft| draft.entries[0].integrated = integrated).code(&it)
    };
    assert_eq!((judge(8, 20, 8), judge(-5, 8, 8)), ("verified", "verified"));
    assert_eq!((judge(9, 20, 8), judge(-5, 7, 8)), ("unvouched_time", "unvouched_time"));
    // To the nanosecond.
    let judge = |start: &str, end: &str| {
        let mut it = Instance::new(0);
        let end = Some(at(8).to_string().replace('Z', end));
        it.logs[REKOR_1].times = Times { start: at(8).to_string().replace('Z', start), end };
        Draft::message(&it).code(&it)
    };
    assert_eq!(judge("Z", ".000000000Z"), "verified");
    assert_eq!(judge(".000000001Z", ".5Z"), "unvouched_time");
}

#[test]
fn b3_a_token_counts_in_the_closed_period_of_its_authority() {
    let judge = |start, end| {
        let mut it = Instance::new(0);
        it.timestamp_authorities[0].times = Times::between(start, end);
        Draft::envelope(&it).code(&it)
    };
    assert_eq!((judge(9, 20), judge(-5, 9)), ("verified", "verified"));
    assert_eq!((judge(10, 20), judge(-5, 8)), ("unvouched_time", "unvouched_time"));
    // A fraction of a second after the end is outside.
    let mut it = Instance::new(0);
    it.timestamp_authorities[0].times = Times::between(-5, 9);
    let mut bundle = Draft::envelope(&it).json(&it);
    let signature = unb64(&bundle["dsseEnvelope"]["signatures"][0]["sig"]);
    let tsa = &it.timestamp_authorities[0];
    let mut token = tsa.draft(&signature, 9);
    let digits = token.time.trim_end_matches('Z').to_string();
    token.time = format!("{digits}.000000001Z");
    let place = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";
    *bundle.pointer_mut(place).unwrap() = json!(b64(&token.sign(&tsa.authority.key)));
    assert_eq!(code(&it.verifier(), &read(&bundle), &policy()), "unvouched_time");
    it.timestamp_authorities[0].times = Times::between(-5, 10);
    assert_eq!(code(&it.verifier(), &read(&bundle), &policy()), "verified");
}

#[test]
fn b3_a_bad_token_refuses_beside_enough_good_times() {
    let it = Instance::new(0);
    let draft = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]);
    assert_eq!(draft.code(&it), "verified");
    let place = "/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp";
    let judge = |token: Vec<u8>| {
        changed_of(&it, &draft, |bundle| *bundle.pointer_mut(place).unwrap() = json!(b64(&token)))
    };
    let tsa = &it.timestamp_authorities[0];
    let signature = unb64(&draft.json(&it)["messageSignature"]["signature"]);
    assert_eq!(judge(tsa.token(&signature, 9)), "verified");
    assert_eq!(judge(tsa.token(b"another signature", 9)), "unvouched_time");
    assert_eq!(judge(b"junk".to_vec()), "unvouched_time");
    assert_eq!(judge(tsa.draft(&signature, 9).sign(&Key::p256(99))), "unvouched_time");
    let alone = tokens_alone(tsa, &signature);
    assert_eq!(judge(alone), "unvouched_time", "bundles have responses");
}

fn tokens_alone(tsa: &Tsa, signature: &[u8]) -> Vec<u8> {
    common::tokens::Token { status: None, ..tsa.draft(signature, 9) }.sign(&tsa.authority.key)
}

#[test]
fn b3_counts_independent_times() {
    let mut it = Instance::new(0);
    it.timestamp_authorities.push(Tsa::new("second", 240));
    let timed = |timestamps: &[(usize, i64)]| {
        with(Draft::message(&it), |draft| draft.timestamps = timestamps.to_vec())
    };
    let judge = |timestamps: &[(usize, i64)], count| timed(timestamps).code_under(&it, &asking(1, count, 1));
    // A log and an authority are two; two tokens of one authority are not.
    assert_eq!((judge(&[(0, 9)], 2), judge(&[(0, 9)], 3)), ("verified", "unvouched_time"));
    assert_eq!((judge(&[(0, 9), (0, 10)], 2), judge(&[(0, 9), (0, 10)], 3)), ("verified", "unvouched_time"));
    assert_eq!((judge(&[(0, 9), (1, 10)], 3), judge(&[(0, 9), (1, 10)], 4)), ("verified", "unvouched_time"));
}

#[test]
fn b4_unknown_ca() {
    let it = Instance::new(0);
    let other = Instance { authorities: Instance::new(1).authorities, ..Instance::new(0) };
    let bundle = Draft::message(&it).bundle(&it);
    assert_eq!(code(&other.verifier(), &bundle, &policy()), "unknown_ca");
    let both = Instance {
        authorities: [other.authorities, Instance::new(0).authorities].concat(),
        ..Instance::new(0)
    };
    assert_eq!(code(&both.verifier(), &bundle, &policy()), "verified");
    // Neither does what the bundle itself brings: a root of its own.
    let foreign = with(
        Draft::message(&Instance { authorities: Instance::new(1).authorities, ..Instance::new(0) }),
        |draft| {
            draft.media_type = V0_2;
            let Material::Leaf { others, .. } = &mut draft.material else { unreachable!() };
            *others = Instance::new(1).authorities[0].chain();
        },
    );
    let maker = Instance { authorities: Instance::new(1).authorities, ..Instance::new(0) };
    assert_eq!(foreign.code(&maker), "verified");
    assert_eq!(code(&it.verifier(), &foreign.bundle(&maker), &policy()), "unknown_ca");
    // A distrusted authority is none.
    let builder =
        VerifierBuilder::without_anchors().distrust_hex(&hex(&sha256(&it.authorities[0].chain()[0])));
    let verifier = builder.unwrap().trusted_root("it", &it.root()).unwrap().build();
    assert_eq!(code(&verifier, &bundle, &policy()), "unknown_ca");
}

#[test]
fn b4_path_too_complex() {
    // The leaf's issuer is below so many authorities that the bundle brings.
    let judge = |count: u8| {
        let mut it = Instance::new(0);
        let top = it.authorities[0].clone();
        let (mut issuer_name, mut issuer_key) = (top.root.subject.clone(), top.root_key.clone());
        let mut others = Vec::new();
        for number in 0..count {
            let key = Key::p256(200 + number);
            let subject = format!("ca {number}");
            let mut certificate = Certificate::authority(&subject, &key, "");
            certificate.issuer = issuer_name;
            others.push(certificate.sign(&issuer_key));
            (issuer_name, issuer_key) = (name(&subject), key);
        }
        // The draft's leaf is by what the instance has as its first intermediate.
        let verifier = it.verifier();
        it.authorities[0].intermediate.subject = issuer_name;
        it.authorities[0].key = issuer_key;
        let draft = with(Draft::message(&it), |draft| {
            draft.media_type = V0_2;
            let Material::Leaf { others: of_draft, .. } = &mut draft.material else { unreachable!() };
            *of_draft = others;
        });
        code(&verifier, &draft.bundle(&it), &policy())
    };
    assert_eq!((judge(1), judge(8), judge(9)), ("verified", "verified", "path_too_complex"));
}

#[test]
fn b4_an_authority_is_in_order() {
    let judge = |change: fn(&mut Authority)| {
        let mut it = Instance::new(0);
        change(&mut it.authorities[0]);
        Draft::message(&it).code(&it)
    };
    assert_eq!(judge(|_| {}), "verified");
    assert_eq!(
        judge(|ca| ca.intermediate = ca.intermediate.clone().with(key_usage(DIGITAL_SIGNATURE))),
        "bad_certificate"
    );
    assert_eq!(
        judge(|ca| ca.intermediate = ca.intermediate.clone().with(extended_key_usage(&["1.3.6.1.5.5.7.3.8"]))),
        "bad_certificate"
    );
    assert_eq!(
        judge(|ca| ca.intermediate = ca.intermediate.clone().with(extended_key_usage(&[CODE_SIGNING]))),
        "verified"
    );
}

#[test]
fn b4_the_path_and_the_authoritys_own_period_hold_every_time() {
    // Signed at 8 by the log's word and at 20 by the timestamp authority's.
    let judge = |change: &dyn Fn(&mut Authority)| {
        let mut it = Instance::new(0);
        change(&mut it.authorities[0]);
        with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 20)]).code(&it)
    };
    for (start, end, expected) in [(8, 20, "verified"), (9, 20, "time_mismatch"), (8, 19, "time_mismatch")] {
        assert_eq!(judge(&|ca| ca.times = Times::between(start, end)), expected, "{start} to {end}");
        let between = |certificate: &mut Certificate| {
            (certificate.not_before, certificate.not_after) = (NOT_BEFORE + start, NOT_BEFORE + end);
        };
        assert_eq!(judge(&|ca| between(&mut ca.intermediate)), expected, "intermediate {start} to {end}");
        assert_eq!(judge(&|ca| between(&mut ca.root)), expected, "root {start} to {end}");
    }
}

#[test]
fn b4_to_b6_without_times_the_callers_now_judges() {
    let it = Instance::new(0);
    let draft = with(Draft::message(&it), |draft| draft.entries = vec![]);
    let bundle = draft.bundle(&it);
    let verifier = it.verifier();
    let asking_nothing = asking(0, 0, 1);
    assert_eq!(code(&verifier, &bundle, &asking_nothing), "unvouched_time");
    let judge_under = |verifier: &Verifier, seconds: i64, policy: &BundlePolicy| match verifier
        .at(at(seconds))
        .verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, policy)
    {
        Ok(_) => "verified",
        Err(rejection) => rejection.code().name(),
    };
    let judge = |seconds| judge_under(&verifier, seconds, &asking_nothing);
    assert_eq!((judge(0), judge(300)), ("verified", "verified"));
    assert_eq!((judge(-1), judge(301)), ("time_mismatch", "time_mismatch"));
    assert_eq!(judge_under(&verifier, 8, &asking(0, 1, 1)), "unvouched_time", "now is nobody's word");
    // The authority's period and certificates too.
    let mut short = Instance::new(0);
    short.authorities[0].times = Times::between(-5, 100);
    let verifier = short.verifier();
    assert_eq!(judge_under(&verifier, 100, &asking_nothing), "verified");
    assert_eq!(judge_under(&verifier, 101, &asking_nothing), "time_mismatch");
    // And the key of a log that promised nothing.
    let mut short = Instance::new(0);
    short.logs[REKOR_2].times = Times::between(-5, 100);
    let logged = with(Draft::envelope(&short), |draft| draft.timestamps = vec![]).bundle(&short);
    let judge = |seconds| {
        let verifier = short.verifier();
        let verified = verifier.at(at(seconds)).verify_bundle(
            &Artifact::from_bytes(ARTIFACT),
            &logged,
            &asking(1, 0, 1),
        );
        verified.map_or_else(|rejection| rejection.code(), |_| Code::Verified).name()
    };
    assert_eq!((judge(100), judge(101)), ("verified", "untrusted_log"));
}

#[test]
fn b5_no_certificate_timestamp() {
    let it = Instance::new(0);
    let judge = |change: &dyn Fn(&mut Draft)| with(Draft::message(&it), change).code(&it);
    assert_eq!(judge(&|draft| draft.certificate_timestamps = vec![]), "no_certificate_timestamp");
    // Of a log that is not known: alone, and beside a good one.
    let foreign = Log::new(Version::Rekor1, "ct.foreign.example", AnyKey::p256(250));
    assert_eq!(
        judge(&|draft| draft.certificate_timestamps = vec![(foreign.clone(), 1, 0)]),
        "no_certificate_timestamp"
    );
    assert_eq!(
        judge(&|draft| draft.certificate_timestamps.push((foreign.clone(), 1, 0))),
        "no_certificate_timestamp"
    );
    // Of a known log's ID, by another key.
    let forged = Instance { certificate_logs: vec![foreign], ..Instance::new(0) };
    let mut json = forged.json();
    json["ctlogs"] = it.json()["ctlogs"].clone();
    let verifier = Verifier::from_trusted_root(&TrustedRoot::from_json(json.to_string()).unwrap());
    assert_eq!(
        code(&verifier, &Draft::message(&forged).bundle(&forged), &policy()),
        "no_certificate_timestamp"
    );
    // For another certificate of the same issuer, which the log does have.
    let mut logged = Draft::message(&it);
    logged.leaf().not_after += 1;
    let list = timestamp_list(&[logged.certificate_timestamp(&it, 0)]);
    let moved = with(Draft::message(&it), |draft| {
        draft.certificate_timestamps = vec![];
        *draft.leaf() = draft.leaf().clone().with(list);
    });
    assert_eq!(moved.code(&it), "no_certificate_timestamp");
    let list = timestamp_list(&[Draft::message(&it).certificate_timestamp(&it, 0)]);
    let own = with(Draft::message(&it), |draft| {
        draft.certificate_timestamps = vec![];
        *draft.leaf() = draft.leaf().clone().with(list);
    });
    assert_eq!(own.code(&it), "verified");
    // That cannot be read, though none is asked for.
    let junk = with(own, |draft| *draft.leaf() = draft.leaf().clone().with(timestamp_list(&[vec![1, 2]])));
    assert_eq!(junk.code_under(&it, &asking(1, 1, 0)), "no_certificate_timestamp");
}

#[test]
fn b5_an_sct_counts_in_the_closed_period_of_its_log_to_the_millisecond() {
    let judge = |end: &str, milliseconds| {
        let mut it = Instance::new(0);
        it.certificate_logs[0].times =
            Times { start: at(1).to_string(), end: Some(at(1).to_string().replace('Z', end)) };
        with(Draft::message(&it), |draft| draft.certificate_timestamps[0].2 = milliseconds).code(&it)
    };
    assert_eq!((judge("Z", 0), judge(".5Z", 500)), ("verified", "verified"));
    assert_eq!((judge("Z", 1), judge(".5Z", 501)), ("no_certificate_timestamp", "no_certificate_timestamp"));
}

#[test]
fn b5_counts_independent_certificate_logs() {
    let mut it = Instance::new(0);
    it.certificate_logs.push(Log::new(Version::Rekor1, "ct2.example", AnyKey::p256(252)));
    let draft = Draft::message(&it);
    let judge = |it: &Instance, count| draft.code_under(it, &asking(1, 1, count));
    assert_eq!((judge(&it, 2), judge(&it, 3)), ("verified", "no_certificate_timestamp"));
    let one = with(draft.clone(), |draft| {
        draft.certificate_timestamps.pop();
        let again = (draft.certificate_timestamps[0].0.clone(), 2, 0);
        draft.certificate_timestamps.push(again);
    });
    assert_eq!(one.code_under(&it, &asking(1, 1, 1)), "verified");
    assert_eq!(one.code_under(&it, &asking(1, 1, 2)), "no_certificate_timestamp");
    for log in &mut it.certificate_logs {
        log.operator = Some("one".into());
    }
    assert_eq!((judge(&it, 1), judge(&it, 2)), ("verified", "no_certificate_timestamp"));
}

#[test]
fn b6_lifetime_too_long() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).bundle(&it);
    let judge = |seconds| {
        code(&it.verifier(), &bundle, &policy().with_max_certificate_lifetime_seconds(seconds).unwrap())
    };
    assert_eq!((judge(300), judge(299)), ("verified", "lifetime_too_long"));
    let lasting =
        |seconds| with(Draft::message(&it), |draft| draft.leaf().not_after = NOT_BEFORE + seconds).code(&it);
    assert_eq!((lasting(600), lasting(601)), ("verified", "lifetime_too_long"));
}

#[test]
fn b6_every_time_is_inside_the_leafs_validity() {
    let it = Instance::new(0);
    let logged =
        |integrated| with(Draft::message(&it), |draft| draft.entries[0].integrated = integrated).code(&it);
    assert_eq!((logged(0), logged(300)), ("verified", "verified"));
    assert_eq!((logged(-1), logged(301)), ("time_mismatch", "time_mismatch"));
    let stamped =
        |seconds| with(Draft::message(&it), |draft| draft.timestamps = vec![(0, seconds)]).code(&it);
    assert_eq!((stamped(0), stamped(300)), ("verified", "verified"));
    assert_eq!((stamped(-1), stamped(301)), ("time_mismatch", "time_mismatch"));
}

#[test]
fn b6_no_time_is_after_the_callers() {
    let it = Instance::new(0);
    let bundle = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 20)]).bundle(&it);
    let verifier = it.verifier();
    let judge = |now, leeway| {
        let verifier = verifier.at(at(now)).with_leeway(Duration::from_secs(leeway));
        let verified = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy());
        verified.map_or_else(|rejection| rejection.code(), |_| Code::Verified).name()
    };
    assert_eq!((judge(20, 0), judge(19, 0)), ("verified", "time_mismatch"));
    assert_eq!((judge(15, 5), judge(14, 5)), ("verified", "time_mismatch"));
    assert_eq!(judge(20 - i64::from(MAX_LEEWAY_SECONDS), MAX_LEEWAY_SECONDS.into()), "verified");
}

#[test]
fn b7_corrupted_and_invalid_signatures() {
    let it = Instance::new(0);
    // Nothing but the signature is judged.
    let judge = |signature: &dyn Fn(&[u8]) -> Vec<u8>| {
        let draft = with(Draft::message(&it), |draft| draft.entries = vec![]);
        let mut bundle = draft.json(&it);
        let signed = signature(&unb64(&bundle["messageSignature"]["signature"]));
        bundle["messageSignature"]["signature"] = json!(b64(&signed));
        let verifier = it.verifier();
        let verified = verifier
            .at(at(8))
            .verify_bundle(&Artifact::from_bytes(ARTIFACT), &read(&bundle), &asking(0, 0, 1))
            .map(drop);
        verified.map_or_else(|rejection| rejection.code(), |()| Code::Verified).name()
    };
    assert_eq!(judge(&|signature| signature.to_vec()), "verified");
    assert_eq!(judge(&|signature| respelt_signature(signature)), "verified");
    assert_eq!(judge(&|signature| [signature, &[0]].concat()), "corrupted_signature");
    assert_eq!(judge(&|_| vec![]), "corrupted_signature");
    assert_eq!(judge(&|_| Key::p256(11).sign_sha256(b"another")), "invalid_signature");
    assert_eq!(judge(&|_| Key::p256(12).sign_sha256(ARTIFACT)), "invalid_signature");
}

#[test]
fn b7_a_stated_digest_is_the_artifacts_and_never_stands_in_for_it() {
    let it = Instance::new(0);
    let stating = |algorithm: &str, digest: Vec<u8>| {
        with(Draft::message(&it), |draft| {
            let Content::Message { digest: stated, .. } = &mut draft.content else { unreachable!() };
            *stated = Some(json!({"algorithm": algorithm, "digest": b64(&digest)}));
        })
    };
    let good = stating("SHA2_256", sha256(ARTIFACT));
    assert_eq!(good.code(&it), "verified");
    assert_eq!(stating("SHA2_256", sha256(b"another")).code(&it), "artifact_mismatch");
    assert_eq!(stating("SHA3_256", sha256(ARTIFACT)).code(&it), "artifact_mismatch");
    let judge = |artifact: &[u8]| {
        code_of(&it.verifier(), &Artifact::from_bytes(artifact), &good.bundle(&it), &policy())
    };
    assert_eq!(judge(b"another"), "artifact_mismatch");
    // Without it, the signature tells.
    let bundle = Draft::message(&it).bundle(&it);
    assert_eq!(
        code_of(&it.verifier(), &Artifact::from_bytes(b"another"), &bundle, &policy()),
        "invalid_signature"
    );
}

#[test]
fn b8_not_logged() {
    let it = Instance::new(0);
    let none = with(Draft::like_github(&it), |draft| {
        draft.certificate_timestamps = vec![(it.certificate_logs[0].clone(), 1, 0)];
    });
    assert_eq!(none.code(&it), "not_logged");
    assert_eq!(none.code_under(&it, &asking(0, 1, 1)), "verified");
    let two = with(Draft::message(&it), |draft| {
        draft.entries.push(Entry::new(&it.logs[REKOR_2], "hashedrekord", "0.0.2"));
    });
    assert_eq!(two.code_under(&it, &asking(2, 1, 1)), "verified");
    assert_eq!(two.code_under(&it, &asking(3, 1, 1)), "not_logged");
}

#[test]
fn b8_untrusted_log() {
    let it = Instance::new(0);
    assert_eq!(changed(&it, |_| {}), "verified");
    // A log of another instance, alone and beside a good entry.
    let foreign = Log::new(Version::Rekor1, "rekor.foreign.example", AnyKey::p256(250));
    let entry = Entry::new(&foreign, "hashedrekord", "0.0.1");
    let stamped = || with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]);
    assert_eq!(with(stamped(), |draft| draft.entries = vec![entry.clone()]).code(&it), "untrusted_log");
    assert_eq!(with(stamped(), |draft| draft.entries.push(entry.clone())).code(&it), "untrusted_log");
    // A promise that does not verify.
    let promise = |bundle: &mut Value| {
        let set = &mut entry_of(bundle)["inclusionPromise"]["signedEntryTimestamp"];
        *set = flipped(set);
    };
    assert_eq!(changed_of(&it, &stamped(), promise), "untrusted_log");
    assert_eq!(
        changed_of(&it, &stamped(), |bundle| entry_of(bundle)["logIndex"] = json!("7")),
        "untrusted_log"
    );
    // The key's period, at every time of B3 where nothing was promised.
    let judge = |start, end| {
        let mut it = Instance::new(0);
        it.logs[REKOR_2].times = Times::between(start, end);
        Draft::envelope(&it).code(&it)
    };
    assert_eq!((judge(9, 9), judge(10, 20), judge(-5, 8)), ("verified", "untrusted_log", "untrusted_log"));
}

#[test]
fn b8_the_checkpoint_is_signed_by_the_log_of_the_entry_under_its_name() {
    let it = Instance::new(0);
    let other_key = Log { key: AnyKey::p256(250), ..it.logs[REKOR_1].clone() };
    let other_host = Log { host: "log.foreign.example".into(), ..it.logs[REKOR_2].clone() };
    let cosignature = "— witness.example AAAAAAAAAAAAAAAA\n";
    let v1 = |note: &dyn Fn(&str) -> String| {
        changed(&it, |bundle| {
            let envelope = &mut entry_of(bundle)["inclusionProof"]["checkpoint"]["envelope"];
            let text = envelope.as_str().unwrap().rsplit_once("\n\n").unwrap().0.to_string() + "\n";
            *envelope = json!(note(&text));
        })
    };
    let v2 = |note: &dyn Fn(&str) -> String| {
        changed_of(&it, &Draft::envelope(&it), |bundle| {
            let envelope = &mut entry_of(bundle)["inclusionProof"]["checkpoint"]["envelope"];
            let text = envelope.as_str().unwrap().rsplit_once("\n\n").unwrap().0.to_string() + "\n";
            *envelope = json!(note(&text));
        })
    };
    let (rekor_1, rekor_2) = (&it.logs[REKOR_1], &it.logs[REKOR_2]);
    assert_eq!((v1(&|text| rekor_1.note(text)), v2(&|text| rekor_2.note(text))), ("verified", "verified"));
    assert_eq!(v1(&|text| rekor_1.note(text) + cosignature), "verified", "unknown lines mean nothing");
    assert_eq!(v1(&|text| format!("{text}\n{cosignature}")), "untrusted_log");
    assert_eq!(v1(&|text| rekor_1.note_as("rekor", text)), "untrusted_log");
    assert_eq!(v1(&|text| other_key.note(text)), "untrusted_log");
    assert_eq!(v1(&|text| rekor_2.note(text)), "untrusted_log");
    // Any line of the log's that is bad refuses, before or after a good one.
    let bad = rekor_1.note_line(&rekor_1.host, "another text\n");
    assert_eq!(v1(&|text| rekor_1.note(text) + &bad), "untrusted_log");
    assert_eq!(
        v1(&|text| format!("{text}\n{bad}") + &rekor_1.note_line(&rekor_1.host, text)),
        "untrusted_log"
    );
    assert_eq!(v2(&|text| other_host.note(text)), "untrusted_log");
    // Signed by the log, but of another origin.
    assert_eq!(v2(&|text| rekor_2.note(&text.replace(".i0.", ".i1."))), "untrusted_log");
    assert_eq!(
        v1(&|text| rekor_1.note(&text.replace(" - 1", " - 2"))),
        "verified",
        "a shard of the same log"
    );
}

#[test]
fn b8_invalid_log_proof() {
    let it = Instance::new(0);
    let judge = |change: &dyn Fn(&mut Draft)| with(Draft::message(&it), change).code(&it);
    assert_eq!(judge(&|draft| draft.entries[0].has_proof = false), "invalid_log_proof");
    assert_eq!(judge(&|draft| draft.entries[0].has_checkpoint = false), "invalid_log_proof");
    assert_eq!(judge(&|draft| draft.entries[0].index = 3), "invalid_log_proof");
    assert_eq!(judge(&|draft| draft.entries[0].index = TREE_SIZE), "invalid_log_proof");
    // The checkpoint is of another tree.
    let texts: [fn(String) -> String; 4] = [
        |text| text.replace("\n64\n", "\n65\n"),
        |text| text.replace("\n64\n", "\n064\n"),
        |text| text.replace("\n64\n", "\n1e3\n"),
        |text| text.replace("\n64\n", "\n\n"),
    ];
    for text in texts {
        assert_eq!(judge(&|draft| draft.entries[0].checkpoint = text), "invalid_log_proof");
    }
    let v2 = |change: &dyn Fn(&mut Draft)| with(Draft::envelope(&it), change).code(&it);
    assert_eq!(v2(&|draft| draft.entries[0].has_promise = true), "invalid_log_proof");
    assert_eq!(v2(&|draft| draft.entries[0].outer_index = 3), "invalid_log_proof");
    assert_eq!(v2(&|draft| draft.entries[0].index = 3), "verified", "no copy in the proof is looked at");
    for member in ["rootHash", "treeSize"] {
        let other = if member == "rootHash" { json!(b64(&[1; 32])) } else { json!("9") };
        let of_v2 = changed_of(&it, &Draft::envelope(&it), |bundle| {
            entry_of(bundle)["inclusionProof"][member] = other.clone();
        });
        assert_eq!(of_v2, "verified", "{member}");
        let of_v1 = changed(&it, |bundle| entry_of(bundle)["inclusionProof"][member] = other);
        assert_eq!(of_v1, "invalid_log_proof", "{member}");
    }
    // One hash too many, one too few, one of another length.
    let hashes = |change: &dyn Fn(&mut Vec<Value>)| {
        changed(&it, |bundle| change(entry_of(bundle)["inclusionProof"]["hashes"].as_array_mut().unwrap()))
    };
    assert_eq!(hashes(&|hashes| hashes.push(json!(b64(&[0; 32])))), "invalid_log_proof");
    assert_eq!(hashes(&|hashes| drop(hashes.pop())), "invalid_log_proof");
    assert_eq!(hashes(&|hashes| hashes[0] = json!(b64(&[0; 31]))), "invalid_log_proof");
    assert_eq!(hashes(&|hashes| hashes.swap(0, 1)), "invalid_log_proof");
}

#[test]
fn b8_what_version_0_1_must_have() {
    let it = Instance::new(0);
    let judge = |change: &dyn Fn(&mut Draft)| {
        with(Draft::message(&it), |draft| {
            draft.media_type = V0_1;
            draft.timestamps = vec![(0, 9)];
            change(draft);
        })
        .code(&it)
    };
    assert_eq!(judge(&|_| {}), "verified");
    assert_eq!(judge(&|draft| draft.entries[0].has_proof = false), "verified", "a promise will do");
    assert_eq!(judge(&|draft| draft.entries[0].has_promise = false), "invalid_log_proof");
    assert_eq!(judge(&|draft| draft.entries[0].has_checkpoint = false), "invalid_log_proof");
    assert_eq!(
        judge(&|draft| draft.entries[0].index = 3),
        "invalid_log_proof",
        "a proof that is there holds"
    );
}

#[test]
fn b8_log_entry_mismatch() {
    let it = Instance::new(0);
    // What the log took is of another signing: it vouches for that, not for this.
    type Change = fn(&mut Value);
    let spec: &[(&str, &str, Change)] = &[
        ("hashedrekord", "0.0.1", |body| {
            body["spec"]["data"]["hash"]["value"] = json!(hex(&sha256(b"other")));
        }),
        ("hashedrekord", "0.0.1", |body| body["spec"]["data"]["hash"]["algorithm"] = json!("sha512")),
        ("hashedrekord", "0.0.1", |body| {
            let content = &mut body["spec"]["signature"]["content"];
            *content = flipped(content);
        }),
        ("hashedrekord", "0.0.1", |body| {
            let other = pem("PUBLIC KEY", &AnyKey::p256(11).public_key_info());
            body["spec"]["signature"]["publicKey"]["content"] = json!(b64(other.as_bytes()));
        }),
        ("hashedrekord", "0.0.1", |body| body["apiVersion"] = json!("0.0.2")),
        ("hashedrekord", "0.0.1", |body| body["kind"] = json!("dsse")),
        ("hashedrekord", "0.0.1", |body| body["spec"]["more"] = json!(1)),
    ];
    let enveloped: &[(&str, &str, Change)] = &[
        ("dsse", "0.0.1", |body| body["spec"]["payloadHash"]["value"] = json!(hex(&sha256(b"other")))),
        ("dsse", "0.0.1", |body| {
            let signature = &mut body["spec"]["signatures"][0]["signature"];
            *signature = flipped(signature);
        }),
        ("dsse", "0.0.1", |body| {
            let other = pem("PUBLIC KEY", &AnyKey::p256(11).public_key_info());
            body["spec"]["signatures"][0]["verifier"] = json!(b64(other.as_bytes()));
        }),
        ("dsse", "0.0.1", |body| {
            let again = body["spec"]["signatures"][0].clone();
            body["spec"]["signatures"].as_array_mut().unwrap().push(again);
        }),
        ("dsse", "0.0.1", |body| body["spec"]["signatures"] = json!([])),
        ("intoto", "0.0.2", |body| {
            body["spec"]["content"]["payloadHash"]["value"] = json!(hex(&sha256(b"other")));
        }),
        ("intoto", "0.0.2", |body| {
            body["spec"]["content"]["envelope"]["payloadType"] = json!("text/plain");
        }),
        ("intoto", "0.0.2", |body| {
            let other = b64(b64(&Key::p256(11).sign_sha256(b"other")).as_bytes());
            body["spec"]["content"]["envelope"]["signatures"][0]["sig"] = json!(other);
        }),
        ("intoto", "0.0.2", |body| {
            let other = pem("PUBLIC KEY", &AnyKey::p256(11).public_key_info());
            body["spec"]["content"]["envelope"]["signatures"][0]["publicKey"] = json!(b64(other.as_bytes()));
        }),
        ("hashedrekord", "0.0.2", |body| {
            body["spec"]["hashedRekordV002"]["data"]["digest"] = json!(b64(&sha256(b"other")));
        }),
        ("hashedrekord", "0.0.2", |body| {
            body["spec"]["hashedRekordV002"]["data"]["algorithm"] = json!("SHA2_512");
        }),
        ("hashedrekord", "0.0.2", |body| {
            let content = &mut body["spec"]["hashedRekordV002"]["signature"]["content"];
            *content = flipped(content);
        }),
        ("hashedrekord", "0.0.2", |body| {
            body["spec"]["hashedRekordV002"]["signature"]["verifier"]["keyDetails"] =
                json!("PKIX_ECDSA_P384_SHA_384");
        }),
        ("hashedrekord", "0.0.2", |body| {
            let raw =
                &mut body["spec"]["hashedRekordV002"]["signature"]["verifier"]["x509Certificate"]["rawBytes"];
            *raw = flipped(raw);
        }),
    ];
    let cases = spec
        .iter()
        .map(|case| (Draft::message(&it), case))
        .chain(enveloped.iter().map(|case| (Draft::envelope(&it), case)));
    for (position, (draft, (kind, version, change))) in cases.enumerate() {
        let log = &it.logs[if *version == "0.0.2" && *kind == "hashedrekord" { REKOR_2 } else { REKOR_1 }];
        let mut entry = Entry::new(log, kind, version);
        let logged = |entry: Entry| with(draft.clone(), |draft| draft.entries = vec![entry]);
        assert_eq!(logged(entry.clone()).code(&it), "verified", "{position}");
        entry.body = *change;
        assert_eq!(logged(entry.clone()).code(&it), "log_entry_mismatch", "{position}: {kind} {version}");
        // Also where no entry is asked for, and of a log that is not known.
        let stamped = with(logged(entry.clone()), |draft| draft.timestamps = vec![(0, 9)]);
        assert_eq!(stamped.code_under(&it, &asking(0, 1, 1)), "log_entry_mismatch", "{position}");
        let without_logs = Instance { logs: vec![], ..Instance::new(0) };
        let judged = code(&without_logs.verifier(), &stamped.bundle(&it), &asking(0, 1, 1));
        assert_eq!(judged, "log_entry_mismatch", "{position}");
    }
}

#[test]
fn b8_kinds_belong_to_a_version_of_rekor_and_to_what_was_signed() {
    let it = Instance::new(0);
    let judge = |draft: Draft, log: usize, kind, version| {
        with(draft, |draft| {
            draft.entries = vec![Entry::new(&it.logs[log], kind, version)];
            draft.timestamps = vec![(0, 9)];
        })
        .code(&it)
    };
    let message = || Draft::message(&it);
    let envelope = || Draft::envelope(&it);
    assert_eq!(judge(message(), REKOR_1, "hashedrekord", "0.0.1"), "verified");
    assert_eq!(judge(message(), REKOR_2, "hashedrekord", "0.0.2"), "verified");
    assert_eq!(judge(message(), REKOR_2, "hashedrekord", "0.0.1"), "log_entry_mismatch");
    // An ECDSA key has one ID in both versions: the promise tells that it is no entry of the second.
    assert_eq!(judge(message(), REKOR_1, "hashedrekord", "0.0.2"), "invalid_log_proof");
    assert_eq!(judge(message(), REKOR_1, "dsse", "0.0.1"), "log_entry_mismatch");
    assert_eq!(judge(envelope(), REKOR_1, "hashedrekord", "0.0.1"), "log_entry_mismatch");
    for (kind, version) in [("dsse", "0.0.2"), ("intoto", "0.0.1"), ("rekord", "0.0.1")] {
        assert_eq!(judge(envelope(), REKOR_1, kind, version), "log_entry_mismatch", "{kind} {version}");
    }
    // What the bundle says of the kind is held against the body that the log has.
    let relabelled = changed_of(&it, &envelope(), |bundle| {
        entry_of(bundle)["kindVersion"] = json!({"kind": "dsse", "version": "0.0.1"});
    });
    assert_eq!(relabelled, "log_entry_mismatch");
}

#[test]
fn b9_artifact_mismatch() {
    let it = Instance::new(0);
    let judge = |change: &dyn Fn(&mut Value)| {
        let mut statement = statement();
        change(&mut statement);
        Draft::envelope(&it).of_statement(&statement).code(&it)
    };
    let of = |algorithm, bytes: &[u8]| json!(hex(Digest::of(algorithm, bytes).as_bytes()));
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    assert_eq!(judge(&|_| {}), "verified");
    assert_eq!(judge(&|said| said["subject"] = json!([])), "artifact_mismatch");
    assert_eq!(
        judge(&|said| said["subject"][0]["digest"]["sha256"] = of(Sha256, b"other")),
        "artifact_mismatch"
    );
    assert_eq!(
        judge(&|said| said["subject"][0]["digest"] = json!({"sha384": of(Sha384, ARTIFACT)})),
        "verified"
    );
    assert_eq!(judge(&|said| said["subject"][0]["digest"] = json!({"sha1": "00"})), "artifact_mismatch");
    assert_eq!(judge(&|said| said["subject"][0]["digest"]["sha1"] = json!("00")), "verified");
    // A second digest of the same subject agrees.
    assert_eq!(judge(&|said| said["subject"][0]["digest"]["sha512"] = of(Sha512, ARTIFACT)), "verified");
    assert_eq!(
        judge(&|said| said["subject"][0]["digest"]["sha512"] = of(Sha512, b"other")),
        "artifact_mismatch"
    );
    // All subjects are looked at, nameless ones too.
    let first = json!({"uri": "pkg:github/o/r@v1", "digest": {"sha1": "00"}});
    let second = json!({"digest": {"sha256": of(Sha256, ARTIFACT)}});
    assert_eq!(judge(&|said| said["subject"] = json!([first, second])), "verified");
    let upper = hex(&sha256(ARTIFACT)).to_uppercase();
    assert_eq!(judge(&|said| said["subject"][0]["digest"]["sha256"] = json!(upper)), "verified");
    // By what the caller knows of the artifact.
    let bundle = Draft::envelope(&it).bundle(&it);
    let known = |algorithm| {
        code_of(&it.verifier(), &Artifact::from(Digest::of(algorithm, ARTIFACT)), &bundle, &policy())
    };
    assert_eq!((known(Sha256), known(Sha512)), ("verified", "artifact_mismatch"));
    // The name that is asked for.
    let named = |name| Draft::envelope(&it).code_under(&it, &policy().with_subject_name(name).unwrap());
    assert_eq!((named("artifact.tar.gz"), named("artifact.tar")), ("verified", "artifact_mismatch"));
    let message =
        Draft::message(&it).code_under(&it, &policy().with_subject_name("artifact.tar.gz").unwrap());
    assert_eq!(message, "artifact_mismatch", "a message has no subjects");
}

#[test]
fn b9_another_payload_is_for_verify_envelope() {
    let it = Instance::new(0);
    let of = |payload_type: &str, payload: &[u8]| {
        with(Draft::envelope(&it), |draft| {
            draft.content = Content::Envelope {
                payload_type: payload_type.into(),
                payload: payload.to_vec(),
                key_id: None,
            };
        })
        .bundle(&it)
    };
    let verifier = it.verifier();
    let envelope = |bundle: &countermark::Bundle, policy: &BundlePolicy| {
        let verified = verifier.verify_envelope(bundle, policy);
        verified.map_or_else(|rejection| rejection.code(), |_| Code::Verified).name()
    };
    let good = statement().to_string();
    let asking_type = policy().with_predicate_type(PREDICATE_TYPE).unwrap();
    let asking_name = policy().with_subject_name("artifact.tar.gz").unwrap();
    let (plain, broken) = (of("text/plain", b"text"), of(IN_TOTO, b"not JSON"));
    assert_eq!(code(&verifier, &plain, &policy()), "artifact_mismatch");
    assert_eq!(code(&verifier, &of("text/plain", good.as_bytes()), &policy()), "artifact_mismatch");
    assert_eq!(code(&verifier, &broken, &policy()), "artifact_mismatch");
    let twice = good.replacen('{', r#"{"predicateType":"another","#, 1);
    assert_eq!(code(&verifier, &of(IN_TOTO, twice.as_bytes()), &policy()), "artifact_mismatch");
    assert_eq!((envelope(&plain, &policy()), envelope(&broken, &policy())), ("verified", "verified"));
    // What is asked of a statement is not met by something else.
    assert_eq!(envelope(&plain, &asking_type), "predicate_mismatch");
    assert_eq!(envelope(&plain, &asking_name), "artifact_mismatch");
    assert_eq!(envelope(&broken, &asking_type), "artifact_mismatch");
    let said = of(IN_TOTO, good.as_bytes());
    assert_eq!((envelope(&said, &asking_type), envelope(&said, &asking_name)), ("verified", "verified"));
    assert_eq!(envelope(&said, &policy().with_subject_name("other").unwrap()), "artifact_mismatch");
    assert_eq!(envelope(&Draft::message(&it).bundle(&it), &policy()), "artifact_mismatch");
    let verified = verifier.verify_envelope(&plain, &policy()).unwrap();
    assert_eq!((verified.payload_type(), verified.payload()), ("text/plain", &b"text"[..]));
    assert_eq!(verified.statement(), None);
}

#[test]
fn b10_claims_and_predicates() {
    let it = Instance::new(0);
    let claiming =
        |claim, value: &str| Draft::envelope(&it).code_under(&it, &policy().require(claim, value).unwrap());
    assert_eq!(claiming(Claim::SourceRepositoryRef, "refs/tags/v1"), "verified");
    assert_eq!(claiming(Claim::SourceRepositoryRef, "refs/tags/v"), "claims_mismatch");
    assert_eq!(claiming(Claim::SourceRepository, "refs/tags/v1"), "claims_mismatch");
    let identity = |identity: &str| {
        Draft::envelope(&it).code_under(&it, &BundlePolicy::for_sigstore(identity, ISSUER).unwrap())
    };
    assert_eq!((identity(IDENTITY), identity(&IDENTITY[1..])), ("verified", "claims_mismatch"));
    let issuer = |issuer: &str| {
        Draft::envelope(&it).code_under(&it, &BundlePolicy::for_sigstore(IDENTITY, issuer).unwrap())
    };
    assert_eq!((issuer(ISSUER), issuer(&format!("{ISSUER}/x"))), ("verified", "claims_mismatch"));
    // A policy for leaves without issuer takes none with one.
    let without = BundlePolicy::without_issuer([(Claim::CertificateIdentity, IDENTITY)]).unwrap();
    assert_eq!(Draft::envelope(&it).code_under(&it, &without), "claims_mismatch");
    let no_issuer = with(Draft::envelope(&it), |draft| {
        *draft.leaf() = draft.leaf().clone().without(&format!("{ARC}.8"));
    });
    assert_eq!(no_issuer.code_under(&it, &without), "verified");
    assert_eq!(no_issuer.code(&it), "claims_mismatch");

    let typed =
        |draft: Draft, kind: &str| draft.code_under(&it, &policy().with_predicate_type(kind).unwrap());
    assert_eq!(typed(Draft::envelope(&it), PREDICATE_TYPE), "verified");
    assert_eq!(typed(Draft::envelope(&it), &PREDICATE_TYPE[1..]), "predicate_mismatch");
    assert_eq!(typed(Draft::message(&it), PREDICATE_TYPE), "predicate_mismatch");
}

#[test]
fn keys_of_a_policy() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).by_key("the-key").bundle(&it);
    let key = |number| PublicKey::from_der(AnyKey::p256(number).public_key_info()).unwrap();
    let judge = |keys: Vec<PublicKey>| code(&it.verifier(), &bundle, &KeyPolicy::new(keys).unwrap());
    // A key without a name is tried whatever the hint says; of those with one, the hint selects.
    assert_eq!((judge(vec![key(11)]), judge(vec![key(12)])), ("verified", "invalid_signature"));
    assert_eq!(judge(vec![key(12), key(11)]), "verified");
    let named = |number, name| key(number).with_name(name).unwrap();
    assert_eq!(judge(vec![named(11, "the-key")]), "verified");
    assert_eq!(judge(vec![named(11, "another")]), "no_signature");
    assert_eq!(judge(vec![named(12, "the-key"), named(11, "another")]), "invalid_signature");
    assert_eq!(judge(vec![named(12, "the-key"), key(11)]), "verified");
    // A period holds every time.
    let between = |start, end| key(11).with_period(Period::new(at(start), Some(at(end)))).unwrap();
    assert_eq!((judge(vec![between(8, 8)]), judge(vec![between(9, 20)])), ("verified", "time_mismatch"));
    assert_eq!(judge(vec![between(-5, 7)]), "time_mismatch");
    // Two periods of one key are alternatives.
    assert_eq!(judge(vec![between(-5, 7), between(8, 9)]), "verified");
    let stamped = with(Draft::message(&it).by_key("k"), |draft| draft.timestamps = vec![(0, 20)]).bundle(&it);
    let judge = |start, end| code(&it.verifier(), &stamped, &KeyPolicy::new([between(start, end)]).unwrap());
    assert_eq!((judge(8, 20), judge(8, 19), judge(9, 20)), ("verified", "time_mismatch", "time_mismatch"));
    // Without any time, the caller's now.
    let untimed = with(Draft::message(&it).by_key("k"), |draft| draft.entries = vec![]).bundle(&it);
    let policy = KeyPolicy::new([between(0, 10)]).unwrap();
    let policy = policy.with_log_entries(0).and_then(|policy| policy.with_signed_times(0)).unwrap();
    assert_eq!(code(&it.verifier(), &untimed, &policy), "unvouched_time");
    let verifier = it.verifier();
    let judge = |now| {
        let verified = verifier.at(at(now)).verify_bundle(&Artifact::from_bytes(ARTIFACT), &untimed, &policy);
        verified.map_or_else(|rejection| rejection.code(), |_| Code::Verified).name()
    };
    assert_eq!((judge(10), judge(11)), ("verified", "time_mismatch"));
}

#[test]
fn keys_of_other_kinds() {
    let it = Instance::new(0);
    let key = |key: &AnyKey| KeyPolicy::new([PublicKey::from_der(key.public_key_info()).unwrap()]).unwrap();
    let p384 = AnyKey::p384(9);
    assert_eq!(
        code(&it.verifier(), &Draft::message(&it).with_key(p384.clone()).by_key("").bundle(&it), &key(&p384)),
        "verified"
    );
    let ed25519 = AnyKey::ed25519(9);
    let draft = with(Draft::envelope(&it).with_key(ed25519.clone()).by_key(""), |draft| {
        draft.entries = vec![Entry::new(&it.logs[REKOR_1], "dsse", "0.0.1")];
    });
    assert_eq!(code(&it.verifier(), &draft.bundle(&it), &key(&ed25519)), "invalid_key_type");
    let builder = VerifierBuilder::without_anchors()
        .accept_algorithms(&[SignatureAlgorithm::DEFAULT, &[SignatureAlgorithm::Ed25519]].concat());
    let verifier = builder.trusted_root("it", &it.root()).unwrap().build();
    assert_eq!(code(&verifier, &draft.bundle(&it), &key(&ed25519)), "verified");
}

#[test]
fn malformed_bundles_and_roots_come_before_every_rule() {
    let it = Instance::new(0);
    let good = Draft::message(&it).json(&it);
    let judge = |bundle: &Value| code_of_json(&it.verifier(), bundle, &policy());
    assert_eq!(judge(&good), "verified");
    let mut unknown = good.clone();
    unknown["more"] = json!(1);
    assert_eq!(judge(&unknown), "malformed_bundle");
    let mut root = it.json();
    assert!(TrustedRoot::from_json(root.to_string()).is_ok());
    root["tlogs"][0]["publicKey"]["validFor"] = json!({});
    let fault = TrustedRoot::from_json(root.to_string()).unwrap_err();
    assert_eq!(fault.code(), Code::MalformedTrustedRoot);
}

#[test]
fn nobody_may_judge_is_an_invalid_argument() {
    let it = Instance::new(0);
    let bundle = Draft::message(&it).bundle(&it);
    let nobody = VerifierBuilder::without_anchors().build();
    assert_eq!(code(&nobody, &bundle, &policy()), "invalid_argument");
    let named = |name| policy().with_instance(name).unwrap();
    assert_eq!(code(&it.verifier(), &bundle, &named("other")), "invalid_argument");
    assert_eq!(code(&it.verifier(), &bundle, &named(Verifier::TRUSTED_ROOT)), "verified");
    let anchors = TrustAnchors::from_der(it.authorities[0].chain().pop()).unwrap();
    assert_eq!(code(&Verifier::new(anchors), &bundle, &named("own")), "unvouched_time");
}
