//! Makes `performance.md` and `performance.svg` of `performance.json`: `report DIRECTORY`.
//!
//! With `--check` it writes nothing, and fails unless both are what the data make.

#![forbid(unsafe_code)]

mod chart;
mod document;
mod targets;
mod units;

use countermark_benches::results::Results;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let check = arguments.iter().any(|argument| argument == "--check");
    let directory = arguments.iter().find(|argument| *argument != "--check");
    let directory: PathBuf = directory.ok_or("usage: report [--check] DIRECTORY")?.into();
    let json = std::fs::read_to_string(directory.join("performance.json"))?;
    let results = Results::from_json(&json).ok_or("performance.json has another form")?;
    for (file, content) in
        [("performance.md", document::make(&results)), ("performance.svg", chart::make(&results))]
    {
        let path = directory.join(file);
        if !check {
            std::fs::write(&path, content)?;
        } else if std::fs::read_to_string(&path)? != content {
            return Err(format!(
                "{} is not what its data make; run: cargo run --manifest-path benches/Cargo.toml --bin report docs",
                path.display()
            )
            .into());
        }
    }
    Ok(())
}
