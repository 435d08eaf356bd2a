//! The body of a log's signed note: origin, size, root (C2SP tlog-checkpoint).
