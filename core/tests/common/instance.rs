//! A whole Sigstore instance for tests, and bundles that it vouches for, with full control over what is in them: also over
//! what must not be. Only tests of bundles take this module in.

#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use super::common::certificates::{
    Certificate, Extension, Key, NOT_BEFORE, at, extension, name, oid, sequence, subject_names, tlv,
};
use super::common::tokens::{self, Token};
use base64ct::{Base64, Encoding};
use countermark::{
    Artifact, Bundle, BundlePolicy, Code, HashAlgorithm, Period, Timestamp, TrustedRoot, Verifier,
};
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const ARTIFACT: &[u8] = b"the artifact";
pub const IDENTITY: &str = "https://github.com/org/repo/.github/workflows/release.yml@refs/tags/v1";
pub const IN_TOTO: &str = "application/vnd.in-toto+json";
pub const PREDICATE_TYPE: &str = "https://slsa.dev/provenance/v1";
pub const V0_1: &str = "application/vnd.dev.sigstore.bundle+json;version=0.1";
pub const V0_2: &str = "application/vnd.dev.sigstore.bundle+json;version=0.2";
pub const V0_3: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";

pub fn b64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

pub fn unb64(text: &Value) -> Vec<u8> {
    Base64::decode_vec(text.as_str().unwrap()).unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let text = b64(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A key of any kind that signs here.
#[derive(Clone)]
pub enum AnyKey {
    Ec(Key),
    Ed25519(ed25519_dalek::SigningKey),
}

impl AnyKey {
    pub fn p256(seed: u8) -> Self {
        Self::Ec(Key::p256(seed))
    }

    pub fn p384(seed: u8) -> Self {
        Self::Ec(Key::p384(seed))
    }

    pub fn ed25519(seed: u8) -> Self {
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn public_key_info(&self) -> Vec<u8> {
        match self {
            Self::Ec(key) => key.public_key_info(),
            Self::Ed25519(key) => {
                let bits = [&[0][..], key.verifying_key().as_bytes()].concat();
                sequence(&[sequence(&[oid("1.3.101.112")]), tlv(0x03, &bits)])
            }
        }
    }

    /// Signs as keys of its kind do: on P-384 with SHA-384.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ec(key @ Key::P384(_)) => key.sign_sha384(message),
            Self::Ec(key) => key.sign_sha256(message),
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
        }
    }

    pub fn key_details(&self) -> &'static str {
        match self {
            Self::Ec(Key::P384(_)) => "PKIX_ECDSA_P384_SHA_384",
            Self::Ec(_) => "PKIX_ECDSA_P256_SHA_256",
            Self::Ed25519(_) => "PKIX_ED25519",
        }
    }

    pub fn hash(&self) -> HashAlgorithm {
        match self {
            Self::Ec(Key::P384(_)) => HashAlgorithm::Sha384,
            _ => HashAlgorithm::Sha256,
        }
    }
}

/// A period as a trusted root has it.
#[derive(Clone)]
pub struct Times {
    pub start: String,
    pub end: Option<String>,
}

impl Times {
    /// From so many seconds into the leaf's validity to so many.
    pub fn between(start: i64, end: i64) -> Self {
        Self { start: at(start).to_string(), end: Some(at(end).to_string()) }
    }

    pub fn json(&self) -> Value {
        match &self.end {
            Some(end) => json!({"start": self.start, "end": end}),
            None => json!({"start": self.start}),
        }
    }

    pub fn period(&self) -> Period {
        let time = |text: &String| text.parse::<Timestamp>().unwrap();
        Period::new(time(&self.start), self.end.as_ref().map(time))
    }
}

impl Default for Times {
    fn default() -> Self {
        Self::between(-5_000, 5_000)
    }
}

/// An authority that certifies signers: a root, and an intermediate that issues leaves.
#[derive(Clone)]
pub struct Authority {
    pub root_key: Key,
    pub root: Certificate,
    pub key: Key,
    pub intermediate: Certificate,
    pub times: Times,
}

