//! The key of a JSON Web Key Set (RFC 7517) that a token names.

use crate::accepted_algorithm::AcceptedAlgorithm;
use crate::json::{self, Members, Value};
use crate::limits::{MAX_JWKS_BYTES, MAX_JWKS_KEYS, MAX_RSA_BITS, MIN_RSA_BITS};
use crate::text::shortened;
use crate::token_error::TokenError;
use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::DecodingKey;

/// The members that only the owner of a key may have (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The length of a coordinate on P-256 (RFC 7518, section 6.2.1.2).
const COORDINATE_BYTES: usize = 32;

/// The longest public exponent of an RSA key, in bytes. AWS-LC takes no longer one than 33 bits.
const MAX_EXPONENT_BYTES: usize = 5;

/// The one key of the set with an identifier that is for an algorithm. What the set says about a key decides
/// what it is for, not the token.
pub(crate) fn key(
    jwks: &[u8],
    key_id: &str,
    algorithm: AcceptedAlgorithm,
) -> Result<DecodingKey, TokenError> {
    let has_id = |key: &Members| key.get("kid").and_then(Value::as_text) == Some(key_id);
    let (mut fitting, mut found, mut misfit) = (None, 0_usize, None);
    for key in read(jwks)?.iter().filter_map(Value::members).filter(has_id) {
        if let Some(name) = PRIVATE_MEMBERS.iter().find(|name| key.contains_key(**name)) {
            return Err(malformed_key(
                key_id,
                format!("has the private member `{name}`, so that anybody who has seen it can sign with it"),
            ));
        }
        match mismatch(&key, algorithm) {
            Some(detail) => misfit = misfit.or(Some(detail)),
            None => {
                found = found.saturating_add(1);
                fitting = fitting.or(Some(key));
            }
        }
    }
    match (fitting, misfit) {
        (Some(key), _) if found == 1 => decoding_key(&key, key_id, algorithm),
        (None, Some(detail)) => {
            let (key_id, algorithm) = (shortened(key_id), algorithm.name());
            Err(TokenError::KeyMismatch { key_id, algorithm, detail })
        }
        _ => Err(TokenError::UnknownKey { key_id: shortened(key_id), found }),
    }
}

fn read(jwks: &[u8]) -> Result<Vec<Value>, TokenError> {
    let malformed = |detail: &str| TokenError::MalformedKeySet(detail.into());
    if jwks.len() > MAX_JWKS_BYTES {
        return Err(malformed("it is too large"));
    }
    let set = json::object(jwks).map_err(TokenError::MalformedKeySet)?;
    match set.get("keys") {
        Some(keys @ Value::Array(_)) => {
            let keys = keys.items().filter(|keys| keys.len() <= MAX_JWKS_KEYS);
            keys.ok_or_else(|| malformed("it has too many keys"))
        }
        None if set.contains_key("jwks_uri") => {
            Err(malformed("it is the provider's configuration, whose `jwks_uri` says where the keys are"))
        }
        _ => Err(malformed("it has no array `keys`")),
    }
}

/// Why a key is not one to verify signatures by an algorithm with.
fn mismatch(key: &Members, algorithm: AcceptedAlgorithm) -> Option<&'static str> {
    let member = |name: &str| key.get(name).and_then(Value::as_text);
    if key.contains_key("alg") && member("alg") != Some(algorithm.name()) {
        return Some("its `alg` is another");
    }
    if key.contains_key("use") && member("use") != Some("sig") {
        return Some("its `use` is not `sig`");
    }
    let may_verify = |operations: &Value| {
        let operations = operations.items().unwrap_or_default();
        operations.iter().any(|name| name.as_text() == Some("verify"))
    };
    if key.get("key_ops").is_some_and(|operations| !may_verify(operations)) {
        return Some("its `key_ops` have no `verify`");
    }
    // A key without a type or a curve is malformed, which is said when it is read.
    let says = |name: &str, expected: &str| !key.contains_key(name) || member(name) == Some(expected);
    let is_of_type = match algorithm {
        AcceptedAlgorithm::Rs256 => says("kty", "RSA"),
        AcceptedAlgorithm::Es256 => says("kty", "EC") && says("crv", "P-256"),
    };
    (!is_of_type).then_some("it is of another type")
}

fn decoding_key(
    key: &Members,
    key_id: &str,
    algorithm: AcceptedAlgorithm,
) -> Result<DecodingKey, TokenError> {
    let malformed = |detail: String| malformed_key(key_id, detail);
    let part = |name: &str| match key.get(name) {
        Some(Value::Text(text)) => Ok(text.as_str()),
        Some(other) => Err(malformed(format!("has {} as its `{name}`, not a text", other.kind()))),
        None => Err(malformed(format!("has no `{name}`"))),
    };
    let bytes = |name: &str| {
        Base64UrlUnpadded::decode_vec(part(name)?)
            .map_err(|_| malformed(format!("has an `{name}` that is not base64url without padding")))
    };
    part("kty")?;
    let made = match algorithm {
        AcceptedAlgorithm::Rs256 => {
            check_modulus(&bytes("n")?).map_err(malformed)?;
            check_exponent(&bytes("e")?).map_err(malformed)?;
            DecodingKey::from_rsa_components(part("n")?, part("e")?)
        }
        AcceptedAlgorithm::Es256 => {
            part("crv")?;
            for name in ["x", "y"] {
                let length = bytes(name)?.len();
                if length != COORDINATE_BYTES {
                    return Err(malformed(format!(
                        "has an `{name}` of {length} bytes, where P-256 has {COORDINATE_BYTES}"
                    )));
                }
            }
            DecodingKey::from_ec_components(part("x")?, part("y")?)
        }
    };
    made.map_err(|_| malformed("is not base64url".into()))
}

fn malformed_key(key_id: &str, detail: String) -> TokenError {
    TokenError::MalformedKeySet(format!("the key {:?} {detail}", shortened(key_id)))
}

/// The modulus of an RSA key, without zeros before it (RFC 7518, section 6.3.1.1).
fn check_modulus(modulus: &[u8]) -> Result<(), String> {
    let Some(first) = modulus.first().filter(|first| **first != 0) else {
        return Err("has an `n` that is empty or begins with a zero byte".into());
    };
    let unused = usize::try_from(first.leading_zeros()).unwrap_or_default();
    let bits = modulus.len().saturating_mul(8).saturating_sub(unused);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(format!(
            "has an `n` of {bits} bits, where {MIN_RSA_BITS} to {MAX_RSA_BITS} are accepted"
        ));
    }
    if !is_odd(modulus) {
        return Err("has an even `n`, which no RSA key has".into());
    }
    Ok(())
}

/// The public exponent of an RSA key (RFC 8017, section 3.1).
fn check_exponent(exponent: &[u8]) -> Result<(), String> {
    let is_minimal = exponent.first().is_some_and(|first| *first != 0);
    if !is_minimal || exponent.len() > MAX_EXPONENT_BYTES {
        return Err(format!(
            "has an `e` that is empty, begins with a zero byte or is longer than {MAX_EXPONENT_BYTES} bytes"
        ));
    }
    if !is_odd(exponent) || exponent == [1] {
        return Err("has an `e` that is 1 or even, with which anybody could sign".into());
    }
    Ok(())
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}
