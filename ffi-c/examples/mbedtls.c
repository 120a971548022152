// Verifies one delivery with the SHA-256 of Mbed TLS. With the static library and --gc-sections, the built-in one
// is not even linked.
//
//     cc mbedtls.c $(pkg-config --cflags --libs korewebhook) -lmbedcrypto

#include <stdio.h>
#include <stdlib.h>

#include "korewebhook.h"
#include "sha256_by_mbedtls.h"

#define TEXT(text) (const uint8_t *)(text), sizeof(text) - 1

int main(void) {
    // A vector from KORE's documentation. The secret may as well lie in protected memory: it is only read.
    const korewebhook_bytes secret = {TEXT("a35974bdf1c769b8bb")};
    const char fields[] = "Content-Type: application/json\r\n"
                          "Kore-Signature: d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59\r\n\r\n";
    uint8_t body[] = "{ \"field1\": \"value1\", \"field2\": \"value2\"}";

    korewebhook_verifier verifier;
    korewebhook_head head;
    korewebhook_receipt receipt;
    uint64_t storage[SHA256_BY_MBEDTLS_STORAGE_SIZE(1) / 8];

    int32_t result = korewebhook_verifier_init_sha256(&verifier, &secret, 1, TEXT("https://testendpoint.com"), NULL,
                                                      &sha256_by_mbedtls, NULL);
    if (result == KOREWEBHOOK_OK) {
        result = korewebhook_head_parse(&head, TEXT("POST"), TEXT(fields), NULL);
    }
    if (result == KOREWEBHOOK_OK) {
        result = korewebhook_verify_in_place(&verifier, &head, body, sizeof body - 1, storage, sizeof storage,
                                             &receipt);
    }
    if (result != KOREWEBHOOK_OK) {
        fprintf(stderr, "refused: %s: %s\n", korewebhook_error_name(result), korewebhook_error_hint(result));
        return EXIT_FAILURE;
    }
    printf("%.*s\n", (int)receipt.canonical_len, (const char *)body);
    return EXIT_SUCCESS;
}
