//! What the caller expects: of the record, and of the signer.

use crate::artifact_name::ArtifactName;
use crate::crypto::{Digest, HashAlgorithm};
use crate::limits::{MAX_CERTIFICATE_LIFETIME_SECONDS, MAX_NAMESPACE_BYTES};
use crate::malformed::MalformedInput;
use crate::policy::blocklist::Blocklist;
use crate::policy::certificate_lifetime;
use crate::policy::policy_match::Match;
use crate::policy::signer_demands::{IssuerDemand, SignerDemands};
use crate::signer::claim::Claim;
use alloc::format;
use alloc::string::String;

/// What the caller expects, in two parts: what is asked of the record, and what is asked of the signer.
///
/// A policy is made once and used for many artifacts, so it holds no clock: the caller's time is given per
/// call, with [`Verifier::at`](crate::Verifier::at).
///
/// ```
/// use countermark::{Claim, Match, Policy};
///
/// let policy = Policy::new("example-ns", "https://token.actions.githubusercontent.com")?
///     .require(Claim::SourceRepository, "endorlabs/monorepo")?
///     .require(Claim::SourceRepositoryRef, Match::glob("refs/tags/v*")?)?;
///
/// let same = Policy::from_json(r#"{
///     "namespace": "example-ns",
///     "certificate_oidc_issuer": "https://token.actions.githubusercontent.com",
///     "claims": {
///         "source_repository": "endorlabs/monorepo",
///         "source_repository_ref": {"glob": "refs/tags/v*"}
///     }
/// }"#)?;
/// assert_eq!(policy, same);
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    record: RecordPolicy,
    signer: SignerPolicy,
}

/// What is asked of the record: its namespace, that it is not revoked, that it is not blocked.
///
/// The namespace *selects*; no signature covers it, so it authenticates nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPolicy {
    namespace: String,
    revocation_scope: RevocationScope,
    time_voucher: TimeVoucher,
    blocklist: Blocklist,
}

/// What is asked of the signer: the identity provider, the claims, how long the certificate may live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerPolicy(SignerDemands);

/// How far one revoked entry reaches.
///
/// Whatever the scope, an entry of the artifact's name counts as long as nobody can tell that it is another issuer's:
/// also one whose first certificate cannot be read, or names no issuer because the chain is stored in another order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationScope {
    /// One revoked matching entry fails the artifact: the name with its digest, and no other name of the same digest.
    #[default]
    Artifact,
    /// Revoked entries do not count, nor does any entry with the leaf key of a revoked one; others may. If that key
    /// cannot be told, none of the certificates that the revoked one brings may be an entry's leaf, nor its signature
    /// an entry's.
    Entry,
    /// One revoked or blocklisted entry of the namespace fails the artifact, under whichever *name* it has this
    /// digest, and whoever issued its certificate: for mirrors and retagged copies. The entries of those other names
    /// must be given too; those that [`Log::find`](crate::Log::find) finds for a name are not enough.
    Digest,
}

impl RevocationScope {
    /// Every scope, the default first.
    pub const ALL: &'static [Self] = &[Self::Artifact, Self::Entry, Self::Digest];

    /// The scope of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.name() == name)
    }

    /// The name in a policy's JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Artifact => "artifact",
            Self::Entry => "entry",
            Self::Digest => "digest",
        }
    }
}

/// What vouches for the signing time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeVoucher {
    /// The log said so, and nothing else: who keeps a leaf's key and can write to the log can backdate.
    #[default]
    Recorded,
    /// A timestamp authority signed that the signature was there at a time when the signer's certificate was valid.
    TimestampAuthority,
    /// A transparency log promised, and signed, that it had the signature at that time. Of bundles alone.
    Log,
    /// Nobody: there is no signed time, none was asked for, and the caller's own time stands for it. Of bundles alone.
    Caller,
}

impl TimeVoucher {
    /// Those that a policy on records may demand, the default first.
    pub const OF_RECORDS: &'static [Self] = &[Self::Recorded, Self::TimestampAuthority];

    /// The stable name, as JSON spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::TimestampAuthority => "timestamp_authority",
            Self::Log => "log",
            Self::Caller => "caller",
        }
    }
}

impl Policy {
    /// A policy without demands on claims, with the default lifetime, scope and an empty blocklist.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the namespace or the issuer is empty or too long.
    pub fn new(
        namespace: impl Into<String>,
        certificate_oidc_issuer: impl Into<String>,
    ) -> Result<Self, MalformedInput> {
        Ok(Self::from_parts(RecordPolicy::new(namespace)?, SignerPolicy::new(certificate_oidc_issuer)?))
    }

