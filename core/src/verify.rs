//! Verification: borrowed, in place, streaming. One implementation behind the three.

use crate::content::Format;
use crate::delivery::{Delivery, Verdict};
use crate::error::{Error, Reason};
use crate::header::Head;
use crate::key::{Keys, delivery_prefix};
use crate::options::{Options, Warning};
use crate::registers::Registers;
use crate::scheme::{KoreSha256, Scheme};
use crate::secret::{KeyRing, MAX_SECRETS, Secrets};
use crate::sign::Signer;
use crate::signature::{self, Signature};
use crate::stream::{AnyStorage, Known, Prefix, Storage, Stream};
use crate::url::SignedUrl;
use core::fmt;

/// Checks deliveries to one callback URL. It borrows its configuration, so making one costs nothing.
pub struct Verifier<'a, S: Scheme = KoreSha256, K: ?Sized = KeyRing> {
    pub(crate) scheme: S,
    pub(crate) secrets: &'a K,
    pub(crate) url: SignedUrl<&'a [u8]>,
    pub(crate) options: Options,
    prefix: &'a [S::State],
    registers: Registers,
}

impl<S: Scheme, K: ?Sized> Clone for Verifier<'_, S, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Scheme, K: ?Sized> Copy for Verifier<'_, S, K> {}

impl<S: Scheme, K: Secrets + ?Sized> fmt::Debug for Verifier<'_, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("secrets", &self.secrets.count())
            .field("url", &self.url.as_str())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<'a, const N: usize, const LEN: usize> Verifier<'a, KoreSha256, KeyRing<N, LEN>> {
    /// A verifier of what KORE sends, with the default options.
    ///
    /// # Errors
    /// `secret-empty` where the ring is empty.
    pub fn new<U: AsRef<[u8]>>(secrets: &'a KeyRing<N, LEN>, url: &'a SignedUrl<U>) -> Result<Self, Error> {
        Self::with(KoreSha256::new(), secrets, url, Options::DEFAULT)
    }
}

impl<'a, S: Scheme, K: Secrets + ?Sized> Verifier<'a, S, K> {
    /// A verifier with a scheme and options of one's choice.
    ///
    /// # Errors
    /// `secret-empty` where there is no secret, `too-many-secrets` where there are more than [`MAX_SECRETS`];
    /// `invalid-argument` where an option is out of its range.
    pub fn with<U: AsRef<[u8]>>(
        scheme: S,
        secrets: &'a K,
        url: &'a SignedUrl<U>,
        options: Options,
    ) -> Result<Self, Error> {
        Self::borrowing(scheme, secrets, url.by_ref(), options)
    }

