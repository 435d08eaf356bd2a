//! What surrounds every call: nothing unwinds into C, and an error becomes a code and a rejection.

use crate::code::countermark_code;
use crate::pointer::Output;
use crate::refusal::{Refusal, internal};
use crate::rejection::countermark_rejection;
use crate::unwind::caught_or;
use countermark::{Code, Verified};

fn caught<T>(call: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    caught_or(None, || Some(call())).unwrap_or_else(|| Err(internal()))
}

/// A call that makes or changes something, and verifies nothing.
pub(crate) unsafe fn done(
    rejection: *mut *mut countermark_rejection,
    call: impl FnOnce() -> Result<(), Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    let rejection = unsafe { Output::new(rejection) };
    finish(rejection, countermark_code::DONE, caught(call))
}

/// A call that makes something.
pub(crate) unsafe fn make<T>(
    output: *mut *mut T,
    argument: &str,
    rejection: *mut *mut countermark_rejection,
    call: impl FnOnce() -> Result<T, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    let output = unsafe { Output::new(output) };
    let call = || {
        let output = output.required(argument)?;
        let made = call()?;
        output.give(|| made);
        Ok(())
    };
    // SAFETY: as this function's caller promises.
    unsafe { done(rejection, call) }
}

/// What only the core's verifier makes.
pub(crate) trait Established {}

impl Established for Verified<'_> {}
#[cfg(feature = "sigstore")]
impl Established for countermark::VerifiedEnvelope<'_> {}

/// A call that verifies, the only kind that returns `COUNTERMARK_VERIFIED`: it has to show what the core established.
pub(crate) unsafe fn verify<V: Established, T: for<'v> From<&'v V>>(
    output: *mut *mut T,
    rejection: *mut *mut countermark_rejection,
    verify: impl FnOnce() -> Result<V, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    let (output, rejection) = unsafe { (Output::new(output), Output::new(rejection)) };
    let call = || {
        let verified = verify()?;
        output.give(|| T::from(&verified));
        Ok(())
    };
    finish(rejection, countermark_code::from(Code::Verified), caught(call))
}

fn finish(
    rejection: Output<countermark_rejection>,
    success: countermark_code,
    result: Result<(), Refusal>,
) -> countermark_code {
    match result {
        Ok(()) => success,
        Err(refusal) => {
            let code = refusal.code();
            caught_or((), || rejection.give(|| refusal.into()));
            code.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pointer::free;
    use crate::rejection::countermark_rejection_code;
    use countermark::OwnedVerified;
    use std::ptr;

    #[test]
    fn a_panic_in_a_call_that_makes_is_internal_and_gives_no_output() {
        let mut made = ptr::dangling_mut::<u8>();
        let mut rejection = ptr::null_mut();
        // SAFETY: both outputs are places for pointers.
        let code = unsafe { make(&raw mut made, "made", &raw mut rejection, || panic!("as the test wants")) };
        assert!(made.is_null());
        assert_internal(code, rejection);
    }

    #[test]
    fn a_panic_in_a_call_that_verifies_is_internal_and_gives_no_output() {
        let mut verified = ptr::dangling_mut::<OwnedVerified>();
        let mut rejection = ptr::null_mut();
        // SAFETY: both outputs are places for pointers.
        let code = unsafe {
            verify::<Verified<'_>, _>(&raw mut verified, &raw mut rejection, || panic!("as the test wants"))
        };
        assert!(verified.is_null());
        assert_internal(code, rejection);
    }

    fn assert_internal(code: countermark_code, rejection: *mut countermark_rejection) {
        assert_eq!(code, Code::Internal.into());
        // SAFETY: a call gave this rejection, and it is freed once.
        unsafe {
            assert_eq!(countermark_rejection_code(rejection), Code::Internal.into());
            free(rejection);
        }
    }
}
