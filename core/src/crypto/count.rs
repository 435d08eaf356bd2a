//! How many signatures were checked, so that tests can bound the work without a clock.

use core::cell::Cell;

std::thread_local! {
    static SIGNATURE_CHECKS: Cell<usize> = const { Cell::new(0) };
}

/// How many signatures this thread has checked so far, those of certificates and those over artifacts.
#[must_use]
pub fn signature_checks() -> usize {
    SIGNATURE_CHECKS.get()
}

pub(super) fn count_signature_check() {
    SIGNATURE_CHECKS.set(signature_checks().saturating_add(1));
}
