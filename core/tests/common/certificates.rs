//! Certificates for tests, with full control over what is in them: also over what must not be.

use countermark::{Entry, Policy, Timestamp, TrustAnchors, Verifier};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256, Sha384};

pub const NAME: &str =
    "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be";
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";
pub const NAMESPACE: &str = "example-ns";
/// When the leaf's five minutes begin: 2024-03-22T11:25:40Z.
pub const NOT_BEFORE: i64 = 1_711_106_740;
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
pub const ARC: &str = "1.3.6.1.4.1.57264.1";

/// A DER value with its tag and length.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut der = vec![tag];
    match length {
        0..=0x7F => der.push(length as u8),
        0x80..=0xFF => der.extend([0x81, length as u8]),
        _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    der.extend(content);
    der
}

pub fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// The OID, of arcs that the library for them can hold.
pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(0x06, const_oid::ObjectIdentifier::new(dotted).unwrap().as_bytes())
}

pub fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0C, text.as_bytes())
}

/// A distinguished name of one common name, or the empty one.
pub fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return sequence(&[]);
    }
    sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.3"), utf8(common_name)]))])
}

fn time(unix_seconds: i64) -> Vec<u8> {
    let text = Timestamp::from_unix(unix_seconds, 0).unwrap().to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if ("1950".."2050").contains(&&digits[..4]) {
        tlv(0x17, format!("{}Z", &digits[2..]).as_bytes())
    } else {
        tlv(0x18, format!("{digits}Z").as_bytes())
    }
}

/// A signing key of an authority or a leaf, made from a number.
#[derive(Clone)]
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    /// A key of a kind that cannot sign here: its `SubjectPublicKeyInfo`.
    Other(Vec<u8>),
}

impl Key {
    pub fn p256(seed: u8) -> Self {
        let mut scalar = [1; 32];
        scalar[31] = seed;
        Self::P256(p256::ecdsa::SigningKey::from_slice(&scalar).unwrap())
    }

    pub fn p384(seed: u8) -> Self {
        let mut scalar = [1; 48];
        scalar[47] = seed;
        Self::P384(p384::ecdsa::SigningKey::from_slice(&scalar).unwrap())
    }

    pub fn public_key_info(&self) -> Vec<u8> {
        let (curve, point) = match self {
            Self::P256(key) => {
                ("1.2.840.10045.3.1.7", key.verifying_key().to_sec1_point(false).as_bytes().to_vec())
            }
            Self::P384(key) => ("1.3.132.0.34", key.verifying_key().to_sec1_point(false).as_bytes().to_vec()),
            Self::Other(info) => return info.clone(),
        };
        ec_public_key_info(curve, &point)
    }

    /// The DER of an ECDSA signature over a digest.
    fn sign_digest(&self, digest: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
                signature_der(&signature.to_bytes())
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(digest).unwrap();
                signature_der(&signature.to_bytes())
            }
            Self::Other(_) => tlv(0x30, &[]),
        }
    }

    pub fn sign_sha256(&self, message: &[u8]) -> Vec<u8> {
        self.sign_digest(&Sha256::digest(message))
    }

    pub fn sign_sha384(&self, message: &[u8]) -> Vec<u8> {
        self.sign_digest(&Sha384::digest(message))
    }
}

/// The `SubjectPublicKeyInfo` of the same key with its point compressed.
pub fn compressed_key_info(key: &Key) -> Vec<u8> {
    match key {
        Key::P256(key) => {
            let point = key.verifying_key().to_sec1_point(true);
            ec_public_key_info("1.2.840.10045.3.1.7", point.as_bytes())
        }
        Key::P384(key) => {
            ec_public_key_info("1.3.132.0.34", key.verifying_key().to_sec1_point(true).as_bytes())
        }
        Key::Other(info) => info.clone(),
    }
}

pub fn ec_public_key_info(curve: &str, point: &[u8]) -> Vec<u8> {
    let bits = [&[0], point].concat();
    sequence(&[sequence(&[oid("1.2.840.10045.2.1"), oid(curve)]), tlv(0x03, &bits)])
}

pub fn integer(bytes: &[u8]) -> Vec<u8> {
    let stripped: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    match stripped.first() {
        None => tlv(0x02, &[0]),
        Some(0x80..) => tlv(0x02, &[&[0][..], &stripped].concat()),
        Some(_) => tlv(0x02, &stripped),
    }
}

/// The `ECDSA-Sig-Value` of r and s in fixed length.
pub fn signature_der(fixed: &[u8]) -> Vec<u8> {
    let (r, s) = fixed.split_at(fixed.len() / 2);
    sequence(&[integer(r), integer(s)])
}

/// The content of a DER value and what stands after it.
pub fn split_tlv(der: &[u8]) -> (&[u8], &[u8]) {
    let (header, length) = match der[1] {
        0x81 => (3, usize::from(der[2])),
        0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
        short => (2, usize::from(short)),
    };
    der[header..].split_at(length)
}

