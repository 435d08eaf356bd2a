//! Real certificates, messages and signatures of the public-good Sigstore instance.

mod common;

use base64ct::{Base64, Encoding};
use countermark::{
    Claim, Claims, Code, Entry, Message, MessageSignature, SignerPolicy, Timestamp, TrustAnchors, Verifier,
};
use serde_json::Value;
use std::collections::BTreeMap;

const ARC: &str = "1.3.6.1.4.1.57264.1";

struct Case {
    id: String,
    certificates: Vec<Vec<u8>>,
    timestamp: Timestamp,
    message: Vec<u8>,
    signature: Vec<u8>,
    identity: String,
    /// By the dotted OID of the extension.
    claims: BTreeMap<String, String>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_string()
}

impl Case {
    fn read(case: &Value) -> Self {
        let chain = text(&case["certificate"]) + "\n" + case["intermediates"].as_str().unwrap_or_default();
        let identity = match &case["identity"] {
            Value::Array(names) => {
                assert_eq!(names.len(), 1);
                text(&names[0])
            }
            name => text(name),
        };
        Self {
            id: text(&case["id"]),
            certificates: Entry::certificates_from_pem(&chain).unwrap(),
            timestamp: text(&case["timestamp"]).parse().unwrap(),
            message: Base64::decode_vec(&text(&case["message"])).unwrap(),
            signature: Base64::decode_vec(&text(&case["signature"])).unwrap(),
            identity,
            claims: serde_json::from_value(case["claims"].clone()).unwrap(),
        }
    }

    fn issuer(&self) -> &str {
        self.claims.get(&format!("{ARC}.8")).unwrap_or_else(|| &self.claims[&format!("{ARC}.1")])
    }

    fn signature(&self, timestamp: Timestamp) -> MessageSignature<'_> {
        MessageSignature::new(&self.signature, self.certificates.as_slice(), timestamp).unwrap()
    }
}

