//! Every bit that a verdict depends on is covered by a signature, by the policy, or by a rule: whoever changes
//! one gets no "verified". The last tests here show what is not covered, and say whose duty it is.

mod common;

use base64ct::{Base64, Encoding};
use common::Vector;
use common::certificates::{respelt, respelt_signature, split_tlv};
use countermark::{
    ArtifactName, Claim, Entry, Message, MessageSignature, Origin, Policy, SignerPolicy, Timestamp,
    TrustAnchors, Verifier,
};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// An accepted signature with all that is judged with it, in parts that can be changed one by one.
#[derive(Clone)]
struct Case {
    id: String,
    anchors: Vec<Vec<u8>>,
    known: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    signature: Vec<u8>,
    timestamp: Timestamp,
    signed: Signed,
}

/// What was signed, and under what it is accepted.
#[derive(Clone)]
enum Signed {
    Artifact { asked: String, entry: Recorded, policy: Policy },
    Message(Vec<u8>, SignerPolicy),
}

/// What an entry records beside the signature.
#[derive(Clone)]
struct Recorded {
    namespace: String,
    artifact_name: String,
    provenance: Vec<(String, String)>,
}

/// A part of a case, as bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Anchor(usize),
    Known(usize),
    /// Of the entry; the leaf is the first.
    Certificate(usize),
    Signature,
    Message,
    /// As the entry records it.
    RecordedName,
    /// As the entry records it and as the caller asks for it, both.
    Name,
    ClaimName(usize),
    ClaimText(usize),
}

impl Case {
    fn of_vector(id: &str) -> Self {
        let vector = Vector::named(id);
        let ders =
            |pem: Option<String>| pem.map_or(vec![], |pem| Entry::certificates_from_pem(&pem).unwrap());
        let entries = countermark::entries_from_json(vector.json("entries")).unwrap();
        let [entry] = entries.as_slice() else { panic!("{id} has several entries") };
        let recorded = Recorded {
            namespace: entry.namespace().to_string(),
            artifact_name: entry.artifact_name().to_string(),
            provenance: entry.provenance().iter().map(|(name, text)| (name.into(), text.into())).collect(),
        };
        Self {
            id: id.to_string(),
            anchors: ders(vector.get("trust_anchors")),
            known: ders(vector.get("intermediates")),
            certificates: entry.certificates().to_vec(),
            signature: entry.signature().to_vec(),
            timestamp: entry.timestamp(),
            signed: Signed::Artifact {
                asked: vector.get("artifact_name").unwrap(),
                entry: recorded,
                policy: Policy::from_json(vector.json("policy")).unwrap(),
            },
        }
    }

    /// A signature of the real Sigstore instance: authorities on P-384, and a message.
    fn real() -> Self {
        let file: serde_json::Value = serde_json::from_str(&common::read("sigstore/messages.json")).unwrap();
        let case = &file["cases"][1];
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
        let chain = text(&case["certificate"]) + "\n" + case["intermediates"].as_str().unwrap_or_default();
        let certificates = Entry::certificates_from_pem(&chain).unwrap();
        let claims = countermark::Claims::of_certificate(&certificates[0]).unwrap();
        let seconds = file["max_certificate_lifetime_seconds"].as_u64().unwrap();
        let policy = SignerPolicy::new(claims.get(&Claim::CertificateOidcIssuer).unwrap())
            .and_then(|policy| policy.with_max_certificate_lifetime_seconds(seconds.try_into().unwrap()))
            .and_then(|policy| {
                policy.require(Claim::CertificateIdentity, claims.get(&Claim::CertificateIdentity).unwrap())
            });
        Self {
            id: text(&case["id"]),
            anchors: Entry::certificates_from_pem(&text(&file["trust_anchors"])).unwrap(),
            known: vec![],
            signature: Base64::decode_vec(&text(&case["signature"])).unwrap(),
            timestamp: text(&case["timestamp"]).parse().unwrap(),
            signed: Signed::Message(Base64::decode_vec(&text(&case["message"])).unwrap(), policy.unwrap()),
            certificates,
        }
    }

