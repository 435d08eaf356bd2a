//! A strict, borrowed reading of X.509 v3 certificates (RFC 5280), and what each rule asks of one.
//!
//! Only what the rules need is looked at, and that is looked at strictly: DER without exceptions. What an
//! extension holds stays opaque until a rule asks for it.

use crate::claim::{self, Claims};
use crate::distinguished_name;
use crate::limits::{MAX_EXTENSIONS, MAX_SUBJECT_NAMES};
use crate::oid;
use crate::rejection::CertificateFault;
use crate::timestamp::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use core::str;
use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, OctetStringRef, UtcTime};
use der::{Decode, Header, Reader, SliceReader, Tag, TagMode, TagNumber};

const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1D, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x1E];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];

/// 1.3.6.1.5.5.7.3.3, `id-kp-codeSigning`.
const CODE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
/// 2.5.29.37.0, `anyExtendedKeyUsage`.
const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25, 0x00];
/// 1.3.6.1.4.1.57264.1.7: the otherName that holds an identity.
const OTHER_NAME_IDENTITY: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0x83, 0xBF, 0x30, 0x01, 0x07];

/// Positions of bits in a `KeyUsage` (RFC 5280, section 4.2.1.3).
const DIGITAL_SIGNATURE: usize = 0;
const KEY_CERT_SIGN: usize = 5;

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

/// An `AlgorithmIdentifier`: the OID's DER content, and the DER of the parameters if there are any.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Algorithm<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) parameters: Option<&'a [u8]>,
}

/// A `SubjectPublicKeyInfo`.
#[derive(Clone, Copy)]
pub(crate) struct PublicKeyInfo<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) algorithm: Algorithm<'a>,
    pub(crate) key: &'a [u8],
}

impl<'a> PublicKeyInfo<'a> {
    pub(crate) fn from_der(der: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = SliceReader::new(der)?;
        let (algorithm, key) = reader.sequence(|reader| {
            Ok::<_, Fault>((read_algorithm(reader)?, read_octets_of_bit_string(reader)?))
        })?;
        reader.finish()?;
        Ok(Self { der, algorithm, key })
    }
}

/// From when to when a certificate is valid, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: Timestamp,
    pub(crate) not_after: Timestamp,
}

impl Validity {
    pub(crate) fn contains(&self, timestamp: Timestamp) -> bool {
        self.not_before <= timestamp && timestamp <= self.not_after
    }

    /// notAfter − notBefore; negative if they are the wrong way round.
    pub(crate) fn seconds(&self) -> i64 {
        self.not_after.unix_seconds().saturating_sub(self.not_before.unix_seconds())
    }
}

