//! Every limit on untrusted input, in one place. All sizes are in bytes.
//!
//! What a limit of the core stands for too is taken from there
//! ([`countermark::limits`]): claims, namespaces, certificate chains.

/// The largest identity token, in its compact form. (GitHub's take about 2 KiB.)
pub const MAX_TOKEN_BYTES: usize = 16 * 1_024;

/// The largest JSON Web Key Set.
pub const MAX_JWKS_BYTES: usize = 256 * 1_024;

/// The most keys in one JSON Web Key Set.
pub const MAX_JWKS_KEYS: usize = 256;

/// The most members of one object in the JSON of a token or a key set.
pub const MAX_JSON_MEMBERS: usize = 256;

/// The most items of an array that is read in the JSON of a token or a key set: audiences, operations of a key, keys.
pub const MAX_JSON_ITEMS: usize = 256;

/// The shortest modulus of an RSA key that identity tokens are verified with, in bits (RFC 7518, section 3.3).
pub const MIN_RSA_BITS: usize = 2_048;

/// The longest modulus of an RSA key that identity tokens are verified with, in bits.
pub const MAX_RSA_BITS: usize = 8_192;

/// The largest certificate request, in DER or PEM.
pub const MAX_REQUEST_BYTES: usize = 64 * 1_024;

/// The most extensions that one certificate request may ask for.
pub const MAX_REQUESTED_EXTENSIONS: usize = 64;

/// The most template characters for one claim of a [`ClaimMapping`](crate::ClaimMapping).
pub const MAX_TEMPLATE_BYTES: usize = 1_024;

/// The longest lifetime of a leaf certificate, in seconds: the most that a policy of the core can accept.
pub const MAX_CERTIFICATE_LIFETIME_SECONDS: u32 = 86_400;

/// The lifetime of a leaf certificate unless the operator chooses another, in seconds: what a policy of the
/// core accepts unless it is told otherwise.
pub const DEFAULT_CERTIFICATE_LIFETIME_SECONDS: u32 = 300;

/// By how much the identity provider's clock may differ from the caller's unless the operator chooses
/// otherwise, in seconds.
pub const DEFAULT_LEEWAY_SECONDS: u32 = 60;

/// The largest leeway that an operator can choose, for a provider's clock or for the beginning of certificates,
/// in seconds.
pub const MAX_LEEWAY_SECONDS: u32 = 300;
