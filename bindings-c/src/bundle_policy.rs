//! What the caller expects of a bundle.

use crate::call;
use crate::code::countermark_code;
use crate::message::{COUNTERMARK_ANY_SIGNER_OF_ISSUER, COUNTERMARK_SIGNER_BY_CLAIMS};
use crate::pointer::{characters, exclusive, free};
use crate::policy::{any_of, text};
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::text::countermark_text;
use countermark::{AnyBundlePolicy, BundlePolicy, Claim, KeyPolicy, MalformedInput, Match, PypiPublisher};
use std::ffi::c_char;

/// What the caller expects of a bundle: who signed, by certificate or by key, what vouches beside the signature, and what is
/// said. Made once, used for many artifacts, also from many threads while nobody changes it.
///
/// The first call on it that fails is remembered (`countermark_bundle_policy_fault`), and whoever verifies with it gets
/// that failure: a policy never asks for less than its author wrote.
#[derive(Debug)]
pub struct countermark_bundle_policy(Result<Demands, Box<countermark_rejection>>);

#[derive(Debug)]
enum Demands {
    Signer {
        policy: BundlePolicy,
        /// Whether the caller said that a claim about the signer must be required.
        by_claims: bool,
    },
    Keys(KeyPolicy),
}

impl From<BundlePolicy> for countermark_bundle_policy {
    fn from(policy: BundlePolicy) -> Self {
        // Where the policy's own maker demands claims or is told otherwise, it has looked.
        Self(Ok(Demands::Signer { policy, by_claims: false }))
    }
}

impl From<KeyPolicy> for countermark_bundle_policy {
    fn from(policy: KeyPolicy) -> Self {
        Self(Ok(Demands::Keys(policy)))
    }
}

fn malformed(detail: &str) -> Refusal {
    MalformedInput::Policy { detail: detail.into() }.into()
}

impl Demands {
    fn both(
        self,
        of_signer: impl FnOnce(BundlePolicy) -> Result<BundlePolicy, MalformedInput>,
        of_keys: impl FnOnce(KeyPolicy) -> Result<KeyPolicy, MalformedInput>,
    ) -> Result<Self, Refusal> {
        Ok(match self {
            Self::Signer { policy, by_claims } => Self::Signer { policy: of_signer(policy)?, by_claims },
            Self::Keys(policy) => Self::Keys(of_keys(policy)?),
        })
    }

    fn signer(
        self,
        of_signer: impl FnOnce(BundlePolicy) -> Result<BundlePolicy, Refusal>,
    ) -> Result<Self, Refusal> {
        match self {
            Self::Signer { policy, by_claims } => Ok(Self::Signer { policy: of_signer(policy)?, by_claims }),
            Self::Keys(_) => {
                Err(malformed("a policy for keys cannot ask for this: who signs by a key has no certificate"))
            }
        }
    }
}

impl countermark_bundle_policy {
    pub(crate) fn policy(&self) -> Result<AnyBundlePolicy<'_>, Refusal> {
        match self.0.as_ref().map_err(|fault| fault.refusal())? {
            Demands::Signer { policy, by_claims: true } if policy.is_unconstrained() => Err(malformed(
                "no claim about the signer is required; require one, or say COUNTERMARK_ANY_SIGNER_OF_ISSUER",
            )),
            Demands::Signer { policy, .. } => Ok(policy.into()),
            Demands::Keys(policy) => Ok(policy.into()),
        }
    }

    /// Changes the policy; a failure, also a panic on the way, stays.
    fn change(&mut self, change: impl FnOnce(Demands) -> Result<Demands, Refusal>) -> Result<(), Refusal> {
        let demands = std::mem::replace(&mut self.0, Err(internal().into()));
        self.0 = demands.and_then(|demands| Ok(change(demands)?));
        self.0.as_ref().map(|_| ()).map_err(|fault| fault.refusal())
    }
}

unsafe fn change(
    policy: *mut countermark_bundle_policy,
    change: impl FnOnce(Demands) -> Result<Demands, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::done(std::ptr::null_mut(), || exclusive(policy, "policy")?.change(change)) }
}

