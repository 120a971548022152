// The library under AddressSanitizer keeps what can't be reached, and so its handler of panics.

#include <stdlib.h>

void korewebhook_panic_is_reachable(void);

void korewebhook_panic_is_reachable(void) {
    abort();
}
