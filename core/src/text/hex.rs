//! Hex digits.

use alloc::vec::Vec;

/// The bytes that hex digits stand for, in either case.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_of_either_case_and_come_in_pairs() {
        assert_eq!(decode("00fFa9"), Some(alloc::vec![0, 255, 0xA9]));
        assert_eq!(decode(""), Some(Vec::new()));
        for text in ["0", "0g", " 0", "+1", "ü", "0x"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
