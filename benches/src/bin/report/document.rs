//! `performance.md`.

use crate::targets;
use crate::units::{more, time, times};
use countermark_benches::plan::{Against, GROUPS, Group};
use countermark_benches::results::{Results, median, minimum};
use std::fmt::Write;

const INTRODUCTION: &str = "# Performance

What a verification costs, beside the bare cryptographic calls of the back end in use, which are the floor, and beside
other verifiers. `benches/run` measured it and wrote this page from [performance.json](performance.json), which has every
sample.

![The time of one verification, beside the bare checks and beside other verifiers](performance.svg)
";

const METHOD: &str = "## How it is measured

Everything of a table is measured together: each row's contender is a process of its own that waits for requests, and one
program asks them in turn, round after round. A request asks for as many calls as last some milliseconds, and the sample
is the time of one of them. So a slow moment of the machine hits all rows of a round, whichever language they are in.
*Median* and *minimum* are those of the samples. Comparisons are made within each round, and their median is given, which
can differ from the comparison of two medians. Before anything is measured, its outcome is checked: what should verify
verifies, what should be refused is refused with its code, and every verifier refuses another message than the one
signed.

A benchmark library that measures one thing after the other would have been less fair: on a shared machine the second may
meet another clock rate than the first.

";

pub(crate) fn make(results: &Results) -> String {
    let mut page = INTRODUCTION.to_owned();
    write_targets(&mut page, results);
    let notes = include_str!("../../../notes.md").trim();
    if !notes.is_empty() {
        let _ = writeln!(page, "\n{notes}");
    }
    for group in GROUPS {
        write_group(&mut page, results, group);
    }
    write_memory(&mut page, results);
    page.push('\n');
    page += METHOD;
    page += "| | |\n|---|---|\n";
    for (what, text) in &results.circumstances {
        page += &format!("| {what} | {text} |\n");
    }
    page += "\n## Do it again\n\n```sh\nmake bench\n```\n\nIt needs Rust, a C compiler, CMake, Python with venv, and Node \
             with npm, builds everything, and takes a quarter of an hour, during which the machine should do nothing \
             else.\n";
    page
}

fn write_targets(page: &mut String, results: &Results) {
    page.push_str("\n## Targets\n\n| what | target | measured | |\n|---|---:|---:|---|\n");
    for target in targets::all(results) {
        let (measured, verdict) = match &target.measured {
            Some((measured, true)) => (measured.as_str(), "met"),
            Some((measured, false)) => (measured.as_str(), "**missed**"),
            None => ("", "not measured"),
        };
        let _ = writeln!(page, "| {} | {} | {measured} | {verdict} |", target.what, target.wanted);
    }
}

fn write_group(page: &mut String, results: &Results, group: &Group) {
    let compared = group.rows.iter().any(|row| row.against.is_some());
    let _ = writeln!(page, "\n## {}\n\n{}\n", group.title, group.text);
    page.push_str(if compared {
        "| what | median | minimum | compared |\n|---|---:|---:|---|\n"
    } else {
        "| what | median | minimum |\n|---|---:|---:|\n"
    });
    for (index, row) in group.rows.iter().enumerate() {
        let samples = results.samples_of(group, index).unwrap_or_default();
        let each = |nanoseconds: Option<f64>| {
            nanoseconds.map_or_else(|| "not measured".to_owned(), |ns| time(ns / f64::from(group.per_call)))
        };
        let (middle, least) = (each(median(samples.iter().copied())), each(minimum(samples)));
        let _ = write!(page, "| {} | {middle} | {least} |", row.what);
        if compared {
            let comparison = results.comparison(group, index);
            let text = match (row.against, comparison) {
                (Some(Against::Ratio(base)), Some(ratio)) => {
                    format!(" {} *{}*", times(ratio), group.rows[base].what)
                }
                (Some(Against::Difference(_)), Some(difference)) => {
                    format!(" {}", more(difference / f64::from(group.per_call)))
                }
                _ => String::new(),
            };
            let _ = write!(page, "{text} |");
        }
        page.push('\n');
    }
}

fn write_memory(page: &mut String, results: &Results) {
    let number = |what: &str| results.numbers.get(what).copied().unwrap_or_default();
    let mebibytes = |kilobytes: u64| kilobytes.div_ceil(1_024);
    let _ = writeln!(
        page,
        "\n## Memory and size\n\nThe memory that is resident before one `verify_many` over {} entries of 24 claims: {} MiB; \
         at most while it runs, with its results: {} MiB. The C library as it is built by default, stripped: {} bytes.",
        number("memory_entries"),
        mebibytes(number("memory_input_kilobytes")),
        mebibytes(number("memory_peak_kilobytes")),
        number("stripped_c_library_bytes"),
    );
}
