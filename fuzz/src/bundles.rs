//! The published bundles of `testdata/sigstore`, what is known to be true of those that verify, and the changes of them that a
//! fuzzer chooses.

use crate::common::testdata;
use crate::edit::{Edit, pick};
use arbitrary::Arbitrary;
use base64ct::{Base64, Encoding};
use countermark::{
    AnyBundlePolicy, Artifact, Bundle, BundlePolicy, Claim, Code, Digest, HashAlgorithm, KeyPolicy,
    PublicKey, SignatureAlgorithm, TimeVoucher, Timestamp, TrustedRoot, Verified, Verifier, VerifierBuilder,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A file of a case.
pub fn file(name: &str) -> Vec<u8> {
    let path = testdata("sigstore").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cases of the manifest.
pub fn manifest() -> Vec<Value> {
    serde_json::from_slice(&file("manifest.json")).unwrap()
}

/// A case by its parts, which can be changed.
#[derive(Clone)]
struct Case {
    bundle: Value,
    /// Which of the roots.
    root: usize,
    artifact: What,
    signer: Signer,
    /// Log entries, signed times and certificate timestamps.
    demands: [u32; 3],
}

/// What is to be verified.
#[derive(Clone)]
enum What {
    Bytes(Vec<u8>),
    Digests(Vec<Digest>),
}

/// Whose it must be.
#[derive(Clone)]
enum Signer {
    Identity { identity: Option<String>, issuer: Option<String> },
    Key(String),
}

/// What is known of one signature: the union of what verifies in any case, under any of the roots.
#[derive(Default)]
struct Known {
    payload: Option<Vec<u8>>,
    /// By SHA-256.
    artifacts: BTreeSet<Vec<u8>>,
    times: BTreeSet<(Timestamp, &'static str)>,
    log_indices: BTreeSet<u64>,
    tree_sizes: BTreeSet<u64>,
    integrated_times: BTreeSet<Timestamp>,
    certificate_times: BTreeSet<Timestamp>,
}

/// The leaf, empty where a key signed, and the signature.
type Signing = (Vec<u8>, Vec<u8>);

struct Data {
    cases: Vec<Case>,
    roots: Vec<Value>,
    verifiers: Vec<Option<Verifier>>,
    known: BTreeMap<Signing, Known>,
    /// The times at which anything was signed.
    times: Vec<Timestamp>,
}

fn verifier(root: &Value) -> Option<Verifier> {
    let root = TrustedRoot::from_json(root.to_string()).ok()?;
    let builder = VerifierBuilder::without_anchors().accept_algorithms(SignatureAlgorithm::ALL);
    Some(builder.trusted_root("it", &root).unwrap().build())
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let (mut cases, mut roots): (Vec<Case>, Vec<(PathBuf, Value)>) = (Vec::new(), Vec::new());
    for case in manifest() {
        let text = |member: &str| case[member].as_str().map(str::to_owned);
        let Some(bundle) = text("bundle").and_then(|name| serde_json::from_slice(&file(&name)).ok()) else {
            continue;
        };
        let path = PathBuf::from(text("trusted_root").unwrap());
        let root = roots.iter().position(|(known, _)| *known == path).unwrap_or_else(|| {
            roots.push((path.clone(), serde_json::from_slice(&file(path.to_str().unwrap())).unwrap()));
            roots.len() - 1
        });
        let digest = |algorithm: &HashAlgorithm| {
            Digest::from_hex(*algorithm, case[format!("artifact_{algorithm}")].as_str()?)
        };
        let artifact = text("artifact").map_or_else(
            || What::Digests(HashAlgorithm::ALL.iter().filter_map(digest).collect()),
            |name| What::Bytes(file(&name)),
        );
        let key = text("key").map(|name| Signer::Key(String::from_utf8(file(&name)).unwrap()));
        let signer =
            key.unwrap_or_else(|| Signer::Identity { identity: text("identity"), issuer: text("issuer") });
        let demands = ["tlog", "timestamps", "sct"]
            .map(|count| u32::try_from(case["policy"][count].as_u64().unwrap()).unwrap());
        cases.push(Case { bundle, root, artifact, signer, demands });
    }
    let roots: Vec<Value> = roots.into_iter().map(|(_, root)| root).collect();
    let verifiers: Vec<_> = roots.iter().map(verifier).collect();
    let mut known: BTreeMap<Signing, Known> = BTreeMap::new();
    for case in &cases {
        let Ok(bundle) = Bundle::from_json(case.bundle.to_string()) else { continue };
        for verifier in verifiers.iter().flatten() {
            let question = Question { case, verifier, now: None };
            question.with_policy(|policy| {
                let artifact = case.artifact.artifact();
                if let Ok(verified) = verifier.verify_bundle(&artifact, &bundle, policy) {
                    known.entry(signing(&verified)).or_default().learn(&verified, case);
                }
            });
        }
    }
    let times = known.values().flat_map(|known| known.times.iter().map(|(time, _)| *time)).collect();
    assert!(known.len() > 20, "too few of the bundles verify");
    Data { cases, roots, verifiers, known, times }
});

fn signing(verified: &Verified<'_>) -> Signing {
    (verified.leaf().to_vec(), verified.signature().to_vec())
}

/// The envelope's payload, by another reader of JSON.
fn payload(bundle: &Value) -> Option<Vec<u8>> {
    let text = bundle["dsseEnvelope"]["payload"].as_str()?;
    let text = text.replace('-', "+").replace('_', "/");
    Base64::decode_vec(&format!("{0}{1:=<2$}", text, "", (4 - text.len() % 4) % 4)).ok()
}

impl Known {
    fn learn(&mut self, verified: &Verified<'_>, case: &Case) {
        self.payload = payload(&case.bundle);
        self.artifacts.extend(case.artifact.sha256());
        self.times.extend(verified.times().iter().map(|time| (time.time(), time.voucher().name())));
        for entry in verified.log_entries() {
            self.log_indices.extend(entry.log_index());
            self.tree_sizes.extend(entry.tree_size());
            self.integrated_times.extend(entry.integrated_time());
        }
        self.certificate_times.extend(verified.certificate_timestamps().iter().map(|sct| sct.time()));
    }

    /// Whether nothing was established that is not known of this signature.
    fn check(&self, verified: &Verified<'_>, bundle: &Value, artifact: &What) {
        assert_eq!(self.payload, payload(bundle), "the payload is another");
        let sha256 = artifact.sha256();
        match &self.payload {
            None => assert!(
                sha256.is_some_and(|sha256| self.artifacts.contains(&sha256)),
                "the artifact is another"
            ),
            Some(payload) => {
                assert!(is_subject(payload, artifact), "the statement is not about the artifact")
            }
        }
        for time in verified.times().iter().filter(|time| time.voucher() != TimeVoucher::Caller) {
            let found = (time.time(), time.voucher().name());
            assert!(self.times.contains(&found), "nobody signed the time {found:?}");
        }
        for entry in verified.log_entries() {
            assert!(entry.log_index().is_none_or(|index| self.log_indices.contains(&index)));
            assert!(entry.tree_size().is_none_or(|size| self.tree_sizes.contains(&size)));
            assert!(entry.integrated_time().is_none_or(|time| self.integrated_times.contains(&time)));
            assert!(entry.tree_size().is_some() || entry.integrated_time().is_some(), "no log has the entry");
        }
        for sct in verified.certificate_timestamps() {
            assert!(self.certificate_times.contains(&sct.time()));
        }
    }
}

/// Whether a statement, by another reader of JSON, has a digest of the artifact.
fn is_subject(payload: &[u8], artifact: &What) -> bool {
    let statement: Value = serde_json::from_slice(payload).unwrap();
    let artifact = artifact.artifact();
    statement["subject"].as_array().unwrap().iter().any(|subject| {
        artifact.digests().any(|digest| {
            let told = subject["digest"][digest.algorithm().name()].as_str();
            told.is_some_and(|told| {
                format!("{}:{}", digest.algorithm(), told.to_lowercase()) == digest.to_string()
            })
        })
    })
}

impl What {
    fn artifact(&self) -> Artifact<'_> {
        match self {
            Self::Bytes(bytes) => Artifact::from_bytes(bytes),
            Self::Digests(digests) => Artifact::from_digests(digests.iter().copied())
                .unwrap_or_else(|_| Artifact::from_bytes(b"no artifact")),
        }
    }

    fn sha256(&self) -> Option<Vec<u8>> {
        Some(self.artifact().digest(HashAlgorithm::Sha256)?.as_bytes().to_vec())
    }
}

/// What a fuzzer's bytes mean: a case, and what is changed of it.
#[derive(Arbitrary, Debug)]
pub struct Input<'a> {
    case: u8,
    changes: Vec<Change<'a>>,
    /// Changes of the text that comes of it.
    text: Vec<Edit<'a>>,
    artifact: ArtifactChange<'a>,
    /// Whose it must be: the case's own, or another one's.
    signer: Option<u8>,
    root: Option<u8>,
    root_changes: Vec<Change<'a>>,
    /// How many log entries, signed times and certificate timestamps are demanded, where it is not what the case does.
    demands: [Option<u8>; 3],
    ignores_unknown: bool,
    /// Whether the other calls are held against `verify_bundle` too, which takes several times as long.
    calls_all: bool,
    /// The caller's time: so many seconds after one at which something was signed.
    now: Option<(u8, i16)>,
}

