"""What a user's code looks like to mypy. It is checked, not run."""

from __future__ import annotations

import array
import mmap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, assert_type

import korewebhook
from korewebhook import (
    BadEvent,
    CloudEvent,
    Delivery,
    EndpointOnly,
    ReplayGuard,
    ReplayKey,
    StandardWebhook,
    VerificationError,
    Webhook,
)


def build(secrets: Sequence[str], url: str) -> Webhook:
    Webhook("secret", url)
    Webhook(b"secret", url.encode())
    Webhook(["new", b"old"], url, scheme="hmac-sha256", format="json", allow_get=True, max_body=1 << 16, max_depth=8)
    Webhook("secret", url, scheme="md5")  # type: ignore[arg-type]
    Webhook(5, url)  # type: ignore[arg-type]
    Webhook.from_env(max_body=1 << 16)
    return Webhook(secrets, url)


def verify(webhook: Webhook, mapping: Mapping[str, str], pairs: list[tuple[bytes, bytes]], method: str) -> None:
    assert_type(webhook.verify(b"", mapping), Delivery)
    assert_type(webhook.verify(bytearray(), pairs, method="POST"), Delivery)
    assert_type(webhook.verify(memoryview(b""), {b"a": b"b"}, method=method), Delivery | EndpointOnly)
    webhook.verify(mmap.mmap(-1, 1), mapping)
    webhook.verify(array.array("B"), mapping)
    webhook.verify("text", mapping)  # type: ignore[call-overload]
    assert_type(webhook.refuse_unread(mapping), VerificationError)
    assert_type(webhook.warnings, tuple[str, ...])
    assert_type(webhook.sign(b"", content_type="application/json"), str)
    assert_type(webhook.headers(b"", token="RQ1", date="2024-07-03T14:40:58Z"), dict[str, str])


def read(delivery: Delivery) -> None:
    assert_type(delivery.body, bytes)
    assert_type(delivery.key, str)
    assert_type(delivery.format, Literal["json", "form"])
    assert_type(delivery.idempotency_token, str | None)
    assert_type(delivery.date, datetime | None)
    assert_type(delivery.secret_index, int)
    assert_type(delivery.form().sim_sid, str | None)
    assert_type(delivery.replay_keys(), list[ReplayKey])
    for event in delivery.events():
        assert_type(event, CloudEvent | BadEvent)
    delivery.body = b""  # type: ignore[misc]


def refused(error: VerificationError) -> None:
    assert_type(error.code, str)
    assert_type(error.number, int)
    assert_type(error.hint, str)
    assert_type(error.detail, str | None)
    assert_type(error.offset, int | None)


def others(headers: Mapping[str, str], guard: ReplayGuard) -> None:
    message = StandardWebhook(["whsec_", "whsec_"]).verify(b"", headers, now=1.5, tolerance=300)
    assert_type((message.id, message.timestamp, message.secret_index), tuple[str, int, int])
    assert_type(korewebhook.verify_bearer(headers, "token"), int)
    assert_type(korewebhook.minify_json(b""), bytes)
    assert_type(korewebhook.signed_url("https://h.example/"), str)
    assert_type(korewebhook.parse_date("2024-07-03T14:40:58Z"), datetime)
    local: korewebhook.Guard = guard
    local.commit([], bytes(16), 0.0)
