//! The body by grammars: JSON and forms.

use super::grammar::Step::{At, Jump, Need, On, Set, Try};
use super::grammar::{Code, Place, Step, assemble, len, refusal, result};
use super::machine::{
    CLOSE, DIGIT, END, ESCAPED, FLAG, HEX, IN_OBJECT, Machine, OPEN_ARRAY, OPEN_OBJECT, PLAIN, RAW, RETURN,
    SPACE, TOP, UTF8, many,
};
use crate::error::Reason;

/// Whether it is JSON that nests no deeper than may be, with an object or an array at the top. 0, or the number of the
/// reason.
pub(super) fn read_json<'t>(machine: &mut Machine<'t>, text: &'t [u8]) -> u8 {
    machine.read(text, &JSON)
}

/// What is wrong with a form that may well be signed so. 0, or the number of the reason.
pub(super) fn read_form<'t>(machine: &mut Machine<'t>, body: &'t [u8]) -> u8 {
    if body.iter().any(|&byte| byte < 0x20 || byte == 0x7F) {
        return Reason::FormControlCharacter as u8;
    }
    machine.read(body, &FORM)
}

static JSON: [Code; len(JSON_STEPS)] = assemble(JSON_STEPS);

/// RFC 8259. The register has the string that goes on after what is not plain.
const JSON_STEPS: &[Step] = {
    const ACCEPTED: Place = result(0);
    const REFUSED: Place = refusal(Reason::JsonMalformed);
    const TOO_DEEP: Place = refusal(Reason::JsonTooDeep);
    const SCALAR: Place = refusal(Reason::JsonTopLevel);
    const VALUE: Place = 0;
    const FRACTION: Place = 1;
    const EXPONENT: Place = 2;
    const DONE: Place = 3;
    const OBJECT_DONE: Place = 4;
    const CLOSING: Place = 5;
    const AT_END: Place = 6;
    const POINT: Place = 7;
    const E: Place = 8;
    const E_DIGITS: Place = 9;
    const FALSE: Place = 10;
    const TRUE: Place = 11;
    const LAST_E: Place = 12;
    const NULL: Place = 13;
    const ARRAY: Place = 14;
    const OBJECT: Place = 15;
    const KEY: Place = 16;
    const KEY_TEXT: Place = 17;
    const COLON: Place = 18;
    const TEXT: Place = 19;
    const NOT_PLAIN: Place = 20;
    const ESCAPE: Place = 21;
    const ESCAPED_ONE: Place = 22;
    const NEXT: Place = 23;
    &[
        Try(many(SPACE)),
        On(b'{', OBJECT),
        On(b'[', ARRAY),
        // A scalar at the top.
        Try(FLAG),
        At(VALUE),
        Try(many(SPACE)),
        On(b'"', TEXT),
        On(b'{', OBJECT),
        On(b'[', ARRAY),
        On(b't', TRUE),
        On(b'f', FALSE),
        On(b'n', NULL),
        Try(b'-'),
        On(b'0', FRACTION),
        Need(many(DIGIT), REFUSED),
        At(FRACTION),
        On(b'.', POINT),
        At(EXPONENT),
        On(b'e', E),
        On(b'E', E),
        At(DONE),
        On(b',', NEXT),
        On(many(SPACE), DONE),
        On(TOP, AT_END),
        On(IN_OBJECT, OBJECT_DONE),
        Need(b']', REFUSED),
        At(CLOSING),
        On(CLOSE, DONE),
        At(OBJECT_DONE),
        On(b'}', CLOSING),
        Jump(REFUSED),
        At(NEXT),
        On(IN_OBJECT, KEY),
        On(TOP, REFUSED),
        Jump(VALUE),
        At(AT_END),
        Need(END, REFUSED),
        On(FLAG, SCALAR),
        Jump(ACCEPTED),
        At(POINT),
        On(many(DIGIT), EXPONENT),
        Jump(REFUSED),
        At(E),
        On(b'+', E_DIGITS),
        Try(b'-'),
        At(E_DIGITS),
        On(many(DIGIT), DONE),
        Jump(REFUSED),
        At(FALSE),
        Need(b'a', REFUSED),
        Need(b'l', REFUSED),
        Need(b's', REFUSED),
        Jump(LAST_E),
        At(TRUE),
        Need(b'r', REFUSED),
        Need(b'u', REFUSED),
        At(LAST_E),
        On(b'e', DONE),
        Jump(REFUSED),
        At(NULL),
        Need(b'u', REFUSED),
        Need(b'l', REFUSED),
        On(b'l', DONE),
        Jump(REFUSED),
        At(ARRAY),
        Need(OPEN_ARRAY, TOO_DEEP),
        Try(many(SPACE)),
        On(b']', CLOSING),
        Jump(VALUE),
        At(OBJECT),
        Need(OPEN_OBJECT, TOO_DEEP),
        Try(many(SPACE)),
        On(b'}', CLOSING),
        On(b'"', KEY_TEXT),
        At(KEY),
        Try(many(SPACE)),
        Need(b'"', REFUSED),
        At(KEY_TEXT),
        Try(many(PLAIN)),
        On(b'"', COLON),
        Set(KEY_TEXT),
        Jump(NOT_PLAIN),
        At(COLON),
        On(b':', VALUE),
        On(many(SPACE), COLON),
        Jump(REFUSED),
        At(TEXT),
        Try(many(PLAIN)),
        On(b'"', DONE),
        Set(TEXT),
        At(NOT_PLAIN),
        On(b'\\', ESCAPE),
        Need(UTF8, REFUSED),
        Try(RETURN),
        At(ESCAPE),
        On(ESCAPED, ESCAPED_ONE),
        Need(b'u', REFUSED),
        Need(HEX, REFUSED),
        Need(HEX, REFUSED),
        Need(HEX, REFUSED),
        Need(HEX, REFUSED),
        At(ESCAPED_ONE),
        Try(RETURN),
    ]
};

static FORM: [Code; len(FORM_STEPS)] = assemble(FORM_STEPS);

/// What follows the first name may be anything in UTF-8; the flag says that there is something else in that name.
const FORM_STEPS: &[Step] = {
    const ACCEPTED: Place = result(0);
    const REFUSED: Place = refusal(Reason::FormNotUtf8);
    const FIRST_KEY: Place = refusal(Reason::FormFirstKey);
    const REST: Place = 0;
    &[
        Try(many(RAW)),
        On(b'=', REST),
        On(b'&', REST),
        On(END, ACCEPTED),
        Try(FLAG),
        At(REST),
        Try(many(PLAIN)),
        On(b'"', REST),
        On(b'\\', REST),
        On(UTF8, REST),
        Need(END, REFUSED),
        On(FLAG, FIRST_KEY),
        Jump(ACCEPTED),
    ]
};
