//! JSON in which no object has a member twice: two readers of one token must not see two tokens.

use crate::limits::MAX_JSON_DEPTH;
use crate::text::shortened;
use core::fmt;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The members of an object by their names.
pub(crate) type Members = BTreeMap<String, Value>;

/// A value. A number is kept as it is written, because reading it as one of a machine would round it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Value>),
    Object(Members),
}

impl Value {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
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
}

/// Reads one JSON object, in UTF-8 without a byte order mark (RFC 8259, section 8.1).
pub(crate) fn object(json: &[u8]) -> Result<Members, String> {
    match json {
        [0xEF, 0xBB, 0xBF, ..] => return Err("it begins with a byte order mark; save it without one".into()),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err("it is UTF-16; save it as UTF-8".into()),
        _ => {}
    }
    let raw: &RawValue = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    match read(raw, 0)? {
        Value::Object(members) => Ok(members),
        other => Err(format!("it is {}, not an object", other.kind())),
    }
}

fn read(raw: &RawValue, depth: usize) -> Result<Value, String> {
    if depth > MAX_JSON_DEPTH {
        return Err(format!("it nests more than {MAX_JSON_DEPTH} levels deep"));
    }
    let json = raw.get();
    let checked = |error: serde_json::Error| error.to_string();
    Ok(match json.as_bytes().first() {
        Some(b'{') => {
            let Object(members) = serde_json::from_str(json).map_err(checked)?;
            let read_member = |(name, raw)| Ok((name, read(raw, depth.saturating_add(1))?));
            Value::Object(members.into_iter().map(read_member).collect::<Result<_, String>>()?)
        }
        Some(b'[') => {
            let Array(items) = serde_json::from_str(json).map_err(checked)?;
            let read_item = |raw| read(raw, depth.saturating_add(1));
            Value::Array(items.into_iter().map(read_item).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Value::Text(serde_json::from_str(json).map_err(checked)?),
        Some(b'n') => Value::Null,
        Some(b't' | b'f') => Value::Bool(serde_json::from_str(json).map_err(checked)?),
        _ => {
            // Of no magnitude that only some readers take.
            let _: f64 = serde_json::from_str(json).map_err(checked)?;
            Value::Number(json.into())
        }
    })
}

/// The members of an object whose values are not read yet.
struct Object<'a>(BTreeMap<String, &'a RawValue>);

/// The items of an array that are not read yet.
struct Array<'a>(Vec<&'a RawValue>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut values = BTreeMap::new();
                while let Some(name) = members.next_key::<String>()? {
                    let value = members.next_value()?;
                    if values.contains_key(&name) {
                        return Err(A::Error::custom(format!(
                            "the member {:?} is there twice",
                            shortened(&name)
                        )));
                    }
                    values.insert(name, value);
                }
                Ok(Object(values))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

impl<'de> Deserialize<'de> for Array<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;

        impl<'de> Visitor<'de> for Items {
            type Value = Array<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = items.next_element()? {
                    values.push(value);
                }
                Ok(Array(values))
            }
        }

        deserializer.deserialize_seq(Items)
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
            assert_eq!(members["b"], Value::Array(vec![Value::Number(number.into())]));
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
    fn it_nests_so_deep_and_no_deeper() {
        let nested = |depth: usize| format!("{{\"a\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(object(nested(MAX_JSON_DEPTH).as_bytes()).is_ok());
        assert!(object(nested(MAX_JSON_DEPTH + 1).as_bytes()).unwrap_err().contains("levels deep"));
        assert!(object(nested(8_000).as_bytes()).is_err());
    }
}
