//! Keyless signing from beginning to end, in one run: an authority is set up, a pipeline gets a token and signs
//! an artifact, everybody verifies it, and then the signature is revoked.
//!
//! ```sh
//! cargo run --release -p countermark-signing --example keyless
//! ```

use base64ct::{Base64UrlUnpadded, Encoding};
use countermark::{ArtifactName, Claim, Code, Log, Policy, Timestamp, TrustAnchors, Verifier};
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, IdentityProvider, IdentityToken, Issuer, RepositoryNames,
    Validity, sign,
};
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::Generate;
use serde_json::{Value, json};
use signature::Signer;
use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};

const NAMESPACE: &str = "example-ns";
const AUDIENCE: &str = "signing.example";
const NAME: &str = "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be";
const YEAR_SECONDS: i64 = 365 * 86_400;

fn main() -> Result<(), Box<dyn Error>> {
    let mut rng = rand_core::UnwrapErr(getrandom::SysRng);
    let now = system_time()?;

    step("An operator sets up a certificate authority");
    let ten_years =
        Timestamp::from_unix(now.unix_seconds() + 10 * YEAR_SECONDS, 0).ok_or("the clock is off")?;
    let key = SigningKey::generate_from_rng(&mut rng);
    let key = AuthorityKey::p256(*key.verifying_key(), key);
    let root = AuthorityProfile::new("CN=Example signing root,O=Example", Validity::new(now, ten_years)?)?
        .with_path_length(0)
        .self_signed(&key, &mut rng)?;
    let root_pem = root.to_pem();
    let authority = Authority::new(Issuer::new(root)?, key)?;
    println!("valid {}; its root is what verifiers will trust:\n{root_pem}", authority.issuer().validity());

    step("A pipeline gets an identity token from its CI system");
    let provider = TestProvider { key: SigningKey::generate_from_rng(&mut rng) };
    let jwt = provider.issue_token(now);
    println!("{} bytes, for the audience {AUDIENCE}, beginning {}…", jwt.len(), &jwt[..40]);

    step("The token is validated against the provider's keys");
    let github = IdentityProvider::github_actions(AUDIENCE, RepositoryNames::Plain)?;
    let token = IdentityToken::validate(&jwt, provider.jwks(), &github, now)?;
    for (claim, text) in token.claims().iter() {
        println!("{:36} {text}", claim.to_string());
    }

    step("A key is made, certified for five minutes, used once and destroyed");
    let name: ArtifactName = NAME.parse()?;
    let entry = sign(&authority, &token, NAMESPACE, &name, now, &mut rng)?;
    println!("signed         {name}");
    println!("at             {}", entry.timestamp());
    println!("signature      {} bytes", entry.signature().len());
    println!("certificates   {}", entry.certificates().len());

    step("The entry goes into the log of the namespace");
    let mut log = Log::new(NAMESPACE);
    log.append(entry)?;
    println!("{} has {} entry", log.namespace(), log.len());

    step("Anyone who holds the root verifies it, offline");
    let verifier = Verifier::new(TrustAnchors::from_pem(&root_pem)?);
    let policy = Policy::new(NAMESPACE, github.issuer())?
        .require(Claim::SourceRepository, "endorlabs/monorepo")?
        .require(Claim::SourceRepositoryRef, "refs/tags/v1.6.217")?;
    println!("{}", verifier.at(now).verify(&name, log.find(&name), &policy)?);

    step("The signature is revoked: its entry is marked, and stays");
    let revoked = log.revoke_signature(&name, "refs/tags/v1.6.217")?;
    println!("{revoked} of {} entries revoked", log.len());

    step("It does not verify any more");
    match verifier.at(now).verify(&name, log.find(&name), &policy) {
        Err(rejection) if rejection.code() == Code::RevokedSignature => {
            println!("refused: {}\n{}\n{}", rejection.code().name(), rejection.detail(), rejection.remedy());
            Ok(())
        }
        Err(rejection) => Err(format!("refused for another reason: {rejection}").into()),
        Ok(_) => Err("a revoked signature was accepted".into()),
    }
}

fn step(what: &str) {
    println!("\n=> {what}");
}

fn system_time() -> Result<Timestamp, Box<dyn Error>> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seconds = i64::try_from(since_1970.as_secs())?;
    Timestamp::from_unix(seconds, since_1970.subsec_nanos()).ok_or_else(|| "the clock is off".into())
}

/// Stands in for GitHub Actions.
struct TestProvider {
    key: SigningKey,
}

impl TestProvider {
    /// What GitHub would issue for a workflow run, signed by this provider's key.
    fn issue_token(&self, now: Timestamp) -> String {
        let claims = include_str!("../testdata/github-claims.json");
        let mut claims: Value = serde_json::from_str(claims).expect("the file is JSON");
        for (time, offset) in [("nbf", -10), ("iat", 0), ("exp", 300)] {
            claims[time] = json!(now.unix_seconds() + offset);
        }
        let encode = |json: Value| Base64UrlUnpadded::encode_string(json.to_string().as_bytes());
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": "test-provider-1"});
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", Base64UrlUnpadded::encode_string(&signature.to_bytes()))
    }

    /// What GitHub has at its `jwks_uri`.
    fn jwks(&self) -> String {
        let point = self.key.verifying_key().to_sec1_point(false);
        let coordinate = |bytes: Option<&p256::FieldBytes>| {
            bytes.map(|bytes| Base64UrlUnpadded::encode_string(bytes)).unwrap_or_default()
        };
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "test-provider-1",
            "x": coordinate(point.x()), "y": coordinate(point.y()),
        }]})
        .to_string()
    }
}
