//! The key that signs once.

use crate::certificate_request::{CertificateRequest, RequestError};
use crate::claim_extensions;
use crate::encoding_error::EncodingError;
use crate::public_key::PublicKey;
use crate::signature_error::SignatureError;
use crate::signer_claims::SignerClaims;
use core::fmt;
use countermark::ArtifactName;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use rand_core::CryptoRng;
use signature::Signer;
use x509_cert::name::Name;
use zeroize::ZeroizeOnDrop;

/// An ECDSA key on P-256 that signs one artifact's name and is gone.
///
/// The signature consumes the key, so that a second one does not compile:
///
/// ```compile_fail,E0382
/// # use countermark_signing::EphemeralKey;
/// # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
/// # let name = format!("registry/image@sha256:{}", "ab".repeat(32)).parse()?;
/// let key = EphemeralKey::generate(&mut rng);
/// key.sign(&name)?;
/// key.sign(&name)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The first one does:
///
/// ```
/// # use countermark_signing::EphemeralKey;
/// # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
/// # let name = format!("registry/image@sha256:{}", "ab".repeat(32)).parse()?;
/// let key = EphemeralKey::generate(&mut rng);
/// key.sign(&name)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Nothing gives the private key away: it can be neither cloned nor printed nor serialised, and its memory is
/// wiped when it is dropped.
pub struct EphemeralKey {
    // On the heap, because a move would leave a copy behind that nothing wipes.
    key: Box<SigningKey>,
}

impl EphemeralKey {
    /// A new key. The random source must be fit for keys: whoever can predict it can sign.
    #[must_use]
    pub fn generate<R: CryptoRng + ?Sized>(rng: &mut R) -> Self {
        Self { key: Box::new(SigningKey::generate_from_rng(rng)) }
    }

    /// A request (PKCS#10, RFC 2986) for a certificate of this key that carries these claims, signed by the
    /// key to prove possession of it.
    ///
    /// # Errors
    ///
    /// A [`RequestError`] if the request would exceed a limit, or the key could not sign it.
    pub fn certificate_request(&self, claims: &SignerClaims) -> Result<CertificateRequest, RequestError> {
        let extensions = claim_extensions::of_claims(claims).map_err(EncodingError::from)?;
        let public_key = PublicKey::P256(*self.key.verifying_key());
        CertificateRequest::new(Name::default(), extensions, &public_key, |bytes| Ok(self.sign_bytes(bytes)?))
    }

    /// Signs the bytes of the artifact's name (ECDSA with SHA-256) and destroys the key. The signature is the
    /// DER of an `ECDSA-Sig-Value` (RFC 3279, section 2.2.3), as an entry holds it.
    ///
    /// # Errors
    ///
    /// [`SignatureError`] in the negligible case that the arithmetic has no result for this key and name.
    pub fn sign(self, name: &ArtifactName) -> Result<Vec<u8>, SignatureError> {
        self.sign_bytes(name.as_str().as_bytes())
    }

    fn sign_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let signature: Signature = self.key.try_sign(bytes).map_err(|_| SignatureError)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

impl ZeroizeOnDrop for EphemeralKey {}

impl fmt::Debug for EphemeralKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EphemeralKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_wiped_on_drop<T: ZeroizeOnDrop>(_: &T) {}

    #[test]
    fn the_key_that_is_held_is_wiped_on_drop() {
        let key = EphemeralKey::generate(&mut rand_core::UnwrapErr(getrandom::SysRng));
        is_wiped_on_drop(&*key.key);
    }

    #[test]
    fn printing_shows_nothing_of_the_key() {
        let key = EphemeralKey::generate(&mut rand_core::UnwrapErr(getrandom::SysRng));
        assert_eq!(format!("{key:?}"), "EphemeralKey { .. }");
    }
}
