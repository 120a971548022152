//! A delivery in pieces: constant memory, a bound, one verdict at the end.

use crate::content::Format;
use crate::delivery::{Delivery, EndpointOnly, Receipt, Verdict};
use crate::error::{Error, Reason};
use crate::guard::BodyGuard;
use crate::hash::Digest;
use crate::key::Key;
use crate::scheme::{KoreSha256, Scheme};
use crate::secret::MAX_SECRETS;
use crate::signature::{Matching, Signature};
use core::fmt;
use core::marker::PhantomData;

/// Where a stream keeps its state: hash states, the canonicalizer's state, no part of the body.
///
/// There is one hash state for each secret, and one more where the delivery key is asked for; `T` is the array of
/// them. By default there is room for all that may be needed. A hash state is as good as the secret it has absorbed;
/// all are wiped when the stream ends or the storage is dropped.
pub struct Storage<S: Scheme = KoreSha256, T: ?Sized = [<S as Scheme>::State; MAX_SECRETS + 1]> {
    pub(crate) inner: Inner,
    scheme: PhantomData<S>,
    pub(crate) states: T,
}

/// Storage with any number of hash states: what every [`Storage`] is passed as.
pub type AnyStorage<S = KoreSha256> = Storage<S, [<S as Scheme>::State]>;

/// What doesn't depend on the scheme.
pub(crate) struct Inner {
    pub(crate) guard: BodyGuard,
    pub(crate) signature: Signature,
    pub(crate) failure: Option<Reason>,
    pub(crate) format: Option<Format>,
    /// How many states have absorbed a secret, and whether the next one is that of the delivery key.
    pub(crate) secrets: u8,
    pub(crate) key: bool,
    pub(crate) open: bool,
}

impl<S: Scheme, const N: usize> Storage<S, [S::State; N]> {
    /// Storage for one stream after another.
    #[must_use]
    pub fn new() -> Self {
        Self::with_states(core::array::from_fn(|_| S::State::default()))
    }

    /// Storage with these hash states, for a backend whose states have to be made.
    pub const fn with_states(states: [S::State; N]) -> Self {
        Self { inner: Inner::IDLE, scheme: PhantomData, states }
    }
}

impl<S: Scheme> AnyStorage<S> {
    pub(crate) fn wipe(&mut self, scheme: S) {
        for state in &mut self.states {
            scheme.abort(state);
        }
        self.inner.open = false;
    }
}

impl Inner {
    const IDLE: Self = Self {
        guard: BodyGuard::IDLE,
        signature: Signature::ZERO,
        failure: None,
        format: None,
        secrets: 0,
        key: false,
        open: false,
    };
}

impl<S: Scheme, const N: usize> Default for Storage<S, [S::State; N]> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Scheme, T: ?Sized> fmt::Debug for Storage<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage").field("open", &self.inner.open).finish_non_exhaustive()
    }
}

/// Secret, method and URL, absorbed once: see [`Verifier::prepare`](crate::Verifier::prepare). As good as the
/// secrets, and wiped like them.
pub struct Prefix<S: Scheme = KoreSha256, const N: usize = MAX_SECRETS> {
    pub(crate) states: [S::State; N],
}

impl<S: Scheme, const N: usize> Prefix<S, N> {
    /// Room for the prefix of a verifier.
    #[must_use]
    pub fn new() -> Self {
        Self { states: core::array::from_fn(|_| S::State::default()) }
    }
}

impl<S: Scheme, const N: usize> Default for Prefix<S, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Scheme, const N: usize> fmt::Debug for Prefix<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prefix(redacted)")
    }
}

/// What a stream ends with.
#[derive(Clone, Copy, Debug)]
pub enum Accepted {
    /// A POST whose method, URL and body are authentic.
    Delivery(Receipt),
    /// A GET, where allowed: nothing of the event is authentic.
    EndpointOnly(EndpointOnly),
}

/// A delivery under way. One that is abandoned is wiped once its storage is used again or dropped.
///
/// ```
/// use korewebhook::{Accepted, Head, KeyRing, SignedUrl, Storage, Verifier};
///
/// let secrets: KeyRing = KeyRing::from_secrets(["a35974bdf1c769b8bb"])?;
/// let url = SignedUrl::new("https://testendpoint.com")?;
/// let verifier = Verifier::new(&secrets, &url)?;
/// let headers = [
///     ("content-type", "application/json"),
///     ("kore-signature", "d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59"),
/// ];
///
/// let mut storage: Storage = Storage::new();
/// let mut stream = verifier.start(&Head::new("POST", headers), &mut storage);
/// for chunk in br#"{ "field1": "value1", "field2": "value2"}"#.chunks(16) {
///     stream.update(chunk)?; // an error here: the bound is exceeded, stop reading
/// }
/// assert!(matches!(stream.finish()?, Accepted::Delivery(receipt) if receipt.canonical_len == 37));
/// # Ok::<(), korewebhook::Error>(())
/// ```
pub struct Stream<'s, S: Scheme = KoreSha256> {
    scheme: S,
    pub(crate) storage: &'s mut AnyStorage<S>,
}

