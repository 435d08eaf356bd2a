//! The least that a verification costs: the bare cryptographic calls, made directly to the back end.
//!
//! An authority's key is made once, a leaf's each time, as a verifier must. What a verifier remembers (that an
//! authority signed an intermediate it knows) is not among the calls.

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
mod bundles;
#[cfg(not(feature = "aws-lc-rs"))]
mod rust_crypto;

#[cfg(feature = "aws-lc-rs")]
use aws_lc as backend;
#[cfg(not(feature = "aws-lc-rs"))]
use rust_crypto as backend;

use countermark::Entry;
use countermark_benches::material::Material;
use countermark_benches::serve::{Case, case};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

pub(crate) use backend::BACK_END;
pub(crate) use bundles::of_bundle;

/// One signature check by an authority.
struct AuthorityCheck {
    key: backend::AuthorityKey,
    signed: Vec<u8>,
    signature: Vec<u8>,
}

impl AuthorityCheck {
    fn new(authority: &Certificate, certificate: &Certificate) -> Self {
        Self {
            key: backend::AuthorityKey::new(&point(authority)),
            signed: certificate.tbs_certificate().to_der().expect("DER"),
            signature: certificate.signature().raw_bytes().to_vec(),
        }
    }
}

fn point(certificate: &Certificate) -> Vec<u8> {
    certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes().to_vec()
}

fn certificates(pem: &str) -> Vec<Certificate> {
    if pem.is_empty() {
        return Vec::new();
    }
    Certificate::load_pem_chain(pem.as_bytes()).expect("certificates")
}

/// The calls for the signature over an artifact.
pub(crate) fn of_entry(material: &Material, entry: &Entry) -> Case {
    let chain: Vec<_> =
        entry.certificates().iter().map(|der| Certificate::from_der(der).expect("a certificate")).collect();
    of(material, &chain, entry.artifact_name().as_bytes().to_vec(), entry.signature().to_vec())
}

/// The calls for the signature over a message.
pub(crate) fn of_message(material: &Material, signature: Vec<u8>) -> Case {
    of(material, &certificates(&material.text("leaf.pem")), material.bytes("message"), signature)
}

fn of(material: &Material, chain: &[Certificate], message: Vec<u8>, signature: Vec<u8>) -> Case {
    let anchors = certificates(&material.text("anchors.pem"));
    let known = certificates(&material.text("intermediates.pem"));
    let mut checks = Vec::new();
    let mut certificate = &chain[0];
    loop {
        let issued = |authority: &&Certificate| {
            authority.tbs_certificate().subject() == certificate.tbs_certificate().issuer()
        };
        if let Some(trusted) = known.iter().find(issued).or_else(|| anchors.iter().find(issued)) {
            checks.push(AuthorityCheck::new(trusted, certificate));
            break;
        }
        let intermediate = chain[1..].iter().find(issued).expect("the chain is complete");
        checks.push(AuthorityCheck::new(intermediate, certificate));
        certificate = intermediate;
    }
    let leaf = point(&chain[0]);
    case(move || {
        for check in &checks {
            assert!(check.key.verifies(&check.signed, &check.signature));
        }
        assert!(backend::leaf_verifies(&leaf, &message, &signature));
    })
}
