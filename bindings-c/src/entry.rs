//! One record, field by field.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, exclusive, free, items};
use crate::refusal::{Refusal, internal};
use crate::rejection::countermark_rejection;
use crate::text::utf8;
use countermark::{Entry, Evidence, MalformedInput, MessageSignature, Timestamp};
use std::ffi::c_char;

/// One record in the making, for callers who hold records as columns of a database. Each field is set once, then
/// `countermark_entries_add` moves the record into a list and leaves this empty for the next one. The first call on
/// it that fails is remembered, and `countermark_entries_add` gives that failure; so only that call's code must be
/// looked at.
#[derive(Debug)]
pub struct countermark_entry(Result<Fields, Refusal>);

/// What is set so far.
#[derive(Debug, Default)]
struct Fields {
    namespace: Option<String>,
    artifact_name: Option<String>,
    signed: Signed,
    provenance: Vec<(String, String)>,
    evidence: Vec<Evidence>,
    revoked: Option<bool>,
    blocklisted: Option<bool>,
}

/// The fields that a message's signature has too.
#[derive(Debug, Default)]
pub(crate) struct Signed {
    signature: Option<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    timestamp: Option<Timestamp>,
}

fn malformed(detail: String) -> Refusal {
    MalformedInput::Entry { record: None, detail }.into()
}

/// Sets a field that was not set before.
fn set<T>(field: &mut Option<T>, name: &str, value: T) -> Result<(), Refusal> {
    match field.replace(value) {
        None => Ok(()),
        Some(_) => Err(malformed(format!("`{name}` is set twice"))),
    }
}

fn required<T>(field: Option<T>, name: &str) -> Result<T, Refusal> {
    field.ok_or_else(|| malformed(format!("`{name}` is not set")))
}

/// A text of a record.
unsafe fn text(data: *const c_char, length: usize, argument: &str) -> Result<String, Refusal> {
    // SAFETY: as this function's caller promises.
    let bytes = unsafe { characters(data, length, argument) }?;
    utf8(bytes, argument, malformed).map(str::to_owned)
}

impl Signed {
    pub(crate) unsafe fn set_signature(&mut self, der: *const u8, length: usize) -> Result<(), Refusal> {
        // SAFETY: as this function's caller promises.
        let der = unsafe { items(der, length, "signature_der") }?;
        set(&mut self.signature, "signature", der.to_vec())
    }

    pub(crate) unsafe fn add_certificate(&mut self, der: *const u8, length: usize) -> Result<(), Refusal> {
        // SAFETY: as this function's caller promises.
        let der = unsafe { items(der, length, "certificate_der") }?;
        self.certificates.push(der.to_vec());
        Ok(())
    }

    pub(crate) unsafe fn add_certificates(
        &mut self,
        pem: *const c_char,
        length: usize,
    ) -> Result<(), Refusal> {
        // SAFETY: as this function's caller promises.
        let pem = unsafe { text(pem, length, "certificates_pem") }?;
        self.certificates.extend(Entry::certificates_from_pem(&pem)?);
        Ok(())
    }

    pub(crate) unsafe fn set_timestamp(
        &mut self,
        rfc3339: *const c_char,
        length: usize,
    ) -> Result<(), Refusal> {
        // SAFETY: as this function's caller promises.
        let text = unsafe { text(rfc3339, length, "timestamp") }?;
        let timestamp = text.parse().map_err(|error| malformed(format!("`timestamp` is {error}")))?;
        set(&mut self.timestamp, "timestamp", timestamp)
    }

    pub(crate) fn set_timestamp_unix(&mut self, seconds: i64, nanoseconds: u32) -> Result<(), Refusal> {
        let timestamp = Timestamp::from_unix(seconds, nanoseconds)
            .ok_or_else(|| malformed("`timestamp` is no instant that RFC 3339 can write".into()))?;
        set(&mut self.timestamp, "timestamp", timestamp)
    }

    /// These fields as a message's signature, if they are set.
    pub(crate) fn of_message(&self) -> Result<MessageSignature<'_>, Refusal> {
        let signature = required(self.signature.as_deref(), "signature")?;
        let timestamp = required(self.timestamp, "timestamp")?;
        Ok(MessageSignature::new(signature, self.certificates.as_slice(), timestamp)?)
    }
}

