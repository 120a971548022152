//! The canonicalizer 64 bytes at a time, for hosts. It takes what is usual and leaves all else, errors included, to
//! the byte at a time that says what JSON is.

use super::{CLOSE, COLON, COMMA, Canonicalizer, KEY, State, VALUE};
use crate::blocks::{BLOCK, Blocks};
use crate::error::Error;
use crate::lanes::Lanes;

/// How many bytes are looked at in one go, and how many can be read: as much again behind them.
const WINDOW: usize = 64;
const READABLE: usize = WINDOW + BLOCK;

impl Canonicalizer {
    /// As [`Canonicalizer::update`], with the bytes that stay going into blocks.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn update_blocks<F: FnMut(&[u8])>(
        &mut self,
        chunk: &[u8],
        out: &mut Blocks<F>,
    ) -> Result<(), Error> {
        let mut rest = chunk;
        loop {
            if matches!(self.state, State::Between | State::Text) {
                let taken = if rest.len() >= READABLE {
                    self.window(rest, WINDOW, out)
                } else {
                    // The last bytes stand before white space that isn't counted.
                    let mut last = [b' '; READABLE];
                    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
                    self.window(&last, rest.len().min(WINDOW), out)
                };
                self.offset = self.offset.wrapping_add(taken);
                rest = rest.get(taken..).unwrap_or_default();
                if taken == WINDOW {
                    continue;
                }
            }
            let Some((&byte, after)) = rest.split_first() else { return Ok(()) };
            match self.step(byte) {
                Ok(true) => out.push(&[byte; BLOCK], 1),
                Ok(false) => {}
                Err(detail) => return Err(self.fail(detail)),
            }
            self.offset = self.offset.wrapping_add(1);
            rest = after;
        }
    }

    /// Takes tokens and parts of strings from the first `len` bytes and says how many bytes that were.
    fn window<F: FnMut(&[u8])>(&mut self, bytes: &[u8], len: usize, out: &mut Blocks<F>) -> usize {
        let Some(window) = bytes.first_chunk::<WINDOW>() else { return 0 };
        let lanes = Lanes::of(window);
        let mut quotes = lanes.quote;
        let mut end = len;
        if lanes.any_backslash {
            end = end.min(escapes(bytes, Lanes::backslashes(window), &mut quotes));
        }
        if lanes.any_high {
            end = end.min(utf8_end(window));
        }
        // Each string from its first quote on, without the last one.
        let inside = prefix_xor(quotes) ^ if self.state == State::Text { u64::MAX } else { 0 };
        end = end.min(first(lanes.control & inside));
        let text = inside | quotes;
        let scalars = !(lanes.space | lanes.structural | text);
        end = self.tokens(window, end, (lanes.structural & !inside) | (quotes & inside), scalars);
        out.push_runs(bytes, (text | !lanes.space) & below(end));
        if let Some(last) = end.checked_sub(1) {
            self.state = if bit(inside, last) { State::Text } else { State::Between };
        }
        end
    }

    /// Takes what stands at these places before `end`, and says where the first token is that it leaves.
    fn tokens(&mut self, window: &[u8; WINDOW], end: usize, marks: u64, scalars: u64) -> usize {
        let starts = scalars & !scalars.wrapping_shl(1);
        let mut left = (marks | starts) & below(end);
        let mut expected = self.expected;
        let mut rows = self.rows();
        while left != 0 {
            let at = first(left);
            left &= left.wrapping_sub(1);
            let byte = window.get(at).copied().unwrap_or(0);
            let class = usize::from(CLASSES.get(usize::from(byte)).copied().unwrap_or(BRACKET));
            // In a variable, since one token after the other waits for it.
            if let Some(row) = rows.get(class) {
                expected = match row.get(usize::from(expected & 31)) {
                    Some(&next) if next != NOT => next,
                    _ => {
                        self.expected = expected;
                        return at;
                    }
                };
                continue;
            }
            self.expected = expected;
            let taken = if bit(starts, at) {
                let len = scalars.wrapping_shr(at as u32).trailing_ones() as usize;
                // One that reaches the end may go on behind it.
                let to = Some(at.wrapping_add(len)).filter(|&to| to < end);
                to.and_then(|to| window.get(at..to)).is_some_and(|text| self.scalar(text))
            } else {
                self.token(byte).is_ok()
            };
            if !taken {
                return at;
            }
            expected = self.expected;
            rows = self.rows();
        }
        self.expected = expected;
        end
    }

    /// What follows commas, colons and strings where the canonicalizer stands now.
    fn rows(&self) -> &'static Rows {
        match (self.depth, self.in_object()) {
            (0, _) => &TOP,
            (_, false) => &ARRAY,
            (_, true) => &OBJECT,
        }
    }

    /// Takes a number or a literal that is there as a whole, if it is one.
    fn scalar(&mut self, text: &[u8]) -> bool {
        let integer = |text: &[u8]| text.first() != Some(&b'0') && text.iter().all(u8::is_ascii_digit);
        if !integer(text) {
            // By the canonicalizer itself.
            let mut alone = Self::new(1);
            if !text.iter().all(|&byte| alone.step(byte) == Ok(true)) || alone.finish().is_err() {
                return false;
            }
        }
        let taken = text.first().is_some_and(|&byte| self.token(byte).is_ok());
        self.state = State::Between;
        taken
    }
}

