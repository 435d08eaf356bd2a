//! The main job in one program: verify a record, and see what happens to records that are not as they should
//! be; then a Sigstore bundle. Run it with `cargo run --release --example quickstart`.

use countermark::{
    Artifact, ArtifactName, Bundle, BundlePolicy, Policy, Rejection, TrustAnchors, TrustedRoot, Verifier,
    entries_from_json,
};
use std::error::Error;
use std::path::{Path, PathBuf};

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
            Err(rejection) => print_refusal(&rejection),
        }
    }

    println!("== the same, every check\n");
    let entries = entries_from_json(read("quickstart/late.json")?)?;
    println!("{}\n", verifier.examine(&name, &entries, &policy));

    println!("== what GitHub attested of a file through the public Sigstore instance\n");
    verify_a_bundle()
}

/// A real bundle: an envelope with its certificate, log entry and timestamp, and the root of the instance that gave them.
fn verify_a_bundle() -> Result<(), Box<dyn Error>> {
    let root = TrustedRoot::from_json(read("sigstore/roots/6494e21e-public-good.json")?)?;
    let verifier = Verifier::from_trusted_root(&root);
    let bundle = Bundle::from_json(read("sigstore/bundles/sigstore-verify/conda-dsse.sigstore.json")?)?;
    let file = std::fs::read(path("sigstore/artifacts/54303491-signed-package-2.1.0-hb0f4dca_0.conda"))?;

    let policy = BundlePolicy::for_github("prefix-dev/sigstore-example")?;
    println!("{}\n", verifier.verify_bundle(&Artifact::from_bytes(&file), &bundle, &policy)?);

    println!("== the same for a file with one byte more\n");
    let changed = [file.as_slice(), b"\n"].concat();
    match verifier.verify_bundle(&Artifact::from_bytes(&changed), &bundle, &policy) {
        Ok(_) => Err("a changed file must not verify".into()),
        Err(rejection) => {
            print_refusal(&rejection);
            Ok(())
        }
    }
}

fn print_refusal(rejection: &Rejection) {
    println!("refused: {} (code {})", rejection.code(), rejection.code().number());
    println!("  because {}", rejection.detail());
    println!("  remedy: {}\n", rejection.remedy());
}

fn read(name: &str) -> Result<String, Box<dyn Error>> {
    let path = path(name);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name)
}
