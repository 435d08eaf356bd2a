//! From pointers to references and back. Every function here asks the same of its caller: that the pointer is
//! NULL or what the header's conventions say it is.

use crate::refusal::{Refusal, invalid_argument};
use crate::unwind::caught_or;
use std::ffi::c_char;
use std::ptr::{self, NonNull};

/// A handle or a structure that the call only reads.
pub(crate) unsafe fn reference<'a, T>(pointer: *const T, argument: &str) -> Result<&'a T, Refusal> {
    // SAFETY: the caller passes NULL or a live object that nobody changes during the call.
    unsafe { pointer.as_ref() }.ok_or_else(|| invalid_argument(&format!("`{argument}` is NULL")))
}

/// A handle that the call changes.
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T, argument: &str) -> Result<&'a mut T, Refusal> {
    // SAFETY: the caller passes NULL or a live object that nobody else uses during the call.
    unsafe { pointer.as_mut() }.ok_or_else(|| invalid_argument(&format!("`{argument}` is NULL")))
}

/// As many items as the caller says there are; NULL is the empty array.
pub(crate) unsafe fn items<'a, T>(
    pointer: *const T,
    count: usize,
    argument: &str,
) -> Result<&'a [T], Refusal> {
    let largest = isize::MAX.unsigned_abs() / size_of::<T>().max(1);
    match NonNull::new(pointer.cast_mut()) {
        None if count == 0 => Ok(&[]),
        None => Err(invalid_argument(&format!("`{argument}` is NULL, but its length is {count}"))),
        Some(_) if count > largest => {
            Err(invalid_argument(&format!("`{argument}` has the impossible length {count}")))
        }
        // SAFETY: not NULL, no longer than an object can be, and the caller says that so many items are there.
        Some(pointer) => Ok(unsafe { std::slice::from_raw_parts(pointer.as_ptr(), count) }),
    }
}

/// The bytes of a text.
pub(crate) unsafe fn characters<'a>(
    pointer: *const c_char,
    length: usize,
    argument: &str,
) -> Result<&'a [u8], Refusal> {
    // SAFETY: as this function's caller promises; `char` and bytes are of one size.
    unsafe { items(pointer.cast::<u8>(), length, argument) }
}

/// Where a handle is written to. NULL is written at once, so that a call that fails leaves nothing else there.
pub(crate) struct Output<T>(Option<NonNull<*mut T>>);

impl<T> Output<T> {
    pub(crate) unsafe fn new(pointer: *mut *mut T) -> Self {
        let output = NonNull::new(pointer);
        if let Some(output) = output {
            // SAFETY: the caller passes NULL or a place for a pointer, which may be uninitialised.
            unsafe { output.write(ptr::null_mut()) };
        }
        Self(output)
    }

    /// An error if the caller gave no place for what is to be made.
    pub(crate) fn required(self, argument: &str) -> Result<Self, Refusal> {
        match self.0 {
            Some(_) => Ok(self),
            None => Err(invalid_argument(&format!("`{argument}` is NULL, and nothing can be written to it"))),
        }
    }

    /// Hands a new object over to the caller, if the caller wants it.
    pub(crate) fn give(self, make: impl FnOnce() -> T) {
        if let Some(output) = self.0 {
            let handle = Box::into_raw(Box::new(make()));
            // SAFETY: the place was written to in `new`, and the call in which that happened is not over.
            unsafe { output.write(handle) };
        }
    }
}

/// Writes a plain value, if the caller gave a place for it.
pub(crate) unsafe fn write<T: Copy>(pointer: *mut T, value: T) -> bool {
    let Some(place) = NonNull::new(pointer) else { return false };
    // SAFETY: the caller passes NULL or a place for the value, which may be uninitialised.
    unsafe { place.write(value) };
    true
}

/// Takes back and drops what `Output::give` handed over.
pub(crate) unsafe fn free<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: the caller passes NULL or a handle that a call gave and that was not freed before.
        let handle = unsafe { Box::from_raw(pointer) };
        caught_or((), || drop(handle));
    }
}
