//! Signed timestamps for tests, with full control over what is in them: also over what must not be.

use super::certificates::{Certificate, Extension, Key, at, extension, integer, name, oid, sequence, tlv};
use countermark::{Period, TimestampAuthority};
use sha2::{Digest, Sha256};

pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
pub const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
pub const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
pub const SHA1: &str = "1.3.14.3.2.26";
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
pub const SHA384: &str = "2.16.840.1.101.3.4.2.2";
pub const SHA512: &str = "2.16.840.1.101.3.4.2.3";
pub const ECDSA_WITH_SHA256: &str = "1.2.840.10045.4.3.2";
pub const ECDSA_WITH_SHA384: &str = "1.2.840.10045.4.3.3";
pub const EC_PUBLIC_KEY: &str = "1.2.840.10045.2.1";

pub fn octets(content: &[u8]) -> Vec<u8> {
    tlv(0x04, content)
}

pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// An `AlgorithmIdentifier` without parameters.
pub fn algorithm(dotted: &str) -> Vec<u8> {
    sequence(&[oid(dotted)])
}

/// An `AlgorithmIdentifier` with NULL as its parameters.
pub fn algorithm_with_null(dotted: &str) -> Vec<u8> {
    sequence(&[oid(dotted), vec![0x05, 0x00]])
}

pub fn attribute(kind: &str, values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[oid(kind), set(values)])
}

/// A `SigningCertificateV2` of one certificate, by SHA-256.
pub fn signing_certificate_v2(certificate: &[u8]) -> Vec<u8> {
    let id = sequence(&[octets(&Sha256::digest(certificate))]);
    attribute(SIGNING_CERTIFICATE_V2, &[sequence(&[sequence(&[id])])])
}

/// An `IssuerSerial` of the certificates that tests make.
pub fn issuer_serial(issuer: &str) -> Vec<u8> {
    sequence(&[sequence(&[tlv(0xA4, &name(issuer))]), integer(&[0x2A])])
}

/// An extended key usage that is critical.
pub fn critical_usage(purposes: &[&str]) -> Extension {
    extension("2.5.29.37", true, sequence(&purposes.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>()))
}

/// A timestamp authority: its root and its signer, and the keys of both.
pub struct Authority {
    pub root_key: Key,
    pub root: Certificate,
    pub key: Key,
    pub signer: Certificate,
}

pub fn authority() -> Authority {
    let (root_key, key) = (Key::p256(21), Key::p256(22));
    let mut signer = Certificate::leaf(&key, "tsa root").with(critical_usage(&[TIME_STAMPING]));
    signer.extensions.retain(|(oid, ..)| !oid.starts_with("1.3.6.1.4.1"));
    signer.subject = name("tsa");
    (signer.not_before, signer.not_after) = (signer.not_before - 1_000, signer.not_after + 1_000);
    Authority { root: Certificate::authority("tsa root", &root_key, "tsa root"), root_key, key, signer }
}

impl Authority {
    /// The signer's certificate and the root's.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.signer.sign(&self.root_key), self.root.sign(&self.root_key)]
    }

    /// What a verifier is given: valid from before the leaf to after it.
    pub fn trusted(&self) -> TimestampAuthority {
        TimestampAuthority::new(self.chain(), Period::new(at(-500), Some(at(500)))).unwrap()
    }

    /// A token over a signature that this authority would sign, nine seconds into the leaf's validity.
    pub fn token(&self, signature: &[u8]) -> Token {
        let certificate = self.signer.sign(&self.root_key);
        Token {
            status: Some(vec![0]),
            imprint: sequence(&[algorithm_with_null(SHA256), octets(&Sha256::digest(signature))]),
            info_version: 1,
            time: time_text(9),
            after_time: Vec::new(),
            content_type: oid(TST_INFO),
            signed_data_version: 3,
            digest_algorithms: vec![algorithm(SHA256)],
            embedded: Vec::new(),
            signer_version: 1,
            signer_id: sequence(&[self.signer.issuer.clone(), integer(&[0x2A])]),
            digest_algorithm: algorithm(SHA256),
            attributes: Box::new(move |content| {
                vec![
                    attribute(CONTENT_TYPE, &[oid(TST_INFO)]),
                    attribute(MESSAGE_DIGEST, &[octets(&Sha256::digest(content))]),
                    signing_certificate_v2(&certificate),
                ]
            }),
            is_sorted: true,
            has_attributes: true,
            signature_algorithm: algorithm(ECDSA_WITH_SHA256),
            signer_count: 1,
            unsigned: Vec::new(),
        }
    }
}