    /// A policy of two parts.
    #[must_use]
    pub const fn from_parts(record: RecordPolicy, signer: SignerPolicy) -> Self {
        Self { record, signer }
    }

    /// What is asked of the record.
    #[must_use]
    pub const fn record(&self) -> &RecordPolicy {
        &self.record
    }

    /// What is asked of the signer.
    #[must_use]
    pub const fn signer(&self) -> &SignerPolicy {
        &self.signer
    }

    /// Also requires a claim; see [`SignerPolicy::require`].
    ///
    /// # Errors
    ///
    /// As [`SignerPolicy::require`].
    pub fn require(mut self, claim: Claim, wanted: impl Into<Match>) -> Result<Self, MalformedInput> {
        self.signer = self.signer.require(claim, wanted)?;
        Ok(self)
    }

    /// Sets the longest lifetime of a leaf; see [`SignerPolicy::with_max_certificate_lifetime_seconds`].
    ///
    /// # Errors
    ///
    /// As [`SignerPolicy::with_max_certificate_lifetime_seconds`].
    pub fn with_max_certificate_lifetime_seconds(mut self, seconds: u32) -> Result<Self, MalformedInput> {
        self.signer = self.signer.with_max_certificate_lifetime_seconds(seconds)?;
        Ok(self)
    }

    /// Sets how far one revoked entry reaches.
    #[must_use]
    pub fn with_revocation_scope(mut self, scope: RevocationScope) -> Self {
        self.record = self.record.with_revocation_scope(scope);
        self
    }

    /// Sets what must vouch for the signing time; see [`RecordPolicy::with_time_voucher`].
    #[must_use]
    pub fn with_time_voucher(mut self, voucher: TimeVoucher) -> Self {
        self.record = self.record.with_time_voucher(voucher);
        self
    }

    /// Also blocks an artifact; see [`RecordPolicy::block`].
    ///
    /// # Errors
    ///
    /// As [`RecordPolicy::block`].
    pub fn block(mut self, item: &str) -> Result<Self, MalformedInput> {
        self.record = self.record.block(item)?;
        Ok(self)
    }
}

impl RecordPolicy {
    /// Demands on the record with the default scope and an empty blocklist.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the namespace is empty or longer than [`MAX_NAMESPACE_BYTES`].
    pub fn new(namespace: impl Into<String>) -> Result<Self, MalformedInput> {
        let namespace = namespace.into();
        if namespace.is_empty() {
            return Err(MalformedInput::policy("`namespace` is empty"));
        }
        if namespace.len() > MAX_NAMESPACE_BYTES {
            return Err(MalformedInput::policy(format!(
                "`namespace` is longer than {MAX_NAMESPACE_BYTES} bytes"
            )));
        }
        Ok(Self {
            namespace,
            revocation_scope: RevocationScope::default(),
            time_voucher: TimeVoucher::default(),
            blocklist: Blocklist::default(),
        })
    }

    /// The namespace whose entries count.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// How far one revoked entry reaches.
    #[must_use]
    pub const fn revocation_scope(&self) -> RevocationScope {
        self.revocation_scope
    }

    /// Sets how far one revoked entry reaches.
    #[must_use]
    pub const fn with_revocation_scope(mut self, scope: RevocationScope) -> Self {
        self.revocation_scope = scope;
        self
    }

    /// What must vouch for the signing time.
    #[must_use]
    pub const fn time_voucher(&self) -> TimeVoucher {
        self.time_voucher
    }

    /// Sets what must vouch for the signing time. Under [`TimeVoucher::TimestampAuthority`] an entry counts only with a
    /// signed timestamp by one of the verifier's
    /// [timestamp authorities](crate::VerifierBuilder::timestamp_authority).
    #[must_use]
    pub const fn with_time_voucher(mut self, voucher: TimeVoucher) -> Self {
        self.time_voucher = voucher;
        self
    }

    /// Also blocks an artifact: an artifact name, or `sha256:` and 64 lowercase hex digits for every artifact
    /// of that digest.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the item is neither, or the list has [`MAX_BLOCKLIST_ITEMS`](crate::limits::MAX_BLOCKLIST_ITEMS) already.
    pub fn block(mut self, item: &str) -> Result<Self, MalformedInput> {
        self.blocklist.add(item, &[HashAlgorithm::Sha256])?;
        Ok(self)
    }

