//! Verifies keyless artifact signatures, offline.
//!
//! A pipeline signed an artifact's name (`image@sha256:…`) with a throw-away key that an authority certified
//! for five minutes, on the strength of the pipeline's OIDC identity. From the record of that signing and a
//! trusted root alone, this crate decides whether to believe it. Records are those of a private log, or Sigstore's
//! bundles, with attestations of PyPI, npm and GitHub, and what cosign keeps beside an image.
//!
//! It holds rules and nothing else: no I/O, no clock, no global state, no unsafe code.
//!
//! ```
//! use countermark::{ArtifactName, Claim, Policy, TrustAnchors, Verifier, entries_from_json};
//!
//! # fn file(name: &str) -> String {
//! #     std::fs::read_to_string(format!("{}/testdata/quickstart/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
//! # }
//! let verifier = Verifier::new(TrustAnchors::from_pem(&file("root.pem"))?);
//! let policy = Policy::new("example-ns", "https://token.actions.githubusercontent.com")?
//!     .require(Claim::SourceRepository, "endorlabs/monorepo")?
//!     .require(Claim::SourceRepositoryRef, "refs/tags/v1.6.216")?;
//!
//! let entries = entries_from_json(file("log.json"))?;
//! let name: ArtifactName =
//!     "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be".parse()?;
//!
//! let verified = verifier.verify(&name, &entries, &policy)?;
//! assert_eq!(verified.claims().get(&Claim::SourceRepositoryOwner), Some("endorlabs"));
//! println!("{verified}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A bundle, and what else holds the same:
//!
//! ```
//! # #[cfg(feature = "sigstore")]
//! use countermark::{Artifact, BundlePolicy, TrustedRoot, Verifier, bundles_from};
//!
//! # fn file(name: &str) -> Vec<u8> {
//! #     let file = match name {
//! #         "trusted_root.json" => "roots/6494e21e-public-good.json",
//! #         "attestations.jsonl" => "bundles/sigstore-verify/conda-dsse.sigstore.json",
//! #         _ => "artifacts/54303491-signed-package-2.1.0-hb0f4dca_0.conda",
//! #     };
//! #     std::fs::read(format!("{}/testdata/sigstore/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
//! # }
//! # #[cfg(feature = "sigstore")] {
//! let root = TrustedRoot::from_json(file("trusted_root.json"))?;
//! let verifier = Verifier::from_trusted_root(&root);
//! let policy = BundlePolicy::for_github("prefix-dev/sigstore-example")?;
//!
//! let bundles = bundles_from(file("attestations.jsonl"))?;
//! let artifact = file("signed-package-2.1.0-hb0f4dca_0.conda");
//! let verified = verifier.verify_bundles(&Artifact::from_bytes(&artifact), &bundles, &policy)?;
//! assert_eq!(verified.statement().map(|said| said.subjects().len()), Some(1));
//! println!("{verified}");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How data flows
//!
//! Bytes become an [`Entry`] (or its borrowed view, [`EntryRef`]), a [`Policy`] and [`TrustAnchors`]; what
//! exists of these types is well-formed, and what is not is a [`MalformedInput`]. A [`Verifier`] judges them,
//! and returns a [`Verified`], which only it can make, or a [`Rejection`] with a stable [`Code`].
//!
//! For bundles the same: a `Bundle`, a `BundlePolicy` or `KeyPolicy`, `TrustedRoot`s and an `Artifact` go in, and the same
//! two come out.
//!
//! # The rules
//!
//! They are made in this order, and the first that fails gives the code:
//!
//! | rule | what it asks | code if not |
//! |---|---|---|
//! | 0 selection | an entry has the policy's namespace, the artifact's name, and a certificate for the policy's issuer (or one that cannot be read, so that its fault is reported). One whose first certificate names no issuer, because the chain is stored in another order, say, counts for rules 1 and 2 only: it can refuse | `no_signature` |
//! | 1 blocklist | no such entry carries the blocklist flag (under [`RevocationScope::Digest`] none of the namespace with the digest, under any name and of any issuer), and the policy's blocklist has neither the name nor the digest | `blocklisted` |
//! | 2 revocation | no such entry is revoked (under [`RevocationScope::Digest`] again none with the digest), or, under [`RevocationScope::Entry`], one is left that neither is revoked nor has the key of a revoked one | `revoked_signature` |
//! | 3 certificate | the leaf is readable, no CA, for digital signatures and code signing, without an unknown critical extension; its key is ECDSA on P-256 | `bad_certificate`, `invalid_key_type` |
//! | 4 chain | a path of proper authorities, each valid at the signing time and at that of every good signed timestamp, leads to an anchor | `unknown_ca`, `path_too_complex`, `bad_certificate`, `time_mismatch` |
//! | 5 lifetime | the leaf was not issued for longer than the policy allows | `lifetime_too_long` |
//! | 6 timestamp | the signing time, and that of every good signed timestamp, is inside the leaf's validity and not after the caller's `now`; there is a good signed timestamp if the policy's `time_voucher` demands it | `time_mismatch`, `unvouched_time` |
//! | 7 signature | the leaf's key signed the artifact's name | `corrupted_signature`, `invalid_signature` |
//! | 8 provenance | every recorded claim is in the certificate, with the same value | `provenance_mismatch` |
//! | 9 claims | every claim that the policy requires is in the certificate, and matches | `claims_mismatch` |
//!
//! Rules 3 to 9 are made for the entries that are left, the newest first; the first that passes them all is
//! the answer.
//!
//! # The rules for bundles
//!
//! An *instance* is what is trusted together: authorities, timestamp authorities, logs and certificate logs. Each trusted
//! root is one, and so are the verifier's own anchors with what was given beside them (`own`). Each judges a bundle alone,
//! in this order, and the first under which every rule is passed is the answer; if there is none, the reason is that of the
//! instance under which the bundle came furthest. Where a rule is that of a number above, it is the same code:
//!
//! | rule | what it asks | code if not |
//! |---|---|---|
//! | B1 blocklist | the policy's blocklist has neither the artifact's name nor a digest of it, nor (after B9) another digest of the subject that it is | `blocklisted` |
//! | B2 signer | a bundle with a certificate is judged under a `BundlePolicy`, one with a hint under a `KeyPolicy` with a key that the hint selects; the leaf is as rule 3 wants it, with a key that is accepted; what follows it in a chain are certificates | `no_signature`, `bad_certificate`, `invalid_key_type` |
//! | B3 times | every signed timestamp is over the signature's bytes, by a timestamp authority of the instance; enough independent authorities and logs (which promised an entry, with a time) vouch for a time | `unvouched_time` |
//! | B4 chain | as rule 4, from the leaf to an authority of the instance, with every certificate and the authority's own period valid at *every* time of B3, or without one at the caller's `now` | `unknown_ca`, `bad_certificate`, `path_too_complex`, `time_mismatch` |
//! | B5 certificate logs | enough independent certificate logs signed a timestamp (SCT, RFC 6962) over the leaf as its issuer on that path would have it, and none of a known one is bad | `no_certificate_timestamp` |
//! | B6 validity | as rule 5; every time of B3, or `now`, is inside the leaf's validity, and none is after `now`. For a key in place of B4 to B6: every time is inside its period | `lifetime_too_long`, `time_mismatch` |
//! | B7 signature | a stated digest is the artifact's; the key signed the artifact, by its digest, or the envelope | `artifact_mismatch`, `corrupted_signature`, `invalid_signature` |
//! | B8 log entries | every entry of a known log is in it, by its log's promise and proof, under a key valid at the time, and about this very signature, key and content; enough independent logs have one | `not_logged`, `untrusted_log`, `invalid_log_proof`, `log_entry_mismatch` |
//! | B9 statement | a subject of the in-toto statement is the artifact, and the subjects are as the policy wants them | `artifact_mismatch` |
//! | B10 claims | as rule 9; the statement is of the predicate type that the policy wants | `claims_mismatch`, `predicate_mismatch` |
//!
//! What is there and of nobody whom the instance knows refuses where any is asked for, unless the policy ignores it by name.
//! What is of somebody known, and bad, refuses whatever is asked for.
//!
//! # Features
//!
//! - `std` (default) lets [`Verifier::verify_many`] use all cores. Without it the crate is `no_std` and needs
//!   `alloc`.
//! - `sigstore` (default) has everything for bundles, and brings `ed25519-dalek`. It works without `std`. Signed timestamps
//!   (RFC 3161), which private records may have too, are there without it.
//! - `aws-lc-rs` verifies signatures with AWS-LC instead of `p256` and `p384`, several times faster; it needs a C
//!   compiler. With it a verifier can be told to accept authorities with RSA, P-521 and Ed25519 keys too
//!   ([`TrustAnchors::from_pem_accepting`]), and signers and logs of bundles. What is accepted by default, and every
//!   answer, is the same.

