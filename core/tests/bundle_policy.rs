//! What is asked of bundles: the policies for signers and for keys, as programs and as JSON make them.
#![cfg(feature = "sigstore")]

mod common;

use countermark::limits::{MAX_DEMANDED, MAX_POLICY_JSON_BYTES, MAX_POLICY_KEYS, MAX_PUBLIC_KEY_BYTES};
use countermark::{
    BundlePolicy, Claim, Code, KeyPolicy, MalformedInput, Match, Period, PublicKey, PypiPublisher, Timestamp,
};
use serde_json::{Value, json};

const ISSUER: &str = "https://token.actions.githubusercontent.com";
const IDENTITY: &str = "https://github.com/org/repo/.github/workflows/release.yml@refs/tags/*";
const P256: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEVgWVwKRbzC73DgmwJHWRaByqAEqB\n\
    IopmNMuDbOZOH60bjuCmcZy1yXFBIrXvoKUdmtck/ocX9MmPf9OXHObyrg==\n\
    -----END PUBLIC KEY-----\n";
const P384: &str = "-----BEGIN PUBLIC KEY-----\n\
    MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE2Br3vJvdpwde0OCoSh7VqFTJFoWV5u0C\n\
    xP5zO7x1x53hP02DnQFt8jF3gYGJm8vacznCaULGmvAWzgcmA3GaiKKTbgpIoUZy\n\
    UJEcTHRfZeGNfIRY9ZncLLCGItcMPGGc\n\
    -----END PUBLIC KEY-----\n";

fn digest(algorithm: &str, digits: usize) -> String {
    format!("{algorithm}:{}", "0a".repeat(digits / 2))
}

/// A policy in which every member says something else than by default.
fn every_member() -> Value {
    json!({
        "certificate_oidc_issuer": ISSUER,
        "claims": {"certificate_identity": {"glob": IDENTITY}},
        "any_signer_of_issuer": true,
        "max_certificate_lifetime_seconds": 900,
        "instance": "public",
        "log_entries": 2,
        "signed_times": 0,
        "certificate_timestamps": 3,
        "predicate_type": "https://slsa.dev/provenance/v1",
        "subject_name": "pkg:npm/%40scope/name@1.0.0",
        "blocklist": [format!("a@{}", digest("sha256", 64)), digest("sha256", 64), digest("sha384", 96), digest("sha512", 128)],
        "ignore_unknown_authorities": true,
    })
}

fn of_keys() -> Value {
    json!({
        "keys": [
            {"public_key": P256, "name": "a", "valid_for": {"start": "2022-12-01T00:00:00Z", "end": "2025-01-29T00:00:00.5Z"}},
            {"public_key": P384, "valid_for": {"start": "2025-01-13T00:00:00Z"}},
            {"public_key": P384, "name": "a"},
        ],
        "instance": "public",
        "log_entries": 0,
        "signed_times": 2,
        "predicate_type": "p",
        "subject_name": "s",
        "blocklist": [digest("sha512", 128)],
        "ignore_unknown_authorities": true,
    })
}

