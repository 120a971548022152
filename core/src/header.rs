//! KORE's header fields, from any source of names and values or from a raw HTTP/1 head.
//!
//! Names are compared in ASCII without regard to case (RFC 9110, section 5.1) and otherwise exactly: neither
//! `kore_signature` nor a Unicode look-alike is `kore-signature`.

use crate::content::Format;
use crate::error::{Error, Reason};
use crate::form::split_once;
use crate::scan::BY_WORDS;
use crate::set::AsciiSet;
use core::fmt;
use heapless::Vec;

/// Carries the signature.
pub const KORE_SIGNATURE: &str = "kore-signature";
/// Carries the idempotency token: one per event, the same on every retry. Not signed.
pub const KORE_IDEMPOTENCY_TOKEN: &str = "kore-idempotency-token";
/// Carries the time of sending, in KORE's own form. Not signed.
pub const DATE: &str = "date";
/// Selects the canonicalization. Not signed.
pub const CONTENT_TYPE: &str = "content-type";
/// Must be absent or `identity`.
pub const CONTENT_ENCODING: &str = "content-encoding";
/// Names the sender. Not signed, never decides.
pub const USER_AGENT: &str = "user-agent";
/// What KORE sends as its user agent.
pub const KORE_USER_AGENT: &str = "KoreProxy/1.1";

/// The most header fields that [`Http1Head`] takes.
pub const MAX_FIELDS: usize = 64;

/// The longest value, in bytes, of a header field that is looked into.
pub(crate) const MAX_VALUE: usize = 8192;

/// A header field that should occur at most once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<'h> {
    /// It doesn't occur.
    #[default]
    Absent,
    /// It occurs once, with this value.
    One(&'h [u8]),
    /// It occurs more than once.
    Many,
}

impl<'h> Field<'h> {
    pub(crate) fn add(&mut self, value: &'h [u8]) {
        *self = if matches!(self, Self::Absent) { Self::One(value) } else { Self::Many };
    }
}

/// A value that nothing signs: whoever replays a delivery may write it anew. It never decides over
/// authenticity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsigned<T> {
    /// The header is well formed.
    Value(T),
    /// There is no such header.
    Absent,
    /// It occurs more than once.
    Duplicate,
    /// It has another form than KORE's.
    Malformed,
}

impl<T> Unsigned<T> {
    /// The value, where the header is well formed.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    fn read<'h>(field: Field<'h>, read: impl FnOnce(&'h [u8]) -> Option<T>) -> Self {
        match field {
            Field::Absent => Self::Absent,
            Field::Many => Self::Duplicate,
            Field::One(value) => read(value).map_or(Self::Malformed, Self::Value),
        }
    }
}

/// An idempotency token: `[A-Za-z0-9_.-]{1,128}`, so that it is safe in a key, a log and a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'h>(&'h str);

impl<'h> Token<'h> {
    /// Takes a token; `None` where it has another form.
    #[must_use]
    pub fn new(token: &'h [u8]) -> Option<Self> {
        let known = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        let fits = (1..=128).contains(&token.len()) && token.iter().all(known);
        fits.then(|| core::str::from_utf8(token).ok()).flatten().map(Self)
    }

    /// The token as text.
    #[must_use]
    pub const fn as_str(self) -> &'h str {
        self.0
    }
}

impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// `tchar` (RFC 9110, section 5.6.2).
const TCHAR: AsciiSet = AsciiSet::alphanumeric_and(b"!#$%&'*+-.^_`|~");

/// The fields that are looked into.
pub const NAMES: [&str; 5] = [KORE_SIGNATURE, CONTENT_TYPE, CONTENT_ENCODING, KORE_IDEMPOTENCY_TOKEN, DATE];

/// What a verifier needs of a request beside its body: the method and KORE's header fields.
#[derive(Clone, Copy, Debug)]
pub struct Head<'h> {
    pub(crate) method: &'h [u8],
    /// In the order of `NAMES`.
    fields: [Field<'h>; NAMES.len()],
}

impl<'h> Head<'h> {
    /// Collects the header fields from pairs of name and value, in any order. Trailers don't belong here.
    pub fn new<I, N, V>(method: &'h (impl AsRef<[u8]> + ?Sized), headers: I) -> Self
    where
        I: IntoIterator<Item = (&'h N, &'h V)>,
        N: AsRef<[u8]> + ?Sized + 'h,
        V: AsRef<[u8]> + ?Sized + 'h,
    {
        let mut head = Self { method: method.as_ref(), fields: [Field::Absent; 5] };
        for (name, value) in headers {
            head.add(name.as_ref(), value.as_ref());
        }
        head
    }

    /// Takes the header fields from a caller that has looked them up, in the order of [`NAMES`]: by names without
    /// regard to case, and with what occurs more than once as [`Field::Many`].
    #[must_use]
    pub const fn from_fields(method: &'h [u8], fields: [Field<'h>; NAMES.len()]) -> Self {
        Self { method, fields }
    }

