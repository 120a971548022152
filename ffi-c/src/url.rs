//! Callback URLs.

use crate::args::{INVALID, bytes, check, explained, number, slice};
use crate::types::{korewebhook_bytes, korewebhook_error};
use crate::verifier::{KOREWEBHOOK_WARNING_URL_BARE_HOST, KOREWEBHOOK_WARNING_URL_HTTP};
use korewebhook::url::prefix_conflict;
use korewebhook::{Error, Reason, SignedUrl};

/// Checks a callback URL as it was registered and says how long the part is that is signed: `signed_len` bytes
/// from its beginning, up to the query or the fragment. `warnings`, where not NULL, gets a sum of
/// `KOREWEBHOOK_WARNING_URL_*`; `error`, where not NULL, gets details.
///
/// Errors: URL_INVALID with a detail; INVALID_ARGUMENT. `signed_len` and `warnings` are unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_url_check(
    url: *const u8,
    url_len: usize,
    signed_len: *mut usize,
    warnings: *mut u32,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let url = SignedUrl::new(unsafe { slice::<u8>(url, url_len) }?)?;
        check(signed_len)?;
        // SAFETY: checked above.
        unsafe { signed_len.write(url.as_bytes().len()) };
        if !warnings.is_null() {
            let http = if url.is_plain_http() { KOREWEBHOOK_WARNING_URL_HTTP } else { 0 };
            let bare = if url.is_bare_host() { KOREWEBHOOK_WARNING_URL_BARE_HOST } else { 0 };
            // SAFETY: not null, and the caller's promise.
            unsafe { warnings.write(http | bare) };
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// Checks that no callback URL of a program is a prefix of another, or equal to it: their signatures would be
/// interchangeable. `shorter` and `longer`, where not NULL, get the indices of the first two that are, and are
/// unchanged otherwise. The time grows with the square of `urls_len`.
///
/// Errors: URL_PREFIX_CONFLICT, URL_INVALID, INVALID_ARGUMENT. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_url_check_prefix_free(
    urls: *const korewebhook_bytes,
    urls_len: usize,
    shorter: *mut usize,
    longer: *mut usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let urls = unsafe { slice::<korewebhook_bytes>(urls, urls_len) }?;
        // SAFETY: the caller's promise.
        let url = |at: usize| SignedUrl::new(unsafe { bytes(*urls.get(at).ok_or(INVALID)?) }?);
        for at in 0..urls.len() {
            url(at)?;
        }
        for first in 0..urls.len() {
            for second in first.saturating_add(1)..urls.len() {
                let Some((prefix, _)) = prefix_conflict(&[url(first)?, url(second)?]) else { continue };
                let (short, long) = if prefix == 0 { (first, second) } else { (second, first) };
                for (out, index) in [(shorter, short), (longer, long)] {
                    if !out.is_null() {
                        // SAFETY: not null, and the caller's promise.
                        unsafe { out.write(index) };
                    }
                }
                return Err(Reason::UrlPrefixConflict.into());
            }
        }
        Ok(())
    };
    number(run())
}
