//! Signed timestamps (RFC 3161): a `TSTInfo` in a `SignedData` of CMS (RFC 5652), read in strict DER. Nothing here is
//! verified but what the parts of one say about each other.

use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{MAX_DER_DEPTH, MAX_EXTENSIONS, MAX_SIGNED_ATTRIBUTES};
use crate::timestamp::Timestamp;
use crate::x509::distinguished_name;
use crate::x509::oid;
use crate::x509::public_key::{Algorithm, read_algorithm};
use crate::x509::strict_der::{
    Fault, check_integer, check_unused_bits, read_boolean_default_false, read_oid,
};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use const_oid::db::{rfc3161, rfc5911, rfc5912};
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

const SIGNED_DATA: &[u8] = rfc5911::ID_SIGNED_DATA.as_bytes();
const TST_INFO: &[u8] = rfc3161::ID_CT_TST_INFO.as_bytes();
const CONTENT_TYPE: &[u8] = rfc5911::ID_CONTENT_TYPE.as_bytes();
const MESSAGE_DIGEST: &[u8] = rfc5911::ID_MESSAGE_DIGEST.as_bytes();
const SIGNING_TIME: &[u8] = rfc5911::ID_SIGNING_TIME.as_bytes();
const SIGNING_CERTIFICATE: &[u8] = rfc5911::ID_AA_SIGNING_CERTIFICATE.as_bytes();
const SIGNING_CERTIFICATE_V2: &[u8] = rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2.as_bytes();
const SHA256: &[u8] = rfc5912::ID_SHA_256.as_bytes();
const SHA384: &[u8] = rfc5912::ID_SHA_384.as_bytes();
const SHA512: &[u8] = rfc5912::ID_SHA_512.as_bytes();
/// A NULL in DER.
const NULL: &[u8] = &[0x05, 0x00];

/// The tag of the signed attributes where they stand, and the one under which they are signed (RFC 5652, section 5.4).
const IMPLICIT_0: u8 = 0xA0;
const SET_OF: u8 = 0x31;

/// A signed timestamp whose form is in order. Neither is it verified what it is over, nor who signed it.
#[derive(Clone, Copy)]
pub(crate) struct SignedTimestamp<'a> {
    info: Info<'a>,
    /// The octets of the content: the DER of the `TSTInfo`.
    content: &'a [u8],
    pub(crate) signer: SignerId<'a>,
    digest_algorithm: HashAlgorithm,
    attributes: Attributes<'a>,
    signature_algorithm: Algorithm<'a>,
    pub(crate) signature: &'a [u8],
}

/// What a `TSTInfo` says, as far as it matters.
#[derive(Clone, Copy, Debug)]
struct Info<'a> {
    message_imprint: Digest,
    time: Timestamp,
    /// The content of an INTEGER.
    nonce: Option<&'a [u8]>,
}

/// Which certificate a signature names as its signer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerId<'a> {
    IssuerAndSerial(IssuerAndSerial<'a>),
    /// The content of the subject key identifier.
    KeyId(&'a [u8]),
}

/// The DER of an issuer's name, and the content of a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IssuerAndSerial<'a> {
    pub(crate) issuer: &'a [u8],
    pub(crate) serial_number: &'a [u8],
}

/// The signed attributes that matter.
#[derive(Clone, Copy, Debug)]
struct Attributes<'a> {
    /// Their DER, with the tag under which they stand.
    der: &'a [u8],
    message_digest: &'a [u8],
    signing_certificate: Option<CertificateId<'a>>,
    signing_certificate_v2: Option<CertificateId<'a>>,
}

/// Which certificate a signed attribute names as the signer's (RFC 5035, RFC 5816).
#[derive(Clone, Copy, Debug)]
struct CertificateId<'a> {
    /// The certificate's digest, unless it is by SHA-1.
    digest: Option<Digest>,
    issuer_and_serial: Option<IssuerAndSerial<'a>>,
}

