//! Text from and to strangers: JSON, PEM, hex digits, quoting.

pub(crate) mod hex;
pub(crate) mod json;
pub(crate) mod pem;
pub(crate) mod quoting;
pub(crate) mod texts;
