//! Policies for bundles.

use crate::convert::{
    Given, OrRaise, items, json_bytes, mapping, object_from_json, pairs, quoted, text, to_json,
};
use crate::error::{failed, refused, wrong_type};
use crate::policy::{number, wanted, wanted_object};
use crate::trust::{PyPeriod, period, public_key};
use countermark::{AnyBundlePolicy, BundlePolicy, Claim, Code, KeyPolicy, Match, PublicKey, PypiPublisher};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyMappingProxy, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedPolicy;

/// What every policy for bundles may demand, as it was given.
struct Demands<'a, 'py> {
    instance: Option<&'a Bound<'py, PyAny>>,
    log_entries: Option<&'a Bound<'py, PyAny>>,
    signed_times: Option<&'a Bound<'py, PyAny>>,
    predicate_type: Option<&'a Bound<'py, PyAny>>,
    subject_name: Option<&'a Bound<'py, PyAny>>,
    ignore_unknown_authorities: bool,
    blocklist: Option<&'a Bound<'py, PyAny>>,
}

/// How many are needed.
fn count(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u32> {
    number(value, what, "0", countermark::limits::MAX_DEMANDED)
}

/// The same policy with what was given. The policies of both kinds have the same methods, and no trait.
macro_rules! with_demands {
    ($py:expr, $policy:expr, $demands:expr) => {{
        let (mut policy, demands) = ($policy, $demands);
        if let Some(name) = demands.instance {
            policy = policy.with_instance(text(name, "instance", CODE)?).or_raise($py)?;
        }
        if let Some(value) = demands.log_entries {
            policy = policy.with_log_entries(count(value, "log_entries")?).or_raise($py)?;
        }
        if let Some(value) = demands.signed_times {
            policy = policy.with_signed_times(count(value, "signed_times")?).or_raise($py)?;
        }
        if let Some(value) = demands.predicate_type {
            policy = policy.with_predicate_type(text(value, "predicate_type", CODE)?).or_raise($py)?;
        }
        if let Some(value) = demands.subject_name {
            policy = policy.with_subject_name(text(value, "subject_name", CODE)?).or_raise($py)?;
        }
        if demands.ignore_unknown_authorities {
            policy = policy.ignoring_unknown_authorities();
        }
        if let Some(blocklist) = demands.blocklist {
            for item in items(blocklist, "blocklist", "an iterable of str")? {
                policy = policy.block(&text(&item, "an item of blocklist", CODE)?).or_raise($py)?;
            }
        }
        policy
    }};
}

fn required(claims: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<(Claim, Match)>> {
    let Some(claims) = claims else { return Ok(Vec::new()) };
    let read = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let claim: Claim = text(&name, "a claim's name", CODE)?.parse().or_raise(name.py())?;
        Ok((claim, wanted(&claim, &value)?))
    };
    pairs(claims, "claims", "a mapping of str to str, Glob or AnyOf")?.into_iter().map(read).collect()
}

/// Also demands what only signers with certificates have.
fn with_certificate_demands<'py>(
    py: Python<'py>,
    mut policy: BundlePolicy,
    max_certificate_lifetime_seconds: Option<&Bound<'py, PyAny>>,
    certificate_timestamps: Option<&Bound<'py, PyAny>>,
    pypi_distribution: Option<&Bound<'py, PyAny>>,
) -> PyResult<BundlePolicy> {
    if let Some(value) = max_certificate_lifetime_seconds {
        let largest = BundlePolicy::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS;
        let seconds = number(value, "max_certificate_lifetime_seconds", "1", largest)?;
        policy = policy.with_max_certificate_lifetime_seconds(seconds).or_raise(py)?;
    }
    if let Some(value) = certificate_timestamps {
        let count = count(value, "certificate_timestamps")?;
        policy = policy.with_certificate_timestamps(count).or_raise(py)?;
    }
    if let Some(file_name) = pypi_distribution {
        let file_name = text(file_name, "pypi_distribution", CODE)?;
        policy = policy.with_pypi_distribution(&file_name).or_raise(py)?;
    }
    Ok(policy)
}

