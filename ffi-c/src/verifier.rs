//! Verifiers: what they are made of, and what can be read from them.

use crate::args::{INVALID, bytes, explained, number, slice};
use crate::cpu;
use crate::engine::{Engine, Ring};
use crate::head::korewebhook_head;
use crate::hmac;
use crate::opaque::{Opaque, fits, get, put};
use crate::ops::{Ops, builtin, korewebhook_sha256_ops};
use crate::types::{
    KOREWEBHOOK_ALLOW_EMPTY_BODY, KOREWEBHOOK_ALLOW_GET, format_of, korewebhook_bytes, korewebhook_error,
    korewebhook_options,
};
use core::ffi::c_void;
use korewebhook::{Error, KoreSha256, MAX_SECRETS, Options, Reason, Secret, SignedUrl, Verifier, Warning};

/// The size of a verifier, in pointers.
pub const KOREWEBHOOK_VERIFIER_POINTERS: usize = 20;
/// How many secrets a verifier takes.
pub const KOREWEBHOOK_MAX_SECRETS: usize = 8;
/// How long a secret may be, in bytes.
pub const KOREWEBHOOK_MAX_SECRET: usize = 1024;

/// The URL's scheme is http: KORE documents https only, and what is captured on the way can be replayed.
pub const KOREWEBHOOK_WARNING_URL_HTTP: u32 = 1;
/// The URL has no path, so URLs of other hosts begin with it.
pub const KOREWEBHOOK_WARNING_URL_BARE_HOST: u32 = 2;
/// A secret is under 16 bytes, so one captured delivery may be enough to guess it.
pub const KOREWEBHOOK_WARNING_SECRET_SHORT: u32 = 4;

const _: () = assert!(KOREWEBHOOK_MAX_SECRETS == MAX_SECRETS);

/// Checks deliveries to one callback URL. It borrows what it was initialised with: secrets, URL and hash
/// table stay where they are, unchanged, as long as it is used. Nothing changes in it once it is initialised,
/// so any number of threads may share it, and it may be copied. There is nothing to release.
#[repr(C)]
#[derive(Debug)]
pub struct korewebhook_verifier {
    /// Not for callers.
    pub opaque: [usize; KOREWEBHOOK_VERIFIER_POINTERS],
}

/// What is in it.
pub(crate) struct Held {
    pub(crate) engine: Engine<KoreSha256<Ops>>,
    pub(crate) hmac: Option<&'static hmac::Table>,
    /// The storage of `korewebhook_verifier_prepare`, or null.
    pub(crate) prefix: *mut c_void,
}

// SAFETY: the assertion below.
unsafe impl Opaque for korewebhook_verifier {
    type Value = Held;
    // A constant that Thumb code has room for in one instruction.
    const MARK: usize = 0x6b6b_6b6b;
}

const _: () = assert!(fits::<korewebhook_verifier>());

/// Calls a method of the engine, under the scheme of the verifier.
macro_rules! engine {
    ($held:expr, $method:ident($($arg:expr),*)) => {
        match $held.hmac {
            None => $held.engine.$method($($arg),*),
            Some(table) => (table.$method)($held, $($arg),*),
        }
    };
}
pub(crate) use engine;

/// Initialises a verifier of what KORE sends (`kore-sha256`), with the built-in SHA-256.
///
/// `secrets` are 1 to 8, each 1 to 1,024 bytes as KORE showed it; around a rotation the old and the new one,
/// and all are always tried. `url` is the callback URL as it was registered, never one rebuilt from a request.
/// Both are borrowed. `options` may be NULL for the defaults. `error`, where not NULL, gets details.
///
/// Errors: SECRET_EMPTY, SECRET_NUL, SECRET_WHITESPACE, SECRET_TOO_LONG, TOO_MANY_SECRETS, URL_INVALID with a
/// detail, INVALID_ARGUMENT. `verifier` is unchanged then.
/// Threads: any, each with its own `verifier`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_init(
    verifier: *mut korewebhook_verifier,
    secrets: *const korewebhook_bytes,
    secrets_len: usize,
    url: *const u8,
    url_len: usize,
    options: *const korewebhook_options,
    error: *mut korewebhook_error,
) -> i32 {
    let ops = builtin::table();
    // SAFETY: the caller's promise.
    unsafe {
        korewebhook_verifier_init_sha256(verifier, secrets, secrets_len, url, url_len, options, ops, error)
    }
}

