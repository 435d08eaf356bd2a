//! The records of a log that could not be read.

use crate::pointer::free;
use crate::rejection::countermark_rejection;

/// The records that a reader could not read, each with its number and what is wrong with it.
#[derive(Debug)]
pub struct countermark_faults(Vec<countermark_rejection>);

impl From<Vec<countermark_rejection>> for countermark_faults {
    fn from(faults: Vec<countermark_rejection>) -> Self {
        Self(faults)
    }
}

/// How many records could not be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_faults_count(faults: *const countermark_faults) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { faults.as_ref() }.map_or(0, |faults| faults.0.len())
}

/// What is wrong with one of them, in the order of the text; `countermark_rejection_entry` says which record it is.
/// NULL past the last. It belongs to `faults`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_faults_get(
    faults: *const countermark_faults,
    index: usize,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let fault = unsafe { faults.as_ref() }.and_then(|faults| faults.0.get(index));
    fault.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Frees the list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_faults_free(faults: *mut countermark_faults) {
    // SAFETY: the conventions of the header.
    unsafe { free(faults) };
}
