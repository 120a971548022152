// From reset to main, without a C library. A fault ends the run with status 99.
#include <stdint.h>

#include "semihosting.h"

extern uint32_t stack_top[], data_source[], data_begin[], data_end[], bss_begin[], bss_end[];
int main(void);

__attribute__((used, aligned(4))) _Noreturn void fault(void) {
    put("fault\n");
    quit(99);
}

__attribute__((used)) _Noreturn void reset(void) {
    const uint32_t *source = data_source;
    for (uint32_t *word = data_begin; word < data_end;) *word++ = *source++;
    for (uint32_t *word = bss_begin; word < bss_end;) *word++ = 0;
#if defined(__ARM_FP)
    // The coprocessor access register: without it the first instruction of the FPU is a fault.
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20;
    __asm__ volatile("dsb\nisb");
#endif
    quit((uint32_t)main());
}

#if defined(__arm__)
__attribute__((section(".vectors"), used)) const void *const vectors[16] = {
    stack_top, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault,
};
#else
__attribute__((naked, section(".vectors"), used)) void start(void) {
    __asm__ volatile(
        ".option arch, +zicsr\n"
        ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
        "la sp, stack_top\n"
        "csrr t0, mhartid\nbnez t0, 1f\n"
        "la t0, fault\ncsrw mtvec, t0\n"
        "j reset\n"
        "1: wfi\nj 1b");
}
#endif
