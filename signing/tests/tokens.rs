//! Identity tokens: which are accepted, and by which error the others are refused.

mod common;

use common::*;
use countermark::{Claim, Timestamp};
use countermark_signing::{
    ClaimMapping, IdentityProvider, IdentityToken, RepositoryNames, TokenError,
    limits::{MAX_JSON_ITEMS, MAX_TOKEN_BYTES},
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
            let ill_typed = validate(changed(gitlab_claims(), json!({ name: [7] })));
            let is_used = !["jti", "user_id", "user_login", "user_email", "pipeline_id", "ref_path"]
                .contains(&name.as_str())
                && !["ref_protected", "environment_protected", "deployment_tier", "environment_action"]
                    .contains(&name.as_str());
            assert_eq!(code(ill_typed), if is_used { "ill_typed_token_claim" } else { "accepted" }, "{name}");
            let number = validate(changed(gitlab_claims(), json!({ name: 7 })));
            let expected = match name.as_str() {
                "iss" | "sub" | "aud" => "ill_typed_token_claim",
                "ref_type" => "unexpected_token_claim",
                _ => "accepted",
            };
            assert_eq!(code(number), expected, "{name}");
        }
    }
}

#[test]
fn a_gitlab_pipeline_that_is_defined_elsewhere_is_its_project_and_ref() {
    let provider = Provider::new();
    let validate = |changes: Value| {
        let mut payload = gitlab_claims();
        for (name, value) in changes.as_object().unwrap() {
            payload[name] = value.clone();
        }
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &gitlab(), now())
    };
    let elsewhere = |ref_type: &str, name: &str| {
        let changes = json!({
            "ci_config_ref_uri": null, "ci_config_sha": null, "ref_type": ref_type, "ref": name,
        });
        validate(changes).unwrap()
    };
    let branch = elsewhere("branch", "main");
    assert_eq!(branch.claims().identity(), "https://gitlab.example.com/my-group/my-project@refs/heads/main");
    for claim in [Claim::BuildSignerUri, Claim::BuildSignerDigest, Claim::BuildConfigUri] {
        assert_eq!(branch.claims().get(&claim), None, "{claim}");
    }
    assert_eq!(branch.claims().get(&Claim::SourceRepositoryRef), Some("refs/heads/main"));
    let tag = elsewhere("tag", "v1");
    assert_eq!(tag.claims().identity(), "https://gitlab.example.com/my-group/my-project@refs/tags/v1");

    // No ref makes it the identity of a definition: that has `//` behind the project's path.
    let real = validate(json!({})).unwrap();
    let project = "https://gitlab.example.com/my-group/my-project";
    assert!(real.claims().identity().strip_prefix(project).unwrap().starts_with("//"));
    for name in ["/.gitlab-ci.yml@refs/heads/main", "//.gitlab-ci.yml@refs/heads/main", "main"] {
        let fallback = elsewhere("branch", name);
        assert!(fallback.claims().identity().strip_prefix(project).unwrap().starts_with('@'), "{name}");
    }
    // The ref of a fork's merge request, or of a child of its pipeline, is the fork's, in some versions of GitLab also
    // that of the definition.
    for started_by in ["merge_request_event", "parent_pipeline", "pipeline", "new"] {
        let token = validate(json!({
            "ci_config_ref_uri": null, "ref_type": "branch", "ref": "main", "pipeline_source": started_by,
        }));
        let token = token.unwrap();
        assert_eq!(token.claims().identity(), format!("{project}@{started_by}/main"));
        let reference = token.claims().get(&Claim::SourceRepositoryRef);
        assert_eq!(reference, Some(format!("{started_by}/main").as_str()));
    }
    for started_by in ["merge_request_event", "parent_pipeline"] {
        let of_a_fork = validate(json!({"pipeline_source": started_by, "ref": "main"})).unwrap();
        assert_eq!(of_a_fork.claims().identity(), format!("{project}@{started_by}/main"));
        let reference = of_a_fork.claims().get(&Claim::SourceRepositoryRef);
        assert_eq!(reference, Some(format!("{started_by}/main").as_str()));
        for claim in [Claim::BuildSignerUri, Claim::BuildConfigUri] {
            assert_eq!(of_a_fork.claims().get(&claim), None, "{claim}");
        }
    }
    let untold = json!({"ci_config_ref_uri": null, "pipeline_source": null});
    assert_eq!(code(validate(untold)), "unexpected_token_claim");
    // A definition that is there is never passed over, and nothing else stands in for a project.
    assert_eq!(code(validate(json!({"ci_config_ref_uri": ["x"]}))), "ill_typed_token_claim");
    let without_project = json!({"ci_config_ref_uri": null, "project_path": null});
    assert_eq!(code(validate(without_project)), "missing_token_claim");
    let strange = json!({"ci_config_ref_uri": null, "ref_type": "merge_request"});
    assert_eq!(code(validate(strange)), "unexpected_token_claim");
}

