//! The crate `sigstore-verify` as a contender, offline, with the trusted root that it is given.
//!
//! `sigstore_verify --cases FOLDER` compares its answers to the cases of a folder of bundles with countermark's instead, and
//! fails for a difference that is not known.

#![forbid(unsafe_code)]

mod cases;

use countermark_benches::material::Material;
use countermark_benches::serve::{Case, case, serve};
use sigstore_trust_root::TrustedRoot;
use sigstore_types::{Artifact, Bundle, Sha256Hash};
use sigstore_verify::{VerificationPolicy, Verifier};
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let directory: PathBuf = arguments.next().expect("usage: sigstore_verify DIRECTORY").into();
    if directory.as_os_str() == "--cases" {
        let folder: PathBuf = arguments.next().expect("usage: sigstore_verify --cases FOLDER").into();
        let is_as_known = cases::compare(&folder);
        return if is_as_known { Ok(()) } else { Err(std::io::Error::other("there are other differences")) };
    }
    serve("the crate sigstore-verify with aws-lc-rs", |name| prepare(&directory, name))
}

fn prepare(directory: &Path, request: &str) -> Option<Case> {
    let (action, name) = request.split_once(' ')?;
    let material = Material::new(directory, name);
    let trusted_root = TrustedRoot::from_json(&material.text("trusted_root.json")).expect("a trusted root");
    let mut policy = VerificationPolicy::any_identity().require_identity(material.text("identity.txt"));
    let issuer = material.text("issuer.txt");
    if issuer.is_empty() {
        // GitHub's own instance has neither a log nor a certificate log.
        policy = policy.skip_tlog_unsafe().skip_sct();
    } else {
        policy = policy.require_issuer(issuer);
    }
    match action {
        "verify" | "read-and-verify" => {}
        // The log's signature over the time is checked all the same: it is where the peer has its time from.
        "verify-without-transparency" => policy = policy.skip_tlog_unsafe().skip_sct(),
        "read-bundle" => {
            let json = material.text("bundle.json");
            return Some(case(move || Bundle::from_json(&json).expect("a bundle")));
        }
        _ => return None,
    }
    let verifier = Verifier::new(&trusted_root).expect("a verifier");
    let json = material.text("bundle.json");
    let bundle = Bundle::from_json(&json).expect("a bundle");
    let file = ["message", "artifact"].into_iter().find(|file| material.path(file).exists());
    let artifact = match file {
        Some(file) => Artifact::from_blob(material.bytes(file).leak()),
        None => Artifact::from_digest(Sha256Hash::from_hex(&material.text("digest.txt")).expect("a digest")),
    };
    let verify = move |artifact: &Artifact<'static>, bundle: &Bundle| {
        verifier.verify(artifact.clone(), bundle, &policy).is_ok()
    };
    assert!(verify(&artifact, &bundle));
    assert!(!verify(&Artifact::from_blob(b"another message"), &bundle));
    if action == "read-and-verify" {
        return Some(case(move || verify(&artifact, &Bundle::from_json(&json).expect("a bundle"))));
    }
    Some(case(move || verify(&artifact, &bundle)))
}
