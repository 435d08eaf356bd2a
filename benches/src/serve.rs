//! The contender's side of the conversation.
//!
//! It says who it is in one line. Then for each line `iterations case` it runs the case that often, and answers
//! with the nanoseconds that took. A case is prepared, and its outcome checked, when it is first asked for.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Instant;

/// Runs something this many times.
pub type Case = Box<dyn FnMut(u64)>;

/// A case that runs this function.
pub fn case<T>(mut function: impl FnMut() -> T + 'static) -> Case {
    Box::new(move |iterations| {
        for _ in 0..iterations {
            black_box(function());
        }
    })
}

/// Answers requests until there are no more.
///
/// # Errors
///
/// If a request cannot be read or answered.
pub fn serve(about: &str, prepare: impl Fn(&str) -> Option<Case>) -> io::Result<()> {
    let mut cases: HashMap<String, Case> = HashMap::new();
    let mut output = io::stdout().lock();
    writeln!(output, "{about}")?;
    output.flush()?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let refuse = || io::Error::other(format!("there is no case for the request {line:?}"));
        let (iterations, name) = line.split_once(' ').ok_or_else(refuse)?;
        let iterations = iterations.parse().map_err(|_| refuse())?;
        if !cases.contains_key(name) {
            cases.insert(name.to_owned(), prepare(name).ok_or_else(refuse)?);
        }
        let case = cases.get_mut(name).ok_or_else(refuse)?;
        let start = Instant::now();
        case(iterations);
        writeln!(output, "{}", start.elapsed().as_nanos())?;
        output.flush()?;
    }
    Ok(())
}
