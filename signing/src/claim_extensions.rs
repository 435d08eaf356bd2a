//! Claims as certificate extensions, in the encodings that the core reads.

use crate::signer_claims::SignerClaims;
use crate::subject_name;
use const_oid::ObjectIdentifier;
use countermark::Claim;
use der::Encode;
use der::asn1::{OctetString, Utf8StringRef};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;

/// The subject alternative name with the identity, and an extension for every other claim.
pub(crate) fn of_claims(claims: &SignerClaims) -> Result<Vec<Extension>, der::Error> {
    // The name is critical because the subject is empty (RFC 5280, section 4.2.1.6).
    let identity = subject_name::of_identity(claims.identity())?.to_extension(&Name::default(), &[])?;
    let mut extensions = vec![identity];
    for (claim, text) in claims.iter() {
        extensions.extend(of_claim(&claim, text)?);
    }
    Ok(extensions)
}

/// The extension of one claim; none for the identity, which is no extension of its own.
fn of_claim(claim: &Claim, text: &str) -> Result<Option<Extension>, der::Error> {
    let Some(oid) = claim.extension_oid() else { return Ok(None) };
    let value = if claim.is_raw_extension() {
        text.as_bytes().to_vec()
    } else {
        Utf8StringRef::new(text)?.to_der()?
    };
    Ok(Some(Extension {
        extn_id: ObjectIdentifier::from_bytes(&oid)?,
        critical: false,
        extn_value: OctetString::new(value)?,
    }))
}
