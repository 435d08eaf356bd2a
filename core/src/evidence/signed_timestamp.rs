//! Signed timestamps (RFC 3161).
