//! Certificate chains with one fault or several, all signed by the right keys unless that is the fault: what
//! rustls-webpki refuses, we refuse, but for the exceptions below.

mod common;

use common::certificates::{
    ARC, CODE_SIGNING, Certificate, DIGITAL_SIGNATURE, Extension, KEY_CERT_SIGN, Key, NOT_BEFORE, at,
    basic_constraints, claim, ec_public_key_info, extended_key_usage, extension, general_name, key_usage,
    name, name_constraints, oid, sequence, subject_names, tlv, utf8,
};
use common::{Random, cases, run, their_path};
use countermark::TrustAnchors;
use countermark::path_validation::PathValidation;
use std::collections::BTreeMap;
use webpki::Error;

/// Where we accept and webpki refuses, why that is as it should be, and the change of a certificate that puts the cause
/// out of the way: webpki must accept the chain once it is made.
const EXCEPTIONS: &[(&str, CertificateChange)] = &[
    (
        "webpki refuses every URI, e-mail address and directory name that a constraint is about; we compare them",
        without_constraints_on_uncompared_names,
    ),
    (
        "webpki counts self-issued authorities towards the path length, and RFC 5280 (section 4.2.1.9) does not",
        without_path_length,
    ),
    (
        "webpki applies name constraints to self-issued authorities, and RFC 5280 (section 6.1.3) does not",
        without_names_if_self_issued,
    ),
    (
        "webpki does not know anyExtendedKeyUsage, by which an authority allows every purpose (RFC 5280, section \
         4.2.1.12)",
        code_signing_for_any_purpose,
    ),
    ("webpki does not know the claims, and we process them, so that they may be critical", uncritical_claims),
];

/// A change of a certificate that tells whether it changed anything.
type CertificateChange = fn(&mut Certificate) -> bool;

const ANY_PURPOSE: &str = "2.5.29.37.0";

fn change_extension(
    certificate: &mut Certificate,
    is_meant: impl Fn(&Extension) -> bool,
    change: impl Fn(&mut Extension),
) -> bool {
    let mut meant: Vec<_> =
        certificate.extensions.iter_mut().filter(|extension| is_meant(extension)).collect();
    meant.iter_mut().for_each(|extension| change(extension));
    !meant.is_empty()
}

fn without_constraints_on_uncompared_names(certificate: &mut Certificate) -> bool {
    let before = certificate.extensions.len();
    // After the lengths of the extension, of a list and of a subtree stands the tag of a name.
    let is_of_uncompared = |value: &[u8]| matches!(value.get(6), Some(0x81 | 0x86 | 0xA4));
    certificate.extensions.retain(|(oid, _, value)| oid != "2.5.29.30" || !is_of_uncompared(value));
    certificate.extensions.len() < before
}

fn without_path_length(certificate: &mut Certificate) -> bool {
    let with_length = |(oid, _, value): &Extension| oid == "2.5.29.19" && value.len() > 5;
    change_extension(certificate, with_length, |extension| *extension = basic_constraints(true, None))
}

fn without_names_if_self_issued(certificate: &mut Certificate) -> bool {
    let before = certificate.extensions.len();
    if certificate.issuer == certificate.subject {
        certificate.extensions.retain(|(oid, ..)| oid != "2.5.29.17");
    }
    certificate.extensions.len() < before
}

fn code_signing_for_any_purpose(certificate: &mut Certificate) -> bool {
    let any = oid(ANY_PURPOSE);
    let is_any = |(oid, _, value): &Extension| {
        oid == "2.5.29.37" && value.windows(any.len()).any(|bytes| bytes == any)
    };
    change_extension(certificate, is_any, |extension| *extension = extended_key_usage(&[CODE_SIGNING]))
}

fn uncritical_claims(certificate: &mut Certificate) -> bool {
    let is_critical_claim = |(oid, critical, _): &Extension| *critical && oid.starts_with(ARC);
    change_extension(certificate, is_critical_claim, |extension| extension.1 = false)
}

/// A certificate of a case, with the key that it is for and the key that signs it.
#[derive(Clone)]
struct Made {
    parts: Certificate,
    key: Key,
    issuer: Key,
    /// Changes of the signed part, and of the whole certificate after it was signed.
    before_signing: Option<Bytes>,
    after_signing: Option<Bytes>,
}

