//! The fresh key of a bundle's signer, and the keys that a caller names instead.

use super::algorithm::{KeyKind, SignatureAlgorithm};
#[cfg(feature = "path-validation")]
use super::count::count_signature_check;
use super::digest::{Digest, HashAlgorithm};
use super::{backend, ecdsa_signature};
use crate::x509::public_key::PublicKeyInfo;

/// Why a signer's key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignerKeyFault {
    /// It is of a kind that this build does not know.
    Unknown,
    /// It is of a kind that is not accepted.
    NotAccepted,
    /// It is malformed, no point on its curve, or of a length that is not accepted.
    Unusable,
}

/// Why a signature does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureFault {
    /// It has not the form of a signature by such a key.
    Corrupted,
    /// The key did not sign this.
    Invalid,
}

/// The key of a bundle's signer. The hash that it signs by follows from its kind.
#[derive(Debug)]
pub(crate) struct SignerKey {
    kind: KeyKind,
    key: backend::PublicKey,
    /// Of an RSA key.
    modulus_bytes: Option<usize>,
}

impl SignerKey {
    /// The key, if signatures by keys of its kind are accepted: by any algorithm of that kind, of RSA by one of PKCS #1
    /// v1.5.
    pub(crate) fn new(
        key: &PublicKeyInfo<'_>,
        accepted: &[SignatureAlgorithm],
    ) -> Result<Self, SignerKeyFault> {
        let kind = KeyKind::of(key).ok_or(SignerKeyFault::Unknown)?;
        if !accepted.iter().any(|algorithm| is_of_signers(*algorithm, kind)) {
            return Err(SignerKeyFault::NotAccepted);
        }
        if !kind.is_well_formed(key) || !kind.is_short_enough_for_bundles(key) {
            return Err(SignerKeyFault::Unusable);
        }
        let made = backend::PublicKey::new(algorithms(kind), key.key).ok_or(SignerKeyFault::Unusable)?;
        Ok(Self { kind, key: made, modulus_bytes: kind.modulus_bits(key).map(|bits| bits.div_ceil(8)) })
    }

    /// The hashes by which it may have signed, the right one first, then what old clients took. None for a key that needs
    /// the message.
    pub(crate) const fn hashes(&self) -> &'static [HashAlgorithm] {
        match self.kind {
            KeyKind::P256 => &[HashAlgorithm::Sha256],
            KeyKind::P384 => &[HashAlgorithm::Sha384, HashAlgorithm::Sha256],
            #[cfg(feature = "aws-lc-rs")]
            KeyKind::P521 => &[HashAlgorithm::Sha512, HashAlgorithm::Sha256],
            KeyKind::Ed25519 => &[],
            #[cfg(feature = "aws-lc-rs")]
            KeyKind::Rsa => &[HashAlgorithm::Sha256],
        }
    }

    /// Whether a digest is not enough: Ed25519 signs messages.
    pub(crate) const fn needs_message(&self) -> bool {
        self.hashes().is_empty()
    }

    /// Checks that the key signed what has this digest, by one of its hashes.
    pub(crate) fn verify_digest(&self, digest: &Digest, signature: &[u8]) -> Result<(), SignatureFault> {
        self.check_form(signature)?;
        if self.signed_digest(digest, signature) { Ok(()) } else { Err(SignatureFault::Invalid) }
    }

    /// Checks that the key signed the message, by one of its hashes if it signs by one.
    pub(crate) fn verify_message(&self, message: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        self.check_form(signature)?;
        let is_signed = if self.needs_message() {
            #[cfg(feature = "path-validation")]
            count_signature_check();
            self.key.verifies(SignatureAlgorithm::Ed25519, message, signature)
        } else {
            self.hashes().iter().any(|hash| self.signed_digest(&Digest::of(*hash, message), signature))
        };
        if is_signed { Ok(()) } else { Err(SignatureFault::Invalid) }
    }

    fn signed_digest(&self, digest: &Digest, signature: &[u8]) -> bool {
        let hash = Some(digest.algorithm()).filter(|hash| self.hashes().contains(hash));
        let algorithm = hash.and_then(|hash| SignatureAlgorithm::for_key_and_digest(self.kind, hash));
        algorithm.is_some_and(|algorithm| {
            #[cfg(feature = "path-validation")]
            count_signature_check();
            self.key.verifies_digest(algorithm, digest, signature)
        })
    }

    fn check_form(&self, signature: &[u8]) -> Result<(), SignatureFault> {
        let has_form = match (self.kind, self.modulus_bytes) {
            (KeyKind::Ed25519, _) => signature.len() == 64,
            (_, Some(modulus_bytes)) => signature.len() == modulus_bytes,
            (curve, None) => ecdsa_signature::is_well_formed(curve, signature),
        };
        if has_form { Ok(()) } else { Err(SignatureFault::Corrupted) }
    }
}

