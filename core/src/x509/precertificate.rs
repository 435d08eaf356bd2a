//! What a certificate log signed of a certificate: the certificate without what the log has said of it (RFC 6962,
//! section 3.2).

use crate::x509::certificate::Certificate;
use crate::x509::extensions;
use crate::x509::fault::CertificateFault;
use crate::x509::strict_der::{Fault, read_oid, sequence_content};
use alloc::vec::Vec;
use der::asn1::AnyRef;
use der::{Encode, Reader, SliceReader, Tag, TagNumber};

/// 1.3.6.1.4.1.11129.2.4.2, the list of signed certificate timestamps.
const SCT_LIST: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x02];
/// 1.3.6.1.4.1.11129.2.4.4, the extended key usage of precertificate signing certificates.
const PRECERTIFICATE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x04];
/// 2.5.29.35, `authorityKeyIdentifier`.
const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x23];

/// The position of the issuer in the signed part of a version 3 certificate.
const ISSUER: usize = 3;
/// `[3]`, the extensions.
const EXTENSIONS: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(3) };

/// The value of the extension in which a certificate holds its signed certificate timestamps, if it has one.
pub(crate) fn sct_list<'a>(certificate: &Certificate<'a>) -> Option<&'a [u8]> {
    extensions::iter(certificate.extensions.content)
        .find(|extension| extension.oid == SCT_LIST)
        .map(|extension| extension.value)
}

/// A certificate as its issuer submitted it to a log.
#[derive(Debug)]
pub(crate) struct Precertificate<'a> {
    /// The DER of the issuer's `SubjectPublicKeyInfo`.
    pub(crate) issuer_key: &'a [u8],
    /// The DER of the signed part, as the log may have it: one, but for what comes from a precertificate signing
    /// certificate.
    pub(crate) signed_parts: Vec<Vec<u8>>,
}

impl<'a> Precertificate<'a> {
    /// The precertificate of a leaf whose path goes on with these authorities, the leaf's issuer first.
    ///
    /// If this is a precertificate signing certificate, it stands for the next. The log then has the next one's name
    /// as the issuer, and the authority key identifier that the signing certificate has, if both have one. Not all
    /// who sign so know of the latter.
    pub(crate) fn new<'p>(
        leaf: &Certificate<'_>,
        authorities: impl IntoIterator<Item = &'p Certificate<'a>>,
    ) -> Result<Self, CertificateFault>
    where
        'a: 'p,
    {
        let mut authorities = authorities.into_iter();
        let missing = || Fault::new("the certificate that its timestamps are under is not on the path");
        let read = |fault: Fault| CertificateFault::Unreadable(fault.0);
        let issuer = authorities.next().ok_or_else(missing).map_err(read)?;
        if issuer.extensions.has_usage(PRECERTIFICATE_SIGNING)? != Some(true) {
            let signed_part = without_sct_list(leaf, None, None).map_err(read)?;
            return Ok(Self { issuer_key: issuer.public_key.der, signed_parts: alloc::vec![signed_part] });
        }
        let next = authorities.next().ok_or_else(missing).map_err(read)?;
        let key_identifier = extension(issuer, AUTHORITY_KEY_IDENTIFIER).map_err(read)?;
        let mut signed_parts = alloc::vec![without_sct_list(leaf, Some(next.subject), None).map_err(read)?];
        if key_identifier.is_some() && extension(leaf, AUTHORITY_KEY_IDENTIFIER).map_err(read)?.is_some() {
            signed_parts.push(without_sct_list(leaf, Some(next.subject), key_identifier).map_err(read)?);
        }
        Ok(Self { issuer_key: next.public_key.der, signed_parts })
    }
}

/// The DER of a certificate's signed part without its timestamps, and with another issuer or authority key
/// identifier (the DER of the extension) if one is given. What stays is copied byte for byte.
fn without_sct_list(
    certificate: &Certificate<'_>,
    issuer: Option<&[u8]>,
    key_identifier: Option<&[u8]>,
) -> Result<Vec<u8>, Fault> {
    let mut fields = Vec::new();
    for (position, field) in elements(sequence_content(certificate.signed_part)?)?.into_iter().enumerate() {
        let any = AnyRef::try_from(field)?;
        match issuer {
            _ if der::Tagged::tag(&any) == EXTENSIONS => {
                let kept = kept_extensions(sequence_content(any.value())?, key_identifier)?;
                if !kept.is_empty() {
                    fields.extend(tagged(EXTENSIONS, &tagged(Tag::Sequence, &kept)?)?);
                }
            }
            Some(issuer) if position == ISSUER => fields.extend_from_slice(issuer),
            _ => fields.extend_from_slice(field),
        }
    }
    tagged(Tag::Sequence, &fields)
}

fn kept_extensions(extensions: &[u8], key_identifier: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
    let mut kept = Vec::new();
    for extension in elements(extensions)? {
        match (oid_of(extension)?, key_identifier) {
            (SCT_LIST, _) => {}
            (AUTHORITY_KEY_IDENTIFIER, Some(other)) => kept.extend_from_slice(other),
            _ => kept.extend_from_slice(extension),
        }
    }
    Ok(kept)
}

/// The DER of the extension with this OID.
fn extension<'a>(certificate: &Certificate<'a>, oid: &[u8]) -> Result<Option<&'a [u8]>, Fault> {
    for extension in elements(certificate.extensions.content)? {
        if oid_of(extension)? == oid {
            return Ok(Some(extension));
        }
    }
    Ok(None)
}

fn oid_of(extension: &[u8]) -> Result<&[u8], Fault> {
    read_oid(&mut SliceReader::new(sequence_content(extension)?)?)
}

/// The DER of each of the values that stand one after the other.
fn elements(content: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let mut elements = Vec::new();
    if content.is_empty() {
        return Ok(elements);
    }
    let mut reader = SliceReader::new(content)?;
    while !reader.is_finished() {
        elements.push(reader.tlv_bytes()?);
    }
    Ok(elements)
}

fn tagged(tag: Tag, content: &[u8]) -> Result<Vec<u8>, Fault> {
    Ok(AnyRef::new(tag, content)?.to_der()?)
}
