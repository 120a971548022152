//! Times.

use crate::args::{check, number, slice};
use korewebhook::date::{DATE_LEN, format, parse, parse_rfc3339};
use korewebhook::{Error, Reason};

/// The length of KORE's date in characters. There is no NUL behind them.
pub const KOREWEBHOOK_DATE_LEN: usize = 20;

const _: () = assert!(KOREWEBHOOK_DATE_LEN == DATE_LEN);

/// Reads a date as KORE sends it, `2024-07-03T14:40:58Z`, in seconds since 1970-01-01T00:00:00Z.
///
/// Errors: DATE_FORMAT, DATE_RANGE, INVALID_ARGUMENT. `seconds` is unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_date_parse(text: *const u8, text_len: usize, seconds: *mut u64) -> i32 {
    // SAFETY: the caller's promise.
    number(unsafe { read(text, text_len, seconds, parse) })
}

/// Reads an RFC 3339 time, as in an event (`2024-09-25T19:09:48.5842087+00:00`), in milliseconds since
/// 1970-01-01T00:00:00Z. Digits after the third decimal are dropped.
///
/// Errors: DATE_FORMAT, DATE_RANGE, INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any.
/// Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_date_parse_rfc3339(
    text: *const u8,
    text_len: usize,
    milliseconds: *mut u64,
) -> i32 {
    // SAFETY: the caller's promise.
    number(unsafe { read(text, text_len, milliseconds, parse_rfc3339) })
}

/// Writes seconds since 1970 as KORE writes them: 20 characters, without a NUL.
///
/// Errors: DATE_RANGE after the year 9999; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `out` is unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_date_format(seconds: u64, out: *mut u8, out_size: usize) -> i32 {
    let run = || -> Result<(), Error> {
        if out_size < DATE_LEN {
            return Err(Reason::BufferTooSmall.into());
        }
        check(out)?;
        let mut text = [0; DATE_LEN];
        format(seconds, &mut text)?;
        // SAFETY: checked above.
        unsafe { out.cast::<[u8; DATE_LEN]>().write(text) };
        Ok(())
    };
    number(run())
}

/// # Safety
/// The pointers are null or point to what they say.
unsafe fn read(
    text: *const u8,
    text_len: usize,
    out: *mut u64,
    read: impl FnOnce(&[u8]) -> Result<u64, Error>,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let value = read(unsafe { slice(text, text_len) }?)?;
    check(out)?;
    // SAFETY: checked above.
    unsafe { out.write(value) };
    Ok(())
}
