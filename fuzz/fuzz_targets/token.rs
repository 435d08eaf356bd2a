//! Identity tokens: one that is accepted was signed by the provider's key, and says what the provider, the audience and
//! the time must be, by an independent reading.

#![no_main]

use arbitrary::Arbitrary;
use base64ct::{Base64UrlUnpadded, Encoding};
use countermark::{Claim, Timestamp};
use countermark_fuzz::edit::{Edit, pick};
use countermark_fuzz::identity::{
    self, GITHUB, GITHUB_CLAIMS, GITLAB, GITLAB_CLAIMS, JWKS, header, provider_key,
};
use countermark_signing::{IdentityProvider, IdentityToken};
use libfuzzer_sys::fuzz_target;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::Verifier;
use serde_json::{Value, json};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Raw { token: &'a str, jwks: &'a [u8] },
    Changed(Changed<'a>),
}

/// A good token with changes that are signed, and then changes that are not.
#[derive(Arbitrary, Debug)]
struct Changed<'a> {
    is_gitlab: bool,
    header: Vec<Change<'a>>,
    payload: Vec<Change<'a>>,
    token: Vec<Edit<'a>>,
    key_set: Vec<(u8, Change<'a>)>,
    jwks: Vec<Edit<'a>>,
    later: i32,
}

#[derive(Arbitrary, Debug)]
struct Change<'a> {
    name: Name<'a>,
    value: NewValue<'a>,
}

#[derive(Arbitrary, Debug)]
enum Name<'a> {
    Known(u8),
    Other(&'a str),
}

#[derive(Arbitrary, Debug)]
enum NewValue<'a> {
    Removed,
    Null,
    Boolean(bool),
    Number(i64),
    /// So many seconds after now.
    Time(i32),
    Fraction(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    /// The text that is there, changed.
    Edited(Edit<'a>),
    /// The value that is there, in an array.
    InArray,
}

const PAYLOAD: [&str; 27] = [
    "iss",
    "aud",
    "exp",
    "iat",
    "nbf",
    "sub",
    "repository",
    "ref",
    "sha",
    "workflow",
    "event_name",
    "run_id",
    "run_attempt",
    "workflow_ref",
    "workflow_sha",
    "job_workflow_ref",
    "job_workflow_sha",
    "runner_environment",
    "environment",
    "repository_owner",
    "repository_visibility",
    "project_path",
    "namespace_path",
    "ref_type",
    "ci_config_ref_uri",
    "ci_config_sha",
    "job_id",
];
const HEADER: [&str; 8] = ["alg", "kid", "typ", "crit", "jku", "jwk", "x5c", "b64"];
const KEY: [&str; 11] = ["kty", "crv", "alg", "use", "key_ops", "kid", "x", "y", "n", "e", "d"];

impl Change<'_> {
    fn apply(&self, object: &mut Value, names: &[&str]) -> Option<()> {
        let name = match &self.name {
            Name::Known(number) => *pick(names, *number)?,
            Name::Other(name) => name,
        };
        let members = object.as_object_mut()?;
        let old = members.get(name);
        let new = match &self.value {
            NewValue::Removed => {
                members.remove(name);
                return Some(());
            }
            NewValue::Null => Value::Null,
            NewValue::Boolean(boolean) => json!(boolean),
            NewValue::Number(number) => json!(number),
            NewValue::Time(seconds) => json!(identity::now().unix_seconds() + i64::from(*seconds)),
            NewValue::Fraction(fraction) => json!(fraction),
            NewValue::Text(text) => json!(text),
            NewValue::Texts(texts) => json!(texts),
            NewValue::Edited(edit) => {
                let mut bytes = old?.as_str()?.as_bytes().to_vec();
                edit.apply(&mut bytes);
                json!(String::from_utf8(bytes).ok()?)
            }
            NewValue::InArray => json!([old?]),
        };
        members.insert(name.to_owned(), new);
        Some(())
    }
}

