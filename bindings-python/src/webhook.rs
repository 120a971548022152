//! `Webhook`: one callback URL with its secrets.

use crate::convert::{Body, secrets, size, text, wrong_type};
use crate::delivery::{Delivery, EndpointOnly};
use crate::errors::{raise, verification_error};
use crate::headers::Headers;
use crate::time;
use korewebhook::header::{self, Field, delivery_headers};
use korewebhook::{Format, Head, Options, PrefixState, Reason, SchemeName, SignedUrl, Token, Verdict, date};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};

/// The longest secret, in bytes. There is room for more here than on a microcontroller.
const MAX_SECRET: usize = 1024;

pub(crate) type KeyRing = korewebhook::KeyRing<8, MAX_SECRET>;
pub(crate) type Endpoint = korewebhook::Endpoint<Box<KeyRing>, String, 8, MAX_SECRET, Box<[PrefixState]>>;

/// From this size on, in bytes, other threads may run meanwhile. Measured with two threads that verify forms: at 256 bytes handing over
/// doubles the time, at 4 KiB it begins to pay, at 16 KiB the threads run side by side.
const DETACH: usize = 8 << 10;

#[pyclass(frozen, module = "korewebhook")]
pub(crate) struct Webhook {
    pub(crate) endpoint: Endpoint,
}

#[pymethods]
impl Webhook {
    #[new]
    #[pyo3(signature = (secret, url, *, scheme=None, allow_get=false, allow_empty_body=false, max_body=None, max_depth=None, format=None))]
    #[expect(clippy::too_many_arguments, reason = "all but two are options by name")]
    fn new(
        py: Python<'_>,
        secret: &Bound<'_, PyAny>,
        url: &Bound<'_, PyAny>,
        scheme: Option<&Bound<'_, PyAny>>,
        allow_get: bool,
        allow_empty_body: bool,
        max_body: Option<&Bound<'_, PyAny>>,
        max_depth: Option<&Bound<'_, PyAny>>,
        format: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let invalid = || raise(py, Reason::InvalidArgument);
        let mut ring = Box::<KeyRing>::default();
        secrets(secret, |secret| ring.push(secret))?;
        if ring.is_empty() {
            return Err(raise(py, Reason::SecretEmpty));
        }
        let url = String::from_utf8_lossy(text(url, "url")?).into_owned();
        let url = SignedUrl::new(url).map_err(|error| raise(py, error))?;
        let mut options = Options::default();
        options.allow_get = allow_get;
        options.allow_empty_body = allow_empty_body;
        if let Some(value) = max_body {
            options.max_body = usize::try_from(size(value, "max_body")?).unwrap_or(usize::MAX);
        }
        if let Some(value) = max_depth {
            options.max_depth = u8::try_from(size(value, "max_depth")?).unwrap_or(u8::MAX);
        }
        options.format = format.map(|value| format_by_name(value)?.ok_or_else(invalid)).transpose()?;
        let name = scheme.map(|value| text(value, "scheme")).transpose()?;
        let scheme = match name {
            None => SchemeName::default(),
            Some(name) => {
                std::str::from_utf8(name).ok().and_then(SchemeName::from_name).ok_or_else(invalid)?
            }
        };
        let prefix = (0..ring.len()).map(|_| PrefixState::default()).collect();
        let endpoint =
            Endpoint::prepared(scheme, ring, url, options, prefix).map_err(|error| raise(py, error))?;
        Ok(Self { endpoint })
    }

