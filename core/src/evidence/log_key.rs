//! The key of a log, and what it is known by.

use crate::crypto::{AuthorityKey, HashAlgorithm, KeyDetails, KeyKind, SignatureAlgorithm, sha256};
use crate::evidence::checkpoint::Checkpoint;
use crate::evidence::note_key::{ED25519_TYPE, NoteKey, SignedBy, is_key_name, named_id, short};
use crate::evidence::signed_note::SignedNote;
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::text::quoting::Excerpt;
use crate::timestamp::Timestamp;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

/// 1.2.840.10045.2.1, `id-ecPublicKey`.
const EC: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
/// 1.3.101.112, `id-Ed25519`.
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];
/// 1.2.840.113549.1.1.1, `rsaEncryption`.
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

/// The key of a transparency log or of a certificate log, and from when to when it may be relied upon.
///
/// A transparency log is Rekor's, whose two versions sign different things, so that it must be told which one it is:
/// [`rekor_v1`](Self::rekor_v1) or [`rekor_v2`](Self::rekor_v2). What certifies certificates' timestamps (SCTs, RFC 6962) is a
/// [`certificate_log`](Self::certificate_log). A key of one sort vouches for nothing that is another's.
///
/// Signatures are by ECDSA with the hash of the curve's size, by Ed25519, or by RSA (PKCS #1 v1.5) with SHA-256. Ed25519 is
/// always accepted from logs, another algorithm if the verifier accepts it.
#[derive(Clone, Debug)]
pub struct LogKey {
    kind: Kind,
    id: [u8; 32],
    base_url: String,
    operator: Option<String>,
    /// Any of them will do.
    periods: Vec<Period>,
    public_key: Vec<u8>,
    /// What the key is, and by what it signs; nothing if this build does not verify it.
    key: Option<(Arc<AuthorityKey>, SignatureAlgorithm)>,
}

/// What a key is the key of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rekor(LogVersion),
    /// A log of Rekor that has the same ID in both versions. What an entry is tells which one it is.
    EitherRekor,
    CertificateLog,
}

/// The version of Rekor that a transparency log is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogVersion {
    V1,
    V2,
}

/// A log as a trusted root lists it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListedLog<'a> {
    pub(crate) base_url: &'a str,
    /// The name of what kind of key it is, a `PublicKeyDetails`.
    pub(crate) key_details: &'a str,
    /// The key: a `SubjectPublicKeyInfo`, or, where the name says so, an `RSAPublicKey`.
    pub(crate) key: &'a [u8],
    pub(crate) id: &'a [u8],
    /// The ID of the key in signed notes, if the root tells it.
    pub(crate) checkpoint_key_id: Option<&'a [u8]>,
    /// The name of the hash of the log's tree, a `HashAlgorithm`.
    pub(crate) hash_algorithm: &'a str,
    pub(crate) operator: Option<&'a str>,
    pub(crate) period: Period,
}

/// Why a log's key does not vouch for a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CheckpointFault {
    #[error("the checkpoint is of the log {}, not of {}", Excerpt(.found), Excerpt(.expected))]
    OtherLog { found: String, expected: String },
    #[error("the log's key is of a kind that is not accepted")]
    NotAccepted,
    #[error("the checkpoint has no signature by {} with the log's key", Excerpt(.name))]
    NotSigned { name: String },
    #[error("a signature of the checkpoint by {} does not verify with the log's key", Excerpt(.name))]
    BadSignature { name: String },
}

impl LogKey {
    /// The key of a log of Rekor's first version, which signs entry timestamps, and checkpoints under any host's name.
    ///
    /// `base_url` tells the log in results; `public_key` is the DER of a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the key is not sound, or of a kind that this build does not verify.
    pub fn rekor_v1(base_url: &str, public_key: &[u8], period: Period) -> Result<Self, MalformedInput> {
        Self::own(Kind::Rekor(LogVersion::V1), base_url, public_key, period)
    }

