//! DSSE envelopes: what their signatures are over.
