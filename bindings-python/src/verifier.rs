//! The verifier.

use crate::artifact::GivenArtifact;
use crate::bundle::bundle;
use crate::bundle_policy::bundle_policy;
use crate::bundle_report::PyBundleReport;
use crate::convert::{
    Certificates, Given, Now, OrRaise, artifact_name, certificates, entry_certificates, items,
    optional_bytes, optional_text, pairs, signature, text, timestamp,
};
use crate::error::{detached, invalid_argument, refused, rejected, wrong_type};
use crate::held::{Entries, owned};
use crate::policy::{PySignerPolicy, policy};
use crate::report::PyReport;
use crate::requests::{AskedBundles, AskedEntries, bundles, judge_many};
use crate::trust::{PyLogKey, PyTimestampAuthority, PyTrustedRoot};
use crate::verified::PyVerified;
use crate::verified_envelope::PyVerifiedEnvelope;
use countermark::{
    Artifact, Bundle, BundleRequest, Code, Digest, HashAlgorithm, Message, MessageSignature, OwnedVerified,
    Rejection, Request, SignatureAlgorithm, TrustAnchors, Verifier, VerifierAt, VerifierBuilder,
};
use pyo3::PyClass;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedTrustAnchor;

/// Verifies artifacts against what it trusts. It does no I/O but to read an artifact that is given as a file, and has no
/// clock, one may be used from many threads, and no answer depends on the calls before: all that it remembers is which of its
/// own authorities are known to have signed which.
///
/// - ``trust_anchors``: the CA certificates that are trusted; str (PEM, one or more), bytes (DER of one, or
///   PEM), or an iterable of bytes (DER). They may be left out where there are ``trusted_roots``; such a verifier knows
///   bundles alone.
/// - ``intermediates``: known intermediate certificates, in the same forms, for records that bring only their
///   leaf. They are not trusted for being known.
/// - ``distrusted``: SHA-256 digests, bytes or hex, of certificates or of public keys
///   (``SubjectPublicKeyInfo``, DER) through which no path may go.
/// - ``accepted_algorithms``: the algorithms by which authorities may have signed, if not ECDSA on P-256 and
///   P-384 with SHA-256 and SHA-384: for a company's root with an RSA key, say. It replaces those. A library
///   that was built without AWS-LC knows no others.
/// - ``trusted_roots``: a mapping of names to ``TrustedRoot``. Each is an instance that judges bundles alone, in this order.
///   Records do not see them: no public signer gets into a private log.
/// - ``logs``, ``certificate_logs`` (iterables of ``LogKey``) and ``timestamp_authorities`` (an iterable of
///   ``TimestampAuthority``) are believed under the trust anchors, the instance ``"own"``. The last are for the signed
///   timestamps of records too.
///
/// Raises ``MalformedInput`` if an anchor is no certificate authority or its key cannot be used.
#[pyclass(frozen, name = "Verifier", module = "countermark")]
pub(crate) struct PyVerifier {
    verifier: Verifier,
    anchor_count: usize,
    /// What it was made from, for pickling and equality.
    source: Source,
}

struct Source {
    trust_anchors: Option<Certificates>,
    intermediates: Option<Certificates>,
    distrusted: Vec<[u8; 32]>,
    /// None if they are the default ones.
    accepted_algorithms: Option<Vec<SignatureAlgorithm>>,
    trusted_roots: Vec<(String, Py<PyTrustedRoot>)>,
    logs: Vec<Py<PyLogKey>>,
    certificate_logs: Vec<Py<PyLogKey>>,
    timestamp_authorities: Vec<Py<PyTimestampAuthority>>,
}

