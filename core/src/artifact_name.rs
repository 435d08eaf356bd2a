//! `name@sha256:digest`: how an artifact is named.

use crate::limits::MAX_ARTIFACT_NAME_BYTES;
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
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
            Err(fault) => Err(MalformedInput::name(format!("{}: {fault}", Excerpt(text)))),
        }
    }
}

/// What is wrong with an artifact's name.
enum Fault<'a> {
    TooLong,
    /// There is none; whether a tag stands where it would.
    NoDigest {
        tag: Option<&'a str>,
    },
    /// A digest by another algorithm.
    OtherAlgorithm(&'a str),
    /// `sha256` in other letters.
    AlgorithmCase(&'a str),
    UppercaseDigit,
    /// Something in the digest that is no hex digit.
    NoHexDigit(char),
    DigestLength(usize),
    NoName,
    /// White space before the name or after the digest.
    BlankAtAnEnd(char),
    TwoDigests,
    AtInName,
    CharacterInName(char),
    Tag(&'a str),
    /// A `:` in the last segment that stands before no tag.
    ColonInName,
}

fn check(text: &str) -> Result<(), Fault<'_>> {
    if text.len() > MAX_ARTIFACT_NAME_BYTES {
        return Err(Fault::TooLong);
    }
    // The last one: what stands before it is the name, and has no `@`.
    let Some((name, digest)) = text.rsplit_once(SEPARATOR) else {
        return Err(missing_digest(text));
    };
    if let Some(blank) = blank_at_an_end(text) {
        return Err(Fault::BlankAtAnEnd(blank));
    }
    if !is_sha256_hex(digest) {
        return Err(match digest.chars().find(|character| !character.is_ascii_hexdigit()) {
            Some(character) => Fault::NoHexDigit(character),
            None if digest.bytes().any(|byte| byte.is_ascii_uppercase()) => Fault::UppercaseDigit,
            None => Fault::DigestLength(digest.len()),
        });
    }
    if name.is_empty() {
        return Err(Fault::NoName);
    }
    if let Some(character) = name.chars().find(|character| !character.is_ascii_graphic()) {
        return Err(Fault::CharacterInName(character));
    }
    if name.contains(SEPARATOR) {
        return Err(Fault::TwoDigests);
    }
    if name.contains('@') {
        return Err(Fault::AtInName);
    }
    match last_segment(name).split_once(':') {
        None => Ok(()),
        Some((image, tag)) if !image.is_empty() && is_tag(tag) => Err(Fault::Tag(tag)),
        Some(_) => Err(Fault::ColonInName),
    }
}

/// What stands in place of `@sha256:`.
fn missing_digest(text: &str) -> Fault<'_> {
    let after_at = text.rsplit_once('@').and_then(|(_, digest)| digest.split_once(':'));
    match after_at {
        Some((algorithm, _)) if algorithm.eq_ignore_ascii_case("sha256") => Fault::AlgorithmCase(algorithm),
        Some((algorithm, digest)) if is_algorithm(algorithm) && is_digest(digest) => {
            Fault::OtherAlgorithm(algorithm)
        }
        Some((algorithm, _)) if is_known_algorithm(algorithm) => Fault::OtherAlgorithm(algorithm),
        _ => {
            let tag = last_segment(text).split_once(':').map(|(_, tag)| tag);
            Fault::NoDigest { tag: tag.filter(|tag| is_tag(tag) && !is_digest(tag)) }
        }
    }
}

fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a text is a tag, as the OCI's registries have it.
fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && !text.starts_with(['.', '-'])
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// Whether a text names the algorithm of a digest, as the OCI's image specification writes them.
fn is_algorithm(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+._-".contains(&byte))
}

/// Whether a text names an algorithm of which people have digests, whatever they write behind it.
fn is_known_algorithm(text: &str) -> bool {
    ["md5", "sha1", "sha224", "sha384", "sha512", "blake3"]
        .iter()
        .any(|known| text.eq_ignore_ascii_case(known))
}

fn blank_at_an_end(text: &str) -> Option<char> {
    let ends = text.chars().next_back().into_iter().chain(text.chars().next());
    ends.into_iter().find(|character| character.is_whitespace())
}