unsafe fn change_signer(
    policy: *mut countermark_bundle_policy,
    of_signer: impl FnOnce(BundlePolicy) -> Result<BundlePolicy, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { change(policy, |demands| demands.signer(of_signer)) }
}

unsafe fn require(
    policy: *mut countermark_bundle_policy,
    claim: *const c_char,
    claim_length: usize,
    wanted: impl FnOnce() -> Result<Match, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        change_signer(policy, |policy| {
            let claim: Claim = text(claim, claim_length, "claim")?.parse()?;
            Ok(policy.require(claim, wanted()?)?)
        })
    }
}

unsafe fn make(
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
    make: impl FnOnce() -> Result<BundlePolicy, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::make(policy, "policy", rejection, || Ok(make()?.into())) }
}

fn must_be_claimed(signer: u32) -> Result<bool, Refusal> {
    match signer {
        COUNTERMARK_SIGNER_BY_CLAIMS => Ok(true),
        COUNTERMARK_ANY_SIGNER_OF_ISSUER => Ok(false),
        _ => Err(invalid_argument(&format!("`signer` is {signer}, which is none"))),
    }
}

/// Reads a policy from JSON, for signers with certificates. (That for keys is `countermark_key_policy_from_json`.)
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_from_json(
    json: *const c_char,
    json_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        make(policy, rejection, || Ok(BundlePolicy::from_json(characters(json, json_length, "json")?)?))
    }
}

/// Makes a policy that asks for an OIDC issuer, one log entry, one signed time and one certificate timestamp. `signer` is
/// `COUNTERMARK_SIGNER_BY_CLAIMS`, and then a claim about the signer must be required, or verifying with the policy is
/// `COUNTERMARK_MALFORMED_POLICY`; or `COUNTERMARK_ANY_SIGNER_OF_ISSUER`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_new(
    certificate_oidc_issuer: *const c_char,
    certificate_oidc_issuer_length: usize,
    signer: u32,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            let by_claims = must_be_claimed(signer)?;
            let issuer =
                text(certificate_oidc_issuer, certificate_oidc_issuer_length, "certificate_oidc_issuer")?;
            let policy = BundlePolicy::any_signer_of_issuer(issuer)?;
            Ok(countermark_bundle_policy(Ok(Demands::Signer { policy, by_claims })))
        })
    }
}

/// The same for certificates that name no issuer, as those of a plain private authority; one that names any is refused.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_new_without_issuer(
    signer: u32,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            let by_claims = must_be_claimed(signer)?;
            let policy = BundlePolicy::any_signer_without_issuer();
            Ok(countermark_bundle_policy(Ok(Demands::Signer { policy, by_claims })))
        })
    }
}

/// Makes a policy for what this identity signed, as Sigstore's public instance has it: a workflow,
/// `https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1`, or of people an e-mail address. For a glob
/// require `certificate_identity` of a policy of `countermark_bundle_policy_new`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_sigstore(
    identity: *const c_char,
    identity_length: usize,
    certificate_oidc_issuer: *const c_char,
    certificate_oidc_issuer_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        make(policy, rejection, || {
            let identity = text(identity, identity_length, "identity")?;
            let issuer =
                text(certificate_oidc_issuer, certificate_oidc_issuer_length, "certificate_oidc_issuer")?;
            Ok(BundlePolicy::for_sigstore(identity, issuer)?)
        })
    }
}

/// Makes a policy for what GitHub Actions built from this repository, `owner/name`, by whichever workflow. GitHub's own
/// instance, without any log, must give one signed time, any other what `countermark_bundle_policy_new` asks for.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_github(
    repository: *const c_char,
    repository_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        make(policy, rejection, || {
            Ok(BundlePolicy::for_github(&text(repository, repository_length, "repository")?)?)
        })
    }
}

/// The same for an enterprise whose tokens have an issuer of their own,
/// `https://token.actions.githubusercontent.com/ENTERPRISE`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_github_enterprise(
    enterprise: *const c_char,
    enterprise_length: usize,
    repository: *const c_char,
    repository_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        make(policy, rejection, || {
            let enterprise = text(enterprise, enterprise_length, "enterprise")?;
            let repository = text(repository, repository_length, "repository")?;
            Ok(BundlePolicy::for_github_enterprise(&enterprise, &repository)?)
        })
    }
}

