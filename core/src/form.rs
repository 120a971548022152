//! Form bodies (`application/x-www-form-urlencoded`): what a verifier checks, and the fields of a verified
//! one.
//!
//! A form body is signed as sent. The checks refuse what no form encoder writes, so that nothing else can
//! pass for one.

use crate::error::{Error, Reason};
use crate::scan::printable_len;
use crate::utf8::Sequence;
use core::fmt;

/// The checks on a form body, taken in pieces of any size. NUL is looked for by the caller, in every kind of
/// body.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormCheck {
    started: bool,
    first_key_done: bool,
    confusion: bool,
    control: Option<usize>,
    not_utf8: Option<usize>,
    first_key: Option<usize>,
    sequence: Option<Sequence>,
    offset: usize,
}

impl FormCheck {
    /// Takes the next piece. `Err` as soon as it can't be a form at all.
    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Error> {
        let mut rest = chunk;
        while let Some((&byte, after)) = rest.split_first() {
            if self.first_key_done && self.sequence.is_none() {
                let plain = printable_len(rest);
                if plain > 0 {
                    self.offset = self.offset.saturating_add(plain);
                    rest = rest.get(plain..).unwrap_or_default();
                    continue;
                }
            }
            rest = after;
            if !self.started {
                self.started = true;
                self.confusion = matches!(byte, b'{' | b'[');
            }
            if matches!(byte, 0x01..=0x1F | 0x7F) {
                self.control.get_or_insert(self.offset);
            }
            self.check_utf8(byte);
            if !self.first_key_done {
                if matches!(byte, b'=' | b'&') {
                    self.first_key_done = true;
                } else if !left_raw(byte) {
                    self.first_key.get_or_insert(self.offset);
                }
            }
            self.offset = self.offset.saturating_add(1);
        }
        if self.confusion { Err(Reason::ContentTypeConfusion.into()) } else { Ok(()) }
    }

    /// What is wrong with a form that may well be signed so.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        let cut = self.sequence.map(|_| self.offset);
        let found = [
            (Reason::FormControlCharacter, self.control),
            (Reason::FormNotUtf8, self.not_utf8.or(cut)),
            (Reason::FormFirstKey, self.first_key),
        ];
        found
            .into_iter()
            .find_map(|(reason, at)| at.map(|at| Error::at_offset(reason, at)))
            .map_or(Ok(()), Err)
    }

    fn check_utf8(&mut self, byte: u8) {
        let next = match self.sequence {
            Some(sequence) => sequence.next(byte),
            None if byte.is_ascii() => Ok(None),
            None => Sequence::begin(byte).map(Some).ok_or(()),
        };
        if next.is_err() {
            self.not_utf8.get_or_insert(self.offset);
        }
        self.sequence = next.unwrap_or_default();
    }
}

/// What some encoder in use leaves raw in a name: WHATWG URL's application/x-www-form-urlencoded set,
/// `encodeURIComponent` (ECMA-262) and RFC 3986's unreserved characters, with `+` and `%` as the encodings
/// themselves.
const fn left_raw(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*' | b'!' | b'\'' | b'(' | b')' | b'+' | b'%')
}

/// A name or a value as it stands in the body, percent-encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FormText<'b> {
    raw: &'b [u8],
}

impl<'b> FormText<'b> {
    /// The bytes as they stand in the body.
    #[must_use]
    pub const fn raw(self) -> &'b [u8] {
        self.raw
    }

    /// The decoded bytes, one at a time: `+` is a space, `%` and two hexadecimal digits are a byte, any other
    /// `%` is itself.
    pub fn decode(self) -> impl Iterator<Item = u8> + 'b {
        let mut pieces = self.raw.split(|&b| b == b'+');
        let first = pieces.next().unwrap_or_default();
        let decode = |piece| percent_encoding::percent_decode(piece);
        decode(first).chain(pieces.flat_map(move |piece| core::iter::once(b' ').chain(decode(piece))))
    }

    /// Decodes into the front of `out` and returns that part.
    ///
    /// # Errors
    /// `buffer-too-small`; `self.raw().len()` bytes are always enough. `out` is unchanged then.
    pub fn decode_into(self, out: &mut [u8]) -> Result<&mut [u8], Error> {
        let len = self.decode().count();
        let out = out.get_mut(..len).ok_or(Reason::BufferTooSmall)?;
        for (place, byte) in out.iter_mut().zip(self.decode()) {
            *place = byte;
        }
        Ok(out)
    }

    /// Whether it decodes to exactly these bytes.
    #[must_use]
    pub fn is(self, decoded: &[u8]) -> bool {
        self.decode().eq(decoded.iter().copied())
    }
}

impl fmt::Debug for FormText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw.escape_ascii())
    }
}

/// The fields of a form, in order, as name and value. A field without `=` has an empty value; an empty piece
/// between two `&` is skipped (WHATWG URL, section 5.1).
#[derive(Clone, Debug)]
pub struct Fields<'b> {
    rest: Option<&'b [u8]>,
}

impl<'b> Fields<'b> {
    pub(crate) const fn new(body: &'b [u8]) -> Self {
        Self { rest: Some(body) }
    }

    /// The value of the only field of this name; `None` where there is none, or more than one.
    #[must_use]
    pub fn only(self, name: &[u8]) -> Option<FormText<'b>> {
        let mut found = self.filter(|(field, _)| field.is(name)).map(|(_, value)| value);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

impl<'b> Iterator for Fields<'b> {
    type Item = (FormText<'b>, FormText<'b>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (field, rest) = split_once(self.rest?, b'&');
            self.rest = rest;
            if !field.is_empty() {
                let (name, value) = split_once(field, b'=');
                return Some((FormText { raw: name }, FormText { raw: value.unwrap_or_default() }));
            }
        }
    }
}

pub(crate) fn split_once(bytes: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = bytes.splitn(2, |&b| b == separator);
    (parts.next().unwrap_or_default(), parts.next())
}
