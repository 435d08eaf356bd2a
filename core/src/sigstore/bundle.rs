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

impl Bundle {
    /// The version of the format that it is read as: `0.1`, `0.2` or `0.3`.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        match self.version {
            BundleVersion::V0_1 => "0.1",
            BundleVersion::V0_2 => "0.2",
            BundleVersion::V0_3 => "0.3",
        }
    }

    /// The certificates in DER that it brings, the signer's first; none if it hints at a key.
    #[must_use]
    pub fn certificates(&self) -> &[Vec<u8>] {
        match &self.key_material {
            KeyMaterial::Certificates(certificates) => certificates,
            KeyMaterial::Hint(_) => &[],
        }
    }

    /// The signer's certificate in DER; `None` if it hints at a key.
    #[must_use]
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificates().first().map(Vec::as_slice)
    }

    /// The hint at the signer's key, which may be empty; `None` if there is a certificate.
    #[must_use]
    pub fn key_hint(&self) -> Option<&str> {
        match &self.key_material {
            KeyMaterial::Hint(hint) => Some(hint),
            KeyMaterial::Certificates(_) => None,
        }
    }

    /// Whether an envelope is signed, and not the artifact itself.
    #[must_use]
    pub const fn has_envelope(&self) -> bool {
        matches!(self.content, Content::Envelope(_))
    }

    /// What follows the leaf in the chain, if there is one.
    pub(crate) fn supplied_certificates(&self) -> &[Vec<u8>] {
        self.certificates().get(1..).unwrap_or_default()
    }

    /// The signature's bytes.
    pub(crate) fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } => signature,
            Content::Envelope(envelope) => &envelope.signature,
        }
    }

    /// How many log entries it brings.
    #[must_use]
    pub fn log_entry_count(&self) -> usize {
        self.log_entries.len()
    }

    /// How many signed timestamps it brings.
    #[must_use]
    pub fn timestamp_count(&self) -> usize {
        self.timestamps.len()
    }
}
