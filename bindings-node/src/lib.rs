//! The native half of the Node face of `countermark`; the package's own half is TypeScript, in `lib/`.
//!
//! It converts types and holds no rule. What it is given was checked by the other half, which is the only one
//! that calls it; a refusal goes back as a value, which the other half throws. A panic becomes a refusal too.

#![allow(unused_qualifications, reason = "napi's macros write them")]
#![allow(clippy::must_use_candidate, reason = "JavaScript calls them")]
#![deny(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod artifact;
mod bundle;
mod bundle_policy;
mod code;
mod entry;
mod judgement;
mod log;
mod message;
mod policy;
mod refusal;
mod trust;
mod verifier;
mod verify_bundle;

pub use artifact::*;
pub use bundle::*;
pub use bundle_policy::*;
pub use code::*;
pub use entry::*;
pub use judgement::*;
pub use log::*;
pub use message::*;
pub use policy::*;
pub use refusal::*;
pub use trust::*;
pub use verifier::*;
pub use verify_bundle::*;