    /// Collects the header fields from the field lines of a raw HTTP/1.1 head (RFC 9112, section 5), up to the
    /// empty line or the end: what follows the request line. A bare LF is accepted as a line break.
    ///
    /// # Errors
    /// `head-malformed`, with the offset of the line, where one is no `name: value`, is folded, or has a control
    /// character in it.
    pub fn from_field_lines(method: &'h (impl AsRef<[u8]> + ?Sized), lines: &'h [u8]) -> Result<Self, Error> {
        let mut head = Self { method: method.as_ref(), fields: [Field::Absent; 5] };
        head.add_field_lines(lines)?;
        Ok(head)
    }

    /// As [`Self::from_field_lines`], beside the fields that are there.
    ///
    /// # Errors
    /// As there. The fields of the lines before are taken then.
    pub fn add_field_lines(&mut self, lines: &'h [u8]) -> Result<(), Error> {
        let mut rest = lines;
        loop {
            let line = rest;
            let name = take_token(&mut rest);
            if name.is_empty() && matches!(rest, [] | [b'\n', ..] | [b'\r', b'\n', ..]) {
                return Ok(());
            }
            let colon = take(&mut rest, b':');
            match take_value(&mut rest) {
                Some(value) if colon && !name.is_empty() => self.add(name, value),
                _ => {
                    return Err(Error::at_offset(
                        Reason::HeadMalformed,
                        lines.len().wrapping_sub(line.len()),
                    ));
                }
            }
        }
    }

    /// Collects the header fields of a raw HTTP/1.1 or HTTP/1.0 request (RFC 9112), and says where its body begins.
    /// A bare LF is accepted as a line break.
    ///
    /// # Errors
    /// `head-malformed` where it doesn't begin with a complete head, with the offset of a field line that is wrong.
    pub fn from_request(request: &'h [u8]) -> Result<(Self, usize), Error> {
        let offset = |rest: &[u8]| request.len().saturating_sub(rest.len());
        let (line, lines) = split_once(request, b'\n');
        let lines = lines.ok_or(Reason::HeadMalformed)?;
        let mut words = line.strip_suffix(b"\r").unwrap_or(line).split(|&b| b == b' ');
        let (Some(method), Some(target), Some(b"HTTP/1.1" | b"HTTP/1.0"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Reason::HeadMalformed.into());
        };
        let visible = |b: &u8| !matches!(b, 0x00..=0x20 | 0x7F);
        if !method.iter().all(|&b| TCHAR.has(b))
            || method.is_empty()
            || target.is_empty()
            || !target.iter().all(visible)
        {
            return Err(Reason::HeadMalformed.into());
        }
        let mut rest = lines;
        loop {
            let (line, after) = split_once(rest, b'\n');
            rest = after.ok_or(Reason::HeadMalformed)?;
            if matches!(line, [] | [b'\r']) {
                break;
            }
        }
        let head = Self::from_field_lines(method, lines).map_err(|error| {
            Error::at_offset(error.reason(), error.offset().unwrap_or(0).saturating_add(offset(lines)))
        })?;
        Ok((head, offset(rest)))
    }

    /// Takes one more header field.
    pub fn add(&mut self, name: &[u8], value: &'h [u8]) {
        for (field, known) in self.fields.iter_mut().zip(NAMES) {
            if is(name, known) {
                field.add(value);
            }
        }
    }

    pub(crate) const fn signature(&self) -> Field<'h> {
        let [signature, ..] = self.fields;
        signature
    }

    pub(crate) const fn content_type(&self) -> Field<'h> {
        let [_, content_type, ..] = self.fields;
        content_type
    }

    pub(crate) const fn content_encoding(&self) -> Field<'h> {
        let [_, _, content_encoding, ..] = self.fields;
        content_encoding
    }

    /// The method, as given.
    #[must_use]
    pub const fn method(&self) -> &'h [u8] {
        self.method
    }

    /// The idempotency token. Not signed.
    #[must_use]
    pub fn token(&self) -> Unsigned<Token<'h>> {
        let [_, _, _, token, _] = self.fields;
        Unsigned::read(token, Token::new)
    }

    /// The date header, in seconds since 1970. Not signed, so of no use against replay.
    #[must_use]
    pub fn date(&self) -> Unsigned<u64> {
        let [.., date] = self.fields;
        Unsigned::read(date, |value| crate::date::parse(value).ok())
    }
}

