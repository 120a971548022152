//! What needs no object.

use crate::KeyRing;
use crate::wire::{Failure, Input, Io, Out, number};
use korewebhook::scheme::bearer;
use korewebhook::{SignedUrl, date, json};

/// Writes the canonical JSON to `out`, unless the body is canonical already; gives its length.
pub(crate) fn minify(body: &[u8], out: &mut Out<'_>) -> Result<i32, Failure> {
    let len = json::canonical_len(body)?;
    if len < body.len() {
        json::canonicalize_into(body, out.slot(len).ok_or(Failure::More(len))?)?;
    }
    number(len)
}

/// Gives which token it was.
pub(crate) fn verify_bearer(mut input: Input<'_>) -> Result<i32, Failure> {
    input.u8()?;
    let mut tokens = KeyRing::new();
    input.secrets(|token| tokens.push(token))?;
    number(bearer::verify(input.fields(), &tokens)?)
}

/// Writes the signed part to `out` and gives its length.
pub(crate) fn signed_url(io: &Io<'_>, out: &mut Out<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let url = SignedUrl::new(input.bytes()?)?;
    out.put(url.as_bytes().iter().copied());
    Ok(0)
}

/// Writes the milliseconds since 1970 of a `date` header to `io`.
pub(crate) fn parse_date(io: &mut Io<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let seconds = date::parse(input.bytes()?)?;
    io.put_f64(seconds.saturating_mul(1000) as f64)?;
    Ok(0)
}

/// The same of an RFC 3339 time.
pub(crate) fn parse_time(io: &mut Io<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let millis = date::parse_rfc3339(input.bytes()?)?;
    io.put_f64(millis as f64)?;
    Ok(0)
}

/// Says whether the token is well formed and writes the date, in milliseconds since 1970 or NaN, to `io`.
pub(crate) fn unsigned(io: &mut Io<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let head = input.head()?;
    let (token, date) = (head.token().value().is_some(), head.date().value());
    io.put_f64(date.map_or(f64::NAN, |seconds| seconds.saturating_mul(1000) as f64))?;
    Ok(i32::from(token))
}
