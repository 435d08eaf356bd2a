//! Every limit, at and just past its value.

mod common;

use common::certificates::*;
use countermark::limits::*;
use countermark::{
    Claim, Code, EndorLabs, Entry, EntryRef, Log, Match, Policy, SignerPolicy, TrustAnchors, Verifier,
    entries_from_json, read_entries,
};
use serde_json::json;

fn entry(namespace: &str, name: &str, signature: Vec<u8>, certificates: Vec<Vec<u8>>) -> Result<Entry, Code> {
    Entry::new(namespace, name, signature, certificates, at(0), false).map_err(|malformed| malformed.code())
}

const TOO_MUCH: Result<(), Code> = Err(Code::MalformedEntry);

#[test]
fn of_an_entry() {
    let der = || vec![vec![1]];
    let long = |length| "x".repeat(length);
    assert_eq!(entry(&long(MAX_RECORDED_NAME_BYTES), "", vec![], der()).map(drop), Ok(()));
    assert_eq!(entry(&long(MAX_RECORDED_NAME_BYTES + 1), "", vec![], der()).map(drop), TOO_MUCH);
    assert_eq!(entry("", &long(MAX_RECORDED_NAME_BYTES), vec![], der()).map(drop), Ok(()));
    assert_eq!(entry("", &long(MAX_RECORDED_NAME_BYTES + 1), vec![], der()).map(drop), TOO_MUCH);
    assert_eq!(entry("", "", vec![0; MAX_SIGNATURE_BYTES], der()).map(drop), Ok(()));
    assert_eq!(entry("", "", vec![0; MAX_SIGNATURE_BYTES + 1], der()).map(drop), TOO_MUCH);
    assert_eq!(entry("", "", vec![], vec![]).map(drop), TOO_MUCH);
    assert_eq!(entry("", "", vec![], vec![vec![1]; MAX_CERTIFICATES]).map(drop), Ok(()));
    assert_eq!(entry("", "", vec![], vec![vec![1]; MAX_CERTIFICATES + 1]).map(drop), TOO_MUCH);
    // 48 bytes of DER make a line of 65; the boundaries of a block take 55.
    let largest = (MAX_CERTIFICATE_BYTES - 55) / 65 * 48;
    let chain = entry("", "", vec![], vec![vec![1; largest]]).unwrap();
    let json = serde_json::to_string(&chain).unwrap();
    assert_eq!(Entry::from_json(json).unwrap(), chain, "what was written can be read");
    assert_eq!(entry("", "", vec![], vec![vec![1; largest + 48]]).map(drop), TOO_MUCH);
    assert_eq!(entry("", "", vec![], vec![vec![1; largest], vec![1]]).map(drop), TOO_MUCH);
    let borrowed = |count| {
        let certificates = vec![&[1_u8][..]; count];
        EntryRef::new("", "", &[], &certificates[..], at(0), false)
            .map(drop)
            .map_err(|malformed| malformed.code())
    };
    assert_eq!(borrowed(MAX_CERTIFICATES), Ok(()));
    assert_eq!(borrowed(MAX_CERTIFICATES + 1), TOO_MUCH);
}

#[test]
fn of_evidence() {
    let with = |count: usize| {
        let evidence = serde_json::from_value(json!(vec![json!({"kind": "x"}); count])).unwrap();
        let entry = entry("", "", vec![], vec![vec![1]]).unwrap();
        entry
            .with_evidence(evidence)
            .map(|entry| entry.evidence().len())
            .map_err(|malformed| malformed.code())
    };
    assert_eq!(with(MAX_EVIDENCE), Ok(MAX_EVIDENCE));
    assert_eq!(with(MAX_EVIDENCE + 1), Err(Code::MalformedEntry));
}

