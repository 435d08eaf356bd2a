//! Policies, and what they may ask of a claim.

use crate::convert::{OrRaise, items, json_bytes, mapping, object_from_json, pairs, quoted, text, to_json};
use crate::error::{refused, wrong_type};
use countermark::{Claim, Code, Match, Policy, RecordPolicy, RevocationScope, SignerPolicy, TimeVoucher};
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyInt, PyMappingProxy, PyString, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::MalformedPolicy;

/// Matches a claim's value by a pattern that is anchored at both ends.
///
/// ``*`` matches any run within a segment, never ``/``; ``**`` may stand only as the whole last segment and
/// matches all that follows. Everything else is literal. Raises ``MalformedInput`` if ``**`` stands
/// elsewhere.
#[pyclass(frozen, eq, hash, name = "Glob", module = "countermark")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PyGlob(Match);

impl Hash for PyGlob {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_glob().hash(state);
    }
}

#[pymethods]
impl PyGlob {
    #[new]
    fn new(pattern: &Bound<'_, PyAny>) -> PyResult<Self> {
        Match::glob(text(pattern, "pattern", CODE)?).or_raise(pattern.py()).map(Self)
    }

    /// The pattern.
    #[getter]
    fn pattern(&self) -> &str {
        self.0.as_glob().unwrap_or_default()
    }

    /// Whether a value matches.
    fn matches(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.0.matches(&text(value, "value", Code::InvalidArgument)?))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Glob({})", quoted(py, self.pattern())?))
    }

    fn __getnewargs__(&self) -> (&str,) {
        (self.pattern(),)
    }
}

/// Matches a claim's value if it is one of these texts, exactly.
///
/// Takes an iterable of str. Raises ``MalformedInput`` if there is none in it, or too many.
#[pyclass(frozen, eq, hash, name = "AnyOf", module = "countermark")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PyAnyOf(Match);

impl Hash for PyAnyOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.texts().for_each(|text| text.hash(state));
    }
}

impl PyAnyOf {
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.as_any_of().into_iter().flatten()
    }
}

#[pymethods]
impl PyAnyOf {
    #[new]
    fn new(texts: &Bound<'_, PyAny>) -> PyResult<Self> {
        let read = |item: &Bound<'_, PyAny>| text(item, "an item of texts", CODE);
        let read: Vec<String> =
            items(texts, "texts", "an iterable of str")?.iter().map(read).collect::<PyResult<_>>()?;
        Match::any_of(read).or_raise(texts.py()).map(Self)
    }

    /// The texts.
    #[getter(texts)]
    fn texts_tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.texts().collect::<Vec<_>>())
    }

    /// Whether a value matches.
    fn matches(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.0.matches(&text(value, "value", Code::InvalidArgument)?))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let texts: Vec<String> = self.texts().map(|text| quoted(py, text)).collect::<PyResult<_>>()?;
        Ok(format!("AnyOf([{}])", texts.join(", ")))
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>,)> {
        Ok((self.texts_tuple(py)?,))
    }
}

pub(crate) fn wanted(claim: &Claim, value: &Bound<'_, PyAny>) -> PyResult<Match> {
    let what = format!("the claim {claim}");
    if value.is_instance_of::<PyString>() {
        return text(value, &what, CODE).map(Match::from);
    }
    if let Ok(glob) = value.cast::<PyGlob>() {
        return Ok(glob.get().0.clone());
    }
    if let Ok(any_of) = value.cast::<PyAnyOf>() {
        return Ok(any_of.get().0.clone());
    }
    Err(wrong_type(value, &what, "str, Glob or AnyOf"))
}

pub(crate) fn wanted_object<'py>(py: Python<'py>, wanted: &Match) -> PyResult<Bound<'py, PyAny>> {
    match wanted.as_exact() {
        Some(text) => Ok(PyString::new(py, text).into_any()),
        None if wanted.as_glob().is_some() => Ok(Bound::new(py, PyGlob(wanted.clone()))?.into_any()),
        None => Ok(Bound::new(py, PyAnyOf(wanted.clone()))?.into_any()),
    }
}

