//! Name constraints (RFC 5280, section 4.2.1.10): which names the certificates below an authority may have.

use crate::limits::{MAX_NAME_CONSTRAINT_BYTES, MAX_NAME_CONSTRAINTS};
use crate::text::quoting::Quoted;
use crate::x509::certificate::Certificate;
use crate::x509::distinguished_name::{self, Comparison};
use crate::x509::fault::CertificateFault;
use crate::x509::general_name::{GeneralName, SubjectNames};
use crate::x509::strict_der::{Fault, sequence_content};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use const_oid::ObjectIdentifier;
use core::mem::discriminant;
use der::asn1::AnyRef;
use der::{Decode, Reader, SliceReader, Tag, TagNumber, Tagged};

/// The constraints of one authority.
pub(crate) struct NameConstraints<'a> {
    permitted: Vec<GeneralName<'a>>,
    excluded: Vec<GeneralName<'a>>,
}

impl<'a> NameConstraints<'a> {
    /// The constraints of an authority, if it has any.
    pub(crate) fn of(authority: &Certificate<'a>) -> Result<Option<Self>, CertificateFault> {
        let Some(value) = authority.extensions.name_constraints() else { return Ok(None) };
        Self::read(value).map(Some).map_err(|_| CertificateFault::MalformedExtension("nameConstraints"))
    }

    fn read(value: &'a [u8]) -> Result<Self, Fault> {
        let mut reader = SliceReader::new(sequence_content(value)?)?;
        let permitted = read_subtrees(&mut reader, TagNumber(0))?;
        let excluded = read_subtrees(&mut reader, TagNumber(1))?;
        reader.finish()?;
        if permitted.is_empty() && excluded.is_empty() {
            return Err(Fault::new("the name constraints are empty"));
        }
        Ok(Self { permitted, excluded })
    }

    /// How much work [`NameConstraints::check`] may be for a certificate: the bytes of every name with every
    /// constraint, and those that directory names compare more than once. Nothing is counted further than shows that it
    /// is more than [`MAX_NAME_CONSTRAINT_BYTES`].
    pub(crate) fn work(&self, certificate: &Certificate<'_>) -> usize {
        let (mut names, mut name_bytes) = (1_usize, certificate.subject.len());
        for name in certificate.extensions.subject_names().iter().flat_map(SubjectNames::iter) {
            names = names.saturating_add(1);
            name_bytes = name_bytes.saturating_add(name.len());
        }
        let bases = || self.permitted.iter().chain(&self.excluded);
        let constraint_bytes: usize = bases().map(GeneralName::len).sum();
        let mut work =
            name_bytes.saturating_mul(bases().count()).saturating_add(constraint_bytes.saturating_mul(names));
        let subject_names = certificate.extensions.subject_names();
        let subject = [GeneralName::Directory(certificate.subject)];
        for name in subject.into_iter().chain(subject_names.iter().flat_map(SubjectNames::iter)) {
            for base in bases() {
                if work > MAX_NAME_CONSTRAINT_BYTES {
                    return work;
                }
                if let (GeneralName::Directory(name), GeneralName::Directory(base)) = (&name, base) {
                    work = work.saturating_add(distinguished_name::work_beyond_length(name, base));
                }
            }
        }
        work
    }

    /// Refuses a certificate below the authority that has a name which is excluded, not permitted, or such
    /// that a constraint of its form cannot be applied to it.
    pub(crate) fn check(&self, certificate: &Certificate<'_>) -> Result<(), CertificateFault> {
        let names = certificate.extensions.subject_names()?;
        if !distinguished_name::is_empty(certificate.subject) {
            self.check_name(&GeneralName::Directory(certificate.subject))?;
        }
        for name in names.iter() {
            self.check_name(&name)?;
        }
        if !certificate.extensions.has_subject_names() {
            for address in distinguished_name::email_addresses(certificate.subject) {
                self.check_name(&GeneralName::Email(address))?;
            }
        }
        Ok(())
    }

