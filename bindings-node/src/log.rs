//! A log in memory.

use crate::entry::Entry;
use crate::refusal::{Refused, guarded};
use napi::Either;
use napi_derive::napi;
use std::cell::RefCell;

/// The entries of one tenant's namespace, in memory.
#[napi]
#[derive(Debug)]
pub struct Log(RefCell<countermark::Log>);

#[napi]
impl Log {
    /// An empty log.
    #[napi(constructor, catch_unwind)]
    pub fn new(namespace: String) -> Self {
        Self(RefCell::new(countermark::Log::new(namespace)))
    }

    /// The namespace of all its entries.
    #[napi(getter, catch_unwind)]
    pub fn namespace(&self) -> String {
        self.0.borrow().namespace().to_owned()
    }

    /// How many entries there are.
    #[napi(getter, catch_unwind)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.borrow().len()).unwrap_or(u32::MAX)
    }

    /// Appends an entry.
    #[napi(catch_unwind)]
    pub fn append(&self, entry: &Entry) -> Either<(), Refused> {
        guarded(|| Ok(self.0.borrow_mut().append(entry.0.as_ref().clone())?))
    }

    /// Every entry of an artifact.
    #[napi(catch_unwind)]
    pub fn find(&self, artifact_name: String) -> Either<Vec<Entry>, Refused> {
        guarded(|| Ok(self.0.borrow().find(artifact_name).cloned().map(Entry::from).collect()))
    }

    /// Every entry.
    #[napi(catch_unwind)]
    pub fn entries(&self) -> Either<Vec<Entry>, Refused> {
        guarded(|| Ok(self.0.borrow().iter().cloned().map(Entry::from).collect()))
    }

    /// Revokes the signatures of an artifact that were made from a ref, and returns how many there are.
    #[napi(catch_unwind)]
    pub fn revoke_signature(
        &self,
        artifact_name: String,
        source_repository_ref: String,
    ) -> Either<u32, Refused> {
        guarded(|| {
            let count = self.0.borrow_mut().revoke_signature(artifact_name, &source_repository_ref)?;
            Ok(u32::try_from(count).unwrap_or(u32::MAX))
        })
    }
}
