//! Bundles as JSON, of versions 0.1 to 0.3: one, or JSON Lines.

use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{
    MAX_BUNDLE_CERTIFICATES, MAX_BUNDLE_JSON_BYTES, MAX_BUNDLES_JSON_BYTES, MAX_LOG_ENTRIES,
    MAX_PROOF_HASHES, MAX_RECORD_FAULTS, MAX_TIMESTAMPS,
};
use crate::malformed::MalformedInput;
use crate::sigstore::bundle::{Bundle, BundleVersion, Content, Envelope, KeyMaterial, MessageDigest};
use crate::sigstore::log_body::LogBodyKind;
use crate::sigstore::log_entry::{InclusionProof, LogEntry};
use crate::sigstore::protobuf_json::Place;
use crate::text::json;
use crate::text::quoting::Excerpt;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The media types of bundles, each with the version that it stands for.
const MEDIA_TYPES: &[(&str, BundleVersion)] = &[
    ("application/vnd.dev.sigstore.bundle+json;version=0.1", BundleVersion::V0_1),
    ("application/vnd.dev.sigstore.bundle+json;version=0.2", BundleVersion::V0_2),
    ("application/vnd.dev.sigstore.bundle+json;version=0.3", BundleVersion::V0_3),
    ("application/vnd.dev.sigstore.bundle.v0.3+json", BundleVersion::V0_3),
];

/// What every media type of a trusted root begins with.
const TRUSTED_ROOT_MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot";

/// The algorithms that a message's digest may be said to be of, as protobuf has them, and which of them are known here.
const HASH_ALGORITHMS: &[(&str, Option<HashAlgorithm>)] = &[
    ("HASH_ALGORITHM_UNSPECIFIED", None),
    ("SHA2_256", Some(HashAlgorithm::Sha256)),
    ("SHA2_384", Some(HashAlgorithm::Sha384)),
    ("SHA2_512", Some(HashAlgorithm::Sha512)),
    ("SHA3_256", None),
    ("SHA3_384", None),
];

/// How many bytes a hash of a log's tree has.
const HASH_BYTES: usize = 32;

impl Bundle {
    /// Reads one Sigstore bundle of version 0.1, 0.2 or 0.3.
    ///
    /// It is read as protobuf's JSON, strictly: names are in lowerCamelCase and enumerators are texts, `null` is as good
    /// as absent and an absent number is 0, numbers of 64 bits are texts or numbers in plain digits, and base64 is of
    /// either alphabet, with or without padding. Another media type, an unknown member, one that is there twice, two
    /// that exclude each other, a byte order mark, and anything after the document are malformed. Nothing of it is
    /// verified, and no certificate, log entry or timestamp is looked into.
    ///
    /// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Bundle`] says what is wrong, with the path of the member:
    /// `verificationMaterial.tlogEntries[2].logIndex`.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, MalformedInput> {
        document(json.as_ref()).and_then(|document| read_bundle(&document)).map_err(MalformedInput::bundle)
    }
}

/// One document, no larger than a bundle may be.
pub(crate) fn document(json: &[u8]) -> Result<Place<'_, '_>, String> {
    if json.len() > MAX_BUNDLE_JSON_BYTES {
        return Err(format!("it is longer than {MAX_BUNDLE_JSON_BYTES} bytes"));
    }
    Place::document(json)
}

/// Reads the bundles of JSON Lines: one Sigstore bundle a line, as `gh attestation download` writes them. Blank lines are
/// ignored.
///
/// One bad bundle fails the call; [`read_bundles`] reads on.
///
/// With what it returns, it takes no more memory than [four times](crate::limits#memory) the JSON.
///
/// # Errors
///
/// [`MalformedInput::Bundle`] for the first bad bundle, and if the text is longer than [`MAX_BUNDLES_JSON_BYTES`].
///
/// ```
/// let bundles = countermark::bundles_from_json_lines("\n")?;
/// assert!(bundles.is_empty());
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
pub fn bundles_from_json_lines(json: impl AsRef<[u8]>) -> Result<Vec<Bundle>, MalformedInput> {
    let json = json.as_ref();
    if json.len() > MAX_BUNDLES_JSON_BYTES {
        return Err(MalformedInput::bundle(format!("it is longer than {MAX_BUNDLES_JSON_BYTES} bytes")));
    }
    let mut bundles = Vec::new();
    for bundle in read_bundles(json) {
        push_tightly(&mut bundles, bundle?);
    }
    Ok(bundles)
}

/// Grows the list by an eighth: one that doubles would, old and new together, be several times what it is read from.
pub(crate) fn push_tightly<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact((list.len() / 8).max(4));
    }
    list.push(item);
}

