//! What somebody gets who can choose the bytes of a bundle, operates a log, kept a leaf's key, or has a bundle of another
//! instance: every bit, every exchange of evidence between bundles, every known fault of other verifiers.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use common::certificates::{at, integer, tlv};
use common::tokens;
use countermark::{
    Artifact, Bundle, BundlePolicy, BundleRequest, TimeVoucher, TrustAnchors, Verifier, VerifierBuilder,
    Warning,
};
use instance::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::thread;

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

/// A part of a bundle that is bytes, by where it is.
struct Part {
    place: String,
    is_text: bool,
}

fn parts(bundle: &Value) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut pending = vec![(String::new(), bundle)];
    while let Some((place, value)) = pending.pop() {
        match value {
            Value::Object(members) => {
                pending.extend(members.iter().map(|(name, value)| (format!("{place}/{name}"), value)));
            }
            Value::Array(items) => {
                pending.extend(items.iter().enumerate().map(|(at, value)| (format!("{place}/{at}"), value)));
            }
            Value::String(_) => {
                let member = place.rsplit('/').next().unwrap();
                let is_bytes = ["rawBytes", "signature", "sig", "payload", "signedTimestamp", "keyId"]
                    .contains(&member)
                    || ["signedEntryTimestamp", "canonicalizedBody", "rootHash"].contains(&member)
                    || place.contains("/hashes/");
                if is_bytes || ["envelope", "payloadType"].contains(&member) {
                    parts.push(Part { is_text: !is_bytes, place });
                }
            }
            _ => {}
        }
    }
    parts.sort_by(|a, b| a.place.cmp(&b.place));
    parts
}

/// The length of parts from which on a third of their bytes will do.
const LONG: usize = 128;