/// What a certificate must be compared by, to tell whether it is the one that is named.
pub(crate) struct Candidate<'a> {
    pub(crate) der: &'a [u8],
    pub(crate) name: IssuerAndSerial<'a>,
}

impl<'a> SignedTimestamp<'a> {
    /// Reads a `TimeStampResp` that was granted, as bundles hold them.
    pub(crate) fn from_response(der: &'a [u8]) -> Result<Self, Fault> {
        read_whole(der, read_response)
    }

    /// The same, or a `TimeStampToken` by itself: it begins with an object identifier.
    pub(crate) fn from_response_or_token(der: &'a [u8]) -> Result<Self, Fault> {
        const OBJECT_IDENTIFIER: u8 = 0x06;
        let content = crate::x509::strict_der::sequence_content(der)?;
        if content.first() == Some(&OBJECT_IDENTIFIER) {
            read_whole(der, read_token)
        } else {
            Self::from_response(der)
        }
    }

    /// When it says that the message was there.
    pub(crate) const fn time(&self) -> Timestamp {
        self.info.time
    }
    /// Whether it is over this message.
    pub(crate) fn is_over(&self, message: &[u8]) -> bool {
        Digest::of(self.info.message_imprint.algorithm(), message) == self.info.message_imprint
    }

    /// Whether it answers a request with this nonce.
    pub(crate) fn has_nonce(&self, nonce: u64) -> bool {
        let wanted = nonce.to_be_bytes();
        let is_not_zero = |byte: &u8| *byte != 0;
        let first = wanted.iter().position(is_not_zero).unwrap_or(wanted.len());
        self.info.nonce.is_some_and(|found| match found {
            [0x80..=0xFF, ..] => false,
            [0, digits @ ..] => Some(digits) == wanted.get(first..),
            digits => Some(digits) == wanted.get(first..),
        })
    }

    /// Whether what is signed is about its content.
    pub(crate) fn signs_its_content(&self) -> bool {
        Digest::of(self.digest_algorithm, self.content).as_bytes() == self.attributes.message_digest
    }

    /// Whether the signed attributes name no other certificate than this as the signer's: by its issuer and serial number
    /// if they have these, which are of one certificate alone, or else by its digest. A digest beside them may be of the same
    /// certificate as it was signed another time, and one by SHA-1 is not computed here.
    pub(crate) fn is_meant_to_be_by(&self, signer: &Candidate<'_>) -> bool {
        let ids = [self.attributes.signing_certificate, self.attributes.signing_certificate_v2];
        ids.into_iter().flatten().all(|id| match (id.issuer_and_serial, id.digest) {
            (Some(name), _) => name == signer.name,
            (None, Some(digest)) => Digest::of(digest.algorithm(), signer.der) == digest,
            (None, None) => true,
        })
    }

    /// What is signed: the attributes under the tag of a set.
    pub(crate) fn signed_part(&self) -> Vec<u8> {
        let mut der = self.attributes.der.to_vec();
        if let Some(tag) = der.first_mut() {
            *tag = SET_OF;
        }
        der
    }

    /// The algorithm of the signature and that of the digests in it, as the signer names them.
    pub(crate) const fn algorithms(&self) -> (Algorithm<'a>, HashAlgorithm) {
        (self.signature_algorithm, self.digest_algorithm)
    }
}

impl SignerId<'_> {
    /// What it names, for people.
    pub(crate) fn to_text(self) -> String {
        let hex = |bytes: &[u8]| bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect::<String>();
        match self {
            Self::IssuerAndSerial(IssuerAndSerial { issuer, serial_number }) => {
                let issuer = distinguished_name::to_text(issuer);
                format!("the certificate {} of {issuer}", hex(serial_number))
            }
            Self::KeyId(id) => format!("the key {}", hex(id)),
        }
    }
}