fn minimal() -> Value {
    json!({"certificate_oidc_issuer": ISSUER, "claims": {"source_repository": "https://github.com/o/n"}})
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The policy with one member another value, as both kinds of policies read it if they know the member.
fn refused(mut json: Value, member: &str, value: Value) -> String {
    let is_of_keys = json.get("keys").is_some();
    json[member] = value;
    refuses(&json.to_string(), is_of_keys)
}

fn refuses(json: &str, is_of_keys: bool) -> String {
    let refused = if is_of_keys {
        KeyPolicy::from_json(json).expect_err(json)
    } else {
        BundlePolicy::from_json(json).expect_err(json)
    };
    assert_eq!(refused.code(), Code::MalformedPolicy, "{json}");
    refused.to_string()
}

#[test]
fn a_policy_is_read_as_it_is_written() {
    let json = every_member();
    let policy = BundlePolicy::from_json(json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&policy).unwrap(), json);
    assert_eq!(policy.certificate_oidc_issuer(), Some(ISSUER));
    assert_eq!(policy.claims()[0].1.as_glob(), Some(IDENTITY));
    assert_eq!(policy.max_certificate_lifetime_seconds(), 900);
    assert_eq!(policy.instance(), Some("public"));
    assert_eq!(
        [policy.log_entries(), policy.signed_times(), policy.certificate_timestamps()],
        [Some(2), Some(0), Some(3)]
    );
    assert!(policy.predicate_types().eq(["https://slsa.dev/provenance/v1"]));
    assert_eq!(policy.subject_name(), Some("pkg:npm/%40scope/name@1.0.0"));
    assert!(policy.ignores_unknown_authorities() && policy.blocklist().count() == 4);

    let json = of_keys();
    let policy = KeyPolicy::from_json(json.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&policy).unwrap(), json);
    assert_eq!(policy.keys()[0].name(), Some("a"));
    let period = Period::new(at("2022-12-01T00:00:00Z"), Some(at("2025-01-29T00:00:00.5Z")));
    assert_eq!(policy.keys()[0].period(), Some(period));
    assert_eq!((policy.keys()[1].name(), policy.keys()[2].period()), (None, None));
    assert_eq!((policy.log_entries(), policy.signed_times()), (Some(0), Some(2)));
}

#[test]
fn programs_and_json_make_the_same_policies() {
    let glob = Match::glob(IDENTITY).unwrap();
    let mut built = BundlePolicy::any_signer_of_issuer(ISSUER)
        .unwrap()
        .require(Claim::CertificateIdentity, glob.clone())
        .unwrap()
        .with_max_certificate_lifetime_seconds(900)
        .unwrap()
        .with_instance("public")
        .unwrap()
        .with_log_entries(2)
        .unwrap()
        .with_signed_times(0)
        .unwrap()
        .with_certificate_timestamps(3)
        .unwrap()
        .with_predicate_type("https://slsa.dev/provenance/v1")
        .unwrap()
        .with_subject_name("pkg:npm/%40scope/name@1.0.0")
        .unwrap()
        .ignoring_unknown_authorities();
    for item in every_member()["blocklist"].as_array().unwrap() {
        built = built.block(item.as_str().unwrap()).unwrap();
    }
    assert_eq!(BundlePolicy::from_json(every_member().to_string()).unwrap(), built);

    let defaults = json!({
        "certificate_oidc_issuer": ISSUER, "no_certificate_oidc_issuer": false, "any_signer_of_issuer": false,
        "claims": {"certificate_identity": {"glob": IDENTITY}}, "max_certificate_lifetime_seconds": 600,
        "log_entries": 1, "signed_times": 1, "certificate_timestamps": 1, "blocklist": [],
        "ignore_unknown_authorities": false,
    });
    let policy = BundlePolicy::from_json(defaults.to_string()).unwrap();
    assert_eq!(policy, BundlePolicy::for_sigstore(glob.clone(), ISSUER).unwrap());
    assert_eq!(policy, BundlePolicy::new(ISSUER, [(Claim::CertificateIdentity, glob)]).unwrap());
    let short =
        json!({"certificate_oidc_issuer": ISSUER, "claims": {"certificate_identity": {"glob": IDENTITY}}});
    assert_eq!(serde_json::to_value(&policy).unwrap(), short);

    for (json, policy) in [
        (
            json!({"no_certificate_oidc_issuer": true, "claims": {"certificate_identity": "x"}}),
            BundlePolicy::without_issuer([(Claim::CertificateIdentity, "x")]).unwrap(),
        ),
        (
            json!({"no_certificate_oidc_issuer": true, "any_signer_of_issuer": true}),
            BundlePolicy::any_signer_without_issuer(),
        ),
        (
            json!({"certificate_oidc_issuer": "i", "any_signer_of_issuer": true}),
            BundlePolicy::any_signer_of_issuer("i").unwrap(),
        ),
    ] {
        assert_eq!(BundlePolicy::from_json(json.to_string()).unwrap(), policy);
        assert_eq!(serde_json::to_value(&policy).unwrap(), json);
    }

    let key = PublicKey::from_pem(P256).unwrap();
    let json = json!({"keys": [{"public_key": P256}]});
    let policy = KeyPolicy::new([key]).unwrap();
    assert_eq!(serde_json::to_value(&policy).unwrap(), json);
    assert_eq!(KeyPolicy::from_json(json.to_string()).unwrap(), policy);
}

