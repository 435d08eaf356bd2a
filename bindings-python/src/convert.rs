//! Python's values as the core's.

use crate::error::{invalid_argument, malformed, refused, wrong_type};
use countermark::limits::MAX_LEEWAY_SECONDS;
use countermark::{ArtifactName, Code, Entry, MalformedInput, Timestamp};
use pyo3::Borrowed;
use pyo3::exceptions::PyUnicodeEncodeError;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDateTime, PyDelta, PyDict, PyFloat, PyInt, PyIterator, PyMapping,
    PyMappingProxy, PyMemoryView, PyString,
};
use std::time::Duration;

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

fn is_bytes(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyByteArray>()
        || value.is_instance_of::<PyMemoryView>()
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

/// `True` or `False`, and nothing that is merely like them.
pub(crate) fn flag(value: &Bound<'_, PyAny>, what: &str) -> PyResult<bool> {
    match value.cast::<PyBool>() {
        Ok(flag) => Ok(flag.is_true()),
        Err(_) => Err(wrong_type(value, what, "bool")),
    }
}

/// An argument with a default for which None is no stand-in.
pub(crate) struct Given<'py>(pub(crate) Option<Bound<'py, PyAny>>);

impl Given<'_> {
    pub(crate) const NOT: Self = Self(None);

    /// `True` or `False`; `False` if it was not given.
    pub(crate) fn flag(&self, what: &str) -> PyResult<bool> {
        self.0.as_ref().map_or(Ok(false), |value| flag(value, what))
    }
}

impl<'py> FromPyObject<'_, 'py> for Given<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(Some(object.to_owned())))
    }
}

fn is_generator(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    value.is_instance(&value.py().import("types")?.getattr("GeneratorType")?)
}

/// Goes through an iterable. A text or bytes is refused, because its items are hardly what the caller meant, and so
/// is a generator that has ended: it was read before, and would pass for an empty list.
pub(crate) fn iterate<'py>(
    value: &Bound<'py, PyAny>,
    what: &str,
    wanted: &str,
) -> PyResult<Bound<'py, PyIterator>> {
    let refuse = || wrong_type(value, what, wanted);
    if value.is_instance_of::<PyString>() || is_bytes(value) {
        return Err(refuse());
    }
    let iterator = value.try_iter().map_err(|_| refuse())?;
    if iterator.is(value) && is_generator(value)? && value.getattr("gi_frame")?.is_none() {
        return Err(read_before(value.py(), what));
    }
    Ok(iterator)
}

fn read_before(py: Python<'_>, what: &str) -> PyErr {
    invalid_argument(
        py,
        &format!("{what} is an iterator with nothing in it, perhaps because it was read before; give a list"),
    )
}

/// The items of an iterable. That there is none must be said by something that can say so: a used up iterator or a
/// buffer without elements would be an empty log, or a blocklist that blocks nothing.
pub(crate) fn items<'py>(
    value: &Bound<'py, PyAny>,
    what: &str,
    wanted: &str,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let iterator = iterate(value, what, wanted)?;
    let used_up = iterator.is(value) && !is_generator(value)?;
    let items: Vec<_> = iterator.collect::<PyResult<_>>()?;
    if items.is_empty() && used_up {
        return Err(read_before(value.py(), what));
    }
    if items.is_empty() && PyMemoryView::from(value).is_ok() {
        return Err(wrong_type(value, what, wanted));
    }
    Ok(items)
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

/// An artifact's name: text.
pub(crate) fn artifact_name(name: &Bound<'_, PyAny>, what: &str) -> PyResult<ArtifactName> {
    text(name, what, Code::MalformedName)?.parse().or_raise(name.py())
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

/// The caller's time, if it was given, and how much later than it a signature may be.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    pub(crate) now: Option<Timestamp>,
    pub(crate) leeway: Duration,
}

impl Now {
    pub(crate) fn new(
        py: Python<'_>,
        now: Option<&Bound<'_, PyAny>>,
        leeway: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let now = now.map(|value| timestamp(value, "now", Code::InvalidArgument)).transpose()?;
        let leeway = leeway.map(self::leeway).transpose()?;
        if now.is_none() && leeway.is_some() {
            return Err(invalid_argument(py, "leeway is given without now, and is a leeway of nothing"));
        }
        Ok(Self { now, leeway: leeway.unwrap_or_default() })
    }
}

const SECONDS_PER_DAY: u64 = 86_400;

/// A `timedelta`, or seconds; at most a day: what is beyond it is no difference between clocks.
fn leeway(value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let refuse =
        || invalid_argument(value.py(), &format!("leeway must be 0 to {MAX_LEEWAY_SECONDS} seconds (a day)"));
    let leeway = any_leeway(value, &refuse)?;
    if leeway > Duration::from_secs(MAX_LEEWAY_SECONDS.into()) { Err(refuse()) } else { Ok(leeway) }
}

fn any_leeway(value: &Bound<'_, PyAny>, refuse: &impl Fn() -> PyErr) -> PyResult<Duration> {
    if let Ok(delta) = value.cast::<PyDelta>() {
        // It is normalised: the days alone have a sign.
        let part = |name: &str| delta.getattr(name)?.extract::<i64>();
        let (days, seconds, microseconds) = (part("days")?, part("seconds")?, part("microseconds")?);
        let days = u64::try_from(days).map_err(|_| refuse())?;
        let rest =
            Duration::from_secs(seconds.unsigned_abs()) + Duration::from_micros(microseconds.unsigned_abs());
        return Ok(Duration::from_secs(days * SECONDS_PER_DAY) + rest);
    }
    let is_number = value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>();
    if value.is_instance_of::<PyBool>() || !is_number {
        return Err(wrong_type(value, "leeway", "a timedelta, or int or float (seconds)"));
    }
    if value.is_instance_of::<PyInt>() {
        return value.extract().map(Duration::from_secs).map_err(|_| refuse());
    }
    Duration::try_from_secs_f64(value.extract()?).map_err(|_| refuse())
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
