// korewebhook: sign and verify KORE Wireless webhooks, byte for byte as KORE signs them.
//
// Made from ffi-c/src by cbindgen: change it there and run `make header`.
//
// C99 and C++11. Conventions, in full in ffi-c/README.md:
// - A function that can fail returns int32_t: KOREWEBHOOK_OK (0) or the number of the reason. "Errors:" lists them
//   without their prefix KOREWEBHOOK_ERROR_ (ABSENT, DUPLICATE and MALFORMED: KOREWEBHOOK_). What a function
//   writes to is unchanged after an error, unless it says otherwise.
// - Memory is the caller's. Nothing is allocated, nothing global, nothing to release.
// - A buffer is followed by its length. (NULL, 0) is empty and legal; (NULL, n) and a length over the largest
//   object are INVALID_ARGUMENT, as is any other NULL that isn't allowed, a pointer that isn't aligned, and a
//   buffer to be written to that overlaps another one of the call.
// - Texts have no NUL at their end, unless a function returns const char *.
// - What is borrowed stays where it is, unchanged, as long as what borrows it is used.
// - Lengths and sizes are in bytes; times are what their names say.
// - "Threads: any" and "Interrupts: yes": as long as no two calls at a time write to the same memory; no function
//   blocks, and none is called back but those of a korewebhook_sha256_ops.

#ifndef KOREWEBHOOK_H
#define KOREWEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The version of this header; korewebhook_version() has that of the library.
#define KOREWEBHOOK_VERSION "0.1.0"
#define KOREWEBHOOK_VERSION_MAJOR 0
#define KOREWEBHOOK_VERSION_MINOR 1
#define KOREWEBHOOK_VERSION_PATCH 0

// How large `storage` is for this many hash states: one for each secret, and one more for a stream with
// KOREWEBHOOK_WITH_KEY. Aligned to KOREWEBHOOK_STORAGE_ALIGN: an array of uint64_t of
// KOREWEBHOOK_STORAGE_WORDS(states) elements is.
#define KOREWEBHOOK_STORAGE_SIZE(states) KOREWEBHOOK_STORAGE_SIZE_WITH(KOREWEBHOOK_SHA256_CONTEXT_SIZE, states)
#define KOREWEBHOOK_STORAGE_WORDS(states) ((KOREWEBHOOK_STORAGE_SIZE(states) + 7u) / 8u)

// The same for a korewebhook_sha256_ops with this context size.
#define KOREWEBHOOK_STORAGE_SIZE_WITH(context_size, states) \
    (KOREWEBHOOK_STORAGE_BYTES + KOREWEBHOOK_STORAGE_POINTERS * sizeof(void *) + \
     (size_t)(states) * (2u * sizeof(void *) + ((size_t)(context_size) + 7u) / 8u * 8u))

// The same for hmac-sha256.
#define KOREWEBHOOK_HMAC_STORAGE_SIZE(states) \
    (KOREWEBHOOK_STORAGE_BYTES + KOREWEBHOOK_STORAGE_POINTERS * sizeof(void *) + \
     (size_t)(states) * KOREWEBHOOK_HMAC_STATE_SIZE)

// How large the memory of a replay guard is that has room for this many keys, aligned to 8.
#define KOREWEBHOOK_GUARD_SIZE(keys) \
    (KOREWEBHOOK_GUARD_BYTES + KOREWEBHOOK_GUARD_POINTERS * sizeof(void *) + \
     (size_t)(keys) * KOREWEBHOOK_GUARD_PLACE_SIZE)

// A body of JSON: signed without the white space between its tokens.
#define KOREWEBHOOK_FORMAT_JSON 1

// A form body (`application/x-www-form-urlencoded`): signed as sent.
#define KOREWEBHOOK_FORMAT_FORM 2

// Accept a GET, whose signature covers no data: `endpoint_only` is set in its receipt.
#define KOREWEBHOOK_ALLOW_GET 1

// Accept a POST without a body, whose signature is a constant of the endpoint.
#define KOREWEBHOOK_ALLOW_EMPTY_BODY 2

// No error.
#define KOREWEBHOOK_OK 0

// secret-empty: A secret is empty, or none was given; set the secret that KORE showed when it was created.
#define KOREWEBHOOK_ERROR_SECRET_EMPTY 11

// secret-whitespace: The secret begins or ends with white space, usually a line break from a file; remove
// it, or use the raw constructor if it really belongs there.
#define KOREWEBHOOK_ERROR_SECRET_WHITESPACE 12

// secret-nul: The secret contains a NUL byte; pass the secret as text, with its exact length.
#define KOREWEBHOOK_ERROR_SECRET_NUL 13

// secret-too-long: The secret is longer than the capacity (128 bytes unless set otherwise; 64 for Standard
// Webhooks); check that it is the secret and not a file of something else.
#define KOREWEBHOOK_ERROR_SECRET_TOO_LONG 14

// secret-too-short: A Standard Webhooks secret holds 24 to 64 bytes; create a longer one.
#define KOREWEBHOOK_ERROR_SECRET_TOO_SHORT 15

// secret-format: The secret has the wrong form: Standard Webhooks wants whsec_ and standard base64, a
// bearer token the characters of RFC 6750; copy it again.
#define KOREWEBHOOK_ERROR_SECRET_FORMAT 16

// too-many-secrets: At most 8 secrets can be active at once; remove the ones that no longer sign.
#define KOREWEBHOOK_ERROR_TOO_MANY_SECRETS 17

// url-invalid: The callback URL can't be one that KORE calls; configure the absolute http(s) URL exactly
// as it was registered.
#define KOREWEBHOOK_ERROR_URL_INVALID 18

// url-prefix-conflict: One callback URL is a prefix of another, so their signatures are interchangeable;
// give each endpoint a path of its own that ends in a slash.
#define KOREWEBHOOK_ERROR_URL_PREFIX_CONFLICT 19

// method-unsupported: The method is not POST (or GET, where allowed), in upper case; register a POST
// callback.
#define KOREWEBHOOK_ERROR_METHOD_UNSUPPORTED 21

// get-disabled: A GET signature covers none of the event's data; switch the callback to POST, or opt in to
// GET and treat it as a hint only.
#define KOREWEBHOOK_ERROR_GET_DISABLED 22

// signature-missing: There is no signature header; check that the proxy in front passes it on and that the
// sender has a secret.
#define KOREWEBHOOK_ERROR_SIGNATURE_MISSING 23

// signature-duplicate: The kore-signature header occurs more than once; find the hop that adds one.
#define KOREWEBHOOK_ERROR_SIGNATURE_DUPLICATE 24

// signature-empty: The kore-signature header is empty: the account has no active secret; create and
// activate one.
#define KOREWEBHOOK_ERROR_SIGNATURE_EMPTY 25

// signature-format: The kore-signature header is not 64 lower-case hexadecimal digits; find the hop that
// rewrites it.
#define KOREWEBHOOK_ERROR_SIGNATURE_FORMAT 26

// signature-too-many: The webhook-signature header is over 8 KiB or lists more than 16 signatures; the
// sender must send fewer.
#define KOREWEBHOOK_ERROR_SIGNATURE_TOO_MANY 27

// header-duplicate: A Standard Webhooks header occurs more than once; find the hop that adds one.
#define KOREWEBHOOK_ERROR_HEADER_DUPLICATE 28

// id-missing: The webhook-id header is missing; the sender must set it.
#define KOREWEBHOOK_ERROR_ID_MISSING 29

