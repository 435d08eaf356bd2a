//! Numbers for people.

/// A time, three digits of it.
pub(crate) fn time(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds.abs() {
        less if less < 999.5 => (nanoseconds, "ns"),
        less if less < 999_500.0 => (nanoseconds / 1e3, "µs"),
        _ => (nanoseconds / 1e6, "ms"),
    };
    let decimals = match number.abs() {
        less if less < 9.995 => 2,
        less if less < 99.95 => 1,
        _ => 0,
    };
    format!("{number:.decimals$} {unit}")
}

pub(crate) fn more(nanoseconds: f64) -> String {
    let sign = if nanoseconds < 0.0 { "−" } else { "+" };
    format!("{sign}{}", time(nanoseconds.abs()))
}

pub(crate) fn times(ratio: f64) -> String {
    let decimals = if ratio < 9.995 { 2 } else { 1 };
    format!("{ratio:.decimals$} ×")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(time(26.04), "26.0 ns");
        assert_eq!(time(999.6), "1.00 µs");
        assert_eq!(time(115_600.0), "116 µs");
        assert_eq!(time(2_345_678.0), "2.35 ms");
        assert_eq!(more(-1_500.0), "−1.50 µs");
        assert_eq!(more(3_000.0), "+3.00 µs");
        assert_eq!(times(1.034_9), "1.03 ×");
        assert_eq!(times(24.96), "25.0 ×");
    }
}
