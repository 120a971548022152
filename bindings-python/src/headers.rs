//! Headers from whatever a framework has: a mapping, pairs, a WSGI environ, ASGI tuples.

use crate::convert::{is_sequence, is_text, text_or_none, wrong_type};
use korewebhook::header::Field;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::critical_section::with_critical_section;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// The header fields of these names, each with what was found of it.
pub(crate) struct Headers<'py, const N: usize> {
    names: &'static [&'static str; N],
    found: [Found<'py>; N],
}

enum Found<'py> {
    Absent,
    One(Bound<'py, PyAny>),
    Many,
}

/// How far a dictionary is read without running code of anybody's.
enum Read {
    /// To its end.
    Whole,
    /// To the key that only an environ has.
    Environ,
    /// To something that may run code, and so change the dictionary.
    Part,
}

impl<'py, const N: usize> Headers<'py, N> {
    /// Takes the fields whose names are wanted, compared in ASCII without regard to case.
    pub(crate) fn collect(source: &Bound<'py, PyAny>, names: &'static [&'static str; N]) -> PyResult<Self> {
        if let Ok(dict) = source.cast_exact::<PyDict>() {
            return Self::of_dict(dict, names);
        }
        let mut headers = Self::none(names);
        if let Ok(list) = source.cast_exact::<PyList>() {
            headers.take_all(list.iter().map(Ok), false)?;
            return Ok(headers);
        }
        let pairs = match source.getattr_opt(intern!(source.py(), "items"))? {
            Some(items) => items.call0()?,
            None => source.clone(),
        };
        let pairs = pairs.try_iter().map_err(|_| wrong_type(source, "headers", "a mapping or pairs"))?;
        headers.take_all(pairs, false)?;
        Ok(headers)
    }

    const fn none(names: &'static [&'static str; N]) -> Self {
        Self { names, found: [const { Found::Absent }; N] }
    }

    fn of_dict(dict: &Bound<'py, PyDict>, names: &'static [&'static str; N]) -> PyResult<Self> {
        for environ in [false, true] {
            let mut headers = Self::none(names);
            match headers.read(dict, environ)? {
                Read::Whole => return Ok(headers),
                Read::Environ => {}
                Read::Part => break,
            }
        }
        let mut headers = Self::none(names);
        // A copy of the pairs: a value's own code might change the dictionary meanwhile.
        headers.take_all(dict.items().iter().map(Ok), dict.contains("wsgi.input")?)?;
        Ok(headers)
    }

    /// Takes text where it stands, and asks nothing more of the dictionary once there is something else.
    fn read(&mut self, dict: &Bound<'py, PyDict>, environ: bool) -> PyResult<Read> {
        // For a `str` without UTF-8 an exception is made inside, and so the garbage collector may run code of anybody's.
        let ascii = |value: &Bound<'py, PyAny>| text_or_none(value).is_some_and(<[u8]>::is_ascii);
        with_critical_section(dict, || {
            for (key, value) in dict.iter() {
                let Some(name) = text_or_none(&key) else { return Ok(Read::Part) };
                match self.place(name, environ) {
                    Some(_) if !is_text(&value) || environ && !ascii(&value) => return Ok(Read::Part),
                    Some(at) => self.add(at, value, environ)?,
                    None if !name.is_ascii() => return Ok(Read::Part),
                    None if name == b"wsgi.input" && !environ && key.is_exact_instance_of::<PyString>() => {
                        return Ok(Read::Environ);
                    }
                    None => {}
                }
            }
            Ok(Read::Whole)
        })
    }

    fn take_all(
        &mut self,
        pairs: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
        environ: bool,
    ) -> PyResult<()> {
        for pair in pairs {
            let (name, value) = split(&pair?)?;
            let Some(bytes) = text_or_none(&name) else {
                // An environ may hold keys of any kind.
                if environ {
                    continue;
                }
                return Err(wrong_type(&name, "a header name", "str or bytes"));
            };
            let Some(at) = self.place(bytes, environ) else { continue };
            if is_sequence(&value) {
                for value in value.try_iter()? {
                    self.add(at, value?, false)?;
                }
            } else {
                self.add(at, value, environ)?;
            }
        }
        Ok(())
    }

    fn place(&self, name: &[u8], environ: bool) -> Option<usize> {
        if environ {
            let name = from_environ(name)?;
            let same =
                |known: &&str| name.len() == known.len() && name.iter().zip(known.bytes()).all(is_environ);
            return self.names.iter().position(same);
        }
        self.names.iter().position(|known| known.len() == name.len() && is_spelled(known.as_bytes(), name))
    }

    fn add(&mut self, at: usize, value: Bound<'py, PyAny>, environ: bool) -> PyResult<()> {
        if !is_text(&value) {
            return Err(wrong_type(&value, "a header value", "str or bytes"));
        }
        // WSGI servers set an empty content type where there is none (PEP 3333).
        if environ && self.names[at] == "content-type" && text_or_none(&value) == Some(b"") {
            return Ok(());
        }
        let found = &mut self.found[at];
        *found = if matches!(found, Found::Absent) { Found::One(value) } else { Found::Many };
        Ok(())
    }

    /// What was found of a name, by its place in the order of the names.
    pub(crate) fn field(&self, at: usize) -> Field<'_> {
        match &self.found[at] {
            Found::Absent => Field::Absent,
            Found::One(value) => Field::One(text_or_none(value).unwrap_or_default()),
            Found::Many => Field::Many,
        }
    }

