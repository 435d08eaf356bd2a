//! JSON in which no object has a member twice: two readers of one token must not see two tokens.
//!
//! All of it is checked as it streams by, and what is not asked for stays text, so that reading takes about three
//! times the size of the text at most.
//!
//! The core has a reader of its own, which it does not give away: that one reads types whose members are all known, and
//! this one an object by names that the user of a token chooses.

use crate::limits::{MAX_JSON_ITEMS, MAX_JSON_MEMBERS};
use crate::text::shortened;
use core::fmt;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// The members of an object by their names.
pub(crate) type Members = BTreeMap<String, Value>;

/// A value. A number is kept as it is written, because reading it as one of a machine would round it; an array
/// or an object too, because most are never looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(String),
    Object(String),
}

impl Value {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array, if it is one, and has at most [`MAX_JSON_ITEMS`].
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let Self::Array(json) = self else { return None };
        let Items(items) = serde_json::from_str(json).ok()?;
        items.into_iter().map(|item| Self::of(item).ok()).collect()
    }

    /// The members of an object, if it is one.
    pub(crate) fn members(&self) -> Option<Members> {
        let Self::Object(json) = self else { return None };
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
        members.into_iter().map(|(name, raw)| Some((name, Self::of(raw).ok()?))).collect()
    }

    /// What it is, for a message that names what should be there instead.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(value) => value.to_string(),
            Self::Number(text) => format!("the number {}", shortened(text)),
            Self::Text(text) => format!("the text {:?}", shortened(text)),
            Self::Array(_) => "an array".into(),
            Self::Object(_) => "an object".into(),
        }
    }

    fn of(raw: &RawValue) -> Result<Self, serde_json::Error> {
        let json = raw.get();
        Ok(match json.as_bytes().first() {
            Some(b'{') => Self::Object(json.into()),
            Some(b'[') => Self::Array(json.into()),
            Some(b'"') => Self::Text(serde_json::from_str(json)?),
            Some(b'n') => Self::Null,
            Some(b't' | b'f') => Self::Bool(serde_json::from_str(json)?),
            _ => Self::Number(json.into()),
        })
    }
}

/// Reads one JSON object, in UTF-8 without a byte order mark (RFC 8259, section 8.1).
pub(crate) fn object(json: &[u8]) -> Result<Members, String> {
    match json {
        [0xEF, 0xBB, 0xBF, ..] => return Err("it begins with a byte order mark; save it without one".into()),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err("it is UTF-16; save it as UTF-8".into()),
        _ => {}
    }
    let read = || {
        let Checked = serde_json::from_slice(json)?;
        let raw: &RawValue = serde_json::from_slice(json)?;
        Value::of(raw)
    };
    let value = read().map_err(|error| error.to_string())?;
    value.members().ok_or_else(|| format!("it is {}, not an object", value.kind()))
}

/// That JSON is well-formed, and no object in it has a member twice, at any depth. Nothing of it is kept.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Checked)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while let Some(Self) = items.next_element()? {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            let Self = members.next_value()?;
            if names.contains(&name) {
                return Err(A::Error::custom(format!("the member {:?} is there twice", shortened(&name))));
            }
            names.insert(name);
            if names.len() > MAX_JSON_MEMBERS {
                return Err(A::Error::custom(format!("an object has more than {MAX_JSON_MEMBERS} members")));
            }
        }
        Ok(self)
    }
}

