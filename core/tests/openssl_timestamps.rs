//! Signed timestamps of published bundles as OpenSSL judges them: what this library believes, OpenSSL does, and what the
//! manifest says to be spoilt in a token, neither does. Without `openssl` nothing is run, and that is said.

#![cfg(feature = "sigstore")]

mod common;

use base64ct::{Base64, Encoding};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn bytes(value: &Value) -> Option<Vec<u8>> {
    Base64::decode_vec(value.as_str()?).ok()
}

fn pem(der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// Whether OpenSSL verifies a response over the data under one of a root's timestamp authorities.
fn openssl_verifies(directory: &Path, response: &[u8], data: &[u8], root: &Value) -> bool {
    let path = |name: &str| directory.join(name);
    fs::write(path("response"), response).unwrap();
    fs::write(path("data"), data).unwrap();
    let authorities = root["timestampAuthorities"].as_array().into_iter().flatten();
    let chains = authorities.map(|authority| {
        let chain = authority["certChain"]["certificates"].as_array().into_iter().flatten();
        chain.filter_map(|certificate| bytes(&certificate["rawBytes"])).collect::<Vec<_>>()
    });
    chains.filter(|chain| chain.len() > 1).any(|chain| {
        let (anchor, others) = chain.split_last().unwrap();
        fs::write(path("anchor"), pem(anchor)).unwrap();
        fs::write(path("others"), others.iter().map(|der| pem(der)).collect::<String>()).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["ts", "-verify", "-partial_chain"]);
        for (option, file) in
            [("-in", "response"), ("-data", "data"), ("-CAfile", "anchor"), ("-untrusted", "others")]
        {
            openssl.arg(option).arg(path(file));
        }
        // It would judge authorities whose certificates have ended since at today's date.
        openssl.arg("-no_check_time");
        openssl.output().unwrap().status.success()
    })
}

#[test]
fn openssl_believes_the_timestamps_of_good_bundles_and_not_the_spoilt_ones() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("not run: openssl is not here");
        return;
    }
    let folder = common::testdata("sigstore");
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("openssl-timestamps");
    fs::create_dir_all(&directory).unwrap();
    let (mut good, mut spoilt) = (0, 0);
    for case in manifest.as_array().unwrap() {
        let read = |member: &str| {
            let file = fs::read(folder.join(case[member].as_str()?)).ok()?;
            serde_json::from_slice::<Value>(&file).ok()
        };
        let (Some(bundle), Some(root)) = (read("bundle"), read("trusted_root")) else { continue };
        let data = &bundle["verificationMaterial"]["timestampVerificationData"];
        let Some(response) = bytes(&data["rfc3161Timestamps"][0]["signedTimestamp"]) else { continue };
        let signature = bytes(&bundle["messageSignature"]["signature"])
            .or_else(|| bytes(&bundle["dsseEnvelope"]["signatures"][0]["sig"]));
        let Some(signature) = signature else { continue };
        let id = case["id"].as_str().unwrap();
        let is_good = case["expect"] == "accept";
        // Here the defect is in the token itself, or the token is another bundle's.
        let is_spoilt = [
            "mutation/v2-tsa-gentime-digit",
            "mutation/v2-tsa-of-another",
            "mutation/v2-tsa-status-rejection",
        ]
        .contains(&id);
        if !is_good && !is_spoilt || id == "mutation/v2-root-tsa-leaf-missing" {
            continue;
        }
        assert_eq!(openssl_verifies(&directory, &response, &signature, &root), is_good, "{id}");
        good += usize::from(is_good);
        spoilt += usize::from(is_spoilt);
    }
    println!("openssl: {good} good timestamps and {spoilt} spoilt ones");
    assert!(good >= 5 && spoilt == 3, "{good} {spoilt}");
}
