//! Why an artifact was refused.

mod found_instead;

#[cfg(feature = "sigstore")]
use self::found_instead::List;
use self::found_instead::NoMatch;
use crate::artifact_name::ArtifactName;
use crate::code::{Check, Code};
#[cfg(feature = "sigstore")]
use crate::crypto::Digest;
use crate::limits::MAX_CERTIFICATE_LIFETIME_SECONDS;
#[cfg(feature = "sigstore")]
use crate::period::Period;
use crate::text::quoting::{Printable, Quoted};
use crate::timestamp::Timestamp;
use crate::x509::certificate::Validity;
use crate::x509::fault::CertificateFault;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

pub use self::found_instead::FoundInstead;

/// Why an artifact was refused: a stable code, the check that failed, the detail and a remedy.
///
/// If several entries were candidates, this is the reason of the first of them, the newest, and those of the
/// others stand in [`others`](Self::others).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    reason: Reason,
    entry: Option<usize>,
    others: Vec<Self>,
}

impl Rejection {
    pub(crate) fn new(reason: Reason) -> Self {
        Self { reason, entry: None, others: Vec::new() }
    }

    pub(crate) fn of_entry(reason: Reason, entry: usize) -> Self {
        Self { reason, entry: Some(entry), others: Vec::new() }
    }

    /// The same, as that of one bundle of several.
    #[cfg(feature = "sigstore")]
    pub(crate) fn of_bundle(mut self, bundle: usize) -> Self {
        self.entry = Some(bundle);
        self
    }

    /// The first of several, with the others beside it.
    pub(crate) fn headline(rejections: Vec<Self>) -> Option<Self> {
        let mut rejections = rejections.into_iter();
        Some(rejections.next()?.with_others(rejections.collect()))
    }

    pub(crate) fn with_others(mut self, others: Vec<Self>) -> Self {
        self.others = others;
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.reason.code()
    }

    /// The check that failed.
    #[must_use]
    pub fn check(&self) -> Check {
        self.reason.check()
    }

    /// The reason, for programs.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// What exactly was found, for people; it names the offending input.
    #[must_use]
    pub fn detail(&self) -> String {
        Printable(&self.reason.to_string()).to_string()
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.reason.remedy()
    }

    /// The entry that the reason concerns, counted from zero in the order given, if it is one entry's.
    #[must_use]
    pub fn entry(&self) -> Option<usize> {
        self.entry
    }

    /// The other candidates' rejections, newest first.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.others
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.code(), self.detail(), self.remedy())?;
        match self.others.len() {
            0 => Ok(()),
            1 => f.write_str(" (1 other entry was refused too)"),
            count => write!(f, " ({count} other entries were refused too)"),
        }
    }
}

impl core::error::Error for Rejection {}

impl Serialize for Rejection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code().name())?;
        map.serialize_entry("number", &self.code().number())?;
        map.serialize_entry("check", self.check().name())?;
        map.serialize_entry("detail", &self.detail())?;
        map.serialize_entry("remedy", self.remedy())?;
        if let Some(entry) = self.entry {
            map.serialize_entry("entry", &entry)?;
        }
        if !self.others.is_empty() {
            map.serialize_entry("others", &self.others)?;
        }
        map.end()
    }
}

/// Which certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Subject {
    /// The signer's own certificate.
    #[error("the signer's certificate")]
    Leaf,
    /// An authority, by its subject's name.
    #[error("the authority {0}")]
    Authority(String),
}

/// What to do about what is wrong with a certificate of this subject's; `None` if the code's remedy says it.
const fn remedy_of(fault: &CertificateFault, subject: &Subject) -> Option<&'static str> {
    Some(match (subject, fault) {
        (Subject::Leaf, CertificateFault::Unreadable(_)) => {
            "check that the record was stored and transported unchanged, with the signer's certificate first; if it was, have the artifact signed again with a certificate that follows the code-signing profile"
        }
        (Subject::Leaf, CertificateFault::IsAnAuthority) => {
            "check that the signer's own certificate stands first in the record; if it does, have the artifact signed again with one that is no authority's"
        }
        (Subject::Leaf, _) => {
            "have the artifact signed again with a certificate that follows the code-signing profile"
        }
        (Subject::Authority(_), CertificateFault::NameConstraint(_)) => {
            "the authority may not certify this name: have the artifact signed under one that may, or correct the constraints of the authority's certificate"
        }
        (Subject::Authority(_), _) => {
            "correct the authority's own certificate, or have the artifact signed under another; to sign again under this one changes nothing"
        }
    })
}

