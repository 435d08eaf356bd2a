//! Sigstore's formats, into records, evidence and trust: bundle, trusted root, DSSE, statement, log entry.

pub(crate) mod bundle;
pub(crate) mod bundle_json;
pub(crate) mod certificate_timestamps;
pub(crate) mod certification;
#[cfg(test)]
pub(crate) mod collection;
pub(crate) mod cosign;
pub(crate) mod dsse;
pub(crate) mod forms;
pub(crate) mod instance;
pub(crate) mod log_body;
pub(crate) mod log_entries;
pub(crate) mod log_entry;
pub(crate) mod npm;
mod protobuf_json;
pub(crate) mod pypi;
pub(crate) mod signed_times;
pub(crate) mod statement;
pub(crate) mod trusted_root;
pub(crate) mod verdict;
