//! The core behind calls of bytes and numbers, once for both engines of the Node package: the addon and the
//! WebAssembly module are two ways to call this, and JavaScript can't tell them apart.
//!
//! A call gets `io`, which holds its arguments and then its small results, the body, and `out` for results of
//! any length. It returns a number from 0 on, [`FAILED`] with an error in `io`, or from -[`MORE`] down how long
//! `out` has to be; then nothing has happened yet. Results begin with how many bytes of `out` were used (u32).

#![no_std]
#![forbid(unsafe_code)]

mod body;
mod canonical;
mod endpoint;
mod guard;
mod standard;
mod stateless;
mod wire;

use core::borrow::BorrowMut;
pub use endpoint::{GET, SECRETS};
pub use guard::{LEASE_ERRORS, OUTCOMES};
use korewebhook::replay::{Place, ReplayGuard, ReplayKey};
use korewebhook::scheme::standard_webhooks::StandardKeyRing;
use korewebhook::{Endpoint, Error, PrefixState, Reason};
pub use wire::{FIELDS, TEXTS, USUAL};
use wire::{Failure, Io, Out};

/// The longest secret, in bytes. There is room for more here than on a microcontroller.
pub const MAX_SECRET: usize = 1024;

/// The secrets of a webhook.
pub type KeyRing = korewebhook::KeyRing<8, MAX_SECRET>;

/// Returned where the core refuses: `io` then holds, behind the length, the reason's number (u8), the offset (f64, NaN for none)
/// and the detail's name (u32 length, bytes).
pub const FAILED: i32 = -1;

/// Returned where there is no memory for so much.
pub const NO_MEMORY: i32 = -2;

/// The least length of `out` that is asked for.
pub const MORE: i32 = 16;

/// The least length of `io`, for results.
pub const MIN_IO: usize = 256;

/// Where things are kept that outlive a call. Secrets are made where they stay.
pub trait Store {
    /// Keeps the secrets of a webhook.
    type Ring: BorrowMut<KeyRing>;
    /// Holds what was hashed once of each secret.
    type Prefix: AsRef<[PrefixState]> + AsMut<[PrefixState]>;
    /// Keeps the secrets of a Standard Webhooks endpoint.
    type Standard: BorrowMut<StandardKeyRing>;
    /// Keeps a URL.
    type Url: AsRef<[u8]>;
    /// Keeps the places of a guard.
    type Places: AsRef<[Place]> + AsMut<[Place]>;

    /// An empty ring.
    fn ring(&mut self) -> Self::Ring;

    /// Room for so many secrets, or none at all; `None` where there is no memory.
    fn prefix(&mut self, secrets: usize) -> Option<Self::Prefix>;
    /// An empty ring.
    fn standard(&mut self) -> Self::Standard;
    /// A copy of this URL.
    fn url(&mut self, url: &[u8]) -> Option<Self::Url>;
    /// This many free places, where there is memory.
    fn places(&mut self, count: usize) -> Option<Self::Places>;
    /// Lends room for this many keys, where there is memory.
    fn keys<T>(&mut self, count: usize, then: impl FnOnce(&mut [ReplayKey]) -> T) -> Option<T>;
}

/// What a JavaScript object stands for.
pub enum State<S: Store> {
    /// Nothing: for calls that need no object.
    Stateless,
    /// A `Webhook`.
    Endpoint(Endpoint<S::Ring, S::Url, 8, MAX_SECRET, S::Prefix>),
    /// A `StandardWebhook`.
    Standard(S::Standard),
    /// A `ReplayGuard`.
    Guard(ReplayGuard<0, S::Places>),
}

impl<S: Store> core::fmt::Debug for State<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Stateless => "Stateless",
            Self::Endpoint(_) => "Endpoint",
            Self::Standard(_) => "Standard",
            Self::Guard(_) => "Guard",
        })
    }
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)*) => {
        /// The first byte of `io`: what to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Call { $($(#[$doc])* $name = $number,)* }

        impl Call {
            /// Every call, in the order of its number.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, stringify!($name))),*];
        }
    };
}

