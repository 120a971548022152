// A SHA-256 of the firmware's own, where a product would use its hardware or PSA Crypto.
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint32_t hash[8];
    uint8_t block[64];
    uint64_t len;
} sha256_context;

int32_t sha256_init(void *context, void *unused);
int32_t sha256_update(void *context, const uint8_t *data, size_t len);
int32_t sha256_finish(void *context, uint8_t *digest);

#endif
