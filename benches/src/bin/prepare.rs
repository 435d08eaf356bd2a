//! Writes what the contenders verify: `prepare DIRECTORY`.
//!
//! The cases are vectors of `testdata/`, the real chain of the peers, published bundles, and a log of artifacts that are
//! signed here, always the same.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use countermark::{ArtifactName, Entry, Timestamp};
use countermark_benches::material::{LOG_ENTRIES, Material};
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, IdentityProvider, IdentityToken, Issuer, RepositoryNames,
    Validity, sign,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

const NAMESPACE: &str = "example-ns";
const AUDIENCE: &str = "signing.example";
const SIGNED_AT: &str = "2024-03-22T11:25:48Z";

/// The last of these names the algorithm of a signed timestamp's signature.
const ECDSA_WITH_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
const ECDSA_WITH_SHA384: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03];

fn main() {
    let directory: PathBuf = std::env::args_os().nth(1).expect("usage: prepare DIRECTORY").into();
    for (case, vector) in [
        ("p256", "accept-minimal"),
        ("p256-known", "accept-known-intermediate"),
        ("p256-entry", "accept-nine-claims"),
        ("p384-entry", "accept-p384-authorities"),
        ("blocklisted", "blocklisted-name"),
        ("revoked", "revoked"),
        ("none", "none-other-digest"),
        ("unknown-ca", "ca-impostor-same-name"),
        ("signature", "signature-other-name"),
        ("claims", "claims-differ"),
    ] {
        write_vector(&Material::new(&directory, case), vector);
    }
    write_p384_known(&directory);
    write_real(&Material::new(&directory, "real"));
    write_log(&Material::new(&directory, "log"));
    for (case, bundle) in [
        ("bundle-message", "sigstore-bundle/v0.3-staging"),
        ("bundle-envelope", "sigstore-verify/conda-dsse"),
        ("bundle-token", "sigstore-verify/python-rekor-v2"),
        ("bundle-github", "sigstore-verify/github-release"),
    ] {
        write_bundle(&Material::new(&directory, case), bundle);
    }
}

fn testdata(file: &str) -> Vec<u8> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(file))
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json_of(file: &str) -> Value {
    serde_json::from_slice(&testdata(file)).expect("the file is JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn write_vector(material: &Material, vector: &str) {
    let vector = json_of(&format!("vectors/{vector}.json"));
    material.write("anchors.pem", text(&vector["trust_anchors"]));
    material.write("intermediates.pem", vector["intermediates"].as_str().unwrap_or_default());
    material.write("policy.json", vector["policy"].to_string());
    material.write("name.txt", text(&vector["artifact_name"]));
    material.write("entries.json", vector["entries"].to_string());
    material.write("expected.txt", text(&vector["expected"]));
}

/// The record of P-384 authorities without its intermediate, which the verifier knows instead.
fn write_p384_known(directory: &Path) {
    let (of_record, known) = (Material::new(directory, "p384-entry"), Material::new(directory, "p384-known"));
    for file in ["anchors.pem", "policy.json", "name.txt", "expected.txt"] {
        known.write(file, of_record.bytes(file));
    }
    let mut entries: Value = serde_json::from_str(&of_record.text("entries.json")).expect("JSON");
    let certificates = text(&entries[0]["certificate"]).to_owned();
    let end = "-----END CERTIFICATE-----\n";
    let (leaf, others) = certificates.split_at(certificates.find(end).expect("PEM") + end.len());
    known.write("intermediates.pem", others);
    entries[0]["certificate"] = leaf.into();
    known.write("entries.json", entries.to_string());
}

/// The real chain: a message of the public-good Sigstore instance, and the authorities of its trusted root.
fn write_real(material: &Material) {
    let bundle = json_of("sigstore/peer/bundle.sigstore.json");
    let trusted_root = json_of("sigstore/peer/trusted_root.json");
    let (mut anchors, mut intermediates) = (String::new(), String::new());
    for authority in trusted_root["certificateAuthorities"].as_array().expect("authorities") {
        let chain = authority["certChain"]["certificates"].as_array().expect("certificates");
        let (root, others) = chain.split_last().expect("a chain has a root");
        anchors += &pem(root);
        others.iter().for_each(|certificate| intermediates += &pem(certificate));
    }
    let verification = &bundle["verificationMaterial"];
    let seconds = text(&verification["tlogEntries"][0]["integratedTime"]).parse().expect("a number");
    let timestamp = Timestamp::from_unix(seconds, 0).expect("an instant");
    let identity = "https://github.com/trailofbits/rfc8785.py/.github/workflows/release.yml@refs/tags/v0.1.2";
    let policy = json!({
        "namespace": NAMESPACE,
        "certificate_oidc_issuer": IdentityProvider::GITHUB_ACTIONS_ISSUER,
        "claims": { "certificate_identity": identity },
        "max_certificate_lifetime_seconds": 600,
    });
    material.write("anchors.pem", anchors);
    material.write("intermediates.pem", intermediates);
    material.write("leaf.pem", pem(&verification["x509CertificateChain"]["certificates"][0]));
    let signature = text(&bundle["messageSignature"]["signature"]);
    material.write("signature.base64", signature);
    material.write("signature.der", Base64::decode_vec(signature).expect("base64"));
    material.write("timestamp.txt", timestamp.to_string());
    material.write("message", testdata("sigstore/peer/artifact.whl"));
    material.write("policy.json", policy.to_string());
    material.write("identity.txt", identity);
    material.write("issuer.txt", IdentityProvider::GITHUB_ACTIONS_ISSUER);
    material.write("bundle.json", testdata("sigstore/peer/bundle.sigstore.json"));
    material.write("trusted_root.json", testdata("sigstore/peer/trusted_root.json"));
}

/// The folder of bundles with their manifest: the project's own, or else what lies beside the checkout.
fn bundles() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = here.join("../testdata/sigstore");
    if own.join("manifest.json").is_file() { own } else { here.join("../../shared/sigstore/registry") }
}

