//! Setting up an authority: what its certificate is to say.

use crate::authority_key::{AuthorityKey, AuthorityKeyError};
use crate::certificate_builder::{Content, Unsigned};
use crate::certificate_chain::{CertificateChain, ChainError};
use crate::certificate_request::{CertificateRequest, RequestError};
use crate::encoding_error::EncodingError;
use crate::extension::ToExtensionOf;
use crate::validity::Validity;
use core::str::FromStr;
use der::referenced::OwnedToRef;
use rand_core::CryptoRng;
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::Name;

/// What the certificate of an authority is to say: its name, when it is valid, and how many authorities may be
/// below it. For those who have no certificate authority yet.
///
/// ```
/// use countermark_signing::{Authority, AuthorityKey, AuthorityProfile, Issuer, Validity};
/// use p256::ecdsa::SigningKey;
///
/// # use p256::elliptic_curve::Generate;
/// # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
/// # let key = SigningKey::generate_from_rng(&mut rng);
/// let validity = Validity::new("2024-01-01T00:00:00Z".parse()?, "2034-01-01T00:00:00Z".parse()?)?;
/// let profile = AuthorityProfile::new("CN=Build root,O=Example", validity)?.with_path_length(0);
///
/// let key = AuthorityKey::p256(*key.verifying_key(), key);
/// let root = profile.self_signed(&key, &mut rng)?;
/// std::fs::write(std::env::temp_dir().join("root.pem"), root.to_pem())?;
/// let authority = Authority::new(Issuer::new(root)?, key)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityProfile {
    name: Name,
    validity: Validity,
    path_length: Option<u8>,
}

/// Why an authority could not be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The name is empty, or no distinguished name.
    #[error(
        "the authority cannot be named {0:?}; write its name as in RFC 4514, such as CN=Build root,O=Example"
    )]
    Name(String),
    /// The authority's key did not sign.
    #[error(transparent)]
    Key(#[from] AuthorityKeyError),
    /// The request for an authority's certificate could not be made.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The certificate could not be read back.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The certificate could not be made.
    #[error("the authority's certificate {0}")]
    Encoding(#[from] EncodingError),
}

impl SetupError {
    /// The stable code: `invalid_authority_name`, `encoding_failed`, or that of the error inside.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Name(_) => "invalid_authority_name",
            Self::Key(error) => error.code(),
            Self::Request(error) => error.code(),
            Self::Chain(error) => error.code(),
            Self::Encoding(_) => "encoding_failed",
        }
    }
}

impl AuthorityProfile {
    /// An authority of this name (RFC 4514) and validity, without a limit on the authorities below it.
    ///
    /// # Errors
    ///
    /// [`SetupError::Name`] if the text is empty or no distinguished name.
    pub fn new(name: &str, validity: Validity) -> Result<Self, SetupError> {
        let parsed = Name::from_str(name).map_err(|_| SetupError::Name(name.into()))?;
        if parsed.is_empty() {
            return Err(SetupError::Name(name.into()));
        }
        Ok(Self { name: parsed, validity, path_length: None })
    }

    /// With a limit on how many authorities may be between this one and a leaf: 0 for one that issues leaves
    /// only (RFC 5280, section 4.2.1.9).
    #[must_use]
    pub const fn with_path_length(mut self, path_length: u8) -> Self {
        self.path_length = Some(path_length);
        self
    }

    /// A root: an authority's certificate that its own key signs.
    ///
    /// # Errors
    ///
    /// [`SetupError::Key`] if the key does not sign, or signs with another key than it was said to.
    pub fn self_signed<R: CryptoRng + ?Sized>(
        &self,
        key: &AuthorityKey,
        rng: &mut R,
    ) -> Result<CertificateChain, SetupError> {
        let public_key = key.public_key().to_spki()?;
        let mut extensions = self.extensions(&public_key)?;
        extensions.push(own_key_identifier(&public_key).map_err(EncodingError::from)?);
        let content = Content {
            issuer: self.name.clone(),
            subject: self.name.clone(),
            validity: self
                .validity
                .to_x509()
                .ok_or(ChainError::Malformed("its time is out of range".into()))?,
            public_key,
            extensions,
        };
        let unsigned = Unsigned::new(content, key.public_key(), rng)?;
        let signature = key.sign(unsigned.bytes_to_sign())?;
        let root = unsigned
            .sign(&signature)?
            .ok_or_else(|| AuthorityKeyError("its signature does not verify under its public key".into()))?;
        Ok(CertificateChain::from_der(vec![root])?)
    }

    /// A request (PKCS#10, RFC 2986) for the certificate of an intermediate, for whoever has the root to
    /// issue: [`Authority::issue_intermediate`](crate::Authority::issue_intermediate), or OpenSSL and its
    /// like. It asks for the profile's name and path length; the validity is the issuer's to choose.
    ///
    /// # Errors
    ///
    /// [`SetupError::Key`] if the key does not sign, [`SetupError::Request`] if it signs with another key than
    /// it was said to.
    pub fn request(&self, key: &AuthorityKey) -> Result<CertificateRequest, SetupError> {
        let public_key = key.public_key();
        let extensions = self.extensions(&public_key.to_spki()?)?;
        CertificateRequest::new(self.name.clone(), extensions, public_key, |bytes| Ok(key.sign(bytes)?))
    }

    pub(crate) const fn name(&self) -> &Name {
        &self.name
    }

    pub(crate) const fn validity(&self) -> Validity {
        self.validity
    }

    pub(crate) const fn path_length(&self) -> Option<u8> {
        self.path_length
    }

    /// The extensions of the authority's certificate, but for the identifier of its issuer's key.
    pub(crate) fn extensions(
        &self,
        public_key: &SubjectPublicKeyInfoOwned,
    ) -> Result<Vec<Extension>, EncodingError> {
        let constraints = BasicConstraints { ca: true, path_len_constraint: self.path_length };
        let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
        let key_identifier = SubjectKeyIdentifier::try_from(public_key.owned_to_ref())?;
        Ok(vec![
            constraints.to_extension_of(&self.name)?,
            usage.to_extension_of(&self.name)?,
            key_identifier.to_extension_of(&self.name)?,
        ])
    }
}

/// The identifier of a root's own key, as that of its issuer's.
fn own_key_identifier(public_key: &SubjectPublicKeyInfoOwned) -> Result<Extension, der::Error> {
    AuthorityKeyIdentifier::try_from(public_key.owned_to_ref())?.to_extension_of(&Name::default())
}
