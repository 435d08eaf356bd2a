//! What can be wrong with one certificate.

use crate::x509::oid;
use alloc::string::String;
use core::fmt;

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFault {
    /// It is not what this library reads at all; the text says where.
    Unreadable(String),
    /// A leaf that is a certificate authority.
    IsAnAuthority,
    /// An authority whose basic constraints do not make it one.
    NotAnAuthority,
    /// The key usage lacks this one.
    MissingKeyUsage(&'static str),
    /// The extended key usage does not allow code signing.
    NotForCodeSigning,
    /// A critical extension, by its OID, that this library does not process.
    UnknownCriticalExtension(String),
    /// An extension, by its name, that is not well-formed.
    MalformedExtension(&'static str),
    /// Its `policyConstraints` require an explicit certificate policy, and this library demands and tracks none.
    RequiresExplicitPolicy,
    /// More authorities below it than its path length allows.
    PathTooLong {
        /// What the basic constraints allow.
        allowed: u32,
        /// What the path has.
        found: u32,
    },
    /// A name that an authority's name constraints do not allow; the text says which and why.
    NameConstraint(String),
    /// The public key is no point on its curve.
    KeyOffCurve,
}

impl fmt::Display for CertificateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::IsAnAuthority => f.write_str("is a certificate authority"),
            Self::NotAnAuthority => f.write_str("is no certificate authority by its basic constraints"),
            Self::MissingKeyUsage(usage) => write!(f, "lacks the key usage {usage}"),
            Self::NotForCodeSigning => f.write_str("is not for code signing by its extended key usage"),
            Self::UnknownCriticalExtension(oid) => {
                write!(f, "has the unknown critical extension {oid}")?;
                match oid::standard_extension(oid) {
                    Some(name) => write!(f, " ({name})"),
                    None => Ok(()),
                }
            }
            Self::MalformedExtension(name) => write!(f, "has a malformed {name} extension"),
            Self::RequiresExplicitPolicy => f.write_str(
                "requires an explicit certificate policy (requireExplicitPolicy in its policyConstraints), and certificate policies are not tracked here",
            ),
            Self::PathTooLong { allowed, found } => {
                write!(f, "allows {allowed} authorities below it, and there are {found}")
            }
            Self::NameConstraint(why) => write!(f, "does not allow a name below it: {why}"),
            Self::KeyOffCurve => f.write_str("has a public key that is no point on its curve"),
        }
    }
}

impl core::error::Error for CertificateFault {}
