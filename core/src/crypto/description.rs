//! What kinds of keys and signatures there are, for people: also those that no build verifies.

use super::algorithm::{EC_PUBLIC_KEY, KeyKind, P256, P384, P521, SignatureAlgorithm};
#[cfg(feature = "sigstore")]
use super::signer_key::SignerKeyFault;
use crate::x509::oid;
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::asn1::AnyRef;
use der::{Decode, Tag, Tagged};

/// The curve that is known from elsewhere than certificates.
const SECP256K1: &[u8] = ObjectIdentifier::new_unwrap("1.3.132.0.10").as_bytes();

/// Algorithms of keys other than EC, and of signatures.
const NAMES: &[(ObjectIdentifier, &str)] = &[
    (rfc5912::ECDSA_WITH_SHA_256, "ECDSA with SHA-256"),
    (rfc5912::ECDSA_WITH_SHA_384, "ECDSA with SHA-384"),
    (rfc5912::ECDSA_WITH_SHA_512, "ECDSA with SHA-512"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), "ECDSA with SHA-1"),
    (rfc5912::RSA_ENCRYPTION, "RSA"),
    (rfc5912::SHA_1_WITH_RSA_ENCRYPTION, "RSA PKCS #1 v1.5 with SHA-1"),
    (rfc5912::ID_RSASSA_PSS, "RSA PSS"),
    (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, "RSA PKCS #1 v1.5 with SHA-256"),
    (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, "RSA PKCS #1 v1.5 with SHA-384"),
    (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, "RSA PKCS #1 v1.5 with SHA-512"),
    (rfc8410::ID_ED_25519, "Ed25519"),
    (rfc8410::ID_ED_448, "Ed448"),
];

/// Why a certificate cannot be signed by a key, as far as the two say so themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unaccepted {
    /// No algorithm that is accepted goes with the key.
    Key,
    /// The signature's algorithm is not accepted from the key.
    Signature,
}

/// Whether a signature by this algorithm is accepted from this key. It costs nothing: the key is not read.
pub(crate) fn check_accepted(
    key: &PublicKeyInfo<'_>,
    algorithm: Algorithm<'_>,
    accepted: &[SignatureAlgorithm],
) -> Result<(), Unaccepted> {
    let kind = KeyKind::of(key)
        .filter(|kind| accepted.iter().any(|algorithm| algorithm.key_kind() == *kind))
        .ok_or(Unaccepted::Key)?;
    match SignatureAlgorithm::of(algorithm, kind) {
        Some(found) if accepted.contains(&found) => Ok(()),
        _ => Err(Unaccepted::Signature),
    }
}

/// What kind of key it is: `RSA`, `ECDSA on P-521`.
pub(crate) fn of_key(key: &PublicKeyInfo<'_>) -> String {
    let Algorithm { oid, parameters } = key.algorithm;
    if oid != EC_PUBLIC_KEY {
        return of_oid(oid);
    }
    match parameters.map(AnyRef::from_der) {
        Some(Ok(curve)) if curve.tag() == Tag::ObjectIdentifier => match curve.value() {
            P256 => "ECDSA on P-256".to_string(),
            P384 => "ECDSA on P-384".to_string(),
            P521 => "ECDSA on P-521".to_string(),
            SECP256K1 => "ECDSA on secp256k1".to_string(),
            other => format!("ECDSA on the curve {}", oid::to_dotted(other)),
        },
        _ => "ECDSA on a curve that is not named".to_string(),
    }
}

/// What algorithm it is: `RSA PKCS #1 v1.5 with SHA-256`.
pub(crate) fn of_signature(algorithm: Algorithm<'_>) -> String {
    of_oid(algorithm.oid)
}

fn of_oid(oid: &[u8]) -> String {
    let known = NAMES.iter().find(|(known, _)| known.as_bytes() == oid);
    known.map_or_else(|| oid::to_dotted(oid), |(_, name)| (*name).to_string())
}

