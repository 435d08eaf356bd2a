//! The verifier and what it trusts.

use crate::call;
use crate::code::countermark_code;
use crate::pointer::{characters, exclusive, free, items};
use crate::refusal::{Refusal, internal, invalid_argument};
use crate::rejection::countermark_rejection;
use crate::text::utf8;
use crate::timestamp::{self, countermark_timestamp};
use countermark::limits::MAX_LEEWAY_SECONDS;
use countermark::{
    MalformedInput, SignatureAlgorithm, Timestamp, TimestampAuthority, TrustAnchors, Verifier, VerifierAt,
    VerifierBuilder,
};
use std::ffi::c_char;
use std::time::Duration;

/// A verifier: what is trusted, prepared once and used for many artifacts. It never changes, and one may be used
/// from many threads at once.
#[derive(Debug)]
pub struct countermark_verifier {
    verifier: Verifier,
    leeway: Duration,
}

/// A verifier in the making. The first call on it that fails is remembered, and
/// `countermark_verifier_builder_build` gives that failure, so that nothing that was to be distrusted is forgotten.
#[derive(Debug)]
pub struct countermark_verifier_builder(Result<Settings, Refusal>);

#[derive(Debug)]
struct Settings {
    builder: VerifierBuilder,
    leeway: Duration,
}

/// ECDSA on P-256 with SHA-256; accepted unless other algorithms are set.
pub const COUNTERMARK_ECDSA_P256_SHA256: u32 = 1;
/// ECDSA on P-256 with SHA-384; accepted unless other algorithms are set.
pub const COUNTERMARK_ECDSA_P256_SHA384: u32 = 2;
/// ECDSA on P-384 with SHA-256; accepted unless other algorithms are set.
pub const COUNTERMARK_ECDSA_P384_SHA256: u32 = 3;
/// ECDSA on P-384 with SHA-384; accepted unless other algorithms are set.
pub const COUNTERMARK_ECDSA_P384_SHA384: u32 = 4;

/// ECDSA on P-521 with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_ECDSA_P521_SHA256: u32 = 5;
/// ECDSA on P-521 with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_ECDSA_P521_SHA384: u32 = 6;
/// ECDSA on P-521 with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_ECDSA_P521_SHA512: u32 = 7;
/// Ed25519. A log's key may always be one; of authorities it is never accepted unless it is set, and it is not known to a
/// library without both AWS-LC and bundles.
pub const COUNTERMARK_ED25519: u32 = 8;
/// RSA PKCS #1 v1.5 with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PKCS1_SHA256: u32 = 9;
/// RSA PKCS #1 v1.5 with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PKCS1_SHA384: u32 = 10;
/// RSA PKCS #1 v1.5 with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PKCS1_SHA512: u32 = 11;
/// RSA PSS with SHA-256; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PSS_SHA256: u32 = 12;
/// RSA PSS with SHA-384; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PSS_SHA384: u32 = 13;
/// RSA PSS with SHA-512; never accepted unless it is set, and not known to a library without AWS-LC.
pub const COUNTERMARK_RSA_PSS_SHA512: u32 = 14;

/// The algorithms by the names that the core gives them.
const ALGORITHMS: [(u32, &str); 14] = [
    (COUNTERMARK_ECDSA_P256_SHA256, "ecdsa_p256_sha256"),
    (COUNTERMARK_ECDSA_P256_SHA384, "ecdsa_p256_sha384"),
    (COUNTERMARK_ECDSA_P384_SHA256, "ecdsa_p384_sha256"),
    (COUNTERMARK_ECDSA_P384_SHA384, "ecdsa_p384_sha384"),
    (COUNTERMARK_ECDSA_P521_SHA256, "ecdsa_p521_sha256"),
    (COUNTERMARK_ECDSA_P521_SHA384, "ecdsa_p521_sha384"),
    (COUNTERMARK_ECDSA_P521_SHA512, "ecdsa_p521_sha512"),
    (COUNTERMARK_ED25519, "ed25519"),
    (COUNTERMARK_RSA_PKCS1_SHA256, "rsa_pkcs1_sha256"),
    (COUNTERMARK_RSA_PKCS1_SHA384, "rsa_pkcs1_sha384"),
    (COUNTERMARK_RSA_PKCS1_SHA512, "rsa_pkcs1_sha512"),
    (COUNTERMARK_RSA_PSS_SHA256, "rsa_pss_sha256"),
    (COUNTERMARK_RSA_PSS_SHA384, "rsa_pss_sha384"),
    (COUNTERMARK_RSA_PSS_SHA512, "rsa_pss_sha512"),
];

