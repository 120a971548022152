//! SHA-256 behind a table of functions: the caller's, or ours. What no table names isn't linked.

use core::ffi::c_void;
use core::fmt;
use core::mem::{MaybeUninit, size_of};
use core::sync::atomic::{Ordering, compiler_fence};
use korewebhook::hash::{BackendError, Digest, Sha256Backend};

/// A SHA-256 (FIPS 180-4) for `kore-sha256`: hardware, PSA Crypto, Mbed TLS. It must outlive every verifier
/// that was initialised with it, and not change.
///
/// A context is `context_size` bytes of the caller's storage, aligned to 8 bytes. It doesn't move between
/// `init` and the end, and is overwritten with zeros once it isn't needed. Several contexts are in use at
/// once, one for each secret, but for `korewebhook_verify_json` and `korewebhook_verify_request`. A function returns 0, or
/// anything else where it failed: then the verdict is `KOREWEBHOOK_ERROR_HASH_BACKEND`, never an acceptance. The functions are called by the
/// thread that called the library; where several threads share a verifier, they must allow that.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_sha256_ops {
    /// The size of a context in bytes, from 1 to 65,536.
    pub context_size: usize,
    /// Handed to `init`: a driver's handle, or NULL.
    pub user: *mut c_void,
    /// Begins a message in `context`, whatever was there.
    pub init: Option<unsafe extern "C" fn(context: *mut c_void, user: *mut c_void) -> i32>,
    /// Takes the next `len` bytes of the message, at least one.
    pub update: Option<unsafe extern "C" fn(context: *mut c_void, data: *const u8, len: usize) -> i32>,
    /// Ends the message and writes the 32 bytes of its digest.
    pub finish: Option<unsafe extern "C" fn(context: *mut c_void, digest: *mut u8) -> i32>,
    /// Copies a message under way from one context to another, which is not in use: for
    /// `korewebhook_verifier_prepare`. NULL where that can't be done.
    pub clone: Option<unsafe extern "C" fn(from: *const c_void, to: *mut c_void) -> i32>,
    /// Gives up a message: called after an `init` that succeeded where `finish` isn't called or fails, so that a
    /// driver can let go of its hardware. NULL where there is nothing to let go of.
    pub abort: Option<unsafe extern "C" fn(context: *mut c_void)>,
}

/// How large a context may be, in bytes.
const MAX_CONTEXT: usize = 65_536;

