//! Strict reading of certificates; trusts nothing, knows no cryptography.

pub(crate) mod certificate;
pub(crate) mod certificate_policies;
pub(crate) mod claim_arc;
pub(crate) mod distinguished_name;
pub(crate) mod extension_demands;
pub(crate) mod extensions;
pub(crate) mod fault;
pub(crate) mod general_name;
pub(crate) mod oid;
#[cfg(feature = "sigstore")]
pub(crate) mod precertificate;
pub(crate) mod public_key;
pub(crate) mod strict_der;
