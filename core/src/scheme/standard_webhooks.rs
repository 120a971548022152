//! Standard Webhooks v1: HMAC-SHA256 over `id.timestamp.body`, in base64, so that id and time are signed.
//!
//! Source: the Standard Webhooks specification, <https://www.standardwebhooks.com>. The body is signed as
//! sent, never minified.

use crate::error::{Error, Reason};
use crate::hash::Digest;
use crate::header::{Field, MAX_VALUE, is};
use crate::secret::KeyRing;
use crate::signature::matching;
use base64ct::{Base64, Encoding as _};
use core::fmt;
use heapless::Vec;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Carries the message's id.
pub const WEBHOOK_ID: &str = "webhook-id";
/// Carries the time of the attempt, in seconds since 1970.
pub const WEBHOOK_TIMESTAMP: &str = "webhook-timestamp";
/// Carries the signatures, separated by spaces.
pub const WEBHOOK_SIGNATURE: &str = "webhook-signature";

/// The tolerance that the specification's libraries use, in milliseconds: five minutes.
pub const TOLERANCE_MS: u64 = 300_000;

/// The length of a signature as it stands in the header: `v1,` and 44 characters of base64.
pub const SIGNATURE_LEN: usize = 47;

const MIN_SECRET: usize = 24;
const MAX_SECRET: usize = 64;
const MAX_SIGNATURES: usize = 16;
const MAX_ID: usize = 256;

/// The secrets of one endpoint, at most `N`.
#[derive(Default)]
pub struct StandardKeyRing<const N: usize = 8>(KeyRing<N, MAX_SECRET>);

impl<const N: usize> StandardKeyRing<N> {
    /// An empty ring. Verification refuses it.
    #[must_use]
    pub const fn new() -> Self {
        Self(KeyRing::new())
    }

    /// Adds a secret as it is shown: `whsec_` and the key in standard base64, 24 to 64 bytes once decoded.
    ///
    /// # Errors
    /// `secret-empty`, `secret-format`, `secret-too-short`, `secret-too-long`, `too-many-secrets`.
    pub fn push(&mut self, secret: &str) -> Result<(), Error> {
        if secret.is_empty() {
            return Err(Reason::SecretEmpty.into());
        }
        let encoded = secret.strip_prefix("whsec_").ok_or(Reason::SecretFormat)?;
        // Room for more than is allowed, so that a long secret is called long and not misspelt.
        let mut buffer = Zeroizing::new([0_u8; 4 * MAX_SECRET]);
        let key = Base64::decode(encoded.as_bytes(), &mut *buffer).map_err(|_| Reason::SecretFormat)?;
        self.push_key(key)
    }

    /// How many secrets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a key that is at hand as bytes, 24 to 64 of them.
    ///
    /// # Errors
    /// `secret-too-short`, `secret-too-long`, `too-many-secrets`.
    pub fn push_key(&mut self, key: &[u8]) -> Result<(), Error> {
        match key.len() {
            0..MIN_SECRET => Err(Reason::SecretTooShort.into()),
            MIN_SECRET..=MAX_SECRET => self.0.push_raw(key),
            _ => Err(Reason::SecretTooLong.into()),
        }
    }
}

impl<const N: usize> fmt::Debug for StandardKeyRing<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a verified message says of itself. Everything here is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardDelivery<'h> {
    /// The message's id: the same on every attempt.
    pub id: &'h str,
    /// The time of this attempt, in seconds since 1970.
    pub timestamp: u64,
    /// Which secret matched, from 0.
    pub secret_index: usize,
}

/// Verifies a message: `now_ms` is the time of the receiver in milliseconds since 1970, `tolerance_ms` how
/// far the message's time may be from it, either way and inclusive ([`TOLERANCE_MS`]).
///
/// ```
/// use korewebhook::scheme::standard_webhooks::{StandardKeyRing, TOLERANCE_MS, verify};
///
/// let mut secrets: StandardKeyRing = StandardKeyRing::new();
/// secrets.push("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
/// let headers = [
///     ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
///     ("webhook-timestamp", "1614265330"),
///     ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
/// ];
/// let message = verify(headers, br#"{"test": 2432232314}"#, &secrets, 1_614_265_331_000, TOLERANCE_MS)?;
/// assert_eq!(message.id, "msg_p5jXN8AQM9LWM0D4loKWxJek");
/// # Ok::<(), korewebhook::Error>(())
/// ```
///
/// # Errors
/// `secret-empty`; `header-duplicate`, `id-missing`, `id-format`, `timestamp-format`, `signature-missing`,
/// `signature-too-many`, `timestamp-too-old`, `timestamp-too-new`, `signature-mismatch`, in this order.
pub fn verify<'h, I, H, V, const N: usize>(
    headers: I,
    body: &[u8],
    secrets: &StandardKeyRing<N>,
    now_ms: u64,
    tolerance_ms: u64,
) -> Result<StandardDelivery<'h>, Error>
where
    I: IntoIterator<Item = (&'h H, &'h V)>,
    H: AsRef<[u8]> + ?Sized + 'h,
    V: AsRef<[u8]> + ?Sized + 'h,
{
    if secrets.0.is_empty() {
        return Err(Reason::SecretEmpty.into());
    }
    let [mut id, mut timestamp, mut signatures] = [Field::Absent; 3];
    for (name, value) in headers {
        let name = name.as_ref();
        let field = match name.len() {
            10 if is(name, WEBHOOK_ID) => &mut id,
            17 if is(name, WEBHOOK_TIMESTAMP) => &mut timestamp,
            17 if is(name, WEBHOOK_SIGNATURE) => &mut signatures,
            _ => continue,
        };
        field.add(value.as_ref());
    }
    let id = check_id(only(id)?.ok_or(Reason::IdMissing)?)?;
    let (timestamp, signatures) = (only(timestamp)?, only(signatures)?);
    let digits = timestamp.ok_or(Reason::TimestampFormat)?;
    let seconds = parse_timestamp(digits).ok_or(Reason::TimestampFormat)?;
    let signatures = signatures.filter(|value| !value.is_empty()).ok_or(Reason::SignatureMissing)?;
    let signatures = decode_signatures(signatures)?;
    let time_ms = seconds.saturating_mul(1000);
    if now_ms.saturating_sub(time_ms) > tolerance_ms {
        return Err(Reason::TimestampTooOld.into());
    }
    if time_ms.saturating_sub(now_ms) > tolerance_ms {
        return Err(Reason::TimestampTooNew.into());
    }
    // The body is hashed once for each secret, however many signatures are listed.
    let mut expected = Vec::<Digest, N>::new();
    for key in secrets.0.iter() {
        let tag = tag(key, id.as_bytes(), digits, body)?;
        expected.push(tag).map_err(|_| Reason::TooManySecrets)?;
    }
    let mut found = None;
    for signature in &signatures {
        found = found.or(matching(expected.iter().copied(), signature));
    }
    let secret_index = found.ok_or(Reason::SignatureMismatch)?;
    Ok(StandardDelivery { id, timestamp: seconds, secret_index })
}

