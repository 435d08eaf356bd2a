//! The signed timestamps among a record's evidence.

use crate::chain::trust::Trust;
use crate::evidence::signed_timestamp::SignedTimestamp;
use crate::evidence::timestamp_authority::{TimestampAuthorities, TimestampVerdict};
use crate::limits::MAX_SIGNED_TIMESTAMP_BYTES;
use crate::malformed::MalformedInput;
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

impl Evidence {
    /// What a timestamp authority answered to a request about an entry's signature: the DER of a `TimeStampResp`. It is
    /// looked at whether the request was granted, whether the answer is over the signature, and whether it has the nonce, if
    /// one was sent. Whether the authority is trusted is told when the entry is verified.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if the answer was not granted, cannot be read, or is to another request.
    pub fn from_timestamp_response(
        response: &[u8],
        signature: &[u8],
        nonce: Option<u64>,
    ) -> Result<Self, MalformedInput> {
        let refuse =
            |fault: &str| MalformedInput::entry(format!("the timestamp authority's answer: {fault}"));
        if response.len() > MAX_SIGNED_TIMESTAMP_BYTES {
            return Err(refuse(&format!("it is longer than {MAX_SIGNED_TIMESTAMP_BYTES} bytes")));
        }
        let timestamp = SignedTimestamp::from_response(response)
            .map_err(|Fault(fault)| refuse(&format!("it cannot be read: {fault}")))?;
        if !timestamp.is_over(signature) {
            return Err(refuse("it is over something else than this signature"));
        }
        match nonce {
            Some(nonce) if !timestamp.has_nonce(nonce) => {
                Err(refuse("it has not the nonce that was sent, so that it may be an old one"))
            }
            _ => Ok(Self::rfc3161(response)),
        }
    }
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