/// Why no key of an anchor can be made of this, with these algorithms accepted.
pub(crate) fn of_unusable_key(key: &PublicKeyInfo<'_>, accepted: &[SignatureAlgorithm]) -> String {
    let described = of_key(key);
    let names: Vec<&str> = accepted.iter().map(|algorithm| algorithm.name()).collect();
    let names = names.join(", ");
    match KeyKind::of(key) {
        Some(kind) if accepted.iter().any(|algorithm| algorithm.key_kind() == kind) => {
            format!(
                "has no usable key: one for {described} that is malformed, no point on its curve, or of a length that is not accepted"
            )
        }
        Some(_) => format!(
            "has no usable key: it is {described}, which goes with none of the accepted algorithms ({names}); if the authority is to be trusted, name an algorithm for its key in accepted_algorithms"
        ),
        None if is_of_aws_lc(&described) => format!(
            "has no usable key: it is {described}, which this build does not know and goes with none of the accepted algorithms ({names}); if the authority is to be trusted, build with the feature aws-lc-rs and name an algorithm for its key in accepted_algorithms"
        ),
        None => format!(
            "has no usable key: it is {described}, which is not known; it must be for one of the accepted algorithms ({names}), see accepted_algorithms"
        ),
    }
}

/// What a signer's key is, and why it cannot be used: what follows "the signer's certificate has a key of", say.
#[cfg(feature = "sigstore")]
pub(crate) fn of_signer_key(key: &PublicKeyInfo<'_>, fault: SignerKeyFault) -> String {
    let described = of_key(key);
    match fault {
        SignerKeyFault::Unknown if is_of_aws_lc(&described) => format!(
            "{described}, which this build does not know; if such signers are to be trusted, build with the feature aws-lc-rs and name an algorithm for their keys in accepted_algorithms"
        ),
        SignerKeyFault::Unknown => format!("{described}, which is not known"),
        SignerKeyFault::NotAccepted => format!(
            "{described}, which this verifier does not accept; if such signers are to be trusted, name an algorithm for their keys in accepted_algorithms"
        ),
        SignerKeyFault::Unusable => format!(
            "{described}, which is malformed, no point on its curve, or of a length that is not accepted"
        ),
    }
}

/// Whether keys of this kind are known where the feature `aws-lc-rs` is on.
fn is_of_aws_lc(described: &str) -> bool {
    ["RSA", "ECDSA on P-521", "Ed25519"].contains(&described)
}

#[cfg(all(test, feature = "sigstore"))]
mod tests {
    use super::super::signer_key::SignerKey;
    use super::*;

    fn told_of(oid: &[u8], parameters: Option<&[u8]>, accepted: &[SignatureAlgorithm]) -> String {
        let key = PublicKeyInfo { der: &[], algorithm: Algorithm { oid, parameters }, key: &[4] };
        of_signer_key(&key, SignerKey::new(&key, accepted).unwrap_err())
    }

    #[test]
    fn of_a_key_that_another_build_knows_it_is_told_which() {
        let p521 = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23];
        let rsa = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
        for (described, told) in [
            ("ECDSA on P-521", told_of(EC_PUBLIC_KEY, Some(&p521), SignatureAlgorithm::DEFAULT)),
            ("RSA", told_of(&rsa, Some(&[5, 0]), SignatureAlgorithm::DEFAULT)),
        ] {
            assert!(told.starts_with(&format!("{described}, which this ")), "{told}");
            let is_known = cfg!(feature = "aws-lc-rs");
            assert_eq!(told.contains("verifier does not accept"), is_known, "{told}");
            assert_eq!(told.contains("the feature aws-lc-rs"), !is_known, "{told}");
        }
    }

    #[test]
    fn of_another_key_it_is_told_what_is_wrong_with_it() {
        let told = told_of(&[0x2B, 0x65, 0x70], None, SignatureAlgorithm::DEFAULT);
        assert!(told.starts_with("Ed25519, which this verifier does not accept"), "{told}");
        let secp256k1 = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A];
        let told = told_of(EC_PUBLIC_KEY, Some(&secp256k1), SignatureAlgorithm::ALL);
        assert_eq!(told, "ECDSA on secp256k1, which is not known");
        let p256 = [&[0x06, 0x08], P256].concat();
        let told = told_of(EC_PUBLIC_KEY, Some(&p256), SignatureAlgorithm::ALL);
        assert!(told.starts_with("ECDSA on P-256, which is malformed"), "{told}");
    }
}