    /// The values of what was found once, in the order of the names.
    pub(crate) fn into_values(self) -> [Option<Bound<'py, PyAny>>; N] {
        self.found.map(|found| match found {
            Found::One(value) => Some(value),
            Found::Absent | Found::Many => None,
        })
    }

    /// The same as pairs, of which two stand for any number more than one.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.names.iter().enumerate().flat_map(|(at, name)| match self.field(at) {
            Field::Absent => std::iter::repeat_n((*name, &[][..]), 0),
            Field::One(value) => std::iter::repeat_n((*name, value), 1),
            Field::Many => std::iter::repeat_n((*name, &[][..]), 2),
        })
    }
}

/// Whether `name`, which is as long, is `known` but for the case of letters. `known` has lower-case letters and hyphens only.
fn is_spelled(known: &[u8], name: &[u8]) -> bool {
    // In lower case is the bit 0x20, where 0x40 says that it is a letter.
    let differs = |known: &[u8; 8], name: &[u8; 8]| {
        let (known, name) = (u64::from_ne_bytes(*known), u64::from_ne_bytes(*name));
        (name | (known & u64::from_ne_bytes([0x40; 8])) >> 1) ^ known
    };
    let (Some(known_end), Some(name_end)) = (known.last_chunk(), name.last_chunk()) else {
        return known.eq_ignore_ascii_case(name);
    };
    let words = known.as_chunks().0.iter().zip(name.as_chunks().0);
    words.fold(differs(known_end, name_end), |found, (known, name)| found | differs(known, name)) == 0
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

/// The header that a key of a WSGI environ stands for (PEP 3333), with `_` for each `-`.
fn from_environ(key: &[u8]) -> Option<&[u8]> {
    match key {
        b"CONTENT_TYPE" | b"CONTENT_LENGTH" => Some(key),
        // Some servers set these too, with the same values.
        b"HTTP_CONTENT_TYPE" | b"HTTP_CONTENT_LENGTH" => None,
        _ => key.strip_prefix(b"HTTP_"),
    }
}

/// Whether a byte of an environ's key stands for this one of a header name.
fn is_environ((key, name): (&u8, u8)) -> bool {
    key.eq_ignore_ascii_case(&name) || *key == b'_' && name == b'-'
}