/// The other spelling of a signature, (r, n − s) for (r, s): it verifies wherever the signature does.
pub fn respelt_signature(signature: &[u8]) -> Vec<u8> {
    let (r, rest) = split_tlv(split_tlv(signature).0);
    let (s, _) = split_tlv(rest);
    let fixed = |integer: &[u8], length: usize| -> Vec<u8> {
        let stripped: Vec<u8> = integer.iter().copied().skip_while(|byte| *byte == 0).collect();
        [vec![0; length - stripped.len()], stripped].concat()
    };
    if r.len().max(s.len()) <= 33 {
        let bytes = [fixed(r, 32), fixed(s, 32)].concat();
        let (r, s) = p256::ecdsa::Signature::from_slice(&bytes).unwrap().split_scalars();
        signature_der(&p256::ecdsa::Signature::from_scalars(r, -s).unwrap().to_bytes())
    } else {
        let bytes = [fixed(r, 48), fixed(s, 48)].concat();
        let (r, s) = p384::ecdsa::Signature::from_slice(&bytes).unwrap().split_scalars();
        signature_der(&p384::ecdsa::Signature::from_scalars(r, -s).unwrap().to_bytes())
    }
}

/// The same certificate with the other spelling of its signature.
pub fn respelt(certificate: &[u8]) -> Vec<u8> {
    let content = split_tlv(certificate).0;
    let after_signed_part = split_tlv(content).1;
    let bits = split_tlv(after_signed_part).1;
    let signature = respelt_signature(&split_tlv(bits).0[1..]);
    sequence(&[content[..content.len() - bits.len()].to_vec(), tlv(0x03, &[&[0][..], &signature].concat())])
}

/// An extension: dotted OID, criticality, and the DER that the OCTET STRING holds.
pub type Extension = (String, bool, Vec<u8>);

pub fn extension(oid: &str, critical: bool, value: Vec<u8>) -> Extension {
    (oid.into(), critical, value)
}

pub fn key_usage(byte: u8) -> Extension {
    extension("2.5.29.15", true, tlv(0x03, &[byte.trailing_zeros() as u8, byte]))
}

pub const DIGITAL_SIGNATURE: u8 = 0x80;
pub const KEY_CERT_SIGN: u8 = 0x04;

pub fn extended_key_usage(purposes: &[&str]) -> Extension {
    extension("2.5.29.37", false, sequence(&purposes.iter().map(|purpose| oid(purpose)).collect::<Vec<_>>()))
}

pub fn basic_constraints(is_authority: bool, path_length: Option<u8>) -> Extension {
    let mut parts = Vec::new();
    if is_authority {
        parts.push(vec![0x01, 0x01, 0xFF]);
    }
    parts.extend(path_length.map(|length| integer(&[length])));
    extension("2.5.29.19", true, sequence(&parts))
}

/// A GeneralName of a context-specific, primitive tag: 1 e-mail, 2 DNS, 6 URI, 7 address.
pub fn general_name(tag: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | tag, content)
}

pub fn subject_names(names: &[Vec<u8>]) -> Extension {
    extension("2.5.29.17", true, sequence(names))
}

/// Name constraints with permitted and excluded bases.
pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Extension {
    let subtrees = |tag: u8, bases: &[Vec<u8>]| {
        let subtrees: Vec<u8> = bases.iter().flat_map(|base| tlv(0x30, base)).collect();
        if bases.is_empty() { Vec::new() } else { tlv(tag, &subtrees) }
    };
    extension("2.5.29.30", true, sequence(&[subtrees(0xA0, permitted), subtrees(0xA1, excluded)]))
}

/// The extension of a claim below the arc, in the encoding that it wants.
pub fn claim(number: u8, text: &str) -> Extension {
    let value = if number < 7 { text.as_bytes().to_vec() } else { utf8(text) };
    extension(&format!("{ARC}.{number}"), false, value)
}

/// What goes into a certificate.
#[derive(Clone)]
pub struct Certificate {
    pub issuer: Vec<u8>,
    pub subject: Vec<u8>,
    pub public_key: Vec<u8>,
    pub not_before: i64,
    pub not_after: i64,
    pub extensions: Vec<Extension>,
    pub version: Option<u8>,
    pub sha384: bool,
    /// The `AlgorithmIdentifier` in the signed part, if it is to differ from the one outside.
    pub inner_algorithm: Option<Vec<u8>>,
    pub outer_algorithm: Option<Vec<u8>>,
}

impl Certificate {
    /// A leaf with nothing wrong, for the key, by an issuer of this name.
    pub fn leaf(key: &Key, issuer: &str) -> Self {
        Self {
            issuer: name(issuer),
            subject: name(""),
            public_key: key.public_key_info(),
            not_before: NOT_BEFORE,
            not_after: NOT_BEFORE + 300,
            extensions: vec![
                key_usage(DIGITAL_SIGNATURE),
                extended_key_usage(&[CODE_SIGNING]),
                claim(8, ISSUER),
                claim(14, "refs/tags/v1"),
            ],
            version: Some(2),
            sha384: false,
            inner_algorithm: None,
            outer_algorithm: None,
        }
    }

