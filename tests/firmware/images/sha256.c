// FIPS 180-4, section 6.2, as it is written there.
#include "sha256.h"

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t value, int by) { return value >> by | value << (32 - by); }

static void take_block(sha256_context *context) {
    uint32_t w[64], v[8];
    for (int t = 0; t < 16; t++) {
        const uint8_t *bytes = context->block + 4 * t;
        w[t] = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    }
    for (int t = 16; t < 64; t++) {
        uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    for (int i = 0; i < 8; i++) v[i] = context->hash[i];
    for (int t = 0; t < 64; t++) {
        uint32_t a = v[0], b = v[1], c = v[2], e = v[4], f = v[5], g = v[6];
        uint32_t t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + constants[t] + w[t];
        uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        for (int i = 7; i > 0; i--) v[i] = v[i - 1];
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) context->hash[i] += v[i];
}

int32_t sha256_init(void *memory, void *unused) {
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    sha256_context *context = memory;
    (void)unused;
    for (int i = 0; i < 8; i++) context->hash[i] = initial[i];
    context->len = 0;
    return 0;
}

int32_t sha256_update(void *memory, const uint8_t *data, size_t len) {
    sha256_context *context = memory;
    for (; len; len--) {
        context->block[context->len++ % 64] = *data++;
        if (context->len % 64 == 0) take_block(context);
    }
    return 0;
}

int32_t sha256_finish(void *memory, uint8_t *digest) {
    sha256_context *context = memory;
    const uint64_t bits = context->len * 8;
    const uint8_t one = 0x80, zero = 0;
    sha256_update(context, &one, 1);
    while (context->len % 64 != 56) sha256_update(context, &zero, 1);
    for (int i = 56; i >= 0; i -= 8) {
        const uint8_t byte = (uint8_t)(bits >> i);
        sha256_update(context, &byte, 1);
    }
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(context->hash[i / 4] >> (24 - i % 4 * 8));
    return 0;
}
