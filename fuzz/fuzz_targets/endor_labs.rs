//! Records of the Endor Labs API: its two readers agree, what is read is an entry that can be written and read, and to
//! say that absent means not revoked changes nothing about records that say.

#![no_main]

use countermark::{EndorLabs, Entry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let lenient = EndorLabs::new().absent_revoked_means_false().read_entries(json);
    let results = EndorLabs::new().read_entries(json);
    let strict = EndorLabs::new().entries_from_json(json);
    let Ok(results) = results else {
        assert!(strict.is_err() && lenient.is_err());
        return;
    };
    assert_eq!(results.iter().cloned().collect::<Result<Vec<_>, _>>(), strict);
    for (result, lenient) in results.iter().zip(lenient.unwrap()) {
        match (result, lenient) {
            (Ok(entry), lenient) => assert_eq!(Ok(entry), lenient.as_ref()),
            (Err(_), Ok(entry)) => assert!(!entry.revoked()),
            (Err(_), Err(_)) => {}
        }
    }
    for entry in results.iter().flatten() {
        assert_eq!(Entry::from_json(serde_json::to_string(entry).unwrap()).as_ref(), Ok(entry));
    }
});
