//! Bundles as JSON, of versions 0.1 to 0.3.
