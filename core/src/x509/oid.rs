//! Object identifiers between their dotted form and the content of their DER (X.690, section 8.19).
//!
//! The library for object identifiers holds arcs below 2³² only, and two numbers below 40 at the beginning.
//! Who has no registered arc names their own extension by a UUID (2.25.…), whose arc has 128 bits.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The DER content of a dotted OID; `None` if the text is not one in its canonical spelling, with arcs below
/// 2¹²⁸.
pub(crate) fn from_dotted(text: &str) -> Option<Vec<u8>> {
    let mut arcs = text.split('.').map(parse_arc);
    let (first, second) = (arcs.next()??, arcs.next()??);
    if first > 2 || (first < 2 && second > 39) {
        return None;
    }
    let mut der = Vec::new();
    push_arc(&mut der, first.checked_mul(40)?.checked_add(second)?);
    for arc in arcs {
        push_arc(&mut der, arc?);
    }
    Some(der)
}

fn parse_arc(text: &str) -> Option<u128> {
    let is_canonical = text == "0" || !text.starts_with('0');
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_canonical && is_number).then(|| text.parse().ok())?
}

/// Appends an arc in base 128, the high bit set on all but the last byte.
fn push_arc(der: &mut Vec<u8>, arc: u128) {
    let bits = 128_u32.saturating_sub(arc.leading_zeros()).max(1);
    for septet in (0..bits.div_ceil(7)).rev() {
        let shifted = arc.checked_shr(septet.saturating_mul(7)).unwrap_or(0);
        let low = u8::try_from(shifted & 0x7F).unwrap_or(0);
        der.push(if septet == 0 { low } else { low | 0x80 });
    }
}

/// Whether these bytes are the DER content of an OID: whole arcs, none of them padded.
pub(crate) fn is_well_formed(der: &[u8]) -> bool {
    let is_padded = |pair: &[u8]| matches!(pair, [0x00..=0x7F, 0x80]);
    match der {
        [] | [0x80, ..] | [.., 0x80..=0xFF] => false,
        _ => !der.windows(2).any(is_padded),
    }
}

/// The dotted form of a well-formed OID; in hex if an arc has more than 128 bits, and just its length if it is
/// longer than that of any claim, and would flood a log.
pub(crate) fn to_dotted(der: &[u8]) -> String {
    const LONGEST: usize = 64;
    if der.len() > LONGEST {
        return format!("(an object identifier of {} bytes)", der.len());
    }
    let mut arcs: Vec<u128> = Vec::new();
    let mut arc = 0_u128;
    for byte in der {
        let Some(shifted) = arc.checked_mul(128) else {
            return der.iter().map(|byte| format!("{byte:02x}")).collect();
        };
        arc = shifted | u128::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    let mut arcs = arcs.into_iter();
    let first_two = arcs.next().unwrap_or(0);
    let first = (first_two / 40).min(2);
    let second = first_two.saturating_sub(first.saturating_mul(40));
    let others = arcs.map(|arc| arc.to_string());
    let all: Vec<String> = [first.to_string(), second.to_string()].into_iter().chain(others).collect();
    all.join(".")
}

/// The name of an extension that a standard defines, by its dotted OID.
pub(crate) fn standard_extension(dotted: &str) -> Option<&'static str> {
    Some(match dotted {
        "2.5.29.9" => "subjectDirectoryAttributes",
        "2.5.29.14" => "subjectKeyIdentifier",
        "2.5.29.16" => "privateKeyUsagePeriod",
        "2.5.29.18" => "issuerAltName",
        "2.5.29.20" => "cRLNumber",
        "2.5.29.27" => "deltaCRLIndicator",
        "2.5.29.28" => "issuingDistributionPoint",
        "2.5.29.30" => "nameConstraints",
        "2.5.29.31" => "cRLDistributionPoints",
        "2.5.29.35" => "authorityKeyIdentifier",
        "2.5.29.46" => "freshestCRL",
        "1.3.6.1.5.5.7.1.1" => "authorityInfoAccess",
        "1.3.6.1.5.5.7.1.3" => "qcStatements",
        "1.3.6.1.5.5.7.1.11" => "subjectInfoAccess",
        "1.3.6.1.5.5.7.1.24" => "TLS feature",
        "1.3.6.1.4.1.11129.2.4.2" => "signed certificate timestamps",
        "1.3.6.1.4.1.11129.2.4.3" => "precertificate poison",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use const_oid::ObjectIdentifier;

    #[test]
    fn both_ways_agree_with_the_library_where_it_can_follow() {
        for text in
            ["0.0", "1.39", "1.2.840.10045.4.3.2", "2.5.29.37.0", "1.3.6.1.4.1.57264.1.24", "2.25.4294967295"]
        {
            let der = from_dotted(text).unwrap();
            assert_eq!(der, ObjectIdentifier::new(text).unwrap().as_bytes(), "{text}");
            assert!(is_well_formed(&der));
            assert_eq!(to_dotted(&der), text);
        }
    }

    #[test]
    fn large_arcs_are_read_and_written() {
        assert_eq!(from_dotted("2.999.3").unwrap(), [0x88, 0x37, 0x03]);
        for text in ["2.999", "2.25.329800735698586629295641978511506172918", "1.3.6.1.4.1.4294967296"] {
            assert_eq!(to_dotted(&from_dotted(text).unwrap()), text);
        }
        let largest = format!("1.2.{}", u128::MAX);
        assert_eq!(to_dotted(&from_dotted(&largest).unwrap()), largest);
        assert_eq!(
            to_dotted(&[
                0x2A, 0x84, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                0x80, 0x80, 0x80, 0x80, 0x80, 0
            ])
            .len(),
            42
        );
    }

    #[test]
    fn what_is_no_oid_is_refused() {
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "1..2",
            "1.40",
            "0.40",
            "3.1",
            "01.2",
            "1.02",
            "1.2.+3",
            "1.2. 3",
            "1.2.a",
            "1.2.340282366920938463463374607431768211456",
            "2.340282366920938463463374607431768211455",
        ] {
            assert_eq!(from_dotted(text), None, "{text}");
        }
        for der in [&[][..], &[0x80], &[0x80, 0x01], &[0x2A, 0x80, 0x01], &[0x2A, 0x81]] {
            assert!(!is_well_formed(der), "{der:?}");
        }
    }
}
