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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{AuthorityKey, SignatureAlgorithm};
    use crate::x509::public_key::{Algorithm, PublicKeyInfo};
    use alloc::vec::Vec;

    const P: [u8; 32] = {
        let mut p = [0xFF; 32];
        p[0] = 0xED;
        p[31] = 0x7F;
        p
    };

    /// The y of `P` plus so much.
    fn near_p(difference: i8) -> [u8; 32] {
        let mut y = P;
        y[0] = y[0].wrapping_add_signed(difference);
        y
    }

    fn with_sign(mut encoding: [u8; 32]) -> [u8; 32] {
        encoding[31] |= 0x80;
        encoding
    }

    #[test]
    fn points_of_small_order_are_refused_in_every_encoding() {
        let beyond = [near_p(0), near_p(1)];
        for y in SMALL_ORDER.into_iter().chain(beyond) {
            for encoding in [y, with_sign(y)] {
                assert!(!is_strict_point(&encoding), "{encoding:02x?}");
                // Each is one: there is no other reason to be on the list.
                #[cfg(feature = "sigstore")]
                assert!(point(&encoding).is_none_or(|point| point.is_weak()), "{encoding:02x?}");
            }
            #[cfg(feature = "sigstore")]
            assert!(point(&y).is_some_and(|point| point.is_weak()), "{y:02x?}");
        }
    }

    #[test]
    fn numbers_from_p_on_are_refused_and_those_below_are_not() {
        for beyond in 0..=18 {
            assert!(!is_strict_point(&near_p(beyond)) && !is_strict_point(&with_sign(near_p(beyond))));
        }
        assert!(is_strict_point(&near_p(-2)) && is_strict_point(&with_sign(near_p(-2))));
        let mut far_below = P;
        far_below[1] = 0xFE;
        assert!(is_strict_point(&far_below));
        let mut far_below = [0xFF; 32];
        far_below[31] = 0x7E;
        assert!(is_strict_point(&far_below));
        let mut two = [0; 32];
        two[0] = 2;
        assert!(is_strict_point(&two));
    }

    #[test]
    fn another_length_is_refused() {
        assert!(!is_strict_point(&[2; 31]) && !is_strict_point(&[2; 33]) && is_strict_point(&[2; 32]));
    }

    /// What it is, key, message, signature, and whether it verifies. They were computed for these tests, with secret
    /// numbers known: but for `s + L`, all satisfy the equation, some after multiplying it by 8 alone.
    const ODD_SIGNATURES: &[(&str, &str, &str, &str, bool)] = &[
        (
            "an honest one",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd8034f9f1d71fe4446a7f5ca3e59fb67dea9f4a52ad7ce9c85c5889ec0aca0ac50e",
            true,
        ),
        (
            "s + L",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd8021cde7343a4757c255f99a887eb05cff9f4a52ad7ce9c85c5889ec0aca0ac51e",
            false,
        ),
        (
            "a key with a part of small order, which does not matter to the equation",
            "56e09d2afb60eff3242806d195c583bcb1a7b198944c55b400f8dd5ace67182c",
            "0",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd80ce89e2bc4276c0ca2c37c1eebab8e7324469983911d24c00647cf4a3b39cce09",
            true,
        ),
        (
            "the same where the equation holds after multiplying by 8 alone",
            "56e09d2afb60eff3242806d195c583bcb1a7b198944c55b400f8dd5ace67182c",
            "1",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd801db00749cba6459cb4f4ec9c47e5f2c1aa7ad1382c3c7d24e268440be4029d0a",
            false,
        ),
        (
            "an R with a part of small order",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "41b4b2ee37e2384f2ce677afa015cb2cdb9d0cc9cb873a61d4f69855531f9e650cf7661611d58eca49e78ee4f9e6691392a8a8065dc136fe80261c92457a4c0e",
            false,
        ),
        (
            "R is the neutral point",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "0100000000000000000000000000000000000000000000000000000000000000b0a14cb684de203dbb7f40f5c39760bd2288de399bab9c99fdbf38862f0cfa00",
            false,
        ),
        (
            "R is the neutral point, y is p + 1",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fa3967aa68f0ade5e1be014ec3dd747ffc5237f39d2ba42ef649a8afe580f6e01",
            false,
        ),
        (
            "R is the neutral point with a sign",
            "4e71ad80a20598f040d888e2a7de6d6c3b3fe7217fe51ea2725a02969dae9e2a",
            "0",
            "0100000000000000000000000000000000000000000000000000000000000080991ad8c30894eca09e500884caf07335f165242be40b4960e66353e5c5caed0d",
            false,
        ),
        (
            "the key is the neutral point",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd80e80f0fa47ea1367829176e391104e78cdf5cbfac69ebc087e1e2368d36876d09",
            false,
        ),
        (
            "the key is the neutral point, y is p + 1",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd80e80f0fa47ea1367829176e391104e78cdf5cbfac69ebc087e1e2368d36876d09",
            false,
        ),
        (
            "the key is a point of order 8",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "5",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd80e80f0fa47ea1367829176e391104e78cdf5cbfac69ebc087e1e2368d36876d09",
            false,
        ),
        (
            "the key is a point of order 4, y is p",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "1",
            "bc3a922d862efe3e9abdf0a103424b17858371ce41701413588f9622527bcd80e80f0fa47ea1367829176e391104e78cdf5cbfac69ebc087e1e2368d36876d09",
            false,
        ),
    ];

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn odd_signatures_are_refused() {
        const ACCEPTED: &[SignatureAlgorithm] = &[SignatureAlgorithm::Ed25519];
        for (what, key, message, signature, verifies) in ODD_SIGNATURES {
            let key = hex(key);
            let algorithm = Algorithm { oid: &[0x2B, 0x65, 0x70], parameters: None };
            let key = AuthorityKey::new(&PublicKeyInfo { der: &[], algorithm, key: &key });
            let answer = key.is_some_and(|key| {
                key.verifies_by(SignatureAlgorithm::Ed25519, message.as_bytes(), &hex(signature), ACCEPTED)
            });
            assert_eq!(answer, *verifies, "{what}");
        }
    }
}
