//! The replay guard: what has been seen is claimed under a lease, handled, then committed or released.
//!
//! No clock and no randomness here: times are milliseconds of the caller's clock, owners 16 random bytes for
//! each attempt. Nothing that is live is ever evicted: a guard that is full refuses.

mod guard;
mod table;

pub use guard::ReplayGuard;
pub use table::Place;

use crate::hash::Digest;
use crate::header::Token;
use crate::key::Key;
use core::fmt;
use sha2::{Digest as _, Sha256};

/// How many tokens are remembered of one body without ids, the latest ones. Whoever replays it under ever new
/// tokens takes no more room than that.
pub const MAX_TOKENS: usize = 8;

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
    /// `repeat-body`: a body without ids that was seen under another token: the same status change once more,
    /// or a replay; that can't be told apart. The caller holds the claim; take it as a hint and fetch the
    /// state from the API.
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
    /// The outcome for a key of which only committed entries are kept, as in an inbox: `same` says whether
    /// there is one with the same tag, `other` whether there is one with another.
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

    /// The stable number. 0 is never used: in C it means that nothing was claimed yet.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::New => 1,
            Self::Duplicate => 2,
            Self::RepeatBody => 3,
            Self::Conflict => 4,
            Self::InProgress { .. } => 5,
            Self::Stale => 6,
            Self::StoreError => 7,
        }
    }

    /// What a receiver answers to the sender once the outcome is dealt with: 503 so that it comes again, 401
    /// for what is refused for good, else 204. Never 409 or 429, after which the sender doesn't come again.
    /// Of several outcomes in one delivery the highest number counts.
    #[must_use]
    pub const fn http_status(self) -> u16 {
        match self {
            Self::New | Self::Duplicate | Self::RepeatBody | Self::Conflict => 204,
            Self::Stale => 401,
            Self::InProgress { .. } | Self::StoreError => 503,
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
    /// `lost-lease`: the claim, or a part of it, has run out and was taken over. What is still held was
    /// treated as asked.
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

    /// The stable number. No [`Reason`](crate::Reason) has it.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::LostLease => 91,
            Self::AlreadyCommitted => 92,
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

    /// A key that was kept in another form: `content` is the tag of one with an id, `None` that of one without.
    #[must_use]
    pub const fn from_parts(key: Key, content: Option<Digest>, time_ms: Option<u64>) -> Self {
        match content {
            Some(content) => Self::event(key, content, time_ms),
            None => Self::body(key),
        }
    }

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

    /// What tells entries of the same key apart: the content of an event, else the token. Without a token
    /// every attempt is told apart, because nothing says that two are the same.
    #[must_use]
    pub fn tag(&self, token: Option<Token<'_>>, owner: &Owner) -> Digest {
        match (self.has_id, token) {
            (true, _) => self.content,
            (false, Some(token)) => Sha256::digest(token.as_str()).into(),
            (false, None) => Sha256::new().chain_update([0]).chain_update(owner).finalize().into(),
        }
    }

    /// The same key as one that was claimed before, for a caller who keeps outcomes apart.
    #[must_use]
    pub const fn with_outcome(self, outcome: Outcome) -> Self {
        Self { outcome: Some(outcome), ..self }
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
    /// How long a claim lasts. It should be longer than a handler may take and shorter than the sender's
    /// time-out (15 s for KORE).
    pub lease_ms: u64,
    /// How long a committed key is kept. Old signatures die with the secret, so until the next rotation is
    /// complete protection.
    pub keep_ms: u64,
    /// Events whose signed time is older than this are `stale`, and those within are kept that long; `None`
    /// turns it off.
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