#[derive(Arbitrary, Debug)]
enum ArtifactChange<'a> {
    None,
    OfCase(u8),
    Edit(Edit<'a>),
    /// By its digests alone.
    Digests,
}

/// One change of JSON: at a place, or at a place inside of the JSON that stands there in base64.
#[derive(Arbitrary, Debug)]
struct Change<'a> {
    place: u16,
    inside: Option<u16>,
    to: To<'a>,
}

#[derive(Arbitrary, Debug)]
enum To<'a> {
    Removed,
    /// The same place of another case.
    OfCase(u8),
    /// Another place of another case.
    Of(u8, u16),
    /// In an array once more, or with what another case has in the same array.
    Again(Option<u8>),
    TextEdited(Edit<'a>),
    BytesEdited(Edit<'a>),
    Number(i32),
    Next(i8),
    Text(&'a str),
    Null,
    Empty,
}

/// The JSON pointers of all that is in a value.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    let mut enter = |step: &str, value: &Value| {
        let place = format!("{here}/{}", step.replace('~', "~0").replace('/', "~1"));
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| enter(name, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| enter(&index.to_string(), item));
        }
        _ => {}
    }
}

fn place(value: &Value, number: u16) -> Option<String> {
    let mut found = Vec::new();
    places(value, "", &mut found);
    (!found.is_empty()).then(|| found.swap_remove(usize::from(number) % found.len()))
}

