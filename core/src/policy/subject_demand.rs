//! What a policy demands of the subjects of a statement, beside that the artifact is one.

use crate::policy::distribution::Distribution;
use crate::text::quoting::Quoted;
use alloc::string::String;
use core::fmt;

/// What is demanded of a statement's subjects, beside that one of them is the artifact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubjectDemand {
    /// The subject that is the artifact has this name.
    Name(String),
    /// There is another subject whose `uri` begins so: what was released together.
    UriPrefix(String),
    /// There is one subject alone, with the file name of this distribution, and it is the artifact by its SHA-256.
    Distribution(Distribution),
}

/// A subject of a statement, held against the artifact.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SubjectView<'s> {
    pub(crate) name: Option<&'s str>,
    pub(crate) uri: Option<&'s str>,
    /// Whether it has a digest of the artifact, and none that contradicts it.
    pub(crate) is_artifact: bool,
    /// Whether one of these is its SHA-256.
    pub(crate) is_artifact_by_sha256: bool,
}

/// Which demand the subjects do not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SubjectFault<'d> {
    /// None that is the artifact has this name.
    OtherName(&'d str),
    /// None has a `uri` that begins so.
    NoUri(&'d str),
    NotOneSubject(usize),
    /// The one subject is no distribution, or another than this.
    OtherDistribution(&'d str),
    /// The one subject has no SHA-256, or not the artifact's.
    NotBySha256,
}

impl SubjectDemand {
    /// Whether the subjects, all of them, meet the demand.
    pub(crate) fn check<'s>(
        &self,
        mut subjects: impl Iterator<Item = SubjectView<'s>>,
    ) -> Result<(), SubjectFault<'_>> {
        match self {
            Self::Name(wanted) => subjects
                .any(|subject| subject.is_artifact && subject.name == Some(wanted))
                .then_some(())
                .ok_or(SubjectFault::OtherName(wanted)),
            Self::UriPrefix(prefix) => subjects
                .any(|subject| subject.uri.is_some_and(|uri| uri.starts_with(prefix.as_str())))
                .then_some(())
                .ok_or(SubjectFault::NoUri(prefix)),
            Self::Distribution(wanted) => {
                let (first, others) = (subjects.next(), subjects.count());
                let Some(subject) = first.filter(|_| others == 0) else {
                    let count = usize::from(first.is_some()).saturating_add(others);
                    return Err(SubjectFault::NotOneSubject(count));
                };
                let found = subject.name.and_then(|name| name.parse().ok());
                if found.as_ref() != Some(wanted) {
                    return Err(SubjectFault::OtherDistribution(wanted.file_name()));
                }
                if !(subject.is_artifact && subject.is_artifact_by_sha256) {
                    return Err(SubjectFault::NotBySha256);
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for SubjectFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherName(wanted) => {
                write!(f, "no subject that is the artifact has the name {}", Quoted(wanted))
            }
            Self::NoUri(prefix) => write!(f, "no subject has a uri that begins with {}", Quoted(prefix)),
            Self::NotOneSubject(count) => write!(f, "the statement has {count} subjects, and must have one"),
            Self::OtherDistribution(wanted) => {
                write!(f, "the subject's name is not that of the distribution {}", Quoted(wanted))
            }
            Self::NotBySha256 => f.write_str("the subject does not have the artifact's sha256 digest"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTIFACT: SubjectView<'_> =
        SubjectView { name: None, uri: None, is_artifact: true, is_artifact_by_sha256: true };

    #[test]
    fn a_name_is_that_of_the_artifact() {
        let demand = SubjectDemand::Name("a".into());
        let named =
            |name, is_artifact| SubjectView { name: Some(name), is_artifact, ..SubjectView::default() };
        assert_eq!(demand.check([named("b", true), named("a", true)].into_iter()), Ok(()));
        for subjects in [
            &[][..],
            &[ARTIFACT],
            &[named("A", true)],
            &[named("a", false), named("b", true)],
            &[SubjectView { uri: Some("a"), ..ARTIFACT }],
        ] {
            let refused = demand.check(subjects.iter().copied());
            assert_eq!(refused, Err(SubjectFault::OtherName("a")), "{subjects:?}");
        }
    }

    #[test]
    fn a_release_has_a_subject_of_its_own() {
        let demand = SubjectDemand::UriPrefix("pkg:github/o/n@".into());
        let release = |uri| SubjectView { uri: Some(uri), ..SubjectView::default() };
        assert_eq!(demand.check([release("pkg:github/o/n@v1"), ARTIFACT].into_iter()), Ok(()));
        for uri in ["pkg:github/o/n-evil@v1", "pkg:github/o/n", "xpkg:github/o/n@v1", ""] {
            let refused = demand.check([release(uri), ARTIFACT].into_iter());
            assert_eq!(refused, Err(SubjectFault::NoUri("pkg:github/o/n@")), "{uri}");
        }
        let name = SubjectView { name: Some("pkg:github/o/n@v1"), ..ARTIFACT };
        assert!(demand.check([name].into_iter()).is_err());
    }

    #[test]
    fn a_distribution_is_the_one_subject_by_name_and_sha256() {
        let demand = SubjectDemand::Distribution("Foo-1.0.tar.gz".parse().unwrap());
        let named = |name| SubjectView { name: Some(name), ..ARTIFACT };
        assert_eq!(demand.check([named("foo-1.0.0.tar.gz")].into_iter()), Ok(()));

        let other = Err(SubjectFault::OtherDistribution("Foo-1.0.tar.gz"));
        for name in ["foo-1.1.tar.gz", "bar-1.0.tar.gz", "foo-1.0.zip", "foo", ""] {
            assert_eq!(demand.check([named(name)].into_iter()), other, "{name}");
        }
        assert_eq!(demand.check([ARTIFACT].into_iter()), other);
        assert_eq!(demand.check([].into_iter()), Err(SubjectFault::NotOneSubject(0)));
        let twice = [named("foo-1.0.tar.gz"); 2];
        assert_eq!(demand.check(twice.into_iter()), Err(SubjectFault::NotOneSubject(2)));
        let by_other = SubjectView { is_artifact_by_sha256: false, ..named("foo-1.0.tar.gz") };
        assert_eq!(demand.check([by_other].into_iter()), Err(SubjectFault::NotBySha256));
    }
}
