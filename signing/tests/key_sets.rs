//! The provider's keys: which one verifies a token, and which are refused.

mod common;

use common::*;
use countermark_signing::limits::MAX_RSA_BITS;
use countermark_signing::{IdentityToken, TokenError};
use serde_json::{Value, json};

fn validate(token: &str, keys: &[Value]) -> Result<(), TokenError> {
    let jwks = json!({ "keys": keys }).to_string();
    IdentityToken::validate(token, jwks, &github(), now()).map(|_| ())
}

fn code(token: &str, keys: &[Value]) -> &'static str {
    match validate(token, keys) {
        Ok(()) => "accepted",
        Err(error) => error.code(),
    }
}

fn with(mut key: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        key[name] = value.clone();
    }
    key
}

fn without(mut key: Value, names: &[&str]) -> Value {
    for name in names {
        key.as_object_mut().unwrap().remove(*name);
    }
    key
}

/// Tokens by the two keys of a provider, both of which it calls `kid`.
struct Twins {
    rsa: Value,
    ec: Value,
    rs256: String,
    es256: String,
}

fn twins() -> Twins {
    let provider = Provider::new();
    let token = |algorithm: &str, key: &ProviderKey| {
        token(&json!({"typ": "JWT", "alg": algorithm, "kid": "kid"}), &github_claims(), key)
    };
    Twins {
        rsa: provider.rsa.jwk("kid"),
        ec: provider.ec.jwk("kid"),
        rs256: token("RS256", &provider.rsa),
        es256: token("ES256", &provider.ec),
    }
}

#[test]
fn of_several_keys_with_one_identifier_the_one_for_signatures_counts() {
    let Twins { rsa, ec, rs256, es256 } = twins();
    let other = ProviderKey::rsa("rsa-2.der").jwk("kid");
    let bare = |key: &Value| without(key.clone(), &["use", "alg"]);
    for encryption in [
        with(bare(&other), json!({"use": "enc"})),
        with(bare(&other), json!({"use": "enc", "alg": "RSA-OAEP-256"})),
        with(bare(&other), json!({"alg": "RSA-OAEP"})),
        with(bare(&other), json!({"key_ops": ["encrypt", "wrapKey"]})),
        // The very same key, listed for each of its uses.
        with(rsa.clone(), json!({"use": "enc", "alg": "RSA-OAEP"})),
        ec.clone(),
        with(bare(&ec), json!({"crv": "P-384"})),
        json!({"kty": "OKP", "crv": "X25519", "kid": "kid", "x": "AAAA"}),
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "kid", "alg": "EdDSA", "x": "AAAA"}),
    ] {
        for signature in [rsa.clone(), bare(&rsa), with(bare(&rsa), json!({"key_ops": ["verify"]}))] {
            let keys = [encryption.clone(), signature.clone()];
            assert_eq!(code(&rs256, &keys), "accepted", "{encryption}");
            let keys = [signature, encryption.clone()];
            assert_eq!(code(&rs256, &keys), "accepted", "{encryption}");
        }
        // Alone, it signs nothing.
        assert_eq!(code(&rs256, std::slice::from_ref(&encryption)), "token_key_mismatch", "{encryption}");
    }
    // The token's algorithm does not choose a key that is for another.
    assert_eq!(code(&es256, &[rsa.clone(), ec.clone()]), "accepted");
    assert_eq!(code(&es256, &[rsa.clone(), with(ec.clone(), json!({"use": "enc"}))]), "token_key_mismatch");
    let swapped =
        token(&json!({"alg": "ES256", "kid": "kid"}), &github_claims(), &ProviderKey::rsa("rsa-1.der"));
    assert_ne!(code(&swapped, &[rsa.clone(), ec]), "accepted");

    // What is ambiguous is not tried.
    for keys in [
        [rsa.clone(), rsa.clone()],
        [rsa.clone(), bare(&rsa)],
        [bare(&other), bare(&rsa)],
        [bare(&rsa), without(bare(&other), &["kty"])],
    ] {
        let refused = validate(&rs256, &keys).unwrap_err();
        assert_eq!(refused, TokenError::UnknownKey { key_id: "kid".into(), found: 2 });
    }
    assert_eq!(code(&rs256, &[]), "unknown_token_key");
}

