//! The extensions of a certificate (RFC 5280, section 4.2). What one holds stays opaque until it is asked for.

use crate::limits::MAX_EXTENSIONS;
use crate::x509::certificate_policies::{
    CERTIFICATE_POLICIES, INHIBIT_ANY_POLICY, POLICY_CONSTRAINTS, POLICY_MAPPINGS, PolicyExtensions,
};
use crate::x509::claim_arc;
use crate::x509::fault::CertificateFault;
use crate::x509::general_name::SubjectNames;
use crate::x509::oid;
use crate::x509::strict_der::{
    Fault, read_boolean_default_false, read_named_bits, read_oid, sequence_content,
};
use alloc::format;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

const KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x0F];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1D, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x13];
const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1D, 0x1E];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25];

/// 1.3.6.1.5.5.7.3.3, `id-kp-codeSigning`.
pub(crate) const CODE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
/// 2.5.29.37.0, `anyExtendedKeyUsage`.
const ANY_EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1D, 0x25, 0x00];

/// Positions of bits in a `KeyUsage` (RFC 5280, section 4.2.1.3).
pub(crate) const DIGITAL_SIGNATURE: usize = 0;
pub(crate) const KEY_CERT_SIGN: usize = 5;

/// The extensions of a certificate, known to be well-formed and without duplicates. Those that a rule asks
/// for are found while they are read; no rule looks for one again.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extensions<'a> {
    /// All of them, one after the other.
    pub(crate) content: &'a [u8],
    pub(crate) known: KnownExtensions<&'a [u8]>,
}

/// The extensions that the rules ask for, as their values or as where these stand.
#[derive(Clone, Copy, Default)]
pub(crate) struct KnownExtensions<T> {
    basic_constraints: Option<T>,
    key_usage: Option<T>,
    extended_key_usage: Option<T>,
    subject_alternative_name: Option<T>,
    name_constraints: Option<T>,
    has_critical_name_constraints: bool,
    policies: PolicyExtensions<T>,
    /// The OID of the first critical extension that this library does not process.
    unknown_critical: Option<T>,
}

impl<T> KnownExtensions<T> {
    pub(crate) fn map<U>(&self, function: impl Fn(&T) -> U) -> KnownExtensions<U> {
        KnownExtensions {
            basic_constraints: self.basic_constraints.as_ref().map(&function),
            key_usage: self.key_usage.as_ref().map(&function),
            extended_key_usage: self.extended_key_usage.as_ref().map(&function),
            subject_alternative_name: self.subject_alternative_name.as_ref().map(&function),
            name_constraints: self.name_constraints.as_ref().map(&function),
            has_critical_name_constraints: self.has_critical_name_constraints,
            policies: self.policies.map(&function),
            unknown_critical: self.unknown_critical.as_ref().map(&function),
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) oid: &'a [u8],
    critical: bool,
    pub(crate) value: &'a [u8],
}

/// The extensions that [`Extensions::content`] holds, once more.
pub(crate) fn iter<'a>(content: &'a [u8]) -> impl Iterator<Item = Extension<'a>> + use<'a> {
    let mut reader = SliceReader::new(content).ok();
    core::iter::from_fn(move || {
        let reader = reader.as_mut().filter(|reader| !reader.is_finished())?;
        read_extension(reader).ok()
    })
}

impl<'a> Extensions<'a> {
    pub(crate) fn basic_constraints(&self) -> Result<BasicConstraints, CertificateFault> {
        let Some(value) = self.known.basic_constraints else {
            return Ok(BasicConstraints { is_authority: false, path_length: None });
        };
        read_basic_constraints(value).map_err(|_| CertificateFault::MalformedExtension("basicConstraints"))
    }

    /// Whether a bit of the key usage is set; `None` if there is no such extension.
    pub(crate) fn key_usage(&self, bit: usize) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.known.key_usage else { return Ok(None) };
        let bits = read_named_bits(value).map_err(|_| CertificateFault::MalformedExtension("keyUsage"))?;
        Ok(Some(bits.get(bit) == Some(true)))
    }

    /// Whether the extended key usage has this purpose or any purpose; `None` if there is no such extension.
    pub(crate) fn allows_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        Ok(match self.has_usage(usage)? {
            Some(false) => self.has_usage(ANY_EXTENDED_KEY_USAGE)?,
            found => found,
        })
    }

    pub(crate) fn has_usage(&self, usage: &[u8]) -> Result<Option<bool>, CertificateFault> {
        let Some(value) = self.known.extended_key_usage else { return Ok(None) };
        has_purpose(value, usage)
            .map(Some)
            .map_err(|_| CertificateFault::MalformedExtension("extendedKeyUsage"))
    }

    /// The content of the name constraints, if there are any.
    pub(crate) const fn name_constraints(&self) -> Option<&'a [u8]> {
        self.known.name_constraints
    }

    /// Whether there is a subjectAltName extension.
    pub(crate) const fn has_subject_names(&self) -> bool {
        self.known.subject_alternative_name.is_some()
    }

    /// Refuses a critical extension that this library does not process for this kind of certificate, and policies that
    /// a verifier which demands none does not meet.
    pub(crate) fn check_critical(&self, kind: CertificateKind) -> Result<(), CertificateFault> {
        self.known.policies.check()?;
        let of_authorities = self
            .known
            .has_critical_name_constraints
            .then_some(NAME_CONSTRAINTS)
            .filter(|_| kind == CertificateKind::Leaf);
        match self.known.unknown_critical.or(of_authorities) {
            Some(oid) => Err(CertificateFault::UnknownCriticalExtension(oid::to_dotted(oid))),
            None => Ok(()),
        }
    }

    /// Every subject alternative name.
    pub(crate) fn subject_names(&self) -> Result<SubjectNames<'a>, CertificateFault> {
        self.read_subject_names().map_err(|_| CertificateFault::MalformedExtension("subjectAltName"))
    }

    /// The same, with the fault itself.
    pub(crate) fn read_subject_names(&self) -> Result<SubjectNames<'a>, Fault> {
        self.known.subject_alternative_name.map_or(Ok(SubjectNames::NONE), SubjectNames::read)
    }
}

