//! The Rust contender: countermark itself, and the floor of the back end that it was built with.
//!
//! Without arguments it answers requests ([`countermark_benches::serve`]). `contender memory` measures the memory
//! of a large `verify_many` instead.

#![forbid(unsafe_code)]

mod bundles;
mod cases;
mod floor;
mod memory;

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let directory: PathBuf = arguments.next().expect("usage: contender DIRECTORY [memory]").into();
    if arguments.next().is_some_and(|argument| argument == "memory") {
        return memory::measure(&directory);
    }
    let about = format!("countermark with {}", floor::BACK_END);
    countermark_benches::serve::serve(&about, |name| cases::prepare(&directory, name))
}
