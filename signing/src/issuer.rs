//! A certificate authority without its key.

use crate::authority_certificate::AuthorityCertificate;
use crate::authority_profile::AuthorityProfile;
use crate::certificate_builder::{Content, Unsigned};
use crate::certificate_chain::{CertificateChain, ChainError};
use crate::certificate_request::CertificateRequest;
use crate::claim_extensions;
use crate::encoding_error::EncodingError;
use crate::extension::ToExtensionOf;
use crate::identity_token::IdentityToken;
use crate::issue_error::IssueError;
use crate::limits::{
    DEFAULT_CERTIFICATE_LIFETIME_SECONDS, MAX_CERTIFICATE_LIFETIME_SECONDS, MAX_LEEWAY_SECONDS,
};
use crate::pending_certificate::PendingCertificate;
use crate::public_key::PublicKey;
use crate::signer_claims::{ClaimError, SignerClaims};
use crate::validity::Validity;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_CE_SUBJECT_ALT_NAME, ID_KP_CODE_SIGNING};
use countermark::limits::{MAX_EXTENSIONS, MAX_NAMESPACE_BYTES};
use countermark::{Claim, Timestamp, TrustAnchors};
use der::referenced::OwnedToRef;
use rand_core::CryptoRng;
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::Name;

/// The arc that belongs to Sigstore.
const SIGSTORE_ARC: &[u8] = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264").as_bytes();

/// A certificate authority without its key: the certificate that it issues under, those above it, and how it
/// issues.
///
/// On its own it serves a key that signs later or elsewhere: [`prepare`](Issuer::prepare) gives the bytes to
/// be signed, and [`PendingCertificate::finish`] takes the signature. With a key at hand, see
/// [`Authority`](crate::Authority).
#[derive(Clone, Debug)]
pub struct Issuer {
    chain: CertificateChain,
    certificate: AuthorityCertificate,
    /// The time in which the authority and all those above it are valid.
    validity: Validity,
    /// How many authorities may be between this one and a leaf, by its own word and that of those above.
    path_length: Option<u8>,
    certificate_lifetime_seconds: u32,
    leeway_seconds: u32,
    namespace_claim: Option<Claim>,
}

/// Why certificates make no authority, or a setting does not suit one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The certificates cannot be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A certificate of the chain is not fit to be an authority for code signing.
    #[error(
        "certificate {index} of the authority's chain {fault}; use one that was issued for a certificate authority"
    )]
    NotAnAuthority {
        /// Which one, counted from zero.
        index: usize,
        /// What it lacks.
        fault: &'static str,
    },
    /// A certificate was not issued by the next one in the chain.
    #[error(
        "certificate {index} of the authority's chain was not issued by the next one; put each before its issuer"
    )]
    BrokenChain {
        /// Which one, counted from zero.
        index: usize,
    },
    /// The certificates of the chain are never valid together.
    #[error(
        "the certificates of the authority's chain are never valid at one time; renew the one that expired"
    )]
    NeverValid,
    /// The authority's certificate is for another key.
    #[error(
        "the authority's certificate is for another key than the one that is to sign; give the two that belong together"
    )]
    KeyMismatch,
    /// A lifetime that no policy can accept.
    #[error("certificates cannot be issued for {0} seconds; choose 1 to {MAX_CERTIFICATE_LIFETIME_SECONDS}")]
    Lifetime(u32),
    /// A leeway that is too large, or leaves nothing of the certificates' lifetime.
    #[error(
        "certificates of {lifetime} seconds cannot begin {leeway} seconds early; choose a leeway below their lifetime, of at most {MAX_LEEWAY_SECONDS}"
    )]
    Leeway {
        /// By how many seconds they would begin early.
        leeway: u32,
        /// For how many seconds they are valid.
        lifetime: u32,
    },
    /// A claim that cannot stand for the namespace.
    #[error("the claim {0} cannot certify the namespace; choose an extension under an OID of your own")]
    NamespaceClaim(Claim),
}

impl AuthorityError {
    /// The stable code: that of the [`ChainError`], `not_an_authority`, `broken_chain`, `chain_never_valid`,
    /// `authority_key_mismatch`, `invalid_certificate_lifetime`, `invalid_issuer_leeway`,
    /// `invalid_namespace_claim`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Chain(error) => error.code(),
            Self::NotAnAuthority { .. } => "not_an_authority",
            Self::BrokenChain { .. } => "broken_chain",
            Self::NeverValid => "chain_never_valid",
            Self::KeyMismatch => "authority_key_mismatch",
            Self::Lifetime(_) => "invalid_certificate_lifetime",
            Self::Leeway { .. } => "invalid_issuer_leeway",
            Self::NamespaceClaim(_) => "invalid_namespace_claim",
        }
    }
}