/// A published bundle, with what it is to be verified with.
fn write_bundle(material: &Material, id: &str) {
    let folder = bundles();
    let manifest: Value = serde_json::from_slice(&read(&folder.join("manifest.json"))).expect("JSON");
    let mut cases = manifest.as_array().expect("cases").iter();
    let case = cases.find(|case| case["id"] == id).expect("the case is in the manifest");
    let file = |member: &str| case[member].as_str().map(|name| read(&folder.join(name)));
    let bundle = file("bundle").expect("a bundle");
    let artifact = file("artifact");
    let checks = bare_checks(&serde_json::from_slice(&bundle).expect("JSON"), artifact.as_deref());
    material.write("checks.json", checks.to_string());
    material.write("bundle.json", bundle);
    material.write("trusted_root.json", file("trusted_root").expect("a trusted root"));
    material.write("digest.txt", text(&case["artifact_sha256"]));
    material.write("identity.txt", text(&case["identity"]));
    material.write("issuer.txt", case["issuer"].as_str().unwrap_or_default());
    if let Some(artifact) = artifact {
        material.write("artifact", artifact);
    }
}

/// What cannot be left out for a bundle: each signature check, by its algorithm and by the length of what is signed, and the
/// length of whatever else is hashed.
fn bare_checks(bundle: &Value, artifact: Option<&[u8]>) -> Value {
    let decoded = |value: &Value| Base64::decode_vec(text(value)).expect("base64");
    let verification = &bundle["verificationMaterial"];
    let leaf = decoded(&verification["certificate"]["rawBytes"]);
    let leaf: Certificate = Decode::from_der(&leaf).expect("a certificate");
    let signed_part = leaf.tbs_certificate().to_der().expect("DER").len();
    let mut signatures = vec![json!(["p384-sha384", signed_part])];
    let mut hashes: Vec<usize> = artifact.map(<[u8]>::len).into_iter().collect();
    match bundle["dsseEnvelope"]["payload"].as_str() {
        None => signatures.push(json!(["leaf-digest", 0])),
        Some(payload) => {
            let payload = Base64::decode_vec(payload).expect("base64").len();
            signatures.push(json!(["leaf", payload + "DSSEv1 28 application/vnd.in-toto+json 1000 ".len()]));
            hashes.push(payload);
        }
    }
    for entry in verification["tlogEntries"].as_array().into_iter().flatten() {
        // A certificate of a log's signer has been in a certificate log too.
        signatures.push(json!(["p256-sha256", signed_part]));
        let proof = &entry["inclusionProof"];
        let checkpoint = text(&proof["checkpoint"]["envelope"]).find("\n\n").expect("a note");
        let body = text(&entry["canonicalizedBody"]);
        if entry["inclusionPromise"].is_null() {
            signatures.push(json!(["ed25519", checkpoint]));
        } else {
            signatures.push(json!(["p256-sha256", checkpoint]));
            signatures.push(json!(["p256-sha256", body.len() + 130]));
        }
        hashes.push(1 + body.len() / 4 * 3);
        hashes.extend(proof["hashes"].as_array().expect("hashes").iter().map(|_| 65));
    }
    let timestamps = verification["timestampVerificationData"]["rfc3161Timestamps"].as_array();
    for timestamp in timestamps.into_iter().flatten() {
        let token = decoded(&timestamp["signedTimestamp"]);
        let last = |oid: &[u8]| token.windows(oid.len()).rposition(|window| window == oid);
        let is_by_sha384 = last(ECDSA_WITH_SHA384) > last(ECDSA_WITH_SHA256);
        let hash = if is_by_sha384 { "p384-sha384" } else { "p384-sha256" };
        // The signed attributes; before them, the token's content and the signature that it is over.
        signatures.push(json!([hash, 240]));
        hashes.extend([130, 72]);
    }
    json!({ "signatures": signatures, "hashes": hashes })
}

