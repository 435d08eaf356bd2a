//! Changes of bytes and texts that a fuzzer chooses.

use arbitrary::Arbitrary;

/// One change of a byte string.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Edit<'a> {
    Flip { at: u16, bit: u8 },
    Replace { at: u16, by: u8 },
    Overwrite { at: u16, by: &'a [u8] },
    Insert { at: u16, bytes: &'a [u8] },
    Remove { at: u16, count: u8 },
    Truncate { at: u16 },
}

impl Edit<'_> {
    pub fn apply(self, target: &mut Vec<u8>) {
        let length = target.len();
        let place = |at: u16| usize::from(at) % length.max(1);
        match self {
            Self::Flip { at, bit } if length > 0 => target[place(at)] ^= 1 << (bit % 8),
            Self::Replace { at, by } if length > 0 => target[place(at)] = by,
            Self::Flip { .. } | Self::Replace { .. } => {}
            Self::Overwrite { at, by } => {
                for (old, new) in target.iter_mut().skip(place(at)).zip(by) {
                    *old = *new;
                }
            }
            Self::Insert { at, bytes } => {
                let at = place(at);
                target.splice(at..at, bytes.iter().copied());
            }
            Self::Remove { at, count } => {
                let start = place(at);
                target.drain(start..start.saturating_add(count.into()).min(length));
            }
            Self::Truncate { at } => target.truncate(place(at)),
        }
    }
}

/// One of these, chosen by a number.
pub fn pick<T>(from: &[T], number: u8) -> Option<&T> {
    from.get(usize::from(number).checked_rem(from.len())?)
}
