//! From the claims of a provider's tokens to those of a certificate.

use crate::claim_template::ClaimTemplate;
use crate::signer_claims::SignerClaims;
use crate::text::shortened;
use crate::token_error::TokenError;
use countermark::Claim;
use serde_json::{Map, Value};

/// The table by which the claims of a provider's tokens become those of a certificate.
///
/// There is one for [GitHub Actions](Self::github_actions) and one for [GitLab CI](Self::gitlab), after the
/// mapping that Fulcio published; for another provider, say what its claims mean. The token's `iss` and `sub`
/// always become `certificate_oidc_issuer` and `token_subject`, without standing in the table.
///
/// A template is a text in which `{name}` stands for the token's claim of that name, which must be a text. A
/// claim that is null or empty is as good as missing. An `email` counts only with `email_verified` true.
///
/// ```
/// use countermark::Claim;
/// use countermark_signing::ClaimMapping;
///
/// let mapping = ClaimMapping::new("https://ci.example/{project}/{pipeline}")?
///     .require(Claim::SourceRepository, "{project}")?
///     .require_case(
///         Claim::SourceRepositoryRef,
///         "ref_kind",
///         &[("branch", "refs/heads/{ref_name}"), ("tag", "refs/tags/{ref_name}")],
///     )?
///     .allow(Claim::DeploymentEnvironment, "{environment}")?;
/// # Ok::<(), countermark_signing::MappingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMapping {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    claim: Claim,
    source: Source,
    required: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Template(ClaimTemplate),
    /// The template that belongs to the value of a claim of the token.
    Case {
        selector: String,
        cases: Vec<(String, ClaimTemplate)>,
    },
}

/// How the claims `source_repository` and `source_repository_owner` name what a GitHub token names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RepositoryNames {
    /// As the token does: `octo-org/octo-repo`, `octo-org`.
    #[default]
    Plain,
    /// As URLs, as Fulcio does: `https://github.com/octo-org/octo-repo`, `https://github.com/octo-org`.
    Urls,
}

/// Why there is no such table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// A text is no template.
    #[error("{template:?} is no template: {detail}; write it as https://ci.example/{{project}}")]
    Template {
        /// The text.
        template: String,
        /// What is wrong.
        detail: &'static str,
    },
    /// A claim has a rule already.
    #[error("the claim {0} is mapped twice; map it once")]
    Repeated(Claim),
    /// A claim that always comes from `iss` or `sub`.
    #[error("the claim {0} always comes from the token's `iss` or `sub`; leave it out of the table")]
    Reserved(Claim),
    /// A text is no URL of a server.
    #[error("{0:?} is no server's URL; write it as https://gitlab.example, without a slash at its end")]
    ServerUrl(String),
    /// Two cases of one rule are for the same value, or there is none.
    #[error("the cases of the claim {0} are not one for each value; list every value once")]
    Cases(Claim),
}

impl MappingError {
    /// The stable code: `invalid_claim_template`, `claim_mapped_twice`, `reserved_claim`,
    /// `invalid_server_url`, `invalid_claim_cases`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "invalid_claim_template",
            Self::Repeated(_) => "claim_mapped_twice",
            Self::Reserved(_) => "reserved_claim",
            Self::ServerUrl(_) => "invalid_server_url",
            Self::Cases(_) => "invalid_claim_cases",
        }
    }
}

/// Whether a token without the claims that a rule needs is refused.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Required,
    Optional,
}

use Need::{Optional, Required};

/// The claims of GitHub Actions, after Fulcio's `github-workflow`; `{server}` is the server's URL.
const GITHUB_ACTIONS: &[(Claim, Need, &str)] = &[
    (Claim::BuildConfigName, Required, "{workflow}"),
    (Claim::BuildSignerUri, Required, "{server}/{job_workflow_ref}"),
    (Claim::BuildSignerDigest, Required, "{job_workflow_sha}"),
    (Claim::RunnerEnvironment, Required, "{runner_environment}"),
    (Claim::SourceRepositoryDigest, Required, "{sha}"),
    (Claim::SourceRepositoryRef, Required, "{ref}"),
    (Claim::SourceRepositoryIdentifier, Required, "{repository_id}"),
    (Claim::SourceRepositoryOwnerIdentifier, Required, "{repository_owner_id}"),
    (Claim::BuildConfigUri, Required, "{server}/{workflow_ref}"),
    (Claim::BuildConfigDigest, Required, "{workflow_sha}"),
    (Claim::BuildTrigger, Required, "{event_name}"),
    (Claim::RunInvocationUri, Required, "{server}/{repository}/actions/runs/{run_id}/attempts/{run_attempt}"),
    (Claim::SourceRepositoryVisibility, Required, "{repository_visibility}"),
    (Claim::DeploymentEnvironment, Optional, "{environment}"),
];

