//! What vouches beside the record, whoever it is for: signed notes, checkpoints, Merkle proofs, SCTs, signed timestamps.

#[cfg(feature = "sigstore")]
mod checkpoint;
#[cfg(feature = "sigstore")]
mod log_key;
#[cfg(feature = "sigstore")]
mod merkle;
#[cfg(feature = "sigstore")]
mod sct;
#[cfg(feature = "sigstore")]
mod signed_note;
pub(crate) mod signed_timestamp;
pub(crate) mod timestamp_authority;