/// What a reader of one value returns, if that value is all there is.
fn read_whole<'a, T>(
    der: &'a [u8],
    read: impl FnOnce(&mut SliceReader<'a>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut reader = SliceReader::new(der)?;
    let value = read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// `TimeStampResp` (RFC 3161, section 2.4.2).
fn read_response<'a>(reader: &mut SliceReader<'a>) -> Result<SignedTimestamp<'a>, Fault> {
    const GRANTED: u8 = 0;
    const GRANTED_WITH_MODS: u8 = 1;
    reader.sequence(|reader| {
        let status = reader.sequence(|reader| {
            let status = read_integer(reader)?;
            if !reader.is_finished() && reader.peek_byte() == Some(0x30) {
                check_der(AnyRef::decode(reader)?)?;
            }
            if !reader.is_finished() {
                check_unused_bits(BitStringRef::decode(reader)?)?;
            }
            Ok::<_, Fault>(status)
        })?;
        match status {
            [GRANTED | GRANTED_WITH_MODS] => read_token(reader),
            [status @ 0..=0x7F] => Err(Fault(format!("its status is {status}: it was not granted"))),
            _ => Err(Fault::new("its status is unknown: it was not granted")),
        }
    })
}

/// `TimeStampToken`: a `ContentInfo` (RFC 5652, section 3).
fn read_token<'a>(reader: &mut SliceReader<'a>) -> Result<SignedTimestamp<'a>, Fault> {
    if reader.is_finished() {
        return Err(Fault::new("there is no token in it"));
    }
    reader.sequence(|reader| {
        if read_oid(reader)? != SIGNED_DATA {
            return Err(Fault::new("its token is no signed data"));
        }
        read_whole(read_tagged(reader, 0)?, read_signed_data)
    })
}

/// `SignedData` (RFC 5652, section 5.1).
fn read_signed_data<'a>(reader: &mut SliceReader<'a>) -> Result<SignedTimestamp<'a>, Fault> {
    reader.sequence(|reader| {
        match read_integer(reader)? {
            // 4 and 5 with attribute certificates and others beside it, which do not matter.
            [3..=5] => {}
            _ => return Err(Fault::new("the version of its signed data is not 3, 4 or 5")),
        }
        let digest_algorithms = read_set(reader)?;
        let content = read_content(reader)?;
        // The certificates and revocation lists. Whom to trust is not the token's to say.
        for number in [0, 1] {
            if next_is(reader, number) {
                check_der(AnyRef::decode(reader)?)?;
            }
        }
        let signers = read_set(reader)?;
        let timestamp = read_whole(signers, |reader| read_signer(reader, content))
            .map_err(|Fault(fault)| Fault(format!("its one signer cannot be read: {fault}")))?;
        check_digest_algorithms(digest_algorithms, timestamp.digest_algorithm)?;
        Ok(timestamp)
    })
}

/// `EncapsulatedContentInfo`: the octets of a `TSTInfo`.
fn read_content<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    reader.sequence(|reader| {
        if read_oid(reader)? != TST_INFO {
            return Err(Fault::new("its content is no timestamp (id-ct-TSTInfo)"));
        }
        if reader.is_finished() {
            return Err(Fault::new("it has no content"));
        }
        read_whole(read_tagged(reader, 0)?, read_octets)
    })
}

/// The set of digest algorithms must have the signer's (RFC 5652, section 5.1).
fn check_digest_algorithms(set: &[u8], signers: HashAlgorithm) -> Result<(), Fault> {
    let mut reader = SliceReader::new(set)?;
    let mut is_there = false;
    while !reader.is_finished() {
        is_there |= hash_algorithm(read_algorithm(&mut reader)?) == Some(signers);
    }
    if is_there { Ok(()) } else { Err(Fault::new("its digest algorithms lack the signer's")) }
}

