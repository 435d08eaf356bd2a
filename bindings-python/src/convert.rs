//! Python's values as the core's.

use crate::error::{malformed, refused, wrong_type};
use countermark::{Code, Entry, MalformedInput, Timestamp};
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::prelude::*;
use pyo3::types::{
    PyByteArray, PyBytes, PyDateTime, PyDict, PyMapping, PyMappingProxy, PyMemoryView, PyString,
};

/// A core result with its error as an exception.
pub(crate) trait OrRaise<T> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T>;
}

impl<T> OrRaise<T> for Result<T, MalformedInput> {
    fn or_raise(self, py: Python<'_>) -> PyResult<T> {
        self.map_err(|error| malformed(py, &error))
    }
}

/// A `str`; one that is no Unicode text is malformed input of this code.
pub(crate) fn text(value: &Bound<'_, PyAny>, what: &str, code: Code) -> PyResult<String> {
    match optional_text(value, what, code)? {
        Some(text) => Ok(text),
        None => Err(wrong_type(value, what, "str")),
    }
}

/// The same, `None` for another type.
pub(crate) fn optional_text(value: &Bound<'_, PyAny>, what: &str, code: Code) -> PyResult<Option<String>> {
    let py = value.py();
    let Ok(text) = value.cast::<PyString>() else { return Ok(None) };
    match text.to_cow() {
        Ok(text) => Ok(Some(text.into_owned())),
        Err(error) if error.is_instance_of::<PyUnicodeEncodeError>(py) => {
            Err(refused(py, code, &format!("{what} is no Unicode text: it has a lone surrogate")))
        }
        Err(error) => Err(error),
    }
}

/// The bytes of a `bytes`, `bytearray` or `memoryview`; `None` for another type.
pub(crate) fn optional_bytes(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(Some(bytes.to_vec()));
    }
    if value.is_instance_of::<PyMemoryView>() {
        return Ok(Some(value.call_method0("tobytes")?.cast::<PyBytes>()?.as_bytes().to_vec()));
    }
    Ok(None)
}

/// `str` or bytes, as bytes: for JSON.
pub(crate) fn json_bytes(value: &Bound<'_, PyAny>, what: &str, code: Code) -> PyResult<Vec<u8>> {
    if let Some(text) = optional_text(value, what, code)? {
        return Ok(text.into_bytes());
    }
    optional_bytes(value)?.ok_or_else(|| wrong_type(value, what, "str or bytes"))
}

/// The items of an iterable. A text or bytes is refused: its items are hardly what the caller meant.
pub(crate) fn items<'py>(
    value: &Bound<'py, PyAny>,
    what: &str,
    wanted: &str,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let refuse = || wrong_type(value, what, wanted);
    if value.is_instance_of::<PyString>() || optional_bytes(value)?.is_some() {
        return Err(refuse());
    }
    value.try_iter().map_err(|_| refuse())?.collect()
}

/// The pairs of a mapping.
pub(crate) fn pairs<'py>(
    value: &Bound<'py, PyAny>,
    what: &str,
    wanted: &str,
) -> PyResult<Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
    let Ok(mapping) = value.cast::<PyMapping>() else { return Err(wrong_type(value, what, wanted)) };
    mapping.items()?.iter().map(|pair| pair.extract()).collect()
}

/// Certificates: PEM text, the DER of one, or the DER of several.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Certificates {
    Pem(String),
    Der(Vec<Vec<u8>>),
}

pub(crate) fn certificates(value: &Bound<'_, PyAny>, what: &str, code: Code) -> PyResult<Certificates> {
    const WANTED: &str = "str (PEM), bytes (DER), or an iterable of bytes (DER)";
    if let Some(pem) = optional_text(value, what, code)? {
        return Ok(Certificates::Pem(pem));
    }
    if let Some(der) = optional_bytes(value)? {
        return Ok(Certificates::Der(vec![der]));
    }
    let items = items(value, what, WANTED)?;
    let der = |item: &Bound<'_, PyAny>| {
        optional_bytes(item)?.ok_or_else(|| wrong_type(item, &format!("an item of {what}"), "bytes (DER)"))
    };
    Ok(Certificates::Der(items.iter().map(der).collect::<PyResult<_>>()?))
}

/// The certificates of an entry or of a message's signature, in DER, the leaf first.
pub(crate) fn entry_certificates(value: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<u8>>> {
    match certificates(value, "certificate", Code::MalformedEntry)? {
        Certificates::Pem(pem) => Entry::certificates_from_pem(&pem).or_raise(value.py()),
        Certificates::Der(certificates) => Ok(certificates),
    }
}

/// A signature's DER: bytes, or base64 text.
pub(crate) fn signature(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Some(base64) = optional_text(value, "signature", Code::MalformedEntry)? {
        return Entry::signature_from_base64(&base64).or_raise(value.py());
    }
    optional_bytes(value)?.ok_or_else(|| wrong_type(value, "signature", "bytes (DER) or str (base64)"))
}

/// An instant: RFC 3339 text, or an aware `datetime`.
pub(crate) fn timestamp(value: &Bound<'_, PyAny>, what: &str, code: Code) -> PyResult<Timestamp> {
    let py = value.py();
    let text = match optional_text(value, what, code)? {
        Some(text) => text,
        None if value.is_instance_of::<PyDateTime>() => {
            if value.call_method0("utcoffset")?.is_none() {
                return Err(refused(
                    py,
                    code,
                    &format!(
                        "{what} is a naive datetime; give it a time zone, such as datetime.timezone.utc"
                    ),
                ));
            }
            // Its text, and not its difference from 1970, so that a subclass may have nanoseconds.
            text(&value.call_method0("isoformat")?, what, code)?
        }
        None => return Err(wrong_type(value, what, "str (RFC 3339) or an aware datetime")),
    };
    text.parse().map_err(|error| refused(py, code, &format!("`{what}` is {error}")))
}

/// The caller's time, if it was given.
pub(crate) fn now(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Timestamp>> {
    value.map(|value| timestamp(value, "now", Code::InvalidArgument)).transpose()
}

/// A read-only mapping of these pairs.
pub(crate) fn mapping<'py, K: IntoPyObject<'py>, V: IntoPyObject<'py>>(
    py: Python<'py>,
    pairs: impl IntoIterator<Item = (K, V)>,
) -> PyResult<Bound<'py, PyMappingProxy>> {
    let dict = PyDict::new(py);
    for (key, value) in pairs {
        dict.set_item(key, value)?;
    }
    Ok(PyMappingProxy::new(py, dict.as_mapping()))
}

/// What Python's own reader makes of JSON.
pub(crate) fn object_from_json<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (json,))
}

/// JSON of a value of the core, whose texts and numbers JSON can always write.
pub(crate) fn to_json(py: Python<'_>, value: &impl serde_core::Serialize) -> PyResult<String> {
    serde_json::to_string(value)
        .map_err(|error| crate::error::failed(py, Code::Internal, &format!("no JSON: {error}")))
}

/// A text as Python's source code writes it.
pub(crate) fn quoted(py: Python<'_>, text: &str) -> PyResult<String> {
    Ok(PyString::new(py, text).repr()?.to_cow()?.into_owned())
}

/// Python's spelling of a truth value.
pub(crate) const fn truth(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