impl countermark_entry {
    fn change(&mut self, change: impl FnOnce(&mut Fields) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let fields = std::mem::replace(&mut self.0, Err(internal()));
        self.0 = fields.and_then(|mut fields| change(&mut fields).map(|()| fields));
        self.0.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// The record, or the first failure; either way nothing is set afterwards.
    pub(crate) fn take(&mut self) -> Result<Entry, Refusal> {
        let fields = std::mem::replace(&mut self.0, Ok(Fields::default()))?;
        let signature = required(fields.signed.signature, "signature")?;
        let timestamp = required(fields.signed.timestamp, "timestamp")?;
        let entry = Entry::new(
            required(fields.namespace, "namespace")?,
            required(fields.artifact_name, "artifact_name")?,
            signature,
            fields.signed.certificates,
            timestamp,
            required(fields.revoked, "revoked")?,
        )?;
        let entry = entry.with_provenance(fields.provenance)?.with_evidence(fields.evidence)?;
        Ok(entry.with_blocklisted(fields.blocklisted.unwrap_or(false)))
    }
}

unsafe fn change(
    entry: *mut countermark_entry,
    change: impl FnOnce(&mut Fields) -> Result<(), Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::done(std::ptr::null_mut(), || exclusive(entry, "entry")?.change(change)) }
}

/// Begins a record.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entry_new(
    entry: *mut *mut countermark_entry,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { call::make(entry, "entry", rejection, || Ok(countermark_entry(Ok(Fields::default())))) }
}

/// Sets the tenant's namespace. Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_namespace(
    entry: *mut countermark_entry,
    namespace_name: *const c_char,
    namespace_name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(entry, |fields| {
            set(
                &mut fields.namespace,
                "namespace",
                text(namespace_name, namespace_name_length, "namespace_name")?,
            )
        })
    }
}

/// Sets the artifact's name as the record has it. Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_artifact_name(
    entry: *mut countermark_entry,
    artifact_name: *const c_char,
    artifact_name_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(entry, |fields| {
            let name = text(artifact_name, artifact_name_length, "artifact_name")?;
            set(&mut fields.artifact_name, "artifact_name", name)
        })
    }
}

/// Sets the signature, in DER. Required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_signature(
    entry: *mut countermark_entry,
    signature_der: *const u8,
    signature_der_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| fields.signed.set_signature(signature_der, signature_der_length)) }
}

/// Adds a certificate, in DER; PEM, which begins with `-----BEGIN`, is taken too. At least one is required; the first is
/// the signer's own, the others may be in any order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_add_certificate(
    entry: *mut countermark_entry,
    certificate_der: *const u8,
    certificate_der_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| fields.signed.add_certificate(certificate_der, certificate_der_length)) }
}

/// Adds the certificates of a PEM text, in their order.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_add_certificates_pem(
    entry: *mut countermark_entry,
    certificates_pem: *const c_char,
    certificates_pem_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(entry, |fields| fields.signed.add_certificates(certificates_pem, certificates_pem_length))
    }
}

/// Sets when the signature was made, as RFC 3339 writes it. This or `countermark_entry_set_timestamp_unix` is required.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_timestamp(
    entry: *mut countermark_entry,
    timestamp: *const c_char,
    timestamp_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| fields.signed.set_timestamp(timestamp, timestamp_length)) }
}

/// Sets when the signature was made, in seconds since 1970-01-01T00:00:00Z and nanoseconds within the second.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_timestamp_unix(
    entry: *mut countermark_entry,
    seconds: i64,
    nanoseconds: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| fields.signed.set_timestamp_unix(seconds, nanoseconds)) }
}

/// Adds a recorded claim, by its name or dotted OID. It must agree with the certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_add_provenance(
    entry: *mut countermark_entry,
    claim: *const c_char,
    claim_length: usize,
    value: *const c_char,
    value_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(entry, |fields| {
            fields
                .provenance
                .push((text(claim, claim_length, "claim")?, text(value, value_length, "value")?));
            Ok(())
        })
    }
}

/// Adds a signed timestamp over the signature, in DER: a `TimeStampResp` or the `TimeStampToken` alone (RFC 3161). One that
/// cannot be verified changes nothing, and a report tells why.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_add_signed_timestamp(
    entry: *mut countermark_entry,
    token_der: *const u8,
    token_der_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(entry, |fields| {
            fields.evidence.push(Evidence::rfc3161(items(token_der, token_der_length, "token_der")?));
            Ok(())
        })
    }
}

/// Says whether the signature was revoked. Required, there is no default: a record that does not say is not trusted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_revoked(
    entry: *mut countermark_entry,
    revoked: bool,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| set(&mut fields.revoked, "revoked", revoked)) }
}

/// Says whether the log blocks the artifact. The default is false.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_set_blocklisted(
    entry: *mut countermark_entry,
    blocklisted: bool,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { change(entry, |fields| set(&mut fields.blocklisted, "blocklisted", blocklisted)) }
}

/// Frees a record in the making.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entry_free(entry: *mut countermark_entry) {
    // SAFETY: the conventions of the header.
    unsafe { free(entry) };
}
