//! The crate `sigstore-verify` as a contender, offline, with the trusted root that it is given.

#![forbid(unsafe_code)]

use countermark_benches::material::Material;
use countermark_benches::serve::{Case, case, serve};
use sigstore_trust_root::TrustedRoot;
use sigstore_types::Bundle;
use sigstore_verify::{VerificationPolicy, Verifier};
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let directory: PathBuf = std::env::args_os().nth(1).expect("usage: sigstore_verify DIRECTORY").into();
    serve("the crate sigstore-verify with aws-lc-rs", |name| prepare(&directory, name))
}

fn prepare(directory: &Path, request: &str) -> Option<Case> {
    let material = Material::new(directory, "real");
    let policy = VerificationPolicy::new(material.text("identity.txt"), material.text("issuer.txt"));
    let policy = match request {
        "verify real" => policy,
        // The log's signature over the time is checked all the same: it is where the peer has its time from.
        "verify-without-transparency real" => policy.skip_tlog_unsafe().skip_sct(),
        _ => return None,
    };
    let trusted_root = TrustedRoot::from_json(&material.text("trusted_root.json")).expect("a trusted root");
    let verifier = Verifier::new(&trusted_root).expect("a verifier");
    let bundle = Bundle::from_json(&material.text("bundle.json")).expect("a bundle");
    let message = material.bytes("message");
    let verify = move |message: &[u8]| verifier.verify(message, &bundle, &policy).is_ok();
    assert!(verify(&message));
    assert!(!verify(b"another message"));
    Some(case(move || verify(&message)))
}
