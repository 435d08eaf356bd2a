//! Name constraints against spellings that other readers take for the excluded name, and what they cost.

mod common;

use common::certificates::*;
use countermark::limits::{MAX_NAME_ATTRIBUTES, MAX_NAME_CONSTRAINT_BYTES};

/// What is said of a leaf with this subject and these names below an authority with these constraints.
fn code_of(constraints: Extension, subject: Vec<u8>, names: &[Vec<u8>]) -> &'static str {
    let ca = Key::p256(3);
    let mut scene = scene();
    scene.leaf.subject = subject;
    if !names.is_empty() {
        scene.leaf = scene.leaf.with(subject_names(names));
    }
    let authority = Certificate::authority("ca", &ca, "root").with(constraints).sign(&scene.root_key);
    scene.issued_by("ca", &ca).bringing([authority]).code()
}

fn organization(tag: u8, value: &[u8]) -> Vec<u8> {
    sequence(&[tlv(0x31, &sequence(&[oid("2.5.4.10"), tlv(tag, value)]))])
}

fn directory(name: &[u8]) -> Vec<u8> {
    tlv(0xA4, name)
}

#[test]
fn an_excluded_directory_name_is_excluded_in_every_spelling() {
    let acme = directory(&organization(0x0C, b"Acme Inc"));
    for (tag, spelling) in [
        (0x0C, &b"Acme Inc"[..]),
        (0x13, b"ACME INC"),
        (0x0C, b"Acme  Inc"),
        (0x0C, b" Acme Inc "),
        (0x0C, b"Acme\tInc"),
        (0x0C, b"Acme\nInc"),
        (0x0C, b"Acme\x0BInc"),
        (0x0C, b"Acme\x0CInc"),
        (0x0C, b"Acme\rInc"),
        (0x0C, b"Acme Inc\x0B"),
        (0x0C, b"\x0BAcme Inc"),
        (0x16, b"Acme \x0B Inc"),
        (0x14, b"Acme\x0BInc"),
        // What RFC 4518 removes, or reads as a space beyond ASCII.
        (0x0C, b"Acme Inc\0"),
        (0x0C, b"Ac\x08me Inc"),
        (0x0C, b"Acme \x7FInc"),
        (0x0C, "Acme\u{85}Inc".as_bytes()),
        (0x0C, "Acme\u{A0}Inc".as_bytes()),
        (0x0C, "Ac\u{AD}me Inc".as_bytes()),
        (0x1E, b"\0A\0c\0m\0e\0 \0I\0n\0c"),
    ] {
        let excluded = name_constraints(&[], std::slice::from_ref(&acme));
        let subject = organization(tag, spelling);
        assert_eq!(code_of(excluded.clone(), subject, &[]), "bad_certificate", "{tag:02x} {spelling:02x?}");
    }
    for other in [&b"AcmeInc"[..], b"Acme", b"Acme In", b"Acme\x0BIncs"] {
        let excluded = name_constraints(&[], std::slice::from_ref(&acme));
        assert_eq!(code_of(excluded, organization(0x0C, other), &[]), "verified", "{other:02x?}");
    }
}

#[test]
fn an_unclear_directory_name_is_never_permitted() {
    let permitted = name_constraints(&[directory(&organization(0x0C, b"Acme Inc"))], &[]);
    for (spelling, expected) in [
        (&b"ACME\x0B Inc"[..], "verified"),
        (b"Acme Inc\0", "bad_certificate"),
        (b"Ac\x1Fme Inc", "bad_certificate"),
        ("Ac\u{AD}me Inc".as_bytes(), "bad_certificate"),
    ] {
        assert_eq!(
            code_of(permitted.clone(), organization(0x0C, spelling), &[]),
            expected,
            "{spelling:02x?}"
        );
    }
}

#[test]
fn a_uri_whose_host_readers_differ_on_has_none() {
    let excluded = || name_constraints(&[], &[general_name(6, b"evil.com")]);
    for (uri, expected) in [
        ("https://user@good.com/", "verified"),
        ("https://good.com@evil.com/", "bad_certificate"),
        ("https://a@evil.com@good.com/", "bad_certificate"),
        ("https://a@evil.com:x@good.com/", "bad_certificate"),
        ("https://evil.com[@good.com/", "bad_certificate"),
        ("https://[evil.com]@good.com/", "bad_certificate"),
        ("https://evil.com%@good.com/", "bad_certificate"),
    ] {
        assert_eq!(code_of(excluded(), name(""), &[general_name(6, uri.as_bytes())]), expected, "{uri}");
    }
}

/// A name of one part with this many attributes, the last of this value.
fn set(count: usize, last: &str) -> Vec<u8> {
    let value = |index: usize| if index + 1 == count { last.to_owned() } else { format!("{index:02}") };
    let attribute = |index: usize| sequence(&[oid("2.5.4.11"), utf8(&value(index))]);
    sequence(&[tlv(0x31, &(0..count).map(attribute).collect::<Vec<_>>().concat())])
}

#[test]
fn comparing_sets_is_counted_as_the_work_it_is() {
    let most = MAX_NAME_ATTRIBUTES;
    let code_with = |times: usize, filler: usize| {
        let mut bases = vec![directory(&set(most, "98")); times];
        bases.push(general_name(1, "x".repeat(filler).as_bytes()));
        code_of(name_constraints(&[], &bases), set(most, "99"), &[])
    };
    // A subject with a constraint: both once, and their sets' attributes each with each, in both directions.
    let whole = set(most, "98").len();
    let attributes = split_tlv(split_tlv(&set(most, "98")).0).0.len();
    let of_one = 2 * whole + 2 * attributes * (2 * most - 1);
    assert!(of_one > 60 * 2 * whole, "it would be undercounted sixtyfold");
    let times = (MAX_NAME_CONSTRAINT_BYTES - whole) / of_one;
    let filler = MAX_NAME_CONSTRAINT_BYTES - whole - times * of_one;
    assert_eq!(code_with(times, filler), "verified");
    assert_eq!(code_with(times, filler + 1), "path_too_complex");
    assert_eq!(code_with(times + 1, 0), "path_too_complex");
}