calls! {
    /// Makes a `Webhook`.
    OpenEndpoint = 0;
    /// Makes a `StandardWebhook`.
    OpenStandard = 1;
    /// Makes a `ReplayGuard`.
    OpenGuard = 2;
    /// Verifies, and writes the canonical body to `out` where it differs from the body.
    Verify = 3;
    /// Writes the canonical JSON of the body to `out`.
    Minify = 4;
    /// The error for a body that was not read.
    RefuseUnread = 5;
    /// Signs.
    Sign = 6;
    /// Signs, and lists the headers to send.
    Headers = 7;
    /// The delivery key of a canonical body.
    Key = 8;
    /// The replay keys of a canonical body.
    ReplayKeys = 9;
    /// The events of a canonical body: where they stand, and their keys.
    Events = 10;
    /// The members of a JSON object: where names and values stand.
    Members = 11;
    /// The fields of a form, decoded.
    Fields = 12;
    /// The tag of a replay key.
    Tag = 13;
    /// Claims.
    Claim = 14;
    /// Commits.
    Commit = 15;
    /// Releases.
    Release = 16;
    /// Renews.
    Renew = 17;
    /// How many keys a guard holds.
    GuardLen = 18;
    /// Verifies a Standard Webhooks message.
    VerifyStandard = 19;
    /// Signs one.
    SignStandard = 20;
    /// Checks a bearer token.
    VerifyBearer = 21;
    /// The signed part of a URL.
    SignedUrl = 22;
    /// Reads a `date` header.
    ParseDate = 23;
    /// Reads an RFC 3339 time.
    ParseTime = 24;
    /// What JavaScript shows of a `Webhook`.
    Describe = 25;
    /// Token and date of a head, which nothing signs.
    Unsigned = 26;
}

impl<S: Store> State<S> {
    /// Does what the first byte of `io` says. `io` has at least [`MIN_IO`] bytes.
    pub fn run(&mut self, store: &mut S, io: &mut [u8], body: &[u8], out: &mut [u8]) -> i32 {
        let (mut io, mut out) = (Io::new(io), Out::new(out));
        let result = self.dispatch(store, &mut io, body, &mut out);
        let result = result.and_then(|said| out.finish().map(|used| (said, used)));
        match result {
            Ok((said, used)) => io.finish(said, used),
            Err(failure) => io.fail(failure),
        }
    }

    fn dispatch(
        &mut self,
        store: &mut S,
        io: &mut Io<'_>,
        body: &[u8],
        out: &mut Out<'_>,
    ) -> Result<i32, Failure> {
        let number = usize::from(io.input().u8()?);
        let (call, _) = *Call::ALL.get(number).ok_or(Reason::InvalidArgument)?;
        match (call, &mut *self) {
            (Call::OpenEndpoint, _) => {
                let made = endpoint::open(store, io.input());
                io.wipe();
                *self = Self::Endpoint(made?);
                Ok(0)
            }
            (Call::OpenStandard, _) => {
                let made = standard::open(store, io.input());
                io.wipe();
                *self = Self::Standard(made?);
                Ok(0)
            }
            (Call::OpenGuard, _) => {
                *self = Self::Guard(guard::open(store, io.input())?);
                Ok(0)
            }
            (Call::Describe, Self::Endpoint(endpoint)) => endpoint::describe::<S>(endpoint, io, out),
            (Call::Verify, Self::Endpoint(endpoint)) => endpoint::verify::<S>(endpoint, io, body, out),
            (Call::RefuseUnread, Self::Endpoint(endpoint)) => endpoint::refuse_unread::<S>(endpoint, io),
            (Call::Sign, Self::Endpoint(endpoint)) => endpoint::sign::<S>(endpoint, io, body),
            (Call::Headers, Self::Endpoint(endpoint)) => endpoint::headers::<S>(endpoint, io, body, out),
            (Call::Key, Self::Endpoint(endpoint)) => body::key::<S>(endpoint, io, body),
            (Call::ReplayKeys, Self::Endpoint(endpoint)) => {
                body::replay_keys::<S>(endpoint, store, io, body, out)
            }
            (Call::Events, Self::Endpoint(endpoint)) => body::events::<S>(endpoint, io, body, out),
            (Call::VerifyStandard, Self::Standard(ring)) => standard::verify(ring, io, body),
            (Call::SignStandard, Self::Standard(ring)) => standard::sign(ring, io, body),
            (Call::Claim, Self::Guard(guard)) => guard::claim::<S>(guard, store, io, out),
            (Call::Commit | Call::Release | Call::Renew, Self::Guard(guard)) => {
                guard::settle::<S>(guard, store, call, io)
            }
            (Call::GuardLen, Self::Guard(guard)) => guard::len(guard),
            (Call::Minify, _) => stateless::minify(body, out),
            (Call::Members, _) => body::members(body, out),
            (Call::Fields, _) => body::fields(body, out),
            (Call::Tag, _) => guard::tag(io),
            (Call::VerifyBearer, _) => {
                let said = stateless::verify_bearer(io.input());
                io.wipe();
                said
            }
            (Call::SignedUrl, _) => stateless::signed_url(io, out),
            (Call::ParseDate, _) => stateless::parse_date(io),
            (Call::Unsigned, _) => stateless::unsigned(io),
            (Call::ParseTime, _) => stateless::parse_time(io),
            _ => Err(Error::new(Reason::InvalidArgument).into()),
        }
    }
}
