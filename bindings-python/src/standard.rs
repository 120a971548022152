//! `StandardWebhook`: Standard Webhooks v1.

use crate::convert::{Body, secrets, text};
use crate::errors::raise;
use crate::headers::Headers;
use crate::time;
use korewebhook::Reason;
use korewebhook::scheme::standard_webhooks::{
    self, StandardKeyRing, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

#[pyclass(frozen, module = "korewebhook")]
pub(crate) struct StandardWebhook {
    // On the heap, so that no copy of a secret stays behind when it is moved.
    secrets: Box<StandardKeyRing>,
}

#[pyclass(frozen, get_all, module = "korewebhook")]
pub(crate) struct StandardDelivery {
    id: String,
    timestamp: u64,
    secret_index: usize,
}

#[pymethods]
impl StandardDelivery {
    fn __repr__(&self) -> String {
        format!("<korewebhook.StandardDelivery id={:?} timestamp={}>", self.id, self.timestamp)
    }
}

#[pymethods]
impl StandardWebhook {
    #[new]
    fn new(py: Python<'_>, secret: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut ring = Box::<StandardKeyRing>::default();
        secrets(secret, |secret| ring.push(std::str::from_utf8(secret).map_err(|_| Reason::SecretFormat)?))?;
        if ring.is_empty() {
            return Err(raise(py, Reason::SecretEmpty));
        }
        Ok(Self { secrets: ring })
    }

    #[pyo3(signature = (body, headers, *, now=None, tolerance=None))]
    fn verify(
        &self,
        py: Python<'_>,
        body: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        tolerance: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<StandardDelivery> {
        let body = Body::new(body)?;
        let headers = Headers::collect(headers, &[WEBHOOK_ID, WEBHOOK_TIMESTAMP, WEBHOOK_SIGNATURE])?;
        let now = now.map_or_else(|| time::now(py), |now| time::millis(now, "now"))?;
        let tolerance =
            tolerance.map_or(Ok(standard_webhooks::TOLERANCE_MS), |t| time::duration(t, "tolerance"))?;
        let verified =
            standard_webhooks::verify(headers.pairs(), body.as_slice(), &self.secrets, now, tolerance);
        let delivery = verified.map_err(|error| raise(py, error))?;
        Ok(StandardDelivery {
            id: delivery.id.to_owned(),
            timestamp: delivery.timestamp,
            secret_index: delivery.secret_index,
        })
    }

    fn sign(
        &self,
        py: Python<'_>,
        id: &Bound<'_, PyAny>,
        timestamp: &Bound<'_, PyAny>,
        body: &Bound<'_, PyAny>,
    ) -> PyResult<String> {
        let id = std::str::from_utf8(text(id, "id")?).map_err(|_| raise(py, Reason::IdFormat))?;
        let seconds = time::millis(timestamp, "timestamp")? / 1000;
        let mut out = [0; standard_webhooks::SIGNATURE_LEN];
        let signed =
            standard_webhooks::sign(&self.secrets, id, seconds, Body::new(body)?.as_slice(), &mut out);
        signed.map(str::to_owned).map_err(|error| raise(py, error))
    }

    fn __repr__(&self) -> String {
        format!("<korewebhook.StandardWebhook secrets={}>", self.secrets.len())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a StandardWebhook holds secrets: it can't be pickled or copied"))
    }
}
