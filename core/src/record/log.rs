//! The entries of one tenant's namespace, in memory.

use crate::code::Code;
use crate::record::entry::Entry;
use crate::signer::claim::Claim;
use crate::signer::leaf::Leaf;
use crate::text::quoting::Quoted;
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

#[cfg(not(feature = "std"))]
type Index = alloc::collections::BTreeMap<Box<str>, Vec<usize>>;
#[cfg(feature = "std")]
type Index = std::collections::HashMap<Box<str>, Vec<usize>>;

/// The entries of one tenant's namespace, in memory: append-only, and indexed by artifact name.
///
/// Nothing is ever deleted, and of an entry nothing ever changes but that it becomes revoked.
///
/// ```
/// use countermark::Log;
///
/// let mut log = Log::new("example-ns");
/// # let json = include_str!("../../testdata/vectors/accept-nine-claims.json");
/// # let vector: serde_json::Value = serde_json::from_str(json)?;
/// # let entry = countermark::Entry::from_json(vector["entries"][0].to_string())?;
/// let name = entry.artifact_name().to_owned();
/// log.append(entry)?;
/// assert_eq!(log.find(&name).count(), 1);
///
/// assert_eq!(log.revoke_signature(&name, "refs/tags/v1.6.216")?, 1);
/// assert!(log.find(&name).all(|entry| entry.revoked()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Log {
    namespace: String,
    entries: Vec<Entry>,
    by_name: Index,
}

/// Why a log did not do what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The entry is of another namespace than the log.
    #[error("the entry is of the namespace {}, the log of {}; append it to its own log", Quoted(.entry), Quoted(.log))]
    WrongNamespace {
        /// The log's.
        log: String,
        /// The entry's.
        entry: String,
    },
    /// There is no signature to revoke.
    #[error(
        "no entry of {} has a certificate for the ref {}; check both",
        Quoted(.artifact_name),
        Quoted(.source_repository_ref)
    )]
    NothingToRevoke {
        /// The artifact name.
        artifact_name: String,
        /// The ref that its certificate should carry.
        source_repository_ref: String,
    },
}

impl LogError {
    /// The stable code: `malformed_entry`, or `no_signature`.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::WrongNamespace { .. } => Code::MalformedEntry,
            Self::NothingToRevoke { .. } => Code::NoSignature,
        }
    }
}

impl Log {
    /// An empty log.
    #[must_use]
    pub fn new(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), entries: Vec::new(), by_name: Index::new() }
    }

    /// The namespace of all its entries.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries, in the order in which they were appended.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Appends an entry. Signing the same name again makes another entry.
    ///
    /// # Errors
    ///
    /// [`LogError::WrongNamespace`] if the entry is of another namespace.
    pub fn append(&mut self, entry: Entry) -> Result<(), LogError> {
        if entry.namespace() != self.namespace {
            return Err(LogError::WrongNamespace {
                log: self.namespace.clone(),
                entry: entry.namespace().to_owned(),
            });
        }
        let index = self.entries.len();
        match self.by_name.get_mut(entry.artifact_name()) {
            Some(indexes) => indexes.push(index),
            None => {
                self.by_name.insert(entry.artifact_name().into(), alloc::vec![index]);
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Every entry of an artifact, in the order in which they were appended; for
    /// [`Verifier::verify`](crate::Verifier::verify).
    ///
    /// Under [`RevocationScope::Digest`](crate::RevocationScope::Digest) entries of other names count too, and these are
    /// not found here: verify with all of the log's, [`Log::iter`].
    pub fn find(&self, artifact_name: impl AsRef<str>) -> impl Iterator<Item = &Entry> {
        let indexes = self.by_name.get(artifact_name.as_ref()).map_or(&[][..], Vec::as_slice);
        indexes.iter().filter_map(|index| self.entries.get(*index))
    }

    /// Revokes the signatures of an artifact that were made from a ref: marks every entry of that name whose
    /// *certificate* carries that `source_repository_ref`, and returns how many there are. What the entry
    /// itself recorded does not matter. Where the certificate that stands first cannot be read, or names no issuer and so
    /// is no signer's, the entry may be of any ref, and matches every one.
    ///
    /// # Errors
    ///
    /// [`LogError::NothingToRevoke`] if there is no such entry.
    pub fn revoke_signature(
        &mut self,
        artifact_name: impl AsRef<str>,
        source_repository_ref: &str,
    ) -> Result<usize, LogError> {
        let artifact_name = artifact_name.as_ref();
        let mut revoked = 0_usize;
        for index in self.by_name.get(artifact_name).into_iter().flatten() {
            let Some(entry) = self.entries.get_mut(*index) else { continue };
            let leaf = entry.certificates().first().map_or(&[][..], Vec::as_slice);
            let matches = match Leaf::parse(leaf) {
                Ok(leaf) if leaf.oidc_issuer().is_some() => {
                    leaf.claim(&Claim::SourceRepositoryRef) == Some(source_repository_ref)
                }
                _ => true,
            };
            if matches {
                entry.revoke();
                revoked = revoked.saturating_add(1);
            }
        }
        if revoked == 0 {
            return Err(LogError::NothingToRevoke {
                artifact_name: artifact_name.to_owned(),
                source_repository_ref: source_repository_ref.to_owned(),
            });
        }
        Ok(revoked)
    }
}
