//! The rules for bundles, in order: section 4 of the design for bundles, step by step. Each step calls the module that
//! holds it.

use crate::artifact::{Artifact, Digests};
use crate::artifact_name::ArtifactName;
use crate::chain::path::Path;
use crate::code::Check;
use crate::crypto::{
    Digest, HashAlgorithm, SignatureAlgorithm, SignatureFault, SignerKey, SignerKeyFault, describe_signer_key,
};
use crate::limits::MAX_BUNDLES;
use crate::outcome::bundle_report::{BundleReport, EvidenceKind, EvidenceOutcome, checks_of};
use crate::outcome::report::Outcome;
use crate::outcome::verified::Verified;
use crate::outcome::verified_bundle::{Facts, Signer, VerifiedEnvelope, warnings};
use crate::policy::any_bundle_policy::AnyBundlePolicy;
use crate::policy::blocklist::Blocked;
use crate::policy::bundle_demands::Counts;
use crate::policy::bundle_policy::BundlePolicy;
use crate::policy::certificate_lifetime;
use crate::policy::key_policy::{KeyPolicy, PublicKey};
use crate::policy::subject_demand::SubjectView;
use crate::rejection::{Reason, Rejection, Subject, check_validity};
use crate::signer::claim::Claim;
use crate::signer::leaf::Leaf;
use crate::sigstore::bundle::{Bundle, Content, KeyMaterial, MessageDigest};
use crate::sigstore::certificate_timestamps::{self, CertificateTimestamp};
use crate::sigstore::certification::certify;
use crate::sigstore::dsse::PRE_AUTHENTICATION_PREFIX;
use crate::sigstore::instance::Instance;
use crate::sigstore::log_body::{SignedContent, SignedEnvelope, SignerMaterial, Signing};
use crate::sigstore::log_entries::{self, EntryRules, GoodEntry};
use crate::sigstore::signed_times::{self, JudgedTimes, SignedTime, TimeSource};
use crate::sigstore::statement::{IN_TOTO_PAYLOAD_TYPE, Statement, StatementSubject};
use crate::sigstore::verdict::{Demand, Verdict};
use crate::text::quoting::{Excerpt, Quoted, shown_part};
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
use crate::x509::fault::CertificateFault;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::iter;
use core::time::Duration;

/// What bundles are judged under.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BundleSettings<'v> {
    pub(crate) instances: &'v [Instance],
    pub(crate) accepted_algorithms: &'v [SignatureAlgorithm],
    pub(crate) now: Option<Timestamp>,
    pub(crate) leeway: Duration,
}

/// How many of the verifier's instances a refusal names.
const SHOWN_INSTANCES: usize = 4;

/// What is asked for: an artifact that was signed, or an envelope whatever it is about.
#[derive(Clone, Copy)]
enum Asked<'q> {
    Artifact(&'q Digests<'q>),
    Envelope,
}

/// Verifies a bundle for an artifact: the first instance under which every rule is passed is the answer.
pub(crate) fn verify<'a>(
    settings: BundleSettings<'a>,
    artifact: &Artifact<'_>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'_>,
) -> Result<Verified<'a>, Rejection> {
    let digests = Digests::of(artifact);
    let facts = judge(settings, Asked::Artifact(&digests), bundle, policy)?;
    Ok(Verified::of_bundle(Some(artifact_text(&digests)), bundle, facts, policy))
}

/// Verifies a bundle's envelope, whatever artifact it is about.
pub(crate) fn verify_envelope<'a>(
    settings: BundleSettings<'a>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'_>,
) -> Result<VerifiedEnvelope<'a>, Rejection> {
    let Content::Envelope(envelope) = &bundle.content else {
        let detail =
            "the bundle has no envelope, but a signature over an artifact; verify it with the artifact";
        return Err(Rejection::new(Reason::ArtifactMismatch { detail: detail.into() }));
    };
    let facts = judge(settings, Asked::Envelope, bundle, policy)?;
    Ok(VerifiedEnvelope::new(envelope, bundle, facts, policy))
}

/// Verifies an artifact by several bundles: the first that passes is the answer.
pub(crate) fn verify_any<'a>(
    settings: BundleSettings<'a>,
    artifact: &Artifact<'_>,
    bundles: impl Iterator<Item = &'a Bundle>,
    policy: AnyBundlePolicy<'_>,
) -> Result<Verified<'a>, Rejection> {
    let digests = Digests::of(artifact);
    let mut rejections = Vec::new();
    for (index, bundle) in bundles.enumerate() {
        if index >= MAX_BUNDLES {
            return Err(Rejection::new(Reason::TooManyBundles { limit: MAX_BUNDLES }));
        }
        match judge(settings, Asked::Artifact(&digests), bundle, policy) {
            Ok(facts) => {
                return Ok(Verified::of_bundle(Some(artifact_text(&digests)), bundle, facts, policy));
            }
            Err(rejection) => rejections.push(rejection.of_bundle(index)),
        }
    }
    Err(Rejection::headline(rejections).unwrap_or_else(|| Rejection::new(Reason::NoBundles)))
}

