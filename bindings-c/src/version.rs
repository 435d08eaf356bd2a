//! The library's version, as it is at run time.

use crate::text::countermark_text;

/// The number of the library that is loaded: major × 1,000,000 + minor × 1,000 + patch. Compare it with
/// `COUNTERMARK_VERSION_NUMBER`, which is that of the header.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_version_number() -> u32 {
    NUMBER
}

/// The version of the library that is loaded, such as `1.2.3`.
#[unsafe(no_mangle)]
pub extern "C" fn countermark_version() -> countermark_text {
    countermark_text::of_static(concat!(env!("CARGO_PKG_VERSION"), "\0"))
}

const NUMBER: u32 = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
    + number(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
    + number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("a version has three numbers"),
    }
}
