//! A machine that reads by a grammar: code would be several times as large as the grammars are as data.
//!
//! A grammar is a list of tests. Each looks at what comes next, takes it where it fits, and jumps by whether it did. A
//! jump beyond the end of the grammar stops: that is the result.

use super::grammar::{Code, Place, RESULTS};
use crate::header::Field;
use crate::utf8;

/// A test, or something that is done. ASCII stands for itself, but for control characters other than line breaks.
pub(super) type Test = u8;

/// Turns a test round.
pub(super) const NOT: Test = 0x80;

/// Nothing more comes.
pub(super) const END: Test = 0;
/// Always so.
pub(super) const ALWAYS: Test = 1;
/// The word that stands behind it, and no token goes on there.
pub(super) const WORD: Test = 2;
/// Sets the register. Never so.
pub(super) const SET: Test = 3;
/// Jumps to where the register says.
pub(super) const RETURN: Test = 4;
/// Raises the flag, and says whether it was raised before.
pub(super) const FLAG: Test = 5;
/// A character of UTF-8 that is not ASCII.
pub(super) const UTF8: Test = 6;
/// One byte of what a field value is made of.
pub(super) const TEXT: Test = 7;
/// Takes as many of them as come as the value of the field in the register. Never so.
pub(super) const FIELD: Test = 8;
/// One level deeper, in an array or an object; not so where that is too deep.
pub(super) const OPEN_ARRAY: Test = 14;
pub(super) const OPEN_OBJECT: Test = 15;
/// One level higher.
pub(super) const CLOSE: Test = 11;
/// Whether there is no level.
pub(super) const TOP: Test = 12;
/// Whether the level is an object.
pub(super) const IN_OBJECT: Test = 9;

// Where the register says that a field goes.
pub(super) const SIGNATURE: Place = RESULTS;
pub(super) const CONTENT_TYPE: Place = RESULTS + 1;
pub(super) const CONTENT_ENCODING: Place = RESULTS + 2;

// One byte of a class.
/// `tchar` (RFC 9110, section 5.6.2).
pub(super) const TOKEN: Test = 0x10;
/// `DIGIT`.
pub(super) const DIGIT: Test = 0x11;
/// `HEXDIG`, in either case.
pub(super) const HEX: Test = 0x12;
/// White space of JSON.
pub(super) const SPACE: Test = 0x13;
/// ASCII that stands for itself inside of a JSON string.
pub(super) const PLAIN: Test = 0x14;
/// What is left raw in the first name of a form.
pub(super) const RAW: Test = 0x15;
/// What follows a backslash in a JSON string, but for `u`.
pub(super) const ESCAPED: Test = 0x16;
/// White space of a header.
pub(super) const BLANK: Test = 0x17;

/// As many bytes of a class as come, one at least.
pub(super) const fn many(class: Test) -> Test {
    class | 8
}

/// A bit for each class.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler")]
static CLASSES: [u8; 128] = {
    let mut classes = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = classes_of(byte as u8);
        byte += 1;
    }
    classes
};

const fn classes_of(byte: u8) -> u8 {
    const fn bit(class: Test, is_in: bool) -> u8 {
        (is_in as u8) << (class & 7)
    }
    let alphanumeric = byte.is_ascii_alphanumeric();
    let token = matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    let raw = matches!(byte, b'-' | b'.' | b'_' | b'~' | b'*' | b'!' | b'\'' | b'(' | b')' | b'+' | b'%');
    let escaped = matches!(byte, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't');
    bit(TOKEN, alphanumeric || token)
        | bit(DIGIT, byte.is_ascii_digit())
        | bit(HEX, byte.is_ascii_hexdigit())
        | bit(SPACE, matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        | bit(PLAIN, byte >= 0x20 && byte != b'"' && byte != b'\\')
        | bit(RAW, alphanumeric || raw)
        | bit(ESCAPED, escaped)
        | bit(BLANK, matches!(byte, b' ' | b'\t'))
}

fn is_in(byte: u8, class: Test) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|classes| classes >> (class & 7) & 1 == 1)
}

/// What grammars work on, one after the other.
pub(super) struct Machine<'t> {
    pub(super) fields: Fields<'t>,
    objects: u64,
    register: Place,
    flag: bool,
    depth: u8,
    max_depth: u8,
}

/// The fields that are looked into.
pub(super) struct Fields<'h> {
    pub(super) signature: Field<'h>,
    pub(super) content_type: Field<'h>,
    pub(super) content_encoding: Field<'h>,
}

impl<'t> Machine<'t> {
    #[inline(always)]
    pub(super) const fn new(fields: Fields<'t>, max_depth: u8) -> Self {
        Self { fields, objects: 0, register: 0, flag: false, depth: 0, max_depth }
    }

