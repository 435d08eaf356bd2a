//! Valid and invalid artifacts from `testdata/vectors`, and the changes of them that a fuzzer chooses.

use crate::common::{Vector, testdata};
use crate::edit::{Edit, pick};
use crate::judge::Question;
use arbitrary::Arbitrary;
use countermark::{
    ArtifactName, Code, Entry, Match, Policy, RevocationScope, Timestamp, TrustAnchors, Verifier,
};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A question by its parts, which can be changed.
#[derive(Clone)]
pub struct Scenario {
    anchors: Vec<Vec<u8>>,
    intermediates: Vec<Vec<u8>>,
    distrusted: Vec<[u8; 32]>,
    /// Which vector's verifier it is, while its parts are as they were.
    verifier_of: Option<usize>,
    name: String,
    entries: Vec<Record>,
    policy: Policy,
    now: Option<Timestamp>,
}

/// An entry by its parts.
#[derive(Clone)]
struct Record {
    namespace: String,
    artifact_name: String,
    signature: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    seconds: i64,
    nanoseconds: u32,
    provenance: Vec<(String, String)>,
    revoked: bool,
    blocklisted: bool,
}

/// A vector as it is, with its verifier made once, as callers do.
struct Base {
    scenario: Scenario,
    verifier: Verifier,
}

/// Every vector whose input is well-formed.
static BASES: LazyLock<Vec<Base>> = LazyLock::new(|| {
    let mut files: Vec<_> =
        std::fs::read_dir(testdata("vectors")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut bases: Vec<Base> = files.iter().filter_map(|file| Base::read(&Vector::read(file))).collect();
    for (index, base) in bases.iter_mut().enumerate() {
        base.scenario.verifier_of = Some(index);
    }
    bases
});

impl Base {
    fn read(vector: &Vector) -> Option<Self> {
        let input = vector.build().ok()?;
        let pem = |member: &str| -> Vec<Vec<u8>> {
            vector
                .get::<String>(member)
                .map_or_else(Vec::new, |pem| Entry::certificates_from_pem(&pem).unwrap())
        };
        let digest = |hex: &String| {
            let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
            std::array::from_fn(byte)
        };
        let scenario = Scenario {
            anchors: pem("trust_anchors"),
            intermediates: pem("intermediates"),
            distrusted: vector
                .get::<Vec<String>>("distrusted")
                .unwrap_or_default()
                .iter()
                .map(digest)
                .collect(),
            verifier_of: None,
            name: input.name.as_str().into(),
            entries: input.entries.iter().map(Record::from).collect(),
            policy: input.policy,
            now: input.now,
        };
        Some(Self { scenario, verifier: input.verifier })
    }
}

impl From<&Entry> for Record {
    fn from(entry: &Entry) -> Self {
        Self {
            namespace: entry.namespace().into(),
            artifact_name: entry.artifact_name().into(),
            signature: entry.signature().into(),
            certificates: entry.certificates().into(),
            seconds: entry.timestamp().unix_seconds(),
            nanoseconds: entry.timestamp().subsec_nanoseconds(),
            provenance: entry.provenance().iter().map(|(name, text)| (name.into(), text.into())).collect(),
            revoked: entry.revoked(),
            blocklisted: entry.blocklisted(),
        }
    }
}

impl Record {
    fn entry(&self) -> Option<Entry> {
        let time = Timestamp::from_unix(self.seconds, self.nanoseconds)?;
        let entry = Entry::new(
            self.namespace.clone(),
            self.artifact_name.clone(),
            self.signature.clone(),
            self.certificates.clone(),
            time,
            self.revoked,
        );
        let entry = entry.ok()?.with_provenance(self.provenance.clone()).ok()?;
        Some(entry.with_blocklisted(self.blocklisted))
    }
}

/// What a fuzzer's bytes mean.
#[derive(Arbitrary, Debug)]
pub struct Input<'a> {
    vector: u8,
    changes: Vec<Change<'a>>,
}

