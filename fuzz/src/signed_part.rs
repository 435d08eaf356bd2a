//! Certificates around a signed part that a fuzzer chose: signed by the right key, so that a wrong signature does not
//! hide every other fault.

use crate::common::certificates::{
    CODE_SIGNING, Certificate, Extension, Key, NAME, NAMESPACE, NOT_BEFORE, at, basic_constraints, claim,
    extended_key_usage, general_name, key_usage, name, name_constraints, oid, scene, sequence, subject_names,
    tlv, utf8,
};
use crate::edit::{Edit, pick};
use arbitrary::Arbitrary;
use countermark::{Entry, TrustAnchors, Verifier};
use std::sync::LazyLock;

/// The keys and certificates that stay as they are.
pub struct Fixed {
    pub root_key: Key,
    pub root: Vec<u8>,
    pub intermediate_key: Key,
    pub intermediate: Vec<u8>,
    pub leaf: Vec<u8>,
    /// What the three certificates were made of.
    pub root_parts: Certificate,
    pub intermediate_parts: Certificate,
    pub leaf_parts: Certificate,
    /// The leaf's signature of the artifact's name.
    pub signature: Vec<u8>,
    pub verifier: Verifier,
}

/// The root certifies an intermediate, and that the leaf.
pub static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let scene = scene();
    let intermediate_key = Key::p256(3);
    let root = scene.root.sign(&scene.root_key);
    let intermediate_parts = Certificate::authority("intermediate", &intermediate_key, "root");
    let signature = scene.leaf_key.sign_sha256(NAME.as_bytes());
    let scene = scene.issued_by("intermediate", &intermediate_key);
    Fixed {
        verifier: Verifier::new(TrustAnchors::from_der([&root]).unwrap()),
        leaf: scene.leaf.sign(&intermediate_key),
        intermediate: intermediate_parts.sign(&scene.root_key),
        root_key: scene.root_key,
        root,
        intermediate_key,
        root_parts: scene.root,
        intermediate_parts,
        leaf_parts: scene.leaf,
        signature,
    }
});

/// The certificate of a signed part, signed by this key with SHA-256.
pub fn certificate(signed_part: &[u8], issuer: &Key) -> Vec<u8> {
    let signature = issuer.sign_sha256(signed_part);
    sequence(&[
        signed_part.to_vec(),
        sequence(&[oid("1.2.840.10045.4.3.2")]),
        tlv(0x03, &[&[0][..], &signature].concat()),
    ])
}

/// An entry with nothing wrong but for its certificates.
pub fn entry(certificates: &[&[u8]]) -> Option<Entry> {
    let certificates = certificates.iter().map(|der| der.to_vec()).collect();
    Entry::new(NAMESPACE, NAME, FIXED.signature.clone(), certificates, at(8), false).ok()
}

