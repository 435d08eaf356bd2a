//! What a successful verification returns.

use crate::chain::path::Path;
use crate::code::Code;
use crate::crypto::sha256;
#[cfg(feature = "sigstore")]
use crate::outcome::of_bundle::OfBundle;
use crate::policy::policies::{SignerPolicy, TimeVoucher};
use crate::record::entry::EntryRef;
use crate::record::signed::Signed;
use crate::signer::claim::{Claim, Claims};
use crate::text::quoting::Value;
use crate::timestamp::Timestamp;
use crate::x509::certificate::Certificate;
#[cfg(feature = "sigstore")]
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::fmt;
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// What a successful verification returns, and what was established by it. Only the verifier makes one.
///
/// Its `Display` is for people: the statements that were established, warnings, the signature, its time and
/// the provenance, one labelled line per claim. A claim that is not plain visible ASCII is quoted there, and of a long
/// one both ends are shown, so that no value can look like another line; programs ask [`Verified::claims`].
///
/// Nothing else makes one, and a result that nobody looks at does not pass unnoticed:
///
/// ```compile_fail,E0451
/// fn forged(claims: countermark::Claims<'static>) -> countermark::Verified<'static> {
///     countermark::Verified { claims }
/// }
/// ```
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// fn ignored(verifier: &countermark::Verifier, name: &countermark::ArtifactName, policy: &countermark::Policy) {
///     verifier.verify(name, &[] as &[countermark::Entry], policy);
/// }
/// ```
///
/// ```
/// #![deny(unused_must_use)]
/// fn heeded(verifier: &countermark::Verifier, name: &countermark::ArtifactName, policy: &countermark::Policy) -> bool {
///     verifier.verify(name, &[] as &[countermark::Entry], policy).is_ok()
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Verified<'a> {
    pub(super) source: Option<(usize, EntryRef<'a>)>,
    pub(super) signature: &'a [u8],
    pub(super) timestamp: Timestamp,
    pub(super) leaf: &'a [u8],
    pub(super) claims: Claims<'a>,
    pub(super) custom_claims: Vec<(Claim, &'a str)>,
    pub(super) authorities: Vec<PathCertificate<'a>>,
    pub(super) times: Vec<SignedTime>,
    pub(super) warnings: Vec<Warning>,
    #[cfg(feature = "sigstore")]
    pub(super) bundle: Option<Box<OfBundle>>,
}

impl<'a> Verified<'a> {
    pub(crate) fn new(
        source: Option<(usize, EntryRef<'a>)>,
        signed: &Signed<'a, '_>,
        claims: Claims<'a>,
        path: Path<'a>,
        times: Vec<SignedTime>,
        policy: &SignerPolicy,
    ) -> Self {
        let recorded = signed.provenance.iter().filter_map(|(name, _)| name.parse().ok());
        let named = policy.claims().iter().map(|(claim, _)| *claim).chain(recorded);
        Self {
            source,
            signature: signed.signature,
            timestamp: signed.timestamp,
            leaf: signed.certificates.get(0).unwrap_or_default(),
            claims,
            custom_claims: Self::custom_claims_of(&claims, named),
            authorities: Self::authorities_of(path),
            times,
            warnings: Warning::about(policy),
            #[cfg(feature = "sigstore")]
            bundle: None,
        }
    }

    /// The authorities of a path, in room for exactly these: of results there may be very many.
    pub(super) fn authorities_of(path: Path<'a>) -> Vec<PathCertificate<'a>> {
        let intermediates = path.intermediates.iter().map(|intermediate| PathCertificate {
            der: intermediate.der,
            origin: if intermediate.is_known { Origin::KnownIntermediate } else { Origin::Entry },
        });
        let anchor = PathCertificate { der: path.anchor, origin: Origin::TrustAnchor };
        let mut authorities = Vec::with_capacity(path.intermediates.len().saturating_add(1));
        authorities.extend(intermediates.chain([anchor]));
        authorities
    }

    /// The custom ones among the claims that were named, with their values.
    pub(super) fn custom_claims_of(
        claims: &Claims<'a>,
        named: impl Iterator<Item = Claim>,
    ) -> Vec<(Claim, &'a str)> {
        let custom: BTreeMap<Claim, &'a str> = named
            .filter(|claim| matches!(claim, Claim::Custom(_)))
            .filter_map(|claim| Some((claim, claims.get(&claim)?)))
            .collect();
        custom.into_iter().collect()
    }

    /// The entry that was verified; `None` for a message.
    #[must_use]
    pub fn entry(&self) -> Option<EntryRef<'a>> {
        self.source.map(|(_, entry)| entry)
    }

    /// Which of the entries given that is, counted from zero; `None` for a message.
    #[must_use]
    pub fn entry_index(&self) -> Option<usize> {
        self.source.map(|(index, _)| index)
    }

    /// The claims of the certificate: who signed, from which repository, and so on.
    #[must_use]
    pub const fn claims(&self) -> Claims<'a> {
        self.claims
    }

    /// The custom claims of the certificate that the policy or the provenance named, with their values.
    #[must_use]
    pub fn custom_claims(&self) -> &[(Claim, &'a str)] {
        &self.custom_claims
    }

    fn all_claims(&self) -> impl Iterator<Item = (Claim, &'a str)> {
        self.claims.iter().chain(self.custom_claims.iter().copied())
    }

    /// The signer's certificate in DER; empty where a key of the policy's signed.
    #[must_use]
    pub const fn leaf(&self) -> &'a [u8] {
        self.leaf
    }

    /// The authorities of the path, from the leaf's issuer to the trust anchor, which is the last.
    #[must_use]
    pub fn path(&self) -> &[PathCertificate<'a>] {
        &self.authorities
    }

    /// The signature's DER.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// When the signature was made.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// What vouches for the time: that of a timestamp authority if there is a signed timestamp, and then it and the
    /// recorded time both lie inside the validity of the certificates.
    #[must_use]
    pub fn time_voucher(&self) -> TimeVoucher {
        #[cfg(feature = "sigstore")]
        if self.bundle.is_some() && self.times.is_empty() {
            return TimeVoucher::Caller;
        }
        self.times.first().map_or(TimeVoucher::Recorded, SignedTime::voucher)
    }

    /// The times that somebody signed, if any did, in the order of the evidence. Each lies inside the validity of the
    /// certificates.
    #[must_use]
    pub fn times(&self) -> &[SignedTime] {
        &self.times
    }

    /// What was not asked for, and perhaps should have been.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// From when to when the signer's certificate was valid.
    #[must_use]
    pub fn validity(&self) -> Option<(Timestamp, Timestamp)> {
        let validity = Certificate::parse(self.leaf).ok()?.validity;
        Some((validity.not_before, validity.not_after))
    }
}

/// A time at which the signature was there, and whose word that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTime {
    pub(crate) time: Timestamp,
    pub(crate) voucher: TimeVoucher,
    pub(crate) authority: String,
}

