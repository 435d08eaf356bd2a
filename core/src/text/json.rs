//! JSON without leniency: an object is an object, a member stands once, is known and has its type. And without values:
//! what is read is read as it streams by, and what is only kept or ignored stays text.
//!
//! `countermark-signing` has a reader of its own: it looks into a token by names that its user chooses, and one reader for
//! both would have to be public here.

use crate::limits::MAX_JSON_DEPTH;
use crate::text::quoting::Excerpt;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::str::Chars;
use serde_core::de::value::MapAccessDeserializer;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::Number;
use serde_json::value::RawValue;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads one JSON document that may have a byte order mark before it.
pub(crate) fn from_slice<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, String> {
    from_unmarked(without_mark(json))
}

/// Reads one JSON document.
pub(crate) fn from_unmarked<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, String> {
    if let Some(fault) = wrapping_fault(json) {
        return Err(String::from(fault));
    }
    serde_json::from_slice(json).map_err(|error| format!("{error}"))
}

/// The document without a byte order mark before it, which says nothing and which some editors and shells write.
pub(crate) fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json)
}

/// What a document is instead of JSON, where a parser would tell no more than that it is none.
pub(crate) fn wrapping_fault(json: &[u8]) -> Option<&'static str> {
    match trim_start(json) {
        [] => Some("it is empty"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [_, 0, ..] | [0, _, ..] => {
            Some("it is UTF-16, as some shells write files; write it as UTF-8")
        }
        [0xEF, 0xBB, 0xBF, ..] => {
            Some("there is a byte order mark (BOM) in it elsewhere than at its start; take it out")
        }
        [b'<', ..] => Some("it is no JSON but HTML or XML, perhaps the error page of a server"),
        start if start.starts_with(b"-----BEGIN") => Some("it is no JSON but PEM"),
        [0x0C, ..] => Some("there is a form feed, which is no white space in JSON; take it out"),
        _ => None,
    }
}

/// Whether a byte is white space to JSON. (A form feed, say, is none.)
const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The text without JSON's white space before it.
pub(crate) fn trim_start(mut json: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = json {
        json = rest;
    }
    json
}

/// The text without JSON's white space around it.
pub(crate) fn trim(json: &[u8]) -> &[u8] {
    let mut json = trim_start(json);
    while let [rest @ .., b' ' | b'\t' | b'\n' | b'\r'] = json {
        json = rest;
    }
    json
}

/// The next line that is not blank, without white space around it, and what follows it; none if there is none.
pub(crate) fn next_line(mut text: &[u8]) -> Option<(&[u8], &[u8])> {
    while !text.is_empty() {
        let end = text.iter().position(|byte| *byte == b'\n');
        let (line, after) = match end.and_then(|end| text.split_at_checked(end)) {
            Some((line, after)) => (line, after.get(1..).unwrap_or_default()),
            None => (text, &[][..]),
        };
        let line = trim(line);
        if !line.is_empty() {
            return Some((line, after));
        }
        text = after;
    }
    None
}

/// A type that is read from the members of a JSON object, and from nothing else.
pub(crate) trait FromMembers<'de>: Sized {
    const EXPECTED: &'static str;

    fn from_members<A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

/// For a visitor that wants no text: what `serde` says of a text that it was given holds all of it, however long. So
/// says the JSON library by itself when it is asked for a type; such a visitor asks for any.
macro_rules! refuse_text {
    () => {
        fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Err($crate::text::json::no_text_wanted(text, &self))
        }
    };
}
pub(crate) use refuse_text;

pub(crate) fn no_text_wanted<'de, E: Error>(text: &str, wanted: &impl Visitor<'de>) -> E {
    const SHOWN: usize = 50;
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(end, _)| end);
    E::invalid_type(Unexpected::Str(text.get(..end).unwrap_or_default()), wanted)
}

/// Reads an object. (What `serde` derives would also take an array of the members' values.)
pub(crate) fn deserialize_object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromMembers<'de>,
{
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: FromMembers<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(T::EXPECTED)
        }

        refuse_text!();

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::from_members(members)
        }
    }

    deserializer.deserialize_any(ObjectVisitor(PhantomData))
}

/// Puts a member's value into its slot, once.
pub(crate) fn set<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    slot: &mut Option<T>,
    name: &str,
    members: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(repeated(name));
    }
    *slot = Some(members.next_value().map_err(|error| A::Error::custom(format!("`{name}`: {error}")))?);
    Ok(())
}

