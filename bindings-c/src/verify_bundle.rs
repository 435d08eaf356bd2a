//! Verifying and examining artifacts by bundles.

use crate::artifact::countermark_artifact;
use crate::bundle::countermark_bundle;
use crate::bundle_policy::countermark_bundle_policy;
use crate::bundle_report::countermark_bundle_report;
use crate::bundles::countermark_bundles;
use crate::call;
use crate::code::countermark_code;
use crate::many::countermark_results;
use crate::pointer::{items, reference};
use crate::refusal::{Refusal, internal};
use crate::rejection::countermark_rejection;
use crate::timestamp::{self, countermark_timestamp};
use crate::verified::countermark_verified;
use crate::verified_envelope::countermark_verified_envelope;
use crate::verifier::countermark_verifier;
use countermark::{AnyBundlePolicy, Artifact, Bundle, BundleRequest, VerifierAt};

/// One artifact of many, with bundles of which any will do. Requests may share everything.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_bundle_request {
    /// The artifact.
    pub artifact: *const countermark_artifact,
    /// Its bundles.
    pub bundles: *const countermark_bundles,
    /// What the caller expects of them.
    pub policy: *const countermark_bundle_policy,
}

/// By what it is judged.
struct Judge<'a> {
    verifier: VerifierAt<'a>,
    policy: AnyBundlePolicy<'a>,
}

impl<'a> Judge<'a> {
    unsafe fn new(
        verifier: *const countermark_verifier,
        policy: *const countermark_bundle_policy,
        now: *const countermark_timestamp,
    ) -> Result<Self, Refusal> {
        // SAFETY: as this function's caller promises.
        let (verifier, policy, now): (&'a countermark_verifier, &'a countermark_bundle_policy, _) = unsafe {
            (reference(verifier, "verifier")?, reference(policy, "policy")?, timestamp::optional(now, "now")?)
        };
        Ok(Self { verifier: verifier.at(now), policy: policy.policy()? })
    }
}

unsafe fn bundle<'a>(bundle: *const countermark_bundle) -> Result<&'a Bundle, Refusal> {
    // SAFETY: as this function's caller promises.
    let handle: &'a countermark_bundle = unsafe { reference(bundle, "bundle") }?;
    handle.bundle().ok_or_else(internal)
}

/// Verifies an artifact by a bundle: each instance that the verifier trusts judges it alone, and the first under which every
/// rule is passed is the answer. A signed time after `now`, if it is not NULL, is refused; where the policy asks for no signed
/// time and there is none, everything must be valid at `now`, and without it is `COUNTERMARK_UNVOUCHED_TIME`.
///
/// Returns `COUNTERMARK_VERIFIED` and writes `verified`, or returns another code and writes `rejection`. Either output
/// may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_bundle(
    verifier: *const countermark_verifier,
    artifact: *const countermark_artifact,
    bundle: *const countermark_bundle,
    policy: *const countermark_bundle_policy,
    now: *const countermark_timestamp,
    verified: *mut *mut countermark_verified,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::verify(verified, rejection, || {
            let Judge { verifier, policy } = Judge::new(verifier, policy, now)?;
            let artifact = reference(artifact, "artifact")?.artifact();
            Ok(verifier.verify_bundle(&artifact, self::bundle(bundle)?, policy)?)
        })
    }
}

/// Runs every check on the same input and reports on all of them, and on every item of evidence by itself. Returns
/// `COUNTERMARK_DONE` also for a bundle that is refused: a report is for looking, not for deciding.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_examine_bundle(
    verifier: *const countermark_verifier,
    artifact: *const countermark_artifact,
    bundle: *const countermark_bundle,
    policy: *const countermark_bundle_policy,
    now: *const countermark_timestamp,
    report: *mut *mut countermark_bundle_report,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(report, "report", rejection, || {
            let Judge { verifier, policy } = Judge::new(verifier, policy, now)?;
            let artifact = reference(artifact, "artifact")?.artifact();
            let report = verifier.examine_bundle(&artifact, self::bundle(bundle)?, policy);
            Ok(countermark_bundle_report::from(&report))
        })
    }
}

