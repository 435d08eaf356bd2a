//! From the claims of a provider's tokens to those of a certificate.

use crate::claim_template::ClaimTemplate;
use crate::json::Members;
use crate::signer_claims::SignerClaims;
use crate::text::shortened;
use crate::token_claim::{canonical_text, required_text};
use crate::token_error::TokenError;
use countermark::Claim;

/// The table by which the claims of a provider's tokens become those of a certificate.
///
/// There is one for [GitHub Actions](Self::github_actions), for [GitLab CI](Self::gitlab), for
/// [Buildkite](Self::buildkite) and for [CircleCI](Self::circleci), after the providers' documentation and the
/// mapping that Fulcio published; the [table of all claims](crate#claims) shows them side by side. For another
/// provider, say what its claims mean. The token's `iss` and `sub` always become `certificate_oidc_issuer` and
/// `token_subject`, without standing in the table.
///
/// A template is a text in which `{name}` stands for the token's claim of that name: a text; a whole number,
/// in its digits as the token has them; or a boolean, as `true` or `false`. A number that is written with a
/// fraction or an exponent is refused, because it has several spellings. A claim that is null or empty is as
/// good as missing. An `email` counts only with `email_verified` true, which may be the text `true`, as Entra
/// ID, Cognito and JumpCloud issue it.
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
///
/// A ready-made table can be relaxed, rule by rule, for an instance that issues other claims. What is relaxed
/// must be in the table, so that a slip is an error and no check is lost: a claim that is left out of a
/// certificate still fails every policy that asks for it. The identity can be replaced, and is always needed.
///
/// ```
/// use countermark::Claim;
/// use countermark_signing::{ClaimMapping, IdentityProvider};
///
/// let server = "https://gitlab.example.com";
/// let mapping = ClaimMapping::gitlab(server)?
///     .make_optional(Claim::BuildTrigger)?
///     .replace(Claim::RunInvocationUri, "https://gitlab.example.com/{project_path}/-/pipelines/{pipeline_id}")?;
/// let gitlab = IdentityProvider::new(server, "signing.example", mapping)?;
///
/// let mapping = ClaimMapping::gitlab(server)?;
/// assert_eq!(mapping.make_optional(Claim::CertificateIdentity).unwrap_err().code(), "identity_not_optional");
/// # Ok::<(), countermark_signing::ProviderError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMapping {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    claim: Claim,
    /// The first one counts for which the token has what it needs.
    sources: Vec<Source>,
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
    /// For tokens whose claim has none of these values, which leave it to the next source. Without a template there
    /// is nothing to say for such a token.
    Unless {
        selector: String,
        values: Vec<String>,
        template: Option<ClaimTemplate>,
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
    /// A claim whose rule is to be changed has none.
    #[error("the claim {0} has no rule that could be changed; add one with `require` or `allow`")]
    NotMapped(Claim),
    /// The identity was to be made optional.
    #[error("the identity cannot be optional, because every certificate has one; replace its rule instead")]
    OptionalIdentity,
    /// The identity was to be replaced by a text that is the same for all tokens.
    #[error("the identity {0:?} would be everybody's; name a claim of the token in it, such as {{sub}}")]
    ConstantIdentity(String),
}

impl MappingError {
    /// The stable code: `invalid_claim_template`, `claim_mapped_twice`, `reserved_claim`,
    /// `invalid_server_url`, `invalid_claim_cases`, `claim_not_mapped`, `identity_not_optional`,
    /// `constant_identity`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "invalid_claim_template",
            Self::Repeated(_) => "claim_mapped_twice",
            Self::Reserved(_) => "reserved_claim",
            Self::ServerUrl(_) => "invalid_server_url",
            Self::Cases(_) => "invalid_claim_cases",
            Self::NotMapped(_) => "claim_not_mapped",
            Self::OptionalIdentity => "identity_not_optional",
            Self::ConstantIdentity(_) => "constant_identity",
        }
    }
}

/// Whether a token without the claims that a rule needs is refused.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Required,
    Optional,
    /// Optional for an instance of one's own, which may be older than github.com.
    RequiredOfCloud,
}

