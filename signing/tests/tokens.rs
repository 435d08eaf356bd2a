//! Identity tokens: which are accepted, and by which error the others are refused.

mod common;

use common::*;
use countermark::{Claim, Timestamp};
use countermark_signing::{
    ClaimMapping, IdentityProvider, IdentityToken, RepositoryNames, TokenError, limits::MAX_TOKEN_BYTES,
};
use serde_json::{Value, json};

fn validate(provider: &Provider, token: &str) -> Result<IdentityToken, TokenError> {
    IdentityToken::validate(token, provider.jwks(), &github(), now())
}

fn code(result: Result<IdentityToken, TokenError>) -> &'static str {
    match result {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

/// The code for GitHub's token with some claims changed; a null in the change removes the claim.
fn code_with(changes: Value) -> &'static str {
    let provider = Provider::new();
    code(validate(&provider, &provider.es256(&changed(github_claims(), changes))))
}

fn changed(mut payload: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        payload[name] = value.clone();
        if value.is_null() {
            payload.as_object_mut().unwrap().remove(name);
        }
    }
    payload
}

fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
    Timestamp::from_unix(seconds, nanoseconds).unwrap()
}

#[test]
fn a_token_of_github_is_mapped() {
    let provider = Provider::new();
    for token in [provider.rs256(&github_claims()), provider.es256(&github_claims())] {
        let token = validate(&provider, &token).unwrap();
        assert_eq!(token.claims().iter().count(), 19);
        assert_eq!(token.claims().get(&Claim::CertificateOidcIssuer), Some(GITHUB));
        assert_eq!(token.claims().get(&Claim::SourceRepository), Some("endorlabs/monorepo"));
        assert_eq!(token.claims().get(&Claim::SourceRepositoryOwner), Some("endorlabs"));
    }
}

#[test]
fn github_repositories_can_be_named_by_url() {
    let provider = Provider::new();
    let github = IdentityProvider::github_actions(AUDIENCE, RepositoryNames::Urls).unwrap();
    let token = provider.es256(&github_claims());
    let token = IdentityToken::validate(&token, provider.jwks(), &github, now()).unwrap();
    let claims = token.claims();
    assert_eq!(claims.get(&Claim::SourceRepository), Some("https://github.com/endorlabs/monorepo"));
    assert_eq!(claims.get(&Claim::SourceRepositoryOwner), Some("https://github.com/endorlabs"));
}

#[test]
fn a_token_of_gitlab_is_mapped() {
    let provider = Provider::new();
    let validate = |payload: Value| {
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &gitlab(), now())
    };
    let token = validate(gitlab_claims()).unwrap();
    let claims: Vec<(String, &str)> =
        token.claims().iter().map(|(claim, text)| (claim.to_string(), text)).collect();
    let definition = "https://gitlab.example.com/my-group/my-project//.gitlab-ci.yml@refs/heads/main";
    let expected = [
        ("certificate_identity", definition),
        ("certificate_oidc_issuer", "https://gitlab.example.com"),
        ("build_signer_uri", definition),
        ("build_signer_digest", "714a629c0b401fdce83e847fc9589983fc6f46bc"),
        ("runner_environment", "self-hosted"),
        ("source_repository", "https://gitlab.example.com/my-group/my-project"),
        ("source_repository_digest", "714a629c0b401fdce83e847fc9589983fc6f46bc"),
        ("source_repository_ref", "refs/heads/feature-branch-1"),
        ("source_repository_identifier", "20"),
        ("source_repository_owner", "https://gitlab.example.com/my-group"),
        ("source_repository_owner_identifier", "72"),
        ("build_config_uri", definition),
        ("build_config_digest", "714a629c0b401fdce83e847fc9589983fc6f46bc"),
        ("build_trigger", "push"),
        ("run_invocation_uri", "https://gitlab.example.com/my-group/my-project/-/jobs/302"),
        ("source_repository_visibility", "public"),
        ("deployment_environment", "test-environment2"),
        ("token_subject", "project_path:my-group/my-project:ref_type:branch:ref:feature-branch-1"),
    ];
    assert_eq!(claims, expected.map(|(claim, text)| (claim.to_owned(), text)));

    let tag = validate(changed(gitlab_claims(), json!({"ref_type": "tag", "ref": "v1"}))).unwrap();
    assert_eq!(tag.claims().get(&Claim::SourceRepositoryRef), Some("refs/tags/v1"));

    let mut elsewhere = gitlab_claims();
    elsewhere["ci_config_sha"] = Value::Null;
    let elsewhere = validate(elsewhere).unwrap();
    assert_eq!(elsewhere.claims().get(&Claim::BuildSignerDigest), None);

    let strange = validate(changed(gitlab_claims(), json!({"ref_type": "merge_request"})));
    assert_eq!(code(strange), "unexpected_token_claim");
    for (name, value) in gitlab_claims().as_object().unwrap() {
        if value.is_string() {
            let ill_typed = validate(changed(gitlab_claims(), json!({ name: 7 })));
            let is_used = !["jti", "user_id", "user_login", "user_email", "pipeline_id", "ref_path"]
                .contains(&name.as_str())
                && !["ref_protected", "environment_protected", "deployment_tier", "environment_action"]
                    .contains(&name.as_str());
            assert_eq!(code(ill_typed), if is_used { "ill_typed_token_claim" } else { "accepted" }, "{name}");
        }
    }
}

