//! Which encodings of points Ed25519 is verified with. Readers of RFC 8032 differ on the odd ones, and so would the back
//! ends: small points verify with keys and messages that nobody chose, and other encodings of a point are other keys to
//! whoever compares them.

/// The y coordinates of the points whose order divides 8, the sign of x cleared.
const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5,
        0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A,
        0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
    // p − 1.
    [
        0xEC, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
    ],
];

/// Whether this is the canonical encoding of what is no point of small order (RFC 8032, section 5.1.3). Whether it is a
/// point at all is the back end's to say.
pub(super) fn is_strict_point(encoding: &[u8]) -> bool {
    let Ok(mut y) = <[u8; 32]>::try_from(encoding) else { return false };
    // The top bit is the sign of x. Where x is 0, and the sign could be written in two ways, y is 1 or p − 1.
    if let Some(last) = y.last_mut() {
        *last &= 0x7F;
    }
    is_below_p(&y) && !SMALL_ORDER.contains(&y)
}

/// Whether y is below p = 2^255 − 19.
fn is_below_p(y: &[u8; 32]) -> bool {
    let mut p = [0xFF; 32];
    [p[0], p[31]] = [0xED, 0x7F];
    y.iter().rev().lt(p.iter().rev())
}

/// Whether this is an Ed25519 signature of which the R is so encoded.
#[cfg(feature = "aws-lc-rs")]
pub(super) fn has_strict_point(signature: &[u8]) -> bool {
    signature.get(..32).is_some_and(is_strict_point)
}

/// The point of a key; `None` if it is not on the curve.
#[cfg(feature = "sigstore")]
pub(super) fn point(encoding: &[u8]) -> Option<ed25519_dalek::VerifyingKey> {
    ed25519_dalek::VerifyingKey::try_from(encoding).ok()
}
