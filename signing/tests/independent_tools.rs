//! OpenSSL and pyca/cryptography accept, and read, what is made here; and a certificate authority of OpenSSL's
//! can be above ours.

mod common;

use common::*;
use countermark::{Code, Policy};
use countermark_signing::{
    Authority, AuthorityProfile, CertificateChain, CertificateRequest, ClaimMapping, EphemeralKey,
    IdentityProvider, IdentityToken, Issuer, sign,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// 2024-03-22T11:25:48Z, when the tests sign.
const SIGNED_AT: &str = "1711106748";

fn pem(certificates: &[Vec<u8>]) -> String {
    CertificateChain::from_der(certificates.to_vec()).unwrap().to_pem()
}

/// Runs openssl and returns whether it succeeded, with all that it printed.
fn openssl(arguments: &[&str]) -> (bool, String) {
    let output = std::process::Command::new("openssl")
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("this test needs the program \"openssl\"; install it ({error})"));
    let printed = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
}

fn authority_with_namespace() -> Authority {
    let key = authority_key(&p256_key());
    let claim = "1.3.6.1.4.1.55555.1".parse().unwrap();
    let issuer =
        Issuer::new(root("CN=Test root,O=Example", &key)).unwrap().with_namespace_claim(claim).unwrap();
    Authority::new(issuer, key).unwrap()
}

#[test]
fn openssl_accepts_the_chain_in_its_time_and_no_other() {
    let authority = authority();
    let token = Provider::new().github_token(&github_claims());
    let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap();
    let directory = TempDir::new().unwrap();
    let root = write(&directory, "root.pem", authority.issuer().chain().to_pem());
    let leaf = write(&directory, "leaf.pem", pem(&entry.certificates()[..1]));
    let verify = |time: &str, root: &str| {
        openssl(&["verify", "-x509_strict", "-purpose", "any", "-attime", time, "-CAfile", root, &leaf])
    };
    let (accepted, printed) = verify(SIGNED_AT, &root);
    assert!(accepted, "{printed}");
    let (accepted, printed) = verify("1711107049", &root);
    assert!(!accepted && printed.contains("certificate has expired"), "{printed}");
    let (accepted, printed) = verify("1711106747", &root);
    assert!(!accepted && printed.contains("certificate is not yet valid"), "{printed}");
    let other = write(&directory, "other.pem", common::authority().issuer().chain().to_pem());
    let (accepted, printed) = verify(SIGNED_AT, &other);
    assert!(!accepted, "{printed}");

    let text = run("openssl", &["x509", "-in", &leaf, "-noout", "-text"]);
    for expected in [
        "Version: 3 (0x2)",
        "Signature Algorithm: ecdsa-with-SHA256",
        "Issuer: O = Example, CN = Test root",
        "Not Before: Mar 22 11:25:48 2024 GMT",
        "Not After : Mar 22 11:30:48 2024 GMT",
        "Subject: \n",
        "X509v3 Key Usage: critical\n                Digital Signature\n",
        "X509v3 Extended Key Usage: \n                Code Signing\n",
        "X509v3 Subject Alternative Name: critical\n                URI:https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main\n",
        "1.3.6.1.4.1.57264.1.4: \n                Release\n",
        "1.3.6.1.4.1.57264.1.14: \n                ..refs/tags/v1.6.217\n",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in:\n{text}");
    }
}

#[test]
fn openssl_accepts_the_signature_of_this_name_only() {
    let authority = authority();
    let token = Provider::new().github_token(&github_claims());
    let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap();
    let directory = TempDir::new().unwrap();
    let leaf = write(&directory, "leaf.pem", pem(&entry.certificates()[..1]));
    let key = write(&directory, "key.pem", run("openssl", &["x509", "-in", &leaf, "-noout", "-pubkey"]));
    let signature = write(&directory, "signature", entry.signature());
    let verify =
        |signed: &str| openssl(&["dgst", "-sha256", "-verify", &key, "-signature", &signature, signed]);
    let (accepted, printed) = verify(&write(&directory, "name", artifact_name().as_str()));
    assert!(accepted, "{printed}");
    let (accepted, _) = verify(&write(&directory, "other", format!("{}\n", artifact_name())));
    assert!(!accepted);
}

#[test]
fn openssl_accepts_the_request() {
    let token = Provider::new().github_token(&github_claims());
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let directory = TempDir::new().unwrap();
    let file = write(&directory, "request.pem", request.to_pem().unwrap());
    let (accepted, printed) = openssl(&["req", "-verify", "-in", &file, "-noout", "-text"]);
    assert!(accepted && printed.contains("verify OK"), "{printed}");
    assert!(printed.contains("1.3.6.1.4.1.57264.1.14"), "{printed}");

    let mut forged = request.as_der().to_vec();
    *forged.last_mut().unwrap() ^= 0x01;
    let file = write(&directory, "forged.der", forged);
    let (_, printed) = openssl(&["req", "-verify", "-inform", "DER", "-in", &file, "-noout"]);
    assert!(!printed.contains("verify OK"), "{printed}");
}

