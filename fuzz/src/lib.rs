//! What the fuzz targets share.

pub mod bundles;
#[path = "../../core/tests/common/mod.rs"]
pub mod common;
pub mod edit;
pub mod identity;
pub mod independent;
pub mod judge;
pub mod scenario;
pub mod signed_message;
pub mod signed_part;