/// Signs a message with the first secret of the ring and returns the signature as it stands in the header.
///
/// # Errors
/// `secret-empty`, `id-format`.
pub fn sign<'o, const N: usize>(
    secrets: &StandardKeyRing<N>,
    id: &str,
    timestamp: u64,
    body: &[u8],
    out: &'o mut [u8; SIGNATURE_LEN],
) -> Result<&'o str, Error> {
    let key = secrets.0.iter().next().ok_or(Reason::SecretEmpty)?;
    let id = check_id(id.as_bytes())?;
    let mut digits = [0_u8; 20];
    let tag = tag(key, id.as_bytes(), decimal(timestamp, &mut digits), body)?;
    let mut encoded = [0_u8; SIGNATURE_LEN - 3];
    Base64::encode(&tag, &mut encoded).map_err(|_| Reason::BufferTooSmall)?;
    for (place, byte) in out.iter_mut().zip(b"v1,".iter().chain(&encoded)) {
        *place = *byte;
    }
    core::str::from_utf8(out).map_err(|_| Reason::InvalidArgument.into())
}

fn tag(key: &[u8], id: &[u8], timestamp: &[u8], body: &[u8]) -> Result<Digest, Error> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Reason::HashBackend)?;
    for part in [id, b".", timestamp, b".", body] {
        mac.update(part);
    }
    Ok(mac.finalize().into_bytes().into())
}

fn only(field: Field<'_>) -> Result<Option<&[u8]>, Error> {
    match field {
        Field::Absent => Ok(None),
        Field::One(value) => Ok(Some(value)),
        Field::Many => Err(Reason::HeaderDuplicate.into()),
    }
}

/// An id with a dot could be read with another boundary before the timestamp.
fn check_id(id: &[u8]) -> Result<&str, Error> {
    let fine = (1..=MAX_ID).contains(&id.len()) && id.iter().all(|&b| b.is_ascii_graphic() && b != b'.');
    let text = if fine { core::str::from_utf8(id).ok() } else { None };
    text.ok_or_else(|| Reason::IdFormat.into())
}

/// A decimal number of seconds without sign or leading zero.
fn parse_timestamp(digits: &[u8]) -> Option<u64> {
    match digits {
        [] | [b'0', _, ..] => None,
        _ => digits.iter().try_fold(0_u64, |n, b| {
            let digit = b.is_ascii_digit().then(|| u64::from(b.saturating_sub(b'0')))?;
            n.checked_mul(10)?.checked_add(digit)
        }),
    }
}

fn decimal(number: u64, out: &mut [u8; 20]) -> &[u8] {
    let mut left = number;
    let mut len = 0_usize;
    for place in out.iter_mut().rev() {
        *place = b'0'.saturating_add(u8::try_from(left.checked_rem(10).unwrap_or(0)).unwrap_or(0));
        left = left.checked_div(10).unwrap_or(0);
        len = len.saturating_add(1);
        if left == 0 {
            break;
        }
    }
    out.get(out.len().saturating_sub(len)..).unwrap_or_default()
}

/// The `v1` signatures of the list. Other versions, and what is no canonical base64 of 32 bytes, match
/// nothing.
fn decode_signatures(list: &[u8]) -> Result<Vec<Digest, MAX_SIGNATURES, u8>, Error> {
    if list.len() > MAX_VALUE || list.split(|&b| b == b' ').count() > MAX_SIGNATURES {
        return Err(Reason::SignatureTooMany.into());
    }
    let decode = |item: &[u8]| {
        let encoded = item.strip_prefix(b"v1,")?;
        let mut tag = Digest::default();
        let len = Base64::decode(encoded, &mut tag).ok()?.len();
        (len == tag.len()).then_some(tag)
    };
    let mut decoded = Vec::new();
    for signature in list.split(|&b| b == b' ').filter_map(decode) {
        decoded.push(signature).map_err(|_| Reason::SignatureTooMany)?;
    }
    Ok(decoded)
}
