//! What vouches beside the record, whoever it is for: signed notes, checkpoints, Merkle proofs, SCTs, signed timestamps.

#[cfg(feature = "sigstore")]
mod checkpoint;
#[cfg(feature = "sigstore")]
pub(crate) mod log_key;
#[cfg(feature = "sigstore")]
mod log_proof;
#[cfg(feature = "sigstore")]
pub mod merkle;
#[cfg(feature = "sigstore")]
mod note_key;
pub(crate) mod recorded_timestamps;
#[cfg(feature = "sigstore")]
pub(crate) mod sct;
#[cfg(feature = "sigstore")]
mod signed_note;
pub(crate) mod signed_timestamp;
pub(crate) mod timestamp_authority;

#[cfg(feature = "sigstore")]
pub use checkpoint::{Checkpoint, MalformedCheckpoint};
#[cfg(feature = "sigstore")]
pub use log_key::LogKey;
#[cfg(feature = "sigstore")]
pub use log_proof::{LogProof, LogProofError, MalformedLogProof};
#[cfg(feature = "sigstore")]
pub use note_key::{MalformedNoteKey, NoteKey, SignedBy};
#[cfg(feature = "sigstore")]
pub use signed_note::{MalformedNote, NoteError, NoteSigner, SignedNote};
