//! The attestations of PyPI (PEP 740).
