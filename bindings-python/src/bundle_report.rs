//! Every check's outcome of a bundle.

use crate::convert::{mapping, object_from_json, quoted, to_json};
use crate::error::rejected_instance;
use crate::evidence::{PyEvidenceOutcome, tuple};
use crate::report::PyCheckOutcome;
use countermark::BundleReport;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyMappingProxy, PyTuple};

/// Every check's outcome, from ``Verifier.examine_bundle``, and every signed timestamp, log entry and certificate timestamp
/// by itself: under the instance that verified the bundle, or else the one under which it came furthest.
///
/// It is for looking, not for deciding: it has no truth value, and a program that decides calls ``verify_bundle``,
/// whose refusal cannot be overlooked. As text it is a short table.
#[pyclass(frozen, eq, name = "BundleReport", module = "countermark")]
#[derive(PartialEq)]
pub(crate) struct PyBundleReport(pub(crate) BundleReport);

#[pymethods]
impl PyBundleReport {
    /// The artifact: its name or a digest.
    #[getter]
    fn artifact(&self) -> &str {
        self.0.artifact()
    }

    /// The name of the code that ``verify_bundle`` would give: ``"verified"``, or why not.
    #[getter]
    fn verdict(&self) -> &'static str {
        self.0.verdict().name()
    }

    /// The instance that the checks are about; None if none may judge.
    #[getter]
    fn instance(&self) -> Option<&str> {
        self.0.instance()
    }

    /// The checks, in order.
    #[getter]
    fn checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyCheckOutcome>(py, self.0.checks())
    }

    /// Every signed timestamp, log entry and certificate timestamp by itself.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyEvidenceOutcome>(py, self.0.evidence())
    }

    /// Whether the instance knows nobody who vouches for the bundle: it is probably another instance's.
    #[getter]
    fn is_of_another_instance(&self) -> bool {
        self.0.is_of_another_instance()
    }

    /// What the certificate claims, name to text; believed only if the verdict is ``"verified"``.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.0.claims().iter().map(|(name, value)| (name, value)))
    }

    /// Why the bundle is refused, if it is; those of other instances are its ``others``.
    #[getter]
    fn rejection<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.rejection().map(|rejection| rejected_instance(py, rejection)).transpose()
    }

    /// What was not asked for, and perhaps should have been.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.warnings().iter().map(|warning| warning.name()))
    }

    /// The report as JSON, for dashboards.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err(
            "a BundleReport is for looking, not for deciding: call verify_bundle, or compare its verdict",
        ))
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let artifact = quoted(py, self.artifact())?;
        Ok(format!("<countermark.BundleReport {artifact} verdict='{}'>", self.verdict()))
    }
}