/// An int; one that is no number of the core's is out of this range.
pub(crate) fn number(value: &Bound<'_, PyAny>, what: &str, least: &str, largest: u32) -> PyResult<u32> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() || !value.is_instance_of::<PyInt>() {
        return Err(wrong_type(value, what, "int"));
    }
    value.extract().map_err(|error: PyErr| {
        if error.is_instance_of::<PyOverflowError>(py) {
            refused(py, CODE, &format!("`{what}` is out of range; it must be {least} to {largest}"))
        } else {
            error
        }
    })
}

fn signer(
    py: Python<'_>,
    certificate_oidc_issuer: &Bound<'_, PyAny>,
    claims: Option<&Bound<'_, PyAny>>,
    max_certificate_lifetime_seconds: Option<&Bound<'_, PyAny>>,
) -> PyResult<SignerPolicy> {
    let issuer = text(certificate_oidc_issuer, "certificate_oidc_issuer", CODE)?;
    let mut signer = SignerPolicy::new(issuer).or_raise(py)?;
    if let Some(claims) = claims {
        for (name, value) in pairs(claims, "claims", "a mapping of str to str, Glob or AnyOf")? {
            let claim: Claim = text(&name, "a claim's name", CODE)?.parse().or_raise(py)?;
            let wanted = wanted(&claim, &value)?;
            signer = signer.require(claim, wanted).or_raise(py)?;
        }
    }
    match max_certificate_lifetime_seconds {
        Some(value) => {
            let largest = SignerPolicy::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS;
            let seconds = number(value, "max_certificate_lifetime_seconds", "1", largest)?;
            signer.with_max_certificate_lifetime_seconds(seconds).or_raise(py)
        }
        None => Ok(signer),
    }
}

fn claims<'py>(py: Python<'py>, signer: &SignerPolicy) -> PyResult<Bound<'py, PyMappingProxy>> {
    let pairs: Vec<_> = signer
        .claims()
        .iter()
        .map(|(claim, wanted)| Ok((claim.to_string(), wanted_object(py, wanted)?)))
        .collect::<PyResult<_>>()?;
    mapping(py, pairs)
}

/// The arguments that make the signer's part, for `repr`; what has its default is left away.
fn signer_arguments(py: Python<'_>, signer: &SignerPolicy) -> PyResult<String> {
    let mut arguments = format!("certificate_oidc_issuer={}", quoted(py, signer.certificate_oidc_issuer())?);
    if !signer.claims().is_empty() {
        let claims = claims(py, signer)?.call_method0("copy")?.repr()?;
        arguments.push_str(&format!(", claims={}", claims.to_cow()?));
    }
    let lifetime = signer.max_certificate_lifetime_seconds();
    if lifetime != SignerPolicy::DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS {
        arguments.push_str(&format!(", max_certificate_lifetime_seconds={lifetime}"));
    }
    Ok(arguments)
}

fn hash_signer(signer: &SignerPolicy, state: &mut DefaultHasher) {
    signer.certificate_oidc_issuer().hash(state);
    signer.max_certificate_lifetime_seconds().hash(state);
    for (claim, _) in signer.claims() {
        claim.hash(state);
    }
}

/// What is asked of the signer: the identity provider, the claims, how long the certificate may live.
///
/// ``verify_message`` takes it alone; a ``Policy`` has one as ``signer``. ``claims`` maps claim names to str
/// (exactly this text), ``Glob`` or ``AnyOf``. Raises ``MalformedInput`` for an unknown claim or a value out
/// of range.
#[pyclass(frozen, name = "SignerPolicy", module = "countermark")]
pub(crate) struct PySignerPolicy(pub(crate) SignerPolicy);

#[pymethods]
impl PySignerPolicy {
    #[new]
    #[pyo3(signature = (certificate_oidc_issuer, *, claims=None, max_certificate_lifetime_seconds=None))]
    fn new(
        py: Python<'_>,
        certificate_oidc_issuer: &Bound<'_, PyAny>,
        claims: Option<&Bound<'_, PyAny>>,
        max_certificate_lifetime_seconds: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        signer(py, certificate_oidc_issuer, claims, max_certificate_lifetime_seconds).map(Self)
    }

