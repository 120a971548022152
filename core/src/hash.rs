//! The SHA-256 behind `kore-sha256`: a backend trait, so that firmware can put its hardware or PSA Crypto in.

mod compact;

pub use compact::{Compact, CompactState};

use crate::error::{Error, Reason};
use sha2::Digest as _;

/// A 32-byte SHA-256 digest or HMAC-SHA256 tag.
pub type Digest = [u8; 32];

/// The backend's SHA-256 (FIPS 180-4) failed, as hardware can. Verification then ends with `hash-backend`,
/// never with a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackendError;

impl From<BackendError> for Reason {
    fn from(_: BackendError) -> Self {
        Self::HashBackend
    }
}

impl From<BackendError> for Error {
    fn from(_: BackendError) -> Self {
        Reason::HashBackend.into()
    }
}

/// A SHA-256 that works through `&mut` on a state that is not moved between [`Self::init`] and
/// [`Self::finish`].
///
/// A state holds the secret while a message is hashed: it must wipe itself when dropped.
pub trait Sha256Backend {
    /// One computation. Its default is idle and holds nothing.
    type State: Default;

    /// Whether a state in which a call has failed fails at its end too, whatever is called in between; then nobody else has
    /// to remember.
    const REMEMBERS_FAILURE: bool = false;

    /// Begins a message in `state`, whatever was there.
    ///
    /// # Errors
    /// [`BackendError`] where the backend can't begin one.
    fn init(&self, state: &mut Self::State) -> Result<(), BackendError>;

    /// Takes the next bytes of the message.
    ///
    /// # Errors
    /// [`BackendError`] where the backend fails.
    fn update(&self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError>;

    /// Ends the message, writes its digest and leaves `state` idle and wiped.
    ///
    /// # Errors
    /// [`BackendError`] where the backend fails; `digest` is then unspecified.
    fn finish(&self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError>;

    /// As [`Self::finish`], for a digest that is looked at once.
    ///
    /// # Errors
    /// [`BackendError`] where the backend fails; the digest isn't looked at then.
    fn finish_with<R>(
        &self,
        state: &mut Self::State,
        look: impl FnOnce(&Digest) -> R,
    ) -> Result<R, BackendError> {
        let mut digest = Digest::default();
        self.finish(state, &mut digest)?;
        Ok(look(&digest))
    }

    /// Gives up a computation, if one is under way, and leaves `state` idle and wiped. A default overwrites
    /// it; a backend that holds something of the hardware lets it go here.
    fn abort(&self, state: &mut Self::State) {
        *state = Self::State::default();
    }

    /// Copies a computation under way. `Ok(false)`, as by default, where the backend can't: then every
    /// message is hashed from its beginning.
    ///
    /// # Errors
    /// [`BackendError`] where the backend fails.
    fn try_clone(&self, from: &Self::State, to: &mut Self::State) -> Result<bool, BackendError> {
        let _ = (from, to);
        Ok(false)
    }
}

/// The default backend: the `sha2` crate, which uses the CPU's SHA instructions where there are any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sha2;

impl Sha256Backend for Sha2 {
    type State = sha2::Sha256;

    fn init(&self, state: &mut Self::State) -> Result<(), BackendError> {
        state.reset();
        Ok(())
    }

    fn update(&self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError> {
        sha2::Digest::update(state, bytes);
        Ok(())
    }

    fn finish(&self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError> {
        sha2::Digest::finalize_into_reset(state, digest.into());
        Ok(())
    }

    fn try_clone(&self, from: &Self::State, to: &mut Self::State) -> Result<bool, BackendError> {
        to.clone_from(from);
        Ok(true)
    }
}
