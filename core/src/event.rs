//! CloudEvents 1.0 envelopes inside a verified body, without allocation.
//!
//! The body is one event or an array of them. A member's name is compared after unescaping (`"\u0069d"` is
//! `id`). A member that occurs twice, or whose value is no string, is not used; members that are not known
//! here are kept.

use crate::date;
use crate::error::{Error, Reason};
use crate::json::{self, TopLevel};
use crate::scan::is_space;
use core::fmt;

/// The bytes between the quotes of a JSON string, as they stand: escapes are not decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JsonText<'b> {
    raw: &'b [u8],
}

impl<'b> JsonText<'b> {
    /// A text that was taken from a body before.
    #[must_use]
    pub const fn from_raw(raw: &'b [u8]) -> Self {
        Self { raw }
    }

    /// The bytes as they stand.
    #[must_use]
    pub const fn raw(self) -> &'b [u8] {
        self.raw
    }

    /// The characters, with escapes decoded. A surrogate without its other half (RFC 8259, section 8.2) is
    /// `None`.
    pub fn chars(self) -> impl Iterator<Item = Option<char>> + 'b {
        Unescape { rest: self.raw }
    }

    /// Whether it decodes to exactly this text.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        self.chars().eq(text.chars().map(Some))
    }

    /// Decodes into the front of `out` and returns that part.
    ///
    /// # Errors
    /// `buffer-too-small`: `self.raw().len()` bytes are always enough; `json-malformed` for a lone surrogate.
    /// `out` is unchanged then.
    pub fn decode_into(self, out: &mut [u8]) -> Result<&str, Error> {
        let mut len = 0_usize;
        for c in self.chars() {
            len = len.saturating_add(c.ok_or(Reason::JsonMalformed)?.len_utf8());
        }
        let out = out.get_mut(..len).ok_or(Reason::BufferTooSmall)?;
        let mut utf8 = self.chars().flatten().flat_map(|c| {
            let mut buffer = [0; 4];
            let len = c.encode_utf8(&mut buffer).len();
            buffer.into_iter().take(len)
        });
        for place in out.iter_mut() {
            *place = utf8.next().unwrap_or_default();
        }
        core::str::from_utf8(out).map_err(|_| Reason::JsonMalformed.into())
    }
}

impl fmt::Debug for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.raw.escape_ascii())
    }
}

/// An event of a body, or an item of the array that is no object and so has no members.
#[derive(Clone, Copy, Debug)]
pub struct Event<'b> {
    span: &'b [u8],
}

impl<'b> Event<'b> {
    /// An event whose span was taken from a verified body before.
    #[must_use]
    pub const fn from_span(span: &'b [u8]) -> Self {
        Self { span }
    }

    /// The whole item as it stands in the body.
    #[must_use]
    pub const fn span(&self) -> &'b [u8] {
        self.span
    }

    /// Whether it is an object, as every event is.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.span.first() == Some(&b'{')
    }

    /// The members, in order: name, and value as it stands in the body.
    pub fn members(&self) -> impl Iterator<Item = (JsonText<'b>, &'b [u8])> + use<'b> {
        Members { rest: self.span.strip_prefix(b"{").unwrap_or_default() }
    }

    /// The value of the only member of this name, as it stands in the body.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'b [u8]> {
        let mut found = self.members().filter(|(member, _)| member.is(name)).map(|(_, value)| value);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The only member of this name, where it is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<JsonText<'b>> {
        let raw = self.member(name)?.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        Some(JsonText { raw })
    }

    /// `id`: with `source`, what makes the event unique. An empty one is none (CloudEvents 1.0).
    #[must_use]
    pub fn id(&self) -> Option<JsonText<'b>> {
        self.text("id").filter(|id| !id.raw().is_empty())
    }

    /// `source`: where the event comes from. An empty one is none (CloudEvents 1.0).
    #[must_use]
    pub fn source(&self) -> Option<JsonText<'b>> {
        self.text("source").filter(|source| !source.raw().is_empty())
    }

    /// `type`: what happened. It decides what `data` means; types not known yet will come.
    #[must_use]
    pub fn type_(&self) -> Option<JsonText<'b>> {
        self.text("type")
    }

    /// `time`: when it happened, in RFC 3339.
    #[must_use]
    pub fn time(&self) -> Option<JsonText<'b>> {
        self.text("time")
    }

    /// `time`, in milliseconds since 1970, where it is well formed.
    #[must_use]
    pub fn time_ms(&self) -> Option<u64> {
        let mut buffer = [0; 64];
        date::parse_rfc3339(self.time()?.decode_into(&mut buffer).ok()?.as_bytes()).ok()
    }

    /// `dataschema`: what `data` looks like.
    #[must_use]
    pub fn dataschema(&self) -> Option<JsonText<'b>> {
        self.text("dataschema")
    }

    /// `data`: the JSON value as it stands in the body.
    #[must_use]
    pub fn data(&self) -> Option<&'b [u8]> {
        self.member("data")
    }
}

