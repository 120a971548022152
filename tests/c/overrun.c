// The library reads beyond a buffer, because it is told to: a sanitizer that sees its code says so.

#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"

int main(void) {
    uint8_t *text = malloc(16);
    size_t len = 0;
    if (text == NULL) {
        return EXIT_SUCCESS;
    }
    memset(text, '1', 16);
    korewebhook_json_minified_len(text, 32, &len, NULL);
    free(text);
    return EXIT_SUCCESS;
}
