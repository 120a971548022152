//! Linear memory without an allocator: what is kept for good moves the floor up, a call's own begins there.

use core::arch::wasm32::{memory_grow, memory_size};
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use korewebhook::PrefixState;
use korewebhook::replay::{Place, ReplayKey};
use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook_node_engine::{KeyRing, Store};

const PAGE: usize = 1 << 16;

unsafe extern "C" {
    /// Where the linker's own ends.
    static __heap_base: u8;
}

/// A static of the only thread.
pub(crate) struct Single<T>(UnsafeCell<T>);

// SAFETY: the module has one thread, as its memory is not shared.
unsafe impl<T> Sync for Single<T> {}

impl<T> Single<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    /// No other reference to it is in use.
    #[expect(clippy::mut_from_ref, reason = "the caller promises that it is the only one")]
    pub(crate) unsafe fn get(&self) -> &mut T {
        // SAFETY: as promised.
        unsafe { &mut *self.0.get() }
    }
}

/// Where the free part begins, and where the part reserved for a call ends. 0 is not yet known.
static FLOOR: Single<usize> = Single::new(0);
static CALL_END: Single<usize> = Single::new(0);

static RING: Single<KeyRing> = Single::new(KeyRing::new());
static STANDARD: Single<StandardKeyRing> = Single::new(StandardKeyRing::new());

fn floor() -> &'static mut usize {
    // SAFETY: the reference doesn't outlive the expression that it is asked for in.
    let floor = unsafe { FLOOR.get() };
    if *floor == 0 {
        *floor = (&raw const __heap_base).addr();
    }
    floor
}

fn call_end() -> &'static mut usize {
    // SAFETY: as above.
    unsafe { CALL_END.get() }
}

pub(crate) fn reserve(len: usize) -> Option<usize> {
    let at = *floor();
    *call_end() = grow_to(at.checked_add(len)?)?;
    Some(at)
}

/// Makes memory reach up to there.
fn grow_to(end: usize) -> Option<usize> {
    let missing = end.div_ceil(PAGE).saturating_sub(memory_size(0));
    (missing == 0 || memory_grow(0, missing) != usize::MAX).then_some(end)
}

/// A slice beyond what the call has reserved, filled, and where it ends.
fn filled<T: Copy>(count: usize, value: T) -> Option<(&'static mut [T], usize)> {
    let at = (*call_end()).max(*floor()).checked_next_multiple_of(align_of::<T>())?;
    let end = grow_to(at.checked_add(count.checked_mul(size_of::<T>())?)?)?;
    // SAFETY: the range is aligned, inside of memory, and nothing else uses it.
    let slots = unsafe { core::slice::from_raw_parts_mut(at as *mut MaybeUninit<T>, count) };
    for slot in slots.iter_mut() {
        slot.write(value);
    }
    // SAFETY: every slot was written.
    Some((unsafe { core::slice::from_raw_parts_mut(at as *mut T, count) }, end))
}

/// The same, kept for good.
fn kept<T: Copy>(count: usize, value: T) -> Option<&'static mut [T]> {
    let (slice, end) = filled(count, value)?;
    *floor() = end;
    Some(slice)
}

/// Keeps what an instance holds.
#[derive(Debug)]
pub(crate) struct Linear;

impl Store for Linear {
    type Ring = &'static mut KeyRing;
    type Prefix = [PrefixState; 0];
    type Standard = &'static mut StandardKeyRing;
    type Url = &'static [u8];
    type Places = &'static mut [Place];

    fn ring(&mut self) -> Self::Ring {
        // SAFETY: an instance is opened once.
        unsafe { RING.get() }
    }

    fn prefix(&mut self, _: usize) -> Option<Self::Prefix> {
        Some([])
    }

    fn standard(&mut self) -> Self::Standard {
        // SAFETY: as above.
        unsafe { STANDARD.get() }
    }

    fn url(&mut self, url: &[u8]) -> Option<Self::Url> {
        let copy = kept(url.len(), 0_u8)?;
        copy.copy_from_slice(url);
        Some(copy)
    }

    fn places(&mut self, count: usize) -> Option<Self::Places> {
        kept(count, Place::FREE)
    }

    fn keys<T>(&mut self, count: usize, then: impl FnOnce(&mut [ReplayKey]) -> T) -> Option<T> {
        filled(count, ReplayKey::EMPTY).map(|(keys, _)| then(keys))
    }
}