impl<'s, S: Scheme> Stream<'s, S> {
    pub(crate) const fn new(scheme: S, storage: &'s mut AnyStorage<S>) -> Self {
        Self { scheme, storage }
    }

    /// Takes the next piece of the body, of any size.
    ///
    /// # Errors
    /// `body-too-large`, or an error that outranks it, as soon as the bound is exceeded: the rest of the body
    /// need not be read. Every other error waits for [`Self::finish`], so that the same reason is reported
    /// however the body is cut.
    pub fn update(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.update_with(chunk, |_| {})
    }

    /// As [`Self::update`], and gives the canonical bytes to `sink`. **They are not verified before
    /// [`Self::finish`] has accepted them.**
    ///
    /// # Errors
    /// As [`Self::update`].
    pub fn update_with(&mut self, chunk: &[u8], mut sink: impl FnMut(&[u8])) -> Result<(), Error> {
        let scheme = self.scheme;
        let Storage { inner: Inner { guard, failure, secrets, key, .. }, states, .. } = &mut *self.storage;
        let used = usize::from(*secrets).wrapping_add(usize::from(*key));
        guard.update(chunk, |run| {
            for state in states.iter_mut().take(used) {
                if scheme.absorb(state, run).is_err() {
                    // A secret that is missing can't be hashed either.
                    failure.get_or_insert(Reason::HashBackend);
                }
            }
            sink(run);
        })
    }

    /// Ends the body and gives the verdict.
    ///
    /// # Errors
    /// Any reason of the head, body and verdict groups: the earliest in [`CHECK_ORDER`](crate::CHECK_ORDER).
    /// `hash-backend` where the backend failed and nothing else is wrong.
    pub fn finish(mut self) -> Result<Accepted, Error> {
        let verdict = self.decide().and_then(|known| Ok((known, self.key()?)));
        self.storage.wipe(self.scheme);
        let (known, key) = verdict?;
        Ok(match known.receipt() {
            Some(receipt) => Accepted::Delivery(Receipt { key, ..receipt }),
            None => Accepted::EndpointOnly(known.endpoint()),
        })
    }

    /// As [`Self::finish`], for a stream without a key, which would be moved from hand to hand.
    pub(crate) fn finish_without_key(mut self) -> Result<Known, Error> {
        let verdict = self.decide();
        self.storage.wipe(self.scheme);
        verdict
    }

    /// Gives the delivery up and wipes its storage.
    pub fn abort(self) {
        self.storage.wipe(self.scheme);
    }

    fn decide(&mut self) -> Result<Known, Error> {
        let Storage { inner, states, .. } = &mut *self.storage;
        let (received_len, canonical_len) = inner.guard.finish()?;
        if let Some(failure) = inner.failure {
            return Err(failure.into());
        }
        let mut states = states.iter_mut();
        let mut matching = Matching::new();
        for _ in 0..inner.secrets {
            let mut digest = Digest::default();
            if let Some(state) = states.next() {
                self.scheme.finish(state, &mut digest)?;
            }
            matching.compare(&digest, inner.signature.as_bytes());
        }
        let secret_index = matching.found().ok_or(Reason::SignatureMismatch)?;
        inner.guard.finish_signed()?;
        Ok(Known { format: inner.format, secret_index, received_len, canonical_len })
    }

    /// The delivery key, where it was asked for.
    fn key(&mut self) -> Result<Option<Key>, Error> {
        let Storage { inner, states, .. } = &mut *self.storage;
        let state = states.get_mut(usize::from(inner.secrets)).filter(|_| inner.key);
        let Some(state) = state else { return Ok(None) };
        let mut key = Key([0; 32]);
        self.scheme.finish(state, &mut key.0)?;
        Ok(Some(key))
    }
}

/// What is known of an accepted request; without a format, of a GET.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    format: Option<Format>,
    secret_index: usize,
    received_len: usize,
    canonical_len: usize,
}

impl Known {
    fn receipt(self) -> Option<Receipt> {
        let Self { format, secret_index, received_len, canonical_len } = self;
        Some(Receipt::new(format?, secret_index, received_len, canonical_len))
    }

    const fn endpoint(self) -> EndpointOnly {
        EndpointOnly { secret_index: self.secret_index }
    }

    pub(crate) fn delivery(self, body: &[u8]) -> Option<Delivery<'_>> {
        Some(Delivery::new(self.receipt()?, body))
    }

    pub(crate) fn verdict(self, body: &[u8]) -> Verdict<'_> {
        self.delivery(body).map_or(Verdict::EndpointOnly(self.endpoint()), Verdict::Delivery)
    }
}

impl<S: Scheme> fmt::Debug for Stream<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}
