//! What a successful verification of a bundle establishes, beside what every verification does.

use crate::chain::path::Path;
use crate::outcome::of_bundle::{OfBundle, VerifiedCertificateTimestamp, VerifiedLogEntry};
use crate::outcome::verified::{SignedTime, Verified, Warning};
use crate::policy::any_bundle_policy::AnyBundlePolicy;
use crate::policy::bundle_demands::Waiver;
use crate::policy::policies::TimeVoucher;
use crate::signer::claim::Claims;
use crate::sigstore::bundle::{Bundle, Envelope};
use crate::sigstore::certificate_timestamps::CertificateTimestamp;
use crate::sigstore::instance::Instance;
use crate::sigstore::log_entries::GoodEntry;
use crate::sigstore::signed_times::{self, TimeSource};
use crate::sigstore::statement::Statement;
use crate::timestamp::Timestamp;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

/// What the rules found, as they found it.
pub(crate) struct Facts<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) times: Vec<signed_times::SignedTime>,
    /// The time at which everything was judged: the earliest signed one, or the caller's where there is none.
    pub(crate) timestamp: Timestamp,
    pub(crate) log_entries: Vec<GoodEntry>,
    pub(crate) certificate_timestamps: Vec<CertificateTimestamp>,
    pub(crate) path: Option<Path<'a>>,
    pub(crate) signer: Signer<'a>,
    pub(crate) statement: Option<Statement>,
}

/// Who signed.
pub(crate) enum Signer<'a> {
    Leaf(&'a [u8], Claims<'a>),
    /// A key of the policy's, by its name if it has one.
    Key(Option<String>),
}

impl<'a> Verified<'a> {
    pub(crate) fn of_bundle(
        artifact: Option<String>,
        bundle: &'a Bundle,
        facts: Facts<'a>,
        policy: AnyBundlePolicy<'_>,
    ) -> Self {
        let mut times: Vec<SignedTime> =
            facts.times.iter().map(|time| signed_time(time, facts.instance)).collect();
        times.sort_by_key(SignedTime::time);
        let log_entries = facts.log_entries.iter().map(|entry| log_entry(entry, facts.instance)).collect();
        let certificate_timestamps = facts
            .certificate_timestamps
            .iter()
            .map(|timestamp| VerifiedCertificateTimestamp {
                log: facts.instance.certificate_log_name(timestamp.log),
                time: timestamp.time,
            })
            .collect();
        let (leaf, claims, key): (&[u8], _, _) = match facts.signer {
            Signer::Leaf(leaf, claims) => (leaf, claims, None),
            Signer::Key(name) => (&[], Claims::NONE, Some(name)),
        };
        let wanted = match policy {
            AnyBundlePolicy::Signer(policy) => policy.claims(),
            AnyBundlePolicy::Keys(_) => &[],
        };
        Self {
            source: None,
            signature: bundle.signature(),
            timestamp: facts.timestamp,
            leaf,
            claims,
            custom_claims: Self::custom_claims_of(&claims, wanted.iter().map(|(claim, _)| *claim)),
            authorities: facts.path.map(Self::authorities_of).unwrap_or_default(),
            times,
            warnings: warnings(policy),
            bundle: Some(Box::new(OfBundle {
                instance: facts.instance.name.clone(),
                artifact,
                key,
                log_entries,
                certificate_timestamps,
                statement: facts.statement,
            })),
        }
    }

    /// The name of the instance that was believed: a trusted root's, or `own` for the verifier's own anchors. `None` for
    /// an entry or a message.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.bundle.as_ref().map(|bundle| bundle.instance.as_str())
    }

    /// The in-toto statement that was signed, if one was; of its subjects, one is the artifact.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        self.bundle.as_ref()?.statement.as_ref()
    }

    /// The entries of transparency logs that were verified, in the bundle's order.
    #[must_use]
    pub fn log_entries(&self) -> &[VerifiedLogEntry] {
        self.bundle.as_ref().map_or(&[], |bundle| &bundle.log_entries)
    }

    /// The timestamps of certificate logs in the signer's certificate that were verified.
    #[must_use]
    pub fn certificate_timestamps(&self) -> &[VerifiedCertificateTimestamp] {
        self.bundle.as_ref().map_or(&[], |bundle| &bundle.certificate_timestamps)
    }

    /// Whether a key of the policy's signed, and no certificate: then there are no claims, and [`leaf`](Self::leaf) is
    /// empty.
    #[must_use]
    pub fn is_of_key(&self) -> bool {
        self.bundle.as_ref().is_some_and(|bundle| bundle.key.is_some())
    }

    /// The name of the policy's key that signed, if one did and has a name.
    #[must_use]
    pub fn key_name(&self) -> Option<&str> {
        self.bundle.as_ref()?.key.as_ref()?.as_deref()
    }
}

