//! Times as Python's: aware datetimes, and seconds as numbers.

use crate::convert::wrong_type;
use crate::errors::{Class, raise};
use korewebhook::Reason;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

static DATETIME: Class = Class::new("datetime", "datetime");
static TIMEDELTA: Class = Class::new("datetime", "timedelta");

/// 1970-01-01T00:00:00Z.
fn epoch<'py>(py: Python<'py>) -> PyResult<&'py Bound<'py, PyAny>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = EPOCH.get_or_try_init(py, || {
        let options = PyDict::new(py);
        options.set_item("tzinfo", py.import("datetime")?.getattr("UTC")?)?;
        DATETIME.get(py)?.call((1970, 1, 1), Some(&options)).map(Bound::unbind)
    })?;
    Ok(made.bind(py))
}

/// An aware datetime in UTC. Added up, because the platform's own conversion ends early on some.
pub(crate) fn datetime(py: Python<'_>, millis: u64) -> PyResult<Bound<'_, PyAny>> {
    let since = TIMEDELTA.get(py)?.call1((0, millis / 1000, (millis % 1000) * 1000))?;
    epoch(py)?.add(since)
}

/// Seconds since 1970 from a number or an aware datetime, in milliseconds. What is no such time is an invalid argument.
pub(crate) fn millis(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u64> {
    let py = value.py();
    if value.is_instance(DATETIME.get(py)?)? {
        return match value.getattr("tzinfo")?.is_none() {
            true => Err(raise(py, Reason::InvalidArgument)),
            false => duration(&value.call_method0("timestamp")?, what),
        };
    }
    duration(value, what)
}

/// Seconds from a number, in milliseconds: none below 0, and what is too large stays as large as can be.
pub(crate) fn duration(value: &Bound<'_, PyAny>, what: &str) -> PyResult<u64> {
    let py = value.py();
    let invalid = || raise(py, Reason::InvalidArgument);
    if value.hasattr("__index__")? {
        if value.lt(0)? {
            return Err(invalid());
        }
        return Ok(value.extract::<u64>().map_or(u64::MAX, |seconds| seconds.saturating_mul(1000)));
    }
    if !value.hasattr("__float__")? {
        return Err(wrong_type(value, what, "a number of seconds"));
    }
    let seconds: f64 = value.extract().map_err(|error: PyErr| {
        // A value that is no number, or too large for one, and not another type.
        if error.is_instance_of::<PyTypeError>(py) { error } else { invalid() }
    })?;
    if seconds.is_nan() || seconds < 0.0 {
        return Err(invalid());
    }
    // A float too large for it saturates.
    Ok((seconds * 1000.0) as u64)
}

/// The time, by Python's own clock, in milliseconds since 1970.
pub(crate) fn now(py: Python<'_>) -> PyResult<u64> {
    duration(&py.import("time")?.call_method0("time")?, "time.time()")
}
