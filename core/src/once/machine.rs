//! A machine that reads by a grammar: code would be several times as large as the grammars are as data.
//!
//! A grammar is a list of tests. Each looks at what comes next and takes it where it fits. Most have to fit; the others
//! jump where they do. A jump to a [result](RESULTS) stops.

use super::Request;
use super::grammar::{Place, RESULTS, START};
use super::table::{self, within};
use super::work::Work;
use crate::header::Field;
use crate::options::Options;
use crate::scheme::Scheme;
use crate::utf8;

/// A test, or something that is done. ASCII stands for itself, but for control characters other than line breaks.
pub(super) type Test = u8;

/// A place follows, to jump to where the test succeeds.
pub(super) const JUMPS: Test = 0x80;

/// Nothing more comes.
pub(super) const END: Test = 3;
/// Always so.
pub(super) const ALWAYS: Test = 1;
/// From here on, a test that fails jumps to the place, and what was taken since is given back. Never so.
pub(super) const ELSE: Test = 2;
/// No token goes on here; then [`ELSE`] no longer holds.
pub(super) const NO_TOKEN: Test = 0;
/// Sets the register. Never so.
pub(super) const SET: Test = 4;
/// Jumps to where the register says.
pub(super) const RETURN: Test = 5;
/// Raises the flag, and says whether it was raised before.
pub(super) const FLAG: Test = 6;
/// A character of UTF-8 that is not ASCII.
pub(super) const UTF8: Test = 7;
/// Any byte.
pub(super) const ANY: Test = 8;
/// Takes white space and what a field value is made of, as the value of the field in the register. Always so.
pub(super) const FIELD: Test = 9;
/// The beginning of an array or an object: one level deeper. Not so where that is too deep.
pub(super) const OPEN: Test = 11;
/// The end of that which the level is of: one level higher.
pub(super) const CLOSE: Test = 12;
/// Whether there is no level.
pub(super) const TOP: Test = 14;
/// Whether the level is an object.
pub(super) const IN_OBJECT: Test = 15;

// Where the register says that a field goes.
pub(super) const SIGNATURE: Place = RESULTS;
pub(super) const CONTENT_TYPE: Place = RESULTS + 1;
pub(super) const CONTENT_ENCODING: Place = RESULTS + 2;
pub(super) const OTHER: Place = RESULTS + 3;

// One byte of a class.
/// `tchar` (RFC 9110, section 5.6.2).
pub(super) const TOKEN: Test = 0x10;
/// `DIGIT`.
pub(super) const DIGIT: Test = 0x11;
/// `HEXDIG`, in either case.
pub(super) const HEX: Test = 0x12;
/// White space of JSON. What is taken of it is not hashed.
pub(super) const SPACE: Test = 0x13;
/// ASCII that stands for itself inside of a JSON string.
pub(super) const PLAIN: Test = 0x14;
/// What is left raw in the first name of a form.
pub(super) const RAW: Test = 0x15;
/// What follows a backslash in a JSON string, but for `u`.
pub(super) const ESCAPED: Test = 0x16;
/// White space of a header.
pub(super) const BLANK: Test = 0x17;

/// As many bytes of a class as come. Always so.
pub(super) const fn any(class: Test) -> Test {
    class | 8
}

/// Where what isn't hashed begins and ends: no other grammar has this white space.
const SPACES: Test = any(SPACE);

/// What is known of a request.
pub(super) struct Machine<'r, S: Scheme> {
    pub(super) request: &'r Request<'r>,
    /// What the body is hashed with on the way.
    pub(super) work: Work<S>,
    pub(super) fields: [Field<'r>; 3],
    pub(super) options: &'r Options,
}

/// A text that is read. Of whole words, which take less code.
struct Reading<'m, 'r, S: Scheme> {
    register: u32,
    flag: u32,
    depth: u32,
    /// Where [`ELSE`] jumps to, and where it was.
    otherwise: u32,
    mark: &'r [u8],
    /// What is still to be read.
    rest: &'r [u8],
    /// What is still to be hashed.
    kept: &'r [u8],
    /// Where the grammar is.
    grammar: usize,
    machine: &'m mut Machine<'r, S>,
    /// A bit for each level.
    objects: u64,
}

impl<'r, S: Scheme> Machine<'r, S> {
    /// Reads a text by this grammar and gives the number of its result.
    #[inline(never)]
    pub(super) fn read(&mut self, text: &'r [u8], grammar: usize) -> u32 {
        let mut reading = Reading {
            register: 0,
            flag: 0,
            depth: 0,
            otherwise: 0,
            mark: text,
            rest: text,
            kept: text,
            grammar,
            machine: self,
            objects: 0,
        };
        reading.run()
    }
}