/// Flips bits of every part, one by one, and tells how many were flipped and which of them are still accepted. One bit of
/// each byte, of long parts of every third, or all of them if `COUNTERMARK_EVERY_BIT` is set.
fn accepted_flips(it: &Instance, bundle: &Value, policy: &BundlePolicy) -> (usize, Vec<(String, usize)>) {
    let verifier = it.verifier();
    assert_eq!(code_of_json(&verifier, bundle, policy), "verified");
    let every_bit = std::env::var_os("COUNTERMARK_EVERY_BIT").is_some();
    let mut flips: Vec<(String, usize, Value)> = Vec::new();
    for Part { place, is_text } in parts(bundle) {
        let text = bundle.pointer(&place).unwrap();
        let bytes = if is_text { text.as_str().unwrap().as_bytes().to_vec() } else { unb64(text) };
        let step = if bytes.len() > LONG { 3 } else { 1 };
        let is_chosen =
            |bit: &usize| every_bit || ((bit / 8).is_multiple_of(step) && bit % 8 == bit / 8 / step % 8);
        let bits = (0..bytes.len() * 8).filter(is_chosen);
        for bit in bits {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // What is no UTF-8 cannot be in a bundle.
            let changed = if is_text { String::from_utf8(flipped).ok() } else { Some(b64(&flipped)) };
            flips.extend(changed.map(|changed| (place.clone(), bit / 8, json!(changed))));
        }
    }
    let chunks: Vec<&[(String, usize, Value)]> = flips.chunks(flips.len().div_ceil(4)).collect();
    let accepted = thread::scope(|scope| {
        let verifier = &verifier;
        let threads: Vec<_> = chunks
            .iter()
            .map(|chunk| {
                scope.spawn(move || {
                    let mut bundle = bundle.clone();
                    let mut accepted = Vec::new();
                    for (place, byte, changed) in *chunk {
                        let slot = bundle.pointer_mut(place).unwrap();
                        let original = std::mem::replace(slot, changed.clone());
                        if code_of_json(verifier, &bundle, policy) == "verified" {
                            accepted.push((place.clone(), *byte));
                        }
                        *bundle.pointer_mut(place).unwrap() = original;
                    }
                    accepted
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    (flips.len(), accepted)
}

/// The bytes of a token that are part of these values inside it.
fn is_in(token: &[u8], value: &[u8], byte: usize) -> bool {
    let start = token.windows(value.len()).position(|bytes| bytes == value).unwrap();
    (start..start + value.len()).contains(&byte)
}

#[test]
fn every_bit_of_a_message_is_covered() {
    let it = Instance::new(0);
    let (count, accepted) = accepted_flips(&it, &Draft::message(&it).json(&it), &policy());
    println!("bits of a message with an entry of Rekor 1: {count} flipped");
    assert_eq!(accepted, []);
}

#[test]
fn every_bit_of_an_envelope_is_covered_but_what_nobody_reads() {
    let it = Instance::new(0);
    let bundle = Draft::envelope(&it).json(&it);
    let (count, accepted) = accepted_flips(&it, &bundle, &policy());
    println!("bits of an envelope with an entry of Rekor 2: {count} flipped");
    let token = unb64(bundle.pointer(TOKEN).unwrap());
    // Which digest algorithms a SignedData announces is not signed; the signer's own is read.
    let announced = tokens::set(&[tokens::algorithm(tokens::SHA256)]);
    for (place, byte) in accepted {
        // Granted, or granted with modifications.
        let is_status = place == TOKEN && token[byte] == 0 && byte < 10;
        let is_announced = place == TOKEN && is_in(&token, &announced, byte);
        // The root that the proof repeats, where the checkpoint's counts.
        let is_copy = place.ends_with("/inclusionProof/rootHash");
        assert!(is_status || is_announced || is_copy, "{place}, byte {byte}");
    }
}

#[test]
fn every_bit_of_what_github_gives_is_covered_but_what_nobody_reads() {
    let it = Instance::like_github(0);
    let mut bundle = Draft::like_github(&it).json(&it);
    let tsa = &it.timestamp_authorities[0];
    let signature = unb64(&bundle["dsseEnvelope"]["signatures"][0]["sig"]);
    let mut token = tsa.draft(&signature, 9);
    let certificate = tsa.authority.chain().remove(0);
    token.embedded = tlv(0xA0, &certificate);
    token.unsigned = tlv(0xA1, &tokens::attribute("1.2.3.4", &[integer(&[5])]));
    let (embedded, unsigned) = (token.embedded.clone(), token.unsigned.clone());
    let token = token.sign(&tsa.authority.key);
    *bundle.pointer_mut(TOKEN).unwrap() = json!(b64(&token));
    let (count, accepted) = accepted_flips(&it, &bundle, &asking(0, 1, 0));
    println!("bits of an envelope with a signed timestamp alone: {count} flipped");
    let announced = tokens::set(&[tokens::algorithm(tokens::SHA256)]);
    let mut in_embedded = 0;
    for (place, byte) in accepted {
        let is_status = place == TOKEN && token[byte] == 0 && byte < 12;
        let is_announced = place == TOKEN && is_in(&token, &announced, byte);
        // What is embedded is never looked at, and what is not signed means nothing.
        let is_embedded = place == TOKEN && is_in(&token, &embedded, byte);
        let is_unsigned = place == TOKEN && is_in(&token, &unsigned, byte);
        assert!(is_status || is_announced || is_embedded || is_unsigned, "{place}, byte {byte}");
        in_embedded += usize::from(is_embedded);
    }
    assert!(in_embedded > 0);
}

/// Takes the value at each of these places of a bundle, and at each pair of them, from another.
fn exchanges(one: &Value, other: &Value, places: &[&str]) -> Vec<Value> {
    let mut exchanged = Vec::new();
    for (position, first) in places.iter().enumerate() {
        for second in &places[position..] {
            let mut bundle = one.clone();
            for place in [first, second] {
                if let (Some(slot), Some(value)) = (bundle.pointer_mut(place), other.pointer(place)) {
                    *slot = value.clone();
                }
            }
            exchanged.push(bundle);
        }
    }
    exchanged
}

const MATERIAL: &[&str] = &[
    "/verificationMaterial",
    "/verificationMaterial/certificate",
    "/verificationMaterial/tlogEntries",
    "/verificationMaterial/timestampVerificationData",
    "/verificationMaterial/tlogEntries/0/logIndex",
    "/verificationMaterial/tlogEntries/0/logId",
    "/verificationMaterial/tlogEntries/0/kindVersion",
    "/verificationMaterial/tlogEntries/0/integratedTime",
    "/verificationMaterial/tlogEntries/0/inclusionPromise",
    "/verificationMaterial/tlogEntries/0/inclusionProof",
    "/verificationMaterial/tlogEntries/0/inclusionProof/checkpoint",
    "/verificationMaterial/tlogEntries/0/canonicalizedBody",
    "/messageSignature",
    "/messageSignature/signature",
    "/dsseEnvelope",
    "/dsseEnvelope/payload",
    "/dsseEnvelope/payloadType",
    "/dsseEnvelope/signatures",
];

#[test]
fn no_exchange_between_good_bundles_verifies_what_neither_did() {
    let it = Instance::new(0);
    const OTHER: &[u8] = b"another artifact";
    let about_other = |draft: &mut Draft| {
        if let Content::Message { bytes, .. } = &mut draft.content {
            *bytes = OTHER.to_vec();
        } else {
            let mut statement = statement();
            statement["subject"][0]["digest"]["sha256"] = json!(hex(&sha256(OTHER)));
            draft.content = Draft::enveloped(&statement);
        }
        if let Some(entry) = draft.entries.first_mut() {
            (entry.integrated, entry.outer_index) = (30, entry.outer_index);
        }
        draft.timestamps.iter_mut().for_each(|(_, time)| *time = 40);
    };
    let stamped = |draft: Draft| with(draft, |draft| draft.timestamps = vec![(0, 9)]);
    let mut pairs = Vec::new();
    for draft in [stamped(Draft::message(&it)), Draft::envelope(&it)] {
        // Another artifact by the same key and leaf; the same artifact by another key; and both.
        pairs.push((draft.clone(), with(draft.clone(), about_other)));
        pairs.push((draft.clone(), draft.clone().with_key(AnyKey::p256(12))));
        pairs.push((draft.clone(), with(draft, about_other).with_key(AnyKey::p256(12))));
    }
    pairs.push((stamped(Draft::message(&it)), Draft::envelope(&it)));
    let verifier = it.verifier();
    type Established = (Vec<u8>, Vec<u8>, Vec<String>);
    let established = |bundle: &Bundle, artifact: &[u8]| -> Option<Established> {
        let policy = policy();
        let verified = verifier.verify_bundle(&Artifact::from_bytes(artifact), bundle, &policy).ok()?;
        let times = verified.times().iter().map(|time| time.time().to_string()).collect();
        Some((verified.leaf().to_vec(), verified.signature().to_vec(), times))
    };
    let mut count = 0;
    for (one, other) in &pairs {
        let (one, other) = (one.json(&it), other.json(&it));
        for artifact in [ARTIFACT, OTHER] {
            let known: Vec<Established> =
                [&one, &other].iter().filter_map(|bundle| established(&read(bundle), artifact)).collect();
            let mut mixed = exchanges(&one, &other, MATERIAL);
            mixed.extend(exchanges(&other, &one, MATERIAL));
            // Also with what the other has beside its own.
            for list in ["tlogEntries", "timestampVerificationData/rfc3161Timestamps"] {
                let place = format!("/verificationMaterial/{list}");
                let mut both = one.clone();
                let added = other.pointer(&place).unwrap().as_array().unwrap().clone();
                both.pointer_mut(&place).unwrap().as_array_mut().unwrap().extend(added);
                mixed.push(both);
            }
            let mut seen = BTreeSet::from([one.to_string(), other.to_string()]);
            for bundle in mixed.into_iter().filter(|bundle| seen.insert(bundle.to_string())) {
                count += 1;
                let Ok(bundle) = Bundle::from_json(bundle.to_string()) else { continue };
                if let Some(found) = established(&bundle, artifact) {
                    let is_known = known.iter().any(|(leaf, signature, times)| {
                        (leaf, signature) == (&found.0, &found.1)
                            && found.2.iter().all(|time| times.contains(time))
                    });
                    assert!(is_known, "something new was verified");
                }
            }
        }
    }
    println!("exchanges: {count}");
    assert!(count > 700);
}

#[test]
fn what_is_there_twice_refuses() {
    let it = Instance::new(0);
    let bundle = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]).json(&it);
    assert_eq!(judge(&it, &bundle), "verified");
    let mut twice = bundle.clone();
    let entry = entries(&mut twice)[0].clone();
    entries(&mut twice).push(entry);
    assert_eq!(judge(&it, &twice), "malformed_bundle");
    let mut twice = bundle.clone();
    let list = twice["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"]
        .as_array_mut()
        .unwrap();
    list.push(list[0].clone());
    assert_eq!(judge(&it, &twice), "malformed_bundle");
}

/// The same entry, disguised: neither its outer index nor its form make it another log's.
#[test]
fn two_entries_of_one_log_or_operator_are_one_at_count_two() {
    let mut it = Instance::new(0);
    it.logs.push(Log::new(Version::Rekor1, "rekor.second.example", AnyKey::p256(250)));
    let draft = |logs: &[usize]| {
        with(Draft::message(&it), |draft| {
            let entry = |(at, log): (usize, &usize)| {
                let is_v2 = it.logs[*log].version == Version::Rekor2;
                let version = if is_v2 { "0.0.2" } else { "0.0.1" };
                let mut entry = Entry::new(&it.logs[*log], "hashedrekord", version);
                entry.integrated += i64::try_from(at).unwrap();
                for _ in 0..at {
                    entry = entry.again();
                }
                entry
            };
            draft.entries = logs.iter().enumerate().map(entry).collect();
            draft.timestamps = vec![(0, 9)];
        })
    };
    let two = asking(2, 1, 1);
    assert_eq!(draft(&[0, 0]).code_under(&it, &two), "not_logged");
    assert_eq!(draft(&[0, 1]).code_under(&it, &two), "verified");
    assert_eq!(draft(&[0, 2]).code_under(&it, &two), "verified");
    let bundle = draft(&[0, 2]).bundle(&it);
    for (position, operator) in [(0, "one"), (2, "one")] {
        it.logs[position].operator = Some(operator.into());
    }
    assert_eq!(code(&it.verifier(), &bundle, &two), "not_logged");
    it.logs[2].operator = Some("two".into());
    assert_eq!(code(&it.verifier(), &bundle, &two), "verified");
    // Times too: two promises of one operator are one, and so are a log's and its operator's timestamp authority's.
    let times = |it: &Instance, count| code(&it.verifier(), &bundle, &asking(1, count, 1));
    assert_eq!((times(&it, 3), times(&it, 4)), ("verified", "unvouched_time"));
    it.timestamp_authorities[0].operator = Some("one".into());
    assert_eq!((times(&it, 2), times(&it, 3)), ("verified", "unvouched_time"));
}

/// The root lists one authority twice, once with its operator: it is still one.
#[test]
fn one_authority_that_is_listed_with_and_without_its_operator_is_one() {
    let mut it = Instance::new(0);
    let again = Tsa::new("i0", 45);
    it.timestamp_authorities.push(again);
    it.timestamp_authorities[0].times = Times::between(-5, 9);
    it.timestamp_authorities[1].times = Times::between(10, 20);
    it.timestamp_authorities[1].operator = Some("it".into());
    let draft = with(Draft::envelope(&it), |draft| draft.timestamps = vec![(0, 9), (1, 10)]);
    assert_eq!(draft.code(&it), "verified");
    assert_eq!(draft.code_under(&it, &asking(1, 2, 1)), "unvouched_time");
}

#[test]
fn items_of_unknown_authorities_refuse_unless_they_are_passed_over() {
    let (it, other) = (Instance::new(0), Instance::new(1));
    let foreign_log = Entry::new(&other.logs[REKOR_1], "hashedrekord", "0.0.1");
    let logged = with(Draft::message(&it), |draft| draft.entries.push(foreign_log));
    let mut stamped = Draft::message(&it).json(&it);
    let signature = unb64(&stamped["messageSignature"]["signature"]);
    let token = other.timestamp_authorities[0].token(&signature, 9);
    stamped["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
        json!([{"signedTimestamp": b64(&token)}]);
    let certified = with(Draft::message(&it), |draft| {
        draft.certificate_timestamps.push((other.certificate_logs[0].clone(), 1, 0));
    });
    let verifier = it.verifier();
    for (bundle, refused, none_asked) in [
        (logged.bundle(&it), "untrusted_log", asking(0, 1, 1)),
        (read(&stamped), "unvouched_time", asking(1, 0, 1)),
        (certified.bundle(&it), "no_certificate_timestamp", asking(1, 1, 0)),
    ] {
        assert_eq!(code(&verifier, &bundle, &policy()), refused);
        assert_eq!(code(&verifier, &bundle, &none_asked), "verified", "where none is asked for");
        let tolerant = policy().ignoring_unknown_authorities();
        assert_eq!(code(&verifier, &bundle, &tolerant), "verified");
        let report = verifier.examine_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &tolerant);
        assert_eq!(report.evidence().iter().filter(|item| item.is_unknown()).count(), 1, "it is reported");
        // They never count.
        let all = asking(2, 2, 2).ignoring_unknown_authorities();
        assert_ne!(code(&verifier, &bundle, &all), "verified");
    }
    // Not even what is known is bad: a bad signature of a known log refuses a tolerant policy.
    let mut bad = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]).json(&it);
    let set = &mut entries(&mut bad)[0]["inclusionPromise"]["signedEntryTimestamp"];
    *set = json!(b64(&AnyKey::p256(9).sign(b"x")));
    let tolerant = asking(0, 0, 0).ignoring_unknown_authorities();
    assert_eq!(code_of_json(&it.verifier(), &bad, &tolerant), "untrusted_log");
    let mut unknown_only = Draft::message(&it).json(&it);
    entries(&mut unknown_only).clear();
    assert_eq!(
        code_of_json(&it.verifier(), &unknown_only, &policy().ignoring_unknown_authorities()),
        "unvouched_time"
    );
}

#[test]
fn nothing_of_one_instance_helps_anothers() {
    let (one, other) = (Instance::new(0), Instance::new(1));
    let mixed = |logs: &Instance, certificate_logs: &Instance, timestamps: &Instance| {
        // Made by somebody who can have entries and timestamps of both, and a leaf of the one.
        let maker = Instance {
            authorities: Instance::new(0).authorities,
            logs: logs.logs.clone(),
            certificate_logs: certificate_logs.certificate_logs.clone(),
            timestamp_authorities: vec![],
        };
        let draft = with(Draft::message(&maker), |draft| draft.entries[0].has_promise = false);
        let mut bundle = draft.json(&maker);
        let signature = unb64(&bundle["messageSignature"]["signature"]);
        let token = timestamps.timestamp_authorities[0].token(&signature, 9);
        bundle["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] =
            json!([{"signedTimestamp": b64(&token)}]);
        read(&bundle)
    };
    let builder = VerifierBuilder::without_anchors().trusted_root("one", &one.root()).unwrap();
    let both = builder.trusted_root("other", &other.root()).unwrap().build();
    assert_eq!(code(&both, &mixed(&one, &one, &one), &policy()), "verified");
    for bundle in [mixed(&other, &one, &one), mixed(&one, &other, &one), mixed(&one, &one, &other)] {
        assert_ne!(code(&both, &bundle, &policy()), "verified");
    }
    let (good, asked) = (mixed(&one, &one, &one), policy());
    let verified = both.verify_bundle(&Artifact::from_bytes(ARTIFACT), &good, &asked).unwrap();
    assert_eq!(verified.instance(), Some("one"));
    // The policy may name who judges.
    let named = |name: &str| code(&both, &mixed(&one, &one, &one), &policy().with_instance(name).unwrap());
    assert_eq!(named("one"), "verified");
    assert_ne!(named("other"), "verified");
    assert_eq!(named("One"), "invalid_argument", "a misspelt instance is no pass");
    // A waiver is the instance's that judges: one without logs does not waive them for another.
    let github = Instance {
        timestamp_authorities: Instance::new(1).timestamp_authorities,
        ..Instance::like_github(2)
    };
    let builder = VerifierBuilder::without_anchors().trusted_root("github", &github.root()).unwrap();
    let verifier = builder.trusted_root("public", &one.root()).unwrap().build();
    let for_github = BundlePolicy::for_github("org/repo").unwrap();
    let claimed = |instance: &Instance, mut draft: Draft| {
        let repository = common::certificates::claim(12, "https://github.com/org/repo");
        *draft.leaf() = draft.leaf().clone().with(repository);
        draft.bundle(instance)
    };
    let without_log = with(Draft::like_github(&one), |draft| draft.entries = vec![]);
    assert_eq!(code(&verifier, &claimed(&one, without_log), &for_github), "not_logged");
    let without_sct = with(Draft::envelope(&one), |draft| draft.certificate_timestamps = vec![]);
    assert_eq!(code(&verifier, &claimed(&one, without_sct), &for_github), "no_certificate_timestamp");
    assert_eq!(code(&verifier, &claimed(&github, Draft::like_github(&github)), &for_github), "verified");
    assert_eq!(code(&verifier, &claimed(&one, Draft::envelope(&one)), &for_github), "verified");
}

#[test]
fn the_verifiers_own_anchors_and_a_root_do_not_mix() {
    let it = Instance::new(0);
    let anchors = || TrustAnchors::from_der(it.authorities[0].chain().pop()).unwrap();
    let intermediate = it.authorities[0].chain().remove(0);
    let own = || Verifier::builder(anchors()).intermediates_from_der([intermediate.clone()]).unwrap();
    let bundle = Draft::message(&it).bundle(&it);
    // The path is the verifier's own, and the logs are the root's.
    let root_of_logs = Instance { authorities: Instance::new(1).authorities, ..Instance::new(0) };
    let verifier = own().trusted_root("logs", &root_of_logs.root()).unwrap().build();
    assert_ne!(code(&verifier, &bundle, &policy()), "verified");
    // Under its own logs it is.
    let log = |log: &Log| {
        countermark::evidence::LogKey::rekor_v1(&log.url(), &log.key.public_key_info(), log.times.period())
            .unwrap()
    };
    let certificate_log = countermark::evidence::LogKey::certificate_log(
        &it.certificate_logs[0].url(),
        &it.certificate_logs[0].key.public_key_info(),
        it.certificate_logs[0].times.period(),
    );
    let builder =
        own().log(log(&it.logs[REKOR_1])).unwrap().certificate_log(certificate_log.unwrap()).unwrap();
    let verifier = builder.trusted_root("logs", &root_of_logs.root()).unwrap().build();
    assert_eq!(code(&verifier, &bundle, &policy()), "verified");
    let policy = policy();
    let verified = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy).unwrap();
    assert_eq!(verified.instance(), Some("own"));
}

#[test]
fn what_is_not_asked_for_is_warned_of() {
    let it = Instance::new(0);
    let bundle = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 9)]).bundle(&it);
    let verifier = it.verifier();
    let warnings = |policy: &BundlePolicy| {
        let verified = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, policy).unwrap();
        verified.warnings().to_vec()
    };
    assert_eq!(warnings(&policy()), []);
    assert_eq!(warnings(&asking(0, 1, 1)), [Warning::LogEntriesNotAsked]);
    assert_eq!(warnings(&asking(1, 0, 1)), [Warning::SignedTimesNotAsked]);
    assert_eq!(warnings(&asking(1, 1, 0)), [Warning::CertificateTimestampsNotAsked]);
    assert_eq!(warnings(&policy().ignoring_unknown_authorities()), [Warning::UnknownAuthoritiesIgnored]);
    let anyone = BundlePolicy::any_signer_of_issuer(common::certificates::ISSUER).unwrap();
    assert_eq!(warnings(&anyone), [Warning::SignerUnconstrained]);
}