#[test]
fn of_a_provenance() {
    let with = |claims: Vec<(String, String)>| {
        let entry = entry("", "", vec![], vec![vec![1]]).unwrap();
        entry.with_provenance(claims).map(drop).map_err(|malformed| malformed.code())
    };
    let claims = |count: usize| (0..count).map(|index| (index.to_string(), String::new())).collect();
    assert_eq!(with(claims(MAX_CLAIMS)), Ok(()));
    assert_eq!(with(claims(MAX_CLAIMS + 1)), TOO_MUCH);
    let one = |name: usize, text: usize| vec![("x".repeat(name), "x".repeat(text))];
    assert_eq!(with(one(MAX_CLAIM_NAME_BYTES, MAX_CLAIM_VALUE_BYTES)), Ok(()));
    assert_eq!(with(one(MAX_CLAIM_NAME_BYTES + 1, 0)), TOO_MUCH);
    assert_eq!(with(one(0, MAX_CLAIM_VALUE_BYTES + 1)), TOO_MUCH);
    assert_eq!(with(vec![("a".into(), "1".into()), ("a".into(), "1".into())]), TOO_MUCH);
}

#[test]
fn of_pem() {
    let block = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
    assert!(Entry::certificates_from_pem(&block.repeat(MAX_CERTIFICATES)).is_ok());
    assert!(Entry::certificates_from_pem(&block.repeat(MAX_CERTIFICATES + 1)).is_err());
    let padded = |length: usize| format!("{block}{}", " ".repeat(length - block.len()));
    assert!(Entry::certificates_from_pem(&padded(MAX_CERTIFICATE_BYTES)).is_ok());
    assert!(Entry::certificates_from_pem(&padded(MAX_CERTIFICATE_BYTES + 1)).is_err());
}

#[test]
fn of_trust_anchors_and_intermediates() {
    let root = scene().root.sign(&Key::p256(1));
    assert_eq!(TrustAnchors::from_der(vec![&root; MAX_AUTHORITIES]).unwrap().len(), MAX_AUTHORITIES);
    let refused = TrustAnchors::from_der(vec![&root; MAX_AUTHORITIES + 1]).unwrap_err();
    assert_eq!(refused.code(), Code::MalformedTrustAnchor);
    let json = serde_json::to_value(entry("", "", vec![], vec![root]).unwrap()).unwrap();
    let pem = json["certificate"].as_str().unwrap();
    let padded = format!("{pem}{}", " ".repeat(MAX_AUTHORITIES_PEM_BYTES - pem.len()));
    assert!(TrustAnchors::from_pem(&padded).is_ok());
    assert!(TrustAnchors::from_pem(&format!("{padded} ")).is_err());
    let builder = || Verifier::builder(scene().anchors());
    assert!(builder().intermediates_from_pem(&pem.repeat(MAX_AUTHORITIES)).is_ok());
    assert!(builder().intermediates_from_pem(&pem.repeat(MAX_AUTHORITIES + 1)).is_err());
    let twice = builder().intermediates_from_pem(&pem.repeat(MAX_AUTHORITIES)).unwrap();
    assert_eq!(twice.intermediates_from_pem(pem).unwrap_err().code(), Code::MalformedTrustAnchor);
}

