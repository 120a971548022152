#ifndef STRING_H
#define STRING_H

#include "memory.h"

size_t strlen(const char *text);
int strcmp(const char *a, const char *b);

#endif