fn run(file: &Value) -> usize {
    let anchors = text(&file["trust_anchors"]);
    let max_lifetime = u32::try_from(file["max_certificate_lifetime_seconds"].as_u64().unwrap()).unwrap();
    let verifier = Verifier::new(TrustAnchors::from_pem(&anchors).unwrap());
    let other_root = text(
        &serde_json::from_str::<Value>(&common::read("vectors/accept-minimal.json")).unwrap()["trust_anchors"],
    );
    let other_verifier = Verifier::new(TrustAnchors::from_pem(&other_root).unwrap());
    let cases: Vec<Case> = file["cases"].as_array().unwrap().iter().map(Case::read).collect();
    for case in &cases {
        let id = &case.id;
        let message = Message::new(&case.message).unwrap();
        let signature = case.signature(case.timestamp);
        let mut signer = SignerPolicy::new(case.issuer()).unwrap();
        signer = signer.with_max_certificate_lifetime_seconds(max_lifetime).unwrap();
        signer = signer.require(Claim::CertificateIdentity, case.identity.as_str()).unwrap();
        for (oid, value) in &case.claims {
            if let Some(claim) = claim_of(oid) {
                signer = signer.require(claim, value.as_str()).unwrap();
            }
        }

        // Everything at once, and every claim reads exactly as listed.
        let policy = signer.for_messages().unwrap();
        let verified = verifier
            .verify_message(&message, &signature, policy)
            .unwrap_or_else(|rejection| panic!("{id}: {rejection}"));
        check_claims(case, verified.claims());
        let digest = Message::from_sha256(sha256(&case.message));
        assert!(verifier.verify_message(&digest, &signature, policy).is_ok(), "{id}: by its digest");

        // Each change alone fails with its own code.
        let code = |verifier: &Verifier,
                    message: &Message,
                    signature: MessageSignature<'_>,
                    signer: &SignerPolicy| {
            let result = verifier.verify_message(message, &signature, signer.any_signer_of_issuer());
            result.map(drop).map_err(|rejection| rejection.code())
        };
        let mut changed = case.message.clone();
        match changed.first_mut() {
            Some(byte) => *byte ^= 1,
            None => changed.push(0),
        }
        let changed = Message::new(&changed).unwrap();
        assert_eq!(code(&verifier, &changed, signature, &signer), Err(Code::InvalidSignature), "{id}");
        let (not_before, not_after) = verified.validity().unwrap();
        let early = Timestamp::from_unix(not_before.unix_seconds() - 1, 999_999_999).unwrap();
        let late = Timestamp::from_unix(not_after.unix_seconds(), 1).unwrap();
        for outside in [early, late] {
            let at = case.signature(outside);
            assert_eq!(code(&verifier, &message, at, &signer), Err(Code::TimeMismatch), "{id}");
        }
        for inside in [not_before, not_after] {
            assert_eq!(code(&verifier, &message, case.signature(inside), &signer), Ok(()), "{id}");
        }
        assert_eq!(code(&other_verifier, &message, signature, &signer), Err(Code::UnknownCa), "{id}");
        let lifetime = u32::try_from(not_after.unix_seconds() - not_before.unix_seconds()).unwrap();
        let shorter = signer.clone().with_max_certificate_lifetime_seconds(lifetime - 1).unwrap();
        assert_eq!(code(&verifier, &message, signature, &shorter), Err(Code::LifetimeTooLong), "{id}");
        let mut another = SignerPolicy::new(case.issuer()).unwrap();
        another = another.with_max_certificate_lifetime_seconds(max_lifetime).unwrap();
        assert_eq!(code(&verifier, &message, signature, &another), Ok(()), "{id}");
        another = another.require(Claim::CertificateIdentity, format!("{}x", case.identity)).unwrap();
        assert_eq!(code(&verifier, &message, signature, &another), Err(Code::ClaimsMismatch), "{id}");
        let issuer = SignerPolicy::new("https://example.com").unwrap();
        let issuer = issuer.with_max_certificate_lifetime_seconds(max_lifetime).unwrap();
        assert_eq!(code(&verifier, &message, signature, &issuer), Err(Code::ClaimsMismatch), "{id}");
    }
    cases.len()
}

/// The claim that an extension holds; `None` for the two that hold the issuer.
fn claim_of(oid: &str) -> Option<Claim> {
    let number: u8 = oid.strip_prefix(ARC)?.strip_prefix('.')?.parse().unwrap();
    match number {
        1 | 8 => None,
        2 | 3 | 5 | 6 => Some(oid.parse().unwrap()),
        _ => Some(
            *Claim::NAMED
                .iter()
                .find(|claim| claim.extension_oid().is_some_and(|der| der.last() == Some(&number)))?,
        ),
    }
}

fn check_claims(case: &Case, claims: Claims<'_>) {
    let id = &case.id;
    assert_eq!(claims.get(&Claim::CertificateIdentity), Some(case.identity.as_str()), "{id}");
    assert_eq!(claims.get(&Claim::CertificateOidcIssuer), Some(case.issuer()), "{id}");
    let mut named = 0;
    for (oid, value) in &case.claims {
        let Some(claim) = claim_of(oid) else { continue };
        assert_eq!(claims.get(&claim), Some(value.as_str()), "{id}: {claim}");
        named += usize::from(claim.known_name().is_some());
    }
    assert_eq!(claims.iter().count(), named + 2, "{id}: no claim that is not listed");
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).into()
}

#[test]
fn every_real_case_verifies_and_fails_with_the_right_code_once_changed() {
    let file = serde_json::from_str(&common::read("sigstore/messages.json")).unwrap();
    assert_eq!(run(&file), 4);
}

#[test]
fn every_real_case_from_elsewhere() {
    if let Some(path) = common::elsewhere("COUNTERMARK_REAL", "real/public-good.json") {
        let file = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let count = run(&file);
        assert!(count > 0, "{} has no cases", path.display());
        println!("{count} cases of {}", path.display());
    }
}
