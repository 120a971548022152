//! The grammars of the body: JSON and forms.

use super::grammar::Step::{At, Jump, Need, On, Set, Text, Try};
use super::grammar::{Place, Step, refusal, result};
use super::machine::{
    CLOSE, DIGIT, END, ESCAPED, FLAG, HEX, IN_OBJECT, OPEN, PLAIN, RAW, RETURN, SPACE, TOP, UTF8, any,
};
use crate::error::Reason;

/// RFC 8259: whether it is JSON that nests no deeper than may be, with an object or an array at the top. 0, or the
/// number of the reason.
///
/// The register has the string that goes on after what is not plain.
pub(super) const JSON: &[Step] = {
    const ACCEPTED: Place = result(0);
    const TOO_DEEP: Place = refusal(Reason::JsonTooDeep);
    const SCALAR: Place = refusal(Reason::JsonTopLevel);
    const VALUE: Place = 0;
    const FRACTION: Place = 1;
    const EXPONENT: Place = 2;
    const DONE: Place = 3;
    const NEXT: Place = 4;
    const AT_END: Place = 6;
    const POINT: Place = 7;
    const E: Place = 8;
    const E_DIGITS: Place = 9;
    const FALSE: Place = 10;
    const TRUE: Place = 11;
    const LAST_E: Place = 12;
    const NULL: Place = 13;
    const OPENED: Place = 14;
    const KEY: Place = 16;
    const KEY_TEXT: Place = 17;
    const COLON: Place = 18;
    const STRING: Place = 19;
    const NOT_PLAIN: Place = 20;
    const ESCAPE: Place = 21;
    const ESCAPED_ONE: Place = 22;
    &[
        Jump(VALUE),
        At(COLON),
        // As it is written mostly.
        On(b':', VALUE),
        Need(any(SPACE)),
        Need(b':'),
        At(VALUE),
        Need(any(SPACE)),
        On(b'"', STRING),
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
        Need(any(DIGIT)),
        At(FRACTION),
        On(b'.', POINT),
        At(EXPONENT),
        On(b'e', E),
        On(b'E', E),
        At(DONE),
        On(TOP, AT_END),
        On(b',', NEXT),
        Need(any(SPACE)),
        On(CLOSE, DONE),
        Need(b','),
        At(NEXT),
        On(IN_OBJECT, KEY),
        Jump(VALUE),
        At(OPENED),
        // No scalar at the top.
        Try(FLAG),
        Need(any(SPACE)),
        On(CLOSE, DONE),
        Jump(NEXT),
        At(KEY),
        Need(any(SPACE)),
        Need(b'"'),
        At(KEY_TEXT),
        Need(any(PLAIN)),
        On(b'"', COLON),
        Set(KEY_TEXT),
        Jump(NOT_PLAIN),
        At(STRING),
        Need(any(PLAIN)),
        On(b'"', DONE),
        Set(STRING),
        At(NOT_PLAIN),
        On(b'\\', ESCAPE),
        Need(UTF8),
        Try(RETURN),
        At(ESCAPE),
        On(ESCAPED, ESCAPED_ONE),
        Need(b'u'),
        Need(HEX),
        Need(HEX),
        Need(HEX),
        Need(HEX),
        At(ESCAPED_ONE),
        Try(RETURN),
        At(POINT),
        Need(DIGIT),
        Need(any(DIGIT)),
        Jump(EXPONENT),
        At(E),
        On(b'+', E_DIGITS),
        Try(b'-'),
        At(E_DIGITS),
        Need(DIGIT),
        Need(any(DIGIT)),
        Jump(DONE),
        At(FALSE),
        Text(b"als"),
        Jump(LAST_E),
        At(TRUE),
        Text(b"ru"),
        At(LAST_E),
        Need(b'e'),
        Jump(DONE),
        At(NULL),
        Text(b"ull"),
        Jump(DONE),
        At(AT_END),
        Need(any(SPACE)),
        Need(END),
        On(FLAG, ACCEPTED),
        Jump(SCALAR),
    ]
};

/// What is wrong with a form that may well be signed so, but for control characters. 0, or the number of the reason.
///
/// What follows the first name may be anything in UTF-8; the flag says that there is something else in that name.
pub(super) const FORM: &[Step] = {
    const ACCEPTED: Place = result(0);
    const FIRST_KEY: Place = refusal(Reason::FormFirstKey);
    const REST: Place = 0;
    const LAST: Place = 1;
    &[
        Need(any(RAW)),
        On(b'=', REST),
        On(b'&', REST),
        On(END, ACCEPTED),
        Try(FLAG),
        At(REST),
        Need(any(PLAIN)),
        On(b'"', REST),
        On(b'\\', REST),
        On(END, LAST),
        Need(UTF8),
        Jump(REST),
        At(LAST),
        On(FLAG, FIRST_KEY),
        Jump(ACCEPTED),
    ]
};