    /// The identity provider that must have vouched for the signer.
    #[getter]
    fn certificate_oidc_issuer(&self) -> &str {
        self.0.certificate_oidc_issuer()
    }

    /// The required claims: name to str, ``Glob`` or ``AnyOf``.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        claims(py, &self.0)
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

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("SignerPolicy({})", signer_arguments(py, &self.0)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.0 == other.get().0)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hash_signer(&self.0, &mut hasher);
        hasher.finish()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((&str,), Bound<'py, PyDict>)> {
        let others = PyDict::new(py);
        others.set_item("claims", self.claims(py)?.call_method0("copy")?)?;
        others.set_item("max_certificate_lifetime_seconds", self.max_certificate_lifetime_seconds())?;
        Ok(((self.certificate_oidc_issuer(),), others))
    }
}

/// What the caller expects of the record and of the signer. It is made once and used for many artifacts.
///
/// - ``namespace`` selects the entries that count. No signature covers it, so it authenticates nothing.
/// - ``certificate_oidc_issuer`` is the identity provider that must have vouched for the signer.
/// - ``claims`` maps claim names to str (exactly this text), ``Glob`` or ``AnyOf``. An issuer such as
///   GitHub's speaks for everybody who uses GitHub: require at least a ``source_repository``.
/// - ``max_certificate_lifetime_seconds`` is 300 unless given, and at most 86,400. Certificates of the public
///   Sigstore instance live ten minutes: 600.
/// - ``revocation_scope`` is ``"artifact"`` (one revoked entry fails the name with its digest), ``"digest"`` (it
///   fails the digest under every name of the namespace), or ``"entry"`` (it fails itself and copies of it).
/// - ``blocklist`` has artifact names, and digests as ``sha256:`` and 64 lowercase hex digits.
/// - ``time_voucher`` is ``"recorded"`` (the log's word for the time of signing will do), or ``"timestamp_authority"``: an
///   entry counts only with a good signed timestamp.
///
/// Raises ``MalformedInput`` if a part is malformed.
#[pyclass(frozen, name = "Policy", module = "countermark")]
pub(crate) struct PyPolicy(pub(crate) Policy);

