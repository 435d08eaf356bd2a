//! Entries, and reading them.

use crate::convert::{
    Given, OrRaise, entry_certificates, flag, items, json_bytes, mapping, object_from_json, pairs, quoted,
    signature, text, timestamp, to_json, truth,
};
use crate::error::{detached, invalid_argument, malformed_instance, refused, wrong_type};
use countermark::{Code, EndorLabs, Entry, Evidence, MalformedInput};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyMapping, PyMappingProxy, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedEntry;

/// One record of a signing event; untrusted until verified.
///
/// It is made from columns here, or from JSON by ``from_json`` and ``entries_from_json``:
///
/// - ``signature``: bytes (DER) or str (base64).
/// - ``certificate``: str (PEM, the leaf first), bytes (DER of the leaf, or PEM), or an iterable of bytes
///   (DER, the leaf first).
/// - ``timestamp``: str (RFC 3339, to the nanosecond) or an aware datetime.
/// - ``revoked``: there is no default, and only True and False will do: a record that does not say is not
///   trusted.
/// - ``provenance``: the recorded claims, name to text.
/// - ``evidence``: mappings with a text ``kind``; of the kind ``"rfc3161"`` is a signed timestamp; other kinds are ignored.
///
/// Raises ``MalformedInput`` if a part is malformed or a limit is exceeded.
#[pyclass(frozen, name = "Entry", module = "countermark")]
pub(crate) struct PyEntry(pub(crate) Entry);

fn evidence_of(value: &Bound<'_, PyAny>) -> PyResult<Vec<Evidence>> {
    const WANTED: &str = "an iterable of mappings";
    let py = value.py();
    let read = |item: &Bound<'_, PyAny>| {
        if item.cast::<PyMapping>().is_err() {
            return Err(wrong_type(item, "an item of evidence", "a mapping"));
        }
        let dict = PyDict::new(py);
        dict.update(item.cast::<PyMapping>()?)?;
        let json = py.import("json")?.call_method1("dumps", (dict,))?;
        let json = text(&json, "evidence", CODE)?;
        serde_json::from_str(&json).map_err(|error| refused(py, CODE, &format!("`evidence`: {error}")))
    };
    items(value, "evidence", WANTED)?.iter().map(read).collect()
}

