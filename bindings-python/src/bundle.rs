//! Bundles, and the other forms in which they come.

use crate::convert::{OrRaise, json_bytes, object_from_json, quoted, text, truth};
use crate::digest::PyDigest;
use crate::error::{detached, invalid_argument, malformed_instance, wrong_type};
use crate::statement::PyUnverifiedStatement;
use countermark::{Bundle, Code, CosignContent, CosignParts, MalformedInput, SimpleSigning};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedBundle;

/// One signing, with what vouches for it: a signature over an artifact or over an envelope, by whom, entries of logs and
/// signed timestamps. Well-formed, and nothing of it verified.
///
/// ``from_json`` reads Sigstore's bundles of versions 0.1 to 0.3, GitHub's among them; ``bundles_from`` whatever form there
/// is.
#[pyclass(frozen, eq, name = "Bundle", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyBundle(pub(crate) Bundle);

fn read(
    data: &Bound<'_, PyAny>,
    read: impl FnOnce(&[u8]) -> Result<Bundle, MalformedInput> + Send,
) -> PyResult<PyBundle> {
    let json = json_bytes(data, "data", CODE)?;
    detached(data.py(), || read(&json))?.or_raise(data.py()).map(PyBundle)
}

#[pymethods]
impl PyBundle {
    /// Reads one Sigstore bundle of version 0.1, 0.2 or 0.3 from JSON (str or bytes), strictly.
    ///
    /// Raises ``MalformedInput`` (code ``malformed_bundle``), which names the member.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        read(data, |json| Bundle::from_json(json))
    }

    /// Reads one attestation of PyPI (PEP 740, an attestation object of version 1) from JSON (str or bytes).
    #[staticmethod]
    fn from_pep740(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        read(data, |json| Bundle::from_pep740(json))
    }

    /// Reads what ``cosign sign-blob --bundle`` and ``cosign attest-blob --bundle`` wrote before there were Sigstore bundles,
    /// or one line of ``cosign download signature``, from JSON (str or bytes).
    ///
    /// Of the latter the artifact to verify it with is the decoded ``Payload``; ``SimpleSigning`` tells which image that
    /// names.
    #[staticmethod]
    fn from_cosign(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        read(data, |json| Bundle::from_cosign(json))
    }

    /// Reads cosign's classic form from the parts in which a registry keeps it: a layer of an image's signatures and its
    /// annotations.
    ///
    /// - ``signature``: that of a payload of simple signing, which is the layer, in base64
    ///   (``dev.cosignproject.cosign/signature``). The artifact to verify it with is the layer; ``SimpleSigning`` tells
    ///   which image it names. Or
    /// - ``envelope``: a DSSE envelope, JSON as str or bytes, which is the layer of an attestation.
    /// - ``certificate`` and ``chain``: PEM (``dev.sigstore.cosign/certificate``, ``…/chain``).
    /// - ``rekor_bundle`` and ``timestamp``: JSON (``dev.sigstore.cosign/bundle``, ``…/rfc3161timestamp``).
    ///
    /// Raises ``MalformedInput`` (code ``malformed_bundle``), which says which part is wrong.
    #[staticmethod]
    #[pyo3(signature = (*, signature=None, envelope=None, certificate=None, chain=None, rekor_bundle=None, timestamp=None))]
    fn from_cosign_parts(
        py: Python<'_>,
        signature: Option<&Bound<'_, PyAny>>,
        envelope: Option<&Bound<'_, PyAny>>,
        certificate: Option<&Bound<'_, PyAny>>,
        chain: Option<&Bound<'_, PyAny>>,
        rekor_bundle: Option<&Bound<'_, PyAny>>,
        timestamp: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let part = |value: Option<&Bound<'_, PyAny>>, what: &str| {
            value.map(|value| text(value, what, CODE)).transpose()
        };
        let signature = part(signature, "signature")?;
        let envelope = envelope.map(|value| json_bytes(value, "envelope", CODE)).transpose()?;
        let content = match (&signature, &envelope) {
            (Some(signature), None) => CosignContent::Signature(signature),
            (None, Some(envelope)) => CosignContent::Envelope(envelope),
            _ => return Err(invalid_argument(py, "give either signature or envelope")),
        };
        let (certificate, chain) = (part(certificate, "certificate")?, part(chain, "chain")?);
        let (entry, timestamp) = (part(rekor_bundle, "rekor_bundle")?, part(timestamp, "timestamp")?);
        let parts = CosignParts {
            content,
            certificate: certificate.as_deref(),
            chain: chain.as_deref(),
            rekor_bundle: entry.as_deref(),
            timestamp: timestamp.as_deref(),
        };
        detached(py, || Bundle::from_cosign_parts(&parts))?.or_raise(py).map(Self)
    }

    /// The version of the format that it is read as: ``"0.1"``, ``"0.2"`` or ``"0.3"``.
    #[getter]
    fn version(&self) -> &'static str {
        self.0.version()
    }

    /// The certificates in DER that it brings, the signer's first; none if it hints at a key.
    #[getter]
    fn certificates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.certificates().iter().map(|der| PyBytes::new(py, der)))
    }

    /// The hint at the signer's key, which may be empty; None if there is a certificate.
    #[getter]
    fn key_hint(&self) -> Option<&str> {
        self.0.key_hint()
    }

    /// Whether an envelope is signed, and not the artifact itself.
    #[getter]
    fn has_envelope(&self) -> bool {
        self.0.has_envelope()
    }

    /// How many log entries it brings.
    #[getter]
    fn log_entry_count(&self) -> usize {
        self.0.log_entry_count()
    }

    /// How many signed timestamps it brings.
    #[getter]
    fn timestamp_count(&self) -> usize {
        self.0.timestamp_count()
    }

    /// The in-toto statement in its envelope, **of which nothing is verified**; None if it has no envelope, or one with
    /// another payload.
    ///
    /// Raises ``MalformedInput`` (code ``malformed_bundle``) if the payload should be a statement and cannot be read as one.
    fn statement(&self, py: Python<'_>) -> PyResult<Option<PyUnverifiedStatement>> {
        let statement = detached(py, || self.0.statement())?.or_raise(py)?;
        Ok(statement.map(PyUnverifiedStatement))
    }

    fn __repr__(&self) -> String {
        format!(
            "<countermark.Bundle version={} envelope={} log_entries={} timestamps={}>",
            self.version(),
            truth(self.has_envelope()),
            self.log_entry_count(),
            self.timestamp_count()
        )
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.certificates().hash(&mut hasher);
        self.0.key_hint().hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce_ex__(&self, _protocol: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyTypeError::new_err("a Bundle cannot be pickled or copied; keep the JSON that it was read from"))
    }
}

