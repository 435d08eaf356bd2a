//! DSSE envelopes: what their signatures are over.

use crate::sigstore::bundle::Envelope;
use alloc::format;
use alloc::vec::Vec;

/// How every encoding that an envelope's signature is over begins.
pub(crate) const PRE_AUTHENTICATION_PREFIX: &[u8] = b"DSSEv1 ";

impl Envelope {
    /// The bytes that the signature is over (DSSE protocol, v1: `PAE`). Lengths are in bytes.
    pub(crate) fn pre_authentication_encoding(&self) -> Vec<u8> {
        let Self { payload_type, payload, .. } = self;
        let prefix = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
        [prefix.as_bytes(), payload].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn encoded(payload_type: &str, payload: &[u8]) -> Vec<u8> {
        let (signature, key_id) = (Vec::new(), String::new());
        let envelope = Envelope {
            payload_type: String::from(payload_type),
            payload: payload.to_vec(),
            signature,
            key_id,
        };
        envelope.pre_authentication_encoding()
    }

    #[test]
    fn the_encoding_is_that_of_the_protocol() {
        let encoding = encoded("http://example.com/HelloWorld", b"hello world");
        assert_eq!(encoding, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
        assert_eq!(encoded("", b""), b"DSSEv1 0  0 ");
        assert_eq!(encoded("ü", b"\xFF\0"), "DSSEv1 2 ü 2 ".bytes().chain([0xFF, 0]).collect::<Vec<_>>());
    }

    #[test]
    fn no_part_of_the_payload_can_pass_for_the_type() {
        assert_ne!(encoded("a 1 b", b"c"), encoded("a", b"b 1 c"));
        assert_ne!(encoded("a", b" 1 b"), encoded("a ", b"1 b"));
    }
}
