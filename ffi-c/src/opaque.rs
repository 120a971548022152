//! Values of the core in memory of the caller's, whose size C knows and whose content it doesn't.

use crate::args::{INVALID, check};
use core::mem::MaybeUninit;
use korewebhook::Error;

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
pub(crate) unsafe fn put<O: Opaque>(place: *mut O, value: O::Value) -> Result<(), Error> {
    check(place)?;
    let marked = Marked { mark: O::MARK, value: MaybeUninit::new(value) };
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    unsafe { place.cast::<Marked<O::Value>>().write(marked) };
    Ok(())
}

/// The value that was set; `invalid-argument` where none was.
///
/// # Safety
/// `place` is null or can be read as long as `'a` lasts, and whoever set the value has seen to it that what it
/// borrows is still there.
pub(crate) unsafe fn get<'a, O: Opaque>(place: *const O) -> Result<&'a O::Value, Error> {
    check(place)?;
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    let marked = unsafe { &*place.cast::<Marked<O::Value>>() };
    if marked.mark != O::MARK {
        return Err(INVALID);
    }
    // SAFETY: the mark is written together with the value.
    Ok(unsafe { marked.value.assume_init_ref() })
}

/// As [`get`], to be changed.
///
/// # Safety
/// As for [`get`]; nobody else reads or writes there.
pub(crate) unsafe fn get_mut<'a, O: Opaque>(place: *mut O) -> Result<&'a mut O::Value, Error> {
    check(place)?;
    // SAFETY: not null, aligned, large enough by the trait's contract, and the caller's promise.
    let marked = unsafe { &mut *place.cast::<Marked<O::Value>>() };
    if marked.mark != O::MARK {
        return Err(INVALID);
    }
    // SAFETY: the mark is written together with the value.
    Ok(unsafe { marked.value.assume_init_mut() })
}
