//! The numbers of the header: the reasons of the core, written out so that the header can have them.

/// No error.
pub const KOREWEBHOOK_OK: i32 = 0;
/// secret-empty: A secret is empty, or none was given; set the secret that KORE showed when it was created.
pub const KOREWEBHOOK_ERROR_SECRET_EMPTY: i32 = 11;
/// secret-whitespace: The secret begins or ends with white space, usually a line break from a file; remove
/// it, or use the raw constructor if it really belongs there.
pub const KOREWEBHOOK_ERROR_SECRET_WHITESPACE: i32 = 12;
/// secret-nul: The secret contains a NUL byte; pass the secret as text, with its exact length.
pub const KOREWEBHOOK_ERROR_SECRET_NUL: i32 = 13;
/// secret-too-long: The secret is longer than the capacity (128 bytes unless set otherwise; 64 for Standard
/// Webhooks); check that it is the secret and not a file of something else.
pub const KOREWEBHOOK_ERROR_SECRET_TOO_LONG: i32 = 14;
/// secret-too-short: A Standard Webhooks secret holds 24 to 64 bytes; create a longer one.
pub const KOREWEBHOOK_ERROR_SECRET_TOO_SHORT: i32 = 15;
/// secret-format: The secret has the wrong form: Standard Webhooks wants whsec_ and standard base64, a
/// bearer token the characters of RFC 6750; copy it again.
pub const KOREWEBHOOK_ERROR_SECRET_FORMAT: i32 = 16;
/// too-many-secrets: At most 8 secrets can be active at once; remove the ones that no longer sign.
pub const KOREWEBHOOK_ERROR_TOO_MANY_SECRETS: i32 = 17;
/// url-invalid: The callback URL can't be one that KORE calls; configure the absolute http(s) URL exactly
/// as it was registered.
pub const KOREWEBHOOK_ERROR_URL_INVALID: i32 = 18;
/// url-prefix-conflict: One callback URL is a prefix of another, so their signatures are interchangeable;
/// give each endpoint a path of its own that ends in a slash.
pub const KOREWEBHOOK_ERROR_URL_PREFIX_CONFLICT: i32 = 19;
/// method-unsupported: The method is not POST (or GET, where allowed), in upper case; register a POST
/// callback.
pub const KOREWEBHOOK_ERROR_METHOD_UNSUPPORTED: i32 = 21;
/// get-disabled: A GET signature covers none of the event's data; switch the callback to POST, or opt in to
/// GET and treat it as a hint only.
pub const KOREWEBHOOK_ERROR_GET_DISABLED: i32 = 22;
/// signature-missing: There is no signature header; check that the proxy in front passes it on and that the
/// sender has a secret.
pub const KOREWEBHOOK_ERROR_SIGNATURE_MISSING: i32 = 23;
/// signature-duplicate: The kore-signature header occurs more than once; find the hop that adds one.
pub const KOREWEBHOOK_ERROR_SIGNATURE_DUPLICATE: i32 = 24;
/// signature-empty: The kore-signature header is empty: the account has no active secret; create and
/// activate one.
pub const KOREWEBHOOK_ERROR_SIGNATURE_EMPTY: i32 = 25;
/// signature-format: The kore-signature header is not 64 lower-case hexadecimal digits; find the hop that
/// rewrites it.
pub const KOREWEBHOOK_ERROR_SIGNATURE_FORMAT: i32 = 26;
/// signature-too-many: The webhook-signature header is over 8 KiB or lists more than 16 signatures; the
/// sender must send fewer.
pub const KOREWEBHOOK_ERROR_SIGNATURE_TOO_MANY: i32 = 27;
/// header-duplicate: A Standard Webhooks header occurs more than once; find the hop that adds one.
pub const KOREWEBHOOK_ERROR_HEADER_DUPLICATE: i32 = 28;
/// id-missing: The webhook-id header is missing; the sender must set it.
pub const KOREWEBHOOK_ERROR_ID_MISSING: i32 = 29;
/// id-format: The webhook-id header is not 1 to 256 visible ASCII characters without a dot; the sender must
/// use such ids.
pub const KOREWEBHOOK_ERROR_ID_FORMAT: i32 = 30;
/// timestamp-format: The webhook-timestamp header is missing or not a decimal number of seconds since 1970;
/// the sender must set it.
pub const KOREWEBHOOK_ERROR_TIMESTAMP_FORMAT: i32 = 31;
/// timestamp-too-old: The webhook-timestamp is older than the tolerance; check the clocks, or treat the
/// message as a replay.
pub const KOREWEBHOOK_ERROR_TIMESTAMP_TOO_OLD: i32 = 32;
/// timestamp-too-new: The webhook-timestamp is further in the future than the tolerance; check the clocks.
pub const KOREWEBHOOK_ERROR_TIMESTAMP_TOO_NEW: i32 = 33;
/// content-type: There must be exactly one content-type header: application/json, application/*+json or
/// application/x-www-form-urlencoded; configure the format if the sender sends none.
pub const KOREWEBHOOK_ERROR_CONTENT_TYPE: i32 = 34;
/// charset: The charset parameter must be absent or utf-8; the sender must send UTF-8.
pub const KOREWEBHOOK_ERROR_CHARSET: i32 = 35;
/// content-encoding: The body is compressed; the signature covers other bytes: make the hop that compresses
/// it stop, or pass the decoded body without that header.
pub const KOREWEBHOOK_ERROR_CONTENT_ENCODING: i32 = 36;
/// bearer-missing: There is no authorization header; the caller must send Authorization: Bearer and the
/// token.
pub const KOREWEBHOOK_ERROR_BEARER_MISSING: i32 = 37;
/// bearer-duplicate: The authorization header occurs more than once; find the hop that adds one.
pub const KOREWEBHOOK_ERROR_BEARER_DUPLICATE: i32 = 38;
/// bearer-format: The authorization header is not Bearer, a space and a token in the characters of RFC
/// 6750, at most 8 KiB; correct the caller.
pub const KOREWEBHOOK_ERROR_BEARER_FORMAT: i32 = 39;
/// bearer-mismatch: The bearer token is not the configured one; compare both ends.
pub const KOREWEBHOOK_ERROR_BEARER_MISMATCH: i32 = 40;
/// date-format: The time is not written as expected: 2024-07-03T14:40:58Z in a date header, RFC 3339 in an
/// event; find the hop that rewrites it.
pub const KOREWEBHOOK_ERROR_DATE_FORMAT: i32 = 41;
/// date-range: The time does not exist or lies outside of the years 1970 to 9999; the sender must send a
/// real one.
pub const KOREWEBHOOK_ERROR_DATE_RANGE: i32 = 42;
/// head-malformed: The bytes do not begin with a complete HTTP/1 request head of at most 64 header fields;
/// capture the request as it came over the wire.
pub const KOREWEBHOOK_ERROR_HEAD_MALFORMED: i32 = 43;
/// body-too-large: The body is larger than the bound (1 MiB unless set otherwise); raise max_body if such
/// deliveries are expected.
pub const KOREWEBHOOK_ERROR_BODY_TOO_LARGE: i32 = 51;
/// empty-body: The POST has no body, so its signature is a constant of the endpoint; opt in only if the
/// product really sends empty bodies.
pub const KOREWEBHOOK_ERROR_EMPTY_BODY: i32 = 52;
/// body-on-get: A GET delivery must not have a body; register a POST callback for deliveries that carry
/// data.
pub const KOREWEBHOOK_ERROR_BODY_ON_GET: i32 = 53;
/// nul-in-body: The body contains a NUL byte, as every length-extended forgery does and no form or JSON
/// body may; treat it as an attack.
pub const KOREWEBHOOK_ERROR_NUL_IN_BODY: i32 = 54;
/// json-malformed: The body is not JSON as RFC 8259 defines it, in UTF-8; check that the raw body arrives
/// unchanged.
pub const KOREWEBHOOK_ERROR_JSON_MALFORMED: i32 = 55;
/// json-too-deep: The JSON nests deeper than the bound, 64 levels unless set lower; raise max_depth if it
/// was, or have the sender nest less.
pub const KOREWEBHOOK_ERROR_JSON_TOO_DEEP: i32 = 56;
/// json-top-level: The JSON body is a bare scalar; the sender must wrap it in an object or an array, which
/// keep body and URL apart.
pub const KOREWEBHOOK_ERROR_JSON_TOP_LEVEL: i32 = 57;
/// content-type-confusion: The body is declared as a form but begins like JSON; the unsigned content type
/// was changed on the way: find that hop, or treat it as an attack.
pub const KOREWEBHOOK_ERROR_CONTENT_TYPE_CONFUSION: i32 = 58;
/// form-control-character: The form body contains a raw control character, which no form encoder writes;
/// the sender must percent-encode it.
pub const KOREWEBHOOK_ERROR_FORM_CONTROL_CHARACTER: i32 = 59;
/// form-not-utf8: The form body contains bytes that are not UTF-8; the sender must percent-encode them.
pub const KOREWEBHOOK_ERROR_FORM_NOT_UTF8: i32 = 60;
/// form-first-key: The first field name has a character that no form encoder leaves raw, as when a part of
/// a longer URL was moved into the body; treat it as an attack.
pub const KOREWEBHOOK_ERROR_FORM_FIRST_KEY: i32 = 61;
/// signature-mismatch: The signature fits none of the secrets; compare secret and callback URL with what is
/// registered, and check that the body arrives byte for byte.
pub const KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH: i32 = 71;
/// invalid-argument: An argument is outside of what the function accepts; its documentation gives the
/// limits.
pub const KOREWEBHOOK_ERROR_INVALID_ARGUMENT: i32 = 81;
/// buffer-too-small: The output buffer is too small and was left unchanged; call again with a larger one.
pub const KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL: i32 = 82;
/// finished: The streaming state was never started, has finished or has failed; start a new one.
pub const KOREWEBHOOK_ERROR_FINISHED: i32 = 83;
/// hash-backend: The SHA-256 backend reported a failure, so nothing was decided; check the hardware or its
/// driver.
pub const KOREWEBHOOK_ERROR_HASH_BACKEND: i32 = 84;

/// lost-lease: the claim, or a part of it, has run out and was taken over. What is still held was treated as
/// asked.
pub const KOREWEBHOOK_ERROR_LOST_LEASE: i32 = 91;
/// already-committed: this owner has committed before.
pub const KOREWEBHOOK_ERROR_ALREADY_COMMITTED: i32 = 92;
