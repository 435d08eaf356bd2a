//! What a successful verification returns.

use crate::convert::{mapping, object_from_json, quoted, to_json};
use crate::entry::PyEntry;
use crate::evidence::{PySignedTime, PyVerifiedCertificateTimestamp, PyVerifiedLogEntry, tuple};
use crate::statement::PyStatement;
use countermark::{OwnedVerified, PathCertificate, Verified};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMappingProxy, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What a successful verification returns, and what was established by it.
///
/// Only a ``Verifier`` makes one: it cannot be constructed, subclassed, unpickled or copied. As text it is for
/// people: the statements that were established, warnings, the signature, its time and the provenance.
#[pyclass(frozen, name = "Verified", module = "countermark")]
pub(crate) struct PyVerified {
    /// Nothing is made for Python before it is asked for: most results are never looked at in detail.
    owned: OwnedVerified,
    entry: Option<Py<PyEntry>>,
}

impl PyVerified {
    pub(crate) fn new(owned: OwnedVerified, entry: Option<Py<PyEntry>>) -> Self {
        Self { owned, entry }
    }

    fn verified(&self) -> Verified<'_> {
        self.owned.verified()
    }
}

#[pymethods]
impl PyVerified {
    /// The artifact's name; None for a message and a bundle.
    #[getter]
    fn artifact_name(&self) -> Option<&str> {
        self.verified().entry().map(|entry| entry.artifact_name())
    }

    /// The entry that was verified; None for a message and a bundle.
    #[getter]
    fn entry<'py>(&self, py: Python<'py>) -> Option<&Bound<'py, PyEntry>> {
        self.entry.as_ref().map(|entry| entry.bind(py))
    }

    /// Which of the entries given that is, counted from zero; None for a message and a bundle.
    #[getter]
    fn entry_index(&self) -> Option<usize> {
        self.verified().entry_index()
    }

    /// The claims of the signer's certificate, name to text, with the custom claims that the policy or the
    /// provenance named.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        let verified = self.verified();
        let claims = verified.claims().iter().chain(verified.custom_claims().iter().copied());
        mapping(py, claims.map(|(claim, value)| (claim.to_string(), value)))
    }

    /// The signer's certificate in DER; empty if a key of the policy's signed.
    #[getter]
    fn leaf<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.verified().leaf())
    }

    /// From when to when the signer's certificate was valid; RFC 3339.
    #[getter]
    fn validity(&self) -> Option<(String, String)> {
        self.verified().validity().map(|(from, to)| (from.to_string(), to.to_string()))
    }

    /// The authorities of the path, from the leaf's issuer to the trust anchor, which is the last.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.verified().path().iter().map(PyPathCertificate::from).collect::<Vec<_>>())
    }

    /// The signature's DER.
    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.verified().signature())
    }

    /// When the signature was made; RFC 3339 in UTC, to the nanosecond. Of a bundle, the earliest time that somebody signed,
    /// or the caller's where there is none.
    #[getter]
    fn timestamp(&self) -> String {
        self.verified().timestamp().to_string()
    }

    /// What vouches for that time: ``"timestamp_authority"``, whose time then fits too; ``"recorded"``, the word of the log
    /// that had the entry and nothing else; of bundles also ``"log"``, the signed promise of a transparency log, or
    /// ``"caller"``, nobody but the caller.
    #[getter]
    fn time_voucher(&self) -> &'static str {
        self.verified().time_voucher().name()
    }

    /// The times that somebody signed, if any did.
    #[getter]
    fn times<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PySignedTime>(py, self.verified().times())
    }

    /// The name of the instance that was believed: a trusted root's, or ``"own"`` for the verifier's own anchors. None for
    /// an entry or a message.
    #[getter]
    fn instance(&self) -> Option<String> {
        self.verified().instance().map(str::to_owned)
    }

    /// The in-toto statement that was signed, if one was; of its subjects, one is the artifact.
    #[getter]
    fn statement(&self) -> Option<PyStatement> {
        self.verified().statement().cloned().map(PyStatement)
    }

    /// The entries of transparency logs that were verified, in the bundle's order.
    #[getter]
    fn log_entries<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyVerifiedLogEntry>(py, self.verified().log_entries())
    }

    /// The timestamps of certificate logs in the signer's certificate that were verified.
    #[getter]
    fn certificate_timestamps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyVerifiedCertificateTimestamp>(py, self.verified().certificate_timestamps())
    }

    /// Whether a key of the policy's signed, and no certificate: then there are no claims.
    #[getter]
    fn is_of_key(&self) -> bool {
        self.verified().is_of_key()
    }

    /// The name of the policy's key that signed, if one did and has a name.
    #[getter]
    fn key_name(&self) -> Option<String> {
        self.verified().key_name().map(str::to_owned)
    }

    /// What was not asked for, and perhaps should have been: ``"signer_unconstrained"`` if the policy
    /// requires no claim, so that anyone whom the issuer vouches for would have done; of bundles also
    /// ``"log_entries_not_asked"``, ``"signed_times_not_asked"``, ``"certificate_timestamps_not_asked"`` and
    /// ``"unknown_authorities_ignored"``.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.verified().warnings().iter().map(|warning| warning.name()))
    }

    /// The result as JSON, for logs and dashboards.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.verified())
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __str__(&self) -> String {
        self.verified().to_string()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let what = match self.artifact_name() {
            Some(name) => quoted(py, name)?,
            None if self.verified().instance().is_some() => "a bundle".to_owned(),
            None => "a message".to_owned(),
        };
        Ok(format!("<countermark.Verified {what} timestamp='{}'>", self.timestamp()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.owned == other.get().owned)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let verified = self.verified();
        verified.leaf().hash(&mut hasher);
        verified.signature().hash(&mut hasher);
        verified.timestamp().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a Verified cannot be pickled or copied, because only a verifier makes one; keep its to_json(), or verify again",
        ))
    }
}

/// An authority of a verified path.
#[pyclass(frozen, eq, hash, name = "PathCertificate", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyPathCertificate {
    der: Vec<u8>,
    subject: String,
    sha256: [u8; 32],
    origin: &'static str,
}

impl From<&PathCertificate<'_>> for PyPathCertificate {
    fn from(certificate: &PathCertificate<'_>) -> Self {
        Self {
            der: certificate.der().to_vec(),
            subject: certificate.subject(),
            sha256: certificate.sha256(),
            origin: certificate.origin().name(),
        }
    }
}

#[pymethods]
impl PyPathCertificate {
    /// The certificate in DER.
    #[getter]
    fn der<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.der)
    }

    /// Its subject, for people.
    #[getter]
    fn subject(&self) -> &str {
        &self.subject
    }

    /// The SHA-256 of its DER.
    #[getter]
    fn sha256<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.sha256)
    }

    /// Where it came from: ``"entry"``, ``"known_intermediate"`` or ``"trust_anchor"``.
    #[getter]
    fn origin(&self) -> &'static str {
        self.origin
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.PathCertificate {} origin='{}'>", quoted(py, &self.subject)?, self.origin))
    }
}
