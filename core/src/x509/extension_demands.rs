//! What rules 3 and 4 demand of a certificate's extensions (RFC 5280, section 4.2): a table for each kind of certificate,
//! and what reads it.
//!
//! The rows of a table are asked in their order, and the first that is not met is the fault. What depends on the path, the
//! path length and the names that are allowed below an authority, is the chain's to ask.

use crate::x509::certificate_policies::{
    read_mappings, read_policies, read_skip_certs, requires_explicit_policy,
};
use crate::x509::extensions::{Extension, ExtensionKind, Extensions, read_basic_constraints};
use crate::x509::fault::CertificateFault;
use crate::x509::general_name::SubjectNames;
use crate::x509::oid;
use crate::x509::strict_der::{Fault, read_named_bits, read_oid, sequence_content};
use Check::{
    AllowsPurpose, HasKeyUsage, HasPurpose, HasPurposeAlone, IsAuthority, IsNoAuthority, NoExplicitPolicy,
    Nothing, WellFormed, WellFormedIfCritical,
};
use Criticality::{Critical, Either, NotCritical};
use ExtensionKind::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage, InhibitAnyPolicy, KeyUsage, NameConstraints,
    Other, PolicyConstraints, PolicyMappings, SubjectAltName,
};
use Presence::{MayBe, MustBe};
use const_oid::db::rfc5280;
use der::{Reader, SliceReader};

pub(crate) const CODE_SIGNING: &[u8] = rfc5280::ID_KP_CODE_SIGNING.as_bytes();
pub(crate) const TIME_STAMPING: &[u8] = rfc5280::ID_KP_TIME_STAMPING.as_bytes();
const ANY_EXTENDED_KEY_USAGE: &[u8] = rfc5280::ANY_EXTENDED_KEY_USAGE.as_bytes();

/// Rule 3: a signer's own certificate. Its identity, the subject alternative name, is read with its claims.
pub(crate) const LEAF: [Demand; 10] = [
    demand(BasicConstraints, MayBe, Either, IsNoAuthority),
    demand(KeyUsage, MustBe, Either, HasKeyUsage(&DIGITAL_SIGNATURE)),
    demand(ExtendedKeyUsage, MustBe, Either, HasPurpose),
    demand(SubjectAltName, MayBe, Either, Nothing),
    demand(CertificatePolicies, MayBe, Either, WellFormedIfCritical(read_policies)),
    demand(PolicyMappings, MayBe, Either, WellFormedIfCritical(read_mappings)),
    demand(InhibitAnyPolicy, MayBe, Either, WellFormedIfCritical(read_skip_certs)),
    demand(PolicyConstraints, MayBe, Either, NoExplicitPolicy),
    demand(Other, MayBe, NotCritical, Nothing),
    demand(NameConstraints, MayBe, NotCritical, Nothing),
];

/// Rule 4: an authority's, an anchor's included. That its names can be read is asked whether or not name constraints above
/// it ask for them.
pub(crate) const AUTHORITY: [Demand; 10] = [
    demand(BasicConstraints, MustBe, Either, IsAuthority),
    demand(KeyUsage, MustBe, Either, HasKeyUsage(&KEY_CERT_SIGN)),
    demand(ExtendedKeyUsage, MayBe, Either, AllowsPurpose),
    demand(SubjectAltName, MayBe, Either, WellFormed(read_names)),
    demand(CertificatePolicies, MayBe, Either, WellFormedIfCritical(read_policies)),
    demand(PolicyMappings, MayBe, Either, WellFormedIfCritical(read_mappings)),
    demand(InhibitAnyPolicy, MayBe, Either, WellFormedIfCritical(read_skip_certs)),
    demand(PolicyConstraints, MayBe, Either, NoExplicitPolicy),
    demand(Other, MayBe, NotCritical, Nothing),
    demand(NameConstraints, MayBe, Either, Nothing),
];

/// A timestamp authority's own certificate (RFC 3161, section 2.3): for nothing but timestamping, critically, so that who
/// does not read that will not use it for anything. A key usage, where there is one, must go with that (RFC 5280, section 4.2.1.12).
pub(crate) const TIMESTAMP_SIGNER: [Demand; 10] = [
    demand(BasicConstraints, MayBe, Either, IsNoAuthority),
    demand(KeyUsage, MayBe, Either, HasKeyUsage(&ANY_SIGNATURE)),
    demand(ExtendedKeyUsage, MustBe, Critical, HasPurposeAlone),
    demand(SubjectAltName, MayBe, Either, Nothing),
    demand(CertificatePolicies, MayBe, Either, WellFormedIfCritical(read_policies)),
    demand(PolicyMappings, MayBe, Either, WellFormedIfCritical(read_mappings)),
    demand(InhibitAnyPolicy, MayBe, Either, WellFormedIfCritical(read_skip_certs)),
    demand(PolicyConstraints, MayBe, Either, NoExplicitPolicy),
    demand(Other, MayBe, NotCritical, Nothing),
    demand(NameConstraints, MayBe, NotCritical, Nothing),
];