impl Issuer {
    /// An authority by its chain: its own certificate first, then those above it, as far up as entries are to
    /// carry them; the root may be left away.
    ///
    /// # Errors
    ///
    /// An [`AuthorityError`] if a certificate is no certificate authority's (RFC 5280, sections 4.2.1.2, .3,
    /// .9 and .12), has another key than ECDSA on P-256 or P-384, if one was not issued by the next, if a path
    /// length forbids it, or if there is no time at which all are valid.
    pub fn new(chain: CertificateChain) -> Result<Self, AuthorityError> {
        let certificates = chain.parse()?;
        let mut authorities = Vec::new();
        for (index, (certificate, der)) in certificates.iter().zip(chain.certificates()).enumerate() {
            authorities.push(
                AuthorityCertificate::read(certificate)
                    .map_err(|fault| AuthorityError::NotAnAuthority { index, fault })?,
            );
            // What the core cannot read, no verifier can trust.
            if let Err(error) = TrustAnchors::from_der([der]) {
                let detail = error.detail().into();
                return Err(ChainError::MalformedCertificate { index, detail }.into());
            }
        }
        let mut authorities = authorities.into_iter();
        let Some(certificate) = authorities.next() else {
            return Err(ChainError::Malformed("there is no certificate in it".into()).into());
        };
        let mut validity = certificate.validity;
        let mut path_length = certificate.path_length;
        for (below, (upper, lower)) in (0_u8..).zip(authorities.zip(&certificates)) {
            let index = usize::from(below);
            if !upper.issued(lower) {
                return Err(AuthorityError::BrokenChain { index });
            }
            if let Some(allowed) = upper.path_length {
                let left = below.checked_add(1).and_then(|below| allowed.checked_sub(below)).ok_or(
                    AuthorityError::NotAnAuthority {
                        index: index.saturating_add(1),
                        fault: "has a path length that forbids the authorities below it",
                    },
                )?;
                path_length = Some(path_length.map_or(left, |own| own.min(left)));
            }
            validity = validity.intersection(&upper.validity).ok_or(AuthorityError::NeverValid)?;
        }
        Ok(Self {
            chain,
            certificate,
            validity,
            path_length,
            certificate_lifetime_seconds: DEFAULT_CERTIFICATE_LIFETIME_SECONDS,
            leeway_seconds: 0,
            namespace_claim: None,
        })
    }

    /// With another lifetime of leaf certificates than [`DEFAULT_CERTIFICATE_LIFETIME_SECONDS`]. A verifier's
    /// policy must then allow it too, if it is longer.
    ///
    /// # Errors
    ///
    /// [`AuthorityError::Lifetime`] if it is not of 1 to [`MAX_CERTIFICATE_LIFETIME_SECONDS`] seconds,
    /// [`AuthorityError::Leeway`] if the leeway leaves nothing of it.
    pub fn with_certificate_lifetime_seconds(mut self, seconds: u32) -> Result<Self, AuthorityError> {
        if !(1..=MAX_CERTIFICATE_LIFETIME_SECONDS).contains(&seconds) {
            return Err(AuthorityError::Lifetime(seconds));
        }
        self.certificate_lifetime_seconds = seconds;
        self.check_leeway()?;
        Ok(self)
    }

    /// Certificates begin so many seconds before `now`, for a log whose clock is behind the authority's: a
    /// record that it stamps before the certificate begins never verifies. Without this they begin with the
    /// second of `now`.
    ///
    /// Their lifetime stays what it is, so that they end as much earlier, and a verifier's policy need not allow
    /// more. They never begin before the authority's own. The price: whoever has a certificate can have a record
    /// stamped that much too early. A few seconds serve most clocks.
    ///
    /// ```
    /// # use countermark_signing::{AuthorityKey, AuthorityProfile, Issuer, Validity};
    /// # use p256::{ecdsa::SigningKey, elliptic_curve::Generate};
    /// # let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
    /// # let key = SigningKey::generate_from_rng(&mut rng);
    /// # let key = AuthorityKey::p256(*key.verifying_key(), key);
    /// # let validity = Validity::new("2024-01-01T00:00:00Z".parse()?, "2034-01-01T00:00:00Z".parse()?)?;
    /// # let root = AuthorityProfile::new("CN=Build root", validity)?.self_signed(&key, &mut rng)?;
    /// let issuer = Issuer::new(root)?.with_leeway_seconds(10)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError::Leeway`] if it is more than [`MAX_LEEWAY_SECONDS`], or not below the lifetime.
    pub fn with_leeway_seconds(mut self, seconds: u32) -> Result<Self, AuthorityError> {
        self.leeway_seconds = seconds;
        self.check_leeway()?;
        Ok(self)
    }