/// What the caller expects of a bundle that somebody signed with a certificate: of the signer, of what vouches beside the
/// signature, and of what is said.
///
/// - ``certificate_oidc_issuer`` is the identity provider that must have vouched for the signer.
///   ``no_certificate_oidc_issuer=True`` stands for it where certificates name none, and then they must name none.
/// - ``claims`` maps claim names to str (exactly this text), ``Glob`` or ``AnyOf``. Without one about the signer the policy
///   is malformed, unless it says ``any_signer_of_issuer=True``.
/// - ``max_certificate_lifetime_seconds`` is 600 unless given, and at most 34,560,000.
/// - ``instance`` names the only instance that may judge.
/// - ``log_entries``, ``signed_times`` and ``certificate_timestamps``: how many independent good ones are needed, 0 to 32; 1
///   unless given.
/// - ``predicate_type`` and ``subject_name``: what the statement must have.
/// - ``pypi_distribution``: the file name of a wheel or source archive, of which the bundle must be an attestation of PyPI.
/// - ``ignore_unknown_authorities=True`` passes over what is of logs and authorities that are not known.
/// - ``blocklist`` has artifact names, and digests as ``sha256:`` and 64 lowercase hex digits, or those of ``sha384`` and
///   ``sha512``.
///
/// ``for_sigstore``, ``for_github``, ``for_github_release`` and ``for_pypi`` make policies for known publishers. Raises
/// ``MalformedInput`` if a part is malformed.
#[pyclass(frozen, eq, name = "BundlePolicy", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyBundlePolicy(BundlePolicy);

