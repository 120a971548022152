//! Signing, for senders of one's own and for tests.

use crate::args::{INVALID, apart, check, number, slice};
use crate::opaque::get;
use crate::storage::Room;
use crate::types::format_of;
use crate::verifier::{engine, korewebhook_verifier};
use core::ffi::c_void;
use korewebhook::{Error, Format, Reason, SIGNATURE_LEN};

/// The length of a signature in characters. There is no NUL behind them.
pub const KOREWEBHOOK_SIGNATURE_LEN: usize = 64;

const _: () = assert!(KOREWEBHOOK_SIGNATURE_LEN == SIGNATURE_LEN);

/// Signs a POST with the first secret of a verifier and writes 64 lower-case hexadecimal digits, without a NUL,
/// to `signature`. JSON is signed in its canonical form, whatever white space `body` has. What wouldn't verify
/// isn't signed.
///
/// `format` is `KOREWEBHOOK_FORMAT_JSON` or `KOREWEBHOOK_FORMAT_FORM`. `storage` is at least
/// `KOREWEBHOOK_STORAGE_SIZE(1)` bytes, of the verifier's kind.
///
/// Errors: any reason of the body (numbers 51 to 61); HASH_BACKEND; BUFFER_TOO_SMALL; INVALID_ARGUMENT.
/// `signature` is unchanged then. Threads: any, each with its own `storage`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_sign(
    verifier: *const korewebhook_verifier,
    format: i32,
    body: *const u8,
    body_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    signature: *mut u8,
    signature_size: usize,
) -> i32 {
    let room = Room { data: storage, len: storage_size };
    let run = || -> Result<(), Error> {
        let format = format_of(format).ok_or(INVALID)?;
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }?;
        // SAFETY: the caller's promise.
        unsafe { sign(verifier, Some(format), body, room, signature, signature_size) }
    };
    number(run())
}

/// As `korewebhook_sign`, for a GET, which has no body: the signature is a constant of the endpoint.
///
/// Errors: GET_DISABLED unless the verifier allows it; HASH_BACKEND; BUFFER_TOO_SMALL; INVALID_ARGUMENT.
/// `signature` is unchanged then. Threads: any, each with its own `storage`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_sign_get(
    verifier: *const korewebhook_verifier,
    storage: *mut c_void,
    storage_size: usize,
    signature: *mut u8,
    signature_size: usize,
) -> i32 {
    let room = Room { data: storage, len: storage_size };
    // SAFETY: the caller's promise.
    number(unsafe { sign(verifier, None, &[], room, signature, signature_size) })
}

/// # Safety
/// Pointers are null or point to what they say.
unsafe fn sign(
    verifier: *const korewebhook_verifier,
    format: Option<Format>,
    body: &[u8],
    room: Room,
    out: *mut u8,
    out_size: usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let held = unsafe { get(verifier) }?;
    if out_size < SIGNATURE_LEN {
        return Err(Reason::BufferTooSmall.into());
    }
    check(out)?;
    apart(out, SIGNATURE_LEN, room.data, room.len)?;
    apart(out, SIGNATURE_LEN, body.as_ptr(), body.len())?;
    // SAFETY: the caller's promise.
    let signature = unsafe { engine!(held, sign(format, body, room)) }?;
    let mut hex = [0; SIGNATURE_LEN];
    signature.to_hex(&mut hex);
    // SAFETY: checked above.
    unsafe { out.cast::<[u8; SIGNATURE_LEN]>().write(hex) };
    Ok(())
}
