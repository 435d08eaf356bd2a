//! What the caller demands: policies, their JSON, matching.

pub(crate) mod policies;
pub(crate) mod policy_json;
pub(crate) mod policy_match;
