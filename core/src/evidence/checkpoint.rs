//! The body of a log's signed note: origin, size, root (C2SP tlog-checkpoint).

use crate::evidence::merkle::Hash;
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use base64ct::{Base64, Encoding};

/// What a log says of itself at some time: its origin, how many entries it has, and the root of the tree of them. By
/// itself it is only text: what vouches for it is a signature of the [`SignedNote`](crate::evidence::SignedNote) that it
/// is the text of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint<'a> {
    origin: &'a str,
    size: u64,
    root: Hash,
    extensions: &'a str,
}

/// What is wrong with a text that should be a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed checkpoint: {0}")]
pub struct MalformedCheckpoint(String);

impl<'a> Checkpoint<'a> {
    /// Reads the text of a note, with its final newline: a line with the origin, one with the size in decimal digits, one
    /// with the root's 32 bytes in base64, and perhaps others, of which none is empty.
    ///
    /// # Errors
    ///
    /// [`MalformedCheckpoint`] says which line is wrong.
    pub fn parse(text: &'a str) -> Result<Self, MalformedCheckpoint> {
        let refuse = |detail: &str| MalformedCheckpoint(detail.into());
        let text = text.strip_suffix('\n').ok_or_else(|| refuse("it does not end in a newline"))?;
        let mut lines = text.splitn(4, '\n');
        let origin =
            lines.next().filter(|origin| !origin.is_empty()).ok_or_else(|| refuse("the origin is empty"))?;
        let size = lines.next().ok_or_else(|| refuse("it has no line with the size"))?;
        let size = parse_number(size)
            .map_err(|fault| MalformedCheckpoint(format!("the size {} {fault}", Excerpt(size))))?;
        let root = lines.next().ok_or_else(|| refuse("it has no line with the root"))?;
        let root = parse_hash(root)
            .map_err(|fault| MalformedCheckpoint(format!("the root {} {fault}", Excerpt(root))))?;
        let extensions = lines.next();
        if extensions.is_some_and(|lines| lines.split('\n').any(str::is_empty)) {
            return Err(refuse("it has an empty line"));
        }
        Ok(Self { origin, size, root, extensions: extensions.unwrap_or_default() })
    }

    /// Which log it is of. It is not empty, and may be any text without a line break.
    #[must_use]
    pub const fn origin(&self) -> &'a str {
        self.origin
    }

    /// How many entries the log has, fewer than 2^63.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of these entries.
    #[must_use]
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// The lines after the root: what else the log says. It is signed by the log, and has no meaning of its own.
    pub fn extensions(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.extensions.split('\n').filter(|line| !line.is_empty())
    }
}

/// A number as logs write it: decimal digits without a sign or a leading zero, below 2^63.
pub(crate) fn parse_number(digits: &str) -> Result<u64, &'static str> {
    const LARGEST: u64 = u64::MAX >> 1;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not written in decimal digits");
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err("has a leading zero");
    }
    digits.parse().ok().filter(|number| *number <= LARGEST).ok_or("is not below 2^63")
}

/// The hash that stands in a line.
pub(crate) fn parse_hash(line: &str) -> Result<Hash, &'static str> {
    let bytes = Base64::decode_vec(line).map_err(|_| "is not canonical base64")?;
    Hash::try_from(bytes.as_slice()).map_err(|_| "is not of 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    use alloc::vec::Vec;

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    fn checkpoint(size: &str) -> String {
        format!("example.com/behind-the-sofa\n{size}\n{ROOT}\n")
    }

    fn extensions(text: &str) -> Vec<&str> {
        Checkpoint::parse(text).unwrap().extensions().collect()
    }

    #[test]
    fn the_example_of_the_specification() {
        let text = checkpoint("20852163");
        let read = Checkpoint::parse(&text).unwrap();
        assert_eq!(
            (read.origin(), read.size(), read.root()[0]),
            ("example.com/behind-the-sofa", 20_852_163, 10)
        );
        assert_eq!(read.extensions().count(), 0);
    }

    #[test]
    fn what_stands_after_the_root_is_kept() {
        // As Rekor wrote them for a time.
        let text =
            format!("rekor.sigstore.dev - 2605736670972794746\n1\n{ROOT}\nTimestamp: 1689177396617352539\n");
        assert_eq!(extensions(&text), ["Timestamp: 1689177396617352539"]);
        let two = format!("o\n1\n{ROOT}\na\nb\n");
        assert_eq!(extensions(&two), ["a", "b"]);
    }

    #[test]
    fn a_size_is_canonical_digits() {
        for (text, size) in [("0", 0), ("1", 1), ("9223372036854775807", (1 << 63) - 1)] {
            assert_eq!(Checkpoint::parse(&checkpoint(text)).unwrap().size(), size);
        }
        for text in [
            "",
            "abc",
            "1e3",
            "0x1",
            "01",
            "00",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1.0",
            "١",
            "9223372036854775808",
            "18446744073709551616",
            "99999999999999999999999999",
        ] {
            let refused = Checkpoint::parse(&checkpoint(text)).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("malformed checkpoint: the size \"{text}\"")), "{refused}");
        }
    }

    #[test]
    fn any_text_without_a_line_break_is_an_origin() {
        for origin in [".*", " ", "a - 1", "rekor.sigstore.dev - 1193050959916656506"] {
            let text = format!("{origin}\n1\n{ROOT}\n");
            assert_eq!(Checkpoint::parse(&text).unwrap().origin(), origin);
        }
    }

    #[test]
    fn what_lacks_a_part_is_no_checkpoint() {
        for (text, fault) in [
            (String::new(), "newline"),
            ("\n".into(), "origin is empty"),
            ("o\n".into(), "no line with the size"),
            ("o\n1\n".into(), "no line with the root"),
            (format!("o\n1\n{ROOT}"), "newline"),
            (format!("\n1\n{ROOT}\n"), "origin is empty"),
            (format!("1\n{ROOT}\n"), "decimal digits"),
            (format!("o\n1\n\n{ROOT}\n"), "32 bytes"),
            (format!("o\n1\n{ROOT}\n\n"), "empty line"),
            (format!("o\n1\n{ROOT}\n\nx\n"), "empty line"),
            (format!("o\n1\n{}\n", ROOT.trim_end_matches('=')), "base64"),
            (format!("o\n1\n{}\n", ROOT.replace("I=", "J=")), "base64"),
            (format!("o\n1\n {ROOT}\n"), "base64"),
            ("o\n1\nAAAA\n".into(), "32 bytes"),
            (format!("o\n1\n{}\n", Base64::encode_string(&[0; 33])), "32 bytes"),
        ] {
            let refused = Checkpoint::parse(&text).unwrap_err().to_string();
            assert!(refused.contains(fault), "{text:?}: {refused}");
        }
    }
}
