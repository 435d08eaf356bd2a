//! What an authority issues, and what it refuses.

mod common;

use common::*;
use countermark::{Claim, Claims, Timestamp};
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, CertificateChain, CertificateRequest, ClaimMapping,
    EphemeralKey, IdentityProvider, IdentityToken, IssueError, Issuer, SignerClaims, Validity,
};
use p384::elliptic_curve::Generate;
use serde_json::json;

fn token() -> IdentityToken {
    Provider::new().github_token(&github_claims())
}

fn issue(authority: &Authority, claims: &SignerClaims) -> Result<CertificateChain, IssueError> {
    let request = EphemeralKey::generate(&mut rng()).certificate_request(claims).unwrap();
    authority.issue(&request, &token(), NAMESPACE, now(), &mut rng())
}

/// The request of an openssl configuration, for a key of this kind.
fn openssl_request(key: &[&str], config: &str) -> CertificateRequest {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let config_names_no_one = config.starts_with(EMPTY_SUBJECT);
    let (config, key_file, request) = (write(&directory, "config", config), path("key"), path("request"));
    run("openssl", &[&["genpkey", "-out", &key_file], key].concat());
    let subject: &[&str] = if config_names_no_one { &["-subj", "/"] } else { &[] };
    let arguments = ["req", "-new", "-config", &config, "-key", &key_file, "-out", &request];
    run("openssl", &[&arguments[..], subject].concat());
    CertificateRequest::from_pem(&std::fs::read_to_string(&request).unwrap()).unwrap()
}

const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const EMPTY_SUBJECT: &str = "[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=ext\n[dn]\n[ext]\n";

#[test]
fn a_request_may_assert_what_the_token_says_and_nothing_else() {
    let authority = authority();
    let claims = token().claims().clone();
    assert!(issue(&authority, &claims).is_ok());

    let identity = claims.identity();
    let fewer = SignerClaims::new(GITHUB, identity).unwrap();
    assert!(issue(&authority, &fewer).is_ok());

    let others = [
        (SignerClaims::new(GITHUB, "https://github.com/evil/repo"), "certificate_identity"),
        (SignerClaims::new(GITHUB, "evil@example.com"), "certificate_identity"),
        (SignerClaims::new("https://evil.example", identity), "certificate_oidc_issuer"),
        (fewer.clone().with(Claim::SourceRepositoryRef, "refs/heads/main"), "source_repository_ref"),
        (fewer.clone().with(Claim::BuildConfigName, "Evil"), "build_config_name"),
        (fewer.clone().with("1.3.6.1.4.1.55555.1".parse().unwrap(), NAMESPACE), "1.3.6.1.4.1.55555.1"),
    ];
    for (asserted, claim) in others {
        let refused = issue(&authority, &asserted.unwrap()).unwrap_err();
        assert_eq!(refused, IssueError::OtherClaims { claim: claim.into() });
    }
}

#[test]
fn a_claim_that_the_token_does_not_have_cannot_be_asserted() {
    let mut payload = github_claims();
    payload.as_object_mut().unwrap().remove("environment");
    let token = Provider::new().github_token(&payload);
    let asserted = token.claims().clone().with(Claim::DeploymentEnvironment, "production").unwrap();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(&asserted).unwrap();
    let refused = authority().issue(&request, &token, NAMESPACE, now(), &mut rng()).unwrap_err();
    assert_eq!(refused, IssueError::OtherClaims { claim: "deployment_environment".into() });
}

#[test]
fn a_request_for_powers_is_refused() {
    let authority = authority();
    let token = token();
    let issue = |request: &CertificateRequest| authority.issue(request, &token, NAMESPACE, now(), &mut rng());
    let code = |extension: &str| match issue(&openssl_request(P256, &format!("{EMPTY_SUBJECT}{extension}\n")))
    {
        Ok(_) => "issued",
        Err(error) => error.code(),
    };
    assert_eq!(code("keyUsage=critical,digitalSignature"), "issued");
    assert_eq!(code("extendedKeyUsage=codeSigning"), "issued");
    for extension in [
        "basicConstraints=critical,CA:TRUE",
        "keyUsage=digitalSignature,keyCertSign",
        "extendedKeyUsage=codeSigning,serverAuth",
        "subjectAltName=DNS:evil.example",
        "1.2.3.4=ASN1:UTF8String:x",
    ] {
        assert_eq!(code(extension), "other_claims_requested", "{extension}");
    }
    let named = "[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nCN=signer\n";
    assert_eq!(issue(&openssl_request(P256, named)).unwrap_err().code(), "other_subject_requested");
    let p384 = openssl_request(P384, &format!("{EMPTY_SUBJECT}keyUsage=digitalSignature\n"));
    assert_eq!(issue(&p384).unwrap_err().code(), "unsupported_request_key");
}

