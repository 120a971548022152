//! `kore-sha256`: SHA-256(secret ‖ method ‖ signed URL ‖ canonical body), as KORE signs. It is a plain hash,
//! **not an HMAC**.
//!
//! Source: KORE's documentation, "Validate Webhook Signatures". A secret-prefixed hash can be
//! length-extended; that every hashed byte but the secret's is checked for NUL closes that
//! (docs/threat-model.md).

use super::Scheme;
use crate::hash::{BackendError, Digest, Sha2, Sha256Backend};

/// The scheme that KORE uses, over a SHA-256 backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct KoreSha256<B = Sha2>(
    /// The backend.
    pub B,
);

impl KoreSha256 {
    /// The scheme over the default backend.
    #[must_use]
    pub const fn new() -> Self {
        Self(Sha2)
    }
}

impl<B: Sha256Backend + Copy> Scheme for KoreSha256<B> {
    type State = B::State;
    type Hash = B;
    const REMEMBERS_FAILURE: bool = B::REMEMBERS_FAILURE;
    const NAME: &'static str = "kore-sha256";

    fn hash(self) -> B {
        self.0
    }

    fn begin_with<'s>(self, state: &mut B::State, secret: &'s [u8]) -> Result<&'s [u8], BackendError> {
        self.begin_keyless(state)?;
        Ok(secret)
    }

    fn begin_keyless(self, state: &mut B::State) -> Result<(), BackendError> {
        self.0.init(state)
    }

    fn absorb(self, state: &mut B::State, bytes: &[u8]) -> Result<(), BackendError> {
        self.0.update(state, bytes)
    }

    fn finish(self, state: &mut B::State, digest: &mut Digest) -> Result<(), BackendError> {
        self.0.finish(state, digest)
    }

    #[inline(always)]
    fn finish_with<R>(
        self,
        state: &mut B::State,
        look: impl FnOnce(&Digest) -> R,
    ) -> Result<R, BackendError> {
        self.0.finish_with(state, look)
    }

    fn abort(self, state: &mut B::State) {
        self.0.abort(state);
    }

    fn try_clone(self, from: &B::State, to: &mut B::State) -> Result<bool, BackendError> {
        self.0.try_clone(from, to)
    }
}