/// A change of bytes.
#[derive(Clone, Copy)]
enum Bytes {
    Flip(usize),
    Replace(usize, u8),
    Append(u8),
    Truncate(usize),
    /// The length of the outermost value, by one byte more than it needs.
    LongLength,
    Serial(&'static [u8]),
}

const SERIALS: [&[u8]; 7] = [
    &[0x02, 0x01, 0x00],
    &[0x02, 0x01, 0xFF],
    &[0x02, 0x02, 0x00, 0x2A],
    &[0x02, 0x00],
    &[0x02, 0x02, 0xFF, 0x80],
    &[0x02, 0x16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22],
    &[0x04, 0x01, 0x2A],
];

impl Bytes {
    fn random(random: &mut Random) -> Self {
        match random.below(12) {
            0 => Self::Append(random.byte()),
            1 => Self::Truncate(random.below(1_000)),
            2 => Self::LongLength,
            3 => Self::Serial(random.pick(&SERIALS)),
            4..=6 => Self::Replace(random.below(1_000), random.byte()),
            _ => Self::Flip(random.below(8_000)),
        }
    }

    fn apply(self, der: &[u8]) -> Vec<u8> {
        let mut bytes = der.to_vec();
        let place = |at: usize| at % der.len();
        match self {
            Self::Flip(bit) => bytes[place(bit / 8)] ^= 1 << (bit % 8),
            Self::Replace(at, by) => bytes[place(at)] = by,
            Self::Append(byte) => bytes.push(byte),
            Self::Truncate(at) => bytes.truncate(place(at)),
            Self::LongLength => {
                let (header, content) = der.split_at(header_length(der));
                let digits = if header.len() == 2 { &header[1..] } else { &header[2..] };
                return [&[header[0], 0x81 + digits.len() as u8, 0][..], digits, content].concat();
            }
            Self::Serial(new) => {
                let content = &der[header_length(der)..];
                let Some(at) = content.windows(3).position(|bytes| bytes == [0x02, 0x01, 0x2A]) else {
                    return bytes;
                };
                return tlv(der[0], &[&content[..at], new, &content[at + 3..]].concat());
            }
        }
        bytes
    }
}

fn header_length(der: &[u8]) -> usize {
    if der[1] < 0x80 { 2 } else { 2 + usize::from(der[1] & 0x7F) }
}

impl Made {
    fn der(&self) -> Vec<u8> {
        let mut der = self.parts.sign(&self.issuer);
        if let Some(change) = self.before_signing {
            let content = &der[header_length(&der)..];
            let length = usize::from(content[2]) * 256 + usize::from(content[3]) + 4;
            if content[1] == 0x82 {
                let signed_part = change.apply(&content[..length]);
                let hash = if self.parts.sha384 { Key::sign_sha384 } else { Key::sign_sha256 };
                let signature = tlv(0x03, &[&[0][..], &hash(&self.issuer, &signed_part)].concat());
                let after = &content[length..];
                let algorithm = after[..header_length(after) + usize::from(after[1])].to_vec();
                der = sequence(&[signed_part, algorithm, signature]);
            }
        }
        match self.after_signing {
            Some(change) => change.apply(&der),
            None => der,
        }
    }
}

/// A chain: the anchor, the authorities below it from the top, and the leaf.
#[derive(Clone)]
struct Case {
    certificates: Vec<Made>,
    /// Certificates that are given beside them.
    beside: Vec<Made>,
    random: Random,
}

fn random_key(random: &mut Random) -> Key {
    let seed = random.byte() % 20 + 10;
    if random.one_in(12) { Key::p384(seed) } else { Key::p256(seed) }
}

impl Case {
    /// A chain with nothing wrong.
    fn new(number: usize) -> Self {
        let mut random = Random::of_case(number);
        let authorities: usize = random.pick(&[1, 1, 1, 2, 2, 2, 3, 4]);
        let mut certificates: Vec<Made> = Vec::new();
        for level in 0..=authorities {
            let (subject, key) = (format!("authority {level}"), random_key(&mut random));
            let (issuer, issuer_key) = match level.checked_sub(1) {
                Some(above) => (format!("authority {above}"), certificates[above].key.clone()),
                None => (subject.clone(), key.clone()),
            };
            let is_leaf = level == authorities;
            let mut parts = match is_leaf {
                true => Certificate::leaf(&key, &issuer),
                false => Certificate::authority(&subject, &key, &issuer),
            };
            if !is_leaf && random.one_in(3) {
                parts = parts.with(basic_constraints(true, Some((authorities - level - 1) as u8)));
            }
            if !is_leaf && random.one_in(4) {
                parts = parts.with(extended_key_usage(&[CODE_SIGNING]));
            }
            parts.sha384 = random.one_in(6);
            certificates.push(Made {
                parts,
                key,
                issuer: issuer_key,
                before_signing: None,
                after_signing: None,
            });
        }
        Self { certificates, beside: Vec::new(), random }
    }

