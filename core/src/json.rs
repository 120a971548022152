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

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum State {
    // Between tokens: white space is dropped.
    Start,
    Value,
    FirstItem,
    FirstKey,
    Key,
    Colon,
    AfterValue,
    End,
    // Inside of one.
    Bom1,
    Bom2,
    Text,
    Escape,
    Hex,
    Utf8,
    Literal,
    // The rows of NUMBER.
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

/// `number = [ minus ] int [ frac ] [ exp ]` (section 6): what follows in each state on `0`, `1` to `9`, `.`,
/// `e` or `E`, a sign.
const NUMBER: [[State; 5]; 8] = {
    use State::*;
    [
        [Zero, Integer, Failed, Failed, Failed],
        [Failed, Failed, Point, Exponent, Failed],
        [Integer, Integer, Point, Exponent, Failed],
        [Fraction, Fraction, Failed, Failed, Failed],
        [Fraction, Fraction, Failed, Exponent, Failed],
        [ExponentDigits, ExponentDigits, Failed, Failed, ExponentSign],
        [ExponentDigits, ExponentDigits, Failed, Failed, Failed],
        [ExponentDigits, ExponentDigits, Failed, Failed, Failed],
    ]
};

/// The names of section 3, each up to a space.
const LITERALS: &[u8] = b"true false null ";

/// Takes a JSON text in pieces of any size and hands out the bytes that stay. Constant memory: one bit a
/// level.
#[derive(Clone, Debug)]
pub struct Canonicalizer {
    state: State,
    in_key: bool,
    scalar: bool,
    depth: u8,
    max_depth: u8,
    /// The hexadecimal digits still to come, or the next byte of `LITERALS`.
    count: u8,
    sequence: Sequence,
    /// The open containers, the innermost in bit 0: 1 for an object, 0 for an array.
    objects: u64,
    offset: usize,
}

impl Canonicalizer {
    /// Begins a text that may nest `max_depth` deep, at most [`MAX_DEPTH`].
    #[must_use]
    pub const fn new(max_depth: u8) -> Self {
        Self {
            state: State::Start,
            in_key: false,
            scalar: false,
            depth: 0,
            max_depth: if max_depth < MAX_DEPTH { max_depth } else { MAX_DEPTH },
            count: 0,
            sequence: Sequence::NONE,
            objects: 0,
            offset: 0,
        }
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
            let skipped = if self.drops_space() { space_len(rest) } else { 0 };
            self.offset = self.offset.saturating_add(skipped);
            rest = rest.get(skipped..).unwrap_or_default();
            let (kept, result) = self.run(rest);
            let (run, tail) = rest.split_at_checked(kept).unwrap_or((rest, &[]));
            if !run.is_empty() {
                sink(run);
            }
            result?;
            rest = tail;
        }
        Ok(())
    }

    /// How many bytes at the front stay: up to white space, an error or the end.
    fn run(&mut self, bytes: &[u8]) -> (usize, Result<(), Error>) {
        let mut left = bytes;
        let result = loop {
            let Some((&byte, after)) = left.split_first() else { break Ok(()) };
            match self.step(byte) {
                Ok(true) => left = after,
                Ok(false) => {
                    // The byte is counted with the white space that it begins.
                    self.offset = self.offset.saturating_sub(1);
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
            if self.state == State::Text {
                let plain = plain_len(left);
                left = left.get(plain..).unwrap_or_default();
                self.offset = self.offset.saturating_add(plain);
            }
        };
        (bytes.len().saturating_sub(left.len()), result)
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
            State::Zero | State::Integer | State::Fraction | State::ExponentDigits if self.depth == 0 => None,
            State::End => None,
            State::Start => Some(Detail::Empty),
            State::Bom1 | State::Bom2 => Some(Detail::UnexpectedByte),
            State::Hex => Some(Detail::BadUnicodeEscape),
            State::Utf8 => Some(Detail::BadUtf8),
            State::Literal => Some(Detail::BadLiteral),
            State::Minus | State::Point | State::Exponent | State::ExponentSign => Some(Detail::BadNumber),
            _ => Some(Detail::Unterminated),
        };
        if let Some(detail) = detail {
            return Err(self.fail(detail, self.offset));
        }
        self.state = State::Failed;
        Ok(if self.scalar { TopLevel::Scalar } else { TopLevel::Container })
    }

    fn fail(&mut self, detail: Detail, offset: usize) -> Error {
        if core::mem::replace(&mut self.state, State::Failed) == State::Failed {
            return Reason::Finished.into();
        }
        let reason = if detail == Detail::TooDeep { Reason::JsonTooDeep } else { Reason::JsonMalformed };
        Error::at(reason, detail, offset)
    }

    fn drops_space(&self) -> bool {
        self.state <= State::End
    }

    fn advance(&mut self, byte: u8) -> Result<bool, Detail> {
        if byte == 0 {
            return Err(Detail::Nul);
        }
        if (State::Minus..=State::ExponentDigits).contains(&self.state) && self.number(byte)? {
            return Ok(true);
        }
        if is_space(byte) && self.drops_space() {
            return Ok(false);
        }
        self.state = match self.state {
            State::Text => match byte {
                // `char = unescaped / escape …`, `unescaped = %x20-21 / %x23-5B / %x5D-10FFFF` (section 7).
                b'"' if self.in_key => State::Colon,
                b'"' => self.value_done(),
                b'\\' => State::Escape,
                0x00..=0x1F => return Err(Detail::ControlInString),
                0x20..=0x7F => State::Text,
                0x80..=0xFF => self.utf8(byte)?,
            },
            State::Utf8 => self.utf8(byte)?,
            State::Start if byte == 0xEF && self.offset == 0 => State::Bom1,
            State::FirstItem if byte == b']' => self.close(false)?,
            State::Start | State::Value | State::FirstItem => self.value(byte)?,
            State::FirstKey if byte == b'}' => self.close(true)?,
            State::FirstKey | State::Key if byte == b'"' => {
                self.in_key = true;
                State::Text
            }
            State::Colon if byte == b':' => State::Value,
            State::AfterValue => match byte {
                b',' if self.in_object() => State::Key,
                b',' => State::Value,
                b'}' => self.close(true)?,
                b']' => self.close(false)?,
                _ => return Err(Detail::UnexpectedByte),
            },
            State::End => return Err(Detail::TrailingData),
            State::Bom1 if byte == 0xBB => State::Bom2,
            State::Bom2 if byte == 0xBF => return Err(Detail::Bom),
            State::Escape => match byte {
                b'u' => {
                    self.count = 4;
                    State::Hex
                }
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::Text,
                _ => return Err(Detail::BadEscape),
            },
            State::Hex => {
                if !byte.is_ascii_hexdigit() {
                    return Err(Detail::BadUnicodeEscape);
                }
                self.count = self.count.saturating_sub(1);
                if self.count == 0 { State::Text } else { State::Hex }
            }
            State::Literal => {
                let at = usize::from(self.count);
                if LITERALS.get(at) != Some(&byte) {
                    return Err(Detail::BadLiteral);
                }
                self.count = self.count.saturating_add(1);
                let done = LITERALS.get(at.saturating_add(1)) == Some(&b' ');
                if done { self.value_done() } else { State::Literal }
            }
            _ => return Err(Detail::UnexpectedByte),
        };
        Ok(true)
    }

    fn utf8(&mut self, byte: u8) -> Result<State, Detail> {
        self.sequence = self.sequence.next(byte).ok_or(Detail::BadUtf8)?;
        Ok(if self.sequence.is_open() { State::Utf8 } else { State::Text })
    }

    /// `value = false / null / true / object / array / number / string` (section 3).
    fn value(&mut self, byte: u8) -> Result<State, Detail> {
        let (state, next_in_literals) = match byte {
            b'{' | b'[' => return self.open(byte == b'{'),
            b'"' => (State::Text, 0),
            b'-' => (State::Minus, 0),
            b'0' => (State::Zero, 0),
            b'1'..=b'9' => (State::Integer, 0),
            b't' => (State::Literal, 1),
            b'f' => (State::Literal, 6),
            b'n' => (State::Literal, 12),
            _ => return Err(Detail::UnexpectedByte),
        };
        self.in_key = false;
        self.count = next_in_literals;
        self.scalar = self.depth == 0;
        Ok(state)
    }

    fn open(&mut self, object: bool) -> Result<State, Detail> {
        if self.depth >= self.max_depth {
            return Err(Detail::TooDeep);
        }
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

    /// Whether the number goes on; if not, it is done.
    fn number(&mut self, byte: u8) -> Result<bool, Detail> {
        let class = match byte {
            b'0' => 0,
            b'1'..=b'9' => 1,
            b'.' => 2,
            b'e' | b'E' => 3,
            b'+' | b'-' => 4,
            // What only a misspelt number goes on with: 0x1F, 1_000.
            b'x' | b'X' | b'_' => return Err(Detail::BadNumber),
            _ => {
                if matches!(self.state, State::Minus | State::Point | State::Exponent | State::ExponentSign) {
                    return Err(Detail::BadNumber);
                }
                self.state = self.value_done();
                return Ok(false);
            }
        };
        let row = usize::from((self.state as u8).saturating_sub(State::Minus as u8));
        match NUMBER.get(row).and_then(|row| row.get(class)) {
            None | Some(State::Failed) => Err(Detail::BadNumber),
            Some(&state) => {
                self.state = state;
                Ok(true)
            }
        }
    }
}

fn space_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&b| is_space(b)).count()
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
