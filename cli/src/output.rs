//! What goes out: results to standard output, all else to standard error. A closed pipe is an error, never a
//! panic.

use crate::failure::Failure;
use std::fmt::Display;
use std::io::{self, Write as _};

/// Writes the result of a command, one line or several.
pub(crate) fn result(text: impl Display) -> Result<(), Failure> {
    let text = format!("{text}\n");
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Failed(format!("can't write to standard output: {error}")))
}

/// Writes a line to standard error, in one piece so that lines of several threads don't mix.
pub(crate) fn note(text: impl Display) {
    // Nobody is left to tell if this fails.
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}
