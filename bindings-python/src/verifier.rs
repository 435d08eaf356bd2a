//! The verifier.

use crate::convert::{
    Certificates, Given, Now, OrRaise, artifact_name, certificates, entry_certificates, items,
    optional_bytes, optional_text, signature, text, timestamp,
};
use crate::error::{detached, failed, invalid_argument, rejected, rejected_instance, wrong_type};
use crate::held::{Entries, owned};
use crate::policy::{PySignerPolicy, policy};
use crate::report::PyReport;
use crate::requests::{Asked, Requests};
use crate::verified::PyVerified;
use countermark::{
    Code, Message, MessageSignature, OwnedVerified, Rejection, Request, SignatureAlgorithm, TrustAnchors,
    Verifier, VerifierAt,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedTrustAnchor;

/// Verifies artifacts against what it trusts. It does no I/O and has no clock, one may be used from many
/// threads, and no answer depends on the calls before: all that it remembers is which of its own authorities
/// are known to have signed which.
///
/// - ``trust_anchors``: the CA certificates that are trusted; str (PEM, one or more), bytes (DER of one, or
///   PEM), or an iterable of bytes (DER).
/// - ``intermediates``: known intermediate certificates, in the same forms, for records that bring only their
///   leaf. They are not trusted for being known.
/// - ``distrusted``: SHA-256 digests, bytes or hex, of certificates or of public keys
///   (``SubjectPublicKeyInfo``, DER) through which no path may go.
/// - ``accepted_algorithms``: the algorithms by which authorities may have signed, if not ECDSA on P-256 and
///   P-384 with SHA-256 and SHA-384: for a company's root with an RSA key, say. It replaces those. A library
///   that was built without AWS-LC knows no others.
///
/// Raises ``MalformedInput`` if an anchor is no certificate authority or its key cannot be used.
#[pyclass(frozen, name = "Verifier", module = "countermark")]
pub(crate) struct PyVerifier {
    verifier: Verifier,
    anchor_count: usize,
    /// What it was made from, for pickling and equality.
    source: Source,
}

#[derive(PartialEq, Eq, Hash)]
struct Source {
    trust_anchors: Certificates,
    intermediates: Option<Certificates>,
    distrusted: Vec<String>,
    accepted_algorithms: Vec<SignatureAlgorithm>,
}

impl PyVerifier {
    fn at(&self, Now { now, leeway }: Now) -> VerifierAt<'_> {
        match now {
            Some(now) => self.verifier.at(now).with_leeway(leeway),
            None => self.verifier.at_any_time(),
        }
    }
}

/// Signature algorithms by their names, in their own order.
fn algorithms(names: &Bound<'_, PyAny>) -> PyResult<Vec<SignatureAlgorithm>> {
    const WHAT: &str = "accepted_algorithms";
    let mut algorithms = Vec::new();
    for item in items(names, WHAT, "an iterable of str")? {
        let name = text(&item, "an item of accepted_algorithms", CODE)?;
        algorithms.push(name.parse().or_raise(names.py())?);
    }
    algorithms.sort_unstable();
    algorithms.dedup();
    Ok(algorithms)
}