/// Verifies who signed a bundle's envelope, and when, whatever its payload is. Neither an artifact nor the blocklist is asked:
/// `COUNTERMARK_VERIFIED` says here that the payload is the signer's, and nothing about any artifact.
///
/// Returns `COUNTERMARK_VERIFIED` and writes `envelope`, or returns another code and writes `rejection`. Either output
/// may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_envelope(
    verifier: *const countermark_verifier,
    bundle: *const countermark_bundle,
    policy: *const countermark_bundle_policy,
    now: *const countermark_timestamp,
    envelope: *mut *mut countermark_verified_envelope,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::verify(envelope, rejection, || {
            let Judge { verifier, policy } = Judge::new(verifier, policy, now)?;
            Ok(verifier.verify_envelope(self::bundle(bundle)?, policy)?)
        })
    }
}

/// Verifies an artifact by any of several bundles: the first that passes is the answer. If none does, `rejection` is the first
/// bundle's, with those of the others beside it; of no bundle it is `COUNTERMARK_NO_SIGNATURE`.
///
/// Returns `COUNTERMARK_VERIFIED` and writes `verified`, or returns another code and writes `rejection`. Either output
/// may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_bundles(
    verifier: *const countermark_verifier,
    artifact: *const countermark_artifact,
    bundles: *const countermark_bundles,
    policy: *const countermark_bundle_policy,
    now: *const countermark_timestamp,
    verified: *mut *mut countermark_verified,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::verify(verified, rejection, || {
            let Judge { verifier, policy } = Judge::new(verifier, policy, now)?;
            let artifact = reference(artifact, "artifact")?.artifact();
            let bundles = reference(bundles, "bundles")?.bundles();
            Ok(verifier.verify_bundles(&artifact, bundles, policy)?)
        })
    }
}

/// A request that can be asked.
struct Question<'a> {
    artifact: Artifact<'a>,
    bundles: &'a [Bundle],
    policy: AnyBundlePolicy<'a>,
}

impl<'a> Question<'a> {
    unsafe fn new(index: usize, request: &countermark_bundle_request) -> Result<Self, Refusal> {
        let argument = |member| format!("requests[{index}].{member}");
        // SAFETY: as this function's caller promises.
        let (artifact, bundles, policy): (
            &'a countermark_artifact,
            &'a countermark_bundles,
            &'a countermark_bundle_policy,
        ) = unsafe {
            (
                reference(request.artifact, &argument("artifact"))?,
                reference(request.bundles, &argument("bundles"))?,
                reference(request.policy, &argument("policy"))?,
            )
        };
        Ok(Self { artifact: artifact.artifact(), bundles: bundles.bundles(), policy: policy.policy()? })
    }
}

/// Verifies many artifacts by bundles, on all cores. The verdict on request `index` is
/// `countermark_results_code(results, index)`, as with `countermark_verify_many`: what this call returns is none.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_many_bundles(
    verifier: *const countermark_verifier,
    requests: *const countermark_bundle_request,
    request_count: usize,
    now: *const countermark_timestamp,
    results: *mut *mut countermark_results,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(results, "results", rejection, || {
            let verifier = reference(verifier, "verifier")?;
            let requests = items(requests, request_count, "requests")?;
            let now = timestamp::optional(now, "now")?;
            let questions: Vec<Result<Question<'_>, Refusal>> =
                requests.iter().enumerate().map(|(index, request)| Question::new(index, request)).collect();
            let asked: Vec<BundleRequest<'_>> = questions
                .iter()
                .flatten()
                .map(|question| BundleRequest::new(&question.artifact, question.bundles, question.policy))
                .collect();
            let answers = verifier.at(now).verify_many_bundles(&asked);
            Ok(countermark_results::of(&questions, answers))
        })
    }
}
