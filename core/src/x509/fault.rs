//! What can be wrong with one certificate.

use crate::x509::oid;
use alloc::string::String;
use core::fmt;

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// It is not what this library reads at all; the text says where.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// A leaf that is a certificate authority.
    #[error("is a certificate authority")]
    IsAnAuthority,
    /// An authority whose basic constraints do not make it one.
    #[error("is no certificate authority by its basic constraints")]
    NotAnAuthority,
    /// The key usage lacks this one.
    #[error("lacks the key usage {0}")]
    MissingKeyUsage(&'static str),
    /// The extended key usage does not allow code signing.
    #[error("is not for code signing by its extended key usage")]
    NotForCodeSigning,
    /// The extended key usage of a timestamp authority's certificate does not allow timestamping.
    #[error("is not for timestamping by its extended key usage")]
    NotForTimestamping,
    /// A timestamp authority's own certificate has no critical extended key usage of timestamping alone (RFC 3161, section
    /// 2.3).
    #[error("is not for timestamping alone by a critical extended key usage")]
    NotForTimestampingAlone,
    /// A critical extension, by its OID, that this library does not process.
    #[error("has the unknown critical extension {oid}{}", StandardName(.0), oid = .0)]
    UnknownCriticalExtension(String),
    /// An extension, by its name, that is not well-formed.
    #[error("has a malformed {0} extension")]
    MalformedExtension(&'static str),
    /// Its `policyConstraints` require an explicit certificate policy, and this library demands and tracks none.
    #[error(
        "requires an explicit certificate policy (requireExplicitPolicy in its policyConstraints), and certificate policies are not tracked here"
    )]
    RequiresExplicitPolicy,
    /// More authorities below it than its path length allows.
    #[error("allows {allowed} authorities below it, and there are {found}")]
    PathTooLong {
        /// What the basic constraints allow.
        allowed: u32,
        /// What the path has.
        found: u32,
    },
    /// A name that an authority's name constraints do not allow; the text says which and why.
    #[error("does not allow a name below it: {0}")]
    NameConstraint(String),
    /// The public key is no point on its curve.
    #[error("has a public key that is no point on its curve")]
    KeyOffCurve,
}

/// The name of an extension that a standard defines, after its OID.
struct StandardName<'a>(&'a str);

impl fmt::Display for StandardName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        oid::standard_extension(self.0).map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}