use Need::{Optional, Required, RequiredOfCloud};

/// github.com, whose tokens have every claim.
const GITHUB_CLOUD: &str = "https://github.com";

/// The claims of GitHub Actions, after Fulcio's `github-workflow`; `{server}` is the server's URL.
const GITHUB_ACTIONS: &[(Claim, Need, &str)] = &[
    (Claim::BuildConfigName, Required, "{workflow}"),
    (Claim::BuildSignerUri, Required, "{server}/{job_workflow_ref}"),
    (Claim::BuildSignerDigest, RequiredOfCloud, "{job_workflow_sha}"),
    (Claim::RunnerEnvironment, RequiredOfCloud, "{runner_environment}"),
    (Claim::SourceRepositoryDigest, Required, "{sha}"),
    (Claim::SourceRepositoryRef, Required, "{ref}"),
    (Claim::SourceRepositoryIdentifier, RequiredOfCloud, "{repository_id}"),
    (Claim::SourceRepositoryOwnerIdentifier, RequiredOfCloud, "{repository_owner_id}"),
    (Claim::BuildConfigUri, RequiredOfCloud, "{server}/{workflow_ref}"),
    (Claim::BuildConfigDigest, RequiredOfCloud, "{workflow_sha}"),
    (Claim::BuildTrigger, Required, "{event_name}"),
    (
        Claim::RunInvocationUri,
        RequiredOfCloud,
        "{server}/{repository}/actions/runs/{run_id}/attempts/{run_attempt}",
    ),
    (Claim::SourceRepositoryVisibility, RequiredOfCloud, "{repository_visibility}"),
    (Claim::DeploymentEnvironment, Optional, "{environment}"),
];

/// The claims of GitLab CI, after Fulcio's `gitlab-pipeline`; `{server}` is the server's URL.
///
/// What is optional came with GitLab 16, or is null where the pipeline's definition is in another project.
const GITLAB: &[(Claim, Need, &str)] = &[
    (Claim::BuildSignerUri, Optional, "https://{ci_config_ref_uri}"),
    (Claim::BuildSignerDigest, Optional, "{ci_config_sha}"),
    (Claim::RunnerEnvironment, Optional, "{runner_environment}"),
    (Claim::SourceRepository, Required, "{server}/{project_path}"),
    (Claim::SourceRepositoryDigest, Optional, "{sha}"),
    (Claim::SourceRepositoryIdentifier, Required, "{project_id}"),
    (Claim::SourceRepositoryOwner, Required, "{server}/{namespace_path}"),
    (Claim::SourceRepositoryOwnerIdentifier, Required, "{namespace_id}"),
    (Claim::BuildConfigUri, Optional, "https://{ci_config_ref_uri}"),
    (Claim::BuildConfigDigest, Optional, "{ci_config_sha}"),
    (Claim::BuildTrigger, Required, "{pipeline_source}"),
    (Claim::RunInvocationUri, Required, "{server}/{project_path}/-/jobs/{job_id}"),
    (Claim::SourceRepositoryVisibility, Optional, "{project_visibility}"),
    (Claim::DeploymentEnvironment, Optional, "{environment}"),
];

/// What starts a pipeline of GitLab on one of the project's own refs, by somebody who may do so. A merge request from
/// a fork, and every child of such a pipeline, has the *fork's* branch as its ref, in the parent project's name; in some
/// versions of GitLab also in `ci_config_ref_uri`.
const GITLAB_OWN_TRIGGERS: &[&str] = &["push", "web", "webide", "schedule", "api", "trigger", "chat"];

/// The claims of Buildkite, after Fulcio's `buildkite-job`, and the ref as Buildkite puts it into `sub`.
const BUILDKITE: &[(Claim, Need, &str)] = &[
    (Claim::RunnerEnvironment, Optional, "{runner_environment}"),
    (Claim::SourceRepositoryDigest, Required, "{build_commit}"),
    (Claim::BuildTrigger, Optional, "{build_source}"),
    (
        Claim::RunInvocationUri,
        Required,
        "https://buildkite.com/{organization_slug}/{pipeline_slug}/builds/{build_number}#{job_id}",
    ),
];

