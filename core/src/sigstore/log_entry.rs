//! A log's entry as a bundle brings it, and its signed entry timestamp.

use crate::text::hex;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

/// A log's entry as a bundle brings it. Well-formed, and nothing of it verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogEntry {
    /// The index in the whole log, of all of its shards.
    pub(crate) log_index: u64,
    /// The log's ID, whatever its length.
    pub(crate) log_id: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) version: String,
    /// Seconds since 1970, if there are any; nothing vouches for them without the promise.
    pub(crate) integrated_time: Option<u64>,
    /// The signed entry timestamp of a log of Rekor's first version.
    pub(crate) inclusion_promise: Option<Vec<u8>>,
    pub(crate) inclusion_proof: Option<InclusionProof>,
    /// The bytes that the log has.
    pub(crate) canonicalized_body: Vec<u8>,
}

/// A proof that an entry is in a log. What is said beside the checkpoint is a copy that nothing vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InclusionProof {
    /// The index in the shard.
    pub(crate) log_index: u64,
    pub(crate) root_hash: Vec<u8>,
    pub(crate) tree_size: u64,
    /// Each of 32 bytes, and as many as there may be; or else the last is the first that is not so, and proves nothing.
    pub(crate) hashes: Vec<Vec<u8>>,
    /// A signed note.
    pub(crate) checkpoint: Option<String>,
}

impl LogEntry {
    /// What a signed entry timestamp is over: JSON as RFC 8785 writes it. Nothing in it needs an escape. `None` if
    /// nothing is said of the time.
    pub(crate) fn set_text(&self) -> Option<Vec<u8>> {
        let body = Base64::encode_string(&self.canonicalized_body);
        let time = self.integrated_time?;
        let log_id = hex::encode(&self.log_id);
        let index = self.log_index;
        let text =
            format!(r#"{{"body":"{body}","integratedTime":{time},"logID":"{log_id}","logIndex":{index}}}"#);
        Some(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::crypto::{AuthorityKey, SignatureAlgorithm, sha256};
    use crate::sigstore::bundle::Bundle;
    use crate::sigstore::collection;
    use crate::x509::public_key::PublicKeyInfo;
    use serde_json::Value;
    use std::println;

    #[test]
    fn the_text_of_a_set_is_canonical_json() {
        let mut entry = LogEntry {
            log_index: 18_446_744_073_709_551_615,
            log_id: (0xF8..=0xFF).chain(0..24).collect(),
            kind: String::from("dsse"),
            version: String::from("0.0.1"),
            integrated_time: Some(0),
            inclusion_promise: None,
            inclusion_proof: None,
            canonicalized_body: b"{\"?>\"}".to_vec(),
        };
        let text = r#"{"body":"eyI/PiJ9","integratedTime":0,"logID":"f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f1011121314151617","logIndex":18446744073709551615}"#;
        assert_eq!(entry.set_text().unwrap(), text.as_bytes());
        entry.canonicalized_body.pop();
        assert!(entry.set_text().unwrap().starts_with(br#"{"body":"eyI/PiI=","#));
        entry.integrated_time = None;
        assert_eq!(entry.set_text(), None);
    }

    #[test]
    fn the_logs_of_a_trusted_root_signed_the_text_of_good_entries_and_no_other() {
        let mut count = 0;
        for case in collection::good_cases() {
            let root: Value = serde_json::from_slice(&case.file("trusted_root")).unwrap();
            let logs = root["tlogs"].as_array().cloned().unwrap_or_default();
            let keys =
                logs.iter().filter_map(|log| Base64::decode_vec(log["publicKey"]["rawBytes"].as_str()?).ok());
            let keys: Vec<_> = keys.collect();
            for entry in Bundle::from_json(case.file("bundle")).unwrap().log_entries {
                let Some(signature) = entry.inclusion_promise.clone() else { continue };
                let key = keys
                    .iter()
                    .find(|key| sha256(key)[..] == entry.log_id)
                    .unwrap_or_else(|| panic!("{}", case.id()));
                let key = AuthorityKey::for_evidence(&PublicKeyInfo::from_der(key).unwrap()).unwrap();
                let is_signed = |entry: &LogEntry| {
                    let algorithm = SignatureAlgorithm::EcdsaP256Sha256;
                    let text = entry.set_text().unwrap();
                    key.verifies_by(algorithm, &text, &signature, SignatureAlgorithm::DEFAULT)
                };
                assert!(is_signed(&entry), "{}", case.id());
                let other = |alter: &dyn Fn(&mut LogEntry)| {
                    let mut other = entry.clone();
                    alter(&mut other);
                    other
                };
                assert!(!is_signed(&other(&|entry| entry.log_index += 1)), "{}", case.id());
                assert!(!is_signed(&other(&|entry| entry.log_id[31] ^= 1)), "{}", case.id());
                assert!(!is_signed(&other(&|entry| entry.integrated_time = Some(1))), "{}", case.id());
                assert!(!is_signed(&other(&|entry| entry.canonicalized_body.push(b' '))), "{}", case.id());
                count += 1;
            }
        }
        println!("{count} signed entry timestamps");
    }
}
