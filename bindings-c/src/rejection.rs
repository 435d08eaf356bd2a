//! Why a call did not do what it was asked to.

use crate::call::once;
use crate::code::countermark_code;
use crate::pointer::{free, write};
use crate::text::{Text, countermark_text};
use countermark::{Check, Code, MalformedInput, Rejection};
use serde_json::json;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Why a call did not do what it was asked to: an artifact was refused (codes 10 to 90), the input is malformed (100
/// to 104), an argument is impossible (110), or the library failed (111). The caller owns it.
#[derive(Clone, Debug)]
pub struct countermark_rejection {
    cause: Cause,
    // Each is written when first asked for: a log may have many candidates, and a call many requests.
    told: OnceLock<Told>,
    others: OnceLock<Vec<Self>>,
    text: OnceLock<Text>,
    json: OnceLock<Text>,
}

#[derive(Clone, Debug)]
enum Cause {
    Artifact(Rejection),
    Malformed(MalformedInput),
    /// Of the library or its caller, with the detail.
    Call(Code, String),
}

/// What the accessors lend, other than the whole as text and as JSON.
#[derive(Clone, Debug)]
struct Told {
    check: Text,
    detail: Text,
    remedy: Text,
}

/// What a failing call carries until it is handed over.
pub(crate) type Refusal = Box<countermark_rejection>;

impl Cause {
    fn code(&self) -> Code {
        match self {
            Self::Artifact(rejection) => rejection.code(),
            Self::Malformed(malformed) => malformed.code(),
            Self::Call(code, _) => *code,
        }
    }

    fn check(&self) -> Check {
        match self {
            Self::Artifact(rejection) => rejection.check(),
            _ => self.code().check(),
        }
    }

    fn detail(&self) -> Cow<'_, str> {
        match self {
            Self::Artifact(rejection) => rejection.detail().into(),
            Self::Malformed(malformed) => malformed.detail().into(),
            Self::Call(_, detail) => detail.into(),
        }
    }

    fn remedy(&self) -> &'static str {
        match self {
            Self::Artifact(rejection) => rejection.remedy(),
            Self::Malformed(malformed) => malformed.remedy(),
            Self::Call(code, _) => code.remedy(),
        }
    }

    fn entry(&self) -> Option<usize> {
        match self {
            Self::Artifact(rejection) => rejection.entry(),
            Self::Malformed(MalformedInput::Entry { record, .. }) => *record,
            _ => None,
        }
    }

    fn others(&self) -> &[Rejection] {
        match self {
            Self::Artifact(rejection) => rejection.others(),
            _ => &[],
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Artifact(rejection) => rejection.to_string(),
            _ => {
                let record = self.entry().map(|record| format!("record {record}: ")).unwrap_or_default();
                format!("{}: {record}{}; {}", self.code(), self.detail(), self.remedy())
            }
        }
    }

    fn json(&self) -> String {
        if let Self::Artifact(rejection) = self {
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

impl countermark_rejection {
    pub(crate) fn code(&self) -> Code {
        self.cause.code()
    }

    fn told(&self) -> Option<&Told> {
        once(&self.told, || Told {
            check: self.cause.check().name().into(),
            detail: Text::from(&*self.cause.detail()),
            remedy: self.cause.remedy().into(),
        })
    }

    fn others(&self) -> Option<&[Self]> {
        once(&self.others, || self.cause.others().iter().cloned().map(Self::from).collect())
            .map(Vec::as_slice)
    }

    fn text(&self) -> Option<&Text> {
        once(&self.text, || self.cause.text().into())
    }

    fn json(&self) -> Option<&Text> {
        once(&self.json, || self.cause.json().into())
    }
}

impl From<Cause> for countermark_rejection {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            told: OnceLock::new(),
            others: OnceLock::new(),
            text: OnceLock::new(),
            json: OnceLock::new(),
        }
    }
}

impl From<Rejection> for countermark_rejection {
    fn from(rejection: Rejection) -> Self {
        Cause::Artifact(rejection).into()
    }
}

impl From<MalformedInput> for countermark_rejection {
    fn from(malformed: MalformedInput) -> Self {
        Cause::Malformed(malformed).into()
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::new(rejection.into())
    }
}

impl From<MalformedInput> for Refusal {
    fn from(malformed: MalformedInput) -> Self {
        Self::new(malformed.into())
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
    Refusal::new(Cause::Call(Code::InvalidArgument, detail).into())
}

/// A fault of the library's own.
pub(crate) fn internal() -> Refusal {
    Refusal::new(Cause::Call(Code::Internal, Code::Internal.cause().into()).into())
}

unsafe fn text_of(
    rejection: *const countermark_rejection,
    member: impl FnOnce(&countermark_rejection) -> Option<&Text>,
) -> countermark_text {
    // SAFETY: as this function's caller promises.
    Text::view_of(unsafe { rejection.as_ref() }.and_then(member))
}

/// The code; `COUNTERMARK_INVALID_ARGUMENT` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_code(
    rejection: *const countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { rejection.as_ref() }.map_or(Code::InvalidArgument, countermark_rejection::code).into()
}

/// The check that failed, such as `signature`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_check(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(rejection, |rejection| rejection.told().map(|told| &told.check)) }
}

/// What exactly was found, for people; it names the offending input.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_detail(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(rejection, |rejection| rejection.told().map(|told| &told.detail)) }
}

/// What to do about it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_remedy(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(rejection, |rejection| rejection.told().map(|told| &told.remedy)) }
}

/// Code, detail and remedy in one line, `unknown_ca: ...; ...`. What it quotes of the input is escaped, and cut off where it
/// is long.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_text(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(rejection, countermark_rejection::text) }
}

/// All of it as one JSON object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_json(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(rejection, countermark_rejection::json) }
}

/// Which entry it is about, counted from zero in the list given, or, for `COUNTERMARK_MALFORMED_ENTRY`, which record of
/// the text. Returns false, and leaves `index` alone, if it is not about one of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_entry(
    rejection: *const countermark_rejection,
    index: *mut usize,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { rejection.as_ref() }.and_then(|rejection| rejection.cause.entry()) {
        // SAFETY: the conventions of the header.
        Some(entry) => unsafe { write(index, entry) },
        None => false,
    }
}

/// How many other candidate entries were refused too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_other_count(rejection: *const countermark_rejection) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { rejection.as_ref() }.map_or(0, |rejection| rejection.cause.others().len())
}

/// The rejection of another candidate entry, the newest first; NULL past the last. It belongs to `rejection`: do
/// not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_other(
    rejection: *const countermark_rejection,
    index: usize,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let others = unsafe { rejection.as_ref() }.and_then(countermark_rejection::others);
    let other = others.and_then(|others| others.get(index));
    other.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Frees a rejection that a call wrote to one of its outputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_free(rejection: *mut countermark_rejection) {
    // SAFETY: the conventions of the header.
    unsafe { free(rejection) };
}
