//! The strict form of ECDSA signatures, which both back ends share so that they agree on it.

#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
use super::algorithm::KeyKind;
use alloc::vec::Vec;
use der::asn1::{AnyRef, UintRef};
use der::{Decode, Encode, Reader, SliceReader, Tag};

/// The order n of P-256's group (SP 800-186, section 3.2.1.3).
const P256_ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC,
    0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];
/// The order n of P-384's group (SP 800-186, section 3.2.1.4).
const P384_ORDER: [u8; 48] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xC7, 0x63, 0x4D, 0x81, 0xF4, 0x37, 0x2D, 0xDF, 0x58, 0x1A,
    0x0D, 0xB2, 0x48, 0xB0, 0xA7, 0x7A, 0xEC, 0xEC, 0x19, 0x6A, 0xCC, 0xC5, 0x29, 0x73,
];
/// The order n of P-521's group (SP 800-186, section 3.2.1.5).
const P521_ORDER: [u8; 66] = [
    0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFA,
    0x51, 0x86, 0x87, 0x83, 0xBF, 0x2F, 0x96, 0x6B, 0x7F, 0xCC, 0x01, 0x48, 0xF7, 0x09, 0xA5, 0xD0, 0x3B,
    0xB5, 0xC9, 0xB8, 0x89, 0x9C, 0x47, 0xAE, 0xBB, 0x6F, 0xB7, 0x1E, 0x91, 0x38, 0x64, 0x09,
];

/// The DER of (r, n − s) for the (r, s) of an ECDSA signature, for the n of every curve that s may belong to.
pub(crate) fn negated(signature: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let orders: [&[u8]; 3] = [&P256_ORDER, &P384_ORDER, &P521_ORDER];
    orders.into_iter().filter_map(move |order| {
        let (r, s) = read(signature)?;
        write(r, &difference(order, s)?)
    })
}

/// `a` − `b`, for integers in big-endian order; `None` if it is negative.
fn difference(a: &[u8], b: &[u8]) -> Option<Vec<u8>> {
    let padding = a.len().checked_sub(b.len())?;
    let b = core::iter::repeat_n(&0, padding).chain(b);
    let mut difference: Vec<u8> = a.to_vec();
    let mut borrow = false;
    for (digit, subtrahend) in difference.iter_mut().rev().zip(b.collect::<Vec<_>>().into_iter().rev()) {
        let (partly, first) = digit.overflowing_sub(*subtrahend);
        let (wholly, second) = partly.overflowing_sub(borrow.into());
        (*digit, borrow) = (wholly, first || second);
    }
    (!borrow).then_some(difference)
}

fn write(r: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let content = [UintRef::new(r).ok()?.to_der().ok()?, UintRef::new(s).ok()?.to_der().ok()?].concat();
    AnyRef::new(Tag::Sequence, &content).ok()?.to_der().ok()
}

/// The r and s of an `ECDSA-Sig-Value` (RFC 3279, section 2.2.3), without leading zeros.
pub(super) fn read(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(der).ok()?;
    let (r, s) = reader
        .sequence(|reader| Ok::<_, der::Error>((UintRef::decode(reader)?, UintRef::decode(reader)?)))
        .ok()?;
    reader.finish().ok()?;
    Some((r.as_bytes(), s.as_bytes()))
}

/// Whether this is the strict DER of an `ECDSA-Sig-Value` with r and s in [1, n−1], on the curve of a key of this kind.
#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
pub(super) fn is_well_formed(kind: KeyKind, der: &[u8]) -> bool {
    let order: &[u8] = match kind {
        KeyKind::P256 => &P256_ORDER,
        KeyKind::P384 => &P384_ORDER,
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::P521 => &P521_ORDER,
        #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
        KeyKind::Ed25519 => return false,
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::Rsa => return false,
    };
    let is_in_range = |scalar: &[u8]| {
        // Without leading zeros, zero is one zero or nothing, and a shorter number is a smaller one.
        !matches!(scalar, [] | [0]) && (scalar.len(), scalar) < (order.len(), order)
    };
    read(der).is_some_and(|(r, s)| is_in_range(r) && is_in_range(s))
}

/// An integer as a scalar of `N` bytes; `None` if it is too long.
#[cfg(any(test, not(feature = "aws-lc-rs")))]
pub(super) fn scalar_bytes<const N: usize>(integer: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let start = N.checked_sub(integer.len())?;
    bytes.get_mut(start..)?.copy_from_slice(integer);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use signature::hazmat::PrehashSigner;

    #[test]
    fn the_negated_signature_is_the_other_one_that_verifies() {
        let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let signature: p256::ecdsa::Signature = key.sign_prehash(&[1; 32]).unwrap();
        let (r, s) = signature.split_scalars();
        let other = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
        let made = negated(signature.to_der().as_bytes()).next().unwrap();
        assert_eq!(made, other.to_der().as_bytes());

        let key = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
        let signature: p384::ecdsa::Signature = key.sign_prehash(&[1; 48]).unwrap();
        let (r, s) = signature.split_scalars();
        let other = p384::ecdsa::Signature::from_scalars(r, -s).unwrap();
        let made: Vec<Vec<u8>> = negated(signature.to_der().as_bytes()).collect();
        assert!(made.iter().any(|made| made == other.to_der().as_bytes()));
    }

    #[cfg(feature = "aws-lc-rs")]
    #[test]
    fn so_it_is_on_p521() {
        use aws_lc_rs::rand::SystemRandom;
        use aws_lc_rs::signature::{
            ECDSA_P521_SHA512_ASN1, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
        };
        let key = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_ASN1_SIGNING).unwrap();
        let signature = key.sign(&SystemRandom::new(), b"message").unwrap();
        let public_key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_ASN1, key.public_key().as_ref());
        let verifies = |made: &Vec<u8>| public_key.verify(b"message", made).is_ok();
        assert_eq!(negated(signature.as_ref()).filter(verifies).count(), 1);
    }

    #[test]
    fn differences() {
        assert_eq!(difference(&[1, 0, 0], &[1]), Some(alloc::vec![0, 0xFF, 0xFF]));
        assert_eq!(difference(&[1, 0], &[1, 0]), Some(alloc::vec![0, 0]));
        assert_eq!(difference(&[1, 0], &[1, 1]), None);
        assert_eq!(difference(&[1], &[0, 1]), None);
    }
}
