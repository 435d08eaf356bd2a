//! The signature of an identity token: JWS (RFC 7515) under one key of a JSON Web Key Set (RFC 7517).

use crate::accepted_algorithm::AcceptedAlgorithm;
use crate::json::{self, Members, Value};
use crate::key_set;
use crate::limits::MAX_TOKEN_BYTES;
use crate::text::shortened;
use crate::token_error::TokenError;
use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER as AWS_LC;

/// The members of the payload of a token that one key of the set signed.
pub(crate) fn verified_payload(token: &str, jwks: &[u8]) -> Result<Members, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLarge);
    }
    let malformed = |detail: &str| TokenError::Malformed(detail.into());
    if token.contains(|character: char| character.is_whitespace()) {
        return Err(malformed("it has white space in it or around it"));
    }
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed(match token.split('.').count() {
            5 => "it has five parts, as an encrypted one has, and not three",
            _ => "it does not have three parts",
        }));
    };
    let header = Header::read(&decode_object(header, "header")?)?;
    let signature =
        Base64UrlUnpadded::decode_vec(signature).map_err(|_| malformed("its signature is not base64url"))?;
    let key = key_set::key(jwks, &header.key_id, header.algorithm)?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    // The back end is named, and not left to the process's default: that one panics when another crate of the
    // same build turns on a second back end. It refuses a key of another family than the algorithm's.
    let verifier = (AWS_LC.verifier_factory)(&header.algorithm.to_library(), &key)
        .map_err(|_| TokenError::InvalidSignature)?;
    if verifier.verify(signed.as_bytes(), &signature).is_err() {
        return Err(TokenError::InvalidSignature);
    }
    decode_object(payload, "payload")
}

fn decode_object(part: &str, name: &str) -> Result<Members, TokenError> {
    let json = Base64UrlUnpadded::decode_vec(part)
        .map_err(|_| TokenError::Malformed(format!("its {name} is not base64url")))?;
    json::object(&json).map_err(|detail| TokenError::Malformed(format!("its {name}: {detail}")))
}

/// What a token says about its signature.
struct Header {
    algorithm: AcceptedAlgorithm,
    key_id: String,
}

impl Header {
    fn read(members: &Members) -> Result<Self, TokenError> {
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(TokenError::Malformed(format!("the `{name}` of its header is no text"))),
        };
        let Some(algorithm) = text("alg")? else {
            return Err(TokenError::Malformed("its header has no `alg`".into()));
        };
        let algorithm = AcceptedAlgorithm::named(algorithm)
            .ok_or_else(|| TokenError::UnsupportedAlgorithm(shortened(algorithm)))?;
        if members.contains_key("crit") {
            return Err(TokenError::CriticalHeader);
        }
        // Who understands it (RFC 7797) signs, and reads, other bytes than who does not.
        if members.get("b64").is_some_and(|encoded| *encoded != Value::Bool(true)) {
            return Err(TokenError::Malformed(
                "its header says that its payload is not encoded (`b64`)".into(),
            ));
        }
        match text("typ")? {
            Some(kind) if !kind.eq_ignore_ascii_case("JWT") => {
                return Err(TokenError::WrongType(shortened(kind)));
            }
            _ => {}
        }
        let key_id = text("kid")?.filter(|key_id| !key_id.is_empty()).ok_or(TokenError::NoKeyId)?;
        Ok(Self { algorithm, key_id: key_id.into() })
    }
}
