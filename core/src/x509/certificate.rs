//! A strict, borrowed reading of X.509 v3 certificates (RFC 5280).

use crate::timestamp::Timestamp;
use crate::x509::distinguished_name;
use crate::x509::extensions::{Extension, Extensions, read_extensions};
use crate::x509::fault::CertificateFault;
use crate::x509::public_key::{Algorithm, PublicKeyInfo, read_algorithm};
use crate::x509::strict_der::{Fault, check_integer, check_unused_bits, read_octets_of_bit_string};
use alloc::string::String;
use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, Header, Reader, SliceReader, Tag, TagMode, TagNumber};

/// A certificate whose structure is strict DER, X.509 v3, without trailing bytes or duplicate extensions,
/// and whose inner and outer signature algorithms are equal.
#[derive(Clone, Copy)]
pub(crate) struct Certificate<'a> {
    pub(crate) der: &'a [u8],
    /// The DER of the part that the issuer signed.
    pub(crate) signed_part: &'a [u8],
    pub(crate) signature_algorithm: Algorithm<'a>,
    pub(crate) signature: &'a [u8],
    /// The DER of the issuer's name.
    pub(crate) issuer: &'a [u8],
    pub(crate) validity: Validity,
    /// The DER of the subject's name.
    pub(crate) subject: &'a [u8],
    pub(crate) public_key: PublicKeyInfo<'a>,
    pub(crate) extensions: Extensions<'a>,
}

impl<'a> Certificate<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, CertificateFault> {
        Self::parse_visiting(der, &mut |_| {})
    }

    /// The same, and shows every extension to `visit` on the way.
    pub(crate) fn parse_visiting(
        der: &'a [u8],
        visit: &mut dyn FnMut(&Extension<'a>),
    ) -> Result<Self, CertificateFault> {
        Self::read(der, visit).map_err(|fault| CertificateFault::Unreadable(fault.0))
    }

    fn read(der: &'a [u8], visit: &mut dyn FnMut(&Extension<'a>)) -> Result<Self, Fault> {
        let mut reader = SliceReader::new(der)?;
        let certificate = reader.sequence(|reader| {
            let signed_part = reader.tlv_bytes()?;
            let signature_algorithm = read_algorithm(reader)?;
            let signature = read_octets_of_bit_string(reader)?;
            Self::read_signed_part(der, signed_part, signature_algorithm, signature, visit)
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    fn read_signed_part(
        der: &'a [u8],
        signed_part: &'a [u8],
        signature_algorithm: Algorithm<'a>,
        signature: &'a [u8],
        visit: &mut dyn FnMut(&Extension<'a>),
    ) -> Result<Self, Fault> {
        let mut reader = SliceReader::new(signed_part)?;
        let certificate = reader.sequence(|reader| {
            let version: Option<u8> = reader.context_specific(TagNumber(0), TagMode::Explicit)?;
            if version != Some(2) {
                return Err(Fault::new("it is not X.509 version 3"));
            }
            let serial_number = AnyRef::decode(reader)?;
            check_integer(serial_number)?;
            if read_algorithm(reader)? != signature_algorithm {
                return Err(Fault::new("its two signature algorithms differ"));
            }
            let issuer = distinguished_name::read(reader)?;
            let validity = read_validity(reader)?;
            let subject = distinguished_name::read(reader)?;
            let public_key = PublicKeyInfo::from_der(reader.tlv_bytes()?)?;
            for unique_id in [TagNumber(1), TagNumber(2)] {
                if let Some(bits) = reader.context_specific(unique_id, TagMode::Implicit)? {
                    check_unused_bits(bits)?;
                }
            }
            let extensions = read_extensions(reader, visit)?;
            Ok(Self {
                der,
                signed_part,
                signature_algorithm,
                signature,
                issuer,
                validity,
                subject,
                public_key,
                extensions,
            })
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    /// The subject as people write it.
    pub(crate) fn subject_text(&self) -> String {
        distinguished_name::to_text(self.subject)
    }

    /// The issuer as people write it.
    pub(crate) fn issuer_text(&self) -> String {
        distinguished_name::to_text(self.issuer)
    }

    /// The content of the serial number. It is read once more: paths do not need it.
    pub(crate) fn serial_number(&self) -> Option<&'a [u8]> {
        let mut reader = SliceReader::new(AnyRef::from_der(self.signed_part).ok()?.value()).ok()?;
        AnyRef::decode(&mut reader).ok()?;
        Some(AnyRef::decode(&mut reader).ok()?.value())
    }

    /// Whether it names itself as its issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// From when to when a certificate is valid, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

impl Validity {
    /// notAfter − notBefore; negative if they are the wrong way round.
    pub(crate) fn seconds(&self) -> i64 {
        self.not_after.unix_seconds().saturating_sub(self.not_before.unix_seconds())
    }
}

fn read_validity(reader: &mut SliceReader<'_>) -> Result<Validity, Fault> {
    reader.sequence(|reader| Ok(Validity { not_before: read_time(reader)?, not_after: read_time(reader)? }))
}

fn read_time(reader: &mut SliceReader<'_>) -> Result<Timestamp, Fault> {
    let since_1970 = match Header::peek(reader)?.tag() {
        Tag::UtcTime => UtcTime::decode(reader)?.to_unix_duration(),
        _ => GeneralizedTime::decode(reader)?.to_unix_duration(),
    };
    Timestamp::from_unix_duration(since_1970).ok_or_else(|| Fault::new("a time is out of range"))
}
