//! Standard Webhooks v1, for hops that want time and id signed.

use crate::args::{apart, bytes, check, given, number, slice};
use crate::head::pairs;
use crate::types::{korewebhook_bytes, korewebhook_header};
use korewebhook::scheme::standard_webhooks::{SIGNATURE_LEN, StandardKeyRing, sign, verify};
use korewebhook::{Error, Reason};

/// The length of a signature as it stands in the header: `v1,` and base64. There is no NUL behind it.
pub const KOREWEBHOOK_STANDARD_SIGNATURE_LEN: usize = 47;
/// The tolerance that the specification's libraries use, in milliseconds.
pub const KOREWEBHOOK_STANDARD_TOLERANCE_MS: u64 = 300_000;

const _: () = assert!(KOREWEBHOOK_STANDARD_SIGNATURE_LEN == SIGNATURE_LEN);
const _: () =
    assert!(KOREWEBHOOK_STANDARD_TOLERANCE_MS == korewebhook::scheme::standard_webhooks::TOLERANCE_MS);

/// What a verified message says of itself. Everything here is signed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_standard_delivery {
    /// The message's id, the same on every attempt: a part of the header field.
    pub id: korewebhook_bytes,
    /// The time of this attempt, in seconds since 1970.
    pub timestamp: u64,
    /// Which secret matched, from 0.
    pub secret_index: u32,
}

/// Verifies a message of Standard Webhooks: the body is signed as sent, never minified. `secrets` are 1 to 8, each
/// `whsec_` and the key in base64. `now_ms` is the receiver's clock in milliseconds since 1970, `tolerance_ms` how far
/// the message's time may be from it (`KOREWEBHOOK_STANDARD_TOLERANCE_MS`). It takes about 2 KiB of stack, wiped.
///
/// Errors: SECRET_EMPTY, SECRET_FORMAT, SECRET_TOO_SHORT, SECRET_TOO_LONG, TOO_MANY_SECRETS; HEADER_DUPLICATE,
/// ID_MISSING, ID_FORMAT, TIMESTAMP_FORMAT, SIGNATURE_MISSING, SIGNATURE_TOO_MANY, TIMESTAMP_TOO_OLD,
/// TIMESTAMP_TOO_NEW, SIGNATURE_MISMATCH; INVALID_ARGUMENT. `delivery` is unchanged then.
/// Threads: any. Interrupts: where the stack allows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_standard_verify(
    headers: *const korewebhook_header,
    headers_len: usize,
    body: *const u8,
    body_len: usize,
    secrets: *const korewebhook_bytes,
    secrets_len: usize,
    now_ms: u64,
    tolerance_ms: u64,
    delivery: *mut korewebhook_standard_delivery,
) -> i32 {
    let run = || -> Result<(), Error> {
        // SAFETY: the caller's promise.
        let (headers, body) = unsafe { (pairs(headers, headers_len)?, slice(body, body_len)?) };
        // SAFETY: the caller's promise.
        let ring = unsafe { ring(secrets, secrets_len) }?;
        check(delivery)?;
        let message = verify(headers, body, &ring, now_ms, tolerance_ms)?;
        let made = korewebhook_standard_delivery {
            id: given(message.id.as_bytes()),
            timestamp: message.timestamp,
            secret_index: u32::try_from(message.secret_index).unwrap_or(u32::MAX),
        };
        // SAFETY: checked above.
        unsafe { delivery.write(made) };
        Ok(())
    };
    number(run())
}

/// Signs a message of Standard Webhooks at `timestamp`, in seconds since 1970, and writes the 47 characters of the
/// signature as it stands in the header, without a NUL.
///
/// Errors: those of the secret; ID_FORMAT; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `signature` is unchanged then.
/// Threads: any. Interrupts: where the stack allows 2 KiB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_standard_sign(
    secret: *const u8,
    secret_len: usize,
    id: *const u8,
    id_len: usize,
    timestamp: u64,
    body: *const u8,
    body_len: usize,
    signature: *mut u8,
    signature_size: usize,
) -> i32 {
    let run = || -> Result<(), Error> {
        let secret = korewebhook_bytes { data: secret, len: secret_len };
        // SAFETY: the caller's promise.
        let ring = unsafe { ring(&raw const secret, 1) }?;
        // SAFETY: the caller's promise.
        let (id, body) = unsafe { (slice(id, id_len)?, slice(body, body_len)?) };
        let id = core::str::from_utf8(id).map_err(|_| Reason::IdFormat)?;
        if signature_size < SIGNATURE_LEN {
            return Err(Reason::BufferTooSmall.into());
        }
        check(signature)?;
        apart(body.as_ptr(), body.len(), signature, SIGNATURE_LEN)?;
        let mut out = [0; SIGNATURE_LEN];
        sign(&ring, id, timestamp, body, &mut out)?;
        // SAFETY: checked above.
        unsafe { signature.cast::<[u8; SIGNATURE_LEN]>().write(out) };
        Ok(())
    };
    number(run())
}

/// # Safety
/// The secrets can be read.
unsafe fn ring(secrets: *const korewebhook_bytes, len: usize) -> Result<StandardKeyRing, Error> {
    let mut ring = StandardKeyRing::new();
    // SAFETY: the caller's promise.
    for secret in unsafe { slice::<korewebhook_bytes>(secrets, len) }? {
        // SAFETY: the caller's promise.
        let secret = unsafe { bytes(*secret) }?;
        ring.push(core::str::from_utf8(secret).map_err(|_| Reason::SecretFormat)?)?;
    }
    Ok(ring)
}
