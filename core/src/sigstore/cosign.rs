//! The older forms in which cosign keeps what a bundle holds: beside an image in a registry, and in a file beside a blob.

use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{MAX_BUNDLE_CERTIFICATES, MAX_CERTIFICATE_BYTES};
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::{Bundle, BundleVersion, Content, KeyMaterial};
use crate::sigstore::bundle_json::{document, read_envelope};
use crate::sigstore::log_entry::LogEntry;
use crate::sigstore::protobuf_json::{Place, bytes_of_base64};
use crate::text::json::{Json, StrictJson};
use crate::text::pem;
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// How the PEM of a public key begins.
const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----";

/// What cosign's classic form keeps in a layer of an image's signatures, and in its annotations.
#[derive(Clone, Copy, Debug)]
pub struct CosignParts<'a> {
    /// What was signed, or the signature over it.
    pub content: CosignContent<'a>,
    /// The signer's certificate in PEM (`dev.sigstore.cosign/certificate`); `None` if a key signed.
    pub certificate: Option<&'a str>,
    /// The certificates above it in PEM (`dev.sigstore.cosign/chain`).
    pub chain: Option<&'a str>,
    /// The log's entry as JSON (`dev.sigstore.cosign/bundle`).
    pub rekor_bundle: Option<&'a str>,
    /// The signed timestamp as JSON (`dev.sigstore.cosign/rfc3161timestamp`).
    pub timestamp: Option<&'a str>,
}

