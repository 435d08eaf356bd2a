//! aws-lc-rs.

use aws_lc_rs::digest::{self, Digest, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519, ParsedPublicKey,
    UnparsedPublicKey,
};

pub(crate) const BACK_END: &str = "aws-lc-rs";

/// P-384 signs with SHA-384, and P-256 with SHA-256.
pub(crate) struct AuthorityKey(ParsedPublicKey);

impl AuthorityKey {
    pub(crate) fn new(point: &[u8]) -> Self {
        let key = if point.len() == 97 {
            ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, point)
        } else {
            ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        };
        Self(key.expect("a key"))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

pub(crate) fn leaf_verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature).is_ok()
}

pub(crate) fn leaf_verifies_digest(point: &[u8], sha256: &[u8; 32], signature: &[u8]) -> bool {
    let digest = Digest::import_less_safe(sha256, &digest::SHA256).expect("it has its length");
    ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .is_ok_and(|key| key.verify_digest_sig(&digest, signature).is_ok())
}

pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    digest(&digest::SHA256, message).as_ref().try_into().expect("it has its length")
}

/// P-384 with SHA-256, by which Sigstore's timestamp authority signs.
pub(crate) struct P384Sha256Key(ParsedPublicKey);

impl P384Sha256Key {
    pub(crate) fn new(point: &[u8]) -> Self {
        Self(ParsedPublicKey::new(&ECDSA_P384_SHA256_ASN1, point).expect("a key"))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

pub(crate) struct Ed25519Key(ParsedPublicKey);

impl Ed25519Key {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(ParsedPublicKey::new(&ED25519, key).expect("a key"))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}
