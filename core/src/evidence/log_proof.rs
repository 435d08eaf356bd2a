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
    /// cosigners that signed, with their times; whether they are enough is the caller's to say. A key that makes cosignatures is
    /// no log's, and one that makes others no cosigner's: it counts for nothing.
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
        self.note.open(log_keys.iter().filter(|key| !key.is_cosigner()))?;
        let cosigned = match self.note.open(cosigners.iter().filter(|key| key.is_cosigner())) {
            Err(NoteError::NoKnownKey) => Vec::new(),
            opened => opened?,
        };
        merkle::verify_inclusion(self.index, checkpoint.size(), leaf_hash, &self.hashes, checkpoint.root())?;
        Ok(cosigned)
    }
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
const EXTRA: &str = "extra ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::note_key::signing::TestSigner;
    use alloc::string::ToString;
    use alloc::vec;

    const ORIGIN: &str = "log.example/1";

    /// A tree of five entries, of which the last is proven.
    struct Tree {
        leaf: Hash,
        others: Hash,
        checkpoint: String,
    }

    fn tree() -> Tree {
        let (leaf, others) = (merkle::leaf_hash(b"entry"), merkle::leaf_hash(b"stands for four"));
        let root = Base64::encode_string(&merkle::node_hash(&others, &leaf));
        Tree { leaf, others, checkpoint: format!("{ORIGIN}\n5\n{root}\n") }
    }

    fn log() -> TestSigner {
        TestSigner::log(ORIGIN, 1)
    }

    fn witness() -> TestSigner {
        TestSigner::witness("witness.example/1", 2)
    }

    fn proof(lines: &str) -> String {
        let checkpoint = tree().checkpoint;
        format!("{lines}\n{checkpoint}\n{}{}", log().signs(&checkpoint), witness().cosigns(&checkpoint, 9))
    }

    fn good() -> String {
        proof(&format!("{FIRST_LINE}\nindex 4\n{}\n", Base64::encode_string(&tree().others)))
    }

    #[test]
    fn an_entry_is_proven_with_who_cosigned_when() {
        let text = good();
        let proof = LogProof::parse(&text).unwrap();
        assert_eq!((proof.index(), proof.hashes(), proof.extra()), (4, &[tree().others][..], None));
        assert_eq!((proof.checkpoint().origin(), proof.checkpoint().size()), (ORIGIN, 5));
        let (keys, witnesses) = ([log().note_key()], [witness().note_key()]);
        let cosigned = proof.verify(&tree().leaf, ORIGIN, &keys, &witnesses).unwrap();
        let told: Vec<_> = cosigned.iter().map(|signer| (signer.key.name(), signer.time)).collect();
        assert_eq!(told, [("witness.example/1", Some(9))]);
        assert!(proof.verify(&tree().leaf, ORIGIN, &keys, &[]).unwrap().is_empty());
    }

    #[test]
    fn what_a_proof_is_not_believed_for() {
        let text = good();
        let proof = LogProof::parse(&text).unwrap();
        let (keys, witnesses) = ([log().note_key()], [witness().note_key()]);
        let refused = |leaf: &Hash, origin: &str, keys: &[NoteKey], witnesses: &[NoteKey]| {
            proof.verify(leaf, origin, keys, witnesses).unwrap_err()
        };
        let leaf = tree().leaf;
        assert!(matches!(refused(&leaf, "log.example/2", &keys, &witnesses), LogProofError::OtherLog { .. }));
        assert_eq!(refused(&leaf, ORIGIN, &[], &witnesses), LogProofError::Note(NoteError::NoKnownKey));
        // A witness is no log, though it signed, nor a log a witness.
        assert_eq!(refused(&leaf, ORIGIN, &witnesses, &[]), LogProofError::Note(NoteError::NoKnownKey));
        assert!(proof.verify(&leaf, ORIGIN, &keys, &keys).unwrap().is_empty());
        assert_eq!(refused(&tree().others, ORIGIN, &keys, &witnesses), ProofError::WrongRoot.into());

        let other = text.replace("— log", "— log2").replace("— witness", "— log");
        assert!(LogProof::parse(&other).unwrap().verify(&leaf, ORIGIN, &keys, &witnesses).is_err());
        let checkpoint = tree().checkpoint;
        let bad = text.replace(&witness().cosigns(&checkpoint, 9), &witness().cosigns("another\n", 9));
        let bad = LogProof::parse(&bad).unwrap();
        let name = "witness.example/1".into();
        assert_eq!(
            bad.verify(&leaf, ORIGIN, &keys, &witnesses).unwrap_err(),
            NoteError::BadSignature { name }.into()
        );
        assert!(bad.verify(&leaf, ORIGIN, &keys, &[]).is_ok());
    }

    #[test]
    fn extra_data_is_read_and_means_nothing() {
        let text = good().replace("index 4", "extra AQID\nindex 4");
        let proof = LogProof::parse(&text).unwrap();
        assert_eq!(proof.extra(), Some(&[1, 2, 3][..]));
        assert!(proof.verify(&tree().leaf, ORIGIN, &[log().note_key()], &[]).is_ok());
    }

    #[test]
    fn what_is_no_proof_is_refused_with_the_reason() {
        let good = good();
        let hash = Base64::encode_string(&tree().others);
        for (text, fault) in [
            (String::new(), "no empty line"),
            (good.replace("\n\n", "\n"), "no empty line"),
            (good.replace("proof@v1", "proof@v2"), "first line"),
            (format!("\n{good}"), "first line"),
            (good.replace("index 4", "index 04"), "leading zero"),
            (good.replace("index 4", "index -1"), "decimal digits"),
            (good.replace("index 4", "index 9223372036854775808"), "2^63"),
            (good.replace("index 4", "index  4"), "decimal digits"),
            (good.replace("index 4\n", ""), "where the index must be"),
            (good.replace("index 4", "extra \nextra \nindex 4"), "where the index must be"),
            (good.replace("index 4", "index 4\nextra AQID"), "the hash"),
            (good.replace("index 4", "extra AQI\nindex 4"), "extra data"),
            (good.replace(&hash, hash.trim_end_matches('=')), "base64"),
            (good.replace(&hash, "AAAA"), "32 bytes"),
            (good.replace('\n', "\r\n"), "no empty line"),
            (good.trim_end().into(), "signed note"),
            (good.replace("\n5\n", "\n05\n"), "malformed checkpoint"),
        ] {
            let refused = LogProof::parse(&text).unwrap_err().to_string();
            assert!(refused.contains(fault), "{text:?}: {refused}");
        }
    }

    #[test]
    fn hashes_and_bytes_are_limited() {
        let of = |hashes: usize| {
            let lines = vec![format!("{}\n", Base64::encode_string(&[0; 32])); hashes];
            proof(&format!("{FIRST_LINE}\nindex 4\n{}", lines.concat()))
        };
        assert_eq!(LogProof::parse(&of(MAX_LOG_PROOF_HASHES)).map(|proof| proof.hashes().len()), Ok(64));
        let refused = LogProof::parse(&of(MAX_LOG_PROOF_HASHES + 1)).unwrap_err().to_string();
        assert!(refused.contains("more than 64"), "{refused}");

        let with = |extra: usize| good().replace("index 4", &format!("extra {}\nindex 4", "A".repeat(extra)));
        let longest = (MAX_LOG_PROOF_BYTES - with(0).len()) / 4 * 4;
        assert!(LogProof::parse(&with(longest)).is_ok());
        assert!(LogProof::parse(&with(longest + 4)).unwrap_err().to_string().contains("longer"));
    }
}
