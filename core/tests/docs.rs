//! The documentation pages, against what they document.

#![cfg(feature = "sigstore")]

mod common;

#[cfg(all(unix, not(feature = "aws-lc-rs")))]
use base64ct::{Base64, Encoding};
use countermark::{BundlePolicy, Claim, Code, KeyPolicy};
use serde_json::Value;
use std::fmt::Write;
#[cfg(all(unix, not(feature = "aws-lc-rs")))]
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

/// An example of each code: what a record, a certificate or a policy must look like to give it.
fn example(code: Code) -> &'static str {
    match code {
        Code::Verified => {
            "`accept-nine-claims`: leaf, intermediate and root in the record, nine recorded claims that agree"
        }
        Code::NoSignature => "`none-other-digest`: the log has the same image, but with another digest",
        Code::Blocklisted => "`blocklisted-digest`: the policy's `blocklist` has `sha256:cec83ad2…`",
        Code::RevokedSignature => {
            "`revoked-older-fails-the-artifact`: an older entry of the artifact has `\"revoked\": true`, a newer one is good"
        }
        Code::BadCertificate => "`leaf-tls-only`: the leaf's extended key usage is for TLS servers alone",
        Code::InvalidKeyType => "`leaf-p384-key`: the leaf's key is on P-384",
        Code::UnknownCa => {
            "`ca-missing-intermediate`: the record has the leaf alone, and the verifier does not know the intermediate"
        }
        Code::PathTooComplex => "nine intermediates between the leaf and the anchor",
        Code::LifetimeTooLong => {
            "`leaf-three-hundred-and-one-seconds`: a leaf for 301 seconds under a policy for 300"
        }
        Code::TimeMismatch => {
            "`time-one-nanosecond-late`: a timestamp one nanosecond after the leaf's notAfter"
        }
        Code::CorruptedSignature => "`signature-zero-r`: a signature whose r is zero",
        Code::InvalidSignature => "`signature-other-name`: a signature over another artifact's name",
        Code::ProvenanceMismatch => {
            "`provenance-differs`: the record says `refs/tags/v1.6.217`, its certificate `refs/tags/v1.6.216`"
        }
        Code::ClaimsMismatch => {
            "`claims-absent`: the policy requires a claim that the certificate does not carry"
        }
        Code::NoCertificateTimestamp => {
            "`sigstore-verify/invalid-ct-key`: the certificate's timestamp does not verify under the log's key"
        }
        Code::UnvouchedTime => {
            "`sigstore-verify/no-signed-time`: the log's entry has neither a promise nor is there a signed timestamp"
        }
        Code::NotLogged => {
            "`mutation/msg-no-entry`: the bundle's one log entry was taken out, its timestamp left"
        }
        Code::UntrustedLog => {
            "`mutation/msg-log-id`: the entry names a log that the trusted root does not have"
        }
        Code::InvalidLogProof => {
            "`sigstore-verify/no-checkpoint`: the inclusion proof has no checkpoint, which the log would have signed"
        }
        Code::LogEntryMismatch => {
            "`sigstore-verify/cve-2022-36056`: a good entry, of another signature, beside the bundle's own"
        }
        Code::ArtifactMismatch => {
            "`sigstore-verify/cosign-v3-blob-other-artifact`: the bundle states the digest of another file"
        }
        Code::PredicateMismatch => {
            "a policy for `https://slsa.dev/provenance/v1`, and PyPI's attestation that it published the file"
        }
        Code::MalformedBundle => {
            "`mutation/msg-json-unknown-top-level`: a member that no version of the format has"
        }
        Code::MalformedTrustedRoot => {
            "`mutation/msg-root-ca-no-window`: an authority without the period in which it counts"
        }
        Code::MalformedTrustAnchor => "`malformed-anchor-rsa`: a root with an RSA key",
        Code::MalformedPolicy => "`malformed-policy-unknown-claim`: a claim's name is misspelt",
        Code::MalformedEntry => "`malformed-no-revoked-flag`: a record without `revoked`",
        Code::MalformedName => "`name-tag`: `registry/image:latest`",
        Code::MalformedMessage => "`Message::new` with the bytes of `image@sha256:…`",
        Code::InvalidArgument => "a null pointer where the C interface wants a handle",
        Code::Internal => "a panic inside the library that a language binding caught",
        _ => panic!("{code} has no example"),
    }
}