    pub(crate) fn with_blocklist(mut self, blocklist: Blocklist) -> Self {
        self.blocklist = blocklist;
        self
    }

    /// Whether the blocklist has this name.
    pub(crate) fn blocks_name(&self, name: &ArtifactName) -> bool {
        self.blocklist.blocks_name(name)
    }

    /// Whether the blocklist has this digest (hex).
    pub(crate) fn blocks_digest(&self, digest: &str) -> bool {
        Digest::from_hex(HashAlgorithm::Sha256, digest).is_some_and(|digest| self.blocklist.blocks(&digest))
    }

    /// The blocklist's items as JSON writes them, in order.
    pub fn blocklist(&self) -> impl Iterator<Item = String> + Clone {
        self.blocklist.items()
    }
}

impl SignerPolicy {
    /// How many seconds a leaf may be valid unless the policy says otherwise: five minutes.
    pub const DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS: u32 = certificate_lifetime::DEFAULT_SECONDS;
    /// How many seconds a policy may allow at most: a day.
    pub const LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS: u32 = MAX_CERTIFICATE_LIFETIME_SECONDS;

    /// Demands on the signer without any on claims, and with the default lifetime.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the issuer is empty or longer than [`MAX_CLAIM_VALUE_BYTES`](crate::limits::MAX_CLAIM_VALUE_BYTES).
    pub fn new(certificate_oidc_issuer: impl Into<String>) -> Result<Self, MalformedInput> {
        let issuer = IssuerDemand::exactly(certificate_oidc_issuer.into())?;
        Ok(Self(SignerDemands::new(issuer, Self::DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS)))
    }

    /// Also requires that the certificate carries a claim whose value matches.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the claim is [`Claim::CertificateOidcIssuer`], which a policy always
    /// requires already, if it is required twice, if there are more than [`MAX_CLAIMS`](crate::limits::MAX_CLAIMS), or if a text is too
    /// long.
    pub fn require(mut self, claim: Claim, wanted: impl Into<Match>) -> Result<Self, MalformedInput> {
        self.0.require(claim, wanted.into())?;
        Ok(self)
    }

    /// Sets how many seconds a leaf may be valid, from 1 to
    /// [`LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS`](Self::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS).
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if it is out of that range.
    pub fn with_max_certificate_lifetime_seconds(mut self, seconds: u32) -> Result<Self, MalformedInput> {
        self.0.set_max_certificate_lifetime(seconds, Self::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS)?;
        Ok(self)
    }

    /// The identity provider that must have vouched for the signer.
    #[must_use]
    pub fn certificate_oidc_issuer(&self) -> &str {
        self.0.issuer().as_exact().unwrap_or_default()
    }

    /// The required claims, ordered by claim.
    #[must_use]
    pub fn claims(&self) -> &[(Claim, Match)] {
        self.0.claims()
    }

    /// How many seconds a leaf may be valid.
    #[must_use]
    pub const fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.0.max_certificate_lifetime_seconds()
    }

    /// Whether anyone whom the issuer vouches for would do: no claim is required, or none but by globs that have no
    /// letter and no digit, such as `*/*`.
    #[must_use]
    pub fn is_unconstrained(&self) -> bool {
        self.0.is_unconstrained()
    }

    /// The same demands, as the rules take them.
    pub(crate) const fn demands(&self) -> &SignerDemands {
        &self.0
    }

    /// These demands for [`Verifier::verify_message`](crate::Verifier::verify_message).
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if no claim is required: an issuer such as GitHub's speaks for everybody
    /// who uses GitHub. Who wants just that says [`SignerPolicy::any_signer_of_issuer`].
    pub fn for_messages(&self) -> Result<MessagePolicy<'_>, MalformedInput> {
        if self.is_unconstrained() {
            return Err(MalformedInput::policy(
                "no claim about the signer is required; require one, or say any_signer_of_issuer",
            ));
        }
        Ok(MessagePolicy { signer: self })
    }

    /// These demands for [`Verifier::verify_message`](crate::Verifier::verify_message), even if anyone whom
    /// the issuer vouches for may have signed.
    #[must_use]
    pub const fn any_signer_of_issuer(&self) -> MessagePolicy<'_> {
        MessagePolicy { signer: self }
    }
}

/// Demands on the signer of a message: claims are required, or the caller said that anyone will do.
#[derive(Clone, Copy, Debug)]
pub struct MessagePolicy<'p> {
    pub(crate) signer: &'p SignerPolicy,
}
