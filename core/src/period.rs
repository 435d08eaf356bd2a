//! From when to when something may be relied upon.

use crate::timestamp::Timestamp;
use core::fmt;

/// From when to when an authority or a key may be relied upon. Both ends are included, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    start: Timestamp,
    end: Option<Timestamp>,
}

impl Period {
    /// From an instant on, to the end if there is one. A period that ends before it starts has no instant.
    #[must_use]
    pub const fn new(start: Timestamp, end: Option<Timestamp>) -> Self {
        Self { start, end }
    }

    /// The first instant.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        self.start
    }

    /// The last instant; `None` if it has not ended.
    #[must_use]
    pub const fn end(self) -> Option<Timestamp> {
        self.end
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(self, instant: Timestamp) -> bool {
        self.start <= instant && self.end.is_none_or(|end| instant <= end)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "{} to {end}", self.start),
            None => write!(f, "{} on", self.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_inside_and_a_nanosecond_beyond_is_outside() {
        let at = |seconds, nanoseconds| Timestamp::from_unix(seconds, nanoseconds).unwrap();
        let period = Period::new(at(10, 0), Some(at(20, 5)));
        assert!(period.contains(at(10, 0)) && period.contains(at(20, 5)));
        assert!(!period.contains(at(9, 999_999_999)) && !period.contains(at(20, 6)));
        assert!(Period::new(at(10, 0), None).contains(at(253_402_387_139, 0)));
    }
}
