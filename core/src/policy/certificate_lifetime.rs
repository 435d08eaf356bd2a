//! How long a signer's certificate may be valid, and rules 5 and B6: that it was not issued for longer.

use crate::malformed::MalformedInput;
use crate::rejection::Reason;
use crate::x509::certificate::Validity;
use alloc::format;

/// How many seconds of a private record's signer unless the policy says otherwise: five minutes.
pub(crate) const DEFAULT_SECONDS: u32 = 300;

/// How many seconds of a bundle's signer unless the policy says otherwise: ten minutes, as public authorities issue for.
#[cfg(feature = "sigstore")]
pub(crate) const DEFAULT_SECONDS_OF_BUNDLES: u32 = 600;

/// Checks that a policy may allow this many seconds, of at most so many.
pub(crate) fn check_allowed(seconds: u32, largest: u32) -> Result<(), MalformedInput> {
    if (1..=largest).contains(&seconds) {
        return Ok(());
    }
    Err(MalformedInput::policy(format!(
        "`max_certificate_lifetime_seconds` is {seconds}; it must be 1 to {largest}"
    )))
}

/// Checks that a signer's certificate was not issued for longer than the policy allows.
pub(crate) fn check(validity: &Validity, allowed: u32) -> Result<(), Reason> {
    let seconds = validity.seconds();
    if seconds > i64::from(allowed) { Err(Reason::LifetimeTooLong { seconds, allowed }) } else { Ok(()) }
}