/// Whether a text is long enough for a digest and has nothing but hex digits.
fn is_digest(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("it is longer than 1,024 bytes"),
            Self::NoDigest { tag: None } => {
                f.write_str("it has no digest; end it in @sha256: and 64 lowercase hex digits")
            }
            Self::NoDigest { tag: Some(tag) } => write!(
                f,
                "it has no digest, and {tag:?} is a tag, which may move; name the artifact by digest: @sha256: and 64 lowercase hex digits"
            ),
            Self::OtherAlgorithm(algorithm) => {
                write!(f, "its digest is {algorithm}: only sha256 names an artifact here")
            }
            Self::AlgorithmCase(algorithm) => write!(f, "{algorithm:?} must be written sha256"),
            Self::UppercaseDigit => {
                f.write_str("it has an uppercase digit in the digest; write its hex digits in lowercase")
            }
            Self::NoHexDigit(character) => {
                write!(f, "it has {} in the digest, which is no hex digit", Character(*character))
            }
            Self::DigestLength(digits) => {
                write!(f, "its digest has {digits} hex digits, and that of sha256 has 64")
            }
            Self::NoName => f.write_str("the name before `@sha256:` is empty"),
            Self::BlankAtAnEnd(character) => {
                write!(f, "it begins or ends with {}, which is white space; take that away", Character(*character))
            }
            Self::TwoDigests => f.write_str("it has two digests; name the artifact by one"),
            Self::AtInName => f.write_str(
                "it has an `@` before that of the digest, and a name has none; sign and verify it with %40 in its place",
            ),
            Self::CharacterInName(character) => write!(
                f,
                "it has {} in the name, which may have visible ASCII characters only; sign and verify it percent-encoded",
                Character(*character)
            ),
            Self::Tag(tag) => write!(f, "it has a tag beside the digest, {tag:?}; leave it away"),
            Self::ColonInName => f.write_str(
                "it has a `:` in the last segment of the name, where it cannot be told from an image's version; sign and verify it with %3A in its place",
            ),
        }
    }
}

/// One character, quoted: escaped if nobody would see it.
struct Character(char);

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Excerpt(self.0.encode_utf8(&mut [0; 4])).fmt(f)
    }
}

