//! Trusted roots: what is read is within its limits and counts what another reader of JSON counts, lines are read as single
//! documents are, and a verifier can be made of it.

#![no_main]

use countermark::{MalformedInput, TrustedRoot, Verifier, limits, trusted_roots_from_json_lines};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fn told<T>(result: Result<T, MalformedInput>) -> Option<T> {
    result.map_err(|malformed| assert!(!malformed.to_string().is_empty())).ok()
}

fuzz_target!(|json: &[u8]| {
    let root = told(TrustedRoot::from_json(json));
    let lines = told(trusted_roots_from_json_lines(json));
    if let Some(root) = &root {
        let value: Value = serde_json::from_slice(json).unwrap();
        let count = |member: &str| value[member].as_array().map_or(0, Vec::len);
        assert!(root.certificate_authority_count() <= count("certificateAuthorities"));
        assert!(root.timestamp_authority_count() <= count("timestampAuthorities"));
        assert!(root.log_count() <= count("tlogs") && root.certificate_log_count() <= count("ctlogs"));
        assert!(count("certificateAuthorities") <= limits::MAX_TRUSTED_ROOT_ITEMS);
        let _ = format!("{:?}", Verifier::from_trusted_root(root));
        if let Some(lines) = &lines {
            assert!(lines.len() == 1 || json.trim_ascii().contains(&b'\n'));
        }
    }
    for root in lines.iter().flatten() {
        let _ = Verifier::from_trusted_root(root);
    }
});
