//! The strict JSON canonicalizer: RFC 8259, one pass, iterative, streaming.
//!
//! It accepts RFC 8259 text in UTF-8 without a byte order mark, nested at most [`MAX_DEPTH`] deep, and drops
//! nothing but `ws = *( %x20 / %x09 / %x0A / %x0D )` between tokens. Every byte of a token is kept: no escape
//! is decoded, no number converted, no member reordered. Two scalars are never neighbours in JSON, so the
//! result determines the tokens.

pub(crate) mod strip;
#[cfg(feature = "simd")]
mod tokens;
mod whole;
#[cfg(all(test, feature = "detect"))]
mod widths;
#[cfg(feature = "simd")]
mod window;

use crate::error::{Detail, Error, Reason};
use crate::registers::Registers;
use crate::scan::{BY_WORDS, is_space, plain_len, space_len};
use crate::utf8::Sequence;
#[cfg(not(feature = "simd"))]
pub(crate) use strip::compact;
pub use whole::{canonical_len, canonicalize_in_place, canonicalize_into};
pub(crate) use whole::{visit, write};
#[cfg(feature = "simd")]
pub(crate) use window::compact;

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

/// Inside of what the next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum State {
    /// Between tokens: white space is dropped.
    Between,
    Text,
    Escape,
    Hex,
    Utf8,
    Literal,
    // The rows of NUMBER: first those in which a number may end.
    Zero,
    Integer,
    Fraction,
    ExponentDigits,
    Minus,
    Point,
    Exponent,
    ExponentSign,
    Failed,
}

// Which tokens may come, a bit each; none of them after the end.
const VALUE: u8 = 1;
const KEY: u8 = 2;
const COLON: u8 = 4;
const COMMA: u8 = 8;
const CLOSE: u8 = 16;

/// `number = [ minus ] int [ frac ] [ exp ]` (section 6): what follows in each state on `0`, `1` to `9`, `.`,
/// `e` or `E`, a sign.
const NUMBER: [[State; 5]; 8] = {
    use State::*;
    [
        [Failed, Failed, Point, Exponent, Failed],
        [Integer, Integer, Point, Exponent, Failed],
        [Fraction, Fraction, Failed, Exponent, Failed],
        [ExponentDigits, ExponentDigits, Failed, Failed, Failed],
        [Zero, Integer, Failed, Failed, Failed],
        [Fraction, Fraction, Failed, Failed, Failed],
        [ExponentDigits, ExponentDigits, Failed, Failed, ExponentSign],
        [ExponentDigits, ExponentDigits, Failed, Failed, Failed],
    ]
};

/// The names of section 3, each up to a space, and a byte order mark, which looks like one until its end.
const LITERALS: &[u8] = b"true false null \xEF\xBB\xBF ";
const MARK: u8 = 17;

