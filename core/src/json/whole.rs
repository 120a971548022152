//! Texts that are there as a whole.

use super::{Canonicalizer, MAX_DEPTH, TopLevel, compact};
use crate::error::{Error, Reason};
use crate::registers::Registers;

/// The length of the canonical form, in bytes. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`.
pub fn canonical_len(text: &[u8]) -> Result<usize, Error> {
    Registers::default().canonical_len(text)
}

/// Writes the canonical form to the front of `out` and returns it. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`, and `buffer-too-small`; [`canonical_len`] tells how much it takes, and
/// `text.len()` is always enough. `out` is unchanged then.
pub fn canonicalize_into<'o>(text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
    Registers::default().canonicalize_into(text, out)
}

/// Compacts the text to its canonical form where it stands and returns it. A scalar at the top is allowed.
///
/// ```
/// let mut text = *br#"{ "a" : [ 1.50, "b  c" ] }"#;
/// assert_eq!(korewebhook::json::canonicalize_in_place(&mut text)?, br#"{"a":[1.50,"b  c"]}"#);
/// # Ok::<(), korewebhook::Error>(())
/// ```
///
/// # Errors
/// `json-malformed`, `json-too-deep`. `text` is unchanged then.
pub fn canonicalize_in_place(text: &mut [u8]) -> Result<&mut [u8], Error> {
    Registers::default().canonicalize_in_place(text)
}

pub(crate) fn write(text: &[u8], out: &mut [u8]) -> Result<(), Error> {
    Registers::default().write(text, out)
}

pub(crate) fn visit(text: &[u8], sink: impl FnMut(&[u8])) -> Result<TopLevel, Error> {
    Registers::default().visit(text, sink)
}

impl Registers {
    /// As [`canonical_len`](crate::json::canonical_len), in these.
    ///
    /// # Errors
    /// As there.
    pub fn canonical_len(self, text: &[u8]) -> Result<usize, Error> {
        let mut len = 0_usize;
        self.visit(text, |run| len = len.saturating_add(run.len()))?;
        Ok(len)
    }

    /// As [`canonicalize_into`](crate::json::canonicalize_into), in these.
    ///
    /// # Errors
    /// As there.
    pub fn canonicalize_into<'o>(self, text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
        let len = self.canonical_len(text)?;
        let out = out.get_mut(..len).ok_or(Reason::BufferTooSmall)?;
        self.write(text, out)?;
        Ok(out)
    }

    /// As [`canonicalize_in_place`](crate::json::canonicalize_in_place), in these.
    ///
    /// # Errors
    /// As there.
    pub fn canonicalize_in_place(self, text: &mut [u8]) -> Result<&mut [u8], Error> {
        let len = self.canonical_len(text)?;
        compact(self, text);
        Ok(text.get_mut(..len).unwrap_or_default())
    }

    /// Writes the canonical form, whose length is that of `out`.
    pub(crate) fn write(self, text: &[u8], out: &mut [u8]) -> Result<(), Error> {
        let mut used = 0_usize;
        self.visit(text, |run| {
            if let Some(place) = out.get_mut(used..).and_then(|left| left.get_mut(..run.len())) {
                place.copy_from_slice(run);
            }
            used = used.saturating_add(run.len());
        })?;
        Ok(())
    }

    /// Hands out the bytes that stay.
    pub(crate) fn visit(self, text: &[u8], sink: impl FnMut(&[u8])) -> Result<TopLevel, Error> {
        let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
        canonicalizer.update_after(self, 0, text, sink)?;
        canonicalizer.finish()
    }
}