#[pymethods]
impl PyBundlePolicy {
    #[new]
    #[pyo3(signature = (certificate_oidc_issuer=None, *, claims=None, no_certificate_oidc_issuer=Given::NOT, any_signer_of_issuer=Given::NOT, max_certificate_lifetime_seconds=None, instance=None, log_entries=None, signed_times=None, certificate_timestamps=None, predicate_type=None, subject_name=None, pypi_distribution=None, ignore_unknown_authorities=Given::NOT, blocklist=None))]
    #[pyo3(
        text_signature = "(certificate_oidc_issuer=None, *, claims=None, no_certificate_oidc_issuer=False, any_signer_of_issuer=False, max_certificate_lifetime_seconds=None, instance=None, log_entries=None, signed_times=None, certificate_timestamps=None, predicate_type=None, subject_name=None, pypi_distribution=None, ignore_unknown_authorities=False, blocklist=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        certificate_oidc_issuer: Option<&Bound<'_, PyAny>>,
        claims: Option<&Bound<'_, PyAny>>,
        no_certificate_oidc_issuer: Given<'_>,
        any_signer_of_issuer: Given<'_>,
        max_certificate_lifetime_seconds: Option<&Bound<'_, PyAny>>,
        instance: Option<&Bound<'_, PyAny>>,
        log_entries: Option<&Bound<'_, PyAny>>,
        signed_times: Option<&Bound<'_, PyAny>>,
        certificate_timestamps: Option<&Bound<'_, PyAny>>,
        predicate_type: Option<&Bound<'_, PyAny>>,
        subject_name: Option<&Bound<'_, PyAny>>,
        pypi_distribution: Option<&Bound<'_, PyAny>>,
        ignore_unknown_authorities: Given<'_>,
        blocklist: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let issuer = certificate_oidc_issuer
            .map(|issuer| text(issuer, "certificate_oidc_issuer", CODE))
            .transpose()?;
        let has_none = no_certificate_oidc_issuer.flag("no_certificate_oidc_issuer")?;
        let (claims, any) = (required(claims)?, any_signer_of_issuer.flag("any_signer_of_issuer")?);
        let require = |policy: BundlePolicy| {
            claims.iter().try_fold(policy, |policy, (claim, wanted)| policy.require(*claim, wanted.clone()))
        };
        let policy = match (issuer, has_none, any) {
            (Some(issuer), false, false) => BundlePolicy::new(issuer, claims),
            (Some(issuer), false, true) => BundlePolicy::any_signer_of_issuer(issuer).and_then(require),
            (None, true, false) => BundlePolicy::without_issuer(claims),
            (None, true, true) => require(BundlePolicy::any_signer_without_issuer()),
            (Some(_), true, _) => {
                let detail = "certificate_oidc_issuer and no_certificate_oidc_issuer contradict each other";
                return Err(refused(py, CODE, detail));
            }
            (None, false, _) => return Err(refused(py, CODE, "certificate_oidc_issuer is missing")),
        };
        let policy = with_certificate_demands(
            py,
            policy.or_raise(py)?,
            max_certificate_lifetime_seconds,
            certificate_timestamps,
            pypi_distribution,
        )?;
        let demands = Demands {
            instance,
            log_entries,
            signed_times,
            predicate_type,
            subject_name,
            ignore_unknown_authorities: ignore_unknown_authorities.flag("ignore_unknown_authorities")?,
            blocklist,
        };
        Ok(Self(with_demands!(py, policy, demands)))
    }

    /// Reads a policy from JSON (str or bytes).
    ///
    /// Null, a repeated or unknown member, an unknown claim, and members that contradict each other raise
    /// ``MalformedInput``, so that a policy cannot say less than its author believes.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        BundlePolicy::from_json(json_bytes(data, "data", CODE)?).or_raise(data.py()).map(Self)
    }

    /// A policy for what this identity signed (str, ``Glob`` or ``AnyOf``), as Sigstore's public instance has it.
    ///
    /// An identity of GitHub Actions is a workflow,
    /// ``https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1``, and of people an e-mail address.
    #[staticmethod]
    fn for_sigstore(
        py: Python<'_>,
        identity: &Bound<'_, PyAny>,
        certificate_oidc_issuer: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let identity = wanted(&Claim::CertificateIdentity, identity)?;
        let issuer = text(certificate_oidc_issuer, "certificate_oidc_issuer", CODE)?;
        BundlePolicy::for_sigstore(identity, issuer).or_raise(py).map(Self)
    }

    /// A policy for what GitHub Actions built from this repository, ``owner/name``, by whichever workflow; ``enterprise``
    /// for one whose tokens have an issuer of their own.
    ///
    /// GitHub has an instance of its own, without any log, for repositories that are not public. An instance with neither
    /// logs nor certificate logs must give one signed timestamp; any other one log entry, one signed time and one
    /// certificate timestamp.
    #[staticmethod]
    #[pyo3(signature = (repository, *, enterprise=None))]
    fn for_github(
        py: Python<'_>,
        repository: &Bound<'_, PyAny>,
        enterprise: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let repository = text(repository, "repository", CODE)?;
        let enterprise = enterprise.map(|name| text(name, "enterprise", CODE)).transpose()?;
        let policy = match enterprise {
            Some(enterprise) => BundlePolicy::for_github_enterprise(&enterprise, &repository),
            None => BundlePolicy::for_github(&repository),
        };
        policy.or_raise(py).map(Self)
    }

    /// A policy for an asset of a release of this repository, ``owner/name``, which GitHub itself attests: the statement has
    /// the artifact, and a subject for the release.
    #[staticmethod]
    fn for_github_release(repository: &Bound<'_, PyAny>) -> PyResult<Self> {
        let name = text(repository, "repository", CODE)?;
        BundlePolicy::for_github_release(&name).or_raise(repository.py()).map(Self)
    }

    /// A policy for a distribution of PyPI, a wheel or source archive by its file name, that this ``PypiPublisher`` attests.
    ///
    /// The statement must have one subject, by the same file name once both are parsed, and with the artifact's SHA-256.
    #[staticmethod]
    fn for_pypi(
        py: Python<'_>,
        publisher: &Bound<'_, PyAny>,
        file_name: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let Ok(publisher) = publisher.cast::<PyPypiPublisher>() else {
            return Err(wrong_type(publisher, "publisher", "PypiPublisher"));
        };
        let file_name = text(file_name, "file_name", CODE)?;
        BundlePolicy::for_pypi(&publisher.get().publisher, &file_name).or_raise(py).map(Self)
    }

    /// The same policy with these settings: claims, the distribution of PyPI and items of the blocklist are added to what is
    /// demanded already, and every other setting stands in place of the one before. A claim cannot be demanded twice.
    #[pyo3(signature = (*, claims=None, max_certificate_lifetime_seconds=None, instance=None, log_entries=None, signed_times=None, certificate_timestamps=None, predicate_type=None, subject_name=None, pypi_distribution=None, ignore_unknown_authorities=Given::NOT, blocklist=None))]
    #[pyo3(
        text_signature = "($self, *, claims=None, max_certificate_lifetime_seconds=None, instance=None, log_entries=None, signed_times=None, certificate_timestamps=None, predicate_type=None, subject_name=None, pypi_distribution=None, ignore_unknown_authorities=False, blocklist=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn demanding(
        &self,
        py: Python<'_>,
        claims: Option<&Bound<'_, PyAny>>,
        max_certificate_lifetime_seconds: Option<&Bound<'_, PyAny>>,
        instance: Option<&Bound<'_, PyAny>>,
        log_entries: Option<&Bound<'_, PyAny>>,
        signed_times: Option<&Bound<'_, PyAny>>,
        certificate_timestamps: Option<&Bound<'_, PyAny>>,
        predicate_type: Option<&Bound<'_, PyAny>>,
        subject_name: Option<&Bound<'_, PyAny>>,
        pypi_distribution: Option<&Bound<'_, PyAny>>,
        ignore_unknown_authorities: Given<'_>,
        blocklist: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut policy = self.0.clone();
        for (claim, wanted) in required(claims)? {
            policy = policy.require(claim, wanted).or_raise(py)?;
        }
        let policy = with_certificate_demands(
            py,
            policy,
            max_certificate_lifetime_seconds,
            certificate_timestamps,
            pypi_distribution,
        )?;
        let demands = Demands {
            instance,
            log_entries,
            signed_times,
            predicate_type,
            subject_name,
            ignore_unknown_authorities: ignore_unknown_authorities.flag("ignore_unknown_authorities")?,
            blocklist,
        };
        Ok(Self(with_demands!(py, policy, demands)))
    }

    /// The identity provider that must have vouched for the signer; None if the certificate must name none.
    #[getter]
    fn certificate_oidc_issuer(&self) -> Option<&str> {
        self.0.certificate_oidc_issuer()
    }

    /// The required claims: name to str, ``Glob`` or ``AnyOf``. ``for_pypi`` may also demand how claims go together.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        let claims = self.0.claims().iter();
        let pairs: Vec<_> = claims
            .map(|(claim, wanted)| Ok((claim.to_string(), wanted_object(py, wanted)?)))
            .collect::<PyResult<_>>()?;
        mapping(py, pairs)
    }

    /// How many seconds a leaf may be valid.
    #[getter]
    fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.0.max_certificate_lifetime_seconds()
    }

    /// Whether anyone whom the issuer vouches for would do.
    #[getter]
    fn is_unconstrained(&self) -> bool {
        self.0.is_unconstrained()
    }

    /// The name of the only instance that may judge; None if any may.
    #[getter]
    fn instance(&self) -> Option<&str> {
        self.0.instance()
    }

    /// How many independent log entries are needed; None if the kind of instance decides.
    #[getter]
    fn log_entries(&self) -> Option<u32> {
        self.0.log_entries()
    }

    /// How many independent signed times are needed; None if the kind of instance decides.
    #[getter]
    fn signed_times(&self) -> Option<u32> {
        self.0.signed_times()
    }

    /// How many independent certificate timestamps are needed; None if the kind of instance decides.
    #[getter]
    fn certificate_timestamps(&self) -> Option<u32> {
        self.0.certificate_timestamps()
    }

    /// The predicate types of which the statement must have one; none if any will do.
    #[getter]
    fn predicate_types<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.predicate_types().collect::<Vec<_>>())
    }

    /// The name of the subject that must be the artifact; None if any will do.
    #[getter]
    fn subject_name(&self) -> Option<&str> {
        self.0.subject_name()
    }

    /// Whether items of unknown logs and authorities are passed over.
    #[getter]
    fn ignore_unknown_authorities(&self) -> bool {
        self.0.ignores_unknown_authorities()
    }

    /// The blocklist's items, in order.
    #[getter]
    fn blocklist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.blocklist().collect::<Vec<_>>())
    }

    /// The policy as ``from_json`` reads it, without members that have their defaults.
    ///
    /// Raises ``CountermarkError`` (code ``invalid_argument``) for one of ``for_github``, ``for_github_release`` or
    /// ``for_pypi``: they demand what JSON cannot say.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(|error| failed(py, Code::InvalidArgument, &error.to_string()))
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let issuer = match self.certificate_oidc_issuer() {
            Some(issuer) => quoted(py, issuer)?,
            None => "None".to_owned(),
        };
        let claims = self.claims(py)?.call_method0("copy")?.repr()?;
        Ok(format!("<countermark.BundlePolicy certificate_oidc_issuer={issuer} claims={}>", claims.to_cow()?))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.certificate_oidc_issuer().hash(&mut hasher);
        self.0.max_certificate_lifetime_seconds().hash(&mut hasher);
        for (claim, _) in self.0.claims() {
            claim.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(py)?,)))
    }
}