/// A table that was checked, as the core's backend.
#[derive(Clone, Copy)]
pub(crate) struct Ops(&'static korewebhook_sha256_ops);

/// A computation: its context, which lies elsewhere in the caller's storage.
#[repr(C, align(8))]
pub(crate) struct Handle {
    context: *mut c_void,
    /// Something may be in the context.
    used: bool,
    /// A message is under way.
    active: bool,
}

impl Handle {
    /// An idle computation in this context, which is as large as the table says and aligned to 8 bytes.
    pub(crate) const fn at(context: *mut c_void) -> Self {
        Self { context, used: false, active: false }
    }
}

impl Default for Handle {
    fn default() -> Self {
        Self::at(core::ptr::null_mut())
    }
}

impl Ops {
    /// Takes a table that has what is needed.
    ///
    /// # Safety
    /// The table stays as it is as long as the result is used, and its functions do what it says.
    pub(crate) unsafe fn new(table: &'static korewebhook_sha256_ops) -> Option<Self> {
        let complete = table.init.is_some() && table.update.is_some() && table.finish.is_some();
        (complete && (1..=MAX_CONTEXT).contains(&table.context_size)).then_some(Self(table))
    }

    /// The size of a context in bytes, such that the next one is aligned.
    pub(crate) const fn context_size(self) -> usize {
        self.0.context_size.next_multiple_of(8)
    }

    /// Whether a message under way can be copied.
    pub(crate) const fn can_clone(self) -> bool {
        self.0.clone.is_some()
    }
}

/// Writes zeros that stay: word by word, since firmware has no use for `memset` else.
///
/// # Safety
/// A context of this size, which isn't 0, rounded up to a multiple of 8, can be written to.
#[inline(never)]
unsafe fn zero(context: *mut c_void, size: usize) {
    let mut left = size.next_multiple_of(8);
    loop {
        left = left.wrapping_sub(size_of::<usize>());
        // SAFETY: the caller's promise.
        unsafe { context.byte_add(left).cast::<usize>().write_volatile(0) };
        if left == 0 {
            break;
        }
    }
}

fn done(result: i32) -> Result<(), BackendError> {
    if result == 0 { Ok(()) } else { Err(BackendError) }
}

impl Sha256Backend for Ops {
    type State = Handle;

    fn init(&self, state: &mut Handle) -> Result<(), BackendError> {
        self.abort(state);
        let init = self.0.init.filter(|_| !state.context.is_null()).ok_or(BackendError)?;
        // SAFETY: the context belongs to this handle and is as large as the table says.
        done(unsafe { init(state.context, self.0.user) })?;
        (state.used, state.active) = (true, true);
        Ok(())
    }

    fn update(&self, state: &mut Handle, bytes: &[u8]) -> Result<(), BackendError> {
        if bytes.is_empty() {
            return Ok(());
        }
        match self.0.update {
            Some(update) if state.active => {
                // SAFETY: `init` was called with this context.
                done(unsafe { update(state.context, bytes.as_ptr(), bytes.len()) })
            }
            _ => Err(BackendError),
        }
    }

    fn finish(&self, state: &mut Handle, digest: &mut Digest) -> Result<(), BackendError> {
        let finish = self.0.finish.filter(|_| state.active).ok_or(BackendError)?;
        // SAFETY: `init` was called with this context, and the digest has its 32 bytes.
        let result = done(unsafe { finish(state.context, digest.as_mut_ptr()) });
        state.active = result.is_err();
        self.abort(state);
        result
    }

    fn abort(&self, state: &mut Handle) {
        if let (Some(abort), true) = (self.0.abort, state.active) {
            // SAFETY: `init` was called with this context.
            unsafe { abort(state.context) };
        }
        if state.used {
            // SAFETY: the context belongs to this handle, and is aligned.
            unsafe { zero(state.context, self.0.context_size) };
            compiler_fence(Ordering::SeqCst);
        }
        (state.used, state.active) = (false, false);
    }

    fn try_clone(&self, from: &Handle, to: &mut Handle) -> Result<bool, BackendError> {
        let Some(clone) = self.0.clone else { return Ok(false) };
        if !from.active || to.context.is_null() {
            return Err(BackendError);
        }
        self.abort(to);
        // SAFETY: `init` was called with the one context, and the other belongs to its handle.
        done(unsafe { clone(from.context, to.context) })?;
        (to.used, to.active) = (true, true);
        Ok(true)
    }
}

impl fmt::Debug for Ops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ops")
    }
}

/// As [`Ops`], for one computation after the other in the same context, each of which is ended or given up, once, before
/// another one begins: nothing has to be remembered of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Direct {
    table: &'static korewebhook_sha256_ops,
    context: *mut c_void,
}

impl Direct {
    /// # Safety
    /// The context is as large as the table says and aligned to 8 bytes; nobody else uses it.
    pub(crate) const unsafe fn new(ops: Ops, context: *mut c_void) -> Self {
        Self { table: ops.0, context }
    }

    fn wipe(self) {
        // SAFETY: the context is ours.
        unsafe { zero(self.context, self.table.context_size) };
        compiler_fence(Ordering::SeqCst);
    }
}

impl Sha256Backend for Direct {
    /// What a function said that failed; 0 while none has.
    type State = i32;
    const REMEMBERS_FAILURE: bool = true;

    fn init(&self, state: &mut i32) -> Result<(), BackendError> {
        // SAFETY: here and below, `Ops::new` has checked that there is such a function, and the context is as it wants it.
        *state = unsafe { self.table.init.unwrap_unchecked()(self.context, self.table.user) };
        done(*state)
    }

    fn update(&self, state: &mut i32, bytes: &[u8]) -> Result<(), BackendError> {
        if *state == 0 && !bytes.is_empty() {
            // SAFETY: as above.
            *state =
                unsafe { self.table.update.unwrap_unchecked()(self.context, bytes.as_ptr(), bytes.len()) };
        }
        // The end says so.
        Ok(())
    }

    fn finish(&self, state: &mut i32, digest: &mut Digest) -> Result<(), BackendError> {
        self.finish_with(state, |made| *digest = *made)
    }

    #[inline(always)]
    fn finish_with<R>(&self, state: &mut i32, look: impl FnOnce(&Digest) -> R) -> Result<R, BackendError> {
        let mut digest = MaybeUninit::<Digest>::uninit();
        if *state == 0 {
            // SAFETY: as above, and the digest has its 32 bytes.
            *state =
                unsafe { self.table.finish.unwrap_unchecked()(self.context, digest.as_mut_ptr().cast()) };
        }
        done(*state)?;
        self.wipe();
        // SAFETY: `finish` has written it.
        Ok(look(unsafe { digest.assume_init_ref() }))
    }

