//! Whoever signs timestamps: a signer's certificate, its authorities, and a period.
