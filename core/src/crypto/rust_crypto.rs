//! The default back end, in pure Rust: the crates `p256`, `p384` and `sha2`, and `ed25519-dalek` for bundles.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::digest::Digest;
use super::ecdsa_signature::{self, scalar_bytes};
#[cfg(feature = "sigstore")]
use super::ed25519;
use alloc::vec::Vec;
use core::marker::PhantomData;
use signature::hazmat::PrehashVerifier;

#[derive(Debug)]
pub(super) struct LeafKey(p256::ecdsa::VerifyingKey);

impl LeafKey {
    /// A point in the encoding of SEC 1, section 2.3.3, compressed or not; `None` if it is off the curve.
    pub(super) fn from_sec1(point: &[u8]) -> Option<Self> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(Self)
    }

    pub(super) fn verifies(&self, digest: &[u8; 32], signature: &LeafSignature<'_>) -> bool {
        self.0.verify_prehash(digest, &signature.0).is_ok()
    }
}

#[derive(Debug)]
pub(super) struct LeafSignature<'a>(p256::ecdsa::Signature, PhantomData<&'a ()>);

impl LeafSignature<'_> {
    pub(super) fn from_der(der: &[u8]) -> Option<Self> {
        p256_signature(der).map(|signature| Self(signature, PhantomData))
    }
}

/// The point, uncompressed; `None` if it is off the curve.
pub(super) fn uncompressed(kind: KeyKind, point: &[u8]) -> Option<Vec<u8>> {
    match PublicKey::of_kind(kind, point)? {
        PublicKey::P256(key) => Some(key.to_sec1_point(false).as_bytes().to_vec()),
        PublicKey::P384(key) => Some(key.to_sec1_point(false).as_bytes().to_vec()),
        #[cfg(feature = "sigstore")]
        PublicKey::Ed25519(_) => None,
    }
}

#[derive(Debug)]
pub(super) enum PublicKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    #[cfg(feature = "sigstore")]
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl PublicKey {
    /// The key in the encoding that certificates use, for algorithms that all go with its kind; `None` if it is off its
    /// curve.
    pub(super) fn new(algorithms: &[SignatureAlgorithm], key: &[u8]) -> Option<Self> {
        Self::of_kind(algorithms.first()?.key_kind(), key)
    }

    fn of_kind(kind: KeyKind, key: &[u8]) -> Option<Self> {
        match kind {
            KeyKind::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok().map(Self::P256),
            KeyKind::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok().map(Self::P384),
            #[cfg(feature = "sigstore")]
            KeyKind::Ed25519 => ed25519::point(key).map(Self::Ed25519),
            #[cfg(feature = "aws-lc-rs")]
            _ => None,
        }
    }

    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match (self, algorithm.digest_algorithm()) {
            #[cfg(feature = "sigstore")]
            (Self::Ed25519(key), None) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            (_, Some(digest)) => self.verifies_digest(algorithm, &Digest::of(digest, message), signature),
            (_, None) => false,
        }
    }

    /// Whether the key signed what has this digest.
    pub(super) fn verifies_digest(
        &self,
        algorithm: SignatureAlgorithm,
        digest: &Digest,
        signature: &[u8],
    ) -> bool {
        if algorithm.digest_algorithm() != Some(digest.algorithm()) {
            return false;
        }
        let digest = digest.as_bytes();
        match self {
            Self::P256(key) => p256_signature(signature)
                .is_some_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384_signature(signature)
                .is_some_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            #[cfg(feature = "sigstore")]
            Self::Ed25519(_) => false,
        }
    }
}

fn p256_signature(der: &[u8]) -> Option<p256::ecdsa::Signature> {
    let (r, s) = ecdsa_signature::read(der)?;
    p256::ecdsa::Signature::from_scalars(scalar_bytes::<32>(r)?, scalar_bytes::<32>(s)?).ok()
}

fn p384_signature(der: &[u8]) -> Option<p384::ecdsa::Signature> {
    let (r, s) = ecdsa_signature::read(der)?;
    p384::ecdsa::Signature::from_scalars(scalar_bytes::<48>(r)?, scalar_bytes::<48>(s)?).ok()
}