// id-format: The webhook-id header is not 1 to 256 visible ASCII characters without a dot; the sender must
// use such ids.
#define KOREWEBHOOK_ERROR_ID_FORMAT 30

// timestamp-format: The webhook-timestamp header is missing or not a decimal number of seconds since 1970;
// the sender must set it.
#define KOREWEBHOOK_ERROR_TIMESTAMP_FORMAT 31

// timestamp-too-old: The webhook-timestamp is older than the tolerance; check the clocks, or treat the
// message as a replay.
#define KOREWEBHOOK_ERROR_TIMESTAMP_TOO_OLD 32

// timestamp-too-new: The webhook-timestamp is further in the future than the tolerance; check the clocks.
#define KOREWEBHOOK_ERROR_TIMESTAMP_TOO_NEW 33

// content-type: There must be exactly one content-type header: application/json, application/*+json or
// application/x-www-form-urlencoded; configure the format if the sender sends none.
#define KOREWEBHOOK_ERROR_CONTENT_TYPE 34

// charset: The charset parameter must be absent or utf-8; the sender must send UTF-8.
#define KOREWEBHOOK_ERROR_CHARSET 35

// content-encoding: The body is compressed; the signature covers other bytes: make the hop that compresses
// it stop, or pass the decoded body without that header.
#define KOREWEBHOOK_ERROR_CONTENT_ENCODING 36

// bearer-missing: There is no authorization header; the caller must send Authorization: Bearer and the
// token.
#define KOREWEBHOOK_ERROR_BEARER_MISSING 37

// bearer-duplicate: The authorization header occurs more than once; find the hop that adds one.
#define KOREWEBHOOK_ERROR_BEARER_DUPLICATE 38

// bearer-format: The authorization header is not Bearer, a space and a token in the characters of RFC
// 6750, at most 8 KiB; correct the caller.
#define KOREWEBHOOK_ERROR_BEARER_FORMAT 39

// bearer-mismatch: The bearer token is not the configured one; compare both ends.
#define KOREWEBHOOK_ERROR_BEARER_MISMATCH 40

// date-format: The time is not written as expected: 2024-07-03T14:40:58Z in a date header, RFC 3339 in an
// event; find the hop that rewrites it.
#define KOREWEBHOOK_ERROR_DATE_FORMAT 41

// date-range: The time does not exist or lies outside of the years 1970 to 9999; the sender must send a
// real one.
#define KOREWEBHOOK_ERROR_DATE_RANGE 42

// head-malformed: The bytes do not begin with a complete HTTP/1 request head of at most 64 header fields;
// capture the request as it came over the wire.
#define KOREWEBHOOK_ERROR_HEAD_MALFORMED 43

// body-too-large: The body is larger than the bound (1 MiB unless set otherwise); raise max_body if such
// deliveries are expected.
#define KOREWEBHOOK_ERROR_BODY_TOO_LARGE 51

// empty-body: The POST has no body, so its signature is a constant of the endpoint; opt in only if the
// product really sends empty bodies.
#define KOREWEBHOOK_ERROR_EMPTY_BODY 52

// body-on-get: A GET delivery must not have a body; register a POST callback for deliveries that carry
// data.
#define KOREWEBHOOK_ERROR_BODY_ON_GET 53

// nul-in-body: The body contains a NUL byte, as every length-extended forgery does and no form or JSON
// body may; treat it as an attack.
#define KOREWEBHOOK_ERROR_NUL_IN_BODY 54

// json-malformed: The body is not JSON as RFC 8259 defines it, in UTF-8; check that the raw body arrives
// unchanged.
#define KOREWEBHOOK_ERROR_JSON_MALFORMED 55

// json-too-deep: The JSON nests deeper than the bound, 64 levels unless set lower; raise max_depth if it
// was, or have the sender nest less.
#define KOREWEBHOOK_ERROR_JSON_TOO_DEEP 56

// json-top-level: The JSON body is a bare scalar; the sender must wrap it in an object or an array, which
// keep body and URL apart.
#define KOREWEBHOOK_ERROR_JSON_TOP_LEVEL 57

// content-type-confusion: The body is declared as a form but begins like JSON; the unsigned content type
// was changed on the way: find that hop, or treat it as an attack.
#define KOREWEBHOOK_ERROR_CONTENT_TYPE_CONFUSION 58

// form-control-character: The form body contains a raw control character, which no form encoder writes;
// the sender must percent-encode it.
#define KOREWEBHOOK_ERROR_FORM_CONTROL_CHARACTER 59

// form-not-utf8: The form body contains bytes that are not UTF-8; the sender must percent-encode them.
#define KOREWEBHOOK_ERROR_FORM_NOT_UTF8 60

// form-first-key: The first field name has a character that no form encoder leaves raw, as when a part of
// a longer URL was moved into the body; treat it as an attack.
#define KOREWEBHOOK_ERROR_FORM_FIRST_KEY 61

// signature-mismatch: The signature fits none of the secrets; compare secret and callback URL with what is
// registered, and check that the body arrives byte for byte.
#define KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH 71

// invalid-argument: An argument is outside of what the function accepts; its documentation gives the
// limits.
#define KOREWEBHOOK_ERROR_INVALID_ARGUMENT 81

// buffer-too-small: The output buffer is too small and was left unchanged; call again with a larger one.
#define KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL 82

// finished: The streaming state was never started, has finished or has failed; start a new one.
#define KOREWEBHOOK_ERROR_FINISHED 83

// hash-backend: The SHA-256 backend reported a failure, so nothing was decided; check the hardware or its
// driver.
#define KOREWEBHOOK_ERROR_HASH_BACKEND 84

// lost-lease: the claim, or a part of it, has run out and was taken over. What is still held was treated as
// asked.
#define KOREWEBHOOK_ERROR_LOST_LEASE 91

// already-committed: this owner has committed before.
#define KOREWEBHOOK_ERROR_ALREADY_COMMITTED 92

// The size of a head, in pointers.
#define KOREWEBHOOK_HEAD_POINTERS 18

// It is not there: no such header, no such member, nothing more.
#define KOREWEBHOOK_ABSENT 1

// It is there more than once.
#define KOREWEBHOOK_DUPLICATE 2

// It has another form than it should have.
#define KOREWEBHOOK_MALFORMED 3

// The size of a verifier, in pointers.
#define KOREWEBHOOK_VERIFIER_POINTERS 20

// How many secrets a verifier takes.
#define KOREWEBHOOK_MAX_SECRETS 8

// How long a secret may be, in bytes.
#define KOREWEBHOOK_MAX_SECRET 1024

// The URL's scheme is http: KORE documents https only, and what is captured on the way can be replayed.
#define KOREWEBHOOK_WARNING_URL_HTTP 1

// The URL has no path, so URLs of other hosts begin with it.
#define KOREWEBHOOK_WARNING_URL_BARE_HOST 2

// A secret is under 16 bytes, so one captured delivery may be enough to guess it.
#define KOREWEBHOOK_WARNING_SECRET_SHORT 4

// Compute the delivery key beside the signature. That takes one more hash state.
#define KOREWEBHOOK_WITH_KEY 1

// The length of a signature in characters. There is no NUL behind them.
#define KOREWEBHOOK_SIGNATURE_LEN 64

// The size of a korewebhook_form, in pointers.
#define KOREWEBHOOK_FORM_POINTERS 4

// The size of a korewebhook_events, in pointers.
#define KOREWEBHOOK_EVENTS_POINTERS 4

// The length of KORE's date in characters. There is no NUL behind them.
#define KOREWEBHOOK_DATE_LEN 20

