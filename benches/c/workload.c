// The deliveries that bodies.py wrote.

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *path) {
    fprintf(stderr, "%s: %s\n", path, what);
    exit(1);
}

static char *slurp(const char *path, size_t *len) {
    FILE *file = fopen(path, "rb");
    if (!file) die("can't be opened", path);
    fseek(file, 0, SEEK_END);
    *len = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*len + 1);
    if (!bytes || fread(bytes, 1, *len, file) != *len) die("can't be read", path);
    bytes[*len] = 0;
    fclose(file);
    return bytes;
}

static size_t read_first_line(workload *w, char *line) {
    char *save = NULL, *word = strtok_r(line, " ", &save);
    snprintf(w->content_type, sizeof w->content_type, "%s", word ? word : "");
    while ((word = strtok_r(NULL, " ", &save)) && w->secrets_len < SECRETS_MAX)
        snprintf(w->secrets[w->secrets_len++], sizeof w->secrets[0], "%s", word);
    return w->secrets_len;
}

static void read_delivery(workload *w, delivery *d, const char *line, size_t *at, const char *path) {
    int accepted;
    if (sscanf(line, "%d %64s %zu %zu", &accepted, d->signature, &d->signed_len, &d->body_len) != 4) die("four fields", path);
    d->accepted = accepted == 1;
    d->body = w->bodies + *at;
    *at += d->body_len;
    snprintf(d->length, sizeof d->length, "%zu", d->body_len);
    const field fields[FIELDS] = {
        {"Host", "testendpoint.com"},
        {"User-Agent", "KoreProxy/1.1"},
        {"Date", "2024-09-25T19:09:48Z"},
        {"Content-Type", w->content_type},
        {"Content-Length", d->length},
        {"Kore-Idempotency-Token", "0123456789abcdef-0123"},
        {"Kore-Signature", d->signature},
    };
    memcpy(d->fields, fields, sizeof fields);
}

void workload_read(workload *w, const char *index_path) {
    size_t len, at = 0;
    char path[4096], *save = NULL, *index = slurp(index_path, &len);
    memset(w, 0, sizeof *w);
    const char *slash = strrchr(index_path, '/');
    snprintf(w->name, sizeof w->name, "%s", slash ? slash + 1 : index_path);
    w->name[strlen(w->name) - strlen(".index")] = 0;
    snprintf(path, sizeof path, "%.*s.bodies", (int)(strlen(index_path) - strlen(".index")), index_path);
    w->bodies = (uint8_t *)slurp(path, &len);
    for (const char *byte = index; *byte; byte++) w->count += *byte == '\n';
    w->count -= 1;
    w->deliveries = calloc(w->count, sizeof *w->deliveries);
    if (!w->deliveries || !read_first_line(w, strtok_r(index, "\n", &save))) die("no secrets", index_path);
    for (size_t i = 0; i < w->count; i++) read_delivery(w, &w->deliveries[i], strtok_r(NULL, "\n", &save), &at, index_path);
    if (at != len) die("has other bodies than its index", path);
    free(index);
}

void workload_free(workload *w) {
    free(w->deliveries);
    free(w->bodies);
}
