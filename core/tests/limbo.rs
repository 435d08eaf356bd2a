//! Path validation against the cases of x509-limbo, through the code that entries use. The rules that are
//! peculiar to signatures (code signing, five minutes, one identity) are off, by each case's own settings.
//!
//! The cases are not the project's own: they are read from what `COUNTERMARK_LIMBO` names, or from beside the checkout.

mod common;

use countermark::path_validation::PathValidation;
use countermark::{Entry, Timestamp, TrustAnchors};
use serde_json::Value;

/// What the suite refuses and we accept, each with the reason why that does not matter to signatures.
const ACCEPTED_ON_PURPOSE: &[(&str, &str)] = &[
    ("rfc5280::aki::cross-signed-root-missing-aki", NO_KEY_IDENTIFIERS),
    ("rfc5280::ski::root-missing-ski", NO_KEY_IDENTIFIERS),
    ("webpki::aki::root-with-aki-missing-keyidentifier", NO_KEY_IDENTIFIERS),
    ("webpki::aki::root-with-aki-authoritycertissuer", NO_KEY_IDENTIFIERS),
    ("webpki::aki::root-with-aki-authoritycertserialnumber", NO_KEY_IDENTIFIERS),
    ("rfc5280::san::ip-in-dns", "a leaf that is named by DNS names is unreadable for entries"),
    ("rfc5280::ca-empty-subject", "the path is made by signatures as well as by names"),
    (
        "rfc5280::root-non-critical-basic-constraints",
        "criticality tells readers that do not know the extension to stop; this one knows it",
    ),
    (
        "rfc5280::leaf-ku-keycertsign",
        "the leaf is no authority without basic constraints, whatever its key usage",
    ),
    ("webpki::eku::ee-critical-eku", "a rule of the web's PKI about criticality; the extension is processed"),
    ("webpki::forbidden-p192-leaf", "the leaf's key is not part of path validation; entries want P-256"),
];

const NO_KEY_IDENTIFIERS: &str = "key identifiers help to find a path; this search needs no help";

/// What the suite accepts and we refuse, each with the reason.
const REFUSED_ON_PURPOSE: &[(&str, &str)] = &[
    (
        "pathlen::max-chain-depth-1-self-issued",
        "self-issued authorities count towards the limit on authorities",
    ),
    ("rfc5280::validity::notafter-fractional", "one nanosecond late is late"),
    ("webpki::cryptographydotio-chain", "authorities with RSA keys are not accepted by default"),
];

/// "Now", for cases that do not say when: inside the validity of what such cases use.
const NOW: &str = "2025-01-01T00:00:00Z";

fn der(pem: &Value) -> Option<Vec<u8>> {
    Entry::certificates_from_pem(pem.as_str().unwrap()).ok()?.pop()
}

fn validate(case: &Value) -> Result<(), String> {
    let usages = case["extended_key_usage"].as_array().unwrap();
    assert!(usages.len() <= 1);
    let validation = PathValidation {
        time: case["validation_time"].as_str().unwrap_or(NOW).parse::<Timestamp>().unwrap(),
        max_authorities: case["max_chain_depth"].as_u64().map(|depth| usize::try_from(depth).unwrap()),
        extended_key_usage: usages.first().map(|usage| match usage.as_str().unwrap() {
            "serverAuth" => "1.3.6.1.5.5.7.3.1",
            "clientAuth" => "1.3.6.1.5.5.7.3.2",
            "codeSigning" => "1.3.6.1.5.5.7.3.3",
            "emailProtection" => "1.3.6.1.5.5.7.3.4",
            "timeStamping" => "1.3.6.1.5.5.7.3.8",
            "OCSPSigning" => "1.3.6.1.5.5.7.3.9",
            "anyExtendedKeyUsage" => "2.5.29.37.0",
            other => panic!("unknown usage {other}"),
        }),
        digital_signature: case["key_usage"]
            .as_array()
            .unwrap()
            .iter()
            .any(|usage| usage == "digitalSignature"),
    };
    let anchors: Vec<Vec<u8>> = case["trusted_certs"].as_array().unwrap().iter().filter_map(der).collect();
    let anchors = TrustAnchors::from_der(anchors).map_err(|malformed| malformed.to_string())?;
    let leaf = der(&case["peer_certificate"]).ok_or("the leaf is no PEM")?;
    let others: Vec<Vec<u8>> =
        case["untrusted_intermediates"].as_array().unwrap().iter().filter_map(der).collect();
    validation.validate(&anchors, &leaf, &others).map_err(|reason| reason.to_string())
}

/// Runs every case, and returns how many there were.
fn run(file: &Value) -> usize {
    let cases = file
        .as_array()
        .or_else(|| file["testcases"].as_array())
        .or_else(|| file["cases"].as_array())
        .unwrap();
    let mut failures = Vec::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        let stands_in = |list: &[(&str, &str)]| list.iter().any(|(listed, _)| *listed == id);
        let expected = match case["expected_result"].as_str().unwrap() {
            "SUCCESS" => !stands_in(REFUSED_ON_PURPOSE),
            "FAILURE" => stands_in(ACCEPTED_ON_PURPOSE),
            other => panic!("unknown result {other}"),
        };
        let result = validate(case);
        if result.is_ok() != expected {
            failures.push(format!("{id}: expected {}, got {result:?}", case["expected_result"]));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    cases.len()
}

#[test]
fn every_case_has_its_result_or_stands_in_a_list() {
    let Some(path) = common::elsewhere("COUNTERMARK_LIMBO", "limbo/limbo.json") else { return };
    let file: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let count = run(&file);
    assert!(count > 0, "{} has no cases", path.display());
    println!("{count} cases of {}", path.display());
    if std::env::var_os("COUNTERMARK_LIMBO").is_none() {
        let ids: Vec<&str> =
            file.as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap()).collect();
        for (id, _) in ACCEPTED_ON_PURPOSE.iter().chain(REFUSED_ON_PURPOSE) {
            assert!(ids.contains(id), "{id} is in a list and not in the suite");
        }
    }
}
