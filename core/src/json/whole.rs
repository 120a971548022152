//! Texts that are there as a whole.

use super::{Canonicalizer, MAX_DEPTH, TopLevel, compact};
use crate::error::{Error, Reason};
use crate::registers::Registers;

/// The length of the canonical form, in bytes. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`.
pub fn canonical_len(text: &[u8]) -> Result<usize, Error> {
    let mut len = 0_usize;
    visit(text, |run| len = len.saturating_add(run.len()))?;
    Ok(len)
}

/// Writes the canonical form to the front of `out` and returns it. A scalar at the top is allowed.
///
/// # Errors
/// `json-malformed`, `json-too-deep`, and `buffer-too-small`; [`canonical_len`] tells how much it takes, and
/// `text.len()` is always enough. `out` is unchanged then.
pub fn canonicalize_into<'o>(text: &[u8], out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
    let len = canonical_len(text)?;
    let out = out.get_mut(..len).ok_or(Reason::BufferTooSmall)?;
    write(text, out)?;
    Ok(out)
}

/// Writes the canonical form, whose length is that of `out`.
pub(crate) fn write(text: &[u8], out: &mut [u8]) -> Result<(), Error> {
    let mut used = 0_usize;
    visit(text, |run| {
        if let Some(place) = out.get_mut(used..).and_then(|left| left.get_mut(..run.len())) {
            place.copy_from_slice(run);
        }
        used = used.saturating_add(run.len());
    })?;
    Ok(())
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
    let len = canonical_len(text)?;
    compact(text);
    Ok(text.get_mut(..len).unwrap_or_default())
}

/// Hands out the bytes that stay.
pub(crate) fn visit(text: &[u8], sink: impl FnMut(&[u8])) -> Result<TopLevel, Error> {
    let mut canonicalizer = Canonicalizer::new(MAX_DEPTH);
    canonicalizer.update_after(Registers::default(), 0, text, sink)?;
    canonicalizer.finish()
}
