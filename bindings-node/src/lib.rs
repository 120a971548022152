//! The addon: the engine's calls over byte slices of JavaScript's, nothing copied.

use korewebhook::replay::{Place, ReplayKey};
use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook_node_engine::{KeyRing, State, Store};
use napi::bindgen_prelude::External;
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

/// A new object, yet to be opened.
#[napi]
pub fn create() -> External<State<Heap>> {
    External::new(State::Stateless)
}

/// Bytes of JavaScript's, lent for the call. The package hands in its own arrays and never one of them twice.
type Bytes<'a> = &'a mut [u8];

/// A call of the engine.
#[napi]
pub fn run(state: &mut External<State<Heap>>, io: Bytes<'_>, body: &[u8], out: Bytes<'_>) -> i32 {
    state.run(&mut Heap, io, body, out)
}

/// The version, by which the package knows its own addon.
#[napi]
pub const fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