/// Reads the bundles of JSON Lines one by one. A line that is malformed yields its error, and those after it are still
/// read; after [`MAX_RECORD_FAULTS`] malformed ones the next is the last, and says that reading stopped there.
///
/// While it reads a bundle it takes no more memory than [four times](crate::limits#memory) that bundle's JSON.
///
/// ```
/// let results: Vec<_> = countermark::read_bundles(b"{}\n[]\n").collect();
/// assert_eq!(results.len(), 2);
/// assert!(results.iter().all(Result::is_err));
/// ```
#[must_use]
pub const fn read_bundles(json: &[u8]) -> BundleReader<'_> {
    BundleReader { rest: json, index: 0, faults: 0 }
}

/// The iterator that [`read_bundles`] returns.
#[derive(Clone, Debug)]
pub struct BundleReader<'a> {
    rest: &'a [u8],
    index: usize,
    faults: usize,
}

impl Iterator for BundleReader<'_> {
    type Item = Result<Bundle, MalformedInput>;

    fn next(&mut self) -> Option<Self::Item> {
        let (line, rest) = json::next_line(self.rest)?;
        self.rest = rest;
        let index = self.index;
        self.index = index.saturating_add(1);
        let result = Bundle::from_json(line).map_err(|fault| {
            self.faults = self.faults.saturating_add(1);
            if self.faults <= MAX_RECORD_FAULTS {
                return fault;
            }
            self.rest = &[];
            MalformedInput::bundle(format!(
                "reading stopped here, for {MAX_RECORD_FAULTS} bundles before this malformed one are malformed too: what follows was not read and cannot be judged"
            ))
        });
        Some(result.map_err(|fault| fault.in_record(index)))
    }
}

/// The bundle that stands in a document of several.
pub(crate) fn read_bundle_in(place: &Place<'_, '_>) -> Result<Bundle, String> {
    check_bundle_length(place)?;
    read_bundle(place)
}

/// That what stands at a place is no longer than a bundle may be.
pub(crate) fn check_bundle_length(place: &Place<'_, '_>) -> Result<(), String> {
    if place.json_bytes() > MAX_BUNDLE_JSON_BYTES {
        return Err(place.fault(format_args!("is longer than {MAX_BUNDLE_JSON_BYTES} bytes")));
    }
    Ok(())
}

/// The bundle that stands at a place.
///
/// Absent bytes are as good as none, so that a signature, certificate, timestamp or promise that is not there where it
/// should be fails by its own rule, and says so.
pub(crate) fn read_bundle(place: &Place<'_, '_>) -> Result<Bundle, String> {
    let [media_type, material, message, envelope] =
        place.members(["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"])?;
    let version = read_version(&media_type)?;
    let material = material.required()?;
    let [chain, certificate, key, entries, timestamps] = material.members([
        "x509CertificateChain",
        "certificate",
        "publicKey",
        "tlogEntries",
        "timestampVerificationData",
    ])?;
    let key_material = read_key_material(version, material, &chain, &certificate, &key)?;
    let content = match (message.there(), envelope.there()) {
        (Some(message), None) => read_message(message)?,
        (None, Some(envelope)) => {
            let hint = match &key_material {
                KeyMaterial::Hint(hint) => Some(hint.as_str()),
                KeyMaterial::Certificates(_) => None,
            };
            Content::Envelope(read_envelope(envelope, hint)?)
        }
        (Some(_), Some(_)) => return Err(format!("both `{message}` and `{envelope}` are there; one may be")),
        (None, None) => return Err(format!("neither `{message}` nor `{envelope}` is there; one must be")),
    };
    Ok(Bundle {
        version,
        key_material,
        content,
        log_entries: read_log_entries(&entries)?,
        timestamps: read_timestamps(&timestamps)?,
    })
}

fn read_version(media_type: &Place<'_, '_>) -> Result<BundleVersion, String> {
    let given = media_type.required()?.text()?;
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == given);
    known.map(|(_, version)| *version).ok_or_else(|| {
        if given.starts_with(TRUSTED_ROOT_MEDIA_TYPE) {
            return media_type.fault("is a trusted root's, where a bundle is meant");
        }
        media_type.fault(format_args!(
            "is {}; the versions that are read are 0.1, 0.2 and 0.3, {:?} for one",
            Excerpt(&given),
            MEDIA_TYPES.last().map_or("", |(last, _)| last),
        ))
    })
}

