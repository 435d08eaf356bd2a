//! What should have become DER and did not.

/// A structure that the DER library could not encode: in practice, one that is too large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot be encoded as DER: {0}; is a claim or a name too large?")]
pub struct EncodingError(String);

impl From<der::Error> for EncodingError {
    fn from(error: der::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<spki::Error> for EncodingError {
    fn from(error: spki::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<x509_cert::builder::Error> for EncodingError {
    fn from(error: x509_cert::builder::Error) -> Self {
        Self(error.to_string())
    }
}