impl Authority {
    pub fn new(prefix: &str, seed: u8) -> Self {
        let (root_key, key) = (Key::p256(seed), Key::p256(seed + 1));
        let (root_name, intermediate_name) = (format!("{prefix} root"), format!("{prefix} intermediate"));
        Self {
            root: Certificate::authority(&root_name, &root_key, &root_name),
            intermediate: Certificate::authority(&intermediate_name, &key, &root_name),
            root_key,
            key,
            times: Times::default(),
        }
    }

    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.intermediate.sign(&self.root_key), self.root.sign(&self.root_key)]
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Rekor1,
    Rekor2,
}

/// A transparency log or a certificate log.
#[derive(Clone)]
pub struct Log {
    pub version: Version,
    pub key: AnyKey,
    /// The host.
    pub host: String,
    pub times: Times,
    pub operator: Option<String>,
}

impl Log {
    pub fn new(version: Version, host: &str, key: AnyKey) -> Self {
        Self { version, key, host: host.into(), times: Times::default(), operator: None }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.host)
    }

    fn named_id(&self) -> Vec<u8> {
        let info = self.key.public_key_info();
        match &self.key {
            AnyKey::Ec(_) => sha256(&info),
            AnyKey::Ed25519(key) => {
                sha256(&[self.host.as_bytes(), b"\n\x01", key.verifying_key().as_bytes()].concat())
            }
        }
    }

    pub fn id(&self) -> Vec<u8> {
        match self.version {
            Version::Rekor1 => sha256(&self.key.public_key_info()),
            Version::Rekor2 => self.named_id(),
        }
    }

    pub fn origin(&self) -> String {
        match self.version {
            Version::Rekor1 => format!("{} - 1193050959916656506", self.host),
            Version::Rekor2 => self.host.clone(),
        }
    }

    /// A signed note of this text under the log's own name.
    pub fn note(&self, text: &str) -> String {
        self.note_as(&self.host, text)
    }

    pub fn note_as(&self, name: &str, text: &str) -> String {
        format!("{text}\n{}", self.note_line(name, text))
    }

    pub fn note_line(&self, name: &str, text: &str) -> String {
        let id = &self.named_id()[..4];
        format!("— {name} {}\n", b64(&[id, &self.key.sign(text.as_bytes())].concat()))
    }

    pub fn checkpoint_text(&self, size: u64, root: &[u8]) -> String {
        format!("{}\n{size}\n{}\n", self.origin(), b64(root))
    }

    /// What the log's signed entry timestamp is over.
    pub fn promise(&self, body: &[u8], integrated: i64, index: u64) -> Vec<u8> {
        let (body, id) = (b64(body), hex(&self.id()));
        let text =
            format!(r#"{{"body":"{body}","integratedTime":{integrated},"logID":"{id}","logIndex":{index}}}"#);
        self.key.sign(text.as_bytes())
    }

    /// A certificate's timestamp, for a signed part under an issuer's key.
    pub fn certificate_timestamp(&self, signed_part: &[u8], issuer_key: &[u8], milliseconds: u64) -> Vec<u8> {
        let length = u32::try_from(signed_part.len()).unwrap().to_be_bytes();
        let message = [
            &[0, 0][..],
            &milliseconds.to_be_bytes(),
            &[0, 1],
            &sha256(issuer_key),
            &length[1..],
            signed_part,
            &[0, 0],
        ]
        .concat();
        let signature = self.key.sign(&message);
        let hash = if self.key.hash() == HashAlgorithm::Sha384 { 5 } else { 4 };
        let length = u16::try_from(signature.len()).unwrap().to_be_bytes();
        [&[0][..], &self.id(), &milliseconds.to_be_bytes(), &[0, 0, hash, 3], &length, &signature].concat()
    }

    pub fn json(&self) -> Value {
        let mut json = json!({
            "baseUrl": self.url(), "hashAlgorithm": "SHA2_256",
            "publicKey": {
                "rawBytes": b64(&self.key.public_key_info()), "keyDetails": self.key.key_details(),
                "validFor": self.times.json(),
            },
            "logId": {"keyId": b64(&self.id())},
        });
        if let Some(operator) = &self.operator {
            json["operator"] = json!(operator);
        }
        json
    }
}

/// The value of the extension for these certificate timestamps.
pub fn timestamp_list(timestamps: &[Vec<u8>]) -> Extension {
    let with_length = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let list: Vec<u8> = timestamps.iter().flat_map(|timestamp| with_length(timestamp)).collect();
    extension(SCT_LIST, false, tlv(0x04, &with_length(&list)))
}

