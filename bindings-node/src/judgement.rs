//! What a verifier says, as JSON, which of a success is written when it is looked at.

use crate::refusal::{Refusal, guarded_text};
use base64ct::{Base64, Encoding};
use countermark::{Claim, Code, Match, OwnedVerified, Statement, Verified, VerifiedEnvelope};
use napi::Either;
use napi_derive::napi;
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::cell::RefCell;
use std::fmt::Display;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A result of the core with what its JSON leaves out, so that it may outlive what it was made from.
struct Whole<'v, 'a>(&'v Verified<'a>);

impl Serialize for Whole<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(verified) = self;
        let path: Vec<String> =
            verified.path().iter().map(|certificate| Base64::encode_string(certificate.der())).collect();
        let validity = verified.validity().map(|(from, to)| (from.to_string(), to.to_string()));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("result", verified)?;
        map.serialize_entry("text", &verified.to_string())?;
        if verified.entry().is_none() {
            map.serialize_entry("leaf", &Base64::encode_string(verified.leaf()))?;
        }
        map.serialize_entry("path", &path)?;
        map.serialize_entry("validity", &validity)?;
        if verified.instance().is_some() {
            map.serialize_entry("statement", &verified.statement().map(Told))?;
            map.serialize_entry("isOfKey", &verified.is_of_key())?;
            map.serialize_entry("keyName", &verified.key_name())?;
        }
        map.end()
    }
}

/// A statement with all that it says.
pub(crate) struct Told<'v>(pub(crate) &'v Statement);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(statement) = self;
        let subjects: Vec<serde_json::Value> = statement
            .subjects()
            .iter()
            .map(|subject| {
                let digests: serde_json::Map<String, serde_json::Value> =
                    subject.digests().map(|(name, digest)| (name.to_owned(), digest.into())).collect();
                serde_json::json!({ "name": subject.name(), "uri": subject.uri(), "digest": digests })
            })
            .collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("predicateType", statement.predicate_type())?;
        map.serialize_entry("subjects", &subjects)?;
        map.serialize_entry("predicateJson", &statement.predicate_json())?;
        map.end()
    }
}

/// A successful verification of which nothing is written as yet: most results are never looked at in detail.
pub struct Untold {
    verified: OwnedVerified,
    bytes: usize,
}

/// How many bytes all of them hold.
static HELD_BYTES: AtomicUsize = AtomicUsize::new(0);

impl Untold {
    /// JavaScript frees them when the event loop turns and no sooner, whatever it collects. So that a loop which never
    /// gives way does not fill the memory with them, results beyond this are written at once: V8 frees a text by itself.
    const MOST_HELD_BYTES: usize = 16 * 1_024 * 1_024;

    fn new(verified: &Verified<'_>) -> Option<Self> {
        let bytes = size_of::<Self>().saturating_add(bytes_of(verified));
        let held = HELD_BYTES.fetch_add(bytes, Ordering::Relaxed);
        // Whether it is kept or not, its end takes the bytes off again.
        let untold = Self { verified: verified.into(), bytes };
        (held.saturating_add(bytes) <= Self::MOST_HELD_BYTES).then_some(untold)
    }
}

impl Drop for Untold {
    fn drop(&mut self) {
        HELD_BYTES.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Untold {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.verified.fmt(formatter)
    }
}

/// What a copy of a result takes, but for its small parts.
fn bytes_of(verified: &Verified<'_>) -> usize {
    let path =
        verified.path().iter().map(|certificate| certificate.der().len()).chain([statement_bytes(verified)]);
    match verified.entry() {
        None => path.chain([verified.leaf().len()]).sum(),
        Some(entry) => path
            .chain(entry.certificates().iter().map(<[u8]>::len))
            .chain(entry.provenance().iter().flat_map(|(name, text)| [name.len(), text.len()]))
            .chain([entry.namespace().len(), entry.artifact_name().len(), entry.signature().len()])
            .sum(),
    }
}

fn statement_bytes(verified: &Verified<'_>) -> usize {
    let Some(statement) = verified.statement() else { return 0 };
    let texts = statement.subjects().iter().flat_map(|subject| {
        let digests = subject.digests().flat_map(|(algorithm, digest)| [algorithm, digest]);
        [subject.name(), subject.uri()].into_iter().flatten().chain(digests)
    });
    [statement.predicate_type()]
        .into_iter()
        .chain(statement.predicate_json())
        .chain(texts)
        .map(str::len)
        .sum()
}

/// A result of which nothing is written as yet.
#[napi]
pub struct Establishment {
    entry_index: Option<u32>,
    untold: RefCell<Option<Untold>>,
}

impl std::fmt::Debug for Establishment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Establishment")
            .field("entry_index", &self.entry_index)
            .finish_non_exhaustive()
    }
}

/// What a successful verification established, or the same as a text: the entry's index, if there is one, and JSON.
pub(crate) type Established = Either<Establishment, String>;

pub(crate) fn established(verified: &Verified<'_>) -> Result<Established, Refusal> {
    let entry_index = verified.entry_index().and_then(|index| u32::try_from(index).ok());
    if let Some(untold) = Untold::new(verified) {
        return Ok(Either::A(Establishment { entry_index, untold: RefCell::new(Some(untold)) }));
    }
    let index = entry_index.map_or_else(String::new, |index| index.to_string());
    Ok(Either::B(format!("{index}{}", json(verified)?)))
}

#[napi]
impl Establishment {
    /// Which of the entries it was; none for a message.
    #[napi(getter, catch_unwind)]
    pub fn entry_index(&self) -> Option<u32> {
        self.entry_index
    }

    /// The result, its text, the path, the validity and, of a message, the leaf, as JSON. It is asked once: the other half
    /// keeps the answer, and the rest is freed.
    #[napi(catch_unwind)]
    pub fn told(&self) -> String {
        guarded_text(|| match self.untold.take() {
            Some(untold) => json(&untold.verified.verified()),
            None => Err(Refusal::failed(Code::Internal, "a result that was told before")),
        })
    }
}

fn json(verified: &Verified<'_>) -> Result<String, Refusal> {
    Ok(serde_json::to_string(&Whole(verified))?)
}

/// Every check's outcome: the report as JSON, which has no line break, a line break, and the report for people.
pub(crate) fn examination<R: Serialize + Display>(report: &R) -> Result<String, Refusal> {
    Ok(format!("{}\n{report}", serde_json::to_string(report)?))
}

/// What was established of an envelope, as JSON, with the custom claims that the policy named.
pub(crate) fn envelope(
    verified: &VerifiedEnvelope<'_>,
    wanted: &[(Claim, Match)],
) -> Result<String, Refusal> {
    let certified = verified.claims();
    let mut claims: serde_json::Map<String, serde_json::Value> =
        certified.iter().map(|(claim, value)| (claim.to_string(), value.into())).collect();
    for (claim, _) in wanted {
        if let Some(value) = certified.get(claim) {
            claims.insert(claim.to_string(), value.into());
        }
    }
    let statement = verified.statement();
    Ok(serde_json::json!({
        "payloadType": verified.payload_type(),
        "payload": Base64::encode_string(verified.payload()),
        "leaf": Base64::encode_string(verified.leaf()),
        "keyName": verified.key_name(),
        "statement": statement.map(|statement| serde_json::to_value(Told(statement))).transpose()?,
        "result": {
            "instance": verified.instance(),
            "claims": claims,
            "times": verified.times(),
            "log_entries": verified.log_entries(),
            "certificate_timestamps": verified.certificate_timestamps(),
            "warnings": verified.warnings(),
        },
    })
    .to_string())
}
