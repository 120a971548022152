//! Arguments: pointers and lengths of C to references, checked as far as they can be.

use crate::types::{korewebhook_bytes, korewebhook_error};
use korewebhook::{Error, Reason};

pub(crate) const INVALID: Reason = Reason::InvalidArgument;

/// 0, or the number of the error.
pub(crate) fn number(result: Result<(), impl Into<Error>>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => error.into().number(),
    }
}

/// As [`number`], with the error written to where the caller wants it.
///
/// # Safety
/// `out` is null or may be written to.
pub(crate) unsafe fn explained(result: Result<(), Error>, out: *mut korewebhook_error) -> i32 {
    if let (Err(error), false) = (&result, out.is_null()) {
        // SAFETY: not null, and the caller's promise.
        unsafe { out.write(korewebhook_error::of(error)) };
    }
    number(result)
}

/// Whether a pointer can point to a `T` at all.
pub(crate) fn check<T>(pointer: *const T) -> Result<(), Reason> {
    if pointer.is_null() || !pointer.is_aligned() { Err(INVALID) } else { Ok(()) }
}

/// `len` values from `data` on; none for `(NULL, 0)`.
///
/// # Safety
/// Where `data` is not null, `len` values can be read there as long as `'a` lasts.
pub(crate) unsafe fn slice<'a, T>(data: *const T, len: usize) -> Result<&'a [T], Reason> {
    if len == 0 {
        return Ok(&[]);
    }
    check(data)?;
    check_len::<T>(len)?;
    // SAFETY: not null, aligned, no longer than an object can be, and the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts(data, len) })
}

/// As [`slice`], to be written to.
///
/// # Safety
/// As for [`slice`]; nobody else reads or writes there.
pub(crate) unsafe fn slice_mut<'a, T>(data: *mut T, len: usize) -> Result<&'a mut [T], Reason> {
    if len == 0 {
        return Ok(&mut []);
    }
    check(data)?;
    check_len::<T>(len)?;
    // SAFETY: not null, aligned, no longer than an object can be, and the caller's promise.
    Ok(unsafe { core::slice::from_raw_parts_mut(data, len) })
}

/// As [`slice`], of a structure's bytes.
///
/// # Safety
/// As for [`slice`].
pub(crate) unsafe fn bytes<'a>(bytes: korewebhook_bytes) -> Result<&'a [u8], Reason> {
    // SAFETY: the caller's promise.
    unsafe { slice(bytes.data, bytes.len) }
}

fn check_len<T>(len: usize) -> Result<(), Reason> {
    match len.checked_mul(size_of::<T>()) {
        Some(size) if isize::try_from(size).is_ok() => Ok(()),
        _ => Err(INVALID),
    }
}

/// An error where two ranges share a byte.
pub(crate) fn apart<T, U>(a: *const T, a_len: usize, b: *const U, b_len: usize) -> Result<(), Reason> {
    let (a, b) = (a.addr(), b.addr());
    // Whether one begins in the other one, where there is something of it.
    let shared = a.wrapping_sub(b) < b_len && a_len != 0 || b.wrapping_sub(a) < a_len && b_len != 0;
    if shared { Err(INVALID) } else { Ok(()) }
}

/// Bytes for C.
pub(crate) const fn given(bytes: &[u8]) -> korewebhook_bytes {
    korewebhook_bytes { data: bytes.as_ptr(), len: bytes.len() }
}
