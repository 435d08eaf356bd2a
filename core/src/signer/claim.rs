//! The facts about a signer that a certificate carries, and their names.

use crate::limits::MAX_CLAIM_NAME_BYTES;
use crate::malformed::MalformedInput;
use crate::text::quoting::{Excerpt, Quoted};
use crate::x509::claim_arc::{ARC, Encoding, LAST_OF_ARC, encoding_in_arc, number_in_arc};
use crate::x509::extensions::{self, Extension};
use crate::x509::oid;
use crate::x509::strict_der::text_of_der_utf8_string;
use alloc::format;
use alloc::string::{String, ToString};
use const_oid::db::rfc5280;
use core::fmt;
use core::str::FromStr;

/// 2.5.29: the standard extensions of RFC 5280.
const STANDARD_EXTENSIONS: &[u8] = rfc5280::ID_CE.as_bytes();
/// 1.3.6.1.5.5.7.1: the others, authority and subject information access.
const PRIVATE_EXTENSIONS: &[u8] = rfc5280::ID_PE.as_bytes();

macro_rules! claims {
    ($($variant:ident $name:literal $label:literal $number:literal $doc:literal;)*) => {
        /// One fact about the signer, carried by the certificate.
        ///
        /// The names are those of the JSON formats; a custom claim's name is its extension's dotted OID.
        ///
        /// | claim | where the certificate has it |
        /// |---|---|
        /// | `certificate_identity` | the one subject alternative name |
        /// | `certificate_oidc_issuer` | 1.3.6.1.4.1.57264.1.8, else 1.3.6.1.4.1.57264.1.1 (raw) |
        /// | `build_config_name` | 1.3.6.1.4.1.57264.1.4 (raw) |
        /// | `build_signer_uri` | 1.3.6.1.4.1.57264.1.9 |
        /// | `build_signer_digest` | 1.3.6.1.4.1.57264.1.10 |
        /// | `runner_environment` | 1.3.6.1.4.1.57264.1.11 |
        /// | `source_repository` | 1.3.6.1.4.1.57264.1.12 |
        /// | `source_repository_digest` | 1.3.6.1.4.1.57264.1.13 |
        /// | `source_repository_ref` | 1.3.6.1.4.1.57264.1.14 |
        /// | `source_repository_identifier` | 1.3.6.1.4.1.57264.1.15 |
        /// | `source_repository_owner` | 1.3.6.1.4.1.57264.1.16 |
        /// | `source_repository_owner_identifier` | 1.3.6.1.4.1.57264.1.17 |
        /// | `build_config_uri` | 1.3.6.1.4.1.57264.1.18 |
        /// | `build_config_digest` | 1.3.6.1.4.1.57264.1.19 |
        /// | `build_trigger` | 1.3.6.1.4.1.57264.1.20 |
        /// | `run_invocation_uri` | 1.3.6.1.4.1.57264.1.21 |
        /// | `source_repository_visibility` | 1.3.6.1.4.1.57264.1.22 |
        /// | `deployment_environment` | 1.3.6.1.4.1.57264.1.23 |
        /// | `token_subject` | 1.3.6.1.4.1.57264.1.24 |
        ///
        /// Where it says raw, the extension holds the UTF-8 text itself, and else a DER `UTF8String`.
        ///
        /// ```
        /// use countermark::Claim;
        ///
        /// assert_eq!("source_repository_ref".parse(), Ok(Claim::SourceRepositoryRef));
        /// assert_eq!("1.3.6.1.4.1.55555.1".parse::<Claim>()?.to_string(), "1.3.6.1.4.1.55555.1");
        /// assert!("source_repositoryref".parse::<Claim>().is_err());
        /// # Ok::<(), countermark::MalformedInput>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Claim {
            /// Who signed: the certificate's one subject alternative name, a URI, an e-mail address, or an
            /// otherName 1.3.6.1.4.1.57264.1.7.
            CertificateIdentity,
            /// The identity provider whose token the signer showed: extension .8, else .1 (raw).
            CertificateOidcIssuer,
            $(#[doc = $doc] $variant,)*
            /// A claim that the table has no name for, by its extension's OID.
            Custom(CustomClaim),
        }

        impl Claim {
            /// Every claim that has a name, in the order in which reports list them.
            pub const NAMED: &'static [Self] =
                &[Self::CertificateIdentity, Self::CertificateOidcIssuer, $(Self::$variant),*];

            /// The claim's name, if it is not a custom one.
            #[must_use]
            pub const fn known_name(&self) -> Option<&'static str> {
                match self {
                    Self::CertificateIdentity => Some("certificate_identity"),
                    Self::CertificateOidcIssuer => Some("certificate_oidc_issuer"),
                    $(Self::$variant => Some($name),)*
                    Self::Custom(_) => None,
                }
            }

            /// The claim's name for people: `source repository ref`.
            #[must_use]
            pub fn label(&self) -> String {
                match self {
                    Self::CertificateIdentity => "certificate identity".into(),
                    Self::CertificateOidcIssuer => "certificate OIDC issuer".into(),
                    $(Self::$variant => $label.into(),)*
                    Self::Custom(custom) => format!("custom claim {custom}"),
                }
            }

            /// The number of the claim's extension below the arc, for the claims that have just one.
            const fn number(&self) -> Option<u8> {
                match self {
                    $(Self::$variant => Some($number),)*
                    _ => None,
                }
            }
        }
    };
}

