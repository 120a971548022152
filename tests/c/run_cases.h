// Runs the requests of the shared vectors through every way in. No libc: what it needs of the machine are three
// functions of whoever links it.

#ifndef RUN_CASES_H
#define RUN_CASES_H

#include "korewebhook.h"

typedef struct test_case {
    const char *name;
    const korewebhook_bytes *secrets;
    size_t secrets_len;
    korewebhook_bytes method;
    korewebhook_bytes url;
    const korewebhook_header *headers;
    size_t headers_len;
    // The same as they stand in a request; empty where they can't stand there.
    korewebhook_bytes field_lines;
    korewebhook_bytes body;
    korewebhook_options options;
    // 0, or the reason's number.
    int32_t expected;
    uint32_t secret_index;
    korewebhook_bytes canonical;
    // Whether an accepted body is JSON.
    int json;
    // What it is for who takes it for JSON by POST: as `expected`; less than 0 where that says nothing of it.
    int32_t as_json;
} test_case;

typedef enum test_scheme { TEST_KORE, TEST_KORE_WITH, TEST_HMAC } test_scheme;

// Runs one case and returns how many checks failed. `ops` is for TEST_KORE_WITH.
unsigned run_case(const test_case *test, test_scheme scheme, const korewebhook_sha256_ops *ops);

// Memory of this size, aligned to 8 bytes, and the last that was taken back. NULL where there is none: that is
// reported as a failure.
void *test_take(size_t size);
void test_give(void *memory);

// Called where a check fails: `way` says which.
void test_report(const char *name, const char *way, int32_t got, int32_t want);

#endif
