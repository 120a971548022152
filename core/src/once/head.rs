//! The head by grammars: field lines, content type and content encoding.

use super::grammar::Step::{At, Jump, Need, On, Set, Try, Word};
use super::grammar::{Code, Place, Step, assemble, len, refusal, result};
use super::machine::{
    BLANK, CONTENT_ENCODING, CONTENT_TYPE, END, FIELD, FLAG, Machine, RETURN, SIGNATURE, TEXT, TOKEN, many,
};
use crate::content::Format;
use crate::error::Reason;
use crate::header::{Field, MAX_VALUE};

/// The number of the method, or of the reason.
pub(super) fn read_method<'t>(machine: &mut Machine<'t>, method: &'t [u8]) -> u8 {
    machine.read(method, &METHOD)
}

/// Takes the fields of field lines, up to the empty line or the end, as
/// [`Head::from_field_lines`](crate::Head::from_field_lines). 0, or the number of the reason.
pub(super) fn read_lines<'t>(machine: &mut Machine<'t>, lines: &'t [u8]) -> u8 {
    machine.read(lines, &FIELDS)
}

/// The number of the request's format, by its content type, or the configured one where there is none; or of the
/// reason.
pub(super) fn read_format(machine: &mut Machine<'_>, configured: Option<Format>) -> u8 {
    let format = match machine.fields.content_type {
        Field::One(value) if value.len() <= MAX_VALUE => machine.read(value, &TYPE),
        Field::Absent => match configured {
            Some(Format::Json) => super::JSON,
            Some(Format::Form) => super::FORM,
            None => Reason::ContentType as u8,
        },
        _ => Reason::ContentType as u8,
    };
    if format > super::FORM {
        return format;
    }
    let encoded = match machine.fields.content_encoding {
        Field::Absent => 0,
        Field::One(value) => machine.read(value, &ENCODING),
        Field::Many => Reason::ContentEncoding as u8,
    };
    if encoded == 0 { format } else { encoded }
}

static METHOD: [Code; len(METHOD_STEPS)] = assemble(METHOD_STEPS);

const METHOD_STEPS: &[Step] = {
    const REFUSED: Place = refusal(Reason::MethodUnsupported);
    const GET: Place = 0;
    &[
        On(b'G', GET),
        Need(b'P', REFUSED),
        Need(b'O', REFUSED),
        Need(b'S', REFUSED),
        Need(b'T', REFUSED),
        Need(END, REFUSED),
        Jump(result(super::POST)),
        At(GET),
        Need(b'E', REFUSED),
        Need(b'T', REFUSED),
        Need(END, REFUSED),
        Jump(result(super::GET)),
    ]
};

static FIELDS: [Code; len(FIELD_STEPS)] = assemble(FIELD_STEPS);

const FIELD_STEPS: &[Step] = {
    const ACCEPTED: Place = result(0);
    const REFUSED: Place = refusal(Reason::HeadMalformed);
    const LINE: Place = 0;
    const NO_SIGNATURE: Place = 1;
    const NO_TYPE: Place = 2;
    const NO_ENCODING: Place = 3;
    const COLON: Place = 4;
    const NO_NAME: Place = 5;
    const LINE_FEED: Place = 6;
    const LAST: Place = 7;
    &[
        At(LINE),
        Word(b"kore-signature", NO_SIGNATURE),
        Set(SIGNATURE),
        Jump(COLON),
        At(NO_SIGNATURE),
        Word(b"content-type", NO_TYPE),
        Set(CONTENT_TYPE),
        Jump(COLON),
        At(NO_TYPE),
        Word(b"content-encoding", NO_ENCODING),
        Set(CONTENT_ENCODING),
        Jump(COLON),
        At(NO_ENCODING),
        Need(many(TOKEN), NO_NAME),
        At(COLON),
        Need(b':', REFUSED),
        Try(FIELD),
        Need(b'\r', LINE_FEED),
        On(b'\n', LINE),
        Jump(REFUSED),
        At(LINE_FEED),
        On(b'\n', LINE),
        Need(END, REFUSED),
        Jump(ACCEPTED),
        // What ends the head, where there is no line.
        At(NO_NAME),
        On(b'\r', LAST),
        On(END, ACCEPTED),
        At(LAST),
        On(b'\n', ACCEPTED),
        Jump(REFUSED),
    ]
};

