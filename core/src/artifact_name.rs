//! `name@sha256:digest`: how an artifact is named.

use crate::limits::MAX_ARTIFACT_NAME_BYTES;
use crate::malformed::MalformedInput;
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

const SEPARATOR: &str = "@sha256:";
const DIGEST_HEX_DIGITS: usize = 64;

/// An artifact's name: exactly the bytes that its pipeline signed.
///
/// The form is `name@sha256:` and 64 lowercase hex digits. The name is of the bytes 0x21 to 0x7E without
/// `@`, and its last `/` segment has no `:`, so that a tag cannot stand beside the digest. At most
/// [`MAX_ARTIFACT_NAME_BYTES`] in all. Tags are refused because they are ambiguous, and resolving one would
/// need a registry.
///
/// ```
/// use countermark::{ArtifactName, Code};
///
/// let digest = "cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be";
/// let name: ArtifactName = format!("registry:5000/image@sha256:{digest}").parse()?;
/// assert_eq!(name.digest(), digest);
///
/// let refused = "registry/image:latest".parse::<ArtifactName>().unwrap_err();
/// assert_eq!(refused.code(), Code::MalformedName);
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArtifactName(String);

impl ArtifactName {
    /// The whole name, as it was signed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before `@sha256:`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once(SEPARATOR).map_or("", |(name, _)| name)
    }

    /// The digest: 64 lowercase hex digits, without `sha256:`.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.0.split_once(SEPARATOR).map_or("", |(_, digest)| digest)
    }

    /// Whether these bytes are a well-formed artifact name.
    pub(crate) fn is_well_formed(bytes: &[u8]) -> bool {
        core::str::from_utf8(bytes).is_ok_and(|text| check(text).is_ok())
    }
}

impl FromStr for ArtifactName {
    type Err = MalformedInput;

    /// # Errors
    ///
    /// [`MalformedInput::Name`] if the text is not of the form that [`ArtifactName`] describes.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match check(text) {
            Ok(()) => Ok(Self(text.to_owned())),
            Err(fault) if text.len() > MAX_ARTIFACT_NAME_BYTES => Err(MalformedInput::name(fault)),
            Err(fault) => Err(MalformedInput::name(format!("{text:?}: {fault}"))),
        }
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    if text.len() > MAX_ARTIFACT_NAME_BYTES {
        return Err("it is longer than 1,024 bytes");
    }
    let Some((name, digest)) = text.split_once(SEPARATOR) else {
        return Err("it has no `@sha256:` digest; name the artifact by digest, not by tag");
    };
    if !is_sha256_hex(digest) {
        return Err("after `@sha256:` there must be exactly 64 lowercase hex digits");
    }
    if name.is_empty() {
        return Err("the name before `@sha256:` is empty");
    }
    if !name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@') {
        return Err("the name may have only visible ASCII characters, and one `@`, before the digest");
    }
    if name.rsplit('/').next().is_some_and(|segment| segment.contains(':')) {
        return Err("it has a tag beside the digest; leave the tag away");
    }
    Ok(())
}

/// Whether a text is 64 lowercase hex digits.
pub(crate) fn is_sha256_hex(text: &str) -> bool {
    text.len() == DIGEST_HEX_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl TryFrom<&str> for ArtifactName {
    type Error = MalformedInput;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl AsRef<str> for ArtifactName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArtifactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ArtifactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArtifactName({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be";

    fn accepts(name: &str) -> bool {
        format!("{name}@sha256:{DIGEST}").parse::<ArtifactName>().is_ok()
    }

    #[test]
    fn a_name_is_visible_ascii_without_at_or_tag() {
        for name in ["image", "registry/image", "registry:5000/image", "a.txt", "!~", "a/", "[::1]:5000/x"] {
            assert!(accepts(name), "{name}");
        }
        for name in [
            "",
            " image",
            "im age",
            "im\u{7f}age",
            "imäge",
            "im\0age",
            "a@b",
            "image:1",
            "r:5000/image:1",
            "r:5000",
        ] {
            assert!(!accepts(name), "{name}");
        }
    }

    #[test]
    fn a_digest_is_64_lowercase_hex_digits() {
        for digest in [
            DIGEST.trim_start_matches('c'),
            &format!("{DIGEST}0"),
            &DIGEST.to_uppercase(),
            &DIGEST.replace('c', "g"),
            "",
        ] {
            assert!(format!("image@sha256:{digest}").parse::<ArtifactName>().is_err(), "{digest}");
        }
        assert!(format!("image@sha512:{DIGEST}").parse::<ArtifactName>().is_err());
        assert!(format!("image@sha256:{DIGEST}@sha256:{DIGEST}").parse::<ArtifactName>().is_err());
    }

    #[test]
    fn the_length_limit_counts_the_whole_name() {
        let longest = "x".repeat(MAX_ARTIFACT_NAME_BYTES - SEPARATOR.len() - DIGEST_HEX_DIGITS);
        assert!(accepts(&longest));
        assert!(!accepts(&format!("{longest}x")));
    }

    #[test]
    fn the_parts_are_those_of_the_text() {
        let name: ArtifactName = format!("r:5000/i@sha256:{DIGEST}").parse().unwrap();
        assert_eq!((name.name(), name.digest()), ("r:5000/i", DIGEST));
        assert_eq!(name.as_str().parse::<ArtifactName>().unwrap(), name);
    }
}
