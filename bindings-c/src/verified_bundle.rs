//! What a bundle establishes beside what every verification does.

use crate::artifact::hash_algorithm;
use crate::pointer::write;
use crate::text::{Text, countermark_bytes, countermark_text};
use crate::timestamp::countermark_timestamp;
use crate::verified::{countermark_verified, of_bundle};
use countermark::{
    Digest, HashAlgorithm, Statement, StatementSubject, Verified, VerifiedCertificateTimestamp,
    VerifiedLogEntry,
};

/// What the accessors lend.
#[derive(Debug)]
pub(crate) struct OfBundle {
    instance: Option<Text>,
    key_name: Option<Text>,
    log_entries: Vec<LogEntry>,
    certificate_timestamps: Vec<(Text, countermark_timestamp)>,
    statement: Option<OfStatement>,
}

#[derive(Debug)]
struct LogEntry {
    log: Text,
    index: Option<u64>,
    tree_size: Option<u64>,
}

#[derive(Debug)]
struct OfStatement {
    predicate_type: Text,
    predicate_json: Option<Text>,
    subjects: Vec<Subject>,
}

#[derive(Debug)]
struct Subject {
    name: Option<Text>,
    uri: Option<Text>,
    digests: Vec<Digest>,
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

unsafe fn text_of(
    verified: *const countermark_verified,
    member: impl FnOnce(&OfBundle) -> Option<&Text>,
) -> countermark_text {
    // SAFETY: as this function's caller promises.
    Text::view_of(unsafe { of_bundle(verified) }.and_then(member))
}

unsafe fn subject<'a>(verified: *const countermark_verified, index: usize) -> Option<&'a Subject> {
    // SAFETY: as this function's caller promises.
    unsafe { of_bundle(verified) }.and_then(|told| told.statement.as_ref()?.subjects.get(index))
}

/// The name of the instance that was believed: a trusted root's, or `own` for the verifier's own anchors. Absent for an entry
/// or a message.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_instance(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.instance.as_ref()) }
}

/// The name of the policy's key that signed; absent if it has none, and where a certificate's key signed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_key_name(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.key_name.as_ref()) }
}

/// How many entries of transparency logs were verified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_log_entry_count(
    verified: *const countermark_verified,
) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { of_bundle(verified) }.map_or(0, |told| told.log_entries.len())
}

/// The log of one of them, by the origin of its checkpoint, or else by its base URL; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_log_entry_log(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.log_entries.get(index).map(|entry| &entry.log)) }
}

/// The entry's index in its log. Returns false, and leaves `log_index` alone, if nobody vouches for one, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_log_entry_index(
    verified: *const countermark_verified,
    index: usize,
    log_index: *mut u64,
) -> bool {
    // SAFETY: the conventions of the header.
    let found = unsafe { of_bundle(verified) }.and_then(|told| told.log_entries.get(index)?.index);
    // SAFETY: the conventions of the header.
    found.is_some_and(|found| unsafe { write(log_index, found) })
}

/// The size of the tree that the log signed and that has the entry. Returns false, and leaves `tree_size` alone, if the log
/// only promised to have it, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_log_entry_tree_size(
    verified: *const countermark_verified,
    index: usize,
    tree_size: *mut u64,
) -> bool {
    // SAFETY: the conventions of the header.
    let found = unsafe { of_bundle(verified) }.and_then(|told| told.log_entries.get(index)?.tree_size);
    // SAFETY: the conventions of the header.
    found.is_some_and(|found| unsafe { write(tree_size, found) })
}

/// How many timestamps of certificate logs in the signer's certificate were verified.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_certificate_timestamp_count(
    verified: *const countermark_verified,
) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { of_bundle(verified) }.map_or(0, |told| told.certificate_timestamps.len())
}

/// The log of one of them, by its base URL; absent past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_certificate_timestamp_log(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.certificate_timestamps.get(index).map(|(log, _)| log)) }
}

/// When that log was given the certificate. Returns false, and leaves `time` alone, past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_certificate_timestamp_time(
    verified: *const countermark_verified,
    index: usize,
    time: *mut countermark_timestamp,
) -> bool {
    // SAFETY: the conventions of the header.
    let found = unsafe { of_bundle(verified) }.and_then(|told| told.certificate_timestamps.get(index));
    // SAFETY: the conventions of the header.
    found.is_some_and(|(_, found)| unsafe { write(time, *found) })
}

/// The predicate type of the in-toto statement that was signed; absent if none was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_predicate_type(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.statement.as_ref().map(|statement| &statement.predicate_type)) }
}

/// The predicate as its JSON, as it stands in the statement; absent if there is none. No object in it has a member twice.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_predicate_json(
    verified: *const countermark_verified,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    unsafe { text_of(verified, |told| told.statement.as_ref()?.predicate_json.as_ref()) }
}

/// How many subjects the statement has. One of them is the artifact.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_subject_count(verified: *const countermark_verified) -> usize {
    // SAFETY: the conventions of the header.
    unsafe { of_bundle(verified) }
        .and_then(|told| told.statement.as_ref())
        .map_or(0, |statement| statement.subjects.len())
}

/// A subject's name; absent if it has none, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_subject_name(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { subject(verified, index) }.and_then(|subject| subject.name.as_ref()))
}

/// A subject's URI; absent if it has none, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_subject_uri(
    verified: *const countermark_verified,
    index: usize,
) -> countermark_text {
    // SAFETY: the conventions of the header.
    Text::view_of(unsafe { subject(verified, index) }.and_then(|subject| subject.uri.as_ref()))
}

/// A subject's digest by `COUNTERMARK_SHA256` and so on; absent if it has none, and past the last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verified_subject_digest(
    verified: *const countermark_verified,
    index: usize,
    algorithm: u32,
) -> countermark_bytes {
    // SAFETY: the conventions of the header.
    let digest = unsafe { subject(verified, index) }.zip(hash_algorithm(algorithm)).and_then(
        |(subject, algorithm)| subject.digests.iter().find(|digest| digest.algorithm() == algorithm),
    );
    digest.map_or(countermark_bytes::ABSENT, |digest| countermark_bytes::of(digest.as_bytes()))
}