    fn abort(&self, _: &mut i32) {
        if let Some(abort) = self.table.abort {
            // SAFETY: as above.
            unsafe { abort(self.context) };
        }
        self.wipe();
    }
}

/// As [`Ops`], for one computation after the other, all in the same context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Single {
    ops: Ops,
    context: *mut c_void,
}

impl Single {
    /// # Safety
    /// The context is as large as the table says and aligned to 8 bytes; nobody else uses it.
    pub(crate) const unsafe fn new(ops: Ops, context: *mut c_void) -> Self {
        Self { ops, context }
    }
}

impl Sha256Backend for Single {
    type State = Handle;

    fn init(&self, state: &mut Handle) -> Result<(), BackendError> {
        *state = Handle::at(self.context);
        self.ops.init(state)
    }

    fn update(&self, state: &mut Handle, bytes: &[u8]) -> Result<(), BackendError> {
        // The state is dropped after an error, and a dropped one lets go of nothing.
        self.ops.update(state, bytes).inspect_err(|_| self.ops.abort(state))
    }

    fn finish(&self, state: &mut Handle, digest: &mut Digest) -> Result<(), BackendError> {
        self.ops.finish(state, digest)
    }

    fn abort(&self, state: &mut Handle) {
        self.ops.abort(state);
    }
}

/// Our own SHA-256, as a table: a small one where there is no operating system.
pub(crate) mod builtin {
    use super::{Ops, c_void, korewebhook_sha256_ops};
    #[cfg(target_os = "none")]
    use korewebhook::hash::Compact as Hash;
    #[cfg(not(target_os = "none"))]
    use korewebhook::hash::Sha2 as Hash;
    use korewebhook::hash::Sha256Backend;

    type State = <Hash as Sha256Backend>::State;

    /// The size of a context in bytes.
    pub(crate) const SIZE: usize = size_of::<State>();
    const _: () = assert!(align_of::<State>() <= 8);

    struct Table(korewebhook_sha256_ops);

    // SAFETY: it is constant, and its `user` is null.
    unsafe impl Sync for Table {}

    static TABLE: Table = Table(korewebhook_sha256_ops {
        context_size: SIZE,
        user: core::ptr::null_mut(),
        init: Some(init),
        update: Some(update),
        finish: Some(finish),
        clone: if cfg!(target_os = "none") { None } else { Some(clone) },
        abort: None,
    });

    pub(crate) fn table() -> &'static korewebhook_sha256_ops {
        &TABLE.0
    }

    pub(crate) fn ops() -> Ops {
        Ops(table())
    }

    unsafe extern "C" fn init(context: *mut c_void, _: *mut c_void) -> i32 {
        let state = context.cast::<State>();
        #[cfg(not(target_os = "none"))]
        // SAFETY: a context is large and aligned enough.
        unsafe {
            state.write(State::default());
        }
        #[cfg(target_os = "none")]
        // SAFETY: as above, and the small one's default is all zeros.
        unsafe {
            super::zero(context, SIZE);
        }
        // SAFETY: it was just written.
        i32::from(Hash.init(unsafe { &mut *state }).is_err())
    }

    unsafe extern "C" fn update(context: *mut c_void, data: *const u8, len: usize) -> i32 {
        // SAFETY: `init` wrote a state there.
        let state = unsafe { &mut *context.cast::<State>() };
        // SAFETY: only called by `Ops::update`, with a slice.
        i32::from(Hash.update(state, unsafe { core::slice::from_raw_parts(data, len) }).is_err())
    }

    unsafe extern "C" fn finish(context: *mut c_void, digest: *mut u8) -> i32 {
        // SAFETY: `init` wrote a state there.
        let state = unsafe { &mut *context.cast::<State>() };
        // SAFETY: only called by `Ops::finish`, with a digest.
        let digest = unsafe { &mut *digest.cast() };
        #[cfg(not(target_os = "none"))]
        return i32::from(Hash.finish(state, digest).is_err());
        // `Ops` wipes the context.
        #[cfg(target_os = "none")]
        {
            state.end(digest);
            0
        }
    }

    unsafe extern "C" fn clone(from: *const c_void, to: *mut c_void) -> i32 {
        // SAFETY: `init` wrote a state there.
        let from = unsafe { &*from.cast::<State>() };
        let to = to.cast::<State>();
        // SAFETY: a context is large and aligned enough.
        unsafe { to.write(State::default()) };
        // SAFETY: it was just written.
        i32::from(!matches!(Hash.try_clone(from, unsafe { &mut *to }), Ok(true)))
    }
}
