//! What a verified request gives.

use crate::content::Format;
use crate::error::{Error, Reason};
use crate::event::Events;
use crate::form::Fields;
use crate::json;
use crate::key::Key;
use crate::registers::Registers;
use core::fmt;

/// What is known of a verified delivery without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// What the body is.
    pub format: Format,
    /// Which secret of the ring matched, from 0.
    pub secret_index: usize,
    /// The length of the body as received, in bytes.
    pub received_len: usize,
    /// The length of the canonical body, in bytes: that is what was signed.
    pub canonical_len: usize,
    /// The delivery key, where the stream was started with it.
    pub key: Option<Key>,
}

impl Receipt {
    /// A receipt that was kept in another form, for [`Delivery::from_receipt`]. Whoever makes one vouches for it.
    #[must_use]
    pub const fn new(format: Format, secret_index: usize, received_len: usize, canonical_len: usize) -> Self {
        Self { format, secret_index, received_len, canonical_len, key: None }
    }
}

/// A verified GET. Its signature is a constant of the endpoint and covers no data: treat it as a hint that
/// something changed and ask the API. It has no body, no events and no key, and the query of the request is
/// whatever the sender wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointOnly {
    /// Which secret of the ring matched, from 0.
    pub secret_index: usize,
}

/// A verified request.
#[derive(Clone, Copy, Debug)]
pub enum Verdict<'b> {
    /// A POST whose method, URL and body are authentic.
    Delivery(Delivery<'b>),
    /// A GET, where allowed: nothing of the event is authentic.
    EndpointOnly(EndpointOnly),
}

impl<'b> Verdict<'b> {
    /// The delivery.
    ///
    /// # Errors
    /// `get-disabled` for a GET.
    pub fn delivery(self) -> Result<Delivery<'b>, Error> {
        match self {
            Self::Delivery(delivery) => Ok(delivery),
            Self::EndpointOnly(_) => Err(Reason::GetDisabled.into()),
        }
    }
}

/// A verified delivery: method, URL and body are what a holder of the secret signed. Whether it is a replay
/// is another question: [`ReplayGuard`](crate::replay::ReplayGuard).
#[derive(Clone, Copy)]
pub struct Delivery<'b> {
    receipt: Receipt,
    body: &'b [u8],
}

impl<'b> Delivery<'b> {
    pub(crate) const fn new(receipt: Receipt, body: &'b [u8]) -> Self {
        Self { receipt, body }
    }

    /// A delivery of a body that is compacted where it stands.
    pub(crate) fn compact(registers: Registers, receipt: Receipt, body: &'b mut [u8]) -> Self {
        if receipt.canonical_len < body.len() {
            json::compact(registers, body);
        }
        Self { receipt, body: body.get(..receipt.canonical_len).unwrap_or_default() }
    }

    /// A delivery that was verified before, from its receipt and the canonical body that was kept.
    ///
    /// # Errors
    /// `invalid-argument` where the body has another length than the one that was verified.
    pub const fn from_receipt(receipt: &Receipt, canonical: &'b [u8]) -> Result<Self, Error> {
        if canonical.len() == receipt.canonical_len {
            Ok(Self { receipt: *receipt, body: canonical })
        } else {
            Err(Error::new(Reason::InvalidArgument))
        }
    }

    /// What is known of it beside the body.
    #[must_use]
    pub const fn receipt(&self) -> &Receipt {
        &self.receipt
    }

    /// What the body is.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.receipt.format
    }

    /// Which secret of the ring matched, from 0.
    #[must_use]
    pub const fn secret_index(&self) -> usize {
        self.receipt.secret_index
    }

    /// The canonical body, which is what was signed and what an application should parse; `None` where the
    /// body at hand still has white space in it, and [`Self::write_body`] is needed.
    #[must_use]
    pub fn body(&self) -> Option<&'b [u8]> {
        (self.body.len() == self.receipt.canonical_len).then_some(self.body)
    }

    /// Writes the canonical body to the front of `out` and returns that part.
    ///
    /// # Errors
    /// `buffer-too-small`: it takes [`Receipt::canonical_len`] bytes. `out` is unchanged then.
    pub fn write_body<'o>(&self, out: &'o mut [u8]) -> Result<&'o mut [u8], Error> {
        let out = out.get_mut(..self.receipt.canonical_len).ok_or(Reason::BufferTooSmall)?;
        match self.body() {
            None => json::write(self.body, out)?,
            Some(body) => out.copy_from_slice(body),
        }
        Ok(out)
    }

    /// The CloudEvents of a JSON body; none for a form.
    #[must_use]
    pub fn events(&self) -> Events<'b> {
        match self.receipt.format {
            Format::Json => Events::of(self.body),
            Format::Form => Events::of(&[]),
        }
    }

    /// The fields of a form; none for JSON.
    #[must_use]
    pub fn fields(&self) -> Fields<'b> {
        match self.receipt.format {
            Format::Json => Fields::new(&[]),
            Format::Form => Fields::new(self.body),
        }
    }

    /// Hands out the canonical body in pieces.
    pub(crate) fn visit(&self, mut sink: impl FnMut(&[u8])) -> Result<(), Error> {
        match self.body() {
            Some(body) => {
                sink(body);
                Ok(())
            }
            None => json::visit(self.body, sink).map(drop),
        }
    }
}

/// Without the body, which may hold what doesn't belong in a log.
impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("receipt", &self.receipt).finish_non_exhaustive()
    }
}
