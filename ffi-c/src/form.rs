//! The fields of a verified form body.

use crate::args::{apart, check, given, number, slice, slice_mut};
use crate::head::KOREWEBHOOK_ABSENT;
use crate::opaque::{Opaque, fits, get_mut, put};
use crate::types::korewebhook_bytes;
use korewebhook::{Error, Fields, FormText};

/// The size of a korewebhook_form, in pointers.
pub const KOREWEBHOOK_FORM_POINTERS: usize = 4;

/// The fields of a form body, one after the other. It borrows the body. There is nothing to release.
#[repr(C)]
#[derive(Debug)]
pub struct korewebhook_form {
    /// Not for callers.
    pub opaque: [usize; KOREWEBHOOK_FORM_POINTERS],
}

// SAFETY: the assertion below.
unsafe impl Opaque for korewebhook_form {
    type Value = Fields<'static>;
    const MARK: usize = 0x666f_726d;
}

const _: () = assert!(fits::<korewebhook_form>());

/// Begins with the first field of a form body that was verified.
///
/// Errors: INVALID_ARGUMENT. `form` is unchanged then. Threads: any, each with its own `form`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_form_init(
    form: *mut korewebhook_form,
    body: *const u8,
    body_len: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }?;
        // SAFETY: the caller's promise.
        unsafe { put(form, &Fields::from_verified(body)) }?;
        Ok(())
    };
    number(run())
}

/// Gives the next field as it stands in the body, percent-encoded: `korewebhook_form_decode` decodes. A field
/// without `=` has an empty value; an empty piece between two `&` is passed over.
///
/// Errors: ABSENT after the last one; INVALID_ARGUMENT. `name` and `value` are unchanged then.
/// Threads: one at a time for each `form`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_form_next(
    form: *mut korewebhook_form,
    name: *mut korewebhook_bytes,
    value: *mut korewebhook_bytes,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let fields = unsafe { get_mut(form) }?;
        check(name)?;
        check(value)?;
        let Some((its_name, its_value)) = fields.next() else { return Ok(KOREWEBHOOK_ABSENT) };
        // SAFETY: checked above.
        unsafe {
            name.write(given(its_name.raw()));
            value.write(given(its_value.raw()));
        }
        Ok(0)
    };
    run().unwrap_or_else(|error| error.number())
}

/// The value of the only field of this name, which is given decoded; the value is as it stands in the body.
///
/// Errors: ABSENT where there is none, or more than one; INVALID_ARGUMENT. `value` is unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_form_only(
    body: *const u8,
    body_len: usize,
    name: *const u8,
    name_len: usize,
    value: *mut korewebhook_bytes,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let (body, name) = unsafe { (slice(body, body_len)?, slice(name, name_len)?) };
        check(value)?;
        let Some(found) = Fields::from_verified(body).only(name) else { return Ok(KOREWEBHOOK_ABSENT) };
        // SAFETY: checked above.
        unsafe { value.write(given(found.raw())) };
        Ok(0)
    };
    run().unwrap_or_else(|error| error.number())
}

/// Decodes a name or a value: `+` is a space, `%` and two hexadecimal digits are a byte, any other `%` is itself.
/// `out` has room for `out_size` bytes and lies apart from `raw`; `raw_len` bytes are always enough. `out_len`
/// gets how many were written. A decoded value may be any bytes, NUL and invalid UTF-8 included.
///
/// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `out` and `out_len` are unchanged then. Threads: any.
/// Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_form_decode(
    raw: *const u8,
    raw_len: usize,
    out: *mut u8,
    out_size: usize,
    out_len: *mut usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        apart(raw, raw_len, out, out_size)?;
        // SAFETY: the caller's promise; both lie apart.
        let (raw, out) = unsafe { (slice(raw, raw_len)?, slice_mut(out, out_size)?) };
        check(out_len)?;
        let written = FormText::from_raw(raw).decode_into(out)?.len();
        // SAFETY: checked above.
        unsafe { out_len.write(written) };
        Ok(())
    };
    number(run())
}
