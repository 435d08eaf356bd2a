//! A trusted root: the authorities and logs of Sigstore instances.
