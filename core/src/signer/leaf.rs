//! A signer's own certificate: rule 3, but for its key.

use crate::signer::claim::{Claim, Claims, ClaimsOfArc};
use crate::x509::certificate::Certificate;
use crate::x509::extension_demands::{self, CODE_SIGNING};
use crate::x509::fault::CertificateFault;
use crate::x509::general_name::GeneralName;
use crate::x509::strict_der::{Fault, text_of_der_utf8_string};
use const_oid::ObjectIdentifier;

/// The type of an otherName that holds an identity.
const OTHER_NAME_IDENTITY: &[u8] = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7").as_bytes();

/// A leaf certificate that is readable: its claims and its identity follow section 4 of the design too.
#[derive(Clone, Copy)]
pub(crate) struct Leaf<'a> {
    pub(crate) certificate: Certificate<'a>,
    claims_of_arc: ClaimsOfArc<'a>,
    identity: Option<&'a str>,
}

impl<'a> Leaf<'a> {
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, CertificateFault> {
        let mut claims_of_arc = ClaimsOfArc::default();
        let certificate = Certificate::parse_visiting(der, &mut |extension| claims_of_arc.read(extension))?;
        claims_of_arc.check().map_err(CertificateFault::Unreadable)?;
        let identity = read_identity(&certificate).map_err(|fault| CertificateFault::Unreadable(fault.0))?;
        Ok(Self { certificate, claims_of_arc, identity })
    }

    /// The value of a claim, if the certificate carries it.
    pub(crate) fn claim(&self, claim: &Claim) -> Option<&'a str> {
        match claim {
            Claim::CertificateIdentity => self.identity,
            Claim::Custom(custom) => self.claims().custom(custom),
            named => self.claims_of_arc.get(named),
        }
    }

    /// The identity provider on whose word it was issued. An empty name is no provider's.
    pub(crate) fn oidc_issuer(&self) -> Option<&'a str> {
        self.claim(&Claim::CertificateOidcIssuer).filter(|issuer| !issuer.is_empty())
    }

    /// All claims, in a form that takes little memory.
    pub(crate) const fn claims(&self) -> Claims<'a> {
        Claims::new(self.certificate.extensions.content, self.identity)
    }

    /// Rule 3's demands on the form of a leaf.
    pub(crate) fn check_form(&self) -> Result<(), CertificateFault> {
        let extensions = &self.certificate.extensions;
        extension_demands::check(extensions, &extension_demands::LEAF, Some(CODE_SIGNING))
    }
}

impl<'a> Claims<'a> {
    /// Reads the claims of a leaf certificate (DER) **without verifying anything**: for looking at a record,
    /// never for deciding about it.
    ///
    /// # Errors
    ///
    /// The fault that makes the certificate unreadable.
    pub fn of_certificate(der: &'a [u8]) -> Result<Self, CertificateFault> {
        Leaf::parse(der).map(|leaf| leaf.claims())
    }
}

fn read_identity<'a>(certificate: &Certificate<'a>) -> Result<Option<&'a str>, Fault> {
    if !certificate.extensions.has_subject_names() {
        return Ok(None);
    }
    let mut names = certificate.extensions.read_subject_names()?.iter();
    let identity = match names.next() {
        Some(GeneralName::Uri(text) | GeneralName::Email(text)) => text,
        Some(GeneralName::Other(OTHER_NAME_IDENTITY, value)) => text_of_der_utf8_string(value)
            .ok_or_else(|| Fault::new("its identity, an otherName, is no UTF-8 text"))?,
        _ => return Err(Fault::new("its subject alternative name is of a kind that is no identity")),
    };
    match names.next() {
        None => Ok(Some(identity)),
        Some(_) => Err(Fault::new("it has more than one subject alternative name")),
    }
}