#[test]
fn a_claim_that_the_table_needs_must_be_there_and_be_a_text() {
    let needed = [
        "sub",
        "ref",
        "sha",
        "repository",
        "repository_owner",
        "repository_owner_id",
        "run_id",
        "run_attempt",
        "repository_visibility",
        "repository_id",
        "workflow",
        "event_name",
        "workflow_ref",
        "workflow_sha",
        "job_workflow_ref",
        "job_workflow_sha",
        "runner_environment",
        "iss",
    ];
    let provider = Provider::new();
    for name in needed {
        for (value, expected) in [
            (Value::Null, "missing_token_claim"),
            (json!(""), "missing_token_claim"),
            (json!(7), "ill_typed_token_claim"),
            (json!(true), "ill_typed_token_claim"),
            (json!(["x"]), "ill_typed_token_claim"),
            (json!({"x": "y"}), "ill_typed_token_claim"),
        ] {
            let mut payload = github_claims();
            payload[name] = value.clone();
            let error = validate(&provider, &provider.es256(&payload)).unwrap_err();
            assert_eq!(error.code(), expected, "{name}: {value}");
            assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
        }
        assert_eq!(code_with(json!({ name: null })), "missing_token_claim", "{name}");
    }
    assert_eq!(code_with(json!({"environment": null})), "accepted");
    assert_eq!(code_with(json!({"environment": 7})), "ill_typed_token_claim");
    assert_eq!(code_with(json!({"workflow": "Release\nissuer: forged"})), "control_character_in_claim");
    assert_eq!(code_with(json!({"workflow": "x".repeat(8_193)})), "claim_too_long");
}

#[test]
fn the_issuer_and_the_audience_must_be_the_expected_ones() {
    for issuer in [
        "https://token.actions.githubusercontent.com/",
        "https://evil.example",
        "HTTPS://TOKEN.ACTIONS.GITHUBUSERCONTENT.COM",
    ] {
        assert_eq!(code_with(json!({ "iss": issuer })), "wrong_token_issuer", "{issuer}");
    }
    for (audience, expected) in [
        (json!("signing.example"), "accepted"),
        (json!(["other.example", "signing.example"]), "accepted"),
        (json!("other.example"), "wrong_token_audience"),
        (json!("signing.example.evil"), "wrong_token_audience"),
        (json!(["other.example"]), "wrong_token_audience"),
        (json!([]), "wrong_token_audience"),
        (json!(7), "ill_typed_token_claim"),
        (json!(["signing.example", 7]), "ill_typed_token_claim"),
        (json!({"signing.example": true}), "ill_typed_token_claim"),
        (Value::Null, "missing_token_claim"),
    ] {
        assert_eq!(code_with(json!({ "aud": audience.clone() })), expected, "{audience}");
    }
}

#[test]
fn times_are_heeded_to_the_nanosecond() {
    let provider = Provider::new();
    let token = provider.es256(&github_claims());
    let (nbf, iat, exp) = (1_711_106_400, 1_711_106_700, 1_711_107_000);
    let without_nbf = provider.es256(&changed(github_claims(), json!({"nbf": null})));
    for leeway in [0_u32, 60] {
        let github = github().with_leeway_seconds(leeway).unwrap();
        let code = |token: &str, now| code(IdentityToken::validate(token, provider.jwks(), &github, now));
        let leeway = i64::from(leeway);
        assert_eq!(code(&token, at(exp + leeway - 1, 999_999_999)), "accepted");
        assert_eq!(code(&token, at(exp + leeway, 0)), "expired_token");
        assert_eq!(code(&token, at(iat - leeway, 0)), "accepted");
        assert_eq!(code(&token, at(iat - leeway - 1, 999_999_999)), "token_issued_in_future");
        assert_eq!(code(&token, at(nbf - leeway, 0)), "token_issued_in_future");
        assert_eq!(code(&token, at(nbf - leeway - 1, 999_999_999)), "token_not_yet_valid");
        assert_eq!(code(&without_nbf, at(nbf - leeway - 1, 0)), "token_issued_in_future");
    }
    assert_eq!(github().leeway_seconds(), 60);
    assert_eq!(github().with_leeway_seconds(301).unwrap_err().code(), "invalid_leeway");

    let valid = IdentityToken::validate(&token, provider.jwks(), &github(), now()).unwrap();
    assert!(valid.is_valid_at(at(exp + 59, 999_999_999)));
    assert!(!valid.is_valid_at(at(exp + 60, 0)));
}