impl Change<'_> {
    fn apply(&self, whole: &mut Value, others: &[&Value]) -> Option<()> {
        let place = place(whole, self.place)?;
        let Some(inside) = self.inside else { return self.to.apply(whole, &place, others) };
        let at = whole.pointer_mut(&place)?;
        let mut json = inner(at)?;
        let others: Vec<Value> =
            others.iter().map(|other| other.pointer(&place).and_then(inner).unwrap_or(Value::Null)).collect();
        let inside = self::place(&json, inside)?;
        self.to.apply(&mut json, &inside, &others.iter().collect::<Vec<_>>())?;
        *at = Base64::encode_string(json.to_string().as_bytes()).into();
        Some(())
    }
}

fn inner(value: &Value) -> Option<Value> {
    serde_json::from_slice(&Base64::decode_vec(value.as_str()?).ok()?).ok()
}

impl To<'_> {
    fn apply(&self, whole: &mut Value, place: &str, others: &[&Value]) -> Option<()> {
        let (parent, step) = place.rsplit_once('/')?;
        match self {
            Self::Removed => match whole.pointer_mut(parent)? {
                Value::Object(members) => drop(members.remove(&step.replace("~1", "/").replace("~0", "~"))),
                Value::Array(items) => drop(items.remove(step.parse().ok()?)),
                _ => {}
            },
            Self::OfCase(case) => {
                let new = pick(others, *case)?.pointer(place)?.clone();
                *whole.pointer_mut(place)? = new;
            }
            Self::Of(case, number) => {
                let other = pick(others, *case)?;
                let new = other.pointer(&self::place(other, *number)?)?.clone();
                *whole.pointer_mut(place)? = new;
            }
            Self::Again(case) => {
                let new = match case {
                    None => whole.pointer(place)?.clone(),
                    Some(case) => pick(others, *case)?.pointer(place)?.clone(),
                };
                let items = whole.pointer_mut(parent)?.as_array_mut()?;
                if items.len() < 40 {
                    items.push(new);
                }
            }
            Self::TextEdited(edit) => {
                let at = whole.pointer_mut(place)?;
                let mut text = at.as_str()?.as_bytes().to_vec();
                edit.apply(&mut text);
                *at = json!(String::from_utf8(text).ok()?);
            }
            Self::BytesEdited(edit) => {
                let at = whole.pointer_mut(place)?;
                let mut bytes = Base64::decode_vec(at.as_str()?).ok()?;
                edit.apply(&mut bytes);
                *at = json!(Base64::encode_string(&bytes));
            }
            Self::Number(number) => *whole.pointer_mut(place)? = json!(number.to_string()),
            Self::Next(step) => {
                let at = whole.pointer_mut(place)?;
                let number: i64 = at.as_str()?.parse().ok()?;
                *at = json!(number.wrapping_add((*step).into()).to_string());
            }
            Self::Text(text) => *whole.pointer_mut(place)? = json!(text),
            Self::Null => *whole.pointer_mut(place)? = Value::Null,
            Self::Empty => {
                let at = whole.pointer_mut(place)?;
                *at = match at {
                    Value::Array(_) => json!([]),
                    Value::Object(_) => json!({}),
                    _ => json!(""),
                };
            }
        }
        Some(())
    }
}

