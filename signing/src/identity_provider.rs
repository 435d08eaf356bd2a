//! Who issues identity tokens, and what is expected of them.

use crate::claim_mapping::{ClaimMapping, MappingError, RepositoryNames};
use crate::limits::{DEFAULT_LEEWAY_SECONDS, MAX_LEEWAY_SECONDS};
use crate::text::shortened;

/// An identity provider as an operator trusts it: its issuer, the audience that its tokens must be for, what
/// its claims mean, and by how much its clock may differ.
///
/// ```
/// use countermark_signing::{IdentityProvider, RepositoryNames};
///
/// let github = IdentityProvider::github_actions("signing.example", RepositoryNames::Plain)?;
/// assert_eq!(github.issuer(), "https://token.actions.githubusercontent.com");
///
/// let gitlab = IdentityProvider::gitlab("https://gitlab.com", "signing.example")?.with_leeway_seconds(10)?;
/// assert_eq!(gitlab.issuer(), "https://gitlab.com");
///
/// let buildkite = IdentityProvider::buildkite("signing.example")?;
/// let circleci =
///     IdentityProvider::circleci("0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a", "signing.example")?;
/// assert_eq!(circleci.issuer(), "https://oidc.circleci.com/org/0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a");
/// # Ok::<(), countermark_signing::ProviderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    issuer: String,
    audience: String,
    mapping: ClaimMapping,
    leeway_seconds: u32,
}

/// Why there is no such identity provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The issuer is empty.
    #[error("the identity provider has no issuer; give the `iss` of its tokens")]
    NoIssuer,
    /// The audience is empty.
    #[error("the identity provider has no audience; give the `aud` that tokens for you have")]
    NoAudience,
    /// The identifier of an organisation is none of CircleCI's.
    #[error(
        "{0:?} is no organisation's identifier of CircleCI; copy the UUID from the organisation's settings, in lowercase"
    )]
    OrganizationId(String),
    /// The leeway is too large.
    #[error("a leeway of {0} seconds is too much; choose at most {MAX_LEEWAY_SECONDS}")]
    Leeway(u32),
    /// The provider's claims cannot be mapped.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}

impl ProviderError {
    /// The stable code: `no_provider_issuer`, `no_provider_audience`, `invalid_organization_id`,
    /// `invalid_leeway`, or that of the [`MappingError`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoIssuer => "no_provider_issuer",
            Self::NoAudience => "no_provider_audience",
            Self::OrganizationId(_) => "invalid_organization_id",
            Self::Leeway(_) => "invalid_leeway",
            Self::Mapping(error) => error.code(),
        }
    }
}

impl IdentityProvider {
    /// The issuer of GitHub Actions on github.com.
    pub const GITHUB_ACTIONS_ISSUER: &'static str = "https://token.actions.githubusercontent.com";

    /// The issuer of Buildkite.
    pub const BUILDKITE_ISSUER: &'static str = "https://agent.buildkite.com";

    /// A provider by its issuer (the `iss` of its tokens), the audience (the `aud` that tokens for the caller
    /// have), and the meaning of its claims.
    ///
    /// Choose an audience that nobody else accepts: who is shown a token can use it wherever its audience is
    /// accepted.
    ///
    /// # Errors
    ///
    /// [`ProviderError::NoIssuer`] or [`ProviderError::NoAudience`] if one of them is empty.
    pub fn new(
        issuer: impl Into<String>,
        audience: impl Into<String>,
        mapping: ClaimMapping,
    ) -> Result<Self, ProviderError> {
        let (issuer, audience) = (issuer.into(), audience.into());
        if issuer.is_empty() {
            return Err(ProviderError::NoIssuer);
        }
        if audience.is_empty() {
            return Err(ProviderError::NoAudience);
        }
        Ok(Self { issuer, audience, mapping, leeway_seconds: DEFAULT_LEEWAY_SECONDS })
    }

    /// GitHub Actions on github.com. (For an Enterprise Server use [`IdentityProvider::new`] with
    /// [`ClaimMapping::github_actions`].)
    ///
    /// # Errors
    ///
    /// [`ProviderError::NoAudience`] if the audience is empty.
    pub fn github_actions(
        audience: impl Into<String>,
        names: RepositoryNames,
    ) -> Result<Self, ProviderError> {
        let mapping = ClaimMapping::github_actions("https://github.com", names)?;
        Self::new(Self::GITHUB_ACTIONS_ISSUER, audience, mapping)
    }

    /// GitLab CI, on `https://gitlab.com` or another instance: its URL is the issuer.
    ///
    /// # Errors
    ///
    /// A [`ProviderError`] if the URL is no server's, or the audience is empty.
    pub fn gitlab(server_url: &str, audience: impl Into<String>) -> Result<Self, ProviderError> {
        Self::new(server_url, audience, ClaimMapping::gitlab(server_url)?)
    }

    /// Buildkite, whose one issuer speaks for all of its organisations: let policies constrain the identity.
    /// The audience is the one that a job names (`buildkite-agent oidc request-token --audience`).
    ///
    /// # Errors
    ///
    /// [`ProviderError::NoAudience`] if the audience is empty.
    pub fn buildkite(audience: impl Into<String>) -> Result<Self, ProviderError> {
        Self::new(Self::BUILDKITE_ISSUER, audience, ClaimMapping::buildkite()?)
    }

    /// CircleCI's cloud, where each organisation has an issuer of its own,
    /// `https://oidc.circleci.com/org/<organization_id>`.
    ///
    /// The tokens in a job's environment are for the organisation's identifier as the audience, as those for
    /// every other service of the organisation are. Better, have a job make one for you
    /// (`circleci run oidc get --claims '{"aud": "signing.example"}'`).
    ///
    /// # Errors
    ///
    /// [`ProviderError::OrganizationId`] if the identifier is no lowercase UUID,
    /// [`ProviderError::NoAudience`] if the audience is empty.
    pub fn circleci(organization_id: &str, audience: impl Into<String>) -> Result<Self, ProviderError> {
        if !is_uuid(organization_id) {
            return Err(ProviderError::OrganizationId(shortened(organization_id)));
        }
        let issuer = format!("https://oidc.circleci.com/org/{organization_id}");
        Self::new(issuer, audience, ClaimMapping::circleci()?)
    }

    /// With another leeway than [`DEFAULT_LEEWAY_SECONDS`]: by how many seconds the provider's clock may
    /// differ from the caller's. It is added to a token's `exp`, and taken from its `nbf` and `iat`.
    ///
    /// # Errors
    ///
    /// [`ProviderError::Leeway`] if it is more than [`MAX_LEEWAY_SECONDS`].
    pub fn with_leeway_seconds(mut self, seconds: u32) -> Result<Self, ProviderError> {
        if seconds > MAX_LEEWAY_SECONDS {
            return Err(ProviderError::Leeway(seconds));
        }
        self.leeway_seconds = seconds;
        Ok(self)
    }

    /// The `iss` of its tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The `aud` that its tokens for the caller have.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// By how many seconds its clock may differ from the caller's.
    #[must_use]
    pub const fn leeway_seconds(&self) -> u32 {
        self.leeway_seconds
    }

    pub(crate) const fn mapping(&self) -> &ClaimMapping {
        &self.mapping
    }
}

/// Whether a text is a UUID in lowercase (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |group: &str| group.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| is_hex(group))
}
