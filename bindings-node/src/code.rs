//! The code table.

use countermark::Code;
use napi_derive::napi;

/// One row of the code table.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct CodeRow {
    /// The stable number.
    pub number: u8,
    /// The stable name.
    pub name: &'static str,
    /// The check that gives the code.
    pub check: &'static str,
    /// What is the case.
    pub cause: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// The result that Endor Labs' verification reports in this case.
    pub endor_labs_result: Option<&'static str>,
}

/// The table, in the order of the numbers.
#[napi(catch_unwind)]
pub fn codes() -> Vec<CodeRow> {
    let row = |code: &Code| CodeRow {
        number: code.number(),
        name: code.name(),
        check: code.check().name(),
        cause: code.cause(),
        remedy: code.remedy(),
        endor_labs_result: code.endor_labs_result(),
    };
    Code::ALL.iter().map(row).collect()
}

/// The version of the package.
#[napi(catch_unwind)]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
