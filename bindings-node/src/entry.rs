//! Entries, and reading them.

use crate::refusal::{Refusal, Refused, guarded, guarded_text};
use countermark::{Code, EndorLabs, Evidence};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use std::sync::Arc;

/// A record's columns.
#[napi(object, object_to_js = false)]
pub struct Columns {
    /// The tenant's namespace.
    pub namespace: String,
    /// The artifact name.
    pub artifact_name: String,
    /// Base64 or DER.
    pub signature: Either<String, Uint8Array>,
    /// PEM, or DER of each, the leaf first.
    pub certificate: Either<String, Vec<Uint8Array>>,
    /// RFC 3339.
    pub timestamp: String,
    /// Whether the signature was revoked.
    pub revoked: bool,
    /// Whether the log blocks the artifact.
    pub blocklisted: bool,
    /// Names and texts, in turn.
    pub provenance: Vec<String>,
    /// A JSON array.
    pub evidence: String,
}

impl std::fmt::Debug for Columns {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Columns").field("artifact_name", &self.artifact_name).finish_non_exhaustive()
    }
}

pub(crate) fn signature_der(signature: Either<String, Uint8Array>) -> Result<Vec<u8>, Refusal> {
    match signature {
        Either::A(base64) => Ok(countermark::Entry::signature_from_base64(&base64)?),
        Either::B(der) => Ok(der.to_vec()),
    }
}

pub(crate) fn certificates_der(
    certificate: Either<String, Vec<Uint8Array>>,
) -> Result<Vec<Vec<u8>>, Refusal> {
    match certificate {
        Either::A(pem) => Ok(countermark::Entry::certificates_from_pem(&pem)?),
        Either::B(certificates) => Ok(certificates.iter().map(|der| der.to_vec()).collect()),
    }
}

pub(crate) fn timestamp(text: &str, what: &str, code: Code) -> Result<countermark::Timestamp, Refusal> {
    text.parse().map_err(|error| Refusal::malformed(code, &format!("`{what}` is {error}")))
}

fn entry_of(columns: Columns) -> Result<Entry, Refusal> {
    let mut entry = countermark::Entry::new(
        columns.namespace,
        columns.artifact_name,
        signature_der(columns.signature)?,
        certificates_der(columns.certificate)?,
        timestamp(&columns.timestamp, "timestamp", Code::MalformedEntry)?,
        columns.revoked,
    )?
    .with_blocklisted(columns.blocklisted);
    let mut texts = columns.provenance.into_iter();
    let mut claims = Vec::new();
    while let (Some(name), Some(text)) = (texts.next(), texts.next()) {
        claims.push((name, text));
    }
    if !claims.is_empty() {
        entry = entry.with_provenance(claims)?;
    }
    let evidence: Vec<Evidence> = serde_json::from_str(&columns.evidence)
        .map_err(|error| Refusal::malformed(Code::MalformedEntry, &format!("`evidence`: {error}")))?;
    Ok(entry.with_evidence(evidence)?.into())
}

/// One record of a signing event; untrusted until verified.
#[napi]
#[derive(Debug)]
pub struct Entry(pub(crate) Arc<countermark::Entry>);

impl From<countermark::Entry> for Entry {
    fn from(entry: countermark::Entry) -> Self {
        Self(Arc::new(entry))
    }
}

#[napi]
impl Entry {
    /// The tenant's namespace.
    #[napi(getter, catch_unwind)]
    pub fn namespace(&self) -> &str {
        self.0.namespace()
    }

    /// The artifact name as the record has it.
    #[napi(getter, catch_unwind)]
    pub fn artifact_name(&self) -> &str {
        self.0.artifact_name()
    }

    /// The signature's DER.
    #[napi(getter, catch_unwind)]
    pub fn signature(&self) -> Uint8Array {
        Uint8Array::with_data_copied(self.0.signature())
    }

