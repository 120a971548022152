//! The keys by which deliveries and events are told apart.

use crate::args::{INVALID, apart, check, number, slice, slice_mut};
use crate::head::KOREWEBHOOK_ABSENT;
use crate::opaque::get;
use crate::ops::Single;
use crate::storage::{Frame, Room};
use crate::types::format_of;
use crate::verifier::korewebhook_verifier;
use core::ffi::{c_char, c_void};
use korewebhook::replay::{Outcome, ReplayKey};
use korewebhook::{Delivery, Error, Format, KoreSha256, Reason, Receipt};

/// The size of a korewebhook_replay_key, in 8 bytes.
pub const KOREWEBHOOK_REPLAY_KEY_WORDS: usize = 13;
/// The length of a key in bytes.
pub const KOREWEBHOOK_KEY_LEN: usize = 32;

/// Never seen. The caller holds the claim: handle it, then commit or release.
pub const KOREWEBHOOK_OUTCOME_NEW: i32 = 1;
/// Seen and committed. Acknowledge it and do nothing.
pub const KOREWEBHOOK_OUTCOME_DUPLICATE: i32 = 2;
/// A body without ids that was seen under another token: the same change once more, or a replay. The caller
/// holds the claim; take it as a hint and fetch the state from the API.
pub const KOREWEBHOOK_OUTCOME_REPEAT_BODY: i32 = 3;
/// The same event id with other content. Not claimed; keep it aside for a person to look at.
pub const KOREWEBHOOK_OUTCOME_CONFLICT: i32 = 4;
/// Another attempt holds the claim. Answer 503, so that the sender comes again.
pub const KOREWEBHOOK_OUTCOME_IN_PROGRESS: i32 = 5;
/// The signed time lies outside of the window. Not claimed.
pub const KOREWEBHOOK_OUTCOME_STALE: i32 = 6;
/// There is no room. Nothing of the delivery was claimed; answer 503.
pub const KOREWEBHOOK_OUTCOME_STORE_ERROR: i32 = 7;

/// One thing to remember of a delivery. Only `korewebhook_replay_keys` makes one; it may be copied.
#[repr(C)]
#[derive(Debug)]
pub struct korewebhook_replay_key {
    /// Not for callers.
    pub opaque: [u64; KOREWEBHOOK_REPLAY_KEY_WORDS],
}

const _: () = assert!(size_of::<ReplayKey>() == size_of::<korewebhook_replay_key>());
const _: () = assert!(align_of::<ReplayKey>() <= align_of::<korewebhook_replay_key>());

/// What a guard or another store has to remember of a verified delivery: one key for each event of a body whose
/// events have ids, else one for the whole. The keys are digests of what is signed and of the URL, without the
/// secret: the same before and after a rotation.
///
/// `format` and the canonical `body` are those of the delivery. `storage` is at least `KOREWEBHOOK_STORAGE_SIZE(1)`
/// bytes, of the verifier's kind. `keys` has room for `keys_size` keys; `keys_len` gets how many there are, after
/// BUFFER_TOO_SMALL how many there would be.
///
/// Errors: BUFFER_TOO_SMALL for the keys, INVALID_ARGUMENT: `keys` is unchanged then; HASH_BACKEND, after which
/// `keys` is unspecified. Threads: any, each with its own `storage`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_keys(
    verifier: *const korewebhook_verifier,
    format: i32,
    body: *const u8,
    body_len: usize,
    storage: *mut c_void,
    storage_size: usize,
    keys: *mut korewebhook_replay_key,
    keys_size: usize,
    keys_len: *mut usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let held = unsafe { get(verifier) }?;
        let format: Format = format_of(format).ok_or(INVALID)?;
        // SAFETY: the caller's promise.
        let body = unsafe { slice(body, body_len) }?;
        check(keys_len)?;
        let room = Room { data: storage, len: storage_size };
        check(room.data.cast::<Frame>())?;
        if room.len < held.engine.size(1) {
            return Err(INVALID.into());
        }
        apart(body.as_ptr(), body.len(), room.data, room.len)?;
        // SAFETY: the room is large enough for a state with its context, so for the context alone.
        let hash = unsafe { Single::new(held.engine.scheme.0, room.data) };
        let core = held.engine.core.under(KoreSha256(hash)).keys();
        let delivery = Delivery::from_receipt(&Receipt::new(format, 0, body.len(), body.len()), body)?;
        let count = core.replay_len(&delivery);
        // SAFETY: checked above.
        unsafe { keys_len.write(count) };
        if keys_size < count {
            return Err(Reason::BufferTooSmall.into());
        }
        check(keys)?;
        let size = count.saturating_mul(size_of::<ReplayKey>());
        apart(keys, size, body.as_ptr(), body.len())?;
        apart(keys, size, room.data, room.len)?;
        // SAFETY: the layout is that of a key, and there is room for this many.
        let keys = unsafe {
            for at in 0..count {
                keys.cast::<ReplayKey>().add(at).write(ReplayKey::EMPTY);
            }
            slice_mut(keys.cast::<ReplayKey>(), count)
        }?;
        core.replay(&delivery, keys).map(drop)
    };
    number(run())
}