    /// An authority with nothing wrong, valid for long.
    pub fn authority(subject: &str, key: &Key, issuer: &str) -> Self {
        Self {
            subject: name(subject),
            not_before: NOT_BEFORE - 1_000_000,
            not_after: NOT_BEFORE + 1_000_000,
            extensions: vec![basic_constraints(true, None), key_usage(KEY_CERT_SIGN)],
            ..Self::leaf(key, issuer)
        }
    }

    /// With an extension in place of the one of the same OID, or added.
    pub fn with(mut self, new: Extension) -> Self {
        match self.extensions.iter_mut().find(|old| old.0 == new.0) {
            Some(old) => *old = new,
            None => self.extensions.push(new),
        }
        self
    }

    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|extension| extension.0 != oid);
        self
    }

    /// The certificate's DER, signed by the issuer's key.
    pub fn sign(&self, issuer: &Key) -> Vec<u8> {
        let algorithm =
            sequence(&[oid(if self.sha384 { "1.2.840.10045.4.3.3" } else { "1.2.840.10045.4.3.2" })]);
        self.sign_by(algorithm, |signed_part| {
            if self.sha384 { issuer.sign_sha384(signed_part) } else { issuer.sign_sha256(signed_part) }
        })
    }

    /// The same, signed by any algorithm.
    pub fn sign_by(&self, algorithm: Vec<u8>, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let extensions: Vec<Vec<u8>> = self
            .extensions
            .iter()
            .map(|(dotted, critical, value)| {
                let critical = if *critical { vec![0x01, 0x01, 0xFF] } else { Vec::new() };
                sequence(&[oid(dotted), critical, tlv(0x04, value)])
            })
            .collect();
        let signed_part = sequence(&[
            self.version.map_or(Vec::new(), |version| tlv(0xA0, &integer(&[version]))),
            integer(&[0x2A]),
            self.inner_algorithm.clone().unwrap_or_else(|| algorithm.clone()),
            self.issuer.clone(),
            sequence(&[time(self.not_before), time(self.not_after)]),
            self.subject.clone(),
            self.public_key.clone(),
            if extensions.is_empty() { Vec::new() } else { tlv(0xA3, &sequence(&extensions)) },
        ]);
        let signature = sign(&signed_part);
        sequence(&[
            signed_part,
            self.outer_algorithm.clone().unwrap_or(algorithm),
            tlv(0x03, &[&[0][..], &signature].concat()),
        ])
    }
}

/// A root, a leaf by it, and the entry that they make: everything is as it should be until a test changes it.
pub struct Scene {
    pub root_key: Key,
    pub root: Certificate,
    pub leaf_key: Key,
    pub leaf: Certificate,
    /// The issuer of the leaf, if it is not the root.
    pub leaf_issuer: Key,
    /// What the entry brings beside the leaf.
    pub others: Vec<Vec<u8>>,
    pub timestamp: Timestamp,
}

pub fn scene() -> Scene {
    let (root_key, leaf_key) = (Key::p256(1), Key::p256(2));
    Scene {
        root: Certificate::authority("root", &root_key, "root"),
        leaf: Certificate::leaf(&leaf_key, "root"),
        leaf_issuer: root_key.clone(),
        root_key,
        leaf_key,
        others: Vec::new(),
        timestamp: at(8),
    }
}

/// So many seconds into the leaf's validity.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOT_BEFORE + seconds, 0).unwrap()
}

impl Scene {
    /// The leaf issued by an authority of this name and key instead.
    pub fn issued_by(mut self, name_of_issuer: &str, key: &Key) -> Self {
        self.leaf.issuer = name(name_of_issuer);
        self.leaf_issuer = key.clone();
        self
    }

    pub fn bringing(mut self, others: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.others.extend(others);
        self
    }

    pub fn anchors(&self) -> TrustAnchors {
        TrustAnchors::from_der([self.root.sign(&self.root_key)]).unwrap()
    }

    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.anchors())
    }

    pub fn certificates(&self) -> Vec<Vec<u8>> {
        [vec![self.leaf.sign(&self.leaf_issuer)], self.others.clone()].concat()
    }

    pub fn entry(&self) -> Entry {
        let signature = self.leaf_key.sign_sha256(NAME.as_bytes());
        Entry::new(NAMESPACE, NAME, signature, self.certificates(), self.timestamp, false).unwrap()
    }

    /// What the verifier of this scene says to its entry under the plain policy.
    pub fn code(&self) -> &'static str {
        code(&self.verifier(), &[self.entry()], &policy())
    }
}

/// The policy that asks for nothing beside the namespace and the issuer.
pub fn policy() -> Policy {
    Policy::new(NAMESPACE, ISSUER).unwrap()
}

/// What the verifier says, after a check that `examine` says the same.
pub fn code(verifier: &Verifier, entries: &[Entry], policy: &Policy) -> &'static str {
    let name = NAME.parse().unwrap();
    let code = match verifier.verify(&name, entries, policy) {
        Ok(_) => countermark::Code::Verified,
        Err(rejection) => rejection.code(),
    };
    assert_eq!(verifier.examine(&name, entries, policy).verdict(), code, "examine disagrees with verify");
    code.name()
}
