//! Signed timestamps (RFC 3161).

use crate::timestamp::Timestamp;
use crate::x509::strict_der::Fault;

/// A signed timestamp whose form is in order. Nothing in it is verified: neither what it is over, nor who signed it.
#[derive(Clone, Copy)]
pub(crate) struct SignedTimestamp<'a> {
    time: Timestamp,
    info: &'a [u8],
}

impl<'a> SignedTimestamp<'a> {
    /// Reads a `TimeStampResp` that was granted, as bundles hold them.
    pub(crate) fn from_response(der: &'a [u8]) -> Result<Self, Fault> {
        let _ = der;
        Err(Fault::new("it is not read yet"))
    }

    /// The same, or a `TimeStampToken` by itself.
    pub(crate) fn from_response_or_token(der: &'a [u8]) -> Result<Self, Fault> {
        Self::from_response(der)
    }

    /// When it says that the message was there.
    pub(crate) const fn time(&self) -> Timestamp {
        self.time
    }

    /// What was signed, the DER of a `TSTInfo`: the same in every copy of one token.
    pub(crate) const fn info(&self) -> &'a [u8] {
        self.info
    }
}
