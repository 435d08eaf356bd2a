//! The signed timestamps among a record's evidence.

use crate::chain::trust::Trust;
use crate::evidence::signed_timestamp::SignedTimestamp;
use crate::evidence::timestamp_authority::{TimestampAuthorities, TimestampVerdict};
use crate::record::entry::Evidence;
use crate::timestamp::Timestamp;
use crate::x509::strict_der::Fault;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A signed timestamp of a record, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct JudgedTimestamp {
    /// When it says that the signature was there, if it can be read.
    pub(crate) time: Option<Timestamp>,
    /// The authority that vouches for it, or why it does not count.
    pub(crate) result: Result<String, String>,
}

/// Judges every item that is a signed timestamp, over the record's signature. The same token again is the same timestamp.
pub(crate) fn judge(
    evidence: &[Evidence],
    signature: &[u8],
    authorities: &TimestampAuthorities,
    trust: &Trust,
) -> Vec<JudgedTimestamp> {
    let mut seen: Vec<&Evidence> = Vec::new();
    let mut judged = Vec::new();
    for item in evidence {
        let Some(token) = item.signed_timestamp() else { continue };
        if seen.contains(&item) {
            continue;
        }
        seen.push(item);
        judged.push(match token {
            Ok(token) => judge_one(&token, signature, authorities, trust),
            Err(fault) => JudgedTimestamp::unreadable(fault),
        });
    }
    judged
}

fn judge_one(
    token: &[u8],
    signature: &[u8],
    authorities: &TimestampAuthorities,
    trust: &Trust,
) -> JudgedTimestamp {
    let timestamp = match SignedTimestamp::from_response_or_token(token) {
        Ok(timestamp) => timestamp,
        Err(Fault(fault)) => return JudgedTimestamp::unreadable(format!("it cannot be read: {fault}")),
    };
    let verdict = authorities.judge(&timestamp, signature, &trust.distrusted, &trust.accepted_algorithms);
    let result = match verdict {
        TimestampVerdict::Good { authority, .. } => Ok(authorities.signer_text(authority)),
        TimestampVerdict::Unknown { signer } => {
            Err(format!("its signer, {signer}, is none of the verifier's timestamp authorities"))
        }
        TimestampVerdict::Bad(fault) => Err(fault.to_string()),
    };
    JudgedTimestamp { time: Some(timestamp.time()), result }
}

impl JudgedTimestamp {
    const fn unreadable(fault: String) -> Self {
        Self { time: None, result: Err(fault) }
    }
}