#[test]
fn older_instances_lack_what_they_lack() {
    let provider = Provider::new();
    let older = |payload: Value, names: &[&str]| {
        names.iter().fold(payload, |payload, name| changed(payload, json!({ *name: null })))
    };
    let payload =
        older(gitlab_claims(), &["ci_config_ref_uri", "ci_config_sha", "runner_environment", "sha"]);
    let token =
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &gitlab(), now()).unwrap();
    assert_eq!(token.claims().get(&Claim::RunnerEnvironment), None);
    assert_eq!(token.claims().get(&Claim::SourceRepositoryDigest), None);

    let names = ["job_workflow_sha", "workflow_ref", "workflow_sha", "runner_environment", "repository_id"];
    let payload = older(github_claims(), &names);
    let on = |server: &str| {
        let mapping = ClaimMapping::github_actions(server, RepositoryNames::Plain).unwrap();
        let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
        IdentityToken::validate(&provider.es256(&payload), provider.jwks(), &idp, now())
    };
    assert_eq!(code(on("https://github.com")), "missing_token_claim");
    let token = on("https://github.example.com").unwrap();
    assert_eq!(
        token.claims().identity(),
        "https://github.example.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main"
    );
    assert_eq!(token.claims().get(&Claim::BuildConfigUri), None);
}

#[test]
fn a_claim_that_the_table_needs_must_be_there_and_have_one_text() {
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
            (json!(7.5), "ill_typed_token_claim"),
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
        let is_registered = ["sub", "iss"].contains(&name);
        for value in [json!(7), json!(true)] {
            let expected = if is_registered { "ill_typed_token_claim" } else { "accepted" };
            assert_eq!(code_with(json!({ name: value })), expected, "{name}");
        }
    }
    assert_eq!(code_with(json!({"environment": null})), "accepted");
    assert_eq!(code_with(json!({"environment": [7]})), "ill_typed_token_claim");
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
    let audiences = |count: usize| {
        let others = std::iter::repeat_n("other.example", count - 1);
        json!({ "aud": others.chain(["signing.example"]).collect::<Vec<_>>() })
    };
    assert_eq!(code_with(audiences(MAX_JSON_ITEMS)), "accepted");
    assert_eq!(code_with(audiences(MAX_JSON_ITEMS + 1)), "ill_typed_token_claim");
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

/// The payload of GitHub's token with a member's JSON exactly as given.
fn with_json(name: &str, json: &str) -> String {
    changed(github_claims(), json!({ name: null })).to_string().replacen(
        '{',
        &format!("{{\"{name}\":{json},"),
        1,
    )
}

