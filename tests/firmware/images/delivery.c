// What is measured: `deliver`, all that a receiver calls for one delivery, from the field lines to the verdict. Built with the
// library's SHA-256, with one of the firmware's (-DOWN_SHA256), both also by the call that takes any request (-DANY_REQUEST),
// and with nothing in `deliver` (-DNOTHING).
// Every image initialises a verifier, and has the firmware's SHA-256, so the difference is what a delivery takes.
#include "deliveries.h"
#include "korewebhook.h"
#include "memory.h"
#include "semihosting.h"
#include "sha256.h"

#define NOINLINE __attribute__((noinline, noclone))

static const korewebhook_sha256_ops own_sha256 = {
    .context_size = sizeof(sha256_context),
    .init = sha256_init,
    .update = sha256_update,
    .finish = sha256_finish,
};
#if defined(OWN_SHA256)
#define STORAGE_WORDS ((sizeof(sha256_context) + 7) / 8)
#else
#define STORAGE_WORDS (KOREWEBHOOK_SHA256_CONTEXT_SIZE / 8)
#endif

// All that the caller provides lies in this frame, so that it is counted.
NOINLINE int32_t deliver(const korewebhook_verifier *verifier, const uint8_t *lines, size_t lines_len, const uint8_t *body,
                         size_t body_len) {
#if defined(NOTHING)
    (void)verifier, (void)lines, (void)lines_len, (void)body, (void)body_len;
    return 0;
#else
    uint64_t storage[STORAGE_WORDS];
#if defined(ANY_REQUEST)
    static const uint8_t method[] = {'P', 'O', 'S', 'T'};
    korewebhook_receipt receipt;
    const korewebhook_request request = {{method, sizeof method}, {lines, lines_len}, {body, body_len}};
    return korewebhook_verify_request(verifier, &request, storage, sizeof storage, &receipt);
#else
    return korewebhook_verify_json(verifier, lines, lines_len, body, body_len, storage, sizeof storage);
#endif
#endif
}

#if defined(__arm__)
#define MOVE "mov"
#else
#define MOVE "mv"
#endif

// Where the measurement ends.
NOINLINE void delivered(void) { __asm__ volatile("" ::: "memory"); }

// Each delivery lies in the same place, so that its addresses can be compared.
static uint8_t secret[SECRET_LEN];
static uint8_t lines[sizeof field_lines];

int main(void) {
    const korewebhook_bytes secrets[] = {{secret, sizeof secret}};
    int wrong = 0;
    for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
        memcpy(secret, deliveries[i].secret, sizeof secret);
        memcpy(lines, field_lines, sizeof lines);
        memcpy(lines + SIGNATURE_AT, deliveries[i].signature, KOREWEBHOOK_SIGNATURE_LEN);
        korewebhook_verifier verifier;
        int32_t error = -1;
#if !defined(OWN_SHA256) && !defined(NOTHING)
        error = korewebhook_verifier_init(&verifier, secrets, 1, url, sizeof url, NULL, NULL);
        // What the other images call is linked here too.
        if (error)
#endif
            error = korewebhook_verifier_init_sha256(&verifier, secrets, 1, url, sizeof url, NULL, &own_sha256, NULL);
        if (error) quit(2);
        error = deliver(&verifier, lines, sizeof lines, body, sizeof body);
        delivered();
        wrong |= error != deliveries[i].expected;
    }
    // Where the stack ends for `deliver`, which is called from here.
    uint32_t stack;
    __asm__ volatile(MOVE " %0, sp" : "=r"(stack));
#if defined(ANY_REQUEST)
    put_number(STORAGE_WORDS * 8 + sizeof(korewebhook_request) + sizeof(korewebhook_receipt));
#else
    put_number(STORAGE_WORDS * 8);
#endif
    put(" ");
    put_number(stack);
    return wrong;
}
