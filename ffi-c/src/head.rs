//! Heads: the method and KORE's header fields.

use crate::args::{INVALID, bytes, check, explained, given, number, slice};
use crate::opaque::{Opaque, fits, get, get_mut, put};
use crate::types::{korewebhook_bytes, korewebhook_error, korewebhook_header};
use korewebhook::{Error, Head, Reason, Unsigned};

/// The size of a head, in pointers.
pub const KOREWEBHOOK_HEAD_POINTERS: usize = 18;

/// It is not there: no such header, no such member, nothing more.
pub const KOREWEBHOOK_ABSENT: i32 = 1;
/// It is there more than once.
pub const KOREWEBHOOK_DUPLICATE: i32 = 2;
/// It has another form than it should have.
pub const KOREWEBHOOK_MALFORMED: i32 = 3;

/// What a verifier needs of a request beside its body. It borrows method and header fields: they stay where they
/// are, unchanged, as long as it is used. Every other field is passed over. There is nothing to release.
#[repr(C)]
#[derive(Debug)]
pub struct korewebhook_head {
    /// Not for callers.
    pub opaque: [usize; KOREWEBHOOK_HEAD_POINTERS],
}

// SAFETY: the assertion below.
unsafe impl Opaque for korewebhook_head {
    type Value = Head<'static>;
    const MARK: usize = 0x6865_6164;
}

const _: () = assert!(fits::<korewebhook_head>());

/// Begins a head without header fields. `method` is as it stands in the request line, as `POST`.
///
/// Errors: INVALID_ARGUMENT. `head` is unchanged then. Threads: any, each with its own `head`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_init(
    head: *mut korewebhook_head,
    method: *const u8,
    method_len: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let method = unsafe { slice(method, method_len) }?;
        // SAFETY: the caller's promise.
        unsafe { put(head, &Head::new::<_, [u8], [u8]>(method, [])) }?;
        Ok(())
    };
    number(run())
}

/// Takes one more header field, in any order, a repeated one each time it occurs; trailers don't belong here.
/// `name` is in any case and needed only during the call; `value` is without white space around it, and borrowed.
///
/// Errors: INVALID_ARGUMENT. `head` is unchanged then. Threads: one at a time for each `head`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_add(
    head: *mut korewebhook_head,
    name: *const u8,
    name_len: usize,
    value: *const u8,
    value_len: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let head = unsafe { get_mut(head) }?;
        // SAFETY: the caller's promise.
        let (name, value) = unsafe { (slice(name, name_len)?, slice(value, value_len)?) };
        head.add(name, value);
        Ok(())
    };
    number(run())
}

/// Makes a head of the field lines of an HTTP/1.1 request, up to the empty line or the end: what follows the
/// request line. A bare LF is accepted as a line break. `error`, where not NULL, gets details.
///
/// Errors: HEAD_MALFORMED with the offset of the line; INVALID_ARGUMENT. `head` is unchanged then.
/// Threads: any, each with its own `head`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_parse(
    head: *mut korewebhook_head,
    method: *const u8,
    method_len: usize,
    field_lines: *const u8,
    field_lines_len: usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let method = unsafe { slice(method, method_len) }?;
        // SAFETY: the caller's promise.
        let lines = unsafe { slice(field_lines, field_lines_len) }?;
        let mut parsed = Head::new::<_, [u8], [u8]>(method, []);
        parsed.add_field_lines(lines)?;
        // SAFETY: the caller's promise.
        unsafe { put(head, &parsed) }?;
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// Makes a head of a captured HTTP/1.1 request, which begins with its request line. `head_len` gets the length
/// of the request's head in bytes: there the body begins. A bare LF is accepted as a line break. `error`, where not
/// NULL, gets details.
///
/// Errors: HEAD_MALFORMED where it doesn't begin with a complete head; INVALID_ARGUMENT. `head` and `head_len` are
/// unchanged then. Threads: any, each with its own `head`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_parse_request(
    head: *mut korewebhook_head,
    request: *const u8,
    request_len: usize,
    head_len: *mut usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let (parsed, body) = Head::from_request(unsafe { slice(request, request_len) }?)?;
        check(head_len)?;
        // SAFETY: the caller's promise.
        unsafe { put(head, &parsed) }?;
        // SAFETY: checked above.
        unsafe { head_len.write(body) };
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// The idempotency token: one for each event, the same on every retry. **Nothing signs it.** It is made of
/// `A-Z a-z 0-9 _ . -`, at most 128 of them.
///
/// Errors: ABSENT, DUPLICATE, MALFORMED, INVALID_ARGUMENT. `token` is unchanged then. Threads: any.
/// Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_token(
    head: *const korewebhook_head,
    token: *mut korewebhook_bytes,
) -> i32 {
    // SAFETY: the caller's promise.
    let found = unsafe { get(head) }.map(Head::token);
    // SAFETY: the caller's promise.
    unsafe { unsigned(found, token, |token| given(token.as_str().as_bytes())) }
}

/// The date header, in seconds since 1970-01-01T00:00:00Z. **Nothing signs it**, so it is of no use against
/// replay.
///
/// Errors: ABSENT, DUPLICATE, MALFORMED, INVALID_ARGUMENT. `seconds` is unchanged then. Threads: any.
/// Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_head_date(head: *const korewebhook_head, seconds: *mut u64) -> i32 {
    // SAFETY: the caller's promise.
    let found = unsafe { get(head) }.map(Head::date);
    // SAFETY: the caller's promise.
    unsafe { unsigned(found, seconds, |seconds| seconds) }
}

/// Writes a value that nothing signs.
///
/// # Safety
/// `out` is null or may be written to.
unsafe fn unsigned<T, U>(
    found: Result<Unsigned<T>, Reason>,
    out: *mut U,
    convert: impl FnOnce(T) -> U,
) -> i32 {
    match (found, check(out)) {
        (Ok(Unsigned::Value(value)), Ok(())) => {
            // SAFETY: checked, and the caller's promise.
            unsafe { out.write(convert(value)) };
            0
        }
        (Ok(Unsigned::Absent), Ok(())) => KOREWEBHOOK_ABSENT,
        (Ok(Unsigned::Duplicate), Ok(())) => KOREWEBHOOK_DUPLICATE,
        (Ok(Unsigned::Malformed), Ok(())) => KOREWEBHOOK_MALFORMED,
        _ => INVALID.number(),
    }
}

/// The fields of an array as pairs of name and value, all checked first.
///
/// # Safety
/// The array and what it points to can be read as long as `'h` lasts.
pub(crate) unsafe fn pairs<'h>(
    headers: *const korewebhook_header,
    len: usize,
) -> Result<impl Iterator<Item = (&'h [u8], &'h [u8])>, Error> {
    // SAFETY: the caller's promise.
    let headers = unsafe { slice::<korewebhook_header>(headers, len) }?;
    let pair = |field: &korewebhook_header| -> Result<(&'h [u8], &'h [u8]), Error> {
        // SAFETY: the caller's promise.
        Ok(unsafe { (bytes(field.name)?, bytes(field.value)?) })
    };
    headers.iter().try_for_each(|field| pair(field).map(drop))?;
    Ok(headers.iter().filter_map(move |field| pair(field).ok()))
}
