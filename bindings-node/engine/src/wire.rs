//! Numbers and byte strings in `io` and `out`, in little-endian order.

use crate::{FAILED, MORE, NO_MEMORY};
use korewebhook::header::{Field, Head, NAMES};
use korewebhook::scheme::{bearer, standard_webhooks};
use korewebhook::{Error, Format, Reason};
use zeroize::Zeroize;

/// The header fields that somebody asks for, by their numbers: first those of a [`Head`], in its order.
pub const FIELDS: &[&str] = {
    let [signature, content_type, content_encoding, token, date] = NAMES;
    &[
        signature,
        content_type,
        content_encoding,
        token,
        date,
        standard_webhooks::WEBHOOK_ID,
        standard_webhooks::WEBHOOK_TIMESTAMP,
        standard_webhooks::WEBHOOK_SIGNATURE,
        bearer::AUTHORIZATION,
    ]
};

/// Texts that are in nearly every call: in place of one's length stands [`USUAL`] and its number here.
pub const TEXTS: &[&str] = &["POST", Format::Json.content_type(), Format::Form.content_type()];

/// The bit that tells the number of a text from a length.
pub const USUAL: u32 = 1 << 31;

/// Why a call came to nothing.
pub(crate) enum Failure {
    Refused(Error),
    More(usize),
    NoMemory,
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// The length of what stands before the results.
const USED: usize = size_of::<u32>();

/// The arguments of a call, then its small results.
pub(crate) struct Io<'i> {
    bytes: &'i mut [u8],
    written: usize,
}

impl<'i> Io<'i> {
    pub(crate) const fn new(bytes: &'i mut [u8]) -> Self {
        Self { bytes, written: USED }
    }

    /// The arguments, from the first byte on.
    pub(crate) const fn input(&self) -> Input<'_> {
        Input { rest: self.bytes }
    }

    /// For arguments that hold secrets.
    pub(crate) fn wipe(&mut self) {
        self.bytes.zeroize();
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let end = self.written.saturating_add(bytes.len());
        let place = self.bytes.get_mut(self.written..end).ok_or(Reason::BufferTooSmall)?;
        place.copy_from_slice(bytes);
        self.written = end;
        Ok(())
    }

    pub(crate) fn put_u8(&mut self, number: u8) -> Result<(), Failure> {
        self.put(&[number])
    }

    pub(crate) fn put_f64(&mut self, number: f64) -> Result<(), Failure> {
        self.put(&number.to_le_bytes())
    }

    pub(crate) fn put_text(&mut self, text: &str) -> Result<(), Failure> {
        self.put(&length(text.len())?)?;
        self.put(text.as_bytes())
    }

    /// Tells JavaScript why. `io` is never too small for that.
    pub(crate) fn fail(&mut self, failure: Failure) -> i32 {
        self.written = USED;
        match failure {
            Failure::NoMemory => self.finish(NO_MEMORY, 0),
            // `io` stays as it is, for the second try.
            Failure::More(len) => i32::try_from(len).map_or(NO_MEMORY, |len| -len.max(MORE)),
            Failure::Refused(error) => self.put_error(&error).map_or(NO_MEMORY, |()| self.finish(FAILED, 0)),
        }
    }

    /// Says how much of `out` was used.
    pub(crate) fn finish(&mut self, said: i32, used: u32) -> i32 {
        if let Some(place) = self.bytes.first_chunk_mut() {
            *place = used.to_le_bytes();
        }
        said
    }

    pub(crate) fn put_error(&mut self, error: &Error) -> Result<(), Failure> {
        self.put_u8(u8::try_from(error.number()).unwrap_or(0))?;
        self.put_f64(error.offset().map_or(f64::NAN, count))?;
        self.put_text(error.detail().map_or("", korewebhook::Detail::name))
    }
}

/// What is left of the arguments.
#[derive(Clone, Copy)]
pub(crate) struct Input<'i> {
    rest: &'i [u8],
}

impl<'i> Input<'i> {
    pub(crate) fn take(&mut self, len: usize) -> Result<&'i [u8], Failure> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Reason::InvalidArgument)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Failure> {
        self.array().map(|[number]| number)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Failure> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Result<f64, Failure> {
        self.array().map(f64::from_le_bytes)
    }

    /// A number that JavaScript leaves out as NaN.
    pub(crate) fn optional(&mut self) -> Result<Option<f64>, Failure> {
        self.f64().map(|number| (!number.is_nan()).then_some(number))
    }