/// A change of what a certificate is made of, before it is signed.
#[derive(Arbitrary, Debug)]
pub enum Change<'a> {
    NewExtension { before: u8, extension: NewExtension<'a> },
    RemoveExtension(u8),
    RepeatExtension(u8),
    SwapExtensions(u8, u8),
    Critical(u8, bool),
    ExtensionValue(u8, Edit<'a>),
    NotBefore(i32),
    NotAfter(i32),
    Issuer(NewName<'a>),
    Subject(NewName<'a>),
    PublicKey(Edit<'a>),
    P384Key,
    Version(Option<u8>),
    Sha384(bool),
    InnerAlgorithm(&'a [u8]),
    OuterAlgorithm(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
pub enum NewExtension<'a> {
    Other { oid: &'a [u8], critical: bool, value: &'a [u8] },
    KeyUsage(u8),
    ExtendedKeyUsage(Vec<u8>),
    BasicConstraints { is_authority: bool, path_length: Option<u8> },
    SubjectNames(Vec<(u8, &'a [u8])>),
    NameConstraints { permitted: Vec<(u8, &'a [u8])>, excluded: Vec<(u8, &'a [u8])> },
    Claim { number: u8, text: &'a str },
    RawClaim { number: u8, value: &'a [u8] },
}

#[derive(Arbitrary, Debug)]
pub enum NewName<'a> {
    Common(u8),
    Text(&'a str),
    Edited(Edit<'a>),
    Der(&'a [u8]),
}

impl NewName<'_> {
    fn der(&self, old: &[u8]) -> Vec<u8> {
        match self {
            Self::Common(number) => name(pick(&["root", "intermediate", ""], *number).unwrap()),
            Self::Text(text) => sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.10"), utf8(text)]))]),
            Self::Edited(edit) => {
                let mut der = old.to_vec();
                edit.apply(&mut der);
                der
            }
            Self::Der(der) => der.to_vec(),
        }
    }
}

fn general_names(names: &[(u8, &[u8])]) -> Vec<Vec<u8>> {
    // A directory name is constructed, and so is an otherName.
    let form = |tag: u8| match tag % 9 {
        4 => 0x24,
        0 => 0x20,
        other => other,
    };
    names.iter().take(8).map(|(tag, content)| general_name(form(*tag), content)).collect()
}

impl NewExtension<'_> {
    /// The extension, with whatever its OID shall be.
    fn extension(&self) -> Extension {
        match self {
            Self::Other { oid, critical, value } => {
                let arcs: Vec<String> = oid.iter().take(8).map(|arc| (arc % 64).to_string()).collect();
                (format!("2.5.{}", [vec!["29".into()], arcs].concat().join(".")), *critical, value.to_vec())
            }
            Self::KeyUsage(bits) => key_usage((*bits).max(1)),
            Self::ExtendedKeyUsage(purposes) => {
                let known = [CODE_SIGNING, "2.5.29.37.0", "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.8"];
                let purposes = purposes.iter().take(8).filter_map(|number| pick(&known, *number).copied());
                extended_key_usage(&purposes.collect::<Vec<_>>())
            }
            Self::BasicConstraints { is_authority, path_length } => {
                basic_constraints(*is_authority, *path_length)
            }
            Self::SubjectNames(names) => subject_names(&general_names(names)),
            Self::NameConstraints { permitted, excluded } => {
                name_constraints(&general_names(permitted), &general_names(excluded))
            }
            Self::Claim { number, text } => claim(number % 26, text),
            Self::RawClaim { number, value } => {
                let (oid, critical, _) = claim(number % 26, "");
                (oid, critical, value.to_vec())
            }
        }
    }
}

impl Change<'_> {
    pub fn apply(&self, certificate: &mut Certificate) -> Option<()> {
        let extensions = &mut certificate.extensions;
        let count = extensions.len();
        let place = |number: &u8| usize::from(*number).checked_rem(count);
        match self {
            Self::NewExtension { before, extension } => {
                let new = extension.extension();
                // In place of the one that is there, or it would only be a repeated one.
                match extensions.iter_mut().find(|old| old.0 == new.0) {
                    Some(old) => *old = new,
                    None => extensions.insert(usize::from(*before) % (count + 1), new),
                }
            }
            Self::RemoveExtension(number) => drop(extensions.remove(place(number)?)),
            Self::RepeatExtension(number) => extensions.push(extensions[place(number)?].clone()),
            Self::SwapExtensions(a, b) => extensions.swap(place(a)?, place(b)?),
            Self::Critical(number, critical) => extensions[place(number)?].1 = *critical,
            Self::ExtensionValue(number, edit) => edit.apply(&mut extensions[place(number)?].2),
            Self::NotBefore(later) => certificate.not_before = NOT_BEFORE + i64::from(*later),
            Self::NotAfter(later) => certificate.not_after = NOT_BEFORE + i64::from(*later),
            Self::Issuer(new) => certificate.issuer = new.der(&certificate.issuer),
            Self::Subject(new) => certificate.subject = new.der(&certificate.subject),
            Self::PublicKey(edit) => edit.apply(&mut certificate.public_key),
            Self::P384Key => certificate.public_key = Key::p384(1).public_key_info(),
            Self::Version(version) => certificate.version = *version,
            Self::Sha384(sha384) => certificate.sha384 = *sha384,
            Self::InnerAlgorithm(der) => certificate.inner_algorithm = Some(der.to_vec()),
            Self::OuterAlgorithm(der) => certificate.outer_algorithm = Some(der.to_vec()),
        }
        Some(())
    }
}