/// What is demanded of one extension.
#[derive(Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) extension: ExtensionKind,
    presence: Presence,
    criticality: Criticality,
    check: Check,
}

const fn demand(
    extension: ExtensionKind,
    presence: Presence,
    criticality: Criticality,
    check: Check,
) -> Demand {
    Demand { extension, presence, criticality, check }
}

/// Whether a certificate has it.
#[derive(Clone, Copy)]
enum Presence {
    MayBe,
    MustBe,
}

/// Whether it is critical, where it is there: to stop those who do not process it.
#[derive(Clone, Copy)]
enum Criticality {
    NotCritical,
    Either,
    Critical,
}

/// What it says, where it is there.
#[derive(Clone, Copy)]
enum Check {
    /// Whatever it says, it is not read here.
    Nothing,
    WellFormed(fn(&[u8]) -> Result<(), Fault>),
    /// The same, where it is critical; elsewhere it is not read.
    WellFormedIfCritical(fn(&[u8]) -> Result<(), Fault>),
    IsAuthority,
    IsNoAuthority,
    HasKeyUsage(&'static KeyUsageBits),
    /// The purpose that is asked for; anyExtendedKeyUsage will not do.
    HasPurpose,
    /// The purpose that is asked for, and no other.
    HasPurposeAlone,
    /// The purpose that is asked for, or any.
    AllowsPurpose,
    NoExplicitPolicy,
}

/// Bits of a `KeyUsage` of which one is enough (RFC 5280, section 4.2.1.3).
struct KeyUsageBits {
    positions: &'static [usize],
    name: &'static str,
}

const DIGITAL_SIGNATURE: KeyUsageBits = KeyUsageBits { positions: &[0], name: "digitalSignature" };
const ANY_SIGNATURE: KeyUsageBits =
    KeyUsageBits { positions: &[0, 1], name: "digitalSignature or nonRepudiation" };
const KEY_CERT_SIGN: KeyUsageBits = KeyUsageBits { positions: &[5], name: "keyCertSign" };

/// Refuses extensions that do not meet a table's demands, for a purpose. Where none is asked for, what the extended key
/// usage says does not matter.
pub(crate) fn check<'d>(
    extensions: &Extensions<'_>,
    demands: impl IntoIterator<Item = &'d Demand>,
    purpose: Option<&[u8]>,
) -> Result<(), CertificateFault> {
    for demand in demands {
        match (demand.extension, purpose) {
            (ExtendedKeyUsage, None) => {}
            _ => demand.check(extensions.get(demand.extension), purpose.unwrap_or_default())?,
        }
    }
    Ok(())
}

impl Demand {
    fn check(&self, found: Option<Extension<'_>>, purpose: &[u8]) -> Result<(), CertificateFault> {
        let Some(found) = found else {
            return match self.presence {
                MayBe => Ok(()),
                MustBe => Err(self.unmet(purpose)),
            };
        };
        match self.criticality {
            NotCritical if found.critical => {
                return Err(CertificateFault::UnknownCriticalExtension(oid::to_dotted(found.oid)));
            }
            Critical if !found.critical => return Err(self.unmet(purpose)),
            NotCritical | Either | Critical => {}
        }
        match self.check.is_met(&found, purpose) {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.unmet(purpose)),
            Err(_) => Err(CertificateFault::MalformedExtension(self.extension.name())),
        }
    }

    /// What is wrong with a certificate that does not say what it must.
    fn unmet(&self, purpose: &[u8]) -> CertificateFault {
        match self.check {
            Nothing | WellFormed(_) | WellFormedIfCritical(_) => {
                CertificateFault::MalformedExtension(self.extension.name())
            }
            IsAuthority => CertificateFault::NotAnAuthority,
            IsNoAuthority => CertificateFault::IsAnAuthority,
            HasKeyUsage(bits) => CertificateFault::MissingKeyUsage(bits.name),
            HasPurposeAlone => CertificateFault::NotForTimestampingAlone,
            HasPurpose | AllowsPurpose if purpose == TIME_STAMPING => CertificateFault::NotForTimestamping,
            HasPurpose | AllowsPurpose => CertificateFault::NotForCodeSigning,
            NoExplicitPolicy => CertificateFault::RequiresExplicitPolicy,
        }
    }
}