// The size of a korewebhook_replay_key, in 8 bytes.
#define KOREWEBHOOK_REPLAY_KEY_WORDS 13

// The length of a key in bytes.
#define KOREWEBHOOK_KEY_LEN 32

// Never seen. The caller holds the claim: handle it, then commit or release.
#define KOREWEBHOOK_OUTCOME_NEW 1

// Seen and committed. Acknowledge it and do nothing.
#define KOREWEBHOOK_OUTCOME_DUPLICATE 2

// A body without ids that was seen under another token: the same change once more, or a replay. The caller
// holds the claim; take it as a hint and fetch the state from the API.
#define KOREWEBHOOK_OUTCOME_REPEAT_BODY 3

// The same event id with other content. Not claimed; keep it aside for a person to look at.
#define KOREWEBHOOK_OUTCOME_CONFLICT 4

// Another attempt holds the claim. Answer 503, so that the sender comes again.
#define KOREWEBHOOK_OUTCOME_IN_PROGRESS 5

// The signed time lies outside of the window. Not claimed.
#define KOREWEBHOOK_OUTCOME_STALE 6

// There is no room. Nothing of the delivery was claimed; answer 503.
#define KOREWEBHOOK_OUTCOME_STORE_ERROR 7

// What `KOREWEBHOOK_GUARD_SIZE` is made of: the guard itself, in bytes beside the pointers.
#define KOREWEBHOOK_GUARD_BYTES 64

// As above, in pointers.
#define KOREWEBHOOK_GUARD_POINTERS 8

// As above: an upper bound for each key, in bytes.
#define KOREWEBHOOK_GUARD_PLACE_SIZE 104

// The length of an owner, in bytes.
#define KOREWEBHOOK_OWNER_LEN 16

// As `max_age_ms`: no signed time is ever `stale`.
#define KOREWEBHOOK_NO_MAX_AGE UINT64_MAX

// The length of a signature as it stands in the header: `v1,` and base64. There is no NUL behind it.
#define KOREWEBHOOK_STANDARD_SIGNATURE_LEN 47

// The tolerance that the specification's libraries use, in milliseconds.
#define KOREWEBHOOK_STANDARD_TOLERANCE_MS 300000

// How long a bearer token of the configuration may be, in bytes.
#define KOREWEBHOOK_MAX_TOKEN 256

// What `korewebhook_storage_size` is made of, in bytes beside the pointers.
#define KOREWEBHOOK_STORAGE_BYTES 64

// As above, in pointers.
#define KOREWEBHOOK_STORAGE_POINTERS 14

// An upper bound for a context of the built-in SHA-256, in bytes.
#define KOREWEBHOOK_SHA256_CONTEXT_SIZE 104

// An upper bound for a state of `hmac-sha256`, in bytes.
#define KOREWEBHOOK_HMAC_STATE_SIZE 160

// The alignment of every storage, in bytes.
#define KOREWEBHOOK_STORAGE_ALIGN 8

// A replay guard: it stands at the beginning of the memory that it was initialised in.
typedef struct korewebhook_guard korewebhook_guard;

// A request under way: it stands at the beginning of the storage that it was started in.
typedef struct korewebhook_stream korewebhook_stream;

// What a verifier needs of a request beside its body. It borrows method and header fields: they stay where they
// are, unchanged, as long as it is used. Every other field is passed over. There is nothing to release.
typedef struct korewebhook_head {
    // Not for callers.
    size_t opaque[KOREWEBHOOK_HEAD_POINTERS];
} korewebhook_head;

// What is known of an error beside its number. It holds no byte of the message, so it may be logged.
typedef struct korewebhook_error {
    // The number that the function returned, as `KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH`.
    int32_t number;
    // The finer code, see `korewebhook_detail_name`; 0 where there is none.
    int32_t detail;
    // The offset in bytes, from 0, of the byte that decided; `SIZE_MAX` where there is none.
    size_t offset;
} korewebhook_error;

// Bytes of the caller's. `(NULL, 0)` is legal and empty. Texts have no NUL at their end.
typedef struct korewebhook_bytes {
    // The first byte, or NULL where `len` is 0.
    const uint8_t *data;
    // How many bytes there are.
    size_t len;
} korewebhook_bytes;

// Checks deliveries to one callback URL. It borrows what it was initialised with: secrets, URL and hash
// table stay where they are, unchanged, as long as it is used. Nothing changes in it once it is initialised,
// so any number of threads may share it, and it may be copied. There is nothing to release.
typedef struct korewebhook_verifier {
    // Not for callers.
    size_t opaque[KOREWEBHOOK_VERIFIER_POINTERS];
} korewebhook_verifier;

// What a verifier allows. All zero are the defaults.
typedef struct korewebhook_options {
    // The longest body in bytes, at most 2^52; 0 for 1 MiB.
    size_t max_body;
    // The deepest JSON, 1 to 64 levels; 0 for 64.
    uint32_t max_depth;
    // `KOREWEBHOOK_ALLOW_GET`, `KOREWEBHOOK_ALLOW_EMPTY_BODY`, both or neither.
    uint32_t flags;
    // The format of a body that comes without a content type, `KOREWEBHOOK_FORMAT_JSON` or
    // `KOREWEBHOOK_FORMAT_FORM`; 0 to refuse it.
    int32_t format;
} korewebhook_options;

// A SHA-256 (FIPS 180-4) for `kore-sha256`: hardware, PSA Crypto, Mbed TLS. It must outlive every verifier
// that was initialised with it, and not change.
//
// A context is `context_size` bytes of the caller's storage, aligned to 8 bytes. It doesn't move between
// `init` and the end, and is overwritten with zeros once it isn't needed. Several contexts are in use at
// once, one for each secret, but for `korewebhook_verify_json` and `korewebhook_verify_request`. A function returns 0, or
// anything else where it failed: then the verdict is `KOREWEBHOOK_ERROR_HASH_BACKEND`, never an acceptance. The functions are called by the
// thread that called the library; where several threads share a verifier, they must allow that.
typedef struct korewebhook_sha256_ops {
    // The size of a context in bytes, from 1 to 65,536.
    size_t context_size;
    // Handed to `init`: a driver's handle, or NULL.
    void *user;
    // Begins a message in `context`, whatever was there.
    int32_t (*init)(void *context,
                    void *user);
    // Takes the next `len` bytes of the message, at least one.
    int32_t (*update)(void *context,
                      const uint8_t *data,
                      size_t len);
    // Ends the message and writes the 32 bytes of its digest.
    int32_t (*finish)(void *context,
                      uint8_t *digest);
    // Copies a message under way from one context to another, which is not in use: for
    // `korewebhook_verifier_prepare`. NULL where that can't be done.
    int32_t (*clone)(const void *from,
                     void *to);
    // Gives up a message: called after an `init` that succeeded where `finish` isn't called or fails, so that a
    // driver can let go of its hardware. NULL where there is nothing to let go of.
    void (*abort)(void *context);
} korewebhook_sha256_ops;

// What is known of a verified request beside its body.
typedef struct korewebhook_receipt {
    // The length of the body as received, in bytes.
    size_t received_len;
    // The length of the canonical body, which is what was signed, in bytes.
    size_t canonical_len;
    // Which secret matched, from 0.
    uint32_t secret_index;
    // `KOREWEBHOOK_FORMAT_JSON` or `KOREWEBHOOK_FORMAT_FORM`; 0 where `endpoint_only` is set.
    int32_t format;
    // A GET, where allowed: nothing of the event is authentic. Treat it as a hint and ask the API.
    bool endpoint_only;
    // Whether `key` is set: for a stream that was started with `KOREWEBHOOK_WITH_KEY`.
    bool has_key;
    // The delivery key; unspecified where `has_key` isn't set.
    uint8_t key[32];
} korewebhook_receipt;