    /// As [`Self::with`], for a URL whose text is borrowed already.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn borrowing(
        scheme: S,
        secrets: &'a K,
        url: SignedUrl<&'a [u8]>,
        options: Options,
    ) -> Result<Self, Error> {
        match secrets.count() {
            0 => return Err(Reason::SecretEmpty.into()),
            1..=MAX_SECRETS => options.check()?,
            _ => return Err(Reason::TooManySecrets.into()),
        }
        Ok(Self { scheme, secrets, url: url.signed(), options, prefix: &[], registers: Registers::default() })
    }

    /// The same configuration under another scheme.
    pub const fn under<T: Scheme>(&self, scheme: T) -> Verifier<'a, T, K> {
        let &Self { secrets, url, options, registers, .. } = self;
        Verifier { scheme, secrets, url, options, prefix: &[], registers }
    }

    /// Reads JSON in these vector registers, and signs and compacts it too. What a [`Delivery`] does later is done in those of
    /// [`Registers::default`].
    #[must_use]
    pub fn with_registers(self, registers: Registers) -> Self {
        Self { registers, ..self }
    }

    fn secrets(&self) -> impl Iterator<Item = &'a [u8]> + use<'a, S, K> {
        let secrets = self.secrets;
        (0..secrets.count()).map_while(|index| secrets.secret(index))
    }

    /// A signer with the first secret.
    ///
    /// # Errors
    /// `secret-empty` where there is none.
    pub fn signer(&self) -> Result<Signer<'a, S>, Error> {
        let first = self.secrets.secret(0).filter(|secret| !secret.is_empty()).ok_or(Reason::SecretEmpty)?;
        Ok(Signer::of(self.scheme, first, self.url, self.options, self.registers))
    }

    /// What may be wrong with the configuration.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + use<S, K> {
        let short = self.secrets().any(|secret| secret.len() < 16);
        let found = [
            (self.url.is_plain_http(), Warning::UrlHttp),
            (self.url.is_bare_host(), Warning::UrlBareHost),
            (short, Warning::SecretShort),
        ];
        found.into_iter().filter_map(|(applies, warning)| applies.then_some(warning))
    }

    /// The keys under which deliveries to this URL and their events are told apart.
    #[must_use]
    pub fn keys(&self) -> Keys<'a, S::Hash> {
        Keys::new(self.scheme.hash(), self.url.bytes())
    }

    /// Verifies a body where it stands. A JSON body that was not minified stays so: [`Delivery::write_body`]
    /// writes the canonical one.
    ///
    /// # Errors
    /// Any reason of the head, body and verdict groups, in the order of [`CHECK_ORDER`](crate::CHECK_ORDER);
    /// `get-disabled` for every GET.
    pub fn verify<'b>(&self, head: &Head<'_>, body: &'b [u8]) -> Result<Delivery<'b>, Error> {
        self.know(head, body, |_| {})?.delivery(body).ok_or(Reason::GetDisabled.into())
    }

    /// As [`Self::verify`], where a GET may be allowed too.
    ///
    /// # Errors
    /// As [`Self::verify`]; `get-disabled` only where [`Options::allow_get`] is off.
    pub fn judge<'b>(&self, head: &Head<'_>, body: &'b [u8]) -> Result<Verdict<'b>, Error> {
        self.judge_with(head, body, |_| {})
    }

    /// As [`Self::judge`], and gives the canonical body to `sink` in pieces while it is hashed: so nobody has to make
    /// it again. **It is not verified before this returns a verdict.**
    ///
    /// # Errors
    /// As [`Self::judge`].
    pub fn judge_with<'b>(
        &self,
        head: &Head<'_>,
        body: &'b [u8],
        sink: impl FnMut(&[u8]),
    ) -> Result<Verdict<'b>, Error> {
        Ok(self.know(head, body, sink)?.verdict(body))
    }

    fn know(&self, head: &Head<'_>, body: &[u8], sink: impl FnMut(&[u8])) -> Result<Known, Error> {
        // To make and to wipe a state costs as much as to hash a block.
        match self.secrets.count() {
            1 => self.know_in(head, body, &mut Storage::<S, [S::State; 1]>::new(), sink),
            2 => self.know_in(head, body, &mut Storage::<S, [S::State; 2]>::new(), sink),
            _ => self.know_in(head, body, &mut Storage::<S, [S::State; MAX_SECRETS]>::new(), sink),
        }
    }

    /// As [`Self::judge`], in storage of the caller's with a hash state for each secret.
    ///
    /// # Errors
    /// As [`Self::judge`]; `buffer-too-small` where there are too few states and nothing else is wrong.
    pub fn judge_in<'b>(
        &self,
        head: &Head<'_>,
        body: &'b [u8],
        storage: &mut AnyStorage<S>,
    ) -> Result<Verdict<'b>, Error> {
        Ok(self.know_in(head, body, storage, |_| {})?.verdict(body))
    }

    fn know_in(
        &self,
        head: &Head<'_>,
        body: &[u8],
        storage: &mut AnyStorage<S>,
        sink: impl FnMut(&[u8]),
    ) -> Result<Known, Error> {
        let mut stream = self.start(head, storage);
        // An error of `update_with` comes again from `finish`.
        let _ = stream.update_with(body, sink);
        stream.finish_without_key()
    }

    /// As [`Self::judge`], and writes the canonical body to `out` on the way, where it is another than the body at hand:
    /// one pass instead of two. [`Delivery::body`] is always there then. As many bytes as the body has are always enough.
    ///
    /// # Errors
    /// As [`Self::judge`]; `buffer-too-small` where nothing else is wrong. **What stands in `out` after an error is
    /// unspecified and not verified.**
    pub fn judge_into<'b>(
        &self,
        head: &Head<'_>,
        body: &'b [u8],
        out: &'b mut [u8],
    ) -> Result<Verdict<'b>, Error> {
        let mut written = 0_usize;
        let verdict = self.judge_with(head, body, |run| {
            if let Some(place) = out.get_mut(written..).and_then(|left| left.get_mut(..run.len())) {
                place.copy_from_slice(run);
            }
            written = written.saturating_add(run.len());
        })?;
        Ok(match verdict {
            Verdict::Delivery(delivery) if delivery.body().is_none() => {
                let body = out.get(..written).ok_or(Reason::BufferTooSmall)?;
                Verdict::Delivery(Delivery::new(*delivery.receipt(), body))
            }
            verdict => verdict,
        })
    }

    /// Verifies a body and, once it is accepted, compacts it to its canonical form where it stands.
    ///
    /// # Errors
    /// As [`Self::verify`]. `body` is unchanged then.
    pub fn verify_in_place<'b>(&self, head: &Head<'_>, body: &'b mut [u8]) -> Result<Delivery<'b>, Error> {
        let receipt = *self.verify(head, body)?.receipt();
        Ok(Delivery::compact(self.registers, receipt, body))
    }

    /// As [`Self::judge_in`], and compacts a body that is accepted to its canonical form where it stands.
    ///
    /// # Errors
    /// As [`Self::judge_in`]. `body` is unchanged then.
    pub fn judge_in_place<'b>(
        &self,
        head: &Head<'_>,
        body: &'b mut [u8],
        storage: &mut AnyStorage<S>,
    ) -> Result<Verdict<'b>, Error> {
        Ok(match self.judge_in(head, body, storage)? {
            Verdict::Delivery(delivery) => {
                let receipt = *delivery.receipt();
                Verdict::Delivery(Delivery::compact(self.registers, receipt, body))
            }
            Verdict::EndpointOnly(endpoint) => Verdict::EndpointOnly(endpoint),
        })
    }

    /// Begins a delivery that comes in pieces. `storage` stays where it is until the stream is finished.
    pub fn start<'s>(&self, head: &Head<'_>, storage: &'s mut AnyStorage<S>) -> Stream<'s, S> {
        storage.wipe(self.scheme);
        let Storage { inner, states, .. } = &mut *storage;
        let get = self.options.allow_get && head.method == b"GET";
        let format = if get { Ok(None) } else { Format::of(head, self.options.format).map(Some) };
        inner.open = true;
        inner.key = false;
        inner.secrets = 0;
        inner.failure = None;
        inner.format = format.unwrap_or_default();
        inner.guard.begin(format, self.options.bounds(self.registers));
        if let Err(error) = self.check_method(head) {
            inner.guard.note(error);
        }
        if let Err(reason) = signature::read(head.signature(), &mut inner.signature) {
            inner.guard.note(reason.into());
        }
        if !inner.guard.is_refused() {
            inner.secrets = self.secrets.count() as u8;
            inner.failure = self.absorb_prefix(head.method, states).err();
            let secret = self.secrets.secret(0).map_or(0, <[u8]>::len);
            inner.guard.before = secret.wrapping_add(head.method.len()).wrapping_add(self.url.bytes().len());
        }
        Stream::new(self.scheme, storage)
    }

    /// As [`Self::start`], with the delivery key computed beside the signature: see
    /// [`Receipt::key`](crate::Receipt::key). That takes one more hash state.
    pub fn start_with_key<'s>(&self, head: &Head<'_>, storage: &'s mut AnyStorage<S>) -> Stream<'s, S> {
        let stream = self.start(head, storage);
        let Storage { inner, states, .. } = &mut *stream.storage;
        if !inner.guard.is_refused() && inner.format.is_some() {
            inner.key = true;
            let begun =
                states.get_mut(usize::from(inner.secrets)).ok_or(Reason::BufferTooSmall).and_then(|state| {
                    self.scheme.begin_keyless(state)?;
                    delivery_prefix(self.url.bytes(), |bytes| self.scheme.absorb(state, bytes))?;
                    Ok(())
                });
            inner.failure = inner.failure.or(begun.err());
        }
        stream
    }

    /// Goes on with a stream whose handle is gone: for callers who keep `storage` themselves, as a C program
    /// does.
    ///
    /// # Errors
    /// `finished` where no stream is under way in `storage`.
    pub fn resume<'s>(&self, storage: &'s mut AnyStorage<S>) -> Result<Stream<'s, S>, Error> {
        if storage.inner.open { Ok(Stream::new(self.scheme, storage)) } else { Err(Reason::Finished.into()) }
    }

    /// Absorbs secret, method and URL of a POST once, for a verifier that copies them from then on: secrets that
    /// change later are not seen. That saves a hash block for each secret where these exceed 64 bytes and the
    /// backend can copy; else nothing changes.
    ///
    /// # Errors
    /// `buffer-too-small` where there are more than `N` secrets; `hash-backend`.
    pub fn prepare<'p, const N: usize>(
        &self,
        prefix: &'p mut Prefix<S, N>,
    ) -> Result<Verifier<'p, S, K>, Error>
    where
        'a: 'p,
    {
        self.prepare_in(&mut prefix.states)
    }

    /// As [`Self::prepare`], in hash states of the caller's, who has to wipe them.
    ///
    /// # Errors
    /// `buffer-too-small` where there are more secrets than states; `hash-backend`.
    pub fn prepare_in<'p>(&self, states: &'p mut [S::State]) -> Result<Verifier<'p, S, K>, Error>
    where
        'a: 'p,
    {
        self.absorb_prefix(b"POST", states)?;
        Ok(Verifier { prefix: states, ..*self })
    }

    /// With what [`Self::prepare_in`] of the same verifier has left there.
    pub(crate) fn with_prefix(self, states: &'a [S::State]) -> Self {
        Self { prefix: states, ..self }
    }

    fn absorb_prefix(&self, method: &[u8], states: &mut [S::State]) -> Result<(), Reason> {
        let states = states.get_mut(..self.secrets.count()).ok_or(Reason::BufferTooSmall)?;
        let mut prepared = if method == b"POST" { self.prefix.iter() } else { [].iter() };
        for (index, state) in states.iter_mut().enumerate() {
            if let Some(from) = prepared.next()
                && self.scheme.try_clone(from, state)?
            {
                continue;
            }
            // Anybody could sign without one.
            let secret = self.secrets.secret(index).filter(|secret| !secret.is_empty());
            self.scheme.begin(state, secret.ok_or(Reason::SecretEmpty)?)?;
            self.scheme.absorb(state, method)?;
            self.scheme.absorb(state, self.url.bytes())?;
        }
        Ok(())
    }

    /// What can be said before the body is there: an error here is one that no body repairs, though another
    /// reason may be reported for the whole request.
    ///
    /// # Errors
    /// Any reason of the head group.
    pub fn check_head(&self, head: &Head<'_>) -> Result<(), Error> {
        self.check_method(head)?;
        let mut signature = Signature::ZERO;
        signature::read(head.signature(), &mut signature)?;
        if head.method == b"POST" { Format::of(head, self.options.format).map(drop) } else { Ok(()) }
    }

    /// The verdict on a body that is over the bound and was not read: `body-too-large`, or what outranks it.
    #[must_use]
    pub fn refuse_unread(&self, head: &Head<'_>) -> Error {
        self.check_method(head).err().unwrap_or(Reason::BodyTooLarge.into())
    }

    fn check_method(&self, head: &Head<'_>) -> Result<(), Error> {
        match head.method {
            b"POST" => Ok(()),
            b"GET" if self.options.allow_get => Ok(()),
            b"GET" => Err(Reason::GetDisabled.into()),
            _ => Err(Reason::MethodUnsupported.into()),
        }
    }
}
