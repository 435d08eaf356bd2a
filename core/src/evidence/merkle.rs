//! Merkle trees of logs, and proofs about them (RFC 6962, section 2.1).