impl SignedTime {
    /// When the signature was there.
    #[must_use]
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// What vouches for it.
    #[must_use]
    pub const fn voucher(&self) -> TimeVoucher {
        self.voucher
    }

    /// Who that is: the subject of a timestamp authority's signer, for people, by RFC 4514.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }
}

/// Something that a verified result does not establish because it was not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The policy requires no claim about the signer: anyone whom the issuer vouches for would have done.
    SignerUnconstrained,
    /// The policy for bundles asks for no log entry.
    LogEntriesNotAsked,
    /// The policy for bundles asks for no signed time.
    SignedTimesNotAsked,
    /// The policy for bundles asks for no timestamp of a certificate log.
    CertificateTimestampsNotAsked,
    /// The policy for bundles passes over what is of logs and authorities that are not known.
    UnknownAuthoritiesIgnored,
}

impl Warning {
    /// What to warn of when a policy was met.
    pub(crate) fn about(policy: &SignerPolicy) -> Vec<Self> {
        if policy.is_unconstrained() { alloc::vec![Self::SignerUnconstrained] } else { Vec::new() }
    }

    /// The stable name, as JSON spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignerUnconstrained => "signer_unconstrained",
            Self::LogEntriesNotAsked => "log_entries_not_asked",
            Self::SignedTimesNotAsked => "signed_times_not_asked",
            Self::CertificateTimestampsNotAsked => "certificate_timestamps_not_asked",
            Self::UnknownAuthoritiesIgnored => "unknown_authorities_ignored",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignerUnconstrained => f.write_str(
                "signer_unconstrained: the policy requires no claim about the signer, so anyone whom the issuer vouches for would have done; require one, such as source_repository",
            ),
            Self::LogEntriesNotAsked => f.write_str(
                "log_entries_not_asked: the policy asks for no log entry, so nobody but the signer may know of the signature",
            ),
            Self::SignedTimesNotAsked => f.write_str(
                "signed_times_not_asked: the policy asks for no signed time, so who keeps the key may have signed at any time",
            ),
            Self::CertificateTimestampsNotAsked => f.write_str(
                "certificate_timestamps_not_asked: the policy asks for no timestamp of a certificate log, so nobody but the authority may know of the certificate",
            ),
            Self::UnknownAuthoritiesIgnored => f.write_str(
                "unknown_authorities_ignored: the policy passes over log entries and timestamps of logs and authorities that the trusted root does not have",
            ),
        }
    }
}

/// An authority of a verified path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathCertificate<'a> {
    pub(super) der: &'a [u8],
    pub(super) origin: Origin,
}

impl<'a> PathCertificate<'a> {
    /// The certificate in DER.
    #[must_use]
    pub const fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Where it came from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Its subject, for people, by RFC 4514: `CN=Example Signing Root CA,O=Example`.
    #[must_use]
    pub fn subject(&self) -> String {
        Certificate::parse(self.der).map_or_else(|_| String::new(), |certificate| certificate.subject_text())
    }

    /// The SHA-256 of its DER. Anybody can give a certificate another spelling of its ECDSA signature, and so
    /// another SHA-256; who looks a certificate up by it, to refuse it, gives it to
    /// [`VerifierBuilder::distrust`](crate::VerifierBuilder::distrust) instead.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        sha256(self.der)
    }
}