#[pymethods]
impl PyPolicy {
    #[new]
    #[pyo3(signature = (namespace, certificate_oidc_issuer, *, claims=None, max_certificate_lifetime_seconds=None, revocation_scope=None, blocklist=None, time_voucher=None))]
    #[allow(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        py: Python<'_>,
        namespace: &Bound<'_, PyAny>,
        certificate_oidc_issuer: &Bound<'_, PyAny>,
        claims: Option<&Bound<'_, PyAny>>,
        max_certificate_lifetime_seconds: Option<&Bound<'_, PyAny>>,
        revocation_scope: Option<&Bound<'_, PyAny>>,
        blocklist: Option<&Bound<'_, PyAny>>,
        time_voucher: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut record = RecordPolicy::new(text(namespace, "namespace", CODE)?).or_raise(py)?;
        let signer = signer(py, certificate_oidc_issuer, claims, max_certificate_lifetime_seconds)?;
        if let Some(scope) = revocation_scope {
            let name = text(scope, "revocation_scope", CODE)?;
            let scope = RevocationScope::from_name(&name).ok_or_else(|| {
                let detail =
                    format!("revocation_scope is {name:?}; it must be \"artifact\", \"entry\" or \"digest\"");
                refused(py, CODE, &detail)
            })?;
            record = record.with_revocation_scope(scope);
        }
        if let Some(voucher) = time_voucher {
            let name = text(voucher, "time_voucher", CODE)?;
            let of_records = TimeVoucher::OF_RECORDS.iter();
            let voucher = of_records.copied().find(|voucher| voucher.name() == name).ok_or_else(|| {
                let detail =
                    format!("time_voucher is {name:?}; it must be \"recorded\" or \"timestamp_authority\"");
                refused(py, CODE, &detail)
            })?;
            record = record.with_time_voucher(voucher);
        }
        if let Some(blocklist) = blocklist {
            for item in items(blocklist, "blocklist", "an iterable of str")? {
                record = record.block(&text(&item, "an item of blocklist", CODE)?).or_raise(py)?;
            }
        }
        Ok(Self(Policy::from_parts(record, signer)))
    }

    /// Reads a policy from JSON (str or bytes).
    ///
    /// Null, a repeated or unknown member and an unknown claim raise ``MalformedInput``, so that a policy
    /// cannot say less than its author believes.
    #[staticmethod]
    fn from_json(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        Policy::from_json(json_bytes(data, "data", CODE)?).or_raise(data.py()).map(Self)
    }

    /// The namespace whose entries count.
    #[getter]
    fn namespace(&self) -> &str {
        self.0.record().namespace()
    }

    /// The identity provider that must have vouched for the signer.
    #[getter]
    fn certificate_oidc_issuer(&self) -> &str {
        self.0.signer().certificate_oidc_issuer()
    }

    /// The required claims: name to str, ``Glob`` or ``AnyOf``.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyMappingProxy>> {
        claims(py, self.0.signer())
    }

    /// How many seconds a leaf may be valid.
    #[getter]
    fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.0.signer().max_certificate_lifetime_seconds()
    }

    /// How far one revoked entry reaches: ``"artifact"``, ``"digest"`` or ``"entry"``.
    #[getter]
    fn revocation_scope(&self) -> &'static str {
        self.0.record().revocation_scope().name()
    }

    /// The blocklist's items, in order: names, then digests.
    #[getter]
    fn blocklist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.record().blocklist().collect::<Vec<_>>())
    }

    /// What must vouch for the time of signing: ``"recorded"`` or ``"timestamp_authority"``.
    #[getter]
    fn time_voucher(&self) -> &'static str {
        self.0.record().time_voucher().name()
    }

    /// What is asked of the signer, for ``verify_message``.
    #[getter]
    fn signer(&self) -> PySignerPolicy {
        PySignerPolicy(self.0.signer().clone())
    }

    /// The policy as ``from_json`` reads it, without members that have their defaults.
    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        to_json(py, &self.0)
    }

    /// The same as a dict.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        object_from_json(py, &self.to_json(py)?)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut arguments = format!(
            "namespace={}, {}",
            quoted(py, self.namespace())?,
            signer_arguments(py, self.0.signer())?
        );
        if self.0.record().revocation_scope() != RevocationScope::default() {
            arguments.push_str(&format!(", revocation_scope='{}'", self.revocation_scope()));
        }
        if self.0.record().blocklist().next().is_some() {
            arguments.push_str(&format!(", blocklist={}", self.blocklist(py)?.repr()?.to_cow()?));
        }
        if self.0.record().time_voucher() != TimeVoucher::default() {
            arguments.push_str(&format!(", time_voucher='{}'", self.time_voucher()));
        }
        Ok(format!("Policy({arguments})"))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.0 == other.get().0)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.namespace().hash(&mut hasher);
        hash_signer(self.0.signer(), &mut hasher);
        hasher.finish()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<((&str, &str), Bound<'py, PyDict>)> {
        let others = PyDict::new(py);
        others.set_item("claims", self.claims(py)?.call_method0("copy")?)?;
        others.set_item("max_certificate_lifetime_seconds", self.max_certificate_lifetime_seconds())?;
        others.set_item("revocation_scope", self.revocation_scope())?;
        others.set_item("blocklist", self.blocklist(py)?)?;
        others.set_item("time_voucher", self.time_voucher())?;
        Ok(((self.namespace(), self.certificate_oidc_issuer()), others))
    }
}

/// A `Policy` among a call's arguments.
pub(crate) fn policy<'a, 'py>(
    value: &'a Bound<'py, PyAny>,
    what: &str,
) -> PyResult<&'a Bound<'py, PyPolicy>> {
    value.cast().map_err(|_| wrong_type(value, what, "Policy"))
}
