//! What the Rust contender can be asked for.

use crate::{bundles, floor};
use countermark::{
    ArtifactName, Entry, EntryRef, Log, Message, MessageSignature, Policy, Request, TrustAnchors, Verifier,
    entries_from_json,
};
use countermark_benches::material::{LOG_ENTRIES, Material};
use countermark_benches::serve::{Case, case};
use std::path::Path;

const BLOCKLIST_ITEMS: usize = 100_000;
const LARGE_LOG_ENTRIES: usize = 1_000_000;

/// The case that a request names: what is done, and with which material.
pub(crate) fn prepare(directory: &Path, request: &str) -> Option<Case> {
    let (action, name) = request.split_once(' ')?;
    let material = Material::new(directory, name);
    match action {
        "floor" if name.starts_with("bundle-") => Some(floor::of_bundle(&material)),
        "verify" if name.starts_with("bundle-") => Some(bundles::verify(&material)),
        "read-bundle" => Some(bundles::read(&material)),
        "read-and-verify" => Some(bundles::read_and_verify(&material)),
        "read-trusted-root" => Some(bundles::read_trusted_root(&material)),
        "floor" if name == "real" => Some(floor::of_message(&material, message_signature(&material))),
        "floor" => Some(floor::of_entry(&material, &Artifact::read(&material).entries[0])),
        "verify" => Some(verify(Artifact::read(&material))),
        "verify-message" => Some(verify_message(&material)),
        "verify-many" => Some(verify_many(&material)),
        "verify-blocklist" => {
            let mut artifact = Artifact::read(&material);
            artifact.policy = Policy::from_json(policy_with_blocklist(&material)).expect("a policy");
            Some(verify(artifact))
        }
        "verify-from-log" | "verify-alone" => Some(verify_in_log(&material, action == "verify-from-log")),
        "examine" => Some(examine(Artifact::read(&material))),
        "read-entry" => {
            let json = material.text("entries.json");
            Some(case(move || entries_from_json(&json).expect("entries")))
        }
        "read-certificates" => {
            let json: serde_json::Value = serde_json::from_str(&material.text("entries.json")).expect("JSON");
            let pem = json[0]["certificate"].as_str().expect("PEM").to_owned();
            Some(case(move || Entry::certificates_from_pem(&pem).expect("certificates")))
        }
        "read-policy" => {
            let json = material.text("policy.json");
            Some(case(move || Policy::from_json(&json).expect("a policy")))
        }
        "read-policy-blocklist" => {
            let json = policy_with_blocklist(&material);
            Some(case(move || Policy::from_json(&json).expect("a policy")))
        }
        "read-name" => {
            let name = material.text("name.txt");
            Some(case(move || name.parse::<ArtifactName>().expect("a name")))
        }
        "read-tag" => {
            let name = material.text("name.txt").replace("@sha256:", ":");
            assert!(name.parse::<ArtifactName>().is_err(), "a tag is no name");
            Some(case(move || name.parse::<ArtifactName>().is_err()))
        }
        "make-verifier" => {
            let (anchors, known) = (material.text("anchors.pem"), material.text("intermediates.pem"));
            Some(case(move || make_verifier(&anchors, &known)))
        }
        _ => None,
    }
}

fn make_verifier(anchors: &str, intermediates: &str) -> Verifier {
    let anchors = TrustAnchors::from_pem(anchors).expect("anchors");
    if intermediates.is_empty() {
        return Verifier::new(anchors);
    }
    Verifier::builder(anchors).intermediates_from_pem(intermediates).expect("intermediates").build()
}

fn verifier(material: &Material) -> Verifier {
    make_verifier(&material.text("anchors.pem"), &material.text("intermediates.pem"))
}

fn policy(material: &Material) -> Policy {
    Policy::from_json(material.text("policy.json")).expect("a policy")
}

/// What one verification takes, and what must come of it.
struct Artifact {
    verifier: Verifier,
    policy: Policy,
    name: ArtifactName,
    entries: Vec<Entry>,
    expected: String,
}

impl Artifact {
    fn read(material: &Material) -> Self {
        Self {
            verifier: verifier(material),
            policy: policy(material),
            name: material.text("name.txt").parse().expect("a name"),
            entries: entries_from_json(material.text("entries.json")).expect("entries"),
            expected: material.text("expected.txt"),
        }
    }
}

fn verify(artifact: Artifact) -> Case {
    let Artifact { verifier, policy, name, entries, expected } = artifact;
    let outcome = match verifier.verify(&name, &entries, &policy) {
        Ok(_) => "verified",
        Err(rejection) => rejection.code().name(),
    };
    assert_eq!(outcome, expected);
    case(move || verifier.verify(&name, &entries, &policy).is_ok())
}

