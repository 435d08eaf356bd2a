//! The verifier: what is trusted, prepared once and used for many artifacts.

#[cfg(feature = "sigstore")]
pub(crate) mod bundles;

use crate::artifact_name::ArtifactName;
use crate::chain::authority::{self, Authority, TrustAnchors};
use crate::chain::path::Remembered;
use crate::chain::trust::{Distrusted, Trust};
use crate::crypto::SignatureAlgorithm;
use crate::evidence::timestamp_authority::{TimestampAuthorities, TimestampAuthority};
use crate::limits::{MAX_AUTHORITIES, MAX_LEEWAY_SECONDS};
use crate::malformed::MalformedInput;
use crate::outcome::report::Report;
use crate::outcome::verified::Verified;
use crate::policy::policies::{MessagePolicy, Policy};
use crate::record::entry::{Entry, EntryRef};
use crate::record::message::{Message, MessageSignature};
use crate::rejection::Rejection;
#[cfg(feature = "sigstore")]
use crate::sigstore::instance::{Instance, OwnEvidence};
#[cfg(feature = "sigstore")]
use crate::sigstore::trusted_root::TrustedRoot;
use crate::text::quoting::Excerpt;
use crate::timestamp::Timestamp;
use crate::verify::{self, Settings};
use alloc::format;
#[cfg(feature = "sigstore")]
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

/// Verifies artifacts against what it trusts. It does no I/O and has no clock, and one may be used from many threads.
/// Between calls it keeps nothing but which of the certificates that it was given were signed by which of their
/// keys, so that this is checked once; whether a path may be used, and at which time, is judged for every entry.
///
/// ```no_run
/// use countermark::{ArtifactName, Policy, TrustAnchors, Verifier, entries_from_json};
///
/// let verifier = Verifier::new(TrustAnchors::from_pem(&std::fs::read_to_string("root.pem")?)?);
/// let policy = Policy::from_json(std::fs::read("policy.json")?)?;
/// let entries = entries_from_json(std::fs::read("log.json")?)?;
/// let name: ArtifactName = std::env::args().nth(1).ok_or("name an artifact")?.parse()?;
///
/// let verified = verifier.verify(&name, &entries, &policy)?;
/// println!("{verified}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Verifier {
    trust: Arc<Trust>,
    timestamp_authorities: Arc<TimestampAuthorities>,
    /// Those that judge bundles, the verifier's own first if it has anchors.
    #[cfg(feature = "sigstore")]
    instances: Vec<Instance>,
}

impl Verifier {
    /// A verifier with these anchors, no known intermediates, nothing distrusted, and the default algorithms.
    #[must_use]
    pub fn new(anchors: TrustAnchors) -> Self {
        Self::builder(anchors).build()
    }

    /// A verifier with more settings than its anchors.
    pub fn builder(anchors: TrustAnchors) -> VerifierBuilder {
        let accepted_algorithms = anchors.accepted_algorithms().to_vec();
        VerifierBuilder {
            anchors,
            intermediates: Vec::new(),
            timestamp_authorities: Vec::new(),
            distrusted: Distrusted::default(),
            accepted_algorithms,
            #[cfg(feature = "sigstore")]
            own_evidence: OwnEvidence::default(),
            #[cfg(feature = "sigstore")]
            roots: Vec::new(),
        }
    }

