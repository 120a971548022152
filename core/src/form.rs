//! Form bodies (`application/x-www-form-urlencoded`): what a verifier checks, and the fields of a verified
//! one.
//!
//! A form body is signed as sent. The checks refuse what no form encoder writes, so that nothing else can
//! pass for one.

use crate::error::{Error, Reason};
use crate::scan::printable_len;
use crate::set::AsciiSet;
use crate::utf8::Sequence;
use core::fmt;

/// The checks on a form body, taken in pieces of any size.
#[derive(Clone, Debug)]
pub(crate) struct FormCheck {
    in_first_key: bool,
    sequence: Sequence,
    /// What ranks first of what was found: reasons that rank earlier have lower numbers here.
    found: Option<Error>,
    offset: usize,
}

impl FormCheck {
    pub(crate) const fn new() -> Self {
        Self { in_first_key: true, sequence: Sequence::NONE, found: None, offset: 0 }
    }

    /// Takes the next piece. `Err` as soon as it can't be a form at all.
    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Reason> {
        if self.offset == 0 && matches!(chunk.first(), Some(b'{' | b'[')) {
            return Err(Reason::ContentTypeConfusion);
        }
        let mut rest = chunk;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            if byte == 0 {
                return Err(Reason::NulInBody);
            }
            self.check(byte);
            self.offset = self.offset.wrapping_add(1);
            if !self.sequence.is_open() {
                let plain = if self.in_first_key { key_len(rest) } else { printable_len(rest) };
                self.offset = self.offset.wrapping_add(plain);
                rest = rest.get(plain..).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// What is wrong with a form that may well be signed so.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        if self.sequence.is_open() {
            self.note(Reason::FormNotUtf8);
        }
        self.found.map_or(Ok(()), Err)
    }

    fn check(&mut self, byte: u8) {
        if matches!(byte, 0x01..=0x1F | 0x7F) {
            self.note(Reason::FormControlCharacter);
        }
        if self.sequence.is_open() || !byte.is_ascii() {
            match self.sequence.next(byte) {
                Some(next) => self.sequence = next,
                None => {
                    self.note(Reason::FormNotUtf8);
                    self.sequence = Sequence::NONE;
                }
            }
        }
        if self.in_first_key {
            if matches!(byte, b'=' | b'&') {
                self.in_first_key = false;
            } else if !LEFT_RAW.has(byte) {
                self.note(Reason::FormFirstKey);
            }
        }
    }

    fn note(&mut self, reason: Reason) {
        if self.found.is_none_or(|known| reason.number() < known.number()) {
            self.found = Some(Error::at_offset(reason, self.offset));
        }
    }
}

/// What some encoder in use leaves raw in a name: WHATWG URL's application/x-www-form-urlencoded set,
/// `encodeURIComponent` (ECMA-262) and RFC 3986's unreserved characters, with `+` and `%` as the encodings
/// themselves.
const LEFT_RAW: AsciiSet = AsciiSet::alphanumeric_and(b"-._~*!'()+%");

/// How many bytes at the front may be left raw in a name.
fn key_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| LEFT_RAW.has(byte)).count()
}

/// A name or a value as it stands in the body, percent-encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FormText<'b> {
    raw: &'b [u8],
}

impl<'b> FormText<'b> {
    /// A name or a value that was taken from a body before.
    #[must_use]
    pub const fn from_raw(raw: &'b [u8]) -> Self {
        Self { raw }
    }

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

    /// The fields of a form body that was verified before and kept since.
    #[must_use]
    pub const fn from_verified(body: &'b [u8]) -> Self {
        Self::new(body)
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