    const fn check_leeway(&self) -> Result<(), AuthorityError> {
        let (leeway, lifetime) = (self.leeway_seconds, self.certificate_lifetime_seconds);
        if leeway > MAX_LEEWAY_SECONDS || leeway >= lifetime {
            return Err(AuthorityError::Leeway { leeway, lifetime });
        }
        Ok(())
    }

    /// Also certifies the tenant's namespace, as a custom claim under an OID that the operator owns, so that a
    /// policy can require it where one authority serves several tenants.
    ///
    /// # Errors
    ///
    /// [`AuthorityError::NamespaceClaim`] if the claim is not a custom one, if its OID is Sigstore's, or if it
    /// is one that the library for certificates cannot write: more than 39 bytes, or an arc of 2³² and more.
    pub fn with_namespace_claim(mut self, claim: Claim) -> Result<Self, AuthorityError> {
        let is_usable = claim
            .extension_oid()
            .is_some_and(|oid| !oid.starts_with(SIGSTORE_ARC) && ObjectIdentifier::from_bytes(&oid).is_ok());
        if !is_usable || !matches!(claim, Claim::Custom(_)) {
            return Err(AuthorityError::NamespaceClaim(claim));
        }
        self.namespace_claim = Some(claim);
        Ok(self)
    }

    /// The authority's certificates, its own first.
    #[must_use]
    pub const fn chain(&self) -> &CertificateChain {
        &self.chain
    }

    /// The time in which the authority can issue: that in which all certificates of its chain are valid.
    #[must_use]
    pub const fn validity(&self) -> Validity {
        self.validity
    }

    pub(crate) const fn public_key(&self) -> &PublicKey {
        &self.certificate.public_key
    }

