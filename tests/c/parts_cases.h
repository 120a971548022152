// The rows of the lists of parts: see parts.py.

#ifndef PARTS_CASES_H
#define PARTS_CASES_H

#include "korewebhook.h"

typedef struct date_case {
    const char *name;
    korewebhook_bytes input;
    uint64_t seconds;
    int32_t expected;
} date_case;

typedef struct token_case {
    const char *name;
    korewebhook_bytes input;
    int fine;
} token_case;

// A URL and the part that is signed, or a JSON text and its canonical form; or the detail of the error.
typedef struct text_case {
    const char *name;
    korewebhook_bytes input;
    korewebhook_bytes output;
    int32_t detail;
} text_case;

typedef struct set_case {
    const char *name;
    const korewebhook_bytes *urls;
    size_t urls_len;
    int conflict;
} set_case;

typedef struct name_case {
    const char *name;
    int32_t number;
} name_case;

typedef struct standard_case {
    const char *name;
    korewebhook_bytes secret;
    uint64_t now_ms;
    uint64_t tolerance_ms;
    const korewebhook_header *headers;
    size_t headers_len;
    korewebhook_bytes body;
    int32_t expected;
} standard_case;

typedef struct published_case {
    korewebhook_bytes secret;
    korewebhook_bytes id;
    korewebhook_bytes body;
    korewebhook_bytes signature;
    uint64_t timestamp;
} published_case;

typedef struct bearer_case {
    const char *name;
    korewebhook_bytes token;
    const korewebhook_header *headers;
    size_t headers_len;
    int32_t expected;
} bearer_case;

typedef struct key_row {
    korewebhook_bytes key;
    int has_id;
    int has_time;
    uint64_t time_ms;
} key_row;

typedef struct keys_case {
    const char *name;
    int32_t format;
    korewebhook_bytes body;
    korewebhook_bytes canonical;
    korewebhook_bytes delivery;
    const key_row *replay;
    size_t replay_len;
} keys_case;

typedef enum step_kind { STEP_CLAIM, STEP_COMMIT, STEP_RELEASE } step_kind;
typedef enum handler { HANDLER_NONE, HANDLER_OK, HANDLER_ERROR } handler;

typedef struct replay_step {
    step_kind kind;
    size_t of_step;
    korewebhook_bytes body;
    int32_t format;
    korewebhook_bytes token;
    korewebhook_bytes url;
    uint64_t now_ms;
    handler handler;
    int32_t outcome;
} replay_step;

typedef struct replay_case {
    const char *name;
    uint64_t lease_ms;
    const replay_step *steps;
    size_t steps_len;
} replay_case;

#endif
