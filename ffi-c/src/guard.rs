//! The replay guard, in memory of the caller's.

use crate::args::{INVALID, check, number, slice, slice_mut};
use crate::key::korewebhook_replay_key;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use korewebhook::replay::{LeaseError, Owner, Place, ReplayGuard, ReplayKey, Retention};
use korewebhook::{Error, Reason, Token};

/// What `KOREWEBHOOK_GUARD_SIZE` is made of: the guard itself, in bytes beside the pointers.
pub const KOREWEBHOOK_GUARD_BYTES: usize = 64;
/// As above, in pointers.
pub const KOREWEBHOOK_GUARD_POINTERS: usize = 8;
/// As above: an upper bound for each key, in bytes.
pub const KOREWEBHOOK_GUARD_PLACE_SIZE: usize = 104;
/// The length of an owner, in bytes.
pub const KOREWEBHOOK_OWNER_LEN: usize = 16;

const _: () = assert!(KOREWEBHOOK_OWNER_LEN == size_of::<Owner>());

/// As `max_age_ms`: no signed time is ever `stale`.
pub const KOREWEBHOOK_NO_MAX_AGE: u64 = u64::MAX;

/// A replay guard: it stands at the beginning of the memory that it was initialised in.
#[allow(missing_debug_implementations)]
pub struct korewebhook_guard {
    _opaque: [u8; 0],
}

/// How long things are remembered, in milliseconds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_retention {
    /// How long a claim lasts: longer than a handler may take and shorter than the sender's time-out (15 s for
    /// KORE).
    pub lease_ms: u64,
    /// How long a committed key is kept. Old signatures die with the secret, so until the next rotation is
    /// complete protection.
    pub keep_ms: u64,
    /// Events whose signed time is older than this are stale, and those within are kept that long;
    /// `KOREWEBHOOK_NO_MAX_AGE` turns it off.
    pub max_age_ms: u64,
    /// How far a signed time may lie in the future, and how much longer events are kept.
    pub skew_ms: u64,
}

type Guard = ReplayGuard<0, &'static mut [Place]>;

/// What stands before the places.
#[repr(C, align(8))]
struct Frame {
    mark: usize,
    guard: MaybeUninit<Guard>,
}

const _: () =
    assert!(size_of::<Frame>() <= KOREWEBHOOK_GUARD_BYTES + KOREWEBHOOK_GUARD_POINTERS * size_of::<usize>());
const _: () = assert!(size_of::<Place>() <= KOREWEBHOOK_GUARD_PLACE_SIZE);
const _: () = assert!(align_of::<Place>() <= align_of::<Frame>());

/// Writes the defaults: 12 seconds, 30 days, 24 hours and 1 hour.
///
/// Errors: INVALID_ARGUMENT. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_retention_default(retention: *mut korewebhook_retention) -> i32 {
    let Retention { lease_ms, keep_ms, max_age_ms, skew_ms, .. } = Retention::DEFAULT;
    let max_age_ms = max_age_ms.unwrap_or(KOREWEBHOOK_NO_MAX_AGE);
    let result = check(retention);
    if result.is_ok() {
        // SAFETY: checked above.
        unsafe { retention.write(korewebhook_retention { lease_ms, keep_ms, max_age_ms, skew_ms }) };
    }
    number(result)
}

/// Initialises a replay guard for one process, with room for as many keys as `memory` has:
/// `KOREWEBHOOK_GUARD_SIZE(keys)` bytes, aligned to 8. It stays where it is. `retention` may be NULL for the defaults.
/// `guard` gets the guard. What it knows is gone after a restart: it is no store. There is nothing to release.
///
/// Errors: BUFFER_TOO_SMALL where there is no room for one key; INVALID_ARGUMENT. `guard` is unchanged then.
/// Threads: any, each with its own `memory`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_init(
    memory: *mut c_void,
    memory_size: usize,
    retention: *const korewebhook_retention,
    guard: *mut *mut korewebhook_guard,
) -> i32 {
    let run = || -> Result<(), Error> {
        let frame = memory.cast::<Frame>();
        check(frame)?;
        check(guard)?;
        // SAFETY: the caller's promise.
        let retention = unsafe { slice(retention, usize::from(!retention.is_null())) }?;
        let retention = retention.first().map_or(Retention::DEFAULT, convert);
        let room = memory_size.checked_sub(size_of::<Frame>()).ok_or(Reason::BufferTooSmall)?;
        let count = room.checked_div(size_of::<Place>()).filter(|&count| count > 0);
        let count = count.ok_or(Reason::BufferTooSmall)?;
        // SAFETY: the places stand behind the frame, and there is room for this many.
        let places = unsafe {
            let places = memory.byte_add(size_of::<Frame>()).cast::<Place>();
            for at in 0..count {
                places.add(at).write(Place::FREE);
            }
            slice_mut(places, count)
        }?;
        let made = MaybeUninit::new(Guard::in_places(retention, places)?);
        // SAFETY: checked above.
        unsafe {
            frame.write(Frame { mark: mark(memory), guard: made });
            guard.write(memory.cast());
        }
        Ok(())
    };
    number(run())
}

