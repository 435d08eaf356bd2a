//! Untrusted text on its way to a person.

use core::fmt::{self, Write};

/// How many characters of a text are shown.
const LONGEST: usize = 300;

/// A space that is escaped.
const SPACE: &str = "\\u{20}";

/// Whether a character does not show what it is where it stands: it is invisible, looks like a space, or moves what
/// stands around it. These are the control characters; what Unicode calls default ignorable (soft hyphen, joiners,
/// changes of direction, variation selectors, the Hangul fillers, tags); line and paragraph separators; interlinear
/// annotations; and every space but the ASCII one, with the Braille pattern that has no dot.
///
/// Letters that look like others, and marks that combine with the letter before them, are left: which ones are
/// honest depends on the language, and they hide nothing.
pub(crate) const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{1F}'
            | '\u{7F}'..='\u{A0}'
            | '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{1680}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{2000}'..='\u{200F}'
            | '\u{2028}'..='\u{202F}'
            | '\u{205F}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3000}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Writes on, and escapes what is hidden, and of several spaces in a row all but the first: with spaces a text could be
/// made to look like another line where a terminal breaks it.
struct Escaping<'f, 'b> {
    to: &'f mut fmt::Formatter<'b>,
    was_space: bool,
}

impl<'f, 'b> Escaping<'f, 'b> {
    const fn new(to: &'f mut fmt::Formatter<'b>) -> Self {
        Self { to, was_space: false }
    }
}

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            let is_space = character == ' ';
            if is_hidden(character) {
                write!(self.to, "{}", character.escape_default())?;
            } else if is_space && self.was_space {
                self.to.write_str(SPACE)?;
            } else {
                self.to.write_char(character)?;
            }
            self.was_space = is_space;
            Ok(())
        })
    }
}

/// Prints a text so that it cannot forge another line or reorder what stands around it: [hidden](is_hidden)
/// characters are escaped.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Escaping::new(f).write_str(self.0)
    }
}

/// Quotes a text, cut off after so many characters that it can be told and does not flood a log.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match cut_off(self.0) {
            Some(beginning) => {
                write!(Escaping::new(f), "{beginning:?}")?;
                write!(f, "… ({} bytes)", self.0.len())
            }
            None => write!(Escaping::new(f), "{:?}", self.0),
        }
    }
}

/// What is kept of a text that is only shown: as much of it as [`Quoted`] shows.
pub(crate) fn shown_part(text: &str) -> &str {
    cut_off(text).unwrap_or(text)
}

/// The beginning of a text that is longer than what is shown.
fn cut_off(text: &str) -> Option<&str> {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end))
}

/// A value in a table of labelled lines: as it is if that is clear, which visible ASCII is, and quoted if not; of a long
/// one both ends.
pub(crate) struct Value<'a>(pub(crate) &'a str);

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        if text.len() > LONGEST {
            return Excerpt(text).fmt(f);
        }
        let is_clear = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.starts_with('"');
        if is_clear && !text.is_empty() { f.write_str(text) } else { Quoted(text).fmt(f) }
    }
}