pub(crate) fn repeated<E: Error>(name: &str) -> E {
    E::custom(format!("the member {} is there twice", Excerpt(name)))
}

pub(crate) fn unknown<E: Error>(name: &str) -> E {
    E::custom(format!("unknown member {}; is it misspelt?", Excerpt(name)))
}

pub(crate) fn required<T, E: Error>(slot: Option<T>, name: &str) -> Result<T, E> {
    slot.ok_or_else(|| E::custom(format!("the member `{name}` is missing")))
}

/// A text or a member's name, borrowed from the JSON where it can be.
pub(crate) struct Text<'de>(Cow<'de, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(String::from(text))))
            }

            fn visit_string<E>(self, text: String) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// `true` or `false`.
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a boolean")
            }

            refuse_text!();

            fn visit_bool<E>(self, flag: bool) -> Result<Flag, E> {
                Ok(Flag(flag))
            }
        }

        deserializer.deserialize_any(FlagVisitor)
    }
}

/// An integer that fits into 32 bits.
pub(crate) struct Integer(pub(crate) u32);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IntegerVisitor;

        impl<'de> Visitor<'de> for IntegerVisitor {
            type Value = Integer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a positive integer")
            }

            refuse_text!();

            fn visit_u64<E: Error>(self, number: u64) -> Result<Integer, E> {
                let fitting = u32::try_from(number).map(Integer);
                fitting.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
            }

            // So the JSON library has numbers if another crate of the build switched on that they keep their digits.
            fn visit_map<A: MapAccess<'de>>(self, number: A) -> Result<Integer, A::Error> {
                let number = Number::deserialize(MapAccessDeserializer::new(number))?;
                match number.as_u64() {
                    Some(number) => self.visit_u64(number),
                    None => Err(A::Error::invalid_type(Unexpected::Other("number"), &self)),
                }
            }
        }

        deserializer.deserialize_any(IntegerVisitor)
    }
}

/// A JSON value as its text, without white space between its parts, in which no object has a member twice.
pub(crate) struct StrictJson<'a>(Json<'a>);

impl<'a> StrictJson<'a> {
    /// Checks a value that stands inside of so many others.
    ///
    /// What the JSON library lets pass when it skips a value is looked for here: a member that is there twice, half a
    /// character, a number that is none, and nesting without end. It takes no more memory than four bytes for each
    /// member of the objects that are open at a time.
    pub(crate) fn new(json: Json<'a>, outer: usize) -> Result<Self, String> {
        let text = json.0;
        let mut tokens = Tokens(text);
        let mut open: Vec<Option<usize>> = Vec::new();
        let mut names: Vec<u32> = Vec::new();
        let mut at_name = false;
        while let Some(token) = tokens.next() {
            match token.as_bytes().first() {
                Some(b'{' | b'[') => {
                    at_name = token == "{";
                    open.push(at_name.then_some(names.len()));
                    if outer.saturating_add(open.len()) > MAX_JSON_DEPTH {
                        return Err(format!("it is nested deeper than {MAX_JSON_DEPTH} levels"));
                    }
                }
                Some(b'}' | b']') => {
                    if let Some(Some(first)) = open.pop() {
                        check_names(text, names.get_mut(first..).unwrap_or_default())?;
                        names.truncate(first);
                    }
                }
                Some(b',') => at_name = matches!(open.last(), Some(Some(_))),
                Some(b'"') => {
                    let quoted = Quotation(token);
                    if !quoted.is_unicode() {
                        return Err("a text has half of a surrogate pair".to_string());
                    }
                    if at_name {
                        names.push(position(text, &tokens, token)?);
                        at_name = false;
                    }
                }
                Some(b'-' | b'0'..=b'9') if !token.parse().is_ok_and(f64::is_finite) => {
                    return Err("a number is out of range".to_string());
                }
                _ => {}
            }
        }
        Ok(Self(json))
    }

    pub(crate) fn get(&self) -> Json<'a> {
        self.0
    }
}

/// Where a token stands that was read last. (Only a response of the API can be long, and that has a limit.)
fn position(text: &str, tokens: &Tokens<'_>, token: &str) -> Result<u32, String> {
    let end = text.len().saturating_sub(tokens.0.len());
    u32::try_from(end.saturating_sub(token.len())).map_err(|_| "it is too long".to_string())
}