// A request that is there as a whole. The three are borrowed for the call.
typedef struct korewebhook_request {
    // As it stands in the request line, as `POST`.
    struct korewebhook_bytes method;
    // What follows the request line, up to the empty line or the end. A bare LF is accepted as a line break.
    struct korewebhook_bytes field_lines;
    // The body.
    struct korewebhook_bytes body;
} korewebhook_request;

// The fields of a form body, one after the other. It borrows the body. There is nothing to release.
typedef struct korewebhook_form {
    // Not for callers.
    size_t opaque[KOREWEBHOOK_FORM_POINTERS];
} korewebhook_form;

// The events of a JSON body, one after the other: the body is one event or an array of them. It borrows the
// body. There is nothing to release.
typedef struct korewebhook_events {
    // Not for callers.
    size_t opaque[KOREWEBHOOK_EVENTS_POINTERS];
} korewebhook_events;

// One thing to remember of a delivery. Only `korewebhook_replay_keys` makes one; it may be copied.
typedef struct korewebhook_replay_key {
    // Not for callers.
    uint64_t opaque[KOREWEBHOOK_REPLAY_KEY_WORDS];
} korewebhook_replay_key;

// How long things are remembered, in milliseconds.
typedef struct korewebhook_retention {
    // How long a claim lasts: longer than a handler may take and shorter than the sender's time-out (15 s for
    // KORE).
    uint64_t lease_ms;
    // How long a committed key is kept. Old signatures die with the secret, so until the next rotation is
    // complete protection.
    uint64_t keep_ms;
    // Events whose signed time is older than this are stale, and those within are kept that long;
    // `KOREWEBHOOK_NO_MAX_AGE` turns it off.
    uint64_t max_age_ms;
    // How far a signed time may lie in the future, and how much longer events are kept.
    uint64_t skew_ms;
} korewebhook_retention;

// A header field.
typedef struct korewebhook_header {
    // The name, in any case.
    struct korewebhook_bytes name;
    // The value, without white space around it.
    struct korewebhook_bytes value;
} korewebhook_header;

// What a verified message says of itself. Everything here is signed.
typedef struct korewebhook_standard_delivery {
    // The message's id, the same on every attempt: a part of the header field.
    struct korewebhook_bytes id;
    // The time of this attempt, in seconds since 1970.
    uint64_t timestamp;
    // Which secret matched, from 0.
    uint32_t secret_index;
} korewebhook_standard_delivery;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the library that is linked, as `KOREWEBHOOK_VERSION`: static, ends with NUL.
//
// Threads: any. Interrupts: yes.
const char *korewebhook_version(void);

// The stable name of what a function returned, as `signature-mismatch`, for logs and metrics: static, ends with
// NUL, never NULL. "ok" for 0, "unknown" for a number that this version doesn't know.
//
// Threads: any. Interrupts: yes.
const char *korewebhook_error_name(int32_t number);

// A sentence that says what to do about an error, without data of the message or of the configuration: static,
// ends with NUL, never NULL. "" where there is none.
//
// Threads: any. Interrupts: yes.
const char *korewebhook_error_hint(int32_t number);

// The stable name of a `detail`, as `url-host`: static, ends with NUL, never NULL. "" for 0, "unknown" for a
// number that this version doesn't know.
//
// Threads: any. Interrupts: yes.
const char *korewebhook_detail_name(int32_t detail);

// What a receiver answers to the sender, and nothing with it: 204 for 0, 413 for BODY_TOO_LARGE, 503 for
// HASH_BACKEND so that the sender comes again, one opaque 401 for all else.
//
// Threads: any. Interrupts: yes.
int32_t korewebhook_http_status(int32_t number);

// Begins a head without header fields. `method` is as it stands in the request line, as `POST`.
//
// Errors: INVALID_ARGUMENT. `head` is unchanged then. Threads: any, each with its own `head`. Interrupts: yes.
int32_t korewebhook_head_init(struct korewebhook_head *head,
                              const uint8_t *method,
                              size_t method_len);

// Takes one more header field, in any order, a repeated one each time it occurs; trailers don't belong here.
// `name` is in any case and needed only during the call; `value` is without white space around it, and borrowed.
//
// Errors: INVALID_ARGUMENT. `head` is unchanged then. Threads: one at a time for each `head`. Interrupts: yes.
int32_t korewebhook_head_add(struct korewebhook_head *head,
                             const uint8_t *name,
                             size_t name_len,
                             const uint8_t *value,
                             size_t value_len);

// Makes a head of the field lines of an HTTP/1.1 request, up to the empty line or the end: what follows the
// request line. A bare LF is accepted as a line break. `error`, where not NULL, gets details.
//
// Errors: HEAD_MALFORMED with the offset of the line; INVALID_ARGUMENT. `head` is unchanged then.
// Threads: any, each with its own `head`. Interrupts: yes.
int32_t korewebhook_head_parse(struct korewebhook_head *head,
                               const uint8_t *method,
                               size_t method_len,
                               const uint8_t *field_lines,
                               size_t field_lines_len,
                               struct korewebhook_error *error);

// Makes a head of a captured HTTP/1.1 request, which begins with its request line. `head_len` gets the length
// of the request's head in bytes: there the body begins. A bare LF is accepted as a line break. `error`, where not
// NULL, gets details.
//
// Errors: HEAD_MALFORMED where it doesn't begin with a complete head; INVALID_ARGUMENT. `head` and `head_len` are
// unchanged then. Threads: any, each with its own `head`. Interrupts: yes.
int32_t korewebhook_head_parse_request(struct korewebhook_head *head,
                                       const uint8_t *request,
                                       size_t request_len,
                                       size_t *head_len,
                                       struct korewebhook_error *error);

// The idempotency token: one for each event, the same on every retry. **Nothing signs it.** It is made of
// `A-Z a-z 0-9 _ . -`, at most 128 of them.
//
// Errors: ABSENT, DUPLICATE, MALFORMED, INVALID_ARGUMENT. `token` is unchanged then. Threads: any.
// Interrupts: yes.
int32_t korewebhook_head_token(const struct korewebhook_head *head,
                               struct korewebhook_bytes *token);

// The date header, in seconds since 1970-01-01T00:00:00Z. **Nothing signs it**, so it is of no use against
// replay.
//
// Errors: ABSENT, DUPLICATE, MALFORMED, INVALID_ARGUMENT. `seconds` is unchanged then. Threads: any.
// Interrupts: yes.
int32_t korewebhook_head_date(const struct korewebhook_head *head,
                              uint64_t *seconds);

// Initialises a verifier of what KORE sends (`kore-sha256`), with the built-in SHA-256.
//
// `secrets` are 1 to 8, each 1 to 1,024 bytes as KORE showed it; around a rotation the old and the new one,
// and all are always tried. `url` is the callback URL as it was registered, never one rebuilt from a request.
// Both are borrowed. `options` may be NULL for the defaults. `error`, where not NULL, gets details.
//
// Errors: SECRET_EMPTY, SECRET_NUL, SECRET_WHITESPACE, SECRET_TOO_LONG, TOO_MANY_SECRETS, URL_INVALID with a
// detail, INVALID_ARGUMENT. `verifier` is unchanged then.
// Threads: any, each with its own `verifier`. Interrupts: yes.
int32_t korewebhook_verifier_init(struct korewebhook_verifier *verifier,
                                  const struct korewebhook_bytes *secrets,
                                  size_t secrets_len,
                                  const uint8_t *url,
                                  size_t url_len,
                                  const struct korewebhook_options *options,
                                  struct korewebhook_error *error);