/// Refuses a signing time outside the validity of a certificate.
pub(crate) fn check_validity(
    validity: &Validity,
    timestamp: Timestamp,
    subject: impl FnOnce() -> Subject,
) -> Result<(), Reason> {
    let Validity { not_before, not_after } = *validity;
    if timestamp < not_before || timestamp > not_after {
        return Err(Reason::OutsideValidity { subject: subject(), timestamp, not_before, not_after });
    }
    Ok(())
}

/// Why an authority that is there may not have been used: a hint, from certificates that nobody vouches for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// An authority of the issuer's name is there, and none of the verifier's accepted algorithms goes with its key.
    #[error(
        "an authority of the issuer's name is there, {authority}, but its key, {key}, goes with none of the accepted algorithms"
    )]
    KeyNotAccepted {
        /// The authority's subject.
        authority: String,
        /// The kind of its key: `RSA`, say.
        key: String,
    },
    /// An authority of the issuer's name is there, and the verifier does not accept the certificate's signature
    /// algorithm from its key.
    #[error(
        "an authority of the issuer's name is there, but {certificate} is signed by an algorithm that is not accepted from its key, {algorithm}"
    )]
    SignatureNotAccepted {
        /// The certificate that is signed so.
        certificate: Subject,
        /// The algorithm: `ECDSA with SHA-512`, say.
        algorithm: String,
    },
    /// No authority of the issuer's name is there, and one whose name differs only in the type of its strings, in
    /// case or in white space. Names are compared byte for byte.
    #[error(
        "no authority has the issuer's name {issuer} byte for byte, but {authority} differs from it only in the type of its strings, in case or in white space"
    )]
    NameSpeltOtherwise {
        /// The issuer's name.
        issuer: String,
        /// The authority's, which may look the same.
        authority: String,
    },
}

impl Obstacle {
    const fn remedy(&self) -> &'static str {
        match self {
            Self::NameSpeltOtherwise { .. } => {
                "give a certificate of the authority whose subject is, byte for byte, the issuer of what it signed; the string types of a name (PrintableString, UTF8String), case and white space all count"
            }
            Self::KeyNotAccepted { .. } | Self::SignatureNotAccepted { .. } => {
                "name the algorithm in the verifier's accepted_algorithms, beside those that are needed already, if authorities may sign by it; RSA, P-521 and Ed25519 take a build with the feature aws-lc-rs"
            }
        }
    }
}

