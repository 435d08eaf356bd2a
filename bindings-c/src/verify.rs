//! Verifying and examining one artifact.

use crate::artifact_name::name;
use crate::call;
use crate::code::countermark_code;
use crate::entries::countermark_entries;
use crate::pointer::{characters, reference};
use crate::policy::countermark_policy;
use crate::refusal::Refusal;
use crate::rejection::countermark_rejection;
use crate::report::countermark_report;
use crate::timestamp::{self, countermark_timestamp};
use crate::verified::countermark_verified;
use crate::verifier::countermark_verifier;
use countermark::{ArtifactName, Entry, Policy, Report, Verified, VerifierAt};
use std::ffi::c_char;

/// What an artifact is judged by.
struct Question<'a> {
    verifier: VerifierAt<'a>,
    name: ArtifactName,
    entries: &'a [Entry],
    policy: &'a Policy,
}

impl<'a> Question<'a> {
    unsafe fn new(
        verifier: *const countermark_verifier,
        artifact_name: *const c_char,
        artifact_name_length: usize,
        entries: *const countermark_entries,
        policy: *const countermark_policy,
        now: *const countermark_timestamp,
    ) -> Result<Self, Refusal> {
        // SAFETY: as this function's caller promises.
        let (verifier, name_bytes, entries, policy, now): (&'a countermark_verifier, _, _, _, _) = unsafe {
            (
                reference(verifier, "verifier")?,
                characters(artifact_name, artifact_name_length, "artifact_name")?,
                reference(entries, "entries")?,
                reference(policy, "policy")?,
                timestamp::optional(now, "now")?,
            )
        };
        Ok(Self {
            verifier: verifier.at(now),
            policy: policy.policy()?,
            entries: entries.entries()?,
            name: name(name_bytes, "artifact_name")?,
        })
    }

    fn verify(&self) -> Result<Verified<'a>, Refusal> {
        Ok(self.verifier.verify(&self.name, self.entries, self.policy)?)
    }

    fn examine(&self) -> Report {
        self.verifier.examine(&self.name, self.entries, self.policy)
    }
}

/// Verifies an artifact, `image@sha256:` and so on, by the entries of its log; those of other artifacts and tenants do
/// not matter. An entry that was signed after `now`, if it is not NULL, is refused; the verifier's leeway is added to it
/// (`countermark_verifier_builder_set_now_leeway_seconds`).
///
/// Returns `COUNTERMARK_VERIFIED` and writes `verified`, or returns another code and writes `rejection`. Either output
/// may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify(
    verifier: *const countermark_verifier,
    artifact_name: *const c_char,
    artifact_name_length: usize,
    entries: *const countermark_entries,
    policy: *const countermark_policy,
    now: *const countermark_timestamp,
    verified: *mut *mut countermark_verified,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::verify(verified, rejection, || {
            Question::new(verifier, artifact_name, artifact_name_length, entries, policy, now)?.verify()
        })
    }
}

/// Runs every check on the same input and reports on all of them. Returns `COUNTERMARK_DONE` also for an artifact that
/// is refused: a report is for looking, not for deciding.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_examine(
    verifier: *const countermark_verifier,
    artifact_name: *const c_char,
    artifact_name_length: usize,
    entries: *const countermark_entries,
    policy: *const countermark_policy,
    now: *const countermark_timestamp,
    report: *mut *mut countermark_report,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(report, "report", rejection, || {
            let question =
                Question::new(verifier, artifact_name, artifact_name_length, entries, policy, now)?;
            Ok(countermark_report::from(&question.examine()))
        })
    }
}
