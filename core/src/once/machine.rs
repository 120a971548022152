//! A machine that reads by a grammar: code would be several times as large as the grammars are as data.
//!
//! A grammar is a list of steps. The machine looks at one byte at a time, and tries steps until one takes it; that step says
//! where it goes on with the next one. A jump to a [result](RESULTS) stops.

use super::grammar::RESULTS;
use super::table::{self, CLASSES, Grammars, SPACE};
use crate::hashing::Hashing;
use crate::header::MAX_VALUE;
use crate::scheme::Scheme;
use crate::signature::{self, SIGNATURE_LEN};

/// What is tried of the next byte, or something that is done. ASCII that is none of the constants here takes itself.
pub(super) type Step = u8;

/// A place follows, to go on at where the step takes the byte, or where what it asks is so; else the next step is tried. Where
/// no place follows, it is the other way round: else the place in [`Cell::Otherwise`] is tried.
pub(super) const JUMPS: Step = 0x80;

// What doesn't take the byte.
/// Always so.
pub(super) const ALWAYS: Step = 1;
/// Nothing more comes.
pub(super) const END: Step = 2;

// What takes more than a look at the byte.
/// Takes the digits of a signature.
pub(super) const CAPTURE: Step = 3;
/// Takes the beginning of an array or an object: one level deeper. Not so where that is too deep.
pub(super) const OPEN: Step = 4;
/// Takes the end of what the level is of: one level higher.
pub(super) const CLOSE: Step = 5;

// What only the whole grammars have.
/// A value begins here. Always so.
pub(super) const BEGIN: Step = 6;
/// Whether the value is longer than one may be.
pub(super) const LONG: Step = 7;

/// Sets a cell to what follows. Never so.
pub(super) const fn set(cell: Cell) -> Step {
    0x10 | cell as Step
}

/// Whether a cell isn't 0.
pub(super) const fn is(cell: Cell) -> Step {
    0x18 | cell as Step
}

/// The first step that stands for a class of bytes.
pub(super) const FIRST_CLASS: Step = 0x3E;

/// What stands for a byte where the text ends.
const NONE: u32 = 0x100;

/// What is said of a signature that there is once, and that is one.
pub(super) const GOOD: u8 = 1;

/// What the machine remembers.
#[derive(Clone, Copy)]
pub(super) enum Cell {
    /// Where a byte is tried that isn't taken.
    Otherwise,
    /// Whether anything was opened.
    Opened,
    /// Whether the string is a name.
    IsName,
    /// How many levels there are.
    Depth,
    /// Whether the level is an object. The last two cells have the same of those around it, a bit for each.
    InObject,
    /// What is said of the signature: 0 where there is none, [`GOOD`], or a reason.
    Signature,
}

// What the whole grammars remember of the head, where nothing is opened yet, and of the body, before which the signature is
// looked at.
impl Cell {
    /// The number of the format, or of the reason; 0 where there is no content type.
    pub(super) const TYPE: Self = Self::Opened;
    /// Whether there was a charset.
    pub(super) const CHARSET: Self = Self::IsName;
    /// 0 where there is no content encoding, [`GOOD`], or a reason.
    pub(super) const ENCODING: Self = Self::Depth;
    /// Whether it is a form.
    pub(super) const IN_FORM: Self = Self::Signature;
}

/// What is known of a request, and of the text that is read.
pub(super) struct Machine<'r, S: Scheme, G: Grammars> {
    cells: [u32; 8],
    /// Where what is still to be hashed begins, or, in the head, a value.
    kept: usize,
    /// The signature, where it is one.
    pub(super) signature: Option<&'r [u8; SIGNATURE_LEN]>,
    max_depth: u32,
    /// What the body is hashed with on the way.
    pub(super) hashing: Hashing<S>,
    pub(super) grammars: G,
}

impl<'r, S: Scheme, G: Grammars> Machine<'r, S, G> {
    /// `any` is any number, for cells that are set before they are looked at: for zeros alone the compiler would call a
    /// function.
    #[inline(always)]
    pub(super) fn new(hashing: Hashing<S>, max_depth: u8, any: u32) -> Self {
        let charset = if G::WHOLE { 0 } else { any };
        let cells = [any, 0, charset, 0, any, 0, any, any];
        let max_depth = u32::from(max_depth);
        Self { cells, kept: 0, signature: None, max_depth, hashing, grammars: G::default() }
    }

    /// Before the body of a whole request is read: the cells of the head are those of the body from now on.
    pub(super) fn begin_body(&mut self, is_form: bool) {
        let [_, opened, _, depth, _, in_form, _, _] = &mut self.cells;
        (*opened, *depth, *in_form) = (0, 0, u32::from(is_form));
    }

    /// What is said of content type and content encoding, before that.
    pub(super) fn content(&self) -> [u32; 2] {
        let [_, content_type, _, encoding, ..] = self.cells;
        [content_type, encoding]
    }

