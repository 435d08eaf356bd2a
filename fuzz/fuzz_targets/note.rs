//! Signed notes, checkpoints and proofs of entries: what is read says what a plain reading says, and what is believed is what
//! the key signed.

#![no_main]

use arbitrary::Arbitrary;
use base64ct::{Base64, Encoding};
use countermark::evidence::merkle::{self, Hash};
use countermark::evidence::{Checkpoint, LogProof, NoteKey, SignedBy, SignedNote};
use countermark_fuzz::common::certificates::Key;
use countermark_fuzz::edit::Edit;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Raw {
        note: &'a str,
        vkey: &'a str,
    },
    /// A text that the key signs, with lines of others, and then changed.
    Signed {
        text: &'a str,
        before: &'a str,
        after: &'a str,
        edits: Vec<Edit<'a>>,
    },
    /// A good proof, changed.
    Proof {
        extra: Option<&'a [u8]>,
        edits: Vec<Edit<'a>>,
    },
}

const ORIGIN: &str = "log.example/1";
const INDEX: u64 = 4;

static KEY: LazyLock<Key> = LazyLock::new(|| Key::p256(33));

static VKEY: LazyLock<[NoteKey; 1]> = LazyLock::new(|| {
    let public_key = KEY.public_key_info();
    let id: String = Sha256::digest(&public_key)[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let key = Base64::encode_string(&[&[2][..], &public_key].concat());
    [NoteKey::from_vkey(&format!("{ORIGIN}+{id}+{key}")).unwrap()]
});

/// The last of five entries, and what stands for the four before it.
static LEAF: LazyLock<Hash> = LazyLock::new(|| merkle::leaf_hash(b"entry"));
static OTHERS: Hash = [7; 32];

fn signed_line(text: &str) -> String {
    let id = &Sha256::digest(KEY.public_key_info())[..4];
    let signature = KEY.sign_sha256(text.as_bytes());
    format!("\u{2014} {ORIGIN} {}\n", Base64::encode_string(&[id, &signature].concat()))
}

fn checkpoint() -> String {
    let root = Base64::encode_string(&merkle::node_hash(&OTHERS, &LEAF));
    format!("{ORIGIN}\n5\n{root}\n")
}

fn changed(text: String, edits: &[Edit<'_>]) -> Option<String> {
    let mut bytes = text.into_bytes();
    edits.iter().take(4).for_each(|edit| edit.apply(&mut bytes));
    String::from_utf8(bytes).ok()
}

fn check_note(text: &str) -> Option<SignedNote<'_>> {
    let note = match SignedNote::parse(text) {
        Ok(note) => note,
        Err(malformed) => {
            assert!(!malformed.to_string().is_empty());
            return None;
        }
    };
    assert!(note.text().ends_with('\n'));
    let lines = text.strip_prefix(note.text()).unwrap().strip_prefix('\n').unwrap();
    assert!(!lines.is_empty() && lines.ends_with('\n') && !lines.contains("\n\n"));
    assert!(lines.lines().all(|line| line.starts_with("\u{2014} ")));
    assert!(text.chars().all(|character| character >= ' ' || character == '\n'));
    check_checkpoint(note.text());
    Some(note)
}

fn check_checkpoint(text: &str) {
    let Ok(checkpoint) = Checkpoint::parse(text) else { return };
    let root = Base64::encode_string(checkpoint.root());
    let extensions: String = checkpoint.extensions().map(|line| format!("{line}\n")).collect();
    let written = format!("{}\n{}\n{root}\n{extensions}", checkpoint.origin(), checkpoint.size());
    assert_eq!(text, written);
}

/// What is believed was signed.
fn check_signed(note: &SignedNote<'_>, signed: &str) {
    let opened = note.open(&*VKEY);
    if let Ok(signers) = &opened {
        assert_eq!((note.text(), signers.len()), (signed, 1));
        assert!(signers.iter().all(|signer| signer.time.is_none()));
    }
    let (first, all) = (note.first_by(&VKEY[0]), note.all_by(&VKEY[0]));
    assert_eq!(opened.is_ok(), matches!(first, SignedBy::Good { .. }));
    assert!(!matches!(all, SignedBy::Good { .. }) || opened.is_ok());
}

fuzz_target!(|input: Input<'_>| match input {
    Input::Raw { note, vkey } => {
        let note = check_note(note);
        if let Ok(key) = NoteKey::from_vkey(vkey) {
            assert!(vkey.starts_with(&format!("{}+", key.name())));
            // Nobody's signatures are at hand for a key that was made up.
            if let Some(note) = note.as_ref().filter(|_| key.public_key() != KEY.public_key_info()) {
                let _ = (note.first_by(&key), note.all_by(&key), note.open([&key]).is_ok());
            }
        }
    }
    Input::Signed { text, before, after, edits } => {
        let signed = format!("{text}\n");
        let note = format!("{signed}\n{before}{}{after}", signed_line(&signed));
        let Some(note) = changed(note, &edits) else { return };
        if let Some(note) = check_note(&note) {
            check_signed(&note, &signed);
        }
    }
    Input::Proof { extra, edits } => {
        let extra =
            extra.map_or_else(String::new, |extra| format!("extra {}\n", Base64::encode_string(extra)));
        let (checkpoint, others) = (checkpoint(), Base64::encode_string(&OTHERS));
        let proof = format!(
            "c2sp.org/tlog-proof@v1\n{extra}index {INDEX}\n{others}\n\n{checkpoint}\n{}",
            signed_line(&checkpoint)
        );
        let Some(text) = changed(proof, &edits) else { return };
        match LogProof::parse(&text) {
            Ok(proof) => {
                check_signed(proof.note(), &checkpoint);
                let verified = proof.verify(&LEAF, ORIGIN, &*VKEY, &[]);
                if verified.is_ok() {
                    assert_eq!((proof.index(), proof.hashes()), (INDEX, &[OTHERS][..]));
                    assert_eq!(proof.note().text(), checkpoint);
                }
                assert!(verified.is_ok() || !edits.is_empty());
            }
            Err(malformed) => assert!(!malformed.to_string().is_empty() && !edits.is_empty()),
        }
    }
});
