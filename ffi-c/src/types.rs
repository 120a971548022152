//! The plain structures of the interface.

use korewebhook::{Detail, Error, Format};

/// Bytes of the caller's. `(NULL, 0)` is legal and empty. Texts have no NUL at their end.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_bytes {
    /// The first byte, or NULL where `len` is 0.
    pub data: *const u8,
    /// How many bytes there are.
    pub len: usize,
}

/// A header field.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_header {
    /// The name, in any case.
    pub name: korewebhook_bytes,
    /// The value, without white space around it.
    pub value: korewebhook_bytes,
}

/// What is known of an error beside its number. It holds no byte of the message, so it may be logged.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_error {
    /// The number that the function returned, as `KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH`.
    pub number: i32,
    /// The finer code, see `korewebhook_detail_name`; 0 where there is none.
    pub detail: i32,
    /// The offset in bytes, from 0, of the byte that decided; `SIZE_MAX` where there is none.
    pub offset: usize,
}

/// What a verifier allows. All zero are the defaults.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_options {
    /// The longest body in bytes, at most 2^52; 0 for 1 MiB.
    pub max_body: usize,
    /// The deepest JSON, 1 to 64 levels; 0 for 64.
    pub max_depth: u32,
    /// `KOREWEBHOOK_ALLOW_GET`, `KOREWEBHOOK_ALLOW_EMPTY_BODY`, both or neither.
    pub flags: u32,
    /// The format of a body that comes without a content type, `KOREWEBHOOK_FORMAT_JSON` or
    /// `KOREWEBHOOK_FORMAT_FORM`; 0 to refuse it.
    pub format: i32,
}

/// What is known of a verified request beside its body.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct korewebhook_receipt {
    /// The length of the body as received, in bytes.
    pub received_len: usize,
    /// The length of the canonical body, which is what was signed, in bytes.
    pub canonical_len: usize,
    /// Which secret matched, from 0.
    pub secret_index: u32,
    /// `KOREWEBHOOK_FORMAT_JSON` or `KOREWEBHOOK_FORMAT_FORM`; 0 where `endpoint_only` is set.
    pub format: i32,
    /// A GET, where allowed: nothing of the event is authentic. Treat it as a hint and ask the API.
    pub endpoint_only: bool,
    /// Whether `key` is set: for a stream that was started with `KOREWEBHOOK_WITH_KEY`.
    pub has_key: bool,
    /// The delivery key; unspecified where `has_key` isn't set.
    pub key: [u8; 32],
}

impl korewebhook_error {
    pub(crate) fn of(error: &Error) -> Self {
        Self {
            number: error.number(),
            detail: error.detail().map_or(0, Detail::number),
            offset: error.offset().unwrap_or(usize::MAX),
        }
    }
}

/// A body of JSON: signed without the white space between its tokens.
pub const KOREWEBHOOK_FORMAT_JSON: i32 = 1;
/// A form body (`application/x-www-form-urlencoded`): signed as sent.
pub const KOREWEBHOOK_FORMAT_FORM: i32 = 2;

/// Accept a GET, whose signature covers no data: `endpoint_only` is set in its receipt.
pub const KOREWEBHOOK_ALLOW_GET: u32 = 1;
/// Accept a POST without a body, whose signature is a constant of the endpoint.
pub const KOREWEBHOOK_ALLOW_EMPTY_BODY: u32 = 2;

pub(crate) const fn format_of(number: i32) -> Option<Format> {
    match number {
        KOREWEBHOOK_FORMAT_JSON => Some(Format::Json),
        KOREWEBHOOK_FORMAT_FORM => Some(Format::Form),
        _ => None,
    }
}