/// `SignerInfo` (RFC 5652, section 5.3).
fn read_signer<'a>(reader: &mut SliceReader<'a>, content: &'a [u8]) -> Result<SignedTimestamp<'a>, Fault> {
    let info = read_whole(content, read_info)?;
    reader.sequence(|reader| {
        let version = read_integer(reader)?;
        let signer = read_signer_id(reader)?;
        match (version, signer) {
            ([1], SignerId::IssuerAndSerial(_)) | ([3], SignerId::KeyId(_)) => {}
            _ => return Err(Fault::new("its version does not go with how the signer is named")),
        }
        let digest_algorithm = read_hash_algorithm(reader, "digest algorithm")?;
        if !next_is(reader, 0) {
            return Err(Fault::new("there are no signed attributes"));
        }
        let attributes = Attributes::read(reader.tlv_bytes()?)?;
        let signature_algorithm = read_algorithm(reader)?;
        let signature = read_octets(reader)?;
        if next_is(reader, 1) {
            check_der(AnyRef::decode(reader)?)?;
        }
        Ok(SignedTimestamp {
            info,
            content,
            signer,
            digest_algorithm,
            attributes,
            signature_algorithm,
            signature,
        })
    })
}

fn read_signer_id<'a>(reader: &mut SliceReader<'a>) -> Result<SignerId<'a>, Fault> {
    const KEY_ID: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
    if reader.peek_byte() == Some(0x30) {
        return read_issuer_and_serial(reader).map(SignerId::IssuerAndSerial);
    }
    let id = AnyRef::decode(reader)?;
    id.tag().assert_eq(KEY_ID)?;
    Ok(SignerId::KeyId(id.value()))
}

fn read_issuer_and_serial<'a>(reader: &mut SliceReader<'a>) -> Result<IssuerAndSerial<'a>, Fault> {
    reader.sequence(|reader| {
        let issuer = distinguished_name::read(reader)?;
        Ok(IssuerAndSerial { issuer, serial_number: read_integer(reader)? })
    })
}

impl<'a> Attributes<'a> {
    /// The signed attributes, in the order that DER gives a set and none of them twice (RFC 5652, sections 5.3 and 11).
    fn read(der: &'a [u8]) -> Result<Self, Fault> {
        debug_assert_eq!(der.first(), Some(&IMPLICIT_0));
        let mut reader = SliceReader::new(AnyRef::from_der(der)?.value())?;
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut last: &[u8] = &[];
        let (mut content_type, mut message_digest) = (None, None);
        let (mut signing_certificate, mut signing_certificate_v2) = (None, None);
        while !reader.is_finished() {
            let attribute = reader.tlv_bytes()?;
            if attribute < last {
                return Err(Fault::new("it is not strict DER: the signed attributes are not in order"));
            }
            last = attribute;
            let (kind, values) = read_whole(attribute, |reader| {
                reader.sequence(|reader| Ok::<_, Fault>((read_oid(reader)?, read_set(reader)?)))
            })?;
            if seen.contains(&kind) {
                return Err(Fault(format!("the signed attribute {} is there twice", oid::to_dotted(kind))));
            }
            if seen.len() >= MAX_SIGNED_ATTRIBUTES {
                return Err(Fault(format!("there are more than {MAX_SIGNED_ATTRIBUTES} signed attributes")));
            }
            seen.push(kind);
            match kind {
                CONTENT_TYPE => content_type = Some(read_whole(values, read_oid)?),
                MESSAGE_DIGEST => message_digest = Some(read_whole(values, read_octets)?),
                SIGNING_TIME => {
                    read_whole(values, |reader| AnyRef::decode(reader).map_err(Fault::from))?;
                }
                SIGNING_CERTIFICATE => {
                    signing_certificate = Some(read_whole(values, CertificateId::read_v1)?);
                }
                SIGNING_CERTIFICATE_V2 => {
                    signing_certificate_v2 = Some(read_whole(values, CertificateId::read_v2)?);
                }
                _ if values.is_empty() => {
                    return Err(Fault(format!("the signed attribute {} has no value", oid::to_dotted(kind))));
                }
                _ => check_der_values(values, MAX_DER_DEPTH)?,
            }
        }
        match content_type {
            Some(TST_INFO) => {}
            Some(_) => return Err(Fault::new("the signed content type is no timestamp's (id-ct-TSTInfo)")),
            None => return Err(Fault::new("the signed attribute contentType is missing")),
        }
        let message_digest =
            message_digest.ok_or_else(|| Fault::new("the signed attribute messageDigest is missing"))?;
        Ok(Self { der, message_digest, signing_certificate, signing_certificate_v2 })
    }
}