#[pymethods]
impl PyEntry {
    #[new]
    #[pyo3(signature = (namespace, artifact_name, signature, certificate, timestamp, revoked, *, provenance=None, blocklisted=Given::NOT, evidence=None))]
    #[pyo3(
        text_signature = "(namespace, artifact_name, signature, certificate, timestamp, revoked, *, provenance=None, blocklisted=False, evidence=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are a record's columns")]
    fn new(
        py: Python<'_>,
        namespace: &Bound<'_, PyAny>,
        artifact_name: &Bound<'_, PyAny>,
        signature: &Bound<'_, PyAny>,
        certificate: &Bound<'_, PyAny>,
        timestamp: &Bound<'_, PyAny>,
        revoked: &Bound<'_, PyAny>,
        provenance: Option<&Bound<'_, PyAny>>,
        blocklisted: Given<'_>,
        evidence: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut entry = Entry::new(
            text(namespace, "namespace", CODE)?,
            text(artifact_name, "artifact_name", CODE)?,
            self::signature(signature)?,
            entry_certificates(certificate)?,
            self::timestamp(timestamp, "timestamp", CODE)?,
            flag(revoked, "revoked")?,
        )
        .or_raise(py)?
        .with_blocklisted(blocklisted.flag("blocklisted")?);
        if let Some(provenance) = provenance {
            let read = |(name, value): &(Bound<'_, PyAny>, Bound<'_, PyAny>)| {
                let name = text(name, "a claim's name in provenance", CODE)?;
                let value = text(value, &format!("the claim {} in provenance", quoted(py, &name)?), CODE)?;
                Ok((name, value))
            };
            let pairs = pairs(provenance, "provenance", "a mapping of str to str")?;
            let claims: Vec<(String, String)> = pairs.iter().map(read).collect::<PyResult<_>>()?;
            entry = entry.with_provenance(claims).or_raise(py)?;
        }
        if let Some(evidence) = evidence {
            entry = entry.with_evidence(evidence_of(evidence)?).or_raise(py)?;
        }
        Ok(Self(entry))
    }

    /// Reads one record from JSON (str or bytes).
    ///
    /// Null, a repeated or unknown member and a record without ``revoked`` raise ``MalformedInput``.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let json = json_bytes(data, "data", CODE)?;
        Entry::from_json(json).or_raise(data.py()).map(Self)
    }

    /// The tenant's namespace. No signature covers it.
    #[getter]
    fn namespace(&self) -> &str {
        self.0.namespace()
    }

    /// The artifact name as the record has it; compared byte for byte, never parsed.
    #[getter]
    fn artifact_name(&self) -> &str {
        self.0.artifact_name()
    }

    /// The signature's DER.
    #[getter]
    fn signature<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.signature())
    }

    /// The certificates in DER, the leaf first; at least one.
    #[getter]
    fn certificates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.certificates().iter().map(|der| PyBytes::new(py, der)))
    }

    /// When the signature was made, by the log's word; RFC 3339 in UTC, to the nanosecond.
    #[getter]
    fn timestamp(&self) -> String {
        self.0.timestamp().to_string()
    }

    /// The recorded claims, name to text.
    #[getter]
    fn provenance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        mapping(py, self.0.provenance().iter())
    }

    /// Whether the signature was revoked.
    #[getter]
    fn revoked(&self) -> bool {
        self.0.revoked()
    }

    /// Whether the log blocks the artifact.
    #[getter]
    fn blocklisted(&self) -> bool {
        self.0.blocklisted()
    }

    /// The evidence beside the record: a tuple of dicts.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let items: Vec<_> = self
            .0
            .evidence()
            .iter()
            .map(|evidence| object_from_json(py, &to_json(py, evidence)?))
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, items)
    }

    /// The record as ``from_json`` reads it, without members that are empty or false by default.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "<countermark.Entry namespace={} artifact_name={} timestamp='{}' revoked={}>",
            quoted(py, self.0.namespace())?,
            quoted(py, self.0.artifact_name())?,
            self.0.timestamp(),
            truth(self.0.revoked())
        ))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.0 == other.get().0)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.artifact_name().hash(&mut hasher);
        self.0.signature().hash(&mut hasher);
        self.0.timestamp().hash(&mut hasher);
        hasher.finish()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let columns = (
            self.namespace(),
            self.artifact_name(),
            self.signature(py),
            self.certificates(py)?,
            self.timestamp(),
            self.revoked(),
        );
        let others = PyDict::new(py);
        others.set_item("provenance", self.provenance(py)?.call_method0("copy")?)?;
        others.set_item("blocklisted", self.blocklisted())?;
        others.set_item("evidence", self.evidence(py)?)?;
        Ok((columns.into_pyobject(py)?, others))
    }
}

const COUNTERMARK: &str = "countermark";
const ENDOR_LABS: &str = "endor_labs";

type Records<'a> = Box<dyn Iterator<Item = Result<Entry, MalformedInput>> + Send + 'a>;

enum Format {
    Countermark,
    EndorLabs(EndorLabs),
}

impl Format {
    fn new(py: Python<'_>, format: &Given<'_>, absent_revoked_means_false: &Given<'_>) -> PyResult<Self> {
        let format = match &format.0 {
            Some(format) => text(format, "format", Code::InvalidArgument)?,
            None => COUNTERMARK.to_owned(),
        };
        match (format.as_str(), absent_revoked_means_false.flag("absent_revoked_means_false")?) {
            (COUNTERMARK, false) => Ok(Self::Countermark),
            (COUNTERMARK, true) => Err(invalid_argument(
                py,
                "absent_revoked_means_false is for format=\"endor_labs\" alone; a record that does not say is not trusted",
            )),
            (ENDOR_LABS, false) => Ok(Self::EndorLabs(EndorLabs::new())),
            (ENDOR_LABS, true) => Ok(Self::EndorLabs(EndorLabs::new().absent_revoked_means_false())),
            (other, _) => Err(invalid_argument(
                py,
                &format!("format is {other:?}; it must be \"countermark\" or \"endor_labs\""),
            )),
        }
    }

