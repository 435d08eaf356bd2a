//! One certificate, in every place that it can have: as the leaf, as an intermediate and as the anchor. The first byte
//! says what the others are: a certificate; a signed part, which is then signed by the right key; or changes of what a
//! good certificate is made of, before it is signed.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use countermark::{Claims, Policy, TrustAnchors, Verifier};
use countermark_fuzz::common::certificates::{Certificate, ISSUER, Key, NAME, NAMESPACE};
use countermark_fuzz::judge::Question;
use countermark_fuzz::signed_part::{self, Change, FIXED, Fixed};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static POLICY: LazyLock<Policy> = LazyLock::new(|| Policy::new(NAMESPACE, ISSUER).unwrap());

fn judge(verifier: &Verifier, anchor: &[u8], certificates: &[&[u8]]) {
    let Some(entry) = signed_part::entry(certificates) else { return };
    Question {
        verifier,
        anchors: &[anchor.to_vec()],
        distrusted: &[],
        name: &NAME.parse().unwrap(),
        entries: &[entry],
        policy: &POLICY,
        now: None,
    }
    .judge();
}

fn as_leaf(leaf: &[u8]) {
    if let Ok(claims) = Claims::of_certificate(leaf) {
        assert!(claims.iter().all(|(claim, value)| claims.get(&claim) == Some(value)));
    }
    judge(&FIXED.verifier, &FIXED.root, &[leaf, &FIXED.intermediate]);
}

fn as_intermediate(intermediate: &[u8]) {
    judge(&FIXED.verifier, &FIXED.root, &[&FIXED.leaf, intermediate]);
}

fn as_anchor(anchor: &[u8]) {
    let Ok(anchors) = TrustAnchors::from_der([anchor]) else { return };
    judge(&Verifier::new(anchors), anchor, &[&FIXED.leaf, &FIXED.intermediate]);
}

fn changed(parts: &Certificate, changes: &[u8], issuer: &Key) -> Vec<u8> {
    let mut parts = parts.clone();
    if let Ok(changes) = Vec::<Change<'_>>::arbitrary_take_rest(Unstructured::new(changes)) {
        for change in changes.iter().take(12) {
            change.apply(&mut parts);
        }
    }
    parts.sign(issuer)
}

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    let Fixed { root_key, intermediate_key, .. } = &*FIXED;
    match kind % 9 {
        0 => as_leaf(bytes),
        1 => as_leaf(&signed_part::certificate(bytes, intermediate_key)),
        2 => as_leaf(&changed(&FIXED.leaf_parts, bytes, intermediate_key)),
        3 => as_intermediate(bytes),
        4 => as_intermediate(&signed_part::certificate(bytes, root_key)),
        5 => as_intermediate(&changed(&FIXED.intermediate_parts, bytes, root_key)),
        6 => as_anchor(bytes),
        7 => as_anchor(&signed_part::certificate(bytes, root_key)),
        _ => as_anchor(&changed(&FIXED.root_parts, bytes, root_key)),
    }
});
