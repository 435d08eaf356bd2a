//! What a log or a caller hands in: entries, their JSON, Endor Labs, the log in memory, messages.

pub(crate) mod endor_labs;
pub(crate) mod entry;
pub(crate) mod entry_json;
pub(crate) mod log;
pub(crate) mod message;
pub(crate) mod signed;
