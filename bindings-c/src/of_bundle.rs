//! What a result of a bundle lends, beside what every result does.

use crate::text::Text;
use crate::timestamp::countermark_timestamp;
use countermark::{
    Digest, HashAlgorithm, Statement, StatementSubject, Verified, VerifiedCertificateTimestamp,
    VerifiedLogEntry,
};

/// What the accessors lend.
#[derive(Debug)]
pub(crate) struct OfBundle {
    pub(crate) instance: Option<Text>,
    pub(crate) key_name: Option<Text>,
    pub(crate) log_entries: Vec<LogEntry>,
    pub(crate) certificate_timestamps: Vec<(Text, countermark_timestamp)>,
    pub(crate) statement: Option<OfStatement>,
}

#[derive(Debug)]
pub(crate) struct LogEntry {
    pub(crate) log: Text,
    pub(crate) index: Option<u64>,
    pub(crate) tree_size: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct OfStatement {
    pub(crate) predicate_type: Text,
    pub(crate) predicate_json: Option<Text>,
    pub(crate) subjects: Vec<Subject>,
}

#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) name: Option<Text>,
    pub(crate) uri: Option<Text>,
    pub(crate) digests: Vec<Digest>,
}

impl From<&Verified<'_>> for OfBundle {
    fn from(verified: &Verified<'_>) -> Self {
        let certificate_timestamp =
            |of: &VerifiedCertificateTimestamp| (Text::from(of.log()), of.time().into());
        Self {
            instance: verified.instance().map(Text::from),
            key_name: verified.key_name().map(Text::from),
            log_entries: verified.log_entries().iter().map(LogEntry::from).collect(),
            certificate_timestamps: verified
                .certificate_timestamps()
                .iter()
                .map(certificate_timestamp)
                .collect(),
            statement: verified.statement().map(OfStatement::from),
        }
    }
}

impl From<&VerifiedLogEntry> for LogEntry {
    fn from(entry: &VerifiedLogEntry) -> Self {
        Self { log: entry.log().into(), index: entry.log_index(), tree_size: entry.tree_size() }
    }
}

impl From<&Statement> for OfStatement {
    fn from(statement: &Statement) -> Self {
        Self {
            predicate_type: statement.predicate_type().into(),
            predicate_json: statement.predicate_json().map(Text::from),
            subjects: statement.subjects().iter().map(Subject::from).collect(),
        }
    }
}

impl From<&StatementSubject> for Subject {
    fn from(subject: &StatementSubject) -> Self {
        Self {
            name: subject.name().map(Text::from),
            uri: subject.uri().map(Text::from),
            digests: HashAlgorithm::ALL.iter().filter_map(|algorithm| subject.digest(*algorithm)).collect(),
        }
    }
}
