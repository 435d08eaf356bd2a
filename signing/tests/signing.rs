//! What is signed here verifies with the core, and no change of it does.

mod common;

use common::*;
use countermark::{Claim, Claims, Code, Entry, TrustAnchors, Verifier};
use countermark_signing::{
    Authority, AuthorityKey, AuthorityProfile, CertificateChain, EphemeralKey, Issuer, sign,
};
use p384::elliptic_curve::Generate;
use serde_json::json;

const NAMESPACE_OID: &str = "1.3.6.1.4.1.55555.1";

/// What one pipeline signed.
fn signed(authority: &Authority) -> Entry {
    let provider = Provider::new();
    let token = provider.github_token(&github_claims());
    sign(authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap()
}

fn code(authority: &Authority, entry: &Entry) -> Code {
    match verifier(authority).verify(&artifact_name(), [entry], &policy()) {
        Ok(_) => Code::Verified,
        Err(rejection) => rejection.code(),
    }
}

/// The entry with one part changed.
fn with(
    entry: &Entry,
    change: impl FnOnce(&mut String, &mut Vec<u8>, &mut Vec<Vec<u8>>, &mut countermark::Timestamp),
) -> Entry {
    let (mut name, mut signature) = (entry.artifact_name().to_owned(), entry.signature().to_vec());
    let (mut certificates, mut timestamp) = (entry.certificates().to_vec(), entry.timestamp());
    change(&mut name, &mut signature, &mut certificates, &mut timestamp);
    Entry::new(entry.namespace(), name, signature, certificates, timestamp, false)
        .unwrap()
        .with_provenance(entry.provenance().iter())
        .unwrap()
}

#[test]
fn what_is_signed_verifies_with_all_of_its_claims() {
    let authority = authority();
    let entry = signed(&authority);
    let verifier = verifier(&authority);
    let mut policy = policy();
    for (name, text) in entry.provenance().iter() {
        let claim: Claim = name.parse().unwrap();
        if claim != Claim::CertificateOidcIssuer {
            policy = policy.require(claim, text).unwrap();
        }
    }
    let verified = verifier.at(now()).verify(&artifact_name(), [&entry], &policy).unwrap();
    let expected = [
        (
            "certificate_identity",
            "https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main",
        ),
        ("certificate_oidc_issuer", GITHUB),
        ("build_config_name", "Release"),
        (
            "build_signer_uri",
            "https://github.com/endorlabs/workflows/.github/workflows/sign.yml@refs/heads/main",
        ),
        ("build_signer_digest", "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
        ("runner_environment", "github-hosted"),
        ("source_repository", "endorlabs/monorepo"),
        ("source_repository_digest", "6f2c1d0b8a9e7f3c5d4b2a1908f7e6d5c4b3a291"),
        ("source_repository_ref", "refs/tags/v1.6.217"),
        ("source_repository_identifier", "464364432"),
        ("source_repository_owner", "endorlabs"),
        ("source_repository_owner_identifier", "92199924"),
        (
            "build_config_uri",
            "https://github.com/endorlabs/monorepo/.github/workflows/release.yml@refs/tags/v1.6.217",
        ),
        ("build_config_digest", "6f2c1d0b8a9e7f3c5d4b2a1908f7e6d5c4b3a291"),
        ("build_trigger", "push"),
        ("run_invocation_uri", "https://github.com/endorlabs/monorepo/actions/runs/8390262371/attempts/1"),
        ("source_repository_visibility", "private"),
        ("deployment_environment", "production"),
        ("token_subject", "repo:endorlabs/monorepo:ref:refs/tags/v1.6.217"),
    ];
    let found: Vec<(String, &str)> =
        verified.claims().iter().map(|(claim, text)| (claim.to_string(), text)).collect();
    assert_eq!(found, expected.map(|(claim, text)| (claim.to_owned(), text)));
    assert_eq!(entry.provenance().len(), expected.len());
    assert_eq!(entry.timestamp(), now());
    assert!(!entry.revoked());
}

#[test]
fn another_name_fails() {
    let authority = authority();
    let entry = signed(&authority);
    let other = artifact_name().as_str().replace("cec8", "cec9");
    let renamed = with(&entry, |name, _, _, _| *name = other.clone());
    let refused = verifier(&authority).verify(&other.parse().unwrap(), [&renamed], &policy()).unwrap_err();
    assert_eq!(refused.code(), Code::InvalidSignature);
    assert_eq!(code(&authority, &renamed), Code::NoSignature);
}

#[test]
fn another_time_fails() {
    let authority = authority();
    let entry = signed(&authority);
    for (instant, expected) in [
        ("2024-03-22T11:25:48Z", Code::Verified),
        ("2024-03-22T11:25:47.999999999Z", Code::TimeMismatch),
        ("2024-03-22T11:30:48Z", Code::Verified),
        ("2024-03-22T11:30:48.000000001Z", Code::TimeMismatch),
    ] {
        let shifted = with(&entry, |_, _, _, timestamp| *timestamp = instant.parse().unwrap());
        assert_eq!(code(&authority, &shifted), expected, "{instant}");
    }
    let verifier = verifier(&authority);
    let earlier = "2024-03-22T11:25:48.983761493Z".parse().unwrap();
    let refused = verifier.at(earlier).verify(&artifact_name(), [&entry], &policy()).unwrap_err();
    assert_eq!(refused.code(), Code::TimeMismatch);
}

#[test]
fn a_log_whose_clock_is_behind_needs_the_authoritys_leeway() {
    let key = p256_key();
    let stamped = |leeway: u32, instant: &str| {
        let root = root("CN=Test root,O=Example", &authority_key(&key));
        let issuer = Issuer::new(root).unwrap().with_leeway_seconds(leeway).unwrap();
        let authority = Authority::new(issuer, authority_key(&key)).unwrap();
        let entry = signed(&authority);
        assert_eq!(code(&authority, &entry), Code::Verified);
        let entry = with(&entry, |_, _, _, timestamp| *timestamp = instant.parse().unwrap());
        // With the policy's default for the longest lifetime.
        code(&authority, &entry)
    };
    let one_second_before_the_authority = "2024-03-22T11:25:47.983761494Z";
    assert_eq!(stamped(0, one_second_before_the_authority), Code::TimeMismatch);
    assert_eq!(stamped(1, one_second_before_the_authority), Code::Verified);
    assert_eq!(stamped(1, "2024-03-22T11:25:46.999999999Z"), Code::TimeMismatch);
    // What is gained at the beginning is lost at the end.
    assert_eq!(stamped(1, "2024-03-22T11:30:47Z"), Code::Verified);
    assert_eq!(stamped(1, "2024-03-22T11:30:48Z"), Code::TimeMismatch);
    assert_eq!(stamped(299, "2024-03-22T11:20:49Z"), Code::Verified);
    assert_eq!(stamped(299, "2024-03-22T11:25:49.000000001Z"), Code::TimeMismatch);
}

#[test]
fn another_claim_fails() {
    let authority = authority();
    let entry = signed(&authority);
    let verifier = verifier(&authority);
    for (name, text) in entry.provenance().iter() {
        let claim: Claim = name.parse().unwrap();
        let other = format!("{text}x");
        if claim == Claim::CertificateOidcIssuer {
            let policy = countermark::Policy::new(NAMESPACE, other.as_str()).unwrap();
            let refused = verifier.verify(&artifact_name(), [&entry], &policy).unwrap_err();
            assert_eq!(refused.code(), Code::NoSignature, "{name}");
        } else {
            let policy = policy().require(claim, other.as_str()).unwrap();
            let refused = verifier.verify(&artifact_name(), [&entry], &policy).unwrap_err();
            assert_eq!(refused.code(), Code::ClaimsMismatch, "{name}");
        }
        let recorded = Entry::new(
            NAMESPACE,
            entry.artifact_name(),
            entry.signature(),
            entry.certificates().to_vec(),
            now(),
            false,
        )
        .unwrap()
        .with_provenance([(name, other.as_str())])
        .unwrap();
        assert_eq!(code(&authority, &recorded), Code::ProvenanceMismatch, "{name}");
    }
}

#[test]
fn another_key_fails() {
    let authority = authority();
    let entry = signed(&authority);
    let signature = EphemeralKey::generate(&mut rng()).sign(&artifact_name()).unwrap();
    let resigned = with(&entry, |_, old, _, _| *old = signature);
    assert_eq!(code(&authority, &resigned), Code::InvalidSignature);
    let cut = with(&entry, |_, signature, _, _| {
        signature.pop();
    });
    assert_eq!(code(&authority, &cut), Code::CorruptedSignature);
    let recertified =
        with(&entry, |_, _, certificates, _| *certificates = signed(&authority).certificates().to_vec());
    assert_eq!(code(&authority, &recertified), Code::InvalidSignature);
}

#[test]
fn another_authority_fails() {
    let (ours, theirs) = (authority(), authority());
    let entry = signed(&theirs);
    assert_eq!(code(&theirs, &entry), Code::Verified);
    // The two authorities have one name, and the signatures tell them apart.
    assert_eq!(code(&ours, &entry), Code::UnknownCa);
}

#[test]
fn every_changed_byte_of_the_leaf_fails() {
    let authority = authority();
    let entry = signed(&authority);
    let verifier = verifier(&authority);
    let length = entry.certificates()[0].len();
    for position in (0..length).step_by(7) {
        let changed = with(&entry, |_, _, certificates, _| certificates[0][position] ^= 0x01);
        assert!(verifier.verify(&artifact_name(), [&changed], &policy()).is_err(), "byte {position}");
    }
}

#[test]
fn a_revoked_signature_fails() {
    let authority = authority();
    let mut log = countermark::Log::new(NAMESPACE);
    log.append(signed(&authority)).unwrap();
    let verifier = verifier(&authority);
    assert!(verifier.verify(&artifact_name(), log.find(artifact_name()), &policy()).is_ok());
    assert_eq!(log.revoke_signature(artifact_name(), "refs/tags/v1.6.217"), Ok(1));
    let refused = verifier.verify(&artifact_name(), log.find(artifact_name()), &policy()).unwrap_err();
    assert_eq!(refused.code(), Code::RevokedSignature);
}

#[test]
fn an_entry_survives_its_json() {
    let authority = authority();
    let entry = signed(&authority);
    let json = serde_json::to_string(&entry).unwrap();
    assert_eq!(Entry::from_json(json).unwrap(), entry);
}

#[test]
fn the_namespace_is_certified_when_the_authority_is_told_to() {
    let claim: Claim = NAMESPACE_OID.parse().unwrap();
    let key = authority_key(&p256_key());
    let issuer = Issuer::new(root("CN=Test root", &key)).unwrap().with_namespace_claim(claim).unwrap();
    let authority = Authority::new(issuer, key).unwrap();
    let entry = signed(&authority);
    let verifier = verifier(&authority);
    let ours = policy().require(claim, NAMESPACE).unwrap();
    assert!(verifier.verify(&artifact_name(), [&entry], &ours).is_ok());

    // Another tenant puts it into its own log.
    let moved = Entry::new(
        "other-ns",
        entry.artifact_name(),
        entry.signature(),
        entry.certificates().to_vec(),
        now(),
        false,
    )
    .unwrap();
    let theirs = countermark::Policy::new("other-ns", GITHUB).unwrap();
    assert!(verifier.verify(&artifact_name(), [&moved], &theirs).is_ok());
    let theirs = theirs.require(claim, "other-ns").unwrap();
    let refused = verifier.verify(&artifact_name(), [&moved], &theirs).unwrap_err();
    assert_eq!(refused.code(), Code::ClaimsMismatch);
}

#[test]
fn an_authority_on_p384_and_one_below_another_sign_as_well() {
    let key = p384::ecdsa::SigningKey::generate_from_rng(&mut rng());
    let root_key = AuthorityKey::p384(*key.verifying_key(), key);
    let root = AuthorityProfile::new("CN=Root,O=Example", decade())
        .unwrap()
        .with_path_length(1)
        .self_signed(&root_key, &mut rng())
        .unwrap();
    let upper = Authority::new(Issuer::new(root.clone()).unwrap(), root_key).unwrap();
    assert_eq!(code(&upper, &signed(&upper)), Code::Verified);

    let key = authority_key(&p256_key());
    let profile = AuthorityProfile::new("CN=Intermediate,O=Example", decade()).unwrap().with_path_length(0);
    let request = profile.request(&key).unwrap();
    let chain = upper.issue_intermediate(&request, &profile, &mut rng()).unwrap();
    assert_eq!(chain.certificates().len(), 2);
    let lower = Authority::new(Issuer::new(chain).unwrap(), key).unwrap();
    let entry = signed(&lower);
    assert_eq!(entry.certificates().len(), 3);
    assert_eq!(code(&lower, &entry), Code::Verified);

    // The root is enough to trust, and the intermediate cannot be left away.
    let alone = with(&entry, |_, _, certificates, _| certificates.truncate(1));
    assert_eq!(code(&lower, &alone), Code::UnknownCa);
    assert_eq!(lower.issuer().chain().certificates().last(), Some(&root.certificates()[0]));
}

#[test]
fn an_identity_of_each_kind_is_read_back() {
    let provider = Provider::new();
    let key = authority_key(&p256_key());
    let authority = Authority::new(Issuer::new(root("CN=Test root", &key)).unwrap(), key).unwrap();
    for identity in ["https://ci.example/pipelines/7", "signer@example.com", "build \u{2713} 7"] {
        let mapping = countermark_signing::ClaimMapping::new("{who}").unwrap();
        let idp = countermark_signing::IdentityProvider::new(GITHUB, AUDIENCE, mapping).unwrap();
        let mut payload = github_claims();
        payload["who"] = json!(identity);
        let token = countermark_signing::IdentityToken::validate(
            &provider.es256(&payload),
            provider.jwks(),
            &idp,
            now(),
        )
        .unwrap();
        let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap();
        let policy = policy().require(Claim::CertificateIdentity, identity).unwrap();
        assert!(verifier(&authority).verify(&artifact_name(), [&entry], &policy).is_ok(), "{identity}");
    }
}

#[test]
fn serial_numbers_are_positive_and_differ() {
    use der::Decode;
    let authority = authority();
    let serial = || {
        let certificate = x509_cert::Certificate::from_der(&signed(&authority).certificates()[0]).unwrap();
        certificate.tbs_certificate().serial_number().as_bytes().to_vec()
    };
    let (one, two) = (serial(), serial());
    assert_ne!(one, two);
    for serial in [one, two] {
        assert!((17..=18).contains(&serial.len()), "{serial:02x?}");
        assert!(serial[0] < 0x80, "{serial:02x?}");
    }
}

#[test]
fn a_signature_made_elsewhere_is_put_in_and_checked() {
    let signing_key = p256_key();
    let issuer = Issuer::new(root("CN=Test root", &authority_key(&signing_key))).unwrap();
    let provider = Provider::new();
    let token = provider.github_token(&github_claims());
    let key = EphemeralKey::generate(&mut rng());
    let request = key.certificate_request(token.claims()).unwrap();
    let prepare = || issuer.prepare(&request, &token, NAMESPACE, now(), &mut rng()).unwrap();
    let sign = |key: &p256::ecdsa::SigningKey, bytes: &[u8]| {
        let signature: p256::ecdsa::DerSignature = signature::Signer::sign(key, bytes);
        signature.as_bytes().to_vec()
    };

    let pending = prepare();
    let signature = sign(&signing_key, pending.bytes_to_sign());
    let chain: CertificateChain = pending.finish(&signature).unwrap();
    let claims = Claims::of_certificate(chain.first()).unwrap();
    assert_eq!(claims.get(&Claim::SourceRepositoryRef), Some("refs/tags/v1.6.217"));
    let anchors = TrustAnchors::from_der(issuer.chain().certificates()).unwrap();
    let entry = Entry::new(
        NAMESPACE,
        artifact_name().as_str(),
        key.sign(&artifact_name()).unwrap(),
        chain.into_certificates(),
        now(),
        false,
    )
    .unwrap();
    assert!(Verifier::new(anchors).verify(&artifact_name(), [&entry], &policy()).is_ok());

    let pending = prepare();
    let signature_of_others = sign(&p256_key(), pending.bytes_to_sign());
    assert_eq!(pending.finish(&signature_of_others).unwrap_err().code(), "invalid_authority_signature");
    // The serial number is fresh, so the signature of one certificate is not that of another.
    assert_eq!(prepare().finish(&signature).unwrap_err().code(), "invalid_authority_signature");
    assert_eq!(prepare().finish(b"").unwrap_err().code(), "invalid_authority_signature");
}
