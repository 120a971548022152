//! The WebAssembly module: the engine's calls over linear memory. It imports nothing, and each object of
//! JavaScript's has an instance of its own, so nothing has to be freed and no object sees another's secrets.
//!
//! Memory, from the bottom: the stack, statics (secrets among them), what was kept for good, and at the end
//! what JavaScript reserved for one call and what that call borrows on top.

#![cfg(target_arch = "wasm32")]
#![no_std]
#![expect(unsafe_code, reason = "linear memory comes as addresses, and there is one state an instance")]

mod memory;

use core::panic::PanicInfo;
use korewebhook_node_engine::{NO_MEMORY, State};
use memory::{Linear, Single};

static STATE: Single<State<Linear>> = Single::new(State::Stateless);

/// Makes room for `io`, body and `out` in a row and says where; 0 where there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn reserve(len: usize) -> usize {
    memory::reserve(len).unwrap_or(0)
}

/// A call of the engine. The three are next to each other, from where [`reserve`] said.
///
/// # Safety
/// Their lengths were reserved.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(at: usize, io: usize, body: usize, out: usize) -> i32 {
    let ends =
        |next: usize| Some((next, next.checked_add(body)?)).filter(|(_, end)| end.checked_add(out).is_some());
    let Some((body_at, out_at)) = at.checked_add(io).and_then(ends) else { return NO_MEMORY };
    // SAFETY: JavaScript has reserved this range, its parts don't overlap, and it waits meanwhile.
    let (io, body, out) = unsafe {
        (
            core::slice::from_raw_parts_mut(at as *mut u8, io),
            core::slice::from_raw_parts(body_at as *const u8, body),
            core::slice::from_raw_parts_mut(out_at as *mut u8, out),
        )
    };
    // SAFETY: one thread, and the engine doesn't call back.
    unsafe { STATE.get() }.run(&mut Linear, io, body, out)
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
