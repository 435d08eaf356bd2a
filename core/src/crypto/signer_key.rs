//! The fresh key of a bundle's signer, and the keys that a caller names instead.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::digest::{Digest, HashAlgorithm};
use super::{backend, ecdsa_signature};
use crate::x509::public_key::PublicKeyInfo;

/// Why a signer's key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerKeyFault {
    /// It is of a kind that this build does not know.
    Unknown,
    /// It is of a kind that is not accepted.
    NotAccepted,
    /// It is malformed, no point on its curve, or of a length that is not accepted.
    Unusable,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// It has not the form of a signature by such a key.
    Corrupted,
    /// The key did not sign this.
    Invalid,
}

/// The key of a bundle's signer. The hash that it signs by follows from its kind.
#[derive(Debug)]
pub(crate) struct SignerKey {
    kind: KeyKind,
    key: backend::PublicKey,
    /// Of an RSA key.
    modulus_bytes: Option<usize>,
}

impl SignerKey {
    /// The key, if signatures by keys of its kind are accepted: by any algorithm of that kind, of RSA by one of PKCS #1
    /// v1.5.
    pub(crate) fn new(
        key: &PublicKeyInfo<'_>,
        accepted: &[SignatureAlgorithm],
    ) -> Result<Self, SignerKeyFault> {
        let kind = KeyKind::of(key).ok_or(SignerKeyFault::Unknown)?;
        if !accepted.iter().any(|algorithm| is_of_signers(*algorithm, kind)) {
            return Err(SignerKeyFault::NotAccepted);
        }
        if !kind.is_well_formed(key) || !kind.is_short_enough_for_bundles(key) {
            return Err(SignerKeyFault::Unusable);
        }
        let made = backend::PublicKey::new(algorithms(kind), key.key).ok_or(SignerKeyFault::Unusable)?;
        Ok(Self { kind, key: made, modulus_bytes: kind.modulus_bits(key).map(|bits| bits.div_ceil(8)) })
    }

    /// The hashes by which it may have signed, the right one first, then what old clients took. None for a key that needs
    /// the message.
    pub(crate) const fn hashes(&self) -> &'static [HashAlgorithm] {
        match self.kind {
            KeyKind::P256 => &[HashAlgorithm::Sha256],
            KeyKind::P384 => &[HashAlgorithm::Sha384, HashAlgorithm::Sha256],
            #[cfg(feature = "aws-lc-rs")]
            KeyKind::P521 => &[HashAlgorithm::Sha512, HashAlgorithm::Sha256],
            KeyKind::Ed25519 => &[],
            #[cfg(feature = "aws-lc-rs")]
            KeyKind::Rsa => &[HashAlgorithm::Sha256],
        }
    }

    /// Whether a digest is not enough: Ed25519 signs messages.
    pub(crate) const fn needs_message(&self) -> bool {
        self.hashes().is_empty()
    }

    /// Checks that the key signed what has this digest, by one of its hashes.
    pub(crate) fn verify_digest(&self, digest: &Digest, signature: &[u8]) -> Result<(), SignatureFault> {
        self.check_form(signature)?;
        if self.signed_digest(digest, signature) { Ok(()) } else { Err(SignatureFault::Invalid) }
    }

    /// Checks that the key signed the message, by one of its hashes if it signs by one.
    pub(crate) fn verify_message(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        self.check_form(signature)?;
        let is_signed = if self.needs_message() {
            #[cfg(feature = "path-validation")]
            super::count::count_signature_check();
            self.key.verifies(SignatureAlgorithm::Ed25519, message, signature)
        } else {
            self.hashes().iter().any(|hash| self.signed_digest(&Digest::of(*hash, message), signature))
        };
        if is_signed { Ok(()) } else { Err(SignatureFault::Invalid) }
    }

    fn signed_digest(&self, digest: &Digest, signature: &[u8]) -> bool {
        let hash = Some(digest.algorithm()).filter(|hash| self.hashes().contains(hash));
        let algorithm = hash.and_then(|hash| SignatureAlgorithm::for_key_and_digest(self.kind, hash));
        algorithm.is_some_and(|algorithm| {
            #[cfg(feature = "path-validation")]
            super::count::count_signature_check();
            self.key.verifies_digest(algorithm, digest, signature)
        })
    }

    fn check_form(&self, signature: &[u8]) -> Result<(), SignatureFault> {
        let has_form = match (self.kind, self.modulus_bytes) {
            (KeyKind::Ed25519, _) => signature.len() == 64,
            (_, Some(modulus_bytes)) => signature.len() == modulus_bytes,
            (curve, None) => ecdsa_signature::is_well_formed(curve, signature),
        };
        if has_form { Ok(()) } else { Err(SignatureFault::Corrupted) }
    }
}

/// The algorithms by which a key of this kind signs artifacts.
const fn algorithms(kind: KeyKind) -> &'static [SignatureAlgorithm] {
    match kind {
        KeyKind::P256 => &[SignatureAlgorithm::EcdsaP256Sha256],
        KeyKind::P384 => &[SignatureAlgorithm::EcdsaP384Sha384, SignatureAlgorithm::EcdsaP384Sha256],
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::P521 => &[SignatureAlgorithm::EcdsaP521Sha512, SignatureAlgorithm::EcdsaP521Sha256],
        KeyKind::Ed25519 => &[SignatureAlgorithm::Ed25519],
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::Rsa => &[SignatureAlgorithm::RsaPkcs1Sha256],
    }
}

/// Whether to accept this algorithm is to accept signers with keys of this kind.
fn is_of_signers(algorithm: SignatureAlgorithm, kind: KeyKind) -> bool {
    #[cfg(feature = "aws-lc-rs")]
    if kind == KeyKind::Rsa {
        return matches!(
            algorithm,
            SignatureAlgorithm::RsaPkcs1Sha256
                | SignatureAlgorithm::RsaPkcs1Sha384
                | SignatureAlgorithm::RsaPkcs1Sha512
        );
    }
    algorithm.key_kind() == kind
}
