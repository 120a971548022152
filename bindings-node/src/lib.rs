//! The addon: the engine's calls over byte slices of JavaScript's, nothing copied.

use core::cell::RefCell;
use core::ops::RangeInclusive;
use korewebhook::PrefixState;
use korewebhook::replay::{Place, ReplayKey};
use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook_node_engine::{Call, KeyRing, State, Store};
use napi::bindgen_prelude::{Buffer, External, Function, FunctionCallContext, JsValue, Result};
use napi::{Env, sys};
use napi_derive::napi;
use std::rc::Rc;

/// What a JavaScript object keeps on the heap, where no copy of a secret stays behind when it is moved.
#[derive(Debug)]
pub struct Heap;

impl Store for Heap {
    type Ring = Box<KeyRing>;
    type Prefix = Vec<PrefixState>;
    type Standard = Box<StandardKeyRing>;
    type Url = Box<[u8]>;
    type Places = Vec<Place>;

    fn ring(&mut self) -> Self::Ring {
        Box::default()
    }

    fn prefix(&mut self, secrets: usize) -> Option<Self::Prefix> {
        filled(secrets, PrefixState::default())
    }

    fn standard(&mut self) -> Self::Standard {
        Box::default()
    }

    fn url(&mut self, url: &[u8]) -> Option<Self::Url> {
        Some(url.into())
    }

    fn places(&mut self, count: usize) -> Option<Self::Places> {
        filled(count, Place::FREE)
    }

    fn keys<T>(&mut self, count: usize, then: impl FnOnce(&mut [ReplayKey]) -> T) -> Option<T> {
        filled(count, ReplayKey::EMPTY).map(|mut keys| then(&mut keys))
    }
}

fn filled<T: Clone>(count: usize, value: T) -> Option<Vec<T>> {
    let mut places = Vec::new();
    places.try_reserve_exact(count).ok()?;
    places.resize(count, value);
    Some(places)
}

/// `io` and `out` of the package's, which no call has to hand over. JavaScript looks before each call that they are still
/// there, and doesn't run during one.
#[derive(Default)]
#[expect(missing_debug_implementations, reason = "it holds secrets while an object is opened")]
pub struct Memory {
    io: Buffer,
    out: Buffer,
}

type Shared = Rc<RefCell<Memory>>;

/// What one copy of the package shares with its objects.
#[napi]
pub fn share() -> External<Shared> {
    External::new(Shared::default())
}

/// Sets `io` and `out` for the calls that follow.
#[napi]
pub fn attach(shared: &External<Shared>, io: Buffer, out: Buffer) {
    shared.replace(Memory { io, out });
}

/// A new object, yet to be opened: the function that makes its calls, given the body, and another `out` where that one is
/// too small. What the function keeps goes when it goes, and needs no look-up.
///
/// In place of its number, which stands in `io`, a verdict gives the canonical body where that stands in `out` and isn't too
/// long: as a string with a character for each byte.
#[napi]
pub fn create<'env>(
    env: &'env Env,
    shared: &External<Shared>,
) -> Result<Function<'env, (), sys::napi_value>> {
    let (shared, state) = (Rc::clone(shared), RefCell::new(State::Stateless));
    env.create_function_from_closure("run", move |call: FunctionCallContext<'_>| {
        let Memory { io, out } = &mut *shared.borrow_mut();
        let out = if call.length() > 1 { call.get(1)? } else { &mut **out };
        let verifies = io.first() == Some(&(Call::Verify as u8));
        let said = state.borrow_mut().run(&mut Heap, io, call.get(0)?, out);
        match written(io, out).filter(|bytes| verifies && said >= 0 && QUICK_AS_TEXT.contains(&bytes.len())) {
            Some(bytes) => Ok(call.env.create_string_latin1(bytes)?.raw()),
            None => Ok(call.env.create_int32(said)?.raw()),
        }
    })
}

/// What stands in `out` after a call that didn't fail.
fn written<'o>(io: &[u8], out: &'o [u8]) -> Option<&'o [u8]> {
    let used = u32::from_le_bytes(*io.first_chunk()?);
    out.get(..usize::try_from(used).ok()?)
}

/// So many bytes JavaScript has sooner as a string than as a buffer of any kind. Longer ones stand outside of V8's usual pages.
const QUICK_AS_TEXT: RangeInclusive<usize> = 1..=127 << 10;

/// The version, by which the package knows its own addon.
#[napi]
pub const fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
