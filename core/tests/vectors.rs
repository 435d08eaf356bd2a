//! Runs every vector of `testdata/vectors/`, and of the directory that `COUNTERMARK_VECTORS` names.

mod common;

use common::{Vector, testdata};
use countermark::Code;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Vectors that are wrong, each with the reason. There are none.
const WRONG: &[(&str, &str)] = &[];

/// Codes of bundles, and of records that bring a signed timestamp: the vectors are of records alone, and these codes have
/// tests in bundle_rules.rs and bundles.rs, and signed_timestamps.rs.
const OF_BUNDLES: &[&str] = &[
    "no_certificate_timestamp",
    "unvouched_time",
    "not_logged",
    "untrusted_log",
    "invalid_log_proof",
    "log_entry_mismatch",
    "artifact_mismatch",
    "predicate_mismatch",
    "malformed_bundle",
    "malformed_trusted_root",
];

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

fn run_all(directory: &Path) -> (usize, BTreeSet<String>) {
    let mut failures = Vec::new();
    let mut outcomes = BTreeSet::new();
    let files = files(directory);
    for file in &files {
        let vector = Vector::read(file);
        let outcome = vector.outcome();
        outcomes.insert(outcome.clone());
        let is_wrong = WRONG.iter().any(|(id, _)| *id == vector.id());
        if (outcome == vector.expected()) == is_wrong {
            failures.push(format!("{}: expected {}, got {outcome}", vector.id(), vector.expected()));
        }
        if let Some((verdict, examined)) = vector.verdict_and_report() {
            if verdict != examined.verdict() {
                failures.push(format!(
                    "{}: verify says {verdict}, examine {}",
                    vector.id(),
                    examined.verdict()
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {} failed:\n{}", failures.len(), files.len(), failures.join("\n"));
    (files.len(), outcomes)
}

#[test]
fn every_vector_has_its_stated_outcome() {
    let (count, outcomes) = run_all(&testdata("vectors"));
    assert!(count >= 107, "only {count} vectors were found");
    // The codes that no vector of this directory gives have tests of their own, in codes.rs.
    let not_covered = ["path_too_complex", "malformed_message", "invalid_argument", "internal"];
    for code in Code::ALL.iter().map(|code| code.name()) {
        let is_covered = !not_covered.contains(&code) && !OF_BUNDLES.contains(&code);
        assert_eq!(outcomes.contains(code), is_covered, "{code}");
    }
}

#[test]
fn every_vector_of_the_environment_has_its_stated_outcome() {
    if let Some(directory) = std::env::var_os("COUNTERMARK_VECTORS") {
        let (count, _) = run_all(Path::new(&directory));
        assert!(count > 0, "COUNTERMARK_VECTORS names a directory without vectors");
    }
}
