//! The rules, in order: section 6 of the design, step by step. Each step calls the module that holds it.

use crate::artifact_name::ArtifactName;
use crate::chain::path::{self, Path, PathRules, Remembered, Spent};
use crate::chain::trust::Trust;
use crate::code::Check;
use crate::crypto::{LeafKey, LeafKeyFault, LeafSignature, sha256};
use crate::evidence::recorded_timestamps::{self, JudgedTimestamp};
use crate::evidence::timestamp_authority::TimestampAuthorities;
use crate::outcome::report::{Outcome, Report, TimestampOutcome};
use crate::outcome::verified::{SignedTime, Verified, Warning};
use crate::policy::certificate_lifetime;
use crate::policy::policies::{MessagePolicy, Policy, RevocationScope, SignerPolicy, TimeVoucher};
use crate::record::entry::{EntryRef, Provenance};
use crate::record::message::{Message, MessageSignature};
use crate::record::signed::Signed;
use crate::rejection::{Reason, Rejection, Subject, check_validity};
use crate::selection::{Candidate, Selected, select};
use crate::signer::claim::{Claim, Claims};
use crate::signer::leaf::Leaf;
use crate::text::quoting::shown_part;
use crate::timestamp::Timestamp;
use crate::x509::extension_demands::CODE_SIGNING;
use crate::x509::fault::CertificateFault;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::time::Duration;

/// What a verification runs under: the trust, and the caller's time if it was given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'v> {
    pub(crate) trust: &'v Trust,
    pub(crate) timestamp_authorities: &'v TimestampAuthorities,
    pub(crate) now: Option<Timestamp>,
    /// How much later than `now` an entry may have been signed, since no two clocks agree.
    pub(crate) leeway: Duration,
}

/// Verifies an artifact: stops at the first rule that fails.
pub(crate) fn verify<'a>(
    settings: Settings<'a>,
    remembered: &mut Remembered<'a>,
    name: &ArtifactName,
    entries: impl Iterator<Item = EntryRef<'a>>,
    policy: &Policy,
) -> Result<Verified<'a>, Rejection> {
    let selected = select(name, entries, policy).map_err(Rejection::new)?; // 0
    check_blocklist(name, &selected, policy)?; // 1
    let candidates = check_revocation(name, &selected, policy)?; // 2

    let candidates = newest_first(candidates);
    let message_sha256 = sha256(name.as_str().as_bytes());
    let mut rejections = Vec::new();
    for candidate in candidates {
        let signed = candidate.signed(&message_sha256);
        let voucher = policy.record().time_voucher();
        match judge(settings, remembered, &candidate.leaf, &signed, policy.signer(), voucher) {
            Ok((claims, path, times)) => {
                let source = Some((candidate.index, candidate.entry));
                return Ok(Verified::new(source, &signed, claims, path, times, policy.signer()));
            }
            Err(reason) => rejections.push(Rejection::of_entry(reason, candidate.index)),
        }
    }
    Err(Rejection::headline(rejections).unwrap_or_else(|| Rejection::new(selected.seen.no_signature(policy))))
}

/// Verifies a message: rules 3 to 7 and 9, which concern the signer.
pub(crate) fn verify_message<'a>(
    settings: Settings<'a>,
    message: &Message,
    signature: &MessageSignature<'a>,
    policy: MessagePolicy<'_>,
) -> Result<Verified<'a>, Rejection> {
    let leaf = Leaf::parse(signature.certificates.get(0).unwrap_or_default());
    let signed = Signed {
        certificates: signature.certificates,
        signature: signature.signature,
        timestamp: signature.timestamp,
        provenance: Provenance::NONE,
        evidence: &[],
        message_sha256: message.sha256(),
    };
    let voucher = TimeVoucher::Recorded;
    let (claims, path, times) =
        judge(settings, &mut Remembered::default(), &leaf, &signed, policy.signer, voucher)
            .map_err(Rejection::new)?;
    Ok(Verified::new(None, &signed, claims, path, times, policy.signer))
}