#[test]
fn of_json() {
    let json = serde_json::to_string(&scene().entry()).unwrap();
    let padded = format!("{json}{}", " ".repeat(MAX_RECORD_JSON_BYTES - json.len()));
    assert!(Entry::from_json(&padded).is_ok());
    assert_eq!(Entry::from_json(format!("{padded} ")).unwrap_err().code(), Code::MalformedEntry);
    // In a log the padding is between the records.
    assert_eq!(entries_from_json(format!("[{padded} ,{padded} ]")).unwrap().len(), 2);

    let with_evidence = |evidence: serde_json::Value| {
        let mut value = serde_json::to_value(scene().entry()).unwrap();
        value["evidence"] = evidence;
        Entry::from_json(value.to_string())
    };
    assert!(with_evidence(json!(vec![json!({"kind": "x"}); MAX_EVIDENCE])).is_ok());
    assert!(with_evidence(json!(vec![json!({"kind": "x"}); MAX_EVIDENCE + 1])).is_err());

    // The entry, `evidence` and its item are the first three levels.
    let nested = |depth: usize| {
        let json = format!("{}{}{}", "[".repeat(depth), "1", "]".repeat(depth));
        json_with(&format!("\"evidence\": [{{\"kind\": \"x\", \"deep\": {json}}}]"))
    };
    assert!(Entry::from_json(nested(MAX_JSON_DEPTH - 3)).is_ok());
    assert!(Entry::from_json(nested(MAX_JSON_DEPTH - 2)).is_err());
    assert!(Entry::from_json(nested(200_000)).is_err());
    assert!(Policy::from_json(format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000))).is_err());
    assert!(entries_from_json("[".repeat(200_000)).is_err());
    assert!(EndorLabs::new().entries_from_json("[".repeat(200_000)).is_err());
}

fn json_with(raw: &str) -> String {
    let json = serde_json::to_string(&scene().entry()).unwrap();
    format!("{{{raw}, {}", json.strip_prefix('{').unwrap())
}

/// As small as a record can be.
const SMALLEST: &str = r#"{"namespace":"","artifact_name":"","signature":"","certificate":"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----","timestamp":"2024-01-01T00:00:00Z","revoked":true}"#;

fn log_of(records: &[&str], as_array: bool) -> String {
    if as_array { format!("[{}]", records.join(",")) } else { records.join("\n") }
}

#[test]
fn of_the_number_of_records() {
    let count_of = |count: usize| {
        let mut last = None;
        let count = read_entries(log_of(&vec![SMALLEST; count], false).as_bytes())
            .inspect(|result| last = result.as_ref().err().map(ToString::to_string))
            .count();
        (count, last.is_some_and(|last| last.contains("more than 1000000 records")))
    };
    assert_eq!(count_of(MAX_RECORDS), (MAX_RECORDS, false));
    assert_eq!(count_of(MAX_RECORDS + 2), (MAX_RECORDS + 1, true));
}

#[test]
fn of_the_number_of_faults() {
    for as_array in [false, true] {
        let read = |count: usize| {
            // The good records do not count, and the last of all is good.
            let records: Vec<&str> = vec![["{}", SMALLEST]; count].into_iter().flatten().collect();
            read_entries(log_of(&records, as_array).as_bytes()).collect::<Vec<_>>()
        };
        let all = read(MAX_RECORD_FAULTS);
        assert_eq!(all.iter().filter(|result| result.is_err()).count(), MAX_RECORD_FAULTS);
        assert_eq!(all.len(), 2 * MAX_RECORD_FAULTS);

        // What comes after the last fault is not read, and that is said where a caller sees a fault.
        let stopped = read(MAX_RECORD_FAULTS + 1);
        assert_eq!(stopped.len(), 2 * MAX_RECORD_FAULTS + 1);
        let last = stopped.last().unwrap().as_ref().unwrap_err().to_string();
        assert!(last.contains("record 2000: reading stopped here"), "{last}");
        assert!(entries_from_json(log_of(&vec!["{}"; MAX_RECORD_FAULTS + 1], as_array)).is_err());
    }
    let read = |count: usize| {
        let response = format!("{{\"list\":{{\"objects\":{}}}}}", log_of(&vec!["{}"; count], true));
        EndorLabs::new().read_entries(response.as_bytes()).unwrap()
    };
    assert_eq!(read(MAX_RECORD_FAULTS).len(), MAX_RECORD_FAULTS);
    let stopped = read(MAX_RECORD_FAULTS + 5);
    assert_eq!(stopped.len(), MAX_RECORD_FAULTS + 1);
    assert!(stopped.last().unwrap().as_ref().unwrap_err().to_string().contains("reading stopped here"));
}

