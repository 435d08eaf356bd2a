//! The proof that one entry is in a log, with the checkpoint that it is of (C2SP tlog-proof).

use crate::evidence::checkpoint::{Checkpoint, MalformedCheckpoint, parse_hash, parse_number};
use crate::evidence::merkle::{self, Hash, ProofError};
use crate::evidence::note_key::NoteKey;
use crate::evidence::signed_note::{MalformedNote, NoteError, NoteSigner, SignedNote};
use crate::limits::{MAX_LOG_PROOF_BYTES, MAX_LOG_PROOF_HASHES};
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

/// The proof that one entry is in a log: its index, the hashes that lead to the root, and a checkpoint with signatures.
/// Well-formed; nothing of it is verified until [`verify`](Self::verify).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof<'a> {
    index: u64,
    hashes: Vec<Hash>,
    extra: Option<Vec<u8>>,
    note: SignedNote<'a>,
    checkpoint: Checkpoint<'a>,
}

/// What is wrong with a text that should be a proof of an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedLogProof {
    /// Something before the checkpoint.
    #[error("malformed log proof: {0}")]
    Proof(String),
    /// The checkpoint is no signed note.
    #[error(transparent)]
    Note(#[from] MalformedNote),
    /// The checkpoint's text.
    #[error(transparent)]
    Checkpoint(#[from] MalformedCheckpoint),
}

/// Why a proof of an entry is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogProofError {
    /// The checkpoint is another log's.
    #[error("the checkpoint is of the log {}", Excerpt(.origin))]
    OtherLog {
        /// The checkpoint's origin.
        origin: String,
    },
    /// No key of the log signed the checkpoint, or what says that it is by a known key is not.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The entry is not proven.
    #[error(transparent)]
    Inclusion(#[from] ProofError),
}

impl<'a> LogProof<'a> {
    /// Reads a proof.
    ///
    /// # Errors
    ///
    /// [`MalformedLogProof`] says which line is wrong; also if there are more than [`MAX_LOG_PROOF_HASHES`] hashes, or more
    /// than [`MAX_LOG_PROOF_BYTES`].
    pub fn parse(proof: &'a str) -> Result<Self, MalformedLogProof> {
        let refuse = |detail: String| MalformedLogProof::Proof(detail);
        if proof.len() > MAX_LOG_PROOF_BYTES {
            return Err(refuse(format!("it is longer than {MAX_LOG_PROOF_BYTES} bytes")));
        }
        let (lines, note) = proof
            .split_once("\n\n")
            .ok_or_else(|| refuse("no empty line stands before the checkpoint".into()))?;
        let mut lines = lines.split('\n').peekable();
        let first = lines.next().unwrap_or_default();
        if first != FIRST_LINE {
            return Err(refuse(format!("the first line is {}, not {FIRST_LINE:?}", Excerpt(first))));
        }
        let extra = match lines.next_if(|line| line.starts_with(EXTRA)) {
            Some(line) => Some(
                Base64::decode_vec(line.strip_prefix(EXTRA).unwrap_or_default())
                    .map_err(|_| refuse("the extra data is not canonical base64".into()))?,
            ),
            None => None,
        };
        let line = lines.next().unwrap_or_default();
        let index = line
            .strip_prefix("index ")
            .ok_or_else(|| refuse(format!("where the index must be is {}", Excerpt(line))))?;
        let index =
            parse_number(index).map_err(|fault| refuse(format!("the index {} {fault}", Excerpt(index))))?;
        let mut hashes = Vec::new();
        for line in lines {
            if hashes.len() == MAX_LOG_PROOF_HASHES {
                return Err(refuse(format!("it has more than {MAX_LOG_PROOF_HASHES} hashes")));
            }
            hashes.push(
                parse_hash(line).map_err(|fault| refuse(format!("the hash {} {fault}", Excerpt(line))))?,
            );
        }
        let note = SignedNote::parse(note)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { index, hashes, extra, note, checkpoint })
    }

    /// Which entry it is about, counted from zero.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The hashes that lead from the entry to the root.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// What else was said. Nothing vouches for it.
    #[must_use]
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The checkpoint with its signatures.
    #[must_use]
    pub const fn note(&self) -> &SignedNote<'a> {
        &self.note
    }

    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint<'a> {
        &self.checkpoint
    }

    /// Verifies that the log of this origin has an entry with this leaf hash at [`index`](Self::index): a key of the log
    /// signed the checkpoint, no known key has a bad signature on it, and the hashes lead to its root. Returns the
    /// cosigners that signed, with their times; whether they are enough is the caller's to say.
    ///
    /// # Errors
    ///
    /// [`LogProofError`] says why not.
    pub fn verify<'k>(
        &self,
        leaf_hash: &Hash,
        origin: &str,
        log_keys: &'k [NoteKey],
        cosigners: &'k [NoteKey],
    ) -> Result<Vec<NoteSigner<'k>>, LogProofError> {
        let (checkpoint, found) = (&self.checkpoint, self.checkpoint.origin());
        if found != origin {
            return Err(LogProofError::OtherLog { origin: found.into() });
        }
        self.note.open(log_keys)?;
        let cosigned = match self.note.open(cosigners) {
            Err(NoteError::NoKnownKey) => Vec::new(),
            opened => opened?,
        };
        merkle::verify_inclusion(self.index, checkpoint.size(), leaf_hash, &self.hashes, checkpoint.root())?;
        Ok(cosigned)
    }
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";
