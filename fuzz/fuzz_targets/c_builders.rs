//! The C face's field-by-field builders: calls in any order, with any arguments, NULL among them, give the codes that
//! the Rust face's own types give; and what was built is judged as in Rust.

#![no_main]

use arbitrary::Arbitrary;
use countermark::{
    Claim, Code, Entry, MalformedInput, Match, Policy, RevocationScope, SignatureAlgorithm, Timestamp,
    TrustAnchors, Verifier,
};
use countermark_c::code::{COUNTERMARK_DONE, countermark_code};
use countermark_c::entries::*;
use countermark_c::entry::*;
use countermark_c::policy::*;
use countermark_c::rejection::*;
use countermark_c::report::*;
use countermark_c::text::countermark_text;
use countermark_c::timestamp::countermark_timestamp;
use countermark_c::verified::*;
use countermark_c::verifier::*;
use countermark_c::verify::*;
use countermark_fuzz::common::{Vector, testdata};
use countermark_fuzz::edit::pick;
use libfuzzer_sys::fuzz_target;
use std::ffi::c_char;
use std::ptr;
use std::sync::LazyLock;
use std::time::Duration;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    anchors: Text<'a>,
    verifier: Vec<VerifierCall<'a>>,
    namespace: Text<'a>,
    issuer: Text<'a>,
    policy: Vec<PolicyCall<'a>>,
    entries: Vec<EntryCall<'a>>,
    leaves_out_faults: bool,
    name: Text<'a>,
    now: Option<(i64, u32)>,
}

/// A text: one that fits somewhere, one that the fuzzer made, or NULL with a length.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Text<'a> {
    Good(u8),
    Bytes(&'a [u8]),
    Null(u8),
}

