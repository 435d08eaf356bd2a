//! What vouched for a signature, and what came of each item.

use crate::convert::quoted;
use countermark::{
    EvidenceOutcome, SignedTime, TimestampOutcome, VerifiedCertificateTimestamp, VerifiedLogEntry,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A tuple of what these are for Python.
pub(crate) fn tuple<'py, T, P>(py: Python<'py>, values: &[T]) -> PyResult<Bound<'py, PyTuple>>
where
    P: for<'a> From<&'a T> + pyo3::PyClass + Into<pyo3::PyClassInitializer<P>>,
{
    let values: Vec<_> =
        values.iter().map(|value| Bound::new(py, P::from(value))).collect::<PyResult<_>>()?;
    PyTuple::new(py, values)
}

/// A time at which a signature was there, and whose word that is.
#[pyclass(frozen, eq, hash, get_all, name = "SignedTime", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PySignedTime {
    /// When the signature was there; RFC 3339 in UTC.
    time: String,
    /// What vouches for it: ``"timestamp_authority"`` or ``"log"``.
    voucher: &'static str,
    /// Who that is, for people: the subject of a timestamp authority's signer, or the log.
    authority: String,
}

impl From<&SignedTime> for PySignedTime {
    fn from(signed: &SignedTime) -> Self {
        Self {
            time: signed.time().to_string(),
            voucher: signed.voucher().name(),
            authority: signed.authority().to_owned(),
        }
    }
}

#[pymethods]
impl PySignedTime {
    fn __repr__(&self) -> String {
        format!("<countermark.SignedTime '{}' voucher='{}'>", self.time, self.voucher)
    }
}

/// An entry of a transparency log that was verified: it is in the log, and about this very signature.
#[pyclass(frozen, eq, hash, get_all, name = "VerifiedLogEntry", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyVerifiedLogEntry {
    /// The log, by the origin of its checkpoint, or else by its base URL.
    log: String,
    /// The entry's index in the log; None if nobody vouches for it.
    log_index: Option<u64>,
    /// The size of the tree that the log signed and that has the entry; None if the log only promised to have it.
    tree_size: Option<u64>,
    /// When the log promised to have it; RFC 3339. None if it did not.
    integrated_time: Option<String>,
}

impl From<&VerifiedLogEntry> for PyVerifiedLogEntry {
    fn from(entry: &VerifiedLogEntry) -> Self {
        Self {
            log: entry.log().to_owned(),
            log_index: entry.log_index(),
            tree_size: entry.tree_size(),
            integrated_time: entry.integrated_time().map(|time| time.to_string()),
        }
    }
}

#[pymethods]
impl PyVerifiedLogEntry {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let index = self.log_index.map_or_else(|| "None".to_owned(), |index| index.to_string());
        Ok(format!("<countermark.VerifiedLogEntry {} log_index={index}>", quoted(py, &self.log)?))
    }
}

/// A timestamp of a certificate log in the signer's certificate that was verified: the log knows the certificate.
#[pyclass(frozen, eq, hash, get_all, name = "VerifiedCertificateTimestamp", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyVerifiedCertificateTimestamp {
    /// The log, by its base URL.
    log: String,
    /// When the log was given the certificate; RFC 3339.
    time: String,
}

impl From<&VerifiedCertificateTimestamp> for PyVerifiedCertificateTimestamp {
    fn from(timestamp: &VerifiedCertificateTimestamp) -> Self {
        Self { log: timestamp.log().to_owned(), time: timestamp.time().to_string() }
    }
}

#[pymethods]
impl PyVerifiedCertificateTimestamp {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.VerifiedCertificateTimestamp {} '{}'>", quoted(py, &self.log)?, self.time))
    }
}

/// One signed timestamp of a ``Report``'s entry and what came of it.
#[pyclass(frozen, eq, hash, get_all, name = "TimestampOutcome", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyTimestampOutcome {
    /// Who signed it, if it counts: the subject of the timestamp authority's signer.
    authority: Option<String>,
    /// When it says that the signature was there, if it can be read; RFC 3339. It is believed only if it counts.
    time: Option<String>,
    /// Why it does not count; None if it does.
    fault: Option<String>,
}

impl From<&TimestampOutcome> for PyTimestampOutcome {
    fn from(outcome: &TimestampOutcome) -> Self {
        Self {
            authority: outcome.authority().map(str::to_owned),
            time: outcome.time().map(|time| time.to_string()),
            fault: outcome.fault().map(str::to_owned),
        }
    }
}

#[pymethods]
impl PyTimestampOutcome {
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err("a TimestampOutcome is for looking, not for deciding: compare its fault"))
    }

    fn __repr__(&self) -> String {
        let outcome = if self.fault.is_none() { "counts" } else { "does not count" };
        format!("<countermark.TimestampOutcome {outcome}>")
    }
}

/// One signed timestamp, log entry or certificate timestamp of a ``BundleReport`` and what came of it.
#[pyclass(frozen, eq, hash, get_all, name = "EvidenceOutcome", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyEvidenceOutcome {
    /// What it is: ``"timestamp"``, ``"log_entry"`` or ``"certificate_timestamp"``.
    kind: &'static str,
    /// Which of its kind, counted from zero.
    position: usize,
    /// ``"good"``, ``"bad"``, or ``"unknown"``: the instance does not know whose it is.
    outcome: &'static str,
    /// Whose word it is, if it is good.
    whose: Option<String>,
    /// The time that it vouches for, if it is good and vouches for one; RFC 3339.
    time: Option<String>,
    /// The code, if it is not good.
    code: Option<&'static str>,
    /// Why it is not good.
    detail: Option<String>,
}

impl From<&EvidenceOutcome> for PyEvidenceOutcome {
    fn from(outcome: &EvidenceOutcome) -> Self {
        Self {
            kind: outcome.kind().name(),
            position: outcome.position(),
            outcome: match (outcome.reason(), outcome.is_unknown()) {
                (None, _) => "good",
                (Some(_), true) => "unknown",
                (Some(_), false) => "bad",
            },
            whose: outcome.whose().map(str::to_owned),
            time: outcome.time().map(|time| time.to_string()),
            code: outcome.reason().map(|reason| reason.code().name()),
            detail: outcome.reason().map(ToString::to_string),
        }
    }
}

#[pymethods]
impl PyEvidenceOutcome {
    fn __bool__(&self) -> PyResult<bool> {
        Err(PyTypeError::new_err("an EvidenceOutcome is for looking, not for deciding: compare its outcome"))
    }

    fn __repr__(&self) -> String {
        format!("<countermark.EvidenceOutcome {} {} {}>", self.kind, self.position, self.outcome)
    }
}
