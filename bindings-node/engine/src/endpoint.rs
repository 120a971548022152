//! `Webhook`.

use crate::canonical::Canonical;
use crate::wire::{Failure, Input, Io, Out, count, number};
use crate::{MAX_SECRET, Store};
use core::borrow::BorrowMut;
use korewebhook::header::delivery_headers;
use korewebhook::{
    Error, Format, Options, Reason, SIGNATURE_LEN, SchemeName, SignedUrl, Token, Verdict, Warning, date,
};

pub(crate) type Endpoint<S> =
    korewebhook::Endpoint<<S as Store>::Ring, <S as Store>::Url, 8, MAX_SECRET, <S as Store>::Prefix>;

/// More than a secret's number.
pub const SECRETS: usize = korewebhook::MAX_SECRETS;

/// What a GET has in place of a format.
pub const GET: u8 = 2;

/// `max_body` beyond this is refused by the core, where a `usize` can hold it at all.
const MAX_MAX_BODY: f64 = (1_u64 << 52) as f64;

pub(crate) fn open<S: Store>(store: &mut S, mut input: Input<'_>) -> Result<Endpoint<S>, Failure> {
    input.u8()?;
    let mut ring = store.ring();
    let secrets = ring.borrow_mut();
    input.secrets(|secret| secrets.push(secret))?;
    if secrets.is_empty() {
        return Err(Reason::SecretEmpty.into());
    }
    let prefix = store.prefix(secrets.len()).ok_or(Failure::NoMemory)?;
    let url = SignedUrl::new(store.url(input.bytes()?).ok_or(Failure::NoMemory)?)?;
    let mut options = Options::default();
    options.allow_get = input.u8()? != 0;
    options.allow_empty_body = input.u8()? != 0;
    if let Some(given) = input.optional()? {
        // 0 is what the core refuses in place of a number that a smaller `usize` would cut.
        options.max_body = if given > MAX_MAX_BODY { 0 } else { given as usize };
    }
    if let Some(given) = input.optional()? {
        options.max_depth = given as u8;
    }
    options.format = match input.maybe()? {
        None => None,
        Some(b"json") => Some(Format::Json),
        Some(b"form") => Some(Format::Form),
        Some(_) => return Err(Reason::InvalidArgument.into()),
    };
    let scheme = match input.maybe()? {
        None => SchemeName::default(),
        Some(name) => {
            core::str::from_utf8(name).ok().and_then(SchemeName::from_name).ok_or(Reason::InvalidArgument)?
        }
    };
    Ok(korewebhook::Endpoint::prepared(scheme, ring, url, options, prefix)?)
}

/// What JavaScript shows of it: how many secrets, the bound; then scheme, signed URL, warnings.
pub(crate) fn describe<S: Store>(
    endpoint: &Endpoint<S>,
    io: &mut Io<'_>,
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    out.put_bytes(|| endpoint.scheme().name().bytes())?;
    out.put_bytes(|| endpoint.url().as_str().bytes())?;
    endpoint.warnings().map(Warning::name).try_for_each(|name| out.put_bytes(|| name.bytes()))?;
    io.put_u8(u8::try_from(endpoint.secrets()).unwrap_or(u8::MAX))?;
    io.put_f64(count(endpoint.options().max_body))?;
    Ok(0)
}

/// Gives which secret it was, added to [`SECRETS`] times the format; or times [`GET`] where there is none. That stands in
/// `io` too. Where the canonical body is another than the body, it stands in `out`.
pub(crate) fn verify<S: Store>(
    endpoint: &Endpoint<S>,
    io: &mut Io<'_>,
    body: &[u8],
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let head = input.head()?;
    let mut canonical = Canonical::new(body, out);
    let (secret_index, kind) = match endpoint.judge_with(&head, body, |run| canonical.push(run))? {
        Verdict::EndpointOnly(only) => (only.secret_index, GET),
        Verdict::Delivery(delivery) => {
            canonical.finish();
            (delivery.secret_index(), format_number(delivery.format()))
        }
    };
    let said = secret_index.saturating_add(SECRETS.saturating_mul(usize::from(kind)));
    io.put_u8(u8::try_from(said).unwrap_or(u8::MAX))?;
    number(said)
}

/// Gives 0 with an error in `io`, as a call that fails does.
pub(crate) fn refuse_unread<S: Store>(endpoint: &Endpoint<S>, io: &mut Io<'_>) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    Err(endpoint.refuse_unread(&input.head()?).into())
}

/// Writes the signature to `io`.
pub(crate) fn sign<S: Store>(endpoint: &Endpoint<S>, io: &mut Io<'_>, body: &[u8]) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let format = body_format(input.maybe()?, body)?;
    let mut hex = [0; SIGNATURE_LEN];
    io.put(endpoint.sign(format, body)?.to_hex(&mut hex).as_bytes())?;
    number(SIGNATURE_LEN)
}

/// Writes the names and values of the headers to `out`.
pub(crate) fn headers<S: Store>(
    endpoint: &Endpoint<S>,
    io: &mut Io<'_>,
    body: &[u8],
    out: &mut Out<'_>,
) -> Result<i32, Failure> {
    let mut input = io.input();
    input.u8()?;
    let content_type = input.maybe()?;
    let format = body_format(content_type, body)?;
    let (mut hex, mut text) = ([0; SIGNATURE_LEN], [0; date::DATE_LEN]);
    let signature = endpoint.sign(format, body)?;
    let token = Token::new(input.bytes()?).ok_or(Reason::InvalidArgument)?;
    let seconds = match input.maybe()? {
        Some(date) => date::parse(date)?,
        None => input.f64()? as u64,
    };
    let date = date::format(seconds, &mut text)?;
    for (name, value) in delivery_headers(format, date, token, signature.to_hex(&mut hex)) {
        let given = content_type.filter(|_| name == korewebhook::header::CONTENT_TYPE);
        out.put_bytes(|| name.bytes())?;
        out.put_bytes(|| given.unwrap_or(value.as_bytes()).iter().copied())?;
    }
    Ok(0)
}

fn body_format(content_type: Option<&[u8]>, body: &[u8]) -> Result<Format, Error> {
    content_type.map_or_else(|| Ok(Format::guess(body)), Format::from_content_type)
}

pub(crate) const fn format_number(format: Format) -> u8 {
    match format {
        Format::Json => 0,
        Format::Form => 1,
    }
}

pub(crate) const fn format_of(number: u8) -> Format {
    match number {
        0 => Format::Json,
        _ => Format::Form,
    }
}
