//! Who signed: leaf and claims.

pub(crate) mod claim;
pub(crate) mod leaf;