/// A question to a verifier.
struct Question<'q> {
    case: &'q Case,
    verifier: &'q Verifier,
    now: Option<Timestamp>,
}

impl Question<'_> {
    fn with_policy<T>(&self, with: impl FnOnce(AnyBundlePolicy<'_>) -> T) -> T {
        self.with_policy_that(false, with)
    }

    fn with_policy_that<T>(&self, ignores_unknown: bool, with: impl FnOnce(AnyBundlePolicy<'_>) -> T) -> T {
        let [log_entries, times, certificate_timestamps] = self.case.demands;
        match &self.case.signer {
            Signer::Key(pem) => {
                let policy = KeyPolicy::new([PublicKey::from_pem(pem).unwrap()]).unwrap();
                let policy = policy.with_log_entries(log_entries).unwrap().with_signed_times(times).unwrap();
                let policy = if ignores_unknown { policy.ignoring_unknown_authorities() } else { policy };
                with((&policy).into())
            }
            Signer::Identity { identity, issuer } => {
                let policy = match (identity, issuer) {
                    (Some(identity), Some(issuer)) => {
                        BundlePolicy::for_sigstore(identity.as_str(), issuer).unwrap()
                    }
                    (Some(identity), None) => {
                        BundlePolicy::without_issuer([(Claim::CertificateIdentity, identity.as_str())])
                            .unwrap()
                            .with_max_certificate_lifetime_seconds(366 * 86_400)
                            .unwrap()
                    }
                    _ => BundlePolicy::any_signer_without_issuer(),
                };
                let policy = policy
                    .with_log_entries(log_entries)
                    .and_then(|policy| policy.with_signed_times(times))
                    .and_then(|policy| policy.with_certificate_timestamps(certificate_timestamps))
                    .unwrap();
                let policy = if ignores_unknown { policy.ignoring_unknown_authorities() } else { policy };
                with((&policy).into())
            }
        }
    }
}

impl Input<'_> {
    /// Verifies what comes of it. Accepted implies that signature, digest, identity, times and logs belong together: all
    /// that is established is known of one signing that was published.
    pub fn judge(&self) {
        let data = &*DATA;
        let mut case = pick(&data.cases, self.case).unwrap().clone();
        let bundles: Vec<&Value> = data.cases.iter().map(|case| &case.bundle).collect();
        for change in self.changes.iter().take(8) {
            change.apply(&mut case.bundle, &bundles);
        }
        if let Some(signer) = self.signer {
            case.signer = pick(&data.cases, signer).unwrap().signer.clone();
        }
        if let Some(root) = self.root {
            case.root = usize::from(root) % data.roots.len();
        }
        for (demand, new) in case.demands.iter_mut().zip(self.demands) {
            *demand = new.map_or(*demand, |new| u32::from(new % 4));
        }
        match &self.artifact {
            ArtifactChange::None => {}
            ArtifactChange::OfCase(other) => {
                case.artifact = pick(&data.cases, *other).unwrap().artifact.clone()
            }
            ArtifactChange::Edit(edit) => {
                if let What::Bytes(bytes) = &mut case.artifact {
                    edit.apply(bytes);
                }
            }
            ArtifactChange::Digests => {
                case.artifact = What::Digests(case.artifact.artifact().digests().collect())
            }
        }
        let mut text = case.bundle.to_string().into_bytes();
        self.text.iter().take(4).for_each(|edit| edit.apply(&mut text));
        let Ok(bundle) = Bundle::from_json(&text) else { return };
        let value: Value = serde_json::from_slice(&text).unwrap();
        let changed_root = (!self.root_changes.is_empty()).then(|| {
            let mut root = data.roots[case.root].clone();
            let roots: Vec<&Value> = data.roots.iter().collect();
            for change in self.root_changes.iter().take(4) {
                change.apply(&mut root, &roots);
            }
            verifier(&root)
        });
        let verifier = match &changed_root {
            Some(changed) => changed.as_ref(),
            None => data.verifiers[case.root].as_ref(),
        };
        let Some(verifier) = verifier else { return };
        let now = self.now.and_then(|(time, later)| {
            let time = pick(&data.times, time)?.unix_seconds();
            Timestamp::from_unix(time + i64::from(later), 0)
        });
        let question = Question { case: &case, verifier, now };
        question.judge(&bundle, &value, self.ignores_unknown, self.calls_all);
    }
}

