//! The algorithms by which authorities sign, the kinds of keys that they go with, and how certificates and others name
//! both.

use super::digest::HashAlgorithm;
#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
use super::ed25519;
use crate::malformed::MalformedInput;
use crate::text::quoting::Excerpt;
use crate::x509::public_key::{Algorithm, PublicKeyInfo};
use alloc::format;
use alloc::vec::Vec;
use const_oid::db::rfc5912;
#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
use const_oid::db::rfc8410;
use core::fmt;
use core::str::FromStr;

pub(super) const EC_PUBLIC_KEY: &[u8] = rfc5912::ID_EC_PUBLIC_KEY.as_bytes();
pub(super) const P256: &[u8] = rfc5912::SECP_256_R_1.as_bytes();
pub(super) const P384: &[u8] = rfc5912::SECP_384_R_1.as_bytes();
pub(super) const P521: &[u8] = rfc5912::SECP_521_R_1.as_bytes();
pub(super) const ECDSA_WITH_SHA256: &[u8] = rfc5912::ECDSA_WITH_SHA_256.as_bytes();
pub(super) const ECDSA_WITH_SHA384: &[u8] = rfc5912::ECDSA_WITH_SHA_384.as_bytes();
#[cfg(feature = "aws-lc-rs")]
const ECDSA_WITH_SHA512: &[u8] = rfc5912::ECDSA_WITH_SHA_512.as_bytes();
/// Of keys and of signatures.
#[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
const ED25519: &[u8] = rfc8410::ID_ED_25519.as_bytes();

/// A kind of key that an authority may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyKind {
    P256,
    P384,
    #[cfg(feature = "aws-lc-rs")]
    P521,
    #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
    Ed25519,
    #[cfg(feature = "aws-lc-rs")]
    Rsa,
}

impl KeyKind {
    /// The kind that a certificate says its key is of: EC with a named curve (RFC 5480, section 2.1.1),
    /// Ed25519 (RFC 8410, section 3) or RSA (RFC 3279, section 2.3.1).
    pub(super) fn of(key: &PublicKeyInfo<'_>) -> Option<Self> {
        match (key.algorithm.oid, key.algorithm.parameters) {
            (EC_PUBLIC_KEY, Some(curve)) => match named_curve(curve)? {
                P256 => Some(Self::P256),
                P384 => Some(Self::P384),
                #[cfg(feature = "aws-lc-rs")]
                P521 => Some(Self::P521),
                _ => None,
            },
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            (ED25519, None) => Some(Self::Ed25519),
            #[cfg(feature = "aws-lc-rs")]
            (rsa::RSA_ENCRYPTION, Some(rsa::NULL)) => Some(Self::Rsa),
            _ => None,
        }
    }

    /// Whether a key of this kind is encoded as certificates may encode it; what it encodes is the back end's
    /// to judge.
    pub(super) fn is_well_formed(self, key: &PublicKeyInfo<'_>) -> bool {
        match (self, self.coordinate_bytes()) {
            (_, Some(coordinate_bytes)) => is_point(key.key, coordinate_bytes),
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            (Self::Ed25519, None) => ed25519::is_strict_point(key.key),
            #[cfg(feature = "aws-lc-rs")]
            (Self::Rsa, None) => rsa::is_public_key(key.key),
            _ => false,
        }
    }

    /// Whether a key is short enough to sign bundles, or what vouches for them: RSA of up to 4,096 bits, so that no
    /// stranger's key makes checks slow. The least is the back end's to know.
    #[cfg(feature = "sigstore")]
    pub(super) fn is_short_enough_for_bundles(self, key: &PublicKeyInfo<'_>) -> bool {
        self.modulus_bits(key).is_none_or(|bits| bits <= 4_096)
    }

    /// How many bits the modulus of an RSA key has; `None` of other keys.
    #[cfg(feature = "sigstore")]
    pub(super) fn modulus_bits(self, key: &PublicKeyInfo<'_>) -> Option<usize> {
        match self {
            #[cfg(feature = "aws-lc-rs")]
            Self::Rsa => rsa::modulus_bits(key.key),
            _ => {
                let _ = key;
                None
            }
        }
    }