    /// The same verifier with the caller's time: an entry that was signed after it is refused.
    #[must_use]
    pub const fn at(&self, now: Timestamp) -> VerifierAt<'_> {
        VerifierAt { verifier: self, now: Some(now), leeway: Duration::ZERO }
    }

    /// The same verifier without the caller's time, for what only [`VerifierAt`] has.
    #[must_use]
    pub const fn at_any_time(&self) -> VerifierAt<'_> {
        VerifierAt { verifier: self, now: None, leeway: Duration::ZERO }
    }

    /// Verifies an artifact by the entries of its log: those of other artifacts and tenants do not matter.
    ///
    /// Give every entry of the artifact that there is: a revocation that is left out cannot be seen.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] with the reason; the order of the rules is stated in the
    /// [crate's documentation](crate#the-rules).
    pub fn verify<'a, E: Into<EntryRef<'a>>>(
        &'a self,
        name: &ArtifactName,
        entries: impl IntoIterator<Item = E>,
        policy: &Policy,
    ) -> Result<Verified<'a>, Rejection> {
        self.at_any_time().verify(name, entries, policy)
    }

    /// Runs every check on the same input and reports on all of them; never fails for a refused artifact.
    pub fn examine<'a, E: Into<EntryRef<'a>>>(
        &'a self,
        name: &ArtifactName,
        entries: impl IntoIterator<Item = E>,
        policy: &Policy,
    ) -> Report {
        self.at_any_time().examine(name, entries, policy)
    }

    /// Each result is the artifact's own: `Ok` is verified, and nothing else is. They are in the order of the requests.
    /// Verifies on all cores if the feature `std` is on.
    #[must_use]
    pub fn verify_many<'a, E: Sync>(
        &'a self,
        requests: &'a [Request<'a, E>],
    ) -> Vec<Result<Verified<'a>, Rejection>>
    where
        &'a E: Into<EntryRef<'a>>,
    {
        self.at_any_time().verify_many(requests)
    }

    /// Verifies the signature over a message that is no artifact name: the rules on the certificate, the
    /// chain, the lifetime, the time, the signature and the claims, in this order.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] with the reason. A certificate of another issuer than the policy's is
    /// `claims_mismatch` here.
    pub fn verify_message<'a>(
        &'a self,
        message: &Message,
        signature: &MessageSignature<'a>,
        policy: MessagePolicy<'_>,
    ) -> Result<Verified<'a>, Rejection> {
        self.at_any_time().verify_message(message, signature, policy)
    }
}

/// A [`Verifier`] with the caller's time, from [`Verifier::at`].
#[derive(Clone, Copy, Debug)]
pub struct VerifierAt<'v> {
    verifier: &'v Verifier,
    now: Option<Timestamp>,
    leeway: Duration,
}

