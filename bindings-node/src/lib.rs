//! The addon: the engine's calls over byte slices of JavaScript's, nothing copied.

use core::cell::RefCell;
use korewebhook::replay::{Place, ReplayKey};
use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook_node_engine::{KeyRing, State, Store};
use napi::Env;
use napi::bindgen_prelude::{Function, FunctionCallContext, Result};
use napi_derive::napi;

/// What a JavaScript object keeps on the heap, where no copy of a secret stays behind when it is moved.
#[derive(Debug)]
pub struct Heap;

impl Store for Heap {
    type Ring = Box<KeyRing>;
    type Standard = Box<StandardKeyRing>;
    type Url = Box<[u8]>;
    type Places = Vec<Place>;

    fn ring(&mut self) -> Self::Ring {
        Box::default()
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

/// A new object, yet to be opened: the function that makes its calls, given `io`, how much of it is used, the body and
/// `out`. What the function keeps goes when it goes, and needs no look-up. The package hands in its own arrays, lent for
/// the call, and never one of them twice.
#[napi]
pub fn create(env: &Env) -> Result<Function<'_, (), i32>> {
    let state = RefCell::new(State::Stateless);
    env.create_function_from_closure("run", move |call: FunctionCallContext<'_>| {
        let (io, body, out): (&mut [u8], &[u8], &mut [u8]) = (call.get(0)?, call.get(2)?, call.get(3)?);
        Ok(state.borrow_mut().run(&mut Heap, io, body, out))
    })
}

/// The version, by which the package knows its own addon.
#[napi]
pub const fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
