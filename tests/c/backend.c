// A SHA-256 of the caller's: where its contexts lie, what is called, what a failure gives.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"
#include "sha256_by_mbedtls.h"

// The header gives statements which -Wconversion and others don't like.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <valgrind/memcheck.h>
#pragma GCC diagnostic pop

static unsigned failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            failures++; \
            printf("line %d: %s\n", __LINE__, #condition); \
        } \
    } while (0)
#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1

// What is counted and when to fail, handed over as `user`.
typedef struct device {
    unsigned begun, finished, aborted;
    // Counts down to the call that fails; never where negative.
    int fail_init, fail_update, fail_finish;
} device;

typedef struct context {
    mbedtls_sha256_context sha256;
    device *device;
    // Its own address, by which a move would show.
    struct context *self;
    // An odd size: the next context has to be aligned all the same.
    char tail;
} context;

static uint64_t storage[1024];

static int32_t due(int *count) {
    return *count >= 0 && (*count)-- == 0;
}

static void placed(const context *c) {
    CHECK((uintptr_t)c % 8 == 0);
    CHECK((uintptr_t)c >= (uintptr_t)storage && (uintptr_t)(c + 1) <= (uintptr_t)(storage + 1024));
}

static int32_t counted_init(void *memory, void *user) {
    context *c = memory;
    device *d = user;
    CHECK((uintptr_t)c % 8 == 0);
    if (due(&d->fail_init)) {
        return 1;
    }
    d->begun++;
    c->device = d;
    c->self = c;
    return sha256_by_mbedtls_init(&c->sha256, NULL);
}

static int32_t counted_update(void *memory, const uint8_t *data, size_t len) {
    context *c = memory;
    CHECK(c->self == c && len > 0);
    return due(&c->device->fail_update) ? -1 : sha256_by_mbedtls_update(&c->sha256, data, len);
}

static int32_t counted_finish(void *memory, uint8_t *digest) {
    context *c = memory;
    CHECK(c->self == c);
    if (due(&c->device->fail_finish)) {
        memset(digest, 0, 32);
        return 7;
    }
    c->device->finished++;
    return sha256_by_mbedtls_finish(&c->sha256, digest);
}

static unsigned cloned;

static int32_t counted_clone(const void *from, void *to) {
    const context *source = from;
    context *target = to;
    placed(target);
    cloned++;
    source->device->begun++;
    target->device = source->device;
    target->self = target;
    return sha256_by_mbedtls_clone(&source->sha256, &target->sha256);
}

static void counted_abort(void *memory) {
    context *c = memory;
    CHECK(c->self == c);
    c->device->aborted++;
    sha256_by_mbedtls_abort(&c->sha256);
}

static const korewebhook_bytes SECRETS[] = {{TEXT("another secret of ours")}, {TEXT("a35974bdf1c769b8bb")}};
static const char URL[] = "https://testendpoint.com";
static const char BODY[] = "{ \"field1\": \"value1\", \"field2\": \"value2\"}";
// Published by KORE.
static const char LINES[] = "content-type: application/json\n"
                            "kore-signature: d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59\n";

static korewebhook_sha256_ops ops = {sizeof(context), NULL, counted_init, counted_update, counted_finish, NULL,
                                     counted_abort};

static int is_zero(const void *memory, size_t len) {
    for (size_t at = 0; at < len; at++) {
        if (((const uint8_t *)memory)[at] != 0) {
            return 0;
        }
    }
    return 1;
}

static int holds_secret(const void *memory, size_t len) {
    for (size_t at = 0; at + 18 <= len; at++) {
        const uint8_t *here = (const uint8_t *)memory + at;
        if (memcmp(here, SECRETS[0].data, 18) == 0 || memcmp(here, SECRETS[1].data, 18) == 0) {
            return 1;
        }
    }
    return 0;
}

static int wiped(void) {
    // Between the fields of a structure stands whatever stood on the stack.
    (void)VALGRIND_MAKE_MEM_DEFINED(storage, sizeof storage);
    return !holds_secret(storage, sizeof storage);
}

