//! The requests of `verify_many` and `verify_many_bundles`, read in parts.

use crate::artifact::GivenArtifact;
use crate::bundle::PyBundle;
use crate::bundle_policy::HeldBundlePolicy;
use crate::convert::{artifact_name, items, iterate};
use crate::error::{detached, failed, malformed_request, rejected_instance, wrong_type};
use crate::held::{Entries, Held, SharedEntries};
use crate::policy::{PyPolicy, policy};
use crate::verified::PyVerified;
use countermark::{Artifact, ArtifactName, Bundle, BundleRequest, Code, Rejection, Request};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PyMapping, PyTuple};
use std::sync::Arc;

/// What is asked in one request of many.
pub(crate) trait Asked: Sized + Send + Sync {
    /// What requests share.
    type Shared: Default;

    /// Reads a request, which is called this.
    fn read(request: &Bound<'_, PyAny>, what: &str, shared: &mut Self::Shared) -> PyResult<Self>;

    /// Lets go of what no request asked for since the last time.
    fn forget_unused(_shared: &mut Self::Shared) {}
}

type Three<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>);

fn three<'py>(request: &Bound<'py, PyAny>, what: &str, wanted: &str) -> PyResult<Three<'py>> {
    let wrong = || wrong_type(request, what, wanted);
    request.cast::<PyTuple>().map_err(|_| wrong())?.extract().map_err(|_| wrong())
}

/// An artifact's name, with the entries to verify it by.
pub(crate) struct AskedEntries {
    name: ArtifactName,
    pub(crate) entries: Arc<Entries>,
    policy: Py<PyPolicy>,
}

impl AskedEntries {
    pub(crate) fn request(&self) -> Request<'_, Held> {
        Request::new(&self.name, self.entries.as_slice(), &self.policy.get().0)
    }
}

impl Asked for AskedEntries {
    type Shared = SharedEntries;

    fn read(request: &Bound<'_, PyAny>, what: &str, shared: &mut Self::Shared) -> PyResult<Self> {
        let (name, entries, wanted) = three(request, what, "a tuple of name, entries and policy")?;
        Ok(Self {
            policy: policy(&wanted, &format!("the policy of {what}"))?.clone().unbind(),
            name: artifact_name(&name, &format!("the name of {what}"))?,
            entries: shared.get(&entries, &format!("the entries of {what}"))?,
        })
    }

    fn forget_unused(shared: &mut Self::Shared) {
        shared.forget_unused();
    }
}

/// An artifact, with the bundles to verify it by.
pub(crate) struct AskedBundles {
    artifact: GivenArtifact,
    bundles: Bundles,
    policy: HeldBundlePolicy,
}

/// The core wants several side by side, so that these are copies.
pub(crate) enum Bundles {
    One(Py<PyBundle>),
    Several(Vec<Bundle>),
}

impl Bundles {
    fn new(bundles: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if let Ok(bundle) = bundles.cast::<PyBundle>() {
            return Ok(Self::One(bundle.clone().unbind()));
        }
        let several = self::bundles(bundles, what, "a Bundle or an iterable of Bundle")?;
        Ok(Self::Several(several.iter().map(|bundle| bundle.get().0.clone()).collect()))
    }

    fn as_slice(&self) -> &[Bundle] {
        match self {
            Self::One(bundle) => std::slice::from_ref(&bundle.get().0),
            Self::Several(bundles) => bundles,
        }
    }
}

/// The `Bundle`s of an iterable.
pub(crate) fn bundles(value: &Bound<'_, PyAny>, what: &str, wanted: &str) -> PyResult<Vec<Py<PyBundle>>> {
    if value.cast::<PyMapping>().is_ok() && !value.is_instance_of::<PyList>() {
        return Err(wrong_type(value, what, wanted));
    }
    let bundle = |item: Bound<'_, PyAny>| match item.cast::<PyBundle>() {
        Ok(bundle) => Ok(bundle.clone().unbind()),
        Err(_) => Err(wrong_type(&item, &format!("an item of {what}"), "Bundle")),
    };
    items(value, what, wanted)?.into_iter().map(bundle).collect()
}

impl AskedBundles {
    pub(crate) fn artifact(&self) -> Artifact<'_> {
        self.artifact.artifact()
    }

    pub(crate) fn request<'a>(&'a self, artifact: &'a Artifact<'a>) -> BundleRequest<'a> {
        BundleRequest::new(artifact, self.bundles.as_slice(), self.policy.policy())
    }
}