fn read_key_material(
    version: BundleVersion,
    material: &Place<'_, '_>,
    chain: &Place<'_, '_>,
    certificate: &Place<'_, '_>,
    key: &Place<'_, '_>,
) -> Result<KeyMaterial, String> {
    let mut there = [chain, certificate, key].into_iter().filter(|place| place.is_there());
    let (first, second) = (there.next(), there.next());
    if let Some((first, second)) = first.zip(second) {
        return Err(format!("both `{first}` and `{second}` are there; one may be"));
    }
    if key.is_there() {
        let [hint] = key.members(["hint"])?;
        return Ok(KeyMaterial::Hint(hint.text()?.into_owned()));
    }
    let has_chain = version < BundleVersion::V0_3;
    if has_chain && certificate.is_there() {
        return Err(
            certificate.fault("is a member of version 0.3; before it there is `x509CertificateChain`")
        );
    }
    if !has_chain && chain.is_there() {
        return Err(chain.fault("is a member of versions before 0.3, in which there is `certificate`"));
    }
    if certificate.is_there() {
        return Ok(KeyMaterial::Certificates(vec![read_certificate(certificate)?]));
    }
    if chain.is_there() {
        let certificates = read_chain(chain, MAX_BUNDLE_CERTIFICATES)?;
        return Ok(KeyMaterial::Certificates(certificates));
    }
    let of_version = if has_chain { "x509CertificateChain" } else { "certificate" };
    Err(material.fault(format_args!("has neither `{of_version}` nor `publicKey`; one must be there")))
}

/// A chain's certificates, at least one, none of them looked into.
pub(crate) fn read_chain(chain: &Place<'_, '_>, most: usize) -> Result<Vec<Vec<u8>>, String> {
    let [certificates] = chain.members(["certificates"])?;
    let items = certificates.few_items(most)?;
    if items.is_empty() {
        return Err(certificates.fault("has no certificate"));
    }
    let mut chain = Vec::with_capacity(items.len());
    for certificate in &items {
        chain.push(read_certificate(certificate)?);
    }
    Ok(chain)
}

fn read_certificate(certificate: &Place<'_, '_>) -> Result<Vec<u8>, String> {
    let [der] = certificate.members(["rawBytes"])?;
    der.bytes()
}

fn read_message(message: &Place<'_, '_>) -> Result<Content, String> {
    let [digest, signature] = message.members(["messageDigest", "signature"])?;
    let digest = digest.there().map(read_message_digest).transpose()?;
    Ok(Content::Message { digest, signature: signature.bytes()? })
}

fn read_message_digest(place: &Place<'_, '_>) -> Result<MessageDigest, String> {
    let [algorithm, digest] = place.members(["algorithm", "digest"])?;
    let name = match algorithm.text()? {
        absent if absent.is_empty() && !algorithm.is_there() => "HASH_ALGORITHM_UNSPECIFIED".into(),
        name => name,
    };
    let Some((_, known)) = HASH_ALGORITHMS.iter().find(|(known, _)| *known == name) else {
        return Err(algorithm.fault(format_args!("is {}, which names no hash algorithm", Excerpt(&name))));
    };
    let bytes = digest.bytes()?;
    let Some(known) = *known else {
        return Ok(MessageDigest::Unknown { algorithm: name.into_owned() });
    };
    Digest::new(known, &bytes).map(MessageDigest::Known).ok_or_else(|| {
        let (has, wanted) = (bytes.len(), known.digest_bytes());
        digest.fault(format_args!("has {has} bytes, where {name} has {wanted}"))
    })
}

/// An envelope with one signature, whose `keyid` is empty or the hint if there is one.
pub(crate) fn read_envelope(envelope: &Place<'_, '_>, hint: Option<&str>) -> Result<Envelope, String> {
    let [payload, payload_type, signatures] = envelope.members(["payload", "payloadType", "signatures"])?;
    let mut items = signatures.items()?;
    let (Some(signature), None) = (items.next(), items.next()) else {
        let count = signatures.items()?.count();
        return Err(signatures.fault(format_args!("has {count} signatures, where there must be one")));
    };
    let [signature, key_id] = signature.members(["sig", "keyid"])?;
    let read_key_id = key_id.text()?;
    if hint.is_some_and(|hint| !read_key_id.is_empty() && read_key_id != hint) {
        let read_key_id = Excerpt(&read_key_id);
        return Err(key_id.fault(format_args!("is {read_key_id}, and not the hint of the bundle's key")));
    }
    Ok(Envelope {
        payload_type: payload_type.text()?.into_owned(),
        payload: payload.bytes()?,
        signature: signature.bytes()?,
        key_id: read_key_id.into_owned(),
    })
}

