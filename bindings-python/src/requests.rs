//! The requests of `verify_many`, read in parts.

use crate::convert::{artifact_name, iterate};
use crate::error::{malformed_request, wrong_type};
use crate::held::{Entries, Held, SharedEntries};
use crate::policy::{PyPolicy, policy};
use countermark::{ArtifactName, Request};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PyMapping, PyTuple};
use std::sync::Arc;

/// One request.
pub(crate) struct Asked {
    name: ArtifactName,
    pub(crate) entries: Arc<Entries>,
    policy: Py<PyPolicy>,
}

impl Asked {
    pub(crate) fn request(&self) -> Request<'_, Held> {
        Request::new(&self.name, self.entries.as_slice(), &self.policy.get().0)
    }
}

/// Requests of an iterable.
pub(crate) struct Requests<'py> {
    rest: Bound<'py, PyIterator>,
    read: usize,
    count: Option<usize>,
    shared: SharedEntries,
}

impl<'py> Requests<'py> {
    /// Those of an iterable; if they are counted, it is read to its end at once.
    pub(crate) fn new(requests: &Bound<'py, PyAny>, counted: bool) -> PyResult<Self> {
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
        Ok(Self { rest, read: 0, count, shared: SharedEntries::default() })
    }

    /// How many there are; if they are not counted, how many were read.
    pub(crate) fn known_count(&self) -> usize {
        self.count.unwrap_or(self.read)
    }

    /// The next few. What is malformed in one is its result; a wrong type ends the call.
    pub(crate) fn next_part(&mut self, most: usize) -> PyResult<Vec<Result<Asked, Py<PyAny>>>> {
        self.shared.forget_unused();
        let py = self.rest.py();
        let mut part = Vec::new();
        while part.len() < most {
            let Some(request) = self.rest.next() else { break };
            let index = self.read;
            self.read += 1;
            part.push(match self.read(&request?, index) {
                Ok(asked) => Ok(asked),
                Err(error) => Err(malformed_request(py, error, index)?.unbind()),
            });
        }
        Ok(part)
    }

    fn read(&mut self, request: &Bound<'py, PyAny>, index: usize) -> PyResult<Asked> {
        let what = format!("request {index}");
        let wrong = || wrong_type(request, &what, "a tuple of name, entries and policy");
        let request = request.cast::<PyTuple>().map_err(|_| wrong())?;
        let (name, entries, wanted): (Bound<'_, PyAny>, Bound<'_, PyAny>, Bound<'_, PyAny>) =
            request.extract().map_err(|_| wrong())?;
        Ok(Asked {
            policy: policy(&wanted, &format!("the policy of {what}"))?.clone().unbind(),
            name: artifact_name(&name, &format!("the name of {what}"))?,
            entries: self.shared.get(&entries, &format!("the entries of {what}"))?,
        })
    }
}