impl<'a> Certificate<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, CertificateFault> {
        Self::read(der).map_err(|fault| CertificateFault::Unreadable(fault.0))
    }

    fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = SliceReader::new(der)?;
        let certificate = reader.sequence(|reader| {
            let signed_part = reader.tlv_bytes()?;
            let signature_algorithm = read_algorithm(reader)?;
            let signature = read_octets_of_bit_string(reader)?;
            Self::read_signed_part(der, signed_part, signature_algorithm, signature)
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    fn read_signed_part(
        der: &'a [u8],
        signed_part: &'a [u8],
        signature_algorithm: Algorithm<'a>,
        signature: &'a [u8],
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
            let extensions = read_extensions(reader)?;
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

    /// Whether it names itself as its issuer.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Rule 4's demands on the form of an authority, but for those that depend on the path.
    pub(crate) fn check_authority(&self, usage: Option<&[u8]>) -> Result<(), CertificateFault> {
        if !self.basic_constraints()?.is_authority {
            return Err(CertificateFault::NotAnAuthority);
        }
        if self.key_usage(KEY_CERT_SIGN)? != Some(true) {
            return Err(CertificateFault::MissingKeyUsage("keyCertSign"));
        }
        if let Some(usage) = usage
            && self.allows_usage(usage)? == Some(false)
        {
            return Err(CertificateFault::NotForCodeSigning);
        }
        self.check_critical_extensions(&[NAME_CONSTRAINTS])
    }

    pub(crate) fn basic_constraints(&self) -> Result<BasicConstraints, CertificateFault> {
        let Some(value) = self.extensions.get(BASIC_CONSTRAINTS) else {
            return Ok(BasicConstraints { is_authority: false, path_length: None });
        };
        read_basic_constraints(value).map_err(|_| CertificateFault::MalformedExtension("basicConstraints"))
    }

    /// Whether a bit of the key usage is set; `None` if there is no such extension.
    fn key_usage(&self, bit: usize) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.extensions.get(KEY_USAGE) else { return Ok(None) };
        let bits = read_named_bits(value).map_err(|_| CertificateFault::MalformedExtension("keyUsage"))?;
        Ok(Some(bits.get(bit) == Some(true)))
    }

    /// Whether the extended key usage has this purpose or any purpose; `None` if there is no such extension.
    fn allows_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        Ok(match self.has_usage(usage)? {
            Some(false) => self.has_usage(ANY_EXTENDED_KEY_USAGE)?,
            found => found,
        })
    }

    fn has_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.extensions.get(EXTENDED_KEY_USAGE) else { return Ok(None) };
        has_purpose(value, usage)
            .map(Some)
            .map_err(|_| CertificateFault::MalformedExtension("extendedKeyUsage"))
    }

    /// The content of the name constraints, if there are any.
    pub(crate) fn name_constraints(&self) -> Option<&'a [u8]> {
        self.extensions.get(NAME_CONSTRAINTS)
    }

    /// Whether there is a subjectAltName extension.
    pub(crate) fn has_subject_names(&self) -> bool {
        self.extensions.get(SUBJECT_ALTERNATIVE_NAME).is_some()
    }

    /// Every subject alternative name.
    pub(crate) fn subject_names(&self) -> Result<SubjectNames<'a>, CertificateFault> {
        match self.extensions.get(SUBJECT_ALTERNATIVE_NAME) {
            None => Ok(SubjectNames(&[])),
            Some(value) => {
                SubjectNames::read(value).map_err(|_| CertificateFault::MalformedExtension("subjectAltName"))
            }
        }
    }

    /// Refuses a critical extension that this library does not process for this kind of certificate.
    fn check_critical_extensions(&self, also_processed: &[&[u8]]) -> Result<(), CertificateFault> {
        const PROCESSED: [&[u8]; 4] =
            [KEY_USAGE, SUBJECT_ALTERNATIVE_NAME, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE];
        let unknown = self.extensions.iter().find(|extension| {
            extension.critical
                && !PROCESSED.contains(&extension.oid)
                && !also_processed.contains(&extension.oid)
                && !claim::is_claim_of_arc(extension.oid)
        });
        match unknown {
            Some(extension) => Err(CertificateFault::UnknownCriticalExtension(oid::to_dotted(extension.oid))),
            None => Ok(()),
        }
    }

    /// The subject as people write it.
    pub(crate) fn subject_text(&self) -> String {
        distinguished_name::to_text(self.subject)
    }

    /// The issuer as people write it.
    pub(crate) fn issuer_text(&self) -> String {
        distinguished_name::to_text(self.issuer)
    }
}

/// A leaf certificate that is readable: its claims and its identity follow section 4 of the design too.
#[derive(Clone, Copy)]
pub(crate) struct Leaf<'a> {
    pub(crate) certificate: Certificate<'a>,
    identity: Option<&'a str>,
}

impl<'a> Leaf<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, CertificateFault> {
        let certificate = Certificate::parse(der)?;
        claim::check_claims_of_arc(certificate.extensions).map_err(CertificateFault::Unreadable)?;
        let identity = read_identity(&certificate).map_err(|fault| CertificateFault::Unreadable(fault.0))?;
        Ok(Self { certificate, identity })
    }

    pub(crate) fn claims(&self) -> Claims<'a> {
        Claims::new(self.certificate.extensions, self.identity)
    }

    /// Rule 3's demands on the form of a leaf.
    pub(crate) fn check_form(&self) -> Result<(), CertificateFault> {
        let certificate = &self.certificate;
        if certificate.basic_constraints()?.is_authority {
            return Err(CertificateFault::IsAnAuthority);
        }
        if certificate.key_usage(DIGITAL_SIGNATURE)? != Some(true) {
            return Err(CertificateFault::MissingKeyUsage("digitalSignature"));
        }
        if certificate.has_usage(CODE_SIGNING)? != Some(true) {
            return Err(CertificateFault::NotForCodeSigning);
        }
        certificate.check_critical_extensions(&[])
    }
}

