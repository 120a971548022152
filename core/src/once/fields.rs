//! The grammar of field lines, of which only the signature is looked at here.

use super::grammar::Line::{At, Else, Jump, On, Set, Text, Try};
use super::grammar::{ACCEPTED, Line, NO_FIELD_LINES, Place, REFUSED};
use super::machine::Cell::Signature;
use super::machine::{CAPTURE, END, GOOD, is};
use super::table::{BLANK, SAFE, TOKEN};
use crate::error::Reason;

/// Where a line begins.
pub(super) const LINE: Place = 1;
/// What is left of a name that isn't looked for, and of a line.
pub(super) const NAME: Place = 2;
pub(super) const SKIP: Place = 3;
/// The first place of other lines.
pub(super) const OTHERS: Place = 10;

/// What refuses.
pub(super) const REFUSING: &[Line] = &[At(REFUSED), Jump(NO_FIELD_LINES)];

/// The fields of field lines, up to the empty line or the end, as
/// [`Head::from_field_lines`](crate::Head::from_field_lines).
///
/// [`LINE`] comes before it.
pub(super) const FIELDS: &[Line] = {
    const KORE: Place = 4;
    const VALUE: Place = 5;
    const SIGNED: Place = 6;
    const AGAIN: Place = 7;
    const BAD: Place = 8;
    const LINE_FEED: Place = 9;
    &[
        On(b'k', KORE),
        On(TOKEN, NAME),
        On(END, ACCEPTED),
        // What ends the head, where there is no line.
        Try(b'\r'),
        On(b'\n', ACCEPTED),
        Jump(REFUSED),
        At(KORE),
        Else(NAME),
        Text(b"ore-signature:"),
        At(VALUE),
        On(BLANK, VALUE),
        On(is(Signature), AGAIN),
        On(CAPTURE, SIGNED),
        On(SAFE, BAD),
        Set(Signature, Reason::SignatureEmpty as u8),
        Jump(SKIP),
        At(SIGNED),
        On(BLANK, SIGNED),
        On(SAFE, BAD),
        Set(Signature, GOOD),
        Jump(SKIP),
        At(AGAIN),
        Set(Signature, Reason::SignatureDuplicate as u8),
        Jump(SKIP),
        At(NAME),
        On(TOKEN, NAME),
        On(b':', SKIP),
        Jump(REFUSED),
        At(BAD),
        Set(Signature, Reason::SignatureFormat as u8),
        At(SKIP),
        On(SAFE, SKIP),
        On(END, ACCEPTED),
        On(b'\r', LINE_FEED),
        At(LINE_FEED),
        On(b'\n', LINE),
        Jump(REFUSED),
    ]
};