#[test]
fn a_request_must_be_signed_by_its_own_key() {
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token().claims()).unwrap();
    let der = request.as_der().to_vec();
    assert_eq!(CertificateRequest::from_der(&der).unwrap(), request);
    assert_eq!(CertificateRequest::from_pem(&request.to_pem().unwrap()).unwrap(), request);
    for position in 0..der.len() {
        let mut changed = der.clone();
        changed[position] ^= 0x01;
        assert!(CertificateRequest::from_der(&changed).is_err(), "byte {position}");
    }
    let code = |der: &[u8]| CertificateRequest::from_der(der).unwrap_err().code();
    let mut resigned = der.clone();
    *resigned.last_mut().unwrap() ^= 0x01;
    assert_eq!(code(&resigned), "invalid_request_signature");
    assert_eq!(code(&der[1..]), "malformed_request");
    assert_eq!(code(&[der.as_slice(), &[0]].concat()), "malformed_request");
    assert_eq!(code(&[0; 65_537]), "request_too_large");

    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let config = write(&directory, "config", "[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nCN=x\n");
    let arguments = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", &config];
    run("openssl", &[&arguments[..], &["-keyout", &path("key"), "-out", &path("request")]].concat());
    let rsa = std::fs::read_to_string(path("request")).unwrap();
    assert_eq!(CertificateRequest::from_pem(&rsa).unwrap_err().code(), "unsupported_request_key");
    let password = "[req]\nprompt=no\ndistinguished_name=dn\nattributes=attributes\n[dn]\nCN=x\n\
                    [attributes]\nchallengePassword=secret\n";
    let config = write(&directory, "config", password);
    run("openssl", &[&["genpkey", "-out", &path("key")], P256].concat());
    run("openssl", &["req", "-new", "-config", &config, "-key", &path("key"), "-out", &path("request")]);
    let with_password = std::fs::read_to_string(path("request")).unwrap();
    let refused = CertificateRequest::from_pem(&with_password).unwrap_err();
    assert_eq!(refused.code(), "unsupported_request_attributes");
}

#[test]
fn a_certificate_is_inside_the_authoritys_validity() {
    let key = p256_key();
    let profile =
        AuthorityProfile::new("CN=Root", validity("2024-03-22T11:25:48Z", "2024-03-22T11:30:48Z")).unwrap();
    let issue_at = |now: &str, lifetime: u32| {
        let root = profile.self_signed(&authority_key(&key), &mut rng()).unwrap();
        let issuer = Issuer::new(root).unwrap().with_certificate_lifetime_seconds(lifetime).unwrap();
        let authority = Authority::new(issuer, authority_key(&key)).unwrap();
        let token = token();
        let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
        match authority.issue(&request, &token, NAMESPACE, now.parse().unwrap(), &mut rng()) {
            Ok(_) => "issued",
            Err(error) => error.code(),
        }
    };
    assert_eq!(issue_at("2024-03-22T11:25:48.999Z", 300), "issued");
    assert_eq!(issue_at("2024-03-22T11:25:48.999Z", 301), "outside_authority_validity");
    assert_eq!(issue_at("2024-03-22T11:25:47.999Z", 300), "outside_authority_validity");
    assert_eq!(issue_at("2024-03-22T11:30:47Z", 1), "issued");
    assert_eq!(issue_at("2024-03-22T11:30:48Z", 1), "outside_authority_validity");
}

#[test]
fn a_token_is_not_used_when_it_has_expired() {
    let token = token();
    let authority = authority();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let late = Timestamp::from_unix(1_711_107_060, 0).unwrap();
    let refused = authority.issue(&request, &token, NAMESPACE, late, &mut rng()).unwrap_err();
    assert_eq!(refused.code(), "token_not_valid");
}

#[test]
fn lifetimes_are_those_that_a_policy_can_accept() {
    let key = authority_key(&p256_key());
    let issuer = Issuer::new(root("CN=Root", &key)).unwrap();
    for (seconds, accepted) in [(0, false), (1, true), (86_400, true), (86_401, false)] {
        assert_eq!(issuer.clone().with_certificate_lifetime_seconds(seconds).is_ok(), accepted, "{seconds}");
    }
}