/// Rules 3 to 9 for one candidate.
fn judge<'a>(
    settings: Settings<'a>,
    remembered: &mut Remembered<'a>,
    leaf: &Result<Leaf<'a>, CertificateFault>,
    signed: &Signed<'a, '_>,
    policy: &SignerPolicy,
    voucher: TimeVoucher,
) -> Result<(Claims<'a>, Path<'a>, Vec<SignedTime>), Reason> {
    let (leaf, key) = check_certificate(leaf)?; // 3
    let timestamps = judge_timestamps(settings, signed);
    let times = all_times(signed, &timestamps);
    let path = check_chain(settings, remembered, leaf, signed, &times)?; // 4
    check_lifetime(leaf, policy)?; // 5
    check_times(leaf, &times, settings)?; // 6
    check_voucher(&timestamps, voucher)?; // 6
    check_signature(&key, signed)?; // 7
    check_provenance(leaf, signed.provenance)?; // 8
    check_claims(leaf, policy)?; // 9
    Ok((leaf.claims(), path, timestamps.into_iter().filter_map(signed_time).collect()))
}

/// Examines an artifact: runs every check that still makes sense, in the same order.
pub(crate) fn examine<'a>(
    settings: Settings<'a>,
    name: &ArtifactName,
    entries: impl Iterator<Item = EntryRef<'a>>,
    policy: &Policy,
) -> Report {
    let mut report = Report::new(name, Warning::about(policy.signer()));
    let selected = match select(name, entries, policy) {
        Ok(selected) => selected,
        Err(reason) => {
            report.record(Check::Selection, Outcome::Failed(reason)); // 0
            return report;
        }
    };
    let blocklist = check_blocklist(name, &selected, policy); // 1
    let revocation = check_revocation(name, &selected, policy); // 2
    if blocklist.is_ok() && revocation.as_ref().is_ok_and(Vec::is_empty) {
        report.record(Check::Selection, Outcome::Failed(selected.seen.no_signature(policy))); // 0
        return report;
    }
    report.record(Check::Selection, Outcome::Passed);
    report.record_for_entry(Check::Blocklist, blocklist);
    let candidates = match revocation {
        Ok(candidates) => {
            report.record(Check::Revocation, Outcome::Passed);
            candidates
        }
        Err(rejection) => {
            report.record_for_entry(Check::Revocation, Err(rejection));
            selected.candidates.iter().collect()
        }
    };

    let candidates = newest_first(candidates);
    let message_sha256 = sha256(name.as_str().as_bytes());
    let mut remembered = Remembered::default();
    for candidate in candidates {
        let signed = candidate.signed(&message_sha256);
        let timestamps = judge_timestamps(settings, &signed);
        let checks =
            examine_candidate(settings, &mut remembered, &candidate.leaf, &signed, policy, &timestamps);
        let timestamps = timestamps.into_iter().map(timestamp_outcome).collect();
        let claims = candidate.leaf.as_ref().ok().map(Leaf::claims);
        if report.add_candidate(candidate.index, &candidate.entry, claims, checks, timestamps) {
            break;
        }
    }
    report
}

/// Rules 3 to 9 for one candidate, each as far as it makes sense whatever the others say.
fn examine_candidate<'a>(
    settings: Settings<'a>,
    remembered: &mut Remembered<'a>,
    leaf: &Result<Leaf<'a>, CertificateFault>,
    signed: &Signed<'a, '_>,
    policy: &Policy,
    timestamps: &[JudgedTimestamp],
) -> Vec<(Check, Outcome)> {
    let (voucher, policy) = (policy.record().time_voucher(), policy.signer());
    let times = all_times(signed, timestamps);
    let mut checks = alloc::vec![(Check::Certificate, check_certificate(leaf).map(drop).into())]; // 3
    let Ok(leaf) = leaf else { return checks };
    checks.push((Check::Chain, check_chain(settings, remembered, leaf, signed, &times).map(drop).into())); // 4
    checks.push((Check::Lifetime, check_lifetime(leaf, policy).into())); // 5
    let timestamp = check_times(leaf, &times, settings).and_then(|()| check_voucher(timestamps, voucher));
    checks.push((Check::Timestamp, timestamp.into())); // 6
    if let Ok(key) = leaf_key(leaf) {
        checks.push((Check::Signature, check_signature(&key, signed).into())); // 7
    }
    checks.push((Check::Provenance, check_provenance(leaf, signed.provenance).into())); // 8
    checks.push((Check::Claims, check_claims(leaf, policy).into())); // 9
    checks
}

