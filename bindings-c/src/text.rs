//! Texts and bytes that a handle holds and a caller looks at.

use crate::pointer::{characters, items};
use crate::refusal::{Refusal, invalid_argument};
use crate::unwind::caught_or;
use std::ffi::c_char;
use std::ptr;

/// A text, UTF-8. As a result it belongs to the handle that it was asked of and lives as long; `data` is NULL if
/// there is no such text, and else a zero byte follows it, which `length` does not count, so that it can be
/// printed. To decide by a text, compare its length too, as `countermark_text_equals` does: a claim is what an
/// authority certified, and may have a zero byte in its middle.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_text {
    /// The first byte, or NULL.
    pub data: *const c_char,
    /// How many bytes.
    pub length: usize,
}

/// Bytes, such as a certificate in DER. They belong to the handle that they were asked of and live as long; `data`
/// is NULL if there are none.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct countermark_bytes {
    /// The first byte, or NULL.
    pub data: *const u8,
    /// How many bytes.
    pub length: usize,
}

impl countermark_text {
    pub(crate) const ABSENT: Self = Self { data: ptr::null(), length: 0 };

    /// A static text; `terminated` ends in the zero byte.
    pub(crate) const fn of_static(terminated: &'static str) -> Self {
        Self { data: terminated.as_ptr().cast(), length: terminated.len().saturating_sub(1) }
    }
}

impl countermark_bytes {
    pub(crate) const ABSENT: Self = Self { data: ptr::null(), length: 0 };

    pub(crate) const fn of(bytes: &[u8]) -> Self {
        Self { data: bytes.as_ptr(), length: bytes.len() }
    }
}

/// A text that a handle owns, with the zero byte that C's printing needs.
#[derive(Clone, Debug)]
pub(crate) struct Text(Box<str>);

impl Text {
    pub(crate) fn as_str(&self) -> &str {
        self.0.strip_suffix('\0').unwrap_or_default()
    }

    pub(crate) fn view(&self) -> countermark_text {
        countermark_text { data: self.0.as_ptr().cast(), length: self.as_str().len() }
    }

    /// The view of a text that may be absent.
    pub(crate) fn view_of(text: Option<&Self>) -> countermark_text {
        text.map_or(countermark_text::ABSENT, Self::view)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(String::from(text))
    }
}

impl From<String> for Text {
    fn from(mut text: String) -> Self {
        text.push('\0');
        Self(text.into())
    }
}

/// An argument's bytes as text; `refusal` says whose fault it is if they are none.
pub(crate) fn utf8<'a>(
    bytes: &'a [u8],
    argument: &str,
    refusal: impl FnOnce(String) -> Refusal,
) -> Result<&'a str, Refusal> {
    str::from_utf8(bytes).map_err(|error| refusal(format!("`{argument}` is not UTF-8: {error}")))
}

/// A text among a call's arguments that names a member or a value, and is therefore copied.
pub(crate) unsafe fn owned(data: *const c_char, length: usize, argument: &str) -> Result<String, Refusal> {
    // SAFETY: as this function's caller promises.
    let bytes = unsafe { characters(data, length, argument) }?;
    utf8(bytes, argument, |detail| invalid_argument(&detail)).map(str::to_owned)
}

/// Whether a text is there and is exactly these bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_text_equals(
    text: countermark_text,
    data: *const c_char,
    length: usize,
) -> bool {
    caught_or(false, || {
        // SAFETY: the text is one that a call gave, or the caller's own, and `data` has `length` bytes.
        let (text_bytes, bytes) = unsafe {
            (items(text.data.cast::<u8>(), text.length, "text"), items(data.cast::<u8>(), length, "data"))
        };
        match (text_bytes, bytes) {
            (Ok(text_bytes), Ok(bytes)) => !text.data.is_null() && text_bytes == bytes,
            _ => false,
        }
    })
}