/// What cosign signed.
#[derive(Clone, Copy, Debug)]
pub enum CosignContent<'a> {
    /// The layer itself, a payload of simple signing: its signature in base64 (`dev.cosignproject.cosign/signature`). The
    /// artifact to verify the bundle with is the layer; [`SimpleSigning`] tells which image it names.
    Signature(&'a str),
    /// A DSSE envelope, which is the layer of an attestation.
    Envelope(&'a [u8]),
}

impl Bundle {
    /// Reads what `cosign sign-blob --bundle` and `cosign attest-blob --bundle` wrote before there were Sigstore bundles
    /// (`base64Signature`, `cert`, `rekorBundle`), or one line of `cosign download signature` (`Base64Signature`,
    /// `Payload`, `Cert`, `Chain`, `Bundle`), as a bundle of version 0.1. Of the latter the artifact to verify it with is
    /// the decoded `Payload`; [`SimpleSigning`] tells which image that names.
    ///
    /// Where there is a public key in place of a certificate, the bundle hints at no key in particular.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] says what is wrong, with the path of the member.
    pub fn from_cosign(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        document(json.as_ref()).and_then(|document| read_cosign(&document)).map_err(MalformedInput::bundle)
    }

    /// Reads cosign's classic form from the parts in which a registry keeps it, as a bundle of version 0.1.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] says which part is wrong.
    pub fn from_cosign_parts(parts: &CosignParts<'_>) -> Result<Self, MalformedInput> {
        read_parts(parts).map_err(MalformedInput::bundle)
    }
}

/// Whether a document has members of one of cosign's forms.
pub(crate) const MEMBERS: [&str; 2] = ["base64Signature", "Base64Signature"];

pub(crate) fn read_cosign(document: &Place<'_, '_>) -> Result<Bundle, String> {
    if document.has_member("Base64Signature") { read_downloaded(document) } else { read_file(document) }
}

/// The file that is written beside a blob. Where an attestation was signed, its signature is the envelope.
fn read_file(document: &Place<'_, '_>) -> Result<Bundle, String> {
    let [signature, certificate, entry] = document.members(["base64Signature", "cert", "rekorBundle"])?;
    let signature = signature.required_bytes()?;
    let envelope = Place::document(&signature).ok();
    let content = match envelope.filter(Place::is_object) {
        Some(envelope) => Content::Envelope(
            read_envelope(&envelope, None)
                .map_err(|fault| format!("`base64Signature`, an envelope: {fault}"))?,
        ),
        None => Content::Message { digest: None, signature },
    };
    let given = certificate.text()?;
    let key_material = if given.is_empty() {
        KeyMaterial::Hint(String::new())
    } else {
        let in_base64 = !given.trim_ascii_start().starts_with("-----BEGIN");
        let pem = if in_base64 {
            let bytes = bytes_of_base64(&given).map_err(|fault| certificate.fault(fault))?;
            String::from_utf8(bytes).map_err(|_| certificate.fault("is no PEM in base64"))?
        } else {
            given.into_owned()
        };
        key_material(&pem, None)
            .map_err(|fault| certificate.fault(format_args!("cannot be read: {fault}")))?
    };
    bundle(content, key_material, entry.there().map(read_rekor_bundle).transpose()?, None)
}

/// A line of what is downloaded: Go's own JSON of its certificates, of which the DER is a member.
fn read_downloaded(document: &Place<'_, '_>) -> Result<Bundle, String> {
    let [signature, payload, certificate, chain, entry, timestamp] =
        document.members(["Base64Signature", "Payload", "Cert", "Chain", "Bundle", "RFC3161Timestamp"])?;
    payload.required_bytes()?;
    let read_certificate = |place: &Place<'_, '_>| {
        let [der] = place.members_of_open_object(["Raw"])?;
        der.required_bytes()
    };
    let key_material = match certificate.there() {
        Some(certificate) => {
            let mut certificates = vec![read_certificate(certificate)?];
            for item in chain.few_items(MAX_BUNDLE_CERTIFICATES.saturating_sub(1))? {
                certificates.push(read_certificate(&item)?);
            }
            KeyMaterial::Certificates(certificates)
        }
        None if chain.is_there() => return Err(certificate.fault("is missing, and there is a chain")),
        None => KeyMaterial::Hint(String::new()),
    };
    let content = Content::Message { digest: None, signature: signature.required_bytes()? };
    let entry = entry.there().map(read_rekor_bundle).transpose()?;
    bundle(content, key_material, entry, timestamp.there().map(read_timestamp).transpose()?)
}

fn read_parts(parts: &CosignParts<'_>) -> Result<Bundle, String> {
    let content = match parts.content {
        CosignContent::Signature(text) => {
            let signature = bytes_of_base64(text).map_err(|fault| format!("the signature {fault}"))?;
            if signature.is_empty() {
                return Err(String::from("the signature is empty"));
            }
            Content::Message { digest: None, signature }
        }
        CosignContent::Envelope(json) => {
            let envelope = document(json).and_then(|envelope| read_envelope(&envelope, None));
            Content::Envelope(envelope.map_err(|fault| format!("the envelope: {fault}"))?)
        }
    };
    let key_material = match (parts.certificate, parts.chain) {
        (Some(certificate), chain) => {
            key_material(certificate, chain).map_err(|fault| format!("the certificate or chain: {fault}"))?
        }
        (None, Some(_)) => return Err(String::from("there is a chain, and no certificate")),
        (None, None) => KeyMaterial::Hint(String::new()),
    };
    let entry = parts.rekor_bundle.map(|json| {
        let entry = document(json.as_bytes()).and_then(|place| read_rekor_bundle(&place));
        entry.map_err(|fault| format!("the log's entry: {fault}"))
    });
    let timestamp = parts.timestamp.map(|json| {
        let timestamp = document(json.as_bytes()).and_then(|place| read_timestamp(&place));
        timestamp.map_err(|fault| format!("the signed timestamp: {fault}"))
    });
    bundle(content, key_material, entry.transpose()?, timestamp.transpose()?)
}

fn bundle(
    content: Content,
    key_material: KeyMaterial,
    entry: Option<LogEntry>,
    timestamp: Option<Vec<u8>>,
) -> Result<Bundle, String> {
    Ok(Bundle {
        version: BundleVersion::V0_1,
        key_material,
        content,
        log_entries: entry.into_iter().collect(),
        timestamps: timestamp.into_iter().collect(),
    })
}

/// The certificates of a signer, or that a key signed, which says no more of it than its PEM does: it may be anyone's.
fn key_material(pem: &str, chain: Option<&str>) -> Result<KeyMaterial, String> {
    if pem.trim_ascii_start().starts_with(PUBLIC_KEY) {
        return match chain {
            None => Ok(KeyMaterial::Hint(String::new())),
            Some(_) => Err(String::from("there is a chain, and a public key in place of a certificate")),
        };
    }
    let mut certificates = pem::certificates(pem, MAX_BUNDLE_CERTIFICATES, MAX_CERTIFICATE_BYTES)?;
    if let Some(chain) = chain.filter(|chain| !chain.is_empty()) {
        let most = MAX_BUNDLE_CERTIFICATES.saturating_sub(certificates.len());
        certificates.extend(pem::certificates(chain, most, MAX_CERTIFICATE_BYTES)?);
    }
    Ok(KeyMaterial::Certificates(certificates))
}

/// An entry with its signed entry timestamp, as Rekor's API had it. Of what kind it is, its body tells.
fn read_rekor_bundle(place: &Place<'_, '_>) -> Result<LogEntry, String> {
    let [set, payload] = place.members(["SignedEntryTimestamp", "Payload"])?;
    let [body, integrated_time, log_index, log_id] =
        payload.required()?.members(["body", "integratedTime", "logIndex", "logID"])?;
    let canonicalized_body = body.required_bytes()?;
    let [kind, version] = kind_and_version(&canonicalized_body)
        .ok_or_else(|| body.fault("is not the JSON of an entry, with `kind` and `apiVersion`"))?;
    let id = bytes_of_hex(&log_id.required_text()?).ok_or_else(|| log_id.fault("is not hexadecimal"))?;
    let integrated_time = match integrated_time.number()? {
        0 => None,
        seconds => Some(seconds),
    };
    Ok(LogEntry {
        log_index: log_index.number()?,
        log_id: id,
        kind,
        version,
        integrated_time,
        inclusion_promise: Some(set.required_bytes()?),
        inclusion_proof: None,
        canonicalized_body,
    })
}

fn kind_and_version(body: &[u8]) -> Option<[String; 2]> {
    let body = StrictJson::new(Json::from_unmarked(body).ok()?, 0).ok()?.get();
    let [kind, version] = body.members(["kind", "apiVersion"])?;
    let text = |value: Option<Json<'_>>| Some(value?.as_text()?.text().into_owned());
    Some([text(kind)?, text(version)?])
}

fn read_timestamp(place: &Place<'_, '_>) -> Result<Vec<u8>, String> {
    let [timestamp] = place.members(["SignedRFC3161Timestamp"])?;
    timestamp.required_bytes()
}

/// What pairs of lowercase hex digits stand for; `None` for none of them, and for anything else.
fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' | b'a'..=b'f' => {
            char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
        }
        _ => None,
    };
    let pairs = text.as_bytes().chunks_exact(2);
    if text.is_empty() || !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some(value(*pair.first()?)? << 4 | value(*pair.last()?)?)).collect()
}

