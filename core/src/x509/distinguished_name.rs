//! Distinguished names (RFC 5280, section 4.1.2.4): reading, printing, comparing.

use crate::limits::MAX_NAME_ATTRIBUTES;
use crate::text::quoting::is_hidden;
use crate::x509::oid;
use crate::x509::strict_der::{Fault, read_oid};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc2985, rfc4519};
use core::str;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, Tagged};

const EMAIL_ADDRESS: &[u8] = rfc2985::PKCS_9_AT_EMAIL_ADDRESS.as_bytes();

/// The types in RFC 4514's table, and one that everybody knows.
const TYPE_NAMES: &[(ObjectIdentifier, &str)] = &[
    (rfc4519::CN, "CN"),
    (rfc4519::C, "C"),
    (rfc4519::L, "L"),
    (rfc4519::ST, "ST"),
    (rfc4519::STREET, "STREET"),
    (rfc4519::O, "O"),
    (rfc4519::OU, "OU"),
    (rfc4519::UID, "UID"),
    (rfc4519::DC, "DC"),
    (rfc2985::PKCS_9_AT_EMAIL_ADDRESS, "emailAddress"),
];

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

/// The name for people, as RFC 4514 writes it, the most specific part first: `CN=Root,O=Example`; cut off if it would
/// flood a log.
pub(crate) fn to_text(name: &[u8]) -> String {
    let mut text = CutOff::default();
    let relative_names: Vec<&[u8]> = relative_names(name).collect();
    if relative_names.is_empty() {
        return String::from("(no name)");
    }
    for (index, relative) in relative_names.iter().rev().enumerate() {
        if index > 0 {
            text.push(",");
        }
        for (index, attribute) in attributes(relative).enumerate() {
            if index > 0 {
                text.push("+");
            }
            attribute.write(&mut text);
        }
    }
    text.finish()
}

/// A text that takes no more than so many characters, and no part of an escape.
#[derive(Default)]
struct CutOff {
    text: String,
    length: usize,
    is_cut: bool,
}

impl CutOff {
    const LONGEST: usize = 300;

    /// Adds a piece, as a whole or not at all.
    fn push(&mut self, piece: &str) {
        self.length = self.length.saturating_add(piece.chars().count());
        self.is_cut |= self.length > Self::LONGEST;
        if !self.is_cut {
            self.text.push_str(piece);
        }
    }

