// A gateway on a plain socket: it takes deliveries over HTTP/1.1, one at a time, verifies them, claims them against
// replays, and prints what is new, a line each. TLS ends in front of it.
//
//     KOREWEBHOOK_SECRET=… gateway PORT https://h.example/kore/
//
// It listens on 127.0.0.1; port 0 takes a free one, which is printed first. The replay guard forgets at a restart: a
// gateway that must not takes a store, with the keys of korewebhook_replay_keys.

#define _DEFAULT_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "korewebhook.h"

enum { REQUEST_MAX = 65536, KEYS_MAX = 64, GUARD_KEYS = 1024 };

static korewebhook_verifier verifier;
static korewebhook_guard *guard;
static uint64_t guard_memory[KOREWEBHOOK_GUARD_SIZE(GUARD_KEYS) / 8];
static uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(1)];
static uint8_t request[REQUEST_MAX + 1];

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

// The value of Content-Length; SIZE_MAX where there is none, or one that can't be right. The head ends with NUL.
static size_t content_length(const char *head) {
    static const char name[] = "\r\nContent-Length:";
    size_t len = SIZE_MAX;
    for (const char *at = head; (at = strchr(at, '\r')) != NULL; at++) {
        if (strncasecmp(at, name, sizeof name - 1) != 0) {
            continue;
        }
        char *end;
        const char *digits = at + sizeof name - 1 + strspn(at + sizeof name - 1, " \t");
        unsigned long value = strtoul(digits, &end, 10);
        if (len != SIZE_MAX || *digits < '0' || *digits > '9' || *end != '\r' || value > REQUEST_MAX * 16UL) {
            return SIZE_MAX;
        }
        len = value;
    }
    return len;
}

// What the guard says of a delivery that was verified; the body is handled once it is claimed.
static int32_t handle(const korewebhook_head *head, const korewebhook_receipt *receipt, const uint8_t *body) {
    korewebhook_replay_key keys[KEYS_MAX];
    korewebhook_bytes token = {NULL, 0};
    uint8_t owner[KOREWEBHOOK_OWNER_LEN];
    size_t keys_len;
    if (getrandom(owner, sizeof owner, 0) != sizeof owner ||
        korewebhook_replay_keys(&verifier, receipt->format, body, receipt->canonical_len, storage, sizeof storage,
                                keys, KEYS_MAX, &keys_len) != KOREWEBHOOK_OK) {
        return 503;
    }
    // The token isn't signed; without a good one, every attempt counts as another.
    if (korewebhook_head_token(head, &token) != KOREWEBHOOK_OK) {
        token.data = NULL;
        token.len = 0;
    }
    if (korewebhook_guard_claim(guard, keys, keys_len, token.data, token.len, owner, sizeof owner, now_ms()) !=
        KOREWEBHOOK_OK) {
        return 503;
    }
    int fresh = 0;
    for (size_t at = 0; at < keys_len; at++) {
        int32_t outcome = korewebhook_replay_key_outcome(&keys[at], NULL);
        fresh |= outcome == KOREWEBHOOK_OUTCOME_NEW || outcome == KOREWEBHOOK_OUTCOME_REPEAT_BODY;
    }
    int32_t status = korewebhook_replay_keys_http_status(keys, keys_len);
    if (fresh && status == 204) {
        // Here a gateway would pass it on, and release the claim where that fails.
        printf("%.*s\n", (int)receipt->canonical_len, (const char *)body);
        fflush(stdout);
        korewebhook_guard_commit(guard, keys, keys_len, owner, sizeof owner, now_ms());
    } else {
        korewebhook_guard_release(guard, keys, keys_len, owner, sizeof owner);
    }
    return status;
}

// Reads a request and gives the status of the answer.
static int32_t serve(int connection) {
    size_t len = 0, head_len = 0, body_len = 0;
    korewebhook_head head;
    while (head_len == 0 || len < head_len + body_len) {
        ssize_t got = recv(connection, request + len, REQUEST_MAX - len, 0);
        if (got <= 0) {
            return 400;
        }
        len += (size_t)got;
        request[len] = '\0';
        const char *end = head_len == 0 ? strstr((const char *)request, "\r\n\r\n") : NULL;
        if (end != NULL) {
            if (korewebhook_head_parse_request(&head, request, len, &head_len, NULL) != KOREWEBHOOK_OK) {
                return 400;
            }
            request[head_len - 1] = '\0';
            body_len = content_length((const char *)request);
            request[head_len - 1] = '\n';
            if (body_len == SIZE_MAX) {
                return 411;
            }
            if (body_len > REQUEST_MAX - head_len) {
                int32_t reason = korewebhook_refuse_unread(&verifier, &head);
                fprintf(stderr, "refused: %s\n", korewebhook_error_name(reason));
                return korewebhook_http_status(reason);
            }
        } else if (head_len == 0 && len == REQUEST_MAX) {
            return 431;
        }
    }
    korewebhook_receipt receipt;
    uint8_t *body = request + head_len;
    int32_t result = korewebhook_verify_in_place(&verifier, &head, body, body_len, storage, sizeof storage, &receipt);
    if (result != KOREWEBHOOK_OK) {
        // The reason is for the log, never for the sender.
        fprintf(stderr, "refused: %s: %s\n", korewebhook_error_name(result), korewebhook_error_hint(result));
        return korewebhook_http_status(result);
    }
    return handle(&head, &receipt, body);
}

static int listen_on(const char *port) {
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("listen");
        exit(EXIT_FAILURE);
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv) {
    const char *text = getenv("KOREWEBHOOK_SECRET");
    if (argc != 3 || text == NULL) {
        fprintf(stderr, "usage: KOREWEBHOOK_SECRET=… gateway PORT URL\n");
        return 2;
    }
    const korewebhook_bytes secret = {(const uint8_t *)text, strlen(text)};
    korewebhook_error error = {0, 0, 0};
    int32_t result = korewebhook_verifier_init(&verifier, &secret, 1, (const uint8_t *)argv[2], strlen(argv[2]), NULL,
                                               &error);
    if (result == KOREWEBHOOK_OK) {
        result = korewebhook_guard_init(guard_memory, sizeof guard_memory, NULL, &guard);
    }
    if (result != KOREWEBHOOK_OK) {
        fprintf(stderr, "%s (%s): %s\n", korewebhook_error_name(result), korewebhook_detail_name(error.detail),
                korewebhook_error_hint(result));
        return 2;
    }
    int listener = listen_on(argv[1]);
    for (;;) {
        int connection = accept(listener, NULL, NULL);
        if (connection < 0) {
            continue;
        }
        struct timeval patience = {10, 0};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        char answer[64];
        int len = snprintf(answer, sizeof answer, "HTTP/1.1 %d .\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                           (int)serve(connection));
        send(connection, answer, (size_t)len, MSG_NOSIGNAL);
        close(connection);
    }
}