#[test]
fn of_a_policy() {
    let long = |length| "x".repeat(length);
    assert!(Policy::new(long(MAX_NAMESPACE_BYTES), "i").is_ok());
    assert!(Policy::new(long(MAX_NAMESPACE_BYTES + 1), "i").is_err());
    assert!(SignerPolicy::new(long(MAX_CLAIM_VALUE_BYTES)).is_ok());
    assert!(SignerPolicy::new(long(MAX_CLAIM_VALUE_BYTES + 1)).is_err());
    let require = |wanted: Match| policy().require(Claim::BuildTrigger, wanted).map(drop).is_ok();
    assert!(require(Match::from(long(MAX_CLAIM_VALUE_BYTES))));
    assert!(!require(Match::from(long(MAX_CLAIM_VALUE_BYTES + 1))));
    assert!(require(Match::glob(long(MAX_CLAIM_VALUE_BYTES)).unwrap()));
    assert!(!require(Match::glob(long(MAX_CLAIM_VALUE_BYTES + 1)).unwrap()));
    assert!(require(Match::any_of([long(MAX_CLAIM_VALUE_BYTES)]).unwrap()));
    assert!(!require(Match::any_of([long(1), long(MAX_CLAIM_VALUE_BYTES + 1)]).unwrap()));
    let requiring = |count: usize| {
        (0..count).try_fold(policy(), |policy, index| {
            policy.require(format!("1.3.6.1.4.1.55555.{index}").parse()?, "x")
        })
    };
    assert!(requiring(MAX_CLAIMS).is_ok());
    assert_eq!(requiring(MAX_CLAIMS + 1).unwrap_err().code(), Code::MalformedPolicy);
    let name = |length: usize| {
        let name = format!("1.3.6.1.4.1.5.{}", "1.".repeat(length));
        name[..length].parse::<Claim>()
    };
    assert!(name(MAX_CLAIM_NAME_BYTES + 1).unwrap_err().to_string().contains("too long"));
    assert!(name(MAX_CLAIM_NAME_BYTES).unwrap_err().to_string().contains("unknown claim"));
}

#[test]
fn of_a_blocklist() {
    let digest = |index: usize| format!("\"sha256:{index:064x}\"");
    let with = |count: usize| {
        let items: Vec<String> = (0..count).map(digest).collect();
        Policy::from_json(format!(
            "{{\"namespace\": \"n\", \"certificate_oidc_issuer\": \"i\", \"blocklist\": [{}]}}",
            items.join(",")
        ))
    };
    assert_eq!(with(MAX_BLOCKLIST_ITEMS).unwrap().record().blocklist().count(), MAX_BLOCKLIST_ITEMS);
    let refused = with(MAX_BLOCKLIST_ITEMS + 1).unwrap_err();
    assert!(refused.to_string().contains("more than 1000000 items"), "{refused}");
    let padded = |length: usize| {
        let json = "{\"namespace\": \"n\", \"certificate_oidc_issuer\": \"i\"}";
        Policy::from_json(format!("{json}{}", " ".repeat(length - json.len())))
    };
    assert!(padded(MAX_POLICY_JSON_BYTES).is_ok());
    assert!(padded(MAX_POLICY_JSON_BYTES + 1).is_err());
}