#[test]
fn the_namespace_is_the_operators_word() {
    let claim: Claim = "1.3.6.1.4.1.55555.1".parse().unwrap();
    let key = p256_key();
    let issuer = || Issuer::new(root("CN=Root", &authority_key(&key))).unwrap();
    let sigstores: Claim = "1.3.6.1.4.1.57264.1.25".parse().unwrap();
    let unwritable: Claim = "2.25.329800735698586629295641978511506172918".parse().unwrap();
    for refused in [Claim::SourceRepository, Claim::CertificateIdentity, sigstores, unwritable] {
        assert_eq!(issuer().with_namespace_claim(refused).unwrap_err().code(), "invalid_namespace_claim");
    }
    let authority =
        Authority::new(issuer().with_namespace_claim(claim).unwrap(), authority_key(&key)).unwrap();
    let token = token();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let issue = |namespace: &str| authority.issue(&request, &token, namespace, now(), &mut rng());
    let chain = issue("tenant-a").unwrap();
    assert_eq!(Claims::of_certificate(chain.first()).unwrap().get(&claim), Some("tenant-a"));
    assert_eq!(issue("").unwrap_err().code(), "empty_claim");
    assert_eq!(issue(&"n".repeat(1_025)).unwrap_err().code(), "claim_too_long");

    // A provider's table that maps something to the same OID must not choose the tenant.
    let mapping = ClaimMapping::new("https://ci.example/{sub}").unwrap().require(claim, "{tenant}").unwrap();
    let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
    let provider = Provider::new();
    let mut payload = github_claims();
    payload["sub"] = json!("x");
    payload["tenant"] = json!("tenant-b");
    let token = IdentityToken::validate(&provider.es256(&payload), provider.jwks(), &idp, now()).unwrap();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let refused = authority.issue(&request, &token, "tenant-a", now(), &mut rng()).unwrap_err();
    assert_eq!(refused.code(), "repeated_claim");
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let (one, two) = (p256_key(), p256_key());
    let issuer = || Issuer::new(root("CN=Root", &authority_key(&one))).unwrap();
    let refused = Authority::new(issuer(), authority_key(&two)).unwrap_err();
    assert_eq!(refused.code(), "authority_key_mismatch");

    // A signer that lies about its public key is found out by what it signs.
    let liar = || AuthorityKey::p256(*one.verifying_key(), two.clone());
    let profile = AuthorityProfile::new("CN=Root", decade()).unwrap();
    assert_eq!(profile.self_signed(&liar(), &mut rng()).unwrap_err().code(), "authority_key_failed");
    assert_eq!(profile.request(&liar()).unwrap_err().code(), "invalid_request_signature");
    let authority = Authority::new(issuer(), liar()).unwrap();
    assert_eq!(issue(&authority, token().claims()).unwrap_err().code(), "invalid_authority_signature");
}

#[test]
fn a_signer_that_fails_is_reported() {
    struct Offline;
    impl signature::Signer<p256::ecdsa::Signature> for Offline {
        fn try_sign(&self, _: &[u8]) -> Result<p256::ecdsa::Signature, signature::Error> {
            Err(signature::Error::new())
        }
    }
    let key = p256_key();
    let issuer = Issuer::new(root("CN=Root", &authority_key(&key))).unwrap();
    let authority = Authority::new(issuer, AuthorityKey::p256(*key.verifying_key(), Offline)).unwrap();
    assert_eq!(issue(&authority, token().claims()).unwrap_err().code(), "authority_key_failed");
}