/// Whether a text is 64 lowercase hex digits.
fn is_sha256_hex(text: &str) -> bool {
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

    fn fault(text: &str) -> String {
        let refused = text.parse::<ArtifactName>().unwrap_err();
        let quoted = format!("{}: ", Excerpt(text));
        refused.detail().strip_prefix(&quoted).unwrap_or_else(|| panic!("{refused}")).to_owned()
    }

    #[test]
    fn the_fault_is_told_as_it_is() {
        let sha512 = DIGEST.repeat(2);
        let upper = DIGEST.to_uppercase();
        let short = &DIGEST[1..];
        for (text, wanted) in [
            (String::from("image"), "it has no digest; end it"),
            (String::new(), "it has no digest; end it"),
            (String::from("image:latest"), "it has no digest, and \"latest\" is a tag"),
            (String::from("r:5000/image"), "it has no digest; end it"),
            (String::from("image@1.2.3"), "it has no digest; end it"),
            (String::from("image@sha256"), "it has no digest; end it"),
            (String::from("user@host:5000"), "it has no digest, and \"5000\" is a tag"),
            (DIGEST.into(), "it has no digest; end it"),
            (format!("image@{DIGEST}"), "it has no digest; end it"),
            (format!("sha256:{DIGEST}"), "it has no digest; end it"),
            (format!("image@sha512:{sha512}"), "its digest is sha512: only sha256 names an artifact here"),
            (format!("image@sha1:{}", &DIGEST[..40]), "its digest is sha1: only sha256"),
            (format!("image:1@sha512:{sha512}"), "its digest is sha512: only sha256"),
            (format!("image@SHA256:{DIGEST}"), "\"SHA256\" must be written sha256"),
            (format!("image@Sha256:{upper}"), "\"Sha256\" must be written sha256"),
            (format!("image@sha256:{upper}"), "it has an uppercase digit in the digest"),
            (format!("image@sha256:{short}F"), "it has an uppercase digit in the digest"),
            (format!("image@sha256:{short}"), "its digest has 63 hex digits"),
            (format!("image@sha256:{DIGEST}0"), "its digest has 65 hex digits"),
            (format!("image@sha256:{sha512}"), "its digest has 128 hex digits"),
            (String::from("image@sha256:"), "its digest has 0 hex digits"),
            (format!("image@sha256:{short}g"), "it has \"g\" in the digest"),
            (format!("image@sha256:{DIGEST}\n"), "it begins or ends with \"\\n\", which is white space"),
            (format!(" image@sha256:{DIGEST}"), "it begins or ends with \" \", which is white space"),
            (String::from("image@sha512:aa"), "its digest is sha512: only sha256 names an artifact here"),
            (String::from("image@MD5:abc"), "its digest is MD5: only sha256"),
            (format!("image@sha256: {DIGEST}"), "it has \" \" in the digest"),
            (format!("image@sha256:{DIGEST}@sha512:{sha512}"), "it has \"@\" in the digest"),
            (format!("@sha256:{DIGEST}"), "the name before `@sha256:` is empty"),
            (format!("@scope/name@1.2.3@sha256:{DIGEST}"), "it has an `@` before that of the digest"),
            (format!("pkg:npm/%40scope/name@1@sha256:{DIGEST}"), "it has an `@` before that of the digest"),
            (
                format!("image@sha256:{DIGEST}@sha256:{DIGEST}"),
                "it has two digests; name the artifact by one",
            ),
            (format!("My App.exe@sha256:{DIGEST}"), "it has \" \" in the name"),
            (format!("bücher@sha256:{DIGEST}"), "it has \"ü\" in the name"),
            (format!("im\u{ad}age@sha256:{DIGEST}"), "it has \"\\u{ad}\" in the name"),
            (format!("image:1.2@sha256:{DIGEST}"), "it has a tag beside the digest, \"1.2\"; leave"),
            (format!("r:5000/image:v1_a-b@sha256:{DIGEST}"), "it has a tag beside the digest"),
            (format!("r:5000@sha256:{DIGEST}"), "it has a tag beside the digest, \"5000\"; leave"),
            (format!("org.example:lib:1.0@sha256:{DIGEST}"), "it has a `:` in the last segment"),
            (format!("C:\\out\\setup.exe@sha256:{DIGEST}"), "it has a `:` in the last segment"),
            (format!("image:@sha256:{DIGEST}"), "it has a `:` in the last segment"),
            (format!(":1@sha256:{DIGEST}"), "it has a `:` in the last segment"),
            (format!("image:-1@sha256:{DIGEST}"), "it has a `:` in the last segment"),
            (format!("image:{}@sha256:{DIGEST}", "1".repeat(129)), "it has a `:` in the last segment"),
        ] {
            let fault = fault(&text);
            assert!(fault.starts_with(wanted), "{text}: {fault}");
            assert_eq!(fault.contains("tag"), wanted.contains("tag"), "{text}: {fault}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_reason() {
        for filler in ["x", " ", "\u{10ffff}", "\u{301}", "\"", "\u{e0041}"] {
            for times in [10, 90, 480, 600, 1_000, 100_000] {
                let long = filler.repeat(times / filler.len() + 1);
                for text in [
                    long.clone(),
                    format!("{long}:tag"),
                    format!("{long}:tag@sha256:{DIGEST}"),
                    format!("{long}@sha512:{DIGEST}{DIGEST}"),
                    format!("image@sha256:{long}"),
                    format!("image:{}@sha256:{DIGEST}", &long),
                ] {
                    let Err(refused) = text.parse::<ArtifactName>() else { continue };
                    let fault = fault(&text);
                    assert!(!fault.is_empty() && !refused.detail().ends_with('…'), "{refused}");
                    assert!(refused.detail().chars().count() < 500, "{refused}");
                    assert_eq!(text.len() > MAX_ARTIFACT_NAME_BYTES, fault.contains("1,024"), "{refused}");
                }
            }
        }
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
