//! `hmac-sha256`: HMAC-SHA256(secret, method ‖ signed URL ‖ canonical body) (RFC 2104), for senders and
//! gateways of one's own.

use super::Scheme;
use crate::hash::{BackendError, Digest, Sha2};
use core::fmt;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// The scheme for senders and gateways of one's own. It can't be length-extended.
#[derive(Clone, Copy, Debug, Default)]
pub struct HmacSha256;

/// One computation of [`HmacSha256`].
#[derive(Clone, Default)]
pub struct HmacState(Inner);

#[derive(Clone, Default)]
enum Inner {
    #[default]
    Idle,
    Keyed(Hmac<Sha256>),
    Keyless(Sha256),
}

impl fmt::Debug for HmacState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacState(redacted)")
    }
}

impl Scheme for HmacSha256 {
    type State = HmacState;
    type Hash = Sha2;
    const REMEMBERS_FAILURE: bool = true;
    const NAME: &'static str = "hmac-sha256";

    fn hash(self) -> Sha2 {
        Sha2
    }

    fn begin_with<'s>(self, state: &mut HmacState, secret: &'s [u8]) -> Result<&'s [u8], BackendError> {
        state.0 = Inner::Keyed(Hmac::new_from_slice(secret).map_err(|_| BackendError)?);
        Ok(&[])
    }

    fn begin_keyless(self, state: &mut HmacState) -> Result<(), BackendError> {
        state.0 = Inner::Keyless(Sha256::new());
        Ok(())
    }

    fn absorb(self, state: &mut HmacState, bytes: &[u8]) -> Result<(), BackendError> {
        match &mut state.0 {
            Inner::Idle => return Err(BackendError),
            Inner::Keyed(mac) => mac.update(bytes),
            Inner::Keyless(hash) => sha2::Digest::update(hash, bytes),
        }
        Ok(())
    }

    fn finish(self, state: &mut HmacState, digest: &mut Digest) -> Result<(), BackendError> {
        // A clone is finished and the original dropped where it stands, so that it is wiped there.
        *digest = match &state.0 {
            Inner::Idle => return Err(BackendError),
            Inner::Keyed(mac) => mac.clone().finalize().into_bytes().into(),
            Inner::Keyless(hash) => hash.clone().finalize().into(),
        };
        state.0 = Inner::Idle;
        Ok(())
    }

    fn finish_with<R>(
        self,
        state: &mut HmacState,
        look: impl FnOnce(&Digest) -> R,
    ) -> Result<R, BackendError> {
        let mut digest = Digest::default();
        self.finish(state, &mut digest)?;
        Ok(look(&digest))
    }

    fn abort(self, state: &mut HmacState) {
        state.0 = Inner::Idle;
    }

    fn try_clone(self, from: &HmacState, to: &mut HmacState) -> Result<bool, BackendError> {
        to.clone_from(from);
        Ok(!matches!(from.0, Inner::Idle))
    }
}
