//! What was signed, as the caller has it.

use crate::artifact_name::ArtifactName;
use crate::crypto::{Digest, HashAlgorithm, Hasher};
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::str::FromStr;

/// What was signed, as the caller has it: its bytes, digests of it, or its name.
///
/// With the bytes everything can be verified. Digests spare reading a large file again, but a signature is over the
/// digest of its key's algorithm, a statement may know the artifact by another, and Ed25519 needs the bytes: what lacks
/// is [`artifact_mismatch`](crate::Code::ArtifactMismatch). A name stands for the digest in it.
///
/// ```
/// use countermark::{Artifact, ArtifactName, Digest, HashAlgorithm};
///
/// let artifact = Artifact::from_bytes(b"the file");
/// let sha256 = artifact.digest(HashAlgorithm::Sha256).unwrap();
///
/// let same: Digest = sha256.to_string().parse()?;
/// assert_eq!(Artifact::from(same).digest(HashAlgorithm::Sha256), Some(sha256));
///
/// let name: ArtifactName = format!("registry/image@{sha256}").parse()?;
/// assert_eq!(Artifact::from_name(&name).digest(HashAlgorithm::Sha256), Some(sha256));
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact<'a>(Given<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Given<'a> {
    Bytes(&'a [u8]),
    /// At least one, each of another algorithm.
    Digests(Vec<Digest>),
    Name(ArtifactName),
}

impl<'a> Artifact<'a> {
    /// The artifact itself. Its bytes are hashed when a digest is asked for.
    #[must_use]
    pub const fn from_bytes(bytes: &'a [u8]) -> Self {
        Self(Given::Bytes(bytes))
    }

    /// An artifact by its digests.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Argument`] if there is none, or two are of one algorithm.
    pub fn from_digests(digests: impl IntoIterator<Item = Digest>) -> Result<Self, MalformedInput> {
        let mut given: Vec<Digest> = Vec::new();
        for digest in digests {
            if given.iter().any(|earlier| earlier.algorithm() == digest.algorithm()) {
                return Err(MalformedInput::argument(format!(
                    "the artifact has two digests of {}",
                    digest.algorithm()
                )));
            }
            given.push(digest);
        }
        if given.is_empty() {
            return Err(MalformedInput::argument("the artifact has no digest; give its bytes or one digest"));
        }
        given.sort_unstable();
        Ok(Self(Given::Digests(given)))
    }

    /// An artifact by its name: by the digest in it, and the name is held against a blocklist too.
    #[must_use]
    pub fn from_name(name: &ArtifactName) -> Self {
        Self(Given::Name(name.clone()))
    }

    /// The digest of this algorithm; `None` if it cannot be told. Where the bytes were given, each call hashes all of
    /// them.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Option<Digest> {
        match &self.0 {
            Given::Bytes(bytes) => Some(Digest::of(algorithm, bytes)),
            Given::Digests(digests) => digests.iter().find(|digest| digest.algorithm() == algorithm).copied(),
            Given::Name(name) if algorithm == HashAlgorithm::Sha256 => {
                Digest::from_hex(algorithm, name.digest())
            }
            Given::Name(_) => None,
        }
    }

    /// Every digest that can be told, the shortest first. Where the bytes were given, they are hashed for each.
    pub fn digests(&self) -> impl Iterator<Item = Digest> {
        HashAlgorithm::ALL.iter().filter_map(|algorithm| self.digest(*algorithm))
    }

    /// The bytes, if they were given.
    #[must_use]
    pub const fn bytes(&self) -> Option<&'a [u8]> {
        match self.0 {
            Given::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The name, if it was given.
    #[must_use]
    pub const fn name(&self) -> Option<&ArtifactName> {
        match &self.0 {
            Given::Name(name) => Some(name),
            _ => None,
        }
    }
}

impl From<Digest> for Artifact<'_> {
    fn from(digest: Digest) -> Self {
        Self(Given::Digests(alloc::vec![digest]))
    }
}

/// Makes an artifact of a file that is read in pieces, so that it need not be in memory.
///
/// ```
/// use countermark::{Artifact, ArtifactDigester};
///
/// let mut digester = ArtifactDigester::new();
/// digester.update(b"the ");
/// digester.update(b"file");
/// assert!(digester.finish().digests().eq(Artifact::from_bytes(b"the file").digests()));
/// ```
#[derive(Clone, Debug)]
pub struct ArtifactDigester(Hasher);

impl ArtifactDigester {
    /// Makes the digest of every algorithm, which does whatever the signature and the policy need.
    #[must_use]
    pub fn new() -> Self {
        Self(Hasher::new(HashAlgorithm::ALL))
    }

