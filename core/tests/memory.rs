//! What the readers cost in memory: whatever the input is made of, no more than a stated number of times its size, what
//! they return included (`limits`, "Memory").
//!
//! The allocator that counts takes the growth of a list for the old and the new one together, as the worst system does.

mod common;

use common::certificates::*;
use countermark::limits::*;
use countermark::{
    ArtifactName, EndorLabs, Entry, MalformedInput, OwnedVerified, Policy, Request, TrustAnchors, Verifier,
    VerifierBuilder, entries_from_json, read_entries,
};
#[cfg(feature = "sigstore")]
use countermark::{
    Bundle, SimpleSigning, TrustedRoot, bundles_from, bundles_from_json_lines, bundles_from_npm,
    bundles_from_pypi_provenance,
};
#[cfg(feature = "sigstore")]
use countermark::{BundlePolicy, KeyPolicy};
use peak_alloc::PeakAlloc;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// What a call takes whatever its input is.
const FLOOR: usize = 16 * 1_024;

/// What a fault takes in a list of them, its short text included.
const FAULT: usize = 300;

/// How large the inputs are.
const SIZE: usize = 30_000;

/// One test at a time: the allocator counts for all of them.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result, and how many bytes more than before were taken at some time while it was made.
fn measured<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let made = make();
    (made, ALLOCATOR.peak_usage() - before)
}

/// The most that a reader took, by what it read.
#[derive(Default)]
struct Worst(BTreeMap<&'static str, (f64, String)>);

impl Worst {
    fn measure<T>(&mut self, reader: &'static str, shape: &str, input: &[u8], read: impl FnOnce(&[u8]) -> T) {
        self.measure_beside(0, reader, shape, input, read);
    }

    /// The same beside some bytes for the faults that are returned as a list.
    fn measure_beside<T>(
        &mut self,
        faults: usize,
        reader: &'static str,
        shape: &str,
        input: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) {
        let (_made, bytes) = measured(|| read(input));
        let factor = bytes.saturating_sub(FLOOR + faults) as f64 / input.len() as f64;
        let worst = self.0.entry(reader).or_default();
        if factor > worst.0 {
            *worst = (factor, shape.to_owned());
        }
    }

    fn check(&self) {
        for (reader, (factor, shape)) in &self.0 {
            println!("{reader}: {factor:.2} times, for {shape}");
        }
        for (reader, (factor, shape)) in &self.0 {
            assert!(*factor <= MAX_MEMORY_FACTOR as f64, "{reader}: {factor} times, for {shape}");
        }
    }
}

fn joined(length: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for index in 0.. {
        text += &item(index);
        if text.len() >= length {
            break;
        }
        text.push(',');
    }
    text
}

/// A short name that no other number has, of characters that JSON writes plainly.
fn short_name(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        let character = char::from(b'#' + u8::try_from(number % 90).unwrap());
        name.push(if character == '\\' { '!' } else { character });
        number /= 90;
        if number == 0 {
            return name;
        }
    }
}

/// JSON values of some size, each with what it is.
fn values(size: usize) -> Vec<(&'static str, String)> {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deep_objects = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let chinese = |index: usize| char::from_u32(0x4E00 + u32::try_from(index % 20_000).unwrap()).unwrap();
    vec![
        ("[[[[…", "[".repeat(size)),
        ("{\"a\":{\"a\":…", "{\"a\":".repeat(size / 5)),
        ("[[[[…]]]]", deep(size / 2)),
        ("deep arrays", format!("[{}]", joined(size, |_| deep(100)))),
        ("deep objects", format!("[{}]", joined(size, |_| deep_objects(100)))),
        ("empty objects", format!("[{}]", joined(size, |_| "{}".into()))),
        ("empty arrays", format!("[{}]", joined(size, |_| "[]".into()))),
        ("empty texts", format!("[{}]", joined(size, |_| "\"\"".into()))),
        ("digits", format!("[{}]", joined(size, |index| (index % 10).to_string()))),
        ("numbers", format!("[{}]", joined(size, |index| format!("-{index}.5e-7")))),
        ("a long number", "7".repeat(size)),
        ("a long fraction", format!("0.{}", "7".repeat(size))),
        ("small objects", format!("[{}]", joined(size, |_| "{\"a\":0}".into()))),
        ("members", format!("{{{}}}", joined(size, |index| format!("\"{}\":0", short_name(index))))),
        (
            "members of texts",
            format!("{{{}}}", joined(size, |index| format!("\"{}\":\"\"", short_name(index)))),
        ),
        ("one member again and again", format!("{{{}}}", joined(size, |_| "\"\":0".into()))),
        (
            "Chinese members",
            format!("{{{}}}", joined(size.min(150_000), |index| format!("\"{}\":0", chinese(index)))),
        ),
        (
            "escaped members",
            format!("{{{}}}", joined(size, |index| format!("\"\\n{}\":0", short_name(index)))),
        ),
        ("a long text", format!("\"{}\"", "x".repeat(size))),
        ("a long text with line breaks", format!("\"{}\"", "\\n".repeat(size / 2))),
        ("a long text of escapes", format!("\"{}\"", "\\u00e9".repeat(size / 6))),
        ("a long text with one escape", format!("\"{0}\\n{0}\"", "x".repeat(size / 2))),
        ("a long text with an escape at its end", format!("\"{}\\n\"", "x".repeat(size))),
        ("a long text that is written longer", format!("\"{}\"", "\u{7f}".repeat(size))),
        ("a long name", format!("{{\"{}\":1}}", "x".repeat(size))),
        ("a long name that is written longer", format!("{{\"{}\":1}}", "\u{7f}".repeat(size))),
        ("a long name with an escape", format!("{{\"{}\\n\":1}}", "x".repeat(size))),
        ("white space", format!("[{}]", " ".repeat(size))),
    ]
}

