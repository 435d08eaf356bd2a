//! What a policy may ask of a claim's value: exact text, any of several texts, or a glob.

use crate::limits::{MAX_ANY_OF, MAX_CLAIM_VALUE_BYTES};
use crate::malformed::MalformedInput;
use crate::text::quoting::{Excerpt, Quoted};
use crate::text::texts::Texts;
use alloc::format;
use alloc::string::String;
use core::fmt;

/// What a claim's value must be. Values are compared byte for byte, as the authority issued them: no case
/// folding, no normalisation of URLs, no regular expressions.
///
/// ```
/// use countermark::Match;
///
/// assert!(Match::from("refs/heads/main").matches("refs/heads/main"));
/// assert!(Match::any_of(["push", "release"])?.matches("release"));
///
/// let tags = Match::glob("refs/tags/v*")?;
/// assert!(tags.matches("refs/tags/v1.6.217"));
/// assert!(!tags.matches("refs/tags/v1/evil"));
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Exact(String),
    AnyOf(Texts),
    Glob(Glob),
}

impl Match {
    /// Any of these exact texts.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if there is none, or more than [`MAX_ANY_OF`].
    pub fn any_of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Result<Self, MalformedInput> {
        Self::any_of_texts(texts.into_iter().take(MAX_ANY_OF.saturating_add(1)).map(Into::<String>::into))
    }

    /// The same; whoever has very many texts gives one more than there may be.
    pub(crate) fn any_of_texts<T: AsRef<str>>(
        texts: impl Iterator<Item = T>,
    ) -> Result<Self, MalformedInput> {
        let texts: Texts = texts.collect();
        if texts.len() == 0 {
            return Err(MalformedInput::policy("`any_of` has no text in it; list at least one"));
        }
        if texts.len() > MAX_ANY_OF {
            return Err(MalformedInput::policy(format!("`any_of` has more than {MAX_ANY_OF} texts")));
        }
        Ok(Self(Kind::AnyOf(texts)))
    }

    /// A glob, anchored at both ends. `*` matches any run, also an empty one, within a segment (it never
    /// matches `/`); `**` may stand only as the whole last segment and matches all that follows. Everything
    /// else is literal; there is no escape.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if `**` stands anywhere but as the whole last segment: in the middle,
    /// whoever can name a branch could slip past it.
    pub fn glob(pattern: impl Into<String>) -> Result<Self, MalformedInput> {
        Glob::new(pattern.into()).map(|glob| Self(Kind::Glob(glob)))
    }

    /// Whether a value is one that is asked for.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        match &self.0 {
            Kind::Exact(text) => text == value,
            Kind::AnyOf(texts) => texts.iter().any(|text| text == value),
            Kind::Glob(glob) => glob.matches(value),
        }
    }

    /// Whether a value need not say anything to match: a glob without a letter or digit, of which `**` takes every
    /// value, `*/*` every repository and `:*`, say, whatever has a colon in front.
    pub(crate) fn is_anything(&self) -> bool {
        self.as_glob()
            .is_some_and(|pattern| pattern.contains('*') && !pattern.contains(char::is_alphanumeric))
    }

    /// The exact text, if that is what is asked for.
    #[must_use]
    pub fn as_exact(&self) -> Option<&str> {
        match &self.0 {
            Kind::Exact(text) => Some(text),
            _ => None,
        }
    }

    /// The texts, if any of several is asked for.
    #[must_use]
    pub fn as_any_of(&self) -> Option<impl ExactSizeIterator<Item = &str> + Clone> {
        match &self.0 {
            Kind::AnyOf(texts) => Some(texts.iter()),
            _ => None,
        }
    }

    /// The pattern, if a glob is asked for.
    #[must_use]
    pub fn as_glob(&self) -> Option<&str> {
        match &self.0 {
            Kind::Glob(glob) => Some(&glob.pattern),
            _ => None,
        }
    }

    /// Refuses a text that is too long, when the match becomes part of a policy.
    pub(crate) fn check_limits(&self) -> Result<(), MalformedInput> {
        let longest = match &self.0 {
            Kind::Exact(text) => text.len(),
            Kind::AnyOf(texts) => texts.iter().map(str::len).max().unwrap_or(0),
            Kind::Glob(glob) => glob.pattern.len(),
        };
        if longest > MAX_CLAIM_VALUE_BYTES {
            return Err(MalformedInput::policy(format!(
                "a wanted claim value is longer than {MAX_CLAIM_VALUE_BYTES} bytes"
            )));
        }
        Ok(())
    }
}

impl From<&str> for Match {
    /// Exactly this text.
    fn from(text: &str) -> Self {
        Self(Kind::Exact(text.into()))
    }
}