#[test]
fn a_policy_that_forgets_the_signer_is_malformed() {
    let read = |json: Value| BundlePolicy::from_json(json.to_string());
    for claims in [
        json!({}),
        json!({"source_repository": {"glob": "*/*"}}),
        json!({"certificate_identity": {"glob": "**"}, "build_trigger": {"glob": "*"}}),
    ] {
        let json = json!({"certificate_oidc_issuer": ISSUER, "claims": claims});
        assert!(read(json.clone()).unwrap_err().to_string().contains("any_signer_of_issuer"), "{claims}");
        let mut said = json.clone();
        said["any_signer_of_issuer"] = json!(true);
        assert!(read(said).unwrap().is_unconstrained());
        let mut denied = json;
        denied["any_signer_of_issuer"] = json!(false);
        assert!(read(denied).is_err());
    }
    assert!(read(json!({"certificate_oidc_issuer": ISSUER})).is_err());
    assert!(read(json!({"no_certificate_oidc_issuer": true})).is_err());
    assert!(BundlePolicy::new(ISSUER, [(Claim::CertificateIdentity, Match::glob("**").unwrap())]).is_err());
    assert!(BundlePolicy::new::<Match>(ISSUER, []).is_err());
    assert!(BundlePolicy::for_sigstore(Match::glob("*").unwrap(), ISSUER).is_err());
    assert!(!read(minimal()).unwrap().is_unconstrained());
}

#[test]
fn an_issuer_is_said_or_denied_and_not_both() {
    let claims = json!({"certificate_identity": "x"});
    for json in [
        json!({"claims": claims}),
        json!({"claims": claims, "no_certificate_oidc_issuer": false}),
        json!({"claims": claims, "no_certificate_oidc_issuer": true, "certificate_oidc_issuer": "i"}),
        json!({"claims": claims, "certificate_oidc_issuer": ""}),
        json!({"claims": {"certificate_oidc_issuer": "i", "certificate_identity": "x"}, "no_certificate_oidc_issuer": true}),
    ] {
        refuses(&json.to_string(), false);
    }
}

#[test]
fn every_member_has_its_type_and_range() {
    let long = "x".repeat(8 * 1_024 + 1);
    let counts = || vec![json!(33), json!(-1), json!(1.0), json!("1"), json!(true), json!(4_294_967_297_u64)];
    let texts = || vec![json!(""), json!(1), json!(["x"]), json!({"any_of": ["x"]}), json!(long)];
    let flags = || vec![json!("true"), json!(1), json!(0), json!("")];
    for (member, values) in [
        ("certificate_oidc_issuer", texts()),
        ("no_certificate_oidc_issuer", flags()),
        ("claims", vec![json!([]), json!("x"), json!({"x": "y"}), json!({"build_trigger": null})]),
        ("any_signer_of_issuer", flags()),
        (
            "max_certificate_lifetime_seconds",
            vec![json!(0), json!(34_560_001), json!(-1), json!(600.0), json!("600")],
        ),
        ("instance", texts()),
        ("log_entries", counts()),
        ("signed_times", counts()),
        ("certificate_timestamps", counts()),
        ("predicate_type", texts()),
        ("subject_name", texts()),
        (
            "blocklist",
            vec![
                json!({}),
                json!(digest("sha256", 64)),
                json!([1]),
                json!([null]),
                json!(["0a".repeat(32)]),
                json!([digest("sha256", 62)]),
                json!([digest("sha384", 64)]),
                json!([digest("sha512", 126)]),
                json!([digest("sha1", 40)]),
                json!([digest("SHA256", 64)]),
                json!([digest("sha512", 128).replace('a', "A")]),
                json!([format!("a@{}", digest("sha512", 128))]),
                json!(["image:latest"]),
            ],
        ),
        ("ignore_unknown_authorities", flags()),
    ] {
        for value in values.into_iter().chain([json!(null), json!({}), json!([[]])]) {
            if member == "claims" && value == json!({}) {
                continue;
            }
            refused(every_member(), member, value.clone());
            if of_keys().get(member).is_some() {
                refused(of_keys(), member, value);
            }
        }
    }
    for member in
        ["max_certificate_lifetime_seconds", "certificate_timestamps", "claims", "any_signer_of_issuer"]
    {
        let message = refused(of_keys(), member, every_member()[member].clone());
        assert!(message.contains("unknown member"), "{message}");
    }
    for (member, values) in [
        ("max_certificate_lifetime_seconds", [1, 34_560_000]),
        ("log_entries", [0, MAX_DEMANDED]),
        ("signed_times", [0, MAX_DEMANDED]),
        ("certificate_timestamps", [0, MAX_DEMANDED]),
    ] {
        for value in values {
            let mut json = minimal();
            json[member] = json!(value);
            assert!(BundlePolicy::from_json(json.to_string()).is_ok(), "{member} {value}");
        }
    }
}

