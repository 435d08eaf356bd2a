//! in-toto statements: what is said, and about which artifacts.

use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{MAX_STATEMENT_SUBJECTS, MAX_SUBJECT_DIGESTS};
use crate::sigstore::protobuf_json::Place;
use crate::text::quoting::Excerpt;
use crate::text::texts::Texts;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The type of a payload that is an in-toto statement.
pub(crate) const IN_TOTO_PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// What `_type` says of the versions of statements that are read.
const TYPES: &[&str] = &["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];

/// An in-toto statement of version 0.1 or 1: something that is said (the predicate) about artifacts (the subjects).
///
/// It is well-formed: no object in it has a member twice, `predicateType` is not empty, and it has 1 to
/// [`MAX_STATEMENT_SUBJECTS`] subjects, each with at most [`MAX_SUBJECT_DIGESTS`] digests. Members that the
/// specification does not know are ignored, as it demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    predicate_type: Box<str>,
    subjects: Vec<StatementSubject>,
    predicate: Option<Box<str>>,
}

/// An artifact that a [`Statement`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementSubject {
    name: Option<Box<str>>,
    uri: Option<Box<str>>,
    /// Algorithm, digest, algorithm, and so on.
    digests: Texts,
}

/// A [`Statement`] whose signature nobody has verified: anybody may have written it, about anything.
///
/// A [`Verified`](crate::Verified) has the statement that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnverifiedStatement(Statement);

impl UnverifiedStatement {
    pub(crate) const fn new(statement: Statement) -> Self {
        Self(statement)
    }

    /// What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart.
    #[must_use]
    pub const fn unverified(&self) -> &Statement {
        &self.0
    }
}

impl Statement {
    /// Reads the payload of an envelope.
    pub(crate) fn parse(payload: &[u8]) -> Result<Self, String> {
        let document = Place::document(payload)?;
        document.strict_json()?;
        let [version, subjects, predicate_type, predicate] =
            document.members_of_open_object(["_type", "subject", "predicateType", "predicate"])?;
        let found = version.required_text()?;
        if !TYPES.contains(&&*found) {
            return Err(version.fault(format_args!("is {}, not {}", Excerpt(&found), TYPES.join(" or "))));
        }
        let subjects = subjects.required()?.few_items(MAX_STATEMENT_SUBJECTS)?;
        if subjects.is_empty() {
            return Err("`subject` is empty".to_string());
        }
        Ok(Self {
            predicate_type: predicate_type.required_text()?.into(),
            subjects: subjects.iter().map(StatementSubject::read).collect::<Result<_, _>>()?,
            predicate: predicate.strict_json()?.map(|json| json.get().as_str().into()),
        })
    }

    /// What kind of predicate it is, usually a URI: `https://slsa.dev/provenance/v1`.
    #[must_use]
    pub const fn predicate_type(&self) -> &str {
        &self.predicate_type
    }

    /// What it is about, at least one.
    #[must_use]
    pub fn subjects(&self) -> &[StatementSubject] {
        &self.subjects
    }

    /// The predicate as its JSON text, as it stands in the statement; `None` if there is none. In its objects no member
    /// is there twice.
    #[must_use]
    pub fn predicate_json(&self) -> Option<&str> {
        self.predicate.as_deref()
    }

    /// The first subject that [is](StatementSubject::is_of) the artifact with these digests, and its index; or why there
    /// is none.
    pub(crate) fn subject_of(&self, artifact: &[Digest]) -> Result<(usize, &StatementSubject), String> {
        let mut subjects = self.subjects.iter().enumerate();
        subjects.find(|(_, subject)| subject.is_of(artifact)).ok_or_else(|| self.mismatch(artifact))
    }

