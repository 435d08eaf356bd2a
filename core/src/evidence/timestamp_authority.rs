//! Whoever signs timestamps: a signer's certificate, the authorities above it, and a period.

use crate::chain::authority::{Authorities, Authority};
use crate::chain::path::{self, PathRules};
use crate::chain::trust::{self, Distrusted};
use crate::crypto::SignatureAlgorithm;
use crate::evidence::signed_timestamp::{Candidate, IssuerAndSerial, SignedTimestamp, SignerId};
use crate::limits::{MAX_CERTIFICATE_BYTES, MAX_CERTIFICATES};
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::rejection::{Reason, Subject, check_validity};
use crate::text::pem;
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
use crate::x509::extension_demands::{self, TIME_STAMPING, TIMESTAMP_SIGNER};
use crate::x509::extensions;
use crate::x509::fault::CertificateFault;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use const_oid::db::rfc5280;
use der::Decode;
use der::asn1::OctetStringRef;

const SUBJECT_KEY_IDENTIFIER: &[u8] = rfc5280::ID_CE_SUBJECT_KEY_IDENTIFIER.as_bytes();

/// An authority that signs timestamps (RFC 3161): its signer's certificate, the authorities above it, and the period in
/// which its timestamps count.
///
/// ```no_run
/// use countermark::{Period, TimestampAuthority, TrustAnchors, Verifier};
///
/// let chain = std::fs::read("timestamp-authority.pem")?;
/// let period = Period::new("2025-04-08T06:59:43Z".parse()?, None);
/// let verifier = Verifier::builder(TrustAnchors::from_pem(&std::fs::read_to_string("root.pem")?)?)
///     .timestamp_authority(TimestampAuthority::new([chain], period)?)?
///     .build();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampAuthority {
    /// The signer's certificate first, the anchor last.
    chain: Box<[Vec<u8>]>,
    period: Period,
}

impl TimestampAuthority {
    /// An authority by its certificates in DER, the signer's first and the one to trust last, be it self-signed or not, and
    /// by the period in which its timestamps count. An item that is PEM (it begins with `-----BEGIN`) stands for those in
    /// it. The certificates that a timestamp itself brings are never looked at.
    ///
    /// A key of an algorithm that the verifier does not accept is no fault: it verifies nothing.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if a certificate cannot be read; if there are fewer than two, or more than
    /// [`MAX_CERTIFICATES`]; if the first is an authority's, or not for time stamping alone by a critical extended key
    /// usage (RFC 3161, section 2.3); or if one of the others is no authority's.
    pub fn new<C: AsRef<[u8]>>(
        chain: impl IntoIterator<Item = C>,
        period: Period,
    ) -> Result<Self, MalformedInput> {
        let refuse = |fault: String| MalformedInput::trust_anchor(format!("timestamp authority: {fault}"));
        let chain =
            pem::certificates_of_items(chain, MAX_CERTIFICATES, MAX_CERTIFICATE_BYTES).map_err(refuse)?;
        for (index, der) in chain.iter().enumerate() {
            let refuse = |fault: String| refuse(format!("certificate {index}{fault}"));
            let certificate = Certificate::parse(der).map_err(|fault| {
                refuse(match pem::instead_of_der(der) {
                    Some(instead) => format!(" cannot be read: {instead}"),
                    None => format!(" {fault}"),
                })
            })?;
            check_form(&certificate, index == 0)
                .map_err(|fault| refuse(format!(", {}, {fault}", certificate.subject_text())))?;
        }
        if chain.len() < 2 {
            return Err(refuse(String::from(
                "give the certificate of its signer, and that of the authority that issued it",
            )));
        }
        Ok(Self { chain: chain.into_boxed_slice(), period })
    }

    /// Its certificates in DER, the signer's first.
    #[must_use]
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The period in which its timestamps count.
    #[must_use]
    pub const fn period(&self) -> Period {
        self.period
    }
}

