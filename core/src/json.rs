//! The strict JSON canonicalizer: RFC 8259, one pass, iterative, streaming.
//!
//! It accepts RFC 8259 text in UTF-8 without a byte order mark, nested at most [`MAX_DEPTH`] deep, and drops
//! nothing but `ws = *( %x20 / %x09 / %x0A / %x0D )` between tokens. Every byte of a token is kept: no escape
//! is decoded, no number converted, no member reordered. Two scalars are never neighbours in JSON, so the
//! result determines the tokens.

use crate::error::{Detail, Error, Reason};
use crate::scan::{is_space, plain_len};
use crate::utf8::Sequence;

/// The deepest nesting that is ever accepted.
pub const MAX_DEPTH: u8 = 64;

/// What stands at the top of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopLevel {
    /// An object or an array.
    Container,
    /// A string, a number, `true`, `false` or `null`.
    Scalar,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    Bom1,
    Bom2,
    Value,
    FirstItem,
    FirstKey,
    Key,
    Colon,
    AfterValue,
    End,
    Text,
    Escape,
    Hex(u8),
    Utf8(Sequence),
    Literal(&'static [u8]),
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    Failed,
}

/// Takes a JSON text in pieces of any size and hands out the bytes that stay. Constant memory: one bit a
/// level.
#[derive(Clone, Debug)]
pub struct Canonicalizer {
    state: State,
    in_key: bool,
    top: Option<TopLevel>,
    depth: u8,
    max_depth: u8,
    /// The open containers, the innermost in bit 0: 1 for an object, 0 for an array.
    objects: u64,
    offset: usize,
}

impl Canonicalizer {
    /// Begins a text that may nest `max_depth` deep, at most [`MAX_DEPTH`].
    #[must_use]
    pub const fn new(max_depth: u8) -> Self {
        let max_depth = if max_depth < MAX_DEPTH { max_depth } else { MAX_DEPTH };
        Self { state: State::Start, in_key: false, top: None, depth: 0, max_depth, objects: 0, offset: 0 }
    }

    /// Takes the next piece and gives the bytes that stay to `sink`, in order, as slices of the piece.
    ///
    /// What `sink` got is not yet known to be JSON: that is only so after [`Self::finish`].
    ///
    /// # Errors
    /// `json-malformed` and `json-too-deep`, whichever comes first, with detail and offset; after that,
    /// `finished`.
    pub fn update(&mut self, chunk: &[u8], mut sink: impl FnMut(&[u8])) -> Result<(), Error> {
        let mut rest = chunk;
        while !rest.is_empty() {
            let skipped = rest.iter().take_while(|&&b| is_space(b)).count();
            if skipped > 0 && self.drops_space() {
                self.offset = self.offset.saturating_add(skipped);
                rest = rest.get(skipped..).unwrap_or_default();
            }
            let mut kept = 0_usize;
            let mut result = Ok(());
            let mut left = rest;
            while let Some((&byte, after)) = left.split_first() {
                left = after;
                match self.step(byte) {
                    Ok(true) => {
                        kept = kept.saturating_add(1);
                        if matches!(self.state, State::Text) {
                            let plain = plain_len(left);
                            left = left.get(plain..).unwrap_or_default();
                            kept = kept.saturating_add(plain);
                            self.offset = self.offset.saturating_add(plain);
                        }
                    }
                    Ok(false) => {
                        // The byte is white space and counted again at the top of the loop.
                        self.offset = self.offset.saturating_sub(1);
                        break;
                    }
                    Err(error) => {
                        result = Err(error);
                        break;
                    }
                }
            }
            let (run, tail) = rest.split_at_checked(kept).unwrap_or((rest, &[]));
            if !run.is_empty() {
                sink(run);
            }
            result?;
            rest = tail;
        }
        Ok(())
    }

    /// Takes one byte: whether it stays.
    pub(crate) fn step(&mut self, byte: u8) -> Result<bool, Error> {
        let result = self.advance(byte);
        let offset = self.offset;
        self.offset = offset.saturating_add(1);
        result.map_err(|detail| {
            // A byte order mark is one thing of three bytes, so its offset is that of the first.
            let mark = matches!(self.state, State::Bom1 | State::Bom2) && detail != Detail::Nul;
            self.fail(detail, if mark { 0 } else { offset })
        })
    }

