//! The error of a key that could not sign.

/// The signature itself failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ephemeral key could not sign; make a new one and sign with it")]
pub struct SignatureError;

impl SignatureError {
    /// The stable code, `signature_failed`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "signature_failed"
    }
}
