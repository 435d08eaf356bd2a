//! For every rule of bundles a case that fails there, and one that just misses it.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use common::certificates::*;
use countermark::{Artifact, Digest, HashAlgorithm, KeyPolicy, PublicKey, Verifier, VerifierBuilder};
use instance::*;
use serde_json::{Value, json};

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
