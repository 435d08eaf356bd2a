//! Why an identity token was refused.

use crate::limits::{MAX_JWKS_BYTES, MAX_TOKEN_BYTES};
use crate::signer_claims::ClaimError;
use countermark::Timestamp;

/// Why an identity token was refused. None of it repeats the token, which is a secret as long as it is valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is larger than [`MAX_TOKEN_BYTES`].
    #[error("the identity token is larger than {MAX_TOKEN_BYTES} bytes; is it one?")]
    TooLarge,
    /// It is no JWS in its compact form (RFC 7515, section 7.1), or its JSON is not as it should be.
    #[error("the identity token is no JWS with a JSON payload: {0}; pass it on as the provider issued it")]
    Malformed(String),
    /// It is signed by another algorithm than RS256 or ES256, or by none.
    #[error("the identity token names the algorithm {0:?}; only RS256 and ES256 are accepted")]
    UnsupportedAlgorithm(String),
    /// Its header has extensions that must be understood, and none is.
    #[error("the identity token has a critical header extension; none is supported")]
    CriticalHeader,
    /// Its header says that it is something else than a JWT.
    #[error("the identity token is of the type {0:?}; it must be a JWT")]
    WrongType(String),
    /// Its header names no key.
    #[error("the identity token names no key (`kid`); use a provider that does")]
    NoKeyId,
    /// The key set is larger than [`MAX_JWKS_BYTES`], is no key set (RFC 7517), or the key in it is unusable.
    #[error(
        "the key set cannot be used: {0}; fetch the provider's JWKS, of at most {MAX_JWKS_BYTES} bytes, anew"
    )]
    MalformedKeySet(String),
    /// The key set has no key of this identifier, or several that can each have signed the token.
    #[error(
        "the key set has {found} keys with the identifier {key_id:?} of the identity token that are for its algorithm; it must have one: fetch the set anew"
    )]
    UnknownKey {
        /// The token's `kid`.
        key_id: String,
        /// How many keys have it and are for the token's algorithm.
        found: usize,
    },
    /// The key in the key set is not for the algorithm that the token names. Of several with one identifier,
    /// the first is named.
    #[error(
        "the key {key_id:?} is not for {algorithm}: {detail}; the token was not made by this key's owner"
    )]
    KeyMismatch {
        /// The token's `kid`.
        key_id: String,
        /// The token's `alg`.
        algorithm: &'static str,
        /// What does not fit.
        detail: &'static str,
    },
    /// The key did not sign the token.
    #[error("the identity token was not signed by the key that it names; it is forged or damaged")]
    InvalidSignature,
    /// It is of another identity provider.
    #[error(
        "the identity token is of the issuer {found:?}, not of {expected:?}; use a token of the expected provider"
    )]
    WrongIssuer {
        /// The provider's.
        expected: String,
        /// The token's.
        found: String,
    },
    /// It is meant for somebody else.
    #[error("the identity token is not for the audience {expected:?}; request it for that audience")]
    WrongAudience {
        /// What it should be meant for.
        expected: String,
    },
    /// It is not valid any more.
    #[error("the identity token expired at {expires}, and it is {now}; request a fresh one")]
    Expired {
        /// Its `exp`.
        expires: Timestamp,
        /// The caller's time.
        now: Timestamp,
    },
    /// It is not valid yet.
    #[error("the identity token is not valid before {not_before}, and it is {now}; check the clocks")]
    NotYetValid {
        /// Its `nbf`.
        not_before: Timestamp,
        /// The caller's time.
        now: Timestamp,
    },
    /// It says that it will be issued.
    #[error("the identity token was issued at {issued}, and it is {now}; check the clocks")]
    IssuedInTheFuture {
        /// Its `iat`.
        issued: Timestamp,
        /// The caller's time.
        now: Timestamp,
    },
    /// It lacks a claim that is needed, or the claim is null or empty.
    #[error("the identity token has no claim `{0}`, or an empty one; {remedy}", remedy = remedy(.0))]
    MissingClaim(String),
    /// A claim is of another JSON type than it should be.
    #[error(
        "the claim `{claim}` of the identity token is {found}, not {expected}; {remedy}",
        remedy = remedy(.claim)
    )]
    IllTypedClaim {
        /// The claim's name in the token.
        claim: String,
        /// What it should be.
        expected: &'static str,
        /// What it is, shortened.
        found: String,
    },
    /// A claim has a value that is not among those which have a meaning.
    #[error(
        "the claim `{claim}` of the identity token is {found:?}, which has no known meaning; extend the provider's table (`ClaimMapping::replace_with_case`)"
    )]
    UnexpectedValue {
        /// The claim's name in the token.
        claim: String,
        /// Its value.
        found: String,
    },
    /// It has an e-mail address that its provider has not verified.
    #[error(
        "the identity token's `email` is not `email_verified`; verify it with the provider, or map another claim"
    )]
    UnverifiedEmail,
    /// A claim cannot be certified.
    #[error(transparent)]
    Claim(#[from] ClaimError),
}

/// What to do about a claim that cannot be used as it is.
fn remedy(claim: &str) -> &'static str {
    match claim {
        "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" => {
            "use a provider that issues it as RFC 7519 says, which no table can relax"
        }
        "email_verified" => "use a provider that issues it so, or map another claim than `email`",
        _ => {
            "use a provider and settings that issue it so, or relax the table's rule (`ClaimMapping::replace`, `ClaimMapping::make_optional`)"
        }
    }
}

impl TokenError {
    /// The stable code: `token_too_large`, `malformed_token`, `unsupported_token_algorithm`,
    /// `critical_token_header`, `wrong_token_type`, `no_token_key_id`, `malformed_key_set`,
    /// `unknown_token_key`, `token_key_mismatch`, `invalid_token_signature`, `wrong_token_issuer`,
    /// `wrong_token_audience`, `expired_token`, `token_not_yet_valid`, `token_issued_in_future`,
    /// `missing_token_claim`, `ill_typed_token_claim`, `unexpected_token_claim`, `unverified_email`, or that
    /// of the [`ClaimError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "token_too_large",
            Self::Malformed(_) => "malformed_token",
            Self::UnsupportedAlgorithm(_) => "unsupported_token_algorithm",
            Self::CriticalHeader => "critical_token_header",
            Self::WrongType(_) => "wrong_token_type",
            Self::NoKeyId => "no_token_key_id",
            Self::MalformedKeySet(_) => "malformed_key_set",
            Self::UnknownKey { .. } => "unknown_token_key",
            Self::KeyMismatch { .. } => "token_key_mismatch",
            Self::InvalidSignature => "invalid_token_signature",
            Self::WrongIssuer { .. } => "wrong_token_issuer",
            Self::WrongAudience { .. } => "wrong_token_audience",
            Self::Expired { .. } => "expired_token",
            Self::NotYetValid { .. } => "token_not_yet_valid",
            Self::IssuedInTheFuture { .. } => "token_issued_in_future",
            Self::MissingClaim(_) => "missing_token_claim",
            Self::IllTypedClaim { .. } => "ill_typed_token_claim",
            Self::UnexpectedValue { .. } => "unexpected_token_claim",
            Self::UnverifiedEmail => "unverified_email",
            Self::Claim(error) => error.code(),
        }
    }
}