    fn leaf(&self) -> usize {
        self.certificates.len() - 1
    }

    /// A change of any of its certificates, or of how they stand together.
    fn change(&mut self) {
        let place = self.random.below(self.certificates.len());
        match self.random.below(26) {
            0 | 1 => self.change_validity(place),
            2..=4 => self.change_basic_constraints(place),
            5 => self.change_key_usage(place),
            6 | 7 => self.change_extended_key_usage(place),
            8..=12 => self.constrain_names(),
            13 | 14 => self.change_extensions(place),
            15 => self.change_names(place),
            16 => self.change_algorithm(place),
            17 => self.change_public_key(place),
            18 => self.certificates[place].issuer = Key::p256(5),
            19 => {
                self.certificates[place].parts.version = self.random.pick(&[None, Some(0), Some(1), Some(3)]);
            }
            20 | 21 => self.change_company(place),
            22 => self.issue_oneself(),
            23 | 24 => self.certificates[place].before_signing = Some(Bytes::random(&mut self.random)),
            _ => self.certificates[place].after_signing = Some(Bytes::random(&mut self.random)),
        }
    }

    fn change_validity(&mut self, place: usize) {
        let parts = &mut self.certificates[place].parts;
        // The signing time is 8 seconds after `NOT_BEFORE`.
        let edge = NOT_BEFORE + 8 + self.random.pick(&[-1, 0, 1]);
        match self.random.below(5) {
            0 | 1 => parts.not_before = edge,
            2 | 3 => parts.not_after = edge,
            _ => (parts.not_before, parts.not_after) = (parts.not_after, parts.not_before),
        }
    }

    fn change_basic_constraints(&mut self, place: usize) {
        let random = &mut self.random;
        let value = match random.below(8) {
            0 => {
                let parts = &mut self.certificates[place].parts;
                *parts = parts.clone().without("2.5.29.19");
                return;
            }
            1 => return self.replace(place, basic_constraints(false, None)),
            2 => return self.replace(place, basic_constraints(true, None)),
            3..=5 => {
                let length = random.below(4) as u8;
                return self.replace(place, basic_constraints(true, Some(length)));
            }
            6 => sequence(&[vec![0x01, 0x01, random.pick(&[0x00, 0x01, 0x7F, 0xFF])]]),
            _ => {
                let length = random.pick(&[&[0x00, 0x01][..], &[0xFF], &[0x00, 0xFF], &[0x01, 0x00], &[]]);
                sequence(&[vec![0x01, 0x01, 0xFF], tlv(0x02, length)])
            }
        };
        self.replace(place, extension("2.5.29.19", true, value));
    }

    fn change_key_usage(&mut self, place: usize) {
        let bits =
            self.random.pick(&[DIGITAL_SIGNATURE, KEY_CERT_SIGN, 0x02, DIGITAL_SIGNATURE | KEY_CERT_SIGN]);
        if self.random.one_in(3) {
            let parts = &mut self.certificates[place].parts;
            *parts = parts.clone().without("2.5.29.15");
        } else {
            self.replace(place, key_usage(bits));
        }
    }

    fn change_extended_key_usage(&mut self, place: usize) {
        const SERVER: &str = "1.3.6.1.5.5.7.3.1";
        const PURPOSES: [&[&str]; 6] = [
            &[SERVER],
            &[ANY_PURPOSE],
            &[SERVER, CODE_SIGNING],
            &[ANY_PURPOSE, SERVER],
            &[CODE_SIGNING],
            &[],
        ];
        let purposes = self.random.pick(&PURPOSES);
        self.replace(place, extended_key_usage(purposes));
    }

