// Two Rust libraries in one image: both work, and a panic of the other one is its own.
#include "korewebhook.h"
#include "memory.h"
#include "semihosting.h"

uint32_t second_square(size_t of);
uint32_t second_square_or_panic(size_t of);

_Noreturn void second_has_panicked(void) {
    put("the other library panicked\n");
    quit(0);
}

int main(void) {
    static const uint8_t url[] = "https://hooks.example.com/kore/";
    static const korewebhook_bytes secret = {(const uint8_t *)"a35974bdf1c769b8bb", 18};
    static const uint8_t body[] = {'[', ' ', '1', ' ', ']'};
    static const uint8_t canonical[] = {'[', '1', ']'};
    korewebhook_verifier verifier;
    uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(1)];
    uint8_t one[KOREWEBHOOK_SIGNATURE_LEN], other[KOREWEBHOOK_SIGNATURE_LEN];
    if (korewebhook_verifier_init(&verifier, &secret, 1, url, sizeof url - 1, NULL, NULL)) return 1;
    if (korewebhook_sign(&verifier, KOREWEBHOOK_FORMAT_JSON, body, sizeof body, storage, sizeof storage, one, sizeof one))
        return 2;
    if (korewebhook_sign(&verifier, KOREWEBHOOK_FORMAT_JSON, canonical, sizeof canonical, storage, sizeof storage, other,
                         sizeof other))
        return 3;
    if (memcmp(one, other, sizeof one) != 0) return 4;
    if (second_square(13) != 25) return 5;
    volatile size_t outside = 8;
    return (int)second_square_or_panic(outside) + 6;
}
