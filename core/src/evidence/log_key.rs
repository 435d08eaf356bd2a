//! The key of a log, and what it is known by.

use crate::crypto::{AuthorityKey, HashAlgorithm, KeyDetails, KeyKind, SignatureAlgorithm, sha256};
use crate::evidence::checkpoint::Checkpoint;
use crate::evidence::note_key::{ED25519_TYPE, NoteKey, named_id, short};
use crate::evidence::signed_note::{SignedBy, SignedNote, is_key_name};
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::text::quoting::Excerpt;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

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
    period: Period,
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
    pub(crate) operator: Option<&'a str>,
    pub(crate) period: Period,
}

/// Why a log's key does not vouch for a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CheckpointFault {
    #[error("the checkpoint is of the log {}, not of {}", Excerpt(.found), Excerpt(.expected))]
    OtherLog { found: String, expected: String },
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
        let info = PublicKeyInfo::from_der(public_key).map_err(|fault| {
            refuse(&format!("cannot be read as a SubjectPublicKeyInfo: {}", fault.0))
        })?;
        let key = AuthorityKey::for_evidence(&info)
            .ok_or_else(|| refuse("is not sound, or of a kind that this build does not verify"))?;
        let algorithm = usual_algorithm(key.kind())
            .ok_or_else(|| refuse("is of a kind that this build does not verify"))?;
        let id = match kind {
            Kind::Rekor(LogVersion::V2) => {
                let host = host(base_url).ok_or_else(|| refuse("has no host in its URL"))?;
                note_id(host, &info)
            }
            _ => sha256(public_key),
        };
        Ok(Self {
            kind,
            id,
            base_url: base_url.into(),
            operator: None,
            period,
            public_key: public_key.to_vec(),
            key: Some((Arc::new(key), algorithm)),
        })
    }

    /// A transparency log of a trusted root. Its version follows from which rule gives its ID.
    pub(crate) fn listed(log: &ListedLog<'_>) -> Result<Self, String> {
        Self::of_root(log, |public_key| {
            let v1 = sha256(public_key.der);
            let v2 = host(log.base_url).map(|host| note_id(host, public_key));
            match (v1 == log.id, v2.is_some_and(|v2| v2 == log.id)) {
                (true, true) => Some(Kind::EitherRekor),
                (true, false) => Some(Kind::Rekor(LogVersion::V1)),
                (false, true) => Some(Kind::Rekor(LogVersion::V2)),
                (false, false) => None,
            }
        }, Kind::EitherRekor)
    }

    /// A certificate log of a trusted root.
    pub(crate) fn listed_for_certificates(log: &ListedLog<'_>) -> Result<Self, String> {
        let kind = Kind::CertificateLog;
        Self::of_root(log, |public_key| (sha256(public_key.der) == log.id).then_some(kind), kind)
    }

    /// `kind_by_id` tells what the log is, if its ID is one of its key; a key that cannot be read because what it is is not
    /// known, is of `unread`.
    fn of_root(
        log: &ListedLog<'_>,
        kind_by_id: impl Fn(&PublicKeyInfo<'_>) -> Option<Kind>,
        unread: Kind,
    ) -> Result<Self, String> {
        let id = <[u8; 32]>::try_from(log.id)
            .map_err(|_| format!("the ID of the log has {} bytes, not 32", log.id.len()))?;
        let details = KeyDetails::from_name(log.key_details);
        let public_key = details.public_key_info(log.key).ok_or("the key is too long")?;
        let key = details.key(log.key).map(Arc::new).zip(details.algorithm());
        let is_known = details.algorithm().is_some_and(|algorithm| is_of_every_build(algorithm));
        if key.is_none() && is_known {
            return Err(format!("the key is not a sound one of the kind {}", Excerpt(log.key_details)));
        }
        let kind = match PublicKeyInfo::from_der(&public_key) {
            Ok(info) => kind_by_id(&info),
            Err(_) => None,
        };
        let kind = match (kind, &key) {
            (Some(kind), _) => kind,
            (None, None) => unread,
            (None, Some(_)) => return Err("the ID of the log is not the one of its key".into()),
        };
        Ok(Self {
            kind,
            id,
            base_url: log.base_url.into(),
            operator: log.operator.map(String::from),
            period: log.period,
            public_key: public_key.into_owned(),
            key,
        })
    }

    /// The ID of the log: SHA-256 of the key's `SubjectPublicKeyInfo`, but for Rekor's second version the whole hash of
    /// which the note key's ID is the beginning.
    #[must_use]
    pub const fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// From when to when the key may be relied upon.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
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
}
