//! What a verifier says, as JSON: what is not looked at costs nothing but its text.

use crate::refusal::Refusal;
use base64ct::{Base64, Encoding};
use countermark::{Report, Verified};
use napi_derive::napi;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// A result of the core with what its JSON leaves out, so that it may outlive what it was made from.
struct Established<'v, 'a>(&'v Verified<'a>);

impl Serialize for Established<'_, '_> {
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

/// What a successful verification established.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Establishment {
    /// Which of the entries it was; none for a message.
    pub entry_index: Option<u32>,
    /// The result, its text, the path, the validity and, of a message, the leaf.
    pub json: String,
}

impl Establishment {
    pub(crate) fn of(verified: &Verified<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            entry_index: verified.entry_index().and_then(|index| u32::try_from(index).ok()),
            json: serde_json::to_string(&Established(verified))?,
        })
    }
}

/// Every check's outcome.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Examination {
    /// The report as JSON.
    pub json: String,
    /// The report for people.
    pub text: String,
}

impl Examination {
    pub(crate) fn of(report: &Report) -> Result<Self, Refusal> {
        Ok(Self { json: serde_json::to_string(report)?, text: report.to_string() })
    }
}
