//! What the verification of an envelope returns.

use crate::convert::{mapping, object_from_json, quoted, to_json};
use crate::evidence::{PySignedTime, PyVerifiedCertificateTimestamp, PyVerifiedLogEntry, tuple};
use crate::statement::PyStatement;
use countermark::{
    AnyBundlePolicy, Claim, SignedTime, Statement, VerifiedCertificateTimestamp, VerifiedEnvelope,
    VerifiedLogEntry, Warning,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMappingProxy, PyTuple};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;

/// An envelope whose signature was verified, by ``Verifier.verify_envelope``: who signed this payload, and when. **It says
/// nothing about any artifact**, and is no ``Verified``; whoever reads the payload decides what it is about.
///
/// Only a ``Verifier`` makes one.
#[pyclass(frozen, name = "VerifiedEnvelope", module = "countermark")]
pub(crate) struct PyVerifiedEnvelope {
    payload_type: String,
    payload: Vec<u8>,
    statement: Option<Statement>,
    claims: Vec<(Claim, String)>,
    leaf: Vec<u8>,
    key_name: Option<String>,
    instance: String,
    times: Vec<SignedTime>,
    log_entries: Vec<VerifiedLogEntry>,
    certificate_timestamps: Vec<VerifiedCertificateTimestamp>,
    warnings: Vec<Warning>,
}

impl PyVerifiedEnvelope {
    pub(crate) fn new(verified: &VerifiedEnvelope<'_>, policy: AnyBundlePolicy<'_>) -> Self {
        let claims = verified.claims();
        let wanted = match policy {
            AnyBundlePolicy::Signer(policy) => policy.claims(),
            AnyBundlePolicy::Keys(_) => &[],
        };
        let custom = wanted.iter().map(|(claim, _)| *claim).filter(|claim| matches!(claim, Claim::Custom(_)));
        let custom = custom.filter_map(|claim| Some((claim, claims.get(&claim)?)));
        Self {
            payload_type: verified.payload_type().to_owned(),
            payload: verified.payload().to_vec(),
            statement: verified.statement().cloned(),
            claims: claims.iter().chain(custom).map(|(claim, value)| (claim, value.to_owned())).collect(),
            leaf: verified.leaf().to_vec(),
            key_name: verified.key_name().map(str::to_owned),
            instance: verified.instance().to_owned(),
            times: verified.times().to_vec(),
            log_entries: verified.log_entries().to_vec(),
            certificate_timestamps: verified.certificate_timestamps().to_vec(),
            warnings: verified.warnings().to_vec(),
        }
    }

    fn claim_texts(&self) -> impl Iterator<Item = (String, &str)> {
        self.claims.iter().map(|(claim, value)| (claim.to_string(), value.as_str()))
    }
}

/// There is no verdict in it, which would be taken for one on an artifact.
impl Serialize for PyVerifiedEnvelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("instance", &self.instance)?;
        map.serialize_entry("payload_type", &self.payload_type)?;
        if let Some(name) = &self.key_name {
            map.serialize_entry("key", name)?;
        }
        map.serialize_entry("times", &self.times)?;
        map.serialize_entry("log_entries", &self.log_entries)?;
        map.serialize_entry("certificate_timestamps", &self.certificate_timestamps)?;
        if let Some(statement) = &self.statement {
            map.serialize_entry("predicate_type", statement.predicate_type())?;
        }
        map.serialize_entry("claims", &self.claim_texts().collect::<BTreeMap<_, _>>())?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}

#[pymethods]
impl PyVerifiedEnvelope {
    /// What the payload says it is.
    #[getter]
    fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The payload, byte for byte as it was signed.
    #[getter]
    fn payload<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.payload)
    }

    /// The payload as an in-toto statement, if it is one. None of its subjects was compared with anything.
    #[getter]
    fn statement(&self) -> Option<PyStatement> {
        self.statement.clone().map(PyStatement)
    }

    /// The claims of the signer's certificate, name to text, with the custom claims that the policy named.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.claim_texts())
    }

    /// The signer's certificate in DER; empty if a key of the policy's signed.
    #[getter]
    fn leaf<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.leaf)
    }

    /// The name of the policy's key that signed, if one did and has a name.
    #[getter]
    fn key_name(&self) -> Option<&str> {
        self.key_name.as_deref()
    }

    /// The name of the instance that was believed.
    #[getter]
    fn instance(&self) -> &str {
        &self.instance
    }

    /// The times that somebody signed.
    #[getter]
    fn times<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PySignedTime>(py, &self.times)
    }

    /// The entries of transparency logs that were verified.
    #[getter]
    fn log_entries<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyVerifiedLogEntry>(py, &self.log_entries)
    }

    /// The timestamps of certificate logs that were verified.
    #[getter]
    fn certificate_timestamps<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        tuple::<_, PyVerifiedCertificateTimestamp>(py, &self.certificate_timestamps)
    }

    /// What was not asked for, and perhaps should have been.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.warnings.iter().map(|warning| warning.name()))
    }

    /// The result as JSON, without the payload, for logs and dashboards.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, self)
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (kind, instance) = (quoted(py, &self.payload_type)?, quoted(py, &self.instance)?);
        Ok(format!("<countermark.VerifiedEnvelope payload_type={kind} instance={instance}>"))
    }

    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a VerifiedEnvelope cannot be pickled or copied, because only a verifier makes one; keep its payload, or verify again",
        ))
    }
}