fn examine(artifact: Artifact) -> Case {
    let Artifact { verifier, policy, name, entries, .. } = artifact;
    case(move || verifier.examine(&name, &entries, &policy))
}

fn message_signature(material: &Material) -> Vec<u8> {
    Entry::signature_from_base64(&material.text("signature.base64")).expect("a signature")
}

fn verify_message(material: &Material) -> Case {
    let (verifier, policy) = (verifier(material), policy(material));
    let message = material.bytes("message");
    let signature = message_signature(material);
    let certificates = Entry::certificates_from_pem(&material.text("leaf.pem")).expect("certificates");
    let timestamp = material.text("timestamp.txt").parse().expect("an instant");
    let verify = move |message: &[u8]| {
        let message = Message::new(message).expect("a message");
        let signature =
            MessageSignature::new(&signature, certificates.as_slice(), timestamp).expect("a signature");
        let signer = policy.signer().for_messages().expect("a policy for messages");
        verifier.verify_message(&message, &signature, signer).map(drop)
    };
    assert!(verify(&message).is_ok());
    assert!(verify(b"another message").is_err());
    case(move || verify(&message).is_ok())
}

/// All artifacts of the log in one call.
fn verify_many(material: &Material) -> Case {
    let (verifier, policy) = (verifier_of_log(material), policy(material));
    let entries = entries_from_json(material.text("entries.jsonl")).expect("entries");
    let names = names(&entries);
    case(move || {
        let requests: Vec<_> = names
            .iter()
            .zip(entries.chunks(1))
            .map(|(name, entry)| Request::new(name, entry, &policy))
            .collect();
        let verified = verifier.verify_many(&requests).iter().filter(|result| result.is_ok()).count();
        assert_eq!(verified, LOG_ENTRIES);
    })
}

pub(crate) fn verifier_of_log(material: &Material) -> Verifier {
    make_verifier(&material.text("anchors.pem"), "")
}

pub(crate) fn names(entries: &[Entry]) -> Vec<ArtifactName> {
    entries.iter().map(|entry| entry.artifact_name().parse().expect("a name")).collect()
}

/// The material's policy with a blocklist of names and digests that are not the artifact's.
fn policy_with_blocklist(material: &Material) -> String {
    let mut policy: serde_json::Value = serde_json::from_str(&material.text("policy.json")).expect("JSON");
    let item = |index: usize| {
        let image = if index.is_multiple_of(2) { format!("registry/image-{index}@") } else { String::new() };
        format!("{image}sha256:{index:064x}")
    };
    policy["blocklist"] = (0..BLOCKLIST_ITEMS).map(item).collect();
    policy.to_string()
}

/// One artifact after the other of a large log: found there and verified, or verified alone.
fn verify_in_log(material: &Material, find: bool) -> Case {
    let signed = entries_from_json(material.text("entries.jsonl")).expect("entries");
    let names = names(&signed);
    let mut log = Log::new(signed[0].namespace());
    let between = LARGE_LOG_ENTRIES / LOG_ENTRIES;
    for (index, entry) in signed.into_iter().enumerate() {
        for other in 1..between {
            let number = index * between + other;
            log.append(unasked(&entry, &format!("registry/other-{number}@sha256:{number:064x}")))
                .expect("it is of the namespace");
        }
        log.append(entry).expect("it is of the namespace");
    }
    assert_eq!(log.len(), LARGE_LOG_ENTRIES);
    let log: &'static Log = Box::leak(Box::new(log));
    let (verifier, policy) = (verifier_of_log(material), policy(material));
    let asked: Vec<(ArtifactName, &Entry)> =
        names.into_iter().map(|name| (name.clone(), log.find(&name).next().expect("it is there"))).collect();
    let mut index = 0;
    case(move || {
        // Never the neighbour of the last, which the processor might have at hand.
        index = (index + 4_999) % asked.len();
        let (name, entry) = &asked[index];
        let verified = if find {
            verifier.verify(name, log.find(name), &policy).is_ok()
        } else {
            verifier.verify(name, [*entry], &policy).is_ok()
        };
        assert!(verified);
    })
}

/// An entry of another artifact, like this one.
fn unasked(entry: &Entry, name: &str) -> Entry {
    let entry = EntryRef::from(entry);
    let certificates = vec![entry.certificates().get(0).expect("a leaf").to_vec()];
    Entry::new(entry.namespace(), name, entry.signature(), certificates, entry.timestamp(), false)
        .expect("an entry")
}