/// The entries of logs, of which no two are the same.
pub(crate) fn read_log_entries(place: &Place<'_, '_>) -> Result<Vec<LogEntry>, String> {
    let items = place.few_items(MAX_LOG_ENTRIES)?;
    let mut entries: Vec<LogEntry> = Vec::with_capacity(items.len());
    for item in &items {
        let entry = read_log_entry(item)?;
        if let Some(earlier) = entries.iter().position(|earlier| is_same(earlier, &entry)) {
            return Err(item.fault(format_args!("is the same entry as [{earlier}]")));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Whether two are of one log, at one index, with one body. The rest may be altered by whoever repeats an entry. So may the
/// outer index in Rekor's first version, unless both have a promise: then the proof's is the one that is verified.
fn is_same(one: &LogEntry, other: &LogEntry) -> bool {
    let is_of_rekor_2 = |entry: &LogEntry| {
        LogBodyKind::of(&entry.kind, &entry.version).is_some_and(LogBodyKind::is_of_rekor_2)
    };
    let proven = |entry: &LogEntry| {
        entry.inclusion_proof.as_ref().filter(|_| !is_of_rekor_2(entry)).map(|proof| proof.log_index)
    };
    let are_promised = one.inclusion_promise.is_some() && other.inclusion_promise.is_some();
    let is_at_one_index = one.log_index == other.log_index
        || (!are_promised && proven(one).is_some() && proven(one) == proven(other));
    one.log_id == other.log_id && is_at_one_index && one.canonicalized_body == other.canonicalized_body
}

fn read_log_entry(entry: &Place<'_, '_>) -> Result<LogEntry, String> {
    let [log_index, log_id, kind_version, integrated_time, promise, proof, body] = entry.members([
        "logIndex",
        "logId",
        "kindVersion",
        "integratedTime",
        "inclusionPromise",
        "inclusionProof",
        "canonicalizedBody",
    ])?;
    let [key_id] = log_id.required()?.members(["keyId"])?;
    let [kind, version] = kind_version.required()?.members(["kind", "version"])?;
    let integrated_time = match integrated_time.number()? {
        0 => None,
        seconds => Some(seconds),
    };
    let inclusion_promise = match promise.there() {
        Some(promise) => {
            let [set] = promise.members(["signedEntryTimestamp"])?;
            Some(set.bytes()?)
        }
        None => None,
    };
    Ok(LogEntry {
        log_index: log_index.number()?,
        log_id: key_id.required_bytes()?,
        kind: kind.required_text()?.into_owned(),
        version: version.required_text()?.into_owned(),
        integrated_time,
        inclusion_promise,
        inclusion_proof: proof.there().map(read_proof).transpose()?,
        canonicalized_body: body.required_bytes()?,
    })
}

fn read_proof(proof: &Place<'_, '_>) -> Result<InclusionProof, String> {
    let [log_index, root_hash, tree_size, hashes, checkpoint] =
        proof.members(["logIndex", "rootHash", "treeSize", "hashes", "checkpoint"])?;
    // The first hash that no proof has, by its length or because there are too many, spoils it. What follows is read, and
    // not kept: very many empty ones would take many times the room that they take as JSON.
    let mut read_hashes: Vec<Vec<u8>> = Vec::new();
    for hash in hashes.items()? {
        let hash = hash.bytes()?;
        let is_spoilt = read_hashes.len() > MAX_PROOF_HASHES
            || read_hashes.last().is_some_and(|last| last.len() != HASH_BYTES);
        if !is_spoilt {
            push_tightly(&mut read_hashes, hash);
        }
    }
    let checkpoint = match checkpoint.there() {
        Some(checkpoint) => {
            let [note] = checkpoint.members(["envelope"])?;
            Some(note.text()?.into_owned()).filter(|note| !note.is_empty())
        }
        None => None,
    };
    Ok(InclusionProof {
        log_index: log_index.number()?,
        root_hash: root_hash.bytes()?,
        tree_size: tree_size.number()?,
        hashes: read_hashes,
        checkpoint,
    })
}

/// The signed timestamps, of which no two are the same.
fn read_timestamps(data: &Place<'_, '_>) -> Result<Vec<Vec<u8>>, String> {
    let Some(data) = data.there() else { return Ok(Vec::new()) };
    let [timestamps] = data.members(["rfc3161Timestamps"])?;
    let items = timestamps.few_items(MAX_TIMESTAMPS)?;
    let mut timestamps: Vec<Vec<u8>> = Vec::with_capacity(items.len());
    for item in &items {
        let [token] = item.members(["signedTimestamp"])?;
        let token = token.bytes()?;
        if let Some(earlier) = timestamps.iter().position(|earlier| *earlier == token) {
            return Err(item.fault(format_args!("is the same timestamp as [{earlier}]")));
        }
        timestamps.push(token);
    }
    Ok(timestamps)
}
