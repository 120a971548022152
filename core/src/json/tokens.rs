//! The tokens of 64 bytes of JSON, checked at once.
//!
//! Which token may follow which is a question of bits, where white space between two of them is passed by a carry. Only
//! brackets and braces, numbers and literals are looked at one by one.

use super::window::WINDOW;
use super::{CLOSE, COLON, COMMA, Canonicalizer, KEY, VALUE};
use crate::lanes::first;

/// The brackets and braces of a window.
pub(super) struct Nesting {
    /// As in the canonicalizer.
    pub(super) objects: u64,
    pub(super) depth: u8,
    /// Where one is in an object, not in an array.
    pub(super) in_object: u64,
    /// Where an object begins.
    pub(super) brace: u64,
    /// Whether the outermost of them ends.
    pub(super) ended: bool,
}

impl Nesting {
    pub(super) const fn new(objects: u64, depth: u8) -> Self {
        Self { objects, depth, in_object: 0, brace: 0, ended: false }
    }

    /// Goes along the brackets and braces, and says up to where: before the first that is wrong, or behind the last of all.
    #[inline(always)]
    pub(super) fn follow(&mut self, text: &[u8], open: u64, close: u64, max_depth: u8) -> usize {
        let mut left = open | close;
        self.in_object = (self.objects & 1).wrapping_neg();
        while left != 0 {
            let at = first(left);
            let place = left & left.wrapping_neg();
            left ^= place;
            let object = text.get(at).map_or(0, |byte| u64::from(byte >> 5 & 1));
            if open & place != 0 {
                if self.depth >= max_depth {
                    return at;
                }
                self.depth = self.depth.wrapping_add(1);
                self.objects = self.objects << 1 | object;
                self.brace |= place & object.wrapping_neg();
            } else {
                if self.objects & 1 != object || self.depth <= 1 {
                    self.ended = self.objects & 1 == object && self.depth == 1;
                    return at.wrapping_add(usize::from(self.ended));
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
pub(super) struct Tokens {
    pub(super) space: u64,
    /// Strings from their first quotes on, without the last ones.
    pub(super) inside: u64,
    pub(super) opening: u64,
    pub(super) closing: u64,
    pub(super) comma: u64,
    pub(super) colon: u64,
    pub(super) open: u64,
    pub(super) close: u64,
    pub(super) scalars: u64,
    pub(super) in_object: u64,
    pub(super) brace: u64,
}

impl Tokens {
    /// Whether each token may follow the one before it; if so, what may follow the last one.
    #[inline(always)]
    pub(super) fn check(&self, expected: u8, in_text: bool) -> Option<u8> {
        let awaited = if in_text { 0 } else { u64::from(expected) };
        let before = |what: u8| awaited >> what.trailing_zeros() & 1;
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
        let may = |what: u8, after: u64| (after.wrapping_shr(last) as u8 & 1) << what.trailing_zeros();
        let ended = value_end | self.scalars | self.opening & !key_opening;
        Some(
            may(VALUE, self.colon | self.comma & !self.in_object | self.open & !self.brace)
                | may(KEY, key_comma | self.brace)
                | may(COLON, key_closing | key_opening)
                | may(COMMA, ended)
                | may(CLOSE, ended | self.open),
        )
    }

    /// Where the next tokens are: these places, and those behind the white space that begins there. Each is just behind
    /// a token, so no two are in one run of white space, and no carry meets another.
    const fn next(&self, places: u64) -> u64 {
        (places | (places & self.space).wrapping_add(self.space)) & !self.space
    }

    /// Whether each number and each literal is one.
    #[inline(always)]
    pub(super) fn scalars(&self, bytes: &[u8]) -> bool {
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
    if let Some(word) = text.first_chunk().filter(|_| len <= 8)
        && is_usual(u64::from_le_bytes(*word), len as u32)
    {
        return true;
    }
    let text = text.get(..len).unwrap_or_default();
    if is_decimal(text.strip_prefix(b"-").unwrap_or(text)) {
        return true;
    }
    // By the canonicalizer itself.
    let mut alone = Canonicalizer::new(1);
    text.iter().all(|&byte| alone.step(byte) == Ok(true)) && alone.finish().is_ok()
}

/// Whether it is an integer or a decimal fraction, without a sign or an exponent.
fn is_decimal(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (integer, rest) = text.split_at_checked(digits).unwrap_or_default();
    let fraction = match rest {
        [] => true,
        [b'.', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    fraction && matches!(integer, [b'0'] | [b'1'..=b'9', ..])
}

/// Whether the first `len` of eight bytes are a literal, an integer or a decimal fraction, without a sign or an exponent.
fn is_usual(word: u64, len: u32) -> bool {
    const TRUE: u64 = u64::from_le_bytes(*b"true\0\0\0\0");
    const NULL: u64 = u64::from_le_bytes(*b"null\0\0\0\0");
    const FALSE: u64 = u64::from_le_bytes(*b"false\0\0\0");
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let here = u64::MAX.wrapping_shr(64_u32.wrapping_sub(len << 3));
    let word = word & here;
    // With their lengths, since what stands behind them counts as zero here.
    if matches!((len, word), (4, TRUE | NULL) | (5, FALSE)) {
        return true;
    }
    // The high bit of each byte that is no digit.
    let low = (word & !HIGH) ^ u64::from_ne_bytes([b'0'; 8]);
    let other = (low.wrapping_add(u64::from_ne_bytes([0x76; 8])) | word) & HIGH & here;
    // So many digits come first. A zero is alone among them.
    let digits = other.trailing_zeros().min(len << 3) >> 3;
    let integer = digits > 1 && word & 0xFF != u64::from(b'0') || digits == 1;
    let fraction = digits.wrapping_add(1) < len
        && word.wrapping_shr(digits << 3) & 0xFF == u64::from(b'.')
        && other & other.wrapping_sub(1) == 0;
    integer && (digits == len || fraction)
}
