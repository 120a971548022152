//! What is signed and how. The scheme is configuration, never read from a message, and a secret belongs to
//! one scheme.

pub mod bearer;
mod hmac_sha256;
mod kore_sha256;
pub mod standard_webhooks;

pub use hmac_sha256::{HmacSha256, HmacState};
pub use kore_sha256::KoreSha256;

use crate::hash::{BackendError, Digest, Sha256Backend};

mod sealed {
    pub trait Sealed {}
    impl<B> Sealed for super::KoreSha256<B> {}
    impl Sealed for super::HmacSha256 {}
}

/// A keyed digest over method, signed URL and canonical body: [`KoreSha256`] or [`HmacSha256`].
pub trait Scheme: sealed::Sealed + Copy {
    /// One computation. Its default is idle and holds nothing; it wipes itself when dropped.
    type State: Default;

    /// The SHA-256 for what needs no key.
    type Hash: Sha256Backend + Copy;

    /// As [`Sha256Backend::REMEMBERS_FAILURE`].
    const REMEMBERS_FAILURE: bool;

    /// The name of the scheme, as in configuration.
    const NAME: &'static str;

    /// The SHA-256 for what needs no key.
    fn hash(self) -> Self::Hash;

    /// Begins a message under a secret.
    ///
    /// # Errors
    /// [`BackendError`]
    fn begin(self, state: &mut Self::State, secret: &[u8]) -> Result<(), BackendError> {
        let first = self.begin_with(state, secret)?;
        self.absorb(state, first)
    }

    /// As [`Self::begin`], and gives what is to be absorbed first, so that all of it can be absorbed in one place.
    ///
    /// # Errors
    /// [`BackendError`]; nothing has begun then.
    fn begin_with<'s>(self, state: &mut Self::State, secret: &'s [u8]) -> Result<&'s [u8], BackendError>;

    /// Begins a message of which only the SHA-256 is asked for, without a key.
    ///
    /// # Errors
    /// [`BackendError`]
    fn begin_keyless(self, state: &mut Self::State) -> Result<(), BackendError>;

    /// Takes the next bytes of the message.
    ///
    /// # Errors
    /// [`BackendError`]
    fn absorb(self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError>;

    /// Ends the message, writes its digest and leaves `state` idle and wiped.
    ///
    /// # Errors
    /// [`BackendError`]; `digest` is then unspecified.
    fn finish(self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError>;

    /// As [`Self::finish`], for a digest that is looked at once.
    ///
    /// # Errors
    /// [`BackendError`]; the digest isn't looked at then.
    fn finish_with<R>(
        self,
        state: &mut Self::State,
        look: impl FnOnce(&Digest) -> R,
    ) -> Result<R, BackendError>;

    /// Gives up a computation, if one is under way, and leaves `state` idle and wiped.
    fn abort(self, state: &mut Self::State);

    /// Copies a computation under way; `Ok(false)` where the backend can't.
    ///
    /// # Errors
    /// [`BackendError`]
    fn try_clone(self, from: &Self::State, to: &mut Self::State) -> Result<bool, BackendError>;
}