    /// Milliseconds. What is too large stays as large as can be.
    pub(crate) fn millis(&mut self) -> Result<u64, Failure> {
        self.f64().map(|number| number as u64)
    }

    /// Bytes with their length before them, or a usual text.
    pub(crate) fn bytes(&mut self) -> Result<&'i [u8], Failure> {
        let len = self.u32()?;
        if len < USUAL {
            return self.take(len as usize);
        }
        let text = TEXTS.get((len ^ USUAL) as usize).ok_or(Reason::InvalidArgument)?;
        Ok(text.as_bytes())
    }

    /// Bytes that may be left out.
    pub(crate) fn maybe(&mut self) -> Result<Option<&'i [u8]>, Failure> {
        match self.u8()? {
            0 => Ok(None),
            _ => self.bytes().map(Some),
        }
    }

    /// Hands each secret to `push`. One that has no UTF-8 is no secret.
    pub(crate) fn secrets(
        &mut self,
        mut push: impl FnMut(&'i [u8]) -> Result<(), Error>,
    ) -> Result<(), Failure> {
        for _ in 0..self.u32()? {
            match self.maybe()? {
                Some(secret) => push(secret)?,
                None => return Err(Reason::SecretFormat.into()),
            }
        }
        Ok(())
    }

    /// The header fields, with which the arguments end. JavaScript has left out those that nobody asks for.
    pub(crate) fn fields(mut self) -> impl Iterator<Item = (&'i str, &'i [u8])> {
        // Behind the last is a number that none has.
        core::iter::from_fn(move || {
            let name = FIELDS.get(usize::from(self.u8().ok()?))?;
            Some((*name, self.bytes().ok()?))
        })
    }

    /// Method and header fields, with which the arguments end.
    pub(crate) fn head(mut self) -> Result<Head<'i>, Failure> {
        let method = self.bytes()?;
        let mut fields = [Field::Absent; NAMES.len()];
        while let Some(field) = fields.get_mut(usize::from(self.u8()?)) {
            let value = self.bytes()?;
            *field = if matches!(field, Field::Absent) { Field::One(value) } else { Field::Many };
        }
        Ok(Head::from_fields(method, fields))
    }
}

/// Writes to `out`, or only counts where it is too small.
pub(crate) struct Out<'o> {
    bytes: &'o mut [u8],
    used: usize,
}

impl<'o> Out<'o> {
    pub(crate) const fn new(bytes: &'o mut [u8]) -> Self {
        Self { bytes, used: 0 }
    }

    pub(crate) fn put(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.used) {
                *place = byte;
            }
            self.used = self.used.saturating_add(1);
        }
    }

    pub(crate) fn put_number(&mut self, number: usize) -> Result<(), Failure> {
        self.put(length(number)?);
        Ok(())
    }

    /// Bytes with their length before them.
    pub(crate) fn put_bytes<I: IntoIterator<Item = u8>>(
        &mut self,
        bytes: impl Fn() -> I,
    ) -> Result<(), Failure> {
        self.put_number(bytes().into_iter().count())?;
        self.put(bytes());
        Ok(())
    }

    /// Bytes in one go.
    pub(crate) fn put_slice(&mut self, bytes: &[u8]) {
        let end = self.used.saturating_add(bytes.len());
        if let Some(place) = self.bytes.get_mut(self.used..end) {
            place.copy_from_slice(bytes);
        }
        self.used = end;
    }

    /// The next bytes of a length that is known, where there is room for them.
    pub(crate) fn slot(&mut self, len: usize) -> Option<&mut [u8]> {
        let end = self.used.checked_add(len)?;
        let slot = self.bytes.get_mut(self.used..end)?;
        self.used = end;
        Some(slot)
    }

    /// The length of what was written.
    pub(crate) fn finish(self) -> Result<u32, Failure> {
        if self.used > self.bytes.len() {
            return Err(Failure::More(self.used));
        }
        u32::try_from(self.used).map_err(|_| Failure::NoMemory)
    }
}

/// A length or place as it is written.
pub(crate) fn length(len: usize) -> Result<[u8; 4], Failure> {
    Ok(u32::try_from(len).map_err(|_| Reason::InvalidArgument)?.to_le_bytes())
}

/// A number as a call returns it.
pub(crate) fn number(number: usize) -> Result<i32, Failure> {
    i32::try_from(number).map_err(|_| Failure::NoMemory)
}

/// A count as JavaScript has numbers: exact up to 2^53.
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}