#[pymethods]
impl PyVerifier {
    #[new]
    #[pyo3(signature = (trust_anchors, intermediates=None, distrusted=None, *, accepted_algorithms=None))]
    #[pyo3(
        text_signature = "(trust_anchors, intermediates=None, distrusted=(), *, accepted_algorithms=None)"
    )]
    fn new(
        py: Python<'_>,
        trust_anchors: &Bound<'_, PyAny>,
        intermediates: Option<&Bound<'_, PyAny>>,
        distrusted: Option<&Bound<'_, PyAny>>,
        accepted_algorithms: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let trust_anchors = certificates(trust_anchors, "trust_anchors", CODE)?;
        let algorithms = match accepted_algorithms {
            Some(names) => algorithms(names)?,
            None => SignatureAlgorithm::DEFAULT.to_vec(),
        };
        let anchors = match &trust_anchors {
            Certificates::Pem(pem) => TrustAnchors::from_pem_accepting(pem, &algorithms),
            Certificates::Der(certificates) => TrustAnchors::from_der_accepting(certificates, &algorithms),
        }
        .or_raise(py)?;
        let anchor_count = anchors.len();
        let mut builder = Verifier::builder(anchors);
        let intermediates =
            intermediates.map(|value| certificates(value, "intermediates", CODE)).transpose()?;
        builder = match &intermediates {
            None => builder,
            Some(Certificates::Pem(pem)) => builder.intermediates_from_pem(pem).or_raise(py)?,
            Some(Certificates::Der(certificates)) => {
                builder.intermediates_from_der(certificates).or_raise(py)?
            }
        };
        let mut distrusted_hex: Vec<String> = Vec::new();
        if let Some(distrusted) = distrusted {
            const WANTED: &str = "an iterable of bytes or hex str";
            for item in items(distrusted, "distrusted", WANTED)? {
                let hex = if let Some(hex) = optional_text(&item, "an item of distrusted", CODE)? {
                    hex
                } else if let Some(digest) = optional_bytes(&item)? {
                    digest.iter().map(|byte| format!("{byte:02x}")).collect()
                } else {
                    return Err(wrong_type(&item, "an item of distrusted", "bytes or hex str"));
                };
                builder = builder.distrust_hex(&hex).or_raise(py)?;
                distrusted_hex.push(hex.to_ascii_lowercase());
            }
        }
        distrusted_hex.sort_unstable();
        distrusted_hex.dedup();
        let source = Source {
            trust_anchors,
            intermediates,
            distrusted: distrusted_hex,
            accepted_algorithms: algorithms,
        };
        Ok(Self { verifier: builder.build(), anchor_count, source })
    }

    /// Verifies an artifact by the entries of its log: those of other artifacts and tenants do not matter.
    ///
    /// Give every entry of the artifact that there is: a revocation that is left out cannot be seen. ``name``
    /// is ``image@sha256:`` and 64 hex digits; ``now``, if given, refuses an entry that was signed after it, or
    /// after it and a ``leeway``: seconds or a timedelta, because the log's clock is another.
    ///
    /// Raises ``Rejected`` if the artifact is not to be trusted, and ``MalformedInput`` if ``name`` is no
    /// artifact name.
    #[pyo3(signature = (name, entries, policy, *, now=None, leeway=None))]
    fn verify(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        entries: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyVerified> {
        let entries = Entries::new(entries, "entries")?;
        let (name, now) = (artifact_name(name, "name")?, Now::new(py, now, leeway)?);
        let policy = &self::policy(policy, "policy")?.get().0;
        let verify = || {
            let result = self.at(now).verify(&name, entries.as_slice(), policy);
            result.map(|verified| owned(&verified))
        };
        match detached(py, verify)? {
            Ok(owned) => Ok(entries.verified(py, owned)),
            Err(rejection) => Err(rejected(py, &rejection)),
        }
    }

    /// Runs every check on the same input and reports on all of them; never fails for a refused artifact.
    #[pyo3(signature = (name, entries, policy, *, now=None, leeway=None))]
    fn examine(
        &self,
        py: Python<'_>,
        name: &Bound<'_, PyAny>,
        entries: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyReport> {
        let entries = Entries::new(entries, "entries")?;
        let (name, now) = (artifact_name(name, "name")?, Now::new(py, now, leeway)?);
        let policy = &self::policy(policy, "policy")?.get().0;
        detached(py, || self.at(now).examine(&name, entries.as_slice(), policy)).map(PyReport)
    }

    /// Verifies many artifacts on all cores; **only a result that passes** ``isinstance(result, Verified)`` **is to
    /// be trusted**. The list has one for each request, in their order:
    ///
    /// - a ``Verified``,
    /// - a ``Rejected``: the artifact is not to be trusted,
    /// - a ``MalformedInput``: the request's name is none, say; its ``request`` tells which. The other
    ///   requests are judged all the same.
    ///
    /// The last two are exceptions that were not raised, and have no truth value: ``if result:`` raises
    /// ``TypeError``, rather than to take one for a yes.
    ///
    /// A request is a tuple of what ``verify`` takes: name, entries, policy. Give every request that can have
    /// them the same list or tuple of entries: it is held once. An iterator of requests is read as the work
    /// goes on, and at once if there is a ``progress``, which is called from this thread now and then, and at
    /// the end, with the number of requests done and the number of all. What it raises ends the call, as
    /// Ctrl-C and an argument of a wrong type do.
    #[pyo3(signature = (requests, *, now=None, leeway=None, progress=None))]
    fn verify_many<'py>(
        &self,
        py: Python<'py>,
        requests: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        leeway: Option<&Bound<'py, PyAny>>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        // A few pieces of the core's for each core: a callback and Ctrl-C wait no longer than for these.
        const PER_CORE: usize = 64;
        let now = Now::new(py, now, leeway)?;
        if let Some(progress) = progress.filter(|progress| !progress.is_callable()) {
            return Err(wrong_type(progress, "progress", "callable"));
        }
        let mut requests = Requests::new(requests, progress.is_some())?;
        let mut results = Vec::with_capacity(requests.known_count());
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        loop {
            let part = requests.next_part(cores * PER_CORE)?;
            if part.is_empty() {
                break;
            }
            let verify = || -> Vec<Result<_, Rejection>> {
                let part: Vec<Request<'_, _>> =
                    part.iter().filter_map(|asked| asked.as_ref().ok()).map(Asked::request).collect();
                let results = self.at(now).verify_many(&part);
                results.into_iter().map(|result| result.map(|verified| owned(&verified))).collect()
            };
            let mut judged = detached(py, verify)?.into_iter();
            for asked in part {
                let asked = match asked {
                    Ok(asked) => asked,
                    Err(malformed) => {
                        results.push(malformed.into_bound(py));
                        continue;
                    }
                };
                results.push(match judged.next() {
                    Some(Ok(owned)) => Bound::new(py, asked.entries.verified(py, owned))?.into_any(),
                    Some(Err(rejection)) => rejected_instance(py, &rejection)?,
                    None => return Err(failed(py, Code::Internal, "a request has no result")),
                });
            }
            py.check_signals()?;
            if let Some(progress) = progress {
                progress.call1((results.len(), requests.known_count()))?;
            }
        }
        Ok(results)
    }

    /// Verifies the signature over a message that is no artifact name: a file, a DSSE envelope's encoding.
    ///
    /// Give the message, or its SHA-256 as ``sha256`` (32 bytes) if it is too large to hold; **whoever hashed
    /// it must have looked that it is no artifact name**. ``signature``, ``certificate`` and ``timestamp`` are
    /// as for ``Entry``; nothing vouches for the time but the caller. ``policy`` is a ``SignerPolicy``, such
    /// as ``policy.signer``: namespace, revocation and blocklist are questions about records.
    ///
    /// A policy that requires no claim raises ``MalformedInput``, unless ``any_signer_of_issuer=True`` says
    /// that anyone whom the issuer vouches for will do. Raises ``Rejected`` if the signature is not to be
    /// trusted.
    #[pyo3(signature = (message=None, *, sha256=None, signature, certificate, timestamp, policy, any_signer_of_issuer=Given::NOT, now=None, leeway=None))]
    #[pyo3(
        text_signature = "($self, message=None, *, sha256=None, signature, certificate, timestamp, policy, any_signer_of_issuer=False, now=None, leeway=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn verify_message(
        &self,
        py: Python<'_>,
        message: Option<&Bound<'_, PyAny>>,
        sha256: Option<&Bound<'_, PyAny>>,
        signature: &Bound<'_, PyAny>,
        certificate: &Bound<'_, PyAny>,
        timestamp: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        any_signer_of_issuer: Given<'_>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyVerified> {
        let Ok(policy) = policy.cast::<PySignerPolicy>() else {
            return Err(wrong_type(policy, "policy", "SignerPolicy"));
        };
        let signer = &policy.get().0;
        let policy = match any_signer_of_issuer.flag("any_signer_of_issuer")? {
            true => signer.any_signer_of_issuer(),
            false => signer.for_messages().or_raise(py)?,
        };
        let signature = self::signature(signature)?;
        let certificates = entry_certificates(certificate)?;
        let timestamp = self::timestamp(timestamp, "timestamp", Code::MalformedEntry)?;
        let signature = MessageSignature::new(&signature, certificates.as_slice(), timestamp).or_raise(py)?;
        let now = Now::new(py, now, leeway)?;
        let bytes = |value: &Bound<'_, PyAny>, what: &str| {
            optional_bytes(value)?.ok_or_else(|| wrong_type(value, what, "bytes"))
        };
        let message = match (message, sha256) {
            (Some(message), None) => {
                let message = bytes(message, "message")?;
                detached(py, || Message::new(&message))?.or_raise(py)?
            }
            (None, Some(digest)) => {
                let digest = bytes(digest, "sha256")?.try_into().map_err(|digest: Vec<u8>| {
                    invalid_argument(py, &format!("sha256 has 32 bytes, not {}", digest.len()))
                })?;
                Message::from_sha256(digest)
            }
            _ => return Err(invalid_argument(py, "give either message or sha256")),
        };
        let verify = || {
            let result = self.at(now).verify_message(&message, &signature, policy);
            result.map(|verified| OwnedVerified::from(&verified))
        };
        match detached(py, verify)? {
            Ok(owned) => Ok(PyVerified::new(owned, None)),
            Err(rejection) => Err(rejected(py, &rejection)),
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "<countermark.Verifier trust_anchors={} distrusted={}>",
            self.anchor_count,
            self.source.distrusted.len()
        )
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.source == other.get().source)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.source.hash(&mut hasher);
        hasher.finish()
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<((Bound<'py, PyAny>,), Bound<'py, PyDict>)> {
        let object = |certificates: &Certificates| match certificates {
            Certificates::Pem(pem) => Ok(pem.into_pyobject(py)?.into_any()),
            Certificates::Der(certificates) => {
                let ders = certificates.iter().map(|der| PyBytes::new(py, der));
                Ok::<_, PyErr>(PyTuple::new(py, ders)?.into_any())
            }
        };
        let others = PyDict::new(py);
        others.set_item("intermediates", self.source.intermediates.as_ref().map(object).transpose()?)?;
        others.set_item("distrusted", PyTuple::new(py, &self.source.distrusted)?)?;
        let algorithms = self.source.accepted_algorithms.iter().map(|algorithm| algorithm.name());
        others.set_item("accepted_algorithms", PyTuple::new(py, algorithms.collect::<Vec<_>>())?)?;
        Ok(((object(&self.source.trust_anchors)?,), others))
    }
}
