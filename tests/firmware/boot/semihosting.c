#include "semihosting.h"

enum { WRITE_TEXT = 0x04, EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026 };

#if defined(__arm__)
static void ask(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
#else
// The emulator knows the three instructions by their neighbourhood: not compressed, and in one page.
__attribute__((noinline)) static void ask(uint32_t operation, const void *argument) {
    register uint32_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;
    __asm__ volatile(
        ".balign 16\n.option push\n.option norvc\nslli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
        : "+r"(a0) : "r"(a1) : "memory");
}
#endif

void put(const char *text) { ask(WRITE_TEXT, text); }

void put_number(uint64_t number) {
    char digits[21];
    char *first = digits + 20;
    *first = 0;
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    put(first);
}

_Noreturn void quit(uint32_t status) {
    const uint32_t argument[2] = {APPLICATION_EXIT, status};
    for (;;) ask(EXIT_EXTENDED, argument);
}