#[test]
fn every_member_is_spelt_right_and_stands_once() {
    for (json, is_of_keys) in [(every_member(), false), (of_keys(), true)] {
        for (member, value) in json.as_object().unwrap() {
            let twice = format!("{{\"{member}\": {value}, {}", json.to_string().strip_prefix('{').unwrap());
            assert!(refuses(&twice, is_of_keys).contains("twice"), "{member}");
            for misspelt in
                [format!("{member}s"), member.to_uppercase(), member.replace('_', ""), String::new()]
            {
                if json.get(&misspelt).is_some() {
                    continue;
                }
                let message = refused(json.clone(), &misspelt, value.clone());
                assert!(message.contains("unknown member"), "{message}");
            }
        }
        for text in ["", "null", "[]", "\"x\"", "1", "{}", "-----BEGIN PUBLIC KEY-----"] {
            refuses(text, is_of_keys);
        }
        refuses(&format!("{json} x"), is_of_keys);
    }
    assert!(refused(minimal(), "namespace", json!("n")).contains("unknown member"));
    assert!(refused(minimal(), "revocation_scope", json!("entry")).contains("unknown member"));
}

#[test]
fn every_member_of_a_key_has_its_type() {
    let with = |member: &str, value: Value| {
        let mut json = of_keys();
        json["keys"][0][member] = value;
        refuses(&json.to_string(), true)
    };
    for value in [json!(null), json!(1), json!(""), json!("x"), json!([P256]), json!(P256.repeat(2))] {
        with("public_key", value);
    }
    for value in [json!(null), json!(1), json!(""), json!("x".repeat(8 * 1_024 + 1))] {
        with("name", value);
    }
    let start = "2022-12-01T00:00:00Z";
    for value in [
        json!(null),
        json!({}),
        json!([start]),
        json!(start),
        json!({"end": start}),
        json!({"start": null}),
        json!({"start": start, "end": null}),
        json!({"start": start, "end": "2022-11-30T23:59:59.999999999Z"}),
        json!({"start": "2022-12-01"}),
        json!({"start": 1}),
        json!({"start": start, "until": start}),
    ] {
        with("valid_for", value);
    }
    with("hint", json!("a"));
    for keys in
        [json!([]), json!({}), json!([P256]), json!([[P256]]), json!([{}]), json!([null]), json!(P256)]
    {
        refused(of_keys(), "keys", keys);
    }
    let mut json = of_keys();
    json["keys"][0]["valid_for"] = json!({"start": start, "end": start});
    assert!(KeyPolicy::from_json(json.to_string()).is_ok());
}

