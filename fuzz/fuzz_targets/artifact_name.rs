//! Artifact names: exactly those that a plain reading of the rule allows.

#![no_main]

use countermark::{ArtifactName, Message};
use libfuzzer_sys::fuzz_target;

/// `name@sha256:` and 64 lowercase hex digits, at most 1,024 bytes; the name of visible ASCII without `@`, and without
/// `:` in its last segment.
fn is_well_formed(text: &str) -> bool {
    let mut halves = text.split('@');
    let (Some(name), Some(digest), None) = (halves.next(), halves.next(), halves.next()) else {
        return false;
    };
    let last = name.rsplit('/').next().unwrap();
    let hex = digest.strip_prefix("sha256:").unwrap_or_default();
    text.len() <= 1024
        && !name.is_empty()
        && name.bytes().all(|byte| (0x21..=0x7E).contains(&byte))
        && !last.contains(':')
        && hex.len() == 64
        && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fuzz_target!(|text: &str| {
    match text.parse::<ArtifactName>() {
        Ok(name) => {
            assert!(is_well_formed(text), "{text:?} was accepted");
            assert_eq!(name.as_str(), text);
            assert_eq!(format!("{}@sha256:{}", name.name(), name.digest()), text);
        }
        Err(malformed) => {
            assert!(!is_well_formed(text), "{text:?} was refused");
            assert!(!malformed.to_string().is_empty());
        }
    }
    assert_eq!(Message::new(text.as_bytes()).is_err(), is_well_formed(text));
});
