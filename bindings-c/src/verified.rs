//! What a successful verification returns.

use crate::pointer::{free, items, write};
use crate::text::{Text, countermark_bytes, countermark_text};
use crate::timestamp::countermark_timestamp;
use crate::unwind::once;
use countermark::{OwnedVerified, PathCertificate, SignedTime, Verified, Warning};
use std::ffi::c_char;
use std::sync::OnceLock;

/// What was established about an artifact or a message, by entries, a signature or a bundle. Only a verification that succeeded makes one. It owns all that
/// it tells: entries, bundles, policy and verifier may be freed before it.
#[derive(Debug)]
pub struct countermark_verified {
    result: OwnedVerified,
    // Each is written when first asked for: most callers look at the code alone.
    told: OnceLock<Told>,
    text: OnceLock<Text>,
    json: OnceLock<Text>,
}

/// What the accessors lend, other than the whole result as text and as JSON.
#[derive(Debug)]
struct Told {
    source: Option<Source>,
    signature: Vec<u8>,
    leaf: Vec<u8>,
    timestamp: countermark_timestamp,
    timestamp_text: Text,
    time_voucher: Text,
    times: Vec<Time>,
    validity: Option<(countermark_timestamp, countermark_timestamp)>,
    claims: Vec<(Text, Text)>,
    warnings: Vec<NamedWarning>,
    path: Vec<Authority>,
    #[cfg(feature = "sigstore")]
    bundle: crate::verified_bundle::OfBundle,
}

#[derive(Debug)]
struct Source {
    entry: usize,
    namespace: Text,
    artifact_name: Text,
}

/// A signed time, and whose word it is.
#[derive(Debug)]
struct Time {
    time: countermark_timestamp,
    voucher: Text,
    authority: Text,
}

impl From<&SignedTime> for Time {
    fn from(signed: &SignedTime) -> Self {
        Self {
            time: signed.time().into(),
            voucher: signed.voucher().name().into(),
            authority: signed.authority().into(),
        }
    }
}

/// A warning's name, and its sentence.
#[derive(Debug)]
pub(crate) struct NamedWarning {
    pub(crate) name: Text,
    pub(crate) sentence: Text,
}

impl From<&Warning> for NamedWarning {
    fn from(warning: &Warning) -> Self {
        Self { name: warning.name().into(), sentence: warning.to_string().into() }
    }
}

#[derive(Debug)]
struct Authority {
    der: Vec<u8>,
    sha256: [u8; 32],
    subject: Text,
    origin: Text,
}

impl From<&PathCertificate<'_>> for Authority {
    fn from(certificate: &PathCertificate<'_>) -> Self {
        Self {
            der: certificate.der().to_vec(),
            sha256: certificate.sha256(),
            subject: certificate.subject().into(),
            origin: certificate.origin().name().into(),
        }
    }
}

impl From<&Verified<'_>> for countermark_verified {
    fn from(verified: &Verified<'_>) -> Self {
        Self { result: verified.into(), told: OnceLock::new(), text: OnceLock::new(), json: OnceLock::new() }
    }
}

impl countermark_verified {
    fn told(&self) -> Option<&Told> {
        once(&self.told, || Told::from(&self.result.verified()))
    }

    fn text(&self) -> Option<&Text> {
        once(&self.text, || self.result.verified().to_string().into())
    }

    fn json(&self) -> Option<&Text> {
        once(&self.json, || serde_json::to_string(&self.result.verified()).unwrap_or_default().into())
    }
}

