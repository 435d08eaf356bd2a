//! Certificates and public keys in the textual encoding of RFC 7468.

use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// What blocks of one label hold.
struct Kind {
    begin: &'static str,
    end: &'static str,
    what: &'static str,
}

const CERTIFICATE: Kind = Kind { begin: BEGIN, end: END, what: "certificate" };
#[cfg(feature = "sigstore")]
const PUBLIC_KEY: Kind =
    Kind { begin: "-----BEGIN PUBLIC KEY-----", end: "-----END PUBLIC KEY-----", what: "public key" };

const LINE_CHARACTERS: usize = 64;
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The DER of every certificate in a PEM text, in order.
///
/// Text between the blocks is ignored, and so is a byte order mark before it all. A block of another label, a boundary
/// that is indented or misspelt, a block without end, bad base64 and a text without any certificate are errors, as are
/// more than `max_certificates` and a text longer than `max_bytes`.
pub(crate) fn certificates(
    text: &str,
    max_certificates: usize,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, String> {
    blocks(text, &CERTIFICATE, max_certificates, max_bytes)
}

/// The DER of the one public key in a PEM text, as [`certificates`] reads those.
#[cfg(feature = "sigstore")]
pub(crate) fn public_key(text: &str, max_bytes: usize) -> Result<Vec<u8>, String> {
    Ok(blocks(text, &PUBLIC_KEY, 1, max_bytes)?.into_iter().next().unwrap_or_default())
}

fn blocks(text: &str, kind: &Kind, max_count: usize, max_bytes: usize) -> Result<Vec<Vec<u8>>, String> {
    let Kind { begin, end, what } = kind;
    if text.len() > max_bytes {
        return Err(format!("the PEM text is longer than {max_bytes} bytes"));
    }
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next().map(str::trim_ascii_end) {
        if line != *begin {
            if is_boundary(line) {
                return Err(format!("expected {begin:?}, found {}", Excerpt(line)));
            }
            continue;
        }
        let content = lines.clone().map(str::trim_ascii_end).take_while(|line| line != end);
        let mut base64 = String::with_capacity(content.clone().map(str::len).fold(0, usize::saturating_add));
        base64.extend(content);
        if lines.by_ref().map(str::trim_ascii_end).all(|line| line != *end) {
            return Err(format!("the last {what} has no {end:?}"));
        }
        if blocks.len() == max_count {
            let plural = if max_count == 1 { "" } else { "s" };
            return Err(format!("there are more than {max_count} {what}{plural}"));
        }
        let der =
            Base64::decode_vec(&base64).map_err(|_| format!("{what} {} is not base64", blocks.len()))?;
        if der.is_empty() {
            return Err(format!("{what} {} is empty", blocks.len()));
        }
        if is_pem(&der) {
            return Err(format!("{what} {} is PEM in base64 once more", blocks.len()));
        }
        blocks.push(der);
    }
    if blocks.is_empty() {
        return Err(format!("there is no PEM {what} in it{}", instead(text, kind)));
    }
    blocks.shrink_to_fit();
    Ok(blocks)
}

/// The certificates of items that are DER, each one certificate, or PEM of one or more. PEM is told by its beginning,
/// which no DER has.
pub(crate) fn certificates_of_items<C: AsRef<[u8]>>(
    items: impl IntoIterator<Item = C>,
    max_certificates: usize,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, String> {
    let mut certificates = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let item = item.as_ref();
        if is_pem(item) {
            let fault = |fault| format!("certificate {index}, which is PEM: {fault}");
            certificates
                .append(&mut certificates_of_bytes(item, max_certificates, max_bytes).map_err(fault)?);
        } else {
            certificates.push(item.to_vec());
        }
        if certificates.len() > max_certificates {
            return Err(format!("there are more than {max_certificates} certificates"));
        }
    }
    Ok(certificates)
}

/// The same as [`certificates`] of bytes for which [`is_pem`].
pub(crate) fn certificates_of_bytes(
    pem: &[u8],
    max_certificates: usize,
    max_bytes: usize,
) -> Result<Vec<Vec<u8>>, String> {
    let text = core::str::from_utf8(pem).map_err(|error| format!("it is not UTF-8: {error}"))?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    certificates(text.trim_ascii_start(), max_certificates, max_bytes)
}

/// Whether bytes that may be a certificate in DER are PEM.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    // DER begins so, which decides it for nearly all.
    if bytes.first() == Some(&0x30) {
        return false;
    }
    let text = bytes.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"-----BEGIN")
}

/// What a text without blocks of this kind seems to be, to be told after that it has none.
fn instead(text: &str, kind: &Kind) -> String {
    let text = text.trim_ascii();
    let is_base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n');
    let seen = if text.is_empty() {
        "; it is empty"
    } else if text.contains('\0') {
        "; it is UTF-16 or DER read as text"
    } else if text.starts_with("LS0tLS1") {
        "; it is PEM in base64 once more: decode it first"
    } else if text.bytes().all(is_base64) {
        return format!(
            "; it is base64 without the boundary lines of PEM, {} before and {} after it",
            kind.begin, kind.end
        );
    } else if text.starts_with('0') && !text.is_ascii() {
        "; it seems to be DER read as text: give the bytes"
    } else if text.starts_with('<') {
        "; it is HTML or XML, perhaps the error page of a server"
    } else if text.starts_with(['{', '[']) {
        "; it is JSON"
    } else {
        ""
    };
    String::from(seen)
}

/// What bytes that are no readable certificate in DER seem to be.
pub(crate) fn instead_of_der(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [] => Some("it is empty"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'-', 0, ..] => {
            Some("it is UTF-16, as some shells write files")
        }
        [b'M', b'I', ..] => Some("it is base64, where DER or PEM is meant"),
        [b'L', b'S', b'0', b't', ..] => Some("it is PEM in base64 once more, where DER or PEM is meant"),
        _ => None,
    }
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
    certificates.into_iter().for_each(|der| write(&mut text, &CERTIFICATE, der));
    text
}

/// The PEM text of a public key.
#[cfg(feature = "sigstore")]
pub(crate) fn from_public_key(der: &[u8]) -> String {
    let mut text = String::new();
    write(&mut text, &PUBLIC_KEY, der);
    text
}

fn write(text: &mut String, kind: &Kind, der: &[u8]) {
    text.push_str(kind.begin);
    for (position, character) in Base64::encode_string(der).char_indices() {
        if position % LINE_CHARACTERS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text.push_str(kind.end);
    text.push('\n');
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
