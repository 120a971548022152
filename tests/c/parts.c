// The lists of the shared vectors that are no whole requests.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "korewebhook.h"
#include "parts_cases.h"
// The lists themselves, made by cases.py.
#include "parts.h"

static unsigned failures;

static void check(const char *name, const char *what, int64_t got, int64_t want) {
    if (got != want) {
        failures++;
        printf("%s: %s: got %" PRId64 ", want %" PRId64 "\n", name, what, got, want);
    }
}

static int same(const uint8_t *data, size_t len, korewebhook_bytes want) {
    return len == want.len && (len == 0 || memcmp(data, want.data, len) == 0);
}

static const char SECRET[] = "a35974bdf1c769b8bb";
static const char URL[] = "https://hooks.example.com/kore/";

static korewebhook_bytes bytes_of(const char *text) {
    korewebhook_bytes bytes = {(const uint8_t *)text, strlen(text)};
    return bytes;
}

static void test_dates(void) {
    for (size_t at = 0; at < dates_len; at++) {
        const date_case *test = &dates[at];
        uint64_t seconds = 7;
        int32_t result = korewebhook_date_parse(test->input.data, test->input.len, &seconds);
        check(test->name, "parse", result, test->expected);
        check(test->name, "seconds", (int64_t)seconds, result == 0 ? (int64_t)test->seconds : 7);
        uint8_t text[KOREWEBHOOK_DATE_LEN];
        if (result == 0) {
            check(test->name, "format", korewebhook_date_format(seconds, text, sizeof text), 0);
            check(test->name, "text", same(text, sizeof text, test->input), 1);
        }
    }
}

static void test_tokens(void) {
    for (size_t at = 0; at < tokens_len; at++) {
        const token_case *test = &tokens[at];
        korewebhook_head head;
        korewebhook_bytes token = {NULL, 0}, name = bytes_of("Kore-Idempotency-Token");
        korewebhook_head_init(&head, (const uint8_t *)"POST", 4);
        korewebhook_head_add(&head, name.data, name.len, test->input.data, test->input.len);
        int32_t result = korewebhook_head_token(&head, &token);
        check(test->name, "token", result, test->fine ? 0 : KOREWEBHOOK_MALFORMED);
        check(test->name, "bytes", !test->fine || token.data == test->input.data, 1);
    }
}

static void test_urls(void) {
    for (size_t at = 0; at < urls_len; at++) {
        const text_case *test = &urls[at];
        size_t len = 0;
        uint32_t warnings = 0;
        korewebhook_error error = {0, 0, 0};
        int32_t result = korewebhook_url_check(test->input.data, test->input.len, &len, &warnings, &error);
        check(test->name, "url", result, test->detail == 0 ? 0 : KOREWEBHOOK_ERROR_URL_INVALID);
        check(test->name, "detail", error.detail, test->detail);
        check(test->name, "signed", result != 0 || same(test->input.data, len, test->output), 1);
    }
    for (size_t at = 0; at < sets_len; at++) {
        const set_case *test = &sets[at];
        size_t shorter = 0, longer = 0;
        int32_t result = korewebhook_url_check_prefix_free(test->urls, test->urls_len, &shorter, &longer);
        check(test->name, "set", result, test->conflict ? KOREWEBHOOK_ERROR_URL_PREFIX_CONFLICT : 0);
        check(test->name, "which", shorter != longer, test->conflict);
    }
}

static void test_texts(void) {
    for (size_t at = 0; at < texts_len; at++) {
        const text_case *test = &texts[at];
        uint8_t *out = malloc(test->input.len + 1), *in_place = malloc(test->input.len + 1);
        if (out == NULL || in_place == NULL) {
            abort();
        }
        if (test->input.len > 0) {
            memcpy(in_place, test->input.data, test->input.len);
        }
        size_t len = 0, kept = 0, only = 0;
        korewebhook_error error = {0, 0, 0};
        int32_t result =
            korewebhook_json_minify(test->input.data, test->input.len, out, test->input.len, &len, &error);
        int32_t same_result = korewebhook_json_minify_in_place(in_place, test->input.len, &kept, NULL);
        int32_t length = korewebhook_json_minified_len(test->input.data, test->input.len, &only, NULL);
        int deep = strcmp(korewebhook_detail_name(test->detail), "too-deep") == 0;
        int32_t expected = test->detail == 0 ? 0
                           : deep            ? KOREWEBHOOK_ERROR_JSON_TOO_DEEP
                                             : KOREWEBHOOK_ERROR_JSON_MALFORMED;
        check(test->name, "minify", result, expected);
        check(test->name, "in place", same_result, expected);
        check(test->name, "length", length, expected);
        check(test->name, "detail", error.detail, test->detail);
        if (result == 0) {
            check(test->name, "canonical", same(out, len, test->output), 1);
            check(test->name, "canonical in place", same(in_place, kept, test->output), 1);
            check(test->name, "canonical length", (int64_t)only, (int64_t)test->output.len);
        } else {
            check(test->name, "unchanged", same(in_place, test->input.len, test->input), 1);
        }
        free(out);
        free(in_place);
    }
}