    fn verifier(&self) -> Option<Verifier> {
        let anchors = TrustAnchors::from_der(&self.anchors).ok()?;
        Some(Verifier::builder(anchors).intermediates_from_der(&self.known).ok()?.build())
    }

    /// The path's certificates if it is accepted, by their origin. What is malformed is not accepted.
    fn accepted_by(&self, verifier: &Verifier) -> Option<Vec<(Origin, Vec<u8>)>> {
        let verified = match &self.signed {
            Signed::Artifact { asked, entry, policy } => {
                let name: ArtifactName = asked.parse().ok()?;
                let entry = self.entry(entry)?;
                let verified = verifier.verify(&name, [&entry], policy).ok()?;
                verified.path().iter().map(|part| (part.origin(), part.der().to_vec())).collect()
            }
            Signed::Message(message, policy) => {
                let message = Message::new(message).ok()?;
                let signature =
                    MessageSignature::new(&self.signature, self.certificates.as_slice(), self.timestamp)
                        .ok()?;
                let verified =
                    verifier.verify_message(&message, &signature, policy.for_messages().unwrap()).ok()?;
                verified.path().iter().map(|part| (part.origin(), part.der().to_vec())).collect()
            }
        };
        Some(verified)
    }

    fn entry(&self, recorded: &Recorded) -> Option<Entry> {
        Entry::new(
            recorded.namespace.clone(),
            recorded.artifact_name.clone(),
            self.signature.clone(),
            self.certificates.clone(),
            self.timestamp,
            false,
        )
        .and_then(|entry| entry.with_provenance(recorded.provenance.clone()))
        .ok()
    }

    fn is_accepted(&self) -> bool {
        self.verifier().is_some_and(|verifier| self.accepted_by(&verifier).is_some())
    }

    /// The parts that must not change: the signature, what was signed, what is recorded, the leaf, and the
    /// authorities of the path; the anchor's own are a matter of their own.
    fn covered_parts(&self) -> Vec<Part> {
        let path = self.accepted_by(&self.verifier().unwrap()).unwrap();
        let mut parts = vec![Part::Signature, Part::Certificate(0)];
        for (origin, der) in &path {
            let find = |certificates: &[Vec<u8>]| certificates.iter().position(|other| other == der).unwrap();
            match origin {
                Origin::Entry => parts.push(Part::Certificate(find(&self.certificates))),
                Origin::KnownIntermediate => parts.push(Part::Known(find(&self.known))),
                _ => {}
            }
        }
        match &self.signed {
            Signed::Message(..) => parts.push(Part::Message),
            Signed::Artifact { entry, .. } => {
                parts.extend([Part::RecordedName, Part::Name]);
                for index in 0..entry.provenance.len() {
                    parts.extend([Part::ClaimName(index), Part::ClaimText(index)]);
                }
            }
        }
        parts
    }

    /// The bits of a part to flip, one by one: all of them. A signature on P-384 takes ten times as long to
    /// check as one on P-256; with authorities on P-384 it is one bit of each byte, unless the variable
    /// `COUNTERMARK_EVERY_BIT` is set.
    fn bits(&self, part: Part) -> Vec<(Part, usize)> {
        const P384: &[u8] = &[0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22];
        let is_slow = self.anchors.iter().any(|anchor| anchor.windows(P384.len()).any(|bytes| bytes == P384));
        let bytes = 0..self.bytes(part).len();
        if is_slow && std::env::var_os("COUNTERMARK_EVERY_BIT").is_none() {
            bytes.map(|byte| (part, byte * 8 + byte % 8)).collect()
        } else {
            bytes.flat_map(|byte| (0..8).map(move |bit| (part, byte * 8 + bit))).collect()
        }
    }

    fn bytes(&self, part: Part) -> Vec<u8> {
        match (part, &self.signed) {
            (Part::Anchor(index), _) => self.anchors[index].clone(),
            (Part::Known(index), _) => self.known[index].clone(),
            (Part::Certificate(index), _) => self.certificates[index].clone(),
            (Part::Signature, _) => self.signature.clone(),
            (Part::Message, Signed::Message(message, _)) => message.clone(),
            (Part::RecordedName | Part::Name, Signed::Artifact { asked, .. }) => asked.clone().into_bytes(),
            (Part::ClaimName(index), Signed::Artifact { entry, .. }) => {
                entry.provenance[index].0.clone().into_bytes()
            }
            (Part::ClaimText(index), Signed::Artifact { entry, .. }) => {
                entry.provenance[index].1.clone().into_bytes()
            }
            _ => panic!("{} has no {part:?}", self.id),
        }
    }