/// Takes a JSON text in pieces of any size and hands out the bytes that stay. Constant memory: one bit a
/// level.
#[derive(Clone, Debug)]
pub struct Canonicalizer {
    state: State,
    expected: u8,
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
            state: State::Between,
            expected: VALUE,
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
            let (kept, result) = self.run(rest);
            if let Some(run) = rest.get(..kept).filter(|run| !run.is_empty()) {
                sink(run);
            }
            result.map_err(|detail| self.fail(detail))?;
            rest = rest.get(kept..).unwrap_or_default();
            let dropped = space_len(rest);
            self.offset = self.offset.wrapping_add(dropped);
            rest = rest.get(dropped..).unwrap_or_default();
        }
        Ok(())
    }

    /// As [`Self::update`], in any pieces. `hashed` bytes come before them in the hash, if that is where they go.
    #[cfg(feature = "simd")]
    pub(crate) fn update_after(
        &mut self,
        registers: Registers,
        hashed: usize,
        chunk: &[u8],
        sink: impl FnMut(&[u8]),
    ) -> Result<(), Error> {
        if chunk.len() <= window::FEW {
            return self.update(chunk, sink);
        }
        let mut blocks = crate::blocks::Blocks::after(hashed, sink);
        let result = self.update_blocks(registers, chunk, &mut blocks);
        blocks.finish();
        result
    }

    #[cfg(not(feature = "simd"))]
    pub(crate) fn update_after(
        &mut self,
        _: Registers,
        _: usize,
        chunk: &[u8],
        sink: impl FnMut(&[u8]),
    ) -> Result<(), Error> {
        self.update(chunk, sink)
    }

    /// How many bytes at the front stay: up to white space that doesn't, an error or the end.
    fn run(&mut self, bytes: &[u8]) -> (usize, Result<(), Detail>) {
        let mut left = bytes;
        let result = loop {
            if BY_WORDS {
                left = self.usual(left);
            }
            let Some((&byte, after)) = left.split_first() else { break Ok(()) };
            match self.step(byte) {
                Ok(true) => left = after,
                Ok(false) => break Ok(()),
                Err(detail) => break Err(detail),
            }
            if !BY_WORDS && self.state == State::Text {
                left = left.get(plain_len(left)..).unwrap_or_default();
            }
        };
        let kept = bytes.len().wrapping_sub(left.len());
        self.offset = self.offset.wrapping_add(kept);
        (kept, result)
    }

    /// Takes what is usual, a token at a time, and leaves all else to [`Self::step`]. What is left.
    fn usual<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let mut left = bytes;
        loop {
            if self.state == State::Text {
                left = left.get(plain_len(left)..).unwrap_or_default();
                match left {
                    [b'"', after @ ..] => {
                        self.state = State::Between;
                        left = after;
                    }
                    [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after @ ..] => {
                        left = after;
                        continue;
                    }
                    _ => return left,
                }
            }
            let Some((&byte, after)) = left.split_first() else { return left };
            match self.state {
                State::Between if !is_space(byte) => match self.token(byte) {
                    Ok(state) => self.state = state,
                    Err(_) => return left,
                },
                State::Integer | State::Fraction if byte.is_ascii_digit() => {}
                State::Zero | State::Integer | State::Fraction if matches!(byte, b',' | b'}' | b']') => {
                    self.state = State::Between;
                    continue;
                }
                _ => return left,
            }
            left = after;
        }
    }

    /// Ends the text and says what stood at its top.
    ///
    /// # Errors
    /// `json-malformed`, where the text is empty or ends inside a value; after that, `finished`.
    pub fn finish(&mut self) -> Result<TopLevel, Error> {
        use State::*;
        let detail = match self.state {
            Between | Zero | Integer | Fraction | ExponentDigits if self.expected == 0 => None,
            Between if self.depth == 0 => Some(Detail::Empty),
            Hex => Some(Detail::BadUnicodeEscape),
            Utf8 => Some(Detail::BadUtf8),
            Literal if self.count >= MARK => Some(Detail::UnexpectedByte),
            Literal => Some(Detail::BadLiteral),
            Minus | Point | Exponent | ExponentSign => Some(Detail::BadNumber),
            _ => Some(Detail::Unterminated),
        };
        if let Some(detail) = detail {
            return Err(self.fail(detail));
        }
        self.state = State::Failed;
        Ok(if self.scalar { TopLevel::Scalar } else { TopLevel::Container })
    }

    fn fail(&mut self, detail: Detail) -> Error {
        if core::mem::replace(&mut self.state, State::Failed) == State::Failed {
            return Reason::Finished.into();
        }
        // A byte order mark is one thing of three bytes, so its offset is that of the first.
        let offset = if detail == Detail::Bom { 0 } else { self.offset };
        let reason = if detail == Detail::TooDeep { Reason::JsonTooDeep } else { Reason::JsonMalformed };
        Error::at(reason, detail, offset)
    }

    /// Takes one byte: whether it stays.
    pub(crate) fn step(&mut self, byte: u8) -> Result<bool, Detail> {
        if byte == 0 {
            return Err(Detail::Nul);
        }
        if self.state >= State::Zero && self.number(byte)? {
            return Ok(true);
        }
        self.state = match self.state {
            State::Between if is_space(byte) => return Ok(false),
            State::Between => self.token(byte)?,
            // `char = unescaped / escape …`, `unescaped = %x20-21 / %x23-5B / %x5D-10FFFF` (section 7).
            State::Text if byte == b'"' => State::Between,
            State::Text if byte == b'\\' => State::Escape,
            State::Text if byte < 0x20 => return Err(Detail::ControlInString),
            State::Text if byte < 0x80 => State::Text,
            State::Text | State::Utf8 => {
                self.sequence = self.sequence.next(byte).ok_or(Detail::BadUtf8)?;
                if self.sequence.is_open() { State::Utf8 } else { State::Text }
            }
            State::Escape if byte == b'u' => {
                self.count = 4;
                State::Hex
            }
            State::Escape => match byte {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => State::Text,
                _ => return Err(Detail::BadEscape),
            },
            State::Hex => {
                if !byte.is_ascii_hexdigit() {
                    return Err(Detail::BadUnicodeEscape);
                }
                self.count = self.count.wrapping_sub(1);
                if self.count == 0 { State::Text } else { State::Hex }
            }
            _ => {
                // A literal.
                let mark = self.count >= MARK;
                let ahead = LITERALS.get(usize::from(self.count)..).unwrap_or_default();
                self.count = self.count.wrapping_add(1);
                match ahead {
                    [this, ..] if *this != byte && mark => return Err(Detail::UnexpectedByte),
                    [this, ..] if *this != byte => return Err(Detail::BadLiteral),
                    [_, b' ', ..] if mark => return Err(Detail::Bom),
                    [_, b' ', ..] => State::Between,
                    _ => State::Literal,
                }
            }
        };
        Ok(true)
    }

    /// Begins a token (section 2), and ends it where it has one byte. What may follow it is known from then on.
    fn token(&mut self, byte: u8) -> Result<State, Detail> {
        let (token, state) = match byte {
            b'{' | b'[' => (VALUE, State::Between),
            b'}' | b']' => (CLOSE, State::Between),
            b',' => (COMMA, State::Between),
            b':' => (COLON, State::Between),
            b'"' => (VALUE | KEY, State::Text),
            b'-' => (VALUE, State::Minus),
            b'0' => (VALUE, State::Zero),
            b'1'..=b'9' => (VALUE, State::Integer),
            b't' | b'f' | b'n' => (VALUE, State::Literal),
            0xEF if self.offset == 0 && self.depth == 0 => (VALUE, State::Literal),
            _ => (0, State::Between),
        };
        if self.expected & token == 0 {
            return Err(if self.expected == 0 { Detail::TrailingData } else { Detail::UnexpectedByte });
        }
        // Brackets and braces differ in this bit.
        let object = byte & 0x20 != 0;
        if state != State::Between {
            self.count = match byte {
                b't' => 1,
                b'f' => 6,
                b'n' => 12,
                _ => MARK,
            };
            self.scalar = self.depth == 0;
            if self.expected & KEY != 0 {
                self.expected = COLON;
                return Ok(state);
            }
        } else if token == COLON {
            self.expected = VALUE;
            return Ok(state);
        } else if token == COMMA {
            self.expected = if self.in_object() { KEY } else { VALUE };
            return Ok(state);
        } else if token == VALUE {
            if self.depth >= self.max_depth {
                return Err(Detail::TooDeep);
            }
            self.depth = self.depth.wrapping_add(1);
            self.objects = self.objects.wrapping_shl(1) | u64::from(object);
            self.expected = if object { KEY | CLOSE } else { VALUE | CLOSE };
            return Ok(state);
        } else {
            if self.in_object() != object {
                return Err(Detail::UnexpectedByte);
            }
            self.depth = self.depth.wrapping_sub(1);
            self.objects = self.objects.wrapping_shr(1);
        }
        // After a value.
        self.expected = if self.depth == 0 { 0 } else { COMMA | CLOSE };
        Ok(state)
    }

    const fn in_object(&self) -> bool {
        self.objects & 1 == 1
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
            b'x' | b'X' | b'_' => 5,
            _ if self.state <= State::ExponentDigits => {
                self.state = State::Between;
                return Ok(false);
            }
            _ => 5,
        };
        let row = usize::from((self.state as u8).wrapping_sub(State::Zero as u8));
        match NUMBER.get(row).and_then(|row| row.get(class)) {
            None | Some(State::Failed) => Err(Detail::BadNumber),
            Some(&state) => {
                self.state = state;
                Ok(true)
            }
        }
    }
}
