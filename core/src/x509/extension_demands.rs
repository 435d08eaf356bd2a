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
    AllowsPurpose, HasKeyUsage, HasPurpose, IsAuthority, IsNoAuthority, NoExplicitPolicy, Nothing,
    WellFormed, WellFormedIfCritical,
};
use Criticality::{Either, NotCritical};
use ExtensionKind::{
    BasicConstraints, CertificatePolicies, ExtendedKeyUsage, InhibitAnyPolicy, KeyUsage, NameConstraints,
    Other, PolicyConstraints, PolicyMappings, SubjectAltName,
};
use Presence::{MayBe, MustBe};
use der::{Reader, SliceReader};

/// 1.3.6.1.5.5.7.3.3, `id-kp-codeSigning`.
pub(crate) const CODE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
/// 2.5.29.37.0, `anyExtendedKeyUsage`.
const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25, 0x00];

/// Rule 3: a signer's own certificate. Its identity, the subject alternative name, is read with its claims.
pub(crate) const LEAF: [Demand; 10] = [
    demand(BasicConstraints, MayBe, Either, IsNoAuthority),
    demand(KeyUsage, MustBe, Either, HasKeyUsage(DIGITAL_SIGNATURE)),
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
    demand(KeyUsage, MustBe, Either, HasKeyUsage(KEY_CERT_SIGN)),
    demand(ExtendedKeyUsage, MayBe, Either, AllowsPurpose),
    demand(SubjectAltName, MayBe, Either, WellFormed(read_names)),
    demand(CertificatePolicies, MayBe, Either, WellFormedIfCritical(read_policies)),
    demand(PolicyMappings, MayBe, Either, WellFormedIfCritical(read_mappings)),
    demand(InhibitAnyPolicy, MayBe, Either, WellFormedIfCritical(read_skip_certs)),
    demand(PolicyConstraints, MayBe, Either, NoExplicitPolicy),
    demand(Other, MayBe, NotCritical, Nothing),
    demand(NameConstraints, MayBe, Either, Nothing),
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
    HasKeyUsage(KeyUsageBit),
    /// The purpose that is asked for; anyExtendedKeyUsage will not do.
    HasPurpose,
    /// The purpose that is asked for, or any.
    AllowsPurpose,
    NoExplicitPolicy,
}

/// A bit of a `KeyUsage` (RFC 5280, section 4.2.1.3).
#[derive(Clone, Copy)]
struct KeyUsageBit {
    position: usize,
    name: &'static str,
}

const DIGITAL_SIGNATURE: KeyUsageBit = KeyUsageBit { position: 0, name: "digitalSignature" };
const KEY_CERT_SIGN: KeyUsageBit = KeyUsageBit { position: 5, name: "keyCertSign" };

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
            NotCritical | Either => {}
        }
        match self.check.is_met(&found, purpose) {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.unmet(purpose)),
            Err(_) => Err(CertificateFault::MalformedExtension(self.extension.name())),
        }
    }

    /// What is wrong with a certificate that does not say what it must.
    fn unmet(&self, _purpose: &[u8]) -> CertificateFault {
        match self.check {
            Nothing | WellFormed(_) | WellFormedIfCritical(_) => {
                CertificateFault::MalformedExtension(self.extension.name())
            }
            IsAuthority => CertificateFault::NotAnAuthority,
            IsNoAuthority => CertificateFault::IsAnAuthority,
            HasKeyUsage(bit) => CertificateFault::MissingKeyUsage(bit.name),
            HasPurpose | AllowsPurpose => CertificateFault::NotForCodeSigning,
            NoExplicitPolicy => CertificateFault::RequiresExplicitPolicy,
        }
    }
}

impl Check {
    fn is_met(self, found: &Extension<'_>, purpose: &[u8]) -> Result<bool, Fault> {
        let value = found.value;
        match self {
            Nothing => Ok(true),
            WellFormedIfCritical(_) if !found.critical => Ok(true),
            WellFormed(read) | WellFormedIfCritical(read) => read(value).map(|()| true),
            IsAuthority => read_basic_constraints(value).map(|constraints| constraints.is_authority),
            IsNoAuthority => read_basic_constraints(value).map(|constraints| !constraints.is_authority),
            HasKeyUsage(bit) => read_named_bits(value).map(|bits| bits.get(bit.position) == Some(true)),
            HasPurpose => has_purpose(value, |found| found == purpose),
            AllowsPurpose => has_purpose(value, |found| found == purpose || found == ANY_EXTENDED_KEY_USAGE),
            NoExplicitPolicy => requires_explicit_policy(value).map(|is_required| !is_required),
        }
    }
}

/// Whether one of the purposes of an extended key usage is so.
fn has_purpose(value: &[u8], is_so: impl Fn(&[u8]) -> bool) -> Result<bool, Fault> {
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