#[test]
fn a_key_that_cannot_be_used_is_malformed() {
    let der = PublicKey::from_pem(P256).unwrap().as_der().to_vec();
    let mut off_curve = der.clone();
    *off_curve.last_mut().unwrap() ^= 1;
    let mut other_curve = der.clone();
    other_curve[22] ^= 1;
    let trailing = [&der[..], &[0]].concat();
    for wrong in [vec![], off_curve, other_curve, trailing, der[..der.len() - 1].to_vec(), P256.into()] {
        let refused = PublicKey::from_der(wrong.clone()).expect_err(&format!("{wrong:02x?}"));
        assert_eq!(refused.code(), Code::MalformedPolicy);
    }
    for wrong in [
        P256.replace("PUBLIC", "PRIVATE"),
        P256.replace("PUBLIC KEY", "CERTIFICATE"),
        P256.replace("PUBLIC KEY", "RSA PUBLIC KEY"),
        P256.replace("-----END", "----END"),
        P256.replace("MFkw", "MFk"),
        format!("{P256}{P384}"),
        String::new(),
    ] {
        assert!(PublicKey::from_pem(&wrong).is_err(), "{wrong}");
    }
    let base64 = P256.lines().nth(1).unwrap();
    let refused = PublicKey::from_pem(base64).unwrap_err().to_string();
    assert!(refused.contains("-----BEGIN PUBLIC KEY----- before"), "{refused}");
    assert!(PublicKey::from_pem(&format!("a key of ours\n{}", P256.replace('\n', "\r\n"))).is_ok());
}

#[test]
fn keys_and_documents_have_limits() {
    let key = PublicKey::from_pem(P256).unwrap();
    assert!(KeyPolicy::new(std::iter::repeat_n(key.clone(), MAX_POLICY_KEYS)).is_ok());
    assert!(KeyPolicy::new(std::iter::repeat_n(key.clone(), MAX_POLICY_KEYS + 1)).is_err());
    assert!(KeyPolicy::new([]).is_err());
    let with = |count| {
        let json = json!({"keys": vec![json!({"public_key": P256}); count]});
        KeyPolicy::from_json(json.to_string())
    };
    assert!(with(MAX_POLICY_KEYS).is_ok());
    assert!(with(MAX_POLICY_KEYS + 1).unwrap_err().to_string().contains("more than 256 keys"));
    let padded = |length: usize| PublicKey::from_pem(&format!("{}{P256}", "\n".repeat(length - P256.len())));
    assert!(padded(MAX_PUBLIC_KEY_BYTES).is_ok() && padded(MAX_PUBLIC_KEY_BYTES + 1).is_err());
    let padded = |length: usize| {
        let json = minimal().to_string();
        BundlePolicy::from_json(format!("{json}{}", " ".repeat(length - json.len())))
    };
    assert!(padded(MAX_POLICY_JSON_BYTES).is_ok() && padded(MAX_POLICY_JSON_BYTES + 1).is_err());
}

#[test]
fn what_json_cannot_say_is_not_written_as_less() {
    let publisher = PypiPublisher::google("a@b").unwrap();
    for policy in [
        BundlePolicy::for_github("o/n"),
        BundlePolicy::for_github_release("o/n"),
        BundlePolicy::for_pypi(&publisher, "foo-1.0.tar.gz"),
        BundlePolicy::for_github_release("o/n").and_then(|policy| {
            policy.with_log_entries(1)?.with_signed_times(1)?.with_certificate_timestamps(1)
        }),
    ] {
        assert!(serde_json::to_string(&policy.unwrap()).is_err());
    }
    let fixed = BundlePolicy::for_github("o/n").unwrap();
    let fixed = fixed
        .with_log_entries(1)
        .unwrap()
        .with_signed_times(1)
        .unwrap()
        .with_certificate_timestamps(1)
        .unwrap();
    assert_eq!(BundlePolicy::from_json(serde_json::to_string(&fixed).unwrap()).unwrap(), fixed);
}

