//! The C interface: conversions between C and the core, and no decision. The only crate with `unsafe`.
//!
//! A pointer of C's is null or points to what the header says, as long as it says so: that is what "the caller's
//! promise" means in the comments on `unsafe`.
//!
//! The header `include/korewebhook.h` is generated from here; README.md has the conventions.

#![no_std]
#![allow(unsafe_code)]
#![deny(missing_docs, unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
// Nothing may panic into C.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]
// The names are those of C.
#![allow(non_camel_case_types)]
// `pub` is what C sees.
#![allow(unreachable_pub)]

// In the order of the header.
mod version;

pub mod types;

pub mod numbers;

mod names;

mod head;

mod verifier;

mod prefix;

mod verify;

mod stream;

mod sign;

mod url;

mod json;

mod form;

mod event;

mod date;

mod key;

mod guard;

mod standard;

mod bearer;

// Not in it.
mod args;
mod cpu;
mod engine;
mod hmac;
mod opaque;
mod ops;
mod storage;

/// A panic that can be reached is an undefined symbol, so the library doesn't link. Tests and checks have
/// `std`'s handler: they unwind.
#[cfg(all(panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn korewebhook_panic_is_reachable() -> !;
    }
    korewebhook_panic_is_reachable()
}