    /// Reads a text by this grammar and gives the number of its result.
    #[inline(never)]
    pub(super) fn read(&mut self, text: &'t [u8], grammar: &[Code]) -> u8 {
        let mut rest = text;
        self.flag = false;
        self.depth = 0;
        let mut at = 0_usize;
        while let Some(&[test, target]) = grammar.get(at) {
            at = at.wrapping_add(1);
            let so = match test & 0x7F {
                END => rest.is_empty(),
                ALWAYS => true,
                WORD => {
                    let len = grammar.get(at..).map_or(0, |letters| word_len(letters.as_flattened(), rest));
                    at = at.wrapping_add(len.wrapping_add(1) >> 1);
                    take(&mut rest, |_| len)
                }
                SET => {
                    self.register = target;
                    false
                }
                RETURN => {
                    at = usize::from(self.register);
                    false
                }
                FLAG => core::mem::replace(&mut self.flag, true),
                UTF8 => take(&mut rest, utf8::character_len),
                TEXT => take(&mut rest, |rest| text_len(rest.get(..1).unwrap_or(rest))),
                FIELD => {
                    let (value, after) = rest.split_at_checked(text_len(rest)).unwrap_or_default();
                    self.take_field(value);
                    rest = after;
                    false
                }
                open @ (OPEN_ARRAY | OPEN_OBJECT) => {
                    let so = self.depth < self.max_depth;
                    self.depth = self.depth.wrapping_add(1);
                    self.objects = self.objects << 1 | u64::from(open & 1);
                    so
                }
                CLOSE => {
                    self.depth = self.depth.wrapping_sub(1);
                    self.objects >>= 1;
                    true
                }
                TOP => self.depth == 0,
                IN_OBJECT => self.objects & 1 == 1,
                class @ 0x10..0x20 => take(&mut rest, |rest| {
                    let one = if class & 8 == 0 { rest.get(..1) } else { None };
                    class_len(one.unwrap_or(rest), class)
                }),
                byte => match rest.split_first() {
                    Some((&first, after)) if first == byte => {
                        rest = after;
                        true
                    }
                    _ => false,
                },
            };
            if so != (test >= NOT) {
                at = usize::from(target);
            }
        }
        (at as Place).wrapping_sub(RESULTS)
    }

    #[inline(never)]
    fn take_field(&mut self, value: &'t [u8]) {
        // What isn't asked for leaves the register as it was: there is nothing in it then.
        let field = match core::mem::take(&mut self.register) {
            SIGNATURE => &mut self.fields.signature,
            CONTENT_TYPE => &mut self.fields.content_type,
            CONTENT_ENCODING => &mut self.fields.content_encoding,
            _ => return,
        };
        // Of ASCII's white space there is but that of a header in it.
        field.add(value.trim_ascii());
    }
}

/// Takes as many bytes as that says, if there are any.
#[inline(always)]
fn take(text: &mut &[u8], len: impl FnOnce(&[u8]) -> usize) -> bool {
    let len = len(text);
    match text.get(len..) {
        Some(after) if len > 0 => {
            *text = after;
            true
        }
        _ => false,
    }
}

/// How many bytes there are of a class.
#[inline(never)]
fn class_len(text: &[u8], class: Test) -> usize {
    let mask = 1 << (class & 7);
    let is_other = |&byte: &u8| CLASSES.get(usize::from(byte)).is_none_or(|classes| classes & mask == 0);
    text.iter().position(is_other).unwrap_or(text.len())
}

/// How many bytes there are of a field value. Without a look-up or a branch by which a signature's digits could be told.
#[inline(never)]
fn text_len(text: &[u8]) -> usize {
    let mut rest = text;
    loop {
        // What values are mostly made of, and then what else is no control character ([`is_control`](crate::header::is_control)).
        while let [0x20..=0x7E, after @ ..] = rest {
            rest = after;
        }
        match rest {
            [b'\t' | 0x80.., after @ ..] => rest = after,
            _ => return text.len().wrapping_sub(rest.len()),
        }
    }
}

/// The length of a word, where no more of a token follows; 0 where it isn't there.
#[inline(never)]
fn word_len(letters: &[u8], text: &[u8]) -> usize {
    let mut len = 0_usize;
    for (&letter, &byte) in letters.iter().zip(text) {
        // In whole words, which is less code.
        let (letter, byte) = (u32::from(letter), u32::from(byte));
        // Letters are the same but for one bit, and other bytes don't have the one above it.
        if (byte ^ letter & 0x7F) & !(letter >> 1 & 0x20) != 0 {
            return 0;
        }
        len = len.wrapping_add(1);
        if letter & 0x80 != 0 {
            let goes_on = text.get(len).is_some_and(|&byte| is_in(byte, TOKEN));
            return if goes_on { 0 } else { len };
        }
    }
    0
}
