//! The key of a log, and what it is known by.
