//! A signature over a message, with all that rules 3 to 9 judge.

use crate::record::entry::{Certificates, Evidence, Provenance};
use crate::timestamp::Timestamp;

/// What rules 3 to 9 judge: a signature over a message, and what came with it.
pub(crate) struct Signed<'a, 'm> {
    pub(crate) certificates: Certificates<'a>,
    pub(crate) signature: &'a [u8],
    pub(crate) timestamp: Timestamp,
    pub(crate) provenance: Provenance<'a>,
    pub(crate) evidence: &'a [Evidence],
    pub(crate) message_sha256: &'m [u8; 32],
}