/// The items of an array that is not too long.
struct Items<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Few;

        impl<'de> Visitor<'de> for Few {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an array of at most {MAX_JSON_ITEMS} items")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut few = Vec::new();
                while let Some(item) = items.next_element()? {
                    few.push(item);
                    if few.len() > MAX_JSON_ITEMS {
                        return Err(A::Error::invalid_length(few.len(), &self));
                    }
                }
                Ok(Items(few))
            }
        }

        deserializer.deserialize_seq(Few)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_stands_once_at_any_depth() {
        assert!(object(br#"{"a": 1, "b": {"a": [null, true, -1, 1.5, "text"]}}"#).is_ok());
        for json in [
            r#"{"a": 1, "a": 1}"#,
            r#"{"a": 1, "\u0061": 1}"#,
            r#"{"a": {"b": 1, "b": 2}}"#,
            r#"{"a": [{"b": 1, "b": 2}]}"#,
            r#"{"a": [[{"b": {"c": 1, "c": 2}}]]}"#,
            "[]",
            "null",
            "",
            r#"{"a": 1} {}"#,
            r#"{"a": 1e999}"#,
            r#"{"a": [1e999]}"#,
            r#"{"a": 01}"#,
            r#"{"a": +1}"#,
            r#"{"a": 1.}"#,
            r#"{"a": "\ud800"}"#,
            "{\"a\": \"\t\"}",
            "{\u{c}}",
        ] {
            assert!(object(json.as_bytes()).is_err(), "{json}");
        }
        assert!(object(b"{\"a\": \"\xff\"}").is_err());
    }

    #[test]
    fn numbers_are_kept_as_they_are_written() {
        for number in ["0", "-0", "7", "-7", "1.0", "1.50", "1E3", "1e-3", "18446744073709551617"] {
            let json = format!(" {{ \"a\" : {number} , \"b\" : [ {number} ] }} ");
            let members = object(json.as_bytes()).unwrap();
            assert_eq!(members["a"], Value::Number(number.into()));
            assert_eq!(members["b"].items(), Some(vec![Value::Number(number.into())]));
        }
    }

    #[test]
    fn what_other_programs_put_before_json_is_named() {
        let refusal = |json: &[u8]| object(json).unwrap_err();
        assert!(refusal(b"\xef\xbb\xbf{}").contains("byte order mark"));
        assert!(refusal(b"\xff\xfe{\0}\0").contains("UTF-16"));
        assert!(refusal(b"\xfe\xff\0{\0}").contains("UTF-16"));
        assert!(refusal(b"[]").contains("an array, not an object"));
    }

    #[test]
    fn what_is_in_arrays_and_objects_is_read_when_it_is_asked_for() {
        let members = object(br#"{"a": ["x", {"b": [1]}, []], "c": "d"}"#).unwrap();
        let items = members["a"].items().unwrap();
        assert_eq!(items[0].as_text(), Some("x"));
        assert_eq!(items[1].members().unwrap()["b"].items(), Some(vec![Value::Number("1".into())]));
        assert_eq!(items[2].items(), Some(Vec::new()));
        let array =
            |count: usize| object(format!("{{\"a\": [{}0]}}", "0,".repeat(count - 1)).as_bytes()).unwrap();
        assert_eq!(array(MAX_JSON_ITEMS)["a"].items().map(|items| items.len()), Some(MAX_JSON_ITEMS));
        assert_eq!(array(MAX_JSON_ITEMS + 1)["a"].items(), None);
        assert_eq!((members["c"].items(), members["c"].members()), (None, None));
    }

    #[test]
    fn an_object_has_so_many_members_and_no_more_at_any_depth() {
        let with = |count: usize| {
            let members: Vec<String> = (0..count).map(|number| format!("\"{number}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert_eq!(object(with(MAX_JSON_MEMBERS).as_bytes()).unwrap().len(), MAX_JSON_MEMBERS);
        assert!(object(with(MAX_JSON_MEMBERS + 1).as_bytes()).unwrap_err().contains("members"));
        let nested = |count| format!("{{\"a\": [{}]}}", with(count));
        assert!(object(nested(MAX_JSON_MEMBERS).as_bytes()).is_ok());
        assert!(object(nested(MAX_JSON_MEMBERS + 1).as_bytes()).is_err());
        assert!(object(format!("{{\"a\": {}{}}}", "[".repeat(8_000), "]".repeat(8_000)).as_bytes()).is_err());
    }
}