/// The events of a body, in order.
///
/// ```
/// use korewebhook::Events;
///
/// // From a body that was verified and kept; of a delivery at hand, `delivery.events()`.
/// let kept = br#"[{"id":"e1","source":"kore-events","data":{"sim_sid":"HS01"}},{"\u0069d":"e2"}]"#;
/// let mut events = Events::from_verified(kept)?;
/// let first = events.next().expect("an event");
/// assert!(first.id().is_some_and(|id| id.is("e1")));
/// assert_eq!(first.data(), Some(&br#"{"sim_sid":"HS01"}"#[..]));
/// assert!(events.next().and_then(|event| event.id()).is_some_and(|id| id.is("e2")));
/// # Ok::<(), korewebhook::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Events<'b> {
    rest: &'b [u8],
    array: bool,
}

impl<'b> Events<'b> {
    /// The events of a body that was verified before and kept since, as an inbox does. The grammar is checked
    /// again.
    ///
    /// # Errors
    /// `json-malformed`, `json-too-deep`, `json-top-level`.
    pub fn from_verified(body: &'b [u8]) -> Result<Self, Error> {
        match json::visit(body, |_| {})? {
            TopLevel::Container => Ok(Self::of(body)),
            TopLevel::Scalar => Err(Reason::JsonTopLevel.into()),
        }
    }

    /// The events of a body whose grammar has been checked.
    pub(crate) fn of(body: &'b [u8]) -> Self {
        let body = trim(body);
        match body.strip_prefix(b"[") {
            Some(rest) => Self { rest, array: true },
            None => Self { rest: body, array: false },
        }
    }
}

impl<'b> Iterator for Events<'b> {
    type Item = Event<'b>;

    fn next(&mut self) -> Option<Event<'b>> {
        if !self.array {
            let span = trim_end(core::mem::take(&mut self.rest));
            return (!span.is_empty()).then_some(Event { span });
        }
        let (span, rest) = value(skip(self.rest, b','))?;
        self.rest = rest;
        Some(Event { span })
    }
}

struct Members<'b> {
    rest: &'b [u8],
}

impl<'b> Iterator for Members<'b> {
    type Item = (JsonText<'b>, &'b [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = value(skip(self.rest, b','))?;
        let raw = name.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let (value, rest) = value(skip(rest, b':'))?;
        self.rest = rest;
        Some((JsonText { raw }, value))
    }
}

/// The value at the front of checked JSON, and what follows it; `None` at the end of a container.
fn value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, &byte) in text.iter().enumerate() {
        let after = at.saturating_add(1);
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return text.split_at_checked(after);
                }
            }
            _ if quoted => {}
            b'{' | b'[' => depth = depth.saturating_add(1),
            // The end of the value inside which it stands.
            b'}' | b']' | b',' if depth == 0 => return scalar(text, at),
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.split_at_checked(after);
                }
            }
            _ if depth == 0 && is_space(byte) => return scalar(text, at),
            _ => {}
        }
    }
    None
}

fn scalar(text: &[u8], end: usize) -> Option<(&[u8], &[u8])> {
    text.split_at_checked(end).filter(|(value, _)| !value.is_empty())
}

/// What follows white space and at most one separator.
fn skip(text: &[u8], separator: u8) -> &[u8] {
    let text = trim(text);
    text.strip_prefix(&[separator]).map_or(text, trim)
}

fn trim(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|&&b| is_space(b)).count();
    text.get(blanks..).unwrap_or_default()
}

fn trim_end(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take_while(|&&b| is_space(b)).count();
    text.get(..text.len().saturating_sub(blanks)).unwrap_or_default()
}

struct Unescape<'b> {
    rest: &'b [u8],
}

impl Unescape<'_> {
    fn hex4(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        let unit =
            digits.iter().try_fold(0_u32, |n, &b| Some(n.wrapping_shl(4) | char::from(b).to_digit(16)?))?;
        self.rest = rest;
        Some(unit)
    }

    fn unicode(&mut self) -> Option<char> {
        let unit = self.hex4()?;
        if !matches!(unit, 0xD800..=0xDBFF) {
            return char::from_u32(unit);
        }
        let mut ahead = Unescape { rest: self.rest.strip_prefix(b"\\u")? };
        let low = ahead.hex4().filter(|low| matches!(low, 0xDC00..=0xDFFF))?;
        self.rest = ahead.rest;
        let supplement = (unit & 0x3FF).wrapping_shl(10) | (low & 0x3FF);
        char::from_u32(supplement.wrapping_add(0x1_0000))
    }

    fn plain(&mut self, lead: u8) -> Option<char> {
        let len = match lead {
            0x00..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
        let (bytes, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        core::str::from_utf8(bytes).ok()?.chars().next()
    }
}

impl Iterator for Unescape<'_> {
    type Item = Option<char>;

    fn next(&mut self) -> Option<Option<char>> {
        let (&lead, after) = self.rest.split_first()?;
        if lead != b'\\' {
            let c = self.plain(lead);
            if c.is_none() {
                self.rest = after;
            }
            return Some(c);
        }
        let (&escape, after) = after.split_first()?;
        self.rest = after;
        Some(match escape {
            b'b' => Some('\u{8}'),
            b'f' => Some('\u{C}'),
            b'n' => Some('\n'),
            b'r' => Some('\r'),
            b't' => Some('\t'),
            b'u' => self.unicode(),
            other => Some(char::from(other)),
        })
    }
}
