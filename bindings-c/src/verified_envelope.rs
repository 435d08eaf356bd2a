//! An envelope whose signature was verified.

use crate::pointer::{free, items};
use crate::text::{Text, countermark_bytes, countermark_text};
use countermark::VerifiedEnvelope;
use serde_json::json;
use std::ffi::c_char;

/// An envelope whose signature was verified: who signed this payload, and when. It says nothing about any artifact; whoever
/// reads the payload decides what it is about. It owns all that it tells.
#[derive(Debug)]
pub struct countermark_verified_envelope {
    payload_type: Text,
    payload: Vec<u8>,
    leaf: Vec<u8>,
    claims: Vec<(Text, Text)>,
    instance: Text,
    key_name: Option<Text>,
    json: Text,
}

impl From<&VerifiedEnvelope<'_>> for countermark_verified_envelope {
    fn from(envelope: &VerifiedEnvelope<'_>) -> Self {
        Self {
            payload_type: envelope.payload_type().into(),
            payload: envelope.payload().to_vec(),
            leaf: envelope.leaf().to_vec(),
            claims: envelope
                .claims()
                .iter()
                .map(|(claim, value)| (claim.to_string().into(), value.into()))
                .collect(),
            instance: envelope.instance().into(),
            key_name: envelope.key_name().map(Text::from),
            json: json(envelope).into(),
        }
    }
}

/// What is told of a verified artifact, as far as it is about the signer.
fn json(envelope: &VerifiedEnvelope<'_>) -> String {
    let claims: serde_json::Map<_, _> =
        envelope.claims().iter().map(|(claim, value)| (claim.to_string(), value.into())).collect();
    let mut json = json!({
        "payload_type": envelope.payload_type(),
        "instance": envelope.instance(),
        "times": envelope.times(),
        "log_entries": envelope.log_entries(),
        "certificate_timestamps": envelope.certificate_timestamps(),
        "claims": claims,
        "warnings": envelope.warnings(),
    });
    if let (true, Some(members)) = (envelope.leaf().is_empty(), json.as_object_mut()) {
        members.insert("key".into(), envelope.key_name().unwrap_or_default().into());
    }
    json.to_string()
}

unsafe fn text_of(
    envelope: *const countermark_verified_envelope,
    member: impl FnOnce(&countermark_verified_envelope) -> Option<&Text>,
) -> countermark_text {
    // SAFETY: as this function's caller promises.
    Text::view_of(unsafe { envelope.as_ref() }.and_then(member))
}

/// What the payload says it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_payload_type(
    envelope: *const countermark_verified_envelope,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(envelope, |envelope| Some(&envelope.payload_type)) }
}

/// The payload, byte for byte as it was signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_payload(
    envelope: *const countermark_verified_envelope,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { envelope.as_ref() }
        .map_or(countermark_bytes::ABSENT, |envelope| countermark_bytes::of(&envelope.payload))
}

/// The signer's certificate, in DER; absent where a key of the policy's signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_leaf(
    envelope: *const countermark_verified_envelope,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { envelope.as_ref() }
        .filter(|envelope| !envelope.leaf.is_empty())
        .map_or(countermark_bytes::ABSENT, |envelope| countermark_bytes::of(&envelope.leaf))
}

/// The value of a claim, by its name. Absent if the certificate does not carry it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_claim(
    envelope: *const countermark_verified_envelope,
    claim: *const c_char,
    claim_length: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    let wanted = unsafe { items(claim.cast::<u8>(), claim_length, "claim") }.ok();
    let find = |envelope: &'_ countermark_verified_envelope| {
        let mut claims = envelope.claims.iter();
        let found = claims.find(|(name, _)| Some(name.as_str().as_bytes()) == wanted);
        found.map_or(countermark_text::ABSENT, |(_, value)| value.view())
    };
    // SAFETY: the conventions of the header.
    unsafe { envelope.as_ref() }.map_or(countermark_text::ABSENT, find)
}

/// As `countermark_verified_instance`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_instance(
    envelope: *const countermark_verified_envelope,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(envelope, |envelope| Some(&envelope.instance)) }
}

/// As `countermark_verified_key_name`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_key_name(
    envelope: *const countermark_verified_envelope,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(envelope, |envelope| envelope.key_name.as_ref()) }
}

/// All that was established, times and log entries too, as one JSON object; without the payload.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_json(
    envelope: *const countermark_verified_envelope,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(envelope, |envelope| Some(&envelope.json)) }
}

/// Frees a verified envelope.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_envelope_free(envelope: *mut countermark_verified_envelope) {
    // SAFETY: the conventions of the header.
    unsafe { free(envelope) };
}
