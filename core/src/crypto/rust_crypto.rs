//! The default back end, in pure Rust: the `p256`, `p384` and `sha2` crates.

use super::algorithm::{KeyKind, SignatureAlgorithm};
use super::ecdsa_signature::{self, scalar_bytes};
use alloc::vec::Vec;
use core::marker::PhantomData;
use sha2::{Digest, Sha256, Sha384};
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
    match AuthorityKey::new(kind, point)? {
        AuthorityKey::P256(key) => Some(key.to_sec1_point(false).as_bytes().to_vec()),
        AuthorityKey::P384(key) => Some(key.to_sec1_point(false).as_bytes().to_vec()),
    }
}

#[derive(Debug)]
pub(super) enum AuthorityKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl AuthorityKey {
    /// The key in the encoding that certificates use; `None` if it is off its curve.
    pub(super) fn new(kind: KeyKind, key: &[u8]) -> Option<Self> {
        match kind {
            KeyKind::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok().map(Self::P256),
            KeyKind::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok().map(Self::P384),
            #[cfg(feature = "aws-lc-rs")]
            _ => None,
        }
    }

    pub(super) fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::EcdsaP384Sha256 => {
                self.verifies_digest(&Sha256::digest(message), signature)
            }
            SignatureAlgorithm::EcdsaP256Sha384 | SignatureAlgorithm::EcdsaP384Sha384 => {
                self.verifies_digest(&Sha384::digest(message), signature)
            }
            #[cfg(feature = "aws-lc-rs")]
            _ => false,
        }
    }

    fn verifies_digest(&self, digest: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256_signature(signature)
                .is_some_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
            Self::P384(key) => p384_signature(signature)
                .is_some_and(|signature| key.verify_prehash(digest, &signature).is_ok()),
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