/// Who may publish a project of PyPI, as its owner told PyPI and as the caller knows it: ``github``, ``gitlab``, ``google``
/// or ``circleci`` makes one. What an index says of a file's publisher proves nothing.
///
/// What a publisher has beside these, an environment, say, is a claim for ``BundlePolicy.demanding``. They raise
/// ``MalformedInput`` (code ``malformed_policy``) if a part has another form.
#[pyclass(frozen, eq, name = "PypiPublisher", module = "countermark")]
pub(crate) struct PyPypiPublisher {
    publisher: PypiPublisher,
    made_by: &'static str,
    arguments: Vec<String>,
}

impl PartialEq for PyPypiPublisher {
    fn eq(&self, other: &Self) -> bool {
        self.publisher == other.publisher
    }
}

#[pymethods]
impl PyPypiPublisher {
    /// A workflow of GitHub Actions: ``owner/name`` of the repository, and the workflow's file name, such as
    /// ``release.yml``.
    #[staticmethod]
    fn github(py: Python<'_>, repository: &Bound<'_, PyAny>, workflow: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (repository, workflow) =
            (text(repository, "repository", CODE)?, text(workflow, "workflow", CODE)?);
        let publisher = PypiPublisher::github(&repository, &workflow).or_raise(py)?;
        Ok(Self { publisher, made_by: "github", arguments: vec![repository, workflow] })
    }