static void test_names(void) {
    for (size_t at = 0; at < reasons_len; at++) {
        check(reasons[at].name, "name", strcmp(korewebhook_error_name(reasons[at].number), reasons[at].name), 0);
        check(reasons[at].name, "hint", strlen(korewebhook_error_hint(reasons[at].number)) > 20, 1);
    }
    for (size_t at = 0; at < details_len; at++) {
        check(details[at].name, "name", strcmp(korewebhook_detail_name(details[at].number), details[at].name), 0);
    }
}

static void test_schemes(void) {
    for (size_t at = 0; at < standard_len; at++) {
        const standard_case *test = &standard[at];
        korewebhook_standard_delivery delivery;
        int32_t result =
            korewebhook_standard_verify(test->headers, test->headers_len, test->body.data, test->body.len,
                                        &test->secret, 1, test->now_ms, test->tolerance_ms, &delivery);
        check(test->name, "standard", result, test->expected);
        check(test->name, "index", result == 0 ? (int64_t)delivery.secret_index : 0, 0);
    }
    for (size_t at = 0; at < published_len; at++) {
        const published_case *test = &published[at];
        uint8_t made[KOREWEBHOOK_STANDARD_SIGNATURE_LEN];
        int32_t result = korewebhook_standard_sign(test->secret.data, test->secret.len, test->id.data, test->id.len,
                                                   test->timestamp, test->body.data, test->body.len, made,
                                                   sizeof made);
        check("published", "sign", result, 0);
        check("published", "signature", same(made, sizeof made, test->signature), 1);
    }
    for (size_t at = 0; at < bearer_len; at++) {
        const bearer_case *test = &bearer[at];
        uint32_t index = 7;
        int32_t result = korewebhook_bearer_verify(test->headers, test->headers_len, &test->token, 1, &index);
        check(test->name, "bearer", result, test->expected);
        check(test->name, "index", index, result == 0 ? 0 : 7);
    }
}

static uint64_t storage[KOREWEBHOOK_STORAGE_WORDS(2)];

static korewebhook_verifier verifier_of(korewebhook_bytes url) {
    static korewebhook_bytes secret;
    secret = bytes_of(SECRET);
    korewebhook_verifier verifier;
    check("verifier", "init", korewebhook_verifier_init(&verifier, &secret, 1, url.data, url.len, NULL, NULL), 0);
    return verifier;
}

// The delivery key of a body that is signed here, computed while it is verified.
static void delivery_key(const keys_case *test, const korewebhook_verifier *verifier) {
    uint8_t signature[KOREWEBHOOK_SIGNATURE_LEN];
    korewebhook_head head;
    korewebhook_stream *stream;
    korewebhook_receipt receipt;
    const char *type =
        test->format == KOREWEBHOOK_FORMAT_JSON ? "application/json" : "application/x-www-form-urlencoded";
    korewebhook_bytes names[] = {bytes_of("kore-signature"), bytes_of("content-type")}, value = bytes_of(type);
    check(test->name, "sign", korewebhook_sign(verifier, test->format, test->body.data, test->body.len, storage,
                                               sizeof storage, signature, sizeof signature), 0);
    korewebhook_head_init(&head, (const uint8_t *)"POST", 4);
    korewebhook_head_add(&head, names[0].data, names[0].len, signature, sizeof signature);
    korewebhook_head_add(&head, names[1].data, names[1].len, value.data, value.len);
    check(test->name, "start", korewebhook_stream_start(verifier, &head, KOREWEBHOOK_WITH_KEY, storage,
                                                        sizeof storage, &stream), 0);
    check(test->name, "update", korewebhook_stream_update(stream, test->body.data, test->body.len), 0);
    check(test->name, "finish", korewebhook_stream_finish(stream, &receipt), 0);
    check(test->name, "has key", receipt.has_key, 1);
    check(test->name, "delivery key", same(receipt.key, sizeof receipt.key, test->delivery), 1);
}

