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

    /// What *all* lines with the key's name and ID come to: the first one's if every one of them is good. Copies of a line
    /// are judged once.
    pub fn all_by(&self, key: &NoteKey) -> SignedBy {
        let mut first = SignedBy::Absent;
        let mut seen: Vec<&[u8]> = Vec::new();
        for line in self.signatures.iter().filter(|line| line.is_of(key)) {
            if seen.contains(&line.signature.as_slice()) {
                continue;
            }
            seen.push(&line.signature);
            let judged = key.judge(self.text, &line.signature);
            if judged == SignedBy::Bad {
                return judged;
            }
            if first == SignedBy::Absent {
                first = judged;
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

    /// What each line of the key comes to. The same line again is no more work.
    fn lines_by<'s>(&'s self, key: &'s NoteKey) -> impl Iterator<Item = SignedBy> + 's {
        let is_new = |(position, line): &(usize, &NoteSignature<'_>)| {
            !self.signatures.iter().take(*position).any(|earlier| earlier == *line)
        };
        let lines = self.signatures.iter().enumerate().filter(|(_, line)| line.is_of(key));
        lines.filter(is_new).map(|(_, line)| key.judge(self.text, &line.signature))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::note_key::signing::TestSigner;
    use alloc::string::ToString;

    const TEXT: &str = "If you think cryptography is the answer.\n";

    fn log() -> TestSigner {
        TestSigner::log("log.example/1", 1)
    }

    fn witness() -> TestSigner {
        TestSigner::witness("witness.example/1", 2)
    }

    fn note(lines: &[String]) -> String {
        format!("{TEXT}\n{}", lines.concat())
    }

    /// What the first line and what all lines of a key come to.
    fn by(note: &str, key: &TestSigner) -> [SignedBy; 2] {
        let (note, key) = (SignedNote::parse(note).unwrap(), key.note_key());
        [note.first_by(&key), note.all_by(&key)]
    }

    const GOOD: SignedBy = SignedBy::Good { time: None };

    #[test]
    fn a_text_may_have_empty_lines_and_ends_before_the_last() {
        for text in [TEXT, "\n", "a\n\nb\n", "\n\n\n", "— a AAAA\n"] {
            let note = format!("{text}\n{}", log().signs(text));
            let read = SignedNote::parse(&note).unwrap();
            assert_eq!(read.text(), text);
            assert_eq!(read.first_by(&log().note_key()), GOOD);
        }
    }

    #[test]
    fn a_key_is_known_by_name_and_id_and_by_nothing_less() {
        let good = log().sign(TEXT.as_bytes());
        assert_eq!(by(&note(&[log().line(&good)]), &log()), [GOOD; 2]);
        let other_name = TestSigner::log("log.example/2", 1).line_with_id(log().id(), &good);
        let other_id = log().line_with_id([0; 4], &good);
        for line in [other_name, other_id] {
            assert_eq!(by(&note(core::slice::from_ref(&line)), &log()), [SignedBy::Absent; 2]);
            assert_eq!(by(&note(&[line, log().line(&good)]), &log()), [GOOD; 2]);
        }
    }

    #[test]
    fn a_name_is_no_pattern() {
        let any = TestSigner::log(".*", 1);
        assert_eq!(by(&note(&[any.signs(TEXT)]), &any), [GOOD; 2]);
        assert_eq!(by(&note(&[any.signs(TEXT)]), &log()), [SignedBy::Absent; 2]);
        assert_eq!(by(&note(&[log().signs(TEXT)]), &any), [SignedBy::Absent; 2]);
    }

    #[test]
    fn of_several_lines_of_a_key_the_first_counts_or_all_do() {
        let (good, bad) = (log().signs(TEXT), log().signs("another\n"));
        let by = |lines: &[&String]| {
            by(&note(&lines.iter().map(|line| (*line).clone()).collect::<Vec<_>>()), &log())
        };
        assert_eq!(by(&[&good, &good]), [GOOD; 2]);
        assert_eq!(by(&[&good, &bad]), [GOOD, SignedBy::Bad]);
        assert_eq!(by(&[&bad, &good]), [SignedBy::Bad; 2]);
        assert_eq!(by(&[&bad]), [SignedBy::Bad; 2]);
    }

    #[test]
    fn a_signature_is_of_its_length() {
        let good = log().sign(TEXT.as_bytes());
        for signature in [&good[..63], &[&good[..], &[0]].concat(), &[0]] {
            assert_eq!(by(&note(&[log().line(signature)]), &log()), [SignedBy::Bad; 2]);
        }
        let cosigned = [&9_u64.to_be_bytes()[..], &good].concat();
        for signature in [&cosigned[..7], &cosigned[..71], &good] {
            assert_eq!(by(&note(&[witness().line(signature)]), &witness()), [SignedBy::Bad; 2]);
        }
    }

    #[test]
    fn a_cosignature_has_a_time_that_is_signed_and_below_two_to_the_63() {
        for time in [0, 1_679_315_147, i64::MAX as u64] {
            let good = SignedBy::Good { time: Some(time) };
            assert_eq!(by(&note(&[witness().cosigns(TEXT, time)]), &witness()), [good; 2]);
        }
        for time in [1 << 63, u64::MAX] {
            assert_eq!(by(&note(&[witness().cosigns(TEXT, time)]), &witness()), [SignedBy::Bad; 2]);
        }
        let signature = witness().sign(format!("cosignature/v1\ntime 9\n{TEXT}").as_bytes());
        for (time, is_good) in [(9_u64, true), (10, false)] {
            let line = witness().line(&[&time.to_be_bytes()[..], &signature].concat());
            assert_eq!(by(&note(&[line]), &witness())[0] != SignedBy::Bad, is_good);
        }
        // A log's signature is none, nor the other way about.
        let as_log = TestSigner::log("witness.example/1", 2);
        assert_eq!(by(&note(&[witness().line(&as_log.sign(TEXT.as_bytes()))]), &witness())[0], SignedBy::Bad);
        assert_eq!(by(&note(&[as_log.line(&signature)]), &as_log)[0], SignedBy::Bad);
    }

    #[test]
    fn a_note_opens_with_a_known_key_and_without_bad_ones() {
        let (log, witness) = (log(), witness());
        let keys = [log.note_key(), witness.note_key()];
        let open = |lines: &[String]| {
            let text = note(lines);
            let opened = SignedNote::parse(&text).unwrap().open(&keys);
            opened.map(|by| {
                by.iter().map(|signer| (signer.key.name().to_string(), signer.time)).collect::<Vec<_>>()
            })
        };
        let (by_log, by_witness) = ((log.name.to_string(), None), (witness.name.to_string(), Some(7)));
        let unknown = TestSigner::log("unknown.example", 3).signs("another\n");
        let signed = log.signs(TEXT);
        assert_eq!(open(&[unknown.clone(), signed.clone()]), Ok([by_log.clone()].to_vec()));
        assert_eq!(
            open(&[witness.cosigns(TEXT, 7), signed.clone()]),
            Ok([by_witness, by_log.clone()].to_vec())
        );
        assert_eq!(open(&[signed.clone(), log.signs("another\n")]), Ok([by_log].to_vec()));
        assert_eq!(open(&[unknown]), Err(NoteError::NoKnownKey));
        let bad = open(&[signed, witness.cosigns("another\n", 7)]).unwrap_err();
        assert_eq!(bad, NoteError::BadSignature { name: witness.name.into() });
        assert!(bad.to_string().contains("\"witness.example/1\""), "{bad}");
        assert_eq!(
            SignedNote::parse(&note(&[log.signs(TEXT)])).unwrap().open([]).unwrap_err(),
            NoteError::NoKnownKey
        );
    }

    #[test]
    fn what_is_no_note_is_refused_with_the_reason() {
        let line = log().signs(TEXT);
        let base64 = line.trim_end().rsplit(' ').next().unwrap();
        for (text, fault) in [
            (String::new(), "empty line"),
            (TEXT.into(), "empty line"),
            (format!("{TEXT}{line}"), "empty line"),
            (format!("{TEXT}\n"), "no signature"),
            (format!("{TEXT}\n{line}\n"), "no signature"),
            (format!("{TEXT}\n{}", line.trim_end()), "end in a newline"),
            (note(&[line.replace('—', "-")]), "em dash"),
            (note(&[line.replace("— ", "—")]), "em dash"),
            (note(&[line.clone(), "x\n".into()]), "line 2"),
            (note(&["— name\n".into()]), "no space"),
            (note(&["—  AAAAAAAA\n".into()]), "no name"),
            (note(&["— a+b AAAAAAAA\n".into()]), "no name"),
            (note(&["— a\u{a0}b AAAAAAAA\n".into()]), "no name"),
            (note(&["— a b AAAAAAAA\n".into()]), "base64"),
            (note(&["— a AAAA\n".into()]), "ID of a key"),
            (note(&["— a AAAAAA==\n".into()]), "no signature after"),
            (note(&["— a AAAAAAE\n".into()]), "base64"),
            (note(&["— a AAAAAAF=\n".into()]), "base64"),
            (note(&[line.replace(base64, &base64.replace('A', "-"))]), "base64"),
            (note(&[line.replace('\n', " \n")]), "base64"),
            (note(&[line.replace('\n', "\r\n")]), "U+000D"),
            (format!("a\tb\n\n{line}"), "U+0009"),
            (format!("a\0\n\n{line}"), "U+0000"),
        ] {
            let refused = SignedNote::parse(&text).unwrap_err().to_string();
            assert!(
                refused.starts_with("malformed signed note: ") && refused.contains(fault),
                "{text:?}: {refused}"
            );
        }
        assert!(SignedNote::parse(&note(&["— a AAAAAAE=\n".into()])).is_ok());
        assert!(SignedNote::parse("\u{7f}\u{85}\n\n— a AAAAAAE=\n").is_ok());
    }

    #[test]
    fn lines_and_bytes_are_limited() {
        let lines = alloc::vec![log().signs(TEXT); MAX_NOTE_SIGNATURES + 1];
        assert!(SignedNote::parse(&note(&lines[1..])).is_ok());
        assert!(SignedNote::parse(&note(&lines)).unwrap_err().to_string().contains("more than 64"));
        let ending = format!("\n\n{}", log().signs(TEXT));
        let of = |bytes: usize| "x".repeat(bytes - ending.len()) + &ending;
        assert!(SignedNote::parse(&of(MAX_NOTE_BYTES)).is_ok());
        assert!(SignedNote::parse(&of(MAX_NOTE_BYTES + 1)).unwrap_err().to_string().contains("longer"));
    }
}
