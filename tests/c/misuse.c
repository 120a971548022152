// What callers get wrong has a defined answer, and nothing is written where it shouldn't be.

#include "misuse.h"

unsigned failures;
korewebhook_verifier verifier;
korewebhook_head head;
uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(2)];

int is_filled(const void *memory, size_t len, uint8_t byte) {
    for (size_t at = 0; at < len; at++) {
        if (((const uint8_t *)memory)[at] != byte) {
            return 0;
        }
    }
    return 1;
}

static void verifiers(void) {
    korewebhook_verifier made;
    korewebhook_error error;
    memset(&made, 0x5A, sizeof made);
    IS(korewebhook_verifier_init(NULL, &SECRET, 1, URL, URL_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, NULL, 1, URL, URL_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, NULL, 0, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_ERROR_SECRET_EMPTY);
    IS(korewebhook_verifier_init(&made, &SECRET, SIZE_MAX, URL, URL_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, &SECRET, 1, NULL, URL_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, HUGE_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, &SECRET, 1, NULL, 0, NULL, &error), KOREWEBHOOK_ERROR_URL_INVALID);
    CHECK(error.number == KOREWEBHOOK_ERROR_URL_INVALID && error.offset == SIZE_MAX);
    CHECK(strcmp(korewebhook_detail_name(error.detail), "url-empty") == 0);
    korewebhook_bytes nine[9];
    for (int at = 0; at < 9; at++) {
        nine[at] = SECRET;
    }
    IS(korewebhook_verifier_init(&made, nine, 9, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_ERROR_TOO_MANY_SECRETS);
    nine[1].data = NULL;
    IS(korewebhook_verifier_init(&made, nine, 2, URL, URL_LEN, NULL, NULL), INVALID);
    nine[1].len = 0;
    IS(korewebhook_verifier_init(&made, nine, 2, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_ERROR_SECRET_EMPTY);
    static uint8_t longest[KOREWEBHOOK_MAX_SECRET + 1];
    memset(longest, 'x', sizeof longest);
    korewebhook_bytes secret = {longest, sizeof longest};
    IS(korewebhook_verifier_init(&made, &secret, 1, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_ERROR_SECRET_TOO_LONG);
    korewebhook_options options = {0, 65, 0, 0};
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, NULL), INVALID);
    options.max_depth = 256;
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, NULL), INVALID);
    options.max_depth = 0;
    options.flags = 4;
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, NULL), INVALID);
    options.flags = 0;
    options.format = 3;
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, NULL), INVALID);
    options.format = 0;
    options.max_body = SIZE_MAX;
    IS(korewebhook_verifier_init(&made, &SECRET, 1, URL, URL_LEN, &options, &error), INVALID);
    CHECK(strcmp(korewebhook_detail_name(error.detail), "max-body") == 0);
    CHECK(is_filled(&made, sizeof made, 0x5A));
    // Not aligned.
    uint64_t room[sizeof made / 8 + 2];
    IS(korewebhook_verifier_init((void *)((uint8_t *)room + 1), &SECRET, 1, URL, URL_LEN, NULL, NULL), INVALID);
    IS(korewebhook_verifier_init(&made, (const void *)((const uint8_t *)room + 1), 1, URL, URL_LEN, NULL, NULL),
       INVALID);
    secret.len = KOREWEBHOOK_MAX_SECRET;
    IS(korewebhook_verifier_init(&made, &secret, 1, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_OK);

    // One that is only zeroed isn't one.
    korewebhook_verifier zeroed;
    memset(&zeroed, 0, sizeof zeroed);
    korewebhook_receipt receipt;
    IS(korewebhook_verify(&zeroed, &head, BODY, BODY_LEN, storage, sizeof storage, &receipt), INVALID);
    IS(korewebhook_check_head(&zeroed, &head), INVALID);
    IS(korewebhook_refuse_unread(NULL, &head), INVALID);
    CHECK(korewebhook_storage_size(&zeroed, 0) == 0 && korewebhook_storage_size(NULL, 0) == 0);
    CHECK(korewebhook_verifier_warnings(NULL) == 0);
    CHECK(korewebhook_verifier_warnings(&verifier) == KOREWEBHOOK_WARNING_URL_BARE_HOST);
}

static int32_t never(void) {
    abort();
}

static int32_t no_init(void *context, void *user) {
    (void)context;
    (void)user;
    return never();
}

