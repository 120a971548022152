"""Lambda behind API Gateway and a load balancer, by the events that they pass on."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from signing import FORM, SECRET, URL, event, headers

from korewebhook import ReplayGuard, VerificationError, Webhook
from korewebhook.aws import BodyConsumedError, Counters, Received, kore_webhook
from korewebhook.testing import FixedClock

BODY = event("lambda")


def version_1(body: str | None, sent: dict[str, str], *, encoded: bool = False, method: str = "POST") -> dict[str, Any]:
    """An event of a REST API, whose `headers` hold the last of each only."""
    multiple = {name: [value] for name, value in sent.items()}
    return {
        "resource": "/kore/",
        "path": "/kore/",
        "httpMethod": method,
        "headers": dict(sent),
        "multiValueHeaders": multiple,
        "requestContext": {"httpMethod": method, "path": "/prod/kore/"},
        "body": body,
        "isBase64Encoded": encoded,
    }


def version_2(body: str | None, sent: dict[str, str], *, encoded: bool = False, method: str = "POST") -> dict[str, Any]:
    """An event of an HTTP API or a function URL: names in lower case, values of one name joined."""
    event: dict[str, Any] = {
        "version": "2.0",
        "rawPath": "/kore/",
        "headers": {name.lower(): value for name, value in sent.items()},
        "requestContext": {"http": {"method": method, "path": "/kore/"}},
        "isBase64Encoded": encoded,
    }
    return event if body is None else {**event, "body": body}


def balancer(body: str | None, sent: dict[str, str], *, encoded: bool = False, method: str = "POST") -> dict[str, Any]:
    """An event of an Application Load Balancer."""
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:0:targetgroup/x/0"}},
        "httpMethod": method,
        "path": "/kore/",
        "headers": {name.lower(): value for name, value in sent.items()},
        "body": "" if body is None else body,
        "isBase64Encoded": encoded,
    }


def balancer_multi(
    body: str | None, sent: dict[str, str], *, encoded: bool = False, method: str = "POST"
) -> dict[str, Any]:
    """The same with multi-value headers switched on for the target group."""
    event = balancer(body, sent, encoded=encoded, method=method)
    event["multiValueHeaders"] = {name: [value] for name, value in event.pop("headers").items()}
    return event


KINDS = [version_1, version_2, balancer, balancer_multi]
every_kind = pytest.mark.parametrize("kind", KINDS)


class Endpoint:
    """A handler, and what it was called with."""

    def __init__(self, answer: Any = None, *, guarded: bool = False, max_body: int = 2000) -> None:
        self.calls: list[tuple[dict[str, Any], Received]] = []
        self.rejected: list[tuple[str, dict[str, Any]]] = []
        self.counters = Counters()
        self.answer = answer
        self.guard = ReplayGuard(capacity=16) if guarded else None
        decorate = kore_webhook(
            Webhook(SECRET, URL, max_body=max_body),
            guard=self.guard,
            on_reject=lambda reason, context: self.rejected.append((reason, context)),
            counters=self.counters,
            clock=FixedClock(),
        )
        self.handler = decorate(self.handle)

    def handle(self, event: dict[str, Any], context: object, received: Received) -> Any:
        """Keeps, then answers or raises."""
        assert context is None
        self.calls.append((event, received))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def __call__(self, event: dict[str, Any]) -> Any:
        return self.handler(event, None)


@every_kind
@pytest.mark.parametrize("encoded", [False, True])
def test_an_accepted_delivery_gets_204(kind: Any, encoded: bool) -> None:
    endpoint = Endpoint()
    wire = BODY.replace(b",", b" , ")
    text = base64.b64encode(wire).decode() if encoded else wire.decode()
    answer = endpoint(kind(text, headers(BODY), encoded=encoded))
    assert (answer["statusCode"], answer["body"], answer["isBase64Encoded"]) == (204, "", False)
    (event, received), = endpoint.calls
    assert received.delivery.body == BODY
    assert (event["body"], event["isBase64Encoded"]) == (BODY.decode(), False)
    assert [item.id for item in received.events] == ["lambda"]
    assert endpoint.counters.snapshot() == {"accepted": 1}


@every_kind
def test_text_outside_of_ascii_is_utf_8(kind: Any) -> None:
    endpoint = Endpoint()
    body = '{"name":"Größe 😀"}'
    assert endpoint(kind(body, headers(body.encode())))["statusCode"] == 204


@every_kind
def test_every_refusal_looks_the_same(kind: Any) -> None:
    endpoint, good = Endpoint(), headers(BODY)
    answers = [
        endpoint(kind(BODY.decode(), {})),
        endpoint(kind(BODY.decode(), {**good, "Kore-Signature": "0" * 64})),
        endpoint(kind(BODY.decode(), {**good, "Content-Type": "text/plain"})),
        endpoint(kind(BODY.decode() + " x", good)),
        endpoint(kind("\ud800", good)),
        endpoint(kind(None, good)),
        endpoint(kind(BODY.decode(), good, method="GET")),
        endpoint(kind(BODY.decode(), good, method="HEAD")),
    ]
    assert [answer["statusCode"] for answer in answers] == [401] * 8
    assert all(answer == answers[0] for answer in answers)
    assert endpoint.calls == []
    reasons = [reason for reason, _ in endpoint.rejected]
    assert reasons[:2] == ["signature-missing", "signature-mismatch"]
    assert reasons[2:6] == ["content-type", "json-malformed", "json-malformed", "empty-body"]
    assert reasons[6:] == ["get-disabled", "method-unsupported"]


def test_a_refusal_tells_why_and_nothing_secret() -> None:
    endpoint = Endpoint()
    endpoint(version_2(BODY.decode(), {**headers(BODY), "Kore-Signature": "0" * 64}))
    (reason, context), = endpoint.rejected
    assert reason == "signature-mismatch"
    assert (context["url"], context["status"], context["method"], context["number"]) == (URL, 401, "POST", 71)
    assert SECRET not in repr(context)
    assert headers(BODY)["Kore-Signature"] not in repr(context)


@every_kind
def test_a_balancer_wants_a_description(kind: Any) -> None:
    answer = Endpoint()(kind(BODY.decode(), {}))
    wanted = "401 Unauthorized" if kind in (balancer, balancer_multi) else None
    assert answer.get("statusDescription") == wanted
    assert ("multiValueHeaders" in answer) == (kind in (version_1, balancer_multi))


def test_two_signatures_are_seen_in_every_form() -> None:
    sent = headers(BODY)
    endpoint = Endpoint()
    first = version_1(BODY.decode(), sent)
    first["multiValueHeaders"]["Kore-Signature"].append("0" * 64)
    assert endpoint(first)["statusCode"] == 401
    assert endpoint(version_2(BODY.decode(), {**sent, "Kore-Signature": f"{sent['Kore-Signature']},x"}))["statusCode"] == 401
    assert [reason for reason, _ in endpoint.rejected] == ["signature-duplicate"] * 2


def test_the_last_header_of_payload_1_does_not_hide_the_first() -> None:
    event = version_1(BODY.decode(), {**headers(BODY), "Kore-Signature": "0" * 64})
    event["headers"]["Kore-Signature"] = headers(BODY)["Kore-Signature"]
    assert Endpoint()(event)["statusCode"] == 401


@every_kind
@pytest.mark.parametrize("encoded", [False, True])
def test_a_body_over_the_bound_gets_413(kind: Any, encoded: bool) -> None:
    for size, status in ((2000, 204), (2001, 413), (2002, 413), (2003, 413), (9000, 413)):
        body = b'["%s"]' % (b"x" * (size - 4))
        text = base64.b64encode(body).decode() if encoded else body.decode()
        endpoint = Endpoint()
        assert endpoint(kind(text, headers(body), encoded=encoded))["statusCode"] == status, size
        assert len(endpoint.calls) == (status == 204)


def test_the_bound_is_in_bytes() -> None:
    body = ('["%s"]' % ("é" * 1000)).encode()
    assert Endpoint()(version_2(body.decode(), headers(body)))["statusCode"] == 413


@every_kind
@pytest.mark.parametrize("body", [{"id": "parsed"}, ["parsed"], b"bytes", 7])
def test_a_body_that_was_parsed_is_a_clear_error(kind: Any, body: Any) -> None:
    with pytest.raises(BodyConsumedError, match="put this decorator outermost"):
        Endpoint()(kind(body, headers(BODY)))


def test_a_body_that_is_no_base64_is_a_clear_error() -> None:
    for text in ("{}", "é", "abc"):
        with pytest.raises(BodyConsumedError):
            Endpoint()(version_2(text, headers(BODY), encoded=True))


@pytest.mark.parametrize("answer", [{"statusCode": 202, "body": "mine"}, "text", {"json": 1}, 0])
def test_the_handlers_own_answer_stands(answer: Any) -> None:
    endpoint = Endpoint(answer, guarded=True)
    for wanted in (answer, 204):
        got = endpoint(version_2(BODY.decode(), headers(BODY)))
        assert got == wanted or got["statusCode"] == wanted
    assert len(endpoint.calls) == 1


@every_kind
def test_a_duplicate_is_handled_once(kind: Any) -> None:
    endpoint = Endpoint(guarded=True)
    for _ in range(3):
        assert endpoint(kind(BODY.decode(), headers(BODY)))["statusCode"] == 204
    assert len(endpoint.calls) == 1
    assert [reason for reason, _ in endpoint.rejected] == ["duplicate", "duplicate"]
    assert endpoint.counters.snapshot() == {"accepted": 1, "duplicate": 2}


def test_a_failure_is_handled_anew() -> None:
    endpoint = Endpoint(RuntimeError("not this time"), guarded=True)
    sent = version_2(BODY.decode(), headers(BODY))
    with pytest.raises(RuntimeError, match="not this time"):
        endpoint(sent)
    endpoint.answer = {"statusCode": 500}
    assert endpoint(sent)["statusCode"] == 500
    endpoint.answer = None
    assert endpoint(sent)["statusCode"] == 204
    assert endpoint(sent)["statusCode"] == 204
    assert len(endpoint.calls) == 3
    assert endpoint.counters.snapshot() == {"accepted": 3, "handler-failed": 2, "duplicate": 1}


def test_in_progress_gets_503() -> None:
    endpoint = Endpoint(guarded=True)
    sent = version_2(BODY.decode(), headers(BODY))
    inner: list[Any] = []
    handle = endpoint.handle

    def reenter(event: dict[str, Any], context: object, received: Received) -> Any:
        inner.append(endpoint(sent))
        return handle(event, context, received)

    webhook = Webhook(SECRET, URL)
    outer = kore_webhook(webhook, guard=endpoint.guard, clock=FixedClock())(reenter)
    assert outer(sent, None)["statusCode"] == 204
    assert [answer["statusCode"] for answer in inner] == [503]
    assert len(endpoint.calls) == 1


def test_a_form() -> None:
    endpoint = Endpoint()
    body = b"SimSid=HS01&SimStatus=ready"
    endpoint(version_1(base64.b64encode(body).decode(), headers(body, content_type=FORM), encoded=True))
    (_, received), = endpoint.calls
    assert received.delivery.form().sim_status == "ready"
    assert received.events == []


@pytest.mark.parametrize(
    "event", [{}, {"version": "2.0"}, {"httpMethod": "POST"}, {"httpMethod": "POST", "headers": None, "body": "{}"}]
)
def test_an_event_of_another_kind_is_refused(event: dict[str, Any]) -> None:
    assert Endpoint()(event)["statusCode"] == 401


def test_a_get_that_is_allowed_has_nothing_to_handle() -> None:
    webhook = Webhook(SECRET, URL, allow_get=True)
    calls: list[Received] = []
    counters = Counters()
    handler = kore_webhook(webhook, counters=counters)(lambda event, context, received: calls.append(received))
    import hashlib

    sent = {"kore-signature": hashlib.sha256(f"{SECRET}GET{URL}".encode()).hexdigest()}
    assert webhook.verify(b"", sent, method="GET").secret_index == 0
    assert handler(version_2(None, sent, method="GET"), None)["statusCode"] == 401
    assert (calls, counters.snapshot()) == ([], {"get-disabled": 1})


def test_the_error_of_the_package_does_not_get_out() -> None:
    try:
        Endpoint()(version_2("{", headers(BODY)))
    except VerificationError:
        pytest.fail("a refusal is an answer")