/// Rule 1: neither the log nor the policy blocks the artifact.
fn check_blocklist(name: &ArtifactName, selected: &Selected<'_>, policy: &Policy) -> Result<(), Rejection> {
    if let Some(flagged) = selected.first(|entry| entry.blocklisted) {
        let reason = match under_another_name(name, flagged) {
            Some(artifact_name) => Reason::DigestFlaggedInLog { artifact_name },
            None => Reason::FlaggedInLog,
        };
        return Err(Rejection::of_entry(reason, flagged.index));
    }
    if policy.record().blocks_name(name) {
        return Err(Rejection::new(Reason::NameBlocklisted(name.clone())));
    }
    if policy.record().blocks_digest(name.digest()) {
        return Err(Rejection::new(Reason::DigestBlocklisted(name.digest().to_string())));
    }
    Ok(())
}

/// The name that an entry has, if it is another than the artifact's: it matched by its digest.
fn under_another_name(name: &ArtifactName, entry: &Candidate<'_>) -> Option<String> {
    let recorded = entry.entry.artifact_name;
    (recorded != name.as_str()).then(|| shown_part(recorded).into())
}

/// Rule 2: what is left once revoked signatures are taken away; with nothing but vetoes, nothing was there.
fn check_revocation<'s, 'a>(
    name: &ArtifactName,
    selected: &'s Selected<'a>,
    policy: &Policy,
) -> Result<Vec<&'s Candidate<'a>>, Rejection> {
    let Some(revoked) = selected.first(|entry| entry.revoked) else {
        return Ok(selected.candidates.iter().collect());
    };
    if policy.record().revocation_scope() != RevocationScope::Entry {
        let reason = match under_another_name(name, revoked) {
            Some(artifact_name) => Reason::DigestRevoked { artifact_name },
            None => Reason::ArtifactRevoked,
        };
        return Err(Rejection::of_entry(reason, revoked.index));
    }
    let revoked_keys: BTreeSet<_> = selected
        .iter()
        .filter(|matching| matching.entry.revoked)
        .flat_map(Candidate::possible_keys)
        .collect();
    let revoked_signatures: BTreeSet<_> = selected
        .iter()
        .filter(|matching| matching.entry.revoked)
        .flat_map(Candidate::signatures_of_unknown_keys)
        .collect();
    let is_left = |candidate: &&Candidate<'_>| {
        !candidate.entry.revoked
            && !candidate.key().is_some_and(|key| revoked_keys.contains(&key))
            && !revoked_signatures.contains(candidate.entry.signature)
    };
    let left: Vec<_> = selected.candidates.iter().filter(is_left).collect();
    if left.is_empty() {
        return Err(Rejection::new(Reason::AllRevoked { matching: selected.iter().count() }));
    }
    Ok(left)
}

/// The order in which candidates are judged: newest first, equal ones in the order given.
fn newest_first<'c, 'a>(mut candidates: Vec<&'c Candidate<'a>>) -> Vec<&'c Candidate<'a>> {
    candidates.sort_by_key(|candidate| Reverse(candidate.entry.timestamp));
    candidates
}

/// Rule 3: the leaf is a readable code-signing certificate for a P-256 key.
fn check_certificate<'l, 'a>(
    leaf: &'l Result<Leaf<'a>, CertificateFault>,
) -> Result<(&'l Leaf<'a>, LeafKey), Reason> {
    let refuse = |fault| Reason::BadCertificate { subject: Subject::Leaf, fault };
    let leaf = leaf.as_ref().map_err(|fault| refuse(fault.clone()))?;
    leaf.check_form().map_err(refuse)?;
    Ok((leaf, leaf_key(leaf)?))
}

fn leaf_key(leaf: &Leaf<'_>) -> Result<LeafKey, Reason> {
    LeafKey::new(&leaf.certificate.public_key).map_err(|fault| match fault {
        LeafKeyFault::WrongType => Reason::InvalidKeyType,
        LeafKeyFault::OffCurve => {
            Reason::BadCertificate { subject: Subject::Leaf, fault: CertificateFault::KeyOffCurve }
        }
    })
}

/// The entry's signed timestamps, each judged by itself. A bad one adds nothing.
fn judge_timestamps(settings: Settings<'_>, signed: &Signed<'_, '_>) -> Vec<JudgedTimestamp> {
    let Settings { trust, timestamp_authorities, .. } = settings;
    recorded_timestamps::judge(signed.evidence, signed.signature, timestamp_authorities, trust)
}

/// The recorded time, and those that an authority signed.
fn all_times(signed: &Signed<'_, '_>, timestamps: &[JudgedTimestamp]) -> Vec<Timestamp> {
    let vouched = timestamps.iter().filter(|timestamp| timestamp.result.is_ok());
    [signed.timestamp].into_iter().chain(vouched.filter_map(|timestamp| timestamp.time)).collect()
}