#[test]
fn our_authority_can_be_an_intermediate_under_a_root_of_openssl() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (root_key, root) = (path("root.key"), path("root.pem"));
    run("openssl", &["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", &root_key]);
    let root_arguments =
        ["req", "-new", "-x509", "-sha384", "-days", "36500", "-subj", "/O=Somebody else/CN=Root"];
    let root_extensions = ["-addext", "keyUsage=critical,keyCertSign", "-key", &root_key, "-out", &root];
    run("openssl", &[&root_arguments[..], &root_extensions].concat());

    let key = authority_key(&p256_key());
    let profile = AuthorityProfile::new("CN=Signing,O=Example", decade()).unwrap().with_path_length(0);
    let request = write(&directory, "intermediate.csr", profile.request(&key).unwrap().to_pem().unwrap());
    let intermediate = path("intermediate.pem");
    run(
        "openssl",
        &[
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &root,
            "-CAkey",
            &root_key,
            "-CAcreateserial",
            "-sha384",
            "-days",
            "3650",
            "-copy_extensions",
            "copyall",
            "-out",
            &intermediate,
        ],
    );
    let read = |file: &str| std::fs::read_to_string(file).unwrap();
    // OpenSSL dates the certificates from today, so that is when this pipeline signs.
    let today = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let today = countermark::Timestamp::from_unix(today.try_into().unwrap(), 0).unwrap();
    let mut payload = github_claims();
    for (name, offset) in [("nbf", -10), ("iat", -5), ("exp", 290)] {
        payload[name] = json!(today.unix_seconds() + offset);
    }
    let provider = Provider::new();
    let token =
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &github(), today).unwrap();

    let chain = CertificateChain::from_pem(&format!("{}{}", read(&intermediate), read(&root))).unwrap();
    let authority = Authority::new(Issuer::new(chain).unwrap(), key).unwrap();
    let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), today, &mut rng()).unwrap();
    assert_eq!(entry.certificates().len(), 3);
    let verifier = verifier(&authority);
    let verified = verifier.verify(&artifact_name(), [&entry], &policy());
    assert_eq!(verified.map_or_else(|refused| refused.code(), |_| Code::Verified), Code::Verified);

    let leaf = write(&directory, "leaf.pem", pem(&entry.certificates()[..1]));
    let time = today.unix_seconds().to_string();
    let arguments =
        ["verify", "-x509_strict", "-attime", &time, "-CAfile", &root, "-untrusted", &intermediate];
    let (accepted, printed) = openssl(&[&arguments[..], &[&leaf]].concat());
    assert!(accepted, "{printed}");
}

#[test]
fn our_root_certifies_a_request_of_openssl() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (key, request) = (path("key"), path("request"));
    run("openssl", &["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", &key]);
    let arguments = ["req", "-new", "-key", &key, "-subj", "/O=Example/CN=Lower"];
    let extension = ["-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-out", &request];
    run("openssl", &[&arguments[..], &extension].concat());
    let request = CertificateRequest::from_pem(&std::fs::read_to_string(&request).unwrap()).unwrap();

    let authority = authority();
    let profile = AuthorityProfile::new("CN=Lower,O=Example", decade()).unwrap().with_path_length(0);
    let chain = authority.issue_intermediate(&request, &profile, &mut rng()).unwrap();
    let root = write(&directory, "root.pem", authority.issuer().chain().to_pem());
    let lower = write(&directory, "lower.pem", pem(&chain.certificates()[..1]));
    let arguments = ["verify", "-x509_strict", "-attime", SIGNED_AT, "-CAfile", &root, &lower];
    let (accepted, printed) = openssl(&arguments);
    assert!(accepted, "{printed}");
    assert!(Issuer::new(chain).is_ok());
}