/// The head of a raw HTTP/1.1 or HTTP/1.0 request (RFC 9112). A bare LF is accepted as a line break.
#[derive(Clone, Debug)]
pub struct Http1Head<'r> {
    method: &'r str,
    target: &'r str,
    fields: Vec<(&'r str, &'r [u8]), MAX_FIELDS, u8>,
    len: usize,
}

impl<'r> Http1Head<'r> {
    /// Reads the head at the front of a captured request.
    ///
    /// # Errors
    /// `head-malformed` where it is no complete HTTP/1 request head of at most [`MAX_FIELDS`] fields.
    pub fn parse(request: &'r [u8]) -> Result<Self, Error> {
        let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        let status = parsed.parse(request).map_err(|_| Reason::HeadMalformed)?;
        let (httparse::Status::Complete(len), Some(method), Some(target)) =
            (status, parsed.method, parsed.path)
        else {
            return Err(Reason::HeadMalformed.into());
        };
        let fields = parsed.headers.iter().map(|field| (field.name, field.value)).collect();
        Ok(Self { method, target, fields, len })
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &'r str {
        self.method
    }

    /// The request target.
    #[must_use]
    pub const fn target(&self) -> &'r str {
        self.target
    }

    /// The length of the head in bytes: there the body begins.
    #[expect(clippy::len_without_is_empty, reason = "a head is never empty")]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The header fields, in wire order.
    pub fn fields(&self) -> impl Iterator<Item = (&'r str, &'r [u8])> + '_ {
        self.fields.iter().copied()
    }

    /// A header field by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Field<'r> {
        let mut found = Field::Absent;
        self.fields().filter(|(field, _)| is(field.as_bytes(), name)).for_each(|(_, value)| found.add(value));
        found
    }

    /// What a verifier needs of it.
    #[must_use]
    pub fn head(&self) -> Head<'r> {
        Head::new(self.method, self.fields())
    }
}

/// The header fields of a delivery as KORE sends them, without `host` and `content-length`.
#[must_use]
pub fn delivery_headers<'a>(
    format: Format,
    date: &'a str,
    token: Token<'a>,
    signature: &'a str,
) -> [(&'static str, &'a str); 5] {
    [
        (CONTENT_TYPE, format.content_type()),
        (DATE, date),
        (KORE_IDEMPOTENCY_TOKEN, token.as_str()),
        (KORE_SIGNATURE, signature),
        (USER_AGENT, KORE_USER_AGENT),
    ]
}

/// Takes a field value with its line break, and gives it without the white space around it; `None` where there
/// is a control character.
fn take_value<'h>(text: &mut &'h [u8]) -> Option<&'h [u8]> {
    skip_blanks(text);
    let value = *text;
    // Up to the last byte that is no white space.
    let (mut len, mut at) = (0_usize, 0_usize);
    while let Some((&byte, after)) = text.split_first() {
        *text = after;
        if byte == b'\n' || byte == b'\r' && take(text, b'\n') {
            break;
        }
        if is_control(byte) {
            return None;
        }
        at = at.wrapping_add(1);
        if byte != b' ' && byte != b'\t' {
            len = at;
        }
    }
    value.get(..len)
}

/// Control characters but the tab (RFC 9110, section 5.5).
pub(crate) const fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\t' || byte == 0x7F
}

/// Takes a token (RFC 9110, section 5.6.2), which may be empty.
pub(crate) fn take_token<'t>(text: &mut &'t [u8]) -> &'t [u8] {
    let before = *text;
    while let Some((&byte, after)) = text.split_first() {
        if !TCHAR.has(byte) {
            break;
        }
        *text = after;
    }
    before.get(..before.len().wrapping_sub(text.len())).unwrap_or_default()
}

/// Takes optional white space (RFC 9110, section 5.6.3).
pub(crate) fn skip_blanks(text: &mut &[u8]) {
    while take(text, b' ') || take(text, b'\t') {}
}

/// Takes this byte, if it is the next one.
#[inline(never)]
pub(crate) fn take(text: &mut &[u8], expected: u8) -> bool {
    match text.split_first() {
        Some((&byte, after)) if byte == expected => {
            *text = after;
            true
        }
        _ => false,
    }
}

pub(crate) fn is(name: &[u8], expected: &str) -> bool {
    let expected = expected.as_bytes();
    // In which most names differ: the length and, whatever its case, the first letter.
    let alike = |a: Option<&u8>, b: Option<&u8>| a.map(|byte| byte | 0x20) == b.map(|byte| byte | 0x20);
    name.len() == expected.len() && alike(name.first(), expected.first()) && same(name, expected)
}

/// Whether both are the same but for the case of ASCII letters. Once, since it is asked all over.
#[inline(never)]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    // Most often they are the same byte by byte.
    BY_WORDS && a == b || a.eq_ignore_ascii_case(b)
}
