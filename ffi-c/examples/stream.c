// Verifies a captured request from standard input in pieces of 64 bytes, in constant memory, whatever its length.
//
//     KOREWEBHOOK_SECRET=… stream https://h.example/kore/ < request.http
//
// Exit 0: verified, its delivery key is printed. 1: refused. 2: usage.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"

enum { PIECE = 64, HEAD_MAX = 8192 };

static korewebhook_bytes bytes_of(const char *text) {
    korewebhook_bytes bytes = {(const uint8_t *)text, strlen(text)};
    return bytes;
}

// Reads up to the empty line behind the head, a byte at a time so that nothing of the body is taken.
static size_t read_head(uint8_t *head) {
    size_t len = 0;
    int byte;
    while (len < HEAD_MAX && (byte = getchar()) != EOF) {
        head[len++] = (uint8_t)byte;
        if (len >= 4 && memcmp(head + len - 4, "\r\n\r\n", 4) == 0) {
            break;
        }
    }
    return len;
}

static int32_t verify(const korewebhook_verifier *verifier, korewebhook_receipt *receipt) {
    // One hash state for the secret, one for the delivery key.
    uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(2)];
    static uint8_t bytes[HEAD_MAX];
    uint8_t piece[PIECE];
    korewebhook_head head;
    korewebhook_stream *stream;
    size_t len = read_head(bytes), head_len;

    int32_t result = korewebhook_head_parse_request(&head, bytes, len, &head_len, NULL);
    if (result != KOREWEBHOOK_OK) {
        return result;
    }
    result = korewebhook_stream_start(verifier, &head, KOREWEBHOOK_WITH_KEY, storage, sizeof storage, &stream);
    if (result != KOREWEBHOOK_OK) {
        return result;
    }
    // An error here: the bound is exceeded, so the rest need not be read. finish says the same.
    while (result == KOREWEBHOOK_OK && (len = fread(piece, 1, sizeof piece, stdin)) > 0) {
        result = korewebhook_stream_update(stream, piece, len);
    }
    return korewebhook_stream_finish(stream, receipt);
}

int main(int argc, char **argv) {
    const char *text = getenv("KOREWEBHOOK_SECRET");
    if (argc != 2 || text == NULL) {
        fprintf(stderr, "usage: KOREWEBHOOK_SECRET=… stream URL < request.http\n");
        return 2;
    }
    const korewebhook_bytes secret = bytes_of(text), url = bytes_of(argv[1]);
    korewebhook_verifier verifier;
    korewebhook_receipt receipt;
    korewebhook_error error;
    int32_t result = korewebhook_verifier_init(&verifier, &secret, 1, url.data, url.len, NULL, &error);
    if (result != KOREWEBHOOK_OK) {
        fprintf(stderr, "%s (%s): %s\n", korewebhook_error_name(result), korewebhook_detail_name(error.detail),
                korewebhook_error_hint(result));
        return 2;
    }
    result = verify(&verifier, &receipt);
    if (result != KOREWEBHOOK_OK) {
        fprintf(stderr, "refused: %s: %s\n", korewebhook_error_name(result), korewebhook_error_hint(result));
        return EXIT_FAILURE;
    }
    printf("%lu bytes, %lu signed, key ", (unsigned long)receipt.received_len, (unsigned long)receipt.canonical_len);
    for (size_t at = 0; at < sizeof receipt.key; at++) {
        printf("%02x", receipt.key[at]);
    }
    printf("\n");
    return EXIT_SUCCESS;
}
