//! Why a call did not do what it was asked to.

use crate::code::countermark_code;
use crate::pointer::{free, write};
use crate::refusal::Refusal;
use crate::text::{Text, countermark_text};
use crate::unwind::once;
use countermark::{Code, MalformedInput, Rejection};
use std::sync::OnceLock;

/// Why a call did not do what it was asked to: an artifact was refused (codes 10 to 90), the input is malformed (100
/// to 106), an argument is impossible (110), or the library failed (111). The caller owns it.
#[derive(Clone, Debug)]
pub struct countermark_rejection {
    refusal: Refusal,
    // Each is written when first asked for: a log may have many candidates, and a call many requests.
    told: OnceLock<Told>,
    others: OnceLock<Vec<Self>>,
    text: OnceLock<Text>,
    json: OnceLock<Text>,
}

/// What the accessors lend, other than the whole as text and as JSON.
#[derive(Clone, Debug)]
struct Told {
    check: Text,
    detail: Text,
    remedy: Text,
}

impl countermark_rejection {
    pub(crate) fn code(&self) -> Code {
        self.refusal.code()
    }

    /// The same for another call to fail with.
    pub(crate) fn refusal(&self) -> Refusal {
        self.refusal.clone()
    }

    fn told(&self) -> Option<&Told> {
        once(&self.told, || Told {
            check: self.refusal.check().name().into(),
            detail: Text::from(&*self.refusal.detail()),
            remedy: self.refusal.remedy().into(),
        })
    }

    fn others(&self) -> Option<&[Self]> {
        once(&self.others, || self.refusal.others().iter().cloned().map(Self::from).collect())
            .map(Vec::as_slice)
    }

    fn text(&self) -> Option<&Text> {
        once(&self.text, || self.refusal.text().into())
    }

    fn json(&self) -> Option<&Text> {
        once(&self.json, || self.refusal.json().into())
    }
}

impl From<Refusal> for countermark_rejection {
    fn from(refusal: Refusal) -> Self {
        Self {
            refusal,
            told: OnceLock::new(),
            others: OnceLock::new(),
            text: OnceLock::new(),
            json: OnceLock::new(),
        }
    }
}

impl From<Refusal> for Box<countermark_rejection> {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.into())
    }
}

impl From<Rejection> for countermark_rejection {
    fn from(rejection: Rejection) -> Self {
        Refusal::from(rejection).into()
    }
}

impl From<MalformedInput> for countermark_rejection {
    fn from(malformed: MalformedInput) -> Self {
        Refusal::from(malformed).into()
    }
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
    match unsafe { rejection.as_ref() }.and_then(|rejection| rejection.refusal.entry()) {
        // SAFETY: the conventions of the header.
        Some(entry) => unsafe { write(index, entry) },
        None => false,
    }
}

/// How many other candidate entries were refused too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_rejection_other_count(rejection: *const countermark_rejection) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { rejection.as_ref() }.map_or(0, |rejection| rejection.refusal.others().len())
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
