//! Verification in little code and memory, for firmware: a request that is there as a whole, one hash state however
//! many secrets there are, and of what is wrong only the reason.
//!
//! There are two ways: [`whole`] looks at all that a request has, [`json`] at what JSON by POST has, in less code.
//!
//! The reasons come in the order of [`CHECK_ORDER`](crate::CHECK_ORDER) because the checks are made in that order. Inside,
//! a reason is its number.

mod content;
mod fields;
mod forms;
mod grammar;
mod json;
mod machine;
mod table;
mod values;
mod whole;

use crate::content::Format;
use crate::json::compact;
use crate::registers::Registers;

// The numbers of formats, below those of reasons; 0 is that of a GET's.
const JSON: u32 = Format::Json as u32;
const FORM: u32 = Format::Form as u32;

/// What [`Verifier::judge_once`](crate::Verifier::judge_once) knows of a request that it accepts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Once {
    /// Which secret of the ring matched, from 0.
    pub secret_index: usize,
    /// The length of the canonical body, in bytes: that is what was signed.
    pub canonical_len: usize,
    /// In a whole word, which is less code.
    format: u32,
}

impl Once {
    /// What was known in another form. Whoever makes one vouches for it.
    #[must_use]
    pub const fn new(format: Option<Format>, secret_index: usize, canonical_len: usize) -> Self {
        let format = match format {
            Some(format) => format as u32,
            None => 0,
        };
        Self { secret_index, canonical_len, format }
    }

    /// The number of what the body is: 1 for JSON, 2 for a form, 0 for a GET.
    #[must_use]
    pub const fn format_number(&self) -> u32 {
        self.format
    }

    /// What the body is; `None` for a GET, of which nothing is authentic.
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        match self.format {
            JSON => Some(Format::Json),
            FORM => Some(Format::Form),
            _ => None,
        }
    }

    /// Compacts the body, which was accepted, to its canonical form where it stands.
    pub fn compact(&self, registers: Registers, body: &mut [u8]) {
        if self.format == JSON {
            compact(registers, body);
        }
    }
}

/// A request that is there as a whole. It is laid out as an array of its texts.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Request<'r> {
    /// As it stands in the request line.
    pub method: &'r [u8],
    /// What follows the request line, as [`Head::from_field_lines`](crate::Head::from_field_lines) takes it.
    pub field_lines: &'r [u8],
    /// The body.
    pub body: &'r [u8],
}
