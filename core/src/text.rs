//! Untrusted text on its way to a person.

use core::fmt::{self, Write};

/// Prints a text so that it cannot forge another line or reorder what stands around it: control characters
/// and those that change the direction of writing are escaped.
pub(crate) struct Printable<'a>(pub(crate) &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            let escape = character.is_control()
                || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
            if escape {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Quotes a text, cut off after so many characters that it can be told and does not flood a log.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 300;
        match self.0.char_indices().nth(LONGEST).and_then(|(end, _)| self.0.get(..end)) {
            Some(beginning) => write!(f, "{beginning:?}… ({} bytes)", self.0.len()),
            None => write!(f, "{:?}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn what_could_forge_a_line_is_escaped() {
        assert_eq!(Quoted("a\n\"").to_string(), r#""a\n\"""#);
        assert_eq!(
            Quoted(&"ü".repeat(1_000)).to_string(),
            alloc::format!("\"{}\"… (2000 bytes)", "ü".repeat(300))
        );
        assert_eq!(Printable("a\nb\r\u{1b}[2J\u{202e}ü").to_string(), "a\\nb\\r\\u{1b}[2J\\u{202e}ü");
    }
}