impl<'a> CertificateId<'a> {
    /// The first identifier of a `SigningCertificate` (RFC 2634, section 5.4).
    fn read_v1(reader: &mut SliceReader<'a>) -> Result<Self, Fault> {
        const SHA1_BYTES: usize = 20;
        Self::read_first(reader, |reader| {
            if read_octets(reader)?.len() != SHA1_BYTES {
                return Err(Fault::new("the digest of the signer's certificate is no SHA-1"));
            }
            Ok(None)
        })
    }

    /// The first identifier of a `SigningCertificateV2` (RFC 5035, section 3).
    fn read_v2(reader: &mut SliceReader<'a>) -> Result<Self, Fault> {
        Self::read_first(reader, |reader| {
            let algorithm = match reader.peek_byte() {
                Some(0x30) => read_hash_algorithm(reader, "digest of the signer's certificate")?,
                _ => HashAlgorithm::Sha256,
            };
            read_digest(reader, algorithm, "digest of the signer's certificate").map(Some)
        })
    }

    fn read_first(
        reader: &mut SliceReader<'a>,
        read_digest: impl FnOnce(&mut SliceReader<'a>) -> Result<Option<Digest>, Fault>,
    ) -> Result<Self, Fault> {
        reader.sequence(|reader| {
            let first = reader.sequence(|reader| {
                let first = reader.sequence(|reader| {
                    let digest = read_digest(reader)?;
                    let issuer_and_serial =
                        if reader.is_finished() { None } else { Some(read_issuer_serial(reader)?) };
                    Ok::<_, Fault>(Self { digest, issuer_and_serial })
                })?;
                check_rest(reader)?;
                Ok::<_, Fault>(first)
            })?;
            check_rest(reader)?;
            Ok(first)
        })
    }
}

/// `IssuerSerial`: the issuer as one directory name.
fn read_issuer_serial<'a>(reader: &mut SliceReader<'a>) -> Result<IssuerAndSerial<'a>, Fault> {
    const DIRECTORY_NAME: u32 = 4;
    reader.sequence(|reader| {
        let issuer = reader.sequence(|reader| {
            if !next_is(reader, DIRECTORY_NAME) {
                return Err(Fault::new("the issuer of the signer's certificate is no directory name"));
            }
            read_whole(read_tagged(reader, DIRECTORY_NAME)?, distinguished_name::read)
        })?;
        Ok(IssuerAndSerial { issuer, serial_number: read_integer(reader)? })
    })
}

/// `TSTInfo` (RFC 3161, section 2.4.2).
fn read_info<'a>(reader: &mut SliceReader<'a>) -> Result<Info<'a>, Fault> {
    const TSA: u32 = 0;
    const EXTENSIONS: u32 = 1;
    reader.sequence(|reader| {
        if read_integer(reader)? != [1] {
            return Err(Fault::new("the version of its content is not 1"));
        }
        read_oid(reader)?;
        let message_imprint = reader.sequence(|reader| {
            let algorithm = read_hash_algorithm(reader, "message imprint")?;
            read_digest(reader, algorithm, "message imprint")
        })?;
        read_integer(reader)?;
        let time = read_time(AnyRef::decode(reader)?)?;
        if reader.peek_byte() == Some(0x30) {
            check_accuracy(reader)?;
        }
        read_boolean_default_false(reader)?;
        let nonce = if reader.peek_byte() == Some(0x02) { Some(read_integer(reader)?) } else { None };
        if next_is(reader, TSA) {
            check_der(AnyRef::decode(reader)?)?;
        }
        if next_is(reader, EXTENSIONS) {
            check_extensions(read_tagged(reader, EXTENSIONS)?)?;
        }
        Ok(Info { message_imprint, time, nonce })
    })
}

