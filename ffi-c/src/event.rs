//! CloudEvents inside a verified JSON body.

use crate::args::{INVALID, apart, check, explained, given, number, slice, slice_mut};
use crate::head::{KOREWEBHOOK_ABSENT, KOREWEBHOOK_MALFORMED};
use crate::opaque::{Opaque, fits, get_mut, put};
use crate::types::{korewebhook_bytes, korewebhook_error};
use korewebhook::{Error, Event, Events, JsonText};

/// The size of a korewebhook_events, in pointers.
pub const KOREWEBHOOK_EVENTS_POINTERS: usize = 4;

/// The events of a JSON body, one after the other: the body is one event or an array of them. It borrows the
/// body. There is nothing to release.
#[repr(C)]
#[derive(Debug)]
pub struct korewebhook_events {
    /// Not for callers.
    pub opaque: [usize; KOREWEBHOOK_EVENTS_POINTERS],
}

// SAFETY: the assertion below.
unsafe impl Opaque for korewebhook_events {
    type Value = Events<'static>;
    const MARK: usize = 0x6576_6e74;
}

const _: () = assert!(fits::<korewebhook_events>());

/// Begins with the first event of a JSON body that was verified. Its grammar is checked again, so that no other
/// bytes can pass for events. `error`, where not NULL, gets details.
///
/// Errors: JSON_MALFORMED, JSON_TOO_DEEP, JSON_TOP_LEVEL, INVALID_ARGUMENT. `events` is unchanged then.
/// Threads: any, each with its own `events`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_events_init(
    events: *mut korewebhook_events,
    body: *const u8,
    body_len: usize,
    error: *mut korewebhook_error,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }?;
        // SAFETY: the caller's promise.
        unsafe { put(events, &Events::from_verified(body)?) }?;
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { explained(run(), error) }
}

/// Gives the next event as it stands in the body. An item of the array that is no object has no members.
///
/// Errors: ABSENT after the last one; INVALID_ARGUMENT. `event` is unchanged then.
/// Threads: one at a time for each `events`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_events_next(
    events: *mut korewebhook_events,
    event: *mut korewebhook_bytes,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let events = unsafe { get_mut(events) }?;
        check(event)?;
        let Some(next) = events.next() else { return Ok(KOREWEBHOOK_ABSENT) };
        // SAFETY: checked above.
        unsafe { event.write(given(next.span())) };
        Ok(0)
    };
    run().unwrap_or_else(|error| error.number())
}

/// The value of the only member of this name, as it stands in the event: with its quotes, where it is a string.
/// `name` is UTF-8 and compared after unescaping (`"\u0069d"` is `id`). `event` is one that
/// `korewebhook_events_next` gave.
///
/// Errors: ABSENT where there is none, or more than one; INVALID_ARGUMENT. `value` is unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_event_member(
    event: *const u8,
    event_len: usize,
    name: *const u8,
    name_len: usize,
    value: *mut korewebhook_bytes,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { member(event, event_len, name, name_len, value, |event, name| event.member(name)) }
}

/// As `korewebhook_event_member`, where the value is a string: the bytes between its quotes, as they stand.
/// `korewebhook_json_text_decode` decodes them.
///
/// Errors: ABSENT where there is none, more than one, or no string; INVALID_ARGUMENT. `value` is unchanged then.
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_event_text(
    event: *const u8,
    event_len: usize,
    name: *const u8,
    name_len: usize,
    value: *mut korewebhook_bytes,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        member(event, event_len, name, name_len, value, |event, name| event.text(name).map(JsonText::raw))
    }
}

/// The `time` of an event, in milliseconds since 1970-01-01T00:00:00Z. It is signed.
///
/// Errors: ABSENT where there is none, more than one, or no string; MALFORMED where it is no RFC 3339 time from 1970
/// to 9999; INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_event_time(
    event: *const u8,
    event_len: usize,
    milliseconds: *mut u64,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let event = Event::from_span(unsafe { slice(event, event_len) }?);
        check(milliseconds)?;
        match (event.time(), event.time_ms()) {
            (None, _) => Ok(KOREWEBHOOK_ABSENT),
            (_, None) => Ok(KOREWEBHOOK_MALFORMED),
            (_, Some(time)) => {
                // SAFETY: checked above.
                unsafe { milliseconds.write(time) };
                Ok(0)
            }
        }
    };
    run().unwrap_or_else(|error| error.number())
}

/// Decodes the escapes of a JSON string: UTF-8 to `out`, which has room for `out_size` bytes and lies apart from
/// `raw`; `raw_len` bytes are always enough. `out_len` gets how many were written. The text may hold NUL.
///
/// Errors: JSON_MALFORMED for a surrogate without its other half; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `out` and
/// `out_len` are unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_json_text_decode(
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
        let written = JsonText::from_raw(raw).decode_into(out)?.len();
        // SAFETY: checked above.
        unsafe { out_len.write(written) };
        Ok(())
    };
    number(run())
}

/// # Safety
/// The pointers are null or point to what they say.
unsafe fn member(
    event: *const u8,
    event_len: usize,
    name: *const u8,
    name_len: usize,
    value: *mut korewebhook_bytes,
    find: impl FnOnce(Event<'static>, &str) -> Option<&'static [u8]>,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let (event, name) = unsafe { (slice(event, event_len)?, slice(name, name_len)?) };
        let name = core::str::from_utf8(name).map_err(|_| INVALID)?;
        check(value)?;
        let Some(found) = find(Event::from_span(event), name) else { return Ok(KOREWEBHOOK_ABSENT) };
        // SAFETY: checked above.
        unsafe { value.write(given(found)) };
        Ok(0)
    };
    run().unwrap_or_else(|error| error.number())
}
