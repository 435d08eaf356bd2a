//! Reading DER more strictly than the library for it does, and what went wrong if it fails.

use crate::x509::oid;
use alloc::format;
use alloc::string::{String, ToString};
use core::str;
use der::asn1::{AnyRef, BitStringRef, IntRef};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

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

/// The DER content of an OID. Not the library's own type for OIDs, which cannot hold long ones: an extension
/// that nobody asks about must not matter.
pub(crate) fn read_oid<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    let name = AnyRef::decode(reader)?;
    name.tag().assert_eq(Tag::ObjectIdentifier)?;
    if !oid::is_well_formed(name.value()) {
        return Err(Fault::new("it is not strict DER: an object identifier is malformed"));
    }
    Ok(name.value())
}

pub(crate) fn read_octets_of_bit_string<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    BitStringRef::decode(reader)?
        .as_bytes()
        .ok_or_else(|| Fault::new("a bit string that must hold whole octets does not"))
}

/// DER sets the unused bits of a BIT STRING to zero (X.690, section 11.2.1).
pub(crate) fn check_unused_bits(bits: BitStringRef<'_>) -> Result<(), Fault> {
    match bits.raw_bytes().last() {
        Some(last) if last.trailing_zeros() < u32::from(bits.unused_bits()) => {
            Err(Fault::new("it is not strict DER: unused bits of a bit string are set"))
        }
        _ => Ok(()),
    }
}

/// DER allows no redundant leading octet in an INTEGER (X.690, section 8.3.2).
pub(crate) fn check_integer(integer: AnyRef<'_>) -> Result<(), Fault> {
    integer.tag().assert_eq(Tag::Integer)?;
    match integer.decode_as::<IntRef<'_>>() {
        Ok(_) => Ok(()),
        Err(_) => Err(Fault::new("it is not strict DER: an integer is malformed")),
    }
}

/// A BOOLEAN with DEFAULT FALSE, which DER therefore never writes as FALSE (X.690, section 11.5).
pub(crate) fn read_boolean_default_false(reader: &mut SliceReader<'_>) -> Result<bool, Fault> {
    const BOOLEAN: u8 = 0x01;
    if reader.peek_byte() != Some(BOOLEAN) {
        return Ok(false);
    }
    if bool::decode(reader)? {
        Ok(true)
    } else {
        Err(Fault::new("it is not strict DER: a default value is written out"))
    }
}

/// A BIT STRING with named bits, which DER writes without trailing zero bits (X.690, section 11.2.2).
pub(crate) fn read_named_bits(value: &[u8]) -> Result<BitStringRef<'_>, Fault> {
    let bits = BitStringRef::from_der(value)?;
    check_unused_bits(bits)?;
    let last_bit = bits.bit_len().checked_sub(1);
    match last_bit {
        Some(last) if bits.get(last) == Some(true) => Ok(bits),
        _ => Err(Fault::new("a bit string with named bits ends in zeros")),
    }
}

/// The text of a DER `UTF8String` that is all there is.
pub(crate) fn text_of_der_utf8_string(der: &[u8]) -> Option<&str> {
    let any = AnyRef::from_der(der).ok()?;
    (any.tag() == Tag::Utf8String).then_some(())?;
    str::from_utf8(any.value()).ok()
}

/// The content of a SEQUENCE that is all there is.
pub(crate) fn sequence_content(der: &[u8]) -> Result<&[u8], Fault> {
    let any = AnyRef::from_der(der)?;
    any.tag().assert_eq(Tag::Sequence)?;
    Ok(any.value())
}

pub(crate) fn ia5(bytes: &[u8]) -> Result<&str, Fault> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text),
        _ => Err(Fault::new("a name that must be ASCII is not")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_has_no_octet_more_than_it_needs() {
        for value in [&[0x00][..], &[0x7F], &[0x00, 0x80], &[0x80], &[0xFF], &[0xFF, 0x7F], &[0x01; 40]] {
            assert!(check_integer(AnyRef::new(Tag::Integer, value).unwrap()).is_ok(), "{value:?}");
        }
        for value in [&[][..], &[0x00, 0x00], &[0x00, 0x7F], &[0xFF, 0x80], &[0xFF, 0xFF], &[0x00; 40]] {
            let fault = check_integer(AnyRef::new(Tag::Integer, value).unwrap()).unwrap_err();
            assert_eq!(fault.0, "it is not strict DER: an integer is malformed", "{value:?}");
        }
        let fault = check_integer(AnyRef::new(Tag::Boolean, &[0x01]).unwrap()).unwrap_err();
        assert!(fault.0.contains("expected INTEGER"), "{}", fault.0);
    }
}
