//! A message's signature.

use crate::entry::{certificates_der, signature_der, timestamp};
use crate::refusal::Refusal;
use countermark::{Code, Message, MessageSignature, Timestamp};
use napi::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

/// A message and its signature.
#[napi(object, object_to_js = false)]
pub struct SignedMessage {
    /// The message, or else its digest is given.
    pub message: Option<Uint8Array>,
    /// The message's SHA-256, or else the message is given.
    pub sha256: Option<Uint8Array>,
    /// Base64 or DER.
    pub signature: Either<String, Uint8Array>,
    /// PEM, or DER of each, the leaf first.
    pub certificate: Either<String, Vec<Uint8Array>>,
    /// RFC 3339.
    pub timestamp: String,
    /// Whether anyone whom the issuer vouches for will do.
    pub any_signer_of_issuer: bool,
}

impl std::fmt::Debug for SignedMessage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignedMessage").field("timestamp", &self.timestamp).finish_non_exhaustive()
    }
}

enum Signed {
    Message(Vec<u8>),
    Digest([u8; 32]),
}

/// The same, with nothing of JavaScript's in it, so that another thread may have it.
pub(crate) struct Owned {
    signed: Signed,
    signature: Vec<u8>,
    certificates: Vec<Vec<u8>>,
    timestamp: Timestamp,
    any_signer_of_issuer: bool,
}

impl Owned {
    pub(crate) fn new(given: SignedMessage) -> Result<Self, Refusal> {
        let signature = signature_der(given.signature)?;
        let certificates = certificates_der(given.certificate)?;
        let timestamp = timestamp(&given.timestamp, "timestamp", Code::MalformedEntry)?;
        let owned = |signed| Self {
            signed,
            signature,
            certificates,
            timestamp,
            any_signer_of_issuer: given.any_signer_of_issuer,
        };
        let refuse = |detail: &str| Err(Refusal::malformed(Code::InvalidArgument, detail));
        match (given.message, given.sha256) {
            (Some(message), None) => Ok(owned(Signed::Message(message.to_vec()))),
            (None, Some(digest)) => match <[u8; 32]>::try_from(digest.as_ref()) {
                Ok(digest) => Ok(owned(Signed::Digest(digest))),
                Err(_) => refuse(&format!("sha256 has 32 bytes, not {}", digest.len())),
            },
            _ => refuse("give either message or sha256"),
        }
    }

    pub(crate) const fn any_signer_of_issuer(&self) -> bool {
        self.any_signer_of_issuer
    }

    pub(crate) fn message(&self) -> Result<Message, Refusal> {
        match &self.signed {
            Signed::Message(message) => Ok(Message::new(message)?),
            Signed::Digest(digest) => Ok(Message::from_sha256(*digest)),
        }
    }

    pub(crate) fn signature(&self) -> Result<MessageSignature<'_>, Refusal> {
        Ok(MessageSignature::new(&self.signature, self.certificates.as_slice(), self.timestamp)?)
    }
}
