//! The artifacts that a policy blocks.

#[cfg(feature = "sigstore")]
use crate::artifact::Digests;
use crate::artifact_name::ArtifactName;
use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::MAX_BLOCKLIST_ITEMS;
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

/// The artifacts that a policy blocks, by name or by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocklist {
    names: BTreeSet<ArtifactName>,
    digests: BTreeSet<Digest>,
}

/// What of an artifact a blocklist has.
#[cfg(feature = "sigstore")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    Name(ArtifactName),
    Digest(Digest),
}

impl Blocklist {
    /// Adds an artifact name, or a digest by one of these algorithms.
    pub(crate) fn add(&mut self, item: &str, algorithms: &[HashAlgorithm]) -> Result<(), MalformedInput> {
        if self.names.len().saturating_add(self.digests.len()) >= MAX_BLOCKLIST_ITEMS {
            return Err(MalformedInput::policy(format!(
                "the blocklist has more than {MAX_BLOCKLIST_ITEMS} items"
            )));
        }
        if let Some(digest) = digest(item).filter(|digest| algorithms.contains(&digest.algorithm())) {
            self.digests.insert(digest);
            return Ok(());
        }
        let name = item.parse().map_err(|_| {
            let others = if algorithms.len() > 1 { ", nor the like of sha384 or sha512" } else { "" };
            MalformedInput::policy(format!(
                "the blocklist's item {} is neither an artifact name nor sha256: and 64 lowercase hex digits{others}",
                Excerpt(item)
            ))
        })?;
        self.names.insert(name);
        Ok(())
    }

    pub(crate) fn blocks_name(&self, name: &ArtifactName) -> bool {
        self.names.contains(name)
    }

    pub(crate) fn blocks(&self, digest: &Digest) -> bool {
        self.digests.contains(digest)
    }

    /// What it has of an artifact, by its name and by each digest that the list has digests of.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Argument`] if it has digests by an algorithm of which the artifact's digest cannot be told,
    /// whatever else it has: nobody can say then whether the artifact is blocked.
    #[cfg(feature = "sigstore")]
    pub(crate) fn find(&self, artifact: &Digests<'_>) -> Result<Option<Blocked>, MalformedInput> {
        let mut found = artifact
            .artifact()
            .name()
            .filter(|name| self.blocks_name(name))
            .map(|name| Blocked::Name(name.clone()));
        for algorithm in
            HashAlgorithm::ALL.iter().copied().filter(|algorithm| self.has_digests_of(*algorithm))
        {
            let Some(digest) = artifact.get(algorithm) else {
                return Err(MalformedInput::argument(format!(
                    "the blocklist has {algorithm} digests, and that of the artifact is not given; give it too"
                )));
            };
            if found.is_none() && self.blocks(&digest) {
                found = Some(Blocked::Digest(digest));
            }
        }
        Ok(found)
    }

    #[cfg(feature = "sigstore")]
    fn has_digests_of(&self, algorithm: HashAlgorithm) -> bool {
        let zeros = [0; 64];
        let first = zeros.get(..algorithm.digest_bytes()).and_then(|zeros| Digest::new(algorithm, zeros));
        let next = first.and_then(|first| self.digests.range(first..).next());
        next.is_some_and(|digest| digest.algorithm() == algorithm)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.digests.is_empty()
    }

    /// The items as JSON writes them, in order.
    pub(crate) fn items(&self) -> impl Iterator<Item = String> + Clone {
        let names = self.names.iter().map(|name| String::from(name.as_str()));
        names.chain(self.digests.iter().map(Digest::to_string))
    }
}

/// A digest as lists write it, with lowercase digits.
fn digest(item: &str) -> Option<Digest> {
    let (algorithm, digits) = item.split_once(':')?;
    let digest = Digest::from_hex(HashAlgorithm::from_name(algorithm)?, digits);
    digest.filter(|_| !digits.bytes().any(|digit| digit.is_ascii_uppercase()))
}
