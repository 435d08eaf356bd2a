//! Input that cannot be judged at all.

use crate::code::Code;
use alloc::string::String;
use core::fmt;

/// Input that cannot be judged at all: it never became a [`TrustAnchors`](crate::TrustAnchors),
/// [`Policy`](crate::Policy), [`Entry`](crate::Entry), [`ArtifactName`](crate::ArtifactName) or
/// [`Message`](crate::Message).
///
/// Its `Display` names the offending input and says what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MalformedInput {
    /// A trust anchor or known intermediate; code `malformed_trust_anchor`.
    #[error("malformed trust anchor: {detail}")]
    TrustAnchor {
        /// What is wrong.
        detail: String,
    },
    /// A policy; code `malformed_policy`.
    #[error("malformed policy: {detail}")]
    Policy {
        /// What is wrong.
        detail: String,
    },
    /// A record; code `malformed_entry`.
    #[error("malformed entry: {}{detail}", OfRecord(.record))]
    Entry {
        /// Which record of several, counted from zero.
        record: Option<usize>,
        /// What is wrong.
        detail: String,
    },
    /// An artifact name; code `malformed_name`.
    #[error("malformed artifact name: {detail}")]
    Name {
        /// What is wrong.
        detail: String,
    },
    /// A message; code `malformed_message`.
    #[error(
        "malformed message: it is an artifact name; verify signatures over names as artifacts, with `verify`"
    )]
    Message,
    /// A bundle, or another form of the same; code `malformed_bundle`.
    #[error("malformed bundle: {}{detail}", OfRecord(.record))]
    Bundle {
        /// Which bundle of several, counted from zero.
        record: Option<usize>,
        /// What is wrong; it names the member.
        detail: String,
    },
    /// A trusted root; code `malformed_trusted_root`.
    #[error("malformed trusted root: {detail}")]
    TrustedRoot {
        /// What is wrong; it names the member.
        detail: String,
    },
    /// Something else that was given for a verification and cannot be used; code `invalid_argument`.
    #[error("invalid argument: {detail}")]
    Argument {
        /// What is wrong.
        detail: String,
    },
}

impl MalformedInput {
    /// The stable code, one of 100 to 106, or 110.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::TrustAnchor { .. } => Code::MalformedTrustAnchor,
            Self::Policy { .. } => Code::MalformedPolicy,
            Self::Entry { .. } => Code::MalformedEntry,
            Self::Name { .. } => Code::MalformedName,
            Self::Message => Code::MalformedMessage,
            Self::Bundle { .. } => Code::MalformedBundle,
            Self::TrustedRoot { .. } => Code::MalformedTrustedRoot,
            Self::Argument { .. } => Code::InvalidArgument,
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        self.code().remedy()
    }

    pub(crate) fn trust_anchor(detail: impl Into<String>) -> Self {
        Self::TrustAnchor { detail: shorten(detail.into()) }
    }

    pub(crate) fn policy(detail: impl Into<String>) -> Self {
        Self::Policy { detail: shorten(detail.into()) }
    }

    pub(crate) fn entry(detail: impl Into<String>) -> Self {
        Self::Entry { record: None, detail: shorten(detail.into()) }
    }

    #[cfg(feature = "sigstore")]
    pub(crate) fn bundle(detail: impl Into<String>) -> Self {
        Self::Bundle { record: None, detail: shorten(detail.into()) }
    }

    #[cfg(feature = "sigstore")]
    pub(crate) fn trusted_root(detail: impl Into<String>) -> Self {
        Self::TrustedRoot { detail: shorten(detail.into()) }
    }

    #[cfg(feature = "sigstore")]
    pub(crate) fn argument(detail: impl Into<String>) -> Self {
        Self::Argument { detail: shorten(detail.into()) }
    }

    pub(crate) fn name(detail: impl Into<String>) -> Self {
        Self::Name { detail: shorten(detail.into()) }
    }

    /// What is wrong, without the kind of input and the record's number.
    #[must_use]
    pub fn detail(&self) -> &str {
        match self {
            Self::TrustAnchor { detail }
            | Self::Policy { detail }
            | Self::Entry { detail, .. }
            | Self::Name { detail }
            | Self::Bundle { detail, .. }
            | Self::TrustedRoot { detail }
            | Self::Argument { detail } => detail,
            Self::Message => "it is an artifact name",
        }
    }

    /// The same, as a fault of the record with this index.
    pub(crate) fn in_record(self, index: usize) -> Self {
        match self {
            Self::Entry { detail, .. } => Self::Entry { record: Some(index), detail },
            Self::Bundle { detail, .. } => Self::Bundle { record: Some(index), detail },
            other => other,
        }
    }
}

/// Which record of several it was, before what is wrong with it.
struct OfRecord<'a>(&'a Option<usize>);

impl fmt::Display for OfRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |index| write!(f, "record {index}: "))
    }
}

/// Input may be quoted in a detail, and must not flood the log that the detail goes to. What is left out is in the
/// middle: the end may tell the reason, or where in the input it is.
fn shorten(mut detail: String) -> String {
    const BEGINNING: usize = 350;
    const END: usize = 150;
    let position = |index| detail.char_indices().nth(index).map(|(position, _)| position);
    let beginning = position(BEGINNING);
    let end = detail.char_indices().rev().nth(END.saturating_sub(1)).map(|(position, _)| position);
    let middle = beginning.zip(end).filter(|(beginning, end)| beginning < end);
    if let Some((beginning, end)) = middle {
        detail.replace_range(beginning..end, "…");
        detail.shrink_to_fit();
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn what_is_cut_off_is_in_the_middle() {
        assert_eq!(shorten("x".repeat(500)), "x".repeat(500));
        let cut = shorten(format!("beginning {} at line 7", "ü".repeat(10_000)));
        assert!(cut.starts_with("beginning ü") && cut.ends_with("ü at line 7"), "{cut}");
        assert_eq!(cut.chars().count(), 501);
    }
}
