//! Entries as JSON: one object, a JSON array, or JSON Lines.

use crate::entry::{Entry, Evidence};
use crate::json::{self, FromMembers, Members, StrictValue};
use crate::limits::{MAX_RECORD_JSON_BYTES, MAX_RECORDS};
use crate::malformed::MalformedInput;
use crate::pem;
use crate::timestamp::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

impl Entry {
    /// Reads one record.
    ///
    /// Every member has exactly its JSON type; null, a repeated member, an unknown member and a record
    /// without `revoked` are malformed.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] says what is wrong and where.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        let json = json.as_ref();
        if json.len() > MAX_RECORD_JSON_BYTES {
            return Err(MalformedInput::entry(format!("it is longer than {MAX_RECORD_JSON_BYTES} bytes")));
        }
        json::from_slice(json).map_err(MalformedInput::entry)
    }

    /// An entry from its required parts as JSON writes them: the signature in base64, the certificates in
    /// PEM, the time in RFC 3339.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] says which part is malformed.
    pub fn from_texts(
        namespace: impl Into<String>,
        artifact_name: impl Into<String>,
        signature: &str,
        certificate: &str,
        timestamp: &str,
        revoked: bool,
    ) -> Result<Self, MalformedInput> {
        let signature = Self::signature_from_base64(signature)?;
        let certificates = Self::certificates_from_pem(certificate)?;
        let timestamp: Timestamp =
            timestamp.parse().map_err(|error| MalformedInput::entry(format!("`timestamp` is {error}")))?;
        Self::new(namespace, artifact_name, signature, certificates, timestamp, revoked)
    }
}

/// Reads the records of a log: a JSON array, or JSON Lines (one record a line, blank lines ignored).
///
/// One bad record fails the call; [`read_entries`] reads on.
///
/// # Errors
///
/// [`MalformedInput::Entry`] for the first bad record.
///
/// ```
/// let entries = countermark::entries_from_json("[]")?;
/// assert!(entries.is_empty());
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
pub fn entries_from_json(json: impl AsRef<[u8]>) -> Result<Vec<Entry>, MalformedInput> {
    read_entries(json.as_ref()).collect()
}

/// Reads the records of a log one by one: a JSON array, or JSON Lines. A record that is malformed yields its
/// error, and the records after it are still read, so that one bad record does not hide the others.
///
/// In an array that is no JSON any further, nothing can be told apart after that point: the last item is then
/// that error. **A caller that reads on must treat an error as a record that it could not judge**, not as one
/// that is not there: the record may have been a revocation.
///
/// ```
/// let log = "{\"namespace\": 1}\n{}\n";
/// let results: Vec<_> = countermark::read_entries(log.as_bytes()).collect();
/// assert_eq!(results.len(), 2);
/// assert!(results.iter().all(Result::is_err));
/// ```
#[must_use]
pub fn read_entries(json: &[u8]) -> EntryReader<'_> {
    let rest = json.trim_ascii_start();
    let state = match rest.strip_prefix(b"[") {
        Some(rest) => State::ArrayStart(rest),
        None => State::Lines(rest),
    };
    EntryReader { state, index: 0 }
}

/// The iterator that [`read_entries`] returns.
#[derive(Clone, Debug)]
pub struct EntryReader<'a> {
    state: State<'a>,
    index: usize,
}

/// Where the reader is, with what is left to read.
#[derive(Clone, Debug)]
enum State<'a> {
    Lines(&'a [u8]),
    /// After `[`.
    ArrayStart(&'a [u8]),
    /// After a record of the array.
    ArrayRest(&'a [u8]),
    Done,
}

impl Iterator for EntryReader<'_> {
    type Item = Result<Entry, MalformedInput>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = self.index;
        let record = match self.state {
            State::Done => None,
            State::Lines(rest) => self.next_line(rest).map(Ok),
            State::ArrayStart(rest) | State::ArrayRest(rest) => self.next_of_array(rest).transpose(),
        };
        let result = match record? {
            Ok(_) if index >= MAX_RECORDS => {
                self.state = State::Done;
                Err(MalformedInput::entry(format!(
                    "there are more than {MAX_RECORDS} records; split the log"
                )))
            }
            Ok(record) => Entry::from_json(record),
            Err(fault) => {
                self.state = State::Done;
                Err(MalformedInput::entry(fault))
            }
        };
        self.index = index.saturating_add(1);
        Some(result.map_err(|error| error.in_record(index)))
    }
}

