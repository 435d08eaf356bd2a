//! Logs' trees, notes and checkpoints as other implementations made and judged them.
//!
//! They are read from beside the checkout, or from the directory that `COUNTERMARK_TLOG` names. Those of maps and of subtrees
//! are not run: they are of other proofs.

#![cfg(feature = "sigstore")]

mod common;

use base64ct::{Base64, Encoding};
use countermark::evidence::merkle::{self, Hash};
use countermark::evidence::{Checkpoint, LogKey, NoteError, NoteKey, SignedNote};
use countermark::{Period, Timestamp};
use serde_json::Value;
use std::path::PathBuf;

/// Foreign vectors that are answered differently here, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
    "it has roots of twelve bytes, which no hash is of",
)];

fn file(name: &str) -> Option<Value> {
    let directory: PathBuf = common::elsewhere("COUNTERMARK_TLOG", "tlog")?;
    let path = directory.join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_str(&text).unwrap())
}

fn list(value: &Value) -> &[Value] {
    // Where a proof is empty, some write null.
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    Base64::decode_vec(text(value)).unwrap()
}

fn hash(value: &Value) -> Option<Hash> {
    bytes(value).try_into().ok()
}

fn proof(value: &Value) -> Option<Vec<Hash>> {
    merkle::hashes(list(value).iter().map(bytes)).ok()
}

/// Whether an entry of this index is proven; a hash that is none proves nothing.
fn includes(case: &Value, index: &str, size: &str, leaf: Option<Hash>) -> bool {
    let verify = || {
        let (leaf, proof, root) = (leaf?, proof(&case["proof"])?, hash(&case["root"])?);
        merkle::verify_inclusion(number(&case[index]), number(&case[size]), &leaf, &proof, &root).ok()
    };
    verify().is_some()
}

fn is_consistent(case: &Value) -> bool {
    let verify = || {
        let (root1, root2) = (hash(&case["root1"])?, hash(&case["root2"])?);
        let (size1, size2) = (number(&case["size1"]), number(&case["size2"]));
        merkle::verify_consistency(size1, size2, &root1, &root2, &proof(&case["proof"])?).ok()
    };
    verify().is_some()
}

/// Compares what a file's cases say with what is answered, and says how many ran.
fn run(name: &str, expected: impl Fn(&Value) -> bool, answered: impl Fn(&Value) -> bool) {
    let Some(cases) = file(name) else { return };
    let cases = list(&cases);
    assert!(!cases.is_empty(), "{name}");
    let (mut held, mut excepted) = (0, 0);
    for case in cases {
        let exception = EXCEPTIONS.iter().find(|(path, _)| case["path"] == *path);
        if let Some((path, reason)) = exception {
            assert_ne!(answered(case), expected(case), "{path} is no exception: {reason}");
            println!("{name}: {path} is answered differently: {reason}");
            excepted += 1;
            continue;
        }
        assert_eq!(answered(case), expected(case), "{name}: {case}");
        held += usize::from(expected(case));
    }
    println!("{name}: {} cases, of which {held} hold; {excepted} exceptions", cases.len());
}

#[test]
fn inclusion_of_a_foreign_suite() {
    run(
        "merkle-inclusion.json",
        |case| case["wantErr"] == false,
        |case| includes(case, "leafIdx", "treeSize", hash(&case["leafHash"])),
    );
}

#[test]
fn consistency_of_a_foreign_suite() {
    run("merkle-consistency.json", |case| case["wantErr"] == false, is_consistent);
}

#[test]
fn inclusion_in_trees_of_all_sizes() {
    run(
        "generated-inclusion.json",
        |case| case["valid"] == true,
        |case| includes(case, "leaf_index", "tree_size", hash(&case["leaf_hash"])),
    );
}

#[test]
fn consistency_of_trees_of_all_sizes() {
    run("generated-consistency.json", |case| case["valid"] == true, is_consistent);
}

fn note_keys(case: &Value) -> Vec<NoteKey> {
    let vkeys = list(&case["log_vkeys"]).iter().chain(list(&case["witness_vkeys"]));
    vkeys.map(|vkey| NoteKey::from_vkey(text(vkey)).unwrap()).collect()
}

/// Whether a note opens; if it says who verified it and what its text is, that too.
fn opens(case: &Value) -> bool {
    let Ok(note) = SignedNote::parse(text(&case["note"])) else { return false };
    let keys = note_keys(case);
    let Ok(signers) = note.open(&keys) else { return false };
    let names: Vec<&str> = signers.iter().map(|signer| signer.key.name()).collect();
    if !case["verified_by"].is_null() {
        assert_eq!(names, list(&case["verified_by"]).iter().map(text).collect::<Vec<_>>(), "{case}");
        assert_eq!(note.text(), text(&case["text"]), "{case}");
    }
    signers.iter().all(|signer| signer.time.is_some() == signer.key.is_cosigner())
}

