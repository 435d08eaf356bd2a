//! Nothing unwinds into C: what panics is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

/// What `function` returns, or `otherwise` if it panics.
pub(crate) fn caught_or<T>(otherwise: T, function: impl FnOnce() -> T) -> T {
    // A handle that a panic leaves half-changed refuses every later use: those that can be changed are marked as
    // faulty before their change begins.
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(value) => value,
        Err(panic) => {
            // To drop what was thrown could panic again.
            std::mem::forget(panic);
            otherwise
        }
    }
}

/// What `make` gives when it is called for the first time; `None` if it panics.
pub(crate) fn once<T>(cell: &OnceLock<T>, make: impl FnOnce() -> T) -> Option<&T> {
    caught_or(None, || Some(cell.get_or_init(make)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_thrown_may_panic_when_dropped() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("as the test wants");
            }
        }
        assert_eq!(caught_or(1, || std::panic::panic_any(Bomb)), 1);
    }
}
