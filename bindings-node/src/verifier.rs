//! The verifier.

use crate::entry::{Entry, timestamp};
use crate::judgement::{Established, Establishment, established, examination};
use crate::message::{Owned, SignedMessage};
use crate::policy::Policy;
use crate::refusal::{Refusal, Refused, guarded, guarded_text};
use crate::trust::{LogKey, TimestampAuthority, TrustedRoot};
use countermark::{
    ArtifactName, Code, Request, SignatureAlgorithm, Timestamp, TrustAnchors, VerifierAt, VerifierBuilder,
};
use napi::bindgen_prelude::{AsyncTask, ClassInstance, ToNapiValue, TypeName, Uint8Array};
use napi::{Either, Env, Task};
use napi_derive::napi;
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

/// PEM, or DER of each.
#[napi]
pub type Certificates = Either<String, Vec<Uint8Array>>;

/// Verifies artifacts against what it trusts.
#[napi]
#[derive(Debug)]
pub struct Verifier(pub(crate) Arc<countermark::Verifier>);

/// What a verifier trusts, and what it does not.
#[napi(object, object_to_js = false)]
pub struct Trusted<'a> {
    /// The verifier's own anchors, if it has any.
    pub trust_anchors: Option<Either<String, Vec<Uint8Array>>>,
    /// Known intermediates.
    pub intermediates: Option<Either<String, Vec<Uint8Array>>>,
    /// Digests, in hexadecimal or as bytes.
    pub distrusted: Vec<Either<String, Uint8Array>>,
    /// The names of algorithms.
    pub accepted_algorithms: Option<Vec<String>>,
    /// Those that belong to the anchors.
    pub timestamp_authorities: Vec<ClassInstance<'a, TimestampAuthority>>,
    /// Those that belong to the anchors.
    pub logs: Vec<ClassInstance<'a, LogKey>>,
    /// Those that belong to the anchors.
    pub certificate_logs: Vec<ClassInstance<'a, LogKey>>,
    /// The names of the trusted roots, in their order.
    pub root_names: Vec<String>,
    /// As many trusted roots.
    pub roots: Vec<ClassInstance<'a, TrustedRoot>>,
}

impl std::fmt::Debug for Trusted<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Trusted").field("root_names", &self.root_names).finish_non_exhaustive()
    }
}

fn verifier_of(trusted: Trusted<'_>) -> Result<Verifier, Refusal> {
    let accepted = match trusted.accepted_algorithms {
        Some(names) => names.iter().map(|name| name.parse()).collect::<Result<Vec<_>, _>>()?,
        None => SignatureAlgorithm::DEFAULT.to_vec(),
    };
    let mut builder = match trusted.trust_anchors {
        None => VerifierBuilder::without_anchors().accept_algorithms(&accepted),
        Some(Either::A(pem)) => {
            countermark::Verifier::builder(TrustAnchors::from_pem_accepting(&pem, &accepted)?)
        }
        Some(Either::B(certificates)) => {
            countermark::Verifier::builder(TrustAnchors::from_der_accepting(&certificates, &accepted)?)
        }
    };
    builder = match trusted.intermediates {
        None => builder,
        Some(Either::A(pem)) => builder.intermediates_from_pem(&pem)?,
        Some(Either::B(certificates)) => builder.intermediates_from_der(&certificates)?,
    };
    for digest in trusted.distrusted {
        builder = match digest {
            Either::A(hex) => builder.distrust_hex(&hex)?,
            Either::B(bytes) => match <[u8; 32]>::try_from(&*bytes) {
                Ok(sha256) => builder.distrust(sha256),
                // Of another length, which the core's message tells.
                Err(_) => builder.distrust_hex(&hex(&bytes))?,
            },
        };
    }
    for authority in &trusted.timestamp_authorities {
        builder = builder.timestamp_authority(authority.0.clone())?;
    }
    for key in &trusted.logs {
        builder = builder.log(key.0.clone())?;
    }
    for key in &trusted.certificate_logs {
        builder = builder.certificate_log(key.0.clone())?;
    }
    for (name, root) in trusted.root_names.iter().zip(&trusted.roots) {
        builder = builder.trusted_root(name, &root.0)?;
    }
    Ok(Verifier(Arc::new(builder.build())))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a verifier.
#[napi(catch_unwind)]
pub fn verifier(trusted: Trusted<'_>) -> Either<Verifier, Refused> {
    guarded(|| verifier_of(trusted))
}

/// Makes a verifier that trusts one root, and nobody else.
#[napi(catch_unwind)]
pub fn verifier_from_trusted_root(root: &TrustedRoot) -> Either<Verifier, Refused> {
    guarded(|| Ok(Verifier(Arc::new(countermark::Verifier::from_trusted_root(&root.0)))))
}

/// The caller's time, and the leeway that it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    now: Timestamp,
    leeway: Duration,
}

