//! Text from and to strangers: JSON, PEM, quoting.

pub(crate) mod json;
pub(crate) mod pem;
pub(crate) mod quoting;
pub(crate) mod texts;