/// The extended key usage that rule 4 asks of authorities.
pub(crate) const AUTHORITY_USAGE: &[u8] = CODE_SIGNING;

/// What an authority's basic constraints say.
#[derive(Clone, Copy)]
pub(crate) struct BasicConstraints {
    pub(crate) is_authority: bool,
    pub(crate) path_length: Option<u32>,
}

/// The extensions of a certificate, known to be well-formed and without duplicates.
#[derive(Clone, Copy)]
pub(crate) struct Extensions<'a>(&'a [u8]);

#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

impl<'a> Extensions<'a> {
    /// The extensions whose bytes [`Extensions::as_bytes`] gave.
    pub(crate) const fn from_checked(content: &'a [u8]) -> Self {
        Self(content)
    }

    pub(crate) const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        let mut reader = SliceReader::new(self.0).ok();
        core::iter::from_fn(move || {
            let reader = reader.as_mut().filter(|reader| !reader.is_finished())?;
            read_extension(reader).ok()
        })
    }

    fn get(&self, oid: &[u8]) -> Option<&'a [u8]> {
        self.iter().find(|extension| extension.oid == oid).map(|extension| extension.value)
    }
}

/// The names of a subjectAltName extension (RFC 5280, section 4.2.1.6), as `GeneralName`s.
#[derive(Clone, Copy)]
pub(crate) struct SubjectNames<'a>(&'a [u8]);

impl<'a> SubjectNames<'a> {
    fn read(value: &'a [u8]) -> Result<Self, Fault> {
        let names = sequence_content(value)?;
        let mut reader = SliceReader::new(names)?;
        let mut count = 0_usize;
        while !reader.is_finished() {
            GeneralName::read(&mut reader)?;
            count = count.saturating_add(1);
        }
        match count {
            0 => Err(Fault::new("its subject alternative name is empty")),
            1..=MAX_SUBJECT_NAMES => Ok(Self(names)),
            _ => Err(Fault::new("it has too many subject alternative names")),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        let mut reader = SliceReader::new(self.0).ok();
        core::iter::from_fn(move || {
            let reader = reader.as_mut().filter(|reader| !reader.is_finished())?;
            GeneralName::read(reader).ok()
        })
    }
}

/// A `GeneralName` (RFC 5280, section 4.2.1.6), or the base of a name constraint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum GeneralName<'a> {
    /// The type's OID and the DER of the value.
    Other(&'a [u8], &'a [u8]),
    Email(&'a str),
    Dns(&'a str),
    /// The DER of a distinguished name.
    Directory(&'a [u8]),
    Uri(&'a str),
    IpAddress(&'a [u8]),
    /// x400Address, ediPartyName or registeredID: the number of its tag.
    Unusual(u32),
}

impl<'a> GeneralName<'a> {
    /// The bytes that a comparison with it may look at.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Email(text) | Self::Dns(text) | Self::Uri(text) => text.len(),
            Self::Other(_, bytes) | Self::Directory(bytes) | Self::IpAddress(bytes) => bytes.len(),
            Self::Unusual(_) => 1,
        }
    }

    pub(crate) fn read(reader: &mut SliceReader<'a>) -> Result<Self, Fault> {
        let name = AnyRef::decode(reader)?;
        let Tag::ContextSpecific { constructed, number } = der::Tagged::tag(&name) else {
            return Err(Fault::new("a general name has the wrong tag"));
        };
        Ok(match (number.value(), constructed) {
            (0, true) => {
                let mut reader = SliceReader::new(name.value())?;
                let oid = read_oid(&mut reader)?;
                let explicit = AnyRef::decode(&mut reader)?;
                der::Tagged::tag(&explicit)
                    .assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
                AnyRef::from_der(explicit.value())?;
                reader.finish()?;
                Self::Other(oid, explicit.value())
            }
            (1, false) => Self::Email(ia5(name.value())?),
            (2, false) => Self::Dns(ia5(name.value())?),
            (4, true) => {
                let mut reader = SliceReader::new(name.value())?;
                let directory_name = distinguished_name::read(&mut reader)?;
                reader.finish()?;
                Self::Directory(directory_name)
            }
            (6, false) => Self::Uri(ia5(name.value())?),
            (7, false) => Self::IpAddress(name.value()),
            (number @ (3 | 5), true) | (number @ 8, false) => Self::Unusual(number),
            _ => return Err(Fault::new("a general name has the wrong tag")),
        })
    }
}

/// Why something could not be read.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) String);

impl Fault {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_string())
    }
}

impl From<der::Error> for Fault {
    fn from(error: der::Error) -> Self {
        Self(format!("it is not strict DER: {error}"))
    }
}

fn read_algorithm<'a>(reader: &mut SliceReader<'a>) -> Result<Algorithm<'a>, Fault> {
    reader.sequence(|reader| {
        let oid = read_oid(reader)?;
        let parameters = if reader.is_finished() { None } else { Some(reader.tlv_bytes()?) };
        Ok(Algorithm { oid, parameters })
    })
}