    fn check_name(&self, name: &GeneralName<'_>) -> Result<(), CertificateFault> {
        let refuse = |why: &str| Err(CertificateFault::NameConstraint(format!("{}: {why}", describe(name))));
        for base in self.excluded.iter().filter(|base| is_same_form(name, base)) {
            match relation(name, base) {
                Ok(Relation::Outside) => {}
                Ok(Relation::Inside | Relation::Unclear) => return refuse("the name is excluded"),
                Err(why) => return refuse(why),
            }
        }
        let mut permitted = None;
        for base in self.permitted.iter().filter(|base| is_same_form(name, base)) {
            match relation(name, base) {
                Ok(relation) => permitted = Some(permitted == Some(true) || relation == Relation::Inside),
                Err(why) => return refuse(why),
            }
        }
        if permitted == Some(false) { refuse("the name is not permitted") } else { Ok(()) }
    }
}

fn read_subtrees<'a>(reader: &mut SliceReader<'a>, number: TagNumber) -> Result<Vec<GeneralName<'a>>, Fault> {
    let mut bases = Vec::new();
    let tag = Tag::ContextSpecific { constructed: true, number };
    if reader.is_finished() || Tag::peek(reader)? != tag {
        return Ok(bases);
    }
    let mut subtrees = SliceReader::new(AnyRef::decode(reader)?.value())?;
    while !subtrees.is_finished() {
        if bases.len() == MAX_NAME_CONSTRAINTS {
            return Err(Fault::new("there are too many name constraints"));
        }
        // A minimum or maximum would stand after the base; RFC 5280 wants neither, and DER omits minimum 0.
        let subtree = AnyRef::decode(&mut subtrees)?;
        subtree.tag().assert_eq(Tag::Sequence)?;
        let mut subtree = SliceReader::new(subtree.value())?;
        bases.push(GeneralName::read(&mut subtree)?);
        subtree.finish()?;
    }
    if bases.is_empty() { Err(Fault::new("a list of name constraints is empty")) } else { Ok(bases) }
}

/// `id-on-SmtpUTF8Mailbox`: an e-mail address as an otherName (RFC 9598), to which constraints on e-mail
/// addresses apply too.
const SMTP_UTF8_MAILBOX: &[u8] = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.9").as_bytes();

fn is_same_form(name: &GeneralName<'_>, base: &GeneralName<'_>) -> bool {
    match (name, base) {
        (GeneralName::Other(SMTP_UTF8_MAILBOX, _), GeneralName::Email(_)) => true,
        (GeneralName::Unusual(name), GeneralName::Unusual(base)) => name == base,
        _ => discriminant(name) == discriminant(base),
    }
}

/// How a name stands to the subtree below a base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Inside,
    Outside,
    /// Some names that it stands for are inside, others may not be.
    Unclear,
}

impl From<bool> for Relation {
    fn from(inside: bool) -> Self {
        if inside { Self::Inside } else { Self::Outside }
    }
}

/// How a name stands to a base of the same form, or why the constraint cannot be applied to it.
fn relation(name: &GeneralName<'_>, base: &GeneralName<'_>) -> Result<Relation, &'static str> {
    match (name, base) {
        (GeneralName::Uri(uri), GeneralName::Uri(base)) => {
            let host = uri_host(uri)
                .ok_or("it is a URI without a host name, to which a constraint on hosts cannot be applied")?;
            is_host_in(host, base).map(Relation::from)
        }
        (GeneralName::Email(address), GeneralName::Email(base)) => {
            is_email_in(address, base).map(Relation::from)
        }
        (GeneralName::Dns(name), GeneralName::Dns(base)) => dns_relation(name, base),
        (GeneralName::IpAddress(address), GeneralName::IpAddress(base)) => address_relation(address, base),
        (GeneralName::Directory(name), GeneralName::Directory(base)) => {
            Ok(match distinguished_name::compare_prefix(name, base) {
                Comparison::Same => Relation::Inside,
                Comparison::Different => Relation::Outside,
                Comparison::Unclear => Relation::Unclear,
            })
        }
        _ => Err("it is of a form to which constraints cannot be applied"),
    }
}

