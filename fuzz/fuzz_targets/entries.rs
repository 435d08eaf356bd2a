//! Entries as JSON: the strict reader and the one that reads record by record agree, and what is read is read the same
//! after it was written.

#![no_main]

use countermark::{Entry, EntryRef, entries_from_json, read_entries};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let results: Vec<_> = read_entries(json).collect();
    let strict = entries_from_json(json);
    match results.iter().find_map(|result| result.as_ref().err()) {
        Some(first) => assert_eq!(strict.as_ref(), Err(first)),
        None => assert_eq!(strict.as_deref(), Ok(&results.iter().flatten().cloned().collect::<Vec<_>>()[..])),
    }
    for entry in results.iter().flatten() {
        let written = serde_json::to_string(entry).unwrap();
        assert_eq!(Entry::from_json(&written).as_ref(), Ok(entry));
        let copy = EntryRef::from(entry).to_entry().with_evidence(entry.evidence().to_vec()).unwrap();
        assert_eq!(&copy, entry);
    }
    for malformed in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(!malformed.to_string().is_empty());
    }
    if let Ok(entry) = Entry::from_json(json) {
        // One object is a log of one line, unless it is written over several.
        assert!(json.trim_ascii().contains(&b'\n') || strict == Ok(vec![entry]));
    }
});
