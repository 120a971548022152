//! `Authorization: Bearer` (RFC 6750, section 2.1), for the token authentication that may stand beside a
//! signature.

use crate::error::{Error, Reason};
use crate::hash::Digest;
use crate::header::{Field, MAX_VALUE, is};
use crate::secret::KeyRing;
use crate::signature::matching;
use sha2::{Digest as _, Sha256};

/// The header that carries the token.
pub const AUTHORIZATION: &str = "authorization";

/// Checks the bearer token of a request against the configured ones and returns which one it is.
///
/// Digests are compared, in constant time, so that neither content nor length of a token shows.
///
/// ```
/// use korewebhook::{KeyRing, scheme::bearer};
///
/// let tokens: KeyRing = KeyRing::from_secrets(["mF_9.B5f-4.1JqM"])?; // the example of RFC 6750
/// assert_eq!(bearer::verify([("Authorization", "Bearer mF_9.B5f-4.1JqM")], &tokens), Ok(0));
/// # Ok::<(), korewebhook::Error>(())
/// ```
///
/// # Errors
/// Of the configuration: `secret-empty`, `secret-format`. Of the request: `bearer-missing`,
/// `bearer-duplicate`, `bearer-format`, `bearer-mismatch`.
pub fn verify<'h, I, N, V, const K: usize, const LEN: usize>(
    headers: I,
    tokens: &KeyRing<K, LEN>,
) -> Result<usize, Error>
where
    I: IntoIterator<Item = (&'h N, &'h V)>,
    N: AsRef<[u8]> + ?Sized + 'h,
    V: AsRef<[u8]> + ?Sized + 'h,
{
    if tokens.is_empty() {
        return Err(Reason::SecretEmpty.into());
    }
    if !tokens.iter().all(is_b64token) {
        return Err(Reason::SecretFormat.into());
    }
    let mut field = Field::Absent;
    for (name, value) in headers {
        if is(name.as_ref(), AUTHORIZATION) {
            field.add(value.as_ref());
        }
    }
    let given = match field {
        Field::One(value) => credentials(value).ok_or(Reason::BearerFormat)?,
        Field::Absent => return Err(Reason::BearerMissing.into()),
        Field::Many => return Err(Reason::BearerDuplicate.into()),
    };
    let digest = |token: &[u8]| -> Digest { Sha256::digest(token).into() };
    let given = digest(given);
    matching(tokens.iter().map(digest), &given).ok_or_else(|| Reason::BearerMismatch.into())
}

/// `credentials = "Bearer" 1*SP b64token`; the scheme's name has no case (RFC 9110, section 11.1).
fn credentials(value: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = value.split_at_checked(6)?;
    let blanks = rest.iter().take_while(|&&b| b == b' ').count();
    let token = rest.get(blanks..)?;
    let fine = value.len() <= MAX_VALUE && is(scheme, "bearer") && blanks > 0 && is_b64token(token);
    fine.then_some(token)
}

/// `b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_b64token(token: &[u8]) -> bool {
    let padding = token.iter().rev().take_while(|&&b| b == b'=').count();
    let known = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/');
    token
        .get(..token.len().saturating_sub(padding))
        .is_some_and(|text| !text.is_empty() && text.iter().all(known))
}