/// The artifact as people write it: its name, or its shortest digest.
fn artifact_text(digests: &Digests<'_>) -> String {
    let name = digests.artifact().name().map(ToString::to_string);
    name.or_else(|| {
        let mut algorithms = HashAlgorithm::ALL.iter();
        algorithms.find_map(|algorithm| digests.get(*algorithm)).map(|digest| digest.to_string())
    })
    .unwrap_or_default()
}

/// Rules B1 to B10.
fn judge<'a>(
    settings: BundleSettings<'a>,
    asked: Asked<'_>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'_>,
) -> Result<Facts<'a>, Rejection> {
    check_blocklist(asked, policy).map_err(Rejection::new)?; // B1
    let signers = signers(settings, bundle, policy).map_err(Rejection::new)?; // B2
    let instances = judging(settings.instances, policy).map_err(Rejection::new)?;
    let encoding = encoding(bundle);
    let encoded = encoding.as_deref().map(Artifact::from_bytes);
    let encoded = encoded.as_ref().map(Digests::of);
    let common = Common { settings, asked, bundle, policy, encoded: encoded.as_ref() };
    let mut failures = Vec::new();
    for case in cases(common, &instances, &signers) {
        match case.judge() {
            Ok(facts) => return Ok(facts),
            Err(failure) => failures.push(failure),
        }
    }
    let furthest = furthest(&failures);
    let mut rejections: Vec<Rejection> =
        failures.into_iter().map(|failure| Rejection::new(failure.reason)).collect();
    match furthest {
        Some(position) if position < rejections.len() => {
            let headline = rejections.remove(position);
            Err(headline.with_others(rejections))
        }
        _ => Err(Rejection::new(Reason::NoInstances)),
    }
}

/// Examines a bundle for an artifact: runs every check that still makes sense, under the instance that verifies it, or else
/// under the one under which it comes furthest.
pub(crate) fn examine(
    settings: BundleSettings<'_>,
    artifact: &Artifact<'_>,
    bundle: &Bundle,
    policy: AnyBundlePolicy<'_>,
) -> BundleReport {
    let digests = Digests::of(artifact);
    let asked = Asked::Artifact(&digests);
    let blocklist = check_blocklist(asked, policy);
    let signers = signers(settings, bundle, policy);
    let instances = judging(settings.instances, policy);
    let mut rules = alloc::vec![(Check::Blocklist, Outcome::from(blocklist))];
    let is_certificates = |reason: &Reason| reason.check() != Check::Selection;
    match &signers {
        Ok(_) => rules.extend([(Check::Selection, Outcome::Passed), (Check::Certificate, Outcome::Passed)]),
        Err(reason) if is_certificates(reason) => {
            rules.extend([
                (Check::Selection, Outcome::Passed),
                (Check::Certificate, Outcome::Failed(reason.clone())),
            ]);
        }
        Err(reason) => rules.push((Check::Selection, Outcome::Failed(reason.clone()))),
    }
    let (signers, instances) = (signers.unwrap_or_default(), instances.unwrap_or_default());
    let encoding = encoding(bundle);
    let encoded = encoding.as_deref().map(Artifact::from_bytes);
    let encoded = encoded.as_ref().map(Digests::of);
    let common = Common { settings, asked, bundle, policy, encoded: encoded.as_ref() };
    let mut shown = None;
    for case in cases(common, &instances, &signers) {
        let rule = case.judge().err().map(|failure| failure.rule);
        let is_further = shown.as_ref().is_none_or(|(shown, _): &(Option<Rule>, _)| match (rule, *shown) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(rule), Some(shown)) => rule > shown,
        });
        if is_further {
            shown = Some((rule, case));
        }
    }
    let (mut evidence, mut claims) = (Vec::new(), Vec::new());
    if let Some((_, case)) = &shown {
        case.examine(&mut rules, &mut evidence);
        if let Candidate::Leaf { leaf, .. } = case.signer {
            claims =
                leaf.claims().iter().map(|(claim, value)| (claim.to_string(), value.to_string())).collect();
        }
    }
    BundleReport {
        artifact: artifact_text(&digests),
        instance: shown.map(|(_, case)| case.instance.name.clone()),
        rejection: judge(settings, asked, bundle, policy).err(),
        checks: checks_of(&rules),
        evidence,
        claims,
        warnings: warnings(policy),
    }
}

