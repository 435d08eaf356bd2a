//! PEM: as trust anchors, as known intermediates, and as an entry's certificates. Each block is what another reader of
//! base64 makes of it, and PEM and DER are read alike.

#![no_main]

use base64ct::{Base64, Encoding};
use countermark::{Entry, TrustAnchors, Verifier};
use countermark_fuzz::signed_part::FIXED;
use libfuzzer_sys::fuzz_target;

/// The certificates of a text whose blocks are whole, by a plain reading: what stands between the two lines.
fn blocks(pem: &str) -> Vec<Vec<u8>> {
    let lines: Vec<&str> =
        pem.strip_prefix('\u{feff}').unwrap_or(pem).split('\n').map(str::trim_ascii_end).collect();
    let begins = lines.split(|line| *line == "-----BEGIN CERTIFICATE-----").skip(1);
    begins
        .map(|rest| rest.split(|line| *line == "-----END CERTIFICATE-----").next().unwrap().concat())
        .map(|base64| Base64::decode_vec(&base64).unwrap_or_default())
        .collect()
}

fuzz_target!(|pem: &str| {
    let anchors = TrustAnchors::from_pem(pem);
    let known = Verifier::builder(TrustAnchors::from_der([&FIXED.root]).unwrap()).intermediates_from_pem(pem);
    match Entry::certificates_from_pem(pem) {
        Ok(certificates) => {
            assert!((1..=16).contains(&certificates.len()));
            assert_eq!(certificates, blocks(pem));
            let from_der = TrustAnchors::from_der(&certificates);
            match (&anchors, &from_der) {
                (Ok(anchors), Ok(from_der)) => assert_eq!(anchors.len(), from_der.len()),
                (Err(anchors), Err(from_der)) => assert_eq!(anchors, from_der),
                _ => panic!("PEM and DER are not read alike"),
            }
            assert!(known.is_ok());
        }
        Err(malformed) => {
            assert!(!malformed.to_string().is_empty());
            // More and larger ones may be trust anchors than an entry may bring.
            assert!(anchors.is_err() || pem.len() > 64 * 1024 || blocks(pem).len() > 16);
        }
    }
});