    /// Lays out the leaf certificate for a request, valid from `now` (less the leeway, see
    /// [`Issuer::with_leeway_seconds`]) for the authority's lifetime of certificates. Its claims are those of the token; the request may ask for any of them, or for none.
    ///
    /// `namespace` is the tenant whose log will hold the signature. It is the caller who knows that the token's
    /// holder may write there. It is certified if the authority was told to
    /// ([`Issuer::with_namespace_claim`]).
    ///
    /// That one token is used once is for the caller to see to, if it matters.
    ///
    /// # Errors
    ///
    /// An [`IssueError`] if the request's key is not on P-256, if it asks for anything that the certificate
    /// will not say, if there are more claims than a readable certificate can hold, if the token is not valid any more, or if the certificate would outlive the authority.
    pub fn prepare<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificateRequest,
        token: &IdentityToken,
        namespace: &str,
        now: Timestamp,
        rng: &mut R,
    ) -> Result<PendingCertificate, IssueError> {
        if !token.is_valid_at(now) {
            return Err(IssueError::TokenNotValid { now });
        }
        if !matches!(request.public_key(), PublicKey::P256(_)) {
            return Err(IssueError::UnsupportedKey);
        }
        let claims = self.claims_to_certify(token, namespace)?;
        let public_key = request.public_key().to_spki()?;
        let extensions = self.leaf_extensions(&public_key, &claims).map_err(EncodingError::from)?;
        if extensions.len() > MAX_EXTENSIONS {
            return Err(ClaimError::TooMany.into());
        }
        check_request(request, &Name::default(), &extensions)?;
        let content = Content {
            issuer: self.certificate.name.clone(),
            subject: Name::default(),
            validity: self.leaf_validity(now)?.to_x509().ok_or(IssueError::UnusableTime { now })?,
            public_key,
            extensions,
        };
        let unsigned = Unsigned::new(content, &self.certificate.public_key, rng)?;
        Ok(PendingCertificate::new(unsigned, self.chain.clone()))
    }

    /// Lays out the certificate of an intermediate authority, as the profile says, for a request of its
    /// operator.
    ///
    /// # Errors
    ///
    /// An [`IssueError`] if the path length of this authority allows no such intermediate, if the profile's
    /// validity is not inside this authority's, or if the request asks for another name or for anything that
    /// the certificate will not say.
    pub fn prepare_intermediate<R: CryptoRng + ?Sized>(
        &self,
        request: &CertificateRequest,
        profile: &AuthorityProfile,
        rng: &mut R,
    ) -> Result<PendingCertificate, IssueError> {
        let is_allowed = match (self.path_length, profile.path_length()) {
            (None, _) => true,
            (Some(own), Some(below)) => below < own,
            (Some(_), None) => false,
        };
        if !is_allowed {
            return Err(IssueError::PathLength);
        }
        if !self.validity.encloses(&profile.validity()) {
            return Err(IssueError::OutsideValidity { wanted: profile.validity(), authority: self.validity });
        }
        let public_key = request.public_key().to_spki()?;
        let mut extensions = profile.extensions(&public_key)?;
        extensions.push(self.authority_key_identifier().map_err(EncodingError::from)?);
        check_request(request, profile.name(), &extensions)?;
        let now = profile.validity().not_before();
        let content = Content {
            issuer: self.certificate.name.clone(),
            subject: profile.name().clone(),
            validity: profile.validity().to_x509().ok_or(IssueError::UnusableTime { now })?,
            public_key,
            extensions,
        };
        let unsigned = Unsigned::new(content, &self.certificate.public_key, rng)?;
        Ok(PendingCertificate::new(unsigned, self.chain.clone()))
    }

    /// The token's claims, and the namespace if it is to be certified. A token that brings a claim under the
    /// namespace's OID is refused: its provider would choose the tenant.
    fn claims_to_certify(&self, token: &IdentityToken, namespace: &str) -> Result<SignerClaims, IssueError> {
        let claims = token.claims().clone();
        let Some(claim) = self.namespace_claim else { return Ok(claims) };
        if namespace.len() > MAX_NAMESPACE_BYTES {
            return Err(ClaimError::TooLong(claim).into());
        }
        Ok(claims.with(claim, namespace)?)
    }

    fn leaf_validity(&self, now: Timestamp) -> Result<Validity, IssueError> {
        let unusable = IssueError::UnusableTime { now };
        let after = |instant: Timestamp, seconds: i64| {
            instant.unix_seconds().checked_add(seconds).and_then(|seconds| Timestamp::from_unix(seconds, 0))
        };
        let earliest = after(now, i64::from(self.leeway_seconds).saturating_neg());
        // The authority's beginning stops the leeway, but moves nothing past `now`.
        let not_before = earliest.map(|earliest| earliest.max(self.validity.not_before()).min(now));
        let wanted = not_before
            .and_then(|not_before| {
                let not_after = after(not_before, i64::from(self.certificate_lifetime_seconds))?;
                Validity::new(not_before, not_after).ok()
            })
            .ok_or(unusable)?;
        if !self.validity.encloses(&wanted) {
            return Err(IssueError::OutsideValidity { wanted, authority: self.validity });
        }
        Ok(wanted)
    }

    fn leaf_extensions(
        &self,
        public_key: &SubjectPublicKeyInfoOwned,
        claims: &SignerClaims,
    ) -> Result<Vec<Extension>, der::Error> {
        let subject = Name::default();
        let key_identifier = SubjectKeyIdentifier::try_from(public_key.owned_to_ref())?;
        let mut extensions = vec![
            KeyUsage(KeyUsages::DigitalSignature.into()).to_extension_of(&subject)?,
            ExtendedKeyUsage(vec![ID_KP_CODE_SIGNING]).to_extension_of(&subject)?,
            key_identifier.to_extension_of(&subject)?,
            self.authority_key_identifier()?,
        ];
        extensions.extend(claim_extensions::of_claims(claims)?);
        Ok(extensions)
    }

    fn authority_key_identifier(&self) -> Result<Extension, der::Error> {
        let SubjectKeyIdentifier(key_identifier) = &self.certificate.key_identifier;
        AuthorityKeyIdentifier { key_identifier: Some(key_identifier.clone()), ..Default::default() }
            .to_extension_of(&Name::default())
    }
}

/// Refuses a request that asks for anything that the certificate will not say. What it asks for is never
/// copied; but who asks for more than is granted is mistaken or up to something.
fn check_request(
    request: &CertificateRequest,
    subject: &Name,
    extensions: &[Extension],
) -> Result<(), IssueError> {
    if request.subject() != subject {
        return Err(IssueError::OtherSubject);
    }
    for wanted in request.extensions() {
        let granted = extensions.iter().find(|extension| extension.extn_id == wanted.extn_id);
        if granted.is_none_or(|granted| granted.extn_value != wanted.extn_value) {
            return Err(IssueError::OtherClaims { claim: name_of(wanted.extn_id) });
        }
    }
    Ok(())
}

/// The name of the claim that an extension holds, or its dotted OID.
fn name_of(oid: ObjectIdentifier) -> String {
    if oid == ID_CE_SUBJECT_ALT_NAME {
        return Claim::CertificateIdentity.to_string();
    }
    let named = Claim::NAMED.iter().find(|claim| claim.extension_oid().as_deref() == Some(oid.as_bytes()));
    named.map_or_else(|| oid.to_string(), Claim::to_string)
}