/// What the policy does without.
pub(crate) fn warnings(policy: AnyBundlePolicy<'_>) -> Vec<Warning> {
    policy.waivers().into_iter().map(warning).collect()
}

const fn warning(waiver: Waiver) -> Warning {
    match waiver {
        Waiver::Signer => Warning::SignerUnconstrained,
        Waiver::LogEntries => Warning::LogEntriesNotAsked,
        Waiver::SignedTimes => Warning::SignedTimesNotAsked,
        Waiver::CertificateTimestamps => Warning::CertificateTimestampsNotAsked,
        Waiver::UnknownAuthorities => Warning::UnknownAuthoritiesIgnored,
    }
}

fn signed_time(time: &signed_times::SignedTime, instance: &Instance) -> SignedTime {
    let (voucher, authority) = match time.by {
        TimeSource::TimestampAuthority(position) => {
            (TimeVoucher::TimestampAuthority, instance.timestamp_authorities.signer_text(position))
        }
        TimeSource::Log(position) => (TimeVoucher::Log, instance.log_name(position)),
    };
    SignedTime { time: time.time, voucher, authority }
}

fn log_entry(entry: &GoodEntry, instance: &Instance) -> VerifiedLogEntry {
    VerifiedLogEntry {
        log: match &entry.tree {
            Some((origin, _)) => origin.clone(),
            None => instance.log_name(entry.log),
        },
        log_index: entry.index,
        tree_size: entry.tree.as_ref().map(|(_, size)| *size),
        integrated_time: entry.integrated,
    }
}

/// An envelope whose signature was verified, by [`Verifier::verify_envelope`](crate::Verifier::verify_envelope): who signed
/// this payload, and when. It says nothing about any artifact; whoever reads the payload decides what it is about.
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifiedEnvelope<'a> {
    payload_type: &'a str,
    payload: &'a [u8],
    established: Verified<'a>,
}

impl<'a> VerifiedEnvelope<'a> {
    pub(crate) fn new(
        envelope: &'a Envelope,
        bundle: &'a Bundle,
        facts: Facts<'a>,
        policy: AnyBundlePolicy<'_>,
    ) -> Self {
        Self {
            payload_type: &envelope.payload_type,
            payload: &envelope.payload,
            established: Verified::of_bundle(None, bundle, facts, policy),
        }
    }

    /// What the payload says it is.
    #[must_use]
    pub const fn payload_type(&self) -> &'a str {
        self.payload_type
    }

    /// The payload, byte for byte as it was signed.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The payload as an in-toto statement, if it is one.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        self.established.statement()
    }

    /// As [`Verified::claims`].
    #[must_use]
    pub const fn claims(&self) -> Claims<'a> {
        self.established.claims()
    }

    /// As [`Verified::leaf`].
    #[must_use]
    pub const fn leaf(&self) -> &'a [u8] {
        self.established.leaf()
    }

    /// As [`Verified::key_name`].
    #[must_use]
    pub fn key_name(&self) -> Option<&str> {
        self.established.key_name()
    }

    /// As [`Verified::instance`].
    #[must_use]
    pub fn instance(&self) -> &str {
        self.established.instance().unwrap_or_default()
    }

    /// As [`Verified::times`].
    #[must_use]
    pub fn times(&self) -> &[SignedTime] {
        self.established.times()
    }

    /// As [`Verified::log_entries`].
    #[must_use]
    pub fn log_entries(&self) -> &[VerifiedLogEntry] {
        self.established.log_entries()
    }

    /// As [`Verified::certificate_timestamps`].
    #[must_use]
    pub fn certificate_timestamps(&self) -> &[VerifiedCertificateTimestamp] {
        self.established.certificate_timestamps()
    }

    /// As [`Verified::warnings`].
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.established.warnings()
    }
}
