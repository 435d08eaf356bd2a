//! `NumericDate`: seconds since 1970, as a JSON number (RFC 7519, section 2).

use crate::json::Value;
use crate::token_error::TokenError;
use countermark::Timestamp;

/// To which whole second a fraction goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    Down,
    Up,
}

/// The whole second of a claim, if it is a `NumericDate` and a calendar can hold it.
pub(crate) fn read(claim: &str, value: &Value, round: Round) -> Result<Timestamp, TokenError> {
    let seconds = match value {
        Value::Number(text) => whole_seconds(text, round),
        _ => None,
    };
    seconds.and_then(|seconds| Timestamp::from_unix(seconds, 0)).ok_or_else(|| TokenError::IllTypedClaim {
        claim: claim.into(),
        expected: "a number of seconds since 1970 that a calendar can hold",
        found: value.kind(),
    })
}

/// The whole number at or next to a JSON number, by its decimal digits: a number of a machine would round
/// 1711107048.99999999 up, and a token would be valid for longer than it says.
fn whole_seconds(number: &str, round: Round) -> Option<i64> {
    let (is_negative, magnitude) = match number.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, number),
    };
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if digits.clone().all(|digit| digit == b'0') {
        return Some(0);
    }
    // How many digits stand before the decimal point, once the exponent has moved it.
    let point = i64::try_from(whole.len()).ok()?.saturating_add(exponent_of(exponent));
    let mut seconds = 0_i64;
    let mut has_fraction = false;
    let mut position = 0_i64;
    for digit in digits {
        let digit = i64::from(digit.checked_sub(b'0').filter(|digit| *digit <= 9)?);
        if position < point {
            seconds = seconds.checked_mul(10)?.checked_add(digit)?;
        } else {
            has_fraction |= digit != 0;
        }
        position = position.saturating_add(1);
    }
    if seconds != 0 {
        for _ in position..point {
            seconds = seconds.checked_mul(10)?;
        }
    }
    let away_from_zero = match round {
        Round::Down => is_negative,
        Round::Up => !is_negative,
    };
    if has_fraction && away_from_zero {
        seconds = seconds.checked_add(1)?;
    }
    if is_negative { seconds.checked_neg() } else { Some(seconds) }
}

/// An exponent; one that no machine can hold as the largest or smallest that it can.
fn exponent_of(text: &str) -> i64 {
    text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_go_to_the_side_that_is_asked_for() {
        for (number, down, up) in [
            ("0", 0, 0),
            ("-0", 0, 0),
            ("-0.0e5", 0, 0),
            ("1711107048", 1_711_107_048, 1_711_107_048),
            ("1711107048.0", 1_711_107_048, 1_711_107_048),
            ("1711107048.5", 1_711_107_048, 1_711_107_049),
            ("1711107048.00000000000000000001", 1_711_107_048, 1_711_107_049),
            ("1711107048.99999999999999999999", 1_711_107_048, 1_711_107_049),
            ("1.711107048E9", 1_711_107_048, 1_711_107_048),
            ("1.711107048e+9", 1_711_107_048, 1_711_107_048),
            ("1.7111070485e9", 1_711_107_048, 1_711_107_049),
            ("17111070485e-1", 1_711_107_048, 1_711_107_049),
            ("17111070480e-1", 1_711_107_048, 1_711_107_048),
            ("0.001711107048e12", 1_711_107_048, 1_711_107_048),
            ("171e7", 1_710_000_000, 1_710_000_000),
            ("0.5", 0, 1),
            ("5e-1", 0, 1),
            ("5e-99999999999999999999", 0, 1),
            ("0e99999999999999999999", 0, 0),
            ("-1.5", -2, -1),
            ("-1e0", -1, -1),
            ("-5e-1", -1, 0),
        ] {
            assert_eq!(whole_seconds(number, Round::Down), Some(down), "{number}");
            assert_eq!(whole_seconds(number, Round::Up), Some(up), "{number}");
        }
        for number in ["1e19", "1e99999999999999999999", "9223372036854775808", "-1e300", &"9".repeat(400)] {
            assert_eq!(whole_seconds(number, Round::Down), None, "{number}");
            assert_eq!(whole_seconds(number, Round::Up), None, "{number}");
        }
    }

    /// Every spelling of many times, against whole arithmetic of nanoseconds: no spelling loosens.
    #[test]
    fn every_spelling_of_a_time_is_rounded_alike() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..2_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let seconds = i64::from(u32::try_from(state >> 33).unwrap());
            let nanoseconds = u32::try_from(state % 1_000_000_000).unwrap();
            let down = seconds;
            let up = seconds + i64::from(nanoseconds > 0);
            let digits = format!("{seconds}{nanoseconds:09}");
            for moved in -12_i32..=12 {
                // The same number with its decimal point moved, and an exponent that moves it back.
                let point = i32::try_from(digits.len()).unwrap() - 9 - moved;
                let mantissa = match usize::try_from(point) {
                    Ok(point) if 0 < point && point < digits.len() => {
                        format!("{}.{}", &digits[..point], &digits[point..])
                    }
                    Ok(0) | Err(_) => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
                    Ok(point) => format!("{digits}{}", "0".repeat(point - digits.len())),
                };
                for sign in if moved < 0 { &[""][..] } else { &["", "+"] } {
                    let number = format!("{mantissa}e{sign}{moved}");
                    assert_eq!(whole_seconds(&number, Round::Down), Some(down), "{number}");
                    assert_eq!(whole_seconds(&number, Round::Up), Some(up), "{number}");
                }
            }
        }
    }
}
