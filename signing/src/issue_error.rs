//! Why an authority did not issue a certificate.

use crate::authority_key::AuthorityKeyError;
use crate::certificate_chain::ChainError;
use crate::encoding_error::EncodingError;
use crate::signer_claims::ClaimError;
use crate::validity::Validity;
use countermark::Timestamp;

/// Why an authority did not issue a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The token was validated for another time.
    #[error("the identity token is not valid at {now}; validate a fresh one")]
    TokenNotValid {
        /// The caller's time.
        now: Timestamp,
    },
    /// The request's key cannot be a leaf's.
    #[error("the certificate request's key is not ECDSA on P-256; make one that is")]
    UnsupportedKey,
    /// The request has another subject than the certificate will have.
    #[error(
        "the certificate request asks for another subject than is granted; a leaf's is empty, an authority's as its profile says"
    )]
    OtherSubject,
    /// The request asks for something that the certificate will not say.
    #[error(
        "the certificate request asserts {claim} otherwise than it is certified; ask only for what the identity token says"
    )]
    OtherClaims {
        /// The claim's name, or the extension's dotted OID.
        claim: String,
    },
    /// The claims cannot be certified.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The certificate would be valid when the authority is not.
    #[error(
        "a certificate valid from {wanted} is not inside the authority's own validity, {authority}; renew the authority's certificate"
    )]
    OutsideValidity {
        /// What the certificate's validity would be.
        wanted: Validity,
        /// The authority's, and that of those above it.
        authority: Validity,
    },
    /// The caller's time is one that certificates cannot say.
    #[error("no certificate can be issued at {now}; check the clock")]
    UnusableTime {
        /// The caller's time.
        now: Timestamp,
    },
    /// The authority may have no such authority below it.
    #[error(
        "the authority's path length allows no such intermediate; give it a smaller one, or use a higher authority"
    )]
    PathLength,
    /// The authority's key did not sign.
    #[error(transparent)]
    Key(#[from] AuthorityKeyError),
    /// The signature is not one of the authority's key.
    #[error(
        "the signature does not verify under the authority's certificate; sign the given bytes, once hashed, with its key, and give the DER of the signature"
    )]
    InvalidSignature,
    /// The issued certificate and those above it are too large for an entry.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The certificate could not be made.
    #[error("the certificate {0}")]
    Encoding(#[from] EncodingError),
}

impl IssueError {
    /// The stable code: `token_not_valid`, `unsupported_request_key`, `other_subject_requested`,
    /// `other_claims_requested`, `outside_authority_validity`, `unusable_time`, `path_length_exceeded`,
    /// `invalid_authority_signature`, `encoding_failed`, or that of the error inside.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TokenNotValid { .. } => "token_not_valid",
            Self::UnsupportedKey => "unsupported_request_key",
            Self::OtherSubject => "other_subject_requested",
            Self::OtherClaims { .. } => "other_claims_requested",
            Self::Claim(error) => error.code(),
            Self::OutsideValidity { .. } => "outside_authority_validity",
            Self::UnusableTime { .. } => "unusable_time",
            Self::PathLength => "path_length_exceeded",
            Self::Key(error) => error.code(),
            Self::InvalidSignature => "invalid_authority_signature",
            Self::Chain(error) => error.code(),
            Self::Encoding(_) => "encoding_failed",
        }
    }
}