/// The claims of GitLab CI, after Fulcio's `gitlab-pipeline`; `{server}` is the server's URL.
const GITLAB: &[(Claim, Need, &str)] = &[
    (Claim::BuildSignerUri, Required, "https://{ci_config_ref_uri}"),
    // GitLab leaves it empty if the pipeline's definition is in another project.
    (Claim::BuildSignerDigest, Optional, "{ci_config_sha}"),
    (Claim::RunnerEnvironment, Required, "{runner_environment}"),
    (Claim::SourceRepository, Required, "{server}/{project_path}"),
    (Claim::SourceRepositoryDigest, Required, "{sha}"),
    (Claim::SourceRepositoryIdentifier, Required, "{project_id}"),
    (Claim::SourceRepositoryOwner, Required, "{server}/{namespace_path}"),
    (Claim::SourceRepositoryOwnerIdentifier, Required, "{namespace_id}"),
    (Claim::BuildConfigUri, Required, "https://{ci_config_ref_uri}"),
    (Claim::BuildConfigDigest, Optional, "{ci_config_sha}"),
    (Claim::BuildTrigger, Required, "{pipeline_source}"),
    (Claim::RunInvocationUri, Required, "{server}/{project_path}/-/jobs/{job_id}"),
    (Claim::SourceRepositoryVisibility, Optional, "{project_visibility}"),
    (Claim::DeploymentEnvironment, Optional, "{environment}"),
];

impl ClaimMapping {
    /// A table with the identity alone, which every certificate has: a URI or an e-mail address, so that
    /// others can read it as one.
    ///
    /// # Errors
    ///
    /// [`MappingError::Template`] if the text is no template.
    pub fn new(certificate_identity: &str) -> Result<Self, MappingError> {
        Self { rules: Vec::new() }.require(Claim::CertificateIdentity, certificate_identity)
    }

    /// The table for GitHub Actions: `server_url` is `https://github.com`, or that of an Enterprise Server.
    /// The identity is the URL of the workflow that signs.
    ///
    /// # Errors
    ///
    /// [`MappingError::ServerUrl`] if the URL is none of an HTTP server, or ends in a slash.
    pub fn github_actions(server_url: &str, names: RepositoryNames) -> Result<Self, MappingError> {
        let (repository, owner) = match names {
            RepositoryNames::Plain => ("{repository}", "{repository_owner}"),
            RepositoryNames::Urls => ("{server}/{repository}", "{server}/{repository_owner}"),
        };
        Self::of_table(server_url, "{server}/{job_workflow_ref}", GITHUB_ACTIONS)?
            .require(Claim::SourceRepository, &repository.replace("{server}", server_url))?
            .require(Claim::SourceRepositoryOwner, &owner.replace("{server}", server_url))
    }

    /// The table for GitLab CI: `server_url` is `https://gitlab.com`, or that of another instance. The
    /// identity is the URL of the pipeline's definition.
    ///
    /// # Errors
    ///
    /// [`MappingError::ServerUrl`] if the URL is none of an HTTP server, or ends in a slash.
    pub fn gitlab(server_url: &str) -> Result<Self, MappingError> {
        Self::of_table(server_url, "https://{ci_config_ref_uri}", GITLAB)?.require_case(
            Claim::SourceRepositoryRef,
            "ref_type",
            &[("branch", "refs/heads/{ref}"), ("tag", "refs/tags/{ref}")],
        )
    }

    fn of_table(
        server_url: &str,
        identity: &str,
        table: &[(Claim, Need, &str)],
    ) -> Result<Self, MappingError> {
        let host = server_url.strip_prefix("https://").or_else(|| server_url.strip_prefix("http://"));
        let is_url = |host: &str| !host.is_empty() && !host.ends_with('/') && !host.contains(['{', '}']);
        if !host.is_some_and(is_url) {
            return Err(MappingError::ServerUrl(server_url.into()));
        }
        let with_server = |template: &str| template.replace("{server}", server_url);
        let mut mapping = Self::new(&with_server(identity))?;
        for (claim, need, template) in table {
            mapping = mapping.with_template(*claim, &with_server(template), *need)?;
        }
        Ok(mapping)
    }

    /// With a claim that every certificate has: a token that lacks what the template needs is refused.
    ///
    /// # Errors
    ///
    /// A [`MappingError`] if the text is no template, the claim has a rule already, or comes from `iss` or
    /// `sub`.
    pub fn require(self, claim: Claim, template: &str) -> Result<Self, MappingError> {
        self.with_template(claim, template, Required)
    }

