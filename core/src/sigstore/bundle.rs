//! A bundle: one signing, with what vouches for it.

use crate::crypto::Digest;
use crate::sigstore::log_entry::LogEntry;
use alloc::string::String;
use alloc::vec::Vec;

/// One signing, with what vouches for it: a signature over an artifact or over an envelope, by whom, entries of logs and
/// signed timestamps. Well-formed, and nothing of it verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    pub(crate) version: BundleVersion,
    pub(crate) key_material: KeyMaterial,
    pub(crate) content: Content,
    pub(crate) log_entries: Vec<LogEntry>,
    /// `TimeStampResp`s (RFC 3161) in DER.
    pub(crate) timestamps: Vec<Vec<u8>>,
}

/// Which version a bundle is of. Those of other forms that are read as bundles are of the version that demands the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BundleVersion {
    V0_1,
    V0_2,
    V0_3,
}

/// Whose signature it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyMaterial {
    /// Certificates in DER, at least one, the leaf first.
    Certificates(Vec<Vec<u8>>),
    /// A hint at a key that the verifier has. It is a selector, and authenticates nothing.
    Hint(String),
}

/// What was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The artifact itself.
    Message { digest: Option<MessageDigest>, signature: Vec<u8> },
    /// A DSSE envelope with one signature.
    Envelope(Envelope),
}

/// What a bundle says the artifact's digest is; it may be of an algorithm that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MessageDigest {
    Known(Digest),
    Unknown { algorithm: String },
}

/// A DSSE envelope with one signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) payload_type: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) key_id: String,
}