/// A timestamp authority of an instance.
pub struct Tsa {
    pub authority: tokens::Authority,
    pub times: Times,
    pub operator: Option<String>,
}

impl Tsa {
    pub fn new(prefix: &str, seed: u8) -> Self {
        let mut authority = tokens::authority();
        (authority.root_key, authority.key) = (Key::p256(seed), Key::p256(seed + 1));
        let root_name = format!("{prefix} tsa root");
        authority.root = Certificate::authority(&root_name, &authority.root_key, &root_name);
        authority.signer.issuer = name(&root_name);
        authority.signer.public_key = authority.key.public_key_info();
        Self { authority, times: Times::default(), operator: None }
    }

    /// A token over these bytes, so many seconds into the leaf's validity.
    pub fn token(&self, message: &[u8], seconds: i64) -> Vec<u8> {
        self.draft(message, seconds).sign(&self.authority.key)
    }

    pub fn draft(&self, message: &[u8], seconds: i64) -> Token {
        Token { time: tokens::time_text(seconds), ..self.authority.token(message) }
    }
}

/// Everything that is trusted together.
pub struct Instance {
    pub authorities: Vec<Authority>,
    pub certificate_logs: Vec<Log>,
    pub logs: Vec<Log>,
    pub timestamp_authorities: Vec<Tsa>,
}

/// The positions in [`Instance::logs`].
pub const REKOR_1: usize = 0;
pub const REKOR_2: usize = 1;

impl Instance {
    /// One of each; the number makes all of its keys and names other than those of another number's.
    pub fn new(number: u8) -> Self {
        let seed = 40 + number * 40;
        let prefix = format!("i{number}");
        Self {
            authorities: vec![Authority::new(&prefix, seed)],
            certificate_logs: vec![Log::new(
                Version::Rekor1,
                &format!("ct.{prefix}.example"),
                AnyKey::p256(seed + 2),
            )],
            logs: vec![
                Log::new(Version::Rekor1, &format!("rekor.{prefix}.example"), AnyKey::p256(seed + 3)),
                Log::new(Version::Rekor2, &format!("log2025.{prefix}.example"), AnyKey::ed25519(seed + 4)),
            ],
            timestamp_authorities: vec![Tsa::new(&prefix, seed + 5)],
        }
    }

    /// Without logs and certificate logs, as GitHub's own.
    pub fn like_github(number: u8) -> Self {
        Self { certificate_logs: vec![], logs: vec![], ..Self::new(number) }
    }

    pub fn json(&self) -> Value {
        let authority = |chain: &[Vec<u8>], times: &Times, operator: &Option<String>| {
            let certificates: Vec<Value> = chain.iter().map(|der| json!({"rawBytes": b64(der)})).collect();
            let mut json = json!({"certChain": {"certificates": certificates}, "validFor": times.json()});
            if let Some(operator) = operator {
                json["operator"] = json!(operator);
            }
            json
        };
        json!({
            "mediaType": "application/vnd.dev.sigstore.trustedroot.v0.2+json",
            "tlogs": self.logs.iter().map(Log::json).collect::<Vec<_>>(),
            "certificateAuthorities": self.authorities.iter()
                .map(|listed| authority(&listed.chain(), &listed.times, &None)).collect::<Vec<_>>(),
            "ctlogs": self.certificate_logs.iter().map(Log::json).collect::<Vec<_>>(),
            "timestampAuthorities": self.timestamp_authorities.iter()
                .map(|tsa| authority(&tsa.authority.chain(), &tsa.times, &tsa.operator)).collect::<Vec<_>>(),
        })
    }

    pub fn root(&self) -> TrustedRoot {
        TrustedRoot::from_json(self.json().to_string()).unwrap()
    }

    pub fn verifier(&self) -> Verifier {
        Verifier::from_trusted_root(&self.root())
    }
}

/// Who signs.
#[derive(Clone)]
pub enum Material {
    /// A leaf under the instance's first authority. What the chain has beside it comes after.
    Leaf { certificate: Certificate, others: Vec<Vec<u8>> },
    /// A key, with the hint.
    Key(String),
}