    /// How many bytes a coordinate of a point on the curve has, if it is one.
    pub(super) const fn coordinate_bytes(self) -> Option<usize> {
        match self {
            Self::P256 => Some(32),
            Self::P384 => Some(48),
            #[cfg(feature = "aws-lc-rs")]
            Self::P521 => Some(66),
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            Self::Ed25519 => None,
            #[cfg(feature = "aws-lc-rs")]
            Self::Rsa => None,
        }
    }
}

/// The OID of a named curve, if it is one of those that are known here, which are short.
fn named_curve(parameters: &[u8]) -> Option<&[u8]> {
    const OBJECT_IDENTIFIER: u8 = 0x06;
    match parameters {
        [OBJECT_IDENTIFIER, length, oid @ ..] if usize::from(*length) == oid.len() => Some(oid),
        _ => None,
    }
}

/// How the encoding of an EC point begins (SEC 1, section 2.3.3).
pub(super) const COMPRESSED_EVEN: u8 = 0x02;
pub(super) const COMPRESSED_ODD: u8 = 0x03;
pub(super) const UNCOMPRESSED: u8 = 0x04;

/// Whether an EC point has one of the encodings that certificates may use (RFC 5480, section 2.2):
/// uncompressed or compressed, and not what else SEC 1 and its readers know.
fn is_point(point: &[u8], coordinate_bytes: usize) -> bool {
    match point.split_first() {
        Some((&(COMPRESSED_EVEN | COMPRESSED_ODD), coordinates)) => coordinates.len() == coordinate_bytes,
        Some((&UNCOMPRESSED, coordinates)) => coordinates.len() == coordinate_bytes.saturating_mul(2),
        _ => false,
    }
}

