//! aws-lc-rs.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey, UnparsedPublicKey,
};

pub(crate) const BACK_END: &str = "aws-lc-rs";

/// P-384 signs with SHA-384 and P-256 with SHA-256 in all that is measured.
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