    fn finish(mut self) -> String {
        if self.is_cut {
            self.text.push('…');
        }
        self.text
    }
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
    /// They differ in what full internationalised comparison (RFC 4518) might call the same: text beyond ASCII, in an
    /// unusual type or with control characters, or a set with one attribute twice.
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

/// The bytes that [`compare_prefix`] may look at beyond those of `name` and `base` once each: where several attributes
/// are one part of a name, each is compared with each, in both directions.
pub(crate) fn work_beyond_length(name: &[u8], base: &[u8]) -> usize {
    let mut work = 0_usize;
    for (found, wanted) in relative_names(name).zip(relative_names(base)) {
        let count = attributes(wanted).count();
        if count > 1 && attributes(found).count() == count {
            let times = count.saturating_mul(2).saturating_sub(1);
            work = work.saturating_add(found.len().saturating_add(wanted.len()).saturating_mul(times));
        }
    }
    work
}

/// Attributes compare as a set: those of a relative name stand in the order of their encodings, which
/// another spelling of a value changes.
fn compare_relative(found: &[u8], wanted: &[u8]) -> Comparison {
    let count = attributes(found).count();
    if count != attributes(wanted).count() {
        return Comparison::Different;
    }
    let one_way = is_subset(wanted, found);
    if count == 1 || one_way == is_subset(found, wanted) { one_way } else { Comparison::Unclear }
}

/// Whether each attribute of a set is also in another.
fn is_subset(set: &[u8], other: &[u8]) -> Comparison {
    let mut result = Comparison::Same;
    for wanted in attributes(set) {
        let mut best = Comparison::Different;
        for found in attributes(other).filter(|found| found.oid == wanted.oid) {
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
    let (Some(found), Some(wanted)) = (prepared(found), prepared(wanted)) else {
        return Comparison::Unclear;
    };
    let (mut found, mut wanted) = (words(found), words(wanted));
    loop {
        match (found.next(), wanted.next()) {
            (None, None) => return Comparison::Same,
            (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => {}
            _ => return Comparison::Different,
        }
    }
}
/// The bytes of a text whose preparation by RFC 4518 is sure: ASCII, in a type that has ASCII. Of the control
/// characters only those that are white space there have a meaning that readers agree on; the others, which it would
/// remove, make a comparison unclear.
fn prepared(value: AnyRef<'_>) -> Option<&[u8]> {
    let is_text =
        matches!(value.tag(), Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString);
    let is_sure = |byte: &u8| matches!(byte, 0x20..=0x7E) || is_space(byte);
    Some(value.value()).filter(|bytes| is_text && bytes.iter().all(is_sure))
}

/// Whether a character of ASCII is a space once it is prepared (RFC 4518, section 2.2): tab, line feed, vertical tab,
/// form feed and carriage return are.
const fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0D)
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(is_space).filter(|word| !word.is_empty())
}

#[derive(Clone, Copy)]
struct Attribute<'a> {
    oid: &'a [u8],
    value: AnyRef<'a>,
    /// The DER of the value.
    der: &'a [u8],
}

impl Attribute<'_> {
    /// The name of the type; `None` for those which print as a dotted OID.
    fn type_name(&self) -> Option<&'static str> {
        TYPE_NAMES.iter().find(|(oid, _)| oid.as_bytes() == self.oid).map(|(_, name)| *name)
    }

    /// RFC 4514, sections 2.3 and 2.4. A type without a name, and a value that is no text, have the DER of the value.
    fn write(self, text: &mut CutOff) {
        let name = self.type_name();
        match name {
            Some(name) => text.push(name),
            None => text.push(&oid::to_dotted(self.oid)),
        }
        text.push("=");
        match name.and_then(|_| self.text()) {
            Some(value) => write_escaped(&value, text),
            None => {
                text.push("#");
                for byte in self.der {
                    if text.is_cut {
                        break;
                    }
                    text.push(&format!("{byte:02x}"));
                }
            }
        }
    }

    /// The value, if it is a text that is surely read.
    fn text(&self) -> Option<Cow<'_, str>> {
        let bytes = self.value.value();
        match self.value.tag() {
            Tag::Utf8String => str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Tag::PrintableString
            | Tag::Ia5String
            | Tag::TeletexString
            | Tag::NumericString
            | Tag::VisibleString => {
                str::from_utf8(bytes).ok().filter(|text| text.is_ascii()).map(Cow::Borrowed)
            }
            Tag::BmpString => {
                let units = bytes.chunks(2).map(|unit| Some(u16::from_be_bytes(unit.try_into().ok()?)));
                let units: Vec<u16> = units.collect::<Option<_>>()?;
                String::from_utf16(&units).ok().map(Cow::Owned)
            }
            _ => None,
        }
    }
}

/// Escapes what RFC 4514, section 2.4 wants escaped, and what would hide, as the bytes of its UTF-8, with all but the
/// first of several spaces in a row.
fn write_escaped(value: &str, text: &mut CutOff) {
    let last = value.chars().count().saturating_sub(1);
    let mut was_space = false;
    for (position, character) in value.chars().enumerate() {
        let is_escaped = match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => true,
            ' ' => position == 0 || position == last,
            '#' => position == 0,
            _ => false,
        };
        let mut buffer = [0; 4];
        let encoded = character.encode_utf8(&mut buffer);
        if is_escaped {
            text.push(&format!("\\{encoded}"));
        } else if is_hidden(character) || (was_space && character == ' ') {
            text.push(&encoded.bytes().map(|byte| format!("\\{byte:02X}")).collect::<String>());
        } else {
            text.push(encoded);
        }
        was_space = character == ' ';
        if text.is_cut {
            break;
        }
    }
}