#[test]
fn what_is_no_authoritys_chain_is_refused() {
    let key = authority_key(&p256_key());
    let own_root = root("CN=Root", &key);
    let authority = Authority::new(Issuer::new(own_root.clone()).unwrap(), key).unwrap();
    let leaf_chain = issue(&authority, token().claims()).unwrap();
    let code = |certificates: Vec<Vec<u8>>| match CertificateChain::from_der(certificates) {
        Err(error) => error.code(),
        Ok(chain) => Issuer::new(chain).map_or_else(|error| error.code(), |_| "accepted"),
    };
    let root_der = own_root.first().to_vec();
    assert_eq!(code(vec![root_der.clone()]), "accepted");
    assert_eq!(code(vec![]), "malformed_chain");
    assert_eq!(code(vec![vec![0x30, 0x00]]), "malformed_chain_certificate");
    assert_eq!(code(vec![root_der.clone(); 17]), "malformed_chain");
    assert_eq!(code(leaf_chain.certificates().to_vec()), "not_an_authority");
    let other = root("CN=Root", &authority_key(&p256_key()));
    assert_eq!(code(vec![root_der, other.first().to_vec()]), "broken_chain");

    let openssl_root = |extensions: &str| {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        let config = write(
            &directory,
            "config",
            format!(
                "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\nCN=Root\n[ext]\n{extensions}\n"
            ),
        );
        run("openssl", &[&["genpkey", "-out", &path("key")], P256].concat());
        let arguments = ["req", "-new", "-x509", "-days", "3650", "-config", &config];
        run("openssl", &[&arguments[..], &["-key", &path("key"), "-out", &path("root")]].concat());
        let pem = std::fs::read_to_string(path("root")).unwrap();
        CertificateChain::from_pem(&pem).unwrap().into_certificates()
    };
    let fit = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash";
    assert_eq!(code(openssl_root(fit)), "accepted");
    assert_eq!(code(openssl_root(&format!("{fit}\nextendedKeyUsage=codeSigning"))), "accepted");
    for unfit in [
        fit.replace("CA:TRUE", "CA:FALSE"),
        fit.replace("keyCertSign", "digitalSignature"),
        fit.replace("keyUsage=critical,keyCertSign", ""),
        fit.replace("subjectKeyIdentifier=hash", "subjectKeyIdentifier=none"),
        format!("{fit}\nextendedKeyUsage=serverAuth"),
        format!("{fit}\n1.2.3.4=critical,ASN1:UTF8String:x"),
    ] {
        assert_eq!(code(openssl_root(&unfit)), "not_an_authority", "{unfit}");
    }
}

#[test]
fn path_lengths_bind_all_authorities_below() {
    let key = p384::ecdsa::SigningKey::generate_from_rng(&mut rng());
    let root_key = AuthorityKey::p384(*key.verifying_key(), key);
    let profile = |name: &str| AuthorityProfile::new(name, decade()).unwrap();
    let root = profile("CN=Root").with_path_length(1).self_signed(&root_key, &mut rng()).unwrap();
    let root = Authority::new(Issuer::new(root).unwrap(), root_key).unwrap();
    let lower_key = p256_key();
    let below = |authority: &Authority, profile: &AuthorityProfile| {
        let request = profile.request(&authority_key(&lower_key)).unwrap();
        authority.issue_intermediate(&request, profile, &mut rng())
    };
    let refused = |profile: &AuthorityProfile| below(&root, profile).unwrap_err().code();
    assert_eq!(refused(&profile("CN=Lower")), "path_length_exceeded");
    assert_eq!(refused(&profile("CN=Lower").with_path_length(1)), "path_length_exceeded");

    let outside = AuthorityProfile::new("CN=Lower", validity("2020-01-01T00:00:00Z", "2030-01-01T00:00:01Z"));
    assert_eq!(refused(&outside.unwrap().with_path_length(0)), "outside_authority_validity");

    let chain = below(&root, &profile("CN=Lower").with_path_length(0)).unwrap();
    let lower = Authority::new(Issuer::new(chain).unwrap(), authority_key(&lower_key)).unwrap();
    let third = below(&lower, &profile("CN=Third").with_path_length(0));
    assert_eq!(third.unwrap_err().code(), "path_length_exceeded");

    // A request for another name, or for more than the profile grants.
    let request = profile("CN=Evil").request(&authority_key(&lower_key)).unwrap();
    let granted = profile("CN=Lower").with_path_length(0);
    let refused = root.issue_intermediate(&request, &granted, &mut rng()).unwrap_err();
    assert_eq!(refused.code(), "other_subject_requested");
    let request = profile("CN=Lower").request(&authority_key(&lower_key)).unwrap();
    let refused = root.issue_intermediate(&request, &granted, &mut rng()).unwrap_err();
    assert_eq!(refused.code(), "other_claims_requested");
}