macro_rules! algorithms {
    ($($(#[$condition:meta])? $variant:ident $name:literal $kind:ident $doc:literal;)*) => {
        /// A signature algorithm by which an authority may have signed a certificate.
        ///
        /// Which ones a verifier accepts is its own setting
        /// ([`VerifierBuilder::accept_algorithms`](crate::VerifierBuilder::accept_algorithms)), never a matter
        /// of which cargo features are on. (A private record's signature is always ECDSA on P-256 with SHA-256.)
        ///
        /// Those beyond [`SignatureAlgorithm::DEFAULT`] exist with the feature `aws-lc-rs` alone, Ed25519 with the
        /// feature `sigstore` too.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum SignatureAlgorithm {
            $($(#[$condition])? #[doc = $doc] $variant,)*
        }

        impl SignatureAlgorithm {
            /// Every algorithm that this build knows.
            pub const ALL: &'static [Self] = &[$($(#[$condition])? Self::$variant,)*];

            /// The name, as the other languages spell it: `ecdsa_p256_sha256`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($(#[$condition])? Self::$variant => $name,)*
                }
            }

            pub(super) const fn key_kind(self) -> KeyKind {
                match self {
                    $($(#[$condition])? Self::$variant => KeyKind::$kind,)*
                }
            }
        }
    };
}

algorithms! {
    EcdsaP256Sha256 "ecdsa_p256_sha256" P256 "ECDSA on P-256 with SHA-256.";
    EcdsaP256Sha384 "ecdsa_p256_sha384" P256 "ECDSA on P-256 with SHA-384.";
    EcdsaP384Sha256 "ecdsa_p384_sha256" P384 "ECDSA on P-384 with SHA-256.";
    EcdsaP384Sha384 "ecdsa_p384_sha384" P384 "ECDSA on P-384 with SHA-384.";
    #[cfg(feature = "aws-lc-rs")]
    EcdsaP521Sha256 "ecdsa_p521_sha256" P521 "ECDSA on P-521 with SHA-256.";
    #[cfg(feature = "aws-lc-rs")]
    EcdsaP521Sha384 "ecdsa_p521_sha384" P521 "ECDSA on P-521 with SHA-384.";
    #[cfg(feature = "aws-lc-rs")]
    EcdsaP521Sha512 "ecdsa_p521_sha512" P521 "ECDSA on P-521 with SHA-512.";
    #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
    Ed25519 "ed25519" Ed25519 "Ed25519 (RFC 8410), strictly: no point of small order, and no point or scalar in another encoding than its own.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPkcs1Sha256 "rsa_pkcs1_sha256" Rsa "RSA PKCS #1 v1.5 with SHA-256, of 2,048 to 8,192 bits.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPkcs1Sha384 "rsa_pkcs1_sha384" Rsa "RSA PKCS #1 v1.5 with SHA-384, of 2,048 to 8,192 bits.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPkcs1Sha512 "rsa_pkcs1_sha512" Rsa "RSA PKCS #1 v1.5 with SHA-512, of 2,048 to 8,192 bits.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPssSha256 "rsa_pss_sha256" Rsa "RSA PSS with SHA-256, also for MGF1, and a salt as long; of 2,048 to 8,192 bits.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPssSha384 "rsa_pss_sha384" Rsa "RSA PSS with SHA-384, also for MGF1, and a salt as long; of 2,048 to 8,192 bits.";
    #[cfg(feature = "aws-lc-rs")]
    RsaPssSha512 "rsa_pss_sha512" Rsa "RSA PSS with SHA-512, also for MGF1, and a salt as long; of 2,048 to 8,192 bits.";
}

impl SignatureAlgorithm {
    /// The algorithms that a verifier accepts unless it is told otherwise.
    pub const DEFAULT: &'static [Self] =
        &[Self::EcdsaP256Sha256, Self::EcdsaP256Sha384, Self::EcdsaP384Sha256, Self::EcdsaP384Sha384];

    /// The algorithm that a certificate's `signatureAlgorithm` means with a key of this kind. The parameters
    /// of ECDSA and Ed25519 must be absent (RFC 5758, section 3.2; RFC 8410, section 3).
    pub(super) fn of(algorithm: Algorithm<'_>, kind: KeyKind) -> Option<Self> {
        match (kind, algorithm.oid, algorithm.parameters) {
            (KeyKind::P256, ECDSA_WITH_SHA256, None) => Some(Self::EcdsaP256Sha256),
            (KeyKind::P256, ECDSA_WITH_SHA384, None) => Some(Self::EcdsaP256Sha384),
            (KeyKind::P384, ECDSA_WITH_SHA256, None) => Some(Self::EcdsaP384Sha256),
            (KeyKind::P384, ECDSA_WITH_SHA384, None) => Some(Self::EcdsaP384Sha384),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, ECDSA_WITH_SHA256, None) => Some(Self::EcdsaP521Sha256),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, ECDSA_WITH_SHA384, None) => Some(Self::EcdsaP521Sha384),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, ECDSA_WITH_SHA512, None) => Some(Self::EcdsaP521Sha512),
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            (KeyKind::Ed25519, ED25519, None) => Some(Self::Ed25519),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::Rsa, oid, parameters) => rsa::algorithm(oid, parameters),
            _ => None,
        }
    }

    /// The algorithm by which a key of this kind signs what has a digest of this algorithm: for RSA, PKCS #1 v1.5.
    /// `None` if there is none, and for Ed25519, which signs messages.
    pub(crate) const fn for_key_and_digest(kind: KeyKind, digest: HashAlgorithm) -> Option<Self> {
        match (kind, digest) {
            (KeyKind::P256, HashAlgorithm::Sha256) => Some(Self::EcdsaP256Sha256),
            (KeyKind::P256, HashAlgorithm::Sha384) => Some(Self::EcdsaP256Sha384),
            (KeyKind::P384, HashAlgorithm::Sha256) => Some(Self::EcdsaP384Sha256),
            (KeyKind::P384, HashAlgorithm::Sha384) => Some(Self::EcdsaP384Sha384),
            (KeyKind::P256 | KeyKind::P384, HashAlgorithm::Sha512) => None,
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, HashAlgorithm::Sha256) => Some(Self::EcdsaP521Sha256),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, HashAlgorithm::Sha384) => Some(Self::EcdsaP521Sha384),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::P521, HashAlgorithm::Sha512) => Some(Self::EcdsaP521Sha512),
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            (KeyKind::Ed25519, _) => None,
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::Rsa, HashAlgorithm::Sha256) => Some(Self::RsaPkcs1Sha256),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::Rsa, HashAlgorithm::Sha384) => Some(Self::RsaPkcs1Sha384),
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::Rsa, HashAlgorithm::Sha512) => Some(Self::RsaPkcs1Sha512),
        }
    }

    /// The algorithm of a `SignerInfo` (RFC 5652, section 5.3) under a key of this kind: its `signatureAlgorithm` names
    /// an algorithm with the digest of its `digestAlgorithm`, or the kind of key alone (RFC 3370, section 3.2).
    pub(crate) fn of_signer_info(
        kind: KeyKind,
        algorithm: Algorithm<'_>,
        digest: HashAlgorithm,
    ) -> Option<Self> {
        let is_kind_alone = match (kind, algorithm.oid, algorithm.parameters) {
            #[cfg(feature = "aws-lc-rs")]
            (KeyKind::Rsa, rsa::RSA_ENCRYPTION, None | Some(rsa::NULL)) => true,
            (_, EC_PUBLIC_KEY, None) => kind.coordinate_bytes().is_some(),
            (_, EC_PUBLIC_KEY, Some(curve)) => match named_curve(curve) {
                Some(P256) => kind == KeyKind::P256,
                Some(P384) => kind == KeyKind::P384,
                #[cfg(feature = "aws-lc-rs")]
                Some(P521) => kind == KeyKind::P521,
                _ => false,
            },
            _ => false,
        };
        if is_kind_alone {
            return Self::for_key_and_digest(kind, digest);
        }
        // RFC 8419, section 3.1: with Ed25519, what is signed is digested by SHA-512.
        Self::of(algorithm, kind)
            .filter(|found| found.digest_algorithm().unwrap_or(HashAlgorithm::Sha512) == digest)
    }

    /// The algorithm that TLS names by a hash and a signature (RFC 5246, section 7.4.1.4.1), as SCTs do, with a key of
    /// this kind.
    #[cfg(feature = "sigstore")]
    pub(crate) const fn of_tls(kind: KeyKind, [hash, signature]: [u8; 2]) -> Option<Self> {
        let digest = match hash {
            4 => HashAlgorithm::Sha256,
            5 => HashAlgorithm::Sha384,
            6 => HashAlgorithm::Sha512,
            _ => return None,
        };
        match (signature, kind) {
            (3, KeyKind::P256 | KeyKind::P384) => Self::for_key_and_digest(kind, digest),
            #[cfg(feature = "aws-lc-rs")]
            (3, KeyKind::P521) | (1, KeyKind::Rsa) => Self::for_key_and_digest(kind, digest),
            _ => None,
        }
    }

    /// The digest that is signed; `None` for Ed25519, which signs messages.
    pub(super) const fn digest_algorithm(self) -> Option<HashAlgorithm> {
        match self {
            Self::EcdsaP256Sha256 | Self::EcdsaP384Sha256 => Some(HashAlgorithm::Sha256),
            Self::EcdsaP256Sha384 | Self::EcdsaP384Sha384 => Some(HashAlgorithm::Sha384),
            #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
            Self::Ed25519 => None,
            #[cfg(feature = "aws-lc-rs")]
            Self::EcdsaP521Sha256 | Self::RsaPkcs1Sha256 | Self::RsaPssSha256 => Some(HashAlgorithm::Sha256),
            #[cfg(feature = "aws-lc-rs")]
            Self::EcdsaP521Sha384 | Self::RsaPkcs1Sha384 | Self::RsaPssSha384 => Some(HashAlgorithm::Sha384),
            #[cfg(feature = "aws-lc-rs")]
            Self::EcdsaP521Sha512 | Self::RsaPkcs1Sha512 | Self::RsaPssSha512 => Some(HashAlgorithm::Sha512),
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = MalformedInput;

    /// # Errors
    ///
    /// [`MalformedInput::TrustAnchor`] if no algorithm that this build knows has the name.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().find(|algorithm| algorithm.name() == name).copied().ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|algorithm| algorithm.name()).collect();
            MalformedInput::trust_anchor(format!(
                "unknown signature algorithm {}; this build knows {}",
                Excerpt(name),
                known.join(", ")
            ))
        })
    }
}

