//! Verification of a body that is there as a whole.

use crate::args::{INVALID, bytes, check, number, slice, slice_mut};
use crate::head::korewebhook_head;
use crate::opaque::{find, get};
use crate::storage::{Frame, Laid as _, Room};
use crate::types::{
    KOREWEBHOOK_FORMAT_FORM, KOREWEBHOOK_FORMAT_JSON, korewebhook_bytes, korewebhook_receipt,
};
use crate::verifier::{engine, korewebhook_verifier};
use core::ffi::c_void;
use core::mem::MaybeUninit;
use korewebhook::{Format, Once, Reason, Request};

/// Verifies a request whose body is there as a whole, and leaves the body as it is.
///
/// `storage` is working memory, at least `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes aligned to
/// `KOREWEBHOOK_STORAGE_ALIGN`; it holds nothing when the function returns and what was secret in it is wiped.
/// `receipt` gets what is known of the request.
///
/// Without an operating system, this is `korewebhook_verify_request` behind a head, and uses as little.
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
        let once = unsafe { engine!(held, judge(head, body, room)) }?;
        // SAFETY: checked above.
        unsafe { write(receipt, body_len, &once) };
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
        let once = unsafe { engine!(held, judge_in_place(head, body, room)) }?;
        // SAFETY: checked above.
        unsafe { write(receipt, body_len, &once) };
        Ok(())
    };
    number(run())
}

/// A request that is there as a whole. The three are borrowed for the call.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_request {
    /// As it stands in the request line, as `POST`.
    pub method: korewebhook_bytes,
    /// What follows the request line, up to the empty line or the end. A bare LF is accepted as a line break.
    pub field_lines: korewebhook_bytes,
    /// The body.
    pub body: korewebhook_bytes,
}

/// As `korewebhook_verify`, without a head, in little code and memory: made for firmware.
///
/// `storage` is room for one hash context, however many secrets there are: `KOREWEBHOOK_SHA256_CONTEXT_SIZE` bytes, or
/// the `context_size` of the caller's table, rounded up to a multiple of 8; nothing of it is used for `hmac-sha256`. It
/// is aligned to `KOREWEBHOOK_STORAGE_ALIGN`; what was secret in it is wiped.
///
/// Errors: as for `korewebhook_verify`; HEAD_MALFORMED. `receipt` is unchanged then.
/// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
/// for each secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verify_request(
    verifier: *const korewebhook_verifier,
    request: *const korewebhook_request,
    storage: *mut c_void,
    storage_size: usize,
    receipt: *mut korewebhook_receipt,
) -> i32 {
    let run = || -> Option<u32> {
        // SAFETY: the caller's promise.
        let held = unsafe { find(verifier) }?;
        check(receipt).and(check(request)).ok()?;
        // SAFETY: checked; three of the same, one behind the other.
        let given = unsafe { &*request.cast::<[korewebhook_bytes; 3]>() };
        let mut texts = MaybeUninit::<Request<'_>>::uninit();
        for (at, &text) in given.iter().enumerate() {
            // SAFETY: a request is laid out as its texts; the caller's promise.
            unsafe { texts.as_mut_ptr().cast::<&[u8]>().add(at).write(bytes(text).ok()?) };
        }
        // SAFETY: all three were written.
        let texts = unsafe { texts.assume_init_ref() };
        let room = Room { data: storage, len: storage_size };
        // SAFETY: checked, and the caller's promise.
        Some(unsafe { engine!(held, judge_request(texts, &room, receipt)) })
    };
    run().unwrap_or(INVALID as u32) as i32
}

/// Verifies JSON that was sent by POST, in the least code: made for firmware that knows what it is sent.
///
/// `field_lines` are what follows the request line, up to the empty line or the end, as for `korewebhook_verify_request`.
/// `storage` is room for one hash context, as there; a body or field lines in that are INVALID_ARGUMENT.
/// Method, content type and content encoding aren't looked at: the caller says what they are, and nothing signs the latter
/// two. What was signed is what `korewebhook_json_minify` makes of the body. All secrets are tried; which one has signed
/// isn't told.
///
/// Errors: HEAD_MALFORMED, BODY_TOO_LARGE, those of the signature (SIGNATURE_MISSING to SIGNATURE_FORMAT), NUL_IN_BODY,
/// EMPTY_BODY whatever is allowed, JSON_MALFORMED, JSON_TOO_DEEP, JSON_TOP_LEVEL, SIGNATURE_MISMATCH; HASH_BACKEND, before
/// the body is looked at where a message can't be begun; BUFFER_TOO_SMALL for the storage; INVALID_ARGUMENT, also for a
/// verifier of `hmac-sha256`, whatever the storage.
/// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
/// for each secret.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verify_json(
    verifier: *const korewebhook_verifier,
    field_lines: *const u8,
    field_lines_len: usize,
    body: *const u8,
    body_len: usize,
    storage: *mut c_void,
    storage_size: usize,
) -> i32 {
    let run = || -> Option<u32> {
        // SAFETY: the caller's promise.
        let held = unsafe { find(verifier) }?;
        // SAFETY: the caller's promise.
        let field_lines = unsafe { slice(field_lines, field_lines_len) }.ok()?;
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }.ok()?;
        // One check after the other is the least code.
        if held.hmac.is_some() {
            return None;
        }
        check(storage.cast::<Frame>()).ok()?;
        let scheme = held.engine.scheme;
        let size = scheme.context_size();
        if storage_size < size {
            return Some(Reason::BufferTooSmall as u32);
        }
        // What is used of the storage is all that counts.
        let begin = storage.addr();
        let end = begin.wrapping_add(size);
        if end > body.as_ptr().addr() && body.as_ptr_range().end.addr() > begin {
            return None;
        }
        if end > field_lines.as_ptr().addr() && field_lines.as_ptr_range().end.addr() > begin {
            return None;
        }
        // SAFETY: checked, and the caller's promise.
        let scheme = unsafe { scheme.once(storage) };
        Some(held.engine.core.judge_json(scheme, field_lines, body).err().unwrap_or(0))
    };
    run().unwrap_or(INVALID as u32) as i32
}

/// Writes a receipt without a key, field by field: no copy of the whole.
///
/// # Safety
/// `out` can be written to.
pub(crate) unsafe fn write(out: *mut korewebhook_receipt, received_len: usize, once: &Once) {
    // SAFETY: the caller's promise.
    unsafe {
        (*out).received_len = received_len;
        (*out).canonical_len = once.canonical_len;
        (*out).secret_index = once.secret_index as u32;
        (*out).format = once.format_number() as i32;
        (*out).endpoint_only = once.format_number() == 0;
        (*out).has_key = false;
    }
}

// The numbers of formats are those of the core.
const _: () = assert!(Once::new(Some(Format::Json), 0, 0).format_number() as i32 == KOREWEBHOOK_FORMAT_JSON);
const _: () = assert!(Once::new(Some(Format::Form), 0, 0).format_number() as i32 == KOREWEBHOOK_FORMAT_FORM);