    /// The key of a log of Rekor's second version, which signs checkpoints under the host of its base URL: the log's
    /// *origin*. The URL's scheme, port and path may be there or not.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the URL has no host, or the key is not sound, or of a kind that this build does not
    /// verify.
    pub fn rekor_v2(base_url: &str, public_key: &[u8], period: Period) -> Result<Self, MalformedInput> {
        Self::own(Kind::Rekor(LogVersion::V2), base_url, public_key, period)
    }

    /// The key of a certificate log (RFC 6962), which signs certificates' timestamps.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the key is not sound, or of a kind that this build does not verify.
    pub fn certificate_log(
        base_url: &str,
        public_key: &[u8],
        period: Period,
    ) -> Result<Self, MalformedInput> {
        Self::own(Kind::CertificateLog, base_url, public_key, period)
    }

    /// The same log with who operates it. Of logs of one operator, one alone counts where several are demanded.
    #[must_use]
    pub fn operated_by(self, operator: impl Into<String>) -> Self {
        Self { operator: Some(operator.into()), ..self }
    }

    fn own(kind: Kind, base_url: &str, public_key: &[u8], period: Period) -> Result<Self, MalformedInput> {
        let refuse = |fault: &str| {
            MalformedInput::trust_anchor(format!("the key of the log {} {fault}", Excerpt(base_url)))
        };
        let info = PublicKeyInfo::from_der(public_key)
            .map_err(|fault| refuse(&format!("is no SubjectPublicKeyInfo in DER: {}", fault.0)))?;
        let key = AuthorityKey::for_evidence(&info)
            .and_then(|key| usual_algorithm(key.kind()).map(|algorithm| (Arc::new(key), algorithm)))
            .ok_or_else(|| refuse("is not sound, or of a kind that this build does not verify"))?;
        let id = match kind {
            Kind::Rekor(LogVersion::V2) => {
                let host = host(base_url).ok_or_else(|| refuse("has no host in its URL"))?;
                note_id(host, &info).unwrap_or_else(|| sha256(public_key))
            }
            _ => sha256(public_key),
        };
        Ok(Self {
            kind,
            id,
            base_url: base_url.into(),
            operator: None,
            periods: vec![period],
            public_key: public_key.to_vec(),
            key: Some(key),
        })
    }

    /// A transparency log of a trusted root. Its version follows from the rule that gives its ID.
    pub(crate) fn listed(log: &ListedLog<'_>) -> Result<Self, String> {
        Self::of_root(log, |public_key| {
            let v2 = host(log.base_url).map(|host| note_id(host, public_key));
            match (sha256(public_key.der) == log.id, v2) {
                (true, Some(Some(v2))) if v2 == log.id => Some(Kind::EitherRekor),
                (true, _) => Some(Kind::Rekor(LogVersion::V1)),
                (false, Some(Some(v2))) => (v2 == log.id).then_some(Kind::Rekor(LogVersion::V2)),
                // The rule for keys of its kind is not known, and no such key verifies anything.
                (false, Some(None)) => Some(Kind::Rekor(LogVersion::V2)),
                (false, None) => None,
            }
        })
    }

    /// A certificate log of a trusted root.
    pub(crate) fn listed_for_certificates(log: &ListedLog<'_>) -> Result<Self, String> {
        Self::of_root(log, |public_key| (sha256(public_key.der) == log.id).then_some(Kind::CertificateLog))
    }

