//! Entries as JSON: one object, a JSON array, or JSON Lines.

use crate::limits::{MAX_CLAIMS, MAX_EVIDENCE, MAX_RECORD_FAULTS, MAX_RECORD_JSON_BYTES, MAX_RECORDS};
use crate::malformed::MalformedInput;
use crate::record::entry::{Entry, Evidence, Provenance};
use crate::text::json::{self, Flag, FromMembers, Json, StrictJson, Text, refuse_text};
use crate::text::pem;
use crate::text::quoting::Excerpt;
use crate::timestamp::Timestamp;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::fmt;
use serde_core::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

impl Entry {
    /// Reads one record. A byte order mark before it is ignored.
    ///
    /// Every member has exactly its JSON type; null, a repeated member, an unknown member and a record
    /// without `revoked` are malformed.
    ///
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] says what is wrong and where.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        Self::from_unmarked_json(json::without_mark(json.as_ref()))
    }

    /// The same without a byte order mark.
    fn from_unmarked_json(json: &[u8]) -> Result<Self, MalformedInput> {
        if json.len() > MAX_RECORD_JSON_BYTES {
            return Err(MalformedInput::entry(format!("it is longer than {MAX_RECORD_JSON_BYTES} bytes")));
        }
        // In two steps, so that what the JSON library needed is given back before the certificates are decoded.
        json::from_unmarked::<Columns>(json).map_err(MalformedInput::entry)?.into_entry()
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

/// Reads the records of a log: a JSON array, or JSON Lines (one record a line, blank lines ignored). A byte order mark
/// before it is ignored, and white space is what it is to JSON: spaces, tabs and line breaks.
///
/// One bad record fails the call; [`read_entries`] reads on.
///
/// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
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
/// that error. So it is at the next malformed record after [`MAX_RECORD_FAULTS`] others: the last item says that reading
/// stopped there.
/// **A caller that reads on must treat an error as a record that it could not judge**, not as one
/// that is not there: the record may have been a revocation.
///
/// While it reads a record it takes no more memory than [four times](crate::limits#memory) that record's JSON.
///
/// ```
/// let log = "{\"namespace\": 1}\n{}\n";
/// let results: Vec<_> = countermark::read_entries(log.as_bytes()).collect();
/// assert_eq!(results.len(), 2);
/// assert!(results.iter().all(Result::is_err));
/// ```
#[must_use]
pub fn read_entries(json: &[u8]) -> EntryReader<'_> {
    let rest = json::trim_start(json::without_mark(json));
    let state = match rest {
        [] => State::Done,
        [b'[', 0, ..] => State::Lines(rest),
        [b'[', rest @ ..] => State::ArrayStart(rest),
        _ => State::Lines(rest),
    };
    EntryReader { state, index: 0, faults: 0, is_within_record: false }
}

/// The iterator that [`read_entries`] returns.
#[derive(Clone, Debug)]
pub struct EntryReader<'a> {
    state: State<'a>,
    index: usize,
    faults: usize,
    /// Whether the last line was the beginning of a record that did not end on it.
    is_within_record: bool,
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
        let result = match self.state {
            State::Done => None,
            State::Lines(rest) => self.next_line(rest).map(|line| self.check_count(line)).map(|line| {
                let line = line?;
                Entry::from_unmarked_json(line).map_err(|error| self.explain_line(line, error))
            }),
            State::ArrayStart(rest) | State::ArrayRest(rest) => {
                self.next_of_array(rest).transpose().map(|record| match record {
                    Ok(record) => self.check_count(record).and_then(Entry::from_unmarked_json),
                    Err(fault) => {
                        self.state = State::Done;
                        Err(MalformedInput::entry(fault))
                    }
                })
            }
        }?;
        self.index = index.saturating_add(1);
        let result = result.map_err(|error| {
            self.faults = self.faults.saturating_add(1);
            if self.faults <= MAX_RECORD_FAULTS {
                return error;
            }
            self.state = State::Done;
            too_many_faults()
        });
        Some(result.map_err(|error| error.in_record(index)))
    }
}

