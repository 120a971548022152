//! The machine's tables: the grammars and, behind them, classes of bytes.

use super::grammar::Grammar;
use super::machine::{FIRST_CLASS, Step};

/// A range of bytes; a class is one or several, up to one that is the last.
struct Range {
    first: u8,
    last: u8,
    is_last: bool,
}

const fn range(first: u8, last: u8) -> Range {
    Range { first, last, is_last: false }
}

const fn last(first: u8, last: u8) -> Range {
    Range { first, last, is_last: true }
}

const fn only(byte: u8) -> Range {
    last(byte, byte)
}

#[rustfmt::skip]
const RANGES: [Range; 37] = [
    // From 0: HEX, which ends with DIGIT.
    range(b'a', b'f'), range(b'A', b'F'), last(b'0', b'9'),
    // 3: PLAIN, what is most frequent first.
    range(0x5D, 0x7F), range(0x23, 0x5B), last(0x20, 0x21),
    // 6: SPACE.
    range(b' ', b' '), range(b'\t', b'\n'), only(b'\r'),
    // 9: SAFE, which ends with BLANK.
    range(0x21, 0x7E), range(0x80, 0xFF), range(b' ', b' '), only(b'\t'),
    // 13: EXPONENT.
    only(b'E'),
    // 14: TWO, E0, ED, THREE, F0, F4 and FOUR.
    last(0xC2, 0xDF), only(0xE0), only(0xED), last(0xE1, 0xEF), only(0xF0), only(0xF4), last(0xF1, 0xF3),
    // 21: TAIL, and behind E0, ED, F0 and F4.
    last(0x80, 0xBF), last(0xA0, 0xBF), last(0x80, 0x9F), last(0x90, 0xBF), last(0x80, 0x8F),
    // 26: NOT_NUL.
    range(0x80, 0xFF), last(0x01, 0x7F),
    // 28: TOKEN.
    range(b'^', b'z'), range(b'A', b'Z'), range(b'0', b'9'), range(b'-', b'.'), range(b'#', b'\''), range(b'*', b'+'),
    range(b'!', b'!'), range(b'|', b'|'), only(b'~'),
];

/// The class that begins with this range.
const fn class(range: u8) -> Step {
    assert!((range as u32) < CLASSES);
    FIRST_CLASS.wrapping_add(range)
}

/// How many ranges a class may begin with.
pub(super) const CLASSES: u32 = 29;

/// `HEXDIG`, in either case.
pub(super) const HEX: Step = class(0);
/// `DIGIT`.
pub(super) const DIGIT: Step = class(2);
/// ASCII that stands for itself inside of a JSON string.
pub(super) const PLAIN: Step = class(3);
/// White space of JSON. It isn't hashed.
pub(super) const SPACE: Step = class(6);
/// What a field value may have.
pub(super) const SAFE: Step = class(9);
/// White space of a header.
pub(super) const BLANK: Step = class(11);
/// The other letter for an exponent.
pub(super) const EXPONENT: Step = class(13);
// The first byte of characters of UTF-8 by their length, and those that not every byte may follow (RFC 3629, section 4).
pub(super) const TWO: Step = class(14);
pub(super) const E0: Step = class(15);
pub(super) const ED: Step = class(16);
pub(super) const THREE: Step = class(17);
pub(super) const F0: Step = class(18);
pub(super) const F4: Step = class(19);
pub(super) const FOUR: Step = class(20);
// The bytes that follow, the first one of those by itself.
pub(super) const TAIL: Step = class(21);
pub(super) const AFTER_E0: Step = class(22);
pub(super) const AFTER_ED: Step = class(23);
pub(super) const AFTER_F0: Step = class(24);
pub(super) const AFTER_F4: Step = class(25);
/// Anything else than NUL.
pub(super) const NOT_NUL: Step = class(26);
/// `tchar` (RFC 9110, section 5.6.2).
pub(super) const TOKEN: Step = class(28);

/// How long the classes are.
pub(super) const CLASSES_LEN: usize = RANGES.len().wrapping_mul(2);

/// What the machine reads by.
pub(super) trait Grammars: Default {
    /// Whether there is all that a request may have; else there is only JSON.
    const WHOLE: bool;
    /// Where the grammar of the head begins.
    const HEAD: u32;
    /// Where that of the body begins.
    const BODY: u32;
    /// The bits of where a step is.
    const BITS: usize;

    /// All tables in one, so that one address serves: those of [`tables`].
    fn tables() -> &'static [u8];

    /// Whether it is a step of the head.
    fn is_head(at: u32) -> bool;

    /// Where this place is, seen from a step.
    fn place(at: u32, place: u32) -> u32;

    /// So much more of the body is hashed.
    fn count(&mut self, _len: usize) {}
}

/// The tables: two grammars, and the classes behind them.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn tables<const LEN: usize>(first: &Grammar, second: &Grammar) -> [u8; LEN] {
    let mut tables = [0; LEN];
    first.assemble(&mut tables);
    second.assemble(&mut tables);
    let mut at = 0;
    while at < RANGES.len() {
        let Range { first, last, is_last } = RANGES[at];
        tables[second.end() + 2 * at] = first;
        tables[second.end() + 2 * at + 1] = (last - first) << 1 | is_last as u8;
        at += 1;
    }
    first.check(&tables);
    second.check(&tables);
    tables
}

/// The step that is there, and what follows it.
#[inline(always)]
pub(super) fn step<G: Grammars>(at: u32) -> (u32, u32) {
    let at = at as usize & G::BITS;
    let read = |at| u32::from(G::tables().get(at).copied().unwrap_or(0));
    (read(at), read(at.wrapping_add(1)))
}

/// Whether a byte is of a class: that with this number, from 0.
#[inline(always)]
pub(super) fn is_in<G: Grammars>(byte: u32, class: u32) -> bool {
    let classes: &[u8; CLASSES_LEN] = G::tables().last_chunk().unwrap_or(&[0; CLASSES_LEN]);
    let Some((_, ranges)) = classes.split_at_checked((class as usize).wrapping_mul(2)) else { return false };
    for &[first, more] in ranges.as_chunks().0 {
        let more = u32::from(more);
        // The lowest bit is in doubt only where it doesn't matter.
        if byte.wrapping_sub(u32::from(first)) << 1 <= more {
            return true;
        }
        if more & 1 != 0 {
            break;
        }
    }
    false
}