    /// The case with this part changed; `None` if the change makes it no text, so that no record can hold it.
    fn with(&self, part: Part, bytes: Vec<u8>) -> Option<Self> {
        let mut case = self.clone();
        match (part, &mut case.signed) {
            (Part::Anchor(index), _) => case.anchors[index] = bytes,
            (Part::Known(index), _) => case.known[index] = bytes,
            (Part::Certificate(index), _) => case.certificates[index] = bytes,
            (Part::Signature, _) => case.signature = bytes,
            (Part::Message, Signed::Message(message, _)) => *message = bytes,
            (part, Signed::Artifact { asked, entry, .. }) => {
                let text = String::from_utf8(bytes).ok()?;
                match part {
                    Part::RecordedName => entry.artifact_name = text,
                    Part::Name => (*asked, entry.artifact_name) = (text.clone(), text),
                    Part::ClaimName(index) => entry.provenance[index].0 = text,
                    Part::ClaimText(index) => entry.provenance[index].1 = text,
                    _ => panic!("{part:?}"),
                }
            }
            (part, _) => panic!("{part:?}"),
        }
        Some(case)
    }
}

/// One accepted signature for each kind of chain.
fn cases() -> Vec<Case> {
    let ids = [
        "accept-minimal",
        "accept-nine-claims",
        "accept-p384-authorities",
        "accept-known-intermediate",
        "accept-intermediate-as-anchor",
        "accept-three-intermediates-shuffled",
        "accept-custom-claim",
    ];
    let cases: Vec<Case> = ids.into_iter().map(Case::of_vector).chain([Case::real()]).collect();
    for case in &cases {
        assert!(case.is_accepted(), "{}", case.id);
    }
    cases
}

/// Does it for every item, on all cores.
fn for_each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, Into::into);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(item);
                }
            });
        }
    });
}

fn flip(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    flipped[bit / 8] ^= 1 << (bit % 8);
    flipped
}

#[test]
fn every_single_bit_that_is_covered_matters() {
    for case in cases() {
        let verifier = case.verifier().unwrap();
        let bits: Vec<(Part, usize)> =
            case.covered_parts().into_iter().flat_map(|part| case.bits(part)).collect();
        for_each(&bits, |(part, bit)| {
            let Some(changed) = case.with(*part, flip(&case.bytes(*part), *bit)) else { return };
            let accepted = match part {
                Part::Known(_) => changed.is_accepted(),
                _ => changed.accepted_by(&verifier).is_some(),
            };
            assert!(!accepted, "{}: {part:?}, bit {bit}", case.id);
        });
    }
}

/// An anchor is trusted for being given: its own signature says nothing, and how far it may be used is the
/// word of whoever gave it. What ties the path to it is its name and its key, and every bit of these matters.
#[test]
fn every_single_bit_of_an_anchors_name_and_key_matters() {
    for mut case in cases() {
        let path = case.accepted_by(&case.verifier().unwrap()).unwrap();
        case.anchors = vec![path.last().unwrap().1.clone()];
        let anchor = &case.anchors[0];
        let ranges = name_and_key(anchor);
        assert!(ranges.iter().map(ExactSizeIterator::len).sum::<usize>() > 65 + 20);
        let mut bits = case.bits(Part::Anchor(0));
        bits.retain(|(_, bit)| ranges.iter().any(|range| range.contains(&(bit / 8))));
        for_each(&bits, |(part, bit)| {
            let changed = case.with(*part, flip(anchor, *bit)).unwrap();
            assert!(!changed.is_accepted(), "{}: bit {bit} of the anchor", case.id);
        });
    }
}