/// The host of a URI, if it has one that is a name and not an address (RFC 3986, section 3.2).
fn uri_host(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let authority = rest.strip_prefix("//").filter(|_| is_scheme)?.split(['/', '?', '#']).next()?;
    // A backslash, say, is a path separator to some readers and part of the user's name to others.
    let is_authority =
        authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%:@[]".contains(&byte));
    if !is_authority {
        return None;
    }
    // What stands before the host may have no `@` and no bracket either: readers differ on where it ends.
    let host_and_port = match authority.split_once('@') {
        Some((user, host)) if !user.contains(['[', ']']) && is_percent_encoded(user) => host,
        Some(_) => return None,
        None => authority,
    };
    let host = match host_and_port.split_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host_and_port,
    };
    // A last label of digits makes an IPv4 address, in one of its spellings.
    let is_address = host.rsplit('.').next().is_some_and(|label| {
        label.bytes().all(|byte| byte.is_ascii_digit()) || label.starts_with("0x") || label.starts_with("0X")
    });
    (is_host_name(host) && !is_address).then_some(host)
}

/// Whether every `%` is followed by two hex digits.
fn is_percent_encoded(text: &str) -> bool {
    let mut encoded = text.split('%').skip(1);
    encoded.all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Whether a text is a host name in the preferred syntax, underscores allowed (RFC 1034, section 3.5).
fn is_host_name(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        })
}

/// A base with a leading period takes the hosts below it; one without takes that host alone.
fn is_host_in(host: &str, base: &str) -> Result<bool, &'static str> {
    match base.strip_prefix('.') {
        Some(parent) if is_host_name(parent) => Ok(is_below(host, parent)),
        None if is_host_name(base) => Ok(host.eq_ignore_ascii_case(base)),
        _ => Err("a name constraint is no host name"),
    }
}

fn is_email_in(address: &str, base: &str) -> Result<bool, &'static str> {
    let (mailbox, host) = split_email(address).ok_or("it is no e-mail address")?;
    if base.contains('@') {
        let (base_mailbox, base_host) = split_email(base).ok_or("a name constraint is no e-mail address")?;
        return Ok(mailbox == base_mailbox && host.eq_ignore_ascii_case(base_host));
    }
    is_host_in(host, base)
}

/// The local part and the host of a mailbox as RFC 5321 writes it, without quotes in the local part.
fn split_email(address: &str) -> Option<(&str, &str)> {
    let (mailbox, host) = address.split_once('@')?;
    let is_dot_string = mailbox.split('.').all(|atom| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    });
    (is_dot_string && is_host_name(host)).then_some((mailbox, host))
}

/// A base takes itself and everything below it; the empty base takes everything. A wildcard stands for every
/// label in its place: it is inside only if all of them are.
fn dns_relation(name: &str, base: &str) -> Result<Relation, &'static str> {
    let (parent, is_wildcard) = match name.strip_prefix("*.") {
        Some(parent) => (parent, true),
        None => (name, false),
    };
    if !is_host_name(parent) {
        return Err("it is no DNS name");
    }
    if base.is_empty() {
        return Ok(Relation::Inside);
    }
    if !is_host_name(base) {
        return Err("a name constraint is no DNS name");
    }
    if parent.eq_ignore_ascii_case(base) || is_below(parent, base) {
        return Ok(Relation::Inside);
    }
    let may_stand_for_base =
        is_wildcard && base.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent));
    Ok(if may_stand_for_base { Relation::Unclear } else { Relation::Outside })
}

/// Whether a host has at least one label more than its parent.
fn is_below(host: &str, parent: &str) -> bool {
    host.len().checked_sub(parent.len()).and_then(|at| host.split_at_checked(at)).is_some_and(
        |(labels, end)| labels.len() > 1 && labels.ends_with('.') && end.eq_ignore_ascii_case(parent),
    )
}

/// A base is an address and a mask of the same length; the mask must be a prefix (RFC 4632).
fn is_address_in(address: &[u8], base: &[u8]) -> Result<bool, &'static str> {
    if !matches!(address.len(), 4 | 16) {
        return Err("it is no IP address");
    }
    let (network, mask) = base
        .split_at_checked(base.len() / 2)
        .filter(|(network, mask)| network.len() == mask.len() && matches!(mask.len(), 4 | 16))
        .ok_or("a name constraint is no IP address and mask")?;
    let ones = mask.iter().take_while(|byte| **byte == 0xFF).count();
    let partial = mask.get(ones).copied().unwrap_or(0);
    let is_prefix = partial.leading_ones().saturating_add(partial.trailing_zeros()) >= 8
        && mask.iter().skip(ones.saturating_add(1)).all(|byte| *byte == 0);
    if !is_prefix {
        return Err("a name constraint has a mask with holes");
    }
    let inside = address.iter().zip(network).zip(mask).all(|((a, n), m)| a & m == n & m);
    Ok(address.len() == network.len() && inside)
}

