//! `ReplayGuard`: the core's, behind a lock.

use crate::convert::{size, text, wrong_type};
use crate::errors::{Class, raise, raise_lease};
use crate::time;
use korewebhook::replay::{self, LeaseError, Outcome, Owner, Place, Retention};
use korewebhook::{Reason, Token};
use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};
use std::sync::{Mutex, MutexGuard, PoisonError};

static OUTCOME: Class = Class::new("korewebhook.guard", "Outcome");

type Guard = replay::ReplayGuard<0, Vec<Place>>;

/// One thing to remember of a delivery.
#[pyclass(frozen, module = "korewebhook")]
pub(crate) struct ReplayKey(pub(crate) replay::ReplayKey);

#[pymethods]
impl ReplayKey {
    #[getter]
    fn key(&self) -> String {
        self.0.key().to_string()
    }

    #[getter]
    const fn has_id(&self) -> bool {
        self.0.has_id()
    }

    #[getter]
    fn time<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.time_ms().map(|millis| time::datetime(py, millis)).transpose()
    }

    fn tag<'py>(
        &self,
        py: Python<'py>,
        token: Option<&Bound<'py, PyAny>>,
        owner: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.tag(read_token(token)?, &read_owner(owner)?)))
    }

    fn __repr__(&self) -> String {
        format!("<korewebhook.ReplayKey {}>", self.0.key())
    }
}

#[pyclass(frozen, module = "korewebhook")]
pub(crate) struct ReplayGuard {
    guard: Mutex<Guard>,
}

#[pymethods]
impl ReplayGuard {
    #[new]
    #[pyo3(signature = (*, capacity=None, lease=None, retention=None, max_age=MaxAge::Default, skew=None))]
    fn new(
        py: Python<'_>,
        capacity: Option<&Bound<'_, PyAny>>,
        lease: Option<&Bound<'_, PyAny>>,
        retention: Option<&Bound<'_, PyAny>>,
        max_age: MaxAge<'_>,
        skew: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut kept = Retention::DEFAULT;
        let set = |place: &mut u64, value: Option<&Bound<'_, PyAny>>, what| {
            value.map_or(Ok(()), |value| time::duration(value, what).map(|millis| *place = millis))
        };
        set(&mut kept.lease_ms, lease, "lease")?;
        set(&mut kept.keep_ms, retention, "retention")?;
        set(&mut kept.skew_ms, skew, "skew")?;
        match max_age {
            MaxAge::Default => {}
            MaxAge::Given(value) if value.is_none() => kept.max_age_ms = None,
            MaxAge::Given(value) => kept.max_age_ms = Some(time::duration(&value, "max_age")?),
        }
        let capacity = capacity.map_or(Ok(DEFAULT_CAPACITY), |value| size(value, "capacity"))?;
        let capacity = usize::try_from(capacity).ok().filter(|&n| n <= MAX_CAPACITY);
        let capacity = capacity.ok_or_else(|| raise(py, Reason::InvalidArgument))?;
        let mut places = Vec::new();
        places
            .try_reserve_exact(capacity)
            .map_err(|_| PyMemoryError::new_err("no memory for so many keys"))?;
        places.resize(capacity, Place::FREE);
        let guard = Guard::in_places(kept, places).map_err(|error| raise(py, error))?;
        Ok(Self { guard: Mutex::new(guard) })
    }

    fn claim<'py>(
        &self,
        py: Python<'py>,
        keys: &Bound<'py, PyAny>,
        token: Option<&Bound<'py, PyAny>>,
        owner: &Bound<'py, PyAny>,
        now: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyList>> {
        let mut keys = read_keys(keys)?;
        let (token, owner, now) = (read_token(token)?, read_owner(owner)?, time::millis(now, "now")?);
        self.lock().claim(&mut keys, token, &owner, now);
        let class = OUTCOME.get(py)?;
        let outcomes = keys.iter().map(|key| class.call1((key.outcome().map(Outcome::name),)));
        PyList::new(py, outcomes.collect::<PyResult<Vec<_>>>()?)
    }

    fn commit(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        owner: &Bound<'_, PyAny>,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (keys, owner, now) = (read_claimed(keys)?, read_owner(owner)?, time::millis(now, "now")?);
        settled(py, self.lock().commit(&keys, &owner, now))
    }

    fn release(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        owner: &Bound<'_, PyAny>,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (keys, owner) = (read_claimed(keys)?, read_owner(owner)?);
        time::millis(now, "now")?;
        settled(py, self.lock().release(&keys, &owner))
    }

    fn renew(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        owner: &Bound<'_, PyAny>,
        now: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (keys, owner, now) = (read_claimed(keys)?, read_owner(owner)?, time::millis(now, "now")?);
        settled(py, self.lock().renew(&keys, &owner, now))
    }

    #[getter]
    fn capacity(&self) -> usize {
        self.lock().capacity()
    }

    fn __len__(&self) -> usize {
        self.lock().len()
    }

    fn __repr__(&self) -> String {
        let guard = self.lock();
        format!("<korewebhook.ReplayGuard {} of {} keys>", guard.len(), guard.capacity())
    }
}

/// 65,536 keys, about 7 MiB.
const DEFAULT_CAPACITY: u64 = 1 << 16;

/// 16,777,216 keys, under 2 GiB: more belong into a store.
const MAX_CAPACITY: usize = 1 << 24;

impl ReplayGuard {
    /// The core never panics while it holds the lock, and claims nothing by halves.
    fn lock(&self) -> MutexGuard<'_, Guard> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `max_age=None` turns it off, so leaving it out is something else.
enum MaxAge<'py> {
    Default,
    Given(Bound<'py, PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for MaxAge<'py> {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::Given(value.to_owned()))
    }
}

fn settled(py: Python<'_>, result: Result<(), LeaseError>) -> PyResult<()> {
    result.map_err(|error| raise_lease(py, error))
}

fn read_keys(keys: &Bound<'_, PyAny>) -> PyResult<Vec<replay::ReplayKey>> {
    let wrong = || wrong_type(keys, "keys", "a sequence of ReplayKey");
    let key = |key: PyResult<Bound<'_, PyAny>>| Ok(key?.cast::<ReplayKey>().map_err(|_| wrong())?.get().0);
    keys.try_iter().map_err(|_| wrong())?.map(key).collect()
}

/// Keys that the caller says it has claimed; the guard compares the owner.
fn read_claimed(keys: &Bound<'_, PyAny>) -> PyResult<Vec<replay::ReplayKey>> {
    Ok(read_keys(keys)?.into_iter().map(|key| key.with_outcome(Outcome::New)).collect())
}

fn read_owner(owner: &Bound<'_, PyAny>) -> PyResult<Owner> {
    let bytes = owner.cast::<PyBytes>().map_err(|_| wrong_type(owner, "owner", "bytes"))?;
    bytes.as_bytes().try_into().map_err(|_| raise(owner.py(), Reason::InvalidArgument))
}

/// A token that is malformed counts as absent.
fn read_token<'a>(token: Option<&'a Bound<'_, PyAny>>) -> PyResult<Option<Token<'a>>> {
    token.map_or(Ok(None), |token| text(token, "token").map(Token::new))
}
