//! Signing, for senders of one's own and for tests. What wouldn't verify isn't signed.

use crate::content::Format;
use crate::error::{Error, Reason};
use crate::guard::BodyGuard;
use crate::hash::Digest;
use crate::options::Options;
use crate::registers::Registers;
use crate::scheme::{KoreSha256, Scheme};
use crate::secret::Secret;
use crate::signature::Signature;
use crate::url::SignedUrl;
use core::fmt;

/// Signs deliveries to one callback URL.
///
/// ```
/// use korewebhook::{Format, Secret, SignedUrl, Signer};
///
/// let secret: Secret = Secret::new(b"12345")?;
/// let url = SignedUrl::new("https://testendpoint.com")?;
/// let signature = Signer::new(&secret, &url).sign(Format::Form, b"field1=value1&field2=value2")?;
/// assert_eq!(signature.to_string(), "f562d3959f68b5a30fc7a63f8bbf40987f633575f4231ffceb4f76dd154ea3ce");
/// # Ok::<(), korewebhook::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Signer<'a, S = KoreSha256> {
    scheme: S,
    secret: &'a [u8],
    url: SignedUrl<&'a [u8]>,
    options: Options,
    registers: Registers,
}

impl<'a> Signer<'a, KoreSha256> {
    /// A signer of what KORE would send.
    pub fn new<const LEN: usize, U: AsRef<[u8]>>(secret: &'a Secret<LEN>, url: &'a SignedUrl<U>) -> Self {
        Self::of(KoreSha256::new(), secret.bytes(), url.by_ref(), Options::DEFAULT, Registers::default())
    }
}

impl<'a, S: Scheme> Signer<'a, S> {
    /// A signer with a scheme and options of one's choice.
    ///
    /// # Errors
    /// `invalid-argument` where an option is out of its range.
    pub fn with<const LEN: usize, U: AsRef<[u8]>>(
        scheme: S,
        secret: &'a Secret<LEN>,
        url: &'a SignedUrl<U>,
        options: Options,
    ) -> Result<Self, Error> {
        options.check()?;
        Ok(Self::of(scheme, secret.bytes(), url.by_ref(), options, Registers::default()))
    }

    pub(crate) const fn of(
        scheme: S,
        secret: &'a [u8],
        url: SignedUrl<&'a [u8]>,
        options: Options,
        registers: Registers,
    ) -> Self {
        Self { scheme, secret, url, options, registers }
    }

    /// Signs a POST. JSON is signed in its canonical form, whatever white space `body` has.
    ///
    /// # Errors
    /// Any reason of the body group, as verification would report it; `hash-backend`.
    pub fn sign(&self, format: Format, body: &[u8]) -> Result<Signature, Error> {
        self.sign_in(&mut S::State::default(), format, body)
    }

    /// As [`Self::sign`], in a hash state of the caller's.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_in(&self, state: &mut S::State, format: Format, body: &[u8]) -> Result<Signature, Error> {
        self.run(state, b"POST", Some(format), body)
    }

    /// Signs a GET, which has no body: the signature is a constant of the endpoint.
    ///
    /// # Errors
    /// `get-disabled` unless the options allow it; `hash-backend`.
    pub fn sign_get(&self) -> Result<Signature, Error> {
        self.sign_get_in(&mut S::State::default())
    }

    /// As [`Self::sign_get`], in a hash state of the caller's.
    ///
    /// # Errors
    /// As [`Self::sign_get`].
    pub fn sign_get_in(&self, state: &mut S::State) -> Result<Signature, Error> {
        if !self.options.allow_get {
            return Err(Reason::GetDisabled.into());
        }
        self.run(state, b"GET", None, &[])
    }

    fn run(
        &self,
        state: &mut S::State,
        method: &[u8],
        format: Option<Format>,
        body: &[u8],
    ) -> Result<Signature, Error> {
        let result = self.digest(state, method, format, body);
        self.scheme.abort(state);
        result
    }

    fn digest(
        &self,
        state: &mut S::State,
        method: &[u8],
        format: Option<Format>,
        body: &[u8],
    ) -> Result<Signature, Error> {
        let mut guard = BodyGuard::IDLE;
        guard.begin(Ok(format), self.options.bounds(self.registers));
        self.scheme.begin(state, self.secret)?;
        self.scheme.absorb(state, method)?;
        self.scheme.absorb(state, self.url.bytes())?;
        let mut result = Ok(());
        guard.update(body, |run| {
            if let Err(error) = self.scheme.absorb(state, run) {
                result = Err(error);
            }
        })?;
        guard.finish()?;
        guard.finish_signed()?;
        result?;
        let mut digest = Digest::default();
        self.scheme.finish(state, &mut digest)?;
        Ok(Signature::new(digest))
    }
}

impl<S> fmt::Debug for Signer<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