static void test_keys(void) {
    korewebhook_verifier verifier = verifier_of(bytes_of(URL));
    for (size_t at = 0; at < keys_len; at++) {
        const keys_case *test = &keys[at];
        korewebhook_replay_key made[8];
        size_t len = 0;
        // A bare scalar is never verified, but it has a key.
        if (test->body.len > 1) {
            delivery_key(test, &verifier);
        }
        int32_t result = korewebhook_replay_keys(&verifier, test->format, test->canonical.data, test->canonical.len,
                                                 storage, sizeof storage, made, 8, &len);
        check(test->name, "keys", result, 0);
        check(test->name, "how many", (int64_t)len, (int64_t)test->replay_len);
        for (size_t of = 0; of < len && of < test->replay_len; of++) {
            const key_row *want = &test->replay[of];
            uint8_t key[KOREWEBHOOK_KEY_LEN];
            uint64_t time = 7;
            check(test->name, "key", korewebhook_replay_key_bytes(&made[of], key, sizeof key), 0);
            check(test->name, "bytes", same(key, sizeof key, want->key), 1);
            check(test->name, "id", korewebhook_replay_key_has_id(&made[of]), want->has_id);
            check(test->name, "time", korewebhook_replay_key_time(&made[of], &time),
                  want->has_time ? 0 : KOREWEBHOOK_ABSENT);
            check(test->name, "milliseconds", (int64_t)time, want->has_time ? (int64_t)want->time_ms : 7);
        }
    }
}

static void replay(const replay_case *test) {
    static uint64_t memory[KOREWEBHOOK_GUARD_SIZE(16) / 8];
    korewebhook_replay_key claimed[8];
    korewebhook_guard *guard;
    korewebhook_retention retention;
    check(test->name, "default", korewebhook_retention_default(&retention), 0);
    retention.max_age_ms = KOREWEBHOOK_NO_MAX_AGE;
    retention.lease_ms = test->lease_ms;
    check(test->name, "guard", korewebhook_guard_init(memory, sizeof memory, &retention, &guard), 0);
    check(test->name, "capacity", korewebhook_guard_capacity(guard) >= 16, 1);
    for (size_t at = 0; at < test->steps_len; at++) {
        const replay_step *step = &test->steps[at];
        uint8_t owner[KOREWEBHOOK_OWNER_LEN];
        korewebhook_replay_key *key = &claimed[step->of_step];
        memset(owner, (int)step->of_step, sizeof owner);
        if (step->kind == STEP_RELEASE) {
            check(test->name, "release", korewebhook_guard_release(guard, key, 1, owner, sizeof owner), step->outcome);
            continue;
        }
        if (step->kind == STEP_COMMIT) {
            check(test->name, "commit", korewebhook_guard_commit(guard, key, 1, owner, sizeof owner, step->now_ms),
                  step->outcome);
            continue;
        }
        korewebhook_verifier verifier = verifier_of(step->url);
        size_t len = 0;
        check(test->name, "keys", korewebhook_replay_keys(&verifier, step->format, step->body.data, step->body.len,
                                                          storage, sizeof storage, key, 1, &len), 0);
        check(test->name, "claim", korewebhook_guard_claim(guard, key, 1, step->token.data, step->token.len, owner,
                                                           sizeof owner, step->now_ms), 0);
        uint64_t wait = 0;
        check(test->name, "outcome", korewebhook_replay_key_outcome(key, &wait), step->outcome);
        int busy = step->outcome == KOREWEBHOOK_OUTCOME_IN_PROGRESS;
        check(test->name, "retry after", wait > 0 && wait <= test->lease_ms, busy);
        check(test->name, "status", korewebhook_replay_keys_http_status(key, 1), busy ? 503 : 204);
        if (step->handler == HANDLER_OK) {
            check(test->name, "commit", korewebhook_guard_commit(guard, key, 1, owner, sizeof owner, step->now_ms), 0);
        } else if (step->handler == HANDLER_ERROR) {
            check(test->name, "release", korewebhook_guard_release(guard, key, 1, owner, sizeof owner), 0);
        }
    }
}