/// That no two of the names at these positions are the same. A comparison looks no further than the first difference:
/// a long name that is compared with very many short ones costs no more than these.
fn check_names(text: &str, positions: &mut [u32]) -> Result<(), String> {
    let from = |position: &u32| {
        let rest = usize::try_from(*position).ok().and_then(|position| text.get(position..));
        rest.unwrap_or_default()
    };
    let compare = |one: &u32, other: &u32| Characters::of(from(one)).cmp(Characters::of(from(other)));
    positions.sort_unstable_by(compare);
    let same = positions.windows(2).find_map(|pair| match pair {
        [one, other] if compare(one, other).is_eq() => Tokens(from(one)).next().map(Quotation),
        _ => None,
    });
    match same {
        Some(name) => Err(format!("the member {} is there twice", Excerpt(&name.text()))),
        None => Ok(()),
    }
}

/// A JSON value as its text, which the JSON library has read.
#[derive(Clone, Copy)]
pub(crate) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    pub(crate) fn of(raw: &'a RawValue) -> Self {
        Self(raw.get())
    }

    /// One document, which may have a byte order mark before it.
    pub(crate) fn from_slice(json: &'a [u8]) -> Result<Self, String> {
        Self::from_unmarked(without_mark(json))
    }

    /// One document.
    pub(crate) fn from_unmarked(json: &'a [u8]) -> Result<Self, String> {
        from_unmarked::<&RawValue>(json).map(Self::of)
    }

    pub(crate) const fn as_str(self) -> &'a str {
        self.0
    }

    /// The parts of the text, without the white space between them.
    pub(crate) fn tokens(self) -> impl Iterator<Item = &'a str> {
        Tokens(self.0)
    }

    pub(crate) fn is_null(self) -> bool {
        self.0 == "null"
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn as_text(self) -> Option<Quotation<'a>> {
        self.0.starts_with('"').then_some(Quotation(self.0))
    }

    /// The items, if it is an array.
    pub(crate) fn as_array(self) -> Option<impl Iterator<Item = Json<'a>>> {
        let mut rest = Tokens(self.0.strip_prefix('[')?);
        Some(core::iter::from_fn(move || rest.next_value()))
    }

    /// The members, if it is an object.
    pub(crate) fn as_object(self) -> Option<impl Iterator<Item = (Quotation<'a>, Json<'a>)>> {
        let mut rest = Tokens(self.0.strip_prefix('{')?);
        Some(core::iter::from_fn(move || {
            let name = rest.next_value()?.as_text()?;
            rest.next().filter(|token| *token == ":")?;
            Some((name, rest.next_value()?))
        }))
    }

    /// The member of this name, if it is an object that has one.
    pub(crate) fn member(self, name: &str) -> Option<Json<'a>> {
        self.as_object()?.find(|(found, _)| found.is(name)).map(|(_, value)| value)
    }

    /// The members of these names, if it is an object.
    pub(crate) fn members<const N: usize>(self, names: [&str; N]) -> Option<[Option<Json<'a>>; N]> {
        let mut found = [None; N];
        for (name, value) in self.as_object()? {
            let wanted = names.iter().zip(&mut found).find(|(wanted, _)| name.is(wanted));
            if let Some((_, place)) = wanted {
                *place = Some(value);
            }
        }
        Some(found)
    }

    /// That no two members of this one object have the same name; not those of objects in it.
    pub(crate) fn check_own_names(self) -> Result<(), String> {
        let mut positions = Vec::new();
        for (name, _) in self.as_object().into_iter().flatten() {
            let position = name.0.as_ptr().addr().saturating_sub(self.0.as_ptr().addr());
            positions.push(u32::try_from(position).map_err(|_| "it is too long".to_string())?);
        }
        check_names(self.0, &mut positions)
    }
}

/// The parts of a JSON text, without the white space between them.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let white_space = self.0.bytes().position(|byte| !is_white_space(byte))?;
        let rest = self.0.get(white_space..)?;
        let length = match rest.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => quotation_length(rest),
            _ => {
                let is_end = |byte: u8| is_white_space(byte) || matches!(byte, b',' | b']' | b'}' | b':');
                rest.bytes().position(is_end).unwrap_or(rest.len())
            }
        };
        let (token, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some(token)
    }
}

