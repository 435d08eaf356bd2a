//! Rule B3: the times at which the signature is known to have been there, and who says so.

use crate::evidence::log_key::LogVersion;
use crate::evidence::signed_timestamp::SignedTimestamp;
use crate::evidence::timestamp_authority::TimestampVerdict;
use crate::rejection::Reason;
use crate::sigstore::bundle::Bundle;
use crate::sigstore::instance::{Instance, Operator};
use crate::sigstore::log_body::LogBodyKind;
use crate::sigstore::log_entry::LogEntry;
use crate::sigstore::verdict::{Demand, Verdict};
use crate::timestamp::Timestamp;
use alloc::format;
use alloc::vec::Vec;

/// A time that somebody of the instance vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SignedTime {
    pub(crate) time: Timestamp,
    pub(crate) by: TimeSource,
}

/// Who vouches for a time, by the position in the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeSource {
    TimestampAuthority(usize),
    Log(usize),
}

/// Judges every signed timestamp of the bundle. They are over the signature's bytes.
fn judge_timestamps(bundle: &Bundle, instance: &Instance) -> Vec<Verdict<SignedTime>> {
    bundle
        .timestamps
        .iter()
        .enumerate()
        .map(|(position, der)| judge_timestamp(position, der, bundle.signature(), instance))
        .collect()
}

fn judge_timestamp(
    position: usize,
    der: &[u8],
    signature: &[u8],
    instance: &Instance,
) -> Verdict<SignedTime> {
    let refuse = |why| Reason::NoSignedTime { detail: format!("signed timestamp {position} {why}") };
    let timestamp = match SignedTimestamp::from_response(der) {
        Ok(timestamp) => timestamp,
        Err(fault) => return Verdict::Bad(refuse(format!("cannot be read: {}", fault.0))),
    };
    match instance.judge_timestamp(&timestamp, signature) {
        TimestampVerdict::Good { time, authority } => {
            Verdict::Good(SignedTime { time, by: TimeSource::TimestampAuthority(authority) })
        }
        TimestampVerdict::Unknown { signer } => Verdict::Unknown(refuse(format!(
            "is by an authority that the instance {} does not have: {signer}",
            instance.name
        ))),
        TimestampVerdict::Bad(why) => Verdict::Bad(refuse(format!("does not count: {why}"))),
    }
}

/// What an instance makes of a bundle's times, whoever signed it: each is verified once.
#[derive(Debug)]
pub(crate) struct JudgedTimes {
    pub(crate) timestamps: Vec<Verdict<SignedTime>>,
    /// Of each log entry the time that its log promised: of signed entry timestamps that verify, under keys that were valid
    /// then. Others are rule B8's to refuse.
    pub(crate) promised: Vec<Option<SignedTime>>,
}

impl JudgedTimes {
    pub(crate) fn of(bundle: &Bundle, instance: &Instance) -> Self {
        Self {
            timestamps: judge_timestamps(bundle, instance),
            promised: bundle.log_entries.iter().map(|entry| promised_time(entry, instance)).collect(),
        }
    }

    /// Those that are good, whatever the others are.
    pub(crate) fn good(&self) -> Vec<SignedTime> {
        let timestamps = self.timestamps.iter().filter_map(Verdict::good);
        timestamps.chain(self.promised.iter().flatten()).copied().collect()
    }
}

/// The time that an entry's signed entry timestamp vouches for.
fn promised_time(entry: &LogEntry, instance: &Instance) -> Option<SignedTime> {
    let promise = entry.inclusion_promise.as_ref()?;
    let text = entry.set_text()?;
    let seconds = i64::try_from(entry.integrated_time?).ok()?;
    let time = Timestamp::from_unix(seconds, 0)?;
    let (position, log) = instance.log(&entry.log_id).ok()?;
    let is_of_rekor_2 = LogBodyKind::of(&entry.kind, &entry.version).is_some_and(LogBodyKind::is_of_rekor_2);
    let version = log.key().version(if is_of_rekor_2 { LogVersion::V2 } else { LogVersion::V1 });
    let is_promised = version == Some(LogVersion::V1) && log.is_valid_at(time) && log.signed(&text, promise);
    is_promised.then_some(SignedTime { time, by: TimeSource::Log(position) })
}

/// The times that count, if they suffice.
pub(crate) fn settle(
    judged: &JudgedTimes,
    instance: &Instance,
    demand: Demand,
) -> Result<Vec<SignedTime>, Reason> {
    let mut times = demand.settle(judged.timestamps.iter().cloned())?;
    times.extend(judged.promised.iter().copied().flatten());
    match demand.lacks(times.iter().map(|time| instance.operator_of(time.by))) {
        None => Ok(times),
        Some(lack) => Err(Reason::NoSignedTime {
            detail: format!(
                "the bundle has {} signed times of independent authorities and logs that are trusted, and {} are asked for",
                lack.found, lack.asked
            ),
        }),
    }
}

impl Instance {
    fn operator_of(&self, source: TimeSource) -> Operator {
        match source {
            TimeSource::TimestampAuthority(authority) => self.timestamp_authority_operator(authority),
            TimeSource::Log(log) => self.log_operator(log),
        }
    }
}
