// What is compared: the library, and what people write with OpenSSL's EVP.

#include "bench.h"

#include <korewebhook.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TEXT(text) (const uint8_t *)(text), strlen(text)

static korewebhook_verifier verifier, prepared;
static korewebhook_bytes secrets[SECRETS_MAX];
static uint64_t prefix[KOREWEBHOOK_STORAGE_WORDS(SECRETS_MAX)];

static korewebhook_head head_of(const delivery *d) {
    korewebhook_head head;
    korewebhook_head_init(&head, TEXT("POST"));
    for (size_t i = 0; i < FIELDS; i++) korewebhook_head_add(&head, TEXT(d->fields[i].name), TEXT(d->fields[i].value));
    return head;
}

static bool ours(const workload *w, const delivery *d, const void *state) {
    (void)w;
    uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(SECRETS_MAX)];
    korewebhook_head head = head_of(d);
    korewebhook_receipt receipt;
    return korewebhook_verify(state, &head, d->body, d->body_len, storage, sizeof storage, &receipt) == KOREWEBHOOK_OK;
}

static bool in_pieces(const workload *w, const delivery *d, const void *state) {
    (void)w;
    uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(SECRETS_MAX)];
    korewebhook_head head = head_of(d);
    korewebhook_receipt receipt;
    korewebhook_stream *stream;
    size_t piece = *(const size_t *)state;
    if (korewebhook_stream_start(&verifier, &head, 0, storage, sizeof storage, &stream) != KOREWEBHOOK_OK) return false;
    for (size_t at = 0; at < d->body_len; at += piece) {
        size_t len = d->body_len - at < piece ? d->body_len - at : piece;
        if (korewebhook_stream_update(stream, d->body + at, len) != KOREWEBHOOK_OK) return false;
    }
    return korewebhook_stream_finish(stream, &receipt) == KOREWEBHOOK_OK;
}

// As people write it: into a buffer of the body's size, byte by byte.
static size_t strip(const uint8_t *body, size_t len, uint8_t *out) {
    bool in_string = false, escaped = false;
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = body[i];
        if (in_string) {
            if (escaped) escaped = false;
            else if (byte == '\\') escaped = true;
            else if (byte == '"') in_string = false;
        } else if (byte == '"') in_string = true;
        else if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n') continue;
        out[used++] = byte;
    }
    return used;
}

static void hex_by_printf(const uint8_t *digest, char *hex) {
    for (int i = 0; i < 32; i++) sprintf(hex + 2 * i, "%02x", digest[i]);
}

static void hex_by_table(const uint8_t *digest, char *hex) {
    for (int i = 0; i < 32; i++) {
        hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
    }
    hex[64] = 0;
}

typedef struct {
    void (*hex)(const uint8_t *, char *);
} variant;

static bool by_hand(const workload *w, const delivery *d, const void *state) {
    const char *signature = NULL;
    for (size_t i = 0; i < FIELDS; i++)
        if (strcasecmp(d->fields[i].name, "kore-signature") == 0) signature = d->fields[i].value;
    const uint8_t *body = d->body;
    size_t len = d->body_len;
    uint8_t *stripped = NULL;
    if (strcmp(w->content_type, "application/json") == 0) {
        stripped = malloc(len);
        if (!stripped) return false;
        len = strip(body, len, stripped);
        body = stripped;
    }
    bool equal = false;
    for (size_t i = 0; i < w->secrets_len && !equal; i++) {
        uint8_t digest[32];
        char hex[65];
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        EVP_DigestInit_ex(context, EVP_sha256(), NULL);
        EVP_DigestUpdate(context, w->secrets[i], strlen(w->secrets[i]));
        EVP_DigestUpdate(context, "POST", 4);
        EVP_DigestUpdate(context, URL, strlen(URL));
        EVP_DigestUpdate(context, body, len);
        EVP_DigestFinal_ex(context, digest, NULL);
        EVP_MD_CTX_free(context);
        ((const variant *)state)->hex(digest, hex);
        equal = signature && strcmp(hex, signature) == 0;
    }
    free(stripped);
    return equal;
}

static bool hash_alone(const workload *w, const delivery *d, const void *state) {
    (void)w;
    uint8_t digest[32];
    return SHA256(state, d->signed_len, digest) != NULL;
}

size_t columns_of(const workload *w, column *out) {
    static const variant printf_hex = {hex_by_printf}, table_hex = {hex_by_table};
    static const size_t pieces[] = {64, 1460, 16 << 10};
    static const char *const piece_names[] = {"korewebhook, 64 B", "korewebhook, 1,460 B", "korewebhook, 16 KiB"};
    // Longer than what is signed of any body.
    static uint8_t message[(1 << 20) + 256];
    bool worst = strncmp(w->name, "worst", 5) == 0;
    size_t n = 0;
    for (size_t i = 0; i < w->secrets_len; i++)
        secrets[i] = (korewebhook_bytes){(const uint8_t *)w->secrets[i], strlen(w->secrets[i])};
    korewebhook_verifier_init(&verifier, secrets, w->secrets_len, TEXT(URL), NULL, NULL);
    korewebhook_verifier_init(&prepared, secrets, w->secrets_len, TEXT(URL), NULL, NULL);
    korewebhook_verifier_prepare(&prepared, prefix, sizeof prefix);
    out[n++] = (column){"korewebhook", ours, &verifier, false};
    out[n++] = (column){"korewebhook, prepared", ours, &prepared, false};
    if (!worst && w->secrets_len == 1)
        for (size_t i = 0; i < 3; i++) out[n++] = (column){piece_names[i], in_pieces, &pieces[i], false};
    out[n++] = (column){"by hand: strip loop + EVP", by_hand, &printf_hex, worst};
    out[n++] = (column){"by hand: strip loop + EVP, hex by table", by_hand, &table_hex, worst};
    out[n++] = (column){"hash alone: SHA256()", hash_alone, message, true};
    return n;
}