static int32_t no_update(void *context, const uint8_t *data, size_t len) {
    (void)context;
    (void)data;
    (void)len;
    return never();
}

static int32_t no_finish(void *context, uint8_t *digest) {
    (void)context;
    (void)digest;
    return never();
}

static void tables(void) {
    korewebhook_verifier made;
    korewebhook_sha256_ops ops = {64, NULL, no_init, no_update, no_finish, NULL, NULL};
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), KOREWEBHOOK_OK);
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, NULL, NULL), INVALID);
    ops.context_size = 0;
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), INVALID);
    ops.context_size = SIZE_MAX;
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), INVALID);
    ops.context_size = 64;
    ops.init = NULL;
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), INVALID);
    ops.init = no_init;
    ops.update = NULL;
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), INVALID);
    ops.update = no_update;
    ops.finish = NULL;
    IS(korewebhook_verifier_init_sha256(&made, &SECRET, 1, URL, URL_LEN, NULL, &ops, NULL), INVALID);
}

static void heads(void) {
    korewebhook_head made;
    korewebhook_bytes token = {BODY, 7};
    korewebhook_error error;
    uint64_t seconds = 7;
    size_t head_len = 7;
    memset(&made, 0x5A, sizeof made);
    IS(korewebhook_head_init(NULL, TEXT("POST")), INVALID);
    IS(korewebhook_head_init(&made, NULL, 4), INVALID);
    IS(korewebhook_head_parse(&made, TEXT("POST"), NULL, 4, NULL), INVALID);
    IS(korewebhook_head_parse(&made, TEXT("POST"), TEXT("a: b\r\nc d\r\n\r\n"), &error),
       KOREWEBHOOK_ERROR_HEAD_MALFORMED);
    CHECK(error.offset == 6);
    IS(korewebhook_head_parse_request(&made, TEXT("POST / HTTP/1.1\r\na: b\r\n"), &head_len, NULL),
       KOREWEBHOOK_ERROR_HEAD_MALFORMED);
    IS(korewebhook_head_parse_request(&made, TEXT("POST / HTTP/1.1\r\n\r\n"), NULL, NULL), INVALID);
    CHECK(is_filled(&made, sizeof made, 0x5A) && head_len == 7);
    memset(&made, 0, sizeof made);
    IS(korewebhook_head_add(&made, TEXT("date"), TEXT("x")), INVALID);
    IS(korewebhook_head_token(&made, &token), INVALID);
    IS(korewebhook_head_parse_request(&made, TEXT("POST / HTTP/1.1\r\nDate: x\r\n\r\nbody"), &head_len, NULL),
       KOREWEBHOOK_OK);
    CHECK(head_len == 28);
    IS(korewebhook_head_add(&made, NULL, 1, NULL, 0), INVALID);
    IS(korewebhook_head_add(&made, TEXT("date"), BODY, HUGE_LEN), INVALID);
    IS(korewebhook_head_token(&made, &token), KOREWEBHOOK_ABSENT);
    IS(korewebhook_head_date(&made, &seconds), KOREWEBHOOK_MALFORMED);
    IS(korewebhook_head_add(&made, TEXT("DATE"), TEXT("2024-07-03T14:40:58Z")), KOREWEBHOOK_OK);
    IS(korewebhook_head_date(&made, &seconds), KOREWEBHOOK_DUPLICATE);
    CHECK(token.len == 7 && seconds == 7);
    IS(korewebhook_head_date(&made, NULL), INVALID);
    IS(korewebhook_head_token(&head, &token), KOREWEBHOOK_OK);
    CHECK(token.len == 3 && memcmp(token.data, "RQ1", 3) == 0);
    IS(korewebhook_head_date(&head, &seconds), KOREWEBHOOK_OK);
    CHECK(seconds == 1720017658);
}