fn pem(certificate: &Value) -> String {
    let base64 = text(&certificate["rawBytes"]);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in base64.as_bytes().chunks(64) {
        pem.extend(line.iter().map(|byte| char::from(*byte)));
        pem.push('\n');
    }
    pem + "-----END CERTIFICATE-----\n"
}

/// One signed entry for each of many artifacts.
fn write_log(material: &Material) {
    let mut rng = ChaCha20Rng::from_seed([7; 32]);
    let now: Timestamp = SIGNED_AT.parse().expect("an instant");
    let ten_years = Timestamp::from_unix(now.unix_seconds() + 10 * 365 * 86_400, 0).expect("an instant");
    let key = SigningKey::generate_from_rng(&mut rng);
    let key = AuthorityKey::p256(*key.verifying_key(), key);
    let validity = Validity::new(now, ten_years).expect("a validity");
    let root = AuthorityProfile::new("CN=Example signing root,O=Example", validity)
        .and_then(|profile| profile.self_signed(&key, &mut rng))
        .expect("a root");
    material.write("anchors.pem", root.to_pem());
    let authority = Authority::new(Issuer::new(root).expect("an issuer"), key).expect("an authority");
    let token = token(now, &mut rng);
    let policy = json!({
        "namespace": NAMESPACE,
        "certificate_oidc_issuer": IdentityProvider::GITHUB_ACTIONS_ISSUER,
        "claims": {
            "source_repository": "endorlabs/monorepo",
            "source_repository_ref": { "glob": "refs/tags/v*" },
        },
    });
    material.write("policy.json", policy.to_string());
    let (mut lines, mut names) = (String::new(), String::new());
    for index in 0..LOG_ENTRIES {
        let name: ArtifactName =
            format!("registry/image-{index}@sha256:{index:064x}").parse().expect("a name");
        let entry = sign(&authority, &token, NAMESPACE, &name, now, &mut rng).expect("it signs");
        lines += &json_line(&entry);
        names += &format!("{name}\n");
    }
    material.write("entries.jsonl", lines);
    material.write("names.txt", names);
}

fn json_line(entry: &Entry) -> String {
    let certificate = |der: &Vec<u8>| pem(&json!({ "rawBytes": Base64::encode_string(der) }));
    let provenance = entry.provenance().iter().map(|(name, text)| (String::from(name), text.into()));
    let record = json!({
        "namespace": entry.namespace(),
        "artifact_name": entry.artifact_name(),
        "signature": Base64::encode_string(entry.signature()),
        "certificate": entry.certificates().iter().map(certificate).collect::<String>(),
        "timestamp": entry.timestamp().to_string(),
        "provenance": Value::Object(provenance.collect()),
        "revoked": false,
    });
    format!("{record}\n")
}

/// What GitHub would issue for a workflow run, signed by a provider that stands in for it.
fn token(now: Timestamp, rng: &mut ChaCha20Rng) -> IdentityToken {
    let key = SigningKey::generate_from_rng(rng);
    let claims = include_str!("../../../signing/testdata/github-claims.json");
    let mut claims: Value = serde_json::from_str(claims).expect("the file is JSON");
    for (time, offset) in [("nbf", -10), ("iat", 0), ("exp", 300)] {
        claims[time] = json!(now.unix_seconds() + offset);
    }
    let encode = |json: Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": "1" });
    let signed = format!("{}.{}", encode(header), encode(claims));
    let signature: Signature = key.sign(signed.as_bytes());
    let jwt = format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()));
    let point = key.verifying_key().to_sec1_point(false);
    let coordinate = |bytes: Option<&p256::FieldBytes>| {
        Base64UrlUnpadded::encode_string(bytes.expect("the point has coordinates"))
    };
    let jwks = json!({"keys": [{
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1",
        "x": coordinate(point.x()), "y": coordinate(point.y()),
    }]});
    let github = IdentityProvider::github_actions(AUDIENCE, RepositoryNames::Plain).expect("a provider");
    IdentityToken::validate(&jwt, jwks.to_string(), &github, now).expect("the token is valid")
}
