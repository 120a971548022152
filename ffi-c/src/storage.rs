//! The caller's storage: a frame, the core's storage, and behind it the hash contexts.

use crate::args::{INVALID, apart, check};
use crate::hmac::HmacState;
use crate::opaque::{Opaque as _, copy_words};
use crate::ops::{Direct, Handle, Ops, builtin};
use crate::verifier::korewebhook_verifier;
use core::ffi::c_void;
use korewebhook::{AnyStorage, Error, HmacSha256, KoreSha256, Reason, Scheme, Storage};

/// What `korewebhook_storage_size` is made of, in bytes beside the pointers.
pub const KOREWEBHOOK_STORAGE_BYTES: usize = 64;
/// As above, in pointers.
pub const KOREWEBHOOK_STORAGE_POINTERS: usize = 14;
/// An upper bound for a context of the built-in SHA-256, in bytes.
pub const KOREWEBHOOK_SHA256_CONTEXT_SIZE: usize = 104;
/// An upper bound for a state of `hmac-sha256`, in bytes.
pub const KOREWEBHOOK_HMAC_STATE_SIZE: usize = 160;
/// The alignment of every storage, in bytes.
pub const KOREWEBHOOK_STORAGE_ALIGN: usize = 8;

/// How a scheme's states lie in the storage.
pub(crate) trait Laid: Scheme<State: 'static> {
    /// The size of what a state keeps behind the core's storage: a multiple of 8 bytes.
    fn context_size(self) -> usize;
    /// An idle state over that.
    fn state(self, context: *mut c_void) -> Self::State;

    /// The same for one computation after the other.
    type Once: Scheme;
    /// That over the same context.
    ///
    /// # Safety
    /// There is such a context, and nobody else uses it.
    unsafe fn once(self, context: *mut c_void) -> Self::Once;
}

impl Laid for KoreSha256<Ops> {
    fn context_size(self) -> usize {
        self.0.context_size()
    }

    fn state(self, context: *mut c_void) -> Handle {
        Handle::at(context)
    }

    type Once = KoreSha256<Direct>;

    unsafe fn once(self, context: *mut c_void) -> Self::Once {
        // SAFETY: the caller's promise.
        KoreSha256(unsafe { Direct::new(self.0, context) })
    }
}

impl Laid for HmacSha256 {
    fn context_size(self) -> usize {
        0
    }

    fn state(self, _: *mut c_void) -> HmacState {
        HmacState::default()
    }

    type Once = Self;

    unsafe fn once(self, _: *mut c_void) -> Self {
        self
    }
}

/// What stands before the core's storage.
#[repr(C, align(8))]
pub(crate) struct Frame {
    mark: usize,
    pub(crate) verifier: *const korewebhook_verifier,
    pub(crate) states: usize,
}

/// Storage of the caller's, by its length.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(crate) data: *mut c_void,
    pub(crate) len: usize,
}

impl Room {
    /// Whether it is aligned and has this many bytes.
    pub(crate) fn holds(&self, size: usize) -> Result<(), Reason> {
        check(self.data.cast::<Frame>())?;
        if self.len < size { Err(Reason::BufferTooSmall) } else { Ok(()) }
    }

    /// Whether it lies apart from a text, and is aligned and has this many bytes. 0, or the number of the reason.
    pub(crate) fn fits(&self, text: &[u8], size: usize) -> u32 {
        if apart(text.as_ptr(), text.len(), self.data, self.len)
            .and(check(self.data.cast::<Frame>()))
            .is_err()
        {
            return INVALID as u32;
        }
        if self.len < size { Reason::BufferTooSmall as u32 } else { 0 }
    }
}

/// Where the core's storage begins, and where its states do: the tail of a structure without any.
const fn head<S: Scheme>() -> usize {
    const {
        let empty = size_of::<Storage<S, [S::State; 0]>>();
        let three = size_of::<Storage<S, [S::State; 3]>>();
        assert!(
            align_of::<S::State>() == align_of::<Storage<S, [S::State; 0]>>(),
            "no gap before the states"
        );
        assert!(three == empty.wrapping_add(size_of::<S::State>().wrapping_mul(3)), "none behind them");
        assert!(align_of::<Storage<S, [S::State; 0]>>() <= align_of::<Frame>());
        size_of::<Frame>().wrapping_add(empty)
    }
}

/// The size of a storage with this many states, in bytes.
pub(crate) fn size<S: Laid>(scheme: S, states: usize) -> usize {
    // At most ten states of 64 KiB.
    let state = size_of::<S::State>().wrapping_add(scheme.context_size());
    head::<S>().wrapping_add(states.wrapping_mul(state))
}

