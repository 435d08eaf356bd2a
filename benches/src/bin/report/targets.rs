//! The targets, and whether they were met.

use crate::units::{more, time, times};
use countermark_benches::plan::group_of;
use countermark_benches::results::{Results, median};

/// A target beside what was measured.
pub(crate) struct Target {
    pub(crate) what: &'static str,
    pub(crate) wanted: String,
    /// What was measured, and whether that is as wanted; `None` if it was not.
    pub(crate) measured: Option<(String, bool)>,
}

impl Target {
    /// A row that may take so many times as long as another.
    fn at_most_times(
        results: &Results,
        what: &'static str,
        group: &str,
        [row, base]: [usize; 2],
        most: f64,
    ) -> Self {
        let measured = results.ratio(group_of(group), row, base);
        Self {
            what,
            wanted: format!("≤ {}", times(most)),
            measured: measured.map(|ratio| (times(ratio), ratio <= most)),
        }
    }

    /// A row that must take at least so many times as long as another.
    fn at_least_times(
        results: &Results,
        what: &'static str,
        group: &str,
        [slow, fast]: [usize; 2],
        least: f64,
    ) -> Self {
        let measured = results.ratio(group_of(group), slow, fast);
        Self {
            what,
            wanted: format!("≥ {}", times(least)),
            measured: measured.map(|ratio| (times(ratio), ratio >= least)),
        }
    }

    /// A row that may take so much longer than the one it is compared with.
    fn at_most_more(results: &Results, what: &'static str, group: &str, row: usize, most: f64) -> Self {
        let measured = results.comparison(group_of(group), row);
        Self {
            what,
            wanted: format!("≤ {}", more(most)),
            measured: measured.map(|difference| (more(difference), difference <= most)),
        }
    }
}

/// All targets, in the order of the document.
pub(crate) fn all(results: &Results) -> Vec<Target> {
    vec![
        Target::at_most_times(
            results,
            "`verify`, authority on P-256, aws-lc-rs: against two bare P-256 checks",
            "p256",
            [1, 0],
            1.10,
        ),
        Target::at_most_times(
            results,
            "`verify`, authority and root on P-384, aws-lc-rs: against a bare P-384 and a bare P-256 check",
            "p384",
            [1, 0],
            1.05,
        ),
        Target::at_most_times(
            results,
            "`verify`, authority on P-256, default back end: against its two bare checks",
            "p256",
            [3, 2],
            1.03,
        ),
        Target::at_most_times(
            results,
            "`verify`, authority and root on P-384, default back end: against its two bare checks",
            "p384",
            [3, 2],
            1.03,
        ),
        Target::at_least_times(
            results,
            "`sigstore-verify` without transparency checks, same chain: against ours with aws-lc-rs",
            "peers",
            [4, 1],
            1.8,
        ),
        Target::at_most_more(
            results,
            "a call from Python: against the same in Rust",
            "languages",
            2,
            10_000.0,
        ),
        Target::at_most_more(
            results,
            "a call from Node (`verifySync`): against the same in Rust",
            "languages",
            3,
            10_000.0,
        ),
        Target::at_least_times(
            results,
            "Python's `sigstore`, same chain: against ours from Python",
            "peers",
            [7, 6],
            5.0,
        ),
        Target::at_least_times(
            results,
            "`@sigstore/verify`, same chain: against ours from Node",
            "peers",
            [10, 8],
            25.0,
        ),
        Target::at_most_times(
            results,
            "a bundle with a message, Rekor v1, aws-lc-rs: against the bare checks",
            "bundles",
            [1, 0],
            1.10,
        ),
        Target::at_most_times(
            results,
            "a bundle with an envelope, Rekor v1, aws-lc-rs: against the bare checks",
            "bundles",
            [7, 6],
            1.10,
        ),
        Target::at_most_times(
            results,
            "a bundle with a message, Rekor v2 and a signed timestamp, aws-lc-rs: against the bare checks",
            "bundles",
            [13, 12],
            1.10,
        ),
        Target::at_most_times(
            results,
            "a bundle of GitHub's own instance, aws-lc-rs: against the bare checks",
            "bundles",
            [19, 18],
            1.10,
        ),
        Target::at_least_times(
            results,
            "`sigstore-verify`, a bundle with a message: against ours",
            "bundles",
            [2, 1],
            1.0,
        ),
        Target::at_least_times(
            results,
            "sigstore-go, a bundle with a message: against ours",
            "bundles",
            [3, 1],
            2.0,
        ),
        Target::at_least_times(
            results,
            "Python's `sigstore`, a bundle with a message: against ours in Rust",
            "bundles",
            [4, 1],
            5.0,
        ),
        Target::at_least_times(
            results,
            "`@sigstore/verify`, a bundle with a message: against ours in Rust",
            "bundles",
            [5, 1],
            25.0,
        ),
        reading(results, "reading a bundle with a message and its certificate", 0),
        reading(results, "reading a bundle with an envelope and its certificate", 5),
        Target::at_least_times(results, "`verify_many`: one core against two", "many", [1, 0], 1.8),
        Target::at_most_more(
            results,
            "`find` and `verify` in a log of 1,000,000: against `verify` alone",
            "log",
            1,
            5_000.0,
        ),
        memory(results),
        program(results),
        library(results),
    ]
}

fn memory(results: &Results) -> Target {
    const MOST: f64 = 64.0;
    let number = |what: &str| results.numbers.get(what).copied();
    let added = number("memory_peak_kilobytes").zip(number("memory_input_kilobytes"));
    Target {
        what: "peak memory of `verify_many` over 100,000 entries: beyond its input",
        wanted: format!("≤ {MOST} MiB"),
        measured: added.map(|(peak, input)| {
            let mebibytes = kilo(peak.saturating_sub(input)) / 1_024.0 * 1_000.0;
            (format!("{mebibytes:.1} MiB"), mebibytes <= MOST)
        }),
    }
}

fn reading(results: &Results, what: &'static str, row: usize) -> Target {
    const MOST: f64 = 30e3;
    let samples = results.samples_of(group_of("bundles-read"), row);
    Target {
        what,
        wanted: format!("≤ {}", time(MOST)),
        measured: samples
            .and_then(|samples| median(samples.iter().copied()))
            .map(|ns| (time(ns), ns <= MOST)),
    }
}

fn program(results: &Results) -> Target {
    const MOST: f64 = 3e6;
    let samples = results.samples_of(group_of("process"), 1);
    Target {
        what: "a C program, from its start to the verdict",
        wanted: format!("≤ {}", time(MOST)),
        measured: samples
            .and_then(|samples| median(samples.iter().copied()))
            .map(|ns| (time(ns), ns <= MOST)),
    }
}

fn library(results: &Results) -> Target {
    const MOST: f64 = 3.5;
    let bytes = results.numbers.get("stripped_c_library_bytes");
    Target {
        what: "the stripped C library",
        wanted: format!("≤ {MOST} MB"),
        measured: bytes.map(|bytes| {
            let megabytes = kilo(*bytes) / 1_000.0;
            (format!("{megabytes:.2} MB"), megabytes <= MOST)
        }),
    }
}

/// A thousandth.
#[allow(clippy::cast_precision_loss, reason = "these are sizes of things in memory")]
fn kilo(number: u64) -> f64 {
    number as f64 / 1_000.0
}
