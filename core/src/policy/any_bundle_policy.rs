//! A policy for bundles of either kind.

use crate::policy::bundle_demands::{BundleDemands, Waiver};
use crate::policy::bundle_policy::BundlePolicy;
use crate::policy::key_policy::KeyPolicy;
use alloc::vec::Vec;

/// A policy for bundles: for signers with certificates, or for keys that the caller names. Every call that takes one takes
/// a reference to either kind.
#[derive(Clone, Copy, Debug)]
pub enum AnyBundlePolicy<'p> {
    /// The signer has a certificate.
    Signer(&'p BundlePolicy),
    /// The signer has one of these keys.
    Keys(&'p KeyPolicy),
}

impl<'p> AnyBundlePolicy<'p> {
    pub(crate) const fn demands(self) -> &'p BundleDemands {
        match self {
            Self::Signer(policy) => policy.bundle(),
            Self::Keys(policy) => policy.bundle(),
        }
    }

    /// What it does without.
    pub(crate) fn waivers(self) -> Vec<Waiver> {
        match self {
            Self::Signer(policy) => policy.waivers().collect(),
            Self::Keys(policy) => policy.waivers().collect(),
        }
    }
}

impl<'p> From<&'p BundlePolicy> for AnyBundlePolicy<'p> {
    fn from(policy: &'p BundlePolicy) -> Self {
        Self::Signer(policy)
    }
}

impl<'p> From<&'p KeyPolicy> for AnyBundlePolicy<'p> {
    fn from(policy: &'p KeyPolicy) -> Self {
        Self::Keys(policy)
    }
}