/// How many keys a guard has room for. 0 where it was not initialised.
///
/// Threads: one at a time for each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_capacity(guard: *const korewebhook_guard) -> usize {
    // SAFETY: the caller's promise.
    unsafe { open(guard.cast_mut()) }.map_or(0, |guard| guard.capacity())
}

/// How many keys a guard keeps, those included that have run out and were not yet removed. 0 where it was not
/// initialised.
///
/// Threads: one at a time for each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_len(guard: *const korewebhook_guard) -> usize {
    // SAFETY: the caller's promise.
    unsafe { open(guard.cast_mut()) }.map_or(0, |guard| guard.len())
}

/// Claims the keys of a delivery and says for each what it is: `korewebhook_replay_key_outcome`. Where there is no
/// room for all that is new, nothing is claimed.
///
/// `token` is that of the head, or `(NULL, 0)` where it has none. `owner` is 16 bytes drawn at random for each
/// attempt. `now_ms` is the caller's clock, in milliseconds since 1970-01-01T00:00:00Z.
///
/// Errors: INVALID_ARGUMENT, also for a token of another form. Nothing is claimed then. Threads: one at a time for
/// each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_claim(
    guard: *mut korewebhook_guard,
    keys: *mut korewebhook_replay_key,
    keys_len: usize,
    token: *const u8,
    token_len: usize,
    owner: *const u8,
    owner_len: usize,
    now_ms: u64,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let (guard, owner, token) =
            unsafe { (open(guard)?, self::owner(owner, owner_len)?, slice(token, token_len)?) };
        // SAFETY: the caller's promise.
        let keys = unsafe { slice_mut(keys.cast::<ReplayKey>(), keys_len) }?;
        let token = match token {
            [] => None,
            text => Some(Token::new(text).ok_or(INVALID)?),
        };
        guard.claim(keys, token, owner, now_ms);
        Ok(())
    };
    number(run())
}

/// Keeps what was claimed for good: the handler has succeeded. A claim that has run out but was not taken over can
/// still be committed.
///
/// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_commit(
    guard: *mut korewebhook_guard,
    keys: *const korewebhook_replay_key,
    keys_len: usize,
    owner: *const u8,
    owner_len: usize,
    now_ms: u64,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        settle(guard, keys, keys_len, owner, owner_len, |guard, keys, owner| {
            guard.commit(keys, owner, now_ms)
        })
    }
}

/// Gives back what was claimed: the handler has failed, and the next attempt is new.
///
/// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_release(
    guard: *mut korewebhook_guard,
    keys: *const korewebhook_replay_key,
    keys_len: usize,
    owner: *const u8,
    owner_len: usize,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { settle(guard, keys, keys_len, owner, owner_len, ReplayGuard::release) }
}

/// Lets the lease begin anew.
///
/// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_guard_renew(
    guard: *mut korewebhook_guard,
    keys: *const korewebhook_replay_key,
    keys_len: usize,
    owner: *const u8,
    owner_len: usize,
    now_ms: u64,
) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        settle(guard, keys, keys_len, owner, owner_len, |guard, keys, owner| guard.renew(keys, owner, now_ms))
    }
}

/// # Safety
/// Pointers are null or point to what they say.
unsafe fn settle(
    guard: *mut korewebhook_guard,
    keys: *const korewebhook_replay_key,
    keys_len: usize,
    owner: *const u8,
    owner_len: usize,
    apply: impl FnOnce(&mut Guard, &[ReplayKey], &Owner) -> Result<(), LeaseError>,
) -> i32 {
    // SAFETY: the caller's promise.
    let arguments = unsafe {
        open(guard).and_then(|guard| {
            Ok((guard, slice(keys.cast::<ReplayKey>(), keys_len)?, self::owner(owner, owner_len)?))
        })
    };
    match arguments {
        Ok((guard, keys, owner)) => apply(guard, keys, owner).map_or_else(LeaseError::number, |()| 0),
        Err(error) => error.number(),
    }
}

/// # Safety
/// The pointer is null or points to a guard or to memory that can be read as one.
unsafe fn open<'g>(guard: *mut korewebhook_guard) -> Result<&'g mut Guard, Error> {
    let frame = guard.cast::<Frame>();
    check(frame)?;
    // SAFETY: checked above, and the caller's promise.
    let frame = unsafe { &mut *frame };
    if frame.mark != mark(guard.cast()) {
        return Err(INVALID.into());
    }
    // SAFETY: the mark is written together with the guard.
    Ok(unsafe { frame.guard.assume_init_mut() })
}

/// # Safety
/// The pointer is null or points to what it says.
unsafe fn owner<'o>(owner: *const u8, len: usize) -> Result<&'o Owner, Error> {
    // SAFETY: the caller's promise.
    unsafe { slice(owner, len) }?.try_into().map_err(|_| INVALID.into())
}

/// Ties the guard to its place: it points into itself.
fn mark(memory: *const c_void) -> usize {
    memory.addr() ^ 0x6775_6172
}

fn convert(given: &korewebhook_retention) -> Retention {
    let mut retention = Retention::DEFAULT;
    retention.lease_ms = given.lease_ms;
    retention.keep_ms = given.keep_ms;
    retention.max_age_ms = (given.max_age_ms != KOREWEBHOOK_NO_MAX_AGE).then_some(given.max_age_ms);
    retention.skew_ms = given.skew_ms;
    retention
}