impl From<&Verified<'_>> for Told {
    fn from(verified: &Verified<'_>) -> Self {
        let source = verified.entry().zip(verified.entry_index());
        let claims = verified.claims();
        let claims = claims.iter().chain(verified.custom_claims().iter().copied());
        Self {
            source: source.map(|(entry, index)| Source {
                entry: index,
                namespace: entry.namespace().into(),
                artifact_name: entry.artifact_name().into(),
            }),
            signature: verified.signature().to_vec(),
            leaf: verified.leaf().to_vec(),
            timestamp: verified.timestamp().into(),
            timestamp_text: verified.timestamp().to_string().into(),
            time_voucher: verified.time_voucher().name().into(),
            times: verified.times().iter().map(Time::from).collect(),
            validity: verified
                .validity()
                .map(|(not_before, not_after)| (not_before.into(), not_after.into())),
            claims: claims.map(|(claim, value)| (claim.to_string().into(), value.into())).collect(),
            warnings: verified.warnings().iter().map(NamedWarning::from).collect(),
            path: verified.path().iter().map(Authority::from).collect(),
            #[cfg(feature = "sigstore")]
            bundle: verified.into(),
        }
    }
}

/// What only a bundle establishes.
#[cfg(feature = "sigstore")]
pub(crate) unsafe fn of_bundle<'a>(
    verified: *const countermark_verified,
) -> Option<&'a crate::verified_bundle::OfBundle> {
    // SAFETY: as this function's caller promises.
    unsafe { told(verified) }.map(|told| &told.bundle)
}

unsafe fn told<'a>(verified: *const countermark_verified) -> Option<&'a Told> {
    // SAFETY: as this function's caller promises.
    unsafe { verified.as_ref() }.and_then(countermark_verified::told)
}

unsafe fn text_of(
    verified: *const countermark_verified,
    member: impl FnOnce(&Told) -> Option<&Text>,
) -> countermark_text {
    // SAFETY: as this function's caller promises.
    Text::view_of(unsafe { told(verified) }.and_then(member))
}

unsafe fn bytes_of(
    verified: *const countermark_verified,
    member: impl FnOnce(&Told) -> Option<&[u8]>,
) -> countermark_bytes {
    // SAFETY: as this function's caller promises.
    unsafe { told(verified) }.and_then(member).map_or(countermark_bytes::ABSENT, countermark_bytes::of)
}

unsafe fn count_of<T>(verified: *const countermark_verified, member: impl FnOnce(&Told) -> &[T]) -> usize {
    // SAFETY: as this function's caller promises.
    unsafe { told(verified) }.map_or(0, |told| member(told).len())
}

/// The artifact's name; absent for a message and a bundle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_artifact_name(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.source.as_ref().map(|source| &source.artifact_name)) }
}

/// The entry's namespace; absent for a message and a bundle. No signature covers it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_namespace(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.source.as_ref().map(|source| &source.namespace)) }
}

/// Which of the entries given was verified, counted from zero. Returns false, and leaves `index` alone, for a message and
/// a bundle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_entry(
    verified: *const countermark_verified,
    index: *mut usize,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { told(verified) }.and_then(|told| told.source.as_ref()) {
        // SAFETY: the conventions of the header.
        Some(source) => unsafe { write(index, source.entry) },
        None => false,
    }
}

/// The value of a claim, by its name or, for a custom claim that the policy or the entry's provenance named, by its
/// dotted OID. Absent if the certificate does not carry it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_claim(
    verified: *const countermark_verified,
    claim: *const c_char,
    claim_length: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    let wanted = unsafe { items(claim.cast::<u8>(), claim_length, "claim") };
    let find = |told: &Told| {
        let wanted = wanted.ok()?;
        let mut claims = told.claims.iter();
        claims.find(|(name, _)| name.as_str().as_bytes() == wanted).map(|(_, value)| value.view())
    };
    // SAFETY: the conventions of the header.
    unsafe { told(verified) }.and_then(find).unwrap_or(countermark_text::ABSENT)
}

/// How many claims the certificate carries, custom ones included that the policy or the provenance named.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_claim_count(verified: *const countermark_verified) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { count_of(verified, |told| &told.claims) }
}

/// The name of one of the claims; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_claim_name(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.claims.get(index).map(|(name, _)| name)) }
}

/// The value of one of the claims; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_claim_value(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.claims.get(index).map(|(_, value)| value)) }
}

