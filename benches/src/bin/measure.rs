//! Measures everything that was built: `measure BUILT RESULTS`.
//!
//! `BENCH_ONLY=bundles,bundles-read` measures these groups alone, and leaves what the results say of others as it is.
//! `BENCH_ROUNDS` and `BENCH_SAMPLE_MS` change how many rounds there are, and how long a sample lasts.

#![forbid(unsafe_code)]

use countermark_benches::contender::Running;
use countermark_benches::plan::{Contender, GROUPS, Group, group_of};
use countermark_benches::results::{Results, median};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROUNDS: usize = 61;
const SAMPLE_MS: f64 = 5.0;

/// How many samples' time each case runs before it is measured: Node compiles what has run some thousand times.
const WARM_SAMPLES: f64 = 100.0;

/// Crates whose version matters.
const CRATES: [&str; 6] = ["countermark", "p256", "p384", "aws-lc-rs", "aws-lc-sys", "sigstore-verify"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(built), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: measure BUILT RESULTS".into());
    };
    let only = std::env::var("BENCH_ONLY").unwrap_or_default();
    if !only.is_empty() {
        return measure_again(&only, &built, &file);
    }
    let mut results = Results { circumstances: circumstances()?, ..Results::default() };
    for group in GROUPS {
        let (samples, about) = measure(group, &built)?;
        results.samples.insert(group.id.to_owned(), samples);
        for (contender, text) in about {
            if !results.circumstances.iter().any(|(what, _)| *what == contender) {
                results.circumstances.push((contender, text));
            }
        }
    }
    measure_memory(&built, &mut results.numbers)?;
    let library = std::fs::metadata(built.join("c/stripped.so"))?.len();
    results.numbers.insert("stripped_c_library_bytes".to_owned(), library);
    std::fs::write(&file, results.to_json())?;
    eprintln!("{} is written", file.display());
    Ok(())
}

/// Measures these groups alone, and puts them in place of what the file says of them.
fn measure_again(groups: &str, built: &Path, file: &Path) -> Result<(), Box<dyn Error>> {
    let json = std::fs::read_to_string(file)?;
    let mut results = Results::from_json(&json).ok_or("the file has another form")?;
    let now: BTreeMap<String, String> = circumstances()?.into_iter().collect();
    for id in groups.split(',') {
        let (samples, about) = measure(group_of(id), built)?;
        results.samples.insert(id.to_owned(), samples);
        let about: Vec<String> = about.into_values().collect();
        let text = format!("{}, revision {}; {}", now["date"], now["revision"], about.join("; "));
        results.circumstances.retain(|(what, _)| what != id);
        results.circumstances.push((id.to_owned(), text));
    }
    std::fs::write(file, results.to_json())?;
    Ok(())
}

fn setting<T: std::str::FromStr>(name: &str, default: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

type Samples = BTreeMap<String, Vec<f64>>;

/// A group's rows in turn, round after round, and what the contenders say of themselves.
fn measure(group: &Group, built: &Path) -> Result<(Samples, BTreeMap<String, String>), Box<dyn Error>> {
    let mut running: Vec<(Contender, Running)> = Vec::new();
    let mut about = BTreeMap::new();
    let mut plan = Vec::new();
    for row in group.rows {
        if !running.iter().any(|(contender, _)| *contender == row.contender) {
            let Some(started) = Running::start(row.contender, built)? else {
                eprintln!("{}: {} is not here", group.id, row.contender.key());
                continue;
            };
            if let Some(text) = started.about() {
                about.insert(row.contender.key().to_owned(), text.to_owned());
            }
            running.push((row.contender, started));
        }
        let index = running.iter().position(|(contender, _)| *contender == row.contender);
        let index = index.ok_or("it was started")?;
        plan.push((row, index, iterations(&mut running[index].1, row.case)?));
    }

    let most = setting("BENCH_ROUNDS", ROUNDS);
    let rounds = group.rounds.map_or(most, |rounds| rounds.min(most));
    let mut samples = Samples::new();
    for round in 0..rounds {
        // Each begins a round in turn.
        let first = round % plan.len().max(1);
        for (row, index, iterations) in plan.iter().cycle().skip(first).take(plan.len()) {
            let nanoseconds = running[*index].1.run(row.case, *iterations)?;
            #[allow(clippy::cast_precision_loss, reason = "there are fewer than 2^52")]
            samples.entry(row.key()).or_default().push(nanoseconds / *iterations as f64);
        }
    }
    for (row, ..) in &plan {
        let nanoseconds = median(samples[&row.key()].iter().copied()).unwrap_or_default();
        eprintln!("{:15} {:50} {:15.1} ns", group.id, row.key(), nanoseconds);
    }
    Ok((samples, about))
}

/// How many calls make a sample. Everything is warm afterwards.
fn iterations(contender: &mut Running, case: &str) -> std::io::Result<u64> {
    let sample = setting("BENCH_SAMPLE_MS", SAMPLE_MS) * 1e6;
    contender.run(case, 1)?;
    let mut iterations = 1;
    let mut spent = 0.0;
    loop {
        let nanoseconds = contender.run(case, iterations)?;
        spent += nanoseconds;
        if nanoseconds < sample / 2.0 {
            iterations *= 2;
        } else if spent >= WARM_SAMPLES * sample {
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return Ok(((iterations as f64 * sample / nanoseconds) as u64).max(1));
        }
    }
}

fn measure_memory(built: &Path, numbers: &mut BTreeMap<String, u64>) -> Result<(), Box<dyn Error>> {
    let output = command(
        &built.join("fast/contender").to_string_lossy(),
        &[&built.join("material").to_string_lossy(), "memory"],
    )?;
    let names = ["memory_entries", "memory_input_kilobytes", "memory_peak_kilobytes"];
    for (name, number) in names.iter().zip(output.split_whitespace()) {
        numbers.insert((*name).to_owned(), number.parse()?);
    }
    Ok(())
}

fn circumstances() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
    let gigabytes = kilobytes.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default() >> 20;
    let cores = std::thread::available_parallelism()?;
    let revision = command("git", &["describe", "--always", "--dirty", "--abbrev=12"])?;
    let pairs = [
        ("date", command("date", &["--utc", "+%Y-%m-%d"])?),
        ("revision", revision),
        ("processor", model.map_or("unknown", |(_, model)| model).to_owned()),
        ("cores", cores.to_string()),
        ("memory", format!("{gigabytes} GiB")),
        ("kernel", std::fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned()),
        ("rustc", command("rustc", &["--version"])?),
        ("crates", crate_versions(include_str!("../../Cargo.lock"))),
    ];
    Ok(pairs.map(|(what, text)| (what.to_owned(), text)).into())
}

/// The versions in the lock file of the crates that matter.
fn crate_versions(lock: &str) -> String {
    let packages = lock.split("[[package]]").filter_map(|package| {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
            line.strip_suffix('"')
        };
        Some((value("name")?, value("version")?))
    });
    let versions: Vec<_> = packages
        .filter(|(name, _)| CRATES.contains(name))
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    versions.join(", ")
}

fn command(program: &str, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(program).args(arguments).output()?;
    if !output.status.success() {
        return Err(
            format!("{program}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into()
        );
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
