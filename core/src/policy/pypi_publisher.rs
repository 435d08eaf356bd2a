//! The publishers whom PyPI trusts, and by which claims their certificates show them.

use crate::malformed::MalformedInput;
use crate::policy::signer_demands::mismatch;
use crate::rejection::Reason;
use crate::signer::claim::Claim;
use crate::text::quoting::{Excerpt, Quoted};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Who may publish a project of PyPI, as its owner told PyPI and as the caller knows it: what an index says of a file's
/// publisher proves nothing.
///
/// What a publisher has beside these, an environment, say, is a claim to [require](crate::BundlePolicy::require).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PypiPublisher {
    pub(super) issuer: &'static str,
    pub(super) claims: Vec<(Claim, String)>,
    pub(super) build_config: Option<BuildConfig>,
}

/// That the build's instructions are this file, at the commit or ref that the certificate names beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuildConfig {
    uri: String,
}

impl PypiPublisher {
    /// A workflow of GitHub Actions: `owner/name` of the repository, and the workflow's file name, such as
    /// `release.yml`. It may call a reusable workflow elsewhere, which then is the certificate's identity.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if either has another form.
    pub fn github(repository: &str, workflow: &str) -> Result<Self, MalformedInput> {
        let repository = format!("https://github.com/{}", github_repository(repository)?);
        check("workflow", workflow, "a file name such as release.yml", |name| {
            is_visible(name) && !name.contains(['/', '@'])
        })?;
        let uri = format!("{repository}/.github/workflows/{workflow}");
        Ok(Self::building(GITHUB_ISSUER, repository, uri))
    }

    /// A pipeline of GitLab: `group/name` of the project, with its subgroups, and the path of the file that configures
    /// the pipeline, such as `.gitlab-ci.yml`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if either has another form.
    pub fn gitlab(repository: &str, workflow_filepath: &str) -> Result<Self, MalformedInput> {
        check("repository", repository, "group/name", |text| {
            text.contains('/') && text.split('/').all(is_path_segment)
        })?;
        let repository = format!("https://gitlab.com/{repository}");
        check("workflow_filepath", workflow_filepath, "a path such as .gitlab-ci.yml", |path| {
            is_visible(path) && !path.contains('@') && path.split('/').all(|segment| !segment.is_empty())
        })?;
        let uri = format!("{repository}//{workflow_filepath}");
        Ok(Self::building("https://gitlab.com", repository, uri))
    }

    /// A service account of Google Cloud, by its e-mail address.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if it is no e-mail address.
    pub fn google(email: &str) -> Result<Self, MalformedInput> {
        check("email", email, "an e-mail address", |text| {
            is_visible(text)
                && text.split_once('@').is_some_and(|(user, host)| {
                    !user.is_empty() && !host.is_empty() && !host.contains(['@', '/'])
                })
        })?;
        Ok(Self {
            issuer: "https://accounts.google.com",
            claims: alloc::vec![(Claim::CertificateIdentity, String::from(email))],
            build_config: None,
        })
    }

    /// A pipeline of CircleCI, by the IDs (UUIDs) of its project and of the pipeline's definition. The repository and ref
    /// are claims, `source_repository` (`github.com/owner/name`) and `source_repository_ref`.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if either is no ID.
    pub fn circleci(project_id: &str, pipeline_definition_id: &str) -> Result<Self, MalformedInput> {
        for (member, id) in [("project_id", project_id), ("pipeline_definition_id", pipeline_definition_id)] {
            check(member, id, "an ID of hex digits and hyphens", |id| {
                id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
            })?;
        }
        let uri = format!(
            "https://circleci.com/api/v2/projects/{project_id}/pipeline-definitions/{pipeline_definition_id}"
        );
        Ok(Self {
            issuer: "https://oidc.circleci.com",
            claims: alloc::vec![(Claim::BuildSignerUri, uri)],
            build_config: None,
        })
    }

    fn building(issuer: &'static str, repository: String, uri: String) -> Self {
        Self {
            issuer,
            claims: alloc::vec![(Claim::SourceRepository, repository)],
            build_config: Some(BuildConfig { uri }),
        }
    }
}

impl BuildConfig {
    /// Whether a certificate's claims are so: `build_config_uri` is the file's URI, `@`, and the certificate's own
    /// commit or ref.
    pub(crate) fn check<'c>(&self, certified: impl Fn(&Claim) -> Option<&'c str>) -> Result<(), Reason> {
        let found = certified(&Claim::BuildConfigUri);
        let version = found.and_then(|uri| uri.strip_prefix(self.uri.as_str())?.strip_prefix('@'));
        let own = [Claim::SourceRepositoryDigest, Claim::SourceRepositoryRef];
        if version.is_some() && own.iter().any(|claim| certified(claim) == version) {
            return Ok(());
        }
        let wanted = format!("{}, `@` and the certificate's own commit or ref", Quoted(&self.uri));
        Err(mismatch(&Claim::BuildConfigUri, wanted, found))
    }
}

/// GitHub's own identity provider.
pub(super) const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A repository of GitHub, `owner/name`.
pub(super) fn github_repository(repository: &str) -> Result<&str, MalformedInput> {
    check("repository", repository, "owner/name", |text| {
        text.split_once('/').is_some_and(|(owner, name)| is_path_segment(owner) && is_path_segment(name))
    })?;
    Ok(repository)
}

