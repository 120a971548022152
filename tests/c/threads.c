// Ten threads share one verifier, and one head: nothing in them changes.

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"

#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1
enum { THREADS = 10, ROUNDS = 200 };

static const korewebhook_bytes SECRETS[] = {{TEXT("another secret")}, {TEXT("a35974bdf1c769b8bb")}};
static const char BODY[] = "{ \"field1\": \"value1\", \"field2\": \"value2\"}";
static const char FORGED[] = "{ \"field1\": \"value1\", \"field2\": \"value3\"}";
static korewebhook_verifier verifier;
static korewebhook_head head;

static int32_t in_pieces(const char *body, size_t size, void *storage, size_t storage_size) {
    korewebhook_stream *stream;
    korewebhook_receipt receipt;
    int32_t result = korewebhook_stream_start(&verifier, &head, KOREWEBHOOK_WITH_KEY, storage, storage_size, &stream);
    for (size_t at = 0; at < strlen(body) && result == KOREWEBHOOK_OK; at += size) {
        size_t left = strlen(body) - at;
        result = korewebhook_stream_update(stream, (const uint8_t *)body + at, left < size ? left : size);
    }
    return result == KOREWEBHOOK_OK ? korewebhook_stream_finish(stream, &receipt) : result;
}

static void *work(void *argument) {
    size_t *wrong = argument;
    uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(3)];
    korewebhook_receipt receipt;
    for (size_t round = 0; round < ROUNDS; round++) {
        *wrong += korewebhook_verify(&verifier, &head, TEXT(BODY), storage, sizeof storage, &receipt) != 0;
        *wrong += receipt.secret_index != 1 || receipt.canonical_len != 37;
        *wrong += korewebhook_verify(&verifier, &head, TEXT(FORGED), storage, sizeof storage, &receipt) !=
                  KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH;
        *wrong += in_pieces(BODY, round % 41 + 1, storage, sizeof storage) != 0;
        *wrong += in_pieces(FORGED, round % 41 + 1, storage, sizeof storage) != KOREWEBHOOK_ERROR_SIGNATURE_MISMATCH;
    }
    return NULL;
}

int main(void) {
    static const char lines[] = "content-type: application/json\n"
                                "kore-signature: d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59\n";
    pthread_t threads[THREADS];
    size_t wrong[THREADS] = {0}, sum = 0;
    if (korewebhook_verifier_init(&verifier, SECRETS, 2, TEXT("https://testendpoint.com"), NULL, NULL) != 0 ||
        korewebhook_head_parse(&head, TEXT("POST"), TEXT(lines), NULL) != 0) {
        return EXIT_FAILURE;
    }
    for (size_t at = 0; at < THREADS; at++) {
        if (pthread_create(&threads[at], NULL, work, &wrong[at]) != 0) {
            return EXIT_FAILURE;
        }
    }
    for (size_t at = 0; at < THREADS; at++) {
        if (pthread_join(threads[at], NULL) != 0) {
            return EXIT_FAILURE;
        }
        sum += wrong[at];
    }
    printf("threads: %d threads, %d requests each, %lu wrong\n", THREADS, ROUNDS * 4, (unsigned long)sum);
    return sum == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
