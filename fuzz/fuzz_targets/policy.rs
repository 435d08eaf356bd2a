//! Policies as JSON: what is read is within its limits, can be built anew from its parts, and matches values as a plain
//! reference says.

#![no_main]

use countermark::{Policy, RecordPolicy, RevocationScope, SignerPolicy};
use countermark_fuzz::independent::matches;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let Ok(policy) = Policy::from_json(json) else { return };
    let (record, signer) = (policy.record(), policy.signer());
    assert!(!record.namespace().is_empty() && !signer.certificate_oidc_issuer().is_empty());
    assert!((1..=86_400).contains(&signer.max_certificate_lifetime_seconds()));

    let scope = RevocationScope::from_name(record.revocation_scope().name()).unwrap();
    let mut same_record = RecordPolicy::new(record.namespace()).unwrap().with_revocation_scope(scope);
    for item in record.blocklist() {
        same_record = same_record.block(&item).unwrap();
    }
    let mut same_signer = SignerPolicy::new(signer.certificate_oidc_issuer())
        .unwrap()
        .with_max_certificate_lifetime_seconds(signer.max_certificate_lifetime_seconds())
        .unwrap();
    for (claim, wanted) in signer.claims() {
        same_signer = same_signer.require(*claim, wanted.clone()).unwrap();
    }
    assert_eq!(Policy::from_parts(same_record, same_signer), policy);

    let claims = signer.claims();
    let texts = claims.iter().filter_map(|(_, wanted)| wanted.as_exact().or(wanted.as_glob()));
    for value in texts.take(8) {
        for (_, wanted) in claims.iter().take(8) {
            assert_eq!(wanted.matches(value), matches(wanted, value), "{wanted} {value:?}");
        }
    }
});
