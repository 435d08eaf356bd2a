//! The attestations of PyPI (PEP 740).

use crate::limits::MAX_BUNDLES_JSON_BYTES;
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::{Bundle, BundleVersion, Content, Envelope, KeyMaterial};
use crate::sigstore::bundle_json::{check_bundle_length, document, push_tightly, read_log_entries};
use crate::sigstore::protobuf_json::Place;
use crate::sigstore::statement::IN_TOTO_PAYLOAD_TYPE;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

impl Bundle {
    /// Reads one attestation of PyPI (PEP 740, an attestation object of version 1) as the bundle of version 0.3 that it
    /// stands for. All of its log entries are in it, of which there must be one at least.
    ///
    /// As PEP 740 has it, members that it does not know are ignored, and base64 may have line breaks in it; its log
    /// entries are Sigstore's, and are read as those of bundles.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] says what is wrong, with the path of the member.
    pub fn from_pep740(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        document(json.as_ref())
            .and_then(|document| read_attestation(&document))
            .map_err(MalformedInput::bundle)
    }
}

/// The attestations that one publisher gave for a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PypiAttestations {
    /// The publisher as JSON, which is what the index claims and nothing vouches for. Whoever is trusted to publish is
    /// the caller's to say, and not to be taken from here.
    pub unverified_publisher: String,
    /// The attestations.
    pub bundles: Vec<Bundle>,
}

/// Reads what PyPI has of a distribution's provenance (PEP 740, a provenance object of version 1;
/// `https://pypi.org/integrity/PROJECT/VERSION/FILE/provenance`).
///
/// # Errors
///
/// [`MalformedInput::Bundle`] for the object or for the first bad attestation.
pub fn bundles_from_pypi_provenance(json: impl AsRef<[u8]>) -> Result<Vec<PypiAttestations>, MalformedInput> {
    let json = json.as_ref();
    if json.len() > MAX_BUNDLES_JSON_BYTES {
        return Err(MalformedInput::bundle(format!("it is longer than {MAX_BUNDLES_JSON_BYTES} bytes")));
    }
    let document = Place::document(json);
    document.and_then(|document| read_provenance(&document)).map_err(MalformedInput::bundle)
}

pub(crate) fn read_provenance(document: &Place<'_, '_>) -> Result<Vec<PypiAttestations>, String> {
    let [version, groups] = document.members_of_open_object(["version", "attestation_bundles"])?;
    check_version(&version)?;
    let mut read = Vec::new();
    for group in groups.required()?.items()? {
        let [publisher, attestations] = group.members_of_open_object(["publisher", "attestations"])?;
        let unverified_publisher =
            publisher.strict_json()?.map_or_else(String::new, |json| String::from(json.get().as_str()));
        let mut bundles = Vec::new();
        for attestation in attestations.required()?.items()? {
            push_tightly(&mut bundles, read_attestation(&attestation)?);
        }
        push_tightly(&mut read, PypiAttestations { unverified_publisher, bundles });
    }
    Ok(read)
}

pub(crate) fn read_attestation(attestation: &Place<'_, '_>) -> Result<Bundle, String> {
    check_bundle_length(attestation)?;
    let [version, material, envelope] =
        attestation.members_of_open_object(["version", "verification_material", "envelope"])?;
    check_version(&version)?;
    let [certificate, entries] =
        material.required()?.members_of_open_object(["certificate", "transparency_entries"])?;
    let [statement, signature] = envelope.required()?.members_of_open_object(["statement", "signature"])?;
    let log_entries = read_log_entries(entries.required()?)?;
    if log_entries.is_empty() {
        return Err(entries.fault("has no entry, where there must be one at least"));
    }
    Ok(Bundle {
        version: BundleVersion::V0_3,
        key_material: KeyMaterial::Certificates(vec![certificate.required_bytes_on_lines()?]),
        content: Content::Envelope(Envelope {
            payload_type: String::from(IN_TOTO_PAYLOAD_TYPE),
            payload: statement.required_bytes_on_lines()?,
            signature: signature.required_bytes_on_lines()?,
            key_id: String::new(),
        }),
        log_entries,
        timestamps: Vec::new(),
    })
}

fn check_version(version: &Place<'_, '_>) -> Result<(), String> {
    if version.required()?.is_text() || version.number()? != 1 {
        return Err(version.fault("is not 1, which is the version that is read"));
    }
    Ok(())
}