/// Makes a policy for an asset of a release of this repository, `owner/name`, which GitHub itself attests.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_github_release(
    repository: *const c_char,
    repository_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        make(policy, rejection, || {
            Ok(BundlePolicy::for_github_release(&text(repository, repository_length, "repository")?)?)
        })
    }
}

unsafe fn for_pypi(
    file_name: *const c_char,
    file_name_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
    publisher: impl FnOnce() -> Result<PypiPublisher, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        make(policy, rejection, || {
            let publisher = publisher()?;
            Ok(BundlePolicy::for_pypi(&publisher, &text(file_name, file_name_length, "file_name")?)?)
        })
    }
}

/// Makes a policy for a distribution of PyPI, a wheel or source archive by its file name, that a workflow of GitHub Actions
/// attests: `owner/name`, and the workflow's file name. Who publishes is the caller's to know, not the index's.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_pypi_github(
    repository: *const c_char,
    repository_length: usize,
    workflow: *const c_char,
    workflow_length: usize,
    file_name: *const c_char,
    file_name_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        for_pypi(file_name, file_name_length, policy, rejection, || {
            let repository = text(repository, repository_length, "repository")?;
            Ok(PypiPublisher::github(&repository, &text(workflow, workflow_length, "workflow")?)?)
        })
    }
}

/// The same for a pipeline of GitLab: `group/name`, and the path of the file that configures the pipeline.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_pypi_gitlab(
    repository: *const c_char,
    repository_length: usize,
    workflow_filepath: *const c_char,
    workflow_filepath_length: usize,
    file_name: *const c_char,
    file_name_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        for_pypi(file_name, file_name_length, policy, rejection, || {
            let repository = text(repository, repository_length, "repository")?;
            let path = text(workflow_filepath, workflow_filepath_length, "workflow_filepath")?;
            Ok(PypiPublisher::gitlab(&repository, &path)?)
        })
    }
}

/// The same for a service account of Google Cloud, by its e-mail address.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_pypi_google(
    email: *const c_char,
    email_length: usize,
    file_name: *const c_char,
    file_name_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        for_pypi(file_name, file_name_length, policy, rejection, || {
            Ok(PypiPublisher::google(&text(email, email_length, "email")?)?)
        })
    }
}

/// The same for a pipeline of CircleCI, by the IDs of its project and of the pipeline's definition.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_policy_for_pypi_circleci(
    project_id: *const c_char,
    project_id_length: usize,
    pipeline_definition_id: *const c_char,
    pipeline_definition_id_length: usize,
    file_name: *const c_char,
    file_name_length: usize,
    policy: *mut *mut countermark_bundle_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        for_pypi(file_name, file_name_length, policy, rejection, || {
            let project = text(project_id, project_id_length, "project_id")?;
            let definition =
                text(pipeline_definition_id, pipeline_definition_id_length, "pipeline_definition_id")?;
            Ok(PypiPublisher::circleci(&project, &definition)?)
        })
    }
}

/// Also requires a claim, by its name or dotted OID, with exactly this value. As all that is about certificates, it is
/// `COUNTERMARK_MALFORMED_POLICY` of a policy for keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_require(
    policy: *mut countermark_bundle_policy,
    claim: *const c_char,
    claim_length: usize,
    value: *const c_char,
    value_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { require(policy, claim, claim_length, || Ok(text(value, value_length, "value")?.into())) }
}

/// Also requires a claim with any of these exact values; at least one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_require_any_of(
    policy: *mut countermark_bundle_policy,
    claim: *const c_char,
    claim_length: usize,
    values: *const countermark_text,
    value_count: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { require(policy, claim, claim_length, || any_of(values, value_count)) }
}

/// Also requires a claim whose value matches a glob, as `countermark_policy_require_glob` has it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_require_glob(
    policy: *mut countermark_bundle_policy,
    claim: *const c_char,
    claim_length: usize,
    pattern: *const c_char,
    pattern_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        require(policy, claim, claim_length, || Ok(Match::glob(text(pattern, pattern_length, "pattern")?)?))
    }
}