    /// A pipeline of GitLab: ``group/name`` of the project, and the path of the file that configures the pipeline, such as
    /// ``.gitlab-ci.yml``.
    #[staticmethod]
    fn gitlab(
        py: Python<'_>,
        repository: &Bound<'_, PyAny>,
        workflow_filepath: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let repository = text(repository, "repository", CODE)?;
        let path = text(workflow_filepath, "workflow_filepath", CODE)?;
        let publisher = PypiPublisher::gitlab(&repository, &path).or_raise(py)?;
        Ok(Self { publisher, made_by: "gitlab", arguments: vec![repository, path] })
    }

    /// A service account of Google Cloud, by its e-mail address.
    #[staticmethod]
    fn google(email: &Bound<'_, PyAny>) -> PyResult<Self> {
        let address = text(email, "email", CODE)?;
        let publisher = PypiPublisher::google(&address).or_raise(email.py())?;
        Ok(Self { publisher, made_by: "google", arguments: vec![address] })
    }

    /// A pipeline of CircleCI, by the IDs (UUIDs) of its project and of the pipeline's definition.
    #[staticmethod]
    fn circleci(
        py: Python<'_>,
        project_id: &Bound<'_, PyAny>,
        pipeline_definition_id: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let project = text(project_id, "project_id", CODE)?;
        let definition = text(pipeline_definition_id, "pipeline_definition_id", CODE)?;
        let publisher = PypiPublisher::circleci(&project, &definition).or_raise(py)?;
        Ok(Self { publisher, made_by: "circleci", arguments: vec![project, definition] })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let arguments: Vec<String> =
            self.arguments.iter().map(|text| quoted(py, text)).collect::<PyResult<_>>()?;
        Ok(format!("PypiPublisher.{}({})", self.made_by, arguments.join(", ")))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.arguments.hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((py.get_type::<Self>().getattr(self.made_by)?, PyTuple::new(py, &self.arguments)?))
    }
}

/// A public key that may have signed: bytes (DER of a ``SubjectPublicKeyInfo``) or str (PEM).
///
/// - ``name``: a bundle's hint selects among the named keys of a policy; a key without name is tried whatever the hint.
/// - ``valid_for``: the ``Period`` in which the key signs, if it is limited.
///
/// Raises ``MalformedInput`` (code ``malformed_policy``) if the key cannot be used.
#[pyclass(frozen, eq, name = "PublicKey", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyPublicKey(PublicKey);