/// The algorithms by which a key of this kind signs artifacts.
const fn algorithms(kind: KeyKind) -> &'static [SignatureAlgorithm] {
    match kind {
        KeyKind::P256 => &[SignatureAlgorithm::EcdsaP256Sha256],
        KeyKind::P384 => &[SignatureAlgorithm::EcdsaP384Sha384, SignatureAlgorithm::EcdsaP384Sha256],
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::P521 => &[SignatureAlgorithm::EcdsaP521Sha512, SignatureAlgorithm::EcdsaP521Sha256],
        KeyKind::Ed25519 => &[SignatureAlgorithm::Ed25519],
        #[cfg(feature = "aws-lc-rs")]
        KeyKind::Rsa => &[SignatureAlgorithm::RsaPkcs1Sha256],
    }
}

/// Whether to accept this algorithm is to accept signers with keys of this kind.
fn is_of_signers(algorithm: SignatureAlgorithm, kind: KeyKind) -> bool {
    #[cfg(feature = "aws-lc-rs")]
    if kind == KeyKind::Rsa {
        return matches!(
            algorithm,
            SignatureAlgorithm::RsaPkcs1Sha256
                | SignatureAlgorithm::RsaPkcs1Sha384
                | SignatureAlgorithm::RsaPkcs1Sha512
        );
    }
    algorithm.key_kind() == kind
}

#[cfg(test)]
mod tests {
    use super::*;
    use SignatureAlgorithm as A;
    use SignatureFault::{Corrupted, Invalid};
    use alloc::vec;
    use alloc::vec::Vec;
    use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
    use der::{Encode, Tag};
    use ed25519_dalek::Signer;
    use signature::hazmat::PrehashSigner;

    const MESSAGE: &[u8] = b"message";
    const P256_CURVE: &str = "1.2.840.10045.3.1.7";
    const P384_CURVE: &str = "1.3.132.0.34";

    fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
        AnyRef::new(Tag::Sequence, &parts.concat()).unwrap().to_der().unwrap()
    }

    fn oid(dotted: &str) -> Vec<u8> {
        ObjectIdentifier::new_unwrap(dotted).to_der().unwrap()
    }

    fn info(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<u8> {
        sequence(&[sequence(algorithm), BitStringRef::from_bytes(key).unwrap().to_der().unwrap()])
    }

    fn ec(curve: &str, point: &[u8]) -> Vec<u8> {
        info(&[oid("1.2.840.10045.2.1"), oid(curve)], point)
    }

    fn ed25519(key: &[u8]) -> Vec<u8> {
        info(&[oid("1.3.101.112")], key)
    }

    #[cfg(feature = "aws-lc-rs")]
    fn rsa(key: &[u8]) -> Vec<u8> {
        info(&[oid("1.2.840.113549.1.1.1"), vec![0x05, 0x00]], key)
    }

    fn key(info: &[u8], accepted: &[A]) -> Result<SignerKey, SignerKeyFault> {
        SignerKey::new(&PublicKeyInfo::from_der(info).unwrap(), accepted)
    }

    fn p256() -> (p256::ecdsa::SigningKey, SignerKey) {
        let signer = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let made = key(&ec(P256_CURVE, signer.verifying_key().to_sec1_point(false).as_bytes()), A::DEFAULT);
        (signer, made.unwrap())
    }

    fn p384() -> (p384::ecdsa::SigningKey, SignerKey) {
        let signer = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
        let made = key(&ec(P384_CURVE, signer.verifying_key().to_sec1_point(true).as_bytes()), A::DEFAULT);
        (signer, made.unwrap())
    }

    fn p256_signature(signer: &p256::ecdsa::SigningKey, digest: &[u8]) -> p256::ecdsa::Signature {
        signer.sign_prehash(digest).unwrap()
    }

    fn p384_signature(signer: &p384::ecdsa::SigningKey, hash: HashAlgorithm) -> Vec<u8> {
        let signature: p384::ecdsa::Signature =
            signer.sign_prehash(Digest::of(hash, MESSAGE).as_bytes()).unwrap();
        signature.to_der().as_bytes().to_vec()
    }

    #[test]
    fn p256_signs_by_sha_256_alone() {
        let (signer, key) = p256();
        assert_eq!(key.hashes(), [HashAlgorithm::Sha256]);
        assert!(!key.needs_message());
        for hash in HashAlgorithm::ALL {
            let digest = Digest::of(*hash, MESSAGE);
            let signature = p256_signature(&signer, digest.as_bytes()).to_der();
            let expected = if *hash == HashAlgorithm::Sha256 { Ok(()) } else { Err(Invalid) };
            assert_eq!(key.verify_digest(&digest, signature.as_bytes()), expected, "{hash}");
            assert_eq!(key.verify_message(MESSAGE, signature.as_bytes()), expected, "{hash}");
        }
    }

    #[test]
    fn p384_signs_by_sha_384_or_as_old_clients_do() {
        let (signer, key) = p384();
        assert_eq!(key.hashes(), [HashAlgorithm::Sha384, HashAlgorithm::Sha256]);
        for hash in HashAlgorithm::ALL {
            let signature = p384_signature(&signer, *hash);
            let expected = if *hash == HashAlgorithm::Sha512 { Err(Invalid) } else { Ok(()) };
            assert_eq!(key.verify_digest(&Digest::of(*hash, MESSAGE), &signature), expected, "{hash}");
            assert_eq!(key.verify_message(MESSAGE, &signature), expected, "{hash}");
            for other in HashAlgorithm::ALL.iter().filter(|other| *other != hash) {
                assert_eq!(key.verify_digest(&Digest::of(*other, MESSAGE), &signature), Err(Invalid));
            }
        }
    }

    #[test]
    fn a_high_s_is_as_good_as_a_low_one() {
        let (signer, key) = p256();
        let digest = Digest::of(HashAlgorithm::Sha256, MESSAGE);
        let signature = p256_signature(&signer, digest.as_bytes()).to_der();
        let other = ecdsa_signature::negated(signature.as_bytes()).next().unwrap();
        assert_ne!(other, signature.as_bytes());
        assert_eq!(key.verify_digest(&digest, &other), Ok(()));
    }

    #[test]
    fn what_has_not_the_form_of_a_signature_is_corrupted() {
        let (signer, key) = p256();
        let digest = Digest::of(HashAlgorithm::Sha256, MESSAGE);
        let signature = p256_signature(&signer, digest.as_bytes());
        let (r, s) = signature.split_bytes();
        let order = hex("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        let below = hex("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550");
        let number = |content: &[u8]| AnyRef::new(Tag::Integer, content).unwrap().to_der().unwrap();
        let positive = |magnitude: &[u8]| {
            let padding: &[u8] = if magnitude[0] & 0x80 == 0 { &[] } else { &[0] };
            number(&[padding, magnitude].concat())
        };
        let (r, s) = (positive(&r), positive(&s));
        let verdict = |signature: &[u8]| {
            let verdict = key.verify_digest(&digest, signature);
            assert_eq!(key.verify_message(MESSAGE, signature), verdict);
            verdict
        };
        assert_eq!(verdict(&sequence(&[r.clone(), s.clone()])), Ok(()));
        for odd in [number(&[0]), number(&order), number(&[0xFF]), number(&[0, 1]), number(&[1; 33])] {
            assert_eq!(verdict(&sequence(&[r.clone(), odd.clone()])), Err(Corrupted), "{odd:02x?}");
            assert_eq!(verdict(&sequence(&[odd.clone(), s.clone()])), Err(Corrupted), "{odd:02x?}");
        }
        for just_inside in [number(&[1]), number(&below)] {
            assert_eq!(verdict(&sequence(&[r.clone(), just_inside.clone()])), Err(Invalid));
            assert_eq!(verdict(&sequence(&[just_inside, s.clone()])), Err(Invalid));
        }
        let sound = sequence(&[r.clone(), s.clone()]);
        let trailing = [sound.as_slice(), &[0]].concat();
        let inside = sequence(&[r.clone(), s.clone(), number(&[1])]);
        let long_form = [&[0x30, 0x81, sound[1]], &sound[2..]].concat();
        let fixed = signature.to_bytes();
        for corrupted in [&trailing, &inside, &long_form, &fixed.to_vec(), &Vec::new()] {
            assert_eq!(verdict(corrupted), Err(Corrupted), "{corrupted:02x?}");
        }
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }

    /// n of P-256 is a scalar of P-384.
    #[test]
    fn what_is_in_range_is_the_curves_own_matter() {
        let (_, key) = p384();
        let order = hex("00FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        let order = AnyRef::new(Tag::Integer, &order).unwrap().to_der().unwrap();
        assert_eq!(key.verify_message(MESSAGE, &sequence(&[order.clone(), order])), Err(Invalid));
    }

    #[test]
    fn ed25519_is_accepted_by_name_and_needs_the_message() {
        let signer = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let info = ed25519(signer.verifying_key().as_bytes());
        assert_eq!(key(&info, A::DEFAULT).err(), Some(SignerKeyFault::NotAccepted));
        let key = key(&info, &[A::Ed25519]).unwrap();
        assert!(key.needs_message() && key.hashes().is_empty());
        let signature = signer.sign(MESSAGE).to_bytes();
        assert_eq!(key.verify_message(MESSAGE, &signature), Ok(()));
        assert_eq!(key.verify_message(b"other", &signature), Err(Invalid));
        assert_eq!(key.verify_message(MESSAGE, &signature[..63]), Err(Corrupted));
        assert_eq!(key.verify_message(MESSAGE, &[&signature[..], &[0]].concat()), Err(Corrupted));
        // Not even where the message is a digest: which of the two was signed could not be told apart.
        let digest = Digest::of(HashAlgorithm::Sha512, MESSAGE);
        let over_digest = signer.sign(digest.as_bytes()).to_bytes();
        assert_eq!(key.verify_digest(&digest, &over_digest), Err(Invalid));
    }

    #[test]
    fn keys_that_cannot_be_used() {
        let off_curve = |coordinate_bytes: usize| [&[4], vec![5; coordinate_bytes * 2].as_slice()].concat();
        let mut small = [0; 32];
        small[0] = 1;
        let all = A::ALL;
        for (info, fault) in [
            (ec(P256_CURVE, &off_curve(32)), SignerKeyFault::Unusable),
            (ec(P256_CURVE, &[0]), SignerKeyFault::Unusable),
            (ec(P384_CURVE, &off_curve(48)), SignerKeyFault::Unusable),
            (ed25519(&small), SignerKeyFault::Unusable),
            // No point has this y.
            (ed25519(&[2; 31]), SignerKeyFault::Unusable),
            (ed25519(&hex(&alloc::format!("02{}", "00".repeat(31)))), SignerKeyFault::Unusable),
            (ec("1.3.132.0.10", &off_curve(32)), SignerKeyFault::Unknown),
            (info(&[oid("1.3.101.113")], &[2; 57]), SignerKeyFault::Unknown),
            // Parameters where there must be none, and none where there must be.
            (info(&[oid("1.3.101.112"), vec![0x05, 0x00]], &[2; 32]), SignerKeyFault::Unknown),
            (info(&[oid("1.2.840.10045.2.1")], &off_curve(32)), SignerKeyFault::Unknown),
        ] {
            assert_eq!(key(&info, all).err(), Some(fault), "{info:02x?}");
        }
        let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
        let info = ec(P256_CURVE, p256.verifying_key().to_sec1_point(false).as_bytes());
        assert!(key(&info, &[A::EcdsaP256Sha384]).is_ok());
        assert_eq!(key(&info, &[A::EcdsaP384Sha384]).err(), Some(SignerKeyFault::NotAccepted));
        assert_eq!(key(&info, &[]).err(), Some(SignerKeyFault::NotAccepted));
    }

    #[cfg(feature = "path-validation")]
    #[test]
    fn every_check_of_a_signature_is_counted() {
        use super::super::count::signature_checks;
        let (signer, p384_key) = p384();
        let signature = p384_signature(&signer, HashAlgorithm::Sha384);
        let checks = |run: &dyn Fn() -> Result<(), SignatureFault>| {
            let before = signature_checks();
            let _ = run();
            signature_checks() - before
        };
        assert_eq!(checks(&|| p384_key.verify_message(MESSAGE, &signature)), 1);
        assert_eq!(checks(&|| p384_key.verify_message(b"other", &signature)), 2);
        assert_eq!(checks(&|| p384_key.verify_message(MESSAGE, b"")), 0);
        let sha512 = Digest::of(HashAlgorithm::Sha512, MESSAGE);
        assert_eq!(checks(&|| p384_key.verify_digest(&sha512, &signature)), 0);
        let signer = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
        let info = ed25519(signer.verifying_key().as_bytes());
        let ed25519_key = key(&info, A::ALL).unwrap();
        let signature = signer.sign(MESSAGE).to_bytes();
        assert_eq!(checks(&|| ed25519_key.verify_message(MESSAGE, &signature)), 1);
    }

    #[cfg(feature = "aws-lc-rs")]
    mod of_aws_lc {
        use super::*;
        use aws_lc_rs::encoding::AsDer;
        use aws_lc_rs::rand::SystemRandom;
        use aws_lc_rs::rsa::KeySize;
        use aws_lc_rs::signature::{self as algorithms, EcdsaKeyPair, KeyPair, RsaKeyPair};

        #[test]
        fn p521_signs_by_sha_512_or_as_old_clients_do() {
            for (hash, signing) in [
                (HashAlgorithm::Sha256, &algorithms::ECDSA_P521_SHA256_ASN1_SIGNING),
                (HashAlgorithm::Sha384, &algorithms::ECDSA_P521_SHA384_ASN1_SIGNING),
                (HashAlgorithm::Sha512, &algorithms::ECDSA_P521_SHA512_ASN1_SIGNING),
            ] {
                let signer = EcdsaKeyPair::generate(signing).unwrap();
                let info = signer.public_key().as_der().unwrap();
                assert_eq!(key(info.as_ref(), A::DEFAULT).err(), Some(SignerKeyFault::NotAccepted));
                let key = key(info.as_ref(), &[A::EcdsaP521Sha512]).unwrap();
                assert_eq!(key.hashes(), [HashAlgorithm::Sha512, HashAlgorithm::Sha256]);
                let signature = signer.sign(&SystemRandom::new(), MESSAGE).unwrap();
                let expected = if hash == HashAlgorithm::Sha384 { Err(Invalid) } else { Ok(()) };
                let digest = Digest::of(hash, MESSAGE);
                assert_eq!(key.verify_digest(&digest, signature.as_ref()), expected, "{hash}");
                assert_eq!(key.verify_message(MESSAGE, signature.as_ref()), expected, "{hash}");
            }
        }

        #[test]
        fn rsa_signs_by_sha_256_and_pkcs1() {
            for size in [KeySize::Rsa2048, KeySize::Rsa3072] {
                let signer = RsaKeyPair::generate(size).unwrap();
                let info = signer.public_key().as_der().unwrap();
                for pss_alone in [A::DEFAULT, &[A::RsaPssSha256]] {
                    assert_eq!(key(info.as_ref(), pss_alone).err(), Some(SignerKeyFault::NotAccepted));
                }
                let key = key(info.as_ref(), &[A::RsaPkcs1Sha256]).unwrap();
                assert_eq!(key.hashes(), [HashAlgorithm::Sha256]);
                let sign = |padding: &'static dyn algorithms::RsaEncoding| {
                    let mut signature = vec![0; signer.public_modulus_len()];
                    signer.sign(padding, &SystemRandom::new(), MESSAGE, &mut signature).unwrap();
                    signature
                };
                let digest = Digest::of(HashAlgorithm::Sha256, MESSAGE);
                let signature = sign(&algorithms::RSA_PKCS1_SHA256);
                assert_eq!(key.verify_digest(&digest, &signature), Ok(()));
                assert_eq!(key.verify_message(MESSAGE, &signature), Ok(()));
                assert_eq!(key.verify_message(b"other", &signature), Err(Invalid));
                assert_eq!(key.verify_message(MESSAGE, &signature[1..]), Err(Corrupted));
                assert_eq!(key.verify_message(MESSAGE, &[&[0], &signature[..]].concat()), Err(Corrupted));
                for other in [
                    &algorithms::RSA_PKCS1_SHA512,
                    &algorithms::RSA_PSS_SHA256 as &dyn algorithms::RsaEncoding,
                ] {
                    assert_eq!(key.verify_message(MESSAGE, &sign(other)), Err(Invalid));
                }
                let sha512 = Digest::of(HashAlgorithm::Sha512, MESSAGE);
                assert_eq!(key.verify_digest(&sha512, &sign(&algorithms::RSA_PKCS1_SHA512)), Err(Invalid));
            }
        }

        #[test]
        fn rsa_moduli_of_2_048_to_4_096_bits() {
            let of_bits = |bits: usize| {
                let mut modulus = vec![0xFF; bits.div_ceil(8)];
                modulus[0] >>= modulus.len() * 8 - bits;
                let padding: &[u8] = if bits.is_multiple_of(8) { &[0] } else { &[] };
                let number = |content: &[u8]| AnyRef::new(Tag::Integer, content).unwrap().to_der().unwrap();
                let content = [padding, &modulus].concat();
                key(&rsa(&sequence(&[number(&content), number(&[1, 0, 1])])), A::ALL).err()
            };
            for bits in [2_047, 4_097, 8_192] {
                assert_eq!(of_bits(bits), Some(SignerKeyFault::Unusable), "{bits}");
            }
            for bits in [2_048, 2_049, 4_096] {
                assert_eq!(of_bits(bits), None, "{bits}");
            }
        }
    }
}
