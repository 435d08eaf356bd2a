//! From when to when a certificate is valid.

use core::fmt;
use core::time::Duration;
use countermark::Timestamp;
use der::DateTime;
use x509_cert::time::{Time, Validity as X509Validity};

/// From when to when a certificate is valid, both ends included, in whole seconds (RFC 5280, section
/// 4.1.2.5).
///
/// ```
/// use countermark_signing::Validity;
///
/// let validity = Validity::new("2024-01-01T00:00:00Z".parse()?, "2034-01-01T00:00:00Z".parse()?)?;
/// assert_eq!(validity.to_string(), "2024-01-01T00:00:00Z to 2034-01-01T00:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    not_before: Timestamp,
    not_after: Timestamp,
}

/// Two instants that are no certificate's validity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no certificate can be valid from {not_before} to {not_after}; give two instants in order, from 1970 to 9999"
)]
pub struct ValidityError {
    not_before: Timestamp,
    not_after: Timestamp,
}

impl ValidityError {
    /// The stable code, `invalid_validity`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "invalid_validity"
    }
}

impl Validity {
    /// A validity from and to these instants; fractions of a second are dropped.
    ///
    /// # Errors
    ///
    /// [`ValidityError`] if they are the wrong way round, or before 1970 or after 9999, which certificates
    /// cannot say.
    pub fn new(not_before: Timestamp, not_after: Timestamp) -> Result<Self, ValidityError> {
        let error = ValidityError { not_before, not_after };
        let whole = |instant: Timestamp| Timestamp::from_unix(instant.unix_seconds(), 0).ok_or(error);
        let validity = Self { not_before: whole(not_before)?, not_after: whole(not_after)? };
        if validity.not_after < validity.not_before || validity.to_x509().is_none() {
            return Err(error);
        }
        Ok(validity)
    }

    /// The first instant.
    #[must_use]
    pub const fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// The last instant.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The time that is in both, if there is any.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.not_before.max(other.not_before), self.not_after.min(other.not_after)).ok()
    }

    /// Whether another validity lies in this one.
    pub(crate) fn encloses(&self, inner: &Self) -> bool {
        self.not_before <= inner.not_before && inner.not_after <= self.not_after
    }

    pub(crate) fn from_x509(validity: &X509Validity) -> Option<Self> {
        let instant =
            |time: Time| Timestamp::from_unix(i64::try_from(time.to_unix_duration().as_secs()).ok()?, 0);
        Self::new(instant(validity.not_before)?, instant(validity.not_after)?).ok()
    }

    pub(crate) fn to_x509(self) -> Option<X509Validity> {
        let time = |instant: Timestamp| {
            let since_1970 = Duration::from_secs(u64::try_from(instant.unix_seconds()).ok()?);
            DateTime::from_unix_duration(since_1970).ok().map(Time::from)
        };
        Some(X509Validity::new(time(self.not_before)?, time(self.not_after)?))
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.not_before, self.not_after)
    }
}
