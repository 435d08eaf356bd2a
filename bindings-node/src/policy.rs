//! Policies.

use crate::entry::{Json, json_bytes};
use crate::refusal::{Refused, guarded, guarded_text};
use napi::Either;
use napi_derive::napi;
use std::sync::Arc;

/// What is expected of the record and of the signer.
#[napi]
#[derive(Debug)]
pub struct Policy(pub(crate) Arc<countermark::Policy>);

#[napi]
impl Policy {
    /// The policy as JSON, without members that have their defaults.
    #[napi(catch_unwind)]
    pub fn json(&self) -> String {
        guarded_text(|| Ok(serde_json::to_string(self.0.as_ref())?))
    }

    /// How many seconds a leaf may be valid.
    #[napi(getter, catch_unwind)]
    pub fn max_certificate_lifetime_seconds(&self) -> u32 {
        self.0.signer().max_certificate_lifetime_seconds()
    }

    /// How far one revoked entry reaches.
    #[napi(getter, catch_unwind, ts_return_type = "'artifact' | 'entry' | 'digest'")]
    pub fn revocation_scope(&self) -> &'static str {
        self.0.record().revocation_scope().name()
    }

    /// What must vouch for the signing time.
    #[napi(getter, catch_unwind, ts_return_type = "'recorded' | 'timestamp_authority'")]
    pub fn time_voucher(&self) -> &'static str {
        self.0.record().time_voucher().name()
    }

    /// Whether anyone whom the issuer vouches for would do.
    #[napi(getter, catch_unwind)]
    pub fn is_unconstrained(&self) -> bool {
        self.0.signer().is_unconstrained()
    }
}

/// Reads a policy.
#[napi(catch_unwind)]
pub fn policy_from_json(json: Json) -> Either<Policy, Refused> {
    guarded(|| Ok(Policy(Arc::new(countermark::Policy::from_json(json_bytes(&json))?))))
}