    /// An authority constrains names, and a certificate below it, or a few, have names.
    fn constrain_names(&mut self) {
        const DNS: [&str; 8] = [
            "example.com",
            ".example.com",
            "a.example.com",
            "example.org",
            "",
            "com",
            "*.example.com",
            "EXAMPLE.com",
        ];
        const ADDRESSES: [&[u8]; 4] = [
            &[10, 0, 0, 0],
            &[10, 0, 0, 1],
            &[192, 168, 0, 1],
            &[0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ];
        const BLOCKS: [&[u8]; 5] = [
            &[10, 0, 0, 0, 255, 0, 0, 0],
            &[10, 0, 0, 1, 255, 255, 255, 255],
            &[0; 8],
            &[10, 0, 0, 0, 255, 0, 255, 0],
            &[10, 0, 0, 0],
        ];
        const URIS: [&str; 3] = ["https://a.example.com/x", "https://example.org", "spiffe:x"];
        let random = &mut self.random;
        let form = random.pick(&[1, 2, 2, 2, 2, 4, 6, 7, 7]);
        let directory = |random: &mut Random| name(random.pick(&["authority 1", "other", ""]));
        let base = |random: &mut Random| match form {
            4 => tlv(0xA4, &directory(random)),
            7 => general_name(7, random.pick(&BLOCKS)),
            _ => general_name(form, random.pick(&DNS).as_bytes()),
        };
        let bases = |random: &mut Random| -> Vec<Vec<u8>> {
            (0..random.below(2) + 1).map(|_| base(random)).collect()
        };
        let (permitted, excluded) = match random.below(3) {
            0 => (bases(random), Vec::new()),
            1 => (Vec::new(), bases(random)),
            _ => (bases(random), bases(random)),
        };
        let (above, below) =
            (random.below(self.certificates.len() - 1), self.random.below(self.certificates.len()));
        self.replace(above, name_constraints(&permitted, &excluded));
        let random = &mut self.random;
        let names: Vec<Vec<u8>> = (0..random.below(3))
            .map(|_| match form {
                1 => general_name(1, format!("a@{}", random.pick(&DNS)).as_bytes()),
                4 => tlv(0xA4, &directory(random)),
                6 => general_name(6, random.pick(&URIS).as_bytes()),
                7 => general_name(7, random.pick(&ADDRESSES)),
                _ => general_name(2, random.pick(&DNS).as_bytes()),
            })
            .collect();
        if !names.is_empty() {
            self.replace(below, subject_names(&names));
        }
    }

    fn change_extensions(&mut self, place: usize) {
        let random = &mut self.random;
        let extensions = &mut self.certificates[place].parts.extensions;
        let critical = random.one_in(2);
        let which = random.below(extensions.len().max(1));
        match random.below(9) {
            0 => extensions.push(extension("1.2.3.4", critical, vec![0x05, 0x00])),
            1 => extensions.push(extension("2.5.29.32", critical, sequence(&[]))),
            2 => {
                let (oid, _, value) = claim(12, "example/repository");
                extensions.push(extension(&oid, critical, value));
            }
            3 if which < extensions.len() => extensions.push(extensions[which].clone()),
            4 if which < extensions.len() => {
                extensions.swap(0, which);
            }
            5 if which < extensions.len() => extensions[which].1 = critical,
            6 if which < extensions.len() => drop(extensions.remove(which)),
            7 if which < extensions.len() => {
                extensions[which].2 = Bytes::random(random).apply(&extensions[which].2);
            }
            _ => extensions.clear(),
        }
    }

    fn change_names(&mut self, place: usize) {
        let random = &mut self.random;
        let attribute = |value: Vec<u8>| sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.3"), value]))]);
        let text = format!("authority {}", place.saturating_sub(1));
        let new = match random.below(6) {
            0 => name("other"),
            1 => attribute(tlv(0x13, text.as_bytes())),
            2 => attribute(utf8(&text.to_uppercase())),
            3 => name(""),
            4 => name(&format!("authority {place}")),
            _ => attribute(tlv(0x0C, &[])),
        };
        let parts = &mut self.certificates[place].parts;
        if random.one_in(2) {
            parts.issuer = new;
        } else {
            parts.subject = new;
        }
    }

    fn change_algorithm(&mut self, place: usize) {
        let random = &mut self.random;
        let parts = &mut self.certificates[place].parts;
        let identifiers =
            ["1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4", "1.2.840.113549.1.1.11"];
        let identifier = oid(random.pick(&identifiers));
        let algorithm = match random.below(3) {
            0 => sequence(&[identifier, tlv(0x05, &[])]),
            _ => sequence(&[identifier]),
        };
        match random.below(4) {
            0 => parts.inner_algorithm = Some(algorithm),
            1 => parts.outer_algorithm = Some(algorithm),
            2 => {
                parts.inner_algorithm = Some(algorithm.clone());
                parts.outer_algorithm = Some(algorithm);
            }
            _ => parts.sha384 = !parts.sha384,
        }
    }

    fn change_public_key(&mut self, place: usize) {
        let random = &mut self.random;
        let made = &mut self.certificates[place];
        let Key::P256(key) = &made.key else { return };
        let (compressed, whole) =
            (key.verifying_key().to_sec1_point(true), key.verifying_key().to_sec1_point(false));
        let curve = "1.2.840.10045.3.1.7";
        made.parts.public_key = match random.below(5) {
            0 => ec_public_key_info(curve, compressed.as_bytes()),
            1 => ec_public_key_info("1.3.132.0.34", whole.as_bytes()),
            2 => {
                let mut off_curve = whole.as_bytes().to_vec();
                off_curve[40] ^= 1;
                ec_public_key_info(curve, &off_curve)
            }
            3 => {
                let mut hybrid = whole.as_bytes().to_vec();
                hybrid[0] = 6 + (hybrid[64] & 1);
                ec_public_key_info(curve, &hybrid)
            }
            _ => Key::p256(6).public_key_info(),
        };
    }

    /// Certificates that go missing, stand in another order, or come beside.
    fn change_company(&mut self, place: usize) {
        let leaf = self.leaf();
        match self.random.below(4) {
            0 if place > 0 && place < leaf => drop(self.certificates.remove(place)),
            1 => {
                let mut twin = self.certificates[place].clone();
                twin.parts.not_after = NOT_BEFORE;
                self.beside.push(twin);
            }
            2 => {
                let mut stranger = self.certificates[place].clone();
                stranger.key = Key::p256(7);
                stranger.parts.public_key = stranger.key.public_key_info();
                self.beside.push(stranger);
            }
            _ if place < leaf => {
                // The authorities certify each other.
                let mut crossed = self.certificates[place].clone();
                let other = &self.certificates[self.random.below(leaf)];
                crossed.parts.issuer = other.parts.subject.clone();
                crossed.issuer = other.key.clone();
                self.beside.push(crossed);
            }
            _ => {}
        }
    }

    /// An authority gets a certificate for a new key under its own name.
    fn issue_oneself(&mut self) {
        let place = self.random.below(self.leaf());
        let old = self.certificates[place].clone();
        let mut new = old.clone();
        new.key = random_key(&mut self.random);
        new.parts.public_key = new.key.public_key_info();
        new.parts.issuer = old.parts.subject;
        new.issuer = old.key;
        self.certificates[place + 1].issuer = new.key.clone();
        self.certificates.insert(place + 1, new);
    }

    fn replace(&mut self, place: usize, new: Extension) {
        let parts = &mut self.certificates[place].parts;
        *parts = parts.clone().with(new);
    }
}

/// What both say of one case.
enum Verdict {
    BothAccept,
    /// They refuse, for this reason.
    BothRefuse(String),
    /// We refuse, for this reason, what they accept.
    OnlyTheyAccept(String),
    Exception(usize),
    Disagreement(String),
}

/// The kind of an error, without what it carries.
fn kind(error: impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(', '{']).next().unwrap().to_owned()
}

fn validation() -> PathValidation<'static> {
    PathValidation {
        time: at(8),
        max_authorities: None,
        extended_key_usage: Some(CODE_SIGNING),
        digital_signature: true,
    }
}

/// The certificates of a case in DER, as both get them.
struct Given {
    anchor: Vec<u8>,
    leaf: Vec<u8>,
    others: Vec<Vec<u8>>,
}

impl Given {
    fn ours(&self) -> Result<(), String> {
        let anchors = TrustAnchors::from_der([&self.anchor]).map_err(|_| "MalformedTrustAnchor")?;
        validation().validate(&anchors, &self.leaf, &self.others).map_err(|reason| kind(&reason))
    }

    fn theirs(&self) -> Result<(), Error> {
        their_path(&self.anchor, &self.leaf, &self.others, at(8))
    }
}

impl Case {
    fn given(&self) -> Given {
        let (anchor, below) = self.certificates.split_first().unwrap();
        let (leaf, authorities) = below.split_last().unwrap();
        let others = self.beside.iter().chain(authorities).map(Made::der).collect();
        Given { anchor: anchor.der(), leaf: leaf.der(), others }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Made> {
        self.certificates.iter_mut().chain(&mut self.beside)
    }

    /// The exception that explains why they refuse.
    fn exception(mut self) -> Option<usize> {
        EXCEPTIONS.iter().position(|(_, put_out_of_the_way)| {
            let (mut undamaged, mut changed) = (self.clone(), self.clone());
            let mut applies = false;
            for (undamaged, changed) in undamaged.all().zip(changed.all()) {
                if put_out_of_the_way(&mut changed.parts) {
                    applies = true;
                    // A damaged byte would be another one now, so there is none; it must not be why they refuse.
                    for made in [undamaged, changed] {
                        (made.before_signing, made.after_signing) = (None, None);
                    }
                }
            }
            let is_of_damage = undamaged.given().theirs() != self.given().theirs();
            self = changed;
            applies && !is_of_damage && self.given().theirs().is_ok()
        })
    }
}

fn judge(number: usize) -> Verdict {
    let mut case = Case::new(number);
    for _ in 0..case.random.below(4) {
        case.change();
    }
    let mut given = case.given();
    if case.random.one_in(3) {
        given.others.reverse();
    }
    if case.random.one_in(8) {
        given.others.push(given.anchor.clone());
    }
    match (given.ours(), given.theirs()) {
        (Ok(()), Ok(())) => Verdict::BothAccept,
        (Err(_), Err(error)) => Verdict::BothRefuse(kind(&error)),
        (Err(reason), Ok(())) => Verdict::OnlyTheyAccept(reason),
        (Ok(()), Err(error)) => match case.exception() {
            Some(exception) => Verdict::Exception(exception),
            None => Verdict::Disagreement(format!(
                "case {number}: we accept what they refuse with {error:?}: anchor {}, leaf {}, others {:?}",
                hex(&given.anchor),
                hex(&given.leaf),
                given.others.iter().map(|der| hex(der)).collect::<Vec<_>>()
            )),
        },
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_webpki_refuses_we_refuse() {
    let mut accepted = 0;
    let mut exceptions = [0; EXCEPTIONS.len()];
    let (mut refused, mut stricter) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    let mut disagreements = Vec::new();
    let count = cases() * 3 / 5;
    for verdict in run(count, judge) {
        match verdict {
            Verdict::BothAccept => accepted += 1,
            Verdict::BothRefuse(error) => *refused.entry(error).or_default() += 1,
            Verdict::OnlyTheyAccept(reason) => *stricter.entry(reason).or_default() += 1,
            Verdict::Exception(exception) => exceptions[exception] += 1,
            Verdict::Disagreement(text) => disagreements.push(text),
        }
    }
    println!("{count} chains: both accept {accepted}; both refuse, by their reason, {refused:#?}");
    println!("only they accept, by our reason, {stricter:#?}; exceptions {exceptions:?}");
    assert!(
        disagreements.is_empty(),
        "{} disagreements:\n{}",
        disagreements.len(),
        disagreements[..disagreements.len().min(5)].join("\n")
    );

    // The cases reach what they are for.
    assert!(accepted * 5 > count, "too few chains are good");
    for error in [
        "BadDer",
        "CaUsedAsEndEntity",
        "CertExpired",
        "CertNotValidYet",
        "EndEntityUsedAsCa",
        "InvalidSignatureForPublicKey",
        "NameConstraintViolation",
        "PathLenConstraintViolated",
        "RequiredEkuNotFoundContext",
        "SignatureAlgorithmMismatch",
        "UnknownIssuer",
        "UnsupportedCertVersion",
        "UnsupportedCriticalExtension",
    ] {
        assert!(refused.contains_key(error), "no chain was refused by both with {error}");
    }
    for ((reason, _), times) in EXCEPTIONS.iter().zip(exceptions) {
        assert!(times > 0, "this exception never arises; remove it: {reason}");
    }
}

#[test]
fn a_chain_without_faults_is_accepted_by_both() {
    for number in 0..20 {
        let given = Case::new(number).given();
        assert_eq!((given.ours(), given.theirs()), (Ok(()), Ok(())));
    }
}