/// The DER content of an OID. Not the library's own type for OIDs, which cannot hold long ones: an extension
/// that nobody asks about must not matter.
pub(crate) fn read_oid<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    let name = AnyRef::decode(reader)?;
    der::Tagged::tag(&name).assert_eq(Tag::ObjectIdentifier)?;
    if !oid::is_well_formed(name.value()) {
        return Err(Fault::new("it is not strict DER: an object identifier is malformed"));
    }
    Ok(name.value())
}

fn read_octets_of_bit_string<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    BitStringRef::decode(reader)?
        .as_bytes()
        .ok_or(Fault::new("a bit string that must hold whole octets does not"))
}

/// DER allows no redundant leading octet in an INTEGER (X.690, section 8.3.2).
fn check_integer(integer: AnyRef<'_>) -> Result<(), Fault> {
    der::Tagged::tag(&integer).assert_eq(Tag::Integer)?;
    match integer.value() {
        [] | [0x00, 0x00..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] => {
            Err(Fault::new("it is not strict DER: an integer is malformed"))
        }
        _ => Ok(()),
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
    Timestamp::from_unix_duration(since_1970).ok_or(Fault::new("a time is out of range"))
}

fn read_extensions<'a>(reader: &mut SliceReader<'a>) -> Result<Extensions<'a>, Fault> {
    if reader.is_finished() {
        return Ok(Extensions(&[]));
    }
    let explicit = AnyRef::decode(reader)?;
    der::Tagged::tag(&explicit)
        .assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(3) })?;
    let content = sequence_content(explicit.value())?;
    check_extensions(content)?;
    Ok(Extensions(content))
}

fn check_extensions(content: &[u8]) -> Result<(), Fault> {
    let mut reader = SliceReader::new(content)?;
    if reader.is_finished() {
        return Err(Fault::new("its list of extensions is empty"));
    }
    let mut seen: [&[u8]; MAX_EXTENSIONS] = [&[]; MAX_EXTENSIONS];
    let mut slots = seen.iter_mut();
    let mut earlier = 0_usize;
    while !reader.is_finished() {
        let oid = read_extension(&mut reader)?.oid;
        let slot = slots.next().ok_or(Fault::new("it has too many extensions"))?;
        *slot = oid;
        earlier = earlier.saturating_add(1);
    }
    let seen = seen.get(..earlier).unwrap_or_default();
    for (position, oid) in seen.iter().enumerate() {
        if seen.iter().skip(position.saturating_add(1)).any(|other| other == oid) {
            return Err(Fault(format!("it has the extension {} twice", oid::to_dotted(oid))));
        }
    }
    Ok(())
}

fn read_extension<'a>(reader: &mut SliceReader<'a>) -> Result<Extension<'a>, Fault> {
    reader.sequence(|reader| {
        let oid = read_oid(reader)?;
        let critical = read_boolean_default_false(reader)?;
        let value = <&OctetStringRef>::decode(reader)?.as_bytes();
        Ok(Extension { oid, critical, value })
    })
}