/// `YYYYMMDDhhmmss`, a fraction without trailing zeros if there is one, and `Z`. A fraction below a nanosecond cannot be
/// compared exactly, and is refused.
fn read_time(time: AnyRef<'_>) -> Result<Timestamp, Fault> {
    time.tag().assert_eq(Tag::GeneralizedTime)?;
    let text = core::str::from_utf8(time.value()).ok().and_then(|text| text.strip_suffix('Z'));
    let fault =
        || Fault::new("its time is not YYYYMMDDhhmmss, a fraction without trailing zeros if any, and Z");
    let text = text.ok_or_else(fault)?;
    let (seconds, fraction) = match text.split_once('.') {
        Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return Err(fault()),
        Some((seconds, fraction)) => (seconds, format!(".{fraction}")),
        None => (text, String::new()),
    };
    if seconds.len() != 14 {
        return Err(fault());
    }
    let part = |start: usize, end: usize| seconds.get(start..end).ok_or_else(fault);
    let [year, month, day] = [part(0, 4)?, part(4, 6)?, part(6, 8)?];
    let [hour, minute, second] = [part(8, 10)?, part(10, 12)?, part(12, 14)?];
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}{fraction}Z")
        .parse()
        .map_err(|error| Fault(format!("its time is {error}")))
}

/// `Accuracy`: seconds, milliseconds and microseconds, each of which may be left out.
fn check_accuracy(reader: &mut SliceReader<'_>) -> Result<(), Fault> {
    reader.sequence(|reader| {
        if reader.peek_byte() == Some(0x02) {
            read_integer(reader)?;
        }
        for number in [0, 1] {
            const FIRST: u8 = 0x80;
            if reader.peek_byte() == Some(FIRST | number) {
                let fraction = AnyRef::decode(reader)?;
                check_integer(AnyRef::new(Tag::Integer, fraction.value())?)?;
            }
        }
        Ok(())
    })
}

/// The extensions of a `TSTInfo`. None is known here, so that a critical one refuses.
fn check_extensions(content: &[u8]) -> Result<(), Fault> {
    let mut reader = SliceReader::new(content)?;
    let mut seen: Vec<&[u8]> = Vec::new();
    while !reader.is_finished() {
        let (name, is_critical) = reader.sequence(|reader| {
            let (name, is_critical) = (read_oid(reader)?, read_boolean_default_false(reader)?);
            read_octets(reader)?;
            Ok::<_, Fault>((name, is_critical))
        })?;
        if is_critical {
            return Err(Fault(format!("it has the unknown critical extension {}", oid::to_dotted(name))));
        }
        if seen.contains(&name) {
            return Err(Fault(format!("it has the extension {} twice", oid::to_dotted(name))));
        }
        if seen.len() >= MAX_EXTENSIONS {
            return Err(Fault::new("it has too many extensions"));
        }
        seen.push(name);
    }
    if seen.is_empty() { Err(Fault::new("its list of extensions is empty")) } else { Ok(()) }
}

fn read_hash_algorithm(reader: &mut SliceReader<'_>, of: &str) -> Result<HashAlgorithm, Fault> {
    let algorithm = read_algorithm(reader)?;
    hash_algorithm(algorithm).ok_or_else(|| {
        Fault(format!(
            "its {of} is not by SHA-256, SHA-384 or SHA-512, but by {}",
            oid::to_dotted(algorithm.oid)
        ))
    })
}

/// A digest algorithm, with NULL as its parameters or none (RFC 5754, section 2).
fn hash_algorithm(algorithm: Algorithm<'_>) -> Option<HashAlgorithm> {
    match (algorithm.oid, algorithm.parameters) {
        (SHA256, None | Some(NULL)) => Some(HashAlgorithm::Sha256),
        (SHA384, None | Some(NULL)) => Some(HashAlgorithm::Sha384),
        (SHA512, None | Some(NULL)) => Some(HashAlgorithm::Sha512),
        _ => None,
    }
}