impl<S: Scheme> Reading<'_, '_, S> {
    #[inline(always)]
    fn run(&mut self) -> u32 {
        let mut at = within(self.grammar.wrapping_add(START));
        'steps: loop {
            let step = table::read(at);
            at = within(at.wrapping_add(1));
            let place = u32::from(table::read(at));
            let place = 'jump: {
                'fail: {
                    match step & !JUMPS {
                        byte @ (b'\n' | b'\r' | 0x20..) => {
                            let [first, after @ ..] = self.rest else { break 'fail };
                            if *first != byte && !self.is_either(*first, byte) {
                                break 'fail;
                            }
                            self.rest = after;
                        }
                        class @ (NO_TOKEN | 0x10..) => {
                            let some = self.take_class(class);
                            if class == NO_TOKEN {
                                if some {
                                    break 'fail;
                                }
                                self.otherwise = 0;
                            } else if class & 8 == 0 && !some {
                                break 'fail;
                            }
                        }
                        END => {
                            if !self.rest.is_empty() {
                                break 'fail;
                            }
                        }
                        ALWAYS => {}
                        ELSE => {
                            self.otherwise = place;
                            self.mark = self.rest;
                            break 'fail;
                        }
                        SET => {
                            self.register = place;
                            break 'fail;
                        }
                        RETURN => break 'jump self.register,
                        FLAG => {
                            if core::mem::replace(&mut self.flag, 1) == 0 {
                                break 'fail;
                            }
                        }
                        UTF8 => {
                            let Some(end) = utf8::character_end(self.rest) else { break 'fail };
                            self.rest = end;
                        }
                        ANY => {
                            let [_, after @ ..] = self.rest else { break 'fail };
                            self.rest = after;
                        }
                        FIELD => self.take_field(),
                        OPEN => {
                            let [byte @ (b'[' | b'{'), after @ ..] = self.rest else { break 'fail };
                            if self.depth >= u32::from(self.machine.options.max_depth) {
                                break 'fail;
                            }
                            self.rest = after;
                            self.depth = self.depth.wrapping_add(1);
                            self.objects = self.objects << 1 | u64::from(byte >> 5 & 1);
                        }
                        CLOSE => {
                            let [byte, after @ ..] = self.rest else { break 'fail };
                            if *byte != b']' | (self.objects as u8 & 1) << 5 {
                                break 'fail;
                            }
                            self.rest = after;
                            self.depth = self.depth.wrapping_sub(1);
                            self.objects >>= 1;
                        }
                        TOP => {
                            if self.depth != 0 {
                                break 'fail;
                            }
                        }
                        _ => {
                            if self.objects & 1 == 0 {
                                break 'fail;
                            }
                        }
                    }
                    if step < JUMPS {
                        continue 'steps;
                    }
                    break 'jump place;
                }
                if step >= JUMPS {
                    at = within(at.wrapping_add(1));
                    continue 'steps;
                }
                self.rest = self.mark;
                core::mem::take(&mut self.otherwise)
            };
            if place >= u32::from(RESULTS) {
                return place.wrapping_sub(u32::from(RESULTS));
            }
            at = within(self.grammar.wrapping_add(place as usize));
        }
    }

    /// Whether it is the other case of a letter, where that doesn't matter.
    fn is_either(&self, given: u8, byte: u8) -> bool {
        given ^ 0x20 == byte && byte >= b'a' && self.grammar != table::JSON
    }

    /// Takes a byte of a class, or as many as come. Whether there were any.
    #[inline(never)]
    fn take_class(&mut self, class: Test) -> bool {
        let before = self.rest;
        let mask = 1 << (class & 7);
        let mut rest = before;
        while let [byte, after @ ..] = rest
            && table::classes(*byte) & mask != 0
        {
            rest = after;
            if class & 8 == 0 {
                break;
            }
        }
        self.rest = rest;
        let some = rest.len() != before.len();
        // What stands before white space or the end.
        if class == SPACES && (some || rest.is_empty()) {
            let len = self.kept.len().wrapping_sub(before.len());
            self.machine.work.absorb(self.kept.get(..len).unwrap_or_default());
            self.kept = rest;
        }
        some
    }

    /// Takes a field value, and what is white around it, without a look-up or a branch by which a signature's digits could be
    /// told.
    #[inline(never)]
    fn take_field(&mut self) {
        let mut text = self.rest;
        while let [b' ' | b'\t', after @ ..] = text {
            text = after;
        }
        let mut rest = text;
        // No control character (`is_control`), but first what values are mostly made of.
        while let [0x20..=0x7E | b'\t' | 0x80.., after @ ..] = rest {
            rest = after;
        }
        self.rest = rest;
        let mut value = text.get(..text.len().wrapping_sub(rest.len())).unwrap_or_default();
        while let [before @ .., b' ' | b'\t'] = value {
            value = before;
        }
        if let Some(field) =
            self.machine.fields.get_mut((self.register as usize).wrapping_sub(usize::from(RESULTS)))
        {
            field.add(value);
        }
    }
}