/// Every instance with every signer that comes into question, in order.
fn cases<'a, 'q>(
    common: Common<'a, 'q>,
    instances: &'q [Judging<'a>],
    signers: &'q [Candidate<'a, 'q>],
) -> impl Iterator<Item = Case<'a, 'q>> {
    let Common { settings, asked, bundle, policy, encoded } = common;
    instances.iter().flat_map(move |Judging { instance, times }| {
        signers.iter().map(move |signer| Case {
            settings,
            asked,
            bundle,
            policy,
            encoded,
            instance,
            times,
            signer,
        })
    })
}

/// What an envelope's signature is over.
fn encoding(bundle: &Bundle) -> Option<Vec<u8>> {
    match &bundle.content {
        Content::Message { .. } => None,
        Content::Envelope(envelope) => Some(envelope.pre_authentication_encoding()),
    }
}

/// An instance that may judge, and what it makes of the bundle's times once it was asked: the same whoever signed.
struct Judging<'v> {
    instance: &'v Instance,
    times: OnceCell<JudgedTimes>,
}

/// The instances that may judge.
fn judging<'v>(instances: &'v [Instance], policy: AnyBundlePolicy<'_>) -> Result<Vec<Judging<'v>>, Reason> {
    let wanted = policy.demands().instance();
    let may_judge = |instance: &&Instance| wanted.is_none_or(|wanted| instance.name == wanted);
    let judging: Vec<Judging<'_>> = instances
        .iter()
        .filter(may_judge)
        .map(|instance| Judging { instance, times: OnceCell::new() })
        .collect();
    match wanted {
        _ if !judging.is_empty() => Ok(judging),
        Some(wanted) => Err(Reason::UnknownInstance {
            wanted: shown_part(wanted).into(),
            known: instances.iter().take(SHOWN_INSTANCES).map(|instance| instance.name.clone()).collect(),
        }),
        None => Err(Reason::NoInstances),
    }
}

/// A failure, and how far the bundle came.
struct Failure {
    rule: Rule,
    reason: Reason,
}

/// The rules that depend on the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Times,
    Chain,
    CertificateTimestamps,
    Validity,
    Signature,
    LogEntries,
    Subject,
    Claims,
}

/// The position of the failure before which the bundle came furthest, the first of equal ones.
fn furthest(failures: &[Failure]) -> Option<usize> {
    let furthest = failures.iter().map(|failure| failure.rule).max()?;
    failures.iter().position(|failure| failure.rule == furthest)
}

/// Whose signature it would be: the leaf of a bundle with a certificate, or a key of the policy's.
#[expect(clippy::large_enum_variant, reason = "there is one of a leaf, or very few of keys")]
enum Candidate<'a, 'p> {
    Leaf { leaf: Leaf<'a>, key: SignerKey, policy: &'p BundlePolicy },
    Key { given: &'p PublicKey, key: SignerKey },
}

/// B2: the bundle and the policy are of one kind, and there is a key to verify with.
fn signers<'a, 'p>(
    settings: BundleSettings<'_>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'p>,
) -> Result<Vec<Candidate<'a, 'p>>, Reason> {
    match (&bundle.key_material, policy) {
        (KeyMaterial::Certificates(certificates), AnyBundlePolicy::Signer(policy)) => {
            let (leaf, key) = check_certificates(settings, certificates)?;
            Ok(alloc::vec![Candidate::Leaf { leaf, key, policy }])
        }
        (KeyMaterial::Hint(hint), AnyBundlePolicy::Keys(policy)) => keys(settings, hint, policy),
        (KeyMaterial::Certificates(_), AnyBundlePolicy::Keys(_)) => Err(Reason::OtherKind {
            detail: "the bundle has a signer's certificate, and the policy names keys".into(),
        }),
        (KeyMaterial::Hint(_), AnyBundlePolicy::Signer(_)) => Err(Reason::OtherKind {
            detail: "the bundle was signed with a bare key, and the policy asks for a certified signer"
                .into(),
        }),
    }
}

/// Rule 3 for the leaf; what follows it in a chain is X.509.
fn check_certificates<'a>(
    settings: BundleSettings<'_>,
    certificates: &'a [Vec<u8>],
) -> Result<(Leaf<'a>, SignerKey), Reason> {
    let refuse = |fault| Reason::BadCertificate { subject: Subject::Leaf, fault };
    let leaf = certificates.first().map(Vec::as_slice).unwrap_or_default();
    let others = certificates.get(1..).unwrap_or_default();
    let leaf = Leaf::parse(leaf).map_err(refuse)?;
    leaf.check_form().map_err(refuse)?;
    for (position, other) in others.iter().enumerate() {
        Certificate::parse(other).map_err(|fault| Reason::BadCertificate {
            subject: Subject::Authority(format!("certificate {} of the chain", position.saturating_add(1))),
            fault,
        })?;
    }
    let key = signer_key(&leaf.certificate.public_key, settings)?;
    Ok((leaf, key))
}