#[test]
fn the_coordinates_of_an_ec_key_have_exactly_its_length() {
    let Twins { ec, es256, .. } = twins();
    assert_eq!(code(&es256, std::slice::from_ref(&ec)), "accepted");
    let text = |name: &str| ec[name].as_str().unwrap().to_owned();
    let encoded = |bytes: &[u8]| json!(base64url(bytes));
    let (x, y) = (base64url_bytes(&text("x")), base64url_bytes(&text("y")));
    for (x, y) in [
        // A zero more, a byte less, and a byte that moved over: the same point, if one runs after the other.
        (encoded(&[&[0], x.as_slice()].concat()), encoded(&y)),
        (encoded(&x), encoded(&[&[0], y.as_slice()].concat())),
        (encoded(&x[1..]), encoded(&y)),
        (encoded(&x), encoded(&y[..31])),
        (encoded(&[x.as_slice(), &y[..1]].concat()), encoded(&y[1..])),
        (encoded(&x[..31]), encoded(&[&x[31..], y.as_slice()].concat())),
        (encoded(&[x.as_slice(), y.as_slice()].concat()), json!("")),
        (json!(""), encoded(&[x.as_slice(), y.as_slice()].concat())),
        (encoded(&x), Value::Null),
        (encoded(&x), json!(7)),
    ] {
        let refused = validate(&es256, &[with(ec.clone(), json!({"x": x, "y": y}))]).unwrap_err();
        assert_eq!(refused.code(), "malformed_key_set", "{x} {y}");
    }
    let refused = validate(&es256, &[with(ec.clone(), json!({"x": encoded(&x[1..])}))]).unwrap_err();
    assert!(refused.to_string().contains("has an `x` of 31 bytes, where P-256 has 32"), "{refused}");

    // Another spelling of the same bytes.
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let unused_bits_set: String = {
        let text = text("x");
        let last = alphabet.find(&text[42..]).unwrap();
        format!("{}{}", &text[..42], &alphabet[last + 1..last + 2])
    };
    for x in [
        format!("{}=", text("x")),
        format!(" {}", text("x")),
        unused_bits_set,
        format!("{}+", &text("x")[..42]),
    ] {
        let refused = validate(&es256, &[with(ec.clone(), json!({ "x": x }))]).unwrap_err();
        assert_eq!(refused.code(), "malformed_key_set", "{x}");
    }
}

#[test]
fn an_rsa_key_is_long_enough_and_a_key() {
    let Twins { rsa, rs256, .. } = twins();
    assert_eq!(code(&rs256, std::slice::from_ref(&rsa)), "accepted");
    let modulus = base64url_bytes(rsa["n"].as_str().unwrap());
    let changed = |index: usize, byte: u8| {
        let mut modulus = modulus.clone();
        modulus[index] = byte;
        modulus
    };
    let longest = MAX_RSA_BITS / 8;
    for (n, expected) in [
        // The right length, but not the key that signed.
        (changed(128, modulus[128] ^ 0x55), "invalid_token_signature"),
        (vec![0xFF; longest], "invalid_token_signature"),
        (vec![0xFF; longest + 1], "malformed_key_set"),
        (changed(0, 0x7F), "malformed_key_set"),
        (vec![0xFF; 128], "malformed_key_set"),
        ([&[0], modulus.as_slice()].concat(), "malformed_key_set"),
        (changed(255, modulus[255] & 0xFE), "malformed_key_set"),
        (Vec::new(), "malformed_key_set"),
    ] {
        let key = with(rsa.clone(), json!({"n": base64url(&n)}));
        assert_eq!(code(&rs256, &[key]), expected, "{} bytes", n.len());
    }
    let exponents: [(&[u8], &str); 9] = [
        (&[3], "invalid_token_signature"),
        (&[1, 0, 1], "accepted"),
        (&[1], "malformed_key_set"),
        (&[2], "malformed_key_set"),
        (&[1, 0, 0], "malformed_key_set"),
        (&[0, 1, 0, 1], "malformed_key_set"),
        (&[], "malformed_key_set"),
        (&[0], "malformed_key_set"),
        (&[1, 0, 0, 0, 0, 1], "malformed_key_set"),
    ];
    for (e, expected) in exponents {
        let key = with(rsa.clone(), json!({"e": base64url(e)}));
        assert_eq!(code(&rs256, &[key]), expected, "{e:?}");
    }
    for (name, value) in
        [("n", Value::Null), ("e", json!(65_537)), ("e", json!("AQAB=")), ("kty", Value::Null)]
    {
        let key = with(rsa.clone(), json!({ name: value }));
        assert_ne!(code(&rs256, &[key]), "accepted", "{name}");
    }
    for name in ["n", "e", "kty"] {
        assert_eq!(code(&rs256, &[without(rsa.clone(), &[name])]), "malformed_key_set", "{name}");
    }
}

