//! `Authorization: Bearer`, which may stand beside a signature.

use crate::args::{bytes, check, number, slice};
use crate::head::pairs;
use crate::types::{korewebhook_bytes, korewebhook_header};
use korewebhook::scheme::bearer;
use korewebhook::{Error, KeyRing, MAX_SECRETS};

/// How long a bearer token of the configuration may be, in bytes.
pub const KOREWEBHOOK_MAX_TOKEN: usize = 256;

/// Checks the bearer token of a request (RFC 6750) against 1 to 8 configured ones, each at most 256 bytes, in
/// constant time. `token_index` gets which one it was, from 0. It takes about 3 KiB of stack, wiped.
///
/// Errors: SECRET_EMPTY, SECRET_FORMAT, SECRET_NUL, SECRET_WHITESPACE, SECRET_TOO_LONG, TOO_MANY_SECRETS;
/// BEARER_MISSING, BEARER_DUPLICATE, BEARER_FORMAT, BEARER_MISMATCH; INVALID_ARGUMENT. `token_index` is unchanged
/// then. Threads: any. Interrupts: where the stack allows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_bearer_verify(
    headers: *const korewebhook_header,
    headers_len: usize,
    tokens: *const korewebhook_bytes,
    tokens_len: usize,
    token_index: *mut u32,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let headers = unsafe { pairs(headers, headers_len) }?;
        let mut ring: KeyRing<MAX_SECRETS, KOREWEBHOOK_MAX_TOKEN> = KeyRing::new();
        // SAFETY: the caller's promise.
        for token in unsafe { slice::<korewebhook_bytes>(tokens, tokens_len) }? {
            // SAFETY: the caller's promise.
            ring.push(unsafe { bytes(*token) }?)?;
        }
        check(token_index)?;
        let index = bearer::verify(headers, &ring)?;
        // SAFETY: checked above.
        unsafe { token_index.write(u32::try_from(index).unwrap_or(u32::MAX)) };
        Ok(())
    };
    number(run())
}
