//! What a failing call carries until it is handed over as a rejection.

use countermark::{Check, Code, MalformedInput, Rejection};
use serde_json::json;
use std::borrow::Cow;

/// Why a call fails. It is boxed, so that what a call returns stays small.
#[derive(Clone, Debug)]
pub(crate) struct Refusal(Box<Cause>);

#[derive(Clone, Debug)]
enum Cause {
    Artifact(Rejection),
    Malformed(MalformedInput),
    /// Of the library or its caller, with the detail.
    Call(Code, String),
}

impl Refusal {
    pub(crate) fn code(&self) -> Code {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.code(),
            Cause::Malformed(malformed) => malformed.code(),
            Cause::Call(code, _) => *code,
        }
    }

    pub(crate) fn check(&self) -> Check {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.check(),
            _ => self.code().check(),
        }
    }

    pub(crate) fn detail(&self) -> Cow<'_, str> {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.detail().into(),
            Cause::Malformed(malformed) => malformed.detail().into(),
            Cause::Call(_, detail) => detail.into(),
        }
    }

    pub(crate) fn remedy(&self) -> &'static str {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.remedy(),
            Cause::Malformed(malformed) => malformed.remedy(),
            Cause::Call(code, _) => code.remedy(),
        }
    }

    pub(crate) fn entry(&self) -> Option<usize> {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.entry(),
            Cause::Malformed(
                MalformedInput::Entry { record, .. } | MalformedInput::Bundle { record, .. },
            ) => *record,
            _ => None,
        }
    }

    pub(crate) fn others(&self) -> &[Rejection] {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.others(),
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> String {
        match &*self.0 {
            Cause::Artifact(rejection) => rejection.to_string(),
            _ => {
                let record = self.entry().map(|record| format!("record {record}: ")).unwrap_or_default();
                format!("{}: {record}{}; {}", self.code(), self.detail(), self.remedy())
            }
        }
    }

    pub(crate) fn json(&self) -> String {
        if let Cause::Artifact(rejection) = &*self.0 {
            return serde_json::to_string(rejection).unwrap_or_default();
        }
        let mut json = json!({
            "code": self.code().name(),
            "number": self.code().number(),
            "check": self.check().name(),
            "detail": self.detail(),
            "remedy": self.remedy(),
        });
        if let (Some(entry), Some(members)) = (self.entry(), json.as_object_mut()) {
            members.insert("entry".into(), entry.into());
        }
        json.to_string()
    }
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self(Box::new(cause))
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Cause::Artifact(rejection).into()
    }
}

impl From<MalformedInput> for Refusal {
    fn from(malformed: MalformedInput) -> Self {
        Cause::Malformed(malformed).into()
    }
}

/// An argument that the call cannot take.
pub(crate) fn invalid_argument(detail: &str) -> Refusal {
    // The caller's text may be quoted in it, and must not flood a log.
    const LONGEST: usize = 500;
    let mut detail = String::from(detail);
    if let Some((end, _)) = detail.char_indices().nth(LONGEST) {
        detail.truncate(end);
        detail.push('…');
    }
    Cause::Call(Code::InvalidArgument, detail).into()
}

/// A fault of the library's own.
pub(crate) fn internal() -> Refusal {
    Cause::Call(Code::Internal, Code::Internal.cause().into()).into()
}