#[test]
fn a_result_tells_who_vouched_for_which_time() {
    let it = Instance::new(0);
    let bundle = with(Draft::message(&it), |draft| draft.timestamps = vec![(0, 20)]).bundle(&it);
    let (verifier, policy) = (it.verifier(), policy());
    let verified = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, &policy).unwrap();
    let times: Vec<_> = verified.times().iter().map(|time| (time.time(), time.voucher())).collect();
    assert_eq!(times, [(at(8), TimeVoucher::Log), (at(20), TimeVoucher::TimestampAuthority)]);
    assert_eq!(verified.timestamp(), at(8));
    assert_eq!(verified.log_entries().len(), 1);
    assert_eq!(verified.certificate_timestamps().len(), 1);
    // An index that nobody vouches for is not told.
    let unvouched = with(Draft::message(&it), |draft| {
        draft.entries[0].has_promise = false;
        draft.timestamps = vec![(0, 9)];
    })
    .bundle(&it);
    let verified = verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &unvouched, &policy).unwrap();
    assert_eq!(verified.log_entries()[0].log_index(), None);
}

#[test]
fn several_bundles_and_none() {
    let it = Instance::new(0);
    let (good, bad) = (Draft::message(&it).bundle(&it), Draft::message(&it).by_key("k").bundle(&it));
    let verifier = it.verifier();
    let policy = policy();
    let judge = |bundles: &[&Bundle]| {
        let artifact = Artifact::from_bytes(ARTIFACT);
        let verified = verifier.verify_bundles(&artifact, bundles.iter().copied(), &policy);
        verified.map_or_else(|rejection| rejection.code(), |_| countermark::Code::Verified).name()
    };
    assert_eq!(judge(&[]), "no_signature");
    assert_eq!(judge(&[&bad]), "no_signature");
    assert_eq!((judge(&[&bad, &good]), judge(&[&good, &bad])), ("verified", "verified"));
    let other = Draft::message(&Instance::new(1)).bundle(&Instance::new(1));
    assert_eq!(judge(&[&other, &bad]), "unvouched_time", "the first one's reason");
    // Many requests are answered in their order.
    let (artifact, another) = (Artifact::from_bytes(ARTIFACT), Artifact::from_bytes(b"another"));
    let (goods, bads) = ([good.clone()], [bad.clone()]);
    let requests: Vec<BundleRequest<'_>> = (0..40)
        .map(|number| match number % 4 {
            0 => BundleRequest::new(&artifact, &goods, &policy),
            1 => BundleRequest::new(&artifact, &bads, &policy),
            2 => BundleRequest::new(&another, &goods, &policy),
            _ => BundleRequest::new(&artifact, &[], &policy),
        })
        .collect();
    let codes: Vec<_> = verifier
        .verify_many_bundles(&requests)
        .into_iter()
        .map(|result| result.map_or_else(|rejection| rejection.code().name(), |_| "verified"))
        .collect();
    let expected = ["verified", "no_signature", "invalid_signature", "no_signature"];
    assert!(codes.chunks(4).all(|codes| codes == expected), "{codes:?}");
}