#[derive(Arbitrary, Debug)]
enum VerifierCall<'a> {
    Intermediates(Text<'a>),
    Distrust(Text<'a>),
    Algorithms(Vec<u8>),
    Leeway(u32),
}

#[derive(Arbitrary, Debug)]
enum PolicyCall<'a> {
    Require(Text<'a>, Text<'a>),
    AnyOf(Text<'a>, Vec<Text<'a>>),
    Glob(Text<'a>, Text<'a>),
    Lifetime(u32),
    Scope(u8),
    Block(Text<'a>),
}

#[derive(Arbitrary, Debug)]
enum EntryCall<'a> {
    Namespace(Text<'a>),
    ArtifactName(Text<'a>),
    Signature(Text<'a>),
    Certificate(Text<'a>),
    Certificates(Text<'a>),
    Timestamp(Text<'a>),
    TimestampUnix(i64, u32),
    Provenance(Text<'a>, Text<'a>),
    Revoked(bool),
    Blocklisted(bool),
    Add,
    /// Every field of a good entry, in order.
    Good,
}

/// Texts and bytes of a vector that is accepted, so that whole entries come about.
struct Good {
    texts: Vec<Vec<u8>>,
    entry: Entry,
}

static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let vector = Vector::read(&testdata("vectors/accept-known-intermediate.json"));
    let input = vector.build().unwrap();
    let entry = input.entries[0].clone();
    let anchors: String = vector.get("trust_anchors").unwrap();
    let intermediates: String = vector.get("intermediates").unwrap();
    let mut texts: Vec<Vec<u8>> = [
        entry.namespace(),
        entry.artifact_name(),
        &entry.timestamp().to_string(),
        "https://token.actions.githubusercontent.com",
        "source_repository_ref",
        "certificate_oidc_issuer",
        "1.3.6.1.4.1.57264.1.5",
        "refs/tags/v1.6.217",
        "refs/tags/v*",
        &anchors,
        &intermediates,
        "",
        "sha256:cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be",
        "cec83ad230502a3cc1bec3edd228669625ca652b9b34ed7aece69711f86454be",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    texts.push(entry.signature().to_vec());
    texts.extend(entry.certificates().iter().cloned());
    Good { texts, entry }
});

/// What a call is refused with: the code's number.
type Refused = u32;

fn malformed(malformed: MalformedInput) -> Refused {
    malformed.code().number().into()
}

const INVALID_ARGUMENT: Refused = 110;
const MALFORMED_TRUST_ANCHOR: Refused = 100;
const MALFORMED_POLICY: Refused = 101;
const MALFORMED_ENTRY: Refused = 102;
const MALFORMED_NAME: Refused = 103;

impl<'a> Text<'a> {
    fn raw(self) -> (*const c_char, usize) {
        match self {
            Self::Null(length) => (ptr::null(), length.into()),
            _ => {
                let bytes = self.bytes().unwrap();
                (bytes.as_ptr().cast(), bytes.len())
            }
        }
    }

    /// The bytes that the library must see.
    fn bytes(self) -> Result<&'a [u8], Refused> {
        match self {
            Self::Good(number) => Ok(pick(&GOOD.texts, number).unwrap()),
            Self::Bytes(bytes) => Ok(bytes),
            Self::Null(0) => Ok(&[]),
            Self::Null(_) => Err(INVALID_ARGUMENT),
        }
    }

    fn text(self, otherwise: Refused) -> Result<&'a str, Refused> {
        std::str::from_utf8(self.bytes()?).map_err(|_| otherwise)
    }
}

/// Asserts that a call says what the model says, and never that the library itself failed.
fn expect<T>(code: countermark_code, model: &Result<T, Refused>) {
    assert_eq!(code.number, model.as_ref().err().copied().unwrap_or(COUNTERMARK_DONE));
}

/// What the first failure leaves of a thing in the making.
fn step<T>(model: &mut Result<T, Refused>, change: impl FnOnce(T) -> Result<T, Refused>) {
    let old = std::mem::replace(model, Err(0));
    *model = old.and_then(change);
}

/// A verifier as it should be: the core's, and the leeway of its `now`.
type ModelVerifier = (Verifier, Duration);

/// The largest leeway that is taken, in seconds.
const MAX_LEEWAY: u32 = 86_400;

/// The algorithms in the order of their numbers.
const ALGORITHMS: [&str; 14] = [
    "ecdsa_p256_sha256",
    "ecdsa_p256_sha384",
    "ecdsa_p384_sha256",
    "ecdsa_p384_sha384",
    "ecdsa_p521_sha256",
    "ecdsa_p521_sha384",
    "ecdsa_p521_sha512",
    "ed25519",
    "rsa_pkcs1_sha256",
    "rsa_pkcs1_sha384",
    "rsa_pkcs1_sha512",
    "rsa_pss_sha256",
    "rsa_pss_sha384",
    "rsa_pss_sha512",
];

fn make_verifier(input: &Input<'_>) -> (*mut countermark_verifier, Result<ModelVerifier, Refused>) {
    let mut builder = ptr::null_mut();
    let (data, length) = input.anchors.raw();
    // SAFETY: the text is alive, and the output a place for a pointer.
    let code = unsafe { countermark_verifier_builder_new(data, length, &raw mut builder, ptr::null_mut()) };
    let mut model = input
        .anchors
        .text(MALFORMED_TRUST_ANCHOR)
        .and_then(|pem| Ok(TrustAnchors::from_pem(pem).map_err(malformed)?))
        .map(|anchors| Some((Verifier::builder(anchors), Duration::ZERO)));
    expect(code, &model);
    for call in input.verifier.iter().take(4) {
        let change = |settings: Option<(countermark::VerifierBuilder, Duration)>| {
            let (builder, leeway) = settings.unwrap();
            let builder = match call {
                VerifierCall::Intermediates(text) => {
                    builder.intermediates_from_pem(text.text(MALFORMED_TRUST_ANCHOR)?).map_err(malformed)?
                }
                VerifierCall::Distrust(text) => {
                    builder.distrust_hex(text.text(MALFORMED_TRUST_ANCHOR)?).map_err(malformed)?
                }
                VerifierCall::Algorithms(numbers) => {
                    // Numbered from 1 in this order. A build without AWS-LC does not know all of them.
                    let of = |number: &u8| {
                        let name =
                            ALGORITHMS.get(usize::from(*number).wrapping_sub(1)).ok_or(INVALID_ARGUMENT)?;
                        name.parse::<SignatureAlgorithm>().map_err(|_| MALFORMED_TRUST_ANCHOR)
                    };
                    builder.accept_algorithms(&numbers.iter().map(of).collect::<Result<Vec<_>, _>>()?)
                }
                VerifierCall::Leeway(seconds @ 0..=MAX_LEEWAY) => {
                    return Ok(Some((builder, Duration::from_secs((*seconds).into()))));
                }
                VerifierCall::Leeway(_) => return Err(INVALID_ARGUMENT),
            };
            Ok(Some((builder, leeway)))
        };
        if !builder.is_null() {
            step(&mut model, change);
        }
        // SAFETY: the builder is NULL or alive, and so are the arguments.
        let code = unsafe {
            match call {
                VerifierCall::Intermediates(text) => {
                    let (data, length) = text.raw();
                    countermark_verifier_builder_add_intermediates(builder, data, length)
                }
                VerifierCall::Distrust(text) => {
                    let (data, length) = text.raw();
                    countermark_verifier_builder_distrust(builder, data, length)
                }
                VerifierCall::Algorithms(numbers) => {
                    let numbers: Vec<u32> = numbers.iter().copied().map(u32::from).collect();
                    countermark_verifier_builder_accept_algorithms(builder, numbers.as_ptr(), numbers.len())
                }
                VerifierCall::Leeway(seconds) => {
                    countermark_verifier_builder_set_now_leeway_seconds(builder, *seconds)
                }
            }
        };
        if builder.is_null() {
            assert_eq!(code.number, INVALID_ARGUMENT);
        } else {
            expect(code, &model);
        }
    }
    let mut verifier = ptr::null_mut();
    // SAFETY: the builder is NULL or alive; it is freed once.
    unsafe {
        let code = countermark_verifier_builder_build(builder, &raw mut verifier, ptr::null_mut());
        if !builder.is_null() {
            expect(code, &model);
        }
        let mut second = ptr::null_mut();
        let again = countermark_verifier_builder_build(builder, &raw mut second, ptr::null_mut());
        assert_eq!((again.number, second.is_null()), (INVALID_ARGUMENT, true));
        countermark_verifier_builder_free(builder);
    }
    (verifier, model.map(|settings| settings.map(|(builder, leeway)| (builder.build(), leeway)).unwrap()))
}

fn make_policy(input: &Input<'_>) -> (*mut countermark_policy, Result<Policy, Refused>) {
    let mut policy = ptr::null_mut();
    let ((namespace, namespace_length), (issuer, issuer_length)) =
        (input.namespace.raw(), input.issuer.raw());
    // SAFETY: the texts are alive, and the output a place for a pointer.
    let code = unsafe {
        countermark_policy_new(
            namespace,
            namespace_length,
            issuer,
            issuer_length,
            &raw mut policy,
            ptr::null_mut(),
        )
    };
    let new = || {
        let namespace = input.namespace.text(MALFORMED_POLICY)?;
        let issuer = input.issuer.text(MALFORMED_POLICY)?;
        Policy::new(namespace, issuer).map_err(malformed)
    };
    let mut model = new();
    expect(code, &model);
    if policy.is_null() {
        return (policy, model);
    }
    for call in input.policy.iter().take(8) {
        step(&mut model, |policy| change_policy(policy, call));
        // SAFETY: the policy is alive, and so are the texts.
        let code = unsafe {
            match call {
                PolicyCall::Require(claim, value) => {
                    let ((claim, claim_length), (value, length)) = (claim.raw(), value.raw());
                    countermark_policy_require(policy, claim, claim_length, value, length)
                }
                PolicyCall::AnyOf(claim, values) => {
                    let (claim, claim_length) = claim.raw();
                    let values: Vec<countermark_text> = values
                        .iter()
                        .map(|text| text.raw())
                        .map(|(data, length)| countermark_text { data, length })
                        .collect();
                    countermark_policy_require_any_of(
                        policy,
                        claim,
                        claim_length,
                        values.as_ptr(),
                        values.len(),
                    )
                }
                PolicyCall::Glob(claim, pattern) => {
                    let ((claim, claim_length), (pattern, length)) = (claim.raw(), pattern.raw());
                    countermark_policy_require_glob(policy, claim, claim_length, pattern, length)
                }
                PolicyCall::Lifetime(seconds) => {
                    countermark_policy_set_max_certificate_lifetime_seconds(policy, *seconds)
                }
                PolicyCall::Scope(scope) => countermark_policy_set_revocation_scope(policy, (*scope).into()),
                PolicyCall::Block(item) => {
                    let (item, length) = item.raw();
                    countermark_policy_block(policy, item, length)
                }
            }
        };
        expect(code, &model);
        // SAFETY: the policy is alive.
        let fault = unsafe { countermark_policy_fault(policy) };
        assert_eq!(fault.is_null(), model.is_ok());
    }
    (policy, model)
}

fn change_policy(policy: Policy, call: &PolicyCall<'_>) -> Result<Policy, Refused> {
    let claim = |name: &Text<'_>| name.text(MALFORMED_POLICY)?.parse::<Claim>().map_err(malformed);
    let changed = match call {
        PolicyCall::Require(name, value) => policy.require(claim(name)?, value.text(MALFORMED_POLICY)?),
        PolicyCall::AnyOf(name, values) => {
            let claim = claim(name)?;
            let values =
                values.iter().map(|value| value.text(MALFORMED_POLICY)).collect::<Result<Vec<_>, _>>()?;
            policy.require(claim, Match::any_of(values).map_err(malformed)?)
        }
        PolicyCall::Glob(name, pattern) => {
            let claim = claim(name)?;
            policy.require(claim, Match::glob(pattern.text(MALFORMED_POLICY)?).map_err(malformed)?)
        }
        PolicyCall::Lifetime(seconds) => policy.with_max_certificate_lifetime_seconds(*seconds),
        PolicyCall::Scope(1) => Ok(policy.with_revocation_scope(RevocationScope::Artifact)),
        PolicyCall::Scope(2) => Ok(policy.with_revocation_scope(RevocationScope::Entry)),
        PolicyCall::Scope(3) => Ok(policy.with_revocation_scope(RevocationScope::Digest)),
        PolicyCall::Scope(_) => return Err(INVALID_ARGUMENT),
        PolicyCall::Block(item) => policy.block(item.text(MALFORMED_POLICY)?),
    };
    changed.map_err(malformed)
}

/// An entry in the making, as it should be.
#[derive(Default)]
struct Fields {
    namespace: Option<String>,
    artifact_name: Option<String>,
    signature: Option<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    timestamp: Option<Timestamp>,
    provenance: Vec<(String, String)>,
    revoked: Option<bool>,
    blocklisted: Option<bool>,
}

fn once<T>(field: &mut Option<T>, value: T) -> Result<(), Refused> {
    field.replace(value).map_or(Ok(()), |_| Err(MALFORMED_ENTRY))
}

impl Fields {
    fn change(mut self, call: &EntryCall<'_>) -> Result<Self, Refused> {
        let owned = |text: &Text<'_>| text.text(MALFORMED_ENTRY).map(str::to_owned);
        match call {
            EntryCall::Namespace(text) => once(&mut self.namespace, owned(text)?)?,
            EntryCall::ArtifactName(text) => once(&mut self.artifact_name, owned(text)?)?,
            EntryCall::Signature(der) => once(&mut self.signature, der.bytes()?.to_vec())?,
            EntryCall::Certificate(der) => self.certificates.push(der.bytes()?.to_vec()),
            EntryCall::Certificates(pem) => self
                .certificates
                .extend(Entry::certificates_from_pem(pem.text(MALFORMED_ENTRY)?).map_err(malformed)?),
            EntryCall::Timestamp(text) => {
                let timestamp = text.text(MALFORMED_ENTRY)?.parse().map_err(|_| MALFORMED_ENTRY)?;
                once(&mut self.timestamp, timestamp)?;
            }
            EntryCall::TimestampUnix(seconds, nanoseconds) => {
                let timestamp = Timestamp::from_unix(*seconds, *nanoseconds).ok_or(MALFORMED_ENTRY)?;
                once(&mut self.timestamp, timestamp)?;
            }
            EntryCall::Provenance(claim, value) => self.provenance.push((owned(claim)?, owned(value)?)),
            EntryCall::Revoked(revoked) => once(&mut self.revoked, *revoked)?,
            EntryCall::Blocklisted(blocklisted) => once(&mut self.blocklisted, *blocklisted)?,
            EntryCall::Add | EntryCall::Good => unreachable!("they are no fields"),
        }
        Ok(self)
    }

    fn entry(self) -> Result<Entry, Refused> {
        let entry = Entry::new(
            self.namespace.ok_or(MALFORMED_ENTRY)?,
            self.artifact_name.ok_or(MALFORMED_ENTRY)?,
            self.signature.ok_or(MALFORMED_ENTRY)?,
            self.certificates,
            self.timestamp.ok_or(MALFORMED_ENTRY)?,
            self.revoked.ok_or(MALFORMED_ENTRY)?,
        );
        let entry = entry.and_then(|entry| entry.with_provenance(self.provenance)).map_err(malformed)?;
        Ok(entry.with_blocklisted(self.blocklisted.unwrap_or(false)))
    }
}

/// A record in the making and the list that it goes to, in C and as they should be.
struct Records {
    entry: *mut countermark_entry,
    fields: Result<Fields, Refused>,
    list: *mut countermark_entries,
    entries: Vec<Entry>,
    fault: Option<Refused>,
}

impl Records {
    fn new() -> Self {
        let (mut entry, mut list) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the outputs are places for pointers.
        unsafe {
            expect(countermark_entry_new(&raw mut entry, ptr::null_mut()), &Ok(()));
            expect(countermark_entries_new(&raw mut list, ptr::null_mut()), &Ok(()));
        }
        Self { entry, fields: Ok(Fields::default()), list, entries: Vec::new(), fault: None }
    }

    fn call(&mut self, call: &EntryCall<'_>) {
        match call {
            EntryCall::Add => self.add(),
            EntryCall::Good => self.good(),
            field => self.set(field),
        }
    }

    fn set(&mut self, call: &EntryCall<'_>) {
        step(&mut self.fields, |fields| fields.change(call));
        let entry = self.entry;
        // SAFETY: the entry is alive, and so are the texts.
        let code = unsafe {
            match call {
                EntryCall::Namespace(text) => {
                    let (data, length) = text.raw();
                    countermark_entry_set_namespace(entry, data, length)
                }
                EntryCall::ArtifactName(text) => {
                    let (data, length) = text.raw();
                    countermark_entry_set_artifact_name(entry, data, length)
                }
                EntryCall::Signature(der) => {
                    let (data, length) = der.raw();
                    countermark_entry_set_signature(entry, data.cast(), length)
                }
                EntryCall::Certificate(der) => {
                    let (data, length) = der.raw();
                    countermark_entry_add_certificate(entry, data.cast(), length)
                }
                EntryCall::Certificates(pem) => {
                    let (data, length) = pem.raw();
                    countermark_entry_add_certificates_pem(entry, data, length)
                }
                EntryCall::Timestamp(text) => {
                    let (data, length) = text.raw();
                    countermark_entry_set_timestamp(entry, data, length)
                }
                EntryCall::TimestampUnix(seconds, nanoseconds) => {
                    countermark_entry_set_timestamp_unix(entry, *seconds, *nanoseconds)
                }
                EntryCall::Provenance(claim, value) => {
                    let ((claim, claim_length), (value, length)) = (claim.raw(), value.raw());
                    countermark_entry_add_provenance(entry, claim, claim_length, value, length)
                }
                EntryCall::Revoked(revoked) => countermark_entry_set_revoked(entry, *revoked),
                EntryCall::Blocklisted(blocklisted) => countermark_entry_set_blocklisted(entry, *blocklisted),
                EntryCall::Add | EntryCall::Good => unreachable!("they are no fields"),
            }
        };
        expect(code, &self.fields);
    }

    fn good(&mut self) {
        let good = &GOOD.entry;
        let time = good.timestamp();
        self.set(&EntryCall::Namespace(Text::Bytes(good.namespace().as_bytes())));
        self.set(&EntryCall::ArtifactName(Text::Bytes(good.artifact_name().as_bytes())));
        self.set(&EntryCall::Signature(Text::Bytes(good.signature())));
        for certificate in good.certificates() {
            self.set(&EntryCall::Certificate(Text::Bytes(certificate)));
        }
        self.set(&EntryCall::TimestampUnix(time.unix_seconds(), time.subsec_nanoseconds()));
        self.set(&EntryCall::Revoked(false));
    }

    fn add(&mut self) {
        let made = std::mem::replace(&mut self.fields, Ok(Fields::default())).and_then(Fields::entry);
        // SAFETY: the list and the entry are alive.
        let code = unsafe { countermark_entries_add(self.list, self.entry, ptr::null_mut()) };
        expect(code, &made);
        match made {
            Ok(entry) => self.entries.push(entry),
            Err(refused) => self.fault = self.fault.or(Some(refused)),
        }
        // SAFETY: the list is alive.
        unsafe {
            assert_eq!(countermark_entries_count(self.list), self.entries.len());
            assert_eq!(countermark_entries_fault(self.list).is_null(), self.fault.is_none());
        }
    }

    fn leave_out_faults(&mut self) {
        self.fault = None;
        // SAFETY: the list is alive.
        expect(unsafe { countermark_entries_leave_out_faults(self.list) }, &Ok(()));
    }
}

/// What `countermark_verify` must say.
fn model_verdict(
    input: &Input<'_>,
    (verifier, leeway): &ModelVerifier,
    policy: Result<&Policy, Refused>,
    records: &Records,
) -> Result<u32, Refused> {
    let name = input.name.bytes()?;
    let now = match input.now {
        None => None,
        Some((seconds, nanoseconds)) => {
            Some(Timestamp::from_unix(seconds, nanoseconds).ok_or(INVALID_ARGUMENT)?)
        }
    };
    let policy = policy?;
    records.fault.map_or(Ok(()), Err)?;
    let name = std::str::from_utf8(name).map_err(|_| MALFORMED_NAME)?.parse().map_err(malformed)?;
    let verifier = now.map_or_else(|| verifier.at_any_time(), |now| verifier.at(now)).with_leeway(*leeway);
    Ok(match verifier.verify(&name, &records.entries, policy) {
        Ok(_) => Code::Verified.number().into(),
        Err(rejection) => rejection.code().number().into(),
    })
}

/// Looks at a text as a caller would: every byte of it, and the zero after it.
fn read(text: countermark_text) -> usize {
    if text.data.is_null() {
        return 0;
    }
    // SAFETY: the library gave the text, and the handle that it belongs to is alive.
    let bytes = unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.length + 1) };
    assert_eq!(bytes[text.length], 0);
    std::str::from_utf8(&bytes[..text.length]).unwrap().chars().count()
}

fuzz_target!(|input: Input<'_>| {
    let (verifier, model_verifier) = make_verifier(&input);
    let (policy, model_policy) = make_policy(&input);
    let mut records = Records::new();
    for call in input.entries.iter().take(24) {
        records.call(call);
    }
    if input.leaves_out_faults {
        records.leave_out_faults();
    }

    let (name, name_length) = input.name.raw();
    let now = input.now.map(|(seconds, nanoseconds)| countermark_timestamp { seconds, nanoseconds });
    let now = now.as_ref().map_or(ptr::null(), ptr::from_ref);
    let (mut verified, mut why, mut report) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the handles are NULL or alive, and so are the other arguments; each handle is freed once.
    unsafe {
        let code = countermark_verify(
            verifier,
            name,
            name_length,
            records.list,
            policy,
            now,
            &raw mut verified,
            &raw mut why,
        );
        let examined = countermark_examine(
            verifier,
            name,
            name_length,
            records.list,
            policy,
            now,
            &raw mut report,
            ptr::null_mut(),
        );
        assert_eq!(verified.is_null(), code.number != 1);
        assert_eq!(why.is_null(), code.number == 1);
        match &model_verifier {
            Ok(verifier) if !policy.is_null() => {
                let policy = model_policy.as_ref().map_err(|refused| *refused);
                match model_verdict(&input, verifier, policy, &records) {
                    Ok(number) => {
                        assert_eq!(code.number, number);
                        assert_eq!(examined.number, COUNTERMARK_DONE);
                        assert_eq!(countermark_report_verdict(report).number, number);
                    }
                    Err(refused) => assert_eq!((code.number, examined.number), (refused, refused)),
                }
            }
            _ => assert_eq!(code.number, INVALID_ARGUMENT),
        }
        read(countermark_rejection_text(why));
        read(countermark_rejection_json(why));
        read(countermark_verified_text(verified));
        read(countermark_verified_json(verified));
        read(countermark_report_text(report));
        read(countermark_report_json(report));
        for index in 0..=countermark_verified_claim_count(verified) {
            read(countermark_verified_claim_name(verified, index));
            read(countermark_verified_claim_value(verified, index));
        }
        countermark_verified_free(verified);
        countermark_rejection_free(why);
        countermark_report_free(report);
        countermark_entry_free(records.entry);
        countermark_entries_free(records.list);
        countermark_policy_free(policy);
        countermark_verifier_free(verifier);
    }
});
