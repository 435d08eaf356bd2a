//! Public keys and signature algorithms as certificates hold them (RFC 5280, sections 4.1.1.2 and 4.1.2.7). What a key or
//! an algorithm is worth is the cryptography's to say.

use crate::x509::strict_der::{Fault, read_octets_of_bit_string, read_oid};
use alloc::vec::Vec;
use der::asn1::{AnyRef, BitStringRef};
use der::{Decode, Encode, Reader, SliceReader, Tag};

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

    /// The DER of the same `SubjectPublicKeyInfo` with its key in another encoding.
    pub(crate) fn with_key(&self, key: &[u8]) -> Option<Vec<u8>> {
        let content = AnyRef::from_der(self.der).ok()?.value();
        let algorithm = AnyRef::decode(&mut SliceReader::new(content).ok()?).ok()?;
        let bits = BitStringRef::from_bytes(key).ok()?;
        let content = [algorithm.to_der().ok()?, bits.to_der().ok()?].concat();
        AnyRef::new(Tag::Sequence, &content).ok()?.to_der().ok()
    }
}

pub(crate) fn read_algorithm<'a>(reader: &mut SliceReader<'a>) -> Result<Algorithm<'a>, Fault> {
    reader.sequence(|reader| {
        let oid = read_oid(reader)?;
        let parameters = if reader.is_finished() { None } else { Some(reader.tlv_bytes()?) };
        Ok(Algorithm { oid, parameters })
    })
}
