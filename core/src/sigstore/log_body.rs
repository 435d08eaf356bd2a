//! The body of a log's entry: what the log was told was signed, by what, and how.
