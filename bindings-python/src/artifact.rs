//! An artifact among a call's arguments.

use crate::convert::{OrRaise, items, text};
use crate::digest::PyDigest;
use crate::error::{detached, invalid_argument, refused, wrong_type};
use countermark::{Artifact, ArtifactDigester, ArtifactName, Code};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyMapping, PyMemoryView, PyString};

const WANTED: &str =
    "bytes, a path-like object, a binary file, a Digest, a list of Digests, or str (an artifact name)";

/// An artifact that can be read without the interpreter's lock.
pub(crate) enum GivenArtifact {
    Bytes(PyBackedBytes),
    Digests(Artifact<'static>),
}

impl GivenArtifact {
    /// That of an argument, which is called this. A file is read to its end.
    pub(crate) fn new(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let py = value.py();
        if value.is_instance_of::<PyBytes>() || value.is_instance_of::<PyByteArray>() {
            return Ok(Self::Bytes(value.extract()?));
        }
        if value.is_instance_of::<PyMemoryView>() {
            return Ok(Self::Bytes(value.call_method0("tobytes")?.extract()?));
        }
        // Before paths: a text that is also a path must not be taken for what it does not say that it is.
        if value.is_instance_of::<PyString>() {
            return named(value, what).map(|name| Self::Digests(Artifact::from_name(&name)));
        }
        if let Ok(digest) = value.cast::<PyDigest>() {
            return Ok(Self::Digests(Artifact::from(digest.get().0)));
        }
        if value.get_type().hasattr("__fspath__")? {
            return of_path(value).map(Self::Digests);
        }
        if value.hasattr("read")? {
            return of_stream(value, what).map(Self::Digests);
        }
        if value.cast::<PyMapping>().is_ok() {
            return Err(wrong_type(value, what, WANTED));
        }
        let mut digests = Vec::new();
        for item in items(value, what, WANTED)? {
            match item.cast::<PyDigest>() {
                Ok(digest) => digests.push(digest.get().0),
                Err(_) => return Err(wrong_type(&item, &format!("an item of {what}"), "Digest")),
            }
        }
        Artifact::from_digests(digests).or_raise(py).map(Self::Digests)
    }

    pub(crate) fn artifact(&self) -> Artifact<'_> {
        match self {
            Self::Bytes(bytes) => Artifact::from_bytes(bytes),
            Self::Digests(artifact) => artifact.clone(),
        }
    }
}

fn named(value: &Bound<'_, PyAny>, what: &str) -> PyResult<ArtifactName> {
    text(value, what, Code::MalformedName)?.parse().map_err(|error: countermark::MalformedInput| {
        let detail = format!(
            "{what} is a str, which is an artifact's name, and is none: {}; give a file as a pathlib.Path and a digest as a Digest",
            error.detail()
        );
        refused(value.py(), error.code(), &detail)
    })
}

fn of_path(path: &Bound<'_, PyAny>) -> PyResult<Artifact<'static>> {
    let py = path.py();
    let unbuffered = PyDict::new(py);
    unbuffered.set_item("buffering", 0)?;
    let file = py.import("io")?.call_method("open", (path, "rb"), Some(&unbuffered))?;
    let digested = digest(&file).map(|(artifact, _)| artifact);
    let closed = file.call_method0("close");
    let artifact = digested?;
    closed.map(|_| artifact)
}

/// What is left in a stream that was read before is another artifact, and may well be nothing.
fn of_stream(stream: &Bound<'_, PyAny>, what: &str) -> PyResult<Artifact<'static>> {
    let py = stream.py();
    let position = match stream.call_method0("tell") {
        Ok(position) => position.extract::<u64>().ok(),
        // A stream that cannot tell raises, by its own kind of exception.
        Err(error) if error.is_instance_of::<PyException>(py) => None,
        Err(error) => return Err(error),
    };
    if position.is_some_and(|position| position > 0) {
        return Err(invalid_argument(
            py,
            &format!("{what} is a file that was read before; seek(0) to its beginning"),
        ));
    }
    let (artifact, is_empty) = digest(stream)?;
    if is_empty && position.is_none() {
        return Err(invalid_argument(
            py,
            &format!(
                "{what} is a stream with nothing in it, perhaps because it was read before; an empty artifact is b\"\""
            ),
        ));
    }
    Ok(artifact)
}

/// The digests of what is in a stream, and whether that is nothing.
fn digest(stream: &Bound<'_, PyAny>) -> PyResult<(Artifact<'static>, bool)> {
    const PIECE: usize = 1024 * 1024;
    let py = stream.py();
    let read = stream.getattr("read")?;
    let mut digester = ArtifactDigester::new();
    let mut is_empty = true;
    loop {
        py.check_signals()?;
        let piece = read.call1((PIECE,))?;
        if !(piece.is_instance_of::<PyBytes>() || piece.is_instance_of::<PyByteArray>()) {
            // None of a stream that does not block is not its end, either.
            return Err(wrong_type(&piece, "what the artifact's read() returns", "bytes (of a binary file)"));
        }
        let piece: PyBackedBytes = piece.extract()?;
        if piece.is_empty() {
            return Ok((digester.finish(), is_empty));
        }
        is_empty = false;
        detached(py, || digester.update(&piece))?;
    }
}