/// Says that reading stopped because too many records could not be read.
pub(crate) fn too_many_faults() -> MalformedInput {
    MalformedInput::entry(format!(
        "reading stopped here, for {MAX_RECORD_FAULTS} records before this malformed one are malformed too: what follows was not read and cannot be judged; correct the log, or give it in parts"
    ))
}

impl<'a> EntryReader<'a> {
    /// The record, unless there were too many before it.
    fn check_count(&mut self, record: &'a [u8]) -> Result<&'a [u8], MalformedInput> {
        if self.index < MAX_RECORDS {
            return Ok(record);
        }
        self.state = State::Done;
        Err(MalformedInput::entry(format!("there are more than {MAX_RECORDS} records; split the log")))
    }

    fn next_line(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let next = json::next_line(rest);
        self.state = next.map_or(State::Done, |(_, after)| State::Lines(after));
        next.map(|(line, _)| line)
    }

    /// A malformed line's error, unless the line is a part of a record that goes on over others.
    fn explain_line(&mut self, line: &[u8], error: MalformedInput) -> MalformedInput {
        let begins_record = line.starts_with(b"{");
        let is_part = match serde_json::from_slice::<&RawValue>(line) {
            Err(fault) if fault.is_eof() => begins_record || self.is_within_record,
            _ => self.is_within_record && !begins_record,
        };
        self.is_within_record = is_part;
        if is_part {
            MalformedInput::entry(
                "this record is not on one line, as JSON Lines want it, or it is cut off: write it on one line, or give a JSON array",
            )
        } else {
            error
        }
    }

    /// The next record of the array, `None` at its end, or what is wrong with the array.
    fn next_of_array(&mut self, rest: &'a [u8]) -> Result<Option<&'a [u8]>, String> {
        let mut rest = json::trim_start(rest);
        if let Some(after) = rest.strip_prefix(b"]") {
            self.state = State::Done;
            return match json::trim_start(after) {
                [] => Ok(None),
                [0x0C, ..] => Err("there is a form feed after the array; take it out".to_string()),
                _ => Err("there is something after the array".to_string()),
            };
        }
        if matches!(self.state, State::ArrayRest(_)) && !rest.is_empty() {
            rest = rest.strip_prefix(b",").ok_or("expected `,` or `]` after a record of the array")?;
        }
        let no_end = || match self.index.checked_sub(1) {
            Some(last) => format!("the array has no end: it is cut off after record {last}"),
            None => "the array has no end: it is cut off before its first record".to_string(),
        };
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
        let record = match values.next() {
            Some(Ok(record)) => record.get().as_bytes(),
            Some(Err(error)) if error.is_eof() => {
                return Err(format!("the array has no end: it is cut off within this record: {error}"));
            }
            Some(Err(error)) => return Err(format!("the array is no JSON from here on: {error}")),
            None => return Err(no_end()),
        };
        self.state = State::ArrayRest(rest.get(values.byte_offset()..).unwrap_or_default());
        Ok(Some(record))
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let columns: Columns = json::deserialize_object(deserializer)?;
        columns.into_entry().map_err(|malformed| D::Error::custom(malformed.detail()))
    }
}

/// A record's members as JSON has them.
struct Columns {
    namespace: String,
    artifact_name: String,
    signature: String,
    certificate: String,
    timestamp: String,
    provenance: Option<Claims>,
    revoked: bool,
    blocklisted: bool,
    evidence: Option<EvidenceItems>,
}

impl Columns {
    fn into_entry(self) -> Result<Entry, MalformedInput> {
        let Self { namespace, artifact_name, signature, certificate, timestamp, .. } = self;
        let mut entry =
            Entry::from_texts(namespace, artifact_name, &signature, &certificate, &timestamp, self.revoked)?
                .with_blocklisted(self.blocklisted);
        if let Some(Claims(claims)) = self.provenance {
            entry = entry.with_provenance(claims)?;
        }
        match self.evidence {
            Some(EvidenceItems(items)) => entry.with_evidence(items),
            None => Ok(entry),
        }
    }
}

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

impl<'de> FromMembers<'de> for Columns {
    const EXPECTED: &'static str = "an object with a record's members";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut namespace: Option<String> = None;
        let mut artifact_name: Option<String> = None;
        let mut signature: Option<String> = None;
        let mut certificate: Option<String> = None;
        let mut timestamp: Option<String> = None;
        let mut provenance: Option<Claims> = None;
        let mut revoked: Option<Flag> = None;
        let mut blocklisted: Option<Flag> = None;
        let mut evidence: Option<EvidenceItems> = None;
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let (name, members) = (name.as_str(), &mut members);
            match name {
                "namespace" => json::set(&mut namespace, name, members)?,
                "artifact_name" => json::set(&mut artifact_name, name, members)?,
                "signature" => json::set(&mut signature, name, members)?,
                "certificate" => json::set(&mut certificate, name, members)?,
                "timestamp" => json::set(&mut timestamp, name, members)?,
                "provenance" => json::set(&mut provenance, name, members)?,
                "revoked" => json::set(&mut revoked, name, members)?,
                "blocklisted" => json::set(&mut blocklisted, name, members)?,
                "evidence" => json::set(&mut evidence, name, members)?,
                "list" | "spec" | "tenant_meta" => {
                    return Err(A::Error::custom(format!(
                        "unknown member {name:?}; records of the Endor Labs API have a reader of their own"
                    )));
                }
                _ => return Err(json::unknown(name)),
            }
        }
        Ok(Self {
            namespace: json::required(namespace, "namespace")?,
            artifact_name: json::required(artifact_name, "artifact_name")?,
            signature: json::required(signature, "signature")?,
            certificate: json::required(certificate, "certificate")?,
            timestamp: json::required(timestamp, "timestamp")?,
            provenance,
            revoked: json::required(revoked, "revoked")?.0,
            blocklisted: blocklisted.is_some_and(|flag| flag.0),
            evidence,
        })
    }
}

