//! Refusals and faults as Python's exceptions.

use countermark::{Code, MalformedInput, Rejection};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// An instance of an exception class of the package. The classes are Python's own: a class of Rust's cannot
/// extend an exception in the stable ABI before Python 3.12.
fn instance<'py>(
    py: Python<'py>,
    class: &str,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<Bound<'py, PyAny>> {
    py.import("countermark._errors")?.getattr(class)?.call1(arguments.into_pyobject(py)?)
}

fn raised(instance: PyResult<Bound<'_, PyAny>>) -> PyErr {
    instance.map_or_else(|error| error, PyErr::from_value)
}

/// Input that cannot be judged, of this code.
pub(crate) fn refused(py: Python<'_>, code: Code, detail: &str) -> PyErr {
    raised(instance(py, "MalformedInput", (code.name(), detail)))
}

/// An argument that the function cannot take although its type is right.
pub(crate) fn invalid_argument(py: Python<'_>, detail: &str) -> PyErr {
    refused(py, Code::InvalidArgument, detail)
}

/// A remedy that is not the code's: the exceptions know that one.
fn own_remedy(code: Code, remedy: &'static str) -> Option<&'static str> {
    (remedy != code.remedy()).then_some(remedy)
}

/// The exception for malformed input, not yet raised.
pub(crate) fn malformed_instance<'py>(
    py: Python<'py>,
    error: &MalformedInput,
) -> PyResult<Bound<'py, PyAny>> {
    let record = match error {
        MalformedInput::Entry { record, .. } | MalformedInput::Bundle { record, .. } => *record,
        _ => None,
    };
    let (code, none) = (error.code(), None::<usize>);
    let remedy = own_remedy(code, error.remedy());
    instance(py, "MalformedInput", (PyString::intern(py, code.name()), error.detail(), record, none, remedy))
}

pub(crate) fn malformed(py: Python<'_>, error: &MalformedInput) -> PyErr {
    raised(malformed_instance(py, error))
}

/// A failure that is neither a refusal of an artifact nor of input.
pub(crate) fn failed(py: Python<'_>, code: Code, detail: &str) -> PyErr {
    raised(instance(py, "CountermarkError", (code.name(), detail)))
}

/// The exception for a refused artifact, not yet raised.
pub(crate) fn rejected_instance<'py>(py: Python<'py>, rejection: &Rejection) -> PyResult<Bound<'py, PyAny>> {
    let others: Vec<_> =
        rejection.others().iter().map(|other| rejected_instance(py, other)).collect::<PyResult<_>>()?;
    let others = PyTuple::new(py, others)?;
    let code = PyString::intern(py, rejection.code().name());
    let check = PyString::intern(py, rejection.check().name());
    let remedy = own_remedy(rejection.code(), rejection.remedy());
    instance(py, "Rejected", (code, rejection.detail(), check, rejection.entry(), others, remedy))
}

pub(crate) fn rejected(py: Python<'_>, rejection: &Rejection) -> PyErr {
    raised(rejected_instance(py, rejection))
}

/// Malformed input as the result of one request of many; any other fault is given back, to be raised.
pub(crate) fn malformed_request<'py>(
    py: Python<'py>,
    error: PyErr,
    request: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("countermark._errors")?.getattr("MalformedInput")?;
    if !error.value(py).is_instance(&class)? {
        return Err(error);
    }
    error.value(py).call_method1("_of_request", (request,))
}

pub(crate) fn wrong_type(value: &Bound<'_, PyAny>, what: &str, wanted: &str) -> PyErr {
    match value.get_type().fully_qualified_name() {
        Ok(found) => PyTypeError::new_err(format!("{what} must be {wanted}, not {found}")),
        Err(error) => error,
    }
}

/// Runs what needs no interpreter without its lock, and turns a panic into an exception.
pub(crate) fn detached<T: Send>(py: Python<'_>, function: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| catch_unwind(AssertUnwindSafe(function)).map_err(drop))
        .map_err(|()| failed(py, Code::Internal, "a panic; its message is on the standard error stream"))
}