impl<'v> VerifierAt<'v> {
    fn settings(&self) -> Settings<'v> {
        let Self { verifier, now, leeway } = *self;
        let Verifier { trust, timestamp_authorities, .. } = verifier;
        Settings { trust, timestamp_authorities, now, leeway }
    }

    /// The same with a leeway: an entry is refused only if it was signed more than this after the caller's time. The
    /// log's clock and the caller's are two, and a fresh entry must not be refused because one of them is a second
    /// ahead. Without the caller's time there is nothing that it could change. More than [`MAX_LEEWAY_SECONDS`] counts as
    /// these, so that a slip in the unit does not switch the caller's time off.
    #[must_use]
    pub fn with_leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway.min(Duration::from_secs(MAX_LEEWAY_SECONDS.into()));
        self
    }

    /// As [`Verifier::verify`].
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify`], and `time_mismatch` for an entry that was signed after the caller's time.
    pub fn verify<'a, E: Into<EntryRef<'a>>>(
        &self,
        name: &ArtifactName,
        entries: impl IntoIterator<Item = E>,
        policy: &Policy,
    ) -> Result<Verified<'a>, Rejection>
    where
        'v: 'a,
    {
        self.verify_remembering(&mut Remembered::default(), name, entries, policy)
    }

    fn verify_remembering<'a, E: Into<EntryRef<'a>>>(
        &self,
        remembered: &mut Remembered<'a>,
        name: &ArtifactName,
        entries: impl IntoIterator<Item = E>,
        policy: &Policy,
    ) -> Result<Verified<'a>, Rejection>
    where
        'v: 'a,
    {
        verify::verify(self.settings(), remembered, name, entries.into_iter().map(Into::into), policy)
    }

    /// As [`Verifier::examine`].
    pub fn examine<'a, E: Into<EntryRef<'a>>>(
        &self,
        name: &ArtifactName,
        entries: impl IntoIterator<Item = E>,
        policy: &Policy,
    ) -> Report
    where
        'v: 'a,
    {
        verify::examine(self.settings(), name, entries.into_iter().map(Into::into), policy)
    }

    /// As [`Verifier::verify_many`].
    #[must_use]
    pub fn verify_many<'a, E: Sync>(
        &self,
        requests: &'a [Request<'a, E>],
    ) -> Vec<Result<Verified<'a>, Rejection>>
    where
        'v: 'a,
        &'a E: Into<EntryRef<'a>>,
    {
        self.verify_many_telling(requests, &|| {})
    }

    /// As [`Verifier::verify_many`], and calls `done_one` after each request, from whichever thread made it:
    /// for a progress bar.
    #[must_use]
    pub fn verify_many_telling<'a, E: Sync>(
        &self,
        requests: &'a [Request<'a, E>],
        done_one: &(dyn Fn() + Sync),
    ) -> Vec<Result<Verified<'a>, Rejection>>
    where
        'v: 'a,
        &'a E: Into<EntryRef<'a>>,
    {
        crate::verify_many::map(requests, |remembered: &mut Remembered<'a>, request| {
            let result = self.verify_remembering(remembered, request.name, request.entries, request.policy);
            done_one();
            result
        })
    }

    /// As [`Verifier::verify_message`].
    ///
    /// # Errors
    ///
    /// As [`Verifier::verify_message`], and `time_mismatch` for a signature made after the caller's time.
    pub fn verify_message<'a>(
        &self,
        message: &Message,
        signature: &MessageSignature<'a>,
        policy: MessagePolicy<'_>,
    ) -> Result<Verified<'a>, Rejection>
    where
        'v: 'a,
    {
        verify::verify_message(self.settings(), message, signature, policy)
    }
}

/// One artifact of many, for [`Verifier::verify_many`].
///
/// It borrows its entries, [`Entry`](crate::Entry)s, [`EntryRef`]s or anything else that becomes one, so that many
/// requests over one log take no more memory than their names. Each request reads all of its entries: where a log has
/// many, give each artifact's own, as [`Log::find`](crate::Log::find) tells them (but not under
/// [`RevocationScope::Digest`](crate::RevocationScope::Digest), for which entries of other names count).
#[derive(Debug)]
pub struct Request<'a, E = Entry> {
    name: &'a ArtifactName,
    entries: &'a [E],
    policy: &'a Policy,
}

impl<'a, E> Request<'a, E> {
    /// What [`Verifier::verify`] takes.
    #[must_use]
    pub const fn new(name: &'a ArtifactName, entries: &'a [E], policy: &'a Policy) -> Self {
        Self { name, entries, policy }
    }
}

// By hand: what `derive` makes would demand that `E` can be copied.
impl<E> Clone for Request<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Request<'_, E> {}

/// Makes a [`Verifier`] with more settings than its anchors.
///
/// ```no_run
/// use countermark::{TrustAnchors, Verifier};
///
/// let anchors = TrustAnchors::from_pem(&std::fs::read_to_string("root.pem")?)?;
/// let verifier = Verifier::builder(anchors)
///     .intermediates_from_pem(&std::fs::read_to_string("intermediates.pem")?)?
///     .distrust([0xAB; 32])
///     .build();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct VerifierBuilder {
    anchors: TrustAnchors,
    intermediates: Vec<Authority>,
    timestamp_authorities: Vec<TimestampAuthority>,
    distrusted: Distrusted,
    accepted_algorithms: Vec<SignatureAlgorithm>,
    #[cfg(feature = "sigstore")]
    own_evidence: OwnEvidence,
    #[cfg(feature = "sigstore")]
    roots: Vec<(String, TrustedRoot)>,
}

impl VerifierBuilder {
    /// Makes a verifier without anchors of its own, which trusts for bundles whom it is told to, and believes no private
    /// record.
    #[cfg(feature = "sigstore")]
    pub fn without_anchors() -> Self {
        Verifier::builder(TrustAnchors::unchecked(Vec::new()))
    }

    /// Also uses these intermediate certificates (PEM) when building paths, for records that bring only their
    /// leaf. They are not trusted for being known: a path must lead on to an anchor. Certificates that cannot
    /// be read are ignored.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the text is no PEM, or there are more than [`MAX_AUTHORITIES`].
    pub fn intermediates_from_pem(self, pem: &str) -> Result<Self, MalformedInput> {
        self.with_intermediates(authority::intermediates_from_pem(pem)?)
    }

