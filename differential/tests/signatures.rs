//! Signatures, good and bad, get the same verdict from both implementations: those of certificates by every accepted
//! algorithm, and those of messages.

mod common;

use common::certificates::{
    Certificate, ISSUER, Key, NOT_BEFORE, at, integer, oid, scene, sequence, signature_der, tlv,
};
use common::{Random, cases, run, their_path, their_signature};
use countermark::path_validation::PathValidation;
use countermark::{Code, Message, MessageSignature, Policy, TrustAnchors, Verifier};

/// The orders of the groups of P-256 and P-384.
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER: &str =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// `a − b` of two numbers of one length, `a` being the larger.
fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = false;
    let mut difference: Vec<u8> = a
        .iter()
        .zip(b)
        .rev()
        .map(|(a, b)| {
            let (once, first) = a.overflowing_sub(*b);
            let (twice, second) = once.overflowing_sub(borrow.into());
            borrow = first || second;
            twice
        })
        .collect();
    difference.reverse();
    difference
}

fn plus_one(number: &[u8]) -> Vec<u8> {
    let mut sum = number.to_vec();
    for byte in sum.iter_mut().rev() {
        *byte = byte.wrapping_add(1);
        if *byte != 0 {
            break;
        }
    }
    sum
}

/// The two integers of a signature, with leading zeros up to the length of the order.
fn integers(der: &[u8], length: usize) -> [Vec<u8>; 2] {
    let mut rest = &der[2..];
    [(); 2].map(|()| {
        let (content, after) = rest[2..].split_at(rest[1].into());
        rest = after;
        let digits: Vec<u8> = content.iter().copied().skip_while(|byte| *byte == 0).collect();
        [vec![0; length - digits.len()], digits].concat()
    })
}

/// One integer of a signature, made wrong, extreme, or into another encoding of itself.
fn odd_integer(random: &mut Random, value: &[u8], order: &[u8]) -> Vec<u8> {
    let zeros = vec![0; order.len()];
    match random.below(14) {
        0 => integer(&zeros),
        1 => integer(&[1]),
        2 => integer(order),
        3 => integer(&plus_one(order)),
        4 => integer(&minus(order, &plus_one(&zeros))),
        // n − x: for s the other valid one.
        5 | 6 => integer(&minus(order, value)),
        // x + n, which is x modulo n.
        7 => {
            let complement = minus(&vec![0xFF; order.len()], order);
            match value.iter().cmp(&complement) {
                std::cmp::Ordering::Less => integer(&minus(value, &plus_one(&complement)).to_vec()),
                _ => integer(&[&[1][..], &zeros].concat()),
            }
        }
        // A redundant zero.
        8 => tlv(0x02, &[&[0, 0][..], value].concat()),
        // Without the zero that makes it positive, or negative by chance.
        9 => tlv(0x02, value),
        10 => tlv(0x02, &[]),
        11 => [&[0x02, 0x81, value.len() as u8][..], value].concat(),
        12 => integer(&[&[random.byte()][..], value].concat()),
        _ => tlv(0x03, value),
    }
}

/// A signature that may be wrong, from one that is right.
fn odd_signature(random: &mut Random, good: &[u8], order: &[u8]) -> Vec<u8> {
    let [r, s] = integers(good, order.len());
    let fixed = [r.as_slice(), &s].concat();
    let content = signature_der(&fixed)[2..].to_vec();
    match random.below(20) {
        0 | 1 => good.to_vec(),
        2 | 3 => sequence(&[odd_integer(random, &r, order), integer(&s)]),
        4..=7 => sequence(&[integer(&r), odd_integer(random, &s, order)]),
        8 => sequence(&[odd_integer(random, &r, order), odd_integer(random, &s, order)]),
        9 => sequence(&[integer(&s), integer(&r)]),
        10 => [&[0x30, 0x81, content.len() as u8][..], &content].concat(),
        11 => [&[0x30, 0x82, 0, content.len() as u8][..], &content].concat(),
        12 => [&[0x30, 0x80][..], &content, &[0, 0]].concat(),
        13 => [good, &[random.byte()]].concat(),
        14 => sequence(&[content, tlv(0x02, &[1])]),
        15 => good[..random.below(good.len())].to_vec(),
        16 => fixed,
        17 => {
            let mut bytes = good.to_vec();
            let at = random.below(bytes.len());
            bytes[at] = random.byte();
            bytes
        }
        _ => {
            let mut bytes = good.to_vec();
            let bit = random.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        }
    }
}

