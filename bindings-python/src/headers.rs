//! Headers from whatever a framework has: a mapping, pairs, a WSGI environ, ASGI tuples.

use crate::convert::{is_sequence, text, text_or_none, wrong_type};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::borrow::Cow;

/// The header fields that somebody asked for, in order.
pub(crate) struct Headers<'py> {
    found: Vec<(&'static str, Bound<'py, PyAny>)>,
}

impl<'py> Headers<'py> {
    /// Takes the fields whose names are `wanted`, compared in ASCII without regard to case.
    pub(crate) fn collect(source: &Bound<'py, PyAny>, wanted: &'static [&'static str]) -> PyResult<Self> {
        let mut headers = Self { found: Vec::with_capacity(wanted.len()) };
        if let Ok(dict) = source.cast_exact::<PyDict>() {
            let environ = dict.contains("wsgi.input")?;
            // A copy of the pairs: a value's own code might change the dictionary meanwhile.
            for pair in dict.items() {
                let (name, value) = split(&pair)?;
                headers.take(&name, value, wanted, environ)?;
            }
            return Ok(headers);
        }
        let pairs = match source.getattr_opt("items")? {
            Some(items) => items.call0()?,
            None => source.clone(),
        };
        let pairs = pairs.try_iter().map_err(|_| wrong_type(source, "headers", "a mapping or pairs"))?;
        for pair in pairs {
            let pair = pair?;
            let (name, value) = split(&pair)?;
            headers.take(&name, value, wanted, false)?;
        }
        Ok(headers)
    }

    fn take(
        &mut self,
        name: &Bound<'py, PyAny>,
        value: Bound<'py, PyAny>,
        wanted: &'static [&'static str],
        environ: bool,
    ) -> PyResult<()> {
        let Some(bytes) = text_or_none(name) else {
            // An environ may hold keys of any kind.
            return if environ { Ok(()) } else { Err(wrong_type(name, "a header name", "str or bytes")) };
        };
        let name = if environ { from_environ(bytes) } else { Some(Cow::Borrowed(bytes)) };
        let Some(name) = name else { return Ok(()) };
        let Some(known) = wanted.iter().find(|known| name.eq_ignore_ascii_case(known.as_bytes())) else {
            return Ok(());
        };
        if is_sequence(&value) {
            for value in value.try_iter()? {
                self.add(known, value?)?;
            }
            return Ok(());
        }
        // WSGI servers set an empty content type where there is none (PEP 3333).
        if environ && text_or_none(&value) == Some(b"") && *known == "content-type" {
            return Ok(());
        }
        self.add(known, value)
    }

    fn add(&mut self, name: &'static str, value: Bound<'py, PyAny>) -> PyResult<()> {
        text(&value, "a header value")?;
        self.found.push((name, value));
        Ok(())
    }

    /// The fields as the core takes them.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.found.iter().map(|(name, value)| (*name, text_or_none(value).unwrap_or_default()))
    }
}

fn split<'py>(pair: &Bound<'py, PyAny>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    if let Ok(tuple) = pair.cast::<PyTuple>() {
        if tuple.len() == 2 {
            return Ok((tuple.get_item(0)?, tuple.get_item(1)?));
        }
    } else if is_sequence(pair) && pair.len()? == 2 {
        return Ok((pair.get_item(0)?, pair.get_item(1)?));
    }
    Err(wrong_type(pair, "a header", "a pair of name and value"))
}

/// The header that a key of a WSGI environ stands for (PEP 3333).
fn from_environ(key: &[u8]) -> Option<Cow<'_, [u8]>> {
    let name = match key {
        b"CONTENT_TYPE" | b"CONTENT_LENGTH" => key,
        // Some servers set these too, with the same values.
        b"HTTP_CONTENT_TYPE" | b"HTTP_CONTENT_LENGTH" => return None,
        _ => key.strip_prefix(b"HTTP_")?,
    };
    Some(name.iter().map(|&byte| if byte == b'_' { b'-' } else { byte }).collect())
}