fn read_attribute(der: &[u8]) -> Result<Attribute<'_>, Fault> {
    let mut reader = SliceReader::new(content(der, Tag::Sequence)?)?;
    let oid = read_oid(&mut reader)?;
    let der = reader.tlv_bytes()?;
    reader.finish()?;
    Ok(Attribute { oid, value: AnyRef::from_der(der)?, der })
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

#[cfg(test)]
mod tests {
    use super::*;

    const CN: &[u8] = rfc4519::CN.as_bytes();
    const O: &[u8] = rfc4519::O.as_bytes();
    const UTF8: u8 = 0x0C;

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let header = match length {
            0..=0x7F => alloc::vec![tag, u8::try_from(length).unwrap()],
            0x80..=0xFF => alloc::vec![tag, 0x81, u8::try_from(length).unwrap()],
            _ => [&[tag, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
        };
        [header, content.to_vec()].concat()
    }

    fn attribute(oid: &[u8], tag: u8, value: &[u8]) -> Vec<u8> {
        tlv(0x30, &[tlv(0x06, oid), tlv(tag, value)].concat())
    }

    /// A name of these parts, each of these attributes.
    fn name(parts: &[&[Vec<u8>]]) -> Vec<u8> {
        let part = |attributes: &&[Vec<u8>]| {
            let mut attributes = attributes.to_vec();
            attributes.sort();
            tlv(0x31, &attributes.concat())
        };
        let name = tlv(0x30, &parts.iter().flat_map(part).collect::<Vec<u8>>());
        read(&mut SliceReader::new(&name).unwrap()).unwrap();
        name
    }

    fn text_of(oid: &[u8], tag: u8, value: &[u8]) -> String {
        to_text(&name(&[&[attribute(oid, tag, value)]]))
    }

    fn compare(tag: u8, found: &[u8], other_tag: u8, wanted: &[u8]) -> Comparison {
        compare_prefix(&name(&[&[attribute(CN, tag, found)]]), &name(&[&[attribute(CN, other_tag, wanted)]]))
    }

    #[test]
    fn names_print_by_rfc_4514() {
        let cn = |value: &str| text_of(CN, UTF8, value.as_bytes());
        for (value, text) in [
            ("Root", "CN=Root"),
            ("Smith, John", "CN=Smith\\, John"),
            ("a+b\"c\\d;e<f>g", "CN=a\\+b\\\"c\\\\d\\;e\\<f\\>g"),
            ("a=b", "CN=a=b"),
            ("#1 a#b", "CN=\\#1 a#b"),
            (" a b ", "CN=\\ a b\\ "),
            (" ", "CN=\\ "),
            ("  ", "CN=\\ \\ "),
            ("a   b", "CN=a \\20\\20b"),
            ("", "CN="),
            ("a\0b", "CN=a\\00b"),
            ("a\nb\r", "CN=a\\0Ab\\0D"),
            ("ü\u{202e}\u{e0041}", "CN=ü\\E2\\80\\AE\\F3\\A0\\81\\81"),
        ] {
            assert_eq!(cn(value), text);
        }
        let parts = [
            &[attribute(rfc4519::C.as_bytes(), 0x13, b"DE")][..],
            &[
                attribute(rfc4519::ST.as_bytes(), UTF8, b"x"),
                attribute(rfc4519::STREET.as_bytes(), UTF8, b"y"),
            ],
            &[attribute(rfc4519::L.as_bytes(), UTF8, b"l")],
            &[attribute(O, UTF8, b"o")],
            &[attribute(rfc4519::OU.as_bytes(), UTF8, b"ou")],
            &[attribute(rfc4519::DC.as_bytes(), 0x16, b"com")],
            &[attribute(rfc4519::UID.as_bytes(), UTF8, b"u")],
            &[attribute(EMAIL_ADDRESS, 0x16, b"a@b")],
        ];
        assert_eq!(to_text(&name(&parts)), "emailAddress=a@b,UID=u,DC=com,OU=ou,O=o,L=l,ST=x+STREET=y,C=DE");
        assert_eq!(to_text(&name(&[])), "(no name)");
    }

    #[test]
    fn what_is_no_text_of_a_known_type_prints_as_its_der() {
        assert_eq!(text_of(&[0x2A, 0x03], UTF8, b"x"), "1.2.3=#0c0178");
        assert_eq!(text_of(CN, 0x02, &[5]), "CN=#020105");
        assert_eq!(text_of(CN, UTF8, &[0xFF]), "CN=#0c01ff");
        assert_eq!(text_of(CN, 0x14, &[0xE4]), "CN=#1401e4", "T.61, which few read alike");
        assert_eq!(text_of(CN, 0x14, b"a"), "CN=a");
        assert_eq!(text_of(CN, 0x1E, &[0, b'a', 0x20, 0x2E]), "CN=a\\E2\\80\\AE");
        assert_eq!(text_of(CN, 0x1E, &[0, b'a', 0]), "CN=#1e03006100");
        assert_eq!(text_of(CN, 0x1E, &[0xD8, 0]), "CN=#1e02d800");
        assert_eq!(text_of(CN, 0x30, b""), "CN=#3000");
    }

    #[test]
    fn a_long_name_is_cut_off() {
        let long = |value: &str| text_of(CN, UTF8, value.as_bytes());
        assert_eq!(long(&"x".repeat(297)), alloc::format!("CN={}", "x".repeat(297)));
        assert_eq!(long(&"x".repeat(298)), alloc::format!("CN={}…", "x".repeat(297)));
        assert_eq!(long(&"\u{202e}".repeat(20_000)), alloc::format!("CN={}…", "\\E2\\80\\AE".repeat(33)));
        assert_eq!(long(&",".repeat(200)), alloc::format!("CN={}…", "\\,".repeat(148)));
        assert!(text_of(&[0x2A, 0x03], UTF8, &[b'x'; 60_000]).chars().count() <= 301);
    }

    #[test]
    fn white_space_is_what_rfc_4518_makes_a_space() {
        let space = ["\t", "\n", "\u{b}", "\u{c}", "\r", " ", "  ", "\r\n\u{b} "];
        for space in space {
            for text in [format!("AC{space}ME"), format!("{space}ac mE"), format!("AC ME{space}")] {
                let wanted = if text.trim() == text { "ac me" } else { "AC  ME " };
                let found = compare(UTF8, text.as_bytes(), 0x13, wanted.as_bytes());
                assert_eq!(found, Comparison::Same, "{text:?}");
            }
            assert_eq!(compare(UTF8, space.as_bytes(), UTF8, b""), Comparison::Same, "{space:?}");
            let joined = compare(UTF8, format!("AC{space}ME").as_bytes(), UTF8, b"ACME");
            assert_eq!(joined, Comparison::Different, "{space:?}");
        }
        for control in (0..=0x08).chain(0x0E..=0x1F).chain([0x7F]) {
            let text = [b"AC", &[control][..], b"ME"].concat();
            assert_eq!(compare(UTF8, &text, UTF8, b"ACME"), Comparison::Unclear, "{control:02x}");
            assert_eq!(compare(UTF8, b"x", UTF8, &text), Comparison::Unclear, "{control:02x}");
            assert_eq!(compare(UTF8, &text, UTF8, &text), Comparison::Same, "{control:02x}");
        }
    }

    #[test]
    fn what_cannot_surely_be_compared_is_unclear() {
        for (tag, value) in [
            (UTF8, "ACM\u{C9}".as_bytes()),
            (UTF8, "ACME\u{85}".as_bytes()),
            (UTF8, "ACME\u{A0}".as_bytes()),
            (UTF8, "AC\u{AD}ME".as_bytes()),
            (UTF8, &[b'A', 0xFF]),
            (0x14, &[b'A', 0xC1]),
            (0x1E, &[0, b'A', 0, b'C', 0, b'M', 0, b'E']),
            (0x02, &[5]),
        ] {
            assert_eq!(compare(tag, value, UTF8, b"ACME"), Comparison::Unclear, "{tag:02x} {value:02x?}");
            assert_eq!(compare(UTF8, b"ACME", tag, value), Comparison::Unclear, "{tag:02x} {value:02x?}");
            assert_eq!(compare(tag, value, tag, value), Comparison::Same, "{tag:02x} {value:02x?}");
        }
        for tag in [0x13, 0x14, 0x16] {
            assert_eq!(compare(tag, b"acme", UTF8, b"ACME"), Comparison::Same);
            assert_eq!(compare(tag, b"acm", UTF8, b"ACME"), Comparison::Different);
        }
    }

    #[test]
    fn parts_of_several_attributes_compare_as_sets() {
        let cn = |value: &str| attribute(CN, UTF8, value.as_bytes());
        let o = |value: &str| attribute(O, UTF8, value.as_bytes());
        let of = |found: &[Vec<u8>], wanted: &[Vec<u8>]| compare_prefix(&name(&[found]), &name(&[wanted]));
        assert_eq!(of(&[cn("b"), o("longer A")], &[o("LONGER\u{b}a"), cn("B")]), Comparison::Same);
        assert_eq!(of(&[cn("a"), cn("B")], &[cn("b"), cn("A")]), Comparison::Same);
        assert_eq!(of(&[cn("a"), o("b")], &[cn("a"), o("c")]), Comparison::Different);
        assert_eq!(of(&[cn("a"), o("b")], &[cn("a")]), Comparison::Different);
        assert_eq!(of(&[cn("a"), o("b")], &[cn("b"), o("a")]), Comparison::Different);
        assert_eq!(of(&[cn("a"), o("ü")], &[cn("a"), o("c")]), Comparison::Unclear);
        assert_eq!(of(&[cn("x"), o("ü")], &[cn("a"), o("c")]), Comparison::Different);
        // One attribute twice, in two spellings, is one or two.
        assert_eq!(of(&[cn("a"), cn("b")], &[cn("a"), cn("A")]), Comparison::Unclear);
        assert_eq!(of(&[cn("a"), cn("A")], &[cn("a"), cn("b")]), Comparison::Unclear);
        let empty = name(&[]);
        assert_eq!(compare_prefix(&name(&[&[cn("a")]]), &empty), Comparison::Same);
        assert_eq!(compare_prefix(&empty, &name(&[&[cn("a")]])), Comparison::Different);
    }

    #[test]
    fn sets_are_more_work_than_their_length() {
        let set = |count: usize| {
            (0..count).map(|index| attribute(CN, UTF8, format!("{index:04}").as_bytes())).collect::<Vec<_>>()
        };
        let work =
            |found: usize, wanted: usize| work_beyond_length(&name(&[&set(found)]), &name(&[&set(wanted)]));
        assert_eq!((work(1, 1), work(2, 3)), (0, 0));
        // Three bytes of an OID, four of a value, and two headers and their sequence's.
        assert_eq!(work(8, 8), 2 * 8 * 13 * 15);
        assert_eq!(work(32, 32), 2 * 32 * 13 * 63);
        let parts = set(8);
        let single: Vec<&[Vec<u8>]> = parts.chunks(1).collect();
        assert_eq!(work_beyond_length(&name(&single), &name(&single)), 0);
    }
}
