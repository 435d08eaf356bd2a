//! What a verifier says, as JSON, which of a success is written when it is looked at.

use crate::refusal::{Refusal, guarded_text};
use base64ct::{Base64, Encoding};
use countermark::{Code, OwnedVerified, Report, Verified};
use napi::Either;
use napi_derive::napi;
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::cell::RefCell;
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
    let path = verified.path().iter().map(|certificate| certificate.der().len());
    match verified.entry() {
        None => path.chain([verified.leaf().len()]).sum(),
        Some(entry) => path
            .chain(entry.certificates().iter().map(<[u8]>::len))
            .chain(entry.provenance().iter().flat_map(|(name, text)| [name.len(), text.len()]))
            .chain([entry.namespace().len(), entry.artifact_name().len(), entry.signature().len()])
            .sum(),
    }
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
pub(crate) fn examination(report: &Report) -> Result<String, Refusal> {
    Ok(format!("{}\n{report}", serde_json::to_string(report)?))
}
