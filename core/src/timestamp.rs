//! An instant, to the nanosecond, as RFC 3339 writes it.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "every number comes from at most nine decimal digits, or from an instant in the range that the type allows"
)]

use alloc::format;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

const SECONDS_PER_DAY: i64 = 86_400;
const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;

/// An instant with a resolution of one nanosecond, on the time scale of Unix (no leap seconds).
///
/// Read from RFC 3339: up to nine fractional digits, any UTC offset that RFC 3339 allows, upper or lower
/// case `T` and `Z`. Leap seconds, hour 24, the year 0000 and more than nine fractional digits are refused.
/// Comparisons are exact: one nanosecond late is late.
///
/// It prints in UTC, with as many fractional digits as it has.
///
/// ```
/// use countermark::Timestamp;
///
/// let signed: Timestamp = "2024-03-22T12:25:48.983761494+01:00".parse()?;
/// assert_eq!(signed.to_string(), "2024-03-22T11:25:48.983761494Z");
/// assert!(signed < "2024-03-22T11:25:48.983761495Z".parse()?);
/// # Ok::<(), countermark::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

/// A text that is not a timestamp as [`Timestamp`] describes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 timestamp: {0}")]
pub struct TimestampError(&'static str);

impl Timestamp {
    /// 0001-01-01T00:00:00+23:59, the earliest instant that RFC 3339 can write.
    const EARLIEST: i64 = -62_135_683_140;
    /// 9999-12-31T23:59:59-23:59, the latest whole second that RFC 3339 can write.
    const LATEST: i64 = 253_402_387_139;

    /// The instant `seconds` and `nanoseconds` after 1970-01-01T00:00:00Z; `seconds` may be negative.
    ///
    /// `None` if RFC 3339 could not write it, or if there is a whole second in `nanoseconds`.
    #[must_use]
    pub const fn from_unix(seconds: i64, nanoseconds: u32) -> Option<Self> {
        if seconds < Self::EARLIEST || seconds > Self::LATEST || nanoseconds > 999_999_999 {
            return None;
        }
        Some(Self { seconds, nanoseconds })
    }

    /// The whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// The nanoseconds within the second, below 1,000,000,000.
    #[must_use]
    pub const fn subsec_nanoseconds(self) -> u32 {
        self.nanoseconds
    }

    /// Whether it is later than another instant and a leeway after it.
    pub(crate) fn is_after(self, other: Self, leeway: Duration) -> bool {
        let seconds_later = i128::from(self.seconds) - i128::from(other.seconds);
        let later = seconds_later * NANOSECONDS_PER_SECOND + i128::from(self.nanoseconds)
            - i128::from(other.nanoseconds);
        u128::try_from(later).is_ok_and(|later| later > leeway.as_nanos())
    }

    /// The whole seconds of a certificate's validity, from the DER library's reading of it.
    pub(crate) fn from_unix_duration(since_1970: Duration) -> Option<Self> {
        Self::from_unix(i64::try_from(since_1970.as_secs()).ok()?, 0)
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// # Errors
    ///
    /// [`TimestampError`] says which part of the text is not as RFC 3339 wants it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(TimestampError)
    }
}

fn parse(text: &str) -> Result<Timestamp, &'static str> {
    let mut rest = Cursor(text.as_bytes());
    let year = rest.digits(4)?;
    rest.one_of(b"-")?;
    let month = rest.digits(2)?;
    rest.one_of(b"-")?;
    let day = rest.digits(2)?;
    rest.one_of(b"Tt")?;
    let hour = rest.digits(2)?;
    rest.one_of(b":")?;
    let minute = rest.digits(2)?;
    rest.one_of(b":")?;
    let second = rest.digits(2)?;
    let nanoseconds = rest.fraction()?;
    let offset_seconds = rest.offset()?;

    if year == 0 {
        return Err("the year 0000 is not allowed");
    }
    if !(1..=12).contains(&month) {
        return Err("the month must be 01 to 12");
    }
    if day < 1 || day > days_in_month(year, month) {
        return Err("there is no such day in that month");
    }
    if hour > 23 {
        return Err("the hour must be 00 to 23");
    }
    if minute > 59 {
        return Err("the minute must be 00 to 59");
    }
    if second > 59 {
        return Err("the second must be 00 to 59; leap seconds are not allowed");
    }
    let time_of_day = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    let seconds = days_since_1970(year, month, day) * SECONDS_PER_DAY + time_of_day - offset_seconds;
    Timestamp::from_unix(seconds, nanoseconds).ok_or("it is out of range")
}