fn signer_key(key: &PublicKeyInfo<'_>, settings: BundleSettings<'_>) -> Result<SignerKey, Reason> {
    SignerKey::new(key, settings.accepted_algorithms).map_err(|fault| match fault {
        SignerKeyFault::Unknown | SignerKeyFault::NotAccepted => {
            Reason::SignerKeyNotAccepted { detail: describe_signer_key(key, fault) }
        }
        SignerKeyFault::Unusable => {
            Reason::BadCertificate { subject: Subject::Leaf, fault: CertificateFault::KeyOffCurve }
        }
    })
}

/// The keys of the policy that the hint selects.
fn keys<'a, 'p>(
    settings: BundleSettings<'_>,
    hint: &str,
    policy: &'p KeyPolicy,
) -> Result<Vec<Candidate<'a, 'p>>, Reason> {
    let mut selected = policy.candidates(hint).peekable();
    if selected.peek().is_none() {
        let detail = format!(
            "the bundle hints at the key {}, and the policy has none of that name",
            Quoted(shown_part(hint))
        );
        return Err(Reason::OtherKind { detail });
    }
    let (mut usable, mut refused) = (Vec::new(), None);
    for given in selected {
        let key = PublicKeyInfo::from_der(given.as_der()).map_err(|_| Reason::InvalidKeyType);
        match key.and_then(|key| signer_key(&key, settings)) {
            Ok(key) => usable.push(Candidate::Key { given, key }),
            Err(reason) => refused = refused.or(Some(reason)),
        }
    }
    match refused {
        Some(reason) if usable.is_empty() => Err(reason),
        _ => Ok(usable),
    }
}

/// B1: neither the artifact's name nor a digest of it is blocked.
fn check_blocklist(asked: Asked<'_>, policy: AnyBundlePolicy<'_>) -> Result<(), Reason> {
    let Asked::Artifact(digests) = asked else { return Ok(()) };
    match policy.demands().blocklist().find(digests) {
        Ok(None) => Ok(()),
        Ok(Some(Blocked::Name(name))) => Err(Reason::NameBlocklisted(name)),
        Ok(Some(Blocked::Digest(digest))) => Err(Reason::ArtifactBlocklisted(digest)),
        Err(undecided) => Err(Reason::BlocklistUndecided { detail: undecided.detail().into() }),
    }
}

/// What is the same under every instance and for every signer.
#[derive(Clone, Copy)]
struct Common<'a, 'q> {
    settings: BundleSettings<'a>,
    asked: Asked<'q>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'q>,
    encoded: Option<&'q Digests<'q>>,
}

/// One bundle under one instance, as one signer's.
struct Case<'a, 'q> {
    settings: BundleSettings<'a>,
    asked: Asked<'q>,
    bundle: &'a Bundle,
    policy: AnyBundlePolicy<'q>,
    /// What an envelope's signature is over. It is digested once, however many keys may have signed it.
    encoded: Option<&'q Digests<'q>>,
    instance: &'a Instance,
    times: &'q OnceCell<JudgedTimes>,
    signer: &'q Candidate<'a, 'q>,
}

