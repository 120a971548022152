//! The grammar of forms that may well be signed so, but for control characters, behind that of [`values`](super::values).

use super::grammar::Line::{At, Else, Jump, On, Set};
use super::grammar::{ACCEPTED, Line, Place, refusal};
use super::machine::{Cell, END, is};
use super::table::{PLAIN, TOKEN};
use super::values::{AGAIN, CHARACTER, OTHERS};
use crate::error::Reason;

/// Where a form begins.
pub(super) const FORM: Place = OTHERS;
/// What follows the first name: it may be anything in UTF-8.
const REST: Place = OTHERS + 1;

/// Where characters end.
pub(super) const IS_FORM: &[Line] = &[At(AGAIN), On(is(Cell::IN_FORM), REST)];

/// Whether there is something in the first name that no encoder leaves there is remembered as opened.
pub(super) const FORMS: &[Line] = {
    const FIRST_NAME: Place = 42;
    const ODD: Place = 43;
    const LAST: Place = 44;
    const NO_UTF8: Place = 45;
    &[
        At(FORM),
        Else(NO_UTF8),
        At(FIRST_NAME),
        On(b'=', REST),
        On(b'&', REST),
        On(END, ACCEPTED),
        // Unlike tokens.
        On(b'(', FIRST_NAME),
        On(b')', FIRST_NAME),
        On(b'#', ODD),
        On(b'$', ODD),
        On(b'^', ODD),
        On(b'`', ODD),
        On(b'|', ODD),
        On(TOKEN, FIRST_NAME),
        At(ODD),
        Set(Cell::Opened, 1),
        At(REST),
        On(PLAIN, REST),
        On(b'"', REST),
        On(b'\\', REST),
        On(END, LAST),
        Jump(CHARACTER),
        At(LAST),
        On(is(Cell::Opened), refusal(Reason::FormFirstKey)),
        Jump(ACCEPTED),
        At(NO_UTF8),
        Jump(refusal(Reason::FormNotUtf8)),
    ]
};
