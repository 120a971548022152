//! The replay guard: what has been seen is claimed under a lease, handled, then committed or released.
//!
//! No clock and no randomness here: times are milliseconds of the caller's clock, owners 16 random bytes for each attempt.
//! Nothing that is live is ever evicted: a guard that is full refuses.

use crate::hash::Digest;
use crate::header::Token;
use crate::key::Key;
use core::fmt;
use sha2::{Digest as _, Sha256};

/// Who claims: 16 bytes drawn at random for each attempt.
pub type Owner = [u8; 16];

/// What a guard or a store says of one key of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// `new`: never seen. The caller holds the claim: handle it, then commit or release.
    New,
    /// `duplicate`: seen and committed. Acknowledge it and do nothing.
    Duplicate,
    /// `repeat-body`: a body without ids that was seen under another token: the same status change once more, or a replay; that can't be told apart.
    /// The caller holds the claim; take it as a hint and fetch the state from the API.
    RepeatBody,
    /// `conflict`: the same event id with other content. Not claimed; keep it aside for a person to look at.
    Conflict,
    /// `in-progress`: another attempt holds the claim. Answer 503, so that the sender retries.
    InProgress {
        /// The milliseconds until that claim runs out.
        retry_after_ms: u64,
    },
    /// `stale`: the signed time lies outside of the window. Not claimed.
    Stale,
    /// `store-error`: there is no room. Nothing of the delivery was claimed; answer 503.
    StoreError,
}

impl Outcome {
    /// The outcome for a key of which only committed entries are kept, as in an inbox: `same` says whether there is one with the same
    /// tag, `other` whether there is one with another.
    #[must_use]
    pub const fn of_committed(key: &ReplayKey, same: bool, other: bool) -> Self {
        match (same, other, key.has_id) {
            (true, _, _) => Self::Duplicate,
            (false, true, true) => Self::Conflict,
            (false, true, false) => Self::RepeatBody,
            (false, false, _) => Self::New,
        }
    }

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Duplicate => "duplicate",
            Self::RepeatBody => "repeat-body",
            Self::Conflict => "conflict",
            Self::InProgress { .. } => "in-progress",
            Self::Stale => "stale",
            Self::StoreError => "store-error",
        }
    }

    /// Whether the caller holds a claim now.
    #[must_use]
    pub const fn is_claimed(self) -> bool {
        matches!(self, Self::New | Self::RepeatBody)
    }
}

/// Why a commit, a release or a renewal had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeaseError {
    /// `lost-lease`: the claim, or a part of it, has run out and was taken over. What is still held was treated as asked.
    LostLease,
    /// `already-committed`: this owner has committed before.
    AlreadyCommitted,
}

impl LeaseError {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::LostLease => "lost-lease",
            Self::AlreadyCommitted => "already-committed",
        }
    }
}

impl fmt::Display for LeaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl core::error::Error for LeaseError {}

/// One thing to remember of a delivery: from [`Keys::replay`](crate::Keys::replay).
#[derive(Clone, Copy, Debug)]
pub struct ReplayKey {
    key: Key,
    content: Digest,
    has_id: bool,
    time_ms: Option<u64>,
    outcome: Option<Outcome>,
}

impl ReplayKey {
    /// A place to be filled.
    pub const EMPTY: Self =
        Self { key: Key([0; 32]), content: [0; 32], has_id: false, time_ms: None, outcome: None };

    pub(crate) const fn body(key: Key) -> Self {
        Self { key, ..Self::EMPTY }
    }

    pub(crate) const fn event(key: Key, content: Digest, time_ms: Option<u64>) -> Self {
        Self { key, content, has_id: true, time_ms, outcome: None }
    }

    /// The key itself.
    #[must_use]
    pub const fn key(&self) -> Key {
        self.key
    }

    /// Whether a signed id stands behind it.
    #[must_use]
    pub const fn has_id(&self) -> bool {
        self.has_id
    }

    /// The signed time, in milliseconds since 1970.
    #[must_use]
    pub const fn time_ms(&self) -> Option<u64> {
        self.time_ms
    }

