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
//   object are INVALID_ARGUMENT, as is any other NULL that isn't allowed, a pointer that isn't aligned, and memory
//   to be written that overlaps other memory.
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

// What `korewebhook_storage_size` is made of, in bytes beside the pointers.
#define KOREWEBHOOK_STORAGE_BYTES 104

// As above, in pointers.
#define KOREWEBHOOK_STORAGE_POINTERS 16

// An upper bound for a context of the built-in SHA-256, in bytes.
#define KOREWEBHOOK_SHA256_CONTEXT_SIZE 112

// An upper bound for a state of `hmac-sha256`, in bytes.
#define KOREWEBHOOK_HMAC_STATE_SIZE 224

// The alignment of every storage, in bytes.
#define KOREWEBHOOK_STORAGE_ALIGN 8

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
// once, one for each secret. A function returns 0, or anything else where it failed: then the verdict is
// `KOREWEBHOOK_ERROR_HASH_BACKEND`, never an acceptance. The functions are called by the thread that called
// the library; where several threads share a verifier, they must allow that.
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
    // Copies a message under way from one context to another; NULL where that can't be done.
    int32_t (*clone)(const void *from,
                     void *to);
    // Gives up a message: called after `init` where `finish` isn't, so that a driver can let go of its
    // hardware. NULL where there is nothing to let go of.
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
// of the request's head in bytes: there the body begins. It is for hosts: it takes about 4 KiB of stack.
//
// Errors: HEAD_MALFORMED where it is no complete head of at most 64 header fields; INVALID_ARGUMENT. `head` and
// `head_len` are unchanged then. Threads: any, each with its own `head`. Interrupts: where the stack allows it.
int32_t korewebhook_head_parse_request(struct korewebhook_head *head,
                                       const uint8_t *request,
                                       size_t request_len,
                                       size_t *head_len);

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

// Verifies a request whose body is there as a whole, and leaves the body as it is.
//
// `storage` is working memory, at least `KOREWEBHOOK_STORAGE_SIZE(secrets)` bytes aligned to
// `KOREWEBHOOK_STORAGE_ALIGN`; it holds nothing when the function returns and what was secret in it is wiped.
// `receipt` gets what is known of the request.
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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KOREWEBHOOK_H */