#[test]
fn notes_of_others() {
    run("notes.json", |case| case["opens"] == true, opens);
}

#[test]
fn notes_that_a_foreign_reader_opened_or_did_not() {
    run("generated-notes.json", |case| case["opens"] == true, opens);
}

/// A key of a log of Rekor's second version as notes know it.
fn rekor_key(key: &Value) -> Option<NoteKey> {
    const ED25519: &str = "PKIX_ED25519";
    if key["details"] != ED25519 {
        return None;
    }
    let (spki, period) = (bytes(&key["spki"]), Period::new(Timestamp::from_unix(0, 0).unwrap(), None));
    let log = LogKey::rekor_v2(&format!("https://{}", text(&key["origin"])), &spki, period).unwrap();
    assert_eq!(log.id()[..], bytes(&key["key_id"]), "{key}");
    let id: String = log.id()[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    let public_key = Base64::encode_string(&[&[1], &spki[12..]].concat());
    Some(NoteKey::from_vkey(&format!("{}+{id}+{public_key}", text(&key["origin"]))).unwrap())
}

/// Whether a checkpoint is one, and of a log of which a key of its origin signed it; and the size and root are those of the
/// case.
fn checkpoint_is_good(case: &Value) -> bool {
    let Ok(note) = SignedNote::parse(text(&case["checkpoint"])) else { return false };
    let Ok(checkpoint) = Checkpoint::parse(note.text()) else { return false };
    let keys: Vec<NoteKey> = list(&case["log_keys"]).iter().filter_map(rekor_key).collect();
    let of_origin = keys.iter().filter(|key| key.name() == checkpoint.origin());
    match note.open(of_origin) {
        Ok(_) => {
            assert_eq!(checkpoint.size(), number(&case["tree_size"]), "{case}");
            assert_eq!(Some(*checkpoint.root()), hash(&case["root"]), "{case}");
            true
        }
        Err(NoteError::NoKnownKey | NoteError::BadSignature { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn checkpoints_and_inclusion_of_rekors_second_version() {
    run(
        "rekor-v2.json",
        |case| case["valid"] == true,
        |case| {
            let leaf = merkle::leaf_hash(&bytes(&case["entry"]));
            assert!(includes(case, "leaf_index", "tree_size", Some(leaf)), "{case}");
            checkpoint_is_good(case)
        },
    );
}

/// The root of a tree by RFC 6962, section 2.1, to the letter.
fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => merkle::empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().div_ceil(2).next_power_of_two());
            merkle::node_hash(&root(left), &root(right))
        }
    }
}

#[test]
fn a_foreign_logs_checkpoints_are_of_its_entries() {
    let Some(log) = file("tiled-log.json") else { return };
    let key = NoteKey::from_vkey(text(&log["vkey"])).unwrap();
    let mut leaves = Vec::new();
    for (size, note) in list(&log["checkpoints"]).iter().enumerate() {
        if size > 0 {
            let bundle = bytes(&log["entry_bundles"][format!("tile/entries/000.p/{size}")]);
            leaves = entries(&bundle).into_iter().map(merkle::leaf_hash).collect();
        }
        let note = SignedNote::parse(text(note)).unwrap();
        assert_eq!(note.open([&key]).unwrap().len(), 1);
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        assert_eq!((checkpoint.origin(), checkpoint.size()), ("example.com/log/testdata", size as u64));
        assert_eq!(*checkpoint.root(), root(&leaves), "size {size}");
    }
    println!("tiled-log.json: {} checkpoints", list(&log["checkpoints"]).len());
}

/// The entries of a bundle, each after its length in two bytes (C2SP tlog-tiles).
fn entries(mut bundle: &[u8]) -> Vec<&[u8]> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk() {
        let (entry, rest) = rest.split_at(u16::from_be_bytes(*length).into());
        entries.push(entry);
        bundle = rest;
    }
    entries
}

#[test]
fn a_foreign_logs_roots_are_of_its_entries() {
    let Some(log) = file("generated-log.json") else { return };
    let entries: Vec<Vec<u8>> = list(&log["entries"]).iter().map(bytes).collect();
    let leaves: Vec<Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    for tile in list(&log["tiles"]) {
        let size = usize::try_from(number(&tile["tree_size"])).unwrap();
        assert_eq!(Some(root(&leaves[..size])), hash(&tile["root"]), "size {size}");
    }
    println!("generated-log.json: {} roots", list(&log["tiles"]).len());
}
