#include "run_cases.h"

typedef struct run {
    const test_case *test;
    const korewebhook_verifier *verifier;
    const korewebhook_head *head;
    void *storage;
    size_t storage_size;
    size_t context_size;
    unsigned failures;
} run;

static void check(run *r, const char *way, int32_t got, int32_t want) {
    if (got != want) {
        r->failures++;
        test_report(r->test->name, way, got, want);
    }
}

static int32_t same(const uint8_t *a, const uint8_t *b, size_t len) {
    int32_t differs = 0;
    for (size_t at = 0; at < len; at++) {
        differs |= a[at] ^ b[at];
    }
    return differs == 0;
}

static void copy(uint8_t *to, korewebhook_bytes from) {
    for (size_t at = 0; at < from.len; at++) {
        to[at] = from.data[at];
    }
}

static void fill(void *memory, size_t len, uint8_t byte) {
    for (size_t at = 0; at < len; at++) {
        ((uint8_t *)memory)[at] = byte;
    }
}

static int32_t untouched(const void *memory, size_t len, uint8_t byte) {
    int32_t differs = 0;
    for (size_t at = 0; at < len; at++) {
        differs |= ((const uint8_t *)memory)[at] ^ byte;
    }
    return differs == 0;
}

// The receipt of a request that was accepted, or one that nobody has written to.
static void check_receipt(run *r, const char *way, int32_t result, const korewebhook_receipt *receipt) {
    const test_case *test = r->test;
    check(r, way, result, test->expected);
    if (result != KOREWEBHOOK_OK) {
        check(r, "receipt untouched", untouched(receipt, sizeof *receipt, 0x5A), 1);
        return;
    }
    int get = test->method.len == 3;
    check(r, "endpoint only", receipt->endpoint_only, get);
    check(r, "secret index", (int32_t)receipt->secret_index, (int32_t)test->secret_index);
    check(r, "received length", receipt->received_len == test->body.len, 1);
    check(r, "canonical length", receipt->canonical_len == test->canonical.len, 1);
    check(r, "format", receipt->format, get ? 0 : test->json ? KOREWEBHOOK_FORMAT_JSON : KOREWEBHOOK_FORMAT_FORM);
}

static void whole(run *r) {
    korewebhook_receipt receipt;
    fill(&receipt, sizeof receipt, 0x5A);
    korewebhook_bytes body = r->test->body;
    int32_t result =
        korewebhook_verify(r->verifier, r->head, body.data, body.len, r->storage, r->storage_size, &receipt);
    check_receipt(r, "whole", result, &receipt);
}

