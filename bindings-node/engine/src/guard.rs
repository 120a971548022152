//! `ReplayGuard` and its keys.

use crate::wire::{Failure, Input, Io, Out, number};
use crate::{Call, Store};
use korewebhook::replay::{self, LeaseError, Outcome, Owner, ReplayKey, Retention};
use korewebhook::{Key, Reason, Token};

/// 16,777,216 keys: more belong into a store.
const MAX_CAPACITY: f64 = (1_u32 << 24) as f64;

/// The outcomes, by their numbers.
pub const OUTCOMES: &[Outcome] = &[
    Outcome::New,
    Outcome::Duplicate,
    Outcome::RepeatBody,
    Outcome::Conflict,
    Outcome::InProgress { retry_after_ms: 0 },
    Outcome::Stale,
    Outcome::StoreError,
];

/// The errors of a lease, by their numbers from 1 on.
pub const LEASE_ERRORS: &[LeaseError] = &[LeaseError::LostLease, LeaseError::AlreadyCommitted];

type Guard<S> = replay::ReplayGuard<0, <S as Store>::Places>;

pub(crate) fn open<S: Store>(store: &mut S, mut input: Input<'_>) -> Result<Guard<S>, Failure> {
    input.u8()?;
    let capacity = input.f64()?;
    if !(1.0..=MAX_CAPACITY).contains(&capacity) {
        return Err(Reason::InvalidArgument.into());
    }
    let mut retention = Retention::DEFAULT;
    let set = |place: &mut u64, value: Option<f64>| {
        if let Some(millis) = value {
            *place = millis as u64;
        }
    };
    set(&mut retention.lease_ms, input.optional()?);
    set(&mut retention.keep_ms, input.optional()?);
    set(&mut retention.skew_ms, input.optional()?);
    match input.u8()? {
        0 => {}
        1 => retention.max_age_ms = None,
        _ => retention.max_age_ms = Some(input.millis()?),
    }
    let places = store.places(capacity as usize).ok_or(Failure::NoMemory)?;
    Ok(Guard::<S>::in_places(retention, places)?)
}

pub(crate) fn len<P: AsRef<[replay::Place]> + AsMut<[replay::Place]>>(
    guard: &replay::ReplayGuard<0, P>,
) -> Result<i32, Failure> {
    number(guard.len())
}

/// Writes a byte for each key to `out`: the number of its outcome.
pub(crate) fn claim<S: Store>(
    guard: &mut Guard<S>,
    store: &mut S,
    io: &Io<'_>,
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let (token, owner, now) = (token(&mut input)?, owner(&mut input)?, input.millis()?);
    let count = input.u32()? as usize;
    let said = out.slot(count).ok_or(Failure::More(count))?;
    let done = store.keys(count, |keys| {
        read_keys(&mut input, keys, None)?;
        guard.claim(keys, token, &owner, now);
        for (place, key) in said.iter_mut().zip(keys) {
            let known = OUTCOMES
                .iter()
                .position(|known| key.outcome().is_some_and(|outcome| outcome.name() == known.name()));
            *place = known.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX);
        }
        Ok::<_, Failure>(())
    });
    done.ok_or(Failure::NoMemory)??;
    number(count)
}

/// Gives 0, or the number of the lease's error.
pub(crate) fn settle<S: Store>(
    guard: &mut Guard<S>,
    store: &mut S,
    call: Call,
    io: &Io<'_>,
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let (owner, now) = (owner(&mut input)?, input.millis()?);
    let done = store.keys(input.u32()? as usize, |keys| {
        // Keys that the caller says it has claimed; the guard compares the owner.
        read_keys(&mut input, keys, Some(Outcome::New))?;
        Ok::<_, Failure>(match call {
            Call::Commit => guard.commit(keys, &owner, now),
            Call::Release => guard.release(keys, &owner),
            _ => guard.renew(keys, &owner, now),
        })
    });
    match done.ok_or(Failure::NoMemory)?? {
        Ok(()) => Ok(0),
        Err(error) => {
            number(LEASE_ERRORS.iter().position(|known| *known == error).map_or(0, |at| at.saturating_add(1)))
        }
    }
}

/// Writes the tag of a key, 32 bytes, to `io`.
pub(crate) fn tag(io: &mut Io<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let (token, owner) = (token(&mut input)?, owner(&mut input)?);
    let tag = read_key(&mut input)?.tag(token, &owner);
    io.put(&tag)?;
    Ok(0)
}

/// A token that is malformed counts as absent.
fn token<'i>(input: &mut Input<'i>) -> Result<Option<Token<'i>>, Failure> {
    Ok(input.maybe()?.and_then(Token::new))
}

fn owner(input: &mut Input<'_>) -> Result<Owner, Failure> {
    let bytes = input.bytes()?;
    Ok(bytes.try_into().map_err(|_| Reason::InvalidArgument)?)
}

/// A key as JavaScript keeps it: key, content, whether it has an id, the time or NaN.
pub(crate) fn put_key(out: &mut Out<'_>, key: &ReplayKey) {
    // The tag of a key with an id is its content, whatever token and owner are.
    out.put(key.key().0);
    out.put(key.tag(None, &[0; 16]));
    out.put([u8::from(key.has_id())]);
    out.put(key.time_ms().map_or(f64::NAN, |millis| millis as f64).to_le_bytes());
}

fn read_key(input: &mut Input<'_>) -> Result<ReplayKey, Failure> {
    let (key, content) = (Key(input.array()?), input.array()?);
    let content = (input.u8()? != 0).then_some(content);
    Ok(ReplayKey::from_parts(key, content, input.optional()?.map(|millis| millis as u64)))
}

fn read_keys(input: &mut Input<'_>, keys: &mut [ReplayKey], outcome: Option<Outcome>) -> Result<(), Failure> {
    for place in keys {
        let key = read_key(input)?;
        *place = outcome.map_or(key, |outcome| key.with_outcome(outcome));
    }
    Ok(())
}