// As `korewebhook_verifier_init`, with a SHA-256 of the caller's; the built-in one is not linked for it.
//
// `ops` is borrowed too. Its `clone` and `abort` may be NULL.
//
// Errors: as there; INVALID_ARGUMENT where `ops` lacks a function or its context size is out of range.
// Threads: any, each with its own `verifier`. Interrupts: yes.
int32_t korewebhook_verifier_init_sha256(struct korewebhook_verifier *verifier,
                                         const struct korewebhook_bytes *secrets,
                                         size_t secrets_len,
                                         const uint8_t *url,
                                         size_t url_len,
                                         const struct korewebhook_options *options,
                                         const struct korewebhook_sha256_ops *ops,
                                         struct korewebhook_error *error);

// As `korewebhook_verifier_init`, for `hmac-sha256`: HMAC-SHA256(secret, method, signed URL, canonical body) in
// the same header. KORE doesn't send it; it is for senders and gateways of one's own.
//
// Its storage is `KOREWEBHOOK_HMAC_STORAGE_SIZE`.
//
// Errors: as there. Threads: any, each with its own `verifier`. Interrupts: yes.
int32_t korewebhook_verifier_init_hmac(struct korewebhook_verifier *verifier,
                                       const struct korewebhook_bytes *secrets,
                                       size_t secrets_len,
                                       const uint8_t *url,
                                       size_t url_len,
                                       const struct korewebhook_options *options,
                                       struct korewebhook_error *error);

// What may be wrong with the configuration: a sum of `KOREWEBHOOK_WARNING_*`, 0 where nothing is or where
// `verifier` was not initialised.
//
// Threads: any. Interrupts: yes.
uint32_t korewebhook_verifier_warnings(const struct korewebhook_verifier *verifier);

// What the head alone says: 0, or a reason for which no body can be accepted. Another reason may be reported
// for the whole request. A receiver may answer from it before it reads the body.
//
// Errors: those of the head (numbers 21 to 36), INVALID_ARGUMENT. Threads: any. Interrupts: yes.
int32_t korewebhook_check_head(const struct korewebhook_verifier *verifier,
                               const struct korewebhook_head *head);

// The reason for a body that is over the bound and was not read: BODY_TOO_LARGE, or what outranks it. It is
// never 0.
//
// Threads: any. Interrupts: yes.
int32_t korewebhook_refuse_unread(const struct korewebhook_verifier *verifier,
                                  const struct korewebhook_head *head);

// How much storage a request takes, in bytes: with `with_key` not 0 that of a stream with the delivery key.
// 0 where `verifier` was not initialised. `KOREWEBHOOK_STORAGE_SIZE` is an upper bound that is known when the
// caller is compiled.
//
// Threads: any. Interrupts: yes.
size_t korewebhook_storage_size(const struct korewebhook_verifier *verifier,
                                int32_t with_key);

// Hashes secret, method and URL of a POST once, for a verifier that copies the state from then on. That saves a hash
// block for each secret and request where these exceed 64 bytes together, and nothing otherwise. It changes
// nothing for `hmac-sha256` and for a SHA-256 that can't `clone`, as the built-in one without an operating
// system. `korewebhook_verify_json` and `korewebhook_verify_request` don't use it, nor, without an operating system, what takes a body as a whole.
//
// `storage` is `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes, of the verifier's kind, and borrowed. What is in it is as
// good as the secrets: `korewebhook_verifier_forget` wipes it. It is called once, before other threads share the
// verifier, and the verifier isn't copied from then on.
//
// Errors: BUFFER_TOO_SMALL, HASH_BACKEND, INVALID_ARGUMENT. `verifier` is unchanged then. Threads: one at a time for
// each `verifier`. Interrupts: yes.
int32_t korewebhook_verifier_prepare(struct korewebhook_verifier *verifier,
                                     void *storage,
                                     size_t storage_size);

// Wipes what `korewebhook_verifier_prepare` has kept. The verifier works as before that.
//
// Errors: INVALID_ARGUMENT. Threads: one at a time for each `verifier`, which no other thread uses. Interrupts:
// yes.
int32_t korewebhook_verifier_forget(struct korewebhook_verifier *verifier);

// Verifies a request whose body is there as a whole, and leaves the body as it is.
//
// `storage` is working memory, at least `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes aligned to
// `KOREWEBHOOK_STORAGE_ALIGN`; it holds nothing when the function returns and what was secret in it is wiped.
// `receipt` gets what is known of the request.
//
// Without an operating system, this is `korewebhook_verify_request` behind a head, and uses as little.
//
// Errors: any reason of head, body and verdict (numbers 21 to 71); HASH_BACKEND; BUFFER_TOO_SMALL for the
// storage; INVALID_ARGUMENT. `receipt` is unchanged then. To the sender goes
// `korewebhook_http_status(number)`, never the reason.
// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
// for each secret.
int32_t korewebhook_verify(const struct korewebhook_verifier *verifier,
                           const struct korewebhook_head *head,
                           const uint8_t *body,
                           size_t body_len,
                           void *storage,
                           size_t storage_size,
                           struct korewebhook_receipt *receipt);

// As `korewebhook_verify`, and compacts a body that is accepted to its canonical form where it stands:
// `receipt->canonical_len` bytes of it are what was signed and what an application should parse.
//
// Errors: as there. `body` and `receipt` are unchanged then.
// Threads: any, each with its own `storage` and `body`. Interrupts: yes.
int32_t korewebhook_verify_in_place(const struct korewebhook_verifier *verifier,
                                    const struct korewebhook_head *head,
                                    uint8_t *body,
                                    size_t body_len,
                                    void *storage,
                                    size_t storage_size,
                                    struct korewebhook_receipt *receipt);

// As `korewebhook_verify`, without a head, in little code and memory: made for firmware.
//
// `storage` is room for one hash context, however many secrets there are: `KOREWEBHOOK_SHA256_CONTEXT_SIZE` bytes, or
// the `context_size` of the caller's table, rounded up to a multiple of 8; nothing of it is used for `hmac-sha256`. It
// is aligned to `KOREWEBHOOK_STORAGE_ALIGN`; what was secret in it is wiped.
//
// Errors: as for `korewebhook_verify`; HEAD_MALFORMED. `receipt` is unchanged then.
// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
// for each secret.
int32_t korewebhook_verify_request(const struct korewebhook_verifier *verifier,
                                   const struct korewebhook_request *request,
                                   void *storage,
                                   size_t storage_size,
                                   struct korewebhook_receipt *receipt);

// Verifies JSON that was sent by POST, in the least code: made for firmware that knows what it is sent.
//
// `field_lines` are what follows the request line, up to the empty line or the end, as for `korewebhook_verify_request`.
// `storage` is room for one hash context, as there; a body or field lines in that are INVALID_ARGUMENT.
// Method, content type and content encoding aren't looked at: the caller says what they are, and nothing signs the latter
// two. What was signed is what `korewebhook_json_minify` makes of the body. All secrets are tried; which one has signed
// isn't told.
//
// Errors: HEAD_MALFORMED, BODY_TOO_LARGE, those of the signature (SIGNATURE_MISSING to SIGNATURE_FORMAT), NUL_IN_BODY,
// EMPTY_BODY whatever is allowed, JSON_MALFORMED, JSON_TOO_DEEP, JSON_TOP_LEVEL, SIGNATURE_MISMATCH; HASH_BACKEND, before
// the body is looked at where a message can't be begun; BUFFER_TOO_SMALL for the storage; INVALID_ARGUMENT, also for a
// verifier of `hmac-sha256`, whatever the storage.
// Threads: any, each with its own `storage`. Interrupts: yes; the time is that of the hash over the body, once
// for each secret.
int32_t korewebhook_verify_json(const struct korewebhook_verifier *verifier,
                                const uint8_t *field_lines,
                                size_t field_lines_len,
                                const uint8_t *body,
                                size_t body_len,
                                void *storage,
                                size_t storage_size);

