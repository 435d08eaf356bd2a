//! Certificate requests: what is accepted was signed by its own key, is canonical, and gets a certificate that the
//! library itself can read, with the token's claims and no others.

#![no_main]

use arbitrary::Arbitrary;
use countermark::Claims;
use countermark_fuzz::common::certificates::{Key, oid, sequence, tlv};
use countermark_fuzz::edit::Edit;
use countermark_fuzz::identity::{self, ScriptedRandomness};
use countermark_signing::CertificateRequest;
use der::{Decode, Encode};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384};
use std::sync::LazyLock;
use x509_cert::request::CertReq;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Der(&'a [u8]),
    Pem(&'a str),
    /// A good request with its bytes changed.
    Changed(Vec<Edit<'a>>),
    /// The same, signed again afterwards.
    Signed(Vec<Edit<'a>>),
    /// A good request in PEM with its characters changed.
    ChangedPem(Vec<Edit<'a>>),
}

static KEY: LazyLock<Key> = LazyLock::new(|| Key::p256(9));

/// The part that is signed, of a request with requested extensions.
static SIGNED_PART: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let extension = sequence(&[oid("2.5.29.37"), tlv(0x04, &sequence(&[oid("1.3.6.1.5.5.7.3.3")]))]);
    let attribute = sequence(&[oid("1.2.840.113549.1.9.14"), tlv(0x31, &sequence(&[extension]))]);
    sequence(&[tlv(0x02, &[0]), sequence(&[]), KEY.public_key_info(), tlv(0xA0, &attribute)])
});

fn request(signed_part: &[u8]) -> Vec<u8> {
    let signature = KEY.sign_sha256(signed_part);
    sequence(&[
        signed_part.to_vec(),
        sequence(&[oid("1.2.840.10045.4.3.2")]),
        tlv(0x03, &[&[0][..], &signature].concat()),
    ])
}

fn changed(bytes: &[u8], edits: &[Edit<'_>]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    edits.iter().take(8).for_each(|edit| edit.apply(&mut bytes));
    bytes
}

/// Whether the request's own key signed it, by other means.
fn is_signed(der: &[u8]) -> bool {
    let request = CertReq::from_der(der).unwrap();
    let message = request.info.to_der().unwrap();
    let digest = match request.algorithm.oid.to_string().as_str() {
        "1.2.840.10045.4.3.2" => Sha256::digest(&message).to_vec(),
        "1.2.840.10045.4.3.3" => Sha384::digest(&message).to_vec(),
        other => panic!("a request was signed by {other}"),
    };
    let (key, signature) =
        (request.info.public_key.subject_public_key.raw_bytes(), request.signature.raw_bytes());
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(key) {
        let signature = p256::ecdsa::Signature::from_der(signature).unwrap();
        key.verify_prehash(&digest, &signature).is_ok()
    } else {
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).unwrap();
        let signature = p384::ecdsa::Signature::from_der(signature).unwrap();
        key.verify_prehash(&digest, &signature).is_ok()
    }
}

fn check(accepted: &CertificateRequest) {
    assert!(is_signed(accepted.as_der()));
    assert_eq!(CertificateRequest::from_pem(&accepted.to_pem().unwrap()).as_ref(), Ok(accepted));
    let issued = identity::AUTHORITY.issue(
        accepted,
        &identity::TOKEN,
        "example-ns",
        identity::now(),
        &mut ScriptedRandomness(1),
    );
    if let Ok(chain) = issued {
        let leaf = chain.first();
        let claims = Claims::of_certificate(leaf).unwrap();
        let certified: Vec<_> = claims.iter().collect();
        let wanted: Vec<_> = identity::TOKEN.claims().iter().collect();
        assert_eq!(certified, wanted);
    }
}

fuzz_target!(|input: Input<'_>| {
    let result = match &input {
        Input::Der(der) => CertificateRequest::from_der(der),
        Input::Pem(pem) => CertificateRequest::from_pem(pem),
        Input::Changed(edits) => CertificateRequest::from_der(&changed(&request(&SIGNED_PART), edits)),
        Input::Signed(edits) => CertificateRequest::from_der(&request(&changed(&SIGNED_PART, edits))),
        Input::ChangedPem(edits) => {
            let pem = CertificateRequest::from_der(&request(&SIGNED_PART)).unwrap().to_pem().unwrap();
            match String::from_utf8(changed(pem.as_bytes(), edits)) {
                Ok(pem) => CertificateRequest::from_pem(&pem),
                Err(_) => return,
            }
        }
    };
    match result {
        Ok(accepted) => check(&accepted),
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
});
