//! A certificate on its way: all of it but the signature.

use crate::encoding_error::EncodingError;
use crate::public_key::PublicKey;
use der::Encode;
use der::asn1::BitString;
use rand_core::CryptoRng;
use spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

/// What a certificate says, but for its serial number and its signature.
pub(crate) struct Content {
    pub(crate) issuer: Name,
    pub(crate) subject: Name,
    pub(crate) validity: Validity,
    pub(crate) public_key: SubjectPublicKeyInfoOwned,
    pub(crate) extensions: Vec<Extension>,
}

/// A certificate without its signature.
pub(crate) struct Unsigned {
    builder: CertificateBuilder<Names>,
    issuer_key: PublicKey,
    bytes_to_sign: Vec<u8>,
}

impl Unsigned {
    /// Lays out a certificate, version 3, with a random serial number of 136 bits (RFC 5280, section 4.1.2.2,
    /// wants a positive one of at most 20 bytes).
    pub(crate) fn new<R: CryptoRng + ?Sized>(
        content: Content,
        issuer_key: &PublicKey,
        rng: &mut R,
    ) -> Result<Self, EncodingError> {
        let names = Names { issuer: content.issuer, subject: content.subject };
        let serial_number = SerialNumber::generate(rng);
        let mut builder =
            CertificateBuilder::new(names, serial_number, content.validity, content.public_key)?;
        for extension in content.extensions {
            builder.add_extension(extension)?;
        }
        let bytes_to_sign = builder.finalize(issuer_key)?;
        Ok(Self { builder, issuer_key: issuer_key.clone(), bytes_to_sign })
    }

    /// The DER of the `TBSCertificate`.
    pub(crate) fn bytes_to_sign(&self) -> &[u8] {
        &self.bytes_to_sign
    }

    /// The certificate in DER, if the signature (the DER of an `ECDSA-Sig-Value`) verifies under the issuer's
    /// key.
    pub(crate) fn sign(self, signature: &[u8]) -> Result<Option<Vec<u8>>, EncodingError> {
        let algorithm =
            spki::DynSignatureAlgorithmIdentifier::signature_algorithm_identifier(&self.issuer_key)?;
        if !self.issuer_key.verifies(&algorithm, &self.bytes_to_sign, signature) {
            return Ok(None);
        }
        let signature = BitString::from_bytes(signature)?;
        Ok(Some(self.builder.assemble(signature, &self.issuer_key)?.to_der()?))
    }
}

/// The names of a certificate; its extensions are given to the builder one by one.
struct Names {
    issuer: Name,
    subject: Name,
}

impl BuilderProfile for Names {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}
