//! The same questions to the crate `sigstore-verify` and to countermark: the cases of a folder of bundles.

use countermark::{BundlePolicy, Claim, Code, Digest, HashAlgorithm, SignatureAlgorithm, VerifierBuilder};
use serde_json::Value;
use sigstore_trust_root::TrustedRoot;
use sigstore_types::{Artifact, Bundle, Sha256Hash};
use sigstore_verify::{VerificationPolicy, Verifier};
use std::path::Path;

/// Where countermark accepts and the peer does not, or the other way round, and why.
const KNOWN: &[(&str, &str)] = &[
    ("mutation/msg-checkpoint-no-final-newline", "a signed note ends in a newline (C2SP signed-note)"),
    ("mutation/msg-entries-33", "countermark reads at most 32 log entries"),
    ("mutation/msg-json-both-contents", STRICT),
    ("mutation/msg-json-certificate-and-key-hint", STRICT),
    ("mutation/msg-json-duplicate-content-bad-last", STRICT),
    ("mutation/msg-json-int64-leading-zero", STRICT),
    ("mutation/msg-json-unknown-top-level", STRICT),
    ("mutation/msg-root-ca-no-window", "a certificate authority of a trusted root must have a period"),
    ("mutation/msg-root-media-type-other", STRICT),
    ("mutation/msg-root-unknown-member", STRICT),
    (
        "mutation/msg-set-removed-time-altered",
        "without a signed entry timestamp nobody vouches for the integrated time, and countermark does not look at it",
    ),
    ("mutation/v02-certificate-in-v0.2", "a single certificate came with version 0.3"),
    ("mutation/v02-chain-junk-after-leaf", "the peer does not look at what follows the leaf"),
    (
        "mutation/v2-root-tlog-expired",
        "disputed: a log's key must be valid at the signed times where the log promised none",
    ),
    ("mutation/v2-tsa-twice", "what is there twice refuses (design for bundles, section 1)"),
];

const STRICT: &str = "the peer reads it leniently, and countermark strictly (design for bundles, section 1)";

/// Whether both can be asked the same: not for an envelope alone, and not for a key's signature.
fn can_be_asked(case: &Value) -> bool {
    case["bundle"].is_string()
        && case["key"].is_null()
        && case["identity"].is_string()
        // Of digests, it takes SHA-256 alone.
        && (case["artifact"].is_string() || case["artifact_sha256"].is_string())
        && case["envelope_only"] != Value::Bool(true)
}

/// Whether every difference is known; they are printed.
pub(crate) fn compare(folder: &Path) -> bool {
    let manifest = std::fs::read(folder.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    let (mut asked, mut unknown) = (0, 0);
    for case in manifest.as_array().expect("cases").iter().filter(|case| can_be_asked(case)) {
        asked += 1;
        let id = case["id"].as_str().expect("an ID");
        let (ours, theirs) = (countermark(folder, case), peer(folder, case));
        let is_accepted = ours == Code::Verified;
        if is_accepted == theirs.is_ok() {
            continue;
        }
        let why = KNOWN.iter().find(|(known, _)| *known == id).map(|(_, why)| *why);
        unknown += usize::from(why.is_none());
        let theirs = theirs.err().unwrap_or_else(|| "accepts".to_owned());
        println!("{id}: countermark {ours}; sigstore-verify {theirs}; {}", why.unwrap_or("NOT KNOWN"));
    }
    println!("{asked} cases; {unknown} differences that are not known");
    unknown == 0
}

fn read(folder: &Path, case: &Value, member: &str) -> Option<Vec<u8>> {
    std::fs::read(folder.join(case[member].as_str()?)).ok()
}

fn countermark(folder: &Path, case: &Value) -> Code {
    let verdict = || -> Result<Code, countermark::MalformedInput> {
        let root = read(folder, case, "trusted_root").expect("a trusted root");
        let root = countermark::TrustedRoot::from_json(root)?;
        let bundle = countermark::Bundle::from_json(read(folder, case, "bundle").expect("a bundle"))?;
        let builder = VerifierBuilder::without_anchors().accept_algorithms(SignatureAlgorithm::ALL);
        let verifier = builder.trusted_root("it", &root)?.build();
        let identity = case["identity"].as_str().expect("an identity");
        let policy = match case["issuer"].as_str() {
            Some(issuer) => BundlePolicy::for_sigstore(identity, issuer)?,
            None => BundlePolicy::without_issuer([(Claim::CertificateIdentity, identity)])?
                .with_max_certificate_lifetime_seconds(366 * 86_400)?,
        };
        let count = |of: &str| u32::try_from(case["policy"][of].as_u64().expect("a count")).expect("a count");
        let policy = policy
            .with_log_entries(count("tlog"))?
            .with_signed_times(count("timestamps"))?
            .with_certificate_timestamps(count("sct"))?;
        let bytes = read(folder, case, "artifact");
        let digest = |algorithm: &HashAlgorithm| {
            Digest::from_hex(*algorithm, case[format!("artifact_{algorithm}")].as_str()?)
        };
        let artifact = match &bytes {
            Some(bytes) => countermark::Artifact::from_bytes(bytes),
            None => countermark::Artifact::from_digests(HashAlgorithm::ALL.iter().filter_map(digest))?,
        };
        let verified = verifier.verify_bundle(&artifact, &bundle, &policy);
        Ok(verified.map_or_else(|rejection| rejection.code(), |_| Code::Verified))
    };
    verdict().unwrap_or_else(|malformed| malformed.code())
}

fn peer(folder: &Path, case: &Value) -> Result<(), String> {
    let text = |member: &str| {
        let bytes = read(folder, case, member).ok_or("a file is missing")?;
        String::from_utf8(bytes).map_err(|_| "a file is no text".to_owned())
    };
    let root = TrustedRoot::from_json(&text("trusted_root")?).map_err(|error| error.to_string())?;
    let verifier = Verifier::new(&root).map_err(|error| error.to_string())?;
    let bundle = Bundle::from_json(&text("bundle")?).map_err(|error| error.to_string())?;
    let mut policy =
        VerificationPolicy::any_identity().require_identity(case["identity"].as_str().expect("an identity"));
    if let Some(issuer) = case["issuer"].as_str() {
        policy = policy.require_issuer(issuer);
    }
    if case["policy"]["tlog"] == 0 {
        policy = policy.skip_tlog_unsafe();
    }
    if case["policy"]["sct"] == 0 {
        policy = policy.skip_sct();
    }
    let bytes = read(folder, case, "artifact");
    let artifact = match &bytes {
        Some(bytes) => Artifact::from_blob(bytes),
        None => {
            let digest = case["artifact_sha256"].as_str().ok_or("there is no digest that it takes")?;
            Artifact::from_digest(Sha256Hash::from_hex(digest).map_err(|error| error.to_string())?)
        }
    };
    verifier.verify(artifact, &bundle, &policy).map(drop).map_err(|error| error.to_string())
}