static int32_t verify(device *d, uint32_t flags, const char *body, korewebhook_receipt *receipt) {
    korewebhook_verifier verifier;
    korewebhook_head head;
    korewebhook_stream *stream;
    ops.user = d;
    memset(storage, 0, sizeof storage);
    CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS, 2, TEXT(URL), NULL, &ops, NULL) == 0);
    CHECK(korewebhook_head_parse(&head, TEXT("POST"), TEXT(LINES), NULL) == 0);
    size_t size = korewebhook_storage_size(&verifier, 1);
    CHECK(size <= KOREWEBHOOK_STORAGE_SIZE_WITH(sizeof(context), 3) && size <= sizeof storage);
    CHECK(korewebhook_stream_start(&verifier, &head, flags, storage, size, &stream) == 0);
    for (size_t at = 0; at < strlen(body); at++) {
        CHECK(korewebhook_stream_update(stream, (const uint8_t *)body + at, 1) == 0);
    }
    int32_t result = korewebhook_stream_finish(stream, receipt);
    CHECK(d->begun == d->finished + d->aborted);
    CHECK(wiped() && is_zero((uint8_t *)storage + size, sizeof storage - size));

    // The same at once has the same verdict, but for what fails in between.
    if (d->fail_init < 0 && d->fail_update < 0 && d->fail_finish < 0 && flags == 0) {
        korewebhook_receipt again;
        int32_t whole =
            korewebhook_verify(&verifier, &head, (const uint8_t *)body, strlen(body), storage, size, &again);
        CHECK(whole == result && d->begun == d->finished + d->aborted);
    }
    return result;
}

static void counts(void) {
    korewebhook_receipt receipt;
    device d = {0, 0, 0, -1, -1, -1};
    CHECK(verify(&d, 0, BODY, &receipt) == 0 && receipt.secret_index == 1);
    CHECK(d.begun == 4 && d.finished == 4 && d.aborted == 0);
    device with_key = {0, 0, 0, -1, -1, -1};
    CHECK(verify(&with_key, KOREWEBHOOK_WITH_KEY, BODY, &receipt) == 0 && receipt.has_key);
    CHECK(with_key.begun == 3 && with_key.finished == 3);
    // A body that can't be right isn't finished: its hashes are given up.
    device refused = {0, 0, 0, -1, -1, -1};
    CHECK(verify(&refused, KOREWEBHOOK_WITH_KEY, "{]", &receipt) == KOREWEBHOOK_ERROR_JSON_MALFORMED);
    CHECK(refused.finished == 0 && refused.aborted == 3);
    ops.abort = NULL;
    device silent = {0, 0, 0, -1, -1, -1};
    CHECK(korewebhook_http_status(KOREWEBHOOK_ERROR_JSON_MALFORMED) == 401);
    CHECK(verify(&silent, 0, BODY, &receipt) == 0);
    ops.abort = counted_abort;
}

static void failing(void) {
    korewebhook_receipt receipt;
    memset(&receipt, 0x5A, sizeof receipt);
    korewebhook_receipt before = receipt;
    unsigned failed = 0;
    for (int kind = 0; kind < 3; kind++) {
        for (int at = 0; at < 40; at++) {
            device d = {0, 0, 0, kind == 0 ? at : -1, kind == 1 ? at : -1, kind == 2 ? at : -1};
            int32_t result = verify(&d, KOREWEBHOOK_WITH_KEY, BODY, &receipt);
            int reached = d.fail_init < 0 && d.fail_update < 0 && d.fail_finish < 0;
            CHECK(result == (reached ? KOREWEBHOOK_ERROR_HASH_BACKEND : 0));
            if (reached) {
                failed++;
                CHECK(memcmp(&receipt, &before, sizeof receipt) == 0);
            }
            receipt = before;
        }
    }
    // Three begin and three finish; there is an update for each part of the prefix and each run of the body.
    CHECK(failed == 3 + 3 + 40);
    CHECK(korewebhook_http_status(KOREWEBHOOK_ERROR_HASH_BACKEND) == 503);
}

