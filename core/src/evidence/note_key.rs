//! The keys by which signed notes are verified (C2SP signed-note, tlog-cosignature).

use crate::crypto::{AuthorityKey, KeyKind, SignatureAlgorithm, sha256};
use crate::text::quoting::Excerpt;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};

/// A key that signs notes, with the name and the ID by which its lines are found.
#[derive(Clone, Debug)]
pub struct NoteKey {
    name: String,
    id: [u8; 4],
    public_key: Vec<u8>,
    key: Arc<AuthorityKey>,
    signs: Signs,
}

/// What a key's signatures are over, and by what algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signs {
    /// The text of the note.
    Text(SignatureAlgorithm),
    /// A time and the text (C2SP tlog-cosignature, v1).
    Cosignature,
}

/// What a note has of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SignedBy {
    /// No line with the key's name and ID.
    Absent,
    /// A signature that does not verify.
    Bad,
    /// A signature by the key.
    Good {
        /// When it was made, if it is a cosignature: seconds since 1970, below 2^63.
        time: Option<u64>,
    },
}

/// What is wrong with a text that should be a verifier key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed verifier key: {0}")]
pub struct MalformedNoteKey(String);

/// The type bytes of signatures (C2SP signed-note, "Signature types").
pub(crate) const ED25519_TYPE: u8 = 0x01;
const ECDSA_TYPE: u8 = 0x02;
const COSIGNATURE_TYPE: u8 = 0x04;

/// The `SubjectPublicKeyInfo` of an Ed25519 key but for its last 32 bytes, which are the key (RFC 8410, section 4).
const ED25519_INFO: &[u8] = &[0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];

impl NoteKey {
    /// Reads a verifier key as C2SP signed-note writes it, `name+ID+base64(type ‖ key)`. The types are 01, Ed25519;
    /// 02, ECDSA on P-256 with SHA-256, the key being the DER of a `SubjectPublicKeyInfo`; and 04, cosignatures by
    /// Ed25519. The ID must be the one that belongs to the name and the key.
    ///
    /// # Errors
    ///
    /// [`MalformedNoteKey`] says what is wrong; also if the type is another one.
    pub fn from_vkey(vkey: &str) -> Result<Self, MalformedNoteKey> {
        Self::read_vkey(vkey).map_err(|fault| MalformedNoteKey(format!("{} {fault}", Excerpt(vkey))))
    }

