//! The claims table of the design, entry by entry.

mod common;

use common::certificates::*;
use countermark::{Claim, Claims};

/// Name, number of the extension, raw or not: as the design's section 4 states them.
const TABLE: &[(&str, u8)] = &[
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

/// What the certificate with just these extensions says of a claim.
fn read(extensions: Vec<Extension>, claim: &str) -> Option<String> {
    let leaf = Certificate { extensions, ..scene().leaf };
    let der = leaf.sign(&Key::p256(1));
    let claims = Claims::of_certificate(&der).ok()?;
    claims.get(&claim.parse().unwrap()).map(str::to_owned)
}

#[test]
fn every_claim_is_read_from_its_extension_and_from_no_other() {
    for (name, number) in TABLE {
        let value = format!("value of {name}, ü");
        assert_eq!(read(vec![claim(*number, &value)], name), Some(value.clone()), "{name}");
        for (other, _) in TABLE.iter().filter(|(other, _)| other != name) {
            assert_eq!(read(vec![claim(*number, &value)], other), None, "{other} from .{number}");
        }
        for no_extension in ["certificate_identity", "certificate_oidc_issuer"] {
            assert_eq!(read(vec![claim(*number, &value)], no_extension), None);
        }
    }
    let named = TABLE.len() + 2;
    assert_eq!(Claim::NAMED.len(), named);
}

#[test]
fn a_claim_in_the_other_encoding_makes_the_certificate_unreadable() {
    for number in (1..=6).chain(8..=24) {
        let wrong = if number <= 6 { vec![0xFF] } else { b"raw".to_vec() };
        let leaf = Certificate {
            extensions: vec![extension(&format!("{ARC}.{number}"), false, wrong)],
            ..scene().leaf
        };
        assert!(Claims::of_certificate(&leaf.sign(&Key::p256(1))).is_err(), ".{number}");
    }
    // Raw text may look like DER: it is the text.
    let der_in_raw = extension(&format!("{ARC}.4"), false, utf8("Release"));
    assert_eq!(read(vec![der_in_raw], "build_config_name"), Some("\u{c}\u{7}Release".to_owned()));
    for number in [7, 25, 127] {
        let anything = extension(&format!("{ARC}.{number}"), false, vec![0xFF]);
        assert_eq!(read(vec![anything, claim(14, "x")], "source_repository_ref"), Some("x".into()));
    }
}

#[test]
fn the_issuer_is_extension_8_else_1() {
    let issuer = "certificate_oidc_issuer";
    assert_eq!(read(vec![claim(8, "a")], issuer), Some("a".into()));
    assert_eq!(read(vec![claim(1, "a")], issuer), Some("a".into()));
    assert_eq!(read(vec![claim(1, "a"), claim(8, "a")], issuer), Some("a".into()));
    assert_eq!(read(vec![claim(1, "a"), claim(8, "b")], issuer), None);
    assert_eq!(read(vec![claim(1, "a"), claim(8, "")], issuer), None, "empty is a value, and another");
}

#[test]
fn the_identity_is_the_one_subject_alternative_name() {
    let identity = "certificate_identity";
    let other_name =
        |oid_of_type: &str, value: Vec<u8>| tlv(0xA0, &[oid(oid_of_type), tlv(0xA0, &value)].concat());
    let of = |name: Vec<u8>| read(vec![subject_names(&[name])], identity);
    assert_eq!(of(general_name(6, b"https://example.com/x")), Some("https://example.com/x".into()));
    assert_eq!(of(general_name(1, b"a@example.com")), Some("a@example.com".into()));
    assert_eq!(of(other_name(&format!("{ARC}.7"), utf8("builder!ü"))), Some("builder!ü".into()));
    assert_eq!(of(other_name(&format!("{ARC}.7"), tlv(0x16, b"ia5"))), None);
    assert_eq!(of(other_name(&format!("{ARC}.8"), utf8("x"))), None);
    // The token's subject never stands in for it.
    assert_eq!(read(vec![claim(24, "repo:a/b")], identity), None);
}

#[test]
fn custom_claims_are_text_or_absent() {
    let custom = "1.3.6.1.4.1.55555.1";
    let with = |value: Vec<u8>| read(vec![extension(custom, false, value)], custom);
    assert_eq!(with(utf8("tenant")), Some("tenant".into()));
    assert_eq!(with(utf8("")), Some(String::new()));
    for value in
        [b"tenant".to_vec(), tlv(0x13, b"tenant"), vec![0x0C, 1, 0xFF], [utf8("a"), vec![0]].concat(), vec![]]
    {
        assert_eq!(with(value), None);
    }
    for number in [2, 3, 5, 6] {
        let name = format!("{ARC}.{number}");
        assert_eq!(read(vec![claim(number, "raw")], &name), Some("raw".into()));
    }
    for number in [7, 25] {
        let name = format!("{ARC}.{number}");
        assert_eq!(read(vec![extension(&name, false, utf8("der"))], &name), Some("der".into()));
        assert_eq!(read(vec![extension(&name, false, b"raw".to_vec())], &name), None);
    }
}

#[test]
fn custom_claims_may_have_oids_of_any_size() {
    let long = format!("1.3.6.1.4.1.{}", ["4294967295"; 11].join("."));
    let too_long = format!("1.3.6.1.4.1.{}", ["4294967295"; 12].join("."));
    for name in ["2.999.1", "2.25.329800735698586629295641978511506172918", "1.3.6.1.4.1.4294967296.1", &long]
    {
        assert_eq!(name.parse::<Claim>().unwrap().to_string(), name);
        assert_eq!(read(vec![claim(14, "x")], name), None);
    }
    assert!(too_long.parse::<Claim>().is_err());
    // A certificate that carries one: 2.999.1, which the tests' own encoder cannot write.
    let mut leaf =
        Certificate { extensions: vec![extension("2.5.4.3", false, utf8("tenant"))], ..scene().leaf }
            .sign(&Key::p256(1));
    let at = leaf.windows(5).rposition(|bytes| bytes == [6, 3, 0x55, 4, 3]).unwrap();
    leaf[at + 2..at + 5].copy_from_slice(&[0x88, 0x37, 1]);
    let claims = Claims::of_certificate(&leaf).unwrap();
    assert_eq!(claims.get(&"2.999.1".parse().unwrap()), Some("tenant"));
}

#[test]
fn custom_claims_that_were_asked_for_are_shown() {
    let (asked, unasked) = ("1.3.6.1.4.1.55555.1", "1.3.6.1.4.1.55555.2");
    let mut scene = scene();
    for name in [asked, unasked] {
        scene.leaf = scene.leaf.with(extension(name, false, utf8("tenant\nforged: line")));
    }
    let policy = policy().require(asked.parse().unwrap(), "tenant\nforged: line").unwrap();
    let (verifier, entry) = (scene.verifier(), scene.entry());
    let verified = verifier.verify(&NAME.parse().unwrap(), [&entry], &policy).unwrap();
    assert_eq!(verified.custom_claims(), [(asked.parse().unwrap(), "tenant\nforged: line")]);
    let text = verified.to_string();
    assert!(
        text.contains("custom claim 1.3.6.1.4.1.55555.1") && text.contains(r"tenant\nforged: line"),
        "{text}"
    );
    assert!(!text.contains(unasked));
    assert_eq!(serde_json::to_value(&verified).unwrap()["claims"][asked], "tenant\nforged: line");
}
