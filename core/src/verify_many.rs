//! Doing one thing for many items.

use alloc::vec::Vec;

/// The function's results for all items, in their order, worked out on all cores. Each core has something of its
/// own that it keeps from one item to the next.
#[cfg(feature = "std")]
pub(crate) fn map<'a, T: Sync, R: Send, S: Default>(
    items: &'a [T],
    function: impl Fn(&mut S, &'a T) -> R + Sync,
) -> Vec<R> {
    use std::sync::{Mutex, PoisonError};
    use std::thread;

    // Small enough that the last piece keeps nobody waiting, large enough that taking one costs nothing.
    const PIECE: usize = 16;

    let workers = thread::available_parallelism().map_or(1, Into::into).min(items.len().div_ceil(PIECE));
    if workers <= 1 {
        let mut kept = S::default();
        return items.iter().map(|item| function(&mut kept, item)).collect();
    }
    // Each result is written where it stays: there may be very many.
    let mut results: Vec<Option<R>> = Vec::new();
    results.resize_with(items.len(), || None);
    let pieces = Mutex::new(items.chunks(PIECE).zip(results.chunks_mut(PIECE)));
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut kept = S::default();
        while let Some((items, results)) = next() {
            for (item, result) in items.iter().zip(results) {
                *result = Some(function(&mut kept, item));
            }
        }
    };
    thread::scope(|scope| {
        // Where the system refuses a thread, there are fewer.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..workers).filter_map(spawn).collect();
        work();
        for other in others {
            if let Err(panic) = other.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    results.into_iter().flatten().collect()
}

/// The function's results for all items, in their order, with something that is kept from one to the next.
#[cfg(not(feature = "std"))]
pub(crate) fn map<'a, T, R, S: Default>(items: &'a [T], function: impl Fn(&mut S, &'a T) -> R) -> Vec<R> {
    let mut kept = S::default();
    items.iter().map(|item| function(&mut kept, item)).collect()
}