    /// Makes the digests of these algorithms alone, which takes less time: signers with keys on P-256 need
    /// [`HashAlgorithm::Sha256`].
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Argument`] if there is none.
    pub fn by(algorithms: &[HashAlgorithm]) -> Result<Self, MalformedInput> {
        if algorithms.is_empty() {
            return Err(MalformedInput::argument("there is no algorithm by which to digest the artifact"));
        }
        Ok(Self(Hasher::new(algorithms)))
    }

    /// Takes the next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The artifact, by its digests.
    #[must_use]
    pub fn finish(self) -> Artifact<'static> {
        Artifact(Given::Digests(self.0.finish().collect()))
    }
}

impl Default for ArtifactDigester {
    fn default() -> Self {
        Self::new()
    }
}

/// An artifact with its digests, each of which is made once, when it is first asked for.
pub(crate) struct Digests<'a> {
    artifact: &'a Artifact<'a>,
    sha256: OnceCell<Option<Digest>>,
    sha384: OnceCell<Option<Digest>>,
    sha512: OnceCell<Option<Digest>>,
}

impl<'a> Digests<'a> {
    pub(crate) const fn of(artifact: &'a Artifact<'a>) -> Self {
        Self { artifact, sha256: OnceCell::new(), sha384: OnceCell::new(), sha512: OnceCell::new() }
    }

    pub(crate) const fn artifact(&self) -> &'a Artifact<'a> {
        self.artifact
    }

    /// The digest of this algorithm; `None` if it cannot be told.
    pub(crate) fn get(&self, algorithm: HashAlgorithm) -> Option<Digest> {
        let known = match algorithm {
            HashAlgorithm::Sha256 => &self.sha256,
            HashAlgorithm::Sha384 => &self.sha384,
            HashAlgorithm::Sha512 => &self.sha512,
        };
        *known.get_or_init(|| self.artifact.digest(algorithm))
    }
}

impl FromStr for Digest {
    type Err = MalformedInput;

    /// Reads `sha256:` and hex digits, in either case.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Argument`] if it is no digest of an algorithm that is known.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (algorithm, digits) = text.split_once(':')?;
            Self::from_hex(HashAlgorithm::from_name(algorithm)?, digits)
        };
        read().ok_or_else(|| {
            MalformedInput::argument(format!(
                "{} is no digest; write sha256:, sha384: or sha512: and its 64, 96 or 128 hex digits",
                Excerpt(text)
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    const SHA256: HashAlgorithm = HashAlgorithm::Sha256;
    const SHA384: HashAlgorithm = HashAlgorithm::Sha384;
    const SHA512: HashAlgorithm = HashAlgorithm::Sha512;

    #[test]
    fn bytes_give_every_digest_and_digests_only_themselves() {
        let bytes = Artifact::from_bytes(b"abc");
        assert!(
            bytes.digests().eq(HashAlgorithm::ALL.iter().map(|algorithm| Digest::of(*algorithm, b"abc")))
        );
        assert_eq!((bytes.bytes(), bytes.name()), (Some(&b"abc"[..]), None));

        let (short, long) = (Digest::of(SHA256, b"abc"), Digest::of(SHA512, b"abc"));
        let digests = Artifact::from_digests([long, short]).unwrap();
        assert_eq!(digests, Artifact::from_digests([short, long]).unwrap());
        assert_eq!(digests.digests().collect::<Vec<_>>(), vec![short, long]);
        assert_eq!((digests.digest(SHA384), digests.bytes()), (None, None));
    }

    #[test]
    fn no_digest_or_two_of_one_algorithm_are_no_artifact() {
        let (one, other) = (Digest::of(SHA256, b"a"), Digest::of(SHA256, b"b"));
        assert!(Artifact::from_digests([one]).is_ok());
        for digests in [vec![], vec![one, other], vec![one, Digest::of(SHA384, b"a"), one]] {
            let refused = Artifact::from_digests(digests).unwrap_err();
            assert!(matches!(refused, MalformedInput::Argument { .. }), "{refused}");
        }
        assert!(ArtifactDigester::by(&[]).is_err());
    }

    #[test]
    fn a_name_has_the_digest_in_it() {
        let digest = Digest::of(SHA256, b"abc");
        let name: ArtifactName = format!("registry/image@{digest}").parse().unwrap();
        let artifact = Artifact::from_name(&name);
        assert_eq!(artifact.digests().collect::<Vec<_>>(), vec![digest]);
        assert_eq!((artifact.name(), artifact.bytes(), artifact.digest(SHA512)), (Some(&name), None, None));
    }

    #[test]
    fn a_digester_makes_the_digests_that_are_asked_for() {
        let mut digester = ArtifactDigester::by(&[SHA512, SHA256, SHA512]).unwrap();
        [&b"a"[..], b"", b"bc"].iter().for_each(|piece| digester.update(piece));
        let wanted = Artifact::from_digests([SHA256, SHA512].map(|algorithm| Digest::of(algorithm, b"abc")));
        assert_eq!(digester.finish(), wanted.unwrap());
    }

    #[test]
    fn a_digest_is_read_in_either_case_but_for_its_algorithm() {
        let digest = Digest::of(SHA384, b"abc");
        let text = digest.to_string();
        assert_eq!(text.parse(), Ok(digest));
        let digits = text.strip_prefix("sha384:").unwrap();
        assert_eq!(format!("sha384:{}", digits.to_uppercase()).parse(), Ok(digest));
        for wrong in
            ["", digits, "sha384:", &text.to_uppercase(), &text[..text.len() - 2], &format!("{text} ")]
        {
            let refused = wrong.parse::<Digest>().unwrap_err();
            assert!(matches!(refused, MalformedInput::Argument { .. }), "{refused}");
        }
        assert!(format!("md5:{}", "0".repeat(32)).parse::<Digest>().is_err());
    }

    #[test]
    fn what_is_told_again_is_the_same() {
        let artifact = Artifact::from(Digest::of(SHA256, b"abc"));
        let digests = Digests::of(&artifact);
        for _ in 0..2 {
            assert_eq!(digests.get(SHA256), artifact.digest(SHA256));
            assert_eq!((digests.get(SHA384), digests.get(SHA512)), (None, None));
        }
    }
}
