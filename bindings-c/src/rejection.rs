//! Why a call did not do what it was asked to.

use crate::code::countermark_code;
use crate::pointer::{free, write};
use crate::text::{Text, countermark_text};
use countermark::{Check, Code, MalformedInput, Rejection};
use serde_json::json;

/// Why a call did not do what it was asked to: an artifact was refused (codes 10 to 90), the input is malformed (100
/// to 104), an argument is impossible (110), or the library failed (111). The caller owns it.
#[derive(Clone, Debug)]
pub struct countermark_rejection {
    code: Code,
    check: Text,
    detail: Text,
    remedy: Text,
    entry: Option<usize>,
    others: Vec<Self>,
    text: Text,
    json: Text,
}

/// What a failing call carries until it is handed over.
pub(crate) type Refusal = Box<countermark_rejection>;

impl countermark_rejection {
    pub(crate) const fn code(&self) -> Code {
        self.code
    }

    /// A refusal that is no verdict on an artifact.
    fn of_call(code: Code, detail: &str, entry: Option<usize>, text: String) -> Self {
        let check: Check = code.check();
        let mut json = json!({
            "code": code.name(),
            "number": code.number(),
            "check": check.name(),
            "detail": detail,
            "remedy": code.remedy(),
        });
        if let (Some(entry), Some(members)) = (entry, json.as_object_mut()) {
            members.insert("entry".into(), entry.into());
        }
        Self {
            code,
            check: check.name().into(),
            detail: detail.into(),
            remedy: code.remedy().into(),
            entry,
            others: Vec::new(),
            text: format!("{text}; {}", code.remedy()).into(),
            json: json.to_string().into(),
        }
    }
}

impl From<&Rejection> for countermark_rejection {
    fn from(rejection: &Rejection) -> Self {
        Self {
            code: rejection.code(),
            check: rejection.check().name().into(),
            detail: rejection.detail().into(),
            remedy: rejection.remedy().into(),
            entry: rejection.entry(),
            others: rejection.others().iter().map(Self::from).collect(),
            text: rejection.to_string().into(),
            json: serde_json::to_string(rejection).unwrap_or_default().into(),
        }
    }
}

impl From<&MalformedInput> for countermark_rejection {
    fn from(malformed: &MalformedInput) -> Self {
        let entry = match malformed {
            MalformedInput::Entry { record, .. } => *record,
            _ => None,
        };
        Self::of_call(malformed.code(), malformed.detail(), entry, malformed.to_string())
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::new(countermark_rejection::from(&rejection))
    }
}

impl From<MalformedInput> for Refusal {
    fn from(malformed: MalformedInput) -> Self {
        Self::new(countermark_rejection::from(&malformed))
    }
}

/// An argument that the call cannot take.
pub(crate) fn invalid_argument(detail: &str) -> Refusal {
    // The caller's text may be quoted in it, and must not flood a log.
    const LONGEST: usize = 500;
    let detail: String = detail.chars().take(LONGEST).collect();
    let text = format!("{}: {detail}", Code::InvalidArgument);
    Box::new(countermark_rejection::of_call(Code::InvalidArgument, &detail, None, text))
}

/// A fault of the library's own.
pub(crate) fn internal() -> Refusal {
    let text = format!("{}: {}", Code::Internal, Code::Internal.cause());
    Box::new(countermark_rejection::of_call(Code::Internal, Code::Internal.cause(), None, text))
}

/// The code; `COUNTERMARK_INVALID_ARGUMENT` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_code(
    rejection: *const countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { rejection.as_ref() }.map_or(Code::InvalidArgument, |rejection| rejection.code).into()
}

/// The check that failed, such as `signature`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_check(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { rejection.as_ref() }.map(|rejection| &rejection.check))
}

/// What exactly was found, for people; it names the offending input.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_detail(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { rejection.as_ref() }.map(|rejection| &rejection.detail))
}

/// What to do about it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_remedy(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { rejection.as_ref() }.map(|rejection| &rejection.remedy))
}

/// Code, detail and remedy in one line.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_text(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { rejection.as_ref() }.map(|rejection| &rejection.text))
}

/// All of it as one JSON object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_json(
    rejection: *const countermark_rejection,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { rejection.as_ref() }.map(|rejection| &rejection.json))
}

/// Which entry it is about, counted from zero in the list given, or, for `COUNTERMARK_MALFORMED_ENTRY`, which record of
/// the text. Returns false, and leaves `index` alone, if it is not about one of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_entry(
    rejection: *const countermark_rejection,
    index: *mut usize,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { rejection.as_ref() }.and_then(|rejection| rejection.entry) {
        // SAFETY: the conventions of the header.
        Some(entry) => unsafe { write(index, entry) },
        None => false,
    }
}

/// How many other candidate entries were refused too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_other_count(rejection: *const countermark_rejection) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { rejection.as_ref() }.map_or(0, |rejection| rejection.others.len())
}

/// The rejection of another candidate entry, the newest first; NULL past the last. It belongs to `rejection`: do
/// not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_other(
    rejection: *const countermark_rejection,
    index: usize,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let other = unsafe { rejection.as_ref() }.and_then(|rejection| rejection.others.get(index));
    other.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// Frees a rejection that a call wrote to one of its outputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_free(rejection: *mut countermark_rejection) {
    // SAFETY: the conventions of the header.
    unsafe { free(rejection) };
}
