//! Sigstore bundles, PyPI and npm attestations and GitHub's, of published packages and of other projects' suites: each
//! with what it must come to.
//!
//! The folders have a `manifest.json` each. The project's own is `testdata/sigstore`; `COUNTERMARK_BUNDLES` may name
//! another.

#![cfg(feature = "sigstore")]

mod common;

use countermark::{
    AnyBundlePolicy, Artifact, Bundle, BundlePolicy, Claim, Code, Digest, HashAlgorithm, KeyPolicy,
    MalformedInput, Period, PublicKey, PypiPublisher, Rejection, SignatureAlgorithm, TrustedRoot, Verifier,
    VerifierBuilder, bundles_from,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Where this library decides otherwise than a manifest expects, and why.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "mutation/pep740-two-entries",
        "disputed: the second entry is the first once more, and what is there twice refuses (design for bundles, section 1)",
    ),
    (
        "mutation/v2-root-tlog-expired",
        "disputed: a log's key must be valid at every time of rule B3 where the log promised none, Rekor's second version too",
    ),
    (
        "mutation/v2-root-tsa-leaf-missing",
        "disputed: the first certificate of a timestamp authority is its signer's, and what a token embeds is not looked at",
    ),
];

/// What a build comes to that does not know an algorithm that the case needs.
const WITHOUT_ALGORITHM: &[Code] = &[
    Code::InvalidKeyType,
    Code::UnknownCa,
    Code::UntrustedLog,
    Code::NoCertificateTimestamp,
    Code::UnvouchedTime,
];

struct Case<'f> {
    folder: &'f Path,
    case: &'f Value,
}

impl Case<'_> {
    fn id(&self) -> &str {
        self.text("id").unwrap()
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.case[member].as_str()
    }

    fn file(&self, member: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(self.text(member)?);
        Some(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    fn artifact<'b>(&self, bytes: Option<&'b [u8]>) -> Artifact<'b> {
        if let Some(bytes) = bytes {
            return Artifact::from_bytes(bytes);
        }
        let digests = HashAlgorithm::ALL.iter().filter_map(|algorithm| {
            Digest::from_hex(*algorithm, self.text(&format!("artifact_{algorithm}"))?)
        });
        // What is asked for where a case has none cannot be it.
        Artifact::from_digests(digests).unwrap_or_else(|_| Artifact::from_bytes(b"no artifact"))
    }

    fn count(&self, of: &str) -> u32 {
        u32::try_from(self.case["policy"][of].as_u64().unwrap()).unwrap()
    }

    /// The bundle; that of PyPI as PyPI has it.
    fn bundle(&self) -> Result<Bundle, MalformedInput> {
        let Some(attestation) = self.case["pep740"]["attestation"].as_str() else {
            return Bundle::from_json(self.file("bundle").unwrap());
        };
        let mut bundles = bundles_from(fs::read(self.folder.join(attestation)).unwrap())?;
        assert_eq!(bundles.len(), 1, "{}", self.id());
        Ok(bundles.remove(0))
    }

    /// Whether it takes an algorithm that a verifier must name to accept it.
    fn needs_more_algorithms(&self) -> bool {
        let default = ["p256", "p384", "ed25519"];
        let algorithms = self.case["algorithms"].as_object().into_iter().flatten();
        let mut names = algorithms.flat_map(|(_, names)| names.as_array().unwrap());
        names.any(|name| !default.contains(&name.as_str().unwrap()))
    }

    fn verifier(&self) -> Result<Verifier, MalformedInput> {
        let root = TrustedRoot::from_json(self.file("trusted_root").unwrap())?;
        if !self.needs_more_algorithms() {
            return Ok(Verifier::from_trusted_root(&root));
        }
        let builder = VerifierBuilder::without_anchors().accept_algorithms(SignatureAlgorithm::ALL);
        Ok(builder.trusted_root("it", &root)?.build())
    }

    /// Of whom PyPI says that they published it.
    fn publisher(&self) -> Option<PypiPublisher> {
        let publisher = self.case["pep740"]["publisher"].as_object()?;
        let text = |member: &str| publisher[member].as_str().unwrap();
        let publisher = match text("kind") {
            "GitHub" => PypiPublisher::github(text("repository"), text("workflow")),
            "GitLab" => PypiPublisher::gitlab(text("repository"), text("workflow_filepath")),
            "Google" => PypiPublisher::google(text("email")),
            "CircleCI" => PypiPublisher::circleci(text("project_id"), text("pipeline_definition_id")),
            other => panic!("{}: the publisher {other}", self.id()),
        };
        Some(publisher.unwrap())
    }

    fn signer_policy(&self) -> Result<BundlePolicy, MalformedInput> {
        let distribution = self.case["pep740"]["dist_name"].as_str();
        if let (Some(publisher), Some(distribution)) = (self.publisher(), distribution) {
            return BundlePolicy::for_pypi(&publisher, distribution);
        }
        let mut policy = match (self.text("identity"), self.text("issuer")) {
            (Some(identity), Some(issuer)) => BundlePolicy::for_sigstore(identity, issuer)?,
            (Some(identity), None) => BundlePolicy::without_issuer([(Claim::CertificateIdentity, identity)])?
                .with_max_certificate_lifetime_seconds(366 * 86_400)?,
            _ => BundlePolicy::any_signer_without_issuer(),
        };
        if let Some(distribution) = distribution {
            policy = policy.with_pypi_distribution(distribution)?;
        }
        policy
            .with_log_entries(self.count("tlog"))?
            .with_signed_times(self.count("timestamps"))?
            .with_certificate_timestamps(self.count("sct"))
    }

    fn key_policy(&self, key: &[u8]) -> Result<KeyPolicy, MalformedInput> {
        let mut key = PublicKey::from_pem(std::str::from_utf8(key).unwrap())?;
        if let Some(hint) = self.text("key_hint") {
            key = key.with_name(hint)?;
        }
        if let Some(period) = self.case["key_valid_for"].as_object() {
            let time =
                |member: &str| period.get(member).and_then(Value::as_str).map(|text| text.parse().unwrap());
            key = key.with_period(Period::new(time("start").unwrap(), time("end")))?;
        }
        KeyPolicy::new([key])?
            .with_log_entries(self.count("tlog"))?
            .with_signed_times(self.count("timestamps"))
    }

    /// What it comes to, and why.
    fn outcome(&self) -> (Code, String) {
        let malformed = |fault: MalformedInput| (fault.code(), fault.to_string());
        let rejected = |rejection: Rejection| (rejection.code(), rejection.detail());
        let verify = || -> Result<Result<(), Rejection>, MalformedInput> {
            let verifier = self.verifier()?;
            let bundle = self.bundle()?;
            let (signer, keys);
            let policy: AnyBundlePolicy<'_> = match self.file("key") {
                Some(key) => {
                    keys = self.key_policy(&key)?;
                    (&keys).into()
                }
                None => {
                    signer = self.signer_policy()?;
                    (&signer).into()
                }
            };
            if self.case["envelope_only"] == Value::Bool(true) {
                return Ok(verifier.verify_envelope(&bundle, policy).map(drop));
            }
            let bytes = self.file("artifact");
            let artifact = self.artifact(bytes.as_deref());
            Ok(verifier.verify_bundle(&artifact, &bundle, policy).map(drop))
        };
        match verify() {
            Ok(Ok(())) => (Code::Verified, String::new()),
            Ok(Err(rejection)) => rejected(rejection),
            Err(fault) => malformed(fault),
        }
    }
}

