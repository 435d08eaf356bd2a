//! Codes, and what the table says about them.

use crate::text::{Text, countermark_text};
use crate::unwind::caught_or;
use countermark::Code;
use std::sync::OnceLock;

/// What a call came to. It is a structure so that it cannot stand in a condition by itself: neither
/// `if (countermark_verify(...))` nor `if (!countermark_verify(...))` compiles. Compare `number` with the constants;
/// zero, which a forgotten or cleared variable holds, is none of them.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct countermark_code {
    /// `COUNTERMARK_VERIFIED`, `COUNTERMARK_DONE`, or the constant of what went wrong.
    pub number: u32,
}

/// Done: what was asked for was made or changed. Nothing was verified: only calls that verify return
/// `COUNTERMARK_VERIFIED`, and they never return this.
pub const COUNTERMARK_DONE: u32 = 200;

const DONE_NAME: &str = "done";

impl countermark_code {
    pub(crate) const DONE: Self = Self { number: COUNTERMARK_DONE };
}

impl From<Code> for countermark_code {
    fn from(code: Code) -> Self {
        Self { number: code.number().into() }
    }
}

struct Row {
    name: Text,
    check: Text,
    cause: Text,
    remedy: Text,
}

/// The core's table with its texts as C reads them.
fn row(number: u32) -> Option<&'static Row> {
    static TABLE: OnceLock<Vec<(u32, Row)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let row = |code: &Code| Row {
            name: code.name().into(),
            check: code.check().name().into(),
            cause: code.cause().into(),
            remedy: code.remedy().into(),
        };
        Code::ALL.iter().map(|code| (code.number().into(), row(code))).collect()
    });
    table.iter().find(|(of_row, _)| *of_row == number).map(|(_, row)| row)
}

fn text_of(number: u32, member: impl Fn(&'static Row) -> &'static Text) -> countermark_text {
    caught_or(countermark_text::ABSENT, || {
        row(number).map_or(countermark_text::ABSENT, |row| member(row).view())
    })
}

/// The code's stable name, such as `revoked_signature`; absent if there is no such code.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_code_name(number: u32) -> countermark_text {
    static DONE: OnceLock<Text> = OnceLock::new();
    if number == COUNTERMARK_DONE {
        return DONE.get_or_init(|| DONE_NAME.into()).view();
    }
    text_of(number, |row| &row.name)
}

/// The check that gives the code, such as `revocation`; absent if there is no such code.
/// `countermark_rejection_check` is more exact: an authority's faults are found by the check of the chain.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_code_check(number: u32) -> countermark_text {
    text_of(number, |row| &row.check)
}

/// One sentence: what is the case. Absent if there is no such code.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_code_cause(number: u32) -> countermark_text {
    text_of(number, |row| &row.cause)
}

/// One sentence: what to do about it. Absent if there is no such code.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_code_remedy(number: u32) -> countermark_text {
    text_of(number, |row| &row.remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn done_is_none_of_the_table() {
        assert!(Code::ALL.iter().all(|code| u32::from(code.number()) != COUNTERMARK_DONE));
        assert!(Code::ALL.iter().all(|code| code.name() != DONE_NAME));
    }
}