    /// With a claim that a certificate has if the token has what the template needs.
    ///
    /// # Errors
    ///
    /// As [`ClaimMapping::require`].
    pub fn allow(self, claim: Claim, template: &str) -> Result<Self, MappingError> {
        self.with_template(claim, template, Optional)
    }

    /// With a claim that every certificate has, and whose template depends on the value of a claim of the
    /// token, `selector`: pairs of a value and its template. A token with another value is refused.
    ///
    /// # Errors
    ///
    /// As [`ClaimMapping::require`], and if there is no case, or two are for one value.
    pub fn require_case(
        self,
        claim: Claim,
        selector: &str,
        cases: &[(&str, &str)],
    ) -> Result<Self, MappingError> {
        let mut parsed: Vec<(String, ClaimTemplate)> = Vec::new();
        for (value, template) in cases {
            if parsed.iter().any(|(earlier, _)| earlier == value) {
                return Err(MappingError::Cases(claim));
            }
            parsed.push(((*value).into(), parse(template)?));
        }
        if parsed.is_empty() {
            return Err(MappingError::Cases(claim));
        }
        self.with_rule(Rule {
            claim,
            source: Source::Case { selector: selector.into(), cases: parsed },
            required: true,
        })
    }

    fn with_template(self, claim: Claim, template: &str, need: Need) -> Result<Self, MappingError> {
        let source = Source::Template(parse(template)?);
        self.with_rule(Rule { claim, source, required: need == Required })
    }

    fn with_rule(mut self, rule: Rule) -> Result<Self, MappingError> {
        if matches!(rule.claim, Claim::CertificateOidcIssuer | Claim::TokenSubject) {
            return Err(MappingError::Reserved(rule.claim));
        }
        if self.rules.iter().any(|earlier| earlier.claim == rule.claim) {
            return Err(MappingError::Repeated(rule.claim));
        }
        self.rules.push(rule);
        Ok(self)
    }

    /// The certificate's claims, from those of a token whose signature verified.
    pub(crate) fn apply(&self, token: &Map<String, Value>, issuer: &str) -> Result<SignerClaims, TokenError> {
        let mut identity = None;
        let mut others = vec![(Claim::TokenSubject, required_text(token, "sub")?.to_owned())];
        for rule in &self.rules {
            let text = match rule.source.text(token) {
                Err(TokenError::MissingClaim(_)) if !rule.required => continue,
                text => text?,
            };
            match rule.claim {
                Claim::CertificateIdentity => identity = Some(text),
                claim => others.push((claim, text)),
            }
        }
        let mut claims = SignerClaims::new(issuer, identity.unwrap_or_default())?;
        for (claim, text) in others {
            claims = claims.with(claim, text)?;
        }
        Ok(claims)
    }
}

impl Source {
    fn text(&self, token: &Map<String, Value>) -> Result<String, TokenError> {
        let template = match self {
            Self::Template(template) => template,
            Self::Case { selector, cases } => {
                let found = required_text(token, selector)?;
                let case = cases.iter().find(|(value, _)| value == found);
                let Some((_, template)) = case else {
                    return Err(TokenError::UnexpectedValue {
                        claim: selector.clone(),
                        found: shortened(found),
                    });
                };
                template
            }
        };
        template.fill(|name| required_text(token, name))
    }
}

fn parse(template: &str) -> Result<ClaimTemplate, MappingError> {
    ClaimTemplate::parse(template)
        .map_err(|detail| MappingError::Template { template: template.into(), detail })
}

/// The text of a claim of a token.
pub(crate) fn required_text<'a>(token: &'a Map<String, Value>, name: &str) -> Result<&'a str, TokenError> {
    let ill_typed = |claim: &str, expected| Err(TokenError::IllTypedClaim { claim: claim.into(), expected });
    let text = match token.get(name) {
        None | Some(Value::Null) => return Err(TokenError::MissingClaim(name.into())),
        Some(Value::String(text)) if text.is_empty() => return Err(TokenError::MissingClaim(name.into())),
        Some(Value::String(text)) => text,
        Some(_) => return ill_typed(name, "a text"),
    };
    if name == "email" {
        match token.get("email_verified") {
            Some(Value::Bool(true)) => {}
            None | Some(Value::Bool(false)) => return Err(TokenError::UnverifiedEmail),
            Some(_) => return ill_typed("email_verified", "true or false"),
        }
    }
    Ok(text)
}
