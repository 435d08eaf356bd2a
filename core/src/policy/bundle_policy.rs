//! What the caller expects of a bundle that a certificate signed.

use crate::limits::MAX_BUNDLE_CERTIFICATE_LIFETIME_SECONDS;
use crate::malformed::MalformedInput;
use crate::policy::bundle_demands::{BundleDemands, Waiver, public_demands};
use crate::policy::certificate_lifetime;
use crate::policy::distribution::Distribution;
use crate::policy::policy_match::Match;
use crate::policy::pypi_publisher::{
    BuildConfig, GITHUB_ISSUER, PypiPublisher, check, github_repository, is_path_segment,
};
use crate::policy::signer_demands::{IssuerDemand, SignerDemands};
use crate::policy::subject_demand::SubjectDemand;
use crate::rejection::Reason;
use crate::signer::claim::Claim;
use alloc::format;
use alloc::string::String;

/// What the caller expects of a bundle that somebody signed with a certificate: of the signer, of what vouches beside
/// the signature, and of what is said.
///
/// It says who may have signed, or in so many words that anyone may whom the identity provider vouches for: there is
/// no policy that forgot to.
///
/// ```
/// use countermark::{BundlePolicy, Claim, Match};
///
/// let issuer = "https://token.actions.githubusercontent.com";
/// let workflow = Match::glob("https://github.com/org/repo/.github/workflows/release.yml@refs/tags/*")?;
/// let policy = BundlePolicy::new(issuer, [(Claim::CertificateIdentity, workflow)])?
///     .with_predicate_type("https://slsa.dev/provenance/v1")?;
///
/// let same = BundlePolicy::from_json(r#"{
///     "certificate_oidc_issuer": "https://token.actions.githubusercontent.com",
///     "claims": {
///         "certificate_identity": {"glob": "https://github.com/org/repo/.github/workflows/release.yml@refs/tags/*"}
///     },
///     "predicate_type": "https://slsa.dev/provenance/v1"
/// }"#)?;
/// assert_eq!(policy, same);
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundlePolicy {
    signer: SignerDemands,
    build_config: Option<BuildConfig>,
    any_signer_of_issuer: bool,
    bundle: BundleDemands,
}

impl BundlePolicy {
    /// How many seconds a leaf may be valid unless the policy says otherwise: ten minutes.
    pub const DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS: u32 =
        certificate_lifetime::DEFAULT_SECONDS_OF_BUNDLES;
    /// How many seconds a policy may allow at most: 400 days.
    pub const LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS: u32 = MAX_BUNDLE_CERTIFICATE_LIFETIME_SECONDS;

    /// The predicate types of PyPI's attestations.
    const PYPI_PREDICATE_TYPES: &[&str] =
        &["https://docs.pypi.org/attestations/publish/v1", "https://slsa.dev/provenance/v1"];

    /// A policy that demands an issuer and these claims, one log entry, one signed time and one certificate timestamp.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the issuer is empty or too long, as [`require`](Self::require), or if no claim says
    /// anything about the signer: an issuer such as GitHub's speaks for everybody who uses GitHub. Who wants just that says
    /// [`any_signer_of_issuer`](Self::any_signer_of_issuer).
    pub fn new<M: Into<Match>>(
        certificate_oidc_issuer: impl Into<String>,
        claims: impl IntoIterator<Item = (Claim, M)>,
    ) -> Result<Self, MalformedInput> {
        let issuer = IssuerDemand::exactly(certificate_oidc_issuer.into())?;
        Self::claiming(issuer, claims, false)
    }

