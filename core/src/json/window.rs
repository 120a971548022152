//! The canonicalizer 64 bytes at a time, for hosts. It takes what is usual and leaves all else, errors included, to
//! the byte at a time that says what JSON is.

use super::tokens::{Nesting, Tokens};
use super::{Canonicalizer, MAX_DEPTH, State, VALUE};
use crate::blocks::{BLOCK, Blocks};
use crate::error::Error;
use crate::lanes::{Lanes, below, bit, first, prefix_xor};
use crate::registers::Registers;
use crate::scan::{plain_len, space_len};
use fearless_simd::{Simd, dispatch};

/// How many bytes are looked at in one go.
pub(super) const WINDOW: usize = 64;

/// How many bytes are moved to the front at a time.
const PIECE: usize = 64 * WINDOW;

/// So few bytes are taken one by one: to look at a window costs as much as at these.
pub(super) const FEW: usize = 16;

impl Canonicalizer {
    /// As [`Canonicalizer::update`], with the bytes that stay going into blocks.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn update_blocks<F: FnMut(&[u8])>(
        &mut self,
        registers: Registers,
        chunk: &[u8],
        out: &mut Blocks<F>,
    ) -> Result<(), Error> {
        dispatch!(registers.level, simd => self.update_blocks_by(simd, chunk, out))
    }

    #[inline(always)]
    pub(super) fn update_blocks_by<S: Simd, F: FnMut(&[u8])>(
        &mut self,
        simd: S,
        chunk: &[u8],
        out: &mut Blocks<F>,
    ) -> Result<(), Error> {
        let mut rest = chunk;
        loop {
            // How far it goes is told by a branch, so that the next window needn't wait for this one.
            while let Some(bytes) = rest.first_chunk()
                && let window = (Window { bytes, passed: 0, rest })
                && let Some(found) = self.look(simd, &window, false)
                && found.end == WINDOW
                && let (nesting, WINDOW) = self.follow(&window, &found, WINDOW)
                && self.take(simd, &window, &found, &nesting, WINDOW, out)
            {
                self.offset = self.offset.wrapping_add(WINDOW);
                rest = rest.get(WINDOW..).unwrap_or_default();
            }
            // Of a window that can't be taken as a whole, looked at once more, what can; of one with something wrong, none.
            let taken = simd.vectorize(
                #[inline(always)]
                || self.take_part(simd, chunk, rest, out),
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
            if let Some(bytes) = rest.first_chunk() {
                let len = self.same_len(bytes);
                out.push(bytes, len);
                self.offset = self.offset.wrapping_add(len);
                rest = rest.get(len..).unwrap_or_default();
            }
        }
    }

    /// How many bytes change nothing, in what no window is taken of: a string at the top, a long number.
    fn same_len(&self, bytes: &[u8; WINDOW]) -> usize {
        match self.state {
            State::Text if self.depth == 0 => plain_len(bytes),
            State::Integer | State::Fraction | State::ExponentDigits => {
                bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
            }
            _ => 0,
        }
    }

    /// Takes some bytes, at most a window of them, and says how many.
    #[inline(always)]
    fn take_part<S: Simd, F: FnMut(&[u8])>(
        &mut self,
        simd: S,
        chunk: &[u8],
        rest: &[u8],
        out: &mut Blocks<F>,
    ) -> usize {
        if self.depth == 0 && self.state == State::Between {
            let space = space_len(rest);
            if space > 0 || self.expected != VALUE {
                return space;
            }
        }
        if rest.is_empty() {
            return 0;
        }
        let mut padded = [0; WINDOW];
        let (bytes, passed) = match (rest.first_chunk(), chunk.last_chunk()) {
            (Some(bytes), _) => (bytes, 0),
            // The last bytes stand behind some that were taken already.
            (_, Some(bytes)) => (bytes, WINDOW.wrapping_sub(rest.len()) & 63),
            _ => {
                padded.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
                (&padded, 0)
            }
        };
        let window = Window { bytes, passed, rest };
        let Some(found) = self.look(simd, &window, self.depth == 0) else { return 0 };
        let (nesting, end) = self.follow(&window, &found, found.end);
        if self.take(simd, &window, &found, &nesting, end, out) { end } else { 0 }
    }

    /// What is there inside of an object or an array, or from the first one on where the text begins.
    #[inline(always)]
    fn look<S: Simd>(&self, simd: S, window: &Window<'_>, begins: bool) -> Option<Found> {
        let rest = window.rest;
        let in_text = self.state == State::Text;
        let ready = if begins {
            self.state == State::Between && self.expected == VALUE
        } else {
            self.depth > 0 && (in_text || self.state == State::Between)
        };
        if !ready {
            return None;
        }
        let lanes = Lanes::of(simd, window.bytes).behind(window.passed);
        let mut quotes = lanes.quote;
        let mut end = rest.len().min(WINDOW);
        if lanes.backslash != 0 {
            let (escaped, stop) = escapes(rest, lanes.backslash);
            quotes &= !escaped;
            end = end.min(stop);
        }
        if lanes.high != 0 {
            end = end.min(utf8_end(rest, lanes.high));
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
        if begins && !bit(lanes.open, 0) {
            return None;
        }
        Some(Found { lanes, quotes, inside, space, marks, scalars, end })
    }

    /// Goes along the brackets and braces before `end`, and says up to where.
    #[inline(always)]
    fn follow(&self, window: &Window<'_>, found: &Found, end: usize) -> (Nesting, usize) {
        let mut nesting = Nesting::new(self.objects, self.depth);
        let here = found.marks & below(end);
        let (open, close) = (found.lanes.open & here, found.lanes.close & here);
        let followed = nesting.follow(window.rest, open, close, self.max_depth);
        (nesting, end.min(followed))
    }

    /// Takes tokens and parts of strings from the first `end` bytes, if nothing is wrong with them.
    #[inline(always)]
    fn take<S: Simd, F: FnMut(&[u8])>(
        &mut self,
        simd: S,
        window: &Window<'_>,
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
        if !tokens.scalars(window.rest) {
            return false;
        }
        self.objects = nesting.objects;
        self.depth = nesting.depth;
        self.expected = expected;
        if nesting.ended {
            (self.objects, self.depth, self.expected) = (0, 0, 0);
        }
        out.push_kept(simd, window.bytes, (!space & here) << (window.passed & 63));
        if let Some(last) = end.checked_sub(1) {
            self.state = if bit(inside, last) { State::Text } else { State::Between };
        }
        true
    }
}

/// Moves the bytes that stay to the front. The text must have been accepted before.
pub(crate) fn compact(registers: Registers, text: &mut [u8]) {
    let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
    let (mut from, mut used) = (0_usize, 0_usize);
    // A copy of each piece, so that what stays can go where it was read.
    let mut piece = [0; PIECE];
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let len = rest.len().min(piece.len());
        piece.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        from = from.wrapping_add(len);
        let result = canonicalizer.update_after(registers, 0, piece.get(..len).unwrap_or_default(), |run| {
            if let Some(place) = text.get_mut(used..).and_then(|left| left.get_mut(..run.len())) {
                place.copy_from_slice(run);
            }
            used = used.saturating_add(run.len());
        });
        if result.is_err() {
            return;
        }
    }
}

/// 64 bytes, of which the first are passed already; `rest` begins with the others.
struct Window<'b> {
    bytes: &'b [u8; WINDOW],
    passed: usize,
    rest: &'b [u8],
}

/// What is found in a window, a bit each for the bytes that aren't passed.
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

/// Which bytes are escaped, and where the first escape is that is wrong or not there as a whole.
fn escapes(bytes: &[u8], backslashes: u64) -> (u64, usize) {
    let mut left = backslashes;
    let mut escaped = 0;
    while left != 0 {
        let at = first(left);
        let len = match bytes.get(at..) {
            Some([_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]) => 2,
            Some([_, b'u', a, b, c, d, ..]) if [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit) => 6,
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
fn utf8_end(rest: &[u8], high: u64) -> usize {
    let from = first(high);
    match core::str::from_utf8(rest.get(from..rest.len().min(WINDOW)).unwrap_or_default()) {
        Ok(_) => WINDOW,
        Err(error) => from.wrapping_add(error.valid_up_to()),
    }
}