/// What is signed.
#[derive(Clone)]
pub enum Content {
    Message { bytes: Vec<u8>, digest: Option<Value> },
    Envelope { payload_type: String, payload: Vec<u8>, key_id: Option<String> },
}

/// An entry of a log that is to be made.
#[derive(Clone)]
pub struct Entry {
    pub log: Log,
    pub kind: &'static str,
    pub version: &'static str,
    /// Seconds into the leaf's validity.
    pub integrated: i64,
    pub has_promise: bool,
    pub has_proof: bool,
    pub has_checkpoint: bool,
    pub outer_index: u64,
    /// Where the proof says that it is.
    pub index: u64,
    /// Where it is, below [`TREE_SIZE`].
    pub position: u64,
    /// Changes the body before the log takes it.
    pub body: fn(&mut Value),
    /// Changes the checkpoint's text before the log signs it.
    pub checkpoint: fn(String) -> String,
}

/// How many entries every log has.
pub const TREE_SIZE: u64 = 64;

impl Entry {
    /// The same signing once more in the same log.
    pub fn again(&self) -> Self {
        let (index, position) = (self.index + 1, self.position + 1);
        Self { outer_index: self.outer_index + 1, index, position, ..self.clone() }
    }

    pub fn new(log: &Log, kind: &'static str, version: &'static str) -> Self {
        let is_v2 = log.version == Version::Rekor2;
        Self {
            log: log.clone(),
            kind,
            version,
            integrated: 8,
            has_promise: !is_v2,
            has_proof: true,
            has_checkpoint: true,
            outer_index: if is_v2 { 2 } else { 1_000_002 },
            index: 2,
            position: 2,
            body: |_| {},
            checkpoint: |text| text,
        }
    }
}

/// A bundle that is to be made.
#[derive(Clone)]
pub struct Draft {
    pub media_type: &'static str,
    pub key: AnyKey,
    /// Signs by SHA-256 whatever the key, as old clients did.
    pub signs_by_sha256: bool,
    pub material: Material,
    pub content: Content,
    /// The instance's certificate logs that have the leaf, each with seconds into its validity, and milliseconds.
    pub certificate_timestamps: Vec<(Log, i64, u64)>,
    pub entries: Vec<Entry>,
    /// Positions of timestamp authorities, each with seconds into the leaf's validity.
    pub timestamps: Vec<(usize, i64)>,
}

/// A statement about the artifact.
pub fn statement() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "artifact.tar.gz", "digest": {"sha256": hex(&sha256(ARTIFACT))}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": {"builder": 1},
    })
}

pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let start = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [start.as_bytes(), payload].concat()
}

pub fn uri_name(uri: &str) -> Extension {
    subject_names(&[super::common::certificates::general_name(6, uri.as_bytes())])
}

impl Draft {
    fn new(instance: &Instance, content: Content) -> Self {
        let key = AnyKey::p256(11);
        let AnyKey::Ec(leaf_key) = &key else { unreachable!() };
        let issuer = instance.authorities[0].intermediate.subject.clone();
        let certificate = Certificate { issuer, ..Certificate::leaf(leaf_key, "") }.with(uri_name(IDENTITY));
        Self {
            media_type: V0_3,
            key,
            signs_by_sha256: false,
            material: Material::Leaf { certificate, others: vec![] },
            content,
            certificate_timestamps: instance.certificate_logs.iter().map(|log| (log.clone(), 1, 0)).collect(),
            entries: vec![],
            timestamps: vec![],
        }
    }

    /// A message signature of version 0.3 with an entry of Rekor's first version.
    pub fn message(instance: &Instance) -> Self {
        let mut draft = Self::new(instance, Content::Message { bytes: ARTIFACT.to_vec(), digest: None });
        draft.entries.push(Entry::new(&instance.logs[REKOR_1], "hashedrekord", "0.0.1"));
        draft
    }

    /// An envelope with a statement, an entry of Rekor's second version and a signed timestamp.
    pub fn envelope(instance: &Instance) -> Self {
        let mut draft = Self::new(instance, Self::enveloped(&statement()));
        draft.entries.push(Entry::new(&instance.logs[REKOR_2], "hashedrekord", "0.0.2"));
        draft.timestamps.push((0, 9));
        draft
    }

