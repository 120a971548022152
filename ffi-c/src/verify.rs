//! Verification of a body that is there as a whole.

use crate::args::{check, number, slice, slice_mut};
use crate::head::korewebhook_head;
use crate::opaque::get;
use crate::storage::Room;
use crate::types::{format_number, korewebhook_receipt};
use crate::verifier::{engine, korewebhook_verifier};
use core::ffi::c_void;
use korewebhook::{Accepted, Reason};

/// Verifies a request whose body is there as a whole, and leaves the body as it is.
///
/// `storage` is working memory, at least `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes aligned to
/// `KOREWEBHOOK_STORAGE_ALIGN`; it holds nothing when the function returns and what was secret in it is wiped.
/// `receipt` gets what is known of the request.
///
/// Errors: any reason of head, body and verdict (numbers 21 to 71); HASH_BACKEND; BUFFER_TOO_SMALL for the
/// storage; INVALID_ARGUMENT. `receipt` is unchanged then. To the sender goes
/// `korewebhook_http_status(number)`, never the reason.
/// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
/// for each secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verify(
    verifier: *const korewebhook_verifier,
    head: *const korewebhook_head,
    body: *const u8,
    body_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    receipt: *mut korewebhook_receipt,
) -> i32 {
    let run = || -> Result<(), Reason> {
        // SAFETY: the caller's promise.
        let held = unsafe { get(verifier) }?;
        // SAFETY: the caller's promise.
        let head = unsafe { get(head) }?;
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }?;
        check(receipt)?;
        let room = Room { data: storage, len: storage_size };
        // SAFETY: the caller's promise.
        let accepted = unsafe { engine!(held, judge(head, body, room)) }.map_err(|error| error.reason())?;
        // SAFETY: checked above.
        unsafe { write(receipt, &accepted) };
        Ok(())
    };
    number(run())
}

/// As `korewebhook_verify`, and compacts a body that is accepted to its canonical form where it stands:
/// `receipt->canonical_len` bytes of it are what was signed and what an application should parse.
///
/// Errors: as there. `body` and `receipt` are unchanged then.
/// Threads: any, each with its own `storage` and `body`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verify_in_place(
    verifier: *const korewebhook_verifier,
    head: *const korewebhook_head,
    body: *mut u8,
    body_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    receipt: *mut korewebhook_receipt,
) -> i32 {
    let run = || -> Result<(), Reason> {
        // SAFETY: the caller's promise.
        let held = unsafe { get(verifier) }?;
        // SAFETY: the caller's promise.
        let head = unsafe { get(head) }?;
        // SAFETY: the caller's promise.
        let body = unsafe { slice_mut(body, body_len) }?;
        check(receipt)?;
        let room = Room { data: storage, len: storage_size };
        // SAFETY: the caller's promise.
        let accepted =
            unsafe { engine!(held, judge_in_place(head, body, room)) }.map_err(|error| error.reason())?;
        // SAFETY: checked above.
        unsafe { write(receipt, &accepted) };
        Ok(())
    };
    number(run())
}

/// Writes a receipt without a key, field by field: no copy of the whole.
///
/// # Safety
/// `out` can be written to.
pub(crate) unsafe fn write(out: *mut korewebhook_receipt, accepted: &Accepted) {
    let (received_len, canonical_len, index, format) = match accepted {
        Accepted::Delivery(r) => (r.received_len, r.canonical_len, r.secret_index, format_number(r.format)),
        Accepted::EndpointOnly(endpoint) => (0, 0, endpoint.secret_index, 0),
    };
    // SAFETY: the caller's promise.
    unsafe {
        (*out).received_len = received_len;
        (*out).canonical_len = canonical_len;
        (*out).secret_index = u32::try_from(index).unwrap_or(u32::MAX);
        (*out).format = format;
        (*out).endpoint_only = format == 0;
        (*out).has_key = false;
    }
}
