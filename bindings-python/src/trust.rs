//! Whom a verifier trusts beside its anchors: trusted roots, logs, timestamp authorities.

use crate::convert::{
    Certificates, OrRaise, certificates, json_bytes, optional_bytes, optional_text, quoted, text, timestamp,
};
use crate::error::{detached, refused, wrong_type};
use countermark::evidence::LogKey;
use countermark::{Code, Period, PublicKey, Timestamp, TimestampAuthority, TrustedRoot};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

const CODE: Code = Code::MalformedTrustAnchor;

/// From when to when a key or an authority may be relied upon. Both ends are included, to the nanosecond.
///
/// ``start`` and ``end`` are str (RFC 3339) or aware datetimes; without ``end`` it has not ended.
#[pyclass(frozen, eq, hash, name = "Period", module = "countermark")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PyPeriod(pub(crate) Period);

impl Hash for PyPeriod {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.start().hash(state);
        self.0.end().hash(state);
    }
}

#[pymethods]
impl PyPeriod {
    #[new]
    #[pyo3(signature = (start, end=None))]
    fn new(start: &Bound<'_, PyAny>, end: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let start = timestamp(start, "start", Code::InvalidArgument)?;
        let end = end.map(|end| timestamp(end, "end", Code::InvalidArgument)).transpose()?;
        Ok(Self(Period::new(start, end)))
    }

    /// The first instant; RFC 3339.
    #[getter]
    fn start(&self) -> String {
        self.0.start().to_string()
    }

    /// The last instant; None if it has not ended.
    #[getter]
    fn end(&self) -> Option<String> {
        self.0.end().as_ref().map(Timestamp::to_string)
    }

    fn __repr__(&self) -> String {
        match self.end() {
            Some(end) => format!("Period('{}', '{end}')", self.start()),
            None => format!("Period('{}')", self.start()),
        }
    }

    fn __getnewargs__(&self) -> (String, Option<String>) {
        (self.start(), self.end())
    }
}

/// A `Period` among a call's arguments.
pub(crate) fn period(value: &Bound<'_, PyAny>) -> PyResult<Period> {
    match value.cast::<PyPeriod>() {
        Ok(period) => Ok(period.get().0),
        Err(_) => Err(wrong_type(value, "valid_for", "Period")),
    }
}

/// What one Sigstore instance is trusted for: authorities that certify signers, authorities that sign timestamps, logs
/// and certificate logs, each with the period in which it counts.
///
/// ``from_json`` reads one, ``trusted_roots_from_json_lines`` several. How the file got here, and whether it is the right
/// one, is the caller's to know. As text it tells what is in it.
#[pyclass(frozen, name = "TrustedRoot", module = "countermark")]
pub(crate) struct PyTrustedRoot {
    pub(crate) root: TrustedRoot,
    /// What it was read from, for pickling and equality.
    json: Arc<[u8]>,
}

#[pymethods]
impl PyTrustedRoot {
    /// Reads a trusted root of version 0.1 or 0.2 from JSON (str or bytes), strictly.
    ///
    /// Raises ``MalformedInput`` (code ``malformed_trusted_root``), which names the member.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = data.py();
        let json: Arc<[u8]> = json_bytes(data, "data", Code::MalformedTrustedRoot)?.into();
        let root = detached(py, || TrustedRoot::from_json(&json))?.or_raise(py)?;
        Ok(Self { root, json })
    }

    /// How many authorities certify signers.
    #[getter]
    fn certificate_authority_count(&self) -> usize {
        self.root.certificate_authority_count()
    }

    /// How many authorities sign timestamps.
    #[getter]
    fn timestamp_authority_count(&self) -> usize {
        self.root.timestamp_authority_count()
    }

    /// How many logs there are; one that is listed more than once is one.
    #[getter]
    fn log_count(&self) -> usize {
        self.root.log_count()
    }

    /// How many certificate logs there are; one that is listed more than once is one.
    #[getter]
    fn certificate_log_count(&self) -> usize {
        self.root.certificate_log_count()
    }

    fn __str__(&self) -> String {
        self.root.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<countermark.TrustedRoot {}>", self.root)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.json == other.get().json)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        self.json.hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (PyBytes::new(py, &self.json),)))
    }
}

