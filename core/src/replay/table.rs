//! The places of a guard: open addressing with linear probing. A deletion closes the gap, so a search ends at
//! the first free place.

use super::Owner;
use crate::hash::Digest;
use crate::key::Key;

/// Room for one key of a [`ReplayGuard`](super::ReplayGuard).
#[derive(Clone, Copy, Debug, Default)]
pub struct Place(Option<Entry>);

impl Place {
    /// A free place.
    pub const FREE: Self = Self(None);
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) tag: Digest,
    pub(super) owner: Owner,
    pub(super) committed: bool,
    /// The end of the lease, or of the retention once committed.
    pub(super) until_ms: u64,
}

impl Entry {
    pub(super) const fn is_live(&self, now_ms: u64) -> bool {
        now_ms < self.until_ms
    }
}

#[derive(Clone, Debug)]
pub(super) struct Table<P> {
    places: P,
    used: usize,
    sweep: usize,
}

impl<P> Table<P> {
    pub(super) const fn new(free: P) -> Self {
        Self { places: free, used: 0, sweep: 0 }
    }

    pub(super) const fn len(&self) -> usize {
        self.used
    }
}

impl<P: AsRef<[Place]> + AsMut<[Place]>> Table<P> {
    pub(super) fn capacity(&self) -> usize {
        self.places.as_ref().len()
    }

    pub(super) fn entry(&self, at: usize) -> Option<&Entry> {
        self.places.as_ref().get(at)?.0.as_ref()
    }

    pub(super) fn entry_mut(&mut self, at: usize) -> Option<&mut Entry> {
        self.places.as_mut().get_mut(at)?.0.as_mut()
    }

    /// The used places in which a key may stand.
    pub(super) fn probe(&self, key: Key) -> impl Iterator<Item = usize> + use<'_, P> {
        self.around(self.home(key)).take_while(|&at| self.entry(at).is_some())
    }

    pub(super) fn put(&mut self, at: usize, entry: Entry) {
        if let Some(place) = self.places.as_mut().get_mut(at)
            && place.0.replace(entry).is_none()
        {
            self.used = self.used.saturating_add(1);
        }
    }

    /// Empties a place and moves up what was pushed past it.
    pub(super) fn remove(&mut self, at: usize) {
        let mut gap = at;
        for after in self.around(self.next(at)).take(self.capacity().saturating_sub(1)) {
            let Some(entry) = self.entry(after).copied() else { break };
            if self.distance(self.home(entry.key), after) >= self.distance(gap, after) {
                if let Some(place) = self.places.as_mut().get_mut(gap) {
                    *place = Place(Some(entry));
                }
                gap = after;
            }
        }
        if self.places.as_mut().get_mut(gap).and_then(|place| place.0.take()).is_some() {
            self.used = self.used.saturating_sub(1);
        }
    }

    /// The first free place for a key, after what has run out was removed if need be.
    pub(super) fn free_place(&mut self, key: Key, now_ms: u64) -> Option<usize> {
        let capacity = self.capacity();
        if self.used >= capacity {
            // A few at a time: in a full table each removal may move all the others.
            let mut left = 4_usize;
            let mut at = 0;
            while at < capacity && left > 0 {
                match self.entry(at) {
                    // What closes the gap is looked at next.
                    Some(entry) if !entry.is_live(now_ms) => {
                        self.remove(at);
                        left = left.saturating_sub(1);
                    }
                    _ => at = at.saturating_add(1),
                }
            }
        }
        self.around(self.home(key)).find(|&at| self.entry(at).is_none())
    }

    /// Removes what is past its retention, a few places at a time. A claim that has run out stays until its
    /// place is needed, for its owner may still commit it.
    pub(super) fn sweep(&mut self, now_ms: u64) {
        for _ in 0..4 {
            match self.entry(self.sweep) {
                Some(entry) if entry.committed && !entry.is_live(now_ms) => self.remove(self.sweep),
                _ => self.sweep = self.next(self.sweep),
            }
        }
    }

    /// All places, from this one on.
    fn around(&self, start: usize) -> impl Iterator<Item = usize> + use<P> {
        (start..self.capacity()).chain(0..start)
    }

    /// Where a key belongs. Keys are SHA-256 digests, so their first bytes are spread evenly.
    fn home(&self, key: Key) -> usize {
        let [a, b, c, d, ..] = key.0;
        let hash = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(0);
        hash.checked_rem(self.capacity()).unwrap_or(0)
    }

    fn next(&self, at: usize) -> usize {
        let after = at.saturating_add(1);
        if after < self.capacity() { after } else { 0 }
    }

    /// How many steps lead from one place to another.
    fn distance(&self, from: usize, to: usize) -> usize {
        to.checked_sub(from).unwrap_or_else(|| to.saturating_add(self.capacity()).saturating_sub(from))
    }
}