/// Sets how many seconds a signer's certificate may be valid: 1 to 34,560,000. The default is 600.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_max_certificate_lifetime_seconds(
    policy: *mut countermark_bundle_policy,
    seconds: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change_signer(policy, |policy| Ok(policy.with_max_certificate_lifetime_seconds(seconds)?)) }
}

/// Sets how many independent timestamps of certificate logs (SCTs) are needed, 0 to 32. None is a warning in the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_certificate_timestamps(
    policy: *mut countermark_bundle_policy,
    count: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change_signer(policy, |policy| Ok(policy.with_certificate_timestamps(count)?)) }
}

/// Also demands an attestation of PyPI about this distribution, by its file name: what the policies for PyPI demand beside
/// the publisher.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_pypi_distribution(
    policy: *mut countermark_bundle_policy,
    file_name: *const c_char,
    file_name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_signer(policy, |policy| {
            Ok(policy.with_pypi_distribution(&text(file_name, file_name_length, "file_name")?)?)
        })
    }
}

/// Sets the name of the only instance that may judge.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_instance(
    policy: *mut countermark_bundle_policy,
    name: *const c_char,
    name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            let name = &text(name, name_length, "name")?;
            demands.both(|policy| policy.with_instance(name), |policy| policy.with_instance(name))
        })
    }
}

/// Sets how many independent log entries are needed, 0 to 32. None is a warning in the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_log_entries(
    policy: *mut countermark_bundle_policy,
    count: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            demands.both(|policy| policy.with_log_entries(count), |policy| policy.with_log_entries(count))
        })
    }
}

/// Sets how many independent signed times, of logs or timestamp authorities, are needed, 0 to 32. None is a warning in the
/// result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_signed_times(
    policy: *mut countermark_bundle_policy,
    count: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            demands.both(|policy| policy.with_signed_times(count), |policy| policy.with_signed_times(count))
        })
    }
}

/// Sets the predicate type that the statement must have, in place of any set before. A message has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_predicate_type(
    policy: *mut countermark_bundle_policy,
    predicate_type: *const c_char,
    predicate_type_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            let of = &text(predicate_type, predicate_type_length, "predicate_type")?;
            demands.both(|policy| policy.with_predicate_type(of), |policy| policy.with_predicate_type(of))
        })
    }
}

/// Sets the name of the statement's subject that is the artifact, such as `pkg:npm/%40scope/name@1.0.0`. A message has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_set_subject_name(
    policy: *mut countermark_bundle_policy,
    name: *const c_char,
    name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            let name = &text(name, name_length, "name")?;
            demands.both(|policy| policy.with_subject_name(name), |policy| policy.with_subject_name(name))
        })
    }
}

/// Passes over log entries, timestamps and certificate timestamps of unknown logs and authorities, which never count, where
/// else they refuse the bundle. A warning in the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_ignore_unknown_authorities(
    policy: *mut countermark_bundle_policy,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            demands.both(
                |policy| Ok(policy.ignoring_unknown_authorities()),
                |policy| Ok(policy.ignoring_unknown_authorities()),
            )
        })
    }
}

/// Also blocks an artifact: an artifact name, or `sha256:`, `sha384:` or `sha512:` and lowercase hex digits. Where the
/// artifact's digest by that algorithm is not known, verifying it is `COUNTERMARK_INVALID_ARGUMENT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_block(
    policy: *mut countermark_bundle_policy,
    item: *const c_char,
    item_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |demands| {
            let item = &text(item, item_length, "item")?;
            demands.both(|policy| policy.block(item), |policy| policy.block(item))
        })
    }
}

/// The first failure of a call on the policy, or NULL. It belongs to `policy`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_fault(
    policy: *const countermark_bundle_policy,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    match unsafe { policy.as_ref() } {
        Some(countermark_bundle_policy(Err(fault))) => &raw const **fault,
        _ => std::ptr::null(),
    }
}

/// Frees a policy for bundles or keys.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_policy_free(policy: *mut countermark_bundle_policy) {
    // SAFETY: the conventions of the header.
    unsafe { free(policy) };
}
