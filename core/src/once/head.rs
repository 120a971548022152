//! The grammars of the head: method, field lines, content type and content encoding.

use super::grammar::Step::{At, Else, Jump, Need, On, Set, Text, Try, Word};
use super::grammar::{Place, Step, refusal, result};
use super::machine::{
    ANY, BLANK, CONTENT_ENCODING, CONTENT_TYPE, END, FIELD, FLAG, NO_TOKEN, OTHER, RETURN, SIGNATURE, TOKEN,
    any,
};
use crate::error::Reason;

/// The number of the method, or of the reason.
pub(super) const METHOD: &[Step] = {
    const GET: Place = 0;
    &[
        On(b'G', GET),
        Text(b"POST"),
        Need(END),
        Jump(result(super::POST)),
        At(GET),
        Text(b"ET"),
        Need(END),
        Jump(result(super::GET)),
    ]
};

/// The fields of field lines, up to the empty line or the end, as
/// [`Head::from_field_lines`](crate::Head::from_field_lines). 0, or the number of the reason.
pub(super) const FIELDS: &[Step] = {
    const ACCEPTED: Place = result(0);
    const LINE: Place = 0;
    const KORE: Place = 1;
    const CONTENT: Place = 2;
    const TYPE: Place = 3;
    const NAME: Place = 4;
    const COLON: Place = 5;
    const LINE_FEED: Place = 6;
    const LAST: Place = 7;
    &[
        At(LINE),
        On(b'c', CONTENT),
        On(b'k', KORE),
        On(TOKEN, NAME),
        // What ends the head, where there is no line.
        On(b'\r', LAST),
        On(END, ACCEPTED),
        At(LAST),
        Need(b'\n'),
        Jump(ACCEPTED),
        At(KORE),
        Set(SIGNATURE),
        Word(b"ore-signature", NAME),
        Jump(COLON),
        At(CONTENT),
        Else(NAME),
        Text(b"ontent-"),
        On(b't', TYPE),
        Set(CONTENT_ENCODING),
        Text(b"encoding"),
        Need(NO_TOKEN),
        Jump(COLON),
        At(TYPE),
        Set(CONTENT_TYPE),
        Text(b"ype"),
        Need(NO_TOKEN),
        Jump(COLON),
        At(NAME),
        Set(OTHER),
        Need(any(TOKEN)),
        At(COLON),
        Need(b':'),
        Need(FIELD),
        On(b'\r', LINE_FEED),
        On(END, ACCEPTED),
        At(LINE_FEED),
        Need(b'\n'),
        Jump(LINE),
    ]
};

/// RFC 9110, section 8.3: the number of the format, or of the reason. The register has the result, unless something is
/// malformed further on.
pub(super) const TYPE: &[Step] = {
    const CHARSET: Place = refusal(Reason::Charset);
    const JSON: Place = result(super::JSON);
    const FORM: Place = result(super::FORM);
    const NO_JSON: Place = 0;
    const SUFFIXED: Place = 1;
    const SUFFIX: Place = 2;
    const PLUS: Place = 3;
    const IS_JSON: Place = 4;
    const PARAMETER: Place = 5;
    const NO_CHARSET: Place = 6;
    const NAME: Place = 7;
    const NOT_BARE: Place = 8;
    const OTHER_CHARSET: Place = 9;
    const VALUE: Place = 10;
    const QUOTED: Place = 11;
    const DONE: Place = 12;
    &[
        Text(b"application/"),
        Word(b"json", NO_JSON),
        Jump(IS_JSON),
        At(NO_JSON),
        Set(FORM),
        Word(b"x-www-form-urlencoded", SUFFIXED),
        Jump(PARAMETER),
        At(SUFFIXED),
        Need(TOKEN),
        At(SUFFIX),
        On(b'+', PLUS),
        Need(TOKEN),
        Jump(SUFFIX),
        At(PLUS),
        Word(b"json", SUFFIX),
        At(IS_JSON),
        Set(JSON),
        At(PARAMETER),
        Need(any(BLANK)),
        On(END, DONE),
        Need(b';'),
        Need(any(BLANK)),
        Word(b"charset", NO_CHARSET),
        Need(b'='),
        // One charset is enough.
        On(FLAG, OTHER_CHARSET),
        Word(b"utf-8", NOT_BARE),
        Jump(PARAMETER),
        At(NOT_BARE),
        Word(b"\"utf-8\"", OTHER_CHARSET),
        Jump(PARAMETER),
        At(NO_CHARSET),
        On(TOKEN, NAME),
        Jump(PARAMETER),
        At(NAME),
        Need(any(TOKEN)),
        Need(b'='),
        Jump(VALUE),
        At(OTHER_CHARSET),
        Set(CHARSET),
        At(VALUE),
        On(b'"', QUOTED),
        Need(TOKEN),
        Need(any(TOKEN)),
        Jump(PARAMETER),
        At(QUOTED),
        On(b'"', PARAMETER),
        Try(b'\\'),
        Need(ANY),
        Jump(QUOTED),
        At(DONE),
        Try(RETURN),
    ]
};

/// 0, or the number of the reason.
pub(super) const ENCODING: &[Step] = &[Text(b"identity"), Need(END), Jump(result(0))];