/// Lays out a storage for this many states, whatever was there.
///
/// # Safety
/// `room` can be read and written as long as `'s` lasts, and nobody else does.
pub(crate) unsafe fn lay<'s, S: Laid>(
    scheme: S,
    room: Room,
    states: usize,
) -> Result<&'s mut AnyStorage<S>, Reason> {
    room.holds(size(scheme, states))?;
    // SAFETY: aligned and large enough.
    unsafe { (*room.data.cast::<Frame>()).mark = 0 };
    // SAFETY: within the room.
    let storage = unsafe { room.data.byte_add(size_of::<Frame>()) };
    let idle = Storage::<S, [S::State; 0]>::with_states([]);
    // SAFETY: large and aligned enough. The part before the states is the same however many there are.
    unsafe { copy_words(&raw const idle, storage.cast()) };
    // SAFETY: within the room, as all that follows.
    let mut state = unsafe { room.data.byte_add(head::<S>()) }.cast::<S::State>();
    // SAFETY: as above.
    let mut context = unsafe { state.add(states) }.cast::<c_void>();
    for _ in 0..states {
        // SAFETY: as above.
        unsafe {
            state.write(scheme.state(context));
            state = state.add(1);
            context = context.byte_add(scheme.context_size());
        }
    }
    // SAFETY: it was laid out just now.
    Ok(unsafe { view(room.data, states) })
}

/// The core's storage in a room that was laid out.
///
/// # Safety
/// [`lay`] was called with this room and this number of states, and the room hasn't moved since; nobody else uses
/// it.
pub(crate) unsafe fn view<'s, S: Laid>(room: *mut c_void, states: usize) -> &'s mut AnyStorage<S> {
    // SAFETY: within the room.
    let storage = unsafe { room.byte_add(size_of::<Frame>()) };
    let storage = core::ptr::slice_from_raw_parts_mut(storage.cast::<S::State>(), states);
    // SAFETY: `lay` has written it.
    unsafe { &mut *(storage as *mut AnyStorage<S>) }
}

/// The first state in a room that was laid out.
///
/// # Safety
/// As for [`view`].
pub(crate) unsafe fn states<S: Laid>(room: *mut c_void) -> *mut S::State {
    // SAFETY: within the room.
    unsafe { room.byte_add(head::<S>()) }.cast()
}

/// Ties the frame to its place: a copy elsewhere isn't taken for a stream.
fn mark(room: *const c_void) -> usize {
    room.addr() ^ korewebhook_verifier::MARK
}

/// Notes that a stream of this verifier is under way in a room that was laid out.
///
/// # Safety
/// As for [`view`].
pub(crate) unsafe fn open(room: *mut c_void, verifier: *const korewebhook_verifier, states: usize) {
    let frame = Frame { mark: mark(room), verifier, states };
    // SAFETY: the frame stands first.
    unsafe { room.cast::<Frame>().write(frame) };
}

/// The frame of a stream that is under way; `finished` where none is.
///
/// # Safety
/// `room` is null, or was started in, or can be read as a frame.
pub(crate) unsafe fn frame<'s>(room: *mut c_void) -> Result<&'s Frame, Error> {
    let frame = room.cast::<Frame>();
    check(frame)?;
    // SAFETY: the caller's promise.
    let frame = unsafe { &*frame };
    if frame.mark == mark(room) { Ok(frame) } else { Err(Reason::Finished.into()) }
}

/// Notes that the stream has ended.
///
/// # Safety
/// As for [`view`].
pub(crate) unsafe fn close(room: *mut c_void) {
    // SAFETY: the frame stands first.
    unsafe { (*room.cast::<Frame>()).mark = 0 };
}

// The macros of the header are upper bounds.
const BASE: usize = KOREWEBHOOK_STORAGE_BYTES + KOREWEBHOOK_STORAGE_POINTERS * size_of::<usize>();
const _: () = assert!(head::<KoreSha256<Ops>>() <= BASE);
const _: () = assert!(head::<HmacSha256>() <= BASE);
const _: () = assert!(size_of::<Handle>() == 2 * size_of::<usize>());
const _: () = assert!(builtin::SIZE <= KOREWEBHOOK_SHA256_CONTEXT_SIZE);
const _: () = assert!(size_of::<HmacState>() <= KOREWEBHOOK_HMAC_STATE_SIZE);
const _: () = assert!(align_of::<Frame>() == KOREWEBHOOK_STORAGE_ALIGN);