#[test]
fn times_must_be_whole_seconds() {
    for name in ["exp", "iat", "nbf"] {
        for value in [
            json!("1711106800"),
            json!(1_711_106_800.5),
            json!(true),
            json!(u64::MAX),
            json!(i64::MAX),
            json!(i64::MIN),
        ] {
            assert_eq!(code_with(json!({ name: value.clone() })), "ill_typed_token_claim", "{name}: {value}");
        }
    }
    assert_eq!(code_with(json!({"exp": null})), "missing_token_claim");
    assert_eq!(code_with(json!({"iat": null})), "missing_token_claim");
}

#[test]
fn only_rs256_and_es256_are_accepted() {
    let provider = Provider::new();
    for algorithm in [
        "none", "None", "NONE", "HS256", "HS384", "RS384", "RS512", "PS256", "ES384", "ES256K", "EdDSA",
        "rs256", "",
    ] {
        for key in [&provider.rsa, &provider.ec] {
            let header = json!({"alg": algorithm, "kid": "rsa", "typ": "JWT"});
            let token = token(&header, &github_claims(), key);
            assert_eq!(code(validate(&provider, &token)), "unsupported_token_algorithm", "{algorithm}");
            let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
            assert_eq!(code(validate(&provider, &unsigned)), "unsupported_token_algorithm", "{algorithm}");
        }
    }
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let provider = Provider::new();
    let signed = format!(
        "{}.{}",
        base64url(json!({"alg": "HS256", "kid": "rsa"}).to_string()),
        base64url(github_claims().to_string())
    );
    let jwk = provider.rsa.jwk("rsa");
    for secret in [jwk["n"].as_str().unwrap().to_owned(), jwk.to_string()] {
        let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        let mac =
            jsonwebtoken::crypto::sign(signed.as_bytes(), &secret, jsonwebtoken::Algorithm::HS256).unwrap();
        assert_eq!(code(validate(&provider, &format!("{signed}.{mac}"))), "unsupported_token_algorithm");
        // The same token under a name that is accepted.
        let renamed = signed.replace(
            &base64url(json!({"alg": "HS256", "kid": "rsa"}).to_string()),
            &base64url(json!({"alg": "RS256", "kid": "rsa"}).to_string()),
        );
        assert_eq!(code(validate(&provider, &format!("{renamed}.{mac}"))), "invalid_token_signature");
    }
}

#[test]
fn the_algorithm_is_bound_to_the_key() {
    let provider = Provider::new();
    let payload = github_claims();
    for (header, key) in [
        (json!({"alg": "RS256", "kid": "ec"}), &provider.ec),
        (json!({"alg": "RS256", "kid": "ec"}), &provider.rsa),
        (json!({"alg": "ES256", "kid": "rsa"}), &provider.rsa),
        (json!({"alg": "ES256", "kid": "rsa"}), &provider.ec),
    ] {
        assert_eq!(
            code(validate(&provider, &token(&header, &payload, key))),
            "token_key_mismatch",
            "{header}"
        );
    }
    // Even if the key set does not say which algorithm each key is for.
    let mut jwks: Value = serde_json::from_str(&provider.jwks()).unwrap();
    for key in jwks["keys"].as_array_mut().unwrap() {
        key.as_object_mut().unwrap().remove("alg");
    }
    let validate =
        |token: &str, jwks: &Value| code(IdentityToken::validate(token, jwks.to_string(), &github(), now()));
    assert_eq!(validate(&provider.es256(&payload), &jwks), "accepted");
    assert_eq!(validate(&provider.rs256(&payload), &jwks), "accepted");
    let swapped = token(&json!({"alg": "ES256", "kid": "rsa"}), &payload, &provider.ec);
    assert_eq!(validate(&swapped, &jwks), "token_key_mismatch");
    let swapped = token(&json!({"alg": "RS256", "kid": "ec"}), &payload, &provider.rsa);
    assert_eq!(validate(&swapped, &jwks), "token_key_mismatch");

    for (member, value) in [
        ("alg", json!("RS256")),
        ("alg", json!(null)),
        ("use", json!("enc")),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
        ("crv", json!("P-384")),
        ("kty", json!("oct")),
    ] {
        let mut key = provider.ec.jwk("ec");
        key[member] = value.clone();
        let jwks = json!({"keys": [key]});
        assert_eq!(validate(&provider.es256(&payload), &jwks), "token_key_mismatch", "{member}: {value}");
    }
}