/// Takes the quotes that are escaped out of the mask, and says where the first escape is that is wrong or not there as
/// a whole.
fn escapes(bytes: &[u8], backslashes: u64, quotes: &mut u64) -> usize {
    let mut left = backslashes;
    while left != 0 {
        let at = first(left);
        let len = match bytes.get(at..) {
            Some([_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]) => 2,
            Some([_, b'u', digits @ ..]) if digits.iter().take(4).all(u8::is_ascii_hexdigit) => 6,
            _ => return at,
        };
        if at.wrapping_add(len) > WINDOW {
            return at;
        }
        let escaped = 2_u64.wrapping_shl(at as u32);
        *quotes &= !escaped;
        left &= left.wrapping_sub(1) & !escaped;
    }
    WINDOW
}

/// Where the first bytes are that are no UTF-8, or not there as a whole.
fn utf8_end(window: &[u8; WINDOW]) -> usize {
    let from = first(Lanes::high(window));
    match core::str::from_utf8(window.get(from..).unwrap_or_default()) {
        Ok(_) => WINDOW,
        Err(error) => from.wrapping_add(error.valid_up_to()),
    }
}

/// The place of the lowest bit, 64 where there is none.
const fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize
}

const fn bit(bits: u64, at: usize) -> bool {
    bits.wrapping_shr(at as u32) & 1 == 1
}

/// The bits of the first so many bytes.
const fn below(end: usize) -> u64 {
    if end < 64 { 1_u64.wrapping_shl(end as u32).wrapping_sub(1) } else { u64::MAX }
}

/// Each bit the parity of those up to it.
const fn prefix_xor(bits: u64) -> u64 {
    let bits = bits ^ (bits << 1);
    let bits = bits ^ (bits << 2);
    let bits = bits ^ (bits << 4);
    let bits = bits ^ (bits << 8);
    let bits = bits ^ (bits << 16);
    bits ^ (bits << 32)
}

/// The new [`Canonicalizer::expected`] by the old one, for the classes 0 to 2: commas, colons, strings.
type Rows = [[u8; 32]; 3];

/// Not here.
const NOT: u8 = 0xFF;
/// The class of brackets, braces and all that is no mark.
const BRACKET: u8 = 3;

static CLASSES: [u8; 256] = classes();
static TOP: Rows = [[NOT; 32]; 3];
static ARRAY: Rows = rows(VALUE, false);
static OBJECT: Rows = rows(KEY, true);

#[expect(clippy::indexing_slicing, reason = "computed by the compiler")]
const fn classes() -> [u8; 256] {
    let mut classes = [BRACKET; 256];
    classes[b',' as usize] = 0;
    classes[b':' as usize] = 1;
    classes[b'"' as usize] = 2;
    classes
}

#[expect(clippy::indexing_slicing, reason = "computed by the compiler")]
const fn rows(after_comma: u8, object: bool) -> Rows {
    let mut rows = [[NOT; 32]; 3];
    let mut expected = 0_u8;
    while expected < 32 {
        let at = expected as usize;
        if expected & COMMA != 0 {
            rows[0][at] = after_comma;
        }
        if expected & COLON != 0 {
            rows[1][at] = VALUE;
        }
        if expected & VALUE != 0 {
            rows[2][at] = COMMA | CLOSE;
        }
        if expected & KEY != 0 && object {
            rows[2][at] = COLON;
        }
        expected = expected.wrapping_add(1);
    }
    rows
}
