//! Talking to contenders.

use crate::plan::Contender;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

/// A contender that is ready to be measured.
#[derive(Debug)]
pub enum Running {
    /// It runs, and answers requests.
    Answering {
        /// The process.
        process: Child,
        /// Where requests go.
        requests: ChildStdin,
        /// Where its answers come from.
        answers: BufReader<ChildStdout>,
        /// What it said of itself.
        about: String,
    },
    /// A program that is run anew for each call.
    Program(Vec<String>),
}

impl Running {
    /// Starts a contender from where `benches/run` built them all; `None` if it was not built.
    ///
    /// # Errors
    ///
    /// If it was built and does not start.
    pub fn start(contender: Contender, built: &Path) -> io::Result<Option<Self>> {
        let path = |name: &str| built.join(name).to_string_lossy().into_owned();
        let material = path("material");
        let (program, mut command) = match contender {
            Contender::Fast | Contender::FastOneCore => (path("fast/contender"), vec![]),
            Contender::Portable | Contender::PortableOneCore => (path("default/contender"), vec![]),
            Contender::SigstoreVerify => (path("sigstore_verify"), vec![]),
            Contender::Python => (path("python/contender.py"), vec![path("python/venv/bin/python")]),
            Contender::Node => (path("node/contender.mjs"), vec!["node".to_owned()]),
            Contender::Go => (path("go/contender"), vec![]),
            Contender::C | Contender::CProgram => (path("c/contender"), vec![]),
            Contender::EmptyProgram => (path("c/empty"), vec![]),
        };
        if !Path::new(&program).exists() {
            return Ok(None);
        }
        command.push(program);
        match contender {
            Contender::EmptyProgram => return Ok(Some(Self::Program(command))),
            Contender::CProgram => {
                command.push(material);
                return Ok(Some(Self::Program(command)));
            }
            _ => command.push(material),
        }
        if matches!(contender, Contender::FastOneCore | Contender::PortableOneCore) {
            command.splice(0..0, ["taskset", "--cpu-list", "0"].map(str::to_owned));
        }
        let mut process = Command::new(&command[0])
            .args(&command[1..])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = process.stdin.take().ok_or_else(|| io::Error::other("it has no input"))?;
        let answers = process.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
        let mut answers = BufReader::new(answers);
        let mut about = String::new();
        answers.read_line(&mut about)?;
        if about.is_empty() {
            return Err(io::Error::other(format!("{} ended", command.join(" "))));
        }
        Ok(Some(Self::Answering { process, requests, answers, about: about.trim_end().to_owned() }))
    }

    /// What it said of itself.
    #[must_use]
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::Answering { about, .. } => Some(about),
            Self::Program(_) => None,
        }
    }

    /// The nanoseconds that so many calls take.
    ///
    /// # Errors
    ///
    /// If it ends instead of answering, or a program does not succeed.
    pub fn run(&mut self, case: &str, iterations: u64) -> io::Result<f64> {
        match self {
            Self::Answering { requests, answers, about, .. } => {
                writeln!(requests, "{iterations} {case}")?;
                requests.flush()?;
                let mut answer = String::new();
                answers.read_line(&mut answer)?;
                answer
                    .trim_end()
                    .parse()
                    .map_err(|_| io::Error::other(format!("{about}: no answer to `{case}` but {answer:?}")))
            }
            Self::Program(command) => {
                let case = (!case.is_empty()).then_some(case);
                let mut program = Command::new(&command[0]);
                program.args(&command[1..]).args(case);
                let start = Instant::now();
                for _ in 0..iterations {
                    let status = program.status()?;
                    if !status.success() {
                        return Err(io::Error::other(format!("{}: {status}", command.join(" "))));
                    }
                }
                Ok(start.elapsed().as_secs_f64() * 1e9)
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Self::Answering { process, .. } = self {
            // It ends when its input does; where it cannot, there is nobody left to ask.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