impl<'a> Case<'a, '_> {
    /// Rules B3 to B10.
    fn judge(&self) -> Result<Facts<'a>, Failure> {
        let failed = |rule| move |reason| Failure { rule, reason };
        let times = self.check_times().map_err(failed(Rule::Times))?; // B3
        let (timestamp, instants) = self.instants(&times).map_err(failed(Rule::Times))?;
        let (path, certificate_timestamps) = match self.signer {
            Candidate::Leaf { leaf, policy, .. } => {
                let path = self.check_chain(leaf, &instants).map_err(failed(Rule::Chain))?; // B4
                let certificate_timestamps = self
                    .check_certificate_timestamps(leaf, &path)
                    .map_err(failed(Rule::CertificateTimestamps))?; // B5
                self.check_validity(leaf, policy, &instants).map_err(failed(Rule::Validity))?; // B6
                (Some(path), certificate_timestamps)
            }
            Candidate::Key { given, .. } => {
                self.check_key_period(given, &instants).map_err(failed(Rule::Validity))?; // B4 to B6 of keys
                (None, Vec::new())
            }
        };
        self.check_signature().map_err(failed(Rule::Signature))?; // B7
        let entries = self.check_log_entries(&instants).map_err(failed(Rule::LogEntries))?; // B8
        let statement = self.check_subject().map_err(failed(Rule::Subject))?; // B9
        self.check_claims(statement.as_ref()).map_err(failed(Rule::Claims))?; // B10
        Ok(Facts {
            instance: self.instance,
            times,
            timestamp,
            log_entries: entries,
            certificate_timestamps,
            path,
            signer: match self.signer {
                Candidate::Leaf { leaf, .. } => Signer::Leaf(leaf.certificate.der, leaf.claims()),
                Candidate::Key { given, .. } => Signer::Key(given.name().map(String::from)),
            },
            statement,
        })
    }

    /// Rules B3 to B10, each as far as it makes sense whatever the others say, and every item of evidence.
    fn examine(&self, rules: &mut Vec<(Check, Outcome)>, evidence: &mut Vec<EvidenceOutcome>) {
        let judged = self.judged_times();
        evidence.extend(outcomes(EvidenceKind::Timestamp, &judged.timestamps, |time| self.told_time(time)));
        rules.push((Check::Timestamp, self.check_times().map(drop).into())); // B3
        let times = judged.good();
        let Ok((_, instants)) = self.instants(&times) else {
            // What is to be valid at no time cannot be judged; that a log is not known can be told.
            let entries = self.entry_outcomes(&self.judge_log_entries(&[]));
            evidence.extend(entries.into_iter().filter(|entry| entry.is_unknown));
            return;
        };
        match self.signer {
            Candidate::Leaf { leaf, policy, .. } => {
                let path = self.check_chain(leaf, &instants); // B4
                if let Ok(path) = &path {
                    if let Ok(verdicts) = certificate_timestamps::judge(leaf, path, self.instance) {
                        evidence.extend(outcomes(EvidenceKind::CertificateTimestamp, &verdicts, |good| {
                            (self.instance.certificate_log_name(good.log), Some(good.time))
                        }));
                    }
                    let logged = self.check_certificate_timestamps(leaf, path).map(drop);
                    rules.push((Check::Transparency, logged.into())); // B5
                }
                rules.push((Check::Chain, path.map(drop).into()));
                rules.push((Check::Lifetime, check_lifetime(leaf, policy).into())); // B6
                rules.push((Check::Timestamp, self.check_instants(leaf, &instants).into())); // B6
            }
            Candidate::Key { given, .. } => {
                rules.push((Check::Chain, Outcome::Passed));
                rules.push((Check::Lifetime, Outcome::Passed));
                rules.push((Check::Timestamp, self.check_key_period(given, &instants).into()));
            }
        }
        let signature = self.check_signature(); // B7
        let check = signature.as_ref().err().map_or(Check::Signature, Reason::check);
        rules.push((check, signature.into()));
        let entries = self.judge_log_entries(&instants); // B8
        evidence.extend(self.entry_outcomes(&entries));
        rules.push((Check::Transparency, self.check_log_entries(&instants).map(drop).into()));
        let statement = self.check_subject(); // B9
        let claims = self.check_claims(statement.as_ref().ok().and_then(Option::as_ref)); // B10
        rules.push((Check::Artifact, statement.map(drop).into()));
        rules.push((Check::Claims, claims.into()));
    }

    fn entry_outcomes(&self, entries: &[Verdict<GoodEntry>]) -> Vec<EvidenceOutcome> {
        outcomes(EvidenceKind::LogEntry, entries, |entry| {
            let name = entry.tree.as_ref().map(|(origin, _)| origin.clone());
            (name.unwrap_or_else(|| self.instance.log_name(entry.log)), entry.integrated)
        })
    }

    fn told_time(&self, time: &SignedTime) -> (String, Option<Timestamp>) {
        let whose = match time.by {
            TimeSource::TimestampAuthority(position) => {
                self.instance.timestamp_authorities.signer_text(position)
            }
            TimeSource::Log(position) => self.instance.log_name(position),
        };
        (whose, Some(time.time))
    }

    /// B3: who of the instance vouches for which times.
    fn check_times(&self) -> Result<Vec<SignedTime>, Reason> {
        let demand = self.demand(self.counts().signed_times);
        signed_times::settle(self.judged_times(), self.instance, demand)
    }

    fn judged_times(&self) -> &JudgedTimes {
        self.times.get_or_init(|| JudgedTimes::of(self.bundle, self.instance))
    }

    /// The times at which everything must be valid, and the earliest of them: every one of B3, or the caller's where there
    /// is none.
    fn instants(&self, times: &[SignedTime]) -> Result<(Timestamp, Vec<Timestamp>), Reason> {
        let signed: Vec<Timestamp> = times.iter().map(|time| time.time).collect();
        match (signed.iter().min(), self.settings.now) {
            (Some(earliest), _) => Ok((*earliest, signed)),
            (None, Some(now)) => Ok((now, alloc::vec![now])),
            (None, None) => Err(Reason::NoSignedTime {
                detail: "nobody vouches for a signing time, and no time of the caller's is given to judge at"
                    .into(),
            }),
        }
    }

    /// B4: a path to an authority of the instance, valid at all times.
    fn check_chain(&self, leaf: &Leaf<'a>, instants: &[Timestamp]) -> Result<Path<'a>, Reason> {
        certify(leaf, self.bundle.supplied_certificates(), self.instance, instants)
    }

    /// B5: enough certificate logs have the leaf.
    fn check_certificate_timestamps(
        &self,
        leaf: &Leaf<'a>,
        path: &Path<'a>,
    ) -> Result<Vec<CertificateTimestamp>, Reason> {
        let verdicts = certificate_timestamps::judge(leaf, path, self.instance)?;
        let demand = self.demand(self.counts().certificate_timestamps);
        certificate_timestamps::settle(verdicts, self.instance, demand)
    }

    /// B6: the leaf was not issued for too long, and every time is inside its validity and not after the caller's.
    fn check_validity(
        &self,
        leaf: &Leaf<'_>,
        policy: &BundlePolicy,
        instants: &[Timestamp],
    ) -> Result<(), Reason> {
        check_lifetime(leaf, policy)?;
        self.check_instants(leaf, instants)
    }

    fn check_instants(&self, leaf: &Leaf<'_>, instants: &[Timestamp]) -> Result<(), Reason> {
        let validity = &leaf.certificate.validity;
        instants.iter().try_for_each(|time| check_validity(validity, *time, || Subject::Leaf))?;
        self.check_now(instants)
    }

    /// For a key: its period holds every time.
    fn check_key_period(&self, given: &PublicKey, instants: &[Timestamp]) -> Result<(), Reason> {
        if let Some(period) = given.period() {
            if let Some(time) = instants.iter().find(|time| !period.contains(**time)) {
                let whose =
                    given.name().map_or_else(|| "the key".to_string(), |name| format!("the key {name}"));
                return Err(Reason::OutsidePeriod { whose, time: *time, period });
            }
        }
        self.check_now(instants)
    }

    fn check_now(&self, instants: &[Timestamp]) -> Result<(), Reason> {
        let BundleSettings { now, leeway, .. } = self.settings;
        let Some(now) = now else { return Ok(()) };
        match instants.iter().find(|time| time.is_after(now, leeway)) {
            None => Ok(()),
            Some(time) => Err(Reason::InTheFuture { timestamp: *time, now, leeway }),
        }
    }

    /// B7: the key signed the artifact, or the envelope.
    fn check_signature(&self) -> Result<(), Reason> {
        let verified = match (&self.bundle.content, self.asked, self.encoded) {
            (Content::Message { digest, .. }, Asked::Artifact(artifact), _) => {
                check_is_no_other_signing(artifact)?;
                let hashes = self.check_message_digest(digest.as_ref(), artifact)?;
                self.verify_artifact(&hashes, artifact)?
            }
            (Content::Envelope(_), _, Some(encoded)) => self.verify_artifact(self.key().hashes(), encoded)?,
            _ => Err(SignatureFault::Invalid),
        };
        verified.map_err(|fault| match fault {
            SignatureFault::Corrupted => Reason::CorruptedSignature,
            SignatureFault::Invalid => Reason::InvalidSignature,
        })
    }

    /// A stated digest is by a hash of the key's, and the artifact's; it never stands in for it. Tells by which hashes the
    /// signature may be.
    fn check_message_digest(
        &self,
        stated: Option<&MessageDigest>,
        artifact: &Digests<'_>,
    ) -> Result<Vec<HashAlgorithm>, Reason> {
        let hashes = self.key().hashes();
        let mismatch = |detail| Err(Reason::ArtifactMismatch { detail });
        match stated {
            None => Ok(hashes.to_vec()),
            Some(MessageDigest::Unknown { algorithm }) => mismatch(format!(
                "the bundle states a digest by {}, by which the signer's key does not sign",
                Excerpt(algorithm)
            )),
            Some(MessageDigest::Known(stated)) => {
                let algorithm = stated.algorithm();
                // Ed25519 signs by no hash of its own; what is stated must still be the artifact's.
                if !self.key().needs_message() && !hashes.contains(&algorithm) {
                    return mismatch(format!(
                        "the bundle states a {algorithm} digest, by which the signer's key does not sign"
                    ));
                }
                match artifact.get(algorithm) {
                    Some(digest) if digest == *stated => {
                        Ok(if hashes.is_empty() { Vec::new() } else { alloc::vec![algorithm] })
                    }
                    Some(digest) => {
                        mismatch(format!("the bundle is for {stated}, and the artifact is {digest}"))
                    }
                    None => mismatch(format!(
                        "the bundle states a {algorithm} digest, and that of the artifact is not given; give it, or the artifact's bytes"
                    )),
                }
            }
        }
    }

    fn verify_artifact(
        &self,
        hashes: &[HashAlgorithm],
        artifact: &Digests<'_>,
    ) -> Result<Result<(), SignatureFault>, Reason> {
        let key = self.key();
        let signature = self.bundle.signature();
        if key.needs_message() {
            return match artifact.artifact().bytes() {
                Some(bytes) => Ok(key.verify_message(bytes, signature)),
                None => Err(Reason::ArtifactMismatch {
                    detail:
                        "the signer's key is an Ed25519 key, which signs the artifact itself; give its bytes"
                            .into(),
                }),
            };
        }
        let given: Vec<_> = hashes.iter().filter_map(|hash| artifact.get(*hash)).collect();
        let Some(first) = given.first() else {
            let wanted: Vec<&str> = hashes.iter().map(|hash| hash.name()).collect();
            return Err(Reason::ArtifactMismatch {
                detail: format!(
                    "the signer's key signs by {}, and such a digest of the artifact is not given; give it, or the artifact's bytes",
                    wanted.join(" or ")
                ),
            });
        };
        let mut result = key.verify_digest(first, signature);
        for digest in given.iter().skip(1) {
            if result == Err(SignatureFault::Invalid) {
                result = key.verify_digest(digest, signature);
            }
        }
        Ok(result)
    }

    /// B8: every entry is in a log of the instance, and about this signature; there are enough.
    fn check_log_entries(&self, instants: &[Timestamp]) -> Result<Vec<GoodEntry>, Reason> {
        let demand = self.demand(self.counts().log_entries);
        log_entries::settle(self.judge_log_entries(instants), self.instance, demand)
    }

    fn judge_log_entries(&self, instants: &[Timestamp]) -> Vec<Verdict<GoodEntry>> {
        if self.bundle.log_entries.is_empty() {
            return Vec::new();
        }
        let hashes = self.key().hashes();
        let artifact: Vec<Digest> = match self.asked {
            Asked::Artifact(artifact) => hashes.iter().filter_map(|hash| artifact.get(*hash)).collect(),
            Asked::Envelope => Vec::new(),
        };
        let content = match &self.bundle.content {
            Content::Envelope(envelope) => {
                let encoded = self.encoded.into_iter();
                let digests = encoded.flat_map(|encoded| hashes.iter().filter_map(|hash| encoded.get(*hash)));
                SignedContent::Envelope(SignedEnvelope::new(envelope, digests.collect()))
            }
            Content::Message { .. } => SignedContent::Message(&artifact),
        };
        let signer = match self.signer {
            Candidate::Leaf { leaf, .. } => SignerMaterial::Certificate {
                der: leaf.certificate.der,
                public_key: leaf.certificate.public_key.der,
            },
            Candidate::Key { given, .. } => SignerMaterial::Key(given.as_der()),
        };
        let signing = Signing { signature: self.bundle.signature(), signer, content, hashes };
        let demand = self.demand(self.counts().log_entries);
        let rules = EntryRules {
            instance: self.instance,
            promised: &self.judged_times().promised,
            signing: &signing,
            times: instants,
            demand,
        };
        log_entries::judge(self.bundle, rules)
    }

    /// B9: the statement is about the artifact, under the name that is asked for.
    fn check_subject(&self) -> Result<Option<Statement>, Reason> {
        let mismatch = |detail: String| Reason::ArtifactMismatch { detail };
        let demands = self.policy.demands();
        let Content::Envelope(envelope) = &self.bundle.content else {
            return match demands.check_subjects(iter::empty()) {
                Ok(()) => Ok(None),
                Err(fault) => Err(mismatch(format!(
                    "{fault}, since the bundle is a signature over the artifact itself and has no statement"
                ))),
            };
        };
        let is_statement = envelope.payload_type == IN_TOTO_PAYLOAD_TYPE;
        let statement = match self.asked {
            Asked::Envelope if !is_statement => None,
            // Whoever asks for an envelope may take any payload; what is asked of a statement needs one.
            Asked::Envelope => match Statement::parse(&envelope.payload) {
                Ok(statement) => Some(statement),
                Err(_) if !demands.needs_statement() => None,
                Err(fault) => return Err(mismatch(format!("the statement cannot be read: {fault}"))),
            },
            Asked::Artifact(_) if !is_statement => {
                return Err(mismatch(format!(
                    "the envelope's payload is of the type {}, and no in-toto statement about artifacts; verify it as an envelope",
                    Excerpt(&envelope.payload_type)
                )));
            }
            Asked::Artifact(_) => Some(
                Statement::parse(&envelope.payload)
                    .map_err(|fault| mismatch(format!("the statement cannot be read: {fault}")))?,
            ),
        };
        let given: Vec<Digest> = match (self.asked, &statement) {
            (Asked::Artifact(artifact), Some(statement)) => {
                statement.algorithms().filter_map(|algorithm| artifact.get(algorithm)).collect()
            }
            _ => Vec::new(),
        };
        let is_artifact = |subject: &StatementSubject| match self.asked {
            Asked::Artifact(_) => subject.is_of(&given),
            Asked::Envelope => true,
        };
        let subjects = statement.as_ref().map(Statement::subjects).unwrap_or_default();
        if let (Asked::Artifact(_), Some(statement)) = (self.asked, &statement) {
            statement
                .subject_of(&given)
                .map_err(|why| mismatch(format!("the statement does not fit: {why}")))?;
            let blocklist = demands.blocklist();
            let others = subjects.iter().filter(|subject| is_artifact(subject)).flat_map(|subject| {
                HashAlgorithm::ALL.iter().filter_map(|algorithm| subject.digest(*algorithm))
            });
            if let Some(blocked) = others.into_iter().find(|digest| blocklist.blocks(digest)) {
                return Err(Reason::ArtifactBlocklisted(blocked));
            }
        }
        let sha256 = given.iter().find(|digest| digest.algorithm() == HashAlgorithm::Sha256);
        let is_artifact_by_sha256 = |subject: &StatementSubject| {
            let told = subject.digest(HashAlgorithm::Sha256);
            match self.asked {
                Asked::Artifact(_) => told.as_ref().zip(sha256).is_some_and(|(told, given)| told == given),
                Asked::Envelope => told.is_some(),
            }
        };
        let views = subjects.iter().map(|subject| SubjectView {
            name: subject.name(),
            uri: subject.uri(),
            is_artifact: is_artifact(subject),
            is_artifact_by_sha256: is_artifact_by_sha256(subject),
        });
        demands.check_subjects(views).map_err(|fault| mismatch(format!("{fault}")))?;
        Ok(statement)
    }

    /// B10: the claims, and what kind of statement it is.
    fn check_claims(&self, statement: Option<&Statement>) -> Result<(), Reason> {
        if let Candidate::Leaf { leaf, policy, .. } = self.signer {
            policy.check_claims(|claim: &Claim| leaf.claim(claim))?;
        }
        let found = statement.map(Statement::predicate_type);
        let demands = self.policy.demands();
        if demands.accepts_predicate_type(found) {
            return Ok(());
        }
        Err(Reason::PredicateMismatch {
            wanted: demands.predicate_types().to_vec(),
            found: found.map(shown_part).map(String::from),
        })
    }

    const fn key(&self) -> &SignerKey {
        match self.signer {
            Candidate::Leaf { key, .. } | Candidate::Key { key, .. } => key,
        }
    }

    fn counts(&self) -> Counts {
        self.policy.demands().counts(self.instance.kind())
    }

    fn demand(&self, count: u32) -> Demand {
        Demand {
            independent: usize::try_from(count).unwrap_or(usize::MAX),
            ignores_unknown: self.policy.demands().ignores_unknown_authorities(),
        }
    }
}

