//! An instance: the authorities, timestamp authorities, logs and certificate logs that belong together.

use crate::chain::authority::TrustAnchors;
use crate::chain::trust::{Distrusted, Trust};
use crate::crypto::SignatureAlgorithm;
use crate::evidence::log_key::LogKey;
use crate::evidence::timestamp_authority::TimestampAuthorities;
use crate::period::Period;
use crate::sigstore::trusted_root::TrustedRoot;
use alloc::string::String;
use alloc::vec::Vec;

/// What is trusted together: no instance's time, log or waiver helps another's path.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) authorities: Vec<CertificateAuthority>,
    pub(crate) timestamp_authorities: TimestampAuthorities,
    pub(crate) logs: Vec<TrustedLog>,
    pub(crate) certificate_logs: Vec<TrustedLog>,
}

/// An authority of an instance, with a period of its own.
#[derive(Debug)]
pub(crate) struct CertificateAuthority {
    pub(crate) trust: Trust,
    /// `None` for the verifier's own anchors, which have none but their certificates'.
    pub(crate) period: Option<Period>,
}

/// A log of an instance.
#[derive(Debug)]
pub(crate) struct TrustedLog {
    pub(crate) key: LogKey,
    pub(crate) is_distrusted: bool,
}

/// Whoever gave something that vouches, so that independent ones can be counted: by the operator where one is named, else
/// by the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operator {
    Named(String),
    Key([u8; 32]),
}
