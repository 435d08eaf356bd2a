//! A log's entry as a bundle brings it, and its signed entry timestamp.

use alloc::string::String;
use alloc::vec::Vec;

/// A log's entry as a bundle brings it. Well-formed, and nothing of it verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogEntry {
    /// The index in the whole log, of all of its shards.
    pub(crate) log_index: u64,
    /// The log's ID, whatever its length.
    pub(crate) log_id: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) version: String,
    /// Seconds since 1970, if there are any; nothing vouches for them without the promise.
    pub(crate) integrated_time: Option<u64>,
    /// The signed entry timestamp of a log of Rekor's first version.
    pub(crate) inclusion_promise: Option<Vec<u8>>,
    pub(crate) inclusion_proof: Option<InclusionProof>,
    /// The bytes that the log has.
    pub(crate) canonicalized_body: Vec<u8>,
}

/// A proof that an entry is in a log. What is said beside the checkpoint is a copy that nothing vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InclusionProof {
    /// The index in the shard.
    pub(crate) log_index: u64,
    pub(crate) root_hash: Vec<u8>,
    pub(crate) tree_size: u64,
    /// Each of 32 bytes, and as many as there may be; or else the last is the first that is not so, and proves nothing.
    pub(crate) hashes: Vec<Vec<u8>>,
    /// A signed note.
    pub(crate) checkpoint: Option<String>,
}