fn describe(case: usize, ours: &str, theirs: &str, signature: &[u8]) -> String {
    format!("case {case}: we say {ours}, they say {theirs}, of the signature {signature:02x?}")
}

/// How often both accepted and both refused, or the disagreements.
fn check(results: Vec<Result<bool, String>>) {
    let count = results.len();
    let disagreements: Vec<String> = results.iter().filter_map(|result| result.clone().err()).collect();
    let accepted = results.iter().filter(|result| **result == Ok(true)).count();
    println!(
        "{count} signatures: both accept {accepted}, both refuse {}",
        count - accepted - disagreements.len()
    );
    assert!(
        disagreements.is_empty(),
        "{} disagreements:\n{}",
        disagreements.len(),
        disagreements[..disagreements.len().min(10)].join("\n")
    );
    assert!(accepted * 10 > count && accepted * 2 < count, "the cases are not of both kinds");
}

#[test]
fn signatures_of_certificates() {
    let keys = [(Key::p256(1), P256_ORDER), (Key::p384(1), P384_ORDER)];
    let anchors = keys.clone().map(|(key, _)| Certificate::authority("root", &key, "root").sign(&key));
    let results = run(cases() / 5, |case| {
        let mut random = Random::of_case(case);
        let which = usize::from(random.one_in(4));
        let (key, order) = &keys[which];
        let mut leaf = Certificate::leaf(&Key::p256(2), "root");
        leaf.not_after = NOT_BEFORE + random.below(1_000) as i64 + 10;
        leaf.sha384 = random.one_in(3);
        let der = leaf.sign(key);
        // The signature is the BIT STRING at the end; what stands before it is kept.
        let signed_part = first_value(&der[4..]).to_vec();
        let good = if leaf.sha384 { key.sign_sha384(&signed_part) } else { key.sign_sha256(&signed_part) };
        let signature = odd_signature(&mut random, &good, &from_hex(order));
        let algorithm = oid(if leaf.sha384 { "1.2.840.10045.4.3.3" } else { "1.2.840.10045.4.3.2" });
        let der =
            sequence(&[signed_part, sequence(&[algorithm]), tlv(0x03, &[&[0][..], &signature].concat())]);

        let validation = PathValidation {
            time: at(8),
            max_authorities: None,
            extended_key_usage: None,
            digital_signature: false,
        };
        let ours = validation.validate(&TrustAnchors::from_der([&anchors[which]]).unwrap(), &der, &[]);
        let theirs = their_path(&anchors[which], &der, &[], at(8));
        match (&ours, &theirs) {
            (Ok(()), Ok(())) => Ok(true),
            (Err(_), Err(_)) => Ok(false),
            _ => Err(describe(case, &format!("{ours:?}"), &format!("{theirs:?}"), &signature)),
        }
    });
    check(results);
}

/// The first DER value of some bytes, tag and length included.
fn first_value(der: &[u8]) -> &[u8] {
    let length = match der[1] {
        0x81 => 3 + usize::from(der[2]),
        0x82 => 4 + usize::from(der[2]) * 256 + usize::from(der[3]),
        short => 2 + usize::from(short),
    };
    &der[..length]
}

#[test]
fn signatures_of_messages() {
    let scene = scene();
    let verifier = Verifier::new(TrustAnchors::from_der([scene.root.sign(&scene.root_key)]).unwrap());
    let leaf = scene.leaf.sign(&scene.root_key);
    let policy = Policy::new("example-ns", ISSUER).unwrap();
    let order = from_hex(P256_ORDER);
    let results = run(cases() / 5, |case| {
        let mut random = Random::of_case(case);
        let message: [u8; 16] = random.bytes();
        let signature = odd_signature(&mut random, &scene.leaf_key.sign_sha256(&message), &order);
        let certificates = [leaf.as_slice()];
        let ours = MessageSignature::new(&signature, &certificates[..], at(8)).is_ok_and(|signed| {
            let result = verifier.verify_message(
                &Message::new(&message).unwrap(),
                &signed,
                policy.signer().any_signer_of_issuer(),
            );
            match result {
                Ok(_) => true,
                Err(rejection) => {
                    assert!(matches!(rejection.code(), Code::CorruptedSignature | Code::InvalidSignature));
                    false
                }
            }
        });
        let theirs = their_signature(&leaf, &message, &signature);
        if ours == theirs.is_ok() {
            Ok(ours)
        } else {
            Err(describe(case, &format!("{ours}"), &format!("{theirs:?}"), &signature))
        }
    });
    check(results);
}
