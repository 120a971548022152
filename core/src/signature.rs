//! A signature: 32 bytes, compared in constant time, written as 64 lower-case hexadecimal digits.

use crate::error::{Error, Reason};
use crate::hash::Digest;
use crate::header::Field;
use core::fmt;
use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};

/// The length of a signature in hexadecimal, in bytes.
pub const SIGNATURE_LEN: usize = 64;

/// A signature as computed or as received.
#[derive(Clone, Copy)]
pub struct Signature(Digest);

impl Signature {
    /// Reads `^[0-9a-f]{64}$`.
    ///
    /// # Errors
    /// `signature-empty`, `signature-format`.
    pub fn from_hex(hex: &[u8]) -> Result<Self, Error> {
        if hex.is_empty() {
            return Err(Reason::SignatureEmpty.into());
        }
        let mut digest = Digest::default();
        if hex.len() != SIGNATURE_LEN || base16ct::lower::decode(hex, &mut digest).is_err() {
            return Err(Reason::SignatureFormat.into());
        }
        Ok(Self(digest))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &Digest {
        &self.0
    }

    /// Writes it as KORE does.
    pub fn to_hex<'o>(&self, out: &'o mut [u8; SIGNATURE_LEN]) -> &'o str {
        // The buffer has the one length that encoding asks for.
        base16ct::lower::encode_str(&self.0, out).unwrap_or_default()
    }

    pub(crate) const ZERO: Self = Self([0; 32]);

    pub(crate) const fn new(digest: Digest) -> Self {
        Self(digest)
    }
}

/// In constant time.
impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to_hex(&mut [0; SIGNATURE_LEN]))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(redacted)")
    }
}

/// The signature of a request's head.
pub(crate) fn read(field: Field<'_>) -> Result<Signature, Error> {
    match field {
        Field::Absent => Err(Reason::SignatureMissing.into()),
        Field::Many => Err(Reason::SignatureDuplicate.into()),
        Field::One(value) => Signature::from_hex(value),
    }
}

/// Which of the expected digests is the given one. All are computed and compared, whichever matches.
pub(crate) fn matching<I>(expected: I, given: &Digest) -> Result<Option<usize>, Error>
where
    I: IntoIterator<Item = Result<Digest, Error>>,
{
    let mut found = Choice::from(0);
    let mut index = 0_u32;
    for (at, digest) in (0_u32..).zip(expected) {
        let equal = digest?.ct_eq(given);
        index.conditional_assign(&at, equal & !found);
        found |= equal;
    }
    Ok(if bool::from(found) { usize::try_from(index).ok() } else { None })
}
