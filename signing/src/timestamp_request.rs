//! Asking a timestamp authority when an entry was signed (RFC 3161), and putting its answer into the entry.

use crate::encoding_error::EncodingError;
use const_oid::db::rfc5912::ID_SHA_256;
use countermark::{Entry, Evidence};
use der::asn1::{AnyRef, Null, OctetStringRef, Uint};
use der::{Encode, Tag};
use sha2::{Digest, Sha256};

/// A request for a timestamp over an entry's signature, so that others than its log vouch for when it was made. Send it
/// at once: the timestamp must lie inside the validity of the signer's certificate, which is minutes.
///
/// The crate does not send it. Over HTTP it is the body of a `POST` of the type `application/timestamp-query`, and the answer
/// one of the type `application/timestamp-reply` (RFC 3161, section 3.4).
///
/// ```
/// use countermark_signing::TimestampRequest;
///
/// # fn fetch(_: Vec<u8>) -> Vec<u8> { Vec::new() }
/// # fn example(entry: countermark::Entry, random: u64) -> Result<(), Box<dyn std::error::Error>> {
/// let request = TimestampRequest::new(&entry).with_nonce(random);
/// let answer = fetch(request.to_der()?);
/// let entry = request.put_into(entry, &answer)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    signature: Vec<u8>,
    nonce: Option<u64>,
    asks_for_certificate: bool,
}

/// An answer that cannot be put into the entry: it was not granted, cannot be read, or answers another request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; ask the timestamp authority again")]
pub struct TimestampResponseError(String);

impl TimestampResponseError {
    /// The stable code, `timestamp_response`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "timestamp_response"
    }
}

impl TimestampRequest {
    /// A request about an entry's signature, without nonce, and for an answer without certificates: whoever verifies the
    /// entry has the authority's own.
    #[must_use]
    pub fn new(entry: &Entry) -> Self {
        Self { signature: entry.signature().to_vec(), nonce: None, asks_for_certificate: false }
    }

    /// With a nonce, a number that was never sent before: the answer then is no older one. Take a random one.
    #[must_use]
    pub const fn with_nonce(mut self, nonce: u64) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// Asks that the answer brings the signer's certificate, for other tools that want it there.
    #[must_use]
    pub const fn with_certificate(mut self) -> Self {
        self.asks_for_certificate = true;
        self
    }

    /// The DER of the `TimeStampReq` (RFC 3161, section 2.4.1): version 1, and the SHA-256 of the signature's bytes.
    ///
    /// # Errors
    ///
    /// [`EncodingError`], which does not happen: it is small.
    pub fn to_der(&self) -> Result<Vec<u8>, EncodingError> {
        let algorithm = sequence(&[ID_SHA_256.to_der()?, Null.to_der()?])?;
        let digest = Sha256::digest(&self.signature);
        let imprint = sequence(&[algorithm, OctetStringRef::new(&digest)?.to_der()?])?;
        let nonce = match self.nonce {
            Some(nonce) => Uint::new(&nonce.to_be_bytes())?.to_der()?,
            None => Vec::new(),
        };
        // DER does not write a default.
        let certificate = if self.asks_for_certificate { true.to_der()? } else { Vec::new() };
        sequence(&[1_u8.to_der()?, imprint, nonce, certificate])
    }

    /// The entry with the answer, the DER of a `TimeStampResp`, among its evidence. It is looked at whether the request was
    /// granted, and whether the answer is to this request; the signature on it is verified with the entry.
    ///
    /// # Errors
    ///
    /// [`TimestampResponseError`] if it is not, or if the entry has too much evidence or another signature.
    pub fn put_into(&self, entry: Entry, response: &[u8]) -> Result<Entry, TimestampResponseError> {
        if entry.signature() != self.signature {
            return Err(TimestampResponseError(String::from(
                "the entry has another signature than the one that the request was about",
            )));
        }
        let evidence = Evidence::from_timestamp_response(response, &self.signature, self.nonce)
            .map_err(|fault| TimestampResponseError(fault.detail().to_string()))?;
        let evidence = [entry.evidence(), &[evidence]].concat();
        entry.with_evidence(evidence).map_err(|fault| TimestampResponseError(fault.detail().to_string()))
    }
}

fn sequence(parts: &[Vec<u8>]) -> Result<Vec<u8>, EncodingError> {
    Ok(AnyRef::new(Tag::Sequence, &parts.concat())?.to_der()?)
}
