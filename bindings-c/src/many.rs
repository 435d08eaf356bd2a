//! Verifying many artifacts on all cores.

use crate::call;
use crate::code::countermark_code;
use crate::entries::countermark_entries;
use crate::pointer::{characters, free, items, reference};
use crate::policy::countermark_policy;
use crate::refusal::{Refusal, internal};
use crate::rejection::countermark_rejection;
use crate::timestamp::{self, countermark_timestamp};
use crate::verified::countermark_verified;
use crate::verifier::countermark_verifier;
use crate::verify::name;
use countermark::{ArtifactName, Code, Entry, Policy, Rejection, Request, Verified};
use std::ffi::c_char;

/// One artifact of many. Requests may share entries and policies.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_request {
    /// The artifact's name.
    pub artifact_name: *const c_char,
    /// Its length in bytes.
    pub artifact_name_length: usize,
    /// The entries of its log.
    pub entries: *const countermark_entries,
    /// What the caller expects of it.
    pub policy: *const countermark_policy,
}

/// The results of many requests, in their order.
#[derive(Debug)]
pub struct countermark_results(Vec<Result<Box<countermark_verified>, Box<countermark_rejection>>>);

impl countermark_results {
    /// The results of the requests, of which those that could not be asked have no answer.
    pub(crate) fn of<Q>(
        questions: &[Result<Q, Refusal>],
        answers: Vec<Result<Verified<'_>, Rejection>>,
    ) -> Self {
        let mut answers = answers.into_iter();
        let mut answer = |question: &Result<Q, Refusal>| match question {
            Err(refusal) => Err(refusal.clone()),
            Ok(_) => match answers.next() {
                Some(Ok(verified)) => Ok(Box::new(countermark_verified::from(&verified))),
                Some(Err(rejection)) => Err(rejection.into()),
                None => Err(internal()),
            },
        };
        Self(questions.iter().map(|question| answer(question).map_err(Into::into)).collect())
    }
}

/// A request that can be asked.
struct Question<'a> {
    name: ArtifactName,
    entries: &'a [Entry],
    policy: &'a Policy,
}

impl<'a> Question<'a> {
    unsafe fn new(index: usize, request: &countermark_request) -> Result<Self, Refusal> {
        let argument = |member| format!("requests[{index}].{member}");
        let of_name = argument("artifact_name");
        // SAFETY: as this function's caller promises.
        let (name_bytes, entries, policy) = unsafe {
            (
                characters(request.artifact_name, request.artifact_name_length, &of_name)?,
                reference(request.entries, &argument("entries"))?,
                reference(request.policy, &argument("policy"))?,
            )
        };
        Ok(Self { policy: policy.policy()?, entries: entries.entries()?, name: name(name_bytes, &of_name)? })
    }
}

/// Verifies many artifacts, on all cores. The verdict on request `index` is `countermark_results_code(results, index)`:
/// compare its `number` with `COUNTERMARK_VERIFIED`. What this call returns is none: it is `COUNTERMARK_DONE` whatever
/// the artifacts' own results are. Each request has one, in the order given, also a request that is malformed or has a
/// NULL in it, which ends nothing else. `now` is as for `countermark_verify`.
///
/// Each request reads all of its entries, and copies none: where a log is large, give each artifact its own list. A
/// result holds what was verified and no other entry.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_many(
    verifier: *const countermark_verifier,
    requests: *const countermark_request,
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
            let asked: Vec<Request<'_>> = questions
                .iter()
                .flatten()
                .map(|question| Request::new(&question.name, question.entries, question.policy))
                .collect();
            let answers = verifier.at(now).verify_many(&asked);
            Ok(countermark_results::of(&questions, answers))
        })
    }
}

/// How many results there are: as many as there were requests.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_results_count(results: *const countermark_results) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { results.as_ref() }.map_or(0, |results| results.0.len())
}

/// What `countermark_verify` would have returned for a request; `COUNTERMARK_INVALID_ARGUMENT` past the last.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_results_code(
    results: *const countermark_results,
    index: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    let code = match unsafe { results.as_ref() }.and_then(|results| results.0.get(index)) {
        Some(Ok(_)) => Code::Verified,
        Some(Err(refusal)) => refusal.code(),
        None => Code::InvalidArgument,
    };
    code.into()
}

/// What was established for a request; NULL if it was refused, and past the last. It belongs to `results`: do not free
/// it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_results_verified(
    results: *const countermark_results,
    index: usize,
) -> *const countermark_verified {
    // SAFETY: the conventions of the header.
    match unsafe { results.as_ref() }.and_then(|results| results.0.get(index)) {
        Some(Ok(verified)) => &raw const **verified,
        _ => std::ptr::null(),
    }
}

/// Why a request was refused; NULL if it was verified, and past the last. It belongs to `results`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_results_rejection(
    results: *const countermark_results,
    index: usize,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    match unsafe { results.as_ref() }.and_then(|results| results.0.get(index)) {
        Some(Err(refusal)) => &raw const **refusal,
        _ => std::ptr::null(),
    }
}

/// Frees all results.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_results_free(results: *mut countermark_results) {
    // SAFETY: the conventions of the header.
    unsafe { free(results) };
}
