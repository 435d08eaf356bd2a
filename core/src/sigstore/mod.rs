//! Sigstore's formats, into records, evidence and trust: bundle, trusted root, DSSE, statement, log entry.

pub(crate) mod bundle;
pub(crate) mod bundle_json;
pub(crate) mod cosign;
mod dsse;
pub(crate) mod forms;
mod log_body;
mod log_entry;
pub(crate) mod npm;
mod protobuf_json;
pub(crate) mod pypi;
mod statement;
pub(crate) mod trusted_root;
