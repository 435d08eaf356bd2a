//! Digests, and the algorithms that make them.

use crate::text::hex;
use core::fmt;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The algorithm of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Every algorithm, the shortest digest first.
    pub const ALL: &'static [Self] = &[Self::Sha256, Self::Sha384, Self::Sha512];

    /// The name in statements and policies: `sha256`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The algorithm of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name)
    }

    /// How many bytes a digest has.
    #[must_use]
    pub const fn digest_bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A digest, which has the length of its algorithm's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    algorithm: HashAlgorithm,
    /// What is beyond the length is zero.
    bytes: [u8; 64],
}

impl Digest {
    /// A digest by its bytes; `None` if they are not as many as the algorithm's digests have.
    #[must_use]
    pub fn new(algorithm: HashAlgorithm, digest: &[u8]) -> Option<Self> {
        let mut bytes = [0; 64];
        bytes
            .get_mut(..algorithm.digest_bytes())
            .filter(|bytes| bytes.len() == digest.len())?
            .copy_from_slice(digest);
        Some(Self { algorithm, bytes })
    }

    /// A digest by its hex digits, in either case; `None` if they are not as many as the algorithm's digests have.
    #[must_use]
    pub fn from_hex(algorithm: HashAlgorithm, digits: &str) -> Option<Self> {
        let is_as_long = digits.len() == algorithm.digest_bytes().saturating_mul(2);
        Self::new(algorithm, &is_as_long.then(|| hex::decode(digits))??)
    }

    /// The digest of a message.
    #[must_use]
    pub fn of(algorithm: HashAlgorithm, message: &[u8]) -> Self {
        match algorithm {
            HashAlgorithm::Sha256 => Self::filled(algorithm, &Sha256::digest(message)),
            HashAlgorithm::Sha384 => Self::filled(algorithm, &Sha384::digest(message)),
            HashAlgorithm::Sha512 => Self::filled(algorithm, &Sha512::digest(message)),
        }
    }

    /// For a digest that has its algorithm's length.
    fn filled(algorithm: HashAlgorithm, digest: &[u8]) -> Self {
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(digest).for_each(|(byte, of)| *byte = *of);
        Self { algorithm, bytes }
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// The digest's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.digest_bytes()).unwrap_or_default()
    }
}

/// Digests by several algorithms, in one pass over what comes in pieces.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "sigstore"), allow(dead_code))]
pub(crate) struct Hasher {
    sha256: Option<Sha256>,
    sha384: Option<Sha384>,
    sha512: Option<Sha512>,
}

#[cfg_attr(not(feature = "sigstore"), allow(dead_code))]
impl Hasher {
    pub(crate) fn new(algorithms: &[HashAlgorithm]) -> Self {
        let is_wanted = |algorithm| algorithms.contains(&algorithm);
        Self {
            sha256: is_wanted(HashAlgorithm::Sha256).then(Sha256::new),
            sha384: is_wanted(HashAlgorithm::Sha384).then(Sha384::new),
            sha512: is_wanted(HashAlgorithm::Sha512).then(Sha512::new),
        }
    }

    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        if let Some(sha384) = &mut self.sha384 {
            sha384.update(bytes);
        }
        if let Some(sha512) = &mut self.sha512 {
            sha512.update(bytes);
        }
    }

    /// The digests that were asked for, in the order of [`HashAlgorithm::ALL`].
    pub(crate) fn finish(self) -> impl Iterator<Item = Digest> {
        let digests = [
            self.sha256.map(|hasher| Digest::filled(HashAlgorithm::Sha256, &hasher.finalize())),
            self.sha384.map(|hasher| Digest::filled(HashAlgorithm::Sha384, &hasher.finalize())),
            self.sha512.map(|hasher| Digest::filled(HashAlgorithm::Sha512, &hasher.finalize())),
        ];
        digests.into_iter().flatten()
    }
}

/// As policies write it: `sha256:` and lowercase hex digits.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.algorithm)?;
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;

    #[test]
    fn a_digest_has_its_algorithms_length() {
        for algorithm in HashAlgorithm::ALL.iter().copied() {
            let length = algorithm.digest_bytes();
            assert!(Digest::new(algorithm, &[7; 65][..length - 1]).is_none());
            assert!(Digest::new(algorithm, &[7; 65][..=length]).is_none());
            let digest = Digest::new(algorithm, &[7; 65][..length]).unwrap();
            assert_eq!((digest.algorithm(), digest.as_bytes()), (algorithm, &[7; 65][..length]));
            assert_eq!(HashAlgorithm::from_name(algorithm.name()), Some(algorithm));
        }
        assert_eq!(HashAlgorithm::from_name("SHA256"), None);
    }

    /// FIPS 180-4's example.
    #[test]
    fn it_is_written_as_policies_write_it() {
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(HashAlgorithm::Sha256, b"abc").to_string(), text);
    }

    #[test]
    fn in_pieces_or_at_once_it_is_the_same() {
        let message = [0x5A; 1_000];
        for piece in [1, 63, 64, 128, 999, 1_000] {
            let mut hasher = Hasher::new(HashAlgorithm::ALL);
            message.chunks(piece).for_each(|piece| hasher.update(piece));
            let at_once = HashAlgorithm::ALL.iter().map(|algorithm| Digest::of(*algorithm, &message));
            assert!(hasher.finish().eq(at_once));
        }
        let sha512 = Hasher::new(&[HashAlgorithm::Sha512]).finish();
        assert!(sha512.eq([Digest::of(HashAlgorithm::Sha512, b"")]));
    }

    #[test]
    fn hex_digits_are_of_either_case_and_as_many_as_the_digest_has() {
        let digest = Digest::of(HashAlgorithm::Sha256, b"abc");
        let digits = digest.to_string().split_off("sha256:".len());
        assert_eq!(Digest::from_hex(HashAlgorithm::Sha256, &digits), Some(digest));
        assert_eq!(Digest::from_hex(HashAlgorithm::Sha256, &digits.to_uppercase()), Some(digest));
        for wrong in [&digits[1..], &digits[2..], &format!("{digits}0"), &digits.replace('b', "g"), ""] {
            assert_eq!(Digest::from_hex(HashAlgorithm::Sha256, wrong), None, "{wrong}");
        }
        assert_eq!(Digest::from_hex(HashAlgorithm::Sha384, &digits), None);
    }
}
