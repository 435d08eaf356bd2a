//! The extensions of a certificate (RFC 5280, section 4.2). What one holds stays opaque until it is asked for.

use crate::general_name::SubjectNames;
use crate::limits::MAX_EXTENSIONS;
use crate::oid;
use crate::rejection::CertificateFault;
use crate::strict_der::{Fault, read_boolean_default_false, read_named_bits, read_oid, sequence_content};
use alloc::format;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
pub(crate) const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1D, 0x11];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x1E];
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];

/// 1.3.6.1.5.5.7.3.3, `id-kp-codeSigning`.
pub(crate) const CODE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
/// 2.5.29.37.0, `anyExtendedKeyUsage`.
const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25, 0x00];

/// Positions of bits in a `KeyUsage` (RFC 5280, section 4.2.1.3).
pub(crate) const DIGITAL_SIGNATURE: usize = 0;
pub(crate) const KEY_CERT_SIGN: usize = 5;

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

    pub(crate) fn get(&self, oid: &[u8]) -> Option<&'a [u8]> {
        self.iter().find(|extension| extension.oid == oid).map(|extension| extension.value)
    }

    pub(crate) fn basic_constraints(&self) -> Result<BasicConstraints, CertificateFault> {
        let Some(value) = self.get(BASIC_CONSTRAINTS) else {
            return Ok(BasicConstraints { is_authority: false, path_length: None });
        };
        read_basic_constraints(value).map_err(|_| CertificateFault::MalformedExtension("basicConstraints"))
    }

    /// Whether a bit of the key usage is set; `None` if there is no such extension.
    pub(crate) fn key_usage(&self, bit: usize) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.get(KEY_USAGE) else { return Ok(None) };
        let bits = read_named_bits(value).map_err(|_| CertificateFault::MalformedExtension("keyUsage"))?;
        Ok(Some(bits.get(bit) == Some(true)))
    }

    /// Whether the extended key usage has this purpose or any purpose; `None` if there is no such extension.
    pub(crate) fn allows_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        Ok(match self.has_usage(usage)? {
            Some(false) => self.has_usage(ANY_EXTENDED_KEY_USAGE)?,
            found => found,
        })
    }

    pub(crate) fn has_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.get(EXTENDED_KEY_USAGE) else { return Ok(None) };
        has_purpose(value, usage)
            .map(Some)
            .map_err(|_| CertificateFault::MalformedExtension("extendedKeyUsage"))
    }

    /// The content of the name constraints, if there are any.
    pub(crate) fn name_constraints(&self) -> Option<&'a [u8]> {
        self.get(NAME_CONSTRAINTS)
    }

    /// Whether there is a subjectAltName extension.
    pub(crate) fn has_subject_names(&self) -> bool {
        self.get(SUBJECT_ALTERNATIVE_NAME).is_some()
    }

    /// Every subject alternative name.
    pub(crate) fn subject_names(&self) -> Result<SubjectNames<'a>, CertificateFault> {
        match self.get(SUBJECT_ALTERNATIVE_NAME) {
            None => Ok(SubjectNames::NONE),
            Some(value) => {
                SubjectNames::read(value).map_err(|_| CertificateFault::MalformedExtension("subjectAltName"))
            }
        }
    }
}

/// What an authority's basic constraints say.
#[derive(Clone, Copy)]
pub(crate) struct BasicConstraints {
    pub(crate) is_authority: bool,
    pub(crate) path_length: Option<u32>,
}

pub(crate) fn read_extensions<'a>(reader: &mut SliceReader<'a>) -> Result<Extensions<'a>, Fault> {
    if reader.is_finished() {
        return Ok(Extensions(&[]));
    }
    let explicit = AnyRef::decode(reader)?;
    explicit.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(3) })?;
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
        let slot = slots.next().ok_or_else(|| Fault::new("it has too many extensions"))?;
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