    fn read_strictly(&self, json: &[u8]) -> Result<Vec<Entry>, MalformedInput> {
        match self {
            Self::Countermark => countermark::entries_from_json(json),
            Self::EndorLabs(reader) => reader.entries_from_json(json),
        }
    }

    fn read<'a>(&self, json: &'a [u8]) -> Result<Records<'a>, MalformedInput> {
        match self {
            Self::Countermark => Ok(Box::new(countermark::read_entries(json))),
            Self::EndorLabs(reader) => Ok(Box::new(reader.read_entries(json)?.into_iter())),
        }
    }
}

/// Reads the records of a log from JSON (str or bytes); one bad record fails the call.
///
/// With ``format="countermark"``, a JSON array or JSON Lines. With ``format="endor_labs"``, one
/// ``ArtifactSignature`` of the Endor Labs API or a list response of them; a response that has a next page
/// is refused, because a revoked record may be on it. Such a record without ``revoked`` is refused too,
/// unless ``absent_revoked_means_false=True`` says that its source leaves false values out.
///
/// Raises ``MalformedInput`` for the first bad record; its ``record`` tells which.
#[pyfunction]
#[pyo3(signature = (data, *, format=Given::NOT, absent_revoked_means_false=Given::NOT))]
#[pyo3(text_signature = "(data, *, format='countermark', absent_revoked_means_false=False)")]
pub(crate) fn entries_from_json(
    py: Python<'_>,
    data: &Bound<'_, PyAny>,
    format: Given<'_>,
    absent_revoked_means_false: Given<'_>,
) -> PyResult<Vec<PyEntry>> {
    let format = Format::new(py, &format, &absent_revoked_means_false)?;
    let json = json_bytes(data, "data", CODE)?;
    let entries = detached(py, || format.read_strictly(&json))?.or_raise(py)?;
    Ok(entries.into_iter().map(PyEntry).collect())
}

/// The same with a result per record, so that one bad record does not hide the others: a list of ``Entry``
/// and ``MalformedInput``, in the order of the records.
///
/// A ``MalformedInput`` in the list is a record that could not be judged, not one that is not there: it may
/// have been a revocation. Who leaves it out must know that it is not.
/// Reading ends after very many of them; the last one says so, and what follows it was not read.
///
/// Raises ``MalformedInput`` if a response of the Endor Labs API is itself malformed.
#[pyfunction]
#[pyo3(signature = (data, *, format=Given::NOT, absent_revoked_means_false=Given::NOT))]
#[pyo3(text_signature = "(data, *, format='countermark', absent_revoked_means_false=False)")]
pub(crate) fn read_entries<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyAny>,
    format: Given<'_>,
    absent_revoked_means_false: Given<'_>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    // Records are held twice for no longer than these take.
    const PART: usize = 1_024;
    let format = Format::new(py, &format, &absent_revoked_means_false)?;
    let json = json_bytes(data, "data", CODE)?;
    let mut records = detached(py, || format.read(&json))?.or_raise(py)?;
    let mut read = Vec::new();
    loop {
        let part: Vec<_> = detached(py, || records.by_ref().take(PART).collect())?;
        if part.is_empty() {
            return Ok(read);
        }
        for record in part {
            read.push(match record {
                Ok(entry) => Bound::new(py, PyEntry(entry))?.into_any(),
                Err(error) => malformed_instance(py, &error)?,
            });
        }
    }
}
