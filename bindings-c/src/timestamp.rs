//! Instants.

use crate::call;
use crate::pointer::{reference, write};
use crate::refusal::{Refusal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::text::owned;
use countermark::{Period, Timestamp};
use std::ffi::c_char;

/// An instant on the time scale of Unix, to the nanosecond.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_timestamp {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded towards the past; may be negative.
    pub seconds: i64,
    /// Nanoseconds within the second, below 1,000,000,000.
    pub nanoseconds: u32,
}

impl From<Timestamp> for countermark_timestamp {
    fn from(timestamp: Timestamp) -> Self {
        Self { seconds: timestamp.unix_seconds(), nanoseconds: timestamp.subsec_nanoseconds() }
    }
}

/// The caller's time, if one is given.
pub(crate) unsafe fn optional(
    timestamp: *const countermark_timestamp,
    argument: &str,
) -> Result<Option<Timestamp>, Refusal> {
    if timestamp.is_null() {
        return Ok(None);
    }
    // SAFETY: as this function's caller promises.
    let &countermark_timestamp { seconds, nanoseconds } = unsafe { reference(timestamp, argument) }?;
    match Timestamp::from_unix(seconds, nanoseconds) {
        None => Err(invalid_argument(&format!("`{argument}` is no instant that RFC 3339 can write"))),
        instant => Ok(instant),
    }
}

/// From when to when something counts; `end` may be NULL.
pub(crate) unsafe fn period(
    start: *const countermark_timestamp,
    end: *const countermark_timestamp,
) -> Result<Period, Refusal> {
    // SAFETY: as this function's caller promises.
    let (start, end) = unsafe { (optional(start, "start")?, optional(end, "end")?) };
    let start = start.ok_or_else(|| invalid_argument("`start` is NULL"))?;
    Ok(Period::new(start, end))
}

/// Reads an instant as RFC 3339 writes it, for a caller's `now`. Fails with `COUNTERMARK_INVALID_ARGUMENT`.
/// `timestamp` is written on success alone.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_timestamp_from_text(
    text: *const c_char,
    text_length: usize,
    timestamp: *mut countermark_timestamp,
    rejection: *mut *mut countermark_rejection,
) -> crate::code::countermark_code {
    let read = || {
        // SAFETY: the conventions of the header.
        let text = unsafe { owned(text, text_length, "text") }?;
        let read: Timestamp =
            text.parse().map_err(|error| invalid_argument(&format!("`text` is {error}; it is {text:?}")))?;
        // SAFETY: the conventions of the header.
        match unsafe { write(timestamp, read.into()) } {
            true => Ok(()),
            false => Err(invalid_argument("`timestamp` is NULL, and nothing can be written to it")),
        }
    };
    // SAFETY: the conventions of the header.
    unsafe { call::done(rejection, read) }
}
