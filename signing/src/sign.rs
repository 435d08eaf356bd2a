//! Keyless signing from end to end.

use crate::authority::Authority;
use crate::certificate_request::RequestError;
use crate::ephemeral_key::EphemeralKey;
use crate::identity_token::IdentityToken;
use crate::issue_error::IssueError;
use crate::signature_error::SignatureError;
use countermark::{ArtifactName, Entry, MalformedInput, Timestamp};
use rand_core::CryptoRng;

/// Why an artifact was not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// There is no certificate request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The authority did not issue the certificate.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The key did not sign.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// The entry would exceed a limit.
    #[error(transparent)]
    Entry(#[from] MalformedInput),
}

impl SignError {
    /// The stable code: that of the error inside.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::Issue(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Entry(error) => error.code().name(),
        }
    }
}

/// Signs an artifact's name on the strength of an identity token, where the authority is at hand: makes an
/// ephemeral key and a certificate request with the token's claims, has the authority certify it, signs the
/// name, destroys the key, and returns the entry for the log of the tenant's namespace.
///
/// The entry's timestamp is `now`. It is not revoked, and records the token's claims.
///
/// Where the authority is a service, the same steps are [`EphemeralKey::certificate_request`] on one side,
/// [`IdentityToken::validate`] and [`Authority::issue`] on the other, and [`EphemeralKey::sign`] on the first
/// again.
///
/// # Errors
///
/// A [`SignError`] with the step that failed.
pub fn sign<R: CryptoRng + ?Sized>(
    authority: &Authority,
    token: &IdentityToken,
    namespace: &str,
    name: &ArtifactName,
    now: Timestamp,
    rng: &mut R,
) -> Result<Entry, SignError> {
    let key = EphemeralKey::generate(rng);
    let request = key.certificate_request(token.claims())?;
    let chain = authority.issue(&request, token, namespace, now, rng)?;
    let signature = key.sign(name)?;
    let entry = Entry::new(namespace, name.as_str(), signature, chain.into_certificates(), now, false)?;
    let claims = token.claims().iter().map(|(claim, text)| (claim.to_string(), text));
    Ok(entry.with_provenance(claims)?)
}
