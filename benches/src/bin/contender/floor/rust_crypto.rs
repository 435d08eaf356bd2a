//! p256 and p384.

use sha2::{Digest, Sha256, Sha384};
use signature::hazmat::PrehashVerifier;

pub(crate) const BACK_END: &str = "p256 and p384";

/// P-384 signs with SHA-384, and P-256 with SHA-256.
pub(crate) enum AuthorityKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
}

impl AuthorityKey {
    pub(crate) fn new(point: &[u8]) -> Self {
        if point.len() == 97 {
            Self::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(point).expect("a key"))
        } else {
            Self::P256(p256::ecdsa::VerifyingKey::from_sec1_bytes(point).expect("a key"))
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::P256(key) => p256_verifies(key, message, signature),
            Self::P384(key) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&Sha384::digest(message), &signature).is_ok()),
        }
    }
}

pub(crate) fn leaf_verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok_and(|key| p256_verifies(&key, message, signature))
}

pub(crate) fn leaf_verifies_digest(point: &[u8], sha256: &[u8; 32], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).expect("a key");
    p256::ecdsa::Signature::from_der(signature)
        .is_ok_and(|signature| key.verify_prehash(sha256, &signature).is_ok())
}

pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// P-384 with SHA-256, by which Sigstore's timestamp authority signs.
pub(crate) struct P384Sha256Key(p384::ecdsa::VerifyingKey);

impl P384Sha256Key {
    pub(crate) fn new(point: &[u8]) -> Self {
        Self(p384::ecdsa::VerifyingKey::from_sec1_bytes(point).expect("a key"))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| self.0.verify_prehash(&Sha256::digest(message), &signature).is_ok())
    }
}

pub(crate) struct Ed25519Key(ed25519_dalek::VerifyingKey);

impl Ed25519Key {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(ed25519_dalek::VerifyingKey::from_bytes(key).expect("a key"))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    }
}

fn p256_verifies(key: &p256::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    p256::ecdsa::Signature::from_der(signature)
        .is_ok_and(|signature| key.verify_prehash(&Sha256::digest(message), &signature).is_ok())
}