/// Where a certificate of a path came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The entry brought it.
    Entry,
    /// It is one of the verifier's known intermediates.
    KnownIntermediate,
    /// It is a trust anchor.
    TrustAnchor,
}

impl Origin {
    /// The stable name, as JSON spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::KnownIntermediate => "known_intermediate",
            Self::TrustAnchor => "trust_anchor",
        }
    }
}

impl fmt::Display for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "sigstore")]
        if let Some(bundle) = &self.bundle {
            return self.write_of_bundle(bundle, f);
        }
        match self.entry() {
            Some(entry) => writeln!(f, "verified: {}", Value(entry.artifact_name()))?,
            None => writeln!(f, "verified: the message")?,
        }
        self.write_certification(f)?;
        match self.entry() {
            Some(entry) => {
                writeln!(f, "  signature   genuine: the certificate's key signed this artifact's name")?;
                let recorded = entry.provenance().len();
                writeln!(
                    f,
                    "  claims      as the policy requires them, and as the entry recorded them ({recorded} recorded)"
                )?;
            }
            None => {
                writeln!(f, "  signature   genuine: the certificate's key signed this message")?;
                writeln!(f, "  claims      as the policy requires them")?;
            }
        }
        self.write_rest(f)
    }
}

impl Verified<'_> {
    /// Who certified the signer, and that the time fits.
    pub(super) fn write_certification(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchor = self.authorities.last().map(PathCertificate::subject).unwrap_or_default();
        writeln!(f, "  authority   trusted: the signer's certificate leads to {anchor}")?;
        match self.validity() {
            Some((not_before, not_after)) => {
                writeln!(f, "  time        inside the certificate's validity, {not_before} to {not_after}")
            }
            None => writeln!(f, "  time        inside the certificate's validity"),
        }
    }

    #[cfg(feature = "sigstore")]
    fn write_of_bundle(&self, bundle: &OfBundle, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "verified: {}", Value(bundle.artifact.as_deref().unwrap_or("the envelope")))?;
        let by = match &bundle.key {
            None => {
                self.write_certification(f)?;
                "the certificate's key"
            }
            Some(name) => {
                let name = name.as_deref().unwrap_or("without a name");
                writeln!(f, "  authority   trusted: the policy's key {}", Value(name))?;
                "that key"
            }
        };
        let what =
            if bundle.statement.is_some() { "a statement about this artifact" } else { "this artifact" };
        let what = if bundle.artifact.is_some() { what } else { "this envelope" };
        writeln!(f, "  signature   genuine: {by} signed {what}")?;
        bundle.write(f)?;
        if bundle.key.is_none() {
            writeln!(f, "  claims      as the policy requires them")?;
        }
        self.write_rest(f)
    }

    /// What follows the statements that were established.
    pub(super) fn write_rest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        writeln!(f, "signature: {}", Base64::encode_string(self.signature))?;
        writeln!(f, "timestamp: {} ({})", self.timestamp, self.time_voucher().name())?;
        for signed in &self.times {
            writeln!(f, "signed timestamp: {} by {}", signed.time, Value(&signed.authority))?;
        }
        f.write_str("provenance:")?;
        for (claim, value) in self.all_claims() {
            write!(f, "\n  {:<35} {}", claim.label(), Value(value))?;
        }
        Ok(())
    }
}

impl Serialize for Verified<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("verdict", Code::Verified.name())?;
        map.serialize_entry("number", &Code::Verified.number())?;
        #[cfg(feature = "sigstore")]
        if let Some(bundle) = &self.bundle {
            bundle.serialize_into(&mut map)?;
        }
        if let Some((index, entry)) = self.source {
            map.serialize_entry("artifact_name", entry.artifact_name())?;
            map.serialize_entry("namespace", entry.namespace())?;
            map.serialize_entry("entry", &index)?;
        }
        map.serialize_entry("signature", &Base64::encode_string(self.signature))?;
        map.serialize_entry("timestamp", &self.timestamp.to_string())?;
        map.serialize_entry("time_voucher", self.time_voucher().name())?;
        if !self.times.is_empty() {
            map.serialize_entry("times", &self.times)?;
        }
        map.serialize_entry("claims", &ClaimTexts(self))?;
        map.serialize_entry("path", &self.authorities)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.end()
    }
}

struct ClaimTexts<'v, 'a>(&'v Verified<'a>);

impl Serialize for ClaimTexts<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.all_claims().map(|(claim, value)| (claim.to_string(), value)))
    }
}

impl Serialize for SignedTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("time", &self.time.to_string())?;
        map.serialize_entry("voucher", self.voucher.name())?;
        map.serialize_entry("authority", &self.authority)?;
        map.end()
    }
}

impl Serialize for PathCertificate<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sha256: String = self.sha256().iter().map(|byte| alloc::format!("{byte:02x}")).collect();
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("subject", &self.subject())?;
        map.serialize_entry("sha256", &sha256)?;
        map.serialize_entry("origin", self.origin.name())?;
        map.end()
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
