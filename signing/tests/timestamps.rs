//! Timestamps over entries: OpenSSL answers our requests, and verifies what the core verifies.

mod common;

use common::*;
use countermark::{Code, Entry, Period, Policy, TimeVoucher, TimestampAuthority, TrustAnchors, Verifier};
use countermark_signing::{TimestampRequest, sign};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A timestamp authority of OpenSSL's in a directory of its own.
struct OpenSsl(TempDir);

const CONFIGURATION: &str = "
[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
[signer]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,timeStamping
[tsa]
serial=serial
signer_cert=signer.pem
signer_key=signer.key
certs=ca.pem
signer_digest=DIGEST
default_policy=1.2.3.4.1
other_policies=1.2.3.4.2
digests=sha256,sha384,sha512
accuracy=secs:1,millisecs:500,microsecs:100
ordering=yes
tsa_name=yes
ess_cert_id_chain=no
ess_cert_id_alg=ESS
clock_precision_digits=3
";

impl OpenSsl {
    fn new(curve: &str, digest: &str, ess: &str) -> Self {
        let tsa = Self(TempDir::new().unwrap());
        let configuration = CONFIGURATION.replace("DIGEST", digest).replace("ESS", ess);
        tsa.write("tsa.cnf", configuration.as_bytes());
        tsa.write("serial", b"01");
        let curve = format!("ec_paramgen_curve:{curve}");
        let new_key = ["-newkey", "ec", "-pkeyopt", &curve, "-nodes", "-config", "tsa.cnf"];
        tsa.run(
            &[
                &["req", "-x509", "-subj", "/CN=timestamp root", "-days", "36500", "-extensions", "ca"],
                &new_key[..],
                &["-keyout", "ca.key", "-out", "ca.pem"],
            ]
            .concat(),
        );
        tsa.run(
            &[
                &["req", "-subj", "/CN=timestamp signer"],
                &new_key[..],
                &["-keyout", "signer.key", "-out", "signer.csr"],
            ]
            .concat(),
        );
        tsa.run(&[
            "x509",
            "-req",
            "-in",
            "signer.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-set_serial",
            "5",
            "-days",
            "36500",
            "-extfile",
            "tsa.cnf",
            "-extensions",
            "signer",
            "-out",
            "signer.pem",
        ]);
        tsa
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    fn succeeds(&self, arguments: &[&str]) -> (bool, String) {
        let output =
            Command::new("openssl").args(arguments).current_dir(self.path()).output().unwrap_or_else(
                |error| panic!("this test needs the program \"openssl\"; install it ({error})"),
            );
        let printed = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
    }

    fn run(&self, arguments: &[&str]) {
        let (succeeded, printed) = self.succeeds(arguments);
        assert!(succeeded, "{arguments:?}: {printed}");
    }

    fn answer(&self, request: &[u8]) -> Vec<u8> {
        self.write("request.tsq", request);
        self.run(&[
            "ts",
            "-reply",
            "-queryfile",
            "request.tsq",
            "-config",
            "tsa.cnf",
            "-section",
            "tsa",
            "-out",
            "answer.tsr",
        ]);
        self.read("answer.tsr")
    }

    /// Whether `openssl ts -verify` accepts an answer over bytes.
    fn verifies(&self, answer: &[u8], over: &[u8]) -> bool {
        self.write("answer.tsr", answer);
        self.write("data", over);
        self.succeeds(&[
            "ts",
            "-verify",
            "-data",
            "data",
            "-in",
            "answer.tsr",
            "-CAfile",
            "ca.pem",
            "-untrusted",
            "signer.pem",
        ])
        .0
    }

    fn authority(&self) -> TimestampAuthority {
        let always = Period::new("2020-01-01T00:00:00Z".parse().unwrap(), None);
        TimestampAuthority::new([self.read("signer.pem"), self.read("ca.pem")], always).unwrap()
    }
}

/// An entry of long ago, and what verifies it with a timestamp authority.
fn entry_and_verifier(tsa: &OpenSsl) -> (Entry, Verifier) {
    let authority = authority();
    let token = Provider::new().github_token(&github_claims());
    let entry = sign(&authority, &token, NAMESPACE, &artifact_name(), now(), &mut rng()).unwrap();
    let anchors = TrustAnchors::from_pem(&authority.issuer().chain().to_pem()).unwrap();
    (entry, Verifier::builder(anchors).timestamp_authority(tsa.authority()).unwrap().build())
}

fn policy() -> Policy {
    Policy::new(NAMESPACE, "https://token.actions.githubusercontent.com").unwrap()
}

/// OpenSSL signs with the time of its clock, years after the entry: its timestamp counts, and is the reason to refuse.
#[track_caller]
fn assert_counts(verifier: &Verifier, entry: &Entry) {
    let report = verifier.examine(&artifact_name(), [entry], &policy());
    let [timestamp] = report.timestamps() else { panic!("{report}") };
    assert_eq!(timestamp.fault(), None);
    assert_eq!(timestamp.authority(), Some("CN=timestamp signer"));
    for policy in [policy(), policy().with_time_voucher(TimeVoucher::TimestampAuthority)] {
        let rejection = verifier.verify(&artifact_name(), [entry], &policy).unwrap_err();
        assert_eq!(rejection.code(), Code::TimeMismatch, "{rejection}");
    }
}

#[test]
fn openssl_answers_our_request_and_verifies_the_answer_as_the_core_does() {
    for (curve, digest, ess) in [
        ("P-256", "sha256", "sha256"),
        ("P-256", "sha384", "sha1"),
        ("P-384", "sha384", "sha256"),
        ("P-384", "sha256", "sha512"),
    ] {
        let tsa = OpenSsl::new(curve, digest, ess);
        let (entry, verifier) = entry_and_verifier(&tsa);
        let request = TimestampRequest::new(&entry);
        for request in [
            request.clone(),
            request.clone().with_nonce(0),
            request.clone().with_nonce(0x7F),
            request.clone().with_nonce(0x80),
            request.clone().with_nonce(u64::MAX).with_certificate(),
        ] {
            let answer = tsa.answer(&request.to_der().unwrap());
            let stamped = request.put_into(entry.clone(), &answer).unwrap();
            assert_counts(&verifier, &stamped);
            assert!(tsa.verifies(&answer, entry.signature()));
            let read = Entry::from_json(serde_json::to_vec(&stamped).unwrap()).unwrap();
            assert_eq!(read, stamped);

            let last = answer.len() - 1;
            let mut changed = answer;
            changed[last] ^= 1;
            let stamped = request.put_into(entry.clone(), &changed).unwrap();
            let report = verifier.examine(&artifact_name(), [&stamped], &policy());
            assert_eq!(report.timestamps()[0].fault(), Some("its signature does not verify"));
            assert!(!tsa.verifies(&changed, entry.signature()));
        }
    }
}

#[test]
fn openssl_reads_what_is_asked() {
    let tsa = OpenSsl::new("P-256", "sha256", "sha256");
    let (entry, _) = entry_and_verifier(&tsa);
    let request = TimestampRequest::new(&entry).with_nonce(0xDEAD_BEEF).with_certificate();
    tsa.write("request.tsq", &request.to_der().unwrap());
    let (succeeded, printed) = tsa.succeeds(&["ts", "-query", "-in", "request.tsq", "-text"]);
    assert!(succeeded, "{printed}");
    for wanted in ["Version: 1", "Hash Algorithm: sha256", "Nonce: 0xDEADBEEF", "Certificate required: yes"] {
        assert!(printed.contains(wanted), "{wanted:?} is not in:\n{printed}");
    }
    // And OpenSSL asks as we do.
    tsa.write("data", entry.signature());
    tsa.run(&["ts", "-query", "-data", "data", "-sha256", "-no_nonce", "-out", "theirs.tsq"]);
    assert_eq!(tsa.read("theirs.tsq"), TimestampRequest::new(&entry).to_der().unwrap());
}

#[test]
fn an_answer_that_is_not_to_the_request_is_refused() {
    let tsa = OpenSsl::new("P-256", "sha256", "sha256");
    let (entry, _) = entry_and_verifier(&tsa);
    let request = TimestampRequest::new(&entry);
    let with_nonce = request.clone().with_nonce(7);
    let answer = tsa.answer(&request.to_der().unwrap());
    let told = |request: &TimestampRequest, entry: &Entry, answer: &[u8]| {
        let error = request.put_into(entry.clone(), answer).unwrap_err();
        assert_eq!(error.code(), "timestamp_response");
        error.to_string()
    };
    assert!(told(&with_nonce, &entry, &answer).contains("it has not the nonce that was sent"));
    let answer_of_7 = tsa.answer(&with_nonce.to_der().unwrap());
    assert!(with_nonce.put_into(entry.clone(), &answer_of_7).is_ok());
    assert!(request.put_into(entry.clone(), &answer_of_7).is_ok(), "a nonce that was not asked for");
    assert!(told(&request.clone().with_nonce(8), &entry, &answer_of_7).contains("nonce"));

    let (other, _) = entry_and_verifier(&tsa);
    assert!(told(&request, &other, &answer).contains("another signature than the one"));
    let of_other = TimestampRequest::new(&other);
    assert!(told(&of_other, &other, &answer).contains("over something else than this signature"));

    // A policy that the authority has not: its answer is a refusal.
    tsa.write("data", entry.signature());
    tsa.run(&["ts", "-query", "-data", "data", "-sha256", "-tspolicy", "1.2.3.4.9", "-out", "request.tsq"]);
    let refusal = tsa.answer(&tsa.read("request.tsq"));
    assert!(told(&request, &entry, &refusal).contains("its status is 2: it was not granted"));
    assert!(told(&request, &entry, b"<html>").contains("cannot be read"));
    assert!(told(&request, &entry, &[answer.clone(), vec![0]].concat()).contains("cannot be read"));
    assert!(told(&request, &entry, &vec![0x30; 64 * 1_024 + 1]).contains("longer than 65536 bytes"));
    let full = (0..64).try_fold(entry.clone(), |entry, _| request.put_into(entry, &answer)).unwrap();
    assert!(told(&request, &full, &answer).contains("more than 64 items"));
}
