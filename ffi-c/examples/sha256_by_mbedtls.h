// The SHA-256 of Mbed TLS (2.28 or 3.x) for korewebhook_verifier_init_sha256.

#ifndef SHA256_BY_MBEDTLS_H
#define SHA256_BY_MBEDTLS_H

#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#include "korewebhook.h"

#if MBEDTLS_VERSION_NUMBER < 0x03000000
#define mbedtls_sha256_starts mbedtls_sha256_starts_ret
#define mbedtls_sha256_update mbedtls_sha256_update_ret
#define mbedtls_sha256_finish mbedtls_sha256_finish_ret
#endif

static int32_t sha256_by_mbedtls_init(void *context, void *user) {
    (void)user;
    mbedtls_sha256_init(context);
    return mbedtls_sha256_starts(context, 0);
}

static int32_t sha256_by_mbedtls_update(void *context, const uint8_t *data, size_t len) {
    return mbedtls_sha256_update(context, data, len);
}

static int32_t sha256_by_mbedtls_finish(void *context, uint8_t *digest) {
    int result = mbedtls_sha256_finish(context, digest);
    mbedtls_sha256_free(context);
    return result;
}

static int32_t sha256_by_mbedtls_clone(const void *from, void *to) {
    mbedtls_sha256_init(to);
    mbedtls_sha256_clone(to, from);
    return 0;
}

static void sha256_by_mbedtls_abort(void *context) {
    mbedtls_sha256_free(context);
}

static const korewebhook_sha256_ops sha256_by_mbedtls = {
    sizeof(mbedtls_sha256_context), NULL,
    sha256_by_mbedtls_init,         sha256_by_mbedtls_update,
    sha256_by_mbedtls_finish,       sha256_by_mbedtls_clone,
    sha256_by_mbedtls_abort,
};

// The storage of a request whose verifier hashes with it, for this many hash states.
#define SHA256_BY_MBEDTLS_STORAGE_SIZE(states) KOREWEBHOOK_STORAGE_SIZE_WITH(sizeof(mbedtls_sha256_context), states)

#endif
