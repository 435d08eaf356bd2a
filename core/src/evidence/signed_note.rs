//! Signed notes (C2SP signed-note): a text, and signatures by named keys.

use crate::evidence::note_key::{NoteKey, SignedBy, is_key_name};
use crate::limits::{MAX_NOTE_BYTES, MAX_NOTE_SIGNATURES};
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

/// A text with signatures by keys that have names. Well-formed; nothing of it is verified until [`open`](Self::open) or
/// another method has held it against known keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote<'a> {
    text: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

/// A line with a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature<'a> {
    name: &'a str,
    key_id: [u8; 4],
    signature: Vec<u8>,
}

/// What is wrong with a text that should be a signed note.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed signed note: {0}")]
pub struct MalformedNote(String);

/// A known key that signed a note.
#[derive(Clone, Copy, Debug)]
pub struct NoteSigner<'k> {
    /// The key.
    pub key: &'k NoteKey,
    /// When, if it is a cosignature: seconds since 1970, below 2^63.
    pub time: Option<u64>,
}

/// Why a note is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// No known key signed it.
    #[error("the note has no signature of a known key")]
    NoKnownKey,
    /// A signature that says it is by a known key is not.
    #[error("the signature of the known key {} does not verify", Excerpt(.name))]
    BadSignature {
        /// The key's name.
        name: String,
    },
}

impl<'a> SignedNote<'a> {
    /// Reads a note: its text up to and with the newline before the last empty line, then at least one line for a
    /// signature, `— name base64(key ID ‖ signature)`, each with its newline.
    ///
    /// # Errors
    ///
    /// [`MalformedNote`] says what is wrong: it lacks one of these parts, has a control character other than the newline,
    /// base64 that is not canonical, more than [`MAX_NOTE_SIGNATURES`] signatures, or more than [`MAX_NOTE_BYTES`].
    pub fn parse(note: &'a str) -> Result<Self, MalformedNote> {
        if note.len() > MAX_NOTE_BYTES {
            return Err(MalformedNote(format!("it is longer than {MAX_NOTE_BYTES} bytes")));
        }
        if let Some(control) = note.chars().find(|character| *character < ' ' && *character != '\n') {
            return Err(MalformedNote(format!("it has the control character U+{:04X}", u32::from(control))));
        }
        let parts = note
            .rfind("\n\n")
            .and_then(|end| Some((note.get(..end.checked_add(1)?)?, note.get(end.checked_add(2)?..)?)));
        let (text, lines) = parts.ok_or_else(|| MalformedNote("no empty line ends its text".into()))?;
        if lines.is_empty() {
            return Err(MalformedNote("it has no signature".into()));
        }
        let lines =
            lines.strip_suffix('\n').ok_or_else(|| MalformedNote("it does not end in a newline".into()))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_NOTE_SIGNATURES {
                return Err(MalformedNote(format!("it has more than {MAX_NOTE_SIGNATURES} signatures")));
            }
            signatures.push(NoteSignature::parse(line).map_err(|fault| {
                MalformedNote(format!(
                    "line {} of its signatures {fault}",
                    signatures.len().saturating_add(1)
                ))
            })?);
        }
        Ok(Self { text, signatures })
    }

    /// What was signed, with its final newline.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// What the *first* line with the key's name and ID comes to.
    pub fn first_by(&self, key: &NoteKey) -> SignedBy {
        self.lines_by(key).next().unwrap_or(SignedBy::Absent)
    }

    /// What *all* lines with the key's name and ID come to: the first one's if every one of them is good.
    pub fn all_by(&self, key: &NoteKey) -> SignedBy {
        let mut first = SignedBy::Absent;
        for line in self.lines_by(key) {
            if line == SignedBy::Bad {
                return line;
            }
            if first == SignedBy::Absent {
                first = line;
            }
        }
        first
    }

    /// Opens the note as C2SP has it: at least one known key signed it, and none has a bad signature. Lines of unknown
    /// keys are ignored, and of several lines of one key the first counts. Returns who signed, in the order of the lines.
    ///
    /// # Errors
    ///
    /// [`NoteError::BadSignature`], or [`NoteError::NoKnownKey`].
    pub fn open<'k>(
        &self,
        known: impl IntoIterator<Item = &'k NoteKey>,
    ) -> Result<Vec<NoteSigner<'k>>, NoteError> {
        let mut signers = Vec::new();
        for key in known {
            let Some(position) = self.signatures.iter().position(|line| line.is_of(key)) else { continue };
            match self.first_by(key) {
                SignedBy::Good { time } => signers.push((position, NoteSigner { key, time })),
                SignedBy::Bad => return Err(NoteError::BadSignature { name: key.name().into() }),
                SignedBy::Absent => {}
            }
        }
        if signers.is_empty() {
            return Err(NoteError::NoKnownKey);
        }
        signers.sort_by_key(|(position, _)| *position);
        Ok(signers.into_iter().map(|(_, signer)| signer).collect())
    }

    fn lines_by<'s>(&'s self, key: &'s NoteKey) -> impl Iterator<Item = SignedBy> + 's {
        let lines = self.signatures.iter().filter(|line| line.is_of(key));
        lines.map(|line| key.judge(self.text, &line.signature))
    }
}

impl<'a> NoteSignature<'a> {
    fn parse(line: &'a str) -> Result<Self, String> {
        let line = line.strip_prefix("— ").ok_or("does not begin with an em dash and a space")?;
        let (name, base64) = line.split_once(' ').ok_or("has no space after the name")?;
        if !is_key_name(name) {
            return Err(format!("has no name of a key, but {}", Excerpt(name)));
        }
        let bytes = Base64::decode_vec(base64)
            .map_err(|_| format!("is not canonical base64: {}", Excerpt(base64)))?;
        let (key_id, signature) = bytes.split_first_chunk().ok_or("has fewer bytes than the ID of a key")?;
        if signature.is_empty() {
            return Err("has no signature after the ID of the key".into());
        }
        Ok(Self { name, key_id: *key_id, signature: signature.to_vec() })
    }

    fn is_of(&self, key: &NoteKey) -> bool {
        self.name == key.name() && self.key_id == key.id()
    }
}
