//! What is claimed about a signer.

use countermark::Claim;
use countermark::limits::{MAX_CLAIM_VALUE_BYTES, MAX_CLAIMS};
use std::collections::BTreeMap;

/// What is claimed about a signer: texts by claim, each claim once, always with an identity and an issuer.
///
/// Anyone can make one, for a [`CertificateRequest`](crate::CertificateRequest) to assert. An authority
/// certifies only those of a validated [`IdentityToken`](crate::IdentityToken).
///
/// ```
/// use countermark::Claim;
/// use countermark_signing::SignerClaims;
///
/// let claims = SignerClaims::new("https://idp.example", "https://ci.example/pipelines/7")?
///     .with(Claim::SourceRepositoryRef, "refs/tags/v1")?;
/// assert_eq!(claims.get(&Claim::CertificateOidcIssuer), Some("https://idp.example"));
/// # Ok::<(), countermark_signing::ClaimError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerClaims(BTreeMap<Claim, String>);

/// A claim that no certificate is to carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimError {
    /// It says nothing.
    #[error("the claim {0} is empty; leave it away")]
    Empty(Claim),
    /// It is longer than [`MAX_CLAIM_VALUE_BYTES`], which no verifier would read.
    #[error("the claim {0} is longer than {MAX_CLAIM_VALUE_BYTES} bytes; shorten it")]
    TooLong(Claim),
    /// It has a control character, which could forge lines where the claim is printed.
    #[error("the claim {0} has a control character; remove it")]
    ControlCharacter(Claim),
    /// It was given before.
    #[error("the claim {0} is given twice; give it once")]
    Repeated(Claim),
    /// There are more than [`MAX_CLAIMS`], which no verifier would read.
    #[error("there are more than {MAX_CLAIMS} claims; leave some away")]
    TooMany,
}

impl ClaimError {
    /// The stable code: `empty_claim`, `claim_too_long`, `control_character_in_claim`, `repeated_claim`,
    /// `too_many_claims`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty(_) => "empty_claim",
            Self::TooLong(_) => "claim_too_long",
            Self::ControlCharacter(_) => "control_character_in_claim",
            Self::Repeated(_) => "repeated_claim",
            Self::TooMany => "too_many_claims",
        }
    }
}

impl SignerClaims {
    /// The two claims that every signer has: the identity provider, and who it says the signer is.
    ///
    /// # Errors
    ///
    /// A [`ClaimError`] if one of them is empty, too long, or has control characters.
    pub fn new(
        certificate_oidc_issuer: impl Into<String>,
        certificate_identity: impl Into<String>,
    ) -> Result<Self, ClaimError> {
        Self(BTreeMap::new())
            .with(Claim::CertificateOidcIssuer, certificate_oidc_issuer)?
            .with(Claim::CertificateIdentity, certificate_identity)
    }

    /// With another claim.
    ///
    /// # Errors
    ///
    /// A [`ClaimError`] if the text is empty, too long, or has control characters, if the claim is there
    /// already, or if there are [`MAX_CLAIMS`].
    pub fn with(mut self, claim: Claim, text: impl Into<String>) -> Result<Self, ClaimError> {
        let text = text.into();
        if text.is_empty() {
            return Err(ClaimError::Empty(claim));
        }
        if text.len() > MAX_CLAIM_VALUE_BYTES {
            return Err(ClaimError::TooLong(claim));
        }
        if text.chars().any(char::is_control) {
            return Err(ClaimError::ControlCharacter(claim));
        }
        if self.0.contains_key(&claim) {
            return Err(ClaimError::Repeated(claim));
        }
        if self.0.len() >= MAX_CLAIMS {
            return Err(ClaimError::TooMany);
        }
        self.0.insert(claim, text);
        Ok(self)
    }

    /// The text of a claim.
    #[must_use]
    pub fn get(&self, claim: &Claim) -> Option<&str> {
        self.0.get(claim).map(String::as_str)
    }

    /// Who the signer is.
    #[must_use]
    pub fn identity(&self) -> &str {
        self.get(&Claim::CertificateIdentity).unwrap_or_default()
    }

    /// Every claim and its text, in the order of the claims' extensions.
    pub fn iter(&self) -> impl Iterator<Item = (Claim, &str)> {
        self.0.iter().map(|(claim, text)| (*claim, text.as_str()))
    }
}
