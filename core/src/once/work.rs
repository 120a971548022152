//! The hash over what is signed: secret, method, URL and body.

use super::Once;
use crate::header::Field;
use crate::scheme::Scheme;
use crate::signature;

/// A hash by the scheme that decides.
pub(super) struct Work<S: Scheme> {
    scheme: S,
    state: S::State,
    /// Kept until the end.
    failed: bool,
    pub(super) once: Once,
}

impl<S: Scheme> Work<S> {
    pub(super) fn new(scheme: S) -> Self {
        Self { scheme, state: S::State::default(), failed: false, once: Once::new(None, 0, 0) }
    }

    /// Begins a message under a secret, and says whether that was possible.
    #[must_use]
    pub(super) fn begin(&mut self, secret: &[u8]) -> bool {
        let Ok(first) = self.scheme.begin_with(&mut self.state, secret) else { return false };
        self.failed = false;
        self.absorb(first);
        true
    }

    /// Hashes a piece, and counts it.
    #[inline(never)]
    pub(super) fn absorb(&mut self, piece: &[u8]) {
        self.once.canonical_len = self.once.canonical_len.wrapping_add(piece.len());
        self.failed = self.failed || self.scheme.absorb(&mut self.state, piece).is_err();
    }

    /// Ends the message, and says all bits where its digest is the signature, else none.
    #[inline(never)]
    pub(super) fn end(&mut self, signature: &Field<'_>) -> Option<u32> {
        let Field::One(digits) = signature else { return None };
        let digits = digits.first_chunk()?;
        // Hidden from the compiler, which would call a function for it.
        let mut digest = [core::hint::black_box(0_u32).to_ne_bytes(); 8];
        let digest = digest.as_flattened_mut().first_chunk_mut()?;
        if self.failed || self.scheme.finish(&mut self.state, digest).is_err() {
            return None;
        }
        let (_, differs) = signature::compare(digits, digest);
        // In whole words, and hidden from the compiler, which would branch on it.
        Some(core::hint::black_box(0_u32.wrapping_sub(differs.wrapping_sub(1) >> 31)))
    }

    /// Gives the message up.
    pub(super) fn abort(&mut self) {
        self.scheme.abort(&mut self.state);
    }
}
