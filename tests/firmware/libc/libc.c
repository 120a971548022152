#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "semihosting.h"

// A body of 100 KB, twice. All of it is free again once nothing is taken.
static uint64_t heap[208 * 1024 / 8];
static size_t used, taken;

void *malloc(size_t size) {
    size_t words = (size + 7) / 8;
    if (words > sizeof heap / sizeof *heap - used) return NULL;
    void *memory = heap + used;
    used += words;
    taken++;
    return memory;
}

void free(void *memory) {
    if (memory && --taken == 0) used = 0;
}

_Noreturn void abort(void) {
    put("abort\n");
    quit(EXIT_FAILURE);
}

size_t strlen(const char *text) {
    size_t len = 0;
    while (text[len]) len++;
    return len;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int printf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    for (; *format; format++) {
        char text[2] = {*format, 0};
        if (*format != '%') {
            put(text);
        } else if (*++format == 's') {
            put(va_arg(arguments, const char *));
        } else if (*format == 'u') {
            put_number(va_arg(arguments, unsigned));
        } else if (*format == 'z') {
            format++;
            put_number(va_arg(arguments, size_t));
        } else {
            format += 2;
            int64_t number = va_arg(arguments, int64_t);
            if (number < 0) put("-");
            put_number(number < 0 ? -(uint64_t)number : (uint64_t)number);
        }
    }
    va_end(arguments);
    return 0;
}