fn read_digest(reader: &mut SliceReader<'_>, algorithm: HashAlgorithm, of: &str) -> Result<Digest, Fault> {
    Digest::new(algorithm, read_octets(reader)?)
        .ok_or_else(|| Fault(format!("its {of} has not the length of a {algorithm}")))
}

fn read_octets<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    Ok(<&OctetStringRef>::decode(reader)?.as_bytes())
}

/// The content of an INTEGER.
fn read_integer<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    let integer = AnyRef::decode(reader)?;
    check_integer(integer)?;
    Ok(integer.value())
}

/// The content of a SET.
fn read_set<'a>(reader: &mut SliceReader<'a>) -> Result<&'a [u8], Fault> {
    let set = AnyRef::decode(reader)?;
    set.tag().assert_eq(Tag::Set)?;
    Ok(set.value())
}

/// The content of what has this tag, constructed.
fn read_tagged<'a>(reader: &mut SliceReader<'a>, number: u32) -> Result<&'a [u8], Fault> {
    let tagged = AnyRef::decode(reader)?;
    tagged.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(number) })?;
    Ok(tagged.value())
}

/// Whether what comes next has this tag, constructed.
fn next_is(reader: &SliceReader<'_>, number: u32) -> bool {
    reader.peek_byte().map(u32::from) == Some(u32::from(IMPLICIT_0) | number)
}

/// What is left and does not matter is DER all the same.
fn check_rest(reader: &mut SliceReader<'_>) -> Result<(), Fault> {
    while !reader.is_finished() {
        check_der(AnyRef::decode(reader)?)?;
    }
    Ok(())
}

/// What does not matter is DER all the same, with whatever is in it.
fn check_der(value: AnyRef<'_>) -> Result<(), Fault> {
    if value.tag().is_constructed() { check_der_values(value.value(), MAX_DER_DEPTH) } else { Ok(()) }
}

fn check_der_values(values: &[u8], depth: usize) -> Result<(), Fault> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Fault::new("it is nested too deeply"));
    };
    let mut reader = SliceReader::new(values)?;
    while !reader.is_finished() {
        let value = AnyRef::decode(&mut reader)?;
        if value.tag().is_constructed() {
            check_der_values(value.value(), depth)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A response of `openssl ts`, with SHA-256 over `message`.
    const RESPONSE: &[u8] = include_bytes!("../../testdata/timestamps/openssl.tsr");

    #[test]
    fn a_response_has_a_status_and_a_token_has_none() {
        let response = SignedTimestamp::from_response(RESPONSE).unwrap();
        assert!(
            response.is_over(b"message") && !response.is_over(b"another") && response.signs_its_content()
        );
        let status =
            AnyRef::decode(&mut SliceReader::new(AnyRef::from_der(RESPONSE).unwrap().value()).unwrap())
                .unwrap();
        let token = RESPONSE.get(4 + 2 + status.value().len()..).unwrap();
        assert!(SignedTimestamp::from_response(token).is_err());
        let alone = SignedTimestamp::from_response_or_token(token).unwrap();
        assert_eq!(alone.time(), response.time());
    }

    #[test]
    fn no_beginning_and_no_changed_byte_panics() {
        for end in 0..RESPONSE.len() {
            assert!(SignedTimestamp::from_response_or_token(RESPONSE.get(..end).unwrap()).is_err());
        }
        for position in 0..RESPONSE.len() {
            for value in [0x00, 0x30, 0x7F, 0x80, 0x84, 0xA0, 0xFF] {
                let mut changed = RESPONSE.to_vec();
                changed[position] = value;
                let _ = SignedTimestamp::from_response_or_token(&changed);
            }
        }
    }
}
