//! The body of a log's entry: what the log was told was signed, by what, and how.
//!
//! An entry vouches for nothing unless its body is about this signing and no other: every member that can be compared
//! is, as the bytes that it stands for. A member that is not known refuses.

use crate::crypto::{Digest, HashAlgorithm, KeyDetails, SignatureAlgorithm};
use crate::limits::MAX_CERTIFICATE_BYTES;
use crate::sigstore::bundle::Envelope;
use crate::sigstore::protobuf_json::{Place, bytes_of_base64};
use crate::text::pem;
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::str;

/// A kind of body, of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogBodyKind {
    /// `hashedrekord` 0.0.1: a message, in a log of Rekor's first version.
    HashedRekord1,
    /// `hashedrekord` 0.0.2: a message or an envelope, in a log of Rekor's second version.
    HashedRekord2,
    /// `dsse` 0.0.1: an envelope.
    Dsse1,
    /// `intoto` 0.0.2: an envelope, as the log was told of them before.
    Intoto2,
}

/// A signing, as what a body is held against.
#[derive(Debug)]
pub(crate) struct Signing<'a> {
    pub(crate) signature: &'a [u8],
    pub(crate) signer: SignerMaterial<'a>,
    pub(crate) content: SignedContent<'a>,
    /// The hashes by which the signature may have been made.
    pub(crate) hashes: &'a [HashAlgorithm],
}

/// By what a signature is verified.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignerMaterial<'a> {
    /// The leaf in DER, and the DER of its `SubjectPublicKeyInfo`.
    Certificate { der: &'a [u8], public_key: &'a [u8] },
    /// The DER of a `SubjectPublicKeyInfo`.
    Key(&'a [u8]),
}

/// What a signature is over.
#[derive(Debug)]
pub(crate) enum SignedContent<'a> {
    /// A message, by those of its digests that are known.
    Message(&'a [Digest]),
    Envelope(SignedEnvelope<'a>),
}

/// An envelope, with the digests that bodies tell.
#[derive(Debug)]
pub(crate) struct SignedEnvelope<'a> {
    envelope: &'a Envelope,
    payload_sha256: Digest,
    of_encoding: Vec<Digest>,
}

impl<'a> SignedEnvelope<'a> {
    /// The envelope, of whose encoding a body may tell a digest by one of these hashes.
    pub(crate) fn new(envelope: &'a Envelope, hashes: &[HashAlgorithm]) -> Self {
        let encoding = envelope.pre_authentication_encoding();
        let of_encoding = hashes.iter().map(|hash| Digest::of(*hash, &encoding)).collect();
        Self { envelope, payload_sha256: Digest::of(HashAlgorithm::Sha256, &envelope.payload), of_encoding }
    }
}

impl LogBodyKind {
    const ALL: &'static [Self] = &[Self::HashedRekord1, Self::HashedRekord2, Self::Dsse1, Self::Intoto2];

    /// The kind with this name and version, as an entry's `kindVersion` tells them.
    pub(crate) fn of(kind: &str, version: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|found| found.names() == (kind, version))
    }

    /// Whether it is of logs of Rekor's second version.
    pub(crate) fn is_of_rekor_2(self) -> bool {
        self == Self::HashedRekord2
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::HashedRekord1 => ("hashedrekord", "0.0.1"),
            Self::HashedRekord2 => ("hashedrekord", "0.0.2"),
            Self::Dsse1 => ("dsse", "0.0.1"),
            Self::Intoto2 => ("intoto", "0.0.2"),
        }
    }

    /// Checks that a body is of this kind, and that all of it is of this signing. The fault names the member.
    pub(crate) fn check(self, body: &[u8], signing: &Signing<'_>) -> Result<(), String> {
        let document = Place::document(body)?;
        let [api_version, kind, spec] = document.members(["apiVersion", "kind", "spec"])?;
        let (name, version) = self.names();
        check_text(&kind, name)?;
        check_text(&api_version, version)?;
        match self {
            Self::HashedRekord1 => signing.check_hashed_rekord_1(&spec),
            Self::HashedRekord2 => signing.check_hashed_rekord_2(&spec),
            Self::Dsse1 => signing.check_dsse_1(&spec),
            Self::Intoto2 => signing.check_intoto_2(&spec),
        }
    }
}