// Begins a request whose body comes in pieces, whatever is in `storage`.
//
// `flags` is 0 or `KOREWEBHOOK_WITH_KEY`. `storage` is at least `KOREWEBHOOK_STORAGE_SIZE(states)` bytes, one
// state for each secret and one for the key, aligned to `KOREWEBHOOK_STORAGE_ALIGN`; it stays where it is,
// and `verifier` too, until the stream is finished or aborted. `head` is not needed any more afterwards.
// `stream` gets the stream. What is wrong with the head is reported by `korewebhook_stream_finish`. A stream
// that was abandoned in the same storage should be aborted first, so that a hash driver can let go.
//
// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `stream` is unchanged then.
// Threads: any, each with its own `storage`. Interrupts: yes.
int32_t korewebhook_stream_start(const struct korewebhook_verifier *verifier,
                                 const struct korewebhook_head *head,
                                 uint32_t flags,
                                 void *storage,
                                 size_t storage_size,
                                 struct korewebhook_stream **stream);

// Takes the next piece of the body, of any length.
//
// Errors: BODY_TOO_LARGE, or what outranks it, as soon as the bound is exceeded: the rest of the body need not
// be read. Every other reason waits for `korewebhook_stream_finish`, so that it doesn't depend on how the body
// is cut. FINISHED where nothing was started in this storage, or it has ended, or the storage was moved;
// INVALID_ARGUMENT.
// Threads: one at a time for each stream. Interrupts: yes.
int32_t korewebhook_stream_update(struct korewebhook_stream *stream,
                                  const uint8_t *chunk,
                                  size_t chunk_len);

// As `korewebhook_stream_update`, and writes the canonical bytes of the piece to `out`. **They are not verified
// before `korewebhook_stream_finish` has accepted them.**
//
// `out` has room for at least `chunk_len` bytes and lies apart from `chunk`; `out_len` gets how many were
// written, 0 where an error is returned.
//
// Errors: as there; BUFFER_TOO_SMALL, after which the piece can be given again.
// Threads: one at a time for each stream. Interrupts: yes.
int32_t korewebhook_stream_update_into(struct korewebhook_stream *stream,
                                       const uint8_t *chunk,
                                       size_t chunk_len,
                                       uint8_t *out,
                                       size_t out_size,
                                       size_t *out_len);

// Ends the body and gives the verdict. The storage holds nothing afterwards and can be used again.
//
// Errors: any reason of head, body and verdict (numbers 21 to 71), the same as for the body as a whole;
// HASH_BACKEND; FINISHED as for `korewebhook_stream_update`; INVALID_ARGUMENT, after which the stream goes on.
// `receipt` is unchanged then.
// Threads: one at a time for each stream. Interrupts: yes.
int32_t korewebhook_stream_finish(struct korewebhook_stream *stream,
                                  struct korewebhook_receipt *receipt);

// Gives a request up and wipes what was secret in its storage.
//
// Errors: FINISHED as for `korewebhook_stream_update`; INVALID_ARGUMENT.
// Threads: one at a time for each stream. Interrupts: yes.
int32_t korewebhook_stream_abort(struct korewebhook_stream *stream);

// Signs a POST with the first secret of a verifier and writes 64 lower-case hexadecimal digits, without a NUL,
// to `signature`. JSON is signed in its canonical form, whatever white space `body` has. What wouldn't verify
// isn't signed.
//
// `format` is `KOREWEBHOOK_FORMAT_JSON` or `KOREWEBHOOK_FORMAT_FORM`. `storage` is at least
// `KOREWEBHOOK_STORAGE_SIZE(1)` bytes, of the verifier's kind.
//
// Errors: any reason of the body (numbers 51 to 61); HASH_BACKEND; BUFFER_TOO_SMALL; INVALID_ARGUMENT.
// `signature` is unchanged then. Threads: any, each with its own `storage`. Interrupts: yes.
int32_t korewebhook_sign(const struct korewebhook_verifier *verifier,
                         int32_t format,
                         const uint8_t *body,
                         size_t body_len,
                         void *storage,
                         size_t storage_size,
                         uint8_t *signature,
                         size_t signature_size);

// As `korewebhook_sign`, for a GET, which has no body: the signature is a constant of the endpoint.
//
// Errors: GET_DISABLED unless the verifier allows it; HASH_BACKEND; BUFFER_TOO_SMALL; INVALID_ARGUMENT.
// `signature` is unchanged then. Threads: any, each with its own `storage`. Interrupts: yes.
int32_t korewebhook_sign_get(const struct korewebhook_verifier *verifier,
                             void *storage,
                             size_t storage_size,
                             uint8_t *signature,
                             size_t signature_size);

// Checks a callback URL as it was registered and says how long the part is that is signed: `signed_len` bytes
// from its beginning, up to the query or the fragment. `warnings`, where not NULL, gets a sum of
// `KOREWEBHOOK_WARNING_URL_*`; `error`, where not NULL, gets details.
//
// Errors: URL_INVALID with a detail; INVALID_ARGUMENT. `signed_len` and `warnings` are unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_url_check(const uint8_t *url,
                              size_t url_len,
                              size_t *signed_len,
                              uint32_t *warnings,
                              struct korewebhook_error *error);

// Checks that no callback URL of a program is a prefix of another, or equal to it: their signatures would be
// interchangeable. `shorter` and `longer`, where not NULL, get the indices of the first two that are, and are
// unchanged otherwise. The time grows with the square of `urls_len`.
//
// Errors: URL_PREFIX_CONFLICT, URL_INVALID, INVALID_ARGUMENT. Threads: any. Interrupts: yes.
int32_t korewebhook_url_check_prefix_free(const struct korewebhook_bytes *urls,
                                          size_t urls_len,
                                          size_t *shorter,
                                          size_t *longer);

// Writes the canonical form of a JSON text to `out`: no white space between tokens, every byte of a token kept. A
// scalar at the top is allowed. `out` has room for `out_size` bytes and lies apart from `text`; `text_len` bytes
// are always enough. `out_len` gets how many were written; `error`, where not NULL, gets details.
//
// Errors: JSON_MALFORMED and JSON_TOO_DEEP (64 levels) with detail and offset; BUFFER_TOO_SMALL;
// INVALID_ARGUMENT. `out` and `out_len` are unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_json_minify(const uint8_t *text,
                                size_t text_len,
                                uint8_t *out,
                                size_t out_size,
                                size_t *out_len,
                                struct korewebhook_error *error);

// As `korewebhook_json_minify`, where the text stands: `out_len` bytes of it stay.
//
// Errors: JSON_MALFORMED, JSON_TOO_DEEP, INVALID_ARGUMENT. `text` and `out_len` are unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_json_minify_in_place(uint8_t *text,
                                         size_t text_len,
                                         size_t *out_len,
                                         struct korewebhook_error *error);

