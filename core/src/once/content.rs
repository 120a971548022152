//! The grammar of content type (RFC 9110, section 8.3) and content encoding, behind that of [`fields`](super::fields).

use super::fields::{LINE, NAME, OTHERS, SKIP};
use super::grammar::Line::{At, Else, Jump, Need, On, Set, Text, Try};
use super::grammar::{Line, Place};
use super::machine::{BEGIN, Cell, GOOD, LONG, is};
use super::table::{BLANK, SAFE, TOKEN};
use super::{FORM, JSON};
use crate::error::Reason;

const CONTENT: Place = OTHERS;
/// Where a content type begins, behind white space.
pub(super) const TYPE: Place = OTHERS + 1;

/// What is behind [`LINE`], before other lines.
pub(super) const IS_CONTENT: &[Line] = &[At(LINE), On(b'c', CONTENT)];

/// What is said of the content type is kept from the subtype on, unless the value turns out to be wrong.
pub(super) const CONTENTS: &[Line] = {
    const ENCODING_VALUE: Place = 12;
    const ENCODED: Place = 13;
    const BAD_ENCODING: Place = 14;
    const TYPE_NAME: Place = 15;
    const TYPE_VALUE: Place = 16;
    const PLUS: Place = 17;
    const J: Place = 18;
    const SUBTYPE_END: Place = 19;
    const SUBTYPE: Place = 20;
    const AFTER: Place = 21;
    const BLANKS: Place = 22;
    const PARAMETER: Place = 23;
    const PARAMETER_BLANKS: Place = 24;
    const PARAMETER_NAME: Place = 25;
    const C: Place = 26;
    const OTHER_CHARSET: Place = 27;
    const VALUE: Place = 28;
    const U: Place = 29;
    const OTHER_TOKEN: Place = 30;
    const TOKEN_VALUE: Place = 31;
    const QUOTED_U: Place = 32;
    const OTHER_QUOTED: Place = 33;
    const QUOTED: Place = 34;
    const BAD: Place = 35;
    &[
        At(CONTENT),
        Else(NAME),
        Text(b"ontent-"),
        On(b't', TYPE_NAME),
        Text(b"encoding:"),
        At(ENCODING_VALUE),
        On(BLANK, ENCODING_VALUE),
        Else(BAD_ENCODING),
        On(is(Cell::ENCODING), BAD_ENCODING),
        Text(b"identity"),
        At(ENCODED),
        On(BLANK, ENCODED),
        On(SAFE, BAD_ENCODING),
        Set(Cell::ENCODING, GOOD),
        Jump(SKIP),
        At(BAD_ENCODING),
        Set(Cell::ENCODING, Reason::ContentEncoding as u8),
        Jump(SKIP),
        At(TYPE_NAME),
        Text(b"ype:"),
        At(TYPE_VALUE),
        On(BLANK, TYPE_VALUE),
        At(TYPE),
        Need(BEGIN),
        Else(BAD),
        On(is(Cell::TYPE), BAD),
        Text(b"application/"),
        Else(SUBTYPE),
        Set(Cell::TYPE, JSON as u8),
        On(b'j', J),
        // What can't be a suffix.
        On(b'+', SUBTYPE),
        Set(Cell::TYPE, FORM as u8),
        Text(b"x-www-form-urlencoded"),
        Jump(SUBTYPE_END),
        At(PLUS),
        Set(Cell::TYPE, JSON as u8),
        Need(b'j'),
        At(J),
        Text(b"son"),
        At(SUBTYPE_END),
        On(b'+', PLUS),
        On(TOKEN, SUBTYPE),
        At(AFTER),
        On(LONG, BAD),
        // What is white behind a value doesn't count.
        At(BLANKS),
        On(BLANK, BLANKS),
        On(b';', PARAMETER),
        On(SAFE, BAD),
        Jump(SKIP),
        At(SUBTYPE),
        On(b'+', PLUS),
        On(TOKEN, SUBTYPE),
        At(BAD),
        Set(Cell::TYPE, Reason::ContentType as u8),
        Jump(SKIP),
        At(PARAMETER),
        On(LONG, BAD),
        At(PARAMETER_BLANKS),
        On(BLANK, PARAMETER_BLANKS),
        On(b'c', C),
        On(TOKEN, PARAMETER_NAME),
        Jump(BLANKS),
        At(C),
        Else(PARAMETER_NAME),
        Text(b"harset="),
        // One charset is enough.
        On(is(Cell::CHARSET), OTHER_CHARSET),
        Set(Cell::CHARSET, 1),
        On(b'u', U),
        On(b'"', QUOTED_U),
        At(OTHER_CHARSET),
        Set(Cell::TYPE, Reason::Charset as u8),
        At(VALUE),
        On(b'"', QUOTED),
        On(TOKEN, TOKEN_VALUE),
        Jump(BAD),
        At(PARAMETER_NAME),
        On(TOKEN, PARAMETER_NAME),
        On(b'=', VALUE),
        Jump(BAD),
        At(U),
        Else(OTHER_TOKEN),
        Text(b"tf-8"),
        On(TOKEN, OTHER_TOKEN),
        Jump(AFTER),
        At(OTHER_TOKEN),
        Set(Cell::TYPE, Reason::Charset as u8),
        At(TOKEN_VALUE),
        On(TOKEN, TOKEN_VALUE),
        Jump(AFTER),
        At(QUOTED_U),
        Else(OTHER_QUOTED),
        Text(b"utf-8\""),
        Jump(AFTER),
        At(OTHER_QUOTED),
        Set(Cell::TYPE, Reason::Charset as u8),
        At(QUOTED),
        On(b'"', AFTER),
        Try(b'\\'),
        On(SAFE, QUOTED),
        Jump(BAD),
    ]
};
