//! What a signer asks an authority to certify.

use crate::encoding_error::EncodingError;
use crate::limits::{MAX_REQUEST_BYTES, MAX_REQUESTED_EXTENSIONS};
use crate::public_key::PublicKey;
use crate::signature_error::SignatureError;
use crate::text::shortened;
use const_oid::AssociatedOid;
use der::asn1::BitString;
use der::pem::{LineEnding, PemLabel};
use der::{Decode, Document, Encode, EncodePem};
use std::collections::BTreeSet;
use x509_cert::builder::Builder;
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::request::{CertReq, ExtensionReq, RequestBuilder};

/// A request for a certificate (PKCS#10, RFC 2986) whose own signature verified: who made it holds the key.
///
/// Its extensions are what it asserts, and prove nothing.
///
/// ```
/// use countermark_signing::{CertificateRequest, EphemeralKey, SignerClaims};
///
/// # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
/// let key = EphemeralKey::generate(&mut rng);
/// let claims = SignerClaims::new("https://idp.example", "https://ci.example/pipelines/7")?;
/// let sent = key.certificate_request(&claims)?.to_pem()?;
///
/// let received = CertificateRequest::from_pem(&sent)?;
/// assert!(!received.as_der().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateRequest {
    der: Vec<u8>,
    request: CertReq,
    public_key: PublicKey,
    extensions: Vec<Extension>,
}

/// Why there is no certificate request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// It is larger than [`MAX_REQUEST_BYTES`].
    #[error("the certificate request is larger than {MAX_REQUEST_BYTES} bytes; ask for less")]
    TooLarge,
    /// It is not a PKCS#10 request in DER.
    #[error("the certificate request is no PKCS#10 request in DER: {0}; make it anew")]
    Malformed(String),
    /// Its key is of a kind that cannot be certified.
    #[error("the certificate request has a key that is not {0}; make one that is")]
    UnsupportedKey(&'static str),
    /// It was not signed by the key that it asks a certificate for.
    #[error("the certificate request was not signed by its own key; sign it with the key that it is for")]
    InvalidSignature,
    /// It has attributes that are not requested extensions, an extension twice, or too many extensions.
    #[error("the certificate request has attributes that cannot be granted: {0}; leave them away")]
    UnsupportedAttributes(&'static str),
    /// The key could not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It could not be made.
    #[error("the certificate request {0}")]
    Encoding(#[from] EncodingError),
}

impl RequestError {
    /// The stable code: `request_too_large`, `malformed_request`, `unsupported_request_key`,
    /// `invalid_request_signature`, `unsupported_request_attributes`, `encoding_failed`,
    /// or that of the [`SignatureError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "request_too_large",
            Self::Malformed(_) => "malformed_request",
            Self::UnsupportedKey(_) => "unsupported_request_key",
            Self::InvalidSignature => "invalid_request_signature",
            Self::UnsupportedAttributes(_) => "unsupported_request_attributes",
            Self::Signature(error) => error.code(),
            Self::Encoding(_) => "encoding_failed",
        }
    }
}

/// What PEM begins with, and DER never does.
const PEM_BEGIN: &[u8] = b"-----BEGIN";

impl CertificateRequest {
    /// A request that asks for a subject and extensions, signed by what signs for the key.
    pub(crate) fn new<E: From<RequestError>>(
        subject: Name,
        extensions: Vec<Extension>,
        public_key: &PublicKey,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let (builder, bytes_to_sign) =
            lay_out(subject, extensions, public_key).map_err(RequestError::from)?;
        let signature = sign(&bytes_to_sign)?;
        let der = || -> Result<Vec<u8>, EncodingError> {
            let request = builder.assemble(BitString::from_bytes(&signature)?, public_key)?;
            Ok(request.to_der()?)
        };
        Ok(Self::from_der(&der().map_err(RequestError::from)?)?)
    }