// The length of the canonical form of a JSON text, in bytes.
//
// Errors: JSON_MALFORMED, JSON_TOO_DEEP, INVALID_ARGUMENT. `out_len` is unchanged then. Threads: any.
// Interrupts: yes.
int32_t korewebhook_json_minified_len(const uint8_t *text,
                                      size_t text_len,
                                      size_t *out_len,
                                      struct korewebhook_error *error);

// Begins with the first field of a form body that was verified.
//
// Errors: INVALID_ARGUMENT. `form` is unchanged then. Threads: any, each with its own `form`. Interrupts: yes.
int32_t korewebhook_form_init(struct korewebhook_form *form,
                              const uint8_t *body,
                              size_t body_len);

// Gives the next field as it stands in the body, percent-encoded: `korewebhook_form_decode` decodes. A field
// without `=` has an empty value; an empty piece between two `&` is passed over.
//
// Errors: ABSENT after the last one; INVALID_ARGUMENT. `name` and `value` are unchanged then.
// Threads: one at a time for each `form`. Interrupts: yes.
int32_t korewebhook_form_next(struct korewebhook_form *form,
                              struct korewebhook_bytes *name,
                              struct korewebhook_bytes *value);

// The value of the only field of this name, which is given decoded; the value is as it stands in the body.
//
// Errors: ABSENT where there is none, or more than one; INVALID_ARGUMENT. `value` is unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_form_only(const uint8_t *body,
                              size_t body_len,
                              const uint8_t *name,
                              size_t name_len,
                              struct korewebhook_bytes *value);

// Decodes a name or a value: `+` is a space, `%` and two hexadecimal digits are a byte, any other `%` is itself.
// `out` has room for `out_size` bytes and lies apart from `raw`; `raw_len` bytes are always enough. `out_len`
// gets how many were written. A decoded value may be any bytes, NUL and invalid UTF-8 included.
//
// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `out` and `out_len` are unchanged then. Threads: any.
// Interrupts: yes.
int32_t korewebhook_form_decode(const uint8_t *raw,
                                size_t raw_len,
                                uint8_t *out,
                                size_t out_size,
                                size_t *out_len);

// Begins with the first event of a JSON body that was verified. Its grammar is checked again, so that no other
// bytes can pass for events. `error`, where not NULL, gets details.
//
// Errors: JSON_MALFORMED, JSON_TOO_DEEP, JSON_TOP_LEVEL, INVALID_ARGUMENT. `events` is unchanged then.
// Threads: any, each with its own `events`. Interrupts: yes.
int32_t korewebhook_events_init(struct korewebhook_events *events,
                                const uint8_t *body,
                                size_t body_len,
                                struct korewebhook_error *error);

// Gives the next event as it stands in the body. An item of the array that is no object has no members.
//
// Errors: ABSENT after the last one; INVALID_ARGUMENT. `event` is unchanged then.
// Threads: one at a time for each `events`. Interrupts: yes.
int32_t korewebhook_events_next(struct korewebhook_events *events,
                                struct korewebhook_bytes *event);

// The value of the only member of this name, as it stands in the event: with its quotes, where it is a string.
// `name` is UTF-8 and compared after unescaping (`"\u0069d"` is `id`). `event` is one that
// `korewebhook_events_next` gave.
//
// Errors: ABSENT where there is none, or more than one; INVALID_ARGUMENT. `value` is unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_event_member(const uint8_t *event,
                                 size_t event_len,
                                 const uint8_t *name,
                                 size_t name_len,
                                 struct korewebhook_bytes *value);

// As `korewebhook_event_member`, where the value is a string: the bytes between its quotes, as they stand.
// `korewebhook_json_text_decode` decodes them.
//
// Errors: ABSENT where there is none, more than one, or no string; INVALID_ARGUMENT. `value` is unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_event_text(const uint8_t *event,
                               size_t event_len,
                               const uint8_t *name,
                               size_t name_len,
                               struct korewebhook_bytes *value);

// The `time` of an event, in milliseconds since 1970-01-01T00:00:00Z. It is signed.
//
// Errors: ABSENT where there is none, more than one, or no string; MALFORMED where it is no RFC 3339 time from 1970
// to 9999; INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_event_time(const uint8_t *event,
                               size_t event_len,
                               uint64_t *milliseconds);

// Decodes the escapes of a JSON string: UTF-8 to `out`, which has room for `out_size` bytes and lies apart from
// `raw`; `raw_len` bytes are always enough. `out_len` gets how many were written. The text may hold NUL.
//
// Errors: JSON_MALFORMED for a surrogate without its other half; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `out` and
// `out_len` are unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_json_text_decode(const uint8_t *raw,
                                     size_t raw_len,
                                     uint8_t *out,
                                     size_t out_size,
                                     size_t *out_len);

// Reads a date as KORE sends it, `2024-07-03T14:40:58Z`, in seconds since 1970-01-01T00:00:00Z.
//
// Errors: DATE_FORMAT, DATE_RANGE, INVALID_ARGUMENT. `seconds` is unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_date_parse(const uint8_t *text,
                               size_t text_len,
                               uint64_t *seconds);

// Reads an RFC 3339 time, as in an event (`2024-09-25T19:09:48.5842087+00:00`), in milliseconds since
// 1970-01-01T00:00:00Z. Digits after the third decimal are dropped.
//
// Errors: DATE_FORMAT, DATE_RANGE, INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any.
// Interrupts: yes.
int32_t korewebhook_date_parse_rfc3339(const uint8_t *text,
                                       size_t text_len,
                                       uint64_t *milliseconds);

// Writes seconds since 1970 as KORE writes them: 20 characters, without a NUL.
//
// Errors: DATE_RANGE after the year 9999; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `out` is unchanged then.
// Threads: any. Interrupts: yes.
int32_t korewebhook_date_format(uint64_t seconds,
                                uint8_t *out,
                                size_t out_size);

// What a guard or another store has to remember of a verified delivery: one key for each event of a body whose
// events have ids, else one for the whole. The keys are digests of what is signed and of the URL, without the
// secret: the same before and after a rotation.
//
// `format` and the canonical `body` are those of the delivery. `storage` is at least `KOREWEBHOOK_STORAGE_SIZE(1)`
// bytes, of the verifier's kind. `keys` has room for `keys_size` keys; `keys_len` gets how many there are, after
// BUFFER_TOO_SMALL how many there would be.
//
// Errors: BUFFER_TOO_SMALL for the keys, INVALID_ARGUMENT: `keys` is unchanged then; HASH_BACKEND, after which
// `keys` is unspecified. Threads: any, each with its own `storage`. Interrupts: yes.
int32_t korewebhook_replay_keys(const struct korewebhook_verifier *verifier,
                                int32_t format,
                                const uint8_t *body,
                                size_t body_len,
                                void *storage,
                                size_t storage_size,
                                struct korewebhook_replay_key *keys,
                                size_t keys_size,
                                size_t *keys_len);

// What the last claim said of a key: `KOREWEBHOOK_OUTCOME_*`, 0 before the first, -1 for NULL. `retry_after_ms`,
// where not NULL, gets the milliseconds until the claim of another attempt runs out, where the outcome is
// `KOREWEBHOOK_OUTCOME_IN_PROGRESS`, and is unchanged otherwise.
//
// Threads: any. Interrupts: yes.
int32_t korewebhook_replay_key_outcome(const struct korewebhook_replay_key *key,
                                       uint64_t *retry_after_ms);

// Writes the 32 bytes of a key, for a store of the caller's.
//
// Errors: BUFFER_TOO_SMALL, INVALID_ARGUMENT. `out` is unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_replay_key_bytes(const struct korewebhook_replay_key *key,
                                     uint8_t *out,
                                     size_t out_size);

