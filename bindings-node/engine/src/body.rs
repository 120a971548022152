//! What is in a canonical body: keys, events, members, fields.

use crate::Store;
use crate::endpoint::{Endpoint, format_of};
use crate::guard::put_key;
use crate::wire::{Failure, Input, Io, Out, number};
use korewebhook::{Delivery, Error, Events, Format, Receipt};

/// A body that was verified before: its format, then the body itself.
fn delivery<'b>(mut input: Input<'_>, body: &'b [u8]) -> Result<Delivery<'b>, Failure> {
    input.u8()?;
    kept(format_of(input.u8()?), body).map_err(Failure::from)
}

fn kept(format: Format, body: &[u8]) -> Result<Delivery<'_>, Error> {
    Delivery::from_receipt(&Receipt::new(format, 0, body.len(), body.len()), body)
}

/// Writes the delivery key, 32 bytes, to `io`.
pub(crate) fn key<S: Store>(endpoint: &Endpoint<S>, io: &mut Io<'_>, body: &[u8]) -> Result<i32, Failure> {
    let key = endpoint.keys()?.delivery(&delivery(io.input(), body)?)?;
    io.put(&key.0)?;
    Ok(0)
}

/// Writes the replay keys to `out` and gives how many there are.
pub(crate) fn replay_keys<S: Store>(
    endpoint: &Endpoint<S>,
    store: &mut S,
    io: &Io<'_>,
    body: &[u8],
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    let (keys, delivery) = (endpoint.keys()?, delivery(io.input(), body)?);
    let count = keys.replay_len(&delivery);
    let made = store.keys(count, |places| {
        keys.replay(&delivery, places)?.iter().for_each(|key| put_key(out, key));
        Ok::<_, Error>(())
    });
    made.ok_or(Failure::NoMemory)??;
    number(count)
}

/// Writes for each item of the body where it begins and how long it is, whether it is an object, whether it has
/// a key, and that key; gives how many there are.
pub(crate) fn events<S: Store>(
    endpoint: &Endpoint<S>,
    io: &Io<'_>,
    body: &[u8],
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    let (keys, delivery) = (endpoint.keys()?, delivery(io.input(), body)?);
    let mut count = 0_usize;
    for event in delivery.events() {
        let key = keys.event(&event)?;
        place(out, body, event.span())?;
        out.put([u8::from(event.is_object()), u8::from(key.is_some())]);
        out.put(key.map_or([0; 32], |key| key.0));
        count = count.saturating_add(1);
    }
    number(count)
}

/// Writes where name and value of each member of the JSON object begin and how long they are, the name without its
/// quotes; gives how many there are.
pub(crate) fn members(body: &[u8], out: &mut Out<'_>) -> Result<i32, Failure> {
    let mut count = 0_usize;
    for (name, value) in Events::from_verified(body)?.next().iter().flat_map(korewebhook::Event::members) {
        place(out, body, name.raw())?;
        place(out, body, value)?;
        count = count.saturating_add(1);
    }
    number(count)
}

/// Writes the decoded names and values of a form; gives how many bytes that is.
pub(crate) fn fields(body: &[u8], out: &mut Out<'_>) -> Result<i32, Failure> {
    for (name, value) in kept(Format::Form, body)?.fields() {
        out.put_bytes(|| name.decode())?;
        out.put_bytes(|| value.decode())?;
    }
    Ok(0)
}

fn place(out: &mut Out<'_>, body: &[u8], part: &[u8]) -> Result<(), Failure> {
    // Both stand in one body.
    out.put_number(part.as_ptr().addr().wrapping_sub(body.as_ptr().addr()))?;
    out.put_number(part.len())
}
