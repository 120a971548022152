//! A signature: 32 bytes, compared in constant time, written as 64 lower-case hexadecimal digits.

use crate::error::{Error, Reason};
use crate::hash::Digest;
use crate::header::Field;
use crate::hex;
use crate::scan::BY_WORDS;
use core::fmt;
use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};

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
        let mut signature = Self::ZERO;
        signature.set(hex)?;
        Ok(signature)
    }

    /// Without a branch or a look-up on what the digits are, so that nothing of a request shows in the time.
    fn set(&mut self, hex: &[u8]) -> Result<(), Reason> {
        if hex.is_empty() {
            return Err(Reason::SignatureEmpty);
        }
        let known = match <&[u8; SIGNATURE_LEN]>::try_from(hex) {
            Ok(digits) if BY_WORDS => hex::decode(digits, &mut self.0),
            Ok(digits) => self.set_digits(digits),
            Err(_) => false,
        };
        if known { Ok(()) } else { Err(Reason::SignatureFormat) }
    }

    /// Whether all are digits, two of which make a byte.
    fn set_digits(&mut self, hex: &[u8; SIGNATURE_LEN]) -> bool {
        // In whole words, of which the top bit counts: where there is no conditional move, a `bool` becomes a branch.
        let mut known = u32::MAX;
        for (byte, digits) in self.0.iter_mut().zip(hex.as_chunks::<2>().0) {
            for &digit in digits {
                known &= is_digit(digit);
                *byte = byte.wrapping_shl(4) | value(digit) as u8;
            }
        }
        known >> 31 == 1
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

/// Reads the signature of a request's head.
pub(crate) fn read(field: Field<'_>, into: &mut Signature) -> Result<(), Reason> {
    match field {
        Field::Absent => Err(Reason::SignatureMissing),
        Field::Many => Err(Reason::SignatureDuplicate),
        Field::One(value) => into.set(value),
    }
}

/// Which of the expected digests is the given one. All are compared, whichever matches.
pub(crate) struct Matching {
    /// Of the first that matched, plus one.
    found: u32,
    next: u32,
}

impl Matching {
    pub(crate) const fn new() -> Self {
        Self { found: 0, next: 1 }
    }

    pub(crate) fn compare(&mut self, expected: &Digest, given: &Digest) {
        let difference = expected.iter().zip(given).fold(0, |sum, (a, b)| sum | (a ^ b));
        let first = difference.ct_eq(&0) & self.found.ct_eq(&0);
        self.found.conditional_assign(&self.next, first);
        self.next = self.next.wrapping_add(1);
    }

    /// Its number, from 0.
    pub(crate) fn found(&self) -> Option<usize> {
        (self.found as usize).checked_sub(1)
    }
}

/// Which of these digests is the given one.
pub(crate) fn matching(expected: impl Iterator<Item = Digest>, given: &Digest) -> Option<usize> {
    let mut matching = Matching::new();
    expected.for_each(|digest| matching.compare(&digest, given));
    matching.found()
}

/// Whether a request's head has a signature, as it should be. 0, or the number of the reason.
pub(crate) fn check(field: &Field<'_>) -> u32 {
    let reason = match *field {
        Field::Absent => Reason::SignatureMissing,
        Field::Many => Reason::SignatureDuplicate,
        Field::One([]) => Reason::SignatureEmpty,
        Field::One(hex) => match hex.try_into() {
            Ok(digits) if is_hex(digits) => return 0,
            _ => Reason::SignatureFormat,
        },
    };
    reason as u32
}

/// Whether there are only digits.
pub(crate) fn is_hex(hex: &[u8; SIGNATURE_LEN]) -> bool {
    // Whatever they are compared with.
    hex.first_chunk().is_some_and(|any| compare(hex, any).0 == 0)
}

/// Not 0 where there is something else than digits, and not 0 where they are not those of the digest. In constant time.
#[inline(never)]
pub(crate) fn compare(hex: &[u8; SIGNATURE_LEN], digest: &Digest) -> (u32, u32) {
    let fours = hex.as_chunks::<4>().0.iter().zip(digest.as_chunks::<2>().0);
    let (mut strange, mut differs) = (0, 0);
    // Four digits at once.
    for (&digits, &bytes) in fours {
        let digits = u32::from_le_bytes(digits);
        let bytes = u32::from(u16::from_le_bytes(bytes));
        // Nine more for a letter.
        let values = (digits & LOW).wrapping_add((digits >> 6 & ONES).wrapping_mul(9)) & LOW;
        let letters = values.wrapping_add(ONES.wrapping_mul(6)) >> 4 & ONES;
        let written = values.wrapping_add(ONES.wrapping_mul(0x30)).wrapping_add(letters.wrapping_mul(39));
        strange |= digits ^ written;
        differs |= values << 4 ^ values >> 8 ^ bytes ^ bytes << 8;
    }
    (strange, differs & 0x00FF_00FF)
}

/// The top bit is set where it is a digit of a signature. Without a branch or a look-up, so that nothing of a request
/// shows in the time.
#[inline(always)]
const fn is_digit(digit: u8) -> u32 {
    let digit = digit as u32;
    // Letters wrap around as numbers, and the other way round.
    let (number, letter) = (digit.wrapping_sub(0x30), digit.wrapping_sub(0x61));
    !number & number.wrapping_sub(10) | !letter & letter.wrapping_sub(6)
}

/// One in each byte.
const ONES: u32 = 0x0101_0101;
/// The lower half of each byte.
const LOW: u32 = ONES * 0x0F;

/// What a digit of a signature stands for.
#[inline(always)]
const fn value(digit: u8) -> u32 {
    let digit = digit as u32;
    // Nine more for a letter, by bits: a product becomes a branch.
    let more = digit >> 3 & 8 | digit >> 6 & 1;
    (digit & 15).wrapping_add(more) & 15
}