#[test]
fn those_above_an_authority_bind_it_too() {
    let (root_key, lower_key) = (p256_key(), p256_key());
    let root = |validity, path_length: Option<u8>| {
        let profile = AuthorityProfile::new("CN=Root", validity).unwrap();
        let profile = path_length.into_iter().fold(profile, AuthorityProfile::with_path_length);
        profile.self_signed(&authority_key(&root_key), &mut rng()).unwrap()
    };
    let upper = Authority::new(Issuer::new(root(decade(), None)).unwrap(), authority_key(&root_key)).unwrap();
    let lower = AuthorityProfile::new("CN=Lower", decade()).unwrap();
    let request = lower.request(&authority_key(&lower_key)).unwrap();
    let lower = upper.issue_intermediate(&request, &lower, &mut rng()).unwrap();

    // Roots of the same name and key that say different things about themselves.
    let under = |root: CertificateChain| {
        let certificates = vec![lower.first().to_vec(), root.first().to_vec()];
        Issuer::new(CertificateChain::from_der(certificates).unwrap())
    };
    assert!(under(root(decade(), Some(1))).is_ok());
    assert_eq!(under(root(decade(), Some(0))).unwrap_err().code(), "not_an_authority");
    let later = validity("2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z");
    assert_eq!(under(root(later, None)).unwrap_err().code(), "chain_never_valid");

    // The effective limits are the narrowest: of the path length, and of the validity.
    let shorter = validity("2020-01-01T00:00:00Z", "2024-03-22T11:30:47Z");
    let issuer = under(root(shorter, Some(1))).unwrap();
    assert_eq!(issuer.validity(), shorter);
    let authority = Authority::new(issuer, authority_key(&lower_key)).unwrap();
    assert_eq!(issue(&authority, token().claims()).unwrap_err().code(), "outside_authority_validity");
    let third = AuthorityProfile::new("CN=Third", shorter).unwrap().with_path_length(0);
    let request = third.request(&authority_key(&p256_key())).unwrap();
    let refused = authority.issue_intermediate(&request, &third, &mut rng()).unwrap_err();
    assert_eq!(refused.code(), "path_length_exceeded");
}

#[test]
fn names_and_validities_that_no_certificate_can_have_are_refused() {
    for name in ["", "no name", "CN"] {
        assert_eq!(
            AuthorityProfile::new(name, decade()).unwrap_err().code(),
            "invalid_authority_name",
            "{name}"
        );
    }
    let instant = |text: &str| text.parse::<Timestamp>().unwrap();
    for (from, to) in [
        ("2024-01-01T00:00:01Z", "2024-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59Z", "2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00Z", "9999-12-31T23:59:59-00:01"),
    ] {
        assert_eq!(
            Validity::new(instant(from), instant(to)).unwrap_err().code(),
            "invalid_validity",
            "{from}"
        );
    }
    assert!(Validity::new(instant("2024-01-01T00:00:00Z"), instant("9999-12-31T23:59:59Z")).is_ok());
}

#[test]
fn a_compressed_key_is_certified_uncompressed() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let config = write(&directory, "config", format!("{EMPTY_SUBJECT}keyUsage=digitalSignature\n"));
    run("openssl", &[&["genpkey", "-out", &path("uncompressed")], P256].concat());
    let arguments = ["ec", "-in", &path("uncompressed"), "-conv_form", "compressed", "-out", &path("key")];
    run("openssl", &arguments);
    let arguments = ["req", "-new", "-config", &config, "-subj", "/", "-key", &path("key")];
    run("openssl", &[&arguments[..], &["-outform", "DER", "-out", &path("request")]].concat());
    let request = CertificateRequest::from_der(&std::fs::read(path("request")).unwrap()).unwrap();
    let point_lengths = |der: &[u8]| {
        let has = |header: &[u8]| der.windows(header.len()).any(|window| window == header);
        (has(&[0x03, 0x22, 0x00, 0x02]) || has(&[0x03, 0x22, 0x00, 0x03]), has(&[0x03, 0x42, 0x00, 0x04]))
    };
    assert_eq!(point_lengths(request.as_der()), (true, false));
    let chain = authority().issue(&request, &token(), NAMESPACE, now(), &mut rng()).unwrap();
    assert_eq!(point_lengths(chain.first()), (false, true));
}

