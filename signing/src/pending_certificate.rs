//! A certificate that waits for its authority's signature.

use crate::certificate_builder::Unsigned;
use crate::certificate_chain::CertificateChain;
use crate::issue_error::IssueError;
use core::fmt;

/// A certificate that waits for its authority's signature, which may be made later or elsewhere.
#[must_use]
pub struct PendingCertificate {
    unsigned: Unsigned,
    issuer_chain: CertificateChain,
}

impl PendingCertificate {
    pub(crate) const fn new(unsigned: Unsigned, issuer_chain: CertificateChain) -> Self {
        Self { unsigned, issuer_chain }
    }

    /// The bytes that the authority's key is to sign: the DER of the `TBSCertificate` (RFC 5280, section
    /// 4.1.2). The signature is ECDSA with SHA-256 if the key is on P-256, with SHA-384 if it is on P-384; a
    /// service that signs digests is given the hash of these bytes.
    #[must_use]
    pub fn bytes_to_sign(&self) -> &[u8] {
        self.unsigned.bytes_to_sign()
    }

    /// Puts the signature in, the DER of an `ECDSA-Sig-Value` (RFC 3279, section 2.2.3), and returns the
    /// certificate with the authority's chain behind it.
    ///
    /// # Errors
    ///
    /// [`IssueError::InvalidSignature`] if it is not the signature of these bytes by the authority's key, and
    /// [`IssueError::Chain`] if all certificates together are too large for an entry.
    pub fn finish(self, signature: &[u8]) -> Result<CertificateChain, IssueError> {
        let certificate = self.unsigned.sign(signature)?.ok_or(IssueError::InvalidSignature)?;
        Ok(self.issuer_chain.below(certificate)?)
    }
}

impl fmt::Debug for PendingCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingCertificate").finish_non_exhaustive()
    }
}
