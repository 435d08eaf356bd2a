//! The attestations of the npm registry.