claims! {
    BuildConfigName "build_config_name" "build config name" 4 "The workflow's name; extension .4 (raw).";
    BuildSignerUri "build_signer_uri" "build signer URI" 9 "The build instructions that signed; extension .9.";
    BuildSignerDigest "build_signer_digest" "build signer digest" 10 "Their version; extension .10.";
    RunnerEnvironment "runner_environment" "runner environment" 11 "Hosted by the platform or by its user; extension .11.";
    SourceRepository "source_repository" "source repository" 12 "The repository that was built; extension .12.";
    SourceRepositoryDigest "source_repository_digest" "source repository digest" 13 "The commit that was built; extension .13.";
    SourceRepositoryRef "source_repository_ref" "source repository ref" 14 "The branch or tag that was built; extension .14.";
    SourceRepositoryIdentifier "source_repository_identifier" "source repository identifier" 15 "The repository's immutable identifier; extension .15.";
    SourceRepositoryOwner "source_repository_owner" "source repository owner" 16 "The repository's owner; extension .16.";
    SourceRepositoryOwnerIdentifier "source_repository_owner_identifier" "source repository owner identifier" 17 "The owner's immutable identifier; extension .17.";
    BuildConfigUri "build_config_uri" "build config URI" 18 "The top-level build instructions; extension .18.";
    BuildConfigDigest "build_config_digest" "build config digest" 19 "Their version; extension .19.";
    BuildTrigger "build_trigger" "build trigger" 20 "The event that started the build; extension .20.";
    RunInvocationUri "run_invocation_uri" "run invocation URI" 21 "The run of the build; extension .21.";
    SourceRepositoryVisibility "source_repository_visibility" "source repository visibility" 22 "Whether the repository was public at the time; extension .22.";
    DeploymentEnvironment "deployment_environment" "deployment environment" 23 "The environment that the build deployed to; extension .23.";
    TokenSubject "token_subject" "token subject" 24 "The `sub` claim of the identity token; extension .24.";
}

/// The OID of a custom claim.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomClaim {
    length: u8,
    /// The DER content, filled up with zeros.
    bytes: [u8; Self::MAX_BYTES],
}

impl CustomClaim {
    /// The longest OID of a custom claim, as DER content.
    const MAX_BYTES: usize = 63;

    fn from_der(der: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX_BYTES];
        bytes.get_mut(..der.len())?.copy_from_slice(der);
        Some(Self { length: u8::try_from(der.len()).ok()?, bytes })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl fmt::Display for CustomClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&oid::to_dotted(self.as_bytes()))
    }
}

impl fmt::Debug for CustomClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomClaim({self})")
    }
}

impl Claim {
    /// The DER content of the OID of the extension that a signer writes for this claim; `None` for
    /// [`Claim::CertificateIdentity`], which is no extension.
    #[must_use]
    pub fn extension_oid(&self) -> Option<alloc::vec::Vec<u8>> {
        let number = match self {
            Self::CertificateIdentity => return None,
            Self::CertificateOidcIssuer => 8,
            Self::Custom(custom) => return Some(custom.as_bytes().to_vec()),
            named => named.number()?,
        };
        Some([ARC, &[number]].concat())
    }

    /// Whether that extension holds the text itself, as .1 to .6 of the arc do, and not a DER `UTF8String`.
    #[must_use]
    pub fn is_raw_extension(&self) -> bool {
        let number = self.extension_oid().as_deref().and_then(number_in_arc);
        number.and_then(encoding_in_arc) == Some(Encoding::Raw)
    }
}

impl FromStr for Claim {
    type Err = MalformedInput;

