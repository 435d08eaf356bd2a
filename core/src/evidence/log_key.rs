//! The key of a log, and what it is known by.

use crate::crypto::{
    AuthorityKey, HashAlgorithm, KeyDetails, KeyKind, SignatureAlgorithm, compressed, sha256,
};
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
use const_oid::db::{rfc5912, rfc8410};

const EC: &[u8] = rfc5912::ID_EC_PUBLIC_KEY.as_bytes();
const ED25519: &[u8] = rfc8410::ID_ED_25519.as_bytes();
const RSA: &[u8] = rfc5912::RSA_ENCRYPTION.as_bytes();

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

    /// Whether it is the key of a certificate log, and of no transparency log.
    pub(crate) const fn is_of_certificate_log(&self) -> bool {
        matches!(self.kind, Kind::CertificateLog)
    }
    /// Whether signatures by it can be verified and are accepted.
    pub(crate) fn is_usable(&self, accepted: &[SignatureAlgorithm]) -> bool {
        self.accepted_key(accepted).is_some()
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

    /// The SHA-256 of the key, equal for every encoding of its point.
    pub(crate) fn key_sha256(&self) -> [u8; 32] {
        let info = PublicKeyInfo::from_der(&self.public_key).ok();
        info.and_then(|info| compressed(&info)).map_or_else(|| sha256(&self.public_key), |key| sha256(&key))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::note_key::signing::TestSigner;
    use alloc::string::ToString;
    use base64ct::{Base64, Encoding};

    const DEFAULT: &[SignatureAlgorithm] = SignatureAlgorithm::DEFAULT;

    fn bytes(base64: &str) -> Vec<u8> {
        Base64::decode_vec(base64).unwrap()
    }

    fn always() -> Period {
        Period::new(Timestamp::from_unix(0, 0).unwrap(), None)
    }

    /// Rekor of the public good, first version.
    fn rekor() -> Vec<u8> {
        bytes(
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP\
             /9A/bY2LhC30M9+RYtw==",
        )
    }

    const REKOR_ID: &str = "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0=";

    fn listed<'a>(base_url: &'a str, key_details: &'a str, key: &'a [u8], id: &'a [u8]) -> ListedLog<'a> {
        ListedLog {
            base_url,
            key_details,
            key,
            id,
            checkpoint_key_id: None,
            hash_algorithm: "SHA2_256",
            operator: None,
            period: always(),
        }
    }

    #[test]
    fn what_a_log_is_follows_from_its_id() {
        const URL: &str = "https://log2025-alpha1.rekor.sigstage.dev";
        let ed25519 = bytes("MCowBQYDK2VwAyEAPn+AREHoBaZ7wgS1zBqpxmLSGnyhxXj4lFxSdWVB8o8=");
        let of_note = bytes("8w1amZ2S5mJIQkQmPxdMuOrL/oJkvFg9MnQXmeOCXck=");
        let of_key = sha256(&ed25519);
        let kind = |log: ListedLog<'_>| LogKey::listed(&log).map(|log| log.kind);
        let ed25519 = |url, id| listed(url, "PKIX_ED25519", &ed25519, id);
        assert_eq!(kind(ed25519(URL, &of_note)), Ok(Kind::Rekor(LogVersion::V2)));
        assert_eq!(kind(ed25519(URL, &of_key)), Ok(Kind::Rekor(LogVersion::V1)));
        assert_eq!(
            kind(ed25519("http://log2025-alpha1.rekor.sigstage.dev:8000/x", &of_note)),
            kind(ed25519(URL, &of_note))
        );
        for (url, id) in
            [("https://log2025-alpha2.rekor.sigstage.dev", &of_note[..]), ("", &of_note), (URL, &[0; 32])]
        {
            assert!(kind(ed25519(url, id)).unwrap_err().contains("not the one of its key"), "{url}");
        }
        assert!(kind(ed25519(URL, &of_note[..31])).unwrap_err().contains("31 bytes"));
        assert!(kind(ed25519(URL, &[])).is_err());

        let (rekor, id) = (rekor(), bytes(REKOR_ID));
        let ecdsa = listed("https://rekor.sigstore.dev", "PKIX_ECDSA_P256_SHA_256", &rekor, &id);
        assert_eq!(kind(ecdsa), Ok(Kind::EitherRekor));
        assert_eq!(kind(ListedLog { base_url: "", ..ecdsa }), Ok(Kind::Rekor(LogVersion::V1)));
        assert_eq!(LogKey::listed_for_certificates(&ecdsa).unwrap().kind, Kind::CertificateLog);
        let as_log = ed25519(URL, &of_note);
        assert!(LogKey::listed_for_certificates(&as_log).is_err());
    }

    #[test]
    fn the_id_of_checkpoints_is_the_keys() {
        let (rekor, id) = (rekor(), bytes(REKOR_ID));
        let log = listed("https://rekor.sigstore.dev", "PKIX_ECDSA_P256_SHA_256", &rekor, &id);
        assert!(LogKey::listed(&ListedLog { checkpoint_key_id: Some(&id[..4]), ..log }).is_ok());
        for other in [&id[..3], &id, &[0; 4], &[]] {
            assert!(LogKey::listed(&ListedLog { checkpoint_key_id: Some(other), ..log }).is_err());
        }
    }

    #[test]
    fn a_key_of_an_unknown_kind_stays_and_verifies_nothing() {
        let (rekor, id) = (rekor(), bytes(REKOR_ID));
        let log = listed("https://a.example", "PKIX_ECDSA_P256_SHA_256", &rekor, &id);
        assert!(LogKey::listed(&log).unwrap().key().is_some());
        let unknown = [
            ListedLog { key_details: "ML_DSA_65", ..log },
            ListedLog { key_details: "ML_DSA_65", key: b"no DER", ..log },
            ListedLog { hash_algorithm: "SHA3_256", ..log },
        ];
        for log in unknown {
            for listed in [LogKey::listed(&log), LogKey::listed_for_certificates(&log)] {
                let listed = listed.unwrap();
                assert!(listed.key().is_none());
                assert!(!listed.verifies(b"", b"", DEFAULT));
            }
        }
        // What is known and is not what it says is a fault.
        for key_details in ["PKIX_ECDSA_P384_SHA_384", "PKIX_ED25519"] {
            assert!(
                LogKey::listed(&ListedLog { key_details, ..log }).unwrap_err().contains("not a sound one")
            );
        }
        let mut off_curve = rekor.clone();
        off_curve[90] ^= 1;
        let id = sha256(&off_curve);
        assert!(LogKey::listed(&ListedLog { key: &off_curve, id: &id, ..log }).is_err());
    }

    #[test]
    fn a_log_that_is_listed_again_has_more_periods() {
        let at = |seconds| Timestamp::from_unix(seconds, 0).unwrap();
        let of = |start, end, operator: Option<&str>| {
            let log = LogKey::rekor_v1("a", &rekor(), Period::new(at(start), Some(at(end)))).unwrap();
            LogKey { operator: operator.map(Into::into), ..log }
        };
        let mut log = of(0, 10, None);
        log.merge(of(20, 30, Some("x"))).unwrap();
        assert_eq!(log.operator(), Some("x"));
        let valid: Vec<bool> = [0, 10, 11, 19, 20, 30, 31].map(|seconds| log.is_valid_at(at(seconds))).into();
        assert_eq!(valid, [true, true, false, false, true, true, false]);
        assert!(log.merge(of(0, 1, Some("y"))).unwrap_err().contains("operator"));
        let other = LogKey::rekor_v2("a", &rekor(), always()).unwrap();
        assert!(log.merge(other).unwrap_err().contains("key"));
    }

    #[test]
    fn a_host_is_found_in_any_url() {
        for url in [
            "a.example",
            "https://a.example",
            "http://a.example:8000/x",
            "a.example/x",
            "https://u:p@a.example?x",
        ] {
            assert_eq!(host(url), Some("a.example"), "{url}");
        }
        assert_eq!(host("http://[::1]:80/"), Some("::1"));
        assert_eq!(host("localhost:8000"), Some("localhost"));
        for url in ["", "https://", "https:///x", ":80", "http://[::1", "a b", "a+b"] {
            assert_eq!(host(url), None, "{url}");
        }
    }

    #[test]
    fn the_first_version_signs_under_its_origin_without_the_tree() {
        for (origin, name) in [
            ("rekor.sigstore.dev - 1193050959916656506", "rekor.sigstore.dev"),
            ("a - 1 - 2", "a - 1"),
            ("rekor.sigstore.dev", "rekor.sigstore.dev"),
            ("a - ", "a - "),
            ("a - 1x", "a - 1x"),
            ("a -1", "a -1"),
            ("a - ١", "a - ١"),
            (".* - 1", ".*"),
        ] {
            assert_eq!(v1_note_name(origin), name);
        }
    }

    /// What a log makes of a checkpoint of this origin with these lines under it.
    fn check(
        log: &LogKey,
        version: LogVersion,
        origin: &str,
        lines: impl Fn(&str) -> String,
    ) -> Result<(), CheckpointFault> {
        let text = format!("{origin}\n1\n{}\n", Base64::encode_string(&[7; 32]));
        let note = format!("{text}\n{}", lines(&text));
        let note = SignedNote::parse(&note).unwrap();
        log.check_checkpoint(version, &note, &Checkpoint::parse(note.text()).unwrap(), DEFAULT)
    }

    #[test]
    fn the_second_version_signs_under_its_host() {
        use LogVersion::V2;
        let (signer, witness) = (TestSigner::log("a.example", 1), TestSigner::witness("w.example", 2));
        let log = LogKey::rekor_v2("https://a.example", &signer.public_key(), always()).unwrap();
        assert_eq!(log.id()[..4], signer.id());
        assert_eq!(log.version(LogVersion::V1), Some(V2));

        assert_eq!(check(&log, V2, "a.example", |text| signer.signs(text)), Ok(()));
        assert_eq!(
            check(&log, V2, "a.example", |text| witness.cosigns(text, 1) + &signer.signs(text)),
            Ok(())
        );
        let unknown = "— a.example AAAAAAE=\n";
        assert_eq!(check(&log, V2, "a.example", |text| unknown.to_string() + &signer.signs(text)), Ok(()));

        let other = check(&log, V2, "b.example", |text| signer.signs(text)).unwrap_err();
        assert_eq!(other.to_string(), "the checkpoint is of the log \"b.example\", not of \"a.example\"");
        assert!(check(&log, V2, "a.example - 1", |text| signer.signs(text)).is_err());
        let name = || "a.example".into();
        let not_signed = Err(CheckpointFault::NotSigned { name: name() });
        assert_eq!(check(&log, V2, "a.example", |text| witness.cosigns(text, 1)), not_signed);
        assert_eq!(
            check(&log, V2, "a.example", |text| TestSigner::log("a.example", 3).signs(text)),
            not_signed
        );
        assert_eq!(
            check(&log, V2, "a.example", |text| TestSigner::log("b.example", 1).signs(text)),
            not_signed
        );
        // The ID of the first version.
        let by_key = short(sha256(&signer.public_key()));
        let line = |text: &str| signer.line_with_id(by_key, &signer.sign(text.as_bytes()));
        assert_eq!(check(&log, V2, "a.example", line), not_signed);
        let bad = Err(CheckpointFault::BadSignature { name: name() });
        assert_eq!(check(&log, V2, "a.example", |_| signer.signs("x")), bad);
        assert_eq!(check(&log, V2, "a.example", |text| signer.signs("x") + &signer.signs(text)), bad);
        assert_eq!(check(&log, V2, "a.example", |text| signer.signs(text) + &signer.signs("x")), bad);
    }

    #[test]
    fn the_first_version_signs_whatever_its_host_is() {
        use LogVersion::V1;
        let signer = TestSigner::log("rekor.example", 1);
        let log = LogKey::rekor_v1("https://b.example", &signer.public_key(), always()).unwrap();
        let by_key = short(sha256(&signer.public_key()));
        let old = |text: &str| signer.line_with_id(by_key, &signer.sign(text.as_bytes()));
        assert_eq!(check(&log, V1, "rekor.example - 7", old), Ok(()));
        assert_eq!(check(&log, V1, "rekor.example - 7", |text| signer.signs(text)), Ok(()));
        let bad = Err(CheckpointFault::BadSignature { name: "rekor.example".into() });
        let bad_line = signer.line_with_id(by_key, &[1]);
        assert_eq!(check(&log, V1, "rekor.example - 7", |text| bad_line.clone() + &signer.signs(text)), bad);
        assert!(check(&log, V1, "other.example - 7", old).is_err());
    }

    #[test]
    fn only_accepted_algorithms_verify_and_ed25519_always_does() {
        let signer = TestSigner::log("a.example", 1);
        let log = LogKey::rekor_v1("", &signer.public_key(), always()).unwrap();
        assert!(log.verifies(b"x", &signer.sign(b"x"), &[]));
        assert!(!log.verifies(b"y", &signer.sign(b"x"), &[]));
        let rekor = LogKey::rekor_v1("", &rekor(), always()).unwrap();
        assert!(rekor.accepted_key(DEFAULT).is_some());
        assert!(rekor.accepted_key(&[SignatureAlgorithm::EcdsaP384Sha384]).is_none());
        let note = "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— o wNI9agE=\n";
        let note = SignedNote::parse(note).unwrap();
        let checkpoint = Checkpoint::parse(note.text()).unwrap();
        assert_eq!(
            rekor.check_checkpoint(LogVersion::V1, &note, &checkpoint, &[]),
            Err(CheckpointFault::NotAccepted)
        );
        assert_eq!(
            rekor.check_checkpoint(LogVersion::V1, &note, &checkpoint, DEFAULT),
            Err(CheckpointFault::BadSignature { name: "o".into() })
        );
    }

    #[test]
    fn a_callers_own_key_must_be_usable() {
        let key = TestSigner::log("a", 1).public_key();
        for (base_url, key, fault) in [
            ("https://a.example", &key[..43], "SubjectPublicKeyInfo"),
            ("https://a.example", b"-----BEGIN PUBLIC KEY-----", "SubjectPublicKeyInfo"),
            ("https://", &key, "no host"),
        ] {
            let refused = LogKey::rekor_v2(base_url, key, always()).unwrap_err();
            assert_eq!(refused.code().name(), "malformed_trust_anchor");
            assert!(refused.to_string().contains(fault), "{refused}");
        }
        assert!(LogKey::certificate_log("", &key, always()).is_ok());
        let small_order = [&key[..12], &[0; 32]].concat();
        assert!(LogKey::rekor_v1("", &small_order, always()).unwrap_err().to_string().contains("not sound"));
    }
}
