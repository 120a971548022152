//! Grammars as data: the steps of [`machine`](super::machine) with names for places, and what the compiler makes of
//! them.

use super::machine::{ALWAYS, Cell, JUMPS, Step, set};
use crate::error::Reason;

/// A place in the grammars, or, from [`RESULTS`] on, a result.
pub(super) type Place = u8;

/// The first result: a jump there stops.
pub(super) const RESULTS: Place = 0xF6;
/// The result of what is accepted, and of field lines that are not: numbers that no refusal has.
pub(super) const ACCEPTED: Place = RESULTS + 1;
pub(super) const NO_FIELD_LINES: Place = u8::MAX - 2;

/// The others are numbers of reasons, this much higher.
const HIGHER: u32 = RESULTS as u32 - Reason::EmptyBody as u32;

/// The number of the reason that is this result.
pub(super) const fn number(result: u32) -> u32 {
    result.wrapping_sub(HIGHER)
}

/// The result that is this reason.
#[expect(clippy::arithmetic_side_effects, reason = "computed by the compiler")]
pub(super) const fn refusal(reason: Reason) -> Place {
    let place = reason as u32 + HIGHER;
    assert!(place >= RESULTS as u32 && place <= u8::MAX as u32);
    assert!(place != ACCEPTED as u32 && place != NO_FIELD_LINES as u32);
    place as u8
}

/// A line of a grammar.
pub(super) enum Line {
    /// Names the place of what follows.
    At(Place),
    /// Goes on there where the step takes the byte, or is so.
    On(Step, Place),
    /// Goes on where the step takes the byte.
    Need(Step),
    /// Goes on in either case.
    Try(Step),
    /// What isn't taken where it is needed is tried there, from here on.
    Else(Place),
    /// Takes this text.
    Text(&'static [u8]),
    /// Sets a cell.
    Set(Cell, u8),
    Jump(Place),
}

/// The place that refuses.
pub(super) const REFUSED: Place = 0;

/// A grammar, and where it is in the tables.
pub(super) struct Grammar {
    /// Its lines, in parts that several grammars may share. The first part is what refuses.
    pub(super) parts: &'static [&'static [Line]],
    /// Where it is.
    pub(super) from: usize,
    /// Where this is 1, a place is one of all tables. Where it is 2, a place is as many times two bytes behind the beginning.
    pub(super) unit: usize,
}

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "computed by the compiler")]
impl Grammar {
    /// Where its first step is, behind what refuses.
    pub(super) const fn start(&self) -> u32 {
        self.before(self.parts[0].len()) as u32
    }

    /// Where it ends.
    pub(super) const fn end(&self) -> usize {
        self.before(usize::MAX)
    }

    /// The line with this number, from 0.
    const fn line(&self, number: usize) -> Option<&'static Line> {
        let (mut part, mut left) = (0, number);
        while part < self.parts.len() {
            if left < self.parts[part].len() {
                return Some(&self.parts[part][left]);
            }
            left -= self.parts[part].len();
            part += 1;
        }
        None
    }

    /// Where the lines before this one end.
    const fn before(&self, number: usize) -> usize {
        let (mut at, mut used) = (0, self.from);
        while at < number
            && let Some(line) = self.line(at)
        {
            used = self.behind(line, used);
            at += 1;
        }
        used
    }

    /// Where a line ends that begins there.
    const fn behind(&self, line: &Line, from: usize) -> usize {
        from + match line {
            // To the next place.
            Line::At(_) => (from - self.from) % self.unit,
            Line::Need(_) => 1,
            Line::Text(text) => text.len(),
            _ => 2,
        }
    }

    /// Writes what the machine reads: a byte for a step, and where its top bit is set, another one for a place or a number.
    pub(super) const fn assemble(&self, tables: &mut [u8]) {
        let (mut at, mut used) = (0, self.from);
        while let Some(line) = self.line(at) {
            let next = self.behind(line, used);
            let (step, follows) = match *line {
                Line::At(_) => (ALWAYS, None),
                Line::Need(step) => (step, None),
                Line::Text(text) => {
                    let mut letter = 1;
                    while letter < text.len() {
                        tables[used + letter] = text[letter];
                        letter += 1;
                    }
                    (text[0], None)
                }
                Line::On(step, place) => (step | JUMPS, Some(self.find(place))),
                Line::Try(step) => (step | JUMPS, Some(self.place(next))),
                Line::Else(place) => (set(Cell::Otherwise) | JUMPS, Some(self.find(place))),
                Line::Set(cell, number) => (set(cell) | JUMPS, Some(number)),
                Line::Jump(place) => (ALWAYS | JUMPS, Some(self.find(place))),
            };
            if next > used {
                tables[used] = step;
            }
            if let Some(follows) = follows {
                tables[used + 1] = follows;
            }
            used = next;
            at += 1;
        }
    }

    /// Stops the compiler where the machine would take a class twice that is needed once: where what follows is by chance the
    /// place of the step itself.
    pub(super) const fn check(&self, tables: &[u8]) {
        let (mut at, mut used) = (0, self.from);
        while let Some(line) = self.line(at) {
            if let Line::Need(_) = line {
                let follows = tables[used + 1] as usize;
                assert!(used != if self.unit == 1 { follows } else { self.from + follows * self.unit });
            }
            used = self.behind(line, used);
            at += 1;
        }
    }

    /// The place of what is there.
    const fn place(&self, used: usize) -> Place {
        let place = if self.unit == 1 { used } else { (used - self.from) / self.unit };
        assert!(place < RESULTS as usize && (self.unit == 1 || place * self.unit == used - self.from));
        place as Place
    }

    /// The place that has this name.
    const fn find(&self, name: Place) -> Place {
        if name >= RESULTS { name } else { self.place(self.position(name)) }
    }

    /// Where the place is that has this name.
    #[expect(clippy::panic, reason = "computed by the compiler")]
    pub(super) const fn position(&self, name: Place) -> usize {
        let (mut at, mut used) = (0, self.from);
        while let Some(line) = self.line(at) {
            used = self.behind(line, used);
            if let Line::At(here) = *line
                && here == name
            {
                return used;
            }
            at += 1;
        }
        panic!("a jump to a place that isn't there")
    }
}
