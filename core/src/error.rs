//! The one error type: a stable number, a stable name, and a sentence that says what to do.

use core::fmt;

macro_rules! reasons {
    ($($(#[$meta:meta])* $variant:ident = $number:literal $name:literal $hint:literal;)*) => {
        /// Why something was refused.
        ///
        /// Number and name are the same in every language and never change; new reasons may be added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Reason {
            $(
                #[doc = concat!("`", $name, "`: ", $hint)]
                $(#[$meta])*
                $variant = $number,
            )*
        }

        impl Reason {
            /// Every reason, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable kebab-case name, used in logs and metrics too.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// A sentence that says what to do. It never contains data of the message or of the
            /// configuration.
            #[must_use]
            pub const fn hint(self) -> &'static str {
                match self { $(Self::$variant => $hint),* }
            }

            /// The stable number. 0 is never used: in C it means success.
            #[must_use]
            pub const fn number(self) -> i32 {
                self as i32
            }

            /// The reason of this number.
            #[must_use]
            pub fn from_number(number: i32) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.number() == number)
            }
        }
    };
}

reasons! {
    // Configuration: raised while a secret, a URL or a verifier is built.
    SecretEmpty = 11 "secret-empty" "A secret is empty, or none was given; set the secret that KORE showed when it was created.";
    SecretWhitespace = 12 "secret-whitespace" "The secret begins or ends with white space, usually a line break from a file; remove it, or use the raw constructor if it really belongs there.";
    SecretNul = 13 "secret-nul" "The secret contains a NUL byte; pass the secret as text, with its exact length.";
    SecretTooLong = 14 "secret-too-long" "The secret is longer than the capacity (128 bytes unless set otherwise; 64 for Standard Webhooks); check that it is the secret and not a file of something else.";
    SecretTooShort = 15 "secret-too-short" "A Standard Webhooks secret holds 24 to 64 bytes; create a longer one.";
    SecretFormat = 16 "secret-format" "The secret has the wrong form: Standard Webhooks wants whsec_ and standard base64, a bearer token the characters of RFC 6750; copy it again.";
    TooManySecrets = 17 "too-many-secrets" "At most 8 secrets can be active at once; remove the ones that no longer sign.";
    UrlInvalid = 18 "url-invalid" "The callback URL can't be one that KORE calls; configure the absolute http(s) URL exactly as it was registered.";
    UrlPrefixConflict = 19 "url-prefix-conflict" "One callback URL is a prefix of another, so their signatures are interchangeable; give each endpoint a path of its own that ends in a slash.";

    // Head: the request line and the header fields.
    MethodUnsupported = 21 "method-unsupported" "The method is not POST (or GET, where allowed), in upper case; register a POST callback.";
    GetDisabled = 22 "get-disabled" "A GET signature covers none of the event's data; switch the callback to POST, or opt in to GET and treat it as a hint only.";
    SignatureMissing = 23 "signature-missing" "There is no signature header; check that the proxy in front passes it on and that the sender has a secret.";
    SignatureDuplicate = 24 "signature-duplicate" "The kore-signature header occurs more than once; find the hop that adds one.";
    SignatureEmpty = 25 "signature-empty" "The kore-signature header is empty: the account has no active secret; create and activate one.";
    SignatureFormat = 26 "signature-format" "The kore-signature header is not 64 lower-case hexadecimal digits; find the hop that rewrites it.";
    SignatureTooMany = 27 "signature-too-many" "The webhook-signature header is over 8 KiB or lists more than 16 signatures; the sender must send fewer.";
    HeaderDuplicate = 28 "header-duplicate" "A Standard Webhooks header occurs more than once; find the hop that adds one.";
    IdMissing = 29 "id-missing" "The webhook-id header is missing; the sender must set it.";
    IdFormat = 30 "id-format" "The webhook-id header is not 1 to 256 visible ASCII characters without a dot; the sender must use such ids.";
    TimestampFormat = 31 "timestamp-format" "The webhook-timestamp header is missing or not a decimal number of seconds since 1970; the sender must set it.";
    TimestampTooOld = 32 "timestamp-too-old" "The webhook-timestamp is older than the tolerance; check the clocks, or treat the message as a replay.";
    TimestampTooNew = 33 "timestamp-too-new" "The webhook-timestamp is further in the future than the tolerance; check the clocks.";
    ContentType = 34 "content-type" "There must be exactly one content-type header: application/json, application/*+json or application/x-www-form-urlencoded; configure the format if the sender sends none.";
    Charset = 35 "charset" "The charset parameter must be absent or utf-8; the sender must send UTF-8.";
    ContentEncoding = 36 "content-encoding" "The body is compressed; the signature covers other bytes: make the hop that compresses it stop, or pass the decoded body without that header.";
    BearerMissing = 37 "bearer-missing" "There is no authorization header; the caller must send Authorization: Bearer and the token.";
    BearerDuplicate = 38 "bearer-duplicate" "The authorization header occurs more than once; find the hop that adds one.";
    BearerFormat = 39 "bearer-format" "The authorization header is not Bearer, a space and a token in the characters of RFC 6750, at most 8 KiB; correct the caller.";
    BearerMismatch = 40 "bearer-mismatch" "The bearer token is not the configured one; compare both ends.";
    DateFormat = 41 "date-format" "The time is not written as expected: 2024-07-03T14:40:58Z in a date header, RFC 3339 in an event; find the hop that rewrites it.";
    DateRange = 42 "date-range" "The time does not exist or lies outside of the years 1970 to 9999; the sender must send a real one.";
    HeadMalformed = 43 "head-malformed" "The bytes do not begin with a complete HTTP/1 request head of at most 64 header fields; capture the request as it came over the wire.";

    // Body.
    BodyTooLarge = 51 "body-too-large" "The body is larger than the bound (1 MiB unless set otherwise); raise max_body if such deliveries are expected.";
    EmptyBody = 52 "empty-body" "The POST has no body, so its signature is a constant of the endpoint; opt in only if the product really sends empty bodies.";
    BodyOnGet = 53 "body-on-get" "A GET delivery must not have a body; register a POST callback for deliveries that carry data.";
    NulInBody = 54 "nul-in-body" "The body contains a NUL byte, as every length-extended forgery does and no form or JSON body may; treat it as an attack.";
    JsonMalformed = 55 "json-malformed" "The body is not JSON as RFC 8259 defines it, in UTF-8; check that the raw body arrives unchanged.";
    JsonTooDeep = 56 "json-too-deep" "The JSON nests deeper than the bound, 64 levels unless set lower; raise max_depth if it was, or have the sender nest less.";
    JsonTopLevel = 57 "json-top-level" "The JSON body is a bare scalar; the sender must wrap it in an object or an array, which keep body and URL apart.";
    ContentTypeConfusion = 58 "content-type-confusion" "The body is declared as a form but begins like JSON; the unsigned content type was changed on the way: find that hop, or treat it as an attack.";
    FormControlCharacter = 59 "form-control-character" "The form body contains a raw control character, which no form encoder writes; the sender must percent-encode it.";
    FormNotUtf8 = 60 "form-not-utf8" "The form body contains bytes that are not UTF-8; the sender must percent-encode them.";
    FormFirstKey = 61 "form-first-key" "The first field name has a character that no form encoder leaves raw, as when a part of a longer URL was moved into the body; treat it as an attack.";

    // Verdict.
    SignatureMismatch = 71 "signature-mismatch" "The signature fits none of the secrets; compare secret and callback URL with what is registered, and check that the body arrives byte for byte.";

    // State and buffers.
    InvalidArgument = 81 "invalid-argument" "An argument is outside of what the function accepts; its documentation gives the limits.";
    BufferTooSmall = 82 "buffer-too-small" "The output buffer is too small and was left unchanged; call again with a larger one.";
    Finished = 83 "finished" "The streaming state was never started, has finished or has failed; start a new one.";
    HashBackend = 84 "hash-backend" "The SHA-256 backend reported a failure, so nothing was decided; check the hardware or its driver.";
}

