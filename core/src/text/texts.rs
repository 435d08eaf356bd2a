//! Several texts in one allocation.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Texts, one after the other. As a list of `String`s, very short ones would take ten times the room that they took
/// in the JSON that they come from.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Texts {
    text: Box<str>,
    /// Where each of them ends.
    ends: Box<[usize]>,
}

impl Texts {
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for next in texts {
            text.push_str(next.as_ref());
            ends.push(text.len());
        }
        Self { text: text.into_boxed_str(), ends: ends.into_boxed_slice() }
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for texts in [&[][..], &[""], &["", ""], &["a", "", "üb", "c"]] {
            let packed: Texts = texts.iter().collect();
            assert_eq!(packed.iter().collect::<Vec<_>>(), texts);
            assert_eq!((packed.len(), packed.get(texts.len())), (texts.len(), None));
        }
    }
}