/// A request for a key on P-256 with its point written like this, signed by the key.
fn request_with_point(key: &p256::ecdsa::SigningKey, point: &[u8]) -> Vec<u8> {
    use const_oid::db::rfc5912::{ECDSA_WITH_SHA_256, ID_EC_PUBLIC_KEY, SECP_256_R_1};
    use der::{Encode, asn1::Any, asn1::BitString};
    use spki::{AlgorithmIdentifier, SubjectPublicKeyInfo};
    use x509_cert::request::{CertReq, CertReqInfo, Version};
    let parameters = Some(Any::encode_from(&SECP_256_R_1).unwrap());
    let info = CertReqInfo {
        version: Version::V1,
        subject: x509_cert::name::Name::default(),
        public_key: SubjectPublicKeyInfo {
            algorithm: AlgorithmIdentifier { oid: ID_EC_PUBLIC_KEY, parameters },
            subject_public_key: BitString::from_bytes(point).unwrap(),
        },
        attributes: Default::default(),
    };
    let signature: p256::ecdsa::DerSignature = signature::Signer::sign(key, &info.to_der().unwrap());
    let algorithm = AlgorithmIdentifier { oid: ECDSA_WITH_SHA_256, parameters: None };
    let signature = BitString::from_bytes(signature.as_bytes()).unwrap();
    CertReq { info, algorithm, signature }.to_der().unwrap()
}

#[test]
fn a_point_is_uncompressed_or_compressed() {
    // A key whose point SEC 1's compact form means too, which says the x alone.
    let (key, compact) = loop {
        let key = p256_key();
        let point = key.verifying_key().to_sec1_point(false);
        let compact = [&[5], point.x().unwrap().as_slice()].concat();
        if p256::ecdsa::VerifyingKey::from_sec1_bytes(&compact).ok().as_ref() == Some(key.verifying_key()) {
            break (key, compact);
        }
    };
    let uncompressed = key.verifying_key().to_sec1_point(false).as_bytes().to_vec();
    let compressed = key.verifying_key().to_sec1_point(true).as_bytes().to_vec();
    let coordinates = &uncompressed[1..];
    let sign = uncompressed[64] & 1;
    let code = |point: &[u8]| match CertificateRequest::from_der(&request_with_point(&key, point)) {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    };
    assert_eq!(code(&uncompressed), "accepted");
    assert_eq!(code(&compressed), "accepted");
    for point in [
        compact.clone(),
        [&[6 | sign], coordinates].concat(),
        [&[7 ^ sign], coordinates].concat(),
        coordinates.to_vec(),
        coordinates[..32].to_vec(),
        [&[2 | sign], coordinates].concat(),
        [&[4], &coordinates[..32]].concat(),
        [uncompressed.as_slice(), &[0]].concat(),
        vec![0],
        Vec::new(),
    ] {
        assert_eq!(code(&point), "unsupported_request_key", "{point:02x?}");
    }
    let refused = CertificateRequest::from_der(&request_with_point(&key, &compact)).unwrap_err();
    assert!(refused.to_string().contains("with its point uncompressed or compressed"), "{refused}");
}

#[test]
fn an_authority_has_no_hybrid_point_either() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let config = "[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\nCN=Root\n[ext]\n\
                  basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n";
    let config = write(&directory, "config", config);
    run("openssl", &[&["genpkey", "-out", &path("plain")], P256].concat());
    let code = |form: &str| {
        run("openssl", &["ec", "-in", &path("plain"), "-conv_form", form, "-out", &path("key")]);
        let arguments = ["req", "-new", "-x509", "-days", "3650", "-config", &config];
        run("openssl", &[&arguments[..], &["-key", &path("key"), "-out", &path("root")]].concat());
        let chain = CertificateChain::from_pem(&std::fs::read_to_string(path("root")).unwrap()).unwrap();
        Issuer::new(chain).map_or_else(|error| error.code(), |_| "accepted")
    };
    assert_eq!(code("uncompressed"), "accepted");
    assert_eq!(code("compressed"), "accepted");
    assert_eq!(code("hybrid"), "not_an_authority");
}

#[test]
fn a_request_in_pem_is_read_as_such() {
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token().claims()).unwrap();
    let pem = request.to_pem().unwrap();
    assert_eq!(CertificateRequest::from_der(pem.as_bytes()).unwrap(), request);
    assert_eq!(CertificateRequest::from_der(&pem.as_bytes()[..100]).unwrap_err().code(), "malformed_request");
    let not_utf8 = [pem.as_bytes(), b"\xFF"].concat();
    assert_eq!(CertificateRequest::from_der(&not_utf8).unwrap_err().code(), "malformed_request");
    // PEM within PEM is none.
    let nested = der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, pem.as_bytes());
    assert_eq!(CertificateRequest::from_pem(&nested.unwrap()).unwrap_err().code(), "malformed_request");
}

