//! What a policy demands of a bundle, whoever signed it.

use crate::crypto::HashAlgorithm;
use crate::limits::{MAX_CLAIM_VALUE_BYTES, MAX_DEMANDED};
use crate::malformed::MalformedInput;
use crate::policy::blocklist::Blocklist;
use crate::policy::subject_demand::{SubjectDemand, SubjectFault, SubjectView};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What a policy demands of a bundle, whoever signed it: what vouches beside the signature, what is said, of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BundleDemands {
    instance: Option<String>,
    log_entries: Count,
    signed_times: Count,
    certificate_timestamps: Count,
    ignore_unknown_authorities: bool,
    /// Any of these; any at all if there is none.
    predicate_types: Vec<String>,
    /// All of these.
    subjects: Vec<SubjectDemand>,
    blocklist: Blocklist,
}

/// How many independent good ones of a kind are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    AtLeast(u32),
    /// As many as the kind of instance demands that judges: see [`BundleDemands::counts`].
    ByInstance,
}

/// How many independent good ones are needed, of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) log_entries: u32,
    pub(crate) signed_times: u32,
    pub(crate) certificate_timestamps: u32,
}

/// What an instance has by which its kind is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InstanceKind {
    pub(crate) has_logs: bool,
    pub(crate) has_certificate_logs: bool,
}

/// What a policy does without, which its result warns of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Waiver {
    /// Anyone whom the issuer vouches for may have signed.
    Signer,
    LogEntries,
    SignedTimes,
    CertificateTimestamps,
    /// Items of unknown logs and authorities are passed over.
    UnknownAuthorities,
}

impl BundleDemands {
    /// One log entry, one signed time and one certificate timestamp, and nothing of what is said.
    pub(crate) fn new() -> Self {
        Self::counted(Count::AtLeast(1), Count::AtLeast(1))
    }

    /// As many as the instance's kind demands.
    pub(crate) fn by_instance() -> Self {
        Self::counted(Count::ByInstance, Count::ByInstance)
    }

    /// For signatures under keys, which have no certificates.
    pub(crate) fn for_keys() -> Self {
        Self::counted(Count::AtLeast(1), Count::AtLeast(0))
    }

    fn counted(count: Count, certificate_timestamps: Count) -> Self {
        Self {
            instance: None,
            log_entries: count,
            signed_times: count,
            certificate_timestamps,
            ignore_unknown_authorities: false,
            predicate_types: Vec::new(),
            subjects: Vec::new(),
            blocklist: Blocklist::default(),
        }
    }

    /// The name of the only instance that may judge, if only one may.
    pub(crate) fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// How many are needed under an instance of this kind. One without any log and certificate log, GitHub's own, has
    /// nothing but timestamps to give. What the bundle has or lacks decides nothing.
    pub(crate) const fn counts(&self, instance: InstanceKind) -> Counts {
        let has_any_log = instance.has_logs || instance.has_certificate_logs;
        let of_logs = if has_any_log { 1 } else { 0 };
        Counts {
            log_entries: self.log_entries.or(of_logs),
            signed_times: self.signed_times.or(1),
            certificate_timestamps: self.certificate_timestamps.or(of_logs),
        }
    }

    pub(crate) const fn ignores_unknown_authorities(&self) -> bool {
        self.ignore_unknown_authorities
    }

    /// Whether a predicate of this type will do; a message, which has none, is `None`.
    pub(crate) fn accepts_predicate_type(&self, predicate_type: Option<&str>) -> bool {
        self.predicate_types.is_empty()
            || predicate_type.is_some_and(|found| self.predicate_types.iter().any(|wanted| wanted == found))
    }

    /// Those of which one is demanded; none if any will do.
    pub(crate) fn predicate_types(&self) -> &[String] {
        &self.predicate_types
    }

