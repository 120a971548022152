//! Secrets: bounded, redacted, wiped when dropped.

use crate::error::{Error, Reason};
use core::fmt;
use heapless::Vec;
use zeroize::Zeroize;

/// How many secrets can be active at once. The secret is hashed first, so each one costs a pass over the
/// body.
pub const MAX_SECRETS: usize = 8;

/// How long a secret may be, in bytes, unless the type says otherwise. KORE's have 18.
pub const MAX_SECRET: usize = 128;

/// One shared secret of at most `LEN` bytes.
///
/// It is wiped when dropped and never printed. Moving a value may leave a copy behind on the stack, as with
/// any Rust value; [`KeyRing::push`] copies the bytes straight to where they stay.
pub struct Secret<const LEN: usize = MAX_SECRET> {
    bytes: Vec<u8, LEN, u16>,
}

impl<const LEN: usize> Secret<LEN> {
    /// Takes the secret as KORE showed it.
    ///
    /// # Errors
    /// `secret-empty`, `secret-too-long`, `secret-nul`, and `secret-whitespace` where it begins or ends with
    /// ASCII white space, which is nearly always a line break from a file.
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        Self::check(secret)?;
        Self::from_raw(secret)
    }

    /// What [`Self::new`] would say of a secret that is kept elsewhere.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn check(secret: &[u8]) -> Result<(), Error> {
        let edge = |byte: Option<&u8>| byte.is_some_and(|b| matches!(b, b' ' | 0x09..=0x0D));
        let reason = if secret.is_empty() {
            Reason::SecretEmpty
        } else if secret.contains(&0) {
            Reason::SecretNul
        } else if edge(secret.first()) || edge(secret.last()) {
            Reason::SecretWhitespace
        } else if secret.len() > LEN {
            Reason::SecretTooLong
        } else {
            return Ok(());
        };
        Err(reason.into())
    }

    /// Takes any bytes, white space and NUL included. HMAC pads its key with NUL (RFC 2104), so there `s` and
    /// `s\0` are one key.
    ///
    /// # Errors
    /// `secret-empty`, `secret-too-long`.
    pub fn from_raw(secret: &[u8]) -> Result<Self, Error> {
        let mut made = Self { bytes: Vec::new() };
        made.set(secret)?;
        Ok(made)
    }

    fn set(&mut self, secret: &[u8]) -> Result<(), Error> {
        if secret.is_empty() {
            return Err(Reason::SecretEmpty.into());
        }
        self.bytes.extend_from_slice(secret).map_err(|_| Reason::SecretTooLong.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<const LEN: usize> Drop for Secret<LEN> {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

impl<const LEN: usize> fmt::Debug for Secret<LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// The secrets that may have signed, at most `N` of at most `LEN` bytes each. Around a rotation it holds the
/// old and the new one. Every one is always tried.
pub struct KeyRing<const N: usize = MAX_SECRETS, const LEN: usize = MAX_SECRET> {
    secrets: Vec<Secret<LEN>, N, u8>,
}

impl<const N: usize, const LEN: usize> KeyRing<N, LEN> {
    /// An empty ring. A verifier refuses it.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N >= 1 && N <= MAX_SECRETS, "a key ring holds 1 to 8 secrets") };
        Self { secrets: Vec::new() }
    }

    /// A ring of these secrets, numbered from 0 in this order.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn from_secrets<I>(secrets: I) -> Result<Self, Error>
    where
        I: IntoIterator,
        I::Item: AsRef<[u8]>,
    {
        let mut ring = Self::new();
        for secret in secrets {
            ring.push(secret.as_ref())?;
        }
        Ok(ring)
    }

    /// Adds a secret, by the rules of [`Secret::new`].
    ///
    /// # Errors
    /// Those of [`Secret::new`], and `too-many-secrets`. The ring is unchanged then.
    pub fn push(&mut self, secret: &[u8]) -> Result<(), Error> {
        Secret::<LEN>::check(secret)?;
        self.push_raw(secret)
    }

    /// Adds a secret, by the rules of [`Secret::from_raw`].
    ///
    /// # Errors
    /// Those of [`Secret::from_raw`], and `too-many-secrets`. The ring is unchanged then.
    pub fn push_raw(&mut self, secret: &[u8]) -> Result<(), Error> {
        // The empty entry goes in first, so that the bytes are copied once, to where they stay.
        self.secrets.push(Secret { bytes: Vec::new() }).map_err(|_| Reason::TooManySecrets)?;
        let result =
            self.secrets.last_mut().map_or(Err(Reason::TooManySecrets.into()), |last| last.set(secret));
        if result.is_err() {
            self.secrets.pop();
        }
        result
    }

    /// How many secrets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.secrets.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// The secret with this number, from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Secret<LEN>> {
        self.secrets.get(index)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.secrets.iter().map(Secret::bytes)
    }
}

/// Where a verifier finds the secrets that may have signed. [`KeyRing`] keeps them itself; who keeps them
/// elsewhere, as firmware does in protected memory, implements it. A secret that is counted but missing or empty is
/// `secret-empty`, where nothing else is wrong.
pub trait Secrets {
    /// How many there are, at most [`MAX_SECRETS`].
    fn count(&self) -> usize;

    /// The bytes of the secret with this number, from 0.
    fn secret(&self, index: usize) -> Option<&[u8]>;
}

impl<const N: usize, const LEN: usize> Secrets for KeyRing<N, LEN> {
    fn count(&self) -> usize {
        self.len()
    }

    fn secret(&self, index: usize) -> Option<&[u8]> {
        self.get(index).map(Secret::bytes)
    }
}

impl<const N: usize, const LEN: usize> Default for KeyRing<N, LEN> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize, const LEN: usize> fmt::Debug for KeyRing<N, LEN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({} secrets, redacted)", self.len())
    }
}
