//! Every check of a bundle, and every item of evidence by itself.

use crate::code::countermark_code;
use crate::pointer::free;
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_text};
use countermark::{BundleReport, Code};

/// Every check of a bundle, and every signed timestamp, log entry and certificate timestamp by itself, for people and
/// dashboards. For looking, not for deciding.
#[derive(Debug)]
pub struct countermark_bundle_report {
    verdict: Code,
    rejection: Option<Box<countermark_rejection>>,
    text: Text,
    json: Text,
}

impl From<&BundleReport> for countermark_bundle_report {
    fn from(report: &BundleReport) -> Self {
        Self {
            verdict: report.verdict(),
            rejection: report.rejection().cloned().map(|rejection| Box::new(rejection.into())),
            text: report.to_string().into(),
            json: serde_json::to_string(report).unwrap_or_default().into(),
        }
    }
}

/// What `countermark_verify_bundle` would have returned: `COUNTERMARK_VERIFIED`, or the code of the first rule that failed.
/// `COUNTERMARK_INVALID_ARGUMENT` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_report_verdict(
    report: *const countermark_bundle_report,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(Code::InvalidArgument, |report| report.verdict).into()
}

/// Why the bundle is refused; NULL if it is not. It belongs to `report`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_report_rejection(
    report: *const countermark_bundle_report,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let rejection = unsafe { report.as_ref() }.and_then(|report| report.rejection.as_deref());
    rejection.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// The report for people: a short table, then each item of evidence: whose, when, good or why not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_report_text(
    report: *const countermark_bundle_report,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { report.as_ref() }.map(|report| &report.text))
}

/// The report as one JSON object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_report_json(
    report: *const countermark_bundle_report,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { report.as_ref() }.map(|report| &report.json))
}

/// Frees a report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_bundle_report_free(report: *mut countermark_bundle_report) {
    // SAFETY: the conventions of the header.
    unsafe { free(report) };
}
