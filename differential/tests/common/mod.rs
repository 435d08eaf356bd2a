//! What the two tests share: the other implementation, random choices, and how many cases there are.

#![allow(dead_code, unreachable_pub, reason = "each test uses some of it")]

#[path = "../../../core/tests/common/certificates.rs"]
pub mod certificates;

use countermark::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, aws_lc_rs};

/// The algorithms that a verifier of ours accepts by default.
static ALGORITHMS: [&dyn SignatureVerificationAlgorithm; 4] = [
    aws_lc_rs::ECDSA_P256_SHA256,
    aws_lc_rs::ECDSA_P256_SHA384,
    aws_lc_rs::ECDSA_P384_SHA256,
    aws_lc_rs::ECDSA_P384_SHA384,
];

/// 1.3.6.1.5.5.7.3.3, `id-kp-codeSigning`.
const CODE_SIGNING: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];

/// What the other implementation says about a path from the leaf to the anchor.
pub fn their_path(
    anchor: &[u8],
    leaf: &[u8],
    others: &[Vec<u8>],
    time: Timestamp,
) -> Result<(), webpki::Error> {
    let (anchor, leaf) = (CertificateDer::from(anchor), CertificateDer::from(leaf));
    let others: Vec<CertificateDer<'_>> =
        others.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
    let seconds = u64::try_from(time.unix_seconds()).unwrap();
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(
            &ALGORITHMS,
            &[anchor_from_trusted_cert(&anchor)?],
            &others,
            UnixTime::since_unix_epoch(Duration::from_secs(seconds)),
            // Theirs would require the purpose of authorities too; of the leaf, ours requires it.
            KeyUsage::required_if_present(CODE_SIGNING),
            None,
            None,
        )
        .map(|_| ())
}

/// What the other implementation says about a leaf's signature of a message, ECDSA on P-256 with SHA-256.
pub fn their_signature(leaf: &[u8], message: &[u8], signature: &[u8]) -> Result<(), webpki::Error> {
    let leaf = CertificateDer::from(leaf);
    EndEntityCert::try_from(&leaf)?.verify_signature(aws_lc_rs::ECDSA_P256_SHA256, message, signature)
}

/// How many cases there are in all: `COUNTERMARK_DIFFERENTIAL_CASES`, or ten thousand. Three fifths are chains, one
/// fifth signatures of certificates, one fifth signatures of messages.
pub fn cases() -> usize {
    number("COUNTERMARK_DIFFERENTIAL_CASES").unwrap_or(10_000)
}

fn number(variable: &str) -> Option<usize> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is {text:?}; give it a number")))
}

/// Random choices of one case. They are the same in every run, unless `COUNTERMARK_DIFFERENTIAL_SEED` is set.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn of_case(case: usize) -> Self {
        let seed = number("COUNTERMARK_DIFFERENTIAL_SEED").unwrap_or(0);
        Self((seed as u64).rotate_left(32) ^ case as u64)
    }

    /// A step of SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    pub fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }
}

/// Runs every case on all cores, and returns what each came to, in no order.
pub fn run<T: Send>(cases: usize, case: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= cases {
                return results;
            }
            results.push(case(index));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}
