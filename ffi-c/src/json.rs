//! Canonical JSON, for a caller who keeps or sends it.

use crate::args::{apart, check, explained, slice, slice_mut};
use crate::cpu;
use crate::types::korewebhook_error;
use korewebhook::Error;

/// Writes the canonical form of a JSON text to `out`: no white space between tokens, every byte of a token kept. A
/// scalar at the top is allowed. `out` has room for `out_size` bytes and lies apart from `text`; `text_len` bytes
/// are always enough. `out_len` gets how many were written; `error`, where not NULL, gets details.
///
/// Errors: JSON_MALFORMED and JSON_TOO_DEEP (64 levels) with detail and offset; BUFFER_TOO_SMALL;
/// INVALID_ARGUMENT. `out` and `out_len` are unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_json_minify(
    text: *const u8,
    text_len: usize,
    out: *mut u8,
    out_size: usize,
    out_len: *mut usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        apart(text, text_len, out, out_size)?;
        // SAFETY: the caller's promise; both lie apart.
        let (text, out) = unsafe { (slice(text, text_len)?, slice_mut(out, out_size)?) };
        check(out_len)?;
        let written = cpu::registers().canonicalize_into(text, out)?.len();
        // SAFETY: checked above.
        unsafe { out_len.write(written) };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// As `korewebhook_json_minify`, where the text stands: `out_len` bytes of it stay.
///
/// Errors: JSON_MALFORMED, JSON_TOO_DEEP, INVALID_ARGUMENT. `text` and `out_len` are unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_json_minify_in_place(
    text: *mut u8,
    text_len: usize,
    out_len: *mut usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let text = unsafe { slice_mut(text, text_len) }?;
        check(out_len)?;
        let kept = cpu::registers().canonicalize_in_place(text)?.len();
        // SAFETY: checked above.
        unsafe { out_len.write(kept) };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// The length of the canonical form of a JSON text, in bytes.
///
/// Errors: JSON_MALFORMED, JSON_TOO_DEEP, INVALID_ARGUMENT. `out_len` is unchanged then. Threads: any.
/// Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_json_minified_len(
    text: *const u8,
    text_len: usize,
    out_len: *mut usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let len = cpu::registers().canonical_len(unsafe { slice(text, text_len) }?)?;
        check(out_len)?;
        // SAFETY: checked above.
        unsafe { out_len.write(len) };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}