/// One change of a scenario. Entries and certificates are chosen by number, modulo how many there are.
#[derive(Arbitrary, Debug)]
enum Change<'a> {
    Revoked {
        entry: u8,
        revoked: bool,
    },
    Blocklisted {
        entry: u8,
        blocklisted: bool,
    },
    Time {
        entry: u8,
        seconds: i16,
        nanoseconds: u32,
    },
    Instant {
        entry: u8,
        seconds: i64,
        nanoseconds: u32,
    },
    Now {
        seconds: i16,
        nanoseconds: u32,
    },
    NoNow,
    Namespace {
        entry: u8,
        text: &'a str,
    },
    ArtifactName {
        entry: u8,
        edit: Edit<'a>,
    },
    Name {
        edit: Edit<'a>,
    },
    Certificate {
        entry: u8,
        certificate: u8,
        edit: Edit<'a>,
    },
    NewCertificate {
        entry: u8,
        der: &'a [u8],
    },
    RemoveCertificate {
        entry: u8,
        certificate: u8,
    },
    MoveCertificate {
        entry: u8,
        from: u8,
        to: u8,
    },
    /// The chain in another order: so many certificates from its front stand at its end.
    RotateCertificates {
        entry: u8,
        by: u8,
    },
    /// The trust anchors of another vector in front of the entry's certificates.
    AnchorInFront {
        entry: u8,
        vector: u8,
    },
    /// A certificate of another vector's entry in place of one of this.
    ForeignCertificate {
        entry: u8,
        certificate: u8,
        vector: u8,
        of: u8,
    },
    /// The trust anchors of another vector beside the entry's certificates.
    BringsAnchors {
        entry: u8,
        vector: u8,
    },
    Signature {
        entry: u8,
        edit: Edit<'a>,
    },
    ForeignSignature {
        entry: u8,
        vector: u8,
    },
    Provenance {
        entry: u8,
        claim: Name<'a>,
        value: Value<'a>,
    },
    ForgetProvenance {
        entry: u8,
    },
    Copy {
        entry: u8,
    },
    /// The artifact under another name: another image's with the same digest.
    Mirror {
        entry: u8,
        name: &'a str,
    },
    ForeignEntry {
        vector: u8,
        entry: u8,
    },
    RemoveEntry {
        entry: u8,
    },
    Require {
        claim: Name<'a>,
        wanted: Wanted<'a>,
    },
    Lifetime {
        seconds: u32,
    },
    Scope {
        scope: u8,
    },
    BlockName,
    BlockDigest,
    Block {
        item: &'a str,
    },
    ForeignPolicy {
        vector: u8,
    },
    ForeignAnchors {
        vector: u8,
    },
    Anchor {
        anchor: u8,
        edit: Edit<'a>,
    },
    Intermediate {
        entry: u8,
        certificate: u8,
    },
    Distrust {
        entry: u8,
        certificate: u8,
    },
    DistrustAnchor {
        anchor: u8,
    },
}

/// A claim's name: one that there is, or a text.
#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Known(u8),
    Other(&'a str),
}

impl Name<'_> {
    fn text(&self) -> String {
        const KNOWN: [&str; 12] = [
            "certificate_identity",
            "certificate_oidc_issuer",
            "build_config_name",
            "source_repository",
            "source_repository_ref",
            "source_repository_owner",
            "build_signer_uri",
            "runner_environment",
            "token_subject",
            "1.3.6.1.4.1.57264.1.2",
            "1.3.6.1.4.1.57264.1.5",
            "1.2.3.4",
        ];
        match self {
            Self::Known(number) => pick(&KNOWN, *number).map_or_else(String::new, ToString::to_string),
            Self::Other(text) => (*text).into(),
        }
    }
}