#[test]
fn times_may_have_fractions_which_only_tighten() {
    let provider = Provider::new();
    let github = github().with_leeway_seconds(0).unwrap();
    let code_at = |name: &str, json: &str, now| {
        let token = signed_text(r#"{"alg":"ES256","kid":"ec"}"#, &with_json(name, json), &provider.ec);
        code(IdentityToken::validate(&token, provider.jwks(), &github, now))
    };
    let (before, second) = (at(1_711_106_799, 999_999_999), at(1_711_106_800, 0));
    // Not valid any more from the whole second on, however the expiry is written.
    for json in [
        "1711106800",
        "1711106800.0",
        "1711106800.5",
        "1711106800.99999999999",
        "1.7111068e9",
        "1.7111068005E+9",
        "17111068009e-1",
    ] {
        assert_eq!(code_at("exp", json, before), "accepted", "{json}");
        assert_eq!(code_at("exp", json, second), "expired_token", "{json}");
    }
    // Valid from the next whole second on.
    for json in ["1711106800", "1711106799.5", "1711106799.00000000001", "1.7111068e9", "17111067991e-1"] {
        assert_eq!(code_at("nbf", json, second), "accepted", "{json}");
        assert_eq!(code_at("nbf", json, before), "token_not_yet_valid", "{json}");
        assert_eq!(code_at("iat", json, second), "accepted", "{json}");
        assert_eq!(code_at("iat", json, before), "token_issued_in_future", "{json}");
    }
}

#[test]
fn times_must_be_numbers_that_a_calendar_can_hold() {
    for name in ["exp", "iat", "nbf"] {
        for value in [
            json!("1711106800"),
            json!(true),
            json!([1_711_106_800]),
            json!(u64::MAX),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(1e300),
        ] {
            assert_eq!(code_with(json!({ name: value.clone() })), "ill_typed_token_claim", "{name}: {value}");
        }
    }
    assert_eq!(code_with(json!({"exp": null})), "missing_token_claim");
    assert_eq!(code_with(json!({"iat": null})), "missing_token_claim");
    // The last second of the calendar, at which the leeway ends too.
    assert_eq!(code_with(json!({"exp": 253_402_387_139_i64})), "accepted");
    assert_eq!(code_with(json!({"exp": 253_402_387_140_i64})), "ill_typed_token_claim");
    let mut payload = github_claims();
    payload["nbf"] = Value::Null;
    let provider = Provider::new();
    assert_eq!(code(validate(&provider, &provider.es256(&payload))), "accepted");
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

/// A token of exactly this header and payload.
fn signed_text(header: &str, payload: &str, key: &ProviderKey) -> String {
    let signed = format!("{}.{}", base64url(header), base64url(payload));
    format!("{signed}.{}", key.sign(&signed))
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
    let lowercase = resigned(r#"{"alg":"ES256","kid":"ec","typ":"jwt"}"#, &github_claims().to_string());
    assert_eq!(code(validate(&provider, &lowercase)), "accepted");
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
        (json!({"email_verified": "true"}), "accepted"),
        (json!({"email_verified": "false"}), "unverified_email"),
        (json!({"email_verified": "True"}), "ill_typed_token_claim"),
        (json!({"email_verified": "1"}), "ill_typed_token_claim"),
        (json!({"email_verified": ""}), "ill_typed_token_claim"),
        (json!({"email_verified": 1}), "ill_typed_token_claim"),
        (json!({"email_verified": ["true"]}), "ill_typed_token_claim"),
        (json!({"email": 7}), "ill_typed_token_claim"),
        (json!({"email": null}), "missing_token_claim"),
        (json!({"team": null}), "missing_token_claim"),
        (json!({"team": 1}), "accepted"),
        (json!({"stage": 1}), "accepted"),
        (json!({"stage": null}), "accepted"),
        (json!({"stage": 1.5}), "ill_typed_token_claim"),
        (json!({"stage": {}}), "ill_typed_token_claim"),
    ] {
        assert_eq!(code(validate(changed(payload.clone(), changes.clone()))), expected, "{changes}");
    }
}

fn texts(token: &IdentityToken) -> Vec<(String, &str)> {
    token.claims().iter().map(|(claim, text)| (claim.to_string(), text)).collect()
}

#[test]
fn a_token_of_buildkite_is_mapped() {
    let provider = Provider::new();
    let buildkite = IdentityProvider::buildkite(AUDIENCE).unwrap();
    assert_eq!(buildkite.issuer(), "https://agent.buildkite.com");
    let validate = |payload: Value| {
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &buildkite, now())
    };
    let token = validate(buildkite_claims()).unwrap();
    let expected = [
        ("certificate_identity", "https://buildkite.com/acme-inc/super-duper-app"),
        ("certificate_oidc_issuer", "https://agent.buildkite.com"),
        ("runner_environment", "buildkite-hosted"),
        ("source_repository_digest", "9f3182061f1e2cca4702c368cbc039b7dc9d4485"),
        ("source_repository_ref", "refs/tags/v1.0.0"),
        ("build_trigger", "ui"),
        (
            "run_invocation_uri",
            "https://buildkite.com/acme-inc/super-duper-app/builds/1#0184990a-477b-4fa8-9968-496074483cee",
        ),
        (
            "token_subject",
            "organization:acme-inc:pipeline:super-duper-app:ref:refs/tags/v1.0.0:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
        ),
    ];
    assert_eq!(texts(&token), expected.map(|(claim, text)| (claim.to_owned(), text)));

    // Without a tag the ref is the branch's; a step without a key has none.
    for tag in [json!(null), json!("")] {
        let mut payload = buildkite_claims();
        payload["build_tag"] = tag;
        payload["step_key"] = Value::Null;
        let token = validate(payload).unwrap();
        assert_eq!(token.claims().get(&Claim::SourceRepositoryRef), Some("refs/heads/main"));
    }
    for (changes, expected) in [
        (json!({"runner_environment": null, "build_source": null}), "accepted"),
        (json!({"organization_slug": null}), "missing_token_claim"),
        (json!({"build_number": 1.5}), "ill_typed_token_claim"),
        (json!({"build_tag": null, "build_branch": null}), "missing_token_claim"),
        (json!({"iss": "https://agent.buildkite.com/"}), "wrong_token_issuer"),
        (json!({"aud": "https://buildkite.com/acme-inc"}), "wrong_token_audience"),
    ] {
        assert_eq!(code(validate(changed(buildkite_claims(), changes.clone()))), expected, "{changes}");
    }
}

#[test]
fn a_token_of_circleci_is_mapped() {
    let provider = Provider::new();
    let organization = "0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a";
    let circleci = IdentityProvider::circleci(organization, AUDIENCE).unwrap();
    let validate = |payload: Value| {
        IdentityToken::validate(&provider.rs256(&payload), provider.jwks(), &circleci, now())
    };
    let token = validate(circleci_claims()).unwrap();
    let definition = "https://circleci.com/api/v2/projects/3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c/pipeline-definitions/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
    let expected = [
        ("certificate_identity", definition),
        ("certificate_oidc_issuer", "https://oidc.circleci.com/org/0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a"),
        ("build_signer_uri", definition),
        ("runner_environment", "no-ssh-rerun"),
        ("source_repository", "github.com/organization-123/repo-1"),
        ("source_repository_ref", "refs/heads/main"),
        (
            "build_config_uri",
            "https://circleci.com/api/v2/pipeline/9f8e7d6c-5b4a-4c3d-8e2f-1a0b9c8d7e6f/config",
        ),
        (
            "run_invocation_uri",
            "https://app.circleci.com/workflow/2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e/job/1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9",
        ),
        (
            "token_subject",
            "org/0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a/project/3a2f5b1c-7d4e-4f6a-9b8c-0d1e2f3a4b5c/user/5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9",
        ),
    ];
    assert_eq!(texts(&token), expected.map(|(claim, text)| (claim.to_owned(), text)));

    for (rerun, expected) in [
        (json!(true), Some("ssh-rerun")),
        (json!("true"), Some("ssh-rerun")),
        (json!(false), Some("no-ssh-rerun")),
        (Value::Null, None),
    ] {
        let token = validate(changed(circleci_claims(), json!({"oidc.circleci.com/ssh-rerun": rerun})));
        assert_eq!(token.unwrap().claims().get(&Claim::RunnerEnvironment), expected);
    }
    for (name, value, expected) in [
        ("oidc.circleci.com/vcs-origin", Value::Null, "accepted"),
        ("oidc.circleci.com/vcs-ref", Value::Null, "accepted"),
        ("oidc.circleci.com/ssh-rerun", json!(1), "unexpected_token_claim"),
        ("oidc.circleci.com/ssh-rerun", json!([]), "ill_typed_token_claim"),
        ("oidc.circleci.com/project-id", Value::Null, "missing_token_claim"),
        ("oidc.circleci.com/pipeline-definition-id", Value::Null, "missing_token_claim"),
        (
            "iss",
            json!("https://oidc.circleci.com/org/1d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a"),
            "wrong_token_issuer",
        ),
        ("aud", json!(organization), "wrong_token_audience"),
    ] {
        let changes = json!({ name: value });
        assert_eq!(code(validate(changed(circleci_claims(), changes.clone()))), expected, "{changes}");
    }

    // An organisation's identifier, and not its name or something that reaches another issuer.
    for id in [
        "",
        "gh/acme",
        "0D8C1D8E-9A3B-4F0C-8A75-5F1E2D3C4B5A",
        "0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5",
        "0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a/",
        "0d8c1d8e9a3b4f0c8a755f1e2d3c4b5a",
        "0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4b5a-",
        "0d8c1d8e-9a3b-4f0c-8a75-5f1e2d3c4bg5",
    ] {
        let refused = IdentityProvider::circleci(id, AUDIENCE).unwrap_err();
        assert_eq!(refused.code(), "invalid_organization_id", "{id}");
    }
    assert_eq!(IdentityProvider::circleci(organization, "").unwrap_err().code(), "no_provider_audience");
    assert_eq!(IdentityProvider::buildkite("").unwrap_err().code(), "no_provider_audience");
}

#[test]
fn a_ready_made_table_can_be_relaxed() {
    let provider = Provider::new();
    let validate = |mapping: ClaimMapping, payload: &Value| {
        let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
        IdentityToken::validate(&provider.es256(payload), provider.jwks(), &idp, now())
    };
    let table = || ClaimMapping::github_actions("https://github.com", RepositoryNames::Plain).unwrap();
    let payload = changed(github_claims(), json!({"workflow_sha": null}));
    assert_eq!(code(validate(table(), &payload)), "missing_token_claim");
    let optional = table().make_optional(Claim::BuildConfigDigest).unwrap();
    let token = validate(optional.clone(), &payload).unwrap();
    assert_eq!(token.claims().get(&Claim::BuildConfigDigest), None);
    // It is still certified where it is there, and still refused where it means nothing.
    let token = validate(optional.clone(), &github_claims()).unwrap();
    assert!(token.claims().get(&Claim::BuildConfigDigest).is_some());
    let ill_typed = changed(github_claims(), json!({"workflow_sha": []}));
    assert_eq!(code(validate(optional, &ill_typed)), "ill_typed_token_claim");

    // What is replaced stays as needed as it was.
    let replaced = table().replace(Claim::BuildConfigDigest, "sha1:{sha}").unwrap();
    let token = validate(replaced.clone(), &payload).unwrap();
    assert_eq!(
        token.claims().get(&Claim::BuildConfigDigest),
        Some("sha1:6f2c1d0b8a9e7f3c5d4b2a1908f7e6d5c4b3a291")
    );
    let without = changed(github_claims(), json!({"run_id": null}));
    let replaced = table().replace(Claim::RunInvocationUri, "https://github.com/runs/{run_id}").unwrap();
    assert_eq!(code(validate(replaced, &without)), "missing_token_claim");
    let replaced = table().replace(Claim::DeploymentEnvironment, "{deployment}").unwrap();
    assert_eq!(code(validate(replaced, &github_claims())), "accepted");
    let cased = table()
        .replace_with_case(
            Claim::SourceRepositoryRef,
            "ref_type",
            &[("branch", "branch {ref}"), ("tag", "tag {ref}")],
        )
        .unwrap();
    let token = validate(cased.clone(), &github_claims()).unwrap();
    assert_eq!(token.claims().get(&Claim::SourceRepositoryRef), Some("tag refs/tags/v1.6.217"));
    let strange = changed(github_claims(), json!({"ref_type": "note"}));
    assert_eq!(code(validate(cased, &strange)), "unexpected_token_claim");

    // Another identity, which is always needed.
    let by_workflow =
        table().replace(Claim::CertificateIdentity, "https://github.com/{workflow_ref}").unwrap();
    let token = validate(by_workflow.clone(), &github_claims()).unwrap();
    assert_eq!(
        token.claims().identity(),
        "https://github.com/endorlabs/monorepo/.github/workflows/release.yml@refs/tags/v1.6.217"
    );
    let without = changed(github_claims(), json!({"workflow_ref": null}));
    let by_workflow = by_workflow.make_optional(Claim::BuildConfigUri).unwrap();
    assert_eq!(code(validate(by_workflow, &without)), "missing_token_claim");
}

#[test]
fn what_a_table_needs_cannot_be_lost_by_a_slip() {
    let table = || ClaimMapping::gitlab("https://gitlab.com").unwrap();
    let cases: &[(&str, &str)] = &[("branch", "{sub}"), ("tag", "everybody")];
    for (result, expected) in [
        (table().make_optional(Claim::CertificateIdentity), "identity_not_optional"),
        (table().make_optional(Claim::BuildConfigName), "claim_not_mapped"),
        (table().make_optional(Claim::TokenSubject), "claim_not_mapped"),
        (table().make_optional(Claim::CertificateOidcIssuer), "claim_not_mapped"),
        (table().replace(Claim::BuildConfigName, "{x}"), "claim_not_mapped"),
        (table().replace(Claim::TokenSubject, "{x}"), "claim_not_mapped"),
        (table().replace(Claim::BuildTrigger, "{"), "invalid_claim_template"),
        (table().replace(Claim::CertificateIdentity, "everybody"), "constant_identity"),
        (table().replace_with_case(Claim::CertificateIdentity, "ref_type", cases), "constant_identity"),
        (table().replace_with_case(Claim::SourceRepositoryRef, "x", &[]), "invalid_claim_cases"),
        (table().replace_with_case(Claim::BuildConfigName, "x", cases), "claim_not_mapped"),
        (table().allow(Claim::CertificateIdentity, "{sub}"), "claim_mapped_twice"),
    ] {
        assert_eq!(result.unwrap_err().code(), expected);
    }
    assert!(table().make_optional(Claim::BuildTrigger).is_ok());
    assert!(table().replace(Claim::CertificateIdentity, "{sub}").is_ok());
}

#[test]
fn a_refusal_names_the_claim_what_it_is_and_what_to_do() {
    let provider = Provider::new();
    let text = |name: &str, json: &str| {
        let token = signed_text(r#"{"alg":"ES256","kid":"ec"}"#, &with_json(name, json), &provider.ec);
        validate(&provider, &token).unwrap_err().to_string()
    };
    for (name, json, expected) in [
        (
            "workflow",
            "1.50",
            "`workflow` of the identity token is the number 1.50, not a text, a whole number",
        ),
        ("workflow", "[]", "is an array, not a text, a whole number or a boolean; use a provider"),
        ("workflow", "{}", "`ClaimMapping::make_optional`"),
        ("workflow", "null", "no claim `workflow`, or an empty one"),
        (
            "exp",
            "\"1711107000\"",
            "`exp` of the identity token is the text \"1711107000\", not a number of seconds",
        ),
        ("exp", "null", "as RFC 7519 says, which no table can relax"),
        ("sub", "7", "`sub` of the identity token is the number 7, not a text"),
        ("aud", "[7]", "`aud` of the identity token is an array with something else, not a text or an array"),
    ] {
        let found = text(name, json);
        assert!(found.contains(expected), "{name}: {json}: {found}");
    }
    // Nothing from outside floods a log.
    assert!(text("exp", &format!("\"{}\"", "9".repeat(5_000))).len() < 500);
}

/// The inputs that were reported as faults, where they are at hand.
#[test]
fn reported_tokens_are_accepted() {
    let faults = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/faults");
    let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for (folder, name, identity) in [
        ("09", "claims", "dev@example.com"),
        (
            "10",
            "exp-1.0",
            "https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main",
        ),
        (
            "10",
            "exp-fraction",
            "https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main",
        ),
        ("12", "claims", "https://gitlab.example.com/my-group/my-project@refs/heads/feature-branch-1"),
    ] {
        let folder = faults.join(folder);
        if !folder.exists() {
            continue;
        }
        let idp = if folder.ends_with("09") {
            let issuer = "https://login.microsoftonline.com/TENANT/v2.0";
            IdentityProvider::new(issuer, AUDIENCE, ClaimMapping::new("{email}").unwrap()).unwrap()
        } else if folder.ends_with("12") {
            gitlab()
        } else {
            github()
        };
        let now = "2024-03-22T11:25:48Z".parse().unwrap();
        let token = read(folder.join(format!("{name}.jwt")));
        let token = IdentityToken::validate(token.trim(), read(folder.join("jwks.json")), &idp, now).unwrap();
        assert_eq!(token.claims().identity(), identity);
        count += 1;
    }
    println!("{count} reported tokens");
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
