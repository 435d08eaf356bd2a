//! What the caller demands: policies, their JSON, matching.

#[cfg(feature = "sigstore")]
pub(crate) mod any_bundle_policy;
pub(crate) mod blocklist;
#[cfg(feature = "sigstore")]
pub(crate) mod bundle_demands;
#[cfg(feature = "sigstore")]
pub(crate) mod bundle_policy;
#[cfg(feature = "sigstore")]
mod bundle_policy_json;
pub(crate) mod certificate_lifetime;
#[cfg(feature = "sigstore")]
pub(crate) mod distribution;
#[cfg(feature = "sigstore")]
pub(crate) mod key_policy;
#[cfg(feature = "sigstore")]
mod key_policy_json;
#[cfg(feature = "sigstore")]
mod npm_keys;
pub(crate) mod policies;
pub(crate) mod policy_json;
pub(crate) mod policy_match;
#[cfg(feature = "sigstore")]
pub(crate) mod pypi_publisher;
pub(crate) mod signer_demands;
#[cfg(feature = "sigstore")]
pub(crate) mod subject_demand;
