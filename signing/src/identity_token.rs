//! What a pipeline proves its identity with.

use crate::identity_provider::IdentityProvider;
use crate::json::{Members, Value};
use crate::limits::MAX_JSON_ITEMS;
use crate::numeric_date::{self, Round};
use crate::signer_claims::SignerClaims;
use crate::text::shortened;
use crate::token_claim::required_text;
use crate::token_error::TokenError;
use crate::token_signature::verified_payload;
use countermark::Timestamp;

/// An OIDC identity token that was validated; only [`IdentityToken::validate`] makes one. It keeps the claims
/// that a certificate will carry, and not the token itself.
///
/// ```no_run
/// use countermark_signing::{IdentityProvider, IdentityToken, RepositoryNames};
///
/// # let (token, now) = (String::new(), "2024-03-22T11:25:48Z".parse()?);
/// let provider = IdentityProvider::github_actions("signing.example", RepositoryNames::Plain)?;
/// let jwks = std::fs::read("jwks.json")?; // from the provider's jwks_uri
/// let token = IdentityToken::validate(&token, jwks, &provider, now)?;
/// println!("{}", token.claims().identity());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityToken {
    claims: SignerClaims,
    lifetime: TokenLifetime,
}

impl IdentityToken {
    /// Validates a token: a JWS in compact form (RFC 7515, section 7.1) by RS256 or ES256, under the one key
    /// of the JSON Web Key Set (RFC 7517, JSON) that has its `kid` and is for its algorithm; of the provider's
    /// issuer, for its audience, and valid at `now`. It must have `iss`, `sub`, `aud`, `exp` and `iat`; `nbf`
    /// is heeded if it is there. An audience of several counts if the expected one is among them.
    ///
    /// Times are seconds since 1970, also with a fraction or an exponent (RFC 7519, section 2); a fraction
    /// only ever tightens, so that `exp` goes down to its whole second, `nbf` and `iat` up. The provider's
    /// leeway ([`IdentityProvider::with_leeway_seconds`]) is added to `exp`, and taken from `nbf` and `iat`.
    ///
    /// Of several keys with one `kid`, such as one for signatures and one for encryption, the one counts whose
    /// `kty`, `crv`, `use`, `key_ops` and `alg` are for the token's algorithm; if there is none or more than
    /// one, the token is refused. The key is read strictly (RFC 7518, section 6): EC coordinates of exactly 32
    /// bytes, an RSA modulus of [`MIN_RSA_BITS`](crate::limits::MIN_RSA_BITS) to
    /// [`MAX_RSA_BITS`](crate::limits::MAX_RSA_BITS) bits with an odd exponent of 3 or more, and no private
    /// member.
    ///
    /// The caller fetches the key set from the provider itself, over a connection that it can trust, and
    /// fetches it anew when a token names a key that is not in it.
    ///
    /// # Errors
    ///
    /// A [`TokenError`] that says which of these does not hold, or which claim is missing or ill-typed.
    pub fn validate(
        token: &str,
        jwks: impl AsRef<[u8]>,
        provider: &IdentityProvider,
        now: Timestamp,
    ) -> Result<Self, TokenError> {
        let token = verified_payload(token, jwks.as_ref())?;
        check_issuer(&token, provider.issuer())?;
        check_audience(&token, provider.audience())?;
        let lifetime = TokenLifetime::read(&token, i64::from(provider.leeway_seconds()))?;
        lifetime.check(now)?;
        Ok(Self { claims: provider.mapping().apply(&token, provider.issuer())?, lifetime })
    }

    /// What the token says about its holder, as a certificate will.
    #[must_use]
    pub const fn claims(&self) -> &SignerClaims {
        &self.claims
    }

    /// Whether the token is valid at this time too, give or take the provider's leeway.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.lifetime.check(now).is_ok()
    }
}

fn check_issuer(token: &Members, expected: &str) -> Result<(), TokenError> {
    let found = required_text(token, "iss")?;
    if found != expected {
        return Err(TokenError::WrongIssuer { expected: expected.into(), found: shortened(found) });
    }
    Ok(())
}

fn check_audience(token: &Members, expected: &str) -> Result<(), TokenError> {
    let ill_typed = |found| {
        let expected = "a text or an array of texts";
        Err(TokenError::IllTypedClaim { claim: "aud".into(), expected, found })
    };
    let is_expected = match token.get("aud") {
        None | Some(Value::Null) => return Err(TokenError::MissingClaim("aud".into())),
        Some(Value::Text(audience)) => audience == expected,
        Some(value @ Value::Array(_)) => match value.items() {
            None => return ill_typed(format!("an array of more than {MAX_JSON_ITEMS}")),
            Some(audiences) if audiences.iter().all(|audience| audience.as_text().is_some()) => {
                audiences.iter().any(|audience| audience.as_text() == Some(expected))
            }
            Some(_) => return ill_typed("an array with something else".into()),
        },
        Some(other) => return ill_typed(other.kind()),
    };
    if !is_expected {
        return Err(TokenError::WrongAudience { expected: expected.into() });
    }
    Ok(())
}

/// When a token is valid (RFC 7519, sections 4.1.4 to 4.1.6), and the leeway that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TokenLifetime {
    expires: Instant,
    not_before: Option<Instant>,
    issued: Instant,
}

/// A time that a token states, and the same shifted by the leeway in the token's favour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Instant {
    stated: Timestamp,
    with_leeway: Timestamp,
}

impl TokenLifetime {
    fn read(token: &Members, leeway: i64) -> Result<Self, TokenError> {
        let earlier = leeway.saturating_neg();
        let optional = |name: &str, round, shift| match token.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read_instant(name, value, round, shift).map(Some),
        };
        let required = |name: &str, round, shift| {
            optional(name, round, shift)?.ok_or_else(|| TokenError::MissingClaim(name.into()))
        };
        Ok(Self {
            expires: required("exp", Round::Down, leeway)?,
            not_before: optional("nbf", Round::Up, earlier)?,
            issued: required("iat", Round::Up, earlier)?,
        })
    }

    fn check(&self, now: Timestamp) -> Result<(), TokenError> {
        if now >= self.expires.with_leeway {
            return Err(TokenError::Expired { expires: self.expires.stated, now });
        }
        if let Some(not_before) = self.not_before.filter(|not_before| now < not_before.with_leeway) {
            return Err(TokenError::NotYetValid { not_before: not_before.stated, now });
        }
        if now < self.issued.with_leeway {
            return Err(TokenError::IssuedInTheFuture { issued: self.issued.stated, now });
        }
        Ok(())
    }
}

fn read_instant(name: &str, value: &Value, round: Round, shift: i64) -> Result<Instant, TokenError> {
    let stated = numeric_date::read(name, value, round)?;
    let shifted = stated.unix_seconds().checked_add(shift);
    // Where the calendar ends, so does the leeway.
    let with_leeway = shifted.and_then(|seconds| Timestamp::from_unix(seconds, 0)).unwrap_or(stated);
    Ok(Instant { stated, with_leeway })
}
