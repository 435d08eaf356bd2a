//! in-toto statements: what is said, and about which artifacts.

use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{MAX_STATEMENT_SUBJECTS, MAX_SUBJECT_DIGESTS};
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::{Bundle, Content};
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
    /// What it says, which is not to be believed. It may help to choose a policy or to tell bundles apart.
    #[must_use]
    pub const fn unverified(&self) -> &Statement {
        &self.0
    }
}

impl Bundle {
    /// The in-toto statement in its envelope, of which nothing is verified; `None` if it has no envelope, or one with
    /// another payload.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] if the payload should be a statement and cannot be read as one. To a verification this
    /// is no malformed bundle but [`artifact_mismatch`](crate::Code::ArtifactMismatch).
    pub fn statement(&self) -> Result<Option<UnverifiedStatement>, MalformedInput> {
        let Content::Envelope(envelope) = &self.content else { return Ok(None) };
        if envelope.payload_type != IN_TOTO_PAYLOAD_TYPE {
            return Ok(None);
        }
        let statement = Statement::parse(&envelope.payload)
            .map_err(|fault| MalformedInput::bundle(format!("its statement cannot be read: {fault}")))?;
        Ok(Some(UnverifiedStatement(statement)))
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

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::sigstore::collection;
    use alloc::vec;
    use base64ct::{Base64, Encoding};
    use std::println;

    fn statement(subjects: &str) -> String {
        format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{subjects}],"predicateType":"https://example.com/p","predicate":{{"a": [1]}}}}"#
        )
    }

    fn read(subjects: &str) -> Statement {
        Statement::parse(statement(subjects).as_bytes()).unwrap()
    }

    fn fault(payload: &str) -> String {
        Statement::parse(payload.as_bytes()).unwrap_err()
    }

    fn digests() -> Vec<Digest> {
        HashAlgorithm::ALL.iter().map(|algorithm| Digest::of(*algorithm, b"artifact")).collect()
    }

    /// The hex digits of the artifact's digest, or of another's.
    fn hex(algorithm: HashAlgorithm, of: &[u8]) -> String {
        Digest::of(algorithm, of).to_string().split_once(':').unwrap().1.to_string()
    }

    fn subject(digests: &[(&str, String)]) -> String {
        let members: Vec<_> = digests.iter().map(|(name, digest)| format!("{name:?}:{digest:?}")).collect();
        format!(r#"{{"digest":{{{}}}}}"#, members.join(","))
    }

    #[test]
    fn what_is_said_is_read() {
        let subject = r#"{"name":"a","uri":"pkg:x","digest":{"sha256":"AB","gitCommit":"c"},"content":"","mediaType":7,"x":[{}]}"#;
        let found = read(&format!("{subject},{{}},{{\"name\":null,\"digest\":null}}"));
        assert_eq!(found.predicate_type(), "https://example.com/p");
        assert_eq!(found.predicate_json(), Some(r#"{"a": [1]}"#));
        let [first, second, third] = found.subjects() else { panic!("{found:?}") };
        assert_eq!((first.name(), first.uri()), (Some("a"), Some("pkg:x")));
        assert_eq!(first.digests().collect::<Vec<_>>(), [("sha256", "AB"), ("gitCommit", "c")]);
        assert_eq!((second.name(), second.uri(), second.digests().count()), (None, None, 0));
        assert_eq!(second, third);

        let minimal =
            r#"{"_type":"https://in-toto.io/Statement/v0.1","subject":[{}],"predicateType":"p","more":1}"#;
        assert_eq!(Statement::parse(minimal.as_bytes()).unwrap().predicate_json(), None);
    }

    #[test]
    fn what_is_no_statement_is_told() {
        let good = statement("{}");
        let without = |member: &str| good.replace(&format!("\"{member}\""), "\"x\"");
        for (payload, what) in [
            (String::new(), "empty"),
            (String::from("[]"), "no object"),
            (without("_type"), "`_type` is missing"),
            (without("subject"), "`subject` is missing"),
            (without("predicateType"), "`predicateType` is missing"),
            (good.replace("Statement/v1", "Statement/v2"), "`_type` is"),
            (good.replace("https://in-toto", "http://in-toto"), "`_type` is"),
            (good.replace("Statement/v1", "Statement/v1/"), "`_type` is"),
            (good.replace("\"https://example.com/p\"", "\"\""), "`predicateType` is empty"),
            (good.replace("\"https://example.com/p\"", "1"), "`predicateType` is no text"),
            (statement(""), "`subject` is empty"),
            (good.replace("[{}]", "{}"), "`subject` is no array"),
            (statement("{},null"), "`subject[1]` is no object"),
            (statement(r#"{"name":1}"#), "`subject[0].name` is no text"),
            (statement(r#"{"uri":[]}"#), "`subject[0].uri` is no text"),
            (statement(r#"{"digest":[]}"#), "`subject[0].digest` is no object"),
            (statement(r#"{"digest":{"sha256":7}}"#), "that is no text"),
            (format!("\u{feff}{good}"), "byte order mark"),
            (format!("{good}{{}}"), "trailing"),
        ] {
            let fault = fault(&payload);
            assert!(fault.contains(what), "{payload}: {fault}");
        }
        assert!(Statement::parse(b"\xFF").is_err());
    }

    #[test]
    fn no_member_is_there_twice_anywhere() {
        let good = statement("{}");
        for payload in [
            good.replacen('{', r#"{"predicateType":"q","#, 1),
            good.replacen('{', r#"{"pr\u0065dicateType":"q","#, 1),
            good.replacen('{', r#"{"x":1,"x":1,"#, 1),
            statement(r#"{"name":"a","name":"a"}"#),
            statement(r#"{"digest":{},"digest":{}}"#),
            statement(r#"{"digest":{"sha256":"a","sha256":"a"}}"#),
            statement(r#"{"digest":{"sha256":"a","sh\u00612\u00356":"a"}}"#),
            statement(r#"{"annotations":{"a":{"b":1,"b":2}}}"#),
            good.replace(r#"{"a": [1]}"#, r#"{"a":[{"b":1,"b":2}]}"#),
        ] {
            let fault = fault(&payload);
            assert!(fault.contains("twice"), "{payload}: {fault}");
        }
    }

    #[test]
    fn subjects_and_their_digests_are_limited() {
        let subjects = |count| vec!["{}"; count].join(",");
        assert_eq!(read(&subjects(MAX_STATEMENT_SUBJECTS)).subjects().len(), 1_024);
        assert!(fault(&statement(&subjects(MAX_STATEMENT_SUBJECTS + 1))).contains("more than 1024 items"));
        let digests = |count| {
            let digests: Vec<_> = (0..count).map(|number| format!(r#""{number}":"""#)).collect();
            format!(r#"{{"digest":{{{}}}}}"#, digests.join(","))
        };
        assert_eq!(read(&digests(MAX_SUBJECT_DIGESTS)).subjects()[0].digests().count(), 32);
        assert!(fault(&statement(&digests(MAX_SUBJECT_DIGESTS + 1))).contains("more than 32 digests"));
    }

    #[test]
    fn a_subject_is_the_artifact_by_one_digest_and_against_none() {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        let of = |algorithm| (HashAlgorithm::name(algorithm), hex(algorithm, b"artifact"));
        let not = |algorithm| (HashAlgorithm::name(algorithm), hex(algorithm, b"other"));
        let is_it = |members: &[(&str, String)], artifact: &[Digest]| {
            read(&subject(members)).subject_of(artifact).is_ok()
        };
        let [all, sha256] = [digests(), digests()[..1].to_vec()];
        for members in [
            vec![of(Sha256)],
            vec![of(Sha512)],
            vec![of(Sha256), of(Sha384), of(Sha512)],
            vec![("sha256", hex(Sha256, b"artifact").to_uppercase())],
            vec![of(Sha256), ("sha1", String::from("00")), ("SHA512", hex(Sha512, b"other"))],
        ] {
            assert!(is_it(&members, &all), "{members:?}");
        }
        for members in [
            vec![],
            vec![not(Sha256)],
            vec![of(Sha256), not(Sha512)],
            vec![not(Sha256), of(Sha512)],
            vec![of(Sha256), ("sha512", String::new())],
            vec![of(Sha256), ("sha384", hex(Sha256, b"artifact"))],
            vec![("sha256", format!("{}g", &hex(Sha256, b"artifact")[1..]))],
            vec![("sha256", format!("{} ", hex(Sha256, b"artifact")))],
            vec![("sha256", format!("sha256:{}", hex(Sha256, b"artifact")))],
            vec![("sha256", hex(Sha256, b"artifact")[..62].to_string())],
            vec![("sha512", hex(Sha256, b"artifact"))],
            vec![("SHA256", hex(Sha256, b"artifact"))],
            vec![("sha256 ", hex(Sha256, b"artifact"))],
            vec![("sha-256", hex(Sha256, b"artifact"))],
            vec![("sha256", String::new())],
        ] {
            assert!(!is_it(&members, &all), "{members:?}");
        }
        // What the caller cannot compare says nothing, for or against.
        assert!(is_it(&[of(Sha256), not(Sha512)], &sha256));
        assert!(!is_it(&[of(Sha512)], &sha256));
        assert!(!is_it(&[of(Sha256)], &[]));
    }

    #[test]
    fn every_subject_is_looked_at_and_none_lends_a_digest_to_another() {
        use HashAlgorithm::{Sha256, Sha512};
        let sha256 = ("sha256", hex(Sha256, b"artifact"));
        let contradicted = subject(&[sha256.clone(), ("sha512", hex(Sha512, b"other"))]);
        let other = subject(&[("sha256", hex(Sha256, b"other"))]);
        let found = read(&[&other, "{}", &contradicted, &subject(&[sha256])].map(String::from).join(","));
        let (index, subject_found) = found.subject_of(&digests()).unwrap();
        assert_eq!((index, subject_found), (3, &found.subjects()[3]));
        assert_eq!(found.algorithms().collect::<Vec<_>>(), [Sha256, Sha512]);

        let refused = |subjects: &[&String], artifact: &[Digest]| {
            let subjects: Vec<&str> = subjects.iter().map(|subject| subject.as_str()).collect();
            read(&subjects.join(",")).subject_of(artifact).unwrap_err()
        };
        let all = digests();
        assert_eq!(
            refused(&[&other, &contradicted], &all),
            "`subject[1]` has the artifact's sha256, but another sha512"
        );
        assert_eq!(
            refused(&[&other, &other], &all),
            "it is about another artifact: none of its subjects, 2 in all, has this digest"
        );
        assert_eq!(
            refused(&[&other], &all[2..]),
            "its subjects tell sha256 of the digests that are known here, and of the artifact sha512 is given"
        );
    }

    #[test]
    fn good_bundles_are_about_their_artifacts_and_about_no_others() {
        let cases = collection::good_cases();
        let digests: Vec<_> = cases.iter().map(collection::Case::digests).collect();
        let mut count = 0;
        for case in cases.iter().filter(|case| case.about["envelope_only"] != true) {
            let bundle = Bundle::from_json(case.file("bundle")).unwrap();
            let Some(found) = bundle.statement().unwrap() else { continue };
            let statement = found.unverified();
            let own = case.digests();
            assert!(statement.subject_of(&own).is_ok(), "{}: {:?}", case.id(), statement.subject_of(&own));
            for other in &digests {
                // Some are about several.
                let is_told = |digest: &Digest| {
                    let mut subjects = statement.subjects().iter();
                    subjects.any(|subject| subject.digest(digest.algorithm()).as_ref() == Some(digest))
                };
                if !other.iter().any(is_told) {
                    assert!(statement.subject_of(other).is_err(), "{}", case.id());
                }
            }
            count += 1;
        }
        println!("{count} statements of {} good bundles", cases.len());
    }

    #[test]
    fn a_bundle_has_a_statement_if_its_envelope_says_so() {
        let bundle = |payload_type: &str, payload: &[u8]| {
            let encode = Base64::encode_string;
            let json = format!(
                r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{{"publicKey":{{"hint":"k"}}}},"dsseEnvelope":{{"payloadType":"{payload_type}","payload":"{}","signatures":[{{"sig":"AQID"}}]}}}}"#,
                encode(payload)
            );
            Bundle::from_json(json).unwrap().statement()
        };
        let payload = statement("{}");
        let found = bundle(IN_TOTO_PAYLOAD_TYPE, payload.as_bytes()).unwrap().unwrap();
        assert_eq!(found.unverified(), &read("{}"));
        assert_eq!(bundle("application/json", payload.as_bytes()), Ok(None));
        let refused = bundle(IN_TOTO_PAYLOAD_TYPE, b"{}").unwrap_err().to_string();
        assert!(refused.contains("`_type` is missing"), "{refused}");
    }
}