impl Check {
    fn is_met(self, found: &Extension<'_>, purpose: &[u8]) -> Result<bool, Fault> {
        let value = found.value;
        match self {
            Self::Nothing => Ok(true),
            Self::WellFormedIfCritical(_) if !found.critical => Ok(true),
            Self::WellFormed(read) | Self::WellFormedIfCritical(read) => read(value).map(|()| true),
            Self::IsAuthority => read_basic_constraints(value).map(|constraints| constraints.is_authority),
            Self::IsNoAuthority => read_basic_constraints(value).map(|constraints| !constraints.is_authority),
            Self::HasKeyUsage(wanted) => {
                let bits = read_named_bits(value)?;
                Ok(wanted.positions.iter().any(|position| bits.get(*position) == Some(true)))
            }
            Self::HasPurpose => has_purpose(value, |found| found == purpose),
            Self::HasPurposeAlone => {
                let mut count = 0_usize;
                let has_it = has_purpose(value, |found| {
                    count = count.saturating_add(1);
                    found == purpose
                })?;
                Ok(has_it && count == 1)
            }
            Self::AllowsPurpose => {
                has_purpose(value, |found| found == purpose || found == ANY_EXTENDED_KEY_USAGE)
            }
            Self::NoExplicitPolicy => requires_explicit_policy(value).map(|is_required| !is_required),
        }
    }
}

/// Whether one of the purposes of an extended key usage is so.
fn has_purpose(value: &[u8], mut is_so: impl FnMut(&[u8]) -> bool) -> Result<bool, Fault> {
    let mut reader = SliceReader::new(sequence_content(value)?)?;
    if reader.is_finished() {
        return Err(Fault::new("the extended key usage is empty"));
    }
    let mut found = false;
    while !reader.is_finished() {
        found |= is_so(read_oid(&mut reader)?);
    }
    Ok(found)
}

