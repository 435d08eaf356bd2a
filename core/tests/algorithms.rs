//! Authorities with RSA, P-521 and Ed25519 keys: never by default, and by the verifier's setting.

mod common;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair,
};
use common::certificates::*;
use countermark::{Entry, SignatureAlgorithm, TrustAnchors, Verifier};
use std::sync::LazyLock;

const NULL: &[u8] = &[0x05, 0x00];

static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

fn rsa(encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; RSA.public_modulus_len()];
    RSA.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

/// The `AlgorithmIdentifier` with these parameters.
fn identifier(dotted: &str, parameters: &[u8]) -> Vec<u8> {
    sequence(&[oid(dotted), parameters.to_vec()])
}

/// The `RSASSA-PSS-params` with these digests and this length of salt.
fn pss_parameters(hash: &str, mask_hash: &str, salt_bytes: u8) -> Vec<u8> {
    let mask = sequence(&[oid("1.2.840.113549.1.1.8"), identifier(mask_hash, NULL)]);
    sequence(&[tlv(0xA0, &identifier(hash, NULL)), tlv(0xA1, &mask), tlv(0xA2, &integer(&[salt_bytes]))])
}

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
const SHA384: &str = "2.16.840.1.101.3.4.2.2";
const SHA512: &str = "2.16.840.1.101.3.4.2.3";
const PSS: &str = "1.2.840.113549.1.1.10";

type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// An authority that is not one of the default kinds.
struct Authority {
    algorithm: SignatureAlgorithm,
    public_key_info: Vec<u8>,
    identifier: Vec<u8>,
    sign: Sign,
}

impl Authority {
    fn rsa(algorithm: SignatureAlgorithm, encoding: &'static dyn RsaEncoding, identifier: Vec<u8>) -> Self {
        let public_key_info = RSA.public_key().as_der().unwrap().as_ref().to_vec();
        Self { algorithm, public_key_info, identifier, sign: Box::new(|message| rsa(encoding, message)) }
    }

    fn p521(algorithm: SignatureAlgorithm, signing: &'static EcdsaSigningAlgorithm, dotted: &str) -> Self {
        let key = EcdsaKeyPair::generate(signing).unwrap();
        Self {
            algorithm,
            public_key_info: key.public_key().as_der().unwrap().as_ref().to_vec(),
            identifier: identifier(dotted, &[]),
            sign: Box::new(move |message| key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()),
        }
    }

    fn ed25519() -> Self {
        let key = Ed25519KeyPair::generate().unwrap();
        let bits = [&[0], key.public_key().as_ref()].concat();
        Self {
            algorithm: SignatureAlgorithm::Ed25519,
            public_key_info: sequence(&[identifier("1.3.101.112", &[]), tlv(0x03, &bits)]),
            identifier: identifier("1.3.101.112", &[]),
            sign: Box::new(move |message| key.sign(message).as_ref().to_vec()),
        }
    }

    fn all() -> Vec<Self> {
        use SignatureAlgorithm as A;
        let pkcs1 = |number: u8| identifier(&format!("1.2.840.113549.1.1.{number}"), NULL);
        let pss = |hash: &str, salt_bytes| identifier(PSS, &pss_parameters(hash, hash, salt_bytes));
        vec![
            Self::rsa(A::RsaPkcs1Sha256, &signature::RSA_PKCS1_SHA256, pkcs1(11)),
            Self::rsa(A::RsaPkcs1Sha384, &signature::RSA_PKCS1_SHA384, pkcs1(12)),
            Self::rsa(A::RsaPkcs1Sha512, &signature::RSA_PKCS1_SHA512, pkcs1(13)),
            Self::rsa(A::RsaPssSha256, &signature::RSA_PSS_SHA256, pss(SHA256, 32)),
            Self::rsa(A::RsaPssSha384, &signature::RSA_PSS_SHA384, pss(SHA384, 48)),
            Self::rsa(A::RsaPssSha512, &signature::RSA_PSS_SHA512, pss(SHA512, 64)),
            Self::p521(A::EcdsaP521Sha256, &signature::ECDSA_P521_SHA256_ASN1_SIGNING, "1.2.840.10045.4.3.2"),
            Self::p521(A::EcdsaP521Sha384, &signature::ECDSA_P521_SHA384_ASN1_SIGNING, "1.2.840.10045.4.3.3"),
            Self::p521(A::EcdsaP521Sha512, &signature::ECDSA_P521_SHA512_ASN1_SIGNING, "1.2.840.10045.4.3.4"),
            Self::ed25519(),
        ]
    }

    fn of(algorithm: SignatureAlgorithm) -> Self {
        Self::all().into_iter().find(|authority| authority.algorithm == algorithm).unwrap()
    }

    fn certify(&self, certificate: &Certificate) -> Vec<u8> {
        certificate.sign_by(self.identifier.clone(), &self.sign)
    }

