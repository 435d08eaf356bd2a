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
mod signed_timestamp;
mod timestamp_authority;
