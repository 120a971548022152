// Misuse of verification, streams and signing.

#include "misuse.h"

static int32_t start(korewebhook_stream **stream) {
    return korewebhook_stream_start(&verifier, &head, 0, storage, sizeof storage, stream);
}

// The digits of the secret or of a hash over it would be among these.
static int holds(const void *memory, size_t len, const uint8_t *what, size_t what_len) {
    for (size_t at = 0; at + what_len <= len; at++) {
        if (memcmp((const uint8_t *)memory + at, what, what_len) == 0) {
            return 1;
        }
    }
    return 0;
}

static void whole(void) {
    korewebhook_receipt receipt;
    memset(&receipt, 0x5A, sizeof receipt);
    IS(korewebhook_verify(NULL, &head, BODY, BODY_LEN, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, NULL, BODY, BODY_LEN, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, &head, NULL, 1, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, &head, BODY, HUGE_LEN, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, NULL, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, storage, sizeof storage, NULL), INVALID);
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, (uint8_t *)storage + 4, sizeof storage - 8, &receipt),
       INVALID);
    size_t needed = korewebhook_storage_size(&verifier, 0);
    CHECK(needed > 0 && needed <= KOREWEBHOOK_STORAGE_SIZE(1));
    CHECK(korewebhook_storage_size(&verifier, 1) <= KOREWEBHOOK_STORAGE_SIZE(2));
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, storage, needed - 1, &receipt),
       KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, storage, 0, &receipt),
       KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    // The body in the storage.
    uint8_t *inside = (uint8_t *)storage + 8;
    IS(korewebhook_verify(&verifier, &head, inside, 8, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify_in_place(&verifier, &head, inside, 8, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_verify(&verifier, &head, NULL, 0, storage, sizeof storage, &receipt),
       KOREWEBHOOK_ERROR_EMPTY_BODY);
    CHECK(is_filled(&receipt, sizeof receipt, 0x5A));
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, storage, needed, &receipt), KOREWEBHOOK_OK);
    CHECK(receipt.canonical_len == 37 && !receipt.has_key);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
}