fn read_names(value: &[u8]) -> Result<(), Fault> {
    SubjectNames::read(value).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x509::extensions::read_extensions;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    const CRITICAL: bool = true;
    const NOT_CRITICAL: bool = false;

    /// An extension of RFC 5280 below 2.5.29, or another.
    fn extension(number: u8, critical: bool, value: &[u8]) -> Vec<u8> {
        let critical: &[u8] = if critical { &[0x01, 0x01, 0xFF] } else { &[] };
        tlv(0x30, &[&[0x06, 0x03, 0x55, 0x1D, number], critical, &tlv(0x04, value)].concat())
    }

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    }

    fn basic_constraints(is_authority: bool) -> Vec<u8> {
        extension(19, CRITICAL, &tlv(0x30, if is_authority { &[0x01, 0x01, 0xFF] } else { &[] }))
    }

    /// One bit of a key usage, of the first eight.
    fn key_usage(position: u8) -> Vec<u8> {
        extension(15, CRITICAL, &[0x03, 0x02, 7 - position, 0x80 >> position])
    }

    fn extended_key_usage(critical: bool, purposes: &[&[u8]]) -> Vec<u8> {
        let purposes: Vec<Vec<u8>> = purposes.iter().map(|purpose| tlv(0x06, purpose)).collect();
        extension(37, critical, &tlv(0x30, &purposes.concat()))
    }

    /// The fault of these extensions; empty for none.
    fn fault(demands: &[Demand], purpose: Option<&[u8]>, extensions: &[Vec<u8>]) -> String {
        let der = tlv(0xA3, &tlv(0x30, &extensions.concat()));
        let extensions = read_extensions(&mut SliceReader::new(&der).unwrap(), &mut |_| {}).unwrap();
        check(&extensions, demands, purpose).err().map_or_else(String::new, |fault| fault.to_string())
    }

    fn fault_of_timestamp_signer(extensions: &[Vec<u8>]) -> String {
        fault(&TIMESTAMP_SIGNER, Some(TIME_STAMPING), extensions)
    }

    #[test]
    fn a_timestamp_signer_is_for_timestamping_alone_and_says_so_critically() {
        const FAULT: &str = "is not for timestamping alone by a critical extended key usage";
        let alone = extended_key_usage(CRITICAL, &[TIME_STAMPING]);
        assert_eq!(fault_of_timestamp_signer(&[alone]), "");
        assert_eq!(fault_of_timestamp_signer(&[key_usage(0)]), FAULT);
        for (critical, purposes) in [
            (NOT_CRITICAL, &[TIME_STAMPING][..]),
            (CRITICAL, &[CODE_SIGNING]),
            (CRITICAL, &[ANY_EXTENDED_KEY_USAGE]),
            (CRITICAL, &[TIME_STAMPING, CODE_SIGNING]),
            (CRITICAL, &[TIME_STAMPING, TIME_STAMPING]),
            (CRITICAL, &[TIME_STAMPING, ANY_EXTENDED_KEY_USAGE]),
            (CRITICAL, &[&[0x2A, 0x03], TIME_STAMPING]),
        ] {
            let usage = extended_key_usage(critical, purposes);
            assert_eq!(fault_of_timestamp_signer(&[usage]), FAULT, "{purposes:?}");
        }
        let empty = extended_key_usage(CRITICAL, &[]);
        assert_eq!(fault_of_timestamp_signer(&[empty]), "has a malformed extendedKeyUsage extension");
    }

    #[test]
    fn a_timestamp_signer_is_no_authority_and_its_key_usage_goes_with_signing() {
        let purpose = || extended_key_usage(CRITICAL, &[TIME_STAMPING]);
        assert_eq!(fault_of_timestamp_signer(&[basic_constraints(false), purpose()]), "");
        assert_eq!(
            fault_of_timestamp_signer(&[basic_constraints(true), purpose()]),
            "is a certificate authority"
        );
        for signing in [0, 1] {
            assert_eq!(fault_of_timestamp_signer(&[key_usage(signing), purpose()]), "");
        }
        for other in [2, 5] {
            assert_eq!(
                fault_of_timestamp_signer(&[key_usage(other), purpose()]),
                "lacks the key usage digitalSignature or nonRepudiation"
            );
        }
    }

    #[test]
    fn an_authority_for_timestamping_allows_it_or_does_not_say() {
        let fault = |usage: &[Vec<u8>]| {
            let form = [basic_constraints(true), key_usage(5)];
            fault(&AUTHORITY, Some(TIME_STAMPING), &[&form[..], usage].concat())
        };
        assert_eq!(fault(&[]), "");
        for allowed in [&[TIME_STAMPING][..], &[CODE_SIGNING, TIME_STAMPING], &[ANY_EXTENDED_KEY_USAGE]] {
            assert_eq!(fault(&[extended_key_usage(NOT_CRITICAL, allowed)]), "");
        }
        assert_eq!(
            fault(&[extended_key_usage(NOT_CRITICAL, &[CODE_SIGNING])]),
            "is not for timestamping by its extended key usage"
        );
    }

    #[test]
    fn what_no_purpose_is_asked_of_need_not_have_one() {
        assert_eq!(fault(&LEAF, None, &[key_usage(0)]), "");
        assert_eq!(
            fault(&LEAF, Some(CODE_SIGNING), &[key_usage(0)]),
            "is not for code signing by its extended key usage"
        );
    }

    #[test]
    fn only_an_authority_may_have_critical_name_constraints() {
        let constraints = |critical| extension(30, critical, &[0x30, 0x00]);
        let authority = [basic_constraints(true), key_usage(5)];
        let leaf = [key_usage(0), extended_key_usage(CRITICAL, &[CODE_SIGNING])];
        let timestamp_signer = [extended_key_usage(CRITICAL, &[TIME_STAMPING])];
        for (demands, purpose, others, refused) in [
            (&AUTHORITY, CODE_SIGNING, &authority[..], false),
            (&LEAF, CODE_SIGNING, &leaf, true),
            (&TIMESTAMP_SIGNER, TIME_STAMPING, &timestamp_signer, true),
        ] {
            let fault =
                |critical| fault(demands, Some(purpose), &[others, &[constraints(critical)]].concat());
            assert_eq!(fault(NOT_CRITICAL), "");
            let expected = "has the unknown critical extension 2.5.29.30 (nameConstraints)";
            assert_eq!(fault(CRITICAL), if refused { expected } else { "" });
        }
    }

    #[test]
    fn every_table_has_a_row_for_every_extension_and_only_names_the_first_fault() {
        for demands in [&LEAF, &AUTHORITY, &TIMESTAMP_SIGNER] {
            for (position, demand) in demands.iter().enumerate() {
                assert!(demands[..position].iter().all(|earlier| earlier.extension != demand.extension));
            }
        }
        let unknown = |number| extension(number, CRITICAL, &[0x05, 0x00]);
        let authority = [basic_constraints(true), unknown(99), unknown(98)];
        assert_eq!(fault(&AUTHORITY, Some(CODE_SIGNING), &authority), "lacks the key usage keyCertSign");
        let authority = [&authority[..], &[key_usage(5)]].concat();
        assert_eq!(
            fault(&AUTHORITY, Some(CODE_SIGNING), &authority),
            "has the unknown critical extension 2.5.29.99"
        );
    }
}
