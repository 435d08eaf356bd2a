//! What the verification of bundles costs in memory: a payload is not copied often, whatever it is made of.

#![cfg(feature = "sigstore")]

mod common;
#[path = "common/instance.rs"]
mod instance;

use countermark::{Artifact, Verifier};
use instance::*;
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const SIZE: usize = 1_024 * 1_024;

/// What a verification takes whatever the bundle is.
const FLOOR: usize = 64 * 1_024;

/// How many times the size of the payload a verification takes: what was signed, and the statement, which is returned.
const FACTOR: f64 = 2.5;

#[test]
fn a_verification_takes_a_small_multiple_of_the_payload() {
    let it = Instance::new(0);
    let verifier = it.verifier();
    let subject = statement()["subject"][0].clone();
    let digests = |count: usize| -> Value {
        let names = (0..count).map(|number| (format!("algorithm{number:02}"), json!("00".repeat(12))));
        json!({"digest": Value::Object(names.collect()), "name": "n"})
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut said = statement();
        change(&mut said);
        said
    };
    let shapes = [
        ("one long text", with(&|said| said["predicate"] = json!("x".repeat(SIZE)))),
        ("many numbers", with(&|said| said["predicate"] = json!(vec![1; SIZE / 2]))),
        ("deep", with(&|said| said["predicate"] = json!({"a": vec![json!({"b": [[[1]]]}); SIZE / 16]}))),
        ("a long name", with(&|said| said["subject"][0]["name"] = json!("\u{1}".repeat(SIZE / 6)))),
        (
            "many digests",
            with(&|said| {
                let subjects = std::iter::repeat_n(digests(31), 1_000).chain([subject.clone()]);
                said["subject"] = json!(subjects.collect::<Vec<_>>());
            }),
        ),
    ];
    for (shape, said) in shapes {
        let bundle = Draft::envelope(&it).of_statement(&said).bundle(&it);
        let factor = measured(&verifier, &bundle) / said.to_string().len() as f64;
        println!("bundle memory: {factor:.2} times the payload, for {shape}");
        assert!(factor <= FACTOR, "{factor} times, for {shape}");
    }
}

/// How many bytes more than before were taken at some time, beyond the floor.
fn measured(verifier: &Verifier, bundle: &countermark::Bundle) -> f64 {
    let (artifact, policy) = (Artifact::from_bytes(ARTIFACT), policy());
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let verified = verifier.verify_bundle(&artifact, bundle, &policy);
    let taken = ALLOCATOR.peak_usage() - before;
    assert!(verified.is_ok(), "{}", verified.unwrap_err().detail());
    taken.saturating_sub(FLOOR) as f64
}
