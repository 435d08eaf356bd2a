//! The records of a log, as a list that grows.

use crate::call;
use crate::code::countermark_code;
use crate::entry::countermark_entry;
use crate::faults::countermark_faults;
use crate::pointer::{Output, characters, exclusive, free};
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use countermark::{EndorLabs, Entry, MalformedInput};
use std::ffi::c_char;

/// Entries: the records of a log, of one artifact or of many. Give every record of an artifact that there is: a
/// revocation that is left out cannot be seen.
///
/// The first record that could not be added is remembered (`countermark_entries_fault`), and whoever verifies with the
/// list gets that failure, because the record may have been a revocation; unless the caller leaves it out in so many
/// words, with `countermark_entries_leave_out_faults`.
#[derive(Debug)]
pub struct countermark_entries {
    entries: Vec<Entry>,
    fault: Option<Box<countermark_rejection>>,
}

/// A record of the Endor Labs API without `revoked` is malformed.
pub const COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED: u32 = 1;
/// A record of the Endor Labs API without `revoked` counts as not revoked. Say so only if it is known that the
/// records' source leaves false values out.
pub const COUNTERMARK_ABSENT_REVOKED_MEANS_FALSE: u32 = 2;

impl countermark_entries {
    pub(crate) fn entries(&self) -> Result<&[Entry], Refusal> {
        match &self.fault {
            None => Ok(&self.entries),
            Some(fault) => Err(fault.refusal()),
        }
    }

    /// Adds records; a failure, also a panic on the way, stays.
    fn add(&mut self, read: impl FnOnce() -> Result<Vec<Entry>, Refusal>) -> Result<(), Refusal> {
        let earlier = self.fault.replace(internal().into());
        match read() {
            Ok(mut entries) => {
                self.entries.append(&mut entries);
                self.fault = earlier;
                Ok(())
            }
            Err(fault) => {
                self.fault = earlier.or_else(|| Some(fault.clone().into()));
                Err(fault)
            }
        }
    }
}

impl From<Vec<Entry>> for countermark_entries {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries, fault: None }
    }
}

fn endor_labs(absent_revoked: u32) -> Result<EndorLabs, Refusal> {
    match absent_revoked {
        COUNTERMARK_ABSENT_REVOKED_IS_MALFORMED => Ok(EndorLabs::new()),
        COUNTERMARK_ABSENT_REVOKED_MEANS_FALSE => Ok(EndorLabs::new().absent_revoked_means_false()),
        _ => Err(invalid_argument(&format!("`absent_revoked` is {absent_revoked}, which is none"))),
    }
}

/// Reads record by record into two lists. Both are wanted: who does not look at the faults does not know of them.
unsafe fn read(
    entries: *mut *mut countermark_entries,
    faults: *mut *mut countermark_faults,
    rejection: *mut *mut countermark_rejection,
    read: impl FnOnce() -> Result<Vec<Result<Entry, MalformedInput>>, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    let faults = unsafe { Output::new(faults) };
    // SAFETY: as this function's caller promises.
    unsafe {
        call::make(entries, "entries", rejection, || {
            let faults = faults.required("faults")?;
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for result in read()? {
                match result {
                    Ok(entry) => good.push(entry),
                    Err(malformed) => bad.push(countermark_rejection::from(malformed)),
                }
            }
            faults.give(|| bad.into());
            Ok(good.into())
        })
    }
}

/// Makes an empty list.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_new(
    entries: *mut *mut countermark_entries,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { call::make(entries, "entries", rejection, || Ok(Vec::new().into())) }
}

/// Reads a JSON array or JSON Lines (one record a line). One bad record fails the call.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_from_json(
    json: *const c_char,
    json_length: usize,
    entries: *mut *mut countermark_entries,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(entries, "entries", rejection, || {
            Ok(countermark::entries_from_json(characters(json, json_length, "json")?)?.into())
        })
    }
}

/// Reads a JSON array or JSON Lines record by record, so that one bad record does not hide the others: the good ones
/// become `entries`, the others `faults`. Both outputs are required. A fault is a record that could not be judged,
/// not one that is not there: it may have been a revocation. Entries are counted without the bad records.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_read_json(
    json: *const c_char,
    json_length: usize,
    entries: *mut *mut countermark_entries,
    faults: *mut *mut countermark_faults,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        read(entries, faults, rejection, || {
            Ok(countermark::read_entries(characters(json, json_length, "json")?).collect())
        })
    }
}

/// Reads the records of the Endor Labs API, `ArtifactSignature`: one, or a list response without a next page. One bad
/// record fails the call. `absent_revoked` is a `COUNTERMARK_ABSENT_REVOKED_*`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_from_endor_labs(
    json: *const c_char,
    json_length: usize,
    absent_revoked: u32,
    entries: *mut *mut countermark_entries,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(entries, "entries", rejection, || {
            let json = characters(json, json_length, "json")?;
            Ok(endor_labs(absent_revoked)?.entries_from_json(json)?.into())
        })
    }
}

/// The same record by record, as `countermark_entries_read_json`. A malformed response still fails the call.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_read_endor_labs(
    json: *const c_char,
    json_length: usize,
    absent_revoked: u32,
    entries: *mut *mut countermark_entries,
    faults: *mut *mut countermark_faults,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        read(entries, faults, rejection, || {
            let json = characters(json, json_length, "json")?;
            Ok(endor_labs(absent_revoked)?.read_entries(json)?)
        })
    }
}

/// Adds the record that was made field by field. Its fields are empty afterwards, whether it could be added or not.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_add(
    entries: *mut countermark_entries,
    entry: *mut countermark_entry,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::done(rejection, || {
            exclusive(entries, "entries")?.add(|| Ok(vec![exclusive(entry, "entry")?.take()?]))
        })
    }
}

/// Adds every record of a JSON array or of JSON Lines, or none if one is bad.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_entries_add_json(
    entries: *mut countermark_entries,
    json: *const c_char,
    json_length: usize,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::done(rejection, || {
            exclusive(entries, "entries")?
                .add(|| Ok(countermark::entries_from_json(characters(json, json_length, "json")?)?))
        })
    }
}

/// How many entries there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entries_count(entries: *const countermark_entries) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { entries.as_ref() }.map_or(0, |entries| entries.entries.len())
}

/// The first failure to add a record, or NULL. It belongs to `entries`: do not free it, and do not look at it after
/// the next change of `entries`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entries_fault(
    entries: *const countermark_entries,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let fault = unsafe { entries.as_ref() }.and_then(|entries| entries.fault.as_deref());
    fault.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Leaves out the records that could not be added: the list may be verified with as if they were not there. One of
/// them may have been a revocation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entries_leave_out_faults(
    entries: *mut countermark_entries,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::done(std::ptr::null_mut(), || {
            exclusive(entries, "entries")?.fault = None;
            Ok(())
        })
    }
}

/// Frees a list and its entries. What was verified with it stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_entries_free(entries: *mut countermark_entries) {
    // SAFETY: the conventions of the header.
    unsafe { free(entries) };
}
