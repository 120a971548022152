// What the parts of the C bench share.

#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define URL "https://testendpoint.com/"
enum { SECRETS_MAX = 8, FIELDS = 7, COLUMNS_MAX = 16 };

typedef struct {
    const char *name, *value;
} field;

typedef struct {
    field fields[FIELDS];
    char signature[65], length[24];
    const uint8_t *body;
    size_t body_len, signed_len;
    bool accepted;
} delivery;

typedef struct {
    char name[64], content_type[64];
    char secrets[SECRETS_MAX][32];
    size_t secrets_len, count;
    delivery *deliveries;
    uint8_t *bodies;
} workload;

typedef struct {
    const char *name;
    // Whether the delivery is accepted. Of the hash alone: true.
    bool (*accepts)(const workload *, const delivery *, const void *state);
    const void *state;
    // Some bodies that are genuine are refused by code written by hand.
    bool may_differ;
} column;

void workload_read(workload *, const char *index_path);
void workload_free(workload *);

// The compared pieces of code for a workload; how many.
size_t columns_of(const workload *, column *out);

#endif
