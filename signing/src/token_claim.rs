//! One claim of a token, as text.

use crate::json::{Members, Value};
use crate::token_error::TokenError;
use std::borrow::Cow;

/// A claim that must be a text, as `iss` and `sub` must.
pub(crate) fn required_text<'a>(token: &'a Members, name: &str) -> Result<&'a str, TokenError> {
    match present(token, name)? {
        Value::Text(text) => Ok(text),
        other => Err(ill_typed(name, "a text", other)),
    }
}

/// A claim in the form in which a template takes it: a text, a whole number as it is written, or a boolean as
/// `true` or `false`. A number with a fraction or an exponent has several spellings, and is refused.
pub(crate) fn canonical_text<'a>(token: &'a Members, name: &str) -> Result<Cow<'a, str>, TokenError> {
    if name == "email" {
        let email = required_text(token, name)?;
        check_email_is_verified(token)?;
        return Ok(email.into());
    }
    match present(token, name)? {
        Value::Text(text) => Ok(text.into()),
        Value::Bool(true) => Ok("true".into()),
        Value::Bool(false) => Ok("false".into()),
        Value::Number(number) if is_canonical_integer(number) => Ok(number.into()),
        other => Err(ill_typed(name, "a text, a whole number or a boolean", other)),
    }
}

fn present<'a>(token: &'a Members, name: &str) -> Result<&'a Value, TokenError> {
    match token.get(name) {
        None | Some(Value::Null) => Err(TokenError::MissingClaim(name.into())),
        Some(Value::Text(text)) if text.is_empty() => Err(TokenError::MissingClaim(name.into())),
        Some(value) => Ok(value),
    }
}

/// Whether a JSON number has no other spelling as a whole one: digits alone, and no minus before zero.
fn is_canonical_integer(number: &str) -> bool {
    number != "-0" && number.strip_prefix('-').unwrap_or(number).bytes().all(|byte| byte.is_ascii_digit())
}

/// Entra ID, Cognito and JumpCloud issue the boolean as a text.
fn check_email_is_verified(token: &Members) -> Result<(), TokenError> {
    match token.get("email_verified") {
        Some(Value::Bool(true)) => Ok(()),
        None | Some(Value::Null | Value::Bool(false)) => Err(TokenError::UnverifiedEmail),
        Some(Value::Text(text)) if text == "true" => Ok(()),
        Some(Value::Text(text)) if text == "false" => Err(TokenError::UnverifiedEmail),
        Some(other) => Err(ill_typed("email_verified", "true or false, as a boolean or a text", other)),
    }
}

fn ill_typed(name: &str, expected: &'static str, found: &Value) -> TokenError {
    TokenError::IllTypedClaim { claim: name.into(), expected, found: found.kind() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn text_of(value: &str) -> Result<String, &'static str> {
        let token = json::object(format!("{{\"a\": {value}}}").as_bytes()).unwrap();
        canonical_text(&token, "a").map(Cow::into_owned).map_err(|error| error.code())
    }

    #[test]
    fn whole_numbers_are_taken_as_they_are_written() {
        for number in ["0", "7", "-7", "10", "18446744073709551616", "123456789012345678901234567890"] {
            assert_eq!(text_of(number).as_deref(), Ok(number));
        }
        for number in [i64::MIN, -1, 0, 1, i64::MAX] {
            assert_eq!(text_of(&number.to_string()).unwrap().parse(), Ok(number));
        }
        for number in ["-0", "1.0", "1.5", "1e3", "1E3", "10e-1", "0.0", "-0.0"] {
            assert_eq!(text_of(number), Err("ill_typed_token_claim"), "{number}");
        }
    }

    #[test]
    fn booleans_are_words_and_nothing_is_missing() {
        assert_eq!(text_of("true").as_deref(), Ok("true"));
        assert_eq!(text_of("false").as_deref(), Ok("false"));
        for nothing in ["null", "\"\""] {
            assert_eq!(text_of(nothing), Err("missing_token_claim"), "{nothing}");
        }
        for other in ["[]", "[\"x\"]", "{}"] {
            assert_eq!(text_of(other), Err("ill_typed_token_claim"), "{other}");
        }
    }
}
