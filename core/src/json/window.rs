//! The canonicalizer 64 bytes at a time, for hosts. It takes what is usual and leaves all else, errors included, to
//! the byte at a time that says what JSON is.

use super::tokens::{Nesting, Tokens};
use super::{Canonicalizer, MAX_DEPTH, State};
use crate::blocks::{BLOCK, Blocks};
use crate::error::Error;
use crate::lanes::{Lanes, below, bit, first, level, prefix_xor};
use crate::scan::space_len;
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
        chunk: &[u8],
        out: &mut Blocks<F>,
    ) -> Result<(), Error> {
        dispatch!(level(), simd => self.update_blocks_by(simd, chunk, out))
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
            while rest.len() >= WINDOW && self.whole(simd, rest, out) {
                self.offset = self.offset.wrapping_add(WINDOW);
                rest = rest.get(WINDOW..).unwrap_or_default();
            }
            // Of a window that can't be taken as a whole, looked at once more, what can; of one with something wrong, none.
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
        if found.end < WINDOW {
            return false;
        }
        let mut nesting = Nesting::new(self.objects, self.depth);
        let (open, close) = found.brackets(WINDOW);
        nesting.follow(window, open, close, self.max_depth) == WINDOW
            && self.take(simd, bytes, &found, &nesting, WINDOW, out)
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
        let mut last = [b' '; WINDOW];
        let bytes = if rest.len() >= WINDOW {
            rest
        } else {
            // The last bytes stand before white space that isn't counted.
            last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
            &last
        };
        let Some(window) = bytes.first_chunk() else { return 0 };
        let Some(found) = self.look(simd, bytes, window, rest.len().min(WINDOW)) else { return 0 };
        let mut nesting = Nesting::new(self.objects, self.depth);
        let (open, close) = found.brackets(found.end);
        let end = found.end.min(nesting.follow(window, open, close, self.max_depth));
        if self.take(simd, bytes, &found, &nesting, end, out) { end } else { 0 }
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

    /// Takes tokens and parts of strings from the first `end` bytes, if nothing is wrong with them.
    #[inline(always)]
    fn take<S: Simd, F: FnMut(&[u8])>(
        &mut self,
        simd: S,
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
        if let Some(window) = bytes.first_chunk() {
            out.push_kept(simd, window, !space & here);
        }
        if let Some(last) = end.checked_sub(1) {
            self.state = if bit(inside, last) { State::Text } else { State::Between };
        }
        true
    }
}

/// Moves the bytes that stay to the front. The text must have been accepted before.
pub(crate) fn compact(text: &mut [u8]) {
    let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
    let (mut from, mut used) = (0_usize, 0_usize);
    // A copy of each piece, so that what stays can go where it was read.
    let mut piece = [0; PIECE];
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let len = rest.len().min(piece.len());
        piece.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
        from = from.wrapping_add(len);
        let result = canonicalizer.update_after(0, piece.get(..len).unwrap_or_default(), |run| {
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

impl Found {
    /// What opens and what closes an object or an array, up to there.
    #[inline(always)]
    const fn brackets(&self, end: usize) -> (u64, u64) {
        let here = self.marks & below(end);
        (self.lanes.open & here, self.lanes.close & here)
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
