//! Signed timestamps (RFC 3161): published ones with changes, and ones whose parts are chosen before an authority signs them.
//! What counts is over the signature, and tells the time that was signed.

#![no_main]

use arbitrary::Arbitrary;
use base64ct::{Base64, Encoding};
use countermark::{Artifact, Evidence, TimeVoucher, Verifier};
use countermark_fuzz::bundles;
use countermark_fuzz::common::certificates::at;
use countermark_fuzz::common::tokens::{Authority, Token, authority, time_text};
use countermark_fuzz::edit::{Edit, pick};
use countermark_fuzz::signed_message::{ARTIFACT, SCENE, SIGNATURE, bundle, policy, verifier};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Raw(&'a [u8]),
    Published { number: u8, edits: Vec<Edit<'a>> },
    Made(Made<'a>),
}

#[derive(Arbitrary, Debug)]
struct Made<'a> {
    seconds: i16,
    /// What the authority signs, changed.
    parts: Vec<Part<'a>>,
    attributes: Vec<AttributeChange>,
    is_over_another: bool,
    /// What comes of it, changed.
    edits: Vec<Edit<'a>>,
}

#[derive(Arbitrary, Debug)]
enum Part<'a> {
    Status(Option<&'a [u8]>),
    Imprint(Edit<'a>),
    InfoVersion(u8),
    Time(Edit<'a>),
    AfterTime(&'a [u8]),
    ContentType(Edit<'a>),
    SignedDataVersion(u8),
    DigestAlgorithms(Edit<'a>),
    RepeatedDigestAlgorithm,
    Embedded(&'a [u8]),
    SignerVersion(u8),
    SignerId(Edit<'a>),
    DigestAlgorithm(Edit<'a>),
    SignatureAlgorithm(Edit<'a>),
    SignerCount(u8),
    Unsigned(&'a [u8]),
    Unsorted,
    NoAttributes,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum AttributeChange {
    Remove(u8),
    Repeat(u8),
    Swap(u8, u8),
    Byte { attribute: u8, at: u8, to: u8 },
}

impl AttributeChange {
    fn apply(self, attributes: &mut Vec<Vec<u8>>) -> Option<()> {
        let count = attributes.len();
        let place = |number: u8| usize::from(number).checked_rem(count);
        match self {
            Self::Remove(number) => drop(attributes.remove(place(number)?)),
            Self::Repeat(number) => attributes.push(attributes[place(number)?].clone()),
            Self::Swap(one, other) => attributes.swap(place(one)?, place(other)?),
            Self::Byte { attribute, at, to } => {
                *attributes[place(attribute)?].get_mut(usize::from(at))? = to;
            }
        }
        Some(())
    }
}

impl Part<'_> {
    fn apply(&self, token: &mut Token) {
        match self {
            Self::Status(status) => token.status = status.map(<[u8]>::to_vec),
            Self::Imprint(edit) => edit.apply(&mut token.imprint),
            Self::InfoVersion(version) => token.info_version = *version,
            Self::Time(edit) => {
                let mut text = token.time.clone().into_bytes();
                edit.apply(&mut text);
                token.time = String::from_utf8(text).unwrap_or_default();
            }
            Self::AfterTime(der) => token.after_time = vec![der.to_vec()],
            Self::ContentType(edit) => edit.apply(&mut token.content_type),
            Self::SignedDataVersion(version) => token.signed_data_version = *version,
            Self::DigestAlgorithms(edit) => edit.apply(&mut token.digest_algorithms[0]),
            Self::RepeatedDigestAlgorithm => token.digest_algorithms.push(token.digest_algorithms[0].clone()),
            Self::Embedded(der) => token.embedded = der.to_vec(),
            Self::SignerVersion(version) => token.signer_version = *version,
            Self::SignerId(edit) => edit.apply(&mut token.signer_id),
            Self::DigestAlgorithm(edit) => edit.apply(&mut token.digest_algorithm),
            Self::SignatureAlgorithm(edit) => edit.apply(&mut token.signature_algorithm),
            Self::SignerCount(count) => token.signer_count = usize::from(count % 4),
            Self::Unsigned(der) => token.unsigned = der.to_vec(),
            Self::Unsorted => token.is_sorted = false,
            Self::NoAttributes => token.has_attributes = false,
        }
    }
}

static AUTHORITY: LazyLock<Authority> = LazyLock::new(authority);
static LEAF: LazyLock<Vec<u8>> = LazyLock::new(|| SCENE.leaf.sign(&SCENE.leaf_issuer));
static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| verifier(|builder| builder.timestamp_authority(AUTHORITY.trusted()).unwrap()));

/// The timestamps of published bundles.
static PUBLISHED: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let bundles = bundles::manifest()
        .into_iter()
        .filter_map(|case| serde_json::from_slice::<Value>(&bundles::file(case["bundle"].as_str()?)).ok());
    let tokens = bundles.filter_map(|bundle| {
        let data = &bundle["verificationMaterial"]["timestampVerificationData"];
        Base64::decode_vec(data["rfc3161Timestamps"][0]["signedTimestamp"].as_str()?).ok()
    });
    tokens.collect()
});

/// The time for which a response counts, in nanoseconds since 1970.
fn judge(response: &[u8]) -> Option<i128> {
    let answer = Evidence::from_timestamp_response(response, &SIGNATURE, None);
    let bundle = bundle(&LEAF, &[response])?;
    let artifact = Artifact::from_bytes(ARTIFACT);
    let (once, policy) = (policy(1, 0), policy(0, 0));
    let accepted = VERIFIER.verify_bundle(&artifact, &bundle, &once);
    // Where none is demanded, a bad one refuses all the same.
    let lenient = VERIFIER.at(at(250)).verify_bundle(&artifact, &bundle, &policy);
    let verified = match accepted {
        Ok(verified) => verified,
        Err(rejection) => {
            assert!(!rejection.detail().is_empty());
            return None;
        }
    };
    assert!(answer.is_ok() && (lenient.is_ok() || verified.timestamp() > at(250)));
    let [time] = verified.times() else { panic!("it has other times than one") };
    assert_eq!(time.voucher(), TimeVoucher::TimestampAuthority);
    assert_eq!(time.time(), verified.timestamp());
    assert!(at(0) <= time.time() && time.time() <= at(300));
    Some(
        i128::from(time.time().unix_seconds()) * 1_000_000_000 + i128::from(time.time().subsec_nanoseconds()),
    )
}

fuzz_target!(|input: Input<'_>| match input {
    Input::Raw(response) => assert_eq!(judge(response), None, "nobody signed it"),
    Input::Published { number, edits } => {
        let mut response = pick(&PUBLISHED, number).unwrap().clone();
        edits.iter().take(4).for_each(|edit| edit.apply(&mut response));
        assert_eq!(judge(&response), None, "it is over another signature");
    }
    Input::Made(made) => {
        let signature: &[u8] = if made.is_over_another { b"another signature" } else { &SIGNATURE };
        let mut token = AUTHORITY.token(signature);
        token.time = time_text(made.seconds.into());
        let told = token.time.clone();
        for part in made.parts.iter().take(4) {
            part.apply(&mut token);
        }
        let changes: Vec<_> = made.attributes.iter().copied().take(4).collect();
        let token = token.with_attributes(move |attributes| {
            for change in &changes {
                change.apply(attributes);
            }
        });
        let mut response = token.sign(&AUTHORITY.key);
        made.edits.iter().take(4).for_each(|edit| edit.apply(&mut response));
        let accepted = judge(&response);
        if let Some(time) = accepted {
            let digest = Sha256::digest(&*SIGNATURE);
            assert!(
                token.imprint.windows(32).any(|window| window == &digest[..]),
                "it is over something else"
            );
            if token.time == told {
                let seconds = at(made.seconds.into()).unix_seconds();
                assert_eq!(time, i128::from(seconds) * 1_000_000_000);
            }
        }
        let is_untouched = !made.is_over_another
            && made.parts.is_empty()
            && made.attributes.is_empty()
            && made.edits.is_empty();
        if is_untouched {
            assert_eq!(accepted.is_some(), (0..=300).contains(&made.seconds));
        }
    }
});