#[test]
fn of_a_certificate() {
    let with_extensions = |count: usize| {
        let mut scene = scene();
        let missing = count - scene.leaf.extensions.len();
        for index in 0..missing {
            scene.leaf = scene.leaf.with(extension(&format!("1.2.3.{index}"), false, vec![]));
        }
        scene.code()
    };
    assert_eq!(with_extensions(MAX_EXTENSIONS), "verified");
    assert_eq!(with_extensions(MAX_EXTENSIONS + 1), "bad_certificate");

    // Names and constraints are limited for authorities, and their product as well.
    let email = |index: usize| general_name(1, format!("a@h{index}.com").as_bytes());
    let code_of = |names: usize, constraints: usize| {
        let scene = scene();
        let (upper, lower) = (Key::p256(3), Key::p256(4));
        let names: Vec<_> = (0..names).map(email).collect();
        let excluded: Vec<_> =
            (0..constraints).map(|index| general_name(1, format!("x{index}.org").as_bytes())).collect();
        let upper_ca = Certificate::authority("upper", &upper, "root").with(name_constraints(&[], &excluded));
        let lower_ca = Certificate::authority("lower", &lower, "upper").with(subject_names(&names));
        let authorities = [upper_ca.sign(&scene.root_key), lower_ca.sign(&upper)];
        scene.issued_by("lower", &lower).bringing(authorities).code()
    };
    assert_eq!(code_of(MAX_SUBJECT_NAMES, 4), "verified");
    assert_eq!(code_of(MAX_SUBJECT_NAMES + 1, 4), "bad_certificate");
    assert_eq!(code_of(1, MAX_NAME_CONSTRAINTS), "verified");
    assert_eq!(code_of(1, MAX_NAME_CONSTRAINTS + 1), "bad_certificate");
    assert_eq!(code_of(10, 1_000), "verified");
    assert_eq!(code_of(200, 1_000), "path_too_complex");

    let with_attributes = |count: usize| {
        let attribute = |index: usize| tlv(0x31, &sequence(&[oid("2.5.4.11"), utf8(&index.to_string())]));
        let mut scene = scene();
        scene.leaf.subject = sequence(&(0..count).map(attribute).collect::<Vec<_>>());
        scene.code()
    };
    assert_eq!(with_attributes(MAX_NAME_ATTRIBUTES), "verified");
    assert_eq!(with_attributes(MAX_NAME_ATTRIBUTES + 1), "bad_certificate");
}

#[test]
fn of_work_with_name_constraints() {
    // One name and one constraint, so that the work is the sum of their lengths and the leaf's empty subject.
    let code_of = |bytes: usize| {
        let uri = format!("https://github.com/{}", "x".repeat(bytes));
        let constraint = general_name(6, b"github.com");
        let repeated = vec![constraint; 100];
        let key = Key::p256(3);
        let mut scene = scene();
        scene.leaf = scene.leaf.with(subject_names(&[general_name(6, uri.as_bytes())]));
        let ca = Certificate::authority("ca", &key, "root")
            .with(name_constraints(&repeated, &[]))
            .sign(&scene.root_key);
        scene.issued_by("ca", &key).bringing([ca]).code()
    };
    // (name + empty subject) × constraints + constraints × their length × (name and subject).
    let fixed = ("https://github.com/".len() + 2) * 100 + 100 * "github.com".len() * 2;
    let at_most = (MAX_NAME_CONSTRAINT_BYTES - fixed) / 100;
    assert_eq!(code_of(at_most), "verified");
    assert_eq!(code_of(at_most + 1), "path_too_complex");
}

#[test]
fn a_log_of_a_million_entries() {
    let scene = scene();
    let (template, verifier, policy) = (scene.entry(), scene.verifier(), policy());
    let mut log = Log::new(NAMESPACE);
    for index in 0..1_000_000 {
        let name = format!("registry/image@sha256:{index:064x}");
        let entry = Entry::new(NAMESPACE, name, [], vec![vec![0x30]], template.timestamp(), false).unwrap();
        log.append(entry).unwrap();
    }
    log.append(template).unwrap();
    assert_eq!(log.len(), 1_000_001);
    let name = NAME.parse().unwrap();
    let verified = verifier.verify(&name, log.find(&name), &policy).unwrap();
    assert_eq!(verified.entry_index(), Some(0), "counted among those that were found");

    // A look-up does not walk the log: ten thousand take less time than a few walks would.
    let start = std::time::Instant::now();
    let found: usize =
        (0..10_000).map(|index| log.find(format!("registry/image@sha256:{index:064x}")).count()).sum();
    assert_eq!(found, 10_000);
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert_eq!(log.find("registry/image").count(), 0);
}