unsafe fn pem<'a>(data: *const c_char, length: usize, argument: &str) -> Result<&'a str, Refusal> {
    // SAFETY: as this function's caller promises.
    let bytes = unsafe { characters(data, length, argument) }?;
    utf8(bytes, argument, |detail| MalformedInput::TrustAnchor { detail }.into())
}

unsafe fn algorithms(
    numbers: *const u32,
    count: usize,
    argument: &str,
) -> Result<Vec<SignatureAlgorithm>, Refusal> {
    let known = |number: &u32| {
        let named = ALGORITHMS.iter().find(|(of_table, _)| of_table == number);
        let (_, name) =
            named.ok_or_else(|| invalid_argument(&format!("`{argument}` has {number}, which is none")))?;
        Ok(name.parse()?)
    };
    // SAFETY: as this function's caller promises.
    unsafe { items(numbers, count, argument) }?.iter().map(known).collect()
}

unsafe fn anchors(data: *const c_char, length: usize) -> Result<TrustAnchors, Refusal> {
    // SAFETY: as this function's caller promises.
    let pem = unsafe { pem(data, length, "anchors_pem") }?;
    Ok(TrustAnchors::from_pem(pem)?)
}

impl countermark_verifier {
    /// The verifier at the caller's time, if there is one.
    pub(crate) fn at(&self, now: Option<Timestamp>) -> VerifierAt<'_> {
        let at = now.map_or_else(|| self.verifier.at_any_time(), |now| self.verifier.at(now));
        at.with_leeway(self.leeway)
    }
}

impl From<Settings> for countermark_verifier {
    fn from(Settings { builder, leeway }: Settings) -> Self {
        Self { verifier: builder.build(), leeway }
    }
}

impl From<TrustAnchors> for Settings {
    fn from(anchors: TrustAnchors) -> Self {
        Verifier::builder(anchors).into()
    }
}

impl From<VerifierBuilder> for Settings {
    fn from(builder: VerifierBuilder) -> Self {
        Self { builder, leeway: Duration::ZERO }
    }
}

impl From<VerifierBuilder> for countermark_verifier_builder {
    fn from(builder: VerifierBuilder) -> Self {
        Self(Ok(builder.into()))
    }
}

impl From<Verifier> for countermark_verifier {
    fn from(verifier: Verifier) -> Self {
        Self { verifier, leeway: Duration::ZERO }
    }
}

impl countermark_verifier_builder {
    /// Changes what is in the making; a failure, also a panic on the way, stays.
    fn change(&mut self, change: impl FnOnce(Settings) -> Result<Settings, Refusal>) -> Result<(), Refusal> {
        let settings = std::mem::replace(&mut self.0, Err(internal()));
        self.0 = settings.and_then(change);
        self.0.as_ref().map(|_| ()).map_err(Clone::clone)
    }
}

unsafe fn change(
    builder: *mut countermark_verifier_builder,
    change: impl FnOnce(Settings) -> Result<Settings, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe { call::done(std::ptr::null_mut(), || exclusive(builder, "builder")?.change(change)) }
}

pub(crate) unsafe fn change_core(
    builder: *mut countermark_verifier_builder,
    change_core: impl FnOnce(VerifierBuilder) -> Result<VerifierBuilder, Refusal>,
) -> countermark_code {
    // SAFETY: as this function's caller promises.
    unsafe {
        change(builder, |Settings { builder, leeway }| {
            Ok(Settings { builder: change_core(builder)?, leeway })
        })
    }
}

/// Makes a verifier that trusts the certificate authorities of a PEM text, and uses the defaults for the rest.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_from_pem(
    anchors_pem: *const c_char,
    anchors_pem_length: usize,
    verifier: *mut *mut countermark_verifier,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(verifier, "verifier", rejection, || {
            Ok(Settings::from(anchors(anchors_pem, anchors_pem_length)?).into())
        })
    }
}

/// Frees a verifier. No call may be using it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_free(verifier: *mut countermark_verifier) {
    // SAFETY: the conventions of the header.
    unsafe { free(verifier) };
}

/// Begins a verifier with more settings than its trust anchors.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_builder_new(
    anchors_pem: *const c_char,
    anchors_pem_length: usize,
    builder: *mut *mut countermark_verifier_builder,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(builder, "builder", rejection, || {
            let anchors = anchors(anchors_pem, anchors_pem_length)?;
            Ok(countermark_verifier_builder(Ok(anchors.into())))
        })
    }
}