/// What pyca/cryptography reads from a certificate or a request.
fn read_with_pyca(kind: &str, pem: &str) -> Value {
    let directory = TempDir::new().unwrap();
    let python = std::env::var("COUNTERMARK_PYTHON").unwrap_or_else(|_| "python3".into());
    let output = std::process::Command::new(&python)
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/read_with_pyca.py"))
        .args([kind, &write(&directory, "input.pem", pem)])
        .output()
        .unwrap_or_else(|error| panic!("this test needs {python:?}; install Python 3 ({error})"));
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{python} failed; it needs pyca/cryptography: set COUNTERMARK_PYTHON to a Python that has it\n{complaint}"
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The claims of GitHub's token as pyca/cryptography should read them: by extension, with their encoding.
fn expected_claims() -> Value {
    let signer = "https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main";
    let arc = |number: u8| format!("1.3.6.1.4.1.57264.1.{number}");
    let mut claims = json!({ arc(4): ["raw", "Release"] });
    for (number, text) in [
        (8, GITHUB),
        (9, signer),
        (10, "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
        (11, "github-hosted"),
        (12, "endorlabs/monorepo"),
        (13, "6f2c1d0b8a9e7f3c5d4b2a1908f7e6d5c4b3a291"),
        (14, "refs/tags/v1.6.217"),
        (15, "464364432"),
        (16, "endorlabs"),
        (17, "92199924"),
        (18, "https://github.com/endorlabs/monorepo/.github/workflows/release.yml@refs/tags/v1.6.217"),
        (19, "6f2c1d0b8a9e7f3c5d4b2a1908f7e6d5c4b3a291"),
        (20, "push"),
        (21, "https://github.com/endorlabs/monorepo/actions/runs/8390262371/attempts/1"),
        (22, "private"),
        (23, "production"),
        (24, "repo:endorlabs/monorepo:ref:refs/tags/v1.6.217"),
    ] {
        claims[arc(number)] = json!(["utf8", text]);
    }
    claims
}

#[test]
fn pyca_reads_every_extension_as_intended() {
    let authority = authority_with_namespace();
    let token = Provider::new().github_token(&github_claims());
    let key = EphemeralKey::generate(&mut rng());
    let request = key.certificate_request(token.claims()).unwrap();
    let identity = json!([["uri", token.claims().identity()]]);

    let read = read_with_pyca("request", &request.to_pem().unwrap());
    assert_eq!(read["signature_is_valid"], json!(true));
    assert_eq!(read["subject"], json!(""));
    assert_eq!(read["claims"], expected_claims());
    assert_eq!(read["subject_alternative_names"], identity);

    let chain = authority.issue(&request, &token, NAMESPACE, now(), &mut rng()).unwrap();
    let root = read_with_pyca("certificate", &authority.issuer().chain().to_pem());
    let leaf = read_with_pyca("certificate", &pem(&chain.certificates()[..1]));
    let mut claims = expected_claims();
    claims["1.3.6.1.4.1.55555.1"] = json!(["utf8", NAMESPACE]);
    assert_eq!(leaf["claims"], claims);
    assert_eq!(leaf["version"], json!(3));
    assert_eq!(leaf["subject"], json!(""));
    assert_eq!(leaf["issuer"], json!("CN=Test root,O=Example"));
    assert_eq!(leaf["not_before"], json!("2024-03-22T11:25:48+00:00"));
    assert_eq!(leaf["not_after"], json!("2024-03-22T11:30:48+00:00"));
    assert_eq!(leaf["curve"], json!("secp256r1"));
    assert_eq!(leaf["subject_alternative_names"], identity);
    assert_eq!(leaf["key_usage"], json!(["digital_signature"]));
    assert_eq!(leaf["extended_key_usage"], json!(["1.3.6.1.5.5.7.3.3"]));
    assert_eq!(leaf["basic_constraints"], Value::Null);
    assert_eq!(leaf["critical"], json!(["2.5.29.15", "2.5.29.17"]));
    assert_eq!(leaf["authority_key_identifier"], root["subject_key_identifier"]);
    assert_eq!(leaf["subject_key_identifier"], leaf["digest_of_public_key"]);

    assert_eq!(root["subject"], root["issuer"]);
    assert_eq!(root["basic_constraints"], json!([true, null]));
    assert_eq!(root["key_usage"], json!(["crl_sign", "key_cert_sign"]));
    assert_eq!(root["critical"], json!(["2.5.29.15", "2.5.29.19"]));
    assert_eq!(root["subject_key_identifier"], root["digest_of_public_key"]);
    assert_eq!(root["authority_key_identifier"], root["subject_key_identifier"]);
    assert_eq!(root["claims"], json!({}));
}

#[test]
fn pyca_reads_identities_of_every_kind() {
    let authority = authority();
    let provider = Provider::new();
    let mapping = ClaimMapping::new("{who}").unwrap();
    let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
    for (identity, expected) in [
        ("https://ci.example/pipelines/7", json!(["uri", "https://ci.example/pipelines/7"])),
        ("signer@example.com", json!(["email", "signer@example.com"])),
        ("build \u{2713} 7", json!(["1.3.6.1.4.1.57264.1.7", ["utf8", "build \u{2713} 7"]])),
    ] {
        let mut payload = github_claims();
        payload["who"] = json!(identity);
        let token = IdentityToken::validate(&provider.es256(&payload), provider.jwks(), &idp, now()).unwrap();
        let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap();
        let leaf = read_with_pyca("certificate", &pem(&entry.certificates()[..1]));
        assert_eq!(leaf["subject_alternative_names"], json!([expected]));
        let policy = Policy::new(NAMESPACE, GITHUB).unwrap();
        assert!(verifier(&authority).verify(&artifact_name(), [&entry], &policy).is_ok());
    }
}
