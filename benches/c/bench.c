// Measures the C library beside hand-written code: `bench RESULT INDEX...`. All that is compared runs in turns, so
// that what disturbs the machine for a while doesn't fall on one of it.

#include "bench.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 9 };
static const double ROUND_NS = 40e6;

static double now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

// Nanoseconds of a number of runs through the deliveries.
static double run(const workload *w, const column *c, size_t loops) {
    double begin = now_ns();
    for (size_t loop = 0; loop < loops; loop++)
        for (size_t i = 0; i < w->count; i++)
            if (c->accepts(w, &w->deliveries[i], c->state) != w->deliveries[i].accepted && !c->may_differ) {
                fprintf(stderr, "%s: %s: another verdict\n", w->name, c->name);
                exit(1);
            }
    return now_ns() - begin;
}

static void measure(const workload *w, FILE *out) {
    static double times[COLUMNS_MAX][ROUNDS];
    column columns[COLUMNS_MAX];
    size_t loops[COLUMNS_MAX], count = columns_of(w, columns);
    for (size_t c = 0; c < count; c++) {
        run(w, &columns[c], 1);
        double fit = ROUND_NS / run(w, &columns[c], 1);
        loops[c] = fit < 1 ? 1 : (size_t)fit;
    }
    for (int round = 0; round < ROUNDS; round++)
        for (size_t c = 0; c < count; c++)
            times[c][round] = run(w, &columns[c], loops[c]) / (double)(loops[c] * w->count);
    fprintf(out, "\"%s\": {", w->name);
    for (size_t c = 0; c < count; c++) {
        fprintf(out, "%s\"%s\": [", c ? ", " : "", columns[c].name);
        for (int round = 0; round < ROUNDS; round++) fprintf(out, "%s%.3f", round ? ", " : "", times[c][round]);
        fprintf(out, "]");
    }
    fprintf(out, "}");
}

int main(int argc, char **argv) {
    FILE *out = argc > 2 ? fopen(argv[1], "w") : NULL;
    if (!out) {
        fprintf(stderr, "usage: %s RESULT INDEX...\n", argv[0]);
        return 2;
    }
    fprintf(out, "{\"openssl\": \"%s\", \"results\": {", OpenSSL_version(OPENSSL_VERSION_STRING));
    for (int i = 2; i < argc; i++) {
        workload w;
        workload_read(&w, argv[i]);
        if (i > 2) fprintf(out, ",\n");
        measure(&w, out);
        workload_free(&w);
    }
    fprintf(out, "}}\n");
    return fclose(out);
}