#[pymethods]
impl PyPublicKey {
    #[new]
    #[pyo3(signature = (public_key, name=None, valid_for=None))]
    fn new(
        py: Python<'_>,
        public_key: &Bound<'_, PyAny>,
        name: Option<&Bound<'_, PyAny>>,
        valid_for: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut key = PublicKey::from_der(self::public_key(public_key, CODE)?).or_raise(py)?;
        if let Some(name) = name {
            key = key.with_name(text(name, "name", CODE)?).or_raise(py)?;
        }
        if let Some(valid_for) = valid_for {
            key = key.with_period(period(valid_for)?).or_raise(py)?;
        }
        Ok(Self(key))
    }

    /// The ``SubjectPublicKeyInfo`` in DER.
    #[getter]
    fn public_key<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.as_der())
    }

    /// The name, if it has one.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// The period in which it signs, if that is limited.
    #[getter]
    fn valid_for(&self) -> Option<PyPeriod> {
        self.0.period().map(PyPeriod)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let name = self.name().map_or_else(|| Ok("None".to_owned()), |name| quoted(py, name))?;
        Ok(format!("<countermark.PublicKey name={name}>"))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.as_der().hash(&mut hasher);
        self.0.name().hash(&mut hasher);
        hasher.finish()
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Option<&str>, Option<PyPeriod>) {
        (self.public_key(py), self.name(), self.valid_for())
    }
}

/// What the caller expects of a bundle that one of these keys signed, without a certificate: of what vouches beside the
/// signature, and of what is said.
///
/// ``keys`` is an iterable of ``PublicKey``; the others are as for ``BundlePolicy``. Raises ``MalformedInput`` if a part is
/// malformed.
#[pyclass(frozen, eq, name = "KeyPolicy", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyKeyPolicy(KeyPolicy);