    /// An envelope with a statement and a signed timestamp alone.
    pub fn like_github(instance: &Instance) -> Self {
        let mut draft = Self::new(instance, Self::enveloped(&statement()));
        draft.timestamps.push((0, 9));
        draft
    }

    pub fn enveloped(statement: &Value) -> Content {
        let payload = statement.to_string().into_bytes();
        Content::Envelope { payload_type: IN_TOTO.into(), payload, key_id: None }
    }

    pub fn of_statement(mut self, statement: &Value) -> Self {
        self.content = Self::enveloped(statement);
        self
    }

    pub fn with_key(mut self, key: AnyKey) -> Self {
        if let Material::Leaf { certificate, .. } = &mut self.material {
            certificate.public_key = key.public_key_info();
        }
        self.key = key;
        self
    }

    /// Signed with the bare key, of this hint.
    pub fn by_key(mut self, hint: &str) -> Self {
        self.material = Material::Key(hint.into());
        self
    }

    pub fn leaf(&mut self) -> &mut Certificate {
        match &mut self.material {
            Material::Leaf { certificate, .. } => certificate,
            Material::Key(_) => panic!("there is no leaf"),
        }
    }

    /// What the signature is over.
    pub fn signed(&self) -> Vec<u8> {
        match &self.content {
            Content::Message { bytes, .. } => bytes.clone(),
            Content::Envelope { payload_type, payload, .. } => {
                pre_authentication_encoding(payload_type, payload)
            }
        }
    }

    fn hash(&self) -> HashAlgorithm {
        if self.signs_by_sha256 { HashAlgorithm::Sha256 } else { self.key.hash() }
    }

    fn sign(&self) -> Vec<u8> {
        match &self.key {
            AnyKey::Ec(key) if self.signs_by_sha256 => key.sign_sha256(&self.signed()),
            key => key.sign(&self.signed()),
        }
    }

    /// The leaf with its certificate timestamps.
    pub fn leaf_der(&self, instance: &Instance) -> Vec<u8> {
        let Material::Leaf { certificate, .. } = &self.material else { return vec![] };
        let issuer = &instance.authorities[0].key;
        if self.certificate_timestamps.is_empty() {
            return certificate.sign(issuer);
        }
        let positions = 0..self.certificate_timestamps.len();
        let timestamps: Vec<Vec<u8>> =
            positions.map(|position| self.certificate_timestamp(instance, position)).collect();
        certificate.clone().with(timestamp_list(&timestamps)).sign(issuer)
    }

    /// What one of its certificate logs says of the leaf.
    pub fn certificate_timestamp(&self, instance: &Instance, position: usize) -> Vec<u8> {
        let Material::Leaf { certificate, .. } = &self.material else { return vec![] };
        let (log, seconds, milliseconds) = &self.certificate_timestamps[position];
        let mut signed_part = Vec::new();
        let algorithm = sequence(&[oid("1.2.840.10045.4.3.2")]);
        certificate.sign_by(algorithm, |part| {
            signed_part = part.to_vec();
            vec![]
        });
        let time = u64::try_from(NOT_BEFORE + seconds).unwrap() * 1_000 + milliseconds;
        let issuer_key = instance.authorities[0].key.public_key_info();
        log.certificate_timestamp(&signed_part, &issuer_key, time)
    }

    /// The JSON of the bundle.
    pub fn json(&self, instance: &Instance) -> Value {
        let signature = self.sign();
        let leaf = self.leaf_der(instance);
        let mut material = json!({});
        match &self.material {
            Material::Key(hint) => material["publicKey"] = json!({"hint": hint}),
            Material::Leaf { .. } if self.media_type == V0_3 => {
                material["certificate"] = json!({"rawBytes": b64(&leaf)});
            }
            Material::Leaf { others, .. } => {
                let chain = [leaf.clone()].into_iter().chain(others.iter().cloned());
                let chain: Vec<Value> = chain.map(|der| json!({"rawBytes": b64(&der)})).collect();
                material["x509CertificateChain"] = json!({"certificates": chain});
            }
        }
        let entries: Vec<Value> =
            self.entries.iter().map(|entry| self.entry_json(entry, &signature, &leaf)).collect();
        material["tlogEntries"] = json!(entries);
        let timestamps: Vec<Value> = self
            .timestamps
            .iter()
            .map(|(authority, seconds)| {
                let token = instance.timestamp_authorities[*authority].token(&signature, *seconds);
                json!({"signedTimestamp": b64(&token)})
            })
            .collect();
        material["timestampVerificationData"] = json!({"rfc3161Timestamps": timestamps});
        let mut bundle = json!({"mediaType": self.media_type, "verificationMaterial": material});
        match &self.content {
            Content::Message { digest, .. } => {
                bundle["messageSignature"] = json!({"messageDigest": digest, "signature": b64(&signature)});
            }
            Content::Envelope { payload_type, payload, key_id } => {
                bundle["dsseEnvelope"] = json!({
                    "payload": b64(payload), "payloadType": payload_type,
                    "signatures": [{"sig": b64(&signature), "keyid": key_id}],
                });
            }
        }
        bundle
    }