    #[classmethod]
    #[pyo3(signature = (**options))]
    fn from_env<'py>(
        cls: &Bound<'py, PyType>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = cls.py();
        let os = py.import("os")?;
        // As bytes, since a variable needs not be text.
        let read = |name: &str| {
            let value = os.getattr("environ")?.call_method1("get", (name, ""))?;
            os.call_method1("fsencode", (value,))
        };
        let secrets = read("KOREWEBHOOK_SECRET")?.call_method1("split", (PyBytes::new(py, b","),))?;
        cls.call((secrets, read("KOREWEBHOOK_URL")?), options)
    }

    #[pyo3(signature = (body, headers, *, method=None))]
    fn verify<'py>(
        slf: &Bound<'py, Self>,
        body: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let endpoint = &slf.get().endpoint;
        let body = Body::new(body)?;
        let headers = Headers::collect(headers, &header::NAMES)?;
        let method = method.map_or(Ok(&b"POST"[..]), |method| text(method, "method"))?;
        let head = head(method, &headers);
        let bytes = body.as_slice();
        let mut canonical = Vec::new();
        let keep = is_likely_spaced(bytes) && canonical.try_reserve_exact(bytes.len()).is_ok();
        let mut judge = || {
            endpoint.judge_with(&head, bytes, |run| {
                if keep {
                    canonical.extend_from_slice(run);
                }
            })
        };
        let verdict = if bytes.len() < DETACH { judge() } else { py.detach(judge) };
        match verdict.map_err(|error| raise(py, error))? {
            Verdict::EndpointOnly(only) => Ok(EndpointOnly::new(&only).into_pyobject(py)?.into_any()),
            Verdict::Delivery(delivery) => {
                let (format, secret_index) = (delivery.format(), delivery.secret_index());
                let canonical = match delivery.body() {
                    Some(_) => body.into_bytes(py),
                    None if keep => PyBytes::new(py, &canonical),
                    None => PyBytes::new_with(py, delivery.receipt().canonical_len, |out| {
                        delivery.write_body(out).map(drop).map_err(|error| raise(py, error))
                    })?,
                }
                .unbind();
                let [.., token, date] = headers.into_values();
                let delivery =
                    Delivery::new(format, secret_index, canonical, slf.clone().unbind(), token, date);
                Ok(delivery.into_pyobject(py)?.into_any())
            }
        }
    }

    #[pyo3(signature = (headers, *, method=None))]
    fn refuse_unread<'py>(
        &self,
        headers: &Bound<'py, PyAny>,
        method: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = headers.py();
        let headers = Headers::collect(headers, &header::NAMES)?;
        let method = method.map_or(Ok(&b"POST"[..]), |method| text(method, "method"))?;
        verification_error(py, self.endpoint.refuse_unread(&head(method, &headers)))
    }

    #[pyo3(signature = (body, *, content_type=None))]
    fn sign(
        &self,
        py: Python<'_>,
        body: &Bound<'_, PyAny>,
        content_type: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        self.sign_body(py, body, content_type).map(|(signature, _)| signature)
    }

    #[pyo3(signature = (body, *, content_type=None, token=None, date=None))]
    fn headers<'py>(
        &self,
        py: Python<'py>,
        body: &Bound<'py, PyAny>,
        content_type: Option<&Bound<'py, PyAny>>,
        token: Option<&Bound<'py, PyAny>>,
        date: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (signature, format) = self.sign_body(py, body, content_type)?;
        let random;
        let token = match token {
            Some(token) => text(token, "token")?,
            None => {
                let bytes = py.import("os")?.call_method1("urandom", (16,))?;
                random = format!("RQ{}", bytes.call_method0("hex")?.cast::<PyString>()?.to_str()?);
                random.as_bytes()
            }
        };
        let token = Token::new(token).ok_or_else(|| raise(py, Reason::InvalidArgument))?;
        let date = date_text(py, date)?;
        let headers = PyDict::new(py);
        for (name, value) in delivery_headers(format, &date, token, &signature) {
            match (name, content_type) {
                (header::CONTENT_TYPE, Some(given)) => {
                    headers.set_item(name, String::from_utf8_lossy(text(given, name)?))?;
                }
                _ => headers.set_item(name, value)?,
            }
        }
        Ok(headers)
    }

    #[getter]
    fn url(&self) -> &str {
        self.endpoint.url().as_str()
    }

    #[getter]
    fn scheme(&self) -> &'static str {
        self.endpoint.scheme().name()
    }

    #[getter]
    fn max_body(&self) -> usize {
        self.endpoint.options().max_body
    }

    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.endpoint.warnings().map(korewebhook::Warning::name).collect::<Vec<_>>())
    }

    fn __repr__(&self) -> String {
        format!("<korewebhook.Webhook secrets={}>", self.endpoint.secrets())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("a Webhook holds secrets: it can't be pickled or copied"))
    }
}

impl Webhook {
    fn sign_body(
        &self,
        py: Python<'_>,
        body: &Bound<'_, PyAny>,
        content_type: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<(String, Format)> {
        let body = Body::new(body)?;
        let format = match content_type {
            Some(value) => {
                Format::from_content_type(text(value, "content_type")?).map_err(|error| raise(py, error))?
            }
            None => Format::guess(body.as_slice()),
        };
        let signature = self.endpoint.sign(format, body.as_slice()).map_err(|error| raise(py, error))?;
        Ok((signature.to_string(), format))
    }
}

/// The head of a request. Token and date don't decide, so they are not looked into.
fn head<'h>(method: &'h [u8], headers: &'h Headers<'_, { header::NAMES.len() }>) -> Head<'h> {
    let [signature, content_type, content_encoding] = [0, 1, 2].map(|at| headers.field(at));
    Head::from_fields(method, [signature, content_type, content_encoding, Field::Absent, Field::Absent])
}

/// Whether a body is likely to be no canonical one, by its beginning. Then the canonical one is kept as it is hashed, which
/// may turn out to be in vain; else it is made afterwards, where it is needed.
fn is_likely_spaced(body: &[u8]) -> bool {
    let beginning = body.get(..64).unwrap_or(body);
    Format::guess(body) == Format::Json
        && beginning.iter().fold(false, |found, byte| found | byte.is_ascii_whitespace())
}

/// `json` or `form`; `None` for another text.
fn format_by_name(value: &Bound<'_, PyAny>) -> PyResult<Option<Format>> {
    Ok(match text(value, "format")? {
        b"json" => Some(Format::Json),
        b"form" => Some(Format::Form),
        _ => None,
    })
}

/// KORE's form of a date: of this text, this datetime, or now.
fn date_text(py: Python<'_>, value: Option<&Bound<'_, PyAny>>) -> PyResult<String> {
    let seconds = match value {
        None => time::now(py)? / 1000,
        Some(value) if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() => {
            date::parse(text(value, "date")?).map_err(|error| raise(py, error))?
        }
        Some(value) if value.hasattr("timestamp")? => time::millis(value, "date")? / 1000,
        Some(value) => return Err(wrong_type(value, "date", "str or datetime")),
    };
    let mut out = [0; date::DATE_LEN];
    date::format(seconds, &mut out).map(str::to_owned).map_err(|error| raise(py, error))
}
