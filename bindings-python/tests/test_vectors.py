"""Every list of `tests/vectors/` through the Python API: counts, verdicts, names of reasons."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import korewebhook
import pytest
import vectors
from korewebhook import EndpointOnly, StandardWebhook, Webhook
from vectors import load, pairs, reason, refusal, secrets

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# The core takes this secret raw; here a NUL in a secret is always refused.
REFUSED_SECRETS = {"hmac_key_zero_padded_equivalent": "secret-nul"}


def expected_body(case: dict[str, Any]) -> bytes:
    """What is signed, for a case that is accepted: JSON without the white space outside of its strings."""
    body = bytes.fromhex(case["body"])
    if not any(name.lower() == "content-type" and "json" in value.lower() for name, value in pairs(case)):
        return body
    kept, quoted, escaped = bytearray(), False, False
    for byte in body:
        if quoted or byte not in b" \t\r\n":
            kept.append(byte)
        if escaped:
            escaped = False
        elif byte == ord("\\"):
            escaped = True
        elif byte == ord('"'):
            quoted = not quoted
    return bytes(kept)


def signature(scheme: str, secret: bytes, case: dict[str, Any], signed: bytes) -> str:
    url = case["url"].split("?")[0].split("#")[0]
    message = case["method"].encode() + url.encode() + signed
    if scheme == "hmac-sha256":
        return hmac.new(secret, message, hashlib.sha256).hexdigest()
    return hashlib.sha256(secret + message).hexdigest()


def judge(case: dict[str, Any], scheme: str) -> Any:
    webhook = Webhook(secrets(case), case["url"], scheme=scheme, **case.get("options", {}))
    return webhook.verify(bytes.fromhex(case["body"]), pairs(case), method=case["method"])


@pytest.mark.parametrize(
    ("name", "scheme", "accepted", "rejected"),
    [
        ("cases", "kore-sha256", 70, 235),
        ("opt_in", "kore-sha256", 3, 3),
        ("rotation", "kore-sha256", 2, 4),
        ("hmac", "hmac-sha256", 4, 4),
    ],
)
def test_deliveries(name: str, scheme: str, accepted: int, rejected: int) -> None:
    counts: Counter[str] = Counter()
    for case in load(name):
        if case["name"] in REFUSED_SECRETS:
            assert reason(lambda case=case: judge(case, scheme)) == REFUSED_SECRETS[case["name"]]
            counts["refused secret"] += 1
            continue
        error = refusal(lambda case=case: judge(case, scheme))
        assert ("ok" if error is None else error.code) == case["reason"], case["name"]
        counts[case["expect"]] += 1
        if error is not None:
            continue
        verdict = judge(case, scheme)
        signed = expected_body(case)
        given = next(value for header, value in pairs(case) if header.lower() == "kore-signature")
        by = [signature(scheme, secret, case, signed) for secret in secrets(case)]
        assert verdict.secret_index == by.index(given), case["name"]
        if case["method"] == "GET":
            assert isinstance(verdict, EndpointOnly)
        else:
            assert verdict.body == signed, case["name"]
            webhook = Webhook(secrets(case)[by.index(given)], case["url"], scheme=scheme, **case.get("options", {}))
            content_type = next(value for header, value in pairs(case) if header.lower() == "content-type")
            assert webhook.sign(bytes.fromhex(case["body"]), content_type=content_type) == given, case["name"]
    assert (counts["accept"], counts["reject"]) == (accepted, rejected)
    assert counts["refused secret"] == (1 if name == "hmac" else 0)


def test_hmac_is_not_what_kore_sends() -> None:
    cases = [case for case in load("cases") if case["expect"] == "accept"]
    assert len(cases) == 70
    for case in cases:
        assert reason(lambda case=case: judge(case, "hmac-sha256")) == "signature-mismatch", case["name"]


def test_published_by_kore() -> None:
    cases = load("kore_published")
    assert len(cases) == 3
    for case in cases:
        webhook = Webhook(case["secret"], case["url"])
        headers = {"Kore-Signature": case["signature"], "Content-Type": case["content_type"]}
        body = case["body"].encode()
        assert webhook.verify(body, headers, method=case["method"]).secret_index == 0
        assert webhook.sign(body, content_type=case["content_type"]) == case["signature"]
        assert webhook.sign(body) == case["signature"]
        sent = webhook.headers(body, token="RQ1", date="2024-07-03T14:40:58Z")
        assert sent["kore-signature"] == case["signature"]
        assert webhook.verify(body, sent).idempotency_token == "RQ1"


def test_bearer() -> None:
    counts: Counter[str] = Counter()
    for case in load("bearer"):
        counts[case["expect"]] += 1
        said = reason(lambda case=case: korewebhook.verify_bearer(pairs(case), case["token"]))
        assert said == case["reason"], case["name"]
    assert counts == {"accept": 3, "reject": 16}
    headers = {"Authorization": "Bearer abc"}
    assert korewebhook.verify_bearer(headers, ["other", b"abc"]) == 1
    assert reason(lambda: korewebhook.verify_bearer(headers, [])) == "secret-empty"
    assert reason(lambda: korewebhook.verify_bearer(headers, "a b")) == "secret-format"


def test_standard_webhooks() -> None:
    counts: Counter[str] = Counter()
    for case in load("standard_webhooks"):
        counts[case["expect"]] += 1

        def verify(case: dict[str, Any] = case) -> None:
            now, tolerance = case["now"], case["tolerance"]
            webhook = StandardWebhook(case["secret"])
            webhook.verify(bytes.fromhex(case["body"]), pairs(case), now=now, tolerance=tolerance)

        assert reason(verify) == case["reason"], case["name"]
    assert counts == {"accept": 4, "reject": 24}


def test_standard_webhooks_published() -> None:
    cases = load("standard_webhooks_published")
    assert len(cases) == 1
    for case in cases:
        webhook = StandardWebhook(["whsec_" + "QUJD" * 8, case["secret"]])
        body = case["body"].encode()
        headers = {
            "webhook-id": case["id"],
            "webhook-timestamp": str(case["timestamp"]),
            "webhook-signature": case["signature"],
        }
        time = case["timestamp"]

        def verify(now: float | datetime, tolerance: float = 300) -> str:
            return reason(lambda: webhook.verify(body, headers, now=now, tolerance=tolerance))

        delivery = webhook.verify(body, headers, now=time)
        assert (delivery.id, delivery.timestamp, delivery.secret_index) == (case["id"], time, 1)
        assert StandardWebhook(case["secret"]).sign(case["id"], time, body) == case["signature"]
        assert verify(EPOCH + timedelta(seconds=time)) == "ok"
        assert [verify(time + 300), verify(time - 300)] == ["ok", "ok"]
        assert verify(time + 300.001) == "timestamp-too-old"
        assert verify(time - 300.001) == "timestamp-too-new"
        assert verify(time + 1, tolerance=0) == "timestamp-too-old"
        assert reason(lambda: webhook.verify(body, headers)) == "timestamp-too-old"  # by the clock: signed in 2021


def test_dates() -> None:
    counts: Counter[str] = Counter()
    for case in load("dates"):
        for value in (case["input"], bytes.fromhex(case["input_hex"])):
            error = refusal(lambda value=value: korewebhook.parse_date(value))
            if error is None:
                counts["accept"] += 1
                parsed = korewebhook.parse_date(value)
                assert parsed == EPOCH + timedelta(seconds=case["expect"]), case["name"]
                assert parsed.tzinfo is UTC
            else:
                counts["reject"] += 1
                assert error.code == case["code"], case["name"]
    assert counts == {"accept": 2 * 7, "reject": 2 * 39}


def test_tokens() -> None:
    counts: Counter[str] = Counter()
    webhook = Webhook("a-secret-of-16-b", "https://hooks.example.com/kore/")
    message = b"a-secret-of-16-bPOSThttps://hooks.example.com/kore/a=b"
    headers = {
        "kore-signature": hashlib.sha256(message).hexdigest(),
        "content-type": "application/x-www-form-urlencoded",
    }
    for case in load("tokens"):
        for value in (case["input"], bytes.fromhex(case["input_hex"])):
            delivery = webhook.verify(b"a=b", headers | {"kore-idempotency-token": value})
            counts[case["expect"]] += 1
            assert delivery.idempotency_token == (case["input"] if case["expect"] == "ok" else None), case["name"]
    assert counts == {"ok": 2 * 3, "malformed": 2 * 8}


def test_url_canonicalization() -> None:
    counts: Counter[str] = Counter()
    for case in load("url_canonicalization"):
        for url in (case["input"], bytes.fromhex(case["input_hex"])):
            error = refusal(lambda url=url: korewebhook.signed_url(url))
            built = refusal(lambda url=url: Webhook("secret", url))
            if error is None:
                counts["accept"] += 1
                assert korewebhook.signed_url(url) == Webhook("secret", url).url == case["expect"], case["name"]
            else:
                counts["reject"] += 1
                assert built is not None
                assert (error.code, error.detail) == ("url-invalid", case["code"]), case["name"]
                assert (built.code, built.detail) == ("url-invalid", case["code"]), case["name"]
    assert counts == {"accept": 2 * 32, "reject": 2 * 32}


def test_json_canonicalization() -> None:
    counts: Counter[str] = Counter()
    for case in load("json_canonicalization"):
        text = bytes.fromhex(case["input"])
        error = refusal(lambda text=text: korewebhook.minify_json(text))
        if error is None:
            counts["accept"] += 1
            assert korewebhook.minify_json(text).hex() == case["expect"], case["name"]
        else:
            counts["reject"] += 1
            code = "json-too-deep" if case["code"] == "too-deep" else "json-malformed"
            assert (case["expect"], error.code, error.detail) == ("malformed", code, case["code"]), case["name"]
            assert error.offset is not None
            assert error.offset <= len(text), case["name"]
    assert counts == {"accept": 61, "reject": 138}


def test_reasons() -> None:
    assert len(vectors.NUMBERS) == 48
    assert {name: number for name, (number, _) in korewebhook.REASONS.items()} == vectors.NUMBERS
    assert {name: hint for name, (_, hint) in korewebhook.REASONS.items()} == vectors.HINTS


def test_keys() -> None:
    url = "https://hooks.example.com/kore/"
    ring = ["first-secret-0123", "second-secret-012"]
    webhook = Webhook(ring, url)
    cases = load("keys")
    assert len(cases) == 5
    for case in cases:
        body = case["body"].encode()
        content_type = "application/json" if case["format"] == "json" else "application/x-www-form-urlencoded"
        headers = [("content-type", content_type)]
        signed = expected_body({"body": body.hex(), "headers": headers})
        for index, secret in enumerate(ring):
            digest = hashlib.sha256(f"{secret}POST{url}".encode() + signed).hexdigest()
            delivery = webhook.verify(body, [*headers, ("kore-signature", digest)])
            assert delivery.secret_index == index
            assert (delivery.key, delivery.format) == (case["delivery"], case["format"]), case["name"]
            keys = [
                {
                    "key": key.key,
                    "content": key.tag(None, bytes(16)).hex() if key.has_id else None,
                    "time_ms": None if key.time is None else (key.time - EPOCH) // timedelta(milliseconds=1),
                }
                for key in delivery.replay_keys()
            ]
            assert keys == case["replay"], case["name"]