    /// What the log is told of this signing.
    pub fn body(&self, kind: &str, version: &str, signature: &[u8], leaf: &[u8]) -> Value {
        let info = self.key.public_key_info();
        let (is_leaf, pem) = match &self.material {
            Material::Leaf { .. } => (true, b64(pem("CERTIFICATE", leaf).as_bytes())),
            Material::Key(_) => (false, b64(pem("PUBLIC KEY", &info).as_bytes())),
        };
        let digest = countermark::Digest::of(self.hash(), &self.signed());
        let payload = match &self.content {
            Content::Message { .. } => vec![],
            Content::Envelope { payload, .. } => payload.clone(),
        };
        let payload_type = match &self.content {
            Content::Message { .. } => "",
            Content::Envelope { payload_type, .. } => payload_type,
        };
        let some_hash = json!({"algorithm": "sha256", "value": hex(&[7; 32])});
        let payload_hash = json!({"algorithm": "sha256", "value": hex(&sha256(&payload))});
        let spec = match (kind, version) {
            ("hashedrekord", "0.0.2") => {
                let verifier = if is_leaf {
                    json!({"keyDetails": self.details(), "x509Certificate": {"rawBytes": b64(leaf)}})
                } else {
                    json!({"keyDetails": self.details(), "publicKey": {"rawBytes": b64(&info)}})
                };
                let algorithm = if self.hash() == HashAlgorithm::Sha384 { "SHA2_384" } else { "SHA2_256" };
                json!({"hashedRekordV002": {
                    "data": {"algorithm": algorithm, "digest": b64(digest.as_bytes())},
                    "signature": {"content": b64(signature), "verifier": verifier},
                }})
            }
            ("dsse", _) => json!({
                "envelopeHash": some_hash, "payloadHash": payload_hash,
                "signatures": [{"signature": b64(signature), "verifier": pem}],
            }),
            ("intoto", _) => json!({"content": {
                "envelope": {
                    "payloadType": payload_type,
                    "signatures": [{"publicKey": pem, "sig": b64(b64(signature).as_bytes())}],
                },
                "hash": some_hash, "payloadHash": payload_hash,
            }}),
            _ => json!({
                "data": {"hash": {"algorithm": digest.algorithm().name(), "value": hex(digest.as_bytes())}},
                "signature": {"content": b64(signature), "publicKey": {"content": pem}},
            }),
        };
        json!({"apiVersion": version, "kind": kind, "spec": spec})
    }

    fn details(&self) -> &'static str {
        match self.key {
            AnyKey::Ec(Key::P384(_)) if self.signs_by_sha256 => "PKIX_ECDSA_P384_SHA_256",
            _ => self.key.key_details(),
        }
    }

    fn entry_json(&self, entry: &Entry, signature: &[u8], leaf: &[u8]) -> Value {
        let mut body = self.body(entry.kind, entry.version, signature, leaf);
        (entry.body)(&mut body);
        entry.of_body(body.to_string().as_bytes())
    }

    pub fn bundle(&self, instance: &Instance) -> Bundle {
        read(&self.json(instance))
    }

    /// What the instance says of the artifact by this bundle, under the plain policy.
    pub fn code(&self, instance: &Instance) -> &'static str {
        self.code_under(instance, &policy())
    }

    pub fn code_under(&self, instance: &Instance, policy: &BundlePolicy) -> &'static str {
        code(&instance.verifier(), &self.bundle(instance), policy)
    }
}