/// What a signer's certificate must be, and each of the others.
fn check_form(certificate: &Certificate<'_>, is_signer: bool) -> Result<(), CertificateFault> {
    if is_signer {
        return extension_demands::check(&certificate.extensions, &TIMESTAMP_SIGNER, Some(TIME_STAMPING));
    }
    // Whether it may issue, and issue for this, is told on the path, for which it may not be needed.
    let constraints = certificate.extensions.basic_constraints()?;
    if constraints.is_authority { Ok(()) } else { Err(CertificateFault::NotAnAuthority) }
}

/// The timestamp authorities of one instance, prepared once.
#[derive(Debug, Default)]
pub(crate) struct TimestampAuthorities(Vec<Prepared>);

/// An authority with its keys made ready.
#[derive(Debug)]
struct Prepared {
    signer: Authority,
    serial_number: Vec<u8>,
    key_id: Option<Vec<u8>>,
    intermediates: Authorities,
    anchors: Authorities,
    period: Period,
}

impl TimestampAuthorities {
    pub(crate) fn new(authorities: &[TimestampAuthority], distrusted: &Distrusted) -> Self {
        Self(authorities.iter().filter_map(|authority| Prepared::new(authority, distrusted)).collect())
    }
    /// Judges a timestamp over a message. It counts if one authority, by its own certificates and in its own period,
    /// vouches for it. Its signature is checked last, and under the key of a signer that is trusted at its time alone.
    pub(crate) fn judge(
        &self,
        timestamp: &SignedTimestamp<'_>,
        message: &[u8],
        distrusted: &Distrusted,
        accepted: &[SignatureAlgorithm],
    ) -> TimestampVerdict {
        let mut named = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, authority)| authority.is_named(timestamp.signer))
            .peekable();
        if named.peek().is_none() {
            return TimestampVerdict::Unknown { signer: timestamp.signer.to_text() };
        }
        if !timestamp.is_over(message) {
            return TimestampVerdict::Bad(TimestampFault::OtherMessage);
        }
        if !timestamp.signs_its_content() {
            return TimestampVerdict::Bad(TimestampFault::ContentDigest);
        }
        let mut told: Option<TimestampFault> = None;
        for (position, authority) in named {
            match authority.check(timestamp, distrusted, accepted) {
                Ok(()) => {
                    return TimestampVerdict::Good { time: timestamp.time(), authority: position };
                }
                Err(fault) if told.as_ref().is_none_or(|told| fault.progress() > told.progress()) => {
                    told = Some(fault);
                }
                Err(_) => {}
            }
        }
        TimestampVerdict::Bad(told.unwrap_or(TimestampFault::Signature))
    }

    /// The subject of an authority's signer, for people.
    pub(crate) fn signer_text(&self, authority: usize) -> String {
        self.0
            .get(authority)
            .map(|authority| authority.signer.certificate().subject_text())
            .unwrap_or_default()
    }

    /// The SHA-256 of the signer's key, equal for every encoding of one key: whether two authorities are independent.
    #[cfg(feature = "sigstore")]
    pub(crate) fn key_sha256(&self, authority: usize) -> Option<&[u8; 32]> {
        self.0.get(authority).map(|authority| &authority.signer.key_sha256)
    }
}

impl Prepared {
    /// `None` never happens: the certificates were read before.
    fn new(authority: &TimestampAuthority, distrusted: &Distrusted) -> Option<Self> {
        let mut certificates = authority.chain.iter().filter_map(|der| Authority::new(der.clone()).ok());
        let signer = certificates.next()?;
        let mut others: Vec<Authority> = certificates.collect();
        let mut anchors = Authorities::new(alloc::vec![others.pop()?]);
        let mut intermediates = Authorities::new(others);
        trust::prepare(&mut anchors, &mut intermediates, distrusted);
        let certificate = signer.certificate();
        let serial_number = certificate.serial_number()?.to_vec();
        let key_id = extensions::iter(certificate.extensions.content)
            .find(|extension| extension.oid == SUBJECT_KEY_IDENTIFIER)
            .and_then(|extension| {
                Some(<&OctetStringRef>::from_der(extension.value).ok()?.as_bytes().to_vec())
            });
        Some(Self { signer, serial_number, key_id, intermediates, anchors, period: authority.period })
    }

