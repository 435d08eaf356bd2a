//! What the caller expects of a bundle that a key signed, without a certificate.

use crate::crypto::{SignatureAlgorithm, SignerKey, SignerKeyFault};
use crate::limits::{MAX_CLAIM_VALUE_BYTES, MAX_POLICY_KEYS, MAX_PUBLIC_KEY_BYTES};
use crate::malformed::MalformedInput;
use crate::period::Period;
use crate::policy::bundle_demands::{BundleDemands, Waiver, public_demands};
use crate::text::pem;
use crate::x509::public_key::PublicKeyInfo;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What the caller expects of a bundle that one of these keys signed, without a certificate: of what vouches beside the
/// signature, and of what is said.
///
/// ```
/// use countermark::{KeyPolicy, PublicKey};
///
/// let key = PublicKey::from_pem(
///     "-----BEGIN PUBLIC KEY-----\n\
///      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVgWVwKRbzC73DgmwJHWRaByqAEqB\n\
///      IopmNMuDbOZOH60bjuCmcZy1yXFBIrXvoKUdmtck/ocX9MmPf9OXHObyrg==\n\
///      -----END PUBLIC KEY-----\n",
/// )?;
/// let policy = KeyPolicy::new([key])?.with_signed_times(0)?;
/// # Ok::<(), countermark::MalformedInput>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    keys: Vec<PublicKey>,
    bundle: BundleDemands,
}

/// A public key that may have signed, of a kind that can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
    name: Option<String>,
    period: Option<Period>,
}

impl PublicKey {
    /// A key by its `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7) in DER.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if it is none, or a key that cannot be used: of another kind than are known, or off its
    /// curve.
    pub fn from_der(der: impl Into<Vec<u8>>) -> Result<Self, MalformedInput> {
        let der = der.into();
        if der.len() > MAX_PUBLIC_KEY_BYTES {
            return Err(MalformedInput::policy(format!(
                "the public key is longer than {MAX_PUBLIC_KEY_BYTES} bytes"
            )));
        }
        let key = PublicKeyInfo::from_der(&der)
            .map_err(|_| MalformedInput::policy("the public key is no SubjectPublicKeyInfo in DER"))?;
        match SignerKey::new(&key, SignatureAlgorithm::ALL) {
            Ok(_) => Ok(Self { der, name: None, period: None }),
            Err(SignerKeyFault::Unknown | SignerKeyFault::NotAccepted) => {
                Err(MalformedInput::policy("the public key is of a kind that this build cannot verify by"))
            }
            Err(SignerKeyFault::Unusable) => Err(MalformedInput::policy(
                "the public key cannot be used: it is malformed, off its curve, or of a length that is not accepted",
            )),
        }
    }

    /// The same in PEM (RFC 7468, section 13): one block `PUBLIC KEY`.
    ///
    /// # Errors
    ///
    /// As [`from_der`](Self::from_der), and if the text has no such block, two, or one of another label.
    pub fn from_pem(text: &str) -> Result<Self, MalformedInput> {
        Self::from_der(pem::public_key(text, MAX_PUBLIC_KEY_BYTES).map_err(MalformedInput::policy)?)
    }

    /// Names the key. A bundle's hint selects among the named keys of a policy; a key without name is tried whatever
    /// the hint.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the name is empty or too long.
    pub fn with_name(mut self, name: impl Into<String>) -> Result<Self, MalformedInput> {
        let name = name.into();
        if name.is_empty() {
            return Err(MalformedInput::policy("the name of a public key is empty"));
        }
        if name.len() > MAX_CLAIM_VALUE_BYTES {
            return Err(MalformedInput::policy(format!(
                "the name of a public key is longer than {MAX_CLAIM_VALUE_BYTES} bytes"
            )));
        }
        self.name = Some(name);
        Ok(self)
    }

    /// Says from when to when the key signs; a signature of another time is refused.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the period ends before it starts.
    pub fn with_period(mut self, period: Period) -> Result<Self, MalformedInput> {
        if period.end().is_some_and(|end| end < period.start()) {
            return Err(MalformedInput::policy("the period of a public key ends before it starts"));
        }
        self.period = Some(period);
        Ok(self)
    }

