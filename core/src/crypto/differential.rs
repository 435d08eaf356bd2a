//! Both back ends on the same keys, messages and signatures, sound and mutated: they must agree on every one.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::{Digest, HashAlgorithm, aws_lc, ecdsa_signature, rust_crypto, sha256};
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::vec;
use alloc::vec::Vec;
use signature::hazmat::PrehashSigner;

/// A small generator of repeatable noise (xorshift64*).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_be_bytes()[0]).collect()
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    fn flip_a_bit(&mut self, bytes: &mut [u8]) {
        if !bytes.is_empty() {
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(8);
        }
    }
}

/// What both back ends are asked: did this key sign this message?
struct Question {
    kind: KeyKind,
    key: Vec<u8>,
    algorithm: SignatureAlgorithm,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Question {
    /// One to which the answer is yes.
    fn sound(noise: &mut Noise) -> Self {
        let algorithm = noise.one_of(SignatureAlgorithm::DEFAULT);
        let kind = algorithm.key_kind();
        let length = noise.below(200);
        let message = noise.bytes(length);
        let digest = Digest::of(algorithm.digest_algorithm().unwrap(), &message);
        let digest = digest.as_bytes();
        let is_compressed = noise.below(2) == 0;
        let (key, signature) = if kind == KeyKind::P256 {
            let key = p256::ecdsa::SigningKey::from_slice(&noise.bytes(32)).unwrap();
            let signature: p256::ecdsa::Signature = key.sign_prehash(digest).unwrap();
            let point = key.verifying_key().to_sec1_point(is_compressed);
            (point.as_bytes().to_vec(), signature.to_der().as_bytes().to_vec())
        } else {
            let key = p384::ecdsa::SigningKey::from_slice(&noise.bytes(48)).unwrap();
            let signature: p384::ecdsa::Signature = key.sign_prehash(digest).unwrap();
            let point = key.verifying_key().to_sec1_point(is_compressed);
            (point.as_bytes().to_vec(), signature.to_der().as_bytes().to_vec())
        };
        Self { kind, key, algorithm, message, signature }
    }

    fn mutate(&mut self, noise: &mut Noise) {
        match noise.below(8) {
            0 => noise.flip_a_bit(&mut self.signature),
            1 => noise.flip_a_bit(&mut self.message),
            2 => noise.flip_a_bit(&mut self.key),
            3 => self.signature.truncate(noise.below(self.signature.len())),
            4 => self.signature.push(0),
            5 => {
                let (r, s) = (edge(self.kind, noise), edge(self.kind, noise));
                self.signature = der_signature(&r, &s);
            }
            6 => {
                let (r, s) = ecdsa_signature::read(&self.signature).unwrap();
                let (r, s) = (integer(r), integer(s));
                let other = edge(self.kind, noise);
                self.signature =
                    if noise.below(2) == 0 { der_signature(&r, &other) } else { der_signature(&other, &s) };
            }
            _ => {
                let length = self.key.len();
                self.key = noise.bytes(length);
                self.key[0] = if length.is_multiple_of(2) { 4 } else { noise.one_of(&[2, 3, 4]) };
            }
        }
    }

    /// The answers of the default back end and of AWS-LC: `None` for a key that cannot be used. Of the message, of each
    /// of its digests, and for a leaf's algorithm, what each says of it as a leaf's key too.
    fn answers(&self) -> (Vec<Option<bool>>, Vec<Option<bool>>) {
        let (message, signature) = (&self.message, &self.signature);
        let algorithms = [self.algorithm];
        let keys = (
            rust_crypto::PublicKey::new(&algorithms, &self.key),
            aws_lc::PublicKey::new(&algorithms, &self.key),
        );
        let mut answers = (
            vec![keys.0.as_ref().map(|key| key.verifies(self.algorithm, message, signature))],
            vec![keys.1.as_ref().map(|key| key.verifies(self.algorithm, message, signature))],
        );
        for hash in HashAlgorithm::ALL {
            let digest = Digest::of(*hash, message);
            let by_digest = (
                keys.0.as_ref().map(|key| key.verifies_digest(self.algorithm, &digest, signature)),
                keys.1.as_ref().map(|key| key.verifies_digest(self.algorithm, &digest, signature)),
            );
            if self.algorithm.digest_algorithm() == Some(*hash) {
                assert_eq!(by_digest, (answers.0[0], answers.1[0]), "{}", self.algorithm);
            } else {
                assert_ne!(by_digest, (Some(true), Some(true)), "{}", self.algorithm);
                assert_eq!(by_digest.0, by_digest.1);
            }
        }
        if self.algorithm != SignatureAlgorithm::EcdsaP256Sha256 {
            return answers;
        }
        let digest = sha256(message);
        let forms =
            (rust_crypto::LeafSignature::from_der(signature), aws_lc::LeafSignature::from_der(signature));
        let as_leaf = (
            rust_crypto::LeafKey::from_sec1(&self.key)
                .map(|key| forms.0.as_ref().is_some_and(|signature| key.verifies(&digest, signature))),
            aws_lc::LeafKey::from_sec1(&self.key)
                .map(|key| forms.1.as_ref().is_some_and(|signature| key.verifies(&digest, signature))),
        );
        answers.0.extend([as_leaf.0, Some(forms.0.is_some())]);
        answers.1.extend([as_leaf.1, Some(forms.1.is_some())]);
        answers
    }

    fn is_well_formed(&self) -> bool {
        let algorithm = Algorithm { oid: &[], parameters: None };
        self.kind.is_well_formed(&PublicKeyInfo { der: &[], algorithm, key: &self.key })
    }
}

/// An integer's content near the limits of a curve's scalars, or of DER.
fn edge(kind: KeyKind, noise: &mut Noise) -> Vec<u8> {
    let order = hex(if kind == KeyKind::P256 {
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"
    } else {
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"
    });
    let next_to_order = |difference: i8| {
        let mut bytes = order.clone();
        let last = bytes.last_mut().unwrap();
        *last = last.wrapping_add_signed(difference);
        integer(&bytes)
    };
    match noise.below(9) {
        0 => vec![],
        1 => vec![0],
        2 => vec![1],
        3 => next_to_order(-1),
        4 => next_to_order(0),
        5 => next_to_order(1),
        6 => vec![0xFF; order.len()],
        7 => [&[0, 0], order.as_slice()].concat(),
        _ => integer(&vec![0xFF; order.len() + 1]),
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// The content of a positive INTEGER.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    if magnitude.first().is_some_and(|first| first & 0x80 != 0) {
        [&[0], magnitude].concat()
    } else {
        magnitude.to_vec()
    }
}

fn der_signature(r: &[u8], s: &[u8]) -> Vec<u8> {
    let tlv = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    tlv(0x30, &[tlv(0x02, r), tlv(0x02, s)].concat())
}

#[test]
fn both_back_ends_agree() {
    let mut noise = Noise(0x00C0_FFEE);
    let (mut accepted, mut refused, mut unusable) = (0, 0, 0);
    for round in 0..1_600 {
        let mut question = Question::sound(&mut noise);
        if round % 4 != 0 {
            question.mutate(&mut noise);
        }
        if !question.is_well_formed() {
            continue;
        }
        assert_eq!(
            rust_crypto::uncompressed(question.kind, &question.key),
            aws_lc::uncompressed(question.kind, &question.key),
            "{:02x?}",
            question.key
        );
        let (by_default, by_aws_lc) = question.answers();
        assert_eq!(
            by_default, by_aws_lc,
            "{} with the key {:02x?} over {:02x?}: {:02x?}",
            question.algorithm, question.key, question.message, question.signature
        );
        assert!(round % 4 != 0 || by_default.iter().all(|answer| *answer == Some(true)));
        match by_default[0] {
            Some(true) => accepted += 1,
            Some(false) => refused += 1,
            None => unusable += 1,
        }
    }
    // Each kind of answer was really asked for.
    assert!(accepted >= 400 && refused > 400 && unusable > 80, "{accepted} {refused} {unusable}");
}

/// Keys and signatures of Ed25519, sound and mutated, many with points and scalars that are odd.
#[cfg(feature = "sigstore")]
#[test]
fn both_back_ends_agree_on_ed25519() {
    use ed25519_dalek::{Signer, SigningKey};
    const L: &str = "EDD3F55C1A631258D69CF7A2DEF9DE1400000000000000000000000000000010";
    let mut noise = Noise(0xED25_5190);
    let (mut accepted, mut refused, mut unusable) = (0, 0, 0);
    for round in 0..2_000 {
        let signer = SigningKey::try_from(noise.bytes(32).as_slice()).unwrap();
        let length = noise.below(200);
        let mut question = Question {
            kind: KeyKind::Ed25519,
            key: signer.verifying_key().as_bytes().to_vec(),
            algorithm: SignatureAlgorithm::Ed25519,
            message: noise.bytes(length),
            signature: vec![],
        };
        question.signature = signer.sign(&question.message).to_bytes().to_vec();
        match if round % 4 == 0 { 0 } else { noise.below(9) } {
            0 => (),
            1 => noise.flip_a_bit(&mut question.signature),
            2 => noise.flip_a_bit(&mut question.message),
            3 => noise.flip_a_bit(&mut question.key),
            4 => question.signature.truncate(noise.below(64)),
            5 => question.signature.push(0),
            6 => {
                // s + L: the same scalar in another encoding.
                let mut carry = 0;
                for (byte, of_order) in question.signature[32..].iter_mut().zip(hex(L)) {
                    let sum = u16::from(*byte) + u16::from(of_order) + carry;
                    (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
                }
            }
            7 => question.signature[..32].copy_from_slice(&odd_point(&mut noise)),
            _ => question.key = odd_point(&mut noise),
        }
        if !question.is_well_formed() {
            unusable += 1;
            continue;
        }
        let (by_default, by_aws_lc) = question.answers();
        assert_eq!(by_default, by_aws_lc, "{:02x?}: {:02x?}", question.key, question.signature);
        match by_default[0] {
            Some(true) => accepted += 1,
            Some(false) => refused += 1,
            None => unusable += 1,
        }
    }
    assert!(accepted >= 500 && refused > 500 && unusable > 150, "{accepted} {refused} {unusable}");
}

/// Bytes that some readers take for a point: y is little, about p or anything, with and without the sign.
#[cfg(feature = "sigstore")]
fn odd_point(noise: &mut Noise) -> Vec<u8> {
    let low = noise.next().to_be_bytes()[0];
    let mut y = match noise.below(3) {
        0 => [0; 32].to_vec(),
        1 => [0xFF; 32].to_vec(),
        _ => noise.bytes(32),
    };
    y[0] = if noise.below(2) == 0 { low } else { noise.one_of(&[0, 1, 2, 0xEB, 0xEC, 0xED, 0xEE]) };
    y[31] = (y[31] & 0x7F) | noise.one_of(&[0, 0x80]);
    y
}
