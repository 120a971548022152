// A plugin of QEMU's: what a program does between two places. One line for each time it goes from the first to the second:
//
//     instructions loads stores stack code data
//
// `stack` is the lowest address written to in the stack's range, `code` and `data` are hashes of all addresses executed and
// accessed, in order. Arguments: begin, end (addresses), low, high (the stack's range), out (a file); counts, a file that
// gets how often each address was executed; trace, a file that gets a line for each of these addresses and one at each end.
//
// Distributions ship the emulator with plugins enabled but not the header, so what is needed is declared here: interface
// version 1, which QEMU has from 6.0 on.
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, void (*)(unsigned, uint32_t, uint64_t, void *), int, int,
                                      void *);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
bool qemu_plugin_mem_is_store(uint32_t);

EXPORT int qemu_plugin_version = 1;

enum { NO_REGISTERS = 0, READ_AND_WRITE = 3 };
#define FNV_BASIS 14695981039346656037u
#define FNV_PRIME 1099511628211u
#define PLACES (1u << 20)

static uint64_t begin, end, low, high;
static FILE *out, *trace;
static const char *counts_path;
static uint32_t counts[PLACES];

static bool inside;
static uint64_t instructions, loads, stores, stack, code, data;

static uint64_t hash(uint64_t hash, uint64_t value) {
    for (int i = 0; i < 8; i++) hash = (hash ^ (value >> 8 * i & 255)) * FNV_PRIME;
    return hash;
}

static void executed(unsigned cpu, void *place) {
    uint64_t address = (uintptr_t)place;
    (void)cpu;
    if (inside && address == end) {
        inside = false;
        fprintf(out, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %016" PRIx64 " %016" PRIx64 "\n", instructions, loads,
                stores, stack, code, data);
        if (trace) fputs("end\n", trace);
    }
    if (!inside && address == begin) {
        inside = true;
        instructions = loads = stores = 0;
        stack = high;
        code = data = FNV_BASIS;
    }
    if (!inside) return;
    instructions++;
    code = hash(code, address);
    if (trace) fprintf(trace, "%" PRIx64 "\n", address);
    counts[address / 2 % PLACES]++;
}

static void accessed(unsigned cpu, uint32_t kind, uint64_t address, void *unused) {
    (void)cpu, (void)unused;
    if (!inside) return;
    bool store = qemu_plugin_mem_is_store(kind);
    if (store) stores++;
    else loads++;
    if (store && address >= low && address < stack) stack = address;
    data = hash(data, address);
    if (trace) fprintf(trace, "%s %" PRIx64 "\n", store ? "store" : "load", address);
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *instruction = qemu_plugin_tb_get_insn(block, i);
        void *place = (void *)(uintptr_t)qemu_plugin_insn_vaddr(instruction);
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, executed, NO_REGISTERS, place);
        qemu_plugin_register_vcpu_mem_cb(instruction, accessed, NO_REGISTERS, READ_AND_WRITE, NULL);
    }
}

static void ended(plugin_id id, void *unused) {
    (void)id, (void)unused;
    fclose(out);
    if (trace) fclose(trace);
    if (!counts_path) return;
    FILE *file = fopen(counts_path, "w");
    if (!file) return;
    for (uint32_t i = 0; i < PLACES; i++)
        if (counts[i]) fprintf(file, "%x %u\n", i * 2, counts[i]);
    fclose(file);
}

static const char *value(const char *argument, const char *name) {
    size_t len = strlen(name);
    return strncmp(argument, name, len) == 0 && argument[len] == '=' ? argument + len + 1 : NULL;
}

EXPORT int qemu_plugin_install(plugin_id id, const struct qemu_info_t *info, int argc, char **argv) {
    (void)info;
    const char *text;
    for (int i = 0; i < argc; i++) {
        if ((text = value(argv[i], "begin"))) begin = strtoull(text, NULL, 0);
        else if ((text = value(argv[i], "end"))) end = strtoull(text, NULL, 0);
        else if ((text = value(argv[i], "low"))) low = strtoull(text, NULL, 0);
        else if ((text = value(argv[i], "high"))) high = strtoull(text, NULL, 0);
        else if ((text = value(argv[i], "out"))) out = fopen(text, "w");
        else if ((text = value(argv[i], "trace"))) trace = fopen(text, "w");
        else if ((text = value(argv[i], "counts"))) counts_path = strdup(text);
    }
    if (!out) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
