//! What a certificate log signed of a certificate: the certificate without what the log has said of it (RFC 6962,
//! section 3.2).

use crate::x509::certificate::Certificate;
use crate::x509::extensions;
use crate::x509::fault::CertificateFault;
use crate::x509::strict_der::{Fault, read_oid, sequence_content};
use alloc::vec::Vec;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280;
use der::asn1::AnyRef;
use der::{Encode, Reader, SliceReader, Tag, TagNumber, Tagged};

/// The list of signed certificate timestamps.
const SCT_LIST: &[u8] = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.4.2").as_bytes();
/// 1.3.6.1.4.1.11129.2.4.4, the extended key usage of precertificate signing certificates, as a DER OBJECT IDENTIFIER.
const PRECERTIFICATE_SIGNING: &[u8] =
    &[0x06, 0x0A, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x04];
const AUTHORITY_KEY_IDENTIFIER: &[u8] = rfc5280::ID_CE_AUTHORITY_KEY_IDENTIFIER.as_bytes();
const EXTENDED_KEY_USAGE: &[u8] = rfc5280::ID_CE_EXT_KEY_USAGE.as_bytes();

/// The position of the issuer in the signed part of a version 3 certificate.
const ISSUER: usize = 3;
/// `[3]`, the extensions.
const EXTENSIONS: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(3) };

/// The value of the extension in which a certificate holds its signed certificate timestamps, if it has one.
pub(crate) fn sct_list<'a>(certificate: &Certificate<'a>) -> Option<&'a [u8]> {
    value(certificate, SCT_LIST)
}

