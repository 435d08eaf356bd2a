//! The verifier's calls for bundles.

use crate::artifact::{GivenArtifact, Owned};
use crate::bundle::Bundle;
use crate::bundle_policy::{BundlePolicy, Wanted};
use crate::judgement::{Establishment, envelope, established, examination};
use crate::refusal::{Refusal, Refused, guarded, guarded_text};
use crate::trust::count;
use crate::verifier::{Answers, Later, Now, Verifier, answered, at, batch_part, off_the_loop};
use countermark::{Artifact, BundleRequest, VerifierAt};
use napi::Either;
use napi::bindgen_prelude::ClassInstance;
use napi_derive::napi;
use std::cell::RefCell;
use std::sync::Arc;

fn held(bundles: &[ClassInstance<'_, Bundle>]) -> Vec<Arc<countermark::Bundle>> {
    bundles.iter().map(|bundle| Arc::clone(&bundle.0)).collect()
}

/// The first of several bundles that passes; what is wrong with the only one is no reason among several.
fn verify(
    verifier: &VerifierAt<'_>,
    artifact: &Artifact<'_>,
    bundles: &[Arc<countermark::Bundle>],
    is_one: bool,
    policy: &Wanted,
) -> Result<crate::judgement::Established, Refusal> {
    match bundles {
        [bundle] if is_one => established(&verifier.verify_bundle(artifact, bundle, policy.any())?),
        _ => {
            let bundles = bundles.iter().map(AsRef::as_ref);
            established(&verifier.verify_bundles(artifact, bundles, policy.any())?)
        }
    }
}

fn verify_envelope(
    verifier: &VerifierAt<'_>,
    bundle: &countermark::Bundle,
    policy: &Wanted,
) -> Result<String, Refusal> {
    envelope(&verifier.verify_envelope(bundle, policy.any())?, policy.claims())
}

fn examine(
    verifier: &VerifierAt<'_>,
    artifact: &Artifact<'_>,
    bundle: &countermark::Bundle,
    policy: &Wanted,
) -> Result<String, Refusal> {
    examination(&verifier.examine_bundle(artifact, bundle, policy.any()))
}

#[napi]
impl Verifier {
    /// Verifies an artifact by a bundle, or by the first of several that passes, on this thread.
    #[napi(catch_unwind)]
    pub fn verify_bundles_sync(
        &self,
        artifact: GivenArtifact,
        bundles: Vec<ClassInstance<'_, Bundle>>,
        is_one: bool,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Either<Establishment, String> {
        answered(|| {
            let verifier = at(&self.0, Now::new(now, leeway_seconds)?);
            verify(&verifier, &artifact.borrowed()?, &held(&bundles), is_one, &policy.0)
        })
    }

    /// The same on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<Establishment | string> | string")]
    pub fn verify_bundles(
        &self,
        artifact: GivenArtifact,
        bundles: Vec<ClassInstance<'_, Bundle>>,
        is_one: bool,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<Establishment> {
        guarded(|| {
            let (artifact, now) = (artifact.owned()?, Now::new(now, leeway_seconds)?);
            let (bundles, policy, verifier) = (held(&bundles), Arc::clone(&policy.0), Arc::clone(&self.0));
            Ok(off_the_loop(move || {
                answered(|| verify(&at(&verifier, now), &artifact.artifact(), &bundles, is_one, &policy))
            }))
        })
    }

    /// Runs every check on this thread.
    #[napi(catch_unwind)]
    pub fn examine_bundle_sync(
        &self,
        artifact: GivenArtifact,
        bundle: &Bundle,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> String {
        guarded_text(|| {
            let verifier = at(&self.0, Now::new(now, leeway_seconds)?);
            examine(&verifier, &artifact.borrowed()?, &bundle.0, &policy.0)
        })
    }

    /// The same on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<string> | string")]
    pub fn examine_bundle(
        &self,
        artifact: GivenArtifact,
        bundle: &Bundle,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<String> {
        guarded(|| {
            let (artifact, now) = (artifact.owned()?, Now::new(now, leeway_seconds)?);
            let (bundle, policy) = (Arc::clone(&bundle.0), Arc::clone(&policy.0));
            let verifier = Arc::clone(&self.0);
            Ok(off_the_loop(move || {
                guarded(|| examine(&at(&verifier, now), &artifact.artifact(), &bundle, &policy))
            }))
        })
    }

    /// Verifies a bundle's envelope on this thread.
    #[napi(catch_unwind)]
    pub fn verify_envelope_sync(
        &self,
        bundle: &Bundle,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> String {
        guarded_text(|| {
            self::verify_envelope(&at(&self.0, Now::new(now, leeway_seconds)?), &bundle.0, &policy.0)
        })
    }

    /// The same on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<string> | string")]
    pub fn verify_envelope(
        &self,
        bundle: &Bundle,
        policy: &BundlePolicy,
        now: Option<String>,
        leeway_seconds: Option<f64>,
    ) -> Later<String> {
        guarded(|| {
            let now = Now::new(now, leeway_seconds)?;
            let (bundle, policy) = (Arc::clone(&bundle.0), Arc::clone(&policy.0));
            let verifier = Arc::clone(&self.0);
            Ok(off_the_loop(move || guarded(|| self::verify_envelope(&at(&verifier, now), &bundle, &policy))))
        })
    }

    /// Answers some questions of a batch, from the one of this index on, on all cores.
    #[napi(catch_unwind, ts_return_type = "Promise<Answers | string> | string")]
    pub fn verify_many_bundles(
        &self,
        batch: &BundleBatch,
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
}

/// Bundles that more than one question of a batch may be about.
#[napi]
#[derive(Debug)]
pub struct Bundles(Arc<[countermark::Bundle]>);

/// Makes a list of bundles.
#[napi(catch_unwind)]
pub fn bundles(bundles: Vec<ClassInstance<'_, Bundle>>) -> Either<Bundles, Refused> {
    guarded(|| Ok(Bundles(bundles.iter().map(|bundle| bundle.0.as_ref().clone()).collect())))
}

/// What is asked of a verifier, with nothing of JavaScript's in it, so that another thread may have it.
#[derive(Debug)]
struct Question {
    artifact: Owned,
    bundles: Arc<[countermark::Bundle]>,
    policy: Arc<Wanted>,
}

/// Many questions about bundles, to be answered in parts.
#[napi]
#[derive(Debug, Default)]
pub struct BundleBatch(RefCell<Vec<Arc<Question>>>);

#[napi]
impl BundleBatch {
    /// No question as yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a question.
    #[napi(catch_unwind)]
    pub fn add(
        &self,
        artifact: GivenArtifact,
        bundles: &Bundles,
        policy: &BundlePolicy,
    ) -> Either<(), Refused> {
        guarded(|| {
            let (bundles, policy) = (Arc::clone(&bundles.0), Arc::clone(&policy.0));
            self.0.borrow_mut().push(Arc::new(Question { artifact: artifact.owned()?, bundles, policy }));
            Ok(())
        })
    }

    /// How many questions there are.
    #[napi(getter, catch_unwind)]
    pub fn size(&self) -> u32 {
        count(self.0.borrow().len())
    }
}

fn answers(questions: &[Arc<Question>], verifier: &VerifierAt<'_>) -> Answers {
    let artifacts: Vec<Artifact<'_>> =
        questions.iter().map(|question| question.artifact.artifact()).collect();
    let requests: Vec<BundleRequest<'_>> = questions
        .iter()
        .zip(&artifacts)
        .map(|(question, artifact)| BundleRequest::new(artifact, &question.bundles, question.policy.any()))
        .collect();
    let results = verifier.verify_many_bundles(&requests).into_iter();
    Answers::new(results.map(|result| answered(|| established(&result?))).collect())
}