    fn read_vkey(vkey: &str) -> Result<Self, String> {
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("is not of the form name+ID+key".into());
        };
        if !is_key_name(name) {
            return Err("has a name that is empty, or has a space in it".into());
        }
        let key = Base64::decode_vec(key).map_err(|_| "has a key that is not canonical base64")?;
        let (signature_type, key) = key.split_first().ok_or("has an empty key")?;
        let key = match *signature_type {
            ED25519_TYPE | COSIGNATURE_TYPE => Self::ed25519(name, *signature_type, key)?,
            ECDSA_TYPE => Self::ecdsa(name, key)?,
            other => return Err(format!("has the signature type {other:#04x}, which is not known")),
        };
        if hex(key.id) != id {
            return Err(format!("has another ID than its name and key have, which is {}", hex(key.id)));
        }
        Ok(key)
    }

    fn ed25519(name: &str, signature_type: u8, key: &[u8]) -> Result<Self, String> {
        let public_key = [ED25519_INFO, key].concat();
        let signs = if signature_type == COSIGNATURE_TYPE {
            Signs::Cosignature
        } else {
            Signs::Text(SignatureAlgorithm::Ed25519)
        };
        let sound = sound_key(&public_key, KeyKind::Ed25519).ok_or("has no Ed25519 key of 32 bytes")?;
        Ok(Self {
            name: name.into(),
            id: short(named_id(name, &[signature_type], key)),
            public_key,
            key: sound,
            signs,
        })
    }

    fn ecdsa(name: &str, public_key: &[u8]) -> Result<Self, String> {
        let key = sound_key(public_key, KeyKind::P256).ok_or("has no ECDSA key on P-256")?;
        Ok(Self {
            name: name.into(),
            id: short(sha256(public_key)),
            public_key: public_key.to_vec(),
            key,
            signs: Signs::Text(SignatureAlgorithm::EcdsaP256Sha256),
        })
    }

    /// A key that signs the texts of notes by this algorithm, and is known by another rule.
    pub(crate) fn of_text(
        name: &str,
        id: [u8; 4],
        public_key: &[u8],
        key: Arc<AuthorityKey>,
        algorithm: SignatureAlgorithm,
    ) -> Self {
        Self { name: name.into(), id, public_key: public_key.to_vec(), key, signs: Signs::Text(algorithm) }
    }

    /// The name. It is not empty, and has neither spaces nor plus signs.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The ID: the beginning of a hash that depends on the type, the key, and mostly the name.
    #[must_use]
    pub const fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Whether its signatures are cosignatures, which have a time.
    #[must_use]
    pub const fn is_cosigner(&self) -> bool {
        matches!(self.signs, Signs::Cosignature)
    }

    /// The DER of its `SubjectPublicKeyInfo`, by which keys of other names or types that are the same key are found.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// What a signature, which says that it is by this key, is worth.
    pub(crate) fn judge(&self, text: &str, signature: &[u8]) -> SignedBy {
        match self.signs {
            Signs::Text(algorithm) if self.verifies(algorithm, text.as_bytes(), signature) => {
                SignedBy::Good { time: None }
            }
            Signs::Cosignature => self
                .time_of_cosignature(text, signature)
                .map_or(SignedBy::Bad, |time| SignedBy::Good { time: Some(time) }),
            Signs::Text(_) => SignedBy::Bad,
        }
    }

    /// When a cosignature was made, if it verifies.
    fn time_of_cosignature(&self, text: &str, signature: &[u8]) -> Option<u64> {
        let (time, signature) = signature.split_first_chunk()?;
        let time = u64::from_be_bytes(*time);
        i64::try_from(time).ok()?;
        let message = format!("cosignature/v1\ntime {time}\n{text}");
        self.verifies(SignatureAlgorithm::Ed25519, message.as_bytes(), signature).then_some(time)
    }

    fn verifies(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.key.verifies_by(algorithm, message, signature, &[algorithm])
    }
}

/// The key of this kind in a `SubjectPublicKeyInfo`, if it is sound.
fn sound_key(public_key: &[u8], kind: KeyKind) -> Option<Arc<AuthorityKey>> {
    let info = PublicKeyInfo::from_der(public_key).ok()?;
    AuthorityKey::new(&info).filter(|key| key.kind() == kind).map(Arc::new)
}

/// The whole of the hash of which the beginning is the ID of most keys (C2SP signed-note, "Signatures").
pub(crate) fn named_id(name: &str, signature_type: &[u8], key: &[u8]) -> [u8; 32] {
    sha256(&[name.as_bytes(), b"\n", signature_type, key].concat())
}

/// The ID of which this is the whole hash.
pub(crate) const fn short([a, b, c, d, ..]: [u8; 32]) -> [u8; 4] {
    [a, b, c, d]
}

/// Whether a key may have this name: not empty, and without spaces and plus signs.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|character| character.is_whitespace() || character == '+')
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// Signatures for the tests of notes.
#[cfg(test)]
pub(crate) mod signing {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    /// A signer of notes, by a key that is made from a number.
    pub(crate) struct TestSigner {
        pub(crate) name: &'static str,
        key: SigningKey,
        signature_type: u8,
    }

    impl TestSigner {
        pub(crate) fn log(name: &'static str, seed: u8) -> Self {
            Self { name, key: SigningKey::from_bytes(&[seed; 32]), signature_type: ED25519_TYPE }
        }

        pub(crate) fn witness(name: &'static str, seed: u8) -> Self {
            Self { signature_type: COSIGNATURE_TYPE, ..Self::log(name, seed) }
        }

        fn public(&self) -> [u8; 32] {
            self.key.verifying_key().to_bytes()
        }

        pub(crate) fn id(&self) -> [u8; 4] {
            short(named_id(self.name, &[self.signature_type], &self.public()))
        }

        pub(crate) fn public_key(&self) -> Vec<u8> {
            [ED25519_INFO, &self.public()].concat()
        }

        pub(crate) fn vkey(&self) -> String {
            let key = Base64::encode_string(&[&[self.signature_type][..], &self.public()].concat());
            format!("{}+{}+{key}", self.name, hex(self.id()))
        }

        pub(crate) fn note_key(&self) -> NoteKey {
            NoteKey::from_vkey(&self.vkey()).unwrap()
        }

        pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
            self.key.sign(message).to_bytes()
        }

        /// The line with this signature.
        pub(crate) fn line(&self, signature: &[u8]) -> String {
            self.line_with_id(self.id(), signature)
        }

        pub(crate) fn line_with_id(&self, id: [u8; 4], signature: &[u8]) -> String {
            format!("— {} {}\n", self.name, Base64::encode_string(&[&id[..], signature].concat()))
        }

        pub(crate) fn signs(&self, text: &str) -> String {
            self.line(&self.sign(text.as_bytes()))
        }

        pub(crate) fn cosigns(&self, text: &str, time: u64) -> String {
            let signature = self.sign(format!("cosignature/v1\ntime {time}\n{text}").as_bytes());
            self.line(&[&time.to_be_bytes()[..], &signature].concat())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::signing::TestSigner;
    use super::*;
    use alloc::string::ToString;

    /// The example of C2SP signed-note.
    const EXAMPLE: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn the_example_of_the_specification() {
        let key = NoteKey::from_vkey(EXAMPLE).unwrap();
        assert_eq!((key.name(), key.id()), ("example.com/foo", [0x53, 0x0D, 0x90, 0x3A]));
        assert!(!key.is_cosigner() && key.public_key().len() == 44);
    }

    #[test]
    fn one_key_of_two_types_has_two_ids_and_is_one_public_key() {
        let (log, witness) = (TestSigner::log("a", 1), TestSigner::witness("a", 1));
        assert_ne!(log.id(), witness.id());
        let (log, witness) = (log.note_key(), witness.note_key());
        assert_eq!(log.public_key(), witness.public_key());
        assert!(witness.is_cosigner());
    }

    #[test]
    fn an_ecdsa_key_has_an_id_of_its_own_rule() {
        // Of the log's vectors: SHA-256 of the SubjectPublicKeyInfo alone.
        let vkey = "log.example/t/7f3a+d5e49c6d+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHMgc/9JRgLeBIU1mB57aG62MBYjGClEEamJ\
                    +ZkOrEU9hRxBRTBELMDrJj+n+mh1d2XHLWh5+JQeDzMrXXhHizg=";
        assert_eq!(NoteKey::from_vkey(vkey).unwrap().id(), [0xD5, 0xE4, 0x9C, 0x6D]);
        assert!(NoteKey::from_vkey(&vkey.replace("log.example", "other.example")).is_ok());
        assert!(NoteKey::from_vkey(&vkey.replace("d5e4", "d5e5")).is_err());
        let off_curve = "Ajgg".to_string() + "AAAA";
        assert!(
            NoteKey::from_vkey(&format!("a+00000000+{off_curve}")).unwrap_err().to_string().contains("P-256")
        );
    }

    #[test]
    fn what_is_no_verifier_key_is_refused_with_the_reason() {
        let key = EXAMPLE.rsplit('+').next().unwrap();
        for (vkey, fault) in [
            (String::new(), "of the form"),
            ("example.com/foo+530d903a".into(), "of the form"),
            (EXAMPLE.replace("example.com/foo", ""), "a name"),
            (EXAMPLE.replace("/foo", " foo"), "a name"),
            (EXAMPLE.replace("/foo", "\u{a0}foo"), "a name"),
            (EXAMPLE.replace("530d", "530D"), "530d903a"),
            (EXAMPLE.replace("530d903a", "530d903b"), "530d903a"),
            (EXAMPLE.replace("530d903a", "+530d903a"), "base64"),
            (EXAMPLE.replace("/foo", "/bar"), "another ID"),
            (EXAMPLE.replace(key, ""), "empty key"),
            (format!("{EXAMPLE}="), "base64"),
            (EXAMPLE.replace("3U2k", "3U2l"), "530d903a"),
            (EXAMPLE.replace("3U2k", "3Q=="), "32 bytes"),
            (EXAMPLE.replace("AekyeRrm", "A+kyeRrm"), "type 0x03"),
            (EXAMPLE.replace("AekyeRrm", "BekyeRrm"), "type 0x05"),
        ] {
            let refused =
                NoteKey::from_vkey(&vkey).map(|key| key.name().to_string()).unwrap_err().to_string();
            assert!(refused.starts_with("malformed verifier key: "), "{refused}");
            assert!(refused.contains(fault), "{vkey}: {refused}");
        }
    }
}
