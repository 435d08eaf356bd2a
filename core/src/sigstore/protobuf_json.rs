//! JSON as protobuf's mapping writes it (proto3), read without that mapping's leniency: names in lowerCamelCase and
//! enumerators as texts only, nothing unknown, nothing twice. What is wrong is told with the path of where it stands.

use crate::text::json::{self, Json, Quotation, StrictJson};
use crate::text::quoting::Excerpt;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use core::fmt;

/// A place in a document, and what stands there: a value, or nothing, which `null` is too.
#[derive(Clone, Copy)]
pub(crate) struct Place<'j, 'o> {
    value: Option<Json<'j>>,
    outer: Option<&'o Place<'j, 'o>>,
    step: Step<'o>,
}

/// How a place is reached from the one around it.
#[derive(Clone, Copy)]
enum Step<'o> {
    Document,
    Member(&'o str),
    Item(usize),
}

impl<'j, 'o> Place<'j, 'o> {
    /// The whole of a document, which no byte order mark may precede and nothing may follow.
    pub(crate) fn document(json: &'j [u8]) -> Result<Self, String> {
        if json::without_mark(json).len() < json.len() {
            return Err("there is a byte order mark (BOM) before it; take it out".to_string());
        }
        Ok(Self { value: Some(Json::from_unmarked(json)?), outer: None, step: Step::Document })
    }

    /// The members of these names, each of which may be there or not. Any other refuses.
    pub(crate) fn members<'p, const N: usize>(
        &'p self,
        names: [&'p str; N],
    ) -> Result<[Place<'j, 'p>; N], String> {
        self.members_and_others(names, |name, _| Err(self.unknown(&name.text())))
    }

    /// The same where members of other names mean nothing; they must be JSON that can be read in one way.
    pub(crate) fn members_of_open_object<'p, const N: usize>(
        &'p self,
        names: [&'p str; N],
    ) -> Result<[Place<'j, 'p>; N], String> {
        let in_this = |fault: String| self.fault(format_args!("cannot be read: {fault}"));
        if let Some(value) = self.value {
            value.check_own_names().map_err(in_this)?;
        }
        let depth = self.depth();
        self.members_and_others(names, |_, value| {
            StrictJson::new(value, depth).map_err(in_this)?;
            Ok(())
        })
    }

    fn members_and_others<'p, const N: usize>(
        &'p self,
        names: [&'p str; N],
        mut take_other: impl FnMut(Quotation<'j>, Json<'j>) -> Result<(), String>,
    ) -> Result<[Place<'j, 'p>; N], String> {
        let members = self.value.and_then(Json::as_object).ok_or_else(|| self.fault("is no object"))?;
        let mut places = names.map(|name| Place { value: None, outer: Some(self), step: Step::Member(name) });
        let mut are_there = [false; N];
        for (name, value) in members {
            let place =
                names.iter().zip(&mut places).zip(&mut are_there).find(|((known, _), _)| name.is(known));
            match place {
                Some(((_, place), is_there)) => {
                    if core::mem::replace(is_there, true) {
                        return Err(format!("the member `{place}` is there twice"));
                    }
                    place.value = Some(value).filter(|value| !value.is_null());
                }
                None => take_other(name, value)?,
            }
        }
        Ok(places)
    }