impl From<String> for Match {
    /// Exactly this text.
    fn from(text: String) -> Self {
        Self(Kind::Exact(text))
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Exact(text) => Quoted(text).fmt(f),
            Kind::AnyOf(texts) => {
                // So that a long list does not flood a log, once for each entry that it refuses.
                const SHOWN: usize = 8;
                f.write_str("any of")?;
                for (index, text) in texts.iter().take(SHOWN).enumerate() {
                    write!(f, "{} {}", if index == 0 { "" } else { "," }, Quoted(text))?;
                }
                match texts.len().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
            Kind::Glob(glob) => write!(f, "a match of the glob {}", Quoted(&glob.pattern)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Glob {
    pattern: String,
}

impl Glob {
    fn new(pattern: String) -> Result<Self, MalformedInput> {
        let mut segments = pattern.split('/').peekable();
        while let Some(segment) = segments.next() {
            let is_last = segments.peek().is_none();
            if segment.contains("**") && !(is_last && segment == "**") {
                return Err(MalformedInput::policy(format!(
                    "the glob {} has `**` elsewhere than as its whole last segment; use `*` within a segment",
                    Excerpt(&pattern)
                )));
            }
        }
        Ok(Self { pattern })
    }

    fn matches(&self, value: &str) -> bool {
        let mut rest = Some(value);
        for pattern in self.pattern.split('/') {
            let Some(value) = rest else { return false };
            if pattern == "**" {
                return true;
            }
            let (segment, tail) = match value.split_once('/') {
                Some((segment, tail)) => (segment, Some(tail)),
                None => (value, None),
            };
            if !segment_matches(pattern, segment) {
                return false;
            }
            rest = tail;
        }
        rest.is_none()
    }
}

/// Whether a segment matches a pattern in which `*` stands for any run.
///
/// The literals between the stars are looked for from left to right, each as early as possible, so that the
/// work is bounded by the product of the lengths; no backtracking.
fn segment_matches(pattern: &str, segment: &str) -> bool {
    let Some((first, others)) = pattern.split_once('*') else {
        return pattern == segment;
    };
    let Some(mut rest) = segment.strip_prefix(first) else {
        return false;
    };
    let mut literals = others.split('*').peekable();
    while let Some(literal) = literals.next() {
        if literals.peek().is_none() {
            return rest.ends_with(literal);
        }
        match rest.split_once(literal) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn glob(pattern: &str, value: &str) -> bool {
        Match::glob(pattern).unwrap().matches(value)
    }

    #[test]
    fn a_star_stays_within_a_segment() {
        for (pattern, value) in [
            ("", ""),
            ("*", ""),
            ("*", "main"),
            ("refs/tags/v*", "refs/tags/v"),
            ("refs/tags/v*", "refs/tags/v1.2"),
            ("refs/*/main", "refs/heads/main"),
            ("a*b*c", "abc"),
            ("a*b*c", "aXbbXcc"),
            ("*a*", "banana"),
            ("a?[b]{c}\\.", "a?[b]{c}\\."),
            ("*/*", "/"),
            ("ä*ö", "äüö"),
        ] {
            assert!(glob(pattern, value), "{pattern} {value}");
        }
        for (pattern, value) in [
            ("*", "a/b"),
            ("", "a"),
            ("refs/tags/v*", "refs/tags/1"),
            ("refs/tags/v*", "refs/tags/v1/x"),
            ("refs/tags/v*", "xrefs/tags/v1"),
            ("refs/*/main", "refs/heads/x/main"),
            ("refs/*/main", "refs/heads/main/"),
            ("a*b*c", "acb"),
            ("a*a", "a"),
            ("A*", "abc"),
            ("a?c", "abc"),
            ("*/*", ""),
        ] {
            assert!(!glob(pattern, value), "{pattern} {value}");
        }
    }

    #[test]
    fn two_stars_match_all_that_follows_as_the_last_segment() {
        for value in ["refs/heads/", "refs/heads/a", "refs/heads/a/b"] {
            assert!(glob("refs/heads/**", value), "{value}");
        }
        for value in ["refs/heads", "refs/headsx/a", "refs/tags/a"] {
            assert!(!glob("refs/heads/**", value), "{value}");
        }
        assert!(glob("**", "") && glob("**", "a/b") && glob("*/**", "a/b/c"));
        for pattern in ["refs/**/main", "refs/v**", "**/main", "***", "a/**/", "**x"] {
            assert!(Match::glob(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_long_list_is_shown_in_part() {
        let some =
            |count: usize| Match::any_of((0..count).map(|index| format!("{index}"))).unwrap().to_string();
        assert_eq!(some(1), r#"any of "0""#);
        assert_eq!(some(8), r#"any of "0", "1", "2", "3", "4", "5", "6", "7""#);
        assert!(some(MAX_ANY_OF).ends_with(r#" "7" and 248 more"#));
    }

    #[test]
    fn texts_are_exact() {
        assert!(Match::from("a*").matches("a*") && !Match::from("a*").matches("ab"));
        let some = Match::any_of(["a", "b"]).unwrap();
        assert!(some.matches("b") && !some.matches("c") && !some.matches(""));
        assert!(Match::any_of::<&str>([]).is_err());
        assert!(Match::any_of(core::iter::repeat_n("a", MAX_ANY_OF)).is_ok());
        assert!(Match::any_of(core::iter::repeat_n("a", MAX_ANY_OF + 1)).is_err());
    }
}
