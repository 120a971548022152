#ifndef STDLIB_H
#define STDLIB_H

#include <stddef.h>

enum { EXIT_SUCCESS = 0, EXIT_FAILURE = 1 };

void *malloc(size_t size);
void free(void *memory);
_Noreturn void abort(void);

#endif