#![no_std]
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

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "sigstore")]
mod artifact;
mod artifact_name;
mod chain;
mod code;
mod crypto;
pub mod evidence;
pub mod limits;
mod malformed;

mod outcome;
mod period;
mod policy;
mod record;
mod rejection;
mod selection;
mod signer;
#[cfg(feature = "sigstore")]
mod sigstore;
mod text;
mod timestamp;
mod verifier;
mod verify;
#[cfg(feature = "sigstore")]
mod verify_bundle;
mod verify_many;
mod x509;

#[cfg(feature = "path-validation")]
#[doc(hidden)]
pub use chain::path_validation;

#[cfg(feature = "sigstore")]
pub use artifact::{Artifact, ArtifactDigester};
pub use artifact_name::ArtifactName;
pub use chain::authority::TrustAnchors;
pub use code::{Check, Code};
pub use crypto::{Digest, HashAlgorithm, SignatureAlgorithm};
pub use evidence::timestamp_authority::TimestampAuthority;
pub use malformed::MalformedInput;
#[cfg(feature = "sigstore")]
pub use outcome::bundle_report::{BundleReport, EvidenceKind, EvidenceOutcome};
#[cfg(feature = "sigstore")]
pub use outcome::of_bundle::{VerifiedCertificateTimestamp, VerifiedLogEntry};
pub use outcome::owned::OwnedVerified;
pub use outcome::report::{CheckOutcome, Outcome, Report, TimestampOutcome};
pub use outcome::verified::{Origin, PathCertificate, SignedTime, Verified, Warning};
#[cfg(feature = "sigstore")]
pub use outcome::verified_bundle::VerifiedEnvelope;
pub use period::Period;
#[cfg(feature = "sigstore")]
pub use policy::any_bundle_policy::AnyBundlePolicy;
#[cfg(feature = "sigstore")]
pub use policy::bundle_policy::BundlePolicy;
#[cfg(feature = "sigstore")]
pub use policy::key_policy::{KeyPolicy, PublicKey};
pub use policy::policies::{MessagePolicy, Policy, RecordPolicy, RevocationScope, SignerPolicy, TimeVoucher};
pub use policy::policy_match::Match;
#[cfg(feature = "sigstore")]
pub use policy::pypi_publisher::PypiPublisher;
pub use record::endor_labs::EndorLabs;
pub use record::entry::{Certificates, Entry, EntryRef, Evidence, Provenance};
pub use record::entry_json::{EntryReader, entries_from_json, read_entries};
pub use record::log::{Log, LogError};
pub use record::message::{Message, MessageSignature};
pub use rejection::{FoundInstead, Obstacle, Reason, Rejection, Subject};
pub use signer::claim::{Claim, Claims, CustomClaim};
#[cfg(feature = "sigstore")]
pub use sigstore::bundle::Bundle;
#[cfg(feature = "sigstore")]
pub use sigstore::bundle_json::{BundleReader, bundles_from_json_lines, read_bundles};
#[cfg(feature = "sigstore")]
pub use sigstore::cosign::{CosignContent, CosignParts, SimpleSigning};
#[cfg(feature = "sigstore")]
pub use sigstore::forms::bundles_from;
#[cfg(feature = "sigstore")]
pub use sigstore::npm::{NpmAttestation, bundles_from_npm};
#[cfg(feature = "sigstore")]
pub use sigstore::pypi::{PypiAttestations, bundles_from_pypi_provenance};
#[cfg(feature = "sigstore")]
pub use sigstore::statement::{Statement, StatementSubject, UnverifiedStatement};
#[cfg(feature = "sigstore")]
pub use sigstore::trusted_root::{TrustedRoot, trusted_roots_from_json_lines};
pub use timestamp::{Timestamp, TimestampError};
#[cfg(feature = "sigstore")]
pub use verifier::bundles::BundleRequest;
pub use verifier::{Request, Verifier, VerifierAt, VerifierBuilder};
pub use x509::fault::CertificateFault;
