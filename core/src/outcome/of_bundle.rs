//! What a bundle establishes beside what an entry does.

use crate::sigstore::statement::Statement;
use crate::text::quoting::Value;
use crate::timestamp::Timestamp;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// What a bundle establishes beside what an entry does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OfBundle {
    pub(super) instance: String,
    /// The artifact, as people write it; none for an envelope.
    pub(super) artifact: Option<String>,
    /// The key that signed, where there is no certificate: its name if it has one.
    pub(super) key: Option<Option<String>>,
    pub(super) log_entries: Vec<VerifiedLogEntry>,
    pub(super) certificate_timestamps: Vec<VerifiedCertificateTimestamp>,
    pub(super) statement: Option<Statement>,
}

/// An entry of a transparency log that was verified: it is in the log, and about this very signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedLogEntry {
    pub(super) log: String,
    pub(super) log_index: Option<u64>,
    pub(super) tree_size: Option<u64>,
    pub(super) integrated_time: Option<Timestamp>,
}

impl VerifiedLogEntry {
    /// The log, by the origin of its checkpoint, or else by its base URL.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.log
    }

    /// The entry's index in the log, if somebody vouches for it: without a signed entry timestamp, nobody does for an entry
    /// of Rekor's first version.
    #[must_use]
    pub const fn log_index(&self) -> Option<u64> {
        self.log_index
    }

    /// The size of the tree that the log signed and that has the entry; `None` if the log only promised to have it.
    #[must_use]
    pub const fn tree_size(&self) -> Option<u64> {
        self.tree_size
    }

    /// When the log promised to have it, if it did.
    #[must_use]
    pub const fn integrated_time(&self) -> Option<Timestamp> {
        self.integrated_time
    }
}

/// A timestamp of a certificate log in the signer's certificate that was verified: the log knows the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCertificateTimestamp {
    pub(super) log: String,
    pub(super) time: Timestamp,
}

impl VerifiedCertificateTimestamp {
    /// The log, by its base URL.
    #[must_use]
    pub fn log(&self) -> &str {
        &self.log
    }

    /// When the log was given the certificate.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }
}

impl OfBundle {
    /// The lines that a result of a bundle has in place of an entry's.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  instance    {}", Value(&self.instance))?;
        for entry in &self.log_entries {
            write!(f, "  log         has this signature: {}", Value(&entry.log))?;
            if let Some(index) = entry.log_index {
                write!(f, ", index {index}")?;
            }
            match (entry.tree_size, entry.integrated_time) {
                (Some(size), _) => writeln!(f, ", in its tree of {size}")?,
                (None, Some(time)) => writeln!(f, ", promised at {time}")?,
                (None, None) => writeln!(f)?,
            }
        }
        for timestamp in &self.certificate_timestamps {
            writeln!(
                f,
                "  log         has the signer's certificate: {}, since {}",
                Value(&timestamp.log),
                timestamp.time
            )?;
        }
        if let Some(statement) = &self.statement {
            writeln!(f, "  statement   {}", Value(statement.predicate_type()))?;
        }
        Ok(())
    }

    pub(super) fn serialize_into<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if let Some(artifact) = &self.artifact {
            map.serialize_entry("artifact", artifact)?;
        }
        map.serialize_entry("instance", &self.instance)?;
        if let Some(key) = &self.key {
            map.serialize_entry("key", &key.as_deref().unwrap_or_default())?;
        }
        map.serialize_entry("log_entries", &self.log_entries)?;
        map.serialize_entry("certificate_timestamps", &self.certificate_timestamps)?;
        if let Some(statement) = &self.statement {
            map.serialize_entry("predicate_type", statement.predicate_type())?;
        }
        Ok(())
    }
}

impl Serialize for VerifiedLogEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("log", &self.log)?;
        if let Some(index) = self.log_index {
            map.serialize_entry("log_index", &index)?;
        }
        if let Some(size) = self.tree_size {
            map.serialize_entry("tree_size", &size)?;
        }
        if let Some(time) = self.integrated_time {
            map.serialize_entry("integrated_time", &time.to_string())?;
        }
        map.end()
    }
}

impl Serialize for VerifiedCertificateTimestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("log", &self.log)?;
        map.serialize_entry("time", &self.time.to_string())?;
        map.end()
    }
}