#[test]
fn inputs_of_known_publishers_cannot_say_more_than_they_are() {
    for repository in ["", "o", "o/n/x", "o/*", "*/*", "o/n@v1", "o/n?x", "../n", "o/n#"] {
        for refused in [
            BundlePolicy::for_github(repository),
            BundlePolicy::for_github_release(repository),
            BundlePolicy::for_github_enterprise("e", repository),
        ] {
            assert_eq!(refused.unwrap_err().code(), Code::MalformedPolicy, "{repository}");
        }
    }
    for enterprise in ["", "a/b", "*", "..", "a b"] {
        assert!(BundlePolicy::for_github_enterprise(enterprise, "o/n").is_err(), "{enterprise}");
    }
}

fn npm_keys() -> Value {
    let base64 = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let key = |id: &str, usage: &str, pem: &str, details: &str, valid_for: Value| {
        json!({
            "keyId": id, "keyUsage": usage,
            "publicKey": {"rawBytes": base64(pem), "keyDetails": details, "validFor": valid_for},
        })
    };
    let old = json!({"start": "2022-12-01T00:00:00.000Z", "end": "2025-01-29T00:00:00.000Z"});
    json!({"keys": [
        key("SHA256:a", "npm:signatures", P256, "PKIX_ECDSA_P256_SHA_256", json!({"start": "1999-01-01T00:00:00.000Z"})),
        key("SHA256:a", "npm:attestations", P256, "PKIX_ECDSA_P256_SHA_256", old),
        key("SHA256:b", "npm:attestations", P384, "PKIX_ECDSA_P384_SHA_384", json!({"start": "2025-01-13T00:00:00.000Z"})),
    ]})
}

#[test]
fn of_npms_keys_those_for_attestations_are_taken() {
    let read = |json: &Value| KeyPolicy::from_npm_keys(json.to_string());
    let policy = read(&npm_keys()).unwrap();
    let start = at("2022-12-01T00:00:00Z");
    let keys = [
        PublicKey::from_pem(P256).and_then(|key| {
            key.with_name("SHA256:a")?.with_period(Period::new(start, Some(at("2025-01-29T00:00:00Z"))))
        }),
        PublicKey::from_pem(P384).and_then(|key| {
            key.with_name("SHA256:b")?.with_period(Period::new(at("2025-01-13T00:00:00Z"), None))
        }),
    ];
    assert_eq!(policy, KeyPolicy::new(keys.map(Result::unwrap)).unwrap());

    let refused = |change: &dyn Fn(&mut Value)| {
        let mut json = npm_keys();
        change(&mut json);
        let refused: MalformedInput = read(&json).expect_err(&json.to_string());
        assert_eq!(refused.code(), Code::MalformedPolicy);
    };
    refused(&|json| json["keys"] = json!([]));
    refused(&|json| json["keys"] = json!([json["keys"][0]]));
    refused(&|json| json["mediaType"] = json!("x"));
    for member in ["keyId", "keyUsage", "publicKey"] {
        refused(&|json| drop(json["keys"][1].as_object_mut().unwrap().remove(member)));
        refused(&|json| json["keys"][1][member] = json!(null));
    }
    refused(&|json| json["keys"][1]["keyid"] = json!("x"));
    for member in ["rawBytes", "keyDetails", "validFor"] {
        refused(&|json| drop(json["keys"][1]["publicKey"].as_object_mut().unwrap().remove(member)));
        refused(&|json| json["keys"][1]["publicKey"][member] = json!(null));
    }
    refused(&|json| json["keys"][1]["publicKey"]["keyDetails"] = json!("PKIX_ECDSA_P384_SHA_384"));
    refused(&|json| json["keys"][1]["publicKey"]["keyDetails"] = json!("PKIX_UNKNOWN"));
    refused(&|json| json["keys"][1]["publicKey"]["rawBytes"] = json!("MFkw"));
    refused(&|json| json["keys"][1]["publicKey"]["rawBytes"] = json!("M"));
    refused(&|json| json["keys"][1]["publicKey"]["validFor"] = json!({"end": "2025-01-29T00:00:00.000Z"}));
    let mut other_use = npm_keys();
    other_use["keys"][0]["publicKey"]["keyDetails"] = json!("PKIX_UNKNOWN");
    assert_eq!(read(&other_use).unwrap(), policy);
}
