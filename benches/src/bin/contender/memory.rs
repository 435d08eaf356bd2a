//! The memory of a large `verify_many`.

use crate::cases::{names, verifier_of_log};
use countermark::{Policy, Request, entries_from_json};
use countermark_benches::material::{LOG_ENTRIES, Material};
use std::io;
use std::path::Path;

const ENTRIES: usize = 100_000;

/// Writes the resident kilobytes of the input, and the most that there were while it was verified.
pub(crate) fn measure(directory: &Path) -> io::Result<()> {
    let material = Material::new(directory, "log");
    let verifier = verifier_of_log(&material);
    let policy = Policy::from_json(material.text("policy.json")).expect("a policy");
    let mut entries = Vec::with_capacity(ENTRIES);
    for _ in 0..ENTRIES / LOG_ENTRIES {
        entries.extend(entries_from_json(material.text("entries.jsonl")).expect("entries"));
    }
    let names = names(&entries);
    let requests: Vec<_> =
        names.iter().zip(entries.chunks(1)).map(|(name, entry)| Request::new(name, entry, &policy)).collect();

    // The peak is counted from here.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let input = resident_kilobytes("VmRSS")?;
    let results = verifier.verify_many(&requests);
    let peak = resident_kilobytes("VmHWM")?;
    assert!(results.iter().all(Result::is_ok));
    println!("{ENTRIES} {input} {peak}");
    Ok(())
}

fn resident_kilobytes(field: &str) -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    status
        .lines()
        .find_map(|line| {
            line.strip_prefix(field)?.strip_prefix(':')?.trim().strip_suffix(" kB")?.parse().ok()
        })
        .ok_or_else(|| io::Error::other(format!("/proc/self/status has no {field}")))
}