macro_rules! details {
    ($($variant:ident = $number:literal $name:literal $doc:literal;)*) => {
        /// The finer code beside a [`Reason`]. Number and name never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Detail {
            $(#[doc = concat!("`", $name, "`: ", $doc)] $variant = $number,)*
        }

        impl Detail {
            /// Every detail, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable kebab-case name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The stable number. 0 is never used: in C it means that there is no detail.
            #[must_use]
            pub const fn number(self) -> i32 {
                self as i32
            }

            /// The detail of this number.
            #[must_use]
            pub fn from_number(number: i32) -> Option<Self> {
                Self::ALL.iter().copied().find(|detail| detail.number() == number)
            }
        }
    };
}

details! {
    UrlEmpty = 1 "url-empty" "no URL at all.";
    UrlNul = 2 "url-nul" "a NUL byte.";
    UrlControlOrSpace = 3 "url-control-or-space" "a control character or a space, query and fragment included.";
    UrlNonAscii = 4 "url-non-ascii" "a byte over 0x7F; use the ASCII form (punycode, percent-encoding).";
    UrlBackslash = 5 "url-backslash" "a backslash, which browsers read as a slash.";
    UrlScheme = 6 "url-scheme" "neither http:// nor https://.";
    UrlUserinfo = 7 "url-userinfo" "user:password@ before the host.";
    UrlHost = 8 "url-host" "no host, or a character that no host has.";
    UrlPort = 9 "url-port" "not a port from 0 to 65535.";
    UrlPathChar = 10 "url-path-char" "a character that RFC 3986 does not allow in a path.";
    Empty = 21 "empty" "nothing but white space.";
    Bom = 22 "bom" "a byte order mark.";
    Nul = 23 "nul" "a NUL byte.";
    UnexpectedByte = 24 "unexpected-byte" "a byte that can't stand there.";
    BadLiteral = 25 "bad-literal" "not true, false or null.";
    BadNumber = 26 "bad-number" "not a number of RFC 8259, section 6.";
    BadEscape = 27 "bad-escape" "a backslash before a character that can't be escaped.";
    BadUnicodeEscape = 28 "bad-unicode-escape" "\\u without four hexadecimal digits.";
    BadUtf8 = 29 "bad-utf8" "not UTF-8 inside a string.";
    ControlInString = 30 "control-in-string" "a raw control character inside a string.";
    Unterminated = 31 "unterminated" "the text ends inside a value.";
    TrailingData = 32 "trailing-data" "something follows the value.";
    TooDeep = 33 "too-deep" "a container beyond the depth bound.";
    Missing = 41 "missing" "the header is absent.";
    Duplicate = 42 "duplicate" "the header or parameter occurs more than once.";
    MaxBody = 51 "max-body" "max_body is not from 1 byte to 2^52 bytes.";
    MaxDepth = 52 "max-depth" "max_depth is not from 1 to 64.";
}

