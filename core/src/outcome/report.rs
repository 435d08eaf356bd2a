//! Every check's outcome, for people and dashboards.

use crate::artifact_name::ArtifactName;
use crate::code::{Check, Code};
use crate::outcome::verified::Warning;
use crate::policy::policies::TimeVoucher;
use crate::record::entry::EntryRef;
use crate::rejection::{Reason, Rejection};
use crate::signer::claim::Claims;
use crate::text::quoting::{Printable, Value};
use crate::timestamp::Timestamp;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// Every check's outcome, from [`Verifier::examine`](crate::Verifier::examine).
///
/// The checks of one candidate entry: the one that was verified, or else the first, the newest. It prints as
/// a short table, and serialises to JSON.
///
/// **For looking, not for deciding**: a program that decides calls `verify`, whose refusal cannot be
/// overlooked.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    artifact_name: ArtifactName,
    /// The checks before any one candidate: rules 0 to 2.
    common: Vec<CheckOutcome>,
    /// The checks of the candidate that is shown: rules 3 to 9.
    candidate: Option<CandidateReport>,
    others: Vec<Rejection>,
    warnings: Vec<Warning>,
}

/// One check and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOutcome {
    check: Check,
    outcome: Outcome,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was passed.
    Passed,
    /// It failed, for this reason.
    Failed(Reason),
    /// It could not be made, because of what an earlier check found.
    NotJudged,
}

#[derive(Clone, Debug, PartialEq)]
struct CandidateReport {
    entry: usize,
    timestamp: Timestamp,
    claims: Vec<(String, String)>,
    checks: Vec<CheckOutcome>,
    timestamps: Vec<TimestampOutcome>,
}

/// One signed timestamp and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampOutcome {
    pub(crate) authority: Option<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) fault: Option<String>,
}

impl TimestampOutcome {
    /// Who signed it, if it counts: the subject of the timestamp authority's signer.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// When it says that the signature was there, if it can be read; believed only if it counts.
    #[must_use]
    pub const fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// Why it does not count; `None` if it does.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }
}

impl CheckOutcome {
    #[cfg(feature = "sigstore")]
    pub(crate) const fn new(check: Check, outcome: Outcome) -> Self {
        Self { check, outcome }
    }

    /// Which check.
    #[must_use]
    pub const fn check(&self) -> Check {
        self.check
    }

    /// What came of it.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    fn reason(&self) -> Option<&Reason> {
        match &self.outcome {
            Outcome::Failed(reason) => Some(reason),
            _ => None,
        }
    }
}

impl From<Result<(), Reason>> for Outcome {
    fn from(result: Result<(), Reason>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(reason) => Self::Failed(reason),
        }
    }
}

impl Report {
    pub(crate) fn new(name: &ArtifactName, warnings: Vec<Warning>) -> Self {
        Self {
            artifact_name: name.clone(),
            common: Vec::new(),
            candidate: None,
            others: Vec::new(),
            warnings,
        }
    }

    pub(crate) fn record(&mut self, check: Check, outcome: Outcome) {
        self.common.push(CheckOutcome { check, outcome });
    }

    pub(crate) fn record_for_entry(&mut self, check: Check, result: Result<(), Rejection>) {
        self.record(check, result.map_err(|rejection| rejection.reason().clone()).into());
    }

    /// Adds a candidate's checks, and tells whether it passed all of them, so that no other needs a look.
    pub(crate) fn add_candidate(
        &mut self,
        index: usize,
        entry: &EntryRef<'_>,
        claims: Option<Claims<'_>>,
        checks: Vec<(Check, Outcome)>,
        timestamps: Vec<TimestampOutcome>,
    ) -> bool {
        let checks: Vec<CheckOutcome> =
            checks.into_iter().map(|(check, outcome)| CheckOutcome { check, outcome }).collect();
        let candidate = CandidateReport {
            entry: index,
            timestamp: entry.timestamp(),
            claims: claims
                .map(|claims| {
                    claims.iter().map(|(claim, value)| (claim.to_string(), value.to_string())).collect()
                })
                .unwrap_or_default(),
            checks,
            timestamps,
        };
        let failure = candidate.checks.iter().find_map(CheckOutcome::reason).cloned();
        match failure {
            None => {
                self.candidate = Some(candidate);
                self.others.clear();
                true
            }
            Some(_) if self.candidate.is_none() => {
                self.candidate = Some(candidate);
                false
            }
            Some(reason) => {
                self.others.push(Rejection::of_entry(reason, index));
                false
            }
        }
    }

    /// The artifact.
    #[must_use]
    pub const fn artifact_name(&self) -> &ArtifactName {
        &self.artifact_name
    }

    /// [`Code::Verified`], or the code of the first check that failed.
    #[must_use]
    pub fn verdict(&self) -> Code {
        self.reason().map_or(Code::Verified, Reason::code)
    }

