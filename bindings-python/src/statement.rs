//! in-toto statements.

use crate::convert::{mapping, object_from_json, quoted};
use countermark::{Statement, StatementSubject, UnverifiedStatement};
use pyo3::prelude::*;
use pyo3::types::{PyMappingProxy, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An in-toto statement of version 0.1 or 1: something that is said (the predicate) about artifacts (the subjects).
#[pyclass(frozen, eq, name = "Statement", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyStatement(pub(crate) Statement);

#[pymethods]
impl PyStatement {
    /// What kind of predicate it is, usually a URI: ``https://slsa.dev/provenance/v1``.
    #[getter]
    fn predicate_type(&self) -> &str {
        self.0.predicate_type()
    }

    /// What it is about, at least one.
    #[getter]
    fn subjects<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let subjects: Vec<_> = self
            .0
            .subjects()
            .iter()
            .map(|subject| Bound::new(py, PyStatementSubject(subject.clone())))
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, subjects)
    }

    /// The predicate, as ``json.loads`` reads it; None if there is none.
    #[getter]
    fn predicate<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.predicate_json().map(|json| object_from_json(py, json)).transpose()
    }

    /// The predicate's JSON as it stands in the statement; None if there is none.
    #[getter]
    fn predicate_json(&self) -> Option<&str> {
        self.0.predicate_json()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let subjects = self.0.subjects().len();
        Ok(format!("<countermark.Statement {} subjects={subjects}>", quoted(py, self.predicate_type())?))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.predicate_type().hash(&mut hasher);
        self.0.subjects().len().hash(&mut hasher);
        hasher.finish()
    }
}

/// An artifact that a ``Statement`` is about.
#[pyclass(frozen, eq, name = "StatementSubject", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyStatementSubject(StatementSubject);

#[pymethods]
impl PyStatementSubject {
    /// The name, if it has one: a file name, a package URL, whatever the predicate's type demands.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// The URI, if it has one.
    #[getter]
    fn uri(&self) -> Option<&str> {
        self.0.uri()
    }

    /// Its digests as they stand, algorithm to text; the algorithm may be any.
    #[getter]
    fn digests<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.0.digests())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let what = self.0.name().or(self.0.uri()).unwrap_or_default();
        Ok(format!("<countermark.StatementSubject {}>", quoted(py, what)?))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.name().hash(&mut hasher);
        self.uri().hash(&mut hasher);
        hasher.finish()
    }
}

/// A statement whose signature nobody has verified: anybody may have written it, about anything.
///
/// A ``Verified`` has the ``Statement`` that was verified; here it stands behind a word that says so.
#[pyclass(frozen, eq, name = "UnverifiedStatement", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyUnverifiedStatement(pub(crate) UnverifiedStatement);

#[pymethods]
impl PyUnverifiedStatement {
    /// What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart.
    #[getter]
    fn unverified(&self) -> PyStatement {
        PyStatement(self.0.unverified().clone())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.UnverifiedStatement {}>", quoted(py, self.0.unverified().predicate_type())?))
    }

    fn __hash__(&self) -> u64 {
        self.unverified().__hash__()
    }
}
