//! Digests.

use crate::convert::{optional_bytes, optional_text, text};
use crate::error::{invalid_argument, wrong_type};
use countermark::{Code, Digest, HashAlgorithm};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::hash::{DefaultHasher, Hash, Hasher};

const CODE: Code = Code::InvalidArgument;

/// A digest of an artifact: ``Digest("sha256", value)``, or ``"sha384"`` or ``"sha512"``.
///
/// ``value`` is bytes or hex str, as many as the algorithm's digests have. Raises ``MalformedInput`` (code
/// ``invalid_argument``) if it is not, or the algorithm is not known.
#[pyclass(frozen, eq, name = "Digest", module = "countermark")]
#[derive(PartialEq, Eq)]
pub(crate) struct PyDigest(pub(crate) Digest);

#[pymethods]
impl PyDigest {
    #[new]
    fn new(algorithm: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = algorithm.py();
        let name = text(algorithm, "algorithm", CODE)?;
        let Some(algorithm) = HashAlgorithm::from_name(&name) else {
            let detail = format!("algorithm is {name:?}; it must be \"sha256\", \"sha384\" or \"sha512\"");
            return Err(invalid_argument(py, &detail));
        };
        let digest = if let Some(hex) = optional_text(value, "value", CODE)? {
            Digest::from_hex(algorithm, &hex)
        } else if let Some(bytes) = optional_bytes(value)? {
            Digest::new(algorithm, &bytes)
        } else {
            return Err(wrong_type(value, "value", "bytes or hex str"));
        };
        digest.map(Self).ok_or_else(|| {
            let bytes = algorithm.digest_bytes();
            invalid_argument(
                py,
                &format!("a {algorithm} digest is {bytes} bytes, or {} hex digits", bytes * 2),
            )
        })
    }

    /// The algorithm's name.
    #[getter]
    fn algorithm(&self) -> &'static str {
        self.0.algorithm().name()
    }

    /// The digest's bytes.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.as_bytes())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        let hex: String = self.0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("Digest('{}', '{hex}')", self.algorithm())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.as_bytes().hash(&mut hasher);
        hasher.finish()
    }

    fn __getnewargs__<'py>(&self, py: Python<'py>) -> (&'static str, Bound<'py, PyBytes>) {
        (self.algorithm(), self.value(py))
    }
}
