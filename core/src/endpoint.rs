//! An endpoint as a whole: its scheme chosen at run time, its secrets, URL and options owned. What a wrapper
//! keeps.

use crate::content::Format;
use crate::delivery::{Delivery, Verdict};
use crate::error::Error;
use crate::hash::Sha2;
use crate::header::Head;
use crate::key::Keys;
use crate::options::{Options, Warning};
use crate::scheme::{HmacSha256, KoreSha256, Scheme};
use crate::secret::{KeyRing, MAX_SECRET, MAX_SECRETS};
use crate::signature::Signature;
use crate::url::SignedUrl;
use crate::verify::Verifier;
use core::borrow::Borrow;
use core::fmt;

/// A scheme by its name. It is configuration, never read from a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemeName {
    /// `kore-sha256`: what KORE sends.
    #[default]
    KoreSha256,
    /// `hmac-sha256`: for senders and gateways of one's own.
    HmacSha256,
}

impl SchemeName {
    /// Every name.
    pub const ALL: &'static [Self] = &[Self::KoreSha256, Self::HmacSha256];

    /// The name, as in configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KoreSha256 => KoreSha256::<Sha2>::NAME,
            Self::HmacSha256 => HmacSha256::NAME,
        }
    }

    /// The scheme of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scheme| scheme.name() == name)
    }
}

/// A callback URL with its secrets, scheme and options. `K` holds the key ring (on a heap a box, so that no
/// copy of a secret stays behind when the endpoint is moved), `U` the text of the URL, `P` what was hashed once of
/// secret, method and URL.
pub struct Endpoint<K, U, const N: usize = MAX_SECRETS, const LEN: usize = MAX_SECRET, P = [PrefixState; 0]> {
    scheme: SchemeName,
    secrets: K,
    url: SignedUrl<U>,
    options: Options,
    prefix: P,
}

/// What [`Endpoint::prepared`] needs one of for each secret. As good as the secret, and wiped when dropped.
pub type PrefixState = <KoreSha256 as Scheme>::State;

impl<K, U, const N: usize, const LEN: usize> Endpoint<K, U, N, LEN>
where
    K: Borrow<KeyRing<N, LEN>>,
    U: AsRef<[u8]>,
{
    /// Puts an endpoint together and checks what can be checked without a message.
    ///
    /// # Errors
    /// As [`Verifier::with`].
    pub fn new(scheme: SchemeName, secrets: K, url: SignedUrl<U>, options: Options) -> Result<Self, Error> {
        Self::prepared(scheme, secrets, url, options, [])
    }
}

impl<K, U, P, const N: usize, const LEN: usize> Endpoint<K, U, N, LEN, P>
where
    K: Borrow<KeyRing<N, LEN>>,
    U: AsRef<[u8]>,
    P: AsRef<[PrefixState]> + AsMut<[PrefixState]>,
{
    /// As [`Self::new`], and absorbs secret, method and URL once, as [`Verifier::prepare`] does; under
    /// `hmac-sha256` nothing. `prefix` has to be where no copy of it stays behind when the endpoint is moved.
    ///
    /// # Errors
    /// As [`Verifier::with`]; `buffer-too-small` where there are fewer states than secrets, but some.
    pub fn prepared(
        scheme: SchemeName,
        secrets: K,
        url: SignedUrl<U>,
        options: Options,
        prefix: P,
    ) -> Result<Self, Error> {
        let mut endpoint = Self { scheme, secrets, url, options, prefix };
        let verifier =
            Verifier::with(KoreSha256::new(), endpoint.secrets.borrow(), &endpoint.url, endpoint.options)?;
        let states = endpoint.prefix.as_mut();
        if scheme == SchemeName::KoreSha256 && !states.is_empty() {
            verifier.prepare_in(states)?;
        }
        Ok(endpoint)
    }

    /// The scheme.
    pub const fn scheme(&self) -> SchemeName {
        self.scheme
    }

    /// The URL.
    pub const fn url(&self) -> &SignedUrl<U> {
        &self.url
    }

    /// The options.
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// How many secrets there are.
    pub fn secrets(&self) -> usize {
        self.secrets.borrow().len()
    }

    /// What may be wrong with the configuration.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        self.verifier(KoreSha256::new()).into_iter().flat_map(|verifier| verifier.warnings())
    }

    /// The keys by which deliveries and events are told apart: the same under every scheme.
    ///
    /// # Errors
    /// None once the endpoint is made.
    pub fn keys(&self) -> Result<Keys<'_, Sha2>, Error> {
        Ok(self.verifier(KoreSha256::new())?.keys())
    }

    /// As [`Verifier::judge`].
    ///
    /// # Errors
    /// As there.
    pub fn judge<'b>(&self, head: &Head<'_>, body: &'b [u8]) -> Result<Verdict<'b>, Error> {
        self.judge_with(head, body, |_| {})
    }

    /// As [`Verifier::judge_with`].
    ///
    /// # Errors
    /// As there.
    pub fn judge_with<'b>(
        &self,
        head: &Head<'_>,
        body: &'b [u8],
        sink: impl FnMut(&[u8]),
    ) -> Result<Verdict<'b>, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.kore()?.judge_with(head, body, sink),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.judge_with(head, body, sink),
        }
    }

    /// As [`Verifier::verify_in_place`].
    ///
    /// # Errors
    /// As there.
    pub fn verify_in_place<'b>(&self, head: &Head<'_>, body: &'b mut [u8]) -> Result<Delivery<'b>, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.kore()?.verify_in_place(head, body),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.verify_in_place(head, body),
        }
    }

    /// As [`Verifier::refuse_unread`].
    pub fn refuse_unread(&self, head: &Head<'_>) -> Error {
        self.verifier(KoreSha256::new()).map_or_else(|error| error, |verifier| verifier.refuse_unread(head))
    }

    /// Signs a POST with the first secret, as [`Signer::sign`](crate::Signer::sign).
    ///
    /// # Errors
    /// As there.
    pub fn sign(&self, format: Format, body: &[u8]) -> Result<Signature, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.verifier(KoreSha256::new())?.signer()?.sign(format, body),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.signer()?.sign(format, body),
        }
    }

    /// Signs a GET with the first secret, as [`Signer::sign_get`](crate::Signer::sign_get).
    ///
    /// # Errors
    /// As there.
    pub fn sign_get(&self) -> Result<Signature, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.verifier(KoreSha256::new())?.signer()?.sign_get(),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.signer()?.sign_get(),
        }
    }

    fn kore(&self) -> Result<Verifier<'_, KoreSha256, KeyRing<N, LEN>>, Error> {
        Ok(self.verifier(KoreSha256::new())?.with_prefix(self.prefix.as_ref()))
    }

    fn verifier<S: Scheme>(&self, scheme: S) -> Result<Verifier<'_, S, KeyRing<N, LEN>>, Error> {
        Verifier::with(scheme, self.secrets.borrow(), &self.url, self.options)
    }
}

impl<K: fmt::Debug, U: AsRef<[u8]>, P, const N: usize, const LEN: usize> fmt::Debug
    for Endpoint<K, U, N, LEN, P>
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("scheme", &self.scheme.name())
            .field("secrets", &self.secrets)
            .field("url", &self.url)
            .field("options", &self.options)
            .finish()
    }
}