static void texts(void) {
    uint8_t text[] = "{ \"a\" : 1 }", out[16];
    size_t len = 7;
    korewebhook_error error;
    IS(korewebhook_json_minify(text, 11, text, 11, &len, NULL), INVALID);
    IS(korewebhook_json_minify(text, 11, out, 6, &len, NULL), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_json_minify(text, 11, NULL, 16, &len, NULL), INVALID);
    IS(korewebhook_json_minify(text, 11, out, 16, NULL, NULL), INVALID);
    IS(korewebhook_json_minify(NULL, 0, out, 16, &len, &error), KOREWEBHOOK_ERROR_JSON_MALFORMED);
    CHECK(strcmp(korewebhook_detail_name(error.detail), "empty") == 0 && error.offset == 0 && len == 7);
    IS(korewebhook_json_minify(text, 11, out, 7, &len, NULL), KOREWEBHOOK_OK);
    CHECK(len == 7 && memcmp(out, "{\"a\":1}", 7) == 0);
    IS(korewebhook_json_minify_in_place(text, 10, &len, NULL), KOREWEBHOOK_ERROR_JSON_MALFORMED);
    CHECK(memcmp(text, "{ \"a\" : 1 }", 11) == 0);
    IS(korewebhook_json_minify_in_place(text, 11, NULL, NULL), INVALID);
    IS(korewebhook_json_minified_len(text, 11, NULL, NULL), INVALID);
    IS(korewebhook_form_decode(TEXT("a%20b"), out, 2, &len), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_form_decode(out, 4, out + 2, 4, &len), INVALID);
    IS(korewebhook_form_decode(TEXT("a%20b+c%"), out, 16, &len), KOREWEBHOOK_OK);
    CHECK(len == 6 && memcmp(out, "a b c%", 6) == 0);
    IS(korewebhook_json_text_decode(TEXT("\\ud800"), out, 16, &len), KOREWEBHOOK_ERROR_JSON_MALFORMED);
    IS(korewebhook_json_text_decode(TEXT("\\u00e4"), out, 1, &len), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_json_text_decode(TEXT("\\u00e4"), out, 2, &len), KOREWEBHOOK_OK);
    CHECK(len == 2 && memcmp(out, "\xC3\xA4", 2) == 0);
    korewebhook_form form;
    korewebhook_events events;
    korewebhook_bytes name, value;
    memset(&form, 0, sizeof form);
    memset(&events, 0, sizeof events);
    IS(korewebhook_form_next(&form, &name, &value), INVALID);
    IS(korewebhook_events_next(&events, &value), INVALID);
    IS(korewebhook_events_init(&events, TEXT("1"), NULL), KOREWEBHOOK_ERROR_JSON_TOP_LEVEL);
    IS(korewebhook_event_member(TEXT("{\"a\":1}"), TEXT("\xFF"), &value), INVALID);
    uint8_t date[20];
    IS(korewebhook_date_format(0, date, 19), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_date_format(UINT64_MAX, date, 20), KOREWEBHOOK_ERROR_DATE_RANGE);
    IS(korewebhook_date_format(1720017658, date, 20), KOREWEBHOOK_OK);
    CHECK(memcmp(date, "2024-07-03T14:40:58Z", 20) == 0);
}

