// A board for the receiver's example: its modem delivers the requests of a script, a few bytes at a time.
#include "bare_metal.h"
#include "memory.h"
#include "requests.h"
#include "semihosting.h"

static size_t next_request, at;
static const korewebhook_bytes *current;

bool board_accept(void) {
    if (next_request == sizeof requests / sizeof *requests) return false;
    current = &requests[next_request++];
    at = 0;
    return true;
}

size_t board_read(uint8_t *to, size_t room) {
    size_t len = current->len - at;
    if (len > room) len = room;
    if (len > 37) len = 37;
    memcpy(to, current->data + at, len);
    at += len;
    return len;
}

void board_answer(int32_t status) {
    put_number((uint64_t)status);
    put("\n");
}

// The signed time of the events, and a minute for each request.
uint64_t board_now_ms(void) { return NOW_MS + 60000u * next_request; }

void board_random(uint8_t *to, size_t len) { memset(to, (int)next_request, len); }

bool board_handle(korewebhook_bytes event) {
    static const uint8_t name[] = {'i', 'd'};
    static bool failed;
    korewebhook_bytes id;
    char text[64];
    if (korewebhook_event_text(event.data, event.len, name, sizeof name, &id) || id.len >= sizeof text) return false;
    memcpy(text, id.data, id.len);
    text[id.len] = 0;
    put(text);
    put(" ");
    // Once, the device can't do what it is told.
    if (memcmp(text, "fails-once", sizeof "fails-once") == 0 && !failed) {
        failed = true;
        return false;
    }
    return true;
}

void board_log(int32_t reason) {
    put(korewebhook_error_name(reason));
    put(" ");
}

int main(void) { return receive(&secret, 1, url) ? 0 : 1; }
