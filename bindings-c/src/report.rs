//! Every check's outcome.

use crate::code::countermark_code;
use crate::pointer::{free, write};
use crate::rejection::countermark_rejection;
use crate::text::{Text, countermark_text};
use crate::timestamp::countermark_timestamp;
use crate::verified::NamedWarning;
use countermark::{CheckOutcome, Code, Outcome, Report, TimestampOutcome};

/// Every check's outcome, for people and dashboards. For looking, not for deciding.
#[derive(Debug)]
pub struct countermark_report {
    verdict: Code,
    entry: Option<usize>,
    checks: Vec<Check>,
    timestamps: Vec<SignedTimestamp>,
    others: Vec<countermark_rejection>,
    warnings: Vec<NamedWarning>,
    text: Text,
    json: Text,
}

#[derive(Debug)]
struct Check {
    name: Text,
    outcome: Text,
    failure: Option<(Code, Text)>,
}

/// A signed timestamp, and what came of it.
#[derive(Debug)]
struct SignedTimestamp {
    authority: Option<Text>,
    time: Option<countermark_timestamp>,
    fault: Option<Text>,
}

impl From<&TimestampOutcome> for SignedTimestamp {
    fn from(outcome: &TimestampOutcome) -> Self {
        Self {
            authority: outcome.authority().map(Text::from),
            time: outcome.time().map(Into::into),
            fault: outcome.fault().map(Text::from),
        }
    }
}

impl From<&CheckOutcome> for Check {
    fn from(made: &CheckOutcome) -> Self {
        let (outcome, failure) = match made.outcome() {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(reason) => ("failed", Some((reason.code(), reason.to_string().into()))),
            _ => ("not_judged", None),
        };
        Self { name: made.check().name().into(), outcome: outcome.into(), failure }
    }
}

impl From<&Report> for countermark_report {
    fn from(report: &Report) -> Self {
        Self {
            verdict: report.verdict(),
            entry: report.entry(),
            checks: report.checks().iter().map(Check::from).collect(),
            timestamps: report.timestamps().iter().map(SignedTimestamp::from).collect(),
            others: report.others().iter().cloned().map(countermark_rejection::from).collect(),
            warnings: report.warnings().iter().map(NamedWarning::from).collect(),
            text: report.to_string().into(),
            json: serde_json::to_string(report).unwrap_or_default().into(),
        }
    }
}

unsafe fn text_of(
    report: *const countermark_report,
    member: impl FnOnce(&countermark_report) -> Option<&Text>,
) -> countermark_text {
    // SAFETY: as this function's caller promises.
    Text::view_of(unsafe { report.as_ref() }.and_then(member))
}

/// What `countermark_verify` would have returned: `COUNTERMARK_VERIFIED`, or the code of the first check that failed.
/// `COUNTERMARK_INVALID_ARGUMENT` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_verdict(report: *const countermark_report) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(Code::InvalidArgument, |report| report.verdict).into()
}

/// Which of the entries given the checks are about, counted from zero. Returns false, and leaves `index` alone, if none
/// matched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_entry(
    report: *const countermark_report,
    index: *mut usize,
) -> bool {
    // SAFETY: the conventions of the header.
    match unsafe { report.as_ref() }.and_then(|report| report.entry) {
        // SAFETY: the conventions of the header.
        Some(entry) => unsafe { write(index, entry) },
        None => false,
    }
}

/// How many checks there are: ten.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_check_count(report: *const countermark_report) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(0, |report| report.checks.len())
}

/// A check's name, such as `signature`, in the order of the rules; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_check_name(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.checks.get(index).map(|check| &check.name)) }
}

/// What came of a check: `passed`, `failed`, or `not_judged`; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_check_outcome(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.checks.get(index).map(|check| &check.outcome)) }
}

/// The code of a check that failed; number 0 for any other check, `COUNTERMARK_INVALID_ARGUMENT` past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_check_code(
    report: *const countermark_report,
    index: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    let check = unsafe { report.as_ref() }.and_then(|report| report.checks.get(index));
    match check.map(|check| &check.failure) {
        Some(Some((code, _))) => (*code).into(),
        Some(None) => countermark_code { number: 0 },
        None => Code::InvalidArgument.into(),
    }
}

/// What exactly a check that failed found; absent for any other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_check_detail(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe {
        text_of(report, |report| {
            let check = report.checks.get(index)?;
            check.failure.as_ref().map(|(_, detail)| detail)
        })
    }
}

/// How many signed timestamps the entry has that the checks are about.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_timestamp_count(report: *const countermark_report) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(0, |report| report.timestamps.len())
}

/// Who signed one of them, if it counts; absent if it does not, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_timestamp_authority(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.timestamps.get(index)?.authority.as_ref()) }
}

/// When it says that the signature was there, to be believed only if it counts. Returns false, and leaves `time` alone,
/// if it cannot be read, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_timestamp_time(
    report: *const countermark_report,
    index: usize,
    time: *mut countermark_timestamp,
) -> bool {
    // SAFETY: the conventions of the header.
    let found = unsafe { report.as_ref() }.and_then(|report| report.timestamps.get(index)?.time);
    // SAFETY: the conventions of the header.
    found.is_some_and(|found| unsafe { write(time, found) })
}

/// Why it does not count; absent if it does, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_timestamp_fault(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.timestamps.get(index)?.fault.as_ref()) }
}

/// How many other candidate entries were refused too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_other_count(report: *const countermark_report) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(0, |report| report.others.len())
}

/// The rejection of another candidate entry; NULL past the last. It belongs to `report`: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_other(
    report: *const countermark_report,
    index: usize,
) -> *const countermark_rejection {
    // SAFETY: the conventions of the header.
    let other = unsafe { report.as_ref() }.and_then(|report| report.others.get(index));
    other.map_or(std::ptr::null(), std::ptr::from_ref)
}

/// How many things were not asked for, and perhaps should have been.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_warning_count(report: *const countermark_report) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { report.as_ref() }.map_or(0, |report| report.warnings.len())
}

/// A warning's stable name, such as `signer_unconstrained`; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_warning_name(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.warnings.get(index).map(|warning| &warning.name)) }
}

/// A warning for people; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_warning_text(
    report: *const countermark_report,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| report.warnings.get(index).map(|warning| &warning.sentence)) }
}

/// The report for people: a short table.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_text(report: *const countermark_report) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| Some(&report.text)) }
}

/// The report as one JSON object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_json(report: *const countermark_report) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(report, |report| Some(&report.json)) }
}

/// Frees a report.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_report_free(report: *mut countermark_report) {
    // SAFETY: the conventions of the header.
    unsafe { free(report) };
}
