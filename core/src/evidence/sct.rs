//! Signed certificate timestamps (RFC 6962, section 3).
