//! How the text of a claim is made of the claims of a token.

use crate::limits::MAX_TEMPLATE_BYTES;
use core::fmt;
use std::borrow::Cow;

/// A text with places for claims of a token: `https://github.com/{repository}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClaimTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// The text of the token's claim of this name.
    Claim(String),
}

impl ClaimTemplate {
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() {
            return Err("it is empty");
        }
        if text.len() > MAX_TEMPLATE_BYTES {
            return Err("it is too long");
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (literal, after) = rest.split_once('{').unwrap_or((rest, ""));
            let is_last = literal.len() == rest.len();
            if literal.contains('}') {
                return Err("a `}` has no `{` before it");
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.into()));
            }
            if is_last {
                break;
            }
            let (name, after) = after.split_once('}').ok_or("a `{` has no `}` after it")?;
            if name.is_empty() || name.contains('{') {
                return Err("between `{` and `}` there must be the name of a claim");
            }
            parts.push(Part::Claim(name.into()));
            rest = after;
        }
        Ok(Self(parts))
    }

    /// Whether it takes anything from a token.
    pub(crate) fn has_claim(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Claim(_)))
    }

    /// The text, with what `text_of` gives for the claims; its first error if there is one.
    pub(crate) fn fill<'a, E>(&self, text_of: impl Fn(&str) -> Result<Cow<'a, str>, E>) -> Result<String, E> {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(literal) => filled.push_str(literal),
                Part::Claim(name) => filled.push_str(&text_of(name)?),
            }
        }
        Ok(filled)
    }
}

/// The text that it was parsed from.
impl fmt::Display for ClaimTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Literal(literal) => f.write_str(literal),
            Part::Claim(name) => write!(f, "{{{name}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str) -> Result<String, &'static str> {
        ClaimTemplate::parse(template)?.fill(|name| match name {
            "a" => Ok("1{b}".into()),
            "b" => Ok("2".into()),
            _ => Err("missing"),
        })
    }

    #[test]
    fn claims_stand_in_their_places_and_are_not_templates_themselves() {
        assert_eq!(fill("{a}").unwrap(), "1{b}");
        assert_eq!(fill("x{a}{b}/y{b}z").unwrap(), "x1{b}2/y2z");
        assert_eq!(fill("plain").unwrap(), "plain");
        assert_eq!(fill("{c}"), Err("missing"));
        for template in ["{a}", "x{a}{b}/y{b}z", "plain"] {
            assert_eq!(ClaimTemplate::parse(template).unwrap().to_string(), template);
        }
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for template in
            ["", "{", "}", "{}", "a}b", "{a", "{a{b}}", "{a}}", &"a".repeat(MAX_TEMPLATE_BYTES + 1)]
        {
            assert!(ClaimTemplate::parse(template).is_err(), "{template}");
        }
    }
}
