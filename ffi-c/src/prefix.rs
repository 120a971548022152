//! Verifiers that keep the hash of what every request begins with.

use crate::args::number;
use crate::opaque::get_mut;
use crate::ops::{Handle, Ops};
use crate::storage::{Room, lay, states};
use crate::verifier::{Held, korewebhook_verifier};
use core::ffi::c_void;
use korewebhook::{Error, KoreSha256, Scheme as _};

/// Hashes secret, method and URL of a POST once, for a verifier that copies the state from then on. That saves a hash
/// block for each secret and request where these exceed 64 bytes together, and nothing otherwise. It changes
/// nothing for `hmac-sha256` and for a SHA-256 that can't `clone`, as the built-in one without an operating
/// system. `korewebhook_verify_json` and `korewebhook_verify_request` don't use it, nor, without an operating system, what takes a body as a whole.
///
/// `storage` is `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes, of the verifier's kind, and borrowed. What is in it is as
/// good as the secrets: `korewebhook_verifier_forget` wipes it. It is called once, before other threads share the
/// verifier, and the verifier isn't copied from then on.
///
/// Errors: BUFFER_TOO_SMALL, HASH_BACKEND, INVALID_ARGUMENT. `verifier` is unchanged then. Threads: one at a time for
/// each `verifier`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_prepare(
    verifier: *mut korewebhook_verifier,
    storage: *mut c_void,
    storage_size: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let held = unsafe { get_mut(verifier) }?;
        let scheme = held.engine.scheme;
        let room = Room { data: storage, len: storage_size };
        // SAFETY: the caller's promise.
        unsafe { lay(scheme, room, held.engine.secrets) }?;
        if held.hmac.is_some() || !scheme.0.can_clone() {
            return Ok(());
        }
        // SAFETY: they were laid out just now, and stay there as long as the verifier is used.
        match held.engine.core.prepare_in(unsafe { kept(storage, held.engine.secrets) }) {
            Ok(core) => {
                // SAFETY: of an earlier call, if there was one.
                unsafe { forget(held) };
                held.engine.core = core;
                held.prefix = storage;
                Ok(())
            }
            Err(error) => {
                // SAFETY: as above; nothing borrows them.
                unsafe { kept(storage, held.engine.secrets) }
                    .iter_mut()
                    .for_each(|state| scheme.abort(state));
                Err(error)
            }
        }
    };
    number(run())
}

/// Wipes what `korewebhook_verifier_prepare` has kept. The verifier works as before that.
///
/// Errors: INVALID_ARGUMENT. Threads: one at a time for each `verifier`, which no other thread uses. Interrupts:
/// yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_forget(verifier: *mut korewebhook_verifier) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let held = unsafe { get_mut(verifier) }?;
        // SAFETY: the caller's promise.
        unsafe { forget(held) };
        Ok(())
    };
    number(run())
}

/// # Safety
/// The states were laid out here, for this many secrets, and nobody else uses them.
unsafe fn kept<'s>(storage: *mut c_void, secrets: usize) -> &'s mut [Handle] {
    // SAFETY: the caller's promise.
    unsafe { core::slice::from_raw_parts_mut(states::<KoreSha256<Ops>>(storage), secrets) }
}

/// # Safety
/// What was kept is still there.
unsafe fn forget(held: &mut Held) {
    let scheme = held.engine.scheme;
    held.engine.core = held.engine.core.under(scheme);
    if !held.prefix.is_null() {
        // SAFETY: the caller's promise; the verifier doesn't borrow them any more.
        unsafe { kept(held.prefix, held.engine.secrets) }.iter_mut().for_each(|state| scheme.abort(state));
        held.prefix = core::ptr::null_mut();
    }
}