    /// # Errors
    ///
    /// [`MalformedInput::Policy`] if the text is neither a claim's name nor a dotted OID (of at most 63 bytes
    /// in DER), or if it is the OID of a claim that has a name, or under one of the arcs of RFC 5280's
    /// extensions (2.5.29, 1.3.6.1.5.5.7.1): one fact, one name.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        if let Some(claim) = Self::NAMED.iter().find(|claim| claim.known_name() == Some(name)) {
            return Ok(*claim);
        }
        if name.len() > MAX_CLAIM_NAME_BYTES {
            return Err(MalformedInput::policy("a claim name is too long"));
        }
        let der = oid::from_dotted(name);
        let (Some(bytes), Some(custom)) = (der.as_deref(), der.as_deref().and_then(CustomClaim::from_der))
        else {
            return Err(MalformedInput::policy(format!(
                "unknown claim {}; use a claim's name such as source_repository_ref, or a dotted OID",
                Excerpt(name)
            )));
        };
        let named = number_in_arc(bytes).and_then(|number| match number {
            1 | 8 => Some(Self::CertificateOidcIssuer),
            _ => Self::NAMED.iter().find(|claim| claim.number() == Some(number)).copied(),
        });
        if let Some(claim) = named {
            return Err(MalformedInput::policy(format!(
                "the claim {name} has a name; write {} instead",
                claim.known_name().unwrap_or_default()
            )));
        }
        if bytes.starts_with(STANDARD_EXTENSIONS) || bytes.starts_with(PRIVATE_EXTENSIONS) {
            return Err(MalformedInput::policy(format!(
                "{name} is a standard certificate extension, not a claim"
            )));
        }
        Ok(Self::Custom(custom))
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.known_name(), self) {
            (Some(name), _) => f.pad(name),
            (None, Self::Custom(custom)) => custom.fmt(f),
            (None, _) => Ok(()),
        }
    }
}

/// The claims of a readable certificate, borrowed from its bytes.
///
/// Only the verifier and [`Claims::of_certificate`] make one, so that every text in it was certified by the
/// certificate that it came from; whether that certificate is to be believed is another question.
#[derive(Clone, Copy)]
pub struct Claims<'a> {
    /// The extensions, one after the other. No table of claims: a result of a hundred thousand holds as many of
    /// these.
    extensions: &'a [u8],
    identity: Option<&'a str>,
}

impl<'a> Claims<'a> {
    pub(crate) const NONE: Self = Self::new(&[], None);

    pub(crate) const fn new(extensions: &'a [u8], identity: Option<&'a str>) -> Self {
        Self { extensions, identity }
    }

    /// The value of a claim, if the certificate carries it.
    #[must_use]
    pub fn get(&self, claim: &Claim) -> Option<&'a str> {
        match claim {
            Claim::CertificateIdentity => self.identity,
            Claim::Custom(custom) => self.custom(custom),
            named => self.of_arc().get(named),
        }
    }

    /// Every named claim that the certificate carries, in the order of [`Claim::NAMED`].
    pub fn iter(&self) -> impl Iterator<Item = (Claim, &'a str)> + use<'a> {
        let (identity, of_arc) = (self.identity, self.of_arc());
        Claim::NAMED.iter().filter_map(move |claim| {
            let value = match claim {
                Claim::CertificateIdentity => identity,
                named => of_arc.get(named),
            };
            Some((*claim, value?))
        })
    }

    fn of_arc(&self) -> ClaimsOfArc<'a> {
        let mut claims = ClaimsOfArc::default();
        extensions::iter(self.extensions).for_each(|extension| claims.read(&extension));
        claims
    }

    /// A custom claim whose extension holds no text of the right kind is absent.
    pub(crate) fn custom(&self, claim: &CustomClaim) -> Option<&'a str> {
        let oid = claim.as_bytes();
        let value = extensions::iter(self.extensions).find(|extension| extension.oid == oid)?.value;
        match number_in_arc(oid).and_then(encoding_in_arc) {
            Some(Encoding::Raw) => core::str::from_utf8(value).ok(),
            _ => text_of_der_utf8_string(value),
        }
    }
}

impl fmt::Debug for Claims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(claim, value)| (claim.to_string(), value))).finish()
    }
}

impl serde_core::Serialize for Claims<'_> {
    fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_map(self.iter().map(|(claim, value)| (claim.known_name().unwrap_or_default(), value)))
    }
}

/// The claims of the arc that a certificate carries, by their numbers.
#[derive(Clone, Copy, Default)]
pub(crate) struct ClaimsOfArc<'a> {
    texts: [Option<&'a str>; TEXTS],
    /// The number of the first that is in the wrong encoding.
    wrongly_encoded: Option<u8>,
}

