// What the tests of misuse share.

#ifndef MISUSE_H
#define MISUSE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"

extern unsigned failures;

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            failures++; \
            printf("line %d: %s\n", __LINE__, #condition); \
        } \
    } while (0)
#define IS(call, want) \
    do { \
        int32_t got_ = (call); \
        if (got_ != (want)) { \
            failures++; \
            printf("line %d: %s: %s, not %s\n", __LINE__, #call, korewebhook_error_name(got_), #want); \
        } \
    } while (0)
#define INVALID KOREWEBHOOK_ERROR_INVALID_ARGUMENT
#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1
#define HUGE_LEN ((size_t)PTRDIFF_MAX + 1)

static const korewebhook_bytes SECRET = {TEXT("a35974bdf1c769b8bb")};
static const uint8_t BODY[] = "{ \"field1\": \"value1\", \"field2\": \"value2\"}";
#define BODY_LEN (sizeof BODY - 1)
static const uint8_t URL[] = "https://testendpoint.com";
#define URL_LEN (sizeof URL - 1)
// Published by KORE, with more header fields.
#define LINES \
    "Content-Type: application/json\r\n" \
    "Kore-Signature: d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59\r\n" \
    "Kore-Idempotency-Token: RQ1\r\nDate: 2024-07-03T14:40:58Z\r\n\r\n"

// A verifier and a head of that, and storage for them.
extern korewebhook_verifier verifier;
extern korewebhook_head head;
extern uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(2)];

int is_filled(const void *memory, size_t len, uint8_t byte);

// In misuse_requests.c.
void requests(void);

#endif
