//! A certificate authority with its key.

use crate::authority_key::AuthorityKey;
use crate::authority_profile::AuthorityProfile;
use crate::certificate_chain::CertificateChain;
use crate::certificate_request::CertificateRequest;
use crate::identity_token::IdentityToken;
use crate::issue_error::IssueError;
use crate::issuer::{AuthorityError, Issuer};
use crate::pending_certificate::PendingCertificate;
use countermark::Timestamp;
use rand_core::CryptoRng;

/// A certificate authority: an [`Issuer`], and the key of its certificate.
///
/// Its key may be anywhere that an [`AuthorityKey`] can reach. What it signed is verified under its
/// certificate before it is handed out.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer,
    key: AuthorityKey,
}

impl Authority {
    /// An authority and its key.
    ///
    /// # Errors
    ///
    /// [`AuthorityError::KeyMismatch`] if the authority's certificate is for another key.
    pub fn new(issuer: Issuer, key: AuthorityKey) -> Result<Self, AuthorityError> {
        if issuer.public_key() != key.public_key() {
            return Err(AuthorityError::KeyMismatch);
        }
        Ok(Self { issuer, key })
    }

    /// The authority without its key.
    #[must_use]
    pub const fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Issues the leaf certificate for a request; see [`Issuer::prepare`].
    ///
    /// # Errors
    ///
    /// As [`Issuer::prepare`], and if the key does not sign, or signs with another key.
    pub fn issue<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificateRequest,
        token: &IdentityToken,
        namespace: &str,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<CertificateChain, IssueError> {
        self.sign(self.issuer.prepare(request, token, namespace, now, rng)?)
    }

    /// Issues the certificate of an intermediate authority; see [`Issuer::prepare_intermediate`].
    ///
    /// # Errors
    ///
    /// As [`Issuer::prepare_intermediate`], and if the key does not sign, or signs with another key.
    pub fn issue_intermediate<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificateRequest,
        profile: &AuthorityProfile,
        rng: &mut R,
    ) -> Result<CertificateChain, IssueError> {
        self.sign(self.issuer.prepare_intermediate(request, profile, rng)?)
    }

    fn sign(&self, pending: PendingCertificate) -> Result<CertificateChain, IssueError> {
        let signature = self.key.sign(pending.bytes_to_sign())?;
        pending.finish(&signature)
    }
}
