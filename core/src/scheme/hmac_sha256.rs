//! `hmac-sha256`: HMAC-SHA256(secret, method ‖ signed URL ‖ canonical body) (RFC 2104), for senders and
//! gateways of one's own.

use super::Scheme;
use crate::error::{Error, Reason};
use crate::hash::{Digest, Sha2};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The scheme for senders and gateways of one's own. It can't be length-extended.
#[derive(Clone, Copy, Debug, Default)]
pub struct HmacSha256;

impl Scheme for HmacSha256 {
    type State = Option<Hmac<Sha256>>;
    type Hash = Sha2;
    const NAME: &'static str = "hmac-sha256";

    fn hash(self) -> Sha2 {
        Sha2
    }

    fn begin(self, state: &mut Self::State, secret: &[u8]) -> Result<(), Error> {
        *state = Some(Hmac::new_from_slice(secret).map_err(|_| Reason::HashBackend)?);
        Ok(())
    }

    fn absorb(self, state: &mut Self::State, bytes: &[u8]) -> Result<(), Error> {
        state.as_mut().ok_or(Reason::Finished)?.update(bytes);
        Ok(())
    }

    fn finish(self, state: &mut Self::State, digest: &mut Digest) -> Result<(), Error> {
        // A clone is finished and the original dropped where it stands, so that it is wiped there.
        let mac = state.as_ref().ok_or(Reason::Finished)?.clone();
        *digest = mac.finalize().into_bytes().into();
        *state = None;
        Ok(())
    }

    fn abort(self, state: &mut Self::State) {
        *state = None;
    }

    fn try_clone(self, from: &Self::State, to: &mut Self::State) -> Result<bool, Error> {
        to.clone_from(from);
        Ok(from.is_some())
    }
}
