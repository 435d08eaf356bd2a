//! What the caller expects.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, exclusive, free, items};
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::text::{countermark_text, utf8};
use countermark::{Claim, MalformedInput, Match, Policy, RevocationScope, TimeVoucher};
use std::ffi::c_char;

/// What the caller expects of the record and of the signer. Made once, used for many artifacts, also from many
/// threads while nobody changes it.
///
/// The first call on it that fails is remembered (`countermark_policy_fault`), and whoever verifies with it gets
/// that failure: a policy never asks for less than its author wrote.
#[derive(Debug)]
pub struct countermark_policy(Result<Policy, Box<countermark_rejection>>);

/// One revoked matching entry fails the artifact. The default.
pub const COUNTERMARK_REVOCATION_SCOPE_ARTIFACT: u32 = 1;
/// Revoked entries do not count, nor does any entry with the leaf key of a revoked one; others may.
pub const COUNTERMARK_REVOCATION_SCOPE_ENTRY: u32 = 2;
/// One revoked or blocklisted entry of the namespace, under any name with the artifact's digest, fails the artifact:
/// for mirrors and retagged copies. Give the entries of the other names too.
pub const COUNTERMARK_REVOCATION_SCOPE_DIGEST: u32 = 3;

/// The log's word for the signing time will do. The default.
pub const COUNTERMARK_TIME_VOUCHER_RECORDED: u32 = 1;
/// An entry counts only with a good signed timestamp of an authority that the verifier knows
/// (`countermark_verifier_builder_add_timestamp_authority`); without one it is `COUNTERMARK_UNVOUCHED_TIME`. This stops who
/// keeps a key and can write to the log from backdating.
pub const COUNTERMARK_TIME_VOUCHER_TIMESTAMP_AUTHORITY: u32 = 2;

impl countermark_policy {
    pub(crate) fn policy(&self) -> Result<&Policy, Refusal> {
        self.0.as_ref().map_err(|fault| fault.refusal())
    }

    /// Changes the policy; a failure, also a panic on the way, stays.
    fn change(&mut self, change: impl FnOnce(Policy) -> Result<Policy, Refusal>) -> Result<(), Refusal> {
        let policy = std::mem::replace(&mut self.0, Err(internal().into()));
        self.0 = policy.and_then(|policy| Ok(change(policy)?));
        self.policy().map(|_| ())
    }
}

/// A text of a policy.
pub(crate) unsafe fn text(data: *const c_char, length: usize, argument: &str) -> Result<String, Refusal> {
    // SAFETY: as this function's caller promises.
    let bytes = unsafe { characters(data, length, argument) }?;
    utf8(bytes, argument, |detail| MalformedInput::Policy { detail }.into()).map(str::to_owned)
}

unsafe fn change(
    policy: *mut countermark_policy,
    change: impl FnOnce(Policy) -> Result<Policy, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::done(std::ptr::null_mut(), || exclusive(policy, "policy")?.change(change)) }
}

unsafe fn require(
    policy: *mut countermark_policy,
    claim: *const c_char,
    claim_length: usize,
    wanted: impl FnOnce() -> Result<Match, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        change(policy, |policy| {
            let claim: Claim = text(claim, claim_length, "claim")?.parse()?;
            Ok(policy.require(claim, wanted()?)?)
        })
    }
}

/// Any of several values of a claim.
pub(crate) unsafe fn any_of(values: *const countermark_text, count: usize) -> Result<Match, Refusal> {
    // SAFETY: as this function's caller promises.
    let values = unsafe { items(values, count, "values") }?.iter().enumerate();
    let values: Vec<String> = values
        .map(|(index, value)| {
            // SAFETY: as this function's caller promises.
            unsafe { text(value.data, value.length, &format!("values[{index}]")) }
        })
        .collect::<Result<_, _>>()?;
    Ok(Match::any_of(values)?)
}