/// As `korewebhook_verifier_init`, with a SHA-256 of the caller's; the built-in one is not linked for it.
///
/// `ops` is borrowed too. Its `clone` and `abort` may be NULL.
///
/// Errors: as there; INVALID_ARGUMENT where `ops` lacks a function or its context size is out of range.
/// Threads: any, each with its own `verifier`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_init_sha256(
    verifier: *mut korewebhook_verifier,
    secrets: *const korewebhook_bytes,
    secrets_len: usize,
    url: *const u8,
    url_len: usize,
    options: *const korewebhook_options,
    ops: *const korewebhook_sha256_ops,
    error: *mut korewebhook_error,
) -> i32 {
    let given = Given { secrets, secrets_len, url, url_len, options };
    // SAFETY: the caller's promise.
    let ops = unsafe { slice(ops, 1) }.ok().and_then(<[_]>::first);
    // SAFETY: the caller's promise.
    let ops = ops.and_then(|ops| unsafe { Ops::new(ops) });
    let result = match ops {
        // SAFETY: the caller's promise.
        Some(ops) => unsafe { init(verifier, &given, ops, None) },
        None => Err(INVALID.into()),
    };
    // SAFETY: the caller's promise.
    unsafe { explained(result, error) }
}

/// As `korewebhook_verifier_init`, for `hmac-sha256`: HMAC-SHA256(secret, method, signed URL, canonical body) in
/// the same header. KORE doesn't send it; it is for senders and gateways of one's own.
///
/// Its storage is `KOREWEBHOOK_HMAC_STORAGE_SIZE`.
///
/// Errors: as there. Threads: any, each with its own `verifier`. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_init_hmac(
    verifier: *mut korewebhook_verifier,
    secrets: *const korewebhook_bytes,
    secrets_len: usize,
    url: *const u8,
    url_len: usize,
    options: *const korewebhook_options,
    error: *mut korewebhook_error,
) -> i32 {
    let given = Given { secrets, secrets_len, url, url_len, options };
    // SAFETY: the caller's promise.
    let result = unsafe { init(verifier, &given, builtin::ops(), Some(&hmac::TABLE)) };
    // SAFETY: the caller's promise.
    unsafe { explained(result, error) }
}

/// What may be wrong with the configuration: a sum of `KOREWEBHOOK_WARNING_*`, 0 where nothing is or where
/// `verifier` was not initialised.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_verifier_warnings(verifier: *const korewebhook_verifier) -> u32 {
    // SAFETY: the caller's promise.
    let Ok(held) = (unsafe { get(verifier) }) else { return 0 };
    held.engine.core.warnings().fold(0, |flags, warning| {
        flags
            | match warning {
                Warning::UrlHttp => KOREWEBHOOK_WARNING_URL_HTTP,
                Warning::UrlBareHost => KOREWEBHOOK_WARNING_URL_BARE_HOST,
                Warning::SecretShort => KOREWEBHOOK_WARNING_SECRET_SHORT,
                _ => 0,
            }
    })
}

/// What the head alone says: 0, or a reason for which no body can be accepted. Another reason may be reported
/// for the whole request. A receiver may answer from it before it reads the body.
///
/// Errors: those of the head (numbers 21 to 36), INVALID_ARGUMENT. Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_check_head(
    verifier: *const korewebhook_verifier,
    head: *const korewebhook_head,
) -> i32 {
    // SAFETY: the caller's promise.
    let (held, head) = unsafe { (get(verifier), get(head)) };
    let run = || -> Result<(), Error> { held?.engine.core.check_head(head?) };
    number(run())
}