    fn name(&self) -> IssuerAndSerial<'_> {
        IssuerAndSerial { issuer: self.signer.issuer(), serial_number: &self.serial_number }
    }

    /// Whether its signer is the one that is named.
    fn is_named(&self, signer: SignerId<'_>) -> bool {
        match signer {
            SignerId::IssuerAndSerial(name) => name == self.name(),
            SignerId::KeyId(id) => self.key_id.as_deref() == Some(id),
        }
    }

    fn check(
        &self,
        timestamp: &SignedTimestamp<'_>,
        distrusted: &Distrusted,
        accepted: &[SignatureAlgorithm],
    ) -> Result<(), TimestampFault> {
        let time = timestamp.time();
        if !timestamp.is_meant_to_be_by(&Candidate { der: self.signer.der(), name: self.name() }) {
            return Err(TimestampFault::OtherCertificate);
        }
        if !self.period.contains(time) {
            return Err(TimestampFault::OutsidePeriod { time, period: self.period });
        }
        let signer = self.signer.certificate();
        let subject = || Subject::Authority(signer.subject_text());
        check_validity(&signer.validity, time, subject).map_err(TimestampFault::of_signer)?;
        let rules = PathRules {
            times: &[time],
            usage: Some(TIME_STAMPING),
            accepted_algorithms: accepted,
            distrusted,
            max_authorities: PathRules::DEFAULT_MAX_AUTHORITIES,
        };
        path::find_for_own(&self.signer, &self.intermediates, &self.anchors, &rules)
            .map_err(TimestampFault::of_signer)?;
        let key = self.signer.key.as_ref().ok_or(TimestampFault::Algorithm)?;
        let (named, digest) = timestamp.algorithms();
        let algorithm = SignatureAlgorithm::of_signer_info(key.kind(), named, digest)
            .filter(|algorithm| accepted.contains(algorithm))
            .ok_or(TimestampFault::Algorithm)?;
        if key.verifies_by(algorithm, &timestamp.signed_part(), timestamp.signature, accepted) {
            Ok(())
        } else {
            Err(TimestampFault::Signature)
        }
    }
}

/// What came of a signed timestamp that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TimestampVerdict {
    /// An authority vouches for the time.
    Good {
        /// When the message was there.
        time: Timestamp,
        /// Which of the authorities, by its position.
        authority: usize,
    },
    /// It names a signer that is none of the authorities'.
    Unknown {
        /// What it names, for people.
        signer: String,
    },
    /// It names an authority's signer, and does not count.
    Bad(TimestampFault),
}

/// Why a timestamp of a known signer does not count.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TimestampFault {
    #[error("it is over something else than this signature")]
    OtherMessage,
    #[error("what is signed in it has another digest than its content")]
    ContentDigest,
    #[error("it names another certificate as its signer's than the timestamp authority's")]
    OtherCertificate,
    #[error("its time {time} is outside the timestamp authority's period, {period}")]
    OutsidePeriod { time: Timestamp, period: Period },
    #[error("its signer is not trusted: {0}")]
    Signer(Box<Reason>),
    #[error("its signature is by an algorithm that is not accepted from its signer's key")]
    Algorithm,
    #[error("its signature does not verify")]
    Signature,
}

impl TimestampFault {
    fn of_signer(reason: Reason) -> Self {
        Self::Signer(Box::new(reason))
    }

    /// How far a timestamp came: of several authorities with one signer, the fault of that one is told.
    const fn progress(&self) -> u8 {
        match self {
            Self::OtherMessage => 0,
            Self::ContentDigest => 1,
            Self::OtherCertificate => 2,
            Self::OutsidePeriod { .. } => 3,
            Self::Signer(_) => 4,
            Self::Algorithm => 5,
            Self::Signature => 6,
        }
    }
}