/// Reads a policy from JSON.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_policy_from_json(
    json: *const c_char,
    json_length: usize,
    policy: *mut *mut countermark_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            let json = characters(json, json_length, "json")?;
            Ok(countermark_policy(Ok(Policy::from_json(json)?)))
        })
    }
}

/// Makes a policy that asks for a namespace and an OIDC issuer, with the defaults for the rest.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_policy_new(
    namespace_name: *const c_char,
    namespace_name_length: usize,
    certificate_oidc_issuer: *const c_char,
    certificate_oidc_issuer_length: usize,
    policy: *mut *mut countermark_policy,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(policy, "policy", rejection, || {
            let namespace = text(namespace_name, namespace_name_length, "namespace_name")?;
            let issuer =
                text(certificate_oidc_issuer, certificate_oidc_issuer_length, "certificate_oidc_issuer")?;
            Ok(countermark_policy(Ok(Policy::new(namespace, issuer)?)))
        })
    }
}

/// Also requires a claim, by its name or dotted OID, with exactly this value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_require(
    policy: *mut countermark_policy,
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
pub unsafe extern "C" fn countermark_policy_require_any_of(
    policy: *mut countermark_policy,
    claim: *const c_char,
    claim_length: usize,
    values: *const countermark_text,
    value_count: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { require(policy, claim, claim_length, || any_of(values, value_count)) }
}

/// Also requires a claim whose value matches a glob: `*` matches within a segment, never `/`; `**` may stand as the
/// whole last segment and matches all that follows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_require_glob(
    policy: *mut countermark_policy,
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

/// Sets how many seconds a signer's certificate may be valid: 1 to 86,400. The default is 300.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_set_max_certificate_lifetime_seconds(
    policy: *mut countermark_policy,
    seconds: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(policy, |policy| Ok(policy.with_max_certificate_lifetime_seconds(seconds)?)) }
}

/// Sets how far one revoked entry reaches: a `COUNTERMARK_REVOCATION_SCOPE_*`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_set_revocation_scope(
    policy: *mut countermark_policy,
    scope: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |policy| {
            let scope = match scope {
                COUNTERMARK_REVOCATION_SCOPE_ARTIFACT => RevocationScope::Artifact,
                COUNTERMARK_REVOCATION_SCOPE_ENTRY => RevocationScope::Entry,
                COUNTERMARK_REVOCATION_SCOPE_DIGEST => RevocationScope::Digest,
                _ => return Err(invalid_argument(&format!("`scope` is {scope}, which is none"))),
            };
            Ok(policy.with_revocation_scope(scope))
        })
    }
}

/// Sets what must vouch for the signing time: a `COUNTERMARK_TIME_VOUCHER_*`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_set_time_voucher(
    policy: *mut countermark_policy,
    voucher: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(policy, |policy| {
            let voucher = match voucher {
                COUNTERMARK_TIME_VOUCHER_RECORDED => TimeVoucher::Recorded,
                COUNTERMARK_TIME_VOUCHER_TIMESTAMP_AUTHORITY => TimeVoucher::TimestampAuthority,
                _ => return Err(invalid_argument(&format!("`voucher` is {voucher}, which is none"))),
            };
            Ok(policy.with_time_voucher(voucher))
        })
    }
}

/// Also blocks an artifact: an artifact name, or `sha256:` and 64 lowercase hex digits.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_block(
    policy: *mut countermark_policy,
    item: *const c_char,
    item_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(policy, |policy| Ok(policy.block(&text(item, item_length, "item")?)?)) }
}

/// The first failure of a call on the policy, or NULL. It belongs to `policy`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_fault(
    policy: *const countermark_policy,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    match unsafe { policy.as_ref() } {
        Some(countermark_policy(Err(fault))) => &raw const **fault,
        _ => std::ptr::null(),
    }
}

/// Frees a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_policy_free(policy: *mut countermark_policy) {
    // SAFETY: the conventions of the header.
    unsafe { free(policy) };
}
