//! The C interface of countermark: `include/countermark.h`.
//!
//! It converts types and errors, and holds no rule. Its conventions (ownership, NULL, lengths, outputs, errors,
//! threads) are stated once, in `docs/c.md`, which is also the first page of the header; what the header says
//! about an item is the documentation of that item here.
//!
//! Every function has the same form: its pointers become references in the few functions of the module
//! `pointer`, and what it does runs inside `call`, which lets no panic out.

#![allow(
    unsafe_code,
    reason = "all that crosses to C is pointers; this crate alone turns them into references"
)]
#![allow(non_camel_case_types, reason = "the types are named as C spells them")]
#![allow(
    clippy::missing_safety_doc,
    reason = "the first page of the header states once what every caller must keep to"
)]
#![allow(clippy::too_many_arguments, reason = "C has no optional arguments, and a text is two of them")]
#![allow(
    clippy::must_use_candidate,
    reason = "a call whose result must be looked at says so; what only reads is not worth a warning in C"
)]
#![deny(clippy::undocumented_unsafe_blocks, unsafe_op_in_unsafe_fn)]
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod call;
mod pointer;
mod refusal;
mod unwind;

pub mod code;
pub mod text;

pub mod timestamp;

pub mod verifier;

pub mod policy;

pub mod entry;

pub mod entries;

pub mod faults;

pub mod verify;

pub mod verified;

pub mod rejection;

pub mod report;

pub mod many;

pub mod message;

#[cfg(feature = "sigstore")]
pub mod trusted_root;

#[cfg(feature = "sigstore")]
pub mod own_log;

#[cfg(feature = "sigstore")]
pub mod bundle_policy;

#[cfg(feature = "sigstore")]
pub mod key_policy;

#[cfg(feature = "sigstore")]
pub mod bundle;

#[cfg(feature = "sigstore")]
pub mod bundles;

#[cfg(feature = "sigstore")]
pub mod cosign;

#[cfg(feature = "sigstore")]
pub mod artifact;

#[cfg(feature = "sigstore")]
pub mod verify_bundle;

#[cfg(feature = "sigstore")]
pub mod verified_bundle;

#[cfg(feature = "sigstore")]
pub mod verified_envelope;

#[cfg(feature = "sigstore")]
pub mod bundle_report;

pub mod version;