/// The code of every case that is refused, where one is held: those that the contract makes certain, and what the others
/// came to when they were looked at. `UPDATE_CODES=1` writes them anew.
fn codes() -> BTreeMap<String, String> {
    serde_json::from_slice(&fs::read(common::testdata("sigstore/codes.json")).unwrap()).unwrap()
}

fn write_codes(codes: &BTreeMap<String, &'static str>) {
    let text = serde_json::to_string_pretty(codes).unwrap() + "\n";
    fs::write(common::testdata("sigstore/codes.json"), text).unwrap();
}

#[test]
fn every_case_comes_to_what_its_manifest_expects() {
    let (codes, mut found) = (codes(), BTreeMap::new());
    let (mut ran, mut without_algorithm, mut wrong) = (0, 0, Vec::new());
    for folder in common::bundle_folders() {
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        for case in manifest.as_array().unwrap() {
            let case = Case { folder: &folder, case };
            let id = case.id();
            let (code, why) = case.outcome();
            if code != Code::Verified {
                found.insert(id.to_string(), code.name());
            }
            let is_expected = (code == Code::Verified) == (case.text("expect") == Some("accept"));
            if case.needs_more_algorithms()
                && WITHOUT_ALGORITHM.contains(&code)
                && !cfg!(feature = "aws-lc-rs")
            {
                without_algorithm += 1;
                continue;
            }
            let is_known = OTHERWISE.iter().any(|(known, _)| *known == id);
            if is_expected == is_known {
                wrong.push(format!("{id}: {code} where {:?} is expected: {why}", case.text("expect")));
            }
            if let Some(wanted) = codes.get(id).filter(|wanted| **wanted != code.name()) {
                wrong.push(format!("{id}: {code} where the code is {wanted}: {why}"));
            }
            ran += 1;
        }
    }
    if std::env::var_os("UPDATE_CODES").is_some() {
        write_codes(&found);
    }
    println!(
        "bundles: ran {ran} cases; {without_algorithm} more need an algorithm that this build does not have"
    );
    assert!(wrong.is_empty(), "{} of {ran}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_report_tells_that_a_bundle_is_of_another_instance() {
    let folder = common::testdata("sigstore");
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let report_says = |id: &str, member: &str| {
        let case = manifest.as_array().unwrap().iter().find(|case| case["id"] == id).unwrap();
        let case = Case { folder: &folder, case };
        let (verifier, bundle) = (case.verifier().unwrap(), case.bundle().unwrap());
        let bytes = case.file("artifact");
        let report = verifier.examine_bundle(
            &case.artifact(bytes.as_deref()),
            &bundle,
            &case.signer_policy().unwrap(),
        );
        assert_ne!(report.verdict() == Code::Verified, report.rejection().is_some(), "{id}");
        assert_eq!(report.to_string().contains(member), report.is_of_another_instance(), "{id}: {report}");
        report.is_of_another_instance()
    };
    for (id, is_of_another) in [
        ("sigstore-verify/v0.2-github-workflow", false),
        ("sigstore-verify/github-release-production-root", true),
        ("sigstore-verify/python-rekor-v2-production-root", true),
        ("sigstore-verify/cosign-v3-blob-staging-root", true),
        ("sigstore-verify/cosign-v3-blob", false),
    ] {
        assert_eq!(report_says(id, "another instance"), is_of_another, "{id}");
    }
    // Also where a log's promise is all that vouches for the time.
    let read = |file: &str| fs::read(folder.join(file)).unwrap();
    let root = TrustedRoot::from_json(read("roots/81f5af77-staging.json")).unwrap();
    let bundle =
        Bundle::from_json(read("bundles/sigstore-verify/v0.2-github-workflow.sigstore.json")).unwrap();
    let policy = BundlePolicy::for_github("trailofbits/rfc8785.py").unwrap();
    let verifier = Verifier::from_trusted_root(&root);
    assert!(verifier.examine_bundle(&Artifact::from_bytes(b""), &bundle, &policy).is_of_another_instance());
}