impl Changed<'_> {
    fn provider(&self) -> (&'static IdentityProvider, &'static Value) {
        if self.is_gitlab { (&GITLAB, &GITLAB_CLAIMS) } else { (&GITHUB, &GITHUB_CLAIMS) }
    }

    fn token(&self) -> Option<String> {
        let (mut header, mut payload) = (header(), self.provider().1.clone());
        for change in self.header.iter().take(4) {
            change.apply(&mut header, &HEADER);
        }
        for change in self.payload.iter().take(8) {
            change.apply(&mut payload, &PAYLOAD);
        }
        let mut token = identity::token(&header, &payload).into_bytes();
        self.token.iter().take(4).for_each(|edit| edit.apply(&mut token));
        String::from_utf8(token).ok()
    }

    fn jwks(&self) -> Vec<u8> {
        let mut jwks = JWKS.clone();
        for (key, change) in self.key_set.iter().take(4) {
            change.apply(&mut jwks["keys"][usize::from(key % 2)], &KEY);
        }
        let mut jwks = jwks.to_string().into_bytes();
        self.jwks.iter().take(4).for_each(|edit| edit.apply(&mut jwks));
        jwks
    }
}

fn part(token: &str, number: usize) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(token.split('.').nth(number).unwrap()).unwrap()
}

/// A time in whole seconds, as floating-point numbers have it: never on the stricter side of its decimal digits.
fn seconds(time: &Value, round: fn(f64) -> f64) -> f64 {
    round(time.as_f64().unwrap())
}

/// Whether a certificate's claim is what the token says; a number too large for a machine is not looked at.
fn is_text_of(claim: Option<&str>, value: &Value) -> bool {
    match value {
        Value::String(text) => claim == Some(text),
        Value::Bool(boolean) => claim == Some(&boolean.to_string()),
        Value::Number(number) => number.is_f64() || claim == Some(&number.to_string()),
        _ => false,
    }
}

fn check(text: &str, accepted: &IdentityToken, provider: &IdentityProvider, now: Timestamp) {
    let (signed, _) = text.rsplit_once('.').unwrap();
    let signature = Signature::from_slice(&part(text, 2)).unwrap();
    assert!(provider_key().verify(signed.as_bytes(), &signature).is_ok(), "nobody signed it");
    let header: Value = serde_json::from_slice(&part(text, 0)).unwrap();
    assert_eq!((&header["alg"], header.get("crit")), (&json!("ES256"), None));

    let payload: Value = serde_json::from_slice(&part(text, 1)).unwrap();
    assert_eq!(payload["iss"], provider.issuer());
    let audience = &payload["aud"];
    let is_among = |texts: &Vec<Value>| texts.iter().any(|text| text == provider.audience());
    assert!(audience == provider.audience() || audience.as_array().is_some_and(is_among));
    let leeway = f64::from(provider.leeway_seconds());
    // Between whole seconds no fraction of now decides.
    let whole = now.unix_seconds() as f64;
    assert!(whole < seconds(&payload["exp"], f64::floor) + leeway);
    assert!(whole >= seconds(&payload["iat"], f64::ceil) - leeway);
    let not_before = payload.get("nbf").filter(|nbf| !nbf.is_null());
    assert!(not_before.is_none_or(|nbf| whole >= seconds(nbf, f64::ceil) - leeway));
    assert!(accepted.is_valid_at(now));

    let claims = accepted.claims();
    assert_eq!(claims.get(&Claim::CertificateOidcIssuer), Some(provider.issuer()));
    assert_eq!(claims.get(&Claim::TokenSubject), payload["sub"].as_str());
    if provider.issuer() == GITHUB.issuer() {
        assert!(is_text_of(claims.get(&Claim::SourceRepository), &payload["repository"]));
        assert!(is_text_of(claims.get(&Claim::SourceRepositoryRef), &payload["ref"]));
    }
    assert!(!claims.identity().is_empty());
}

fuzz_target!(|input: Input<'_>| {
    let (token, jwks, provider, now) = match &input {
        Input::Raw { token, jwks } => ((*token).to_owned(), jwks.to_vec(), &*GITHUB, identity::now()),
        Input::Changed(changed) => {
            let Some(token) = changed.token() else { return };
            let seconds = identity::now().unix_seconds() + i64::from(changed.later);
            let now = Timestamp::from_unix(seconds, 0).unwrap();
            (token, changed.jwks(), changed.provider().0, now)
        }
    };
    match IdentityToken::validate(&token, jwks, provider, now) {
        Ok(accepted) => check(&token, &accepted, provider, now),
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
});
