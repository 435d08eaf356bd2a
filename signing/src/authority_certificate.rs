//! What one certificate says about the authority that it is for.

use crate::public_key::PublicKey;
use crate::validity::Validity;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{
    ANY_EXTENDED_KEY_USAGE, ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE, ID_CE_KEY_USAGE,
    ID_CE_NAME_CONSTRAINTS, ID_CE_SUBJECT_ALT_NAME, ID_KP_CODE_SIGNING,
};
use der::Encode;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier};
use x509_cert::name::Name;

/// The extensions of an authority that verifiers heed, and that may therefore be critical.
const PROCESSED: [ObjectIdentifier; 5] = [
    ID_CE_BASIC_CONSTRAINTS,
    ID_CE_EXT_KEY_USAGE,
    ID_CE_KEY_USAGE,
    ID_CE_NAME_CONSTRAINTS,
    ID_CE_SUBJECT_ALT_NAME,
];

/// What one certificate says about the authority that it is for.
#[derive(Clone, Debug)]
pub(crate) struct AuthorityCertificate {
    pub(crate) name: Name,
    pub(crate) public_key: PublicKey,
    pub(crate) key_identifier: SubjectKeyIdentifier,
    pub(crate) validity: Validity,
    pub(crate) path_length: Option<u8>,
}

impl AuthorityCertificate {
    /// Reads the certificate of an authority that may issue for code signing, or says what it lacks to be one.
    pub(crate) fn read(certificate: &Certificate) -> Result<Self, &'static str> {
        let content = certificate.tbs_certificate();
        let constraints = match content.get_extension::<BasicConstraints>() {
            Ok(Some((_, constraints))) if constraints.ca => constraints,
            _ => return Err("is no certificate authority's by its basic constraints"),
        };
        match content.get_extension::<KeyUsage>() {
            Ok(Some((_, usage))) if usage.key_cert_sign() => {}
            _ => return Err("has no key usage keyCertSign"),
        }
        match content.get_extension::<ExtendedKeyUsage>() {
            Ok(None) => {}
            Ok(Some((_, ExtendedKeyUsage(purposes))))
                if purposes.contains(&ID_KP_CODE_SIGNING) || purposes.contains(&ANY_EXTENDED_KEY_USAGE) => {}
            _ => return Err("is not for code signing by its extended key usage"),
        }
        let mut extensions = content.extensions().into_iter().flatten();
        if extensions.any(|extension| extension.critical && !PROCESSED.contains(&extension.extn_id)) {
            return Err("has a critical extension that no verifier knows");
        }
        let Ok(Some((_, key_identifier))) = content.get_extension::<SubjectKeyIdentifier>() else {
            return Err("has no subject key identifier");
        };
        if content.subject().is_empty() {
            return Err("has no subject");
        }
        let public_key = PublicKey::from_spki(content.subject_public_key_info()).ok_or(
            "has a key that is not ECDSA on P-256 or P-384, with its point uncompressed or compressed",
        )?;
        let validity = Validity::from_x509(content.validity()).ok_or("is never valid")?;
        Ok(Self {
            name: content.subject().clone(),
            public_key,
            key_identifier,
            validity,
            path_length: constraints.path_len_constraint,
        })
    }

    /// Whether the authority issued a certificate: by the names, and by the signature.
    pub(crate) fn issued(&self, certificate: &Certificate) -> bool {
        let content = certificate.tbs_certificate();
        let (Ok(signed), Some(signature)) = (content.to_der(), certificate.signature().as_bytes()) else {
            return false;
        };
        *content.issuer() == self.name
            && content.signature() == certificate.signature_algorithm()
            && self.public_key.verifies(certificate.signature_algorithm(), &signed, signature)
    }
}