// The same by field lines, in the memory of one context.
static void whole_request(void) {
    korewebhook_receipt receipt;
    memset(&receipt, 0x5A, sizeof receipt);
    const size_t size = KOREWEBHOOK_SHA256_CONTEXT_SIZE;
    const korewebhook_request request = {{TEXT("POST")}, {TEXT(LINES)}, {BODY, BODY_LEN}};
    korewebhook_request wrong = request;
    korewebhook_verifier zeroed;
    memset(&zeroed, 0, sizeof zeroed);
    IS(korewebhook_verify_request(NULL, &request, storage, size, &receipt), INVALID);
    IS(korewebhook_verify_request(&zeroed, &request, storage, size, &receipt), INVALID);
    IS(korewebhook_verify_request(&verifier, NULL, storage, size, &receipt), INVALID);
    IS(korewebhook_verify_request(&verifier, &request, NULL, size, &receipt), INVALID);
    IS(korewebhook_verify_request(&verifier, &request, storage, size, NULL), INVALID);
    IS(korewebhook_verify_request(&verifier, &request, (uint8_t *)storage + 4, size, &receipt), INVALID);
    IS(korewebhook_verify_request(&verifier, &request, storage, 0, &receipt), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    korewebhook_bytes *const parts[] = {&wrong.method, &wrong.field_lines, &wrong.body};
    for (size_t at = 0; at < 3; at++) {
        wrong = request;
        parts[at]->data = NULL;
        IS(korewebhook_verify_request(&verifier, &wrong, storage, size, &receipt), INVALID);
        wrong = request;
        parts[at]->len = HUGE_LEN;
        IS(korewebhook_verify_request(&verifier, &wrong, storage, size, &receipt), INVALID);
        wrong = request;
        parts[at]->data = NULL;
        parts[at]->len = 0;
        static const int32_t of_empty[] = {KOREWEBHOOK_ERROR_METHOD_UNSUPPORTED, KOREWEBHOOK_ERROR_SIGNATURE_MISSING,
                                           KOREWEBHOOK_ERROR_EMPTY_BODY};
        IS(korewebhook_verify_request(&verifier, &wrong, storage, size, &receipt), of_empty[at]);
    }
    wrong = request;
    wrong.body.data = (uint8_t *)storage + 8;
    wrong.body.len = 8;
    IS(korewebhook_verify_request(&verifier, &wrong, storage, size, &receipt), INVALID);
    wrong = request;
    wrong.field_lines.len = 5;
    IS(korewebhook_verify_request(&verifier, &wrong, storage, size, &receipt), KOREWEBHOOK_ERROR_HEAD_MALFORMED);
    CHECK(is_filled(&receipt, sizeof receipt, 0x5A));
    memset(storage, 0x5A, sizeof storage);
    IS(korewebhook_verify_request(&verifier, &request, storage, size, &receipt), KOREWEBHOOK_OK);
    CHECK(receipt.received_len == BODY_LEN && receipt.canonical_len == 37 && !receipt.has_key);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
    // Nothing behind the context was touched.
    CHECK(is_filled((uint8_t *)storage + size, sizeof storage - size, 0x5A));
}

// The same for JSON alone.
static void json_alone(void) {
    const size_t size = KOREWEBHOOK_SHA256_CONTEXT_SIZE;
    const uint8_t *lines = (const uint8_t *)LINES;
    const size_t len = sizeof LINES - 1;
    uint8_t *inside = (uint8_t *)storage + 8;
    korewebhook_verifier zeroed, other;
    memset(&zeroed, 0, sizeof zeroed);
    IS(korewebhook_verifier_init_hmac(&other, &SECRET, 1, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_OK);
    memset(storage, 0x5A, sizeof storage);
    IS(korewebhook_verify_json(NULL, lines, len, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&zeroed, lines, len, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&other, lines, len, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, NULL, len, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, HUGE_LEN, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, NULL, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, BODY, HUGE_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, BODY, BODY_LEN, NULL, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, BODY, BODY_LEN, (uint8_t *)storage + 4, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, BODY, BODY_LEN, storage, 0), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    // The body in the storage, and around it.
    IS(korewebhook_verify_json(&verifier, lines, len, inside, 8, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, (uint8_t *)storage, 16, inside, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, (uint8_t *)storage, 9, inside, size), INVALID);
    // So are field lines.
    IS(korewebhook_verify_json(&verifier, inside, 8, BODY, BODY_LEN, storage, size), INVALID);
    IS(korewebhook_verify_json(&verifier, (uint8_t *)storage, 9, BODY, BODY_LEN, inside, size), INVALID);
    IS(korewebhook_verify_json(&verifier, lines, len, NULL, 0, storage, size), KOREWEBHOOK_ERROR_EMPTY_BODY);
    IS(korewebhook_verify_json(&verifier, NULL, 0, BODY, BODY_LEN, storage, size), KOREWEBHOOK_ERROR_SIGNATURE_MISSING);
    IS(korewebhook_verify_json(&verifier, lines, 5, BODY, BODY_LEN, storage, size), KOREWEBHOOK_ERROR_HEAD_MALFORMED);
    CHECK(is_filled((uint8_t *)storage + size, sizeof storage - size, 0x5A));
    memset(storage, 0x5A, sizeof storage);
    IS(korewebhook_verify_json(&verifier, lines, len, BODY, BODY_LEN, storage, size), KOREWEBHOOK_OK);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
    CHECK(is_filled((uint8_t *)storage + size, sizeof storage - size, 0x5A));
    // Beside the storage, before it and behind it.
    memcpy(storage, TEXT("{}      "));
    IS(korewebhook_verify_json(&verifier, lines, len, (uint8_t *)storage, 8, inside, size),
       KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
    memcpy((uint8_t *)storage + size, TEXT("{}"));
    IS(korewebhook_verify_json(&verifier, lines, len, (uint8_t *)storage + size, 2, storage, size),
       KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
}

// What each option allows, and nothing else.
static void each_option(void) {
    static const korewebhook_options none = {0, 0, 0, 0};
    korewebhook_verifier made;
    korewebhook_receipt receipt;
    korewebhook_head get, untyped;
    korewebhook_options options = none;
#define JUDGE(of, ...) korewebhook_verify(&made, of, __VA_ARGS__, storage, sizeof storage, &receipt)
#define JUDGE_JSON(...) korewebhook_verify_json(&made, TEXT(LINES), __VA_ARGS__, storage, sizeof storage)
#define INIT() IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, NULL), KOREWEBHOOK_OK)
    IS(korewebhook_head_parse(&get, TEXT("GET"), TEXT(LINES), NULL), KOREWEBHOOK_OK);
    IS(korewebhook_head_init(&untyped, TEXT("POST")), KOREWEBHOOK_OK);
    IS(korewebhook_head_add(&untyped, TEXT("kore-signature"),
                            TEXT("d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59")), KOREWEBHOOK_OK);
    INIT();
    IS(JUDGE(&head, NULL, 0), KOREWEBHOOK_ERROR_EMPTY_BODY);
    IS(JUDGE(&get, NULL, 0), KOREWEBHOOK_ERROR_GET_DISABLED);
    IS(JUDGE(&untyped, BODY, BODY_LEN), KOREWEBHOOK_ERROR_CONTENT_TYPE);
    IS(korewebhook_check_head(&made, &head), KOREWEBHOOK_OK);
    IS(korewebhook_check_head(&made, &get), KOREWEBHOOK_ERROR_GET_DISABLED);
    IS(korewebhook_refuse_unread(&made, &head), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
    IS(korewebhook_refuse_unread(&made, &get), KOREWEBHOOK_ERROR_GET_DISABLED);
    options.flags = KOREWEBHOOK_ALLOW_EMPTY_BODY;
    INIT();
    IS(JUDGE_JSON(NULL, 0), KOREWEBHOOK_ERROR_EMPTY_BODY);
    IS(JUDGE(&head, NULL, 0), KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
    IS(JUDGE(&get, NULL, 0), KOREWEBHOOK_ERROR_GET_DISABLED);
    options.flags = KOREWEBHOOK_ALLOW_GET;
    INIT();
    IS(JUDGE(&head, NULL, 0), KOREWEBHOOK_ERROR_EMPTY_BODY);
    IS(JUDGE(&get, NULL, 0), KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
    options = none;
    options.format = KOREWEBHOOK_FORMAT_JSON;
    INIT();
    IS(JUDGE(&untyped, BODY, BODY_LEN), KOREWEBHOOK_OK);
    options.format = KOREWEBHOOK_FORMAT_FORM;
    INIT();
    IS(JUDGE(&untyped, BODY, BODY_LEN), KOREWEBHOOK_ERROR_CONTENT_TYPE_CONFUSION);
    options = none;
    options.max_depth = 1;
    INIT();
    IS(JUDGE(&head, BODY, BODY_LEN), KOREWEBHOOK_OK);
    IS(JUDGE(&head, TEXT("[[1]]")), KOREWEBHOOK_ERROR_JSON_TOO_DEEP);
    IS(JUDGE_JSON(BODY, BODY_LEN), KOREWEBHOOK_OK);
    IS(JUDGE_JSON(TEXT("[[1]]")), KOREWEBHOOK_ERROR_JSON_TOO_DEEP);
    options = none;
    options.max_body = BODY_LEN - 1;
    INIT();
    IS(JUDGE(&head, BODY, BODY_LEN), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
    IS(JUDGE_JSON(BODY, BODY_LEN), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
}

static void streams(void) {
    korewebhook_receipt receipt;
    korewebhook_stream *stream = NULL;
    uint8_t out[64];
    size_t len = 7;
    memset(&receipt, 0x5A, sizeof receipt);
    IS(korewebhook_stream_start(&verifier, &head, 0, storage, sizeof storage, NULL), INVALID);
    IS(korewebhook_stream_start(&verifier, &head, 2, storage, sizeof storage, &stream), INVALID);
    IS(korewebhook_stream_start(&verifier, &head, 0, NULL, sizeof storage, &stream), INVALID);
    IS(korewebhook_stream_start(&verifier, &head, KOREWEBHOOK_WITH_KEY, storage,
                                korewebhook_storage_size(&verifier, 1) - 1, &stream),
       KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    CHECK(stream == NULL);
    IS(korewebhook_stream_update(NULL, BODY, BODY_LEN), INVALID);
    IS(korewebhook_stream_finish(NULL, &receipt), INVALID);
    IS(korewebhook_stream_abort(NULL), INVALID);

    // Never started.
    static const uint8_t fills[] = {0, 0xFF, 0xA5};
    for (size_t at = 0; at < sizeof fills; at++) {
        memset(storage, fills[at], sizeof storage);
        korewebhook_stream *none = (korewebhook_stream *)(void *)storage;
        IS(korewebhook_stream_update(none, BODY, BODY_LEN), KOREWEBHOOK_ERROR_FINISHED);
        IS(korewebhook_stream_finish(none, &receipt), KOREWEBHOOK_ERROR_FINISHED);
        IS(korewebhook_stream_abort(none), KOREWEBHOOK_ERROR_FINISHED);
        IS(korewebhook_stream_update((korewebhook_stream *)(void *)((uint8_t *)storage + 1), BODY, 1), INVALID);
    }

    IS(start(&stream), KOREWEBHOOK_OK);
    CHECK((void *)stream == (void *)storage);
    IS(korewebhook_stream_update(stream, NULL, 0), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, NULL, 1), INVALID);
    IS(korewebhook_stream_update(stream, BODY, HUGE_LEN), INVALID);
    IS(korewebhook_stream_update(stream, (const uint8_t *)storage, 8), INVALID);
    IS(korewebhook_stream_update_into(stream, BODY, 4, out, 3, &len), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_stream_update_into(stream, BODY, 4, NULL, 4, &len), INVALID);
    IS(korewebhook_stream_update_into(stream, BODY, 4, out, 4, NULL), INVALID);
    IS(korewebhook_stream_update_into(stream, out, 4, out, 4, &len), INVALID);
    IS(korewebhook_stream_update_into(stream, out, 4, out + 3, 4, &len), INVALID);
    IS(korewebhook_stream_update_into(stream, BODY, 4, (uint8_t *)storage, 4, &len), INVALID);
    CHECK(len == 7);
    IS(korewebhook_stream_update_into(stream, NULL, 0, NULL, 0, &len), KOREWEBHOOK_OK);
    CHECK(len == 0);
    IS(korewebhook_stream_finish(stream, NULL), INVALID);
    // Nothing of that has harmed it.
    IS(korewebhook_stream_update_into(stream, BODY, BODY_LEN, out, sizeof out, &len), KOREWEBHOOK_OK);
    CHECK(len == 37);

    // A copy elsewhere isn't the stream.
    uint64_t moved[sizeof storage / 8];
    memcpy(moved, storage, sizeof storage);
    IS(korewebhook_stream_finish((korewebhook_stream *)(void *)moved, &receipt), KOREWEBHOOK_ERROR_FINISHED);
    CHECK(is_filled(&receipt, sizeof receipt, 0x5A));

    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_OK);
    CHECK(receipt.canonical_len == 37);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_ERROR_FINISHED);
    IS(korewebhook_stream_update(stream, BODY, 1), KOREWEBHOOK_ERROR_FINISHED);
    IS(korewebhook_stream_abort(stream), KOREWEBHOOK_ERROR_FINISHED);

    // After an error: the stream is over, and the storage can be used again.
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, TEXT("{}")), KOREWEBHOOK_OK);
    CHECK(holds(storage, sizeof storage, SECRET.data, SECRET.len));
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_ERROR_FINISHED);
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, BODY, BODY_LEN), KOREWEBHOOK_OK);
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_OK);

    // Given up.
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, TEXT("{")), KOREWEBHOOK_OK);
    IS(korewebhook_stream_abort(stream), KOREWEBHOOK_OK);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
    IS(korewebhook_stream_abort(stream), KOREWEBHOOK_ERROR_FINISHED);

    // Begun again in the middle of another.
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, TEXT("[")), KOREWEBHOOK_OK);
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, BODY, BODY_LEN), KOREWEBHOOK_OK);
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_OK);

    // Used for something else in the middle.
    IS(start(&stream), KOREWEBHOOK_OK);
    IS(korewebhook_verify(&verifier, &head, BODY, BODY_LEN, storage, sizeof storage, &receipt), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, BODY, 1), KOREWEBHOOK_ERROR_FINISHED);

    // The bound: said early, and again at the end.
    korewebhook_options options = {16, 0, 0, 0};
    korewebhook_verifier bounded;
    IS(korewebhook_verifier_init(&bounded, &SECRET, 1, URL, URL_LEN, &options, NULL), KOREWEBHOOK_OK);
    IS(korewebhook_stream_start(&bounded, &head, 0, storage, sizeof storage, &stream), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, BODY, 16), KOREWEBHOOK_OK);
    IS(korewebhook_stream_update(stream, BODY, 1), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
    IS(korewebhook_stream_update(stream, BODY, 1), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
    IS(korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_ERROR_BODY_TOO_LARGE);
    CHECK(korewebhook_http_status(KOREWEBHOOK_ERROR_BODY_TOO_LARGE) == 413);
}

static void signing(void) {
    uint8_t made[64];
    memset(made, 0x5A, sizeof made);
    int32_t json = KOREWEBHOOK_FORMAT_JSON;
    IS(korewebhook_sign(&verifier, 0, BODY, BODY_LEN, storage, sizeof storage, made, 64), INVALID);
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, storage, sizeof storage, NULL, 64), INVALID);
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, NULL, sizeof storage, made, 64), INVALID);
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, storage, 8, made, 64), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, storage, sizeof storage, made, 63),
       KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, storage, sizeof storage, (uint8_t *)storage, 64), INVALID);
    IS(korewebhook_sign(&verifier, json, TEXT("{"), storage, sizeof storage, made, 64),
       KOREWEBHOOK_ERROR_JSON_MALFORMED);
    IS(korewebhook_sign_get(&verifier, storage, sizeof storage, made, 64), KOREWEBHOOK_ERROR_GET_DISABLED);
    IS(korewebhook_sign(&verifier, KOREWEBHOOK_FORMAT_FORM, made + 1, 8, storage, sizeof storage, made, 64), INVALID);
    CHECK(is_filled(made, sizeof made, 0x5A));
    IS(korewebhook_sign(&verifier, json, BODY, BODY_LEN, storage, sizeof storage, made, 64), KOREWEBHOOK_OK);
    CHECK(memcmp(made, "d21c555b37789cdb", 16) == 0);
    CHECK(!holds(storage, sizeof storage, SECRET.data, SECRET.len));
}

void requests(void) {
    whole();
    whole_request();
    json_alone();
    each_option();
    streams();
    signing();
}