    /// The items of an array; none where nothing stands.
    pub(crate) fn items<'p>(&'p self) -> Result<impl Iterator<Item = Place<'j, 'p>> + use<'j, 'p>, String> {
        let items = match self.value {
            Some(value) => Some(value.as_array().ok_or_else(|| self.fault("is no array"))?),
            None => None,
        };
        let place = |(index, value)| Place { value: Some(value), outer: Some(self), step: Step::Item(index) };
        Ok(items.into_iter().flatten().enumerate().map(place))
    }

    /// The same, if there are no more than so many.
    pub(crate) fn few_items<'p>(&'p self, most: usize) -> Result<Vec<Place<'j, 'p>>, String> {
        let count = self.items()?.take(most.saturating_add(1)).count();
        if count > most {
            return Err(self.fault(format_args!("has more than {most} items")));
        }
        let mut items = Vec::with_capacity(count);
        items.extend(self.items()?);
        Ok(items)
    }

    pub(crate) const fn is_there(&self) -> bool {
        self.value.is_some()
    }

    /// The place, if something stands there.
    pub(crate) fn there(&self) -> Option<&Self> {
        self.is_there().then_some(self)
    }

    /// The place, which must not be empty.
    pub(crate) fn required(&self) -> Result<&Self, String> {
        self.there().ok_or_else(|| self.fault("is missing"))
    }

    /// How many bytes of JSON stand there.
    pub(crate) fn json_bytes(&self) -> usize {
        self.value.map_or(0, |value| value.as_str().len())
    }

    /// What stands there as its JSON, in which no object has a member twice.
    pub(crate) fn strict_json(&self) -> Result<Option<StrictJson<'j>>, String> {
        let read = |value| StrictJson::new(value, self.depth());
        self.value.map(read).transpose().map_err(|fault| self.fault(format_args!("cannot be read: {fault}")))
    }

    pub(crate) fn is_object(&self) -> bool {
        self.value.is_some_and(|value| value.as_object().is_some())
    }

    /// Whether an object stands there that has a member of this name.
    pub(crate) fn has_member(&self, name: &str) -> bool {
        self.value.is_some_and(|value| value.member(name).is_some())
    }

    /// Whether a text stands there.
    pub(crate) fn is_text(&self) -> bool {
        self.value.is_some_and(|value| value.as_text().is_some())
    }

    /// A text; an empty one where nothing stands.
    pub(crate) fn text(&self) -> Result<Cow<'j, str>, String> {
        let Some(value) = self.value else { return Ok(Cow::Borrowed("")) };
        let quoted = value.as_text().ok_or_else(|| self.fault("is no text"))?;
        if !quoted.is_unicode() {
            return Err(self.fault("has half of a surrogate pair"));
        }
        Ok(quoted.text())
    }

    /// A text that is not empty.
    pub(crate) fn required_text(&self) -> Result<Cow<'j, str>, String> {
        let text = self.required()?.text()?;
        if text.is_empty() { Err(self.fault("is empty")) } else { Ok(text) }
    }

    /// Bytes, in base64 of either alphabet, with or without padding, and with nothing else in it; none where nothing
    /// stands.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        bytes_of_base64(&self.text()?).map_err(|fault| self.fault(fault))
    }

    /// Bytes of which there is one at least.
    pub(crate) fn required_bytes(&self) -> Result<Vec<u8>, String> {
        let bytes = self.required()?.bytes()?;
        if bytes.is_empty() { Err(self.fault("is empty")) } else { Ok(bytes) }
    }

    /// Bytes of which there is one at least, whose base64 may have line breaks in it.
    pub(crate) fn required_bytes_on_lines(&self) -> Result<Vec<u8>, String> {
        let mut text = self.required()?.text()?;
        if text.contains(['\n', '\r']) {
            text.to_mut().retain(|character| !matches!(character, '\n' | '\r'));
        }
        let bytes = bytes_of_base64(&text).map_err(|fault| self.fault(fault))?;
        if bytes.is_empty() { Err(self.fault("is empty")) } else { Ok(bytes) }
    }

    /// A number of up to 63 bits, as a number or as a text of its digits; zero where nothing stands.
    pub(crate) fn number(&self) -> Result<u64, String> {
        let Some(value) = self.value else { return Ok(0) };
        let digits = match value.as_text() {
            Some(quoted) => quoted.text(),
            None => Cow::Borrowed(value.as_str()),
        };
        let is_canonical = digits.bytes().all(|digit| digit.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0') && !digits.is_empty());
        if !is_canonical {
            return Err(self.fault("is no number in decimal digits, without sign, point and leading zero"));
        }
        let number = digits.parse().ok().filter(|number| i64::try_from(*number).is_ok());
        number.ok_or_else(|| self.fault(format_args!("is larger than {}", i64::MAX)))
    }

    /// What is wrong with what stands there.
    pub(crate) fn fault(&self, what: impl fmt::Display) -> String {
        match self.step {
            Step::Document => format!("it {what}"),
            _ => format!("`{self}` {what}"),
        }
    }

    fn unknown(&self, name: &str) -> String {
        let name = Excerpt(name);
        match self.step {
            Step::Document => format!("unknown member {name}; is it misspelt?"),
            _ => format!("unknown member {name} in `{self}`; is it misspelt?"),
        }
    }

    /// How many values stand around the members and items of this one, itself included.
    fn depth(&self) -> usize {
        self.outer.map_or(1, |outer| outer.depth().saturating_add(1))
    }
}

/// The path from the document on: `verificationMaterial.tlogEntries[2].logIndex`.
impl fmt::Display for Place<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            outer.fmt(f)?;
        }
        match self.step {
            Step::Document => Ok(()),
            Step::Member(name) => {
                let is_first = self.outer.is_none_or(|outer| matches!(outer.step, Step::Document));
                write!(f, "{}{name}", if is_first { "" } else { "." })
            }
            Step::Item(index) => write!(f, "[{index}]"),
        }
    }
}