    /// The same for certificates that name no issuer, as those of GitHub's releases and of a plain private authority; one
    /// that names any is refused.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn without_issuer<M: Into<Match>>(
        claims: impl IntoIterator<Item = (Claim, M)>,
    ) -> Result<Self, MalformedInput> {
        Self::claiming(IssuerDemand::Absent, claims, false)
    }

    /// A policy by which anyone may have signed whom the issuer vouches for, which its results warn of.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the issuer is empty or too long.
    pub fn any_signer_of_issuer(certificate_oidc_issuer: impl Into<String>) -> Result<Self, MalformedInput> {
        Ok(Self::from_issuer(IssuerDemand::exactly(certificate_oidc_issuer.into())?, true))
    }

    /// A policy by which anyone may have signed whom a trusted authority certified without naming an issuer, which its
    /// results warn of.
    #[must_use]
    pub fn any_signer_without_issuer() -> Self {
        Self::from_issuer(IssuerDemand::Absent, true)
    }

    /// A policy for what this identity signed, as Sigstore's public instance has it. An identity of GitHub Actions is a
    /// workflow, `https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1`, and of people an e-mail
    /// address.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn for_sigstore(
        identity: impl Into<Match>,
        certificate_oidc_issuer: impl Into<String>,
    ) -> Result<Self, MalformedInput> {
        Self::new(certificate_oidc_issuer, [(Claim::CertificateIdentity, identity)])
    }

    /// A policy for what GitHub Actions built from this repository, `owner/name`, by whichever workflow.
    ///
    /// GitHub has an instance of its own, without any log, for repositories that are not public. An instance with neither
    /// logs nor certificate logs must give one signed timestamp; any other one log entry, one signed time and one
    /// certificate timestamp.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the repository is not `owner/name`.
    pub fn for_github(repository: &str) -> Result<Self, MalformedInput> {
        Self::of_github(GITHUB_ISSUER.into(), repository)
    }

    /// The same for an enterprise whose tokens have an issuer of their own,
    /// `https://token.actions.githubusercontent.com/ENTERPRISE`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the repository is not `owner/name`, or the enterprise's name has other characters than
    /// letters, digits, `-`, `_` and `.`.
    pub fn for_github_enterprise(enterprise: &str, repository: &str) -> Result<Self, MalformedInput> {
        check("enterprise", enterprise, "an enterprise's name", is_path_segment)?;
        Self::of_github(format!("{GITHUB_ISSUER}/{enterprise}"), repository)
    }

    fn of_github(issuer: String, repository: &str) -> Result<Self, MalformedInput> {
        let repository = format!("https://github.com/{}", github_repository(repository)?);
        let mut policy = Self::new(issuer, [(Claim::SourceRepository, repository)])?;
        policy.bundle = BundleDemands::by_instance();
        Ok(policy)
    }

    /// A policy for an asset of a release of this repository, `owner/name`, which GitHub itself attests: the statement
    /// has the artifact, and a subject for the release.
    ///
    /// What an instance must give is as with [`for_github`](Self::for_github).
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the repository is not `owner/name`.
    pub fn for_github_release(repository: &str) -> Result<Self, MalformedInput> {
        const DAYS: u32 = 366;
        let prefix = format!("pkg:github/{}@", github_repository(repository)?);
        let mut policy =
            Self::without_issuer([(Claim::CertificateIdentity, "https://dotcom.releases.github.com")])?
                .with_max_certificate_lifetime_seconds(DAYS.saturating_mul(86_400))?;
        policy.bundle = BundleDemands::by_instance();
        policy.bundle.set_predicate_types(&["https://in-toto.io/attestation/release/v0.2"]);
        policy.bundle.demand_subject(SubjectDemand::UriPrefix(prefix));
        Ok(policy)
    }

    /// A policy for a distribution of PyPI, a wheel or source archive by its file name, that this publisher attests.
    ///
    /// The statement must have one subject, by the same file name once both are parsed, and with the artifact's SHA-256.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the file name is no distribution's.
    pub fn for_pypi(publisher: &PypiPublisher, file_name: &str) -> Result<Self, MalformedInput> {
        let mut policy = Self::from_issuer(IssuerDemand::exactly(publisher.issuer.into())?, false);
        for (claim, value) in &publisher.claims {
            policy = policy.require(*claim, value.as_str())?;
        }
        policy.build_config.clone_from(&publisher.build_config);
        policy.with_pypi_distribution(file_name)
    }

    /// Also demands that what was signed is an attestation of PyPI about this distribution, a wheel or source archive by its
    /// file name: what [`for_pypi`](Self::for_pypi) demands beside the publisher.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the file name is no distribution's.
    pub fn with_pypi_distribution(mut self, file_name: &str) -> Result<Self, MalformedInput> {
        let distribution = Distribution::wanted(file_name)?;
        self.bundle.set_predicate_types(Self::PYPI_PREDICATE_TYPES);
        self.bundle.demand_subject(SubjectDemand::Distribution(distribution));
        Ok(self)
    }

    fn from_issuer(issuer: IssuerDemand, any_signer_of_issuer: bool) -> Self {
        Self {
            signer: SignerDemands::new(issuer, Self::DEFAULT_MAX_CERTIFICATE_LIFETIME_SECONDS),
            build_config: None,
            any_signer_of_issuer,
            bundle: BundleDemands::new(),
        }
    }

    pub(super) fn claiming<M: Into<Match>>(
        issuer: IssuerDemand,
        claims: impl IntoIterator<Item = (Claim, M)>,
        any_signer_of_issuer: bool,
    ) -> Result<Self, MalformedInput> {
        let mut policy = Self::from_issuer(issuer, any_signer_of_issuer);
        for (claim, wanted) in claims {
            policy = policy.require(claim, wanted)?;
        }
        if policy.is_unconstrained() && !any_signer_of_issuer {
            return Err(MalformedInput::policy(
                "no claim about the signer is required; require one, or say any_signer_of_issuer",
            ));
        }
        Ok(policy)
    }

    /// Also requires that the certificate carries a claim whose value matches.
    ///
    /// # Errors
    ///
    /// As [`SignerPolicy::require`](crate::SignerPolicy::require).
    pub fn require(mut self, claim: Claim, wanted: impl Into<Match>) -> Result<Self, MalformedInput> {
        self.signer.require(claim, wanted.into())?;
        Ok(self)
    }

    /// Sets how many seconds a leaf may be valid, from 1 to
    /// [`LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS`](Self::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS).
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if it is out of that range.
    pub fn with_max_certificate_lifetime_seconds(mut self, seconds: u32) -> Result<Self, MalformedInput> {
        self.signer.set_max_certificate_lifetime(seconds, Self::LARGEST_MAX_CERTIFICATE_LIFETIME_SECONDS)?;
        Ok(self)
    }

    /// Sets how many independent certificate timestamps (SCTs) are needed, from 0 to
    /// [`MAX_DEMANDED`](crate::limits::MAX_DEMANDED). None is a warning in the result.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if there are more.
    pub fn with_certificate_timestamps(mut self, count: u32) -> Result<Self, MalformedInput> {
        self.bundle.set_certificate_timestamps(count)?;
        Ok(self)
    }

    /// The identity provider that must have vouched for the signer; `None` if the certificate must name none.
    #[must_use]
    pub fn certificate_oidc_issuer(&self) -> Option<&str> {
        self.signer.issuer().as_exact()
    }

    /// The required claims, ordered by claim. Those of a [`PypiPublisher`] may also demand how claims go together.
    #[must_use]
    pub fn claims(&self) -> &[(Claim, Match)] {
        self.signer.claims()
    }

    /// How many seconds a leaf may be valid.
    #[must_use]
    pub const fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.signer.max_certificate_lifetime_seconds()
    }

    /// How many independent certificate timestamps are needed; `None` if the kind of instance decides.
    #[must_use]
    pub const fn certificate_timestamps(&self) -> Option<u32> {
        self.bundle.certificate_timestamps().fixed()
    }

    /// Whether anyone whom the issuer vouches for would do.
    #[must_use]
    pub fn is_unconstrained(&self) -> bool {
        self.signer.is_unconstrained()
    }

    /// Whether a certificate's claims are those that are demanded.
    pub(crate) fn check_claims<'c>(
        &self,
        certified: impl Fn(&Claim) -> Option<&'c str>,
    ) -> Result<(), Reason> {
        self.signer.check(&certified)?;
        self.build_config.as_ref().map_or(Ok(()), |demand| demand.check(&certified))
    }

    /// What is demanded of a bundle whoever signed it.
    pub(crate) const fn bundle(&self) -> &BundleDemands {
        &self.bundle
    }

    /// What the policy does without, which its results warn of.
    pub(crate) fn waivers(&self) -> impl Iterator<Item = Waiver> {
        self.is_unconstrained().then_some(Waiver::Signer).into_iter().chain(self.bundle.waivers())
    }

    pub(super) const fn has_build_config(&self) -> bool {
        self.build_config.is_some()
    }

    pub(super) const fn allows_any_signer(&self) -> bool {
        self.any_signer_of_issuer
    }

    pub(super) const fn bundle_mut(&mut self) -> &mut BundleDemands {
        &mut self.bundle
    }
}