/// Quotes a text that stands before what is wrong with it: of a long one the beginning and the end, so that the reason
/// is never what is cut off, and the end is often where it lies.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl Excerpt<'_> {
    /// How many characters of each half are shown, counted as they may print.
    const LONGEST_HALF: usize = 110;

    /// How many bytes the first of these characters have that may be shown.
    fn fitting(characters: impl Iterator<Item = char>) -> usize {
        let (mut shown, mut bytes) = (0_usize, 0_usize);
        for character in characters {
            let printed = match character {
                ' ' => SPACE.len(),
                hidden if is_hidden(hidden) => hidden.escape_default().count(),
                other => other.escape_debug().count(),
            };
            shown = shown.saturating_add(printed);
            if shown > Self::LONGEST_HALF {
                break;
            }
            bytes = bytes.saturating_add(character.len_utf8());
        }
        bytes
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0;
        let start = Self::fitting(text.chars());
        let end = text.len().saturating_sub(Self::fitting(text.chars().rev()));
        match (text.get(..start), text.get(end..)) {
            (Some(beginning), Some(ending)) if start < end => {
                write!(Escaping::new(f), "{beginning:?}…{ending:?}")?;
                write!(f, " ({} bytes)", text.len())
            }
            _ => write!(Escaping::new(f), "{text:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};

    #[test]
    fn what_could_forge_a_line_is_escaped() {
        assert_eq!(Quoted("a\n\"").to_string(), r#""a\n\"""#);
        assert_eq!(
            Quoted(&"ü".repeat(1_000)).to_string(),
            alloc::format!("\"{}\"… (2000 bytes)", "ü".repeat(300))
        );
        assert_eq!(Printable("a\nb\r\u{1b}[2J\u{202e}ü").to_string(), "a\\nb\\r\\u{1b}[2J\\u{202e}ü");
        for text in ["a   b", "a  ", "  a"] {
            let escaped = text.replace("   ", " \\u{20}\\u{20}").replace("  ", " \\u{20}");
            assert_eq!(Printable(text).to_string(), escaped);
            assert_eq!(Quoted(text).to_string(), format!("\"{escaped}\""));
        }
    }

    #[test]
    fn what_hides_or_reorders_is_escaped_in_both() {
        let single = [
            0x7F, 0x85, 0xA0, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x2800, 0x3000,
            0x3164, 0xFEFF, 0xFFA0,
        ];
        let ranges = [
            (0x00, 0x1F),
            (0x80, 0x9F),
            (0x180B, 0x180F),
            (0x2000, 0x200F),
            (0x2028, 0x202F),
            (0x205F, 0x206F),
            (0xFE00, 0xFE0F),
            (0xFFF0, 0xFFFB),
            (0x1BCA0, 0x1BCA3),
            (0x1D173, 0x1D17A),
            (0xE0000, 0xE0FFF),
        ];
        let hidden = single.into_iter().chain(ranges.into_iter().flat_map(|(first, last)| first..=last));
        for hidden in hidden.map(|code| char::from_u32(code).unwrap()) {
            // At the beginning, and after a letter, where `{:?}` leaves what combines with it.
            for text in [format!("{hidden}a"), format!("a{hidden}b")] {
                for shown in [
                    Printable(&text).to_string(),
                    Quoted(&text).to_string(),
                    Value(&text).to_string(),
                    Excerpt(&text).to_string(),
                ] {
                    assert!(!shown.contains(hidden), "{:04X} in {shown:?}", u32::from(hidden));
                    assert!(shown.contains('\\'), "{shown:?}");
                }
            }
        }
        assert_eq!(Printable("e\u{301}").to_string(), "e\u{301}");
        for left in ['a', 'ü', 'я', '中', '€', '🙂', '\u{ABCD}'] {
            assert_eq!(Printable(&format!("a{left}")).to_string(), format!("a{left}"));
            assert_eq!(Quoted(&format!("a{left}")).to_string(), format!("\"a{left}\""));
        }
    }

    #[test]
    fn a_value_is_one_value() {
        for clear in ["refs/tags/v1", "https://a.b/c?d#e", "x", "a\"b", "'"] {
            assert_eq!(Value(clear).to_string(), clear);
        }
        assert_eq!(Value("").to_string(), r#""""#);
        assert_eq!(Value("\"x\"").to_string(), r#""\"x\"""#);
        assert_eq!(Value("Build and release").to_string(), r#""Build and release""#);
        assert_eq!(Value("a   b ").to_string(), r#""a \u{20}\u{20}b ""#);
        assert_eq!(Value("  a").to_string(), r#"" \u{20}a""#);
        assert_eq!(Value(&"x".repeat(300)).to_string(), "x".repeat(300));
        assert_eq!(
            Value(&"x".repeat(301)).to_string(),
            format!("\"{0}\"…\"{0}\" (301 bytes)", "x".repeat(110))
        );
    }

    #[test]
    fn an_excerpt_has_both_ends_and_is_short() {
        assert_eq!(Excerpt("a\nb").to_string(), r#""a\nb""#);
        let whole = "x".repeat(220);
        assert_eq!(Excerpt(&whole).to_string(), format!("\"{whole}\""));
        let long = format!("{}{}", "a".repeat(200), "z".repeat(200));
        assert_eq!(
            Excerpt(&long).to_string(),
            format!("\"{}\"…\"{}\" (400 bytes)", "a".repeat(110), "z".repeat(110))
        );
        for character in ['\u{10FFFF}', '\u{E0041}', '\u{FE0F}', '\u{301}', '"', '\n', ' ', 'ü', '中'] {
            let text: String = core::iter::repeat_n(character, 2_000).collect();
            assert!(Excerpt(&text).to_string().chars().count() < 260, "{character:?}");
        }
    }
}