// The events and fields of bodies, as they are written here.
static void test_events(void) {
    korewebhook_events events;
    korewebhook_bytes body = bytes_of("[{\"\\u0069d\":\"e1\",\"source\":\"kore-events\",\"data\":{\"a\":[1,2]},"
                                      "\"time\":\"2024-09-25T19:09:48.5842087+00:00\"},{\"id\":\"a\",\"id\":\"b\"},7]");
    korewebhook_bytes event, value, id = bytes_of("id"), data = bytes_of("data");
    uint64_t time = 0;
    check("events", "init", korewebhook_events_init(&events, body.data, body.len, NULL), 0);
    check("events", "first", korewebhook_events_next(&events, &event), 0);
    check("events", "id", korewebhook_event_text(event.data, event.len, id.data, id.len, &value), 0);
    check("events", "e1", same(value.data, value.len, bytes_of("e1")), 1);
    check("events", "data", korewebhook_event_member(event.data, event.len, data.data, data.len, &value), 0);
    check("events", "object", same(value.data, value.len, bytes_of("{\"a\":[1,2]}")), 1);
    check("events", "no text", korewebhook_event_text(event.data, event.len, data.data, data.len, &value),
          KOREWEBHOOK_ABSENT);
    check("events", "time", korewebhook_event_time(event.data, event.len, &time), 0);
    check("events", "milliseconds", (int64_t)time, 1727291388584);
    check("events", "second", korewebhook_events_next(&events, &event), 0);
    check("events", "twice", korewebhook_event_text(event.data, event.len, id.data, id.len, &value),
          KOREWEBHOOK_ABSENT);
    check("events", "no time", korewebhook_event_time(event.data, event.len, &time), KOREWEBHOOK_ABSENT);
    check("events", "third", korewebhook_events_next(&events, &event), 0);
    check("events", "seven", same(event.data, event.len, bytes_of("7")), 1);
    check("events", "end", korewebhook_events_next(&events, &event), KOREWEBHOOK_ABSENT);
    check("events", "still", korewebhook_events_next(&events, &event), KOREWEBHOOK_ABSENT);

    korewebhook_form form;
    korewebhook_bytes fields = bytes_of("SimSid=HS01&a%20b&&SimStatus=active&x=1&x=2"), name;
    const char *expected[][2] = {{"SimSid", "HS01"}, {"a%20b", ""}, {"SimStatus", "active"}, {"x", "1"}, {"x", "2"}};
    check("form", "init", korewebhook_form_init(&form, fields.data, fields.len), 0);
    for (size_t at = 0; at < sizeof expected / sizeof *expected; at++) {
        check("form", "next", korewebhook_form_next(&form, &name, &value), 0);
        check("form", "name", same(name.data, name.len, bytes_of(expected[at][0])), 1);
        check("form", "value", same(value.data, value.len, bytes_of(expected[at][1])), 1);
    }
    check("form", "end", korewebhook_form_next(&form, &name, &value), KOREWEBHOOK_ABSENT);
    name = bytes_of("SimStatus");
    check("form", "only", korewebhook_form_only(fields.data, fields.len, name.data, name.len, &value), 0);
    check("form", "active", same(value.data, value.len, bytes_of("active")), 1);
    check("form", "decoded name", korewebhook_form_only(fields.data, fields.len, (const uint8_t *)"a b", 3, &value), 0);
    check("form", "twice", korewebhook_form_only(fields.data, fields.len, (const uint8_t *)"x", 1, &value),
          KOREWEBHOOK_ABSENT);
}

int main(void) {
    test_dates();
    test_tokens();
    test_urls();
    test_texts();
    test_names();
    test_schemes();
    test_keys();
    for (size_t at = 0; at < replays_len; at++) {
        replay(&replays[at]);
    }
    test_events();
    printf("parts: %zu dates, %zu tokens, %zu URLs, %zu sets, %zu texts, %zu reasons, %zu details, %zu standard, "
           "%zu bearer, %zu keys, %zu replays: %u checks failed\n",
           dates_len, tokens_len, urls_len, sets_len, texts_len, reasons_len, details_len, standard_len, bearer_len,
           keys_len, replays_len, failures);
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
