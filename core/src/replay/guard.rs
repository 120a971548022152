//! The guard itself: claim, commit, release, renew.

use super::table::{Entry, Place, Table};
use super::{LeaseError, MAX_TOKENS, Outcome, Owner, ReplayKey, Retention};
use crate::error::{Error, Reason};
use crate::hash::Digest;
use crate::header::Token;

/// A replay guard for one process, with room for `N` keys and nothing on a heap. It is no store: what it
/// knows is gone after a restart.
///
/// `claim` and its siblings take a few steps for each key while there is room to spare, and up to as many as
/// there are keys when there is none. A caller with threads puts it behind a lock. `P` holds the places: on a
/// host it may be a `Vec`, whose length then says how many there are.
///
/// ```
/// use korewebhook::replay::{Outcome, ReplayGuard, ReplayKey, Retention};
/// use korewebhook::{Head, KeyRing, SignedUrl, Verifier};
///
/// let secrets: KeyRing = KeyRing::from_secrets(["12345"])?;
/// let url = SignedUrl::new("https://testendpoint.com")?;
/// let verifier = Verifier::new(&secrets, &url)?;
/// let headers = [
///     ("content-type", "application/x-www-form-urlencoded"),
///     ("kore-idempotency-token", "RQa48ec9b6ef475034c35566c02b654243"),
///     ("kore-signature", "f562d3959f68b5a30fc7a63f8bbf40987f633575f4231ffceb4f76dd154ea3ce"),
/// ];
/// let head = Head::new("POST", headers);
/// let delivery = verifier.verify(&head, b"field1=value1&field2=value2")?;
///
/// let mut guard = ReplayGuard::<64>::new(Retention::DEFAULT);
/// let mut places = [ReplayKey::EMPTY; 8];
/// let keys = verifier.keys().replay(&delivery, &mut places)?;
/// let (token, owner, now_ms) = (head.token().value(), [7; 16], 1_720_017_658_000); // 16 random bytes; your clock
/// guard.claim(keys, token, &owner, now_ms);
/// assert_eq!(keys[0].outcome(), Some(Outcome::New));
/// // Handle it; then:
/// guard.commit(keys, &owner, now_ms).expect("the lease still runs");
///
/// guard.claim(keys, token, &[8; 16], now_ms + 16_000); // KORE's retry
/// assert_eq!(keys[0].outcome(), Some(Outcome::Duplicate));
/// # Ok::<(), korewebhook::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReplayGuard<const N: usize, P = [Place; N]> {
    retention: Retention,
    table: Table<P>,
}

impl<const N: usize> ReplayGuard<N> {
    /// An empty guard.
    #[must_use]
    pub const fn new(retention: Retention) -> Self {
        const { assert!(N >= 1, "a replay guard needs room for a key") };
        Self { retention, table: Table::new([Place::FREE; N]) }
    }
}

impl<P: AsRef<[Place]> + AsMut<[Place]>> ReplayGuard<0, P> {
    /// An empty guard in these places, which are freed first.
    ///
    /// # Errors
    /// `invalid-argument` where there are none.
    pub fn in_places(retention: Retention, mut places: P) -> Result<Self, Error> {
        if places.as_ref().is_empty() {
            return Err(Reason::InvalidArgument.into());
        }
        places.as_mut().fill(Place::FREE);
        Ok(Self { retention, table: Table::new(places) })
    }
}

impl<const N: usize, P: AsRef<[Place]> + AsMut<[Place]>> ReplayGuard<N, P> {
    /// How many keys there is room for.
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// How many keys are kept, those included that have run out and were not yet removed.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no key is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Claims the keys of a delivery for `owner` and says for each what it is: [`ReplayKey::outcome`].
    ///
    /// Where there is no room for all that is new, nothing is claimed, and what would have been is
    /// `store-error`.
    pub fn claim(&mut self, keys: &mut [ReplayKey], token: Option<Token<'_>>, owner: &Owner, now_ms: u64) {
        self.table.sweep(now_ms);
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
            if let Some(entry) = guard.table.entry_mut(at) {
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
        self.settle(keys, owner, |guard, at, _| guard.table.remove(at))
    }

    /// Lets the lease begin anew.
    ///
    /// # Errors
    /// `lost-lease`, `already-committed`.
    pub fn renew(&mut self, keys: &[ReplayKey], owner: &Owner, now_ms: u64) -> Result<(), LeaseError> {
        let until_ms = now_ms.saturating_add(self.retention.lease_ms);
        self.settle(keys, owner, |guard, at, _| {
            if let Some(entry) = guard.table.entry_mut(at) {
                entry.until_ms = until_ms;
            }
        })
    }

    fn claim_one(&mut self, key: &ReplayKey, tag: Digest, owner: &Owner, now_ms: u64) -> Outcome {
        if self.is_stale(key, now_ms) {
            return Outcome::Stale;
        }
        let (mut same, mut other) = (None, false);
        let (mut tokens, mut oldest) = (0_usize, None::<(usize, Entry)>);
        for at in self.table.probe(key.key) {
            let Some(entry) = self.table.entry(at).filter(|entry| entry.key == key.key) else { continue };
            if entry.tag == tag {
                same = Some((at, *entry));
                continue;
            }
            other |= entry.is_live(now_ms);
            tokens = tokens.saturating_add(1);
            // What has run out goes first, then what was committed first; what is in progress stays.
            let rank = |entry: &Entry| (entry.is_live(now_ms) && !entry.committed, entry.until_ms);
            if oldest.is_none_or(|(_, known)| rank(entry) < rank(&known)) {
                oldest = Some((at, *entry));
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
        let full = oldest.filter(|_| same.is_none() && tokens >= MAX_TOKENS);
        if let Some((_, oldest)) = full.filter(|(_, oldest)| !oldest.committed && oldest.is_live(now_ms)) {
            return Outcome::InProgress { retry_after_ms: oldest.until_ms.saturating_sub(now_ms) };
        }
        match same.or(full).map(|(at, _)| at).or_else(|| self.table.free_place(key.key, now_ms)) {
            None => return Outcome::StoreError,
            Some(at) => self.table.put(at, entry),
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
                    self.table.remove(at);
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
        let committed = |guard: &Self, key| {
            guard.owned(key, owner).and_then(|at| guard.table.entry(at)).map(|e| e.committed)
        };
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
        self.table
            .probe(key.key)
            .find(|&at| self.table.entry(at).is_some_and(|e| e.key == key.key && e.owner == *owner))
    }
}