static void guards(void) {
    static uint64_t memory[KOREWEBHOOK_GUARD_SIZE(4) / 8 + 1];
    korewebhook_guard *guard = NULL;
    korewebhook_replay_key key;
    size_t keys = 7;
    uint8_t owner[KOREWEBHOOK_OWNER_LEN] = {1};
    IS(korewebhook_guard_init(NULL, sizeof memory, NULL, &guard), INVALID);
    IS(korewebhook_guard_init((uint8_t *)memory + 4, sizeof memory - 8, NULL, &guard), INVALID);
    IS(korewebhook_guard_init(memory, 0, NULL, &guard), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_guard_init(memory, sizeof memory, NULL, NULL), INVALID);
    CHECK(guard == NULL);
    korewebhook_guard *zeroed = (korewebhook_guard *)(void *)memory;
    CHECK(korewebhook_guard_capacity(zeroed) == 0 && korewebhook_guard_len(NULL) == 0);
    IS(korewebhook_guard_claim(zeroed, NULL, 0, NULL, 0, owner, 16, 0), INVALID);
    IS(korewebhook_guard_init(memory, sizeof memory, NULL, &guard), KOREWEBHOOK_OK);
    CHECK(korewebhook_guard_capacity(guard) >= 4 && korewebhook_guard_len(guard) == 0);
    int32_t form = KOREWEBHOOK_FORMAT_FORM;
    IS(korewebhook_replay_keys(&verifier, form, TEXT("a=1"), storage, 8, &key, 1, &keys), INVALID);
    IS(korewebhook_replay_keys(&verifier, 0, TEXT("a=1"), storage, sizeof storage, &key, 1, &keys), INVALID);
    IS(korewebhook_replay_keys(&verifier, form, TEXT("a=1"), storage, sizeof storage, NULL, 1, &keys), INVALID);
    IS(korewebhook_replay_keys(&verifier, form, TEXT("a=1"), storage, sizeof storage, NULL, 0, &keys),
       KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    CHECK(keys == 1);
    IS(korewebhook_replay_keys(&verifier, form, (const uint8_t *)&key, 3, storage, sizeof storage, &key, 1, &keys),
       INVALID);
    IS(korewebhook_replay_keys(&verifier, form, TEXT("a=1"), storage, sizeof storage, &key, 1, &keys),
       KOREWEBHOOK_OK);
    CHECK(korewebhook_replay_key_outcome(&key, NULL) == 0 && korewebhook_replay_key_outcome(NULL, NULL) == -1);
    CHECK(korewebhook_replay_keys_http_status(&key, 1) == 503 && korewebhook_replay_keys_http_status(NULL, 0) == 503);
    IS(korewebhook_guard_claim(guard, &key, 1, TEXT("no token"), owner, 16, 0), INVALID);
    IS(korewebhook_guard_claim(guard, &key, 1, TEXT("RQ1"), owner, 15, 0), INVALID);
    IS(korewebhook_guard_claim(guard, &key, 1, TEXT("RQ1"), NULL, 16, 0), INVALID);
    IS(korewebhook_guard_claim(guard, NULL, 1, TEXT("RQ1"), owner, 16, 0), INVALID);
    CHECK(korewebhook_guard_len(guard) == 0);
    IS(korewebhook_guard_claim(guard, &key, 1, TEXT("RQ1"), owner, 16, 0), KOREWEBHOOK_OK);
    CHECK(korewebhook_replay_key_outcome(&key, NULL) == KOREWEBHOOK_OUTCOME_NEW);
    IS(korewebhook_guard_commit(guard, &key, 1, owner, 16, 0), KOREWEBHOOK_OK);
    IS(korewebhook_guard_commit(guard, &key, 1, owner, 16, 0), KOREWEBHOOK_ERROR_ALREADY_COMMITTED);
    IS(korewebhook_guard_release(guard, &key, 1, owner, 17), INVALID);
    uint8_t bytes[32];
    IS(korewebhook_replay_key_bytes(&key, bytes, 31), KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    IS(korewebhook_replay_key_bytes(&key, bytes, 32), KOREWEBHOOK_OK);
    // It points into itself, so a copy isn't one.
    static uint64_t moved[sizeof memory / 8];
    memcpy(moved, memory, sizeof memory);
    CHECK(korewebhook_guard_capacity((korewebhook_guard *)(void *)moved) == 0);
}

static void numbers(void) {
    CHECK(strcmp(korewebhook_error_name(0), "ok") == 0 && strcmp(korewebhook_error_name(12345), "unknown") == 0);
    CHECK(strcmp(korewebhook_error_name(-1), "unknown") == 0 && korewebhook_error_hint(-1)[0] == '\0');
    CHECK(korewebhook_error_hint(0)[0] == '\0' && strcmp(korewebhook_detail_name(0), "") == 0);
    CHECK(strcmp(korewebhook_detail_name(250), "unknown") == 0);
    CHECK(strcmp(korewebhook_outcome_name(7), "store-error") == 0);
    CHECK(strcmp(korewebhook_error_name(KOREWEBHOOK_ERROR_LOST_LEASE), "lost-lease") == 0);
    CHECK(korewebhook_http_status(0) == 204 && korewebhook_http_status(KOREWEBHOOK_ERROR_HASH_BACKEND) == 503);
    CHECK(korewebhook_http_status(12345) == 401);
    CHECK(strcmp(korewebhook_version(), KOREWEBHOOK_VERSION) == 0);
}

int main(void) {
    IS(korewebhook_verifier_init(&verifier, &SECRET, 1, URL, URL_LEN, NULL, NULL), KOREWEBHOOK_OK);
    IS(korewebhook_head_parse(&head, TEXT("POST"), TEXT(LINES), NULL), KOREWEBHOOK_OK);
    verifiers();
    tables();
    heads();
    requests();
    texts();
    guards();
    numbers();
    printf("misuse: %u checks failed\n", failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