/// One place for every number from zero on, so that a number is a place.
const TEXTS: usize = 25;
const _: () = assert!(LAST_OF_ARC == 24 && TEXTS == 25);

impl<'a> ClaimsOfArc<'a> {
    /// Takes in an extension, if it is a claim of the arc.
    pub(crate) fn read(&mut self, extension: &Extension<'a>) {
        let Some(number) = number_in_arc(extension.oid) else { return };
        let text = match encoding_in_arc(number) {
            Some(Encoding::Raw) => core::str::from_utf8(extension.value).ok(),
            Some(Encoding::Der) => text_of_der_utf8_string(extension.value),
            None => return,
        };
        if let (Some(_), Some(place)) = (text, self.texts.get_mut(usize::from(number))) {
            *place = text;
        } else {
            self.wrongly_encoded = self.wrongly_encoded.or(Some(number));
        }
    }

    /// The value of a claim that is an extension of the arc.
    pub(crate) fn get(&self, claim: &Claim) -> Option<&'a str> {
        match claim {
            Claim::CertificateOidcIssuer => self.text(8).or_else(|| self.text(1)),
            named => self.text(named.number()?),
        }
    }

    fn text(&self, number: u8) -> Option<&'a str> {
        self.texts.get(usize::from(number)).copied().flatten()
    }

    /// What section 4 asks of a certificate's claims: each in its encoding, and the two issuers equal.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(number) = self.wrongly_encoded {
            return Err(format!("its claim extension 1.3.6.1.4.1.57264.1.{number} is wrongly encoded"));
        }
        match (self.text(1), self.text(8)) {
            (Some(raw), Some(der)) if raw != der => {
                Err(format!("it names two OIDC issuers, {} and {}", Quoted(raw), Quoted(der)))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn every_name_is_parsed_as_it_prints() {
        for claim in Claim::NAMED {
            assert_eq!(claim.to_string().parse(), Ok(*claim));
        }
        assert_eq!(Claim::NAMED.len(), 19);
    }

    #[test]
    fn one_fact_has_one_name() {
        let arc = "1.3.6.1.4.1.57264.1";
        for number in [1, 4, 8].into_iter().chain(9..=24) {
            let refused = format!("{arc}.{number}").parse::<Claim>().unwrap_err().to_string();
            assert!(refused.contains("has a name"), "{refused}");
        }
        for number in [2, 3, 5, 6, 7, 25, 127, 128, 1000] {
            assert!(matches!(format!("{arc}.{number}").parse(), Ok(Claim::Custom(_))), "{number}");
        }
        assert!(matches!(format!("{arc}.8.1").parse(), Ok(Claim::Custom(_))));
    }

    #[test]
    fn what_is_no_claim_is_refused() {
        for name in [
            "",
            "ref",
            "Source_Repository",
            " source_repository",
            "certificate_identity ",
            "1",
            "1.",
            ".1",
            "1..2",
            "1.3.06",
            "3.1",
            "1.40",
            "01.3",
            "2.5.29.17",
            "2.5.29.37",
            "2.5.29.99",
            "1.3.6.1.5.5.7.1.1",
            "1.3.6.1.5.5.7.1.11",
        ] {
            assert!(name.parse::<Claim>().is_err(), "{name}");
        }
        assert!("1.".repeat(100_000).parse::<Claim>().is_err());
    }

    #[test]
    fn the_oid_that_a_signer_writes() {
        assert_eq!(Claim::CertificateIdentity.extension_oid(), None);
        assert_eq!(Claim::CertificateOidcIssuer.extension_oid().unwrap(), [ARC, &[8]].concat());
        assert_eq!(Claim::BuildConfigName.extension_oid().unwrap(), [ARC, &[4]].concat());
        let custom: Claim = "1.3.6.1.4.1.57264.1.25".parse().unwrap();
        assert_eq!(custom.extension_oid().unwrap(), [ARC, &[25]].concat());
    }

    #[test]
    fn the_extensions_that_hold_the_text_itself() {
        let raw: Vec<Claim> = Claim::NAMED.iter().filter(|claim| claim.is_raw_extension()).copied().collect();
        assert_eq!(raw, [Claim::BuildConfigName]);
        for (number, is_raw) in [(2, true), (3, true), (5, true), (6, true), (7, false), (25, false)] {
            let custom: Claim = format!("1.3.6.1.4.1.57264.1.{number}").parse().unwrap();
            assert_eq!(custom.is_raw_extension(), is_raw, "{number}");
        }
    }
}