/// How certificates name RSA signatures (RFC 4055).
#[cfg(feature = "aws-lc-rs")]
mod rsa {
    use super::SignatureAlgorithm;
    use crate::x509::strict_der::{Fault, read_oid, sequence_content};
    use const_oid::db::rfc5912;
    use der::asn1::{AnyRef, UintRef};
    use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

    pub(super) const RSA_ENCRYPTION: &[u8] = rfc5912::RSA_ENCRYPTION.as_bytes();
    const PSS: &[u8] = rfc5912::ID_RSASSA_PSS.as_bytes();
    const MGF1: &[u8] = rfc5912::ID_MGF_1.as_bytes();
    const PKCS1_WITH_SHA256: &[u8] = rfc5912::SHA_256_WITH_RSA_ENCRYPTION.as_bytes();
    const PKCS1_WITH_SHA384: &[u8] = rfc5912::SHA_384_WITH_RSA_ENCRYPTION.as_bytes();
    const PKCS1_WITH_SHA512: &[u8] = rfc5912::SHA_512_WITH_RSA_ENCRYPTION.as_bytes();
    const SHA256: &[u8] = rfc5912::ID_SHA_256.as_bytes();
    const SHA384: &[u8] = rfc5912::ID_SHA_384.as_bytes();
    const SHA512: &[u8] = rfc5912::ID_SHA_512.as_bytes();
    /// A DER NULL.
    pub(super) const NULL: &[u8] = &[0x05, 0x00];