impl Signing<'_> {
    fn check_hashed_rekord_1(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedContent::Message(digests) = self.content else {
            return Err("`kind` is one for messages, and an envelope was signed".to_string());
        };
        let [data, signature] = spec.members(["data", "signature"])?;
        let [hash] = data.members(["hash"])?;
        let [algorithm, value] = hash.members(["algorithm", "value"])?;
        let name = algorithm.required_text()?;
        let digest = self.find_digest(&algorithm, &name, HashAlgorithm::from_name(&name), digests)?;
        check_hex(&value, &digest)?;

        let [content, public_key] = signature.members(["content", "publicKey"])?;
        self.check_signature(&content)?;
        let [pem] = public_key.members(["content"])?;
        self.check_pem(&pem)
    }

    fn check_hashed_rekord_2(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let [entry] = spec.members(["hashedRekordV002"])?;
        let [data, signature] = entry.members(["data", "signature"])?;
        let [algorithm, value] = data.members(["algorithm", "digest"])?;
        let digests = match &self.content {
            SignedContent::Message(digests) => digests,
            SignedContent::Envelope(envelope) => envelope.of_encoding.as_slice(),
        };
        let name = algorithm.required_text()?;
        let hash = match &*name {
            "SHA2_256" => Some(HashAlgorithm::Sha256),
            "SHA2_384" => Some(HashAlgorithm::Sha384),
            "SHA2_512" => Some(HashAlgorithm::Sha512),
            _ => None,
        };
        let digest = self.find_digest(&algorithm, &name, hash, digests)?;
        if value.bytes()? != digest.as_bytes() {
            return Err(value.fault(format_args!("is not the {} that was signed", digest.algorithm())));
        }

        let [content, verifier] = signature.members(["content", "verifier"])?;
        self.check_signature(&content)?;
        let [details, public_key, certificate] =
            verifier.members(["keyDetails", "publicKey", "x509Certificate"])?;
        let (place, other, bytes, key) = match self.signer {
            SignerMaterial::Certificate { der, public_key: key } => (certificate, public_key, der, key),
            SignerMaterial::Key(key) => (public_key, certificate, key, key),
        };
        if other.is_there() {
            return Err(
                other.fault(format_args!("is there, and {} verifies the signature", self.signer.name()))
            );
        }
        let [raw_bytes] = place.required()?.members(["rawBytes"])?;
        if raw_bytes.bytes()? != bytes {
            return Err(self.not_the_signer(&raw_bytes));
        }
        check_details(&details, key, digest.algorithm())
    }

    fn check_dsse_1(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedEnvelope { payload_sha256, .. } = self.envelope()?;
        let [envelope_hash, payload_hash, signatures] =
            spec.members(["envelopeHash", "payloadHash", "signatures"])?;
        check_form_of_hash(&envelope_hash)?;
        check_sha256(&payload_hash, payload_sha256)?;
        let signatures = signatures.few_items(1)?;
        let [signature] = signatures.as_slice() else { return Err(no_signature(spec)) };
        let [signature, verifier] = signature.members(["signature", "verifier"])?;
        self.check_signature(&signature)?;
        self.check_pem(&verifier)
    }

    fn check_intoto_2(&self, spec: &Place<'_, '_>) -> Result<(), String> {
        let SignedEnvelope { envelope, payload_sha256, .. } = self.envelope()?;
        let [content] = spec.members(["content"])?;
        let [logged, hash, payload_hash] = content.members(["envelope", "hash", "payloadHash"])?;
        check_form_of_hash(&hash)?;
        check_sha256(&payload_hash, payload_sha256)?;
        let [payload, payload_type, signatures] = logged.members(["payload", "payloadType", "signatures"])?;
        check_text(&payload_type, &envelope.payload_type)?;
        if payload.is_there() && bytes_in_base64_twice(&payload)? != envelope.payload {
            return Err(payload.fault("is not the payload that was signed"));
        }
        let signatures = signatures.few_items(1)?;
        let [signature] = signatures.as_slice() else { return Err(no_signature(&logged)) };
        // The key ID is not signed, and means nothing: the key itself is compared.
        let [_key_id, pem, signature] = signature.members(["keyid", "publicKey", "sig"])?;
        if bytes_in_base64_twice(&signature)? != self.signature {
            return Err(not_the_signature(&signature));
        }
        self.check_pem(&pem)
    }

    fn envelope(&self) -> Result<&SignedEnvelope<'_>, String> {
        match &self.content {
            SignedContent::Envelope(envelope) => Ok(envelope),
            SignedContent::Message(_) => {
                Err("`kind` is one for envelopes, and a message was signed".to_string())
            }
        }
    }

    /// The digest by this hash, if the signature may be over it.
    fn find_digest(
        &self,
        place: &Place<'_, '_>,
        name: &str,
        hash: Option<HashAlgorithm>,
        digests: &[Digest],
    ) -> Result<Digest, String> {
        let Some(hash) = hash.filter(|hash| self.hashes.contains(hash)) else {
            return Err(
                place.fault(format_args!("is {}, by which the signer's key does not sign", Excerpt(name)))
            );
        };
        let digest = digests.iter().find(|digest| digest.algorithm() == hash);
        digest.copied().ok_or_else(|| {
            place.fault(format_args!("is {hash}, and that digest of the artifact is not given"))
        })
    }

    fn check_signature(&self, place: &Place<'_, '_>) -> Result<(), String> {
        if place.bytes()? == self.signature { Ok(()) } else { Err(not_the_signature(place)) }
    }

    /// Checks that PEM, in base64 once more, is the certificate or the key by which the signature is verified.
    fn check_pem(&self, place: &Place<'_, '_>) -> Result<(), String> {
        let bytes = place.required_bytes()?;
        let text = str::from_utf8(&bytes).map_err(|_| place.fault("is no PEM text"))?;
        let read = match self.signer {
            SignerMaterial::Certificate { der, .. } => {
                pem::certificates(text, 1, MAX_CERTIFICATE_BYTES).map(|found| found == [der])
            }
            SignerMaterial::Key(key) => {
                pem::public_key(text, MAX_CERTIFICATE_BYTES).map(|found| found == key)
            }
        };
        match read {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.not_the_signer(place)),
            Err(fault) => Err(place.fault(format_args!("is not {}: {fault}", self.signer.name()))),
        }
    }

    fn not_the_signer(&self, place: &Place<'_, '_>) -> String {
        place.fault(format_args!("is not {} that verifies the signature", self.signer.name()))
    }
}

