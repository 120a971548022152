//! `Delivery`: what a verified request holds.

use crate::convert::{is_plain_text, text_or_none};
use crate::errors::raise;
use crate::guard::ReplayKey;
use crate::time;
use crate::webhook::Webhook;
use korewebhook::{Format, Receipt, Token, date, replay};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyList, PyString};

#[pyclass(frozen, freelist = 8, module = "korewebhook")]
pub(crate) struct Delivery {
    format: Format,
    secret_index: usize,
    body: Py<PyBytes>,
    webhook: Py<Webhook>,
    // The headers' values as they came: what they mean is worked out when somebody asks.
    token: Option<Py<PyAny>>,
    date: Option<Py<PyAny>>,
    key: PyOnceLock<Py<PyString>>,
}

impl Delivery {
    pub(crate) fn new(
        format: Format,
        secret_index: usize,
        body: Py<PyBytes>,
        webhook: Py<Webhook>,
        token: Option<Bound<'_, PyAny>>,
        date: Option<Bound<'_, PyAny>>,
    ) -> Self {
        let [token, date] = [token, date].map(|value| value.map(keep));
        Self { format, secret_index, body, webhook, token, date, key: PyOnceLock::new() }
    }

    /// Hands the core's own delivery and its keys to `then`.
    fn with<T>(
        &self,
        py: Python<'_>,
        then: impl FnOnce(
            &korewebhook::Delivery<'_>,
            &korewebhook::Keys<'_, korewebhook::hash::Sha2>,
        ) -> Result<T, korewebhook::Error>,
    ) -> PyResult<T> {
        let body = self.body.as_bytes(py);
        let receipt = Receipt::new(self.format, self.secret_index, body.len(), body.len());
        let delivery = korewebhook::Delivery::from_receipt(&receipt, body);
        let keys = self.webhook.get().endpoint.keys();
        delivery.and_then(|delivery| then(&delivery, &keys?)).map_err(|error| raise(py, error))
    }
}

/// A `str` or `bytes` to be kept: itself where it refers to nothing else, or its bytes.
fn keep(value: Bound<'_, PyAny>) -> Py<PyAny> {
    if is_plain_text(&value) {
        return value.unbind();
    }
    PyBytes::new(value.py(), text_or_none(&value).unwrap_or_default()).into_any().unbind()
}

#[pymethods]
impl Delivery {
    #[getter]
    fn body(&self, py: Python<'_>) -> Py<PyBytes> {
        self.body.clone_ref(py)
    }

    #[getter]
    const fn format(&self) -> &'static str {
        match self.format {
            Format::Json => "json",
            Format::Form => "form",
        }
    }

    #[getter]
    const fn secret_index(&self) -> usize {
        self.secret_index
    }

    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyString>> {
        let make = || {
            let key = self.with(py, |delivery, keys| keys.delivery(delivery))?;
            Ok(PyString::new(py, &key.to_string()).unbind())
        };
        self.key.get_or_try_init(py, make).map(|key| key.bind(py))
    }

    #[getter]
    fn idempotency_token<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyString>> {
        let value = self.token.as_ref()?.bind(py);
        let token = Token::new(text_or_none(value)?)?;
        Some(PyString::new(py, token.as_str()))
    }

    #[getter]
    fn date<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let value = self.date.as_ref().map(|value| value.bind(py));
        let seconds = value.and_then(text_or_none).and_then(|value| date::parse(value).ok());
        seconds.map(|seconds| time::datetime(py, seconds.saturating_mul(1000))).transpose()
    }

    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("korewebhook._events")?.call_method1("loads", (self.body.bind(py),))
    }

    fn events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self.with(py, |delivery, keys| {
            let items = delivery.events().enumerate();
            items
                .map(|(at, event)| {
                    let key = keys.event(&event)?.map(|key| key.to_string());
                    Ok((at, PyBytes::new(py, event.span()), event.is_object(), key))
                })
                .collect::<Result<Vec<_>, _>>()
        })?;
        py.import("korewebhook._events")?.call_method1("parse", (items,))
    }

    fn form<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let decode = |text: korewebhook::FormText<'_>| PyBytes::new(py, &text.decode().collect::<Vec<_>>());
        let pairs = self.with(py, |delivery, _| {
            Ok(delivery.fields().map(|(name, value)| (decode(name), decode(value))).collect::<Vec<_>>())
        })?;
        py.import("korewebhook._form")?.call_method1("parse", (pairs,))
    }

    fn replay_keys<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let keys = self.with(py, |delivery, keys| {
            let mut places = vec![replay::ReplayKey::EMPTY; keys.replay_len(delivery)];
            keys.replay(delivery, &mut places).map(|keys| keys.to_vec())
        })?;
        PyList::new(py, keys.into_iter().map(ReplayKey).collect::<Vec<_>>())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (format, len) = (self.format(), self.body.as_bytes(py).len());
        Ok(format!("<korewebhook.Delivery {format} bytes={len} key={}>", self.key(py)?))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a Delivery can't be pickled or copied: keep its body and its key"))
    }
}

/// A verified GET: it authenticates the endpoint and nothing of an event.
#[pyclass(frozen, module = "korewebhook")]
pub(crate) struct EndpointOnly {
    #[pyo3(get)]
    secret_index: usize,
}

impl EndpointOnly {
    pub(crate) const fn new(endpoint: &korewebhook::EndpointOnly) -> Self {
        Self { secret_index: endpoint.secret_index }
    }
}

#[pymethods]
impl EndpointOnly {
    fn __repr__(&self) -> String {
        format!("<korewebhook.EndpointOnly secret_index={}>", self.secret_index)
    }
}
