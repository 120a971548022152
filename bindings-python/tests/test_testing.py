"""The test kit: requests that verify, signatures as `hashlib` has them, and nothing that changes from run to run."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from signing import signature

from korewebhook import CloudEvent, ConnectionEvent, VerificationError, Webhook
from korewebhook.flask import Received, kore_webhook
from korewebhook.testing import (
    SAMPLE_SECRET,
    SAMPLE_TIME,
    SAMPLE_URL,
    FixedClock,
    Kit,
    Sample,
    sample_connection_event,
    sample_events,
    sample_form,
    sign_request,
)

WEBHOOK = Webhook(SAMPLE_SECRET, SAMPLE_URL)
SAMPLES = [sample_form(), sample_events(), sample_connection_event()]


def canonical(sample: Sample) -> bytes:
    if sample.content_type.startswith("application/json"):
        return json.dumps(json.loads(sample.body), separators=(",", ":")).encode()
    return sample.body


@pytest.mark.parametrize("sample", SAMPLES, ids=["form", "events", "connection"])
def test_samples_are_signed_as_kore_signs(sample: Sample) -> None:
    body, headers = sign_request(WEBHOOK, sample)
    assert body == sample.body
    assert headers["kore-signature"] == signature(canonical(sample), secret=SAMPLE_SECRET, url=SAMPLE_URL)
    assert headers["content-type"] == sample.content_type
    assert sorted(headers) == ["content-type", "date", "kore-idempotency-token", "kore-signature", "user-agent"]
    assert WEBHOOK.verify(body, headers).body == canonical(sample)
    assert sign_request(WEBHOOK, sample) == (body, headers)


def test_the_form_is_that_of_kores_documentation() -> None:
    expected = (
        b"ApiVersion=v1&SimUniqueName=my_super_sim&SimSid=HSab3f06be8f5d32caecb91e8a306c6c08"
        b"&SimStatus=active&AccountSid=AC3ba717b1d236e6c4a835e46130267eb4"
    )
    assert sample_form().body == expected
    changed = sample_form(status="inactive", SimUniqueName="a b", New="1").body
    assert changed == expected.replace(b"=active", b"=inactive").replace(b"my_super_sim", b"a+b") + b"&New=1"


def test_events() -> None:
    body, headers = sign_request(WEBHOOK, sample_events("a", "b", "c", subject="s"))
    events = WEBHOOK.verify(body, headers).events()
    assert [(e.id, e.subject, e.time) for e in events if isinstance(e, CloudEvent)] == [(n, "s", SAMPLE_TIME) for n in "abc"]
    body, headers = sign_request(WEBHOOK, sample_connection_event("x", apn="other"))
    (event,) = WEBHOOK.verify(body, headers).events()
    assert isinstance(event, ConnectionEvent)
    assert (event.id, event.event_sid, event.apn, event.imsi) == ("x", "x", "other", "732123000000001")


def test_what_is_given_is_sent() -> None:
    when = datetime(2024, 7, 3, 14, 40, 58, tzinfo=UTC)
    _, headers = sign_request(WEBHOOK, b"{}", content_type="application/cloudevents+json", token="T", date=when)
    assert headers["content-type"] == "application/cloudevents+json"
    assert (headers["kore-idempotency-token"], headers["date"]) == ("T", "2024-07-03T14:40:58Z")
    _, headers = sign_request(WEBHOOK, b"a=1", date="2024-07-03T14:40:58Z")
    assert headers["content-type"].startswith("application/x-www-form-urlencoded")


def test_the_same_body_is_a_retry() -> None:
    tokens = [sign_request(WEBHOOK, body)[1]["kore-idempotency-token"] for body in (b"a=1", b"a=1", b"a=2")]
    assert tokens[0] == tokens[1] != tokens[2]


def test_what_would_not_verify_is_not_signed() -> None:
    for body in (b'{"a":', b"7", b"a=\0"):
        with pytest.raises(VerificationError):
            sign_request(WEBHOOK, body, content_type=None if body[:1] != b"7" else "application/json")


def test_the_clock_stands_still() -> None:
    clock = FixedClock()
    assert clock() == clock() == SAMPLE_TIME.timestamp()
    clock.advance(1.5)
    assert clock() == SAMPLE_TIME.timestamp() + 1.5
    assert FixedClock(7)() == 7.0


def test_the_fixture(korewebhook: Kit) -> None:
    body, headers = korewebhook.sign(sample_events())
    assert korewebhook.webhook.verify(body, headers).format == "json"
    assert korewebhook.webhook.warnings == ()
    assert SAMPLE_SECRET not in repr(korewebhook)


def test_the_fixture_with_an_application(korewebhook: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in korewebhook.environ.items():
        monkeypatch.setenv(name, value)
    app, seen = Flask("app"), list[str]()

    @app.post("/kore/")
    @kore_webhook(Webhook.from_env(), guard=korewebhook.guard(), clock=korewebhook.clock)
    def kore(received: Received) -> None:
        seen.extend(event.id for event in received.events)

    client = app.test_client()
    body, headers = korewebhook.sign(sample_events("a"))
    statuses = [client.post("/kore/", data=body, headers=headers).status_code for _ in range(2)]
    korewebhook.clock.advance(2 * 86400)
    body, headers = korewebhook.sign(sample_events("b"))
    statuses.append(client.post("/kore/", data=body, headers=headers).status_code)
    assert (statuses, seen) == ([204, 204, 401], ["a"])
