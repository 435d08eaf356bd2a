//! What is asserted about an accepted entry, read by other means than the library's own: `x509-cert` for certificates,
//! `p256` and `p384` for signatures, and comparisons written anew.

use countermark::Match;
use der::asn1::Utf8StringRef;
use der::{Decode, Encode};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha2::{Digest, Sha256, Sha384};
use std::cell::RefCell;
use std::collections::HashMap;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const ARC: &str = "1.3.6.1.4.1.57264.1";

/// The claims' names and numbers below the arc, but for the issuer and the identity. The table of the library and that of
/// its tests are others on purpose: an error in one of them must not be in what it is compared with.
const NUMBERS: [(&str, u8); 17] = [
    ("build_config_name", 4),
    ("build_signer_uri", 9),
    ("build_signer_digest", 10),
    ("runner_environment", 11),
    ("source_repository", 12),
    ("source_repository_digest", 13),
    ("source_repository_ref", 14),
    ("source_repository_identifier", 15),
    ("source_repository_owner", 16),
    ("source_repository_owner_identifier", 17),
    ("build_config_uri", 18),
    ("build_config_digest", 19),
    ("build_trigger", 20),
    ("run_invocation_uri", 21),
    ("source_repository_visibility", 22),
    ("deployment_environment", 23),
    ("token_subject", 24),
];

pub fn certificate(der: &[u8]) -> Certificate {
    Certificate::from_der(der)
        .unwrap_or_else(|error| panic!("an accepted certificate is unreadable to others: {error}"))
}

fn extension<'c>(certificate: &'c Certificate, dotted: &str) -> Option<&'c [u8]> {
    let extensions = certificate.tbs_certificate().extensions()?;
    let mut found = extensions.iter().filter(|extension| extension.extn_id.to_string() == dotted);
    let value = found.next()?.extn_value.as_bytes();
    assert!(found.next().is_none(), "an accepted certificate has the extension {dotted} twice");
    Some(value)
}

fn raw(certificate: &Certificate, dotted: &str) -> Option<String> {
    extension(certificate, dotted).and_then(|value| String::from_utf8(value.to_vec()).ok())
}

fn utf8_string(certificate: &Certificate, dotted: &str) -> Option<String> {
    let value = extension(certificate, dotted)?;
    Utf8StringRef::from_der(value).ok().map(|text| text.as_str().to_owned())
}

fn identity(certificate: &Certificate) -> Option<String> {
    let names = SubjectAltName::from_der(extension(certificate, "2.5.29.17")?).unwrap();
    let [name] = names.0.as_slice() else { panic!("an accepted leaf has more names than one") };
    Some(match name {
        GeneralName::UniformResourceIdentifier(text) | GeneralName::Rfc822Name(text) => text.to_string(),
        GeneralName::OtherName(other) => {
            assert_eq!(other.type_id.to_string(), format!("{ARC}.7"));
            other.value.decode_as::<Utf8StringRef<'_>>().unwrap().as_str().to_owned()
        }
        other => panic!("an accepted leaf is named by {other:?}"),
    })
}

/// The value of a claim as the certificate has it.
pub fn claim(certificate: &Certificate, claim: &str) -> Option<String> {
    match claim {
        "certificate_identity" => identity(certificate),
        "certificate_oidc_issuer" => {
            utf8_string(certificate, &format!("{ARC}.8")).or_else(|| raw(certificate, &format!("{ARC}.1")))
        }
        name => match NUMBERS.iter().find(|(known, _)| *known == name) {
            Some((_, number @ ..7)) => raw(certificate, &format!("{ARC}.{number}")),
            Some((_, number)) => utf8_string(certificate, &format!("{ARC}.{number}")),
            None if [2, 3, 5, 6].iter().any(|number| name == format!("{ARC}.{number}")) => {
                raw(certificate, name)
            }
            None => utf8_string(certificate, name),
        },
    }
}

/// Whether a value matches, by a reference that is slow and plain.
pub fn matches(wanted: &Match, value: &str) -> bool {
    if let Some(mut texts) = wanted.as_any_of() {
        return texts.any(|text| text == value);
    }
    match wanted.as_glob() {
        None => wanted.as_exact() == Some(value),
        Some(pattern) => match pattern.strip_suffix("**") {
            // `**` is a segment of its own, so what stands before it ends in `/` or is nothing.
            Some("") => true,
            Some(before) => {
                let depth = before.matches('/').count();
                let ends = value.match_indices('/').nth(depth - 1).map(|(at, _)| at + 1);
                ends.is_some_and(|end| glob(before.as_bytes(), &value.as_bytes()[..end]))
            }
            None => glob(pattern.as_bytes(), value.as_bytes()),
        },
    }
}

/// Whether a value matches a pattern in which `*` stands for any run without `/`; by a table of which prefix of the
/// one matches which prefix of the other.
fn glob(pattern: &[u8], value: &[u8]) -> bool {
    let mut row: Vec<bool> = (0..=value.len()).map(|length| length == 0).collect();
    for symbol in pattern {
        let mut next = vec![false; value.len() + 1];
        for length in 0..=value.len() {
            let last = length.checked_sub(1).map(|last| value[last]);
            next[length] = match symbol {
                b'*' => row[length] || (last.is_some_and(|last| last != b'/') && next[length - 1]),
                symbol => last == Some(*symbol) && row[length - 1],
            };
        }
        row = next;
    }
    row[value.len()]
}

/// The seconds since 1970 from which and to which a certificate is valid.
pub fn validity(certificate: &Certificate) -> (i64, i64) {
    let validity = certificate.tbs_certificate().validity();
    let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap();
    (seconds(validity.not_before), seconds(validity.not_after))
}

/// Whether the certificate's key, on P-256, made an ECDSA signature of the message with SHA-256.
pub fn signed_message(certificate: &Certificate, message: &[u8], signature: &[u8]) -> bool {
    let key = certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).unwrap();
    p256::ecdsa::Signature::from_der(signature)
        .is_ok_and(|signature| key.verify_prehash(&Sha256::digest(message), &signature).is_ok())
}

/// Whether an authority signed a certificate. It is asked of the same ones again and again, so the answers are kept.
pub fn signed_certificate(authority: &Certificate, certificate: &Certificate) -> bool {
    thread_local! {
        static ANSWERS: RefCell<HashMap<[u8; 32], bool>> = RefCell::default();
    }
    let both = Sha256::new()
        .chain_update(authority.to_der().unwrap())
        .chain_update(certificate.to_der().unwrap())
        .finalize()
        .into();
    if let Some(answer) = ANSWERS.with_borrow(|answers| answers.get(&both).copied()) {
        return answer;
    }
    let answer = check_certificate_signature(authority, certificate);
    ANSWERS.with_borrow_mut(|answers| {
        if answers.len() < 10_000 {
            answers.insert(both, answer);
        }
    });
    answer
}

fn check_certificate_signature(authority: &Certificate, certificate: &Certificate) -> bool {
    let message = certificate.tbs_certificate().to_der().unwrap();
    let digest = match certificate.signature_algorithm().oid.to_string().as_str() {
        "1.2.840.10045.4.3.2" => Sha256::digest(&message).to_vec(),
        "1.2.840.10045.4.3.3" => Sha384::digest(&message).to_vec(),
        other => panic!("a certificate was signed by {other}"),
    };
    let signature = certificate.signature().raw_bytes();
    let key = authority.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
    if let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(key) {
        p256::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
    } else {
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).unwrap();
        p384::ecdsa::Signature::from_der(signature)
            .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
    }
}
