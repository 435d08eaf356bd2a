//! A log in memory.

use crate::convert::{quoted, text};
use crate::entry::PyEntry;
use crate::error::{failed, wrong_type};
use countermark::{Code, Log, LogError};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The entries of one tenant's namespace, in memory: append-only, and indexed by artifact name.
///
/// Nothing is ever deleted, and of an entry nothing ever changes but that it becomes revoked. One log may be
/// used from many threads.
#[pyclass(frozen, name = "Log", module = "countermark")]
pub(crate) struct PyLog(RwLock<Versioned>);

struct Versioned {
    log: Log,
    /// How often it was changed.
    version: u64,
}

impl PyLog {
    // While the lock is held no Python code runs, so that it is never waited for with the interpreter's lock
    // in another's hands. What poisons it, a panic between the steps of `append`, leaves entries that `find`
    // does not know; there is none.
    fn read(&self) -> RwLockReadGuard<'_, Versioned> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its entries, and the version of the log that has these.
    pub(crate) fn snapshot(&self) -> (Vec<PyEntry>, u64) {
        let held = self.read();
        (held.log.iter().cloned().map(PyEntry).collect(), held.version)
    }

    pub(crate) fn version(&self) -> u64 {
        self.read().version
    }

    /// What the change counts for, however it ends: one that failed has perhaps changed something.
    fn change<T>(&self, change: impl FnOnce(&mut Log) -> T) -> T {
        let mut held = self.write();
        held.version = held.version.wrapping_add(1);
        change(&mut held.log)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Versioned> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn raise(py: Python<'_>, error: &LogError) -> PyErr {
    match error.code() {
        Code::MalformedEntry => crate::error::refused(py, Code::MalformedEntry, &error.to_string()),
        code => failed(py, code, &error.to_string()),
    }
}

#[pymethods]
impl PyLog {
    #[new]
    fn new(namespace: &Bound<'_, PyAny>) -> PyResult<Self> {
        let log = Log::new(text(namespace, "namespace", Code::InvalidArgument)?);
        Ok(Self(RwLock::new(Versioned { log, version: 0 })))
    }

    /// The namespace of all its entries.
    #[getter]
    fn namespace(&self) -> String {
        self.read().log.namespace().to_owned()
    }

    /// Appends an entry. Signing the same name again makes another entry.
    ///
    /// Raises ``MalformedInput`` if the entry is of another namespace.
    fn append(&self, py: Python<'_>, entry: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(entry) = entry.cast::<PyEntry>() else { return Err(wrong_type(entry, "entry", "Entry")) };
        let entry = entry.get().0.clone();
        let result = self.change(|log| log.append(entry));
        result.map_err(|error| raise(py, &error))
    }

    /// Every entry of an artifact, in the order in which they were appended; for ``Verifier.verify``.
    fn find(&self, artifact_name: &Bound<'_, PyAny>) -> PyResult<Vec<PyEntry>> {
        let name = text(artifact_name, "artifact_name", Code::MalformedName)?;
        Ok(self.read().log.find(name).cloned().map(PyEntry).collect())
    }

    /// Revokes the signatures of an artifact that were made from a ref, and returns how many there are.
    ///
    /// It marks every entry of that name whose certificate carries that ``source_repository_ref``. What the
    /// entry itself recorded does not matter, and an unreadable certificate matches every ref. Raises
    /// ``CountermarkError`` with the code ``no_signature`` if there is no such entry.
    fn revoke_signature(
        &self,
        py: Python<'_>,
        artifact_name: &Bound<'_, PyAny>,
        source_repository_ref: &Bound<'_, PyAny>,
    ) -> PyResult<usize> {
        let name = text(artifact_name, "artifact_name", Code::MalformedName)?;
        let reference = text(source_repository_ref, "source_repository_ref", Code::InvalidArgument)?;
        let result = self.change(|log| log.revoke_signature(name, &reference));
        result.map_err(|error| raise(py, &error))
    }

    fn __len__(&self) -> usize {
        self.read().log.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        let (entries, _) = self.snapshot();
        let entries: Vec<Bound<'py, PyEntry>> =
            entries.into_iter().map(|entry| Bound::new(py, entry)).collect::<PyResult<_>>()?;
        PyList::new(py, entries)?.try_iter()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (namespace, count) = (self.namespace(), self.__len__());
        Ok(format!("<countermark.Log namespace={} entries={count}>", quoted(py, &namespace)?))
    }
}
