// A C++ program: the header in C++11, and the sizes as constants.

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "korewebhook.h"

static_assert(KOREWEBHOOK_STORAGE_SIZE(1) < 512, "small enough for a stack");
static_assert(KOREWEBHOOK_STORAGE_SIZE(2) - KOREWEBHOOK_STORAGE_SIZE(1) >= KOREWEBHOOK_SHA256_CONTEXT_SIZE, "");
static_assert(alignof(std::uint64_t) >= KOREWEBHOOK_STORAGE_ALIGN, "an array of it is storage");

namespace {

korewebhook_bytes bytes(const std::string &text) {
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

}  // namespace

int main() {
    const std::string secret = "a35974bdf1c769b8bb", url = "https://testendpoint.com", method = "POST";
    const std::string lines = "Content-Type: application/json\r\nKore-Signature: "
                              "d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59\r\n\r\n";
    std::string body = "{ \"field1\": \"value1\", \"field2\": \"value2\"}";
    const std::vector<korewebhook_bytes> secrets{bytes(secret)};

    korewebhook_verifier verifier;
    korewebhook_head head;
    korewebhook_receipt receipt;
    std::uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(1)];
    std::int32_t result = korewebhook_verifier_init(&verifier, secrets.data(), secrets.size(), bytes(url).data,
                                                    url.size(), nullptr, nullptr);
    if (result == KOREWEBHOOK_OK) {
        result = korewebhook_head_parse(&head, bytes(method).data, method.size(), bytes(lines).data, lines.size(),
                                        nullptr);
    }
    if (result == KOREWEBHOOK_OK) {
        result = korewebhook_verify_in_place(&verifier, &head, reinterpret_cast<std::uint8_t *>(&body[0]),
                                             body.size(), storage, sizeof storage, &receipt);
    }
    if (result != KOREWEBHOOK_OK) {
        std::printf("C++: %s: %s\n", korewebhook_error_name(result), korewebhook_error_hint(result));
        return 1;
    }
    body.resize(receipt.canonical_len);
    std::printf("C++: %s\n", body.c_str());
    return body == "{\"field1\":\"value1\",\"field2\":\"value2\"}" ? 0 : 1;
}