fn signed_time(timestamp: JudgedTimestamp) -> Option<SignedTime> {
    let (time, authority) = (timestamp.time?, timestamp.result.ok()?);
    Some(SignedTime { time, voucher: TimeVoucher::TimestampAuthority, authority })
}

fn timestamp_outcome(timestamp: JudgedTimestamp) -> TimestampOutcome {
    let (authority, fault) = match timestamp.result {
        Ok(authority) => (Some(authority), None),
        Err(fault) => (None, Some(fault)),
    };
    TimestampOutcome { authority, time: timestamp.time, fault }
}

/// Rule 4: a path of authorities that are valid at every time leads from the leaf to a trust anchor.
fn check_chain<'a>(
    settings: Settings<'a>,
    remembered: &mut Remembered<'a>,
    leaf: &Leaf<'a>,
    signed: &Signed<'a, '_>,
    times: &[Timestamp],
) -> Result<Path<'a>, Reason> {
    let rules = PathRules {
        times,
        usage: Some(CODE_SIGNING),
        accepted_algorithms: &settings.trust.accepted_algorithms,
        distrusted: &settings.trust.distrusted,
        max_authorities: PathRules::DEFAULT_MAX_AUTHORITIES,
    };
    let mut supplied = signed.certificates.iter().skip(1);
    let (known, anchors) = (&settings.trust.intermediates, &settings.trust.anchors);
    let mut spent = Spent::default();
    path::find(leaf.certificate, &mut supplied, known, anchors, &rules, remembered, &mut spent)
}

/// Rule 5: the leaf was not issued for longer than the policy allows.
fn check_lifetime(leaf: &Leaf<'_>, policy: &SignerPolicy) -> Result<(), Reason> {
    certificate_lifetime::check(&leaf.certificate.validity, policy.max_certificate_lifetime_seconds())
}

/// Rule 6: every time is inside the leaf's validity, and not after the caller's time, with its leeway.
fn check_times(leaf: &Leaf<'_>, times: &[Timestamp], settings: Settings<'_>) -> Result<(), Reason> {
    let Settings { now, leeway, .. } = settings;
    for timestamp in times.iter().copied() {
        check_validity(&leaf.certificate.validity, timestamp, || Subject::Leaf)?;
        match now {
            Some(now) if timestamp.is_after(now, leeway) => {
                return Err(Reason::InTheFuture { timestamp, now, leeway });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Rule 6: a timestamp authority vouches for the time, if the policy wants one to.
fn check_voucher(timestamps: &[JudgedTimestamp], voucher: TimeVoucher) -> Result<(), Reason> {
    let is_vouched = timestamps.iter().any(|timestamp| timestamp.result.is_ok());
    if voucher == TimeVoucher::Recorded || is_vouched {
        return Ok(());
    }
    let fault = timestamps.first().and_then(|timestamp| timestamp.result.as_ref().err()).cloned();
    Err(Reason::UnvouchedTime { timestamps: timestamps.len(), fault })
}

/// Rule 7: the leaf's key signed the message. A high s is valid.
fn check_signature(key: &LeafKey, signed: &Signed<'_, '_>) -> Result<(), Reason> {
    let signature = LeafSignature::from_der(signed.signature).ok_or(Reason::CorruptedSignature)?;
    if key.verifies(signed.message_sha256, &signature) { Ok(()) } else { Err(Reason::InvalidSignature) }
}

/// Rule 8: every recorded claim is in the certificate with the same value.
fn check_provenance(leaf: &Leaf<'_>, provenance: Provenance<'_>) -> Result<(), Reason> {
    for (name, recorded) in provenance.iter() {
        let claim: Claim = name.parse().map_err(|_| Reason::UnknownProvenance { name: name.to_string() })?;
        let certified = leaf.claim(&claim);
        if certified != Some(recorded) {
            return Err(Reason::ProvenanceMismatch {
                name: name.to_string(),
                recorded: recorded.to_string(),
                certified: certified.map(ToString::to_string),
            });
        }
    }
    Ok(())
}

/// Rule 9: the certificate carries the issuer and every claim that the policy requires.
fn check_claims(leaf: &Leaf<'_>, policy: &SignerPolicy) -> Result<(), Reason> {
    policy.demands().check(|claim: &Claim| leaf.claim(claim))
}