    /// Why the artifact is refused, if it is.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        let of_candidate = self.candidate.iter().flat_map(|candidate| &candidate.checks);
        self.common.iter().chain(of_candidate).find_map(CheckOutcome::reason)
    }

    /// The ten checks in order.
    #[must_use]
    pub fn checks(&self) -> Vec<CheckOutcome> {
        let of_candidate = || self.candidate.iter().flat_map(|candidate| &candidate.checks);
        let find = |check: &Check| {
            let made = self.common.iter().chain(of_candidate()).find(|made| made.check == *check);
            made.cloned().unwrap_or(CheckOutcome { check: *check, outcome: Outcome::NotJudged })
        };
        Check::RULES.iter().map(find).collect()
    }

    /// Which of the entries given the checks are about, counted from zero, if any matched.
    #[must_use]
    pub fn entry(&self) -> Option<usize> {
        self.candidate.as_ref().map(|candidate| candidate.entry)
    }

    /// When that entry was signed, by its own word.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.candidate.as_ref().map(|candidate| candidate.timestamp)
    }

    /// The signed timestamps of that entry, each by itself.
    #[must_use]
    pub fn timestamps(&self) -> &[TimestampOutcome] {
        self.candidate.as_ref().map_or(&[], |candidate| &candidate.timestamps)
    }

    fn time_voucher(&self) -> TimeVoucher {
        match self.timestamps().iter().any(|timestamp| timestamp.fault.is_none()) {
            true => TimeVoucher::TimestampAuthority,
            false => TimeVoucher::Recorded,
        }
    }

    /// What that entry's certificate claims, by name; believed only if the verdict is [`Code::Verified`].
    #[must_use]
    pub fn claims(&self) -> &[(String, String)] {
        self.candidate.as_ref().map_or(&[], |candidate| &candidate.claims)
    }

    /// The rejections of the other candidates, if the artifact is refused.
    #[must_use]
    pub fn others(&self) -> &[Rejection] {
        &self.others
    }

    /// What was not asked for, and perhaps should have been.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", Value(self.artifact_name.as_str()), self.verdict())?;
        for CheckOutcome { check, outcome } in self.checks() {
            match outcome {
                Outcome::Passed => writeln!(f, "  {check:<11}  passed")?,
                Outcome::NotJudged => writeln!(f, "  {check:<11}  not judged")?,
                Outcome::Failed(reason) => {
                    writeln!(
                        f,
                        "  {check:<11}  FAILED  {}: {}",
                        reason.code(),
                        Printable(&reason.to_string())
                    )?;
                }
            }
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        if let Some(timestamp) = self.timestamp() {
            writeln!(f, "timestamp: {timestamp} ({})", self.time_voucher().name())?;
        }
        for TimestampOutcome { authority, time, fault } in self.timestamps() {
            f.write_str("signed timestamp: ")?;
            match time {
                Some(time) => write!(f, "{time}")?,
                None => f.write_str("unreadable")?,
            }
            match (authority, fault) {
                (Some(authority), None) => writeln!(f, " by {}", Value(authority))?,
                (_, fault) => {
                    let fault = fault.as_deref().unwrap_or_default();
                    writeln!(f, ", which does not count: {}", Printable(fault))?;
                }
            }
        }
        for other in &self.others {
            writeln!(f, "another entry was refused too: {}: {}", other.code(), Printable(&other.detail()))?;
        }
        match self.reason() {
            Some(reason) => write!(f, "remedy: {}", reason.remedy()),
            None => f.write_str("every check passed"),
        }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verdict = self.verdict();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("artifact_name", self.artifact_name.as_str())?;
        map.serialize_entry("verdict", verdict.name())?;
        map.serialize_entry("number", &verdict.number())?;
        map.serialize_entry("checks", &self.checks())?;
        if let Some(candidate) = &self.candidate {
            map.serialize_entry("entry", &candidate.entry)?;
            map.serialize_entry("timestamp", &candidate.timestamp.to_string())?;
            map.serialize_entry("time_voucher", self.time_voucher().name())?;
            if !candidate.timestamps.is_empty() {
                map.serialize_entry("timestamps", &candidate.timestamps)?;
            }
            map.serialize_entry("claims", &Texts(&candidate.claims))?;
        }
        map.serialize_entry("warnings", &self.warnings)?;
        map.serialize_entry("others", &self.others)?;
        map.end()
    }
}

struct Texts<'a>(&'a [(String, String)]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}

impl Serialize for TimestampOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(authority) = &self.authority {
            map.serialize_entry("authority", authority)?;
        }
        if let Some(time) = &self.time {
            map.serialize_entry("time", &time.to_string())?;
        }
        map.serialize_entry("counts", &self.fault.is_none())?;
        if let Some(fault) = &self.fault {
            map.serialize_entry("detail", fault)?;
        }
        map.end()
    }
}

impl Serialize for CheckOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("check", self.check.name())?;
        match &self.outcome {
            Outcome::Passed => map.serialize_entry("outcome", "passed")?,
            Outcome::NotJudged => map.serialize_entry("outcome", "not_judged")?,
            Outcome::Failed(reason) => {
                map.serialize_entry("outcome", "failed")?;
                map.serialize_entry("code", reason.code().name())?;
                map.serialize_entry("detail", &reason.to_string())?;
                map.serialize_entry("remedy", reason.remedy())?;
            }
        }
        map.end()
    }
}
