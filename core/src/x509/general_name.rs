//! The names of subjects beside the distinguished one, and the bases of name constraints
//! (RFC 5280, section 4.2.1.6).

use crate::limits::MAX_SUBJECT_NAMES;
use crate::x509::distinguished_name;
use crate::x509::strict_der::{Fault, ia5, read_oid, sequence_content};
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

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
        let Tag::ContextSpecific { constructed, number } = name.tag() else {
            return Err(Fault::new("a general name has the wrong tag"));
        };
        Ok(match (number.value(), constructed) {
            (0, true) => {
                let mut reader = SliceReader::new(name.value())?;
                let oid = read_oid(&mut reader)?;
                let explicit = AnyRef::decode(&mut reader)?;
                explicit.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
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

/// The names of a subjectAltName extension (RFC 5280, section 4.2.1.6), as `GeneralName`s.
#[derive(Clone, Copy)]
pub(crate) struct SubjectNames<'a>(&'a [u8]);

impl<'a> SubjectNames<'a> {
    /// Those of a certificate without the extension.
    pub(crate) const NONE: Self = Self(&[]);

    pub(crate) fn read(value: &'a [u8]) -> Result<Self, Fault> {
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