static TYPE: [Code; len(TYPE_STEPS)] = assemble(TYPE_STEPS);

/// RFC 9110, section 8.3. The register has the result, unless something is malformed further on.
const TYPE_STEPS: &[Step] = {
    const REFUSED: Place = refusal(Reason::ContentType);
    const CHARSET: Place = refusal(Reason::Charset);
    const JSON: Place = result(super::JSON);
    const FORM: Place = result(super::FORM);
    const NO_FORM: Place = 0;
    const SUFFIXED: Place = 1;
    const SUFFIX: Place = 2;
    const PLUS: Place = 3;
    const IS_JSON: Place = 4;
    const PARAMETER: Place = 5;
    const NO_CHARSET: Place = 6;
    const UTF_8: Place = 7;
    const NO_UTF_8: Place = 8;
    const QUOTED_CHARSET: Place = 9;
    const OTHER_QUOTED: Place = 10;
    const VALUE: Place = 11;
    const TOKEN_VALUE: Place = 12;
    const QUOTED: Place = 13;
    const DONE: Place = 14;
    const AGAIN: Place = 15;
    &[
        Word(b"application", REFUSED),
        Need(b'/', REFUSED),
        Set(FORM),
        Word(b"x-www-form-urlencoded", NO_FORM),
        Jump(PARAMETER),
        At(NO_FORM),
        Word(b"json", SUFFIXED),
        Jump(IS_JSON),
        At(SUFFIXED),
        Need(TOKEN, REFUSED),
        At(SUFFIX),
        On(b'+', PLUS),
        On(TOKEN, SUFFIX),
        Jump(REFUSED),
        At(PLUS),
        Word(b"json", SUFFIX),
        At(IS_JSON),
        Set(JSON),
        At(PARAMETER),
        Try(many(BLANK)),
        On(END, DONE),
        Need(b';', REFUSED),
        Try(many(BLANK)),
        Word(b"charset", NO_CHARSET),
        Need(b'=', REFUSED),
        Word(b"utf-8", NO_UTF_8),
        At(UTF_8),
        On(FLAG, AGAIN),
        Jump(PARAMETER),
        At(AGAIN),
        Set(CHARSET),
        Jump(PARAMETER),
        At(NO_UTF_8),
        On(b'"', QUOTED_CHARSET),
        Set(CHARSET),
        Jump(TOKEN_VALUE),
        At(QUOTED_CHARSET),
        Word(b"utf-8", OTHER_QUOTED),
        On(b'"', UTF_8),
        At(OTHER_QUOTED),
        Set(CHARSET),
        Jump(QUOTED),
        At(NO_CHARSET),
        On(many(TOKEN), VALUE),
        Jump(PARAMETER),
        At(VALUE),
        Need(b'=', REFUSED),
        On(b'"', QUOTED),
        At(TOKEN_VALUE),
        Need(many(TOKEN), REFUSED),
        Jump(PARAMETER),
        At(QUOTED),
        On(b'"', PARAMETER),
        Try(b'\\'),
        Need(TEXT, REFUSED),
        Jump(QUOTED),
        At(DONE),
        Try(RETURN),
    ]
};

static ENCODING: [Code; len(ENCODING_STEPS)] = assemble(ENCODING_STEPS);

/// Whatever it ends with, where that isn't 0.
const ENCODING_STEPS: &[Step] = {
    const REFUSED: Place = refusal(Reason::ContentEncoding);
    &[Word(b"identity", REFUSED), Need(END, REFUSED), Jump(result(0))]
};