impl Source {
    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.trust_anchors.hash(&mut hasher);
        self.distrusted.hash(&mut hasher);
        for (name, _) in &self.trusted_roots {
            name.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn arguments<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let certificates = |certificates: &Option<Certificates>| match certificates {
            None => Ok(py.None().into_bound(py)),
            Some(Certificates::Pem(pem)) => Ok(pem.into_pyobject(py)?.into_any()),
            Some(Certificates::Der(certificates)) => {
                let ders = certificates.iter().map(|der| PyBytes::new(py, der));
                Ok::<_, PyErr>(PyTuple::new(py, ders)?.into_any())
            }
        };
        let arguments = PyDict::new(py);
        arguments.set_item("trust_anchors", certificates(&self.trust_anchors)?)?;
        arguments.set_item("intermediates", certificates(&self.intermediates)?)?;
        let distrusted = self.distrusted.iter().map(|digest| PyBytes::new(py, digest));
        arguments.set_item("distrusted", PyTuple::new(py, distrusted)?)?;
        let names = |algorithms: &Vec<SignatureAlgorithm>| {
            PyTuple::new(py, algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>())
        };
        arguments
            .set_item("accepted_algorithms", self.accepted_algorithms.as_ref().map(names).transpose()?)?;
        let roots = PyDict::new(py);
        for (name, root) in &self.trusted_roots {
            roots.set_item(name, root)?;
        }
        arguments.set_item("trusted_roots", roots)?;
        arguments.set_item("logs", PyTuple::new(py, &self.logs)?)?;
        arguments.set_item("certificate_logs", PyTuple::new(py, &self.certificate_logs)?)?;
        arguments.set_item("timestamp_authorities", PyTuple::new(py, &self.timestamp_authorities)?)?;
        Ok(arguments)
    }
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

/// The digests of what is distrusted, in order.
fn distrusted_digests(distrusted: &Bound<'_, PyAny>) -> PyResult<Vec<[u8; 32]>> {
    const WANTED: &str = "an iterable of bytes or hex str";
    const WHAT: &str = "an item of distrusted";
    let read = |item: Bound<'_, PyAny>| {
        let digest = if let Some(hex) = optional_text(&item, WHAT, CODE)? {
            Digest::from_hex(HashAlgorithm::Sha256, &hex)
        } else if let Some(digest) = optional_bytes(&item)? {
            Digest::new(HashAlgorithm::Sha256, &digest)
        } else {
            return Err(wrong_type(&item, WHAT, "bytes or hex str"));
        };
        digest.and_then(|digest| digest.as_bytes().try_into().ok()).ok_or_else(|| {
            refused(
                item.py(),
                CODE,
                "a distrusted certificate or key is named by the 32 bytes or 64 hex digits of its SHA-256",
            )
        })
    };
    let mut digests: Vec<_> =
        items(distrusted, "distrusted", WANTED)?.into_iter().map(read).collect::<PyResult<_>>()?;
    digests.sort_unstable();
    digests.dedup();
    Ok(digests)
}

fn named_roots(roots: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(String, Py<PyTrustedRoot>)>> {
    let Some(roots) = roots else { return Ok(Vec::new()) };
    let read = |(name, root): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name = text(&name, "a name in trusted_roots", Code::MalformedTrustedRoot)?;
        match root.cast::<PyTrustedRoot>() {
            Ok(root) => Ok((name, root.clone().unbind())),
            Err(_) => Err(wrong_type(&root, &format!("the trusted root {name:?}"), "TrustedRoot")),
        }
    };
    pairs(roots, "trusted_roots", "a mapping of str to TrustedRoot")?.into_iter().map(read).collect()
}

/// The items of an iterable that may have been left out, each of this class.
fn held<T: PyClass>(value: Option<&Bound<'_, PyAny>>, what: &str, class: &str) -> PyResult<Vec<Py<T>>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let read = |item: Bound<'_, PyAny>| match item.cast::<T>() {
        Ok(item) => Ok(item.clone().unbind()),
        Err(_) => Err(wrong_type(&item, &format!("an item of {what}"), class)),
    };
    items(value, what, &format!("an iterable of {class}"))?.into_iter().map(read).collect()
}

