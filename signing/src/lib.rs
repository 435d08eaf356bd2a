//! Makes keyless artifact signatures: what [`countermark`] verifies.
//!
//! A pipeline shows an identity token; a certificate authority certifies a fresh key for five minutes, with the
//! token's claims; the key signs one artifact's name and is destroyed. With this crate and a place to keep
//! records a team runs its own keyless signing:
//!
//! ```
//! use countermark::{ArtifactName, Claim, Log, Policy, TrustAnchors, Verifier};
//! use countermark_signing::{
//!     Authority, AuthorityKey, AuthorityProfile, IdentityProvider, IdentityToken, Issuer, RepositoryNames, Validity, sign,
//! };
//!
//! # use base64ct::{Base64UrlUnpadded, Encoding};
//! # use p256::{ecdsa::SigningKey, elliptic_curve::Generate};
//! # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
//! # let now: countermark::Timestamp = "2024-03-22T11:25:48.983761494Z".parse()?;
//! # let ca_key = SigningKey::generate_from_rng(&mut rng);
//! # let idp = SigningKey::generate_from_rng(&mut rng);
//! # let base64 = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
//! # let header = base64(br#"{"typ":"JWT","alg":"ES256","kid":"1"}"#);
//! # let jwt = format!("{header}.{}", base64(include_bytes!("../testdata/github-claims.json")));
//! # let signature: p256::ecdsa::Signature = signature::Signer::sign(&idp, jwt.as_bytes());
//! # let jwt = format!("{jwt}.{}", base64(&signature.to_bytes()));
//! # let point = idp.verifying_key().to_sec1_point(false);
//! # let (x, y) = (base64(point.x().unwrap()), base64(point.y().unwrap()));
//! # let jwks = format!(r#"{{"keys":[{{"kty":"EC","crv":"P-256","kid":"1","x":"{x}","y":"{y}"}}]}}"#);
//! // Once: an authority. Its key may sit in a KMS or an HSM (see `AuthorityKey`), its root under another.
//! let key = AuthorityKey::p256(*ca_key.verifying_key(), ca_key);
//! let validity = Validity::new("2024-01-01T00:00:00Z".parse()?, "2034-01-01T00:00:00Z".parse()?)?;
//! let root = AuthorityProfile::new("CN=Signing root,O=Example", validity)?.self_signed(&key, &mut rng)?;
//! let verifier = Verifier::new(TrustAnchors::from_pem(&root.to_pem())?);
//! let authority = Authority::new(Issuer::new(root)?, key)?;
//!
//! // In the pipeline: its token becomes a signature, and the signature an entry of the log.
//! let github = IdentityProvider::github_actions("signing.example", RepositoryNames::Plain)?;
//! let token = IdentityToken::validate(&jwt, jwks, &github, now)?;
//! let name: ArtifactName =
//!     "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be".parse()?;
//! let mut log = Log::new("example-ns");
//! log.append(sign(&authority, &token, "example-ns", &name, now, &mut rng)?)?;
//!
//! // Anywhere, later.
//! let policy = Policy::new("example-ns", github.issuer())?.require(Claim::SourceRepository, "endorlabs/monorepo")?;
//! println!("{}", verifier.verify(&name, log.find(&name), &policy)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate is not published yet: `cargo add countermark-signing` finds nothing. Until it is, depend on a clone
//! of the repository, in `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! countermark = { path = "countermark/core" }
//! countermark-signing = { path = "countermark/signing" }
//! ```
//!
//! # The parts
//!
//! | step | part |
//! |---|---|
//! | a pipeline proves its identity | [`IdentityToken`], validated for an [`IdentityProvider`]; [`ClaimMapping`] says what its claims mean |
//! | it makes a key and asks for a certificate | [`EphemeralKey`], [`CertificateRequest`] |
//! | an authority certifies the key | [`Authority`]; [`Issuer`] where the authority's key signs later or elsewhere |
//! | the key signs, once | [`EphemeralKey::sign`] |
//! | all of it at once, as an entry for the log | [`sign()`](sign()) |
//! | a timestamp authority vouches for when it was signed | [`TimestampRequest`] |
//! | for those who have no authority yet | [`AuthorityProfile`] |
//!
//! # Claims
//!
//! Where each claim of a certificate comes from, for the ready-made providers. `{name}` is the token's claim of that
//! name, `{server}` the URL of the instance; an optional claim is left out of the certificate if the token does not
//! have what it needs. GitHub's column is that of github.com; an Enterprise Server's tokens may lack more
//! ([`ClaimMapping::github_actions`]). A table can be changed rule by rule ([`ClaimMapping::replace`],
//! [`ClaimMapping::make_optional`]), and another provider has [one of its own](ClaimMapping::new).
//!
#![doc = include_str!("claims.md")]
//!
//! # What it relies on
//!
//! The crate does no I/O, and has no clock and no randomness of its own: the caller gives the time, a random
//! source that is fit for keys, the authority's key, and the identity provider's keys, fetched from the provider
//! over a connection that can be trusted. Whoever can forge one of them can sign.
//!
//! A token is a bearer's: it proves its holder's identity to whoever is its audience, as often as it is shown
//! while it is valid. Give the authority an audience of its own.

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

mod accepted_algorithm;
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
mod extension;
mod identity_provider;
mod identity_token;
mod issue_error;
mod issuer;
mod json;
mod key_set;
pub mod limits;
mod numeric_date;
mod pending_certificate;
mod public_key;
mod sign;
mod signature_error;
mod signer_claims;
mod subject_name;
mod text;
mod timestamp_request;
mod token_claim;
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
pub use ephemeral_key::EphemeralKey;
pub use identity_provider::{IdentityProvider, ProviderError};
pub use identity_token::IdentityToken;
pub use issue_error::IssueError;
pub use issuer::{AuthorityError, Issuer};
pub use pending_certificate::PendingCertificate;
pub use sign::{SignError, sign};
pub use signature_error::SignatureError;
pub use signer_claims::{ClaimError, SignerClaims};
pub use timestamp_request::{TimestampRequest, TimestampResponseError};
pub use token_error::TokenError;
pub use validity::{Validity, ValidityError};
