//! The hash over what is signed, where one computation follows the other in little code.

use crate::scheme::Scheme;
use crate::signature::{self, SIGNATURE_LEN};

/// A computation by a scheme.
pub(crate) struct Hashing<S: Scheme> {
    scheme: S,
    state: S::State,
    /// Kept until the end, where the state doesn't do so itself.
    failed: bool,
}

impl<S: Scheme> Hashing<S> {
    pub(crate) fn new(scheme: S) -> Self {
        Self { scheme, state: S::State::default(), failed: false }
    }

    /// Begins a message under a secret, and says whether that was possible.
    #[must_use]
    #[inline(always)]
    pub(crate) fn begin(&mut self, secret: &[u8]) -> bool {
        let Ok(first) = self.scheme.begin_with(&mut self.state, secret) else { return false };
        if !S::REMEMBERS_FAILURE {
            self.failed = false;
        }
        self.absorb(first);
        true
    }

    /// Hashes a piece.
    #[inline(never)]
    pub(crate) fn absorb(&mut self, piece: &[u8]) {
        if self.scheme.absorb(&mut self.state, piece).is_err() && !S::REMEMBERS_FAILURE {
            self.failed = true;
        }
    }

    /// Ends the message, and says what of its digest isn't the signature: nothing where it is 0.
    #[inline(always)]
    pub(crate) fn end(&mut self, digits: &[u8; SIGNATURE_LEN]) -> Option<u32> {
        if !S::REMEMBERS_FAILURE && self.failed {
            return None;
        }
        self.scheme.finish_with(&mut self.state, |digest| signature::compare(digits, digest).1).ok()
    }

    /// Gives the message up.
    #[inline(never)]
    pub(crate) fn abort(&mut self) {
        self.scheme.abort(&mut self.state);
    }
}