// The whole request in one context, one secret after the other, where any call may fail.
static void one_context(void) {
    static const korewebhook_request request = {{TEXT("POST")}, {TEXT(LINES)}, {TEXT(BODY)}};
    unsigned failed = 0;
    for (int kind = 0; kind < 3; kind++) {
        for (int at = 0; at < 40; at++) {
            device d = {0, 0, 0, kind == 0 ? at : -1, kind == 1 ? at : -1, kind == 2 ? at : -1};
            korewebhook_verifier verifier;
            korewebhook_receipt receipt, before;
            memset(&receipt, 0x5A, sizeof receipt);
            before = receipt;
            ops.user = &d;
            memset(storage, 0, sizeof storage);
            CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS, 2, TEXT(URL), NULL, &ops, NULL) == 0);
            size_t size = (sizeof(context) + 7) / 8 * 8;
            CHECK(korewebhook_verify_request(&verifier, &request, storage, size - 1, &receipt) ==
                  KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
            int32_t result = korewebhook_verify_request(&verifier, &request, storage, size, &receipt);
            int reached = d.fail_init < 0 && d.fail_update < 0 && d.fail_finish < 0;
            CHECK(result == (reached ? KOREWEBHOOK_ERROR_HASH_BACKEND : 0));
            CHECK(d.begun == d.finished + d.aborted);
            if (reached) {
                failed++;
                CHECK(memcmp(&receipt, &before, sizeof receipt) == 0);
            } else {
                CHECK(receipt.secret_index == 1 && d.finished == 2);
            }
            // A context that was begun is overwritten; a failing `init` has written nothing here.
            CHECK(is_zero(storage, sizeof storage));

            // The same for JSON alone.
            device again = {0, 0, 0, kind == 0 ? at : -1, kind == 1 ? at : -1, kind == 2 ? at : -1};
            ops.user = &again;
            CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS, 2, TEXT(URL), NULL, &ops, NULL) == 0);
            CHECK(korewebhook_verify_json(&verifier, TEXT(LINES), TEXT(BODY), storage, size - 1) ==
                  KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
            CHECK(korewebhook_verify_json(&verifier, TEXT(LINES), TEXT(BODY), storage, size) == result);
            CHECK(again.begun == d.begun && again.finished == d.finished && again.aborted == d.aborted);
            CHECK(is_zero(storage, sizeof storage));
        }
    }
    // Two begin, two finish; secret, method, URL and five runs of the body, for each secret.
    CHECK(failed == 2 + 2 + 16);
    // What can't be right is given up where that shows, and nothing of it stays.
    device refused = {0, 0, 0, -1, -1, -1};
    korewebhook_verifier verifier;
    korewebhook_receipt receipt;
    korewebhook_request broken = request;
    broken.body.len--;
    ops.user = &refused;
    CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS, 2, TEXT(URL), NULL, &ops, NULL) == 0);
    CHECK(korewebhook_verify_request(&verifier, &broken, storage, sizeof storage, &receipt) ==
          KOREWEBHOOK_ERROR_JSON_MALFORMED);
    CHECK(refused.begun == 1 && refused.finished == 0 && refused.aborted == 1);
    CHECK(is_zero(storage, sizeof storage));
    CHECK(korewebhook_verify_json(&verifier, TEXT(LINES), broken.body.data, broken.body.len, storage, sizeof storage) ==
          KOREWEBHOOK_ERROR_JSON_MALFORMED);
    CHECK(refused.begun == 2 && refused.finished == 0 && refused.aborted == 2);
    CHECK(is_zero(storage, sizeof storage));
}

static void signing_and_keys(void) {
    korewebhook_verifier verifier;
    device d = {0, 0, 0, -1, -1, -1};
    uint8_t signature[KOREWEBHOOK_SIGNATURE_LEN];
    korewebhook_replay_key key;
    size_t len = 0;
    ops.user = &d;
    CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS + 1, 1, TEXT(URL), NULL, &ops, NULL) == 0);
    size_t size = KOREWEBHOOK_STORAGE_SIZE_WITH(sizeof(context), 1);
    CHECK(korewebhook_sign(&verifier, KOREWEBHOOK_FORMAT_JSON, TEXT(BODY), storage, size, signature, 64) == 0);
    CHECK(memcmp(signature, "d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59", 64) == 0);
    CHECK(wiped() && d.begun == 1 && d.finished == 1);
    CHECK(korewebhook_replay_keys(&verifier, KOREWEBHOOK_FORMAT_FORM, TEXT("a=1"), storage, size, &key, 1, &len) == 0);
    CHECK(len == 1 && d.begun == 2 && d.finished == 2);
    d.fail_update = 1;
    CHECK(korewebhook_replay_keys(&verifier, KOREWEBHOOK_FORMAT_FORM, TEXT("a=1"), storage, size, &key, 1, &len) ==
          KOREWEBHOOK_ERROR_HASH_BACKEND);
    CHECK(d.begun == d.finished + d.aborted);
    d.fail_update = -1;
    d.fail_finish = 0;
    CHECK(korewebhook_replay_keys(&verifier, KOREWEBHOOK_FORMAT_FORM, TEXT("a=1"), storage, size, &key, 1, &len) ==
          KOREWEBHOOK_ERROR_HASH_BACKEND);
    CHECK(d.begun == d.finished + d.aborted);
}

