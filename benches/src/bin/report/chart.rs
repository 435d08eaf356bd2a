//! `performance.svg`: bars, readable on light and dark pages.

use crate::units::time;
use countermark_benches::plan::{Group, group_of};
use countermark_benches::results::{Results, median};
use std::fmt::Write;

const WIDTH: f64 = 860.0;
const LABELS: f64 = 330.0;
const BARS: f64 = 430.0;
const MARGIN: f64 = 24.0;
const LINE: f64 = 24.0;
const BAR: f64 = 15.0;

const STYLE: &str = "
    .page { fill: #ffffff; }
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
    .title { font-weight: 600; font-size: 14px; }
    .value { font-variant-numeric: tabular-nums; }
    .ours { fill: #0969da; }
    .floor { fill: #8c959f; }
    .peer { fill: #bc6c25; }
    @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117; }
        text { fill: #e6edf3; }
        .ours { fill: #58a6ff; }
        .floor { fill: #6e7681; }
        .peer { fill: #e09f5e; }
    }
";

/// A row of the plan as a bar.
struct Bar {
    label: &'static str,
    class: &'static str,
    group: &'static str,
    row: usize,
}

const fn bar(label: &'static str, class: &'static str, group: &'static str, row: usize) -> Bar {
    Bar { label, class, group, row }
}

const PANELS: &[(&str, &[Bar])] = &[
    (
        "One verification, beside the bare signature checks",
        &[
            bar("P-256, aws-lc-rs: bare checks", "floor", "p256", 0),
            bar("P-256, aws-lc-rs: verify", "ours", "p256", 1),
            bar("P-384, aws-lc-rs: bare checks", "floor", "p384", 0),
            bar("P-384, aws-lc-rs: verify", "ours", "p384", 1),
            bar("P-256, default back end: bare checks", "floor", "p256", 2),
            bar("P-256, default back end: verify", "ours", "p256", 3),
            bar("P-384, default back end: bare checks", "floor", "p384", 2),
            bar("P-384, default back end: verify", "ours", "p384", 3),
        ],
    ),
    (
        "The same Sigstore message, in Rust with aws-lc-rs",
        &[
            bar("bare checks", "floor", "peers", 0),
            bar("countermark", "ours", "peers", 1),
            bar("sigstore-verify, without transparency", "peer", "peers", 4),
            bar("sigstore-verify", "peer", "peers", 5),
        ],
    ),
    (
        "The same Sigstore message, in Python and Node",
        &[
            bar("countermark, Python", "ours", "peers", 6),
            bar("sigstore, Python", "peer", "peers", 7),
            bar("countermark, Node", "ours", "peers", 8),
            bar("@sigstore/verify, Node, without transparency", "peer", "peers", 9),
            bar("@sigstore/verify, Node", "peer", "peers", 10),
        ],
    ),
];

pub(crate) fn make(results: &Results) -> String {
    let mut bars = String::new();
    let mut y = MARGIN;
    for (title, rows) in PANELS {
        let measured: Vec<_> = rows
            .iter()
            .filter_map(|bar| Some((bar, middle(results, group_of(bar.group), bar.row)?)))
            .collect();
        let longest = measured.iter().map(|(_, nanoseconds)| *nanoseconds).fold(1.0, f64::max);
        y += LINE;
        let _ = writeln!(bars, "<text class=\"title\" x=\"{MARGIN}\" y=\"{:.1}\">{title}</text>", y - 8.0);
        for (bar, nanoseconds) in measured {
            let width = (BARS * nanoseconds / longest).max(1.0);
            let (start, middle) = (MARGIN + LABELS, y + LINE / 2.0);
            let _ = writeln!(
                bars,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n<rect class=\"{}\" x=\"{start:.1}\" \
                 y=\"{:.1}\" width=\"{width:.1}\" height=\"{BAR}\" rx=\"2\"/>\n<text class=\"value\" x=\"{:.1}\" \
                 y=\"{:.1}\">{}</text>",
                start - 8.0,
                middle + 4.5,
                bar.label,
                bar.class,
                middle - BAR / 2.0,
                start + width + 6.0,
                middle + 4.5,
                time(nanoseconds),
            );
            y += LINE;
        }
        y += LINE / 2.0;
    }
    let height = y + MARGIN / 2.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height:.1}\" width=\"{WIDTH}\" \
         height=\"{height:.1}\" role=\"img\">\n<title>The time of one verification (median)</title>\n\
         <style>{STYLE}</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n{bars}</svg>\n"
    )
}

fn middle(results: &Results, group: &Group, row: usize) -> Option<f64> {
    median(results.samples_of(group, row)?.iter().copied())
}