impl Now {
    pub(crate) fn new(now: Option<String>, leeway_seconds: Option<f64>) -> Result<Option<Self>, Refusal> {
        let leeway = match leeway_seconds {
            None => Duration::ZERO,
            Some(seconds) => Duration::try_from_secs_f64(seconds).map_err(|error| {
                Refusal::malformed(Code::InvalidArgument, &format!("`leewaySeconds`: {error}"))
            })?,
        };
        now.map(|now| Ok(Self { now: timestamp(&now, "now", Code::InvalidArgument)?, leeway })).transpose()
    }
}

pub(crate) fn at(verifier: &countermark::Verifier, now: Option<Now>) -> VerifierAt<'_> {
    match now {
        Some(Now { now, leeway }) => verifier.at(now).with_leeway(leeway),
        None => verifier.at_any_time(),
    }
}

/// Entries that more than one question of a batch may be about.
#[napi]
#[derive(Debug)]
pub struct Entries(Arc<[Arc<countermark::Entry>]>);

/// Makes a list of entries.
#[napi(catch_unwind)]
pub fn entries(entries: Vec<ClassInstance<'_, Entry>>) -> Either<Entries, Refused> {
    guarded(|| Ok(Entries(held(&entries))))
}

fn held(entries: &[ClassInstance<'_, Entry>]) -> Arc<[Arc<countermark::Entry>]> {
    entries.iter().map(|entry| Arc::clone(&entry.0)).collect()
}

/// What is asked of a verifier, with nothing of JavaScript's in it, so that another thread may have it.
#[derive(Debug)]
struct Question {
    name: ArtifactName,
    entries: Arc<[Arc<countermark::Entry>]>,
    policy: Arc<countermark::Policy>,
}

impl Question {
    fn new(name: &str, entries: Arc<[Arc<countermark::Entry>]>, policy: &Policy) -> Result<Self, Refusal> {
        Ok(Self { name: name.parse()?, entries, policy: Arc::clone(&policy.0) })
    }

    fn entries(&self) -> impl Iterator<Item = &countermark::Entry> {
        self.entries.iter().map(AsRef::as_ref)
    }

    fn verify(&self, verifier: &VerifierAt<'_>) -> Result<Established, Refusal> {
        established(&verifier.verify(&self.name, self.entries(), &self.policy)?)
    }
}

/// Many questions, to be answered in parts.
#[napi]
#[derive(Debug, Default)]
pub struct Batch(RefCell<Vec<Arc<Question>>>);

#[napi]
impl Batch {
    /// No question as yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a question.
    #[napi(catch_unwind)]
    pub fn add(&self, name: String, entries: &Entries, policy: &Policy) -> Either<(), Refused> {
        guarded(|| {
            self.0.borrow_mut().push(Arc::new(Question::new(&name, Arc::clone(&entries.0), policy)?));
            Ok(())
        })
    }

    /// How many questions there are.
    #[napi(getter, catch_unwind)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.borrow().len()).unwrap_or(u32::MAX)
    }
}

/// The answers to some questions of a batch, in their order.
#[napi]
#[derive(Debug)]
pub struct Answers(RefCell<Vec<Option<Answer>>>);

impl Answers {
    pub(crate) fn new(answers: Vec<Answer>) -> Self {
        Self(RefCell::new(answers.into_iter().map(Some).collect()))
    }
}

#[napi]
impl Answers {
    /// How many there are.
    #[napi(getter, catch_unwind)]
    pub fn size(&self) -> u32 {
        u32::try_from(self.0.borrow().len()).unwrap_or(u32::MAX)
    }

    /// One of them, which may be taken once.
    #[napi(catch_unwind)]
    pub fn take(&self, index: u32) -> Either<Establishment, String> {
        let mut answers = self.0.borrow_mut();
        let answer = usize::try_from(index).ok().and_then(|index| answers.get_mut(index)?.take());
        answer.unwrap_or_else(|| {
            Either::B(Refusal::failed(Code::Internal, "an answer that is not there").into_text())
        })
    }
}

/// Work for a thread of Node's pool, whose refusals and panics are texts.
pub struct Work<T>(Box<dyn Fn() -> Either<T, String> + Send>);

impl<T> std::fmt::Debug for Work<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Work")
    }
}

impl<T: ToNapiValue + TypeName + Send + 'static> Task for Work<T> {
    type Output = Either<T, String>;
    type JsValue = Either<T, String>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok((self.0)())
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(output)
    }
}

/// A promise, or a refusal of what it would need.
pub(crate) type Later<T> = Either<AsyncTask<Work<T>>, Refused>;

