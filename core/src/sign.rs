//! Signing, for senders of one's own and for tests. What wouldn't verify isn't signed.

use crate::content::Format;
use crate::error::{Error, Reason};
use crate::guard::BodyGuard;
use crate::hash::Digest;
use crate::scheme::{KoreSha256, Scheme};
use crate::secret::{MAX_SECRET, Secret};
use crate::signature::Signature;
use crate::url::SignedUrl;
use crate::verify::Options;
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
pub struct Signer<'a, S = KoreSha256, const LEN: usize = MAX_SECRET> {
    scheme: S,
    secret: &'a Secret<LEN>,
    url: SignedUrl<&'a [u8]>,
    options: Options,
}

impl<'a, const LEN: usize> Signer<'a, KoreSha256, LEN> {
    /// A signer of what KORE would send.
    pub fn new<U: AsRef<[u8]>>(secret: &'a Secret<LEN>, url: &'a SignedUrl<U>) -> Self {
        Self { scheme: KoreSha256::new(), secret, url: url.by_ref(), options: Options::DEFAULT }
    }
}

impl<'a, S: Scheme, const LEN: usize> Signer<'a, S, LEN> {
    /// A signer with a scheme and options of one's choice.
    ///
    /// # Errors
    /// `invalid-argument` where an option is out of its range.
    pub fn with<U: AsRef<[u8]>>(
        scheme: S,
        secret: &'a Secret<LEN>,
        url: &'a SignedUrl<U>,
        options: Options,
    ) -> Result<Self, Error> {
        options.check()?;
        Ok(Self { scheme, secret, url: url.by_ref(), options })
    }

    /// Signs a POST. JSON is signed in its canonical form, whatever white space `body` has.
    ///
    /// # Errors
    /// Any reason of the body group, as verification would report it; `hash-backend`.
    pub fn sign(&self, format: Format, body: &[u8]) -> Result<Signature, Error> {
        self.run(b"POST", BodyGuard::post(Ok(format), self.options.bounds()), body)
    }

    /// Signs a GET, which has no body: the signature is a constant of the endpoint.
    ///
    /// # Errors
    /// `get-disabled` unless the options allow it; `hash-backend`.
    pub fn sign_get(&self) -> Result<Signature, Error> {
        if !self.options.allow_get {
            return Err(Reason::GetDisabled.into());
        }
        self.run(b"GET", BodyGuard::get(self.options.bounds()), &[])
    }

    fn run(&self, method: &[u8], mut guard: BodyGuard, body: &[u8]) -> Result<Signature, Error> {
        let mut state = S::State::default();
        self.scheme.begin(&mut state, self.secret.bytes())?;
        self.scheme.absorb(&mut state, method)?;
        self.scheme.absorb(&mut state, self.url.bytes())?;
        let mut result = Ok(());
        guard.update(body, |run| {
            if let Err(error) = self.scheme.absorb(&mut state, run) {
                result = Err(error);
            }
        })?;
        guard.finish()?;
        guard.finish_signed()?;
        result?;
        let mut digest = Digest::default();
        self.scheme.finish(&mut state, &mut digest)?;
        Ok(Signature::new(digest))
    }
}

impl<S, const LEN: usize> fmt::Debug for Signer<'_, S, LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
