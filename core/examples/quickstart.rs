//! The main job in one program: verify a record, and see what happens to records that are not as they should
//! be. Run it with `cargo run --release --example quickstart`.

use countermark::{
    ArtifactName, Claim, Entry, Message, MessageSignature, Policy, SignerPolicy, Timestamp, TrustAnchors,
    Verifier, entries_from_json,
};
use std::error::Error;
use std::path::Path;

const NAME: &str = "registry/image@sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be";

fn main() -> Result<(), Box<dyn Error>> {
    let verifier = Verifier::new(TrustAnchors::from_pem(&read("quickstart/root.pem")?)?);
    let policy = Policy::from_json(read("quickstart/policy.json")?)?;
    let name: ArtifactName = NAME.parse()?;

    println!("== a record as it should be\n");
    let entries = entries_from_json(read("quickstart/log.json")?)?;
    println!("{}\n", verifier.verify(&name, &entries, &policy)?);

    for (what, file) in [
        ("a record that was revoked", "quickstart/revoked.json"),
        ("a record whose ref was edited", "quickstart/edited-ref.json"),
        ("a record whose certificate was valid for longer than five minutes", "quickstart/long-lived.json"),
        ("a record that was stamped too late", "quickstart/late.json"),
    ] {
        println!("== {what}\n");
        let entries = entries_from_json(read(file)?)?;
        match verifier.verify(&name, &entries, &policy) {
            Ok(_) => return Err(format!("{file} must not verify").into()),
            Err(rejection) => {
                println!("refused: {} (code {})", rejection.code(), rejection.code().number());
                println!("  because {}", rejection.detail());
                println!("  remedy: {}\n", rejection.remedy());
            }
        }
    }

    println!("== the same, every check\n");
    let entries = entries_from_json(read("quickstart/late.json")?)?;
    println!("{}\n", verifier.examine(&name, &entries, &policy));

    println!("== a message that was signed through the public Sigstore instance\n");
    verify_a_sigstore_message()
}

fn verify_a_sigstore_message() -> Result<(), Box<dyn Error>> {
    let cases: serde_json::Value = serde_json::from_str(&read("sigstore/messages.json")?)?;
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned).ok_or("not as expected");

    let verifier = Verifier::new(TrustAnchors::from_pem(&text(&cases["trust_anchors"])?)?);
    let signer = SignerPolicy::new("https://token.actions.githubusercontent.com")?
        .require(Claim::SourceRepository, "https://github.com/trailofbits/rfc8785.py")?
        .require(Claim::SourceRepositoryRef, "refs/tags/v0.1.2")?
        .with_max_certificate_lifetime_seconds(600)?;

    let case = &cases["cases"][0];
    let chain = text(&case["certificate"])? + &text(&case["intermediates"])?;
    let certificates = Entry::certificates_from_pem(&chain)?;
    let signature = decode_base64(&text(&case["signature"])?)?;
    let timestamp: Timestamp = text(&case["timestamp"])?.parse()?;

    let message = Message::new(&decode_base64(&text(&case["message"])?)?)?;
    let signature = MessageSignature::new(&signature, certificates.as_slice(), timestamp)?;
    println!("{}", verifier.verify_message(&message, &signature, signer.for_messages()?)?);
    Ok(())
}

fn decode_base64(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    use base64ct::{Base64, Encoding};
    Base64::decode_vec(text).map_err(|error| error.to_string().into())
}

fn read(name: &str) -> Result<String, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}
