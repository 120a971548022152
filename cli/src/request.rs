//! The body of a captured raw HTTP/1.1 request.

use crate::chunked;
use korewebhook::{Error, Http1Head, Reason, header::Field};
use std::borrow::Cow;

/// What may be read of a capture whose body is bounded: a head, and chunks of one byte at worst.
pub(crate) const fn capture_limit(max_body: usize) -> usize {
    max_body.saturating_mul(8).saturating_add(1 << 16)
}

/// Takes the body out of a request: all that follows the head, or what its chunks hold. `warn` gets what is
/// odd about it.
///
/// # Errors
/// `content-encoding` where a transfer coding can't be undone: it is unknown, or the chunks don't add up. The
/// signature covers the body without it, so there is nothing to judge.
pub(crate) fn body<'r>(
    head: &Http1Head<'_>,
    request: &'r [u8],
    mut warn: impl FnMut(String),
) -> Result<Cow<'r, [u8]>, Error> {
    let rest = request.get(head.len()..).unwrap_or_default();
    let length = head.field("content-length");
    match head.field("transfer-encoding") {
        Field::Absent => {
            check_length(length, rest.len(), warn);
            Ok(Cow::Borrowed(rest))
        }
        Field::One(coding) if coding.eq_ignore_ascii_case(b"chunked") => {
            let (body, after) = chunked::decode(rest).ok_or(Reason::ContentEncoding)?;
            if length != Field::Absent {
                warn("there is a content-length beside the chunks; it is ignored".into());
            }
            if !after.is_empty() {
                warn(format!("{} bytes follow the last chunk; they are ignored", after.len()));
            }
            Ok(Cow::Owned(body))
        }
        Field::One(_) | Field::Many => Err(Reason::ContentEncoding.into()),
    }
}

fn check_length(field: Field<'_>, actual: usize, mut warn: impl FnMut(String)) {
    match field {
        Field::Absent => {}
        Field::Many => warn("there is more than one content-length".into()),
        Field::One(value) => {
            let said = str::from_utf8(value).ok().and_then(|digits| digits.parse::<usize>().ok());
            match said {
                Some(said) if said == actual => {}
                Some(said) => warn(format!("content-length says {said} bytes, the body has {actual}")),
                None => warn("the content-length is no number".into()),
            }
        }
    }
}