// By the field lines, in the memory of one hash context.
static void request(run *r) {
    const test_case *test = r->test;
    korewebhook_receipt receipt;
    fill(&receipt, sizeof receipt, 0x5A);
    const korewebhook_request given = {test->method, test->field_lines, test->body};
    size_t size = r->context_size;
    int32_t result = korewebhook_verify_request(r->verifier, &given, r->storage, size, &receipt);
    check_receipt(r, "request", result, &receipt);
    int32_t empty = 1;
    for (size_t at = 0; at < size; at++) {
        empty &= ((const uint8_t *)r->storage)[at] == 0 || ((const uint8_t *)r->storage)[at] == 0xA5;
    }
    check(r, "wiped", empty, 1);
    if (size > 0) {
        fill(&receipt, sizeof receipt, 0x5A);
        result = korewebhook_verify_request(r->verifier, &given, r->storage, size / 2, &receipt);
        check(r, "too small", result, KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
        check(r, "receipt untouched", untouched(&receipt, sizeof receipt, 0x5A), 1);
    }
}

// By the field lines, for JSON alone.
static void as_json(run *r) {
    const test_case *test = r->test;
    korewebhook_bytes lines = test->field_lines, body = test->body;
    // There is no context for another scheme, which is refused.
    int32_t refused = r->context_size == 0;
    size_t size = refused ? r->storage_size : r->context_size;
    fill(r->storage, size, 0xA5);
    int32_t result =
        korewebhook_verify_json(r->verifier, lines.data, lines.len, body.data, body.len, r->storage, size);
    check(r, "as JSON", result, refused ? KOREWEBHOOK_ERROR_INVALID_ARGUMENT : test->as_json);
    int32_t empty = 1;
    for (size_t at = 0; at < size; at++) {
        empty &= ((const uint8_t *)r->storage)[at] == 0 || ((const uint8_t *)r->storage)[at] == 0xA5;
    }
    check(r, "wiped", empty, 1);
}

static void in_place(run *r) {
    const test_case *test = r->test;
    uint8_t *body = test_take(test->body.len);
    check(r, "memory", body != NULL, 1);
    if (body == NULL) {
        return;
    }
    copy(body, test->body);
    korewebhook_receipt receipt;
    fill(&receipt, sizeof receipt, 0x5A);
    int32_t result = korewebhook_verify_in_place(r->verifier, r->head, body, test->body.len, r->storage,
                                                 r->storage_size, &receipt);
    check_receipt(r, "in place", result, &receipt);
    korewebhook_bytes kept = result == KOREWEBHOOK_OK ? test->canonical : test->body;
    check(r, "body in place", same(body, kept.data, kept.len), 1);
    test_give(body);
}

static void in_pieces(run *r, size_t size) {
    const test_case *test = r->test;
    korewebhook_receipt receipt;
    fill(&receipt, sizeof receipt, 0x5A);
    korewebhook_stream *stream = NULL;
    int32_t started = korewebhook_stream_start(r->verifier, r->head, 0, r->storage, r->storage_size, &stream);
    check(r, "start", started, KOREWEBHOOK_OK);
    int32_t result = KOREWEBHOOK_OK;
    for (size_t at = 0; at < test->body.len && result == KOREWEBHOOK_OK; at += size) {
        size_t len = test->body.len - at < size ? test->body.len - at : size;
        result = korewebhook_stream_update(stream, test->body.data + at, len);
    }
    if (result != KOREWEBHOOK_OK) {
        check(r, "update", result, test->expected);
    }
    check_receipt(r, "in pieces", korewebhook_stream_finish(stream, &receipt), &receipt);
    check(r, "finished", korewebhook_stream_finish(stream, &receipt), KOREWEBHOOK_ERROR_FINISHED);
}

// The same, and what is canonical is written on the way.
static void written(run *r, size_t size) {
    const test_case *test = r->test;
    uint8_t *out = test_take(test->body.len);
    check(r, "memory", out != NULL, 1);
    if (out == NULL) {
        return;
    }
    korewebhook_stream *stream = NULL;
    korewebhook_receipt receipt;
    fill(&receipt, sizeof receipt, 0x5A);
    size_t used = 0;
    int32_t result = korewebhook_stream_start(r->verifier, r->head, 0, r->storage, r->storage_size, &stream);
    for (size_t at = 0; at < test->body.len && result == KOREWEBHOOK_OK; at += size) {
        size_t len = test->body.len - at < size ? test->body.len - at : size;
        size_t more = 0;
        result = korewebhook_stream_update_into(stream, test->body.data + at, len, out + used, len, &more);
        used += more;
    }
    result = korewebhook_stream_finish(stream, &receipt);
    check_receipt(r, "written", result, &receipt);
    if (result == KOREWEBHOOK_OK) {
        check(r, "written length", used == test->canonical.len, 1);
        check(r, "written bytes", same(out, test->canonical.data, test->canonical.len), 1);
    }
    test_give(out);
}

// What verifies is what the first secret would sign, where that is the one.
static void signing(run *r) {
    const test_case *test = r->test;
    uint8_t made[KOREWEBHOOK_SIGNATURE_LEN];
    if (test->expected != KOREWEBHOOK_OK || test->secret_index != 0) {
        return;
    }
    int32_t result;
    if (test->method.len == 3) {
        result = korewebhook_sign_get(r->verifier, r->storage, r->storage_size, made, sizeof made);
    } else {
        int32_t format = test->json ? KOREWEBHOOK_FORMAT_JSON : KOREWEBHOOK_FORMAT_FORM;
        result = korewebhook_sign(r->verifier, format, test->body.data, test->body.len, r->storage,
                                  r->storage_size, made, sizeof made);
    }
    check(r, "sign", result, KOREWEBHOOK_OK);
    int32_t found = 0;
    for (size_t at = 0; at < test->headers_len; at++) {
        korewebhook_bytes value = test->headers[at].value;
        found |= value.len == sizeof made && same(made, value.data, sizeof made);
    }
    check(r, "signature", found, 1);
}

static void every_way(run *r) {
    static const size_t sizes[] = {1, 7, 64, SIZE_MAX / 2};
    whole(r);
    in_place(r);
    for (size_t at = 0; at < sizeof sizes / sizeof *sizes; at++) {
        in_pieces(r, sizes[at]);
        written(r, sizes[at]);
    }
    signing(r);
}

unsigned run_case(const test_case *test, test_scheme scheme, const korewebhook_sha256_ops *ops) {
    run r = {test, NULL, NULL, NULL, 0, 0, 0};
    korewebhook_verifier verifier;
    korewebhook_head head;
    korewebhook_bytes url = test->url;
    int32_t result = KOREWEBHOOK_OK;
    switch (scheme) {
    case TEST_KORE:
        result = korewebhook_verifier_init(&verifier, test->secrets, test->secrets_len, url.data, url.len,
                                           &test->options, NULL);
        break;
    case TEST_KORE_WITH:
        result = korewebhook_verifier_init_sha256(&verifier, test->secrets, test->secrets_len, url.data, url.len,
                                                  &test->options, ops, NULL);
        break;
    case TEST_HMAC:
        result = korewebhook_verifier_init_hmac(&verifier, test->secrets, test->secrets_len, url.data, url.len,
                                                &test->options, NULL);
        break;
    }
    if (result != KOREWEBHOOK_OK) {
        check(&r, "init", result, test->expected);
        return r.failures;
    }
    r.verifier = &verifier;
    r.head = &head;
    // Just enough, so that a step beyond it can be seen.
    r.storage_size = korewebhook_storage_size(&verifier, 0);
    r.storage = test_take(r.storage_size);
    check(&r, "memory", r.storage != NULL, 1);
    if (r.storage == NULL) {
        return r.failures;
    }
    fill(r.storage, r.storage_size, 0xA5);

    check(&r, "head", korewebhook_head_init(&head, test->method.data, test->method.len), KOREWEBHOOK_OK);
    for (size_t at = 0; at < test->headers_len; at++) {
        const korewebhook_header *field = &test->headers[at];
        result = korewebhook_head_add(&head, field->name.data, field->name.len, field->value.data, field->value.len);
        check(&r, "add", result, KOREWEBHOOK_OK);
    }
    every_way(&r);

    korewebhook_bytes lines = test->field_lines;
    if (lines.len > 0) {
        result = korewebhook_head_parse(&head, test->method.data, test->method.len, lines.data, lines.len, NULL);
        check(&r, "parse", result, KOREWEBHOOK_OK);
        whole(&r);
        fill(r.storage, r.storage_size, 0xA5);
        r.context_size = scheme == TEST_KORE        ? KOREWEBHOOK_SHA256_CONTEXT_SIZE
                         : scheme == TEST_KORE_WITH ? (ops->context_size + 7) / 8 * 8
                                                    : 0;
        request(&r);
        if (test->as_json >= 0) {
            as_json(&r);
        }
    }
    test_give(r.storage);
    return r.failures;
}