#[test]
fn the_key_is_the_one_that_the_token_names() {
    let provider = Provider::new();
    let payload = github_claims();
    let named = |kid: Value| token(&json!({"alg": "ES256", "kid": kid}), &payload, &provider.ec);
    assert_eq!(code(validate(&provider, &named(json!("ec")))), "accepted");
    assert_eq!(code(validate(&provider, &named(json!("EC")))), "unknown_token_key");
    assert_eq!(code(validate(&provider, &named(json!("")))), "no_token_key_id");
    assert_eq!(code(validate(&provider, &named(json!(7)))), "malformed_token");
    let unnamed = token(&json!({"alg": "ES256"}), &payload, &provider.ec);
    assert_eq!(code(validate(&provider, &unnamed)), "no_token_key_id");

    let forged = token(&json!({"alg": "ES256", "kid": "ec"}), &payload, &ProviderKey::ec());
    assert_eq!(code(validate(&provider, &forged)), "invalid_token_signature");
    let forged = token(&json!({"alg": "RS256", "kid": "rsa"}), &payload, &ProviderKey::rsa("rsa-2.der"));
    assert_eq!(code(validate(&provider, &forged)), "invalid_token_signature");
    // A key that the token brings itself is not looked at.
    let forger = ProviderKey::ec();
    let header = json!({"alg": "ES256", "kid": "ec", "jwk": forger.jwk("ec"), "jku": "https://evil.example"});
    assert_eq!(code(validate(&provider, &token(&header, &payload, &forger))), "invalid_token_signature");

    let token = provider.es256(&payload);
    let with_set = |jwks: &str| code(IdentityToken::validate(&token, jwks, &github(), now()));
    let key = provider.ec.jwk("ec");
    assert_eq!(with_set(&json!({"keys": [key, key]}).to_string()), "unknown_token_key");
    assert_eq!(with_set(&json!({"keys": []}).to_string()), "unknown_token_key");
    let mut off_curve = key.clone();
    off_curve["y"] = off_curve["x"].clone();
    assert_eq!(with_set(&json!({"keys": [off_curve]}).to_string()), "invalid_token_signature");
    let mut without_y = key.clone();
    without_y.as_object_mut().unwrap().remove("y");
    for jwks in [
        "",
        "[]",
        "{}",
        r#"{"keys": {}}"#,
        r#"{"keys": [], "keys": []}"#,
        &json!({"keys": [without_y]}).to_string(),
        &json!({"keys": vec![key.clone(); 257]}).to_string(),
        &" ".repeat(256 * 1_024 + 1),
    ] {
        assert_eq!(with_set(jwks), "malformed_key_set", "{}", &jwks[..jwks.len().min(60)]);
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let provider = Provider::new();
    let good = provider.es256(&github_claims());
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    let resigned = |header: &str, payload: &str| {
        let signed = format!("{}.{}", base64url(header), base64url(payload));
        format!("{signed}.{}", provider.ec.sign(&signed))
    };
    let plain_header = r#"{"alg":"ES256","kid":"ec"}"#;
    assert_eq!(code(validate(&provider, &resigned(plain_header, &github_claims().to_string()))), "accepted");
    let twice = github_claims().to_string().replacen('{', r#"{"aud":"other.example","#, 1);
    for token in [
        String::new(),
        "..".into(),
        format!("{header}.{payload}"),
        format!("{good}.x"),
        format!(" {good}"),
        format!("{good}="),
        format!("{good}\n"),
        format!("{header}=.{payload}.{signature}"),
        resigned(r#"{"alg":"none","alg":"ES256","kid":"ec"}"#, "{}"),
        resigned(r#"{"alg":["ES256"],"kid":"ec"}"#, "{}"),
        resigned(r#"{"kid":"ec"}"#, "{}"),
        resigned(r#"["ES256"]"#, "{}"),
        resigned(plain_header, &twice),
        resigned(plain_header, "[]"),
        resigned(plain_header, "no JSON"),
    ] {
        assert_eq!(code(validate(&provider, &token)), "malformed_token", "{token}");
    }
    let critical =
        resigned(r#"{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}"#, &github_claims().to_string());
    assert_eq!(code(validate(&provider, &critical)), "critical_token_header");
    let other_type =
        resigned(r#"{"alg":"ES256","kid":"ec","typ":"logout+jwt"}"#, &github_claims().to_string());
    assert_eq!(code(validate(&provider, &other_type)), "wrong_token_type");
    assert_eq!(code(validate(&provider, &"x".repeat(MAX_TOKEN_BYTES + 1))), "token_too_large");
    assert_eq!(code(validate(&provider, &"x".repeat(MAX_TOKEN_BYTES))), "malformed_token");

    let other = base64url(changed(github_claims(), json!({"ref": "refs/heads/main"})).to_string());
    assert_eq!(
        code(validate(&provider, &format!("{header}.{other}.{signature}"))),
        "invalid_token_signature"
    );
    assert_eq!(code(validate(&provider, &format!("{header}.{payload}."))), "invalid_token_signature");
    assert_eq!(
        code(validate(&provider, &format!("{header}.{payload}+.{signature}"))),
        "invalid_token_signature"
    );
}

#[test]
fn another_provider_is_mapped_by_the_callers_table() {
    let provider = Provider::new();
    let custom: Claim = "1.3.6.1.4.1.55555.9".parse().unwrap();
    let mapping = ClaimMapping::new("{email}")
        .unwrap()
        .require(custom, "team:{team}")
        .unwrap()
        .allow(Claim::DeploymentEnvironment, "{stage}")
        .unwrap();
    let idp = IdentityProvider::new("https://accounts.example", AUDIENCE, mapping).unwrap();
    let payload = json!({
        "iss": "https://accounts.example", "aud": AUDIENCE, "sub": "248289761001", "iat": 1_711_106_700,
        "exp": 1_711_107_000, "email": "signer@example.com", "email_verified": true, "team": "release",
    });
    let validate =
        |payload: Value| IdentityToken::validate(&provider.es256(&payload), provider.jwks(), &idp, now());
    let token = validate(payload.clone()).unwrap();
    let claims: Vec<(String, &str)> =
        token.claims().iter().map(|(claim, text)| (claim.to_string(), text)).collect();
    let expected = [
        ("certificate_identity", "signer@example.com"),
        ("certificate_oidc_issuer", "https://accounts.example"),
        ("token_subject", "248289761001"),
        ("1.3.6.1.4.1.55555.9", "team:release"),
    ];
    assert_eq!(claims, expected.map(|(claim, text)| (claim.to_owned(), text)));

    for (changes, expected) in [
        (json!({"email_verified": false}), "unverified_email"),
        (json!({"email_verified": null}), "unverified_email"),
        (json!({"email_verified": "true"}), "ill_typed_token_claim"),
        (json!({"team": null}), "missing_token_claim"),
        (json!({"stage": 1}), "ill_typed_token_claim"),
    ] {
        assert_eq!(code(validate(changed(payload.clone(), changes.clone()))), expected, "{changes}");
    }
}

#[test]
fn a_table_that_cannot_be_meant_is_refused() {
    let mapping = || ClaimMapping::new("{sub}").unwrap();
    for (result, expected) in [
        (ClaimMapping::new("{sub"), "invalid_claim_template"),
        (mapping().require(Claim::CertificateOidcIssuer, "{iss}"), "reserved_claim"),
        (mapping().allow(Claim::TokenSubject, "{sub}"), "reserved_claim"),
        (mapping().require(Claim::CertificateIdentity, "{sub}"), "claim_mapped_twice"),
        (mapping().require_case(Claim::SourceRepositoryRef, "kind", &[]), "invalid_claim_cases"),
        (
            mapping().require_case(Claim::SourceRepositoryRef, "kind", &[("a", "{x}"), ("a", "{y}")]),
            "invalid_claim_cases",
        ),
        (ClaimMapping::gitlab("https://gitlab.example/"), "invalid_server_url"),
        (ClaimMapping::gitlab("gitlab.example"), "invalid_server_url"),
        (ClaimMapping::github_actions("https://{x}", RepositoryNames::Plain), "invalid_server_url"),
    ] {
        assert_eq!(result.unwrap_err().code(), expected);
    }
    assert_eq!(IdentityProvider::new("", AUDIENCE, mapping()).unwrap_err().code(), "no_provider_issuer");
    assert_eq!(IdentityProvider::new(GITHUB, "", mapping()).unwrap_err().code(), "no_provider_audience");
}
