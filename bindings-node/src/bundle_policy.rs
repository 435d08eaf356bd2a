//! Policies for bundles.

use crate::entry::{Json, json_bytes};
use crate::refusal::{Refusal, Refused, guarded, guarded_text};
use crate::trust::{ValidFor, told};
use base64ct::{Base64, Encoding};
use countermark::{AnyBundlePolicy, Claim, Code, KeyPolicy, Match, PublicKey};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What is expected of a bundle, whoever signed it: with a certificate or with a key.
#[napi]
#[derive(Debug)]
pub struct BundlePolicy(pub(crate) Arc<Wanted>);

#[derive(Debug)]
pub(crate) enum Wanted {
    Signer(countermark::BundlePolicy),
    Keys(KeyPolicy),
}

impl Wanted {
    pub(crate) const fn any(&self) -> AnyBundlePolicy<'_> {
        match self {
            Self::Signer(policy) => AnyBundlePolicy::Signer(policy),
            Self::Keys(policy) => AnyBundlePolicy::Keys(policy),
        }
    }

    pub(crate) fn claims(&self) -> &[(Claim, Match)] {
        match self {
            Self::Signer(policy) => policy.claims(),
            Self::Keys(_) => &[],
        }
    }
}

impl From<countermark::BundlePolicy> for BundlePolicy {
    fn from(policy: countermark::BundlePolicy) -> Self {
        Self(Arc::new(Wanted::Signer(policy)))
    }
}

impl From<KeyPolicy> for BundlePolicy {
    fn from(policy: KeyPolicy) -> Self {
        Self(Arc::new(Wanted::Keys(policy)))
    }
}

/// What both kinds of policy tell of what they demand.
macro_rules! demands {
    ($policy:expr) => {
        json!({
            "instance": $policy.instance(),
            "logEntries": $policy.log_entries(),
            "signedTimes": $policy.signed_times(),
            "predicateTypes": $policy.predicate_types().collect::<Vec<_>>(),
            "subjectName": $policy.subject_name(),
            "blocklist": $policy.blocklist().collect::<Vec<_>>(),
            "ignoresUnknownAuthorities": $policy.ignores_unknown_authorities(),
        })
    };
}

#[napi]
impl BundlePolicy {
    /// The policy as JSON, without members that have their defaults.
    #[napi(catch_unwind)]
    pub fn json(&self) -> String {
        guarded_text(|| {
            let json = match self.0.as_ref() {
                Wanted::Signer(policy) => serde_json::to_string(policy),
                Wanted::Keys(policy) => serde_json::to_string(policy),
            };
            json.map_err(|error| Refusal::malformed(Code::InvalidArgument, &error.to_string()))
        })
    }

    /// What the policy demands, as JSON.
    #[napi(catch_unwind)]
    pub fn told(&self) -> String {
        guarded_text(|| {
            let mut demands = match self.0.as_ref() {
                Wanted::Signer(policy) => demands!(policy),
                Wanted::Keys(policy) => demands!(policy),
            };
            if let Value::Object(demands) = &mut demands {
                match self.0.as_ref() {
                    Wanted::Signer(policy) => tell_signer(policy, demands)?,
                    Wanted::Keys(policy) => {
                        demands.insert("keys".into(), policy.keys().iter().map(told_key).collect());
                    }
                }
            }
            Ok(demands.to_string())
        })
    }
}

fn tell_signer(policy: &countermark::BundlePolicy, demands: &mut Map<String, Value>) -> Result<(), Refusal> {
    let mut claims = Map::new();
    for (claim, wanted) in policy.claims() {
        claims.insert(claim.to_string(), serde_json::to_value(wanted)?);
    }
    let signer = [
        ("certificateOidcIssuer", policy.certificate_oidc_issuer().into()),
        ("claims", claims.into()),
        ("maxCertificateLifetimeSeconds", policy.max_certificate_lifetime_seconds().into()),
        ("certificateTimestamps", policy.certificate_timestamps().into()),
        ("isUnconstrained", policy.is_unconstrained().into()),
    ];
    demands.extend(signer.map(|(name, value)| (name.to_owned(), value)));
    Ok(())
}

