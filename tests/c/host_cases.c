// The requests of the shared vectors on a host; built WITH_MBEDTLS also with the SHA-256 of Mbed TLS.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#ifdef WITH_MBEDTLS
#include "sha256_by_mbedtls.h"
#endif

void *test_take(size_t size) {
    return malloc(size > 0 ? size : 1);
}

void test_give(void *memory) {
    free(memory);
}

void test_report(const char *name, const char *way, int32_t got, int32_t want) {
    printf("%s: %s: got %ld (%s), want %ld (%s)\n", name, way, (long)got, korewebhook_error_name(got), (long)want,
           korewebhook_error_name(want));
}

static unsigned run(const char *list, const test_case *tests, size_t len, test_scheme scheme,
                    const korewebhook_sha256_ops *ops) {
    unsigned failures = 0;
    size_t accepted = 0, as_json = 0;
    for (size_t at = 0; at < len; at++) {
        failures += run_case(&tests[at], scheme, ops);
        accepted += tests[at].expected == KOREWEBHOOK_OK;
        as_json += tests[at].as_json >= 0;
    }
    printf("%s: %lu accepted, %lu refused, %lu as JSON, %u checks failed\n", list, (unsigned long)accepted,
           (unsigned long)(len - accepted), (unsigned long)as_json, failures);
    return failures;
}

int main(void) {
    unsigned failures = 0;
    failures += run("cases", cases, cases_len, TEST_KORE, NULL);
    failures += run("opt_in", opt_in, opt_in_len, TEST_KORE, NULL);
    failures += run("rotation", rotation, rotation_len, TEST_KORE, NULL);
    failures += run("hmac", hmac, hmac_len, TEST_HMAC, NULL);
#ifdef WITH_MBEDTLS
    failures += run("cases with Mbed TLS", cases, cases_len, TEST_KORE_WITH, &sha256_by_mbedtls);
    failures += run("rotation with Mbed TLS", rotation, rotation_len, TEST_KORE_WITH, &sha256_by_mbedtls);
#endif
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
