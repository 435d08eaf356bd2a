//! What came of one timestamp, log entry or SCT, and whether what there is suffices.

use crate::rejection::Reason;
use crate::sigstore::instance::Operator;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// What came of one timestamp, log entry or SCT.
#[derive(Clone, Debug)]
pub(crate) enum Verdict<T> {
    Good(T),
    /// It is of nobody whom the instance knows; the reason says of whom.
    Unknown(Reason),
    Bad(Reason),
}

impl<T> Verdict<T> {
    pub(crate) const fn good(&self) -> Option<&T> {
        match self {
            Self::Good(good) => Some(good),
            Self::Unknown(_) | Self::Bad(_) => None,
        }
    }
}

/// How many good ones are asked for, and what those of unknown ones are to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    pub(crate) independent: usize,
    pub(crate) ignores_unknown: bool,
}

impl Demand {
    /// Whether something of somebody unknown refuses: where none is asked for, it does not.
    pub(crate) const fn refuses_unknown(self) -> bool {
        self.independent > 0 && !self.ignores_unknown
    }

    /// The good ones; the first bad one, and the first unknown one that is not to be ignored, refuses.
    pub(crate) fn settle<T>(self, verdicts: impl IntoIterator<Item = Verdict<T>>) -> Result<Vec<T>, Reason> {
        let mut good = Vec::new();
        for verdict in verdicts {
            match verdict {
                Verdict::Good(item) => good.push(item),
                Verdict::Unknown(reason) if self.refuses_unknown() => return Err(reason),
                Verdict::Unknown(_) => {}
                Verdict::Bad(reason) => return Err(reason),
            }
        }
        Ok(good)
    }

    /// How many independent ones there are, if they are fewer than asked for.
    ///
    /// Neither of one operator nor of one key there are two, whatever names a root gives to a key.
    pub(crate) fn lacks(self, operators: impl IntoIterator<Item = Operator>) -> Option<Lack> {
        let (mut named, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for Operator { name, key } in operators {
            named.insert(name.ok_or_else(|| key.clone()));
            keys.insert(key);
        }
        let found = named.len().min(keys.len());
        (found < self.independent).then_some(Lack { found, asked: self.independent })
    }
}

/// Fewer than are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) found: usize,
    pub(crate) asked: usize,
}
