//! The extensions of a certificate (RFC 5280, section 4.2). What one holds stays opaque until it is asked for.

use crate::limits::MAX_EXTENSIONS;
use crate::x509::claim_arc;
use crate::x509::fault::CertificateFault;
use crate::x509::general_name::SubjectNames;
use crate::x509::oid;
use crate::x509::strict_der::{Fault, read_boolean_default_false, read_oid, sequence_content};
use alloc::format;
use const_oid::db::rfc5280;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

const KEY_USAGE: &[u8] = rfc5280::ID_CE_KEY_USAGE.as_bytes();
const SUBJECT_ALT_NAME: &[u8] = rfc5280::ID_CE_SUBJECT_ALT_NAME.as_bytes();
const BASIC_CONSTRAINTS: &[u8] = rfc5280::ID_CE_BASIC_CONSTRAINTS.as_bytes();
const NAME_CONSTRAINTS: &[u8] = rfc5280::ID_CE_NAME_CONSTRAINTS.as_bytes();
const CERTIFICATE_POLICIES: &[u8] = rfc5280::ID_CE_CERTIFICATE_POLICIES.as_bytes();
const POLICY_MAPPINGS: &[u8] = rfc5280::ID_CE_POLICY_MAPPINGS.as_bytes();
const POLICY_CONSTRAINTS: &[u8] = rfc5280::ID_CE_POLICY_CONSTRAINTS.as_bytes();
const EXTENDED_KEY_USAGE: &[u8] = rfc5280::ID_CE_EXT_KEY_USAGE.as_bytes();
const INHIBIT_ANY_POLICY: &[u8] = rfc5280::ID_CE_INHIBIT_ANY_POLICY.as_bytes();

macro_rules! processed_extensions {
    ($($kind:ident $field:ident $oid:ident $name:literal;)*) => {
        /// An extension that the rules have a demand on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ExtensionKind {
            $($kind,)*
            /// Any other that is no claim; of these only the first critical one is kept.
            Other,
        }

        impl ExtensionKind {
            /// The name, as RFC 5280 spells it.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                    Self::Other => "unknown",
                }
            }
        }

        /// The extensions that the rules ask for, as their values or as where these stand.
        #[derive(Clone, Copy, Default)]
        pub(crate) struct KnownExtensions<T> {
            $($field: Option<T>,)*
            /// The OID of the first critical extension that this library does not process.
            unknown_critical: Option<T>,
            critical: Critical,
        }

        /// Which of them are critical. Apart from the values, beside each of which a flag would take the room of another.
        #[derive(Clone, Copy, Default)]
        struct Critical {
            $($field: bool,)*
        }

        impl<T> KnownExtensions<T> {
            pub(crate) fn map<U>(&self, function: impl Fn(&T) -> U) -> KnownExtensions<U> {
                KnownExtensions {
                    $($field: self.$field.as_ref().map(&function),)*
                    unknown_critical: self.unknown_critical.as_ref().map(&function),
                    critical: self.critical,
                }
            }
        }

        impl<'a> KnownExtensions<&'a [u8]> {
            fn insert(&mut self, extension: &Extension<'a>) {
                match extension.oid {
                    $($oid => {
                        self.$field = Some(extension.value);
                        self.critical.$field = extension.critical;
                    })*
                    oid if extension.critical && !claim_arc::is_claim_of_arc(oid) => {
                        self.unknown_critical = self.unknown_critical.or(Some(oid));
                    }
                    _ => {}
                }
            }

            fn get(&self, kind: ExtensionKind) -> Option<Extension<'a>> {
                let (oid, critical, value) = match kind {
                    $(ExtensionKind::$kind => ($oid, self.critical.$field, self.$field?),)*
                    ExtensionKind::Other => (self.unknown_critical?, true, &[][..]),
                };
                Some(Extension { oid, critical, value })
            }
        }
    };
}

processed_extensions! {
    BasicConstraints basic_constraints BASIC_CONSTRAINTS "basicConstraints";
    KeyUsage key_usage KEY_USAGE "keyUsage";
    ExtendedKeyUsage extended_key_usage EXTENDED_KEY_USAGE "extendedKeyUsage";
    SubjectAltName subject_alt_name SUBJECT_ALT_NAME "subjectAltName";
    NameConstraints name_constraints NAME_CONSTRAINTS "nameConstraints";
    CertificatePolicies certificate_policies CERTIFICATE_POLICIES "certificatePolicies";
    PolicyMappings policy_mappings POLICY_MAPPINGS "policyMappings";
    PolicyConstraints policy_constraints POLICY_CONSTRAINTS "policyConstraints";
    InhibitAnyPolicy inhibit_any_policy INHIBIT_ANY_POLICY "inhibitAnyPolicy";
}

/// The extensions of a certificate, known to be well-formed and without duplicates. Those that a rule asks
/// for are found while they are read; no rule looks for one again.
#[derive(Clone, Copy, Default)]
pub(crate) struct Extensions<'a> {
    /// All of them, one after the other.
    pub(crate) content: &'a [u8],
    pub(crate) known: KnownExtensions<&'a [u8]>,
}

#[derive(Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) critical: bool,
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
    /// The extension of this kind, if there is one.
    pub(crate) fn get(&self, kind: ExtensionKind) -> Option<Extension<'a>> {
        self.known.get(kind)
    }

    fn value(&self, kind: ExtensionKind) -> Option<&'a [u8]> {
        self.get(kind).map(|extension| extension.value)
    }

    pub(crate) fn basic_constraints(&self) -> Result<BasicConstraints, CertificateFault> {
        let Some(value) = self.value(ExtensionKind::BasicConstraints) else {
            return Ok(BasicConstraints { is_authority: false, path_length: None });
        };
        read_basic_constraints(value).map_err(|_| CertificateFault::MalformedExtension("basicConstraints"))
    }

    /// The content of the name constraints, if there are any.
    pub(crate) fn name_constraints(&self) -> Option<&'a [u8]> {
        self.value(ExtensionKind::NameConstraints)
    }

    /// Whether there is a subjectAltName extension.
    pub(crate) fn has_subject_names(&self) -> bool {
        self.get(ExtensionKind::SubjectAltName).is_some()
    }

    /// Every subject alternative name.
    pub(crate) fn subject_names(&self) -> Result<SubjectNames<'a>, CertificateFault> {
        self.read_subject_names().map_err(|_| CertificateFault::MalformedExtension("subjectAltName"))
    }

    /// The same, with the fault itself.
    pub(crate) fn read_subject_names(&self) -> Result<SubjectNames<'a>, Fault> {
        self.value(ExtensionKind::SubjectAltName).map_or(Ok(SubjectNames::NONE), SubjectNames::read)
    }
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
        extensions.known.insert(&extension);
        visit(&extension);
    }
    Ok(extensions)
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

pub(crate) fn read_basic_constraints(value: &[u8]) -> Result<BasicConstraints, Fault> {
    let mut reader = SliceReader::new(value)?;
    let constraints = reader.sequence(|reader| {
        let is_authority = read_boolean_default_false(reader)?;
        let path_length = if reader.is_finished() { None } else { Some(u32::decode(reader)?) };
        Ok::<_, Fault>(BasicConstraints { is_authority, path_length })
    })?;
    reader.finish()?;
    Ok(constraints)
}
