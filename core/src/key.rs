//! The keys by which deliveries and events are told apart.
//!
//! They are digests of what is signed and of the URL, without the secret: the same before and after a
//! rotation, and not to be chosen by whoever rewrites headers. Every variable part but the last carries its
//! length, in eight bytes, so no two inputs run into one.

use crate::delivery::Delivery;
use crate::error::{Error, Reason};
use crate::event::Event;
use crate::hash::{BackendError, Digest, Sha256Backend};
use crate::json;
use crate::replay::ReplayKey;
use core::fmt;

const DELIVERY: &[u8] = b"korewebhook/replay/1";
const EVENT: &[u8] = b"korewebhook/event/1";
const ITEM: &[u8] = b"korewebhook/item/1";

/// A key: 32 bytes, shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub Digest);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// Computes the keys of one endpoint: from [`Verifier::keys`](crate::Verifier::keys).
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a, B> {
    hash: B,
    url: &'a [u8],
}

impl<'a, B: Sha256Backend + Copy> Keys<'a, B> {
    pub(crate) const fn new(hash: B, url: &'a [u8]) -> Self {
        Self { hash, url }
    }

    /// The delivery key: SHA-256(`"korewebhook/replay/1"` ‖ len(method) ‖ method ‖ len(URL) ‖ URL ‖ canonical
    /// body).
    ///
    /// # Errors
    /// `hash-backend`.
    pub fn delivery(&self, delivery: &Delivery<'_>) -> Result<Key, Error> {
        let mut hasher = Hasher::idle(self.hash);
        hasher.begin(&[])?;
        delivery_prefix(self.url, |bytes| hasher.update(bytes))?;
        let mut result = Ok(());
        delivery.visit(|run| {
            if let Err(error) = hasher.update(run) {
                result = Err(error);
            }
        })?;
        result?;
        Ok(hasher.finish()?)
    }

    /// The event key: SHA-256(`"korewebhook/event/1"` ‖ len(URL) ‖ URL ‖ len(source) ‖ source ‖ len(id) ‖
    /// id), over the bytes between the quotes as they stand. `None` where `source` or `id` is missing,
    /// repeated, empty, or no string.
    ///
    /// # Errors
    /// `hash-backend`.
    pub fn event(&self, event: &Event<'_>) -> Result<Option<Key>, Error> {
        let (Some(source), Some(id)) = (event.source(), event.id()) else { return Ok(None) };
        let mut hasher = Hasher::idle(self.hash);
        hasher.begin(EVENT)?;
        for part in [self.url, source.raw(), id.raw()] {
            sized(part, &mut |bytes| hasher.update(bytes))?;
        }
        Ok(Some(hasher.finish()?))
    }

    /// What a [`ReplayGuard`](crate::replay::ReplayGuard) or another store has to remember of a delivery: one
    /// key for each event of a body whose events have ids, else one for the whole. In an array where only
    /// some have ids, the others get a key of their content.
    ///
    /// # Errors
    /// `buffer-too-small` where `out` has fewer than [`Self::replay_len`] places: it is unchanged then;
    /// `hash-backend`, after which `out` is unspecified.
    pub fn replay<'o>(
        &self,
        delivery: &Delivery<'_>,
        out: &'o mut [ReplayKey],
    ) -> Result<&'o mut [ReplayKey], Error> {
        let (count, any_id) = count(delivery);
        let out = out.get_mut(..count).ok_or(Reason::BufferTooSmall)?;
        if !any_id {
            let key = self.delivery(delivery)?;
            out.iter_mut().for_each(|place| *place = ReplayKey::body(key));
            return Ok(out);
        }
        for (place, event) in out.iter_mut().zip(delivery.events()) {
            *place = match self.event(&event)? {
                Some(key) => ReplayKey::event(key, self.content(&event, None)?, event.time_ms()),
                None => ReplayKey::body(Key(self.content(&event, Some(ITEM))?)),
            };
        }
        Ok(out)
    }

    /// How many keys [`Self::replay`] gives.
    #[must_use]
    pub fn replay_len(&self, delivery: &Delivery<'_>) -> usize {
        count(delivery).0
    }

    /// The digest of an event's canonical text; with a label, that of label, URL and text.
    fn content(&self, event: &Event<'_>, label: Option<&[u8]>) -> Result<Digest, Error> {
        let mut hasher = Hasher::idle(self.hash);
        hasher.begin(label.unwrap_or_default())?;
        if label.is_some() {
            sized(self.url, &mut |bytes| hasher.update(bytes))?;
        }
        let mut result = Ok(());
        json::visit(event.span(), |run| {
            if let Err(error) = hasher.update(run) {
                result = Err(error);
            }
        })?;
        result?;
        Ok(hasher.finish()?.0)
    }
}

/// What precedes the canonical body in a delivery key.
pub(crate) fn delivery_prefix(
    url: &[u8],
    mut sink: impl FnMut(&[u8]) -> Result<(), BackendError>,
) -> Result<(), BackendError> {
    sink(DELIVERY)?;
    sized(b"POST", &mut sink)?;
    sized(url, &mut sink)
}

/// A part behind its length, in eight bytes.
fn sized(part: &[u8], sink: &mut impl FnMut(&[u8]) -> Result<(), BackendError>) -> Result<(), BackendError> {
    sink(&(part.len() as u64).to_be_bytes())?;
    sink(part)
}

/// How many keys a delivery has, and whether they are those of its events.
fn count(delivery: &Delivery<'_>) -> (usize, bool) {
    let mut events = 0_usize;
    let mut any_id = false;
    for event in delivery.events() {
        any_id |= event.source().is_some() && event.id().is_some();
        events = events.saturating_add(1);
    }
    (if any_id { events } else { 1 }, any_id)
}

/// A key under way.
struct Hasher<B: Sha256Backend> {
    hash: B,
    state: B::State,
}

impl<B: Sha256Backend> Hasher<B> {
    fn idle(hash: B) -> Self {
        Self { hash, state: B::State::default() }
    }

    /// Begins where the hasher stands: a state doesn't move once it is begun.
    fn begin(&mut self, label: &[u8]) -> Result<(), BackendError> {
        self.hash.init(&mut self.state)?;
        self.update(label)
    }

    fn update(&mut self, bytes: &[u8]) -> Result<(), BackendError> {
        self.hash.update(&mut self.state, bytes)
    }

    fn finish(&mut self) -> Result<Key, BackendError> {
        let mut digest = Digest::default();
        self.hash.finish(&mut self.state, &mut digest)?;
        Ok(Key(digest))
    }
}