/// The members of a provenance, in the order given.
struct Claims(Vec<(String, String)>);

impl<'de> FromMembers<'de> for Claims {
    const EXPECTED: &'static str = "an object";

    fn from_members<A: MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
        let mut claims: Vec<(String, String)> = Vec::new();
        while let Some(name) = members.next_key::<Text<'de>>()? {
            let name = name.as_str();
            if claims.len() >= MAX_CLAIMS {
                return Err(A::Error::custom(format!("there are more than {MAX_CLAIMS} claims")));
            }
            if claims.iter().any(|(earlier, _)| earlier == name) {
                return Err(json::repeated(name));
            }
            let text = members
                .next_value()
                .map_err(|error| A::Error::custom(format!("{}: {error}", Excerpt(name))))?;
            claims.push((name.to_string(), text));
        }
        Ok(Self(claims))
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json::deserialize_object(deserializer)
    }
}

/// The items of `evidence`, no more of them than there may be.
struct EvidenceItems(Vec<Evidence>);

impl<'de> Deserialize<'de> for EvidenceItems {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemsVisitor;

        impl<'de> Visitor<'de> for ItemsVisitor {
            type Value = EvidenceItems;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of objects")
            }

            refuse_text!();

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<EvidenceItems, A::Error> {
                let mut evidence = Vec::new();
                while let Some(item) = items.next_element()? {
                    if evidence.len() >= MAX_EVIDENCE {
                        return Err(A::Error::custom(format!("there are more than {MAX_EVIDENCE} items")));
                    }
                    evidence.push(item);
                }
                Ok(EvidenceItems(evidence))
            }
        }

        deserializer.deserialize_any(ItemsVisitor)
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The entry and its array are around it.
        const OUTER: usize = 2;

        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let evidence = StrictJson::new(Json::of(&raw), OUTER).and_then(|json| Self::new(&json));
        evidence.map_err(D::Error::custom)
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
            map.serialize_entry("provenance", &self.provenance())?;
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

impl Serialize for Provenance<'_> {
    /// An object of the claims' names and texts.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for Evidence {
    /// Writes the object that it is.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(self.json()).map_err(S::Error::custom)?.serialize(serializer)
    }
}