    /// The algorithms that are known here of which some subject tells a digest: those in which the artifact's matter.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = HashAlgorithm> {
        let is_told = |algorithm: &HashAlgorithm| {
            self.subjects.iter().any(|subject| subject.digest_text(*algorithm).is_some())
        };
        HashAlgorithm::ALL.iter().copied().filter(is_told)
    }

    fn mismatch(&self, artifact: &[Digest]) -> String {
        for (index, subject) in self.subjects.iter().enumerate() {
            if let (Some(same), Some(other)) = (subject.agreement(artifact), subject.contradiction(artifact))
            {
                return format!("`subject[{index}]` has the artifact's {same}, but another {other}");
            }
        }
        let told = self.algorithms().collect::<Vec<_>>();
        let given = artifact.iter().map(Digest::algorithm).collect::<Vec<_>>();
        if given.iter().any(|algorithm| told.contains(algorithm)) {
            let count = self.subjects.len();
            return format!(
                "it is about another artifact: none of its subjects, {count} in all, has this digest"
            );
        }
        format!(
            "its subjects tell {} of the digests that are known here, and of the artifact {} is given",
            names(&told),
            names(&given)
        )
    }
}

fn names(algorithms: &[HashAlgorithm]) -> String {
    if algorithms.is_empty() {
        return "none".to_string();
    }
    algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(", ")
}

impl StatementSubject {
    fn read(subject: &Place<'_, '_>) -> Result<Self, String> {
        let [name, uri, digest] = subject.members_of_open_object(["name", "uri", "digest"])?;
        Ok(Self { name: read_text(&name)?, uri: read_text(&uri)?, digests: read_digests(&digest)? })
    }

    /// The name, if it has one: a file name, a package URL, whatever the predicate's type demands.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The URI, if it has one.
    #[must_use]
    pub fn uri(&self) -> Option<&str> {
        self.uri.as_deref()
    }

    /// Its digests in the order of the statement, each with the name of its algorithm, which may be any, and as it
    /// stands: `("sha256", "5891b5b5…")`. No algorithm is there twice.
    pub fn digests(&self) -> impl Iterator<Item = (&str, &str)> {
        let (algorithms, digests) = (self.digests.iter().step_by(2), self.digests.iter().skip(1).step_by(2));
        algorithms.zip(digests)
    }

    /// The digest of this algorithm, if it has one that is well-formed: hex digits of either case, as many as such a
    /// digest has.
    #[must_use]
    pub fn digest(&self, algorithm: HashAlgorithm) -> Option<Digest> {
        Digest::from_hex(algorithm, self.digest_text(algorithm)?)
    }

    /// Whether it is the artifact with these digests: it has one of them, and under the name of no other anything else.
    pub(crate) fn is_of(&self, artifact: &[Digest]) -> bool {
        self.agreement(artifact).is_some() && self.contradiction(artifact).is_none()
    }

    fn digest_text(&self, algorithm: HashAlgorithm) -> Option<&str> {
        self.digests().find(|(name, _)| *name == algorithm.name()).map(|(_, digest)| digest)
    }

    fn agreement(&self, artifact: &[Digest]) -> Option<HashAlgorithm> {
        let same = artifact.iter().find(|digest| self.digest(digest.algorithm()).as_ref() == Some(digest));
        same.map(Digest::algorithm)
    }

    /// The algorithm of which it has another digest, or what is none.
    fn contradiction(&self, artifact: &[Digest]) -> Option<HashAlgorithm> {
        let differs = |digest: &&Digest| {
            let algorithm = digest.algorithm();
            self.digest_text(algorithm).is_some() && self.digest(algorithm).as_ref() != Some(*digest)
        };
        artifact.iter().find(differs).map(Digest::algorithm)
    }
}

fn read_text(place: &Place<'_, '_>) -> Result<Option<Box<str>>, String> {
    if place.is_there() { Ok(Some(place.text()?.into())) } else { Ok(None) }
}

fn read_digests(place: &Place<'_, '_>) -> Result<Texts, String> {
    let Some(json) = place.strict_json()? else { return Ok(Texts::default()) };
    let members = json.get().as_object().ok_or_else(|| place.fault("is no object"))?;
    let mut texts = Vec::new();
    for (name, value) in members {
        if texts.len() == MAX_SUBJECT_DIGESTS.saturating_mul(2) {
            return Err(place.fault(format_args!("has more than {MAX_SUBJECT_DIGESTS} digests")));
        }
        let name = name.text();
        let Some(digest) = value.as_text() else {
            return Err(place.fault(format_args!("has a member {} that is no text", Excerpt(&name))));
        };
        texts.extend([name, digest.text()]);
    }
    Ok(texts.into_iter().collect())
}