#[pymethods]
impl PyKeyPolicy {
    #[new]
    #[pyo3(signature = (keys, *, instance=None, log_entries=None, signed_times=None, predicate_type=None, subject_name=None, ignore_unknown_authorities=Given::NOT, blocklist=None))]
    #[pyo3(
        text_signature = "(keys, *, instance=None, log_entries=None, signed_times=None, predicate_type=None, subject_name=None, ignore_unknown_authorities=False, blocklist=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        instance: Option<&Bound<'_, PyAny>>,
        log_entries: Option<&Bound<'_, PyAny>>,
        signed_times: Option<&Bound<'_, PyAny>>,
        predicate_type: Option<&Bound<'_, PyAny>>,
        subject_name: Option<&Bound<'_, PyAny>>,
        ignore_unknown_authorities: Given<'_>,
        blocklist: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let key = |item: Bound<'_, PyAny>| match item.cast::<PyPublicKey>() {
            Ok(key) => Ok(key.get().0.clone()),
            Err(_) => Err(wrong_type(&item, "an item of keys", "PublicKey")),
        };
        let keys: Vec<PublicKey> =
            items(keys, "keys", "an iterable of PublicKey")?.into_iter().map(key).collect::<PyResult<_>>()?;
        let demands = Demands {
            instance,
            log_entries,
            signed_times,
            predicate_type,
            subject_name,
            ignore_unknown_authorities: ignore_unknown_authorities.flag("ignore_unknown_authorities")?,
            blocklist,
        };
        Ok(Self(with_demands!(py, KeyPolicy::new(keys).or_raise(py)?, demands)))
    }

    /// Reads a policy from JSON (str or bytes), as strictly as ``BundlePolicy.from_json``.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        KeyPolicy::from_json(json_bytes(data, "data", CODE)?).or_raise(data.py()).map(Self)
    }

    /// A policy for what the npm registry attests itself: its keys ``npm:attestations``, with their names and periods.
    ///
    /// The document (str or bytes) is ``registry.npmjs.org/keys.json``, a target of Sigstore's TUF repository; who fetched it
    /// has verified it.
    #[staticmethod]
    fn from_npm_keys(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        KeyPolicy::from_npm_keys(json_bytes(data, "data", CODE)?).or_raise(data.py()).map(Self)
    }

    /// The same policy with these settings: items of the blocklist are added, and every other setting stands in place of the
    /// one before.
    #[pyo3(signature = (*, instance=None, log_entries=None, signed_times=None, predicate_type=None, subject_name=None, ignore_unknown_authorities=Given::NOT, blocklist=None))]
    #[pyo3(
        text_signature = "($self, *, instance=None, log_entries=None, signed_times=None, predicate_type=None, subject_name=None, ignore_unknown_authorities=False, blocklist=None)"
    )]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn demanding(
        &self,
        py: Python<'_>,
        instance: Option<&Bound<'_, PyAny>>,
        log_entries: Option<&Bound<'_, PyAny>>,
        signed_times: Option<&Bound<'_, PyAny>>,
        predicate_type: Option<&Bound<'_, PyAny>>,
        subject_name: Option<&Bound<'_, PyAny>>,
        ignore_unknown_authorities: Given<'_>,
        blocklist: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let demands = Demands {
            instance,
            log_entries,
            signed_times,
            predicate_type,
            subject_name,
            ignore_unknown_authorities: ignore_unknown_authorities.flag("ignore_unknown_authorities")?,
            blocklist,
        };
        Ok(Self(with_demands!(py, self.0.clone(), demands)))
    }

    /// The keys, in the order given.
    #[getter]
    fn keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let keys: Vec<_> = self
            .0
            .keys()
            .iter()
            .map(|key| Bound::new(py, PyPublicKey(key.clone())))
            .collect::<PyResult<_>>()?;
        PyTuple::new(py, keys)
    }

    /// The name of the only instance that may judge; None if any may.
    #[getter]
    fn instance(&self) -> Option<&str> {
        self.0.instance()
    }

    /// How many independent log entries are needed; None if the kind of instance decides.
    #[getter]
    fn log_entries(&self) -> Option<u32> {
        self.0.log_entries()
    }

    /// How many independent signed times are needed; None if the kind of instance decides.
    #[getter]
    fn signed_times(&self) -> Option<u32> {
        self.0.signed_times()
    }

    /// The predicate types of which the statement must have one; none if any will do.
    #[getter]
    fn predicate_types<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.predicate_types().collect::<Vec<_>>())
    }

    /// The name of the subject that must be the artifact; None if any will do.
    #[getter]
    fn subject_name(&self) -> Option<&str> {
        self.0.subject_name()
    }

    /// Whether items of unknown logs and authorities are passed over.
    #[getter]
    fn ignore_unknown_authorities(&self) -> bool {
        self.0.ignores_unknown_authorities()
    }

    /// The blocklist's items, in order.
    #[getter]
    fn blocklist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.blocklist().collect::<Vec<_>>())
    }

    /// The policy as ``from_json`` reads it, without members that have their defaults.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __repr__(&self) -> String {
        format!("<countermark.KeyPolicy keys={}>", self.0.keys().len())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.keys().iter().for_each(|key| key.as_der().hash(&mut hasher));
        hasher.finish()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(py)?,)))
    }
}

/// A policy for bundles among a call's arguments.
pub(crate) fn bundle_policy<'a>(value: &'a Bound<'_, PyAny>, what: &str) -> PyResult<AnyBundlePolicy<'a>> {
    if let Ok(policy) = value.cast::<PyBundlePolicy>() {
        return Ok((&policy.get().0).into());
    }
    match value.cast::<PyKeyPolicy>() {
        Ok(policy) => Ok((&policy.get().0).into()),
        Err(_) => Err(wrong_type(value, what, "BundlePolicy or KeyPolicy")),
    }
}

/// The same, held for as long as many requests take.
pub(crate) enum HeldBundlePolicy {
    Signer(Py<PyBundlePolicy>),
    Keys(Py<PyKeyPolicy>),
}

impl HeldBundlePolicy {
    pub(crate) fn new(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if let Ok(policy) = value.cast::<PyBundlePolicy>() {
            return Ok(Self::Signer(policy.clone().unbind()));
        }
        match value.cast::<PyKeyPolicy>() {
            Ok(policy) => Ok(Self::Keys(policy.clone().unbind())),
            Err(_) => Err(wrong_type(value, what, "BundlePolicy or KeyPolicy")),
        }
    }

    pub(crate) fn policy(&self) -> AnyBundlePolicy<'_> {
        match self {
            Self::Signer(policy) => (&policy.get().0).into(),
            Self::Keys(policy) => (&policy.get().0).into(),
        }
    }
}
