//! The machine's tables: classes of bytes and, behind them, the grammars.

use super::grammar::{Place, Step, assemble, len, refusal};
use super::machine::{BLANK, DIGIT, ESCAPED, HEX, PLAIN, RAW, SPACE, TOKEN, Test};
use super::{body, head};
use crate::error::Reason;

/// For each byte of ASCII, a bit for each class.
const CLASSES_LEN: usize = 128;

// Where the grammars are, one after the other.
pub(super) const METHOD: usize = CLASSES_LEN;
pub(super) const ENCODING: usize = METHOD + len(head::METHOD);
pub(super) const FORM: usize = ENCODING + len(head::ENCODING);
pub(super) const FIELDS: usize = FORM + len(body::FORM);
pub(super) const JSON: usize = FIELDS + len(head::FIELDS);
pub(super) const TYPE: usize = JSON + len(body::JSON);

const LEN: usize = 512;
const _: () = assert!(TYPE + len(head::TYPE) <= LEN);

/// All tables in one, so that one address serves, and of a size at which a place is within it by a mask.
#[expect(clippy::indexing_slicing, reason = "computed by the compiler")]
static TABLES: [u8; LEN] = {
    let mut tables = [0; LEN];
    let grammars: [(&[Step], Place, usize); 6] = [
        (head::METHOD, refusal(Reason::MethodUnsupported), METHOD),
        (head::ENCODING, refusal(Reason::ContentEncoding), ENCODING),
        (body::FORM, refusal(Reason::FormNotUtf8), FORM),
        (head::FIELDS, refusal(Reason::HeadMalformed), FIELDS),
        (body::JSON, refusal(Reason::JsonMalformed), JSON),
        (head::TYPE, refusal(Reason::ContentType), TYPE),
    ];
    let mut at = 0;
    while at < grammars.len() {
        let (steps, refused, from) = grammars[at];
        assemble(steps, refused, &mut tables, from);
        at += 1;
    }
    let mut byte = 0;
    while byte < CLASSES_LEN {
        tables[byte] = classes_of(byte as u8);
        byte += 1;
    }
    tables
};

/// A place within the tables.
pub(super) const fn within(at: usize) -> usize {
    at & (LEN - 1)
}

/// What stands there.
pub(super) fn read(at: usize) -> u8 {
    TABLES.get(at).copied().unwrap_or(0)
}

/// The classes of a byte; none where it isn't ASCII.
pub(super) fn classes(byte: u8) -> u8 {
    let (classes, _) = TABLES.split_at(CLASSES_LEN);
    classes.get(usize::from(byte)).copied().unwrap_or(0)
}

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
