//! Sigstore's formats, into records, evidence and trust: bundle, trusted root, DSSE, statement, log entry.

mod bundle;
mod bundle_json;
mod cosign;
mod dsse;
mod log_body;
mod log_entry;
mod npm;
mod protobuf_json;
mod pypi;
mod statement;
mod trusted_root;
