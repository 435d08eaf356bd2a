//! The identity as a subject alternative name (RFC 5280, section 4.2.1.6).

use const_oid::ObjectIdentifier;
use der::asn1::{Any, Ia5String, Utf8StringRef};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::{GeneralName, OtherName};

/// The otherName of an identity that is neither a URI nor an e-mail address.
const OTHER_NAME_IDENTITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");

/// The one subject alternative name that says who the signer is.
pub(crate) fn of_identity(identity: &str) -> Result<SubjectAltName, der::Error> {
    let name = if is_uri(identity) {
        GeneralName::UniformResourceIdentifier(Ia5String::new(identity)?)
    } else if is_email_address(identity) {
        GeneralName::Rfc822Name(Ia5String::new(identity)?)
    } else {
        GeneralName::OtherName(OtherName {
            type_id: OTHER_NAME_IDENTITY,
            value: Any::encode_from(&Utf8StringRef::new(identity)?)?,
        })
    };
    Ok(SubjectAltName(vec![name]))
}

/// Whether a text is a URI with a scheme and a host (RFC 3986, section 3): the kind to which the name
/// constraints of an authority can be applied.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let mut scheme = scheme.chars();
    let is_scheme = scheme.next().is_some_and(|first| first.is_ascii_alphabetic())
        && scheme.all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character));
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let is_host =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    is_scheme && is_host && has_only_uri_characters(rest)
}

/// The characters of RFC 3986, section 2, where every `%` begins two hex digits.
fn has_only_uri_characters(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
    text.bytes().all(is_allowed) && text.split('%').skip(1).all(is_escape)
}

/// Whether a text is an e-mail address of the plain kind: a dot-atom, and a domain of letters, digits and
/// hyphens (RFC 5321, section 4.1.2, without quoting and address literals).
fn is_email_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    local.split('.').all(is_atom) && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(identity: &str) -> &'static str {
        match of_identity(identity).unwrap().0.as_slice() {
            [GeneralName::UniformResourceIdentifier(_)] => "uri",
            [GeneralName::Rfc822Name(_)] => "email",
            [GeneralName::OtherName(_)] => "other",
            _ => "none",
        }
    }

    #[test]
    fn an_identity_gets_the_kind_of_name_that_it_is() {
        for (identity, expected) in [
            ("https://github.com/octo-org/octo-repo/.github/workflows/ci.yml@refs/heads/main", "uri"),
            ("https://gitlab.example:8443/group/project//.gitlab-ci.yml@refs/tags/v1", "uri"),
            ("spiffe://trust-domain.example/ns/build", "uri"),
            ("https://ci.example/%7Euser", "uri"),
            ("https://ci.example/100%", "other"),
            ("https://ci.example/a b", "other"),
            ("https://ci.example/\u{fc}", "other"),
            ("https:///path", "other"),
            ("https://user@ci.example/", "other"),
            ("://ci.example", "other"),
            ("1https://ci.example", "other"),
            ("project_path:group/project:ref_type:branch:ref:main", "other"),
            ("signer@example.com", "email"),
            ("first.last+tag@mail.example.com", "email"),
            ("signer@localhost", "email"),
            ("signer@-example.com", "other"),
            ("signer@example..com", "other"),
            (".signer@example.com", "other"),
            ("a@b@example.com", "other"),
            ("j\u{f6}rg@example.com", "other"),
            ("signer", "other"),
        ] {
            assert_eq!(kind(identity), expected, "{identity}");
        }
    }
}
