//! An identity provider and an authority for the targets of `countermark-signing`.

use crate::common::certificates::Key;
use base64ct::{Base64UrlUnpadded, Encoding};
use countermark::Timestamp;
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, IdentityProvider, IdentityToken, Issuer, RepositoryNames,
    Validity,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::LazyLock;

/// Numbers that only look random, so that an input does the same each time.
pub struct ScriptedRandomness(pub u64);

impl TryRng for ScriptedRandomness {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|number| (number >> 32) as u32)
    }

    /// A step of SplitMix64.
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Ok(mixed ^ (mixed >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.try_next_u64()?;
            chunk.copy_from_slice(&number.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for ScriptedRandomness {}

/// The audience of the tokens in `signing/testdata`.
const AUDIENCE: &str = "signing.example";

pub static GITHUB: LazyLock<IdentityProvider> =
    LazyLock::new(|| IdentityProvider::github_actions(AUDIENCE, RepositoryNames::Plain).unwrap());

pub static GITLAB: LazyLock<IdentityProvider> =
    LazyLock::new(|| IdentityProvider::gitlab("https://gitlab.example.com", AUDIENCE).unwrap());

fn testdata(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/../signing/testdata/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub static GITHUB_CLAIMS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_slice(&testdata("github-claims.json")).unwrap());

pub static GITLAB_CLAIMS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_slice(&testdata("gitlab-claims.json")).unwrap());

fn signing_key(key: Key) -> SigningKey {
    match key {
        Key::P256(key) => key,
        _ => unreachable!("the key is on P-256"),
    }
}

/// The provider's key on P-256, `ec` in its key set.
static PROVIDER_KEY: LazyLock<SigningKey> = LazyLock::new(|| signing_key(Key::p256(8)));

pub fn provider_key() -> &'static VerifyingKey {
    PROVIDER_KEY.verifying_key()
}

/// The provider's keys; `rsa` is there to be asked for, and signs nothing.
pub static JWKS: LazyLock<Value> = LazyLock::new(|| {
    let point = provider_key().to_sec1_point(false);
    let (x, y) = (base64url(point.x().unwrap()), base64url(point.y().unwrap()));
    // The modulus stands after the header of an RSAPrivateKey, its version, and its own header.
    let modulus = base64url(&testdata("rsa-1.der")[12..12 + 256]);
    json!({"keys": [
        {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "ec", "x": x, "y": y},
        {"kty": "RSA", "kid": "rsa", "n": modulus, "e": "AQAB"},
    ]})
});

pub fn header() -> Value {
    json!({"typ": "JWT", "alg": "ES256", "kid": "ec"})
}

pub fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// A token that the provider's key on P-256 signed, whatever its header says.
pub fn token(header: &Value, payload: &Value) -> String {
    let signed =
        format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(payload.to_string().as_bytes()));
    let signature: Signature = PROVIDER_KEY.sign(signed.as_bytes());
    format!("{signed}.{}", base64url(&signature.to_bytes()))
}

/// In the middle of the tokens' validity.
pub fn now() -> Timestamp {
    "2024-03-22T11:25:48.983761494Z".parse().unwrap()
}

pub static TOKEN: LazyLock<IdentityToken> = LazyLock::new(|| {
    let token = token(&header(), &GITHUB_CLAIMS);
    IdentityToken::validate(&token, JWKS.to_string(), &GITHUB, now()).unwrap()
});

pub static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let key = signing_key(Key::p256(7));
    let key = AuthorityKey::p256(*key.verifying_key(), key);
    let validity =
        Validity::new("2020-01-01T00:00:00Z".parse().unwrap(), "2030-01-01T00:00:00Z".parse().unwrap())
            .unwrap();
    let profile = AuthorityProfile::new("CN=Test root,O=Example", validity).unwrap();
    let root = profile.self_signed(&key, &mut ScriptedRandomness(0)).unwrap();
    Authority::new(Issuer::new(root).unwrap(), key).unwrap()
});