    /// `kind` tells what the log is, if its ID is one of its key.
    fn of_root(
        log: &ListedLog<'_>,
        kind: impl FnOnce(&PublicKeyInfo<'_>) -> Option<Kind>,
    ) -> Result<Self, String> {
        let id = <[u8; 32]>::try_from(log.id)
            .map_err(|_| format!("the ID of the log has {} bytes, not 32", log.id.len()))?;
        let details = KeyDetails::from_name(log.key_details);
        let public_key = details.public_key_info(log.key).ok_or("the key is too long")?;
        let key = details.key(log.key).map(Arc::new).zip(details.algorithm());
        if key.is_none() && details.algorithm().is_some_and(is_of_every_build) {
            return Err(format!("the key is not a sound one of the kind {}", Excerpt(log.key_details)));
        }
        let kind = match PublicKeyInfo::from_der(&public_key) {
            Ok(info) => {
                check_checkpoint_key_id(log, &info)?;
                kind(&info).ok_or("the ID of the log is not the one of its key")?
            }
            // What is no SubjectPublicKeyInfo verifies nothing, whatever log it is of.
            Err(_) => Kind::EitherRekor,
        };
        Ok(Self {
            kind,
            id,
            base_url: log.base_url.into(),
            operator: log.operator.map(String::from),
            periods: vec![log.period],
            public_key: public_key.into_owned(),
            key: key.filter(|_| log.hash_algorithm == "SHA2_256"),
        })
    }

    /// The ID of the log: SHA-256 of the key's `SubjectPublicKeyInfo`, but for Rekor's second version the whole hash of
    /// which the note key's ID is the beginning.
    #[must_use]
    pub const fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// From when to when the key may be relied upon; of several periods, each is one.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Whether the key may be relied upon at this time.
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        self.periods.iter().any(|period| period.contains(time))
    }

    /// Where the log is, as it was given. It is only told.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Who operates the log, if that is known.
    #[must_use]
    pub fn operator(&self) -> Option<&str> {
        self.operator.as_deref()
    }

    /// The DER of the key's `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Takes in what a trusted root says of the same log at another place: its periods, and who operates it.
    pub(crate) fn merge(&mut self, again: Self) -> Result<(), String> {
        let is_same = self.public_key == again.public_key
            && self.kind == again.kind
            && self.key.is_some() == again.key.is_some();
        if !is_same {
            return Err("the log is listed before with another key".into());
        }
        match (&self.operator, again.operator) {
            (Some(one), Some(other)) if *one != other => {
                return Err("the log is listed before with another operator".into());
            }
            (None, operator) => self.operator = operator,
            _ => {}
        }
        self.periods.extend(again.periods);
        Ok(())
    }

    /// Which version of Rekor the log is of, where `told` is the version that the entry's kind is one of. `None` of a
    /// certificate log.
    pub(crate) const fn version(&self, told: LogVersion) -> Option<LogVersion> {
        match self.kind {
            Kind::Rekor(version) => Some(version),
            Kind::EitherRekor => Some(told),
            Kind::CertificateLog => None,
        }
    }

    /// Whether the log vouches for a checkpoint, the text of this note: it is of the origin that the log has, at least one
    /// line has the name and the ID of the log's key, and every such line verifies. Other lines mean nothing.
    pub(crate) fn check_checkpoint(
        &self,
        version: LogVersion,
        note: &SignedNote<'_>,
        checkpoint: &Checkpoint<'_>,
        accepted: &[SignatureAlgorithm],
    ) -> Result<(), CheckpointFault> {
        let origin = checkpoint.origin();
        let name = match version {
            LogVersion::V1 => v1_note_name(origin),
            LogVersion::V2 => {
                let host = host(&self.base_url).unwrap_or_default();
                if host != origin {
                    return Err(CheckpointFault::OtherLog { found: origin.into(), expected: host.into() });
                }
                host
            }
        };
        let (key, algorithm) = self.accepted_key(accepted).ok_or(CheckpointFault::NotAccepted)?;
        let mut is_signed = false;
        for id in self.note_ids(version, name) {
            match note.all_by(&NoteKey::of_text(name, id, &self.public_key, Arc::clone(key), algorithm)) {
                SignedBy::Good { .. } => is_signed = true,
                SignedBy::Bad => return Err(CheckpointFault::BadSignature { name: name.into() }),
                SignedBy::Absent => {}
            }
        }
        if is_signed { Ok(()) } else { Err(CheckpointFault::NotSigned { name: name.into() }) }
    }

    /// The IDs under which notes have the key. Rekor's first version knows every key by its `SubjectPublicKeyInfo` alone,
    /// where the specification has another rule for those that are not ECDSA.
    fn note_ids(&self, version: LogVersion, name: &str) -> impl Iterator<Item = [u8; 4]> + use<> {
        let info = PublicKeyInfo::from_der(&self.public_key).ok();
        let by_name = info.and_then(|info| note_id(name, &info));
        let by_key = (version == LogVersion::V1).then(|| sha256(&self.public_key));
        by_name.into_iter().chain(by_key.filter(|by_key| by_name != Some(*by_key))).map(short)
    }

