//! What the tests share: an identity provider, an authority, and a pipeline that signs.

#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

use base64ct::{Base64UrlUnpadded, Encoding};
use countermark::{ArtifactName, Policy, Timestamp, TrustAnchors, Verifier};
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, CertificateChain, IdentityProvider, IdentityToken, Issuer,
    RepositoryNames, Validity,
};
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use rand_core::UnwrapErr;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const AUDIENCE: &str = "signing.example";
pub const NAMESPACE: &str = "example-ns";
pub const GITHUB: &str = "https://token.actions.githubusercontent.com";
/// When the tests sign, in the middle of the tokens' validity.
pub const NOW: &str = "2024-03-22T11:25:48.983761494Z";

pub fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub fn artifact_name() -> ArtifactName {
    "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be".parse().unwrap()
}

pub fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}

fn claims(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(testdata(name)).unwrap()).unwrap()
}

pub fn github_claims() -> Value {
    claims("github-claims.json")
}

pub fn gitlab_claims() -> Value {
    claims("gitlab-claims.json")
}

pub fn buildkite_claims() -> Value {
    claims("buildkite-claims.json")
}

pub fn circleci_claims() -> Value {
    claims("circleci-claims.json")
}

pub fn github() -> IdentityProvider {
    IdentityProvider::github_actions(AUDIENCE, RepositoryNames::Plain).unwrap()
}

pub fn gitlab() -> IdentityProvider {
    IdentityProvider::gitlab("https://gitlab.example.com", AUDIENCE).unwrap()
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

pub fn base64url_bytes(text: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(text).unwrap()
}

/// A key of a test identity provider.
pub enum ProviderKey {
    Rsa(Vec<u8>),
    Ec(SigningKey),
}

impl ProviderKey {
    pub fn rsa(name: &str) -> Self {
        Self::Rsa(std::fs::read(testdata(name)).unwrap())
    }

    pub fn ec() -> Self {
        Self::Ec(SigningKey::generate_from_rng(&mut rng()))
    }

    /// The signature of a text by RS256 or ES256.
    pub fn sign(&self, text: &str) -> String {
        match self {
            Self::Rsa(der) => {
                let key = EncodingKey::from_rsa_der(der);
                jsonwebtoken::crypto::sign(text.as_bytes(), &key, Algorithm::RS256).unwrap()
            }
            Self::Ec(key) => {
                let signature: Signature = key.sign(text.as_bytes());
                base64url(signature.to_bytes())
            }
        }
    }

    pub fn jwk(&self, key_id: &str) -> Value {
        match self {
            Self::Rsa(der) => {
                let key = EncodingKey::from_rsa_der(der);
                let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
                let mut jwk = serde_json::to_value(jwk).unwrap();
                jwk["kid"] = json!(key_id);
                jwk["use"] = json!("sig");
                jwk
            }
            Self::Ec(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = (point.x().unwrap(), point.y().unwrap());
                json!({
                    "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key_id,
                    "x": base64url(x), "y": base64url(y),
                })
            }
        }
    }
}

/// A token with this header and payload, signed by this key, whatever the header says.
pub fn token(header: &Value, payload: &Value, key: &ProviderKey) -> String {
    let signed = format!("{}.{}", base64url(header.to_string()), base64url(payload.to_string()));
    format!("{signed}.{}", key.sign(&signed))
}

/// The two keys of the test identity provider: `rsa` and `ec`.
pub struct Provider {
    pub rsa: ProviderKey,
    pub ec: ProviderKey,
}

impl Provider {
    pub fn new() -> Self {
        Self { rsa: ProviderKey::rsa("rsa-1.der"), ec: ProviderKey::ec() }
    }

    pub fn jwks(&self) -> String {
        let unknown = json!({"kty": "OKP", "crv": "Ed25519", "kid": "other", "x": "AAAA"});
        json!({"keys": [unknown, self.rsa.jwk("rsa"), self.ec.jwk("ec")]}).to_string()
    }

    pub fn rs256(&self, payload: &Value) -> String {
        token(&json!({"typ": "JWT", "alg": "RS256", "kid": "rsa"}), payload, &self.rsa)
    }

    pub fn es256(&self, payload: &Value) -> String {
        token(&json!({"typ": "JWT", "alg": "ES256", "kid": "ec"}), payload, &self.ec)
    }

    pub fn github_token(&self, payload: &Value) -> IdentityToken {
        IdentityToken::validate(&self.es256(payload), self.jwks(), &github(), now()).unwrap()
    }
}

pub fn validity(not_before: &str, not_after: &str) -> Validity {
    Validity::new(not_before.parse().unwrap(), not_after.parse().unwrap()).unwrap()
}

pub fn decade() -> Validity {
    validity("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z")
}

pub fn p256_key() -> SigningKey {
    SigningKey::generate_from_rng(&mut rng())
}

pub fn authority_key(key: &SigningKey) -> AuthorityKey {
    AuthorityKey::p256(*key.verifying_key(), key.clone())
}

pub fn root(name: &str, key: &AuthorityKey) -> CertificateChain {
    AuthorityProfile::new(name, decade()).unwrap().self_signed(key, &mut rng()).unwrap()
}

/// An authority with a root on P-256 of its own.
pub fn authority() -> Authority {
    let key = authority_key(&p256_key());
    Authority::new(Issuer::new(root("CN=Test root,O=Example", &key)).unwrap(), key).unwrap()
}

/// A verifier that trusts the last certificate of an authority's chain.
pub fn verifier(authority: &Authority) -> Verifier {
    let anchor = authority.issuer().chain().certificates().last().unwrap();
    Verifier::new(TrustAnchors::from_der([anchor]).unwrap())
}

pub fn policy() -> Policy {
    Policy::new(NAMESPACE, GITHUB).unwrap()
}

/// Runs a program that must be there and must succeed, and returns what it printed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("this test needs the program {program:?}; install it ({error})"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?} failed:\n{stdout}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    stdout
}

/// A file in a directory, as a path that can be an argument.
pub fn write(directory: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = directory.path().join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}