/// A text that becomes part of a URL, and must not be able to become another part of it.
pub(super) fn is_path_segment(text: &str) -> bool {
    !text.is_empty()
        && !matches!(text, "." | "..")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

pub(super) fn check(
    member: &str,
    text: &str,
    form: &str,
    is_good: impl Fn(&str) -> bool,
) -> Result<(), MalformedInput> {
    if !text.is_empty() && is_good(text) {
        return Ok(());
    }
    Err(MalformedInput::policy(format!("`{member}` is {}, which is not {form}", Excerpt(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "https://github.com/o/n/.github/workflows/release.yml";

    fn check_uri(uri: &str, sha: Option<&str>, at: Option<&str>) -> bool {
        let publisher = PypiPublisher::github("o/n", "release.yml").unwrap();
        let certified = |claim: &Claim| match claim {
            Claim::BuildConfigUri => Some(uri),
            Claim::SourceRepositoryDigest => sha,
            Claim::SourceRepositoryRef => at,
            _ => None,
        };
        publisher.build_config.unwrap().check(certified).is_ok()
    }

    #[test]
    fn the_workflow_is_at_the_certificates_own_commit_or_ref() {
        let at = |version: &str| format!("{URI}@{version}");
        assert!(check_uri(&at("refs/tags/v1"), Some("abc"), Some("refs/tags/v1")));
        assert!(check_uri(&at("abc"), Some("abc"), Some("refs/tags/v1")));
        assert!(check_uri(&at("abc"), Some("abc"), None) && check_uri(&at("x@y"), None, Some("x@y")));
        for (uri, sha, its_ref) in [
            (at("refs/heads/main"), Some("abc"), Some("refs/tags/v1")),
            (at("refs/tags/v1"), None, None),
            (at(""), None, None),
            (at("abc/"), Some("abc"), None),
            (URI.into(), Some("abc"), Some("")),
            (format!("{URI}abc"), Some("abc"), None),
            (at("abc").replace("release", "other"), Some("abc"), None),
            (at("abc").replace("o/n/", "o/n2/"), Some("abc"), None),
            (String::new(), Some(""), Some("")),
        ] {
            assert!(!check_uri(&uri, sha, its_ref), "{uri}");
        }
        let publisher = PypiPublisher::github("o/n", "release.yml").unwrap();
        assert!(publisher.build_config.unwrap().check(|_| None).is_err());
    }

    #[test]
    fn each_publisher_has_its_claims() {
        let github = PypiPublisher::github("o/n", "r.yml").unwrap();
        assert_eq!(github.issuer, "https://token.actions.githubusercontent.com");
        assert_eq!(github.claims, [(Claim::SourceRepository, "https://github.com/o/n".into())]);
        let gitlab = PypiPublisher::gitlab("g/sub/n", "ci/.gitlab-ci.yml").unwrap();
        assert_eq!(gitlab.issuer, "https://gitlab.com");
        assert_eq!(gitlab.claims, [(Claim::SourceRepository, "https://gitlab.com/g/sub/n".into())]);
        assert_eq!(gitlab.build_config.unwrap().uri, "https://gitlab.com/g/sub/n//ci/.gitlab-ci.yml");
        let google = PypiPublisher::google("1-compute@developer.gserviceaccount.com").unwrap();
        assert_eq!(google.claims[0].0, Claim::CertificateIdentity);
        let circleci = PypiPublisher::circleci("fdd9283f-e619", "8e4f8ab2-8d7c").unwrap();
        assert_eq!(
            circleci.claims,
            [(
                Claim::BuildSignerUri,
                "https://circleci.com/api/v2/projects/fdd9283f-e619/pipeline-definitions/8e4f8ab2-8d7c"
                    .into()
            )]
        );
    }

    #[test]
    fn what_would_be_another_part_of_a_url_is_refused() {
        for repository in
            ["", "o", "o/", "/n", "o/n/x", "o/..", "./n", "o/n*", "o/n?", "o/n@v1", "o /n", "o/ñ"]
        {
            assert!(PypiPublisher::github(repository, "r.yml").is_err(), "{repository}");
            assert!(github_repository(repository).is_err(), "{repository}");
        }
        assert!(github_repository("o-1/n_2.x").is_ok());
        for workflow in ["", "a/b.yml", "r.yml@refs/heads/x", "r yml", "r\n.yml"] {
            assert!(PypiPublisher::github("o/n", workflow).is_err(), "{workflow}");
        }
        for repository in ["n", "g//n", "g/n/", "g/../n", "g/n@x"] {
            assert!(PypiPublisher::gitlab(repository, ".gitlab-ci.yml").is_err(), "{repository}");
        }
        for path in ["", "/ci.yml", "ci//x.yml", "ci.yml@x", "ci/"] {
            assert!(PypiPublisher::gitlab("g/n", path).is_err(), "{path}");
        }
        for email in ["", "x", "@x", "x@", "a@b@c", "a b@c", "https://a@b/c"] {
            assert!(PypiPublisher::google(email).is_err(), "{email}");
        }
        for id in ["", "a/b", "8e4f8ab2 ", "..", "xyz"] {
            assert!(PypiPublisher::circleci(id, "8e4f8ab2").is_err(), "{id}");
            assert!(PypiPublisher::circleci("8e4f8ab2", id).is_err(), "{id}");
        }
    }
}
