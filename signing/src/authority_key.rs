//! The key of an authority, wherever it is.

use crate::public_key::PublicKey;
use core::fmt;
use signature::Signer;

/// The key that an authority signs certificates with: a public key, and something that signs for it.
///
/// That something is any [`Signer`], in memory or in front of a KMS or an HSM. One that answers later, or
/// elsewhere, is served by [`Issuer::prepare`](crate::Issuer::prepare) instead.
///
/// ```
/// use countermark_signing::AuthorityKey;
/// use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
/// use signature::{Error, Signer};
///
/// struct Kms {
///     key: SigningKey, // in real life, a client and the name of a key
/// }
///
/// impl Signer<Signature> for Kms {
///     fn try_sign(&self, message: &[u8]) -> Result<Signature, Error> {
///         let der: p256::ecdsa::DerSignature = self.key.try_sign(message)?;
///         Signature::from_der(der.as_bytes())
///     }
/// }
///
/// # use p256::elliptic_curve::Generate;
/// # let kms = Kms { key: SigningKey::generate_from_rng(&mut rand_core::UnwrapErr(getrandom::SysRng)) };
/// # let public_key = *kms.key.verifying_key();
/// let key = AuthorityKey::p256(public_key, kms);
/// ```
pub struct AuthorityKey {
    public_key: PublicKey,
    signer: Box<dyn DerSigner>,
}

/// The key's signer failed, or signed with another key than it was said to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the authority's key did not sign: {0}; check the signer, or the service that it stands for")]
pub struct AuthorityKeyError(pub(crate) String);

impl AuthorityKeyError {
    /// The stable code, `authority_key_failed`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "authority_key_failed"
    }
}

/// A signer of either curve, by the DER of its signatures.
trait DerSigner: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error>;
}

struct P256<S>(S);
struct P384<S>(S);

impl<S: Signer<p256::ecdsa::Signature> + Send + Sync> DerSigner for P256<S> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(message)?.to_der().as_bytes().to_vec())
    }
}

impl<S: Signer<p384::ecdsa::Signature> + Send + Sync> DerSigner for P384<S> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(self.0.try_sign(message)?.to_der().as_bytes().to_vec())
    }
}

impl AuthorityKey {
    /// A key on P-256, which signs with SHA-256.
    pub fn p256<S>(public_key: p256::ecdsa::VerifyingKey, signer: S) -> Self
    where
        S: Signer<p256::ecdsa::Signature> + Send + Sync + 'static,
    {
        Self { public_key: PublicKey::P256(public_key), signer: Box::new(P256(signer)) }
    }

    /// A key on P-384, which signs with SHA-384.
    pub fn p384<S>(public_key: p384::ecdsa::VerifyingKey, signer: S) -> Self
    where
        S: Signer<p384::ecdsa::Signature> + Send + Sync + 'static,
    {
        Self { public_key: PublicKey::P384(public_key), signer: Box::new(P384(signer)) }
    }

    pub(crate) const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The DER of a signature that nobody has verified yet.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, AuthorityKeyError> {
        self.signer.sign(message).map_err(|error| AuthorityKeyError(error.to_string()))
    }
}

impl fmt::Debug for AuthorityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorityKey").field("public_key", &self.public_key).finish_non_exhaustive()
    }
}
