//! Refusals and faults as values: the package's other half throws them as its own errors.
//!
//! They are of a class, as what is established is: of a plain object another library's accessor on `Object.prototype`
//! could take a member away, and with it the difference between the two.

use countermark::{Code, LogError, MalformedInput, Rejection};
use napi::Either;
use napi_derive::napi;
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why there is no result.
#[napi]
#[derive(Debug)]
pub struct Refusal {
    kind: &'static str,
    json: String,
}

#[napi]
impl Refusal {
    /// Whether the artifact was rejected, the input could not be judged, or something else failed.
    #[napi(getter, catch_unwind, ts_return_type = "'rejected' | 'malformed' | 'failed'")]
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// Code, detail, remedy and what else there is to say, as JSON.
    #[napi(getter, catch_unwind)]
    pub fn json(&self) -> &str {
        &self.json
    }
}

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

    pub(crate) fn into_json(self) -> String {
        self.json
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
            MalformedInput::Entry { record, .. } => *record,
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
pub(crate) fn guarded<T>(function: impl FnOnce() -> Result<T, Refusal>) -> Either<T, Refusal> {
    match catch_unwind(AssertUnwindSafe(function)) {
        Ok(Ok(value)) => Either::A(value),
        Ok(Err(refusal)) => Either::B(refusal),
        Err(_) => {
            Either::B(Refusal::failed(Code::Internal, "a panic; its message is on the standard error stream"))
        }
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
        assert_eq!(refusal.kind, "failed");
        let reason: serde_json::Value = serde_json::from_str(&refusal.json).unwrap_or_default();
        assert_eq!(reason.get("code"), Some(&Code::Internal.name().into()));
        assert!(refusal.json.contains("a panic"), "{}", refusal.json);
    }
}
