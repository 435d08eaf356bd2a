//! Rule 4's search against a plain one, on random meshes of authorities: the same path, or the same reason why there is
//! none.
//!
//! The plain search knows which key signed what, and walks every path from the leaf upwards. It has no limits but the
//! one on the length of a path, which no mesh here reaches.

mod common;

use common::certificates::*;
use countermark::{CertificateFault, Origin, Reason, Subject, TrustAnchors, Verifier};
use sha2::{Digest, Sha256};

/// A small generator of repeatable noise (xorshift64*).
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

// Eight authorities, so that no path is too long.
const NAMES: [&str; 2] = ["a", "root"];
const KEYS: usize = 4;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    Form,
    Time,
}

/// A certificate by what the plain search needs to know.
#[derive(Clone)]
struct Made {
    subject: usize,
    key: usize,
    issuer: usize,
    signer: usize,
    flaw: Flaw,
    /// Another number for each, which its flaw tells.
    number: usize,
    der: Vec<u8>,
}

fn key(index: usize) -> Key {
    Key::p256(200 + index as u8)
}

impl Made {
    /// One that nobody need have signed, or else by one of those there are.
    fn random(noise: &mut Noise, number: usize, others: &[Self]) -> Self {
        let (subject, of) = (noise.below(NAMES.len()), noise.below(KEYS));
        let (issuer, signer) = some_issuer(noise, others);
        let flaw = [Flaw::None, Flaw::None, Flaw::None, Flaw::None, Flaw::Form, Flaw::Time][noise.below(6)];
        let mut parts = Certificate::authority(NAMES[subject], &key(of), NAMES[issuer]);
        parts.not_after += number as i64;
        match flaw {
            Flaw::None => {}
            Flaw::Form => parts = parts.with(extension(&format!("1.2.3.{number}"), true, vec![5, 0])),
            Flaw::Time => parts.not_after = NOT_BEFORE - number as i64,
        }
        if noise.one_in(3) {
            parts.public_key = compressed_key_info(&key(of));
        }
        let der = parts.sign(&key(signer));
        Self { subject, key: of, issuer, signer, flaw, number, der }
    }

    fn is_signed_by(&self, issuer: &Self) -> bool {
        self.issuer == issuer.subject && self.signer == issuer.key
    }
}

/// The name and the key of an issuer.
fn some_issuer(noise: &mut Noise, others: &[Made]) -> (usize, usize) {
    if others.is_empty() || noise.one_in(3) {
        return (noise.below(NAMES.len()), noise.below(KEYS));
    }
    let other = &others[noise.below(others.len())];
    (other.subject, other.key)
}

struct Mesh {
    leaf: Made,
    supplied: Vec<Made>,
    known: Vec<Made>,
    anchors: Vec<Made>,
    distrusted: Option<usize>,
}

impl Mesh {
    fn random(noise: &mut Noise) -> Self {
        let mut all = Vec::new();
        let mut several = |noise: &mut Noise, least: usize, most: usize| -> Vec<Made> {
            let count = least + noise.below(most - least + 1);
            let first = all.len();
            for _ in 0..count {
                all.push(Made::random(noise, all.len() + 1, &all));
            }
            all[first..].to_vec()
        };
        let anchors = several(noise, 1, 2);
        let known = several(noise, 0, 5);
        let mut supplied = several(noise, 0, 9);
        // Copies of what the verifier has, and of what was supplied before.
        for list in [&anchors, &known, &supplied.clone()] {
            if !list.is_empty() && noise.one_in(2) {
                let copy = list[noise.below(list.len())].clone();
                supplied.insert(noise.below(supplied.len() + 1), copy);
            }
        }
        let (issuer, signer) = some_issuer(noise, &all);
        let der = Certificate::leaf(&Key::p256(2), NAMES[issuer]).sign(&key(signer));
        let leaf =
            Made { subject: usize::MAX, key: usize::MAX, issuer, signer, flaw: Flaw::None, number: 0, der };
        let distrusted = noise.one_in(4).then(|| noise.below(KEYS));
        Self { leaf, supplied, known, anchors, distrusted }
    }

    fn expected(&self) -> String {
        let mut failure = (0, "unknown_ca".to_string());
        self.extend(&mut Vec::new(), &mut failure).unwrap_or(failure.1)
    }

