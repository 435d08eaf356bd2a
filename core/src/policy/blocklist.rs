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

    #[cfg(feature = "sigstore")]
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

#[cfg(all(test, feature = "sigstore"))]
mod tests {
    use super::*;
    use crate::artifact::Artifact;
    use alloc::vec;
    use alloc::vec::Vec;

    fn list(items: &[&str]) -> Blocklist {
        let mut list = Blocklist::default();
        items.iter().for_each(|item| list.add(item, HashAlgorithm::ALL).unwrap());
        list
    }

    fn find(list: &Blocklist, artifact: &Artifact<'_>) -> Result<Option<Blocked>, MalformedInput> {
        list.find(&Digests::of(artifact))
    }

    #[test]
    fn an_artifact_is_found_by_each_digest_and_by_its_name() {
        let bytes = Artifact::from_bytes(b"abc");
        for digest in bytes.digests() {
            let item = digest.to_string();
            assert_eq!(find(&list(&[&item]), &bytes), Ok(Some(Blocked::Digest(digest))));
            assert_eq!(find(&list(&[&item]), &Artifact::from_bytes(b"abd")), Ok(None));
        }
        let sha256 = bytes.digest(HashAlgorithm::Sha256).unwrap();
        let text = format!("a@{sha256}");
        let name: ArtifactName = text.parse().unwrap();
        let other = format!("b@{sha256}").parse().unwrap();
        let names = list(&[&text]);
        assert_eq!(find(&names, &Artifact::from_name(&name)), Ok(Some(Blocked::Name(name.clone()))));
        assert_eq!(find(&names, &Artifact::from_name(&other)), Ok(None));
        assert_eq!(find(&names, &bytes), Ok(None));
        let digests = list(&[&sha256.to_string()]);
        assert_eq!(find(&digests, &Artifact::from_name(&name)), Ok(Some(Blocked::Digest(sha256))));
    }

    #[test]
    fn what_cannot_be_told_is_an_error_and_no_pass() {
        let bytes = Artifact::from_bytes(b"abc");
        let [sha256, sha384, sha512] = [0, 1, 2].map(|index| bytes.digests().nth(index).unwrap());
        let of_others = Digest::of(HashAlgorithm::Sha384, b"x").to_string();
        let artifact = Artifact::from_digests([sha256, sha512]).unwrap();
        for items in [vec![of_others.clone()], vec![sha256.to_string(), of_others.clone()]] {
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            let refused = find(&list(&items), &artifact).unwrap_err();
            assert!(matches!(refused, MalformedInput::Argument { .. }), "{refused}");
            assert!(refused.to_string().contains("sha384"), "{refused}");
        }
        let both = Artifact::from_digests([sha256, sha384]).unwrap();
        assert_eq!(find(&list(&[&of_others]), &both), Ok(None));
        assert_eq!(find(&Blocklist::default(), &Artifact::from(sha384)), Ok(None));
        let clear = Digest::of(HashAlgorithm::Sha512, b"x").to_string();
        assert_eq!(find(&list(&[&clear]), &artifact), Ok(None));
    }

    #[test]
    fn a_digest_has_lowercase_digits_and_an_algorithm_that_is_listed() {
        let sha512 = Digest::of(HashAlgorithm::Sha512, b"x").to_string();
        let mut of_records = Blocklist::default();
        let refused = of_records.add(&sha512, &[HashAlgorithm::Sha256]).unwrap_err();
        assert!(!refused.to_string().contains("sha384"), "{refused}");
        assert!(of_records.is_empty());
        let upper = Digest::of(HashAlgorithm::Sha256, b"x").to_string().to_uppercase().replace("SHA", "sha");
        for item in [&upper, &sha512[..sha512.len() - 2], "sha384:", "md5:00", "image:latest", ""] {
            assert!(of_records.add(item, HashAlgorithm::ALL).is_err(), "{item}");
        }
        let items = [format!("a@{}", Digest::of(HashAlgorithm::Sha256, b"x")), sha512];
        let list = list(&[&items[1], &items[0], &items[1]]);
        assert_eq!(list.items().collect::<Vec<_>>(), items);
    }
}
