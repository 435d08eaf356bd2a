//! Makes keyless artifact signatures: what [`countermark`] verifies.
//!
//! Placeholder.

#![forbid(unsafe_code)]
// No input may be able to panic the library.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod authority;
mod authority_certificate;
mod authority_key;
mod authority_profile;
mod certificate_builder;
mod certificate_chain;
mod certificate_request;
mod claim_extensions;
mod claim_mapping;
mod claim_template;
mod encoding_error;
mod ephemeral_key;
mod identity_provider;
mod identity_token;
mod issue_error;
mod issuer;
mod json;
pub mod limits;
mod pending_certificate;
mod public_key;
mod sign;
mod signer_claims;
mod subject_name;
mod token_error;
mod token_signature;
mod validity;

pub use authority::Authority;
pub use authority_key::{AuthorityKey, AuthorityKeyError};
pub use authority_profile::{AuthorityProfile, SetupError};
pub use certificate_chain::{CertificateChain, ChainError};
pub use certificate_request::{CertificateRequest, RequestError};
pub use claim_mapping::{ClaimMapping, MappingError, RepositoryNames};
pub use encoding_error::EncodingError;
pub use ephemeral_key::{EphemeralKey, SignatureError};
pub use identity_provider::{IdentityProvider, ProviderError};
pub use identity_token::IdentityToken;
pub use issue_error::IssueError;
pub use issuer::{AuthorityError, Issuer};
pub use pending_certificate::PendingCertificate;
pub use sign::{SignError, sign};
pub use signer_claims::{ClaimError, SignerClaims};
pub use token_error::TokenError;
pub use validity::{Validity, ValidityError};