/// Why an artifact was refused, with what was found. The `Display` is the detail, for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// No entry has the wanted namespace, name and issuer.
    #[error("{}", NoMatch(.entries, .of_namespace, .of_name, .instead))]
    NoSignature {
        /// How many entries were given.
        entries: usize,
        /// How many of them are of the namespace.
        of_namespace: usize,
        /// How many of those are of the name.
        of_name: usize,
        /// What there is instead.
        instead: Box<FoundInstead>,
    },
    /// An entry carries the blocklist flag.
    #[error("an entry of the artifact carries the blocklist flag")]
    FlaggedInLog,
    /// An entry with the artifact's digest carries the blocklist flag, and one fails the digest under every name.
    #[error(
        "an entry with the artifact's digest carries the blocklist flag, under the name {}",
        Quoted(.artifact_name)
    )]
    DigestFlaggedInLog {
        /// The name that it has, cut off if it is long.
        artifact_name: String,
    },
    /// The policy's blocklist has the artifact's name.
    #[error("the policy's blocklist has {0}")]
    NameBlocklisted(ArtifactName),
    /// The policy's blocklist has the artifact's digest.
    #[error("the policy's blocklist has sha256:{0}")]
    DigestBlocklisted(String),
    /// An entry is revoked, and one revoked entry fails the artifact.
    #[error("an entry of the artifact is revoked")]
    ArtifactRevoked,
    /// An entry with the artifact's digest is revoked, and one fails the digest under every name.
    #[error("an entry with the artifact's digest is revoked, under the name {}", Quoted(.artifact_name))]
    DigestRevoked {
        /// The name that it has, cut off if it is long.
        artifact_name: String,
    },
    /// Every entry is revoked, or made with the key of a revoked one.
    #[error("{}", EveryMatching(.matching))]
    AllRevoked {
        /// How many entries matched.
        matching: usize,
    },
    /// A certificate is not what it must be.
    #[error("{subject} {fault}")]
    BadCertificate {
        /// Which one.
        subject: Subject,
        /// What is wrong with it.
        fault: CertificateFault,
    },
    /// The leaf's key is not ECDSA on P-256.
    #[error("the signer's certificate has another key than ECDSA on P-256")]
    InvalidKeyType,
    /// No path to a trust anchor.
    #[error(
        "no path from the signer's certificate, issued by {issuer}, to a trust anchor{}",
        WhyNone(.distrusted, .obstacle)
    )]
    UnknownCa {
        /// The issuer that the leaf names.
        issuer: String,
        /// Whether an authority on the way was left out because it is distrusted.
        distrusted: bool,
        /// What the certificates themselves tell of the cause, if they do.
        obstacle: Option<Box<Obstacle>>,
    },
    /// The limit on the length of a path, or on signature checks, was reached.
    #[error("the search for a path was stopped at {limit}")]
    PathTooComplex {
        /// Which limit.
        limit: &'static str,
    },
    /// The leaf was issued for too long.
    #[error("the signer's certificate is valid for {seconds} seconds, and the policy allows {allowed}")]
    LifetimeTooLong {
        /// For how many seconds.
        seconds: i64,
        /// How many the policy allows.
        allowed: u32,
    },
    /// The signing time is outside a certificate's validity.
    #[error("signed at {timestamp}, but {subject} is valid from {not_before} to {not_after}")]
    OutsideValidity {
        /// Whose validity.
        subject: Subject,
        /// The signing time.
        timestamp: Timestamp,
        /// The validity's beginning.
        not_before: Timestamp,
        /// The validity's end.
        not_after: Timestamp,
    },
    /// The signing time is after the caller's time.
    #[error("signed at {timestamp}, after now, {now}{}", AndLeeway(.leeway))]
    InTheFuture {
        /// The signing time.
        timestamp: Timestamp,
        /// The caller's time.
        now: Timestamp,
        /// How much later it may be.
        leeway: Duration,
    },
    /// The policy wants a timestamp authority to vouch for the signing time, and none does.
    #[error("the policy wants a timestamp authority to vouch for the signing time, and {}", NoneCounts(.timestamps, .fault))]
    UnvouchedTime {
        /// How many signed timestamps there are.
        timestamps: usize,
        /// Why the first of them does not count.
        fault: Option<String>,
    },
    /// The signature is not a DER `ECDSA-Sig-Value` for P-256.
    #[error("the signature is no DER ECDSA-Sig-Value with r and s in range")]
    CorruptedSignature,
    /// The leaf's key did not sign the artifact's name, or the message.
    #[error("the certificate's key did not make this signature over what was asked for")]
    InvalidSignature,
    /// The provenance records a claim that there is none of that name.
    #[error("the entry recorded a claim {}, and there is no claim of that name", Quoted(.name))]
    UnknownProvenance {
        /// The name.
        name: String,
    },
    /// A recorded claim differs from the certificate's.
    #[error("the entry recorded {name} as {}, the certificate {}", Quoted(.recorded), SaysOf(.certified))]
    ProvenanceMismatch {
        /// The claim's name.
        name: String,
        /// What the entry recorded.
        recorded: String,
        /// What the certificate carries.
        certified: Option<String>,
    },
    /// A required claim is absent or differs.
    #[error("the policy wants {name} to be {wanted}, the certificate {}", SaysOf(.found))]
    ClaimsMismatch {
        /// The claim's name.
        name: String,
        /// What the policy wants.
        wanted: String,
        /// What the certificate carries.
        found: Option<String>,
    },
    /// A bundle's signature is not of the kind that the policy asks for: by a certified signer, or by one of its keys.
    #[cfg(feature = "sigstore")]
    #[error("{detail}")]
    OtherKind {
        /// Of which kind it is, or which key it hints at.
        detail: String,
    },
    /// No bundle was given.
    #[cfg(feature = "sigstore")]
    #[error("no bundles were given")]
    NoBundles,
    /// More bundles of one artifact were given than are looked at.
    #[cfg(feature = "sigstore")]
    #[error("none of the first {limit} bundles passes, and more of one artifact are not looked at")]
    TooManyBundles {
        /// How many are looked at.
        limit: usize,
    },
    /// The policy's blocklist has a digest of the artifact, or another digest of the subject that it is.
    #[cfg(feature = "sigstore")]
    #[error("the policy's blocklist has {0}")]
    ArtifactBlocklisted(Digest),
    /// Whether the blocklist has the artifact cannot be told.
    #[cfg(feature = "sigstore")]
    #[error("{detail}")]
    BlocklistUndecided {
        /// Which digest lacks.
        detail: String,
    },
    /// The policy wants an instance that the verifier does not have.
    #[cfg(feature = "sigstore")]
    #[error("the policy wants the instance {}, and the verifier has {}", Quoted(.wanted), Instances(.known))]
    UnknownInstance {
        /// Its name in the policy, cut off if it is long.
        wanted: String,
        /// The names of the first few instances that the verifier has.
        known: Vec<String>,
    },
    /// The verifier trusts nobody for bundles.
    #[cfg(feature = "sigstore")]
    #[error("the verifier has neither a trusted root nor anchors of its own")]
    NoInstances,
    /// The key of a bundle's signer is of a kind that the verifier does not accept.
    #[cfg(feature = "sigstore")]
    #[error("the signer {detail}")]
    SignerKeyNotAccepted {
        /// What key it has.
        detail: String,
    },
    /// A time is outside the period in which an authority or a key may be relied upon.
    #[cfg(feature = "sigstore")]
    #[error("signed at {time}, but {whose} counts from {period}")]
    OutsidePeriod {
        /// Whose period it is.
        whose: String,
        /// The signing time.
        time: Timestamp,
        /// The period.
        period: Period,
    },
    /// Nobody who is trusted vouches for a bundle's signing time, or not as many as the policy asks for, or a signed
    /// timestamp is bad.
    #[cfg(feature = "sigstore")]
    #[error("{detail}")]
    NoSignedTime {
        /// What is wrong, with which of the timestamps.
        detail: String,
    },
    /// The leaf has no good timestamp of enough certificate logs, or one is bad.
    #[cfg(feature = "sigstore")]
    #[error("{detail}")]
    NoCertificateTimestamp {
        /// What is wrong, with which of the timestamps.
        detail: String,
    },
    /// The signature is in fewer independent logs than the policy asks for.
    #[cfg(feature = "sigstore")]
    #[error("the bundle has good entries of {found} independent logs, and {asked} are asked for")]
    NotLogged {
        /// Of how many independent logs there are good entries.
        found: usize,
        /// How many the policy asks for.
        asked: usize,
    },
    /// An entry is of a log that is not trusted, or its log's signature does not verify.
    #[cfg(feature = "sigstore")]
    #[error("log entry {entry}: {detail}")]
    UntrustedLog {
        /// Which of the bundle's entries, counted from zero.
        entry: usize,
        /// What is wrong.
        detail: String,
    },
    /// An entry's proof does not show that it is in the log.
    #[cfg(feature = "sigstore")]
    #[error("log entry {entry}: {detail}")]
    InvalidLogProof {
        /// Which of the bundle's entries, counted from zero.
        entry: usize,
        /// What is wrong.
        detail: String,
    },
    /// An entry is about something else than the bundle.
    #[cfg(feature = "sigstore")]
    #[error("log entry {entry}: {detail}")]
    LogEntryMismatch {
        /// Which of the bundle's entries, counted from zero.
        entry: usize,
        /// Which member of it differs.
        detail: String,
    },
    /// What was signed is not the artifact.
    #[cfg(feature = "sigstore")]
    #[error("{detail}")]
    ArtifactMismatch {
        /// What was signed, and what was asked for.
        detail: String,
    },
    /// The statement is of another kind than the policy asks for.
    #[cfg(feature = "sigstore")]
    #[error("the policy wants a statement of the type {}, {}", Alternatives(.wanted), IsOfType(.found))]
    PredicateMismatch {
        /// The predicate types of which the policy wants one.
        wanted: Vec<String>,
        /// The statement's; `None` for a signature over the artifact itself.
        found: Option<String>,
    },
}