impl Question<'_> {
    fn judge(&self, bundle: &Bundle, value: &Value, ignores_unknown: bool, calls_all: bool) {
        let artifact = self.case.artifact.artifact();
        let at = self.now.map_or_else(|| self.verifier.at_any_time(), |now| self.verifier.at(now));
        self.with_policy_that(ignores_unknown, |policy| {
            let result = at.verify_bundle(&artifact, bundle, policy);
            let code = match &result {
                Ok(verified) => {
                    self.check_accepted(verified, value);
                    Code::Verified
                }
                Err(rejection) => {
                    assert!(!rejection.detail().is_empty());
                    let _ = (rejection.to_string(), serde_json::to_string(rejection).unwrap());
                    rejection.code()
                }
            };
            if !calls_all {
                return;
            }
            let report = at.examine_bundle(&artifact, bundle, policy);
            serde_json::to_string(&report).unwrap();
            let _ = report.to_string();
            assert_eq!(report.verdict(), code, "examine disagrees with verify");
            assert_eq!(at.verify_bundles(&artifact, [bundle], policy).is_ok(), result.is_ok());
            let envelope = at.verify_envelope(bundle, policy);
            if result.is_ok() && bundle.has_envelope() {
                assert_eq!(
                    envelope.as_ref().ok().map(|envelope| envelope.payload()),
                    payload(value).as_deref()
                );
            }
            if let Ok(envelope) = &envelope {
                assert!(
                    DATA.known.values().any(|known| known.payload.as_deref() == Some(envelope.payload()))
                );
            }
        });
    }

    fn check_accepted(&self, verified: &Verified<'_>, value: &Value) {
        let known = DATA.known.get(&signing(verified)).expect("nobody signed it");
        known.check(verified, value, &self.case.artifact);
        assert_eq!(verified.instance(), Some("it"));
        let [log_entries, times, certificate_timestamps] =
            self.case.demands.map(|demand| usize::try_from(demand).unwrap());
        assert!(verified.log_entries().len() >= log_entries && verified.times().len() >= times);
        assert!(!verified.times().is_empty() || self.now.is_some(), "nobody tells the time");
        if let Some(now) = self.now {
            assert!(verified.times().iter().all(|time| time.time() <= now));
        }
        match &self.case.signer {
            Signer::Key(_) => assert!(verified.is_of_key() && verified.leaf().is_empty()),
            Signer::Identity { identity, issuer } => {
                assert!(!verified.is_of_key());
                assert!(verified.certificate_timestamps().len() >= certificate_timestamps);
                let (not_before, not_after) = verified.validity().unwrap();
                let time = verified.timestamp();
                assert!(not_before <= time && time <= not_after, "the leaf was not valid");
                let claims = verified.claims();
                if let Some(identity) = identity {
                    assert_eq!(claims.get(&Claim::CertificateIdentity), Some(identity.as_str()));
                }
                assert_eq!(claims.get(&Claim::CertificateOidcIssuer), issuer.as_deref());
            }
        }
        let _ = (verified.to_string(), serde_json::to_string(verified).unwrap());
    }
}