    /// The same from certificates in DER. An item that is PEM (it begins with `-----BEGIN`) stands for those in it.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if an item is malformed PEM, or there are more than [`MAX_AUTHORITIES`].
    pub fn intermediates_from_der<C: AsRef<[u8]>>(
        self,
        certificates: impl IntoIterator<Item = C>,
    ) -> Result<Self, MalformedInput> {
        self.with_intermediates(authority::intermediates_from_der(certificates)?)
    }

    fn with_intermediates(mut self, intermediates: Vec<Authority>) -> Result<Self, MalformedInput> {
        if self.intermediates.is_empty() {
            self.intermediates = intermediates;
        } else {
            self.intermediates.extend(intermediates);
        }
        if self.intermediates.len() > MAX_AUTHORITIES {
            return Err(MalformedInput::trust_anchor(format!(
                "there are more than {MAX_AUTHORITIES} known intermediates"
            )));
        }
        Ok(self)
    }

    /// Also believes this authority when the signed timestamps of entries are its: what it signed raises
    /// [`TimeVoucher::Recorded`](crate::TimeVoucher::Recorded) to
    /// [`TimeVoucher::TimestampAuthority`](crate::TimeVoucher::TimestampAuthority). What the verifier distrusts, and which
    /// algorithms it accepts, holds for timestamp authorities too.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if there are more than [`MAX_AUTHORITIES`].
    pub fn timestamp_authority(mut self, authority: TimestampAuthority) -> Result<Self, MalformedInput> {
        if self.timestamp_authorities.len() >= MAX_AUTHORITIES {
            return Err(MalformedInput::trust_anchor(format!(
                "there are more than {MAX_AUTHORITIES} timestamp authorities"
            )));
        }
        self.timestamp_authorities.push(authority);
        Ok(self)
    }

    /// Distrusts every certificate with this SHA-256 of its DER, or of its public key's
    /// `SubjectPublicKeyInfo` in DER: no path goes through it. A certificate is meant together with the one
    /// that anybody can make of it, by another spelling of its ECDSA signature; a key in every encoding of its point,
    /// compressed or not, whichever of them the digest is of.
    pub fn distrust(mut self, sha256: [u8; 32]) -> Self {
        self.distrusted.insert(sha256);
        self
    }

    /// The same with the digest as 64 hex digits, of either case.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if the text is anything else.
    pub fn distrust_hex(self, sha256: &str) -> Result<Self, MalformedInput> {
        match parse_sha256_hex(sha256) {
            Some(digest) => Ok(self.distrust(digest)),
            None => Err(MalformedInput::trust_anchor(format!(
                "a distrusted certificate or key is named by the 64 hex digits of its SHA-256, not by {}",
                Excerpt(sha256)
            ))),
        }
    }

    /// Accepts certificates that were signed by these algorithms, and by no others: name those of every authority on
    /// the way, ECDSA too where it is needed. The default are those that the
    /// anchors were read for: [`SignatureAlgorithm::DEFAULT`], unless
    /// [`TrustAnchors::from_pem_accepting`] named others.
    pub fn accept_algorithms(mut self, algorithms: &[SignatureAlgorithm]) -> Self {
        self.accepted_algorithms = algorithms.to_vec();
        self
    }

    /// The verifier.
    #[must_use]
    pub fn build(self) -> Verifier {
        let timestamp_authorities =
            Arc::new(TimestampAuthorities::new(&self.timestamp_authorities, &self.distrusted));
        let trust = Trust::new(self.anchors, self.intermediates, self.distrusted, self.accepted_algorithms);
        let trust = Arc::new(trust);
        Verifier {
            #[cfg(feature = "sigstore")]
            instances: Instance::all(&trust, &timestamp_authorities, self.own_evidence, &self.roots),
            trust,
            timestamp_authorities,
        }
    }
}

fn parse_sha256_hex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        let pair = pair.iter().all(u8::is_ascii_hexdigit).then_some(pair)?;
        *byte = u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}