/// The answer to one question: what was established, unwritten or as a text, or else a refusal.
pub(crate) type Answer = Either<Establishment, String>;

pub(crate) fn answered(function: impl FnOnce() -> Result<Established, Refusal>) -> Answer {
    match guarded(function) {
        Either::A(established) => established,
        Either::B(refused) => Either::B(refused),
    }
}

pub(crate) fn off_the_loop<T>(work: impl Fn() -> Either<T, String> + Send + 'static) -> AsyncTask<Work<T>>
where
    T: ToNapiValue + TypeName + Send + 'static,
{
    AsyncTask::new(Work(Box::new(work)))
}

fn verify_message(
    verifier: &countermark::Verifier,
    message: &Owned,
    policy: &countermark::Policy,
    now: Option<Now>,
) -> Result<Established, Refusal> {
    let signer = policy.signer();
    let policy = match message.any_signer_of_issuer() {
        true => signer.any_signer_of_issuer(),
        false => signer.for_messages()?,
    };
    let signature = message.signature()?;
    let verified = at(verifier, now).verify_message(&message.message()?, &signature, policy)?;
    established(&verified)
}

#[napi]
impl Verifier {
    /// Verifies an artifact on this thread.
    #[napi(catch_unwind)]
    pub fn verify_sync(
        &self,
        name: String,
        entries: Vec<ClassInstance<'_, Entry>>,
        policy: &Policy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Either<Establishment, String> {
        answered(|| {
            Question::new(&name, held(&entries), policy)?.verify(&at(&self.0, Now::new(now, leeway_seconds)?))
        })
    }

    /// The same on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Establishment | string> | string")]
    pub fn verify(
        &self,
        name: String,
        entries: Vec<ClassInstance<'_, Entry>>,
        policy: &Policy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<Establishment> {
        guarded(|| {
            let (question, now) =
                (Question::new(&name, held(&entries), policy)?, Now::new(now, leeway_seconds)?);
            let verifier = Arc::clone(&self.0);
            Ok(off_the_loop(move || answered(|| question.verify(&at(&verifier, now)))))
        })
    }

    /// Runs every check.
    #[napi(catch_unwind)]
    pub fn examine(
        &self,
        name: String,
        entries: Vec<ClassInstance<'_, Entry>>,
        policy: &Policy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> String {
        guarded_text(|| {
            let question = Question::new(&name, held(&entries), policy)?;
            let verifier = at(&self.0, Now::new(now, leeway_seconds)?);
            examination(&verifier.examine(&question.name, question.entries(), &question.policy))
        })
    }

    /// Answers some questions of a batch, from the one of this index on, on all cores.
    #[napi(catch_unwind, ts_return_type = "Promise<Answers | string> | string")]
    pub fn verify_many(
        &self,
        batch: &Batch,
        from: u32,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<Answers> {
        guarded(|| {
            let questions = batch_part(&batch.0.borrow(), from);
            let (verifier, now) = (Arc::clone(&self.0), Now::new(now, leeway_seconds)?);
            Ok(off_the_loop(move || guarded(|| Ok(answers(&questions, &at(&verifier, now))))))
        })
    }

    /// Verifies the signature over a message on this thread.
    #[napi(catch_unwind)]
    pub fn verify_message_sync(
        &self,
        message: SignedMessage,
        policy: &Policy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Either<Establishment, String> {
        answered(|| verify_message(&self.0, &Owned::new(message)?, &policy.0, Now::new(now, leeway_seconds)?))
    }

    /// The same on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Establishment | string> | string")]
    pub fn verify_message(
        &self,
        message: SignedMessage,
        policy: &Policy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<Establishment> {
        guarded(|| {
            let (message, now) = (Owned::new(message)?, Now::new(now, leeway_seconds)?);
            let (verifier, policy) = (Arc::clone(&self.0), Arc::clone(&policy.0));
            Ok(off_the_loop(move || answered(|| self::verify_message(&verifier, &message, &policy, now))))
        })
    }
}

/// The questions that are answered next.
pub(crate) fn batch_part<Q>(questions: &[Arc<Q>], from: u32) -> Vec<Arc<Q>> {
    // A few pieces of the core's for each core: a callback waits no longer than for these, and the event loop no longer
    // than for their results.
    const PER_CORE: usize = 64;
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    questions.iter().skip(from).take(cores.saturating_mul(PER_CORE)).cloned().collect()
}

fn answers(questions: &[Arc<Question>], verifier: &VerifierAt<'_>) -> Answers {
    let requests: Vec<Request<'_, _>> = questions
        .iter()
        .map(|question| Request::new(&question.name, &question.entries, &question.policy))
        .collect();
    let results = verifier.verify_many(&requests).into_iter();
    Answers::new(results.map(|result| answered(|| established(&result?))).collect())
}