/// A `Bundle` among a call's arguments.
pub(crate) fn bundle<'a, 'py>(
    value: &'a Bound<'py, PyAny>,
    what: &str,
) -> PyResult<&'a Bound<'py, PyBundle>> {
    value.cast().map_err(|_| wrong_type(value, what, "Bundle"))
}

/// Reads bundles in whatever form they come (str or bytes), told apart by their members: a Sigstore bundle or JSON Lines of
/// them, an attestation or a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms.
///
/// What a form tells beside its bundles is not kept; each has a reader of its own that does. Raises ``MalformedInput`` (code
/// ``malformed_bundle``) if it is none of these, or for the first bad bundle.
#[pyfunction]
pub(crate) fn bundles_from(data: &Bound<'_, PyAny>) -> PyResult<Vec<PyBundle>> {
    let json = json_bytes(data, "data", CODE)?;
    let bundles = detached(data.py(), || countermark::bundles_from(&json))?.or_raise(data.py())?;
    Ok(bundles.into_iter().map(PyBundle).collect())
}

/// Reads the bundles of JSON Lines (str or bytes): one Sigstore bundle a line, as ``gh attestation download`` writes them.
///
/// Raises ``MalformedInput`` for the first bad bundle; its ``record`` tells which.
#[pyfunction]
pub(crate) fn bundles_from_json_lines(data: &Bound<'_, PyAny>) -> PyResult<Vec<PyBundle>> {
    let json = json_bytes(data, "data", CODE)?;
    let bundles = detached(data.py(), || countermark::bundles_from_json_lines(&json))?.or_raise(data.py())?;
    Ok(bundles.into_iter().map(PyBundle).collect())
}

/// The same with a result per line, so that one bad bundle does not hide the others: a list of ``Bundle`` and
/// ``MalformedInput``, in the order of the lines.
///
/// Reading ends after very many malformed ones; the last one says so, and what follows it was not read.
#[pyfunction]
pub(crate) fn read_bundles<'py>(data: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let py = data.py();
    let json = json_bytes(data, "data", CODE)?;
    let mut bundles = countermark::read_bundles(&json);
    let mut read = Vec::new();
    while let Some(bundle) = detached(py, || bundles.next())? {
        read.push(match bundle {
            Ok(bundle) => Bound::new(py, PyBundle(bundle))?.into_any(),
            Err(error) => malformed_instance(py, &error)?,
        });
    }
    Ok(read)
}

