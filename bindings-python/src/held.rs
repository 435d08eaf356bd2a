//! Entries that Python holds, for as long as a call looks at them.

use crate::convert::items;
use crate::entry::PyEntry;
use crate::error::wrong_type;
use crate::log::PyLog;
use crate::verified::PyVerified;
use countermark::{EntryRef, OwnedVerified, Verified};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyMapping, PyTuple};
use std::collections::HashMap;
use std::sync::Arc;

/// Entries that are held by Python. They are immutable, so they can be read without the interpreter's lock.
pub(crate) struct Entries(Vec<Held>);

/// An entry that is held by Python.
pub(crate) struct Held(Py<PyEntry>);

impl<'a> From<&'a Held> for EntryRef<'a> {
    fn from(held: &'a Held) -> Self {
        Self::from(&held.0.get().0)
    }
}

impl Entries {
    /// Those of an argument, which is called this.
    pub(crate) fn new(entries: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        const WANTED: &str = "an iterable of Entry";
        if let Ok(log) = entries.cast::<PyLog>() {
            return Self::of_log(log).map(|(entries, _)| entries);
        }
        let is_plain = entries.is_exact_instance_of::<PyList>() || entries.is_exact_instance_of::<PyTuple>();
        if !is_plain && entries.cast::<PyMapping>().is_ok() {
            return Err(wrong_type(entries, what, WANTED));
        }
        let read = |item: Bound<'_, PyAny>| match item.cast::<PyEntry>() {
            Ok(entry) => Ok(Held(entry.clone().unbind())),
            Err(_) => Err(wrong_type(&item, &format!("an item of {what}"), "Entry")),
        };
        items(entries, what, WANTED)?.into_iter().map(read).collect::<PyResult<_>>().map(Self)
    }

    /// The entries of a log, and the version of the log that has these.
    fn of_log(log: &Bound<'_, PyLog>) -> PyResult<(Self, u64)> {
        let (entries, version) = log.get().snapshot();
        let hold = |entry| Py::new(log.py(), entry).map(Held);
        Ok((Self(entries.into_iter().map(hold).collect::<PyResult<_>>()?), version))
    }

    pub(crate) fn as_slice(&self) -> &[Held] {
        &self.0
    }

    pub(crate) fn verified(
        &self,
        py: Python<'_>,
        (owned, index): (OwnedVerified, Option<usize>),
    ) -> PyVerified {
        let entry = index.and_then(|index| self.0.get(index));
        PyVerified::new(owned, entry.map(|entry| entry.0.clone_ref(py)))
    }

    /// Whether these are the very entries that a list has now.
    fn are_of(&self, list: &Bound<'_, PyList>) -> bool {
        self.0.len() == list.len() && self.0.iter().zip(list).all(|(held, item)| item.is(&held.0))
    }
}

/// A result that outlives what it was made from, and the index of its entry.
pub(crate) fn owned(verified: &Verified<'_>) -> (OwnedVerified, Option<usize>) {
    (verified.into(), verified.entry_index())
}

/// The entries of many requests: those that several share are read and held once.
///
/// Only what cannot have changed unseen is shared: a tuple, a list that has the same items still, a log of the same
/// version. Everything else is read for each request.
#[derive(Default)]
pub(crate) struct SharedEntries {
    by_address: HashMap<usize, Shared>,
}

struct Shared {
    /// Kept, so that its address stays its own.
    object: Py<PyAny>,
    entries: Arc<Entries>,
    version: u64,
    used: bool,
}

impl SharedEntries {
    pub(crate) fn get(&mut self, object: &Bound<'_, PyAny>, what: &str) -> PyResult<Arc<Entries>> {
        let address = object.as_ptr() as usize;
        if let Some(shared) = self.by_address.get_mut(&address).filter(|shared| shared.object.is(object)) {
            let unchanged = match (object.cast_exact::<PyList>(), object.cast::<PyLog>()) {
                (Ok(list), _) => shared.entries.are_of(list),
                (_, Ok(log)) => shared.version == log.get().version(),
                _ => true,
            };
            if unchanged {
                shared.used = true;
                return Ok(Arc::clone(&shared.entries));
            }
        }
        let (entries, version) = match object.cast::<PyLog>() {
            Ok(log) => Entries::of_log(log)?,
            Err(_) => (Entries::new(object, what)?, 0),
        };
        let entries = Arc::new(entries);
        if object.is_exact_instance_of::<PyTuple>()
            || object.is_exact_instance_of::<PyList>()
            || object.is_instance_of::<PyLog>()
        {
            let object = object.clone().unbind();
            let shared = Shared { object, entries: Arc::clone(&entries), version, used: true };
            self.by_address.insert(address, shared);
        }
        Ok(entries)
    }

    /// Lets go of what was not asked for since the last time.
    pub(crate) fn forget_unused(&mut self) {
        self.by_address.retain(|_, shared| std::mem::take(&mut shared.used));
    }
}