/// What is signed as a file is neither an artifact's name, as private records sign it, nor the encoding of an envelope: else
/// a signature that means the one could pass for one that means the other. It can be told where the bytes are given.
fn check_is_no_other_signing(artifact: &Digests<'_>) -> Result<(), Reason> {
    let bytes = artifact.artifact().bytes().unwrap_or_default();
    let what = if bytes.starts_with(PRE_AUTHENTICATION_PREFIX) {
        "the encoding of an envelope, whose signature is one over a payload; verify it as an attestation"
    } else if ArtifactName::is_well_formed(bytes) {
        "an artifact's name, whose signature is one over the artifact; verify it as a record"
    } else {
        return Ok(());
    };
    Err(Reason::ArtifactMismatch { detail: format!("the file is {what}") })
}

/// The leaf was not issued for longer than the policy allows.
fn check_lifetime(leaf: &Leaf<'_>, policy: &BundlePolicy) -> Result<(), Reason> {
    certificate_lifetime::check(&leaf.certificate.validity, policy.max_certificate_lifetime_seconds())
}

/// What came of each item of one kind.
fn outcomes<T>(
    kind: EvidenceKind,
    verdicts: &[Verdict<T>],
    tell: impl Fn(&T) -> (String, Option<Timestamp>),
) -> Vec<EvidenceOutcome> {
    let outcome = |(position, verdict): (usize, &Verdict<T>)| {
        let (whose, time) = match verdict {
            Verdict::Good(good) => tell(good),
            Verdict::Unknown(_) | Verdict::Bad(_) => (String::new(), None),
        };
        let (is_unknown, reason) = match verdict {
            Verdict::Good(_) => (false, None),
            Verdict::Unknown(reason) => (true, Some(reason.clone())),
            Verdict::Bad(reason) => (false, Some(reason.clone())),
        };
        let whose = Some(whose).filter(|whose| !whose.is_empty());
        EvidenceOutcome { kind, position, whose, time, is_unknown, reason }
    };
    verdicts.iter().enumerate().map(outcome).collect()
}