/// What the last claim said of a key: `KOREWEBHOOK_OUTCOME_*`, 0 before the first, -1 for NULL. `retry_after_ms`,
/// where not NULL, gets the milliseconds until the claim of another attempt runs out, where the outcome is
/// `KOREWEBHOOK_OUTCOME_IN_PROGRESS`, and is unchanged otherwise.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_key_outcome(
    key: *const korewebhook_replay_key,
    retry_after_ms: *mut u64,
) -> i32 {
    // SAFETY: the caller's promise.
    let Ok(key) = (unsafe { one(key) }) else { return -1 };
    if let (Some(Outcome::InProgress { retry_after_ms: left }), false) =
        (key.outcome(), retry_after_ms.is_null())
    {
        // SAFETY: not null, and the caller's promise.
        unsafe { retry_after_ms.write(left) };
    }
    key.outcome().map_or(0, Outcome::number)
}

/// Writes the 32 bytes of a key, for a store of the caller's.
///
/// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `out` is unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_key_bytes(
    key: *const korewebhook_replay_key,
    out: *mut u8,
    out_size: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let key = unsafe { one(key) }?;
        if out_size < KOREWEBHOOK_KEY_LEN {
            return Err(Reason::BufferTooSmall.into());
        }
        check(out)?;
        // SAFETY: checked above.
        unsafe { out.cast::<[u8; KOREWEBHOOK_KEY_LEN]>().write(key.key().0) };
        Ok(())
    };
    number(run())
}

/// The signed time behind a key, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Errors: ABSENT, INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_key_time(
    key: *const korewebhook_replay_key,
    milliseconds: *mut u64,
) -> i32 {
    let run = || -> Result<i32, Error> {
        // SAFETY: the caller's promise.
        let key = unsafe { one(key) }?;
        check(milliseconds)?;
        let Some(time) = key.time_ms() else { return Ok(KOREWEBHOOK_ABSENT) };
        // SAFETY: checked above.
        unsafe { milliseconds.write(time) };
        Ok(0)
    };
    run().unwrap_or_else(|error| error.number())
}

/// Whether a signed event id stands behind a key: then a replay of it is told from a repetition.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_key_has_id(key: *const korewebhook_replay_key) -> bool {
    // SAFETY: the caller's promise.
    unsafe { one(key) }.is_ok_and(ReplayKey::has_id)
}

/// What a receiver answers to the sender once the outcomes of a delivery are dealt with: 204, 401 or 503, the
/// highest that one of its keys asks for. 503 where there is no key or no outcome.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_replay_keys_http_status(
    keys: *const korewebhook_replay_key,
    keys_len: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    let keys = unsafe { slice(keys.cast::<ReplayKey>(), keys_len) }.unwrap_or_default();
    let status = |key: &ReplayKey| key.outcome().unwrap_or(Outcome::StoreError).http_status();
    let highest = keys.iter().map(status).max();
    i32::from(highest.unwrap_or_else(|| Outcome::StoreError.http_status()))
}

/// The stable name of an outcome, as `in-progress`: static, ends with NUL, never NULL. "unknown" for a number that
/// this version doesn't know.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_outcome_name(outcome: i32) -> *const c_char {
    match outcome {
        KOREWEBHOOK_OUTCOME_NEW => c"new",
        KOREWEBHOOK_OUTCOME_DUPLICATE => c"duplicate",
        KOREWEBHOOK_OUTCOME_REPEAT_BODY => c"repeat-body",
        KOREWEBHOOK_OUTCOME_CONFLICT => c"conflict",
        KOREWEBHOOK_OUTCOME_IN_PROGRESS => c"in-progress",
        KOREWEBHOOK_OUTCOME_STALE => c"stale",
        KOREWEBHOOK_OUTCOME_STORE_ERROR => c"store-error",
        _ => c"unknown",
    }
    .as_ptr()
}

/// # Safety
/// The pointer is null or points to a key.
unsafe fn one<'k>(key: *const korewebhook_replay_key) -> Result<&'k ReplayKey, Error> {
    check(key)?;
    // SAFETY: checked, the layout is that of a key, and the caller's promise.
    Ok(unsafe { &*key.cast::<ReplayKey>() })
}