/// A claim's value: as the certificate has it, or a text.
#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Certified,
    Text(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Wanted<'a> {
    Certified,
    CertifiedOr(&'a str),
    /// The certified value with a star in it.
    Starred {
        at: u8,
        stars: u8,
        cut: u8,
    },
    Exact(&'a str),
    AnyOf(Vec<&'a str>),
    Glob(&'a str),
}

/// More would only take longer.
const MOST_CHANGES: usize = 12;
const MOST_ENTRIES: usize = 6;
const MOST_CERTIFICATES: usize = 8;

impl Input<'_> {
    /// Makes the changes and judges what comes of them; `None` if there is nothing to judge.
    pub fn judge(&self) -> Option<Code> {
        let base = pick(&BASES, self.vector)?;
        let mut scenario = base.scenario.clone();
        for change in self.changes.iter().take(MOST_CHANGES) {
            scenario.change(change);
        }
        scenario.judge()
    }
}

impl Scenario {
    fn judge(&self) -> Option<Code> {
        let name: ArtifactName = self.name.parse().ok()?;
        let entries: Vec<Entry> = self.entries.iter().filter_map(Record::entry).collect();
        let made;
        let verifier = match self.verifier_of {
            Some(index) => &BASES[index].verifier,
            None => {
                let mut builder = Verifier::builder(TrustAnchors::from_der(&self.anchors).ok()?);
                builder = builder.intermediates_from_der(&self.intermediates).ok()?;
                for digest in &self.distrusted {
                    builder = builder.distrust(*digest);
                }
                made = builder.build();
                &made
            }
        };
        let question = Question {
            verifier,
            anchors: &self.anchors,
            distrusted: &self.distrusted,
            name: &name,
            entries: &entries,
            policy: &self.policy,
            now: self.now,
        };
        Some(question.judge())
    }

    fn record(&mut self, number: u8) -> Option<&mut Record> {
        let count = self.entries.len();
        self.entries.get_mut(usize::from(number).checked_rem(count)?)
    }

    /// What the first entry's leaf has for a claim.
    fn certified(&self, entry: u8, claim: &str) -> Option<String> {
        let leaf = pick(&self.entries, entry)?.certificates.first()?;
        let claims = countermark::Claims::of_certificate(leaf).ok()?;
        claims.get(&claim.parse().ok()?).map(ToString::to_string)
    }

    fn change_policy(&mut self, change: impl FnOnce(Policy) -> Result<Policy, countermark::MalformedInput>) {
        if let Ok(policy) = change(self.policy.clone()) {
            self.policy = policy;
        }
    }

    /// Makes a change, if it can be made.
    fn change(&mut self, change: &Change<'_>) -> Option<()> {
        match change {
            Change::Revoked { entry, revoked } => self.record(*entry)?.revoked = *revoked,
            Change::Blocklisted { entry, blocklisted } => self.record(*entry)?.blocklisted = *blocklisted,
            Change::Time { entry, seconds, nanoseconds } => {
                let record = self.record(*entry)?;
                record.seconds += i64::from(*seconds);
                record.nanoseconds = nanoseconds % 1_000_000_000;
            }
            Change::Instant { entry, seconds, nanoseconds } => {
                let record = self.record(*entry)?;
                Timestamp::from_unix(*seconds, *nanoseconds)?;
                (record.seconds, record.nanoseconds) = (*seconds, *nanoseconds);
            }
            Change::Now { seconds, nanoseconds } => {
                let first = self.entries.first()?.seconds;
                self.now = Timestamp::from_unix(first.checked_add((*seconds).into())?, *nanoseconds);
            }
            Change::NoNow => self.now = None,
            Change::Namespace { entry, text } => self.record(*entry)?.namespace = (*text).into(),
            Change::ArtifactName { entry, edit } => {
                let record = self.record(*entry)?;
                record.artifact_name = edited(&record.artifact_name, *edit)?;
            }
            Change::Name { edit } => self.name = edited(&self.name, *edit)?,
            Change::Certificate { entry, certificate, edit } => {
                let certificates = &mut self.record(*entry)?.certificates;
                let count = certificates.len();
                edit.apply(certificates.get_mut(usize::from(*certificate).checked_rem(count)?)?);
            }
            Change::NewCertificate { entry, der } => self.bring(*entry, der)?,
            Change::RemoveCertificate { entry, certificate } => {
                let certificates = &mut self.record(*entry)?.certificates;
                certificates.remove(usize::from(*certificate).checked_rem(certificates.len())?);
            }
            Change::MoveCertificate { entry, from, to } => {
                let certificates = &mut self.record(*entry)?.certificates;
                let place = |number: u8| usize::from(number).checked_rem(certificates.len());
                let (from, to) = (place(*from)?, place(*to)?);
                certificates.swap(from, to);
            }
            Change::RotateCertificates { entry, by } => {
                let certificates = &mut self.record(*entry)?.certificates;
                let by = usize::from(*by).checked_rem(certificates.len())?;
                certificates.rotate_left(by);
            }
            Change::AnchorInFront { entry, vector } => {
                let anchor = pick(&BASES, *vector)?.scenario.anchors.first()?.clone();
                let certificates = &mut self.record(*entry)?.certificates;
                if certificates.len() < MOST_CERTIFICATES {
                    certificates.insert(0, anchor);
                }
            }
            Change::ForeignCertificate { entry, certificate, vector, of } => {
                let foreign = pick(&pick(&BASES, *vector)?.scenario.entries, *of)?.certificates.first()?;
                let certificates = &mut self.record(*entry)?.certificates;
                let count = certificates.len();
                *certificates.get_mut(usize::from(*certificate).checked_rem(count)?)? = foreign.clone();
            }
            Change::BringsAnchors { entry, vector } => {
                self.bring(*entry, pick(&BASES, *vector)?.scenario.anchors.first()?)?;
            }
            Change::Signature { entry, edit } => edit.apply(&mut self.record(*entry)?.signature),
            Change::ForeignSignature { entry, vector } => {
                let foreign = &pick(&BASES, *vector)?.scenario.entries.first()?.signature;
                self.record(*entry)?.signature = foreign.clone();
            }
            Change::Provenance { entry, claim, value } => {
                let name = claim.text();
                let value = match value {
                    Value::Certified => self.certified(*entry, &name)?,
                    Value::Text(text) => (*text).into(),
                };
                self.record(*entry)?.provenance.push((name, value));
            }
            Change::ForgetProvenance { entry } => self.record(*entry)?.provenance.clear(),
            Change::Copy { entry } => {
                let copy = self.record(*entry)?.clone();
                self.add(copy);
            }
            Change::Mirror { entry, name } => {
                let (_, digest) = self.name.split_once('@')?;
                self.record(*entry)?.artifact_name = format!("{name}@{digest}");
            }
            Change::ForeignEntry { vector, entry } => {
                self.add(pick(&pick(&BASES, *vector)?.scenario.entries, *entry)?.clone());
            }
            Change::RemoveEntry { entry } => {
                self.entries.remove(usize::from(*entry).checked_rem(self.entries.len())?);
            }
            Change::Require { claim, wanted } => {
                let name = claim.text();
                let wanted = self.wanted(&name, wanted)?;
                let claim = name.parse().ok()?;
                self.change_policy(|policy| policy.require(claim, wanted));
            }
            Change::Lifetime { seconds } => {
                self.change_policy(|policy| policy.with_max_certificate_lifetime_seconds(*seconds));
            }
            Change::Scope { scope } => {
                let scope = *pick(RevocationScope::ALL, *scope)?;
                self.change_policy(|policy| Ok(policy.with_revocation_scope(scope)));
            }
            Change::BlockName => {
                let name = self.name.clone();
                self.change_policy(|policy| policy.block(&name));
            }
            Change::BlockDigest => {
                let (_, digest) = self.name.split_once('@')?;
                let digest = digest.to_owned();
                self.change_policy(|policy| policy.block(&digest));
            }
            Change::Block { item } => self.change_policy(|policy| policy.block(item)),
            Change::ForeignPolicy { vector } => self.policy = pick(&BASES, *vector)?.scenario.policy.clone(),
            Change::ForeignAnchors { vector } => {
                self.verifier_of = None;
                self.anchors.clone_from(&pick(&BASES, *vector)?.scenario.anchors);
            }
            Change::Anchor { anchor, edit } => {
                self.verifier_of = None;
                let count = self.anchors.len();
                edit.apply(self.anchors.get_mut(usize::from(*anchor).checked_rem(count)?)?);
            }
            Change::Intermediate { entry, certificate } => {
                self.verifier_of = None;
                let known = pick(&pick(&self.entries, *entry)?.certificates, *certificate)?.clone();
                self.intermediates.push(known);
            }
            Change::Distrust { entry, certificate } => {
                self.verifier_of = None;
                let der = pick(&pick(&self.entries, *entry)?.certificates, *certificate)?;
                self.distrusted.push(Sha256::digest(der).into());
            }
            Change::DistrustAnchor { anchor } => {
                self.verifier_of = None;
                self.distrusted.push(Sha256::digest(pick(&self.anchors, *anchor)?).into());
            }
        }
        Some(())
    }

    fn add(&mut self, record: Record) {
        if self.entries.len() < MOST_ENTRIES {
            self.entries.push(record);
        }
    }

    fn bring(&mut self, entry: u8, der: &[u8]) -> Option<()> {
        let certificates = &mut self.record(entry)?.certificates;
        if certificates.len() < MOST_CERTIFICATES {
            certificates.push(der.to_vec());
        }
        Some(())
    }

    fn wanted(&self, claim: &str, wanted: &Wanted<'_>) -> Option<Match> {
        let certified = || self.certified(0, claim);
        Some(match wanted {
            Wanted::Certified => certified()?.into(),
            Wanted::CertifiedOr(text) => Match::any_of([(*text).to_owned(), certified()?]).ok()?,
            Wanted::Starred { at, stars, cut } => {
                let mut pattern = certified()?;
                let start = usize::from(*at).checked_rem(pattern.len() + 1)?;
                let end = start.saturating_add((*cut).into()).min(pattern.len());
                let stars = "*".repeat(usize::from(stars % 3));
                (pattern.is_char_boundary(start) && pattern.is_char_boundary(end)).then_some(())?;
                pattern.replace_range(start..end, &stars);
                Match::glob(pattern).ok()?
            }
            Wanted::Exact(text) => (*text).into(),
            Wanted::AnyOf(texts) => Match::any_of(texts.iter().copied()).ok()?,
            Wanted::Glob(pattern) => Match::glob(*pattern).ok()?,
        })
    }
}

fn edited(text: &str, edit: Edit<'_>) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    edit.apply(&mut bytes);
    String::from_utf8(bytes).ok()
}