impl SignerMaterial<'_> {
    const fn name(self) -> &'static str {
        match self {
            Self::Certificate { .. } => "the certificate",
            Self::Key(_) => "the key",
        }
    }
}

fn check_text(place: &Place<'_, '_>, wanted: &str) -> Result<(), String> {
    let found = place.required()?.text()?;
    if found == wanted {
        return Ok(());
    }
    Err(place.fault(format_args!("is {}, not {}", Excerpt(&found), Excerpt(wanted))))
}

fn check_hex(place: &Place<'_, '_>, digest: &Digest) -> Result<(), String> {
    if Digest::from_hex(digest.algorithm(), &place.required_text()?) == Some(*digest) {
        return Ok(());
    }
    Err(place.fault(format_args!("is not the {} of what was signed", digest.algorithm())))
}

fn check_sha256(place: &Place<'_, '_>, digest: &Digest) -> Result<(), String> {
    let [algorithm, value] = place.members(["algorithm", "value"])?;
    check_text(&algorithm, HashAlgorithm::Sha256.name())?;
    check_hex(&value, digest)
}

/// The hash of an envelope is one of its JSON as the log was sent it, which nobody has any more.
fn check_form_of_hash(place: &Place<'_, '_>) -> Result<(), String> {
    if place.is_there() {
        let [algorithm, value] = place.members(["algorithm", "value"])?;
        algorithm.text()?;
        value.text()?;
    }
    Ok(())
}

/// Bytes that an envelope has in base64, whose text the log has in base64.
fn bytes_in_base64_twice(place: &Place<'_, '_>) -> Result<Vec<u8>, String> {
    let bytes = place.required_bytes()?;
    let text = str::from_utf8(&bytes).map_err(|_| place.fault("is not base64 of base64"))?;
    bytes_of_base64(text).map_err(|fault| place.fault(format_args!("stands for a text that {fault}")))
}

/// Checks that the name is one of such a key which signs by this hash.
fn check_details(place: &Place<'_, '_>, key: &[u8], hash: HashAlgorithm) -> Result<(), String> {
    let name = place.required_text()?;
    let details = KeyDetails::from_name(&name);
    let fits = details.key(key).is_some_and(|key| {
        let algorithm = SignatureAlgorithm::for_key_and_digest(key.kind(), hash);
        algorithm.is_some() && details.algorithm() == algorithm
    });
    if fits {
        return Ok(());
    }
    Err(place.fault(format_args!("is {}, which the signer's key with {hash} is not", Excerpt(&name))))
}

fn not_the_signature(place: &Place<'_, '_>) -> String {
    place.fault("is not the bundle's signature")
}

fn no_signature(place: &Place<'_, '_>) -> String {
    place.fault("has no signature")
}
