//! Several bundles.

use crate::bundle::countermark_bundle;
use crate::call;
use crate::code::countermark_code;
use crate::faults::countermark_faults;
use crate::pointer::{Output, characters, free};
use crate::refusal::Refusal;
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_text};
use countermark::{Bundle, MalformedInput};
use std::ffi::c_char;
use std::sync::Arc;

/// Several bundles. Not all of them need be of one artifact: each says of what it is.
#[derive(Debug)]
pub struct countermark_bundles {
    bundles: Arc<[Bundle]>,
    handles: Vec<countermark_bundle>,
    /// Whom an index names as the publisher of each, where it does.
    publishers: Vec<Text>,
}

impl countermark_bundles {
    pub(crate) fn bundles(&self) -> &[Bundle] {
        &self.bundles
    }
}

impl From<Vec<Bundle>> for countermark_bundles {
    fn from(bundles: Vec<Bundle>) -> Self {
        let bundles: Arc<[Bundle]> = bundles.into();
        let handles = (0..bundles.len()).map(|index| countermark_bundle::new(&bundles, index)).collect();
        Self { bundles, handles, publishers: Vec::new() }
    }
}

unsafe fn read<T: Into<countermark_bundles>>(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    rejection: *mut *mut countermark_rejection,
    read: impl FnOnce(&[u8]) -> Result<T, MalformedInput>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        call::make(bundles, "bundles", rejection, || {
            let json = characters(json, json_length, "json")?;
            read(json).map(Into::into).map_err(Refusal::from)
        })
    }
}

/// Reads bundles in whatever form they come, told apart by the members: a Sigstore bundle or JSON Lines of them, an
/// attestation or a provenance of PyPI, the npm registry's attestations, or one of cosign's older forms. One bad bundle fails
/// the call.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundles_from(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { read(json, json_length, bundles, rejection, |json| countermark::bundles_from(json)) }
}

/// Reads JSON Lines, one Sigstore bundle a line. One bad bundle fails the call.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundles_from_json_lines(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { read(json, json_length, bundles, rejection, |json| countermark::bundles_from_json_lines(json)) }
}

/// The same bundle by bundle, so that a bad one does not hide the others: the good ones become `bundles`, the others
/// `faults`. Both outputs are required. Bundles are counted without the bad ones.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundles_read_json_lines(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    faults: *mut *mut countermark_faults,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    let faults = unsafe { Output::new(faults) };
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(bundles, "bundles", rejection, || {
            let faults = faults.required("faults")?;
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for result in countermark::read_bundles(characters(json, json_length, "json")?) {
                match result {
                    Ok(bundle) => good.push(bundle),
                    Err(malformed) => bad.push(countermark_rejection::from(malformed)),
                }
            }
            faults.give(|| bad.into());
            Ok(good.into())
        })
    }
}

/// Reads the attestations that the npm registry has of a package, usually two: its own, by its key, and the provenance, by
/// whoever built it. Who wants both must demand both; `countermark_bundle_unverified_predicate_type` tells them apart.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundles_from_npm(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        read(json, json_length, bundles, rejection, |json| {
            let attestations = countermark::bundles_from_npm(json)?;
            Ok(attestations.into_iter().map(|attestation| attestation.bundle).collect::<Vec<_>>())
        })
    }
}

/// Reads what PyPI has of a distribution's provenance (PEP 740).
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_bundles_from_pypi_provenance(
    json: *const c_char,
    json_length: usize,
    bundles: *mut *mut countermark_bundles,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        read(json, json_length, bundles, rejection, |json| {
            let (mut read, mut publishers) = (Vec::new(), Vec::new());
            for mut group in countermark::bundles_from_pypi_provenance(json)? {
                let publisher = Text::from(group.unverified_publisher);
                publishers.extend(group.bundles.iter().map(|_| publisher.clone()));
                read.append(&mut group.bundles);
            }
            Ok(countermark_bundles { publishers, ..read.into() })
        })
    }
}

/// How many bundles there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundles_count(bundles: *const countermark_bundles) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { bundles.as_ref() }.map_or(0, |bundles| bundles.handles.len())
}

/// One of the bundles; NULL past the last. It belongs to `bundles`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundles_get(
    bundles: *const countermark_bundles,
    index: usize,
) -> *const countermark_bundle {
    // SAFETY: the conventions of the header.
    let bundle = unsafe { bundles.as_ref() }.and_then(|bundles| bundles.handles.get(index));
    bundle.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Whom PyPI names as the publisher of one of the bundles, as JSON. Nothing vouches for it: whoever is trusted to publish is
/// the caller's to say. Absent past the last, and of other forms than a provenance.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundles_unverified_publisher(
    bundles: *const countermark_bundles,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { bundles.as_ref() }.and_then(|bundles| bundles.publishers.get(index)))
}

/// Frees the bundles. What was verified with them stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundles_free(bundles: *mut countermark_bundles) {
    // SAFETY: the conventions of the header.
    unsafe { free(bundles) };
}