/// The digits of a time, so many seconds into the leaf's validity, and its `Z`.
pub fn time_text(seconds: i64) -> String {
    let digits: String = at(seconds).to_string().chars().filter(char::is_ascii_digit).collect();
    format!("{digits}Z")
}

/// The attributes for a content.
pub type Attributes = Box<dyn Fn(&[u8]) -> Vec<Vec<u8>>>;

/// What goes into a token.
pub struct Token {
    /// The content of the INTEGER; without, the token stands alone.
    pub status: Option<Vec<u8>>,
    pub imprint: Vec<u8>,
    pub info_version: u8,
    pub time: String,
    /// Accuracy, ordering and so on.
    pub after_time: Vec<Vec<u8>>,
    pub content_type: Vec<u8>,
    pub signed_data_version: u8,
    pub digest_algorithms: Vec<Vec<u8>>,
    /// Certificates and revocation lists, with their tags.
    pub embedded: Vec<u8>,
    pub signer_version: u8,
    pub signer_id: Vec<u8>,
    pub digest_algorithm: Vec<u8>,
    pub attributes: Attributes,
    pub is_sorted: bool,
    pub has_attributes: bool,
    pub signature_algorithm: Vec<u8>,
    pub signer_count: usize,
    pub unsigned: Vec<u8>,
}

impl Token {
    /// With the attributes changed.
    pub fn with_attributes(mut self, change: impl Fn(&mut Vec<Vec<u8>>) + 'static) -> Self {
        let attributes = self.attributes;
        self.attributes = Box::new(move |content| {
            let mut attributes = attributes(content);
            change(&mut attributes);
            attributes
        });
        self
    }

    pub fn content(&self) -> Vec<u8> {
        sequence(&[
            integer(&[self.info_version]),
            oid("1.3.6.1.4.1.57264.2"),
            self.imprint.clone(),
            integer(&[7]),
            tlv(0x18, self.time.as_bytes()),
            self.after_time.concat(),
        ])
    }

    /// The DER of the response, or of the token.
    pub fn sign(&self, key: &Key) -> Vec<u8> {
        self.sign_by(|signed_part| key.sign_sha256(signed_part))
    }

    pub fn sign_by(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let content = self.content();
        let mut attributes = (self.attributes)(&content);
        if self.is_sorted {
            attributes.sort();
        }
        let signer = sequence(&[
            integer(&[self.signer_version]),
            self.signer_id.clone(),
            self.digest_algorithm.clone(),
            if self.has_attributes { tlv(0xA0, &attributes.concat()) } else { Vec::new() },
            self.signature_algorithm.clone(),
            octets(&sign(&set(&attributes))),
            self.unsigned.clone(),
        ]);
        let signed_data = sequence(&[
            integer(&[self.signed_data_version]),
            set(&self.digest_algorithms),
            sequence(&[self.content_type.clone(), tlv(0xA0, &octets(&content))]),
            self.embedded.clone(),
            set(&vec![signer; self.signer_count]),
        ]);
        let token = sequence(&[oid("1.2.840.113549.1.7.2"), tlv(0xA0, &signed_data)]);
        match &self.status {
            Some(status) => sequence(&[sequence(&[tlv(0x02, status)]), token]),
            None => token,
        }
    }
}
