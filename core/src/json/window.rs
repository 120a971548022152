//! The canonicalizer 64 bytes at a time, for hosts. It takes what is usual and leaves all else, errors included, to
//! the byte at a time that says what JSON is.
//!
//! The grammar is checked for all tokens of a window at once: which may follow which is a question of bits, where
//! white space between two tokens is passed by a carry. Only brackets and braces, numbers and literals are looked at
//! one by one.

use super::{CLOSE, COLON, COMMA, Canonicalizer, KEY, State, VALUE};
use crate::blocks::{BLOCK, Blocks};
use crate::error::Error;
use crate::lanes::{Lanes, level};
use crate::scan::space_len;
use fearless_simd::{Simd, dispatch};

/// How many bytes are looked at in one go, and how many can be read: as much again behind them.
const WINDOW: usize = 64;
const READABLE: usize = WINDOW + BLOCK;

/// So few bytes are taken one by one: to look at a window costs as much as at these.
const FEW: usize = 16;

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
        dispatch!(level(), simd => self.update_blocks_by(simd, chunk, out))
    }

    #[inline(always)]
    fn update_blocks_by<S: Simd, F: FnMut(&[u8])>(
        &mut self,
        simd: S,
        chunk: &[u8],
        out: &mut Blocks<F>,
    ) -> Result<(), Error> {
        let mut rest = chunk;
        loop {
            // How far it goes is told by a branch, so that the next window needn't wait for this one.
            while rest.len() >= READABLE && self.whole(simd, rest, out) {
                self.offset = self.offset.wrapping_add(WINDOW);
                rest = rest.get(WINDOW..).unwrap_or_default();
            }
            let taken = simd.vectorize(
                #[inline(always)]
                || self.part(simd, rest, out),
            );
            self.offset = self.offset.wrapping_add(taken);
            rest = rest.get(taken..).unwrap_or_default();
            if taken > 0 {
                continue;
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

    /// Takes a whole window, if all of it can be taken.
    #[inline(always)]
    fn whole<S: Simd, F: FnMut(&[u8])>(&mut self, simd: S, bytes: &[u8], out: &mut Blocks<F>) -> bool {
        let Some(window) = bytes.first_chunk() else { return false };
        let Some(found) = self.look(simd, bytes, window, WINDOW) else { return false };
        let (nesting, end) = self.nesting(window, &found, found.end);
        end == WINDOW && self.take(bytes, &found, &nesting, WINDOW, out)
    }

    /// Takes some bytes, at most a window of them, and says how many.
    #[inline(always)]
    fn part<S: Simd, F: FnMut(&[u8])>(&mut self, simd: S, rest: &[u8], out: &mut Blocks<F>) -> usize {
        if self.depth == 0 && self.state == State::Between {
            return space_len(rest);
        }
        if rest.len() <= FEW {
            return 0;
        }
        let mut last = [b' '; READABLE];
        let bytes = if rest.len() >= READABLE {
            rest
        } else {
            // The last bytes stand before white space that isn't counted.
            last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
            &last
        };
        let Some(window) = bytes.first_chunk() else { return 0 };
        let Some(found) = self.look(simd, bytes, window, rest.len().min(WINDOW)) else { return 0 };
        let end = self.nesting(window, &found, found.end).1;
        let (nesting, _) = self.nesting(window, &found, end);
        if self.take(bytes, &found, &nesting, end, out) { end } else { 0 }
    }

    /// What is there, inside of an object or an array.
    #[inline(always)]
    fn look<S: Simd>(&self, simd: S, bytes: &[u8], window: &[u8; WINDOW], len: usize) -> Option<Found> {
        let in_text = self.state == State::Text;
        if self.depth == 0 || !(in_text || self.state == State::Between) {
            return None;
        }
        let lanes = Lanes::of(simd, window);
        let mut quotes = lanes.quote;
        let mut end = len;
        if lanes.backslash != 0 {
            let (escaped, stop) = escapes(bytes, lanes.backslash);
            quotes &= !escaped;
            end = end.min(stop);
        }
        if lanes.high != 0 {
            end = end.min(utf8_end(window, lanes.high));
        }
        // Each string from its first quote on, without the last one.
        let inside = prefix_xor(quotes) ^ if in_text { u64::MAX } else { 0 };
        end = end.min(first(lanes.control & inside));
        let text = inside | quotes;
        let space = lanes.space & !text;
        let marks = (lanes.comma | lanes.colon | lanes.open | lanes.close) & !text;
        let scalars = !(space | marks | text);
        // A number or a literal that reaches the end may go on behind it.
        end = WINDOW.wrapping_sub((!scalars & below(end)).leading_zeros() as usize);
        Some(Found { lanes, quotes, inside, space, marks, scalars, end })
    }

    /// Where brackets and braces lead to, up to the first that is wrong or ends the whole, and where that is.
    #[inline(always)]
    fn nesting(&self, window: &[u8; WINDOW], found: &Found, end: usize) -> (Nesting, usize) {
        let mut nesting = Nesting { objects: self.objects, depth: self.depth, ..Nesting::default() };
        let both = (found.lanes.open | found.lanes.close) & found.marks & below(end);
        let stop = nesting.follow(window, both, found.lanes.open, self.max_depth);
        (nesting, end.min(stop))
    }

    /// Takes tokens and parts of strings from the first `end` bytes, if nothing is wrong with them.
    #[inline(always)]
    fn take<F: FnMut(&[u8])>(
        &mut self,
        bytes: &[u8],
        found: &Found,
        nesting: &Nesting,
        end: usize,
        out: &mut Blocks<F>,
    ) -> bool {
        let &Found { ref lanes, quotes, inside, space, marks, scalars, .. } = found;
        let in_text = self.state == State::Text;
        let here = below(end);
        let tokens = Tokens {
            space,
            inside,
            opening: quotes & inside & here,
            closing: quotes & !inside & here,
            comma: lanes.comma & marks & here,
            colon: lanes.colon & marks & here,
            open: lanes.open & marks & here,
            close: lanes.close & marks & here,
            scalars: scalars & here,
            in_object: nesting.in_object,
            brace: nesting.brace,
        };
        let Some(expected) = tokens.check(self.expected, in_text) else { return false };
        if !tokens.scalars(bytes) {
            return false;
        }
        self.expected = expected;
        self.objects = nesting.objects;
        self.depth = nesting.depth;
        out.push_runs(bytes, !space & here);
        if let Some(last) = end.checked_sub(1) {
            self.state = if bit(inside, last) { State::Text } else { State::Between };
        }
        true
    }
}

/// What is found in a window.
struct Found {
    lanes: Lanes,
    quotes: u64,
    /// Strings from their first quotes on, without the last ones.
    inside: u64,
    space: u64,
    marks: u64,
    scalars: u64,
    /// How many bytes can be taken.
    end: usize,
}

/// The brackets and braces of a window.
#[derive(Default)]
struct Nesting {
    /// As in the canonicalizer.
    objects: u64,
    depth: u8,
    /// Where one is in an object, not in an array.
    in_object: u64,
    /// Where an object begins.
    brace: u64,
}

impl Nesting {
    /// Goes along the brackets and braces, and says where the first is that is wrong or ends the whole.
    #[inline(always)]
    fn follow(&mut self, window: &[u8; WINDOW], both: u64, open: u64, max_depth: u8) -> usize {
        let mut left = both;
        self.in_object = (self.objects & 1).wrapping_neg();
        while left != 0 {
            let at = first(left);
            let place = left & left.wrapping_neg();
            left ^= place;
            let object = window.get(at).map_or(0, |byte| u64::from(byte >> 5 & 1));
            if open & place != 0 {
                if self.depth >= max_depth {
                    return at;
                }
                self.depth = self.depth.wrapping_add(1);
                self.objects = self.objects << 1 | object;
                self.brace |= place & object.wrapping_neg();
            } else {
                if self.objects & 1 != object || self.depth <= 1 {
                    return at;
                }
                self.depth = self.depth.wrapping_sub(1);
                self.objects >>= 1;
            }
            let behind = place.wrapping_neg();
            self.in_object = self.in_object & !behind | (self.objects & 1).wrapping_neg() & behind;
        }
        WINDOW
    }
}

/// The tokens of a window, up to where it is taken.
struct Tokens {
    space: u64,
    /// Strings from their first quotes on, without the last ones.
    inside: u64,
    opening: u64,
    closing: u64,
    comma: u64,
    colon: u64,
    open: u64,
    close: u64,
    scalars: u64,
    in_object: u64,
    brace: u64,
}

impl Tokens {
    /// Whether each token may follow the one before it; if so, what may follow the last one.
    #[inline(always)]
    fn check(&self, expected: u8, in_text: bool) -> Option<u8> {
        let before = |what: u8| u64::from(!in_text && expected & what != 0);
        let key_comma = self.comma & self.in_object;
        // Where a name has to be, then the quotes at its ends.
        let key = self.next((key_comma | self.brace) << 1 | before(KEY));
        let key_opening = key & self.opening;
        let goes_on = u64::from(in_text && expected == COLON);
        let key_closing = (key_opening | goes_on).wrapping_add(self.inside) & self.closing;
        let value_end = self.close | self.closing & !key_closing;
        let after_key = self.next(key_closing << 1 | before(COLON));
        let after_value = self.next(value_end << 1 | self.scalars << 1 & !self.scalars | before(COMMA));
        let after_open = self.next(self.open << 1 | before(CLOSE) & !before(COMMA));
        let starts = self.scalars & !(self.scalars << 1);
        let wrong = self.comma & !after_value
            | self.colon & !after_key
            | self.close & !(after_value | after_open)
            | (self.opening | self.open | starts) & (after_value | after_key)
            | key & (self.comma | self.colon | self.open | starts);
        if wrong != 0 {
            return None;
        }
        let all =
            self.opening | self.closing | self.comma | self.colon | self.open | self.close | self.scalars;
        if all == 0 {
            return Some(expected);
        }
        let last = 63_u32.wrapping_sub(all.leading_zeros());
        let may = |what: u8, after: u64| what & (after.wrapping_shr(last) as u8 & 1).wrapping_neg();
        let ended = value_end | self.scalars | self.opening & !key_opening;
        Some(
            may(VALUE, self.colon | self.comma & !self.in_object | self.open & !self.brace)
                | may(KEY, key_comma | self.brace)
                | may(COLON, key_closing | key_opening)
                | may(COMMA, ended)
                | may(CLOSE, ended | self.open),
        )
    }

    /// Where the next tokens are: these places, and those behind the white space that begins there.
    const fn next(&self, places: u64) -> u64 {
        (places | (places & self.space).wrapping_add(self.space)) & !self.space
    }

    /// Whether each number and each literal is one.
    #[inline(always)]
    fn scalars(&self, bytes: &[u8]) -> bool {
        let mut left = self.scalars & !(self.scalars << 1);
        while left != 0 {
            let at = first(left);
            left &= left.wrapping_sub(1);
            let len = self.scalars.wrapping_shr(at as u32).trailing_ones() as usize;
            if !bytes.get(at..).is_some_and(|text| is_scalar(text, len)) {
                return false;
            }
        }
        true
    }
}

/// Whether the first `len` bytes are a number or a literal.
fn is_scalar(text: &[u8], len: usize) -> bool {
    let text = text.get(..len).unwrap_or_default();
    match text {
        b"true" | b"false" | b"null" => true,
        [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => true,
        _ => {
            // By the canonicalizer itself.
            let mut alone = Canonicalizer::new(1);
            text.iter().all(|&byte| alone.step(byte) == Ok(true)) && alone.finish().is_ok()
        }
    }
}

/// Which bytes are escaped, and where the first escape is that is wrong or not there as a whole.
fn escapes(bytes: &[u8], backslashes: u64) -> (u64, usize) {
    let mut left = backslashes;
    let mut escaped = 0;
    while left != 0 {
        let at = first(left);
        let len = match bytes.get(at..) {
            Some([_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]) => 2,
            Some([_, b'u', digits @ ..]) if digits.iter().take(4).all(u8::is_ascii_hexdigit) => 6,
            _ => return (escaped, at),
        };
        if at.wrapping_add(len) > WINDOW {
            return (escaped, at);
        }
        let next = 2_u64.wrapping_shl(at as u32);
        escaped |= next;
        left &= left.wrapping_sub(1) & !next;
    }
    (escaped, WINDOW)
}

/// Where the first bytes are that are no UTF-8, or not there as a whole.
fn utf8_end(window: &[u8; WINDOW], high: u64) -> usize {
    let from = first(high);
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