#[test]
fn a_key_whose_private_part_is_published_verifies_nothing() {
    let Twins { rsa, ec, rs256, es256 } = twins();
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        for value in [json!("AQAB"), Value::Null] {
            let refused = validate(&rs256, &[with(rsa.clone(), json!({ name: value.clone() }))]).unwrap_err();
            assert_eq!(refused.code(), "malformed_key_set", "{name}");
            assert!(refused.to_string().contains(&format!("private member `{name}`")), "{refused}");
            // Also where it is the twin's, which may be the same key.
            let twin = with(rsa.clone(), json!({ "use": "enc", name: value }));
            assert_eq!(code(&rs256, &[rsa.clone(), twin]), "malformed_key_set", "{name}");
        }
    }
    assert_eq!(code(&es256, &[with(ec.clone(), json!({"d": "AQAB"}))]), "malformed_key_set");
    assert_eq!(code(&es256, &[with(ec.clone(), json!({"x5t": "AQAB"}))]), "accepted");
    // Another key's fault is not this one's.
    assert_eq!(code(&es256, &[with(rsa, json!({"kid": "other", "d": "AQAB"})), ec]), "accepted");
}

#[test]
fn what_is_no_key_set_says_what_it_is() {
    let Twins { ec, es256, .. } = twins();
    let set = json!({ "keys": [ec] }).to_string();
    let refusal = |jwks: &[u8]| {
        let refused = IdentityToken::validate(&es256, jwks, &github(), now()).unwrap_err();
        assert_eq!(refused.code(), "malformed_key_set");
        refused.to_string()
    };
    assert!(IdentityToken::validate(&es256, &set, &github(), now()).is_ok());
    assert!(refusal(&[b"\xEF\xBB\xBF", set.as_bytes()].concat()).contains("byte order mark"));
    assert!(
        refusal(br#"{"issuer": "https://idp.example", "jwks_uri": "https://idp.example/jwks"}"#)
            .contains("jwks_uri")
    );
    assert!(refusal(b"[]").contains("an array, not an object"));
    for twice in [
        set.replacen('{', r#"{"keys": [], "#, 1),
        set.replacen(r#""kid""#, r#""kid": "other", "kid""#, 1),
        set.replacen(r#""kid""#, r#""a": {"b": [{"c": 1, "c": 1}]}, "kid""#, 1),
    ] {
        assert!(refusal(twice.as_bytes()).contains("is there twice"), "{twice}");
    }
}

#[test]
fn a_header_says_nothing_that_changes_what_is_signed() {
    let Twins { ec, .. } = twins();
    let provider = Provider::new();
    let key = provider.ec.jwk("kid");
    let signed =
        |header: Value| code(&token(&header, &github_claims(), &provider.ec), std::slice::from_ref(&key));
    assert_eq!(signed(json!({"alg": "ES256", "kid": "kid"})), "accepted");
    assert_eq!(signed(json!({"alg": "ES256", "kid": "kid", "b64": true})), "accepted");
    assert_eq!(signed(json!({"alg": "ES256", "kid": "kid", "b64": false})), "malformed_token");
    assert_eq!(signed(json!({"alg": "ES256", "kid": "kid", "b64": null})), "malformed_token");
    for crit in [json!([]), json!(["exp"]), json!(["b64"]), Value::Null] {
        let header = json!({"alg": "ES256", "kid": "kid", "b64": true, "crit": crit});
        assert_eq!(signed(header), "critical_token_header", "{crit}");
    }
    assert_eq!(signed(json!({"alg": "none", "kid": "kid"})), "unsupported_token_algorithm");
    // A key of its own.
    assert_eq!(signed(json!({"alg": "ES256", "kid": "kid", "jwk": ec})), "accepted");

    let good = token(&json!({"alg": "ES256", "kid": "kid"}), &github_claims(), &provider.ec);
    for (text, named) in [
        (format!("{good}\n"), "white space"),
        (format!("{good}.x.y"), "five parts"),
        (good.replacen('.', "", 1), "three parts"),
    ] {
        let refused = validate(&text, std::slice::from_ref(&key)).unwrap_err();
        assert_eq!(refused.code(), "malformed_token");
        assert!(refused.to_string().contains(named), "{refused}");
        assert!(!refused.to_string().contains(&good[..20]), "{refused}");
    }
}