fn value<'a>(certificate: &Certificate<'a>, oid: &[u8]) -> Option<&'a [u8]> {
    let mut extensions = extensions::iter(certificate.extensions.content);
    extensions.find(|extension| extension.oid == oid).map(|extension| extension.value)
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
        if !signs_precertificates(issuer)? {
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

fn signs_precertificates(certificate: &Certificate<'_>) -> Result<bool, CertificateFault> {
    let Some(usage) = value(certificate, EXTENDED_KEY_USAGE) else { return Ok(false) };
    let read = || {
        let purposes = elements(sequence_content(usage)?)?;
        Ok::<_, Fault>(purposes.contains(&PRECERTIFICATE_SIGNING))
    };
    read().map_err(|_| CertificateFault::MalformedExtension("extendedKeyUsage"))
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
            _ if any.tag() == EXTENSIONS => {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::oid;

    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = match u16::try_from(content.len()).unwrap().to_be_bytes() {
            [0, short @ ..0x80] => alloc::vec![short],
            [0, short] => alloc::vec![0x81, short],
            [high, low] => alloc::vec![0x82, high, low],
        };
        [&[tag][..], &length, &content].concat()
    }

    fn extension_of(dotted: &str, value: &[u8]) -> Vec<u8> {
        let oid = tlv(0x06, &[&oid::from_dotted(dotted).unwrap()]);
        tlv(0x30, &[&oid, &tlv(0x04, &[value])])
    }

    fn timestamps(length: usize) -> Vec<u8> {
        extension_of("1.3.6.1.4.1.11129.2.4.2", &alloc::vec![0; length])
    }

    fn other(length: usize) -> Vec<u8> {
        extension_of("2.25.7", &alloc::vec![1; length])
    }

    fn key_identifier(byte: u8) -> Vec<u8> {
        extension_of("2.5.29.35", &tlv(0x30, &[&[0x80, 1, byte]]))
    }

    fn usage(dotted: &[&str]) -> Vec<u8> {
        let oids: Vec<u8> =
            dotted.iter().flat_map(|dotted| tlv(0x06, &[&oid::from_dotted(dotted).unwrap()])).collect();
        extension_of("2.5.29.37", &tlv(0x30, &[&oids]))
    }

    fn name(text: &str) -> Vec<u8> {
        let attribute = tlv(0x30, &[&[0x06, 3, 0x55, 0x04, 0x03], &tlv(0x0C, &[text.as_bytes()])]);
        tlv(0x30, &[&tlv(0x31, &[&attribute])])
    }

    const ALGORITHM: &[u8] = &[0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];

    fn signed_part(issuer: &str, subject: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
        let time = tlv(0x17, &[b"240322112540Z"]);
        let key = tlv(0x30, &[ALGORITHM, &tlv(0x03, &[&[0], subject.as_bytes()])]);
        let extensions = match extensions.concat() {
            none if none.is_empty() => none,
            some => tlv(0xA3, &[&tlv(0x30, &[&some])]),
        };
        let validity = tlv(0x30, &[&time, &time]);
        let (version, serial) = (&[0xA0, 3, 2, 1, 2], &[2, 1, 5]);
        tlv(0x30, &[version, serial, ALGORITHM, &name(issuer), &validity, &name(subject), &key, &extensions])
    }

    fn certificate(issuer: &str, subject: &str, extensions: &[Vec<u8>]) -> Vec<u8> {
        tlv(0x30, &[&signed_part(issuer, subject, extensions), ALGORITHM, &tlv(0x03, &[&[0, 1]])])
    }

    /// What a log has of a leaf of `issuer`'s with these extensions, and the key under which it has it.
    fn submitted(
        extensions: &[Vec<u8>],
        path: &[Vec<u8>],
    ) -> Result<(Vec<Vec<u8>>, Vec<u8>), CertificateFault> {
        let leaf = certificate("issuer", "leaf", extensions);
        let leaf = Certificate::parse(&leaf).unwrap();
        let path: Vec<_> = path.iter().map(|der| Certificate::parse(der).unwrap()).collect();
        Precertificate::new(&leaf, &path).map(|found| (found.signed_parts, found.issuer_key.to_vec()))
    }

    fn key_of(certificate: &[u8]) -> Vec<u8> {
        Certificate::parse(certificate).unwrap().public_key.der.to_vec()
    }

    #[test]
    fn the_timestamps_go_and_lengths_follow_at_every_size() {
        let issuer = certificate("root", "issuer", &[]);
        // Beside the lengths of one byte, those on both sides of where DER needs another.
        for length in (0..140).chain(200..280).chain([1_000, 60_000]) {
            for count in [1, 100, 200] {
                let extensions = [other(length), timestamps(count), key_identifier(1)];
                let expected = signed_part("issuer", "leaf", &[other(length), key_identifier(1)]);
                let found = submitted(&extensions, core::slice::from_ref(&issuer));
                assert_eq!(found, Ok((alloc::vec![expected], key_of(&issuer))), "{length} {count}");
            }
        }
    }

    #[test]
    fn no_extensions_are_left_if_there_was_no_other() {
        let issuer = certificate("root", "issuer", &[]);
        let expected = signed_part("issuer", "leaf", &[]);
        let found = submitted(&[timestamps(9)], core::slice::from_ref(&issuer)).unwrap();
        assert_eq!(found.0, [expected]);
    }

    #[test]
    fn a_certificate_without_timestamps_is_as_it_is() {
        let issuer = certificate("root", "issuer", &[]);
        let found = submitted(&[other(1)], core::slice::from_ref(&issuer)).unwrap();
        assert_eq!(found.0, [signed_part("issuer", "leaf", &[other(1)])]);
        let leaf = certificate("issuer", "leaf", &[other(1), timestamps(3)]);
        assert_eq!(sct_list(&Certificate::parse(&leaf).unwrap()), Some(&[0; 3][..]));
        assert_eq!(sct_list(&Certificate::parse(&issuer).unwrap()), None);
    }

    #[test]
    fn who_signs_precertificates_only_stands_for_its_issuer() {
        let signing = usage(&["1.3.6.1.5.5.7.3.3", "1.3.6.1.4.1.11129.2.4.4"]);
        let root = certificate("root", "root", &[]);
        let leaf = |identifier: &[Vec<u8>]| [identifier, &[timestamps(5)]].concat();
        let at_log = |identifier: &[Vec<u8>]| signed_part("root", "leaf", identifier);

        let plain = [certificate("root", "issuer", core::slice::from_ref(&signing)), root.clone()];
        let found = submitted(&leaf(&[key_identifier(1)]), &plain);
        assert_eq!(found, Ok((alloc::vec![at_log(&[key_identifier(1)])], key_of(&root))));

        let identified = [certificate("root", "issuer", &[signing.clone(), key_identifier(2)]), root.clone()];
        let found = submitted(&leaf(&[key_identifier(1)]), &identified);
        let both = alloc::vec![at_log(&[key_identifier(1)]), at_log(&[key_identifier(2)])];
        assert_eq!(found, Ok((both, key_of(&root))));
        assert_eq!(submitted(&leaf(&[]), &identified), Ok((alloc::vec![at_log(&[])], key_of(&root))));

        for not_signing in [usage(&["1.3.6.1.5.5.7.3.3"]), other(1)] {
            let issuer = certificate("root", "issuer", &[not_signing]);
            let found = submitted(&leaf(&[]), &[issuer.clone(), root.clone()]);
            assert_eq!(found, Ok((alloc::vec![signed_part("issuer", "leaf", &[])], key_of(&issuer))));
        }
        assert!(submitted(&leaf(&[]), &plain[..1]).is_err());
        assert!(submitted(&leaf(&[]), &[]).is_err());
        let unreadable = certificate("root", "issuer", &[extension_of("2.5.29.37", &[0x30])]);
        assert!(submitted(&leaf(&[]), &[unreadable, root]).is_err());
    }
}