    /// Whether the subjects of a statement are as demanded, beside that one of them is the artifact; a message has none.
    pub(crate) fn check_subjects<'s>(
        &self,
        subjects: impl Iterator<Item = SubjectView<'s>> + Clone,
    ) -> Result<(), SubjectFault<'_>> {
        self.subjects.iter().try_for_each(|demand| demand.check(subjects.clone()))
    }

    /// Whether anything is demanded of a statement, so that there must be one.
    pub(crate) fn needs_statement(&self) -> bool {
        !(self.predicate_types.is_empty() && self.subjects.is_empty())
    }

    pub(crate) const fn blocklist(&self) -> &Blocklist {
        &self.blocklist
    }

    pub(super) const fn log_entries(&self) -> Count {
        self.log_entries
    }

    pub(super) const fn signed_times(&self) -> Count {
        self.signed_times
    }

    pub(super) const fn certificate_timestamps(&self) -> Count {
        self.certificate_timestamps
    }

    pub(super) fn subject_name(&self) -> Option<&str> {
        self.subjects.iter().find_map(|demand| match demand {
            SubjectDemand::Name(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether JSON can say it: a policy for a known publisher demands what its members do not tell.
    pub(super) fn has_json(&self) -> bool {
        let counts = [self.log_entries, self.signed_times, self.certificate_timestamps];
        counts.iter().all(|count| count.fixed().is_some())
            && self.predicate_types.len() <= 1
            && self.subjects.iter().all(|demand| matches!(demand, SubjectDemand::Name(_)))
    }

    /// What is done without.
    pub(crate) fn waivers(&self) -> impl Iterator<Item = Waiver> {
        let no = Count::AtLeast(0);
        [
            (self.log_entries == no, Waiver::LogEntries),
            (self.signed_times == no, Waiver::SignedTimes),
            (self.certificate_timestamps == no, Waiver::CertificateTimestamps),
            (self.ignore_unknown_authorities, Waiver::UnknownAuthorities),
        ]
        .into_iter()
        .filter_map(|(is_waived, waiver)| is_waived.then_some(waiver))
    }

    pub(super) fn set_instance(&mut self, name: String) -> Result<(), MalformedInput> {
        self.instance = Some(text("instance", name)?);
        Ok(())
    }

    pub(super) fn set_log_entries(&mut self, count: u32) -> Result<(), MalformedInput> {
        self.log_entries = Count::at_least("log_entries", count)?;
        Ok(())
    }

    pub(super) fn set_signed_times(&mut self, count: u32) -> Result<(), MalformedInput> {
        self.signed_times = Count::at_least("signed_times", count)?;
        Ok(())
    }

    pub(super) fn set_certificate_timestamps(&mut self, count: u32) -> Result<(), MalformedInput> {
        self.certificate_timestamps = Count::at_least("certificate_timestamps", count)?;
        Ok(())
    }

    pub(super) const fn set_ignore_unknown_authorities(&mut self, ignore: bool) {
        self.ignore_unknown_authorities = ignore;
    }

    pub(super) fn set_predicate_type(&mut self, predicate_type: String) -> Result<(), MalformedInput> {
        self.predicate_types = alloc::vec![text("predicate_type", predicate_type)?];
        Ok(())
    }

    pub(super) fn set_predicate_types(&mut self, predicate_types: &[&str]) {
        self.predicate_types = predicate_types.iter().copied().map(String::from).collect();
    }

    pub(super) fn set_subject_name(&mut self, name: String) -> Result<(), MalformedInput> {
        let name = SubjectDemand::Name(text("subject_name", name)?);
        self.subjects.retain(|demand| !matches!(demand, SubjectDemand::Name(_)));
        self.subjects.push(name);
        Ok(())
    }

    pub(super) fn demand_subject(&mut self, subject: SubjectDemand) {
        self.subjects.push(subject);
    }

    pub(super) fn set_blocklist(&mut self, blocklist: Blocklist) {
        self.blocklist = blocklist;
    }

    pub(super) fn block(&mut self, item: &str) -> Result<(), MalformedInput> {
        self.blocklist.add(item, HashAlgorithm::ALL)
    }
}

impl Count {
    fn at_least(member: &str, count: u32) -> Result<Self, MalformedInput> {
        if count > MAX_DEMANDED {
            return Err(MalformedInput::policy(format!(
                "`{member}` is {count}; it must be 0 to {MAX_DEMANDED}"
            )));
        }
        Ok(Self::AtLeast(count))
    }

    /// The number, unless the kind of instance decides.
    pub(super) const fn fixed(self) -> Option<u32> {
        match self {
            Self::AtLeast(count) => Some(count),
            Self::ByInstance => None,
        }
    }

    const fn or(self, by_instance: u32) -> u32 {
        match self {
            Self::AtLeast(count) => count,
            Self::ByInstance => by_instance,
        }
    }
}

/// A text that a policy asks for: not empty, and not too long.
fn text(member: &str, text: String) -> Result<String, MalformedInput> {
    if text.is_empty() {
        return Err(MalformedInput::policy(format!("`{member}` is empty")));
    }
    if text.len() > MAX_CLAIM_VALUE_BYTES {
        return Err(MalformedInput::policy(format!(
            "`{member}` is longer than {MAX_CLAIM_VALUE_BYTES} bytes"
        )));
    }
    Ok(text)
}

/// What every policy for bundles may demand.
macro_rules! public_demands {
    ($policy:ty) => {
        impl $policy {
            /// Sets the name of the only instance that may judge.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if the name is empty or too long.
            pub fn with_instance(mut self, name: impl Into<String>) -> Result<Self, MalformedInput> {
                self.bundle.set_instance(name.into())?;
                Ok(self)
            }

            /// Sets how many independent log entries are needed, from 0 to
            /// [`MAX_DEMANDED`](crate::limits::MAX_DEMANDED). None is a warning in the result.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if there are more.
            pub fn with_log_entries(mut self, count: u32) -> Result<Self, MalformedInput> {
                self.bundle.set_log_entries(count)?;
                Ok(self)
            }

            /// Sets how many independent signed times, of logs or timestamp authorities, are needed, from 0 to
            /// [`MAX_DEMANDED`](crate::limits::MAX_DEMANDED). None is a warning in the result.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if there are more.
            pub fn with_signed_times(mut self, count: u32) -> Result<Self, MalformedInput> {
                self.bundle.set_signed_times(count)?;
                Ok(self)
            }

            /// Sets the predicate type that the statement must have, in place of any set before. A message has none.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if the type is empty or too long.
            pub fn with_predicate_type(
                mut self,
                predicate_type: impl Into<String>,
            ) -> Result<Self, MalformedInput> {
                self.bundle.set_predicate_type(predicate_type.into())?;
                Ok(self)
            }

            /// Sets the name of the statement's subject that is the artifact, such as
            /// `pkg:npm/%40scope/name@1.0.0`. A message has no subjects.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if the name is empty or too long.
            pub fn with_subject_name(mut self, name: impl Into<String>) -> Result<Self, MalformedInput> {
                self.bundle.set_subject_name(name.into())?;
                Ok(self)
            }

            /// Passes over log entries, timestamps and certificate timestamps of unknown logs and authorities, which
            /// never count, where else they refuse the bundle.
            #[must_use]
            pub const fn ignoring_unknown_authorities(mut self) -> Self {
                self.bundle.set_ignore_unknown_authorities(true);
                self
            }

            /// Also blocks an artifact: an artifact name, or `sha256:`, `sha384:` or `sha512:` and lowercase hex
            /// digits. Where the artifact's digest by that algorithm is not known, it is an error to verify it.
            ///
            /// # Errors
            ///
            /// [`MalformedInput::Policy`] if the item is neither, or the list has
            /// [`MAX_BLOCKLIST_ITEMS`](crate::limits::MAX_BLOCKLIST_ITEMS) already.
            pub fn block(mut self, item: &str) -> Result<Self, MalformedInput> {
                self.bundle.block(item)?;
                Ok(self)
            }

            /// The name of the only instance that may judge, if only one may.
            #[must_use]
            pub fn instance(&self) -> Option<&str> {
                self.bundle.instance()
            }

            /// How many independent log entries are needed; `None` if the kind of instance decides.
            #[must_use]
            pub const fn log_entries(&self) -> Option<u32> {
                self.bundle.log_entries().fixed()
            }

            /// How many independent signed times are needed; `None` if the kind of instance decides.
            #[must_use]
            pub const fn signed_times(&self) -> Option<u32> {
                self.bundle.signed_times().fixed()
            }

            /// The predicate types of which the statement must have one; none if any will do.
            pub fn predicate_types(&self) -> impl Iterator<Item = &str> {
                self.bundle.predicate_types().iter().map(|predicate_type| predicate_type.as_str())
            }

            /// The name of the subject that must be the artifact, if one is asked for.
            #[must_use]
            pub fn subject_name(&self) -> Option<&str> {
                self.bundle.subject_name()
            }

            /// Whether items of unknown logs and authorities are passed over.
            #[must_use]
            pub const fn ignores_unknown_authorities(&self) -> bool {
                self.bundle.ignores_unknown_authorities()
            }

            /// The blocklist's items as JSON writes them, in order.
            pub fn blocklist(&self) -> impl Iterator<Item = alloc::string::String> + Clone {
                self.bundle.blocklist().items()
            }
        }
    };
}
pub(super) use public_demands;

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(demands: &BundleDemands, has_logs: bool, has_certificate_logs: bool) -> [u32; 3] {
        let counts = demands.counts(InstanceKind { has_logs, has_certificate_logs });
        [counts.log_entries, counts.signed_times, counts.certificate_timestamps]
    }

    #[test]
    fn the_kind_of_instance_decides_only_where_nobody_else_did() {
        let fixed = BundleDemands::new();
        let mut by_instance = BundleDemands::by_instance();
        for (has_logs, has_certificate_logs) in [(true, true), (true, false), (false, true)] {
            assert_eq!(counts(&fixed, has_logs, has_certificate_logs), [1, 1, 1]);
            assert_eq!(counts(&by_instance, has_logs, has_certificate_logs), [1, 1, 1]);
        }
        assert_eq!(counts(&fixed, false, false), [1, 1, 1]);
        assert_eq!(counts(&by_instance, false, false), [0, 1, 0]);
        by_instance.set_log_entries(2).unwrap();
        assert_eq!(counts(&by_instance, false, false), [2, 1, 0]);
        assert_eq!(counts(&by_instance, true, true), [2, 1, 1]);
    }

    #[test]
    fn what_is_done_without_is_told() {
        let mut demands = BundleDemands::new();
        assert_eq!(demands.waivers().count(), 0);
        assert_eq!(BundleDemands::by_instance().waivers().count(), 0);
        demands.set_signed_times(0).unwrap();
        assert_eq!(demands.waivers().collect::<Vec<_>>(), [Waiver::SignedTimes]);
        demands.set_log_entries(0).unwrap();
        demands.set_certificate_timestamps(0).unwrap();
        demands.set_ignore_unknown_authorities(true);
        let every = [
            Waiver::LogEntries,
            Waiver::SignedTimes,
            Waiver::CertificateTimestamps,
            Waiver::UnknownAuthorities,
        ];
        assert_eq!(demands.waivers().collect::<Vec<_>>(), every);
    }

    #[test]
    fn a_message_has_no_predicate_type() {
        let mut demands = BundleDemands::new();
        assert!(demands.accepts_predicate_type(None) && demands.accepts_predicate_type(Some("a")));
        demands.set_predicate_type("a".into()).unwrap();
        assert!(demands.accepts_predicate_type(Some("a")));
        for other in [None, Some(""), Some("A"), Some("a/b")] {
            assert!(!demands.accepts_predicate_type(other), "{other:?}");
        }
        demands.set_predicate_types(&["b", "c"]);
        assert!(demands.accepts_predicate_type(Some("c")) && !demands.accepts_predicate_type(Some("a")));
    }

    #[test]
    fn a_name_that_is_asked_for_does_not_replace_what_else_is() {
        let view = |name, uri| SubjectView { name, uri, is_artifact: true, ..SubjectView::default() };
        let mut demands = BundleDemands::new();
        assert_eq!(demands.check_subjects([].into_iter()), Ok(()));
        demands.demand_subject(SubjectDemand::UriPrefix("pkg:x@".into()));
        demands.set_subject_name("a".into()).unwrap();
        demands.set_subject_name("b".into()).unwrap();
        let (named, released) = (view(Some("b"), None), view(None, Some("pkg:x@1")));
        assert_eq!(demands.check_subjects([named, released].into_iter()), Ok(()));
        assert_eq!(demands.check_subjects([named].into_iter()), Err(SubjectFault::NoUri("pkg:x@")));
        assert_eq!(demands.check_subjects([released].into_iter()), Err(SubjectFault::OtherName("b")));
    }
}