/// What base64 stands for: of either alphabet, with or without padding; without white space, and without bits that stand
/// for nothing and are not zero.
pub(crate) fn bytes_of_base64(text: &str) -> Result<Vec<u8>, &'static str> {
    let is_url = text.contains('-') || text.contains('_');
    let decoded = match (is_url, text.ends_with('=')) {
        (false, false) => Base64Unpadded::decode_vec(text),
        (false, true) => Base64::decode_vec(text),
        (true, false) => Base64UrlUnpadded::decode_vec(text),
        (true, true) => Base64Url::decode_vec(text),
    };
    decoded.map_err(|_| {
        if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            "is base64 with white space in it"
        } else {
            "is not base64"
        }
    })
}

#[cfg(test)]
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the methods' paths are of one lifetime, where these are called with any"
)]
mod tests {
    use super::*;
    use crate::limits::MAX_JSON_DEPTH;
    use alloc::vec;

    fn with<T>(json: &str, read: impl FnOnce(&Place<'_, '_>) -> Result<T, String>) -> Result<T, String> {
        let document = Place::document(json.as_bytes())?;
        let [outer] = document.members(["outer"])?;
        let [member] = outer.members(["member"])?;
        read(&member)
    }

    fn fault<T: fmt::Debug>(result: Result<T, String>) -> String {
        result.unwrap_err()
    }

    #[test]
    fn base64_is_of_either_alphabet_and_padded_or_not() {
        for (text, bytes) in [
            ("", &[][..]),
            ("QQ==", b"A"),
            ("QQ", b"A"),
            ("QUI=", b"AB"),
            ("QUI", b"AB"),
            ("QUJD", b"ABC"),
            ("+/+/", &[0xFB, 0xFF, 0xBF]),
            ("-_-_", &[0xFB, 0xFF, 0xBF]),
            ("_w==", &[0xFF]),
            ("_w", &[0xFF]),
            ("/w", &[0xFF]),
        ] {
            assert_eq!(bytes_of_base64(text).as_deref(), Ok(bytes), "{text}");
        }
        for text in [
            "QQ=", "Q", "Q===", "=", "==", "====", "QQ===", "QQ==QQ==", "QUI==", "QR==", "QR", "QUJ", "QUJ=",
            "QUJDQ", "+_+_", "QQ==\0", "QÜ==", "A=BC", "=QQ=", "QQ=.",
        ] {
            assert_eq!(bytes_of_base64(text), Err("is not base64"), "{text}");
        }
        for text in ["QUJD\n", " QUJD", "QU JD", "QQ==\n", "QU\tJD", "\n"] {
            assert_eq!(bytes_of_base64(text), Err("is base64 with white space in it"), "{text:?}");
        }
    }

    #[test]
    fn line_breaks_pass_only_where_they_may() {
        let lines = r#"{"outer":{"member":"QU\nJD\r\n"}}"#;
        assert_eq!(with(lines, |place| place.required_bytes_on_lines()), Ok(b"ABC".to_vec()));
        assert_eq!(
            fault(with(lines, |place| place.required_bytes())),
            "`outer.member` is base64 with white space in it"
        );
        let blank = r#"{"outer":{"member":"QU JD"}}"#;
        assert!(with(blank, |place| place.required_bytes_on_lines()).is_err());
        let nothing = r#"{"outer":{"member":"\n"}}"#;
        assert_eq!(fault(with(nothing, |place| place.required_bytes_on_lines())), "`outer.member` is empty");
    }

