// The firmware's own memory functions. They must stay what they are: gcc would make calls of themselves of such loops.
#include "memory.h"

#include <stdint.h>

#define LOOP __attribute__((optimize("no-tree-loop-distribute-patterns")))

LOOP void *memcpy(void *to, const void *from, size_t len) {
    uint8_t *out = to;
    for (const uint8_t *in = from; len; len--) *out++ = *in++;
    return to;
}

LOOP void *memset(void *to, int value, size_t len) {
    for (uint8_t *out = to; len; len--) *out++ = (uint8_t)value;
    return to;
}

LOOP void *memmove(void *to, const void *from, size_t len) {
    uint8_t *out = to;
    const uint8_t *in = from;
    if (out < in) return memcpy(to, from, len);
    while (len--) out[len] = in[len];
    return to;
}

LOOP int memcmp(const void *a, const void *b, size_t len) {
    const uint8_t *x = a, *y = b;
    for (; len; len--, x++, y++)
        if (*x != *y) return *x - *y;
    return 0;
}
