//! The core's errors as `VerificationError`, and the classes that are written in Python.

use korewebhook::replay::LeaseError;
use korewebhook::{Error, Reason};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// A class of the package.
pub(crate) struct Class {
    module: &'static str,
    name: &'static str,
    found: PyOnceLock<Py<PyType>>,
}

impl Class {
    pub(crate) const fn new(module: &'static str, name: &'static str) -> Self {
        Self { module, name, found: PyOnceLock::new() }
    }

    pub(crate) fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        self.found.import(py, self.module, self.name)
    }
}

static VERIFICATION_ERROR: Class = Class::new("korewebhook._errors", "VerificationError");
static LOST_LEASE: Class = Class::new("korewebhook.guard", "LostLease");
static ALREADY_COMMITTED: Class = Class::new("korewebhook.guard", "AlreadyCommitted");

/// The instance of `VerificationError`.
pub(crate) fn verification_error<'py>(py: Python<'py>, error: Error) -> PyResult<Bound<'py, PyAny>> {
    let detail = error.detail().map(korewebhook::Detail::name);
    let args = (error.code(), error.number(), error.hint(), detail, error.offset());
    VERIFICATION_ERROR.get(py)?.call1(args)
}

/// The same, to be raised.
pub(crate) fn raise(py: Python<'_>, error: impl Into<Error>) -> PyErr {
    verification_error(py, error.into()).map_or_else(|error| error, PyErr::from_value)
}

pub(crate) fn raise_lease(py: Python<'_>, error: LeaseError) -> PyErr {
    let class = if error == LeaseError::AlreadyCommitted { &ALREADY_COMMITTED } else { &LOST_LEASE };
    class.get(py).and_then(|class| class.call0()).map_or_else(|error| error, PyErr::from_value)
}

/// Every reason: name to number and hint.
pub(crate) fn reasons(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let table = PyDict::new(py);
    for reason in Reason::ALL {
        table.set_item(reason.name(), (reason.number(), reason.hint()))?;
    }
    Ok(table)
}
