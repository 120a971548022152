//! Verification of a body that comes in pieces.

use crate::args::{INVALID, apart, check, number, slice};
use crate::engine::once;
use crate::head::korewebhook_head;
use crate::opaque::get;
use crate::storage::{Room, close, frame, open};
use crate::types::korewebhook_receipt;
use crate::verifier::{Held, engine, korewebhook_verifier};
use crate::verify::write;
use core::ffi::c_void;
use korewebhook::{Accepted, Error, Reason, Receipt};

/// A request under way: it stands at the beginning of the storage that it was started in.
#[allow(missing_debug_implementations)]
pub struct korewebhook_stream {
    _opaque: [u8; 0],
}

/// Compute the delivery key beside the signature. That takes one more hash state.
pub const KOREWEBHOOK_WITH_KEY: u32 = 1;

/// Begins a request whose body comes in pieces, whatever is in `storage`.
///
/// `flags` is 0 or `KOREWEBHOOK_WITH_KEY`. `storage` is at least `KOREWEBHOOK_STORAGE_SIZE(states)` bytes, one
/// state for each secret and one for the key, aligned to `KOREWEBHOOK_STORAGE_ALIGN`; it stays where it is,
/// and `verifier` too, until the stream is finished or aborted. `head` is not needed any more afterwards.
/// `stream` gets the stream. What is wrong with the head is reported by `korewebhook_stream_finish`. A stream
/// that was abandoned in the same storage should be aborted first, so that a hash driver can let go.
///
/// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `stream` is unchanged then.
/// Threads: any, each with its own `storage`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_stream_start(
    verifier: *const korewebhook_verifier,
    head: *const korewebhook_head,
    flags: u32,
    storage: *mut c_void,
    storage_size: usize,
    stream: *mut *mut korewebhook_stream,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let held = unsafe { get(verifier) }?;
        // SAFETY: the caller's promise.
        let head = unsafe { get(head) }?;
        check(stream)?;
        let key = match flags {
            0 => false,
            KOREWEBHOOK_WITH_KEY => true,
            _ => return Err(INVALID.into()),
        };
        let room = Room { data: storage, len: storage_size };
        // SAFETY: the caller's promise.
        let states = unsafe { engine!(held, start(head, key, room)) }?;
        // SAFETY: it was laid out by `start`; `stream` was checked.
        unsafe {
            open(storage, verifier, states);
            stream.write(storage.cast());
        }
        Ok(())
    };
    number(run())
}

/// Takes the next piece of the body, of any length.
///
/// Errors: BODY_TOO_LARGE, or what outranks it, as soon as the bound is exceeded: the rest of the body need not
/// be read. Every other reason waits for `korewebhook_stream_finish`, so that it doesn't depend on how the body
/// is cut. FINISHED where nothing was started in this storage, or it has ended, or the storage was moved;
/// INVALID_ARGUMENT.
/// Threads: one at a time for each stream. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_stream_update(
    stream: *mut korewebhook_stream,
    chunk: *const u8,
    chunk_len: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        let room = stream.cast();
        // SAFETY: the caller's promise.
        let (held, states) = unsafe { under_way(room) }?;
        // SAFETY: the caller's promise.
        let chunk = unsafe { slice(chunk, chunk_len) }?;
        apart(chunk.as_ptr(), chunk.len(), room, engine!(held, size(states)))?;
        // SAFETY: a stream is under way in this room.
        unsafe { engine!(held, update(room, states, chunk)) }
    };
    number(run())
}

/// As `korewebhook_stream_update`, and writes the canonical bytes of the piece to `out`. **They are not verified
/// before `korewebhook_stream_finish` has accepted them.**
///
/// `out` has room for at least `chunk_len` bytes and lies apart from `chunk`; `out_len` gets how many were
/// written, 0 where an error is returned.
///
/// Errors: as there; BUFFER_TOO_SMALL, after which the piece can be given again.
/// Threads: one at a time for each stream. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_stream_update_into(
    stream: *mut korewebhook_stream,
    chunk: *const u8,
    chunk_len: usize,
    out: *mut u8,
    out_size: usize,
    out_len: *mut usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        let room = stream.cast();
        // SAFETY: the caller's promise.
        let (held, states) = unsafe { under_way(room) }?;
        // SAFETY: the caller's promise.
        let chunk = unsafe { slice(chunk, chunk_len) }?;
        check(out_len)?;
        if out_size < chunk.len() {
            return Err(Reason::BufferTooSmall.into());
        }
        if !chunk.is_empty() {
            check(out)?;
        }
        let size = engine!(held, size(states));
        apart(chunk.as_ptr(), chunk.len(), room, size)?;
        apart(out, chunk.len(), room, size)?;
        apart(out, chunk.len(), chunk.as_ptr(), chunk.len())?;
        // SAFETY: a stream is under way in this room; the output was checked.
        let (used, result) = unsafe { engine!(held, update_into(room, states, chunk, out)) };
        // SAFETY: checked above.
        unsafe { out_len.write(if result.is_ok() { used } else { 0 }) };
        result
    };
    number(run())
}

/// Ends the body and gives the verdict. The storage holds nothing afterwards and can be used again.
///
/// Errors: any reason of head, body and verdict (numbers 21 to 71), the same as for the body as a whole;
/// HASH_BACKEND; FINISHED as for `korewebhook_stream_update`; INVALID_ARGUMENT, after which the stream goes on.
/// `receipt` is unchanged then.
/// Threads: one at a time for each stream. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_stream_finish(
    stream: *mut korewebhook_stream,
    receipt: *mut korewebhook_receipt,
) -> i32 {
    let run = || -> Result<(), Error> {
        let room = stream.cast();
        // SAFETY: the caller's promise.
        let (held, states) = unsafe { under_way(room) }?;
        check(receipt)?;
        // SAFETY: a stream is under way in this room.
        let accepted = unsafe { engine!(held, finish(room, states)) };
        // SAFETY: as above.
        unsafe { close(room) };
        let accepted = accepted?;
        let received_len = match accepted {
            Accepted::Delivery(receipt) => receipt.received_len,
            Accepted::EndpointOnly(_) => 0,
        };
        // SAFETY: checked above.
        unsafe { write(receipt, received_len, &once(&accepted)) };
        if let Accepted::Delivery(Receipt { key: Some(key), .. }) = accepted {
            // SAFETY: checked above.
            unsafe {
                (*receipt).has_key = true;
                (*receipt).key = key.0;
            }
        }
        Ok(())
    };
    number(run())
}

/// Gives a request up and wipes what was secret in its storage.
///
/// Errors: FINISHED as for `korewebhook_stream_update`; INVALID_ARGUMENT.
/// Threads: one at a time for each stream. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_stream_abort(stream: *mut korewebhook_stream) -> i32 {
    let run = || -> Result<(), Error> {
        let room = stream.cast();
        // SAFETY: the caller's promise.
        let (held, states) = unsafe { under_way(room) }?;
        // SAFETY: a stream is under way in this room.
        unsafe { engine!(held, abort(room, states)) };
        // SAFETY: as above.
        unsafe { close(room) };
        Ok(())
    };
    number(run())
}

/// The verifier of the stream that is under way, and how many states it has.
///
/// # Safety
/// `room` is null, or was started in, or can be read as a frame.
unsafe fn under_way<'s>(room: *mut c_void) -> Result<(&'s Held, usize), Error> {
    // SAFETY: the caller's promise.
    let frame = unsafe { frame(room) }?;
    // SAFETY: the caller keeps the verifier until the stream ends.
    let held = unsafe { get(frame.verifier) }?;
    Ok((held, frame.states))
}
