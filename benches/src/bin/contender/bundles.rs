//! What the Rust contender can be asked for with Sigstore bundles.

use countermark::{
    Artifact, Bundle, BundlePolicy, Claim, Claims, Digest, HashAlgorithm, SignatureAlgorithm, TrustedRoot,
    Verifier, VerifierBuilder,
};
use countermark_benches::material::Material;
use countermark_benches::serve::{Case, case};

/// GitHub's own certificates last a year.
const YEAR: u32 = 366 * 86_400;

/// What one verification of a bundle takes.
struct Question {
    verifier: Verifier,
    policy: BundlePolicy,
    artifact: Artifact<'static>,
    json: String,
}

impl Question {
    fn new(material: &Material) -> Self {
        let root = TrustedRoot::from_json(material.text("trusted_root.json")).expect("a trusted root");
        let builder = VerifierBuilder::without_anchors().accept_algorithms(SignatureAlgorithm::ALL);
        let (identity, issuer) = (material.text("identity.txt"), material.text("issuer.txt"));
        let policy = if issuer.is_empty() {
            BundlePolicy::without_issuer([(Claim::CertificateIdentity, identity)])
                .and_then(|policy| policy.with_max_certificate_lifetime_seconds(YEAR))
                .and_then(|policy| policy.with_certificate_timestamps(0)?.with_log_entries(0))
        } else {
            BundlePolicy::for_sigstore(identity, issuer)
        };
        let artifact = if material.path("artifact").exists() {
            Artifact::from_bytes(material.bytes("artifact").leak())
        } else {
            let digest = Digest::from_hex(HashAlgorithm::Sha256, &material.text("digest.txt"));
            Artifact::from(digest.expect("a digest"))
        };
        let question = Self {
            verifier: builder.trusted_root("it", &root).expect("an instance").build(),
            policy: policy.expect("a policy"),
            artifact,
            json: material.text("bundle.json"),
        };
        if let Err(rejection) =
            question.verifier.verify_bundle(&question.artifact, &question.bundle(), &question.policy)
        {
            panic!("{rejection}");
        }
        assert!(!question.verifies(&Artifact::from_bytes(b"another artifact"), &question.bundle()));
        question
    }

    fn bundle(&self) -> Bundle {
        Bundle::from_json(&self.json).expect("a bundle")
    }

    fn verifies(&self, artifact: &Artifact<'_>, bundle: &Bundle) -> bool {
        self.verifier.verify_bundle(artifact, bundle, &self.policy).is_ok()
    }
}

pub(crate) fn verify(material: &Material) -> Case {
    let question = Question::new(material);
    let bundle = question.bundle();
    case(move || question.verifies(&question.artifact, &bundle))
}

pub(crate) fn read(material: &Material) -> Case {
    let question = Question::new(material);
    case(move || {
        let bundle = question.bundle();
        let certificate = bundle.certificate().expect("a certificate");
        Claims::of_certificate(certificate).expect("claims").iter().count()
    })
}

pub(crate) fn read_and_verify(material: &Material) -> Case {
    let question = Question::new(material);
    case(move || question.verifies(&question.artifact, &question.bundle()))
}

pub(crate) fn read_trusted_root(material: &Material) -> Case {
    let json = material.text("trusted_root.json");
    case(move || TrustedRoot::from_json(&json).expect("a trusted root"))
}
