//! Every limit on untrusted input, in one place.
//!
//! Exceeding a limit of an entry is [`malformed_entry`](crate::Code::MalformedEntry), of a policy
//! [`malformed_policy`](crate::Code::MalformedPolicy), of the trust anchors
//! [`malformed_trust_anchor`](crate::Code::MalformedTrustAnchor), of a bundle
//! [`malformed_bundle`](crate::Code::MalformedBundle), of a trusted root
//! [`malformed_trusted_root`](crate::Code::MalformedTrustedRoot), and of path building
//! [`path_too_complex`](crate::Code::PathTooComplex). All sizes are in bytes.
//!
//! # What they come to
//!
//! Nearly all of the time goes into checking signatures. One candidate entry costs at most
//! [`MAX_SIGNATURE_CHECKS`] for its path, and one more for the signature over the artifact. There is no limit on
//! the candidates of one call, because a limit would let newer junk starve an older good entry: the work grows
//! with the number of matching records that the caller gives, and no faster.
//!
//! No certificate's signature is checked under a key that no trusted key has certified, nor is such a key made ready:
//! who writes entries makes no work with keys of their own. An entry that names nothing of the verifier's costs no
//! check. One that does costs one for each of its certificates, at most [`MAX_CERTIFICATES`], and for each of the
//! verifier's authorities of the name; more only with a key that an authority did certify: at most
//! [`MAX_UNFIT_SIGNATURE_CHECKS`] with a signer's own, and up to the limit with an authority's. That a key of the
//! verifier's signed one of its known intermediates is checked once in the verifier's life, and counts towards no
//! entry's limit. ([`Verifier::examine`](crate::Verifier::examine) also checks the artifact's signature
//! where the chain failed: one check for each candidate.)
//!
//! A signed timestamp of an entry costs one check, under its signer's key, and none unless it names a signer of the
//! verifier's that is trusted at its time and is over the entry's signature by what it says itself; where several
//! timestamp authorities have signers of one name, one for each. That an authority's signer was certified is checked
//! once in the verifier's life. Each item of evidence of this kind has more than 400 bytes and the same item again costs nothing, so that
//! nobody makes more work with them than with certificates.
//!
//! A JSON record that costs anything has more than 512 bytes, so that one MiB of them can never cost more than
//! 133,120 checks. It takes a verifier with 64 authorities of one name to come near that. Where no two
//! authorities of the verifier have the same name, one MiB costs fewer than 5,300 checks; fewer than 18,000 if whoever
//! wrote it holds a signer's key that was certified, and fewer than 36,000 with an authority's. The worst that are known
//! make 2,100, 3,300 and 10,300, and an honest record costs two or three. (`core/tests/work.rs` counts them.)
//!
//! A bundle is judged by each trusted root alone, and once more by the verifier's own anchors. Under one of these its
//! path has the limit of one entry, [`MAX_SIGNATURE_CHECKS`], for all the authorities of the root together. Beside it there
//! is one check for each promise of a log ([`MAX_LOG_ENTRIES`]) and each signed timestamp ([`MAX_TIMESTAMPS`]; where
//! several timestamp authorities have a signer of one name and serial number, one for each), whichever key signed the
//! bundle; two at most for each timestamp of a certificate log (32); one or two for the artifact or the envelope, for each
//! key that a policy names; and one for each line of a checkpoint by its log, copies apart: at most 64 for an entry if the
//! log's operator signs one text again and again, two for everybody else. So no bundle costs more than 290 checks under
//! one root, whatever its size, unless a log's operator wrote it, where it is 2,300. The worst that are known make 200 and
//! 2,200; an honest bundle costs five. What names no log, authority or timestamp authority of the root costs nothing, no
//! key is used that no trusted key certified, and what an earlier rule refuses costs no more. (`core/tests/bundle_work.rs`
//! counts them.) `Verifier::examine_bundle` makes the checks up to four times, and also that of the artifact's signature
//! where the path failed.
//!
//! # Memory
//!
//! No reader takes more than [`MAX_MEMORY_FACTOR`] times the size of what it reads, what it returns included, beside the
//! input itself and a few KiB: neither [`Entry::from_json`](crate::Entry::from_json),
//! [`entries_from_json`](crate::entries_from_json), [`read_entries`](crate::read_entries) (of which each record counts
//! for itself), [`EndorLabs`](crate::EndorLabs), [`Policy::from_json`](crate::Policy::from_json), nor those of PEM, of
//! bundles in any form and of trusted roots. What
//! is kept or ignored unread is never more than text. The most, 3.7 times, is taken while one long text with an escape
//! in it is decoded; what is returned takes no more than 3 times its input, an honest record less than its JSON. Faults
//! that are given as a list come to it: at most [`MAX_RECORD_FAULTS`] and one, each of at most 501 characters. So does
//! what a verifier prepares of authorities in DER that are smaller than any real one.
//! (`core/tests/memory.rs` measures it, bytes that were asked of the allocator; a list that grows counts twice, old and
//! new.)

