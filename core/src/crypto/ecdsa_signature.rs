//! The strict form of ECDSA signatures, which both back ends share so that they agree on it.

use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};

/// The r and s of an `ECDSA-Sig-Value` (RFC 3279, section 2.2.3), without leading zeros.
pub(super) fn read(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der).ok()?;
    let (r, s) = reader
        .sequence(|reader| Ok::<_, der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?)))
        .ok()?;
    reader.finish().ok()?;
    Some((r.as_bytes(), s.as_bytes()))
}

/// An integer as a scalar of `N` bytes; `None` if it is too long.
pub(super) fn scalar_bytes<const N: usize>(integer: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = N.checked_sub(integer.len())?;
    bytes.get_mut(start..)?.copy_from_slice(integer);
    Some(bytes)
}
