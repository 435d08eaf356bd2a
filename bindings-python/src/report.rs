//! Every check's outcome.

use crate::convert::{mapping, object_from_json, quoted, to_json};
use crate::error::rejected_instance;
use crate::evidence::{PyTimestampOutcome, tuple};
use countermark::{CheckOutcome, Outcome, Reason, Report};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyMappingProxy, PyTuple};

/// Every check's outcome, from ``Verifier.examine``: of the entry that was verified, or else of the newest.
///
/// It is for looking, not for deciding: it has no truth value, and a program that decides calls ``verify``,
/// whose refusal cannot be overlooked. As text it is a short table.
#[pyclass(frozen, eq, name = "Report", module = "countermark")]
#[derive(PartialEq)]
pub(crate) struct PyReport(pub(crate) Report);

#[pymethods]
impl PyReport {
    /// The artifact's name.
    #[getter]
    fn artifact_name(&self) -> &str {
        self.0.artifact_name().as_str()
    }

    /// The name of the code that ``verify`` would give: ``"verified"``, or why not.
    #[getter]
    fn verdict(&self) -> &'static str {
        self.0.verdict().name()
    }

    /// The ten checks, in order.
    #[getter]
    fn checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyCheckOutcome>(py, &self.0.checks())
    }

    /// Which of the entries given the checks concern, counted from zero; None if none matched.
    #[getter]
    fn entry_index(&self) -> Option<usize> {
        self.0.entry()
    }

    /// When that entry's signature was made, by the log's word; RFC 3339.
    #[getter]
    fn timestamp(&self) -> Option<String> {
        self.0.timestamp().map(|timestamp| timestamp.to_string())
    }

    /// The signed timestamps of that entry, each by itself.
    #[getter]
    fn timestamps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyTimestampOutcome>(py, self.0.timestamps())
    }

    /// The claims of that entry's certificate, name to text; certified by nobody if the chain check failed.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.0.claims().iter().map(|(name, value)| (name, value)))
    }

    /// The rejections of the other candidates, if the artifact is refused.
    #[getter]
    fn others<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let others: Vec<_> =
            self.0.others().iter().map(|other| rejected_instance(py, other)).collect::<PyResult<_>>()?;
        PyTuple::new(py, others)
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
            "a Report is for looking, not for deciding: call verify, or compare its verdict",
        ))
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.Report {} verdict='{}'>", quoted(py, self.artifact_name())?, self.verdict()))
    }
}

/// One check of a ``Report`` or ``BundleReport`` and what came of it.
#[pyclass(frozen, eq, name = "CheckOutcome", module = "countermark")]
#[derive(PartialEq)]
pub(crate) struct PyCheckOutcome(CheckOutcome);

impl From<&CheckOutcome> for PyCheckOutcome {
    fn from(outcome: &CheckOutcome) -> Self {
        Self(outcome.clone())
    }
}

impl PyCheckOutcome {
    fn reason(&self) -> Option<&Reason> {
        match self.0.outcome() {
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

#[pymethods]
impl PyCheckOutcome {
    /// The check's name.
    #[getter]
    fn check(&self) -> &'static str {
        self.0.check().name()
    }

    /// ``"passed"``, ``"failed"``, or ``"not_judged"`` because of what an earlier check found.
    #[getter]
    fn outcome(&self) -> &'static str {
        match self.0.outcome() {
            Outcome::Passed => "passed",
            Outcome::Failed(_) => "failed",
            _ => "not_judged",
        }
    }

    /// The code, if it failed.
    #[getter]
    fn code(&self) -> Option<&'static str> {
        self.reason().map(|reason| reason.code().name())
    }

    /// What exactly was found, if it failed.
    #[getter]
    fn detail(&self) -> Option<String> {
        self.reason().map(ToString::to_string)
    }

    /// What to do about it, if it failed.
    #[getter]
    fn remedy(&self) -> Option<&'static str> {
        self.reason().map(Reason::remedy)
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err("a CheckOutcome is for looking, not for deciding: compare its outcome"))
    }

    fn __repr__(&self) -> String {
        format!("<countermark.CheckOutcome {} {}>", self.check(), self.outcome())
    }
}