    /// The `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The name, if it has one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// From when to when it signs, if that is limited.
    #[must_use]
    pub const fn period(&self) -> Option<Period> {
        self.period
    }
}

impl KeyPolicy {
    /// A policy by which one of these keys must have signed, that demands one log entry and one signed time.
    ///
    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if there is no key, or more than [`MAX_POLICY_KEYS`].
    pub fn new(keys: impl IntoIterator<Item = PublicKey>) -> Result<Self, MalformedInput> {
        let keys: Vec<PublicKey> = keys.into_iter().take(MAX_POLICY_KEYS.saturating_add(1)).collect();
        if keys.is_empty() {
            return Err(MalformedInput::policy("there is no public key"));
        }
        if keys.len() > MAX_POLICY_KEYS {
            return Err(MalformedInput::policy(format!("there are more than {MAX_POLICY_KEYS} public keys")));
        }
        Ok(Self { keys, bundle: BundleDemands::for_keys() })
    }

    /// The keys, in the order given.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The keys that may have signed a bundle with this hint: those of that name, and those without a name.
    pub(crate) fn candidates(&self, hint: &str) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter().filter(move |key| key.name().is_none_or(|name| name == hint))
    }

    /// What is demanded of a bundle whoever signed it.
    pub(crate) const fn bundle(&self) -> &BundleDemands {
        &self.bundle
    }

    /// What the policy does without, which its results warn of. (A key's signature has no certificate to log.)
    pub(crate) fn waivers(&self) -> impl Iterator<Item = Waiver> {
        self.bundle.waivers().filter(|waiver| *waiver != Waiver::CertificateTimestamps)
    }

    pub(super) const fn bundle_mut(&mut self) -> &mut BundleDemands {
        &mut self.bundle
    }
}

public_demands!(KeyPolicy);

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const P256: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVgWVwKRbzC73DgmwJHWRaByqAEqB\n\
        IopmNMuDbOZOH60bjuCmcZy1yXFBIrXvoKUdmtck/ocX9MmPf9OXHObyrg==\n\
        -----END PUBLIC KEY-----\n";
    const ED25519: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGfahCmoSbxsK7I2tjbfIPqMdUGwRmujOJWbFmBd3Rgk=\n\
        -----END PUBLIC KEY-----\n";

    #[test]
    fn a_hint_selects_among_named_keys_alone() {
        let key = |pem, name: Option<&str>| {
            let key = PublicKey::from_pem(pem).unwrap();
            name.map_or(key.clone(), |name| key.with_name(name).unwrap())
        };
        let [a, b, none] = [key(P256, Some("a")), key(ED25519, Some("b")), key(ED25519, None)];
        let policy = KeyPolicy::new([a.clone(), none.clone(), b.clone(), a.clone()]).unwrap();
        let candidates = |policy: &KeyPolicy, hint| policy.candidates(hint).cloned().collect::<Vec<_>>();
        assert_eq!(candidates(&policy, "a"), vec![a.clone(), none.clone(), a.clone()]);
        assert_eq!(candidates(&policy, "b"), vec![none.clone(), b.clone()]);
        assert_eq!(candidates(&policy, ""), vec![none.clone()]);
        let named = KeyPolicy::new([a, b]).unwrap();
        for hint in ["", "A", "a ", "c"] {
            assert_eq!(candidates(&named, hint), vec![], "{hint}");
        }
        assert_eq!(candidates(&KeyPolicy::new([none.clone()]).unwrap(), "x"), vec![none]);
    }

    #[test]
    fn a_key_is_kept_as_it_was_given() {
        let key = PublicKey::from_pem(P256).unwrap();
        assert_eq!(PublicKey::from_der(key.as_der()).unwrap(), key);
        assert_eq!(pem::from_public_key(key.as_der()), P256);
    }

    #[test]
    fn keys_have_no_certificates_to_log() {
        let policy = KeyPolicy::new([PublicKey::from_pem(P256).unwrap()]).unwrap();
        assert_eq!(policy.waivers().count(), 0);
        let waived = policy.with_log_entries(0).unwrap().with_signed_times(0).unwrap();
        assert_eq!(waived.waivers().collect::<Vec<_>>(), [Waiver::LogEntries, Waiver::SignedTimes]);
    }
}