    /// Reads a request in DER and verifies its own signature, ECDSA with SHA-256 or SHA-384. The key may be on
    /// P-256 or, for an authority's certificate, on P-384; its point is uncompressed or compressed (RFC 5480,
    /// section 2.2). Bytes that begin with `-----BEGIN` are read as PEM.
    ///
    /// # Errors
    ///
    /// A [`RequestError`] if it is too large, is no strict DER, has another kind of key or attributes other
    /// than one list of requested extensions, or if its signature does not verify.
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::TooLarge);
        }
        if der.starts_with(PEM_BEGIN) {
            let pem = str::from_utf8(der).map_err(|error| RequestError::Malformed(error.to_string()))?;
            return Self::from_pem(pem);
        }
        Self::read(der)
    }

    fn read(der: &[u8]) -> Result<Self, RequestError> {
        let malformed = |error: der::Error| RequestError::Malformed(error.to_string());
        let request = CertReq::from_der(der).map_err(malformed)?;
        // The signature is over the bytes that were sent; what is read from them must mean no other bytes.
        if request.to_der().map_err(malformed)? != der {
            return Err(RequestError::Malformed("its encoding is not canonical".into()));
        }
        let public_key =
            PublicKey::from_spki(&request.info.public_key).ok_or(RequestError::UnsupportedKey(
                "ECDSA on P-256 or P-384, with its point uncompressed or compressed (RFC 5480, section 2.2)",
            ))?;
        let signed = request.info.to_der().map_err(malformed)?;
        let signature = request.signature.as_bytes().unwrap_or_default();
        if !public_key.verifies(&request.algorithm, &signed, signature) {
            return Err(RequestError::InvalidSignature);
        }
        let extensions = requested_extensions(&request)?;
        Ok(Self { der: der.to_vec(), request, public_key, extensions })
    }

    /// The same from PEM (RFC 7468, section 7).
    ///
    /// # Errors
    ///
    /// As [`CertificateRequest::from_der`], and if the text is no PEM of a certificate request.
    pub fn from_pem(pem: &str) -> Result<Self, RequestError> {
        if pem.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::TooLarge);
        }
        let (label, document) =
            Document::from_pem(pem).map_err(|error| RequestError::Malformed(error.to_string()))?;
        if label != CertReq::PEM_LABEL {
            return Err(RequestError::Malformed(format!("its PEM label is {:?}", shortened(label))));
        }
        Self::read(document.as_bytes())
    }

    /// The request in DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The request in PEM (RFC 7468, section 7).
    ///
    /// # Errors
    ///
    /// [`RequestError::Encoding`] if the PEM library fails; it does not for a request that was read.
    pub fn to_pem(&self) -> Result<String, RequestError> {
        Ok(self.request.to_pem(LineEnding::LF).map_err(EncodingError::from)?)
    }

    pub(crate) const fn subject(&self) -> &Name {
        &self.request.info.subject
    }

    pub(crate) fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    pub(crate) const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }
}

fn lay_out(
    subject: Name,
    extensions: Vec<Extension>,
    public_key: &PublicKey,
) -> Result<(RequestBuilder, Vec<u8>), EncodingError> {
    let mut builder = RequestBuilder::new(subject)?;
    for extension in extensions {
        builder.add_extension(extension)?;
    }
    let bytes_to_sign = builder.finalize(public_key)?;
    Ok((builder, bytes_to_sign))
}

/// The extensions that a request asks for: its one attribute, if it has any (RFC 2985, section 5.4.2).
fn requested_extensions(request: &CertReq) -> Result<Vec<Extension>, RequestError> {
    let mut attributes = request.info.attributes.iter();
    let Some(attribute) = attributes.next() else { return Ok(Vec::new()) };
    if attributes.next().is_some() || attribute.oid != ExtensionReq::OID {
        return Err(RequestError::UnsupportedAttributes("there are others than one list of extensions"));
    }
    let mut values = attribute.values.iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(RequestError::UnsupportedAttributes("there is not one list of extensions"));
    };
    let ExtensionReq(extensions) =
        value.decode_as().map_err(|error: der::Error| RequestError::Malformed(error.to_string()))?;
    if extensions.len() > MAX_REQUESTED_EXTENSIONS {
        return Err(RequestError::UnsupportedAttributes("there are too many extensions"));
    }
    let mut seen = BTreeSet::new();
    if !extensions.iter().all(|extension| seen.insert(extension.extn_id)) {
        return Err(RequestError::UnsupportedAttributes("an extension is there twice"));
    }
    Ok(extensions)
}
