//! The algorithms by which an identity token may be signed.

use jsonwebtoken::Algorithm;

/// RS256 or ES256 (RFC 7518, sections 3.3 and 3.4).
#[derive(Clone, Copy)]
pub(crate) enum AcceptedAlgorithm {
    Rs256,
    Es256,
}

impl AcceptedAlgorithm {
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256].into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }

    pub(crate) const fn to_library(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
        }
    }
}