const TINY_PEM: &str = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

/// The members of a record that is as small as can be.
fn smallest(certificates: usize) -> Vec<(&'static str, String)> {
    vec![
        ("namespace", "\"\"".into()),
        ("artifact_name", "\"\"".into()),
        ("signature", "\"\"".into()),
        ("certificate", json!(TINY_PEM.repeat(certificates).trim_end()).to_string()),
        ("timestamp", "\"2024-01-01T00:00:00Z\"".into()),
        ("revoked", "true".into()),
    ]
}

fn object<'m>(members: impl IntoIterator<Item = &'m (&'static str, String)>) -> String {
    let members: Vec<String> =
        members.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

/// The smallest record with a member added, or in place of its own.
fn record_with(member: &'static str, value: &str) -> String {
    let mut members = smallest(1);
    members.retain(|(name, _)| *name != member);
    members.push((member, value.to_owned()));
    object(&members)
}

fn tiny_claims() -> String {
    format!(
        "{{{}}}",
        (0..MAX_CLAIMS).map(|index| format!("\"{}\":\"\"", short_name(index))).collect::<Vec<_>>().join(",")
    )
}

fn tiny_evidence() -> String {
    format!("[{}]", vec!["{\"kind\":\"\"}"; MAX_EVIDENCE].join(","))
}

/// Records that weigh most for the length of their JSON.
fn dense_records() -> Vec<(&'static str, String)> {
    let mut all = smallest(MAX_CERTIFICATES);
    all.push(("provenance", tiny_claims()));
    all.push(("evidence", tiny_evidence()));
    vec![
        ("the smallest records", object(&smallest(1))),
        ("tiny certificates", object(&smallest(MAX_CERTIFICATES))),
        ("tiny claims", record_with("provenance", &tiny_claims())),
        ("one tiny claim", record_with("provenance", "{\"\":\"\"}")),
        ("tiny evidence", record_with("evidence", &tiny_evidence())),
        ("one tiny evidence", record_with("evidence", "[{\"kind\":\"\"}]")),
        (
            "evidence of a long kind",
            record_with("evidence", &json!([{"kind": "x".repeat(5_000)}]).to_string()),
        ),
        ("all that is tiny", object(&all)),
    ]
}

/// A record as large as can be, whose base64 has a line break in every line.
fn largest_record() -> String {
    let base64 = ["A".repeat(64), "\n".into()].concat().repeat(980);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{base64}-----END CERTIFICATE-----\n");
    assert!(Entry::certificates_from_pem(&pem).is_ok());
    record_with("certificate", &json!(pem).to_string())
}

/// JSON of records in every place of which something costly stands.
fn hostile_records(size: usize) -> Vec<(String, String)> {
    let mut records = vec![];
    for (shape, value) in values(size) {
        records.push((format!("{shape} as a record"), value.clone()));
        records.push((format!("{shape} as evidence"), record_with("evidence", &value)));
        records.push((
            format!("{shape} in evidence"),
            record_with("evidence", &format!("[{{\"kind\":\"x\",\"y\":{value}}}]")),
        ));
        records.push((
            format!("{shape} as the kind of evidence"),
            record_with("evidence", &format!("[{{\"kind\":{value}}}]")),
        ));
        for member in [
            "namespace",
            "signature",
            "certificate",
            "timestamp",
            "provenance",
            "revoked",
            "blocklisted",
            "unknown",
        ] {
            records.push((format!("{shape} as {member}"), record_with(member, &value)));
        }
        records.push((
            format!("{shape} in a provenance"),
            record_with("provenance", &format!("{{\"a\":{value}}}")),
        ));
    }
    records
}

#[test]
fn of_records() {
    let _alone = alone();
    let mut worst = Worst::default();
    let mut records = hostile_records(SIZE);
    records.extend(dense_records().into_iter().map(|(shape, record)| (shape.into(), record)));
    records.push(("a large certificate".into(), largest_record()));
    for (shape, record) in &records {
        worst.measure("Entry::from_json", shape, record.as_bytes(), |json| Entry::from_json(json));
        let log = format!("[{record}]");
        worst.measure("entries_from_json", shape, log.as_bytes(), |json| entries_from_json(json));
    }
    worst.check();
}

#[test]
fn of_logs_of_many_records() {
    let _alone = alone();
    let mut worst = Worst::default();
    for (shape, record) in dense_records() {
        let mut read = |count: usize| {
            let records = vec![record.as_str(); count];
            for log in [format!("[{}]", records.join(",")), records.join("\n")] {
                worst.measure("entries_from_json", shape, log.as_bytes(), |json| {
                    entries_from_json(json).unwrap()
                });
                worst.measure("read_entries", shape, log.as_bytes(), |json| {
                    assert_eq!(read_entries(json).flatten().count(), count);
                });
            }
        };
        // Just after a list has grown to twice its size, and just before.
        for count in [257, 256] {
            read(count);
        }
    }
    for (shape, value) in values(SIZE) {
        let log = format!("{value}\n").repeat(3);
        worst.measure("read_entries", shape, log.as_bytes(), |json| read_entries(json).count());
    }
    worst.check();
}

#[test]
fn of_the_api_of_endor_labs() {
    let _alone = alone();
    let mut worst = Worst::default();
    let strict = |json: &[u8]| EndorLabs::new().entries_from_json(json);
    let mut measure = |shape: &str, json: String| {
        worst.measure("EndorLabs::entries_from_json", shape, json.as_bytes(), strict);
        let read = |json: &[u8]| EndorLabs::new().read_entries(json);
        let faults = read(json.as_bytes())
            .map_or(0, |results| results.iter().filter(|result| result.is_err()).count());
        worst.measure_beside(faults * FAULT, "EndorLabs::read_entries", shape, json.as_bytes(), read);
    };
    let record = |tenant: &str, others: &[(&'static str, String)]| {
        let mut spec = smallest(1);
        spec.remove(0);
        spec.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
        spec.extend(others.iter().cloned());
        format!("{{\"tenant_meta\":{{\"namespace\":{tenant}}},\"spec\":{}}}", object(&spec))
    };
    let list = |records: &str| format!("{{\"list\":{{\"objects\":{records}}}}}");
    for (shape, value) in values(SIZE) {
        measure(&format!("{shape} as the response"), value.clone());
        measure(&format!("{shape} as the records"), list(&value));
        measure(&format!("{shape} beside the list"), format!("{{\"x\":{value},\"list\":{{}}}}"));
        measure(&format!("{shape} in the list"), format!("{{\"list\":{{\"x\":{value}}}}}"));
        measure(&format!("{shape} as a namespace"), record(&value, &[]));
        measure(&format!("{shape} as an error"), format!("{{\"code\":{value},\"message\":\"\"}}"));
        measure(&format!("{shape} as an error's message"), format!("{{\"code\":1,\"message\":{value}}}"));
        for member in
            ["certificate", "revoked", "artifact_digest", "source_repository_ref", "provenance", "ignored"]
        {
            let one = record("\"\"", &[(member, value.clone())]);
            measure(&format!("{shape} as {member}"), list(&format!("[{one}]")));
        }
        let provenance = [("provenance", format!("{{\"a\":{value}}}"))];
        measure(&format!("{shape} in a provenance"), record("\"\"", &provenance));
    }
    for count in [257, 256] {
        for (shape, others) in [
            ("the smallest records", vec![]),
            ("tiny claims", vec![("provenance", tiny_claims().replace(":\"\"", ":\"x\""))]),
            ("tiny certificates", vec![smallest(MAX_CERTIFICATES).remove(3)]),
        ] {
            measure(shape, list(&format!("[{}]", vec![record("\"\"", &others); count].join(","))));
        }
    }
    worst.check();
}

#[test]
fn of_policies() {
    let _alone = alone();
    let mut worst = Worst::default();
    let policy = |member: &str, value: &str| {
        let others: String = [("namespace", "\"n\""), ("certificate_oidc_issuer", "\"i\"")]
            .into_iter()
            .filter(|(name, _)| *name != member)
            .map(|(name, value)| format!("\"{name}\":{value},"))
            .collect();
        format!("{{{others}\"{member}\":{value}}}")
    };
    let mut measure = |shape: &str, json: String| {
        worst.measure("Policy::from_json", shape, json.as_bytes(), |json| Policy::from_json(json));
    };
    for (shape, value) in values(SIZE) {
        measure(&format!("{shape} as the policy"), value.clone());
        for member in [
            "namespace",
            "certificate_oidc_issuer",
            "claims",
            "max_certificate_lifetime_seconds",
            "revocation_scope",
            "blocklist",
            "unknown",
        ] {
            measure(&format!("{shape} as {member}"), policy(member, &value));
        }
        for (what, claims) in [
            ("a match", format!("{{\"build_trigger\":{value}}}")),
            ("any_of", format!("{{\"build_trigger\":{{\"any_of\":{value}}}}}")),
            ("an item of any_of", format!("{{\"build_trigger\":{{\"any_of\":[{value}]}}}}")),
            ("a glob", format!("{{\"build_trigger\":{{\"glob\":{value}}}}}")),
        ] {
            measure(&format!("{shape} as {what}"), policy("claims", &claims));
        }
    }
    let claims = |wanted: &dyn Fn(usize) -> String| {
        let claims = (0..MAX_CLAIMS).map(|index| format!("\"1.2.{index}\":{}", wanted(index)));
        policy("claims", &format!("{{{}}}", claims.collect::<Vec<_>>().join(",")))
    };
    let any_of = |text: &dyn Fn(usize) -> String| {
        let texts = (0..MAX_ANY_OF).map(|index| format!("\"{}\"", text(index)));
        format!("{{\"any_of\":[{}]}}", texts.collect::<Vec<_>>().join(","))
    };
    for (shape, json) in [
        ("short claims", claims(&|_| "\"\"".into())),
        ("globs", claims(&|_| "{\"glob\":\"\"}".into())),
        ("empty texts in any_of", claims(&|_| any_of(&|_| String::new()))),
        ("short texts in any_of", claims(&|_| any_of(&short_name))),
        (
            "a digest again and again",
            policy("blocklist", &format!("[{}]", joined(SIZE, |_| format!("\"sha256:{:064x}\"", 1)))),
        ),
        (
            "names",
            policy("blocklist", &format!("[{}]", joined(SIZE, |index| format!("\"a@sha256:{index:064x}\"")))),
        ),
    ] {
        assert!(Policy::from_json(&json).is_ok(), "{shape}");
        measure(shape, json);
    }
    let million = (0..MAX_BLOCKLIST_ITEMS).map(|index| format!("\"sha256:{:064x}\"", index * 0x1_0001));
    let json = policy("blocklist", &format!("[{}]", million.collect::<Vec<_>>().join(",")));
    measure("a million digests", json);
    worst.check();
}

#[cfg(feature = "sigstore")]
#[test]
fn of_policies_for_bundles() {
    let _alone = alone();
    let mut worst = Worst::default();
    let policy = |member: &str, value: &str| {
        let others: String = [("certificate_oidc_issuer", "\"i\""), ("any_signer_of_issuer", "true")]
            .into_iter()
            .filter(|(name, _)| *name != member)
            .map(|(name, value)| format!("\"{name}\":{value},"))
            .collect();
        format!("{{{others}\"{member}\":{value}}}")
    };
    let key = format!("{{\"public_key\":{}}}", json!(SMALL_KEY));
    let of_keys = |member: &str, value: &str| {
        if member == "keys" {
            format!("{{\"keys\":{value}}}")
        } else {
            format!("{{\"keys\":[{key}],\"{member}\":{value}}}")
        }
    };
    for (shape, value) in values(SIZE) {
        for member in
            ["certificate_oidc_issuer", "claims", "instance", "predicate_type", "blocklist", "unknown"]
        {
            let json = policy(member, &value);
            let shape = format!("{shape} as {member}");
            worst.measure("BundlePolicy::from_json", &shape, json.as_bytes(), |json| {
                BundlePolicy::from_json(json)
            });
        }
        for member in ["keys", "subject_name", "blocklist", "unknown"] {
            let json = of_keys(member, &value);
            let shape = format!("{shape} as {member}");
            worst.measure("KeyPolicy::from_json", &shape, json.as_bytes(), |json| KeyPolicy::from_json(json));
            worst.measure("KeyPolicy::from_npm_keys", &shape, json.as_bytes(), |json| {
                KeyPolicy::from_npm_keys(json)
            });
        }
        for member in ["public_key", "name", "valid_for"] {
            let json = of_keys("keys", &format!("[{{\"{member}\":{value}}}]"));
            let shape = format!("{shape} as a key's {member}");
            worst.measure("KeyPolicy::from_json", &shape, json.as_bytes(), |json| KeyPolicy::from_json(json));
        }
    }
    for (algorithm, digits) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        let items = joined(SIZE, |index| format!("\"{algorithm}:{index:0digits$x}\""));
        let json = policy("blocklist", &format!("[{items}]"));
        assert!(BundlePolicy::from_json(&json).is_ok(), "{algorithm}");
        worst.measure("BundlePolicy::from_json", algorithm, json.as_bytes(), |json| {
            BundlePolicy::from_json(json)
        });
    }
    let keys = of_keys("keys", &format!("[{}]", vec![key.as_str(); MAX_POLICY_KEYS].join(",")));
    assert!(KeyPolicy::from_json(&keys).is_ok());
    worst.measure("KeyPolicy::from_json", "small keys", keys.as_bytes(), |json| KeyPolicy::from_json(json));
    worst.check();
}

/// A key on Ed25519, the smallest there are.
#[cfg(feature = "sigstore")]
const SMALL_KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAGfahCmoSbxsK7I2tjbfIPqMdUGwRmujOJWbFmBd3Rgk=\n\
    -----END PUBLIC KEY-----\n";

#[test]
fn of_pem() {
    let _alone = alone();
    let mut worst = Worst::default();
    let pem_of = |der: &[u8]| {
        let entry = Entry::new("", "", [], vec![der.to_vec()], at(0), false).unwrap();
        serde_json::to_value(entry).unwrap()["certificate"].as_str().unwrap().to_owned()
    };
    let scene = scene();
    let root = scene.root.sign(&scene.root_key);
    // As small as they can be: without names, and with as good as no signature.
    let tiny = Certificate {
        subject: sequence(&[]),
        issuer: sequence(&[]),
        extensions: vec![basic_constraints(true, None)],
        ..scene.root.clone()
    };
    let tiny_anchor = tiny.sign_by(sequence(&[oid("1.2.3")]), |_| vec![]);
    let useless_key = sequence(&[sequence(&[oid("1.2.3")]), tlv(3, &[0])]);
    let tiny_intermediate =
        Certificate { public_key: useless_key, extensions: vec![], version: None, ..tiny.clone() }
            .sign_by(sequence(&[oid("1.2.3")]), |_| vec![]);
    let tiny_v3 = Certificate {
        public_key: sequence(&[sequence(&[oid("1.2.3")]), tlv(3, &[0])]),
        extensions: vec![extension("1.2.3", false, vec![])],
        ..tiny
    }
    .sign_by(sequence(&[oid("1.2.3")]), |_| vec![]);
    let one_line = |der: &[u8]| {
        let base64: String = pem_of(der).lines().filter(|line| !line.starts_with('-')).collect();
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    };
    let bases = [
        ("roots", pem_of(&root).repeat(300)),
        ("one root", pem_of(&root)),
        ("the smallest roots", one_line(&tiny_anchor).repeat(1_025)),
        ("the smallest roots, more of them", one_line(&tiny_anchor).repeat(2_049)),
        ("the smallest intermediates", one_line(&tiny_intermediate).repeat(2_049)),
        ("the smallest intermediates with an extension", one_line(&tiny_v3).repeat(2_049)),
        ("empty certificates", TINY_PEM.repeat(4_000)),
        (
            "one long line",
            format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", "A".repeat(SIZE)),
        ),
        (
            "short lines",
            format!("-----BEGIN CERTIFICATE-----\n{}-----END CERTIFICATE-----\n", "A\n".repeat(SIZE / 2)),
        ),
        ("no end", format!("-----BEGIN CERTIFICATE-----\n{}", "A".repeat(SIZE))),
        ("no PEM", "A".repeat(SIZE)),
        ("line breaks", "\n".repeat(SIZE)),
        ("a long boundary", format!("-----BEGIN {}", "\u{7f}".repeat(SIZE))),
    ];
    assert!(TrustAnchors::from_pem(&bases[2].1).is_ok());
    for (shape, pem) in &bases {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let owned = text(pem.as_bytes());
        worst.measure("TrustAnchors::from_pem", shape, pem.as_bytes(), |_| TrustAnchors::from_pem(&owned));
        worst.measure("TrustAnchors::from_der", shape, pem.as_bytes(), |pem| TrustAnchors::from_der([pem]));
        let anchors = || TrustAnchors::from_der([&root]).unwrap();
        worst.measure("intermediates_from_pem", shape, pem.as_bytes(), |_| {
            Verifier::builder(anchors()).intermediates_from_pem(&owned).map(VerifierBuilder::build)
        });
        worst.measure("intermediates_from_der", shape, pem.as_bytes(), |pem| {
            Verifier::builder(anchors()).intermediates_from_der([pem]).map(VerifierBuilder::build)
        });
        worst.measure("certificates_from_pem", shape, pem.as_bytes(), |_| {
            Entry::certificates_from_pem(&owned)
        });
    }
    let many = TINY_PEM.repeat(MAX_CERTIFICATES);
    worst.measure("certificates_from_pem", "tiny certificates", many.as_bytes(), |_| {
        Entry::certificates_from_pem(&many)
    });
    worst.check();
}

/// 3 MB of `{}` were 1.3 GiB of faults.
#[test]
fn of_faults() {
    let _alone = alone();
    let log = "{}\n".repeat(1_000_000);
    let (results, bytes) = measured(|| read_entries(log.as_bytes()).collect::<Vec<_>>());
    let check = |results: &[Result<Entry, MalformedInput>], bytes: usize| {
        assert_eq!(results.len(), MAX_RECORD_FAULTS + 1);
        let last = results.last().unwrap().as_ref().unwrap_err();
        assert!(last.to_string().contains("reading stopped here"), "{last}");
        assert!(bytes < 1_000_000, "{bytes} bytes");
    };
    check(&results, bytes);
    drop(results);
    let response = format!("{{\"list\":{{\"objects\":[{}]}}}}", vec!["{}"; 1_000_000].join(","));
    let (results, bytes) = measured(|| EndorLabs::new().read_entries(response.as_bytes()).unwrap());
    check(&results, bytes);
    drop(results);
    // A fault is short, whatever it is about.
    let long = format!("{}\n", json!({"\u{7f}".repeat(10_000): 1})).repeat(20);
    let (results, bytes) = measured(|| read_entries(long.as_bytes()).collect::<Vec<_>>());
    assert_eq!(results.len(), 20);
    assert!(bytes < 60_000, "{bytes} bytes");
}

/// Every request over the same log must not hold a list of that log.
#[test]
fn of_many_requests_over_one_log() {
    const ENTRIES: usize = 2_000;
    const REQUESTS: usize = 500;

    let _alone = alone();
    let scene = scene();
    let (verifier, policy) = (scene.verifier(), policy());
    let template = scene.entry();
    let name = |index: usize| format!("registry/image@sha256:{index:064x}");
    let entries: Vec<Entry> = (0..ENTRIES)
        .map(|index| {
            let certificates = template.certificates().to_vec();
            Entry::new(NAMESPACE, name(index), [], certificates, template.timestamp(), false).unwrap()
        })
        .chain([template.clone()])
        .collect();
    let mut names: Vec<ArtifactName> =
        (1..REQUESTS).map(|index| name(ENTRIES + index).parse().unwrap()).collect();
    names.push(NAME.parse().unwrap());
    let (results, bytes) = measured(|| {
        let requests: Vec<Request<'_>> =
            names.iter().map(|name| Request::new(name, &entries, &policy)).collect();
        let results: Vec<_> =
            verifier.verify_many(&requests).into_iter().map(|result| result.map(|_| ())).collect();
        results
    });
    assert!(results.last().unwrap().is_ok() && results[..REQUESTS - 1].iter().all(Result::is_err));
    // One pointer for each entry of each request would be 8 MB.
    assert!(bytes < REQUESTS * 2_000, "{bytes} bytes");
    drop(results);

    // What is kept of a result weighs what it tells, and not what was searched for it.
    let name: ArtifactName = NAME.parse().unwrap();
    let kept = |entries: &[Entry]| {
        let before = ALLOCATOR.current_usage();
        let result = OwnedVerified::from(&verifier.verify(&name, entries, &policy).unwrap());
        (ALLOCATOR.current_usage() - before, result).0
    };
    assert_eq!(kept(&entries), kept(&entries[ENTRIES..]));
}

/// A text in the place of which something costly stands.
#[cfg(feature = "sigstore")]
const HERE: &str = "\"HERE\"";

#[cfg(feature = "sigstore")]
const TINY_BUNDLE: &str = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{}},"messageSignature":{}}"#;
#[cfg(feature = "sigstore")]
const TINY_ENVELOPE: &str = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{}},"dsseEnvelope":{"signatures":[{}]}}"#;