/// The definition of a pipeline of CircleCI, which signs.
const CIRCLECI_DEFINITION: &str = "https://circleci.com/api/v2/projects/{oidc.circleci.com/project-id}/pipeline-definitions/{oidc.circleci.com/pipeline-definition-id}";

/// The claims of CircleCI, after Fulcio's `circleci-job`.
///
/// What is optional is missing where a custom webhook triggered the pipeline.
const CIRCLECI: &[(Claim, Need, &str)] = &[
    (Claim::BuildSignerUri, Required, CIRCLECI_DEFINITION),
    (Claim::SourceRepository, Optional, "{oidc.circleci.com/vcs-origin}"),
    (Claim::SourceRepositoryRef, Optional, "{oidc.circleci.com/vcs-ref}"),
    (
        Claim::BuildConfigUri,
        Required,
        "https://circleci.com/api/v2/pipeline/{oidc.circleci.com/pipeline-id}/config",
    ),
    (
        Claim::RunInvocationUri,
        Required,
        "https://app.circleci.com/workflow/{oidc.circleci.com/workflow-id}/job/{oidc.circleci.com/job-id}",
    ),
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
    /// Tokens of github.com must have every claim but `environment`. Those of an Enterprise Server may lack
    /// what older ones do not issue: the workflow's `_sha` and `_ref` claims but `job_workflow_ref`, the
    /// identifiers of the repository and its owner, `runner_environment`, `run_attempt`,
    /// `repository_visibility`.
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
    /// identity is the URL of the pipeline's definition, such as
    /// `https://gitlab.com/group/project//.gitlab-ci.yml@refs/heads/main`.
    ///
    /// GitLab issues no `ci_config_ref_uri` where the definition is in another project. The identity is then
    /// the project and its ref, `https://gitlab.com/group/project@refs/heads/main`, and `build_signer_uri` and
    /// `build_config_uri` are absent. It is no definition's: in one, `//` follows the project's path, in which
    /// neither `@` nor `//` can be.
    ///
    /// The ref of a merge request's pipeline, and of one that another pipeline started, may be a fork's, so that nothing
    /// may take it for the project's: identity and `source_repository_ref` then have what started the pipeline in its
    /// place, `https://gitlab.com/group/project@merge_request_event/main` and `merge_request_event/main`, and
    /// `build_signer_uri` and `build_config_uri` are absent, whatever `ci_config_ref_uri` says. (`token_subject` is
    /// GitLab's own word, and does not tell them apart: let no policy rely on it alone.)
    ///
    /// # Errors
    ///
    /// [`MappingError::ServerUrl`] if the URL is none of an HTTP server, or ends in a slash.
    pub fn gitlab(server_url: &str) -> Result<Self, MappingError> {
        let project = format!("{server_url}/{{project_path}}");
        let started_by_others = |template: Option<&str>| {
            Ok::<_, MappingError>(Source::Unless {
                selector: "pipeline_source".into(),
                values: GITLAB_OWN_TRIGGERS.iter().map(|value| (*value).into()).collect(),
                template: template.map(parse).transpose()?,
            })
        };
        let identity = format!("{project}@{{pipeline_source}}/{{ref}}");
        Self::of_table(server_url, "https://{ci_config_ref_uri}", GITLAB)?
            .with_rule(Rule {
                claim: Claim::SourceRepositoryRef,
                sources: vec![started_by_others(Some("{pipeline_source}/{ref}"))?],
                required: true,
            })?
            .with_alternative(
                Claim::SourceRepositoryRef,
                Source::case(
                    Claim::SourceRepositoryRef,
                    "ref_type",
                    &[("branch", "refs/heads/{ref}"), ("tag", "refs/tags/{ref}")],
                )?,
            )?
            .with_first(Claim::CertificateIdentity, started_by_others(Some(&identity))?)?
            .with_first(Claim::BuildSignerUri, started_by_others(None)?)?
            .with_first(Claim::BuildConfigUri, started_by_others(None)?)?
            .with_alternative(
                Claim::CertificateIdentity,
                Source::case(
                    Claim::CertificateIdentity,
                    "ref_type",
                    &[
                        ("branch", &format!("{project}@refs/heads/{{ref}}")),
                        ("tag", &format!("{project}@refs/tags/{{ref}}")),
                    ],
                )?,
            )
    }

    /// The table for Buildkite. The identity is the URL of the pipeline,
    /// `https://buildkite.com/organization/pipeline`.
    ///
    /// The ref is that of the build's tag, and without one that of its branch, as in Buildkite's `sub`. Who may
    /// create a build names its branch, tag and commit: constrain who may, before a policy relies on them.
    ///
    /// # Errors
    ///
    /// None; the signature is that of the other tables.
    pub fn buildkite() -> Result<Self, MappingError> {
        let mapping = Self::new("https://buildkite.com/{organization_slug}/{pipeline_slug}")?
            .with_table(BUILDKITE, "https://buildkite.com")?
            .require(Claim::SourceRepositoryRef, "refs/tags/{build_tag}")?;
        mapping.with_alternative(
            Claim::SourceRepositoryRef,
            Source::Template(parse("refs/heads/{build_branch}")?),
        )
    }

    /// The table for CircleCI's cloud. The identity is the URL of the pipeline's definition in CircleCI's API,
    /// by the identifiers of the project and of the definition.
    ///
    /// `runner_environment` tells whether a job was run again with SSH, so that a person could have typed the
    /// commands: `ssh-rerun` if so, else `no-ssh-rerun`, so that a policy can require it. (Fulcio has no text
    /// for the second.) Where builds of forks get tokens, constrain `source_repository` in the policy: it is
    /// the fork's for them.
    ///
    /// # Errors
    ///
    /// None; the signature is that of the other tables.
    pub fn circleci() -> Result<Self, MappingError> {
        let claim = Claim::RunnerEnvironment;
        let cases = [("true", "ssh-rerun"), ("false", "no-ssh-rerun")];
        let source = Source::case(claim, "oidc.circleci.com/ssh-rerun", &cases)?;
        Self::new(CIRCLECI_DEFINITION)?.with_table(CIRCLECI, "https://circleci.com")?.with_rule(Rule {
            claim,
            sources: vec![source],
            required: false,
        })
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
        Self::new(&identity.replace("{server}", server_url))?.with_table(table, server_url)
    }

    fn with_table(self, table: &[(Claim, Need, &str)], server_url: &str) -> Result<Self, MappingError> {
        table.iter().try_fold(self, |mapping, (claim, need, template)| {
            let is_required = match need {
                Required => true,
                Optional => false,
                RequiredOfCloud => server_url == GITHUB_CLOUD,
            };
            mapping.with_template(*claim, &template.replace("{server}", server_url), is_required)
        })
    }

    /// With a claim that every certificate has: a token that lacks what the template needs is refused.
    ///
    /// # Errors
    ///
    /// A [`MappingError`] if the text is no template, the claim has a rule already, or comes from `iss` or
    /// `sub`.
    pub fn require(self, claim: Claim, template: &str) -> Result<Self, MappingError> {
        self.with_template(claim, template, true)
    }

    /// With a claim that a certificate has if the token has what the template needs.
    ///
    /// # Errors
    ///
    /// As [`ClaimMapping::require`].
    pub fn allow(self, claim: Claim, template: &str) -> Result<Self, MappingError> {
        self.with_template(claim, template, false)
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
        let sources = vec![Source::case(claim, selector, cases)?];
        self.with_rule(Rule { claim, sources, required: true })
    }

    /// With another template for a claim of the table, which stays required or optional as it was.
    ///
    /// # Errors
    ///
    /// [`MappingError::NotMapped`] if the claim has no rule, [`MappingError::Template`] if the text is no
    /// template, [`MappingError::ConstantIdentity`] if it is the identity's and names no claim of the token.
    pub fn replace(self, claim: Claim, template: &str) -> Result<Self, MappingError> {
        self.with_sources(claim, vec![Source::Template(parse(template)?)])
    }

    /// With templates by the value of a claim of the token for a claim of the table; see
    /// [`ClaimMapping::require_case`]. The claim stays required or optional as it was.
    ///
    /// # Errors
    ///
    /// As [`ClaimMapping::replace`], and if there is no case, or two are for one value.
    pub fn replace_with_case(
        self,
        claim: Claim,
        selector: &str,
        cases: &[(&str, &str)],
    ) -> Result<Self, MappingError> {
        let source = Source::case(claim, selector, cases)?;
        self.with_sources(claim, vec![source])
    }

    /// With a claim of the table that a token need not have: a certificate then lacks it, and fails every
    /// policy that asks for it. A token that has what the rule needs, but of another type or with a value that
    /// has no meaning, is refused as before.
    ///
    /// # Errors
    ///
    /// [`MappingError::OptionalIdentity`] for the identity, [`MappingError::NotMapped`] if the claim has no
    /// rule.
    pub fn make_optional(mut self, claim: Claim) -> Result<Self, MappingError> {
        if claim == Claim::CertificateIdentity {
            return Err(MappingError::OptionalIdentity);
        }
        self.rule_of(claim)?.required = false;
        Ok(self)
    }

    fn rule_of(&mut self, claim: Claim) -> Result<&mut Rule, MappingError> {
        self.rules.iter_mut().find(|rule| rule.claim == claim).ok_or(MappingError::NotMapped(claim))
    }

    fn with_sources(mut self, claim: Claim, sources: Vec<Source>) -> Result<Self, MappingError> {
        if claim == Claim::CertificateIdentity {
            let mut templates = sources.iter().flat_map(Source::templates);
            if let Some(constant) = templates.find(|template| !template.has_claim()) {
                return Err(MappingError::ConstantIdentity(constant.to_string()));
            }
        }
        self.rule_of(claim)?.sources = sources;
        Ok(self)
    }

    fn with_alternative(mut self, claim: Claim, source: Source) -> Result<Self, MappingError> {
        self.rule_of(claim)?.sources.push(source);
        Ok(self)
    }

    fn with_first(mut self, claim: Claim, source: Source) -> Result<Self, MappingError> {
        self.rule_of(claim)?.sources.insert(0, source);
        Ok(self)
    }

    fn with_template(self, claim: Claim, template: &str, required: bool) -> Result<Self, MappingError> {
        let sources = vec![Source::Template(parse(template)?)];
        self.with_rule(Rule { claim, sources, required })
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
    pub(crate) fn apply(&self, token: &Members, issuer: &str) -> Result<SignerClaims, TokenError> {
        let mut identity = None;
        let mut others = vec![(Claim::TokenSubject, required_text(token, "sub")?.to_owned())];
        for rule in &self.rules {
            let text = match rule.text(token) {
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

impl Rule {
    /// The text of the first source for which the token has what it needs; what the first one lacks, if there
    /// is none.
    fn text(&self, token: &Members) -> Result<String, TokenError> {
        let mut lacking = None;
        for source in &self.sources {
            match source.text(token) {
                Err(error @ TokenError::MissingClaim(_)) => lacking = lacking.or(Some(error)),
                Ok(nothing) if nothing.is_empty() => break,
                found => return found,
            }
        }
        Err(lacking.unwrap_or_else(|| TokenError::MissingClaim(self.claim.to_string())))
    }
}

impl Source {
    fn case(claim: Claim, selector: &str, cases: &[(&str, &str)]) -> Result<Self, MappingError> {
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
        Ok(Self::Case { selector: selector.into(), cases: parsed })
    }

    fn templates(&self) -> Vec<&ClaimTemplate> {
        match self {
            Self::Template(template) => vec![template],
            Self::Case { cases, .. } => cases.iter().map(|(_, template)| template).collect(),
            Self::Unless { template, .. } => template.iter().collect(),
        }
    }

    fn text(&self, token: &Members) -> Result<String, TokenError> {
        let template = match self {
            Self::Template(template) => template,
            Self::Case { selector, cases } => {
                let found = canonical_text(token, selector)?;
                let case = cases.iter().find(|(value, _)| *value == found);
                let Some((_, template)) = case else {
                    return Err(TokenError::UnexpectedValue {
                        claim: selector.clone(),
                        found: shortened(&found),
                    });
                };
                template
            }
            Self::Unless { selector, values, template } => {
                match canonical_text(token, selector) {
                    Ok(found) if values.iter().any(|value| *value == found) => {
                        return Err(TokenError::MissingClaim(selector.clone()));
                    }
                    // Whoever started it must be told: the next source would take it for one that was told.
                    Err(TokenError::MissingClaim(_)) => {
                        return Err(TokenError::UnexpectedValue {
                            claim: selector.clone(),
                            found: String::new(),
                        });
                    }
                    found => found?,
                };
                let Some(template) = template else { return Ok(String::new()) };
                template
            }
        };
        template.fill(|name| canonical_text(token, name))
    }
}

fn parse(template: &str) -> Result<ClaimTemplate, MappingError> {
    ClaimTemplate::parse(template)
        .map_err(|detail| MappingError::Template { template: template.into(), detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    const SERVER: &str = "https://server.example";

    /// How a table makes a claim, in a cell of Markdown.
    fn cell(mapping: &ClaimMapping, claim: Claim) -> String {
        match claim {
            Claim::CertificateOidcIssuer => return "`{iss}`".into(),
            Claim::TokenSubject => return "`{sub}`".into(),
            _ => {}
        }
        let Some(rule) = mapping.rules.iter().find(|rule| rule.claim == claim) else { return String::new() };
        let code = |template: &ClaimTemplate| {
            format!(
                "`{}`",
                template.to_string().replace(SERVER, "{server}").replace("https://github.com", "{server}")
            )
        };
        let source = |source: &Source| match source {
            Source::Template(template) => code(template),
            Source::Unless { selector, values, template } => format!(
                "{} if `{selector}` is none of {}",
                template.as_ref().map_or_else(|| "nothing".into(), code),
                values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
            ),
            Source::Case { selector, cases } => {
                let case =
                    |(value, template): &(String, ClaimTemplate)| format!("{} if `{value}`", code(template));
                format!("by `{selector}`: {}", cases.iter().map(case).collect::<Vec<_>>().join(", "))
            }
        };
        let sources = rule.sources.iter().map(source).collect::<Vec<_>>().join(", else ");
        if rule.required { sources } else { format!("{sources} (optional)") }
    }

    fn oid(claim: Claim) -> String {
        claim.extension_oid().map_or_else(
            || "subject alternative name".into(),
            |bytes| const_oid::ObjectIdentifier::from_bytes(&bytes).unwrap().to_string(),
        )
    }

    /// The table of the documentation is what the code does; `UPDATE_DOCS=1` writes it anew.
    #[test]
    fn the_documented_table_is_the_one_in_use() {
        let providers = [
            ("GitHub Actions", ClaimMapping::github_actions(GITHUB_CLOUD, RepositoryNames::Plain).unwrap()),
            ("GitLab CI", ClaimMapping::gitlab(SERVER).unwrap()),
            ("Buildkite", ClaimMapping::buildkite().unwrap()),
            ("CircleCI", ClaimMapping::circleci().unwrap()),
        ];
        let mut table = "| claim | extension |".to_owned();
        for (name, _) in &providers {
            write!(table, " {name} |").unwrap();
        }
        table += "\n|---|---|---|---|---|---|\n";
        for claim in Claim::NAMED.iter().copied() {
            write!(table, "| `{claim}` | {} |", oid(claim)).unwrap();
            for (_, mapping) in &providers {
                write!(table, " {} |", cell(mapping, claim)).unwrap();
            }
            table.push('\n');
        }
        assert_eq!(Claim::NAMED.len(), 19);
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/claims.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &table).unwrap();
        }
        let documented = std::fs::read_to_string(&path).unwrap();
        assert_eq!(documented, table, "run UPDATE_DOCS=1 cargo test -p countermark-signing --lib");

        // Every claim that a table makes has a row.
        for (name, mapping) in &providers {
            for rule in &mapping.rules {
                assert!(Claim::NAMED.contains(&rule.claim), "{name}: {}", rule.claim);
            }
        }
    }
}
