//! One bundle.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, free};
use crate::refusal::Refusal;
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_bytes, countermark_text};
use crate::unwind::once;
use countermark::{Bundle, MalformedInput};
use std::ffi::c_char;
use std::sync::{Arc, OnceLock};

/// One signing, with what vouches for it: a Sigstore bundle, or another form of the same. It is well-formed, and nothing of
/// it is verified.
#[derive(Debug)]
pub struct countermark_bundle {
    /// The list that it is in, which it shares, and where.
    bundles: Arc<[Bundle]>,
    index: usize,
    told: OnceLock<Told>,
}

/// What the accessors lend.
#[derive(Debug)]
struct Told {
    key_hint: Option<Text>,
    predicate_type: Option<Text>,
}

impl countermark_bundle {
    pub(crate) fn new(bundles: &Arc<[Bundle]>, index: usize) -> Self {
        Self { bundles: Arc::clone(bundles), index, told: OnceLock::new() }
    }

    pub(crate) fn bundle(&self) -> Option<&Bundle> {
        self.bundles.get(self.index)
    }

    fn told(&self) -> Option<&Told> {
        let bundle = self.bundle()?;
        once(&self.told, || {
            let statement = bundle.statement().ok().flatten();
            Told {
                key_hint: bundle.key_hint().map(Text::from),
                predicate_type: statement.map(|statement| statement.unverified().predicate_type().into()),
            }
        })
    }
}

impl From<Bundle> for countermark_bundle {
    fn from(bundle: Bundle) -> Self {
        Self::new(&[bundle].into(), 0)
    }
}

/// Reads one bundle of JSON.
pub(crate) unsafe fn read(
    json: *const c_char,
    json_length: usize,
    bundle: *mut *mut countermark_bundle,
    rejection: *mut *mut countermark_rejection,
    read: impl FnOnce(&[u8]) -> Result<Bundle, MalformedInput>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        call::make(bundle, "bundle", rejection, || {
            let json = characters(json, json_length, "json")?;
            read(json).map(Into::into).map_err(Refusal::from)
        })
    }
}

/// Reads one Sigstore bundle, of version 0.1, 0.2 or 0.3.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_from_json(
    json: *const c_char,
    json_length: usize,
    bundle: *mut *mut countermark_bundle,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { read(json, json_length, bundle, rejection, |json| Bundle::from_json(json)) }
}

/// Reads one attestation of PyPI (PEP 740).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundle_from_pep740(
    json: *const c_char,
    json_length: usize,
    bundle: *mut *mut countermark_bundle,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { read(json, json_length, bundle, rejection, |json| Bundle::from_pep740(json)) }
}

unsafe fn told<'a>(bundle: *const countermark_bundle) -> Option<&'a Told> {
    // SAFETY: as this function's caller promises.
    unsafe { bundle.as_ref() }.and_then(countermark_bundle::told)
}

/// The signer's certificate that it brings, in DER; absent if it hints at a key.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_certificate(
    bundle: *const countermark_bundle,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    let bundle = unsafe { bundle.as_ref() }.and_then(countermark_bundle::bundle);
    bundle.and_then(Bundle::certificate).map_or(countermark_bytes::ABSENT, countermark_bytes::of)
}

/// The hint at the signer's key, which may be empty; absent if it brings a certificate.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_key_hint(bundle: *const countermark_bundle) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { told(bundle) }.and_then(|told| told.key_hint.as_ref()))
}

/// What the statement in it says its predicate type is, before anything is verified: to tell bundles apart, not to be
/// believed. Absent if it has no statement that can be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_unverified_predicate_type(
    bundle: *const countermark_bundle,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { told(bundle) }.and_then(|told| told.predicate_type.as_ref()))
}

/// Frees a bundle that a call wrote to one of its outputs. What was verified with it stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_free(bundle: *mut countermark_bundle) {
    // SAFETY: the conventions of the header.
    unsafe { free(bundle) };
}