fn told_key(key: &PublicKey) -> Value {
    json!({
        "publicKey": Base64::encode_string(key.as_der()),
        "name": key.name(),
        "validFor": key.period().map(told),
    })
}

/// Reads a policy for signers with certificates.
#[napi(catch_unwind)]
pub fn bundle_policy_from_json(json: Json) -> Either<BundlePolicy, Refused> {
    guarded(|| Ok(countermark::BundlePolicy::from_json(json_bytes(&json))?.into()))
}

/// Demands beside those of a policy that is made otherwise: the members of a policy for bundles that are not about the
/// issuer, as the core reads them, so that they mean the same wherever they are given.
struct More {
    policy: countermark::BundlePolicy,
    given: Map<String, Value>,
}

impl More {
    fn read(json: &str) -> Result<Self, Refusal> {
        let given: Map<String, Value> = serde_json::from_str(json)?;
        let mut document = given.clone();
        document.insert("no_certificate_oidc_issuer".into(), true.into());
        document.insert("any_signer_of_issuer".into(), true.into());
        let policy = countermark::BundlePolicy::from_json(serde_json::to_string(&document)?)?;
        Ok(Self { policy, given })
    }

    fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }
}

/// A policy of either kind with more demands.
macro_rules! with_demands {
    ($policy:expr, $more:expr) => {{
        let (mut policy, more) = ($policy, &$more.policy);
        if let Some(name) = more.instance() {
            policy = policy.with_instance(name)?;
        }
        if let Some(count) = more.log_entries().filter(|_| $more.has("log_entries")) {
            policy = policy.with_log_entries(count)?;
        }
        if let Some(count) = more.signed_times().filter(|_| $more.has("signed_times")) {
            policy = policy.with_signed_times(count)?;
        }
        for predicate_type in more.predicate_types() {
            policy = policy.with_predicate_type(predicate_type)?;
        }
        if let Some(name) = more.subject_name() {
            policy = policy.with_subject_name(name)?;
        }
        for item in more.blocklist() {
            policy = policy.block(&item)?;
        }
        match more.ignores_unknown_authorities() {
            true => policy.ignoring_unknown_authorities(),
            false => policy,
        }
    }};
}

fn of_signer(policy: countermark::BundlePolicy, more: &str) -> Result<BundlePolicy, Refusal> {
    let more = More::read(more)?;
    let mut policy = with_demands!(policy, more);
    for (claim, wanted) in more.policy.claims() {
        policy = policy.require(*claim, wanted.clone())?;
    }
    if more.has("max_certificate_lifetime_seconds") {
        let seconds = more.policy.max_certificate_lifetime_seconds();
        policy = policy.with_max_certificate_lifetime_seconds(seconds)?;
    }
    if let Some(count) = more.policy.certificate_timestamps().filter(|_| more.has("certificate_timestamps")) {
        policy = policy.with_certificate_timestamps(count)?;
    }
    Ok(policy.into())
}

fn of_keys(policy: KeyPolicy, more: &str) -> Result<BundlePolicy, Refusal> {
    let more = More::read(more)?;
    Ok(with_demands!(policy, more).into())
}

/// A policy for what GitHub Actions built from a repository, of GitHub's own issuer or an enterprise's.
#[napi(catch_unwind)]
pub fn bundle_policy_for_github(
    repository: String,
    enterprise: Option<String>,
    more: String,
) -> Either<BundlePolicy, Refused> {
    guarded(|| {
        let policy = match enterprise {
            None => countermark::BundlePolicy::for_github(&repository),
            Some(enterprise) => countermark::BundlePolicy::for_github_enterprise(&enterprise, &repository),
        };
        of_signer(policy?, &more)
    })
}

/// A policy for an asset of a repository's release.
#[napi(catch_unwind)]
pub fn bundle_policy_for_github_release(repository: String, more: String) -> Either<BundlePolicy, Refused> {
    guarded(|| of_signer(countermark::BundlePolicy::for_github_release(&repository)?, &more))
}

