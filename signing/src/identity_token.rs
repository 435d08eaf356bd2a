//! What a pipeline proves its identity with.

use crate::claim_mapping::required_text;
use crate::identity_provider::IdentityProvider;
use crate::signer_claims::SignerClaims;
use crate::text::shortened;
use crate::token_error::TokenError;
use crate::token_signature::verified_payload;
use countermark::Timestamp;
use serde_json::{Map, Value};

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
    /// issuer, for its audience, and valid at `now`, give or take the provider's leeway. It must have `iss`,
    /// `sub`, `aud`, `exp` and `iat`; `nbf` is heeded if it is there. Times are whole seconds since 1970. An
    /// audience of several counts if the expected one is among them.
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

fn check_issuer(token: &Map<String, Value>, expected: &str) -> Result<(), TokenError> {
    let found = required_text(token, "iss")?;
    if found != expected {
        return Err(TokenError::WrongIssuer { expected: expected.into(), found: shortened(found) });
    }
    Ok(())
}

fn check_audience(token: &Map<String, Value>, expected: &str) -> Result<(), TokenError> {
    let ill_typed =
        TokenError::IllTypedClaim { claim: "aud".into(), expected: "a text or an array of texts" };
    let is_expected = match token.get("aud") {
        None | Some(Value::Null) => return Err(TokenError::MissingClaim("aud".into())),
        Some(Value::String(audience)) => audience == expected,
        Some(Value::Array(audiences)) if audiences.iter().all(Value::is_string) => {
            audiences.iter().any(|audience| audience == expected)
        }
        Some(_) => return Err(ill_typed),
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
    fn read(token: &Map<String, Value>, leeway: i64) -> Result<Self, TokenError> {
        let earlier = leeway.saturating_neg();
        let required = |name: &str, shift| {
            read_time(token, name, shift)?.ok_or_else(|| TokenError::MissingClaim(name.into()))
        };
        Ok(Self {
            expires: required("exp", leeway)?,
            not_before: read_time(token, "nbf", earlier)?,
            issued: required("iat", earlier)?,
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

/// A `NumericDate` in whole seconds, if the token has one of this name.
fn read_time(token: &Map<String, Value>, name: &str, shift: i64) -> Result<Option<Instant>, TokenError> {
    let ill_typed = TokenError::IllTypedClaim {
        claim: name.into(),
        expected: "a whole number of seconds since 1970 that a calendar can hold",
    };
    let Some(value) = token.get(name) else { return Ok(None) };
    let read = || {
        let seconds = value.as_i64()?;
        Some(Instant {
            stated: Timestamp::from_unix(seconds, 0)?,
            with_leeway: Timestamp::from_unix(seconds.checked_add(shift)?, 0)?,
        })
    };
    read().map(Some).ok_or(ill_typed)
}
