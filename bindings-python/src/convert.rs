//! Python values as bytes and numbers.

use crate::errors::raise;
use korewebhook::{Error, Reason};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyList, PyMemoryView, PyString, PyTuple};

/// What stands for a `str` that has no UTF-8: it is part of no name, number or signature that is accepted.
const UNENCODABLE: &[u8] = b"\xFF";

/// Whether it is a `str` or `bytes`.
pub(crate) fn is_text(value: &Bound<'_, PyAny>) -> bool {
    is_plain_text(value) || value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>()
}

/// Whether it is a `str` or `bytes` and of no subclass, which is quicker to say.
pub(crate) fn is_plain_text(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyString>() || value.is_exact_instance_of::<PyBytes>()
}

/// The bytes of a `str` (in UTF-8) or `bytes`; `None` for anything else.
pub(crate) fn text_or_none<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a [u8]> {
    // First what is no subclass, which is quicker to say.
    let exact = value.cast_exact::<PyString>().ok();
    if let Some(text) = exact.or_else(|| value.cast().ok()) {
        return Some(text.to_str().map_or(UNENCODABLE, str::as_bytes));
    }
    value.cast::<PyBytes>().ok().map(PyBytesMethods::as_bytes)
}

/// The bytes of a `str` (in UTF-8) or `bytes`.
pub(crate) fn text<'a>(value: &'a Bound<'_, PyAny>, what: &str) -> PyResult<&'a [u8]> {
    text_or_none(value).ok_or_else(|| wrong_type(value, what, "str or bytes"))
}

/// The bytes of a secret. A `str` that has no UTF-8 is no secret.
fn secret<'a>(value: &'a Bound<'_, PyAny>) -> PyResult<&'a [u8]> {
    let bytes = text(value, "secret")?;
    if bytes == UNENCODABLE && value.is_instance_of::<PyString>() {
        return Err(raise(value.py(), Reason::SecretFormat));
    }
    Ok(bytes)
}

/// Hands each secret of one or a sequence of them to `push`.
pub(crate) fn secrets(
    value: &Bound<'_, PyAny>,
    mut push: impl FnMut(&[u8]) -> Result<(), Error>,
) -> PyResult<()> {
    let py = value.py();
    let mut add = |value: &Bound<'_, PyAny>| push(secret(value)?).map_err(|error| raise(py, error));
    if is_text(value) {
        return add(value);
    }
    if value.is_instance_of::<PyByteArray>() || value.is_instance_of::<PyMemoryView>() {
        return Err(wrong_type(value, "secret", "str, bytes or a sequence of them"));
    }
    let items =
        value.try_iter().map_err(|_| wrong_type(value, "secret", "str, bytes or a sequence of them"))?;
    for item in items {
        add(&item?)?;
    }
    Ok(())
}

/// A body: zero-copy where it can't change, else a copy that is made before the interpreter may run anything else.
pub(crate) enum Body<'py> {
    Bytes(Bound<'py, PyBytes>),
    Copy(Vec<u8>),
}

impl<'py> Body<'py> {
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = value.cast_exact::<PyBytes>() {
            return Ok(Self::Bytes(bytes.clone()));
        }
        if value.is_instance_of::<PyString>() {
            return Err(wrong_type(value, "body", "bytes-like: take the raw body, before any parser"));
        }
        let view = PyMemoryView::from(value).map_err(|_| wrong_type(value, "body", "bytes-like"))?;
        let copy = view.call_method0("tobytes")?.cast_into::<PyBytes>()?;
        Ok(Self::Copy(copy.as_bytes().to_vec()))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes.as_bytes(),
            Self::Copy(bytes) => bytes,
        }
    }

    /// The same bytes as Python's: the object itself where it is one.
    pub(crate) fn into_bytes(self, py: Python<'py>) -> Bound<'py, PyBytes> {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Copy(bytes) => PyBytes::new(py, &bytes),
        }
    }
}

/// A count or size: any integer, as what the core can refuse.
pub(crate) fn size(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u64> {
    let py = value.py();
    if !value.hasattr("__index__")? {
        return Err(wrong_type(value, what, "int"));
    }
    value.extract::<u64>().map_err(|_| raise(py, Reason::InvalidArgument))
}

/// Whether it is a list or tuple of several header values.
pub(crate) fn is_sequence(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>()
}

pub(crate) fn wrong_type(value: &Bound<'_, PyAny>, what: &str, wanted: &str) -> PyErr {
    // The type alone: the value may be a secret.
    let kind = value.get_type().name().map_or_else(|_| "object".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("{what} must be {wanted}, not {kind}"))
}