    /// What tells entries of the same key apart: the content of an event, else the token. Without a token every attempt is told apart, because
    /// nothing says that two are the same.
    #[must_use]
    pub fn tag(&self, token: Option<Token<'_>>, owner: &Owner) -> Digest {
        match (self.has_id, token) {
            (true, _) => self.content,
            (false, Some(token)) => Sha256::digest(token.as_str()).into(),
            (false, None) => Sha256::new().chain_update([0]).chain_update(owner).finalize().into(),
        }
    }

    /// What the last claim said.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }
}

/// How long things are remembered, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// How long a claim lasts. It should be longer than a handler may take and shorter than the sender's time-out (15 s for KORE).
    pub lease_ms: u64,
    /// How long a committed key is kept. Old signatures die with the secret, so until the next rotation is complete protection.
    pub keep_ms: u64,
    /// Events whose signed time is older than this are `stale`, and those within are kept that long; `None` turns it off.
    pub max_age_ms: Option<u64>,
    /// How far a signed time may lie in the future, and how much longer events are kept.
    pub skew_ms: u64,
}

impl Retention {
    /// 12 seconds, 30 days, 24 hours and 1 hour.
    pub const DEFAULT: Self = Self {
        lease_ms: 12_000,
        keep_ms: 30 * 24 * 3_600_000,
        max_age_ms: Some(24 * 3_600_000),
        skew_ms: 3_600_000,
    };
}

impl Default for Retention {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: Key,
    tag: Digest,
    owner: Owner,
    committed: bool,
    /// The end of the lease, or of the retention once committed.
    until_ms: u64,
}

impl Entry {
    const fn is_live(&self, now_ms: u64) -> bool {
        now_ms < self.until_ms
    }
}

/// A replay guard for one process, with room for `N` keys and nothing on a heap. It is no store: what it knows is gone after a restart.
///
/// `claim` and its siblings are O(1) while it is not nearly full. A caller with threads puts it behind a lock.
#[derive(Clone, Debug)]
pub struct ReplayGuard<const N: usize> {
    retention: Retention,
    /// Open addressing with linear probing; a deletion closes the gap, so a search ends at the first free place.
    places: [Option<Entry>; N],
    used: usize,
    sweep: usize,
}

impl<const N: usize> ReplayGuard<N> {
    /// An empty guard.
    #[must_use]
    pub const fn new(retention: Retention) -> Self {
        const { assert!(N >= 1, "a replay guard needs room for a key") };
        Self { retention, places: [None; N], used: 0, sweep: 0 }
    }

