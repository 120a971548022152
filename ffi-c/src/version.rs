//! The version of the library.

use core::ffi::c_char;

/// The version of the library that is linked, as `KOREWEBHOOK_VERSION`: static, ends with NUL.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub extern "C" fn korewebhook_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