#[test]
fn a_chain_in_pem_is_read_as_such() {
    let key = authority_key(&p256_key());
    let chain = root("CN=Root", &key);
    let (der, pem) = (chain.first().to_vec(), chain.to_pem().into_bytes());
    assert_eq!(CertificateChain::from_der(vec![pem.clone()]).unwrap(), chain);
    let both = CertificateChain::from_der(vec![der.clone(), [pem.clone(), pem.clone()].concat()]).unwrap();
    assert_eq!(both.certificates(), [der.clone(), der.clone(), der.clone()]);
    let code = |certificates: Vec<Vec<u8>>| CertificateChain::from_der(certificates).unwrap_err().code();
    assert_eq!(code(vec![pem[..100].to_vec()]), "malformed_chain");
    assert_eq!(code(vec![[pem.as_slice(), b"\xFF"].concat()]), "malformed_chain");
    assert_eq!(code(vec![[pem.clone(), pem].concat(); 9]), "malformed_chain");
    // PEM within PEM is none.
    let nested = der::pem::encode_string("CERTIFICATE", der::pem::LineEnding::LF, chain.to_pem().as_bytes());
    assert_eq!(code(vec![nested.unwrap().into_bytes()]), "malformed_chain");
}

#[test]
fn certificates_begin_early_by_the_leeway_and_no_longer() {
    use x509_cert::der::Decode;
    let profile =
        AuthorityProfile::new("CN=Root", validity("2024-03-22T11:25:40Z", "2030-01-01T00:00:00Z")).unwrap();
    let key = p256_key();
    let root = profile.self_signed(&authority_key(&key), &mut rng()).unwrap();
    let issuer = || Issuer::new(root.clone()).unwrap();
    let token = token();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let validity_at = |issuer: Issuer, now: &str| {
        let authority = Authority::new(issuer, authority_key(&key)).unwrap();
        let chain = authority.issue(&request, &token, NAMESPACE, now.parse().unwrap(), &mut rng());
        chain.map_err(|error| error.code()).map(|chain| {
            let certificate = x509_cert::Certificate::from_der(chain.first()).unwrap();
            let validity = certificate.tbs_certificate().validity();
            let text = |time: x509_cert::time::Time| time.to_date_time().to_string();
            (text(validity.not_before), text(validity.not_after))
        })
    };
    let expected = |from: &str, to: &str| Ok((from.to_owned(), to.to_owned()));
    let now = "2024-03-22T11:25:48.983761494Z";
    assert_eq!(validity_at(issuer(), now), expected("2024-03-22T11:25:48Z", "2024-03-22T11:30:48Z"));
    let with = |seconds| issuer().with_leeway_seconds(seconds).unwrap();
    assert_eq!(validity_at(with(0), now), expected("2024-03-22T11:25:48Z", "2024-03-22T11:30:48Z"));
    assert_eq!(validity_at(with(5), now), expected("2024-03-22T11:25:43Z", "2024-03-22T11:30:43Z"));
    // Not before the authority itself, and not for an authority that is not there yet.
    assert_eq!(validity_at(with(8), now), expected("2024-03-22T11:25:40Z", "2024-03-22T11:30:40Z"));
    assert_eq!(validity_at(with(299), now), expected("2024-03-22T11:25:40Z", "2024-03-22T11:30:40Z"));
    assert_eq!(validity_at(with(5), "2024-03-22T11:25:39.999Z"), Err("outside_authority_validity"));

    let code = |issuer: Result<Issuer, countermark_signing::AuthorityError>| match issuer {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    };
    assert_eq!(code(issuer().with_leeway_seconds(299)), "accepted");
    assert_eq!(code(issuer().with_leeway_seconds(300)), "invalid_issuer_leeway");
    let lasting = |seconds| issuer().with_certificate_lifetime_seconds(seconds).unwrap();
    assert_eq!(code(lasting(301).with_leeway_seconds(300)), "accepted");
    assert_eq!(code(lasting(86_400).with_leeway_seconds(301)), "invalid_issuer_leeway");
    assert_eq!(code(with(5).with_certificate_lifetime_seconds(6)), "accepted");
    assert_eq!(code(with(5).with_certificate_lifetime_seconds(5)), "invalid_issuer_leeway");
}

