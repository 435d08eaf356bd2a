//! Refusals and faults as values: the package's other half throws them as its own errors.
//!
//! A refusal is a text that begins with [`MARK`], which no JSON does: of an object another library's accessor on
//! `Object.prototype` could take a member away, and with it the difference between a refusal and a result. An object of a
//! class would not be freed before the event loop turns.

use countermark::{Code, LogError, MalformedInput, Rejection};
use napi::Either;
use napi_derive::napi;
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What every refusal begins with; then come its kind, a space, and the reason as JSON.
const MARK: char = '!';

/// Why there is no result.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Whether the artifact was rejected, the input could not be judged, or something else failed.
    kind: &'static str,
    /// Code, detail, remedy and what else there is to say.
    json: String,
}

/// Why there is no result: a mark, a kind, a space, and the reason as JSON.
#[napi]
pub type Refused = String;

struct Fault<'a> {
    code: Code,
    detail: &'a str,
    remedy: &'a str,
    record: Option<usize>,
}

impl Serialize for Fault<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code.name())?;
        map.serialize_entry("detail", self.detail)?;
        map.serialize_entry("remedy", self.remedy)?;
        if let Some(record) = self.record {
            map.serialize_entry("record", &record)?;
        }
        map.end()
    }
}

impl Refusal {
    fn of(kind: &'static str, reason: &impl Serialize) -> Self {
        match serde_json::to_string(reason) {
            Ok(json) => Self { kind, json },
            Err(_) => Self::failed(Code::Internal, "a refusal that cannot be written as JSON"),
        }
    }

    pub(crate) fn into_text(self) -> Refused {
        let Self { kind, json } = self;
        format!("{MARK}{kind} {json}")
    }

    pub(crate) fn malformed(code: Code, detail: &str) -> Self {
        Self::of("malformed", &Fault { code, detail, remedy: code.remedy(), record: None })
    }

    pub(crate) fn failed(code: Code, detail: &str) -> Self {
        let json =
            serde_json::json!({ "code": code.name(), "detail": detail, "remedy": code.remedy() }).to_string();
        Self { kind: "failed", json }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::of("rejected", &rejection)
    }
}

impl From<MalformedInput> for Refusal {
    fn from(error: MalformedInput) -> Self {
        let record = match &error {
            MalformedInput::Entry { record, .. } | MalformedInput::Bundle { record, .. } => *record,
            _ => None,
        };
        let fault = Fault { code: error.code(), detail: error.detail(), remedy: error.remedy(), record };
        Self::of("malformed", &fault)
    }
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        match error.code() {
            Code::MalformedEntry => Self::malformed(Code::MalformedEntry, &error.to_string()),
            code => Self::failed(code, &error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(Code::Internal, &format!("no JSON: {error}"))
    }
}

/// Runs a function, and turns what it refuses, and a panic of it, into a value.
pub(crate) fn guarded<T>(function: impl FnOnce() -> Result<T, Refusal>) -> Either<T, Refused> {
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(Ok(value)) => Either::A(value),
        Ok(Err(refusal)) => Either::B(refusal.into_text()),
        Err(_) => {
            let why = "a panic; its message is on the standard error stream";
            Either::B(Refusal::failed(Code::Internal, why).into_text())
        }
    }
}

/// The same for a function whose value is JSON, or begins with it.
pub(crate) fn guarded_text(function: impl FnOnce() -> Result<String, Refusal>) -> String {
    match guarded(function) {
        Either::A(text) | Either::B(text) => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "it is what is tested")]

    use super::*;

    #[test]
    fn a_panic_is_a_refusal_that_is_the_librarys_fault() {
        let Either::B(refusal) = guarded(|| -> Result<(), Refusal> { panic!("as it should") }) else {
            panic!("a panic is no result");
        };
        let json = refusal.strip_prefix("!failed ").unwrap_or_default();
        let reason: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(reason.get("code"), Some(&Code::Internal.name().into()));
        assert!(json.contains("a panic"), "{refusal}");
    }
}
