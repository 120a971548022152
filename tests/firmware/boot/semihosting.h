// What a firmware asks of the emulator it runs in: text on standard output, and an end with a status.
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

void put(const char *text);
void put_number(uint64_t number);
_Noreturn void quit(uint32_t status);

#endif