    /// Whether the log signed this message, such as that of an entry's timestamp.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8], accepted: &[SignatureAlgorithm]) -> bool {
        self.accepted_key(accepted)
            .is_some_and(|(key, algorithm)| key.verifies_by(algorithm, message, signature, &[algorithm]))
    }

    /// The key itself; `None` if this build does not verify by it.
    pub(crate) fn key(&self) -> Option<&AuthorityKey> {
        self.key.as_ref().map(|(key, _)| &**key)
    }

    /// The key and its algorithm, if signatures by it are accepted.
    fn accepted_key(
        &self,
        accepted: &[SignatureAlgorithm],
    ) -> Option<(&Arc<AuthorityKey>, SignatureAlgorithm)> {
        let (key, algorithm) = self.key.as_ref()?;
        let is_accepted = *algorithm == SignatureAlgorithm::Ed25519 || accepted.contains(algorithm);
        is_accepted.then_some((key, *algorithm))
    }
}

/// By what a key of this kind signs, where nothing says it.
fn usual_algorithm(kind: KeyKind) -> Option<SignatureAlgorithm> {
    let by = |digest| SignatureAlgorithm::for_key_and_digest(kind, digest);
    match kind {
        KeyKind::Ed25519 => Some(SignatureAlgorithm::Ed25519),
        KeyKind::P384 => by(HashAlgorithm::Sha384),
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::P521 => by(HashAlgorithm::Sha512),
        _ => by(HashAlgorithm::Sha256),
    }
}

/// Whether every build verifies by this algorithm, so that a key that is said to be for it and is not, is a fault.
const fn is_of_every_build(algorithm: SignatureAlgorithm) -> bool {
    matches!(
        algorithm,
        SignatureAlgorithm::EcdsaP256Sha256
            | SignatureAlgorithm::EcdsaP256Sha384
            | SignatureAlgorithm::EcdsaP384Sha256
            | SignatureAlgorithm::EcdsaP384Sha384
            | SignatureAlgorithm::Ed25519
    )
}

/// Whether the ID that notes have the key by is the one that a trusted root tells, as far as there is a rule for it.
fn check_checkpoint_key_id(log: &ListedLog<'_>, key: &PublicKeyInfo<'_>) -> Result<(), String> {
    let expected = host(log.base_url).and_then(|host| note_id(host, key));
    match (log.checkpoint_key_id, expected) {
        (Some(given), Some(expected)) if given != short(expected) => {
            Err("the ID of the log's key in checkpoints is not the one of its key".into())
        }
        _ => Ok(()),
    }
}

/// The whole hash of which the beginning is the ID of a note's key; `None` for a key of a kind that has no rule for it.
fn note_id(name: &str, key: &PublicKeyInfo<'_>) -> Option<[u8; 32]> {
    match key.algorithm.oid {
        EC => Some(sha256(key.der)),
        ED25519 => Some(named_id(name, &[ED25519_TYPE], key.key)),
        RSA => Some(named_id(name, RSA_TYPE, key.der)),
        _ => None,
    }
}

/// How C2SP's last type byte goes on for RSA.
const RSA_TYPE: &[u8] = b"\xffPKIX-RSA-PKCS#1v1.5";

/// The name under which a log of Rekor's first version signs: its origin without the tree's number, ` - ` and digits.
fn v1_note_name(origin: &str) -> &str {
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    origin.rsplit_once(" - ").filter(|(_, number)| is_number(number)).map_or(origin, |(name, _)| name)
}

/// The host of a URL, of which the scheme may be missing, without user and port.
fn host(base_url: &str) -> Option<&str> {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host_and_port.strip_prefix('[') {
        Some(address) => address.split_once(']')?.0,
        None => host_and_port.split(':').next()?,
    };
    is_key_name(host).then_some(host)
}