    /// What a grammar would say of a field.
    pub(super) fn say(&mut self, cell: Cell, said: u32) {
        if let Some(cell) = self.cells.get_mut(cell as usize) {
            *cell = said;
        }
    }

    /// Why there is no signature to compare with; 0 where there is one, or none at all.
    #[inline(always)]
    pub(super) fn signature_refused(&self) -> u32 {
        let [_, _, _, _, _, said, _, _] = self.cells;
        if said > u32::from(GOOD) { said } else { 0 }
    }

    /// Reads a text by the grammar at this place and gives its result.
    #[inline(never)]
    pub(super) fn read(&mut self, text: &'r [u8], start: u32) -> u32 {
        self.kept = 0;
        let mut here = 0_usize;
        let mut at = start;
        'bytes: loop {
            let mut byte = byte_at(text, here);
            loop {
                let (step, follows) = table::step::<G>(at);
                let test = step & 0x7F;
                let class = test.wrapping_sub(u32::from(FIRST_CLASS));
                let so = 'so: {
                    let taken = if class < CLASSES {
                        loop {
                            if !table::is_in::<G>(byte, class) {
                                break false;
                            }
                            if test == u32::from(SPACE) {
                                self.flush(text, here);
                            }
                            if G::place(at, follows) != at {
                                break true;
                            }
                            // The same step again.
                            here = here.wrapping_add(1);
                            byte = byte_at(text, here);
                        }
                    } else if test & 0x70 == u32::from(set(Cell::Otherwise)) {
                        let Some(cell) = self.cells.get_mut(test as usize & 7) else { break 'so false };
                        if test & 8 != 0 {
                            break 'so *cell != 0;
                        }
                        *cell = follows;
                        break 'so false;
                    } else {
                        match test as u8 {
                            ALWAYS => break 'so true,
                            END => break 'so byte == NONE,
                            CAPTURE => {
                                if self.capture(text, here) {
                                    here = here.wrapping_add(SIGNATURE_LEN);
                                    break 'so true;
                                }
                                break 'so false;
                            }
                            OPEN => self.open(byte),
                            CLOSE => self.close(byte),
                            BEGIN if G::WHOLE => {
                                self.kept = here;
                                break 'so true;
                            }
                            LONG if G::WHOLE => break 'so here.wrapping_sub(self.kept) > MAX_VALUE,
                            _ => {
                                let other = byte ^ test;
                                // Letters of the head have two cases.
                                other == 0 || other == 0x20 && test >= u32::from(b'a') && G::is_head(at)
                            }
                        }
                    };
                    here = here.wrapping_add(usize::from(taken));
                    taken
                };
                if so {
                    if step >= u32::from(JUMPS) {
                        if follows >= u32::from(RESULTS) {
                            return follows;
                        }
                        at = G::place(at, follows);
                    } else {
                        at = at.wrapping_add(1);
                    }
                    continue 'bytes;
                }
                let [otherwise, ..] = self.cells;
                at = if step >= u32::from(JUMPS) { at.wrapping_add(2) } else { G::place(at, otherwise) };
            }
        }
    }

    /// Hashes what stands before a byte that isn't hashed.
    #[inline(never)]
    pub(super) fn flush(&mut self, text: &[u8], end: usize) {
        if let Some(piece) = text.get(self.kept..end) {
            self.grammars.count(piece.len());
            self.hashing.absorb(piece);
        }
        self.kept = end.wrapping_add(1);
    }

    /// Hashes a text that no grammar is read by.
    pub(super) fn flush_all(&mut self, text: &[u8]) {
        self.kept = 0;
        self.flush(text, text.len());
    }

    /// Whether there are a signature's digits. Which they are decides nothing.
    #[inline(never)]
    fn capture(&mut self, text: &'r [u8], here: usize) -> bool {
        if let Some(rest) = text.get(here..)
            && let Some(digits) = rest.first_chunk()
            && signature::is_hex(digits)
        {
            self.signature = Some(digits);
            return true;
        }
        false
    }

    #[inline(always)]
    fn open(&mut self, byte: u32) -> bool {
        let [_, _, _, depth, in_object, _, low, high] = &mut self.cells;
        let opens = byte | 0x20 == u32::from(b'{') && *depth < self.max_depth;
        if opens {
            *depth = depth.wrapping_add(1);
            *high = *high << 1 | *low >> 31;
            *low = *low << 1 | *in_object;
            *in_object = byte >> 5 & 1;
        }
        opens
    }

    #[inline(always)]
    fn close(&mut self, byte: u32) -> bool {
        let [_, _, _, depth, in_object, _, low, high] = &mut self.cells;
        let closes = byte == u32::from(b']') | *in_object << 5;
        if closes {
            *depth = depth.wrapping_sub(1);
            *in_object = *low & 1;
            *low = *low >> 1 | *high << 31;
            *high >>= 1;
        }
        closes
    }
}

/// A byte of the text, or none.
#[inline(always)]
fn byte_at(text: &[u8], here: usize) -> u32 {
    text.get(here).map_or(NONE, |&byte| u32::from(byte))
}
