//! Certificates in the textual encoding of RFC 7468.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const LINE_CHARACTERS: usize = 64;

/// The DER of every certificate in a PEM text, in order.
///
/// Text between the blocks is ignored. A block of another label, a boundary that is indented or misspelt, a
/// block without end, bad base64 and a text without any certificate are errors, as are more than
/// `max_certificates` and a text longer than `max_bytes`.
pub(crate) fn certificates(
    text: &str,
    max_certificates: usize,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, String> {
    if text.len() > max_bytes {
        return Err(format!("the PEM text is longer than {max_bytes} bytes"));
    }
    let mut certificates = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines().map(str::trim_ascii_end) {
        match &mut block {
            None if line == BEGIN => block = Some(String::new()),
            None if is_boundary(line) => {
                return Err(format!("expected {BEGIN:?}, found {line:?}"));
            }
            None => {}
            Some(base64) if line == END => {
                if certificates.len() == max_certificates {
                    return Err(format!("there are more than {max_certificates} certificates"));
                }
                let der = Base64::decode_vec(base64)
                    .map_err(|_| format!("certificate {} is not base64", certificates.len()))?;
                if der.is_empty() {
                    return Err(format!("certificate {} is empty", certificates.len()));
                }
                certificates.push(der);
                block = None;
            }
            Some(base64) => base64.push_str(line),
        }
    }
    if block.is_some() {
        return Err(format!("the last certificate has no {END:?}"));
    }
    if certificates.is_empty() {
        return Err(String::from("there is no PEM certificate in it"));
    }
    Ok(certificates)
}

/// Whether a line looks like a boundary, if perhaps one that is indented or misspelt.
fn is_boundary(line: &str) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with("-----BEGIN") || line.starts_with("-----END")
}

/// How long the PEM text of a certificate of so many bytes is.
pub(crate) const fn length_for(der_bytes: usize) -> usize {
    let base64 = der_bytes.div_ceil(3).saturating_mul(4);
    base64
        .saturating_add(base64.div_ceil(LINE_CHARACTERS))
        .saturating_add(BEGIN.len())
        .saturating_add(END.len())
        .saturating_add(2)
}

/// The PEM text of some certificates.
pub(crate) fn from_certificates<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut text = String::new();
    for der in certificates {
        text.push_str(BEGIN);
        for (position, character) in Base64::encode_string(der).char_indices() {
            if position % LINE_CHARACTERS == 0 {
                text.push('\n');
            }
            text.push(character);
        }
        text.push('\n');
        text.push_str(END);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const ONE: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

    fn read(text: &str) -> Result<Vec<Vec<u8>>, String> {
        certificates(text, 3, 400)
    }

    #[test]
    fn text_between_the_blocks_is_ignored() {
        let text = format!("subject=x\n{ONE}\r\nissuer=y\r\n{}tail", ONE.replace('\n', "\r\n"));
        assert_eq!(read(&text), Ok(vec![vec![1, 2, 3]; 2]));
        assert_eq!(read(ONE.trim_end()), Ok(vec![vec![1, 2, 3]]));
        let prose = format!("what stands after -----BEGIN CERTIFICATE----- is base64\n{ONE}");
        assert_eq!(read(&prose), Ok(vec![vec![1, 2, 3]]));
    }

    #[test]
    fn lines_may_be_of_any_length() {
        assert_eq!(read(&ONE.replace("AQID", "AQ\nID")), Ok(vec![vec![1, 2, 3]]));
    }

    #[test]
    fn what_is_no_certificate_block_is_an_error() {
        for text in [
            String::new(),
            String::from("AQID"),
            ONE.replace("CERTIFICATE", "PRIVATE KEY"),
            ONE.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
            format!("{ONE}-----BEGIN CERTIFICATE-----\nAQID\n"),
            format!("{ONE}-----END CERTIFICATE-----\n"),
            format!("{ONE}junk {ONE}"),
            format!("{ONE} {ONE}"),
            ONE.replace("BEGIN CERTIFICATE", "BEGIN_CERTIFICATE"),
            ONE.replace("END CERTIFICATE", "END X509 CRL"),
            ONE.replace("AQID", "AQI"),
            ONE.replace("AQID", "AQ=="),
            ONE.replace("AQID", "AR=="),
            ONE.replace("AQID", "AQID=").replace("AQ==", ""),
            ONE.replace("AQID", "Proc-Type: 4,ENCRYPTED\n\nAQID"),
            ONE.replace("AQID", "A ID"),
            ONE.replace("AQID", ""),
        ] {
            if text.contains("AQ==") {
                assert_eq!(read(&text), Ok(vec![vec![1]]));
            } else {
                assert!(read(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn counts_and_sizes_are_limited() {
        assert_eq!(read(&ONE.repeat(3)).map(|found| found.len()), Ok(3));
        assert!(read(&ONE.repeat(4)).unwrap_err().contains("more than 3"));
        let padded = format!("{ONE}{}", " ".repeat(400 - ONE.len()));
        assert!(read(&padded).is_ok());
        assert!(read(&format!("{padded} ")).unwrap_err().contains("longer than 400"));
    }

    #[test]
    fn what_is_written_is_read() {
        let certificates = vec![vec![7; 100], vec![0], vec![255; 48]];
        let text = from_certificates(certificates.iter().map(Vec::as_slice));
        assert_eq!(text.len(), length_for(100) + length_for(1) + length_for(48));
        assert_eq!(super::certificates(&text, 3, 1_000), Ok(certificates));
    }
}
