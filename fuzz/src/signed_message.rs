//! A bundle whose leaf and whose evidence are made here, so that the parts of each can be chosen before they are signed.

use crate::common::certificates::{ISSUER, Scene, at, scene};
use base64ct::{Base64, Encoding};
use countermark::{Bundle, BundlePolicy, Verifier, VerifierBuilder};
use serde_json::json;
use std::sync::LazyLock;

pub const ARTIFACT: &[u8] = b"the artifact";

/// When everything is valid that is made here.
pub const SIGNED: i64 = 8;

/// The root, the leaf and their keys.
pub static SCENE: LazyLock<Scene> = LazyLock::new(scene);

/// The leaf's signature of the artifact.
pub static SIGNATURE: LazyLock<Vec<u8>> = LazyLock::new(|| SCENE.leaf_key.sign_sha256(ARTIFACT));

/// A bundle of this leaf's signature, with these signed timestamps.
pub fn bundle(leaf: &[u8], timestamps: &[&[u8]]) -> Option<Bundle> {
    let timestamps: Vec<_> = timestamps
        .iter()
        .map(|timestamp| json!({ "signedTimestamp": Base64::encode_string(timestamp) }))
        .collect();
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": { "rawBytes": Base64::encode_string(leaf) },
            "timestampVerificationData": { "rfc3161Timestamps": timestamps },
        },
        "messageSignature": { "signature": Base64::encode_string(&SIGNATURE) },
    });
    Bundle::from_json(bundle.to_string()).ok()
}

/// A verifier that trusts the root, and what is added.
pub fn verifier(add: impl FnOnce(VerifierBuilder) -> VerifierBuilder) -> Verifier {
    add(Verifier::builder(SCENE.anchors())).build()
}

/// A policy that demands so many signed times and certificate timestamps.
pub fn policy(times: u32, certificate_timestamps: u32) -> BundlePolicy {
    BundlePolicy::any_signer_of_issuer(ISSUER)
        .and_then(|policy| policy.with_log_entries(0)?.with_signed_times(times))
        .and_then(|policy| policy.with_certificate_timestamps(certificate_timestamps))
        .unwrap()
}

/// The caller's time.
pub fn now() -> countermark::Timestamp {
    at(SIGNED)
}