    /// Ends the text and says what stood at its top.
    ///
    /// # Errors
    /// `json-malformed`, where the text is empty or ends inside a value; after that, `finished`.
    pub fn finish(&mut self) -> Result<TopLevel, Error> {
        let detail = match self.state {
            State::Failed => return Err(Reason::Finished.into()),
            State::End => None,
            State::Zero | State::Integer | State::Fraction | State::ExponentDigits if self.depth == 0 => None,
            State::Start => Some(Detail::Empty),
            State::Bom1 | State::Bom2 => Some(Detail::UnexpectedByte),
            State::Hex(_) => Some(Detail::BadUnicodeEscape),
            State::Utf8(_) => Some(Detail::BadUtf8),
            State::Literal(_) => Some(Detail::BadLiteral),
            State::Minus | State::Point | State::Exponent | State::ExponentSign => Some(Detail::BadNumber),
            _ => Some(Detail::Unterminated),
        };
        match (detail, self.top) {
            (None, Some(top)) => {
                self.state = State::Failed;
                Ok(top)
            }
            (detail, _) => Err(self.fail(detail.unwrap_or(Detail::Empty), self.offset)),
        }
    }

    fn fail(&mut self, detail: Detail, offset: usize) -> Error {
        if matches!(self.state, State::Failed) {
            return Reason::Finished.into();
        }
        self.state = State::Failed;
        let reason = if detail == Detail::TooDeep { Reason::JsonTooDeep } else { Reason::JsonMalformed };
        Error::at(reason, detail, offset)
    }

    const fn drops_space(&self) -> bool {
        use State::*;
        matches!(self.state, Start | Value | FirstItem | FirstKey | Key | Colon | AfterValue | End)
    }

    fn advance(&mut self, byte: u8) -> Result<bool, Detail> {
        if byte == 0 {
            return Err(Detail::Nul);
        }
        if is_space(byte) && self.drops_space() {
            return Ok(false);
        }
        self.state = match self.state {
            State::Text => return self.text(byte),
            State::Start if byte == 0xEF && self.offset == 0 => State::Bom1,
            State::Start | State::Value => self.value(byte)?,
            State::FirstItem if byte == b']' => self.close(false)?,
            State::FirstItem => self.value(byte)?,
            State::FirstKey if byte == b'}' => self.close(true)?,
            State::FirstKey | State::Key if byte == b'"' => {
                self.in_key = true;
                State::Text
            }
            State::Colon if byte == b':' => State::Value,
            State::AfterValue => self.after_value(byte)?,
            State::End => return Err(Detail::TrailingData),
            State::Bom1 if byte == 0xBB => State::Bom2,
            State::Bom2 if byte == 0xBF => return Err(Detail::Bom),
            State::Escape => match byte {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::Text,
                b'u' => State::Hex(4),
                _ => return Err(Detail::BadEscape),
            },
            State::Hex(left) => match (byte.is_ascii_hexdigit(), left) {
                (false, _) => return Err(Detail::BadUnicodeEscape),
                (true, 2..) => State::Hex(left.saturating_sub(1)),
                (true, _) => State::Text,
            },
            State::Utf8(sequence) => match sequence.next(byte) {
                Err(()) => return Err(Detail::BadUtf8),
                Ok(Some(more)) => State::Utf8(more),
                Ok(None) => State::Text,
            },
            State::Literal(rest) => match rest.split_first() {
                Some((expected, [])) if *expected == byte => self.value_done(),
                Some((expected, more)) if *expected == byte => State::Literal(more),
                _ => return Err(Detail::BadLiteral),
            },
            number @ (State::Minus
            | State::Zero
            | State::Integer
            | State::Point
            | State::Fraction
            | State::Exponent
            | State::ExponentSign
            | State::ExponentDigits) => return self.number(number, byte),
            State::FirstKey | State::Key | State::Colon | State::Bom1 | State::Bom2 | State::Failed => {
                return Err(Detail::UnexpectedByte);
            }
        };
        Ok(true)
    }

    /// `value = false / null / true / object / array / number / string` (section 3).
    fn value(&mut self, byte: u8) -> Result<State, Detail> {
        let state = match byte {
            b'{' => return self.open(true),
            b'[' => return self.open(false),
            b'"' => {
                self.in_key = false;
                State::Text
            }
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Integer,
            b't' => State::Literal(b"rue"),
            b'f' => State::Literal(b"alse"),
            b'n' => State::Literal(b"ull"),
            _ => return Err(Detail::UnexpectedByte),
        };
        self.top.get_or_insert(TopLevel::Scalar);
        Ok(state)
    }

    fn open(&mut self, object: bool) -> Result<State, Detail> {
        if self.depth >= self.max_depth {
            return Err(Detail::TooDeep);
        }
        self.top.get_or_insert(TopLevel::Container);
        self.depth = self.depth.saturating_add(1);
        self.objects = self.objects.wrapping_shl(1) | u64::from(object);
        Ok(if object { State::FirstKey } else { State::FirstItem })
    }

    fn close(&mut self, object: bool) -> Result<State, Detail> {
        if self.in_object() != object {
            return Err(Detail::UnexpectedByte);
        }
        self.depth = self.depth.saturating_sub(1);
        self.objects = self.objects.wrapping_shr(1);
        Ok(self.value_done())
    }