/// Where a certificate's subject and public key stand in it.
fn name_and_key(certificate: &[u8]) -> [std::ops::Range<usize>; 2] {
    let (signed_part, behind) = split_tlv(split_tlv(certificate).0);
    let end = certificate.len() - behind.len();
    let after = |rest| split_tlv(rest).1;
    // Version, serial number, algorithm, issuer, validity.
    let subject = (0..5).fold(signed_part, |rest, _| after(rest));
    let key = after(subject);
    let at = |rest: &[u8]| end - rest.len();
    [at(subject)..at(key), at(key)..at(after(key))]
}

#[test]
fn a_part_that_is_cut_off_anywhere_is_not_accepted() {
    for case in cases() {
        let verifier = case.verifier().unwrap();
        let mut parts = case.covered_parts();
        parts.extend((0..case.anchors.len()).map(Part::Anchor));
        let lengths: Vec<(Part, usize)> = parts
            .iter()
            .flat_map(|part| (0..case.bytes(*part).len()).map(move |length| (*part, length)))
            .collect();
        for_each(&lengths, |(part, length)| {
            let cut = case.with(*part, case.bytes(*part)[..*length].to_vec()).unwrap();
            let accepted = match part {
                Part::Known(_) | Part::Anchor(_) => cut.is_accepted(),
                _ => cut.accepted_by(&verifier).is_some(),
            };
            assert!(!accepted, "{}: {part:?} cut to {length} bytes", case.id);
        });
    }
}

#[test]
fn a_time_past_either_end_of_the_leafs_window_is_not_accepted() {
    for case in cases() {
        let (not_before, not_after) = window(&case);
        let at = |seconds, nanoseconds| Case {
            timestamp: Timestamp::from_unix(seconds, nanoseconds).unwrap(),
            ..case.clone()
        };
        for past in [1, 60, 86_400, 10 * 365 * 86_400] {
            assert!(!at(not_before - past, 999_999_999).is_accepted(), "{}: {past} s early", case.id);
            assert!(!at(not_after + past, 0).is_accepted(), "{}: {past} s late", case.id);
        }
        assert!(!at(not_after, 1).is_accepted(), "{}: a nanosecond late", case.id);
        assert!(!at(not_before - 1, 999_999_999).is_accepted(), "{}: a nanosecond early", case.id);
    }
}

/// The validity of a case's leaf, in seconds.
fn window(case: &Case) -> (i64, i64) {
    let verifier = case.verifier().unwrap();
    let (not_before, not_after) = match &case.signed {
        Signed::Artifact { asked, entry, policy } => {
            let entry = case.entry(entry).unwrap();
            verifier.verify(&asked.parse().unwrap(), [&entry], policy).unwrap().validity().unwrap()
        }
        Signed::Message(message, policy) => {
            let signature =
                MessageSignature::new(&case.signature, case.certificates.as_slice(), case.timestamp).unwrap();
            let message = Message::new(message).unwrap();
            verifier
                .verify_message(&message, &signature, policy.any_signer_of_issuer())
                .unwrap()
                .validity()
                .unwrap()
        }
    };
    (not_before.unix_seconds(), not_after.unix_seconds())
}

#[test]
fn every_order_of_the_authorities_will_do_and_the_leaf_stands_first() {
    for case in cases() {
        let count = case.certificates.len();
        for rotation in 0..count {
            for reversed in [false, true] {
                let mut shuffled = case.clone();
                shuffled.certificates[1..].rotate_left(rotation.min(count - 1));
                if reversed {
                    shuffled.certificates[1..].reverse();
                }
                assert!(shuffled.is_accepted(), "{}", case.id);
            }
        }
        for other in 1..count {
            let mut shuffled = case.clone();
            shuffled.certificates.swap(0, other);
            assert!(!shuffled.is_accepted(), "{}: certificate {other} as the leaf", case.id);
        }
        for doubled in 0..count {
            for at in 1..=count {
                let mut more = case.clone();
                more.certificates.insert(at, case.certificates[doubled].clone());
                assert!(more.is_accepted(), "{}: certificate {doubled} again at {at}", case.id);
            }
        }
    }
}