fn codes_page() -> String {
    let mut page = String::from(
        "# Codes\n\n\
         Every outcome has a stable code: a number and a name that never change their meaning, the same in every\n\
         language. Zero is never used, so that a zeroed or forgotten result cannot read as success.\n\n\
         `bad_certificate` and `time_mismatch` are also given by the chain check, when the certificate in question is\n\
         an authority's. 30 and 80 are for entries alone, 52, 64 to 67, 72 and 91 for bundles alone, the other verdicts for\n\
         both ([sigstore.md](sigstore.md) has the rules for bundles). Codes from 100 are no verdicts: the input could not\n\
         be judged.\n\n\
         This page is made from the table in `core/src/code.rs` (`UPDATE_DOCS=1 cargo test -p countermark --test docs`),\n\
         and tested against it. Names in backticks before a colon are those of vectors in `testdata/vectors/`, and with a\n\
         slash of cases in `testdata/sigstore/manifest.json`.\n\n\
         | number | code | check | Endor Labs' result |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let endor_labs = code.endor_labs_result().unwrap_or("–");
        writeln!(page, "| {} | [`{code}`](#{code}) | {} | {endor_labs} |", code.number(), code.check())
            .unwrap();
    }
    for code in Code::ALL {
        let sentence = |text: &str| {
            let mut characters = text.chars();
            format!("{}{}.", characters.next().unwrap().to_uppercase(), characters.as_str())
        };
        writeln!(
            page,
            "\n## {code}\n\n{}\n\nExample: {}.\n\nRemedy: {}.",
            sentence(code.cause()),
            example(*code),
            code.remedy()
        )
        .unwrap();
    }
    page
}

#[test]
fn the_page_of_codes_is_made_from_the_table() {
    let path = common::testdata("../docs/codes.md");
    let page = codes_page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == page,
        "docs/codes.md is stale; run with UPDATE_DOCS=1"
    );
}

#[test]
fn the_examples_of_codes_are_vectors_with_that_outcome() {
    for code in Code::ALL {
        let Some(id) = example(*code).strip_prefix('`').and_then(|text| text.split_once("`: ")) else {
            continue;
        };
        if id.0.contains('/') {
            assert_eq!(case(id.0)["expect"], "refuse", "{}", id.0);
            let codes: Value =
                serde_json::from_slice(&std::fs::read(bundles().join("codes.json")).unwrap()).unwrap();
            assert_eq!(codes[id.0], code.name(), "{}", id.0);
        } else {
            assert_eq!(common::Vector::named(id.0).expected(), code.name());
        }
    }
}

/// The folder of real bundles.
fn bundles() -> PathBuf {
    common::testdata("sigstore")
}

/// A case of the folder of real bundles.
fn case(id: &str) -> Value {
    let manifest = std::fs::read(bundles().join("manifest.json")).unwrap();
    let manifest: Vec<Value> = serde_json::from_slice(&manifest).unwrap();
    manifest.into_iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("there is no case {id}"))
}

/// The README states how many crates are linked into a program with this one.
#[test]
fn the_readme_counts_the_dependencies() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "-p",
            "countermark",
            "-e",
            "normal,no-proc-macro",
            "--prefix",
            "none",
            "--no-dedupe",
            "--locked",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let crates: std::collections::BTreeSet<&str> =
        lines.lines().filter_map(|line| line.split(' ').next()).filter(|name| !name.is_empty()).collect();
    let count = crates.len();
    // Of these, three are the feature's for bundles, which `supply_chain.rs` counts.
    assert!(count <= 43, "{count} crates are linked by default, itself included");
    let readme = std::fs::read_to_string(common::testdata("../README.md")).unwrap();
    let stated = format!("{count} crates in all, itself included");
    assert!(readme.contains(&stated), "the README must say {stated:?}");
    assert!(readme.contains("40 without the feature `sigstore`"));
}

