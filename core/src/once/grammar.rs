//! Grammars as data: the steps of [`machine`](super::machine) with names for places, and what the compiler makes of
//! them.

use super::machine::{ALWAYS, ELSE, JUMPS, NO_TOKEN, SET, Test};
use crate::error::Reason;

/// A place in a grammar, or, from [`RESULTS`] on, a result.
pub(super) type Place = u8;

/// The first result: a jump there stops. Grammars are shorter.
pub(super) const RESULTS: Place = 0xC0;

/// The result with this number: that of a format, 0, or that of a [`refusal`].
#[expect(clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn result(number: u32) -> Place {
    assert!(number < 0x40);
    RESULTS + number as u8
}

/// The result that is this reason.
pub(super) const fn refusal(reason: Reason) -> Place {
    result(reason as u32)
}

/// A step of a grammar.
pub(super) enum Step {
    /// Names the place of what follows.
    At(Place),
    /// Jumps where the test succeeds.
    On(Test, Place),
    /// Goes on where the test succeeds; else the grammar refuses.
    Need(Test),
    /// Goes on in either case.
    Try(Test),
    /// From here to the end of a word, what doesn't fit jumps, and nothing of it is taken.
    Else(Place),
    /// Takes this text.
    Text(&'static [u8]),
    /// Both, and the end of the word.
    Word(&'static [u8], Place),
    /// Sets the register.
    Set(Place),
    Jump(Place),
}

impl Step {
    const fn len(&self) -> usize {
        match self {
            Self::At(_) => 0,
            Self::Need(_) => 1,
            Self::Text(text) => text.len(),
            Self::Word(word, _) => word.len().wrapping_add(3),
            _ => 2,
        }
    }
}

/// What every grammar begins with, at its place 0: where a need isn't met.
pub(super) const START: usize = 2;

/// How long a grammar becomes.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn len(steps: &[Step]) -> usize {
    let (mut at, mut len) = (0, START);
    while at < steps.len() {
        len += steps[at].len();
        at += 1;
    }
    len
}

/// Writes what the machine reads: a byte for a test, and where its top bit is set, another one for a place.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn assemble(steps: &[Step], refused: Place, code: &mut [u8], from: usize) {
    assert!(len(steps) <= RESULTS as usize);
    code[from] = ALWAYS | JUMPS;
    code[from + 1] = refused;
    let (mut at, mut used) = (0, START);
    while at < steps.len() {
        let step = &steps[at];
        let next = used + step.len();
        let (test, place) = match *step {
            Step::At(_) => (0, None),
            Step::Need(test) => (test, None),
            Step::Text(text) => {
                copy(text, code, from + used);
                (text[0], None)
            }
            Step::On(test, place) => (test | JUMPS, Some(find(steps, place))),
            Step::Try(test) => (test | JUMPS, Some(next as u8)),
            Step::Word(word, place) => {
                copy(word, code, from + used + 2);
                code[from + next - 1] = NO_TOKEN;
                (ELSE | JUMPS, Some(find(steps, place)))
            }
            Step::Else(place) => (ELSE | JUMPS, Some(find(steps, place))),
            Step::Set(place) => (SET | JUMPS, Some(find(steps, place))),
            Step::Jump(place) => (ALWAYS | JUMPS, Some(find(steps, place))),
        };
        if next > used {
            code[from + used] = test;
        }
        if let Some(place) = place {
            code[from + used + 1] = place;
        }
        used = next;
        at += 1;
    }
}

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
const fn copy(text: &[u8], code: &mut [u8], from: usize) {
    let mut at = 0;
    while at < text.len() {
        code[from + at] = text[at];
        at += 1;
    }
}

/// Where this place is.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "computed by the compiler"
)]
const fn find(steps: &[Step], place: Place) -> u8 {
    if place >= RESULTS {
        return place;
    }
    let (mut at, mut len) = (0, START);
    while at < steps.len() {
        if let Step::At(here) = steps[at]
            && here == place
        {
            return len as u8;
        }
        len += steps[at].len();
        at += 1;
    }
    panic!("a jump to a place that isn't there")
}