/// What a certificate is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CertificateKind {
    Leaf,
    Authority,
}

/// What an authority's basic constraints say.
#[derive(Clone, Copy)]
pub(crate) struct BasicConstraints {
    pub(crate) is_authority: bool,
    pub(crate) path_length: Option<u32>,
}

/// Reads the extensions at the end of a certificate's signed part, and shows each to `visit`.
pub(crate) fn read_extensions<'a>(
    reader: &mut SliceReader<'a>,
    visit: &mut dyn FnMut(&Extension<'a>),
) -> Result<Extensions<'a>, Fault> {
    if reader.is_finished() {
        return Ok(Extensions::default());
    }
    let explicit = AnyRef::decode(reader)?;
    explicit.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(3) })?;
    let content = sequence_content(explicit.value())?;
    let mut reader = SliceReader::new(content)?;
    if reader.is_finished() {
        return Err(Fault::new("its list of extensions is empty"));
    }
    let mut extensions = Extensions { content, ..Extensions::default() };
    let mut seen = Seen::default();
    while !reader.is_finished() {
        let extension = read_extension(&mut reader)?;
        seen.insert(extension.oid)?;
        extensions.insert(&extension);
        visit(&extension);
    }
    Ok(extensions)
}

impl<'a> Extensions<'a> {
    fn insert(&mut self, extension: &Extension<'a>) {
        let known = &mut self.known;
        let value = Some(extension.value);
        match extension.oid {
            BASIC_CONSTRAINTS => known.basic_constraints = value,
            KEY_USAGE => known.key_usage = value,
            EXTENDED_KEY_USAGE => known.extended_key_usage = value,
            SUBJECT_ALTERNATIVE_NAME => known.subject_alternative_name = value,
            NAME_CONSTRAINTS => {
                known.name_constraints = value;
                known.has_critical_name_constraints = extension.critical;
            }
            POLICY_CONSTRAINTS => known.policies.constraints = value,
            CERTIFICATE_POLICIES if extension.critical => known.policies.policies = value,
            POLICY_MAPPINGS if extension.critical => known.policies.mappings = value,
            INHIBIT_ANY_POLICY if extension.critical => known.policies.inhibit_any = value,
            oid if extension.critical && !claim_arc::is_claim_of_arc(oid) => {
                known.unknown_critical = known.unknown_critical.or(Some(oid));
            }
            _ => {}
        }
    }
}

/// The OIDs of the extensions read so far.
struct Seen<'a> {
    count: usize,
    /// Bit `n` for the extension `n` of the arc of claims: nearly all that a leaf has.
    in_arc: u128,
    others: [&'a [u8]; MAX_EXTENSIONS],
    other_count: usize,
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self { count: 0, in_arc: 0, others: [&[]; MAX_EXTENSIONS], other_count: 0 }
    }
}

impl<'a> Seen<'a> {
    /// Refuses an extension too many, and one that was there before.
    fn insert(&mut self, oid: &'a [u8]) -> Result<(), Fault> {
        if self.count >= MAX_EXTENSIONS {
            return Err(Fault::new("it has too many extensions"));
        }
        self.count = self.count.saturating_add(1);
        let is_repeated = match claim_arc::number_in_arc(oid) {
            Some(number) => {
                let bit = 1_u128.checked_shl(number.into()).unwrap_or_default();
                let was_set = self.in_arc & bit != 0;
                self.in_arc |= bit;
                was_set
            }
            None => {
                let was_there = self.others.iter().take(self.other_count).any(|other| *other == oid);
                if let Some(free) = self.others.get_mut(self.other_count) {
                    *free = oid;
                }
                self.other_count = self.other_count.saturating_add(1);
                was_there
            }
        };
        if is_repeated {
            return Err(Fault(format!("it has the extension {} twice", oid::to_dotted(oid))));
        }
        Ok(())
    }
}

fn read_extension<'a>(reader: &mut SliceReader<'a>) -> Result<Extension<'a>, Fault> {
    reader.sequence(|reader| {
        let oid = read_oid(reader)?;
        let critical = read_boolean_default_false(reader)?;
        let value = <&OctetStringRef>::decode(reader)?.as_bytes();
        Ok(Extension { oid, critical, value })
    })
}

fn read_basic_constraints(value: &[u8]) -> Result<BasicConstraints, Fault> {
    let mut reader = SliceReader::new(value)?;
    let constraints = reader.sequence(|reader| {
        let is_authority = read_boolean_default_false(reader)?;
        let path_length = if reader.is_finished() { None } else { Some(u32::decode(reader)?) };
        Ok::<_, Fault>(BasicConstraints { is_authority, path_length })
    })?;
    reader.finish()?;
    Ok(constraints)
}

fn has_purpose(value: &[u8], purpose: &[u8]) -> Result<bool, Fault> {
    let mut reader = SliceReader::new(sequence_content(value)?)?;
    if reader.is_finished() {
        return Err(Fault::new("the extended key usage is empty"));
    }
    let mut found = false;
    while !reader.is_finished() {
        found |= read_oid(&mut reader)? == purpose;
    }
    Ok(found)
}