public_demands!(BundlePolicy);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::bundle_demands::InstanceKind;
    use crate::policy::subject_demand::SubjectView;
    use alloc::vec::Vec;

    const GITHUBS_OWN: InstanceKind = InstanceKind { has_logs: false, has_certificate_logs: false };
    const PUBLIC: InstanceKind = InstanceKind { has_logs: true, has_certificate_logs: true };

    fn check(policy: &BundlePolicy, certified: &[(Claim, &'static str)]) -> bool {
        let claim =
            |claim: &Claim| certified.iter().find(|(found, _)| found == claim).map(|(_, value)| *value);
        policy.check_claims(claim).is_ok()
    }

    #[test]
    fn what_github_built_is_told_by_the_repository_and_not_by_the_workflow() {
        let policy = BundlePolicy::for_github("o/n").unwrap();
        let issuer = (Claim::CertificateOidcIssuer, GITHUB_ISSUER);
        let repository = (Claim::SourceRepository, "https://github.com/o/n");
        let workflow = (Claim::CertificateIdentity, "https://github.com/shared/w/.github/workflows/b.yml@v1");
        assert!(check(&policy, &[issuer, repository, workflow]) && check(&policy, &[issuer, repository]));
        for other in ["https://github.com/o/n2", "https://github.com/O/n", "https://github.com/o/n/", "o/n"] {
            assert!(!check(&policy, &[issuer, (Claim::SourceRepository, other)]), "{other}");
        }
        let own = (Claim::CertificateIdentity, "https://github.com/o/n/.github/workflows/b.yml@v1");
        assert!(!check(&policy, &[issuer, own]));

        let enterprise = BundlePolicy::for_github_enterprise("acme", "o/n").unwrap();
        let its_issuer = (Claim::CertificateOidcIssuer, "https://token.actions.githubusercontent.com/acme");
        assert!(check(&enterprise, &[its_issuer, repository]) && !check(&enterprise, &[issuer, repository]));
        assert!(!check(&policy, &[its_issuer, repository]));

        let counts = |kind| policy.bundle().counts(kind);
        assert_eq!((counts(GITHUBS_OWN).log_entries, counts(GITHUBS_OWN).signed_times), (0, 1));
        assert_eq!((counts(PUBLIC).log_entries, counts(PUBLIC).certificate_timestamps), (1, 1));
        assert_eq!(policy.waivers().count(), 0);
    }

    #[test]
    fn a_release_is_attested_by_github_itself() {
        let policy = BundlePolicy::for_github_release("o/n").unwrap();
        let identity = (Claim::CertificateIdentity, "https://dotcom.releases.github.com");
        assert!(check(&policy, &[identity]));
        assert!(!check(&policy, &[identity, (Claim::CertificateOidcIssuer, GITHUB_ISSUER)]));
        assert!(!check(&policy, &[(Claim::CertificateIdentity, "https://dotcom.releases.github.com/")]));
        assert_eq!(policy.max_certificate_lifetime_seconds(), 366 * 86_400);
        let bundle = policy.bundle();
        assert!(bundle.accepts_predicate_type(Some("https://in-toto.io/attestation/release/v0.2")));
        assert!(!bundle.accepts_predicate_type(Some("https://in-toto.io/attestation/release/v0.1")));
        let release = |uri| SubjectView { uri: Some(uri), ..SubjectView::default() };
        assert!(bundle.check_subjects([release("pkg:github/o/n@v1")].into_iter()).is_ok());
        assert!(bundle.check_subjects([release("pkg:github/o/other@v1")].into_iter()).is_err());
        assert_eq!(bundle.counts(GITHUBS_OWN).signed_times, 1);
    }

    #[test]
    fn a_distribution_of_pypi_is_its_publishers() {
        let publisher = PypiPublisher::github("o/n", "release.yml").unwrap();
        let policy = BundlePolicy::for_pypi(&publisher, "foo-1.0.tar.gz").unwrap();
        let certified = [
            (Claim::CertificateOidcIssuer, GITHUB_ISSUER),
            (Claim::SourceRepository, "https://github.com/o/n"),
            (Claim::SourceRepositoryRef, "refs/tags/v1"),
            (Claim::BuildConfigUri, "https://github.com/o/n/.github/workflows/release.yml@refs/tags/v1"),
        ];
        assert!(check(&policy, &certified));
        for left_out in 0..certified.len() {
            let mut others = certified.to_vec();
            others.remove(left_out);
            assert!(!check(&policy, &others), "{left_out}");
        }
        let types: Vec<&str> = policy.predicate_types().collect();
        assert_eq!(types, BundlePolicy::PYPI_PREDICATE_TYPES);
        assert_eq!((policy.log_entries(), policy.is_unconstrained()), (Some(1), false));
        let with_environment = policy.require(Claim::DeploymentEnvironment, "pypi").unwrap();
        assert!(!check(&with_environment, &certified));
        assert!(BundlePolicy::for_pypi(&publisher, "foo.exe").is_err());
    }

    #[test]
    fn who_lets_anyone_sign_is_warned() {
        let policy = BundlePolicy::any_signer_of_issuer("i").unwrap();
        assert_eq!(policy.waivers().collect::<Vec<_>>(), [Waiver::Signer]);
        assert!(check(&policy, &[(Claim::CertificateOidcIssuer, "i")]) && !check(&policy, &[]));
        let named = policy.require(Claim::BuildTrigger, "push").unwrap();
        assert_eq!(named.waivers().count(), 0);
        let plain = BundlePolicy::any_signer_without_issuer();
        assert!(check(&plain, &[]) && !check(&plain, &[(Claim::CertificateOidcIssuer, "i")]));
    }
}
