//! What comes of it: verified, or a report of every check.

pub(crate) mod owned;
pub(crate) mod report;
pub(crate) mod verified;