/// The longest artifact name, in bytes, digest included.
pub const MAX_ARTIFACT_NAME_BYTES: usize = 1_024;

/// The longest leeway of a caller's `now`: a day.
pub const MAX_LEEWAY_SECONDS: u32 = 86_400;

/// The longest namespace of a policy.
pub const MAX_NAMESPACE_BYTES: usize = 1_024;

/// The longest namespace, and the longest artifact name, that an entry may record. They are only compared,
/// so that one which is no artifact name does not make a log unreadable.
pub const MAX_RECORDED_NAME_BYTES: usize = 64 * 1_024;

/// The most certificates that one entry may carry, the leaf included.
pub const MAX_CERTIFICATES: usize = 16;

/// The largest certificate chain of one entry, as PEM text, also where it is given as DER.
pub const MAX_CERTIFICATE_BYTES: usize = 64 * 1_024;

/// The largest signature of an entry, decoded. (A P-256 signature takes at most 72 bytes.)
pub const MAX_SIGNATURE_BYTES: usize = 1_024;

/// The most claims that an entry's provenance may record, and that a policy may require.
pub const MAX_CLAIMS: usize = 64;

/// The longest claim name, in a provenance or a policy.
pub const MAX_CLAIM_NAME_BYTES: usize = 256;

/// The longest claim value in a provenance, and the longest text or glob in a policy.
pub const MAX_CLAIM_VALUE_BYTES: usize = 8 * 1_024;

/// The most texts in one `any_of` of a policy.
pub const MAX_ANY_OF: usize = 256;

/// The most items in a policy's blocklist.
pub const MAX_BLOCKLIST_ITEMS: usize = 1_000_000;

/// The largest policy document. (A blocklist of a million digests needs 75 MiB.)
pub const MAX_POLICY_JSON_BYTES: usize = 128 * 1_024 * 1_024;

/// How many times the size of its input a reader takes in memory, at most.
pub const MAX_MEMORY_FACTOR: usize = 4;

/// The most items of evidence in one entry.
pub const MAX_EVIDENCE: usize = 64;

/// The largest signed timestamp of an entry's evidence, decoded. (Usual ones take 1 to 6 KiB.)
pub const MAX_SIGNED_TIMESTAMP_BYTES: usize = 64 * 1_024;

/// The most signed attributes of one signed timestamp. (Usual ones have four.)
pub const MAX_SIGNED_ATTRIBUTES: usize = 32;

/// How deeply the parts of a signed timestamp that do not matter may be nested.
pub(crate) const MAX_DER_DEPTH: usize = 32;

/// The largest JSON text of one record; it bounds what an entry's evidence may hold.
pub const MAX_RECORD_JSON_BYTES: usize = 1_024 * 1_024;

/// The most records in one JSON array or one JSON Lines text. Split a larger log.
pub const MAX_RECORDS: usize = 1_000_000;

/// The most malformed records of one text that are told one by one. At the next one, the error says that reading
/// stopped there: who reads records one by one gets a fault for each that is malformed, and a fault may be a thousand times as
/// large as the `{}` that it is about.
pub const MAX_RECORD_FAULTS: usize = 1_000;

/// The most extensions in one certificate; one with more is not readable.
pub const MAX_EXTENSIONS: usize = 64;

/// The most trust anchors, and the most known intermediates, of a verifier.
pub const MAX_AUTHORITIES: usize = 4_096;

/// The largest PEM text of trust anchors or of known intermediates.
pub const MAX_AUTHORITIES_PEM_BYTES: usize = 16 * 1_024 * 1_024;

/// The most authorities between a leaf and its trust anchor, self-issued ones included.
pub const MAX_PATH_AUTHORITIES: usize = 8;

/// The most certificate signatures that are checked for one candidate entry, or for one bundle under one trusted root. Those of the verifier's known intermediates
/// do not count where they turn out to be by one of its keys, which is remembered.
pub const MAX_SIGNATURE_CHECKS: usize = 64;

/// The most of these under keys of certificates that are no authority's, such as a signer's own, and of what they
/// certified. No path through one is in order; the checks only tell that there is one.
pub const MAX_UNFIT_SIGNATURE_CHECKS: usize = 16;

/// The most steps of path building for one candidate entry: how often a certificate is held against an authority of its
/// issuer's name, whether or not a signature is checked. It stops what the limit on signature checks does not: a mesh of
/// authorities in which few signatures make very many paths, or thousands of known intermediates of one name.
pub const MAX_PATH_STEPS: usize = 262_144;

/// The most subtrees that the name constraints of one authority may list.
pub const MAX_NAME_CONSTRAINTS: usize = 1_024;