    const fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    const fn value_done(&self) -> State {
        if self.depth == 0 { State::End } else { State::AfterValue }
    }

    fn after_value(&mut self, byte: u8) -> Result<State, Detail> {
        match byte {
            b',' if self.in_object() => Ok(State::Key),
            b',' => Ok(State::Value),
            b'}' => self.close(true),
            b']' => self.close(false),
            _ => Err(Detail::UnexpectedByte),
        }
    }

    /// `char = unescaped / escape …`, `unescaped = %x20-21 / %x23-5B / %x5D-10FFFF` (section 7).
    fn text(&mut self, byte: u8) -> Result<bool, Detail> {
        match byte {
            b'"' => self.state = if self.in_key { State::Colon } else { self.value_done() },
            b'\\' => self.state = State::Escape,
            0x20..=0x7F => {}
            0x00..=0x1F => return Err(Detail::ControlInString),
            0x80..=0xFF => self.state = State::Utf8(Sequence::begin(byte).ok_or(Detail::BadUtf8)?),
        }
        Ok(true)
    }

    /// `number = [ minus ] int [ frac ] [ exp ]` (section 6).
    fn number(&mut self, state: State, byte: u8) -> Result<bool, Detail> {
        self.state = match (state, byte) {
            (State::Minus, b'0') => State::Zero,
            (State::Minus, b'1'..=b'9') | (State::Integer, b'0'..=b'9') => State::Integer,
            (State::Zero | State::Integer, b'.') => State::Point,
            (State::Zero | State::Integer | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Point | State::Fraction, b'0'..=b'9') => State::Fraction,
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, b'0'..=b'9') => {
                State::ExponentDigits
            }
            (State::Minus | State::Point | State::Exponent | State::ExponentSign, _) => {
                return Err(Detail::BadNumber);
            }
            // What only a misspelt number goes on with: 01, 1.2.3, 0x1F, 1_000, 1-2.
            (_, b'0'..=b'9' | b'.' | b'e' | b'E' | b'x' | b'X' | b'_' | b'+' | b'-') => {
                return Err(Detail::BadNumber);
            }
            _ => {
                self.state = self.value_done();
                return self.advance(byte);
            }
        };
        Ok(true)
    }
}

/// The length of the canonical form, in bytes. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`.
pub fn canonical_len(text: &[u8]) -> Result<usize, Error> {
    let mut len = 0_usize;
    visit(text, |run| len = len.saturating_add(run.len()))?;
    Ok(len)
}

/// Writes the canonical form to the front of `out` and returns it. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`, and `buffer-too-small`; [`canonical_len`] tells how much it takes, and
/// `text.len()` is always enough. `out` is unchanged then.
pub fn canonicalize_into<'o>(text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
    let len = canonical_len(text)?;
    let out = out.get_mut(..len).ok_or(Reason::BufferTooSmall)?;
    let mut used = 0_usize;
    visit(text, |run| {
        let end = used.saturating_add(run.len());
        if let Some(place) = out.get_mut(used..end) {
            place.copy_from_slice(run);
        }
        used = end;
    })?;
    Ok(out)
}

/// Compacts the text to its canonical form where it stands and returns it. A scalar at the top is allowed.
///
/// ```
/// let mut text = *br#"{ "a" : [ 1.50, "b  c" ] }"#;
/// assert_eq!(korewebhook::json::canonicalize_in_place(&mut text)?, br#"{"a":[1.50,"b  c"]}"#);
/// # Ok::<(), korewebhook::Error>(())
/// ```
///
/// # Errors
/// `json-malformed`, `json-too-deep`. `text` is unchanged then.
pub fn canonicalize_in_place(text: &mut [u8]) -> Result<&mut [u8], Error> {
    let len = canonical_len(text)?;
    compact(text);
    Ok(text.get_mut(..len).unwrap_or_default())
}

/// Moves the bytes that stay to the front. The text must have been accepted before.
pub(crate) fn compact(text: &mut [u8]) {
    let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
    let mut used = 0_usize;
    for at in 0..text.len() {
        let Some(&byte) = text.get(at) else { return };
        match canonicalizer.step(byte) {
            Ok(true) => {
                if let Some(place) = text.get_mut(used) {
                    *place = byte;
                }
                used = used.saturating_add(1);
            }
            Ok(false) => {}
            Err(_) => return,
        }
    }
}

/// Hands out the bytes that stay.
pub(crate) fn visit(text: &[u8], sink: impl FnMut(&[u8])) -> Result<TopLevel, Error> {
    let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
    canonicalizer.update(text, sink)?;
    canonicalizer.finish()
}
