//! Every check of a bundle, and every item of evidence by itself, for people and dashboards.

use crate::code::{Check, Code};
use crate::outcome::report::{CheckOutcome, Outcome};
use crate::outcome::verified::Warning;
use crate::rejection::{Reason, Rejection};
use crate::text::quoting::{Printable, Value};
use crate::timestamp::Timestamp;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// Every check's outcome, from [`Verifier::examine_bundle`](crate::Verifier::examine_bundle), and every signed timestamp,
/// log entry and certificate timestamp by itself.
///
/// The checks are those under one instance: the one that verified the bundle, or else the one under which it came
/// furthest. It prints as a short table, and serialises to JSON.
///
/// **For looking, not for deciding**: a program that decides calls `verify_bundle`, whose refusal cannot be overlooked.
#[derive(Clone, Debug, PartialEq)]
pub struct BundleReport {
    pub(crate) artifact: String,
    pub(crate) instance: Option<String>,
    pub(crate) rejection: Option<Rejection>,
    pub(crate) checks: Vec<CheckOutcome>,
    pub(crate) evidence: Vec<EvidenceOutcome>,
    pub(crate) claims: Vec<(String, String)>,
    pub(crate) warnings: Vec<Warning>,
}

/// A signed timestamp, log entry or certificate timestamp, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceOutcome {
    pub(crate) kind: EvidenceKind,
    pub(crate) position: usize,
    pub(crate) whose: Option<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) is_unknown: bool,
    pub(crate) reason: Option<Reason>,
}

/// What vouches for a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// A signed timestamp (RFC 3161).
    Timestamp,
    /// An entry of a transparency log.
    LogEntry,
    /// A timestamp of a certificate log (RFC 6962) in the signer's certificate.
    CertificateTimestamp,
}

impl EvidenceKind {
    /// The stable name, as JSON spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::LogEntry => "log_entry",
            Self::CertificateTimestamp => "certificate_timestamp",
        }
    }
}

impl EvidenceOutcome {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> EvidenceKind {
        self.kind
    }

    /// Which of its kind, counted from zero.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// Whose word it is, if it is good.
    #[must_use]
    pub fn whose(&self) -> Option<&str> {
        self.whose.as_deref()
    }

    /// The time that it vouches for, if it is good and vouches for one.
    #[must_use]
    pub const fn time(&self) -> Option<Timestamp> {
        self.time
    }

    /// Whether the instance does not know whose it is.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// Why it is not good; `None` if it is.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }
}

impl BundleReport {
    /// [`Code::Verified`], or the code of the first rule that failed: what `verify_bundle` decides.
    #[must_use]
    pub fn verdict(&self) -> Code {
        self.rejection.as_ref().map_or(Code::Verified, Rejection::code)
    }

    /// Why the bundle is refused, if it is; those of other instances stand beside it.
    #[must_use]
    pub const fn rejection(&self) -> Option<&Rejection> {
        self.rejection.as_ref()
    }

    /// The artifact: its name or a digest.
    #[must_use]
    pub fn artifact(&self) -> &str {
        &self.artifact
    }

    /// The instance that the checks are about, if any may judge.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// The checks in order.
    #[must_use]
    pub fn checks(&self) -> &[CheckOutcome] {
        &self.checks
    }

    /// Every signed timestamp, log entry and certificate timestamp by itself.
    #[must_use]
    pub fn evidence(&self) -> &[EvidenceOutcome] {
        &self.evidence
    }

    /// Whether the instance knows nobody who vouches for the bundle: it is probably another instance's.
    #[must_use]
    pub fn is_of_another_instance(&self) -> bool {
        let mut evidence = self.evidence.iter().peekable();
        evidence.peek().is_some() && evidence.all(EvidenceOutcome::is_unknown)
    }

    /// What the certificate claims, by name; believed only if the verdict is [`Code::Verified`].
    #[must_use]
    pub fn claims(&self) -> &[(String, String)] {
        &self.claims
    }

