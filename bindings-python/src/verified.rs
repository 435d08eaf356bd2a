//! What a successful verification returns.

use crate::convert::{mapping, object_from_json, quoted};
use crate::entry::PyEntry;
use countermark::Verified;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMappingProxy, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A result with its own copy of what it was made from, so that it may outlive it. Only a result of the core
/// makes one.
#[derive(PartialEq, Eq)]
pub(crate) struct Established {
    pub(crate) entry_index: Option<usize>,
    artifact_name: Option<String>,
    claims: Vec<(String, String)>,
    leaf: Vec<u8>,
    validity: Option<(String, String)>,
    path: Vec<PyPathCertificate>,
    signature: Vec<u8>,
    timestamp: String,
    time_voucher: &'static str,
    warnings: Vec<&'static str>,
    text: String,
    json: Result<String, String>,
}

impl Established {
    pub(crate) fn by(verified: &Verified<'_>) -> Self {
        let claims = verified.claims().iter().chain(verified.custom_claims().iter().copied());
        Self {
            entry_index: verified.entry_index(),
            artifact_name: verified.entry().map(|entry| entry.artifact_name().to_owned()),
            claims: claims.map(|(claim, value)| (claim.to_string(), value.to_owned())).collect(),
            leaf: verified.leaf().to_vec(),
            validity: verified.validity().map(|(from, to)| (from.to_string(), to.to_string())),
            path: verified
                .path()
                .iter()
                .map(|certificate| PyPathCertificate {
                    der: certificate.der().to_vec(),
                    subject: certificate.subject(),
                    sha256: certificate.sha256(),
                    origin: certificate.origin().name(),
                })
                .collect(),
            signature: verified.signature().to_vec(),
            timestamp: verified.timestamp().to_string(),
            time_voucher: verified.time_voucher().name(),
            warnings: verified.warnings().iter().map(|warning| warning.name()).collect(),
            text: verified.to_string(),
            json: serde_json::to_string(verified).map_err(|error| error.to_string()),
        }
    }
}

/// What a successful verification returns, and what was established by it.
///
/// Only a ``Verifier`` makes one: it cannot be constructed, subclassed, unpickled or copied. As text it is for
/// people: the statements that were established, warnings, the signature, its time and the provenance.
#[pyclass(frozen, name = "Verified", module = "countermark")]
pub(crate) struct PyVerified {
    established: Established,
    entry: Option<Py<PyEntry>>,
}

impl PyVerified {
    pub(crate) fn new(established: Established, entry: Option<Py<PyEntry>>) -> Self {
        Self { established, entry }
    }
}

#[pymethods]
impl PyVerified {
    /// The artifact's name; None for a message.
    #[getter]
    fn artifact_name(&self) -> Option<&str> {
        self.established.artifact_name.as_deref()
    }

    /// The entry that was verified; None for a message.
    #[getter]
    fn entry<'py>(&self, py: Python<'py>) -> Option<&Bound<'py, PyEntry>> {
        self.entry.as_ref().map(|entry| entry.bind(py))
    }

    /// Which of the entries given that is, counted from zero; None for a message.
    #[getter]
    fn entry_index(&self) -> Option<usize> {
        self.established.entry_index
    }

    /// The claims of the signer's certificate, name to text, with the custom claims that the policy or the
    /// provenance named.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.established.claims.iter().map(|(name, value)| (name, value)))
    }

    /// The signer's certificate in DER.
    #[getter]
    fn leaf<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.established.leaf)
    }

    /// From when to when the signer's certificate was valid; RFC 3339.
    #[getter]
    fn validity(&self) -> Option<(&str, &str)> {
        self.established.validity.as_ref().map(|(from, to)| (from.as_str(), to.as_str()))
    }

    /// The authorities of the path, from the leaf's issuer to the trust anchor, which is the last.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let path: Vec<_> = self
            .established
            .path
            .iter()
            .map(|certificate| Bound::new(py, certificate.clone()))
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, path)
    }

    /// The signature's DER.
    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.established.signature)
    }

    /// When the signature was made; RFC 3339 in UTC, to the nanosecond.
    #[getter]
    fn timestamp(&self) -> &str {
        &self.established.timestamp
    }

    /// What vouches for that time: ``"recorded"``, the log's word and nothing else.
    #[getter]
    fn time_voucher(&self) -> &'static str {
        self.established.time_voucher
    }

    /// What was not asked for, and perhaps should have been: ``"signer_unconstrained"`` if the policy
    /// requires no claim, so that anyone whom the issuer vouches for would have done.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.established.warnings)
    }

    /// The result as JSON, for logs and dashboards.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        self.established.json.clone().map_err(|error| {
            crate::error::failed(py, countermark::Code::Internal, &format!("no JSON: {error}"))
        })
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __str__(&self) -> &str {
        &self.established.text
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let what = match &self.established.artifact_name {
            Some(name) => quoted(py, name)?,
            None => "a message".to_owned(),
        };
        Ok(format!("<countermark.Verified {what} timestamp='{}'>", self.established.timestamp))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.established == other.get().established)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.established.artifact_name.hash(&mut hasher);
        self.established.signature.hash(&mut hasher);
        self.established.timestamp.hash(&mut hasher);
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
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct PyPathCertificate {
    der: Vec<u8>,
    subject: String,
    sha256: [u8; 32],
    origin: &'static str,
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