/// A policy for a distribution of PyPI.
#[napi(catch_unwind)]
pub fn bundle_policy_for_pypi(
    publisher: &PypiPublisher,
    file_name: String,
    more: String,
) -> Either<BundlePolicy, Refused> {
    guarded(|| of_signer(countermark::BundlePolicy::for_pypi(&publisher.0, &file_name)?, &more))
}

/// The same policy, which also demands an attestation of PyPI about a distribution.
#[napi(catch_unwind)]
pub fn bundle_policy_with_pypi_distribution(
    policy: &BundlePolicy,
    file_name: String,
) -> Either<BundlePolicy, Refused> {
    guarded(|| match policy.0.as_ref() {
        Wanted::Signer(policy) => Ok(policy.clone().with_pypi_distribution(&file_name)?.into()),
        Wanted::Keys(_) => Err(Refusal::failed(Code::Internal, "a policy for keys, of which PyPI has none")),
    })
}

/// Who may publish a project of PyPI.
#[napi]
#[derive(Debug)]
pub struct PypiPublisher(countermark::PypiPublisher);

/// Of what kind a publisher is.
#[napi(string_enum = "snake_case")]
#[derive(Debug)]
pub enum PublisherKind {
    /// A repository and a workflow.
    Github,
    /// A project and a pipeline's file.
    Gitlab,
    /// An e-mail address, and nothing.
    Google,
    /// The IDs of a project and of a pipeline's definition.
    Circleci,
}

/// Makes a publisher of what its kind has.
#[napi(catch_unwind)]
pub fn pypi_publisher(kind: PublisherKind, first: String, second: String) -> Either<PypiPublisher, Refused> {
    use countermark::PypiPublisher as Publisher;
    guarded(|| {
        let publisher = match kind {
            PublisherKind::Github => Publisher::github(&first, &second),
            PublisherKind::Gitlab => Publisher::gitlab(&first, &second),
            PublisherKind::Google => Publisher::google(&first),
            PublisherKind::Circleci => Publisher::circleci(&first, &second),
        };
        Ok(PypiPublisher(publisher?))
    })
}

/// A key that may have signed.
#[napi(object, object_to_js = false)]
pub struct GivenKey {
    /// PEM, or the DER of a `SubjectPublicKeyInfo`.
    pub public_key: Either<String, Uint8Array>,
    /// By which a hint selects it.
    pub name: Option<String>,
    /// When it signs.
    pub valid_for: Option<ValidFor>,
}

impl std::fmt::Debug for GivenKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GivenKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl GivenKey {
    fn read(self) -> Result<PublicKey, Refusal> {
        let mut key = match self.public_key {
            Either::A(pem) => PublicKey::from_pem(&pem),
            Either::B(der) => PublicKey::from_der(der.to_vec()),
        }?;
        if let Some(name) = self.name {
            key = key.with_name(name)?;
        }
        if let Some(valid_for) = self.valid_for {
            key = key.with_period(valid_for.period(Code::MalformedPolicy)?)?;
        }
        Ok(key)
    }
}

/// A policy by which one of these keys must have signed.
#[napi(catch_unwind)]
pub fn key_policy(keys: Vec<GivenKey>, more: String) -> Either<BundlePolicy, Refused> {
    guarded(|| {
        let keys = keys.into_iter().map(GivenKey::read).collect::<Result<Vec<_>, _>>()?;
        of_keys(KeyPolicy::new(keys)?, &more)
    })
}

/// Reads a policy for keys.
#[napi(catch_unwind)]
pub fn key_policy_from_json(json: Json) -> Either<BundlePolicy, Refused> {
    guarded(|| Ok(KeyPolicy::from_json(json_bytes(&json))?.into()))
}

/// A policy for what the npm registry attests itself, of its keys.
#[napi(catch_unwind)]
pub fn key_policy_from_npm_keys(json: Json, more: String) -> Either<BundlePolicy, Refused> {
    guarded(|| of_keys(KeyPolicy::from_npm_keys(json_bytes(&json))?, &more))
}
