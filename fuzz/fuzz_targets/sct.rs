//! Certificates' timestamps (SCTs): a list that a fuzzer chose, in a leaf that its authority signed. One that counts was
//! signed by the log over the leaf without the list, which is put together here by other means.

#![no_main]

use arbitrary::Arbitrary;
use countermark::evidence::LogKey;
use countermark::{Artifact, Period, Verifier};
use countermark_fuzz::common::certificates::{Certificate, Key, at, extension, oid, sequence, tlv};
use countermark_fuzz::edit::Edit;
use countermark_fuzz::signed_message::{ARTIFACT, SCENE, SIGNED, bundle, now, policy, verifier};
use countermark_fuzz::signed_part::Change;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// Changes of the leaf, which the log has seen.
    leaf: Vec<Change<'a>>,
    timestamps: Vec<Timestamp<'a>>,
    /// Changes of the list, which it has not.
    list: Vec<Edit<'a>>,
    /// Where among the extensions the list stands.
    place: u8,
    /// Changes of the leaf that the log has not seen.
    after: Vec<Change<'a>>,
}

#[derive(Arbitrary, Debug)]
struct Timestamp<'a> {
    is_of_known_log: bool,
    milliseconds_later: i32,
    extensions: &'a [u8],
    fault: Option<Fault<'a>>,
}

#[derive(Arbitrary, Debug)]
enum Fault<'a> {
    Version(u8),
    Algorithm(u8, u8),
    Signature(Edit<'a>),
    /// Over the leaf of another key.
    OtherIssuer,
}

const SCT_LIST: &str = "1.3.6.1.4.1.11129.2.4.2";
const LOG: &str = "https://ct.example";

static KEYS: LazyLock<[Key; 2]> = LazyLock::new(|| [Key::p256(31), Key::p256(32)]);

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let key = LogKey::certificate_log(LOG, &KEYS[0].public_key_info(), Period::new(at(-900), Some(at(900))));
    verifier(|builder| builder.certificate_log(key.unwrap()).unwrap())
});

/// The part of a certificate that is signed.
fn signed_part(certificate: &Certificate) -> Vec<u8> {
    let mut part = Vec::new();
    certificate.sign_by(sequence(&[oid("1.2.840.10045.4.3.2")]), |signed| {
        part = signed.to_vec();
        Vec::new()
    });
    part
}

fn of_u16_length(bytes: &[u8]) -> Vec<u8> {
    [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

impl Timestamp<'_> {
    fn milliseconds(&self) -> i64 {
        at(SIGNED).unix_seconds() * 1_000 + i64::from(self.milliseconds_later)
    }

    fn write(&self, signed_part: &[u8]) -> Vec<u8> {
        let key = &KEYS[usize::from(!self.is_of_known_log)];
        let milliseconds = self.milliseconds().to_be_bytes();
        let extensions = of_u16_length(&self.extensions[..self.extensions.len().min(999)]);
        let issuer = match self.fault {
            Some(Fault::OtherIssuer) => KEYS[0].public_key_info(),
            _ => SCENE.root_key.public_key_info(),
        };
        let length = u32::try_from(signed_part.len()).unwrap().to_be_bytes();
        let signed = [
            &[0, 0][..],
            &milliseconds,
            &[0, 1],
            &Sha256::digest(issuer),
            &length[1..],
            signed_part,
            &extensions,
        ];
        let mut signature = key.sign_sha256(&signed.concat());
        let (mut version, mut algorithm) = (0, [4, 3]);
        match &self.fault {
            Some(Fault::Version(other)) => version = *other,
            Some(Fault::Algorithm(hash, of_key)) => algorithm = [*hash, *of_key],
            Some(Fault::Signature(edit)) => edit.apply(&mut signature),
            Some(Fault::OtherIssuer) | None => {}
        }
        let log_id = Sha256::digest(key.public_key_info());
        let signature = of_u16_length(&signature[..signature.len().min(999)]);
        of_u16_length(&[&[version][..], &log_id, &milliseconds, &extensions, &algorithm, &signature].concat())
    }

    fn is_in_period(&self) -> bool {
        self.milliseconds_later.abs() < 800_000
    }
}

fuzz_target!(|input: Input<'_>| {
    let mut leaf = SCENE.leaf.clone();
    for change in input.leaf.iter().take(4) {
        change.apply(&mut leaf);
    }
    // One that is longer than a log takes, or that an authority would not sign by this algorithm, is not the subject.
    leaf.sha384 = false;
    (leaf.inner_algorithm, leaf.outer_algorithm) = (None, None);
    leaf = leaf.without(SCT_LIST);
    let submitted = signed_part(&leaf);
    let timestamps = &input.timestamps[..input.timestamps.len().min(8)];
    let list: Vec<u8> = timestamps.iter().flat_map(|timestamp| timestamp.write(&submitted)).collect();
    let mut value = tlv(0x04, &of_u16_length(&list));
    input.list.iter().take(4).for_each(|edit| edit.apply(&mut value));
    let place = usize::from(input.place) % (leaf.extensions.len() + 1);
    leaf.extensions.insert(place, extension(SCT_LIST, false, value));
    for change in input.after.iter().take(2) {
        change.apply(&mut leaf);
    }
    leaf.sha384 = false;
    let is_as_submitted = submitted == signed_part(&leaf.clone().without(SCT_LIST));

    let Some(bundle) = bundle(&leaf.sign(&SCENE.root_key), &[]) else { return };
    let (artifact, verifier) = (Artifact::from_bytes(ARTIFACT), VERIFIER.at(now()));
    let result = verifier.verify_bundle(&artifact, &bundle, &policy(0, 1));
    let is_good = |timestamp: &&Timestamp<'_>| timestamp.is_of_known_log && timestamp.is_in_period();
    if let Ok(verified) = &result {
        assert!(is_as_submitted, "the log has seen another certificate");
        let times: Vec<i64> = timestamps.iter().filter(is_good).map(Timestamp::milliseconds).collect();
        assert!(!verified.certificate_timestamps().is_empty());
        for sct in verified.certificate_timestamps() {
            let milliseconds =
                sct.time().unix_seconds() * 1_000 + i64::from(sct.time().subsec_nanoseconds() / 1_000_000);
            assert!(times.contains(&milliseconds), "the log did not sign this time");
            assert_eq!(sct.log(), LOG);
        }
    }
    let has_fault = |timestamp: &Timestamp<'_>| timestamp.fault.is_some() || !is_good(&timestamp);
    let is_untouched = [input.leaf.len(), input.after.len(), input.list.len()] == [0; 3];
    if is_untouched && !timestamps.is_empty() && !timestamps.iter().any(has_fault) {
        assert!(result.is_ok(), "{}", result.unwrap_err());
    }
});