/// One attestation of the npm registry.
#[pyclass(frozen, get_all, name = "NpmAttestation", module = "countermark")]
pub(crate) struct PyNpmAttestation {
    /// The predicate type that the registry names. The statement names the same; nothing of either is verified.
    predicate_type: String,
    /// The bundle.
    bundle: Py<PyBundle>,
}

#[pymethods]
impl PyNpmAttestation {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<countermark.NpmAttestation {}>", quoted(py, &self.predicate_type)?))
    }
}

/// Reads the attestations that the npm registry answers with for a package (str or bytes), usually two: that of the registry
/// itself, by its key, and the provenance, by whoever built it.
///
/// Each is a bundle to be verified; a caller who wants both must demand both. Raises ``MalformedInput`` (code
/// ``malformed_bundle``) if one is malformed, or its ``predicateType`` is not its statement's.
#[pyfunction]
pub(crate) fn bundles_from_npm(data: &Bound<'_, PyAny>) -> PyResult<Vec<PyNpmAttestation>> {
    let py = data.py();
    let json = json_bytes(data, "data", CODE)?;
    let attestations = detached(py, || countermark::bundles_from_npm(&json))?.or_raise(py)?;
    attestations
        .into_iter()
        .map(|attestation| {
            let bundle = Py::new(py, PyBundle(attestation.bundle))?;
            Ok(PyNpmAttestation { predicate_type: attestation.predicate_type, bundle })
        })
        .collect()
}

/// The attestations that one publisher gave for a distribution of PyPI.
#[pyclass(frozen, name = "PypiAttestations", module = "countermark")]
pub(crate) struct PyPypiAttestations {
    publisher: String,
    bundles: Vec<Py<PyBundle>>,
}

#[pymethods]
impl PyPypiAttestations {
    /// The publisher, as ``json.loads`` reads it: what the index claims and nothing vouches for. Whoever is trusted to
    /// publish is the caller's to say, and not to be taken from here. None if there is none.
    #[getter]
    fn unverified_publisher<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if self.publisher.is_empty() { Ok(None) } else { object_from_json(py, &self.publisher).map(Some) }
    }

    /// The attestations.
    #[getter]
    fn bundles<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.bundles)
    }

    fn __repr__(&self) -> String {
        format!("<countermark.PypiAttestations bundles={}>", self.bundles.len())
    }
}

/// Reads what PyPI has of a distribution's provenance (PEP 740, a provenance object of version 1; str or bytes).
///
/// Raises ``MalformedInput`` (code ``malformed_bundle``) for the object or for the first bad attestation.
#[pyfunction]
pub(crate) fn bundles_from_pypi_provenance(data: &Bound<'_, PyAny>) -> PyResult<Vec<PyPypiAttestations>> {
    let py = data.py();
    let json = json_bytes(data, "data", CODE)?;
    let groups = detached(py, || countermark::bundles_from_pypi_provenance(&json))?.or_raise(py)?;
    groups
        .into_iter()
        .map(|group| {
            let bundles = group.bundles.into_iter().map(|bundle| Py::new(py, PyBundle(bundle)));
            Ok(PyPypiAttestations {
                publisher: group.unverified_publisher,
                bundles: bundles.collect::<PyResult<_>>()?,
            })
        })
        .collect()
}

/// What cosign signs for an image: a payload of simple signing, which names the image by its digest.
///
/// The signature is over the payload, and the payload is what names the image. So the two go together: verify the bundle
/// with the payload's bytes as the artifact, and compare ``image_digest`` with the digest of the image that is to be run. One
/// without the other says nothing.
#[pyclass(frozen, eq, name = "SimpleSigning", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PySimpleSigning(SimpleSigning);

#[pymethods]
impl PySimpleSigning {
    /// Reads a payload (str or bytes). Raises ``MalformedInput`` (code ``malformed_bundle``) if it is none.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        SimpleSigning::from_json(json_bytes(data, "data", CODE)?).or_raise(data.py()).map(Self)
    }

    /// The digest of the image's manifest.
    #[getter]
    fn image_digest(&self) -> PyDigest {
        PyDigest(*self.0.image_digest())
    }

    /// The name under which the image was signed, which may be empty. Others may serve the same image, so it is told, and not
    /// compared.
    #[getter]
    fn docker_reference(&self) -> &str {
        self.0.docker_reference()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let image = format!("{}@{}", self.docker_reference(), self.0.image_digest());
        Ok(format!("<countermark.SimpleSigning {}>", quoted(py, &image)?))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.image_digest().as_bytes().hash(&mut hasher);
        hasher.finish()
    }
}