impl<'a> Tokens<'a> {
    /// The whole value that comes next, after a comma if there is one; none at the end of what it is in.
    fn next_value(&mut self) -> Option<Json<'a>> {
        let mut before = self.0;
        let mut token = self.next()?;
        if token == "," {
            before = self.0;
            token = self.next()?;
        }
        let start = before.len().saturating_sub(self.0.len()).saturating_sub(token.len());
        let mut depth = match token {
            "{" | "[" => 1_usize,
            "}" | "]" => return None,
            _ => return Some(Json(token)),
        };
        while depth > 0 {
            match self.next()? {
                "{" | "[" => depth = depth.saturating_add(1),
                "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        before.get(start..before.len().saturating_sub(self.0.len())).map(Json)
    }
}

/// How long the quoted text is that stands at the start, its quotation marks included.
fn quotation_length(json: &str) -> usize {
    // Nearly none has an escape, and a single character is looked for many bytes at a time.
    let content = json.get(1..).and_then(|content| content.get(..content.find('"')?));
    if let Some(content) = content.filter(|content| !content.contains('\\')) {
        return content.len().saturating_add(2);
    }
    let mut is_escaped = false;
    let is_end = |byte: u8| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    };
    let content = json.bytes().skip(1).position(is_end);
    content.map_or(json.len(), |content| content.saturating_add(2))
}

/// A text in JSON, with its quotation marks and escapes.
#[derive(Clone, Copy)]
pub(crate) struct Quotation<'a>(&'a str);

impl<'a> Quotation<'a> {
    fn content(self) -> &'a str {
        self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default()
    }

    fn is_escaped(self) -> bool {
        self.0.contains('\\')
    }

    /// Its characters; an error for half of a surrogate pair.
    fn characters(self) -> Characters<'a> {
        Characters(self.content().chars())
    }

    pub(crate) fn is_unicode(self) -> bool {
        !self.is_escaped() || self.characters().all(|character| character.is_ok())
    }

    /// The text that is meant.
    pub(crate) fn text(self) -> Cow<'a, str> {
        if !self.is_escaped() {
            return Cow::Borrowed(self.content());
        }
        let mut text = String::with_capacity(self.length());
        text.extend(self.characters().map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
        Cow::Owned(text)
    }

    /// How many bytes it is that are meant.
    pub(crate) fn length(self) -> usize {
        if !self.is_escaped() {
            return self.content().len();
        }
        let lengths = self.characters().map(|character| character.map_or(0, char::len_utf8));
        lengths.fold(0, usize::saturating_add)
    }

    pub(crate) fn is(self, text: &str) -> bool {
        if self.is_escaped() { self.characters().eq(text.chars().map(Ok)) } else { self.content() == text }
    }
}

/// The characters that are meant up to the end of the text, or to its quotation mark.
struct Characters<'a>(Chars<'a>);

/// Half of a surrogate pair.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Half;

impl<'a> Characters<'a> {
    /// Those of the text in quotation marks that something begins with.
    fn of(json: &'a str) -> Self {
        Self(json.strip_prefix('"').unwrap_or_default().chars())
    }

    fn code_unit(&mut self) -> u16 {
        let digits = self.0.by_ref().take(4).map(|digit| digit.to_digit(16).unwrap_or(0));
        let code = digits.fold(0, |code: u32, digit| code.wrapping_shl(4) | digit);
        u16::try_from(code).unwrap_or(0)
    }
}

impl Iterator for Characters<'_> {
    type Item = Result<char, Half>;

    fn next(&mut self) -> Option<Self::Item> {
        let character = match self.0.next()? {
            '"' => return None,
            '\\' => match self.0.next()? {
                'b' => '\u{8}',
                'f' => '\u{C}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let first = self.code_unit();
                    let is_pair = matches!(first, 0xD800..=0xDBFF) && self.0.as_str().starts_with("\\u");
                    let second = is_pair.then(|| {
                        self.0.by_ref().take(2).for_each(drop);
                        self.code_unit()
                    });
                    let mut decoded = char::decode_utf16([first].into_iter().chain(second));
                    return match (decoded.next(), decoded.next()) {
                        (Some(Ok(character)), None) => Some(Ok(character)),
                        _ => Some(Err(Half)),
                    };
                }
                itself => itself,
            },
            character => character,
        };
        Some(Ok(character))
    }
}