#[pymethods]
impl PyVerifier {
    #[new]
    #[pyo3(signature = (trust_anchors=None, intermediates=None, distrusted=None, *, accepted_algorithms=None, trusted_roots=None, logs=None, certificate_logs=None, timestamp_authorities=None))]
    #[pyo3(
        text_signature = "(trust_anchors=None, intermediates=None, distrusted=(), *, accepted_algorithms=None, trusted_roots=None, logs=(), certificate_logs=(), timestamp_authorities=())"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        trust_anchors: Option<&Bound<'_, PyAny>>,
        intermediates: Option<&Bound<'_, PyAny>>,
        distrusted: Option<&Bound<'_, PyAny>>,
        accepted_algorithms: Option<&Bound<'_, PyAny>>,
        trusted_roots: Option<&Bound<'_, PyAny>>,
        logs: Option<&Bound<'_, PyAny>>,
        certificate_logs: Option<&Bound<'_, PyAny>>,
        timestamp_authorities: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let read = |value: Option<&Bound<'_, PyAny>>, what: &str| {
            value.map(|value| certificates(value, what, CODE)).transpose()
        };
        let source = Source {
            trust_anchors: read(trust_anchors, "trust_anchors")?,
            intermediates: read(intermediates, "intermediates")?,
            distrusted: distrusted.map_or_else(|| Ok(Vec::new()), distrusted_digests)?,
            accepted_algorithms: accepted_algorithms.map(algorithms).transpose()?,
            trusted_roots: named_roots(trusted_roots)?,
            logs: held(logs, "logs", "LogKey")?,
            certificate_logs: held(certificate_logs, "certificate_logs", "LogKey")?,
            timestamp_authorities: held(
                timestamp_authorities,
                "timestamp_authorities",
                "TimestampAuthority",
            )?,
        };
        let algorithms = source.accepted_algorithms.as_deref().unwrap_or(SignatureAlgorithm::DEFAULT);
        let mut anchor_count = 0;
        let mut builder = match &source.trust_anchors {
            Some(anchors) => {
                let anchors = match anchors {
                    Certificates::Pem(pem) => TrustAnchors::from_pem_accepting(pem, algorithms),
                    Certificates::Der(certificates) => {
                        TrustAnchors::from_der_accepting(certificates, algorithms)
                    }
                }
                .or_raise(py)?;
                anchor_count = anchors.len();
                Verifier::builder(anchors)
            }
            None if source.trusted_roots.is_empty() => {
                const DETAIL: &str = "give trust_anchors or trusted_roots: there is nobody to trust";
                return Err(pyo3::exceptions::PyTypeError::new_err(DETAIL));
            }
            None => {
                let of_anchors = [&intermediates, &logs, &certificate_logs, &timestamp_authorities];
                if of_anchors.iter().any(|given| given.is_some()) {
                    return Err(invalid_argument(
                        py,
                        "intermediates, logs, certificate_logs and timestamp_authorities go with trust_anchors, and there are none",
                    ));
                }
                VerifierBuilder::without_anchors().accept_algorithms(algorithms)
            }
        };
        builder = match &source.intermediates {
            None => builder,
            Some(Certificates::Pem(pem)) => builder.intermediates_from_pem(pem).or_raise(py)?,
            Some(Certificates::Der(certificates)) => {
                builder.intermediates_from_der(certificates).or_raise(py)?
            }
        };
        for digest in &source.distrusted {
            builder = builder.distrust(*digest);
        }
        for (name, root) in &source.trusted_roots {
            builder = builder.trusted_root(name, &root.get().root).or_raise(py)?;
        }
        for log in &source.logs {
            builder = builder.log(log.get().key.clone()).or_raise(py)?;
        }
        for log in &source.certificate_logs {
            builder = builder.certificate_log(log.get().key.clone()).or_raise(py)?;
        }
        for authority in &source.timestamp_authorities {
            builder = builder.timestamp_authority(authority.get().0.clone()).or_raise(py)?;
        }
        Ok(Self { verifier: builder.build(), anchor_count, source })
    }

    /// A verifier for bundles that trusts one ``TrustedRoot``, as the instance ``"trusted_root"``, and nobody else.
    #[staticmethod]
    fn from_trusted_root(root: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(root) = root.cast::<PyTrustedRoot>() else {
            return Err(wrong_type(root, "root", "TrustedRoot"));
        };
        let source = Source {
            trust_anchors: None,
            intermediates: None,
            distrusted: Vec::new(),
            accepted_algorithms: None,
            trusted_roots: vec![(Verifier::TRUSTED_ROOT.to_owned(), root.clone().unbind())],
            logs: Vec::new(),
            certificate_logs: Vec::new(),
            timestamp_authorities: Vec::new(),
        };
        Ok(Self { verifier: Verifier::from_trusted_root(&root.get().root), anchor_count: 0, source })
    }

    /// Verifies an artifact by the entries of its log: those of other artifacts and tenants do not matter.
    ///
    /// Give every entry of the artifact that there is: a revocation that is left out cannot be seen. ``name``
    /// is ``image@sha256:`` and 64 hex digits; ``now``, if given, refuses an entry that was signed after it, or
    /// after it and a ``leeway``: seconds or a timedelta, at most a day, because the log's clock is another.
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
        let now = Now::new(py, now, leeway)?;
        let judge = |part: &[&AskedEntries]| -> Vec<Result<_, Rejection>> {
            let part: Vec<Request<'_, _>> = part.iter().map(|asked| asked.request()).collect();
            let results = self.at(now).verify_many(&part);
            results.into_iter().map(|result| result.map(|verified| owned(&verified))).collect()
        };
        judge_many(requests, progress, judge, |asked, owned| asked.entries.verified(py, owned))
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

    /// Verifies an artifact by a ``Bundle``: each instance that the verifier trusts judges it alone, and the first under which
    /// every rule is passed is the answer.
    ///
    /// ``artifact`` is
    ///
    /// - bytes, a bytearray or a memoryview: the artifact itself;
    /// - a path-like object, such as a ``pathlib.Path``, or a binary file: it is read in pieces to its end, and hashed;
    /// - a ``Digest`` or a list of them;
    /// - str: **an artifact's name**, ``image@sha256:`` and 64 hex digits, and never a file's.
    ///
    /// Where Ed25519 signed the artifact itself, its bytes are needed. ``policy`` is a ``BundlePolicy``, for signers with a
    /// certificate, or a ``KeyPolicy``. ``now`` and ``leeway`` are as for ``verify``; where no signed time is asked for and
    /// there is none, everything must be valid at ``now``.
    ///
    /// Raises ``Rejected`` if the artifact is not to be trusted, with the reason under the instance under which the bundle
    /// came furthest, and ``MalformedInput`` if an argument cannot be used. Where it cannot be told whether the blocklist has
    /// the artifact, or nobody may judge, the code is ``invalid_argument``. A file that cannot be read raises ``OSError``.
    #[pyo3(signature = (artifact, bundle, policy, *, now=None, leeway=None))]
    fn verify_bundle(
        &self,
        py: Python<'_>,
        artifact: &Bound<'_, PyAny>,
        bundle: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyVerified> {
        let bundle = &self::bundle(bundle, "bundle")?.get().0;
        let (policy, now) = (bundle_policy(policy, "policy")?, Now::new(py, now, leeway)?);
        let artifact = GivenArtifact::new(artifact, "artifact")?;
        let verify = || {
            let result = self.at(now).verify_bundle(&artifact.artifact(), bundle, policy);
            result.map(|verified| OwnedVerified::from(&verified))
        };
        match detached(py, verify)? {
            Ok(owned) => Ok(PyVerified::new(owned, None)),
            Err(rejection) => Err(rejected(py, &rejection)),
        }
    }

    /// Runs every check on the same input and reports on all of them, and on every signed timestamp, log entry and certificate
    /// timestamp by itself; never fails for a refused bundle.
    #[pyo3(signature = (artifact, bundle, policy, *, now=None, leeway=None))]
    fn examine_bundle(
        &self,
        py: Python<'_>,
        artifact: &Bound<'_, PyAny>,
        bundle: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyBundleReport> {
        let bundle = &self::bundle(bundle, "bundle")?.get().0;
        let (policy, now) = (bundle_policy(policy, "policy")?, Now::new(py, now, leeway)?);
        let artifact = GivenArtifact::new(artifact, "artifact")?;
        detached(py, || self.at(now).examine_bundle(&artifact.artifact(), bundle, policy)).map(PyBundleReport)
    }

    /// Verifies who signed a bundle's envelope, and when, whatever its payload is and is about.
    ///
    /// Neither an artifact nor the blocklist is asked, so that the result is no ``Verified``. Raises ``Rejected``, for a bundle
    /// without an envelope with the code ``artifact_mismatch``.
    #[pyo3(signature = (bundle, policy, *, now=None, leeway=None))]
    fn verify_envelope(
        &self,
        py: Python<'_>,
        bundle: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyVerifiedEnvelope> {
        let bundle = &self::bundle(bundle, "bundle")?.get().0;
        let (policy, now) = (bundle_policy(policy, "policy")?, Now::new(py, now, leeway)?);
        let verify = || {
            let result = self.at(now).verify_envelope(bundle, policy);
            result.map(|verified| PyVerifiedEnvelope::new(&verified, policy))
        };
        detached(py, verify)?.map_err(|rejection| rejected(py, &rejection))
    }

    /// Verifies an artifact by any of several bundles: the first that passes is the answer.
    ///
    /// Raises ``Rejected`` with the first bundle's reason, and those of the others in its ``others``; ``no_signature`` if no
    /// bundle was given. Of very many only the first 1,024 are looked at.
    #[pyo3(signature = (artifact, bundles, policy, *, now=None, leeway=None))]
    fn verify_bundles(
        &self,
        py: Python<'_>,
        artifact: &Bound<'_, PyAny>,
        bundles: &Bound<'_, PyAny>,
        policy: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<PyVerified> {
        let bundles = self::bundles(bundles, "bundles", "an iterable of Bundle")?;
        let (policy, now) = (bundle_policy(policy, "policy")?, Now::new(py, now, leeway)?);
        let artifact = GivenArtifact::new(artifact, "artifact")?;
        let verify = || {
            let bundles = bundles.iter().map(|bundle| -> &Bundle { &bundle.get().0 });
            let result = self.at(now).verify_bundles(&artifact.artifact(), bundles, policy);
            result.map(|verified| OwnedVerified::from(&verified))
        };
        match detached(py, verify)? {
            Ok(owned) => Ok(PyVerified::new(owned, None)),
            Err(rejection) => Err(rejected(py, &rejection)),
        }
    }

    /// Verifies many artifacts by their bundles on all cores; **only a result that passes** ``isinstance(result, Verified)``
    /// **is to be trusted**. The list has one for each request, as that of ``verify_many`` has.
    ///
    /// A request is a tuple of artifact, bundles (a ``Bundle``, or an iterable of them of which any will do) and policy. A file
    /// that cannot be read ends the call with its ``OSError``.
    #[pyo3(signature = (requests, *, now=None, leeway=None, progress=None))]
    fn verify_many_bundles<'py>(
        &self,
        py: Python<'py>,
        requests: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        leeway: Option<&Bound<'py, PyAny>>,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let now = Now::new(py, now, leeway)?;
        let judge = |part: &[&AskedBundles]| -> Vec<Result<_, Rejection>> {
            let artifacts: Vec<Artifact<'_>> = part.iter().map(|asked| asked.artifact()).collect();
            let requests: Vec<BundleRequest<'_>> =
                part.iter().zip(&artifacts).map(|(asked, artifact)| asked.request(artifact)).collect();
            let results = self.at(now).verify_many_bundles(&requests);
            results.into_iter().map(|result| result.map(|verified| OwnedVerified::from(&verified))).collect()
        };
        judge_many(requests, progress, judge, |_, owned| PyVerified::new(owned, None))
    }

    fn __repr__(&self) -> String {
        format!(
            "<countermark.Verifier trust_anchors={} distrusted={} trusted_roots={}>",
            self.anchor_count,
            self.source.distrusted.len(),
            self.source.trusted_roots.len()
        )
    }

    fn __eq__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<bool> {
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let py = other.py();
        let (one, other) = (&self.source, &other.get().source);
        let order =
            |source: &Source| source.trusted_roots.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        Ok(order(one) == order(other) && one.arguments(py)?.eq(other.arguments(py)?)?)
    }

    fn __hash__(&self) -> u64 {
        self.source.hash()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let arguments = self.source.arguments(py)?;
        if self.source.trust_anchors.is_none() {
            // They go with anchors.
            for name in ["intermediates", "logs", "certificate_logs", "timestamp_authorities"] {
                arguments.del_item(name)?;
            }
        }
        Ok((PyTuple::empty(py), arguments))
    }
}