    #[test]
    fn a_number_is_digits_of_up_to_63_bits() {
        for (json, number) in [
            ("0", 0),
            ("\"0\"", 0),
            ("1", 1),
            ("\"12\"", 12),
            ("null", 0),
            ("9223372036854775807", u64::MAX / 2),
            ("\"9223372036854775807\"", u64::MAX / 2),
        ] {
            let document = format!(r#"{{"outer":{{"member":{json}}}}}"#);
            assert_eq!(with(&document, |place| place.number()), Ok(number), "{json}");
        }
        for json in [
            "-1",
            "-0",
            "\"-1\"",
            "01",
            "\"01\"",
            "\"00\"",
            "\"\"",
            "\" 1\"",
            "\"+1\"",
            "1.0",
            "\"1.0\"",
            "1e3",
            "\"1e3\"",
            "\"0x1\"",
            "9223372036854775808",
            "\"18446744073709551616\"",
            "true",
            "[]",
            "{}",
            "[1]",
            "\"1\\n\"",
            "\"\u{661}\"",
        ] {
            let document = format!(r#"{{"outer":{{"member":{json}}}}}"#);
            let refused = with(&document, |place| place.number());
            // JSON itself has no number with a leading zero.
            assert!(
                refused.as_ref().is_err_and(|fault| json == "01" || fault.starts_with("`outer.member` is")),
                "{json}: {refused:?}"
            );
        }
        assert_eq!(with(r#"{"outer":{}}"#, |place| place.number()), Ok(0));
    }

    #[test]
    fn what_is_unknown_twice_or_no_object_is_told_with_its_path() {
        let read = |json: &str| fault(with(json, |_| Ok(())));
        assert_eq!(read("[]"), "it is no object");
        assert_eq!(read("null"), "it is no object");
        assert_eq!(read("\"\""), "it is no object");
        assert_eq!(read(r#"{"outer":[]}"#), "`outer` is no object");
        assert_eq!(read(r#"{"outer":null}"#), "`outer` is no object");
        assert_eq!(read(r#"{"x":1}"#), r#"unknown member "x"; is it misspelt?"#);
        assert_eq!(read(r#"{"outer":{"x":1}}"#), r#"unknown member "x" in `outer`; is it misspelt?"#);
        assert_eq!(
            read(r#"{"outer":{"member":null,"m\u0065mber":1}}"#),
            "the member `outer.member` is there twice"
        );
        assert_eq!(read(r#"{"outer":{}} {}"#), "trailing characters at line 1 column 14");
        assert!(read("\u{FEFF}{}").contains("byte order mark"));
        assert!(read("").contains("empty"));
        assert_eq!(read(r#"{"outer":{"\ud800":1}}"#).get(..14), Some("unknown member"));
    }

    #[test]
    fn null_is_absent_but_no_item() {
        let null = r#"{"outer":{"member":null}}"#;
        assert_eq!(with(null, |place| Ok(place.is_there())), Ok(false));
        assert_eq!(fault(with(null, |place| place.required().map(drop))), "`outer.member` is missing");
        assert_eq!(with(null, |place| place.text().map(Cow::into_owned)), Ok(String::new()));
        assert_eq!(with(null, |place| place.bytes()), Ok(vec![]));
        assert_eq!(with(null, |place| Ok(place.items()?.count())), Ok(0));
        let item = r#"{"outer":{"member":[null]}}"#;
        let text_of_item = with(item, |place| {
            place.items()?.map(|item| item.text().map(Cow::into_owned)).collect::<Result<Vec<_>, _>>()
        });
        assert_eq!(fault(text_of_item), "`outer.member[0]` is no text");
    }

    #[test]
    fn no_more_items_than_may_be() {
        let items = |count| format!(r#"{{"outer":{{"member":[{}]}}}}"#, vec!["0"; count].join(","));
        assert_eq!(with(&items(3), |place| place.few_items(3).map(|items| items.len())), Ok(3));
        assert_eq!(
            fault(with(&items(4), |place| place.few_items(3).map(drop))),
            "`outer.member` has more than 3 items"
        );
        assert_eq!(
            fault(with(r#"{"outer":{"member":{}}}"#, |place| place.few_items(3).map(drop))),
            "`outer.member` is no array"
        );
    }

    #[test]
    fn what_is_ignored_is_sound_json() {
        let read = |json: &str| {
            let document = Place::document(json.as_bytes())?;
            let [known] = document.members_of_open_object(["known"])?;
            known.text().map(Cow::into_owned)
        };
        assert_eq!(read(r#"{"known":"a","x":{"y":[1]}}"#).as_deref(), Ok("a"));
        for (json, what) in [
            (r#"{"known":"a","x":1,"x":2}"#, "twice"),
            (r#"{"known":"a","known":"b"}"#, "twice"),
            (r#"{"x":{"y":1,"y":2}}"#, "twice"),
            (r#"{"x":"\ud800"}"#, "surrogate"),
            (r#"{"x":1e999}"#, "range"),
        ] {
            assert!(read(json).unwrap_err().contains(what), "{json}");
        }
        let nested = |depth| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(read(&nested(MAX_JSON_DEPTH - 1)).as_deref(), Ok(""));
        assert!(read(&nested(MAX_JSON_DEPTH)).unwrap_err().contains("nested"));
    }
}