    /// How many keys are kept, those included that have run out and were not yet removed.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.used
    }

    /// Whether no key is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Claims the keys of a delivery for `owner` and says for each what it is: [`ReplayKey::outcome`].
    ///
    /// Where there is no room for all that is new, nothing is claimed, and what would have been is `store-error`.
    pub fn claim(&mut self, keys: &mut [ReplayKey], token: Option<Token<'_>>, owner: &Owner, now_ms: u64) {
        self.sweep(now_ms);
        for at in 0..keys.len() {
            let Some(key) = keys.get(at).copied() else { break };
            let outcome = self.claim_one(&key, key.tag(token, owner), owner, now_ms);
            if outcome == Outcome::StoreError {
                self.give_up(keys.get_mut(..at).unwrap_or_default(), owner);
                keys.iter_mut().skip(at).for_each(|key| key.outcome = Some(Outcome::StoreError));
                return;
            }
            if let Some(key) = keys.get_mut(at) {
                key.outcome = Some(outcome);
            }
        }
    }

    /// Keeps what was claimed for good: the handler has succeeded.
    ///
    /// A claim that has run out but was not taken over can still be committed.
    ///
    /// # Errors
    /// `lost-lease`, `already-committed`.
    pub fn commit(&mut self, keys: &[ReplayKey], owner: &Owner, now_ms: u64) -> Result<(), LeaseError> {
        let Retention { keep_ms, max_age_ms, skew_ms, .. } = self.retention;
        self.settle(keys, owner, |guard, at, key| {
            let keep = match (max_age_ms, key.time_ms) {
                // From the last moment at which its time may lie ahead to the first at which it is stale.
                (Some(max_age), Some(_)) => max_age.saturating_add(skew_ms).saturating_add(1),
                _ => keep_ms,
            };
            if let Some(entry) = guard.entry_mut(at) {
                entry.committed = true;
                entry.until_ms = now_ms.saturating_add(keep);
            }
        })
    }

    /// Gives back what was claimed: the handler has failed, and the next attempt is `new`.
    ///
    /// # Errors
    /// `lost-lease`, `already-committed`.
    pub fn release(&mut self, keys: &[ReplayKey], owner: &Owner) -> Result<(), LeaseError> {
        self.settle(keys, owner, |guard, at, _| guard.remove(at))
    }

    /// Lets the lease begin anew.
    ///
    /// # Errors
    /// `lost-lease`, `already-committed`.
    pub fn renew(&mut self, keys: &[ReplayKey], owner: &Owner, now_ms: u64) -> Result<(), LeaseError> {
        let until_ms = now_ms.saturating_add(self.retention.lease_ms);
        self.settle(keys, owner, |guard, at, _| {
            if let Some(entry) = guard.entry_mut(at) {
                entry.until_ms = until_ms;
            }
        })
    }

    fn claim_one(&mut self, key: &ReplayKey, tag: Digest, owner: &Owner, now_ms: u64) -> Outcome {
        if self.is_stale(key, now_ms) {
            return Outcome::Stale;
        }
        let (mut same, mut other) = (None, false);
        for at in self.probe(key.key) {
            match self.entry(at) {
                Some(entry) if entry.key == key.key && entry.tag == tag => same = Some((at, *entry)),
                Some(entry) if entry.key == key.key => other |= entry.is_live(now_ms),
                _ => {}
            }
        }
        let live = same.filter(|(_, entry)| entry.is_live(now_ms));
        if let Some((_, entry)) = live.filter(|(_, entry)| !entry.committed) {
            return match (entry.owner == *owner, key.has_id) {
                // Twice in one delivery: an event once, a body without id as often as it stands there.
                (true, true) => Outcome::Duplicate,
                (true, false) => Outcome::RepeatBody,
                (false, _) => Outcome::InProgress { retry_after_ms: entry.until_ms.saturating_sub(now_ms) },
            };
        }
        let outcome = Outcome::of_committed(key, live.is_some(), other);
        if !outcome.is_claimed() {
            return outcome;
        }
        let until_ms = now_ms.saturating_add(self.retention.lease_ms);
        let entry = Entry { key: key.key, tag, owner: *owner, committed: false, until_ms };
        match same.map(|(at, _)| at).or_else(|| self.free_place(key.key, now_ms)) {
            None => return Outcome::StoreError,
            Some(at) => self.put(at, entry),
        }
        outcome
    }

    fn is_stale(&self, key: &ReplayKey, now_ms: u64) -> bool {
        let Retention { max_age_ms, skew_ms, .. } = self.retention;
        let Some((max_age, time)) = max_age_ms.zip(key.time_ms) else { return false };
        now_ms.saturating_sub(time) > max_age || time.saturating_sub(now_ms) > skew_ms
    }

    /// Takes back the claims of a delivery that found no room.
    fn give_up(&mut self, keys: &mut [ReplayKey], owner: &Owner) {
        for key in keys {
            if key.outcome.is_some_and(Outcome::is_claimed) {
                if let Some(at) = self.owned(key, owner) {
                    self.remove(at);
                }
                key.outcome = Some(Outcome::StoreError);
            }
        }
    }

    fn settle(
        &mut self,
        keys: &[ReplayKey],
        owner: &Owner,
        mut apply: impl FnMut(&mut Self, usize, &ReplayKey),
    ) -> Result<(), LeaseError> {
        let claimed = || keys.iter().filter(|key| key.outcome.is_some_and(Outcome::is_claimed));
        let committed =
            |guard: &Self, key| guard.owned(key, owner).and_then(|at| guard.entry(at)).map(|e| e.committed);
        // Looked up beforehand: two keys of a delivery may share an entry.
        let lost = claimed().any(|key| committed(self, key).is_none());
        let already = claimed().any(|key| committed(self, key) == Some(true));
        for key in claimed() {
            if let (Some(false), Some(at)) = (committed(self, key), self.owned(key, owner)) {
                apply(self, at, key);
            }
        }
        match (lost, already) {
            (true, _) => Err(LeaseError::LostLease),
            (false, true) => Err(LeaseError::AlreadyCommitted),
            (false, false) => Ok(()),
        }
    }

    fn owned(&self, key: &ReplayKey, owner: &Owner) -> Option<usize> {
        self.probe(key.key).find(|&at| self.entry(at).is_some_and(|e| e.key == key.key && e.owner == *owner))
    }

    /// The first free place for a key, after those that have run out were removed if need be.
    fn free_place(&mut self, key: Key, now_ms: u64) -> Option<usize> {
        if self.used >= N {
            let mut at = 0;
            while at < N {
                match self.entry(at) {
                    // What closes the gap is looked at next.
                    Some(entry) if !entry.is_live(now_ms) => self.remove(at),
                    _ => at = at.saturating_add(1),
                }
            }
        }
        (self.used < N).then(|| self.around(home::<N>(key)).find(|&at| self.entry(at).is_none())).flatten()
    }

    /// Removes what is past its retention, a few places at a time. A claim that has run out stays until its place is needed, for its owner may still
    /// commit it.
    fn sweep(&mut self, now_ms: u64) {
        for _ in 0..4 {
            match self.entry(self.sweep) {
                Some(entry) if entry.committed && !entry.is_live(now_ms) => self.remove(self.sweep),
                _ => self.sweep = next::<N>(self.sweep),
            }
        }
    }

    /// The used places in which a key may stand.
    fn probe(&self, key: Key) -> impl Iterator<Item = usize> + use<'_, N> {
        self.around(home::<N>(key)).take_while(|&at| self.entry(at).is_some())
    }

    /// All places, from this one on.
    fn around(&self, start: usize) -> impl Iterator<Item = usize> + use<N> {
        core::iter::successors(Some(start), |&at| Some(next::<N>(at))).take(N)
    }

    fn entry(&self, at: usize) -> Option<&Entry> {
        self.places.get(at)?.as_ref()
    }

    fn entry_mut(&mut self, at: usize) -> Option<&mut Entry> {
        self.places.get_mut(at)?.as_mut()
    }

    fn put(&mut self, at: usize, entry: Entry) {
        if let Some(place) = self.places.get_mut(at)
            && place.replace(entry).is_none()
        {
            self.used = self.used.saturating_add(1);
        }
    }

    /// Empties a place and moves up what was pushed past it.
    fn remove(&mut self, at: usize) {
        let mut gap = at;
        for after in self.around(next::<N>(at)).take(N.saturating_sub(1)) {
            let Some(entry) = self.entry(after).copied() else { break };
            if distance::<N>(home::<N>(entry.key), after) >= distance::<N>(gap, after) {
                if let Some(place) = self.places.get_mut(gap) {
                    *place = Some(entry);
                }
                gap = after;
            }
        }
        if self.places.get_mut(gap).and_then(Option::take).is_some() {
            self.used = self.used.saturating_sub(1);
        }
    }
}

/// Where a key belongs. Keys are SHA-256 digests, so their first bytes are spread evenly.
fn home<const N: usize>(key: Key) -> usize {
    let [a, b, c, d, ..] = key.0;
    let hash = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(0);
    hash.checked_rem(N).unwrap_or(0)
}

fn next<const N: usize>(at: usize) -> usize {
    let after = at.saturating_add(1);
    if after < N { after } else { 0 }
}

/// How many steps lead from one place to another.
fn distance<const N: usize>(from: usize, to: usize) -> usize {
    to.checked_sub(from).unwrap_or_else(|| to.saturating_add(N).saturating_sub(from))
}
