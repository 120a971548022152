// The requests of the shared vectors on the machine. What it prints is compared with the lists by whoever runs it.
#include "cases.h"
#include "memory.h"
#include "semihosting.h"
#include "sha256.h"

static const korewebhook_sha256_ops own_sha256 = {
    .context_size = sizeof(sha256_context),
    .init = sha256_init,
    .update = sha256_update,
    .finish = sha256_finish,
};

// The largest body and the storage beside it.
static uint64_t arena[(72 * 1024) / 8];
static size_t used;

void *test_take(size_t size) {
    size_t words = (size + 7) / 8;
    if (words > sizeof arena / sizeof *arena - used) return NULL;
    void *memory = arena + used;
    used += words;
    return memory;
}

void test_give(void *memory) { used = (size_t)((uint64_t *)memory - arena); }

void test_report(const char *name, const char *way, int32_t got, int32_t want) {
    put(name);
    put(": ");
    put(way);
    put(": got ");
    put(korewebhook_error_name(got));
    put(", want ");
    put(korewebhook_error_name(want));
    put("\n");
}

static unsigned run(const char *list, const test_case *tests, size_t len, test_scheme scheme) {
    unsigned failures = 0, accepted = 0;
    for (size_t at = 0; at < len; at++) {
        failures += run_case(&tests[at], scheme, &own_sha256);
        accepted += tests[at].expected == KOREWEBHOOK_OK;
    }
    put(list);
    put(" ");
    put_number(accepted);
    put(" ");
    put_number(len - accepted);
    put("\n");
    return failures;
}

int main(void) {
    unsigned failures = 0;
    failures += run("cases", cases, cases_len, TEST_KORE);
    failures += run("opt_in", opt_in, opt_in_len, TEST_KORE);
    failures += run("rotation", rotation, rotation_len, TEST_KORE);
    failures += run("cases", cases, cases_len, TEST_KORE_WITH);
    failures += run("rotation", rotation, rotation_len, TEST_KORE_WITH);
    failures += run("hmac", hmac, hmac_len, TEST_HMAC);
    return failures != 0;
}
