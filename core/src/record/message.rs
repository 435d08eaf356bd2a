//! Signed bytes that are no artifact name: a file, a DSSE envelope.

use crate::artifact_name::ArtifactName;
use crate::crypto::sha256;
use crate::malformed::MalformedInput;
use crate::record::entry::{Certificates, EntryRef};
use crate::timestamp::Timestamp;

/// A message whose signature is to be verified, as its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message([u8; 32]);

impl Message {
    /// The message itself.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Message`] if it is a well-formed artifact name: else a signature over a file could
    /// pass for one over an artifact, or the other way round.
    ///
    /// ```
    /// use countermark::{Code, Message};
    ///
    /// assert!(Message::new(b"DSSEv1 28 application/vnd.in-toto+json 2 {}").is_ok());
    /// let name = format!("image@sha256:{}", "0".repeat(64));
    /// assert_eq!(Message::new(name.as_bytes()).unwrap_err().code(), Code::MalformedMessage);
    /// ```
    pub fn new(message: &[u8]) -> Result<Self, MalformedInput> {
        if ArtifactName::is_well_formed(message) {
            return Err(MalformedInput::Message);
        }
        Ok(Self(sha256(message)))
    }

    /// A message by its SHA-256, for those too large to hold in memory.
    ///
    /// A digest does not tell whether the message was an artifact name; **whoever hashed it must have
    /// looked**.
    #[must_use]
    pub const fn from_sha256(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    pub(crate) const fn sha256(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A signature over a message, with its signer's certificates and the time it was made.
#[derive(Clone, Copy, Debug)]
pub struct MessageSignature<'a> {
    pub(crate) signature: &'a [u8],
    pub(crate) certificates: Certificates<'a>,
    pub(crate) timestamp: Timestamp,
}

impl<'a> MessageSignature<'a> {
    /// The DER of an ECDSA signature over the message's SHA-256, the certificates in DER, the leaf first, and
    /// when the signature was made. Nothing here vouches for the time: it is the caller's word.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Entry`] if there is no certificate, or a limit is exceeded.
    pub fn new(
        signature: &'a [u8],
        certificates: impl Into<Certificates<'a>>,
        timestamp: Timestamp,
    ) -> Result<Self, MalformedInput> {
        let EntryRef { signature, certificates, timestamp, .. } =
            EntryRef::new("", "", signature, certificates, timestamp, false)?;
        Ok(Self { signature, certificates, timestamp })
    }
}