/// Also uses the intermediate certificates of a PEM text when building paths, for records that bring only their
/// leaf. They are not trusted for being known: a path must lead on to an anchor.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_add_intermediates(
    builder: *mut countermark_verifier_builder,
    intermediates_pem: *const c_char,
    intermediates_pem_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            let pem = pem(intermediates_pem, intermediates_pem_length, "intermediates_pem")?;
            Ok(builder.intermediates_from_pem(pem)?)
        })
    }
}

/// Distrusts every certificate with this SHA-256 of its DER, or of its public key's SubjectPublicKeyInfo in DER:
/// no path goes through it. The digest is written as 64 hex digits of either case.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_distrust(
    builder: *mut countermark_verifier_builder,
    sha256_hex: *const c_char,
    sha256_hex_length: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            Ok(builder.distrust_hex(pem(sha256_hex, sha256_hex_length, "sha256_hex")?)?)
        })
    }
}

/// Begins a verifier that accepts certificates that were signed by these algorithms (`COUNTERMARK_ECDSA_*`,
/// `COUNTERMARK_ED25519`, `COUNTERMARK_RSA_*`), and by no others, also for trust anchors whose keys are of such kinds:
/// for a company's root with an RSA key, say.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_builder_new_accepting(
    anchors_pem: *const c_char,
    anchors_pem_length: usize,
    accepted: *const u32,
    accepted_count: usize,
    builder: *mut *mut countermark_verifier_builder,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(builder, "builder", rejection, || {
            let accepted = algorithms(accepted, accepted_count, "accepted")?;
            let pem = pem(anchors_pem, anchors_pem_length, "anchors_pem")?;
            let anchors = TrustAnchors::from_pem_accepting(pem, &accepted)?;
            Ok(countermark_verifier_builder(Ok(anchors.into())))
        })
    }
}

/// Accepts certificates that were signed by these algorithms, and by no others. (An anchor whose key is not one of the
/// default kinds is to be read by `countermark_verifier_builder_new_accepting`.)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_accept_algorithms(
    builder: *mut countermark_verifier_builder,
    algorithms: *const u32,
    algorithm_count: usize,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            let accepted = self::algorithms(algorithms, algorithm_count, "algorithms")?;
            Ok(builder.accept_algorithms(&accepted))
        })
    }
}

/// Also believes an authority that signs timestamps (RFC 3161), for the signed timestamps of records and, of bundles, under
/// the verifier's own anchors. `chain_pem` has the signer's certificate first and the one to trust last, two at least; what
/// a timestamp itself brings is not looked at. Timestamps count from `start` to `end`, which may be NULL: no end.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_add_timestamp_authority(
    builder: *mut countermark_verifier_builder,
    chain_pem: *const c_char,
    chain_pem_length: usize,
    start: *const countermark_timestamp,
    end: *const countermark_timestamp,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change_core(builder, |builder| {
            let pem = pem(chain_pem, chain_pem_length, "chain_pem")?;
            let period = timestamp::period(start, end)?;
            Ok(builder.timestamp_authority(TimestampAuthority::new([pem], period)?)?)
        })
    }
}

/// Sets by how many seconds an entry, or a signed time of a bundle, may be newer than the `now` of a call, 0 to 86,400. The default is 0. The log's
/// clock and the caller's are two, and a fresh entry need not be refused because one of them is ahead; where a call is
/// given no `now`, nothing changes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_set_now_leeway_seconds(
    builder: *mut countermark_verifier_builder,
    seconds: u32,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        change(builder, |settings| match seconds {
            // The limit also catches a negative number, which C passes as a very large one.
            0..=MAX_LEEWAY_SECONDS => {
                Ok(Settings { leeway: Duration::from_secs(seconds.into()), ..settings })
            }
            _ => Err(invalid_argument(&format!(
                "`seconds` is {seconds}, and may be at most {MAX_LEEWAY_SECONDS}"
            ))),
        })
    }
}

/// Makes the verifier, or gives the first failure of a call on the builder. The builder is empty afterwards: free it.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn countermark_verifier_builder_build(
    builder: *mut countermark_verifier_builder,
    verifier: *mut *mut countermark_verifier,
    rejection: *mut *mut countermark_rejection,
) -> countermark_code {
    // SAFETY: the conventions of the header.
    unsafe {
        call::make(verifier, "verifier", rejection, || {
            let builder = exclusive(builder, "builder")?;
            let emptied = invalid_argument("`builder` has made its verifier already");
            std::mem::replace(&mut builder.0, Err(emptied)).map(Into::into)
        })
    }
}

/// Frees a builder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn countermark_verifier_builder_free(builder: *mut countermark_verifier_builder) {
    // SAFETY: the conventions of the header.
    unsafe { free(builder) };
}