/// Reads trusted roots from JSON Lines (str or bytes), as ``gh attestation trusted-root`` writes them: one root a line, each
/// an instance of its own.
///
/// Raises ``MalformedInput`` (code ``malformed_trusted_root``) for the first bad root, and if there is none.
#[pyfunction]
pub(crate) fn trusted_roots_from_json_lines(data: &Bound<'_, PyAny>) -> PyResult<Vec<PyTrustedRoot>> {
    let py = data.py();
    let json = json_bytes(data, "data", Code::MalformedTrustedRoot)?;
    let roots = detached(py, || countermark::trusted_roots_from_json_lines(&json))?.or_raise(py)?;
    let lines = json.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    Ok(roots.into_iter().zip(lines).map(|(root, line)| PyTrustedRoot { root, json: line.into() }).collect())
}

/// A log that is believed when bundles are judged under a verifier's own anchors: ``LogKey.rekor_v1``, ``rekor_v2`` or
/// ``certificate_log`` makes one.
///
/// - ``base_url`` tells the log in results; the host in that of a log of Rekor's second version is also the origin of its
///   checkpoints.
/// - ``public_key``: bytes (DER of a ``SubjectPublicKeyInfo``) or str (PEM).
/// - ``valid_for``: the ``Period`` in which the key counts. A log that is given again has several.
/// - ``operator``: of logs of one operator, one alone counts where several are demanded.
///
/// They raise ``MalformedInput`` if the key is not sound, or of a kind that is not verified.
#[pyclass(frozen, eq, hash, name = "LogKey", module = "countermark")]
pub(crate) struct PyLogKey {
    pub(crate) key: LogKey,
    made_by: &'static str,
}

impl PyLogKey {
    fn new(
        made_by: &'static str,
        [base_url, public_key, valid_for]: [&Bound<'_, PyAny>; 3],
        operator: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = base_url.py();
        let base_url = text(base_url, "base_url", CODE)?;
        let (public_key, period) = (self::public_key(public_key, CODE)?, period(valid_for)?);
        let key = match made_by {
            REKOR_V1 => LogKey::rekor_v1(&base_url, &public_key, period),
            REKOR_V2 => LogKey::rekor_v2(&base_url, &public_key, period),
            _ => LogKey::certificate_log(&base_url, &public_key, period),
        };
        let key = key.or_raise(py)?;
        Ok(match operator {
            Some(operator) => Self { key: key.operated_by(text(operator, "operator", CODE)?), made_by },
            None => Self { key, made_by },
        })
    }

    fn period(&self) -> Option<PyPeriod> {
        self.key.periods().first().copied().map(PyPeriod)
    }

    fn parts(&self) -> (&str, &str, &[u8], Option<PyPeriod>, Option<&str>) {
        (self.made_by, self.key.base_url(), self.key.public_key(), self.period(), self.key.operator())
    }
}

impl PartialEq for PyLogKey {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Hash for PyLogKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

const REKOR_V1: &str = "rekor_v1";
const REKOR_V2: &str = "rekor_v2";
const CERTIFICATE_LOG: &str = "certificate_log";

#[pymethods]
impl PyLogKey {
    /// A log of Rekor's first version.
    #[staticmethod]
    #[pyo3(signature = (base_url, public_key, valid_for, operator=None))]
    fn rekor_v1(
        base_url: &Bound<'_, PyAny>,
        public_key: &Bound<'_, PyAny>,
        valid_for: &Bound<'_, PyAny>,
        operator: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::new(REKOR_V1, [base_url, public_key, valid_for], operator)
    }

    /// A log of Rekor's second version.
    #[staticmethod]
    #[pyo3(signature = (base_url, public_key, valid_for, operator=None))]
    fn rekor_v2(
        base_url: &Bound<'_, PyAny>,
        public_key: &Bound<'_, PyAny>,
        valid_for: &Bound<'_, PyAny>,
        operator: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::new(REKOR_V2, [base_url, public_key, valid_for], operator)
    }