// The signed time behind a key, in milliseconds since 1970-01-01T00:00:00Z.
//
// Errors: ABSENT, INVALID_ARGUMENT. `milliseconds` is unchanged then. Threads: any. Interrupts: yes.
int32_t korewebhook_replay_key_time(const struct korewebhook_replay_key *key,
                                    uint64_t *milliseconds);

// Whether a signed event id stands behind a key: then a replay of it is told from a repetition.
//
// Threads: any. Interrupts: yes.
bool korewebhook_replay_key_has_id(const struct korewebhook_replay_key *key);

// What a receiver answers to the sender once the outcomes of a delivery are dealt with: 204, 401 or 503, the
// highest that one of its keys asks for. 503 where there is no key or no outcome.
//
// Threads: any. Interrupts: yes.
int32_t korewebhook_replay_keys_http_status(const struct korewebhook_replay_key *keys,
                                            size_t keys_len);

// The stable name of an outcome, as `in-progress`: static, ends with NUL, never NULL. "unknown" for a number that
// this version doesn't know.
//
// Threads: any. Interrupts: yes.
const char *korewebhook_outcome_name(int32_t outcome);

// Writes the defaults: 12 seconds, 30 days, 24 hours and 1 hour.
//
// Errors: INVALID_ARGUMENT. Threads: any. Interrupts: yes.
int32_t korewebhook_retention_default(struct korewebhook_retention *retention);

// Initialises a replay guard for one process, with room for as many keys as `memory` has:
// `KOREWEBHOOK_GUARD_SIZE(keys)` bytes, aligned to 8. It stays where it is. `retention` may be NULL for the defaults.
// `guard` gets the guard. What it knows is gone after a restart: it is no store. There is nothing to release.
//
// Errors: BUFFER_TOO_SMALL where there is no room for one key; INVALID_ARGUMENT. `guard` is unchanged then.
// Threads: any, each with its own `memory`. Interrupts: yes.
int32_t korewebhook_guard_init(void *memory,
                               size_t memory_size,
                               const struct korewebhook_retention *retention,
                               struct korewebhook_guard **guard);

// How many keys a guard has room for. 0 where it was not initialised.
//
// Threads: one at a time for each guard. Interrupts: yes.
size_t korewebhook_guard_capacity(const struct korewebhook_guard *guard);

// How many keys a guard keeps, those included that have run out and were not yet removed. 0 where it was not
// initialised.
//
// Threads: one at a time for each guard. Interrupts: yes.
size_t korewebhook_guard_len(const struct korewebhook_guard *guard);

// Claims the keys of a delivery and says for each what it is: `korewebhook_replay_key_outcome`. Where there is no
// room for all that is new, nothing is claimed.
//
// `token` is that of the head, or `(NULL, 0)` where it has none. `owner` is 16 bytes drawn at random for each
// attempt. `now_ms` is the caller's clock, in milliseconds since 1970-01-01T00:00:00Z.
//
// Errors: INVALID_ARGUMENT, also for a token of another form. Nothing is claimed then. Threads: one at a time for
// each guard. Interrupts: yes.
int32_t korewebhook_guard_claim(struct korewebhook_guard *guard,
                                struct korewebhook_replay_key *keys,
                                size_t keys_len,
                                const uint8_t *token,
                                size_t token_len,
                                const uint8_t *owner,
                                size_t owner_len,
                                uint64_t now_ms);

// Keeps what was claimed for good: the handler has succeeded. A claim that has run out but was not taken over can
// still be committed.
//
// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
int32_t korewebhook_guard_commit(struct korewebhook_guard *guard,
                                 const struct korewebhook_replay_key *keys,
                                 size_t keys_len,
                                 const uint8_t *owner,
                                 size_t owner_len,
                                 uint64_t now_ms);

// Gives back what was claimed: the handler has failed, and the next attempt is new.
//
// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
int32_t korewebhook_guard_release(struct korewebhook_guard *guard,
                                  const struct korewebhook_replay_key *keys,
                                  size_t keys_len,
                                  const uint8_t *owner,
                                  size_t owner_len);

// Lets the lease begin anew.
//
// Errors: LOST_LEASE, ALREADY_COMMITTED, INVALID_ARGUMENT. Threads: one at a time for each guard. Interrupts: yes.
int32_t korewebhook_guard_renew(struct korewebhook_guard *guard,
                                const struct korewebhook_replay_key *keys,
                                size_t keys_len,
                                const uint8_t *owner,
                                size_t owner_len,
                                uint64_t now_ms);

// Verifies a message of Standard Webhooks: the body is signed as sent, never minified. `secrets` are 1 to 8, each
// `whsec_` and the key in base64. `now_ms` is the receiver's clock in milliseconds since 1970, `tolerance_ms` how far
// the message's time may be from it (`KOREWEBHOOK_STANDARD_TOLERANCE_MS`). It takes about 2 KiB of stack, wiped.
//
// Errors: SECRET_EMPTY, SECRET_FORMAT, SECRET_TOO_SHORT, SECRET_TOO_LONG, TOO_MANY_SECRETS; HEADER_DUPLICATE,
// ID_MISSING, ID_FORMAT, TIMESTAMP_FORMAT, SIGNATURE_MISSING, SIGNATURE_TOO_MANY, TIMESTAMP_TOO_OLD,
// TIMESTAMP_TOO_NEW, SIGNATURE_MISMATCH; INVALID_ARGUMENT. `delivery` is unchanged then.
// Threads: any. Interrupts: where the stack allows it.
int32_t korewebhook_standard_verify(const struct korewebhook_header *headers,
                                    size_t headers_len,
                                    const uint8_t *body,
                                    size_t body_len,
                                    const struct korewebhook_bytes *secrets,
                                    size_t secrets_len,
                                    uint64_t now_ms,
                                    uint64_t tolerance_ms,
                                    struct korewebhook_standard_delivery *delivery);

// Signs a message of Standard Webhooks at `timestamp`, in seconds since 1970, and writes the 47 characters of the
// signature as it stands in the header, without a NUL.
//
// Errors: those of the secret; ID_FORMAT; BUFFER_TOO_SMALL; INVALID_ARGUMENT. `signature` is unchanged then.
// Threads: any. Interrupts: where the stack allows 2 KiB.
int32_t korewebhook_standard_sign(const uint8_t *secret,
                                  size_t secret_len,
                                  const uint8_t *id,
                                  size_t id_len,
                                  uint64_t timestamp,
                                  const uint8_t *body,
                                  size_t body_len,
                                  uint8_t *signature,
                                  size_t signature_size);

// Checks the bearer token of a request (RFC 6750) against 1 to 8 configured ones, each at most 256 bytes, in
// constant time. `token_index` gets which one it was, from 0. It takes about 3 KiB of stack, wiped.
//
// Errors: SECRET_EMPTY, SECRET_FORMAT, SECRET_NUL, SECRET_WHITESPACE, SECRET_TOO_LONG, TOO_MANY_SECRETS;
// BEARER_MISSING, BEARER_DUPLICATE, BEARER_FORMAT, BEARER_MISMATCH; INVALID_ARGUMENT. `token_index` is unchanged
// then. Threads: any. Interrupts: where the stack allows it.
int32_t korewebhook_bearer_verify(const struct korewebhook_header *headers,
                                  size_t headers_len,
                                  const struct korewebhook_bytes *tokens,
                                  size_t tokens_len,
                                  uint32_t *token_index);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KOREWEBHOOK_H */