/// What is left of the text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn digits(&mut self, count: usize) -> Result<u32, &'static str> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or("it is too short")?;
        self.0 = rest;
        digits.iter().try_fold(0_u32, |number, digit| match digit {
            b'0'..=b'9' => Ok(number * 10 + u32::from(digit - b'0')),
            _ => Err("a digit is missing"),
        })
    }

    fn one_of(&mut self, wanted: &[u8]) -> Result<u8, &'static str> {
        match self.0.split_first() {
            Some((byte, rest)) if wanted.contains(byte) => {
                self.0 = rest;
                Ok(*byte)
            }
            _ => Err("write it as 2024-03-22T11:25:48.983761494Z"),
        }
    }

    fn fraction(&mut self) -> Result<u32, &'static str> {
        if self.one_of(b".").is_err() {
            return Ok(0);
        }
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 || count > 9 {
            return Err("there must be one to nine fractional digits");
        }
        let fraction = self.digits(count)?;
        Ok((count..9).fold(fraction, |number, _| number * 10))
    }

    /// The seconds by which local time is ahead of UTC; it must end the text.
    fn offset(&mut self) -> Result<i64, &'static str> {
        const MISSING: &str = "a UTC offset is missing: end it with Z, or +01:00 and the like";
        let seconds = match self.one_of(b"Zz+-").map_err(|_| MISSING)? {
            b'Z' | b'z' => 0,
            sign => {
                let hours = self.digits(2)?;
                self.one_of(b":").map_err(|_| MISSING)?;
                let minutes = self.digits(2)?;
                if hours > 23 || minutes > 59 {
                    return Err("the UTC offset must be at most 23:59");
                }
                let seconds = i64::from(hours) * 3_600 + i64::from(minutes) * 60;
                if sign == b'-' { -seconds } else { seconds }
            }
        };
        if self.0.is_empty() { Ok(seconds) } else { Err("there is something after the UTC offset") }
    }
}

const fn is_leap_year(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March so that
/// the leap day is a year's last.
fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    let (year, month) =
        if month > 2 { (i64::from(year), month - 3) } else { (i64::from(year) - 1, month + 9) };
    let day_of_year = i64::from((153 * month + 2) / 5 + day - 1);
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

/// The inverse of [`days_since_1970`].
fn date(days_since_1970: i64) -> (i64, i64, i64) {
    let days = days_since_1970 + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The first and the last day that RFC 3339 can write have a UTC year of 0000 or 10000, which it
        // cannot: those instants print with the offset that brings them back.
        const FURTHEST_OFFSET: i64 = 23 * 3_600 + 59 * 60;
        let (offset, suffix) = match date(self.seconds.div_euclid(SECONDS_PER_DAY)).0 {
            year if year < 1 => (FURTHEST_OFFSET, "+23:59"),
            year if year > 9_999 => (-FURTHEST_OFFSET, "-23:59"),
            _ => (0, "Z"),
        };
        let local = self.seconds + offset;
        let (year, month, day) = date(local.div_euclid(SECONDS_PER_DAY));
        let time = local.rem_euclid(SECONDS_PER_DAY);
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanoseconds != 0 {
            let fraction: String = format!("{:09}", self.nanoseconds);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        f.write_str(suffix)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn rfc_3339_forms_that_mean_the_same_instant() {
        let instant: Timestamp = "2024-03-22T11:25:48.5Z".parse().unwrap();
        assert_eq!((instant.unix_seconds(), instant.subsec_nanoseconds()), (1_711_106_748, 500_000_000));
        for same in [
            "2024-03-22t11:25:48.500z",
            "2024-03-22T11:25:48.500000000+00:00",
            "2024-03-22T11:25:48.5-00:00",
            "2024-03-23T11:24:48.5+23:59",
            "2024-03-21T11:26:48.5-23:59",
        ] {
            assert_eq!(same.parse(), Ok(instant), "{same}");
        }
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "2024-03-22",
            "2024-03-22 11:25:48Z",
            "2024-03-22T11:25:48",
            "2024-03-22T11:25Z",
            "2024-03-22T11:25:48,5Z",
            "2024-03-22T11:25:48.Z",
            "2024-03-22T11:25:48.1234567890Z",
            "2024-03-22T24:00:00Z",
            "2024-03-22T23:59:60Z",
            "2024-03-22T11:60:00Z",
            "2024-02-30T11:25:48Z",
            "2023-02-29T11:25:48Z",
            "2024-00-22T11:25:48Z",
            "2024-13-22T11:25:48Z",
            "2024-03-00T11:25:48Z",
            "0000-03-22T11:25:48Z",
            "+2024-03-22T11:25:48Z",
            "12024-03-22T11:25:48Z",
            "2024-03-22T11:25:48+24:00",
            "2024-03-22T11:25:48+23:60",
            "2024-03-22T11:25:48+0100",
            "2024-03-22T11:25:48+01",
            "2024-03-22T11:25:48ZZ",
            "2024-03-22T11:25:48Z ",
            "2024-03-22T11:25:4８Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn leap_days_follow_the_gregorian_calendar() {
        for text in ["2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        for text in ["1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z"] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_print_as_they_were_read() {
        for text in ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59.999999999-23:59"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        let earliest: Timestamp = "0001-01-01T00:00:00+23:59".parse().unwrap();
        let latest: Timestamp = "9999-12-31T23:59:59-23:59".parse().unwrap();
        assert_eq!(
            (earliest.unix_seconds(), latest.unix_seconds()),
            (Timestamp::EARLIEST, Timestamp::LATEST)
        );
        assert_eq!(Timestamp::from_unix(Timestamp::EARLIEST - 1, 0), None);
        assert_eq!(Timestamp::from_unix(Timestamp::LATEST + 1, 0), None);
        assert_eq!(Timestamp::from_unix(0, 1_000_000_000), None);
    }

    #[test]
    fn every_day_of_four_centuries_prints_as_it_was_read() {
        for day in (-200_000..200_000).step_by(7) {
            let instant = Timestamp::from_unix(day * SECONDS_PER_DAY + 86_399, 120).unwrap();
            assert_eq!(instant.to_string().parse(), Ok(instant));
        }
    }
}
