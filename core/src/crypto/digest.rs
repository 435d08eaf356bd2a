//! Digests, and the algorithms that make them.

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

/// Digests by every algorithm, in one pass over what comes in pieces.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hasher {
    sha256: Sha256,
    sha384: Sha384,
    sha512: Sha512,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.sha384.update(bytes);
        self.sha512.update(bytes);
    }

    /// The digests, in the order of [`HashAlgorithm::ALL`].
    pub(crate) fn finish(self) -> [Digest; 3] {
        [
            Digest::filled(HashAlgorithm::Sha256, &self.sha256.finalize()),
            Digest::filled(HashAlgorithm::Sha384, &self.sha384.finalize()),
            Digest::filled(HashAlgorithm::Sha512, &self.sha512.finalize()),
        ]
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
