//! The signature of an identity token: JWS (RFC 7515) under one key of a JSON Web Key Set (RFC 7517).

use crate::json;
use crate::limits::{MAX_JWKS_BYTES, MAX_JWKS_KEYS, MAX_TOKEN_BYTES};
use crate::text::shortened;
use crate::token_error::TokenError;
use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER as AWS_LC;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value};

/// The members of the payload of a token that one key of the set signed.
pub(crate) fn verified_payload(token: &str, jwks: &[u8]) -> Result<Map<String, Value>, TokenError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::TooLarge);
    }
    let malformed = |detail: &str| TokenError::Malformed(detail.into());
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed("it does not have three parts"));
    };
    let header = Header::read(&decode_object(header, "header")?)?;
    let signature =
        Base64UrlUnpadded::decode_vec(signature).map_err(|_| malformed("its signature is not base64url"))?;
    let key = header.key(jwks)?;
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

fn decode_object(part: &str, name: &str) -> Result<Map<String, Value>, TokenError> {
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
    fn read(members: &Map<String, Value>) -> Result<Self, TokenError> {
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
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
        match text("typ")? {
            Some(kind) if !kind.eq_ignore_ascii_case("JWT") => {
                return Err(TokenError::WrongType(shortened(kind)));
            }
            _ => {}
        }
        let key_id = text("kid")?.filter(|key_id| !key_id.is_empty()).ok_or(TokenError::NoKeyId)?;
        Ok(Self { algorithm, key_id: key_id.into() })
    }

    /// The one key of the set that has the header's identifier, if it is for the header's algorithm.
    fn key(&self, jwks: &[u8]) -> Result<DecodingKey, TokenError> {
        let malformed = |detail: &str| TokenError::MalformedKeySet(detail.into());
        if jwks.len() > MAX_JWKS_BYTES {
            return Err(malformed("it is too large"));
        }
        let set = json::object(jwks).map_err(TokenError::MalformedKeySet)?;
        let Some(Value::Array(keys)) = set.get("keys") else {
            return Err(malformed("it has no array `keys`"));
        };
        if keys.len() > MAX_JWKS_KEYS {
            return Err(malformed("it has too many keys"));
        }
        let with_id: Vec<&Value> =
            keys.iter().filter(|key| key.get("kid").and_then(Value::as_str) == Some(&self.key_id)).collect();
        match with_id.as_slice() {
            [Value::Object(key)] => self.decoding_key(key),
            several => Err(TokenError::UnknownKey { key_id: shortened(&self.key_id), found: several.len() }),
        }
    }

    /// Binds the algorithm to the key: what the key set says about the key decides, not the token.
    fn decoding_key(&self, key: &Map<String, Value>) -> Result<DecodingKey, TokenError> {
        let mismatch = |detail: &'static str| {
            let (key_id, algorithm) = (shortened(&self.key_id), self.algorithm.name());
            Err(TokenError::KeyMismatch { key_id, algorithm, detail })
        };
        let malformed = |detail: &str| TokenError::MalformedKeySet(detail.into());
        let member = |name: &str| key.get(name).and_then(Value::as_str);
        let part = |name: &str| {
            member(name)
                .ok_or_else(|| malformed(&format!("the key {:?} has no `{name}`", shortened(&self.key_id))))
        };
        if key.contains_key("alg") && member("alg") != Some(self.algorithm.name()) {
            return mismatch("its `alg` is another");
        }
        if key.contains_key("use") && member("use") != Some("sig") {
            return mismatch("its `use` is not `sig`");
        }
        let may_verify = |operations: &Value| {
            operations.as_array().is_some_and(|operations| operations.iter().any(|name| name == "verify"))
        };
        if key.get("key_ops").is_some_and(|operations| !may_verify(operations)) {
            return mismatch("its `key_ops` have no `verify`");
        }
        let unusable = |_| malformed(&format!("the key {:?} is not base64url", shortened(&self.key_id)));
        match self.algorithm {
            AcceptedAlgorithm::Rs256 if part("kty")? == "RSA" => {
                DecodingKey::from_rsa_components(part("n")?, part("e")?).map_err(unusable)
            }
            AcceptedAlgorithm::Es256 if part("kty")? == "EC" && part("crv")? == "P-256" => {
                DecodingKey::from_ec_components(part("x")?, part("y")?).map_err(unusable)
            }
            _ => mismatch("it is of another type"),
        }
    }
}

/// RS256 or ES256 (RFC 7518, sections 3.3 and 3.4).
#[derive(Clone, Copy)]
enum AcceptedAlgorithm {
    Rs256,
    Es256,
}

impl AcceptedAlgorithm {
    fn named(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256].into_iter().find(|algorithm| algorithm.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    const fn to_library(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
        }
    }
}