    fn root(&self) -> Vec<u8> {
        let template = Certificate::authority("root", &Key::Other(self.public_key_info.clone()), "root");
        self.certify(&template)
    }

    /// What a verifier that accepts these algorithms says to a leaf of this authority.
    fn code(&self, accepted: &[SignatureAlgorithm]) -> &'static str {
        let scene = scene();
        let leaf = self.certify(&scene.leaf);
        let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, vec![leaf], scene.timestamp, false).unwrap();
        match TrustAnchors::from_der_accepting([self.root()], accepted) {
            Ok(anchors) => code(&Verifier::new(anchors), &[entry], &policy()),
            Err(malformed) => malformed.code().name(),
        }
    }
}

#[test]
fn each_is_accepted_where_the_verifier_says_so() {
    for authority in Authority::all() {
        assert_eq!(authority.code(&[authority.algorithm]), "verified", "{}", authority.algorithm);
        assert_eq!(authority.code(SignatureAlgorithm::ALL), "verified", "{}", authority.algorithm);
    }
    assert_eq!(Authority::all().len(), SignatureAlgorithm::ALL.len() - SignatureAlgorithm::DEFAULT.len());
}

#[test]
fn none_is_accepted_by_default() {
    for authority in Authority::all() {
        assert_eq!(authority.code(SignatureAlgorithm::DEFAULT), "malformed_trust_anchor");
    }
}

#[test]
fn another_algorithm_of_the_same_key_is_not_accepted() {
    let others = |authority: &Authority| -> Vec<SignatureAlgorithm> {
        let all = SignatureAlgorithm::ALL.iter().copied();
        all.filter(|algorithm| *algorithm != authority.algorithm).collect()
    };
    for authority in
        Authority::all().iter().filter(|authority| authority.algorithm != SignatureAlgorithm::Ed25519)
    {
        assert_eq!(authority.code(&others(authority)), "unknown_ca", "{}", authority.algorithm);
    }
}

#[test]
fn a_builders_setting_narrows_what_the_anchors_were_read_for() {
    let authority = Authority::of(SignatureAlgorithm::RsaPssSha256);
    let leaf = authority.certify(&scene().leaf);
    let signature = scene().leaf_key.sign_sha256(NAME.as_bytes());
    let entry = Entry::new(NAMESPACE, NAME, signature, vec![leaf], at(8), false).unwrap();
    let anchors = TrustAnchors::from_der_accepting([authority.root()], SignatureAlgorithm::ALL).unwrap();
    let verifier = Verifier::builder(anchors).accept_algorithms(SignatureAlgorithm::DEFAULT).build();
    assert_eq!(code(&verifier, &[entry], &policy()), "unknown_ca");
}

#[test]
fn an_intermediate_of_such_a_kind_needs_the_setting_too() {
    for authority in Authority::all() {
        let key = Key::Other(authority.public_key_info.clone());
        let mut scene = scene();
        let intermediate = Certificate::authority("intermediate", &key, "root").sign(&scene.root_key);
        scene.leaf.issuer = name("intermediate");
        let leaf = authority.certify(&scene.leaf);
        let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, vec![leaf, intermediate], at(8), false).unwrap();
        assert_eq!(code(&scene.verifier(), std::slice::from_ref(&entry), &policy()), "unknown_ca");
        let verifier = Verifier::builder(scene.anchors()).accept_algorithms(SignatureAlgorithm::ALL).build();
        assert_eq!(code(&verifier, &[entry], &policy()), "verified", "{}", authority.algorithm);
    }
}

#[test]
fn a_signature_with_one_wrong_bit_is_no_signature() {
    for authority in Authority::all() {
        let sign = authority.sign;
        let wrong = Authority {
            sign: Box::new(move |message| {
                let mut signature = sign(message);
                let last = signature.last_mut().unwrap();
                *last ^= 1;
                signature
            }),
            ..authority
        };
        assert_eq!(wrong.code(SignatureAlgorithm::ALL), "unknown_ca", "{}", wrong.algorithm);
    }
}