/// What cosign signs for an image: a payload of simple signing, which names the image by its digest.
///
/// The signature is over the payload, and the payload is what names the image. So the two go together: verify the bundle
/// with the payload's bytes as the artifact, and compare [`SimpleSigning::image_digest`] with the digest of the image that
/// is to be run. One without the other says nothing.
///
/// ```
/// use countermark::SimpleSigning;
///
/// let payload = format!(
///     r#"{{"critical":{{"identity":{{"docker-reference":"registry/image"}},
///     "image":{{"docker-manifest-digest":"sha256:{}"}},"type":"cosign container image signature"}},"optional":null}}"#,
///     "ab".repeat(32)
/// );
/// let signed = SimpleSigning::from_json(&payload)?;
/// assert!(signed.image_digest().to_string().starts_with("sha256:abab"));
/// assert_eq!(signed.docker_reference(), "registry/image");
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimpleSigning {
    image_digest: Digest,
    docker_reference: String,
}

impl SimpleSigning {
    /// The type that cosign gives to the payloads that it signs.
    const TYPE: &'static str = "cosign container image signature";

    /// Reads a payload. In what is critical nothing may be unknown; what is optional says nothing.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] if it is no such payload, of another type than cosign's, or names the image by another
    /// digest than SHA-256.
    pub fn from_json(payload: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        document(payload.as_ref())
            .and_then(|document| Self::read(&document))
            .map_err(|fault| MalformedInput::bundle(format!("the payload of simple signing: {fault}")))
    }

    fn read(document: &Place<'_, '_>) -> Result<Self, String> {
        let [critical, optional] = document.members(["critical", "optional"])?;
        optional.strict_json()?;
        let [identity, image, kind] = critical.required()?.members(["identity", "image", "type"])?;
        let given = kind.required_text()?;
        if given != Self::TYPE {
            return Err(kind.fault(format_args!("is {}, where {:?} is meant", Excerpt(&given), Self::TYPE)));
        }
        let [reference] = identity.required()?.members(["docker-reference"])?;
        let [digest] = image.required()?.members(["docker-manifest-digest"])?;
        let text = digest.required_text()?;
        let bytes = text.strip_prefix("sha256:").and_then(bytes_of_hex);
        let image_digest = bytes.and_then(|bytes| Digest::new(HashAlgorithm::Sha256, &bytes));
        Ok(Self {
            image_digest: image_digest
                .ok_or_else(|| digest.fault("is not `sha256:` and 64 lowercase hex digits"))?,
            docker_reference: reference.text()?.into_owned(),
        })
    }

    /// The digest of the image's manifest.
    #[must_use]
    pub const fn image_digest(&self) -> &Digest {
        &self.image_digest
    }

    /// The name under which the image was signed, which may be empty. Others may serve the same image, so it is told, and
    /// not compared.
    #[must_use]
    pub fn docker_reference(&self) -> &str {
        &self.docker_reference
    }
}