/// When the signature was made. Returns false, and leaves `timestamp` alone, if either pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_timestamp(
    verified: *const countermark_verified,
    timestamp: *mut countermark_timestamp,
) -> bool {
    // SAFETY: the conventions of the header.
    unsafe { told(verified).is_some_and(|told| write(timestamp, told.timestamp)) }
}

/// The same as RFC 3339 writes it, in UTC.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_timestamp_text(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| Some(&told.timestamp_text)) }
}

/// What vouches for that time: `recorded`, the log's word or, for a message, the caller's; `timestamp_authority`, a signed
/// timestamp; or, of bundles alone, `log`, a transparency log, and `caller`, nobody but the caller's `now`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_time_voucher(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| Some(&told.time_voucher)) }
}

/// How many times somebody signed for the signature. Each lies inside the validity of the certificates.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_signed_time_count(
    verified: *const countermark_verified,
) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { count_of(verified, |told| &told.times) }
}

/// One of these times. Returns false, and leaves `time` alone, past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_signed_time(
    verified: *const countermark_verified,
    index: usize,
    time: *mut countermark_timestamp,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { told(verified) }.and_then(|told| told.times.get(index)) {
        // SAFETY: the conventions of the header.
        Some(signed) => unsafe { write(time, signed.time) },
        None => false,
    }
}

/// What vouches for it: `timestamp_authority` or `log`; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_signed_time_voucher(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.times.get(index).map(|signed| &signed.voucher)) }
}

/// Who that is: the subject of a timestamp authority's signer, or a log; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_signed_time_authority(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.times.get(index).map(|signed| &signed.authority)) }
}

/// From when to when the signer's certificate was valid. Returns false, and leaves both alone, if a pointer is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_validity(
    verified: *const countermark_verified,
    not_before: *mut countermark_timestamp,
    not_after: *mut countermark_timestamp,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { told(verified) }.and_then(|told| told.validity) {
        Some((from, to)) if !not_before.is_null() && !not_after.is_null() => {
            // SAFETY: the conventions of the header.
            unsafe { write(not_before, from) && write(not_after, to) }
        }
        _ => false,
    }
}

/// The signature, in DER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_signature(
    verified: *const countermark_verified,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { bytes_of(verified, |told| Some(&told.signature)) }
}

/// The signer's certificate, in DER; absent where a key of the policy's signed a bundle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_leaf(
    verified: *const countermark_verified,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { bytes_of(verified, |told| Some(&told.leaf[..]).filter(|leaf| !leaf.is_empty())) }
}

/// How many authorities are on the path from the signer's certificate to the trust anchor, which is the last of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_path_count(verified: *const countermark_verified) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { count_of(verified, |told| &told.path) }
}

/// An authority's certificate, in DER; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_path_certificate(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { bytes_of(verified, |told| told.path.get(index).map(|authority| &authority.der[..])) }
}

/// The SHA-256 of an authority's certificate, 32 bytes; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_path_sha256(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    unsafe { bytes_of(verified, |told| told.path.get(index).map(|authority| &authority.sha256[..])) }
}

/// An authority's subject, for people; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_path_subject(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.path.get(index).map(|authority| &authority.subject)) }
}

/// Where an authority's certificate came from: `entry`, `known_intermediate` or `trust_anchor`; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_path_origin(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.path.get(index).map(|authority| &authority.origin)) }
}

/// How many things were not asked for, and perhaps should have been.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_warning_count(verified: *const countermark_verified) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { count_of(verified, |told| &told.warnings) }
}

/// A warning's stable name, such as `signer_unconstrained`; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_warning_name(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.warnings.get(index).map(|warning| &warning.name)) }
}

/// A warning for people; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_warning_text(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.warnings.get(index).map(|warning| &warning.sentence)) }
}

/// What was established, for people: several lines.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_text(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { verified.as_ref() }.and_then(countermark_verified::text))
}

/// All of it as one JSON object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_json(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { verified.as_ref() }.and_then(countermark_verified::json))
}

/// Frees what a verification wrote to one of its outputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_free(verified: *mut countermark_verified) {
    // SAFETY: the conventions of the header.
    unsafe { free(verified) };
}