/// An IPv4 address may be written as an IPv6 one, `::ffff:10.0.0.1`, which some systems take for the same.
fn address_relation(address: &[u8], base: &[u8]) -> Result<Relation, &'static str> {
    let inside = is_address_in(address, base)?;
    let mapped = address.strip_prefix(IPV4_MAPPED).filter(|_| base.len() == 8);
    match mapped {
        Some(address) if is_address_in(address, base)? => Ok(Relation::Unclear),
        _ => Ok(inside.into()),
    }
}

/// The beginning of an IPv6 address that stands for an IPv4 one (RFC 4291, section 2.5.5.2).
const IPV4_MAPPED: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

fn describe(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::Uri(text) => format!("the URI {}", Quoted(text)),
        GeneralName::Email(text) => format!("the e-mail address {}", Quoted(text)),
        GeneralName::Dns(text) => format!("the DNS name {}", Quoted(text)),
        GeneralName::Directory(name) => format!("the directory name {}", distinguished_name::to_text(name)),
        GeneralName::IpAddress(bytes) if bytes.len() <= 16 => format!("the IP address {bytes:?}"),
        GeneralName::IpAddress(bytes) => format!("an IP address of {} bytes", bytes.len()),
        GeneralName::Other(oid, _) => format!("the otherName {}", crate::x509::oid::to_dotted(oid)),
        GeneralName::Unusual(_) => "a name of an unusual form".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(name: &str, base: &str) -> Option<bool> {
        relation(&GeneralName::Uri(name), &GeneralName::Uri(base)).ok().map(|found| found == Relation::Inside)
    }

    #[test]
    fn uris_are_constrained_by_host() {
        for (name, base, inside) in [
            ("https://github.com/x", "github.com", true),
            ("https://GitHub.com:443/x", "github.com", true),
            ("https://user:pw@github.com", "github.com", true),
            ("https://github.com@evil.com/", "github.com", false),
            ("https://github.com:@evil.com/", "evil.com", true),
            ("https://us%20er:p%3aw@github.com", "github.com", true),
            ("https://@github.com", "github.com", true),
            ("https://evil.com/@github.com", "github.com", false),
            ("https://evil.com#@github.com", "github.com", false),
            ("https://evil.com?@github.com", "github.com", false),
            ("https://api.github.com/", "github.com", false),
            ("https://api.github.com/", ".github.com", true),
            ("https://github.com/", ".github.com", false),
            ("https://evilgithub.com/", ".github.com", false),
        ] {
            assert_eq!(uri(name, base), Some(inside), "{name} {base}");
        }
    }

    #[test]
    fn a_uri_without_a_host_name_cannot_be_constrained() {
        for name in [
            "repo:org/name:ref:refs/heads/main",
            "mailto:a@github.com",
            "https:///path",
            "https://",
            "//github.com/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://[::1]/",
            "https://github.com\\@evil.com/",
            "https://a@b@github.com/",
            "https://a@@github.com/",
            "https://github.com@evil.com@github.com/",
            "https://a[b@github.com/",
            "https://a]b@github.com/",
            "https://[::1]@github.com/",
            "https://[github.com]/",
            "https://github.com]/",
            "https://a%@github.com/",
            "https://a%4@github.com/",
            "https://a%zz@github.com/",
            "https://github.com./",
            "https://github\u{b}.com/",
            "https://\tgithub.com/",
            "https://github%2Ecom/",
            "https://github.com:port/",
            "https://git hub.com/",
            "1https://github.com/",
        ] {
            assert_eq!(uri(name, "github.com"), None, "{name}");
        }
        assert_eq!(uri("https://github.com/", ""), None);
    }

    #[test]
    fn emails_are_constrained_by_mailbox_host_or_domain() {
        let email = |name, base| relation(&GeneralName::Email(name), &GeneralName::Email(base)).ok();
        for (name, base, inside) in [
            ("a@example.com", "a@example.com", true),
            ("A@example.com", "a@example.com", false),
            ("a@EXAMPLE.com", "a@example.com", true),
            ("a@example.com", "example.com", true),
            ("a@x.example.com", "example.com", false),
            ("a@x.example.com", ".example.com", true),
            ("a@example.com", ".example.com", false),
        ] {
            assert_eq!(email(name, base), Some(Relation::from(inside)), "{name} {base}");
        }
        for name in [
            "example.com",
            "@example.com",
            "a@b@example.com",
            "\"a\"@example.com",
            "a@",
            "a..b@example.com",
            "a@example.com.",
            "a@.example.com",
            "a@[127.0.0.1]",
            "a@example.com ",
            "a@example\u{b}.com",
            "a\0@example.com",
            "<a@example.com>",
            "a@example.com,b@evil.com",
        ] {
            assert_eq!(email(name, "example.com"), None, "{name}");
        }
    }

    #[test]
    fn dns_names_are_constrained_with_all_below() {
        let dns = |name, base| relation(&GeneralName::Dns(name), &GeneralName::Dns(base)).ok();
        for (name, base, wanted) in [
            ("example.com", "example.com", Relation::Inside),
            ("a.EXAMPLE.com", "example.com", Relation::Inside),
            ("anexample.com", "example.com", Relation::Outside),
            ("com", "example.com", Relation::Outside),
            ("a.com", "", Relation::Inside),
            ("*.example.com", "example.com", Relation::Inside),
            ("*.example.com", "foo.example.com", Relation::Unclear),
            ("*.example.com", "a.b.example.com", Relation::Outside),
        ] {
            assert_eq!(dns(name, base), Some(wanted), "{name} {base}");
        }
        for name in [
            ".example.com",
            "example.com.",
            "",
            "*",
            "a*.example.com",
            "*.*.example.com",
            "ex ample.com",
            "-a.com",
        ] {
            assert_eq!(dns(name, "example.com"), None, "{name}");
        }
        assert_eq!(dns("example.com", ".example.com"), None);
    }

    #[test]
    fn addresses_are_constrained_by_network() {
        let inside = |address: &[u8], base: &[u8]| is_address_in(address, base).ok();
        assert_eq!(inside(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(true));
        assert_eq!(inside(&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(false));
        assert_eq!(inside(&[10, 129, 0, 0], &[10, 128, 0, 0, 255, 128, 0, 0]), Some(true));
        assert_eq!(inside(&[10, 1, 2, 3], &[0; 32]), Some(false));
        assert_eq!(inside(&[1; 16], &[0; 32]), Some(true));
        assert_eq!(inside(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 255, 0]), None);
        assert_eq!(inside(&[10, 1, 2, 3], &[10, 0, 0, 0, 253, 0, 0, 0]), None);
        assert_eq!(inside(&[10, 1, 2], &[0; 8]), None);
        assert_eq!(inside(&[10, 1, 2, 3], &[0; 7]), None);
        let mapped = |last: [u8; 4]| [IPV4_MAPPED, &last].concat();
        let network = [10, 0, 0, 0, 255, 0, 0, 0];
        assert_eq!(address_relation(&mapped([10, 1, 2, 3]), &network), Ok(Relation::Unclear));
        assert_eq!(address_relation(&mapped([11, 1, 2, 3]), &network), Ok(Relation::Outside));
        assert_eq!(address_relation(&[10, 1, 2, 3], &network), Ok(Relation::Inside));
        assert_eq!(address_relation(&mapped([10, 1, 2, 3]), &[0; 32]), Ok(Relation::Inside));
    }

    #[test]
    fn other_names_of_a_constrained_form_are_refused() {
        let constraints =
            |excluded| NameConstraints { permitted: Vec::new(), excluded: alloc::vec![excluded] };
        let other = GeneralName::Other(&[0x2A, 3], &[5, 0]);
        let names = constraints(GeneralName::Other(&[0x2A, 4], &[5, 0]));
        assert!(names.check_name(&other).is_err());
        assert!(names.check_name(&GeneralName::Uri("a:b")).is_ok());
        assert!(names.check_name(&GeneralName::Unusual(8)).is_ok());
        let names = constraints(GeneralName::Email("example.com"));
        assert!(names.check_name(&GeneralName::Other(SMTP_UTF8_MAILBOX, &[5, 0])).is_err());
        assert!(names.check_name(&other).is_ok());
        let names = constraints(GeneralName::Unusual(8));
        assert!(names.check_name(&GeneralName::Unusual(8)).is_err());
        assert!(names.check_name(&GeneralName::Unusual(3)).is_ok());
    }
}
