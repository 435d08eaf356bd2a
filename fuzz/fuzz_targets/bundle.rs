//! Bundles in every form: the reader that tells the forms apart agrees with each form's own, and what is read is within its
//! limits.

#![no_main]

use countermark::{
    Artifact, Bundle, BundlePolicy, CosignContent, CosignParts, MalformedInput, VerifierBuilder,
    bundles_from, bundles_from_json_lines, bundles_from_npm, bundles_from_pypi_provenance, limits,
    read_bundles,
};
use libfuzzer_sys::fuzz_target;

fn told<T>(result: Result<T, MalformedInput>) -> Option<T> {
    result.map_err(|malformed| assert!(!malformed.to_string().is_empty())).ok()
}

fn check(bundle: &Bundle) {
    assert!(bundle.certificates().len() <= limits::MAX_BUNDLE_CERTIFICATES);
    assert!(bundle.log_entry_count() <= limits::MAX_LOG_ENTRIES);
    assert!(bundle.timestamp_count() <= limits::MAX_TIMESTAMPS);
    assert_eq!(bundle.certificate().is_some(), bundle.key_hint().is_none());
    assert!(bundle.certificates().iter().all(|der| !der.is_empty()));
    if let Some(Some(statement)) = told(bundle.statement()) {
        assert!(bundle.has_envelope() && !statement.unverified().subjects().is_empty());
    }
    let nobody = VerifierBuilder::without_anchors().build();
    let policy = BundlePolicy::any_signer_without_issuer();
    assert!(nobody.verify_bundle(&Artifact::from_bytes(b""), bundle, &policy).is_err());
}

fuzz_target!(|json: &[u8]| {
    let any = told(bundles_from(json));
    any.iter().flatten().for_each(check);

    let forms = [Bundle::from_json(json), Bundle::from_pep740(json), Bundle::from_cosign(json)];
    let mut read: Vec<Vec<Bundle>> = forms.into_iter().filter_map(told).map(|bundle| vec![bundle]).collect();
    let attestations = told(bundles_from_npm(json));
    read.extend(attestations.map(|all| all.into_iter().map(|one| one.bundle).collect()));
    let publishers = told(bundles_from_pypi_provenance(json));
    read.extend(publishers.map(|all| all.into_iter().flat_map(|one| one.bundles).collect()));
    assert!(read.len() <= 1, "it is of two forms");
    if let Some(read) = read.pop() {
        assert_eq!(any.as_ref(), Some(&read), "the forms are not told apart");
    }

    let lines = told(bundles_from_json_lines(json));
    let one_by_one: Vec<_> = read_bundles(json).map(told).collect();
    match &lines {
        Some(lines) => assert_eq!(one_by_one, lines.iter().cloned().map(Some).collect::<Vec<_>>()),
        None => assert!(one_by_one.contains(&None)),
    }
    if let (Some(lines), Some(any)) = (&lines, &any) {
        assert!(lines.len() < 2 || lines == any);
    }

    let Ok(text) = std::str::from_utf8(json) else { return };
    let mut parts = text.split('\0');
    let content = parts.next().unwrap_or_default();
    let [certificate, chain, rekor_bundle, timestamp] =
        [(); 4].map(|()| parts.next().filter(|text| !text.is_empty()));
    for content in [CosignContent::Signature(content), CosignContent::Envelope(content.as_bytes())] {
        let parts = CosignParts { content, certificate, chain, rekor_bundle, timestamp };
        told(Bundle::from_cosign_parts(&parts)).iter().for_each(check);
    }
});
