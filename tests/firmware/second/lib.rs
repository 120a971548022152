//! Another Rust library, as a firmware may link one beside ours: with a panic handler and a runtime of its own, in
//! the form that Rust gives it. One of its functions can panic, so it shows that the proof of panic freedom can fail.

#![no_std]
#![allow(unsafe_code)]

const SQUARES: [u32; 8] = [0, 1, 4, 9, 16, 25, 36, 49];

/// The square of a number that is taken modulo 8.
#[unsafe(no_mangle)]
pub extern "C" fn second_square(of: usize) -> u32 {
    SQUARES.get(of % SQUARES.len()).copied().unwrap_or(0)
}

/// The square of a number under 8. It panics from there on.
#[unsafe(no_mangle)]
pub extern "C" fn second_square_or_panic(of: usize) -> u32 {
    SQUARES[of]
}

#[cfg(all(panic = "abort", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn second_has_panicked() -> !;
    }
    second_has_panicked()
}
