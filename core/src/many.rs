//! Doing one thing for many items.

use alloc::vec::Vec;

/// The function's results for all items, in their order, worked out on all cores. Each core has something of its
/// own that it keeps from one item to the next.
#[cfg(feature = "std")]
pub(crate) fn map<'a, T: Sync, R: Send, S: Default>(
    items: &'a [T],
    function: impl Fn(&mut S, &'a T) -> R + Sync,
) -> Vec<R> {
    use core::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    // Small enough that the last piece keeps nobody waiting, large enough that taking one costs nothing.
    const PIECE: usize = 16;

    let workers = thread::available_parallelism().map_or(1, Into::into).min(items.len().div_ceil(PIECE));
    if workers <= 1 {
        let mut kept = S::default();
        return items.iter().map(|item| function(&mut kept, item)).collect();
    }
    let pieces: Vec<&[T]> = items.chunks(PIECE).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut done, mut kept) = (Vec::new(), S::default());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(index) else { return done };
            done.push((index, piece.iter().map(|item| function(&mut kept, item)).collect::<Vec<R>>()));
        }
    };
    let mut done: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        // Where the system refuses a thread, there are fewer.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let others: Vec<_> = (1..workers).filter_map(spawn).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(results) => done.extend(results),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    let mut results = Vec::with_capacity(items.len());
    for (_, piece) in done {
        results.extend(piece);
    }
    results
}

/// The function's results for all items, in their order, with something that is kept from one to the next.
#[cfg(not(feature = "std"))]
pub(crate) fn map<'a, T, R, S: Default>(items: &'a [T], function: impl Fn(&mut S, &'a T) -> R) -> Vec<R> {
    let mut kept = S::default();
    items.iter().map(|item| function(&mut kept, item)).collect()
}