// With the hash of the prefix kept: fewer calls, the same verdicts, and nothing left behind.
static void prepared(int can_clone) {
    static uint64_t prefix[256];
    korewebhook_verifier verifier;
    korewebhook_head head;
    korewebhook_receipt receipt;
    device d = {0, 0, 0, -1, -1, -1};
    ops.user = &d;
    ops.clone = can_clone ? counted_clone : NULL;
    memset(prefix, 0, sizeof prefix);
    CHECK(korewebhook_verifier_init_sha256(&verifier, SECRETS, 2, TEXT(URL), NULL, &ops, NULL) == 0);
    CHECK(korewebhook_head_parse(&head, TEXT("POST"), TEXT(LINES), NULL) == 0);
    size_t size = korewebhook_storage_size(&verifier, 0);
    CHECK(korewebhook_verifier_prepare(&verifier, prefix, size - 1) == KOREWEBHOOK_ERROR_BUFFER_TOO_SMALL);
    CHECK(korewebhook_verifier_prepare(&verifier, NULL, size) == KOREWEBHOOK_ERROR_INVALID_ARGUMENT);
    CHECK(korewebhook_verifier_prepare(NULL, prefix, size) == KOREWEBHOOK_ERROR_INVALID_ARGUMENT);
    d.fail_update = 1;
    if (can_clone) {
        CHECK(korewebhook_verifier_prepare(&verifier, prefix, size) == KOREWEBHOOK_ERROR_HASH_BACKEND);
        CHECK(d.begun == d.aborted && d.begun > 0);
    }
    d.fail_update = -1;
    CHECK(korewebhook_verifier_prepare(&verifier, prefix, size) == 0);
    unsigned kept = d.begun - d.aborted;
    CHECK(kept == (can_clone ? 2u : 0u));
    for (int round = 0; round < 3; round++) {
        unsigned begun = d.begun, cloned_before = cloned;
        CHECK(korewebhook_verify(&verifier, &head, TEXT(BODY), storage, size, &receipt) == 0);
        CHECK(receipt.secret_index == 1);
        CHECK(cloned - cloned_before == kept && d.begun - begun == 2);
        CHECK(korewebhook_verify(&verifier, &head, TEXT("{}"), storage, size, &receipt) ==
              KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH);
    }
    CHECK(holds_secret(prefix, sizeof prefix) == can_clone);
    CHECK(korewebhook_verifier_forget(&verifier) == 0 && !holds_secret(prefix, sizeof prefix));
    CHECK(d.begun == d.finished + d.aborted);
    unsigned cloned_before = cloned;
    CHECK(korewebhook_verify(&verifier, &head, TEXT(BODY), storage, size, &receipt) == 0 && cloned == cloned_before);
    CHECK(korewebhook_verifier_forget(&verifier) == 0);
    CHECK(korewebhook_verifier_forget(NULL) == KOREWEBHOOK_ERROR_INVALID_ARGUMENT);
    ops.clone = NULL;
}

// The built-in one, where the prefix is longer than a block.
static void prepared_built_in(void) {
    static uint64_t prefix[KOREWEBHOOK_STORAGE_WORDS(2)];
    static const char url[] = "https://testendpoint.com/a/path/that/is/long/enough/to/fill/more/than/one/block/of/it/";
    korewebhook_verifier verifier, signer;
    korewebhook_head head;
    korewebhook_receipt receipt;
    uint8_t signature[KOREWEBHOOK_SIGNATURE_LEN];
    CHECK(korewebhook_verifier_init(&signer, SECRETS + 1, 1, TEXT(url), NULL, NULL) == 0);
    CHECK(korewebhook_sign(&signer, KOREWEBHOOK_FORMAT_JSON, TEXT(BODY), storage, sizeof storage, signature, 64) == 0);
    CHECK(korewebhook_verifier_init(&verifier, SECRETS, 2, TEXT(url), NULL, NULL) == 0);
    CHECK(korewebhook_verifier_prepare(&verifier, prefix, sizeof prefix) == 0);
    CHECK(korewebhook_head_init(&head, TEXT("POST")) == 0);
    CHECK(korewebhook_head_add(&head, TEXT("content-type"), TEXT("application/json")) == 0);
    CHECK(korewebhook_head_add(&head, TEXT("kore-signature"), signature, sizeof signature) == 0);
    CHECK(korewebhook_verify(&verifier, &head, TEXT(BODY), storage, sizeof storage, &receipt) == 0);
    CHECK(receipt.secret_index == 1 && !is_zero((uint8_t *)prefix + 64, sizeof prefix - 64));
    CHECK(korewebhook_verifier_forget(&verifier) == 0 && !holds_secret(prefix, sizeof prefix));
    CHECK(korewebhook_verify(&verifier, &head, TEXT(BODY), storage, sizeof storage, &receipt) == 0);
}

int main(void) {
    prepared(1);
    prepared(0);
    prepared_built_in();
    counts();
    failing();
    one_context();
    signing_and_keys();
    printf("backend: %u checks failed\n", failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
