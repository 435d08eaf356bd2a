//! What comes of it: verified, or a report of every check.

#[cfg(feature = "sigstore")]
pub(crate) mod bundle_report;
#[cfg(feature = "sigstore")]
pub(crate) mod of_bundle;
pub(crate) mod owned;
pub(crate) mod report;
pub(crate) mod verified;
#[cfg(feature = "sigstore")]
pub(crate) mod verified_bundle;
