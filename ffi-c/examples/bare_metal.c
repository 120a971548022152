// A receiver on bare metal: no operating system, no heap, no C library, one request at a time in fixed memory.
//
// It answers 204 once an event has been acted upon, and what korewebhook_http_status says otherwise. What it remembers
// against replays is gone after a reset: a device that must not act twice keeps the keys in flash.

#include "bare_metal.h"

enum { REQUEST_MAX = 1536, KEYS_MAX = 4, GUARD_KEYS = 16, SECRETS_MAX = 2 };

static korewebhook_verifier verifier;
static korewebhook_guard *guard;
static uint64_t guard_memory[KOREWEBHOOK_GUARD_SIZE(GUARD_KEYS) / 8];
static uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(SECRETS_MAX)];
static uint8_t request[REQUEST_MAX];

static uint8_t lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte; }

// How many bytes of body follow a head; SIZE_MAX where that isn't said exactly once, in decimal digits.
static size_t content_length(size_t head_len) {
    static const char name[] = "\r\ncontent-length:";
    size_t found = SIZE_MAX;
    for (size_t at = 0; at < head_len; at++) {
        size_t same = 0;
        while (name[same] && at + same < head_len && lower(request[at + same]) == (uint8_t)name[same]) same++;
        if (name[same]) continue;
        size_t digit = at + same, value = 0, digits = 0;
        while (request[digit] == ' ') digit++;
        for (; request[digit] >= '0' && request[digit] <= '9' && digits < 8; digit++, digits++)
            value = value * 10 + (size_t)(request[digit] - '0');
        // The head ends with an empty line, so there is a byte behind the digits.
        if (found != SIZE_MAX || digits == 0 || request[digit] != '\r') return SIZE_MAX;
        found = value;
    }
    return found;
}

// The length of the head, with its empty line; 0 while it isn't complete.
static size_t head_length(size_t len) {
    for (size_t at = 3; at < len; at++)
        if (request[at - 3] == '\r' && request[at - 2] == '\n' && request[at - 1] == '\r' && request[at] == '\n') return at + 1;
    return 0;
}

// Reads on until there are `want` bytes, or a whole head where `want` is 0. Its length, 0 where it doesn't come or fit.
static size_t read_until(size_t *len, size_t want) {
    for (;;) {
        size_t head = want ? 0 : head_length(*len);
        if (head) return head;
        if (want && *len >= want) return want;
        size_t got = *len < sizeof request ? board_read(request + *len, sizeof request - *len) : 0;
        if (got == 0) return 0;
        *len += got;
    }
}

static bool handle_events(const uint8_t *body, size_t len) {
    korewebhook_events events;
    korewebhook_bytes event;
    if (korewebhook_events_init(&events, body, len, NULL) != KOREWEBHOOK_OK) return false;
    while (korewebhook_events_next(&events, &event) == KOREWEBHOOK_OK)
        if (!board_handle(event)) return false;
    return true;
}

// A delivery that was verified: acted upon unless it has been before.
static int32_t handle(const korewebhook_head *head, const korewebhook_receipt *receipt, const uint8_t *body) {
    korewebhook_replay_key keys[KEYS_MAX];
    korewebhook_bytes token = {NULL, 0};
    uint8_t owner[KOREWEBHOOK_OWNER_LEN];
    size_t keys_len;
    if (korewebhook_replay_keys(&verifier, receipt->format, body, receipt->canonical_len, storage, sizeof storage, keys, KEYS_MAX,
                                &keys_len) != KOREWEBHOOK_OK)
        return 503;
    // The token isn't signed; without a good one, every attempt counts as another.
    korewebhook_head_token(head, &token);
    board_random(owner, sizeof owner);
    if (korewebhook_guard_claim(guard, keys, keys_len, token.data, token.len, owner, sizeof owner, board_now_ms()) !=
        KOREWEBHOOK_OK)
        return 503;
    bool fresh = false;
    for (size_t at = 0; at < keys_len; at++) {
        int32_t outcome = korewebhook_replay_key_outcome(&keys[at], NULL);
        fresh |= outcome == KOREWEBHOOK_OUTCOME_NEW || outcome == KOREWEBHOOK_OUTCOME_REPEAT_BODY;
    }
    int32_t status = korewebhook_replay_keys_http_status(keys, keys_len);
    if (fresh && status == 204 && handle_events(body, receipt->canonical_len)) {
        korewebhook_guard_commit(guard, keys, keys_len, owner, sizeof owner, board_now_ms());
        return 204;
    }
    korewebhook_guard_release(guard, keys, keys_len, owner, sizeof owner);
    return fresh && status == 204 ? 503 : status;
}

static int32_t serve(void) {
    korewebhook_head head;
    korewebhook_receipt receipt;
    size_t len = 0;
    size_t head_len = read_until(&len, 0);
    if (head_len == 0) return len == sizeof request ? 431 : 400;
    if (korewebhook_head_parse_request(&head, request, head_len, &head_len, NULL) != KOREWEBHOOK_OK) return 400;
    size_t body_len = content_length(head_len);
    if (body_len == SIZE_MAX) return 411;

    int32_t error;
    if (body_len > sizeof request - head_len) {
        error = korewebhook_refuse_unread(&verifier, &head);
    } else {
        if (body_len && read_until(&len, head_len + body_len) == 0) return 400;
        error = korewebhook_verify_in_place(&verifier, &head, request + head_len, body_len, storage, sizeof storage, &receipt);
    }
    if (error != KOREWEBHOOK_OK) {
        board_log(error);
        return korewebhook_http_status(error);
    }
    return handle(&head, &receipt, request + head_len);
}

bool receive(const korewebhook_bytes *secrets, size_t secrets_len, korewebhook_bytes url) {
    if (secrets_len > SECRETS_MAX) return false;
    int32_t error = korewebhook_verifier_init(&verifier, secrets, secrets_len, url.data, url.len, NULL, NULL);
    if (error == KOREWEBHOOK_OK) error = korewebhook_guard_init(guard_memory, sizeof guard_memory, NULL, &guard);
    if (error != KOREWEBHOOK_OK) {
        board_log(error);
        return false;
    }
    while (board_accept()) board_answer(serve());
    return true;
}