#[test]
fn parameters_are_those_of_the_standards() {
    let with = |algorithm, identifier| Authority { identifier, ..Authority::of(algorithm) };
    let all = SignatureAlgorithm::ALL;
    let pss =
        |parameters: Vec<u8>| with(SignatureAlgorithm::RsaPssSha256, identifier(PSS, &parameters)).code(all);
    assert_eq!(pss(pss_parameters(SHA256, SHA256, 32)), "verified");
    assert_eq!(pss(pss_parameters(SHA256, SHA256, 31)), "unknown_ca");
    assert_eq!(pss(pss_parameters(SHA256, SHA384, 32)), "unknown_ca");
    assert_eq!(pss(pss_parameters(SHA384, SHA384, 48)), "unknown_ca");
    assert_eq!(pss(sequence(&[])), "unknown_ca", "the default is SHA-1");
    assert_eq!(pss(Vec::new()), "unknown_ca");
    assert_eq!(
        pss([pss_parameters(SHA256, SHA256, 32), NULL.to_vec()].concat()),
        "malformed_trust_anchor",
        "unreadable"
    );

    let pkcs1 = |parameters: &[u8]| {
        let identifier = identifier("1.2.840.113549.1.1.11", parameters);
        with(SignatureAlgorithm::RsaPkcs1Sha256, identifier).code(all)
    };
    assert_eq!(pkcs1(NULL), "verified");
    assert_eq!(pkcs1(&[]), "verified", "RFC 4055, section 5");
    assert_eq!(pkcs1(&sequence(&[])), "unknown_ca");

    let ed25519 = with(SignatureAlgorithm::Ed25519, identifier("1.3.101.112", NULL));
    assert_eq!(ed25519.code(all), "unknown_ca");
}

#[test]
fn another_encoding_of_a_p521_key_does_not_evade_distrust() {
    use sha2::{Digest, Sha256};
    let authority = Authority::of(SignatureAlgorithm::EcdsaP521Sha512);
    let info = authority.public_key_info.clone();
    let point = info[info.len() - 133..].to_vec();
    let compressed = ec_public_key_info("1.3.132.0.35", &[&[2 | (point[132] & 1)], &point[1..67]].concat());
    let spellings = [info, compressed];
    for public_key in &spellings {
        let root =
            Authority { public_key_info: public_key.clone(), ..Authority::of(SignatureAlgorithm::Ed25519) }
                .root();
        let leaf = authority.certify(&scene().leaf);
        let signature = scene().leaf_key.sign_sha256(NAME.as_bytes());
        let entry = Entry::new(NAMESPACE, NAME, signature, vec![leaf], at(8), false).unwrap();
        let builder = || {
            let anchors = TrustAnchors::from_der_accepting([&root], SignatureAlgorithm::ALL);
            Verifier::builder(anchors.unwrap())
        };
        assert_eq!(code(&builder().build(), std::slice::from_ref(&entry), &policy()), "verified");
        for distrusted in &spellings {
            let verifier = builder().distrust(Sha256::digest(distrusted).into()).build();
            assert_eq!(code(&verifier, std::slice::from_ref(&entry), &policy()), "unknown_ca");
        }
    }
}

#[test]
fn an_rsa_key_has_one_encoding() {
    let anchor = |parts: &[Vec<u8>], after: &[u8]| {
        let bits = [&[0][..], &sequence(parts), after].concat();
        let info = sequence(&[identifier("1.2.840.113549.1.1.1", NULL), tlv(0x03, &bits)]);
        let root =
            Authority { public_key_info: info, ..Authority::of(SignatureAlgorithm::RsaPkcs1Sha256) }.root();
        TrustAnchors::from_der_accepting([root], SignatureAlgorithm::ALL).is_ok()
    };
    let (modulus, exponent) = (integer(&[0xA7; 256]), integer(&[1, 0, 1]));
    assert!(anchor(&[modulus.clone(), exponent.clone()], &[]));
    assert!(!anchor(&[modulus.clone(), exponent.clone()], &[0]));
    assert!(!anchor(&[modulus.clone(), exponent.clone(), NULL.to_vec()], &[]));
    assert!(!anchor(&[modulus, tlv(0x02, &[0, 1, 0, 1])], &[]));
    assert!(!anchor(&[tlv(0x02, &[&[0, 0][..], &[0xA7; 256]].concat()), exponent], &[]));
}

/// The `SubjectPublicKeyInfo` of an RSA key with a modulus of so many bytes.
fn rsa_key_info(modulus_bytes: usize, parameters: &[u8]) -> Vec<u8> {
    let key = sequence(&[integer(&vec![0xA7; modulus_bytes]), integer(&[1, 0, 1])]);
    let bits = [&[0][..], &key].concat();
    sequence(&[identifier("1.2.840.113549.1.1.1", parameters), tlv(0x03, &bits)])
}

#[test]
fn an_rsa_key_has_2048_to_8192_bits_and_the_usual_encoding() {
    let anchor = |info: Vec<u8>| {
        let root =
            Authority { public_key_info: info, ..Authority::of(SignatureAlgorithm::RsaPkcs1Sha256) }.root();
        TrustAnchors::from_der_accepting([root], SignatureAlgorithm::ALL).is_ok()
    };
    assert!(anchor(rsa_key_info(256, NULL)) && anchor(rsa_key_info(1_024, NULL)));
    assert!(!anchor(rsa_key_info(255, NULL)) && !anchor(rsa_key_info(1_025, NULL)));
    assert!(!anchor(rsa_key_info(256, &[])), "RFC 3279, section 2.3.1: NULL");
}
