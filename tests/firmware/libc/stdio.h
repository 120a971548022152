// As much of a C library as the host's tests of the parts use: this one writes to the emulator's output.
#ifndef STDIO_H
#define STDIO_H

#include <stddef.h>

// %s, %u, %zu and %lld.
int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
