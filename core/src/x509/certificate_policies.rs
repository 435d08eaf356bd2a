//! Certificate policies (RFC 5280, sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14), for a verifier that demands none.
//!
//! RFC 5280's path validation takes a set of policies that are acceptable and whether one of them must be valid for the
//! whole path. Here any is acceptable and none must be, so that no policy, mapping or inhibition of a certificate can
//! change an answer (section 6.1.5 (g)). What remains is to read them strictly, and to refuse what would make a
//! difference: a certificate that requires an explicit policy.

use crate::limits::MAX_CERTIFICATE_POLICIES;
use crate::x509::strict_der::{Fault, check_integer, read_oid, sequence_content};
use alloc::vec::Vec;
use const_oid::db::rfc5280;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber};

const ANY_POLICY: &[u8] = rfc5280::ANY_POLICY.as_bytes();

/// `CertificatePolicies`: a policy stands in it once.
pub(crate) fn read_policies(value: &[u8]) -> Result<(), Fault> {
    let mut seen = Vec::new();
    read_list(value, |information| {
        let policy = read_oid(information)?;
        if seen.contains(&policy) {
            return Err(Fault::new("a certificate policy stands there twice"));
        }
        seen.push(policy);
        if information.is_finished() {
            return Ok(());
        }
        read_list(information.tlv_bytes()?, |qualifier| {
            read_oid(qualifier)?;
            AnyRef::decode(qualifier)?;
            Ok(())
        })
    })
}

/// `PolicyMappings`: none to or from anyPolicy (section 6.1.4 (a)).
pub(crate) fn read_mappings(value: &[u8]) -> Result<(), Fault> {
    read_list(value, |mapping| {
        for _ in 0..2 {
            if read_oid(mapping)? == ANY_POLICY {
                return Err(Fault::new("a policy mapping is one of anyPolicy"));
            }
        }
        Ok(())
    })
}

/// Reads a SEQUENCE of at least one SEQUENCE.
fn read_list<'a>(
    der: &'a [u8],
    mut read_item: impl FnMut(&mut SliceReader<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut items = SliceReader::new(sequence_content(der)?)?;
    let mut count = 0_usize;
    while !items.is_finished() {
        let mut item = SliceReader::new(sequence_content(items.tlv_bytes()?)?)?;
        read_item(&mut item)?;
        item.finish()?;
        count = count.saturating_add(1);
        if count > MAX_CERTIFICATE_POLICIES {
            return Err(Fault::new("a list is too long"));
        }
    }
    if count == 0 { Err(Fault::new("a list is empty")) } else { Ok(()) }
}

/// Whether `PolicyConstraints` have a `requireExplicitPolicy`, after however many certificates.
pub(crate) fn requires_explicit_policy(value: &[u8]) -> Result<bool, Fault> {
    let mut reader = SliceReader::new(sequence_content(value)?)?;
    let mut is_there = [false; 2];
    for (number, is_there) in is_there.iter_mut().enumerate() {
        let number = TagNumber(u32::from(number > 0));
        let tag = Tag::ContextSpecific { constructed: false, number };
        if !reader.is_finished() && Tag::peek(&reader)? == tag {
            check_skip_certs(AnyRef::new(Tag::Integer, AnyRef::decode(&mut reader)?.value())?)?;
            *is_there = true;
        }
    }
    reader.finish()?;
    match is_there {
        [false, false] => Err(Fault::new("the policy constraints are empty")),
        [explicit, _] => Ok(explicit),
    }
}

/// `SkipCerts`, which is all that `InhibitAnyPolicy` is.
pub(crate) fn read_skip_certs(value: &[u8]) -> Result<(), Fault> {
    check_skip_certs(AnyRef::from_der(value)?)
}

/// A number of certificates, which is not negative.
fn check_skip_certs(number: AnyRef<'_>) -> Result<(), Fault> {
    check_integer(number)?;
    match number.value() {
        [0x80..=0xFF, ..] => Err(Fault::new("a number of certificates is negative")),
        _ => Ok(()),
    }
}
