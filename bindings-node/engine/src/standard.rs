//! `StandardWebhook`.

use crate::Store;
use crate::wire::{Failure, Input, Io, number};
use core::borrow::{Borrow, BorrowMut};
use korewebhook::Reason;
use korewebhook::scheme::standard_webhooks::{self, StandardKeyRing};

pub(crate) fn open<S: Store>(store: &mut S, mut input: Input<'_>) -> Result<S::Standard, Failure> {
    input.u8()?;
    let mut kept = store.standard();
    let ring = kept.borrow_mut();
    input.secrets(|secret| ring.push(core::str::from_utf8(secret).map_err(|_| Reason::SecretFormat)?))?;
    if ring.is_empty() {
        return Err(Reason::SecretEmpty.into());
    }
    Ok(kept)
}

/// Gives which secret it was, and writes the timestamp to `io`.
pub(crate) fn verify<R: Borrow<StandardKeyRing>>(
    ring: &R,
    io: &mut Io<'_>,
    body: &[u8],
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let now = input.millis()?;
    let tolerance = input.optional()?.map_or(standard_webhooks::TOLERANCE_MS, |millis| millis as u64);
    let said = standard_webhooks::verify(input.fields(), body, ring.borrow(), now, tolerance)?;
    let (index, timestamp) = (said.secret_index, said.timestamp);
    io.put_f64(timestamp as f64)?;
    number(index)
}

/// Writes the signature to `io` and gives its length.
pub(crate) fn sign<R: Borrow<StandardKeyRing>>(
    ring: &R,
    io: &mut Io<'_>,
    body: &[u8],
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let seconds = input.millis()? / 1000;
    let id = core::str::from_utf8(input.bytes()?).map_err(|_| Reason::IdFormat)?;
    let mut out = [0; standard_webhooks::SIGNATURE_LEN];
    io.put(standard_webhooks::sign(ring.borrow(), id, seconds, body, &mut out)?.as_bytes())?;
    number(standard_webhooks::SIGNATURE_LEN)
}