    /// A certificate log (RFC 6962).
    #[staticmethod]
    #[pyo3(signature = (base_url, public_key, valid_for, operator=None))]
    fn certificate_log(
        base_url: &Bound<'_, PyAny>,
        public_key: &Bound<'_, PyAny>,
        valid_for: &Bound<'_, PyAny>,
        operator: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Self::new(CERTIFICATE_LOG, [base_url, public_key, valid_for], operator)
    }

    /// Where the log is, as it was given.
    #[getter]
    fn base_url(&self) -> &str {
        self.key.base_url()
    }

    /// The DER of the key's ``SubjectPublicKeyInfo``.
    #[getter]
    fn public_key<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.key.public_key())
    }

    /// The period in which the key counts.
    #[getter]
    fn valid_for(&self) -> Option<PyPeriod> {
        self.period()
    }

    /// Who operates the log, if that was said.
    #[getter]
    fn operator(&self) -> Option<&str> {
        self.key.operator()
    }

    /// The ID of the log, 32 bytes.
    #[getter]
    fn log_id<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.key.id())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.LogKey {} {}>", self.made_by, quoted(py, self.key.base_url())?))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let arguments = (self.base_url(), self.public_key(py), self.valid_for(), self.operator());
        Ok((py.get_type::<Self>().getattr(self.made_by)?, arguments.into_pyobject(py)?))
    }
}

/// The DER of a public key: bytes, or str or bytes that are PEM.
pub(crate) fn public_key(value: &Bound<'_, PyAny>, code: Code) -> PyResult<Vec<u8>> {
    let py = value.py();
    let from_pem = |pem: &str| {
        let key = PublicKey::from_pem(pem).map_err(|error| refused(py, code, error.detail()))?;
        Ok(key.as_der().to_vec())
    };
    if let Some(pem) = optional_text(value, "public_key", code)? {
        return from_pem(&pem);
    }
    let Some(der) = optional_bytes(value)? else {
        return Err(wrong_type(value, "public_key", "bytes (DER) or str (PEM)"));
    };
    match std::str::from_utf8(&der) {
        Ok(pem) if pem.starts_with("-----BEGIN") => from_pem(pem),
        _ => Ok(der),
    }
}

/// An authority that signs timestamps (RFC 3161).
///
/// - ``certificates``: that of its signer first, and the one to trust last, be it self-signed or not; str (PEM), bytes (PEM)
///   or an iterable of bytes (DER). What a timestamp itself brings is never looked at.
/// - ``valid_for``: the ``Period`` in which its timestamps count.
///
/// Raises ``MalformedInput`` if one cannot be read, or is not what it should be.
#[pyclass(frozen, eq, hash, name = "TimestampAuthority", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyTimestampAuthority(pub(crate) TimestampAuthority);

impl Hash for PyTimestampAuthority {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.certificates().hash(state);
    }
}

#[pymethods]
impl PyTimestampAuthority {
    #[new]
    fn new(certificates: &Bound<'_, PyAny>, valid_for: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = certificates.py();
        let period = period(valid_for)?;
        match self::certificates(certificates, "certificates", CODE)? {
            Certificates::Pem(pem) => TimestampAuthority::new([pem], period),
            Certificates::Der(certificates) => TimestampAuthority::new(certificates, period),
        }
        .or_raise(py)
        .map(Self)
    }

    /// Its certificates in DER, the signer's first.
    #[getter]
    fn certificates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.certificates().iter().map(|der| PyBytes::new(py, der)))
    }

    /// The period in which its timestamps count.
    #[getter]
    fn valid_for(&self) -> PyPeriod {
        PyPeriod(self.0.period())
    }

    fn __repr__(&self) -> String {
        format!("<countermark.TimestampAuthority {}>", self.0.period())
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, PyPeriod)> {
        Ok((self.certificates(py)?, self.valid_for()))
    }
}