/// The most subject alternative names that one certificate may list.
pub const MAX_SUBJECT_NAMES: usize = 256;

/// The most signed certificate timestamps that one certificate may list.
#[cfg(feature = "sigstore")]
pub const MAX_CERTIFICATE_TIMESTAMPS: usize = 32;

/// The most subjects of one statement.
#[cfg(feature = "sigstore")]
pub const MAX_STATEMENT_SUBJECTS: usize = 1_024;

/// The most digests of one subject of a statement.
#[cfg(feature = "sigstore")]
pub const MAX_SUBJECT_DIGESTS: usize = 32;

/// The most policies, mappings, and qualifiers of one policy, that a critical extension of a certificate may list.
pub const MAX_CERTIFICATE_POLICIES: usize = 64;

/// The most attributes of one distinguished name; a certificate that has one with more is not readable.
pub const MAX_NAME_ATTRIBUTES: usize = 32;

/// The most work on name constraints for one candidate entry, in bytes: those of every name with every
/// constraint that it is compared with.
pub const MAX_NAME_CONSTRAINT_BYTES: usize = 1_000_000;

/// The longest lifetime of a leaf that any policy may allow, a day; policies tell it as
/// [`LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS`](crate::SignerPolicy::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS).
pub(crate) const MAX_CERTIFICATE_LIFETIME_SECONDS: u32 = 86_400;

/// The longest lifetime of a leaf that a policy for bundles may allow, 400 days; policies tell it as
/// [`LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS`](crate::BundlePolicy::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS).
#[cfg(feature = "sigstore")]
pub(crate) const MAX_BUNDLE_CERTIFICATE_LIFETIME_SECONDS: u32 = 34_560_000;

/// The most log entries, signed times and certificate timestamps, of each, that a policy for bundles may demand.
#[cfg(feature = "sigstore")]
pub const MAX_DEMANDED: u32 = 32;

/// The most keys of one policy.
#[cfg(feature = "sigstore")]
pub const MAX_POLICY_KEYS: usize = 256;

/// The largest public key of a policy, as DER or as PEM text. (RSA with 4,096 bits takes 550 bytes of DER.)
#[cfg(feature = "sigstore")]
pub const MAX_PUBLIC_KEY_BYTES: usize = 16 * 1_024;

/// The longest file name of a distribution of PyPI.
#[cfg(feature = "sigstore")]
pub const MAX_DISTRIBUTION_NAME_BYTES: usize = 1_024;

/// The most bundles of one artifact that one call looks at.
#[cfg(feature = "sigstore")]
pub const MAX_BUNDLES: usize = 1_024;

/// How deeply JSON may be nested. It is the limit of the JSON library, and the stack's.
pub const MAX_JSON_DEPTH: usize = 127;

/// The largest signed note, a log's checkpoint for example.
pub const MAX_NOTE_BYTES: usize = 1_024 * 1_024;

/// The most signatures on one signed note.
pub const MAX_NOTE_SIGNATURES: usize = 64;

/// The largest proof of a log's entry, checkpoint included.
pub const MAX_LOG_PROOF_BYTES: usize = 2 * 1_024 * 1_024;

/// The most hashes in one proof about a log: more than a tree of any size needs.
pub const MAX_LOG_PROOF_HASHES: usize = 64;

/// The largest response of the Endor Labs API. (A page has at most 500 records.)
pub const MAX_ENDOR_LABS_JSON_BYTES: usize = 256 * 1_024 * 1_024;

/// The largest Sigstore bundle, or other form of the same, as JSON.
pub const MAX_BUNDLE_JSON_BYTES: usize = 16 * 1_024 * 1_024;

/// The largest document of several bundles: JSON Lines, or what a registry answers.
pub const MAX_BUNDLES_JSON_BYTES: usize = 256 * 1_024 * 1_024;

/// The most certificates in one bundle, the leaf included.
pub const MAX_BUNDLE_CERTIFICATES: usize = 16;

/// The most log entries of one bundle.
pub const MAX_LOG_ENTRIES: usize = 32;

/// The most signed timestamps of one bundle.
pub const MAX_TIMESTAMPS: usize = 32;

/// The most hashes that the proof of an entry in a log of up to 2⁶³−1 entries has. One with more proves nothing.
pub const MAX_PROOF_HASHES: usize = 63;

/// The largest trusted root as JSON, and the largest file of several.
pub const MAX_TRUSTED_ROOT_JSON_BYTES: usize = 4 * 1_024 * 1_024;

/// The most trusted roots in one file.
pub const MAX_TRUSTED_ROOTS: usize = 64;

/// The most items in each list of a trusted root: authorities, timestamp authorities, logs, certificate logs.
pub const MAX_TRUSTED_ROOT_ITEMS: usize = 256;