impl Reason {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NoSignature { .. } => Code::NoSignature,
            Self::FlaggedInLog
            | Self::DigestFlaggedInLog { .. }
            | Self::NameBlocklisted(_)
            | Self::DigestBlocklisted(_) => Code::Blocklisted,
            Self::ArtifactRevoked | Self::DigestRevoked { .. } | Self::AllRevoked { .. } => {
                Code::RevokedSignature
            }
            Self::BadCertificate { .. } => Code::BadCertificate,
            Self::InvalidKeyType => Code::InvalidKeyType,
            Self::UnknownCa { .. } => Code::UnknownCa,
            Self::PathTooComplex { .. } => Code::PathTooComplex,
            Self::LifetimeTooLong { .. } => Code::LifetimeTooLong,
            Self::OutsideValidity { .. } | Self::InTheFuture { .. } => Code::TimeMismatch,
            Self::UnvouchedTime { .. } => Code::UnvouchedTime,
            Self::CorruptedSignature => Code::CorruptedSignature,
            Self::InvalidSignature => Code::InvalidSignature,
            Self::UnknownProvenance { .. } | Self::ProvenanceMismatch { .. } => Code::ProvenanceMismatch,
            Self::ClaimsMismatch { .. } => Code::ClaimsMismatch,
            #[cfg(feature = "sigstore")]
            Self::OtherKind { .. } | Self::NoBundles => Code::NoSignature,
            #[cfg(feature = "sigstore")]
            Self::TooManyBundles { .. } => Code::MalformedBundle,
            #[cfg(feature = "sigstore")]
            Self::ArtifactBlocklisted(_) => Code::Blocklisted,
            #[cfg(feature = "sigstore")]
            Self::BlocklistUndecided { .. } | Self::UnknownInstance { .. } | Self::NoInstances => {
                Code::InvalidArgument
            }
            #[cfg(feature = "sigstore")]
            Self::SignerKeyNotAccepted { .. } => Code::InvalidKeyType,
            #[cfg(feature = "sigstore")]
            Self::OutsidePeriod { .. } => Code::TimeMismatch,
            #[cfg(feature = "sigstore")]
            Self::NoSignedTime { .. } => Code::UnvouchedTime,
            #[cfg(feature = "sigstore")]
            Self::NoCertificateTimestamp { .. } => Code::NoCertificateTimestamp,
            #[cfg(feature = "sigstore")]
            Self::NotLogged { .. } => Code::NotLogged,
            #[cfg(feature = "sigstore")]
            Self::UntrustedLog { .. } => Code::UntrustedLog,
            #[cfg(feature = "sigstore")]
            Self::InvalidLogProof { .. } => Code::InvalidLogProof,
            #[cfg(feature = "sigstore")]
            Self::LogEntryMismatch { .. } => Code::LogEntryMismatch,
            #[cfg(feature = "sigstore")]
            Self::ArtifactMismatch { .. } => Code::ArtifactMismatch,
            #[cfg(feature = "sigstore")]
            Self::PredicateMismatch { .. } => Code::PredicateMismatch,
        }
    }

    /// What to do about it: the code's remedy, unless this reason has one of its own.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.own_remedy().unwrap_or_else(|| self.code().remedy())
    }

    /// What to do where the code's remedy, which must do for all of its reasons, would mislead.
    fn own_remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::NoSignature { entries: 0, .. } => {
                "give the entries that the log has of the artifact; if it has none, the artifact was not signed and must be signed by its pipeline"
            }
            Self::NoSignature { of_namespace, of_name, instead, .. } => {
                return instead.remedy(*of_namespace, *of_name);
            }
            Self::FlaggedInLog | Self::DigestFlaggedInLog { .. } => {
                "do not use the artifact; if it was flagged by mistake, have the flag taken off the log's entry"
            }
            Self::NameBlocklisted(_) | Self::DigestBlocklisted(_) => {
                "do not use the artifact; if it was listed by mistake, take it off the policy's blocklist"
            }
            Self::DigestRevoked { .. } => {
                "do not use the artifact under any name; build and sign it again, or set the policy's revocation_scope to artifact if a revocation shall reach no other name"
            }
            Self::AllRevoked { .. } => {
                "do not use the artifact; if it may still be used, its pipeline must sign it again with a new key"
            }
            Self::BadCertificate { subject, fault } => return remedy_of(fault, subject),
            Self::UnknownCa { obstacle: Some(obstacle), .. } => obstacle.remedy(),
            Self::UnknownCa { distrusted: true, .. } => {
                "if the distrust is meant, do not use the artifact, and have it signed again on a path without what is distrusted; if it is not, take the certificate or key off the list that the verifier was given"
            }
            Self::PathTooComplex { .. } => {
                "give only the certificates of the signer's chain with the entry; a path may have at most 8 authorities below the anchor, and few enough names and name constraints to compare"
            }
            Self::LifetimeTooLong { seconds, .. }
                if *seconds > i64::from(MAX_CERTIFICATE_LIFETIME_SECONDS) =>
            {
                "have the artifact signed with a short-lived certificate; no policy may allow more than a day, or for bundles more than 400"
            }
            Self::OutsideValidity { not_before, not_after, .. } if not_before > not_after => {
                "the certificate's validity ends before it begins: have a proper one issued, and the artifact signed again"
            }
            Self::OutsideValidity { subject: Subject::Authority(_), timestamp, not_after, .. }
                if timestamp > not_after =>
            {
                "the authority had expired when the artifact was signed: if its certificate was renewed for the same key, give the renewed one; if not, renew the authority and have the artifact signed again"
            }
            Self::OutsideValidity { subject: Subject::Authority(_), .. } => {
                "the authority was not valid yet when the artifact was signed: if it has an earlier certificate for the same key, give that one; if not, have the artifact signed again"
            }
            Self::InTheFuture { leeway: Duration::ZERO, .. } => {
                "check this machine's clock and the log's; if they only differ by some seconds, verify with a leeway"
            }
            Self::InTheFuture { .. } => {
                "check this machine's clock and the log's, which differ by more than the leeway"
            }
            #[cfg(feature = "sigstore")]
            Self::OutsidePeriod { .. } => {
                "check that the trusted root, or the period that a key was given, is not older than the signature; what was signed outside of it must be signed again"
            }
            Self::UnknownProvenance { .. } => {
                "correct what wrote the record: a provenance may have the names of claims only, or the dotted OIDs of custom ones"
            }
            _ => return None,
        })
    }

    /// The check that failed: the code's own, but for an authority's faults, which the chain check finds.
    #[must_use]
    pub const fn check(&self) -> Check {
        match self {
            Self::BadCertificate { subject: Subject::Authority(_), .. }
            | Self::OutsideValidity { subject: Subject::Authority(_), .. } => Check::Chain,
            _ => self.code().check(),
        }
    }
}

