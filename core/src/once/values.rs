//! The grammar of JSON (RFC 8259) that nests no deeper than may be, with an object or an array at the top.

use super::grammar::Line::{At, Else, Jump, Need, On, Set, Text, Try};
use super::grammar::{ACCEPTED, Line, Place, REFUSED, refusal};
use super::machine::Cell::{Depth, InObject, IsName, Opened};
use super::machine::{CLOSE, END, OPEN, is};
use super::table::{
    AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4, DIGIT, E0, ED, EXPONENT, F0, F4, FOUR, HEX, NOT_NUL, PLAIN,
    SPACE, TAIL, THREE, TWO,
};
use crate::error::Reason;

/// A character that is not ASCII, and what goes on behind one, or behind what is escaped.
pub(super) const CHARACTER: Place = 1;
pub(super) const AGAIN: Place = 2;
/// The first place of other lines.
pub(super) const OTHERS: Place = 40;

// The places of values.
const VALUE: Place = 3;
const NEXT: Place = 4;
const OPENED: Place = 5;
const AFTER: Place = 6;
const AT_END: Place = 7;
const KEY: Place = 8;
const KEY_TEXT: Place = 9;
const COLON: Place = 10;
const STRING: Place = 11;
const NOT_PLAIN: Place = 12;
const ESCAPE: Place = 13;
const T1: Place = 14;
const T2: Place = 15;
const SECOND_E0: Place = 16;
const SECOND_ED: Place = 17;
const SECOND_F0: Place = 18;
const SECOND_F4: Place = 19;
const INTEGER: Place = 20;
const FRACTION: Place = 21;
const POINT: Place = 22;
const DECIMALS: Place = 23;
const E: Place = 24;
const E_DIGIT: Place = 25;
const E_DIGITS: Place = 26;
const EXPONENTS: Place = 27;
const TRUE: Place = 28;
const FALSE: Place = 29;
const NULL: Place = 30;
const LAST_E: Place = 31;
const LAST: Place = 32;
const INSIDE: Place = 33;
const TOO_DEEP: Place = 34;

/// What refuses: a NUL, wherever it comes, is worse than all else.
pub(super) const REFUSING: &[Line] = &[
    At(TOO_DEEP),
    On(NOT_NUL, TOO_DEEP),
    On(END, refusal(Reason::JsonTooDeep)),
    At(REFUSED),
    On(NOT_NUL, REFUSED),
    On(END, refusal(Reason::JsonMalformed)),
    Jump(refusal(Reason::NulInBody)),
];

/// Up to where a character of a string ends. The result is that it is accepted, or a reason.
pub(super) const VALUES: &[Line] = {
    const SCALAR: Place = refusal(Reason::JsonTopLevel);
    &[
        Else(REFUSED),
        On(END, refusal(Reason::EmptyBody)),
        At(VALUE),
        On(b'"', STRING),
        On(SPACE, VALUE),
        On(OPEN, OPENED),
        On(b't', TRUE),
        On(b'f', FALSE),
        On(b'n', NULL),
        // What wasn't opened.
        On(b'{', TOO_DEEP),
        On(b'[', TOO_DEEP),
        Try(b'-'),
        On(b'0', FRACTION),
        Need(DIGIT),
        At(INTEGER),
        On(DIGIT, INTEGER),
        At(FRACTION),
        On(b'.', POINT),
        At(EXPONENTS),
        On(b'e', E),
        On(EXPONENT, E),
        At(AFTER),
        On(is(Depth), INSIDE),
        At(AT_END),
        On(SPACE, AT_END),
        On(END, LAST),
        Jump(REFUSED),
        At(LAST),
        On(is(Opened), ACCEPTED),
        Jump(SCALAR),
        At(INSIDE),
        On(SPACE, INSIDE),
        On(CLOSE, AFTER),
        Need(b','),
        At(NEXT),
        On(is(InObject), KEY),
        Jump(VALUE),
        At(OPENED),
        // No scalar at the top.
        Set(Opened, 1),
        On(SPACE, OPENED),
        On(CLOSE, AFTER),
        Jump(NEXT),
        At(KEY),
        On(SPACE, KEY),
        Need(b'"'),
        At(KEY_TEXT),
        On(PLAIN, KEY_TEXT),
        On(b'"', COLON),
        Set(IsName, 1),
        Jump(NOT_PLAIN),
        At(COLON),
        On(b':', VALUE),
        On(SPACE, COLON),
        Jump(REFUSED),
        At(STRING),
        On(PLAIN, STRING),
        On(b'"', AFTER),
        Set(IsName, 0),
        At(NOT_PLAIN),
        On(b'\\', ESCAPE),
        At(CHARACTER),
        On(TWO, T1),
        On(E0, SECOND_E0),
        On(ED, SECOND_ED),
        On(THREE, T2),
        On(F0, SECOND_F0),
        On(F4, SECOND_F4),
        Need(FOUR),
        Need(TAIL),
        At(T2),
        Need(TAIL),
        At(T1),
        Need(TAIL),
    ]
};

/// What is behind [`AGAIN`].
pub(super) const PARTS: &[Line] = &[
    On(is(IsName), KEY_TEXT),
    Jump(STRING),
    At(SECOND_E0),
    Need(AFTER_E0),
    Jump(T1),
    At(SECOND_ED),
    Need(AFTER_ED),
    Jump(T1),
    At(SECOND_F0),
    Need(AFTER_F0),
    Jump(T2),
    At(SECOND_F4),
    Need(AFTER_F4),
    Jump(T2),
    At(POINT),
    Need(DIGIT),
    At(DECIMALS),
    On(DIGIT, DECIMALS),
    Jump(EXPONENTS),
    At(E),
    On(b'+', E_DIGIT),
    Try(b'-'),
    At(E_DIGIT),
    Need(DIGIT),
    At(E_DIGITS),
    On(DIGIT, E_DIGITS),
    Jump(AFTER),
    At(FALSE),
    Text(b"als"),
    Jump(LAST_E),
    At(TRUE),
    Text(b"ru"),
    At(LAST_E),
    Need(b'e'),
    Jump(AFTER),
    At(NULL),
    Text(b"ull"),
    Jump(AFTER),
    // The last one, since no place may be far behind.
    At(ESCAPE),
    On(b'n', AGAIN),
    On(b'"', AGAIN),
    On(b'\\', AGAIN),
    On(b'/', AGAIN),
    On(b'b', AGAIN),
    On(b'f', AGAIN),
    On(b'r', AGAIN),
    On(b't', AGAIN),
    Need(b'u'),
    Need(HEX),
    Need(HEX),
    Need(HEX),
    Need(HEX),
    Jump(AGAIN),
];
