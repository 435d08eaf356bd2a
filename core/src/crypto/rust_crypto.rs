//! The default back end, in pure Rust: the `p256`, `p384` and `sha2` crates.

use alloc::vec::Vec;
use core::ops::Neg;
use der::asn1::{AnyRef, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tag};
use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashVerifier;

pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

pub(crate) fn sha384(message: &[u8]) -> [u8; 48] {
    Sha384::digest(message).into()
}

#[derive(Debug)]
pub(crate) struct P256Key(p256::ecdsa::VerifyingKey);

impl P256Key {
    /// A point in the encoding of SEC 1, section 2.3.3, compressed or not; `None` if it is off the curve.
    pub(crate) fn from_sec1(point: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self)
    }

    pub(crate) fn verifies(&self, digest: &[u8], signature: &P256Signature) -> bool {
        self.0.verify_prehash(digest, &signature.0).is_ok()
    }

    pub(crate) fn verifies_der(&self, digest: &[u8], signature: &[u8]) -> bool {
        P256Signature::from_der(signature).is_some_and(|signature| self.verifies(digest, &signature))
    }
}

#[derive(Debug)]
pub(crate) struct P256Signature(p256::ecdsa::Signature);

impl P256Signature {
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let (r, s) = read_signature(der)?;
        let (r, s) = (field_bytes::<32>(r)?, field_bytes::<32>(s)?);
        p256::ecdsa::Signature::from_scalars(r, s).ok().map(Self)
    }
}

#[derive(Debug)]
pub(crate) struct P384Key(p384::ecdsa::VerifyingKey);

impl P384Key {
    /// A point in the encoding of SEC 1, section 2.3.3, compressed or not; `None` if it is off the curve.
    pub(crate) fn from_sec1(point: &[u8]) -> Option<Self> {
        p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self)
    }

    pub(crate) fn verifies_der(&self, digest: &[u8], signature: &[u8]) -> bool {
        P384Signature::from_der(signature)
            .is_some_and(|P384Signature(signature)| self.0.verify_prehash(digest, &signature).is_ok())
    }
}

struct P384Signature(p384::ecdsa::Signature);

impl P384Signature {
    fn from_der(der: &[u8]) -> Option<Self> {
        let (r, s) = read_signature(der)?;
        let (r, s) = (field_bytes::<48>(r)?, field_bytes::<48>(s)?);
        p384::ecdsa::Signature::from_scalars(r, s).ok().map(Self)
    }
}

/// The DER of (r, n − s) for the (r, s) of an ECDSA signature: on P-256 and on P-384, as far as it fits them.
pub(crate) fn negated(signature: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let p256 = P256Signature::from_der(signature).and_then(|P256Signature(signature)| {
        let (r, s) = signature.split_scalars();
        let negated = p256::ecdsa::Signature::from_scalars(r, s.neg()).ok()?;
        write_signature(&negated.split_bytes().0, &negated.split_bytes().1)
    });
    let p384 = P384Signature::from_der(signature).and_then(|P384Signature(signature)| {
        let (r, s) = signature.split_scalars();
        let negated = p384::ecdsa::Signature::from_scalars(r, s.neg()).ok()?;
        write_signature(&negated.split_bytes().0, &negated.split_bytes().1)
    });
    p256.into_iter().chain(p384)
}

fn write_signature(r: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let content = [UintRef::new(r).ok()?.to_der().ok()?, UintRef::new(s).ok()?.to_der().ok()?].concat();
    AnyRef::new(Tag::Sequence, &content).ok()?.to_der().ok()
}

/// The r and s of an `ECDSA-Sig-Value` (RFC 3279, section 2.2.3), without leading zeros.
fn read_signature(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der).ok()?;
    let (r, s) = reader
        .sequence(|reader| Ok::<_, der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?)))
        .ok()?;
    reader.finish().ok()?;
    Some((r.as_bytes(), s.as_bytes()))
}

/// An integer as a field element of `N` bytes; `None` if it is too long.
fn field_bytes<const N: usize>(integer: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = N.checked_sub(integer.len())?;
    bytes.get_mut(start..)?.copy_from_slice(integer);
    Some(bytes)
}