fn page(name: &str) -> String {
    let path = common::testdata("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The blocks of code of this language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    page.split(&opening).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

/// The lines of Rust in the README are those of the crates' documentation, which are compiled and run.
#[test]
fn the_readmes_lines_of_rust_are_tested() {
    let readme = page("README.md");
    let blocks = blocks(&readme, "rust");
    let documented = [("core", 0), ("core", 1), ("signing", 0)];
    assert_eq!(blocks.len(), documented.len());
    for (block, (library, position)) in blocks.iter().zip(documented) {
        let library = page(&format!("{library}/src/lib.rs"));
        let documentation = library.lines().filter_map(|line| line.strip_prefix("//!"));
        let documentation: Vec<&str> =
            documentation.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let code = documentation.split(|line| *line == "```").nth(2 * position + 1).unwrap();
        let shown: Vec<&str> =
            code.iter().copied().filter(|line| *line != "#" && !line.starts_with("# ")).collect();
        let lines: Vec<&str> = block.lines().collect();
        let trimmed = |lines: &[&str]| lines.join("\n").trim().to_string();
        assert_eq!(trimmed(&lines), trimmed(&shown));
    }
}

/// Builds and runs a program in a crate beside a clone of the repository, as the README says; what it prints.
#[cfg(all(unix, not(feature = "aws-lc-rs")))]
fn run_beside_a_clone(name: &str, program: &str, files: &[(&str, Vec<u8>)]) -> String {
    let readme = page("README.md");
    let dependencies = blocks(&readme, "toml")[0];
    assert!(dependencies.contains(r#"countermark = { path = "../countermark/core" }"#));
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let beside = temporary.join(name);
    let user = beside.join("user");
    let _ = std::fs::remove_dir_all(&beside);
    std::fs::create_dir_all(user.join("src")).unwrap();
    let root = common::testdata("..").canonicalize().unwrap();
    std::os::unix::fs::symlink(&root, beside.join("countermark")).unwrap();
    // With the versions of the repository, of which nothing need be fetched.
    std::fs::copy(root.join("Cargo.lock"), user.join("Cargo.lock")).unwrap();
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev.package.\"*\"]\nopt-level = 2\n\n{dependencies}"
    );
    std::fs::write(user.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(user.join("src/main.rs"), program).unwrap();
    for (file, content) in files {
        std::fs::write(user.join(file), content).unwrap();
    }
    let output = Command::new(env!("CARGO"))
        .current_dir(&user)
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(temporary.parent().unwrap())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    printed
}

/// What the README says instead of `cargo add`, with the repository where it says, and its first lines of Rust.
#[test]
#[cfg(all(unix, not(feature = "aws-lc-rs")))]
fn a_crate_beside_a_clone_builds_and_runs_the_readmes_lines() {
    let readme = page("README.md");
    let code = blocks(&readme, "rust")[0];
    let program = format!(
        "fn file(name: &str) -> String {{\n    \
         std::fs::read_to_string(format!(\"../countermark/testdata/quickstart/{{name}}\")).unwrap()\n}}\n\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n{code}Ok(())\n}}\n"
    );
    let printed = run_beside_a_clone("readme", &program, &[]);
    assert!(printed.starts_with("verified: registry/image@sha256:"), "{printed}");
}

/// The lines of Rust of the page on bundles, each by itself, on real bundles under the names that it gives them.
#[test]
#[cfg(all(unix, not(feature = "aws-lc-rs")))]
fn the_recipes_for_bundles_verify_real_ones() {
    let page = page("docs/sigstore.md");
    let recipes = blocks(&page, "rust");
    let mut program = String::new();
    for (number, recipe) in recipes.iter().enumerate() {
        write!(
            program,
            "fn recipe_{number}() -> Result<(), Box<dyn std::error::Error>> {{\n{recipe}Ok(())\n}}\n\n"
        )
        .unwrap();
    }
    let (files, has_publication) = files_of_recipes();
    program.push_str("fn main() {\n");
    let mut ran = 0;
    for (number, recipe) in recipes.iter().enumerate() {
        // The registry's own attestation is of no package that may be copied.
        let call = if recipe.contains("publication.json") && !has_publication {
            println!("not run: the recipe for npm's publications, without the bundles beside the checkout");
            format!("let _ = recipe_{number};")
        } else {
            ran += 1;
            format!("recipe_{number}().unwrap_or_else(|error| panic!(\"recipe {number}: {{error}}\"));")
        };
        writeln!(program, "    {call}").unwrap();
    }
    program.push_str("}\n");
    let printed = run_beside_a_clone("recipes", &program, &files);
    println!("recipes: ran {ran} of {}", recipes.len());
    assert!(ran >= 12 && printed.matches("verified: ").count() >= 6, "{printed}");
}

/// The files that the recipes read, and whether what the npm registry signed is among them.
#[cfg(all(unix, not(feature = "aws-lc-rs")))]
fn files_of_recipes() -> (Vec<(&'static str, Vec<u8>)>, bool) {
    const WHEEL: &str = "sigstore-verify/v0.2-github-workflow";
    const NPM: &str = "sigstore/npm-sigstore-5.0.0-provenance";

    let file =
        |of: &Value, member: &str| std::fs::read(bundles().join(of[member].as_str().unwrap())).unwrap();
    let json = |bytes: &[u8]| -> Value { serde_json::from_slice(bytes).unwrap() };
    let read = |id: &str, member: &str| file(&case(id), member);
    let on_one_line = |bytes: &[u8]| serde_json::to_vec(&json(bytes)).unwrap();
    let pem = |label: &str, base64: &Value| {
        let lines: Vec<&[u8]> = base64.as_str().unwrap().as_bytes().chunks(64).collect();
        let body = String::from_utf8(lines.join(&b'\n')).unwrap();
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    };

    let root = read(WHEEL, "trusted_root");
    let roots = [on_one_line(&root), on_one_line(&read("sigstore-verify/github-release", "trusted_root"))];
    let wheel = read(WHEEL, "bundle");
    let provenance = case("pep740/pypi-attestations-0.0.19-provenance");
    let attestations = |bundle: &Value, predicate_type: &str| {
        let attestation = serde_json::json!({ "predicateType": predicate_type, "bundle": bundle });
        serde_json::to_vec(&serde_json::json!({ "attestations": [attestation] })).unwrap()
    };
    let digest = |of: &Value| format!("sha512:{}\n", of["artifact_sha512"].as_str().unwrap()).into_bytes();
    let mut files = vec![
        ("trusted_root.json", root.clone()),
        ("trusted_root.jsonl", roots.join(&b'\n')),
        ("staging_root.json", read("sigstore-bundle/v0.3-staging", "trusted_root")),
        ("rfc8785-0.1.2-py3-none-any.whl", read(WHEEL, "artifact")),
        ("rfc8785-0.1.2-py3-none-any.whl.sigstore", wheel.clone()),
        ("signed-package-2.1.0-hb0f4dca_0.conda", read("sigstore-verify/conda-dsse", "artifact")),
        ("attestations.jsonl", on_one_line(&read("sigstore-verify/conda-dsse", "bundle"))),
        ("release.sigstore.json", read("sigstore-verify/github-release", "bundle")),
        ("pypi_attestations-0.0.19.tar.gz", file(&provenance, "artifact")),
        ("provenance.json", file(&provenance["pep740"], "attestation")),
        ("attestations.json", attestations(&json(&read(NPM, "bundle")), "https://slsa.dev/provenance/v1")),
        ("sigstore-5.0.0.digest", digest(&case(NPM))),
        ("image.sigstore.json", read("sigstore/kubewarden-cosign-sign", "bundle")),
        ("a.txt", read("sigstore-verify/managed-key", "artifact")),
        ("a.txt.sigstore.json", read("sigstore-verify/managed-key", "bundle")),
        ("signing-key.pub", read("sigstore-verify/managed-key", "key")),
    ];

    // An instance from its parts.
    let (root, wheel) = (json(&root), json(&wheel));
    let entry = &wheel["verificationMaterial"]["tlogEntries"][0];
    let logs = root["tlogs"].as_array().unwrap();
    let log = logs.iter().find(|log| log["logId"] == entry["logId"]).unwrap();
    let decode = |base64: &Value| Base64::decode_vec(base64.as_str().unwrap()).unwrap();
    files.push(("rekor.der", decode(&log["publicKey"]["rawBytes"])));
    let (mut anchors, mut intermediates) = (String::new(), String::new());
    for authority in root["certificateAuthorities"].as_array().unwrap() {
        let chain = authority["certChain"]["certificates"].as_array().unwrap();
        let (anchor, others) = chain.split_last().unwrap();
        anchors += &pem("CERTIFICATE", &anchor["rawBytes"]);
        intermediates.extend(others.iter().map(|other| pem("CERTIFICATE", &other["rawBytes"])));
    }
    files.push(("fulcio-root.pem", anchors.into_bytes()));
    files.push(("fulcio-intermediates.pem", intermediates.into_bytes()));

    // The same wheel's signature as cosign's file had it.
    let leaf = &wheel["verificationMaterial"]["x509CertificateChain"]["certificates"][0]["rawBytes"];
    let log_id: String = decode(&entry["logId"]["keyId"]).iter().map(|byte| format!("{byte:02x}")).collect();
    let number = |text: &Value| text.as_str().unwrap().parse::<u64>().unwrap();
    let cosign = serde_json::json!({
        "base64Signature": wheel["messageSignature"]["signature"],
        "cert": pem("CERTIFICATE", leaf),
        "rekorBundle": {
            "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
            "Payload": {
                "body": entry["canonicalizedBody"],
                "integratedTime": number(&entry["integratedTime"]),
                "logIndex": number(&entry["logIndex"]),
                "logID": log_id,
            },
        },
    });
    files.push(("rfc8785-0.1.2-py3-none-any.whl.cosign.bundle", serde_json::to_vec(&cosign).unwrap()));

    // A layer of simple signing, by a key.
    let key = common::certificates::Key::p256(7);
    let layer = format!(
        r#"{{"critical":{{"identity":{{"docker-reference":"ghcr.io/kubewarden/kubewarden-controller"}},"image":{{"docker-manifest-digest":"sha256:{}"}},"type":"cosign container image signature"}},"optional":null}}"#,
        case("sigstore/kubewarden-cosign-sign")["artifact_sha256"].as_str().unwrap()
    );
    let encode = |bytes: &[u8]| Value::from(Base64::encode_string(bytes));
    let signature = Base64::encode_string(&key.sign_sha256(layer.as_bytes()));
    files.push(("simple-signing.json", layer.into_bytes()));
    files.push(("simple-signing.sig", signature.into_bytes()));
    files.push(("cosign.pub", pem("PUBLIC KEY", &encode(&key.public_key_info())).into_bytes()));

    // What the npm registry signed.
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/sigstore/public");
    let Ok(manifest) = std::fs::read(public.join("manifest.json")) else { return (files, false) };
    let manifest = json(&manifest);
    let publication =
        manifest.as_array().unwrap().iter().find(|case| case["id"] == "sigstore-go/npm-1.3.0-publish");
    let Some(publication) = publication else { return (files, false) };
    let file = |member: &str| std::fs::read(public.join(publication[member].as_str().unwrap())).unwrap();
    let key = String::from_utf8(file("key")).unwrap();
    let key: String = key.lines().filter(|line| !line.starts_with("-----")).collect();
    let bundle = json(&file("bundle"));
    let keys = serde_json::json!({
        "keys": [{
            "keyId": bundle["verificationMaterial"]["publicKey"]["hint"],
            "keyUsage": "npm:attestations",
            "publicKey": {
                "rawBytes": key,
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": { "start": "2022-12-01T00:00:00.000Z", "end": "2025-01-29T00:00:00.000Z" },
            },
        }],
    });
    let publish = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1";
    files.push(("keys.json", serde_json::to_vec(&keys).unwrap()));
    files.push(("publication.json", attestations(&bundle, publish)));
    files.push(("sigstore-1.3.0.digest", digest(publication)));
    (files, true)
}

/// The policies that the page on bundles shows are read, and every member that it explains is one.
#[test]
fn the_page_on_bundles_explains_every_member_of_a_policy() {
    let page = page("docs/sigstore.md");
    let documents = blocks(&page, "json");
    assert_eq!(documents.len(), 2);
    let policy = BundlePolicy::from_json(documents[0]).unwrap();
    assert_eq!(policy.instance(), Some("public"));
    assert_eq!(KeyPolicy::from_json(documents[1]).unwrap().keys().len(), 1);

    let table = page.split_once("| member | meaning | default |").unwrap().1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let members: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    let shown: Value = serde_json::from_str(documents[0]).unwrap();
    for member in shown.as_object().unwrap().keys() {
        assert!(members.contains(&member.as_str()), "{member} is not explained");
    }
    assert_eq!(members.len(), shown.as_object().unwrap().len() + 2);
    // Each is known: what is not is named as unknown.
    for member in members {
        let fault = BundlePolicy::from_json(format!(r#"{{"{member}":[null]}}"#)).unwrap_err();
        assert!(!fault.to_string().contains("unknown member"), "{fault}");
    }
}

/// The names of the claims, and where a certificate has them, as a table.
fn table_of_claims() -> String {
    const ARC: &str = "1.3.6.1.4.1.57264.1";
    let mut table = String::from("| claim | where the certificate has it |\n|---|---|\n");
    for claim in Claim::NAMED {
        let place = match claim.extension_oid() {
            None => "the one subject alternative name".to_string(),
            Some(oid) => {
                let raw = if claim.is_raw_extension() { " (raw)" } else { "" };
                let else_raw = if *claim == Claim::CertificateOidcIssuer {
                    format!(", else {ARC}.1 (raw)")
                } else {
                    String::new()
                };
                format!("{ARC}.{}{raw}{else_raw}", oid.last().unwrap())
            }
        };
        writeln!(table, "| `{claim}` | {place} |").unwrap();
    }
    table
}

#[test]
fn readme_and_documentation_name_every_claim() {
    let table = table_of_claims();
    assert_eq!(table.lines().count(), 2 + 19);
    for (name, prefix) in [("README.md", ""), ("docs/c.md", ""), ("core/src/signer/claim.rs", "        /// ")]
    {
        let wanted: String = table.lines().map(|line| format!("{prefix}{line}\n")).collect();
        assert!(page(name).contains(&wanted), "{name} must have this table:\n{table}");
    }
}

/// A user of the public Sigstore instance needs another lifetime than the default.
#[test]
fn the_readme_says_how_long_sigstores_certificates_live() {
    let readme = page("README.md");
    assert!(readme.contains("300 seconds unless the policy says otherwise"));
    assert!(readme.contains("`\"max_certificate_lifetime_seconds\": 600`"));
}

/// The threat model names cases of real bundles and of alterations of them; each is one that is refused.
#[test]
fn the_cases_that_the_threat_model_names_are_refused() {
    let page = page("docs/threat-model.md");
    let codes: Value = serde_json::from_str(&common::read("sigstore/codes.json")).unwrap();
    let folders: std::collections::BTreeSet<&str> =
        codes.as_object().unwrap().keys().filter_map(|id| Some(id.split_once('/')?.0)).collect();
    let is_case = |text: &&str| text.split_once('/').is_some_and(|(folder, _)| folders.contains(folder));
    let named: Vec<&str> = page.split('`').skip(1).step_by(2).filter(is_case).collect();
    assert!(named.len() > 40, "only {} cases are named", named.len());
    for id in named {
        assert!(codes[id].is_string(), "{id} is no case that is refused");
    }
}

/// The threat model names the test that shows each rule, as `file::test`.
#[test]
fn the_tests_that_the_threat_model_names_exist() {
    let page = std::fs::read_to_string(common::testdata("../docs/threat-model.md")).unwrap();
    let named: Vec<(&str, &str)> = page.split('`').filter_map(|text| text.split_once("::")).collect();
    let tests: Vec<&(&str, &str)> = named.iter().filter(|(file, _)| file.contains('/')).collect();
    assert!(tests.len() > 60, "only {} tests are named", tests.len());
    for (file, test) in tests {
        let path = common::testdata("..").join(file);
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        let definition = match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") if *test != "compile_fail" => format!("fn {test}("),
            Some("py") => format!("def {test}("),
            _ => (*test).to_string(),
        };
        let Some((before, _)) = source.split_once(&definition) else { panic!("{file} has no test {test}") };
        // The attribute stands between the function before it and this one.
        let is_test =
            !definition.starts_with("fn ") || before.rsplit('}').next().unwrap().contains("#[test]");
        assert!(is_test, "{test} in {file} is no test");
    }
}