/// A BOOLEAN with DEFAULT FALSE, which DER therefore never writes as FALSE (X.690, section 11.5).
fn read_boolean_default_false(reader: &mut SliceReader<'_>) -> Result<bool, Fault> {
    if reader.is_finished() || Header::peek(reader)?.tag() != Tag::Boolean {
        return Ok(false);
    }
    if bool::decode(reader)? {
        Ok(true)
    } else {
        Err(Fault::new("it is not strict DER: a default value is written out"))
    }
}

fn read_basic_constraints(value: &[u8]) -> Result<BasicConstraints, Fault> {
    let mut reader = SliceReader::new(value)?;
    let constraints = reader.sequence(|reader| {
        let is_authority = read_boolean_default_false(reader)?;
        let path_length = if reader.is_finished() { None } else { Some(u32::decode(reader)?) };
        Ok::<_, Fault>(BasicConstraints { is_authority, path_length })
    })?;
    reader.finish()?;
    Ok(constraints)
}

/// DER sets the unused bits of a BIT STRING to zero (X.690, section 11.2.1).
fn check_unused_bits(bits: BitStringRef<'_>) -> Result<(), Fault> {
    match bits.raw_bytes().last() {
        Some(last) if last.trailing_zeros() < u32::from(bits.unused_bits()) => {
            Err(Fault::new("it is not strict DER: unused bits of a bit string are set"))
        }
        _ => Ok(()),
    }
}

/// A BIT STRING with named bits, which DER writes without trailing zero bits (X.690, section 11.2.2).
fn read_named_bits(value: &[u8]) -> Result<BitStringRef<'_>, Fault> {
    let bits = BitStringRef::from_der(value)?;
    check_unused_bits(bits)?;
    let last_bit = bits.bit_len().checked_sub(1);
    match last_bit {
        Some(last) if bits.get(last) == Some(true) => Ok(bits),
        _ => Err(Fault::new("a bit string with named bits ends in zeros")),
    }
}

fn has_purpose(value: &[u8], purpose: &[u8]) -> Result<bool, Fault> {
    let mut reader = SliceReader::new(sequence_content(value)?)?;
    if reader.is_finished() {
        return Err(Fault::new("the extended key usage is empty"));
    }
    let mut found = false;
    while !reader.is_finished() {
        found |= read_oid(&mut reader)? == purpose;
    }
    Ok(found)
}

fn read_identity<'a>(certificate: &Certificate<'a>) -> Result<Option<&'a str>, Fault> {
    let Some(value) = certificate.extensions.get(SUBJECT_ALTERNATIVE_NAME) else { return Ok(None) };
    let mut names = SubjectNames::read(value)?.iter();
    let identity = match names.next() {
        Some(GeneralName::Uri(text) | GeneralName::Email(text)) => text,
        Some(GeneralName::Other(OTHER_NAME_IDENTITY, value)) => text_of_der_utf8_string(value)
            .ok_or(Fault::new("its identity, an otherName, is no UTF-8 text"))?,
        _ => return Err(Fault::new("its subject alternative name is of a kind that is no identity")),
    };
    match names.next() {
        None => Ok(Some(identity)),
        Some(_) => Err(Fault::new("it has more than one subject alternative name")),
    }
}

/// The text of a DER `UTF8String` that is all there is.
pub(crate) fn text_of_der_utf8_string(der: &[u8]) -> Option<&str> {
    let any = AnyRef::from_der(der).ok()?;
    (der::Tagged::tag(&any) == Tag::Utf8String).then_some(())?;
    str::from_utf8(any.value()).ok()
}

/// The content of a SEQUENCE that is all there is.
pub(crate) fn sequence_content(der: &[u8]) -> Result<&[u8], Fault> {
    let any = AnyRef::from_der(der)?;
    der::Tagged::tag(&any).assert_eq(Tag::Sequence)?;
    Ok(any.value())
}

fn ia5(bytes: &[u8]) -> Result<&str, Fault> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text),
        _ => Err(Fault::new("a name that must be ASCII is not")),
    }
}