    /// The first path that is in order; notes the most telling failure of those that are not.
    fn extend<'m>(
        &'m self,
        path: &mut Vec<(Origin, &'m Made)>,
        failure: &mut (u8, String),
    ) -> Option<String> {
        let child = path.last().map_or(&self.leaf, |(_, made)| made);
        let is_usable = |path: &[(Origin, &Made)], issuer: &Made| {
            child.is_signed_by(issuer)
                && Some(issuer.key) != self.distrusted
                && !path.iter().any(|(_, made)| (made.subject, made.key) == (issuer.subject, issuer.key))
        };
        for anchor in &self.anchors {
            if is_usable(path, anchor) {
                let all = || path.iter().copied().chain([(Origin::TrustAnchor, anchor)]);
                let flawed = |flaw| all().find(|(_, made)| made.flaw == flaw).map(|(_, made)| made.number);
                let (rank, found) = match (flawed(Flaw::Form), flawed(Flaw::Time)) {
                    (Some(number), _) => (2, format!("bad_certificate {number}")),
                    (None, Some(number)) => (3, format!("time_mismatch {number}")),
                    (None, None) => {
                        return Some(text(all().map(|(origin, made)| (origin, made.der.as_slice()))));
                    }
                };
                if rank > failure.0 {
                    *failure = (rank, found);
                }
            }
        }
        let supplied = self.supplied.iter().map(|made| {
            let is_known = self.known.iter().any(|known| known.der == made.der);
            (if is_known { Origin::KnownIntermediate } else { Origin::Entry }, made)
        });
        let known = self.known.iter().map(|made| (Origin::KnownIntermediate, made));
        for (origin, issuer) in supplied.chain(known) {
            if is_usable(path, issuer) {
                path.push((origin, issuer));
                let found = self.extend(path, failure);
                path.pop();
                if found.is_some() {
                    return found;
                }
            }
        }
        None
    }

    fn verifier(&self) -> Verifier {
        let ders = |list: &[Made]| -> Vec<Vec<u8>> { list.iter().map(|made| made.der.clone()).collect() };
        let anchors = TrustAnchors::from_der(ders(&self.anchors)).unwrap();
        let builder = Verifier::builder(anchors).intermediates_from_der(ders(&self.known)).unwrap();
        match self.distrusted {
            Some(index) => builder.distrust(Sha256::digest(key(index).public_key_info()).into()).build(),
            None => builder.build(),
        }
    }

    fn found(&self, verifier: &Verifier) -> String {
        let certificates: Vec<Vec<u8>> =
            std::iter::once(&self.leaf).chain(&self.supplied).map(|made| made.der.clone()).collect();
        let signature = Key::p256(2).sign_sha256(NAME.as_bytes());
        let entry = countermark::Entry::new(NAMESPACE, NAME, signature, certificates, at(8), false).unwrap();
        match verifier.verify(&NAME.parse().unwrap(), [&entry], &policy()) {
            Ok(verified) => {
                let path = verified.path().iter();
                text(path.map(|certificate| (certificate.origin(), certificate.der())))
            }
            Err(rejection) => match rejection.reason() {
                Reason::BadCertificate {
                    subject: Subject::Authority(_),
                    fault: CertificateFault::UnknownCriticalExtension(oid),
                } => format!("bad_certificate {}", oid.rsplit('.').next().unwrap()),
                Reason::OutsideValidity { subject: Subject::Authority(_), not_after, .. } => {
                    format!("time_mismatch {}", NOT_BEFORE - not_after.unix_seconds())
                }
                reason => reason.code().to_string(),
            },
        }
    }
}

fn text<'a>(path: impl Iterator<Item = (Origin, &'a [u8])>) -> String {
    let digest =
        |der: &[u8]| Sha256::digest(der)[..4].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    path.map(|(origin, der)| format!("{origin:?} {}", digest(der))).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_search_finds_what_a_plain_one_finds() {
    let cases = std::env::var("COUNTERMARK_MESHES").map_or(120, |cases| cases.parse().unwrap());
    let mut noise = Noise(0x00C0_FFEE);
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for case in 0..cases {
        let mesh = Mesh::random(&mut noise);
        let (expected, verifier) = (mesh.expected(), mesh.verifier());
        // The second time some signatures are remembered.
        for _ in 0..2 {
            assert_eq!(mesh.found(&verifier), expected, "case {case}");
        }
        let kind = if expected.contains("TrustAnchor") {
            format!("a path of {}", expected.split(", ").count())
        } else {
            expected.split(' ').next().unwrap().to_string()
        };
        *counts.entry(kind).or_default() += 1;
    }
    println!("{counts:?}");
    // Each kind of answer was really asked for.
    let least = cases / 60;
    for kind in
        ["unknown_ca", "bad_certificate", "time_mismatch", "a path of 1", "a path of 2", "a path of 3"]
    {
        assert!(counts.get(kind).is_some_and(|count| *count > least), "{kind}: {counts:?}");
    }
}