    /// What was not asked for, and perhaps should have been.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// The checks that a bundle goes through, in the order in which a report tells them.
pub(crate) const BUNDLE_CHECKS: [Check; 10] = [
    Check::Selection,
    Check::Blocklist,
    Check::Certificate,
    Check::Chain,
    Check::Lifetime,
    Check::Timestamp,
    Check::Signature,
    Check::Transparency,
    Check::Artifact,
    Check::Claims,
];

/// What came of each check, from what came of each rule: a check fails with the first rule of it that does.
pub(crate) fn checks_of(rules: &[(Check, Outcome)]) -> Vec<CheckOutcome> {
    let of = |check: Check| {
        let mut outcomes = rules.iter().filter(|(of, _)| *of == check).map(|(_, outcome)| outcome);
        let failed = outcomes.clone().find(|outcome| matches!(outcome, Outcome::Failed(_)));
        let not_judged = outcomes.clone().find(|outcome| matches!(outcome, Outcome::NotJudged));
        failed.or(not_judged).or_else(|| outcomes.next()).cloned().unwrap_or(Outcome::NotJudged)
    };
    BUNDLE_CHECKS.iter().map(|check| CheckOutcome::new(*check, of(*check))).collect()
}

impl fmt::Display for EvidenceOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            EvidenceKind::Timestamp => "signed timestamp",
            EvidenceKind::LogEntry => "log entry",
            EvidenceKind::CertificateTimestamp => "certificate timestamp",
        };
        write!(f, "{kind} {}: ", self.position)?;
        match (&self.reason, self.is_unknown) {
            (None, _) => {
                write!(f, "good, by {}", Value(self.whose.as_deref().unwrap_or_default()))?;
                self.time.map_or(Ok(()), |time| write!(f, ", at {time}"))
            }
            (Some(reason), true) => write!(f, "unknown: {}", Printable(&reason.to_string())),
            (Some(reason), false) => write!(f, "BAD: {}", Printable(&reason.to_string())),
        }
    }
}

impl fmt::Display for BundleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", Value(&self.artifact), self.verdict())?;
        if let Some(instance) = &self.instance {
            writeln!(f, "  under the instance {}", Value(instance))?;
        }
        for made in &self.checks {
            let check = made.check();
            match made.outcome() {
                Outcome::Passed => writeln!(f, "  {check:<12}  passed")?,
                Outcome::NotJudged => writeln!(f, "  {check:<12}  not judged")?,
                Outcome::Failed(reason) => {
                    writeln!(
                        f,
                        "  {check:<12}  FAILED  {}: {}",
                        reason.code(),
                        Printable(&reason.to_string())
                    )?;
                }
            }
        }
        for item in &self.evidence {
            writeln!(f, "{item}")?;
        }
        if self.is_of_another_instance() {
            writeln!(
                f,
                "nobody who vouches for the bundle is known to this instance: it is probably another instance's"
            )?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for other in self.rejection.iter().flat_map(Rejection::others) {
            writeln!(f, "refused otherwise too: {}: {}", other.code(), Printable(&other.detail()))?;
        }
        match &self.rejection {
            Some(rejection) => write!(f, "remedy: {}", rejection.remedy()),
            None => f.write_str("every check passed"),
        }
    }
}

impl Serialize for BundleReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let verdict = self.verdict();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("artifact", &self.artifact)?;
        map.serialize_entry("verdict", verdict.name())?;
        map.serialize_entry("number", &verdict.number())?;
        if let Some(instance) = &self.instance {
            map.serialize_entry("instance", instance)?;
        }
        map.serialize_entry("checks", &self.checks)?;
        map.serialize_entry("evidence", &self.evidence)?;
        map.serialize_entry("another_instance", &self.is_of_another_instance())?;
        map.serialize_entry("claims", &Texts(&self.claims))?;
        map.serialize_entry("warnings", &self.warnings)?;
        if let Some(rejection) = &self.rejection {
            map.serialize_entry("rejection", rejection)?;
        }
        map.end()
    }
}

impl Serialize for EvidenceOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.kind.name())?;
        map.serialize_entry("position", &self.position)?;
        let outcome = match (&self.reason, self.is_unknown) {
            (None, _) => "good",
            (Some(_), true) => "unknown",
            (Some(_), false) => "bad",
        };
        map.serialize_entry("outcome", outcome)?;
        if let Some(whose) = &self.whose {
            map.serialize_entry("whose", whose)?;
        }
        if let Some(time) = &self.time {
            map.serialize_entry("time", &time.to_string())?;
        }
        if let Some(reason) = &self.reason {
            map.serialize_entry("detail", &reason.to_string())?;
        }
        map.end()
    }
}

struct Texts<'a>(&'a [(String, String)]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, text)| (name, text)))
    }
}