/// What went wrong: the [`Reason`], and where it helps a [`Detail`] and a byte offset.
///
/// It holds no byte of the message, no secret and no expected signature, so it may be logged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Error {
    reason: Reason,
    detail: Option<Detail>,
    /// [`NOWHERE`], or the offset: two words in all, so that a result of it is passed in registers.
    offset: usize,
}

const NOWHERE: usize = usize::MAX;

impl Error {
    /// An error without detail.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason, detail: None, offset: NOWHERE }
    }

    pub(crate) const fn with_detail(reason: Reason, detail: Detail) -> Self {
        Self { reason, detail: Some(detail), offset: NOWHERE }
    }

    pub(crate) const fn at(reason: Reason, detail: Detail, offset: usize) -> Self {
        Self { reason, detail: Some(detail), offset }
    }

    pub(crate) const fn at_offset(reason: Reason, offset: usize) -> Self {
        Self { reason, detail: None, offset }
    }

    /// The reason itself.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The stable name of the reason, such as `signature-mismatch`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.reason.name()
    }

    /// The stable number of the reason.
    #[must_use]
    pub const fn number(&self) -> i32 {
        self.reason.number()
    }

    /// The sentence that says what to do.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        self.reason.hint()
    }

    /// What a receiver answers to the sender: 413 for `body-too-large`, 503 for `hash-backend` so that it
    /// comes again, one opaque 401 for all else. Never a reason with it.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        match self.reason {
            Reason::BodyTooLarge => 413,
            Reason::HashBackend => 503,
            _ => 401,
        }
    }

    /// The finer code, where there is one.
    #[must_use]
    pub const fn detail(&self) -> Option<Detail> {
        self.detail
    }

    /// The offset in bytes, from 0, of the byte that decided, where there is one.
    #[must_use]
    pub const fn offset(&self) -> Option<usize> {
        if self.offset == NOWHERE { None } else { Some(self.offset) }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::new(reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.hint())?;
        match (self.detail, self.offset()) {
            (Some(detail), Some(offset)) => write!(f, " ({} at byte {offset})", detail.name()),
            (Some(detail), None) => write!(f, " ({})", detail.name()),
            (None, Some(offset)) => write!(f, " (at byte {offset})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("reason", &self.reason)
            .field("detail", &self.detail)
            .field("offset", &self.offset())
            .finish()
    }
}

impl core::error::Error for Error {}