    /// Whether this is an `RSAPublicKey` (RFC 8017, appendix A.1.1) in DER, the one encoding of a key.
    pub(super) fn is_public_key(der: &[u8]) -> bool {
        modulus(der).is_ok()
    }

    /// How many bits the modulus of an `RSAPublicKey` has.
    #[cfg(feature = "sigstore")]
    pub(super) fn modulus_bits(der: &[u8]) -> Option<usize> {
        let modulus = modulus(der).ok()?.as_bytes();
        let unused_bits = usize::try_from(modulus.first()?.leading_zeros()).ok()?;
        modulus.len().checked_mul(8)?.checked_sub(unused_bits)
    }

    fn modulus(der: &[u8]) -> Result<UintRef<'_>, Fault> {
        let mut reader = SliceReader::new(sequence_content(der)?)?;
        let modulus = UintRef::decode(&mut reader)?;
        let _exponent = UintRef::decode(&mut reader)?;
        reader.finish()?;
        Ok(modulus)
    }

    pub(super) fn algorithm(oid: &[u8], parameters: Option<&[u8]>) -> Option<SignatureAlgorithm> {
        match (oid, parameters) {
            // RFC 4055, section 5: NULL, but absent parameters must be accepted too.
            (PKCS1_WITH_SHA256, None | Some(NULL)) => Some(SignatureAlgorithm::RsaPkcs1Sha256),
            (PKCS1_WITH_SHA384, None | Some(NULL)) => Some(SignatureAlgorithm::RsaPkcs1Sha384),
            (PKCS1_WITH_SHA512, None | Some(NULL)) => Some(SignatureAlgorithm::RsaPkcs1Sha512),
            (PSS, Some(parameters)) => pss(parameters).ok().flatten(),
            _ => None,
        }
    }

    /// The PSS algorithm with these parameters (RFC 4055, section 3.1), if it is one of those with the same digest
    /// throughout and a salt of its length.
    fn pss(parameters: &[u8]) -> Result<Option<SignatureAlgorithm>, Fault> {
        let mut reader = SliceReader::new(sequence_content(parameters)?)?;
        let hash = read_hash(explicit(&mut reader, 0)?)?;
        let mask = explicit(&mut reader, 1)?;
        let salt_bytes = u8::from_der(explicit(&mut reader, 2)?)?;
        reader.finish()?;

        let mut mask = SliceReader::new(sequence_content(mask)?)?;
        let is_mgf1 = read_oid(&mut mask)? == MGF1;
        let mask_hash = read_hash(mask.tlv_bytes()?)?;
        mask.finish()?;
        if !is_mgf1 || mask_hash != hash {
            return Ok(None);
        }
        Ok(match (hash, salt_bytes) {
            (Some(SHA256), 32) => Some(SignatureAlgorithm::RsaPssSha256),
            (Some(SHA384), 48) => Some(SignatureAlgorithm::RsaPssSha384),
            (Some(SHA512), 64) => Some(SignatureAlgorithm::RsaPssSha512),
            _ => None,
        })
    }

    fn explicit<'a>(reader: &mut SliceReader<'a>, number: u32) -> Result<&'a [u8], Fault> {
        let any = AnyRef::decode(reader)?;
        any.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(number) })?;
        Ok(any.value())
    }

    /// The OID of a digest without parameters.
    fn read_hash(der: &[u8]) -> Result<Option<&[u8]>, Fault> {
        let mut reader = SliceReader::new(sequence_content(der)?)?;
        let oid = read_oid(&mut reader)?;
        let has_parameters = !reader.is_finished();
        if has_parameters && reader.tlv_bytes()? != NULL {
            return Ok(None);
        }
        reader.finish()?;
        Ok(Some(oid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        for algorithm in SignatureAlgorithm::ALL {
            assert_eq!(algorithm.to_string().parse(), Ok(*algorithm));
        }
    }

    #[test]
    fn an_unknown_name_is_told_which_there_are() {
        let refused = "rsa_pkcs1_sha1".parse::<SignatureAlgorithm>().unwrap_err().to_string();
        assert!(refused.contains("\"rsa_pkcs1_sha1\"") && refused.contains("ecdsa_p384_sha384"), "{refused}");
    }

    #[test]
    fn the_default_is_rule_4s_whatever_features_are_on() {
        let names: Vec<&str> = SignatureAlgorithm::DEFAULT.iter().map(|algorithm| algorithm.name()).collect();
        assert_eq!(
            names,
            ["ecdsa_p256_sha256", "ecdsa_p256_sha384", "ecdsa_p384_sha256", "ecdsa_p384_sha384"]
        );
    }

    const ED25519_OID: &[u8] = &[0x2B, 0x65, 0x70];

    fn of_signer_info(
        kind: KeyKind,
        oid: &[u8],
        parameters: Option<&[u8]>,
        digest: HashAlgorithm,
    ) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::of_signer_info(kind, Algorithm { oid, parameters }, digest)
    }

    #[test]
    fn a_signer_infos_algorithm_has_the_digest_that_it_names() {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        use SignatureAlgorithm as A;
        assert_eq!(of_signer_info(KeyKind::P256, ECDSA_WITH_SHA256, None, Sha256), Some(A::EcdsaP256Sha256));
        assert_eq!(of_signer_info(KeyKind::P384, ECDSA_WITH_SHA384, None, Sha384), Some(A::EcdsaP384Sha384));
        assert_eq!(of_signer_info(KeyKind::P384, ECDSA_WITH_SHA256, None, Sha256), Some(A::EcdsaP384Sha256));
        for digest in [Sha384, Sha512] {
            assert_eq!(of_signer_info(KeyKind::P256, ECDSA_WITH_SHA256, None, digest), None);
        }
        assert_eq!(of_signer_info(KeyKind::P256, ECDSA_WITH_SHA256, Some(&[5, 0]), Sha256), None);
    }

    #[test]
    fn a_signer_infos_kind_of_key_has_the_digest_beside_it() {
        use HashAlgorithm::{Sha256, Sha384, Sha512};
        use SignatureAlgorithm as A;
        let (p256, p384) = ([&[0x06, 0x08], P256].concat(), [&[0x06, 0x05], P384].concat());
        for parameters in [None, Some(p256.as_slice())] {
            let of = |digest| of_signer_info(KeyKind::P256, EC_PUBLIC_KEY, parameters, digest);
            assert_eq!(of(Sha256), Some(A::EcdsaP256Sha256));
            assert_eq!(of(Sha384), Some(A::EcdsaP256Sha384));
            assert_eq!(of(Sha512), None);
        }
        assert_eq!(of_signer_info(KeyKind::P256, EC_PUBLIC_KEY, Some(&p384), Sha256), None);
        assert_eq!(
            of_signer_info(KeyKind::P384, EC_PUBLIC_KEY, Some(&p384), Sha384),
            Some(A::EcdsaP384Sha384)
        );
        // It is RSA's name, and the key is none.
        let rsa_encryption = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
        assert_eq!(of_signer_info(KeyKind::P256, &rsa_encryption, Some(&[5, 0]), Sha256), None);
    }

    #[cfg(any(feature = "aws-lc-rs", feature = "sigstore"))]
    #[test]
    fn ed25519_in_a_signer_info_goes_with_sha_512() {
        let of = |digest| of_signer_info(KeyKind::Ed25519, ED25519_OID, None, digest);
        assert_eq!(of(HashAlgorithm::Sha512), Some(SignatureAlgorithm::Ed25519));
        assert_eq!((of(HashAlgorithm::Sha256), of(HashAlgorithm::Sha384)), (None, None));
    }

    #[cfg(feature = "aws-lc-rs")]
    #[test]
    fn rsa_in_a_signer_info_is_pkcs1_of_either_name() {
        use HashAlgorithm::{Sha256, Sha512};
        use SignatureAlgorithm as A;
        let with_sha512 = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D];
        for parameters in [None, Some(rsa::NULL)] {
            let of = |oid, digest| of_signer_info(KeyKind::Rsa, oid, parameters, digest);
            assert_eq!(of(rsa::RSA_ENCRYPTION, Sha256), Some(A::RsaPkcs1Sha256));
            assert_eq!(of(rsa::RSA_ENCRYPTION, Sha512), Some(A::RsaPkcs1Sha512));
            assert_eq!(of(&with_sha512, Sha512), Some(A::RsaPkcs1Sha512));
            assert_eq!(of(&with_sha512, Sha256), None);
        }
    }

    #[cfg(feature = "sigstore")]
    #[test]
    fn tls_names_go_with_the_key() {
        use SignatureAlgorithm as A;
        let of = SignatureAlgorithm::of_tls;
        assert_eq!(of(KeyKind::P256, [4, 3]), Some(A::EcdsaP256Sha256));
        assert_eq!(of(KeyKind::P384, [4, 3]), Some(A::EcdsaP384Sha256));
        assert_eq!(of(KeyKind::P384, [5, 3]), Some(A::EcdsaP384Sha384));
        for pair in [[4, 1], [2, 3], [6, 3], [3, 4], [8, 7], [0, 0], [4, 2]] {
            assert_eq!(of(KeyKind::P256, pair), None, "{pair:?}");
        }
        assert_eq!(of(KeyKind::Ed25519, [8, 7]), None);
        #[cfg(feature = "aws-lc-rs")]
        {
            assert_eq!(of(KeyKind::Rsa, [4, 1]), Some(A::RsaPkcs1Sha256));
            assert_eq!(of(KeyKind::Rsa, [4, 3]), None);
            assert_eq!(of(KeyKind::P521, [6, 3]), Some(A::EcdsaP521Sha512));
        }
    }

    #[test]
    fn a_key_and_a_digest_make_the_algorithm_of_that_digest() {
        for algorithm in SignatureAlgorithm::ALL.iter().copied() {
            let Some(digest) = algorithm.digest_algorithm() else { continue };
            let made = SignatureAlgorithm::for_key_and_digest(algorithm.key_kind(), digest).unwrap();
            assert_eq!((made.key_kind(), made.digest_algorithm()), (algorithm.key_kind(), Some(digest)));
            assert!(made == algorithm || algorithm.name().starts_with("rsa_pss"), "{algorithm}");
        }
    }
}
