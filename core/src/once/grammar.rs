//! Grammars as data: the steps of [`machine`](super::machine) with names for places, and what the compiler makes of
//! them.

use super::machine::{ALWAYS, NOT, SET, Test, WORD};
use crate::error::Reason;

/// A place in a grammar, or, from [`RESULTS`] on, a result.
pub(super) type Place = u8;

/// The first result: a jump there stops. Grammars are shorter.
pub(super) const RESULTS: Place = 0x80;

/// The result with this number: that of a format, 0, or that of a [`refusal`].
#[expect(clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn result(number: u8) -> Place {
    RESULTS + number
}

/// The result that is this reason.
pub(super) const fn refusal(reason: Reason) -> Place {
    result(reason as u8)
}

/// A step of a grammar.
pub(super) enum Step {
    /// Names the place of what follows.
    At(Place),
    /// Jumps where the test succeeds.
    On(Test, Place),
    /// Jumps where it fails.
    Need(Test, Place),
    /// Goes on in either case.
    Try(Test),
    /// Takes a word of lower-case ASCII that is there as a whole, in either case; jumps where it isn't.
    Word(&'static [u8], Place),
    /// Sets the register.
    Set(Place),
    Jump(Place),
}

/// What the machine reads: test and place of a jump, or two letters of a word.
pub(super) type Code = [u8; 2];

/// How long a grammar becomes.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn len(steps: &[Step]) -> usize {
    let (mut at, mut len) = (0, 0);
    while at < steps.len() {
        len += step_len(&steps[at]);
        at += 1;
    }
    len
}

const fn step_len(step: &Step) -> usize {
    match step {
        Step::At(_) => 0,
        Step::Word(word, _) => word.len().div_ceil(2).wrapping_add(1),
        _ => 1,
    }
}

/// A word follows its step, with the top bit set in its last letter.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn assemble<const LEN: usize>(steps: &[Step]) -> [Code; LEN] {
    assert!(LEN == len(steps) && LEN <= RESULTS as usize);
    let mut out = [[0; 2]; LEN];
    let (mut at, mut used) = (0, 0);
    while at < steps.len() {
        let step = &steps[at];
        let next = used + step_len(step);
        if let Some(code) = match *step {
            Step::At(_) => None,
            Step::On(test, place) => Some([test, find(steps, place)]),
            Step::Need(test, place) => Some([test | NOT, find(steps, place)]),
            Step::Try(test) => Some([test, next as u8]),
            Step::Word(_, place) => Some([WORD | NOT, find(steps, place)]),
            Step::Set(place) => Some([SET, find(steps, place)]),
            Step::Jump(place) => Some([ALWAYS, find(steps, place)]),
        } {
            out[used] = code;
        }
        if let Step::Word(word, _) = *step {
            let mut letter = 0;
            while letter < word.len() {
                let last = if letter + 1 == word.len() { 0x80 } else { 0 };
                out[used + 1 + letter / 2][letter % 2] = word[letter] | last;
                letter += 1;
            }
        }
        used = next;
        at += 1;
    }
    out
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
    let (mut at, mut len) = (0, 0);
    while at < steps.len() {
        if let Step::At(here) = steps[at]
            && here == place
        {
            return len as u8;
        }
        len += step_len(&steps[at]);
        at += 1;
    }
    panic!("a jump to a place that isn't there")
}
