//! What needs no object.

use crate::convert::{Body, secrets, text};
use crate::errors::raise;
use crate::headers::Headers;
use crate::time;
use crate::webhook::KeyRing;
use korewebhook::scheme::bearer;
use korewebhook::{SignedUrl, date, json};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// The canonical form of a JSON text: no white space between tokens, every byte of a token kept.
#[pyfunction]
pub(crate) fn minify_json<'py>(py: Python<'py>, body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let body = Body::new(body)?;
    let len = json::canonical_len(body.as_slice()).map_err(|error| raise(py, error))?;
    if len == body.as_slice().len() {
        return Ok(body.into_bytes(py));
    }
    PyBytes::new_with(py, len, |out| {
        json::canonicalize_into(body.as_slice(), out).map(drop).map_err(|error| raise(py, error))
    })
}

/// The part of a callback URL that is signed.
#[pyfunction]
pub(crate) fn signed_url(py: Python<'_>, url: &Bound<'_, PyAny>) -> PyResult<String> {
    let url = SignedUrl::new(text(url, "url")?).map_err(|error| raise(py, error))?;
    Ok(url.as_str().to_owned())
}

/// KORE's date header as an aware datetime.
#[pyfunction]
pub(crate) fn parse_date<'py>(py: Python<'py>, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let seconds = date::parse(text(value, "a date")?).map_err(|error| raise(py, error))?;
    time::datetime(py, seconds.saturating_mul(1000))
}

/// Checks an `Authorization: Bearer` header against one or more tokens and returns which one it was, from 0.
#[pyfunction]
pub(crate) fn verify_bearer(
    py: Python<'_>,
    headers: &Bound<'_, PyAny>,
    token: &Bound<'_, PyAny>,
) -> PyResult<usize> {
    let mut tokens = Box::<KeyRing>::default();
    secrets(token, |token| tokens.push(token))?;
    let headers = Headers::collect(headers, &[bearer::AUTHORIZATION])?;
    bearer::verify(headers.pairs(), &tokens).map_err(|error| raise(py, error))
}