    /// The certificates in DER, the leaf first.
    #[napi(getter, catch_unwind)]
    pub fn certificates(&self) -> Vec<Uint8Array> {
        self.0.certificates().iter().map(Uint8Array::with_data_copied).collect()
    }

    /// When the signature was made, by the log's word.
    #[napi(getter, catch_unwind)]
    pub fn timestamp(&self) -> String {
        self.0.timestamp().to_string()
    }

    /// The recorded claims: names and texts, in turn.
    #[napi(getter, catch_unwind)]
    pub fn provenance(&self) -> Vec<&str> {
        self.0.provenance().iter().flat_map(|(name, text)| [name, text]).collect()
    }

    /// Whether the signature was revoked.
    #[napi(getter, catch_unwind)]
    pub fn revoked(&self) -> bool {
        self.0.revoked()
    }

    /// Whether the log blocks the artifact.
    #[napi(getter, catch_unwind)]
    pub fn blocklisted(&self) -> bool {
        self.0.blocklisted()
    }

    /// The evidence beside the record, as a JSON array.
    #[napi(catch_unwind)]
    pub fn evidence(&self) -> String {
        guarded_text(|| Ok(serde_json::to_string(self.0.evidence())?))
    }

    /// The record as JSON.
    #[napi(catch_unwind)]
    pub fn json(&self) -> String {
        guarded_text(|| Ok(serde_json::to_string(self.0.as_ref())?))
    }
}

/// Makes an entry of a record's columns.
#[napi(catch_unwind)]
pub fn entry(columns: Columns) -> Either<Entry, Refused> {
    guarded(|| entry_of(columns))
}

/// JSON, as text or as bytes.
#[napi]
pub type Json = Either<String, Uint8Array>;

pub(crate) fn json_bytes(json: &Json) -> &[u8] {
    match json {
        Either::A(text) => text.as_bytes(),
        Either::B(bytes) => bytes,
    }
}

/// Reads one record.
#[napi(catch_unwind)]
pub fn entry_from_json(json: Json) -> Either<Entry, Refused> {
    guarded(|| Ok(countermark::Entry::from_json(json_bytes(&json))?.into()))
}

/// In whose form the records are.
#[napi(string_enum = "snake_case")]
#[derive(Debug)]
pub enum Format {
    /// Countermark's own.
    Countermark,
    /// The Endor Labs API's.
    EndorLabs,
    /// The same, of a source that leaves false values out.
    EndorLabsAbsentRevokedMeansFalse,
}

impl Format {
    fn reader(&self) -> Option<EndorLabs> {
        match self {
            Self::Countermark => None,
            Self::EndorLabs => Some(EndorLabs::new()),
            Self::EndorLabsAbsentRevokedMeansFalse => Some(EndorLabs::new().absent_revoked_means_false()),
        }
    }
}

/// Reads the records of a log; one bad record fails the call.
#[napi(catch_unwind)]
pub fn entries_from_json(json: Json, format: Format) -> Either<Vec<Entry>, Refused> {
    guarded(|| {
        let entries = match format.reader() {
            None => countermark::entries_from_json(json_bytes(&json))?,
            Some(reader) => reader.entries_from_json(json_bytes(&json))?,
        };
        Ok(entries.into_iter().map(Entry::from).collect())
    })
}

/// The same with a result per record. What is wrong with one is a refusal.
#[napi(catch_unwind)]
pub fn read_entries(json: Json, format: Format) -> Either<Vec<Either<Entry, Refused>>, Refused> {
    guarded(|| {
        let records = match format.reader() {
            None => countermark::read_entries(json_bytes(&json)).collect(),
            Some(reader) => reader.read_entries(json_bytes(&json))?,
        };
        let convert = |record| match record {
            Ok(entry) => Either::A(Entry::from(entry)),
            Err(error) => Either::B(Refusal::from(error).into_text()),
        };
        Ok(records.into_iter().map(convert).collect())
    })
}
