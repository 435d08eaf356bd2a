//! Signed certificate timestamps (RFC 6962, section 3).

use crate::crypto::sha256;
use crate::limits::MAX_CERTIFICATE_TIMESTAMPS;
use crate::timestamp::Timestamp;
use crate::x509::precertificate::Precertificate;
use crate::x509::strict_der::Fault;
use alloc::format;
use alloc::vec::Vec;
use der::Decode;
use der::asn1::OctetStringRef;

/// A log's word that it has a certificate, with when it said so. Well-formed, and nothing of it verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sct<'a> {
    pub(crate) log_id: &'a [u8; 32],
    /// To the millisecond.
    pub(crate) timestamp: Timestamp,
    milliseconds: &'a [u8; 8],
    extensions: &'a [u8],
    /// A `HashAlgorithm` and a `SignatureAlgorithm` of TLS (RFC 5246, section 7.4.1.4.1).
    pub(crate) algorithm: [u8; 2],
    pub(crate) signature: &'a [u8],
}

/// The timestamps in the value of a certificate's extension for them, at least one.
///
/// RFC 6962 knows one version; a timestamp of another cannot be read.
pub(crate) fn read_list(extension: &[u8]) -> Result<Vec<Sct<'_>>, Fault> {
    let list = <&OctetStringRef>::from_der(extension)?.as_bytes();
    let mut list = Bytes(list).all_of_u16_length()?;
    let mut timestamps = Vec::new();
    while !list.is_finished() {
        if timestamps.len() == MAX_CERTIFICATE_TIMESTAMPS {
            return Err(Fault(format!("there are more than {MAX_CERTIFICATE_TIMESTAMPS} timestamps")));
        }
        timestamps.push(Sct::read(list.of_u16_length()?)?);
    }
    if timestamps.is_empty() {
        return Err(Fault::new("the list of timestamps is empty"));
    }
    Ok(timestamps)
}

impl<'a> Sct<'a> {
    fn read(mut bytes: Bytes<'a>) -> Result<Self, Fault> {
        if bytes.array()? != &[V1] {
            return Err(Fault::new("a timestamp is of an unknown version"));
        }
        let log_id = bytes.array()?;
        let milliseconds = bytes.array()?;
        let timestamp =
            read_milliseconds(*milliseconds).ok_or_else(|| Fault::new("a timestamp is out of range"))?;
        let extensions = bytes.of_u16_length()?.0;
        let algorithm = *bytes.array()?;
        let signature = bytes.all_of_u16_length()?.0;
        Ok(Self { log_id, timestamp, milliseconds, extensions, algorithm, signature })
    }

    /// What the log signed for each form that the precertificate may have; `None` for one that is longer than a log
    /// can take.
    pub(crate) fn signed_data(
        &self,
        precertificate: &Precertificate<'_>,
    ) -> impl Iterator<Item = Option<Vec<u8>>> {
        let issuer_key_hash = sha256(precertificate.issuer_key);
        precertificate.signed_parts.iter().map(move |part| self.signed_data_of(&issuer_key_hash, part))
    }

    fn signed_data_of(&self, issuer_key_hash: &[u8; 32], signed_part: &[u8]) -> Option<Vec<u8>> {
        const LENGTH_BYTES: usize = 3;
        let length = u32::try_from(signed_part.len()).ok()?.to_be_bytes();
        let length = length.strip_prefix(&[0]).filter(|length| length.len() == LENGTH_BYTES)?;
        let extensions_length = u16::try_from(self.extensions.len()).ok()?.to_be_bytes();
        Some(
            [
                &[V1, CERTIFICATE_TIMESTAMP],
                self.milliseconds.as_slice(),
                &PRECERT_ENTRY,
                issuer_key_hash,
                length,
                signed_part,
                &extensions_length,
                self.extensions,
            ]
            .concat(),
        )
    }
}

const V1: u8 = 0;
const CERTIFICATE_TIMESTAMP: u8 = 0;
const PRECERT_ENTRY: [u8; 2] = [0, 1];

fn read_milliseconds(milliseconds: [u8; 8]) -> Option<Timestamp> {
    const PER_SECOND: u64 = 1_000;
    const NANOSECONDS: u32 = 1_000_000;
    let milliseconds = u64::from_be_bytes(milliseconds);
    let seconds = i64::try_from(milliseconds / PER_SECOND).ok()?;
    let fraction = u32::try_from(milliseconds % PER_SECOND).ok()?;
    Timestamp::from_unix(seconds, fraction.checked_mul(NANOSECONDS)?)
}

/// What is left of a structure in the presentation language of TLS (RFC 5246, section 4).
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    const fn is_finished(self) -> bool {
        self.0.is_empty()
    }

    fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Fault> {
        let (array, rest) = self.0.split_first_chunk().ok_or_else(too_short)?;
        self.0 = rest;
        Ok(array)
    }

    /// What is next, after its length in two bytes.
    fn of_u16_length(&mut self) -> Result<Self, Fault> {
        let length = u16::from_be_bytes(*self.array()?);
        let (next, rest) = self.0.split_at_checked(length.into()).ok_or_else(too_short)?;
        self.0 = rest;
        Ok(Self(next))
    }

    /// The same, and it is all that is left.
    fn all_of_u16_length(mut self) -> Result<Self, Fault> {
        let next = self.of_u16_length()?;
        if self.is_finished() { Ok(next) } else { Err(Fault::new("there is something after the timestamps")) }
    }
}

fn too_short() -> Fault {
    Fault::new("the timestamps are cut off")
}
