//! Verifying a signature over bytes that are no artifact name: a file, a DSSE envelope.

use crate::call;
use crate::code::countermark_code;
use crate::entry::Signed;
use crate::pointer::{exclusive, free, items, reference};
use crate::policy::countermark_policy;
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::timestamp::{self, countermark_timestamp};
use crate::verified::countermark_verified;
use crate::verifier::countermark_verifier;
use countermark::{Message, Verified};
use std::ffi::c_char;

/// A signature over a message, with its signer's certificates and the time it was made. Nothing vouches for the time:
/// it is the caller's word. The first call on it that fails is remembered, and whoever verifies with it gets that
/// failure.
#[derive(Debug)]
pub struct countermark_message_signature(Result<Signed, Refusal>);

/// The policy must require a claim about the signer; one that does not is `COUNTERMARK_MALFORMED_POLICY`.
pub const COUNTERMARK_SIGNER_BY_CLAIMS: u32 = 1;
/// The policy need not require a claim: anyone whom its issuer vouches for may have signed. An issuer such as GitHub's
/// vouches for everybody who uses GitHub.
pub const COUNTERMARK_ANY_SIGNER_OF_ISSUER: u32 = 2;

const SHA256_BYTES: usize = 32;

impl countermark_message_signature {
    fn change(&mut self, change: impl FnOnce(&mut Signed) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let signed = std::mem::replace(&mut self.0, Err(internal()));
        self.0 = signed.and_then(|mut signed| change(&mut signed).map(|()| signed));
        self.0.as_ref().map(|_| ()).map_err(Clone::clone)
    }
}

unsafe fn change(
    signature: *mut countermark_message_signature,
    change: impl FnOnce(&mut Signed) -> Result<(), Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::done(std::ptr::null_mut(), || exclusive(signature, "signature")?.change(change)) }
}

/// Begins with the signature: ECDSA over the message's SHA-256, in DER.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_message_signature_new(
    signature_der: *const u8,
    signature_der_length: usize,
    signature: *mut *mut countermark_message_signature,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(signature, "signature", rejection, || {
            let mut signed = Signed::default();
            signed.set_signature(signature_der, signature_der_length)?;
            Ok(countermark_message_signature(Ok(signed)))
        })
    }
}

/// Adds a certificate, in DER; PEM, which begins with `-----BEGIN`, is taken too. At least one is required; the first is
/// the signer's own, the others may be in any order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_message_signature_add_certificate(
    signature: *mut countermark_message_signature,
    certificate_der: *const u8,
    certificate_der_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(signature, |signed| signed.add_certificate(certificate_der, certificate_der_length)) }
}

/// Adds the certificates of a PEM text, in their order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_message_signature_add_certificates_pem(
    signature: *mut countermark_message_signature,
    certificates_pem: *const c_char,
    certificates_pem_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(signature, |signed| signed.add_certificates(certificates_pem, certificates_pem_length)) }
}

/// Sets when the signature was made, as RFC 3339 writes it. This or `countermark_message_signature_set_timestamp_unix`
/// is required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_message_signature_set_timestamp(
    signature: *mut countermark_message_signature,
    timestamp: *const c_char,
    timestamp_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(signature, |signed| signed.set_timestamp(timestamp, timestamp_length)) }
}

/// Sets when the signature was made, in seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_message_signature_set_timestamp_unix(
    signature: *mut countermark_message_signature,
    seconds: i64,
    nanoseconds: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(signature, |signed| signed.set_timestamp_unix(seconds, nanoseconds)) }
}

/// Frees a message's signature. What was verified with it stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_message_signature_free(signature: *mut countermark_message_signature) {
    // SAFETY: the conventions of the header.
    unsafe { free(signature) };
}

unsafe fn verify<'a>(
    verifier: *const countermark_verifier,
    message: impl FnOnce() -> Result<Message, Refusal>,
    signature: *const countermark_message_signature,
    policy: *const countermark_policy,
    signer: u32,
    now: *const countermark_timestamp,
) -> Result<Verified<'a>, Refusal> {
    // SAFETY: as this function's caller promises.
    let (verifier, signature, policy, now): (
        &'a countermark_verifier,
        &'a countermark_message_signature,
        _,
        _,
    ) = unsafe {
        (
            reference(verifier, "verifier")?,
            reference(signature, "signature")?,
            reference(policy, "policy")?,
            timestamp::optional(now, "now")?,
        )
    };
    let policy = policy.policy()?.signer();
    let policy = match signer {
        COUNTERMARK_SIGNER_BY_CLAIMS => policy.for_messages()?,
        COUNTERMARK_ANY_SIGNER_OF_ISSUER => policy.any_signer_of_issuer(),
        _ => return Err(invalid_argument(&format!("`signer` is {signer}, which is none"))),
    };
    let signature = signature.0.as_ref().map_err(Clone::clone)?.of_message()?;
    let message = message()?;
    Ok(verifier.at(now).verify_message(&message, &signature, policy)?)
}

/// Verifies the signature over a message. Of the policy only what it asks of the signer counts: issuer, claims,
/// lifetime; not its namespace and blocklist. `signer` is `COUNTERMARK_SIGNER_BY_CLAIMS` or
/// `COUNTERMARK_ANY_SIGNER_OF_ISSUER`, and nothing else. A message that is itself an artifact name is
/// `COUNTERMARK_MALFORMED_MESSAGE`.
///
/// Returns `COUNTERMARK_VERIFIED` and writes `verified`, or returns another code and writes `rejection`. Either output
/// may be NULL if it is not wanted.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_message(
    verifier: *const countermark_verifier,
    message: *const u8,
    message_length: usize,
    signature: *const countermark_message_signature,
    policy: *const countermark_policy,
    signer: u32,
    now: *const countermark_timestamp,
    verified: *mut *mut countermark_verified,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::verify(verified, rejection, || {
            let message = || Ok(Message::new(items(message, message_length, "message")?)?);
            verify(verifier, message, signature, policy, signer, now)
        })
    }
}

/// The same for a message that is too large to hold, by its SHA-256 (32 bytes). A digest does not tell whether the
/// message was an artifact name: whoever hashed it must have looked.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verify_message_sha256(
    verifier: *const countermark_verifier,
    sha256: *const u8,
    sha256_length: usize,
    signature: *const countermark_message_signature,
    policy: *const countermark_policy,
    signer: u32,
    now: *const countermark_timestamp,
    verified: *mut *mut countermark_verified,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    let message = || {
        // SAFETY: the conventions of the header.
        let digest = unsafe { items(sha256, sha256_length, "sha256") }?;
        let digest: [u8; SHA256_BYTES] = digest.try_into().map_err(|_| {
            invalid_argument(&format!("`sha256` has {sha256_length} bytes, and must have {SHA256_BYTES}"))
        })?;
        Ok(Message::from_sha256(digest))
    };
    // SAFETY: the conventions of the header.
    unsafe { call::verify(verified, rejection, || verify(verifier, message, signature, policy, signer, now)) }
}
