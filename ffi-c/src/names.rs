//! Numbers to names and sentences, as C strings.

use crate::head::{KOREWEBHOOK_ABSENT, KOREWEBHOOK_DUPLICATE, KOREWEBHOOK_MALFORMED};
use core::ffi::{CStr, c_char};
use korewebhook::replay::LeaseError;
use korewebhook::{Detail, Error, Reason};

/// Texts of the core as C has them: each ended by NUL, one behind the other, made when the library is compiled.
macro_rules! texts {
    ($name:ident, $all:expr, $text:ident) => {
        // What panics here is no program that compiles.
        #[expect(clippy::indexing_slicing)]
        static $name: [u8; {
            let (mut at, mut size) = (0, 0_usize);
            while at < $all.len() {
                size += $all[at].$text().len() + 1;
                at += 1;
            }
            size
        }] = {
            let mut made = [0; $name.len()];
            let (mut at, mut used) = (0, 0_usize);
            while at < $all.len() {
                let text = $all[at].$text().as_bytes();
                let mut from = 0;
                while from < text.len() {
                    made[used] = text[from];
                    used += 1;
                    from += 1;
                }
                used += 1;
                at += 1;
            }
            made
        };
    };
}

texts!(REASON_NAMES, Reason::ALL, name);
texts!(REASON_HINTS, Reason::ALL, hint);
texts!(DETAIL_NAMES, Detail::ALL, name);

const UNKNOWN: &CStr = c"unknown";

/// The text of this index; "unknown" where there is none.
fn text(texts: &'static [u8], index: Option<usize>) -> *const c_char {
    let found = index.and_then(|index| texts.split_inclusive(|&byte| byte == 0).nth(index));
    found.and_then(|text| CStr::from_bytes_with_nul(text).ok()).unwrap_or(UNKNOWN).as_ptr()
}

fn reason(number: i32) -> Option<usize> {
    Reason::ALL.iter().position(|reason| reason.number() == number)
}

/// The stable name of what a function returned, as `signature-mismatch`, for logs and metrics: static, ends with
/// NUL, never NULL. "ok" for 0, "unknown" for a number that this version doesn't know.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_error_name(number: i32) -> *const c_char {
    const LOST: i32 = LeaseError::LostLease.number();
    const COMMITTED: i32 = LeaseError::AlreadyCommitted.number();
    match number {
        0 => c"ok".as_ptr(),
        KOREWEBHOOK_ABSENT => c"absent".as_ptr(),
        KOREWEBHOOK_DUPLICATE => c"duplicate".as_ptr(),
        KOREWEBHOOK_MALFORMED => c"malformed".as_ptr(),
        LOST => c"lost-lease".as_ptr(),
        COMMITTED => c"already-committed".as_ptr(),
        _ => text(&REASON_NAMES, reason(number)),
    }
}

/// A sentence that says what to do about an error, without data of the message or of the configuration: static,
/// ends with NUL, never NULL. "" where there is none.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_error_hint(number: i32) -> *const c_char {
    match reason(number) {
        None => c"".as_ptr(),
        index => text(&REASON_HINTS, index),
    }
}

/// The stable name of a `detail`, as `url-host`: static, ends with NUL, never NULL. "" for 0, "unknown" for a
/// number that this version doesn't know.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_detail_name(detail: i32) -> *const c_char {
    match detail {
        0 => c"".as_ptr(),
        _ => text(&DETAIL_NAMES, Detail::ALL.iter().position(|known| known.number() == detail)),
    }
}

/// What a receiver answers to the sender, and nothing with it: 204 for 0, 413 for BODY_TOO_LARGE, 503 for
/// HASH_BACKEND so that the sender comes again, one opaque 401 for all else.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_http_status(number: i32) -> i32 {
    match (number, Reason::from_number(number)) {
        (0, _) => 204,
        (_, Some(reason)) => i32::from(Error::new(reason).http_status()),
        (_, None) => 401,
    }
}