impl Asked for AskedBundles {
    type Shared = ();

    fn read(request: &Bound<'_, PyAny>, what: &str, (): &mut ()) -> PyResult<Self> {
        let (artifact, bundles, policy) = three(request, what, "a tuple of artifact, bundles and policy")?;
        Ok(Self {
            policy: HeldBundlePolicy::new(&policy, &format!("the policy of {what}"))?,
            bundles: Bundles::new(&bundles, &format!("the bundles of {what}"))?,
            artifact: GivenArtifact::new(&artifact, &format!("the artifact of {what}"))?,
        })
    }
}

/// Requests of an iterable.
struct Requests<'py, A: Asked> {
    rest: Bound<'py, PyIterator>,
    read: usize,
    count: Option<usize>,
    shared: A::Shared,
}

impl<'py, A: Asked> Requests<'py, A> {
    /// Those of an iterable; if they are counted, it is read to its end at once.
    fn new(requests: &Bound<'py, PyAny>, counted: bool) -> PyResult<Self> {
        const WANTED: &str = "an iterable of tuples";
        if !requests.is_exact_instance_of::<PyList>() && requests.cast::<PyMapping>().is_ok() {
            return Err(wrong_type(requests, "requests", WANTED));
        }
        let mut rest = iterate(requests, "requests", WANTED)?;
        let mut count = None;
        if counted {
            let all = PyList::new(requests.py(), rest.collect::<PyResult<Vec<_>>>()?)?;
            count = Some(all.len());
            rest = all.try_iter()?;
        }
        Ok(Self { rest, read: 0, count, shared: A::Shared::default() })
    }

    /// How many there are; if they are not counted, how many were read.
    fn known_count(&self) -> usize {
        self.count.unwrap_or(self.read)
    }

    /// The next few. What is malformed in one is its result; a wrong type ends the call.
    fn next_part(&mut self, most: usize) -> PyResult<Vec<Result<A, Py<PyAny>>>> {
        A::forget_unused(&mut self.shared);
        let py = self.rest.py();
        let mut part = Vec::new();
        while part.len() < most {
            let Some(request) = self.rest.next() else { break };
            let index = self.read;
            self.read += 1;
            part.push(match A::read(&request?, &format!("request {index}"), &mut self.shared) {
                Ok(asked) => Ok(asked),
                Err(error) => Err(malformed_request(py, error, index)?.unbind()),
            });
        }
        Ok(part)
    }
}

/// What `judge` makes of all requests, a part of them at a time, as results for Python.
pub(crate) fn judge_many<'py, A: Asked, O: Send>(
    requests: &Bound<'py, PyAny>,
    progress: Option<&Bound<'py, PyAny>>,
    judge: impl Fn(&[&A]) -> Vec<Result<O, Rejection>> + Sync,
    verified: impl Fn(&A, O) -> PyVerified,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    // A few pieces of the core's for each core: a callback and Ctrl-C wait no longer than for these.
    const PER_CORE: usize = 64;
    let py = requests.py();
    if let Some(progress) = progress.filter(|progress| !progress.is_callable()) {
        return Err(wrong_type(progress, "progress", "callable"));
    }
    let mut requests = Requests::<A>::new(requests, progress.is_some())?;
    let mut results = Vec::with_capacity(requests.known_count());
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    loop {
        let part = requests.next_part(cores * PER_CORE)?;
        if part.is_empty() {
            break;
        }
        let asked: Vec<&A> = part.iter().filter_map(|asked| asked.as_ref().ok()).collect();
        let mut judged = detached(py, || judge(&asked))?.into_iter();
        for asked in &part {
            let asked = match asked {
                Ok(asked) => asked,
                Err(malformed) => {
                    results.push(malformed.bind(py).clone());
                    continue;
                }
            };
            results.push(match judged.next() {
                Some(Ok(outcome)) => Bound::new(py, verified(asked, outcome))?.into_any(),
                Some(Err(rejection)) => rejected_instance(py, &rejection)?,
                None => return Err(failed(py, Code::Internal, "a request has no result")),
            });
        }
        py.check_signals()?;
        if let Some(progress) = progress {
            progress.call1((results.len(), requests.known_count()))?;
        }
    }
    Ok(results)
}