impl<'a> EntryReader<'a> {
    fn next_line(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = match end.and_then(|end| rest.split_at_checked(end)) {
                Some((line, after)) => (line, after.get(1..).unwrap_or_default()),
                None => (rest, &[][..]),
            };
            rest = after;
            let line = line.trim_ascii();
            if !line.is_empty() {
                self.state = State::Lines(rest);
                return Some(line);
            }
        }
        self.state = State::Done;
        None
    }

    /// The next record of the array, `None` at its end, or what is wrong with the array.
    fn next_of_array(&mut self, rest: &'a [u8]) -> Result<Option<&'a [u8]>, String> {
        let mut rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b"]") {
            self.state = State::Done;
            return match after.trim_ascii_start() {
                [] => Ok(None),
                _ => Err("there is something after the array".to_string()),
            };
        }
        if matches!(self.state, State::ArrayRest(_)) {
            rest = rest.strip_prefix(b",").ok_or("expected `,` or `]` after a record of the array")?;
        }
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
        let record = match values.next() {
            Some(Ok(record)) => record.get().as_bytes(),
            Some(Err(error)) => return Err(format!("the array is no JSON from here on: {error}")),
            None => return Err("the array has no end".to_string()),
        };
        self.state = State::ArrayRest(rest.get(values.byte_offset()..).unwrap_or_default());
        Ok(Some(record))
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Entry {
    const EXPECTED: &'static str = "an object with a record's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut namespace: Option<String> = None;
        let mut artifact_name: Option<String> = None;
        let mut signature: Option<String> = None;
        let mut certificate: Option<String> = None;
        let mut timestamp: Option<String> = None;
        let mut provenance: Option<Members<String>> = None;
        let mut revoked: Option<bool> = None;
        let mut blocklisted: Option<bool> = None;
        let mut evidence: Option<Vec<Evidence>> = None;
        while let Some(name) = members.next_key::<String>()? {
            let members = &mut members;
            match name.as_str() {
                "namespace" => json::set(&mut namespace, &name, members)?,
                "artifact_name" => json::set(&mut artifact_name, &name, members)?,
                "signature" => json::set(&mut signature, &name, members)?,
                "certificate" => json::set(&mut certificate, &name, members)?,
                "timestamp" => json::set(&mut timestamp, &name, members)?,
                "provenance" => json::set(&mut provenance, &name, members)?,
                "revoked" => json::set(&mut revoked, &name, members)?,
                "blocklisted" => json::set(&mut blocklisted, &name, members)?,
                "evidence" => json::set(&mut evidence, &name, members)?,
                _ => return Err(json::unknown(&name)),
            }
        }
        let entry = Self::from_texts(
            json::required::<String, _>(namespace, "namespace")?,
            json::required::<String, _>(artifact_name, "artifact_name")?,
            &json::required(signature, "signature")?,
            &json::required(certificate, "certificate")?,
            &json::required(timestamp, "timestamp")?,
            json::required(revoked, "revoked")?,
        );
        entry
            .and_then(|entry| entry.with_provenance(provenance.map(|members| members.0).unwrap_or_default()))
            .and_then(|entry| entry.with_evidence(evidence.unwrap_or_default()))
            .map(|entry| entry.with_blocklisted(blocklisted.unwrap_or(false)))
            .map_err(|malformed| A::Error::custom(malformed.detail()))
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members(members) = Members::<StrictValue>::deserialize(deserializer)?;
        let mut kind = None;
        let mut others = serde_json::Map::new();
        for (name, StrictValue(value)) in members {
            match (name.as_str(), value) {
                ("kind", Value::String(text)) => kind = Some(text),
                ("kind", _) => return Err(D::Error::custom("`kind` is no text")),
                (_, value) => {
                    others.insert(name, value);
                }
            }
        }
        Ok(Self { kind: json::required(kind, "kind")?, members: others })
    }
}

impl Serialize for Entry {
    /// Writes the record as [`Entry::from_json`] reads it, without members that are empty or false by
    /// default.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("namespace", self.namespace())?;
        map.serialize_entry("artifact_name", self.artifact_name())?;
        map.serialize_entry("signature", &Base64::encode_string(self.signature()))?;
        let certificates = self.certificates().iter().map(Vec::as_slice);
        map.serialize_entry("certificate", &pem::from_certificates(certificates))?;
        map.serialize_entry("timestamp", &self.timestamp().to_string())?;
        if !self.provenance().is_empty() {
            map.serialize_entry("provenance", &Provenance(self.provenance()))?;
        }
        map.serialize_entry("revoked", &self.revoked())?;
        if self.blocklisted() {
            map.serialize_entry("blocklisted", &true)?;
        }
        if !self.evidence().is_empty() {
            map.serialize_entry("evidence", self.evidence())?;
        }
        map.end()
    }
}

struct Provenance<'a>(&'a [(String, String)]);

impl Serialize for Provenance<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", &self.kind)?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
