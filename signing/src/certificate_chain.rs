//! Certificates, each of which the next one issued.

use countermark::Entry;
use countermark::limits::{MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES};
use der::pem::{LineEnding, PemLabel};
use der::{Decode, Encode};
use x509_cert::Certificate;

/// Certificates in DER: first the one that matters, then those above it, each the issuer of the one before.
///
/// An authority's own is first in the chain that [`Issuer::new`](crate::Issuer::new) takes, and a leaf in the
/// chain that an authority issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateChain(Vec<Vec<u8>>);

/// Why there is no certificate chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// The text is no PEM of certificates, there is none, or there are too many for an entry.
    #[error("the certificate chain cannot be read: {0}")]
    Malformed(String),
    /// One is no X.509 certificate in DER as RFC 5280 has it.
    #[error(
        "certificate {index} of the chain cannot be read: {detail}; give X.509 certificates in DER or PEM"
    )]
    MalformedCertificate {
        /// Which one, counted from zero.
        index: usize,
        /// What is wrong.
        detail: String,
    },
}

impl ChainError {
    /// The stable code: `malformed_chain`, `malformed_chain_certificate`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed_chain",
            Self::MalformedCertificate { .. } => "malformed_chain_certificate",
        }
    }
}

impl CertificateChain {
    /// Reads a chain in PEM (RFC 7468, section 5); text between the blocks is ignored.
    ///
    /// # Errors
    ///
    /// A [`ChainError`] if the text is no PEM, has a block of another label, or as
    /// [`CertificateChain::from_der`].
    pub fn from_pem(pem: &str) -> Result<Self, ChainError> {
        Self::of_der(from_pem(pem)?)
    }

    /// A chain of certificates in DER. Bytes that begin with `-----BEGIN` are read as PEM, of one certificate or
    /// several.
    ///
    /// # Errors
    ///
    /// A [`ChainError`] if there is no certificate, if one cannot be read, or if there are more or larger ones
    /// than an entry may hold ([`MAX_CERTIFICATES`], [`MAX_CERTIFICATE_BYTES`]).
    pub fn from_der(certificates: Vec<Vec<u8>>) -> Result<Self, ChainError> {
        let mut der = Vec::new();
        for bytes in certificates {
            if bytes.starts_with(b"-----BEGIN") {
                let pem = str::from_utf8(&bytes).map_err(|error| ChainError::Malformed(error.to_string()))?;
                der.extend(from_pem(pem)?);
            } else {
                der.push(bytes);
            }
        }
        Self::of_der(der)
    }

    fn of_der(certificates: Vec<Vec<u8>>) -> Result<Self, ChainError> {
        if certificates.is_empty() {
            return Err(ChainError::Malformed("there is no certificate in it".into()));
        }
        if certificates.len() > MAX_CERTIFICATES {
            return Err(ChainError::Malformed(format!(
                "there are more than {MAX_CERTIFICATES} certificates"
            )));
        }
        let chain = Self(certificates);
        // The limit is on the PEM of an entry, which is larger than the DER.
        let size = chain.0.iter().fold(0_usize, |size, der| size.saturating_add(der.len()));
        if size > MAX_CERTIFICATE_BYTES || chain.to_pem().len() > MAX_CERTIFICATE_BYTES {
            return Err(ChainError::Malformed(format!(
                "its PEM is larger than {MAX_CERTIFICATE_BYTES} bytes"
            )));
        }
        chain.parse()?;
        Ok(chain)
    }

    /// The first certificate, in DER.
    #[must_use]
    pub fn first(&self) -> &[u8] {
        self.0.first().map_or(&[], Vec::as_slice)
    }

    /// All certificates in DER, in order.
    #[must_use]
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.0
    }

    /// The same, as [`Entry::new`] takes them.
    #[must_use]
    pub fn into_certificates(self) -> Vec<Vec<u8>> {
        self.0
    }

    /// All certificates in PEM (RFC 7468, section 5), in order.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let encode = |der: &Vec<u8>| der::pem::encode_string(Certificate::PEM_LABEL, LineEnding::LF, der);
        // Only a certificate of gigabytes cannot be encoded, and those are refused above.
        self.0.iter().filter_map(|der| encode(der).ok()).collect()
    }

    /// The chain with another certificate before the first.
    pub(crate) fn below(&self, certificate: Vec<u8>) -> Result<Self, ChainError> {
        Self::from_der(std::iter::once(certificate).chain(self.0.iter().cloned()).collect())
    }

    /// The certificates, decoded. What is decoded means exactly the bytes that are there: a name that would
    /// be encoded otherwise could not be told from the one that the certificate has.
    pub(crate) fn parse(&self) -> Result<Vec<Certificate>, ChainError> {
        let parse = |(index, der): (usize, &Vec<u8>)| {
            let malformed = |detail: String| ChainError::MalformedCertificate { index, detail };
            let certificate = Certificate::from_der(der).map_err(|error| malformed(error.to_string()))?;
            match certificate.to_der() {
                Ok(encoded) if encoded == *der => Ok(certificate),
                Ok(_) => Err(malformed("its encoding is not as RFC 5280 has it".into())),
                Err(error) => Err(malformed(error.to_string())),
            }
        };
        self.0.iter().enumerate().map(parse).collect()
    }
}

fn from_pem(pem: &str) -> Result<Vec<Vec<u8>>, ChainError> {
    Entry::certificates_from_pem(pem).map_err(|error| ChainError::Malformed(error.to_string()))
}
