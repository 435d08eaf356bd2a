//! Distinguished names (RFC 5280, section 4.1.2.4): reading, printing, comparing.

use crate::limits::MAX_NAME_ATTRIBUTES;
use crate::oid;
use crate::strict_der::{Fault, read_oid};
use crate::text::Printable;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::str;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged};

/// 1.2.840.113549.1.9.1, `emailAddress`.
const EMAIL_ADDRESS: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01];

/// Reads a name strictly and returns its DER, tag and length included.
pub(crate) fn read<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    let der = reader.tlv_bytes()?;
    let mut names = SliceReader::new(content(der, Tag::Sequence)?)?;
    let mut count = 0_usize;
    while !names.is_finished() {
        let mut attributes = SliceReader::new(content(names.tlv_bytes()?, Tag::Set)?)?;
        let mut previous: &[u8] = &[];
        while !attributes.is_finished() {
            let attribute = attributes.tlv_bytes()?;
            if attribute <= previous {
                return Err(Fault::new("it is not strict DER: the attributes of a name are not in order"));
            }
            read_attribute(attribute)?;
            previous = attribute;
            count = count.saturating_add(1);
            if count > MAX_NAME_ATTRIBUTES {
                return Err(Fault::new("a name has too many attributes"));
            }
        }
        if previous.is_empty() {
            return Err(Fault::new("a part of a name has no attribute"));
        }
    }
    Ok(der)
}

/// Whether a name has no part at all.
pub(crate) fn is_empty(name: &[u8]) -> bool {
    relative_names(name).next().is_none()
}

/// The name for people, the most specific part first, as RFC 4514 has it: `CN=Root, O=Example`; cut off if it
/// would flood a log.
pub(crate) fn to_text(name: &[u8]) -> String {
    const LONGEST: usize = 300;
    let mut parts: Vec<String> = relative_names(name)
        .map(|relative| {
            let attributes: Vec<String> = attributes(relative).map(Attribute::to_text).collect();
            attributes.join("+")
        })
        .collect();
    parts.reverse();
    if parts.is_empty() {
        return String::from("(no name)");
    }
    let mut text = parts.join(", ");
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The e-mail addresses in a name, which name constraints on e-mail concern too when the certificate has no
/// subject alternative name (RFC 5280, section 4.2.1.10).
pub(crate) fn email_addresses<'a>(name: &'a [u8]) -> impl Iterator<Item = &'a str> + use<'a> {
    relative_names(name)
        .flat_map(attributes)
        .filter(|attribute| attribute.oid == EMAIL_ADDRESS)
        .map(|attribute| str::from_utf8(attribute.value.value()).unwrap_or(""))
}

/// How two names compare as RFC 5280, section 7.1 wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Same,
    Different,
    /// They differ in text beyond ASCII that full internationalised comparison might call the same.
    Unclear,
}

/// How the beginning of `name` compares with `base`.
pub(crate) fn compare_prefix(name: &[u8], base: &[u8]) -> Comparison {
    let mut names = relative_names(name);
    let mut result = Comparison::Same;
    for wanted in relative_names(base) {
        match names.next().map(|found| compare_relative(found, wanted)) {
            Some(Comparison::Same) => {}
            Some(Comparison::Unclear) => result = Comparison::Unclear,
            Some(Comparison::Different) | None => return Comparison::Different,
        }
    }
    result
}

/// Attributes compare as a set: those of a relative name stand in the order of their encodings, which
/// another spelling of a value changes.
fn compare_relative(found: &[u8], wanted: &[u8]) -> Comparison {
    if attributes(found).count() != attributes(wanted).count() {
        return Comparison::Different;
    }
    let mut result = Comparison::Same;
    for wanted in attributes(wanted) {
        let mut best = Comparison::Different;
        for found in attributes(found).filter(|found| found.oid == wanted.oid) {
            match compare_values(found.value, wanted.value) {
                Comparison::Same => best = Comparison::Same,
                Comparison::Unclear if best == Comparison::Different => best = Comparison::Unclear,
                _ => {}
            }
        }
        match best {
            Comparison::Same => {}
            Comparison::Unclear => result = Comparison::Unclear,
            Comparison::Different => return Comparison::Different,
        }
    }
    result
}

/// Texts compare without regard to ASCII case, to the string type, and to the amount of white space.
fn compare_values(found: AnyRef<'_>, wanted: AnyRef<'_>) -> Comparison {
    if found == wanted {
        return Comparison::Same;
    }
    match (ascii_text(found), ascii_text(wanted)) {
        (Some(found), Some(wanted)) => {
            let folded = |text: &str| -> Vec<String> {
                text.split_ascii_whitespace().map(str::to_ascii_lowercase).collect()
            };
            if folded(found) == folded(wanted) { Comparison::Same } else { Comparison::Different }
        }
        _ => Comparison::Unclear,
    }
}

fn ascii_text(value: AnyRef<'_>) -> Option<&str> {
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            str::from_utf8(value.value()).ok().filter(|text| text.is_ascii())
        }
        _ => None,
    }
}

#[derive(Clone, Copy)]
struct Attribute<'a> {
    oid: &'a [u8],
    value: AnyRef<'a>,
}

impl Attribute<'_> {
    fn to_text(self) -> String {
        let name = match self.oid {
            [0x55, 0x04, 0x03] => "CN",
            [0x55, 0x04, 0x06] => "C",
            [0x55, 0x04, 0x07] => "L",
            [0x55, 0x04, 0x08] => "ST",
            [0x55, 0x04, 0x0A] => "O",
            [0x55, 0x04, 0x0B] => "OU",
            EMAIL_ADDRESS => "emailAddress",
            other => return format!("{}={}", oid::to_dotted(other), self.value_text()),
        };
        format!("{name}={}", self.value_text())
    }

    fn value_text(&self) -> String {
        match str::from_utf8(self.value.value()) {
            Ok(text) => format!("{}", Printable(text)),
            Err(_) => String::from("(unprintable)"),
        }
    }
}

fn read_attribute(der: &[u8]) -> Result<Attribute<'_>, Fault> {
    let mut reader = SliceReader::new(content(der, Tag::Sequence)?)?;
    let attribute = Attribute { oid: read_oid(&mut reader)?, value: AnyRef::decode(&mut reader)? };
    reader.finish()?;
    Ok(attribute)
}

/// The relative names of a name that was read strictly, as the contents of their sets.
fn relative_names(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    elements(content(name, Tag::Sequence).unwrap_or_default())
        .map(|relative| content(relative, Tag::Set).unwrap_or_default())
}

fn attributes(relative: &[u8]) -> impl Iterator<Item = Attribute<'_>> {
    elements(relative).filter_map(|attribute| read_attribute(attribute).ok())
}

fn elements(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut reader = SliceReader::new(content).ok();
    core::iter::from_fn(move || {
        let reader = reader.as_mut().filter(|reader| !reader.is_finished())?;
        reader.tlv_bytes().ok()
    })
}

fn content(der: &[u8], tag: Tag) -> Result<&[u8], Fault> {
    let any = AnyRef::from_der(der)?;
    any.tag().assert_eq(tag)?;
    Ok(any.value())
}