/// The smallest log entry, with some proof.
#[cfg(feature = "sigstore")]
fn tiny_log_entry(index: usize, proof: &str) -> String {
    // Of a log each, so that no two are the same entry.
    let log = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"[index]);
    format!(
        r#"{{"logIndex":{index},"logId":{{"keyId":"{log}A"}},"kindVersion":{{"kind":"a","version":"a"}},"inclusionProof":{proof},"canonicalizedBody":"AA"}}"#
    )
}

/// A bundle with as many of everything as there may be, or with one of each, and something in each of its places.
#[cfg(feature = "sigstore")]
fn hostile_bundles(value: &str) -> Vec<String> {
    let bundle = |material: &str, content: &str| {
        format!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1","verificationMaterial":{{{material}}},{content}}}"#
        )
    };
    let key = r#""publicKey":{"hint":"k"}"#;
    let message = r#""messageSignature":{"signature":"AA"}"#;
    let entry = |name: &str, value: &str| {
        let entry = tiny_log_entry(0, "{}");
        match entry.find(&format!("\"{name}\":")) {
            Some(_) => {
                let mut entry: serde_json::Value = serde_json::from_str(&entry).unwrap();
                entry[name] = json!("HERE");
                entry.to_string().replace(HERE, value)
            }
            None => entry.replacen('{', &format!("{{\"{name}\":{value},"), 1),
        }
    };
    let mut bundles = vec![value.to_owned(), bundle(&format!("\"x\":{value}"), message)];
    for name in ["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope", "unknown"] {
        bundles.push(format!("{{\"{name}\":{value}}}"));
        bundles.push(TINY_BUNDLE.replacen('{', &format!("{{\"{name}\":{value},"), 1));
    }
    for material in [
        format!(r#""publicKey":{{"hint":{value}}}"#),
        format!(r#""publicKey":{value}"#),
        format!(r#""x509CertificateChain":{{"certificates":{value}}}"#),
        format!(r#""x509CertificateChain":{{"certificates":[{{"rawBytes":{value}}}]}}"#),
        format!(r#"{key},"tlogEntries":{value}"#),
        format!(r#"{key},"timestampVerificationData":{{"rfc3161Timestamps":{value}}}"#),
        format!(
            r#"{key},"timestampVerificationData":{{"rfc3161Timestamps":[{{"signedTimestamp":{value}}}]}}"#
        ),
    ] {
        bundles.push(bundle(&material, message));
    }
    for name in
        ["logIndex", "logId", "kindVersion", "integratedTime", "inclusionPromise", "canonicalizedBody"]
    {
        bundles.push(bundle(&format!("{key},\"tlogEntries\":[{}]", entry(name, value)), message));
    }
    for proof in [
        value.to_owned(),
        format!(r#"{{"rootHash":{value}}}"#),
        format!(r#"{{"hashes":{value}}}"#),
        format!(r#"{{"hashes":[{value}]}}"#),
        format!(r#"{{"checkpoint":{{"envelope":{value}}}}}"#),
    ] {
        bundles.push(bundle(&format!("{key},\"tlogEntries\":[{}]", tiny_log_entry(0, &proof)), message));
    }
    for content in [
        format!(r#""messageSignature":{{"signature":{value}}}"#),
        format!(r#""messageSignature":{{"messageDigest":{{"algorithm":{value}}}}}"#),
        format!(r#""messageSignature":{{"messageDigest":{{"digest":{value}}}}}"#),
        format!(r#""dsseEnvelope":{{"payload":{value},"signatures":[{{}}]}}"#),
        format!(r#""dsseEnvelope":{{"payloadType":{value},"signatures":[{{}}]}}"#),
        format!(r#""dsseEnvelope":{{"signatures":{value}}}"#),
        format!(r#""dsseEnvelope":{{"signatures":[{{"sig":{value}}}]}}"#),
        format!(r#""dsseEnvelope":{{"signatures":[{{"keyid":{value}}}]}}"#),
    ] {
        bundles.push(bundle(key, &content));
    }
    bundles
}

#[cfg(feature = "sigstore")]
#[test]
fn of_bundles() {
    let _alone = alone();
    let mut worst = Worst::default();
    const SIZE: usize = 16_000;

    let mut shapes = values(SIZE);
    shapes.extend([
        ("long base64", format!("\"{}\"", "A".repeat(SIZE))),
        ("long base64 that is escaped", format!("\"\\u0041{}\"", "A".repeat(SIZE - 1))),
        ("empty texts", format!("[{}]", vec!["\"\""; SIZE].join(","))),
    ]);
    for (shape, value) in &shapes {
        for bundle in hostile_bundles(value) {
            let json = bundle.as_bytes();
            worst.measure("Bundle::from_json", shape, json, |json| Bundle::from_json(json));
        }
        worst.measure("bundles_from", shape, value.as_bytes(), |json| bundles_from(json));
    }
    let full = |count: usize, proof: &str| {
        let entries: Vec<String> = (0..count).map(|index| tiny_log_entry(index, proof)).collect();
        TINY_BUNDLE.replace(
            "\"publicKey\":{}",
            &format!("\"publicKey\":{{}},\"tlogEntries\":[{}]", entries.join(",")),
        )
    };
    let hashes = format!("{{\"hashes\":[{}]}}", vec!["\"\""; MAX_PROOF_HASHES].join(","));
    for (shape, bundle) in [
        ("the smallest bundles", TINY_BUNDLE.to_owned()),
        ("the smallest bundles with an envelope", TINY_ENVELOPE.to_owned()),
        ("bundles with one tiny entry", full(1, "{}")),
        ("bundles with tiny entries", full(MAX_LOG_ENTRIES, "{}")),
        ("bundles with a proof of empty hashes", full(1, &hashes)),
        ("bundles with proofs of empty hashes", full(MAX_LOG_ENTRIES, &hashes)),
    ] {
        assert!(Bundle::from_json(&bundle).is_ok(), "{shape}");
        worst.measure("Bundle::from_json", shape, bundle.as_bytes(), |json| Bundle::from_json(json));
        for count in [3, 257] {
            let lines = vec![bundle.as_str(); count].join("\n");
            worst.measure("bundles_from_json_lines", shape, lines.as_bytes(), |json| {
                bundles_from_json_lines(json).unwrap()
            });
            worst.measure("bundles_from", shape, lines.as_bytes(), |json| bundles_from(json).unwrap());
        }
    }
    worst.check();
}

#[cfg(feature = "sigstore")]
#[test]
fn of_other_forms_of_bundles() {
    let _alone = alone();
    let mut worst = Worst::default();
    let entry = tiny_log_entry(0, "{}");
    let pep740 = |certificate: &str, entries: &str, statement: &str, other: &str| {
        format!(
            r#"{{"version":1,"verification_material":{{"certificate":{certificate},"transparency_entries":{entries}}},"envelope":{{"statement":{statement},"signature":"AA"}},"x":{other}}}"#
        )
    };
    let small = pep740("\"AA\"", &format!("[{entry}]"), "\"AA\"", "0");
    let provenance = |publisher: &str, attestations: &str| {
        format!(
            r#"{{"version":1,"attestation_bundles":[{{"publisher":{publisher},"attestations":{attestations}}}]}}"#
        )
    };
    let npm = |predicate_type: &str, bundle: &str| {
        format!(r#"{{"attestations":[{{"predicateType":{predicate_type},"bundle":{bundle}}}]}}"#)
    };
    let simple_signing = |digest: &str, optional: &str| {
        format!(
            r#"{{"critical":{{"identity":{{"docker-reference":{digest}}},"image":{{"docker-manifest-digest":{digest}}},"type":"cosign container image signature"}},"optional":{optional}}}"#
        )
    };
    let mut shapes = values(SIZE);
    shapes.push(("long base64", format!("\"{}\"", "A".repeat(SIZE))));
    shapes.push(("long base64 on lines", format!("\"{}\"", "AAAA\\n".repeat(SIZE / 6))));
    for (shape, value) in &shapes {
        for json in [
            pep740(value, "[]", "\"AA\"", "0"),
            pep740("\"AA\"", value, "\"AA\"", "0"),
            pep740("\"AA\"", &format!("[{entry}]"), value, "0"),
            pep740("\"AA\"", &format!("[{entry}]"), "\"AA\"", value),
        ] {
            worst.measure("Bundle::from_pep740", shape, json.as_bytes(), |json| Bundle::from_pep740(json));
            worst.measure("bundles_from", shape, json.as_bytes(), |json| bundles_from(json));
        }
        for json in
            [provenance(value, "[]"), provenance(value, &format!("[{small}]")), provenance("0", value)]
        {
            worst.measure("bundles_from_pypi_provenance", shape, json.as_bytes(), |json| {
                bundles_from_pypi_provenance(json)
            });
        }
        for json in [npm(value, TINY_ENVELOPE), npm("\"a\"", value)] {
            worst.measure("bundles_from_npm", shape, json.as_bytes(), |json| bundles_from_npm(json));
        }
        let members =
            ["base64Signature", "cert", "rekorBundle", "Base64Signature", "Payload", "Cert", "Chain"];
        for name in members {
            for first in ["\"base64Signature\":\"AA\",", "\"Base64Signature\":\"AA\",\"Payload\":\"AA\",", ""]
            {
                let json = format!("{{{first}\"{name}\":{value}}}");
                worst
                    .measure("Bundle::from_cosign", shape, json.as_bytes(), |json| Bundle::from_cosign(json));
            }
        }
        for json in [simple_signing(value, "0"), simple_signing("\"\"", value)] {
            worst.measure("SimpleSigning::from_json", shape, json.as_bytes(), |json| {
                SimpleSigning::from_json(json)
            });
        }
        let root = |member: &str| {
            format!(
                "{{\"mediaType\":\"application/vnd.dev.sigstore.trustedroot.v0.2+json\",\"{member}\":{value}}}"
            )
        };
        for member in ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities", "unknown"] {
            worst.measure("TrustedRoot::from_json", shape, root(member).as_bytes(), |json| {
                TrustedRoot::from_json(json).is_ok()
            });
        }
    }
    for count in [3, 256, 257] {
        let json = provenance("0", &format!("[{}]", vec![small.as_str(); count].join(",")));
        worst.measure("bundles_from_pypi_provenance", "small ones", json.as_bytes(), |json| {
            bundles_from_pypi_provenance(json).unwrap()
        });
        let one = r#"{"publisher":0,"attestations":[]}"#;
        let json = format!("{{\"version\":1,\"attestation_bundles\":[{}]}}", vec![one; count].join(","));
        worst.measure("bundles_from_pypi_provenance", "none", json.as_bytes(), |json| {
            bundles_from_pypi_provenance(json).unwrap()
        });
    }
    worst.check();
}
