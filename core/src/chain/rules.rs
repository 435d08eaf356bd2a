//! Under what a path is looked for.

use crate::chain::trust::Distrusted;
use crate::crypto::SignatureAlgorithm;
use crate::limits::MAX_PATH_AUTHORITIES;
use crate::timestamp::Timestamp;

/// What a path must satisfy, beside its signatures.
pub(crate) struct PathRules<'a> {
    /// The times at each of which every authority must be valid.
    pub(crate) times: &'a [Timestamp],
    /// The extended key usage that authorities must allow, if they have one at all.
    pub(crate) usage: Option<&'a [u8]>,
    pub(crate) accepted_algorithms: &'a [SignatureAlgorithm],
    pub(crate) distrusted: &'a Distrusted,
    pub(crate) max_authorities: usize,
}

impl PathRules<'_> {
    pub(crate) const DEFAULT_MAX_AUTHORITIES: usize = MAX_PATH_AUTHORITIES;
}
