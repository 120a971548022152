//! Values of the core in memory of the caller's, whose size C knows and whose content it doesn't.

use crate::args::{INVALID, check};
use core::mem::MaybeUninit;
use korewebhook::Reason;

/// A value behind a mark, by which one that was set is told from memory that is only zeroed.
#[repr(C)]
pub(crate) struct Marked<T> {
    mark: usize,
    value: MaybeUninit<T>,
}

/// A structure of C that holds a value of the core.
///
/// # Safety
/// It is at least as large and as aligned as `Marked<Self::Value>`: [`fits`] says so.
pub(crate) unsafe trait Opaque: Sized {
    /// What it holds.
    type Value;
    /// Tells it from others.
    const MARK: usize;
}

/// Whether the value fits: for a constant assertion.
pub(crate) const fn fits<O: Opaque>() -> bool {
    size_of::<Marked<O::Value>>() <= size_of::<O>() && align_of::<Marked<O::Value>>() <= align_of::<O>()
}

/// Sets the value.
///
/// # Safety
/// `place` is null or may be written to.
pub(crate) unsafe fn put<O: Opaque>(place: *mut O, value: &O::Value) -> Result<(), Reason> {
    const { assert!(!core::mem::needs_drop::<O::Value>(), "a copy is as good as the value") };
    check(place)?;
    let place = place.cast::<Marked<O::Value>>();
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    unsafe {
        (*place).mark = O::MARK;
        copy_words(value, (&raw mut (*place).value).cast());
    }
    Ok(())
}

/// Copies a value word by word: in firmware, `memcpy` alone would be a tenth of the code.
///
/// # Safety
/// `from` can be read and `to` written; the value isn't used at `from` any more.
pub(crate) unsafe fn copy_words<T>(from: *const T, to: *mut T) {
    const WORD: usize = size_of::<usize>();
    const { assert!(align_of::<T>().is_multiple_of(WORD)) };
    let (from, to) = (from.cast::<MaybeUninit<usize>>(), to.cast::<MaybeUninit<usize>>());
    let mut at = 0_usize;
    while at < size_of::<T>() {
        // SAFETY: within the value. Volatile, or the compiler would call `memcpy` after all.
        unsafe { to.byte_add(at).write_volatile(from.byte_add(at).read()) };
        at = at.wrapping_add(WORD);
    }
}

/// The value that was set; `invalid-argument` where none was.
///
/// # Safety
/// `place` is null or can be read as long as `'a` lasts, and whoever set the value has seen to it that what it
/// borrows is still there.
pub(crate) unsafe fn get<'a, O: Opaque>(place: *const O) -> Result<&'a O::Value, Reason> {
    // SAFETY: the caller's promise.
    unsafe { find(place) }.ok_or(INVALID)
}

/// As [`get`], in a register.
///
/// # Safety
/// As for [`get`].
pub(crate) unsafe fn find<'a, O: Opaque>(place: *const O) -> Option<&'a O::Value> {
    check(place).ok()?;
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    let marked = unsafe { &*place.cast::<Marked<O::Value>>() };
    if marked.mark != O::MARK {
        return None;
    }
    // SAFETY: the mark is written together with the value.
    Some(unsafe { marked.value.assume_init_ref() })
}

/// As [`get`], to be changed.
///
/// # Safety
/// As for [`get`]; nobody else reads or writes there.
pub(crate) unsafe fn get_mut<'a, O: Opaque>(place: *mut O) -> Result<&'a mut O::Value, Reason> {
    check(place)?;
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    let marked = unsafe { &mut *place.cast::<Marked<O::Value>>() };
    if marked.mark != O::MARK {
        return Err(INVALID);
    }
    // SAFETY: the mark is written together with the value.
    Ok(unsafe { marked.value.assume_init_mut() })
}