/// The reason for a body that is over the bound and was not read: BODY_TOO_LARGE, or what outranks it. It is
/// never 0.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_refuse_unread(
    verifier: *const korewebhook_verifier,
    head: *const korewebhook_head,
) -> i32 {
    // SAFETY: the caller's promise.
    let (held, head) = unsafe { (get(verifier), get(head)) };
    let run = || -> Result<(), Error> { Err(held?.engine.core.refuse_unread(head?)) };
    number(run())
}

/// How much storage a request takes, in bytes: with `with_key` not 0 that of a stream with the delivery key.
/// 0 where `verifier` was not initialised. `KOREWEBHOOK_STORAGE_SIZE` is an upper bound that is known when the
/// caller is compiled.
///
/// Threads: any. Interrupts: yes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn korewebhook_storage_size(
    verifier: *const korewebhook_verifier,
    with_key: i32,
) -> usize {
    // SAFETY: the caller's promise.
    let Ok(held) = (unsafe { get(verifier) }) else { return 0 };
    let states = held.engine.secrets.wrapping_add(usize::from(with_key != 0));
    engine!(held, size(states))
}

/// What a verifier is made of, as C gives it.
struct Given {
    secrets: *const korewebhook_bytes,
    secrets_len: usize,
    url: *const u8,
    url_len: usize,
    options: *const korewebhook_options,
}

/// # Safety
/// Pointers are null or point to what they say, as long as the verifier is used.
unsafe fn init(
    verifier: *mut korewebhook_verifier,
    given: &Given,
    ops: Ops,
    hmac: Option<&'static hmac::Table>,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let secrets = unsafe { slice::<korewebhook_bytes>(given.secrets, given.secrets_len) }?;
    if secrets.len() > MAX_SECRETS {
        return Err(Reason::TooManySecrets.into());
    }
    for secret in secrets {
        // SAFETY: the caller's promise.
        Secret::<KOREWEBHOOK_MAX_SECRET>::check(unsafe { bytes(*secret) }?)?;
    }
    // SAFETY: the caller's promise.
    let url = unsafe { slice::<u8>(given.url, given.url_len) }?;
    let url = SignedUrl::new(url)?;
    // SAFETY: the caller's promise.
    let options = unsafe { read_options(given.options) }?;
    // SAFETY: the caller's promise.
    let ring = unsafe { Ring::new(secrets) };
    let scheme = KoreSha256(ops);
    let core = Verifier::borrowing(scheme, ring, url, options)?.with_registers(cpu::registers());
    let held =
        Held { engine: Engine { core, scheme, secrets: secrets.len() }, hmac, prefix: core::ptr::null_mut() };
    // SAFETY: the caller's promise.
    unsafe { put(verifier, &held) }?;
    Ok(())
}

/// # Safety
/// The pointer is null or points to options.
unsafe fn read_options(given: *const korewebhook_options) -> Result<Options, Error> {
    let mut options = Options::DEFAULT;
    if given.is_null() {
        return Ok(options);
    }
    crate::args::check(given)?;
    // SAFETY: not null, aligned, and the caller's promise.
    let given = unsafe { &*given };
    if given.max_body != 0 {
        options.max_body = given.max_body;
    }
    if given.max_depth != 0 {
        options.max_depth = u8::try_from(given.max_depth).unwrap_or(u8::MAX);
    }
    options.allow_get = given.flags & KOREWEBHOOK_ALLOW_GET != 0;
    options.allow_empty_body = given.flags & KOREWEBHOOK_ALLOW_EMPTY_BODY != 0;
    options.format = format_of(given.format);
    let known = given.flags & !(KOREWEBHOOK_ALLOW_GET | KOREWEBHOOK_ALLOW_EMPTY_BODY) == 0;
    if known && (given.format == 0 || options.format.is_some()) { Ok(options) } else { Err(INVALID.into()) }
}
