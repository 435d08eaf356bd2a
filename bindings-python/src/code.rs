//! The code table.

use countermark::Code;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMappingProxy};

/// One row of the code table: a stable code, what it means and what to do about it.
///
/// The table is ``countermark.CODES``, by name.
#[pyclass(frozen, eq, hash, name = "Code", module = "countermark")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct PyCode(Code);

#[pymethods]
impl PyCode {
    /// The stable number; never zero.
    #[getter]
    fn number(&self) -> u8 {
        self.0.number()
    }

    /// The stable name: lowercase with underscores.
    #[getter]
    fn name(&self) -> &'static str {
        self.0.name()
    }

    /// The name of the check that gives this code.
    #[getter]
    fn check(&self) -> &'static str {
        self.0.check().name()
    }

    /// One sentence: what is the case.
    #[getter]
    fn cause(&self) -> &'static str {
        self.0.cause()
    }

    /// One sentence: what to do about it.
    #[getter]
    fn remedy(&self) -> &'static str {
        self.0.remedy()
    }

    /// The result that Endor Labs' verification reports in this case, or None.
    #[getter]
    fn endor_labs_result(&self) -> Option<&'static str> {
        self.0.endor_labs_result()
    }

    fn __repr__(&self) -> String {
        format!("<countermark.Code {} {}>", self.0.number(), self.0.name())
    }
}

/// The table, by name, in the order of the numbers.
pub(crate) fn table(py: Python<'_>) -> PyResult<Bound<'_, PyMappingProxy>> {
    let table = PyDict::new(py);
    for code in Code::ALL {
        table.set_item(code.name(), PyCode(*code))?;
    }
    Ok(PyMappingProxy::new(py, table.as_mapping()))
}
