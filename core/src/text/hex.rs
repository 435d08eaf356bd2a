//! Hex digits.

#[cfg(feature = "sigstore")]
use alloc::string::String;
use alloc::vec::Vec;

/// The bytes that hex digits stand for, in either case.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect()
}

/// The digits of bytes, in lower case.
#[cfg(feature = "sigstore")]
pub(crate) fn encode(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "sigstore")]
    #[test]
    fn what_is_encoded_is_decoded_again() {
        let bytes: Vec<u8> = (0..=255).collect();
        let digits = encode(&bytes);
        assert!(digits.starts_with("000102") && digits.ends_with("fdfeff"));
        assert_eq!(decode(&digits), Some(bytes));
    }

    #[test]
    fn digits_are_of_either_case_and_come_in_pairs() {
        assert_eq!(decode("00fFa9"), Some(alloc::vec![0, 255, 0xA9]));
        assert_eq!(decode(""), Some(Vec::new()));
        for text in ["0", "0g", " 0", "+1", "ü", "0x"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