impl Entry {
    /// The JSON of an entry of the log with this body.
    pub fn of_body(&self, body: &[u8]) -> Value {
        let siblings: Vec<Vec<u8>> =
            (0..TREE_SIZE.ilog2()).map(|level| sha256(&level.to_be_bytes())).collect();
        let leaf = sha256(&[&[0], body].concat());
        let root = siblings.iter().enumerate().fold(leaf, |node, (level, sibling)| {
            let is_right = self.position >> level & 1 == 1;
            let [left, right] = if is_right { [sibling, &node] } else { [&node, sibling] };
            sha256(&[&[1], left.as_slice(), right].concat())
        });
        let text = (self.checkpoint)(self.log.checkpoint_text(TREE_SIZE, &root));
        let hashes: Vec<String> = siblings.iter().map(|sibling| b64(sibling)).collect();
        let mut json = json!({
            "logIndex": self.outer_index.to_string(),
            "logId": {"keyId": b64(&self.log.id())},
            "kindVersion": {"kind": self.kind, "version": self.version},
            "canonicalizedBody": b64(body),
        });
        if self.log.version == Version::Rekor1 {
            json["integratedTime"] = json!((NOT_BEFORE + self.integrated).to_string());
        }
        if self.has_promise {
            let promise = self.log.promise(body, NOT_BEFORE + self.integrated, self.outer_index);
            json["inclusionPromise"] = json!({"signedEntryTimestamp": b64(&promise)});
        }
        if self.has_proof {
            json["inclusionProof"] = json!({
                "logIndex": self.index.to_string(), "rootHash": b64(&root), "treeSize": TREE_SIZE.to_string(),
                "hashes": hashes,
            });
            if self.has_checkpoint {
                json["inclusionProof"]["checkpoint"] = json!({"envelope": self.log.note(&text)});
            }
        }
        json
    }
}

pub fn read(bundle: &Value) -> Bundle {
    Bundle::from_json(bundle.to_string()).unwrap_or_else(|fault| panic!("{fault}"))
}

/// One log entry, one signed time, one certificate timestamp; the signer as drafts have it.
pub fn policy() -> BundlePolicy {
    BundlePolicy::for_sigstore(IDENTITY, super::common::certificates::ISSUER).unwrap()
}

/// The same, asking for so many log entries, signed times and certificate timestamps.
pub fn asking(log_entries: u32, signed_times: u32, certificate_timestamps: u32) -> BundlePolicy {
    policy()
        .with_log_entries(log_entries)
        .and_then(|policy| policy.with_signed_times(signed_times))
        .and_then(|policy| policy.with_certificate_timestamps(certificate_timestamps))
        .unwrap()
}

/// What the verifier says, after a check that `examine` says the same.
pub fn code<'p>(
    verifier: &Verifier,
    bundle: &Bundle,
    policy: impl Into<countermark::AnyBundlePolicy<'p>>,
) -> &'static str {
    code_of(verifier, &Artifact::from_bytes(ARTIFACT), bundle, policy)
}

pub fn code_of<'p>(
    verifier: &Verifier,
    artifact: &Artifact<'_>,
    bundle: &Bundle,
    policy: impl Into<countermark::AnyBundlePolicy<'p>>,
) -> &'static str {
    let policy = policy.into();
    let code = match verifier.verify_bundle(artifact, bundle, policy) {
        Ok(_) => Code::Verified,
        Err(rejection) => rejection.code(),
    };
    assert_eq!(
        verifier.examine_bundle(artifact, bundle, policy).verdict(),
        code,
        "examine disagrees with verify"
    );
    code.name()
}

/// The code of a bundle as JSON, be it malformed.
pub fn code_of_json(verifier: &Verifier, bundle: &Value, policy: &BundlePolicy) -> &'static str {
    match Bundle::from_json(bundle.to_string()) {
        Ok(bundle) => match verifier.verify_bundle(&Artifact::from_bytes(ARTIFACT), &bundle, policy) {
            Ok(_) => "verified",
            Err(rejection) => rejection.code().name(),
        },
        Err(_) => "malformed_bundle",
    }
}