#[test]
fn a_time_that_no_certificate_can_say_is_refused() {
    let before_1970 = "1969-12-31T23:59:59Z";
    // No token is valid then, so that the time is found out first by the token.
    let token = token();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let issue = |token: &IdentityToken, now: &str| {
        let refused =
            authority().issue(&request, token, NAMESPACE, now.parse().unwrap(), &mut rng()).unwrap_err();
        refused.code()
    };
    assert_eq!(issue(&token, before_1970), "token_not_valid");

    let provider = Provider::new();
    let mut payload = github_claims();
    for (name, seconds) in [("nbf", -1_000), ("iat", -1_000), ("exp", 1_000)] {
        payload[name] = json!(seconds);
    }
    let early = IdentityToken::validate(
        &provider.es256(&payload),
        provider.jwks(),
        &github(),
        before_1970.parse().unwrap(),
    )
    .unwrap();
    assert_eq!(issue(&early, before_1970), "unusable_time");
    // A time that can be said, and is only outside the authority's.
    assert_eq!(issue(&early, "1970-01-01T00:00:00Z"), "outside_authority_validity");
}

#[test]
fn a_chain_that_no_entry_can_hold_is_not_issued() {
    let key = p256_key();
    let mut authority =
        Authority::new(Issuer::new(root("CN=Root", &authority_key(&key))).unwrap(), authority_key(&key))
            .unwrap();
    let token = token();
    let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
    let leaf = |authority: &Authority| {
        let chain = authority.issue(&request, &token, NAMESPACE, now(), &mut rng());
        chain.map_or_else(|error| error.code(), |_| "issued")
    };
    for depth in 1..16 {
        assert_eq!(leaf(&authority), "issued", "below {depth} authorities");
        let profile = AuthorityProfile::new(&format!("CN=Authority {depth}"), decade()).unwrap();
        let request = profile.request(&authority_key(&key)).unwrap();
        let chain = authority.issue_intermediate(&request, &profile, &mut rng()).unwrap();
        authority = Authority::new(Issuer::new(chain).unwrap(), authority_key(&key)).unwrap();
    }
    assert_eq!(leaf(&authority), "malformed_chain");
}

#[test]
fn a_claim_under_an_oid_that_cannot_be_written_is_not_certified() {
    let provider = Provider::new();
    let authority = authority();
    let issue = |oid: &str| {
        let mapping = ClaimMapping::new("https://ci.example/{run_id}").unwrap();
        let mapping = mapping.require(oid.parse().unwrap(), "{sha}").unwrap();
        let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
        let token = provider.es256(&github_claims());
        let token = IdentityToken::validate(&token, provider.jwks(), &idp, now()).unwrap();
        let key = EphemeralKey::generate(&mut rng());
        let asserted = SignerClaims::new(GITHUB, token.claims().identity()).unwrap();
        let request = key.certificate_request(&asserted).unwrap();
        let chain = authority.issue(&request, &token, NAMESPACE, now(), &mut rng());
        let asked = key.certificate_request(token.claims());
        (
            chain.map_or_else(|error| error.code(), |_| "issued"),
            asked.map_or_else(|error| error.code(), |_| "asked"),
        )
    };
    assert_eq!(issue("2.25.4294967295"), ("issued", "asked"));
    let uuid = "2.25.329800735698586629295641978511506172918";
    assert_eq!(issue(uuid), ("encoding_failed", "encoding_failed"));
}

#[test]
fn more_claims_than_a_verifier_reads_are_not_certified() {
    let provider = Provider::new();
    let validated = |custom: usize| {
        let mut mapping = ClaimMapping::new("https://ci.example/{sub}").unwrap();
        for number in 0..custom {
            let claim = format!("1.3.6.1.4.1.55555.{number}").parse().unwrap();
            mapping = mapping.require(claim, "{sub}").unwrap();
        }
        let idp = IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
        let mut payload = github_claims();
        payload["sub"] = json!("x");
        IdentityToken::validate(&provider.es256(&payload), provider.jwks(), &idp, now())
    };
    // Beside these there are seven extensions: the issuer, the subject, the identity and four of X.509.
    let authority = authority();
    let issue = |token: &IdentityToken| {
        let request = EphemeralKey::generate(&mut rng()).certificate_request(token.claims()).unwrap();
        authority.issue(&request, token, NAMESPACE, now(), &mut rng())
    };
    let chain = issue(&validated(57).unwrap()).unwrap();
    let claims = Claims::of_certificate(chain.first()).unwrap();
    assert_eq!(claims.get(&"1.3.6.1.4.1.55555.56".parse().unwrap()), Some("x"));
    assert_eq!(issue(&validated(58).unwrap()).unwrap_err().code(), "too_many_claims");
    assert_eq!(validated(62).unwrap_err().code(), "too_many_claims");
}