/// That all entries that matched are revoked, given their number.
struct EveryMatching<'a>(&'a usize);

impl fmt::Display for EveryMatching<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("the one matching entry is revoked"),
            matching => write!(
                f,
                "all {matching} matching entries are revoked, or made with the key of a revoked one"
            ),
        }
    }
}

/// Why there is no path, after that there is none: whether an authority was left out, and what stood in the way.
struct WhyNone<'a>(&'a bool, &'a Option<Box<Obstacle>>);

impl fmt::Display for WhyNone<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(true, _) => f.write_str(" without a distrusted certificate or key"),
            Self(false, Some(obstacle)) => write!(f, ": {obstacle}"),
            Self(false, None) => Ok(()),
        }
    }
}

/// How much later than now a time might be, if at all.
struct AndLeeway<'a>(&'a Duration);

impl fmt::Display for AndLeeway<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            &Duration::ZERO => Ok(()),
            leeway => write!(f, ", and its leeway of {leeway:?}"),
        }
    }
}

/// That no signed timestamp counts, given how many there are, and the first one's fault.
struct NoneCounts<'a>(&'a usize, &'a Option<String>);

impl fmt::Display for NoneCounts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (_, None) => f.write_str("the entry has no signed timestamp"),
            (1, Some(fault)) => write!(f, "the entry's signed timestamp does not count: {fault}"),
            (count, Some(fault)) => {
                write!(f, "none of the entry's {count} signed timestamps counts; of the first: {fault}")
            }
        }
    }
}

/// The names of instances.
#[cfg(feature = "sigstore")]
struct Instances<'a>(&'a [String]);

#[cfg(feature = "sigstore")]
impl fmt::Display for Instances<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("none") } else { write!(f, "{}", List(self.0)) }
    }
}

/// Texts of which one will do.
#[cfg(feature = "sigstore")]
struct Alternatives<'a>(&'a [String]);

#[cfg(feature = "sigstore")]
impl fmt::Display for Alternatives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, text) in self.0.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { " or " }, Quoted(text))?;
        }
        Ok(())
    }
}

/// Of which type a statement is.
#[cfg(feature = "sigstore")]
struct IsOfType<'a>(&'a Option<String>);

#[cfg(feature = "sigstore")]
impl fmt::Display for IsOfType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(found) => write!(f, "and this one is of {}", Quoted(found)),
            None => f.write_str("and the bundle has none"),
        }
    }
}

/// What the certificate says of a claim.
struct SaysOf<'a>(&'a Option<String>);

impl fmt::Display for SaysOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(value) => write!(f, "says {}", Quoted(value)),
            None => f.write_str("does not carry it"),
        }
    }
}