#[test]
fn what_belongs_to_another_entry_is_not_accepted() {
    let cases = cases();
    for case in &cases {
        let used: BTreeSet<usize> = case
            .covered_parts()
            .into_iter()
            .filter_map(|part| if let Part::Certificate(index) = part { Some(index) } else { None })
            .collect();
        for other in cases.iter().filter(|other| other.id != case.id) {
            for index in &used {
                for stranger in other.certificates.iter().filter(|der| **der != case.certificates[*index]) {
                    let swapped = case.with(Part::Certificate(*index), stranger.clone()).unwrap();
                    assert!(!swapped.is_accepted(), "{} with one of {}", case.id, other.id);
                }
            }
            if other.signature != case.signature {
                let swapped = case.with(Part::Signature, other.signature.clone()).unwrap();
                assert!(!swapped.is_accepted(), "{} with the signature of {}", case.id, other.id);
            }
            let chain = Case { certificates: other.certificates.clone(), ..case.clone() };
            if other.certificates[0] != case.certificates[0] {
                assert!(!chain.is_accepted(), "{} with the chain of {}", case.id, other.id);
            }
        }
    }
}

// What is not covered.

/// The log's word: see `TimeVoucher::Recorded`. Whoever wants more needs evidence for the time.
#[test]
fn not_covered_is_a_time_inside_the_window() {
    for case in cases() {
        let (not_before, not_after) = window(&case);
        for seconds in not_before..=not_after {
            if seconds % 7 == 0 || seconds == not_before || seconds == not_after {
                let timestamp = Timestamp::from_unix(seconds, 0).unwrap();
                assert!(Case { timestamp, ..case.clone() }.is_accepted(), "{}", case.id);
            }
        }
    }
}

/// It selects; a tenant that must be proven is a claim (DESIGN.md, "What the namespace does not prove").
#[test]
fn not_covered_is_the_namespace() {
    let mut case = Case::of_vector("accept-nine-claims");
    let Signed::Artifact { entry, policy, .. } = &mut case.signed else { unreachable!() };
    entry.namespace = "another-tenant".to_string();
    let issuer = policy.signer().certificate_oidc_issuer().to_string();
    assert!(!case.is_accepted(), "not under the policy of the first");
    let Signed::Artifact { policy, .. } = &mut case.signed else { unreachable!() };
    *policy = Policy::new("another-tenant", issuer).unwrap();
    assert!(case.is_accepted());
}

/// Nothing is concluded from a certificate that is on no path, so that nothing in it matters. The entry's own
/// copy of the root is one: the anchor is the caller's.
#[test]
fn not_covered_are_certificates_that_the_path_does_not_use() {
    let mut seen = 0;
    for case in cases() {
        let verifier = case.verifier().unwrap();
        let path = case.accepted_by(&verifier).unwrap();
        let used = case.covered_parts();
        for index in (1..case.certificates.len()).filter(|index| !used.contains(&Part::Certificate(*index))) {
            seen += 1;
            let part = Part::Certificate(index);
            let bits: Vec<usize> = (0..case.bytes(part).len()).map(|byte| byte * 8 + byte % 8).collect();
            for_each(&bits, |bit| {
                let changed = case.with(part, flip(&case.certificates[index], *bit)).unwrap();
                assert_eq!(changed.accepted_by(&verifier).as_ref(), Some(&path), "{}: bit {bit}", case.id);
            });
            let mut without = case.clone();
            without.certificates.remove(index);
            assert_eq!(without.accepted_by(&verifier).as_ref(), Some(&path), "{}", case.id);
        }
    }
    assert!(seen > 0, "no case brings a certificate that is not used");
}

/// Of a signature (r, s), anybody can make (r, n − s). It says the same of the same bytes, so that nothing is
/// gained; but no SHA-256 of a signature or a certificate tells them apart from others (see
/// `another_spelling_of_a_signature_does_not_evade_distrust`).
#[test]
fn not_covered_is_which_of_its_two_spellings_a_signature_has() {
    for case in cases() {
        for part in case.covered_parts() {
            let bytes = case.bytes(part);
            let other = match part {
                Part::Signature => respelt_signature(&bytes),
                Part::Certificate(_) | Part::Known(_) => respelt(&bytes),
                _ => continue,
            };
            assert_ne!(bytes, other);
            assert!(case.with(part, other).unwrap().is_accepted(), "{}: {part:?}", case.id);
        }
    }
}
